"""Where the repository and its samples lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "sample_spectra" / "llto_le_four_electrode"
