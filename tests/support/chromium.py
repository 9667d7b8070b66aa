"""A headless Chromium of the computer, driven through playwright: what tests of pages do with mouse and keys."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.app_server import Served

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
SIZES = [(1280, 720), (1920, 1080)]
MOST_MS = 30_000


def needed() -> str:
    """Return the Chromium of the computer; the test is skipped with a reason where something is missing."""
    for package in ("nicegui", "playwright"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    if found := shutil.which("chromium") or shutil.which("chromium-browser"):
        return found
    pytest.skip("there is no Chromium (Debian: apt-get install chromium)")


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a browser until the end of the block."""
    from playwright.sync_api import sync_playwright

    path = needed()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def new_page(browser: Any, size: tuple[int, int] = SIZES[0]) -> Any:
    """Return an empty page of a user who was never here."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.set_default_timeout(MOST_MS)
    return page


def tab(page: Any, name: str) -> None:
    page.click(f"[role=tab]:has-text('{name}')")


def points_of(page: Any) -> list[tuple[float, float]]:
    """Return where the points of the Nyquist plane stand, without the ring, once the figure stands still."""
    page.wait_for_selector(".xy .trace:not(:first-child) .point")
    find = """() => [...document.querySelectorAll('.xy .trace:not(:first-child) .point')].map(e => {
        const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]})"""
    found, before = page.evaluate(find), None
    while found != before:
        page.wait_for_timeout(100)
        found, before = page.evaluate(find), found
    return [(x, y) for x, y in found]


def lasso(page: Any, count: int) -> None:
    """Draw around the first points of the Nyquist plane."""
    points = points_of(page)[:count]
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


def shoot(page: Any, name: str) -> None:
    """Keep a picture of the page for the docs, where a folder is named for it."""
    if (folder := os.environ.get("EISFIT_SCREENSHOTS")) and page.viewport_size["width"] == SIZES[0][0]:
        page.wait_for_timeout(1000)
        page.screenshot(path=Path(folder) / f"{name}.png")


def own_host(server: Served) -> str:
    return f"127.0.0.1:{server.port}"
