"""Scenarios with complementary cells: laws over all conditions, folders that are fitted jointly at once, artefacts."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit import Complement, Conditions
from eisfit.errors import InputError
from eisfit.simulate import (
    CAMPAIGNS,
    SCENARIOS,
    Artefacts,
    Part,
    parameters_at,
    simulate,
    write_simulation,
)
from eisfit.simulate.campaign_file import parse_campaign
from eisfit.workflow.joint_keys import complements_of
from eisfit.workflow.manifest import read_manifest
from support.paths import ROOT

BY_LETTER = {c.letter: c for c in CAMPAIGNS.values()}
K_EV = 8.617333262e-5


def test_there_is_a_scenario_for_each_letter() -> None:
    assert list(BY_LETTER) == [*"ABCDEFGHIJKM", "S08", "S21"]
    for letter, campaign in BY_LETTER.items():
        assert simulate(letter).campaign is simulate(campaign.name).campaign is campaign
    assert simulate("a", seed=3) == simulate("A", seed=3)
    assert simulate("A", seed=3).complements[0].spectra != simulate("A", seed=4).complements[0].spectra


@pytest.mark.parametrize(
    ("letter", "part", "celsius", "top_hz"),
    [
        ("A", "grain boundary", 25, 63.7e3),
        ("A", "interface", 60, 2.67e3),
        ("B", "interface", 60, 1.23e3),
        ("C", "interphase", 60, 11.6e3),
        ("C", "charge transfer", 25, 32.9),
        ("D", "interphase", 25, 1.5e3),
        ("E", "interface", 80, 72),
        ("F", "interface", 60, 64.1),
        ("G", "interphase", 80, 531e3),
        ("G", "charge transfer", 25, 366),
        ("H", "interface", 25, 9.95e3),
        ("J", "interface", 30, 133),
    ],
)
def test_arcs_have_their_tops_where_the_review_puts_them(
    letter: str, part: str, celsius: float, top_hz: float
) -> None:
    p = BY_LETTER[letter].scenario.parts[part]
    assert p.capacitance_f_cm2 is not None
    top = 1 / (2 * math.pi * p.asr_at(celsius + 273.15) * p.capacitance_f_cm2)
    with_t = (
        abs(celsius - p.reference_c) / 298.15 if "T" in p.ordinate else 0.0
    )  # the review has ln(1/R) throughout
    assert top == pytest.approx(top_hz, rel=0.02 + with_t)


def test_a_broken_law_has_both_slopes_and_no_jump() -> None:
    polymer = BY_LETTER["E"].scenario.parts["polymer"]

    def slope(low: float, high: float) -> float:
        t = np.array([low, high]) + 273.15
        r = [polymer.asr_at(k) for k in t]
        return float(np.diff(np.log(r))[0] / np.diff(1 / t)[0] * K_EV)

    assert slope(30, 59) == pytest.approx(0.84, rel=1e-9)
    assert slope(61, 90) == pytest.approx(0.53, rel=1e-9)
    below, above = (polymer.asr_at(60 + off + 273.15) for off in (-1e-9, 1e-9))
    assert below == pytest.approx(above, rel=1e-9)
    assert polymer.asr_at(80 + 273.15) == pytest.approx(100, rel=1e-12)


def test_a_growing_layer_keeps_its_time_constant() -> None:
    scenario = BY_LETTER["D"].scenario
    at = [parameters_at(scenario, 25.0, Conditions(time_h=t)) for t in (0.5, 50.0, 1e6)]
    assert [v["Zarc_film_R"] for v in at[1:]] == pytest.approx(
        [300 / 0.785 * (1 - math.exp(-1)), 300 / 0.785]
    )
    assert at[0]["Zarc_film_R"] == pytest.approx(300 / 0.785 * -math.expm1(-0.01))
    assert len({round(v["Zarc_film_tau"], 12) for v in at}) == 1


def test_a_charge_transfer_falls_with_a_power_of_the_concentration_and_the_interphase_does_not() -> None:
    scenario = BY_LETTER["C"].scenario
    for molar, ct in ((0.01, 6378), (0.1, 1757), (1.0, 484), (3.0, 262)):
        under = Conditions(concentration_mol_l=molar)
        assert scenario.resistance_ohm("charge transfer", 25.0, under) == pytest.approx(
            2 * ct / 0.785, rel=2e-3
        )
        assert scenario.resistance_ohm("interface", 25.0, under) == pytest.approx(
            2 * (ct + 300) / 0.785, rel=2e-3
        )


def test_the_aqueous_interface_spans_two_decades() -> None:
    made = simulate("I")
    cells = [made.scenario, *(c.scenario for c in made.complements)]
    found = sorted(cell.resistance_ohm("interface", 25.0, cell.conditions) * 0.785 / 2 for cell in cells)
    assert found[0] == pytest.approx(250, rel=0.02)
    assert found[-1] == pytest.approx(25000, rel=0.02)


def test_the_geometry_of_a_complement_is_off_by_its_error() -> None:
    drawn = [math.log(simulate("A", seed=k).complements[0].true_geometry) for k in range(80)]
    assert np.std(drawn) == pytest.approx(0.02, rel=0.25)
    assert abs(np.mean(drawn)) < 0.005
    made = simulate("A", seed=5, noise=0.0, temperature_err_c=0.0)
    pellet = made.complements[0]
    values = parameters_at(pellet.scenario, 0.0)
    wanted = pellet.true_geometry * pellet.scenario.cell.circuit.impedance(
        pellet.spectra[1].frequency_hz, values
    )
    np.testing.assert_allclose(pellet.spectra[1].z_ohm, wanted, rtol=1e-12)
    assert pellet.true_resistance_ohm(1, "grain boundary") == pytest.approx(
        pellet.true_geometry * values["Zarc_gb_R"]
    )


def test_the_first_cell_is_the_same_with_and_without_its_complements() -> None:
    campaign = BY_LETTER["A"]
    assert simulate(campaign, seed=2).spectra == simulate(campaign.scenario, seed=2).spectra
    assert simulate(replace(campaign, complements=()), seed=2).complements == ()


@pytest.mark.parametrize("letter", BY_LETTER)
def test_a_folder_is_read_back_with_its_joint_keys_and_its_complements(letter: str, tmp_path: Path) -> None:
    campaign = BY_LETTER[letter]
    made = simulate(letter, seed=1)
    write_simulation(made, tmp_path)
    manifest = read_manifest(tmp_path)
    spectra = eisfit.read_series(tmp_path)
    assert manifest.template == (campaign.circuit or campaign.scenario.template)
    assert manifest.over == campaign.scenario.over
    assert (dict(manifest.joint.laws), manifest.joint.share) == (dict(campaign.laws), campaign.share)
    assert manifest.joint.wanted
    over = campaign.scenario.over
    assert [s.conditions.number(over) for s in spectra] == [s.conditions.number(over) for s in made.spectra]
    for s, m in zip(spectra, made.spectra, strict=True):
        np.testing.assert_allclose(s.z_ohm, m.z_ohm, rtol=1e-6)
    others = complements_of(manifest.joint)
    assert [(c.name, c.shares, c.geometry_err) for c in others] == [
        (b.name, b.shares, b.geometry_err) for b in campaign.complements
    ]
    for other, simulated in zip(others, made.complements, strict=True):
        assert isinstance(other, Complement)
        assert len(other.spectra) == len(simulated.spectra)
        below = tomllib.loads((tmp_path / other.name / "truth.toml").read_text("utf-8"))
        assert below["geometry"] == pytest.approx(simulated.true_geometry)
    truth = tomllib.loads((tmp_path / "truth.toml").read_text("utf-8"))
    assert truth["mechanism"] == campaign.mechanism
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert "simulated, not measured" in readme
    assert f"eisfit simulate {letter} --seed 1" in readme
    assert all(doi in readme for doi in campaign.scenario.source)


def test_complements_may_lie_elsewhere(tmp_path: Path) -> None:
    write_simulation(simulate("A"), tmp_path / "cell", complements=tmp_path / "others")
    (other,) = complements_of(read_manifest(tmp_path / "cell").joint)
    assert isinstance(other, Complement)
    assert len(other.spectra) == 3
    assert not (tmp_path / "cell" / "pellet").exists()
    assert (tmp_path / "others" / "pellet" / "series.toml").is_file()


def test_a_complement_is_not_overwritten_unasked(tmp_path: Path) -> None:
    write_simulation(simulate("A"), tmp_path / "cell")
    (tmp_path / "cell" / "series.toml").unlink()
    with pytest.raises(InputError, match="pellet: holds a series already"):
        write_simulation(simulate("A"), tmp_path / "cell")
    write_simulation(simulate("A"), tmp_path / "cell", overwrite=True)


def test_leads_and_probes_are_seen_in_the_spectra() -> None:
    clean = simulate("G", noise=0.0)
    f = clean.spectra[0].frequency_hz
    s = 2j * np.pi * f
    leads = simulate("G", noise=0.0, artefacts=Artefacts(lead_inductance_h=1e-6))
    np.testing.assert_allclose(leads.spectra[0].z_ohm, clean.spectra[0].z_ohm + s * 1e-6, rtol=1e-12)
    assert (s * 1e-6).imag.max() == pytest.approx(6.28, rel=1e-3)  # at 1 MHz
    equal = simulate("G", noise=0.0, artefacts=Artefacts(0.0, (1e4, 1e4), 1e-10))
    divider = 1 / (1 + s * 1e-6)
    np.testing.assert_allclose(equal.spectra[0].z_ohm, clean.spectra[0].z_ohm * divider, rtol=1e-12)
    off = np.abs(equal.spectra[0].z_ohm / clean.spectra[0].z_ohm - 1) > 0.02
    assert f[off].min() == pytest.approx(4e3, rel=0.3)  # above 4 kHz for 10 kohm and 100 pF
    unequal = Artefacts(0.0, (3e4, 1e4), 1e-10, common_mode_ohm=1e3)
    assert (simulate("G", noise=0.0, artefacts=unequal).spectra[0].z_ohm.real < 0).any()


def test_two_electrodes_have_no_voltage_probes() -> None:
    probes = Artefacts(0.0, (1e4, 1e4), 1e-10)
    assert simulate("E", artefacts=probes).spectra == simulate("E").spectra


def test_noise_and_temperature_errors_can_be_given() -> None:
    made = simulate("A", seed=1, temperature_err_c=0.0, noise=0.0)
    assert made.true_temperatures_c == tuple(BY_LETTER["A"].scenario.temperatures_c)
    assert {s.conditions.temperature_err_c for s in made.spectra} == {0.0}
    for wrong in ({"noise": -0.1}, {"temperature_err_c": math.inf}):
        with pytest.raises(InputError, match="must be finite and not below 0"):
            simulate("A", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lead_inductance_h": -1.0}, "lead_inductance_h is -1: it must be finite and not below 0"),
        ({"reference_ohm": (1e4,)}, "give the resistances of both voltage probes, as 10000 10000"),
    ],
)
def test_wrong_artefacts_are_one_sentence(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Artefacts(**changes)  # type: ignore[arg-type]


def test_a_letter_that_is_none_lists_them() -> None:
    with pytest.raises(InputError, match=r"no scenario 'Q'.*; there are: .*, and the letters A, B, .*S21"):
        simulate("Q")


CAMPAIGN = """
title = "t"
mechanism = "m"
[cell]
like = "llto_le_four_electrode"
[[complement]]
name = "pellet"
shares = ["grain boundary"]
geometry_err = 0.02
[complement.cell]
like = "llto_blocking_cold"
"""


def test_a_campaign_file_is_read_on_top_of_what_it_is_like() -> None:
    changed = CAMPAIGN.replace(
        "[[complement]]", '[[cell.part]]\nname = "interface"\nasr_ohm_cm2 = 7.0\n[[complement]]'
    )
    read = parse_campaign("x_mine", changed, SCENARIOS.raw)
    assert (read.letter, read.name) == ("X", "mine")
    before = SCENARIOS["llto_le_four_electrode"]
    assert read.scenario.parts["interface"] == replace(before.parts["interface"], asr_ohm_cm2=7.0)
    assert read.scenario.parts["grain boundary"] == before.parts["grain boundary"]
    assert read.complements[0].scenario.parts == SCENARIOS["llto_blocking_cold"].parts


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (CAMPAIGN.replace("mechanism", "mechanic"), "'mechanism' is missing"),
        (CAMPAIGN.replace("llto_blocking_cold", "nope"), "like = 'nope' is no scenario; there are: "),
        (CAMPAIGN.replace('["grain boundary"]', '["liquid"]'), "shares the unknown part 'liquid'; known: bulk"),
        (CAMPAIGN.replace("0.02", "0"), "geometry_err is 0; it is a relative error and must be positive"),
        (CAMPAIGN + CAMPAIGN[CAMPAIGN.index("[[") :], "two complements have the same name"),
        (CAMPAIGN.replace("[[complement]]", "[cell.part]\n[[complement]]"), r"write \[\[cell.part\]\] tables"),
        (CAMPAIGN.replace("[[complement]]", "times_h = [1, 2]\n[[complement]]"),
         "temperatures_c and times_h change at once"),
        (CAMPAIGN.replace("[[complement]]", "temperatures_c = [25]\ntimes_h = [0, 2]\n[[complement]]"),
         r"times_h is \[0.0, 2.0\]; each must be above 0"),
        (CAMPAIGN.replace("[[complement]]", '[[cell.part]]\nname = "interface"\nmelting_c = 60\n[[complement]]'),
         "melting_c and activation_energy_below_ev belong together"),
        (CAMPAIGN.replace("[[complement]]", '[[cell.part]]\nname = "interface"\ngrowth_h = 0\n[[complement]]'),
         "growth_h is 0; it must be above 0 hours"),
        (CAMPAIGN.replace("title", "colour = 1\ntitle"), "unknown key 'colour'"),
    ],
)  # fmt: skip
def test_a_wrong_campaign_is_refused_with_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        parse_campaign("x_mine", text, SCENARIOS.raw)
    assert str(caught.value).startswith(("scenario 'x_mine'", "like"))
    assert "\n" not in str(caught.value)


def test_a_part_without_further_laws_ignores_time_and_concentration() -> None:
    part = Part(100.0, 0.4, "ln(1/R)")
    assert part.asr_at(300.0, Conditions(time_h=1.0, concentration_mol_l=0.1)) == part.asr_at(300.0)


@pytest.mark.parametrize("letter", BY_LETTER)
def test_every_scenario_with_a_letter_has_its_page(letter: str) -> None:
    page = ROOT / "docs" / "scenarios" / f"{letter.lower()}.md"
    assert f"eisfit simulate {letter} " in page.read_text("utf-8")
    assert f"]({letter.lower()}.md)" in (page.parent / "index.md").read_text("utf-8")
