"""Actions on what is fitted: template, electrodes, parameters, options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eisfit.cell.segments import Setting
from eisfit.errors import InputError
from eisfit.options import LOSSES, NAMED_WEIGHTS
from eisfit.session.actions import Action
from eisfit.session.project import Project, cell_named, sha256_of
from eisfit.spectrum.conditions import ELECTRODES
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.toml_table import Table
from eisfit.workflow.joint_keys import joint_keys

DISTINCT = 2  # numbers that a range has


@dataclass(frozen=True)
class ChooseTemplate(Action, kind="choose template"):
    """Choose what is fitted; what was said of the parameters of another template is forgotten.

    Parameters
    ----------
    template : str
        Name of a shipped template, whole path of a TOML file, or a circuit string.
    sha256 : str
        Of what the TOML file holds; a session adds it.
    """

    template: str
    sha256: str = ""

    def seen(self) -> ChooseTemplate:
        """Return this action with the SHA-256 of a file of one's own."""
        if not self.template.endswith(".toml") or not Path(self.template).is_file():
            return self
        return replace(self, sha256=sha256_of(Path(self.template)))

    def after(self, project: Project) -> Project:
        """Return the project with this template."""
        cell_named(self.template)
        changed = replace(project, template=self.template, template_sha256=self.sha256)
        if self.template != project.template:
            changed = replace(changed, parameters={}, without=(), assign=())
        return _checked(changed)


@dataclass(frozen=True)
class SetElectrodes(Action, kind="set electrodes"):
    """Say with how many electrodes all files were measured.

    Parameters
    ----------
    electrodes : int
        2, 3, 4 or 8.
    """

    electrodes: int

    def after(self, project: Project) -> Project:
        """Return the project with this number."""
        if self.electrodes not in ELECTRODES:
            raise InputError(f"electrodes is {self.electrodes!r}: it must be one of 2, 3, 4, 8")
        files = tuple(
            replace(f, keys={k: v for k, v in f.keys.items() if k != "electrodes"}) for f in project.files
        )
        keys = {**project.keys, "electrodes": self.electrodes}
        return _checked(replace(project, files=files, keys=keys))


@dataclass(frozen=True)
class SetParameter(Action, kind="set parameter"):
    """Fix a parameter, narrow its range, give its start, or tie it to another; what was said of it before is replaced.

    Parameters
    ----------
    name : str
        Such as ``Zarc_int_alpha``.
    fixed, start : float, optional
        In the unit of the parameter.
    range : tuple of (float, float), optional
        Its ends.
    tie : str, optional
        A factor times one other parameter, such as ``2*R1``.
    """

    name: str
    fixed: float | None = None
    start: float | None = None
    range: tuple[float, float] | None = None
    tie: str | None = None

    def after(self, project: Project) -> Project:
        """Return the project with this setting."""
        values = {"fixed": self.fixed, "start": self.start, "range": self.range, "tie": self.tie}
        given = {key: value for key, value in values.items() if value is not None}
        if not given:
            raise InputError(f"{self.name}: nothing is set; give a value, a start, a range or a tie")
        if not project.template:
            raise InputError(f"{self.name}: no template is chosen; choose one before its parameters are set")
        if self.range is not None and len(self.range) != DISTINCT:
            raise InputError(f"{self.name}: range is {self.range}; give its lower and its upper end")
        return _checked(replace(project, parameters={**project.parameters, self.name: given}))


@dataclass(frozen=True)
class StartAt(Action, kind="start at"):
    """Let the next fits start at values of many parameters; ranges stay, what is fixed or tied stays as it is.

    Parameters
    ----------
    values : mapping of str to float
        By parameter name, in their units.
    """

    values: Mapping[str, float]

    def after(self, project: Project) -> Project:
        """Return the project with these starts."""
        if not project.template:
            raise InputError("no template is chosen; choose one before its parameters are set")
        parameters = dict(project.parameters)
        for name, value in self.values.items():
            given = parameters.get(name, {})
            if "fixed" not in given and "tie" not in given:
                parameters[name] = {**given, "start": value}
        return _checked(replace(project, parameters=parameters))


