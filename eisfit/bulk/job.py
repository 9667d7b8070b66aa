"""What is to be fitted, how, and where its chunks go; chunks are known by their content and the settings."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from eisfit.cell.templates import Template
from eisfit.engine.backends.choice import PROCESSOR, check_device_name
from eisfit.errors import InputError
from eisfit.fitting.neighbours import NOTHING, FirstFound
from eisfit.fitting.task import Task
from eisfit.options import FitOptions
from eisfit.version import __version__

CHUNK = 5000  # spectra of a chunk
CHUNK_ON_CARD = 50_000  # the same on a graphics processor, which many rows keep busy
CHUNKS, DESCRIPTION, RESULT = "chunks", "batch.json", "eisfit.h5"


@dataclass(frozen=True)
class Job:
    """A file of many spectra that is to be fitted into a folder.

    Parameters
    ----------
    data : Path
        Columnar HDF5 file.
    output : Path
        Folder of the results.
    template : Template
        With its configuration chosen.
    weights, loss, seed
        As in `fit_many`.
    start : tuple of (str, float)
        Values to start from by parameter; empty for starts found from the data.
    chunk : int
        Spectra of a chunk.
    first : FirstFound
        What was found in a few of the spectra.
    device : str
        Where chunks are stepped to their minima: ``cpu``, ``cuda`` or ``cuda:N``.

    Raises
    ------
    InputError
        If the chunk is empty, or the text names no device.
    """

    data: Path
    output: Path
    template: Template
    weights: str = "modulus"
    loss: str = "linear"
    seed: int = 0
    start: tuple[tuple[str, float], ...] = ()
    chunk: int = CHUNK
    first: FirstFound = NOTHING
    device: str = PROCESSOR

    def __post_init__(self) -> None:
        check_device_name(self.device)
        if self.chunk < 1:
            raise InputError(
                f"a chunk of {self.chunk} spectra: it must have at least one, and has usually {CHUNK}"
            )

    @property
    def usual_chunk(self) -> int:
        """Spectra of a chunk where nothing is said of it: a device with many units takes more at once."""
        return CHUNK if self.device == PROCESSOR else CHUNK_ON_CARD

    @property
    def task(self) -> Task:
        """What is to be done with the spectra."""
        options = FitOptions(self.weights, self.loss, self.seed, dict(self.start) or None)
        return Task(self.template, options, device=self.device)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """All that the numbers follow from beside the data, as plain values."""
        t = self.template
        path = [[s.segment.name, s.segment.role, s.segment.capacitance, s.count] for s in t.path]
        return {
            "eisfit_version": __version__,
            "template": t.name,
            "template_text": t.text,
            "configuration": t.chosen,
            "circuit": t.circuit.text,
            "path": path,
            "parameters": {name: asdict(setting) for name, setting in sorted(t.settings.items())},
            "weights": self.weights,
            "loss": self.loss,
            "seed": self.seed,
            "start": dict(self.start),
            "first": asdict(self.first),
            "device": self.device.partition(":")[0],  # whose last digits the numbers have
        }

    def with_first(self, first: FirstFound) -> Job:
        """Return the job with what was found in a few of the spectra."""
        return replace(self, first=first)

    def key(self, fingerprint: str) -> str:
        """Return by what a chunk is known: its content, of that fingerprint, and the settings."""
        text = json.dumps(self.settings, sort_keys=True) + fingerprint
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def place(self, first: int, last: int, fingerprint: str) -> Path:
        """Return where the fits of the rows from `first` up to before `last` stand."""
        return self.output / CHUNKS / f"{first:010d}-{last:010d}-{self.key(fingerprint)}.h5"

    def pieces(self, size: int) -> list[tuple[int, int]]:
        """Return first and last row (not among them) of each chunk of `size` spectra.

        Examples
        --------
        >>> from eisfit import Template
        >>> Job(Path("a.h5"), Path("out"), Template.from_circuit("R1"), chunk=2).pieces(5)
        [(0, 2), (2, 4), (4, 5)]
        """
        return [(k, min(k + self.chunk, size)) for k in range(0, size, self.chunk)]
