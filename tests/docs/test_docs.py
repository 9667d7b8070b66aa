"""The site says what is so: its examples work as printed, nothing is forgotten in it, and it builds."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from pathlib import Path
from typing import get_args

import pytest

import eisfit
from eisfit import plots
from eisfit import tables as report
from eisfit.cell.roles import ROLES
from eisfit.cli import app as cli
from eisfit.cli import commands  # noqa: F401
from eisfit.elements import ELEMENTS
from eisfit.reporting.disagreement import BEYOND_NOISE, FAR_OFF, GENERALLY_OFF, NOTHING, OF_RESISTANCE
from eisfit.reporting.intervals import CORRELATED
from eisfit.reporting.marks import UNEXPECTED_DECADES
from eisfit.reporting.misfit import MISFIT_RATIO, RUNS_TOO_FEW
from eisfit.reporting.path_values import DETERMINED_BELOW
from eisfit.results.contribution import Resolved
from eisfit.results.outcome import Outcome
from eisfit.spectrum.conditions import CONDITION_NUMBERS
from support.docs_pages import DOCS, blocks, reader, same
from support.paths import SAMPLE

PAGES = sorted(p for p in DOCS.rglob("*.md") if not {"generated", "_build"} & set(p.parts))
FOLLOWED = [p for p in PAGES if any(b.caption or b.language in ("console", "pycon") for b in blocks(p))]


def name_of(path: Path) -> str:
    return str(path.relative_to(DOCS))


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next of its level."""
    level = heading.split(" ")[0]
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^{level} |\Z)", text, re.M | re.S)
    assert found is not None, f"no heading {heading!r}"
    return found.group(1)


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """Return the pages that are drawn from the code."""
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        found: dict[str, str] = importlib.import_module("from_code").pages()
        return found
    finally:
        sys.path.remove(str(DOCS / "_ext"))


@pytest.mark.parametrize("path", [p for p in FOLLOWED if p.parent.name != "scenarios"], ids=name_of)
def test_a_page_works_as_printed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    with reader(tmp_path) as person:
        person.follow(path)


def test_the_pages_for_newcomers_are_followed() -> None:
    names = {str(p.relative_to(DOCS)) for p in FOLLOWED}
    how_to = {f"howto/{name}.md" for name in ("element", "law", "template", "format", "figure")}
    coming = {f"coming_from/{name}.md" for name in ("zview", "origin", "impedance_py", "pyimpspec")}
    assert {"tutorial.md", "reporting.md", "folders.md", "figures.md", *how_to, *coming} <= names


@pytest.mark.parametrize("name", ["zview", "relaxis", "origin", "impedance_py", "pyimpspec"])
def test_every_program_has_its_words_and_one_task_both_ways(name: str) -> None:
    text = page(f"coming_from/{name}.md")
    assert "\n## Words\n" in text
    assert "\nHere" in section(text, "## One task both ways") or "pycon" in section(
        text, "## One task both ways"
    )
    assert f"]({name}.md)" in page("coming_from/index.md")


def test_layouts_of_folders_have_their_commands() -> None:
    parts = page("folders.md").split("\n## ")[1:]
    assert len(parts) >= 8
    assert [
        part.splitlines()[0] for part in parts if "eisfit series" not in part and "eisfit fit" not in part
    ] == []


def test_the_table_of_changes_of_a_figure_is_complete() -> None:
    change = section(page("figures.md"), "## Change a figure")
    for word in (
        "--xlim",
        "--ordinate",
        "--contribution",
        "--width",
        "--style",
        "--data",
        "quantity",
        "labels=",
    ):
        assert word in change


def test_outputs_may_differ_in_the_last_digit_and_no_further() -> None:
    assert same("R = 402.25 ± 0.68", "R = 402.26 ± 0.69")
    assert not same("R = 402.25 ± 0.68", "R = 402.28 ± 0.68")
    assert same("0.8971535308587838", "0.8971535308611111")
    assert not same("8 of 8", "7 of 8")
    assert not same("yes", "sum only")
    assert same("first\n...\nlast", "first\n1 2 3\nlast")
    assert not same("first\n...\nlast", "first\n1 2 3")
    assert same("nan ohm", "nan ohm")
    assert not same("nan ohm", "3 ohm")


@pytest.mark.parametrize("word", get_args(Resolved))
def test_every_word_of_resolved_is_explained_and_shown(word: str) -> None:
    words = section(page("reporting.md"), "## The words of `resolved`")
    assert f"| `{word}` |" in words
    assert f", {word}\n" in section(words, f"### `{word}`"), "no example prints it"


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_explained_with_its_remedy(outcome: Outcome, drawn: dict[str, str]) -> None:
    assert f"\n`{outcome.name}`\n: " in section(page("reporting.md"), "## The outcomes")
    assert outcome.value in drawn["parts/outcomes"]


def test_the_outcomes_stand_in_the_order_in_which_they_win() -> None:
    named = re.findall(r"^`([A-Z_]+)`\n: ", page("reporting.md"), re.M)
    assert named == [o.name for o in Outcome]


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    text = page("reporting.md")
    assert f"below {100 * DETERMINED_BELOW:.0f} %" in text
    assert f"exceeds {CORRELATED}" in text
    assert UNEXPECTED_DECADES == 1.0
    assert "more than one decade" in text
    assert f"probability below {100 * RUNS_TOO_FEW:.0f} %" in text
    assert f"scatter {MISFIT_RATIO} times" in text
    assert (
        f"{100 * FAR_OFF:.0f} % of abs(Z) anywhere, {100 * GENERALLY_OFF:.0f} % at half of the points" in text
    )
    assert f"or {100 * OF_RESISTANCE:.0f} % of the resistance around the row" in text
    assert f"half of the points off by {100 * NOTHING:.0f} %" in text
    assert BEYOND_NOISE == 5.0
    assert "exceeds five times the noise" in text


