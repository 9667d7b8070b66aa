"""What the pages of one server share: the session, the job that runs, what is selected."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from eisfit.app.curves import Curves, read_curves
from eisfit.app.jobs import DONE, Job
from eisfit.app.later import Later
from eisfit.app.shown import Shown, load
from eisfit.app.tasks import Compute, Export, Open, Task
from eisfit.errors import EisfitError, InputError
from eisfit.session import (
    Action,
    AssignArcs,
    Done,
    File,
    FitJoint,
    FitOne,
    FitSeries,
    OpenFiles,
    Recipe,
    Session,
    Suggest,
    Suggested,
)
from eisfit.session.look import spectra_of
from eisfit.session.recipe import DISTRIBUTIONS, JOINT, ONE, SERIES, SUGGESTION
from eisfit.session.suggested import read_suggested
from eisfit.spectrum.spectrum import Spectrum
from eisfit.validity.checks import check
from eisfit.workflow.template_candidates import Candidate, candidates

_KEPT = 64  # spectra that are kept in memory
_LOOKED_AT = 12  # spectra by which templates are sorted


class Desk:
    """The state behind all pages of a server; a page that is loaded again shows it as it was.

    Parameters
    ----------
    session : Session
        Of which the pages show everything.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.version = 0  # rises with every change, so that pages know when to draw anew
        self.selected, self.tab, self.dark = "", "Files", False
        self.reason = "masked by hand"
        self.path, self.folder = "", session.project.saved  # as typed: a page that draws anew keeps them
        self.ordinate, self.unit, self.shown, self.trend = "", "eV", "", ""
        self.beside: tuple[str, ...] = ()  # results that are compared
        self.contribution = ""
        self.turned: dict[
            str, float
        ] = {}  # knobs of the model `turned_for`, away from where they stood first
        self.turned_for: tuple[str, str] = ("", "")
        self.messages: list[str] = [f.text for f in session.findings]
        self.job: Job | None = None
        self.ready_files: list[tuple[str, bytes]] = []  # exports that wait for their download
        self._spectra: OrderedDict[tuple[object, ...], list[Spectrum]] = OrderedDict()
        self._checks: dict[tuple[str, int], tuple[str, ...]] = {}
        self._results: Later[Shown] = Later(self.changed)
        self._curves: Later[Curves] = Later(self.changed)
        self._candidates: Later[tuple[Candidate, ...]] = Later(self.changed)
        self._lock = threading.Lock()
        self._pages: dict[object, Callable[[], None]] = {}

    # what is done

    def do(self, *actions: Action) -> None:
        """Do actions, and let all pages know.

        Raises
        ------
        InputError
            As `Session.do` raises it.
        """
        with self._lock:
            self.session.do(*actions)
        self.changed()

    def changed(self) -> None:
        """Let all pages draw anew."""
        self.version += 1
        for told in tuple(self._pages.values()):
            told()

    def attend(self, page: object, told: Callable[[], None]) -> None:
        """Tell a page of every change, until it leaves; `told` may be called in any thread."""
        self._pages[page] = told

    def leave(self, page: object) -> None:
        """Tell a page of no more changes."""
        self._pages.pop(page, None)

    def say(self, sentences: Sequence[str]) -> None:
        """Keep sentences for the page of files; each once."""
        self.messages = list(dict.fromkeys([*self.messages, *sentences]))
        self.changed()

    def start(self, task: Task) -> None:
        """Run a task in another process.

        Raises
        ------
        InputError
            If another one runs.
        """
        if self.busy:
            raise InputError(
                f"{self.job.task.name if self.job else 'a task'} is still running; stop it, or wait"
            )
        self.job = Job(task, self._finished)
        self.changed()

    def stop(self) -> None:
        """End the task that runs; nothing of it is kept."""
        if self.job is not None:
            self.job.stop()

    @property
    def busy(self) -> bool:
        """Whether a task runs, or its answer is still being read."""
        return self.job is not None and not self.job.over

    def open(self, arguments: Sequence[str]) -> None:
        """Read files, folders or results, and open them."""
        self.start(Open("reading files", tuple(arguments)))

    def ask(self, action: Action) -> None:
        """Do an action that asks for numbers, and compute them if they are not there yet.

        Raises
        ------
        InputError
            If it cannot be done, or another task runs.
        """
        if self.busy:
            raise InputError("another task is still running; stop it, or wait")
        self.do(action)
        recipe = self.session.latest
        if self.session.ready(recipe) is None:
            self.start(Compute(action.kind, recipe, self.session.place(recipe)))

    def export(self, results: Path, wanted: str, style: str = "paper", width: str = "single") -> None:
        """Make a file of results; it is handed to the page that shows next."""
        self.start(Export(wanted, results, wanted, style, width))

    def _finished(self, job: Job) -> None:
        if job.sentence:
            self.say([job.sentence])
        if job.state == DONE and isinstance(job.task, Open):
            self._opened(job.answer)
        elif job.state == DONE and isinstance(job.task, Export):
            self.ready_files.append(job.answer)
        elif job.state == DONE and isinstance(job.answer, Done):
            for path in job.answer.cells.values():
                self._results.make(path, partial(load, path))
            self.say([*job.answer.unread, *(f"cell {c}: {r}" for c, r in job.answer.failed.items())])
        self.changed()

    def _opened(self, found: Any) -> None:
        self.say([*found.unread, *found.said])
        try:
            self.do(*found.actions)
        except EisfitError as error:
            self.say([str(error)])
        opened = [a for a in found.actions if isinstance(a, OpenFiles)]
        if opened and not self.selected:
            self.selected = opened[0].files[0].path

    # what is shown

    @property
    def file(self) -> File | None:
        """The selected file; the first one where none is selected."""
        files = self.session.project.files
        return next((f for f in files if f.path == self.selected), files[0] if files else None)

    def step(self, by: int) -> None:
        """Select the next or the last file."""
        files = self.session.project.files
        if files and (now := self.file) is not None:
            self.selected = files[(files.index(now) + by) % len(files)].path
            self.changed()

    def spectra(self, file: File) -> list[Spectrum]:
        """Return the spectra of a file with their masks; read once.

        Raises
        ------
        FormatError
            If it cannot be read any more.
        """
        project = self.session.project
        key = (repr(file), project.f_min_hz, project.f_max_hz, repr(project.keys))
        if key not in self._spectra:
            self._spectra[key] = spectra_of(project, file)
            while len(self._spectra) > _KEPT:
                self._spectra.popitem(last=False)
        return self._spectra[key]

    def findings(self, file: File, spectra: Sequence[Spectrum]) -> tuple[str, ...]:
        """Return what reading and checks have shown of a file: Kramers-Kronig, outliers."""
        key = (file.sha256, len(spectra))
        if key not in self._checks:
            found = [str(f) for s in spectra for f in (*s.all_findings, *check(s).findings)]
            self._checks[key] = tuple(dict.fromkeys(found))
        return self._checks[key]

    def results(self) -> dict[str, Path]:
        """Return the HDF5 files of results by a name, the latest first."""
        found: dict[str, Path] = {}
        project = self.session.project
        for recipe in reversed(project.asked):
            done = self.session.ready(recipe)
            for cell, path in done.cells.items() if done else ():
                found[_name_of(recipe, cell)] = path
        return found | {Path(p).name: Path(p) for p in project.results}

    def distributions(self) -> Path | None:
        """Return the curves of the distributions that were computed last."""
        for recipe in reversed(self.session.project.asked):
            done = self.session.ready(recipe)
            if done and done.tables and recipe.kind == DISTRIBUTIONS:
                return done.tables[-1]
        return None

    def distribution_curves(self) -> Curves:
        """Return the distributions that were computed last, by label; none while they are being read."""
        path = self.distributions()
        return {} if path is None else self._curves.get(path, partial(read_curves, path)) or {}

    def suggest(self) -> None:
        """Ask which templates and circuits the spectra of the cell of the selected file allow.

        Raises
        ------
        InputError
            As `ask` raises it.
        """
        self.ask(self._suggest())

    def suggestion(self) -> tuple[Suggested | None, bool]:
        """Return the latest suggestion, and whether it is of what is open and masked now."""
        for recipe in reversed(self.session.project.asked):
            done = self.session.ready(recipe) if recipe.kind == SUGGESTION else None
            if done:
                return read_suggested(done.tables[0]), recipe == self._suggestion_of_now()
        return None, True

    def _suggestion_of_now(self) -> Recipe | None:
        try:
            return self._suggest().after(self.session.project).asked[-1]
        except InputError:  # no file takes part any more
            return None

    def _suggest(self) -> Suggest:
        cell = "" if self.file is None else self.file.cell
        return Suggest(tuple(f.path for f in self.session.project.taking_part if f.cell == cell))

    def loaded(self, path: Path) -> Shown | None:
        """Return results; None while they are being read, in a thread.

        Raises
        ------
        StoreError
            If they cannot be read, as those of a newer version.
        """
        return self._results.get(path, lambda: load(path))

    def warm(self) -> None:
        """Begin to read the latest results, so that no page waits for them."""
        for path in list(self.results().values())[:1]:
            with contextlib.suppress(EisfitError):  # the page that shows them says so
                self.loaded(path)

    def fit_of(self, file: File) -> Any:
        """Return the latest fit of a file; None where there is none, or where it is still being read."""
        for path in self.results().values():
            try:
                shown = self.loaded(path)
            except EisfitError:
                continue
            if shown is not None and file.path in shown.fits:
                return shown.fits[file.path]
        return None

    def candidates(self) -> tuple[Candidate, ...]:
        """Return the templates, those first that suit some of the spectra; in any order while these are looked at."""
        files = self.session.project.taking_part
        chosen = files[:: max(1, len(files) // _LOOKED_AT)][:_LOOKED_AT]
        key = tuple(f.path for f in chosen)
        return self._candidates.get(key, lambda: candidates(self._firsts(chosen))) or candidates([])

    def _firsts(self, files: Sequence[File]) -> list[Spectrum]:
        found = []
        for file in files:
            with contextlib.suppress(EisfitError, OSError):
                found += self.spectra(file)[:1]
        return found

    def is_current(self, name: str) -> bool:
        """Tell whether results are a fit of all files with nothing changed since, or of another kind."""
        recipe = self._recipe(name)
        return recipe is None or recipe.kind == ONE or self.session.is_of_now(recipe)

    def settle(self, name: str, segments: tuple[str, ...]) -> None:
        """Say in which order of frequency arcs follow each other, and fit again what results are of.

        Raises
        ------
        InputError
            As `ask` raises it.
        """
        if self.busy:
            raise InputError("another task is still running; stop it, or wait")
        recipe = self._recipe(name)
        self.do(AssignArcs(segments))
        self.shown = ""
        if recipe is not None and recipe.kind == ONE:
            self.ask(FitOne(recipe.files[0][0]))
        else:
            self.ask(FitJoint() if recipe is not None and recipe.kind == JOINT else FitSeries())

    def _recipe(self, name: str) -> Recipe | None:
        """Return what results were computed from; None for those of a file."""
        asked = (r for r in self.session.project.asked if f"({r.key[:4]})" in name)
        return next((r for r in asked if r.kind in (ONE, SERIES, JOINT)), None)


def _name_of(recipe: Recipe, cell: str) -> str:
    """Return what results are called in a page."""
    what = Path(recipe.files[0][0]).name if recipe.kind == ONE else f"{len(recipe.files)} files"
    return f"{recipe.kind} fit of {what}{f', cell {cell}' if cell else ''} ({recipe.key[:4]})"
