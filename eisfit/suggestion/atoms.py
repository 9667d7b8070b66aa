"""Terms of several kinds at many places: where a further one would lower the misfit of a spectrum most."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from eisfit.suggestion.mixed import Fitted, Target
from eisfit.suggestion.structure import LINEAR, ORDER, Kind, Linear, Structure, evaluated
from eisfit.tools.frozen import Complexes, Floats

ADDED: tuple[Kind, ...] = ("Zarc", "G", "Wsn", "CPE")  # kinds that a search adds; others come by exchange
_EXPONENTS: dict[Kind, tuple[float, ...]] = {
    "Zarc": (0.7, 0.92),
    "Wsn": (0.48,),
    "CPE": (0.5, 0.9),
    "Won": (0.45,),
    "W": (0.5,),
}
_TRIED_EVERY = 0.4  # decades between two places where a term is tried
_SMALL = 1e-3  # over the modulus: resistance of a term that gains nowhere
_APART = 1.8  # of ln tau, between two places that are both tried


class Atoms:
    """Terms at many places, with what each would gain.

    Parameters
    ----------
    target : Target
        The spectrum.
    kinds : sequence of str
        Kinds of terms.
    """

    def __init__(self, target: Target, kinds: Sequence[Kind] = ADDED) -> None:
        self.target = target
        low, high = target.log_tau[0] - math.log(10), target.log_tau[1] + math.log(10)
        places = np.arange(low, high, _TRIED_EVERY * math.log(10))
        self.groups: list[tuple[Kind, Floats, Complexes]] = []
        for kind in kinds:
            exponents = _EXPONENTS.get(kind, (1.0,))
            at = places if kind not in ("CPE", "W") else np.array([target.log_tau[1]])
            log_p = np.array([(0.0, t, math.log(a)) for a in exponents for t in at])
            self.groups.append((kind, log_p, evaluated(kind, target.s, log_p)[0] / target.modulus))
        self.rows = np.concatenate([np.concatenate([z.real, z.imag], axis=1) for _, _, z in self.groups]).T

    def with_one_more(
        self, fitted: Fitted, most: int = 2, *, always: bool = False
    ) -> Iterator[tuple[Structure, Floats]]:
        """Yield a structure with one more term of each kind, at the places where it would gain most.

        Where it would gain nowhere it is left out, or, with `always`, small at the place where it does least harm.
        """
        target = self.target
        taken = target.basis(fitted.structure.linear)
        present = [
            evaluated(kind, target.s, p[None])[0][0] / target.modulus
            for kind, p in zip(fitted.structure.kinds, fitted.log_p, strict=True)
        ]
        if present:
            known = np.array([np.concatenate([z.real, z.imag]) for z in present]).T
            known = known - taken @ (taken.T @ known)
            taken = np.hstack([taken, np.linalg.qr(known)[0]])
        target_left = target.rows - taken @ (taken.T @ target.rows)
        left = self.rows - taken @ (taken.T @ self.rows)
        size = np.einsum("np,np->p", left, left)
        along = target_left @ left
        gain = np.where((along > 0) & (size > 1e-12), along**2 / np.maximum(size, 1e-12), 0.0)
        amplitude = along / np.maximum(size, 1e-12)
        first = 0
        for kind, log_p, _ in self.groups:
            here = gain[first : first + len(log_p)]
            order = np.argsort(-here)
            chosen: list[int] = []
            for k in order:
                if here[k] <= 0 or len(chosen) == most:
                    break
                if all(abs(log_p[k, 1] - log_p[c, 1]) > _APART for c in chosen):
                    chosen.append(int(k))
            if always and not chosen:
                chosen = [int(np.argmax(along[first : first + len(log_p)]))]
                amplitude[first + chosen[0]] = _SMALL * float(np.median(target.modulus))
            for k in chosen:
                new = log_p[k].copy()
                new[0] = math.log(max(float(amplitude[first + k]), 1e-300))
                yield structured(
                    fitted.structure.linear, [*fitted.structure.kinds, kind], [*fitted.log_p, new]
                )
            first += len(log_p)


def structured(
    linear: Sequence[Linear], kinds: Sequence[Kind], log_p: Sequence[Floats]
) -> tuple[Structure, Floats]:
    """Return a structure in settled order with its values in the same order."""
    order = sorted(range(len(kinds)), key=lambda k: ORDER.index(kinds[k]))
    values = np.array([log_p[k] for k in order]).reshape(-1, 3)
    return Structure(tuple(x for x in LINEAR if x in linear), tuple(kinds[k] for k in order)), values
