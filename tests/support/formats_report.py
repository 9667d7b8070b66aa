"""Print, for every sample file of the index, what was expected and what is read."""

from __future__ import annotations

import sys
import time

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from support.formats_samples import ROOT, index


def main() -> int:
    """Print the table and return the number of files with a wrong count."""
    wrong = known = 0
    start = time.perf_counter()
    for row in index():
        try:
            spectra = read_file(ROOT / row["path"])
            found = (sum(map(len, spectra)), len(spectra))
            said = "; ".join(sorted({f.kind for s in spectra for f in s.findings}))
            name = spectra[0].source.format if spectra[0].source else ""
        except NoImpedance as error:
            found, said, name = (0, 0), str(error), "no impedance"
        except FormatError as error:
            found, said, name = (-1, -1), str(error), "refused"
        wanted = (int(row["n_points"]), int(row["n_spectra"])) if row["n_points"] else None
        known += wanted is not None
        wrong += wanted not in (None, found)
        mark = "?" if wanted is None else "ok" if wanted == found else "WRONG"
        print(f"{mark:5} {found[1]:5} x {found[0]:6}  {name:17} {row['path']}  {said}")
    print(
        f"{known - wrong} of {known} files with a known count are right; {time.perf_counter() - start:.1f} s"
    )
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(), 1))
