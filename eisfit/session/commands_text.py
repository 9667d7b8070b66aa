"""The commands that repeat what a session has computed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from eisfit.session.project import Project
from eisfit.session.recipe import DISTRIBUTIONS, JOINT, ONE, SUGGESTION, Recipe


def commands_text(project: Project) -> str:
    """Return the commands, to be typed in the folder that holds the series.toml.

    Parameters
    ----------
    project : Project
        What is open and chosen.
    """
    lines = ["# Typed in this folder, these commands give the numbers of the session."]
    kinds = {r.kind: r for r in project.asked}
    if project.template:
        joint = " --joint" if JOINT in kinds and not project.joint else ""
        lines.append(f"eisfit series series.toml{joint} -o results")
        lines.append("eisfit plot results/eisfit.h5 nyquist -o figures")
        lines.append("eisfit report results/eisfit.h5 -o report.pdf")
    if DISTRIBUTIONS in kinds:
        lines += _distributions(kinds[DISTRIBUTIONS], project)
    if SUGGESTION in kinds:
        lines.append(shlex.join(["eisfit", "suggest", *(path for path, _ in kinds[SUGGESTION].files)]))
    if ONE in kinds:
        lines.append(
            "# A fit of one file is 'eisfit series' with a series.toml that holds its [[spectrum]] alone."
        )
    return "\n".join(lines) + "\n"


def _distributions(recipe: Recipe, project: Project) -> Iterator[str]:
    paths = [path for path, _ in recipe.files]
    if any(project.file(p).masked for p in paths if p in {f.path for f in project.files}):
        yield "# 'eisfit drt' reads the files as they are: points that were masked by hand take part in it."
    cuts = [("--f-min-hz", project.f_min_hz), ("--f-max-hz", project.f_max_hz)]
    window = [part for name, value in cuts if value is not None for part in (name, repr(value))]
    yield shlex.join(["eisfit", "drt", *paths, *window, "-o", "distributions"])
