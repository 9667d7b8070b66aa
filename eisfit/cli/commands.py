"""All commands, in the order in which the help lists them."""

from eisfit.cli import init, series, fit, drt, figures, compare, report, export, files  # isort: skip
from eisfit.cli import plan, dc, literature, pages, shelves, diagnose, law, study, suggest  # isort: skip
from eisfit.cli import batch  # isort: skip

__all__ = [
    "batch",
    "compare",
    "dc",
    "diagnose",
    "drt",
    "export",
    "figures",
    "files",
    "fit",
    "init",
    "law",
    "literature",
    "pages",
    "plan",
    "report",
    "series",
    "shelves",
    "study",
    "suggest",
]
