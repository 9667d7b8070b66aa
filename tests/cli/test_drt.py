"""The command drt: tables, figures, JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from support.commands import Command, rows
from support.paths import SAMPLE


def test_the_command_writes_tables_and_figures(eisfit: Command, tmp_path: Path) -> None:
    files = sorted(map(str, SAMPLE.glob("*.csv")))[:3]
    pattern = ["--temperature-from-name", "llto_{temperature_c}C"]
    ran = eisfit("drt", *files, *pattern, "-o", tmp_path)
    assert ran.code == 0
    written = rows(tmp_path / "drt.csv")
    assert {row["kind"] for row in written} == {"peak", "arc"}
    assert all(row["temperature_c"] for row in written)
    assert (tmp_path / "drt.pdf").stat().st_size > 1000
    assert "any other number has odds below 1:20" in ran.err


def test_the_command_prints_json_and_says_what_it_refuses(eisfit: Command, tmp_path: Path) -> None:
    data = tmp_path / "few.csv"
    data.write_text(
        "frequency_hz,z_real_ohm,z_imag_ohm\n" + "".join(f"{10**k},{20 + k},{-k}\n" for k in range(1, 7))
    )
    ran = eisfit("drt", data, "--json")
    assert ran.code == 1
    shown = json.loads(ran.out)["relaxations"]
    assert shown[0]["kind"] == "refused"
    assert "6 points are too few" in shown[0]["reason"]
