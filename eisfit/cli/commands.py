"""All commands, in the order in which the help lists them."""

from eisfit.cli import init, series, fit, drt, figures, compare, report, export, files, plan  # isort: skip
from eisfit.cli import dc, literature, pages, shelves, suggest  # isort: skip

__all__ = [
    "compare",
    "dc",
    "drt",
    "export",
    "figures",
    "files",
    "fit",
    "init",
    "literature",
    "pages",
    "plan",
    "report",
    "series",
    "shelves",
    "suggest",
]
