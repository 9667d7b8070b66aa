"""Read the files that paths and patterns name into labelled spectra."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from eisfit.errors import FormatError, InputError
from eisfit.formats.raw_file import Channel, RawFile, channel_of
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.nearest import file_like
from eisfit.tools.wildcards import fault_of

AnyPath: TypeAlias = str | os.PathLike[str]
Reader: TypeAlias = Callable[[Path], list[Spectrum]]
Done: TypeAlias = Callable[[int, int], None]  # how many are done, and how many there are
_WILD = frozenset("*?[")


@dataclass(frozen=True)
class Unread:
    """A file that gave no spectrum, and the reason."""

    label: str
    file: str
    reason: str


def read(paths: AnyPath | Iterable[AnyPath], *, channel: Channel = "we") -> list[Spectrum]:
    """Return the spectra of instrument files, each with a label of its own.

    Parameters
    ----------
    paths : str, Path, or iterable of those
        A file, or a pattern such as ``lab/*.mpt`` (``**`` for all folders below).
    channel : {"we", "ce", "we-ce"}
        Which impedance of three-electrode files: working electrode, counter electrode, or both together.

    Returns
    -------
    list of Spectrum
        In the order of the paths, patterns sorted by name, sweeps in the order of the file. The label is
        the file's stem, with ``#2`` for its second sweep; where a stem is taken, the whole name, then the
        folder too.

    Raises
    ------
    FormatError
        If a file does not exist, is a directory, is of no known format, or breaks its format.
    NoImpedance
        If a file was understood and holds no impedance.

    Examples
    --------
    >>> import eisfit
    >>> eisfit.read("cell_25C.mpt")  # doctest: +SKIP
    [Spectrum(...)]
    """
    files = files_of(paths)
    return [
        s
        for file, name in zip(files, names_of(files), strict=True)
        for s in _labelled(_spectra(file, channel), name)
    ]


def read_all(
    paths: AnyPath | Iterable[AnyPath], channel: Channel = "we", done: Done | None = None
) -> tuple[list[Spectrum], list[Unread]]:
    """Return the spectra of all files that can be read, and the other files with their reasons.

    Parameters
    ----------
    paths : str, Path, or iterable of those
        As for `read`.
    channel : {"we", "ce", "we-ce"}
        As for `read`.
    done : callable, optional
        Called with the number of files that are done and the number of all, after each file.

    Returns
    -------
    spectra : list of Spectrum
        As `read` returns them.
    unread : list of Unread
        First the patterns that match no file, then the files that gave no spectrum.

    Raises
    ------
    InputError
        If the channel is unknown.
    """
    wanted = channel_of(channel)
    files: list[Path] = []
    unmatched: list[Unread] = []
    for entry in [paths] if isinstance(paths, str | os.PathLike) else paths:
        try:
            files += _matches(entry)
        except FormatError as error:
            unmatched.append(Unread(os.fspath(entry), os.fspath(entry), str(error)))
    spectra, failed = read_each([(f, partial(read_file, channel=wanted)) for f in dict.fromkeys(files)], done)
    return spectra, unmatched + failed


def read_each(
    readers: Sequence[tuple[Path, Reader]], done: Done | None = None
) -> tuple[list[Spectrum], list[Unread]]:
    """Read each file with its own reader; a file that fails does not stop the others.

    Parameters
    ----------
    readers : sequence of (Path, callable)
        Files, each with the function that returns its sweeps.
    done : callable, optional
        Called with the number of files that are done and the number of all, after each file.

    Returns
    -------
    spectra : list of Spectrum
        All sweeps, each under a unique label.
    unread : list of Unread
        The files whose reader raised an `InputError`, with its sentence.
    """
    spectra: list[Spectrum] = []
    unread: list[Unread] = []
    names = names_of([file for file, _ in readers])
    for number, ((file, reader), name) in enumerate(zip(readers, names, strict=True), 1):
        try:
            sweeps = reader(file)
        except InputError as error:
            unread.append(Unread(name, str(file), str(error)))
        else:
            spectra += _labelled(sweeps, name)
        if done is not None:
            done(number, len(readers))
    return spectra, unread


def read_file(path: AnyPath, *, channel: Channel = "we") -> list[Spectrum]:
    """Return the spectra of one file.

    Parameters
    ----------
    path : str or Path
        The file; wildcards are not expanded.
    channel : {"we", "ce", "we-ce"}
        Which impedance of three-electrode files.

    Raises
    ------
    FormatError
        As for `read`.
    """
    return _labelled(_spectra(Path(path), channel), Path(path).stem)


def _labelled(sweeps: Iterable[Spectrum], name: str) -> list[Spectrum]:
    return [s.named(name if k == 1 else f"{name}#{k}") for k, s in enumerate(sweeps, 1)]


def files_of(paths: AnyPath | Iterable[AnyPath]) -> list[Path]:
    """Return the files that paths and patterns name, each once.

    Raises
    ------
    FormatError
        If a pattern matches nothing, nothing is named at all, or it is no path.
    """
    if not isinstance(paths, str | os.PathLike | Iterable):
        raise FormatError(
            f"a path is a text, such as 'lab/*.mpt', and this is of the kind {type(paths).__name__}"
        )
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not given:
        raise FormatError("no file was named; give a path or a pattern such as lab/*.mpt")
    return list(dict.fromkeys(file for entry in given for file in _matches(entry)))


def _matches(entry: AnyPath) -> list[Path]:
    text = os.fspath(entry)
    if not _WILD & set(text) or Path(text).exists():
        return [Path(text)]
    if fault := fault_of(text):
        raise FormatError(f"{text[:80]}: the pattern {fault}")
    found = sorted(Path(p) for p in glob.glob(text, recursive=True) if not Path(p).is_dir())
    if not found:
        raise FormatError(f"{text}: no file matches this pattern{why_none(text)}")
    return found


def why_none(pattern: str) -> str:
    """Return why a pattern matches nothing, where its folder is missing or holds files of other endings."""
    folder = Path(pattern).parent
    if _WILD & set(str(folder)):
        return ""
    if not folder.is_dir():
        return f": there is no folder {str(folder)!r}{file_like(folder)}"
    endings = sorted({p.suffix for p in islice(folder.iterdir(), 5000) if p.is_file() and p.suffix})
    return f"; the files there end in {', '.join(endings[:6])}" if endings else "; the folder is empty"


def names_of(files: list[Path]) -> list[str]:
    """Return one name per file: the stem, else the file name, else as much of the folder as it takes."""
    taken: set[str] = set()
    names = []
    for file in files:
        longer = ["/".join(file.parts[-depth:]) for depth in range(2, len(file.parts) + 1)]
        choices = [file.stem, file.name, *longer]
        name = next((c for c in choices if c not in taken), f"{file}")
        taken.add(name)
        names.append(name)
    return names


def _spectra(path: Path, channel: Channel) -> list[Spectrum]:
    from eisfit.formats import known_formats  # all formats, loaded with the first file
    from eisfit.formats.parsing.last_row import CUT_ROW, whole_rows
    from eisfit.formats.parsing.last_sweep import with_short_end

    raw = RawFile.open(path, channel_of(channel))
    if not raw.data.strip(b"\0 \r\n\t"):
        raise FormatError(f"{raw.name}: the file is empty")
    if (whole := whole_rows(raw.data)) is None:
        return with_short_end(known_formats.spectra_of_file(raw))
    *before, last = known_formats.spectra_of_file(raw.with_content(whole))
    return [*before, last.noting(CUT_ROW)]
