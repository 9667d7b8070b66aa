"""Fits with tied parameters: as lmfit finds them by itself, with errors that cover, through all that follows a fit."""

from __future__ import annotations

from pathlib import Path

import lmfit
import numpy as np
import pytest

import eisfit
from eisfit import store
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.errors import TemplateError
from eisfit.fitting import redo
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from support.cells import GEOMETRY, grid, measured, noisy
from support.paths import ROOT

CIRCUIT = Template.from_circuit("R0-p(R1,CPE1)-p(R2,CPE2)")
TRUTH = {
    "R0": 20.0,
    "R1": 400.0,
    "CPE1_Q": 1e-7,
    "CPE1_alpha": 0.9,
    "R2": 800.0,
    "CPE2_Q": 1e-4,
    "CPE2_alpha": 0.9,
}
TIED = CIRCUIT.setting({"R2": "2*R1", "CPE2_alpha": "CPE1_alpha"})
NOISE = 0.003


def spectrum(seed: int = 1) -> eisfit.Spectrum:
    return eisfit.Spectrum(
        grid(), noisy(CIRCUIT.circuit.impedance(grid(), TRUTH), NOISE, seed), label=f"s{seed}"
    )


def by_lmfit(measured: eisfit.Spectrum) -> lmfit.minimizer.MinimizerResult:
    """Return what lmfit finds with expressions, from an impedance written here, and its own derivatives."""
    params = lmfit.Parameters()
    for name in ("R0", "R1", "CPE1_Q", "CPE2_Q"):
        params.add(f"ln_{name}", value=np.log(1.2 * TRUTH[name]))
    params.add("CPE1_alpha", value=0.85, min=0.3, max=1.0)
    params.add("ln_R2", expr="ln_R1 + log(2)")
    params.add("CPE2_alpha", expr="CPE1_alpha")
    w = 2j * np.pi * measured.frequency_hz

    def residual(p: lmfit.Parameters) -> np.ndarray:
        v = {
            name.removeprefix("ln_"): np.exp(q.value) if name.startswith("ln_") else q.value
            for name, q in p.items()
        }
        z = v["R0"] + sum(
            v[f"R{k}"] / (1 + v[f"R{k}"] * v[f"CPE{k}_Q"] * w ** v[f"CPE{k}_alpha"]) for k in (1, 2)
        )
        off = (z - measured.z_ohm) / np.abs(measured.z_ohm)
        return np.concatenate([off.real, off.imag])

    return lmfit.minimize(residual, params, method="leastsq", xtol=1e-12, ftol=1e-12)


def test_a_tied_fit_is_that_of_lmfit_with_expressions() -> None:
    ours, theirs = eisfit.fit(spectrum(), TIED), by_lmfit(spectrum())
    for p in ours.parameters:
        logarithm = f"ln_{p.name}" in theirs.params
        their = theirs.params[f"ln_{p.name}" if logarithm else p.name]
        value = np.exp(their.value) if logarithm else their.value
        assert p.value == pytest.approx(value, abs=1e-3 * p.stderr)
        assert p.stderr == pytest.approx(their.stderr * (value if logarithm else 1.0), rel=1e-3)
    assert ours.statistics is not None
    assert ours.statistics.parameters_free == theirs.nvarys == 5
    assert ours.statistics.chi2_reduced == pytest.approx(theirs.redchi, rel=1e-6)


def test_tied_parameters_say_so() -> None:
    found = {p.name: p for p in eisfit.fit(spectrum(), TIED).parameters}
    assert [(n, p.state, p.note) for n, p in found.items() if p.state != "free"] == [
        ("R2", "tied", "tied: 2*R1"),
        ("CPE2_alpha", "tied", "tied: CPE1_alpha"),
    ]
    assert found["R2"].stderr == pytest.approx(2 * found["R1"].stderr, rel=1e-9)
    assert found["CPE2_alpha"].stderr_log == found["CPE1_alpha"].stderr_log


