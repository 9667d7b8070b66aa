"""The pages, used by a simulated user: open, mask, choose, fit, see the numbers, undo, load again."""

from __future__ import annotations

import asyncio
import gc
import math
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfit.session as s
from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.laws.line_sentences import energy_text
from support.folders import CIRCUIT, ENERGY_EV, folder_of, two_like_arcs

pytest.importorskip("nicegui", reason="NiceGUI (extra app) is not installed")
simulation = pytest.importorskip(
    "nicegui.testing.user_simulation", reason="its simulated user is not installed"
)

User = Any
Play = Callable[[Callable[[User, Any], Awaitable[None]]], None]
WAIT_S = 60


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "data", {f"cell_{t}C.csv": float(t) for t in (20, 40, 60)})


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Return what lets a simulated user play a scene on the pages of a session."""
    from eisfit.app.desk import Desk
    from eisfit.app.shell import shell

    def run(scene: Callable[[User, Any], Awaitable[None]]) -> None:
        async def played() -> None:
            with s.Session(tmp_path / "session") as session:
                desk = Desk(session)
                async with simulation.user_simulation(root=lambda: shell(desk)) as user:
                    await user.open("/")
                    await scene(user, desk)

        with warnings.catch_warnings():
            warnings.simplefilter("default")  # those of the simulation itself
            asyncio.run(played())
            gc.collect()

    return run


async def ended(desk: Any) -> None:
    """Wait until the task of a desk has ended, and pages have drawn."""
    for _ in range(10 * WAIT_S):
        await asyncio.sleep(0.1)
        if not desk.busy:
            break
    assert not desk.busy
    await asyncio.sleep(0.3)


async def show(user: User, page: str) -> None:
    (tabs,) = user.find(kind=type_of("tabs")).elements
    with user.client:
        tabs.value = page
    await asyncio.sleep(0.3)


def type_of(name: str) -> Any:
    from nicegui import ui

    return getattr(ui, name)


async def opened(user: User, desk: Any, data: Path) -> None:
    user.find(marker="path").type(str(data))
    user.find(marker="open").click()
    await ended(desk)


def texts(user: User, marker: str) -> list[str]:
    return sorted(e.text for e in user.find(marker=marker).elements)


def test_what_comes_from_the_background_leaves_figure_and_lists_in_place(play: Play, data: Path) -> None:
    async def scene(user: User, desk: Any) -> None:
        await opened(user, desk, data)
        await show(user, "Spectrum")
        (figure,) = user.find(marker="linked").elements
        user.find(marker="linked").trigger("click", {"points": [{"customdata": [3, 0]}]})
        await asyncio.sleep(0.3)
        await user.should_see("1 of 31 points masked")
        assert list(user.find(marker="linked").elements) == [figure]
        planes = [
            t["marker"]["symbol"]
            for t in figure.figure["data"]
            if isinstance(t.get("marker", {}).get("symbol"), list)
        ]
        assert {symbols.index("circle-open") for symbols in planes} == {3}
        await show(user, "Model")
        (templates,) = user.find(marker="template").elements
        user.find(marker="circuit").type(CIRCUIT)
        desk.changed()
        user.find(marker="choose-circuit").click()
        await asyncio.sleep(0.3)
        assert desk.session.project.template == CIRCUIT
        assert list(user.find(marker="template").elements) == [templates]

    play(scene)


def test_from_a_folder_to_an_energy(play: Play, data: Path, tmp_path: Path) -> None:
    async def scene(user: User, desk: Any) -> None:
        await opened(user, desk, data)
        (table,) = user.find(marker="files").elements
        assert [r["file"] for r in table.rows] == ["cell_20C.csv", "cell_40C.csv", "cell_60C.csv"]
        await show(user, "Spectrum")
        points = [{"customdata": [k, 0]} for k in (0, 1, 0)]
        user.find(marker="linked").trigger("plotly_selected", {"points": points})
        await asyncio.sleep(0.3)
        await user.should_see("2 of 31 points masked")
        await show(user, "Model")
        user.find(marker="circuit").type(CIRCUIT)
        user.find(marker="choose-circuit").click()
        await asyncio.sleep(0.3)
        user.find(marker="fit-series").click()
        await ended(desk)
        await show(user, "Results")
        line = desk.session.computed().result().arrhenius("p(R1,C1)")
        assert f"p(R1,C1): {energy_text(line, 'eV')}" in texts(user, "energy")
        (table,) = user.find(marker="contributions").elements
        assert len(table.rows) == 6
        await user.open("/")  # loaded again, it shows the same page
        assert f"p(R1,C1): {energy_text(line, 'eV')}" in texts(user, "energy")
        await show(user, "Export")
        user.find(marker="save-folder").type(str(tmp_path / "saved"))
        user.find(marker="save").click()
        assert (tmp_path / "saved" / "eisfit.h5").is_file()

    play(scene)


@pytest.mark.slow
def test_mistakes_are_said_in_the_page_and_the_rest_goes_on(play: Play, data: Path) -> None:
    async def scene(user: User, desk: Any) -> None:
        user.find(marker="fit-series").click()
        await asyncio.sleep(0.1)
        assert user.notify.contains("no file takes part: open files")
        user.find(marker="path").type("/nowhere/at/all")
        user.find(marker="open").click()
        await ended(desk)
        await user.should_see("there is no such folder or file")
        user.find(marker="path").clear()
        (data / "cell_80C.csv").write_bytes(b"\x00\x01 nothing")
        await opened(user, desk, data)
        await user.should_see("cell_80C.csv")
        assert len(desk.session.project.files) == 3
        await show(user, "Model")
        user.find(marker="circuit").type("R0-p(R1")
        user.find(marker="choose-circuit").click()
        await asyncio.sleep(0.1)
        assert user.notify.contains("expected")
        assert desk.session.project.template == ""

    play(scene)


@pytest.mark.slow
def test_what_was_done_is_undone_and_done_again(play: Play, data: Path) -> None:
    async def scene(user: User, desk: Any) -> None:
        await opened(user, desk, data)
        await show(user, "Spectrum")
        user.find(marker="linked").trigger("click", {"points": [{"customdata": [4, 0]}]})
        await asyncio.sleep(0.3)
        await user.should_see("1 of 31 points masked")
        user.find(marker="undo").click()
        await asyncio.sleep(0.3)
        await user.should_see("0 of 31 points masked")
        user.find(marker="redo").click()
        await asyncio.sleep(0.3)
        user.find(marker="linked").trigger("click", {"points": [{"customdata": [4, 0]}]})
        await asyncio.sleep(0.3)
        await user.should_see("0 of 31 points masked")

    play(scene)


@pytest.mark.slow
def test_knobs_move_the_curve_and_fits_start_there(play: Play, data: Path) -> None:
    async def scene(user: User, desk: Any) -> None:
        desk.do(*s.opening([str(data)]).actions, s.ChooseTemplate(CIRCUIT))
        await show(user, "Knobs")
        (before,) = texts(user, "turned-rms")
        warm = np.exp(ENERGY_EV / BOLTZMANN_EV_PER_K * (1 / 293.15 - 1 / 298.15))
        for name, value in (("R0", 10.0 * warm), ("R1", 100.0 * warm), ("C1", 1e-6)):
            (slider,) = user.find(marker=f"knob-{name}").elements
            with user.client:
                slider.value = math.log10(value)
        (after,) = texts(user, "turned-rms")
        assert (misfit(before) > 5, misfit(after) < 0.5) == (True, True)
        (box,) = user.find(marker="value-C1").elements
        assert box.value == "1e-06"
        user.find(marker="start-here").click()
        await asyncio.sleep(0.3)
        assert desk.session.project.parameters["C1"]["start"] == pytest.approx(1e-6)
        (fix,) = user.find(marker="fix-C1").elements
        with user.client:
            fix.value = True
        assert desk.session.project.parameters["C1"] == {"fixed": pytest.approx(1e-6)}

    play(scene)


@pytest.mark.slow
def test_a_suggestion_comes_first_in_the_list_and_is_taken_by_a_click(play: Play, tmp_path: Path) -> None:
    one = folder_of(tmp_path / "one", {"cell_20C.csv": 20.0})

    async def scene(user: User, desk: Any) -> None:
        desk.do(*s.opening([str(one)]).actions)
        await show(user, "Model")
        user.find(marker="suggest").click()
        await ended(desk)
        found, current = desk.suggestion()
        assert current
        (choice,) = user.find(marker="template").elements
        assert next(iter(choice.options)) == found.templates[0].name
        first = next(c for c in found.circuits if c.allowed)
        user.find(marker=f"take-{first.name}").click()
        await asyncio.sleep(0.3)
        assert desk.session.project.template == first.name
        desk.do(s.Mask(desk.file.path, (0,), "glitch"))
        await asyncio.sleep(0.3)
        await user.should_see("suggest again to see their effect")

    play(scene)


@pytest.mark.slow
def test_another_cell_that_shares_segments_is_added_and_removed(play: Play, tmp_path: Path) -> None:
    one = folder_of(tmp_path / "one", {"cell_20C.csv": 20.0})
    other = folder_of(tmp_path / "pellet", {"cell_20C.csv": 20.0})

    async def scene(user: User, desk: Any) -> None:
        desk.do(*s.opening([str(one)]).actions, s.ChooseTemplate("le_se"), s.SetElectrodes(4))
        await show(user, "Model")
        user.find(marker="complement-path").type(str(other))
        user.find(marker="add-complement").click()
        await asyncio.sleep(0.3)
        assert user.notify.contains("it holds no series.toml")
        (other / "series.toml").write_text('template = "se_blocking"\n', "utf-8")
        user.find(marker="add-complement").click()
        await asyncio.sleep(0.3)
        assert user.notify.contains("nothing is shared")
        (shares,) = user.find(marker="complement-shares").elements
        with user.client:
            shares.value = ["grain boundary"]
        user.find(marker="add-complement").click()
        await asyncio.sleep(0.3)
        (found,) = desk.session.project.joint["complement"]
        expected = {"series": str(other), "shares": ["grain boundary"], "geometry_err": 0.02}
        assert found == {"name": "pellet", **expected}
        await user.should_see("pellet: shares grain boundary")
        user.find(marker="remove-pellet").click()
        await asyncio.sleep(0.3)
        assert desk.session.project.joint == {}

    play(scene)


@pytest.mark.slow
def test_keys_undo_and_choose_pages(play: Play, data: Path) -> None:
    async def scene(user: User, desk: Any) -> None:
        desk.do(*s.opening([str(data)]).actions, s.Mask(str(data / "cell_20C.csv"), (1,)))
        (keyboard,) = user.find(kind=type_of("keyboard")).elements
        for key, ctrl, shift, masked, tab in (
            ("z", True, False, 0, "Files"),
            ("Z", True, True, 1, "Files"),
            ("3", False, False, 1, "Model"),
        ):
            held = {"ctrl": ctrl, "shift": shift, "alt": False, "meta": False}
            user.find(kind=type_of("keyboard")).trigger(
                "key",
                {
                    "action": "keydown",
                    "repeat": False,
                    "key": key,
                    "code": key,
                    "location": 0,
                    **{f"{k}Key": v for k, v in held.items()},
                },
            )
            await asyncio.sleep(0.3)
            assert len(desk.session.project.files[0].masked) == masked
            assert desk.tab == tab
        assert keyboard.active

    play(scene)


@pytest.mark.slow
def test_a_click_settles_which_arc_is_which_and_fits_again(play: Play, tmp_path: Path) -> None:
    names = ("grain boundary", "interface")

    async def scene(user: User, desk: Any) -> None:
        desk.do(*two_like_arcs(tmp_path / "data"), s.FitSeries())
        desk.session.computed()
        await show(user, "Results")
        await user.should_see("The data do not tell grain boundary from interface")
        user.find(marker="settle-interface,-then-grain-boundary").click()
        await ended(desk)
        assert desk.session.project.assign == names[::-1]
        await user.should_not_see("The data do not tell")
        rows = [c.name for c in desk.session.computed().result()[0].contributions]
        assert {"grain boundary", "interface"} <= set(rows)
        user.find(marker="undo").click()
        await asyncio.sleep(0.3)
        user.find(marker="undo").click()
        await asyncio.sleep(0.3)
        assert desk.session.project.assign == ()
        await user.should_see("The data do not tell grain boundary from interface")

    play(scene)


def misfit(text: str) -> float:
    """Return the number in the sentence about the misfit of a curve."""
    return float(text.removeprefix("the curve misses the data by ").split(" %")[0])
