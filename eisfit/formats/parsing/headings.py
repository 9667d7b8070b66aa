"""The meaning of a column heading: which quantity, in which unit, with which sign."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from eisfit.formats.parsing.other_languages import in_english, without_latex
from eisfit.formats.parsing.units import Unit, spelt_plainly, split_unit, unit_of
from eisfit.tools.frozen import Floats


@dataclass(frozen=True)
class Heading:
    """What a column holds.

    Parameters
    ----------
    text : str
        The heading as it stands in the file.
    quantity : str
        ``frequency``, ``re``, ``im``, ``modulus``, ``phase`` and the other names of `spectrum.immittance`;
        ``time``, ``cycle``, ``bias``, ``temperature``, ``set_temperature``; ``amplitude_v``, ``amplitude_a``, as
        eisfit writes them; ``resistance``, which is the real part only beside a reactance.
    sign : int
        -1 where the heading says that the negative is printed.
    unit : Unit or None
        None where the heading gives none.
    counted : str
        How an amplitude is counted, and by which convention, where the file does not state it.
    log_base : float
        Base of the logarithm that is printed; 0 where the quantity itself is.
    label : str
        What the heading says beyond the quantity: a sample, a temperature, ``Fit``.
    """

    text: str
    quantity: str
    sign: int = 1
    unit: Unit | None = None
    counted: str = ""
    log_base: float = 0.0
    label: str = ""

    @property
    def factor(self) -> float:
        """What a number of the column is multiplied by to reach Hz, ohm, degree, s, V."""
        return self.sign * (self.unit.scale if self.unit else 1.0)

    def scaled(self, values: Floats) -> Floats:
        """Return the numbers of the column in Hz, ohm, degree, s, V and so on."""
        if not self.log_base:
            return values * self.factor
        with np.errstate(over="ignore"):
            return np.asarray(self.log_base**values * self.factor, float)

    @property
    def area_normalised(self) -> bool:
        """Whether the column holds ohm times area."""
        return self.unit is not None and self.unit.kind == "ohm cm2"


_DEGREES = str.maketrans("º˚", "°°")  # masculine ordinal, ring above: NFKC would make letters of them


def tidy(text: str) -> str:
    """Return a heading with one spelling of primes, minus signs, degrees, ohm and squares."""
    text = without_latex(text.strip().replace("\ufffd", "").replace("\ufeff", ""))
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    text = text.replace('""', '"').translate(_DEGREES)
    text = unicodedata.normalize("NFKC", text.replace("´", "'")).replace("″", "''").replace('"', "''")
    for old in "′’‘`":
        text = text.replace(old, "'")
    for old in "−–—":
        text = text.replace(old, "-")
    return spelt_plainly(in_english(text.replace("“", "''").replace("”", "''").strip()))


_SIGN = re.compile(
    r"(?i)(\(?-\s*1\)?\s*[*x×·]|\(\s*-\s*\)|-\s*[ji]\s*[*·×]?\s*(?=z|im)|-|minus|negative|neg\.?)[\s_*]*"
)
_SIGN_BEHIND = re.compile(
    r"(?i)([\s_(]+(neg|negative|minus|negated)\.?\)?|[\s_]*(\(\s*-\s*\)|[*x×·]\s*\(?-\s*1\)?))$"
)
_SIGN_INSIDE = re.compile(r"(?i)(?P<part>im(g|ag|aginary)?(part)?\s*[(\[{]\s*)-\s*(?P<rest>z)")
_LOG = re.compile(r"(?i)(?P<name>log_?10|log|lg|ln)\s*(?:[_(\[ ]|(?=\|))\s*(?P<rest>.+)")
_DECIBEL = re.compile(
    r"(?i)(?P<name>\|z\||z|(abs|mod|mag)[_ (]*z\)?|z[_ ]*(abs|mod|mag)|.*impedance.*?|.*magnitude)"
    r"[\s_,/]*[\[(]?\s*db[\s_·(]*(re )?(1 )?(Ω|ohms?)[\s)\]]*"
)  # 20 log10 of a modulus over 1 ohm
_OHM = Unit("ohm")
_IMPEDANCE = r"(z|zs|impedance|z')?"
_RE_NAMES = (
    r"(z|zs|zser|asr)'(re|real)?", r"z'\(a\)", r"z1", rf"(re|real)(part)?(of)?(the)?{_IMPEDANCE}",
    r"zs?(re|real|r)(part)?",
    r"impedance(re|real)(part)?", r"z?prime", r"realimpedancez'", r"real'", r"re'", r"realteil(z|vonz)?",
    r"esr", r"(re|real)impedance", r"seriesresistance", r"z?(réel|réelle|partieréelle|partereal|reale)(de|di)?z?",
)  # fmt: skip
_IM_NAMES = (
    r"(z|zs|zser|asr)''(im|imag)?", r"z''\(b\)", r"z2",
    r"(im|img|imag|imaginary)(part)?(of)?(the)?(z|zs|impedance|z'')?",
    r"zs?(im|img|imag|imaginary|i|j)(part)?", r"impedance(im|img|imag|imaginary)(part)?", r"z?doubleprime",
    r"zbis", r"imaginaryimpedancez''", r"imag''", r"im''", r"imaginärteil(z|vonz)?", r"(im|imag|imaginary)impedance",
    r"z?(imaginaire|partieimaginaire|parteimaginaria|imaginaria|immaginaria)(de|di)?z?",
)  # fmt: skip
_MODULUS_NAMES = (
    r"\|zs?\|", r"\|impedance\|", r"z", r"impedance", r"mag", r"magnitude", r"modulus", r"z(mod|abs|mag|amplitude)",
    r"(mod|abs|mag)z", r"z(modulus|magnitude)", r"impedance(modulus|magnitude)",
    r"(modulus|magnitude|absolute)(of)?(z|impedance)", r"betrag(z)?", r"impedanz",
)  # fmt: skip
_DEG = r"(deg|degrees?|rad|radians?)?"
_PHASE_NAMES = (
    rf"phase{_DEG}", r"ph", rf"(phase|theta|arg|phi|φ|ϕ|θ)(zs?)?{_DEG}", rf"z(phz|phase|phi|theta|arg|angle|θ){_DEG}",
    rf"angle{_DEG}", rf"phaseangle(z|theta|phi)?{_DEG}",
    r"phaz", r"phaseofz", r"phaseshift", r"phasenwinkel", r"phasez?angle",
    rf"impedance(phase|angle|phaseangle){_DEG}", r"phasez?(θ|φ|theta|phi)", r"z?θz?", r"∠z?",
)  # fmt: skip
_FREQUENCY_NAMES = (
    r"f", r"freqs?", r"frequency", r"frequencies", r"frequenz", r"frequence", r"frecuencia", r"fréquence",
    r"frequenza", r"frequência", r"频率",
)  # fmt: skip
_EPS = r"(eps|epsilon|ε|ɛ|permittivity|relativepermittivity|dielectricconstant|er|εr|epsr)"
_SIGMA = r"(sig|sigma|σ|conductivity)"
_RE, _IM = r"(re|real)", r"(im|imag|imaginary)"
_SET = r"(set|setpoint|target|nominal|soll)"
_AROUND = r"(furnace|oven|ofen|chamber|bath)"  # where the sample is measured too, that goes before
_OF_SAMPLE = re.compile(r"(?i)cell|sample|meas|actual|probe|pellet|ist(?![a-z])|isttemp")
_NEAR = r"((cell|sample|measured|actual|meas|probe|pellet|ist|proben))"
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("frequency", _FREQUENCY_NAMES),
    ("omega", (r"w", r"omega", r"ω", r"2[πp]i?f", r"ang(ular)?freq(uency)?")),
    ("re", _RE_NAMES),
    ("im", _IM_NAMES),
    ("modulus", _MODULUS_NAMES),
    ("phase", _PHASE_NAMES),
    ("y_re", (rf"yp?'{_RE}?", rf"{_RE}(part)?(of)?(y|admittance)", rf"y{_RE}", r"g", r"gp", r"(parallel)?conductance",
              rf"admittance{_RE}")),
    ("y_im", (rf"yp?''{_IM}?", rf"{_IM}(part)?(of)?(y|admittance)", rf"y{_IM}", r"b", r"susceptance",
              rf"admittance{_IM}")),
    ("y_modulus", (r"\|y\|", r"y", r"admittance", r"y(mod|abs|mag)", r"(abs|mod|mag)y", r"\|admittance\|")),
    ("y_phase", (rf"(phase|theta|arg|phi|φ|θ)y{_DEG}", rf"y(phase|phi|theta){_DEG}", r"phaseofy")),
    ("cp", (r"cp'?", r"c'", r"cparallel", r"parallelcapacitance", r"capacitance(parallel|')", r"rec",
            r"capacitanceparallel")),
    ("c_im", (r"cp?''", r"capacitance''")),
    ("c_im_negative", (r"imc",)),
    ("cs", (r"cs", r"cseries", r"seriescapacitance", r"capacitanceseries")),
    ("c", (r"c", r"capacitance")),
    ("lp", (r"lp", r"parallelinductance")),
    ("ls", (r"ls", r"seriesinductance")),
    ("l", (r"l", r"inductance")),
    ("rp", (r"rp", r"parallelresistance", r"rparallel")),
    ("d", (r"d", r"df", r"tan", r"tan(delta|δ|d)", r"loss(tangent|tan|factor)", r"dissipation(factor)?",
           r"(delta|δ)tan")),
    ("q", (r"q", r"quality(factor)?", r"qfactor")),
    ("eps_re", (r"dielectricconstant|relativepermittivity", rf"{_EPS}'{_RE}?", rf"{_RE}{_EPS}", rf"{_EPS}{_RE}")),
    ("eps_im", (rf"{_EPS}''{_IM}?", rf"{_IM}{_EPS}", rf"{_EPS}{_IM}", r"dielectricloss")),
    ("eps_modulus", (rf"\|{_EPS}\|",)),
    ("m_re", (r"m'", r"(electric)?modulus'", r"electricmodulusm'", r"rem", rf"modulus{_RE}")),
    ("m_im", (r"m''", r"(electric)?modulus''", r"electricmodulusm''", r"imm", rf"modulus{_IM}")),
    ("sigma_re", (rf"{_SIGMA}'{_RE}?", rf"{_RE}{_SIGMA}", rf"{_SIGMA}{_RE}", rf"{_SIGMA}(ac)?")),
    ("sigma_im", (rf"{_SIGMA}''{_IM}?", rf"{_IM}{_SIGMA}", rf"{_SIGMA}{_IM}")),
    ("rho_re", (rf"(rho|ρ|resistivity)'{_RE}?", rf"{_RE}(rho|ρ|resistivity)", rf"(rho|ρ|resistivity){_RE}")),
    ("rho_im", (rf"(rho|ρ|resistivity)''{_IM}?", rf"{_IM}(rho|ρ|resistivity)", rf"(rho|ρ|resistivity){_IM}")),
    ("time", (r"times?", r"t", r"elapsedtime", r"zeit")),
    ("cycle", (r"cycle", r"cycle(number|nr)", r"sweep", r"sweepnumber", r"loop", r"scan", r"spectrum")),
    ("bias", (r"<ewe>", r"bias", r"edc", r"vdc", r"dc(bias|pot|potential|voltage|level)", r"biasvoltage")),
    ("set_temperature", (
        r"setpoint", rf"{_SET}t(emp(erature|eratur|\.)?)?", rf"t(emp(erature|eratur)?)?{_SET}",
        rf"{_AROUND}t(emp(erature|eratur|\.)?)?", rf"t(emp(erature)?)?{_AROUND}",
    )),
    ("temperature", (
        r"t", r"m?temp", r"temperatur", rf"{_NEAR}?temp(erature|eratur|\.)?", rf"t(emp(erature)?)?{_NEAR}",
    )),
)  # fmt: skip
_COMPILED = tuple((quantity, re.compile("|".join(names))) for quantity, names in _NAMES)
_OHMS = {"ohm", "ohm cm2", "ohm / cm2", "ohm cm"}
_SIEMENS = {"S", "S / cm2"}
_FARAD = {"F", "F / cm2"}
_UNITS_ALLOWED: dict[str, set[str]] = {
    "frequency": {"Hz", "rad/s", "1/s"}, "omega": {"rad/s", "1/s", "Hz"}, "re": _OHMS,
    "im": _OHMS, "modulus": _OHMS, "phase": {"deg"},
    "y_re": _SIEMENS, "y_im": _SIEMENS, "y_modulus": _SIEMENS, "y_phase": {"deg"},
    "cp": _FARAD, "c_im": _FARAD, "c_im_negative": _FARAD, "cs": _FARAD, "c": _FARAD,
    "lp": {"H"}, "ls": {"H"}, "l": {"H"}, "rp": {"ohm", "ohm cm2"}, "d": {"1"}, "q": {"1"},
    "eps_re": {"1"}, "eps_im": {"1"}, "eps_modulus": {"1"}, "m_re": {"1"}, "m_im": {"1"},
    "sigma_re": {"S/cm"}, "sigma_im": {"S/cm"}, "rho_re": {"ohm cm"}, "rho_im": {"ohm cm"},
    "time": {"s"}, "cycle": set(), "bias": {"V"}, "temperature": {"C", "K"}, "set_temperature": {"C", "K"},
}  # fmt: skip
_UNIT_NEEDED = {"bias", "temperature", "set_temperature", "c", "l", "y_modulus", "sigma_re", "sigma_im", "rho_re",
                "rho_im"}  # fmt: skip
_UNIT_NEEDED_OF = {"g", "b", "gp", "rec", "imc"}  # letters that mean this only with their unit
_BRACKETED = {
    "rem": "re(m)",
    "imm": "im(m)",
    "rec": "re(c)",
    "imc": "im(c)",
}  # without the brackets m is a label
AMPLITUDES = ("amplitude_v", "amplitude_a")  # rms by definition; other headings leave it open
_SERIES_NAMES = {"r": "re", "rs": "re", "x": "im", "xs": "im", "reactance": "im", "resistance": "resistance"}

_UNITS_THAT_NAME = {"Hz": "frequency", "deg": "phase"}  # where a unit alone is the heading
_VAC = "|Vac| (V)"
_OF_PROGRAMS = {  # a heading that only this program prints, and what others mean beside it
    "imagz": {
        "drive": Heading(
            "drive", "amplitude_v", 1, Unit("V", 1 / math.sqrt(2)), "peak by the convention of LabOne"
        ),
        "bias": Heading("bias", "bias", 1, Unit("V")),
    },
    "Zre (ohms)": {_VAC: Heading(_VAC, "amplitude_v", 1, Unit("V"), "rms by the convention of VersaStudio")},
}


def parse_all(texts: Sequence[str]) -> list[Heading | None]:
    """Read the headings of one table; a few mean something only beside those of the same program.

    Parameters
    ----------
    texts : sequence of str
        As they stand in the file.
    """
    stripped = [text.strip() for text in texts]
    known: dict[str, Heading] = {}
    for short in stripped:
        if (unit := unit_of(short)) is not None and unit.kind in _UNITS_THAT_NAME and short != "'":
            known[short] = Heading(short, _UNITS_THAT_NAME[unit.kind], 1, unit)
    for mark, meanings in _OF_PROGRAMS.items():
        known |= meanings if mark in stripped else {}
    found = [known.get(short) or parse(text) for text, short in zip(texts, stripped, strict=True)]
    return _sample_first(found)


def _sample_first(found: list[Heading | None]) -> list[Heading | None]:
    """Take a bare temperature for that of the surroundings where another heading names the sample."""
    warm = [h for h in found if h is not None and h.quantity == "temperature"]
    near = [h for h in warm if _OF_SAMPLE.search(h.text)]
    if not near:
        return found
    others = {h.text for h in warm} - {h.text for h in near}
    return [replace(h, quantity="set_temperature") if h and h.text in others else h for h in found]


@lru_cache(maxsize=4096)
def parse(text: str) -> Heading | None:
    """Read a column heading.

    Parameters
    ----------
    text : str
        Such as ``-Im(Z)/Ohm``, ``Z'' [kOhm]``, ``Cp (pF)``, ``neg. Phase / °``, ``log(f/Hz)``, ``frequency_hz``.

    Returns
    -------
    Heading or None
        None where the column is nothing a spectrum needs.
    """
    if len(text) > 200:
        return None
    if text.strip() == "phasez":  # LabOne, which prints radians
        return Heading(text, "phase", 1, Unit("deg", 180 / math.pi))
    if text.strip() in AMPLITUDES:
        return Heading(text, text.strip())
    plain = re.sub(r"(?i)^data:\s*|-data$", "", tidy(text))
    if found := _LOG.match(plain):
        return _logarithm(text, found)
    if found := _DECIBEL.fullmatch(plain):
        inner = parse(found["name"])
        return (
            Heading(text, "modulus", 1, _OHM, log_base=10 ** (1 / 20))
            if inner and inner.quantity == "modulus"
            else None
        )
    name, unit = split_unit(plain)
    if unit is not None and unit.kind == "ohm cm2":
        name = re.sub(r"(?<=[\w')|])[ ]*[*·×.][ ]*A(rea)?\s*$", "", name)
    name, sign = _split_sign(name)
    core = re.sub(r"[\s_.{}\[\]:,\-*]", "", name.lower())
    core = core if core in ("z'(a)", "z''(b)") else re.sub("[()]", "", core)
    core = re.sub("(?<=.)prime", "'", re.sub("(?<=.)(double|d|bi)prime", "''", core))
    if name.strip() == "pH" or (core in ("t", "w") and unit is None) or (core == "ω" and "Ω" in name):
        return None
    if core in _SERIES_NAMES and unit is not None and unit.kind.startswith("ohm"):
        return Heading(text, _SERIES_NAMES[core], sign, unit)
    if _apart(core, name):
        return None
    unit = unit or _unit_at_end(core)
    for quantity, pattern in _COMPILED:
        if pattern.fullmatch(core) and _unit_fits(quantity, core, unit):
            if quantity == "c_im_negative":
                return Heading(text, "c_im", -sign, unit)
            if _UNITS_ALLOWED[quantity] == {"1"} and re.search(r"\(\s*-\s*\)\s*$", plain):
                sign = 1  # D (-) has no unit
            if quantity == "omega" or (unit is not None and unit.kind == "rad/s"):
                return Heading(text, "frequency", sign, _angular(unit))
            return Heading(text, quantity, sign, unit)
    return None


def _apart(core: str, name: str) -> bool:
    """Tell whether a number or letter stands apart from its quantity (``Z (1)``), and so is a label."""
    close = name.lower().strip()
    return (core in ("z1", "z2") and not close.startswith(core)) or not close.startswith(
        _BRACKETED.get(core, "")
    )


def _logarithm(text: str, found: re.Match[str]) -> Heading | None:
    """Read ``log(f/Hz)``, ``log10 |Z| (Ohm)``, ``ln omega``: the logarithm of a frequency or a modulus."""
    rest = found["rest"].strip()
    closed = re.sub(r"^([^()\[\]]*)[)\]](.*)$", r"\1 \2", rest) if text.count("(") + text.count("[") else rest
    inner = parse(closed.strip()) or parse(rest)
    if inner is None or inner.quantity not in ("frequency", "modulus"):
        return None
    base = math.e if found["name"].lower() == "ln" else 10.0
    return Heading(text, inner.quantity, 1, inner.unit, log_base=base)


def _unit_at_end(core: str) -> Unit | None:
    """Return the unit of a phase whose name ends in it, as ``phasedeg`` does."""
    found = re.fullmatch(r".*(?:phase|phi|theta|angle|arg|z|y|φ|θ)(deg|degrees?|rad|radians?)", core)
    return unit_of(found[1]) if found else None


def _angular(unit: Unit | None) -> Unit:
    """Return the factor to Hz of an angular frequency; where it is given in Hz after all, none is needed."""
    if unit is not None and unit.kind == "Hz":
        return unit
    return Unit("rad/s", (unit.scale if unit else 1.0) / (2 * math.pi))


def _unit_fits(quantity: str, core: str, unit: Unit | None) -> bool:
    if unit is None:
        return not (quantity in _UNIT_NEEDED or core in _UNIT_NEEDED_OF) or core == "|y|"
    return unit.kind in _UNITS_ALLOWED[quantity]


def _split_sign(name: str) -> tuple[str, int]:
    name = name.strip()
    if found := _SIGN_INSIDE.match(name):
        return f"{found['part']}{found['rest']}{name[found.end() :]}", -1
    if found := _SIGN.match(name):
        return name[found.end() :], -1
    if found := _SIGN_BEHIND.search(name):
        return name[: found.start()], -1
    return name, 1