def test_a_tie_makes_the_errors_smaller() -> None:
    tied, free = eisfit.fit(spectrum(), TIED), eisfit.fit(spectrum(), CIRCUIT)
    assert tied.parameters[1].stderr < free.parameters[1].stderr
    assert tied.outcome is Outcome.GOOD


def test_errors_of_tied_parameters_cover_the_truth() -> None:
    fits = eisfit.fit_many([spectrum(seed) for seed in range(200)], TIED)
    for name in ("R1", "R2", "CPE1_alpha", "CPE2_Q"):
        off = [(f.values[name] - TRUTH[name]) / {p.name: p.stderr for p in f.parameters}[name] for f in fits]
        assert 0.85 < np.std(off) < 1.15
        assert abs(np.mean(off)) < 4 / np.sqrt(200)


def test_a_batch_gives_what_single_fits_give() -> None:
    spectra = [spectrum(seed) for seed in range(3)]
    for one, alone in zip(
        eisfit.fit_many(spectra, TIED), (eisfit.fit(s, TIED) for s in spectra), strict=True
    ):
        for a, b in zip(one.parameters, alone.parameters, strict=True):
            assert (a.name, a.state, a.note) == (b.name, b.state, b.note)
            assert a.value == pytest.approx(b.value, abs=1e-4 * b.stderr)


def test_files_and_a_second_fit_keep_ties(tmp_path: Path) -> None:
    fit = eisfit.fit(spectrum(), TIED)
    store.save(tmp_path / "x.h5", [fit])
    (back,) = store.load(tmp_path / "x.h5")
    assert isinstance(back, Fit)
    assert back == fit
    assert back.template.settings["R2"] == Setting(tie="2*R1")
    assert redo(back) == fit


def test_profiles_and_bootstrap_keep_ties() -> None:
    fit = eisfit.fit(spectrum(), TIED)
    mine, its = eisfit.profile(fit, "R2"), eisfit.profile(fit, "R1")
    np.testing.assert_allclose(mine.intervals, 2 * np.array(its.intervals), rtol=1e-6)
    np.testing.assert_allclose(mine.rise, its.rise, atol=1e-6)
    half = 0.5 * (mine.intervals[0][1] - mine.intervals[0][0])
    assert half == pytest.approx(fit.parameters[4].stderr, rel=0.03)
    drawn = eisfit.bootstrap(fit, samples=100)
    np.testing.assert_allclose(drawn.column("R2"), 2 * drawn.column("R1"), rtol=1e-12)
    assert drawn.stderr["R1"] == pytest.approx(fit.parameters[1].stderr, rel=0.25)


@pytest.mark.parametrize("loss", ["soft_l1", "cauchy", "student_t"])
def test_robust_losses_keep_ties(loss: str) -> None:
    found = eisfit.fit(spectrum(), TIED, loss=loss)
    assert found.values["R2"] == pytest.approx(2 * found.values["R1"], rel=1e-12)
    assert found.values["R1"] == pytest.approx(400.0, rel=0.005)


def test_an_exponent_goes_on_without_the_arc_that_it_was_tied_to(tmp_path: Path) -> None:
    one = Template.from_circuit("R0-p(R1,CPE1)")
    data = eisfit.Spectrum(grid(), noisy(one.circuit.impedance(grid(), [20.0, 400.0, 1e-5, 0.9]), NOISE, 3))
    alone = eisfit.fit(data, one)
    for ties in ({"CPE2_alpha": "CPE1_alpha"}, {"CPE1_alpha": "CPE2_alpha"}):
        fit = eisfit.fit(data, CIRCUIT.setting(ties))
        seen = {p.name: p for p in fit.parameters if p.state != "not detected"}
        assert {p.name[-1] for p in fit.parameters if p.state == "not detected"} >= {"Q"}
        (alpha,) = [p for n, p in seen.items() if n.endswith("alpha")]
        assert alpha.value == pytest.approx(alone.values["CPE1_alpha"], rel=1e-4)
        assert alpha.stderr == pytest.approx(alone.parameters[3].stderr, rel=0.02)
        store.save(tmp_path / "x.h5", [fit], overwrite=True)
        assert redo(store.load(tmp_path / "x.h5")[0]) == fit


