"""The numbers that the steps of all backends of the solver follow."""

from __future__ import annotations

SMALLEST_FACTOR = 0.3  # a resistance shrinks to no less than this fraction in one iteration
COMEBACK = 40.0  # the logarithm of a resistance rises by no more than this in one iteration
LONGEST_STEP = 1.0  # any other logarithm changes by no more than this in one iteration: a factor of e
COST_TOLERANCE = 1e-9  # a row has converged when two steps in a row gain less than this fraction of its cost
CREEPING = 1e-7  # a row out of iterations has converged when its last step gained less than this fraction
STEP_TOLERANCE = 1e-9  # a row has converged when no logarithm changes by more than this
EXACT_COST = 1e-28  # cost, relative to that of a zero model, of noise-free data that are met to rounding
GAUSS_NEWTON = 2e-3  # damping below which the expected gain is that of a full step
DAMPING_START, DAMPING_MIN, DAMPING_MAX = 1e-2, 1e-14, 1e14
