"""The files and temperatures of a series.toml that is written from a survey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eisfit.spectrum.conditions import CONDITION_NUMBERS
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.plain_text import one_line
from eisfit.workflow.starter_lines import is_text, line, quoted, relative
from eisfit.workflow.survey import Found, Survey, span_c, temperature_notes

MOST_TABLES = 60  # files that have a [[spectrum]] table each; of more, their list stands


class FileLines:
    """The lines that name the files and their temperatures.

    Parameters
    ----------
    folder : Path
        Of the manifest.
    found : Survey
        What it holds.
    pattern : str, optional
        By which names tell the temperature, where that is known.
    """

    def __init__(self, folder: Path, found: Survey, pattern: str | None = None) -> None:
        self.folder, self.found, self.pattern = folder, found, pattern
        self.spectra = [s for f in found.files for s in f.sweeps]
        self.writable = [f for f in found.files if is_text(relative(f.file, folder))]

    def lines(self) -> Iterator[str]:
        """Go through the lines."""
        found = self.found
        if self.pattern is not None:
            yield f"temperature_from_name = {quoted(self.pattern)}"
            yield from self._listed(self.writable)
            yield from self._left_out([])
            return
        yield from self._warm()
        told = [f for f in self.writable if found.temperature_of(f) is not None]
        if found.named_c and len(found.named_c) < len(
            told
        ):  # others state theirs: a pattern would take it from all
            yield from self._tables(told)
        elif not told and found.names is None and len(self.writable) <= MOST_TABLES:
            yield from self._tables(self.writable)
        else:
            yield from self._listed(told or self.writable)
        named = {f.file for f in told}
        yield from self._left_out([f for f in self.writable if f.file not in named] if told else [])

    def _warm(self) -> Iterator[str]:
        """Go through the lines about temperatures that hold for all files."""
        found, names = self.found, self.found.names
        told = len(found.files) - len(found.lacking)
        if found.doubt:
            yield f"# CHECK: {found.doubt}"
        if names is not None and found.named_c and len(found.named_c) == told:
            yield line(f"temperature_from_name = {quoted(names.pattern)}", self.warm_text())
        elif told:
            yield f"# temperatures: {self.warm_text()}"
        elif names is not None:
            known = span_c([t for t in names.temperature_c if t is not None])
            yield line(f"# temperature_from_name = {quoted(names.pattern)}", f"if {known} are temperatures")
        else:
            yield "# Temperatures are missing: neither the files nor their names tell them. Write temperature_c for"
            yield "# each file, or a pattern for the names; without them each spectrum is fitted by itself."
            yield '# temperature_from_name = "T{temperature_c}"'
            yield from self._other_order()

    def _other_order(self) -> Iterator[str]:
        for name in CONDITION_NUMBERS:
            if name not in ("temperature_c", "temperature_err_c") and " to " in (
                said := stated(self.spectra, name)
            ):
                yield line(f"# over = {quoted(name)}", f"orders the series by it; the files state {said}")

    def warm_text(self) -> str:
        """Return the range of temperatures, and where they were found."""
        found = self.found
        told = [f for f in found.files if found.temperature_of(f) is not None]
        known = [t for f in told for t in found.temperatures_of(f)]
        if not known:
            return "missing"
        places = []
        if of_files := [
            f for f in found.files if f.file not in found.named_c and f.temperature_c is not None
        ]:
            notes = temperature_notes(of_files[0])
            places.append(
                f"stated by the files ({one_line(notes[0].text)})" if notes else "stated by the files"
            )
        if found.named_c and found.names is not None:
            where = "folders" if found.names_are_of_folders else "files"
            places.append(f"from names of {where}, as {found.names.pattern}")
        return f"{span_c(known)}, {' and '.join(places)}"

    def _listed(self, files: Sequence[Found]) -> Iterator[str]:
        """Go through the line `files`; a name that a pattern could not hold has a table."""
        plain = [f for f in files if not set("*?[") & set(relative(f.file, self.folder))]
        patterns = self.patterns(plain)
        if len(patterns) == 1:
            yield f"files = {quoted(patterns[0])}"
        elif patterns:
            yield "files = ["
            yield from (f"    {quoted(pattern)}," for pattern in patterns)
            yield "]"
        others = {f.file for f in files} - {f.file for f in plain}
        yield from self._tables([f for f in files if f.file in others])

    def patterns(self, files: Sequence[Found]) -> list[str]:
        """Return patterns that match these files and no other; the names themselves where there are none."""
        wanted = {f.file for f in files}
        found: list[str] = []
        for folder, suffix in dict.fromkeys((f.file.parent, f.file.suffix) for f in files):
            group = [f.file for f in files if (f.file.parent, f.file.suffix) == (folder, suffix)]
            below = "" if folder == self.folder else f"{relative(folder, self.folder)}/"
            for pattern in (f"{below}*{suffix}", f"{below}{_common_start(group)}*{suffix}"):
                if (
                    "[" not in pattern
                    and {p for p in folder.glob(pattern.removeprefix(below)) if p.is_file()} <= wanted
                ):
                    found.append(pattern)
                    break
            else:
                found += [relative(path, self.folder) for path in group]
        return found

    def _tables(self, files: Sequence[Found]) -> Iterator[str]:
        for each in files:
            t, named = self.found.temperature_of(each), each.file in self.found.named_c
            yield ""
            yield "[[spectrum]]"
            yield f"file = {quoted(relative(each.file, self.folder))}"
            if named:
                yield line(f"temperature_c = {t:g}", "from the name")
            elif t is not None:
                yield f"# temperature_c: the file states {t:g}"
            else:
                yield line("# temperature_c = 25", "missing: in °C")

    def _left_out(self, lacking: Sequence[Found]) -> Iterator[str]:
        rows = [(f.file, "neither the file nor its name tells a temperature") for f in lacking]
        rows += [(Path(u.file), u.reason) for u in self.found.unread]
        rows += [(file, f"it holds the data of {other.name}") for file, other in self.found.twins]
        writable = {f.file for f in self.writable}
        rows += [(f.file, "its name cannot be written") for f in self.found.files if f.file not in writable]
        if rows:
            yield ""
            yield "# Left out:"
        for file, reason in rows:
            name = relative(file, self.folder)
            yield f"# {one_line(name)}: {one_line(reason).removeprefix(file.name + ': ')}"


def stated(spectra: Sequence[Spectrum], name: str) -> str:
    """Return what all spectra state of a condition, as text; empty where one does not."""
    values = [s.conditions.number(name) for s in spectra]
    known = [v for v in values if v is not None]
    if not known or len(known) < len(values):
        return ""
    low, high = min(known), max(known)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _common_start(files: Sequence[Path]) -> str:
    """Return the text with which all names begin; empty for one file."""
    first, last = min(f.name for f in files), max(f.name for f in files)
    size = next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return first[:size]
