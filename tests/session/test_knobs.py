"""Knobs: where they stand, how far they turn, and the model at where they stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import eisfit.session as s
from eisfit.cell.find import shipped, template
from eisfit.cell.templates import Template
from eisfit.errors import InputError
from eisfit.fitting import fit
from support.folders import CIRCUIT, arc_at, folder_of
from support.simulated_cells import liquid_solid

SPECTRUM = arc_at(25.0)
TRUE = {"R0": 10.0, "R1": 100.0, "C1": 1e-6}


def test_the_model_at_the_true_values_misses_the_data_by_their_noise() -> None:
    cell = Template.from_circuit(CIRCUIT)
    model = s.Turned(SPECTRUM, cell.circuit, s.values_of(s.knobs_of(cell, SPECTRUM), TRUE))
    assert model.values == TRUE
    assert 0.2 < model.rms_percent < 0.4


def test_knobs_stand_at_the_values_of_the_fit_and_the_model_misses_as_the_fit_does() -> None:
    found = fit(SPECTRUM, CIRCUIT)
    knobs = s.knobs_of(found.template, SPECTRUM, found)
    assert {k.name: k.value for k in knobs} == found.values
    model = s.Turned(SPECTRUM, found.template.circuit, found.values)
    assert found.statistics is not None
    assert model.rms_percent == pytest.approx(found.statistics.rms_percent, rel=1e-9)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_template_has_a_curve_of_the_size_of_the_data_before_any_fit(name: str) -> None:
    for configuration in template(name).configurations:
        cell = template(name).with_electrodes(configuration.electrodes)
        knobs = s.knobs_of(cell, SPECTRUM)
        assert [k.name for k in knobs] == list(cell.circuit.names)
        assert all(k.low <= k.value <= k.high for k in knobs)
        z = s.Turned(SPECTRUM, cell.circuit, s.values_of(knobs, {})).impedance(SPECTRUM.frequency_hz)
        assert np.isfinite(z).all()
        assert 1e-3 < np.median(np.abs(z)) / np.median(np.abs(SPECTRUM.z_ohm)) < 1e3


def test_a_model_is_as_it_was_fitted_where_arcs_above_the_window_are_resistors() -> None:
    cell = template("le_se", electrodes=4).setting({"Zarc_int_alpha": 0.9})
    spectrum = liquid_solid((250.0, 0.4, 1e-8, 0.95), (500.0, 0.5, 7e-7, 0.9), celsius=(40,)).spectra[0]
    found = fit(spectrum, template("le_se", electrodes=4))
    chosen = s.as_fitted(cell, found)
    assert chosen.circuit.names == found.template.circuit.names != cell.circuit.names
    knobs = {k.name: k for k in s.knobs_of(chosen, spectrum, found)}
    assert (knobs["Zarc_int_alpha"].fixed, knobs["Zarc_int_alpha"].value) == (True, 0.9)
    assert knobs["Zarc_gb_R"].value == found.values["Zarc_gb_R"]
    other = Template.from_circuit(CIRCUIT)
    assert s.as_fitted(other, found) is other
    assert s.as_fitted(cell, None) is cell


def test_a_slider_turns_by_factors_and_an_exponent_by_steps() -> None:
    knobs = {k.name: k for k in s.knobs_of(Template.from_circuit("R0-p(R1,CPE1)"), SPECTRUM)}
    r1, alpha = knobs["R1"], knobs["CPE1_alpha"]
    assert r1.at(r1.position(50.0)) == pytest.approx(50.0, rel=1e-12)
    assert r1.high / r1.low == pytest.approx(1e6)
    assert (alpha.at(0.7), alpha.high, alpha.logarithmic) == (0.7, 1.0, False)


def test_a_tied_knob_follows_and_a_fixed_one_stays() -> None:
    cell = Template.from_circuit("R0-p(R1,CPE1)-p(R2,CPE2)").setting({"R2": "2*R1", "CPE1_alpha": 0.8})
    knobs = s.knobs_of(cell, SPECTRUM, turned={"R1": 7.0, "CPE1_alpha": 0.5})
    found = {k.name: k for k in knobs}
    assert (found["R2"].value, found["R2"].tie) == (14.0, "2*R1")
    assert (found["CPE1_alpha"].value, found["CPE1_alpha"].fixed) == (0.8, True)
    assert s.values_of(knobs, {"R1": 9.0})["R2"] == 18.0


def test_masked_points_do_not_count_in_the_misfit() -> None:
    z = SPECTRUM.z_ohm.copy()
    z[3] *= 5
    odd = replace(SPECTRUM, z_ohm=z).without(np.arange(z.size) == 3, "glitch")
    assert s.Turned(odd, Template.from_circuit(CIRCUIT).circuit, TRUE).rms_percent < 0.4


def test_fits_start_where_the_knobs_stand_and_ranges_stay(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "data", {"cell_20C.csv": 20.0})
    with s.open_session(tmp_path / "session", s.opening([str(data)]).actions) as session:
        session.do(s.ChooseTemplate(CIRCUIT), s.SetParameter("R1", range=(1.0, 500.0)))
        project = session.do(s.SetParameter("C1", fixed=1e-6), s.StartAt({"R0": 9.0, "R1": 90.0, "C1": 2e-6}))
        assert project.parameters == {
            "R1": {"range": (1.0, 500.0), "start": 90.0},
            "C1": {"fixed": 1e-6},
            "R0": {"start": 9.0},
        }
        with pytest.raises(InputError, match="R1"):
            session.do(s.StartAt({"R1": 900.0}))
        session.do(s.FitOne(project.files[0].path))
        (fitted,) = session.computed().result()
        assert fitted.template.settings["R0"].start == 9.0
