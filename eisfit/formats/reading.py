"""The way from paths and patterns to labelled spectra."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eisfit.errors import FormatError
from eisfit.formats.raw_file import Channel, RawFile, channel_of
from eisfit.spectrum.spectrum import Spectrum

_WILD = frozenset("*?[")


def read(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, channel: Channel = "we"
) -> list[Spectrum]:
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
    files = list(files_of(paths))
    names = names_of(files)
    return [s for file, name in zip(files, names, strict=True) for s in _labelled(file, name, channel)]


def read_file(path: str | os.PathLike[str], *, channel: Channel = "we") -> list[Spectrum]:
    """Return the spectra of one file.

    Parameters
    ----------
    path : str or Path
        The file; a pattern is not looked for.
    channel : {"we", "ce", "we-ce"}
        Which impedance of three-electrode files.

    Raises
    ------
    FormatError
        As for `read`.
    """
    return _labelled(Path(path), Path(path).stem, channel)


def _labelled(path: Path, name: str, channel: Channel) -> list[Spectrum]:
    spectra = _spectra(path, channel)
    return [s.named(name if i == 1 else f"{name}#{i}") for i, s in enumerate(spectra, 1)]


def files_of(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Return the files that paths and patterns name, each once.

    Raises
    ------
    FormatError
        If a pattern matches nothing, or nothing is named at all.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not given:
        raise FormatError("no file was named; give a path or a pattern such as lab/*.mpt")
    return list(dict.fromkeys(file for entry in given for file in _matches(entry)))


def _matches(entry: str | os.PathLike[str]) -> list[Path]:
    text = os.fspath(entry)
    if not _WILD & set(text) or Path(text).exists():
        return [Path(text)]
    found = sorted(Path(p) for p in glob.glob(text, recursive=True) if not Path(p).is_dir())
    if not found:
        raise FormatError(f"{text}: no file matches this pattern")
    return found


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

    raw = RawFile.open(path, channel_of(channel))
    if not raw.data.strip(b"\0 \r\n\t"):
        raise FormatError(f"{raw.name}: the file is empty")
    return known_formats.spectra_of_file(raw)


@dataclass(frozen=True)
class Unread:
    """A file of the series that gave no spectrum, and why."""

    label: str
    file: str
    reason: str
