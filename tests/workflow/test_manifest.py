"""Manifests: what a lab writes beside its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.cell.segments import Setting
from eisfit.errors import ManifestError
from eisfit.formats.delimited_text import write_csv
from eisfit.formats.reading import Unread
from eisfit.workflow.manifest import Manifest, read_manifest, with_template
from eisfit.workflow.read import read_spectra
from eisfit.workflow.temperature_names import temperature_from_name
from support.cells import le_se_faded, le_se_values, measured
from support.paths import SAMPLE


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Return a folder with three spectra."""
    for k, name in enumerate(("cell_25C", "cell_-20C", "cell_298K")):
        write_csv(tmp_path / f"{name}.csv", measured(le_se_faded(), le_se_values(), seed=k))
    return tmp_path


def manifest(lab: Path, text: str) -> Path:
    (lab / "series.toml").write_text(text, encoding="utf-8")
    return lab


def test_the_sample_is_read_as_described() -> None:
    m = read_manifest(SAMPLE)
    spectra, unread = read_spectra(m)
    assert m.template == "le_se"
    assert len(spectra) == 8
    assert unread == []
    assert [s.conditions.temperature_c for s in spectra] == [0, 10, 20, 25, 30, 40, 50, 60]
    assert {s.conditions.area_cm2 for s in spectra} == {0.785}
    assert {s.conditions.electrodes for s in spectra} == {4}
    assert spectra[0].label == "llto_0C"


def test_folder_and_file_are_the_same() -> None:
    assert read_manifest(SAMPLE) == read_manifest(SAMPLE / "series.toml")


def test_one_spectrum_overrides_what_all_have(lab: Path) -> None:
    text = """
    template = "le_se"
    area_cm2 = 1.0
    f_max_hz = 1e5
    drop = [5]
    [parameter.Zarc_int_alpha]
    start = 0.9
    range = [0.8, 1.0]
    [[spectrum]]
    file = "cell_25C.csv"
    temperature_c = 25
    area_cm2 = 2.0
    f_max_hz = 1e6
    [[spectrum]]
    file = "cell_-20C.csv"
    temperature_c = -20
    f_min_hz = 1.0
    drop = [0, 3]
    """
    m = read_manifest(manifest(lab, text))
    (warm, cold), _ = read_spectra(m)
    assert warm.conditions.area_cm2 == 2.0
    assert cold.conditions.area_cm2 == 1.0
    assert warm.mask.sum() == 1
    assert cold.frequency_hz[cold.used].max() <= 1e5
    assert cold.frequency_hz[cold.used].min() >= 1.0
    assert cold.mask_reason[0] == "above f_max_hz = 100000"
    assert m.settings["Zarc_int_alpha"] == Setting(start=0.9, low=0.8, high=1.0)


def test_temperatures_come_from_names(lab: Path) -> None:
    text = 'template = "le_se"\nfiles = "*.csv"\ntemperature_from_name = "{temperature_c}C"'
    spectra, _ = read_spectra(read_manifest(manifest(lab, text)))
    found = {s.label: s.conditions.temperature_c for s in spectra}
    assert found == {"cell_25C": 25.0, "cell_-20C": -20.0, "cell_298K": pytest.approx(24.85)}


@pytest.mark.parametrize(
    ("stem", "pattern", "temperature"),
    [
        ("llto_25C", "{temperature_c}C", 25.0),
        ("-20C", "{temperature_c}C", -20.0),
        ("cell_-20C", "{temperature_c}C", -20.0),
        ("m20C", "{temperature_c}C", -20.0),
        ("cell_m20C", "{temperature_c}C", -20.0),
        ("pellet_minus20C", "{temperature_c}C", -20.0),
        ("pellet_minus20C", "pellet_{temperature_c}C", -20.0),
        ("pellet_minus_20C", "{temperature_c}C", -20.0),
        ("pellet-minus-20C", "{temperature_c}C", -20.0),
        ("Minus 20C", "{temperature_c}C", -20.0),
        ("min20C", "{temperature_c}C", -20.0),
        ("neg20C", "{temperature_c}C", -20.0),
        ("pellet−20C", "{temperature_c}C", -20.0),
        ("pellet_−20C", "{temperature_c}C", -20.0),
        ("pellet_–20C", "{temperature_c}C", -20.0),
        ("cell_10min_20C", "{temperature_c}C", 20.0),
        ("298K", "{temperature_c}C", 24.85),
        ("25degC", "{temperature_c}C", 25.0),
        ("s04147-140deg", "{temperature_c}C", 140.0),
        ("s04147-140deg", "s04147-{temperature_c}deg", 140.0),
        ("cell 22.5 °C", "{temperature_c}C", 22.5),
        ("cell_22,5C_run2", "{temperature_c}C", 22.5),
        ("cell-20C", "cell{temperature_c}C", -20.0),
        ("a1_b2_at_30C_x", "*_at_{temperature_c}C", 30.0),
    ],
)
def test_a_name_tells_its_temperature(stem: str, pattern: str, temperature: float) -> None:
    assert temperature_from_name(stem, pattern)[0] == pytest.approx(temperature)


