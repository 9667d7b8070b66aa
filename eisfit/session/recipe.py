"""What is to be computed, as text and hashes: the same recipe gives the same numbers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

SERIES, ONE, JOINT, DISTRIBUTIONS, SUGGESTION = "series", "one", "joint", "drt", "suggestion"
WITHOUT_MODEL = (DISTRIBUTIONS, SUGGESTION)


@dataclass(frozen=True)
class Recipe:
    """A fit or a look that was asked for.

    Parameters
    ----------
    kind : {"series", "one", "joint", "drt", "suggestion"}
        What it is.
    text : str
        The text of the series.toml that describes it, with whole paths.
    files : tuple of (str, str)
        The data files, each with the SHA-256 of what it held.
    """

    kind: str
    text: str
    files: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The name of its folder: equal for equal recipes."""
        apart = SUGGESTION if self.kind == SUGGESTION else self.kind == DISTRIBUTIONS
        whole = json.dumps([apart, self.text, self.files])
        return hashlib.sha256(whole.encode()).hexdigest()[:16]
