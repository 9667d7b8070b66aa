"""Actions that ask for numbers: a fit of one, of the series, of all at once, distributions; and save."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from eisfit.errors import InputError
from eisfit.session.actions import Action
from eisfit.session.project import File, Project
from eisfit.session.recipe import DISTRIBUTIONS, JOINT, ONE, SERIES, SUGGESTION, WITHOUT_MODEL, Recipe
from eisfit.session.series_text import series_text


@dataclass(frozen=True)
class FitSeries(Action, kind="fit series"):
    """Fit all files that take part, as `eisfit series` does."""

    def after(self, project: Project) -> Project:
        """Return the project with this fit asked for."""
        return _asking(project, SERIES, project.taking_part)


@dataclass(frozen=True)
class FitJoint(Action, kind="fit joint"):
    """Fit all files that take part at once."""

    def after(self, project: Project) -> Project:
        """Return the project with this fit asked for."""
        joint = replace(project, joint={**project.joint, "joint": True})
        return replace(project, asked=_asking(joint, JOINT, project.taking_part).asked)


@dataclass(frozen=True)
class FitOne(Action, kind="fit one"):
    """Fit one file alone.

    Parameters
    ----------
    path : str
        Of the file.
    """

    path: str

    def after(self, project: Project) -> Project:
        """Return the project with this fit asked for."""
        return _asking(project, ONE, (replace(project.file(self.path), left_out=False),))


@dataclass(frozen=True)
class ShowDistributions(Action, kind="show distributions"):
    """Look at distributions of relaxation times, without a model.

    Parameters
    ----------
    paths : tuple of str
        Of the files; none for all that take part.
    """

    paths: tuple[str, ...] = ()

    def after(self, project: Project) -> Project:
        """Return the project with these asked for."""
        files = tuple(map(project.file, self.paths)) or project.taking_part
        return _asking(project, DISTRIBUTIONS, files)


@dataclass(frozen=True)
class Suggest(Action, kind="suggest"):
    """Ask which templates and circuits the spectra of a cell allow.

    Parameters
    ----------
    paths : tuple of str
        Of the files; none for all that take part.
    """

    paths: tuple[str, ...] = ()

    def after(self, project: Project) -> Project:
        """Return the project with a suggestion asked for; what is chosen or set of a model does not enter it."""
        files = tuple(map(project.file, self.paths)) or project.taking_part
        return replace(project, asked=_asking(without_model(project), SUGGESTION, files).asked)


def without_model(project: Project) -> Project:
    """Return a project with nothing chosen of a model."""
    return replace(
        project, template="", parameters={}, without=(), assign=(), keep=(), joint={}, weights="", loss=""
    )


@dataclass(frozen=True)
class Save(Action, kind="save"):
    """Write the series.toml, the commands, and the latest results into a folder.

    Parameters
    ----------
    folder : str
        It is made if it does not exist.
    """

    folder: str

    def after(self, project: Project) -> Project:
        """Return the project saved there."""
        place = Path(self.folder)
        if place.exists() and not place.is_dir():
            raise InputError(f"{place}: this is a file; name a folder")
        return replace(project, saved=str(place.absolute()))


def _asking(project: Project, kind: str, files: tuple[File, ...]) -> Project:
    """Return a project in which a recipe is asked for, as the latest."""
    if not files:
        raise InputError("no file takes part: open files, or take back those that were left out")
    if kind not in WITHOUT_MODEL and not project.template:
        raise InputError("no template is chosen; choose one (eisfit templates lists them), or give a circuit")
    narrowed = replace(project, files=files)
    if kind == ONE:
        narrowed = replace(narrowed, joint={}, keep=())
    seen = [(f.path, f.sha256) for f in files]
    if kind not in WITHOUT_MODEL and project.template_sha256:
        seen.append((project.template, project.template_sha256))
    recipe = Recipe(kind, series_text(narrowed), tuple(seen))
    return replace(project, asked=(*(r for r in project.asked if r.key != recipe.key), recipe))
