"""A charge transfer is told by concentration and by current, with and without an interphase beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit.diagnosis import UNRESOLVED, bend, dilution, driven
from eisfit.diagnosis.ageing import Ageing, ageing
from eisfit.diagnosis.answer import NOT_MEASURED, unknown
from eisfit.diagnosis.decision import Found, decided
from eisfit.diagnosis.dilution import Dilution
from eisfit.polarisation import ChargeTransfer, answer
from eisfit.simulate import DcCell, simulate_dc
from support.tracks import track

MOLAR = np.array([0.01, 0.03, 0.1, 0.3, 1, 3])
TRANSFER = 484 * MOLAR**-0.56


def named(found: Dilution, drift: Ageing | None = None) -> str:
    rest = driven.driven([], []), bend.bend([], [], [])
    return decided(
        Found(drift or ageing([], []), found, *rest, unknown("energy"), unknown("space charge"))
    ).mechanism


def over(values: np.ndarray, **given: Any) -> Dilution:
    return dilution.dilution([track("interface", values, molar=MOLAR[: len(values)], **given)])


def test_a_constant_beside_a_power_is_an_interphase_beside_a_charge_transfer() -> None:
    found = over(300 + TRANSFER)
    assert found.answer.word == dilution.BESIDE
    assert found.answer.value == pytest.approx(0.56, abs=4 * found.answer.stderr)
    assert named(found) == "charge transfer beside an interphase"


def test_a_power_alone_is_a_charge_transfer() -> None:
    found = over(TRANSFER)
    assert found.answer.word == dilution.ALONE
    assert named(found) == "charge transfer"


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (np.full(6, 300.0), dilution.CONSTANT),
        (250 * (MOLAR / 0.01) ** 0.88, dilution.RISES),
        (300 * ((MOLAR / 0.2) ** 0.5 + (MOLAR / 0.2) ** -0.5), dilution.TURNS),
        (484 * MOLAR**-1.4, dilution.FALLS),  # steeper than any charge transfer
        (3000 - 500 * np.log(MOLAR / 0.01), dilution.FALLS),  # no power
    ],
)
def test_what_is_no_charge_transfer_names_none(values: np.ndarray, word: str) -> None:
    found = over(values)
    assert found.answer.word == word
    assert named(found) == UNRESOLVED


def test_cells_that_scatter_by_more_than_their_errors_name_nothing() -> None:
    assert all(named(over(300 + TRANSFER, noise=0.08, seed=seed)) == UNRESOLVED for seed in range(10))


def test_a_narrow_range_names_nothing() -> None:
    found = dilution.dilution(
        [track("interface", 300 + 484 * np.array([0.5, 1, 2, 3]) ** -0.56, molar=[0.5, 1, 2, 3])]
    )
    assert named(found) == UNRESOLVED


def test_two_concentrations_are_too_few() -> None:
    found = dilution.dilution([track("interface", [784.0, 2057.0], molar=[1.0, 0.1])])
    assert found.answer.word == NOT_MEASURED
    assert "2 concentrations" in found.answer.evidence


def test_concentrations_that_rise_with_time_name_nothing_before_a_drift_is_excluded() -> None:
    found = over(300 + TRANSFER, hours=np.arange(6.0))
    assert named(found) == UNRESOLVED
    steady = ageing([track("interface", np.full(5, 784.0), hours=np.arange(5.0), molar=1.0)], [])
    assert named(found, steady) == "charge transfer beside an interphase"


def test_what_drifts_is_judged_by_nothing_else() -> None:
    drifts = ageing([track("interface", [500.0, 600, 700, 800], hours=[1.0, 9, 50, 200], molar=1.0)], [])
    assert named(over(300 + TRANSFER), drifts) == UNRESOLVED


@pytest.mark.parametrize(
    ("law", "mechanism"),
    [
        (ChargeTransfer(53.1e-6, 0.44, 300.0), "charge transfer beside an interphase"),
        (ChargeTransfer(53.1e-6, 0.44, 0.0), "charge transfer"),
    ],
)
def test_currents_name_what_was_put_in(law: ChargeTransfer, mechanism: str) -> None:
    found = eisfit.diagnose(dc=simulate_dc(DcCell(law=law), seed=4).data)
    assert found.mechanism == mechanism, found.sentences


def test_without_places_of_probes_the_ohmic_part_names_no_interphase() -> None:
    data = simulate_dc(seed=1).data
    both = data.potential_of("L2") - data.potential_of("S1")
    two = replace(
        data,
        potential_v=both,
        probes=("potential",),
        potential_stderr_v=np.full(both.shape, 7e-4),
        layout=None,
    )
    found = eisfit.diagnose(dc=answer(two, series_ohm=0.0))
    assert found["bias"].measured
    assert found.mechanism == UNRESOLVED


def test_impedance_under_bias_tells_both_directions_apart() -> None:
    under = track("interface", [695.0, 561.0], volts=[-0.05, 0.05])
    assert driven.driven([under], []).answer.word == driven.ASYMMETRIC
    alike = track("interface", [600.0, 600.0], volts=[-0.05, 0.05])
    assert driven.driven([alike], []).answer.word == driven.SYMMETRIC
