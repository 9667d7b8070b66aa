"""Which columns of a heading line make up one spectrum."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from eisfit.formats.parsing.crossed_headings import crossed, trials
from eisfit.formats.parsing.headings import AMPLITUDES, Heading, parse, parse_all, tidy
from eisfit.formats.parsing.labels import FIT, STATISTICS, labelled, part_of, parts_of, resembled, ways
from eisfit.formats.parsing.search_limit import REMEMBERED, spend
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.immittance import QUANTITIES, Route, route_of

MOST_LABELLED = 400  # columns of a table whose headings are searched for labels
EXCEL_ERROR = "#NAME?"
TWIN = " again in column "  # between a quantity and the place of another representation of it
OPTIONAL = frozenset({"time", "cycle", "bias", "temperature", "set_temperature", *AMPLITUDES})
PARTIAL = {"c": "Cp or Cs", "l": "Lp or Ls"}  # parallel or series: which is not said
IMMITTANCE = QUANTITIES | PARTIAL.keys()
_UNIT_ORDER = ("ohm", "S", "F", "H", "deg", "1", "", "S/cm", "ohm cm", "ohm cm2", "S / cm2", "F / cm2")
MOST_QUOTED = 12
_NOT_UNDERSTOOD = "are not understood: write them anew"
_DASH = re.compile(r"(?i)\w\s*-\s*[zri(|]")
_STATISTICAL = re.compile(  # other forms of the same points, and other electrodes
    r"(?i)std|err|dev|pwr|avg|drift|corr|cal|fit|model|sim|norm|scal|shift|smooth|interp|area|asr|[%±Δ*×]|ce\b|ce\)|stack"
)
_OF_PHYSICS = re.compile(r"(?i)\b(e|i|j|u|v|current|voltage|potential|volt|ewe|ece)(\b|_)")
_PHASES = re.compile(r"(?i)phase|theta|phi|[θφ]|angle")
_NUMBERED = re.compile(r"z([1-9])(?![\d'])")
_LETTERED = re.compile(r"(?i)(z'+)\s*\(([ab])\)(.*)")


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what, one entry per quantity, for one spectrum group.

    Parameters
    ----------
    place : dict of str to int
        Index of the column by quantity.
    heading : dict of str to Heading
        Its heading by quantity.
    label : str
        What the headings of this group say beyond their quantities.
    doubt : str
        Why the columns cannot be assigned to a spectrum; empty where they can.
    findings : tuple of Finding
        What was decided of the columns.
    """

    place: dict[str, int]
    heading: dict[str, Heading]
    label: str = ""
    doubt: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def route(self) -> Route | None:
        """The way from these columns to an impedance; None where half of it is missing."""
        return route_of(self.place)

    @property
    def complete(self) -> bool:
        """Whether a frequency and an impedance are there."""
        return "frequency" in self.place and self.route is not None


@dataclass
class Table:
    """Headings and the rows under them, nan in the columns that nobody needs."""

    headings: list[str]
    groups: list[Columns]
    values: list[list[float]] = field(default_factory=list)
    line: int = 1


Found = list[tuple[int, Heading]]


