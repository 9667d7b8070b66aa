"""Both directions, the twin cell, transference, electronic conductivity, and dc against impedance."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit import InputError
from eisfit.polarisation import (
    Agreement,
    DcData,
    InterfaceCurve,
    answer,
    compare_directions,
    compare_with_impedance,
    directions,
    electronic_conductivity,
    transference_number,
)
from eisfit.polarisation.transference import Transference
from support.dc_cells import LAW

TWIN_OHM_CM2 = 120.0


def curve(seed: int, drop: np.ndarray, i: np.ndarray, name: str = "cell", t: float = 25.0) -> InterfaceCurve:
    rng = np.random.default_rng(seed)
    sigma = np.full(i.size, 3e-4)
    return InterfaceCurve(name, i, drop + sigma * rng.standard_normal(i.size), np.zeros(i.size), sigma, t)


I = 1e-6 * np.array([-200.0, -100.0, 100.0, 200.0])  # noqa: E741


def test_the_ratio_of_both_directions_and_its_test() -> None:
    found = compare_directions(395.0, 8.0, 261.0, 6.0)
    assert found.ratio == pytest.approx(395 / 261)
    assert found.ratio_stderr == pytest.approx(395 / 261 * np.hypot(8 / 395, 6 / 261))
    assert found.differ
    assert not compare_directions(300.0, 20.0, 290.0, 20.0).differ
    with pytest.raises(InputError, match="solvation_ohm_cm2 is -1: a ratio"):
        compare_directions(1.0, 1.0, -1.0, 1.0)


def test_equal_directions_are_called_different_as_rarely_as_they_should() -> None:
    pairs = [directions(curve(seed, 500 * I, I)) for seed in range(400)]
    assert 0.02 <= np.mean([p.differ for p in pairs]) <= 0.09
    assert np.mean([p.ratio_ci95[0] <= 1 <= p.ratio_ci95[1] for p in pairs]) >= 0.91


def test_the_twin_is_subtracted_in_both_directions() -> None:
    whole = LAW.drop_v(I) + TWIN_OHM_CM2 * I
    found = directions(curve(1, whole, I), twin=curve(2, TWIN_OHM_CM2 * I, I, "twin"))
    chord = LAW.drop_v(I) / I
    truth = chord[1] / chord[2], chord[0] / chord[3]
    assert min(truth) - 5 * found.ratio_stderr < found.ratio < max(truth) + 5 * found.ratio_stderr
    assert chord[0] - 20 < found.desolvation_ohm_cm2 < chord[1] + 20
    without = directions(curve(1, whole, I))
    assert without.solvation_ohm_cm2 == pytest.approx(found.solvation_ohm_cm2 + TWIN_OHM_CM2, abs=5)


def test_steps_of_potential_are_compared_at_equal_potential() -> None:
    grid = 1e-6 * np.linspace(-800, 800, 8001)
    held = np.array([-0.2, -0.1, 0.1, 0.2])
    i = np.interp(held, LAW.drop_v(grid), grid)
    found = directions(InterfaceCurve("x", i, held, 1e-3 * np.abs(i), np.zeros(4), 25.0))
    assert found.at_equal == "potential"
    assert found.ratio == pytest.approx(float(np.exp(np.mean(np.log(-i[[3, 2]] / i[[0, 1]])))), rel=1e-9)
    assert "at equal potential" in str(found)


def test_a_step_of_two_electrodes_answers_with_its_twin() -> None:
    def cell(label: str, drop: np.ndarray) -> DcData:
        sigma = np.full(4, 3e-4)
        return DcData(label, 0.5 * I, drop, potential_stderr_v=sigma, area_cm2=0.5, temperature_c=25.0)

    found = answer(cell("cell", LAW.drop_v(I) + TWIN_OHM_CM2 * I), twin=cell("twin", TWIN_OHM_CM2 * I))
    assert found.directions is not None
    assert found.directions.differ
    assert found.fit is None
    assert "the twin is subtracted" in found.unanswered[0]


def test_what_directions_need_is_said() -> None:
    plain = curve(1, 500 * I, I)
    with pytest.raises(InputError, match="measured from -200 to 200 µA/cm2 and the cell from -400 to 400"):
        directions(curve(1, 1000 * I, 2 * I), twin=plain)
    with pytest.raises(InputError, match="no point of negative current: desolvation was not measured"):
        directions(curve(1, 500 * np.abs(I), np.abs(I)))
    with pytest.raises(InputError, match="at 60 °C and the cell at 25 °C"):
        directions(plain, twin=curve(1, I, I, "twin", 60.0))
    with pytest.raises(InputError, match="no two currents or potentials of opposite sign"):
        directions(curve(1, 500 * I[:3] * [1, 1, 3], I[:3] * [1, 1, 3]))
    bare = InterfaceCurve("bare", I, 500 * I, np.zeros(4), np.full(4, np.nan), 25.0)
    with pytest.raises(InputError, match="bare: neither potentials nor currents have standard errors"):
        directions(bare)


GIVEN = {"step_mv": 10.0, "initial_ua": 20.0, "steady_ua": 8.0, "initial_ohm": 100.0, "steady_ohm": 110.0}
ERRORS = {
    "step_stderr_mv": 0.1, "initial_stderr_ua": 0.4, "steady_stderr_ua": 0.1,
    "initial_stderr_ohm": 3.0, "steady_stderr_ohm": 4.0,
}  # fmt: skip


def number(**changes: float) -> Transference:
    return transference_number(**{**GIVEN, **changes})


def test_the_transference_number_has_the_error_of_repeated_measurements() -> None:
    found = number(**ERRORS)
    assert found.t_plus == pytest.approx(8 * (10 - 2.0) / (20 * (10 - 0.88)))
    rng = np.random.default_rng(1)
    sigma = dict(zip(GIVEN, ERRORS.values(), strict=True))
    drawn = [
        number(**{k: v + sigma[k] * rng.standard_normal() for k, v in GIVEN.items()}).t_plus
        for _ in range(4000)
    ]
    assert found.stderr == pytest.approx(float(np.std(drawn)), rel=0.06)
    assert sum(found.shares.values()) == pytest.approx(1.0)
    assert max(found.shares, key=lambda k: found.shares[k]) == "initial_ua"


def test_without_resistance_it_is_the_ratio_of_the_currents() -> None:
    assert number(initial_ohm=1e-9, steady_ohm=1e-9).t_plus == pytest.approx(0.4)


def test_what_cannot_be_a_transference_is_refused() -> None:
    with pytest.raises(InputError, match="20 µA, exceeds the initial one, 8 µA: are they exchanged"):
        number(initial_ua=8.0, steady_ua=20.0)
    with pytest.raises(
        InputError, match=r"the initial current .* is 20 mV, no less than the step of 10 mV: check the units"
    ):
        number(initial_ohm=1000.0)
    with pytest.raises(InputError, match="step_mv is -10: it must be positive"):
        number(step_mv=-10.0)
    assert "is not small" in number(step_mv=50.0).remark


def test_electronic_conductivity_of_steps_and_of_one() -> None:
    u = np.array([0.05, 0.1, 0.2, 0.4])
    rng = np.random.default_rng(1)
    pulls = []
    for _ in range(300):
        i = 2e-8 * u + 1e-10 * rng.standard_normal(4)
        found = electronic_conductivity(u, i, thickness_cm=0.1, area_cm2=0.5, current_stderr_a=1e-10)
        pulls.append((found.s_per_cm - 4e-9) / found.stderr)
    assert 0.85 < np.std(pulls) < 1.18
    total = electronic_conductivity(
        0.1, 2e-9, thickness_cm=0.1, area_cm2=0.5, current_stderr_a=1e-10, total_s_per_cm=1e-4
    )
    assert (total.s_per_cm, total.stderr) == pytest.approx((4e-9, 2e-10))
    assert total.transference == pytest.approx(4e-5)
    bent = electronic_conductivity(
        u, 2e-8 * np.sinh(8 * u), thickness_cm=0.1, area_cm2=0.5, current_stderr_a=1e-10
    )
    assert not bent.ohmic
    for wrong, said in (({"thickness_cm": 0.0}, "thickness_cm is 0"), ({"area_cm2": -1.0}, "area_cm2 is -1")):
        with pytest.raises(InputError, match=said):
            electronic_conductivity(0.1, 2e-9, **{"thickness_cm": 0.1, "area_cm2": 0.5, **wrong})
    with pytest.raises(InputError, match="sign of the current is reversed"):
        electronic_conductivity(0.1, -2e-9, thickness_cm=0.1, area_cm2=0.5)


def test_dc_against_impedance() -> None:
    assert compare_with_impedance(784.0, 6.0, 780.0, 5.0).agreement is Agreement.AGREE
    assert compare_with_impedance(784.0, 6.0, 700.0, 5.0).agreement is Agreement.MORE
    assert compare_with_impedance(784.0, 6.0, 700.0, 5.0, diffusion_ohm_cm2=84.0).agreement is Agreement.AGREE
    less = compare_with_impedance(650.0, 6.0, 700.0, 5.0)
    assert less.agreement is Agreement.LESS
    assert less.difference_ohm_cm2 == -50
    with pytest.raises(InputError, match="all errors are zero"):
        compare_with_impedance(1.0, 0.0, 1.0, 0.0)
