"""The reference of the command line, drawn from the commands themselves."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pieces import code, table
from typer.models import ArgumentInfo

from eisfit.cli import app as cli
from eisfit.cli import main  # noqa: F401  # it knows all commands

INTRODUCTION = """# Command line

`eisfit COMMAND --help` says the same in a terminal. Tables and progress for people go to stderr; data, such as the
paths of what was written or `--json`, go to stdout, so that `eisfit series FOLDER -o results --json > all.json` holds
nothing but JSON.

## Exit codes

| code | meaning |
|---|---|
| 0 | all done |
| 1 | done, but a spectrum failed, or a file could not be read; the table says which |
| 2 | bad usage or input; one sentence on stderr says what, and how to mend it |
| 3 | nothing readable: no file of all that were named holds a spectrum |
| 4 | done (`fit`, `series`), but a fit misses its data: its rows say `misfit`; 1 counts before it |
"""


WORDS = {str: "text", float: "number", int: "whole number", Path: "path"}


def pages() -> dict[str, str]:
    """Return the page."""
    commands = [c.callback for c in cli.app.registered_commands if c.callback is not None]
    return {"cli": "\n".join([INTRODUCTION, *map(_section, commands)])}


def _section(command: Any) -> str:
    arguments, options, usage = [], [], ["eisfit", command.__name__]
    hints = get_type_hints(command, include_extras=True)
    for name, parameter in inspect.signature(command).parameters.items():
        if get_origin(hints[name]) is not Annotated:
            continue
        kind, info = get_args(hints[name])
        required = parameter.default is inspect.Parameter.empty
        if isinstance(info, ArgumentInfo):
            word = name.upper() + ("..." if get_origin(kind) is list else "")
            usage.append(word if required else f"[{word}]")
            arguments.append((code(name.upper()), _plain(info.help)))
        else:
            declared = [d for d in (info.default, *(info.param_decls or ())) if str(d).startswith("-")]
            written = declared or [f"--{name.replace('_', '-')}"]
            default = "required" if required else _default(parameter.default)
            options.append((", ".join(map(code, written)), _value(kind), _plain(info.help), default))
    if options:
        usage.append("[OPTIONS]")
    text = f"## eisfit {command.__name__}\n\n```text\n{' '.join(usage)}\n```\n\n{inspect.getdoc(command)}\n\n"
    if arguments:
        text += table(("argument", "meaning"), arguments) + "\n"
    return text + (table(("option", "value", "meaning", "if not given"), options) if options else "")


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _value(kind: Any) -> str:
    bare = next((t for t in get_args(kind) if t is not NoneType), kind)
    return WORDS.get(bare, "")


def _default(value: object) -> str:
    return "" if value is None or value is False else code(value)
