"""What the spectra of a cell cannot tell, and which complementary cell tells it."""

from __future__ import annotations

from dataclasses import dataclass

SYSTEMS = (  # groups in which lists of templates show them
    "liquid | solid",
    "polymer | solid",
    "solid | solid",
    "battery",
    "one electrolyte",
)


@dataclass(frozen=True)
class Limit:
    """A question that a template leaves open.

    Parameters
    ----------
    cannot_tell : str
        The question, as what cannot be told.
    told_by : str
        What answers it: another cell, geometry or condition.
    complement : tuple of str
        Templates of the cells that answer it; empty where the same cell does, in another way.
    """

    cannot_tell: str
    told_by: str
    complement: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The question with its answer, in one sentence."""
        by = f" ({', '.join(self.complement)})" if self.complement else ""
        return f"{self.cannot_tell}; told by {self.told_by}{by}"
