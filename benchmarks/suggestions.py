"""How often the set of a suggestion holds the truth: labelled spectra of nine circuits, and cells with known templates.

Run ``python -m benchmarks.suggestions --every 10 -o results``. The labelled spectra are those of `benchmarks.labelled`.
Cells are simulated by a program that is no part of eisfit, ``random_cells.py`` in the folder that ``EISFIT_CELLS``
names, else in ``../shared/cells``; the sample folders come with them.

Two ways: the nine circuits are given, and the best is sought among them; or the circuits are sought among all. A label
counts as met by a circuit that is a limit of it (an arc that vanishes in a resistor, an inductor of zero): at those
values both are one function. A set is counted in functions: circuits of one curve within the noise (without noise,
within 1e-6 of |Z|) are ways of writing one member. One spectrum is looked at before the time is taken. Noise is
normal, Re and Im each 0.005 |Z|, seeded by the row.
"""

from __future__ import annotations

import os

from benchmarks.common import ONE_CORE, write

if __name__ == "__main__":
    os.environ.update(ONE_CORE)  # before numpy is loaded

import argparse
import importlib
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import eisfit
from benchmarks.labelled import FILE, NOISES, Row, rows
from eisfit.suggestion import RankedCircuit, Suggestion
from eisfit.suggestion.given import structure_of
from eisfit.suggestion.structure import Structure, is_limit
from eisfit.workflow.manifest import read_manifest

ROOT = Path(__file__).resolve().parent.parent
FEW = 3  # members of a set that is small
OTHER_TRUTH = {
    "slei_plain": "le_se_slei",
    "porous_plain": "pe_se_porous",
}  # cells whose manifest names a wrong template


def met(label: Structure, circuit: RankedCircuit) -> bool:
    """Tell whether a circuit is the label, or its limit."""
    found = circuit.fits[0].plainest
    return structure_of(circuit.circuit) == label or found == label or is_limit(found, label)


def _written(answer: Suggestion) -> dict[str, list[RankedCircuit]]:
    """Return the circuits of each member of a set: its own, and those of the same curve."""
    return {
        m.circuit: [m, *(c for c in answer.circuits if c.same_curve_as == m.circuit)] for m in answer.members
    }


def judged(found: Sequence[Row], noise: float, given: tuple[str, ...] | None) -> dict[str, Any]:
    """Return the figures of the spectra of one label."""
    count: Counter[str] = Counter()
    begin = time.process_time()
    for row in found:
        label = structure_of(row.circuit)
        answer = eisfit.suggest(row.spectrum(noise), circuits=given, despite_findings=True)
        circuits, allowed, written = answer.circuits, answer.allowed_circuits, _written(answer)
        count["raw first"] += structure_of(circuits[0].circuit) == label
        count["first"] += any(met(label, c) for c in written[circuits[0].circuit])
        count["raw in set"] += any(structure_of(c.circuit) == label for c in allowed)
        count["in set"] += any(met(label, c) for member in written.values() for c in member)
        count["small"] += len(answer.members) <= FEW
    ms = 1e3 * (time.process_time() - begin) / len(found)
    names = ("raw first", "first", "raw in set", "in set", "small")
    return {
        "circuit": found[0].label,
        "spectra": len(found),
        **{f"{n}, %": 100 * count[n] / len(found) for n in names},
        "ms": ms,
    }


def total(table: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return the line of all labels."""
    spectra = sum(line["spectra"] for line in table)
    means = {
        key: sum(line[key] * line["spectra"] for line in table) / spectra
        for key in table[0]
        if key not in ("circuit", "spectra")
    }
    return {"circuit": name, "spectra": spectra, **means}


def labelled(folder: Path, every: int, start: int, only_given: bool) -> Iterator[dict[str, Any]]:
    """Yield lines for each way and noise."""
    by_label: dict[str, list[Row]] = {}
    for row in rows(folder):
        by_label.setdefault(row.label, []).append(row)
    nine = tuple(found[0].circuit for found in by_label.values())
    eisfit.suggest(by_label["RCPE-RCPE"][0].spectrum(NOISES[-1]), despite_findings=True)
    for given in (nine,) if only_given else (nine, None):
        for noise in NOISES:
            table = [
                judged(found[start::every], noise, given) for found in by_label.values() if found[start:]
            ]
            way = f"all, {'nine given' if given else 'sought'}, {100 * noise:g} % noise"
            yield from table
            yield total(table, way)


def cells(seeds: range) -> Iterator[dict[str, Any]]:
    """Yield a line for each kind of cell, and one for the sample folders."""
    folder = Path(os.environ.get("EISFIT_CELLS") or ROOT.parent / "shared" / "cells")
    samples = [p.parent for p in sorted((ROOT / "sample_spectra").glob("*/series.toml"))]
    yield _of_folders("samples", [(p, read_manifest(p).template) for p in samples])
    if not (folder / "random_cells.py").is_file():
        return
    sys.path.insert(0, str(folder))
    for name, make in importlib.import_module("random_cells").M.CELLS.items():
        with tempfile.TemporaryDirectory() as place:
            folders = []
            for seed in seeds:
                make(seed).write(Path(place) / str(seed))
                truth = OTHER_TRUTH.get(name, read_manifest(Path(place) / str(seed)).template)
                folders.append((Path(place) / str(seed), truth))
            yield _of_folders(name, folders)


def _of_folders(name: str, folders: Sequence[tuple[Path, str | None]]) -> dict[str, Any]:
    count: Counter[str] = Counter()
    size, spectra, begin = 0, 0, time.process_time()
    for folder, truth in folders:
        read = eisfit.read_series(folder)
        allowed = [t.name for t in eisfit.suggest(read).allowed_templates]
        spectra += len(read)
        size += len(allowed)
        count["first"] += bool(allowed) and allowed[0] == truth
        count["in set"] += truth in allowed
    shares = {f"{n}, %": 100 * count[n] / len(folders) for n in ("first", "in set")}
    ms = 1e3 * (time.process_time() - begin) / spectra
    return {
        "cell": name,
        "series": len(folders),
        **shares,
        "members": size / len(folders),
        "ms a spectrum": ms,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument(
        "--every", type=int, default=1, help="take one of so many spectra of each circuit; 0: none"
    )
    options.add_argument("--start", type=int, default=0, help="first spectrum of each circuit")
    options.add_argument("--only-given", action="store_true", help="seek among the nine circuits alone")
    options.add_argument("--seeds", type=int, default=3, help="number of cells of each kind; 0: none")
    options.add_argument("--first-seed", type=int, default=0)
    given = options.parse_args()
    warnings.simplefilter("ignore")
    folder = Path(os.environ.get("EISFIT_SPECTRA") or ROOT.parent / "shared" / "spectra")
    if given.every and (folder / FILE).is_file():
        table = list(labelled(folder, given.every, given.start, given.only_given))
        write(given.output, "suggestions", "Computed spectra of nine circuits", table, __doc__ or "")
    if not given.seeds:
        return
    seeds = range(given.first_seed, given.first_seed + given.seeds)
    found = list(cells(seeds))
    series = sum(line["series"] for line in found)
    shares = {
        key: sum(x[key] * x["series"] for x in found) / series for key in ("first, %", "in set, %", "members")
    }
    found.append({"cell": "all", "series": series, **shares, "ms a spectrum": found[-1]["ms a spectrum"]})
    write(given.output, "suggested_templates", "Templates of simulated cells", found, __doc__ or "")


if __name__ == "__main__":
    main()
