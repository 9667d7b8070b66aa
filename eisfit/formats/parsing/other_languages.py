"""Words of headings in other languages and scripts, turned into those that the headings are read by."""

from __future__ import annotations

import re
from collections.abc import Callable

_WORDS: tuple[tuple[str, str], ...] = (
    # frequency, in Chinese, Japanese, Korean, Russian, Polish, Czech, Swedish, Danish, Turkish, Dutch, Hungarian
    ("频率|頻率|周波数|주파수|частота|częstotliwość|czestotliwosc|frekvence|frekvens|frekans|frequentie|frekvencia"
     "|taajuus", "frequency"),
    ("复阻抗|阻抗|インピーダンス|임피던스|импеданс|impedancia|impedância|impédance|impedancja|impedantie", "impedance"),
    ("实部|實部|実部|実数部|실수부|실수|действительная часть|вещественная часть|część rzeczywista", "real"),
    ("虚部|虛部|虚数部|허수부|허수|мнимая часть|część urojona", "imag"),
    ("模值|模量|绝对值|絶対値|절대값|модуль|módulo|modulo|module|moduł", "modulus"),
    ("相位角|相角|相位|位相|위상각|위상|фаза|фазовый угол|faza|fase|fáze", "phase"),
    ("温度|溫度|온도|температура|teplota|lämpötila", "temperature"),
    ("时间|時間|시간|время", "time"),
    ("reëel|parte reale?|partie réelle|realna", "real"),
    ("imaginair|parte im{1,2}aginaria|partie imaginaire|imaginarna", "imag"),
    ("grados|gradi|degrés|degré|градусы|градусов|градус|stopnie|stopni|graden|grader|度|도", "deg"),
)  # fmt: skip
_CYRILLIC_UNITS = (
    (r"(?P<prefix>[мкМГ]?)Гц", "Hz"),
    (r"(?P<prefix>[мкМГ]?)Ом", "Ohm"),
)
_PREFIXES = {"м": "m", "к": "k", "М": "M", "Г": "G", "": ""}
_SCRIPTS_WITHOUT_BLANKS = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"


def _pattern(word: str) -> str:
    """Return a pattern of a word, which in Latin and Cyrillic script stands between other signs than letters."""
    return word if re.match(_SCRIPTS_WITHOUT_BLANKS, word) else rf"(?<![^\W\d_]){word}(?![^\W\d_])"


_KNOWN = tuple(
    (re.compile("(?i)" + "|".join(map(_pattern, words.split("|")))), plain) for words, plain in _WORDS
)
_UNITS = tuple(
    (re.compile(rf"(?<![а-яА-ЯёЁ]){pattern}(?![а-яА-ЯёЁ])"), unit) for pattern, unit in _CYRILLIC_UNITS
)
_ASCII_WORDS = re.compile(
    r"(?i)frek|module|part|realn|imaginar|frequentie|taajuus|czesto|impedanc|impedant|modulo|gradi|grado|grade|fase|faza|imaginair|teplota|stop"
)
_TELLING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gb18030", ("频率", "阻抗", "温度", "文件")),
    ("shift_jis", ("周波数", "インピーダンス", "温度", "ファイル")),
    ("big5", ("頻率", "阻抗")),
    ("euc_kr", ("주파수", "임피던스")),
    ("euc_jp", ("周波数", "インピーダンス")),
    ("cp1251", ("Частота", "частота", "Импеданс", "Температура", "температура", "Файл", "файл")),
)
_TELLING_BYTES = tuple((name, tuple(word.encode(name) for word in words)) for name, words in _TELLING)


_LATEX: tuple[tuple[str, str], ...] = (
    (r"\\(?:mathrm|mathit|mathbf|text|textrm|textit|rm|operatorname)\s*\{([^{}]*)\}", r"\1"),
    (r"\^\{?\\prime\s*\\prime\}?|\^\{''\}|\^\{?\\dprime\}?", "''"), (r"\^\{?\\prime\}?|\^\{'\}", "'"),
    (r"\\(?:Omega|ohm)(?![A-Za-z])", "Ω"), (r"\\omega(?![A-Za-z])", "ω"), (r"\\(?:var)?phi(?![A-Za-z])", "φ"),
    (r"\\(?:var)?theta(?![A-Za-z])", "θ"), (r"\\(?:var)?epsilon(?![A-Za-z])", "ε"), (r"\\sigma(?![A-Za-z])", "σ"),
    (r"\\mu(?![A-Za-z])", "µ"), (r"\\(log|ln)(?:_\{10\})?(?![A-Za-z])", r"\1"), (r"\\(Re|Im)(?![A-Za-z])", r"\1 "),
    (r"\\(?:circ|degree)(?![A-Za-z])", "°"), (r"\\[,;: ]|\\quad|\$|\\(?:left|right)(?![A-Za-z])|\\[lr]vert", ""),
    (r"\\cdot(?![A-Za-z])", "·"), (r"_\{([^{}]*)\}", r"_\1"), (r"\^\{([-\d°]*)\}", r"^\1"),
)  # fmt: skip
_LATEX_PATTERNS = tuple((re.compile(pattern), plain) for pattern, plain in _LATEX)


def without_latex(text: str) -> str:
    r"""Return a heading such as ``$Z'$ ($\Omega$)`` as plain text; another as it is.

    Examples
    --------
    >>> from eisfit.formats.parsing.other_languages import without_latex
    >>> without_latex(r"$-Z^{\prime\prime}$ ($\mathrm{k\Omega}$)")
    "-Z'' (kΩ)"
    """
    if "$" not in text and "\\" not in text:
        return text
    for _ in range(2):  # one command within another
        for pattern, plain in _LATEX_PATTERNS:
            text = pattern.sub(plain, text)
    return text


def in_english(text: str) -> str:
    """Return a heading with the words and units of other languages in the terms of this package.

    Examples
    --------
    >>> from eisfit.formats.parsing.other_languages import in_english
    >>> in_english("频率(Hz)"), in_english("Z', кОм"), in_english("Fase (grados)")
    ('frequency(Hz)', "Z', kOhm", 'phase (deg)')
    """
    if text.isascii() and not _ASCII_WORDS.search(text):
        return text
    for pattern, plain in _KNOWN:
        text = pattern.sub(plain, text)
    for pattern, unit in _UNITS:
        text = pattern.sub(_with_prefix(unit), text)
    return text


def _with_prefix(unit: str) -> Callable[[re.Match[str]], str]:
    return lambda found: _PREFIXES[found["prefix"]] + unit


def encoding_by_words(data: bytes) -> str:
    """Return the encoding in which bytes that are no UTF-8 hold a word of a heading, such as frequency; '' for none.

    Parameters
    ----------
    data : bytes
        The beginning of a text file.
    """
    return next((name for name, words in _TELLING_BYTES if any(word in data for word in words)), "")
