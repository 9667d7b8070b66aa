"""Rival circuits: over the spectrum, in their residuals, and in what the data say of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eisfit.elements import Laplace
from eisfit.errors import InputError
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Result, as_drawn, curves
from eisfit.plots.canvas.legends import legend_on_top, root
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.plane import draw
from eisfit.plots.canvas.style import GREY, PALETTE, blank, em, ink, page_em, set_height, settle, styled
from eisfit.plots.kind import Kind
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.suggestion import DIFFERENCE, RankedCircuit, Suggestion, suggest
from eisfit.tools.frozen import Floats
from eisfit.tools.keywords import known_keywords

Drawn: TypeAlias = Suggestion | Result

MOST_RIVALS = 4
MOST_LOOKED_AT = 4  # spectra of a result that holds no suggestion
_PLANE_EM, _STRIP_EM, _BAR_EM, _AROUND_EM = 16.0, 5.2, 2.0, 9.0  # heights
_SHOWN_DIFFERENCE = 40.0  # of BIC, to which bars go at most
_DASHES: tuple[Literal["-", "--", "-.", ":"], ...] = ("-", "--", "-.", ":")
_ROOM = 1.15
_LEAST_PERCENT = 1e-3  # of residuals that an axis resolves: of computed spectra they are all 0


@known_keywords
def suggestion(result: Drawn) -> Figure:
    """Draw the circuits that the data allow, and the nearest that they exclude.

    Parameters
    ----------
    result : Suggestion, Spectrum, Fit, Series, or an iterable of the last three
        What to draw; of spectra a suggestion is made first.

    Returns
    -------
    Figure
        The spectrum in which the rivals differ most, with up to four of them; below it the modulus of the residuals of
        each over frequency, with a band of twice the noise, and the differences of BIC over all spectra. The dashed
        line bounds the set.

    Raises
    ------
    InputError
        If no spectrum could be used; the message gives the reason of the first.
    """
    with styled("paper"):
        figure = blank()
        _paint(figure, result)
        return figure


def _found(result: Drawn) -> Suggestion:
    if isinstance(result, Series) and result.suggestion is not None:
        result = result.suggestion
    if not isinstance(result, Suggestion):
        shown = curves(result).thinned(MOST_LOOKED_AT)
        result = suggest([c.spectrum for c in shown.curves])
    if not result.circuits:
        label, reason = result.refused[0]
        raise InputError(f"there is nothing to draw: {label}: {reason}")
    return result


def rivals_of(found: Suggestion) -> tuple[RankedCircuit, ...]:
    """Return up to four circuits of different curves: members of the set first, then the nearest of the others."""
    own = [c for c in found.circuits if not c.same_curve_as]
    return tuple(sorted(own, key=lambda c: not c.allowed)[:MOST_RIVALS])


def _place(found: Suggestion) -> int:
    """Return the place of the spectrum in which the first two rivals differ most."""
    rivals = rivals_of(found)
    if len(rivals) < 2:
        return 0
    pairs = zip(rivals[0].fits, rivals[1].fits, strict=True)
    return int(np.argmax([abs(np.log((a.misfit + 1e-30) / (b.misfit + 1e-30))) for a, b in pairs]))


def _colours(rivals: tuple[RankedCircuit, ...]) -> list[str]:
    names = ("vermilion", "blue", "green", "violet")
    return [PALETTE[name] for name, _ in zip(names, rivals, strict=False)]


def _paint(figure: Figure, result: Drawn, choice: Choice = BY_DEFAULT) -> None:
    found = _found(result)
    rivals, place = rivals_of(found), _place(found)
    count = len(rivals)
    bars = [_BAR_EM * count] if count > 1 else []  # one circuit differs from no other
    heights = [_PLANE_EM, *[_STRIP_EM] * count, *bars]
    set_height(figure, sum(heights) + _AROUND_EM)
    axes = figure.subplots(len(heights), 1, gridspec_kw={"height_ratios": heights})
    for ax in axes:
        settle(ax)
    _plane(axes[0], found, place)
    _strips(list(axes[1 : 1 + count]), found, place)
    if bars:
        _bars(axes[-1], found)
    legend_on_top(figure, _handles(rivals))


def rivals_over_spectrum(found: Suggestion, plane: Axes, strips: Sequence[Axes], legend: Axes) -> Spectrum:
    """Draw the spectrum in which the rivals differ most with them, and the residuals of each; return that spectrum.

    Parameters
    ----------
    found : Suggestion
        With at least one circuit.
    plane, legend : Axes
        Of the spectrum, and for the legend.
    strips : sequence of Axes
        One for each of `rivals_of`.
    """
    place = _place(found)
    _plane(plane, found, place)
    _strips(list(strips), found, place)
    legend.set_axis_off()
    legend.legend(handles=_handles(rivals_of(found)), loc="upper left", frameon=False)
    return found.spectra[place]


def _handles(rivals: tuple[RankedCircuit, ...]) -> list[Line2D]:
    return [
        Line2D([], [], color=colour, linestyle=dash, label=as_drawn(rival.circuit))
        for rival, colour, dash in zip(rivals, _colours(rivals), _DASHES, strict=False)
    ]


def _plane(ax: Axes, found: Suggestion, place: int) -> None:
    spectrum = found.spectra[place]
    draw(ax, curves(spectrum), colours=[GREY], bar=False)
    f = spectrum.frequency_hz[spectrum.used]
    s = Laplace(np.geomspace(f.min(), f.max(), 300))
    rivals = rivals_of(found)
    low, high = ax.get_xlim(), ax.get_ylim()
    for rival, colour, dash in zip(rivals, _colours(rivals), _DASHES, strict=False):
        z = rival.fits[place].impedance(s)
        ax.plot(z.real, -z.imag, dash, color=colour, gid="rival", zorder=2.5)
    ax.set_xlim(low)
    ax.set_ylim(high)
    ax.locator_params(axis="both", nbins=4 if root(ax).get_figheight() < page_em() * em() else 2)


def _residuals(found: Suggestion, rival: RankedCircuit, place: int) -> tuple[Floats, Floats]:
    """Return frequencies in Hz and the modulus of the residuals in percent of the measured one."""
    spectrum = found.spectra[place]
    f, z = spectrum.frequency_hz[spectrum.used], spectrum.z_ohm[spectrum.used]
    away = np.abs(z - rival.fits[place].impedance(Laplace(f)))
    return f, np.asarray(100 * away / np.abs(z))


def _strips(axes: list[Axes], found: Suggestion, place: int) -> None:
    rivals = rivals_of(found)
    each = [_residuals(found, rival, place) for rival in rivals]
    top = _ROOM * min(max(float(y.max()) for _, y in each), 3 * float(each[0][1].max()))
    for ax, (f, y), colour in zip(axes, each, _colours(rivals), strict=True):
        ax.set_xscale("log")
        log_ticks(ax.xaxis)
        if np.isfinite(found.noise_percent):
            ax.axhspan(0, 2 * found.noise_percent, color=GREY, alpha=0.3, linewidth=0, gid="noise")
        ax.plot(f, y, "o", color=colour, markerfacecolor="none", gid="residuals", clip_on=True)
        ax.set_ylim(0, max(top, _LEAST_PERCENT))
        ax.set_xlim(f.min() / 1.5, f.max() * 1.5)
        ax.locator_params(axis="y", nbins=3)
        ax.tick_params(axis="x", labelbottom=ax is axes[-1])
    axes[-1].set_xlabel("$f$ / Hz")
    axes[len(axes) // 2].set_ylabel("|Δ$Z$| / |$Z$| / %")


def _bars(ax: Axes, found: Suggestion) -> None:
    rivals = rivals_of(found)
    size = [min(r.bic_difference, _SHOWN_DIFFERENCE) for r in rivals]
    places = np.arange(len(rivals))
    ax.barh(places, size, color=_colours(rivals), height=0.6, gid="differences")
    for k, rival in enumerate(rivals):
        more = ">" if rival.bic_difference > _SHOWN_DIFFERENCE else ""
        word = "first" if k == 0 else f"{more}{size[k]:.0f}"
        ax.annotate(word, (max(size[k], DIFFERENCE), k), (3, 0), textcoords="offset points", va="center")
    ax.axvline(DIFFERENCE, color=ink(), linestyle="--", linewidth=0.6, gid="set")
    ax.set_yticks([])
    ax.invert_yaxis()
    ax.set_xlim(0, 1.35 * max(*size, 8.0) if len(size) > 1 else 10.0)
    ax.set_xlabel("difference of BIC")


def _data(result: Drawn, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers: the residuals of each rival, with its difference of BIC."""
    found = _found(result)
    place = _place(found)
    rows = []
    for rival in rivals_of(found):
        values = {
            "circuit": rival.circuit,
            "allowed": "yes" if rival.allowed else "no",
            "bic_difference": rival.bic_difference,
        }
        for f, y in zip(*_residuals(found, rival, place), strict=True):
            rows.append(
                {
                    "spectrum": found.spectra[place].label,
                    **values,
                    "frequency_hz": float(f),
                    "residual_percent": float(y),
                }
            )
    return rows


KIND = Kind("circuits that the data allow", _paint, _data)
