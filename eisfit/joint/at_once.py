"""The search of a joint fit of several pairs of probes: what one set of measurements misses, others show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.engine.at_once import Family
from eisfit.engine.joint import JointProblem, State
from eisfit.engine.joint_equations import settled
from eisfit.joint.exchanges import columns_of, exchanged, exchanges_within, named_arcs
from eisfit.tools.frozen import Floats, Ints

_NEIGHBOURS = (-1, 1)


def starts_at_once(
    joint: JointProblem, x: Sequence[Floats], weight: Sequence[Floats]
) -> list[tuple[list[Floats], list[Floats]]]:
    """Return further starts, each as logarithms (N, P) of each block and how much they count.

    Parameters
    ----------
    joint : JointProblem
        Blocks of N spectra.
    x, weight : sequence of ndarray, each of shape (N, P)
        Logarithms at the minimum of each spectrum by itself, and how much each counts.

    Notes
    -----
    What a pair of probes shows of an arc, others show too. In turn two arcs of one pair change places, and the values
    of one pair count nothing where another pair has them.
    """
    found = []
    for k, block in enumerate(joint.blocks):
        if not block.shared.any():
            continue
        for order in exchanges_within(block.problem):
            own = np.clip(exchanged(block.problem, x[k], order), block.problem.lower, block.problem.upper)
            counts = weight[k][:, columns_of(block.problem, order)]
            found.append((_with(x, k, own), _with(weight, k, counts)))
        found.append((list(x), _with(weight, k, np.where(block.shared, 0.0, weight[k]))))
    return found


def _with(parts: Sequence[Floats], k: int, own: Floats) -> list[Floats]:
    """Return the arrays of all blocks with that of block k replaced."""
    return [own if n == k else part for n, part in enumerate(parts)]


def sought_at_once(joint: JointProblem, state: State) -> State:
    """Return a state in which each set of measurements has the best own parameters that any start leads to.

    Parameters
    ----------
    joint : JointProblem
        Blocks of N spectra.
    state : State
        Where the iteration is; its common coordinates are held.

    Notes
    -----
    Each set starts from where it is, from its neighbours, and with two arcs of it exchanged.
    """
    x, shift = list(state.x), list(state.shift)
    for family in joint.families:
        if len(family.members) < 2:
            continue
        plain = [
            b.unextended(state.x[k], state.common) for k, b in zip(family.members, family.blocks, strict=True)
        ]
        now = family.gathered(plain, [state.shift[k] for k in family.members])
        tried = [settled(family, start, state.common) for start in _starts_of_sets(family, now)]
        best = np.argmin([cost for _, cost in tried], axis=0)
        own = np.array([found for found, _ in tried])[best, np.arange(now.shape[0])]
        for place, k in enumerate(family.members):
            at, shift[k] = family.spread(own, place)
            x[k] = family.blocks[place].placed(at, state.common, shift[k])[0]
    return State(tuple(x), state.common, tuple(shift))


def _starts_of_sets(family: Family, now: Floats) -> list[Floats]:
    """Return own parameters (G, U) from which each set may be stepped."""
    found, last, each = [now], now.shape[0] - 1, np.arange(now.shape[0])
    for offset in _NEIGHBOURS if last else ():
        found.append(_taken_from(family, now, np.clip(each + offset, 0, last)))
    done = set()
    for block, (_, slots) in zip(family.blocks, family.places, strict=True):
        for order in exchanges_within(block.problem):
            changed = slots[columns_of(block.problem, order)]
            key = frozenset(order)
            if key not in done:
                done.add(key)
                start = now.copy()
                start[:, slots[:-1]] = now[:, changed]
                found.append(start)
    return found


def _taken_from(family: Family, now: Floats, origin: Ints) -> Floats:
    """Return own parameters of other sets; time constants as their resistances, which follow laws, let expect."""
    found = now[origin]
    for block, (_, slots) in zip(family.blocks, family.places, strict=True):
        for arc in named_arcs(block.problem).values():
            if arc.by_time and block.linked[arc.resistance]:
                r, tau = slots[arc.resistance], slots[arc.storage]
                found[:, tau] = now[origin, tau] + now[:, r] - now[origin, r]
    found[:, family.shift_place] = now[:, family.shift_place]
    return found
