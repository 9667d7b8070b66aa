"""Files of very many spectra fitted chunk by chunk, on all cores or machines, through any interruption."""

from eisfit.bulk.job import Job
from eisfit.bulk.merging import merge
from eisfit.bulk.running import BatchStopped, Summary, fit_file, state_of

__all__ = [
    "BatchStopped",
    "Job",
    "Summary",
    "fit_file",
    "merge",
    "state_of",
]
