"""A fit through lmfit is a fit: it has contributions, and enters a series, a table, a figure and a file."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit import plots, store, tables
from eisfit.cell.segments import Setting
from eisfit.fitting import redo
from eisfit.interop import LmfitFit, fit_lmfit, parameters
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import equal
from support.cells import grid, le_se_faded, le_se_values, measured, noisy
from support.circuits import TWO_ARCS, TWO_ARCS_VALUES


def two_arcs(*, outlier: bool = False) -> eisfit.Spectrum:
    f = grid()
    z = noisy(eisfit.Template.from_circuit(TWO_ARCS).circuit.impedance(f, TWO_ARCS_VALUES), 0.003, 1)
    if outlier:
        z[30] *= 1.3
    return eisfit.Spectrum(f, z, label="two arcs")


def cell(celsius: float = 25.0) -> eisfit.Spectrum:
    known = eisfit.Conditions(temperature_c=celsius, area_cm2=0.785, thickness_cm=0.1, electrodes=4)
    values = le_se_values(gb=(250.0, 2.5e-6, 0.92))
    return measured(le_se_faded(), values, seed=int(celsius), conditions=known, label=f"{celsius:g} °C")


def test_its_contributions_are_those_of_a_fit() -> None:
    ours, theirs = eisfit.fit(cell(), le_se_faded()), fit_lmfit(cell(), le_se_faded())
    assert isinstance(theirs, Fit)
    assert theirs.outcome is ours.outcome is Outcome.GOOD
    assert [c.name for c in theirs.contributions] == [c.name for c in ours.contributions]
    for a, b in zip(theirs.contributions, ours.contributions, strict=True):
        assert (a.resolved, a.cause, a.segments, a.kind) == (b.resolved, b.cause, b.segments, b.kind)
        assert a.resistance_ohm == pytest.approx(b.resistance_ohm, rel=1e-6)
        assert a.resistance_stderr_ohm == pytest.approx(b.resistance_stderr_ohm, rel=1e-3)
    assert theirs.statistics is not None
    assert ours.statistics is not None
    for name in ("points", "parameters_free"):
        assert getattr(theirs.statistics, name) == getattr(ours.statistics, name)
    for name in ("chi2_reduced", "aicc", "bic"):
        assert getattr(theirs.statistics, name) == pytest.approx(getattr(ours.statistics, name), rel=1e-6)


def test_what_lmfit_says_stands_beside_it() -> None:
    found = fit_lmfit(two_arcs(), TWO_ARCS)
    assert found.result.success
    assert found.minimizer.userfcn is not None
    assert {name: p.value for name, p in found.params.items()} == found.values
    assert found.options == eisfit.fit(two_arcs(), TWO_ARCS).options


def test_its_file_holds_the_fit(tmp_path: Path) -> None:
    found = fit_lmfit(two_arcs(), TWO_ARCS, seed=2)
    loaded = store.load(store.save(tmp_path / "fit.h5", found))
    assert type(loaded) is Fit
    for field in fields(Fit):
        assert equal(getattr(loaded, field.name), getattr(found, field.name)), field.name
    assert redo(loaded).values == pytest.approx(found.values, rel=1e-6)
    both = [found, eisfit.fit(two_arcs(), TWO_ARCS)]
    assert [f.values for f in store.load(store.save(tmp_path / "fits.h5", both))] == [f.values for f in both]


def test_a_series_a_table_and_a_figure_take_it(tmp_path: Path) -> None:
    made = [fit_lmfit(cell(t), le_se_faded()) for t in (20.0, 40.0, 60.0)]
    series = eisfit.Series.over("temperature_c", made)
    assert np.isfinite(series.arrhenius("interface").activation_energy_ev)
    loaded = store.load(store.save(tmp_path / "series.h5", series))
    assert [f.values for f in loaded] == [f.values for f in made]
    rows = tables.contribution_rows(series)
    assert {"interface"} <= {str(row["contribution"]) for row in rows}
    plots.nyquist(made[0])
    plots.contributions(made[0])


def test_two_are_equal_by_what_a_fit_holds() -> None:
    assert fit_lmfit(two_arcs(), TWO_ARCS) == fit_lmfit(two_arcs(), TWO_ARCS)
    assert fit_lmfit(two_arcs(), TWO_ARCS) != fit_lmfit(two_arcs(outlier=True), TWO_ARCS)


def test_tied_parameters_count_once_and_are_named() -> None:
    params = parameters(eisfit.Template.from_circuit(TWO_ARCS))
    params["R2"].expr = "3 * R1"
    tied, free = fit_lmfit(two_arcs(), TWO_ARCS, params), fit_lmfit(two_arcs(), TWO_ARCS)
    assert tied.statistics is not None
    assert free.statistics is not None
    assert (tied.statistics.parameters_free, free.statistics.parameters_free) == (4, 5)
    assert tied.statistics.chi2_reduced == pytest.approx(2 * tied.cost / (2 * len(two_arcs()) - 4), rel=1e-9)
    assert tied.remarks == ()
    assert tied.template.settings["R2"].tie == "3*R1"
    assert [p.state for p in tied.parameters if p.name == "R2"] == ["tied"]
    assert tied["p(R2,C2)"].resistance_stderr_ohm == pytest.approx(tied.stderr["R2"], rel=1e-6)


def test_a_parameter_on_its_bound_says_so() -> None:
    params = parameters(eisfit.Template.from_circuit(TWO_ARCS))
    params["R2"].set(min=200.0, max=299.5)
    params["R0"].set(value=20.0, vary=False)
    found = fit_lmfit(two_arcs(), TWO_ARCS, params)
    states = {p.name: p.state for p in found.parameters}
    assert states == {"R0": "fixed", "R1": "free", "C1": "free", "R2": "upper bound", "C2": "free"}
    assert found.outcome is Outcome.AT_BOUND
    assert np.isnan(found.parameters[3].stderr)


def test_an_expression_that_is_no_tie_is_named() -> None:
    params = parameters(eisfit.Template.from_circuit(TWO_ARCS))
    params["R2"].expr = "3 * R1 + 0 * R0"
    found = fit_lmfit(two_arcs(), TWO_ARCS, params)
    assert found.remarks == ("R2 = 3 * R1 + 0 * R0: tied in lmfit, and nowhere else",)
    assert "R2" not in found.template.settings


@pytest.mark.parametrize("loss", ["soft_l1", "cauchy", "student_t"])
def test_a_robust_loss_gives_what_a_fit_gives(loss: str) -> None:
    spectrum = two_arcs(outlier=True)
    ours, theirs = eisfit.fit(spectrum, TWO_ARCS, loss=loss), fit_lmfit(spectrum, TWO_ARCS, loss=loss)
    assert theirs.loss == loss
    assert theirs.point_weights[30] < 0.1
    np.testing.assert_allclose(theirs.point_weights, ours.point_weights, atol=1e-3)
    for p in ours.parameters:
        assert theirs.values[p.name] == pytest.approx(p.value, abs=2e-3 * p.stderr)
        assert theirs.stderr[p.name] == pytest.approx(p.stderr, rel=3e-3)
    assert theirs.remarks == ours.remarks
    assert abs(theirs.values["R2"] - 300) < abs(fit_lmfit(spectrum, TWO_ARCS).values["R2"] - 300)


def test_a_robust_loss_keeps_ties() -> None:
    params = parameters(eisfit.Template.from_circuit(TWO_ARCS).setting({"R0": Setting(fixed=20.0)}))
    params.add("ratio", value=2.0, min=0.0)
    params["R2"].expr = "ratio * R1"
    found = fit_lmfit(two_arcs(outlier=True), TWO_ARCS, params, loss="cauchy")
    assert isinstance(found, LmfitFit)
    assert found.params["ratio"].value == pytest.approx(3.0, rel=0.01)
    assert found.values["R2"] == pytest.approx(found.params["ratio"].value * found.values["R1"], rel=1e-12)
    assert found.values["R0"] == 20.0


def test_given_standard_deviations_set_the_scale() -> None:
    sigma = 0.003 * np.abs(two_arcs().z_ohm)
    ours, theirs = (
        eisfit.fit(two_arcs(), TWO_ARCS, weights=sigma),
        fit_lmfit(two_arcs(), TWO_ARCS, weights=sigma),
    )
    assert theirs.outcome is ours.outcome
    assert theirs.parameters[3].stderr == pytest.approx(ours.parameters[3].stderr, rel=1e-3)
    assert theirs.weights == "given"
    assert theirs.absolute


@pytest.mark.parametrize(
    "text", ["R_s-Rails_pe(p(R_ct,CPE_dl))", "R_s-PoreEnd_pe(CPE_dl,R_end)", "R_s-Gt_x", "R_s-Coating_x"]
)
def test_circuits_within_elements_go_through_lmfit(text: str) -> None:
    circuit = eisfit.Circuit.from_text(text)
    sizes = {"ohm": 100.0, "s": 1e-2, "S s^alpha": 1e-5}
    values = [
        sizes.get(p.unit, 0.85) * (1 + 0.7 * k) ** (p.unit != "1") for k, p in enumerate(circuit.parameters)
    ]
    f = grid()
    spectrum = eisfit.Spectrum(f, noisy(circuit.impedance(f, values), 0.003, 3), label=text)
    ours, theirs = eisfit.fit(spectrum, text), fit_lmfit(spectrum, text)
    assert theirs.values == pytest.approx(ours.values, rel=1e-3)
