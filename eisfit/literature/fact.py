"""A published value with its source, and where it belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from eisfit.literature.amount import Amount, amount
from eisfit.literature.words import ion_of, medium_of, salt_of, solid_of

KJ = "kJ/mol"
COLUMNS = (
    "class",
    "electrolyte_a",
    "electrolyte_b",
    "salt_or_concentration",
    "configuration",
    "quantity",
    "value",
    "unit",
    "temperature_C",
    "review_reference",
    "doi",
    "source",
    "note",
)
FURTHER = ("reference", "solid", "medium", "salt", "ion", "ordinate")  # that a file may have too
CLASSES = ("LE|SE", "PE|SE", "SE|SE", "SE")
DERIVED = "derived"  # of a source that is no report but a number worked out from others
_RESISTANCE = re.compile(r"R_(int|pol\(int\)|p|ct|SLEI|SPEI)(\b|$)")
_ENERGY = re.compile(r"E_A\(int\)")


@dataclass(frozen=True)
class Fact:
    """One published value.

    Parameters
    ----------
    line : int
        Where it stands in its file, counted with the heading.
    file : str
        Name of the file.
    cells : tuple of (str, str)
        Its columns and their texts, as they stand there.
    """

    line: int
    file: str
    cells: tuple[tuple[str, str], ...]

    def __getitem__(self, column: str) -> str:
        """Return the text of a column; empty where the file has none of that name."""
        return self._texts.get(column, "")

    @cached_property
    def _texts(self) -> dict[str, str]:
        return dict(self.cells)

    @property
    def where(self) -> str:
        """File and line, as messages name them."""
        return f"{self.file}, line {self.line}"

    @cached_property
    def amount(self) -> Amount:
        """The value as numbers, in its `unit`."""
        return amount(self["value"])

    @cached_property
    def temperature_c(self) -> Amount:
        """The temperature in °C as numbers; a text such as ``room T`` is none."""
        return amount(self["temperature_C"])

    @property
    def plotted_as(self) -> str:
        """``resistance`` or ``activation energy`` of an interface to a named solid; else empty."""
        if self["class"] == "SE" or self["electrolyte_a"].startswith("(") or not self["electrolyte_b"]:
            return ""
        if _RESISTANCE.match(self["quantity"]):
            return "resistance"
        return "activation energy" if _ENERGY.match(self["quantity"]) else ""

    @property
    def reported(self) -> bool:
        """Whether the source reports the number, and it was not worked out from others."""
        return not self["source"].startswith(DERIVED)

    @property
    def reference(self) -> str:
        """Where it was published."""
        return self["reference"] or (f"doi {self['doi']}" if self["doi"] else "")

    @property
    def solid(self) -> str:
        """Family of the solid electrolyte."""
        return self["solid"] or solid_of(self["electrolyte_b"])

    @property
    def medium(self) -> str:
        """Solvent or polymer on the other side."""
        return self["medium"] or medium_of(self["electrolyte_a"], self["class"])

    @property
    def salt(self) -> str:
        """Salt, if the source names it."""
        return self["salt"] or salt_of(self["electrolyte_a"], self["salt_or_concentration"])

    @property
    def ion(self) -> str:
        """``Li`` or ``Na``, as the source or the formulas name it."""
        return self["ion"] or ion_of(self["quantity"], self["electrolyte_a"], self["electrolyte_b"])
