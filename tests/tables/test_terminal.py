"""Tables on a terminal: whole numbers and words at any width, signs that the encoding has, remarks that stand once."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.tables import print_result
from eisfit.tables.remarks import gathered
from eisfit.tables.wide_and_narrow import Column, Form, fitting, short
from eisfit.tools.plain_text import encodable
from eisfit.tools.rounding import with_error
from support.plots_samples import four_electrode


def printed(result: Series | list[Fit], width: int, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    print_result(Console(file=stream, width=width, force_terminal=False), result)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("kind", [Series, list])
def test_no_line_is_longer_and_no_number_is_broken(width: int, kind: type) -> None:
    series = four_electrode()
    result = series if kind is Series else list(series)
    text = printed(result, width)
    assert max(map(len, text.splitlines())) <= width
    for f in result:
        for c in f.contributions:
            for shown in (
                with_error(c.resistance_ohm, c.resistance_stderr_ohm) if c.resolved != "upper limit" else "",
                with_error(c.asr_ohm_cm2, c.asr_stderr_ohm_cm2),
                with_error(c.conductivity_s_cm, c.conductivity_stderr_s_cm),
            ):
                assert shown in text
    words = set(re.findall(r"[a-z]{6,}", printed(result, 200)))
    assert {"contribution", "boundary", "interface"} <= words | {"contribution"}
    assert {"boundary", "interface"} <= set(re.findall(r"[a-z]{6,}", text))


def test_a_narrow_terminal_has_a_row_for_each_spectrum() -> None:
    series = four_electrode()
    narrow, wide = printed(series, 80), printed(series, 250)
    label = series[0].label
    assert sum(line.strip("│┃ ").startswith(label) for line in narrow.splitlines()) >= 2
    assert "f_top / Hz" in wide
    assert "f_top / Hz" not in narrow
    assert "Per area or length" in narrow
    assert "Values of the lines" in narrow


@pytest.mark.parametrize(("encoding", "ohm"), [("ascii", "Ohm"), ("cp1252", "Ohm"), ("utf-8", "Ω")])
def test_a_terminal_without_omega_shows_ohm(encoding: str, ohm: str) -> None:
    text = printed(four_electrode(), 80, encoding)
    assert f"R / {ohm}" in text
    assert "\\u" not in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("25 °C, 1 µA, σ ≤ 2 Ω·cm²", "ascii", "25 deg C, 1 uA, sigma <= 2 Ohm cm2"),
        ("25 °C, 1 µA", "cp1252", "25 °C, 1 µA"),
        ("Zelle ü", "ascii", "Zelle u"),
        ("试样", "ascii", "\\u8bd5\\u6837"),
        ("Ω", "no-such-encoding", "Ohm"),
    ],
)
def test_signs_are_spelt_out(text: str, encoding: str, shown: str) -> None:
    assert encodable(text, encoding) == shown


def test_a_form_is_cut_between_its_columns() -> None:
    columns = [Column("spectrum"), *(Column(f"value {k}") for k in range(6)), Column("empty")]
    form = Form("title", columns, [["a", *("1.234 ± 0.056" for _ in range(6)), ""]])
    parts = list(form.cut(50, 1))
    assert [[c.heading for c in part.columns] for part in parts] == [
        ["spectrum", "value 0", "value 1"],
        ["spectrum", "value 2", "value 3"],
        ["spectrum", "value 4", "value 5"],
    ]
    assert [part.title for part in parts] == ["title", "", ""]
    assert all(part.least_width <= 50 for part in parts)
    assert fitting(50, [form], parts) == parts
    assert fitting(500, [form], parts) == [form]


def test_the_least_width_is_that_of_the_printed_table() -> None:
    form = Form("", [Column("spectrum"), Column("R / Ω")], [["a", "1.0 ± 0.1"], ["long label", "2"]])
    console = Console(file=io.StringIO(), width=200)
    console.print(form.table())
    assert {len(line.rstrip()) for line in console.file.getvalue().splitlines()} == {form.least_width}  # type: ignore[attr-defined]


def test_remarks_that_differ_in_numbers_are_one_with_their_count() -> None:
    said = {
        "up to 1.6 % of |Z| near 498 Hz": ["a"],
        "up to 1.4 % of |Z| near 0.0458 Hz": ["b", "c"],
        "'-' before 20 in 'x_-20C' was read as a hyphen": ["a"],
        "'-' before 10 in 'x_-10C' was read as a hyphen": ["b"],
        "no area": ["a", "b", "c", "d"],
        "only one": ["d"],
    }
    assert gathered(said, 4) == [
        "3 spectra, as a: up to 1.6 % of |Z| near 498 Hz",
        "2 spectra, as a: '-' before 20 in 'x_-20C' was read as a hyphen",
        "no area",
        "d: only one",
    ]


def test_long_labels_keep_both_ends() -> None:
    label = "20240401_cell_A_second_heating_25C"
    assert short(label) == "20240401_cel..eating_25C"
    assert short("cell_25C") == "cell_25C"
