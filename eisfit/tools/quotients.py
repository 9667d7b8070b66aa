"""The smallest number that anything is divided by."""

SMALLEST_DIVISOR = 1e-300  # stands for a divisor of 0, so that the quotient stays finite
