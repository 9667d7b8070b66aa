"""What a template says beside its circuit: system, conditions, what it cannot tell, what must be given."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, Spectrum
from eisfit.cell.description import described
from eisfit.cell.find import with_more_arcs
from eisfit.cell.limits import SYSTEMS, Limit
from eisfit.cell.template_file import parse_template
from eisfit.errors import SeriesError, TemplateError

SHORT = """
title = "t"
[[segment]]
name = "bulk"
role = "bulk"
circuit = "R_b"
[configuration.two]
electrodes = 2
segments = { bulk = 1 }
"""
SHIPPED = eisfit.shipped()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_template_says_what_it_cannot_tell_and_what_tells_it(name: str) -> None:
    template = eisfit.template(name)
    assert template.system in SYSTEMS
    assert template.limits
    text = " ".join(described(template).split())
    for limit in template.limits:
        assert set(limit.complement) <= set(SHIPPED) - {name}
        assert limit.text in text
    for condition, meaning in template.conditions:
        assert f"{condition}: {meaning}" in text


@pytest.mark.parametrize("name", SHIPPED)
def test_sources_of_a_range_are_dois(name: str) -> None:
    sources = [doi for segment in eisfit.template(name).segments for doi in segment.source]
    assert all(doi.startswith("10.") for doi in sources)


def test_a_limit_is_one_sentence() -> None:
    limit = Limit("a from b", "the twin", ("le", "pe"))
    assert limit.text == "a from b; told by the twin (le, pe)"
    assert Limit("a from b", "time").text == "a from b; told by time"


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        ('system = "solid|solid"', r"unknown system 'solid\|solid' \(did you mean 'solid \| solid'\?\)"),
        ('[condition.bias]\nmeaning = "m"', r"unknown condition 'bias' .*known: temperature_c"),
        ("[condition.bias_v]", "'meaning' is missing"),
        ('[given.R_c]\nmeaning = "m"', r"\[given.R_c\] is of an unknown parameter"),
        ('[[limit]]\ncannot_tell = "a"', "'told_by' is missing"),
        ('[[limit]]\ncannot_tell = "a"\ntold_by = "b"\nby = "c"', "unknown key 'by'"),
    ],
)
def test_a_wrong_statement_is_refused(added: str, sentence: str) -> None:
    text = f"{added}\n{SHORT}" if added.startswith("system") else f"{SHORT}\n{added}"
    with pytest.raises(TemplateError, match=sentence):
        parse_template("mine", text)


def test_the_sign_of_the_bias_is_said_where_it_is_measured() -> None:
    (name, meaning), *_ = eisfit.template("le_se_asymmetric").conditions
    assert name == "bias_v"
    assert "negative: ions enter" in meaning


def spectrum(fixed: dict[str, float] | None = None) -> Spectrum:
    f = np.logspace(5, 0, 31)
    z = 100 + 900 / (1 + 1j * f / 100)
    return Spectrum(
        f, z, label="s", conditions=Conditions(electrodes=4, temperature_c=25.0, fixed=fixed or {})
    )


def test_what_spectra_do_not_determine_is_asked_for() -> None:
    with pytest.raises(
        TemplateError, match=r"'pe_se_porous_rails' needs Rails_pe_X1: .*fixed = { Rails_pe_X1"
    ):
        eisfit.fit(spectrum(), "pe_se_porous_rails")
    with pytest.raises(SeriesError, match="needs Rails_pe_X2"):
        eisfit.fit_series([spectrum({"Rails_pe_X1": 10.0})], "pe_se_porous_rails")
    failed = eisfit.fit_many([spectrum()], "pe_se_porous_rails")[0]
    assert "needs Rails_pe_X1" in " ".join(failed.remarks)


def test_what_is_given_is_taken_from_the_template_or_the_spectrum() -> None:
    both = {"Rails_pe_X1": 300.0, "Rails_pe_X2": 30.0}
    template = eisfit.template("pe_se_porous_rails", electrodes=4).setting(both)
    assert eisfit.fit(spectrum(), template).values["Rails_pe_X1"] == 300.0
    assert eisfit.fit(spectrum(both), "pe_se_porous_rails").values["Rails_pe_X2"] == 30.0


def test_other_templates_are_proposed_of_the_same_system() -> None:
    assert "se_se_product" in with_more_arcs(eisfit.template("se_se"))
    assert "le_se_slei" in with_more_arcs(eisfit.template("le_se"))
    assert with_more_arcs(eisfit.template("se_blocking")) == ()


def test_the_solids_of_a_bilayer_have_thicknesses_of_their_own() -> None:
    from eisfit.cell.geometry import layer_thickness_cm, missing_thicknesses

    known = Conditions(thickness_cm=0.1, layers={"second": 0.05})
    lengths = [layer_thickness_cm(role, known) for role in ("bulk", "second_bulk", "second_grain_boundary")]
    assert lengths == [0.1, 0.05, 0.05]
    assert missing_thicknesses(eisfit.template("se_se"), Conditions()) == ("thickness_cm", "layers.second")
