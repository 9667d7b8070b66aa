"""Files of very many spectra fitted chunk by chunk, on all cores or machines, through any interruption."""

from eisfit.bulk.job import RESULT, Job
from eisfit.bulk.merging import merge
from eisfit.bulk.running import BatchStopped, fit_file, state_of
from eisfit.bulk.summary import Summary

__all__ = [
    "RESULT",
    "BatchStopped",
    "Job",
    "Summary",
    "fit_file",
    "merge",
    "state_of",
]
