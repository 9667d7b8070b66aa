"""The reference of the Python face: every public name of the package, from its docstring."""

from __future__ import annotations

import importlib
import inspect

import eisfit

ROOMS = {
    "eisfit.plots": "Figures: they draw what they are handed, and compute nothing.",
    "eisfit.store": "One HDF5 file that holds a result.",
    "eisfit.tables": "Tables from fits and series.",
    "eisfit.simulate": "Simulated series with a known truth.",
    "eisfit.workflow": "From a described series to a folder of results.",
    "eisfit.formats": "Instrument files in, spectra out.",
    "eisfit.fitting": "The verbs that fit, and fit again.",
    "eisfit.options": "How a spectrum is fitted.",
    "eisfit.elements": "The shelf of elements.",
    "eisfit.cell": "Templates: cells as segments, seen by probes.",
    "eisfit.results": "What a fit says.",
    "eisfit.validity": "Whether a spectrum can be trusted, before any model.",
    "eisfit.laws": "Laws over temperature, time, concentration and bias.",
    "eisfit.solids": "What resistances and capacitances say of a solid.",
    "eisfit.studies": "Several cells beside each other: one slope, one table, trends.",
    "eisfit.literature": "Published values with their sources.",
    "eisfit.polarisation": "Direct current: steady states, drops at interfaces, charge transfer, both directions.",
    "eisfit.bulk": "Files of very many spectra, fitted chunk by chunk.",
    "eisfit.analysis": "Questions asked of finished fits.",
    "eisfit.interop": "Fits and circuits to and from lmfit and impedance.py.",
    "eisfit.errors": "The error tree.",
}

SAME = {
    "compare": "eisfit.analysis.rivals",
    "lmfit_solver": "eisfit.interop.lmfit",
}  # shorter names of modules


def pages() -> dict[str, str]:
    """Return one page for the package, one for each room, and their index."""
    top = [name for name in eisfit.__all__ if not inspect.ismodule(getattr(eisfit, name))]
    found = {"api/eisfit": _page("eisfit", "What `import eisfit` gives.", top)}
    for room, title in ROOMS.items():
        found[f"api/{room}"] = _page(room, title, _public(room))
    links = "\n".join(f"- [`{name}`]({name}.md): {title}" for name, title in ROOMS.items())
    same = ", ".join(f"`eisfit.{name}` is `{module}`" for name, module in SAME.items())
    index = (
        "# Python reference\n\n- [`eisfit`](eisfit.md): what `import eisfit` gives.\n"
        f"{links}\n\n```{{toctree}}\n:hidden:\n\neisfit\n" + "\n".join(ROOMS) + f"\n```\n\n{same}.\n"
    )
    return {"api/index": index, **found}


def _public(room: str) -> list[str]:
    module = importlib.import_module(room)
    if hasattr(module, "__all__"):
        names = [n for n in module.__all__ if callable(getattr(module, n))]
        return [n for n in names if getattr(eisfit, n, None) is not getattr(module, n)]
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == room
        and name not in eisfit.__all__
    ]


def _page(module: str, title: str, names: list[str]) -> str:
    entries = []
    values = {name: getattr(importlib.import_module(module), name) for name in names}
    for name, value in sorted(values.items(), key=lambda v: (_is_error(v[1]), inspect.isclass(v[1]))):
        kind = "exception" if _is_error(value) else "class" if inspect.isclass(value) else "function"
        entries.append(f".. auto{kind}:: {module}.{name}\n" + ("   :members:\n" if kind == "class" else ""))
    body = "\n".join(entries)
    return f"# {module}\n\n{title}\n\n```{{eval-rst}}\n{body}```\n"


def _is_error(value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, Exception)
