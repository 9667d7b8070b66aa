"""The page of elements, drawn from the register and the docstrings of the formulas."""

from __future__ import annotations

import inspect

from pieces import code, number, table, with_doi_links

from eisfit.elements import ALIASES, ELEMENTS, Element, Quantity

INTRODUCTION = """# Elements

An element is a formula with its derivatives, a name, and parameters with units and ranges. In a circuit string its
name carries a label: `R0`, `R_gb`, `Zarc_int`. Parameters are named `<element>_<parameter>`, as `Zarc_int_tau`; a lone
parameter is named by its element, as `R_gb`. `-` puts parts in series, `p(a,b)` side by side:

```pycon
>>> import eisfit
>>> circuit = eisfit.Circuit.from_text("R0-p(R1,CPE1)")
>>> circuit.names
('R0', 'R1', 'CPE1_Q', 'CPE1_alpha')
```

The impedance of a circuit follows from its parameters, by name or in this order:

```pycon
>>> circuit.impedance([1e6, 1e3, 1.0], {"R0": 10.0, "R1": 100.0, "CPE1_Q": 1e-6, "CPE1_alpha": 0.9}).round(1)
array([ 10.1 -0.8j, 100.5-22.5j, 110.  -0.1j])
```

Here $s = j\\omega$. The lower limit of every parameter is 0. "dc" is what remains at zero frequency.
"""

_INNER = {"wall": "p(R_ct,CPE_dl)"}  # what stands in the example of an element with inner circuits


def pages() -> dict[str, str]:
    """Return the page."""
    names = sorted(ELEMENTS, key=lambda n: (ELEMENTS[n].formula.__module__, list(ELEMENTS).index(n)))
    overview = table(
        ("element", "parameters", "dc", "what it is"),
        [
            (
                f"[`{n}`](#element-{n.lower()})",
                ", ".join(f"`{q.name}`" for q in ELEMENTS[n].quantities),
                _dc(ELEMENTS[n]),
                _first(ELEMENTS[n]),
            )
            for n in names
        ],
    )
    parts = [INTRODUCTION, overview, *(_section(ELEMENTS[n]) for n in names), _aliases()]
    return {"elements": "\n".join(parts)}


def _first(e: Element) -> str:
    return e.doc.split(", :math:")[0].rstrip(".,")


def _dc(e: Element) -> str:
    return {"open": "blocks", "short": "0", "formula": "by the formula"}.get(e.dc, code(e.dc))


def _section(e: Element) -> str:
    doc = with_doi_links(inspect.cleandoc(e.formula.__doc__ or ""))
    rows = [(code(q.name), q.unit, _limit(q), _usual(q)) for q in e.quantities]
    text = f"(element-{e.name.lower()})=\n## {e.name}\n\n```{{eval-rst}}\n{doc}\n```\n\n"
    if e.inner:
        many = "the impedance of its " if len(e.inner) == 1 else "the impedances of its "
        examples = ",".join(_INNER.get(word, f"Zarc_{word}") for word in e.inner)
        text += f"Takes {many}{' and its '.join(e.inner)} as circuits: `{e.name}_x({examples})`.\n\n"
    return text + table(("parameter", "unit", "upper limit", "usually"), rows)


def _limit(q: Quantity) -> str:
    return "" if q.upper == float("inf") else number(q.upper)


def _usual(q: Quantity) -> str:
    return f"{number(q.usual[0])} to {number(q.usual[1])}" if q.dimensionless else ""


def _aliases() -> str:
    rows = [(code(f"{name}_x"), code(text.format("_x"))) for name, text in ALIASES.items()]
    return "## Aliases\n\nA name that stands for several elements in series.\n\n" + table(
        ("alias", "stands for"), rows
    )
