"""No file, however made, takes more than seconds and a few times its size: limits that hold by construction."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from eisfit.cell.find import template
from eisfit.errors import EisfitError, FormatError, InputError
from eisfit.formats import read, read_all, read_file
from eisfit.formats.raw_file import Format
from eisfit.store import load
from eisfit.workflow import read_manifest

LONGEST_S = 5.0
HEADING = "f/Hz,Z'/ohm,Z''/ohm\n"


def refused(read_it: Callable[[], object], words: str) -> None:
    start = time.process_time()
    with pytest.raises(EisfitError, match=words) as error:
        read_it()
    assert time.process_time() - start < LONGEST_S
    assert "\n" not in str(error.value)
    assert error.value.__cause__ is None or not isinstance(error.value, FormatError)


# pipes and devices


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")
@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("a.csv", read_file),
        ("a.toml", template),
        ("a.h5", load),
        ("series.toml", read_manifest),
        ("a.csv", read_manifest),
    ],
)
def test_a_pipe_is_refused(tmp_path: Path, name: str, reader: Callable[[str], object]) -> None:
    os.mkfifo(tmp_path / name)
    refused(
        lambda: reader(str(tmp_path / name)), "it is a pipe, a socket or a device: save the data to a file|no"
    )


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="devices are of POSIX")
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/random", "/dev/tty", "/dev/stdin"])
def test_a_device_is_refused(path: str) -> None:
    _, unread = read_all([path])
    assert len(unread) == 1


def test_a_file_of_gigabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(3 * 10**9)
    refused(lambda: read_file(tmp_path / "a.csv"), "it has 3,000,000,000 bytes, more than 1,000,000,000")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("**/**/**/*.csv", "has 3 times '\\*\\*'"), ("*a*b*c*d*e*f*g*h*.csv", "has 9 times '\\*'")],
)
def test_patterns_with_many_stars_are_refused(tmp_path: Path, pattern: str, words: str) -> None:
    refused(lambda: read(str(tmp_path / pattern)), words)


# numbers


@pytest.mark.parametrize("digits", [400, 5_000, 100_000])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_numbers_of_many_digits_are_no_numbers_of_a_lab(tmp_path: Path, digits: int, place: int) -> None:
    rows = [[str(10 - k), "1", "-1"] for k in range(5)]
    rows[2][place] = "1" + "0" * digits
    (tmp_path / "a.csv").write_text(HEADING + "\n".join(map(",".join, rows)))
    refused(lambda: read_file(tmp_path / "a.csv"), "must be finite|is not a number|inf")


SESSION = (
    '{"coreversion":1,"measurements":[{"title":"x","dataset":{"values":[{"arraytype":5,"datavalues":[N,10]},'
    '{"arraytype":7,"datavalues":[1,2]},{"arraytype":8,"datavalues":[1,2]}]}}]}'
)
JSON = (
    '{"frequency": [N, 10], "Zreal": [1, 2], "Zimag": [1, 2]}',
    SESSION,
    SESSION.replace('"arraytype":5', '"arraytype":N'),
    SESSION.replace("[1,2]", "[{},2]"),
    SESSION.replace("[1,2]", "N"),
)


@pytest.mark.parametrize("digits", [400, 5_000])
@pytest.mark.parametrize("text", JSON)
def test_json_with_integers_of_many_digits(tmp_path: Path, digits: int, text: str) -> None:
    (tmp_path / "a.json").write_text(text.replace("N", "1" + "0" * digits))
    refused(lambda: read_file(tmp_path / "a.json"), r"a\.json|data row")


@pytest.mark.parametrize("start", ['{"a":', '{"coreversion":', '{"measurements":[{"title":'])
def test_deep_json(tmp_path: Path, start: str) -> None:
    (tmp_path / "a.json").write_text(start + "[" * 100_000)
    refused(lambda: read_file(tmp_path / "a.json"), "damaged or cut off")


def test_json_with_one_long_and_many_short_columns(tmp_path: Path) -> None:
    columns = {"frequency": [1.0] * 100_000, **{f"c{k}": [1.0] for k in range(10_000)}}
    (tmp_path / "a.json").write_text(json.dumps(columns))
    refused(lambda: read_file(tmp_path / "a.json"), "are no table of spectra")


PARTS = (
    "1",
    " ",
    ",",
    ".",
    "1,",
    ";",
    "\t",
    "(",
    "1.1",
    "1e",
    "1+1j",
    "[1,",
    '"',
    "-",
    "a",
    " 1",
    "a=",
    "1,1 ",
)


@pytest.mark.parametrize("length", [5_000, 900_000])
@pytest.mark.parametrize("part", PARTS)
def test_long_lines_take_no_time(tmp_path: Path, length: int, part: str) -> None:
    line = part * (length // len(part))
    for name, text in (
        ("a", f"{HEADING}{line}\n{line}\n1,2,3\n"),
        ("b", f"{line}\n10,1,-1\n5,2,-2\n"),
        ("c", line),
    ):
        path = tmp_path / f"{name}.csv"
        path.write_text(text)
        start = time.process_time()
        _, unread = read_all(path)
        assert time.process_time() - start < LONGEST_S
        assert not any("does not know" in failed.reason for failed in unread)


# workbooks


def workbook(path: Path, sheets: list[str], strings: str = "", ids: list[int] | None = None) -> Path:
    names = ids or range(len(sheets))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        listed = "".join(f'<sheet name="s{k}" r:id="{i}"/>' for k, i in enumerate(names))
        made.writestr("xl/workbook.xml", f'<workbook xmlns:r="r">{listed}</workbook>')
        targets = (f'<Relationship Id="{k}" Target="worksheets/s{k}.xml"/>' for k in range(len(sheets)))
        made.writestr("xl/_rels/workbook.xml.rels", f"<R>{''.join(targets)}</R>")
        if strings:
            made.writestr("xl/sharedStrings.xml", strings)
        for k, sheet in enumerate(sheets):
            made.writestr(f"xl/worksheets/s{k}.xml", sheet)
    return path


ROW = "<row>" + '<c t="s"><v>0</v></c>' * 400 + "</row>"
NUMBERS = "<row>" + "<c><v>1</v></c>" * 10 + "</row>"
ENTITIES = "".join("<!ENTITY a" + str(k + 1) + ' "' + 10 * f"&a{k};" + '">' for k in range(8))
WORKBOOKS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "one long string in all cells": (
        lambda p: workbook(p, [f"<s>{ROW * 400}</s>"], f"<sst><si><t>{'A' * 1_000_000}</t></si></sst>"),
        "more than 1,000,000 cells or 20,000,000 characters",
    ),
    "millions of strings": (
        lambda p: workbook(p, [f"<s>{ROW}</s>"], f"<sst>{'<si><t>a</t></si>' * 1_500_000}</sst>"),
        "more than 2,000,000 elements",
    ),
    "millions of empty cells": (
        lambda p: workbook(p, [f"<s><row>{'<c/>' * 5_000_000}</row></s>"]),
        "more than 2,000,000 elements",
    ),
    "one sheet many times": (
        lambda p: workbook(p, [f"<s>{NUMBERS * 1000}</s>"], ids=[0] * 10_000),
        "two sheets are one part",
    ),
    "thousands of sheets": (lambda p: workbook(p, [f"<s>{NUMBERS}</s>"] * 1000), "more than 200 sheets"),
    "cells far to the right": (
        lambda p: workbook(p, ["<s>" + '<row><c r="SF1"><v>1</v></c></row>' * 50_000 + "</s>"]),
        "more than 1,000,000 cells",
    ),
    "entities in entities": (
        lambda p: workbook(p, [f'<!DOCTYPE s [<!ENTITY a0 "x">{ENTITIES}]><s><row><c><v>&a8;</v></c></row></s>']),
        "declares its own document type",
    ),
    "a place of many digits": (
        lambda p: workbook(p, ['<s><row><c t="s"><v>' + "1" * 6000 + "</v></c></row></s>"], "<sst/>"),
        "is damaged",
    ),
    "an unknown encoding": (
        lambda p: workbook(p, ['<?xml version="1.0" encoding="UTF-0"?><s/>']),
        "unknown encoding",
    ),
    "elements in elements": (lambda p: workbook(p, ["<a>" * 500_000]), "is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_beyond_all_measure_is_refused(tmp_path: Path, name: str) -> None:
    make, words = WORKBOOKS[name]
    path = make(tmp_path / "a.xlsx")
    refused(lambda: read_file(path), words)


# databases

FILES = "CREATE TABLE Files(ID); INSERT INTO Files VALUES(1);"
POINTS = "CREATE TABLE Datapoints(ID, file_id, frequency, zreal, zimag);"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def database(path: Path, script: str) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.commit()
    connection.close()
    return path


MANY_POINTS = POINTS + "".join(
    f"INSERT INTO Datapoints VALUES ({k}, 1, {9000 - k}, 1, -1);" for k in range(2000)
)
MANY_FILES = "CREATE TABLE Files(ID); INSERT INTO Files VALUES " + ",".join(["({id})"] * 20_000) + ";"
DATABASES = {
    "an endless view of points": (
        f"{FILES} CREATE VIEW Datapoints AS {ENDLESS} SELECT i ID, 1 file_id, i frequency, 1 zreal, 1 zimag FROM n;",
        "no tables Files and Datapoints",
    ),
    "an endless view of files": (
        f"CREATE VIEW Files AS {ENDLESS} SELECT i AS ID FROM n; {POINTS}",
        "no tables Files and Datapoints",
    ),
    "a column that is computed": (
        f"{FILES} CREATE TABLE Datapoints(ID, file_id, frequency, zreal, zimag AS (hex(zeroblob(1000)))); "
        "INSERT INTO Datapoints(ID, file_id, frequency, zreal) VALUES (1, 1, 1, 1);",
        "is not a number",
    ),
    "one spectrum many times": (MANY_POINTS + MANY_FILES.replace("{id}", "1"), "more than 1,000,000 points"),
    "a search without end": (MANY_POINTS + MANY_FILES.replace("{id}", "2"), "interrupted"),
}


@pytest.mark.parametrize("name", DATABASES)
def test_a_database_that_does_not_end_is_refused(tmp_path: Path, name: str) -> None:
    script, words = DATABASES[name]
    refused(lambda: read_file(database(tmp_path / "a.eis3", script)), words)


# MATLAB


def element(kind: int, content: bytes) -> bytes:
    return struct.pack("<II", kind, len(content)) + content + b"\0" * (-len(content) % 8)


def variable(name: str, values: list[float], dimensions: int = 2) -> bytes:
    shape = struct.pack("<i", len(values)) + struct.pack("<i", 1) * (dimensions - 1)
    inner = element(6, struct.pack("<II", 6, 0)) + element(5, shape) + element(1, name.encode())
    return element(14, inner + element(9, np.asarray(values).tobytes()))


def compressed(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return struct.pack("<II", 15, len(packed)) + packed


MATLAB = {
    "packed zeros": (compressed(element(14, bytes(11_000_000))) * 300, "unpacks to more than 12 MB"),
    "empty elements": (element(1, b"") * 1_000_000, "more than 10000 elements"),
    "one long and many short vectors": (
        b"".join(variable(f"v{k}", [1.0]) for k in range(9000)) + variable("frequency", [1.0] * 200_000),
        "are no table of spectra",
    ),
    "many dimensions": (variable("frequency", [1.0, 2.0], 1_000_000), "no named columns"),
}


@pytest.mark.parametrize("name", MATLAB)
def test_a_matlab_file_beyond_all_measure_is_refused(tmp_path: Path, name: str) -> None:
    content, words = MATLAB[name]
    head = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x100) + b"IM"
    (tmp_path / "a.mat").write_bytes(head + content)
    refused(lambda: read_file(tmp_path / "a.mat"), words)


# what no reader foresees


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_other_ends_of_lines_in_the_head_of_a_file(tmp_path: Path, sign: str) -> None:
    for head in (
        "VERSION8.0{0}5{0}5{0}1\n2\n",
        "  ZPLOT2 ASCII{0}1{0}2\n",
        "\x0bFreq{0}1\n",
        "freq/Hz{0}Re{0}1\n2\n",
    ):
        (tmp_path / "a.dfr").write_text(head.format(sign), encoding="utf-8")
        refused(lambda: read_file(tmp_path / "a.dfr"), r"a\.dfr")


def test_one_reader_that_fails_does_not_end_a_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from eisfit.formats import known_formats

    def fails(_: object) -> bool:
        raise IndexError("list index out of range")

    broken = Format("broken", fails, lambda _: [])
    monkeypatch.setattr(known_formats, "FORMATS", (broken, *known_formats.FORMATS))
    (tmp_path / "a.csv").write_text(HEADING + "2,1,-1\n1,2,-2\n")
    with pytest.raises(
        InputError, match=r"a\.csv: the file is damaged in a way that its reader does not know"
    ) as error:
        read_file(tmp_path / "a.csv")
    assert isinstance(error.value.__cause__, IndexError)
