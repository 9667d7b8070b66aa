"""What lies beside the cell or above the window, and is known from elsewhere, does not bend the arcs that are seen."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, Spectrum
from eisfit.cell.segments import Setting
from eisfit.engine.problem import Problem
from eisfit.errors import TemplateError
from eisfit.fitting import assigned
from eisfit.tools.frozen import Bools, Floats
from support.simulated_cells import Cell, activated, arc, liquid_solid, pellet

HOLDER = 8e-12
CELSIUS = range(-60, 21, 20)


@cache
def in_holder() -> Cell:
    """Return a pellet whose bulk has 4 pF, in a holder of 8 pF."""
    cell = pellet((2000.0, 0.35, 4e-12, 0.97), (6000.0, 0.42, 6e-10, 0.92), celsius=CELSIUS, noise=0.002)
    omega = 2 * np.pi * cell.f_hz
    around = [1 / (1 / s.z_ohm + 1j * omega * HOLDER) for s in cell.spectra]
    return Cell(
        cell.template,
        2,
        spectra=[
            Spectrum(cell.f_hz, z, conditions=s.conditions, label=s.label)
            for s, z in zip(cell.spectra, around, strict=True)
        ],
        truth=cell.truth,
    )


def with_holder(value: object) -> eisfit.Template:
    return eisfit.template("se_blocking").setting({"C_stray": value})  # type: ignore[dict-item]


def test_a_stated_holder_is_in_every_circuit_and_names_keep_their_odds() -> None:
    cell = in_holder()
    series = eisfit.fit_series(cell.spectra, with_holder(HOLDER))
    for fit, truth in zip(series, cell.truth, strict=True):
        assert fit.template.circuit.text.endswith(",C_stray)")
        (row,) = [p for p in fit.parameters if p.name == "C_stray"]
        assert (row.value, row.state) == (HOLDER, "fixed")
        for name in ("bulk", "grain boundary"):
            if fit[name].resolved == "yes":
                assert fit[name].odds > 20
                low, high = fit[name].ci95_ohm
                assert low * 0.99 < truth[name] < high * 1.01


def test_of_each_spectrum_it_is_stated_in_its_conditions() -> None:
    known = [
        Spectrum(
            s.frequency_hz, s.z_ohm, conditions=s.conditions.updated(fixed={"C_stray": HOLDER}), label=s.label
        )
        for s in in_holder().spectra
    ]
    series = eisfit.fit_series(known, "se_blocking")
    of_template = eisfit.fit_series(in_holder().spectra, with_holder(HOLDER))
    for one, other in zip(series, of_template, strict=True):
        assert one.values == pytest.approx(other.values, nan_ok=True)


def test_a_single_spectrum_and_a_cell_with_a_resistor_take_it_as_well() -> None:
    fit = eisfit.fit(in_holder().spectra[0], with_holder(HOLDER))
    assert fit.values["C_stray"] == HOLDER

    def on_bench(omega: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.asarray(1 / (1 / z + 1j * omega * 1e-11) + 1j * omega * 3e-7)

    cell = liquid_solid((2500.0, 0.40, 8e-9, 0.95), (150.0, 0.52, 7e-7, 0.9), noise=0.003, spoil=on_bench)
    stated = eisfit.template("le_se", electrodes=4).setting({"C_stray": 1e-11})
    series = eisfit.fit_series(cell.spectra, stated)
    assert {f.values["C_stray"] for f in series} == {1e-11}
    assert np.median([f.values["L_lead"] for f in series]) == pytest.approx(3e-7, rel=0.2)


@pytest.mark.parametrize("value", [Setting(low=1e-12, high=1e-11), Setting(start=8e-12), "CPE_el_Q"])
def test_a_holder_is_fixed_or_not_stated(value: object) -> None:
    with pytest.raises(
        TemplateError, match="capacitance of the empty holder in F: it can be fixed at a measured value"
    ):
        with_holder(value)


def test_a_holder_is_positive_and_of_no_circuit_string() -> None:
    with pytest.raises(TemplateError, match="fixed = -1 of 'C_stray' lies outside its range"):
        with_holder(-1.0)
    with pytest.raises(TemplateError, match="unknown parameter 'C_stray'"):
        eisfit.Template.from_circuit("R0-p(R1,CPE1)").setting({"C_stray": 1e-12})


def test_errors_of_a_pellet_hold_a_holder_that_nobody_stated() -> None:
    stated = eisfit.fit_series(in_holder().spectra, with_holder(HOLDER))
    silent = eisfit.fit_series(in_holder().spectra, "se_blocking")
    for one, other in zip(stated, silent, strict=True):
        if other["grain boundary"].resolved == one["grain boundary"].resolved == "yes":
            assert other["grain boundary"].resistance_stderr_ohm > one["grain boundary"].resistance_stderr_ohm


def test_arcs_seen_as_one_leave_their_tail_to_the_resistor_in_their_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    placed, starts = assigned.placed_solution, []

    def seen(problem: Problem, *others: Any) -> tuple[Floats, Bools]:
        x, held = placed(problem, *others)
        if "R_pe_b" in problem.names and "CPE_pe_b_Q" in problem.names:
            starts.append(float(np.exp(x[problem.names.index("R_pe_b")])))
        return x, held

    monkeypatch.setattr(assigned, "placed_solution", seen)
    f_hz = np.logspace(6, -1.3, 74)
    omega = 2 * np.pi * f_hz
    spectra, true = [], []
    for celsius in range(30, 91, 10):
        polymer, bulk = activated(2500.0, 0.60, celsius), activated(100.0, 0.35, celsius)
        gb, interface = activated(250.0, 0.40, celsius), activated(2e5, 0.9, celsius)
        z = arc(omega, polymer, 1.7e-11, 0.97) + arc(omega, bulk, 7e-11, 1.0) + arc(omega, gb, 8e-8, 0.95)
        z = z + 2 * arc(omega, interface, 7.85e-7, 0.9) + 2 * arc(omega, interface / 100, 7.85e-6, 0.85)
        noise = np.random.default_rng(celsius).standard_normal((2, f_hz.size))
        conditions = Conditions(
            temperature_c=celsius, area_cm2=0.785, thickness_cm=0.1, electrodes=2, layers={"polymer": 0.02}
        )
        spectra.append(
            Spectrum(
                f_hz, z * (1 + 0.003 * (noise[0] + 1j * noise[1])), conditions=conditions, label=f"{celsius}C"
            )
        )
        true.append({"polymer + bulk": polymer + bulk, "grain boundary": gb})
    series = eisfit.fit_series(spectra, "pe_se")
    in_place = [
        (f, t) for f, t in zip(series, true, strict=True) if "p(R_pe_b,CPE_pe_b)" in f.template.circuit.text
    ]
    assert in_place
    assert starts == pytest.approx([fit.values["R_pe_b"] for fit, _ in in_place], rel=0.2)
    for fit, truth in in_place:
        for name, value in truth.items():
            assert fit[name].resistance_ohm == pytest.approx(value, rel=0.004 if "+" in name else 0.1)
