"""A joint fit from a folder: the keys of its manifest, a complementary cell, what is written."""

import csv
import re
from pathlib import Path

import pytest

import eisfit
from eisfit.errors import ManifestError
from eisfit.workflow import RunOptions, read_manifest, run_series
from support.joint_cells import GEOMETRY, pellet, two_arcs
from support.joint_folders import HEAD, write


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a cell whose arcs could be either, and the pellet that decides."""
    place = tmp_path_factory.mktemp("joint")
    cell = two_arcs(
        0, count=2, capacitances=(1e-7, 2.6e-7), off_k=0.3, temperatures=range(0, 61, 15), conditions=GEOMETRY
    )
    other = '[[complement]]\nname = "pellet"\nseries = "../pellet"\nshares = ["grain boundary"]\n'
    keys = f'\n[law]\ninterface = "arrhenius"\n\n{other}'
    write(place / "cell", cell, HEAD.format(template="le_se", electrodes=4, thickness=0.1), keys)
    write(place / "pellet", pellet(0, 1e-7), HEAD.format(template="se_blocking", electrodes=2, thickness=0.2))
    return place


class Heard:
    """A progress that keeps what it is told."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int]] = []

    def __call__(self, text: str, number: int) -> None:
        pass

    def told(self, text: str, done: int, total: int) -> None:
        self.steps.append((text, done, total))


def test_a_manifest_with_a_complement_names_what_one_cell_leaves_open(folders: Path, tmp_path: Path) -> None:
    heard = Heard()
    run = run_series(
        read_manifest(folders / "cell"), RunOptions(output=tmp_path / "out", figures=False), heard
    )
    assert isinstance(run.result, eisfit.Series)
    assert "grain boundary or interface (1)" in run.result.names  # of the independent fits
    assert run.result.joint is not None
    assert {law.contribution for law in run.result.joint.laws} == {"grain boundary", "interface"}
    energies = rows_of(tmp_path / "out" / "arrhenius.csv")
    (joint,) = [r for r in energies if (r["contribution"], r["estimate"]) == ("interface", "joint")]
    error = float(joint["activation_energy_stderr_ev"])
    assert abs(float(joint["activation_energy_ev"]) - 0.52) < 4 * error
    assert error < 0.006
    assert list(dict.fromkeys(step for step, _, _ in heard.steps if step.startswith("joint fit")))[-4:] == [
        "joint fit, starts",
        "joint fit, best minima",
        "joint fit, what the data do not show",
        "joint fit, errors",
    ]
    counted = [(done, total) for step, done, total in heard.steps if step == "joint fit, starts"]
    assert counted == [(k, len(counted) - 1) for k in range(len(counted))]
    rows = rows_of(tmp_path / "out" / "joint.csv")
    assert {"grain boundary C", "grain boundary alpha", "interface", "temperature"} <= {
        r["parameter"] for r in rows
    }
    assert "pellet: p-40" in {r["spectrum"] for r in rows}


def test_joint_false_leaves_it_out(folders: Path) -> None:
    path = folders / "cell" / "no.toml"
    text = (folders / "cell" / "series.toml").read_text(encoding="utf-8")
    path.write_text("joint = false\n" + text, encoding="utf-8")
    found = run_series(read_manifest(path)).result
    assert isinstance(found, eisfit.Series)
    assert found.joint is None


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("joint = 1", "joint is 1; write joint = true or joint = false"),
        ('share = "interface C"', "share is 'interface C'; write texts in quotes"),
        ("[law]\ninterface = 1", "law of 'interface' is 1; write \"arrhenius\""),
        ("[known]\ninterface = 1", "known 'interface' is 1; write { value = 1e-7"),
        ('[[complement]]\nseries = "x"', "shares"),
        (
            '[[complement]]\nseries = "x"\nshares = ["a"]\ngeometry_err = -1',
            "geometry_err is -1; it is a relative",
        ),
        (
            '[[complement]]\nseries = "x"\nshares = ["a"]\nshare = 1',
            "unknown key 'share' (did you mean 'shares'?)",
        ),
    ],
)
def test_a_wrong_key_is_one_sentence(tmp_path: Path, keys: str, said: str) -> None:
    (tmp_path / "a_25C.csv").write_text("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n10,1,-1\n1,2,-1\n", encoding="utf-8")
    head = 'files = "*.csv"\ntemplate = "le_se"\ntemperature_from_name = "{temperature_c}C"\n'
    (tmp_path / "series.toml").write_text(head + keys, encoding="utf-8")
    with pytest.raises(ManifestError, match=re.escape(said)):
        read_manifest(tmp_path)


def test_a_complement_that_is_not_there_is_one_sentence(folders: Path, tmp_path: Path) -> None:
    path = folders / "cell" / "lost.toml"
    text = (folders / "cell" / "series.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("../pellet", "../pelet"), encoding="utf-8")
    with pytest.raises(ManifestError, match="pelet: there is no such folder or file"):
        run_series(read_manifest(path))
