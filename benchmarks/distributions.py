"""Distributions of relaxation times against analytic ones: peaks found, false ones, places, resistances, time.

``python -m benchmarks.distributions --seed 1`` runs 450 pairs of depressed arcs at each noise, single elements whose
distribution is known, and the number of arcs of drawn spectra.
"""

from __future__ import annotations

import argparse
import itertools
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.integrate import trapezoid
from scipy.signal import find_peaks

import eisfit
from benchmarks.common import markdown
from benchmarks.window import WINDOW_HZ

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[Any]
FINE = np.arange(math.log(1e-10), math.log(1e4), 0.01)  # ln tau on which distributions are compared
OMEGA = 2j * math.pi * WINDOW_HZ
NOISES = (0.0, 0.001, 0.005, 0.01)
PROMINENCE = 0.05  # of the highest peak, from which on a maximum counts
NEAR = 0.3  # decades between a true maximum and the one that was found
Answer = tuple[Floats, Floats]  # ln tau, and gamma in ohm
Method = Callable[[Floats, Complexes], Answer]


@dataclass(frozen=True)
class Pair:
    """A spectrum of two depressed arcs with its true distribution on `FINE`."""

    z_ohm: Complexes
    gamma_ohm: Floats
    total_ohm: float


def arc(r: float, tau: float, alpha: float) -> Complexes:
    """Return the impedance of a depressed arc."""
    return np.asarray(r / (1 + (OMEGA * tau) ** alpha))


def arc_gamma(r: float, tau: float, alpha: float) -> Floats:
    """Return its distribution on `FINE` (Cole and Cole 1941)."""
    x = FINE - math.log(tau)
    angle = (1 - alpha) * math.pi
    return np.asarray(r / (2 * math.pi) * math.sin(angle) / (np.cosh(alpha * x) - math.cos(angle)))


def with_noise(z: Complexes, noise: float, rng: np.random.Generator) -> Complexes:
    """Return a spectrum with normal noise relative to the modulus."""
    return z + noise * np.abs(z) * (rng.normal(size=z.size) + 1j * rng.normal(size=z.size))


def pairs(noise: float, seed: int) -> Iterator[Pair]:
    """Yield 450 pairs: three exponents, three ratios, ten distances, five places."""
    rng = np.random.default_rng([seed, 450])
    for alpha, ratio, apart in itertools.product(
        (0.7, 0.8, 0.9), (1.0, 0.3, 0.1), np.arange(0.75, 3.01, 0.25)
    ):
        for _ in range(5):
            middle, side = rng.uniform(-4.5, -1.5), rng.choice([-1, 1])
            tau = 10.0 ** np.array([middle - side * apart / 2, middle + side * apart / 2])
            z = 20 + arc(100, tau[0], alpha) + arc(100 * ratio, tau[1], alpha)
            gamma = arc_gamma(100, tau[0], alpha) + arc_gamma(100 * ratio, tau[1], alpha)
            yield Pair(with_noise(z, noise, rng), gamma, 100 * (1 + ratio))


def maxima(gamma: Floats) -> Any:
    """Return the places of maxima that are prominent."""
    return find_peaks(gamma, prominence=PROMINENCE * gamma.max())[0]


def ours(f: Floats, z: Complexes) -> Answer:
    """Return the distribution without errors and without the arcs beside it."""
    from eisfit.relaxations.grid import grid
    from eisfit.relaxations.solve import solve

    solved = solve(grid(f), z)
    return solved.grid.log_tau, solved.solution.gamma_ohm


def judged(name: str, method: Method, noise: float, seed: int, every: int) -> dict[str, object]:
    """Return the figures of a method over pairs."""
    two = found = false = 0
    places: list[float] = []
    totals: list[float] = []
    l1: list[float] = []
    cases = list(itertools.islice(pairs(noise, seed), 0, None, every))
    begin = time.process_time()
    answers = [method(WINDOW_HZ, pair.z_ohm) for pair in cases]
    ms = (time.process_time() - begin) / len(cases) * 1e3
    for pair, (log_tau, gamma) in zip(cases, answers, strict=True):
        here = np.exp(np.interp(FINE, log_tau, np.log(np.maximum(gamma, 1e-300)), left=-700, right=-700))
        true, mine = FINE[maxima(pair.gamma_ohm)], FINE[maxima(here)]
        if len(true) == 2:
            two += 1
            near = [np.abs(mine - t).min() < NEAR * math.log(10) if mine.size else False for t in true]
            found += len(mine) >= 2 and all(near)
        false += len(mine) > len(true)
        if len(mine) == len(true):
            places += list(np.abs(mine - true) / math.log(10))
        totals.append(abs(float(trapezoid(gamma, log_tau)) / pair.total_ohm - 1))
        l1.append(float(trapezoid(np.abs(here - pair.gamma_ohm), FINE)) / pair.total_ohm)
    return {
        "method": name,
        "noise": f"{noise:.1%}",
        "ms": f"{ms:.1f}",
        "both found": f"{found / two:.1%} of {two}",
        "false": f"{false / len(cases):.1%}",
        "place: median / 90 % (decades)": f"{np.median(places):.3f} / {np.quantile(places, 0.9):.3f}",
        "total R (90 %)": f"{np.quantile(totals, 0.9):.2%}",
        "L1": f"{np.mean(l1):.3f}",
    }


