"""A polymer that melts bends, an interface of one slope does not; and what bends with the polymer is the polymer."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.diagnosis import bend, dilution, driven
from eisfit.diagnosis.ageing import ageing
from eisfit.diagnosis.answer import DOES_NOT_APPLY, NOT_MEASURED, Answer, unknown
from eisfit.diagnosis.bend import Bend
from eisfit.diagnosis.decision import Found, decided
from eisfit.diagnosis.energies import Energy, against_neighbours, arcs_of_one_energy
from eisfit.diagnosis.magnitude import SMALL, TOO_LARGE, magnitude
from eisfit.diagnosis.tracks import Track
from support.tracks import track

CELSIUS = np.array([30.0, 45, 60, 75, 90])
X = 1 / (8.617333262e-5 * (CELSIUS + 273.15))
AT_MELTING = 1 / (8.617333262e-5 * 333.15)
MELTS = np.exp(np.where(CELSIUS < 60, 0.84, 0.53) * (X - AT_MELTING))
STRAIGHT = np.exp(1.0 * (X - AT_MELTING))
OTHER = Answer("energy", "larger than all", p_value=1e-9)


def over(name: str, values: np.ndarray, *roles: str, seed: int = 1) -> Track:
    rng = np.random.default_rng((seed, *name.encode()))
    energy = np.gradient(np.log(values), X)
    shift = 0.3 / (8.617333262e-5 * (CELSIUS + 273.15) ** 2) * energy * rng.standard_normal(5)
    return track(name, values * np.exp(shift), roles=roles, celsius=CELSIUS, temperature_err_k=0.3, seed=seed)


def named(found: Bend, energy: Answer = OTHER) -> str:
    rest = ageing([], []), dilution.dilution([]), driven.driven([], [])
    return decided(Found(*rest, found, energy, unknown("space charge"))).mechanism


@pytest.mark.parametrize(
    ("polymer", "interface", "word", "mechanism"),
    [
        (MELTS, 1e4 * STRAIGHT, bend.STRAIGHT, "transfer at the interface"),
        (MELTS, 1e4 * MELTS, bend.BENT_ALIKE, "polymer at the interface"),
        (STRAIGHT, 1e4 * STRAIGHT, NOT_MEASURED, "unresolved"),
    ],
)
def test_slopes_through_the_melting_point(
    polymer: np.ndarray, interface: np.ndarray, word: str, mechanism: str
) -> None:
    said = []
    for seed in range(40):
        tracks = [
            over("polymer", polymer, "polymer", seed=seed),
            over("interface", interface, "interface", seed=seed),
        ]
        found = bend.bend(tracks, [], [])
        said.append((found.answer.word, named(found)))
    assert said.count((word, mechanism)) >= 36
    assert {name for _, name in said} <= {mechanism, "unresolved"}


def test_an_interface_in_a_sum_with_its_electrode_needs_the_twin() -> None:
    tracks = [
        over("polymer", MELTS, "polymer"),
        over("interface + electrode", 1e4 * STRAIGHT, "interface", "electrode"),
    ]
    assert named(bend.bend(tracks, [], [])) == "unresolved"
    apart = [over("interface", 1e4 * STRAIGHT, "interface"), over("electrode", 80 * STRAIGHT, "electrode")]
    assert named(bend.bend(tracks, apart, [])) == "transfer at the interface"
    large = [apart[0], over("electrode", 1e4 * STRAIGHT, "electrode")]
    assert named(bend.bend(tracks, large, [])) == "unresolved"


def test_a_straight_interface_with_the_energy_of_a_neighbour_names_nothing() -> None:
    tracks = [over("polymer", MELTS, "polymer"), over("interface", 1e4 * STRAIGHT, "interface")]
    assert named(bend.bend(tracks, [], []), Answer("energy", "that of bulk", p_value=0.4)) == "unresolved"


def test_a_cell_without_polymer_does_not_pose_the_question() -> None:
    assert bend.bend([over("interface", STRAIGHT, "interface")], [], []).answer.word == DOES_NOT_APPLY


def energy(name: str, role: str, ev: float, error: float = 0.003) -> Energy:
    return Energy(name, frozenset({role}), ev, error, ev, "ln(T/R)", False, True)


@pytest.mark.parametrize(
    ("own", "word"),
    [
        (0.52, "larger than all"),
        (0.30, "smaller than all"),
        (0.40, "that of grain boundary"),
        (0.375, "another"),
        (0.411, "near that of grain boundary"),
    ],
)
def test_the_energy_of_the_interface_against_its_neighbours(own: float, word: str) -> None:
    beside = [energy("bulk", "bulk", 0.35), energy("grain boundary", "grain_boundary", 0.40)]
    assert against_neighbours([energy("interface", "interface", own), *beside]).word == word


def test_a_sum_with_the_electrode_asks_for_the_twin() -> None:
    mixed = Energy(
        "interface + electrode", frozenset({"interface", "electrode"}), 1.0, 0.01, 1.0, "ln(T/R)", False, True
    )
    found = against_neighbours([mixed, energy("bulk", "bulk", 0.35)])
    assert found.word == NOT_MEASURED
    assert "twin cell without the solid" in found.measurement
    held = track("interface + electrode", [500.0], roles=("interface", "electrode"))
    assert "twin" in magnitude([held], [], [], []).measurement


def test_two_arcs_of_one_energy_are_said() -> None:
    pair = [energy("interphase", "interphase", 0.5), energy("charge transfer", "charge_transfer", 0.501)]
    found = arcs_of_one_energy(pair, [])
    assert found.word == "yes, alike"
    assert "split" in found.evidence
    assert arcs_of_one_energy(
        [pair[0], energy("charge transfer", "charge_transfer", 0.6)], []
    ).word.startswith("no")
    unsure = [
        energy("interphase", "interphase", 0.5, 0.2),
        energy("charge transfer", "charge_transfer", 0.6, 0.2),
    ]
    assert arcs_of_one_energy(unsure, []).word == NOT_MEASURED


def test_only_a_small_interface_may_be_space_charge() -> None:
    assert magnitude([track("interface", [500.0])], [], [], []).word == TOO_LARGE
    assert magnitude([track("interface", [0.4])], [], [], []).word == SMALL
    assert magnitude([], [], [], []).word == NOT_MEASURED
