"""Figures of thousands of spectra: a part of them is drawn, and the figure says so."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import eisfit
from eisfit import plots
from eisfit.plots.canvas.curves import MOST_DRAWN, Curves, curves, value_text
from support.plots_samples import four_electrode

OVER_ALL = ("nyquist", "nyquist_inset", "bode", "real_imaginary", "conductivity", "modulus", "loss_tangent")


def many(n: int) -> eisfit.Series:
    """Return a series of n fits at as many temperatures."""
    fits = list(four_electrode())
    found = []
    for k in range(n):
        fit = fits[k * len(fits) // n]
        warm = replace(fit.spectrum.conditions, temperature_c=60.0 * k / n)
        found.append(replace(fit, spectrum=replace(fit.spectrum, conditions=warm, label=f"s{k}")))
    return eisfit.Series.over("temperature_c", found)


def words(figure: Figure) -> str:
    figure.draw_without_rendering()
    return "\n".join(text.get_text() for text in figure.findobj(Text) if isinstance(text, Text))


@pytest.mark.parametrize("kind", OVER_ALL)
def test_many_spectra_are_thinned_and_the_figure_says_so(kind: str) -> None:
    figure = plots.figure(kind, many(MOST_DRAWN + 50))
    drawn = [line for line in figure.axes[0].lines if line.get_gid() == "points"]
    assert f"{MOST_DRAWN} of {MOST_DRAWN + 50} spectra" in words(figure)
    assert len(drawn) <= MOST_DRAWN


@pytest.mark.parametrize("kind", ["nyquist_grid", "contributions", "page"])
def test_a_panel_or_a_page_for_each_of_many_spectra_is_drawn_for_some(kind: str) -> None:
    series, asked = many(MOST_DRAWN + 50), plots.KINDS[kind].pages
    assert asked is not None
    parts = asked(plots.figure(kind, series), series, plots.Choice())
    drawn = [1 if isinstance(part, tuple) else len(part.curves) for part in parts]
    assert sum(drawn) == MOST_DRAWN
    first = plots.KINDS[kind].draw(parts[0])
    assert str(MOST_DRAWN + 50) in words(first)


def test_a_wide_figure_with_an_inset_is_not_as_tall_as_it_is_wide() -> None:
    for width in ("single", "double"):
        figure = plots.figure("nyquist_inset", four_electrode(), width=width)
        high, wide = figure.get_figheight() * 2.54, figure.get_figwidth() * 2.54
        assert high < (0.85 if width == "single" else 0.7) * wide < 23


def test_two_hundred_are_all_drawn() -> None:
    assert curves(many(MOST_DRAWN)).thinned().note == ""


def test_the_first_and_the_last_are_drawn() -> None:
    shown = curves(many(3 * MOST_DRAWN)).thinned()
    assert len(shown.curves) == MOST_DRAWN
    assert (shown.curves[0].label, shown.curves[-1].label) == ("s0", f"s{3 * MOST_DRAWN - 1}")


def test_the_numbers_of_all_are_written() -> None:
    rows = plots.KINDS["bode"].data(many(MOST_DRAWN + 1))
    assert len({row["spectrum"] for row in rows}) == MOST_DRAWN + 1


def test_colours_are_found_once_for_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Curves] = []
    before = Curves.colours.func  # type: ignore[attr-defined]

    def counting(shown: Curves) -> object:
        asked.append(shown)
        return before(shown)

    monkeypatch.setattr(Curves.colours, "func", counting)
    plots.figure("residuals", many(40))
    assert 1 <= len(asked) <= 3


@pytest.mark.parametrize(
    ("value", "shown"),
    [(24.7619, "24.76 °C"), (-60.0, "−60 °C"), (0.952381, "0.952 °C"), (120.0, "120 °C"), (0.0, "0 °C")],
)
def test_conditions_have_few_digits(value: float, shown: str) -> None:
    assert value_text(value, "temperature_c") == shown


def test_one_point_is_told_in_the_singular() -> None:
    fit = four_electrode()[0]
    z = -abs(fit.spectrum.z_ohm.imag)
    z[0] = 1.0
    spectrum = replace(fit.spectrum, z_ohm=fit.spectrum.z_ohm.real + 1j * z)
    assert "1 point with" in words(plots.figure("real_imaginary", spectrum))
    assert "1 of " in words(plots.figure("loss_tangent", spectrum))
    assert "points is not positive" in words(plots.figure("loss_tangent", spectrum))


def test_figures_do_not_import_what_writes_pages() -> None:
    code = (
        "import sys, eisfit.plots as p; assert 'matplotlib.backends.backend_pdf' not in sys.modules; "
        "assert 'eisfit.plots.document' not in sys.modules; p.report_pdf; p.About"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
