"""Tables of the words that eisfit uses, drawn from its enumerations: parts of pages."""

from __future__ import annotations

from markdown import code, table

from eisfit import plots, report, simulate
from eisfit.formats import FORMATS
from eisfit.outcome import Outcome


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
        "parts/scenarios": table(
            ("scenario", "cell"), [(code(s.name), s.title) for s in simulate.SCENARIOS.values()]
        ),
        "parts/formats": ", ".join(f.name for f in FORMATS) + ".\n",
        **{f"parts/{name}": ", ".join(map(code, columns)) + ".\n" for name, columns in report.TABLES.items()},
    }
