"""The whole way in a real browser: open, hover, lasso, fit, the number of the command line, export, load again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from eisfit.laws.line_sentences import energy_text
from eisfit.workflow import read_manifest, run_series
from support.app_server import Served, served
from support.chromium import MOST_MS, SIZES, chromium, lasso, new_page, own_host, points_of, shoot, slide, tab
from support.folders import folder_of
from support.paths import SAMPLE

pytestmark = pytest.mark.slow
RINGS = "document.querySelectorAll('.trace:first-child .point[style*=\"stroke-width: 3px\"]').length"
ENERGY = "div:text-matches('^interface: .* eV')"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served([SAMPLE], tmp_path / "session") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(params=SIZES, ids=str)
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    opened = new_page(browser, request.param)
    yield opened
    opened.context.close()


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


def test_the_whole_way(server: Served, page: Any, tmp_path: Path) -> None:
    hosts: set[str] = set()
    faults: list[str] = []
    page.on("request", lambda r: hosts.add(urlsplit(r.url).netloc))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto(server.address)
    page.wait_for_selector("text=llto_60C.mpt")
    tab(page, "Spectrum")
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
    page.click("text=DRT")
    page.wait_for_selector("text=Distribution of relaxation times", timeout=4 * MOST_MS)
    tab(page, "Spectrum")
    page.wait_for_selector("text=/rms .* % of/")
    page.wait_for_selector(".x5y5 .js-line")
    page.mouse.move(*points_of(page)[30])
    page.wait_for_function(f"() => {RINGS} === 5")  # Nyquist, modulus, phase, residual, distribution
    shoot(page, "spectrum")
    turn_a_knob(page)
    tab(page, "Export")
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
    assert hosts == {own_host(server)}
    assert faults == []


def test_a_killed_server_comes_back_with_all_that_was_done(page: Any, tmp_path: Path) -> None:
    for number in (1, 2):
        with served([SAMPLE], tmp_path / "session") as running:
            page.goto(running.address)
            page.wait_for_selector("text=llto_60C.mpt")
            tab(page, "Spectrum")
            if number == 1:
                lasso(page, 5)
            page.wait_for_selector("text=/^[1-9][0-9]* of 71 points masked/")


def test_a_folder_comes_through_the_browser_with_equal_names_apart(browser: Any, tmp_path: Path) -> None:
    for cell, factor in (("A", 1.0), ("B", 2.0)):
        folder_of(tmp_path / "lab" / cell, {f"cell_{t}C.csv": float(t) for t in (20, 40)}, factor)
    page = new_page(browser)
    with served([], tmp_path / "session") as running:
        page.goto(running.address)
        page.set_input_files("[aria-label='a folder of this computer']", tmp_path / "lab")
        for name in ("A__cell_20C.csv", "A__cell_40C.csv", "B__cell_20C.csv", "B__cell_40C.csv"):
            page.wait_for_selector(f"td:has-text('{name}')")
    page.context.close()