def groups_of(headings: Sequence[str]) -> list[Columns]:
    """Find the spectra that stand side by side in a heading line.

    A new one begins at every frequency, at every label, and at every repetition of the quantities beside one
    frequency. Columns of a fit or of errors are left out, with a finding, where measured ones are there.

    Raises
    ------
    FormatError
        If the file has more words in the place of headings than are searched.
    """
    spend(line := tuple(headings), sum(map(ways, line[:MOST_LABELLED])) + len(line) + trials(line) // 10)
    return list(groups_in_line(line))


@lru_cache(maxsize=2 * REMEMBERED)
def groups_in_line(headings: tuple[str, ...]) -> list[Columns]:
    """Return what `groups_of` does, from a cache and without a limit."""
    parsed, doubt = crossed(headings, _samples_a_and_b(parse_all(headings), headings))
    if doubt:
        texts = [t for t, h in zip(headings, parsed, strict=True) if h is None or h.quantity in IMMITTANCE]
        text = f"the columns {_cited(texts)} {doubt}, and their headings {_NOT_UNDERSTOOD}"
        place = {h.quantity: i for i, h in enumerate(parsed) if h is not None}
        return [Columns({"re": 0, **place}, {}, doubt=text)]
    if len(headings) <= MOST_LABELLED:
        parsed = [h or labelled(text) for h, text in zip(parsed, headings, strict=True)]
    unread = [t for t, h in zip(headings, parsed, strict=True) if h is None and t.strip()][:MOST_LABELLED]
    found = _moduli_of_samples([(i, h) for i, h in enumerate(parsed) if h is not None], headings)
    found, findings = _measured(found)
    samples = {part_of(h.label)[0] for _, h in found if h.quantity in IMMITTANCE}
    groups = (
        _by_label(found) if samples - {""} else [part for piece in _slices(found) for part in _repeats(piece)]
    )
    groups = [_spoilt(g, headings) for g in groups]
    whole = [g for g in groups if g.place.keys() & IMMITTANCE] or groups[:1] or [Columns({}, {})]
    if doubtful := _resembling(unread, whole):
        text = f"the columns {_cited(doubtful)} may be an impedance too, and their headings {_NOT_UNDERSTOOD}"
        return [replace(whole[0], doubt=text)]
    return [replace(g, findings=findings + g.findings) for g in whole]


def _resembling(unread: Sequence[str], groups: Sequence[Columns]) -> list[str]:
    """Return the headings that are not understood and resemble both quantities from which a spectrum is computed.

    Beside columns without a label, those of voltages and currents are no samples.
    """
    routes = [g.route for g in groups if g.complete and g.route is not None]
    if not routes:
        return []
    bare = not any(g.label for g in groups)
    texts = [t for t in unread if not _STATISTICAL.search(t) and not (bare and _OF_PHYSICS.search(t))]
    found = {text: resembled(text) for text in texts}
    for route in routes:
        if all(any(q in quantities for quantities in found.values()) for q in route.needs):
            return [text for text, quantities in found.items() if quantities & set(route.needs)]
    return []


def _samples_a_and_b(parsed: list[Heading | None], headings: Sequence[str]) -> list[Heading | None]:
    """Read ``Z'(a)`` to ``Z''(b)`` as two samples; ZPlot prints ``Z'(a)`` and ``Z''(b)`` of one."""
    lettered = [_LETTERED.fullmatch(tidy(text)) for text in headings]
    if not any(m and (m[1].count("'"), m[2].lower()) in ((1, "b"), (2, "a")) for m in lettered):
        return parsed
    found = [parse(m[1] + m[3]) if m else None for m in lettered]
    return [
        replace(new, text=old_text, label=m[2]) if m and new else old
        for m, new, old, old_text in zip(lettered, found, parsed, headings, strict=True)
    ]


def _moduli_of_samples(found: Found, headings: Sequence[str]) -> Found:
    """Read ``Z1`` and ``Z2`` as moduli of two samples where each has its phase; else they are Z' and Z''."""
    numbers = [_NUMBERED.match(re.sub(r"[\s_]", "", h.text.lower())) for _, h in found]
    phases = sum(bool(_PHASES.search(text)) for text in headings)
    if phases < 2 and not any(m and m[1] not in "12" for m in numbers):
        return found
    return [
        (i, replace(h, quantity="modulus", label=m[1] + h.label) if m and h.quantity in ("re", "im") else h)
        for (i, h), m in zip(found, numbers, strict=True)
    ]


def _measured(found: Found) -> tuple[Found, tuple[Finding, ...]]:
    """Leave out the columns of errors, and those of a fit where there are measured ones."""
    named = [(i, h.label) for i, h in found if h.quantity in IMMITTANCE]
    parts = dict.fromkeys((i for i, _ in found), "")
    parts |= dict(zip((i for i, _ in named), parts_of([label for _, label in named]), strict=True))
    plain = [(i, h) for i, h in found if not parts[i]]
    fits = [(i, h) for i, h in found if parts[i] == FIT]
    left = [h for i, h in found if parts[i] == STATISTICS]
    notes: tuple[Finding, ...] = ()
    if any(h.quantity in IMMITTANCE for _, h in plain):
        left += [h for _, h in fits]
    elif fits:
        plain = sorted(plain + fits, key=lambda entry: entry[0])
        text = f"the columns {_quoted(h for _, h in fits)} are of a fit, no measurement"
        notes = (Finding("calculated", text),)
    if left:
        notes += (Finding("columns", f"the columns {_quoted(left)} were left out: a fit, or no impedance"),)
    return plain, notes


def _quoted(headings: Iterable[Heading]) -> str:
    return _cited(h.text for h in headings)


def _cited(headings: Iterable[str]) -> str:
    texts = [text.strip() for text in headings]
    more = f" and {len(texts) - MOST_QUOTED} more" if len(texts) > MOST_QUOTED else ""
    return ", ".join(repr(t) for t in texts[:MOST_QUOTED]) + more


def _by_label(found: Found) -> list[Columns]:
    """Return one group per label; a label that lacks half of its impedance makes all of them doubtful."""
    labels: dict[str, Found] = {}
    for i, h in found:
        if h.quantity in IMMITTANCE:
            labels.setdefault(part_of(h.label)[0], []).append((i, h))
    groups: list[Columns] = []
    left: list[Heading] = []
    for label, columns in labels.items():
        pieces = _repeats([*_shared(found, label, columns), *columns])
        named = next((h.label for _, h in columns if h.label), "")
        if all(p.complete and not p.doubt for p in pieces):
            groups += [replace(p, label=named) for p in pieces]
        else:
            left += [h for _, h in columns]
    if not left:
        return groups
    if groups and not groups[0].label and not _bare_halves(left, labels):
        note = Finding("columns", f"the columns {_quoted(left)} were left out: they are no whole impedance")
        return [replace(g, findings=(*g.findings, note)) for g in groups]
    doubt = (
        f"the columns {_quoted(left)} cannot be assigned to a spectrum: write the same label behind every column "
        "of a sample, or keep one sample in the file"
    )
    return [Columns({h.quantity: i for i, h in found}, {h.quantity: h for _, h in found}, doubt=doubt)]


def _bare_halves(left: list[Heading], labels: dict[str, Found]) -> bool:
    """Tell whether columns without a label lack their half, which may be one of those with a label."""
    bare = {h.quantity for _, h in labels.get("", [])}
    return any(not h.label for h in left) or any(
        h.quantity in bare for h in left if h.quantity in ("re", "im")
    )


def _shared(found: Found, label: str, columns: Found) -> Found:
    """Return frequency and conditions of one label: those with its label, else the nearest before its columns."""
    chosen: dict[str, tuple[int, Heading]] = {}
    first = columns[0][0]
    for i, h in found:
        own = part_of(h.label)[0]
        if h.quantity in IMMITTANCE or own not in ("", label):
            continue
        old = chosen.get(h.quantity)
        closer = (
            old is None
            or (own == label and bool(label))
            or (part_of(old[1].label)[0] == "" and old[0] < i < first)
        )
        if closer and not (old and h.quantity == "frequency" and _rank(old[1]) < _rank(h) and i < first):
            chosen[h.quantity] = (i, h)
    return sorted(chosen.values(), key=lambda entry: entry[0])


def _rank(h: Heading) -> int:
    """Order representations of one frequency: in Hz before angular before logarithmic."""
    return 2 if h.log_base else 1 if h.unit is not None and h.unit.kind == "rad/s" else 0


def _slices(found: Found) -> list[Found]:
    """Cut the columns at every frequency, except where frequencies stand together."""
    places = [k for k, (_, h) in enumerate(found) if h.quantity == "frequency"]
    between = [any(h.quantity in IMMITTANCE for _, h in found[a:b]) for a, b in itertools.pairwise(places)]
    starts = (
        [places[0], *(p for p, apart in zip(places[1:], between, strict=True) if apart)] if places else []
    )
    if len(starts) <= 1:
        return [found]
    ends = [*starts[1:], len(found)]
    return [found[a:b] for a, b in zip(starts, ends, strict=True)]


def _repeats(piece: Found) -> list[Columns]:
    """Return one group per repetition of the quantities in one piece of the heading line."""
    by: dict[str, Found] = {}
    for i, h in piece:
        by.setdefault(h.quantity, []).append((i, h))
    _real_part_of_resistance(by)
    twins: dict[str, tuple[int, Heading]] = {}
    for quantity, columns in by.items():
        if quantity in IMMITTANCE or quantity == "frequency":
            by[quantity] = kept = _one_representation(columns)
            kind = _kind(kept[0][1])
            dropped = [(i, h) for i, h in columns if (i, h) not in kept and _kind(h) == kind]
            twins |= {f"{quantity}{TWIN}{i}": (i, h) for i, h in dropped}
    route = route_of(by.keys())
    counts = [len(by[q]) for q in route.needs] if route else [1]
    count = max(counts)
    notes = _one_frequency(by) if count == 1 else ()
    doubt = ""
    if min(counts) != count or len(by.get("frequency", [])) not in (0, 1, count):
        every = sorted(e for q in ("frequency", *(route.needs if route else ())) for e in by.get(q, []))
        doubt = (
            f"the columns {_quoted(h for _, h in every)} cannot be paired: name each sample behind its columns, "
            "or keep one sample in the file"
        )
        count = 1
    groups = []
    for k in range(count):
        chosen = {q: c[k] if len(c) == count else c[0] for q, c in by.items()} | twins
        text = f"pair {k + 1} of {count} beside one frequency column"
        notes = (Finding("columns", text),) if count > 1 else ()
        heading = _dashes({q: h for q, (_, h) in chosen.items()})
        groups.append(Columns({q: i for q, (i, _) in chosen.items()}, heading, doubt=doubt, findings=notes))
    return groups


def _one_frequency(by: dict[str, Found]) -> tuple[Finding, ...]:
    """Keep one of several frequencies of one spectrum: that without a label, else the first."""
    frequencies = by.get("frequency", [])
    if len(frequencies) < 2:
        return ()
    chosen = min(frequencies, key=lambda entry: (bool(entry[1].label), entry[0]))
    by["frequency"] = [chosen]
    names = _quoted(h for _, h in frequencies)
    return (Finding("columns", f"of the frequencies {names}, {chosen[1].text.strip()!r} was used"),)


def _real_part_of_resistance(by: dict[str, Found]) -> None:
    """Take a resistance as the real part where a reactance stands beside it."""
    resistance = by.pop("resistance", None)
    if resistance and "im" in by and "re" not in by:
        by["re"] = resistance


def _kind(heading: Heading) -> str:
    return heading.unit.kind if heading.unit else ""


def _one_representation(columns: Found) -> Found:
    """Keep one of several representations of the same quantity: by its unit, then by scale and sign."""
    kinds = {_kind(h) for _, h in columns}
    if len(kinds) > 1:
        best = min(kinds, key=lambda k: _UNIT_ORDER.index(k) if k in _UNIT_ORDER else len(_UNIT_ORDER))
        columns = [(i, h) for i, h in columns if _kind(h) == best]
    if len(columns) > 1 and len({(h.factor, h.log_base) for _, h in columns}) == len(columns):
        columns = [min(columns, key=lambda entry: (_rank(entry[1]), entry[0]))]
    return columns


def _dashes(heading: dict[str, Heading]) -> dict[str, Heading]:
    """Read a dash before Z'' as a minus where the heading of Z' has none: there it is no separator."""
    im, re_ = heading.get("im"), heading.get("re")
    if im is None or re_ is None or im.sign < 0 or not im.label or not _DASH.search(tidy(im.text)):
        return heading
    return heading if _DASH.search(tidy(re_.text)) else {**heading, "im": replace(im, sign=-1)}


def _spoilt(columns: Columns, headings: Sequence[str]) -> Columns:
    """Take a lone ``#NAME?`` as -Im(Z) beside Z', |Z| and phase: a spreadsheet took '-Im' for a formula."""
    spoilt = [i for i, text in enumerate(headings) if text.strip() == EXCEL_ERROR]
    if "im" in columns.place or len(spoilt) != 1 or not {"re", "modulus", "phase"} <= columns.place.keys():
        return columns
    im = Heading(EXCEL_ERROR, "im", -1, columns.heading["re"].unit)
    return replace(columns, place={**columns.place, "im": spoilt[0]}, heading={**columns.heading, "im": im})
