"""The shift by a stray capacitance that the circuit lacks is that of a fit to data with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import eisfit
from eisfit.cell.segments import Configuration, Segment
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.uncertainty.covariance import covariance_of
from eisfit.uncertainty.unknown_changes import stray_change, with_changes_of_z


def solved(z: np.ndarray, f: np.ndarray) -> tuple[Problem, Solution]:
    spectrum = eisfit.Spectrum(f, z)
    problem = pose([spectrum], eisfit.Template.from_circuit("Zarc1-Zarc2"), "modulus")
    start = np.log([[1e4, 1e4 * 1e-11, 0.95, 5e4, 5e4 * 1e-8, 0.9]])
    return problem, solve(problem, start, np.arange(1))


def test_the_added_error_is_the_shift_of_a_fit() -> None:
    f = np.logspace(7, 0, 71)
    s = 2j * np.pi * f
    z = 1e4 / (1 + (s * 1e4 * 1e-11) ** 0.95) + 5e4 / (1 + (s * 5e4 * 1e-8) ** 0.9)
    c = 1e-14
    problem, clean = solved(z, f)
    _, shifted = solved(1 / (1 / z + s * c), f)
    confidence = covariance_of(problem, clean.x, clean.cost)
    added = (
        with_changes_of_z(problem, clean.x, confidence, [stray_change(problem, clean.x, c)]).covariance_log
        - confidence.covariance_log
    )
    moved = (shifted.x - clean.x)[0]
    np.testing.assert_allclose(np.sqrt(np.diagonal(added[0])), np.abs(moved), rtol=0.03, atol=1e-9)
    assert np.sign(added[0, 0, 1]) == np.sign(moved[0] * moved[1])


def test_without_it_nothing_is_added() -> None:
    f = np.logspace(7, 0, 71)
    s = 2j * np.pi * f
    problem, clean = solved(1e4 / (1 + s * 1e-7) + 5e4 / (1 + s * 5e-4), f)
    confidence = covariance_of(problem, clean.x, clean.cost)
    same = with_changes_of_z(problem, clean.x, confidence, [stray_change(problem, clean.x, 0.0)])
    assert same.covariance_log == pytest.approx(confidence.covariance_log, nan_ok=True)


def test_a_stray_capacitance_lies_behind_the_leads() -> None:
    template = eisfit.template("le_se", electrodes=4)
    lead = Segment("lead", "lead", "L_lead")
    for segments, text in (
        ((lead, *template.segments), "L_lead-p(R_le"),
        ((*template.segments, lead), "C_stray)-L_lead"),
    ):
        counts = dict(template.configuration.segments) | {"lead": 1}
        configuration = Configuration(
            "with lead", 4, tuple((s.name, counts[s.name]) for s in segments if s.name in counts)
        )
        circuit = replace(
            template, segments=segments, configurations=(configuration,), chosen="with lead", stray=True
        )
        assert text in circuit.circuit.text
        values = {
            name: 0.9 if name.endswith("alpha") else 1e-5 if name.endswith("tau") else 50.0
            for name in circuit.circuit.names
        }
        values |= {"L_lead": 3e-7, "C_stray": 1e-11}
        f = np.logspace(3, 7.5, 20)
        s = 2j * np.pi * f
        cell = template.circuit.impedance(f, {n: values[n] for n in template.circuit.names})
        expected = 1 / (1 / cell + s * 1e-11) + s * 3e-7
        np.testing.assert_allclose(circuit.circuit.impedance(f, values), expected, rtol=1e-12)
        again = eisfit.Circuit.from_text(circuit.circuit.text.replace("2 x ", ""))
        assert again.names == circuit.circuit.names
