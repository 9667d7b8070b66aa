"""Files of one folder that appear together, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from eisfit.errors import StoreError
from eisfit.tools.locks import locked

_DRAFT, _READY, _LOCK = ".tmp", ".ready", ".lock"
_ORDER, _NEW, _OLD = "order.json", "new", "old"  # in a draft
_OURS = re.compile(r"\.eisfit-(u\d+|[0-9a-f]{16})\.(tmp|ready|lock)")
_OF_0_1_0 = re.compile(
    r"\.[0-9a-f]{16}\.tmp"
)  # a single file, in whose place nothing tells whether it is alive
_OLD_AFTER_S = 600.0
_USER = os.getuid() if sys.platform != "win32" else 0
_OF_FOLDER = f".eisfit-u{_USER}{_LOCK}"  # one a user: nobody may open the files of another in a folder of all


def write_together(
    folder: Path, files: Mapping[str, bytes], *, new: Collection[str] = (), obsolete: Collection[str] = ()
) -> list[Path]:
    """Write files into a folder in one step; what was there stays until all of them are on the disk.

    They are written into a hidden folder beside their places, then moved one after another. A process that ends
    before leaves the old files; one that ends between two moves leaves the rest to `finish_interrupted`.

    Parameters
    ----------
    folder : Path
        It is made if it does not exist.
    files : mapping of str to bytes
        Names and contents, in the order in which they are moved: last the one that tells that all are there.
    new : collection of str
        Names that must not be there yet; other files are replaced.
    obsolete : collection of str
        Names of files of an earlier result that are removed in the same step.

    Returns
    -------
    list of Path
        The files in the order given.

    Raises
    ------
    FileExistsError
        If a name that must be new is there.
    StoreError
        If a file cannot be written; it is named, and nothing is changed.
    """
    made = not folder.exists()
    try:
        with _naming(folder):
            folder.mkdir(parents=True, exist_ok=True)
        finish_interrupted(folder)
        with _draft(folder) as draft:
            for name, content in files.items():
                with _naming(folder / name):
                    _write(draft / _NEW / name, content)
            with _naming(folder):
                _write(draft / _ORDER, json.dumps([list(files), sorted(obsolete)]).encode())
            with _naming(folder), locked(folder / _OF_FOLDER):
                for name in new:
                    if (folder / name).exists():
                        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder / name))
                _move(draft, folder, files, obsolete)
    except BaseException:
        if made:
            with contextlib.suppress(OSError):  # it stays where it holds something
                folder.rmdir()
        raise
    return [folder / name for name in files]


def finish_interrupted(folder: Path) -> None:
    """Complete moves that a process left behind when it was ended, and remove its unfinished files.

    Parameters
    ----------
    folder : Path
        Nothing is done where it does not exist, or holds no such files.

    Raises
    ------
    StoreError
        If the folder may not be written to.
    """
    if not folder.is_dir() or not _left_behind(folder):
        return
    with _naming(folder), locked(folder / _OF_FOLDER):
        for left in _left_behind(folder):
            if left.suffix == _READY:
                _finish(left, folder)
            elif _OF_0_1_0.fullmatch(left.name):
                left.unlink(missing_ok=True)
            elif left.name != _OF_FOLDER:
                with locked(left.with_suffix(_LOCK), wait=False) as abandoned:
                    if abandoned:
                        shutil.rmtree(left.with_suffix(_DRAFT), ignore_errors=True)


def _left_behind(folder: Path) -> list[Path]:
    return [Path(entry) for entry in os.scandir(folder) if _is_left_behind(entry)]


def _is_left_behind(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry of a folder is one of our temporary files, and none of another user."""
    ours, older = _OURS.fullmatch(entry.name), _OF_0_1_0.fullmatch(entry.name)
    if not ours and not older:
        return False
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # its process has just ended
        return False
    return found.st_uid == _USER and (bool(ours) or time.time() - found.st_mtime > _OLD_AFTER_S)


def _finish(ready: Path, folder: Path) -> None:
    order = ready / _ORDER
    names, obsolete = json.loads(order.read_text(encoding="utf-8")) if order.exists() else ((), ())
    if any(Path(name).name != name for name in (*names, *obsolete)):
        raise StoreError(f"{ready}: this folder was changed by another program: remove it")
    for name in obsolete:
        (folder / name).unlink(missing_ok=True)
    for name in names:
        if (ready / _NEW / name).exists():
            os.replace(ready / _NEW / name, _target(folder, name))
    shutil.rmtree(ready)


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """Make a hidden folder, locked as long as its process lives, and remove it at the end."""
    draft = folder / f".eisfit-{secrets.token_hex(8)}{_DRAFT}"
    with contextlib.ExitStack() as held:
        with _naming(folder), locked(folder / _OF_FOLDER):
            held.enter_context(locked(draft.with_suffix(_LOCK)))
            (draft / _NEW).mkdir(parents=True)
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move(draft: Path, folder: Path, files: Collection[str], obsolete: Collection[str]) -> None:
    """Move all files into place, or put back what was there."""
    targets = {name: _target(folder, name) for name in (*files, *obsolete)}
    _keep_old(draft / _OLD, targets)
    gone = [target for name, target in targets.items() if name not in files and target.exists()]
    ready = draft.with_suffix(_READY)
    with _naming(folder / list(files)[-1]):
        os.replace(draft, ready)
    try:
        for target in gone:
            target.unlink()
        for name in files:
            with _naming(folder / name):
                os.replace(ready / _NEW / name, targets[name])
    except BaseException:
        _put_back(ready / _OLD, targets)
        os.rename(ready, draft)
        raise
    shutil.rmtree(ready, ignore_errors=True)
    _sync(folder)


def _target(folder: Path, name: str) -> Path:
    """Return the place of a file; one that is a link leads to where it points."""
    target = Path(os.path.realpath(folder / name))
    if target.is_dir():
        raise IsADirectoryError(
            errno.EISDIR, "a folder has the name of this file: rename it", str(folder / name)
        )
    return target


def _keep_old(old: Path, targets: Mapping[str, Path]) -> None:
    """Give files that will be replaced a second name, or a copy where the disk has no second names."""
    old.mkdir()
    for name, target in targets.items():
        if target.exists():
            try:
                os.link(target, old / name)
            except OSError:
                shutil.copy2(target, old / name)


def _put_back(old: Path, targets: Mapping[str, Path]) -> None:
    for name, target in targets.items():
        if (old / name).exists():
            os.replace(old / name, target)
        else:
            target.unlink(missing_ok=True)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn an error of the disk into a sentence that names the file."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        place = error.filename if isinstance(error, IsADirectoryError) else path
        raise StoreError(
            f"{place}: the results cannot be written ({error.strerror or error}); nothing was changed: "
            "give a place with room that may be written to"
        ) from error


def _sync(folder: Path) -> None:
    """Make sure that the names are on the disk."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
