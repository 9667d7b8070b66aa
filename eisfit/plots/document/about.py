"""What a report says of its results that the results do not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class About:
    """Where results come from, and what was noticed.

    Parameters
    ----------
    title : str
        Name of the cell or the series.
    source : str
        The file of the results.
    remarks : tuple of str
        Outcomes, findings and what the lines have shown, as the tables in a terminal list them.
    settings : mapping of str to str
        How the results were made.
    again : tuple of str
        How they are made again: sentences, commands.
    """

    title: str
    source: str = ""
    remarks: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    again: tuple[str, ...] = ()
