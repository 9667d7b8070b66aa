"""All commands, in the order in which the help lists them."""

from eisfit.cli import init, series, fit, figures, compare, files, shelves  # isort: skip

__all__ = ["compare", "figures", "files", "fit", "init", "series", "shelves"]