@dataclass(frozen=True)
class FreeParameter(Action, kind="free parameter"):
    """Take back what was set of a parameter.

    Parameters
    ----------
    name : str
        Of the parameter.
    """

    name: str

    def after(self, project: Project) -> Project:
        """Return the project without the setting."""
        if self.name not in project.parameters:
            near = did_you_mean(self.name, project.parameters)
            raise InputError(f"{self.name}: nothing is set of this parameter{near}")
        left = {name: given for name, given in project.parameters.items() if name != self.name}
        return replace(project, parameters=left)


@dataclass(frozen=True)
class AssignArcs(Action, kind="assign arcs"):
    """Say which arcs the spectra show, in the order of their frequencies.

    Parameters
    ----------
    segments : tuple of str
        Segments of the template, the one of the highest frequency first; none for what eisfit decides.
    """

    segments: tuple[str, ...]

    def after(self, project: Project) -> Project:
        """Return the project with this order."""
        _check_segments(project, self.segments)
        return replace(project, assign=self.segments)


@dataclass(frozen=True)
class LeaveOutSegments(Action, kind="leave out segments"):
    """Say which segments of the template the cell does not have.

    Parameters
    ----------
    segments : tuple of str
        Their names; none for all that there are.
    """

    segments: tuple[str, ...]

    def after(self, project: Project) -> Project:
        """Return the project without these segments."""
        _check_segments(project, self.segments)
        return _checked(replace(project, without=self.segments))


@dataclass(frozen=True)
class KeepInLines(Action, kind="keep"):
    """Keep spectra in lines although their fit misses the data.

    Parameters
    ----------
    labels : tuple of str
        Of the spectra.
    """

    labels: tuple[str, ...]

    def after(self, project: Project) -> Project:
        """Return the project with these labels."""
        return replace(project, keep=self.labels)


@dataclass(frozen=True)
class ChooseOver(Action, kind="choose over"):
    """Choose the condition that orders the series.

    Parameters
    ----------
    over : str
        Such as ``time_h``; empty for the temperature.
    """

    over: str

    def after(self, project: Project) -> Project:
        """Return the project with this order."""
        return replace(project, over=self.over)


@dataclass(frozen=True)
class SetFitting(Action, kind="set fitting"):
    """Choose weights and loss.

    Parameters
    ----------
    weights, loss : str
        Their names; empty for the usual ones.
    """

    weights: str = ""
    loss: str = ""

    def after(self, project: Project) -> Project:
        """Return the project with these."""
        for what, name, known in (("weights", self.weights, NAMED_WEIGHTS), ("loss", self.loss, LOSSES)):
            if name and name not in known:
                near = did_you_mean(name, known)
                raise InputError(f"{what} = {name!r} is unknown{near}; known: {', '.join(known)}")
        return replace(project, weights=self.weights, loss=self.loss)


@dataclass(frozen=True)
class SetJoint(Action, kind="set joint"):
    """Say what a joint fit shares, which laws it keeps, and what is known from elsewhere.

    Parameters
    ----------
    keys : dict
        By key of a manifest: ``joint``, ``share``, ``law``, ``known``, ``complement``; none for no joint fit.
    """

    keys: dict[str, Any]

    def after(self, project: Project) -> Project:
        """Return the project with this."""
        table = Table(_lists(self.keys), "joint fit", InputError)
        joint_keys(table, Path())
        table.finish()
        return replace(project, joint=self.keys)


def _lists(value: Any) -> Any:
    """Return a value as TOML holds it: lists in place of tuples."""
    if isinstance(value, tuple | list):
        return [_lists(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _lists(inner) for key, inner in value.items()}
    return value


def _checked(project: Project) -> Project:
    """Return a project whose settings are right for its template, as far as the template is known."""
    cell = project.cell()
    if cell is not None:
        cell.setting({name: setting_of(given) for name, given in project.parameters.items()})
    return project


def setting_of(given: Any) -> Setting:
    """Return a setting from what a manifest says of a parameter."""
    low, high = given.get("range", (None, None))
    return Setting(given.get("start"), given.get("fixed"), low, high, given.get("tie"))


def _check_segments(project: Project, names: tuple[str, ...]) -> None:
    if not project.template:
        raise InputError("no template is chosen; choose one before its segments are named")
    known = [s.name for s in cell_named(project.template).segments]
    for name in names:
        if name not in known:
            raise InputError(
                f"there is no segment {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}"
            )