def test_a_hyphen_that_could_be_a_minus_is_a_finding() -> None:
    _, findings = temperature_from_name("s04147-140deg", "{temperature_c}deg")
    assert "was read as a hyphen" in findings[0].text
    assert temperature_from_name("cell_-20C", "{temperature_c}C")[1] == ()


@pytest.mark.parametrize(
    "stem", ["cell", "cell_25", "25C_35C", "25Cell", "cellm20C", "cell–20C", "cellmin20C", "cell_10_min_20C"]
)
def test_a_name_that_tells_no_temperature_is_an_error_never_a_default(stem: str) -> None:
    with pytest.raises(ManifestError, match=stem):
        temperature_from_name(stem, "{temperature_c}C", "series.toml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("template = ", "not valid TOML"),
        ('template = "le_se"', "no file is named"),
        ('files = "*.xyz"', r"no file matches files = '\*.xyz'"),
        ("files = 3", "write a pattern"),
        ('files = "*.csv"\ncolour = "red"', "unknown key 'colour'; known: .*area_cm2"),
        ('[[spectrum]]\nfile = "cell_25C.csv"\ntemprature_c = 25', "unknown key 'temprature_c'"),
        ("[[spectrum]]\ntemperature_c = 25", "'file' is missing"),
        ('files = "*.csv"\narea_cm2 = "big"', "area_cm2 is 'big'; it must be a number"),
        ('files = "*.csv"\narea_cm2 = -1', "area_cm2 is -1: it must be positive"),
        ('files = "*.csv"\nelectrodes = 5', "one of 2, 3, 4, 8"),
        ('files = "*.csv"\ndrop = 3', "write indices counted from 0"),
        ('files = "*.csv"\nover = "pressure"', "over = 'pressure' is no condition"),
        ('files = "*.csv"\nweights = "none"', "weights = 'none' is unknown"),
        ('files = "*.csv"\ntemperature_from_name = "T"', "has no {temperature_c} in it"),
        ('files = "*.csv"\ntemperature_from_name = "x{temperature_c}C"', "contains no temperature"),
        ('template = "a"\ncircuit = "R0"\nfiles = "*.csv"', "both given; keep one"),
        ('files = "*.csv"\n[parameter.R0]\nvalue = 3', "unknown key 'value'"),
        ('files = "*.csv"\n[parameter.R0]\nrange = [3, 1]', "two rising numbers"),
    ],
)
def test_a_wrong_manifest_is_refused_with_one_sentence(lab: Path, text: str, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence):
        read_manifest(manifest(lab, text))


def test_a_missing_temperature_names_the_spectrum(lab: Path) -> None:
    with pytest.raises(ManifestError, match="temperature_c of 'cell_25C' is missing"):
        read_spectra(read_manifest(manifest(lab, '[[spectrum]]\nfile = "cell_25C.csv"')))


def test_a_temperature_that_only_some_spectra_miss_is_missed(lab: Path) -> None:
    text = '[[spectrum]]\nfile = "cell_25C.csv"\n[[spectrum]]\nfile = "cell_298K.csv"\ntemperature_c = 25'
    with pytest.raises(ManifestError, match="temperature_c of 'cell_25C' is missing"):
        read_spectra(read_manifest(manifest(lab, text)))


def test_a_folder_without_a_manifest_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"no series.toml in this folder; write one"):
        read_manifest(tmp_path)


def test_a_missing_manifest_is_said(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="there is no such folder or file"):
        read_manifest(tmp_path / "nothing")


def test_a_file_that_cannot_be_read_does_not_stop_the_others(lab: Path) -> None:
    (lab / "broken_30C.csv").write_text("this is no table\n")
    text = 'files = ["cell_25C.csv", "broken_30C.csv"]\ntemperature_from_name = "{temperature_c}C"'
    m = read_manifest(manifest(lab, text))
    spectra, unread = read_spectra(m)
    assert [s.label for s in spectra] == ["cell_25C"]
    assert [u.label for u in unread] == ["broken_30C"]
    assert isinstance(unread[0], Unread)
    assert "broken_30C.csv" in unread[0].reason


def test_a_missing_file_is_an_unread_one(lab: Path) -> None:
    text = '[[spectrum]]\nfile = "gone.csv"\ntemperature_c = 1\n[[spectrum]]\nfile = "cell_25C.csv"\ntemperature_c = 25'
    spectra, unread = read_spectra(read_manifest(manifest(lab, text)))
    assert len(spectra) == 1
    assert "there is no such file" in unread[0].reason


