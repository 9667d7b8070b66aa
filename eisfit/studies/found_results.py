"""The results of several cells, found in files and folders, each with a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eisfit import store
from eisfit.errors import InputError, StoreError
from eisfit.results.series import Series

_ENDING = ".h5"
_USUAL = "eisfit.h5"  # what a series is written to; its folder tells whose it is


def results_of(
    paths: Sequence[str | Path], labels: Sequence[str] = ()
) -> tuple[dict[str, Series], tuple[str, ...]]:
    """Return the series of all results files that are named, or lie in folders that are named.

    Parameters
    ----------
    paths : sequence of path
        Files, or folders that are searched with all folders below.
    labels : sequence of str
        A name for each file, in their order; the shortest that tell them apart if empty.

    Returns
    -------
    cells : dict of str to Series
        By their names.
    left_out : tuple of str
        A sentence for each file that holds no series, or cannot be read.

    Raises
    ------
    InputError
        If a path does not exist, fewer than two series are found, or labels are not one for each or not different.
    """
    found: dict[Path, Series] = {}
    left_out = []
    for file in _files(paths):
        try:
            result = store.load(file)
        except StoreError as error:
            left_out.append(f"{error}; left out")
            continue
        if isinstance(result, Series):
            found[file] = result
        else:
            left_out.append(
                f"{file}: left out, since it holds results of single fits, which have no line; fit the cell by "
                "'eisfit series'"
            )
    if len(found) < 2:
        where = ", ".join(map(str, paths))
        raise InputError(
            f"{where}: {len(found)} result(s) of a series; a study needs two or more: name folders or files that "
            "'eisfit series' has written" + "".join(f"; {text}" for text in left_out)
        )
    names = _names(list(found), labels)
    return dict(zip(names, found.values(), strict=True)), tuple(left_out)


def _files(paths: Sequence[str | Path]) -> list[Path]:
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise InputError(f"{path}: there is no such file or folder; name results of 'eisfit series'")
        files = sorted(path.rglob(f"*{_ENDING}")) if path.is_dir() else [path]
        for file in files:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _names(files: Sequence[Path], labels: Sequence[str]) -> list[str]:
    """Return the labels, or the shortest names that tell files apart."""
    if labels and len(labels) != len(files):
        raise InputError(
            f"{len(labels)} labels were given for {len(files)} results ({', '.join(map(str, files))}): "
            "give one --label for each, in this order"
        )
    names = list(labels) or _told_apart(files)
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise InputError(f"two cells have the same name ({twice}): give each its own --label")
    return names


def _told_apart(files: Sequence[Path]) -> list[str]:
    """Return the last part of the paths that differs between all; else whatever is below their common folder."""
    parts = [
        file.resolve().parent.parts
        if file.name == _USUAL
        else (*file.resolve().parent.parts, file.name.removesuffix(_ENDING))
        for file in files
    ]
    for back in range(1, min(map(len, parts)) + 1):
        names = [part[-back] for part in parts]
        if len(set(names)) == len(names):
            return names
    shared = next(k for k in range(max(map(len, parts))) if len({part[k : k + 1] for part in parts}) > 1)
    return ["/".join(part[shared:]) for part in parts]
