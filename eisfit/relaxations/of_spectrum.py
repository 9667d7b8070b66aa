"""The distribution of relaxation times of a spectrum, with the number of depressed arcs beside it."""

from __future__ import annotations

import math

import numpy as np

from eisfit.errors import SpectrumError
from eisfit.relaxations.arcs import arcs_covariance
from eisfit.relaxations.distribution import ArcCount, DepressedArc, Distribution, Peak
from eisfit.relaxations.grid import Grid, grid
from eisfit.relaxations.number import Counted, count_arcs
from eisfit.relaxations.peaks import Basins, basins, refined
from eisfit.relaxations.resampling import Sampled, sample
from eisfit.relaxations.solve import Solved, solve
from eisfit.spectrum.given import one_spectrum
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats, Ints, frozen_array
from eisfit.validity.checks import Validity, check

FEWEST_POINTS = 12
FEWEST_DECADES = 2.0
FEWEST_PER_DECADE = 3.0
CERTAIN = 0.95  # share of samples in which a peak must stand
LEAST_OVER_ERROR = 2.0  # resistance of a peak that stands, over its standard error
ODDS = 20.0  # from which on a number of arcs is excluded
_MISFIT = 3.0  # residual over noise from which on no distribution describes the spectrum
_SMALL_MISFIT_PERCENT = 1.0  # a residual below it describes the spectrum, whatever the noise
_UNKNOWN_NOISE_PERCENT = 1.5  # that is expected where there are too few points to tell
LARGEST_DISAGREEMENT_PERCENT = 5.0  # with the Kramers-Kronig relations


def drt(spectrum: Spectrum, *, despite_findings: bool = False, seed: int = 0) -> Distribution:
    r"""Return the distribution of relaxation times of a spectrum.

    Nothing is to be chosen: how smooth the distribution is follows from the data at each place.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part, nor do points that a check finds to stand out.
    despite_findings : bool
        Whether a spectrum is looked at whatever a check says of it.
    seed : int
        Of the samples that the errors come from.

    Returns
    -------
    Distribution

    Raises
    ------
    SpectrumError
        If there are fewer than 12 points, 2 decades or 3 points per decade, if the spectrum contradicts the
        Kramers-Kronig relations by more than 5 %, or if no distribution of positive resistances describes it.

    Notes
    -----
    Points are weighed by 1/\|Z\|. `eisfit.relaxations.solve` says how the distribution is found,
    `eisfit.relaxations.number` how the arcs are.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(6, -1, 71)
    >>> z = 20 + 100 / (1 + (2j * np.pi * f * 1e-4) ** 0.9) + 50 / (1 + (2j * np.pi * f * 1e-2) ** 0.8)
    >>> found = eisfit.drt(eisfit.Spectrum(f, z))
    >>> [round(1e3 * peak.tau_s, 1) for peak in found.peaks]
    [0.1, 10.0]
    >>> [round(arc.resistance_ohm, 1) for arc in found.arcs]
    [100.0, 50.0]
    """
    spectrum = one_spectrum(spectrum, "drt", "eisfit.drt_series")
    where = f"{spectrum.label}: " if spectrum.label else ""
    used = np.array(spectrum.used)
    _refuse_few(spectrum.frequency_hz[used], where)
    if np.any(spectrum.z_ohm[used] == 0):
        raise SpectrumError(f"{where}an impedance is 0 ohm, and points are weighed by 1/|Z|; mask that point")
    seen = check(spectrum)
    remarks = _judged(seen, where, despite_findings)
    used &= ~seen.outliers
    at = grid(spectrum.frequency_hz[used])
    solved = solve(at, spectrum.z_ohm[used])
    remarks += _misfit(solved, seen, where, despite_findings)
    counted = count_arcs(at, spectrum.z_ohm[used], solved.arcs)
    return _described(spectrum, solved, counted, seen, remarks, seed)


