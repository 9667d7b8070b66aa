"""Names of circuit strings that stand for several elements."""

from __future__ import annotations

from types import MappingProxyType

ALIASES = MappingProxyType(
    {
        "SLEI": "Zarc{0}_film-Zarc{0}_ct",
        "Coating": "p(CPE{0}_film,R{0}_film-p(R{0}_ct,CPE{0}_ct))",
        "Nested": "p(CPE{0}_ct,R{0}_ct-p(R{0}_film,CPE{0}_film))",
    }
)
"""Alias to the circuit that it stands for, with ``{0}`` for the label which the alias was given.

All three are a film between two electrolytes and the charge transfer beside it. ``SLEI_x`` has their arcs in series,
the faster first, as for a dense interphase of a solid and a liquid (or polymer) electrolyte. In ``Coating_x`` the
transfer goes on at the ground of a porous film, whose capacitance lies across both; in ``Nested_x`` the double layer
lies across both. With ideal capacitors all three are one function (`eisfit.circuit.topologies`), so that no spectrum
tells which of them, nor which of the two is the film; their sum and the two time constants do not depend on it.
"""
