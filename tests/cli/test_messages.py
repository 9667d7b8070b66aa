"""What a user who makes a mistake is told: one case for each mistake that was made in trials of the commands."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from eisfit import Spectrum
from eisfit.cli.usage import plainer
from eisfit.formats import read
from eisfit.formats.delimited_text import write_csv
from support.commands import Command, rows
from support.paths import SAMPLE

CIRCUIT = ("--circuit", "R0-p(R1,CPE1)")
FIT = ("fit", "{lab}/cell_20C.csv")


def sentence_of(ran: object) -> str:
    """Return the one line on stderr of a command that was refused."""
    assert ran.code == 2, ran.err  # type: ignore[attr-defined]
    lines = ran.err.strip().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 1, lines
    assert ran.out == ""  # type: ignore[attr-defined]
    return str(lines[0])


MISTAKES = {
    "template with a slip of the pen": (
        (*FIT, "--template", "lese"),
        "no template 'lese' (did you mean 'le_se'?)",
    ),
    "template with a hyphen": ((*FIT, "--template", "pe-se"), "no template 'pe-se' (did you mean 'pe_se'?)"),
    "a capital as well": ((*FIT, "--template", "LE-SE"), "no template 'LE-SE' (did you mean 'le_se'?)"),
    "number of electrodes left out": ((*FIT, "--template", "le_se"), "electrodes = 4 (--electrodes 4)"),
    "words without parentheses": ((*FIT, "--circuit", "R-RQ-RQ"), "did you mean 'R0-p(R1,CPE1)-p(R2,CPE2)'?"),
    "series in parentheses": ((*FIT, "--circuit", "R1-(R2-CPE2)"), "did you mean 'R1-p(R2,CPE2)'?"),
    "missing comma": ((*FIT, "--circuit", "R1-p(R2CPE2)"), "did you mean 'R1-p(R2,CPE2)'?"),
    "parenthesis not closed": ((*FIT, "--circuit", "R(RQ"), "did you mean 'R0-p(R1,CPE1)'?"),
    "diffusion of two meanings": ((*FIT, "--circuit", "R(Q[RT])"), "write Ws (tanh) or Wo (coth), as "),
    "label without its line": (
        (*FIT, "--circuit", "Rs-p(R1,CPE1)"),
        "'Rs' at column 1 (a label stands behind _, as in R_s)",
    ),
    "no circuit": ((*FIT, "--circuit", " "), "there is no element in it; write one such as R0-p(R1,CPE1)"),
    "figure before its file": (
        ("plot", "arrhenius", "eisfit.h5"),
        "the file comes first, then the figure: eisfit plot eisfit.h5 arrhenius",
    ),
    "element with a slip": (
        (*FIT, "--circuit", "R0-Zarcc1"),
        "unknown element 'Zarcc' at column 4 (did you mean 'Zarc'?)",
    ),
    "decimal comma": (
        (*FIT, *CIRCUIT, "--area-cm2", "0,785"),
        "with a decimal point; write --area-cm2 0.785.",
    ),
    "unit behind a number": (
        (*FIT, *CIRCUIT, "--f-min-hz=10Hz"),
        "--f-min-hz is '10Hz': it must be a number",
    ),
    "no number at all": ((*FIT, *CIRCUIT, "--seed", "abc"), "--seed is 'abc': it must be a whole number."),
    "option with a slip": ((*FIT, "--cirquit", "R0"), "No such option: --cirquit. Did you mean --circuit"),
    "option with a slip, and where to look": ((*FIT, "--area", "1"), "See 'eisfit fit --help'."),
    "weights with a slip": ((*FIT, *CIRCUIT, "--weights", "modulo"), "(did you mean 'modulus'?); known: "),
    "loss with a slip": (("series", "{lab}", "--loss", "softl1"), "(did you mean 'soft_l1'?); known: linear"),
    "area twice": (
        (*FIT, *CIRCUIT, "--area-cm2", "1", "--diameter-mm", "10"),
        "area_cm2 and diameter_mm state the same quantity; keep one",
    ),
    "names without a temperature": (
        (*FIT, *CIRCUIT, "--temperature-from-name", "T{{temperature_c}}"),
        "contains no temperature for temperature_from_name = 'T{{temperature_c}}'",
    ),
    "no kind of figure": (
        ("plot", "{lab}"),
        "Missing argument 'kind': name a kind of figure, such as nyquist",
    ),
    "no file to export to": (("export", "{lab}"), "-o is missing: say what is to be written, as -o NAME."),
    "folder with a slip": (("init", "{lab}s"), "there is no such folder (did you mean '{lab}'?)"),
    "no file": (("fit",), "Missing argument 'files': name at least one file or pattern"),
    "cut above the data": (
        (*FIT, *CIRCUIT, "--f-min-hz", "1e9"),
        "cut below f_min_hz = 1e+09, and the data go from 0.1 to 1e+06 Hz; widen",
    ),
    "cut that leaves one point": (
        (*FIT, *CIRCUIT, "--f-min-hz", "9e5"),
        "only 1 point of cell_20C is left for 4 free parameters",
    ),
    "ends of a cut exchanged": (
        (*FIT, *CIRCUIT, "--f-min-hz", "1e3", "--f-max-hz", "10"),
        "f_min_hz = 1000 lies above f_max_hz = 10, so no point is left",
    ),
    "folder below a file": (
        (*FIT, *CIRCUIT, "-o", "{lab}/cell_20C.csv/x"),
        "this folder cannot be made in {lab}/cell_20C.csv (",
    ),
    "scenario with a slip": (
        ("simulate", "llto_le_fourelectrode", "-o", "{lab}/x"),
        "(did you mean 'llto_le_four_electrode'?)",
    ),
    "manifest with a slip": (("series", "{lab}/serie.toml"), "(did you mean '{lab}/series.toml'?)"),
    "condition with a slip": (
        ("series", "{lab}", "--over", "temperture_c"),
        "(did you mean 'temperature_c'?)",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_arguments_is_told_with_its_cure(eisfit: Command, lab: Path, mistake: str) -> None:
    arguments, said = MISTAKES[mistake]
    assert said.format(lab=lab) in sentence_of(eisfit(*(a.format(lab=lab) for a in arguments)))


TOML = {
    "area_cm2 = 0,785": "line 1, area_cm2 = 0,785: not valid TOML: numbers have a decimal point; write area",
    "temperature_c = -10,5 # cold": "write temperature_c = -10.5",
    "area_cm2 = 0.785 cm2": "write area_cm2 = 0.785 in the unit that the key names, without 'cm2'",
    "area_cm2 = .5": "write area_cm2 = 0.5",
    "template = le_se": 'a text stands in quotes; write template = "le_se"',
    "files = *.mpt": 'a text stands in quotes; write files = "*.mpt"',
    "template = „le_se“": 'the quotes must be straight ones; write template = "le_se"',
    'template = "le_se': "the quotes are not closed",
    'files = "C:\\Users\\lab\\*.mpt"': 'a backslash begins an escape; write "C:/Users/lab/*.mpt"',
    'files = "C:\\temp\\new\\*.mpt"': 'a backslash begins an escape; write "C:/temp/new/*.mpt"',
    'files = "\\\\server\\data\\*.mpt"': 'write "//server/data/*.mpt"',
    "area_cm2 = 1\narea_cm2 = 2": "line 2, area_cm2 = 2: not valid TOML: area_cm2 stands already in line 1",
    "[spectrum]\n[spectrum]": "write the heading in double brackets, as [[spectrum]]",
    "area_cm2: 0.785": "write = in place of the colon: area_cm2 = 0.785",
    "electrodes 4": "an = is missing; write electrodes = 4",
    "electrodes == 4": "one = is enough; write electrodes = 4",
    "electrodes =": "a value is missing behind electrodes =",
    "Fläche = 1": "'Fläche' is none",
    'template = "le_se" electrodes = 4': "each entry stands in a line of its own",
    'files = ["a" "b"]': "with commas between and a bracket at the end",
    'templat = "le_se"': "unknown key 'templat' (did you mean 'template'?); known: ",
    "electrode = 4": "unknown key 'electrode'; did you mean electrodes?",
    'area_cm2 = "0,785 cm2"': "it must be a number without quotes: write area_cm2 = 0.785",
    'electrodes = "4"': "electrodes is '4': it must be one of 2, 3, 4, 8, without quotes",
    "files = 3": 'files is 3; write a pattern as "*.mpt"',
    'keep = "a"': 'keep is \'a\'; write texts in quotes, as ["a", "b"]',
    "f_min_hz = 1e3\nf_max_hz = 10": "series.toml: f_min_hz = 1000 lies above f_max_hz = 10",
    'weights = "modulos"': "weights = 'modulos' is unknown (did you mean 'modulus'?); known: ",
}


@pytest.mark.parametrize("text", TOML)
def test_a_mistake_in_a_series_toml_names_file_and_cure(eisfit: Command, lab: Path, text: str) -> None:
    rest = (
        '\nfiles = "*C.csv"\ntemperature_c = 25\n'
        if re.match(r"(elec\w+ = \S|area\w+ = \"|f_min|keep|weig)", text)
        else "\n"
    )
    (lab / "series.toml").write_text(text + rest, encoding="utf-8")
    said = sentence_of(eisfit("series", lab, "--template", "le_se"))
    assert said.startswith(f"eisfit: {lab / 'series.toml'}")
    assert TOML[text] in said


def test_a_backslash_that_became_an_end_of_line_is_told(eisfit: Command, lab: Path) -> None:
    (lab / "series.toml").write_text(
        'template = "le_se"\nelectrodes = 4\n[[spectrum]]\nfile = "data\\new.csv"\n'
    )
    ran = eisfit("series", lab)
    assert ran.code == 3
    assert "its name holds a tab or an end of line: in a TOML file write / in place of \\" in ran.err


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_manifests_of_other_encodings_are_read(eisfit: Command, lab: Path, encoding: str) -> None:
    text = "# Messungen für Fläche\n" + (lab / "series.toml").read_text()
    (lab / "series.toml").write_bytes(text.encode(encoding))
    assert eisfit("series", lab, "-q").code == 0


@pytest.mark.parametrize(
    ("wrong", "near"), [("cell_20c.csv", "cell_20C.csv"), ("Zelle_ü.csv", "Zelle_ue.csv")]
)
def test_a_file_that_is_not_there_is_likened_to_one_that_is(
    eisfit: Command, lab: Path, wrong: str, near: str
) -> None:
    if (lab / wrong).exists():
        pytest.skip("names of files do not tell capitals here")
    shutil.copy(lab / "cell_20C.csv", lab / "Zelle_ue.csv")
    ran = eisfit("fit", lab / wrong, *CIRCUIT)
    assert ran.code == 3
    assert f"there is no such file (did you mean '{lab / near}'?)" in ran.err


def test_another_member_of_a_series_is_not_likened(eisfit: Command, lab: Path) -> None:
    assert "did you mean" not in eisfit("fit", lab / "cell_21C.csv", *CIRCUIT).err


def test_a_pattern_without_files_tells_what_there_is(eisfit: Command, lab: Path) -> None:
    assert "the files there end in .csv, .toml" in eisfit("read", lab / "*.mpt").err
    assert f"there is no folder '{lab / 'gone'}'" in eisfit("read", lab / "gone" / "*.mpt").err


@pytest.mark.parametrize(
    ("given", "ours"),
    [
        ("R(RQ)", "R0-p(R1,CPE1)"),
        ("R1-(R2CPE2)", "R1-p(R2,CPE2)"),
        ("R1+C2/R2", "R1-p(C2,R2)"),
        ("R0-p(R1,Q1)", "R0-p(R1,CPE1)"),
    ],
)
def test_a_circuit_of_another_program_is_read_and_said(
    eisfit: Command, lab: Path, given: str, ours: str
) -> None:
    ran = eisfit("fit", lab / "cell_20C.csv", "--circuit", given, "-o", lab / "out", "--no-figures")
    assert ran.code in (0, 4)
    assert f"circuit '{given}' was read as {ours}" in " ".join(ran.err.split())
    said = eisfit("fit", lab / "cell_20C.csv", "--circuit", ours)
    assert "was read as" not in said.err
    names = [row["parameter"] for row in rows(lab / "out" / "parameters.csv")]
    again = json.loads(eisfit("fit", lab / "cell_20C.csv", "--circuit", ours, "--json", "-q").out)
    assert names == [row["parameter"] for row in again["parameters"]]


@pytest.mark.parametrize("name", ["LE_SE", "Le_Se", "le_se"])
def test_the_case_of_a_template_does_not_count(eisfit: Command, lab: Path, name: str) -> None:
    ran = eisfit("fit", lab / "cell_20C.csv", "--template", name, "--electrodes", 4, "--json", "-q")
    assert {r["contribution"] for r in json.loads(ran.out)["contributions"]} >= {
        "grain boundary",
        "interface",
    }


# figures


@pytest.fixture
def single(eisfit: Command, lab: Path) -> Path:
    assert eisfit("fit", lab / "cell_*.csv", *CIRCUIT, "-o", lab / "single", "-q", "--no-figures").code in (
        0,
        4,
    )
    return lab / "single"


@pytest.mark.parametrize("kind", ["arrhenius", "parameters", "capacitances"])
def test_a_figure_of_a_series_of_single_fits_is_one_sentence(
    eisfit: Command, single: Path, kind: str
) -> None:
    said = sentence_of(eisfit("plot", single / "eisfit.h5", kind, "-o", single / "f"))
    assert f"holds fits of single spectra, and the figure '{kind}' shows values over temperature" in said
    assert "fit them as a series with eisfit series" in said


def test_the_circuit_of_single_fits_is_drawn(eisfit: Command, single: Path) -> None:
    assert eisfit("plot", single, "circuit", "-o", single / "f", "--format", "png").code == 0


@pytest.mark.parametrize("kind", ["arrhenius", "contributions", "residuals", "circuit", "page"])
def test_a_figure_of_fits_of_bare_spectra_is_one_sentence(eisfit: Command, lab: Path, kind: str) -> None:
    eisfit("convert", lab / "cell_*.csv", "-o", lab / "x.h5")
    said = sentence_of(eisfit("plot", lab / "x.h5", kind, "-o", lab / "f"))
    assert f"x.h5: holds spectra without fits, and the figure '{kind}' shows fits" in said


def test_a_file_of_results_is_no_data(eisfit: Command, single: Path) -> None:
    ran = eisfit("read", single / "eisfit.h5")
    assert ran.code == 3
    assert (
        "eisfit.h5: this is a file that eisfit has written, and no data of an instrument; load it by"
        in ran.err
    )


def test_a_folder_stands_for_its_results(eisfit: Command, single: Path, lab: Path) -> None:
    assert eisfit("plot", single, "nyquist", "-o", lab / "f", "--format", "png").code == 0
    said = sentence_of(eisfit("plot", lab, "nyquist"))
    assert "this folder holds no eisfit.h5; name the folder or the file that 'series' or 'fit' has" in said
    assert said.endswith(f"; there is {single / 'eisfit.h5'}")


def test_a_kind_of_figure_is_likened(eisfit: Command, single: Path) -> None:
    assert "no figure kind 'niquist' (did you mean 'nyquist'?)" in sentence_of(
        eisfit("plot", single, "niquist")
    )


def test_what_is_no_file_of_results_is_told_in_plain_words(eisfit: Command, single: Path, lab: Path) -> None:
    whole = (single / "eisfit.h5").read_bytes()
    (lab / "half.h5").write_bytes(whole[:5000])
    assert "a part of it is missing: take another copy" in sentence_of(
        eisfit("plot", lab / "half.h5", "bode")
    )
    said = sentence_of(eisfit("plot", lab / "cell_20C.csv", "bode"))
    assert "no HDF5 file, but a text; name a file that eisfit has written, such as eisfit.h5" in said


# what was found


def test_a_file_of_the_other_sign_is_read_with_flip_sign(eisfit: Command, lab: Path) -> None:
    (s,) = read(lab / "cell_20C.csv")
    table = np.column_stack([s.frequency_hz, s.z_ohm.real, -s.z_ohm.imag])
    np.savetxt(lab / "bare.csv", table, delimiter=",")
    plain = eisfit("check", lab / "bare.csv")
    assert "read the columns anew, with --flip-sign" in plain.out
    flipped = eisfit("check", lab / "bare.csv", "--flip-sign")
    assert "the sign of the imaginary part was reversed, as asked (--flip-sign)" in flipped.out
    assert "inductive" not in flipped.out
    wrongly = eisfit("check", lab / "cell_20C.csv", "--flip-sign")
    assert "read the columns anew, without --flip-sign" in wrongly.out
    assert "the sign was reversed on request, and was right before" in wrongly.out
    for command in ("fit", "convert"):
        more = CIRCUIT if command == "fit" else ()
        eisfit(command, lab / "bare.csv", "--flip-sign", *more, "-o", lab / f"{command}.h5", "--force")
    eisfit("convert", lab / "bare.csv", "--flip-sign", "-o", lab / "bare_z.csv")
    (back,) = read(lab / "bare_z.csv")
    assert np.allclose(back.z_ohm, s.z_ohm)
    (lab / "series.toml").write_text(
        'template = "le_se"\nelectrodes = 4\nfiles = "bare.csv"\ntemperature_c = 20\n'
    )
    assert eisfit("series", lab, "-q").code == 4
    assert eisfit("series", lab, "-q", "--flip-sign").code == 0


def test_equal_findings_are_said_once_with_their_count(eisfit: Command, lab: Path) -> None:
    for t in (20, 40, 60):
        (s,) = read(lab / f"cell_{t}C.csv")
        np.savetxt(
            lab / f"bare_{t}C.csv",
            np.column_stack([s.frequency_hz, s.z_ohm.real, s.z_ohm.imag]),
            delimiter=",",
        )
    for command in (("read",), ("check",), ("fit", *CIRCUIT)):
        ran = eisfit(command[0], lab / "bare_*C.csv", *command[1:])
        assert " ".join((ran.out + ran.err).split()).count("the columns have no headings") == 1


def test_read_tells_impedance_unit_and_temperature(eisfit: Command, lab: Path) -> None:
    (s,) = read(lab / "cell_20C.csv")
    (lab / "asr.csv").write_text(
        "freq/Hz,Re(Z)/Ohm cm2,Im(Z)/Ohm cm2\n"
        + "".join(f"{f},{z.real},{z.imag}\n" for f, z in zip(s.frequency_hz, s.z_ohm, strict=True))
    )
    ran = eisfit("read", lab / "cell_20C.csv", lab / "asr.csv")
    heading, plain, area, *_ = ran.out.splitlines()
    assert heading.index("T / °C") > heading.index("|Z|") > 0
    size = np.abs(s.z_ohm)
    assert f"{size.min():.3g} to {size.max():.3g}  Ω " in plain
    assert "20  name" in plain
    assert "Ω cm²" in area
    data = json.loads(eisfit("read", lab / "cell_20C.csv", lab / "asr.csv", "--json").out)["spectra"]
    assert [row["unit"] for row in data] == ["ohm", "ohm cm2"]
    assert (data[0]["temperature_c"], data[0]["temperature_in_name_c"]) == (None, 20.0)
    assert data[0]["z_max_ohm"] == pytest.approx(size.max())


def test_a_spectrum_that_failed_is_told_once(eisfit: Command, lab: Path) -> None:
    (s,) = read(lab / "cell_20C.csv")
    write_csv(lab / "four_20C.csv", Spectrum(s.frequency_hz[:4], s.z_ohm[:4]))
    ran = eisfit("fit", lab / "four_20C.csv", lab / "cell_20C.csv", "--template", "le_se", "--electrodes", 4)
    assert ran.code == 1
    text = " ".join(re.sub("[│┃]", " ", ran.err).split())
    assert text.count("could not be fitted") == 1
    assert "four_20C: 4 points" not in text


def test_a_cut_that_empties_one_of_several_is_named_there(eisfit: Command, lab: Path) -> None:
    (s,) = read(lab / "cell_20C.csv")
    write_csv(lab / "low_20C.csv", Spectrum(s.frequency_hz[-20:], s.z_ohm[-20:]))
    ran = eisfit(
        "fit", lab / "low_20C.csv", lab / "cell_40C.csv", *CIRCUIT, "--f-min-hz", "100", "--json", "-q"
    )
    assert ran.code == 1
    (low,) = (row for row in json.loads(ran.out)["spectra"] if row["spectrum"] == "low_20C")
    assert "20 of 20 points are cut (below f_min_hz = 100), the data go from 0.1 to" in low["outcome"]
    assert "measure more points" not in low["outcome"]


def test_a_template_of_another_cell_shows_no_warning_of_the_solver(eisfit: Command, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "cell")
    ran = eisfit("series", tmp_path / "cell", "--template", "se_blocking", "--electrodes", 2)
    assert ran.code in (0, 4)
    assert "Warning" not in ran.err
    assert "another process, or choose another template" in " ".join(ran.err.split())


def test_what_the_parser_says_is_kept_where_it_is_plain() -> None:
    assert plainer("No such command 'frob'.", []) == "No such command 'frob'."
    assert plainer("Option '--seed' requires an argument.", []) == "Option '--seed' requires an argument."
