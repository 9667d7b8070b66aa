"""False alarms of the checks on sound spectra, and the share of faults that they find, by simulation."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

import eisfit
from benchmarks.common import write
from eisfit.tools.frozen import Complexes, Floats
from eisfit.validity import check, drift

Fault: TypeAlias = Callable[[Complexes, np.random.Generator], Complexes]
CELLS = ("one arc", "two arcs", "depressed arcs", "blocking", "Warburg", "lead", "part of an arc")
SPARSE = 20  # points; a spectrum of fewer may have less than 5 a decade
POINTS = ((8, 10), (11, 14), (15, 19), (20, 29), (30, 49), (50, 100))


def window(points: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Return frequencies in Hz, falling, shape (n,) with n within `points`, over 2 to 8 decades.

    There are 5 to 20 points a decade; half of the spectra of fewer than 20 points have fewer a decade.
    """
    while True:
        n = int(rng.integers(points[0], points[1] + 1))
        sparse = n < SPARSE and rng.random() < 0.5
        decades = rng.uniform(2, 8) if sparse else max(n / rng.uniform(5, 20), 2.0 if n < SPARSE else 0.0)
        if 2 <= decades <= 8:
            top = rng.uniform(3, 6)
            return np.logspace(top, top - decades, n)


def impedance(cell: str, f: Floats, rng: np.random.Generator) -> Complexes:
    """Return the exact impedance in ohm of a random cell of one kind, shape (n,)."""
    s = 2j * np.pi * f
    low, high = np.log10(s.imag.min()), np.log10(s.imag.max())

    def arc(r: float, first: float, last: float, alpha: tuple[float, float] = (0.75, 1.0)) -> Complexes:
        tau = 10 ** -(low + (high - low) * rng.uniform(first, last))
        return np.asarray(r / (1 + (s * tau) ** rng.uniform(*alpha)))

    z = np.full(f.size, 10 ** rng.uniform(0, 2), complex)
    r = [float(10 ** rng.uniform(1, 4)) for _ in range(2)]
    if cell == "part of an arc":
        return z + arc(r[0], *((-0.3, 0.1) if rng.random() < 0.5 else (0.9, 1.3)))
    if cell == "two arcs":
        return z + arc(r[0], 0.6, 0.95) + arc(r[1], 0.1, 0.5)
    if cell == "depressed arcs":
        return z + arc(r[0], 0.5, 0.95, (0.5, 0.8)) + arc(r[1], 0.1, 0.5, (0.5, 0.8))
    z = z + arc(r[0], 0.4, 0.9)
    at_middle = 10 ** ((low + high) / 2 * rng.uniform(0.5, 1.0))
    if cell == "blocking":
        z = z + r[1] * (s / at_middle) ** -rng.uniform(0.7, 1.0)
    if cell == "Warburg":
        z = z + r[1] * (s / at_middle) ** -0.5
    if cell == "lead":
        z = z + s / s.imag.max() * abs(z[np.argmax(s.imag)]) * rng.uniform(0.05, 1.0)
    return z


def measured(z: Complexes, noise: float, rng: np.random.Generator) -> Complexes:
    """Return an impedance with normal noise, relative to |Z|, in its real and its imaginary part."""
    return np.asarray(z + noise * np.abs(z) * (rng.normal(size=z.size) + 1j * rng.normal(size=z.size)))


def outlier(z: Complexes, rng: np.random.Generator) -> Complexes:
    """Return a spectrum with one point off by 10 to 30 %."""
    off = np.ones(z.size)
    off[rng.integers(z.size)] += rng.choice([-1, 1]) * rng.uniform(0.1, 0.3)
    return z * off


def wrong_sign(z: Complexes, rng: np.random.Generator) -> Complexes:
    """Return a spectrum with the opposite sign of its imaginary part."""
    return z.conj()


FAULTS: dict[str, tuple[str, Fault]] = {"outlier": ("outlier", outlier), "wrong sign": ("", wrong_sign)}


def alarms(points: tuple[int, int], count: int, seed: int) -> dict[str, Any]:
    """Return, of sound spectra, the share in percent with any finding, and with each kind of finding."""
    rng = np.random.default_rng([seed, *points])
    kinds: Counter[str] = Counter()
    for k in range(count):
        f = window(points, rng)
        exact = impedance(CELLS[k % len(CELLS)], f, rng)
        noise = float(10 ** rng.uniform(-3, -2))
        sweeps = [eisfit.Spectrum(f, measured(exact, noise, rng)) for _ in range(2)]
        found = [finding.kind for finding in check(sweeps[0]).findings]
        found += [finding.kind for finding in drift(sweeps) if finding is not None]
        kinds.update({"any", *found} if found else set())
    row: dict[str, Any] = {"points": f"{points[0]} to {points[1]}", "spectra": count}
    named = ("any", "Kramers-Kronig", "outlier", "sign", "drift")
    row |= {name: 100 * kinds[name] / count for name in named}
    return row | {"others": 100 * sum(v for k, v in kinds.items() if k not in named) / count}


def power(points: tuple[int, int], count: int, seed: int) -> dict[str, Any]:
    """Return the share in percent of faults that are found: single outliers, wrong sign, a drift by 5 %."""
    rng = np.random.default_rng([seed, *points])
    hits: Counter[str] = Counter()
    for k in range(count):
        f = window(points, rng)
        exact = impedance(CELLS[k % len(CELLS)], f, rng)
        noise = float(10 ** rng.uniform(-3, -2))
        z = measured(exact, noise, rng)
        for name, (kind, fault) in FAULTS.items():
            found = {finding.kind for finding in check(eisfit.Spectrum(f, fault(z, rng))).findings}
            hits[name] += kind in found if kind else bool(found)
        later = eisfit.Spectrum(f, measured(1.05 * exact, noise, rng))
        hits["drift"] += drift([eisfit.Spectrum(f, z), later])[1] is not None
    row: dict[str, Any] = {"points": f"{points[0]} to {points[1]}", "spectra": count}
    return row | {name: 100 * hits[name] / count for name in (*FAULTS, "drift")}


def main(given: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--spectra", type=int, default=700, help="of each number of points")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args(given)
    rows = [alarms(points, asked.spectra, asked.seed) for points in POINTS]
    write(asked.output, "false_alarms", "False alarms in percent of sound spectra", rows)
    rows = [power(points, max(asked.spectra // 5, 1), asked.seed + 1) for points in POINTS]
    write(asked.output, "check_power", "Faults found, in percent", rows)


if __name__ == "__main__":
    main()
