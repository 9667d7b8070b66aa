"""Circuits to and from impedance.py, and the elements of eisfit in its circuits."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from impedance.models.circuits import CustomCircuit
from impedance.models.circuits.circuits import BaseCircuit
from impedance.models.circuits.elements import circuit_elements
from impedance.models.circuits.elements import element as register

from eisfit.cell.segments import Setting
from eisfit.cell.setting_checks import check_settings
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import Circuit, InParallel, InSeries, Node, Placed, leaves, parse
from eisfit.elements import ELEMENTS, Element, Laplace
from eisfit.errors import CircuitError
from eisfit.results.fit import NEGLIGIBLE, Fit
from eisfit.tools.frozen import Complexes


def to_impedance_py(
    source: Fit | Template | Circuit | str, values: Mapping[str, float] | None = None
) -> CustomCircuit:
    """Return a circuit of impedance.py with the same impedance.

    Parameters
    ----------
    source : Fit, Template, Circuit or str
        A fit brings its values and errors, and its fixed parameters become constants; anything else needs
        `values`.
    values : mapping of str to float, optional
        By parameter name.

    Returns
    -------
    impedance.models.circuits.CustomCircuit
        With plain Python floats. A part that lies several times between the probes becomes a single one of so
        many times its impedance; names that impedance.py cannot hold (``R_gb``) are numbered.

    Raises
    ------
    CircuitError
        If an element takes a sub-circuit, which impedance.py does not know, or values are missing.

    Examples
    --------
    >>> made = to_impedance_py("R_s-p(R_int,C_int)", {"R_s": 5.0, "R_int": 9.0, "C_int": 1e-6})
    >>> made.circuit, made.initial_guess
    ('R1-p(R2,C1)', [5.0, 9.0, 1e-06])
    """
    register_elements()
    circuit = _circuit(source)
    known: dict[str, float] = dict(source.values) if isinstance(source, Fit) else dict(values or {})
    missing = [name for name in circuit.names if name not in known]
    if missing:
        raise CircuitError(f"circuit {circuit.text!r}: values are missing for {', '.join(missing)}")
    fitted = {p.name: p for p in source.parameters} if isinstance(source, Fit) else {}
    names = _their_names(circuit)
    guess: list[float] = []
    errors: list[float] = []
    constants: dict[str, float] = {}
    for leaf, count in _counted(circuit.root, 1.0):
        mine = circuit.names[leaf.first : leaf.first + leaf.size]
        ours = [
            _known(known[name]) * count**q.resistance
            for name, q in zip(mine, leaf.element.quantities, strict=True)
        ]
        for j, (name, theirs) in enumerate(zip(mine, _to_theirs(leaf.element, ours), strict=True)):
            if name in fitted and fitted[name].state == "fixed":
                constants[names[leaf.name] if leaf.size == 1 else f"{names[leaf.name]}_{j}"] = theirs
                continue
            guess.append(theirs)
            errors.append(theirs * fitted[name].stderr_log if name in fitted else math.nan)
    made = CustomCircuit(_rewritten(circuit.root, names), initial_guess=guess, constants=constants)
    if fitted:
        made.parameters_, made.conf_ = np.array(guess), np.array(errors)
    return made


def from_impedance_py(source: BaseCircuit | str | Path) -> tuple[Template, dict[str, float]]:
    """Return a template and the values of a circuit of impedance.py.

    Parameters
    ----------
    source : impedance circuit, str or Path
        A circuit, or the JSON file that its ``save`` wrote.

    Returns
    -------
    template : Template
        Its constants are fixed and its initial guesses are the starts.
    values : dict
        By parameter name: what it was fitted to, else the initial guesses; constants among them.

    Raises
    ------
    CircuitError
        If the circuit does not parse, or the numbers of parameters and values differ.
    TemplateError
        If a value lies outside the range of its parameter.
    """
    text, guess, constants, found = _contents(source)
    circuit = parse(text.replace(" ", ""))
    places = [
        (leaf, j, leaf.name if leaf.size == 1 else f"{leaf.name}_{j}")
        for leaf in leaves(circuit.root)
        for j in range(leaf.size)
    ]
    unknown = set(constants) - {name for *_, name in places}
    free = [name for *_, name in places if name not in constants]
    if unknown or len(guess) != len(free):
        raise CircuitError(
            f"circuit {text!r}: {len(guess)} values and {len(constants)} constants were given for "
            f"{len(places)} parameters{f'; unknown constants {sorted(unknown)}' if unknown else ''}"
        )
    starts = _ours(circuit, {**dict(zip(free, guess, strict=True)), **constants})
    current = _ours(circuit, {**dict(zip(free, found or guess, strict=True)), **constants})
    fixed = {p.name for p, (*_, name) in zip(circuit.parameters, places, strict=True) if name in constants}
    settings = {
        name: Setting(fixed=value) if name in fixed else Setting(start=value)
        for name, value in starts.items()
    }
    template = replace(Template.from_circuit(circuit.text), settings=MappingProxyType(settings))
    check_settings(template)
    return template, current


def register_elements() -> tuple[str, ...]:
    """Make the elements of eisfit known to impedance.py; return the names of those that it had not.

    Elements that impedance.py has keep its own formula; those that take a sub-circuit have no place in its
    circuit strings.

    Examples
    --------
    >>> from impedance.models.circuits import CustomCircuit
    >>> fresh = register_elements()
    >>> CustomCircuit("R0-HN1", initial_guess=[10.0, 100.0, 1e-3, 0.9, 0.8]).get_param_names()[0]
    ['R0', 'HN1_0', 'HN1_1', 'HN1_2', 'HN1_3']
    """
    fresh = []
    for name, one in ELEMENTS.items():
        if name not in circuit_elements and not one.inner:
            register(len(one.quantities), [q.unit for q in one.quantities])(_function(one))
            fresh.append(name)
    return tuple(fresh)


def _function(one: Element) -> Callable[[Sequence[float], npt.ArrayLike], Complexes]:
    def formula(p: Sequence[float], f: npt.ArrayLike) -> Complexes:
        columns = [np.array([[float(value)]]) for value in p]
        z: Complexes = one.formula(Laplace(np.asarray(f, float)), *columns)[0][0]
        return z

    formula.__name__, formula.__doc__ = one.name, one.formula.__doc__
    return formula


def _circuit(source: Fit | Template | Circuit | str) -> Circuit:
    if isinstance(source, str):
        return parse(source)
    if isinstance(source, Fit):
        return source.template.circuit
    return source if isinstance(source, Circuit) else source.circuit


def _known(value: float) -> float:
    return NEGLIGIBLE if math.isnan(value) else float(value)


def _counted(node: Node, count: float) -> list[tuple[Placed, float]]:
    """Return all elements with how many times their impedance counts."""
    if isinstance(node, Placed):
        if node.inner:
            raise CircuitError(f"{node.name!r} takes a sub-circuit, which impedance.py does not know")
        return [(node, count)]
    counts = node.counts if isinstance(node, InSeries) else (1.0,) * len(node.parts)
    return [pair for part, k in zip(node.parts, counts, strict=True) for pair in _counted(part, count * k)]


def _their_names(circuit: Circuit) -> dict[str, str]:
    """Return names that end in a number, as those of impedance.py must."""
    fit_for_them = {leaf.name for leaf in leaves(circuit.root) if _ends_in_number(leaf)}
    names, taken = {}, set(fit_for_them)
    for leaf in leaves(circuit.root):
        name = leaf.name
        if name not in fit_for_them:
            numbered = (f"{leaf.element.name}{number}" for number in itertools.count(1))
            name = next(free for free in numbered if free not in taken)
            taken.add(name)
        names[leaf.name] = name
    return names


def _ends_in_number(leaf: Placed) -> bool:
    return re.fullmatch(rf"{leaf.element.name}_?[0-9]+", leaf.name) is not None


def _rewritten(node: Node, names: Mapping[str, str]) -> str:
    if isinstance(node, Placed):
        return names[node.name]
    inner = [_rewritten(part, names) for part in node.parts]
    return f"p({','.join(inner)})" if isinstance(node, InParallel) else "-".join(inner)


def _to_theirs(one: Element, values: Sequence[float]) -> list[float]:
    """Return values in the formula of impedance.py: its La is (L s)^alpha."""
    if one.name == "La":
        return [values[0] ** (1 / values[1]), values[1]]
    return list(values)


def _to_ours(one: Element, values: Sequence[float]) -> list[float]:
    return [values[0] ** values[1], values[1]] if one.name == "La" else list(values)


def _ours(circuit: Circuit, theirs: Mapping[str, float]) -> dict[str, float]:
    found: list[float] = []
    for leaf in leaves(circuit.root):
        names = [leaf.name] if leaf.size == 1 else [f"{leaf.name}_{j}" for j in range(leaf.size)]
        found += _to_ours(leaf.element, [float(theirs[name]) for name in names])
    return dict(zip(circuit.names, found, strict=True))


def _contents(source: BaseCircuit | str | Path) -> tuple[str, list[float], dict[str, float], list[float]]:
    """Return circuit string, initial guesses, constants, and fitted values if there are any."""
    if isinstance(source, str | Path):
        try:
            data: dict[str, Any] = json.loads(Path(source).read_text(encoding="utf-8"))
            text, guess = str(data["Circuit String"]), data["Initial Guess"]
            constants, found = data.get("Constants") or {}, data["Parameters"] if data.get("Fit") else []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CircuitError(f"{source}: no circuit as impedance.py saves it ({error})") from None
    else:
        text, guess, constants = source.circuit, source.initial_guess, source.constants
        found = [] if source.parameters_ is None else source.parameters_
    return (
        text,
        [float(v) for v in guess],
        {k: float(v) for k, v in constants.items()},
        [float(v) for v in found],
    )
