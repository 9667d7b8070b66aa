"""Every sample file with a known count gives exactly that many spectra and points."""

from __future__ import annotations

import pytest

from eisfit.errors import NoImpedance
from eisfit.formats import read_file
from support.formats_samples import ROOT, index, needs_samples, sample

KNOWN = [row for row in index() if row["n_points"]]


@needs_samples
@pytest.mark.parametrize("row", KNOWN, ids=[row["path"] for row in KNOWN])
def test_the_count_of_the_index(row: dict[str, str]) -> None:
    if row["n_points"] == "0":
        with pytest.raises(NoImpedance, match=r"\w"):
            read_file(ROOT / row["path"])
        return
    spectra = sample(row["path"])
    assert (sum(map(len, spectra)), len(spectra)) == (int(row["n_points"]), int(row["n_spectra"]))
