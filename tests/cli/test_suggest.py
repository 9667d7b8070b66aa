"""The command suggest: tables, JSON, a series.toml that can be fitted, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from eisfit import store
from eisfit.workflow.manifest import read_manifest
from support.commands import Command
from support.paths import SAMPLE

FILES = [str(path) for path in sorted(SAMPLE.glob("*.csv"))[:3]]


def test_the_command_ranks_and_writes_a_series_that_can_be_fitted(eisfit: Command, tmp_path: Path) -> None:
    written = tmp_path / "series.toml"
    ran = eisfit("suggest", *FILES, "--electrodes", "4", "--area-cm2", "0.785", "-o", written, "--json")
    assert ran.code == 0
    first, _, rest = ran.out.partition("\n")
    assert first == str(written)
    shown = json.loads(rest)
    assert shown["circuits"][0]["circuit"] == "R0-p(R1,CPE1)-p(R2,CPE2)"
    assert shown["templates"][0]["template"] == "le_se"
    manifest = read_manifest(written)
    assert manifest.template == "le_se"
    assert len(manifest.entries) == len(FILES)
    assert '# template = "pe_se"' in written.read_text("utf-8")
    assert "told from the first by" in ran.err


def test_the_command_keeps_a_series_and_says_what_it_refuses(eisfit: Command, tmp_path: Path) -> None:
    data = tmp_path / "few.csv"
    data.write_text(
        "frequency_hz,z_real_ohm,z_imag_ohm\n" + "".join(f"{10**k},{20 + k},{-k}\n" for k in range(1, 7))
    )
    ran = eisfit("suggest", data)
    assert ran.code == 3
    assert "few: 6 points are too few to tell circuits apart: it takes 8" in ran.err
    ran = eisfit("suggest", data, "--electrodes", "5")
    assert ran.code == 2
    assert "--electrodes 5: templates know 2, 3, 4 or 8 electrodes" in ran.err
    (tmp_path / "series.toml").write_text("")
    ran = eisfit("suggest", FILES[0], "-o", tmp_path)
    assert ran.code == 2
    assert "exists already; --force replaces it" in ran.err


def test_the_command_keeps_a_suggestion_as_file_tables_and_report(eisfit: Command, tmp_path: Path) -> None:
    kept = tmp_path / "kept.h5"
    ran = eisfit("suggest", FILES[0], "--electrodes", "4", "-o", kept, "-o", tmp_path / "kept.csv", "--quiet")
    assert ran.code == 0
    names = ["kept.h5", *(f"kept_{what}.csv" for what in ("circuits", "templates", "values"))]
    assert ran.out.splitlines() == [str(tmp_path / name) for name in names]
    found = store.load(kept)
    rows = list(csv.DictReader((tmp_path / "kept_circuits.csv").read_text("utf-8").splitlines()))
    assert [row["circuit"] for row in rows] == [c.circuit for c in found.circuits]
    assert rows[0]["member"] == "1"
    assert store.load_settings(kept) == {"electrodes": 4, "window_hz": [None, None], "channel": "we"}
    assert eisfit("suggest", FILES[0], "-o", kept).code == 2
    assert eisfit("report", kept).code == 0
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    refused = eisfit("plot", kept, "arrhenius")
    assert refused.code == 2
    assert "holds a suggestion without fits" in refused.err
