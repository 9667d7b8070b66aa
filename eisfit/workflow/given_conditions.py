"""The conditions that a manifest gives: fields of `Conditions`, geometry in lab units, numbers of one's own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from eisfit.errors import InputError, ManifestError
from eisfit.spectrum.conditions import CONDITION_FIELDS, CONDITION_NUMBERS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.tables.columns import refuse_taken
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.toml_table import Table, shown
from eisfit.workflow.concentrations import other_concentration

OTHERS = ("electrodes", "probe_pair", "layers", "probes_cm")
PAIR = "pair"  # short for probe_pair
CUTS = ("f_min_hz", "f_max_hz", "drop")
CELL_CONSTANT = "cell_constant_per_cm"
# key, field and factor; a diameter in mm gives the area of a disc by its square
LAB_UNITS: Mapping[str, tuple[str, float]] = {
    "thickness_mm": ("thickness_cm", 0.1),
    "thickness_um": ("thickness_cm", 1e-4),
    "area_mm2": ("area_cm2", 1e-2),
    "diameter_mm": ("area_cm2", math.pi / 400),
}
AGREE = 1e-3  # largest relative difference at which two statements agree
_ALIKE = 0.85  # from this similarity on, a name is a known one with a slip of the pen
_QUANTITIES = frozenset(  # a name that begins so means a known quantity in an unknown unit
    {"t", "temp", "temperature", "area", "thick", "thickness", "diameter", "bias", "amplitude", "electrode"}
    | {"electrodes", "layer", "layers", "time", "conc", "concentration", "cellconstant"}
)
_KNOWN = (
    *CONDITION_NUMBERS, *OTHERS, *LAB_UNITS, CELL_CONSTANT, *CUTS, "channel", "file", "files", "template", "circuit",
    "over", "weights", "loss", "keep", "without", "assign", "parameter", "fixed", "tie", "spectrum",
    "temperature_from_name", "cell", "cell_from_name", "cell_column", "pair", "pair_from_name",
    "joint", "share", "law", "known", "complement", "drift_correction", "drt",
    "suggest",
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """What one table or line of a manifest says of the conditions, in the units of `Conditions`.

    Parameters
    ----------
    values : mapping of str to object
        Fields of `Conditions`.
    own : mapping of str to float
        Numbers of one's own.
    cell_constant_per_cm : float, optional
        Thickness over area in 1/cm.
    converted : bool
        Whether a value was given in another unit, so that the geometry is to be said in words.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, float] = field(default_factory=dict)
    cell_constant_per_cm: float | None = None
    converted: bool = False

    def then(self, later: Given) -> Given:
        """Return these conditions with those that count before them."""
        constant = later.cell_constant_per_cm
        return Given(
            {**self.values, **later.values},
            {**self.own, **later.own},
            self.cell_constant_per_cm if constant is None else constant,
            self.converted or later.converted,
        )

    def conditions(self, where: str) -> tuple[Conditions, tuple[Finding, ...]]:
        """Return the conditions, and a finding that says converted geometry in words.

        Raises
        ------
        ManifestError
            If a value is wrong, or a cell constant has neither area nor thickness beside it, or contradicts both.
        """
        try:
            known = Conditions(**self.values, own=self.own)
        except (InputError, TypeError, ValueError, AttributeError) as error:
            raise ManifestError(f"{where}: {error}") from None
        if self.cell_constant_per_cm is not None:
            known = _with_cell_constant(known, self.cell_constant_per_cm, where)
        return known, ((_in_words(known),) if self.converted else ())


def given(values: Mapping[str, Any], own: Mapping[str, float], where: str) -> Given:
    """Return what is given under keys of a manifest, lab units converted.

    Parameters
    ----------
    values : mapping of str to object
        Fields of `Conditions`, keys of `LAB_UNITS`, and the cell constant.
    own : mapping of str to float
        Numbers of one's own.
    where : str
        For messages.

    Raises
    ------
    ManifestError
        If two keys state the same quantity, or a value in a lab unit is not positive.
    """
    plain = {name: value for name, value in values.items() if name not in (*LAB_UNITS, CELL_CONSTANT)}
    constant = values.get(CELL_CONSTANT)
    if constant is not None:
        _require_positive(CELL_CONSTANT, constant, where)
    stated = {name: name for name in plain}
    lab = [key for key in LAB_UNITS if key in values]
    for key in lab:
        name, factor = LAB_UNITS[key]
        if name in stated:
            raise ManifestError(f"{where}: {stated[name]} and {key} state the same quantity; keep one")
        _require_positive(key, values[key], where)
        stated[name] = key
        plain[name] = factor * values[key] ** (2 if key == "diameter_mm" else 1)
    return Given(plain, dict(own), constant, bool(lab) or constant is not None)


