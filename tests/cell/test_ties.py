"""A tie is a factor times one other parameter; everything else is refused in one sentence."""

from __future__ import annotations

import pytest

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.setting_texts import settings_of
from eisfit.cell.template_file import parse_template
from eisfit.cell.templates import Template
from eisfit.cell.ties import Tie, named_tie, parse_tie
from eisfit.errors import TemplateError

TWO_ARCS = Template.from_circuit("R0-p(R1,CPE1)-p(R2,CPE2)")


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("R1", 1.0), ("2*R1", 2.0), ("2 R1", 2.0), ("2R1", 2.0), ("R1*2", 2.0), ("R1/2", 0.5), (" 0.5 * R1 ", 0.5),
        ("1e-3*R1", 1e-3), (".5 R1", 0.5), ("2·R1", 2.0), ("3*R1/2", 1.5),
    ],
)  # fmt: skip
def test_a_tie_is_read_in_every_usual_way(text: str, factor: float) -> None:
    assert parse_tie(text) == Tie(factor, "R1")
    assert parse_tie(Tie(factor, "R1").text) == Tie(factor, "R1")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "R1+R0",
            "tie 'R1\\+R0' cannot be used: a tie is a factor times one other parameter, such as '2\\*R1'",
        ),
        ("R1**2", "a tie is a factor times one other parameter"),
        ("exp(R1)", "a tie is a factor times one other parameter"),
        ("-2*R1", "a tie is a factor times one other parameter"),
        ("2", "a tie is a factor times one other parameter"),
        ("", "a tie is a factor times one other parameter"),
        ("0,5*R1", "write a decimal point, not a comma"),
        ("0*R1", "tie '0\\*R1' has the factor 0: it must be positive, from 1e-09 to 1e\\+09"),
        ("R1/0", "tie 'R1/0' divides by zero"),
        ("1e12*R1", "has the factor 1e\\+12"),
    ],
)
def test_what_is_no_tie_says_what_is_possible(text: str, sentence: str) -> None:
    with pytest.raises(TemplateError, match=sentence):
        parse_tie(text)


