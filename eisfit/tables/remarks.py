"""Remarks below the tables: outcomes, remarks of fits, findings of checks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eisfit.laws.line_sentences import sentences_of
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.spectrum.findings import IMPLAUSIBLE_CONDITION
from eisfit.spectrum.spectrum import Spectrum


def remarks(result: Series | Sequence[Fit]) -> list[str]:
    """Return the remarks below the tables: outcomes and remarks of fits, equal ones gathered."""
    by_text: dict[str, list[str]] = {}
    for f in result:
        noted = (n.text for n in f.spectrum.findings if n.kind != IMPLAUSIBLE_CONDITION)
        for text in (f.outcome.value, *f.remarks, *noted):
            if text:
                by_text.setdefault(text, []).append(f.label)
        for c in f.contributions:
            if c.note and c.resolved in ("sum only", "yes"):
                by_text.setdefault(f"{c.name}: {c.note}", []).append(f.label)
    if isinstance(result, Series):
        for line, _ in result.law_fits():
            for text in line.remarks:
                by_text.setdefault(text, [])
        for text in line_sentences(result):
            by_text.setdefault(text, [])
    total = len(result)
    found = [
        text if not labels or len(labels) == total else f"{_shortened(labels)}: {text}"
        for text, labels in by_text.items()
    ]
    return found + _of_checks([f.spectrum for f in result])


def echoes(result: Series | Sequence[Fit]) -> list[str]:
    """Return what stands above the tables: conditions that look like a slip of the unit, and how they were read."""
    by_text: dict[str, list[str]] = {}
    for f in result:
        for finding in f.spectrum.findings:
            if finding.kind == IMPLAUSIBLE_CONDITION:
                by_text.setdefault(finding.text, []).append(f.label)
    return [
        text if len(labels) == len(result) else f"{_shortened(labels)}: {text}"
        for text, labels in by_text.items()
    ]


def line_sentences(series: Series) -> list[str]:
    """Return what tests have shown of the lines in their default ordinate, and of further laws."""
    files = {f.label: Path(f.spectrum.source.file).name for f in series if f.spectrum.source}
    return sentences_of([line for line, default in series.law_fits() if default], files)


def _of_checks(spectra: Sequence[Spectrum]) -> list[str]:
    """Return one line per kind of finding of the checks: in which spectra, and the first of them in words."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for s in spectra:
        for finding in s.checked.findings if s.checked else ():
            by_kind.setdefault(finding.kind, []).append((s.label, finding.text))
    lines = []
    for kind, said in by_kind.items():
        label, text = said[0]
        if len(said) > 1:
            text = f"{len(said)} spectra; {label}: {text}"
            label = _shortened([name for name, _ in said])
        lines.append(f"{label}: {kind}: {text}")
    return lines


def _shortened(labels: Sequence[str], most: int = 4) -> str:
    return ", ".join(labels[:most]) + (f" and {len(labels) - most} more" if len(labels) > most else "")