def _refuse_few(f: Floats, where: str) -> None:
    """Refuse a window that holds too little for a distribution."""
    if not f.size:
        raise SpectrumError(
            f"{where}all points are masked: no point is left for a distribution of relaxation times"
        )
    if f.size < FEWEST_POINTS:
        raise SpectrumError(
            f"{where}{f.size} points are too few for a distribution of relaxation times: it needs {FEWEST_POINTS}"
        )
    decades = math.log10(f.max() / f.min())
    if decades < FEWEST_DECADES:
        raise SpectrumError(
            f"{where}the window of {decades:.1f} decades ({f.min():.3g} to {f.max():.3g} Hz) is too short for a "
            f"distribution of relaxation times: measure {FEWEST_DECADES:g} decades or more"
        )
    if (f.size - 1) / decades < FEWEST_PER_DECADE:
        raise SpectrumError(
            f"{where}{(f.size - 1) / decades:.1f} points per decade are too few for a distribution of relaxation "
            f"times: it needs {FEWEST_PER_DECADE:g}"
        )


def _judged(seen: Validity, where: str, despite_findings: bool) -> tuple[str, ...]:
    """Return what a check says of a spectrum that is looked at; refuse one that contradicts itself."""
    kk = seen.kramers_kronig
    remarks = tuple(finding.text for finding in seen.findings if finding.kind == "outlier")
    if kk is None or kk.holds:
        return remarks
    sentence = (
        f"real and imaginary part contradict the Kramers-Kronig relations by {kk.max_residual_percent:.2g} % of |Z| at "
        f"{kk.worst_hz:.3g} Hz (drift, non-linearity or an artefact)"
    )
    if kk.max_residual_percent > LARGEST_DISAGREEMENT_PERCENT and not despite_findings:
        raise SpectrumError(
            f"{where}{sentence}: a distribution would show it as peaks; cut or mask those points, measure again, or "
            "pass despite_findings=True"
        )
    return (*remarks, f"{sentence}: smaller peaks are not certain")


def _misfit(solved: Solved, seen: Validity, where: str, despite_findings: bool) -> tuple[str, ...]:
    """Return what a distribution leaves of its spectrum beyond noise; refuse a spectrum that it does not describe."""
    residual = solved.residual_percent
    kk = seen.kramers_kronig
    noise = _UNKNOWN_NOISE_PERCENT if kk is None else kk.noise_percent
    least = _UNKNOWN_NOISE_PERCENT if kk is None else max(noise, _SMALL_MISFIT_PERCENT / _MISFIT)
    expected = least if kk is None or kk.holds else max(least, kk.max_residual_percent)
    noise_text = "" if kk is None else f", with noise of {noise:.2g} %"
    left = f"{residual:.2g} % of |Z|{noise_text}, the largest at {solved.worst_hz:.3g} Hz"
    if residual > _MISFIT * expected and not despite_findings:
        raise SpectrumError(
            f"{where}no distribution of positive resistances describes the spectrum: residuals of {left} "
            f"{_cure(solved, _MISFIT * least)}"
        )
    if residual > _MISFIT * least:
        return (f"the distribution leaves residuals of {left}: peaks near it are not certain",)
    return ()


def _cure(solved: Solved, most_percent: float) -> str:
    """Return why a distribution does not describe its spectrum, and which cut cures it, as the end of a sentence."""
    f, z = solved.grid.omega / (2 * math.pi), solved.z_ohm
    order = np.argsort(f)
    above = solved.worst_hz > math.sqrt(f.min() * f.max())
    why = "leads, a resonance or a limit of the instrument" if above else "an inductive loop or drift"
    why = f"({why}, or a wrong sign)"
    most = f.size - FEWEST_POINTS if above else f.size // 2

    def kept(cut: int) -> Ints:
        return order[: f.size - cut] if above else order[cut:]

    def suits(cut: int) -> bool:
        return solve(grid(f[kept(cut)]), z[kept(cut)]).residual_percent <= most_percent

    low, high = 0, most // 2
    if high < 1 or not suits(high):
        return f"{why}; no cut at that end cures it: look at the spectrum, or pass despite_findings=True"
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suits(middle) else (middle, high)
    edge = f[kept(high)].max() if above else f[kept(high)].min()
    return f"{why}; cut that part by {'f_max_hz' if above else 'f_min_hz'} = {_rounded(edge, up=above)}"


