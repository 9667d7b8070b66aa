"""Every element and each of its derivatives against an independent formula in 50 digits."""

from __future__ import annotations

import inspect
import itertools

import numpy as np
import pytest

from eisfit.elements import ELEMENTS, Element, Laplace
from support.exact_elements import EXACT, ROWS, case, evaluated, exact


def test_table_holds_every_element() -> None:
    assert set(EXACT) == set(ELEMENTS)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", EXACT)
def test_value_and_derivatives(name: str, seed: int) -> None:
    frequency, values = case(ELEMENTS[name], seed)
    z, slopes = evaluated(ELEMENTS[name], frequency, values)
    z_exact, slopes_exact = exact(name, frequency, values)
    np.testing.assert_array_less(np.abs(z - z_exact) / np.abs(z_exact), 1e-13)
    assert len(slopes) == len(slopes_exact) == len(values)
    for slope, right in zip(slopes, slopes_exact, strict=True):
        np.testing.assert_array_less(np.abs(slope - right) / np.abs(z_exact), 1e-12)


@pytest.mark.parametrize("name", ["Wsn", "Won"])
def test_all_exponents_up_to_a_half(name: str) -> None:
    assert ELEMENTS[name].quantities[-1].upper == 0.5
    rng = np.random.default_rng(5)
    frequency = 10 ** rng.uniform(-6, 9, ROWS)
    tau = 10 ** rng.uniform(-16, 8, ROWS) / (2 * np.pi * frequency)
    values = [10 ** rng.uniform(-6, 9, ROWS), tau, np.linspace(0.01, 0.5, ROWS)]
    z, slopes = evaluated(ELEMENTS[name], frequency, values)
    z_exact, slopes_exact = exact(name, frequency, values)
    np.testing.assert_array_less(np.abs(z - z_exact) / np.abs(z_exact), 1e-13)
    for slope, right in zip(slopes, slopes_exact, strict=True):
        np.testing.assert_array_less(np.abs(slope - right) / np.abs(z_exact), 1e-11)


@pytest.mark.parametrize("name", EXACT)
def test_units_scale_as_declared(name: str) -> None:
    """In units of ohm and s that are `ohm` and `second` times smaller, the same element has Z times `ohm`."""
    ohm, second = 37.0, 1e-3
    element = ELEMENTS[name]
    frequency, values = case(element, 3)
    inner, own = values[: len(element.inner)], values[len(element.inner) :]
    by_name = {q.name: v for q, v in zip(element.quantities, own, strict=True)}
    rescaled = [
        *(ohm * zeta for zeta in inner),
        *(
            v * ohm**q.resistance * second ** (by_name[q.time] if isinstance(q.time, str) else q.time)
            for q, v in zip(element.quantities, own, strict=True)
        ),
    ]
    z, _ = evaluated(element, frequency, values)
    z_rescaled, _ = evaluated(element, frequency / second, rescaled)
    np.testing.assert_allclose(z_rescaled, ohm * z, rtol=1e-11)


@pytest.mark.parametrize("name", EXACT)
def test_corners_of_the_hard_ranges_are_finite(name: str) -> None:
    """No overflow, no warning, no nan, ten decades beyond any window."""
    element = ELEMENTS[name]
    corners = {"ohm": (1e-20, 1e20), "s": (1e-25, 1e25)}
    values = [
        (0.01, q.upper)
        if q.is_exponent
        else (1e-7, 1e7)
        if q.is_ratio
        else corners.get(q.unit, (1e-18, 1e18))
        for q in element.quantities
    ]
    values[:0] = [(1e-20, 1e20)] * len(element.inner)
    rows = np.array(list(itertools.product((1e-6, 1e9), *values)))
    z, slopes = evaluated(element, rows[:, 0], list(rows[:, 1:].T + (0j if element.inner else 0)))
    assert np.all(np.isfinite(z))
    assert all(np.all(np.isfinite(slope)) for slope in slopes)


@pytest.mark.parametrize("name", EXACT)
def test_batch_on_a_common_grid_equals_its_rows(name: str) -> None:
    element = ELEMENTS[name]
    frequency, values = case(element, 4)
    s = Laplace(frequency[:7])
    batch = [v[:5, None] for v in values]
    for k in range(len(element.inner)):
        batch[k] = batch[k] * np.ones(7)
    z, slopes = element.formula(s, *batch)
    assert z.shape == (5, 7)
    assert all(slope.shape == (5, 7) for slope in slopes)
    for k in range(5):
        z_row, slopes_row = element.formula(s, *(v[k : k + 1] for v in batch))
        np.testing.assert_allclose(z[k], z_row[0], rtol=1e-13)
        for slope, one in zip(slopes, slopes_row, strict=True):
            np.testing.assert_allclose(slope[k], one[0], rtol=1e-12)


@pytest.mark.parametrize("name", EXACT)
def test_docstring_states_formula_and_source(name: str) -> None:
    doc = inspect.getdoc(ELEMENTS[name].formula) or ""
    assert ":math:" in doc.split("\n")[0]
    assert "Source:" in doc
    assert ELEMENTS[name].doc == doc.split("\n")[0]


@pytest.mark.parametrize("element", ELEMENTS.values(), ids=lambda e: e.name)
def test_time_refers_to_an_exponent_of_the_element(element: Element) -> None:
    exponents = {q.name for q in element.quantities if q.is_exponent}
    assert {q.time for q in element.quantities if isinstance(q.time, str)} <= exponents
    assert len({q.name for q in element.quantities}) == len(element.quantities)
