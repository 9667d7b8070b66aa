"""The numbers that steer the search for the global minimum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

Rounds: TypeAlias = tuple[tuple[int, int, float], ...]  # (starts, iterations, relative gain that ends them)

_SELECTION = 1e-6  # relative gain of cost that ends starts while they are compared
_FINE = 1e-8  # relative gain of cost that ends the last few starts, which pass slow valleys


@dataclass(frozen=True)
class SearchSettings:
    """How wide and how long the search looks; other settings find other minima, or the same ones later.

    Parameters
    ----------
    selection : float
        Relative gain of cost below which a start is compared with the others.
    rounds : tuple of (int, int, float)
        First search: number of starts, iterations of each, relative gain that ends them.
    relaxed_rounds : tuple of (int, int, float)
        The same for the starts that come back from the relaxed circuit.
    second_rounds, agreed_rounds : tuple of (int, int, float)
        The same for a second look; the latter where the first starts have agreed.
    together : int
        Spectra searched at a time, which bounds the memory.
    minima : int
        Minima kept of each spectrum.
    same : float
        Two starts are at the same minimum if deviance and score differ by less than this.
    hopeless : float
        Deviance above the best from which a start is dropped between rounds.
    met : float
        Cost, relative to that of a zero model, at which the search of a spectrum ends.
    per_e_fold : float
        Penalty, as deviance, of a resistance that exceeds the largest |Z| by a factor of e.
    many_terms : int
        Terms to place from which a search is hard; one with an intricate term is hard as well.
    least : int
        Starts that go on between rounds in any case where a search is hard.
    agreeing : int
        Bettered starts at the best minimum after a round that make further starts needless.
    looks, patience : int
        Second looks at most, and looks in a row without a gain that end a hard search; one ends an easy search.
    gained : float
        A further look follows where the last one has gained this much deviance.
    places, inserted, agreed_inserted : int
        Places where a second look puts a term: at least of each term, of all terms together, and the latter where
        the first starts have agreed.
    gone : float
        Logarithm of the factor on a term that is taken out.
    refit, refit_tolerance : int, float
        Iterations, and relative gain that ends them, of the solution without that term.
    kicks, kick : int, float
        Random changes of an intricate term, and their standard deviation as a logarithm.
    candidates, ranked : int
        Drawn sets of parameters that are ranked where capacitances are expected, and how many of them are kept.
    reach : float
        Drawn time constants reach this far outside the window, as a logarithm.
    reach_of_dictionary : float
        Terms of a dictionary reach this far outside the window, as a logarithm.
    ideal : float
        Share of the terms of a dictionary whose exponent lies at the upper end of its usual range.
    line, plane, space : int
        Atoms of a term with one free parameter beside its amplitude, with two, and with more.
    bettered, loose : int
        Starts by exchange, and starts from sets of atoms as they were drawn.
    sets, sweeps : int
        Sets of atoms that are bettered at once, and exchanges of every term at most.
    apart : float
        Cosine of two atoms below which the sets they belong to are different starts.
    alike : float
        Cosine of two atoms above which they stand for the same term.
    relaxed, choices : int
        Minima of the relaxed circuit that are given back, and choices of its ideal arcs that are tried for each.
    """

    selection: float = _SELECTION
    rounds: Rounds = ((48, 8, _SELECTION), (20, 30, _SELECTION), (8, 100, _SELECTION), (8, 200, _FINE))
    relaxed_rounds: Rounds = ((24, 20, _SELECTION), (8, 60, _SELECTION))
    second_rounds: Rounds = ((40, 10, _SELECTION), (8, 60, _SELECTION))
    agreed_rounds: Rounds = ((30, 4, _SELECTION), (12, 6, _SELECTION), (8, 60, _SELECTION))
    together: int = 64
    minima: int = 4
    same: float = 0.02
    hopeless: float = 50.0
    met: float = 1e-11
    per_e_fold: float = 0.01
    many_terms: int = 3
    least: int = 8
    agreeing: int = 6
    looks: int = 8
    patience: int = 2
    gained: float = 0.5
    places: int = 4
    inserted: int = 24
    agreed_inserted: int = 12
    gone: float = -14.0
    refit: int = 15
    refit_tolerance: float = 1e-4
    kicks: int = 10
    kick: float = 1.0
    candidates: int = 384
    ranked: int = 12
    reach: float = math.log(30.0)
    reach_of_dictionary: float = math.log(300.0)
    ideal: float = 0.4
    line: int = 48
    plane: int = 144
    space: int = 432
    bettered: int = 12
    loose: int = 36
    sets: int = 32
    sweeps: int = 6
    apart: float = 0.95
    alike: float = 0.98
    relaxed: int = 4
    choices: int = 6


DEFAULT = SearchSettings()
