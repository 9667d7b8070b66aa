"""The activation energy of the interface against those of its neighbours, of other arcs, and published ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.diagnosis.answer import ALIKE, SEEN, TWIN, Answer, p_text, unknown
from eisfit.diagnosis.trend import two_sided
from eisfit.laws.arrhenius import Arrhenius
from eisfit.literature import facts, in_shown_unit
from eisfit.results.series import Series
from eisfit.tools.rounding import with_error

_OF_INTERFACE = {"interface", "interphase", "charge_transfer"}
_NO_NEIGHBOUR = {"electrode", "pore"}  # what is no layer beside the interface
_CLASSES = {"liquid | solid": "LE|SE", "polymer | solid": "PE|SE", "solid | solid": "SE|SE"}
DIFFERENT, ONE_ENERGY = "no, they differ", "yes, alike"
_MARGIN = 0.1  # part of the published range by which an energy may lie beside it


@dataclass(frozen=True)
class Energy:
    """An activation energy in the ordinate ln(T/R), with its error.

    Parameters
    ----------
    name : str
        Of the contribution.
    roles : frozenset of str
        Of its parts.
    ev, stderr_ev : float
        The energy; that of a line in ln(1/R) with k T of its middle temperature added.
    own_ev, ordinate : float and str
        The energy of the line itself, and its ordinate.
    bent : bool
        Whether its points contradict a straight line.
    arc : bool
        Whether it is one arc of the spectra.
    """

    name: str
    roles: frozenset[str]
    ev: float
    stderr_ev: float
    own_ev: float
    ordinate: str
    bent: bool
    arc: bool

    @property
    def text(self) -> str:
        """Name and value."""
        return f"{self.name} {with_error(self.ev, self.stderr_ev, 'eV')}"


def energies(results: Sequence[Series]) -> tuple[Energy, ...]:
    """Return the energies of all contributions; by a joint fit where it has one that the data do not contradict."""
    found: dict[str, Energy] = {}
    for series in results:
        arcs = {
            row.name for f in series.fits for row in f.contributions if math.isfinite(row.frequency_hz)
        } | _joint_arcs(series)
        for line, default in series.arrhenius_fits():
            if not default or not line.determined or not line.role:
                continue
            energy = _energy(line, line.contribution in arcs)
            if line.estimate == "joint" or line.contribution not in found:
                found[line.contribution] = energy
    return tuple(found.values())


def _joint_arcs(series: Series) -> set[str]:
    if series.joint is None or not series.joint.rows:
        return set()
    return {r.name for rows in series.joint.rows for r in rows if math.isfinite(r.frequency_hz)}


def _energy(line: Arrhenius, arc: bool) -> Energy:
    """Return the energy of a line in ln(T/R)."""
    shift = 0.0
    if "T" not in line.ordinate:
        shift = BOLTZMANN_EV_PER_K / float(np.mean(1 / line.at[line.used]))
    roles = frozenset(line.role.split(" + "))
    ev, error = line.activation_energy_ev + shift, line.activation_energy_stderr_ev
    return Energy(
        line.contribution,
        roles,
        ev,
        error,
        line.activation_energy_ev,
        line.ordinate,
        line.checks.curvature.bent,
        arc,
    )


def of_interface(found: Sequence[Energy]) -> tuple[Energy, ...]:
    """Return those of interfaces and of their parts, and of nothing else."""
    return tuple(e for e in found if e.roles <= _OF_INTERFACE)


def difference(a: Energy, b: Energy) -> tuple[float, float, float]:
    """Return by how much an energy is larger than another, the error, and the probability by chance."""
    by, error = a.ev - b.ev, math.hypot(a.stderr_ev, b.stderr_ev)
    return by, error, two_sided(by / error) if error > 0 else math.nan


def against_neighbours(found: Sequence[Energy]) -> Answer:
    """Answer whether the energy of the interface is that of a layer beside it."""
    own = of_interface(found)
    others = [e for e in found if not e.roles & (_OF_INTERFACE | _NO_NEIGHBOUR)]
    if not own:
        return _of_sum("energy", found)
    first = own[0]
    if not others:
        return unknown("energy", f"{first.text}; no neighbour has an energy")
    tested = [(other, *difference(first, other)) for other in others]
    nearest = min(tested, key=lambda each: abs(each[1] / each[2]) if each[2] > 0 else math.inf)
    shown = ", ".join(f"{other.text} ({p_text(p)})" for other, _, _, p in tested)
    _, by, error, p = nearest
    alike = p >= ALIKE
    if alike:
        word = f"that of {nearest[0].name}"
    elif p < SEEN:
        word = "larger than all" if all(b > 0 for _, b, _, _ in tested) else "another"
        word = "smaller than all" if all(b < 0 for _, b, _, _ in tested) else word
    else:
        word = "near that of " + nearest[0].name
    text = f"{first.text} against {shown}; in ln(T/R)"
    return Answer("energy", word, text, first.name, by, error, "eV", "difference to the nearest", p)


def _of_sum(question: str, found: Sequence[Energy]) -> Answer:
    """Return that the interface has no energy of its own, and what would tell it where it is in a sum."""
    mixed = next((e for e in found if e.roles & _OF_INTERFACE), None)
    return (
        unknown(question)
        if mixed is None
        else unknown(question, f"{mixed.text} is of a sum", TWIN if "electrode" in mixed.roles else "")
    )


def against_literature(found: Sequence[Energy], results: Sequence[Series]) -> Answer:
    """Answer whether the energy lies within the published ones of its class."""
    own = of_interface(found)
    systems = {f.template.system for series in results for f in series.fits}
    known = [_CLASSES[s] for s in systems if s in _CLASSES]
    if not own:
        return _of_sum("literature", found)
    if not known:
        return unknown("literature", "no published interface is of the kind of this cell")
    of = [f for f in facts() if f["class"] in known and f.plotted_as == "activation energy" and f.reported]
    values = [(low, high) for f in of for _, low, high in [in_shown_unit(f)] if math.isfinite(low)]
    if not values:
        return unknown("literature", f"no published energy of {' or '.join(known)}")
    low, high = min(v[0] for v in values), max(v[1] for v in values)
    first = own[0]
    beside = _MARGIN * (high - low) + 2 * first.stderr_ev
    own_ev = first.own_ev
    word = "within" if low - beside <= own_ev <= high + beside else "above" if own_ev > high else "below"
    text = (
        f"{with_error(own_ev, first.stderr_ev, 'eV')} in {first.ordinate} against {low:.2g} to {high:.2g} eV "
        f"({len(values)} values of {' and '.join(known)})"
    )
    return Answer("literature", word, text, first.name, own_ev, first.stderr_ev, "eV", "published range")


def arcs_of_one_energy(found: Sequence[Energy], results: Sequence[Series]) -> Answer:
    """Answer whether two arcs may be one process that was split, or a constriction: one activation energy."""
    arcs = [e for e in found if e.arc and "electrode" not in e.roles]
    pairs = [(a, b) for k, a in enumerate(arcs) for b in arcs[k + 1 :]]
    pairs = [(a, b) for a, b in pairs if (a.roles | b.roles) & _OF_INTERFACE]
    if not pairs:
        return unknown("one energy", f"{arcs[0].text} alone" if arcs else "")
    a, b = min(pairs, key=lambda pair: abs(difference(*pair)[0]) / max(difference(*pair)[1], 1e-12))
    by, error, p = difference(a, b)
    text = f"{a.text}, {b.text} ({p_text(p)})"
    if p >= ALIKE and error < 0.1:
        return Answer(
            "one energy",
            ONE_ENERGY,
            f"{text}: one process that was split, or a constriction, is not excluded",
            f"{a.name}, {b.name}",
            by,
            error,
            "eV",
            "difference",
            p,
        )
    if p >= SEEN:
        return unknown("one energy", text)
    return Answer("one energy", DIFFERENT, text, f"{a.name}, {b.name}", by, error, "eV", "difference", p)
