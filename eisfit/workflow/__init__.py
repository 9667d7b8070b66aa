"""From a described series to a folder of results."""

from eisfit.workflow.cells import CellRun, cells_of, run_cells
from eisfit.workflow.manifest import Cut, Manifest, read_manifest, with_template
from eisfit.workflow.read import NothingReadable, described, read_files, read_spectra
from eisfit.workflow.run import Run, RunOptions, run_files, run_series
from eisfit.workflow.typed import Described, Typed, described_series
from eisfit.workflow.write import write_results

__all__ = [
    "CellRun",
    "Cut",
    "Described",
    "Manifest",
    "NothingReadable",
    "Run",
    "RunOptions",
    "Typed",
    "cells_of",
    "described",
    "described_series",
    "read_files",
    "read_manifest",
    "read_spectra",
    "run_cells",
    "run_files",
    "run_series",
    "with_template",
    "write_results",
]
