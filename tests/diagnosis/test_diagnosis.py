"""Scenarios of the library, from spectra to the mechanism in their truth."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit import InputError
from eisfit.diagnosis import COLUMNS, MECHANISMS, NOT_MEASURED, QUESTIONS, UNRESOLVED
from eisfit.simulate import CAMPAIGNS, simulate, simulate_dc

LETTERS = {c.letter: c for c in CAMPAIGNS.values()}
NOT_NAMED = {"interface in pores", "interface in a composite", "no interface"}  # no diagnosis claims these


def series(letter: str) -> eisfit.Series:
    made = simulate(letter, seed=5)
    campaign = LETTERS[letter]
    cell = eisfit.template(campaign.scenario.template, electrodes=campaign.scenario.conditions.electrodes)
    model = campaign.circuit or cell.without(campaign.scenario.without)
    return eisfit.fit_series(made.spectra, model, over=made.scenario.over)


@pytest.fixture(scope="module")
def diluted() -> eisfit.Series:
    return series("C")


@pytest.fixture(scope="module")
def stationary() -> eisfit.Series:
    return series("A")


@pytest.mark.parametrize("letter", ["A", "D"])
def test_the_mechanism_is_that_of_the_truth(letter: str, stationary: eisfit.Series) -> None:
    found = eisfit.diagnose(stationary if letter == "A" else series(letter))
    assert found.mechanism == LETTERS[letter].mechanism
    asked = {
        "A": {"energy", "literature", "space charge", "one energy", "bend"},
        "D": {"drift", "thickness", "bend"},
    }
    assert {a.question for a in found.answers if a.measured} == asked[letter]
    assert all(a.measurement for a in found.answers if not a.measured)


@pytest.mark.slow
def test_the_mechanism_is_that_of_the_truth_with_a_twin() -> None:
    made, campaign = simulate("E", seed=5), LETTERS["E"]
    (beside,), (twin,) = campaign.complements, made.complements
    other = eisfit.Complement(
        twin.spectra, beside.scenario.template, beside.shares, beside.geometry_err, beside.name
    )
    fitted = eisfit.fit_joint(
        made.spectra,
        "pe_se",
        over="temperature_c",
        share=campaign.share,
        laws=campaign.laws,
        complements=[other],
    )
    assert eisfit.diagnose(fitted).mechanism == campaign.mechanism


def test_concentrations_and_currents_name_it_together(diluted: eisfit.Series) -> None:
    found = eisfit.diagnose(diluted, dc=simulate_dc(seed=2).data)
    assert found.mechanism == LETTERS["C"].mechanism
    assert set(found.by) == {"bias", "concentration"}
    assert found.next_measurement == ""
    assert found["drift"].word == NOT_MEASURED


def test_the_order_of_questions_is_fixed_and_drift_comes_first(diluted: eisfit.Series) -> None:
    found = eisfit.diagnose([diluted])
    assert [a.question for a in found.answers] == list(QUESTIONS)
    assert found.sentences[0].startswith("1. does it drift in time? not measured; would be decided by")
    assert found.sentences[-1].startswith("mechanism: charge transfer beside an interphase, by concentration")
    frame = found.to_dataframe()
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["question"]) == list(QUESTIONS)
    assert float(frame["p_value"][2]) < 1e-3
    assert np.isnan(float(frame["p_value"][0]))
    assert "mechanism" in found.headline()
    assert "Diagnosis" in found.sheets()[0].title


def test_an_unresolved_cell_is_told_what_to_measure_next(stationary: eisfit.Series) -> None:
    found = eisfit.diagnose(stationary)
    assert found.mechanism == UNRESOLVED
    assert "over days" in found.next_measurement
    assert found.sentences[-1].endswith(found.next_measurement)


def test_every_scenario_has_a_mechanism_of_the_words() -> None:
    assert {c.mechanism for c in LETTERS.values()} <= {*MECHANISMS, *NOT_NAMED}
    assert all(c.why for c in LETTERS.values())


@pytest.mark.parametrize(
    ("results", "dc", "said"),
    [
        ((), (), "neither results nor dc data were given"),
        (["a"], (), "result 1 is str, not a Series"),
        ((), [1.0], "dc holds float; give DcData"),
    ],
)
def test_what_is_no_result_is_refused(results: object, dc: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        eisfit.diagnose(results, dc=dc)  # type: ignore[arg-type]


def test_the_same_result_twice_is_refused(diluted: eisfit.Series) -> None:
    with pytest.raises(InputError, match="result 2 is the same as one before it"):
        eisfit.diagnose([diluted, diluted])


def test_an_unknown_question_lists_the_known_ones(diluted: eisfit.Series) -> None:
    with pytest.raises(KeyError, match="no question 'dirft'; there are 'drift'"):
        eisfit.diagnose(diluted)["dirft"]
