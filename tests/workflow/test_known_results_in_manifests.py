"""Results of another cell in a manifest: known with their covariance, refused where they are none."""

import re
from pathlib import Path

import pytest

import eisfit
from eisfit.errors import ManifestError
from eisfit.workflow import RunOptions, read_manifest, run_series
from support.joint_cells import GEOMETRY, pellet, two_arcs
from support.joint_folders import HEAD, write

OTHER = '[[complement]]\nname = "pellet"\nresults = "../pellet_results"\nshares = ["grain boundary"]\n'
LAW = '[law]\ninterface = "arrhenius"\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a cell, and the results of its pellet."""
    found = tmp_path_factory.mktemp("results")
    cell = two_arcs(0, count=2, capacitances=(1e-8, 1e-6), temperatures=(15, 45), conditions=GEOMETRY)
    write(found / "cell", cell, HEAD.format(template="le_se", electrodes=4, thickness=0.1), "# keys")
    head = HEAD.format(template="se_blocking", electrodes=2, thickness=0.2)
    keys = 'share = ["grain boundary C"]\n\n[law]\n"grain boundary" = "arrhenius"\n'
    write(found / "pellet", pellet(0, 1e-8)[::2], head, keys)
    options = RunOptions(output=found / "pellet_results", figures=False)
    run_series(read_manifest(found / "pellet"), options)
    return found


def manifest(place: Path, keys: str) -> Path:
    text = (place / "cell" / "series.toml").read_text(encoding="utf-8")
    (place / "cell" / "other.toml").write_text(text.replace("# keys", keys), encoding="utf-8")
    return place / "cell" / "other.toml"


def test_results_in_a_manifest_are_known(place: Path) -> None:
    found = run_series(read_manifest(manifest(place, OTHER + LAW))).result
    assert isinstance(found, eisfit.Series)
    assert found.joint is not None
    assert found.joint.labels == ("c15", "c45")  # no spectrum of the pellet is fitted again
    pellet_joint = eisfit.store.load(place / "pellet_results" / "eisfit.h5").joint
    known = pellet_joint.law("grain boundary")["E"]
    energy = found.joint.law("grain boundary")["E"]
    assert abs(energy.value - known.value) < 2 * known.stderr
    assert energy.stderr < 1.01 * known.stderr


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (OTHER.replace("pellet_results", "pelet"), "there are no such results; write the folder that"),
        (OTHER + 'series = "../pellet"\n', "series and results name the other cell twice; keep series"),
        (OTHER + "tolerance = 0.1\n", "tolerance is for cells whose spectra are fitted as well"),
        (OTHER.replace("results =", "result ="), "(did you mean 'results'?)"),
    ],
)
def test_results_that_are_none_are_one_sentence(place: Path, keys: str, said: str) -> None:
    with pytest.raises(ManifestError, match=re.escape(said)):
        run_series(read_manifest(manifest(place, keys + LAW)))
