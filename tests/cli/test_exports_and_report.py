"""The commands report and export, and what convert writes for other programs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from eisfit import store
from eisfit.formats import read
from eisfit.formats.zplot import z_bytes
from eisfit.polarisation import answer
from eisfit.simulate import simulate_dc
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.workflow.exports import z_files
from eisfit.workflow.print_report import about_results
from support.commands import Command
from support.plots_samples import four_electrode

F, Z = np.logspace(5, 0, 12), 100 / (1 + 1j * np.logspace(2, -3, 12)) + 10


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Return a folder with the results of a series."""
    folder = tmp_path / "pellet" / "results"
    folder.mkdir(parents=True)
    settings = {"weights": "modulus", "loss": "linear", "seed": 3, "mask_outliers": True, "channel": None}
    store.save(
        folder / "eisfit.h5", four_electrode(), settings={**settings, "manifest": "lab/cell 7/series.toml"}
    )
    return folder


def pages(file: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", file.read_bytes()))


def test_report_writes_a_pdf_beside_the_results(eisfit: Command, stored: Path) -> None:
    ran = eisfit("report", stored / "eisfit.h5", "--spectra", 1)
    assert ran.code == 0, ran.err
    assert ran.out.split() == [str(stored / "report.pdf")]
    assert pages(stored / "report.pdf") == 5
    assert b"cell 7" in (stored / "report.pdf").read_bytes()


def test_report_takes_the_folder_a_name_a_title_and_paper(
    eisfit: Command, stored: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "cell.pdf"
    ran = eisfit("report", stored, "-o", out, "--title", "My cell", "--paper", "letter", "--spectra", 0, "-q")
    assert ran.code == 0, ran.err
    assert b"My cell" in out.read_bytes()
    assert re.search(rb"/MediaBox \[ 0 0 612(\.0\d*)? 792(\.0\d*)? \]", out.read_bytes())


def test_report_of_results_of_fit(eisfit: Command, tmp_path: Path) -> None:
    fits = tuple(four_electrode())[:2]
    store.save(tmp_path / "eisfit.h5", fits)
    ran = eisfit("report", tmp_path, "--spectra", 0)
    assert ran.code == 0, ran.err
    assert pages(tmp_path / "report.pdf") == 3  # cover, Nyquist plots, remarks


def test_report_of_direct_current(eisfit: Command, tmp_path: Path, stored: Path) -> None:
    file = store.save(tmp_path / "dc.h5", [answer(simulate_dc(seed=1).data)])
    assert eisfit("report", file).code == 0
    assert pages(tmp_path / "report.pdf") == 2
    ran = eisfit("report", file, "--dc", stored / "eisfit.h5", "--force")
    assert ran.code == 2
    assert "holds no answers from direct current; name a file of 'eisfit dc DATA -o NAME.h5'" in ran.err


def test_report_replaces_only_when_it_may(eisfit: Command, stored: Path) -> None:
    (stored / "report.pdf").write_bytes(b"mine")
    ran = eisfit("report", stored, "--spectra", 0)
    assert ran.code == 2
    assert "report.pdf: exists already; choose another name with -o, or --force" in ran.err
    assert (stored / "report.pdf").read_bytes() == b"mine"
    assert eisfit("report", stored, "--spectra", 0, "--force").code == 0
    assert pages(stored / "report.pdf") == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "a.docx"), "a.docx: a report is a PDF: name a file that ends in .pdf"),
        (("--paper", "a3"), "no paper 'a3'; known: a4, letter"),
        (("--spectra", "-2"), "spectra is -2: it must be 0 or more"),
    ],
)
def test_report_says_what_is_wrong(
    eisfit: Command, stored: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = eisfit("report", stored, *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_report_of_a_folder_without_results_or_of_spectra_names_the_cure(
    eisfit: Command, tmp_path: Path
) -> None:
    assert (
        "this folder holds no eisfit.h5; name the folder that 'eisfit series' wrote"
        in eisfit("report", tmp_path).err
    )
    store.save(tmp_path / "s.h5", [Spectrum(F, Z, label="a")])
    ran = eisfit("report", tmp_path / "s.h5")
    assert ran.code == 2
    assert "holds no fits: name the eisfit.h5 that 'eisfit series' or 'eisfit fit' wrote" in ran.err


def test_a_report_says_how_the_results_are_made_again(stored: Path) -> None:
    about = about_results(stored / "eisfit.h5", four_electrode(), store.load_settings(stored / "eisfit.h5"))
    assert about.title == "cell 7"
    assert (
        "On the command line: eisfit series 'lab/cell 7/series.toml' --weights modulus --loss linear --seed 3 "
        "--mask-outliers -o results"
    ) in about.again
    assert about.settings["mask_outliers"] == "yes"
    assert "channel" not in about.settings
    assert about_results(stored / "eisfit.h5", four_electrode(), {}).title == "pellet"


@pytest.mark.parametrize("name", ["all.xlsx", "all.csv"])
@pytest.mark.parametrize("wide", [(), ("--wide",)])
def test_convert_writes_tables_that_read_back(
    eisfit: Command, lab: Path, name: str, wide: tuple[str, ...]
) -> None:
    ran = eisfit("convert", lab / "cell_20C.csv", lab / "cell_40C.csv", "-o", lab / name, *wide)
    assert ran.code == 0, ran.err
    back = read(lab / name)
    wanted = read([lab / "cell_20C.csv", lab / "cell_40C.csv"])
    assert len(back) == 2
    for one, other in zip(back, wanted, strict=True):
        np.testing.assert_array_equal(one.z_ohm, other.z_ohm)


def test_convert_to_z_names_one_file_for_each_spectrum(eisfit: Command, lab: Path) -> None:
    ran = eisfit("convert", lab / "cell_20C.csv", "-o", lab / "one.z")
    assert ran.out.split() == [str(lab / "one.z")]
    ran = eisfit("convert", lab / "cell_20C.csv", lab / "cell_40C.csv", "-o", lab / "zv.z")
    assert ran.out.split() == [str(lab / "zv_cell_20C.z"), str(lab / "zv_cell_40C.z")]
    (back,), (wanted,) = read(lab / "zv_cell_40C.z"), read(lab / "cell_40C.csv")
    np.testing.assert_allclose(back.z_ohm, wanted.z_ohm, rtol=1e-8)
    again = eisfit("convert", lab / "cell_20C.csv", lab / "cell_40C.csv", "-o", lab / "zv.z")
    assert again.code == 2
    assert "zv_cell_20C.z: exists already; choose another name, or --force" in again.err


def test_convert_says_which_endings_are_wide(eisfit: Command, lab: Path) -> None:
    ran = eisfit("convert", lab / "cell_20C.csv", "-o", lab / "a.z", "--wide")
    assert ran.code == 2
    assert "only .csv and .xlsx have a wide form" in ran.err


def test_export_writes_all_tables_and_the_curves(eisfit: Command, stored: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.xlsx"
    ran = eisfit("export", stored, "-o", out)
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(out) as archive:
        names = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())
        contributions = archive.read("xl/worksheets/sheet3.xml").decode()
    assert names == ["spectra", "parameters", "contributions", "arrhenius", "curves"]
    assert repr(float(four_electrode()[0]["interface"].resistance_ohm)) in contributions
    back = read(out)
    for one, fit in zip(back, four_electrode(), strict=True):
        np.testing.assert_array_equal(one.z_ohm, fit.spectrum.z_ohm)


def test_export_writes_measured_and_fitted_curves_for_origin(
    eisfit: Command, stored: Path, tmp_path: Path
) -> None:
    assert eisfit("export", stored, "-o", tmp_path / "curves.csv").code == 0
    rows = list(csv.reader(io.StringIO((tmp_path / "curves.csv").read_text("utf-8-sig"))))
    assert rows[0][:5] == ["f", "Z'", "−Z''", "Z' fit", "−Z'' fit"]
    assert rows[2][0] == "llto_0C 0 °C"
    wrong = eisfit("export", stored, "-o", tmp_path / "a.doc")
    assert wrong.code == 2
    assert "a.doc: name a file that ends in .xlsx, .csv or .z" in wrong.err


def test_z_files_of_equal_or_odd_names_do_not_replace_each_other() -> None:
    made = z_files([Spectrum(F, Z, label=name) for name in ("a/b", "a b", "A_b", "")], Path("x.z"))
    assert list(made) == ["x_a_b.z", "x_a_b_2.z", "x_A_b_3.z", "x_spectrum.z"]


def test_a_z_file_keeps_what_is_known_and_states_no_amplitude_that_is_not(tmp_path: Path) -> None:
    known = Conditions(area_cm2=0.50265482, bias_v=-0.3, amplitude_v=0.01)
    (tmp_path / "a.z").write_bytes(z_bytes(Spectrum(F, Z, conditions=known)))
    (back,) = read(tmp_path / "a.z")
    assert (back.conditions.area_cm2, back.conditions.bias_v) == (0.50265482, -0.3)
    assert back.conditions.amplitude_v == pytest.approx(0.01)
    (tmp_path / "b.z").write_bytes(z_bytes(Spectrum(F, Z)))
    (bare,) = read(tmp_path / "b.z")
    assert (bare.conditions.area_cm2, bare.conditions.bias_v, bare.conditions.amplitude_v) == (
        None,
        None,
        None,
    )
    current = z_bytes(Spectrum(F, Z, conditions=Conditions(amplitude_a=1e-3)))
    assert b"Control Current" in current
    assert b"\t1.0000E-03\t" in current
