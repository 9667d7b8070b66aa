"""Kill a session at random moments with kill -9: what it had said was done is there when it is opened again.

A process masks and unmasks points without end, and prints the number of each action when it is done. It is ended after
a random number of them and a random time; then the session must open with all of them, and at most the one more that
was on the disk already.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def main() -> None:
    """Print how many actions were told and kept, for each kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng, lost = random.Random(asked.seed), 0
    print("kill  told  kept")
    with tempfile.TemporaryDirectory() as place:
        for k in range(asked.kills):
            told, kept = survived(Path(place), rng.randrange(1, 60), rng.random() * 0.05)
            lost += max(0, told - kept)
            print(f"{k + 1:4d} {told:5d} {kept:5d}")
    print(f"{asked.kills} kills, {lost} actions lost")


if __name__ == "__main__":
    main()
