"""Names of circuit strings that stand for several elements in series."""

from __future__ import annotations

from types import MappingProxyType

ALIASES = MappingProxyType({"SLEI": ("Zarc{}_film", "Zarc{}_ct")})
"""Alias to the names of its elements; ``{}`` holds the label or number that the alias was given.

``SLEI`` is an interphase between a solid and a liquid (or polymer) electrolyte and the charge transfer
beside it: the arc of the film and the arc of the transfer in series, the faster first. Which of the two
is the film is an assumption; their sum and the two time constants do not depend on it.
"""
