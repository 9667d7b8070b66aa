"""eisfit series --suggest: the one template that the data allow, or none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eisfit import store
from eisfit.results.series import Series
from eisfit.suggestion import RankedTemplate, Suggestion
from eisfit.suggestion.one_template import answers, next_of
from support.commands import Command
from support.paths import ROOT, SAMPLE

SEVERAL = sorted(SAMPLE.glob("*.csv"))[:2]
ONE = sorted((ROOT / "sample_spectra" / "llto_pe_two_electrode").glob("*.mpt"))[
    1:4
]  # one template, if read as of four electrodes
QUICK = ("--no-figures", "-q")


def test_one_template_is_fitted_and_said_to_be_suggested(eisfit: Command, tmp_path: Path) -> None:
    known = ("--electrodes", 4, "--area-cm2", 0.785)
    ran = eisfit("series", *ONE, "--suggest", *known, *QUICK, "-o", tmp_path / "out")
    assert ran.code in (0, 4)
    assert "template le_se_slei with 4 electrodes, suggested by the data: the next, " in ran.err
    assert " of BIC behind, and it takes 4 to exclude it" in ran.err
    fits = store.load(tmp_path / "out" / "eisfit.h5")
    assert isinstance(fits, Series)
    assert {f.template.name for f in fits} == {"le_se_slei"}
    assert {f.spectrum.conditions.area_cm2 for f in fits} == {0.785}


def test_several_templates_are_listed_and_none_is_fitted(eisfit: Command, tmp_path: Path) -> None:
    ran = eisfit("series", *SEVERAL, "--suggest", "--electrodes", 4, *QUICK, "-o", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert not (tmp_path / "out").exists()
    lines = ran.err.splitlines()
    assert any(line.startswith("eisfit: le_se with 4 electrodes: the first of the set") for line in lines)
    assert any(
        "le_se_slei with 4 electrodes: told from le_se by: time and concentration" in line for line in lines
    )
    assert lines[-1].startswith("eisfit: nothing is fitted: the data allow ")
    assert lines[-1].endswith("name the one that your cell is: --template NAME")


def test_a_template_without_a_rival_was_not_chosen_by_the_data(eisfit: Command) -> None:
    ran = eisfit("series", *SEVERAL[:1], "--suggest", "--electrodes", 8, *QUICK)
    assert ran.code == 2
    assert "le_se_eight is the only template that was compared" in ran.err
    assert "if it is your cell: --template le_se_eight" in ran.err


@pytest.mark.parametrize(("name", "value"), [("--template", "le_se"), ("--circuit", "R0-p(R1,C1)")])
def test_a_suggestion_beside_what_is_named_is_refused(eisfit: Command, name: str, value: str) -> None:
    ran = eisfit("series", *SEVERAL, "--suggest", name, value)
    assert ran.code == 2
    assert f"--suggest and {name} {value} are both given; keep one" in ran.err


def test_a_manifest_that_names_a_template_is_refused(eisfit: Command) -> None:
    ran = eisfit("series", SAMPLE, "--suggest", *QUICK)
    assert ran.code == 2
    assert "it names the template 'le_se'; leave out --suggest" in ran.err


def test_a_manifest_without_a_template_counts_with_its_conditions(eisfit: Command, tmp_path: Path) -> None:
    shutil.copy(SEVERAL[0], tmp_path)
    (tmp_path / "series.toml").write_text(
        'electrodes = 8\ntemperature_from_name = "{temperature_c}C"\nfiles = "*.csv"\n'
    )
    ran = eisfit("series", tmp_path, "--suggest", *QUICK)
    assert ran.code == 2
    assert "le_se_eight is the only template that was compared, as no other one has 8 electrodes" in ran.err


def test_templates_count_as_one_only_if_they_report_the_same_contributions() -> None:
    def ranked(name: str, electrodes: int, difference: float) -> RankedTemplate:
        return RankedTemplate(name, name, electrodes, difference, difference < 4, (), "")

    same = [ranked("le_se", 4, 0.0), ranked("le_se_aqueous", 4, 0.0)]
    far = ranked("pe_se_porous", 4, 20.0)
    one = Suggestion((), (), (*same, far), 0.3)
    assert [t.name for t in answers(one)] == ["le_se"]
    assert next_of(one) is far
    other = ranked("le_se_asymmetric", 4, 0.0)  # the same function, with one interface in place of two
    assert len(answers(Suggestion((), (), (*same, other, far), 0.3))) == 2