def _rounded(value: float, *, up: bool) -> str:
    """Return a number of three digits that is not below, or not above, a value."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 2)
    return f"{(math.ceil if up else math.floor)(value / unit) * unit:.3g}"


def _described(
    spectrum: Spectrum,
    solved: Solved,
    counted: Counted,
    seen: Validity,
    remarks: tuple[str, ...],
    seed: int,
) -> Distribution:
    """Return what was found, as a user holds it."""
    at, gamma = solved.grid, solved.solution.gamma_ohm
    found = basins(at, gamma)
    sampled = sample(at, solved.solution, found, seed)
    series = solved.system.series_values(solved.left_ohm)
    goes_on = bool(gamma[-1] > gamma[found.edges[-1]] * math.e) or "capacitor" in solved.system.terms
    total = math.nan if goes_on else float(at.integral(gamma)[-1])
    kk = seen.kramers_kronig
    disagreement = 0.0 if kk is None or kk.holds else kk.max_residual_percent / 100
    elastance = series.get("capacitor", 0.0)
    return Distribution(
        spectrum=spectrum,
        tau_s=frozen_array(np.exp(at.log_tau), float),
        gamma_ohm=frozen_array(gamma, float),
        gamma_low_ohm=frozen_array(sampled.low_ohm, float),
        gamma_high_ohm=frozen_array(sampled.high_ohm, float),
        peaks=_peaks(solved, found, sampled, disagreement),
        count=_count(at, counted),
        resistance_ohm=total,
        resistance_stderr_ohm=math.nan if goes_on else sampled.total_stderr_ohm,
        series_resistance_ohm=series["resistor"],
        inductance_h=max(series.get("inductor", 0.0), 0.0),
        capacitance_f=1 / elastance if elastance > 0 else math.inf,
        goes_on=goes_on,
        residual_percent=solved.residual_percent,
        remarks=remarks,
    )


def _peaks(solved: Solved, found: Basins, sampled: Sampled, disagreement: float) -> tuple[Peak, ...]:
    """Return the peaks; those smaller than a contradiction within the spectrum do not stand."""
    at, gamma = solved.grid, solved.solution.gamma_ohm
    total = at.integral(gamma)
    step = at.log_tau[1] - at.log_tau[0]
    peaks = []
    for k, place in enumerate(found.at):
        resistance = float(total[found.edges[k + 1]] - total[found.edges[k]])
        error = float(sampled.resistance_stderr_ohm[k])
        tau = math.exp(refined(at, gamma, int(place)))
        spread = math.hypot(float(sampled.log_tau[:, k].std()), step / math.sqrt(12))
        near = int(np.argmin(np.abs(np.log(at.omega * tau))))
        least = max(LEAST_OVER_ERROR * error, disagreement * abs(solved.z_ohm[near]))
        peaks.append(
            Peak(
                tau,
                tau * spread,
                resistance,
                error,
                bool(sampled.stands[k] >= CERTAIN and resistance > least),
            )
        )
    return tuple(peaks)


def _count(at: Grid, counted: Counted) -> ArcCount:
    """Return the arcs of the most probable number that lie in the window, with the odds of other numbers."""
    inside = [_inside(at, arcs) for arcs in counted.arcs]
    numbers = np.array([int(np.count_nonzero(x)) for x in inside])
    best = counted.best
    odds = {
        int(n): math.exp(min((counted.bic[numbers == n].min() - counted.bic[best]) / 2, 700.0))
        for n in set(numbers)
    }
    number = int(numbers[best])
    arcs, keep = counted.arcs[best], inside[best]
    spread = np.sqrt(np.maximum(arcs_covariance(counted.system, arcs).diagonal(), 0.0)).reshape(-1, 3)
    rows = [
        DepressedArc(
            tau_s=math.exp(t),
            tau_stderr_s=math.exp(t) * float(error[1]),
            resistance_ohm=math.exp(r),
            resistance_stderr_ohm=math.exp(r) * float(error[0]),
            alpha=float(a),
            alpha_stderr=float(error[2]),
        )
        for (r, t, a), error in zip(arcs[keep], spread[keep], strict=True)
    ]
    possible = tuple(sorted(n for n, against in odds.items() if against < ODDS))
    return ArcCount(
        tuple(rows),
        odds.get(number - 1, math.inf),
        odds.get(number + 1, math.inf),
        possible,
        float(counted.bic[best]),
    )


def _inside(at: Grid, arcs: Floats) -> Bools:
    """Tell which arcs have their maximum in the window."""
    reach = 0.2 * math.log(10)
    low, high = -math.log(at.omega.max()) - reach, -math.log(at.omega.min()) + reach
    return np.asarray((arcs[:, 1] > low) & (arcs[:, 1] < high))
