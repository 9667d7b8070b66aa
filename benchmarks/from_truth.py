"""Scenarios A to K, fitted jointly from the truth: errors of many series in seconds, and where the search ends instead.

The joint problem is that of one series with all names right; each further series takes its place, and is minimised from
there without a search. ``--search`` fits some series without a start besides, and counts those whose minimum is not
within 1 % of that from the truth. ``alone`` are lines through the minima of single spectra.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eisfit.analysis.minimised import minimised
from eisfit.circuit.arc import arc_of
from eisfit.circuit.circuit import span
from eisfit.engine.joint import JointProblem, JointSolution, solve_joint
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.fitting.joint_noise import noise_of
from eisfit.joint.cost_of_links import first_place, seen_in_order
from eisfit.laws.arrhenius import fit_arrhenius
from eisfit.laws.line import scaled_error
from eisfit.simulate import CAMPAIGNS, Campaign, Simulation, simulate
from eisfit.tools.frozen import Floats
from eisfit.uncertainty.covariance import covariance_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for `benchmarks` where it is run as a file

from benchmarks.common import write
from benchmarks.scenarios import ARCS, Kept, Table, end_of_series, fitted

BOLTZMANN = 8.617333262e-5
LINKS = {"Pore_pe": "pore", "Zarc_int_R": "interface"}  # of scenario F
FIRST = 1000  # first seed of the drawn series; the joint problem is that of a smaller one


@dataclass(frozen=True, eq=False)
class Begun:
    """A joint problem, where its series was minimised, and the minima of its spectra without links."""

    joint: JointProblem
    solution: JointSolution
    free: tuple[tuple[Floats, Floats], ...]

    @property
    def scaled(self) -> tuple[float, float, Floats]:
        """Quantile, ratio and covariance of the common coordinates by the rules of the reporting table."""
        saved = self.joint.saved()
        least = sum(
            float((cost / b.variance).sum())
            for (_, cost), b in zip(self.free, self.joint.blocks, strict=True)
        )
        chi2 = max(2 * (self.solution.cost - least), 0.0) / saved
        return scaled_error(True, chi2, saved, self.solution.common_covariance)


def reference(campaign: Campaign, way: str) -> tuple[JointProblem, JointSolution]:
    """Return the joint problem of the first series whose fit leaves nothing out, and its solution."""
    for seed in range(20):
        joint = fitted(simulate(campaign, seed=seed), way).joint
        assert joint is not None
        named = len(joint.laws) == len(campaign.laws) and joint.odds >= 20
        if named and joint.minimised is not None:
            return minimised(joint)
    raise SystemExit(f"scenario {campaign.letter}, {way}: no joint fit of the first 20 series has all names")


def begun(joint: JointProblem, at: JointSolution, made: Simulation, way: str) -> Begun:
    """Return the fit of a drawn series that takes the place of that of a joint problem."""
    spectra = [s for s, _, _ in spectra_of(made, way)]
    blocks, free = [], []
    for block, x in zip(joint.blocks, at.state.x, strict=True):
        own = pose([spectra[row] for row in block.rows], block.problem.template)
        problem = replace(block.problem, data=own.data)
        alone = solve(problem, x, np.arange(problem.size))
        blocks.append(replace(block, problem=problem, variance=noise_of(problem, alone)))
        free.append((alone.x, alone.cost))
    drawn = replace(joint, blocks=tuple(blocks))
    start = drawn.started(at.state.x, [np.ones_like(x) for x in at.state.x])
    return Begun(drawn, solve_joint(drawn, start), tuple(free))


def spectra_of(made: Simulation, way: str) -> list[tuple[object, Simulation, int]]:
    """Return the spectra of a joint fit in order, each with the cell that it belongs to and its place there."""
    cells = [made, *(made.complements if way == "complement" else ())]
    return [(s, cell, k) for cell in cells for k, s in enumerate(cell.spectra)]


def series_into(table: Table, found: Begun, made: Simulation, way: str) -> None:
    """Add the pulls of one drawn series: of energies, and of resistances of the first cell."""
    quantile, ratio, covariance = found.scaled
    state = found.solution.state
    for link in seen_in_order(found.joint):
        _, f, at = first_place(found.joint, link)
        name = LINKS.get(link, link)
        energy = energy_of(made, name)
        if f.link.law is None or energy is None:
            continue
        value = BOLTZMANN * abs(float(state.common[at][1]))
        error = BOLTZMANN * float(np.sqrt(covariance[at, at][1, 1]))
        kept = table.setdefault((way, f"E_A {name}"), Kept())
        kept.add(value, error, (value - quantile * error, value + quantile * error), energy, 1.0)
    for k, block in enumerate(found.joint.blocks):
        sigma = np.sqrt(np.diagonal(found.solution.covariance_log[k], axis1=1, axis2=2)) * ratio
        _resistances_into(table, way, (made, block.rows), (block, state.x[k], sigma))
    if way == "joint":
        _alone_into(table, found, made)


def _resistances_into(table, way, which, found) -> None:  # type: ignore[no-untyped-def]
    """Add the pulls of logarithms of resistances."""
    (made, rows), (block, x, sigma) = which, found
    for name, column, count in resistances(block.problem.template):
        for i, row in enumerate(rows):
            if row >= len(made.spectra) or name not in {*made.scenario.parts, *made.scenario.sums}:
                continue
            true = made.true_resistance_ohm(int(row), name) / count
            error = float(sigma[i, column])
            if true > 0 and 0 < error < 0.5:
                log = float(x[i, column])
                ends = (log - 1.96 * error, log + 1.96 * error)
                table.setdefault((way, f"R {name}"), Kept()).add(log, error, ends, float(np.log(true)), 1.0)


def resistances(template) -> Iterator[tuple[str, int, float]]:  # type: ignore[no-untyped-def]
    """Yield the segments of a template with the place of their resistance, and how many of them the current crosses.

    Pores are left out: their resistance is of two parameters.
    """
    for s in template.path:
        if getattr(s.node, "wall", None) is not None:
            continue
        arc, first = arc_of(s.node), span(s.node).start
        column = first if arc is None else arc.resistance
        if template.circuit.parameters[column].unit == "ohm":
            yield ARCS.get(s.segment.name, s.segment.name), column, s.count


def _alone_into(table: Table, found: Begun, made: Simulation) -> None:
    """Add the pulls of lines through the minima of single spectra, and of these."""
    points: dict[str, list[tuple[float, float, float]]] = {}
    for block, (x, cost) in zip(found.joint.blocks, found.free, strict=True):
        known = covariance_of(block.problem, x, cost).covariance_log
        sigma = np.sqrt(np.diagonal(known, axis1=1, axis2=2))
        _resistances_into(table, "alone", (made, block.rows), (block, x, sigma))
        for name, column, _ in resistances(block.problem.template):
            for i, row in enumerate(block.rows):
                stated = made.spectra[int(row)].conditions.temperature_c
                if stated is not None and np.isfinite(sigma[i, column]):
                    points.setdefault(name, []).append((stated, x[i, column], sigma[i, column]))
    if made.scenario.over != "temperature_c":
        return
    for name, rows in points.items():
        part = made.scenario.parts.get(name)
        energy = energy_of(made, name)
        if part is None or energy is None or len(rows) < 2:
            continue
        celsius, log, error = np.array(sorted(rows)).T
        line = fit_arrhenius(
            celsius + 273.15,
            np.exp(log),
            error,
            temperature_err_k=np.full(log.size, made.scenario.conditions.temperature_err_c or 0.0),
            ordinate=part.ordinate,
        )["E"]
        table.setdefault(("alone", f"E_A {name}"), Kept()).add(
            line.value, line.stderr, line.ci95, energy, 1.0
        )


def energy_of(made: Simulation, name: str) -> float | None:
    """Return the activation energy that was put in; None where there is not one."""
    for cell in (made, *made.complements):
        part = cell.scenario.parts.get(name)
        if part is not None and part.melting_c is None and cell.scenario.over == "temperature_c":
            return float(part.activation_energy_ev)
    return None


def recovery(campaign: Campaign, number: int) -> list[dict[str, object]]:
    """Return the rows of one scenario."""
    table: Table = {}
    for way in ("joint", "complement") if campaign.complements else ("joint",):
        joint, at = reference(campaign, way)
        for seed in range(FIRST, FIRST + number):
            made = simulate(campaign, seed=seed)
            series_into(table, begun(joint, at, made, way), made, way)
            end_of_series(table)
    return [kept.row(campaign.letter, way, name) for (way, name), kept in sorted(table.items())]


def searched(campaign: Campaign, seeds: Sequence[int]) -> dict[str, object]:
    """Return in how many series the search without a start ends within 1 % of the cost from the truth."""
    way = "complement" if campaign.complements else "joint"
    joint, at = reference(campaign, way)
    within, lower, other = 0, 0, 0
    for seed in seeds:
        made = simulate(campaign, seed=seed)
        found = fitted(made, way).joint
        assert found is not None
        assert found.minimised is not None
        problem, solution = minimised(found)
        if [b.problem.names for b in problem.blocks] != [b.problem.names for b in joint.blocks]:
            other += 1
            continue
        cost = begun(joint, at, made, way).solution.cost
        within += solution.cost <= 1.01 * cost
        lower += solution.cost < 0.99 * cost
    return {
        "scenario": campaign.letter,
        "way": way,
        "series": len(seeds),
        "within 1 % or lower": within,
        "of them more than 1 % lower": lower,
        "with other circuits": other,
    }


def main() -> None:
    """Print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", default="A,B,C,D,E,F,G,H,I,J")
    parser.add_argument("--number", type=int, default=200, help="drawn series of each scenario")
    parser.add_argument(
        "--search", type=int, default=0, help="series that are searched without a start besides"
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("benchmark_results"))
    options = parser.parse_args()
    wanted = options.letters.upper().split(",")
    chosen = [c for c in CAMPAIGNS.values() if c.letter in wanted]
    if options.search:
        costs = [searched(c, range(FIRST, FIRST + options.search)) for c in chosen]
        write(options.output, "from_truth_costs", "Joint costs without a start", costs)
        return
    rows = [row for c in chosen for row in recovery(c, options.number)]
    notes = "Errors of resistances are of their logarithms, those of energies in eV."
    write(options.output, "from_truth", f"From the truth, {options.number} series each", rows, notes)


if __name__ == "__main__":
    main()
