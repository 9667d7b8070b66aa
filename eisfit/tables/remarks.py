"""Remarks below the tables: outcomes, remarks of fits, findings of checks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from eisfit.laws.line_sentences import sentences_of
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.spectrum.findings import IMPLAUSIBLE_CONDITION
from eisfit.spectrum.spectrum import Spectrum

_DIFFERING = re.compile(r"'[^']*'|[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")  # in sentences of one kind

MOST_NAMED = 4  # labels in front of a sentence; of more than twice as many their number stands there


def remarks(result: Series | Sequence[Fit], *, all_notes: bool = False) -> list[str]:
    """Return the remarks below the tables, equal ones and those that differ in numbers or names only gathered.

    Parameters
    ----------
    result : Series or sequence of Fit
        The fits.
    all_notes : bool
        Whether the tables have no room for the notes of contributions.
    """
    by_text: dict[str, list[str]] = {}
    for f in result:
        if f.statistics is not None:  # why a spectrum could not be fitted stands in the table
            for text in (f.outcome.value, *f.remarks):
                if text:
                    by_text.setdefault(text, []).append(f.label)
        for finding in f.spectrum.findings:
            if finding.kind != IMPLAUSIBLE_CONDITION:
                by_text.setdefault(finding.text, []).append(f.label)
        for c in f.contributions:
            if c.note and (all_notes or c.resolved in ("sum only", "yes")):
                by_text.setdefault(f"{c.name}: {c.note}", []).append(f.label)
    if isinstance(result, Series):
        for line, _ in result.law_fits():
            for text in line.remarks:
                by_text.setdefault(text, [])
        said = () if result.joint is None else result.joint.remarks
        for text in (*line_sentences(result), *said):
            by_text.setdefault(text, [])
    circuits = dict.fromkeys(text for f in result if (text := read_as(f)))
    return [*circuits, *gathered(by_text, len(result)), *_of_checks([f.spectrum for f in result])]


def gathered(by_text: Mapping[str, Sequence[str]], total: int) -> list[str]:
    """Return sentences, each with the labels or the number of the spectra it is about.

    Those that differ in numbers or in quoted names only are one: that of the first spectrum, with their count.

    Parameters
    ----------
    by_text : mapping of str to sequence of str
        The labels by the sentence; none for what is about all spectra.
    total : int
        Number of all spectra.

    Examples
    --------
    >>> gathered({"drift of 3 %": ["a"], "drift of 7 %": ["b", "c"], "no area": ["a", "b", "c"]}, 3)
    ['3 spectra, as a: drift of 3 %', 'no area']
    """
    alike: dict[str, list[str]] = {}
    for text in by_text:
        alike.setdefault(_DIFFERING.sub("#", text), []).append(text)
    lines = []
    for texts in alike.values():
        labels = [label for text in texts for label in by_text[text]]
        if not labels:
            lines += texts
        elif len(texts) > 1:
            lines.append(f"{len(labels)} spectra, as {by_text[texts[0]][0]}: {texts[0]}")
        else:
            lines.append(texts[0] if len(labels) == total else f"{_shortened(labels)}: {texts[0]}")
    return lines


def read_as(fit: Fit) -> str:
    """Return how the circuit string of another program was read; '' where it was one of eisfit."""
    asked = fit.template.asked or fit.template
    if not asked.is_circuit or "".join(asked.title.split()) == "".join(asked.text.split()):
        return ""
    return f"circuit {asked.title!r} was read as {asked.text}"


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
        if len(said) > 2 * MOST_NAMED:
            label = f"{len(said)} spectra, as {label}"
        elif len(said) > 1:
            text = f"{len(said)} spectra; {label}: {text}"
            label = _shortened([name for name, _ in said])
        lines.append(f"{label}: {kind}: {text}")
    return lines


def _shortened(labels: Sequence[str], most: int = MOST_NAMED) -> str:
    if len(labels) > 2 * most:
        return f"{len(labels)} spectra"
    return ", ".join(labels[:most]) + (f" and {len(labels) - most} more" if len(labels) > most else "")
