"""What the suggestion answers for each measured file: circuits and templates, or the reason why there are none.

Run ``python -m benchmarks.measured_suggestions -o results``. The files are those of the index in the folder that
``EISFIT_SPECTRA`` names, else in ``../shared/spectra``. An exception that is no sentence for the reader counts apart.
"""

from __future__ import annotations

import os

from benchmarks.common import ONE_CORE, write

if __name__ == "__main__":
    os.environ.update(ONE_CORE)  # before numpy is loaded

import argparse
import csv
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.labelled import FILE
from eisfit.errors import EisfitError
from eisfit.workflow.suggested_start import Asked, suggested_for

ROOT = Path(__file__).resolve().parent.parent


def answered(path: Path, name: str) -> dict[str, Any]:
    """Return the line of one file."""
    begin = time.process_time()
    line: dict[str, Any] = {
        "file": name,
        "answer": "",
        "circuits": "",
        "templates": "",
        "misfit, %": "",
        "reason": "",
    }
    try:
        found, _ = suggested_for([str(path)], Asked())
    except EisfitError as error:
        line |= {"answer": "refused", "reason": str(error).replace(str(path), name)}
    except Exception as error:  # what this table is for
        line |= {"answer": "exception", "reason": f"{type(error).__name__}: {error}"}
    else:
        line["answer"] = "set" if found.circuits else "refused"
        line["circuits"] = " ".join(c.circuit for c in found.members)
        line["templates"] = " ".join(t.name for t in found.allowed_templates[:3])
        line["misfit, %"] = f"{found.circuits[0].misfit_percent:.2g}" if found.circuits else ""
        reasons = Counter(reason for _, reason in found.refused)
        line["reason"] = "; ".join(reason for reason, _ in reasons.most_common(1))
    line["s"] = time.process_time() - begin
    return line


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--every", type=int, default=1, help="take one of so many files")
    options.add_argument("--start", type=int, default=0, help="first file")
    options.add_argument("--seconds", type=float, default=float("inf"), help="begin no file after so many")
    given = options.parse_args()
    folder = Path(os.environ.get("EISFIT_SPECTRA") or ROOT.parent / "shared" / "spectra")
    if not (folder / "INDEX.csv").is_file():
        raise SystemExit(
            f"{folder / 'INDEX.csv'} is not there: set EISFIT_SPECTRA to the folder of the spectra"
        )
    warnings.simplefilter("ignore")
    with (folder / "INDEX.csv").open(newline="", encoding="utf-8") as file:
        names = [row["path"] for row in csv.DictReader(file) if row["path"] != str(FILE)]
    table: list[dict[str, Any]] = []
    begin = time.monotonic()
    for name in names[given.start :: given.every]:
        if time.monotonic() - begin > given.seconds:
            break
        table.append(answered(folder / name, name))
        print(*table[-1].values(), sep=" | ", flush=True)
    count = Counter(line["answer"] for line in table)
    notes = (
        ", ".join(f"{n} {answer}" for answer, n in count.items()) + f" of {len(names)} files. {__doc__ or ''}"
    )
    write(given.output, "measured_suggestions", "Suggestions for measured files", table, notes)


if __name__ == "__main__":
    main()
