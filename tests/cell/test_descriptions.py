"""A template says what it is, what it expects and what is to be given."""

from __future__ import annotations

import json

import pytest

import eisfit
from eisfit.cell.description import capacitance, described, expected, thickness, to_give
from eisfit.cell.drawing import WIDTH, drawing, plain
from eisfit.cell.roles import role_of
from support.commands import Command

SHIPPED = eisfit.shipped()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_configuration_is_drawn_with_all_its_segments(name: str) -> None:
    template = eisfit.template(name)
    text = described(template)
    for configuration in template.configurations:
        picture = drawing(template.with_electrodes(configuration.electrodes))
        assert f"{configuration.electrodes} electrodes\n\n{picture}\n" in text
        for segment, count in configuration.segments:
            assert (f"{count} x {segment}" if count > 1 else segment) in picture
        assert max(map(len, picture.splitlines())) <= WIDTH
        assert picture.count("o") - "".join(s for s, _ in configuration.segments).count("o") >= 2


@pytest.mark.parametrize("name", SHIPPED)
def test_every_segment_parameter_and_condition_is_named(name: str) -> None:
    template = eisfit.template(name)
    text = described(template)
    assert template.title in text
    assert max(map(len, text.splitlines())) <= WIDTH
    rows = {row[0].partition(" (")[0]: row for row in expected(template).rows}
    given = [row[0] for row in to_give(template).rows]
    for segment in template.segments:
        role = role_of(segment.role)
        assert rows[segment.name][1:] == (segment.circuit, capacitance(segment), thickness(role))
        assert ("thickness_cm" in given) or not role.of_solid
        assert (role.thickness_key in given) or role.thickness != "own"
        assert ("true_area_cm2" in given) or not role.has_wall
    for configuration in template.configurations:
        for parameter in template.with_electrodes(configuration.electrodes).circuit.names:
            assert f"\n{parameter} " in text


def test_the_drawing_of_le_se_is_this() -> None:
    assert drawing(eisfit.template("le_se", electrodes=4)) == "\n".join(
        [
            "              bulk     grain boundary  2 x interface",
            "   liquid  ┌──[R]───┐   ┌───[R]───┐    ┌───[R]────┐",
            "o──[R_le]──┤ Zarc_b ├───┤ Zarc_gb ├────┤ Zarc_int ├───o",
            "           └─[CPE]──┘   └──[CPE]──┘    └──[CPE]───┘",
        ]
    )


@pytest.mark.parametrize(
    ("circuit", "lines"),
    [
        ("R0", ["o──[R0]──o"]),
        (
            "R0-p(R1,CPE1)",
            [
                "         ┌──[R1]──┐",
                "o──[R0]──┤        ├──o",
                "         └─[CPE1]─┘",
            ],
        ),
        (
            "p(R1,C1,L1)-W1",
            [
                "   ┌─[R1]─┐",
                "   ├─[C1]─┤",
                "o──┤      ├──[W1]──o",
                "   └─[L1]─┘",
            ],
        ),
        (
            "p(R1-p(R2,C2),C1)",
            [
                "           ┌─[R2]─┐",
                "   ┌─[R1]──┤      ├─┐",
                "   │       └─[C2]─┘ │",
                "o──┤                ├──o",
                "   └──────[C1]──────┘",
            ],
        ),
    ],
)
def test_circuits_of_ones_own_are_drawn(circuit: str, lines: list[str]) -> None:
    assert drawing(eisfit.Template.from_circuit(circuit)).splitlines() == lines


def test_a_long_circuit_goes_on_in_the_next_row() -> None:
    text = drawing(eisfit.Template.from_circuit("-".join(f"p(R{k},CPE{k})" for k in range(12))))
    rows = text.split("\n\n")
    assert len(rows) == 2
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(f"[R{k}]" in text for k in range(12))
    assert rows[0].splitlines()[1].endswith("──")
    assert rows[1].splitlines()[1].startswith("──")


def test_a_terminal_without_these_characters_gets_others() -> None:
    assert plain(drawing(eisfit.template("le_se", electrodes=4))).isascii()


def test_interface_and_electrode_are_told_apart_or_said_to_be_one() -> None:
    said = "interface and electrode lie in series and are one row: interface + electrode"
    assert described(eisfit.template("le_se")).count(said) == 1
    assert said not in described(eisfit.template("le_se", electrodes=4))
    assert said not in described(eisfit.template("se_blocking"))


def test_the_command_shows_a_template_or_prints_its_file(eisfit: Command) -> None:
    shown = eisfit("templates", "le_se").out
    assert "\ngrain boundary  Zarc_gb   1e-11 to 3e-8 F/cm    thickness_cm / area_cm2\n" in shown
    assert "\nelectrodes = 4 or 2  which segments lie between the probes\n" in shown
    example = (
        "eisfit series FOLDER/* --template le_se --electrodes 4 \\\n    --area-cm2 0.785 --thickness-cm 0.1\n"
    )
    assert example in shown
    assert 'name = "grain boundary"' in eisfit("templates", "le_se", "--toml").out
    about = json.loads(eisfit("templates", "le_se", "--json").out)
    assert [s["segment"] for s in about["segments"]][:2] == ["liquid", "bulk"]
    assert [c["electrodes"] for c in about["configurations"]] == [4, 2]


def test_a_template_in_a_notebook_says_what_is_to_be_given() -> None:
    shown = eisfit.template("pe_se_porous", electrodes=4)._repr_html_()
    assert "true_area_cm2" in shown
    assert "1e-7 to 1e-4 F/cm2" in shown
