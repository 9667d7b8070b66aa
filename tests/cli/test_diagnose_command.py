"""The command diagnose."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import eisfit as package
from eisfit import store
from eisfit.diagnosis import COLUMNS, QUESTIONS
from eisfit.simulate import CAMPAIGNS, simulate, simulate_dc, write_dc
from support.commands import Command


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = simulate("C", seed=1)
    cell = CAMPAIGNS["llzo_concentration"].scenario
    template = package.template(cell.template, electrodes=4).without(cell.without)
    fitted = package.fit_series(made.spectra, template, over="concentration_mol_l")
    folder = tmp_path_factory.mktemp("results")
    store.save(folder / "eisfit.h5", fitted)
    store.save(folder / "single.h5", fitted[0])
    return folder


def test_questions_are_answered_in_order(eisfit: Command, results: Path) -> None:
    ran = eisfit("diagnose", results)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert len(lines) == len(QUESTIONS) + 1
    assert lines[2].startswith("3. does it follow the salt concentration? falls to a constant (interface)")
    assert lines[-1].startswith("mechanism: charge transfer beside an interphase")


def test_json_and_files_hold_the_same(eisfit: Command, results: Path, tmp_path: Path) -> None:
    folder = tmp_path / "l"
    write_dc(simulate_dc(seed=1), folder)
    ran = eisfit(
        "diagnose", results / "eisfit.h5", "--dc", folder / "cell.csv", "--json", "-o", tmp_path / "out"
    )
    assert ran.code == 0
    found = json.loads(ran.out)
    assert found["mechanism"] == "charge transfer beside an interphase"
    assert found["by"] == ["bias", "concentration"]
    assert tuple(found["answers"][0]) == COLUMNS
    with (tmp_path / "out" / "diagnosis.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["answer"] for row in rows] == [answer["answer"] for answer in found["answers"]]
    assert (tmp_path / "out" / "diagnosis.txt").read_text("utf-8").count("\n") == len(QUESTIONS) + 1
    again = eisfit("diagnose", results, "-o", tmp_path / "out")
    assert again.code == 2
    assert "--force" in again.err


def test_a_record_of_an_instrument_is_told_where_its_probes_stand(eisfit: Command, tmp_path: Path) -> None:
    made = simulate_dc(seed=1)
    write_dc(made, tmp_path)
    given = []
    for k, place in enumerate(made.cell.places_mm.values(), 1):
        given += ["--probe", f"Analog IN {k}", "--position", f"Analog IN {k}={place:g}"]
    ran = eisfit(
        "diagnose", "--dc", tmp_path / "cell.mpt", "--temperature-c", 25, "--solid-mm", "2..4", *given
    )
    assert "mechanism: charge transfer beside an interphase" in ran.out


def test_what_cannot_be_diagnosed_is_said_with_its_cure(
    eisfit: Command, results: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    for given, said in (
        ((), "nothing to diagnose: name an eisfit.h5"),
        ((results, "--temperature-c", 25), "those of dc data: name a file by --dc"),
        ((results / "single.h5",), "holds results of single fits"),
        ((tmp_path,), "holds no eisfit.h5"),
        ((results, results), "result 2 is the same as one before it"),
        (("--dc", bad), "no dc data could be read"),
    ):
        ran = eisfit("diagnose", *given)
        assert ran.code == 2, given
        assert said in ran.err
        assert "Traceback" not in ran.err
