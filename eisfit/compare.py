"""Rival templates for one spectrum: how much each is worth, and which of them are the same function."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eisfit.circuit import Circuit, Leaf, Node, Parallel, Series, parse
from eisfit.errors import InputError
from eisfit.fit import fit, resolve_template
from eisfit.fitted import Fit
from eisfit.outcome import NAN, Outcome
from eisfit.problem import Weights
from eisfit.spectrum import Spectrum
from eisfit.templates import Template
from eisfit.values import Floats, Value

CLOSE = 4.0  # difference of the criterion below which a rival is not ruled out
SIGMAS = 3.0  # an arc whose resistance is not larger than so many standard errors adds nothing
CHANCE = 0.0027  # probability of a deviation by so many
RUNS_TOO_FEW = 0.01  # probability of so few runs that counts as not random

_SPECIAL = {  # the first is a special case or a limit of the second
    ("R", "rc"), ("R", "arc"), ("R", "HN"), ("R", "CPE"), ("R", "Ws"), ("R", "G"),
    ("rc", "arc"), ("rc", "HN"), ("arc", "HN"), ("G", "HN"),
    ("C", "CPE"), ("W", "CPE"), ("Ws", "Wsn"), ("Wo", "Won"), ("L", "La"),
}  # fmt: skip


@dataclass(frozen=True)
class Equivalent:
    """Another circuit that is the same function, with the values that make it so.

    Parameters
    ----------
    circuit : str
        Voigt elements in series, or a ladder.
    values : tuple of (str, float)
        By parameter name, in ohm and farad.
    """

    circuit: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Rival(Value):
    """One of the compared templates.

    Parameters
    ----------
    name : str
        Name of the template, or the circuit.
    fit : Fit
        To the spectrum.
    parameters_free : int
        Of the fit; parts that the data do not show have none.
    aicc, bic : float
        Corrected Akaike and Bayesian information criteria; nan where the fit failed.
    delta_aicc : float
        Above the lowest.
    runs_p : float
        Probability of so few runs of equal sign in its residuals, if they were random.
    faint : tuple of str
        Contributions that add less than three standard errors.
    adds_nothing_to : str
        Name of a rival that is a special case of this one and does as well, by the F-test at the probability
        of three standard errors; empty if there is none.
    same_as : str
        Name of an earlier rival that is the same function; empty if there is none.
    equivalents : tuple of Equivalent
        The same function as other circuits, with the values found.
    """

    name: str
    fit: Fit
    parameters_free: int
    aicc: float
    bic: float
    delta_aicc: float
    runs_p: float
    faint: tuple[str, ...]
    adds_nothing_to: str
    same_as: str
    equivalents: tuple[Equivalent, ...]

    @property
    def advice(self) -> str:
        """What speaks against it, in words; empty if nothing does."""
        found = []
        if self.fit.outcome is Outcome.FAILED:
            return self.fit.sentence
        if self.same_as:
            found.append(f"the same function as {self.same_as}: no spectrum tells them apart")
        if self.faint:
            found.append(f"{', '.join(self.faint)} adds less than 3 standard errors: leave it out")
        if self.adds_nothing_to:
            found.append(f"what it has beyond {self.adds_nothing_to} adds less than 3 standard errors")
        if self.runs_p < RUNS_TOO_FEW:
            found.append("its residuals are not random: something is missing")
        if self.delta_aicc >= CLOSE:
            found.append(f"worse than the best by {self.delta_aicc:.3g} in AICc")
        return "; ".join(found)


@dataclass(frozen=True)
class Nested:
    """The F-test of a template against a special case of it.

    Parameters
    ----------
    simpler, fuller : str
        Names of the two.
    f : float
        Gain of the sum of squares by each additional parameter, over the mean square that is left.
    probability : float
        Of such a gain if the simpler one were true; below 0.05 the fuller one is needed.
    """

    simpler: str
    fuller: str
    f: float
    probability: float


@dataclass(frozen=True, eq=False)
class Comparison(Value):
    """Rivals for one spectrum, the best first.

    Parameters
    ----------
    rivals : tuple of Rival
        By AICc; a rival that is the same function as another follows it. Failed ones come last.
    nested : tuple of Nested
        F-tests of the pairs of which one is a special case of the other.
    """

    rivals: tuple[Rival, ...]
    nested: tuple[Nested, ...]

    def __getitem__(self, name: str) -> Rival:
        """Return a rival by its name.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        for rival in self.rivals:
            if rival.name == name:
                return rival
        raise KeyError(f"no rival {name!r}; there are {', '.join(r.name for r in self.rivals)}")

    @property
    def best(self) -> Rival:
        """The rival with the lowest AICc of those without a needless part; of all if there is none."""
        needed = (r for r in self.rivals if not (r.faint or r.adds_nothing_to or math.isnan(r.aicc)))
        return next(needed, self.rivals[0])

    @property
    def close(self) -> tuple[Rival, ...]:
        """Rivals that are not ruled out: other functions within 4 of the best in AICc."""
        best = self.best
        return tuple(
            r for r in self.rivals if r is not best and not r.same_as and abs(r.aicc - best.aicc) < CLOSE
        )


