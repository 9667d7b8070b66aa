"""What is to be computed, as text and hashes: the same recipe gives the same numbers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

SERIES, ONE, JOINT, DISTRIBUTIONS = "series", "one", "joint", "drt"


@dataclass(frozen=True)
class Recipe:
    """A fit or a look that was asked for.

    Parameters
    ----------
    kind : {"series", "one", "joint", "drt"}
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
        whole = json.dumps([self.kind == DISTRIBUTIONS, self.text, self.files])
        return hashlib.sha256(whole.encode()).hexdigest()[:16]
