"""Film and transfer in three topologies, arcs and ladders: exact in both directions, to 1e-12."""

from __future__ import annotations

import doctest
import itertools
from typing import Any, get_args

import mpmath as mp
import numpy as np
import pytest

from eisfit.circuit import equivalence, topologies
from eisfit.circuit.circuit import parse
from eisfit.circuit.equivalence import is_limit, is_special_case, same_function, topology_free
from eisfit.circuit.ladder import ladder_from_voigt, voigt_from_ladder
from eisfit.circuit.topologies import FilmAndTransfer, Topology
from eisfit.errors import InputError
from eisfit.tools.frozen import Floats

F = np.geomspace(1e6, 1e-2, 41)
ALL: tuple[Topology, ...] = get_args(Topology)
WORDS = ("film_resistance_ohm", "film_capacitance_f", "transfer_resistance_ohm", "transfer_capacitance_f")


def drawn(topology: Topology, seed: int) -> FilmAndTransfer:
    rng = np.random.default_rng(seed)
    r, c = 10 ** rng.uniform(1, 4, 2), 10 ** rng.uniform(-9, -3, 2)
    return FilmAndTransfer(topology, float(r[0]), float(c[0]), float(r[1]), float(c[1]))


def as_array(found: FilmAndTransfer) -> Floats:
    return np.array([getattr(found, word) for word in WORDS])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(ALL, 2)))
def test_topologies_are_one_function(first: Topology, second: Topology, seed: int) -> None:
    one = drawn(first, seed)
    other = one.to(second)
    assert other.topology == second
    z = [parse(each.circuit).impedance(F, each.values) for each in (one, other)]
    np.testing.assert_allclose(z[1], z[0], rtol=1e-12)
    assert other.total_ohm == pytest.approx(one.total_ohm, rel=1e-12)
    np.testing.assert_allclose(other.time_constants_s, one.time_constants_s, rtol=1e-12)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(ALL, 2)))
def test_there_and_back_gives_the_same_values(first: Topology, second: Topology, seed: int) -> None:
    one = drawn(first, seed)
    tau_film, tau_ct = (one.values[f"R_{k}"] * one.values[f"C_{k}"] for k in ("film", "ct"))
    back = one.to(second).to(first, film="faster" if tau_film < tau_ct else "slower")
    np.testing.assert_allclose(as_array(back), as_array(one), rtol=1e-12)


def test_the_worked_transformation() -> None:
    """C_a = C1 C2 / (C1 + C2), R_a = a1 / (b1 - C_a a0), ... of 300 ohm, 0.354 µF and 484 ohm, 10 µF."""
    one = FilmAndTransfer("series", 300.0, 0.354e-6, 484.0, 10e-6)
    c_a = 0.354e-6 * 10e-6 / 10.354e-6
    a_1, b_1 = 300.0 * 484.0 * 10.354e-6, 300.0 * 0.354e-6 + 484.0 * 10e-6
    p = b_1 - c_a * 784.0
    expected = [a_1 / p, c_a, 784.0 - a_1 / p, p / (784.0 - a_1 / p)]
    np.testing.assert_allclose(as_array(one.to("coating")), expected, rtol=1e-12)
    np.testing.assert_allclose(as_array(one.to("nested")), [*expected[2:], *expected[:2]], rtol=1e-12)
    assert expected[0] == pytest.approx(321, abs=0.5)


