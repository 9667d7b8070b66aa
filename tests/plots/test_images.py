"""Figures look as they did: each kind, without its words, against a stored image."""

from __future__ import annotations

from typing import Any

import matplotlib
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from eisfit import plots
from support.plots_samples import subject

DRAWN_WITH = "3.11"  # version of matplotlib that drew the stored images; others lay words out differently


@pytest.fixture
def _wordless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave every text its place, and draw none: fonts change between versions, figures do not."""

    def nothing(self: Text, renderer: Any) -> None:
        self.stale = False

    monkeypatch.setattr(Text, "draw", nothing)


@pytest.mark.skipif(
    not matplotlib.__version__.startswith(f"{DRAWN_WITH}."),
    reason=f"the images are of matplotlib {DRAWN_WITH}",
)
@pytest.mark.usefixtures("_wordless")
@pytest.mark.parametrize("kind", sorted(plots.KINDS))
@pytest.mark.mpl_image_compare(
    baseline_dir="images", tolerance=8, style="default", savefig_kwargs={"dpi": 100}
)
def test_a_figure_looks_as_it_did(kind: str) -> Figure:
    return plots.figure(kind, subject(kind)())
