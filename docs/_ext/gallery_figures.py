"""Figures of the gallery, taken from what its scripts leave in their variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst

DPI = 200


def figures(block: Any, variables: dict[str, Any], settings: dict[str, Any]) -> str:
    """Write the figures that a block of a script has made; return the text that shows them."""
    known = variables.setdefault("figures_written", [])
    made = [v for v in variables["example_globals"].values() if isinstance(v, Figure)]
    paths = []
    for figure in made:
        if any(figure is other for other in known):
            continue
        path = Path(next(variables["image_path_iterator"]))
        figure.savefig(path, dpi=DPI)
        known.append(figure)
        paths.append(path)
    return figure_rst(paths, settings["src_dir"]) if paths else ""
