"""All commands, in the order in which the help lists them."""

from eisfit.cli import series, fit, figures, report, files, shelves  # isort: skip

__all__ = ["figures", "files", "fit", "report", "series", "shelves"]
