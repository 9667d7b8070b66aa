"""Damage files at random and read them: only the project's errors or valid spectra, in bounded time and memory.

The seeds are instrument files; a mutation cuts, doubles, moves or changes bytes, lines, columns or numbers. Each read
may take 5 s of processor time and 50 MB and ten times the file of memory. A cut that leaves fewer points than the whole
file has is counted by format where nothing is said of it.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from benchmarks.common import write
from eisfit.errors import EisfitError

MOST_SECONDS = 5.0
SPARE_BYTES, TIMES_FILE = 50_000_000, 10
BATCH = 100  # files that one child process reads
SMALL = 2_000_000  # bytes; larger seeds are left out
NUMBERS = (b"nan", b"inf", b"-1", b"0", b"1e400", b"9" * 400, b"1,5", b"", b"--", b"0x1F", "−3".encode())


def cut(data: bytes, rng: random.Random) -> bytes:
    """Leave the beginning."""
    return data[: rng.randrange(len(data))]


def flipped(data: bytes, rng: random.Random) -> bytes:
    """Flip bits."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 3, 20))):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def replaced(data: bytes, rng: random.Random) -> bytes:
    """Put random bytes in the place of others."""
    place = rng.randrange(len(data))
    return data[:place] + rng.randbytes(rng.randrange(30)) + data[place + rng.randrange(1, 40) :]


def doubled(data: bytes, rng: random.Random) -> bytes:
    """Insert a piece of the file elsewhere."""
    place, other = rng.randrange(len(data)), rng.randrange(len(data))
    return data[:place] + data[other : other + rng.randrange(400)] + data[place:]


def removed(data: bytes, rng: random.Random) -> bytes:
    """Take a piece out."""
    place = rng.randrange(len(data))
    return data[:place] + data[place + rng.randrange(1, 400) :]


def redelimited(data: bytes, rng: random.Random) -> bytes:
    """Change a sign everywhere."""
    old = rng.choice((b",", b"\t", b";", b" ", b"'", b'"', b"(", b"-", b".", b"\n", b"\r\n"))
    return data.replace(old, rng.choice((b"", b",", b"\t", b"/", b"9", b"\n", b"\x00")))


