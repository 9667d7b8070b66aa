"""Spectra and a template as a least-squares problem, stepped to a minimum."""

from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve

__all__ = [
    "Problem",
    "pose",
    "solve",
]
