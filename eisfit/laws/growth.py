"""Laws of a layer that grows: linear, by its square, logarithmic, by a power, stretched, and by filling of pinholes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from eisfit.laws.amplitudes import best_amplitudes
from eisfit.laws.growth_end import GrowthToAnEnd
from eisfit.laws.registry import OF_ORDINATE, Evaluated, LawParameter, law
from eisfit.tools.frozen import Floats

GROWTH = (  # laws over time that a growing layer may follow, the simplest first
    "linear growth", "parabolic growth", "square growth", "logarithmic growth", "saturating growth", "power growth",
    "pinhole filling", "stretched growth",
)  # fmt: skip
_TIMES = np.geomspace(0.02, 20.0, 40)  # time constants with which a fit may begin, over the longest time
_POWERS = np.linspace(0.1, 2.0, 20)
_STRETCHES = (0.4, 0.6, 0.8, 1.0, 1.3, 1.7)


def _times(time_h: Floats) -> Floats:
    return _TIMES * max(float(np.max(time_h)), 1e-300)


def _start_linear(time_h: Floats, y: Floats) -> tuple[float, float]:
    _, r0, rate = best_amplitudes(np.exp(y), time_h[None])
    return r0, rate


@law(
    "linear growth",
    LawParameter("R0", OF_ORDINATE),
    LawParameter("k", f"{OF_ORDINATE} h^-1"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="growth limited by a reaction at a surface that stays the same",
    start=_start_linear,
)
def linear_growth(time_h: Floats, r0: float, k: float) -> Evaluated:
    r"""Growth that nothing slows, :math:`R_0 + k t`."""
    r = r0 + k * time_h
    return np.log(r), (r0 / r, k * time_h / r), k / r


def _start_square(time_h: Floats, y: Floats) -> tuple[float, float]:
    _, square, rate = best_amplitudes(np.exp(2 * y), time_h[None])
    return float(np.sqrt(square)), rate


@law(
    "square growth",
    LawParameter("R0", OF_ORDINATE),
    LawParameter("k", f"({OF_ORDINATE})^2 h^-1"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="Wagner, Z. Phys. Chem. B 21 (1933) 25, doi 10.1515/zpch-1933-2105",
    start=_start_square,
)
def square_growth(time_h: Floats, r0: float, k: float) -> Evaluated:
    r"""Growth through a layer that was there already, :math:`\sqrt{R_0^2 + k t}`."""
    square = r0**2 + k * time_h
    return np.log(square) / 2, (r0**2 / square, k * time_h / (2 * square)), k / (2 * square)


def _start_logarithmic(time_h: Floats, y: Floats) -> tuple[float, float, float]:
    times = _times(time_h) / 10
    k, r0, rate = best_amplitudes(np.exp(y), np.log1p(time_h / times[:, None]))
    return r0, rate, float(times[k])


@law(
    "logarithmic growth",
    LawParameter("R0", OF_ORDINATE),
    LawParameter("k", OF_ORDINATE),
    LawParameter("t0", "h"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="growth by tunnelling, or by a reaction that its product blocks",
    start=_start_logarithmic,
)
def logarithmic_growth(time_h: Floats, r0: float, k: float, t0: float) -> Evaluated:
    r"""Growth that slows without an end, :math:`R_0 + k \ln(1 + t / t_0)`."""
    term = k * np.log1p(time_h / t0)
    r = r0 + term
    slopes = (r0 / r, term / r, -k * time_h / ((t0 + time_h) * r))
    return np.log(r), slopes, k / ((t0 + time_h) * r)


def _start_power(time_h: Floats, y: Floats) -> tuple[float, float, float]:
    k, r0, rate = best_amplitudes(np.exp(y), time_h ** _POWERS[:, None])
    return r0, rate, float(_POWERS[k])


@law(
    "power growth",
    LawParameter("R0", OF_ORDINATE),
    LawParameter("k", f"{OF_ORDINATE} after 1 h"),
    LawParameter("m", "1"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="a power that is not known beforehand",
    start=_start_power,
)
def power_growth(time_h: Floats, r0: float, k: float, m: float) -> Evaluated:
    r"""Growth by a power of the time, :math:`R_0 + k t^m`."""
    term = k * time_h**m
    r = r0 + term
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(time_h > 0, m * np.log(time_h), 0.0)
        rate = m * term / (time_h * r)
    return np.log(r), (r0 / r, term / r, log * term / r), rate


def _start_stretched(time_h: Floats, y: Floats) -> tuple[float, float, float, float]:
    shapes = [(float(tau), m) for tau in _times(time_h) for m in _STRETCHES]
    grown = np.stack([1 - np.exp(-((time_h / tau) ** m)) for tau, m in shapes])
    k, r0, rise = best_amplitudes(np.exp(y), grown)
    return r0, rise, *shapes[k]


@law(
    "stretched growth",
    LawParameter("R0", OF_ORDINATE),
    LawParameter("rise", OF_ORDINATE),
    LawParameter("tau", "h"),
    LawParameter("m", "1"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="Kohlrausch, Ann. Phys. 167 (1854) 179, doi 10.1002/andp.18541670203, there of relaxation",
    start=_start_stretched,
    result=GrowthToAnEnd,
)
def stretched_growth(time_h: Floats, r0: float, rise: float, tau: float, m: float) -> Evaluated:
    r"""Growth to an end over a spread of times, :math:`R_0 + \Delta R (1 - e^{-(t/\tau)^m})`."""
    x = (time_h / tau) ** m
    left = np.exp(-x)
    r = r0 + rise * (1 - left)
    steep = rise * left * x / r
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(time_h > 0, np.log(time_h / tau), 0.0)
        rate = m * steep / time_h
    return np.log(r), (r0 / r, rise * (1 - left) / r, -m * steep, m * log * steep), rate


def _pinhole_starts(time_h: Floats, y: Floats) -> Iterator[tuple[float, float, float, float]]:
    inverse = np.exp(-y)
    for tau in _times(time_h):
        left = np.exp(-time_h / tau)
        design = np.stack([1 - left, left], axis=1) / inverse[:, None]
        found = np.linalg.lstsq(design, np.ones(y.size), rcond=None)[0]
        if np.all(found > 0):
            off = float(np.sum((design @ found - 1) ** 2))
            yield off, float(1 / found[0]), float(1 / found[1]), float(1 / tau)


def _start_pinholes(time_h: Floats, y: Floats) -> tuple[float, float, float]:
    usual = (np.inf, float(np.exp(y.max())), float(np.exp(y.min())), 1 / max(float(np.max(time_h)), 1e-300))
    return min(_pinhole_starts(time_h, y), default=usual)[1:]


@law(
    "pinhole filling",
    LawParameter("R_film", OF_ORDINATE),
    LawParameter("R_open", OF_ORDINATE),
    LawParameter("k", "h^-1"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="parallel paths through a film and its pinholes, which fill by first-order kinetics",
    start=_start_pinholes,
    result=GrowthToAnEnd,
)
def pinhole_filling(time_h: Floats, r_film: float, r_open: float, k: float) -> Evaluated:
    r"""Film whose pinholes fill, :math:`1/R = (1 - e^{-kt})/R_{film} + e^{-kt}/R_{open}`."""
    left = np.exp(-k * time_h)
    film, open_ = (1 - left) / r_film, left / r_open
    inverse = film + open_
    change = left * (1 / r_film - 1 / r_open)  # d(1/R)/d(kt)
    return (
        -np.log(inverse),
        (film / inverse, open_ / inverse, -change * k * time_h / inverse),
        -change * k / inverse,
    )
