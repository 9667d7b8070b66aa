"""What drifts is told apart from what does not, what thickens from closing pores, and both from lost contact."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.diagnosis import bend, dilution, driven
from eisfit.diagnosis.ageing import CONSTANT, DRIFTS, NEITHER, RISES, STEADY, Ageing, ageing
from eisfit.diagnosis.answer import DOES_NOT_APPLY, NOT_MEASURED, unknown
from eisfit.diagnosis.decision import Found, decided
from support.tracks import track

HOURS = np.array([1.0, 4, 12, 30, 80, 200])
GROWN = -np.expm1(-HOURS / 50)
FILM, STAYS = 300 * GROWN, np.full(6, 484.0)


def named(found: Ageing) -> str:
    rest = dilution.dilution([]), driven.driven([], []), bend.bend([], [], [])
    return decided(Found(found, *rest, unknown("energy"), unknown("space charge"))).mechanism


def parts(
    film: np.ndarray, transfer: np.ndarray, products: np.ndarray | float = 1e-4, seed: int = 1
) -> Ageing:
    times = np.broadcast_to(products, 6)
    return ageing(
        [
            track("interphase", film, roles=("interphase",), products=times, hours=HOURS, seed=seed),
            track(
                "charge transfer",
                transfer,
                roles=("charge_transfer",),
                products=np.full(6, 5e-3),
                hours=HOURS,
            ),
        ],
        [],
    )


def test_a_layer_that_thickens_is_named() -> None:
    found = parts(FILM, STAYS)
    assert (found.drift.word, found.drift.contribution) == (DRIFTS, "interphase")
    assert found.thickness.word == CONSTANT
    assert named(found) == "growing interphase"


def test_pores_that_close_are_named() -> None:
    found = parts(FILM, STAYS, products=1e-6 * FILM)
    assert found.thickness.word == RISES
    assert named(found) == "densifying interphase"


def test_a_product_that_goes_as_the_root_of_r_is_neither() -> None:
    found = parts(FILM, STAYS, products=1e-5 * np.sqrt(FILM))
    assert found.thickness.word == NEITHER
    assert named(found) == "unresolved"


def test_a_contact_that_loses_area_is_no_growth() -> None:
    lost = 1 + HOURS / 100
    assert parts(300 * lost, 484 * lost).drift.word == DRIFTS
    assert named(parts(300 * lost, 484 * lost)) == "unresolved"


def test_one_arc_that_grows_beside_a_grain_boundary_may_be_lost_contact() -> None:
    grows = track("interface", FILM, products=np.full(6, 1e-4), hours=HOURS)
    boundary = track(
        "grain boundary", STAYS, roles=("grain_boundary",), products=np.full(6, 1e-6), hours=HOURS
    )
    assert named(ageing([grows, boundary], [])) == "unresolved"


def test_what_falls_in_time_does_not_grow() -> None:
    found = parts(FILM[::-1], STAYS)
    assert found.drift.word == DRIFTS
    assert named(found) == "unresolved"


def test_a_grain_boundary_that_drifts_is_no_interphase() -> None:
    drifting = track(
        "grain boundary", FILM, roles=("grain_boundary",), products=np.full(6, 1e-6), hours=HOURS
    )
    assert ageing([drifting], []).drift.word == NOT_MEASURED


def test_different_temperatures_are_not_a_drift() -> None:
    warm = track("interface", FILM, hours=HOURS, celsius=[20, 30, 40, 50, 60, 70])
    assert ageing([warm], []).drift.word == NOT_MEASURED


def test_two_times_tell_nothing() -> None:
    found = ageing([track("interface", [100.0, 200.0], hours=[1.0, 9.0])], [])
    assert found.drift.word == NOT_MEASURED
    assert "2 times" in found.drift.evidence
    assert "four times or more" in found.drift.measurement


@pytest.mark.parametrize("size", [3, 6, 20])
def test_what_stays_drifts_in_one_of_a_thousand_at_most(size: int) -> None:
    hours = np.geomspace(1, 200, size)
    seen = 0
    for seed in range(400):
        found = ageing([track("interface", np.full(size, 500.0), hours=hours, seed=seed)], [])
        seen += found.drift.word != STEADY
        assert found.thickness.word == DOES_NOT_APPLY
    assert seen <= 2


@pytest.mark.parametrize("seed", range(20))
def test_growth_is_named_for_any_noise(seed: int) -> None:
    assert named(parts(FILM, STAYS, seed=seed)) == "growing interphase"
