"""Suggestions: sets of circuits and templates, what decides within them, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import eisfit
from eisfit import plots
from eisfit.elements import ELEMENTS, Laplace
from eisfit.suggestion.determined import determined_parameters
from eisfit.suggestion.given import GivenSearch, structure_of
from eisfit.suggestion.mixed import Target, fit
from eisfit.suggestion.search import Search
from eisfit.suggestion.structure import ORDER, TERMS, Kind, Structure, evaluated, is_limit
from eisfit.suggestion.values import parameters
from eisfit.tools.frozen import Complexes
from support.paths import SAMPLE

F = np.logspace(6, -1, 71)
S = 2j * np.pi * F
NOISE = 0.003


def arc(r: float, tau: float, alpha: float) -> Complexes:
    return np.asarray(r / (1 + (S * tau) ** alpha))


def spectrum(z: Complexes, noise: float = NOISE, seed: int = 0, **conditions: float) -> eisfit.Spectrum:
    rng = np.random.default_rng(seed)
    z = z * (1 + noise * (rng.normal(size=z.size) + 1j * rng.normal(size=z.size)))
    return eisfit.Spectrum(F, z, conditions=eisfit.Conditions(**conditions))  # type: ignore[arg-type]


TRUE = {
    "R0-p(R1,CPE1)": 20 + arc(100, 1e-4, 0.85),
    "R0-p(R1,CPE1)-p(R2,CPE2)": 20 + arc(100, 1e-5, 0.85) + arc(60, 1e-2, 0.9),
    "R0-G1": 20 + 100 / np.sqrt(1 + S * 1e-2),
    "R0-p(R1,CPE1)-CPE2": 20 + arc(100, 1e-5, 0.85) + 1 / (1e-4 * S**0.8),
    "L0-R0-p(R1,CPE1)": 20 + 2e-6 * S + arc(100, 1e-3, 0.85),
    "R0-Ws1": 20 + 100 * np.tanh(np.sqrt(S * 0.1)) / np.sqrt(S * 0.1),
}


@cache
def sample() -> eisfit.Suggestion:
    return eisfit.suggest(eisfit.read_series(SAMPLE)[::2])


@pytest.mark.parametrize("circuit", TRUE)
def test_the_true_circuit_is_in_a_small_set(circuit: str) -> None:
    found = eisfit.suggest(spectrum(TRUE[circuit]))
    assert circuit in [c.circuit for c in found.allowed_circuits]
    assert len(found.allowed_circuits) <= 5


def test_values_are_parameters_of_the_circuit() -> None:
    z = TRUE["R0-p(R1,CPE1)-CPE2"]
    found = eisfit.suggest(spectrum(z, 1e-4)).circuits[0]
    values = parameters(found.fits[0])
    assert values["R1"] == pytest.approx(100, rel=0.01)
    assert values["CPE2_Q"] == pytest.approx(1e-4, rel=0.01)


@pytest.mark.parametrize("kind", ORDER)
def test_a_term_has_the_formula_of_its_element(kind: Kind) -> None:
    low, high = TERMS[kind].exponents
    log_p = np.log([[50.0, 1e-3, 0.5 * (low + high)]])
    z, slopes = evaluated(kind, Laplace(F), log_p)
    for k, slope in enumerate(slopes):
        step = np.zeros(3)
        step[k] = 1e-6
        both = [evaluated(kind, Laplace(F), log_p + sign * step)[0] for sign in (1, -1)]
        if TERMS[kind].element in ("Zarc", "Wsn", "Won", "CPE", "W") or k < 2:
            assert np.allclose((both[0] - both[1]) / 2e-6, slope, rtol=1e-5, atol=1e-6 * np.abs(z).max())
    fitted = Search(Target(F, z[0])).take([(Structure((), (kind,)), log_p[0][None])])[0].fitted
    values = parameters(fitted)
    circuit = eisfit.Template.from_circuit(Structure((), (kind,)).circuit).circuit
    assert np.allclose(circuit.impedance(F, values), z[0], rtol=1e-6)
    assert TERMS[kind].element in ELEMENTS


def test_what_cannot_be_told_apart_stands_together() -> None:
    found = eisfit.suggest(spectrum(20 + arc(100, 1e-4, 1.0) + arc(50, 1e-2, 1.0), 1e-3))
    ideal = next(c for c in found.allowed_circuits if c.circuit == "R0-p(R1,C1)-p(R2,C2)")
    assert ideal.same_function == ("R0-p(C1,R1-p(C2,R2))",)


def test_a_tail_that_begins_is_told_by_lower_frequencies() -> None:
    slow = eisfit.suggest(spectrum(20 + arc(100, 1e-4, 0.9) + arc(3e4, 3e4, 0.9)), circuits=CUT)
    begun = next(c for c in slow.circuits if c.circuit == CUT[0])
    assert slow.circuits[0].circuit == CUT[1]
    assert begun.fits_as_well
    assert "lower" in begun.decided_by


CUT = ("R0-p(R1,CPE1)-p(R2,CPE2)", "R0-p(R1,CPE1)-CPE2", "R0-p(R1,CPE1)")


def test_given_circuits_are_ranked_and_no_others() -> None:
    found = eisfit.suggest(spectrum(TRUE["R0-p(R1,CPE1)-p(R2,CPE2)"]), circuits=CUT)
    assert found.circuits[0].circuit == CUT[0]
    assert {c.circuit for c in found.circuits} == set(CUT)
    assert found.circuits[-1].decided_by == "these data, which it does not fit"


def test_given_circuits_are_ranked_for_a_plain_resistor() -> None:
    found = eisfit.suggest(spectrum(np.full(F.size, 22.8 + 0j), 0.005), circuits=CUT)
    assert {c.circuit for c in found.circuits} == set(CUT)
    assert found.circuits[0].circuit == CUT[2]


@pytest.mark.parametrize(("circuit", "z"), [("R0", 0 * S + 22.8), ("L0-R0", 0.45 + 3e-8 * S)])
def test_a_wire_is_a_resistor_with_or_without_an_inductor(circuit: str, z: Complexes) -> None:
    assert eisfit.suggest(spectrum(z, 1e-3)).circuits[0].circuit == circuit


def test_a_circuit_with_an_arc_that_is_not_seen_stands_in_the_set_of_those_given() -> None:
    z = arc(20, 1e-12, 0.8) + arc(100, 1e-4, 0.85)  # the first arc lies above the window
    found = eisfit.suggest(spectrum(z, 0.005), circuits=("R0-p(R1,CPE1)", "p(R1,CPE1)-p(R2,CPE2)", "R0-Wsn1"))
    assert [c.circuit for c in found.allowed_circuits] == ["R0-p(R1,CPE1)", "p(R1,CPE1)-p(R2,CPE2)"]


def test_circuits_of_one_curve_within_the_noise_are_one_member() -> None:
    z = 20 + arc(100, 1e-4, 0.85)
    found = eisfit.suggest(spectrum(z, 0.005), circuits=(*CUT, "R0-p(R1,CPE1)-G2", "R0-p(R1,C1)"))
    (member,) = found.members
    assert member.circuit == CUT[2]
    assert CUT[0] in found.other_ways(member)
    assert "R0-p(R1,C1)" not in found.other_ways(member)  # it misses the data
    assert {c.same_curve_as for c in found.circuits} == {"", CUT[2]}
    assert found.headline().startswith("1 spectrum: the data allow 1 circuit and ")
    assert [row[0] for row in found.sheets()[0].rows[:2]] == ["member 1", "same as 1"]


def test_circuits_whose_curves_the_noise_tells_apart_are_members_of_their_own() -> None:
    z = arc(100, 1e-4, 0.9) + 20
    two = eisfit.suggest(spectrum(z, 0.03, seed=3), circuits=("R0-G1", "R0-p(R1,CPE1)", "R0-p(R1,C1)"))
    curves = [np.concatenate([c.fits[0].impedance(Laplace(F)) / np.abs(z)]) for c in two.members]
    apart = [np.sum(np.abs(a - b) ** 2) / 0.03**2 for k, a in enumerate(curves) for b in curves[:k]]
    assert all(
        difference > 3 for difference in apart
    )  # 4 with the noise that was put in, not that which is left
    assert len(two.members) == len(two.allowed_circuits)


def test_a_computed_spectrum_that_two_circuits_meet_has_the_smaller_one_first() -> None:
    z = 20 + arc(100, 1e-4, 0.85)
    found = eisfit.suggest(
        spectrum(z, 0.0), circuits=("L0-R0-p(R1,CPE1)", "p(R1,CPE1)-p(R2,CPE2)", "R0-p(R1,CPE1)")
    )
    assert found.circuits[0].circuit == "R0-p(R1,CPE1)"
    assert {c.circuit for c in found.circuits if c.same_curve_as} == {
        "L0-R0-p(R1,CPE1)",
        "p(R1,CPE1)-p(R2,CPE2)",
    }


def test_linear_terms_that_come_out_negative_are_zero_together() -> None:
    z = arc(50, 1e-8, 0.65) + 0j
    search = GivenSearch(
        Target(F, spectrum(z, 0.005).z_ohm), [structure_of("L0-R0-p(R1,CPE1)"), structure_of("R0-Wsn1")]
    )
    search.run()
    fitted = search.found[structure_of("L0-R0-p(R1,CPE1)")].fitted
    assert np.all(fitted.linear >= 0)
    assert fitted.misfit < 1.2 * 0.005**2 * 2 * F.size


def test_of_an_arc_that_is_a_resistor_only_its_resistance_is_determined() -> None:
    z = spectrum(arc(20, 1e-12, 0.8) + arc(100, 1e-4, 0.85), 0.005).z_ohm
    target = Target(F, z)
    start = np.log([[20, 1e-12, 0.8], [100, 1e-4, 0.85]])
    hidden = fit(target, [structure_of("p(R1,CPE1)-p(R2,CPE2)")], [start])[0]
    hidden = replace(hidden, log_p=np.vstack([start[:1], hidden.log_p[1:]]))
    assert 4 < determined_parameters(hidden, target) < 4.7


@pytest.mark.parametrize(
    ("circuit", "z"),
    [
        ("L0-R0-p(R1,CPE1)", 160 + 2.8e-8 * S + arc(1917, 1.1e-9, 0.728)),
        ("p(R1,CPE1)-p(R2,CPE2)", arc(0.11, 1e-16, 0.65) + arc(6090, 28.0, 0.76)),
        ("p(R1,C1)-p(R2,C2)-p(R3,CPE3)", arc(1.33, 4e-8, 1) + arc(0.05, 2e-7, 1) + arc(0.4, 0.04, 0.89)),
    ],
)
def test_a_computed_spectrum_is_met_by_its_circuit_beyond_the_window(circuit: str, z: Complexes) -> None:
    label = structure_of(circuit)
    search = GivenSearch(Target(F, z), [label, structure_of("R0-p(R1,CPE1)")])
    assert search.run()[0].fitted.structure == label
    assert search.found[label].fitted.misfit < 1e-14


def test_the_sample_allows_its_template_first_and_says_what_the_data_cannot_tell() -> None:
    names = [t.name for t in sample().allowed_templates]
    assert names[0] == "le_se"
    assert "pe_se" in names
    assert "se_blocking" not in names
    assert all(t.decided_by for t in sample().allowed_templates[1:])
    assert not any(t.decided_by for t in sample().allowed_templates[:1])


def test_a_capacitance_that_no_segment_may_have_speaks_against_a_template() -> None:
    z = 20 + arc(1000, 1e-6, 0.95)  # 1 nF
    found = eisfit.suggest(spectrum(z, area_cm2=1.0, thickness_cm=1.0), electrodes=2)
    ranks = {t.name: t for t in found.templates}
    assert not ranks["li_le_li"].allowed
    assert any("has no place in it" in text for text in ranks["li_le_li"].against)
    assert "no tail of a blocking electrode" in ranks["se_blocking"].against


def test_spectra_that_cannot_be_used_give_their_reasons() -> None:
    few = eisfit.Spectrum(F[:5], TRUE["R0-G1"][:5], label="few")
    drifting = eisfit.Spectrum(F, TRUE["R0-G1"] * np.linspace(1, 1.6, F.size) ** 3, label="drift")
    found = eisfit.suggest([few, drifting])
    assert found.circuits == ()
    reasons = dict(found.refused)
    assert "5 points are too few" in reasons["few"]
    assert "Kramers-Kronig" in reasons["drift"]
    with pytest.raises(eisfit.InputError, match="nothing to draw: few: 5 points"):
        plots.figure("suggestion", found)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"area_cm2": -1.0}, "area_cm2 = -1: it must be positive"),
        ({"circuits": []}, "circuits is empty"),
        ({"circuits": ["R0-p(R1,L1)"]}, r"p\(L,R\) cannot be compared by suggest"),
    ],
)
def test_wrong_input_is_refused(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(eisfit.InputError, match=sentence):
        eisfit.suggest(spectrum(TRUE["R0-G1"]), **wrong)  # type: ignore[arg-type]
    with pytest.raises(eisfit.InputError, match="at least one spectrum"):
        eisfit.suggest([])


def test_limits_of_circuits() -> None:
    assert is_limit(structure_of("R0-p(R1,CPE1)"), structure_of("p(R1,CPE1)-p(R2,CPE2)"))
    assert not is_limit(structure_of("R0-G1"), structure_of("L0-R0-p(R1,CPE1)"))


def test_the_figure_shows_the_rivals() -> None:
    figure = plots.figure("suggestion", sample())
    lines = [line for ax in figure.axes for line in ax.lines if line.get_gid() == "rival"]
    assert len(lines) == 4
    rows = plots.KINDS["suggestion"].data(sample())
    own = [c.circuit for c in sample().circuits if not c.same_curve_as]
    assert list(dict.fromkeys(row["circuit"] for row in rows)) == own[:4]
