"""A session: a journal, the project that its actions make, and the numbers that were asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from eisfit.errors import EisfitError, InputError, SessionError
from eisfit.session.actions import Action, Redo, Undo
from eisfit.session.commands_text import commands_text
from eisfit.session.fit_actions import FitJoint, FitSeries, Save
from eisfit.session.journal import Journal
from eisfit.session.project import Project
from eisfit.session.recipe import Recipe
from eisfit.session.series_text import series_text
from eisfit.session.work import Done, as_done, carry_out
from eisfit.spectrum.findings import Finding
from eisfit.tables.columns import ALL_TABLES
from eisfit.tools.progress import Progress, silent
from eisfit.tools.whole_files import write_together
from eisfit.workflow.manifest import MANIFEST_NAME
from eisfit.workflow.write import RESULTS

WORK = "computed"  # folder of a session that holds what was computed
COMMANDS = "commands.txt"
_NO_NAME = re.compile(r"[^\w.-]+")


class Session:
    """What a user does, journalled; opening the same folder again gives the same project.

    Parameters
    ----------
    folder : str or Path
        Of the session; it is made if it does not exist.

    Raises
    ------
    SessionError
        If another process has it open, or its journal cannot be read or written.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._journal = Journal(self.folder)
        self._projects = [Project()]
        self._undone: list[tuple[Action, Project]] = []
        self._done: list[Action] = []
        try:
            for number, action in enumerate(self._journal.actions, 1):
                self._replay(number, action)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def project(self) -> Project:
        """What is open, and what is chosen."""
        return self._projects[-1]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of the journal: a torn line, an action that cannot be repeated."""
        return tuple(self._journal.findings)

    @property
    def done(self) -> tuple[Action, ...]:
        """The actions that count, the latest last."""
        return tuple(self._done)

    @property
    def can_undo(self) -> bool:
        """Whether there is an action to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether an action was taken back, and nothing else was done since."""
        return bool(self._undone)

    def do(self, *actions: Action) -> Project:
        """Do actions one after another: each is written to the disk, then it has its effect.

        Returns
        -------
        Project
            What is open and chosen afterwards.

        Raises
        ------
        InputError
            If an action cannot be done; it, and those behind it, leave no trace.
        """
        for action in (a.seen() for a in actions):
            after = self._after(action)
            self._journal.append(action)
            self._take(action, after)
        return self.project

    def undo(self) -> Project:
        """Take back the last action.

        Raises
        ------
        SessionError
            If there is none.
        """
        return self.do(Undo())

    def redo(self) -> Project:
        """Do again what was taken back.

        Raises
        ------
        SessionError
            If nothing was taken back, or something else was done since.
        """
        return self.do(Redo())

    def place(self, recipe: Recipe) -> Path:
        """Return the folder in which the numbers of a recipe lie."""
        return self.folder / WORK / recipe.key

    def ready(self, recipe: Recipe) -> Done | None:
        """Return what a recipe gave; None where it is still to be computed."""
        return as_done(self.place(recipe))

    def computed(self, recipe: Recipe | None = None, progress: Progress = silent) -> Done:
        """Return what a recipe gives; it is computed here if that was not done yet.

        Parameters
        ----------
        recipe : Recipe, optional
            The one that was asked for last if not given.
        progress : callable
            As for `run_series`.

        Raises
        ------
        SessionError
            If nothing was asked for.
        EisfitError
            As `carry_out` raises it.
        """
        wanted = recipe or self.latest
        return self.ready(wanted) or carry_out(wanted, self.place(wanted), progress)

    @property
    def latest(self) -> Recipe:
        """What was asked for last.

        Raises
        ------
        SessionError
            If nothing was.
        """
        if not self.project.asked:
            raise SessionError("nothing was asked for yet: fit one file or the series first")
        return self.project.asked[-1]

    def save(self, folder: str | Path, *, results: bool = True) -> list[Path]:
        """Write what repeats the session without it: series.toml, commands.txt, and the latest fit.

        Parameters
        ----------
        folder : str or Path
            It is made if it does not exist; an earlier save in it is replaced.
        results : bool
            Whether tables and HDF5 file of the latest fit of all files are written too: where it is computed, and
            nothing was changed since.

        Returns
        -------
        list of Path
            The files.

        Raises
        ------
        StoreError
            If a file cannot be written; nothing is changed then.
        """
        target = Path(folder)
        self.do(Save(str(target.absolute())))
        files = {MANIFEST_NAME: series_text(self.project, target).encode()}
        files[COMMANDS] = commands_text(self.project).encode()
        if results and (done := self._of_now()):
            for path in done.files:
                prefix = "" if path.parent == done.folder else f"{path.parent.name}_"
                files[_NO_NAME.sub("_", f"{prefix}{path.name}")] = path.read_bytes()
        earlier = {f"{name}.csv" for name in ALL_TABLES} | {RESULTS}
        return write_together(target, files, obsolete=earlier - set(files))

    def is_of_now(self, recipe: Recipe) -> bool:
        """Tell whether a fit of all files is one of what is open and chosen now, with no change since."""
        try:
            return recipe in (
                FitSeries().after(self.project).asked[-1],
                FitJoint().after(self.project).asked[-1],
            )
        except InputError:
            return False

    def _of_now(self) -> Done | None:
        """Return the latest fit of all files, if nothing was changed since."""
        found = [r for r in self.project.asked if self.is_of_now(r)]
        return self.ready(found[-1]) if found else None

    def close(self) -> None:
        """Let other processes open the session."""
        self._journal.close()

    def _after(self, action: Action) -> Project:
        if isinstance(action, Undo):
            if not self._done:
                raise SessionError("nothing can be taken back: no action was done")
            return self._projects[-2]
        if isinstance(action, Redo):
            if not self._undone:
                raise SessionError("nothing can be done again: no action was taken back")
            return self._undone[-1][1]
        return action.after(self.project)

    def _take(self, action: Action, after: Project) -> None:
        if isinstance(action, Undo):
            self._undone.append((self._done.pop(), self._projects.pop()))
            return
        if isinstance(action, Redo):
            action, after = self._undone.pop()
        else:
            self._undone.clear()
        self._done.append(action)
        self._projects.append(after)

    def _replay(self, number: int, action: Action) -> None:
        """Repeat an action of the journal; one that cannot be repeated, as its template is gone, changes nothing."""
        try:
            after = self._after(action)
        except EisfitError as error:
            if isinstance(action, Undo | Redo):
                raise SessionError(f"{self._journal.path}, line {number + 1}: {error}") from None
            said = f"{action.kind!r} (line {number + 1} of the journal) cannot be repeated: {error}"
            self._journal.findings.append(Finding("not repeated", said))
            after = self.project
        self._take(action, after)


def open_session(folder: str | Path, actions: Sequence[Action] = ()) -> Session:
    """Open a session, and do actions where it is new.

    Parameters
    ----------
    folder : str or Path
        Of the session.
    actions : sequence of Action
        Done only if nothing was done in it before.
    """
    session = Session(folder)
    if not session.done and actions:
        try:
            session.do(*actions)
        except BaseException:
            session.close()
            raise
    return session
