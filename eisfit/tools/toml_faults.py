"""What is wrong with a text that is no TOML, in the words of someone who has never heard of TOML."""

from __future__ import annotations

import re

_AT = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_PAIR = re.compile(r"\s*(?P<key>[^=#\[]*?)\s*=\s*(?P<value>.*?)\s*(?:#[^\"']*)?")
_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_NUMBER = re.compile(r"(?P<number>[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?)\s*(?P<unit>[^\d\s,.].*)?")
_CURLY = re.compile("[„“”‟«»‚‘’]")
_UNLIKE = re.compile(r"""\s*[A-Za-z_]\w*\s*=\s*("[^"]*'|'[^']*")\s*""")
_TWO = re.compile(r"""("[^"]*"|'[^']*'|[\d.eE+-]+)[\s,;]+([A-Za-z_]\w*\s*=.*)""")


def fault_of(text: str, error: Exception) -> str:
    """Return what to write instead, with the line; the parser's own words where no usual slip is found.

    Parameters
    ----------
    text : str
        The whole text.
    error : Exception
        What the parser of Python has raised.

    Examples
    --------
    >>> import tomllib
    >>> def said(text):
    ...     try:
    ...         tomllib.loads(text)
    ...     except ValueError as error:
    ...         return fault_of(text, error)
    >>> said("area_cm2 = 0,785")
    'line 1, area_cm2 = 0,785: not valid TOML: numbers have a decimal point; write area_cm2 = 0.785'
    >>> said('template = le_se')
    'line 1, template = le_se: not valid TOML: a text stands in quotes; write template = "le_se"'
    """
    lines = text.splitlines() or [""]
    found = _AT.search(str(error))
    number = min(int(found[1]), len(lines)) if found and found[1] else len(lines)
    unlike = (k for k, each in enumerate(lines[:number], 1) if _UNLIKE.fullmatch(each))
    number = next(unlike, number)  # the parser goes on to the next quote of the same kind
    line = lines[number - 1]
    pair = _PAIR.fullmatch(line)
    shown = line.strip() if len(line) <= 80 else f"{line.strip()[:80]}..."
    advice = _advice(line, pair, lines[: number - 1], str(error))
    return f"line {number}, {shown}: not valid TOML: {advice or _AT.sub('', str(error)).strip()}"


def escape_in(text: str) -> str:
    r"""Return what to write in place of a Windows path whose backslashes TOML takes for escapes; '' if there is none.

    Examples
    --------
    >>> escape_in('file = "C:\\temp\\new.mpt"')
    'line 1, file = "C:\\temp\\new.mpt": in double quotes a backslash begins an escape; write "C:/temp/new.mpt"'
    """
    for number, line in enumerate(text.splitlines(), 1):
        pair = _PAIR.fullmatch(line)
        if pair and re.match(r'"(?:[A-Za-z]:)\\(?!\\)', pair["value"]):
            return f"line {number}, {line.strip()}: {_without_backslash(pair['value'])}"
    return ""


def _advice(line: str, pair: re.Match[str] | None, before: list[str], error: str) -> str:
    if "overwrite" in error or "twice" in error or "mutate" in error:
        return _twice(line, pair, before)
    if pair is None or not pair["key"]:
        return _without_equals(line)
    key, value = pair["key"], pair["value"]
    if _CURLY.search(value):
        return f"the quotes must be straight ones; write {key} = {_CURLY.sub(chr(34), value)}"
    if value.startswith('"') and "\\" in value:
        return _without_backslash(value)
    if not re.fullmatch(r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'|[A-Za-z0-9_.-]+", key):
        return f"a name is one word of letters A to Z, digits and _; {key!r} is none"
    if value.startswith("="):
        return f"one = is enough; write {key} = {value.lstrip('= ')}"
    if value == "":
        return f"a value is missing behind {key} ="
    return _of_value(key, value)


def _of_value(key: str, value: str) -> str:
    if two := _TWO.fullmatch(value):
        return f"each entry stands in a line of its own; write {key} = {two[1]} and, below it, {two[2]}"
    if _COMMA.fullmatch(value):
        return f"numbers have a decimal point; write {key} = {value.replace(',', '.')}"
    number = _NUMBER.fullmatch(value)
    if number and _readable(number["number"]):
        behind = number["unit"]
        unit = " in the unit that the key names" if behind and behind[0].isalpha() else ""
        return f"write {key} = {_readable(number['number'])}{unit}{f', without {behind!r}' if behind else ''}"
    if value[0] in "\"'":
        if value[-1] in "\"'" and value[-1] != value[0] and len(value) > 2:
            return f'the quotes at both ends must be equal; write {key} = "{value[1:-1]}"'
        quote = value[0]
        return f"the quotes are not closed, or something stands behind them; write {key} = {quote}...{quote}"
    if value[0] in "[{":
        return f'write a list as {key} = [1, 2] or {key} = ["a", "b"], with commas between and a bracket at the end'
    if value[0].isdigit() and not re.search(r"[A-Za-z_*/]", value):
        return f"a number has digits and one decimal point, as {key} = 1000.5"
    if value.lower() in ("true", "false", "yes", "no"):
        return f"write {key} = {'true' if value.lower() in ('true', 'yes') else 'false'}"
    quote = "'" if "\\" in value or '"' in value else '"'
    return f"a text stands in quotes; write {key} = {quote}{value.rstrip(quote)}{quote}"


def _readable(number: str) -> str:
    """Return a number as TOML has it; '' where it is none."""
    plain = number.replace(",", ".")
    if plain.startswith((".", "-.", "+.")):
        plain = plain.replace(".", "0.", 1)
    if re.search(r"\.(?=$|[eE])", plain):
        plain = plain.replace(".", ".0")
    bare = re.sub(r"^([+-]?)0+(?=\d)", r"\1", plain)
    return bare if bare.count(".") <= 1 else ""


def _without_backslash(value: str) -> str:
    plain = value.rstrip().strip('"')
    slashed = plain.replace("\\", "/")
    return f'in double quotes a backslash begins an escape; write "{slashed}"'


def _without_equals(line: str) -> str:
    text = line.strip()
    if text.startswith("["):
        return "a heading stands alone in its line, as [[spectrum]] or [parameter.R_gb]"
    colon = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)\s*:\s*(.+)", text)
    if colon:
        return f"write = in place of the colon: {colon[1]} = {colon[2]}"
    word = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)(?:\s+(\S.*))?", text)
    if word:
        return f"an = is missing; write {word[1]} = {word[2] or 'VALUE'}"
    return ""


def _twice(line: str, pair: re.Match[str] | None, before: list[str]) -> str:
    if pair is None:
        name = line.strip().strip("[]")
        bracket = "; for several of them write the heading in double brackets, as [[spectrum]]"
        return (
            f"the heading {name} stands twice; keep one{bracket if not line.strip().startswith('[[') else ''}"
        )
    key = pair["key"].strip("\"'")
    for number in range(len(before), 0, -1):
        if before[number - 1].lstrip().startswith("["):
            break
        earlier = _PAIR.fullmatch(before[number - 1])
        if earlier and earlier["key"].strip("\"'") == key:
            return f"{key} stands already in line {number}, as {before[number - 1].strip()}; keep one"
    return f"{key} stands twice; keep one"
