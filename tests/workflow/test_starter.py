"""The series.toml that init writes: what was found stands there and runs, what is missing is a comment."""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path

import pytest

from eisfit.errors import InputError, TemplateError
from eisfit.workflow import NothingReadable, read_manifest, read_spectra, run_series
from eisfit.workflow.cells import cells_of
from eisfit.workflow.starter import Chosen, start, write_start
from eisfit.workflow.template_candidates import candidates, tail_share
from support.folders import arc_at, folder_of, write_own_csv
from support.paths import ROOT

SAMPLES = ROOT / "sample_spectra"


def written(folder: Path, chosen: Chosen | None = None) -> str:
    return write_start(start(folder, chosen)).read_text(encoding="utf-8")


def temperatures(folder: Path) -> dict[str, float | None]:
    spectra, unread = read_spectra(read_manifest(folder))
    assert unread == []
    return {s.label: s.conditions.temperature_c for s in spectra}


def test_temperatures_in_names_are_a_pattern_and_the_file_runs(tmp_path: Path) -> None:
    folder_of(tmp_path, {"cell_20C.csv": 20, "cell_40C.csv": 40, "cell_60C.csv": 60})
    text = written(tmp_path)
    assert tomllib.loads(text) == {"temperature_from_name": "{temperature_c}C", "files": "*.csv"}
    assert temperatures(tmp_path) == {"cell_20C": 20, "cell_40C": 40, "cell_60C": 60}
    (tmp_path / "series.toml").write_text(text.replace("# circuit = ", "circuit = ").replace("CPE1", "C1"))
    assert [f.spectrum.conditions.temperature_c for f in run_series(read_manifest(tmp_path)).result] == [
        20,
        40,
        60,
    ]


def test_folders_of_temperatures(tmp_path: Path) -> None:
    folder_of(tmp_path, {"20 °C/EIS.csv": 20, "40 °C/EIS.csv": 40, "-10 °C/EIS.csv": -10})
    made = start(tmp_path)
    assert "-10 to 40 °C, from names of folders" in dict(made.rows)["temperature"]
    write_start(made)
    assert sorted(t or 0.0 for t in temperatures(tmp_path).values()) == [-10, 20, 40]


def test_temperatures_of_the_files_are_left_to_them(tmp_path: Path) -> None:
    for name, celsius in (("a", 21.5), ("b", 40.5)):
        write_own_csv(tmp_path / f"{name}.csv", arc_at(celsius), above=f"Temperature: {celsius} °C\n")
    text = written(tmp_path)
    assert "# temperatures: 21.5 to 40.5 °C, stated by the files" in text
    assert "temperature_from_name" not in text
    assert temperatures(tmp_path) == {"a": 21.5, "b": 40.5}


def test_some_in_files_and_some_in_names_are_tables(tmp_path: Path) -> None:
    folder_of(tmp_path, {"T20_x.csv": 20, "T40_x.csv": 40, "odd.csv": 50})
    write_own_csv(tmp_path / "x4.csv", arc_at(60), above="Temperature: 60.5 °C\n")
    text = written(tmp_path)
    assert "temperature_c = 20                  # from the name" in text
    assert "# temperature_c: the file states 60.5" in text
    assert "# odd.csv: neither the file nor its name tells a temperature" in text
    assert temperatures(tmp_path) == {"T20_x": 20, "T40_x": 40, "x4": 60.5}


def test_a_thermometer_that_was_not_connected_is_said(tmp_path: Path) -> None:
    for celsius in (20, 40, 60):
        write_own_csv(tmp_path / f"{celsius}C.csv", arc_at(celsius), above="Temperature: 23.0 °C\n")
    made = start(tmp_path)
    assert (
        "the files state 23 °C, their names 20 to 60 °C: those of the names were taken"
        in dict(made.rows)["check"]
    )
    write_start(made)
    assert list(temperatures(tmp_path).values()) == [20, 40, 60]


def test_bare_numbers_are_a_line_to_be_confirmed(tmp_path: Path) -> None:
    folder_of(tmp_path, {"cell_20.csv": 20, "cell_40.csv": 40})
    text = written(tmp_path)
    line = '# temperature_from_name = "cell_{temperature_c}"'
    assert f"{line}  # if 20 to 40 °C are temperatures" in text
    assert set(temperatures(tmp_path).values()) == {None}
    (tmp_path / "series.toml").write_text(text.replace(line, line.removeprefix("# ")), encoding="utf-8")
    assert temperatures(tmp_path) == {"cell_20": 20, "cell_40": 40}


