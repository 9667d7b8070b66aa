"""All commands, in the order in which the help lists them."""

from eisfit.cli import init, series, fit, figures, compare, literature, report, export, files, shelves  # isort: skip

__all__ = [
    "compare",
    "export",
    "figures",
    "files",
    "fit",
    "init",
    "literature",
    "report",
    "series",
    "shelves",
]
