"""Where a session lies that nobody has given a place."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

_NO_NAME = re.compile(r"[^\w.-]+")


def session_folder(arguments: Sequence[str]) -> Path:
    """Return the folder of the session of what is opened: the same for the same files, beside no data.

    Parameters
    ----------
    arguments : sequence of str
        What is opened; nothing for an empty session.
    """
    paths = sorted(str(Path(a).absolute()) for a in arguments)
    name = _NO_NAME.sub("_", Path(paths[0]).name)[:40] if paths else "empty"
    mark = hashlib.sha256("\n".join(paths).encode(errors="surrogateescape")).hexdigest()[:8]
    return _home() / "eisfit" / "sessions" / f"{name}-{mark}"


def _home() -> Path:
    """Return where programs of this user keep their state."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home()))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