@pytest.mark.parametrize("name", report.TABLES)
def test_every_column_of_a_table_is_explained(name: str) -> None:
    rows = section(page("tables.md"), f"## `{name}.csv`")
    assert [c for c in report.TABLES[name] if f"`{c}`" not in rows] == []


def test_every_column_of_the_points_is_explained() -> None:
    rows = section(page("tables.md"), "## Points of `eisfit convert`")
    assert [c for c in report.POINTS if f"`{c}`" not in rows] == []


def test_every_role_is_named() -> None:
    for name in ("tables.md", "howto/template.md"):
        assert [role for role in ROLES if role not in page(name)] == []


@pytest.mark.parametrize("name", eisfit.shipped())
def test_every_template_has_a_page_with_its_circuits(name: str, drawn: dict[str, str]) -> None:
    template = eisfit.template(name)
    text = drawn[f"templates/{name}"]
    for segment in template.segments:
        assert f"| {segment.name} | {segment.role.replace('_', ' ')} | `{segment.circuit}` |" in text
    for configuration in template.configurations:
        assert f"circuit_{name}_{configuration.name}.svg" in text
        assert template.with_electrodes(configuration.electrodes).circuit.text in text
    for parameter in template.settings:
        assert f"| `{parameter}` |" in text
    assert all(f"https://doi.org/{doi}" in text for doi in template.source)
    assert f"]({name}.md)" in drawn["templates/index"]


@pytest.mark.parametrize("name", ELEMENTS)
def test_every_element_is_on_the_page_with_its_formula_and_source(name: str, drawn: dict[str, str]) -> None:
    text = section(drawn["elements"], f"## {name}")
    assert ":math:`Z = " in text
    assert "Source: " in text
    assert all(f"| `{q.name}` | {q.unit} |" in text for q in ELEMENTS[name].quantities)


def test_the_page_of_elements_works_as_printed(drawn: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "elements.md").write_text(drawn["elements"], encoding="utf-8")
    with reader(tmp_path) as person:
        person.follow(tmp_path / "elements.md")


def test_dois_of_elements_are_links_with_all_their_brackets(drawn: dict[str, str]) -> None:
    assert "<https://doi.org/10.1016/S0022-0728(84)80324-1>`__." in drawn["elements"]


@pytest.mark.parametrize("command", [c.callback.__name__ for c in cli.app.registered_commands if c.callback])
def test_every_command_is_on_the_page(command: str, drawn: dict[str, str]) -> None:
    assert f"## eisfit {command}\n" in drawn["cli"]


def test_options_are_written_as_they_are_typed(drawn: dict[str, str]) -> None:
    for option in (
        "`-o`, `--output`",
        "`--json`",
        "`-q`, `--quiet`",
        "`--no-figures`",
        "`--area-cm2`",
        "`--format`",
    ):
        assert option in drawn["cli"]


def test_every_exit_code_is_explained(drawn: dict[str, str]) -> None:
    for code in (cli.DONE, cli.SOME_FAILED, cli.BAD_INPUT, cli.NOTHING_READABLE, cli.SOME_MISS):
        assert f"\n| {code} | " in drawn["cli"]


def test_every_sample_is_on_the_page(drawn: dict[str, str]) -> None:
    folders = [f for f in SAMPLE.parent.iterdir() if f.is_dir()]
    assert folders
    assert [f.name for f in folders if not (f / "README.md").is_file()] == []
    for folder in folders:
        title = (folder / "README.md").read_text(encoding="utf-8").splitlines()[0]
        assert f"\n#{title}\n" in drawn["samples"]


@pytest.mark.parametrize("kind", plots.KINDS)
def test_every_figure_is_shown(kind: str, drawn: dict[str, str]) -> None:
    assert f"| `{kind}` | {plots.KINDS[kind].title.replace('|', chr(92) + '|')} |" in drawn["parts/figures"]
    assert f"sample_{kind}.svg" in drawn["parts/gallery"]


@pytest.mark.parametrize("name", eisfit.__all__)
def test_every_public_name_is_in_the_reference(name: str, drawn: dict[str, str]) -> None:
    module = isinstance(getattr(eisfit, name), type(sys))
    assert f"eisfit.{name}" in drawn["api/index" if module else "api/eisfit"]


def test_every_key_of_a_manifest_is_in_the_tutorial() -> None:
    from eisfit.workflow import manifest
    from eisfit.workflow.given_conditions import CELL_CONSTANT, LAB_UNITS, OTHERS

    text = page("tutorial.md")
    source = Path(manifest.__file__).read_text(encoding="utf-8")
    keys = {*CONDITION_NUMBERS, *LAB_UNITS, *OTHERS, CELL_CONSTANT} | set(
        re.findall(r'(?:take|string|number|tables|named_tables)\("(\w+)"', source)
    )
    assert {"over", "weights", "files"} <= keys
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", text)] == []


def test_links_between_pages_lead_somewhere(drawn: dict[str, str]) -> None:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#:\s]+\.md)", path.read_text(encoding="utf-8")):
            found = (path.parent / target).resolve()
            if "generated" in found.parts:
                assert str(found.relative_to(DOCS / "generated").with_suffix("")) in drawn, (
                    f"{path}: {target}"
                )
            else:
                assert found.is_file(), f"{path}: {target}"
