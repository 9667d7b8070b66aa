"""The list of elements that ZView shows beside a circuit, in and out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from eisfit.circuit.circuit import Circuit, Placed, leaves, parse
from eisfit.errors import CircuitError
from eisfit.results.fit import Fit
from eisfit.tools.nearest import did_you_mean

_PARTS: Mapping[str, tuple[str, ...]] = {  # behind a hyphen, in the order of our quantities
    "R": ("",),
    "C": ("",),
    "L": ("",),
    "CPE": ("T", "P"),
    "Ws": ("R", "T", "P"),
    "Wo": ("R", "T", "P"),
    "Wsn": ("R", "T", "P"),
    "Won": ("R", "T", "P"),
}
_ROW = re.compile(r"^\s*(?P<name>[A-Za-z]\w*(?:-[A-Za-z])?)\s*[,;\t ]\s*(?P<rest>.+)$")
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])")
_ROOT = 0.5


def from_zview(text: str, circuit: Circuit | str) -> dict[str, float]:
    r"""Return the values of a list of elements by our parameter names.

    Parameters
    ----------
    text : str
        One row an element: its name (``R1``, ``CPE1-T``, ``Wo1-R``), what is free or fixed, its value, its error.
    circuit : Circuit or str
        The circuit, with the names of the list: the list itself does not tell what is in series and what in parallel.

    Raises
    ------
    CircuitError
        If a row names what the circuit has not, a value is missing, or a diffusion element has another exponent.

    Examples
    --------
    >>> from eisfit.interop import from_zview
    >>> from_zview("R1 Free(+) 20.1\nR2 Free(+) 310\nCPE1-T Free(+) 1.2E-6\nCPE1-P Fixed(X) 0.9", "R1-p(R2,CPE1)")
    {'R1': 20.1, 'R2': 310.0, 'CPE1_Q': 1.2e-06, 'CPE1_alpha': 0.9}
    """
    known = parse(circuit) if isinstance(circuit, str) else circuit
    listed = _listed(text)
    places = {row: (leaf, k) for leaf in leaves(known.root) for k, row in enumerate(_rows_of(leaf, known))}
    for row in listed:
        if row not in places:
            raise CircuitError(
                f"list of elements: {row!r} is none of the circuit {known.text!r}{did_you_mean(row, places)}; it has "
                f"{', '.join(places)}"
            )
    values: dict[str, float] = {}
    for row, (leaf, k) in places.items():
        if k >= leaf.size:
            if listed.get(row, _ROOT) != _ROOT:
                raise CircuitError(
                    f"list of elements: {row} is {listed[row]:g}, and {leaf.name} has the exponent 0.5; write "
                    f"{leaf.element.name}n in the circuit"
                )
            continue
        if row not in listed:
            raise CircuitError(f"list of elements: {row} of the circuit {known.text!r} is missing")
        values[known.names[leaf.first + k]] = listed[row]
    return values


def to_zview(source: Fit | Circuit | str, values: Mapping[str, float] | None = None) -> str:
    r"""Return values as a list of elements, one row each: name, Free(+) or Fixed(X), value.

    Parameters
    ----------
    source : Fit, Circuit or str
        A fit brings its values; anything else needs `values`.
    values : mapping of str to float, optional
        By parameter name.

    Raises
    ------
    CircuitError
        If an element is none of ZView's, or values are missing.

    Examples
    --------
    >>> from eisfit.interop import to_zview
    >>> to_zview("R1-C1", {"R1": 20.0, "C1": 1e-6}).splitlines()
    ['R1\tFree(+)\t20.0', 'C1\tFree(+)\t1e-06']
    """
    circuit = source.template.circuit if isinstance(source, Fit) else source
    circuit = parse(circuit) if isinstance(circuit, str) else circuit
    known = dict(source.values) if isinstance(source, Fit) else dict(values or {})
    if missing := [name for name in circuit.names if name not in known]:
        raise CircuitError(f"circuit {circuit.text!r}: values are missing for {', '.join(missing)}")
    fixed = {p.name for p in source.parameters if p.state == "fixed"} if isinstance(source, Fit) else set()
    rows = []
    for leaf in leaves(circuit.root):
        for k, row in enumerate(_rows_of(leaf, circuit)):
            name = circuit.names[leaf.first + k] if k < leaf.size else ""
            value = float(known[name]) if name else _ROOT
            rows.append(f"{row}\t{'Fixed(X)' if not name or name in fixed else 'Free(+)'}\t{value!r}")
    return "\n".join(rows)


def _rows_of(leaf: Placed, circuit: Circuit) -> list[str]:
    parts = _PARTS.get(leaf.element.name)
    if parts is None:
        raise CircuitError(
            f"circuit {circuit.text!r}: {leaf.name} is no element of ZView that has the same formula here; these are: "
            f"{', '.join(_PARTS)}"
        )
    name = re.sub(r"^W([so])n", r"W\1", leaf.name)
    return [f"{name}-{part}" if part else name for part in parts]


def _listed(text: str) -> dict[str, float]:
    """Return the values of the rows of a list by name."""
    listed: dict[str, float] = {}
    for line in text.splitlines():
        found = _ROW.match(line)
        if found is None or found["name"].lower() in ("element", "name"):
            continue
        number = _NUMBER.search(re.sub(r"\([^)]*\)", " ", found["rest"]))
        if number is None:
            raise CircuitError(f"list of elements: the row {line.strip()!r} holds no value")
        if found["name"] in listed:
            raise CircuitError(f"list of elements: {found['name']} stands in two rows")
        listed[found["name"]] = float(number[0])
    if not listed:
        raise CircuitError("list of elements: it has no row, such as 'R1 Free(+) 20.1'")
    return listed
