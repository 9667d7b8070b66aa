"""Pairs of probes in a folder: keys, columns and names of files; what is written; what is refused."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit.errors import EisfitError
from eisfit.workflow import RunOptions, read_manifest, run_series
from eisfit.workflow.read import read_spectra
from support.eight_electrodes import TRUE_EV, eight_electrodes

HEAD = """template = "le_se_eight"
electrodes = 8
area_cm2 = 0.785
thickness_cm = 0.1
temperature_err_c = 0.3
probes_cm = { S1 = 0.03, S2 = 0.07 }
probe_err_cm = 0.002
"""
BY_NAME = 'files = "*.csv"\ntemperature_from_name = "_{temperature_c}C"\npair_from_name = "{pair}_"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the spectra of four pairs at three temperatures, without a manifest."""
    place = tmp_path_factory.mktemp("eight")
    for s in eight_electrodes(8, temperatures=(0, 30, 60)):
        table = np.c_[s.frequency_hz, s.z_ohm.real, s.z_ohm.imag]
        np.savetxt(
            place / f"{s.label}.csv", table, delimiter=",", header="freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm", comments=""
        )
    return place


def described(folder: Path, keys: str, name: str = "series.toml") -> Path:
    (folder / name).write_text(HEAD + keys, encoding="utf-8")
    return folder / name


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_a_folder_gives_left_and_right_apart(folder: Path, tmp_path: Path) -> None:
    run = run_series(
        read_manifest(described(folder, BY_NAME)), RunOptions(output=tmp_path / "out", figures=False)
    )
    assert isinstance(run.result, eisfit.Series)
    assert run.result.joint is not None
    seen = {r["contribution"] for r in rows_of(tmp_path / "out" / "contributions.csv")}
    assert {"interface left", "interface right", "interface left + interface right"} <= seen
    energies = rows_of(tmp_path / "out" / "arrhenius.csv")
    for name in ("interface left", "interface right"):
        (row,) = [r for r in energies if (r["contribution"], r["estimate"]) == (name, "joint")]
        error = float(row["activation_energy_stderr_ev"])
        assert abs(float(row["activation_energy_ev"]) - TRUE_EV[name]) < 3.5 * error
        assert error < 0.008


def test_pairs_are_told_by_tables_and_by_columns(folder: Path) -> None:
    lines = "".join(
        f'[[spectrum]]\nfile = "{pair}_30C.csv"\ntemperature_c = 30\npair = "{pair}"\n'
        for pair in ("L2-S1", "S2-R1")
    )
    spectra, _ = read_spectra(read_manifest(described(folder, lines, "single.toml")))
    assert [s.conditions.probe_pair for s in spectra] == ["L2-S1", "S2-R1"]
    assert spectra[0].conditions.probes_cm == {"S1": 0.03, "S2": 0.07}
    assert spectra[0].conditions.probe_err_cm == 0.002
    for heading in ("pair", "Pair", "probe pair", "probes", "probe_pair"):
        (folder / "list.csv").write_text(f"file,T/°C,{heading}\nL2-S1_30C.csv,30,L2-S1\n", encoding="utf-8")
        spectra, _ = read_spectra(read_manifest(folder / "list.csv"))
        assert spectra[0].conditions.probe_pair == "L2-S1"
        (folder / "list.csv").unlink()


def test_joint_false_leaves_the_pairs_by_themselves(folder: Path) -> None:
    lines = "joint = false\n" + "".join(
        f'[[spectrum]]\nfile = "{pair}_30C.csv"\ntemperature_c = 30\npair = "{pair}"\n'
        for pair in ("L2-S1", "S2-R1")
    )
    found = run_series(read_manifest(described(folder, lines, "alone.toml"))).result
    assert isinstance(found, eisfit.Series)
    assert found.joint is None
    assert {"interface left", "interface right"} <= set(found.names)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (BY_NAME.replace('"{pair}_"', '"{pairs}_"'), "must have {pair} in it once"),
        (BY_NAME.replace('"{pair}_"', '"cell_{pair}_"'), "tells no pair of probes for pair_from_name"),
        ('pair = 3\nfiles = "*.csv"', 'pair is 3; write the names of two probes, as pair = "L2-S1"'),
        (
            'pair = "L2-S1"\nprobe_pair = "L2-S1"\nfiles = "*.csv"',
            "pair and probe_pair state the same; keep one",
        ),
        (BY_NAME.replace("pair_from_name", "pair_from_nam"), "unknown key 'pair_from_nam' (did you mean"),
        ('[[spectrum]]\nfile = "L2-S1_30C.csv"\ntemperature_c = 30\npair = "L2-S8"', "'L2-S8' names no two"),
        (
            '[[spectrum]]\nfile = "L2-S1_30C.csv"\ntemperature_c = 30',
            "L2-S1_30C: its pair of probes is not known",
        ),
    ],
)
def test_a_wrong_pair_is_one_sentence(folder: Path, keys: str, said: str) -> None:
    with pytest.raises(EisfitError, match=re.escape(said)):
        run_series(read_manifest(described(folder, keys, "wrong.toml")))


def test_places_of_probes_are_a_table(folder: Path) -> None:
    text = (HEAD + BY_NAME).replace("{ S1 = 0.03, S2 = 0.07 }", "1")
    (folder / "places.toml").write_text(text, encoding="utf-8")
    with pytest.raises(EisfitError, match="probes_cm is 1: give the place of each probe by its name"):
        read_manifest(folder / "places.toml")
