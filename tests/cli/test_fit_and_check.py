"""The command fit, and what a check before the fit finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eisfit import store
from eisfit import tables as report
from support.commands import Command, rows, spoil


@pytest.mark.parametrize("command", ["series", "fit"])
def test_what_a_check_finds_is_said_and_written(eisfit: Command, lab: Path, command: str) -> None:
    spoil(lab / "cell_40C.csv", slice(35, None), 1.2)
    asked = [lab] if command == "series" else [lab / "cell_*.csv", "--template", "le_se", "--electrodes", 4]
    ran = eisfit(command, *asked, "-o", lab / "out", "--no-figures")
    assert "cell_40C: Kramers-Kronig: real and imaginary part do not belong together" in ran.err
    table = {r["spectrum"]: r for r in rows(lab / "out" / "spectra.csv")}
    assert float(table["cell_40C"]["kk_max_residual_percent"]) > 3
    assert "real and imaginary part do not belong together" in table["cell_40C"]["finding"]
    assert table["cell_20C"]["finding"] == ""
    assert [int(r["masked"]) for r in table.values()] == [0, 0, 0]
    again = report.spectrum_rows(store.load(lab / "out" / "eisfit.h5"))
    assert [r["finding"] for r in again] == [r["finding"] for r in table.values()]


@pytest.mark.parametrize("command", ["series", "fit"])
def test_outliers_are_masked_when_asked(eisfit: Command, lab: Path, command: str) -> None:
    spoil(lab / "cell_40C.csv", slice(30, 31), 1.2)
    asked = [lab] if command == "series" else [lab / "cell_*.csv", "--template", "le_se", "--electrodes", 4]
    eisfit(command, *asked, "-o", lab / "kept", "--no-figures")
    kept = rows(lab / "kept" / "spectra.csv")[1]
    assert (kept["masked"], kept["finding"][:18]) == ("0", "1 point stands out")
    ran = eisfit(command, *asked, "--mask-outliers", "-o", lab / "out", "--no-figures")
    assert "cell_40C: outlier: 1 point stands out, at 1000 Hz" in ran.err
    masked = rows(lab / "out" / "spectra.csv")[1]
    assert masked["masked"] == "1"
    assert masked["finding"].endswith("they take no part in the fit")
    assert float(masked["chi2_reduced"]) < float(kept["chi2_reduced"]) / 2
    spectrum = store.load(lab / "out" / "eisfit.h5")[1].spectrum
    assert [k for k, reason in enumerate(spectrum.mask_reason) if reason.startswith("outlier: far off")] == [
        30
    ]


def test_fit_takes_a_circuit_string(eisfit: Command, lab: Path) -> None:
    ran = eisfit("fit", lab / "*C.csv", "--circuit", "R0-p(R1,CPE1)-p(R2,CPE2)", "--json", "-q")
    data = json.loads(ran.out)
    values = {(r["spectrum"], r["parameter"]): r["value"] for r in data["parameters"]}
    assert values["cell_20C", "R2"] == pytest.approx(1000.0, rel=0.02)
    assert "arrhenius" not in data


def test_fit_takes_a_template_and_cuts(eisfit: Command, lab: Path) -> None:
    options = (
        "--template",
        "le_se",
        "--electrodes",
        4,
        "--area-cm2",
        2,
        "--f-max-hz",
        1e5,
        "-o",
        lab / "out",
    )
    ran = eisfit("fit", lab / "cell_20C.csv", *options)
    assert ran.code == 0
    assert {p.name for p in (lab / "out").iterdir()} == {
        *("spectra.csv", "parameters.csv", "contributions.csv", "eisfit.h5", "nyquist.pdf", "nyquist.png")
    }
    assert rows(lab / "out" / "spectra.csv")[0]["masked"] == "10"