def given_in(table: Table) -> Given:
    """Return the conditions that a table of a ``series.toml`` gives under known keys."""
    found: dict[str, Any] = {
        name: table.number(name) for name in (*CONDITION_NUMBERS, *LAB_UNITS, CELL_CONSTANT)
    }
    found |= {name: table.take(name, None) for name in OTHERS}
    found["probe_pair"] = _pair(table, found["probe_pair"])
    return given({name: value for name, value in found.items() if value is not None}, {}, table.where)


def _pair(table: Table, given: object) -> object:
    """Return the pair of probes, also where it stands under the short key."""
    short = table.take(PAIR, None)
    if short is not None and given is not None:
        raise ManifestError(f"{table.where}: {PAIR} and probe_pair state the same; keep one")
    pair = given if short is None else short
    if pair is not None and not isinstance(pair, str):
        raise ManifestError(
            f'{table.where}: {PAIR} is {shown(pair)}; write the names of two probes, as {PAIR} = "L2-S1"'
        )
    return pair


def own_in(table: Table) -> Given:
    """Return the numbers of one's own of a table: under keys that nothing else has taken.

    Raises
    ------
    ManifestError
        If a key is a known one with a slip of the pen, or names a column of the tables.
    """
    own = table.further_numbers()
    for name in own:
        if reason := not_own(name):
            raise ManifestError(f"{table.where}: unknown key {name!r}; {reason}")
    return Given({}, own)


def not_own(name: str) -> str:
    """Return why a name is none for a condition of one's own, or ''."""
    measure, what = other_concentration([name])
    if measure and name.lower().startswith("conc"):
        return (
            f"it is {what}, no concentration in mol/L: convert it ('eisfit law list' names the formulas), or keep it "
            "under a name such as molality_mol_kg or eo_per_li"
        )
    near = get_close_matches(name.lower(), _KNOWN, 1, _ALIKE)
    if near:
        return f"did you mean {near[0]}? A condition of your own needs a name less like it"
    word = name.lower().partition("_")[0]
    if word in _QUANTITIES:
        keys = ", ".join(key for key in _KNOWN if key.startswith(word) and "err" not in key)
        known = keys or "see the tutorial"
        return f"write it under a known key ({known}), or give a condition of your own another name"
    try:
        refuse_taken(name)
    except InputError as error:
        return str(error)
    return "it is a field of its own" if name in CONDITION_FIELDS else ""


def over_among(over: str, entries: Iterable[Conditions], where: str) -> str:
    """Return the name of the condition that orders a series.

    Raises
    ------
    ManifestError
        If it is neither a known condition nor one of the entries' own.
    """
    known = (*CONDITION_NUMBERS, *dict.fromkeys(name for c in entries for name in c.own))
    if over not in known:
        raise ManifestError(
            f"{where}: over = {over!r} is no condition{did_you_mean(over, known)}; known: {', '.join(known)}; "
            "a number of your own is one where a spectrum has it"
        )
    return over


def _with_cell_constant(known: Conditions, constant: float, where: str) -> Conditions:
    area, thickness = known.area_cm2, known.thickness_cm
    if area is None and thickness is None:
        raise ManifestError(
            f"{where}: {CELL_CONSTANT} = {constant:g} is thickness over area; write area_cm2, diameter_mm or "
            "thickness_cm beside it"
        )
    if area is None:
        assert thickness is not None
        return known.updated(area_cm2=thickness / constant)
    if thickness is None:
        return known.updated(thickness_cm=constant * area)
    if abs(thickness / area - constant) > AGREE * constant:
        raise ManifestError(
            f"{where}: {CELL_CONSTANT} = {constant:g}, but thickness over area is {thickness / area:.4g}; keep two "
            "of the three"
        )
    return known


def _in_words(known: Conditions) -> Finding:
    parts = []
    if known.area_cm2 is not None:
        parts.append(
            f"area {known.area_cm2:.3g} cm² = disc of {20 * math.sqrt(known.area_cm2 / math.pi):.3g} mm"
        )
    if known.thickness_cm is not None:
        parts.append(f"thickness {known.thickness_cm:.3g} cm = {10 * known.thickness_cm:.3g} mm")
    return Finding("geometry", ", ".join(parts))


def _require_positive(key: str, value: float, where: str) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ManifestError(
            f"{where}: {key} is {value:g}: it must be positive; leave it out if it is not known"
        )
