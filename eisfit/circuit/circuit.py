"""A circuit string, read once into a tree and evaluated as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import cast

import numpy as np
import numpy.typing as npt

from eisfit.circuit.grammar import understood, written
from eisfit.circuit.tree import InParallel, InSeries, Node, Placed, evaluate, leaves, series, shifted, span
from eisfit.elements import ELEMENTS, Laplace, Quantity
from eisfit.errors import CircuitError
from eisfit.tools.frozen import Complexes, Floats

__all__ = [
    "Circuit",
    "InParallel",
    "InSeries",
    "Node",
    "Parameter",
    "Placed",
    "evaluate",
    "leaves",
    "parse",
    "series",
    "shifted",
    "span",
    "unit_of_parameter",
    "written",
]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a circuit: its name, its quantity, and the element it belongs to."""

    name: str
    quantity: Quantity
    leaf: str

    @property
    def unit(self) -> str:
        """Unit in text."""
        return self.quantity.unit


_NO_TREE = cast(Node, None)  # refused in words


@dataclass(frozen=True)
class Circuit:
    """An equivalent circuit; `from_text` makes one.

    Parameters
    ----------
    text : str
        The circuit string.
    root : Placed, InSeries or InParallel
        The tree.

    Examples
    --------
    >>> import eisfit
    >>> circuit = eisfit.Circuit.from_text("R0-p(R1,CPE1)")
    >>> circuit.names
    ('R0', 'R1', 'CPE1_Q', 'CPE1_alpha')
    >>> circuit.impedance([1.0], {"R0": 10.0, "R1": 100.0, "CPE1_Q": 1e-6, "CPE1_alpha": 0.9}).real.round(2)
    array([109.99])
    """

    text: str
    root: Node = _NO_TREE

    def __post_init__(self) -> None:
        if self.root is None:
            raise CircuitError(f"a circuit string is read by Circuit.from_text({self.text!r})")

    @classmethod
    def from_text(cls, text: str) -> Circuit:
        """Read a circuit string: elements joined by ``-``, parallel parts as ``p(a,b)``.

        Parameters
        ----------
        text : str
            Such as ``"R0-p(R1,CPE1)-W1"``; an element is a known name with a number or a label
            (``R_gb``, ``Zarc_int``). One that has a wall takes the circuit of the wall in parentheses:
            ``"R0-Pore_pe(p(R_ct,CPE_dl))"``. ``SLEI_x`` stands for ``Zarc_x_film-Zarc_x_ct``,
            ``Coating_x`` and ``Nested_x`` for a film and a charge transfer within each other. Strings of ZView,
            Boukamp and EC-Lab are turned into this grammar where they mean one thing only.

        Raises
        ------
        CircuitError
            If the string does not parse; the message names the column, counted from 1.

        Examples
        --------
        >>> import eisfit
        >>> eisfit.Circuit.from_text("R0-Pore_pe(p(R_ct,CPE_dl))").names
        ('R0', 'Pore_pe', 'R_ct', 'CPE_dl_Q', 'CPE_dl_alpha')
        >>> eisfit.Circuit.from_text("R(RQ)(RQ)").text
        'R0-p(R1,CPE1)-p(R2,CPE2)'
        """
        if not isinstance(text, str):
            raise CircuitError(
                f"a circuit is a text, such as 'R0-p(R1,CPE1)', and this is of the kind {type(text).__name__}"
            )
        return cls(*understood(text))

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters in order of appearance."""
        return tuple(
            Parameter(leaf.name if leaf.size == 1 else f"{leaf.name}_{q.name}", q, leaf.name)
            for leaf in sorted(leaves(self.root), key=lambda leaf: leaf.first)
            for q in leaf.element.quantities
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters: ``<element>_<quantity>``, a lone quantity by its element."""
        return tuple(p.name for p in self.parameters)

    def impedance(
        self, frequency_hz: npt.ArrayLike, values: npt.ArrayLike | Mapping[str, float]
    ) -> Complexes:
        """Return the impedance.

        Parameters
        ----------
        frequency_hz : array_like, shape (F,)
            Frequencies in Hz.
        values : array_like, shape (P,) or (batch, P), or mapping
            Parameters in the order of `names` and in their units, or by name.

        Returns
        -------
        ndarray of complex, shape (F,) or (batch, F)
            Impedance in ohm.

        Raises
        ------
        CircuitError
            If the number or the names of the parameters do not fit, or the frequencies are no list.
        """
        if isinstance(values, Mapping):
            if set(values) != set(self.names):
                odd = ", ".join(sorted(set(values) ^ set(self.names)))
                raise CircuitError(f"circuit {self.text!r}: values and parameters differ in {odd}")
            values = [values[name] for name in self.names]
        p = np.asarray(values, float)
        if p.shape[-1:] != (len(self.parameters),):
            raise CircuitError(
                f"circuit {self.text!r} has {len(self.parameters)} parameters ({', '.join(self.names)}), "
                f"but {p.shape[-1] if p.ndim else 1} values were given"
            )
        f = np.asarray(frequency_hz, float)
        if f.ndim == 0:
            raise CircuitError(f"frequency_hz is one number: write a list, as [{f:g}]")
        z = evaluate(self.root, Laplace(f), np.atleast_2d(p))
        return z[0] if p.ndim == 1 else z

    def impedance_and_jacobian(self, s: Laplace, values: Floats) -> tuple[Complexes, Complexes]:
        """Return the impedance and its derivatives by the logarithms of the parameters.

        Parameters
        ----------
        s : Laplace
            Grid of shape (F,) or (batch, F).
        values : ndarray, shape (batch, P)
            Parameters in their units.

        Returns
        -------
        z : ndarray of complex, shape (batch, F)
        dz : ndarray of complex, shape (batch, P, F)
            dZ/d(ln p), in ohm.
        """
        dz = np.empty((*values.shape, s.omega.shape[-1]), complex)
        return evaluate(self.root, s, values, dz), dz


def parse(text: str) -> Circuit:
    """Return ``Circuit.from_text(text)``: the short name within the package."""
    return Circuit.from_text(text)


def unit_of_parameter(name: str) -> str:
    """Return the unit of a parameter of any circuit from its name; empty where it is of no element.

    Examples
    --------
    >>> unit_of_parameter("Zarc_int_tau"), unit_of_parameter("R0"), unit_of_parameter("W1"), unit_of_parameter("x")
    ('s', 'ohm', 'ohm s^-1/2', '')
    """
    element = ELEMENTS.get("".join(takewhile(str.isalpha, name)))
    if element is None:
        return ""
    units = [
        q.unit for q in element.quantities if len(element.quantities) == 1 or name.endswith(f"_{q.name}")
    ]
    return units[0] if units else ""
