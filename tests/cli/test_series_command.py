"""The command series: what it prints and writes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from eisfit import store
from eisfit import tables as report
from support.commands import WRITTEN, Command, rows


def test_everything_that_is_promised_is_written(results: Path) -> None:
    assert sorted(p.name for p in results.iterdir()) == sorted(WRITTEN)
    assert all(p.stat().st_size > 0 for p in results.iterdir())


@pytest.mark.parametrize("name", list(report.TABLES))
def test_the_tables_have_their_fixed_columns(results: Path, name: str) -> None:
    with (results / f"{name}.csv").open(encoding="utf-8") as file:
        assert tuple(next(csv.reader(file))) == report.TABLES[name]


def test_a_value_that_is_not_known_is_an_empty_cell(results: Path) -> None:
    joined = next(r for r in rows(results / "contributions.csv") if r["contribution"] == "liquid + bulk")
    assert joined["asr_ohm_cm2"] == joined["conductivity_s_cm"] == joined["frequency_hz"] == ""
    assert float(joined["resistance_ohm"]) > 0


def test_every_spectrum_of_a_series_is_checked(results: Path) -> None:
    table = rows(results / "spectra.csv")
    assert all(0.1 < float(r["kk_max_residual_percent"]) < 5 for r in table)
    assert all(r["finding"] == "" for r in table)
    stored = [f.spectrum for f in store.load(results / "eisfit.h5")]
    assert report.spectrum_rows(store.load(results / "eisfit.h5"))[3]["kk_max_residual_percent"] == float(
        table[3]["kk_max_residual_percent"]
    )
    assert all(s.checked is not None for s in stored)


def test_the_energies_of_the_sample_are_those_it_was_made_with(results: Path) -> None:
    true = {"liquid + bulk": 0.35, "grain boundary": 0.40, "interface": 0.52}
    found = [r for r in rows(results / "arrhenius.csv") if r["default"] == "true"]
    assert [r["contribution"] for r in found] == list(true)
    for row in found:
        error = float(row["activation_energy_stderr_ev"])
        assert abs(float(row["activation_energy_ev"]) - true[row["contribution"]]) < 3 * error
        assert error < 0.02
        assert row["ordinate"] == {"interface": "ln(1/R)", "grain boundary": "ln(sigma T)"}.get(
            row["contribution"], "ln(T/R)"
        )


def test_counting_in_the_table_is_that_of_the_path(results: Path) -> None:
    interface = [r for r in rows(results / "contributions.csv") if r["contribution"] == "interface"]
    for row in interface:
        assert row["count"] == "2"
        assert float(row["asr_ohm_cm2"]) == pytest.approx(float(row["resistance_ohm"]) * 0.785 / 2)
    gb = next(r for r in rows(results / "contributions.csv") if r["contribution"] == "grain boundary")
    assert float(gb["conductivity_s_cm"]) == pytest.approx(0.1 / (float(gb["resistance_ohm"]) * 0.785))


def test_the_store_holds_the_series(results: Path) -> None:
    series = store.load(results / "eisfit.h5")
    assert [f.label for f in series] == [r["spectrum"] for r in rows(results / "spectra.csv")]


def test_results_are_never_overwritten_in_silence(eisfit: Command, lab: Path) -> None:
    assert eisfit("series", lab, "-o", lab / "results", "--no-figures").code == 0
    before = (lab / "results" / "contributions.csv").read_bytes()
    again = eisfit("series", lab, "-o", lab / "results", "--no-figures")
    assert again.code == 2
    assert "holds results already; choose another folder, or --force to replace them" in again.err
    assert (lab / "results" / "contributions.csv").read_bytes() == before
    assert eisfit("series", lab, "-o", lab / "results", "--no-figures", "--force").code == 0


def test_json_holds_all_tables(eisfit: Command, lab: Path) -> None:
    ran = eisfit("series", lab, "--json", "--quiet")
    data = json.loads(ran.out)
    assert ran.err == ""
    assert set(data) == {"spectra", "parameters", "contributions", "arrhenius", "files"}
    assert data["contributions"][0]["asr_ohm_cm2"] is None
    assert data["spectra"][0]["sha256"]


def test_tables_for_people_go_to_stderr(eisfit: Command, lab: Path) -> None:
    ran = eisfit("series", lab)
    assert ran.code == 0
    assert ran.out == ""
    for text in ("Contributions", "2 x interface", "sum only", "Activation energies", "ln(1/R)", "Ω cm²"):
        assert text in ran.err
    assert "no temperature error given: not in the error bar" in ran.err


def test_one_bad_file_is_reported_and_the_rest_is_done(eisfit: Command, lab: Path) -> None:
    (lab / "bad_50C.csv").write_text("no table here\n")
    ran = eisfit("series", lab, "-o", lab / "results", "--no-figures")
    assert ran.code == 1
    assert "bad_50C" in ran.err
    table = rows(lab / "results" / "spectra.csv")
    assert [r["spectrum"] for r in table] == ["cell_20C", "cell_40C", "cell_60C", "bad_50C"]
    assert "bad_50C.csv" in table[-1]["outcome"]


def test_a_missing_temperature_is_said(eisfit: Command, lab: Path) -> None:
    (lab / "series.toml").write_text('template = "le_se"\nelectrodes = 4\nfiles = "*C.csv"')
    ran = eisfit("series", lab)
    assert ran.code == 2
    assert "temperature_c of 'cell_20C' is missing" in ran.err


def test_without_an_area_resistances_are_given_and_that_is_said(eisfit: Command, lab: Path) -> None:
    text = (lab / "series.toml").read_text().replace("area_cm2 = 1.0\n", "")
    (lab / "series.toml").write_text(text)
    ran = eisfit("series", lab)
    assert ran.code == 0
    assert "no area_cm2 given: resistances only" in ran.err


def test_a_series_of_another_channel(eisfit: Command, lab: Path) -> None:
    for path in sorted(lab.glob("*.csv")):
        table = rows(path)
        heading = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\tRe(Zce)/Ohm\t-Im(Zce)/Ohm"
        body = [
            "\t".join(f"{v:.9e}" for v in (f, 7.0, 0.0, a, -b))
            for f, a, b in (
                (float(r["frequency_hz"]), float(r["z_real_ohm"]), float(r["z_imag_ohm"])) for r in table
            )
        ]
        text = "\n".join(["EC-Lab ASCII FILE", "Nb header lines : 3", heading, *body]) + "\n"
        path.with_suffix(".mpt").write_text(text)
    text = (lab / "series.toml").read_text().replace("*C.csv", "*C.mpt")
    (lab / "series.toml").write_text(text)
    ran = eisfit("series", lab, "--channel", "ce", "-o", lab / "out", "-q", "--no-figures")
    assert ran.code == 0
    assert store.load_settings(lab / "out" / "eisfit.h5")["channel"] == "ce"
    given = {r["contribution"]: float(r["resistance_ohm"]) for r in rows(lab / "out" / "contributions.csv")}
    assert given["interface"] > 100
