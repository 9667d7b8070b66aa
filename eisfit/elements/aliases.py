"""Names of circuit strings that stand for several elements in series."""

from __future__ import annotations

from types import MappingProxyType

ALIASES = MappingProxyType({"SLEI": (("Zarc", "film"), ("Zarc", "ct"))})
"""Alias to the kinds of its elements, each with the word that follows the label which the alias was given.

``SLEI_x`` is an interphase between a solid and a liquid (or polymer) electrolyte and the charge transfer
beside it: the arc ``Zarc_x_film`` and the arc ``Zarc_x_ct`` in series, the faster first. Which of the two
is the film is an assumption; their sum and the two time constants do not depend on it.
"""
