"""A mistake in the arguments of a command, as one sentence with its cure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_INVALID = re.compile(  # as newer and as older versions of typer say it
    r"Invalid value for '(?P<name>[^']+)': (Input should be|'.*' is not) a valid (?P<kind>\w+).*", re.DOTALL
)
_NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)
_WORDS = {
    "files": "name at least one file or pattern, such as lab/*.mpt",
    "file": "name the file",
    "folder": "name the folder with the files of a series",
    "kind": "name a kind of figure, such as nyquist or arrhenius",
    "results": "name the file of results, such as results/eisfit.h5, or its folder",
    "name": "name a scenario; 'eisfit simulate list' lists them",
}


def plainer(text: str, arguments: Sequence[str]) -> str:
    """Return the sentence of the parser of arguments in plain words.

    Parameters
    ----------
    text : str
        What it says.
    arguments : sequence of str
        All arguments of the command line, in which the value is looked up.

    Examples
    --------
    >>> plainer("Invalid value for '--area-cm2': Input should be a valid number, unable", ["--area-cm2", "0,785"])
    "--area-cm2 is '0,785': it must be a number, with a decimal point; write --area-cm2 0.785."
    """
    if (found := _INVALID.fullmatch(text)) is not None:
        return _of_value(found["name"].split(" / ")[-1].strip("'"), found["kind"], arguments)
    missing = re.fullmatch(r"Missing argument '(\w+)(\.\.\.)?'\.?", text)
    if missing and (name := missing[1].lower()) in _WORDS:
        return f"Missing argument '{name}': {_WORDS[name]}."
    if text.startswith("Missing option '-o'"):
        return "-o is missing: say what is to be written, as -o NAME."
    text = re.sub(r" \('\((Possible options: [^()]+)\)',\)", r" (\1)", text)
    text = re.sub(r" \(Possible options: ([^,()]+)\)", r". Did you mean \1?", text)
    text = re.sub(r" \(Possible options: ([^()]+)\)", _one_of, text)
    return text if text.endswith((".", "?")) else f"{text}."


def _one_of(found: re.Match[str]) -> str:
    *first, last = found[1].split(", ")
    return f". Did you mean {', '.join(first)} or {last}?"


def _of_value(name: str, kind: str, arguments: Sequence[str]) -> str:
    value = _value_of(name, arguments)
    whole = kind == "integer"
    what = f"{name} is {value!r}" if value is not None else f"the value of {name} cannot be read"
    rule = "a whole number" if whole else "a number, with a decimal point"
    cure = ""
    if value is not None and (number := _NUMBER.fullmatch(value.strip())) is not None:
        plain = number[1].replace(",", ".")
        if whole and float(plain) != int(float(plain)):
            return f"{what}: it must be a whole number."
        shown = f"{float(plain):.0f}" if whole else plain
        unit = f" (without {number[2]!r}: the name of the option tells the unit)" if number[2] else ""
        cure = f"; write {name} {shown}{unit}"
    return f"{what}: it must be {rule}{cure}."


def _value_of(name: str, arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        if argument == name and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith(f"{name}="):
            return argument.removeprefix(f"{name}=")
    return None
