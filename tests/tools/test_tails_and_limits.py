"""Tails and quantiles against those of SciPy."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from scipy import special

from eisfit.tools.distributions import chi_square_limit, chi_square_tail, f_tail, student_limit

FREEDOM = (1, 2, 3, 4, 5, 7, 10, 25, 60, 134, 500, 3000)


@pytest.mark.parametrize("n", FREEDOM)
def test_the_tail_of_chi_square_is_that_of_scipy(n: int) -> None:
    for part in (1e-6, 0.01, 0.3, 0.9, 1.0, 1.1, 1.5, 3.0, 10.0):
        if (expected := special.chdtrc(n, part * n)) > 1e-290:
            assert chi_square_tail(n, part * n) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("n", FREEDOM)
def test_the_tail_of_f_is_that_of_scipy(n: int) -> None:
    for m in FREEDOM:
        for x in (1e-6, 0.1, 0.7, 1.0, 1.3, 4.0, 50.0, 1e4):
            if (expected := special.fdtrc(m, n, x)) > 1e-290:
                assert f_tail(m, n, x) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("n", FREEDOM)
def test_limits_are_those_of_scipy(n: int) -> None:
    for p in (0.5, 0.05, 0.01, 1e-6):
        assert chi_square_limit(n, p) == pytest.approx(special.chdtri(n, p), rel=1e-12)
    for p in (0.4, 0.05, 0.01, 1e-4):
        x = special.betaincinv(0.5 * n, 0.5, p)  # stdtrit of scipy 1.13 is right to 2e-11 only
        assert student_limit(n, p) == pytest.approx(math.sqrt(n * (1 / x - 1)), rel=1e-11)


def test_tails_at_their_ends() -> None:
    assert chi_square_tail(3, 0.0) == chi_square_tail(3, -1.0) == f_tail(2, 5, 0.0) == 1.0
    assert chi_square_tail(3, math.inf) == f_tail(2, 5, math.inf) == 0.0
    assert math.isnan(chi_square_tail(3, math.nan))
    assert math.isnan(f_tail(2, 5, math.nan))


def test_limits_need_no_scipy() -> None:
    code = (
        "import sys; from eisfit.tools.statistics import chi2_reduced_limit_95, nested_probability, student_95; "
        "student_95(3), chi2_reduced_limit_95([3, 4]), nested_probability(9.0, 5.0, 1, 8, False); "
        "print('scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
