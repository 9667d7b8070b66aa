"""The command line: what a user types, sees, and gets as an exit code."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from eisfit import Spectrum, store
from eisfit import tables as report
from eisfit.cli import main as cli
from eisfit.formats import read
from eisfit.formats.delimited_text import write_csv
from support.cells import le_se_faded, le_se_values, measured
from support.paths import SAMPLE


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def eisfit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Return a function that runs the command in this process."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["eisfit", *map(str, arguments)])
        with pytest.raises(SystemExit) as leave:
            cli.main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return Ran(int(leave.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    for k, t in enumerate((20, 40, 60)):
        s = measured(le_se_faded(), le_se_values(r_s=100 - t), seed=k)
        write_csv(tmp_path / f"cell_{t}C.csv", s)
    (tmp_path / "series.toml").write_text(
        'template = "le_se"\nelectrodes = 4\narea_cm2 = 1.0\nfiles = "*C.csv"\n'
        'temperature_from_name = "{temperature_c}C"\n'
    )
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of the sample, made by a process of its own."""
    folder = tmp_path_factory.mktemp("sample") / "results"
    command = [
        sys.executable,
        "-c",
        "from eisfit.cli.main import main; main()",
        "series",
        str(SAMPLE),
        "-o",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "Activation energies" in done.stderr
    assert done.stdout.split() == [str(folder / name) for name in WRITTEN]
    return folder


@pytest.mark.parametrize("module", ["eisfit", "eisfit.cli"])
def test_the_command_is_there_without_its_script(module: str) -> None:
    for arguments, code, words in (
        (["templates"], 0, "le_se"),
        (["templates", "nope"], 2, "eisfit: no template 'nope'"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
        )
        assert (done.returncode, words in done.stdout + done.stderr) == (code, True), done.stderr


WRITTEN = (
    "spectra.csv",
    "parameters.csv",
    "contributions.csv",
    "arrhenius.csv",
    "eisfit.h5",
    "nyquist.pdf",
    "nyquist.png",
    "arrhenius.pdf",
    "arrhenius.png",
)


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


def spoil(path: Path, points: slice, factor: float) -> None:
    """Multiply some points of a spectrum in a file."""
    (s,) = read(path)
    z = s.z_ohm.copy()
    z[points] *= factor
    write_csv(path, Spectrum(s.frequency_hz, z))


@pytest.mark.parametrize("command", ["series", "fit"])
def test_what_a_check_finds_is_said_and_written(eisfit, lab: Path, command: str) -> None:
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
def test_outliers_are_masked_when_asked(eisfit, lab: Path, command: str) -> None:
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


def test_results_are_never_overwritten_in_silence(eisfit, lab: Path) -> None:
    assert eisfit("series", lab, "-o", lab / "results", "--no-figures").code == 0
    before = (lab / "results" / "contributions.csv").read_bytes()
    again = eisfit("series", lab, "-o", lab / "results", "--no-figures")
    assert again.code == 2
    assert "holds results already; choose another folder, or --force to replace them" in again.err
    assert (lab / "results" / "contributions.csv").read_bytes() == before
    assert eisfit("series", lab, "-o", lab / "results", "--no-figures", "--force").code == 0


def test_json_holds_all_tables(eisfit, lab: Path) -> None:
    ran = eisfit("series", lab, "--json", "--quiet")
    data = json.loads(ran.out)
    assert ran.err == ""
    assert set(data) == {"spectra", "parameters", "contributions", "arrhenius", "files"}
    assert data["contributions"][0]["asr_ohm_cm2"] is None
    assert data["spectra"][0]["sha256"]


def test_tables_for_people_go_to_stderr(eisfit, lab: Path) -> None:
    ran = eisfit("series", lab)
    assert ran.code == 0
    assert ran.out == ""
    for text in ("Contributions", "2 x interface", "sum only", "Activation energies", "ln(1/R)", "Ω cm²"):
        assert text in ran.err
    assert "no temperature error given: not in the error bar" in ran.err


def test_one_bad_file_is_reported_and_the_rest_is_done(eisfit, lab: Path) -> None:
    (lab / "bad_50C.csv").write_text("no table here\n")
    ran = eisfit("series", lab, "-o", lab / "results", "--no-figures")
    assert ran.code == 1
    assert "bad_50C" in ran.err
    table = rows(lab / "results" / "spectra.csv")
    assert [r["spectrum"] for r in table] == ["cell_20C", "cell_40C", "cell_60C", "bad_50C"]
    assert "bad_50C.csv" in table[-1]["outcome"]


def test_nothing_readable_is_exit_code_three(eisfit, tmp_path: Path) -> None:
    (tmp_path / "a_20C.csv").write_text("no table here\n")
    (tmp_path / "series.toml").write_text(
        'template = "le_se"\nfiles = "a*"\ntemperature_c = 1\nelectrodes = 4'
    )
    assert eisfit("series", tmp_path).code == 3
    assert eisfit("read", tmp_path / "a_20C.csv").code == 3
    assert eisfit("fit", tmp_path / "gone.csv", "--circuit", "R0").code == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["series", "nowhere"], "nowhere: there is no such folder or file"),
        (["series", "{lab}", "--template", "nope"], "no template 'nope'; shipped: "),
        (["series", "{lab}", "--circuit", "R0-p(R1"], "expected ',' or ')' at column 8"),
        (["series", "{lab}", "--template", "le_se", "--circuit", "R0"], "both given; keep one"),
        (["series", "{lab}", "--electrodes", "8"], "no configuration with 8 electrodes"),
        (["series", "{lab}", "--weights", "none"], "unknown weights 'none'"),
        (["fit", "{lab}/cell_20C.csv"], "--template NAME (see 'eisfit templates') or --circuit STRING"),
        (["fit", "{lab}/cell_20C.csv", "--template", "le_se"], "say which, as electrodes = 4"),
        (
            ["fit", "{lab}/cell_20C.csv", "--circuit", "R0", "--area-cm2", "-1"],
            "area_cm2 is -1: it must be positive",
        ),
        (["templates", "nope"], "no template 'nope'"),
        (
            ["simulate", "nope", "-o", "{lab}/x"],
            "no scenario 'nope'; there are: licgc_pe_no_interface, llto_",
        ),
        (["simulate", "llto_le_four_electrode"], "say where to write the series: -o FOLDER"),
        (["simulate", "llto_le_four_electrode", "-o", "{lab}"], "holds a series already"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["fit"], "Missing argument"),
        (["series", "{lab}", "--frob"], "No such option"),
        (["series", "{lab}", "-o", "{lab}/series.toml"], "this is a file; name a folder for the results"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_two(
    eisfit, lab: Path, arguments: list, sentence: str
) -> None:
    ran = eisfit(*(a.format(lab=lab) for a in arguments))
    assert ran.code == 2
    assert sentence in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert ran.out == ""


def test_a_missing_temperature_is_said(eisfit, lab: Path) -> None:
    (lab / "series.toml").write_text('template = "le_se"\nelectrodes = 4\nfiles = "*C.csv"')
    ran = eisfit("series", lab)
    assert ran.code == 2
    assert "temperature_c of 'cell_20C' is missing" in ran.err


def test_without_an_area_resistances_are_given_and_that_is_said(eisfit, lab: Path) -> None:
    text = (lab / "series.toml").read_text().replace("area_cm2 = 1.0\n", "")
    (lab / "series.toml").write_text(text)
    ran = eisfit("series", lab)
    assert ran.code == 0
    assert "no area_cm2 given: resistances only" in ran.err


def test_fit_takes_a_circuit_string(eisfit, lab: Path) -> None:
    ran = eisfit("fit", lab / "*C.csv", "--circuit", "R0-p(R1,CPE1)-p(R2,CPE2)", "--json", "-q")
    data = json.loads(ran.out)
    values = {(r["spectrum"], r["parameter"]): r["value"] for r in data["parameters"]}
    assert values["cell_20C", "R2"] == pytest.approx(1000.0, rel=0.02)
    assert "arrhenius" not in data


def test_fit_takes_a_template_and_cuts(eisfit, lab: Path) -> None:
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


def test_read_says_what_is_in_a_file(eisfit, lab: Path) -> None:
    ran = eisfit("read", lab / "cell_20C.csv")
    assert ran.out == f"{lab / 'cell_20C.csv'}  table  sweep 1  71 points  0.1 to 1e+06 Hz\n"
    data = json.loads(eisfit("read", lab / "cell_20C.csv", "--json").out)
    assert data["spectra"][0]["points"] == 71
    assert data["unread"] == []


def test_read_goes_on_after_a_bad_file(eisfit, lab: Path) -> None:
    ran = eisfit("read", lab / "gone.csv", lab / "cell_20C.csv")
    assert ran.code == 1
    assert "there is no such file" in ran.err
    assert "cell_20C" in ran.out


@pytest.mark.parametrize("ending", ["csv", "h5"])
def test_convert_writes_every_point(eisfit, lab: Path, ending: str) -> None:
    target = lab / f"all.{ending}"
    assert eisfit("convert", lab / "cell_*.csv", "-o", target).out == f"{target}\n"
    if ending == "csv":
        table = rows(target)
        assert len(table) == 3 * 71
        first = measured(le_se_faded(), le_se_values(r_s=80), seed=0)
        assert float(table[0]["z_imag_ohm"]) == first.z_ohm[0].imag
    else:
        assert [s.label for s in store.load(target)] == ["cell_20C", "cell_40C", "cell_60C"]
    again = eisfit("convert", lab / "cell_*.csv", "-o", target)
    assert again.code == 2
    assert "exists already" in again.err


def test_check_tests_spectra_before_any_fit(eisfit, lab: Path) -> None:
    ran = eisfit("check", lab / "cell_20C.csv")
    assert ran.code == 0
    assert ran.out.startswith("cell_20C  Kramers-Kronig ")
    data = json.loads(eisfit("check", lab / "cell_20C.csv", "--json").out)
    assert 0 < data["spectra"][0]["kk_max_residual_percent"] < 5


def test_convert_needs_an_ending_that_it_knows(eisfit, lab: Path) -> None:
    ran = eisfit("convert", lab / "cell_20C.csv", "-o", lab / "all.xls")
    assert ran.code == 2
    assert "ends in .csv or .h5" in ran.err


def test_a_run_without_impedance_is_said(eisfit, real_spectra: Path) -> None:
    ran = eisfit("read", real_spectra / "vendor" / "no-impedance" / "ocv.mpt")
    assert ran.code == 3
    assert "impedance" in ran.err.splitlines()[0]


def test_plot_draws_any_kind_from_the_stored_results(eisfit, results: Path, tmp_path: Path) -> None:
    ran = eisfit("plot", results / "eisfit.h5", "bode", "-o", tmp_path, "--format", "png", "--data")
    assert ran.code == 0
    assert {p.name for p in tmp_path.iterdir()} == {"bode.png", "bode.csv"}
    again = eisfit("plot", results / "eisfit.h5", "bode", "-o", tmp_path, "--format", "png")
    assert again.code == 2
    assert "exists already" in again.err
    assert "arrhenius: " in eisfit("plot", results / "eisfit.h5", "list").out


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["bode", "--format", "gif"], ["bode", "--style", "x"], ["bode", "--width", "x"]],
)
def test_a_wrong_figure_is_refused(eisfit, results: Path, tmp_path: Path, arguments: list) -> None:
    ran = eisfit("plot", results / "eisfit.h5", *arguments, "-o", tmp_path)
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1


