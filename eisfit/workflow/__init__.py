"""From a described series to a folder of results."""

from eisfit.workflow.manifest import Cut, Manifest, read_manifest, with_template
from eisfit.workflow.read import NothingReadable, described, read_files, read_spectra
from eisfit.workflow.run import Run, RunOptions, run_files, run_series
from eisfit.workflow.write import write_results

__all__ = [
    "Cut",
    "Manifest",
    "NothingReadable",
    "Run",
    "RunOptions",
    "described",
    "read_files",
    "read_manifest",
    "read_spectra",
    "run_files",
    "run_series",
    "with_template",
    "write_results",
]
