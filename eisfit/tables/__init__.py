"""Results as tables for people and programs."""

from eisfit.tables.columns import (
    ALL_TABLES,
    ARRHENIUS,
    CONTRIBUTIONS,
    LAWS,
    PARAMETERS,
    PLAN_TABLES,
    POINTS,
    SPECTRA,
    TABLES,
    columns_in,
)
from eisfit.tables.contribution_tables import contribution_table
from eisfit.tables.files import as_frame, csv_files, csv_text, jsonable, write_tables
from eisfit.tables.frames import data_frame
from eisfit.tables.plan_rows import measurement_rows, predicted_error_rows
from eisfit.tables.rows import (
    arrhenius_rows,
    contribution_rows,
    law_rows,
    parameter_rows,
    point_rows,
    spectrum_row,
    spectrum_rows,
    tables,
)
from eisfit.tables.terminal import arrhenius_table, law_table, print_result

__all__ = [
    "ALL_TABLES",
    "ARRHENIUS",
    "CONTRIBUTIONS",
    "LAWS",
    "PARAMETERS",
    "PLAN_TABLES",
    "POINTS",
    "SPECTRA",
    "TABLES",
    "arrhenius_rows",
    "arrhenius_table",
    "as_frame",
    "columns_in",
    "contribution_rows",
    "contribution_table",
    "csv_files",
    "csv_text",
    "data_frame",
    "jsonable",
    "law_rows",
    "law_table",
    "measurement_rows",
    "parameter_rows",
    "point_rows",
    "predicted_error_rows",
    "print_result",
    "spectrum_row",
    "spectrum_rows",
    "tables",
    "write_tables",
]