def test_no_temperature_at_all_is_a_table_for_each_file(tmp_path: Path) -> None:
    folder_of(tmp_path, {"a.csv": 20, "b.csv": 40})
    text = written(tmp_path)
    assert "Temperatures are missing" in text
    assert text.count("# temperature_c = 25                # missing: in °C") == 2
    assert tomllib.loads(text) == {"spectrum": [{"file": "a.csv"}, {"file": "b.csv"}]}


def test_another_condition_that_the_files_state_is_offered(real_spectra: Path, tmp_path: Path) -> None:
    shutil.copytree(real_spectra / "series" / "zahner-vs-voltage", tmp_path / "z")
    (tmp_path / "z").chmod(0o755)
    text = written(tmp_path / "z")
    assert (
        '# over = "bias_v"                   # orders the series by it; the files state 0.0255 to 0.325'
        in text
    )


def test_what_cannot_be_read_is_listed_with_its_reason(tmp_path: Path) -> None:
    folder_of(tmp_path, {"20C.csv": 20, "40C.csv": 40})
    (tmp_path / "notes.txt").write_text("nothing\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("nothing\n", encoding="utf-8")
    (tmp_path / ".hidden.csv").write_text("nothing\n", encoding="utf-8")
    text = written(tmp_path)
    assert "# notes.txt: its content is of no known format" in text
    assert "README" not in text
    assert "hidden" not in text


def test_the_same_data_in_two_formats_count_once(tmp_path: Path) -> None:
    for path in (SAMPLES / "llto_le_four_electrode").glob("llto_*"):
        shutil.copy(path, tmp_path)
    made = start(tmp_path)
    assert tomllib.loads(made.text)["files"] == "*.mpt"
    assert "# llto_0C.csv: it holds the data of llto_0C.mpt" in made.text
    assert "# area_cm2: the files state 0.785" in made.text


def test_results_that_lie_in_the_folder_are_no_data(tmp_path: Path) -> None:
    folder_of(tmp_path, {"20C.csv": 20, "40C.csv": 40})
    for folder in (tmp_path, tmp_path / "results", tmp_path / "results" / "A"):
        folder.mkdir(exist_ok=True)
        (folder / "eisfit.h5").write_bytes(b"x")
        (folder / "spectra.csv").write_text("spectrum,file\n", encoding="utf-8")
    text = written(tmp_path)
    assert "Left out" not in text
    assert tomllib.loads(text)["files"] in ("*.csv", ["20C.csv", "40C.csv"])
    assert len(temperatures(tmp_path)) == 2


def test_files_beside_others_of_their_kind_are_named_by_their_common_part(
    real_spectra: Path, tmp_path: Path
) -> None:
    shutil.copytree(real_spectra / "series" / "novocontrol-s04147-140-200C", tmp_path / "n")
    (tmp_path / "n").chmod(0o755)
    text = written(tmp_path / "n")
    assert tomllib.loads(text) == {"temperature_from_name": "{temperature_c}C", "files": "s04147-*.txt"}
    assert "# Example2c.txt: neither the file nor its name tells a temperature" in text
    assert '# template = "se_blocking"' in text


def test_cells_by_folder_are_told(tmp_path: Path) -> None:
    for cell in ("A7", "B2"):
        folder_of(tmp_path / cell, {"20C.csv": 20, "40C.csv": 40})
    made = start(tmp_path)
    assert dict(made.rows)["cells"] == "2 by folder: A7, B2"
    write_start(made)
    assert list(cells_of(read_manifest(tmp_path))) == ["A7", "B2"]


def test_cells_by_name_and_passes_are_comments(tmp_path: Path) -> None:
    folder_of(tmp_path / "n", {f"{c}_{t}C.csv": t for c in ("LLZO1", "LLZO2") for t in (20, 40)})
    assert '# cell_from_name = "{cell}_"' in written(tmp_path / "n")
    folder_of(tmp_path / "p", {f"{c}/{t}C.csv": t for c in ("heating", "cooling") for t in (20, 40)})
    assert "\ncell_from_name" not in written(tmp_path / "p")


def test_what_is_chosen_stands_there(tmp_path: Path) -> None:
    folder_of(tmp_path, {"20C.csv": 20, "40C.csv": 40})
    made = start(tmp_path, Chosen("le_se", 4, {"diameter_mm": 10.0, "thickness_mm": 1.5}))
    found = tomllib.loads(made.text)
    assert (found["template"], found["electrodes"]) == ("le_se", 4)
    assert (found["diameter_mm"], found["thickness_mm"]) == (10.0, 1.5)
    assert "missing" not in made.text
    assert dict(made.rows)["next"] == f"eisfit series {tmp_path} -o results"


def test_the_only_electrodes_of_a_template_need_no_choice(tmp_path: Path) -> None:
    folder_of(tmp_path, {"20C.csv": 20})
    assert tomllib.loads(start(tmp_path, Chosen("se_blocking")).text)["electrodes"] == 2


def test_a_template_of_ones_own_is_named_from_the_folder(tmp_path: Path) -> None:
    folder_of(tmp_path / "lab", {"20C.csv": 20})
    own = tmp_path / "mine.toml"
    own.write_text((ROOT / "circuits" / "se_blocking.toml").read_text(encoding="utf-8"), encoding="utf-8")
    written(tmp_path / "lab", Chosen(str(own)))
    assert Path(str(read_manifest(tmp_path / "lab").template)).resolve() == own.resolve()


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [(Chosen("lese"), "no template 'lese'"), (Chosen("le_se", 3), "no configuration with 3 electrodes")],
)
def test_a_wrong_choice_is_refused_before_anything_is_read(
    tmp_path: Path, chosen: Chosen, sentence: str
) -> None:
    with pytest.raises(TemplateError, match=sentence):
        start(tmp_path, chosen)


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    folder_of(tmp_path, {"20C.csv": 20})
    (tmp_path / "series.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"series.toml: exists already; --force replaces it"):
        write_start(start(tmp_path))
    assert (tmp_path / "series.toml").read_text(encoding="utf-8") == "mine"
    write_start(start(tmp_path), overwrite=True)
    assert read_manifest(tmp_path).entries


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingReadable, match="there are no data files in this folder or below it"):
        start(tmp_path)
    (tmp_path / "a.csv").write_text("nothing\n", encoding="utf-8")
    with pytest.raises(NothingReadable, match="none of its 1 files holds a spectrum") as caught:
        start(tmp_path)
    assert len(caught.value.unread) == 1
    with pytest.raises(InputError, match="there is no such folder"):
        start(tmp_path / "gone")
    with pytest.raises(InputError, match="this is a file; name its folder"):
        start(tmp_path / "a.csv")


