"""All commands, in the order in which the help lists them."""

from eisfit.cli import series, fit, figures, compare, report, export, files, shelves  # isort: skip

__all__ = ["compare", "export", "figures", "files", "fit", "report", "series", "shelves"]
