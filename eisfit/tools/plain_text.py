"""Text of unknown origin on one line, printable, and safe as a cell of a table."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache, partial

# C0 and C1 controls, line separators, marks that turn the direction of text, and halves of surrogate pairs
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_FORMULA = re.compile(r"[=+@]|-(?=.*[(|!=])")  # behind a minus only what calls or links: -20C is a label
_SPELT = {
    "\u03a9": "Ohm",
    "\u2126": "Ohm",  # the sign of the unit, beside the letter
    "±": "+-",
    "°": "deg ",
    "·": " ",
    "µ": "u",
    "μ": "u",
    "σ": "sigma",
    "≤": "<=",
} | {
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "×": "x",
    "≥": ">=",
    "’": "'",
    "“": '"',
    "”": '"',
    "≈": "about ",
}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-](inf|nan)")


def one_line(text: str) -> str:
    r"""Return a text in which what cannot be printed is written as an escape.

    Parameters
    ----------
    text : str
        Such as a file name, a label or the reason why a file could not be read.

    Examples
    --------
    >>> one_line("caf\udce9"), one_line("two\nlines"), one_line("25 °C")
    ('caf\\xe9', 'two\\nlines', '25 °C')
    """
    return _UNPRINTABLE.sub(lambda found: _escape(found.group()), text)


def _escape(sign: str) -> str:
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is no UTF-8, as Python keeps it
        return f"\\x{code - 0xDC00:02x}"
    return (
        sign.encode("unicode_escape").decode("ascii") if code < 0xD800 or code > 0xDFFF else f"\\u{code:04x}"
    )


def encodable(text: str, encoding: str | None) -> str:
    """Return a text that an encoding can hold: signs that it has not are spelt out, Ω as Ohm.

    Parameters
    ----------
    text : str
        Such as a cell of a table.
    encoding : str, optional
        Of the terminal or the file; None holds any sign, and an unknown one counts as ASCII.

    Examples
    --------
    >>> encodable("1.0 ± 0.1 Ω cm²", "ascii"), encodable("1.0 ± 0.1 Ω cm²", "cp1252")
    ('1.0 +- 0.1 Ohm cm2', '1.0 ± 0.1 Ohm cm²')
    """
    try:
        text.encode(encoding or "utf-8", "surrogateescape")
    except (UnicodeEncodeError, LookupError):
        return "".join(map(partial(_encodable_sign, encoding or "utf-8"), text))
    return text


@lru_cache(maxsize=1024)
def _encodable_sign(encoding: str, sign: str) -> str:
    try:
        sign.encode(encoding, "surrogateescape")
    except (UnicodeEncodeError, LookupError):
        spelt = _SPELT.get(sign, unicodedata.normalize("NFKD", sign)).encode("ascii", "ignore").decode()
        return spelt or sign.encode("ascii", "backslashreplace").decode()
    return sign


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula and no reader of CSV for two lines.

    Parameters
    ----------
    text : str
        One that begins with ``=``, ``+`` or ``@``, or with ``-`` before a call or a link, and is no number, gets a
        ``'`` in front.

    Examples
    --------
    >>> [safe_cell(text) for text in ("=1+1", "-20", "-20C", "-A1(2)", "a=b")]
    ["'=1+1", '-20', '-20C', "'-A1(2)", 'a=b']
    """
    line = one_line(text)
    plain = unicodedata.normalize("NFKC", line.lstrip())  # spreadsheets take the full-width signs as well
    formula = len(line) > 1 and _FORMULA.match(plain) is not None
    return f"'{line}" if formula and not _NUMBER.fullmatch(line) else line
