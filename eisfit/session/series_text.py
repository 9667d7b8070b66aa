"""The series.toml of a project, which `eisfit series` fits to the same numbers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eisfit.session.project import File, Project
from eisfit.tools.plain_text import one_line
from eisfit.workflow.starter_lines import quoted, relative

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def series_text(project: Project, folder: Path | None = None) -> str:
    """Return the text of a series.toml.

    Parameters
    ----------
    project : Project
        Files that are left out stand in comments.
    folder : Path, optional
        Where the text will lie: files in it are named from there. All paths are whole if it is not given.
    """
    parts = [_head(project, folder), _tables(project)]
    parts += [_file(f, folder) for f in project.taking_part]
    parts.append(_left_out(project, folder))
    return "\n\n".join("\n".join(lines) for each in parts if (lines := list(each))) + "\n"


def _head(project: Project, folder: Path | None) -> Iterator[str]:
    yield "# A series, written by eisfit. Text behind # is a comment."
    if project.template:
        yield f"template = {quoted(_template(project.template, folder))}"
    for key, value in project.keys.items():
        yield f"{_key(key)} = {toml(value)}"
    for key in ("f_min_hz", "f_max_hz"):
        if (value := getattr(project, key)) is not None:
            yield f"{key} = {toml(value)}"
    for key in ("over", "weights", "loss", "without", "assign", "keep"):
        if value := getattr(project, key):
            yield f"{key} = {toml(value)}"
    for key in ("joint", "share"):
        if key in project.joint:
            yield f"{key} = {toml(project.joint[key])}"


def _tables(project: Project) -> Iterator[str]:
    for name, given in project.parameters.items():
        yield f"[parameter.{_key(name)}]"
        yield from (f"{key} = {toml(value)}" for key, value in given.items())
    for key in ("law", "known"):
        if key in project.joint:
            yield f"[{key}]"
            yield from (f"{_key(name)} = {toml(value)}" for name, value in project.joint[key].items())
    for other in project.joint.get("complement", ()):
        yield "[[complement]]"
        yield from (f"{key} = {toml(value)}" for key, value in other.items())


def _file(file: File, folder: Path | None) -> Iterator[str]:
    yield "[[spectrum]]"
    yield f"file = {quoted(_path(file.path, folder))}"
    for key in ("cell", "channel"):
        if value := getattr(file, key):
            yield f"{key} = {quoted(value)}"
    for key, value in file.keys.items():
        yield f"{_key(key)} = {toml(value)}"
    for key in ("f_min_hz", "f_max_hz"):
        if (value := getattr(file, key)) is not None:
            yield f"{key} = {toml(value)}"
    if file.masked:
        yield from _reasons(file)
        yield f"drop = {toml([k for k, _ in file.masked])}"


def _reasons(file: File) -> Iterator[str]:
    by_reason: dict[str, list[int]] = {}
    for point, reason in file.masked:
        by_reason.setdefault(reason, []).append(point)
    for reason, points in by_reason.items():
        yield f"# {', '.join(map(str, points))}: {one_line(reason)}"


def _left_out(project: Project, folder: Path | None) -> Iterator[str]:
    for file in project.files:
        if file.left_out:
            why = f": {one_line(file.why)}" if file.why else ""
            yield f"# left out: {one_line(_path(file.path, folder))}{why}"


def _template(name: str, folder: Path | None) -> str:
    """Return a template as the manifest names it: a path counts from its folder."""
    if not name.endswith(".toml") or folder is None:
        return name
    return _path(name, folder)


def _path(path: str, folder: Path | None) -> str:
    if folder is None:
        return Path(path).as_posix()
    return relative(Path(os.path.abspath(path)), Path(os.path.abspath(folder)))


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)


def toml(value: Any) -> str:
    """Return a plain value as TOML writes it; numbers to their last digit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(k))} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return repr(value)
