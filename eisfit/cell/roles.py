"""The roles of segments."""

from __future__ import annotations

ROLES = (
    "lead",
    "liquid",
    "polymer",
    "bulk",
    "grain_boundary",
    "interphase",
    "charge_transfer",
    "interface",
    "pore",
    "electrode",
)


LAYERS = ("liquid", "polymer", "bulk", "grain_boundary")


BOUNDARIES = ("interphase", "charge_transfer", "interface", "pore")


_SOLID = ("bulk", "grain_boundary")
