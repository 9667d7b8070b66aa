"""Formulas as drawings inside the page, by Matplotlib: they need no network and no LaTeX."""

from __future__ import annotations

import io
import re
from html import escape
from typing import Any

from docutils import nodes
from matplotlib import rc_context
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import math_to_image
from sphinx.util import logging

POINTS = 10.0
_STYLE: Any = {"mathtext.fontset": "stix", "svg.fonttype": "path", "svg.hashsalt": "eisfit"}


_ROOT = re.compile(r"\\sqrt\s+(\\?\w+)")  # Matplotlib asks for braces
_LOGGER = logging.getLogger(__name__)


def drawn(formula: str) -> str:
    """Return a formula as an SVG element that stands on the line of the text and has its colour."""
    out = io.BytesIO()
    with rc_context(_STYLE):
        font = FontProperties(size=1.25 * POINTS)
        braced = _ROOT.sub(r"\\sqrt{\1}", formula.strip())
        depth = math_to_image(f"${braced}$", out, prop=font, dpi=72, format="svg", color="#123456")
    text = out.getvalue().decode("utf-8")
    svg = text[text.index("<svg") :].replace("#123456", "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'<g id="patch_1">.*?</g>', "", svg, flags=re.S)
    for side in ("width", "height"):
        points = re.search(rf'{side}="([\d.]+)pt"', svg)
        if points is not None:
            svg = svg.replace(points[0], f'{side}="{float(points[1]) / POINTS:.3f}em"', 1)
    style = f"vertical-align: {-depth / POINTS:.3f}em; margin-right: -0.2em"  # Matplotlib leaves a gap
    label = escape(formula.strip())
    return svg.replace("<svg ", f'<svg class="formula" style="{style}" role="img" aria-label="{label}" ', 1)


def _written(node: nodes.Element) -> str:
    try:
        return drawn(node.astext())
    except ValueError:
        _LOGGER.warning("Matplotlib cannot draw the formula %s", node.astext(), location=node)
        return f"<code>{escape(node.astext())}</code>"


def inline(translator: Any, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(_written(node))
    raise nodes.SkipNode


def block(translator: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    translator.body.append(f'<p class="formula">{_written(node)}</p>')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_html_math_renderer("mathtext", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
