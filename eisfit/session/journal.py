"""The journal of a session: one line an action, on the disk before the action has an effect."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eisfit.errors import InputError, SessionError
from eisfit.session.actions import Action, action_of
from eisfit.spectrum.findings import Finding
from eisfit.tools.locks import locked
from eisfit.version import __version__

NAME, FORMAT = "journal.jsonl", 1
_HEAD = "eisfit session"


class Journal:
    """The file that holds the actions of a session; only one process at a time may have it open.

    Parameters
    ----------
    folder : Path
        Of the session; it is made if it does not exist.

    Raises
    ------
    SessionError
        If another process has it open, it is damaged before its last line, it is of a newer version, or it cannot
        be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.findings: list[Finding] = []
        self._held = contextlib.ExitStack()
        with self._naming():
            folder.mkdir(parents=True, exist_ok=True)
            free = self._held.enter_context(locked(folder / ".lock", wait=False))
        if not free:
            raise SessionError(
                f"{folder}: this session is open in another process; end that one, or name another folder"
            )
        try:
            self.actions = self._read()
        except BaseException:
            self.close()
            raise

    def append(self, action: Action) -> None:
        """Write an action to the disk; it returns when it is there.

        Raises
        ------
        SessionError
            If the disk does not take it; the journal is then as before.
        """
        if self.path.stat().st_size == 0:
            self._write(json.dumps({_HEAD: FORMAT, "version": __version__}))
        self._write(_line(len(self.actions) + 1, action))
        self.actions.append(action)

    def close(self) -> None:
        """Let other processes open the session."""
        self._held.close()

    def _read(self) -> list[Action]:
        """Return the actions of the file; a last line that is torn is taken off."""
        with self._naming():
            self.path.touch()
            data = self.path.read_bytes()
        lines = data.split(b"\n")
        if lines[-1]:
            self._take_off(lines[-1], len(data) - len(lines[-1]))
        whole = lines[:-1]
        if whole:
            self._check_head(whole[0])
        return [self._action(k, line) for k, line in enumerate(whole[1:], 1)]

    def _take_off(self, torn: bytes, size: int) -> None:
        with self._naming():
            os.truncate(self.path, size)
        said = f"the last line of the journal was torn ({len(torn)} bytes) and is left out: its action was not done"
        self.findings.append(Finding("torn journal", said))

    def _check_head(self, line: bytes) -> None:
        head = _parsed(line)
        number = head.get(_HEAD) if head else None
        if not isinstance(number, int):
            raise SessionError(f"{self.path}: this is no journal of eisfit; name another folder")
        if number > FORMAT:
            raise SessionError(
                f"{self.path}: it was written by eisfit {head.get('version', 'of a newer version')}, which is newer "
                f"than this one ({__version__}): update eisfit"
            )

    def _action(self, number: int, line: bytes) -> Action:
        where = f"{self.path}, line {number + 1}"
        record = _parsed(line)
        if not record or record.get("check") != _sum(record) or record.get("n") != number:
            raise SessionError(
                f"{where}: the line is damaged; keep a copy of the file, and delete this line and those below it: "
                f"what was done before it then opens"
            )
        try:
            return action_of(str(record["do"]), record["with"])
        except InputError as error:
            raise SessionError(f"{where}: {error}") from None

    def _write(self, line: str) -> None:
        size = self.path.stat().st_size
        with self._naming(), open(self.path, "ab") as file:
            try:
                file.write(line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    os.truncate(self.path, size)
                raise

    @contextlib.contextmanager
    def _naming(self) -> Iterator[None]:
        """Turn an error of the disk into a sentence that names the file."""
        try:
            yield
        except OSError as error:
            raise SessionError(
                f"{self.path}: the journal cannot be written ({error.strerror or error}); nothing was done: give a "
                "folder with room that may be written to"
            ) from None


def _line(number: int, action: Action) -> str:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    record: dict[str, Any] = {"n": number, "at": at, "do": action.kind, "with": action.as_record()}
    return json.dumps({**record, "check": _sum(json.loads(json.dumps(record)))})


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _sum(record: dict[str, Any]) -> str:
    """Return eight characters that change with anything in a record but themselves."""
    rest = {key: value for key, value in record.items() if key != "check"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:8]
