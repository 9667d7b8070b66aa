"""What a notebook shows of a figure: a picture, for every kind and for the axes that some return."""

from __future__ import annotations

import pickle
from typing import Any

import matplotlib.image
import pytest
from matplotlib.figure import Figure

import eisfit
from eisfit import plots
from eisfit.plots.canvas.style import blank, styled
from support.paths import SAMPLE

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def series() -> eisfit.Series:
    spectra = eisfit.read_series(SAMPLE)[::3]
    return eisfit.fit_series(spectra, "le_se")


def shown(value: Any) -> bytes:
    """Return the picture of a value, as a notebook asks for it."""
    picture: bytes = value._repr_png_()
    return picture


@pytest.mark.parametrize("kind", plots.KINDS)
def test_every_kind_shows_itself(kind: str, series: eisfit.Series) -> None:
    what = {"circuit": series[0].template, "plan": eisfit.plan(series)}.get(kind, series)
    assert shown(plots.figure(kind, what)).startswith(PNG)


@pytest.mark.parametrize(
    "draw", [plots.nyquist, plots.nyquist_inset, plots.bode, plots.arrhenius, plots.residuals]
)
def test_what_a_figure_function_returns_shows_itself(draw: Any, series: eisfit.Series) -> None:
    assert shown(draw(series)).startswith(PNG)


def test_the_picture_is_of_the_whole_figure_at_200_points_per_inch(series: eisfit.Series) -> None:
    import io

    ax = plots.nyquist(series)
    figure = ax.get_figure(root=True)
    assert figure is not None
    height, width = matplotlib.image.imread(io.BytesIO(shown(ax))).shape[:2]
    assert abs(width - 200 * figure.get_figwidth()) <= 1
    assert abs(height - 200 * figure.get_figheight()) <= 1


def test_axes_of_a_figure_of_ones_own_are_returned_as_they_are(series: eisfit.Series) -> None:
    axes = Figure().subplots()
    assert plots.nyquist(series[0], ax=axes) is axes


def test_other_axes_may_be_added_and_figures_pickle() -> None:
    with styled("paper"):
        figure = blank()
    polar = figure.add_subplot(121, projection="polar")
    assert polar.name == "polar"
    assert shown(figure.add_axes((0.6, 0.1, 0.3, 0.8))).startswith(PNG)
    assert shown(pickle.loads(pickle.dumps(figure))).startswith(PNG)
