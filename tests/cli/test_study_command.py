"""The command study."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from eisfit import store
from support.commands import Command
from support.solvent_cells import solvents


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with results of five cells, and a table of donor numbers."""
    found = tmp_path_factory.mktemp("solvents")
    for name, series in solvents().items():
        (found / name).mkdir()
        store.save(found / name / "eisfit.h5", series)
    (found / "donors.csv").write_text("cell,dn\nEMIBF4,7\nFEC,9\nPC,15.1\nEC,16.4\nDMSO,29.8\n")
    return found


def test_a_folder_gives_tables_figures_and_json(eisfit: Command, folder: Path, tmp_path: Path) -> None:
    ran = eisfit(
        "study",
        folder,
        "--over",
        "dn",
        "--covariates",
        folder / "donors.csv",
        "-o",
        tmp_path / "o",
        "--at",
        "40",
    )
    assert ran.code == 0
    names = [
        "study.csv",
        "slopes.csv",
        "trends.csv",
        "arrhenius.pdf",
        "arrhenius.png",
        "trend.pdf",
        "trend.png",
        "study.json",
    ]
    assert ran.out.split() == [str(tmp_path / "o" / name) for name in names]
    assert "One activation energy?" in ran.err
    assert (
        "eisfit: interface: activation energy rises with dn (rank correlation 1.00, p = 0.017 by all orders)"
        in ran.err
    )
    data = json.loads((tmp_path / "o/study.json").read_text())
    assert data["cells"] == sorted(solvents())
    assert {row["reference_c"] for row in data["study"]} == {40.0}
    with (tmp_path / "o/trends.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["p_rank"] for row in rows] == [repr(row["p_rank"]) for row in data["trends"]]
    again = eisfit("study", folder, "-o", tmp_path / "o")
    assert again.code == 2
    assert "exists already" in again.err


def test_json_stands_alone_on_stdout(eisfit: Command, folder: Path) -> None:
    ran = eisfit("study", folder, "--contribution", "interface", "--json", "-q")
    data = json.loads(ran.out)
    assert [row["contribution"] for row in data["slopes"]] == ["interface"]
    assert data["slopes"][0]["differ"] == "yes"
    assert "trends" not in data
    assert ran.err == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--over", "water_ppm"], "no covariate 'water_ppm'"),
        (
            ["--covariates", "{folder}/donors.csv"],
            "say which of its columns is the covariate, as --over donor_number",
        ),
        (["--over", "dn", "--covariates", "{folder}/none.csv"], "none.csv: there is no such file"),
        (["--label", "x"], "1 labels were given for 5 results"),
        (["--contribution", "bulk"], "no contribution 'bulk' in these cells"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    eisfit: Command, folder: Path, arguments: list[str], sentence: str
) -> None:
    ran = eisfit("study", folder, *(a.replace("{folder}", str(folder)) for a in arguments))
    assert ran.code == 2
    assert sentence in ran.err
    assert ran.out == ""
