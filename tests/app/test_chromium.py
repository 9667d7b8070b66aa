"""The whole way in a real browser: open, hover, lasso, fit, the number of the command line, export, load again."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from eisfit.laws.line_sentences import energy_text
from eisfit.workflow import read_manifest, run_series
from support.app_server import Served, served
from support.paths import SAMPLE

pytest.importorskip("nicegui", reason="NiceGUI (extra app) is not installed")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
SIZES = [(1280, 720), (1920, 1080)]
MOST_MS = 30_000
ENERGY = "div:text-matches('^interface: .* eV')"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served([SAMPLE], tmp_path / "session") as running:
        yield running


@pytest.fixture(params=SIZES, ids=str)
def page(request: pytest.FixtureRequest) -> Iterator[Any]:
    width, height = request.param
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": width, "height": height})
        opened.set_default_timeout(MOST_MS)
        yield opened
        browser.close()


def tab(page: Any, name: str) -> None:
    page.click(f"[role=tab]:has-text('{name}')")


def shoot(page: Any, name: str) -> None:
    """Keep a picture of the page for the docs, where a folder is named for it."""
    if (folder := os.environ.get("EISFIT_SCREENSHOTS")) and page.viewport_size["width"] == SIZES[0][0]:
        time.sleep(1)
        page.screenshot(path=Path(folder) / f"{name}.png")


def lasso(page: Any, count: int) -> None:
    """Draw around the first points of the Nyquist plane."""
    find = """() => [...document.querySelectorAll('.xy .scatterlayer .point')].map(e => {
        const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]})"""
    points = page.evaluate(find)[:count]
    (left, right), (top, foot) = ((min(v) - 7, max(v) + 7) for v in zip(*points, strict=True))
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, foot), (left, foot), (left, top)):
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def slide(page: Any, name: str, to: float) -> None:
    """Drag the slider of a parameter to a share of its way."""
    box = page.locator(f"[aria-label='{name}']").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + to * box["width"], y, steps=10)
    page.mouse.up()


def turn_a_knob(page: Any) -> None:
    """Drag the slider of a resistance, and wait until the curve has moved."""
    tab(page, "Knobs")
    page.wait_for_selector("text=the curve misses the data by")
    curve = "() => document.querySelector('.xy .scatterlayer .js-line').getAttribute('d')"
    page.wait_for_selector(".xy .scatterlayer .js-line")
    before = page.evaluate(curve)
    slide(page, "Zarc_int_R", 0.6)
    page.wait_for_function(f"before => ({curve})() !== before", arg=before)
    shoot(page, "knobs")


@pytest.mark.slow
def test_the_whole_way(server: Served, page: Any, tmp_path: Path) -> None:
    hosts: set[str] = set()
    faults: list[str] = []
    page.on("request", lambda r: hosts.add(urlsplit(r.url).netloc))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto(server.address)
    page.wait_for_selector("text=llto_60C.mpt")
    tab(page, "Spectrum")
    page.wait_for_selector(".xy .scatterlayer .point")
    time.sleep(0.5)
    lasso(page, 5)
    page.wait_for_selector("text=/^[1-9][0-9]* of 71 points masked/")
    tab(page, "Model")
    page.wait_for_selector("text=grain boundary")
    shoot(page, "model")
    page.click("text=Fit series")
    tab(page, "Results")
    page.wait_for_selector(ENERGY, timeout=4 * MOST_MS)
    shown = page.inner_text(ENERGY)
    shoot(page, "results")
    tab(page, "Spectrum")
    page.wait_for_selector("text=/rms .* % of/")
    shoot(page, "spectrum")
    turn_a_knob(page)
    tab(page, "Export")
    time.sleep(1)
    page.fill("[aria-label^='Save series.toml']", str(tmp_path / "saved"))
    page.click("button:has-text('Save')")
    page.wait_for_selector("text=/saved: [0-9]+ files/")
    line = run_series(read_manifest(tmp_path / "saved")).result.arrhenius("interface")  # type: ignore[union-attr]
    assert shown == f"interface: {energy_text(line, 'eV')}"
    with page.expect_download() as download:
        page.click("text=Make figure")
    assert download.value.suggested_filename == "arrhenius.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.reload()
    page.wait_for_selector("text=Make figure")
    assert hosts == {f"127.0.0.1:{server.port}"}
    assert faults == []


@pytest.mark.slow
def test_a_killed_server_comes_back_with_all_that_was_done(page: Any, tmp_path: Path) -> None:
    for number in (1, 2):
        with served([SAMPLE], tmp_path / "session") as running:
            page.goto(running.address)
            page.wait_for_selector("text=llto_60C.mpt")
            tab(page, "Spectrum")
            page.wait_for_selector(".xy .scatterlayer .point")
            if number == 1:
                time.sleep(0.5)
                lasso(page, 5)
            page.wait_for_selector("text=/^[1-9][0-9]* of 71 points masked/")
