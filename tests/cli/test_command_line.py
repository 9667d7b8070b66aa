"""The command line: help, exit codes, mistakes, and the smaller commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import Command


@pytest.mark.parametrize("module", ["eisfit", "eisfit.cli"])
def test_the_command_is_there_without_its_script(module: str) -> None:
    for arguments, code, words in (
        (["templates"], 0, "le_se"),
        (["templates", "nope"], 2, "eisfit: no template 'nope'"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
        )
        assert (done.returncode, words in done.stdout + done.stderr) == (code, True), done.stderr


def test_nothing_readable_is_exit_code_three(eisfit: Command, tmp_path: Path) -> None:
    (tmp_path / "a_20C.csv").write_text("no table here\n")
    (tmp_path / "series.toml").write_text(
        'template = "le_se"\nfiles = "a*"\ntemperature_c = 1\nelectrodes = 4'
    )
    assert eisfit("series", tmp_path).code == 3
    assert eisfit("read", tmp_path / "a_20C.csv").code == 3
    assert eisfit("fit", tmp_path / "gone.csv", "--circuit", "R0").code == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["series", "nowhere"], "nowhere: there is no such folder or file"),
        (["series", "{lab}", "--template", "nope"], "no template 'nope'; shipped: "),
        (["series", "{lab}", "--circuit", "R0-p(R1"], "expected ',' or ')' at column 8"),
        (["series", "{lab}", "--template", "le_se", "--circuit", "R0"], "both given; keep one"),
        (["series", "{lab}", "--electrodes", "8"], "no configuration with 8 electrodes"),
        (["series", "{lab}", "--weights", "none"], "unknown weights 'none'"),
        (["fit", "{lab}/cell_20C.csv"], "--template NAME (see 'eisfit templates') or --circuit STRING"),
        (["fit", "{lab}/cell_20C.csv", "--template", "le_se"], "say which, as electrodes = 4"),
        (
            ["fit", "{lab}/cell_20C.csv", "--circuit", "R0", "--area-cm2", "-1"],
            "area_cm2 is -1: it must be positive",
        ),
        (["templates", "nope"], "no template 'nope'"),
        (
            ["simulate", "nope", "-o", "{lab}/x"],
            "no scenario 'nope'; there are: licgc_pe_no_interface, llto_",
        ),
        (["simulate", "llto_le_four_electrode"], "say where to write the series: -o FOLDER"),
        (["simulate", "llto_le_four_electrode", "-o", "{lab}"], "holds a series already"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["fit"], "Missing argument"),
        (["series", "{lab}", "--frob"], "No such option"),
        (["series", "{lab}", "-o", "{lab}/series.toml"], "this is a file; name a folder for the results"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_two(
    eisfit: Command, lab: Path, arguments: list[str], sentence: str
) -> None:
    ran = eisfit(*(a.format(lab=lab) for a in arguments))
    assert ran.code == 2
    assert sentence in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert ran.out == ""


def test_plot_draws_any_kind_from_the_stored_results(eisfit: Command, results: Path, tmp_path: Path) -> None:
    ran = eisfit("plot", results / "eisfit.h5", "bode", "-o", tmp_path, "--format", "png", "--data")
    assert ran.code == 0
    assert {p.name for p in tmp_path.iterdir()} == {"bode.png", "bode.csv"}
    again = eisfit("plot", results / "eisfit.h5", "bode", "-o", tmp_path, "--format", "png")
    assert again.code == 2
    assert "exists already" in again.err
    assert "arrhenius: " in eisfit("plot", results / "eisfit.h5", "list").out


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["bode", "--format", "gif"], ["bode", "--style", "x"], ["bode", "--width", "x"]],
)
def test_a_wrong_figure_is_refused(
    eisfit: Command, results: Path, tmp_path: Path, arguments: list[str]
) -> None:
    ran = eisfit("plot", results / "eisfit.h5", *arguments, "-o", tmp_path)
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1


def test_templates_are_listed_and_shown(eisfit: Command) -> None:
    listed = eisfit("templates").out
    assert "le_se: Liquid | solid | liquid, symmetric" in listed
    assert eisfit("templates", "le_se", "--toml").out.startswith('title = "Liquid | solid | liquid')
    assert any(t["template"] == "se_blocking" for t in json.loads(eisfit("templates", "--json").out))


def test_simulate_writes_a_series_that_can_be_fitted(eisfit: Command, tmp_path: Path) -> None:
    assert eisfit("simulate", "llto_le_four_electrode", "-o", tmp_path / "s", "--seed", 3).code == 0
    assert eisfit("series", tmp_path / "s", "-q").code == 0
    assert "llto_le_four_electrode" in eisfit("simulate", "list").out


def test_a_letter_is_simulated_with_its_complements_and_the_errors_asked_for(
    eisfit: Command, tmp_path: Path
) -> None:
    done = eisfit(
        *("simulate", "a", "-o", tmp_path / "a", "--complements", tmp_path / "others", "--noise", 0.01),
        *("--temperature-err-c", 0.1, "--lead-inductance-h", 1e-6, "--reference-ohm", 1e4, 2e4),
    )
    assert done.code == 0
    assert 'series = "../others/pellet"' in (tmp_path / "a" / "series.toml").read_text("utf-8")
    assert "temperature_err_c = 0.1" in (tmp_path / "a" / "series.toml").read_text("utf-8")
    assert "noise = 0.01" in (tmp_path / "others" / "pellet" / "truth.toml").read_text("utf-8")
    listed = eisfit("simulate", "list").out
    assert "A, llto_liquid: " in listed
    assert "; with pellet" in listed
    assert "no scenario 'llto_liquit' (did you mean 'llto_liquid'?)" in eisfit("simulate", "llto_liquit").err


def test_version_and_help(eisfit: Command) -> None:
    import eisfit as package

    assert eisfit("--version").out.strip() == package.__version__
    helped = eisfit("--help")
    assert helped.code == 0
    assert "nothing readable" in " ".join(helped.out.split())


def test_no_arguments_show_the_help(eisfit: Command) -> None:
    ran = eisfit()
    assert ran.code == 2
    assert "Usage" in ran.out + ran.err
