"""A cell to simulate together with the complementary cells that tell its parts apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from eisfit.simulate.scenario import Scenario


@dataclass(frozen=True)
class Beside:
    """A complementary cell, and what it has in common with the first.

    Parameters
    ----------
    name : str
        Of its folder.
    scenario : Scenario
        The cell.
    shares : tuple of str
        Segments that both cells have.
    geometry_err : float
        Relative standard error of its thickness / area against the first cell; each simulation draws one.
    """

    name: str
    scenario: Scenario
    shares: tuple[str, ...]
    geometry_err: float


@dataclass(frozen=True)
class Campaign:
    """A lettered scenario: a cell, how it is fitted jointly, and its complements.

    Parameters
    ----------
    letter : str
        By which it can be named.
    name, title : str
        Name, and what it shows.
    mechanism : str
        What limits the transfer, in the words of `eisfit.diagnose`; ``unresolved`` where the spectra of the cell leave
        it open.
    why : str
        Why the parts behave as they do.
    scenario : Scenario
        The first cell.
    share : tuple of str
        What has one value in all its spectra.
    laws : mapping of str to str
        What follows which law.
    circuit : str
        Circuit that fits the first cell, where it is not that of its template; empty for the template.
    complements : tuple of Beside
        Other cells.
    """

    letter: str
    name: str
    title: str
    mechanism: str
    why: str
    scenario: Scenario
    share: tuple[str, ...]
    laws: Mapping[str, str]
    circuit: str
    complements: tuple[Beside, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "laws", MappingProxyType(dict(self.laws)))
