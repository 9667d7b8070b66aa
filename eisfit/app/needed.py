"""What the pages need beside eisfit: the extra ``app``."""

from __future__ import annotations

import importlib.util
from importlib.metadata import PackageNotFoundError, version

from eisfit.errors import InputError

OLDEST = (3, 18)
_CURE = 'install it by: python -m pip install "eisfit-heteroionic[app]"'


def check_installed() -> None:
    """Raise InputError where NiceGUI is not installed, or too old."""
    if importlib.util.find_spec("nicegui") is None:
        raise InputError(f"eisfit app needs NiceGUI, which is not installed; {_CURE}")
    try:
        found = version("nicegui")
    except PackageNotFoundError:
        return
    if tuple(int(part) for part in found.split(".")[:2]) < OLDEST:
        raise InputError(
            f"eisfit app needs NiceGUI {OLDEST[0]}.{OLDEST[1]} or newer, and {found} is installed; {_CURE}"
        )
