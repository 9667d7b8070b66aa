"""The whole way in a real browser, in short: open, mask, choose, fit, the number of the command, export, reload."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from support.app_server import Served, served
from support.chromium import MOST_MS, chromium, lasso, needed, new_page, own_host, points_of, tab
from support.commands import Command, eisfit, rows
from support.folders import folder_of

__all__ = ["eisfit"]
ENERGY = "div:text-matches('^bulk \\\\+ grain boundary: .* eV')"
TEMPERATURES = {f"cell_{t}C.csv": float(t) for t in (20, 40, 60)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needed()
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Served]:
    with served([folder_of(place / "data", TEMPERATURES)], place / "session") as running:
        yield running


@pytest.fixture(scope="module")
def browser(place: Path) -> Iterator[Any]:
    with chromium() as running:
        yield running


def ringed(page: Any) -> list[str]:
    """Return where the rings of the three planes stand."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.scatterlayer .trace:first-child .point')]"
        ".map(e => e.getAttribute('transform'))"
    )
    return found


def masked(page: Any) -> str:
    """Return how many points are masked, once the figure shows as many in grey."""
    page.wait_for_selector("text=/^[1-9][0-9]* of 31 points masked/")
    said: str = page.inner_text("text=/ of 31 points masked/")
    grey = "e => e.style.stroke === 'rgb(136, 136, 136)'"
    drawn = f"[...document.querySelectorAll('.xy .trace:not(:first-child) .point')].filter({grey}).length"
    page.wait_for_function(f"n => {drawn} === n", arg=int(said.split()[0]))
    return said


def mask(page: Any) -> None:
    """Look at a point under the mouse, mask others by a lasso and one by a click, and undo the click by keys."""
    tab(page, "Spectrum")
    x, y = points_of(page)[14]
    page.mouse.move(x, y)
    page.wait_for_function("() => document.querySelectorAll('.trace:first-child .point').length >= 3")
    assert len(set(ringed(page))) == 3
    lasso(page, 2)
    before = masked(page)
    x, y = points_of(page)[-1]
    page.mouse.move(x - 60, y - 30)
    page.mouse.click(x, y)  # while plotly.js has not yet looked for the point under the mouse again
    page.wait_for_selector(f"text='{before}'", state="detached")
    assert masked(page) == f"{int(before.split()[0]) + 1}{before[before.index(' ') :]}"
    page.keyboard.press("Control+z")
    page.wait_for_selector(f"text='{before}'")


def fit(page: Any) -> str:
    """Choose a template, fit the series, and return what stands beside the line."""
    tab(page, "Model")
    page.get_by_label("template; those that suit the data first").fill("se_blocking")
    page.get_by_role("option", name=re.compile("^se_blocking:")).click()
    page.wait_for_selector("text=grain boundary")
    page.click("text=Fit series")
    tab(page, "Results")
    page.wait_for_selector(ENERGY, timeout=4 * MOST_MS)  # a fit in a process of its own
    text: str = page.inner_text(ENERGY)
    return text


def save(page: Any, folder: Path) -> None:
    tab(page, "Export")
    page.get_by_label("Save series.toml, commands and results into this folder").fill(str(folder))
    page.click("button:has-text('Save')")
    page.wait_for_selector("text=/saved: [0-9]+ files/")


def test_from_a_folder_to_the_number_of_the_command(
    server: Served, browser: Any, place: Path, eisfit: Command
) -> None:
    hosts, faults, page = set(), [], new_page(browser)
    page.on("request", lambda r: hosts.add(urlsplit(r.url).netloc))
    page.on("websocket", lambda w: hosts.add(urlsplit(w.url).netloc))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto(server.address)
    page.wait_for_selector("text=cell_60C.csv")
    mask(page)
    shown = fit(page)
    save(page, place / "saved")
    with page.expect_download() as download:
        page.click("button:has-text('tables.zip')")
    with zipfile.ZipFile(download.value.path()) as tables:
        assert tables.read("arrhenius.csv") == (place / "saved" / "arrhenius.csv").read_bytes()
    ran = eisfit("series", place / "saved", "-o", place / "again", "--no-figures", "-q")
    assert ran.code == 0, ran.err
    line = rows(place / "again" / "arrhenius.csv")[0]
    value = re.search(r": ([0-9.]+) ± ([0-9.]+) eV", shown)
    assert value is not None
    energy, error = (float(line[f"activation_energy{part}_ev"]) for part in ("", "_stderr"))
    digits = len(value[1].partition(".")[2])
    assert (value[1], value[2]) == (f"{energy:.{digits}f}", f"{error:.{digits}f}")
    assert rows(place / "saved" / "arrhenius.csv") == rows(place / "again" / "arrhenius.csv")
    tab(page, "Results")
    page.wait_for_selector(ENERGY)
    page.reload()
    page.wait_for_selector(ENERGY)
    assert page.inner_text(ENERGY) == shown
    assert hosts == {own_host(server)}
    assert faults == []
    page.context.close()


def test_a_page_without_its_token_says_what_to_open(server: Served, browser: Any) -> None:
    page = new_page(browser)
    answer = page.goto(f"http://{own_host(server)}/")
    assert answer.status == 403
    assert "open the whole address that 'eisfit app' has printed" in page.inner_text("body")
    page.context.close()
