"""Values of a wrong kind in series.toml, CSV manifests and templates: one sentence, whatever stands there."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from eisfit.cell.template_file import parse_template
from eisfit.circuit.circuit import parse
from eisfit.errors import CircuitError, EisfitError, ManifestError
from eisfit.simulate.scenario_file import parse_scenario
from eisfit.workflow import read_manifest
from eisfit.workflow.temperature_names import temperature_from_name

HUGE = "1" + "0" * 400
VALUES = (
    "5",
    "-1",
    "nan",
    "inf",
    '""',
    '"."',
    '"/abs/*.csv"',
    '"**x"',
    '"a\\u0000b"',
    "[]",
    "[1]",
    "[[]]",
    '["", 1]',
    "{}",
    "{a = 1}",
    "true",
    "1979-05-27",
    HUGE,
    "1" * 5000,
)
KEYS = (
    "template",
    "circuit",
    "files",
    "spectrum",
    "temperature_from_name",
    "temperature_c",
    "electrodes",
    "probe_pair",
    "layers",
    "drop",
    "f_min_hz",
    "f_max_hz",
    "channel",
    "over",
    "weights",
    "loss",
    "keep",
    "parameter",
    "area_cm2",
)


@pytest.mark.parametrize("key", KEYS)
def test_any_value_of_a_manifest(tmp_path: Path, key: str) -> None:
    (tmp_path / "c_25C.csv").write_text("1,2,3\n")
    for value in VALUES:
        usual = "" if key == "template" else 'template = "le_se"\n'
        (tmp_path / "series.toml").write_text(f"{usual}{key} = {value}\n")
        with pytest.raises(EisfitError) as error:
            read_manifest(tmp_path)
        assert len(str(error.value)) < 1000


@pytest.mark.parametrize(
    "key", ["file", "temperature_c", "electrodes", "drop", "channel", "layers", "f_min_hz"]
)
def test_any_value_of_a_spectrum(tmp_path: Path, key: str) -> None:
    for value in VALUES:
        usual = "" if key == "file" else 'file = "c.csv"\n'
        (tmp_path / "series.toml").write_text(f'template = "le_se"\n[[spectrum]]\n{usual}{key} = {value}\n')
        with contextlib.suppress(EisfitError):
            read_manifest(tmp_path)


SEGMENT = '[[segment]]\nname = "a"\nrole = "liquid"\ncircuit = "R_le"\n'
CONFIGURATION = "[configuration.x]\nelectrodes = 2\nsegments = {a = 1}\n"
CHECK = '[[check]]\nconfiguration = "x"\nvalues = {R_le = 1}\nfrequency_hz = 1\nz_ohm = [1, 0]\n'
LINES = (SEGMENT + CONFIGURATION + CHECK).splitlines()


@pytest.mark.parametrize("place", [k for k, line in enumerate(LINES) if " = " in line])
def test_any_value_of_a_template(place: int) -> None:
    key = LINES[place].split(" = ")[0]
    assert parse_template("t", 'title = "t"\n' + "\n".join(LINES))
    for value in VALUES:
        changed = [*LINES[:place], f"{key} = {value}", *LINES[place + 1 :]]
        with contextlib.suppress(EisfitError):
            parse_template("t", 'title = "t"\n' + "\n".join(changed))


@pytest.mark.parametrize("key", ["title", "use", "source", "segment", "configuration", "parameter", "check"])
def test_any_value_of_the_head_of_a_template(key: str) -> None:
    for value in VALUES:
        title = "" if key == "title" else 'title = "t"\n'
        rest = "" if key in ("segment", "configuration", "check") else "\n".join(LINES)
        with contextlib.suppress(EisfitError):
            parse_template("t", f"{title}{key} = {value}\n{rest}")


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 100_000, "a" + ".a" * 100_000 + " = 1", "a = " + "{a = " * 50_000]
)
def test_nested_toml_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "series.toml").write_text(text)
    with pytest.raises(ManifestError, match="not valid TOML"):
        read_manifest(tmp_path)
    with pytest.raises(EisfitError):
        parse_scenario("s", text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "".join(f"p(R{k}," for k in range(100)) + "C1" + ")" * 100,
            "more than 25 parentheses lie within each other",
        ),
        ("p(R1," * 5000 + "R2" + ")" * 5000, "5000 are the most"),
        ("p(" * 2000, "more than 25 parentheses"),
        ("-".join(f"R{k}" for k in range(5000)), "5000 are the most"),
        (" " * 100_000, "5000 are the most"),
    ],
)
def test_circuits_beyond_all_measure_are_refused(text: str, words: str) -> None:
    with pytest.raises(CircuitError, match=words) as error:
        parse(text)
    assert len(str(error.value)) < 300


def test_a_circuit_may_be_nested_as_deeply_as_any_cell() -> None:
    depth = 20
    text = "".join(f"p(R{k}," for k in range(depth)) + "C1" + ")" * depth
    assert len(parse(text).parameters) == depth + 1


@pytest.mark.parametrize(
    "pattern", ["*1*1*1*{temperature_c}", "*a*a*{temperature_c}C", "{temperature_c}*1*1*b"]
)
@pytest.mark.parametrize("stem", ["1" * 250, "a1C" * 80, "1C1" * 80])
def test_patterns_with_stars_take_no_time(pattern: str, stem: str) -> None:
    start = time.process_time()
    with contextlib.suppress(ManifestError):
        temperature_from_name(stem, pattern)
    assert time.process_time() - start < 1.0


def test_patterns_with_many_stars_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="has 12 times '\\*'; keep at most 8"):
        temperature_from_name("a", "*a" * 12 + "{temperature_c}")
    (tmp_path / "series.toml").write_text('template = "le_se"\nfiles = "**/**/*.csv"\n')
    with pytest.raises(ManifestError, match=r"has 2 times '\*\*'; keep one"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("stem", "pattern", "found"),
    [
        ("x_y_25C_a_60C_end", "x*{temperature_c}C*end", 60.0),
        ("cell_3_of_4_80C_b", "cell_*_{temperature_c}C", 80.0),
    ],
)
def test_a_star_takes_no_part_of_the_number(stem: str, pattern: str, found: float) -> None:
    assert temperature_from_name(stem, pattern)[0] == found


def test_what_may_be_a_sign_behind_a_star_is_said() -> None:
    value, (said,) = temperature_from_name("x-20C", "x*{temperature_c}C")
    assert value == 20.0
    assert "was read as a hyphen; write m20 for a minus" in said.text


FOLDER = 'template = "le_se"\nelectrodes = 4\nfiles = "*.csv"\ntemperature_from_name = "{temperature_c}C"\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"*.csv"', '"*.xlsx"', r"in .*; the files there end in \.csv, \.toml"),
        (
            "{temperature_c}C",
            "{T}C",
            r'has no {temperature_c} in it; write it in place of the number, as in "',
        ),
        ("electrodes", 'fixed = "R"\nelectrodes', "must be a table, not 'R'; write it as { NAME = VALUE }"),
        (
            '"le_se"',
            "'le_se\"",
            'line 1, .*: the quotes at both ends must be equal; write template = "le_se"',
        ),
    ],
)
def test_a_slip_in_a_description_is_told_with_its_remedy(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    (tmp_path / "a_20C.csv").write_text("f/Hz,Z'/ohm,Z''/ohm\n10,1,-1\n1,2,-2\n")
    (tmp_path / "series.toml").write_text(FOLDER.replace(old, new, 1))
    with pytest.raises(ManifestError, match=said):
        read_manifest(tmp_path)


def test_a_column_without_its_unit_is_told_its_name(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("file,T\na.csv,20\n")
    with pytest.raises(
        ManifestError, match=r"unknown column 'T'.*it has no unit: name it temperature_c, or write the unit"
    ):
        read_manifest(tmp_path / "m.csv")
