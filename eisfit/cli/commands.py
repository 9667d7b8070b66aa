"""All commands, in the order in which the help lists them."""

from eisfit.cli import init, series, fit, figures, compare, report, export, files, dc, shelves  # isort: skip

__all__ = ["compare", "dc", "export", "figures", "files", "fit", "init", "report", "series", "shelves"]
