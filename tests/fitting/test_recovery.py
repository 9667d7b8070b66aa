"""Every template gives back what was put in: values with honest errors, and the right word where none is known."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

import eisfit
from eisfit import Conditions
from eisfit.cell.find import shipped
from eisfit.cell.templates import Template
from eisfit.results.contribution import Contribution
from support.cells import measured

FOUR = Conditions(area_cm2=1.0, thickness_cm=0.1, layers={"polymer": 0.01}, electrodes=4, temperature_c=25.0)
TWO = FOUR.updated(electrodes=2)
VALUE = {"yes", "top outside window"}


def arc(name: str, r: float, c: float, alpha: float) -> dict[str, float]:
    return {f"Zarc_{name}_R": r, f"Zarc_{name}_tau": r * c, f"Zarc_{name}_alpha": alpha}


@dataclass(frozen=True)
class Cell:
    """A template with values, and what a fit must report: resistances in the path, words where none is known."""

    template: str
    conditions: Conditions
    values: dict[str, float]
    truth: dict[str, float]
    faded: tuple[str, ...] = ()
    words: dict[str, set[str]] = field(default_factory=dict)
    noise: float = 0.005

    @property
    def simulated(self) -> Template:
        cell = eisfit.template(self.template, electrodes=self.conditions.electrodes)
        return cell.with_arcs_as_resistors(self.faded) if self.faded else cell

    def fits(self, seeds: range) -> list[eisfit.Fit]:
        spectra = [
            measured(self.simulated, self.values, seed=k, noise=self.noise, conditions=self.conditions).named(
                f"seed {k}"
            )
            for k in seeds
        ]
        return list(eisfit.fit_many(spectra, self.template))


SUM = {"sum only"}
CT, FILM = arc("ct", 484.0, 1e-5, 0.9), arc("film", 300.0, 3.5e-7, 0.95)
CELLS = {
    "le": Cell("le", TWO, {"R_le": 20.0, "CPE_el_Q": 2e-5, "CPE_el_alpha": 0.9}, {"liquid": 20.0}),
    "pe warm": Cell(
        "pe", TWO, {"R_pe": 100.0, "CPE_el_Q": 2e-5, "CPE_el_alpha": 0.9}, {"polymer": 100.0}, ("polymer",)
    ),
    "pe cold": Cell(
        "pe",
        TWO,
        {**arc("pe", 1e4, 1e-10, 0.98), "CPE_el_Q": 2e-5, "CPE_el_alpha": 0.9},
        {"polymer": 1e4},
    ),
    "li_le_li": Cell(
        "li_le_li",
        TWO,
        {"R_le": 20.0, **arc("el", 40.0, 1e-5, 0.85)},
        {"liquid": 20.0, "electrode": 80.0},
    ),
    "li_pe_li warm": Cell(
        "li_pe_li",
        TWO,
        {"R_pe": 100.0, **arc("el", 20.0, 1e-5, 0.85)},
        {"polymer": 100.0, "electrode": 40.0},
        ("polymer",),
    ),
    "li_pe_li cold": Cell(
        "li_pe_li",
        TWO,
        {**arc("pe", 1e4, 1e-10, 0.98), **arc("el", 2e3, 1e-5, 0.85)},
        {"polymer": 1e4, "electrode": 4e3},
    ),
    "se_blocking": Cell(
        "se_blocking",
        TWO,
        {
            **arc("b", 2e4, 2e-11, 0.98),
            **arc("gb", 5e4, 1e-9, 0.95),
            "CPE_el_Q": 2e-6,
            "CPE_el_alpha": 0.88,
        },
        {"bulk": 2e4, "grain boundary": 5e4},
    ),
    "le_se four": Cell(
        "le_se",
        FOUR,
        {"R_le_b": 100.0, **arc("gb", 250.0, 1e-8, 0.95), **arc("int", 500.0, 1e-6, 0.9)},
        {"liquid + bulk": 100.0, "grain boundary": 250.0, "interface": 1000.0},
        ("bulk",),
        {"liquid + bulk": SUM},
    ),
    "le_se_slei four": Cell(
        "le_se_slei",
        FOUR,
        {"R_le_b": 100.0, **arc("gb", 250.0, 1e-8, 0.95), **FILM, **CT},
        {
            "liquid + bulk": 100.0,
            "grain boundary": 250.0,
            "interphase": 600.0,
            "charge transfer": 968.0,
            "interface": 1568.0,
        },
        ("bulk",),
        {"liquid + bulk": SUM},
    ),
    "le_se_slei two": Cell(
        "le_se_slei",
        TWO,
        {"R_le_b": 100.0, **arc("gb", 250.0, 1e-8, 0.95), **FILM, **CT, **arc("el", 200.0, 1e-3, 0.9)},
        {"liquid + bulk": 100.0, "grain boundary": 250.0, "interface + electrode": 1968.0},
        ("bulk",),
        {"liquid + bulk": SUM},
    ),
    "pe_se four": Cell(
        "pe_se",
        FOUR,
        {"R_pe_b": 180.0, **arc("gb", 60.0, 1e-8, 0.95), **arc("int", 2200.0, 1e-6, 0.9)},
        {"polymer + bulk": 180.0, "grain boundary": 60.0, "interface": 4400.0},
        ("polymer", "bulk"),
        {"polymer + bulk": SUM},
    ),
    "pe_se four, polymer slower than bulk": Cell(
        "pe_se",
        FOUR.updated(layers={"polymer": 0.002}),  # 20 µm: no bulk has 5e-10 F
        {
            "R_b": 100.0,
            **arc("pe", 5e3, 5e-10, 0.98),
            **arc("gb", 5e3, 5e-8, 0.95),
            **arc("int", 9e3, 1e-6, 0.9),
        },
        {"polymer": 5e3, "bulk": 100.0, "grain boundary": 5e3, "interface": 1.8e4},
        ("bulk",),
        {"bulk": {"top outside window"}},
    ),
    "pe_se two": Cell(
        "pe_se",
        TWO,
        {
            "R_pe_b": 120.0,
            **arc("gb", 250.0, 1e-8, 0.95),
            **arc("int", 2200.0, 1e-6, 0.9),
            **arc("el", 20.0, 1e-5, 0.85),
        },
        {"polymer + bulk": 120.0, "grain boundary": 250.0, "interface + electrode": 4440.0},
        ("polymer", "bulk"),
        {"polymer + bulk": SUM},
    ),
    "pe_se_spei four": Cell(
        "pe_se_spei",
        FOUR,
        {"R_pe_b": 30.0, **arc("film", 0.3, 1e-6, 0.95), **arc("ct", 2.1, 1e-5, 0.9)},
        {"polymer + bulk": 30.0, "interphase": 0.6, "charge transfer": 4.2, "interface": 4.8},
        ("polymer", "bulk"),
        {"polymer + bulk": SUM},
        noise=0.001,
    ),
    "pe_se_spei two": Cell(
        "pe_se_spei",
        TWO,
        {
            "R_pe_b": 30.0,
            **arc("film", 6.0, 1e-6, 0.95),
            **arc("ct", 40.0, 1e-5, 0.9),
            **arc("el", 200.0, 1e-4, 0.9),
        },
        {"polymer + bulk": 30.0, "interface + electrode": 492.0},
        ("polymer", "bulk"),
        {"polymer + bulk": SUM},
        noise=0.002,
    ),
    "pe_se_porous four, shallow pores": Cell(
        "pe_se_porous",
        FOUR.updated(true_area_cm2=10.0),
        {"R_pe_b": 100.0, "Pore_pe": 2000.0, **arc("int", 9000.0, 1e-7, 0.9)},
        {
            "polymer + bulk": 100.0,
            "pore": 2 * math.sqrt(2000 * 9000) / math.tanh(math.sqrt(2000 / 9000)),
            "interface": 1.8e4,
        },
        ("polymer", "bulk"),
        {"polymer + bulk": SUM},
    ),
    "pe_se_porous four, deep pores": Cell(
        "pe_se_porous",
        FOUR.updated(true_area_cm2=10.0),
        {"R_pe_b": 100.0, "Pore_pe": 4000.0, **arc("int", 1000.0, 1e-6, 0.9)},
        {"polymer + bulk": 100.0, "pore": 2 * math.sqrt(4e6) / math.tanh(2.0), "interface": 2e3},
        ("polymer", "bulk"),
        {"polymer + bulk": SUM},
    ),
    "pe_se_porous two": Cell(
        "pe_se_porous",
        TWO,
        {
            "R_pe_b": 100.0,
            "Pore_pe": 2000.0,
            **arc("int", 9000.0, 1e-7, 0.9),
            **arc("el", 200.0, 1e-4, 0.85),
        },
        {
            "polymer + bulk": 100.0,
            "interface + electrode": 400 + 2 * math.sqrt(2000 * 9000) / math.tanh(math.sqrt(2000 / 9000)),
        },
        ("polymer", "bulk"),
        {"polymer + bulk": SUM},
    ),
}


@cache
def ten(name: str) -> list[eisfit.Fit]:
    return CELLS[name].fits(range(10))


def pulls(cell: Cell, fits: list[eisfit.Fit], name: str) -> np.ndarray:
    """Return (found - true) / error of one contribution wherever it has a value."""
    rows = [f[name] for f in fits if name in {c.name for c in f.contributions}]
    known = [c for c in rows if math.isfinite(c.resistance_ohm)]
    return np.array([(c.resistance_ohm - cell.truth[name]) / c.resistance_stderr_ohm for c in known])


def holds(row: Contribution, truth: float) -> bool:
    low, high = row.ci95_ohm
    return low <= truth <= high


def test_every_shipped_template_is_among_the_cells() -> None:
    assert {cell.template for cell in CELLS.values()} == set(shipped())


@pytest.mark.parametrize("name", CELLS)
def test_ten_simulations_give_back_the_truth_with_pulls_of_about_one(name: str) -> None:
    cell = CELLS[name]
    for contribution in cell.truth:
        values = pulls(cell, ten(name), contribution)
        assert values.size == 10, f"{contribution}: {values.size} of 10 have a value"
        assert abs(values.mean()) < 4 / math.sqrt(values.size), f"{contribution}: mean {values.mean():.2f}"
        assert 0.3 < values.std(ddof=1) < 2.0, f"{contribution}: width {values.std(ddof=1):.2f}"


@pytest.mark.parametrize("name", CELLS)
def test_each_contribution_has_its_word(name: str) -> None:
    cell = CELLS[name]
    for fitted in ten(name):
        found = {c.name: c.resolved for c in fitted.contributions if c.resolved != "blocking"}
        assert set(found) == set(cell.truth)
        for contribution, word in found.items():
            assert word in cell.words.get(contribution, VALUE), f"{contribution}: {word}"


# what falls short of the limits below, with the reason
FALLS_SHORT = {
    # the electrode's arc, 40 of 4800 ohm, is known to 40 to 300 %: its likelihood is far from a normal one, and where
    # it lies, above or below the interface's, is open; of the 95 % intervals of its neighbours 92 to 94 % hold
    # the truth
    "pe_se two": ((0.85, 1.18), 0.25, 0.90),
}
COVER = 0.93
LIMITS = (
    (0.85, 1.18),
    0.25,
    COVER,
)  # width and mean of pulls, and how often a 95 % interval must hold the truth


def gathered(cell: Cell, fits: list[eisfit.Fit], name: str) -> tuple[np.ndarray, float, str]:
    """Return the pulls of one contribution, how often its interval holds the truth, and both in words."""
    values = pulls(cell, fits, name)
    rows = [f[name] for f in fits if name in {c.name for c in f.contributions}]
    cover = float(np.mean([holds(c, cell.truth[name]) for c in rows if math.isfinite(c.resistance_ohm)]))
    said = f"{name}: {values.size} values, mean {values.mean():.2f}, width {values.std(ddof=1):.2f}, cover {cover:.3f}"
    return values, cover, f"{said} {dict(Counter(c.resolved for c in rows))}"


@pytest.mark.slow
@pytest.mark.parametrize("name", CELLS)
def test_two_hundred_simulations_have_pulls_of_width_one(name: str) -> None:
    cell = CELLS[name]
    (narrowest, widest), bias, least = FALLS_SHORT.get(name, LIMITS)

    def falls_short(fits: list[eisfit.Fit]) -> list[str]:
        found = [gathered(cell, fits, each) for each in cell.truth]
        return [
            said
            for values, cover, said in found
            if values.size < 0.95 * len(fits)
            or abs(values.mean()) > bias
            or not narrowest <= values.std(ddof=1) <= widest
            or cover < least
        ]

    fits = cell.fits(range(1000, 1200))
    if falls_short(fits):
        # 200 intervals of 95 % hold the truth in less than 93 % once in ten times by chance: look closer
        fits += cell.fits(range(1200, 2000))
    for contribution in cell.truth:
        print(name, gathered(cell, fits, contribution)[2])
    assert not falls_short(fits)


UNSEEN = {
    "there": Cell(
        "pe_se",
        FOUR,
        {"R_pe_b": 460.0, **arc("gb", 160.0, 1e-8, 0.95), **arc("int", 2.0, 1e-6, 0.9)},
        {"polymer + bulk": 460.0, "grain boundary": 160.0},
        ("polymer", "bulk"),
    ),
    "not there": Cell(
        "pe_se",
        FOUR,
        {"R_pe_b": 460.0, **arc("gb", 160.0, 1e-8, 0.95), **arc("int", 1e-9, 1e5, 0.9)},
        {"polymer + bulk": 460.0, "grain boundary": 160.0},
        ("polymer", "bulk"),
    ),
}


def check_unseen(name: str, seeds: range, cover: float) -> str:
    cell = UNSEEN[name]
    fits = cell.fits(seeds)
    said = "; ".join(gathered(cell, fits, each)[2] for each in cell.truth)
    assert all(f["interface"].resolved == "upper limit" for f in fits)
    assert np.mean([f["interface"].limit_ohm > 4.0 for f in fits]) >= cover
    assert all(gathered(cell, fits, each)[1] >= cover for each in cell.truth), said
    return said


@pytest.mark.parametrize("name", UNSEEN)
def test_intervals_of_neighbours_allow_for_an_arc_that_is_not_seen(name: str) -> None:
    check_unseen(name, range(10), 0.9)


@pytest.mark.slow
@pytest.mark.parametrize("name", UNSEEN)
def test_intervals_beside_an_unseen_arc_hold_the_truth_in_two_hundred_simulations(name: str) -> None:
    print(check_unseen(name, range(1000, 1200), COVER))
