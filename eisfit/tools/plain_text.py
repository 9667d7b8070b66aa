"""Text of unknown origin on one line, printable, and safe as a cell of a table."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls, line separators, marks that turn the direction of text, and halves of surrogate pairs
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_FORMULA = re.compile(r"[=+@]|-(?=.*[(|!=])")  # behind a minus only what calls or links: -20C is a label
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
