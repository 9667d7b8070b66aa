"""What links cost, and what is printed of it: every number has bounded length and sense."""

import re

import numpy as np
import pytest

import eisfit
from benchmarks import scenarios
from eisfit.engine.joint import Block, JointProblem
from eisfit.engine.posing import pose
from eisfit.joint.plausible import capacitance_off, changed_places, price_of_arcs
from eisfit.simulate import simulate
from support.eight_electrodes import eight_electrodes

F = np.logspace(5, 0, 51)


def near_its_bound(seed: int) -> list[eisfit.Spectrum]:
    """Return spectra of an arc whose exponent is so near to 1 that noise takes it there in some of them."""
    rng = np.random.default_rng(seed)
    spectra = []
    for t in range(0, 80, 10):
        r = 1e3 * np.exp(0.3 / 8.617333262e-5 * (1 / (t + 273.15) - 1 / 313.15))
        z = 20 + r / (1 + (2j * np.pi * F * r * 1e-7) ** 0.999)
        z = z * (1 + 0.005 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        spectra.append(eisfit.Spectrum(F, z, conditions=eisfit.Conditions(temperature_c=t), label=f"{t}C"))
    return spectra


@pytest.mark.parametrize("seed", [1, 2])
def test_a_free_value_on_its_bound_deviates_by_what_it_gains(seed: int) -> None:
    series = eisfit.fit_joint(near_its_bound(seed), "R0-Zarc1", share=["Zarc1_alpha"])
    resting = [p for f in series for p in f.parameters if p.name == "Zarc1_alpha" and p.state != "free"]
    assert resting  # at least one independent fit ends on the bound
    assert series.joint is not None
    (test,) = series.joint.tests
    assert abs(test.deviation) < 4
    assert not test.rejected
    printed = " ".join(cell for sheet in series.joint.sheets() for row in sheet.rows for cell in row)
    assert not re.search(r"\d{9}", printed)


def test_numbers_of_joint_fits_are_short_whatever_they_are() -> None:
    from eisfit.results.joint import LinkTest

    test = LinkTest("R1", "one value", 3.2e41, 5, 0.0, "a", -4.9e148)
    assert "deviates by -4.9e+148 standard errors" in test.sentence


def test_the_capacitance_of_an_arc_far_above_the_window_says_nothing_about_its_name() -> None:
    cell = eisfit.template("pe_se_spei", electrodes=4)
    true = {"Zarc_pe_R": 12, "Zarc_pe_tau": 1e-9, "Zarc_pe_alpha": 0.95, "Zarc_b_R": 26, "Zarc_b_alpha": 0.99}
    true |= {
        "Zarc_film_R": 0.8,
        "Zarc_film_tau": 1e-6,
        "Zarc_film_alpha": 0.9,
        "Zarc_ct_R": 5,
        "Zarc_ct_tau": 1e-4,
    }
    true |= {"Zarc_ct_alpha": 0.9}

    def said_of(tau_s: float) -> tuple[float, float, set[str]]:
        values = {**true, "Zarc_b_tau": tau_s}
        x = np.log([[values[name] for name in cell.circuit.names]])
        z = cell.circuit.impedance(np.logspace(6, 0, 61), values)
        spectrum = eisfit.Spectrum(
            np.logspace(6, 0, 61),
            z,
            conditions=eisfit.Conditions(area_cm2=0.785, thickness_cm=0.1, electrodes=4),
        )
        one = np.ones(1)
        block = Block(pose([spectrum], cell), (), (), one, 0 * one, np.arange(1))
        joint = JointProblem((block,), np.empty((2, 0)))
        return price_of_arcs(joint, [x]), capacitance_off(joint, [x]), set(changed_places(joint, [x]))

    price, off, changed = said_of(1e-15)  # at 1e6 Hz a resistor
    assert (price, changed) == (0.0, set())
    price_seen, off_seen, changed_seen = said_of(3e-5)
    assert price_seen > 0
    assert off_seen > off
    assert "bulk" in changed_seen


@pytest.mark.parametrize("factor", [1.0, 1.1])
def test_a_pair_of_probes_that_sees_another_cell_is_said(factor: float) -> None:
    spectra = [
        eisfit.Spectrum(s.frequency_hz, z, conditions=s.conditions, label=s.label)
        for s in eight_electrodes(1, temperatures=(30,))
        for z in [s.z_ohm * (factor if s.conditions.probe_pair == "S2-R1" else 1)]
    ]
    joint = eisfit.fit_joint(spectra, "le_se_eight").joint
    assert joint is not None
    tests = {t.parameter: t for t in joint.tests}
    assert list(tests) == ["pair L2-S1", "pair S1-S2", "pair S2-R1", "pair L2-R1"]
    assert [t.constraints for t in tests.values()] == [7, 4, 7, 10]
    assert joint.headline().endswith("several pairs of probes")
    if factor == 1:
        assert min(t.p for t in tests.values()) > 0.01
        assert joint.outcome is eisfit.Outcome.GOOD
    else:
        assert joint.outcome is eisfit.Outcome.CONTRADICTED
        assert abs(tests["pair S2-R1"].deviation) > 5
        assert "check which probes were connected and where they stand" in tests["pair S2-R1"].sentence


@pytest.mark.slow
def test_an_arc_that_stands_alone_at_one_temperature_takes_no_other_name() -> None:
    made = simulate("G", seed=6)  # at 80 °C the bulk is an arc of its own, far above the window
    joint = scenarios.fitted(made, "joint").joint
    assert joint is not None
    assert not joint.remarks
    assert [law.contribution for law in joint.laws] == ["interphase", "charge transfer"]
    assert all(abs(law["E"].value - 0.5) < 3 * law["E"].stderr for law in joint.laws)
