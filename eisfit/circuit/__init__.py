"""A circuit string, read once into a tree; what in it is an arc."""

from eisfit.circuit.circuit import Circuit

__all__ = [
    "Circuit",
]
