"""The sentences of the contribution table, made last from what was decided."""

from __future__ import annotations

TOPOLOGY = "the split depends on topology"


TOPOLOGY_FREE = "total of the split interface, whatever its topology"


WALL = "wall of the pores, contained in their row; its area is the true one"


UNEXPECTED_DECADES = 1.0  # outside its soft range, from where a capacitance is remarked on
