"""Names of arcs over a series: right, or left open with the remedy, never guessed."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit import Outcome, Series
from eisfit.cell.template_file import parse_template
from eisfit.errors import FitError, TemplateError
from support.simulated_cells import Cell, activated, arc, liquid_solid, pellet

GB, INTERFACE = (250.0, 0.40, 1e-8, 0.95), (500.0, 0.52, 7e-7, 0.9)
FITS_BOTH = (250.0, 0.40, 1e-7, 0.95), (500.0, 0.52, 2.6e-7, 0.9)


@cache
def both_fit() -> tuple[Cell, Series]:
    """Return a cell whose capacitances suit either assignment."""
    cell = liquid_solid(*FITS_BOTH)
    return cell, cell.series()


def named(series: Series, name: str) -> int:
    """Return in how many spectra a contribution has a value under its own name."""
    return sum(c.name == name and math.isfinite(c.resistance_ohm) for f in series for c in f.contributions)


def within(found: eisfit.Contribution, true_ohm: float, errors: float = 4.0) -> bool:
    return abs(found.resistance_ohm - true_ohm) < max(errors * found.resistance_stderr_ohm, 0.02 * true_ohm)


def test_arcs_that_capacitances_tell_apart_are_named_in_every_spectrum() -> None:
    cell = liquid_solid(GB, INTERFACE)
    series = cell.series()
    for fit, truth in zip(series, cell.truth, strict=True):
        for name in ("grain boundary", "interface"):
            assert within(fit[name], truth[name])
            assert fit[name].odds >= 20
    assert series.arrhenius("interface").activation_energy_ev == pytest.approx(0.52, abs=0.02)


def test_arcs_that_cross_keep_their_names() -> None:
    cell = liquid_solid((2500.0, 0.35, 8e-9, 0.95), (250.0, 0.80, 7e-7, 0.9))
    for fit, truth in zip(cell.series(), cell.truth, strict=True):
        for row in fit.contributions:
            if math.isfinite(row.resistance_ohm) and row.name in truth:
                assert within(row, truth[row.name]), (fit.label, row.name)


def test_where_capacitances_suit_either_the_arcs_have_both_names() -> None:
    cell, series = both_fit()
    assert named(series, "grain boundary") == named(series, "interface") == 0
    fast, slow = "grain boundary or interface (1)", "grain boundary or interface (2)"
    for fit, truth in zip(series, cell.truth, strict=True):
        assert fit.outcome is Outcome.UNDECIDED
        assert within(fit[fast], truth["grain boundary"])
        assert within(fit[slow], truth["interface"])
        assert 1 <= fit[fast].odds < 20
        assert set(fit[slow].rivals) == {"grain boundary", "interface"}
        assert "a second thickness decides" in fit[slow].note
        assert np.isnan([fit[fast].conductivity_s_cm, fit[fast].asr_ohm_cm2]).all()
    assert series.arrhenius(slow, "ln(1/R)").activation_energy_ev == pytest.approx(0.52, abs=0.02)


def test_the_user_may_settle_it() -> None:
    cell, _ = both_fit()
    series = cell.series(assign=["grain boundary", "interface"])
    other = cell.series(assign=["interface", "grain boundary"])
    for fit, swapped, truth in zip(series, other, cell.truth, strict=True):
        assert within(fit["interface"], truth["interface"])
        assert within(swapped["grain boundary"], truth["interface"])
    with pytest.raises(FitError, match="assign names 'gb', which is no arc of the template; its arcs are"):
        cell.series(assign=["gb"])


def test_a_total_is_unknown_where_one_of_its_arcs_may_belong_elsewhere() -> None:
    cell = Cell("le_se_slei", 4, thickness_cm=0.015)
    omega = 2 * np.pi * cell.f_hz
    for t in (10.0, 20.0, 30.0, 40.0, 50.0, 60.0):
        grain, film, transfer = (activated(r, e, t) for r, e in ((250.0, 0.4), (380.0, 0.5), (617.0, 0.55)))
        z = 60 + arc(omega, grain, 8e-8, 0.95) + 2 * arc(omega, film, 2.7e-7, 0.95)
        cell.add(t, z + 2 * arc(omega, transfer, 7.85e-6, 0.9), charge_transfer=2 * transfer)
    series = cell.series()
    for fit, truth in zip(series, cell.truth, strict=True):
        assert within(fit["charge transfer"], truth["charge transfer"])
        total = fit["interface"]
        assert math.isnan(total.resistance_ohm)
        assert (total.resolved, total.cause) == ("sum only", "part undecided")
        assert "grain boundary or interphase" in total.note
    assert "interface" not in {line.contribution for line, _ in series.lines()}


def test_one_spectrum_follows_the_same_rules() -> None:
    cell, _ = both_fit()
    alone = eisfit.fit(cell.spectra[2], "le_se")
    assert {c.name for c in alone.contributions} >= {
        "grain boundary or interface (1)",
        "grain boundary or interface (2)",
    }
    clear = eisfit.fit(liquid_solid(GB, INTERFACE).spectra[2], "le_se")
    assert clear["interface"].odds >= 20


def test_the_only_arc_of_a_cold_pellet_is_its_bulk() -> None:
    cell = pellet((2000.0, 0.38, 2.4e-11, 0.93), None, celsius=range(-70, 1, 10))
    series = cell.series()
    for fit, truth in zip(series, cell.truth, strict=True):
        assert within(fit["bulk"], truth["bulk"])
        assert fit["grain boundary"].resolved == "upper limit"
    line = series.arrhenius("bulk", "ln(sigma)")
    assert (line.points_used, line.points_total) == (8, 8)
    assert line.activation_energy_ev == pytest.approx(0.38, abs=0.01)


def test_an_only_arc_of_a_double_layer_is_the_interface() -> None:
    cell = liquid_solid((0.0, 0.4, 1e-8, 1.0), (500.0, 0.52, 2e-6, 0.95), celsius=[25])
    (fit,) = cell.series()
    assert within(fit["interface"], cell.truth[0]["interface"])
    assert fit["interface"].asr_ohm_cm2 == pytest.approx(500 * 0.785, rel=0.03)


def test_an_arc_that_may_hide_either_of_two_is_their_sum() -> None:
    cell = liquid_solid((2500.0, 0.40, 8e-9, 0.95), (40.0, 0.60, 7e-7, 0.9))
    series = cell.series()
    sums = 0
    for fit, truth in zip(series, cell.truth, strict=True):
        for row in fit.contributions:
            if row.name == "grain boundary + interface":
                sums += 1
                assert within(row, truth["grain boundary"] + truth["interface"])
            elif row.name == "grain boundary" and math.isfinite(row.resistance_ohm):
                assert within(row, truth["grain boundary"])
    assert sums > 0


def test_a_bulk_that_leaves_the_window_stays_bulk() -> None:
    cell = pellet(
        (100.0, 0.35, 7e-11, 0.98), (250.0, 0.40, 8e-8, 0.95), celsius=range(-60, 21, 10), noise=0.003
    )
    series = cell.series()
    for fit, truth in zip(series, cell.truth, strict=True):
        assert within(fit["bulk"], truth["bulk"])
        assert within(fit["grain boundary"], truth["grain boundary"])
    assert series[-1]["bulk"].resolved == "top outside window"


def test_a_tail_of_diffusion_belongs_to_no_segment() -> None:
    def with_tail(omega: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.asarray(z + arc(omega, 400.0, 5e-3, 0.6))

    cell = liquid_solid(GB, INTERFACE, spoil=with_tail, celsius=[10, 20, 30, 40])
    series = cell.series()
    strange = [c for f in series for c in f.contributions if c.role == "unassigned"]
    assert all("le_se_slei has more arcs for this cell" in c.note for c in strange if c.cause == "unassigned")
    assert strange
    assert np.isnan([c.conductivity_s_cm for c in strange]).all()
    assert "unassigned" not in {line.contribution for line, _ in series.lines()}
    for fit, truth in zip(series, cell.truth, strict=True):
        assert within(fit["interface"], truth["interface"])


def test_leads_and_cables_of_the_bench_are_found_for_the_series() -> None:
    def on_bench(omega: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.asarray(1 / (1 / z + 1j * omega * 1e-11) + 1j * omega * 3e-7)

    cell = liquid_solid((2500.0, 0.40, 8e-9, 0.95), (150.0, 0.52, 7e-7, 0.9), noise=0.003, spoil=on_bench)
    series = cell.series()
    inductances = np.array([f.values["L_lead"] for f in series])
    assert np.median(inductances) == pytest.approx(3e-7, rel=0.2)
    assert series.arrhenius("grain boundary", "ln(sigma)").activation_energy_ev == pytest.approx(
        0.40, abs=0.012
    )
    plain = liquid_solid((2500.0, 0.40, 8e-9, 0.95), (150.0, 0.52, 7e-7, 0.9), noise=0.003).series()
    assert "lead" not in plain.names


def test_a_cell_without_a_segment_is_told_so() -> None:
    cell = liquid_solid((0.0, 0.4, 1e-8, 1.0), (500.0, 0.52, 1e-6, 0.9))
    crystal = eisfit.template("le_se", electrodes=4).without(["grain boundary"])
    series = eisfit.fit_series(cell.spectra, crystal)
    assert "grain boundary" not in " ".join(series.names)
    assert series.arrhenius("liquid + bulk").points_used == 7
    with pytest.raises(TemplateError, match="unknown segment 'gb'; known: liquid, bulk"):
        crystal.without(["gb"])
    with pytest.raises(TemplateError, match="nothing is left"):
        crystal.without([s.name for s in crystal.segments])


def test_the_odds_and_names_lie_in_the_file(tmp_path: Path) -> None:
    _, series = both_fit()
    back = eisfit.store.load(eisfit.store.save(tmp_path / "eisfit.h5", series))
    assert back == series
    row = back[0]["grain boundary or interface (2)"]
    assert row.rivals
    assert row.odds == series[0]["grain boundary or interface (2)"].odds


LEAD = """
[[segment]]
name = "leads"
role = "lead"
circuit = "{0}"

