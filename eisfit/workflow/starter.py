"""A first series.toml, written from what a folder holds: what was found stands there, what is missing as a comment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eisfit.cell.find import template
from eisfit.errors import InputError
from eisfit.tools.nearest import file_like
from eisfit.tools.plain_text import one_line
from eisfit.tools.progress import Progress, silent
from eisfit.tools.whole_files import write_together
from eisfit.workflow.given_conditions import CELL_CONSTANT, LAB_UNITS, given
from eisfit.workflow.manifest import MANIFEST_NAME
from eisfit.workflow.name_groups import (
    cell_pattern,
    folder_groups,
    may_be_passes,
    name_groups,
    share_temperatures,
)
from eisfit.workflow.read import NothingReadable
from eisfit.workflow.starter_files import FileLines, stated
from eisfit.workflow.starter_lines import line, quoted
from eisfit.workflow.survey import Survey, survey
from eisfit.workflow.template_candidates import Candidate, candidates, kinds, suggested, tail_share


@dataclass(frozen=True)
class Chosen:
    """What is known of a series beside its files: a template, electrodes, geometry by key of a manifest."""

    template: str | None = None
    electrodes: int | None = None
    geometry: Mapping[str, float] = field(default_factory=dict)
    others: tuple[tuple[str, str], ...] = ()  # templates that stand beside it, and what tells each apart
    circuits: tuple[str, ...] = ()
    temperature_from_name: str | None = None


@dataclass(frozen=True)
class Start:
    """A series.toml as it is written, and what was found for it.

    Parameters
    ----------
    path : Path
        Where it belongs.
    text : str
        Its text.
    rows : tuple of (str, str)
        What was found, by name, and what comes next.
    """

    path: Path
    text: str
    rows: tuple[tuple[str, str], ...]


def start(folder: str | Path, chosen: Chosen | None = None, progress: Progress = silent) -> Start:
    """Return the series.toml of a folder that nobody has described.

    Parameters
    ----------
    folder : str or Path
        With files in it or in its folders.
    chosen : Chosen, optional
        What is known already; it stands there in place of a comment.
    progress : callable
        Told how many files are read.

    Raises
    ------
    InputError
        If it is no folder, holds too many files, or the template or the electrodes are unknown.
    NothingReadable
        If no file holds a spectrum.
    """
    folder, chosen = Path(folder), chosen or Chosen()
    if not folder.is_dir():
        what = (
            "this is a file; name its folder"
            if folder.exists()
            else f"there is no such folder{file_like(folder)}"
        )
        raise InputError(f"{folder}: {what}")
    if chosen.template is not None:
        template(chosen.template, chosen.electrodes)
    found = survey([str(folder)], progress=progress)
    if not found.files:
        if not found.unread:
            raise NothingReadable(f"{folder}: there are no data files in this folder or below it")
        raise NothingReadable(
            f"{folder}: none of its {len(found.unread)} files holds a spectrum", found.unread
        )
    return start_of(found, folder / MANIFEST_NAME, chosen)


def start_of(found: Survey, path: Path, chosen: Chosen) -> Start:
    """Return the series.toml of files that were read, as it belongs at a path."""
    writer = _Writer(path.parent, found, chosen)
    return Start(path, writer.text(), tuple(writer.rows()))


def write_start(made: Start, *, overwrite: bool = False) -> Path:
    """Write a series.toml, and return its path.

    Raises
    ------
    InputError
        If there is one already that may not be replaced.
    """
    taken = InputError(f"{made.path}: exists already; --force replaces it")
    if made.path.exists() and not overwrite:
        raise taken
    try:
        write_together(
            made.path.parent, {made.path.name: made.text.encode()}, new=() if overwrite else (made.path.name,)
        )
    except FileExistsError:
        raise taken from None
    return made.path


class _Writer:
    """The text and the table of one survey."""

    def __init__(self, folder: Path, found: Survey, chosen: Chosen) -> None:
        self.folder, self.found, self.chosen = folder, found, chosen
        self.spectra = [s for f in found.files for s in f.sweeps]
        stated = {s.conditions.electrodes for s in self.spectra}
        self.stated_electrodes = stated.pop() if len(stated) == 1 else None
        self.electrodes = chosen.electrodes or self.stated_electrodes
        self.candidates = candidates(self.spectra, self.electrodes)
        self.share = tail_share(self.spectra)
        self.suggested = () if chosen.template else self._suggested()
        self.files = FileLines(folder, found, chosen.temperature_from_name)

    def _suggested(self) -> tuple[str, ...]:
        """Return the templates that arcs and tails allow, in the geometry that is given."""
        sizes = self.chosen.geometry
        known = {} if CELL_CONSTANT in sizes else given(sizes, {}, "init").values
        return suggested(self.spectra, self.electrodes, known.get("area_cm2"), known.get("thickness_cm"))

    # the parts of the file

    def text(self) -> str:
        """Return the whole text."""
        parts = [self._head(), self._template(), self._conditions(), self._cells(), self.files.lines()]
        return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines) + "\n"

    def _head(self) -> Iterator[str]:
        folder = self._typed_folder()
        yield f"# A series, found by 'eisfit init {folder}'. Text behind # is a comment: take the # away where a line"
        yield f"# applies, and correct what is wrong. Then: eisfit series {folder} -o results"

    def _template(self) -> Iterator[str]:
        if self.chosen.template is not None:
            yield f"template = {quoted(self._template_path(self.chosen.template))}"
            yield from self._beside()
            return
        yield "# What the current crosses: choose ONE line ('eisfit templates NAME' shows it)."
        yield from self._of_arcs()
        yield f"# {self._of_tails()}; these agree with it:"
        for system, found in kinds([c for c in self.candidates if c.likely]).items():
            yield f"# - {system}"
            for kind in found:
                yield _candidate_line(kind.plain)
                yield from (_candidate_line(c) for c in kind.variants if not c.counts)
                if stacks := [c.name for c in kind.variants if c.counts]:
                    yield f"# stacks of it: {', '.join(stacks)}"
        if others := [c.name for c in self.candidates if not c.likely]:
            yield f"# others: {', '.join(others)}"
        yield line('# circuit = "R0-p(R1,CPE1)"', "or a circuit string, whose parts have no names")

    def _beside(self) -> Iterator[str]:
        """Go through the templates and circuits that the data do not tell from the chosen one."""
        if self.chosen.others:
            yield "# The data allow these as well; choose by what you know of the cell:"
        for name, told_by in self.chosen.others:
            yield line(f"# template = {quoted(name)}", f"told apart by {told_by}")
        if self.chosen.circuits:
            yield f"# circuits without names that they allow: {', '.join(self.chosen.circuits)}"

    def _of_arcs(self) -> Iterator[str]:
        if self.suggested:
            yield f"# By arcs, capacitances and tails the data allow {', '.join(self.suggested)}"
            yield "# ('eisfit suggest' says what tells them apart)."

    def _template_path(self, name: str) -> str:
        """Return a template as the manifest names it: a path counts from its folder."""
        return Path(os.path.relpath(name, self.folder)).as_posix() if name.endswith(".toml") else name

    def _of_tails(self) -> str:
        count, total = round(self.share * len(self.spectra)), len(self.spectra)
        if not count:
            return "No spectrum ends in a tail of blocking electrodes"
        return f"{count} of {total} spectra rise at the lowest frequency, as over blocking electrodes"

    def _conditions(self) -> Iterator[str]:
        yield from self._electrodes()
        yield from self._counts()
        yield from self._geometry()
        yield line(
            "# temperature_err_c = 0.5", "standard error of the thermometer; not given: not in the error bar"
        )

    def _counts(self) -> Iterator[str]:
        if self.chosen.template is not None:
            for count in template(self.chosen.template).counts:
                yield line(f"# {count.name} = {count.least}", f"missing: {count.meaning}")

    def _electrodes(self) -> Iterator[str]:
        if self.chosen.electrodes is not None:
            yield f"electrodes = {self.chosen.electrodes}"
        elif self._only_electrodes() is not None:
            yield f"electrodes = {self._only_electrodes()}"
        elif self.stated_electrodes is not None:
            yield f"# electrodes: the files state {self.stated_electrodes}"
        else:
            yield line("# electrodes = 4", "missing: 2, 3, 4 or 8; decides what lies between the probes")

    def _geometry(self) -> Iterator[str]:
        given = self.chosen.geometry
        yield from (f"{key} = {value!r}" for key, value in given.items())
        quantities = {LAB_UNITS.get(key, (key, 1.0))[0] for key in given}
        if CELL_CONSTANT in given:
            return
        for name, example, rule in _GEOMETRY:
            if name in quantities:
                continue
            if said := stated(self.spectra, name):
                yield f"# {name}: the files state {said}"
            else:
                yield line(f"# {example}", f"missing: {rule}")

    def _cells(self) -> Iterator[str]:
        pattern, groups, sure = self.cells()
        if not groups:
            return
        count = len(set(groups))
        if sure:
            yield line(f"cell_from_name = {quoted(pattern)}", f"{count} cells, each fitted by itself")
        else:
            told = f"cell_from_name = {quoted(pattern)}" if pattern else 'cell = "A"'
            yield line(f"# {told}", f"if the {count} groups of names are cells, each to be fitted by itself")

    def cells(self) -> tuple[str, list[str], bool]:
        """Return the pattern that tells cells, the group of each file, and whether folders tell them surely."""
        pairs = [(f.name, t) for f in self.found.files if (t := self.found.temperature_of(f)) is not None]
        if not pairs:
            return "", [], False
        names, warm = [n for n, _ in pairs], [t for _, t in pairs]
        for sure, groups in ((True, folder_groups(names, warm)), (False, name_groups(names, warm))):
            if groups is not None and share_temperatures(groups, warm):
                pattern = cell_pattern(groups, names)
                whole = len(pairs) == len(self.found.files) and not may_be_passes(groups)
                return pattern, groups, bool(sure and pattern and whole)
        return "", [], False

    # the table of what was found

    def rows(self) -> Iterator[tuple[str, str]]:
        """Go through what was found, and what is missing."""
        found = self.found
        yield "spectra", self._spectra_text()
        yield (
            "temperature",
            self.files.warm_text()
            + (f"; {len(found.lacking)} of {len(found.files)} files without" if found.lacking else ""),
        )
        if found.doubt:
            yield "check", found.doubt
        _, groups, sure = self.cells()
        if groups:
            names = ", ".join(list(dict.fromkeys(groups))[:4])
            yield "cells", f"{len(set(groups))} {'by folder' if sure else 'by name, perhaps'}: {names}"
        yield "electrodes", str(self.electrodes or self._only_electrodes() or "missing")
        yield "geometry", self._geometry_text()
        plain = [
            kind.plain.name
            for found in kinds([c for c in self.candidates if c.likely]).values()
            for kind in found
        ]
        yield "template", self.chosen.template or f"to choose: {', '.join(plain)}"
        left = len(found.unread) + len(found.twins) + len(found.files) - len(self.files.writable)
        if left:
            yield (
                "left out",
                f"{left} of {left + len(self.files.writable)} files, for reasons that stand in {MANIFEST_NAME}",
            )
        yield "next", self._next()

    def _spectra_text(self) -> str:
        points = sorted({len(s) for s in self.spectra})
        size = f"{points[0]}" if len(points) == 1 else f"{points[0]} to {points[-1]}"
        low = min(float(s.frequency_hz.min()) for s in self.spectra)
        high = max(float(s.frequency_hz.max()) for s in self.spectra)
        files = f"{len(self.found.files)} files" if len(self.found.files) > 1 else "1 file"
        return f"{len(self.spectra)} in {files}; {size} points, {low:.3g} to {high:.3g} Hz"

    def _geometry_text(self) -> str:
        told = [f"{key} {value:g}" for key, value in self.chosen.geometry.items()]
        told += [f"{name} {said}" for name, *_ in _GEOMETRY if (said := stated(self.spectra, name))]
        return ", ".join(told) or "missing: resistances only"

    def _next(self) -> str:
        steps = [] if self.chosen.template else ["template"]
        if self.electrodes is None and self._only_electrodes() is None:
            steps.append("electrodes")
        if self.chosen.template is not None:
            steps += [count.name for count in template(self.chosen.template).counts]
        if self.found.lacking and len(self.found.lacking) == len(self.found.files):
            steps.append("temperatures")
        command = f"eisfit series {self._typed_folder()} -o results"
        return (
            f"write {', '.join(steps)} in {self.folder / MANIFEST_NAME}, then {command}" if steps else command
        )

    def _typed_folder(self) -> str:
        name = one_line(str(self.folder))
        return f'"{name}"' if " " in name else name

    def _only_electrodes(self) -> int | None:
        """Return the number of electrodes that the chosen template knows, if there is only one."""
        if self.chosen.template is None:
            return None
        known = template(self.chosen.template).configurations
        return known[0].electrodes if len(known) == 1 else None


_GEOMETRY = (
    ("area_cm2", "area_cm2 = 0.785", "without it resistances only; or diameter_mm = 10, area_mm2 = 78.5"),
    (
        "thickness_cm",
        "thickness_mm = 1.0",
        "of the solid, for its conductivity; or thickness_cm, thickness_um",
    ),
)


def _candidate_line(candidate: Candidate) -> str:
    several = len(candidate.electrodes) > 1
    known = f"; electrodes = {' or '.join(map(str, candidate.electrodes))}" if several else ""
    return line(f"# template = {quoted(candidate.name)}", f"{candidate.title}{known}")
