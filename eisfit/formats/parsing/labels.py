"""What a heading says beyond its quantity: a sample, a temperature, or that it is a fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.formats.parsing.headings import Heading, parse, tidy
from eisfit.formats.parsing.units import is_bare_length, unit_of
from eisfit.spectrum.immittance import QUANTITIES

LONGEST = 120
LONGEST_RESEMBLED = 240
MOST_WORDS = 12
_FIT = re.compile(
    r"(?i)\b(fit(ted|ting|s)?|model(led)?|simul(ated|ation)|sim|calc(ulated|\.)?|theor(y|etical)|kk|lin-?kk|dft|ecm|modell|"
    r"anpassung|angepasst|gefittet|berechnet|gerechnet|simuliert|ajust(é|ée|e|ement)|calcul(é|ée|ado|ato)|modèle|modell?o)\b"
)
_MEASURED = re.compile(
    r"(?i)\b(measured|measurement|meas|experiment(al)?|exp|data|raw|original|observed|obs|messung|gemessen|"
    r"messwerte?|mesuré|mesurée|mesure|medido|medida|misurato)\b\.?"
)
_STATISTICS = re.compile(
    r"(?i)\b(err(or)?s?|std(dev|ev)?|dev(iation)?|stderr|uncert(ainty)?|unc|residuals?|res|weights?|wt(?!\.?\s*%)|diff(erence)?|delta|"
    r"snr|drift|sigma|var(iance)?|rel|percent|counts?|range|limit|flag|thd|quality|status|"
    r"noise|(?<!\d )(?<!\d)(min|max)(?!\.?[ _]?\d))\b"
    r"|(?<![\d ])(?<!\bwt)(?<!\bwt\.)(?<!\bmol)(?<!\bvol)(?<!\bat)\s*%|^\s*\(?%|[±Δ]"
)
_PHYSICS = re.compile(
    r"(?i)\b(current|voltage|potential|volt|amp(ere|litude)?|power|gain|[iejuv]|ewe|ece|ac|dc|rms|h\d|harmonics?|time|number|"
    r"index|conjugate|inverse|capacitance|admittance|modulus|permittivity|conductivity|y|m|eps|c|s11|s)\b"
)
_UNITS = re.compile(
    r"(?i)ohm|Ω|\bs/|siemens|10\s*\^|\*|×|\be[-+]?\d|\bhz\b|db\b|\blog|\bln\b|norm|arb|a\.u|cm-?\d|[\^²]"
)
_FACTOR = re.compile(
    r"[\s_(\[]*(?:(?:x\s+|[×*·]\s*)10+|(?:[x×*·]\s*)?\d+\.?\d*[eE][-+]?\d+)[\s)\]]*"
)  # x 1e-3
_TEMPERATURE = re.compile(
    r"(?i)^(?:t|temp\.?|temperature)?\s*[=:@]?\s*(?P<number>[-+]?\d+(?:[.,]\d+)?)\s*(?:°|deg|')?\s*(?P<unit>c|k)$"
)
_NAMES_Z = re.compile(r"(?i)z|impedan|ohm|Ω|[yc]p|['|]|freq|\bf\b")
_NUMBERED = re.compile(r"(?i)z\d(?!\d*')")  # Z1 and Z2 are Z' and Z'' only where nothing else is said
_ELECTRODE = re.compile(r"(?i)z(we|ce)\b")  # EC-Lab prints other electrodes beside the working one
_WITH_RATIO = re.compile(r"[\s_:;,@(\[]*\d[\d.,]* ?\w+/\w+[)\]]*")  # 0.5 mol/L, 10 mV/s
_KINDS_OF_IMPEDANCE = {"ohm", "ohm cm", "ohm cm2", "Hz", "deg", "S", "F", "H", "S/cm"}
_WORDS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|(?:[^\s_:;,@(\[{]|[(\[{][^\s)\]}]*[)\]}])+|[_:;,@]")
FIT, STATISTICS = "fit", "statistics"
_THEORY = re.compile(r"(?i)th|theo|sim|mod")  # beside `exp` they are no samples


@lru_cache(maxsize=4096)
def labelled(text: str) -> Heading | None:
    """Read a heading with what it says beyond its quantity; None where no part of it is a quantity.

    Parameters
    ----------
    text : str
        Such as ``Z' (Ohm) A``, ``25 °C Re(Z)/Ohm``, ``Zre_2``, ``Measured |Z|``.
    """
    if (exact := parse(text)) is not None or len(text) > LONGEST:
        return exact
    found: list[tuple[bool, Heading]] = []
    for rest, label, inside in _cuts(tidy(text)):
        heading = parse(rest) if _may_be_label(label) else None
        if heading is None or _NUMBERED.match(rest) or names_quantity(label):
            continue
        if is_physics(label) and not _NAMES_Z.search(rest):
            continue
        found.append((inside, replace(heading, text=text, label=_bare(label))))
    # the shortest label at an end leaves the most to the quantity, its unit and its sign
    ordered = sorted(found, key=lambda entry: (entry[1].unit is None, entry[0], len(entry[1].label)))
    return ordered[0][1] if ordered else None


@lru_cache(maxsize=4096)
def resembled(text: str) -> frozenset[str]:
    """Return the quantities that a heading may mean once anything is cut from it."""
    if len(text) > LONGEST_RESEMBLED:
        return frozenset()
    plain = re.sub(r"[-+]", "", tidy(text))
    rests = [rest for version in (tidy(text), plain) for rest, *_ in _cuts(version)] + [plain]
    return frozenset(heading.quantity for rest in rests if (heading := parse(rest)) is not None)


@lru_cache(maxsize=4096)
def ways(text: str) -> int:
    """Return in how many ways a heading is cut into a quantity and what it says beyond."""
    return 1 if len(text) > LONGEST or parse(text) is not None else 1 + sum(1 for _ in _cuts(tidy(text)))


@lru_cache(maxsize=4096)
def _may_be_label(label: str) -> bool:
    words = re.findall(r"[^\s()\[\]{}:;,@_]+", label)
    words = [w for w in words if len(w) > 1] + re.findall(r"[(\[]([^()\[\]]*)[)\]]", label)
    units = [unit_of(word) for word in words]
    known = any(u is not None and u.kind in _KINDS_OF_IMPEDANCE for u in units)
    if (
        _ELECTRODE.search(label)
        or _FACTOR.fullmatch(label)
        or is_bare_length(label)
        or ("/" in label and not _WITH_RATIO.fullmatch(label))
    ):
        return False
    return bool(re.search(r"[^\W_]", label)) and not _UNITS.search(label) and not known


@lru_cache(maxsize=4096)
def names_quantity(label: str) -> bool:
    """Tell whether a label holds a half of an impedance; ``Z1`` is a sample."""
    for word in re.findall(r"[^\s_:;,@]+", label):
        other = parse(word)
        if re.sub(r"[^a-z]", "", word.lower()) in ("rs", "xs", "z") or (
            other is not None
            and other.quantity in QUANTITIES
            and len(word) > 1
            and not re.fullmatch(r"(?i)z\d", word)
        ):
            return True
    return False


def _cuts(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield what remains of a heading, what is cut from it, and whether from its inside.

    Any run of words is cut, or digits behind a letter.
    """
    text = re.sub(
        r"(?<=[\w)\]°%])(?:\s+-\s+|-\s*)(?=[A-Za-z(|])", " : ", text
    )  # a dash between label and quantity
    text = re.sub(r"(?<=['|)\]])-(?=[A-Za-z])", " : ", text)
    spaced = re.sub(r"(?<=['\")|])(?=[A-Za-z0-9])(?<![|(][A-Za-z])", " ", text)
    spaced = re.sub(r"(?<=['|])\(", " (", spaced)
    spaced = re.sub(r"\|\s+(?=[A-Za-z]+\|)", "|", spaced)
    spaced = re.sub(r"(?<=\S)/(?=\(?[a-zA-ZΩµμ°]+)", " /", spaced)
    for variant in dict.fromkeys((text, spaced)):
        words = _WORDS.findall(variant)
        words = words if len(words) <= MOST_WORDS else []
        for length in range(1, min(len(words), 7)):
            for start in range(len(words) - length + 1):
                rest = " ".join(words[:start] + words[start + length :])
                inside = 0 < start < len(words) - length
                yield rest.strip("_:;,@ "), " ".join(words[start : start + length]), inside
    for digits in re.finditer(r"(?<=[A-Za-z'\")|])\.?(\d{1,3})(?!\d)", text):
        yield text[: digits.start()] + text[digits.end() :], digits[1], True


