"""Where data and model disagree beyond the noise, and the likely cause."""

from __future__ import annotations

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.results.contribution import Statistics
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import chi2_reduced_limit_95

RUNS_TOO_FEW = 0.01  # probability of so few runs that counts as not random


MISFIT_RATIO = 1.5  # scatter over random noise from which a misfit is said


def residual_parts(problem: Problem, i: int, spectrum: Spectrum, residual: Floats) -> tuple[Floats, Floats]:
    """Return used residuals ordered by frequency, (2, n): weighted, and relative to |Z|."""
    length = problem.z_ohm.shape[1]
    used = np.flatnonzero(problem.weight[i, :length] > 0)
    order = used[np.argsort(spectrum.frequency_hz[used], kind="stable")]
    weighted = np.stack([residual[order], residual[length + order]])
    weight = np.stack([problem.weight[i, order], problem.weight[i, length + order]])
    return weighted, weighted / weight / np.abs(problem.z_ohm[i, order])


def misfit_cause(
    problem: Problem,
    i: int,
    spectrum: Spectrum,
    statistics: Statistics,
    residual: Floats,
) -> str | None:
    """Say where data and model disagree, if they do beyond the noise."""
    _, relative = residual_parts(problem, i, spectrum, residual)
    systematic = statistics.rms_percent > MISFIT_RATIO * statistics.noise_percent
    few_runs = statistics.runs_p < RUNS_TOO_FEW
    freedom = 2 * statistics.points - statistics.parameters_free
    too_large = problem.absolute and statistics.chi2_reduced > float(chi2_reduced_limit_95(np.array(freedom)))
    noise_free = statistics.rms_percent < 1e-6
    if noise_free or not ((systematic and few_runs) or too_large):
        return None
    f = np.sort(spectrum.frequency_hz[spectrum.used])
    smooth = np.abs(_smoothed(relative[0]) + 1j * _smoothed(relative[1]))
    worst = int(np.argmax(smooth))
    place = worst / max(f.size - 1, 1)
    cause = "another arc, or a spread of time constants that one exponent does not describe"
    if place > 0.85:
        cause = "lead inductance or an instrument limit at the high-frequency end (cut with f_max_hz)"
    elif place < 0.15:
        cause = "drift or diffusion at the low-frequency end (cut with f_min_hz)"
    return (
        f"up to {100 * smooth[worst]:.2g} % of |Z| near {f[worst]:.3g} Hz "
        f"(noise {statistics.noise_percent:.2g} %); likely {cause}"
    )


def _smoothed(values: Floats) -> Floats:
    kernel = np.ones(min(3, values.size)) / min(3, values.size)
    result: Floats = np.convolve(values, kernel, mode="same")
    return result
