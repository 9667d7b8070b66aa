"""Brick layer, capacitances, ranges and permittivity, each against an independent form."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy import optimize

from eisfit import solids
from eisfit.errors import InputError
from eisfit.solids.capacitance_ranges import EDGE_DECADES

E0 = 8.8541878128e-14  # F/cm


def brick_impedance(
    frequency: np.ndarray, area: float, length: float, grain: float, width: float
) -> np.ndarray:
    """Impedance of a stack of grains and thin boundaries, layer by layer."""
    omega = 2 * np.pi * frequency
    bulk = 1e-4 + 1j * omega * 60 * E0
    boundary = 3e-8 + 1j * omega * 30 * E0
    count = length / grain
    z: np.ndarray = count / area * (grain / bulk + width / boundary)
    return z


def test_a_stack_of_bricks_gives_back_its_boundaries() -> None:
    area, length, grain, width = 0.5, 0.1, 2e-4, 4e-8
    count = length / grain
    r_b, r_gb = length / (area * 1e-4), count * width / (area * 3e-8)
    c_b, c_gb = 60 * E0 * area / length, 30 * E0 * area / (count * width)
    f = np.logspace(0, 9, 91)
    arcs = r_b / (1 + 2j * np.pi * f * r_b * c_b) + r_gb / (1 + 2j * np.pi * f * r_gb * c_gb)
    np.testing.assert_allclose(arcs, brick_impedance(f, area, length, grain, width), rtol=1e-10)
    found = solids.brick_layer(
        r_b,
        r_gb,
        bulk_f=c_b,
        boundary_f=c_gb,
        area_cm2=area,
        thickness_cm=length,
        grain_size_cm=grain,
        permittivity_ratio=0.5,
    )
    assert float(found.bulk_s_cm) == pytest.approx(1e-4)
    assert float(found.specific_s_cm) == pytest.approx(3e-8)
    assert float(found.width_cm) == pytest.approx(width)
    assert float(found.boundaries) == pytest.approx(count)
    assert float(found.asr_per_boundary_ohm_cm2) == pytest.approx(width / 3e-8)
    assert float(found.boundaries * found.asr_per_boundary_ohm_cm2) == pytest.approx(r_gb * area)
    assert float(found.apparent_s_cm) == pytest.approx(3e-8 * grain / width)
    assert found.notes == ()


def test_the_brick_layer_adds_up_in_series_and_in_parallel() -> None:
    """Against cubes whose walls are resolved: a core with walls across in series, walls along beside it."""
    bulk, boundary, share = 1e-6, 1e-3, 1e-5
    core = (1 - share) ** 2 / ((1 - share) / bulk + share / boundary)
    walls = (1 - (1 - share) ** 2) * boundary
    found = complex(solids.brick_layer_conductivity(bulk, boundary, share))
    assert found.real == pytest.approx(core + walls, rel=1e-4)
    assert found.real > 1.01 * bulk


def test_without_a_grain_size_the_specific_conductivity_is_known_all_the_same() -> None:
    given = {"bulk_f": 1e-10, "boundary_f": 2e-8, "area_cm2": 0.5, "thickness_cm": 0.1}
    found = solids.brick_layer(100.0, [400.0, 800.0], **given)
    np.testing.assert_allclose(found.specific_s_cm, [2.5e-6, 1.25e-6])
    assert math.isnan(float(found.boundaries))
    assert found.notes[0].startswith("no grain_size_cm given")


def test_exchanged_arcs_are_refused() -> None:
    with pytest.raises(InputError, match=r"200 times as wide as grains.*may be exchanged"):
        solids.brick_layer(1.0, 1.0, bulk_f=2e-8, boundary_f=1e-10, area_cm2=1, thickness_cm=0.1)


@pytest.mark.parametrize("alpha", [0.6, 0.8, 0.95, 1.0])
def test_hsu_and_mansfeld_is_the_top_of_the_arc(alpha: float) -> None:
    r, q = 3e3, 2e-8

    def height(log_omega: float) -> float:
        z = r / (1 + r * q * (1j * math.exp(log_omega)) ** alpha)
        return z.imag

    top = optimize.minimize_scalar(height, bounds=(0, 30), method="bounded", options={"xatol": 1e-10})
    assert float(solids.hsu_mansfeld(r, q, alpha)) == pytest.approx(1 / (r * math.exp(top.x)), rel=1e-5)


@pytest.mark.parametrize("alpha", [0.7, 0.9, 1.0])
def test_brug_is_the_time_constant_of_a_surface_in_series_with_a_resistance(alpha: float) -> None:
    rs, rct, q = 12.0, 900.0, 4e-6
    blocking = float(solids.brug(q, alpha, rs))
    assert blocking * rs == pytest.approx((rs * q) ** (1 / alpha), rel=1e-12)
    both = float(solids.brug(q, alpha, rs, rct))
    parallel = 1 / (1 / rs + 1 / rct)
    assert both * parallel == pytest.approx((parallel * q) ** (1 / alpha), rel=1e-12)
    assert float(solids.brug(q, alpha, rs, 1e15)) == pytest.approx(blocking, rel=1e-9)


def test_layer_and_surface_differ_by_the_factor_that_theory_gives() -> None:
    r, rs, q, n = 1200.0, 12.0, 4e-6, 0.8
    ratio = float(solids.hsu_mansfeld(r, q, n)) / float(solids.brug(q, n, rs))
    assert ratio == pytest.approx((r / rs) ** ((1 - n) / n), rel=1e-12)
    assert ratio == pytest.approx(3.2, abs=0.05)


@pytest.mark.parametrize("alpha", [0.6, 0.75, 0.9, 1.0])
def test_the_power_law_gives_the_capacitance_of_a_film(alpha: float) -> None:
    """Q from the integral over the profile of resistivity rho x^-gamma, gamma = 1 / (1 - alpha)."""
    width, rho, eps = 3e-7, 1e9, 12.0
    tau = rho * eps * E0
    if alpha < 1:
        gamma = 1 / (1 - mpmath.mpf(alpha))
        g = float(mpmath.quad(lambda u: 1 / (1 + u**gamma), [0, 1, mpmath.inf]))
    else:
        g = 1.0
    q = tau**alpha / (g * width * rho)  # of Z = g width rho (j w tau)^-alpha
    found = float(solids.power_law(q, alpha, rho, eps))
    assert found == pytest.approx(eps * E0 / width, rel=0.02)


def test_each_arc_has_its_formula_and_says_why() -> None:
    layer = solids.effective_capacitance(1e-9, [0.6, 0.9], arc="bulk", resistance_ohm=1e4)
    np.testing.assert_array_equal(layer.capacitance, solids.hsu_mansfeld(1e4, 1e-9, [0.6, 0.9]))
    np.testing.assert_array_equal(layer.one_process, [False, True])
    assert layer.why.startswith("Hsu-Mansfeld: time constants are spread through the thickness")
    assert layer.notes == (
        "alpha is below 0.7: one constant-phase element is not one process; split the arc",
    )
    surface = solids.effective_capacitance(1e-5, 0.9, arc="double layer", series_ohm=10)
    assert (surface.formula, surface.unit, surface.notes) == ("Brug", "F", ())
    assert float(surface.capacitance) == float(solids.brug(1e-5, 0.9, 10))
    film = solids.effective_capacitance(1e-6, 0.9, arc="oxide film", resistivity_ohm_cm=1e8, permittivity=12)
    assert (film.formula, film.unit) == ("power law", "F/cm2")
    for missing, arc in (
        ("resistance_ohm", "bulk"),
        ("series_ohm", "double layer"),
        ("resistivity", "oxide film"),
    ):
        with pytest.raises(InputError, match=f"^{missing}.* is missing"):
            solids.effective_capacitance(1e-9, 0.9, arc=arc)
    with pytest.raises(
        InputError, match=r"^arc 'grain_boundry' is not known \(did you mean 'grain boundary'\?\)"
    ):
        solids.effective_capacitance(1e-9, 0.9, arc="grain_boundry", resistance_ohm=1)


@pytest.mark.parametrize("capacitance", [1e-13, 2e-12, 3e-11, 5e-9, 2e-7, 3e-5, 1e-3])
@pytest.mark.parametrize("error", [0.0, 0.7])
def test_probabilities_are_those_of_blurred_ranges(capacitance: float, error: float) -> None:
    area, thickness = 0.5, 0.08
    found = solids.assign_by_capacitance(
        capacitance, area_cm2=area, thickness_cm=thickness, stderr_decades=error
    )
    width = mpmath.sqrt(EDGE_DECADES**2 + error**2)
    expected = {}
    for name in found.names:
        each = solids.RANGES[name]
        x = math.log10(capacitance / area * (thickness if each.per == "length" else 1))
        low, high = math.log10(each.low), math.log10(each.high)
        with mpmath.workdps(40):
            if low == high:
                expected[name] = mpmath.npdf(x, low, width)
            else:
                expected[name] = mpmath.quad(
                    lambda u, x=x: mpmath.npdf(x, u, width), mpmath.linspace(low, high, 8)
                ) / (high - low)
    total = sum(expected.values())
    for name, value in expected.items():
        assert float(found[name]) == pytest.approx(float(value / total), rel=1e-8, abs=1e-12)
    assert float(found.per_area_f_cm2) == capacitance / area
    assert float(found.per_cell_constant_f) == pytest.approx(capacitance * thickness / area)


def test_an_interphase_overlaps_surface_layer_and_interface() -> None:
    found = solids.assign_by_capacitance(1e-7, area_cm2=1, thickness_cm=0.1)
    assert set(found.likely) >= {"surface layer", "interface"}
    assert 0.3 < float(found["surface layer"]) < 0.7


def test_a_thin_sample_tells_layers_from_interfaces_by_both_normalisations() -> None:
    thin = solids.assign_by_capacitance(1e-8, area_cm2=1, thickness_cm=1e-4)
    assert float(thin["bulk"]) > float(solids.assign_by_capacitance(1e-8, area_cm2=1, thickness_cm=1)["bulk"])
    assert thin.likely[0] in ("bulk", "surface layer")
    with pytest.raises(InputError, match=r"^thickness_cm is missing: layers are told from interfaces"):
        solids.assign_by_capacitance(1e-8, area_cm2=1, thickness_cm=None)


def test_arrays_priors_and_what_is_like_nothing() -> None:
    found = solids.assign_by_capacitance([1e-12, 1e-6, 5.0], area_cm2=1, thickness_cm=0.9)
    assert found.probability.shape == (3, 6)
    np.testing.assert_allclose(found.probability.sum(axis=-1), 1)
    np.testing.assert_array_equal(found.unlike_all, [False, False, True])
    assert "outside the range of every process" in found.notes[0]
    ferro = solids.assign_by_capacitance(
        3e-10, area_cm2=1, thickness_cm=1, priors={"bulk ferroelectric": 1, "grain boundary": 1}
    )
    assert ferro.names == ("grain boundary", "bulk ferroelectric")
    with pytest.raises(InputError, match=r"^process 'bulck' is not known \(did you mean 'bulk'\?\)"):
        solids.assign_by_capacitance(1e-9, area_cm2=1, thickness_cm=1, priors={"bulck": 1})
    with pytest.raises(InputError, match="likely is for one arc"):
        _ = found.likely


def test_permittivity_and_capacitance_of_a_layer_are_inverse() -> None:
    per_area = solids.layer_capacitance_f_cm2(40.0, 0.05)
    assert float(
        solids.relative_permittivity(per_area * 0.7, area_cm2=0.7, thickness_cm=0.05)
    ) == pytest.approx(40)
    assert float(solids.layer_thickness_cm(per_area, 40.0)) == pytest.approx(0.05)
    assert float(solids.layer_capacitance_f_cm2(1.0, 1.0)) == pytest.approx(8.8541878e-14)


def test_impossible_permittivities_name_the_units() -> None:
    with pytest.raises(InputError, match=r"is below 1, that of vacuum: check the units of capacitance_f"):
        solids.relative_permittivity(1e-13, area_cm2=1.0, thickness_cm=0.1)
    with pytest.raises(InputError, match=r"is above that of any solid: .* give its own thickness"):
        solids.relative_permittivity(1e-6, area_cm2=1.0, thickness_cm=0.1)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("thickness_cm", 500.0, r"thickness_cm = 500 cm must lie .*1 µm = 1e-4 cm"),
        ("area_cm2", -1.0, r"area_cm2 = -1 cm² must lie"),
        ("area_cm2", None, r"area_cm2 is missing: conductivities need the geometry"),
        ("area_cm2", "1 cm2", r"area_cm2 = '1 cm2' is no number: give one in the unit of its name"),
        ("bulk_f", 100.0, r"bulk_f = 100 F must lie .*1 pF = 1e-12 F"),
        ("boundary_f", float("nan"), r"boundary_f = nan is not finite"),
        ("grain_size_cm", 2.0, r"grain_size_cm = 2 cm must lie"),
        ("grain_size_cm", 0.5, r"grain_size_cm exceeds thickness_cm"),
        ("permittivity_ratio", [1.0, 0.0], r"permittivity_ratio = 0 \(number 2\)"),
    ],
)
def test_wrong_units_and_missing_geometry_are_refused_by_name(name: str, value: object, message: str) -> None:
    given: dict[str, object] = {
        "bulk_f": 1e-10,
        "boundary_f": 2e-8,
        "area_cm2": 0.5,
        "thickness_cm": 0.1,
        "grain_size_cm": 2e-4,
    }
    with pytest.raises(InputError, match=f"^{message}"):
        solids.brick_layer(100.0, 400.0, **(given | {name: value}))  # type: ignore[arg-type]
