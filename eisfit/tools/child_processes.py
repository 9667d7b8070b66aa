"""Python processes of this machine that need no guard in the script of the user, and end with what started them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
ONE_THREAD |= {"VECLIB_MAXIMUM_THREADS": "1", "EISFIT_THREADS": "1"}
"""Variables with which a process keeps to one core."""

_COMMAND = """import os, sys
if sys.platform == "linux":  # before all that takes time: PR_SET_PDEATHSIG, the system ends it with its parent
    import ctypes
    ctypes.CDLL(None).prctl(1, 9)
    if os.getppid() != int(sys.argv[1]):
        os._exit(0)
import importlib, json
sys.path[:] = json.loads(sys.argv[2])
importlib.import_module(sys.argv[3]).main()
"""


def started(module: str, environment: Mapping[str, str], **more: Any) -> subprocess.Popen[Any]:
    """Start the function ``main`` of a module in a process of its own, with pipes to and from it.

    Parameters
    ----------
    module : str
        Full name; its ``main`` ends when its standard input is closed.
    environment : mapping of str to str
        Variables beside those of this process.
    **more
        Of the pipes, as `subprocess.Popen` takes them.

    Notes
    -----
    The system ends it with the thread that has started it where the system is Linux; elsewhere it sees its standard
    input closed.
    """
    path = json.dumps([entry or os.getcwd() for entry in sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", _COMMAND, str(os.getpid()), path, module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},
        **more,
    )


def how_ended(process: subprocess.Popen[Any]) -> str:
    """Return by which signal or with which code a process has ended."""
    code = process.wait()
    return f"signal {-code}" if code < 0 else f"exit code {code}"
