"""Import what the pages are made of without the clients that its packages can do without."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# of engineio: it imports both for clients only, and goes on where they are missing. A fifth of the start
NOT_NEEDED = ("aiohttp", "requests")


@contextmanager
def light_imports() -> Iterator[None]:
    """Leave out of imports in this block what a server does not need; later imports find it again."""
    hidden = [name for name in NOT_NEEDED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is what Python takes for "not there"
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
        if collecting:
            gc.enable()