@pytest.mark.skipif(os.name != "posix", reason="such names are of POSIX")
def test_hostile_names_give_a_manifest_that_reads_them(tmp_path: Path) -> None:
    names = ['quote"_20C', "back\\slash_30C", "[x]_40C", "two\nlines_50C", "=1+1_60C", "star*_70C"]
    folder_of(tmp_path, {f"{name}.csv": 20 for name in names})
    write_own_csv(tmp_path / os.fsdecode(b"caf\xe9_80C.csv"), arc_at(80))
    text = written(tmp_path)
    assert "its name cannot be written" in text
    assert sorted(t or 0.0 for t in temperatures(tmp_path).values()) == [20, 30, 40, 50, 60, 70]


def sample_folders() -> list[str]:
    return sorted(p.parent.name for p in SAMPLES.glob("*/series.toml"))


@pytest.mark.parametrize("name", sample_folders())
def test_every_sample_is_described_as_by_hand(tmp_path: Path, name: str) -> None:
    for path in (SAMPLES / name).iterdir():
        if path.suffix != ".toml":
            shutil.copy(path, tmp_path)
    by_hand = read_manifest(SAMPLES / name)
    spectra, _ = read_spectra(by_hand)
    made = start(tmp_path)
    assert f'# template = "{by_hand.template}"' in made.text
    assert dict(made.rows)["template"].startswith("to choose: ")
    write_start(made)
    expected = {s.label: s.conditions.temperature_c for s in spectra}
    found = temperatures(tmp_path)
    assert found.keys() == expected.keys()
    assert all(abs((found[k] or 0) - (expected[k] or 0)) < 1 for k in expected)


def test_candidates_follow_the_low_end_of_the_spectra() -> None:
    for name, blocking in (("llto_blocking_cold", True), ("llto_le_four_electrode", False)):
        spectra, _ = read_spectra(read_manifest(SAMPLES / name))
        assert tail_share(spectra) == float(blocking)
        likely = [c.name for c in candidates(spectra) if c.likely]
        assert ("se_blocking" in likely) is blocking
        assert ("le_se" in likely) is not blocking
    four = [c.name for c in candidates(spectra, 4)]
    assert "le_se" in four
    assert "se_blocking" not in four
