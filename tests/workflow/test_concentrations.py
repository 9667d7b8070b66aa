"""Concentrations in other measures than mol/L: converted with a density, refused by name without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import InputError, SeriesError
from eisfit.laws import molarity_of_eo_ratio, molarity_of_molality
from eisfit.workflow.concentrations import concentrations_of, other_concentration
from eisfit.workflow.given_conditions import not_own
from eisfit.workflow.number_table import NumberTable, number_table

LAW = "power of concentration"


def table(folder: Path, text: str) -> NumberTable:
    path = folder / "points.csv"
    path.write_text(text)
    return number_table(path)


def test_a_litre_of_solution_holds_its_salt_and_solvent() -> None:
    c, mass = 1.3, 151.905  # mol/L, g/mol
    density = 1.31  # g/cm3
    solvent_kg = (1000 * density - c * mass) / 1000
    assert molarity_of_molality(c / solvent_kg, density, mass) == pytest.approx(c, rel=1e-14)


def test_a_litre_of_polymer_electrolyte_holds_its_salt_and_ether() -> None:
    c, mass, density = 1.1, 287.09, 1.2
    ether_mol = (1000 * density - c * mass) / 44.053
    assert molarity_of_eo_ratio(ether_mol / c, density, mass) == pytest.approx(c, rel=1e-14)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_what_is_not_positive_is_refused(bad: float) -> None:
    with pytest.raises(SeriesError, match=r"density_g_cm3 is .*: it must be finite and positive"):
        molarity_of_molality(1.0, bad, 150.0)
    with pytest.raises(SeriesError, match="eo_per_cation is"):
        molarity_of_eo_ratio(bad, 1.2, 287.0)


@pytest.mark.parametrize(
    "name", ["molality", "Molality (mol/kg)", "concentration_mol_kg", "EO:Li", "eo_per_li", "[EO]/[Li]"]
)
def test_another_measure_needs_density_and_molar_mass(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        InputError, match="write concentration_mol_l; or give density_g_cm3 of the solution"
    ) as error:
        concentrations_of(table(tmp_path, f"{name},asr_ohm_cm2\n20,300\n10,200\n"), LAW)
    assert repr(name) in str(error.value)
    with_both = f"{name},density_g_cm3,molar_mass_g_mol\n20,1.2,287.09\n"
    assert concentrations_of(table(tmp_path, with_both), LAW).mol_l[0] > 0.5


@pytest.mark.parametrize("name", ["wt%", "mole fraction", "concentration (wt%)"])
def test_shares_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"a share of m(ass|oles), .*: write concentration_mol_l$"):
        concentrations_of(table(tmp_path, f"{name},asr_ohm_cm2\n20,300\n"), LAW)


@pytest.mark.parametrize(
    ("name", "factor"),
    [("concentration_mmol_l", 1e-3), ("c (mol/dm3)", 1.0), ("conc/mM", 1e-3), ("c (M)", 1.0)],
)
def test_other_units_per_litre_are_converted(tmp_path: Path, name: str, factor: float) -> None:
    found = concentrations_of(table(tmp_path, f"{name},asr_ohm_cm2\n20,300\n"), LAW)
    assert found.mol_l == pytest.approx([20 * factor])
    assert repr(name) in found.remarks[0]


@pytest.mark.parametrize("name", ["c (m)", "concentration_m", "conc/mm"])
def test_molar_is_not_taken_for_molal(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"may be molar \(M\) or molal \(m\): write concentration_mol_l or"):
        concentrations_of(table(tmp_path, f"{name},asr_ohm_cm2\n1,300\n"), LAW)


def test_other_columns_are_no_concentrations() -> None:
    names = ["asr_ohm_cm2", "cell", "temperature_c", "concentration_mol_l", "contribution", "time_h", "soc"]
    assert other_concentration(names) == ("", "")


def test_a_key_in_another_measure_says_so() -> None:
    assert "a molality" in not_own("concentration_mol_kg")
    assert not_own("molality_mol_kg") == ""
