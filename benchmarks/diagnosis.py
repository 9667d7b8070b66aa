"""How often a diagnosis names the mechanism of a scenario, leaves it open, or names another one.

Each series is fitted as ``eisfit series`` does with the complements of its campaign. Scenario L is dc data alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import eisfit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for `benchmarks` where it is run as a file

from benchmarks.common import write
from benchmarks.scenarios import fitted
from eisfit.diagnosis import UNRESOLVED, Diagnosis
from eisfit.simulate import CAMPAIGNS, simulate, simulate_dc
from eisfit.simulate.direct_current import LETTER, MECHANISM

NAMED_BY = "ACDEL"


def diagnosed(letter: str, seed: int) -> Diagnosis:
    """Return the diagnosis of one drawn series."""
    if letter == LETTER:
        return eisfit.diagnose(dc=simulate_dc(seed=seed).data)
    made = simulate(letter, seed=seed)
    return eisfit.diagnose(fitted(made, "complement" if made.complements else "joint"))


def row_of(letter: str, seeds: Sequence[int]) -> dict[str, object]:
    """Return how often the mechanism of a scenario was named."""
    truth = {c.letter: c.mechanism for c in CAMPAIGNS.values()}.get(letter, MECHANISM)
    began = time.process_time()
    said: Counter[str] = Counter()
    open_answers: Counter[int] = Counter()
    for seed in seeds:
        found = diagnosed(letter, seed)
        said[found.mechanism] += 1
        open_answers[sum(not a.measured for a in found.answers)] += 1
    wrong = {name: n for name, n in said.items() if name not in (truth, UNRESOLVED)}
    return {
        "scenario": letter,
        "mechanism": truth,
        "series": len(seeds),
        "named / %": 100 * said[truth] / len(seeds),
        "unresolved": said[UNRESOLVED],
        "wrong": sum(wrong.values()),
        "wrong names": ", ".join(wrong),
        "not measured, of 9": "-".join(str(n) for n in sorted({min(open_answers), max(open_answers)})),
        "s a series": (time.process_time() - began) / len(seeds),
    }


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="?", default=40, help="series of each scenario")
    parser.add_argument("--letters", default=NAMED_BY, help="such as ACDEL, or B,G,S21")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("-o", "--output", type=Path, default=Path("benchmark_results"))
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    letters = options.letters.upper().split(",") if "," in options.letters else list(options.letters.upper())
    rows = [row_of(letter, seeds) for letter in letters]
    write(options.output, "diagnosis", f"Mechanisms, {options.seeds} series each", rows)


if __name__ == "__main__":
    main()
