"""From a described series to a folder of results."""

from eisfit.workflow.manifest import Manifest, read_manifest, with_template
from eisfit.workflow.read import NothingReadable, read_files, read_spectra

__all__ = ["Manifest", "NothingReadable", "read_files", "read_manifest", "read_spectra", "with_template"]