def test_ties_of_a_cell_hold_and_split_what_is_in_series() -> None:
    cell = eisfit.template("le_se", electrodes=4)
    values = {"R_le": 50.0, "Zarc_b_R": 100.0, "Zarc_b_tau": 1e-10, "Zarc_b_alpha": 0.95, "Zarc_gb_R": 250.0,
              "Zarc_gb_tau": 2.5e-6, "Zarc_gb_alpha": 0.95, "Zarc_int_R": 500.0, "Zarc_int_tau": 5e-4,
              "Zarc_int_alpha": 0.9}  # fmt: skip
    data = measured(cell, values, noise=0.002, seed=4)
    fit = eisfit.fit(data, cell.setting({"R_le": "0.2*Zarc_gb_R"}))
    assert fit["liquid"].resistance_ohm == pytest.approx(50.0, abs=4 * fit["liquid"].resistance_stderr_ohm)
    assert fit["bulk"].resistance_ohm == pytest.approx(100.0, abs=4 * fit["bulk"].resistance_stderr_ohm)
    assert {p.name: p.state for p in fit.parameters}["R_le"] == "tied"


def test_a_tie_that_leads_out_of_the_fit_is_said() -> None:
    cell = eisfit.template("le_se", electrodes=4)
    faded = cell.with_arcs_as_resistors(("bulk",))
    values = dict(zip(faded.circuit.names, (150.0, 250.0, 2.5e-6, 0.95, 500.0, 5e-4, 0.9), strict=True))
    fit = eisfit.fit(measured(faded, values), cell.setting({"Zarc_gb_alpha": "Zarc_b_alpha"}))
    assert any(
        r.startswith("Zarc_gb_alpha is not tied to Zarc_b_alpha: Zarc_b_alpha is no parameter of this fit")
        for r in fit.remarks
    )


def test_a_tie_to_a_segment_that_is_not_between_the_probes_is_said() -> None:
    cell = eisfit.template("le_se", electrodes=4)
    values = dict(
        zip(
            cell.with_arcs_as_resistors(("bulk",)).circuit.names,
            (150.0, 250.0, 2.5e-6, 0.95, 500.0, 5e-4, 0.9),
            strict=True,
        )
    )
    data = measured(cell.with_arcs_as_resistors(("bulk",)), values)
    fit = eisfit.fit(data, cell.setting({"Zarc_int_alpha": "Zarc_el_alpha"}))
    assert any("Zarc_el_alpha is no parameter of this fit" in r for r in fit.remarks)
    heirs = eisfit.fit(
        data, cell.setting({"Zarc_int_alpha": "Zarc_el_alpha", "Zarc_gb_alpha": "Zarc_el_alpha"})
    )
    assert heirs.values["Zarc_int_alpha"] == heirs.values["Zarc_gb_alpha"]
    assert not any("is not tied" in r for r in heirs.remarks)


def test_each_spectrum_may_know_values_of_its_own(tmp_path: Path) -> None:
    cell = eisfit.template("le_se", electrodes=4)
    faded = cell.with_arcs_as_resistors(("bulk",))
    spectra = []
    for k, r_le in enumerate((80.0, 40.0, 0.1 + 0.2)):
        r_b = 300.0 / 2**k
        values = dict(
            zip(faded.circuit.names, (r_le + r_b, 250.0, 2.5e-6, 0.95, 500.0, 5e-4, 0.9), strict=True)
        )
        c = GEOMETRY.updated(temperature_c=20.0 + 10 * k, fixed={"R_le": r_le})
        spectra.append(measured(faded, values, noise=0.002, seed=k, conditions=c, label=f"s{k}"))
    series = eisfit.fit_series(spectra, cell)
    store.save(tmp_path / "x.h5", series)
    for fits in (series, eisfit.fit_many(spectra, cell), store.load(tmp_path / "x.h5")):
        for f, s in zip(fits, spectra, strict=True):
            assert f.values["R_le"] == s.conditions.fixed["R_le"]
            assert f.template.settings["R_le"] == Setting(fixed=s.conditions.fixed["R_le"])
            expected = 300.0 / 2 ** spectra.index(s)
            assert f["bulk"].resistance_ohm == pytest.approx(
                expected, abs=4 * f["bulk"].resistance_stderr_ohm
            )
    alone = eisfit.fit(spectra[2], cell)
    assert redo(alone) == alone


