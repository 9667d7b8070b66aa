"""Numbers that a template leaves open: sheets of a stack, and the interfaces that follow from them."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, Spectrum
from eisfit.cell.counts import Count, CountTerm, parse_count
from eisfit.cell.find import resolve_template
from eisfit.cell.template_file import parse_template
from eisfit.errors import FitError, TemplateError

STACK = """
title = "t"
[count.sheets]
meaning = "sheets in turn"
least = 2
[[segment]]
name = "bulk"
role = "bulk"
circuit = "R_b"
[[segment]]
name = "interface"
role = "interface"
circuit = "Zarc_int"
[configuration.two]
electrodes = 2
segments = { bulk = 1, interface = "sheets - 1" }
"""
SHEETS = {"sheets": Count("sheets", "sheets in turn", 2)}


def spectrum(**own: float) -> Spectrum:
    f = np.logspace(5, 0, 21)
    conditions = Conditions(electrodes=2, own=own)
    return Spectrum(f, 1.0 + 1 / (1 + 1j * f / 100), conditions=conditions)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("sheets", CountTerm("sheets", 1, 0)),
        ("sheets - 1", CountTerm("sheets", 1, -1)),
        ("2*sheets", CountTerm("sheets", 2, 0)),
        ("3 * sheets + 2", CountTerm("sheets", 3, 2)),
    ],
)
def test_a_count_follows_from_a_number(text: str, term: CountTerm) -> None:
    assert parse_count(text, SHEETS, "here") == term


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("sheets/2", "here: 'sheets/2' is no count; write sheets, sheets - 1, or 2"),
        ("sheet - 1", r"counts by 'sheet' \(did you mean 'sheets'\?\); known: sheets"),
        ("sheets - 2", "'sheets - 2' is 0 for sheets = 2; it must be 1 or more"),
    ],
)
def test_an_impossible_count_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(TemplateError, match=sentence):
        parse_count(text, SHEETS, "here")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (STACK.replace('"sheets - 1"', "1"), r"nothing is counted by \[count.sheets\]"),
        (STACK.replace("least = 2", "least = 0"), "least is 0; it must be a whole number from 1"),
        (STACK.replace("count.sheets", "count.time_h"), "'time_h' cannot be counted"),
        (STACK.replace('meaning = "sheets in turn"\n', ""), "'meaning' is missing"),
        (STACK.split("[count")[0] + STACK.split("least = 2")[1], r"there is no \[count.sheets\]"),
    ],
)
def test_a_wrong_count_in_a_file_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(TemplateError, match=sentence):
        parse_template("mine", text)


def test_interfaces_grow_with_the_sheets() -> None:
    stack = parse_template("mine", STACK)
    assert dict(stack.configuration.segments) == {"bulk": 1, "interface": 1}
    assert stack.with_counts({"sheets": 5}).circuit.text == "R_b-4 x Zarc_int"
    assert stack.with_counts({"sheets": 5}).with_counts({"sheets": 3}).circuit.text == "R_b-2 x Zarc_int"


@pytest.mark.parametrize("value", [1, 2.5, -3, 1e9, True])
def test_a_number_of_sheets_is_whole_and_possible(value: float) -> None:
    with pytest.raises(TemplateError, match="it must be a whole number from 2 to 100000"):
        parse_template("mine", STACK).with_counts({"sheets": value})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_of_sheets_is_finite(value: float) -> None:
    with pytest.raises(TemplateError, match="it must be a whole number"):
        parse_template("mine", STACK).with_counts({"sheets": value})


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"nothing is counted by 'sheet' \(did you mean 'sheets'\?\)"):
        eisfit.template("se_se_stack", counts={"sheet": 3})
    with pytest.raises(TemplateError, match="nothing is counted by 'sheets'; known: none"):
        eisfit.template("le_se", counts={"sheets": 3})


def test_spectra_say_how_many_sheets_there_are() -> None:
    found = resolve_template("se_se_stack", [spectrum(sheets=4), spectrum(sheets=4.0)])
    assert dict(found.configuration.segments)["interface"] == 3


def test_a_fit_asks_for_the_number() -> None:
    with pytest.raises(
        TemplateError, match=r"'se_se_stack' needs sheets: .* write sheets = 2 in series.toml"
    ):
        eisfit.fit(spectrum(), "se_se_stack")


def test_stacks_of_several_numbers_are_several_cells() -> None:
    with pytest.raises(
        FitError, match="the spectra have sheets = 3, 5: fit each number by itself, or name each"
    ):
        resolve_template("se_se_stack", [spectrum(sheets=5), spectrum(sheets=3)])


def test_spectra_do_not_contradict_the_chosen_number() -> None:
    chosen = eisfit.template("se_se_stack", 2, counts={"sheets": 3})
    assert resolve_template(chosen, [spectrum()]) == chosen
    with pytest.raises(TemplateError, match="was chosen with sheets = 3, but the spectra say 4; keep one"):
        resolve_template(chosen, [spectrum(sheets=4)])


def test_a_stack_without_a_segment_counts_the_others() -> None:
    stack = parse_template("mine", STACK).without(["bulk"]).with_counts({"sheets": 4})
    assert stack.circuit.text == "3 x Zarc_int"
    assert pickle.loads(pickle.dumps(stack)) == stack


def test_an_interface_of_a_stack_has_its_own_area_specific_resistance() -> None:
    cell = eisfit.template("se_se_stack", 2, counts={"sheets": 5}).with_arcs_as_resistors(
        ("bulk", "second bulk")
    )
    truth = {"R_b_b2": 150.0, "Zarc_gb_R": 250.0, "Zarc_gb_tau": 2.5e-6, "Zarc_gb_alpha": 0.95}
    truth |= {"Zarc_int_R": 40.0, "Zarc_int_tau": 4e-5, "Zarc_int_alpha": 0.9}
    truth |= {"CPE_el_Q": 1e-4, "CPE_el_alpha": 0.9}
    f, rng = np.logspace(6, -1, 71), np.random.default_rng(1)
    z = cell.circuit.impedance(f, truth)
    z = z + 0.005 * abs(z) * (rng.standard_normal(f.size) + 1j * rng.standard_normal(f.size))
    known = Conditions(
        area_cm2=2.0, thickness_cm=0.1, layers={"second": 0.1}, electrodes=2, own={"sheets": 5}
    )
    fitted = eisfit.fit(Spectrum(f, z, conditions=known), "se_se_stack")
    row = fitted["interface"]
    assert row.count == 4
    assert row.resistance_ohm == pytest.approx(160.0, abs=5 * row.resistance_stderr_ohm)
    assert row.asr_ohm_cm2 == pytest.approx(row.resistance_ohm * 2.0 / 4)
