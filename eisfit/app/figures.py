"""Figures of the pages as plain dictionaries, as plotly.js takes them; they show what they are handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eisfit.app.curves import Curves
from eisfit.app.trends import Dot
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats

BLUE, ORANGE, GREEN, GREY = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#888888",
)  # Okabe and Ito: safe for colour-blind readers
COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_ON_DARK = {BLUE: "#4C9EEB", ORANGE: "#FF8C42", GREEN: "#3DDC97", "#000000": "#FFFFFF"}
DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star")
CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": True,
    "modeBarButtonsToRemove": ["select2d", "autoScale2d", "toImage"],
}
_PLANES = {
    "nyquist": ("x", "y"),
    "modulus": ("x2", "y2"),
    "phase": ("x3", "y3"),
    "residual": ("x4", "y4"),
    "distribution": ("x5", "y5"),
}


def linked(
    spectra: Sequence[Spectrum],
    fits: Sequence[Any],
    dark: bool,
    name: str = "fit",
    curves: Curves | None = None,
) -> dict[str, Any]:
    """Return Nyquist, Bode, residuals and distributions of the sweeps of a file in one figure.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Masked points are open and grey; each point knows its index.
    fits : sequence of Fit
        Whose curves and residuals are drawn.
    dark : bool
        Whether the page is dark.
    name : str
        What the curves are called.
    curves : mapping of str to tuple, optional
        Distributions of relaxation times; without one there is no plane for them.
    """
    shown = {s.label: curves[s.label] for s in spectra if curves and s.label in curves}
    traces = [_highlight(plane) for plane in _PLANES if plane != "distribution" or shown]
    for number, spectrum in enumerate(spectra):
        traces += _points(spectrum, number, len(spectra) > 1)
    for k, (tau, gamma) in enumerate(shown.values()):
        line = {"color": COLOURS[k % len(COLOURS)], "width": 2}
        own: dict[str, Any] = {"mode": "lines", "line": line, "hoverinfo": "skip", "showlegend": False}
        traces.append(_trace(tau, gamma, *_PLANES["distribution"], **own))
    for fit in fits:
        traces += _curves(fit, name)
    figure = {"data": traces, "layout": _linked_layout(dark, spectra, bool(shown)), "config": CONFIG}
    return in_dark(figure) if dark else figure


def at_point(
    spectra: Sequence[Spectrum],
    index: int,
    sweep: int = 0,
    fits: Sequence[Any] = (),
    curves: Curves | None = None,
) -> dict[str, list[list[float | None]]]:
    """Return where the rings stand that show one point in each plane, as `restyle` takes them: the first traces."""
    s = spectra[sweep]
    f, z = float(s.frequency_hz[index]), complex(s.z_ohm[index])
    rest = [complex(fit.residual_percent[index]).real for fit in fits[:1] if len(fit.spectrum) == len(s)]
    x: list[list[float | None]] = [[z.real], [f], [f], [f if rest else None]]
    y: list[list[float | None]] = [
        [-z.imag],
        [abs(z)],
        [-float(np.degrees(np.angle(z)))],
        _list(rest) or [None],
    ]
    if curves and s.label in curves:
        tau, gamma = curves[s.label]
        at = 1 / (2 * np.pi * f)
        x.append([at if tau.min() <= at <= tau.max() else None])
        y.append([float(np.interp(np.log(at), np.log(tau), gamma))])
    return {"x": x, "y": y}


def moved(model: Any) -> tuple[dict[str, list[Any]], int]:
    """Return curve and residuals of a model as `restyle` takes them, and how many traces they are: the last ones."""
    traces = _curves(model, "")
    return {"x": [t["x"] for t in traces], "y": [t["y"] for t in traces]}, len(traces)


def _highlight(plane: str) -> dict[str, Any]:
    x, y = _PLANES[plane]
    marker = {"size": 15, "symbol": "circle-open", "color": ORANGE, "line": {"width": 3}}
    return _trace([np.nan], [np.nan], x, y, mode="markers", marker=marker, showlegend=False, hoverinfo="skip")


def _points(s: Spectrum, number: int, several: bool) -> list[dict[str, Any]]:
    z, f = s.z_ohm, s.frequency_hz
    colour = COLOURS[number % len(COLOURS)]
    marker = {
        "size": 8,
        "symbol": [f"{SYMBOLS[number % len(SYMBOLS)]}{'-open' if m else ''}" for m in s.mask],
        "color": [GREY if m else colour for m in s.mask],
    }
    notes = [
        f"{value:.4g} Hz, point {k}{f'<br>masked: {why}' if why else ''}"
        for k, (value, why) in enumerate(zip(f, s.mask_reason, strict=True))
    ]
    own: dict[str, Any] = {"mode": "markers", "marker": marker, "name": s.label, "text": notes}
    own |= {
        "customdata": [[k, number] for k in range(len(s))],
        "hovertemplate": "%{text}<br>%{x:.4g}, %{y:.4g}",
    }
    own["hovertemplate"] += "<extra></extra>"
    planes = ((z.real, -z.imag, "nyquist"), (f, np.abs(z), "modulus"), (f, -np.degrees(np.angle(z)), "phase"))
    return [
        _trace(x, y, *_PLANES[plane], **own, showlegend=several and plane == "nyquist", legendgroup=s.label)
        for x, y, plane in planes
    ]


def _curves(fit: Any, name: str) -> list[dict[str, Any]]:
    s = fit.spectrum
    f = np.geomspace(s.frequency_hz.min(), s.frequency_hz.max(), 200)
    z: Complexes = fit.impedance(f)
    line = {"color": GREEN, "width": 2}
    own: dict[str, Any] = {"mode": "lines", "line": line, "hoverinfo": "skip", "name": name}
    planes = ((z.real, -z.imag, "nyquist"), (f, np.abs(z), "modulus"), (f, -np.degrees(np.angle(z)), "phase"))
    found = [_trace(x, y, *_PLANES[plane], **own, showlegend=plane == "nyquist") for x, y, plane in planes]
    rest, used = fit.residual_percent, s.used
    for part, colour, symbol, which in (
        (rest.real, BLUE, "circle", "real"),
        (rest.imag, ORANGE, "square-open", "imaginary"),
    ):
        marker = {"size": 5, "color": colour, "symbol": symbol}
        found.append(
            _trace(
                s.frequency_hz[used],
                part[used],
                *_PLANES["residual"],
                mode="markers",
                marker=marker,
                name=which,
            )
        )
    return found


def _trace(x: Any, y: Any, xaxis: str, yaxis: str, **own: Any) -> dict[str, Any]:
    return {"type": "scatter", "x": _list(x), "y": _list(y), "xaxis": xaxis, "yaxis": yaxis, **own}


def _list(values: Any) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in values]


def in_dark(figure: dict[str, Any]) -> dict[str, Any]:
    """Return a figure in colours that can be seen on a dark page."""
    for trace in figure["data"]:
        for part in (trace.get("marker"), trace.get("line"), trace.get("error_y")):
            if part and "color" in part:
                now = part["color"]
                part["color"] = (
                    [_ON_DARK.get(c, c) for c in now] if isinstance(now, list) else _ON_DARK.get(now, now)
                )
    return figure


def _linked_layout(dark: bool, spectra: Sequence[Spectrum], distribution: bool) -> dict[str, Any]:
    f = _axis("f / Hz", type="log", exponentformat="power", dtick=1)
    bare = {**f, "title": {"text": ""}, "showticklabels": False}
    size = np.abs(np.concatenate([s.z_ohm for s in spectra]))
    decades = {"dtick": 1} if size.max() > 10 * size.min() else {}  # else figures between the powers of ten
    gamma = {
        "xaxis5": _axis("tau / s", type="log", exponentformat="power", domain=[0.0, 0.5], anchor="y5"),
        "yaxis5": _axis("gamma / ohm", domain=[0.0, 0.26], anchor="x5"),
    }
    return {
        **base_layout(dark),
        **(gamma if distribution else {}),
        "dragmode": "lasso",
        "uirevision": "keep",
        "legend": {"x": 0.01, "y": 0.99, "xanchor": "left", "yanchor": "top", "bgcolor": "rgba(0,0,0,0)"},
        "xaxis": _axis("Re Z / ohm", domain=[0.0, 0.5], anchor="y"),
        "yaxis": _axis(
            "−Im Z / ohm", domain=[0.4 if distribution else 0.0, 1.0], scaleanchor="x", anchor="x"
        ),
        "xaxis2": {**bare, "domain": [0.6, 1.0], "anchor": "y2", "matches": "x4"},
        "yaxis2": _axis(
            "|Z| / ohm", domain=[0.68, 1.0], type="log", anchor="x2", exponentformat="power", **decades
        ),
        "xaxis3": {**bare, "domain": [0.6, 1.0], "anchor": "y3", "matches": "x4"},
        "yaxis3": _axis("−phase / °", domain=[0.35, 0.63], anchor="x3"),
        "xaxis4": {**f, "domain": [0.6, 1.0], "anchor": "y4"},
        "yaxis4": _axis("residual / %", domain=[0.0, 0.3], anchor="x4"),
    }


def base_layout(dark: bool) -> dict[str, Any]:
    """Return what all figures have in common."""
    ink, paper = ("#dddddd", "#1d1d1d") if dark else ("#222222", "#ffffff")
    return {
        "font": {"size": 13, "color": ink},
        "paper_bgcolor": paper,
        "plot_bgcolor": paper,
        "margin": {"l": 60, "r": 15, "t": 30, "b": 45},
        "hovermode": "closest",
        "modebar": {"orientation": "h"},
    }


def _axis(title: str, **own: Any) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 6},
        "showline": True,
        "ticks": "outside",
        "gridcolor": "rgba(128,128,128,0.2)",
        "zerolinecolor": "rgba(128,128,128,0.4)",
        **own,
    }


def arrhenius(
    lines: Sequence[Any], titles: Sequence[str], dark: bool, joint: Sequence[Any] = ()
) -> dict[str, Any]:
    """Return lines over 1000 K / T.

    Parameters
    ----------
    lines : sequence of Arrhenius
        Of one ordinate or more.
    titles : sequence of str
        Of each line, with its energy.
    dark : bool
        Whether the page is dark.
    joint : sequence of Arrhenius
        Laws of a joint fit, in the colour of the line of the same contribution.
    """
    traces = []
    ordinates = list(dict.fromkeys(str(line.ordinate) for line in lines))
    for k, (line, title) in enumerate(zip(lines, titles, strict=True)):
        t: Floats = line.temperature_k
        grid = np.linspace(1 / t.max(), 1 / t.min(), 40)
        colour = COLOURS[k % len(COLOURS)]
        symbol = SYMBOLS[k % len(SYMBOLS)]
        symbols = [symbol if used else f"{symbol}-open" for used in line.used]
        marker = {"size": 9, "color": colour, "symbol": symbols}
        name = title if len(ordinates) == 1 else f"{line.ordinate}, {title}"
        points = _trace(1000 / t, line.ordinate_value, "x", "y", mode="markers", marker=marker, name=name)
        points["error_y"] = {"type": "data", "array": _list(line.ordinate_stderr), "color": colour}
        points["text"] = list(line.labels)
        traces.append(points)
        fitted, _, _ = line.line(1 / grid)
        own: dict[str, Any] = {"mode": "lines", "line": {"color": colour}, "showlegend": False}
        traces.append(_trace(1000 * grid, fitted, "x", "y", **own, hoverinfo="skip"))
    colours = {line.contribution: COLOURS[k % len(COLOURS)] for k, line in enumerate(lines)}
    traces += [_law(law, colours.get(law.contribution, GREY)) for law in joint if law.ordinate in ordinates]
    layout = {
        **base_layout(dark),
        "xaxis": _axis("1000 K / T"),
        "yaxis": _axis(", ".join(ordinates)),
        "legend": {"orientation": "h", "y": -0.2},
    }
    figure = {"data": traces, "layout": layout, "config": CONFIG}
    return in_dark(figure) if dark else figure


def _law(law: Any, colour: str) -> dict[str, Any]:
    """Return the dashed line of a law of a joint fit."""
    grid = np.linspace(1 / law.temperature_k.max(), 1 / law.temperature_k.min(), 40)
    own: dict[str, Any] = {"mode": "lines", "line": {"color": colour, "dash": "dash"}, "hoverinfo": "skip"}
    name = f"joint fit, {law.contribution}"
    return _trace(1000 * grid, law.line(1 / grid)[0], "x", "y", **own, name=name)


def distributions(curves: Curves, dark: bool) -> dict[str, Any]:
    """Return distributions of relaxation times over the time constant.

    Parameters
    ----------
    curves : mapping of str to tuple
        By label of the spectrum.
    dark : bool
        Whether the page is dark.
    """
    traces = []
    for k, (label, (tau, gamma)) in enumerate(curves.items()):
        line = {"color": COLOURS[k % len(COLOURS)], "dash": DASHES[k // len(COLOURS) % len(DASHES)]}
        traces.append(_trace(tau, gamma, "x", "y", mode="lines", line=line, name=label))
    layout = {
        **base_layout(dark),
        "xaxis": _axis("tau / s", type="log", exponentformat="power"),
        "yaxis": _axis("gamma / ohm"),
    }
    figure = {"data": traces, "layout": layout, "config": CONFIG}
    return in_dark(figure) if dark else figure


def trend(quantity: str, over: str, by_name: Mapping[str, Sequence[Dot]], dark: bool) -> dict[str, Any]:
    """Return values over the condition of a series.

    Parameters
    ----------
    quantity : str
        With its unit; one without a unit has a linear axis.
    over : str
        Title of the condition.
    by_name : mapping of str to sequence of Dot
        Points without an error, as of fixed parameters, are open.
    dark : bool
        Whether the page is dark.
    """
    traces = []
    for k, (name, dots) in enumerate(by_name.items()):
        colour, symbol = COLOURS[k % len(COLOURS)], SYMBOLS[k % len(SYMBOLS)]
        symbols = [symbol if np.isfinite(d.stderr) else f"{symbol}-open" for d in dots]
        marker = {"size": 9, "color": colour, "symbol": symbols}
        own: dict[str, Any] = {"mode": "markers+lines", "marker": marker, "name": name}
        own["line"] = {"width": 1, "color": colour, "dash": DASHES[k // len(COLOURS) % len(DASHES)]}
        own["text"] = [f"{d.label}{f'<br>{d.note}' if d.note else ''}" for d in dots]
        points = _trace([d.x for d in dots], [d.value for d in dots], "x", "y", **own)
        points["error_y"] = {"type": "data", "array": _list([d.stderr for d in dots]), "color": colour}
        traces.append(points)
    scale = {"type": "log", "exponentformat": "power"} if " / " in quantity else {}
    layout = {
        **base_layout(dark),
        "xaxis": _axis(over),
        "yaxis": _axis(quantity, **scale),
        "legend": {"orientation": "h", "y": -0.2},
    }
    figure = {"data": traces, "layout": layout, "config": CONFIG}
    return in_dark(figure) if dark else figure
