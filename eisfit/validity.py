"""Whether a spectrum can be trusted, before any model: Kramers-Kronig, outliers, drift, probes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from eisfit.errors import InputError
from eisfit.quantiles import normal_cdf
from eisfit.spectrum import Finding, Spectrum
from eisfit.values import Bools, Complexes, Floats, Value

Part: TypeAlias = Literal["complex", "real", "imaginary"]

MU_LIMIT = 0.85  # below it the resistors of a test take turns in sign: too many of them (Schönleber 2014)
FEWEST_POINTS = 8  # below it no test is made
LARGE_PERCENT = 0.8  # residual below which nothing is said, whatever the noise
FAR_PERCENT = 1.0  # distance from the curve through all others below which no point is an outlier
OUTSTANDING = 4.7  # residual over noise from which on a disagreement is said
SYSTEMATIC = 1.5  # scatter of residuals over that of their differences, from which on they are not random
TOO_FEW_RUNS = 1e-3  # probability of so few runs of equal sign that goes with it
OUTLIERS_AT_MOST = 0.1  # share of the points; where more stand out, the spectrum is wrong and not they
DRIFT_OVER_NOISE = (
    4.0  # change from one sweep to the next over the noise of its mean, from which on it is said
)
DRIFT_PERCENT = 0.3  # change below which nothing is said
MOSTLY_INDUCTIVE = 0.8  # share of points with Im Z > 0 from which on the sign is doubted
CABLE_F = (10e-12, 300e-12)  # capacitance of cables and of amplifier inputs
LOOP = (
    0.5  # Im Z / omega at the highest frequency over its largest value, below which it is no lead inductance
)
_DENSITIES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)  # time constants per decade
_BEYOND = (
    1.0,
    0.0,
    2.0,
)  # decades by which time constants go on outside the window; the first is tried first
_RCOND = 1e-12
_LEAST = 1e-22  # sum of squares, relative to that of the data, below which solutions are not told apart
_SAME_HZ = 1e-3  # relative difference of frequencies that count as the same
_SMOOTH = 5  # neighbouring points over which a drift is averaged


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
    representation: Literal["impedance", "admittance"]
    freedom: int

    def functions(self) -> Complexes:
        """Return the functions whose sum it is, one a column, shape (n, count + 3)."""
        omega = 2 * np.pi * self.frequency_hz
        return _basis(omega, _time_constants(omega, self.count, self.decades_beyond))

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
        return scatter > SYSTEMATIC * noise and _runs_probability(parts) < TOO_FEW_RUNS

    @property
    def holds(self) -> bool:
        """Whether Re and Im belong together, as far as the noise lets one see."""
        if self.max_residual_percent < LARGE_PERCENT:
            return True
        return self.max_residual_percent < OUTSTANDING * self.noise_percent and not self.systematic


@dataclass(frozen=True, eq=False)
class Validity(Value):
    """What a look at a spectrum has shown, before any model.

    Parameters
    ----------
    kramers_kronig : KramersKronig or None
        None where there are too few points. Outliers take no part in it.
    outliers : ndarray of bool, shape (n,)
        Single used points that stand out; nothing is masked.
    findings : tuple of Finding
        What the reader should know.
    """

    kramers_kronig: KramersKronig | None
    outliers: Bools
    findings: tuple[Finding, ...]

    @property
    def kk_max_residual_percent(self) -> float:
        """Largest Kramers-Kronig residual in percent; nan without a test."""
        return math.nan if self.kramers_kronig is None else self.kramers_kronig.max_residual_percent

    @property
    def noise_percent(self) -> float:
        """Noise in percent of |Z|; nan without a test."""
        return math.nan if self.kramers_kronig is None else self.kramers_kronig.noise_percent


def check(spectrum: Spectrum) -> Validity:
    """Look for what no model can explain.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(5, -1, 61)
    >>> z = 10 + 100 / (1 + 2j * np.pi * f * 1e-3)
    >>> check(eisfit.Spectrum(f, z)).kk_max_residual_percent < 0.1
    True
    >>> [finding.kind for finding in check(eisfit.Spectrum(f, z.conj())).findings]
    ['Kramers-Kronig', 'sign']
    """
    used = np.flatnonzero(spectrum.used)
    outliers = np.zeros(len(spectrum), bool)
    kk, findings = None, []
    f, z = spectrum.frequency_hz[used], spectrum.z_ohm[used]
    if used.size >= FEWEST_POINTS and np.all(z != 0):
        kk = kramers_kronig(f, z)
        odd = _outliers(f, z, kk)
        if _step(f, odd):
            findings.append(_step_finding(f, odd, kk))
        elif odd.any():
            outliers[used[odd]] = True
            kk = kramers_kronig(f[~odd], z[~odd])
            findings.append(_outlier_finding(f, z, odd, kk))
        if not kk.holds and not _step(f, odd):
            findings.append(_disagreement(f, z, kk))
    findings += _artefacts(spectrum)
    return Validity(kk, outliers, tuple(findings))


def without_outliers(spectrum: Spectrum, validity: Validity | None = None) -> Spectrum:
    """Return a spectrum with its outliers masked, each with the reason.

    Parameters
    ----------
    spectrum : Spectrum
        As measured.
    validity : Validity, optional
        Of that spectrum, if it is known already.
    """
    found = check(spectrum) if validity is None else validity
    if not found.outliers.any():
        return spectrum
    return spectrum.without(
        found.outliers, f"outlier: far off the nearest consistent curve (noise {found.noise_percent:.2g} %)"
    )


# --- the linear test -------------------------------------------------------------------------------------


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
    best = _best_test(frequency_hz, z_ohm, "impedance", relative_noise)
    if best.holds:
        return best
    other = _best_test(frequency_hz, z_ohm, "admittance", relative_noise)
    return min(best, other, key=lambda kk: kk.max_residual_percent)


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
        tau = _time_constants(omega, number, 0.0)
        amplitude, model = _solved_part(omega, z_ohm, tau, part, capacitor)
        mu = _mu(amplitude)
        if mu <= mu_limit:
            break
    freedom = 2 * omega.size - number - 2 - capacitor
    residual = (z_ohm - model) / np.abs(z_ohm)
    return KramersKronig(frequency_hz, model, residual, number, mu, 0.0, "impedance", max(freedom, 1))


def _best_test(
    frequency_hz: Floats,
    z: Complexes,
    representation: Literal["impedance", "admittance"],
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
            solved = _solved(omega, target, _time_constants(omega, number, beyond), relative_noise)
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


def _time_constants(omega: Floats, number: int, beyond: float) -> Floats:
    """Return time constants spread evenly in the logarithm; a lone one is the longest."""
    ends = -math.log10(omega.max()) - beyond, -math.log10(omega.min()) + beyond
    return np.asarray(10.0 ** (np.linspace(*ends, number) if number > 1 else np.array(ends[1:])))


def _basis(omega: Floats, tau: Floats) -> Complexes:
    """Return resistor, relaxations, inductor and capacitor of size one, shape (n, M + 3).

    The admittance of resistor-capacitor branches side by side spans the same functions.
    """
    s = 1j * omega
    centre = math.sqrt(omega.min() * omega.max())
    return np.column_stack([np.ones_like(s), 1 / (1 + s[:, None] * tau), s / centre, centre / s])


def _solved(omega: Floats, target: Complexes, tau: Floats, relative_noise: Floats | None) -> _Solved:
    basis = _basis(omega, tau)
    sigma = np.abs(target) if relative_noise is None else np.abs(target) * relative_noise
    weighted = basis / sigma[:, None]
    wanted = target / sigma
    a = np.concatenate([weighted.real, weighted.imag])
    b = np.concatenate([wanted.real, wanted.imag])
    size = np.sqrt(np.einsum("nm,nm->m", a, a))
    coefficient, _, rank, _ = np.linalg.lstsq(a / size, b, rcond=_RCOND)
    misfit = a @ (coefficient / size) - b
    coefficient = coefficient / size
    return _Solved(coefficient[1:-2], basis @ coefficient, int(rank), float(misfit @ misfit))


def _solved_part(
    omega: Floats, z: Complexes, tau: Floats, part: Part, capacitor: bool
) -> tuple[Floats, Complexes]:
    """Return amplitudes fitted to the whole or to one part of a spectrum, and the whole model."""
    basis = _basis(omega, tau)
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


def _runs_probability(parts: Floats) -> float:
    """Return the probability of so few runs of equal sign; Wald & Wolfowitz, 10.1214/aoms/1177731909."""
    sign = parts > 0
    above = sign.sum(axis=1)
    n = sign.shape[1]
    below = n - above
    runs = 1 + np.count_nonzero(sign[:, 1:] != sign[:, :-1], axis=1)
    variance = 2 * above * below * (2 * above * below - n) / (n**2 * (n - 1))
    if variance.sum() <= 0:
        return 1.0
    expected = 1 + 2 * above * below / n
    return normal_cdf(float((runs.sum() + 0.5 - expected.sum()) / math.sqrt(variance.sum())))


# --- outliers --------------------------------------------------------------------------------------------


def _outliers(f: Floats, z: Complexes, kk: KramersKronig) -> Bools:
    """Return single points that stand out from the nearest consistent curve through all others.

    The worst is left out and the curve drawn anew, until none stands out; where they are more than one in
    ten, none is called an outlier. The limit is the largest of n normal deviations at a probability of 0.1 %.
    """
    odd = np.zeros(f.size, bool)
    limit = math.sqrt(2 * math.log(1e3 * f.size))
    omega = 2 * np.pi * f
    target = z if kk.representation == "impedance" else 1 / z
    basis = _basis(omega, _time_constants(omega, kk.count, kk.decades_beyond)) / np.abs(target)[:, None]
    wanted = target / np.abs(target)
    for _ in range(int(OUTLIERS_AT_MOST * f.size) + 1):
        keep = ~odd
        a = np.concatenate([basis.real[keep], basis.imag[keep]])
        b = np.concatenate([wanted.real[keep], wanted.imag[keep]])
        u, values, _ = np.linalg.svd(a / np.sqrt(np.einsum("nm,nm->m", a, a)), full_matrices=False)
        u = u[:, values > _RCOND * values[0]]
        misfit = (b - u @ (u.T @ b)).reshape(2, -1)
        left = np.maximum(1 - np.einsum("nm,nm->n", u, u).reshape(2, -1), 1e-6)
        noise = 1.4826 * float(np.median(np.abs(misfit) / np.sqrt(left)))
        deviation = np.sqrt(np.sum(misfit**2 / left, axis=0))  # in units of the noise, of the point itself
        alone = np.sqrt(np.sum((misfit / left) ** 2, axis=0))  # from the curve through all others
        stands_out = (deviation > limit * noise) & (100 * alone > FAR_PERCENT)
        if not stands_out.any():
            return odd
        odd[np.flatnonzero(keep)[np.argmax(np.where(stands_out, deviation, 0.0))]] = True
    return np.zeros(f.size, bool)


def _outlier_finding(f: Floats, z: Complexes, odd: Bools, kk: KramersKronig) -> Finding:
    places = ", ".join(f"{value:.4g} Hz" for value in f[odd][:4]) + (" ..." if odd.sum() > 4 else "")
    points = "1 point stands" if odd.sum() == 1 else f"{odd.sum()} points stand"
    return Finding(
        "outlier",
        f"{points} out, at {places} (noise of the others {kk.noise_percent:.2g} %): a disturbance, or a step "
        "there; leave out with drop, or measure again",
    )


def _step(f: Floats, odd: Bools) -> bool:
    """Tell whether points that stand out are neighbours, which is no accident of single points."""
    place = np.flatnonzero(odd[np.argsort(f, kind="stable")])
    return bool(np.any(np.diff(place) == 1))


def _step_finding(f: Floats, odd: Bools, kk: KramersKronig) -> Finding:
    order = np.argsort(f, kind="stable")
    place = np.flatnonzero(odd[order])
    first = place[np.flatnonzero(np.diff(place) == 1)[0]]
    low, high = f[order[first]], f[order[first + 1]]
    return Finding(
        "Kramers-Kronig",
        f"real and imaginary part do not belong together: up to {kk.max_residual_percent:.2g} % of |Z|, a "
        f"step near {low:.3g} to {high:.3g} Hz (noise {kk.noise_percent:.2g} %): a change of the measuring "
        "range; measure again in one range",
    )


def _disagreement(f: Floats, z: Complexes, kk: KramersKronig) -> Finding:
    text = (
        f"real and imaginary part do not belong together: up to {kk.max_residual_percent:.2g} % of |Z| "
        f"near {kk.worst_hz:.3g} Hz (noise {kk.noise_percent:.2g} %)"
    )
    exchanged = z.imag + 1j * z.real
    for other, cause in (
        (z.conj(), "with the opposite sign of the imaginary part they do"),
        (exchanged, "with the two exchanged they do"),
        (exchanged.conj(), "with the two exchanged, and -Im for Im, they do"),
    ):
        if _best_test(f, other, "impedance").holds:
            return Finding("Kramers-Kronig", f"{text}; {cause}: read the columns anew")
    cure = "drift, a change of range, or an instrument limit: cut with f_min_hz or f_max_hz"
    return Finding("Kramers-Kronig", f"{text}; {cure}")


# --- drift -----------------------------------------------------------------------------------------------


def drift(spectra: Sequence[Spectrum]) -> list[Finding | None]:
    """Compare each sweep with the one before it, which finds changes that one sweep cannot show.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Sweeps of one cell in the order in which they were taken.

    Returns
    -------
    list of Finding or None
        For each sweep; None for the first, for one measured under other conditions than the one before, and
        where nothing has changed beyond the noise.

    Notes
    -----
    Real and imaginary part of the relative difference are averaged over five neighbouring frequencies and
    compared with what noise leaves of such a mean; the noise is that of the differences between neighbours.
    """
    found: list[Finding | None] = [None] * len(spectra)
    for k in range(1, len(spectra)):
        before, after = spectra[k - 1], spectra[k]
        if _same_conditions(before, after):
            found[k] = _drift(before, after)
    return found


def _same_conditions(a: Spectrum, b: Spectrum) -> bool:
    return replace(a.conditions, time_h=None) == replace(b.conditions, time_h=None)


def _drift(before: Spectrum, after: Spectrum) -> Finding | None:
    f, z = before.frequency_hz[before.used], before.z_ohm[before.used]
    order = np.argsort(f, kind="stable")
    f, z = f[order], z[order]
    f_after, z_after = after.frequency_hz[after.used], after.z_ohm[after.used]
    near = np.array([np.argmin(np.abs(np.log(f_after / value))) for value in f], int)
    same = np.abs(f_after[near] / f - 1) < _SAME_HZ
    if np.count_nonzero(same) < FEWEST_POINTS or np.any(z[same] == 0):
        return None
    f = f[same]
    change = (z_after[near][same] - z[same]) / np.abs(z[same])
    parts = np.stack([change.real, change.imag])
    curved = parts[:, 1:-1] - (parts[:, :-2] + parts[:, 2:]) / 2  # a drift is smooth, noise is not
    noise = 1.4826 * float(np.median(np.abs(curved))) / math.sqrt(1.5)
    window = min(_SMOOTH, f.size)
    mean = np.stack([np.convolve(part, np.ones(window) / window, mode="valid") for part in parts])
    size = np.abs(mean[0] + 1j * mean[1])
    worst = int(np.argmax(size))
    if size[worst] < max(DRIFT_OVER_NOISE * noise / math.sqrt(window), DRIFT_PERCENT / 100):
        return None
    return Finding(
        "drift",
        f"Z has changed by {100 * size[worst]:.2g} % near {f[worst + window // 2]:.3g} Hz since the sweep "
        f"before (noise {100 * noise:.2g} %): wait longer, or let the time of each point enter the fit",
    )


# --- artefacts of probes ---------------------------------------------------------------------------------


def _artefacts(spectrum: Spectrum) -> list[Finding]:
    """Return what probes and cables do: Hsieh et al. 1997 (Solid State Ionics 100, 297), Fletcher 2001.

    A voltage probe of high resistance divides the signal with the capacitance of its cable and of the input.
    """
    used = np.flatnonzero(spectrum.used)
    order = used[np.argsort(spectrum.frequency_hz[used], kind="stable")]
    f, z = spectrum.frequency_hz[order], spectrum.z_ohm[order]
    findings = []
    inductive = int(np.count_nonzero(z.imag > 0))
    if inductive > MOSTLY_INDUCTIVE * f.size:
        findings.append(
            Finding(
                "sign",
                f"Im Z > 0 at {inductive} of {f.size} points: no cell is inductive throughout; the file may "
                "hold -Im Z",
            )
        )
    negative = np.flatnonzero(z.real < 0)
    if negative.size:
        places = f"{f[negative[0]]:.3g} Hz"
        if negative.size > 1:
            places = f"{negative.size} points between {places} and {f[negative[-1]]:.3g} Hz"
        findings.append(
            Finding(
                "negative real part",
                f"Re Z < 0 at {places}: no passive cell does that; voltage probes of high resistance divide "
                "the signal with the capacitance of their cables, cut with f_max_hz",
            )
        )
    if (text := _loop(f, z)) is not None:
        findings.append(Finding("inductive loop", text))
    if (spectrum.conditions.electrodes or 0) >= 4 and (text := _cable(f, z)) is not None:
        findings.append(Finding("cable capacitance", text))
    return findings


def _loop(f: Floats, z: Complexes) -> str | None:
    """Say where +Im Z at high frequency does not grow with the frequency, as that of a lead does."""
    start = f.size
    while start > 0 and z.imag[start - 1] > 0:
        start -= 1
    if f.size - start < 4:
        return None
    inductance = z.imag[start:] / (2 * np.pi * f[start:])
    if inductance[-1] >= LOOP * inductance.max() or f.size - start > MOSTLY_INDUCTIVE * f.size:
        return None
    return (
        f"Im Z > 0 above {f[start]:.3g} Hz does not grow with the frequency as that of a lead: a loop of the "
        f"voltage probes or of shields; cut with f_max_hz = {f[start]:.3g}"
    )


def _cable(f: Floats, z: Complexes) -> str | None:
    """Say where an arc at high frequency has the capacitance of cables."""
    height = -z.imag
    tops = (
        np.flatnonzero((height[1:-1] > height[:-2]) & (height[1:-1] >= height[2:]) & (height[1:-1] > 0)) + 1
    )
    for top in tops[::-1]:
        capacitance = 1 / (2 * np.pi * f[top] * 2 * height[top])
        if CABLE_F[0] <= capacitance <= CABLE_F[1] and height[top] > 0.02 * np.abs(z[top]):
            return (
                f"the arc at {f[top]:.3g} Hz has {1e12 * capacitance:.2g} pF, as cables and inputs have: it "
                "is one of the cell only if its capacitance scales with the area and its resistance with "
                "temperature"
            )
    return None
