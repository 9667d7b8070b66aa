"""How far spectra scatter about their links, and what that does to the errors of a joint fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from eisfit.engine.joint import JointProblem, solve_joint
from eisfit.engine.temperature_scatter import TemperatureScatter, temperature_scatter
from eisfit.joint.laws import Scale
from eisfit.joint.minimum import JointMinimum
from eisfit.laws.line import scaled_error
from eisfit.results.outcome import NAN
from eisfit.tools.rounding import of_tests
from eisfit.tools.statistics import chi2_reduced_limit_95, student_95


def scale_of(joint: JointProblem, minimum: JointMinimum) -> Scale:
    """Return how errors are scaled.

    Parameters
    ----------
    joint : JointProblem
        What was minimised.
    minimum : JointMinimum
        Where it ended.

    Notes
    -----
    By the rules of the reporting table all errors are multiplied by the scatter where chi-square of the links is more
    than chance makes. Temperatures that were taken as exact for want of an error move all laws of a spectrum at once,
    which one factor on all errors does not say: what they move is added. Where temperatures with an error of that size
    leave no more scatter than chance makes, they are taken as its reason, and there is no factor besides.
    """
    free = sum(float((cost / b.variance).sum()) for cost, b in zip(minimum.free, joint.blocks, strict=True))
    saved, solution = joint.saved(), minimum.solution
    total = max(2 * (solution.cost - free), 0.0)
    chi2 = total / saved if saved > 0 else NAN
    quantile, ratio, _ = scaled_error(True, chi2, saved, solution.common_covariance)
    ratio = ratio if np.isfinite(ratio) else 1.0
    found = temperature_scatter(joint, solution, total - saved) if ratio > 1 else None
    if found is None:
        return Scale(quantile, chi2, ratio, ratio)
    explained = _left(joint, minimum, found, free) <= float(chi2_reduced_limit_95(saved))
    freedom = max(min(saved, found.temperatures - 2), 1)
    return Scale(float(student_95(freedom)), chi2, ratio, 1.0 if explained else ratio, found)


def _left(joint: JointProblem, minimum: JointMinimum, found: TemperatureScatter, free: float) -> float:
    """Return the reduced chi-square of the links that is left where temperatures have errors of that size."""
    blocks = tuple(replace(b, error=np.where(b.error > 0, b.error, found.stderr_k)) for b in joint.blocks)
    with_errors = solve_joint(replace(joint, blocks=blocks), minimum.solution.state)
    return 2 * (with_errors.cost - free) / joint.saved()


def scatter_sentence(scale: Scale) -> str:
    """Return what is said of the scatter; empty where there is none."""
    if not scale.ratio > 1:
        return ""
    said = f"spectra scatter about the links by {of_tests(scale.ratio)} times their errors"
    if scale.temperature is None:
        return f"{said}, which are enlarged by it"
    kelvin = of_tests(scale.temperature.stderr_k)
    if scale.factor > 1:
        return (
            f"{said}, which are enlarged by it and by what temperatures that are off by {kelvin} K would move"
        )
    return f"{said}: temperatures that are off by {kelvin} K explain it, and errors hold that; give temperature_err_c"
