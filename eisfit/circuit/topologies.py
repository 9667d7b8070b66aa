"""A film and a charge transfer in three topologies that are one function, and what does not depend on the choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from eisfit.circuit.ladder import ladder_from_voigt, voigt_from_ladder
from eisfit.errors import InputError
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

Topology: TypeAlias = Literal["series", "coating", "nested"]
_CIRCUITS = {
    "series": "p(R_film,C_film)-p(R_ct,C_ct)",
    "coating": "p(C_film,R_film-p(R_ct,C_ct))",
    "nested": "p(C_ct,R_ct-p(R_film,C_film))",
}


@dataclass(frozen=True)
class FilmAndTransfer:
    """A film and a charge transfer with ideal capacitors, in one topology.

    Parameters
    ----------
    topology : {"series", "coating", "nested"}
        Both arcs in series; the transfer at the ground of a porous film, ``p(C_film,R_film-p(R_ct,C_ct))``; or the
        double layer across both, ``p(C_ct,R_ct-p(R_film,C_film))``.
    film_resistance_ohm, film_capacitance_f, transfer_resistance_ohm, transfer_capacitance_f : float
        Positive.

    Raises
    ------
    InputError
        If the topology is unknown or a value is not positive.

    Notes
    -----
    Only `total_ohm` and `time_constants_s` are the same in all three: a spectrum gives these, and never
    the topology. What tells: the dependence on concentration (transfer alone), time (film alone), temperature or bias.

    Source: Guillemin, Synthesis of Passive Networks (1957), ch. 3 and 4.

    Examples
    --------
    >>> dense = FilmAndTransfer("series", 300.0, 0.354e-6, 484.0, 10e-6)
    >>> porous = dense.to("coating")
    >>> round(porous.film_resistance_ohm), round(porous.transfer_resistance_ohm), round(porous.total_ohm)
    (321, 463, 784)
    """

    topology: Topology
    film_resistance_ohm: float
    film_capacitance_f: float
    transfer_resistance_ohm: float
    transfer_capacitance_f: float

    def __post_init__(self) -> None:
        _check(self.topology)
        for name in list(self.__dataclass_fields__)[1:]:
            value = getattr(self, name)
            if not 0 < value < np.inf:
                raise InputError(f"{name} is {value:.6g}: it must be a positive number")

    @property
    def circuit(self) -> str:
        """The circuit string, with the elements R_film, C_film, R_ct and C_ct."""
        return _CIRCUITS[self.topology]

    @property
    def values(self) -> dict[str, float]:
        """The values of `circuit` by parameter name."""
        return {
            "R_film": self.film_resistance_ohm,
            "C_film": self.film_capacitance_f,
            "R_ct": self.transfer_resistance_ohm,
            "C_ct": self.transfer_capacitance_f,
        }

    @property
    def total_ohm(self) -> float:
        """Resistance of both at dc; the same in all topologies."""
        return self.film_resistance_ohm + self.transfer_resistance_ohm

    @property
    def time_constants_s(self) -> tuple[float, float]:
        """Time constants of the two relaxations, the faster first; the same in all topologies."""
        r, c = self._arcs()
        fast, slow = sorted((r * c).tolist())
        return fast, slow

    def to(self, topology: Topology, *, film: Literal["faster", "slower"] = "faster") -> FilmAndTransfer:
        """Return the same function in a topology.

        Parameters
        ----------
        topology : {"series", "coating", "nested"}
            The one that is wanted.
        film : {"faster", "slower"}
            Of two arcs in series, which is the film; without meaning for the other topologies.

        Raises
        ------
        InputError
            If a word is unknown, or both time constants are equal, which no ladder has.
        """
        _check(topology)
        if film not in ("faster", "slower"):
            raise InputError(f"film is {film!r}: it must be 'faster' or 'slower'")
        r, c = self._arcs()
        order = np.argsort(r * c)
        if topology != "series":
            taus = (r * c)[order]
            if taus[1] / taus[0] - 1 < 1e-9:
                raise InputError(
                    f"both time constants are {taus[0]:.6g} s: two equal arcs are one, and have no {topology} circuit"
                )
            r, c = ladder_from_voigt(r[order], c[order])
            order = np.array([0, 1] if topology == "coating" else [1, 0])
        elif film == "slower":
            order = order[::-1]
        (r_film, r_ct), (c_film, c_ct) = r[order].tolist(), c[order].tolist()
        return FilmAndTransfer(topology, r_film, c_film, r_ct, c_ct)

    def _arcs(self) -> tuple[Floats, Floats]:
        """Return R and C of the two arcs in series."""
        r = np.array([self.film_resistance_ohm, self.transfer_resistance_ohm])
        c = np.array([self.film_capacitance_f, self.transfer_capacitance_f])
        if self.topology == "series":
            return r, c
        outer_first = slice(None) if self.topology == "coating" else slice(None, None, -1)
        return voigt_from_ladder(r[outer_first], c[outer_first])


def _check(topology: str) -> None:
    known = get_args(Topology)
    if topology not in known:
        raise InputError(
            f"unknown topology {topology!r}{did_you_mean(topology, known)}; known: {', '.join(known)}"
        )
