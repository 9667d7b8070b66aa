"""Joint upper limits of scenarios K and S21 over many drawn series: how often they hold for hidden interfaces.

Each drawn series takes the place of one whose names are right, and is minimised from there with and without its
interface; where the joint fit does without, its limits are those of every joint fit. Limits of nothing always hold, so
that coverage is asked of hidden interfaces of known size. How joint limits compare with single ones is asked by
``python -m benchmarks.scenarios --limits``, which fits without a start.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
from scipy.special import chdtri

import eisfit.fitting.joint as joint_fits
from eisfit.analysis.minimised import minimised
from eisfit.engine.joint import JointProblem, JointSolution, solve_joint
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.fitting.joint_noise import noise_of
from eisfit.joint.absence import without_unsupported
from eisfit.joint.allowed import allowed
from eisfit.joint.minimum import JointMinimum
from eisfit.joint.without import without_segment
from eisfit.simulate import CAMPAIGNS, Campaign, Simulation, simulate

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for `benchmarks` where it is run as a file

from benchmarks.common import write
from benchmarks.from_truth import FIRST
from benchmarks.scenarios import HIDDEN, fitted, with_hidden

NAME = "interface"
BY_CHANCE = 0.0027  # as a joint fit asks before it does without a segment


def full_problem(campaign: Campaign) -> tuple[JointProblem, JointSolution]:
    """Return the joint problem with its interface, and the best minimum without, of the first series that has none."""
    for seed in range(20):
        seen: list[JointProblem] = []
        real = without_unsupported

        def noted(joint, *rest, seen=seen, real=real):  # type: ignore[no-untyped-def]
            seen.append(joint)
            return real(joint, *rest)

        with mock.patch.object(joint_fits, "without_unsupported", noted):
            found = fitted(simulate(campaign, seed=seed), "complement").joint
        assert found is not None
        assert found.minimised is not None
        if len(found.laws) == len(campaign.laws) - 1 and found.odds >= 20:
            return seen[0], minimised(found)[1]
    raise SystemExit(
        f"scenario {campaign.letter}: no joint fit of the first 20 series is without {NAME} alone"
    )


def limits_of(joint: JointProblem, at: JointSolution, made: Simulation) -> tuple[list[bool], bool]:
    """Return whether the limit of each spectrum of the first cell holds, none where the interface is seen; and that."""
    spectra = [s for cell in (made, *made.complements) for s in cell.spectra]
    blocks, free = [], []
    for block, x in zip(joint.blocks, at.state.x, strict=True):
        own = pose([spectra[row] for row in block.rows], block.problem.template)
        problem = replace(block.problem, data=own.data)
        start = true_interface(problem.names, x, made)
        alone = solve(problem, start, np.arange(problem.size))
        blocks.append(replace(block, problem=problem, variance=noise_of(problem, alone)))
        free.append(alone.cost)
    full = replace(joint, blocks=tuple(blocks))
    reduced, _ = without_segment(full, NAME)
    ones = [np.ones_like(x) for x in at.state.x]
    without = solve_joint(reduced, reduced.started(at.state.x, ones))
    starts = [true_interface(b.problem.names, x, made) for b, x in zip(full.blocks, at.state.x, strict=True)]
    present = solve_joint(full, full.started(starts, ones))
    if 2 * (without.cost - present.cost) > float(chdtri(full.size - reduced.size, BY_CHANCE)):
        return [], True
    held = []
    for block, trials in zip(
        full.blocks, allowed(full, JointMinimum(without, (), tuple(free)), [NAME]), strict=True
    ):
        for (row, part), limit in trials.limits.items():
            place = int(block.rows[row])
            count = block.problem.template.path[part].count
            if place < len(made.spectra):
                held.append(count * limit >= made.true_resistance_ohm(place, NAME))
    return held, False


def true_interface(names, x, made: Simulation):  # type: ignore[no-untyped-def]
    """Return logarithms (N, P) with the interface that was put in, near 0 where there is none."""
    found, part = x.copy(), made.scenario.parts[NAME]
    area = made.scenario.area_cm2
    size = max(part.asr_ohm_cm2, 0.1)
    true = {
        "Zarc_int_R": size / area,
        "Zarc_int_tau": size * float(part.capacitance_f_cm2 or 0.0),
        "Zarc_int_alpha": part.alpha,
    }
    for k, name in enumerate(names):
        if name in true and math.isfinite(true[name]):
            found[:, k] = math.log(true[name])
    return found


def rows(campaign: Campaign, sizes: list[float], number: int) -> Iterator[dict[str, object]]:
    """Yield how often the limits hold, for each size of the hidden interface in ohm cm²."""
    joint, at = full_problem(campaign)
    for size in sizes:
        hidden = replace(campaign, scenario=with_hidden(campaign.scenario, size))
        began, found, seen = time.process_time(), [], 0
        for seed in range(FIRST, FIRST + number):
            held, is_seen = limits_of(joint, at, simulate(hidden, seed=seed))
            found += [np.mean(held)] if held else []
            seen += is_seen
        share = np.array(found, float)
        error = float(share.std() / math.sqrt(max(share.size, 1))) if share.size else math.nan
        yield {
            "scenario": campaign.letter,
            "hidden ohm cm2": size,
            "series": number,
            "seen": seen,
            "joint limits hold %": f"{100 * share.mean():.1f} ± {100 * error:.1f}" if share.size else "",
            "false limits in all series %": f"{100 * (1 - share).sum() / number:.1f}",
            "s a series": (time.process_time() - began) / number,
        }


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", default=",".join(HIDDEN))
    parser.add_argument("--sizes", default="0,1,2,5", help="of hidden interfaces in ohm cm2, of each of them")
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("-o", "--output", type=Path, default=Path("benchmark_results"))
    options = parser.parse_args()
    wanted = options.letters.upper().split(",")
    sizes = [float(size) for size in options.sizes.split(",")]
    chosen = [c for c in CAMPAIGNS.values() if c.letter in wanted]
    found = [row for c in chosen for row in rows(c, sizes, options.number)]
    write(options.output, "joint_limits", f"Joint upper limits, {options.number} series each", found)


if __name__ == "__main__":
    main()