def test_heating_and_cooling_are_both_kept(lab: Path) -> None:
    one = '[[spectrum]]\nfile = "cell_25C.csv"\ntemperature_c = 25\n'
    two = '[[spectrum]]\nfile = "cell_298K.csv"\ntemperature_c = 25\n'
    spectra, _ = read_spectra(read_manifest(manifest(lab, one + two)))
    assert [s.conditions.temperature_c for s in spectra] == [25.0, 25.0]


def test_a_csv_manifest_takes_any_condition(lab: Path) -> None:
    path = lab / "cells.csv"
    path.write_text(
        "file,temperature_c,area_cm2,electrodes,f_max_hz,drop\n"
        "cell_25C.csv,25,0.5,4,1e5,0 3\ncell_-20C.csv,-20,0.5,4,,\n"
    )
    spectra, _ = read_spectra(with_template(read_manifest(path), "le_se", None))
    assert [s.conditions.temperature_c for s in spectra] == [25.0, -20.0]
    assert spectra[0].conditions.electrodes == 4
    assert spectra[0].mask.sum() > 2
    assert not spectra[1].mask.any()


def test_a_csv_manifest_may_use_semicolons_and_decimal_commas(lab: Path) -> None:
    path = lab / "cells.csv"
    path.write_text("file;temperature_c;area_cm2\ncell_25C.csv;25,5;0,785\n")
    spectra, _ = read_spectra(read_manifest(path))
    assert spectra[0].conditions.temperature_c == 25.5
    assert spectra[0].conditions.area_cm2 == 0.785


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the first line must name the columns"),
        ("name,temperature_c\na,1\n", "the first line must name the columns"),
        ("file,temp\na,1\n", "unknown column 'temp'; known: file, temperature_c"),
        ("file,temperature_c\n", "names no file below its heading"),
        ("file,temperature_c\na.csv,warm\n", "line 2: temperature_c is 'warm'; it must be a number"),
        ("file,temperature_c\n,25\n", "line 2: the column 'file' is empty"),
    ],
)
def test_a_wrong_csv_manifest_is_refused(lab: Path, text: str, sentence: str) -> None:
    path = lab / "cells.csv"
    path.write_text(text)
    with pytest.raises(ManifestError, match=sentence):
        read_manifest(path)


def test_where_file_and_manifest_disagree_the_manifest_counts_and_says_so(lab: Path) -> None:
    from eisfit.formats.eclab_text import write_mpt

    spectrum = measured(le_se_faded(), le_se_values())
    write_mpt(lab / "area.mpt", spectrum.under(spectrum.conditions.updated(area_cm2=3.0)))
    text = 'area_cm2 = 0.5\n[[spectrum]]\nfile = "area.mpt"\ntemperature_c = 25'
    spectra, _ = read_spectra(read_manifest(manifest(lab, text)))
    assert spectra[0].conditions.area_cm2 == 0.5
    assert "the manifest says area_cm2 = 0.5, the file 3" in spectra[0].finding


@pytest.mark.parametrize(
    ("stated", "given", "disagree"),
    [
        ("Temperature: 33.7 °C", "temperature_c = 0", True),
        ("DC bias: 0.0002 V", "temperature_c = 25\nbias_v = 0", False),
        ("DC bias: 0.2 V", "temperature_c = 25\nbias_v = 0", True),
        ("Temperature: 25.01 °C", "temperature_c = 25", False),
    ],
)
def test_a_disagreement_with_a_zero_is_said_too(lab: Path, stated: str, given: str, disagree: bool) -> None:
    text = (lab / "cell_25C.csv").read_text(encoding="utf-8")
    (lab / "cell_25C.csv").write_text(f"{stated}\n{text}", encoding="utf-8")
    m = read_manifest(manifest(lab, f'[[spectrum]]\nfile = "cell_25C.csv"\n{given}'))
    (spectrum,), _ = read_spectra(m)
    assert ("disagreement" in {f.kind for f in spectrum.findings}) is disagree


