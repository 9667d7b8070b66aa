"""Fonts as a PDF needs them: outlines and widths of the letters that are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# a PDF places glyphs by their number and carries its own table of letters; reading all these takes as long as drawing
_NOT_NEEDED = ("GSUB", "GPOS", "GDEF", "MATH", "kern", "cmap", "post", "name", "OS/2", "gasp", "FFTM")


@contextmanager
def small_fonts() -> Iterator[None]:
    """Let Matplotlib embed fonts without the tables that only other programs than readers of PDF use."""
    from fontTools import subset  # type: ignore[import-untyped]

    before = subset.load_font

    def load_font(*args: Any, **kwargs: Any) -> Any:
        font = before(*args, **kwargs)
        for table in _NOT_NEEDED:
            if table in font:
                del font[table]
        if "CFF " not in font:  # which names its glyphs itself
            font.setGlyphOrder([f"glyph{number:05d}" for number in range(font["maxp"].numGlyphs)])
        return font

    subset.load_font = load_font
    try:
        yield
    finally:
        subset.load_font = before
