"""The algebra of joint fits against that of numpy."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.engine.joint_equations import pseudo_inverses, squared


@pytest.mark.parametrize("rank", [6, 3, 0])
def test_pseudo_inverses_are_those_of_numpy(rank: int) -> None:
    rng = np.random.default_rng(rank)
    roots = rng.normal(size=(5, 6, rank))
    matrices = roots @ roots.transpose(0, 2, 1)
    wanted = np.linalg.pinv(matrices, rcond=1e-13, hermitian=True)
    np.testing.assert_allclose(pseudo_inverses(matrices), wanted, rtol=1e-9, atol=1e-9 * np.abs(wanted).max())
    np.testing.assert_allclose(pseudo_inverses(matrices[0]), wanted[0], atol=1e-9 * np.abs(wanted).max())


def test_the_sum_of_squares_in_common_coordinates_is_that_of_each_row() -> None:
    rng = np.random.default_rng(0)
    slopes, matrices = rng.normal(size=(4, 5, 3)), rng.normal(size=(4, 5, 5))
    matrices = matrices + matrices.transpose(0, 2, 1)
    wanted = sum(a.T @ m @ a for a, m in zip(slopes, matrices, strict=True))
    np.testing.assert_allclose(squared(slopes, matrices), wanted, rtol=1e-12, atol=1e-12)
    assert squared(np.zeros((4, 5, 0)), matrices).shape == (0, 0)
