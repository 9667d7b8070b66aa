"""Planning: predicted errors against the scatter of simulated fits: single fits and lines, and joint fits.

Widths are root mean squares of deviations in predicted standard errors: 1 where the prediction is exact. The first part
starts each fit from the truth; the second makes whole fits without a start (`fit_series`, `fit_joint`); the third shows
where a linear prediction ends: two arcs that come near, and an arc whose top leaves the window.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import eisfit
from eisfit.cell.links import links_of
from eisfit.laws.arrhenius import Arrhenius
from eisfit.planning import Expected, PlannedCell
from eisfit.planning.predicted import Wanted, predicted, shareable, straight
from eisfit.results.plan import Estimate
from eisfit.simulate import SCENARIOS, simulate
from support.planned import Scatter, pellet_of, scatter_of_joint, scatter_of_lines, two_arcs

FOUR = ("llto_le_four_electrode", "llto_blocking_cold", "lpscl_peo_four_electrode", "llto_pe_two_electrode")


def widths(name: str, scatter: Scatter) -> str:
    """Return a line of the widths of pulls."""
    return f"{name}: " + ", ".join(f"{what} {width:.2f}" for what, width in scatter.widths.items())


def from_the_truth(number: int) -> Iterator[str]:
    """Yield a line for each scenario and estimate."""
    for name in FOUR:
        cell = PlannedCell.of_scenario(SCENARIOS[name])
        errors = predicted([cell], "lines", Wanted((), {}, 25.0))
        yield widths(f"{name}, lines", scatter_of_lines(cell, errors, number))
        laws = {n: ("arrhenius", o) for n, o in straight(cell).items()}
        for how, share in (("laws", []), ("laws, shared C and alpha", shareable(cell.template))):
            links = links_of([cell.template], share, laws)
            yield widths(f"{name}, {how}", scatter_of_joint([cell], links, number))
    cell = two_arcs(3.0)
    cells = [cell, pellet_of(cell)]
    laws = {n: ("arrhenius", o) for n, o in straight(cell).items()}
    links = links_of([c.template for c in cells], ["grain boundary C", "grain boundary alpha"], laws)
    yield widths("time constants a factor 3 apart, laws and pellet", scatter_of_joint(cells, links, number))


def in_public(number: int) -> Iterator[str]:
    """Yield a line for each scenario: scatter of energies of whole fits without a start, by what is predicted."""
    for name in FOUR[:3]:
        cell = PlannedCell.of_scenario(SCENARIOS[name])
        plan = eisfit.plan(cell, next(iter(straight(cell))))
        pulls: dict[tuple[Estimate, str], list[float]] = {}
        laws = {n: ("arrhenius", o) for n, o in straight(cell).items()}
        for seed in range(number):
            series = eisfit.fit_joint(simulate(name, seed=seed).spectra, cell.template, laws=laws)
            assert series.joint is not None
            found: dict[tuple[Estimate, str], Arrhenius] = {
                ("lines", line.contribution): line for line, default in series.lines() if default
            }
            found |= {("joint", x.contribution): x for x in series.joint.laws if isinstance(x, Arrhenius)}
            for (estimate, contribution), line in found.items():
                if contribution in laws:
                    e = plan.error(contribution, estimate=estimate)
                    pulls.setdefault((estimate, contribution), []).append(
                        (line.activation_energy_ev - e.value) / e.stderr
                    )
        shown = [f"{c}, {e} {np.sqrt(np.mean(np.square(p))):.2f} ({len(p)})" for (e, c), p in pulls.items()]
        yield f"{name}, whole fits: {', '.join(shown)}"


def where_it_ends(number: int) -> Iterator[str]:
    """Yield a line for each distance of two arcs, and for each place of an arc beside the window."""
    for noise in (0.1, 0.5, 2.0):
        for ratio in (10, 5, 4, 3, 2.5, 2):
            arcs = {"Zarc1": (250.0, 1e-3 / ratio**0.5), "Zarc2": (500.0, 1e-3 * ratio**0.5)}
            yield _ending(f"time constants a factor {ratio:3g} apart, {noise} %", arcs, noise, number)
        for top in (5e5, 2e6, 5e6, 0.1, 0.02):
            arcs = {"Zarc1": (250.0, 1 / (2 * np.pi * top))}
            yield _ending(f"top at {top:g} Hz of 0.1 Hz to 1 MHz, {noise} %", arcs, noise, number)


def _ending(text: str, arcs: dict[str, tuple[float, float]], noise: float, number: int) -> str:
    expected = {"R0": Expected(value=50)}
    for name, (ohm, seconds) in arcs.items():
        expected |= {
            f"{name}_R": Expected(value=ohm),
            f"{name}_tau": Expected(value=seconds),
            f"{name}_alpha": Expected(value=0.9),
        }
    cell = PlannedCell.of("-".join(["R0", *arcs]), expected, temperatures_c=[25.0], noise_percent=noise)
    found = scatter_of_joint([cell], (), number).widths
    errors = {e.contribution: e for e in predicted([cell], "lines", Wanted((), {}, 25.0))}
    parts = [
        f"{n} +- {errors[f'{n}_R'].stderr_percent:.2g} %, width {found[f'R of {n}_R']:.2f}"
        f"{'' if errors[f'{n}_R'].told else ', not told'}"
        for n in arcs
    ]
    return f"{text}: {'; '.join(parts)}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=200, help="fits from the truth; 0 for none")
    parser.add_argument("--whole", type=int, default=20, help="whole fits without a start; 0 for none")
    options = parser.parse_args()
    parts = [from_the_truth(options.number), where_it_ends(options.number)] if options.number else []
    parts += [in_public(options.whole)] if options.whole else []
    for part in parts:
        began = time.process_time()
        for line in part:
            print(line, flush=True)
        print(f"({time.process_time() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
