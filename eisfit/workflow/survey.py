"""A survey of files that nobody has described: which hold spectra, and at which temperatures."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from eisfit.errors import FormatError, InputError
from eisfit.formats import Channel, Unread, read_file
from eisfit.formats.raw_file import decoded
from eisfit.formats.reading import files_of
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tables.columns import ALL_TABLES
from eisfit.tools.progress import Progress, silent, told_by
from eisfit.tools.regular_file import MOST_TEXT_BYTES, bytes_of
from eisfit.workflow.csv_manifest import SUFFIXES, is_manifest
from eisfit.workflow.name_patterns import NamePattern, pattern_of_names
from eisfit.workflow.temperature_names import name_in
from eisfit.workflow.write import RESULTS

MOST_FILES = 20_000
FAR_APART_C = 5.0  # from this difference on, the temperatures of files and of their names disagree
_NO_DATA = re.compile(  # names of what lies beside data
    r"(?i)[.~].*|LICENSE|.*\.(md|toml|rst|tex|bib|html|ya?ml|py|ipynb|db|exe|lnk|zip|pdf|png|jpe?g|tiff?|svg|gif|eps"
    r"|docx?|pptx?|opju?|mps|mgr)"
)


@dataclass(frozen=True)
class Found:
    """A file with spectra.

    Parameters
    ----------
    file : Path
        Where it lies.
    name : str
        Its name with the folders that lead to it, without suffix.
    sweeps : tuple of Spectrum
        What it holds.
    """

    file: Path
    name: str
    sweeps: tuple[Spectrum, ...]

    @property
    def temperature_c(self) -> float | None:
        """The temperature that the file states, the first of several; None where a sweep has none."""
        stated = [s.conditions.temperature_c for s in self.sweeps]
        return None if None in stated else stated[0]


@dataclass(frozen=True)
class Survey:
    """Files with spectra, what could not be read, and what is there twice.

    Parameters
    ----------
    folder : Path
        From which names count.
    files : tuple of Found
        Those with spectra.
    unread : tuple of Unread
        The others, each with its reason.
    twins : tuple of (Path, Path)
        Files whose spectra are those of another, which stands second; they are not among `files`.
    """

    folder: Path
    files: tuple[Found, ...]
    unread: tuple[Unread, ...]
    twins: tuple[tuple[Path, Path], ...] = ()

    @cached_property
    def names(self) -> NamePattern | None:
        """The pattern of the names of those files that state no temperature, or of all where theirs is not trusted."""
        return pattern_of_names([f.name for f in self.unstated]) if self.unstated else None

    @cached_property
    def doubt(self) -> str:
        """What is to be said where the temperatures of files and of their names disagree; else empty."""
        stated = [f.temperature_c for f in self.files]
        if None in stated or len(stated) < 2:
            return ""
        named = pattern_of_names([f.name for f in self.files])
        if named is None or not (named.sure and named.differ):
            return ""
        pairs = [
            (a, b)
            for a, b in zip(stated, named.temperature_c, strict=True)
            if a is not None and b is not None
        ]
        if float(np.median([abs(a - b) for a, b in pairs])) < FAR_APART_C:
            return ""
        files, names = (span_c([pair[k] for pair in pairs]) for k in (0, 1))
        taken = "names" if self._constant(stated) else "files"
        return f"the files state {files}, their names {names}: those of the {taken} were taken; check which is right"

    @property
    def unstated(self) -> tuple[Found, ...]:
        """The files whose temperature is not known from themselves."""
        if self.doubt and self._constant([f.temperature_c for f in self.files]):
            return self.files
        return tuple(f for f in self.files if f.temperature_c is None)

    @staticmethod
    def _constant(values: Sequence[float | None]) -> bool:
        known = [v for v in values if v is not None]
        return max(known) - min(known) < FAR_APART_C

    @cached_property
    def named_c(self) -> dict[Path, float]:
        """The temperatures that names tell surely, by file."""
        if self.names is None or not self.names.sure:
            return {}
        pairs = zip(self.unstated, self.names.temperature_c, strict=True)
        return {f.file: t for f, t in pairs if t is not None}

    def temperature_of(self, found: Found) -> float | None:
        """Return the temperature of a file in °C, by itself or by its name."""
        return self.named_c.get(found.file, found.temperature_c)

    def temperatures_of(self, found: Found) -> list[float]:
        """Return the temperatures of the sweeps of a file in °C, those that are known."""
        if found.file in self.named_c:
            return [self.named_c[found.file]]
        return [t for s in found.sweeps if (t := s.conditions.temperature_c) is not None]

    @property
    def names_are_of_folders(self) -> bool:
        """Whether the temperatures stand in names of folders, and none in a name of a file."""
        if self.names is None:
            return False
        stems = [f.name.rpartition("/")[2] for f in self.unstated]
        return "/" in self.names.pattern or pattern_of_names(stems) is None

    @property
    def lacking(self) -> tuple[Found, ...]:
        """The files whose temperature neither they nor their names tell."""
        return tuple(f for f in self.files if self.temperature_of(f) is None)


def span_c(temperatures: Sequence[float]) -> str:
    """Return the range of temperatures in words: ``25 to 60 °C``."""
    low, high = min(temperatures), max(temperatures)
    return f"{low:.4g} °C" if low == high else f"{low:.4g} to {high:.4g} °C"


def survey(arguments: Sequence[str], channel: Channel = "we", progress: Progress = silent) -> Survey:
    """Read the files that folders, paths and patterns name.

    Parameters
    ----------
    arguments : sequence of str
        Of a folder all files that may hold data, also those in its folders; folders of results are left out.
    channel : {"we", "ce", "we-ce"}
        Impedance of three-electrode files.
    progress : callable
        Told how many files are read.

    Raises
    ------
    InputError
        If a folder holds more files than a series has.
    """
    files: list[Path] = []
    found: list[Found] = []
    unread: list[Unread] = []
    for argument in arguments:
        try:
            files += data_files(Path(argument)) if Path(argument).is_dir() else files_of(argument)
        except FormatError as error:
            unread.append(Unread(argument, argument, str(error)))
    files = list(dict.fromkeys(files))
    folder = _common_folder([a for a in arguments if Path(a).is_dir()], files)
    told = told_by(progress)
    for count, file in enumerate(files):
        told("reading files", count, len(files))
        try:
            found.append(Found(file, name_in(file, folder), tuple(read_file(file, channel=channel))))
        except InputError as error:
            unread.append(Unread(file.stem, str(file), str(error)))
    told("reading files", len(files), len(files))
    kept, twins = _without_twins(found)
    return Survey(folder, tuple(kept), tuple(unread), tuple(twins))


def data_files(folder: Path) -> list[Path]:
    """Return the files in and below a folder that may hold data, sorted by name.

    Hidden ones, pictures and texts beside the data, manifests, and folders with results of eisfit are left out.

    Raises
    ------
    InputError
        If there are more than a series has.
    """
    found: list[Path] = []
    for path in _walk(folder):
        found.append(path)
        if len(found) > MOST_FILES:
            raise InputError(
                f"{folder}: more than {MOST_FILES} files lie in and below this folder; name the folder of one series"
            )
    return sorted(found)


def _walk(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder, onerror=_refuse):
        if RESULTS in names:
            if Path(top) != folder:
                folders.clear()
                continue
            names = [name for name in names if name.partition(".")[0] not in (*ALL_TABLES, "eisfit")]
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        for name in names:
            path = Path(top, name)
            if not _NO_DATA.fullmatch(name) and not is_table_manifest(path):
                yield path


def _refuse(error: OSError) -> None:
    raise InputError(
        f"{error.filename}: this folder cannot be read ({error.strerror}); name the files instead"
    ) from None


def is_table_manifest(path: Path) -> bool:
    """Tell by its content whether a table is a manifest, and no spectrum."""
    if path.suffix.lower() not in SUFFIXES:
        return False
    try:
        return is_manifest(decoded(bytes_of(path, MOST_TEXT_BYTES)[:4096]))
    except (OSError, UnicodeDecodeError):
        return False


def _common_folder(folders: Sequence[str], files: Sequence[Path]) -> Path:
    """Return the folder from which names count: the one that holds all that was named."""
    tops = [Path(f) for f in folders] + [f.parent for f in files]
    if not tops:
        return Path()
    try:
        return Path(os.path.commonpath(tops))
    except ValueError:  # absolute and relative, or on two drives
        return Path(os.path.commonpath([top.resolve() for top in tops]))


def _without_twins(found: Sequence[Found]) -> tuple[list[Found], list[tuple[Path, Path]]]:
    """Return the files without those whose name and numbers are those of another of a different format."""
    kept: list[Found] = []
    twins: list[tuple[Path, Path]] = []
    by_name: dict[str, list[Found]] = {}
    for each in found:
        others = by_name.setdefault(each.name, [])
        twin = next((o for o in others if _alike(o.sweeps, each.sweeps)), None)
        if twin is None:
            others.append(each)
            kept.append(each)
        elif _tells_more(each, twin):
            others[others.index(twin)] = each
            kept[kept.index(twin)] = each
            twins.append((twin.file, each.file))
        else:
            twins.append((each.file, twin.file))
    return kept, twins


def _tells_more(one: Found, other: Found) -> bool:
    """Tell whether a file knows more conditions than its twin; one of an instrument counts before a table."""
    counts = [
        (
            sum(v is not None for v in vars(f.sweeps[0].conditions).values()),
            f.sweeps[0].source is not None and f.sweeps[0].source.format != "table",
        )
        for f in (one, other)
    ]
    return counts[0] > counts[1]


def _alike(a: Sequence[Spectrum], b: Sequence[Spectrum]) -> bool:
    """Tell whether spectra are the same but for the digits that a format keeps."""
    return len(a) == len(b) and all(
        len(s) == len(t)
        and np.allclose(s.frequency_hz, t.frequency_hz, rtol=1e-4)
        and np.allclose(s.z_ohm, t.z_ohm, rtol=1e-3, atol=1e-3 * float(np.abs(s.z_ohm).max()))
        for s, t in zip(a, b, strict=True)
    )


def temperature_notes(found: Found) -> tuple[Finding, ...]:
    """Return what the reader said of the temperature of a file."""
    return tuple(f for f in found.sweeps[0].findings if f.kind == "temperature")
