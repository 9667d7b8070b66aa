"""Which measurement would help most."""

from eisfit.planning.expected import Expected
from eisfit.planning.foresee import plan
from eisfit.planning.planned_cell import PlannedCell

__all__ = ["Expected", "PlannedCell", "plan"]
