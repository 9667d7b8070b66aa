"""The first pages of a report: what was measured, what came out, and how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import PurePath

from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.laws.line_sentences import energy_text
from eisfit.plots.canvas.curves import CONDITIONS, as_drawn, condition_label
from eisfit.plots.canvas.fit_words import conditions_of, outcome_of, resistance_of
from eisfit.plots.canvas.paper import TEXT, line_cm, text_width_cm
from eisfit.plots.canvas.text_table import Column, printed
from eisfit.plots.canvas.units import plain
from eisfit.plots.document.about import About
from eisfit.plots.document.book import Book
from eisfit.plots.kinds.circuit import circuit
from eisfit.results.doubted import misses
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.tools.rounding import with_error
from eisfit.version import __version__

_TITLE = 18.0
_SOFT = "#505050"
_UNIT_CM, _MOST_CIRCUIT_CM = 1.0, 6.0
_UNITS = {"asr": "Ω cm²", "resistance": "Ω", "conductivity": "S cm⁻¹"}


def cover(book: Book, result: Series | Sequence[Fit], about: About) -> None:
    """Write the title, the facts, the circuit, and the tables of what came out.

    Parameters
    ----------
    book : Book
        Empty.
    result : Series or sequence of Fit
        At least one fit.
    about : About
        Its title and where it comes from.
    """
    fits = list(result)
    over = result.condition if isinstance(result, Series) else "temperature_c"
    title(book, "Impedance report", about.title, _headline(result, over))
    paper = book.paper
    for doubt in _doubts(result):
        book.paragraph(doubt, size=TEXT, bold=True)
    paper.rule(paper.at_cm + 0.1)
    paper.skip(0.35)
    _facts(book, facts(fits, about, over))
    _drawing(book, fits)
    if isinstance(result, Series):
        _energies(book, result)
        _laws(book, result)
    _resistances(book, fits, over)
    _specific_values(book, fits, over)


def title(book: Book, kind: str, name: str, headline: str) -> None:
    """Write of what kind a report is, of what, and what it holds in one line."""
    paper = book.paper
    paper.write(kind, size=TEXT, colour=_SOFT)
    paper.skip(line_cm(TEXT) + 0.1)
    paper.paragraph(name, size=_TITLE, bold=True)
    paper.skip(0.1)
    paper.paragraph(headline, size=TEXT)


def _headline(result: Series | Sequence[Fit], over: str) -> str:
    fits = list(result)
    values = [v for f in fits if (v := f.spectrum.conditions.number(over)) is not None]
    text = f"{len(fits)} {'spectra' if len(fits) > 1 else 'spectrum'}"
    if values:
        unit = CONDITIONS.get(over, ("", ""))[1]
        low, high = plain(min(values)), plain(max(values))
        span = low if low == high else f"{low} to {high}"
        text += f", {over.rpartition('_')[0].replace('_', ' ') or over} {span} {unit}".rstrip()
    names = dict.fromkeys(c.name for f in fits for c in f.contributions)
    return f"{text}: {', '.join(names)}" if names else text


def _doubts(result: Series | Sequence[Fit]) -> list[str]:
    """Return what must be known before any number is read."""
    fits = list(result)
    found = [printed(text)] if (text := misses(fits)) else []
    failed = sum(f.outcome is Outcome.FAILED for f in fits)
    if failed:
        found.append(f"{failed} of {len(fits)} spectra could not be fitted: see the remarks")
    unread = len(result.unread) if isinstance(result, Series) else 0
    if unread:
        found.append(f"{unread} {'files' if unread > 1 else 'file'} could not be read: see the remarks")
    others = [f for f in fits if f.outcome not in (Outcome.GOOD, Outcome.FAILED) and not f.missed]
    if others:
        counts: dict[str, int] = {}
        for f in others:
            counts[outcome_of(f)] = counts.get(outcome_of(f), 0) + 1
        said = ", ".join(f"{word} {n}" for word, n in counts.items())
        found.append(f"{len(others)} of {len(fits)} fits carry a reservation ({said}): see the remarks")
    return found


def facts(fits: Sequence[Fit], about: About, over: str) -> list[tuple[str, str]]:
    """Return the facts of the first page: template, conditions, files, settings of the fit, version."""
    template = fits[0].template
    known = [conditions_of(f.spectrum, leave_out=[over]) for f in fits]
    common = [text for text in known[0] if all(text in of for of in known)]
    differing = any(len(of) > len(common) for of in known)
    files = list(dict.fromkeys(PurePath(s.file).name for f in fits if (s := f.spectrum.source)))
    formats = list(dict.fromkeys(s.format for f in fits if (s := f.spectrum.source)))
    shown = files if len(files) <= 4 else [*files[:2], "…", files[-1]]
    found = [
        ("Template", "" if template.is_circuit else f"{template.name}: {template.title}"),
        ("Circuit", template.circuit.text),
        ("Conditions", ", ".join(common) + (" (others differ: see each spectrum)" if differing else "")),
        ("Files", f"{len(files)}: {', '.join(shown)}  ({', '.join(formats)})" if files else ""),
        ("Fit", _fitting(fits)),
        ("Results", f"{about.source}  (eisfit {__version__})".strip()),
    ]
    return [(name, printed(text)) for name, text in found if text]


def _fitting(fits: Sequence[Fit]) -> str:
    first = next((f for f in fits if f.outcome is not Outcome.FAILED), None)
    if first is None:
        return ""
    return f"complex least squares, {first.weights} weights, {first.loss} loss, seed {first.options.seed}"


def _facts(book: Book, found: Sequence[tuple[str, str]]) -> None:
    indent = max(text_width_cm(name, bold=True) for name, _ in found) + 0.5
    for name, text in found:
        paper = book.paper
        lines = paper.lines(text, indent)
        if paper.room_cm < len(lines) * line_cm():
            book.turn()
        paper = book.paper
        paper.write(name, bold=True)
        for line in lines:
            paper.write(line, indent)
            paper.skip(line_cm())


def _drawing(book: Book, fits: Sequence[Fit]) -> None:
    """Draw the circuit; where fits have several, that of the most."""
    paper = book.paper
    by_text: dict[str, list[Template]] = {}
    for f in [f for f in fits if f.outcome is not Outcome.FAILED] or fits:
        by_text.setdefault(f.template.circuit.text, []).append(f.template)
    chosen = max(by_text.values(), key=len)[0]
    ax = paper.axes(0, paper.width_cm, 1.0)
    circuit(chosen, ax=ax)
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    unit = min(_UNIT_CM, paper.width_cm / (x1 - x0), _MOST_CIRCUIT_CM / (y1 - y0))
    width, height = unit * (x1 - x0), unit * (y1 - y0)
    paper.skip(0.3)
    ax.set_position(paper.frame((paper.width_cm - width) / 2, width, height))
    ax.set(xticks=[], yticks=[])
    paper.skip(height)
    if len(by_text) > 1:
        text = (
            f"{len(by_text)} circuits were fitted, as arcs leave the window; drawn is {chosen.circuit.text}"
        )
        paper.paragraph(text, colour=_SOFT)
    paper.skip(0.2)


def _energies(book: Book, series: Series) -> None:
    rows = []
    for line, default in series.lines():
        if not default:
            continue
        low, high = line.ci95_ev
        apparent = line.quantity == "conductivity" and role_of(line.role).apparent
        values = [
            printed(with_error(r.value, r.stderr)) + (" *" if r.extrapolated else "") for r in line.references
        ]
        rows.append(
            [
                f"{line.contribution} (apparent)" if apparent else line.contribution,
                printed(energy_text(line)).replace(" ± ", "\u00a0±\u00a0"),
                f"{low:.3f} to {high:.3f}" if math.isfinite(low) and line.determined else "",
                line.ordinate.replace("sigma", "σ"),
                *values,
                _UNITS[line.quantity],
                f"{line.points_used} of {line.points_total}",
                f"× {line.scatter_ratio:.1f}" if line.scatter_ratio > 1 else "",
            ]
        )
    if not rows:
        return
    heads = [
        "contribution",
        "Eₐ / eV",
        "95 % / eV",
        "ordinate",
        "at 25 °C",
        "at 60 °C",
        "unit",
        "points",
        "scatter",
    ]
    book.table(
        "Activation energies", [Column(h, words=h in ("contribution", "Eₐ / eV")) for h in heads], rows
    )
    if any("*" in cell for row in rows for cell in row):
        book.paper.skip(0.1)
        book.paragraph("* extrapolated beyond the temperatures measured")


def _laws(book: Book, series: Series) -> None:
    rows = [
        [
            fit.contribution,
            fit.law,
            p.name,
            printed(fit.shown(p)),
            f"{low:.4g} to {high:.4g}" if math.isfinite((low := p.ci95[0]) + (high := p.ci95[1])) else "",
            fit.ordinate.replace("sigma", "σ"),
        ]
        for fit in series.laws
        for p in fit.parameters
    ]
    heads = ["contribution", "law", "parameter", "value", "95 %", "ordinate"]
    if rows:
        book.table("Laws", [Column(h, words=h == "contribution") for h in heads], rows)


def _resistances(book: Book, fits: Sequence[Fit], over: str) -> None:
    """Write one row per spectrum: the resistance of each contribution, and how the fit ended."""
    names = list(
        dict.fromkeys(c.name for f in fits for c in f.contributions if not _without_resistance(c.name, fits))
    )
    counts = {c.name: c.count for f in fits for c in f.contributions}
    rows = []
    for f in fits:
        by_name = {c.name: c for c in f.contributions}
        value = f.spectrum.conditions.number(over)
        cells = [
            _with_doubt(by_name[n].known, resistance_of(by_name[n])) if n in by_name else "" for n in names
        ]
        rows.append([f.label, "" if value is None else plain(value), *cells, outcome_of(f)])
    heads = [f"{counts[n]} × {n}" if counts[n] > 1 else n for n in names]
    columns = [
        Column("spectrum", words=True),
        Column(_plain_label(over)),
        *(Column(h, words=len(h) > 12) for h in heads),
        Column("outcome"),
    ]
    book.table("Resistances of the whole path / Ω", columns, rows)


def _specific_values(book: Book, fits: Sequence[Fit], over: str) -> None:
    """Write one row per spectrum: area-specific resistances and conductivities, where a geometry is given."""
    heads: dict[str, Column] = {}
    cells: list[dict[str, str]] = []
    for f in fits:
        found: dict[str, str] = {}
        for c in f.contributions:
            if asr := with_error(c.asr_ohm_cm2, c.asr_stderr_ohm_cm2):
                heads.setdefault(c.name, Column(f"{c.name}: ASR / Ω cm²", words=True))
                found[c.name] = printed(asr)
            elif sigma := with_error(c.conductivity_s_cm, c.conductivity_stderr_s_cm):
                apparent = "apparent " if role_of(c.role).apparent else ""
                heads.setdefault(c.name, Column(f"{c.name}: {apparent}σ / S cm⁻¹", words=True))
                found[c.name] = printed(sigma)
        cells.append(found)
    if not heads:
        return
    rows = []
    for f, found in zip(fits, cells, strict=True):
        value = f.spectrum.conditions.number(over)
        rows.append([f.label, "" if value is None else plain(value), *(found.get(n, "") for n in heads)])
    columns = [Column("spectrum", words=True), Column(_plain_label(over)), *heads.values()]
    book.table("Area-specific resistances of one interface, conductivities of layers", columns, rows)


def _without_resistance(name: str, fits: Sequence[Fit]) -> bool:
    return not any(resistance_of(c) for f in fits for c in f.contributions if c.name == name)


def _with_doubt(known: str, value: str) -> str:
    return f"{value} ({known})" if value and known.startswith("misfit") else value or known


def _plain_label(over: str) -> str:
    return as_drawn(condition_label(over)).replace("\\$", "").replace("$", "")
