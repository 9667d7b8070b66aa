"""Joint fits: errors and coverage over drawn series, with and without a pellet, and the time of a joint step.

Each series is that of `support.joint_cells`: a resistor and two arcs in series whose time constants stay a factor 3
to 5 apart, 0 to 60 °C, 0.5 % noise. The step is timed from logarithms that are 2 % off, without the search.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import eisfit
from eisfit.cell.links import links_of, place_of
from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem, solve_joint
from eisfit.engine.posing import pose
from eisfit.results.joint import Joint
from support.joint_cells import GEOMETRY, LAWS_OF_ALL, TRUE_EV, TWO_ARCS, activated, pellet, two_arcs

SHARED = ["Zarc1_C", "Zarc2_C", "Zarc1_alpha", "Zarc2_alpha"]
SEGMENTS = dict.fromkeys(("liquid + bulk", "grain boundary", "interface"), "arrhenius")


def fitted(kind: str, seed: int) -> tuple[Joint, dict[str, float]]:
    """Return the joint fit of one drawn series, and the true energies of its laws."""
    if kind == "pellet":
        cell = two_arcs(
            seed,
            count=2,
            capacitances=(1e-7, 1.5e-7),
            off_k=0.3,
            temperatures=range(0, 61, 10),
            conditions=GEOMETRY,
        )
        other = eisfit.Complement(pellet(seed, 1e-7), "se_blocking", ("grain boundary",), 0.02, "pellet")
        found = eisfit.fit_joint(cell, "le_se", laws=SEGMENTS, complements=[other]).joint
        true = {"liquid + bulk": 0.35, "grain boundary": 0.40, "interface": 0.52}
    else:
        spectra = two_arcs(seed, off_k=0.0 if kind == "exact" else 0.3)
        share = SHARED if kind == "shared" else []
        found = eisfit.fit_joint(spectra, TWO_ARCS, share=share, laws=LAWS_OF_ALL).joint
        true = TRUE_EV
    assert found is not None
    return found, true


def recovery(kind: str, number: int) -> Iterator[str]:
    """Yield a line for each contribution: its median error, pulls, and how many intervals hold the truth."""
    pulls: dict[str, list[tuple[float, float, bool]]] = {}
    unnamed, began = 0, time.process_time()
    for seed in range(number):
        joint, true = fitted(kind, seed)
        unnamed += joint.odds < 20
        for law in joint.laws:
            if (energy := true.get(law.contribution)) is not None:
                e = law["E"]
                pulls.setdefault(law.contribution, []).append(
                    ((e.value - energy) / e.stderr, e.stderr, e.ci95[0] <= energy <= e.ci95[1])
                )
    for name, found in pulls.items():
        pull, error, held = (np.array(part) for part in zip(*found, strict=True))
        yield (
            f"{kind:8s} {name:15s} {len(found):4d} series: +- {1e3 * np.median(error):.2f} meV, pulls "
            f"{pull.mean():+.2f} and {pull.std():.2f}, 95 % intervals hold {100 * held.mean():.1f} %"
        )
    took = (time.process_time() - began) / number
    yield f"{kind:8s} not named: {unnamed}; {took:.2f} s a series with its independent fits"


def step(number: int) -> str:
    """Return a line about the joint step of a number of spectra."""
    t = np.linspace(0, 60, number)
    spectra = two_arcs(1, temperatures=tuple(t), off_k=0.3)
    template, at = eisfit.Template.from_circuit(TWO_ARCS), t + 273.15
    problem = pose(spectra, template)
    r0, r1, r2 = (
        np.array([activated(r, e, k) for k in at]) for r, e in ((100, 0.35), (250, 0.4), (1000, 0.52))
    )
    columns = [r0, r1, r1 * 1e-7, np.full(number, 0.95), r2, r2 * 7.5e-8, np.full(number, 0.9)]
    x = np.log(np.stack(columns, axis=1)) + 0.02 * np.random.default_rng(0).standard_normal((number, 7))
    x = np.clip(x, problem.lower, problem.upper)
    following = []
    for link in links_of([template], [], LAWS_OF_ALL):
        place = place_of(link.name, template)
        assert place is not None
        following.append(Following.of(link, place, at, float((1 / at).mean())))
    places = (slice(0, 2), slice(2, 4), slice(4, 6))
    noise, error = np.full(number, 0.005**2), np.full(number, 0.3)
    block = Block(problem, tuple(following), places, noise, error, np.arange(number))
    joint = JointProblem((block,), np.array([np.zeros(6), np.full(6, np.inf)]))
    began = time.process_time()
    found = solve_joint(joint, joint.started([x], [np.ones_like(x)]))
    took = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    steps = f"{took:.3f} s of processor time, {found.iterations} steps"
    return f"{number:5d} spectra: {steps}; the process has {memory:.0f} MB"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=200, help="series of each kind; 0 for the times alone")
    parser.add_argument("--kinds", default="exact,errors,shared,pellet")
    options = parser.parse_args()
    for number in (50, 500, 5000):
        print(step(number), flush=True)
    if options.number:
        for kind in options.kinds.split(","):
            for line in recovery(kind, options.number):
                print(line, flush=True)


if __name__ == "__main__":
    main()
