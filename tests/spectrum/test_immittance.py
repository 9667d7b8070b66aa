"""Every pair of immittances of one known circuit gives its impedance back."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.spectrum.immittance import OHM, OHM_CM, QUANTITIES, ROUTES, Route, impedance_of, route_of

F = np.logspace(6, -1, 29)
W = 2 * np.pi * F
E0 = 8.8541878128e-14  # F/cm
R, C, L, AREA, THICKNESS = 1e3, 1e-8, 2e-3, 0.785, 0.1
CAPACITIVE = 50 + 1 / (1 / R + 1j * W * C)
INDUCTIVE = 50 + 1 / (1 / R + 1 / (1j * W * L))


def quantities(z: np.ndarray) -> dict[str, np.ndarray]:
    """Return all immittances of an impedance by their definitions, each written out apart from the package."""
    y = 1 / z
    c0 = E0 * AREA / THICKNESS
    capacitance = y / (1j * W)
    eps = capacitance / c0
    d = z.real / np.abs(z.imag)
    sigma = THICKNESS / AREA / z
    return {
        "re": z.real, "im": z.imag, "modulus": np.abs(z), "phase": np.angle(z, deg=True),
        "y_re": y.real, "y_im": y.imag, "y_modulus": np.abs(y), "y_phase": np.angle(y, deg=True),
        "cs": -1 / (W * z.imag), "ls": z.imag / W, "cp": y.imag / W, "lp": -1 / (W * y.imag), "rp": 1 / y.real,
        "d": d, "q": 1 / d, "c_im": -capacitance.imag, "eps_re": eps.real, "eps_im": -eps.imag,
        "eps_modulus": np.abs(eps), "m_re": (1 / eps).real, "m_im": (1 / eps).imag,
        "sigma_re": sigma.real, "sigma_im": sigma.imag, "rho_re": (1 / sigma).real, "rho_im": (1 / sigma).imag,
    }  # fmt: skip


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: "-".join(r.needs))
def test_a_pair_gives_the_impedance_back(route: Route) -> None:
    inductive = bool(set(route.needs) & {"ls", "lp"})
    truth = INDUCTIVE if inductive else CAPACITIVE
    known = quantities(truth)
    z, turned = impedance_of(route, F, *(known[q] for q in route.needs))
    z = z * (THICKNESS / AREA) if route.gives == OHM_CM else z
    np.testing.assert_allclose(z, truth, rtol=1e-9)
    assert not turned


@pytest.mark.parametrize("route", [r for r in ROUTES if r.conjugate], ids=lambda r: "-".join(r.needs))
def test_a_loss_that_is_printed_negative_is_turned(route: Route) -> None:
    known = quantities(CAPACITIVE)
    first, second = (known[q] for q in route.needs)
    z, turned = impedance_of(route, F, first, -second)
    z = z * (THICKNESS / AREA) if route.gives == OHM_CM else z
    np.testing.assert_allclose(z, CAPACITIVE, rtol=1e-9)
    assert turned


def test_the_impedance_itself_goes_before_all_others() -> None:
    found = route_of(QUANTITIES)
    assert found is not None
    assert (found.needs, found.gives) == (("re", "im"), OHM)


def test_half_of_an_impedance_has_no_route() -> None:
    assert route_of({"cp", "re", "eps_im"}) is None


def test_a_division_by_zero_is_no_number() -> None:
    route = route_of({"y_re", "y_im"})
    assert route is not None
    z, _ = impedance_of(route, np.array([1.0]), np.array([0.0]), np.array([0.0]))
    assert not np.isfinite(z).any()