def compare(
    spectrum: Spectrum,
    rivals: Sequence[str | Path | Template],
    *,
    weights: Weights = "modulus",
    seed: int = 0,
) -> Comparison:
    """Fit rival templates to one spectrum and weigh them.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part.
    rivals : sequence of str, Path or Template
        Templates, their names or paths, or circuit strings.
    weights, seed
        As in `eisfit.fit`.

    Raises
    ------
    InputError
        If there is no rival, or one is named twice.

    Notes
    -----
    The corrected Akaike criterion follows Hurvich & Tsai, Biometrika 76 (1989) 297,
    doi 10.1093/biomet/76.2.297. Where a special case lies on the bound of the fuller template (an exponent
    of 1, a resistance of 0), the probability of the F-test is too large: it asks for more evidence than it
    says.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> rng = np.random.default_rng(1)
    >>> f = np.logspace(5, -1, 61)
    >>> z = 10 + 100 / (1 + 2j * np.pi * f * 1e-3)
    >>> z *= 1 + 0.003 * (rng.standard_normal(61) + 1j * rng.standard_normal(61))
    >>> compare(eisfit.Spectrum(f, z), ["R0-p(R1,C1)", "R0-p(R1,C1)-p(R2,C2)"]).best.name
    'R0-p(R1,C1)'
    """
    templates = [resolve_template(rival, [spectrum]) for rival in rivals]
    names = [t.name for t in templates]
    if not names:
        raise InputError("compare: no rival was given; name two templates or circuits")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"compare: {twice!r} is named twice; leave one out, or give it another name")
    fits = [fit(spectrum, t, weights=weights, seed=seed) for t in templates]
    signatures = [_signature(t) for t in templates]
    tests = [
        test
        for a in range(len(fits))
        for b in range(len(fits))
        if _is_special_case(signatures[a], signatures[b])
        and (test := _f_test(fits[a], fits[b], names[a], names[b])) is not None
    ]
    criteria = [NAN if f.statistics is None else f.statistics.aicc for f in fits]
    order = sorted(range(len(fits)), key=lambda i: (math.isnan(criteria[i]), criteria[i]))
    first_of: dict[tuple[str, ...], int] = {}
    for i in order:
        first_of.setdefault(signatures[i], i)
    place = {i: k for k, i in enumerate(order)}
    order.sort(key=lambda i: place[first_of[signatures[i]]])  # the same functions side by side
    found = []
    for i in order:
        statistics, first = fits[i].statistics, first_of[signatures[i]]
        as_good = (t.simpler for t in tests if t.fuller == names[i] and t.probability > CHANCE)
        found.append(
            Rival(
                name=names[i],
                fit=fits[i],
                parameters_free=0 if statistics is None else statistics.parameters_free,
                aicc=criteria[i],
                bic=NAN if statistics is None else statistics.bic,
                delta_aicc=criteria[i] - min(c for c in criteria if not math.isnan(c)) if statistics else NAN,
                runs_p=NAN if statistics is None else statistics.runs_p,
                faint=_faint(fits[i]),
                adds_nothing_to=next(as_good, ""),
                same_as="" if first == i else names[first],
                equivalents=tuple(_equivalents_of(fits[i])),
            )
        )
    return Comparison(tuple(found), tuple(tests))