def test_another_channel_is_read_where_there_is_one(eisfit, lab: Path) -> None:
    ran = eisfit("read", lab / "cell_20C.csv", "--channel", "ce")
    assert ran.code == 3
    assert "no channel 'ce'" in ran.err


def test_a_series_of_another_channel(eisfit, lab: Path) -> None:
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


def test_an_unknown_channel_is_one_sentence(eisfit, lab: Path) -> None:
    for command in (["series", lab], ["read", lab / "cell_20C.csv", lab / "cell_40C.csv"]):
        ran = eisfit(*command, "--channel", "x")
        assert ran.code == 2
        assert ran.err == "eisfit: channel is 'x': it must be one of 'we', 'ce', 'we-ce'\n"


def test_the_amplitude_is_told_and_converted_and_read_back(eisfit, lab: Path) -> None:
    for name, line in (("cell_20C", "Amplitude: 10 mV rms"), ("cell_40C", "AC current: 2 uA peak")):
        path = lab / f"{name}.csv"
        path.write_text(f"{line}\n" + path.read_text())
    files = [lab / "cell_20C.csv", lab / "cell_40C.csv", lab / "cell_60C.csv"]
    told = json.loads(eisfit("read", *files, "--json").out)["spectra"]
    wanted = [(0.01, None), (None, pytest.approx(2e-6 / 2**0.5)), (None, None)]
    assert [(row["amplitude_v"], row["amplitude_a"]) for row in told] == wanted
    for ending in ("csv", "h5"):
        eisfit("convert", *files, "-o", lab / f"all.{ending}")
    back = {"h5": store.load(lab / "all.h5"), "csv": read(lab / "all.csv")}
    for spectra in back.values():
        found = [(s.conditions.amplitude_v, s.conditions.amplitude_a) for s in spectra]
        assert [tuple(map(pytest.approx, pair)) for pair in wanted[:1]] + wanted[1:] == found


def test_templates_are_listed_and_shown(eisfit) -> None:
    listed = eisfit("templates").out
    assert "le_se: Liquid | solid | liquid, symmetric" in listed
    assert eisfit("templates", "le_se").out.startswith('title = "Liquid | solid | liquid')
    assert any(t["template"] == "se_blocking" for t in json.loads(eisfit("templates", "--json").out))


def test_simulate_writes_a_series_that_can_be_fitted(eisfit, tmp_path: Path) -> None:
    assert eisfit("simulate", "llto_le_four_electrode", "-o", tmp_path / "s", "--seed", 3).code == 0
    assert eisfit("series", tmp_path / "s", "-q").code == 0
    assert "llto_le_four_electrode" in eisfit("simulate", "list").out


def test_version_and_help(eisfit) -> None:
    import eisfit as package

    assert eisfit("--version").out.strip() == package.__version__
    helped = eisfit("--help")
    assert helped.code == 0
    assert "nothing readable" in " ".join(helped.out.split())


def test_no_arguments_show_the_help(eisfit) -> None:
    ran = eisfit()
    assert ran.code == 2
    assert "Usage" in ran.out + ran.err
