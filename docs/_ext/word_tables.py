"""Tables of the words that eisfit uses, drawn from its enumerations: parts of pages."""

from __future__ import annotations

from pieces import code, table

from eisfit import plots, simulate
from eisfit import tables as report
from eisfit.formats import FORMATS
from eisfit.results.outcome import Outcome


def parts() -> dict[str, str]:
    """Return the parts, by path."""
    return {
        "parts/outcomes": table(
            ("`Outcome`", "sentence in the tables"),
            [(code(o.name), o.value or "(none: the cell is empty)") for o in Outcome],
        ),
        "parts/figures": table(
            ("kind", "shows"), [(code(name), kind.title) for name, kind in plots.KINDS.items()]
        ),
        "parts/gallery": "\n".join(map(_shown, plots.KINDS)),
        "parts/scenarios": table(
            ("scenario", "cell"), [(code(s.name), s.title) for s in simulate.SCENARIOS.values()]
        ),
        "parts/formats": ", ".join(f.name for f in FORMATS) + ".\n",
        **{f"parts/{name}": ", ".join(map(code, columns)) + ".\n" for name, columns in report.TABLES.items()},
    }


def _shown(kind: str) -> str:
    title = plots.KINDS[kind].title
    return (
        f"## {kind}\n\n```{{figure}} /generated/figures/sample_{kind}.svg\n:alt: {title}\n:width: 420px\n\n"
        f"{title[0].upper()}{title[1:]}.\n```\n"
    )
