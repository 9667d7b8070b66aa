"""Numbers rounded to their standard errors."""

from __future__ import annotations

import math


def quantity(value: float | None, unit: str = "", digits: int = 4) -> str:
    """Return a number with its unit, or an empty text where it is unknown."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.{digits}g} {unit}".strip()


def of_tests(value: float) -> str:
    """Return a number without unit, such as a chi-square, with one decimal; from 1e5 on in two digits and a power.

    Examples
    --------
    >>> of_tests(-2.0934), of_tests(4.9644e148)
    ('-2.1', '5e+148')
    """
    if math.isnan(value):
        return ""
    return f"{value:.1f}" if abs(value) < 1e5 else f"{value:.2g}"


def with_error(value: float, error: float, unit: str = "") -> str:
    """Return a value with its standard error, both rounded to two significant digits of the error.

    Tables, figures and reports all use this rule, so that a number has the same digits in each.

    Examples
    --------
    >>> with_error(0.52359, 0.00497, "eV")
    '0.5236 ± 0.0050 eV'
    >>> with_error(8004.65, 10.4)
    '8005 ± 10'
    >>> with_error(1.0591e-4, 2.77e-7, "S/cm")
    '(1.0591 ± 0.0028)e-4 S/cm'
    """
    if not math.isfinite(value):
        return ""
    tail = f" {unit}" if unit else ""
    exponent = math.floor(math.log10(abs(value))) if value else 0
    many_digits = exponent > 2 and math.isfinite(error) and error >= 99.5
    shift = exponent if exponent < -3 or exponent > 5 or many_digits else 0
    scaled = value / 10.0**shift
    if not math.isfinite(error) or error <= 1e-12 * abs(value):
        return f"{scaled:.5g}{f'e{shift}' if shift else ''}{tail}"
    if error > 1e6 * abs(value):
        return f"{value:.2g} ± {error:.2g}{tail}"
    scaled_error = error / 10.0**shift
    digits = max(0, 1 - math.floor(math.log10(scaled_error)))
    text = f"{scaled:.{digits}f} ± {scaled_error:.{digits}f}"
    return f"({text})e{shift}{tail}" if shift else f"{text}{tail}"
