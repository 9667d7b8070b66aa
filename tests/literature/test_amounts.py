"""Amounts as they are printed, and families by the words of a source."""

from __future__ import annotations

import math

import pytest

from eisfit.literature.amount import Amount, amount
from eisfit.literature.words import in_order, ion_of, medium_of, salt_of, solid_of


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("300", "value", 300, 300),
        ("1e-5", "value", 1e-5, 1e-5),
        ("about 300", "about", 300, 300),
        ("~9000", "about", 9000, 9000),
        ("ca. 50 (both)", "about", 50, 50),
        ('"32"', "value", 32, 32),
        ("250 - 25000", "range", 250, 25000),
        ("3280 -> 648", "range", 648, 3280),
        ("0.26-0.29", "range", 0.26, 0.29),
        ("0 to 25", "range", 0, 25),
        ("-20 to 25", "range", -20, 25),
        ("1e-5 - 1e-4", "range", 1e-5, 1e-4),
    ],
)
def test_a_number_is_read_as_it_is_printed(text: str, kind: str, low: float, high: float) -> None:
    found = amount(text)
    assert (found.kind, found.low, found.high) == (kind, low, high)


@pytest.mark.parametrize(
    "text", ["", "virtually zero", "0.315 / 0.515", "484 ; 784", "15:1", "room T", "A < B"]
)
def test_what_is_no_single_number_stays_a_text(text: str) -> None:
    assert amount(text).kind == "text"
    assert math.isnan(amount(text).middle)


def test_limits_have_one_end() -> None:
    below, above = amount("< 100 (many)"), amount(">1")
    assert (below.kind, below.high, math.isnan(below.low)) == ("upper limit", 100, True)
    assert (above.kind, above.low, math.isnan(above.high)) == ("lower limit", 1, True)
    assert (below.middle, above.middle) == (100, 1)


def test_the_middle_of_a_range_is_geometric_and_units_scale_all() -> None:
    assert amount("250 - 25000").middle == pytest.approx(2500)
    assert amount("-10 to 30").middle == 10
    assert amount("1 - 4").times(10) == Amount("range", 10, 40)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Li0.35La0.55TiO3", "LLTO"),
        ("Li3xLa2/3-xTiO3", "LLTO"),
        ("La0.55Li0.35TiO3", "LLTO"),
        ("Li6.6La3Zr1.6Ta0.4O12", "LLZO"),
        ("LLZTO", "LLZO"),
        ("Ohara glass ceramic", "LICGC"),
        ("Na3Zr1.88Y0.12Si2PO12", "Na NASICON"),
        ("NASICON-type", "NASICON-type"),
        ("Li3PS4", "Li3PS4"),
        ("a new glass", "a new glass"),
        ("", "not named"),
    ],
)
def test_solids_belong_to_families(text: str, family: str) -> None:
    assert solid_of(text) == family


def test_media_salts_and_ions_are_told_by_their_words() -> None:
    assert medium_of("LiPF6 in EC:DMC 1:1", "LE|SE") == "EC:DMC"
    assert medium_of("LiClO4 in DMC", "LE|SE") == "DMC"
    assert medium_of("aqueous, pH ~6-14", "LE|SE") == "water"
    assert medium_of("Na3PS4", "SE|SE") == "another solid"
    assert medium_of("an ionic liquid", "LE|SE") == "not stated"
    assert salt_of("PEO20:LiCF3SO3", "") == "LiTf"
    assert salt_of("PC", "LiClO4, 1 M") == "LiClO4"
    assert (ion_of("E_A(int), Na+"), ion_of("NaTf in PC"), ion_of("NASICON"), ion_of("LLTO")) == (
        "Na",
        "Na",
        "Li",
        "Li",
    )
    assert in_order(["zeolite", "LICGC", "LLTO", "a glass"]) == ["LLTO", "LICGC", "a glass", "zeolite"]