def _faint(fitted: Fit) -> tuple[str, ...]:
    """Return the contributions whose resistance is not larger than three standard errors."""
    faint = []
    for c in fitted.contributions:
        small = c.resistance_ohm <= SIGMAS * c.resistance_stderr_ohm
        if c.resolved in ("upper limit", "no") or (small and c.resolved != "sum only"):
            faint.append(c.name)
    return tuple(faint)


def _f_test(simpler: Fit, fuller: Fit, name: str, fuller_name: str) -> Nested | None:
    a, b = simpler.statistics, fuller.statistics
    if a is None or b is None:
        return None
    more, freedom = b.parameters_free - a.parameters_free, 2 * b.points - b.parameters_free
    before = a.chi2_reduced * (2 * a.points - a.parameters_free)
    after = b.chi2_reduced * freedom
    if more <= 0 or freedom <= 0 or not after > 0:
        return Nested(name, fuller_name, 0.0, 1.0)
    f = max(before - after, 0.0) / more / (after / freedom)
    from scipy.special import fdtrc  # imported when asked: it takes longer than all of eisfit

    return Nested(name, fuller_name, f, float(fdtrc(more, freedom, f)))


# --- which circuits are the same function, or special cases of each other ----------------------------------


def same_function(a: str | Circuit, b: str | Circuit) -> bool:
    """Tell whether two circuits are the same function: each value of one has its counterpart in the other.

    Parameters
    ----------
    a, b : str or Circuit
        Circuit strings, or circuits.

    Notes
    -----
    Parts may stand in another order; a depressed arc may be written as Zarc or as p(R,CPE); and a network of
    resistors and capacitors that makes k relaxations may be k arcs in series (Voigt, Foster) or a ladder
    (Cauer).

    Examples
    --------
    >>> same_function("R0-p(R1,C1)-p(R2,C2)", "p(C1,R1-p(R2,C2))-R0")
    True
    >>> same_function("R0-Zarc1", "R0-p(R1,C1)")
    False
    """
    first, second = (parse(c) if isinstance(c, str) else c for c in (a, b))
    return tuple(sorted(_words(first.root))) == tuple(sorted(_words(second.root)))


def _signature(template: Template) -> tuple[str, ...]:
    """Return what kind of function a template is; fixed parameters make it another one."""
    fixed = [f"{k} = {s.fixed:.9g}" for k, s in sorted(template.settings.items()) if s.fixed is not None]
    return tuple(sorted(_words(template.circuit.root)) + fixed)


def _words(node: Node) -> Iterator[str]:
    """Go through the kinds of the parts in series; resistors in series are one."""
    resistors = 0
    for part in _in_series(node):
        if (relaxations := _ladder_order(part)) is not None:
            yield from ["rc"] * relaxations
        elif isinstance(part, Leaf) and part.element.name == "R":
            resistors += 1
        else:
            yield _kind(part)
    if resistors:
        yield "R"


def _in_series(node: Node) -> Iterator[Node]:
    if isinstance(node, Series):
        for part in node.parts:
            yield from _in_series(part)
    else:
        yield node


def _kind(node: Node) -> str:
    if isinstance(node, Leaf):
        if node.wall is not None:
            return f"{node.element.name}({'-'.join(sorted(_words(node.wall)))})"
        return "arc" if node.element.name == "Zarc" else node.element.name
    if isinstance(node, Series):
        return "-".join(sorted(_words(node)))
    inner = sorted(_kind(part) for part in node.parts)
    return "arc" if inner == ["CPE", "R"] else f"p({','.join(inner)})"


def _ladder_order(node: Node) -> int | None:
    """Return how many relaxations a part makes: 1 for R parallel to C, more for a ladder; None for others."""
    ladder = _ladder(node)
    return None if ladder is None else len(ladder)


