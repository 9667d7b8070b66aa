"""Distributions of relaxation times of measured files: each has an answer, or a reason in words.

``EISFIT_SPECTRA=FOLDER python -m benchmarks.measured_distributions`` reads every file of its INDEX.csv;
``--draw FOLDER`` draws spectrum and distribution of some of them, evenly spread.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import eisfit
from benchmarks.common import markdown
from eisfit import plots
from eisfit.formats.reading import read_all
from eisfit.relaxations import DistributionSeries


@dataclass
class Looked:
    """What a look at one file gave."""

    path: str
    found: DistributionSeries | None = None
    reasons: list[str] = field(default_factory=list)
    seconds: float = 0.0


def looked(root: Path, path: str) -> Looked:
    """Return the distributions of the spectra of a file, and a reason for each that has none."""
    out = Looked(path)
    begin = time.process_time()
    spectra, unread = read_all([str(root / path)])
    out.reasons += [u.reason for u in unread]
    if spectra:
        out.found = eisfit.drt_series(spectra)
        out.reasons += [reason for _, reason in out.found.refused]
    out.seconds = time.process_time() - begin
    return out


def kind_of(reason: str) -> str:
    """Return a reason without its numbers and names."""
    text = re.sub(r"'[^']*'", "...", reason.split(": ")[0])
    return re.sub(r"[-+]?\d[\d.e+-]*", "n", text)[:110]


def summary(all_looked: list[Looked]) -> list[dict[str, object]]:
    """Return one row a folder: files, answers, reasons, numbers of arcs."""
    folders: dict[str, list[Looked]] = defaultdict(list)
    for one in all_looked:
        folders[str(Path(one.path).parent)].append(one)
    rows: list[dict[str, object]] = []
    for name, group in folders.items():
        found = [d for one in group if one.found for d in one.found]
        arcs = Counter(d.count.number for d in found)
        rows.append(
            {
                "folder": name,
                "files": len(group),
                "answers": len(found),
                "reasons": sum(len(one.reasons) for one in group),
                "arcs: spectra": ", ".join(f"{n}: {arcs[n]}" for n in sorted(arcs)),
                "ms": f"{1e3 * sum(one.seconds for one in group) / max(len(found), 1):.0f}",
            }
        )
    return rows


def reasons(all_looked: list[Looked]) -> list[dict[str, object]]:
    """Return how often each reason was given."""
    counted = Counter(kind_of(reason) for one in all_looked for reason in one.reasons)
    return [{"reason": text, "spectra or files": n} for text, n in counted.most_common()]


def draw(all_looked: list[Looked], folder: Path, number: int) -> None:
    """Draw one distribution of each of some files."""
    folder.mkdir(parents=True, exist_ok=True)
    with_answer = [one for one in all_looked if one.found and len(one.found)]
    step = max(len(with_answer) / number, 1.0)
    for k in range(min(number, len(with_answer))):
        one = with_answer[int(k * step)]
        assert one.found is not None
        drawn = plots.figure("drt", one.found.distributions[len(one.found) // 2])
        name = re.sub(r"\W+", "_", one.path)
        for file, content in plots.as_files([drawn], f"{k:02d}_{name}", ["png"]).items():
            (folder / file).write_bytes(content)


def main() -> None:
    """Print a table of folders, one of reasons, and what has neither."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", type=Path, help="folder for figures")
    parser.add_argument("--number", type=int, default=20, help="of figures")
    parser.add_argument("--every", type=int, default=1, help="take every n-th file")
    asked = parser.parse_args()
    root = Path(os.environ["EISFIT_SPECTRA"])
    with (root / "INDEX.csv").open(encoding="utf-8") as index:
        paths = [row["path"] for row in csv.DictReader(index)][:: asked.every]
    every = [looked(root, path) for path in paths]
    print(markdown(summary(every)))
    print(markdown(reasons(every)))
    silent = [one.path for one in every if not one.reasons and not (one.found and len(one.found))]
    print(f"{len(paths)} files; without an answer and without a reason: {len(silent)} {silent}")
    for one in every:
        for reason in one.reasons:
            print(f"{one.path}: {reason}")
    if asked.draw:
        draw(every, asked.draw, asked.number)


if __name__ == "__main__":
    main()
