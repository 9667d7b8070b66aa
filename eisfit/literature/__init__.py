"""Published values with their sources."""

from eisfit.literature.amount import Amount
from eisfit.literature.fact import COLUMNS, Fact
from eisfit.literature.frame import data_frame
from eisfit.literature.reading import UNITS, facts, in_shown_unit, read_facts, table

__all__ = [
    "COLUMNS",
    "UNITS",
    "Amount",
    "Fact",
    "data_frame",
    "facts",
    "in_shown_unit",
    "read_facts",
    "table",
]
