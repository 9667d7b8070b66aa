"""Complements in the page of the model: other cells that share segments, for a joint fit."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from nicegui import ui

from eisfit.app.desk import Desk
from eisfit.app.parts import command_button, number_of
from eisfit.errors import InputError
from eisfit.session import SetJoint
from eisfit.tools.nearest import file_like
from eisfit.workflow.manifest import MANIFEST_NAME

_RESULTS = (".h5", ".hdf5")
_USUAL_ERR = 0.02


def other_cells(desk: Desk, names: list[str]) -> None:
    """Show the complements, and how to add one.

    Parameters
    ----------
    desk : Desk
        Of the pages.
    names : list of str
        Segments of the template.
    """
    known = list(desk.session.project.joint.get("complement", ()))
    with ui.expansion(
        f"Other cells that share segments (complements): {len(known)}", value=bool(known)
    ) as box:
        box.classes("w-full").props("dense").mark("complements")
        for number, other in enumerate(known):
            with ui.row().classes("items-center no-wrap gap-2"):
                place = other.get("series") or other.get("results")
                words = f"{other['name']}: shares {', '.join(other['shares'])} ({place})"
                ui.label(words).classes("text-caption").mark("complement")
                rest = known[:number] + known[number + 1 :]
                command_button("Remove", partial(_set, desk, rest), f"remove {other['name']}")
        with ui.row().classes("w-full items-end no-wrap"):
            path = (
                ui.input("folder with series.toml, or results (.h5)").classes("grow").mark("complement-path")
            )
            shares = ui.select(names, value=[], multiple=True, label="shares").classes("w-40")
            shares.mark("complement-shares")
            error = (
                ui.input("geometry error", value=f"{_USUAL_ERR:g}").classes("w-24").mark("complement-error")
            )

            def add() -> None:
                _set(desk, [*known, _complement(path.value, shares.value, error.value)])

            tip = "its spectra, or what is known of it, take part in the fit of the series"
            command_button("Add", add, "add complement", tip)


def _complement(text: str | None, shares: Any, error: Any) -> dict[str, Any]:
    """Return a complement as a manifest describes it.

    Raises
    ------
    InputError
        If its place is none, or nothing is shared.
    """
    if not (text or "").strip():
        raise InputError(
            "no other cell is named: type the folder of its series.toml, or the path of its eisfit.h5"
        )
    path = Path(str(text).strip().strip('"')).expanduser().absolute()
    if not path.exists():
        raise InputError(f"{path}: there is no such folder or file{file_like(path)}")
    if path.is_dir() and not (path / MANIFEST_NAME).is_file():
        raise InputError(
            f"{path}: it holds no {MANIFEST_NAME}; save that cell from its own pages, or name its eisfit.h5"
        )
    if not shares:
        raise InputError("nothing is shared: choose the segments that both cells have")
    relative = number_of(error, "geometry error")
    kind = "results" if path.suffix.lower() in _RESULTS else "series"
    name = path.parent.name if path.is_file() else path.name
    found = {"name": name, kind: str(path), "shares": list(shares)}
    return found | {"geometry_err": _USUAL_ERR if relative is None else relative}


def _set(desk: Desk, complements: list[dict[str, Any]]) -> None:
    keys = {k: v for k, v in desk.session.project.joint.items() if k != "complement"}
    desk.do(SetJoint(keys | ({"complement": complements} if complements else {})))
