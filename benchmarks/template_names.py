"""Names, values and limits of every shipped template on series over temperature drawn from what its segments expect.

Run ``python -m benchmarks.template_names --count 10 -o results``. Geometry, resistances, energies, noise and
capacitances are drawn; these from the middle of the range of each segment, scaled by the geometry. Each configuration
of a template is a row. Templates that need values which spectra do not determine, and cells with pairs of probes,
are left out. ``--said`` prints each row that is wrong.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from benchmarks.common import write
from benchmarks.naming import FAR_ERRORS, FAR_SHARE, WITH_T, WITHOUT_T, log_uniform, resistance, true_value
from eisfit.assignment.settings import DEFAULT
from eisfit.assignment.skeleton import Skeleton, skeleton_of
from eisfit.cell.find import shipped
from eisfit.cell.roles import role_of
from eisfit.cell.segments import PathSegment, Segment
from eisfit.cell.templates import Template
from eisfit.circuit.arc import arc_of, is_resistor
from eisfit.circuit.circuit import span
from eisfit.tools.frozen import Floats

MIDDLE = 0.6  # of the logarithmic range of a capacitance that is drawn from
# ohm times area and eV at the middle temperature, by role
RESISTANCES = {
    "liquid": (3.0, 60.0),
    "polymer": (50.0, 600.0),
    "bulk": (20.0, 600.0),
    "second_bulk": (20.0, 600.0),
    "grain_boundary": (30.0, 2000.0),
    "second_grain_boundary": (30.0, 2000.0),
    "interface": (30.0, 2000.0),
    "interphase": (50.0, 800.0),
    "charge_transfer": (50.0, 2000.0),
    "electrode": (20.0, 600.0),
}
ENERGIES = {
    "liquid": (0.1, 0.25),
    "polymer": (0.4, 0.9),
    "bulk": (0.25, 0.45),
    "second_bulk": (0.25, 0.45),
    "grain_boundary": (0.3, 0.5),
    "second_grain_boundary": (0.3, 0.5),
    "interface": (0.4, 0.75),
    "interphase": (0.35, 0.6),
    "charge_transfer": (0.45, 0.75),
    "electrode": (0.4, 0.75),
}
FIRST_C = {"polymer": (30, 40), "liquid": (-20, 0, 10), "": (-40, -20, 20)}  # by the phase that limits it


@dataclass
class Tally:
    """What was right and what was wrong in the series of one configuration."""

    spectra: int = 0
    values: int = 0
    wrong: int = 0
    covered: int = 0
    limits: int = 0
    false_limits: int = 0
    named: dict[str, int] = field(default_factory=dict)


def drawable(template: Template) -> bool:
    """Tell whether all that a template needs can be drawn."""
    parts = all(s.segment.role in RESISTANCES or _blocks(s.segment) for s in template.path)
    arcs = all(arc_of(s.node) is not None or is_resistor(s.node) or _blocks(s.segment) for s in template.path)
    return parts and arcs and not template.given and not template.configuration.open_pair


def _blocks(segment: Segment) -> bool:
    return segment.role == "electrode" and segment.circuit.startswith("CPE")


def configurations() -> list[Template]:
    """Return every configuration that can be drawn; stacks have the smallest number above one."""
    found = []
    for name in shipped():
        whole = eisfit.template(name)
        for chosen in whole.configurations:
            one = whole.with_electrodes(chosen.electrodes)
            one = one.with_counts({count.name: max(count.least, 2) for count in one.counts})
            if drawable(one):
                found.append(one)
    return found


@dataclass
class Drawn:
    """A segment with its values: resistance in ohm at the middle temperature, energy, capacitance in F, exponent."""

    segment: PathSegment
    r: float
    energy: float
    ordinate: str
    c: float
    alpha: float


def drawn_cell(template: Template, seed: int) -> tuple[list[eisfit.Spectrum], list[dict[str, float]]]:
    """Return the spectra of a cell over temperature, and the true resistance of each segment."""
    rng = np.random.default_rng((seed, 3))
    area, thickness = rng.uniform(0.3, 1.5), log_uniform(rng, 0.03, 0.2)
    roles = {s.segment.role for s in template.path}
    first = float(
        rng.choice(FIRST_C["polymer" if "polymer" in roles else "liquid" if "liquid" in roles else ""])
    )
    top, low = float(rng.choice([1e6, 7e6])), float(rng.choice([0.01, 0.1]))
    f = np.geomspace(top, low, int(8 * math.log10(top / low)) + 1)
    noise = log_uniform(rng, 0.001, 0.005)
    layers = {"polymer": float(rng.uniform(0.005, 0.02))} if "polymer" in roles else {}
    of = eisfit.Conditions(
        electrodes=template.electrodes, area_cm2=area, thickness_cm=thickness, layers=layers
    )
    cell = skeleton_of(template, [of], DEFAULT)
    parts = [_drawn(rng, s, cell, area, first + 30) for s in template.path]
    spectra, truth = [], []
    for celsius in first + np.arange(0.0, 61.0, 10.0):
        true = celsius + 0.3 * rng.standard_normal()
        values, now = np.ones(len(template.circuit.names)), {}
        for part in parts:
            shift = resistance(1.0, part.energy, part.ordinate, first + 30)
            _put(values, part, part.r * resistance(1.0, part.energy, part.ordinate, true) / shift)
            if part.r:
                now[part.segment.segment.name] = part.segment.count * values[span(part.segment.node).start]
        z = template.circuit.impedance(f, values)
        z = z * (1 + noise * (rng.standard_normal(f.size) + 1j * rng.standard_normal(f.size)))
        here = of.updated(temperature_c=float(celsius), temperature_err_c=0.3)
        spectra.append(eisfit.Spectrum(f, z, conditions=here, label=f"{celsius:g}C"))
        truth.append(now)
    return spectra, truth


def _drawn(
    rng: np.random.Generator, on_path: PathSegment, cell: Skeleton | None, area: float, at_c: float
) -> Drawn:
    """Draw the values of a segment."""
    segment = on_path.segment
    if _blocks(segment):
        return Drawn(on_path, 0.0, 0.0, WITH_T, log_uniform(rng, 1e-6, 1e-5) * area, rng.uniform(0.7, 0.95))
    r = log_uniform(rng, *RESISTANCES[segment.role]) / area
    energy = rng.uniform(*ENERGIES[segment.role])
    ordinate = WITH_T if role_of(segment.role).kind == "layer" else WITHOUT_T
    if segment.capacitance is None:
        return Drawn(on_path, r, energy, ordinate, 0.0, 1.0)
    assert cell is not None
    label = next(one for one in cell.labels if one.name == segment.name)
    half = 0.5 * MIDDLE * math.log(segment.capacitance[1] / segment.capacitance[0])
    c = math.exp(float(label.middle[0]) + rng.uniform(-half, half)) * on_path.count
    return Drawn(on_path, r, energy, ordinate, c, rng.uniform(0.85, 0.99))


def _put(values: Floats, part: Drawn, r: float) -> None:
    """Put the values of a segment among the parameters of the circuit."""
    place = span(part.segment.node)
    if _blocks(part.segment.segment):
        values[place] = part.c, part.alpha
    elif is_resistor(part.segment.node):
        values[place] = r
    else:
        values[place] = r, r * part.c, part.alpha


def judged(template: Template, seed: int, tally: Tally, said: bool) -> None:
    """Add one series to a tally."""
    spectra, truth = drawn_cell(template, seed)
    for fit, now in zip(eisfit.fit_series(spectra, template), truth, strict=True):
        tally.spectra += 1
        for row in fit.contributions:
            true = true_value(now, row.name)
            if true is None:
                continue
            if row.name in now and row.resolved in ("yes", "top outside window"):
                tally.named[row.name] = tally.named.get(row.name, 0) + 1
            if row.resolved == "upper limit" and math.isfinite(row.limit_ohm):
                tally.limits += 1
                false = not (row.ci95_ohm[0] <= true or math.isnan(row.ci95_ohm[0])) or true > row.limit_ohm
                tally.false_limits += false
                if false and said:
                    print(
                        f"{template.name} {template.electrodes} el., seed {seed}, {fit.label}: {row.name} {row.note}"
                    )
            if math.isfinite(row.resistance_ohm) and math.isfinite(row.resistance_stderr_ohm):
                far = max(FAR_SHARE, FAR_ERRORS * row.resistance_stderr_ohm / row.resistance_ohm)
                wrong = abs(math.log(row.resistance_ohm / true)) > far
                tally.values += 1
                tally.wrong += wrong
                tally.covered += row.ci95_ohm[0] <= true <= row.ci95_ohm[1]
                if wrong and said:
                    found = f"{row.resistance_ohm:.4g} ± {row.resistance_stderr_ohm:.2g}, {row.resolved}"
                    cell = f"{template.name} {template.electrodes} el., seed {seed}, {fit.label}"
                    print(f"{cell}: {row.name} {found}; true {true:.4g}")


def row_of(template: Template, tally: Tally) -> dict[str, Any]:
    """Return a row of the table."""
    shares = [f"{name} {100 * k / tally.spectra:.0f}" for name, k in tally.named.items()]
    return {
        "template": template.name,
        "electrodes": template.electrodes,
        "spectra": tally.spectra,
        "values": tally.values,
        "beyond 4 errors and 5 % / %": round(100 * tally.wrong / max(tally.values, 1), 2),
        "95 % intervals hold / %": round(100 * tally.covered / max(tally.values, 1), 1),
        "limits": tally.limits,
        "false / %": round(100 * tally.false_limits / max(tally.limits, 1), 1),
        "named / %": ", ".join(shares),
    }


def main() -> None:
    """Print the table for some seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("templates", nargs="*", help="names of templates; all if none is given")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--said", action="store_true", help="print each wrong row")
    parser.add_argument("-o", "--output", type=Path, default=Path("results"))
    chosen = parser.parse_args()
    rows = []
    for template in configurations():
        if chosen.templates and template.name not in chosen.templates:
            continue
        tally = Tally()
        for seed in range(chosen.first, chosen.first + chosen.count):
            judged(template, seed, tally, chosen.said)
        rows.append(row_of(template, tally))
    write(
        chosen.output,
        "template_names",
        f"Names and values of every template, {chosen.count} series each",
        rows,
    )


if __name__ == "__main__":
    main()