def _ladder(node: Node) -> list[tuple[Leaf, Leaf | None]] | None:
    """Return (resistor, capacitor) of each rung from the outside in: C parallel to (R and the rest)."""
    if isinstance(node, Leaf):
        return [(node, None)] if node.element.name == "K" else None
    if not isinstance(node, Parallel) or len(node.parts) != 2:
        return None
    capacitors = [p for p in node.parts if isinstance(p, Leaf) and p.element.name == "C"]
    others = [p for p in node.parts if not (isinstance(p, Leaf) and p.element.name == "C")]
    if len(capacitors) != 1:
        return None
    rest = list(_in_series(others[0]))
    resistors = [p for p in rest if isinstance(p, Leaf) and p.element.name == "R"]
    deeper = [p for p in rest if p not in resistors]
    if len(resistors) != 1 or len(deeper) > 1:
        return None
    if not deeper:
        return [(resistors[0], capacitors[0])]
    inner = _ladder(deeper[0])
    if inner is None or any(c is None for _, c in inner):
        return None
    return [(resistors[0], capacitors[0]), *inner]


def _is_special_case(simpler: tuple[str, ...], fuller: tuple[str, ...]) -> bool:
    """Tell whether each part of one is a part of the other, or a special case of one; the others vanish."""
    if any(" = " in word for word in (*simpler, *fuller)) or len(simpler) > len(fuller) or simpler == fuller:
        return False
    if not simpler:
        return True
    first, rest = simpler[0], simpler[1:]
    return any(
        (first == word or (first, word) in _SPECIAL)
        and (_is_special_case(rest, fuller[:k] + fuller[k + 1 :]) or rest == fuller[:k] + fuller[k + 1 :])
        for k, word in enumerate(fuller)
    )


# --- Voigt and ladder --------------------------------------------------------------------------------------


def ladder_from_voigt(resistance_ohm: Floats, capacitance_f: Floats) -> tuple[Floats, Floats]:
    """Return the ladder that is the same function as resistor-capacitor arcs in series (Foster to Cauer).

    Parameters
    ----------
    resistance_ohm, capacitance_f : ndarray, shape (k,)
        Of each arc; no two time constants equal.

    Returns
    -------
    resistance_ohm, capacitance_f : ndarray, shape (k,)
        From the outside in: C1 parallel to (R1 in series with (C2 parallel to (R2 ...))).

    Notes
    -----
    With rates ``1 / (R C)`` the impedance is ``b' (s + rates)^-1 b``, ``b = C^-1/2``; the Lanczos process
    turns the diagonal of rates into the tridiagonal matrix of a ladder. Only the sum of the resistances and
    the time constants are the same in both.

    Source: Guillemin, Synthesis of Passive Networks (1957), ch. 3 and 4; Gragg & Harrod, Numer. Math. 44
    (1984) 317, doi 10.1007/BF01405565.
    """
    r, c = np.asarray(resistance_ohm, float), np.asarray(capacitance_f, float)
    rates = 1 / (r * c)
    k = r.size
    basis = np.zeros((k, k))
    basis[0] = np.sqrt(1 / c) / math.sqrt(float(np.sum(1 / c)))
    out_r, out_c = np.zeros(k), np.zeros(k)
    out_c[0] = 1 / float(np.sum(1 / c))
    conductance = 0.0
    for j in range(k):
        pushed = rates * basis[j]
        own = float(pushed @ basis[j]) * out_c[j] - conductance  # to the next node, or to ground at the last
        out_r[j] = 1 / own
        if j + 1 < k:
            for _ in range(2):  # orthogonal to rounding
                pushed = pushed - basis[: j + 1].T @ (basis[: j + 1] @ pushed)
            coupling = float(np.linalg.norm(pushed))
            basis[j + 1] = pushed / coupling
            out_c[j + 1] = (own / coupling) ** 2 / out_c[j]
            conductance = own
    return out_r, out_c


def voigt_from_ladder(resistance_ohm: Floats, capacitance_f: Floats) -> tuple[Floats, Floats]:
    """Return the arcs in series that are the same function as a ladder (Cauer to Foster).

    Parameters
    ----------
    resistance_ohm, capacitance_f : ndarray, shape (k,)
        From the outside in, as `ladder_from_voigt` gives them.

    Returns
    -------
    resistance_ohm, capacitance_f : ndarray, shape (k,)
        Of each arc, the fastest first.
    """
    g, c = 1 / np.asarray(resistance_ohm, float), np.asarray(capacitance_f, float)
    matrix = np.diag(g + np.append(0.0, g[:-1])) - np.diag(g[:-1], 1) - np.diag(g[:-1], -1)
    root = 1 / np.sqrt(c)
    rates, vectors = np.linalg.eigh(matrix * root[:, None] * root)
    arc_c = c[0] / vectors[0] ** 2
    order = np.argsort(-rates)
    return (1 / (rates * arc_c))[order], arc_c[order]


