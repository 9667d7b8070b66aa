"""Concentrations of tables that are not in mol/L: converted where that is exact, else refused by their name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from eisfit.errors import InputError
from eisfit.laws.molarity import molarity_of_eo_ratio, molarity_of_molality
from eisfit.tools.frozen import Floats
from eisfit.workflow.number_table import NumberTable

CONCENTRATION = "concentration_mol_l"
DENSITY, MOLAR_MASS = "density_g_cm3", "molar_mass_g_mol"
_KINDS = (  # word, pattern of its names, what it is
    (
        "molality",
        r"molality.*|(c|conc|concentration|b|m)?_?mol(es)?_?(kg_?1?|per_kg)",
        "a molality, in mol per kg of solvent",
    ),
    (
        "eo_ratio",
        r"(ratio_)?(eo|o|ether_oxygen)_?(per_|to_|over_)?(li|na|cation|salt|k|mg)(_ratio)?|eo_ratio",
        "a ratio of ether oxygen to cations",
    ),
    ("mass", r"(c|conc|concentration|salt)?_?(wt|w|mass|weight)_?(percent|fraction)", "a share of mass"),
    ("mole", r"(c|conc|concentration|salt|x)?_?(mol|mole)_?(percent|fraction)", "a share of moles"),
)  # fmt: skip
_PER_LITRE = {
    "mmol_l": 1e-3,
    "mm": 1e-3,
    "mol_m3": 1e-3,
    "mol_dm3": 1.0,
    "mol_dm_3": 1.0,
    "m": 1.0,
    "mol_l_1": 1.0,
}


@dataclass(frozen=True)
class Concentration:
    """The concentrations of a table in mol/L, and what was done to them."""

    mol_l: Floats
    remarks: tuple[str, ...] = ()


def other_concentration(names: Iterable[str]) -> tuple[str, str]:
    """Return the first name that is a concentration in another measure than mol/L, and what it is; '' where none is.

    Parameters
    ----------
    names : iterable of str
        Headings or keys, such as ``molality_mol_kg``, ``EO:Li``, ``concentration (wt%)``.

    Examples
    --------
    >>> other_concentration(["asr_ohm_cm2", "EO:Li"])
    ('EO:Li', 'a ratio of ether oxygen to cations')
    """
    for name in names:
        if kind := _kind(name):
            return name, kind[1]
    return "", ""


def concentrations_of(table: NumberTable, law: str) -> Concentration:
    """Return the concentrations of a table: its column, or another measure with what converts it.

    Parameters
    ----------
    table : NumberTable
        The file.
    law : str
        For the message.

    Raises
    ------
    InputError
        If there is none in mol/L and what is there cannot be converted.
    """
    if CONCENTRATION in table.columns:
        return Concentration(table.numbers(CONCENTRATION))
    for name in table.columns:
        found = re.fullmatch(r"(?:concentration|conc|c)_?(.*)", _plain(name))
        if found and found[1] in _PER_LITRE and _kind(name) is None:
            if found[1] in ("m", "mm") and not re.search(r"M\W*$", name):
                raise InputError(
                    f"{table.path}: {name!r} may be molar (M) or molal (m): write {CONCENTRATION} or molality_mol_kg"
                )
            text = f"{CONCENTRATION} is {name!r} times {_PER_LITRE[found[1]]:g}"
            return Concentration(table.numbers(name) * _PER_LITRE[found[1]], (text,))
    name, what = other_concentration(table.columns)
    if not name:
        return Concentration(table.numbers(CONCENTRATION))
    kind = _kind(name)
    convert = {"molality": molarity_of_molality, "eo_ratio": molarity_of_eo_ratio}.get(
        kind[0] if kind else ""
    )
    lacking = [column for column in (DENSITY, MOLAR_MASS) if column not in table.columns]
    if convert is None or lacking:
        raise InputError(f"{table.path}: {refused(name, what, law)}")
    mol_l = convert(table.numbers(name), table.numbers(DENSITY), table.numbers(MOLAR_MASS))
    return Concentration(mol_l, (f"{CONCENTRATION} was computed from {name!r}, {DENSITY} and {MOLAR_MASS}",))


def refused(name: str, what: str, law: str) -> str:
    """Return why a concentration is refused, and its cure."""
    beside = (
        f"; or give {DENSITY} of the solution and {MOLAR_MASS} of the salt beside it"
        if "share" not in what
        else ""
    )
    return f"{name!r} is {what}, and {law} is over mol per litre of solution: write {CONCENTRATION}{beside}"


def _plain(name: str) -> str:
    text = name.replace("%", " percent").lower()
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def _kind(name: str) -> tuple[str, str] | None:
    plain = _plain(name)
    return next(((word, what) for word, pattern, what in _KINDS if re.fullmatch(pattern, plain)), None)
