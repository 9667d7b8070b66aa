"""Circuits with elements beyond arcs are fitted without a start as well as from the truth."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.search.minima import minima_from_data

CELLS = 20
NOISE = 0.005
FREQUENCY = np.geomspace(1e6, 0.1, 71)

Range = tuple[float, float]
R: Range = (50.0, 1000.0)
TAU: Range = (1e-5, 1e-1)
ALPHA: Range = (0.75, 0.98)
# circuit -> the range of each parameter, in order; and the parameters that are known
DRAWN: dict[str, dict[str, Range]] = {
    "R_s-Rails_pe(Zarc_int)": {
        "R_s": (5.0, 50.0), "X1": R, "X2": R, "int_R": R, "tau": (1e-4, 1e-1), "alpha": ALPHA,
    },
    "R_s-Rails_pe(p(R_ct,CPE_dl))-Zarc_li": {
        "R_s": (5.0, 50.0), "X1": R, "X2": R, "R_ct": R, "Q": (1e-6, 1e-4), "dl_alpha": ALPHA,
        "li_R": R, "li_tau": (0.1, 1.0), "li_alpha": ALPHA,
    },
    "R_s-PoreEnd_pe(Zarc_int,R_end)": {
        "R_s": (5.0, 50.0), "X": R, "int_R": R, "tau": (1e-4, 1e-1), "alpha": ALPHA, "R_end": R,
    },
    "R_s-PoreEnd_pe(CPE_dl,Zarc_li)": {
        "R_s": (5.0, 50.0), "X": R, "Q": (1e-6, 1e-4), "dl_alpha": ALPHA,
        "li_R": R, "li_tau": (1e-4, 1e-1), "li_alpha": ALPHA,
    },
    "R_s-Gf_x": {"R_s": (5.0, 50.0), "R": R, "tau": TAU, "alpha": (0.6, 0.98)},
    "R_s-Zarc_gb-Gf_x": {
        "R_s": (5.0, 50.0), "gb_R": R, "gb_tau": (1e-6, 1e-5), "gb_alpha": ALPHA,
        "R": R, "tau": (1e-3, 1e-1), "alpha": (0.6, 0.98),
    },
    "R_s-Gt_x": {"R_s": (5.0, 50.0), "R": R, "tau": (1e-3, 1.0), "phi": (0.3, 3.0)},
    "R_s-Gs_x": {"R_s": (5.0, 50.0), "R": R, "tau": (1e-3, 1.0), "phi": (0.3, 3.0)},
    "R_s-Zarc_gb-Gt_x": {
        "R_s": (5.0, 50.0), "gb_R": R, "gb_tau": (1e-6, 1e-5), "gb_alpha": ALPHA,
        "R": R, "tau": (1e-2, 1.0), "phi": (0.3, 3.0),
    },
    "La_0-R_s-Zarc_x": {
        "L": (1e-6, 1e-4), "La_alpha": (0.7, 0.98), "R_s": (5.0, 50.0), "R": R, "tau": TAU, "alpha": ALPHA,
    },
    "R_s-p(CPE_f,R_f-p(R_ct,CPE_dl))": {
        "R_s": (5.0, 50.0), "f_Q": (1e-7, 1e-6), "f_alpha": (0.85, 0.98), "R_f": R,
        "R_ct": R, "dl_Q": (1e-5, 1e-4), "dl_alpha": (0.85, 0.98),
    },
    "R_s-p(C_f,R_f-p(R_ct,C_dl))": {
        "R_s": (5.0, 50.0), "C_f": (1e-7, 1e-6), "R_f": R, "R_ct": R, "C_dl": (1e-5, 1e-4),
    },
    "R_s-Zarc_x-Nernst_d": {
        "R_s": (5.0, 50.0), "R": (20.0, 200.0), "tau": TAU, "alpha": ALPHA, "D": (1e-8, 1e-7), "delta": (1.0, 5.0),
        "c": (0.05, 0.05), "t_plus": (0.3, 0.3), "A": (0.5, 0.5), "T": (298.15, 298.15),
    },
    "Probes_re(R_s-Zarc_gb-Zarc_int,R_cm)": {
        "tau1": (1e-7, 1e-5), "tau2": (1e-7, 1e-5), "R_s": (5.0, 50.0), "gb_R": R, "gb_tau": (1e-5, 1e-4),
        "gb_alpha": ALPHA, "int_R": R, "int_tau": (1e-3, 1e-1), "int_alpha": ALPHA, "R_cm": R,
    },
}  # fmt: skip
KNOWN = {"R_s-Zarc_x-Nernst_d": ("Nernst_d_c", "Nernst_d_t_plus", "Nernst_d_A", "Nernst_d_T")}


def template_of(text: str) -> Template:
    """Return the circuit with what is known of it fixed."""
    plain = Template.from_circuit(text)
    if text not in KNOWN:
        return plain
    low = dict(zip(plain.circuit.names, DRAWN[text].values(), strict=True))
    known = {name: Setting(fixed=low[name][0]) for name in KNOWN[text]}
    return replace(plain, settings=MappingProxyType(known))


@pytest.mark.parametrize("text", DRAWN)
def test_is_met_without_a_start_as_well_as_from_the_truth(text: str) -> None:
    template, rng = template_of(text), np.random.default_rng(len(text))
    low, high = np.log(list(DRAWN[text].values())).T
    truth = rng.uniform(low, high, (CELLS, low.size))
    z = template.circuit.impedance(FREQUENCY, np.exp(truth))
    z = z + NOISE * np.abs(z) * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape))
    problem = pose([eisfit.Spectrum(FREQUENCY, row) for row in z], template)
    each = np.arange(CELLS)
    from_truth = solve(problem, truth, each)
    found = solve(problem, minima_from_data(problem).x[:, 0], each)
    assert from_truth.cost.mean() == pytest.approx(FREQUENCY.size * NOISE**2, rel=0.15)
    assert np.flatnonzero(found.cost > 1.01 * from_truth.cost).tolist() == []


LAYER = {"D": 3e-6, "delta": 30.0, "c": 0.002, "t_plus": 0.3, "A": 0.5, "T": 300.0}
FREE = [
    ("D",),
    ("delta",),
    ("c",),
    ("t_plus",),
    ("D", "c"),
    ("delta", "c"),
    ("delta", "t_plus"),
    ("D", "A"),
    ("T", "D"),
]


@pytest.mark.parametrize("free", FREE)
def test_any_one_or_two_parameters_of_a_diffusion_layer_are_met(free: tuple[str, ...]) -> None:
    rng, low = np.random.default_rng(1), np.geomspace(1e6, 0.01, 81)
    fixed = {f"Nernst_d_{n}": Setting(fixed=v) for n, v in LAYER.items() if n not in free}
    template = replace(Template.from_circuit("R_s-Zarc_x-Nernst_d"), settings=MappingProxyType(fixed))
    ends = [(5.0, 50.0), (50.0, 100.0), (1e-5, 1e-3), (0.8, 0.95)]
    ends += [
        (v / 3, min(3 * v, 0.7) if n == "t_plus" else 3 * v) if n in free else (v, v)
        for n, v in LAYER.items()
    ]
    lower, upper = np.log(ends).T
    truth = rng.uniform(lower, upper, (CELLS, lower.size))
    z = template.circuit.impedance(low, np.exp(truth))
    z = z + NOISE * np.abs(z) * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape))
    problem = pose([eisfit.Spectrum(low, row) for row in z], template)
    each = np.arange(CELLS)
    from_truth = solve(problem, truth, each)
    found = solve(problem, minima_from_data(problem).x[:, 0], each)
    assert np.flatnonzero(found.cost > 1.01 * from_truth.cost).tolist() == []


def test_the_larger_rail_comes_first_unless_one_is_set() -> None:
    values = {
        "R_s": 20.0,
        "Rails_pe_X1": 80.0,
        "Rails_pe_X2": 300.0,
        "R_ct": 50.0,
        "CPE_dl_Q": 1e-5,
        "CPE_dl_alpha": 0.9,
    }
    template = Template.from_circuit("R_s-Rails_pe(p(R_ct,CPE_dl))")
    spectrum = eisfit.Spectrum(FREQUENCY, template.circuit.impedance(FREQUENCY, values))
    free = eisfit.fit(spectrum, template)
    assert (free.values["Rails_pe_X1"], free.values["Rails_pe_X2"]) == pytest.approx((300.0, 80.0), rel=1e-4)
    assert free.outcome is eisfit.Outcome.GOOD
    for known in ({"Rails_pe_X2": Setting(fixed=300.0)}, {"Rails_pe_X1": Setting(high=100.0)}):
        told = eisfit.fit(spectrum, template.setting(known))
        assert (told.values["Rails_pe_X1"], told.values["Rails_pe_X2"]) == pytest.approx(
            (80.0, 300.0), rel=1e-4
        )


@pytest.mark.parametrize("text", ["R_s-Pore_pe(SLEI_x)", "Probes_x(SLEI_x,R_g)", "p(C_g,SLEI_x-R_s)"])
def test_equal_arcs_within_a_wall_are_the_fastest_first(text: str) -> None:
    template = Template.from_circuit(text)
    values = dict.fromkeys(template.circuit.names, 40.0)
    values |= {"Zarc_x_film_R": 300.0, "Zarc_x_film_tau": 2e-2, "Zarc_x_film_alpha": 0.9}
    values |= {"Zarc_x_ct_R": 200.0, "Zarc_x_ct_tau": 1e-4, "Zarc_x_ct_alpha": 0.85}
    values |= {
        name: v
        for name, v in (("Probes_x_tau1", 1e-6), ("Probes_x_tau2", 2e-6), ("C_g", 1e-9))
        if name in values
    }
    spectrum = eisfit.Spectrum(FREQUENCY, template.circuit.impedance(FREQUENCY, values))
    free = eisfit.fit(spectrum, template).values
    assert (free["Zarc_x_film_tau"], free["Zarc_x_ct_tau"]) == pytest.approx((1e-4, 2e-2), rel=1e-3)
    assert (free["Zarc_x_film_R"], free["Zarc_x_ct_R"]) == pytest.approx((200.0, 300.0), rel=1e-3)
    told = eisfit.fit(spectrum, template.setting({"Zarc_x_ct_R": Setting(fixed=200.0)})).values
    assert (told["Zarc_x_film_tau"], told["Zarc_x_ct_tau"]) == pytest.approx((2e-2, 1e-4), rel=1e-3)
