"""Pages in a browser, to sessions and the workflow; no science."""

from eisfit.app.needed import check_installed
from eisfit.app.places import session_folder

__all__ = ["check_installed", "session_folder"]
