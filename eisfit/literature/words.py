"""Families of conductors by the words of a source: solid electrolyte, solvent or polymer, salt, ion."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SOLIDS = (  # in the order in which figures show them
    ("LLTO", r"LLTO|^Li[\d.x]*La[\d./x-]*TiO3|^La[\d.]+Li[\d.]+TiO3"),
    ("LLZO", r"LLZ|^Li[\d.]+La3Zr"),
    ("LICGC", r"LICGC|Ohara"),
    ("LATP", r"LATP|LTAP|^Li[\d.]+Al[\d.]+Ti"),
    ("LAGP", r"LAGP|^Li[\d.]+Al[\d.]+Ge"),
    ("LiPON", r"LiPON"),
    ("Li6PS5Cl", r"Li6PS5"),
    ("LGPS", r"LGPS|Li10\w+P2S12"),
    ("Li3PS4", r"Li3PS4|LPS"),
    ("Na NASICON", r"^Na[\d.]+Zr|Na[- ]NASICON"),
    ("Na β''-Al₂O₃", r"Na.*beta"),
)
_MEDIA = (
    ("water", r"aqueous|H2O|water"),
    ("PEO", r"PEO|PE alone"),
    ("EC:DMC", r"EC[:/ ]+DMC|LP30"),
    ("EC:EMC", r"EC[:/ ]+EMC|LP57"),
    ("DMC", r"\bDMC"),
    ("DMSO", r"DMSO"),
    ("PC", r"\bPC\b"),
    ("DOL, DME", r"\bDOL|\bDME"),
)
_SALTS = (
    ("LiPF6", r"LiPF6|LP30|LP57"),
    ("LiClO4", r"LiClO4"),
    ("LiTFSI", r"LiTFSI"),
    ("LiTf", r"LiTf\b|LiCF3SO3"),
    ("LiFSI", r"LiFSI"),
    ("NaTf", r"NaTf\b|NaCF3SO3"),
    ("NaPF6", r"NaPF6"),
    ("NaClO4", r"NaClO4"),
)
NOT_STATED = "not stated"
NOT_NAMED = "not named"
OTHER_SOLID = "another solid"


def solid_of(electrolyte: str) -> str:
    """Return the family of a solid electrolyte; its own words where it is of none, ``not named`` for an empty text."""
    return _first(_SOLIDS, electrolyte) or electrolyte or NOT_NAMED


def medium_of(electrolyte: str, kind: str) -> str:
    """Return the solvent or polymer beside a solid; of two solids that there is another.

    Parameters
    ----------
    electrolyte : str
        The words of the source.
    kind : str
        Of the interface, such as ``LE|SE``.
    """
    return OTHER_SOLID if kind == "SE|SE" else _first(_MEDIA, electrolyte) or NOT_STATED


def salt_of(*texts: str) -> str:
    """Return the salt that one of several texts names."""
    return next((salt for text in texts if (salt := _first(_SALTS, text))), NOT_STATED)


def ion_of(*texts: str) -> str:
    """Return the ion that crosses: sodium where a text names it, else lithium."""
    return "Na" if any(re.search(r"\bNa(?![a-z])", text) for text in texts) else "Li"


def in_order(solids: Sequence[str]) -> list[str]:
    """Return families of solids in the order of figures; others behind them, by name."""
    known = [name for name, _ in _SOLIDS]
    return sorted(set(solids), key=lambda name: (known.index(name) if name in known else len(known), name))


def _first(table: Sequence[tuple[str, str]], text: str) -> str:
    return next((name for name, pattern in table if re.search(pattern, text)), "")