def test_of_two_arcs_in_series_either_is_the_film() -> None:
    one = FilmAndTransfer("coating", 321.0, 3.4e-7, 463.0, 1e-5)
    faster, slower = (one.to("series", film=word) for word in ("faster", "slower"))
    np.testing.assert_allclose(as_array(slower), as_array(faster)[[2, 3, 0, 1]], rtol=1e-14)
    assert faster.film_resistance_ohm * faster.film_capacitance_f == faster.time_constants_s[0]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: FilmAndTransfer("coatin", 1.0, 1.0, 1.0, 1.0),  # type: ignore[arg-type]
            "unknown topology 'coatin' (did you mean 'coating'?); known: series, coating, nested",
        ),
        (
            lambda: FilmAndTransfer("series", 1.0, -1.0, 1.0, 1.0),
            "film_capacitance_f is -1: it must be a positive number",
        ),
        (
            lambda: FilmAndTransfer("series", 2.0, 1e-6, 1.0, 2e-6).to("nested"),
            "both time constants are 2e-06 s: two equal arcs are one, and have no nested circuit",
        ),
        (
            lambda: FilmAndTransfer("series", 2.0, 1e-6, 1.0, 3e-6).to("series", film="outer"),  # type: ignore[arg-type]
            "film is 'outer': it must be 'faster' or 'slower'",
        ),
    ],
)
def test_impossible_topologies_are_refused(make: Any, sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        make()
    assert str(raised.value) == sentence


def exact_ladder(r: Floats, c: Floats) -> tuple[Floats, Floats]:
    """Continued fraction of the sum of arcs, by polynomials of 200 digits; the outermost rung first."""
    with mp.workdps(200):
        top, bottom = [mp.mpf(0)], [mp.mpf(1)]
        for a, b in zip(r.tolist(), c.tolist(), strict=True):
            factor = [mp.mpf(1), mp.mpf(a) * mp.mpf(b)]
            top = added(times(top, factor), [mp.mpf(a) * k for k in bottom])
            bottom = times(bottom, factor)
        out_r, out_c = [], []
        for k in range(r.size):  # Z = top / bottom has one pole more than zeros
            c_k = bottom[r.size - k] / top[r.size - k - 1]
            rest = added(bottom, [mp.mpf(0), *(-c_k * t for t in top)])[: r.size - k]
            r_k = top[r.size - k - 1] / rest[r.size - k - 1]
            top, bottom = added(top, [-r_k * t for t in rest])[: r.size - k - 1], rest
            out_r.append(float(r_k))
            out_c.append(float(c_k))
    return np.array(out_r), np.array(out_c)


def times(a: list[Any], b: list[Any]) -> list[Any]:
    out = [mp.mpf(0)] * (len(a) + len(b) - 1)
    for i, j in itertools.product(range(len(a)), range(len(b))):
        out[i + j] += a[i] * b[j]
    return out


def added(a: list[Any], b: list[Any]) -> list[Any]:
    size = max(len(a), len(b))
    a, b = ([*each, *[mp.mpf(0)] * (size - len(each))] for each in (a, b))
    return [x + y for x, y in zip(a, b, strict=True)]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("seed", range(4))
def test_arcs_and_ladders_turn_into_each_other(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    r = rng.uniform(50, 500, size)
    c = 1e-7 * 4.0 ** np.arange(size) * rng.uniform(0.8, 1.2, size) / r
    shuffled = rng.permutation(size)
    ladder, right = ladder_from_voigt(r[shuffled], c[shuffled]), exact_ladder(r, c)
    np.testing.assert_allclose(ladder, right, rtol=1e-12)
    np.testing.assert_allclose(voigt_from_ladder(*right), (r, c), rtol=1e-12)


def test_what_no_topology_changes() -> None:
    one = FilmAndTransfer("series", 300.0, 0.354e-6, 484.0, 10e-6)
    for each in (one, one.to("coating"), one.to("nested")):
        found = topology_free(f"R0-{each.circuit}", {"R0": 5.0, **each.values})
        assert found is not None
        assert (found.series_ohm, found.total_ohm) == pytest.approx((5.0, 784.0), rel=1e-12)
        assert found.time_constants_s == pytest.approx((300.0 * 0.354e-6, 484.0 * 10e-6), rel=1e-12)
    assert (
        topology_free("R0-Zarc1", {"R0": 1.0, "Zarc1_R": 1.0, "Zarc1_tau": 1.0, "Zarc1_alpha": 1.0}) is None
    )


@pytest.mark.parametrize(
    ("simpler", "fuller", "right"),
    [
        ("Pore(Zarc)", "Rails(Zarc)", True),
        ("Pore(K)", "Rails(Zarc)", True),
        ("Pore(Zarc)", "PoreEnd(Zarc,R)", True),
        ("Pore(Zarc)", "PoreEnd(R,Zarc)", False),
        ("Pore(K-R)", "Pore(R-Zarc-Zarc)", True),
        ("Rails(Zarc)", "Pore(Zarc)", False),
        ("Pore(Zarc)", "Pore(Zarc)", False),
        ("G", "Gf", True),
        ("G", "Gt", True),
        ("Gf", "HN", True),
        ("Ws", "Gt", True),
        ("K", "PoreEnd(K,R)", False),
    ],
)
def test_special_cases_of_elements_with_inner_circuits(simpler: str, fuller: str, right: bool) -> None:
    assert is_limit(simpler, fuller) is right
    assert is_special_case((simpler,), (fuller, "R")) is right or simpler == fuller


def test_a_blocking_pore_is_one_function_in_both_spellings() -> None:
    assert same_function("R0-TLMQ1", "Pore1(CPE1)-R0")
    assert not same_function("R0-TLMQ1", "Pore1(C1)-R0")


@pytest.mark.parametrize("module", [equivalence, topologies])
def test_examples(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