def others(rng: np.random.Generator) -> Iterator[tuple[str, Complexes, int | None]]:
    """Yield spectra of other elements, with the number of their peaks; None where any number is right."""
    tau = 10 ** rng.uniform(-4, -1.5)
    yield "Gerischer", 20 + 100 / np.sqrt(1 + OMEGA * tau), 1
    x = np.sqrt(OMEGA * tau * 10)
    yield "finite Warburg", 20 + 100 * np.tanh(x) / x, 1
    yield "two arcs and 1 uH", 20 + 1e-6 * OMEGA + arc(100, tau, 0.85) + arc(40, tau * 100, 0.9), 2
    two = 20 + arc(100, 1e-5, 0.85) + arc(60, 1e-3, 0.9)
    yield "two arcs and a capacitor", two + 1 / (1e-5 * OMEGA), 2
    yield "two arcs and a constant-phase tail", two + 1 / (1e-4 * OMEGA**0.8), 2
    yield "RC", 20 + 100 / (1 + OMEGA * tau), 1
    yield "Havriliak-Negami", 20 + 100 / (1 + (OMEGA * tau) ** 0.9) ** 0.6, 1
    sizes = 100 * rng.uniform(0.3, 1, 4)
    yield "three arcs", 20 + in_series(sizes[:3], (1e-5, 1e-3, 0.1)), 3
    yield "four arcs", 20 + in_series(sizes, (1e-6, 10**-4.3, 10**-2.6, 10**-0.8)), 4


def in_series(sizes: Floats, taus: Sequence[float]) -> Complexes:
    """Return the impedance of arcs of one exponent."""
    return np.asarray(np.sum([arc(r, t, 0.85) for r, t in zip(sizes, taus, strict=True)], axis=0))


def elements(number: int, seed: int) -> list[dict[str, object]]:
    """Return, for each kind of element, how many standing peaks were found."""
    counts: dict[str, Counter[int]] = {}
    expected: dict[str, int | None] = {}
    for k in range(number):
        rng = np.random.default_rng([seed, k])
        for name, z, peaks in others(rng):
            spectrum = eisfit.Spectrum(WINDOW_HZ, with_noise(z, 0.005, rng))
            found = sum(p.stands for p in eisfit.drt(spectrum).peaks)
            counts.setdefault(name, Counter())[found] += 1
            expected[name] = peaks
    return [
        {
            "element": name,
            "peaks": expected[name],
            "right": f"{count[expected[name] or 0] / number:.0%}",
            "too many": f"{sum(n for p, n in count.items() if p > (expected[name] or 0)) / number:.0%}",
        }
        for name, count in counts.items()
    ]


def numbers(number: int, seed: int) -> list[dict[str, object]]:
    """Return how often the number of arcs of drawn spectra is right, or possible, or less probable than another.

    "allowed" counts numbers that the data do not exclude, and spectra whose true arcs have a worse criterion.
    """
    from eisfit.relaxations.arcs import fit_arcs
    from eisfit.relaxations.grid import grid
    from eisfit.relaxations.number import criterion
    from eisfit.relaxations.system import system

    rows: list[dict[str, object]] = []
    for arcs in (1, 2, 3, 4):
        right = allowed = 0
        begin = time.process_time()
        for k in range(number):
            rng = np.random.default_rng([seed, arcs, k])
            true = drawn_arcs(rng, arcs)
            z = 20 + np.sum([arc(math.exp(r), math.exp(t), a) for r, t, a in true], axis=0)
            z = with_noise(z, 0.005, rng)
            count = eisfit.drt(eisfit.Spectrum(WINDOW_HZ, z)).count
            right += count.number == arcs
            data = system(grid(WINDOW_HZ), z, ("resistor",))
            best = fit_arcs(data, true[None], (-40.0, 40.0))[1][0]
            worse = criterion(float(best), data, arcs) > count.bic
            allowed += arcs in count.possible or worse
        ms = (time.process_time() - begin) / number * 1e3
        rows.append(
            {
                "arcs": arcs,
                "right": f"{right / number:.1%}",
                "allowed": f"{allowed / number:.1%}",
                "ms": f"{ms:.0f}",
            }
        )
    return rows


def drawn_arcs(rng: np.random.Generator, arcs: int) -> Floats:
    """Return ln R, ln tau and alpha of arcs that are at least 0.7 decades apart."""
    while True:
        decades = np.sort(rng.uniform(-6, 0, arcs))
        if arcs == 1 or np.diff(decades).min() > 0.7:
            break
    r = 100 * 10 ** rng.uniform(-1, 0, arcs)
    return np.column_stack([np.log(r), decades * math.log(10), rng.uniform(0.7, 0.97, arcs)])


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="use every n-th of the 450 pairs")
    parser.add_argument("--number", type=int, default=50, help="spectra of each other kind")
    asked = parser.parse_args()
    rows = [judged("eisfit", ours, noise, asked.seed, asked.every) for noise in NOISES]
    print(markdown(rows))
    print(markdown(elements(asked.number, asked.seed)))
    print(markdown(numbers(asked.number, asked.seed)))


if __name__ == "__main__":
    main()
