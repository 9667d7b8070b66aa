"""Results as a document of several pages, for print."""

from eisfit.plots.document.about import About
from eisfit.plots.document.report import report_pdf

__all__ = ["About", "report_pdf"]
