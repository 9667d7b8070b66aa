"""Arcs that the data determine, by their Fisher information, and whether distributions and arc counts find them.

``python -m benchmarks.determined_arcs --seed 1 --number 20`` draws two to four depressed arcs, alone and beside an
inductor, a capacitor, a constant-phase tail, a Gerischer or a finite Warburg element, with 0.5 % noise.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

import eisfit
from benchmarks.common import markdown
from benchmarks.distributions import NEAR, OMEGA, drawn_arcs, with_noise
from benchmarks.window import WINDOW_HZ

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]
Beside = Callable[[Floats], Complexes]  # logarithms of parameters to impedance in ohm
NOISE = 0.005
DETERMINED = 0.2  # standard error of ln R and ln tau, in the true model, below which an arc is determined
_STEP = 1e-5


def _gerischer(p: Floats) -> Complexes:
    return np.asarray(np.exp(p[0]) / np.sqrt(1 + OMEGA * np.exp(p[1])))


def _finite_warburg(p: Floats) -> Complexes:
    x = np.sqrt(OMEGA * np.exp(p[1]))
    return np.asarray(np.exp(p[0]) * np.tanh(x) / x)


BESIDE: dict[str, tuple[Beside, tuple[float, ...], tuple[float, ...]]] = {
    # impedance, its parameters, and time constants in s at which a peak of its own is right
    "nothing": (lambda p: np.zeros(OMEGA.size, complex), (), ()),
    "inductor": (lambda p: OMEGA * np.exp(p[0]), (1e-6,), ()),
    "capacitor": (lambda p: np.exp(-p[0]) / OMEGA, (1e-3,), ()),
    "constant-phase tail": (lambda p: np.exp(-p[0]) * OMEGA ** -np.exp(p[1]), (3e-3, 0.8), ()),
    "Gerischer": (_gerischer, (60.0, 0.3), (0.3, 0.17)),
    "finite Warburg": (_finite_warburg, (60.0, 0.6), (0.6 / 2.54,)),
}


def impedance(arcs: Floats, beside: Beside, p: Floats) -> Complexes:
    """Return 20 ohm, arcs and what lies beside them in series, in ohm."""
    r, t, alpha = arcs.T[:, :, None]
    return np.asarray(20 + np.sum(np.exp(r) / (1 + (OMEGA * np.exp(t)) ** alpha), axis=0) + beside(p))


def errors(arcs: Floats, beside: Beside, p: Floats) -> Floats:
    """Return the standard errors of ln R and ln tau of each arc by the Fisher information, shape (arcs, 2)."""
    at = np.concatenate([arcs.ravel(), p])
    size = np.abs(impedance(arcs, beside, p))

    def model(x: Floats) -> Floats:
        z = impedance(x[: arcs.size].reshape(arcs.shape), beside, x[arcs.size :]) / size
        return np.concatenate([z.real, z.imag])

    columns = [(model(at + h) - model(at - h)) / (2 * _STEP) for h in _STEP * np.eye(at.size)]
    series = np.concatenate([1 / size, np.zeros(size.size)])
    slopes = np.column_stack([*columns, series])
    scale = np.linalg.norm(slopes, axis=0)
    covariance = np.linalg.pinv((slopes / scale).T @ (slopes / scale), hermitian=True) / np.outer(
        scale, scale
    )
    spread = NOISE * np.sqrt(covariance.diagonal()[: arcs.size]).reshape(arcs.shape)
    return np.asarray(spread[:, :2])


def judged(number: int, seed: int, name: str) -> dict[str, object]:
    """Return how many of the arcs that are determined are found, and how many peaks stand where there is no arc."""
    beside, values, own = BESIDE[name]
    p = np.log(np.array(values))
    determined = by_peak = by_arc = false = false_spectra = 0
    total, begin = 0, time.process_time()
    for arcs in (2, 3, 4):
        for k in range(number):
            rng = np.random.default_rng([seed, arcs, k])
            true = drawn_arcs(rng, arcs)
            if own:
                true[:, 1] = np.minimum(true[:, 1], math.log(0.01))
            if arcs > 1 and np.diff(true[:, 1]).min() < 0.7 * math.log(10):
                continue
            z = with_noise(impedance(true, beside, p), NOISE, rng)
            found = eisfit.drt(eisfit.Spectrum(WINDOW_HZ, z))
            total += 1
            known = np.all(errors(true, beside, p) < DETERMINED, axis=1)
            near = NEAR * math.log(10)
            peaks = np.array([math.log(x.tau_s) for x in found.peaks if x.stands])
            counted = np.array([math.log(x.tau_s) for x in found.arcs])
            places = np.concatenate([true[:, 1], np.log(np.array(own))])
            determined += int(known.sum())
            by_peak += _met(true[known, 1], peaks, near)
            by_arc += _met(true[known, 1], counted, near)
            extra = len(peaks) - _met(peaks, places, 2 * near)
            false, false_spectra = false + extra, false_spectra + (extra > 0)
    return {
        "beside": name,
        "spectra": total,
        "determined arcs": determined,
        "met by a peak": f"{by_peak / determined:.1%}",
        "met by an arc": f"{by_arc / determined:.1%}",
        "spectra with a false peak": f"{false_spectra / total:.1%}",
        "ms": f"{(time.process_time() - begin) / total * 1e3:.0f}",
    }


def _met(wanted: Floats, there: Floats, near: float) -> int:
    return sum(bool(there.size and np.abs(there - x).min() < near) for x in wanted)


def timed(number: int, seed: int) -> list[dict[str, object]]:
    """Return the processor time of each part of a look, in ms."""
    from eisfit.relaxations.grid import grid
    from eisfit.relaxations.number import count_arcs
    from eisfit.relaxations.peaks import basins
    from eisfit.relaxations.resampling import SAMPLES, sample
    from eisfit.relaxations.solve import solve
    from eisfit.validity.checks import check

    parts = {
        "distribution": 0.0,
        f"with {SAMPLES} samples": 0.0,
        "number of arcs": 0.0,
        "check of the data": 0.0,
    }
    for k in range(number):
        rng = np.random.default_rng([seed, 2, k])
        z = with_noise(impedance(drawn_arcs(rng, 2), BESIDE["nothing"][0], np.zeros(0)), NOISE, rng)
        marks = [time.process_time()]
        at = grid(WINDOW_HZ)
        solved = solve(at, z)
        marks.append(time.process_time())
        sample(at, solved.solution, basins(at, solved.solution.gamma_ohm))
        marks.append(time.process_time())
        count_arcs(at, z, solved.arcs)
        marks.append(time.process_time())
        check(eisfit.Spectrum(WINDOW_HZ, z))
        marks.append(time.process_time())
        parts["distribution"] += marks[1] - marks[0]
        parts[f"with {SAMPLES} samples"] += marks[2] - marks[0]
        parts["number of arcs"] += marks[3] - marks[2]
        parts["check of the data"] += marks[4] - marks[3]
    return [{"part": name, "ms": f"{1e3 * seconds / number:.1f}"} for name, seconds in parts.items()]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=20, help="spectra of each number of arcs")
    asked = parser.parse_args()
    print(markdown([judged(asked.number, asked.seed, name) for name in BESIDE]))
    print(markdown(timed(asked.number, asked.seed)))


if __name__ == "__main__":
    main()
