"""The linear Kramers-Kronig test: the nearest spectrum in which real and imaginary part belong together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from eisfit.errors import InputError
from eisfit.tools.frozen import Complexes, Floats, Value
from eisfit.tools.keywords import known_keywords
from eisfit.tools.statistics import runs_probability

Part: TypeAlias = Literal["complex", "real", "imaginary"]
Representation: TypeAlias = Literal["impedance", "admittance"]

MU_LIMIT = 0.85  # below it the resistors of a test take turns in sign: too many of them (Schönleber 2014)
LARGE_PERCENT = 0.8  # residual below which no disagreement is reported, whatever the noise
OUTSTANDING = 4.7  # residual over noise from which a disagreement is reported
SYSTEMATIC = 1.5  # scatter of residuals over that of their differences, from which on they are not random
TOO_FEW_RUNS = 1e-3  # probability of so few runs of equal sign below which residuals are systematic
RCOND = 1e-12  # singular values below it, relative to the largest, are none
_DENSITIES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)  # time constants per decade
_BEYOND = (
    1.0,
    0.0,
    2.0,
)  # decades by which time constants go on outside the window; the first is tried first
_LEAST = 1e-22  # sum of squares, relative to that of the data, below which solutions are not distinguished


@dataclass(frozen=True, eq=False)
class KramersKronig(Value):
    """A linear Kramers-Kronig test: the nearest spectrum in which Re and Im belong together.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n,)
        Of the used points.
    z_ohm : ndarray of complex, shape (n,)
        The nearest consistent impedance.
    residual : ndarray of complex, shape (n,)
        (measured - nearest) / |measured|.
    count : int
        Number of time constants.
    mu : float
        1 - sum of negative over sum of positive amplitudes; small where there are too many.
    decades_beyond : float
        How far the time constants go on outside the window on either side.
    representation : {"impedance", "admittance"}
        Which of the two was reproduced.
    freedom : int
        Real numbers less coefficients.
    """

    frequency_hz: Floats
    z_ohm: Complexes
    residual: Complexes
    count: int
    mu: float
    decades_beyond: float
    representation: Representation
    freedom: int

    def functions(self) -> Complexes:
        """Return the functions whose sum it is, one a column, shape (n, count + 3)."""
        omega = 2 * np.pi * self.frequency_hz
        return basis_of(omega, time_constants(omega, self.count, self.decades_beyond))

    @property
    def max_residual_percent(self) -> float:
        """Largest residual of a real or imaginary part, in percent of |Z|."""
        return 100 * float(np.maximum(np.abs(self.residual.real), np.abs(self.residual.imag)).max())

    @property
    def worst_hz(self) -> float:
        """Where it is."""
        worst = np.argmax(np.maximum(np.abs(self.residual.real), np.abs(self.residual.imag)))
        return float(self.frequency_hz[worst])

    @property
    def noise_percent(self) -> float:
        """Standard deviation of Re Z and Im Z in percent of |Z|, from the median: faults do not enter."""
        parts = np.abs([self.residual.real, self.residual.imag])
        widening = math.sqrt(parts.size / max(self.freedom, 1))
        return 100 * 1.4826 * float(np.median(parts)) * widening

    @property
    def systematic(self) -> bool:
        """Whether the residuals are not random: larger than their differences tell, few changes of sign."""
        order = np.argsort(self.frequency_hz, kind="stable")
        parts = np.stack([self.residual.real[order], self.residual.imag[order]])
        scatter = math.sqrt(float(np.mean(parts**2)))
        noise = math.sqrt(float(np.mean(np.diff(parts, axis=1) ** 2)) / 2)
        return scatter > SYSTEMATIC * noise and runs_probability(parts) < TOO_FEW_RUNS

    @property
    def holds(self) -> bool:
        """Whether Re and Im belong together, as far as the noise lets one see.

        A sound spectrum of at least 12 points, 4 or more a decade, fails with a probability below 0.2 %
        (`benchmarks.false_alarms`); `eisfit.validity.check` asks no other.
        """
        if self.max_residual_percent < LARGE_PERCENT:
            return True
        return self.max_residual_percent < OUTSTANDING * self.noise_percent and not self.systematic


@known_keywords
def kramers_kronig(
    frequency_hz: Floats, z_ohm: Complexes, relative_noise: Floats | None = None
) -> KramersKronig:
    """Test whether the real and the imaginary part of a spectrum belong together.

    Parameters
    ----------
    frequency_hz, z_ohm : ndarray, shape (n,)
        Points in any order, none with an impedance of 0.
    relative_noise : ndarray, shape (n,), optional
        Noise relative to the modulus, by which the points are weighed; the same for all if not given.

    Notes
    -----
    A resistor, a capacitor, an inductor and relaxations of fixed time constants in series, all with
    amplitudes of either sign, are fitted by linear least squares with modulus weights; what they cannot
    reproduce breaks the Kramers-Kronig relations. The number of time constants per decade, and how far they
    go on outside the window, follow from the corrected Akaike criterion. Where an impedance does not pass,
    the admittance may: it does so for a system that is stable only under voltage control.

    Source: Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi 10.1149/1.2044210.
    """
    best = best_test(frequency_hz, z_ohm, "impedance", relative_noise)
    if best.holds:
        return best
    other = best_test(frequency_hz, z_ohm, "admittance", relative_noise)
    return min(best, other, key=lambda kk: kk.max_residual_percent)


@known_keywords
def lin_kk(
    frequency_hz: Floats,
    z_ohm: Complexes,
    *,
    mu_limit: float = MU_LIMIT,
    count: int | None = None,
    most: int = 100,
    part: Part = "complex",
    capacitor: bool = True,
) -> KramersKronig:
    """Make the test with the number of time constants chosen by the mu criterion, or given.

    Parameters
    ----------
    frequency_hz, z_ohm : ndarray, shape (n,)
        Points in any order.
    mu_limit : float
        Time constants are added until mu falls to this or below.
    count : int, optional
        Their number, if it is given.
    most : int
        Where the search ends.
    part : {"complex", "real", "imaginary"}
        To what the amplitudes are fitted; the other part then follows.
    capacitor : bool
        Whether a series capacitor takes part; a series inductor always does.

    Raises
    ------
    InputError
        If `part` is none of the three.

    Notes
    -----
    The time constants are spread evenly over the window in the logarithm, from the reciprocal of the highest
    angular frequency to that of the lowest.

    Source: Schönleber, Klotz & Ivers-Tiffée, Electrochim. Acta 131 (2014) 20,
    doi 10.1016/j.electacta.2014.01.034.
    """
    if part not in ("complex", "real", "imaginary"):
        raise InputError(f"part is {part!r}: it must be complex, real or imaginary")
    omega = 2 * np.pi * frequency_hz
    for number in (count,) if count is not None else range(1, most + 1):
        tau = time_constants(omega, number, 0.0)
        amplitude, model = _solved_part(omega, z_ohm, tau, part, capacitor)
        mu = _mu(amplitude)
        if mu <= mu_limit:
            break
    freedom = 2 * omega.size - number - 2 - capacitor
    residual = (z_ohm - model) / np.abs(z_ohm)
    return KramersKronig(frequency_hz, model, residual, number, mu, 0.0, "impedance", max(freedom, 1))


def best_test(
    frequency_hz: Floats,
    z: Complexes,
    representation: Representation,
    relative_noise: Floats | None = None,
) -> KramersKronig:
    """Return the test with the lowest corrected Akaike criterion over numbers and reach of time constants."""
    omega = 2 * np.pi * frequency_hz
    target = z if representation == "impedance" else 1 / z
    decades = math.log10(omega.max() / omega.min())
    tried: dict[tuple[int, float], tuple[float, _Solved]] = {}

    def score(density: float, beyond: float) -> float:
        number = max(2, round(density * (decades + 2 * beyond)) + 1)
        number = min(number, omega.size - 3)
        key = (number, beyond)
        if key not in tried:
            solved = _solved(omega, target, time_constants(omega, number, beyond), relative_noise)
            tried[key] = (_aicc(solved, 2 * omega.size), solved)
        return tried[key][0]

    densities = sorted(_DENSITIES, key=lambda d: score(d, _BEYOND[0]))
    for beyond in _BEYOND[1:]:
        for density in densities[:3]:
            score(density, beyond)
    (number, beyond), (_, best) = min(tried.items(), key=lambda item: item[1][0])
    model = best.model if representation == "impedance" else 1 / best.model
    residual = (z - model) / np.abs(z)
    return KramersKronig(
        frequency_hz, model, residual, number, _mu(best.amplitude), beyond, representation,
        2 * omega.size - best.rank,
    )  # fmt: skip


@dataclass(frozen=True)
class _Solved:
    """Amplitudes of the relaxations, what all parts together give, and how well."""

    amplitude: Floats
    model: Complexes
    rank: int
    squares: float


def time_constants(omega: Floats, number: int, beyond: float) -> Floats:
    """Return time constants spread evenly in the logarithm; a lone one is the longest."""
    ends = -math.log10(omega.max()) - beyond, -math.log10(omega.min()) + beyond
    return np.asarray(10.0 ** (np.linspace(*ends, number) if number > 1 else np.array(ends[1:])))


def basis_of(omega: Floats, tau: Floats) -> Complexes:
    """Return resistor, relaxations, inductor and capacitor of size one, shape (n, M + 3).

    The admittance of resistor-capacitor branches side by side spans the same functions.
    """
    s = 1j * omega
    centre = math.sqrt(omega.min() * omega.max())
    return np.column_stack([np.ones_like(s), 1 / (1 + s[:, None] * tau), s / centre, centre / s])


def _solved(omega: Floats, target: Complexes, tau: Floats, relative_noise: Floats | None) -> _Solved:
    basis = basis_of(omega, tau)
    sigma = np.abs(target) if relative_noise is None else np.abs(target) * relative_noise
    weighted = basis / sigma[:, None]
    wanted = target / sigma
    a = np.concatenate([weighted.real, weighted.imag])
    b = np.concatenate([wanted.real, wanted.imag])
    size = np.sqrt(np.einsum("nm,nm->m", a, a))
    coefficient, _, rank, _ = np.linalg.lstsq(a / size, b, rcond=RCOND)
    misfit = a @ (coefficient / size) - b
    coefficient = coefficient / size
    return _Solved(coefficient[1:-2], basis @ coefficient, int(rank), float(misfit @ misfit))


def _solved_part(
    omega: Floats, z: Complexes, tau: Floats, part: Part, capacitor: bool
) -> tuple[Floats, Complexes]:
    """Return amplitudes fitted to the whole or to one part of a spectrum, and the whole model."""
    basis = basis_of(omega, tau)
    keep = slice(None) if capacitor else slice(-1)
    weighted, wanted = (basis / np.abs(z)[:, None])[:, keep], z / np.abs(z)
    if part == "complex":
        coefficient = _least_squares(
            np.concatenate([weighted.real, weighted.imag]), np.concatenate([wanted.real, wanted.imag])
        )
    elif part == "real":  # what has no real part follows from the imaginary part
        relaxing = tau.size + 1
        coefficient = _least_squares(weighted.real[:, :relaxing], wanted.real)
        rest = wanted.imag - weighted.imag[:, :relaxing] @ coefficient
        coefficient = np.append(coefficient, _least_squares(weighted.imag[:, relaxing:], rest))
    else:  # the resistor follows from the real part
        coefficient = np.append(0.0, _least_squares(weighted.imag[:, 1:], wanted.imag))
        weight = 1 / np.abs(z) ** 2
        coefficient[0] = np.sum(weight * (z - basis[:, keep] @ coefficient).real) / np.sum(weight)
    return coefficient[1 : tau.size + 1], basis[:, keep] @ coefficient


def _least_squares(a: Floats, b: Floats) -> Floats:
    size = np.sqrt(np.einsum("nm,nm->m", a, a))
    size = np.where(size > 0, size, 1.0)
    return np.asarray(np.linalg.lstsq(a / size, b, rcond=1e-15)[0] / size)


def _mu(amplitude: Floats) -> float:
    positive = float(amplitude[amplitude >= 0].sum())
    negative = float(-amplitude[amplitude < 0].sum())
    return 1 - negative / positive if positive > 0 else -math.inf


def _aicc(solved: _Solved, numbers: int) -> float:
    k = solved.rank + 1
    if numbers - k - 1 <= 0:
        return math.inf
    squares = max(solved.squares, _LEAST * numbers)
    return numbers * math.log(squares / numbers) + 2 * k + 2 * k * (k + 1) / (numbers - k - 1)
