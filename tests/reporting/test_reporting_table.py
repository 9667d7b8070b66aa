"""What is reported when: one golden spectrum for each row of the table."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, Fit, Outcome
from eisfit.cell.segments import Setting
from eisfit.tools.statistics import NORMAL_95
from support.cells import GEOMETRY, TWO_ELECTRODES, grid, le_se_faded, le_se_values, measured


def within(contribution: eisfit.Contribution, truth: float, sigmas: float = 4.0) -> bool:
    return abs(contribution.resistance_ohm - truth) < sigmas * contribution.resistance_stderr_ohm


def names(fitted: Fit) -> list[str]:
    return [c.name for c in fitted.contributions]


def test_an_arc_in_the_window_is_resolved_with_its_covariance_error() -> None:
    fitted = eisfit.fit(measured(le_se_faded(), le_se_values()), "le_se")
    interface = fitted["interface"]
    assert interface.resolved == "yes"
    assert interface.note == ""
    assert within(interface, 1000.0)
    assert interface.count == 2
    k = [p.name for p in fitted.parameters].index("Zarc_int_R")
    assert interface.resistance_stderr_ohm == pytest.approx(2 * np.sqrt(fitted.covariance[k, k]))
    assert interface.asr_ohm_cm2 == pytest.approx(interface.resistance_ohm / 2)
    assert interface.frequency_hz == pytest.approx(1 / (2 * np.pi * 5e-4), rel=0.02)
    assert interface.capacitance_f == pytest.approx(1e-6, rel=0.02)
    assert "Hsu" in interface.capacitance_formula
    assert fitted.outcome is Outcome.GOOD


def test_strong_correlation_brings_the_profile_interval() -> None:
    # two arcs with a ratio of time constants of 3, at capacitances that tell them apart
    t = 1.5e-5
    values = le_se_values(50.0, (250.0, t, 0.9), (125.0, 3 * t, 0.9))
    fitted = eisfit.fit(measured(le_se_faded(), values), "le_se")
    gb = fitted["grain boundary"]
    low, high = gb.ci95_ohm
    assert gb.resolved == "yes"
    assert low < 250.0 < high
    by_covariance = np.exp(-NORMAL_95 * gb.stderr_log * np.array([1, -1])) * gb.resistance_ohm
    assert not np.allclose(gb.ci95_ohm, by_covariance, rtol=1e-6)
    symmetric_in_log = gb.resistance_ohm**2 / high
    assert low < 0.95 * symmetric_in_log, "the profile of a badly known resistance is no log-normal"


def test_a_top_above_the_window_that_is_still_determined_keeps_its_value() -> None:
    values = le_se_values(gb=(250.0, 1 / (2 * np.pi * 1.2e6), 1.0))
    gb = eisfit.fit(measured(le_se_faded(), values), "le_se")["grain boundary"]
    assert gb.resolved == "top outside window"
    assert "outside 0.2 to 5e+05 Hz" in gb.note
    assert within(gb, 250.0)


def test_two_arcs_of_one_time_constant_are_known_by_their_sum_only() -> None:
    c = 6e-8
    values = le_se_values(50.0, (250.0, 250.0 * c / 1.3, 0.9), (125.0, 125.0 * 2 * c * 1.3, 0.9))
    fitted = eisfit.fit(measured(le_se_faded(), values), "le_se")
    total = fitted["grain boundary + interface"]
    assert total.resolved == "sum only"
    assert within(total, 500.0)
    assert total.stderr_log < 0.01
    assert total.role == "grain_boundary + interface"
    for name in ("grain boundary", "interface"):
        assert np.isnan(fitted[name].resistance_ohm)
        assert fitted[name].resolved == "sum only"
    assert np.isnan(total.asr_ohm_cm2), "a layer and an interface have no common area-specific resistance"
    assert fitted.outcome is Outcome.NOT_SEPARABLE


def test_an_arc_far_above_the_window_is_a_resistor_in_one_row_with_the_liquid() -> None:
    fitted = eisfit.fit(measured(le_se_faded(), le_se_values()), "le_se")
    assert names(fitted)[0] == "liquid + bulk"
    assert fitted["liquid + bulk"].resolved == "sum only"
    assert within(fitted["liquid + bulk"], 100.0)
    assert "liquid" not in names(fitted)
    assert "bulk" not in names(fitted)
    assert np.isnan(fitted["liquid + bulk"].conductivity_s_cm)


def test_a_single_resistor_keeps_its_name() -> None:
    cell = eisfit.template("se_blocking", electrodes=2).with_arcs_as_resistors(("bulk",))
    values = {"R_b": 80.0, "Zarc_gb_R": 400.0, "Zarc_gb_tau": 4e-6, "Zarc_gb_alpha": 0.95}
    values |= {"CPE_el_Q": 1e-5, "CPE_el_alpha": 0.85}
    fitted = eisfit.fit(measured(cell, values, conditions=TWO_ELECTRODES), "se_blocking")
    assert fitted["bulk"].resolved == "top outside window"
    assert within(fitted["bulk"], 80.0)
    assert fitted["bulk"].conductivity_s_cm == pytest.approx(0.1 / 80.0, rel=0.02)
    assert fitted["electrode"].resolved == "blocking"


def test_a_lead_has_an_inductance_and_no_resistance() -> None:
    cell = eisfit.Template.from_circuit("L_lead-R_b-p(R_ct,C_dl)")
    values = {"L_lead": 2e-6, "R_b": 30.0, "R_ct": 200.0, "C_dl": 1e-6}
    fitted = eisfit.fit(measured(cell, values), cell)
    lead = fitted["L_lead"]
    assert (lead.resolved, lead.note) == ("yes", "passes direct current without a resistance")
    assert np.isnan([lead.resistance_ohm, lead.resistance_stderr_ohm, *lead.ci95_ohm, lead.asr_ohm_cm2]).all()
    assert within(fitted["R_b"], 30.0)
    assert fitted.values["L_lead"] == pytest.approx(2e-6, rel=0.01)
    (resistances, *_) = eisfit.fit_series([fitted.spectrum], cell).sheets()
    assert resistances.rows[0][resistances.columns.index("L_lead")] == ""


def bulk_leaves(temperatures: tuple[float, ...], bulk_r: tuple[float, ...]) -> list[eisfit.Spectrum]:
    """Return spectra of a cell whose bulk arc (20 pF) moves up and out of the window."""
    cell = eisfit.template("le_se", electrodes=4)
    spectra = []
    for k, (t, r) in enumerate(zip(temperatures, bulk_r, strict=True)):
        values = {"R_le": 30.0, "Zarc_b_R": r, "Zarc_b_tau": r * 2e-11, "Zarc_b_alpha": 1.0}
        values |= {"Zarc_gb_R": 3 * r, "Zarc_gb_tau": 3 * r * 1e-8, "Zarc_gb_alpha": 0.95}
        values |= {"Zarc_int_R": 10 * r, "Zarc_int_tau": 1e-5 * r, "Zarc_int_alpha": 0.9}
        conditions = GEOMETRY.updated(temperature_c=t)
        spectra.append(measured(cell, values, seed=k, conditions=conditions, label=f"{t:g}C"))
    return spectra


def test_a_bulk_seen_at_low_temperature_is_decided_once_for_the_series() -> None:
    series = eisfit.fit_series(bulk_leaves((-40.0, -20.0, 0.0, 20.0), (2e4, 4e3, 1e3, 300.0)), "le_se")
    assert all("bulk" in names(f) for f in series)
    assert series[0]["bulk"].resolved == "yes"
    assert within(series[0]["bulk"], 2e4)
    assert series[3]["liquid + bulk"].resolved == "sum only", "an arc at 27 MHz is not told from the liquid"
    assert within(series[3]["liquid + bulk"], 330.0)
    line = series.arrhenius("bulk")
    labels = [label for label, used in zip(line.labels, line.used, strict=True) if used]
    for fitted in series:
        if fitted.label in labels:
            truth = {"-40C": 2e4, "-20C": 4e3, "0C": 1e3, "20C": 300.0}[fitted.label]
            assert within(fitted["bulk"], truth, 4.5), "a point of the line holds something else than bulk"


def test_what_is_not_there_has_an_upper_limit_and_no_value() -> None:
    fitted = eisfit.fit(measured(le_se_faded(), le_se_values(interface=(1e-6, 1e-3, 0.9))), "le_se")
    interface = fitted["interface"]
    assert interface.resolved == "upper limit"
    assert np.isnan(interface.resistance_ohm)
    assert 0 < interface.limit_ohm < 60.0
    assert "below" in interface.note
    assert "95 %" in interface.note
    assert within(fitted["grain boundary"], 250.0)
    assert fitted["grain boundary"].resolved == "yes"
    parameter = next(p for p in fitted.parameters if p.name == "Zarc_int_R")
    assert parameter.note == "not detected"
    assert np.isnan(parameter.value)


def test_an_upper_limit_holds_what_is_really_there() -> None:
    misses = 0
    for seed in range(20):
        values = le_se_values(interface=(0.3, 0.3 * 1e-6, 1.0), gb=(250.0, 250e-8, 0.95))
        interface = eisfit.fit(measured(le_se_faded(), values, seed=seed), "le_se")["interface"]
        if interface.resolved == "upper limit":
            misses += interface.limit_ohm < 0.6
    assert misses <= 3


def test_two_electrodes_never_tell_the_interface_by_itself() -> None:
    cell = eisfit.template("le_se", electrodes=2).with_arcs_as_resistors(("bulk",))
    values = le_se_values() | {"Zarc_el_R": 40.0, "Zarc_el_tau": 40.0 * 2e-5, "Zarc_el_alpha": 0.85}
    fitted = eisfit.fit(measured(cell, values, conditions=TWO_ELECTRODES), "le_se")
    assert "interface" not in names(fitted)
    assert "electrode" not in names(fitted)
    both = fitted["interface + electrode"]
    assert within(both, 1080.0)
    assert both.stderr_log < 0.01
    assert both.asr_ohm_cm2 == pytest.approx(both.resistance_ohm / 2)
    assert "four electrodes" in both.note


def test_a_fixed_resistor_splits_the_sum_again() -> None:
    spectrum = measured(le_se_faded(), le_se_values())
    t = eisfit.template("le_se", electrodes=4).setting({"R_le": Setting(fixed=30.0)})
    fitted = eisfit.fit(spectrum, t)
    assert names(fitted)[:2] == ["liquid", "bulk"]
    assert within(fitted["bulk"], 70.0)
    assert fitted["liquid"].resistance_ohm == 30.0
    assert np.isnan(fitted["liquid"].resistance_stderr_ohm)


def test_an_arc_below_the_window_without_a_value_has_a_lower_limit() -> None:
    values = le_se_values(interface=(5e6, 5e4, 0.9))
    interface = eisfit.fit(measured(le_se_faded(), values, frequency_hz=grid(1e6, 1.0)), "le_se")["interface"]
    assert interface.resolved == "no"
    assert np.isnan(interface.resistance_ohm)
    assert 0 < interface.limit_ohm < 1e7
    assert "at least" in interface.note


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda f: 30 * (1 - 0.5j) * np.exp(-8 * np.log10(f / 5e5) ** 2), "high-frequency end"),
        (lambda f: 300 * (1 - 0.3j) * np.exp(-2 * np.log10(f / 0.2) ** 2), "low-frequency end"),
    ],
    ids=["instrument limit", "drift"],
)
def test_a_misfit_is_said_with_its_likely_cause(spoil, cause: str) -> None:
    clean = measured(le_se_faded(), le_se_values(), noise=0.002)
    spoiled = eisfit.Spectrum(
        clean.frequency_hz, clean.z_ohm + spoil(clean.frequency_hz), conditions=clean.conditions
    )
    fitted = eisfit.fit(spoiled, "le_se")
    assert fitted.outcome is Outcome.MISFIT
    assert cause in fitted.sentence
    assert fitted.statistics is not None
    assert fitted.statistics.rms_percent > fitted.statistics.noise_percent


def test_an_arc_with_an_impossible_capacitance_is_not_passed_off_as_its_segment() -> None:
    clean = measured(le_se_faded(), le_se_values(), noise=0.002)
    f = clean.frequency_hz
    diffusion = 60 * (1 - 1j) / np.sqrt(2 * np.pi * f)
    fitted = eisfit.fit(eisfit.Spectrum(f, clean.z_ohm + diffusion, conditions=clean.conditions), "le_se")
    strange = [c for c in fitted.contributions if c.role == "unassigned"]
    assert len(strange) == 1
    assert strange[0].resolved == "no", "the tail of diffusion has no size in this window"
    assert np.isnan([strange[0].asr_ohm_cm2, strange[0].conductivity_s_cm]).all()
    assert within(fitted["grain boundary"], 250.0)
    assert within(fitted["interface"], 1000.0)


def test_good_fits_are_not_called_misfits() -> None:
    outcomes = [
        eisfit.fit(measured(le_se_faded(), le_se_values(), seed=k), "le_se").outcome for k in range(25)
    ]
    assert sum(o is not Outcome.GOOD for o in outcomes) <= 1


def test_without_an_area_there_are_resistances_only_and_that_is_said() -> None:
    bare = measured(le_se_faded(), le_se_values(), conditions=Conditions(electrodes=4))
    fitted = eisfit.fit(bare, "le_se")
    assert np.isnan(fitted["interface"].asr_ohm_cm2)
    assert within(fitted["interface"], 1000.0)
    assert any("no area_cm2 given: resistances only" in r for r in fitted.remarks)


def test_an_area_error_enters_the_specific_values_alone() -> None:
    conditions = GEOMETRY.updated(area_err_cm2=0.05)
    c = eisfit.fit(measured(le_se_faded(), le_se_values(), conditions=conditions), "le_se")["interface"]
    assert c.resistance_stderr_ohm / c.resistance_ohm < 0.01
    assert c.asr_stderr_ohm_cm2 / c.asr_ohm_cm2 == pytest.approx(0.05, rel=0.01)


def test_an_unknown_contribution_is_named_with_those_there_are() -> None:
    fitted = eisfit.fit(measured(le_se_faded(), le_se_values()), "le_se")
    with pytest.raises(
        KeyError, match=r"no contribution 'pore'; there are 'liquid [+] bulk', 'grain boundary', 'interface'"
    ):
        fitted["pore"]


def test_the_model_of_a_fit_goes_through_the_points() -> None:
    fitted = eisfit.fit(measured(le_se_faded(), le_se_values()), "le_se")
    assert np.abs(fitted.residual_percent).max() < 3.0
    assert fitted.impedance([1e-6])[0].real == pytest.approx(1350.0, rel=0.01)
