"""The shipped values, and files of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

import eisfit
from eisfit import literature
from eisfit.errors import InputError

HEAD = (
    "class,electrolyte_a,electrolyte_b,salt_or_concentration,"
    "configuration,quantity,value,unit,temperature_C,source,doi"
)
ROW = "LE|SE,LiFSI in DME,LLZO,1 M,4-el. EIS,R_int,{value},{unit},25,article,{doi}"


def write(
    folder: Path, *, head: str = HEAD, value: str = "75", unit: str = "ohm cm2", doi: str = "10.1/x"
) -> Path:
    path = folder / "mine.csv"
    path.write_text(f"{head}\n{ROW.format(value=value, unit=unit, doi=doi)}\n", encoding="utf-8")
    return path


def test_every_shipped_value_has_its_source_and_none_is_worked_out() -> None:
    found = literature.facts()
    assert len(found) > 60
    assert all(fact.reference and fact["source"] and fact.reported for fact in found)
    assert all("doi" in f.reference or "PMID" in f.reference for f in found if f.plotted_as)


@pytest.mark.parametrize(
    ("doi", "quantity", "value", "unit"),
    [
        ("10.1039/c7cp05213h", "R_SLEI", 300.0, "ohm cm2"),
        ("10.1149/1.1804813", "R_int", 2200.0, "ohm cm2"),
        ("10.1021/acsami.8b02427", "R_int", 16.0, "ohm cm2"),
        ("10.1021/acsami.8b02427", "E_A(int)", 0.47, "eV"),
        ("10.1016/j.jpowsour.2005.03.075", "E_A(int), Na+", 0.74, "eV"),
    ],
)
def test_values_are_those_of_the_papers(doi: str, quantity: str, value: float, unit: str) -> None:
    frame = eisfit.literature.data_frame()
    chosen = frame[(frame["doi"] == doi) & (frame["quantity"] == quantity)].dropna(subset="shown_value")
    assert chosen["shown_value"].tolist() == [value]
    assert chosen["shown_unit"].tolist() == [unit]


def test_energies_in_kj_per_mol_are_shown_in_ev() -> None:
    frame = literature.data_frame()
    dmc = frame[(frame["medium"] == "DMC") & (frame["quantity"] == "E_A(int)")]
    assert dmc["shown_value"].tolist() == [pytest.approx(0.332, abs=5e-4)]


def test_cell_totals_properties_of_solids_and_texts_are_not_plotted() -> None:
    by_quantity = {f["quantity"]: f.plotted_as for f in literature.facts()}
    assert by_quantity["total cell resistance"] == ""
    assert by_quantity["R_gb"] == ""
    assert by_quantity["E_A(gb)"] == ""
    assert by_quantity["lowest total internal resistance"] == ""


def test_a_file_of_ones_own_is_added(tmp_path: Path) -> None:
    found = literature.facts(write(tmp_path, value="0.075", unit="kohm cm2"))
    mine = found[-1]
    assert len(found) == len(literature.facts()) + 1
    assert literature.in_shown_unit(mine) == (75.0, 75.0, 75.0)
    assert (mine.solid, mine.medium, mine.salt, mine.ion) == ("LLZO", "DOL, DME", "LiFSI", "Li")
    assert (mine.reference, mine.where) == ("doi 10.1/x", f"{tmp_path / 'mine.csv'}, line 2")


def test_columns_of_a_file_say_what_words_do_not(tmp_path: Path) -> None:
    path = tmp_path / "named.csv"
    path.write_text(
        f"{HEAD},solid,ion,ordinate\n{ROW.format(value=1, unit='ohm cm2', doi='x')},MySE,Na,ln(T/R)\n"
    )
    (fact,) = literature.read_facts(path)
    assert (fact.solid, fact.ion, fact["ordinate"]) == ("MySE", "Na", "ln(T/R)")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"unit": "ohm"},
            r"line 2: R_int in 'ohm' .*is no resistance of an interface; give the resistance of one",
        ),
        ({"unit": "ohm cm-2"}, r"R_int in 'ohm cm-2' \(did you mean 'ohm cm2'\?\)"),
        ({"value": "-3"}, r"line 2: R_int = -3 must be above 0"),
        ({"doi": ""}, r"line 2: neither doi nor reference: a value needs its source"),
        ({"head": HEAD.replace("unit", "units")}, r"no column 'units' \(did you mean 'unit'\?\)"),
        ({"head": HEAD.replace("unit,", "")}, r"the column 'unit' is missing"),
        (
            {"head": HEAD.replace("electrolyte_a", "electrolyte_b")},
            r"the column 'electrolyte_b' stands there twice",
        ),
        (
            {"head": HEAD.replace(",", ";")},
            r"columns are not separated by commas; save it as CSV with commas",
        ),
        ({"value": "1,5"}, r"line 2: 12 cells under 11 columns; put texts that hold a comma"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_how(
    tmp_path: Path, given: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        literature.facts(write(tmp_path, **given))


def test_unknown_classes_and_files_are_named(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text().replace("LE|SE", "LE/SE"))
    with pytest.raises(InputError, match=r"class 'LE/SE' is not known \(did you mean 'LE\|SE'\?\)"):
        literature.facts(path)
    with pytest.raises(InputError, match=r"nine.csv: there is no such file \(did you mean '.*mine.csv'\?\)"):
        literature.facts(tmp_path / "nine.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read as text in UTF-8"):
        literature.facts(tmp_path / "bytes.csv")


def test_empty_lines_before_the_columns_do_not_count_and_an_empty_file_is_named(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text("\n,,\n" + path.read_text())
    assert literature.read_facts(path)[0].where.endswith("line 4")
    path.write_text("\n")
    with pytest.raises(
        InputError, match=r"mine.csv: it is empty; its first line must name the columns class"
    ):
        literature.read_facts(path)
