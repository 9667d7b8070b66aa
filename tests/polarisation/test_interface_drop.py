"""Drops at interfaces, extrapolated from probes, with their errors."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit import InputError
from eisfit.polarisation import extrapolate_interface_drop, interface_curve
from support.dc_cells import DENSITIES, LAW, eight_electrodes

X = np.array([0.0, 1.0, 2.5, 3.5])


def test_straight_lines_are_met_exactly() -> None:
    u = np.where(X < 2, 0.3 - 0.01 * X, 0.1 - 0.04 * X)
    found = extrapolate_interface_drop(X, u, 2.0)
    assert found.drop_v == pytest.approx([(0.3 - 0.02) - (0.1 - 0.08)])
    assert (found.left_gradient[0], found.right_gradient[0]) == pytest.approx((-0.01, -0.04))
    assert np.isnan(found.stderr_v).all()


@pytest.mark.parametrize(
    "x", [X, np.array([0.0, 0.5, 1.0, 2.5, 3.0, 3.5, 3.9])], ids=["two", "three and four"]
)
def test_errors_are_those_of_repeated_measurements(x: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    n = 4000
    slope = np.where(x < 2, -0.01, -0.04)
    level = np.where(x < 2, 0.3, 0.1)
    there = x + 0.02 * rng.standard_normal((n, x.size))
    face = 2 + 0.03 * rng.standard_normal(n)
    u = level + slope * (there - face[:, None]) + 1e-3 * rng.standard_normal((n, x.size))
    found = extrapolate_interface_drop(
        x, u, 2.0, potential_stderr=1e-3, position_stderr=0.02, interface_stderr=0.03
    )
    assert np.std(found.drop_v) == pytest.approx(float(found.stderr_v.mean()), rel=0.05)


def test_without_errors_those_of_many_probes_come_from_their_scatter() -> None:
    x = np.array([0.0, 0.5, 1.0, 1.5, 2.5, 3.0, 3.5, 3.9])
    rng = np.random.default_rng(2)
    u = 1e-3 * rng.standard_normal((4000, x.size))
    found = extrapolate_interface_drop(x, u, 2.0)
    assert float(np.sqrt(np.mean(found.stderr_v**2))) == pytest.approx(float(np.std(found.drop_v)), rel=0.05)


def test_too_few_probes_and_wrong_shapes_are_refused() -> None:
    with pytest.raises(InputError, match=r"1 probe on the left of the interface at 0.5: .* second one"):
        extrapolate_interface_drop(X, np.zeros(4), 0.5)
    with pytest.raises(InputError, match=r"potentials have shape \(1, 3\) for 4 positions"):
        extrapolate_interface_drop(X, np.zeros(3), 2.0)
    with pytest.raises(InputError, match="give potential_stderr too"):
        extrapolate_interface_drop(X, np.zeros(4), 2.0, position_stderr=0.1)
    with pytest.raises(InputError, match="differ by more than a factor of 1e5: is one in another unit"):
        extrapolate_interface_drop(X, np.zeros(4), 2.0, potential_stderr=np.array([1e-9, 1e-3, 1e-3, 1e-3]))
    with pytest.raises(InputError, match="potential_stderr must be positive"):
        extrapolate_interface_drop(X, np.zeros(4), 2.0, potential_stderr=-1.0)


def test_both_faces_give_one_curve_from_solid_to_liquid() -> None:
    curve = interface_curve(eight_electrodes(1, noise_v=1e-12))
    left, right = (np.array(curve.faces) == face for face in ("left", "right"))
    assert curve.current_a_per_cm2[left] == pytest.approx(-curve.current_a_per_cm2[right])
    for face, i in ((left, -DENSITIES), (right, DENSITIES)):
        assert curve.drop_v[face] == pytest.approx(LAW.drop_v(i), abs=1e-9)
