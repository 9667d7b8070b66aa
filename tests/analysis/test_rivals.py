"""Rivals are weighed fairly: the same function is not ranked, what adds nothing is advised against."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import f as f_distribution

import eisfit
from eisfit.analysis.rivals import Comparison, compare
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import parse
from eisfit.circuit.equivalence import equivalents, same_function
from eisfit.circuit.ladder import ladder_from_voigt, voigt_from_ladder
from eisfit.errors import InputError
from support.cells import grid, noisy

F = grid()
ONE, TWO, THREE = "R0-Zarc1", "R0-Zarc1-Zarc2", "R0-Zarc1-Zarc2-Zarc3"
VOIGT, LADDER = "R0-p(R1,C1)-p(R2,C2)", "R0-p(C1,R1-p(C2,R2))"


def two_arcs(noise: float = 0.003, seed: int = 2) -> eisfit.Spectrum:
    z = parse(TWO).impedance(F, [20.0, 100.0, 1e-5, 0.9, 300.0, 1e-2, 0.85])
    return eisfit.Spectrum(F, noisy(z, noise, seed), label="two arcs")


@pytest.fixture(scope="module")
def counted() -> Comparison:
    return compare(two_arcs(), [ONE, TWO, THREE])


def test_the_true_circuit_wins(counted: Comparison) -> None:
    assert counted.best.name == TWO
    assert counted.best.advice == ""
    assert counted[ONE].delta_aicc > 100
    assert "its residuals are not random" in counted[ONE].advice


def test_an_arc_that_adds_nothing_is_advised_against(counted: Comparison) -> None:
    assert counted[THREE].adds_nothing_to == TWO
    assert f"what it has beyond {TWO} adds less than 3 standard errors" in counted[THREE].advice
    assert counted[TWO].adds_nothing_to == ""
    assert counted[TWO].faint == ()


def test_a_part_that_is_smaller_than_its_error_is_faint() -> None:
    z = parse("Zarc1").impedance(F, [100.0, 1e-3, 0.9])
    rival = compare(eisfit.Spectrum(F, noisy(z, 0.003, 1)), ["R0-Zarc1"]).rivals[0]
    assert rival.faint == ("R0",)
    assert "R0 adds less than 3 standard errors: leave it out" in rival.advice


def test_criteria_are_those_of_their_definitions(counted: Comparison) -> None:
    # Hurvich & Tsai 1989; Schwarz 1978: n ln(2 cost / n) + penalty, up to a constant common to all
    n = 2 * F.size
    scores = []
    for name in (ONE, TWO):
        rival = counted[name]
        model = rival.fit.impedance()
        squares = np.sum(np.abs((model - two_arcs().z_ohm) / np.abs(two_arcs().z_ohm)) ** 2)
        k = rival.parameters_free
        scores.append((n * np.log(squares / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1), rival.aicc))
        assert rival.bic - rival.aicc == pytest.approx(k * np.log(n) - 2 * k - 2 * k * (k + 1) / (n - k - 1))
    assert scores[0][0] - scores[1][0] == pytest.approx(scores[0][1] - scores[1][1])


def test_the_f_test_is_that_of_the_distribution(counted: Comparison) -> None:
    test = next(t for t in counted.nested if (t.simpler, t.fuller) == (ONE, TWO))
    squares = {
        name: np.sum(
            np.abs((counted[name].fit.impedance() - two_arcs().z_ohm) / np.abs(two_arcs().z_ohm)) ** 2
        )
        for name in (ONE, TWO)
    }
    more = counted[TWO].parameters_free - counted[ONE].parameters_free
    freedom = 2 * F.size - counted[TWO].parameters_free
    f = (squares[ONE] - squares[TWO]) / more / (squares[TWO] / freedom)
    assert test.f == pytest.approx(f, rel=1e-6)
    assert test.probability == pytest.approx(f_distribution.sf(f, more, freedom), rel=1e-6, abs=1e-300)
    assert test.probability < 1e-10
    nothing = next(t for t in counted.nested if (t.simpler, t.fuller) == (TWO, THREE))
    assert nothing.probability > 0.01


def test_only_special_cases_are_tested() -> None:
    found = compare(two_arcs(), ["R0-Zarc1-Ws1", "R0-Zarc1", "R0-Zarc1-Wsn1", "R0-p(R1,C1)"])
    pairs = {(t.simpler, t.fuller) for t in found.nested}
    assert pairs == {
        ("R0-Zarc1", "R0-Zarc1-Ws1"),
        ("R0-Zarc1", "R0-Zarc1-Wsn1"),
        ("R0-Zarc1-Ws1", "R0-Zarc1-Wsn1"),
        ("R0-p(R1,C1)", "R0-Zarc1"),
        ("R0-p(R1,C1)", "R0-Zarc1-Ws1"),
        ("R0-p(R1,C1)", "R0-Zarc1-Wsn1"),
    }


def test_a_probability_is_even_where_the_simpler_is_true() -> None:
    z = parse("R0-p(R1,C1)").impedance(F, [20.0, 100.0, 1e-5])
    found = [
        compare(eisfit.Spectrum(F, noisy(z, 0.003, seed)), ["R0-p(R1,C1)", "L0-R0-p(R1,C1)"]).nested[0]
        for seed in range(20)
    ]
    assert 3 <= sum(t.probability < 0.5 for t in found) <= 17


SAME = [
    (VOIGT, LADDER),
    ("R0-p(R1,CPE1)", "Zarc_a-R_b"),
    ("K1-R0", "R0-p(C1,R1)"),
    ("R0-p(R1,C1)-p(R2,C2)-p(R3,C3)", "R0-p(C1,R1-p(C2,R2-p(C3,R3)))"),
    ("R0-p(R1,C1)-p(C2,R2-p(C3,R3))", "R0-p(C1,R1-p(C2,R2-p(C3,R3)))"),
    ("R0-p(R1-W1,C1)", "p(C7,W2-R3)-R4"),
]
OTHER = [
    (TWO, THREE),
    ("R0-p(R1,CPE1)", "R0-p(R1,C1)"),
    ("R0-p(CPE1,R1-p(CPE2,R2))", "R0-p(R1,CPE1)-p(R2,CPE2)"),
    ("R0-Ws1", "R0-Wo1"),
    ("R0-Pore1(C1)", "R0-Pore1(CPE1)"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_what_is_the_same_function_is_recognised(a: str, b: str) -> None:
    assert same_function(a, b)
    rng = np.random.default_rng(1)
    t = Template.from_circuit(a)
    values = [
        rng.uniform(0.7, 0.9) if p.quantity.is_exponent else 100.0**p.quantity.resistance * 10.0 ** (
            -(k + 1) * (p.quantity.time if not isinstance(p.quantity.time, str) else 0.8)
        )
        for k, p in enumerate(t.circuit.parameters)
    ]  # fmt: skip
    z = t.circuit.impedance(F, values)
    fitted = eisfit.fit(eisfit.Spectrum(F, z), b)
    assert np.abs(fitted.impedance() / z - 1).max() < 1e-5


@pytest.mark.parametrize(("a", "b"), OTHER)
def test_what_is_another_function_is_not(a: str, b: str) -> None:
    assert not same_function(a, b)


def test_equivalent_rivals_are_listed_and_not_ranked() -> None:
    z = parse(VOIGT).impedance(F, [10.0, 300.0, 0.354e-6, 484.0, 10e-6])
    found = compare(eisfit.Spectrum(F, noisy(z, 0.003, 1)), [LADDER, ONE, VOIGT])
    first, second = found.rivals[0], found.rivals[1]
    assert {first.name, second.name} == {VOIGT, LADDER}
    assert second.same_as == first.name
    assert "no spectrum tells them apart" in second.advice
    assert not any({t.simpler, t.fuller} == {VOIGT, LADDER} for t in found.nested)
    assert second not in found.close
    ladder, voigt = found[LADDER], found[VOIGT]
    assert voigt.equivalents[0].circuit == LADDER
    assert ladder.equivalents[0].circuit == VOIGT
    assert dict(voigt.equivalents[0].values) == pytest.approx(ladder.fit.values, rel=1e-3)
    assert dict(ladder.equivalents[0].values) == pytest.approx(voigt.fit.values, rel=1e-3)


@pytest.mark.parametrize(("c_2", "film", "transfer"), [(10e-6, 321.0, 463.0), (1e-6, 510.0, 274.0)])
def test_the_worked_examples_of_film_and_transfer(c_2: float, film: float, transfer: float) -> None:
    # time constants 46 and 4.6 apart; transformation by hand: C_a = C1 C2 / (C1 + C2), ...
    r, c = np.array([300.0, 484.0]), np.array([0.354e-6, c_2])
    c_a = c.prod() / c.sum()
    a_1, b_1 = r.prod() * c.sum(), (r * c).sum()
    r_a = a_1 / (b_1 - c_a * r.sum())
    found_r, found_c = ladder_from_voigt(r, c)
    assert found_r[0] == pytest.approx(r_a, rel=1e-12)
    assert found_r.sum() == pytest.approx(784.0, rel=1e-12)
    assert found_c[0] == pytest.approx(c_a, rel=1e-12)
    assert found_r == pytest.approx([film, transfer], abs=1.0)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_voigt_and_ladder_turn_into_each_other(size: int) -> None:
    rng = np.random.default_rng(size)
    r = rng.uniform(50, 500, size)
    c = np.sort(10.0 ** rng.uniform(-9, -3, size)) / r
    ladder = ladder_from_voigt(r, c)
    assert ladder[0].sum() == pytest.approx(r.sum(), rel=1e-9)
    s = 2j * np.pi * F
    z = np.full(F.size, np.inf + 0j)
    for r_k, c_k in zip(ladder[0][::-1], ladder[1][::-1], strict=True):  # from the inside out
        z = 1 / (s * c_k + 1 / (r_k + (0 if np.isinf(z).all() else z)))
    np.testing.assert_allclose(z, np.sum(r[:, None] / (1 + s * (r * c)[:, None]), axis=0), rtol=1e-8)
    back = voigt_from_ladder(*ladder)
    order = np.argsort(r * c)
    np.testing.assert_allclose(back[0], r[order], rtol=1e-5)
    np.testing.assert_allclose(back[1], c[order], rtol=1e-5)


def test_equivalents_have_the_same_impedance() -> None:
    circuit = "R0-p(R1,C1)-p(C2,R2-p(C3,R3))"
    values = {"R0": 5.0, "R1": 50.0, "C1": 1e-7, "C2": 1e-6, "R2": 100.0, "C3": 1e-4, "R3": 30.0}
    found = equivalents(circuit, values)
    assert [e.circuit for e in found] == ["R0-p(R1,C1)-p(R2,C2)-p(R3,C3)", "R0-p(C1,R1-p(C2,R2-p(C3,R3)))"]
    for one in found:
        np.testing.assert_allclose(
            parse(one.circuit).impedance(F, dict(one.values)), parse(circuit).impedance(F, values), rtol=1e-10
        )


def test_segments_that_lie_twice_between_the_probes_count_twice() -> None:
    t = Template.from_circuit("R0-K1-K2")
    fitted = compare(eisfit.Spectrum(F, t.circuit.impedance(F, [1.0, 2.0, 1e-4, 3.0, 1e-2])), [t]).best
    ladder = fitted.equivalents[0]
    assert sum(v for n, v in ladder.values if n.startswith("R")) == pytest.approx(6.0)


def test_circuits_with_other_parts_have_no_equivalents() -> None:
    assert equivalents("R0-p(R1,C1)-W1", {"R0": 1.0, "R1": 1.0, "C1": 1.0, "W1": 1.0}) == []
    assert equivalents("R0-p(R1,C1)", {"R0": 1.0, "R1": 1.0, "C1": 1.0}) == []


def test_a_fixed_parameter_makes_another_function() -> None:
    free = Template.from_circuit(ONE)
    fixed = Template.from_circuit("Zarc1-R0").setting({"Zarc1_alpha": Setting(fixed=0.8)})
    found = compare(two_arcs(), [free, fixed])
    assert not any(r.same_as for r in found.rivals)


def test_rivals_that_are_not_ruled_out_are_named() -> None:
    z = parse("R0-p(R1,CPE1)").impedance(F, [10.0, 100.0, 1e-5, 0.9])
    found = compare(eisfit.Spectrum(F, noisy(z, 0.01, 1)), ["R0-p(R1,CPE1)", "R0-HN1", "R0-p(R1,C1)"])
    assert "R0-HN1" in {found.best.name, *(r.name for r in found.close)}
    assert "R0-p(R1,C1)" not in {r.name for r in found.close}


@pytest.mark.parametrize(
    ("rivals", "sentence"), [([], "no rival was given"), ([ONE, ONE], "'R0-Zarc1' is named twice")]
)
def test_a_comparison_needs_different_rivals(rivals: list[str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        compare(two_arcs(), rivals)


def test_an_unknown_rival_is_refused(counted: Comparison) -> None:
    with pytest.raises(KeyError, match="no rival 'R7'"):
        counted["R7"]