@lru_cache(maxsize=4096)
def part_of(label: str) -> tuple[str, str]:
    """Return the sample that a label names, and its part: '' as measured, `FIT` or `STATISTICS`."""
    if _STATISTICS.search(label):
        return label, STATISTICS
    part = FIT if _FIT.search(label) else ""
    sample = _MEASURED.sub(" ", _FIT.sub(" ", label))
    return _bare(sample).casefold(), part


def parts_of(labels: Sequence[str]) -> list[str]:
    """Return the part of each of several labels, which decide together: ``th`` beside ``exp`` is theory."""
    parts = [part_of(label)[1] for label in labels]
    if any(label and part_of(label) == ("", "") for label in labels):
        parts = [p or (FIT if _THEORY.fullmatch(t) else "") for p, t in zip(parts, labels, strict=True)]
    return parts


def _bare(label: str) -> str:
    """Return a label without the marks around it; a minus before a number stays."""
    text = " ".join(label.split()).strip("()[]{} _.,:;@|")
    return text.rstrip("-").strip() if re.match(r"-\s*\d", text) else text.strip("- ")


def is_physics(label: str) -> bool:
    """Tell whether a label makes another quantity of a bare ``real``, ``phase`` or ``magnitude``."""
    return bool(_PHYSICS.search(re.sub(r"_", " ", label)))


def temperature_of(label: str) -> float | None:
    """Return the temperature in °C that a label is, such as ``25 °C``, ``T=298K``; None where it is none.

    Examples
    --------
    >>> from eisfit.formats.parsing.labels import temperature_of
    >>> temperature_of("25 °C"), temperature_of("A")
    (25.0, None)
    """
    found = _TEMPERATURE.match(label.strip())
    if found is None:
        return None
    value = float(found["number"].replace(",", "."))
    return value - ZERO_CELSIUS_K if found["unit"].lower() == "k" else value
