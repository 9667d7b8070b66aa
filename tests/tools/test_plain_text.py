"""Texts of unknown origin: on one line, printable, no markup and no formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfit.tables import csv_text
from eisfit.tools.plain_text import one_line, safe_cell

ANY = st.text(st.characters(exclude_categories=()), max_size=30)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1 cell", "'+1 cell"),
        ("@sum", "'@sum"),
        ("-20C", "-20C"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", r"\t=1"),
        ("-20", "-20"),
        ("+1.5e-3", "+1.5e-3"),
        ("-.5", "-.5"),
        ("-", "-"),
        ("a=b", "a=b"),
        ("ln(1/R)", "ln(1/R)"),
        ("caf\udce9", r"caf\xe9"),
        ("a\nb\r\x00\x1b[31m", r"a\nb\r\x00\x1b[31m"),
        ("\u202etxt", r"\u202etxt"),
        ("\ud800", r"\ud800"),
        ("25 °C, Ω cm²", "25 °C, Ω cm²"),
    ],
)
def test_a_cell_is_safe(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


@given(ANY, ANY)
def test_any_texts_make_one_line_of_a_table(a: str, b: str) -> None:
    text = csv_text([{"x": a, "y": b, "z": -1.5}], ["x", "y", "z"])
    assert text.encode().count(b"\n") == 2
    assert len(text.splitlines()) == 2
    ((x, y, z),) = list(csv.reader(io.StringIO(text)))[1:]
    assert (x, y, z) == (safe_cell(a), safe_cell(b), "-1.5")


@given(ANY)
def test_a_text_that_is_shown_twice_does_not_change(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
