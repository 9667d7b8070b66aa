"""Figures look as they did: each kind against a stored image."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from plots_samples import four_electrode

from eisfit import plots


@pytest.mark.parametrize("kind", sorted(set(plots.KINDS) - {"arrhenius"}))
@pytest.mark.mpl_image_compare(
    baseline_dir="images", remove_text=True, tolerance=8, style="default", savefig_kwargs={"dpi": 100}
)
def test_a_figure_looks_as_it_did(kind: str) -> Figure:
    return plots.figure(kind, four_electrode())


@pytest.mark.mpl_image_compare(
    baseline_dir="images", tolerance=12, style="default", savefig_kwargs={"dpi": 100}
)
def test_an_arrhenius_plot_looks_as_it_did() -> Figure:
    """Compare it with its text, which stands on two axes over one another and cannot be taken away by half."""
    return plots.figure("arrhenius", four_electrode())
