"""The figure of current density over the drop at an interface."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from eisfit import plots
from eisfit.polarisation import fit_interface, interface_curve
from support.dc_cells import eight_electrodes


def test_the_figure_shows_points_line_band_and_interphase() -> None:
    fit = fit_interface(interface_curve(eight_electrodes(1)))
    figure = plots.current_overpotential(fit)
    (ax,) = figure.axes
    assert figure.get_figwidth() == pytest.approx(8.3 / 2.54)
    legend = ax.get_legend()
    assert legend is not None
    texts = [t.get_text() for t in legend.get_texts()]
    assert any("SLEI" in t and "Ω cm²" in t for t in texts)
    assert {"left face", "right face", "interphase alone"} <= set(texts)
    assert any(isinstance(c, PolyCollection) for c in ax.collections)
    drawn = next(line for line in ax.lines if "SLEI" in str(line.get_label()))
    x, y = np.asarray(drawn.get_xdata(), float), np.asarray(drawn.get_ydata(), float)
    assert x == pytest.approx(1e3 * fit.law.drop_v(y))
    assert ax.get_xlabel() == "potential of solid − liquid / mV"


def test_it_draws_on_given_axes_and_points_alone() -> None:
    _, ax = plt.subplots()
    curve = interface_curve(eight_electrodes(1))
    assert plots.current_overpotential(curve, ax=ax) is ax.figure
    plt.close("all")
