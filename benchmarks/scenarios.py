"""Scenarios A to K: pulls and coverage of every resistance and energy, alone, jointly, and with complementary cells.

``alone`` are the independent fits and lines through them, ``joint`` one fit of the first cell with the laws and shared
values of its campaign, ``complement`` the same with its complementary cells. ``--limits`` asks instead, of the cells
without an interface, how often the upper limits hold: of the absent interface, which a limit always does, and of hidden
ones of known size, and how the joint limit compares with the smallest of the single ones.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

import eisfit
from eisfit.errors import SeriesError
from eisfit.laws.law_fit import LawFit
from eisfit.results.contribution import Contribution
from eisfit.results.joint import Joint
from eisfit.simulate import CAMPAIGNS, Campaign, Scenario, Simulation, simulate
from eisfit.tools.frozen import Floats

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for `benchmarks` where it is run as a file

from benchmarks.common import write

WAYS = ("alone", "joint", "complement")
ARCS = {"R_s": "liquid + bulk", "Zarc_film": "interphase", "Zarc_ct": "charge transfer"}  # of scenario D
HIDDEN = ("K", "S21")


@dataclass
class Kept:
    """Pulls of one quantity in one way, and what was said where there was no value."""

    pull: list[float] = field(default_factory=list)
    error: list[float] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)

    def add(
        self, value: float, stderr: float, interval: tuple[float, float], true: float, size: float
    ) -> None:
        """Keep a value with its error against the truth; `size` is by what the error is divided."""
        self.pull.append((value - true) / stderr)
        self.error.append(stderr / size)
        self.held.append(interval[0] <= true <= interval[1])

    def say(self, word: str) -> None:
        """Count a word."""
        self.words[word] = self.words.get(word, 0) + 1

    def row(self, letter: str, way: str, name: str) -> dict[str, object]:
        """Return a row of the table."""
        found: dict[str, object] = {
            "scenario": letter,
            "way": way,
            "quantity": name,
            "values": len(self.pull),
        }
        if self.pull:
            found["median error"] = float(np.median(self.error))
            pull = np.array(self.pull)
            square, held = self._mean((pull - pull.mean()) ** 2), self._mean(np.array(self.held, float))
            width = math.sqrt(square[0])
            found["mean pull"] = "{:+.2f} ± {:.2f}".format(*self._mean(pull))
            found["width"] = f"{width:.2f} ± {square[1] / (2 * width) if width else 0.0:.2f}"
            found["95 % hold"] = f"{100 * held[0]:.1f} ± {100 * held[1]:.1f}"
        found["words"] = ", ".join(f"{n} {word}" for word, n in sorted(self.words.items()))
        return found

    def _mean(self, values: Floats) -> tuple[float, float]:
        """Return a mean with its standard error; what one series gives is not independent."""
        mean = float(values.mean())
        parts = np.split(values - mean, self.ends)
        return mean, math.sqrt(sum(float(part.sum()) ** 2 for part in parts)) / values.size


Table = dict[tuple[str, str], Kept]


def end_of_series(table: Table) -> None:
    """Mark that what follows is of another drawn series."""
    for kept in table.values():
        kept.ends.append(len(kept.pull))


def fitted(made: Simulation, way: str) -> eisfit.Series:
    """Return the fit of a simulated campaign in one of the ways."""
    campaign = made.campaign
    assert campaign is not None
    model = template_of(campaign)
    over = made.scenario.over
    if way == "alone":
        return eisfit.fit_series(made.spectra, model, over=over)
    others = [
        eisfit.Complement(o.spectra, b.scenario.template, b.shares, b.geometry_err, b.name)
        for b, o in zip(campaign.complements, made.complements, strict=True)
    ]
    return eisfit.fit_joint(
        made.spectra,
        model,
        over=over,
        share=campaign.share,
        laws=campaign.laws,
        complements=others if way == "complement" else (),
    )


def template_of(campaign: Campaign) -> eisfit.Template | str:
    """Return with what a campaign is fitted."""
    if campaign.circuit:
        return campaign.circuit
    cell = campaign.scenario
    found = eisfit.template(cell.template, electrodes=cell.conditions.electrodes)
    return found.without(cell.without) if cell.without else found


def seed_into(table: Table, campaign: Campaign, seed: int) -> None:
    """Add what one drawn series gives."""
    made = simulate(campaign, seed=seed)
    for way in WAYS if campaign.complements else WAYS[:2]:
        try:
            series = fitted(made, way)
        except np.linalg.LinAlgError:
            table.setdefault((way, "all"), Kept()).say(f"failed, seed {seed}")
            continue
        joint = series.joint
        for k, fit in enumerate(series):
            rows = fit.contributions if joint is None else joint.contributions(k)
            for row in rows:
                _resistance_into(table, way, row, made, k)
        _energies_into(table, way, made, series)
    end_of_series(table)


def _resistance_into(table: Table, way: str, row: Contribution, made: Simulation, k: int) -> None:
    name = ARCS.get(row.name, row.name)
    kept = table.setdefault((way, f"R {name}"), Kept())
    kept.say(str(row.resolved))
    if not math.isfinite(row.resistance_ohm):
        return
    if name not in {*made.scenario.parts, *made.scenario.sums}:
        kept.say("no truth")
        return
    true = made.true_resistance_ohm(k, name)
    kept.add(row.resistance_ohm, row.resistance_stderr_ohm, row.ci95_ohm, true, row.resistance_ohm)


def _energies_into(table: Table, way: str, made: Simulation, series: eisfit.Series) -> None:
    if made.scenario.over != "temperature_c":
        return
    if series.joint is None:
        names = [name for name in series.names if name in made.scenario.parts]
        laws = [(name, law) for name in names if (law := _line(series, name)) is not None]
    else:
        assert made.campaign is not None
        laws = list(zip(_named(series.joint, made.campaign), series.joint.laws, strict=True))
    for name, law in laws:
        part = made.scenario.parts.get(name)
        kept = table.setdefault((way, f"E_A {name}"), Kept())
        if part is None or part.melting_c is not None or (name == "pore" and way == "alone"):
            kept.say("no one energy")  # of a line: the row of a porous interface is pore and wall at once
            continue
        energy = law["E"]
        kept.add(energy.value, energy.stderr, energy.ci95, part.activation_energy_ev, 1.0)


def _line(series: eisfit.Series, name: str) -> LawFit | None:
    try:
        return series.arrhenius(name)
    except SeriesError:
        return None


def _named(joint: Joint, campaign: Campaign) -> list[str]:
    """Return the parts that the laws of a joint fit are of; both of a porous interface are called pore there."""
    names = [law.contribution for law in joint.laws]
    porous = "Zarc_int_R" in campaign.laws
    return [
        ("pore", "interface")[names[:k].count("pore")] if porous and n == "pore" else n
        for k, n in enumerate(names)
    ]


def recovery(campaign: Campaign, seeds: Sequence[int]) -> list[dict[str, object]]:
    """Return the rows of one scenario."""
    table: Table = {}
    began = time.process_time()
    for seed in seeds:
        seed_into(table, campaign, seed)
    took = (time.process_time() - began) / len(seeds)
    rows = [kept.row(campaign.letter, way, name) for (way, name), kept in sorted(table.items())]
    print(f"{campaign.letter}: {took:.1f} s of one core a seed", flush=True)
    return rows


def with_hidden(cell: Scenario, asr_ohm_cm2: float) -> Scenario:
    """Return a cell whose interface has a resistance, the same at all temperatures."""
    part = replace(cell.parts["interface"], asr_ohm_cm2=asr_ohm_cm2, activation_energy_ev=0.0)
    return replace(cell, parts={**cell.parts, "interface": part})


def limits(campaign: Campaign, sizes: Sequence[float], seeds: Sequence[int]) -> Iterator[dict[str, object]]:
    """Yield how often the limits hold, for each size of the hidden interface in ohm cm²."""
    for size in sizes:
        hidden = replace(campaign, scenario=with_hidden(campaign.scenario, size))
        held: dict[str, list[bool]] = {"single": [], "joint": []}
        smaller, seen, failed = [], {"single": 0, "joint": 0}, 0
        for seed in seeds:
            made = simulate(hidden, seed=seed)
            try:
                series = fitted(made, "complement")
            except np.linalg.LinAlgError:
                failed += 1
                continue
            assert series.joint is not None
            both = {
                "single": [fit["interface"] for fit in series],
                "joint": [series.joint.contribution(k, "interface") for k in range(len(series))],
            }
            for way, rows in both.items():
                for k, row in enumerate(rows):
                    if math.isfinite(row.limit_ohm):
                        held[way].append(row.limit_ohm >= made.true_resistance_ohm(k, "interface"))
                    else:
                        seen[way] += 1
            known = {
                way: [r.limit_ohm for r in rows if math.isfinite(r.limit_ohm)] for way, rows in both.items()
            }
            if all(known.values()):
                smaller.append(min(known["joint"]) < min(known["single"]))
        yield {
            "scenario": campaign.letter,
            "hidden ohm cm2": size,
            "series": len(seeds),
            **{f"{way} limits": len(found) for way, found in held.items()},
            **{
                f"{way} hold %": f"{100 * np.mean(found):.1f}" if found else "" for way, found in held.items()
            },
            **{f"{way} not a limit": n for way, n in seen.items()},
            "failed": failed,
            "joint smaller %": f"{100 * np.mean(smaller):.0f}" if smaller else "",
        }


def main() -> None:
    """Print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", default=",".join(c.letter for c in CAMPAIGNS.values()))
    parser.add_argument(
        "--number", type=int, default=10, help="series of each scenario; 200 for coverage to 1.5 %%"
    )
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument(
        "--limits", action="store_true", help="upper limits of what is not there; 1000 are asked for"
    )
    parser.add_argument("--sizes", default="0,2,5", help="of hidden interfaces in ohm cm2, with --limits")
    parser.add_argument("-o", "--output", type=Path, default=Path("benchmark_results"))
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.number)
    wanted = options.letters.upper().split(",")
    chosen = [c for c in CAMPAIGNS.values() if c.letter in wanted]
    if options.limits:
        sizes = [float(size) for size in options.sizes.split(",")]
        rows = [row for c in chosen if c.letter in HIDDEN for row in limits(c, sizes, seeds)]
        write(options.output, "scenario_limits", "Upper limits of what is not there", rows)
        return
    rows = [row for c in chosen for row in recovery(c, seeds)]
    notes = "Errors of resistances are relative, those of energies in eV. Words count what was said of each spectrum."
    write(options.output, "scenarios", f"Scenarios, {options.number} series each", rows, notes)


if __name__ == "__main__":
    main()
