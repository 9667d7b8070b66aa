"""Results of another cell as a prior with its covariance, against a joint fit of both cells."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit.errors import SeriesError
from eisfit.results.joint import Joint
from support.joint_cells import GEOMETRY, pellet, two_arcs

LAWS = {"grain boundary": "arrhenius", "interface": "arrhenius"}
SHARED = ["grain boundary C", "grain boundary alpha"]


@cache
def cell() -> list[eisfit.Spectrum]:
    return two_arcs(
        0, count=2, capacitances=(1e-7, 2.6e-7), off_k=0.3, temperatures=range(0, 61, 20), conditions=GEOMETRY
    )


@cache
def finished() -> eisfit.Series:
    """Return the pellet, fitted by itself."""
    return eisfit.fit_joint(
        pellet(0, 1e-7)[1:5], "se_blocking", laws={"grain boundary": "arrhenius"}, share=SHARED
    )


@cache
def by_results() -> Joint:
    known = eisfit.ComplementResults(finished(), ("grain boundary",), 0.02, "pellet")
    found = eisfit.fit_joint(cell(), "le_se", laws=LAWS, complements=[known]).joint
    assert found is not None
    return found


@cache
def by_both() -> Joint:
    other = eisfit.Complement(pellet(0, 1e-7)[1:5], "se_blocking", ("grain boundary",), 0.02, "pellet")
    found = eisfit.fit_joint(cell(), "le_se", laws=LAWS, complements=[other]).joint
    assert found is not None
    return found


def test_results_with_their_covariance_say_what_a_joint_fit_of_both_says() -> None:
    pairs = [
        (j.law(name)[parameter], k.law(name)[parameter])
        for j, k in ((by_results(), by_both()),)
        for name in LAWS
        for parameter in ("E", "A")
    ]
    pairs += [(by_results()[name], by_both()[name]) for name in SHARED]
    for one, both in pairs:
        assert one.stderr == pytest.approx(both.stderr, rel=0.01)
        assert abs(one.value - both.value) < 0.02 * both.stderr
    for k in range(len(cell())):
        row, other = (j.contribution(k, "interface") for j in (by_results(), by_both()))
        assert row.resistance_ohm == pytest.approx(
            other.resistance_ohm, abs=0.02 * other.resistance_stderr_ohm
        )
        assert row.resistance_stderr_ohm == pytest.approx(other.resistance_stderr_ohm, rel=0.01)


def test_without_its_correlations_the_same_results_say_something_else() -> None:
    joint = finished().joint
    assert joint is not None
    alone = np.diag(np.diag(joint.common.covariance))
    loose = replace(finished(), joint=replace(joint, common=replace(joint.common, covariance=alone)))
    known = eisfit.ComplementResults(loose, ("grain boundary",), 0.02, "pellet")
    other = eisfit.fit_joint(cell(), "le_se", laws=LAWS, complements=[known]).joint
    assert other is not None
    one, both = (j.law("grain boundary")["E"] for j in (other, by_both()))
    assert abs(one.value - both.value) > 0.03 * both.stderr
    assert one.stderr < 0.985 * both.stderr


def test_results_name_the_arcs_as_the_spectra_do() -> None:
    assert [law.contribution for law in by_results().laws] == [law.contribution for law in by_both().laws]
    assert by_results().odds > 20


def test_the_covariance_is_kept_in_the_file(tmp_path: Path) -> None:
    eisfit.store.save(tmp_path / "pellet.h5", finished())
    read = eisfit.store.load(tmp_path / "pellet.h5")
    assert read == finished()
    assert isinstance(read, eisfit.Series)
    assert read.joint is not None
    assert [link.name for link in read.joint.common.links] == [*SHARED, "grain boundary"]
    link, at = read.joint.common.place("grain boundary")
    assert (link.law, at) == ("arrhenius", slice(2, 4))
    error = read.joint.law("grain boundary")["E"].stderr
    assert np.sqrt(read.joint.common.covariance[3, 3]) * 8.617333262e-5 == pytest.approx(error)
    with pytest.raises(SeriesError, match=re.escape("did you mean 'grain boundary C'?")):
        read.joint.common.place("grain bondary C")


@pytest.mark.parametrize(
    ("changes", "links", "said"),
    [
        ({"shares": ()}, {}, "shares nothing; name in shares"),
        ({"shares": ("electrode",)}, {}, "which the first cell does not have"),
        ({"shares": ("interface",)}, {}, "of which its joint fit has neither a law nor a shared"),
        ({"series": None}, {}, "hold no joint fit with its covariance; fit that cell with --joint"),
        ({}, {"laws": {"grain boundary": "vft"}}, "choose the same law in both"),
        ({}, {"known": {"grain boundary C": (1e-8, 1e-9)}}, "is known twice: from 'pellet', and from"),
    ],
)
def test_results_that_cannot_be_known_are_one_sentence(
    changes: dict[str, object], links: dict[str, object], said: str
) -> None:
    if changes.get("series", 0) is None:
        changes = {"series": replace(finished(), joint=None)}
    known = replace(eisfit.ComplementResults(finished(), ("grain boundary",), 0.02, "pellet"), **changes)  # type: ignore[arg-type]
    with pytest.raises(SeriesError, match=re.escape(said)):
        eisfit.fit_joint(cell(), "le_se", **{"laws": LAWS, "complements": [known], **links})  # type: ignore[arg-type]
