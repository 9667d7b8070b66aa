"""All commands, in the order in which the help lists them."""

from eisfit.cli import init, series, fit, batch, drt, figures, compare, report, export, files, plan  # isort: skip
from eisfit.cli import dc, literature, shelves  # isort: skip

__all__ = [
    "batch",
    "compare",
    "dc",
    "drt",
    "export",
    "figures",
    "files",
    "fit",
    "init",
    "literature",
    "plan",
    "report",
    "series",
    "shelves",
]
