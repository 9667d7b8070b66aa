"""What is open in a session, and what is chosen for it: the state that actions change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.cell.counts import given_numbers
from eisfit.cell.find import resolve_cell, shipped, template
from eisfit.errors import InputError
from eisfit.session.recipe import Recipe
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.cell.templates import Template


@dataclass(frozen=True)
class File:
    """A data file that is open.

    Parameters
    ----------
    path : str
        Where it lies, as a whole path.
    sha256 : str
        Of what it held when it was opened.
    points, sweeps : int
        Points of its shortest sweep, and the number of its sweeps.
    keys : mapping of str to object
        Conditions that were given for it, by key of a manifest.
    cell, channel : str
        Which cell it is of, and which impedance is taken from it; empty where there is no choice.
    f_min_hz, f_max_hz : float, optional
        Ends of the frequency window in Hz, for this file alone.
    masked : tuple of (int, str)
        Points that take no part, in all sweeps of the file, each with the reason.
    left_out : bool
        Whether the whole file takes no part.
    why : str
        Why it is left out.
    """

    path: str
    sha256: str = ""
    points: int = 0
    sweeps: int = 1
    keys: Mapping[str, Any] = field(default_factory=dict)
    cell: str = ""
    channel: str = ""
    f_min_hz: float | None = None
    f_max_hz: float | None = None
    masked: tuple[tuple[int, str], ...] = ()
    left_out: bool = False
    why: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "masked", tuple((int(k), str(reason)) for k, reason in self.masked))

    @property
    def name(self) -> str:
        """The name of the file without its folder."""
        return Path(self.path).name


@dataclass(frozen=True)
class Project:
    """All that a session holds.

    Parameters
    ----------
    files : tuple of File
        In the order in which they were opened.
    results : tuple of str
        Files of results that are open.
    template : str
        Name or path of a template, or a circuit string; empty where none is chosen.
    template_sha256 : str
        Of what the file of the template held when it was chosen.
    keys : mapping of str to object
        Conditions of all files, by key of a manifest: ``electrodes``, ``area_cm2``.
    f_min_hz, f_max_hz : float, optional
        Ends of the frequency window of all files in Hz.
    parameters : mapping of str to mapping
        What is set of parameters: ``fixed``, ``start``, ``range``, ``tie``.
    over : str
        The condition that orders the series; empty for the temperature where it is known.
    weights, loss : str
        Names of the weights and of the loss; empty for the usual ones.
    without, assign, keep : tuple of str
        As in a manifest.
    joint : mapping of str to object
        What is said of a joint fit, by key of a manifest.
    asked : tuple of Recipe
        The fits and distributions that were asked for, the latest last.
    saved : str
        The folder to which it was saved last.
    """

    files: tuple[File, ...] = ()
    results: tuple[str, ...] = ()
    template: str = ""
    template_sha256: str = ""
    keys: Mapping[str, Any] = field(default_factory=dict)
    f_min_hz: float | None = None
    f_max_hz: float | None = None
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    over: str = ""
    weights: str = ""
    loss: str = ""
    without: tuple[str, ...] = ()
    assign: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    joint: Mapping[str, Any] = field(default_factory=dict)
    asked: tuple[Recipe, ...] = ()
    saved: str = ""

    @property
    def taking_part(self) -> tuple[File, ...]:
        """The files that are not left out."""
        return tuple(f for f in self.files if not f.left_out)

    def file(self, path: str) -> File:
        """Return an open file by its path.

        Raises
        ------
        InputError
            If it is not open; the message names those that are like it.
        """
        for each in self.files:
            if each.path == path:
                return each
        near = did_you_mean(Path(path).name, [f.name for f in self.files])
        raise InputError(f"{path}: this file is not open in the session{near}; open it first")

    def with_file(self, changed: File) -> Project:
        """Return this project with a file in the place of the one of its path."""
        self.file(changed.path)
        return replace(self, files=tuple(changed if f.path == changed.path else f for f in self.files))

    def cell(self) -> Template | None:
        """Return the template as the probes see it; None where no template, or no number of electrodes, is chosen.

        Raises
        ------
        TemplateError
            If the template has no configuration of that number of electrodes.
        """
        if not self.template:
            return None
        known = cell_named(self.template)
        if not is_circuit(self.template):
            if self.electrodes is None and len(known.configurations) > 1:
                return None
            known = known.with_electrodes(self.electrodes)
            own = {k: v for k, v in self.keys.items() if isinstance(v, int | float)}
            if {count.name for count in known.counts} - own.keys():
                return None
            known = known.with_counts(given_numbers(known.counts, [own], f"template {known.name!r}"))
        return known.without(self.without)

    @property
    def electrodes(self) -> int | None:
        """The number of electrodes, where it is the same for all files."""
        given = {f.keys.get("electrodes", self.keys.get("electrodes")) for f in self.taking_part}
        found = given.pop() if len(given) == 1 else self.keys.get("electrodes")
        return None if found is None else int(found)


def is_circuit(name: str) -> bool:
    """Tell whether the name of what is fitted is a circuit string, and no template."""
    return not (name.endswith(".toml") or name.lower() in shipped())


def cell_named(name: str) -> Template:
    """Return the template of a name, path or circuit string, with no configuration chosen yet.

    Raises
    ------
    TemplateError, CircuitError
        If there is no such template, or the circuit string does not parse.
    """
    return resolve_cell(name) if is_circuit(name) else template(name)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of what a file holds."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
