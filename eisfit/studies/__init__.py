"""Several cells beside each other: one slope, one table, trends over what sets them apart."""

from eisfit.studies.covariates import Covariates, read_covariates
from eisfit.studies.found_results import results_of
from eisfit.studies.rows import ENERGIES, SLOPES, TRENDS, study_tables
from eisfit.studies.study import Study, compare_series

__all__ = [
    "ENERGIES",
    "SLOPES",
    "TRENDS",
    "Covariates",
    "Study",
    "compare_series",
    "read_covariates",
    "results_of",
    "study_tables",
]
