"""All commands, in the order in which the help lists them."""

from eisfit.cli import init, series, fit, drt, figures, compare, report, export, files, plan, shelves  # isort: skip

__all__ = [
    "compare",
    "drt",
    "export",
    "figures",
    "files",
    "fit",
    "init",
    "plan",
    "report",
    "series",
    "shelves",
]