"""


@pytest.mark.parametrize("inductor", ["L_lead", "L_1"])
def test_the_lead_of_a_template_is_the_lead_of_the_bench(inductor: str) -> None:
    def with_lead(omega: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.asarray(z + 1j * omega * 1e-6)

    cell = liquid_solid(GB, INTERFACE, spoil=with_lead, celsius=[10, 20, 30, 40])
    text = eisfit.template("le_se").text.replace("[[segment]]", LEAD.format(inductor) + "[[segment]]", 1)
    text = text.replace("segments = { liquid", "segments = { leads = 1, liquid")
    own = parse_template("le_se_with_lead", text).with_electrodes(4)
    for fits in (eisfit.fit_series(cell.spectra, own), [eisfit.fit(cell.spectra[1], own)]):
        for fit in fits:
            truth = cell.truth[[s.label for s in cell.spectra].index(fit.label)]
            assert [c.name for c in fit.contributions if c.role == "lead"] == ["leads"]
            assert fit.values[inductor] == pytest.approx(1e-6, rel=0.05)
            assert within(fit["grain boundary"], truth["grain boundary"])


def test_labels_of_a_template_do_not_meet_those_of_the_bench() -> None:
    cell = pellet((100.0, 0.35, 7e-11, 0.98), (250.0, 0.40, 8e-8, 0.95), celsius=[-40, -30, -20])
    text = eisfit.template("se_blocking").text
    for old, new in (("Zarc_b", "Zarc_arc1"), ("Zarc_gb", "Zarc_series"), ("CPE_el", "CPE_lead")):
        text = text.replace(old, new)
    renamed = eisfit.fit_series(cell.spectra, parse_template("renamed", text).with_electrodes(2))
    for fit, plain in zip(renamed, cell.series(), strict=True):
        for ours, theirs in zip(fit.contributions, plain.contributions, strict=True):
            assert ours.name == theirs.name
            assert ours.resistance_ohm == pytest.approx(theirs.resistance_ohm, rel=1e-4, nan_ok=True)


def test_arcs_of_a_circuit_that_cross_keep_their_places() -> None:
    spectra = []
    f = np.logspace(6, -2, 81)
    omega = 2 * np.pi * f
    for k, t in enumerate(range(0, 81, 10)):
        slow, fast = activated(1200.0, 0.75, t), activated(600.0, 0.25, t)
        z = 10 + arc(omega, slow, 4e-7, 0.9) + arc(omega, fast, 2e-6, 0.95)
        rng = np.random.default_rng(k)
        z = z * (1 + 0.001 * (rng.standard_normal(f.size) + 1j * rng.standard_normal(f.size)))
        conditions = eisfit.Conditions(temperature_c=t, temperature_err_c=0.05)
        spectra.append(eisfit.Spectrum(f, z, conditions=conditions, label=f"{t}C"))
    series = eisfit.fit_series(spectra, "R0-p(R1,CPE1)-p(R2,CPE2)")
    energies = [
        series.arrhenius(name, "ln(1/R)").activation_energy_ev for name in ("p(R1,CPE1)", "p(R2,CPE2)")
    ]
    assert sorted(energies) == pytest.approx([0.25, 0.75], abs=0.02)


def test_an_arc_under_another_one_is_in_their_sum_with_an_honest_error() -> None:
    # the interface of 34 nF/cm2 lies under the grain boundary at all temperatures
    cell = liquid_solid((1000.0, 0.38, 1.5e-8, 0.98), (150.0, 0.45, 2.67e-8, 0.95), noise=0.001)
    for fit, truth in zip(cell.series(), cell.truth, strict=True):
        whole = truth["grain boundary"] + truth["interface"]
        for row in fit.contributions:
            true = {"grain boundary + interface": whole, **truth}.get(row.name)
            if true is not None and math.isfinite(row.resistance_ohm):
                assert within(row, true), (fit.label, row.name)
            if true is not None and row.resolved == "upper limit":
                assert row.limit_ohm > true
