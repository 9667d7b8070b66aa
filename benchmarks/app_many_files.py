"""Open a folder of many small files in `eisfit app`: time, the longest beat of the page, memory of the server.

The pages run as a process of their own; a headless Chromium shows them. From the first page on, a probe asks the server
every 20 ms for a small answer, while files are read and while each page is shown once. The longest wait is the longest
beat: nothing else of the page is answered meanwhile. Then all files are fitted, and during that fit tabs are clicked
and the next spectrum is asked for by its key: the time from the event to the first change of the page, in the browser.
Needs the extra ``app``, playwright, and a Chromium.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

EVERY_S = 0.02
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CIRCUIT = "R0-p(R1,C1)"
ANSWERED = """name => new Promise(resolve => {
    const page = document.querySelector('.nicegui-content');
    const seen = new MutationObserver(() => { seen.disconnect(); resolve(performance.now() - began); });
    seen.observe(page, {childList: true, subtree: true});
    const tab = [...document.querySelectorAll('[role=tab]')].find(e => e.innerText.trim() === name);
    const began = performance.now();
    if (tab) tab.click();
    else document.dispatchEvent(new KeyboardEvent('keydown', {key: name, code: name, bubbles: true}));
})"""  # ms
PAGES = ("Spectrum", "Model", "Knobs", "Results", "Cells", "Export", "Files")


class Probe:
    """Asks a server again and again, and keeps the longest wait in s."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.port = int(parts.port or 0)
        token = parse_qs(parts.query)["token"][0]
        self.headers = {"Cookie": f"eisfit_{self.port}={token}"}
        self.longest_s, self.asked, self.ended = 0.0, 0, threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Probe:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.ended.wait(EVERY_S):
            began = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", "/no-such-page", headers=self.headers)
            connection.getresponse().read()
            connection.close()
            self.longest_s = max(self.longest_s, time.perf_counter() - began)
            self.asked += 1


def write_files(folder: Path, count: int) -> None:
    """Write small files of one cell, whose names hold the temperatures."""
    folder.mkdir(parents=True)
    f = np.logspace(6, 0, 31)
    rng = np.random.default_rng(0)
    for k in range(count):
        warm = np.exp(5000 * (1 / (273.15 + 0.1 * k) - 1 / 298.15))
        z = 10 * warm + 100 * warm / (1 + 2j * np.pi * f * 1e-4 * warm)
        z = z * (1 + 0.003 * (rng.standard_normal(f.size) + 1j * rng.standard_normal(f.size)))
        rows = (f"{a:.6g};{b.real:.6g};{-b.imag:.6g}" for a, b in zip(f, z, strict=True))
        text = "\n".join(["Frequency (Hz);Re(Z) (Ohm);-Im(Z) (Ohm)", *rows])
        (folder / f"cell_{0.1 * k:.1f}C.csv").write_text(text + "\n", "utf-8")


def memory_mb(process: int) -> float:
    """Return the most memory that a process has had, in MB."""
    for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM"):
            return float(line.split()[1]) / 1000
    return float("nan")


def opened(page: Any, address: str, process: int, count: int, began: float) -> None:
    """Open the page, wait until all files stand in it, and print how long it took."""
    page.goto(address)
    page.wait_for_selector("[role=tab]")
    print(f"{'first page':<24}{time.perf_counter() - began:8.2f} s   of the processor {cpu_s(process):.2f} s")
    with Probe(address) as probe:
        page.wait_for_selector("tbody tr td:has-text('.csv')", timeout=300_000)
        taken = time.perf_counter() - began
    print(
        f"{f'{count} files open':<24}{taken:8.2f} s   longest beat {probe.longest_s:.3f} s of {probe.asked}"
    )


def shown(page: Any, address: str) -> None:
    """Show each page, and print the longest beat of each."""
    for name in PAGES:
        with Probe(address) as probe:
            began = time.perf_counter()
            page.click(f"[role=tab]:has-text('{name}')")
            page.wait_for_selector(f"[role=tab][aria-selected=true]:has-text('{name}')")
            page.wait_for_load_state("networkidle")
            taken = time.perf_counter() - began
            time.sleep(1)
        print(f"{f'page {name}':<24}{taken:8.2f} s   longest beat {probe.longest_s:.3f} s of {probe.asked}")


def fitted(page: Any, address: str, count: int, measured_s: float) -> None:
    """Begin to fit all files, and print how fast the page answers meanwhile, and how fast it stops."""
    page.click("[role=tab]:has-text('Model')")
    page.get_by_label("or a circuit").fill(CIRCUIT)
    page.get_by_label("or a circuit").press("Enter")
    page.wait_for_selector("text=R1")
    page.click("text=Fit series")
    page.wait_for_selector("text=/[0-9]+ of [0-9]+/", timeout=300_000)
    waits: dict[str, list[float]] = {}
    began = time.perf_counter()
    with Probe(address) as probe:
        while time.perf_counter() - began < measured_s:
            for name in (
                "Files",
                "Spectrum",
                "ArrowRight",
                "ArrowRight",
                "Model",
                "Knobs",
                "Results",
                "Export",
            ):
                waits.setdefault(name, []).append(page.evaluate(ANSWERED, name) / 1000)
                time.sleep(0.3)
    running = page.inner_text("text=/[0-9]+ of [0-9]+/")
    for name, found in waits.items():
        middle, most = sorted(found)[len(found) // 2], max(found)
        print(f"{f'fit: {name}':<24}{middle:8.3f} s   longest {most:.3f} s of {len(found)}")
    print(f"{f'fit of {count} files':<24}{'':>8}     longest beat {probe.longest_s:.3f} s of {probe.asked}")
    began = time.perf_counter()
    page.click("button:has-text('Stop')")
    page.wait_for_selector("button:has-text('Stop')", state="hidden")
    print(f"{'stopped':<24}{time.perf_counter() - began:8.2f} s   at: {running}")


def cpu_s(process: int) -> float:
    """Return the processor time that a process has taken."""
    ticks = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print times, longest beats and the memory of the server."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument(
        "--seconds", type=float, default=30.0, help="how long answers are measured during the fit"
    )
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        write_files(Path(place) / "data", asked.files)
        command = [sys.executable, "-m", "eisfit.cli", "app", str(Path(place) / "data"), "--no-browser"]
        command += ["--session", str(Path(place) / "session")]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        browser = driver.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(60_000)
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            opened(page, address, server.pid, asked.files, began)
            shown(page, address)
            fitted(page, address, asked.files, asked.seconds)
            print(f"{'memory of the server':<24}{memory_mb(server.pid):8.0f} MB")
            server.kill()
        browser.close()


if __name__ == "__main__":
    main()
