"""Numbers in, numbers out: spectra as arrays on one grid."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit.errors import InputError
from eisfit.fitting.batch import many_fits
from eisfit.fitting.neighbours import NOTHING
from eisfit.fitting.task import Task
from eisfit.options import FitOptions
from eisfit.results.many_fits import OUTCOMES
from eisfit.results.outcome import Outcome
from eisfit.spectrum.columns import SpectraColumns
from support.many import CIRCUIT, FREQUENCY_HZ, START, TEMPLATE, VALUES, impedances

Z = impedances(10)


def test_numbers_are_fitted_as_spectra_are() -> None:
    objects = eisfit.fit_many([eisfit.Spectrum(FREQUENCY_HZ, z) for z in Z], CIRCUIT, start=VALUES)
    numbers = eisfit.fit_many(frequency_hz=FREQUENCY_HZ, z_ohm=Z, circuit=CIRCUIT, start=VALUES)
    assert numbers.columns == objects.columns


def test_a_fit_on_demand_is_that_of_the_spectrum() -> None:
    numbers = eisfit.fit_many(
        frequency_hz=FREQUENCY_HZ,
        z_ohm=Z,
        conditions={"temperature_c": np.arange(10.0)},
        circuit=CIRCUIT,
        start=VALUES,
    )
    spectrum = eisfit.Spectrum(
        FREQUENCY_HZ, Z[3], label="row 3", conditions=eisfit.Conditions(temperature_c=3.0)
    )
    assert numbers["row 3"] == eisfit.fit_many([spectrum], CIRCUIT, start=VALUES)[0]


def test_without_a_start_the_minima_of_the_whole_search_are_found() -> None:
    whole = eisfit.fit_many([eisfit.Spectrum(FREQUENCY_HZ, z) for z in Z], CIRCUIT)
    found = eisfit.fit_many(frequency_hz=FREQUENCY_HZ, z_ohm=Z, circuit=CIRCUIT)
    assert np.allclose(found.chi2_reduced, whole.chi2_reduced, rtol=1e-6)


def test_a_row_that_is_far_from_what_was_found_first_is_searched() -> None:
    z = impedances(200, weak=False)
    far = {**VALUES, "R1": 2e5, "CPE1_Q": 1e-9, "R2": 4e6, "CPE2_Q": 3e-7}
    z[101] = TEMPLATE.circuit.impedance(FREQUENCY_HZ, far)
    found = eisfit.fit_many(frequency_hz=FREQUENCY_HZ, z_ohm=z[90:130], circuit=CIRCUIT)
    assert found.column("R2")[11] == pytest.approx(4e6, rel=1e-4)


@pytest.mark.parametrize("kind", ["good", "misfit", "nothing"])
def test_outcomes_are_those_of_single_fits(kind: str) -> None:
    z = Z.copy()
    if kind == "misfit":
        z *= 1 + 0.3 * np.sin(np.log(FREQUENCY_HZ))
    if kind == "nothing":
        z = -z
    task = Task(TEMPLATE, FitOptions(start=VALUES))
    many = many_fits(task, SpectraColumns(FREQUENCY_HZ, z), NOTHING)
    single = eisfit.fit_many(frequency_hz=FREQUENCY_HZ, z_ohm=z, circuit=CIRCUIT, start=VALUES)
    for k, fit in enumerate(single):
        told = {Outcome.GOOD, Outcome.MISFIT, Outcome.AT_BOUND, Outcome.NOT_CONVERGED}
        if fit.outcome in told:  # the others need profiles or other minima
            assert OUTCOMES[many.outcome[k]] is fit.outcome
        assert many.rms_percent[k] == pytest.approx(fit.statistics.rms_percent)  # type: ignore[union-attr]
        for c in fit.contributions:
            if c.resolved == "yes":
                at = many.contributions.index(c.name)
                assert many.resistance_ohm[k, at] == pytest.approx(c.resistance_ohm)
                assert many.frequency_hz[k, at] == pytest.approx(c.frequency_hz, nan_ok=True)
                assert many.capacitance_f[k, at] == pytest.approx(c.capacitance_f, nan_ok=True)


def test_a_row_that_cannot_be_fitted_is_named_and_the_others_are_fitted() -> None:
    z = Z.copy()
    z[4, 2] = np.nan
    found = eisfit.fit_many(frequency_hz=FREQUENCY_HZ, z_ohm=z, circuit=CIRCUIT, start=VALUES)
    assert [fit.outcome is Outcome.FAILED for fit in found] == [k == 4 for k in range(10)]
    assert "row 4: z_ohm[2] at 39810.7 Hz is nan+0j: impedances must be finite" in found[4].remarks[0]


def test_an_impossible_condition_fails_its_row_alone() -> None:
    t = np.full(10, 25.0)
    t[7] = -300.0
    found = eisfit.fit_many(
        frequency_hz=FREQUENCY_HZ, z_ohm=Z, conditions={"temperature_c": t}, circuit=CIRCUIT, start=VALUES
    )
    assert [k for k, fit in enumerate(found) if fit.outcome is Outcome.FAILED] == [7]
    assert "row 7: temperature_c is -300" in found[7].remarks[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"z_ohm": Z.T}, "one column for each spectrum: hand over z_ohm.T"),
        ({"z_ohm": Z[0]}, "z_ohm must have one row for each spectrum"),
        ({"z_ohm": Z[:0]}, "z_ohm holds no spectrum"),
        (
            {"frequency_hz": -FREQUENCY_HZ},
            "frequency_hz[0] is -100000: frequencies must be finite and positive",
        ),
        ({"frequency_hz": "abc"}, "frequency_hz cannot be read as numbers"),
        ({"conditions": {"temperature_c": [1.0]}}, "condition 'temperature_c' has the shape (1,)"),
        ({"conditions": {"a b": np.zeros(10)}}, "condition 'a b': a name consists of letters"),
        ({"conditions": {"electrodes": np.zeros(10)}}, "condition 'electrodes' is no column of numbers"),
        ({"spectra": [1]}, "either a list of spectra, with their conditions in them, or numbers"),
        ({"z_ohm": None}, "either a list of spectra, with their conditions in them, or numbers"),
        ({"z_ohm": None, "frequency_hz": None}, "fit_many needs spectra"),
        ({"circuit": None}, "name what to fit, template= (its name or path) or circuit="),
        ({"template": "le_se"}, "template and circuit are both given"),
        ({"start": {"R0": 1.0}}, "start: 'R1' is missing"),
        ({"start": dict(START) | {"R1": -1.0}}, "start: R1 is -1: it must be finite and positive"),
        ({"weights": [1.0]}, "sigmas must be 31 positive numbers in ohm"),
        (
            {"frequency_hz": FREQUENCY_HZ[:2], "z_ohm": Z[:, :2]},
            "2 points give 4 numbers for 7 free parameters",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told_in_a_sentence(given: dict[str, Any], said: str) -> None:
    usual: dict[str, Any] = {"frequency_hz": FREQUENCY_HZ, "z_ohm": Z, "circuit": CIRCUIT, "start": VALUES}
    with pytest.raises(InputError, match=re.escape(said)):
        eisfit.fit_many(**(usual | given))
