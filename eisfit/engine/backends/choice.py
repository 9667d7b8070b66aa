"""Which backend of the solver a device asks for."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from functools import partial

from eisfit.engine.backends import cpu, torch_solver
from eisfit.engine.levenberg_marquardt import Solution, Task
from eisfit.errors import InputError
from eisfit.tools.nearest import did_you_mean

PROCESSOR = "cpu"
Backend = Callable[[Task, Solution], None]  # steps all rows of a task from their starts to their ends

_CUDA = re.compile(r"cuda(?::(\d+))?")


def check_device_name(device: str) -> None:
    """Raise InputError if a text names no device; whether it is there is not looked at."""
    if device != PROCESSOR and _CUDA.fullmatch(device) is None:
        near = did_you_mean(str(device), (PROCESSOR, "cuda"))
        raise InputError(
            f"device {device!r}{near}: give 'cpu', 'cuda', or 'cuda:N' for the N-th card, from 0"
        )


def backend_of(device: str) -> Backend:
    """Return the backend of a device.

    Parameters
    ----------
    device : str
        ``cpu``: numpy; ``cuda`` or ``cuda:1``: PyTorch on a graphics processor.

    Raises
    ------
    InputError
        If the text names no device, PyTorch is not installed, or there is no such device here.
    """
    check_device_name(device)
    if device == PROCESSOR:
        return cpu.run
    if importlib.util.find_spec("torch") is None:
        raise InputError(
            f"device {device!r} needs PyTorch: pip install 'eisfit-heteroionic[gpu]', or give device 'cpu'"
        )
    _check_card(device)
    return partial(torch_solver.run, device=device)


def _check_card(device: str) -> None:
    """Raise InputError if there is no such card."""
    import torch

    if not torch.cuda.is_available():
        built = "" if torch.version.cuda or torch.version.hip else ", which is a build for processors alone,"
        raise InputError(
            f"device {device!r}: PyTorch {torch.__version__}{built} finds no graphics processor here: install its "
            "driver and a build of PyTorch for it, or give device 'cpu'"
        )
    found, count = _CUDA.fullmatch(device), torch.cuda.device_count()
    number = int((found and found[1]) or 0)
    if number >= count:
        raise InputError(
            f"device {device!r}: the cards here are {', '.join(f'cuda:{k}' for k in range(count))}: give one of them"
        )
