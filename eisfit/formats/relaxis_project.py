"""RelaxIS 3 project `.eis3`: an SQLite database with one spectrum per row of Files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.amplitude import with_amplitude
from eisfit.formats.parsing.build import build, with_plausible
from eisfit.formats.parsing.numbers import CM, CM2
from eisfit.formats.parsing.rows import matrix
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "RelaxIS project"
_POINTS = "SELECT frequency, zreal, zimag FROM Datapoints WHERE file_id = ? ORDER BY ID"
_FACTS = "SELECT name, value FROM FileInformation WHERE file_id = ?"
_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
MOST_STEPS, STEPS_AT_A_TIME = 30_000_000, 10_000  # of the machine of SQLite: one or two seconds
LONGEST_VALUE = 1_000_000
MOST_POINTS = 1_000_000
_FACTS_WANTED = ("Temperature", "Area", "Thickness")


def recognise(raw: RawFile) -> bool:
    """Look for SQLite 3 with the table Datapoints."""
    return raw.data.startswith(b"SQLite format 3\0")


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra in the order of the project, with temperature, area and thickness.

    Raises
    ------
    FormatError
        If the database is damaged or is none of RelaxIS.
    NoImpedance
        If it holds no points.
    """
    import sqlite3

    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(_without_journal(raw.data))
        _bound(connection)
        tables = {str(name) for name, sql in connection.execute(_TABLES) if "VIRTUAL" not in str(sql).upper()}
        if not {"Files", "Datapoints"} <= tables:
            raise FormatError(
                f"{raw.name}: this SQLite database has no tables Files and Datapoints of RelaxIS"
            )
        facts = "FileInformation" in tables
        return _spectra(raw, connection, facts)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise FormatError(f"{raw.name}: the SQLite database is damaged ({error})") from None
    finally:
        connection.close()


def _bound(connection: Any) -> None:
    """Let queries see stored rows alone, which end: no views, functions or triggers, and a limit of steps."""
    import sqlite3

    steps = iter(range(MOST_STEPS // STEPS_AT_A_TIME))
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY
    )
    connection.set_progress_handler(lambda: next(steps, None) is None, STEPS_AT_A_TIME)


def _without_journal(data: bytes) -> bytes:
    """Clear the write-ahead flag (bytes 18 and 19), which a database in memory cannot have."""
    return data[:18] + b"\1\1" + data[20:] if data[18:20] == b"\2\2" else data


def _spectra(raw: RawFile, connection: Any, facts: bool) -> list[Spectrum]:
    spectra: list[Spectrum] = []
    left_out = points = 0
    for (file_id,) in connection.execute("SELECT ID FROM Files ORDER BY ID").fetchall():
        rows = [[_number(raw, v) for v in row] for row in connection.execute(_POINTS, (file_id,))]
        if not rows:
            continue
        points += len(rows)
        if points > MOST_POINTS:
            raise FormatError(
                f"{raw.name}: it holds more than {MOST_POINTS:,} points; cut the project into parts"
            )
        known = dict(connection.execute(_FACTS, (file_id,)).fetchall()) if facts else {}
        if _is_permittivity(known):
            left_out += 1
            continue
        f, re_, im = matrix(rows, 3).T
        conditions, reported = _conditions(known)
        spectra += build(
            raw, NAME, f, re_ + 1j * im,
            conditions=conditions, findings=reported, restarts=False, first_sweep=len(spectra) + 1,
        )  # fmt: skip
    text = f"{left_out} of {left_out + len(spectra)} records hold a permittivity only (IsEpsOnlyData)"
    if not spectra:
        raise NoImpedance(f"{raw.name}: {text if left_out else 'the project holds no spectrum'}")
    if not left_out:
        return spectra
    note = Finding("permittivity", f"{text} and were left out")
    return [replace(s, findings=(*s.findings, note)) for s in spectra]


def _is_permittivity(known: dict[object, object]) -> bool:
    """Tell whether the record is marked as no impedance; how it would be scaled is not known."""
    return str(known.get("IsEpsOnlyData") or 0).strip().lower() not in ("0", "0.0", "false", "")


def _number(raw: RawFile, value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise FormatError(f"{raw.name}: {str(value)[:40]!r} in the table Datapoints is not a number")


def _conditions(known: dict[object, object]) -> tuple[Conditions, tuple[Finding, ...]]:
    scales = dict(zip(_FACTS_WANTED, (1.0, CM2["m2"], CM["m"]), strict=True))
    value = {n: float(v) * scales[n] for n in _FACTS_WANTED if isinstance(v := known.get(n), int | float)}
    conditions = with_plausible(
        NO_CONDITIONS,
        temperature_c=value.get("Temperature"),
        area_cm2=value.get("Area"),
        thickness_cm=value.get("Thickness"),
    )  # fmt: skip
    level = known.get("ACVoltage")
    level = float(level) if isinstance(level, int | float) else None
    return with_amplitude(conditions, level, "V", "rms", convention="RelaxIS")


FORMAT = Format(NAME, recognise, read)