def beginning_changed(data: bytes, rng: random.Random) -> bytes:
    """Change bytes of the header."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 4, 16))):
        found[rng.randrange(min(len(found), 400))] = rng.randrange(256)
    return bytes(found)


def lines_moved(data: bytes, rng: random.Random) -> bytes:
    """Take out, double, or exchange lines."""
    lines = data.split(b"\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[a : a + rng.choice((1, 2, 10))]
    elif kind == 1:
        lines[a:a] = lines[b : b + rng.choice((1, 2, 10))]
    elif kind == 2:
        lines[a], lines[b] = lines[b], lines[a]
    else:
        rng.shuffle(lines)
    return b"\n".join(lines)


def number_changed(data: bytes, rng: random.Random) -> bytes:
    """Put something else in the place of what stands between two separators."""
    place = rng.randrange(len(data))
    first = max(data.rfind(sign, 0, place) for sign in (b" ", b",", b"\t", b";", b"\n")) + 1
    ends = [end for sign in (b" ", b",", b"\t", b";", b"\n") if (end := data.find(sign, place)) >= 0]
    return data[:first] + rng.choice(NUMBERS) + data[min(ends, default=len(data)) :]


def recoded(data: bytes, rng: random.Random) -> bytes:
    """Write a text in another encoding."""
    text = data.decode("latin-1")
    return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-8-sig", "cp037")), "replace")


MUTATIONS: Sequence[Callable[[bytes, random.Random], bytes]] = (
    cut,
    flipped,
    replaced,
    doubled,
    removed,
    redelimited,
    beginning_changed,
    lines_moved,
    number_changed,
    recoded,
)


class _TooLong(BaseException):
    """More processor time than a read may take; no `Exception`, so that nothing on the way keeps it."""


def outcome_of(path: Path, size: int) -> tuple[str, int, bool]:
    """Read a file and return what came of it, how many points it has, and whether anything was said of them."""
    limit = _memory_now() + SPARE_BYTES + TIMES_FILE * size
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        spectra = eisfit.read(path)
    except EisfitError:
        return "error of the project", 0, True
    except _TooLong:
        return "too long", 0, True
    except MemoryError:
        return "too much memory", 0, True
    except Exception as error:
        return f"another error: {type(error).__name__}: {error}", 0, True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        resource.setrlimit(
            resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_AS)[1])
        )
    points = sum(len(s) for s in spectra)
    for s in spectra:
        f = s.frequency_hz
        if not (np.isfinite(f).all() and (f > 0).all() and np.isfinite(s.z_ohm).all() and len(s)):
            return "invalid spectrum", points, True
    return "spectra", points, any(s.findings for s in spectra)


def _memory_now() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _raise(*_: object) -> None:
    raise _TooLong


def _reads(batch: Sequence[tuple[Path, str, int]], folder: Path) -> Iterator[str]:
    """Read the files of a batch in a child process; a line for each: outcome, points, whether something is said."""
    done, report = 0, folder / "report"
    while done < len(batch):
        report.write_text("")
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGPROF, _raise)
            with report.open("a") as said:
                for path, _, _ in batch[done:]:
                    what, points, noted = outcome_of(path, path.stat().st_size)
                    said.write(f"{what!r}\t{points}\t{noted}\n")
                    said.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        lines = report.read_text().splitlines()
        yield from lines
        done += len(lines)
        if status and done < len(batch):
            yield f"'crash with signal {os.WTERMSIG(status)}'\t0\tTrue"
            done += 1


def campaign(seeds: Sequence[Path], count: int, seed: int, keep: Path) -> list[dict[str, Any]]:
    """Return a row for each outcome, and one for each format that is cut without a word."""
    rng, outcomes, short, cuts = random.Random(seed), Counter[str](), Counter[str](), Counter[str]()
    whole = {path: _points(path) for path in seeds}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for first in range(0, count, BATCH):
            batch = []
            for k in range(min(BATCH, count - first)):
                source, mutation = rng.choice(seeds), rng.choice(MUTATIONS)
                path = folder / f"{k}{source.suffix}"
                path.write_bytes(mutation(source.read_bytes(), rng))
                batch.append((path, mutation.__name__, whole[source]))
            for (path, name, points), line in zip(batch, _reads(batch, folder), strict=True):
                what, found, noted = line.rsplit("\t", 2)
                what = what.strip("'\"")
                outcomes[what] += 1
                if what not in ("error of the project", "spectra"):
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{first}-{path.name}").write_bytes(path.read_bytes())
                    print(f"{what}: {keep / f'{first}-{path.name}'}", file=sys.stderr)
                if name == "cut" and what == "spectra" and points:
                    cuts[path.suffix.lower()] += 1
                    short[path.suffix.lower()] += int(found) < points and noted == "False"
    rows = [{"outcome": what, "files": n, "of": count} for what, n in outcomes.most_common()]
    return rows + [
        {"outcome": f"cut, fewer points, nothing said: {suffix}", "files": n, "of": cuts[suffix]}
        for suffix, n in sorted(short.items())
    ]


def _points(path: Path) -> int:
    try:
        return sum(len(s) for s in eisfit.read(path))
    except EisfitError:
        return 0


def main() -> None:
    """Print the outcomes of a campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="folders of instrument files")
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, default=Path("results"))
    chosen = parser.parse_args()
    seeds = sorted(p for folder in chosen.folders for p in folder.rglob("*") if p.is_file())
    seeds = [p for p in seeds if 0 < p.stat().st_size < SMALL]
    start = time.monotonic()
    rows = campaign(seeds, chosen.count, chosen.seed, chosen.output / "mutations")
    minutes = math.ceil((time.monotonic() - start) / 60)
    title = f"{chosen.count} mutations of {len(seeds)} files, in {minutes} min"
    write(chosen.output, "mutations", title, rows)


if __name__ == "__main__":
    main()