def equivalents(circuit: str | Circuit, values: dict[str, float]) -> list[Equivalent]:
    """Return the same function as Voigt elements in series and as ladders, with the values that make it so.

    Parameters
    ----------
    circuit : str or Circuit
        Ideal arcs or ladders in series, with resistors.
    values : dict
        By parameter name.

    Returns
    -------
    list of Equivalent
        Empty for circuits that have other parts, or fewer than two relaxations.

    Notes
    -----
    Review of the topologies of a film and a charge transfer: with ideal capacitors the series of two arcs and
    the nested circuit are one function, so that a chi-square can never choose between them.

    Examples
    --------
    >>> found = equivalents("p(R1,C1)-p(R2,C2)", {"R1": 300.0, "C1": 0.354e-6, "R2": 484.0, "C2": 10e-6})
    >>> [(e.circuit, [f"{v:.3g}" for _, v in e.values]) for e in found]
    [('p(C1,R1-p(C2,R2))', ['3.42e-07', '321', '1.01e-05', '463'])]
    """
    root = (parse(circuit) if isinstance(circuit, str) else circuit).root
    names = (parse(circuit) if isinstance(circuit, str) else circuit).names
    return list(_equivalents(root, np.array([values[name] for name in names])))


def _equivalents_of(fitted: Fit) -> Iterator[Equivalent]:
    if fitted.parameters and not any(math.isnan(p.value) for p in fitted.parameters):
        values = np.array([fitted.values[name] for name in fitted.template.circuit.names])
        yield from _equivalents(fitted.template.circuit.root, values)


def _equivalents(root: Node, values: Floats) -> Iterator[Equivalent]:
    resistor, arcs, has_ladder = 0.0, [], False
    for part, count in _counted(root, 1.0):
        ladder = _ladder(part)
        if isinstance(part, Leaf) and part.element.name == "R":
            resistor += count * float(values[part.first])
        elif ladder is None:
            return
        else:
            has_ladder |= len(ladder) > 1
            r, c = voigt_from_ladder(*_ladder_values(ladder, values))
            arcs += [(count * float(a), float(b) / count) for a, b in zip(r, c, strict=True)]
    rates = [1 / (r * c) for r, c in arcs]
    if len(arcs) < 2 or min(abs(a / b - 1) for k, a in enumerate(rates) for b in rates[:k]) < 1e-9:
        return
    arcs.sort(key=lambda arc: arc[0] * arc[1])
    front = [("R0", resistor)] if resistor else []
    if has_ladder:
        text = "-".join(["R0"] * bool(front) + [f"p(R{k},C{k})" for k in range(1, len(arcs) + 1)])
        inner = [pair for k, (r, c) in enumerate(arcs, 1) for pair in ((f"R{k}", r), (f"C{k}", c))]
        yield Equivalent(text, (*front, *inner))
    whole = len(list(_in_series(root))) - bool(front)
    if not has_ladder or whole > 1:
        r, c = ladder_from_voigt(np.array([a for a, _ in arcs]), np.array([b for _, b in arcs]))
        text = f"R{len(arcs)}"
        for k in range(len(arcs), 0, -1):
            text = f"p(C{k},{text})" if k == len(arcs) else f"p(C{k},R{k}-{text})"
        inner = [
            pair for k in range(r.size) for pair in ((f"C{k + 1}", float(c[k])), (f"R{k + 1}", float(r[k])))
        ]
        yield Equivalent(f"R0-{text}" if front else text, (*front, *inner))


def _counted(node: Node, count: float) -> Iterator[tuple[Node, float]]:
    if isinstance(node, Series):
        for part, k in zip(node.parts, node.counts, strict=True):
            yield from _counted(part, count * k)
    else:
        yield node, count


def _ladder_values(ladder: list[tuple[Leaf, Leaf | None]], values: Floats) -> tuple[Floats, Floats]:
    r = [float(values[resistor.first]) for resistor, _ in ladder]
    c = [
        float(values[k.first + 1] / values[k.first]) if capacitor is None else float(values[capacitor.first])
        for k, capacitor in ladder
    ]
    return np.array(r), np.array(c)
