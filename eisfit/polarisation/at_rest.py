"""Potentials less those at rest: reference electrodes differ by some millivolts without any current."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from eisfit.errors import InputError
from eisfit.polarisation.dc_data import DcData
from eisfit.spectrum.findings import Finding
from eisfit.tools.frozen import Bools

_NOTHING = 1e-3  # of the largest current, that counts as none


def less_rest(data: DcData) -> DcData:
    """Return steady states whose potentials are counted from those without current, which are left out.

    Parameters
    ----------
    data : DcData
        Steady states, of which one or more have no current (less than a thousandth of the largest).

    Raises
    ------
    InputError
        If none has no current, or all.

    Notes
    -----
    The error of the potentials at rest is added to that of each point.
    """
    rest = at_rest(data)
    if not rest.any() or rest.all():
        raise InputError(
            f"{data.label}: {'all points have' if rest.all() else 'no point has'} no current, so that potentials at "
            "rest cannot be subtracted: record the cell at rest too"
        )
    count = int(rest.sum())
    level = data.potential_v[rest].mean(axis=0)
    error = data.potential_stderr_v
    if error is not None:
        of_level = np.sqrt(np.sum(error[rest] ** 2, axis=0)) / count
        error = np.hypot(error[~rest], of_level)
    text = f"potentials at rest, up to {1e3 * float(np.abs(level).max()):.3g} mV, were subtracted"
    return replace(
        data,
        current_a=data.current_a[~rest],
        potential_v=data.potential_v[~rest] - level,
        current_stderr_a=None if data.current_stderr_a is None else data.current_stderr_a[~rest],
        potential_stderr_v=error,
        step=None,
        findings=(*data.findings, Finding("rest", text)),
    )


def at_rest(data: DcData) -> Bools:
    """Return which points have no current, shape (n,)."""
    return np.asarray(np.abs(data.current_a) <= _NOTHING * float(np.abs(data.current_a).max()))
