"""Parameters are fixed, bounded and tied from the command line, in series.toml and in a CSV manifest."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import eisfit as package
from eisfit import store
from eisfit.tables.parameter_table import MOST_SPECTRA, parameter_tables
from eisfit.tables.terminal import print_result
from eisfit.tools.rounding import with_error
from support.cells import grid, noisy
from support.commands import Command, rows

CIRCUIT = ("--circuit", "R0-p(R1,CPE1)-p(R2,CPE2)")


def parameters(printed: str) -> dict[tuple[str, str], dict[str, object]]:
    return {(r["spectrum"], r["parameter"]): r for r in json.loads(printed)["parameters"]}


def test_fit_fixes_bounds_and_ties(eisfit: Command, lab: Path) -> None:
    ran = eisfit(
        "fit", lab / "*C.csv", *CIRCUIT, "--fix", "R0=100", "--range", "CPE1_alpha=0.5..1",
        "--tie", "CPE2_alpha = 0.9*CPE1_alpha", "--start", "R1=250", "--json", "-q", "--area-cm2", 2,
    )  # fmt: skip
    found = parameters(ran.out)
    for k in (20, 40, 60):
        own = {name: row for (spectrum, name), row in found.items() if spectrum == f"cell_{k}C"}
        assert (own["R0"]["value"], own["R0"]["state"], own["R0"]["outcome"]) == (100.0, "fixed", "fixed")
        assert own["CPE2_alpha"]["state"] == "tied"
        assert own["CPE2_alpha"]["outcome"] == "tied: 0.9*CPE1_alpha"
        assert own["CPE2_alpha"]["value"] == pytest.approx(0.9 * own["CPE1_alpha"]["value"])  # type: ignore[operator]
        assert own["R2"]["asr_ohm_cm2"] == pytest.approx(2 * own["R2"]["value"])  # type: ignore[operator]
        assert own["CPE2_Q"]["asr_ohm_cm2"] is None


def test_series_takes_them_before_those_of_the_manifest(eisfit: Command, lab: Path) -> None:
    text = (lab / "series.toml").read_text()
    (lab / "series.toml").write_text("fixed = { R_le = 5.0 }\n" + text)
    parts = ("series", lab, "-q", "--no-figures", "--json")
    assert parameters(eisfit(*parts).out)["cell_20C", "R_le"]["value"] == 5.0
    ran = eisfit(*parts, "--fix", "R_le=4", "-o", lab / "out")
    assert parameters(ran.out)["cell_20C", "R_le"]["value"] == 4.0
    series = store.load(lab / "out" / "eisfit.h5")
    assert all(f.values["R_le"] == 4.0 for f in series)


def test_series_toml_ties(eisfit: Command, lab: Path) -> None:
    text = (lab / "series.toml").read_text()
    (lab / "series.toml").write_text('tie = ["R_le = 0.2 Zarc_gb_R"]\n' + text)
    found = parameters(eisfit("series", lab, "-q", "--json").out)
    for k in (20, 40, 60):
        assert found[f"cell_{k}C", "R_le"]["state"] == "tied"
        expected = 0.2 * found[f"cell_{k}C", "Zarc_gb_R"]["value"]  # type: ignore[operator]
        assert found[f"cell_{k}C", "R_le"]["value"] == pytest.approx(expected)


def test_each_spectrum_states_values_of_its_own(eisfit: Command, lab: Path) -> None:
    toml = 'template = "le_se"\nelectrodes = 4\n' + "".join(
        f'[[spectrum]]\nfile = "cell_{k}C.csv"\ntemperature_c = {k}\nfixed = {{ R_le = {r} }}\n'
        for k, r in ((20, 5.5), (40, 4.5), (60, 3.5))
    )
    (lab / "known.toml").write_text(toml)
    (lab / "nested.toml").write_text(
        toml.replace("fixed = { R_le = 4.5 }", "[spectrum.parameter.R_le]\nfixed = 4.5")
    )
    (lab / "known.csv").write_text(
        "file;T (°C);fixed_R_le / ohm\ncell_20C.csv;20;5,5\ncell_40C.csv;40;4,5\ncell_60C.csv;60;3,5\n"
    )
    tables = []
    for manifest in ("known.toml", "nested.toml", "known.csv"):
        found = parameters(
            eisfit("series", lab / manifest, "--template", "le_se", "--electrodes", 4, "-q", "--json").out
        )
        assert [found[f"cell_{k}C", "R_le"]["value"] for k in (20, 40, 60)] == [5.5, 4.5, 3.5]
        tables.append([row["value"] for row in found.values()])
    assert tables[0] == tables[1] == tables[2]
    ran = eisfit("series", lab / "known.toml", "--fix", "R_le=4", "-q", "--json")
    assert parameters(ran.out)["cell_20C", "R_le"]["value"] == 4.0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("fixed = { R_l = 4.5 }", "cell_40C: template 'le_se': unknown parameter 'R_l' (did you mean 'R_le'?); known:"),
        ("", "R_le is fixed in 2 of 3 spectra, and not in cell_40C: state its value for each of them"),
        ("fixed = { R_le = -1 }", "known.toml, spectrum 'cell_40C.csv': fixed.R_le is -1: it must be positive"),
        ("fixed = 3", "known.toml, spectrum 'cell_40C.csv', fixed: this must be a table, not 3"),
        ('fixed = { R_le = "4" }', "fixed: R_le is '4'; it must be a number"),
        ('tie = ["R_le = Zarc_gb_R"]', "R_le: only fixed may be stated of one spectrum; write ranges, starts and ties"),
    ],
)  # fmt: skip
def test_a_wrong_value_of_one_spectrum_names_its_file(
    eisfit: Command, lab: Path, change: str, sentence: str
) -> None:
    toml = 'template = "le_se"\nelectrodes = 4\n' + "".join(
        f'[[spectrum]]\nfile = "cell_{k}C.csv"\ntemperature_c = {k}\n'
        + (f"{change}\n" if k == 40 else "fixed = { R_le = 5 }\n")
        for k in (20, 40, 60)
    )
    (lab / "known.toml").write_text(toml)
    ran = eisfit("series", lab / "known.toml", "-q")
    assert ran.code == 2
    assert sentence in ran.err


@pytest.mark.parametrize(
    ("option", "text", "sentence"),
    [
        ("--fix", "R3=1", "unknown parameter 'R3'; known: R0, R1, CPE1_Q"),
        ("--fix", "cpe1_alpha=0.9", "unknown parameter 'cpe1_alpha' (did you mean 'CPE1_alpha'?)"),
        ("--fix", "R1", "fix 'R1' cannot be read: write the parameter and its value, as R0=12.3"),
        ("--fix", "R1=1,5", "write a decimal point, not a comma"),
        ("--range", "R1=5", "range 'R1=5' cannot be read: write two numbers, as CPE1_alpha=0.7..1"),
        (
            "--range",
            "CPE1_alpha=0.7..1.2",
            "range [0.7, 1.2] of 'CPE1_alpha' must rise and lie within 0 and 1",
        ),
        (
            "--tie",
            "R2 = R1 + R0",
            "tie 'R1 + R0' cannot be used: a tie is a factor times one other parameter",
        ),
        ("--tie", "R2 = CPE1_Q", "ties R2 (ohm) to CPE1_Q (S s^alpha)"),
        ("--tie", "R2 = R2", "tied in a circle: R2 -> R2"),
        ("--start", "R1=x", "start 'R1=x' cannot be used: 'x' is no number"),
    ],
)
@pytest.mark.parametrize("command", ["fit", "series"])
def test_a_wrong_setting_says_what_is_possible(
    eisfit: Command, lab: Path, command: str, option: str, text: str, sentence: str
) -> None:
    ran = eisfit(command, lab / "cell_20C.csv" if command == "fit" else lab, *CIRCUIT, option, text)
    assert ran.code == 2
    assert sentence in ran.err.replace("\n", " ")
    assert len(ran.err.splitlines()) == 1


def test_a_parameter_that_is_not_between_the_probes_cannot_be_set(eisfit: Command, lab: Path) -> None:
    ran = eisfit("series", lab, "--fix", "Zarc_el_alpha=0.9")
    assert ran.code == 2
    assert "'Zarc_el_alpha' belongs to a segment that does not lie between the probes" in ran.err


def test_fit_shows_the_parameters_of_a_circuit(eisfit: Command, lab: Path) -> None:
    ran = eisfit(
        "fit", lab / "cell_20C.csv", *CIRCUIT, "--tie", "R2 = 4*R1", "--fix", "R0=80", "--area-cm2", 2
    )
    assert "Parameters of cell_20C" in ran.err
    lines = [line for line in ran.err.splitlines() if "│" in line]
    (r2,) = [line for line in lines if line.startswith("│R2")]
    assert "Ω" in r2
    assert "tied: 4*R1" in r2
    assert any("│R0" in line and "fixed" in line for line in lines)
    assert any("CPE1_Q" in line and "±" in line and "S s^alpha" in line and "free" in line for line in lines)
    assert "R·A / Ω cm²" in ran.err
    other = eisfit("fit", lab / "cell_20C.csv", "--template", "le_se", "--electrodes", 4)
    assert "Parameters of" not in other.err


def test_the_table_of_parameters_fits_eighty_columns() -> None:
    t = package.Template.from_circuit(CIRCUIT[1]).setting({"CPE2_alpha": "1.1875*CPE1_alpha", "R0": 20.0})
    z = noisy(t.circuit.impedance(grid(), [20.0, 400.0, 1e-7, 0.8, 1786.0, 1e-5, 0.95]), 0.003, 1)
    conditions = package.Conditions(area_cm2=0.785, area_err_cm2=0.01)
    fit = package.fit(package.Spectrum(grid(), z, label="pellet", conditions=conditions), t)
    out = io.StringIO()
    print_result(Console(file=out, width=80), [fit])
    lines = out.getvalue().splitlines()
    assert max(len(line) for line in lines) <= 80
    text = out.getvalue()
    for whole in ("CPE1_alpha", "CPE2_alpha", "S s^alpha", "fixed", "R·A / Ω cm²", "free"):
        assert whole in text
    assert all(with_error(p.value, p.stderr) in text for p in fit.parameters)
    (r1,) = [line for line in lines if line.startswith("│R1")]
    assert "313.9 ± 4.0" in r1


def test_the_error_of_the_area_enters_the_area_specific_resistance() -> None:
    t = package.Template.from_circuit("R0-p(R1,CPE1)")
    z = noisy(t.circuit.impedance(grid(), [20.0, 400.0, 1e-7, 0.8]), 0.003, 1)
    c = package.Conditions(area_cm2=2.0, area_err_cm2=0.1)
    fit = package.fit(package.Spectrum(grid(), z, conditions=c), t)
    row = package.tables.parameter_rows([fit])[1]
    assert row["asr_ohm_cm2"] == 2 * row["value"]
    assert row["asr_stderr_ohm_cm2"] == pytest.approx(np.hypot(2 * row["stderr"], 0.1 * row["value"]))


def test_parameters_of_many_spectra_are_a_file(lab: Path) -> None:
    t = package.Template.from_circuit("R0-p(R1,CPE1)")
    z = noisy(t.circuit.impedance(grid(), [20.0, 400.0, 1e-7, 0.8]), 0.003, 1)
    fit = package.fit(package.Spectrum(grid(), z), t)
    assert len(list(parameter_tables([fit] * MOST_SPECTRA))) == MOST_SPECTRA
    (said,) = parameter_tables([fit] * (MOST_SPECTRA + 1))
    assert said == "parameters of 13 spectra: -o FOLDER writes them into parameters.csv, --json prints them"


def test_the_file_of_parameters_states_them(eisfit: Command, lab: Path) -> None:
    eisfit("fit", lab / "cell_20C.csv", *CIRCUIT, "--fix", "R0=80", "-q", "-o", lab / "out", "--no-figures")
    found = {r["parameter"]: r for r in rows(lab / "out" / "parameters.csv")}
    assert (found["R0"]["state"], found["R1"]["state"], found["R0"]["asr_ohm_cm2"]) == ("fixed", "free", "")


@pytest.mark.parametrize(
    ("settings", "held"),
    [
        (("--fix", "CPE2_alpha=0.6"), "CPE2_alpha"),
        (("--range", "R0=300..2000"), "R0"),
        (("--tie", "R2 = 0.2*R1"), "R2"),
    ],
)
@pytest.mark.parametrize("command", ["fit", "series"])
def test_what_is_set_and_misses_the_data_is_a_misfit(
    eisfit: Command, lab: Path, command: str, settings: tuple[str, str], held: str
) -> None:
    ran = eisfit(command, lab / "*C.csv", *CIRCUIT, *settings, "--json")
    assert ran.code == 4
    found = json.loads(ran.out)["contributions"]
    assert "yes" not in {row["resolved"] for row in found}
    assert any(str(row["resolved"]).startswith("misfit") for row in found)
    assert f"disagree with the data: leave free what is set ({held}), or try another circuit" in " ".join(
        ran.err.split()
    )


def test_what_is_set_and_agrees_with_the_data_is_no_misfit(eisfit: Command, lab: Path) -> None:
    free = parameters(eisfit("fit", lab / "*20C.csv", *CIRCUIT, "--json", "-q").out)
    value = free["cell_20C", "CPE1_alpha"]["value"]
    ran = eisfit("fit", lab / "*20C.csv", *CIRCUIT, "--fix", f"CPE1_alpha={value}", "--json", "-q")
    assert ran.code == 0


def test_a_lower_bound_that_was_set_is_no_physical_limit(eisfit: Command, lab: Path) -> None:
    free = parameters(eisfit("fit", lab / "*20C.csv", *CIRCUIT, "--json", "-q").out)
    low = 1.2 * float(free["cell_20C", "R0"]["value"])  # type: ignore[arg-type]
    ran = eisfit("fit", lab / "*20C.csv", *CIRCUIT, "--range", f"R0={low}..{10 * low}", "--json", "-q")
    row = parameters(ran.out)["cell_20C", "R0"]
    assert row["state"] == "lower bound"
    assert "rests on its lower bound" in str(row["outcome"])
