"""An arc is matched to its segment by capacitance, however it is written."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit.cell.template_file import parse_template
from eisfit.cell.templates import Template
from eisfit.engine.posing import pose
from eisfit.search.arc_order import fastest_first
from support.cells import grid, noisy

CELL = """
title = "liquid | solid | liquid"
[[segment]]
name = "liquid"
role = "liquid"
circuit = "R_le"
[[segment]]
name = "grain boundary"
role = "grain_boundary"
circuit = "{gb}"
capacitance = [1e-11, 3e-8]
[[segment]]
name = "interface"
role = "interface"
circuit = "{interface}"
capacitance = [1e-7, 1e-5]
[configuration.four_electrode]
electrodes = 4
segments = {{ liquid = 1, "grain boundary" = 1, interface = 2 }}
"""
DEPRESSED = ("Zarc_{0}", "p(R_{0},CPE_{0})", "p(CPE_{0},R_{0})")
IDEAL = ("K_{0}", "p(R_{0},C_{0})", "p(C_{0},R_{0})")
FORMS = [
    *((a, b) for a in DEPRESSED for b in DEPRESSED),
    *((a, a) for a in IDEAL),
    ("K_{0}", "p(R_{0},C_{0})"),
]


def cell(gb: str, interface: str) -> Template:
    """Return the four-electrode cell with its arcs written in one form or another."""
    text = CELL.format(gb=gb.format("gb"), interface=interface.format("int"))
    return parse_template("cell", text)


def spectrum(gb_ohm: float, interface_ohm: float, *, alpha: float = 1.0, seed: int = 0) -> eisfit.Spectrum:
    """Return a spectrum with the grain boundary slower than the interface, at capacitances of 2e-8 and 2e-7 F."""
    one = interface_ohm / 2
    values = [20.0, gb_ohm, gb_ohm * 2e-8, alpha, one, one * 2e-7, alpha]
    z = cell(DEPRESSED[0], DEPRESSED[0]).circuit.impedance(grid(), values)
    return eisfit.Spectrum(grid(), noisy(z, 0.003, seed))


@pytest.mark.parametrize(("gb", "interface"), FORMS)
def test_the_interface_is_found_in_every_form_of_arc(gb: str, interface: str) -> None:
    found = {c.name: c for c in eisfit.fit(spectrum(50_000.0, 100.0), cell(gb, interface)).contributions}
    assert found["interface"].resistance_ohm == pytest.approx(100.0, rel=0.05)
    assert found["grain boundary"].resistance_ohm == pytest.approx(50_000.0, rel=0.01)
    assert found["interface"].resolved == "yes"


@pytest.mark.parametrize(
    ("gb_ohm", "interface_ohm", "alpha"),
    [
        (50_000.0, 100.0, 1.0),
        (5_000.0, 100.0, 0.9),
        (300.0, 100.0, 0.9),
        (50_000.0, 1.0, 0.9),
        (1.0, 500.0, 0.9),
    ],
)
@pytest.mark.parametrize("form", DEPRESSED[1:])
def test_contributions_do_not_depend_on_how_an_arc_is_written(
    form: str, gb_ohm: float, interface_ohm: float, alpha: float
) -> None:
    data = [spectrum(gb_ohm, interface_ohm, alpha=alpha, seed=seed) for seed in range(2)]
    for measured in data:
        expected = eisfit.fit(measured, cell(DEPRESSED[0], DEPRESSED[0])).contributions
        found = eisfit.fit(measured, cell(form, form)).contributions
        for ours, theirs in zip(found, expected, strict=True):
            assert (ours.name, ours.resolved) == (theirs.name, theirs.resolved)
            for number in ("resistance_ohm", "resistance_stderr_ohm", "frequency_hz", "capacitance_f"):
                assert getattr(ours, number) == pytest.approx(getattr(theirs, number), rel=1e-3, nan_ok=True)
            # a profile ends where its rise is met to 1 %
            assert ours.limit_ohm == pytest.approx(theirs.limit_ohm, rel=0.01, nan_ok=True)


def test_a_series_follows_the_capacitance_in_every_form_of_arc() -> None:
    data = [
        eisfit.Spectrum(
            s.frequency_hz, s.z_ohm, conditions=eisfit.Conditions(temperature_c=25.0 + 5 * k), label=str(k)
        )
        for k, s in enumerate(spectrum(50_000.0 / 2**k, 100.0 / 1.5**k, seed=k) for k in range(4))
    ]
    right = eisfit.fit_series(data, cell(DEPRESSED[0], DEPRESSED[0]))
    found = eisfit.fit_series(data, cell(DEPRESSED[1], DEPRESSED[1]))
    for ours, theirs in zip(found, right, strict=True):
        for a, b in zip(ours.contributions, theirs.contributions, strict=True):
            assert a.resistance_ohm == pytest.approx(b.resistance_ohm, rel=1e-3, nan_ok=True)


def test_an_ideal_and_a_depressed_arc_keep_their_places() -> None:
    found = eisfit.fit(spectrum(50_000.0, 100.0), cell("p(R_{0},C_{0})", "Zarc_{0}"))
    assert found.values["R_gb"] == pytest.approx(50_000.0, rel=0.01)
    assert 2 * found.values["Zarc_int_R"] == pytest.approx(100.0, rel=0.1)


def test_equal_arcs_of_a_circuit_are_ordered_in_whatever_form() -> None:
    t = Template.from_circuit("p(R1,CPE1)-Zarc2-p(CPE3,R3)-K4-p(R5,C5)")
    slow, middle, fast = (100.0, 1e-2, 0.9), (50.0, 1e-4, 0.8), (20.0, 1e-6, 0.7)

    def cpe(r: float, tau: float, alpha: float) -> tuple[float, float, float]:
        return r, tau**alpha / r, alpha

    r, q, alpha = cpe(*fast)
    values = [*cpe(*slow), *middle, q, alpha, r, 10.0, 1e-1, 30.0, 1e-5 / 30.0]
    problem = pose([eisfit.Spectrum(grid(), t.circuit.impedance(grid(), values))], t)
    ordered = np.exp(fastest_first(problem, np.log([values]), np.zeros(1, int)))
    np.testing.assert_allclose(t.circuit.impedance(grid(), ordered[0]), t.circuit.impedance(grid(), values))
    r, q, alpha = cpe(*slow)
    right = [*cpe(*fast), *middle, q, alpha, r, 30.0, 1e-5, 10.0, 1e-1 / 10.0]
    np.testing.assert_allclose(ordered[0], right)
