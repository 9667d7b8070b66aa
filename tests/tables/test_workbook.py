"""Workbooks and wide tables: what other programs open, and our own readers read back."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from eisfit.errors import InputError
from eisfit.formats.reading import read_file
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tables import POINTS, point_rows
from eisfit.tables.wide import HEAD_ROWS, comment, wide_csv, wide_rows
from eisfit.tables.workbook import MOST_COLUMNS, MOST_LETTERS, column_name, sheet_of, workbook
from support.plots_samples import failed, four_electrode

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = ("=1+1", "+A1", "@SUM(A1)", "-A1(2)", "=cmd|' /C calc'!A0", "＝1+1")


def spectra() -> list[Spectrum]:
    """Return spectra of different lengths with numbers of many digits."""
    rng = np.random.default_rng(1)
    found = []
    for n, t in ((30, 0.0), (22, 25.5)):
        f = np.logspace(6, 0, n)
        z = 1e3 * rng.random(n) + 10 - 1j * 1e3 * rng.random(n)
        found.append(Spectrum(f, z, label=f"cell_{t:g}", conditions=Conditions(temperature_c=t)))
    return found


def cells(content: bytes, sheet: int = 1) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    return {cell.attrib["r"]: cell for cell in root.iter(f"{MAIN}c")}


def text_of(cell: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))


@pytest.mark.parametrize("name", ["points.xlsx", "wide.xlsx", "wide.csv"])
def test_spectra_read_back_with_all_their_digits(tmp_path: Path, name: str) -> None:
    contents = {
        "points.xlsx": lambda: workbook({"points": sheet_of(point_rows(spectra()), POINTS)}),
        "wide.xlsx": lambda: workbook({"spectra": wide_rows(spectra())}, {"spectra": HEAD_ROWS}),
        "wide.csv": lambda: wide_csv(spectra()),
    }
    (tmp_path / name).write_bytes(contents[name]())
    back = read_file(tmp_path / name)
    assert len(back) == 2
    for one, other in zip(back, spectra(), strict=True):
        np.testing.assert_array_equal(one.frequency_hz, other.frequency_hz)
        np.testing.assert_array_equal(one.z_ohm, other.z_ohm)
    if name == "points.xlsx":
        assert [s.conditions.temperature_c for s in back] == [0.0, 25.5]


def test_measured_columns_of_fits_read_back_and_fits_are_left_out(tmp_path: Path) -> None:
    fits = list(four_electrode())
    (tmp_path / "curves.csv").write_bytes(wide_csv(fits))
    back = read_file(tmp_path / "curves.csv")
    assert len(back) == len(fits)
    for one, fit in zip(back, fits, strict=True):
        np.testing.assert_array_equal(one.z_ohm, fit.spectrum.z_ohm)


def test_a_wide_table_has_rows_of_long_names_units_and_comments() -> None:
    rows = list(csv.reader(io.StringIO(wide_csv(spectra()).decode("utf-8-sig"))))
    assert rows[0] == ["f", "Z'", "−Z''"] * 2
    assert rows[1] == ["Hz", "ohm", "ohm"] * 2
    assert rows[2] == ["cell_0 0 °C"] * 3 + ["cell_25.5 25.5 °C"] * 3
    assert len(rows) == HEAD_ROWS + 30
    assert rows[-1][3:] == ["", "", ""]
    assert float(rows[3][2]) == -spectra()[0].z_ohm[0].imag


def test_the_model_stands_beside_the_points_and_a_failed_fit_has_none() -> None:
    fit = four_electrode()[1]
    rows = wide_rows([fit])
    assert rows[0] == ["f", "Z'", "−Z''", "Z' fit", "−Z'' fit"]
    assert rows[HEAD_ROWS][3] == fit.impedance()[0].real
    assert wide_rows([failed()[0]])[0] == ["f", "Z'", "−Z''"]


def test_a_comment_names_conditions_of_ones_own() -> None:
    known = Conditions(temperature_c=25, time_h=3, own={"soc": 50})
    assert comment(Spectrum([1.0], [1j], label="a", conditions=known)) == "a 25 °C 3 h soc 50"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_workbook_is_a_formula_also_after_editing(text: str) -> None:
    content = workbook({"t": [["name"], [text]]})
    cell = cells(content)["A2"]
    assert cell.attrib["t"] == "inlineStr"
    assert text_of(cell) == text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = next(iter(styles.iter(f"{MAIN}cellXfs")))
    assert formats[int(cell.attrib["s"])].attrib["quotePrefix"] == "1"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_label_is_a_formula_in_a_wide_table(text: str) -> None:
    label = Spectrum([1e3, 1e2], [1 - 1j, 2 - 1j], label=text)
    first = wide_csv([label]).decode("utf-8-sig").splitlines()[2]
    assert next(csv.reader([first]))[0].startswith("'")
    assert not wide_csv([label]).decode("utf-8-sig").startswith(("=", "+", "-", "@"))


def test_numbers_truths_and_unknown_values_have_their_kinds() -> None:
    row = [1.5, 3, True, None, math.nan, math.inf, "", "a&<b>", np.float64(2.5)]
    found = cells(workbook({"t": [["x"] * 9, row]}))
    assert {r for r in found if r.endswith("2")} == {"A2", "B2", "C2", "F2", "H2", "I2"}
    values = {
        r: (cell.attrib.get("t"), "".join(v.text or "" for v in cell.iter(f"{MAIN}v")))
        for r, cell in found.items()
    }
    assert values["A2"] == (None, "1.5")
    assert values["B2"] == (None, "3")
    assert values["C2"] == ("b", "1")
    assert values["I2"] == (None, "2.5")
    assert text_of(found["F2"]) == "inf"
    assert text_of(found["H2"]) == "a&<b>"


def test_what_xml_cannot_hold_is_written_as_an_escape() -> None:
    assert text_of(cells(workbook({"t": [["a\x00b\ufffe\nc\udce9"]]}))["A1"]) == "a\\x00b\ufffd\\nc\\xe9"


def test_a_text_longer_than_a_cell_is_cut_with_a_mark() -> None:
    text = text_of(cells(workbook({"t": [["x" * 40_000]]}))["A1"])
    assert len(text) == MOST_LETTERS
    assert text.endswith("…")


def test_too_large_a_sheet_is_refused_with_the_cure() -> None:
    with pytest.raises(InputError, match=r"16,385 columns, and Excel opens .* convert fewer files at once"):
        workbook({"t": [[None] * (MOST_COLUMNS + 1)]})
    with pytest.raises(InputError, match="no table to write"):
        workbook({})


def test_all_parts_are_sound_xml_and_named_where_excel_looks() -> None:
    content = workbook({"one": [["a"], [1.0]], "two & three": [["b"]]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in names}
    assert names[0] == "[Content_Types].xml"
    declared = {
        e.attrib["PartName"].lstrip("/") for e in parts["[Content_Types].xml"] if "PartName" in e.attrib
    }
    assert declared == {name for name in names if not name.endswith(".rels")} - {"[Content_Types].xml"}
    targets = [e.attrib["Target"] for e in parts["xl/_rels/workbook.xml.rels"]]
    assert all(f"xl/{target}" in names for target in targets)
    sheets = [e.attrib["name"] for e in parts["xl/workbook.xml"].iter(f"{MAIN}sheet")]
    assert sheets == ["one", "two & three"]


def test_equal_tables_give_equal_workbooks() -> None:
    assert workbook({"t": [["a"], [1.0]]}) == workbook({"t": [["a"], [1.0]]})


def test_columns_are_named_as_in_excel() -> None:
    assert [column_name(k) for k in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
