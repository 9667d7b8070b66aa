"""The command plan: tables, JSON, figure, and sentences for mistakes."""

import csv
import json
from pathlib import Path

import pytest

from eisfit import store
from support.commands import Command
from support.plots_samples import four_electrode

SCENARIO = "llto_le_four_electrode"


def test_a_scenario_is_ranked(eisfit: Command) -> None:
    ran = eisfit("plan", "--scenario", SCENARIO, "--for", "interface")
    assert ran.code == 0
    assert ran.out == ""
    assert "helps most: half the temperature error" in " ".join(ran.err.split())
    assert "Standard errors of activation energies" in ran.err


def test_json_holds_both_tables(eisfit: Command) -> None:
    ran = eisfit("plan", "--scenario", SCENARIO, "--for", "grain boundary R", "--json", "-q")
    data = json.loads(ran.out)
    assert ran.err == ""
    assert {m["contribution"] for m in data["measurements"]} == {"grain boundary"}
    assert {m["quantity"] for m in data["measurements"]} == {"resistance by the law"}
    assert {e["estimate"] for e in data["predicted_errors"]} == {"lines", "joint", "shared"}
    assert {e["told"] for e in data["predicted_errors"]} == {True}


def test_tables_and_the_figure_are_written(eisfit: Command, tmp_path: Path) -> None:
    arguments = ("plan", "--scenario", SCENARIO, "-o", tmp_path, "--figure", tmp_path / "f.svg")
    ran = eisfit(*arguments)
    assert [Path(p).name for p in ran.out.split()] == ["measurements.csv", "predicted_errors.csv", "f.svg"]
    with (tmp_path / "measurements.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    gains = [float(row["gain"]) for row in read]
    assert gains == sorted(gains, reverse=True)
    assert eisfit(*arguments).code == 2
    assert eisfit(*arguments, "--force").code == 0


def test_less_noise_and_better_temperatures_give_smaller_errors(eisfit: Command) -> None:
    def error(*options: str) -> float:
        data = json.loads(eisfit("plan", "--scenario", SCENARIO, "--json", "-q", *options).out)
        return float(data["measurements"][0]["stderr_before"])

    assert error("--temperature-err-c", "0.1") < 0.3 * error()
    assert error("--noise-percent", "20") > 2 * error()
    assert error("--estimate", "shared") <= error()


def test_results_of_a_first_measurement_are_taken(eisfit: Command, tmp_path: Path) -> None:
    store.save(tmp_path / "eisfit.h5", four_electrode())
    for where in (tmp_path, tmp_path / "eisfit.h5"):
        ran = eisfit("plan", "--from", where)
        assert ran.code == 0
        assert "E_A of interface" in ran.err
    (tmp_path / "plan.toml").write_text('results = "eisfit.h5"\nnoise_percent = 0.1\n')
    assert eisfit("plan", tmp_path / "plan.toml").code == 0
    store.save(tmp_path / "single.h5", [four_electrode()[0]])
    ran = eisfit("plan", "--from", tmp_path / "single.h5")
    assert ran.code == 2
    assert "single.h5: holds results of single fits; a plan needs those of 'eisfit series'" in ran.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "name one of plan.toml, --scenario NAME and --from RESULTS; there is none of them"),
        (("plan.toml", "--scenario", SCENARIO), "there is a file and --scenario"),
        (("plan.toml",), "plan.toml: there is no such file"),
        (("--scenario", "llto_le_4_electrode"), "(did you mean 'llto_le_four_electrode'?)"),
        (("--scenario", SCENARIO, "--for", "electrode"), "no contribution 'electrode'"),
        (("--scenario", SCENARIO, "--estimate", "lines"), "unknown estimate 'lines'; known: joint, shared"),
        (("--scenario", SCENARIO, "--noise-percent", "-1"), "--noise-percent -1: it must be positive"),
        (
            ("--scenario", SCENARIO, "--figure", "f.jpg"),
            "--figure f.jpg: the name must end in .pdf, .png, .svg",
        ),
        (("--from", "nothing.h5"), "nothing.h5: there is no such file"),
    ],
)
def test_a_mistake_is_one_sentence(eisfit: Command, arguments: tuple[str, ...], sentence: str) -> None:
    ran = eisfit("plan", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert sentence in " ".join(ran.err.split())
    assert ran.err.count("eisfit:") == 1
