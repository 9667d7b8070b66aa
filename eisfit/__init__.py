"""Impedance-spectrum fitting for heteroionic interfaces."""