def test_the_amplitude_of_the_manifest_goes_before_that_of_the_file(lab: Path) -> None:
    text = (lab / "cell_25C.csv").read_text(encoding="utf-8")
    (lab / "cell_25C.csv").write_text("Amplitude: 10 mV rms\n" + text, encoding="utf-8")
    text = '[[spectrum]]\nfile = "cell_25C.csv"\ntemperature_c = 25\namplitude_v = 0.005'
    (spectrum,), _ = read_spectra(read_manifest(manifest(lab, text)))
    assert spectrum.conditions.amplitude_v == 0.005
    assert (
        "the manifest says amplitude_v = 0.005, the file 0.01; the manifest's value is used"
        in spectrum.finding
    )
    (lab / "cells.csv").write_text("file,temperature_c,amplitude_v\ncell_25C.csv,25,0.02\n")
    (spectrum,), _ = read_spectra(read_manifest(lab / "cells.csv"))
    assert spectrum.conditions.amplitude_v == 0.02


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Return a folder with two files of three electrodes: 1 - 2j, 3 - 4j and 5 - 6j by channel."""
    pairs = ["Re(Z)/Ohm\t-Im(Z)/Ohm", "Re(Zce)/Ohm\t-Im(Zce)/Ohm", "Re(Zwe-ce)/Ohm\t-Im(Zwe-ce)/Ohm"]
    heading = "\t".join(["freq/Hz", "<Ece>/V", *pairs])
    rows = "".join(f"{f}\t0\t1\t2\t3\t4\t5\t6\n" for f in (1000, 100, 10))
    for name in ("a_20C", "b_30C"):
        (tmp_path / f"{name}.mpt").write_text(f"EC-Lab ASCII FILE\nNb header lines : 3\n{heading}\n{rows}")
    return tmp_path


def firsts(m: Manifest) -> dict[str, complex]:
    return {s.label: complex(s.z_ohm[0]) for s in read_spectra(m)[0]}


def test_the_channel_of_all_and_of_one_spectrum(three: Path) -> None:
    text = """
    channel = "ce"
    [[spectrum]]
    file = "a_20C.mpt"
    temperature_c = 20
    [[spectrum]]
    file = "b_30C.mpt"
    temperature_c = 30
    channel = "we-ce"
    """
    m = read_manifest(manifest(three, text))
    assert firsts(m) == {"a_20C": 3 - 4j, "b_30C": 5 - 6j}
    assert firsts(with_template(m, None, None, "we")) == {"a_20C": 1 - 2j, "b_30C": 1 - 2j}
    assert read_spectra(m)[0][1].conditions.electrodes == 2


def test_the_channel_of_files_by_pattern_and_of_a_csv_manifest(three: Path) -> None:
    text = 'files = "*.mpt"\ntemperature_from_name = "{temperature_c}C"\n'
    assert firsts(read_manifest(manifest(three, text))) == {"a_20C": 1 - 2j, "b_30C": 1 - 2j}
    m = read_manifest(manifest(three, 'channel = "we-ce"\n' + text))
    assert firsts(m) == {"a_20C": 5 - 6j, "b_30C": 5 - 6j}
    (three / "cells.csv").write_text("file,temperature_c,channel\na_20C.mpt,20,ce\nb_30C.mpt,30,\n")
    assert firsts(read_manifest(three / "cells.csv")) == {"a_20C": 3 - 4j, "b_30C": 1 - 2j}


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("series.toml", 'channel = "x"\nfiles = "*.mpt"\ntemperature_c = 1', "series.toml"),
        ("series.toml", 'channel = 3\nfiles = "*.mpt"\ntemperature_c = 1', "series.toml"),
        (
            "series.toml",
            '[[spectrum]]\nfile = "a_20C.mpt"\nchannel = "WE"',
            "series.toml, spectrum 'a_20C.mpt'",
        ),
        ("cells.csv", "file,temperature_c,channel\na_20C.mpt,20,both\n", "cells.csv, line 2"),
    ],
)
def test_an_unknown_channel_is_refused_with_the_choices(
    three: Path, name: str, text: str, where: str
) -> None:
    (three / name).write_text(text)
    with pytest.raises(ManifestError, match=f"{where}: channel is .*: it must be one of 'we', 'ce', 'we-ce'"):
        read_manifest(three / name)


def test_a_channel_that_a_file_has_not_leaves_that_file_unread(lab: Path) -> None:
    text = 'channel = "ce"\nfiles = "*_25C.csv"\ntemperature_c = 25'
    spectra, unread = read_spectra(read_manifest(manifest(lab, text)))
    assert spectra == []
    assert "no channel 'ce'" in unread[0].reason


def test_a_template_of_ones_own_lies_beside_the_manifest(lab: Path) -> None:
    m = read_manifest(manifest(lab, 'template = "mine.toml"\nfiles = "*.csv"'))
    assert m.template == str(lab / "mine.toml")


def test_labels_are_unique_where_stems_are_not(lab: Path) -> None:
    (lab / "b").mkdir()
    write_csv(lab / "b" / "cell_25C.csv", measured(le_se_faded(), le_se_values()))
    text = 'files = ["*_25C.csv", "b/*.csv"]\ntemperature_c = 25'
    spectra, _ = read_spectra(read_manifest(manifest(lab, text)))
    assert len({s.label for s in spectra}) == len(spectra) == 2
    assert np.all([s.source is not None for s in spectra])