def test_values_of_one_spectrum_and_of_all_go_together() -> None:
    spectra = [spectrum(k) for k in range(3)]
    spectra[1] = spectra[1].under(eisfit.Conditions(fixed={"R0": 19.0}))
    fits = eisfit.fit_many(spectra, CIRCUIT.setting({"R0": 20.0, "R2": "2*R1"}))
    assert [f.values["R0"] for f in fits] == [20.0, 19.0, 20.0]
    some = eisfit.fit_many(spectra, CIRCUIT)
    assert [f.parameters[0].state for f in some] == ["free", "fixed", "free"]
    tied = eisfit.fit_many([s.under(eisfit.Conditions(fixed={"R1": 390.0 + k})) for k, s in enumerate(spectra)],
                           CIRCUIT.setting({"R2": "2*R1"}))  # fmt: skip
    assert [f.values["R2"] for f in tied] == [780.0, 782.0, 784.0]


def test_values_that_cannot_be_known_are_named_with_their_spectrum() -> None:
    s = spectrum()
    wrong = s.under(eisfit.Conditions(temperature_c=25.0, fixed={"R9": 20.0}))
    right = s.under(eisfit.Conditions(temperature_c=35.0, fixed={"R0": 20.0}))
    neither = s.under(eisfit.Conditions(temperature_c=45.0))
    bad, good = eisfit.fit_many([wrong, right], CIRCUIT)
    assert bad.outcome is Outcome.FAILED
    assert "s1: circuit 'R0-p(R1,CPE1)-p(R2,CPE2)': unknown parameter 'R9'" in bad.sentence
    assert good.values["R0"] == 20.0
    with pytest.raises(eisfit.errors.SeriesError, match=r"s1: circuit .* unknown parameter 'R9'"):
        eisfit.fit_series([wrong, right], CIRCUIT)
    with pytest.raises(
        eisfit.errors.SeriesError, match="R0 is fixed in 1 of 2 spectra, and not in s1: state its"
    ):
        eisfit.fit_series([right, neither], CIRCUIT)
    with pytest.raises(eisfit.errors.InputError, match=r"fixed\.R0 is -3: it must be positive"):
        eisfit.Conditions(fixed={"R0": -3.0})


def test_a_stray_capacitance_moves_what_is_tied_with_what_it_follows() -> None:
    (cold,) = eisfit.read(ROOT / "sample_spectra" / "llto_blocking_cold" / "llto_20C.csv")
    template = eisfit.template("se_blocking", electrodes=2).setting({"Zarc_gb_alpha": "Zarc_b_alpha"})
    (fit,) = eisfit.fit_series([cold.under(temperature_c=20.0)], template)
    tied, followed = fit["Zarc_gb_alpha"], fit["Zarc_b_alpha"]
    assert tied.state == "tied"
    assert followed.stderr_log is not None
    assert 0 < followed.stderr_log < 0.1
    assert tied.stderr_log == pytest.approx(followed.stderr_log)


def test_a_keyword_of_lmfit_is_told_what_it_is_here() -> None:
    with pytest.raises(TemplateError, match=r"Setting has no 'expr' \(did you mean 'tie'\?\)"):
        Setting(expr="R1")  # type: ignore[call-arg]
