"""Where data and model disagree beyond the noise, and the likely cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.reporting.estimate import Estimate
from eisfit.results.contribution import Statistics
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import STEP_LIMIT, chi2_reduced_limit_95, scale_step

RUNS_TOO_FEW = 0.01  # probability of so few runs of equal sign below which residuals are not random

NOISE_FREE_PERCENT = 1e-6  # of |Z|: residuals below it are rounding

MISFIT_RATIO = 1.5  # ratio of scatter to random noise from which a misfit is reported

_EDGE = 0.15  # share of the points that counts as one end of the window

LikelyCause: TypeAlias = Literal["high-frequency end", "low-frequency end", "circuit", "nothing described"]


@dataclass(frozen=True)
class Misfit:
    """A systematic deviation of the model from the data.

    Parameters
    ----------
    percent : float
        The largest smoothed residual, in percent of |Z|; the median one where the model describes nothing.
    frequency_hz : float
        Where it is; nan where the model describes nothing.
    noise_percent : float
        The random noise, in percent of |Z|.
    likely_cause : str
        ``nothing described`` where half of the points are far off, ``high-frequency end`` or ``low-frequency end``
        of the window, else ``circuit``.
    """

    percent: float
    frequency_hz: float
    noise_percent: float
    likely_cause: LikelyCause


def residual_parts(problem: Problem, i: int, spectrum: Spectrum, residual: Floats) -> tuple[Floats, Floats]:
    """Return used residuals ordered by frequency, (2, n): weighted, and relative to |Z|."""
    length = problem.z_ohm.shape[1]
    used = np.flatnonzero(problem.weight[i, :length] > 0)
    order = used[np.argsort(spectrum.frequency_hz[used], kind="stable")]
    weighted = np.stack([residual[order], residual[length + order]])
    weight = np.stack([problem.weight[i, order], problem.weight[i, length + order]])
    return weighted, weighted / weight / np.abs(problem.z_ohm[i, order])


def misfit(
    estimate: Estimate,
    i: int,
    spectrum: Spectrum,
    statistics: Statistics,
    residual: Floats,
    *,
    missed: bool,
) -> Misfit | None:
    """Return where data and model disagree most, if they do beyond the noise.

    Parameters
    ----------
    estimate : Estimate
        Of N spectra.
    i : int
        Which of them.
    spectrum, statistics
        Of it.
    residual : ndarray, shape (2 F,)
        Its weighted residuals.
    missed : bool
        Whether the model misses the data by so much that a row has lost its value.
    """
    problem = estimate.problem
    _, relative = residual_parts(problem, i, spectrum, residual)
    systematic = statistics.rms_percent > MISFIT_RATIO * statistics.noise_percent
    one_sided = bool(np.all(np.all(relative > 0, axis=1) | np.all(relative <= 0, axis=1)))
    few_runs = statistics.runs_p < RUNS_TOO_FEW or one_sided
    freedom = 2 * statistics.points - statistics.parameters_free
    too_large = problem.absolute and statistics.chi2_reduced > float(chi2_reduced_limit_95(np.array(freedom)))
    noise_free = statistics.rms_percent < NOISE_FREE_PERCENT
    if noise_free or not ((systematic and few_runs) or too_large or missed):
        return None
    if estimate.disagreements[i].describes_nothing:
        typical = 100 * float(np.median(np.hypot(*relative)))
        return Misfit(typical, float("nan"), statistics.noise_percent, "nothing described")
    f = np.sort(spectrum.frequency_hz[spectrum.used])
    smooth = np.abs(_smoothed(relative[0]) + 1j * _smoothed(relative[1]))
    worst = int(np.argmax(smooth))
    return Misfit(100 * smooth[worst], f[worst], statistics.noise_percent, _likely_cause(worst, f.size))


@dataclass(frozen=True)
class NoiseStep:
    """A step of the noise over frequency; its place is not kept, because loud points bend the fit beyond it.

    Parameters
    ----------
    ratio : float
        Noise of the louder side over that of the other.
    louder_below : bool
        Whether low frequencies are the louder side.
    """

    ratio: float
    louder_below: bool


def noise_step(problem: Problem, i: int, spectrum: Spectrum, residual: Floats) -> NoiseStep | None:
    """Return where the noise of a fit changes by more than its weights allow and chance makes; None if nowhere.

    A sound fit of 8 to 100 points has one by chance in fewer than 1 % of cases (`scale_step`, which needs ten).
    """
    weighted, _ = residual_parts(problem, i, spectrum, residual)
    squares = np.mean(weighted**2, axis=0)
    place, size = scale_step(squares)
    if size < STEP_LIMIT:
        return None
    below, above = (float(np.sqrt(np.mean(part))) for part in (squares[:place], squares[place:]))
    ratio = max(below, above) / max(min(below, above), np.finfo(float).tiny)
    return NoiseStep(ratio, below > above)


def _likely_cause(worst: int, points: int) -> LikelyCause:
    """Return what a misfit at one of the points, ordered by frequency, is likely due to."""
    place = worst / max(points - 1, 1)
    if place > 1 - _EDGE:
        return "high-frequency end"
    return "low-frequency end" if place < _EDGE else "circuit"


def _smoothed(values: Floats) -> Floats:
    kernel = np.ones(min(3, values.size)) / min(3, values.size)
    result: Floats = np.convolve(values, kernel, mode="same")
    return result
