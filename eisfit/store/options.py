"""The options of fits in HDF5: one text a fit, and a table of the standard deviations that were given."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from eisfit.options import DEFAULT, GIVEN, FitOptions
from eisfit.store.hdf5 import Array, Group, floats, integers, read_table


def as_text(options: FitOptions) -> str:
    """Return options as JSON; standard deviations stand in a table of their own."""
    start = None if options.start is None else dict(options.start)
    return json.dumps(
        {"weights": options.weights_name, "loss": options.loss, "seed": options.seed, "start": start}
    )


def sigma_columns(options: Sequence[FitOptions]) -> dict[str, Array]:
    """Return the standard deviations that were given to fits, in the order of the points of each spectrum."""
    given = [(row, o.weights) for row, o in enumerate(options) if not isinstance(o.weights, str)]
    return {
        "spectrum_row": integers(row for row, sigmas in given for _ in sigmas),
        "stderr_ohm": floats(s for _, sigmas in given for s in sigmas),
    }


def read_options(tables: Group, fits: Mapping[str, Sequence[Any]]) -> list[FitOptions]:
    """Return the options of fits.

    Parameters
    ----------
    tables : h5py.Group
        Holds the table ``given_sigmas``.
    fits : mapping of str to sequence
        Columns of the table ``fits``. Those of version 0.1.0 name weights and loss alone.
    """
    if "options" not in fits:
        losses = fits.get("loss", [""] * len(fits["weights"]))
        return [_of_names(*names) for names in zip(fits["weights"], losses, strict=True)]
    given: dict[int, list[float]] = {}
    table = read_table(tables, "given_sigmas")
    for row, sigma in zip(table["spectrum_row"], table["stderr_ohm"], strict=True):
        given.setdefault(row, []).append(sigma)
    found = []
    for row, text in enumerate(fits["options"]):
        known = json.loads(text)
        if known["weights"] == GIVEN:
            known["weights"] = given.get(row, [])
        found.append(FitOptions(**known))
    return found


def _of_names(weights: str, loss: str) -> FitOptions:
    """Return options of which only names are known; fits that failed have none."""
    return FitOptions(() if weights == GIVEN else weights or DEFAULT.weights, loss or DEFAULT.loss)
