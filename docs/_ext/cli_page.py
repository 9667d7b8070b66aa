"""The reference of the command line, drawn from the commands themselves."""

from __future__ import annotations

import re
from typing import Any

import typer
from markdown import code, table

from eisfit import cli

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
"""


def pages() -> dict[str, str]:
    """Return the page."""
    group: Any = typer.main.get_command(cli.app)
    return {"cli": "\n".join([INTRODUCTION, *(_section(name, c) for name, c in group.commands.items())])}


def _section(name: str, command: Any) -> str:
    shown = [p for p in command.params if p.name != "help"]
    arguments = [p for p in shown if p.param_type_name == "argument"]
    options = [p for p in shown if p.param_type_name != "argument"]
    usage = " ".join(["eisfit", name, *map(_written, arguments), *(["[OPTIONS]"] if options else [])])
    text = f"## eisfit {name}\n\n```text\n{usage}\n```\n\n{command.help}\n\n"
    if arguments:
        text += table(("argument", "meaning"), [(code(p.name.upper()), _plain(p.help)) for p in arguments]) + "\n"
    if options:
        text += table(
            ("option", "value", "meaning", "if not given"),
            [(", ".join(map(code, p.opts)), _value(p), _plain(p.help), _default(p)) for p in options],
        )
    return text


def _written(p: Any) -> str:
    word = p.name.upper() + ("..." if p.nargs == -1 else "")
    return word if p.required else f"[{word}]"


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _value(p: Any) -> str:
    return "" if p.is_flag else {"text": "text", "float": "number", "integer": "whole number"}.get(p.type.name, p.type.name)


def _default(p: Any) -> str:
    if p.required:
        return "required"
    return "" if p.is_flag or p.default in (None, "") else code(p.default)
