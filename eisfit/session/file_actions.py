"""Actions on files: open, mask, cut, conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eisfit.errors import InputError
from eisfit.session.actions import Action
from eisfit.session.project import File, Project
from eisfit.tools.toml_table import Table
from eisfit.workflow.cell_names import checked_cell
from eisfit.workflow.given_conditions import given_in, own_in
from eisfit.workflow.manifest import Cut

ALL = ""  # in place of a path: all files


@dataclass(frozen=True)
class OpenFiles(Action, kind="open files"):
    """Open data files, as `opening` found them.

    Parameters
    ----------
    files : tuple of File
        Those that are open already are opened anew: what was said of them is forgotten.
    """

    files: tuple[File, ...]

    def __post_init__(self) -> None:
        made = tuple(f if isinstance(f, File) else File(**f) for f in self.files)
        object.__setattr__(self, "files", made)

    def after(self, project: Project) -> Project:
        """Return the project with these files."""
        if not self.files:
            raise InputError("no file is named: name at least one data file or folder")
        new = {f.path: f for f in self.files}
        kept = tuple(f for f in project.files if f.path not in new)
        return replace(project, files=kept + tuple(new.values()))


@dataclass(frozen=True)
class OpenResults(Action, kind="open results"):
    """Open a file of results.

    Parameters
    ----------
    path : str
        A file that `eisfit series` or `eisfit fit` has written.
    """

    path: str

    def after(self, project: Project) -> Project:
        """Return the project with these results."""
        others = tuple(p for p in project.results if p != self.path)
        return replace(project, results=(*others, self.path))


@dataclass(frozen=True)
class LeaveOutFile(Action, kind="leave out file"):
    """Let a whole file take no part.

    Parameters
    ----------
    path : str
        Of the file.
    reason : str
        Why.
    """

    path: str
    reason: str = ""

    def after(self, project: Project) -> Project:
        """Return the project without the file in its fits."""
        return project.with_file(replace(project.file(self.path), left_out=True, why=self.reason))


@dataclass(frozen=True)
class TakeBackFile(Action, kind="take back file"):
    """Let a file that was left out take part again.

    Parameters
    ----------
    path : str
        Of the file.
    """

    path: str

    def after(self, project: Project) -> Project:
        """Return the project with the file in its fits."""
        return project.with_file(replace(project.file(self.path), left_out=False, why=""))


@dataclass(frozen=True)
class Mask(Action, kind="mask"):
    """Mask points of a file, in all of its sweeps.

    Parameters
    ----------
    path : str
        Of the file.
    points : tuple of int
        Counted from 0 in the order of measurement.
    reason : str
        Why they take no part.
    """

    path: str
    points: tuple[int, ...]
    reason: str = "masked by hand"

    def after(self, project: Project) -> Project:
        """Return the project with these points masked; those that are masked keep their first reason."""
        file = project.file(self.path)
        for point in self.points:
            if not 0 <= point < file.points:
                raise InputError(
                    f"{file.name}: there is no point {point}; its points are 0 to {file.points - 1}"
                )
        masked = {**dict.fromkeys(self.points, self.reason), **dict(file.masked)}
        if len(masked) == file.points:
            raise InputError(
                f"{file.name}: no point would be left; leave out the whole file, or mask fewer points"
            )
        return project.with_file(replace(file, masked=tuple(sorted(masked.items()))))


@dataclass(frozen=True)
class Unmask(Action, kind="unmask"):
    """Let masked points take part again.

    Parameters
    ----------
    path : str
        Of the file.
    points : tuple of int
        Those that are not masked are passed over; none for all that are.
    """

    path: str
    points: tuple[int, ...] = ()

    def after(self, project: Project) -> Project:
        """Return the project with these points in use."""
        file = project.file(self.path)
        back = set(self.points) or {k for k, _ in file.masked}
        return project.with_file(replace(file, masked=tuple(m for m in file.masked if m[0] not in back)))


@dataclass(frozen=True)
class CutFrequencies(Action, kind="cut"):
    """Leave out the points outside a window.

    Parameters
    ----------
    f_min_hz, f_max_hz : float, optional
        Its ends in Hz; None for no end.
    path : str
        Of one file; empty for all.
    """

    f_min_hz: float | None = None
    f_max_hz: float | None = None
    path: str = ALL

    def after(self, project: Project) -> Project:
        """Return the project with this window."""
        for name in ("f_min_hz", "f_max_hz"):
            value = getattr(self, name)
            if value is not None and not 0 < value < float("inf"):
                raise InputError(f"{name} is {value:g}; it must be a positive frequency in Hz")
        Cut(self.f_min_hz, self.f_max_hz)
        window: dict[str, Any] = {"f_min_hz": self.f_min_hz, "f_max_hz": self.f_max_hz}
        if self.path == ALL:
            return replace(project, **window)
        return project.with_file(replace(project.file(self.path), **window))


@dataclass(frozen=True)
class SetCondition(Action, kind="set condition"):
    """Give a condition: a temperature, an area, a thickness, a number of one's own.

    Parameters
    ----------
    name : str
        Key of a manifest, in any unit it knows: ``temperature_c``, ``area_cm2``, ``diameter_mm``, ``soc``.
    value : float, str or mapping, optional
        None for what the file states.
    path : str
        Of one file; empty for all.
    """

    name: str
    value: Any = None
    path: str = ALL

    def after(self, project: Project) -> Project:
        """Return the project with this condition, in the unit in which eisfit keeps it."""
        changes = canonical(self.name, self.value)
        if self.path == ALL:
            files = tuple(replace(f, keys=_without(f.keys, changes)) for f in project.files)
            return replace(project, files=files, keys=_changed(project.keys, changes))
        file = project.file(self.path)
        return project.with_file(replace(file, keys=_changed(file.keys, changes)))


@dataclass(frozen=True)
class SetCell(Action, kind="set cell"):
    """Tell of which cell a file is; each cell is a series of its own.

    Parameters
    ----------
    path : str
        Of the file.
    cell : str
        Its name.
    """

    path: str
    cell: str

    def after(self, project: Project) -> Project:
        """Return the project with the file in this cell."""
        file = project.file(self.path)
        return project.with_file(replace(file, cell=checked_cell(self.cell, file.name) if self.cell else ""))


def canonical(name: str, value: Any) -> dict[str, Any]:
    """Return a condition under the keys and in the units of `Conditions`, checked; None where it is taken back.

    Raises
    ------
    InputError
        If the name or the value is none.
    """
    if value is None:
        found = given_in(Table({name: 1.0}, "the session", InputError)).values
        return dict.fromkeys(found or (name,))
    table = Table({name: value}, f"{name} = {value}", InputError)
    found_here = given_in(table)
    own = own_in(table)
    table.finish()
    found_here.then(own).conditions("the session")
    return {**found_here.values, **own.own}


def _changed(keys: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in {**keys, **changes}.items() if v is not None}


def _without(keys: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in keys.items() if k not in changes}


def whole(path: str | Path) -> str:
    """Return the whole path of a file."""
    return str(Path(path).absolute())
