"""Kill a session at random moments with kill -9: what it had said was done is there when it is opened again.

A process masks and unmasks points without end, and prints the number of each action when it is done. It is ended after
a random number of them and a random time; then the session must open with all of them, and at most the one more that
was on the disk already. With ``--server`` it is `eisfit app` that is ended, while a headless Chromium clicks points
and begins fits: what the page had shown must be there (needs the extra ``app``, playwright, and a Chromium).
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from eisfit import session

CODE = """
import sys
from eisfit import session as s
with s.Session(sys.argv[1]) as opened:
    if not opened.done:
        opened.do(s.OpenFiles((s.File("/data/a.csv", "", 50),)))
    for k in range(10**6):
        opened.do(s.Mask("/data/a.csv", (k % 49,)) if k % 98 < 49 else s.Unmask("/data/a.csv", (k % 49,)))
        print(len(opened.done), flush=True)
"""


def survived(folder: Path, after: int, wait_s: float = 0.0) -> tuple[int, int]:
    """Return how many actions a process told to be done before it was killed, and how many are there then.

    Parameters
    ----------
    folder : Path
        Of the session.
    after : int
        It is killed when it has told this many more.
    wait_s : float
        And after this time in seconds.
    """
    command = [sys.executable, "-c", CODE, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(after)]
        time.sleep(wait_s)
        process.kill()
        told += process.stdout.readlines()
    whole = [line for line in told if line.endswith("\n")]
    with session.Session(folder) as again:
        return int(whole[-1]), len(again.done)


POINTS = """() => [...document.querySelectorAll('.xy .trace:not(:first-child) .point')].map(e => {
    const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]})"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
COUNT = "text=/^[0-9]+ of 31 points masked/"


def clicked(page: Any, folder: Path, data: Path, rng: random.Random) -> tuple[int, int, int]:
    """Click in the pages of a server until it is killed.

    Returns
    -------
    told, kept, sent : int
        Masked points of the first file that the page told, that are there afterwards, and clicks on the way at the end.
    """
    command = [sys.executable, "-m", "eisfit.cli", "app", str(data), "--no-browser", "--session", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        page.goto(server.stdout.readline().strip())
        page.click("[role=tab]:has-text('Spectrum')")
        page.wait_for_selector(".xy .trace:not(:first-child) .point")
        told = page.inner_text(COUNT)
        for _ in range(rng.randrange(3)):
            page.wait_for_timeout(500)
            page.mouse.click(*rng.choice(page.evaluate(POINTS)))
            page.wait_for_function("told => !document.body.innerText.includes(told)", arg=told)
            told = page.inner_text(COUNT)
        if rng.random() < 0.5:
            page.click("text=Fit series")
        page.wait_for_timeout(500)
        sent = rng.randrange(2)
        for x, y in rng.sample(page.evaluate(POINTS), sent):
            page.mouse.click(x, y)
        time.sleep(rng.random())
        server.kill()
    with session.Session(folder) as again:
        return int(told.split()[0]), len(again.project.files[0].masked), sent


def server_kills(kills: int, rng: random.Random) -> int:
    """Print what was told and kept for each kill of a server, and return how many masks were lost or made up."""
    from playwright.sync_api import sync_playwright

    from benchmarks.app_many_files import CIRCUIT, write_files

    wrong = 0
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        data, folder = Path(place) / "data", Path(place) / "session"
        write_files(data, 3)
        actions = (*session.opening([str(data)]).actions, session.ChooseTemplate(CIRCUIT))
        session.open_session(folder, actions).close()
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(60_000)
        for k in range(kills):
            told, kept, sent = clicked(page, folder, data, rng)
            wrong += max(0, abs(told - kept) - sent)
            print(f"{k + 1:4d} {told:5d} {kept:5d}   {sent} on the way", flush=True)
        browser.close()
    return wrong


def main() -> None:
    """Print how many actions were told and kept, for each kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--server", action="store_true", help="kill the server of the pages")
    asked = parser.parse_args()
    rng, lost = random.Random(asked.seed), 0
    print("kill  told  kept")
    if asked.server:
        print(f"{asked.kills} kills of the server, {server_kills(asked.kills, rng)} masks lost or made up")
        return
    with tempfile.TemporaryDirectory() as place:
        for k in range(asked.kills):
            told, kept = survived(Path(place), rng.randrange(1, 60), rng.random() * 0.05)
            lost += max(0, told - kept)
            print(f"{k + 1:4d} {told:5d} {kept:5d}")
    print(f"{asked.kills} kills, {lost} actions lost")


if __name__ == "__main__":
    main()