def test_a_named_tie_names_the_parameter_that_follows() -> None:
    assert named_tie("R2 = 2 R1") == ("R2", "2*R1")
    assert named_tie("CPE2_alpha=CPE1_alpha") == ("CPE2_alpha", "CPE1_alpha")
    with pytest.raises(TemplateError, match="tie 'R2' cannot be used: write 'R2 = 2\\*R1'"):
        named_tie("R2")
    with pytest.raises(TemplateError, match="\\(in 'R2 = R1 - R0'\\)"):
        named_tie("R2 = R1 - R0")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"R2": "2*R3"}, "tie R2 = 2\\*R3 names the unknown parameter 'R3'; known: R0, R1,"),
        ({"R2": "2*r1"}, "names the unknown parameter 'r1' \\(did you mean 'R1'\\?\\); known"),
        ({"R2": "CPE1_Q"}, "tie R2 = CPE1_Q ties R2 \\(ohm\\) to CPE1_Q \\(S s\\^alpha\\)"),
        ({"R2": "R2"}, "tied in a circle: R2 -> R2; leave one of them free"),
        ({"R2": "R1", "R1": "2*R0", "R0": "R2"}, "tied in a circle: R2 -> R1 -> R0 -> R2"),
        ({"R2": Setting(tie="R1", fixed=3.0)}, "'R2' has fixed = 3 and is tied to R1; keep one"),
        ({"R2": Setting(tie="R1", start=3.0)}, "'R2' has start = 3 and is tied to R1; keep one"),
        ({"CPE2_alpha": "200*CPE1_alpha"}, "leaves no value: CPE2_alpha lies within \\[0.01, 1\\]"),
        (
            {"CPE1_alpha": 0.9, "CPE2_alpha": "1.2 CPE1_alpha"},
            "CPE2_alpha = 1.2\\*CPE1_alpha = 1.08, because",
        ),
        ({"R2": Setting(tie="R1", high=5.0), "R1": Setting(low=7.0)}, "tie R2 = 1\\*R1 leaves no value"),
        (
            {"CPE1_alhpa": 0.9},
            "unknown parameter 'CPE1_alhpa' \\(did you mean 'CPE1_alpha'\\?\\); known: R0, R1",
        ),
        ({"R1": None}, "setting of 'R1' is None: give a number to fix it, a text such as '2\\*R1' to tie it"),
        ({"R1": True}, "setting of 'R1' is True"),
        ({"R1": -1.0}, "fixed = -1 of 'R1' lies outside its range"),
    ],
)
def test_an_impossible_setting_says_why(settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(TemplateError, match=sentence):
        TWO_ARCS.setting(settings)  # type: ignore[arg-type]


def test_numbers_fix_and_texts_tie() -> None:
    t = TWO_ARCS.setting({"R0": 12, "R1": 3.5, "R2": "2*R1"})
    assert t.settings["R0"] == Setting(fixed=12.0)
    assert t.settings["R2"] == Setting(tie="2*R1")
    named = eisfit.template("le_se", electrodes=4).setting({"Zarc_int_alpha": 0.9})
    assert named.settings["Zarc_int_alpha"].fixed == 0.9


def test_the_last_word_counts() -> None:
    tied = TWO_ARCS.setting({"R2": Setting(fixed=3.0)}).setting({"R2": "2*R1"})
    assert tied.settings["R2"] == Setting(tie="2*R1")
    assert tied.setting({"R2": 5.0}).settings["R2"] == Setting(fixed=5.0)


def test_ties_lead_to_a_parameter_that_is_free() -> None:
    t = TWO_ARCS.setting({"R2": "2*R1", "R1": "3*R0"})
    assert {n: s.tie for n, s in t.effective_settings.items()} == {"R2": "6*R0", "R1": "3*R0"}


def test_what_follows_a_fixed_parameter_is_fixed() -> None:
    t = TWO_ARCS.setting({"R2": "2*R1", "R1": 50.0})
    assert t.effective_settings["R2"] == Setting(fixed=100.0)


def test_where_the_followed_parameter_is_gone_the_first_of_the_others_takes_its_place() -> None:
    t = eisfit.template("le_se", electrodes=4)
    t = t.setting(
        {
            "Zarc_b_alpha": Setting(low=0.8),
            "Zarc_gb_alpha": "Zarc_b_alpha",
            "Zarc_int_alpha": "0.9*Zarc_b_alpha",
        }
    )
    left = t.with_arcs_as_resistors(("bulk",)).settings
    assert (left["Zarc_gb_alpha"].tie, left["Zarc_gb_alpha"].low) == (None, 0.8)
    assert left["Zarc_int_alpha"].tie == "0.9*Zarc_gb_alpha"


def test_a_tie_goes_with_a_resistance_that_gets_a_new_name() -> None:
    t = eisfit.template("le_se", electrodes=4).setting({"R_le": "0.5*Zarc_b_R"})
    faded = t.with_arcs_as_resistors(("bulk",))
    assert faded.settings["R_le"].tie == "0.5*R_b"
    assert "R_b" in faded.circuit.names  # two resistors that are tied are known apart
    other = eisfit.template("le_se", electrodes=4).setting({"Zarc_b_R": "2*R_le"})
    assert other.with_arcs_as_resistors(("bulk",)).settings["R_b"].tie == "2*R_le"


def test_a_template_shows_its_ties() -> None:
    sheet = TWO_ARCS.setting({"R2": "2*R1"}).sheets()[1]
    assert sheet.columns[-1] == "tied to"
    assert sheet.rows[0][-1] == "2*R1"


def test_template_files_tie_in_both_ways() -> None:
    text = (
        'title = "x"\n{}[[segment]]\nname = "a"\nrole = "liquid"\ncircuit = "R_a-p(R_b,C_b)"\n'
        "[configuration.two]\nelectrodes = 2\nsegments = {{ a = 1 }}\n{}"
    )
    lists = parse_template("t", text.format('tie = ["R_b = 2 R_a"]\nfixed = { C_b = 1e-6 }\n', ""))
    tables = parse_template("t", text.format("", '[parameter.R_b]\ntie = "2*R_a"\n'))
    assert lists.settings["R_b"] == tables.settings["R_b"] == Setting(tie="2*R_a")
    assert lists.settings["C_b"] == Setting(fixed=1e-6)
    with pytest.raises(TemplateError, match="template 't': R_b: tie is given twice; keep one"):
        parse_template("t", text.format('tie = ["R_b = 2 R_a"]\n', '[parameter.R_b]\ntie = "2*R_a"\n'))
    with pytest.raises(TemplateError, match="template 't', parameter 'R_b': tie 'R_a\\+1' cannot be used"):
        parse_template("t", text.format("", '[parameter.R_b]\ntie = "R_a+1"\n'))
    with pytest.raises(TemplateError, match='tie is 3; write tie = \\["R2 = 2\\*R1"\\]'):
        parse_template("t", text.format("tie = 3\n", ""))


def test_lines_become_settings() -> None:
    found = settings_of(
        ["R0=12.3"], ["CPE1_alpha=0.7..1", "R1 = 5:", "CPE2_alpha=..0.9"], ["R2 = 2 R1"], ["R1=7"]
    )
    assert found == {
        "R0": Setting(fixed=12.3),
        "R1": Setting(start=7.0, low=5.0),
        "CPE1_alpha": Setting(low=0.7, high=1.0),
        "CPE2_alpha": Setting(high=0.9),
        "R2": Setting(tie="2*R1"),
    }


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ({"fix": ["R1"]}, "fix 'R1' cannot be read: write the parameter and its value, as R0=12.3"),
        ({"fix": ["=3"]}, "fix '=3' cannot be read"),
        ({"fix": ["R1=1,5"]}, "'1,5' is no number; write a decimal point, not a comma"),
        ({"fix": ["R1=5ohm"]}, "'5ohm' is no number; write a number, without its unit"),
        ({"fix": ["R1=five"]}, "'five' is no number; write a number"),
        ({"fix": ["R1=1", "R1=2"]}, "R1: fixed is given twice; keep one"),
        ({"ranges": ["R1=1..2", "R1=3:4"]}, "R1: range is given twice; keep one"),
        ({"ranges": ["R1=5"]}, "range 'R1=5' cannot be read: write two numbers, as CPE1_alpha=0.7..1"),
        ({"ranges": ["R1=.."]}, "range 'R1=..' cannot be read"),
        ({"ranges": ["R1=5..2"]}, "range 'R1=5..2' cannot be used: the numbers must rise"),
        ({"start": ["R1"]}, "start 'R1' cannot be read"),
        ({"ties": ["R2=R1", "R2=R0"]}, "R2: tie is given twice; keep one"),
    ],
)
def test_a_line_that_cannot_be_read_says_how_to_write_it(lines: dict[str, list[str]], sentence: str) -> None:
    with pytest.raises(TemplateError, match=sentence):
        settings_of(**lines)
