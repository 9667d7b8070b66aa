"""Other cells that tell apart what one cell cannot: pulls of resistances and energies over drawn cells.

``electrodes``: Li | polymer | solid | polymer | Li with its twin without the solid. ``liquid``: a solid in a liquid
with a conductivity cell. Cells are those of `support.joint_cells`.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import eisfit
from eisfit.results.joint import Joint
from support.joint_cells import F, activated, liquid_alone, polymer_sandwich, sandwich_ohm, solid_in_liquid

Truth = dict[str, float]


def true_kelvin(seed: int, place: int, stated_c: float) -> float:
    """Return the temperature of a drawn spectrum as it was: rows of a joint fit are resistances there."""
    rng = np.random.default_rng(seed)
    for _ in range(place):  # each spectrum draws its temperature, then its noise
        rng.standard_normal(1 + 2 * F.size)
    return stated_c + 273.15 + 0.3 * float(rng.standard_normal())


def electrodes(seed: int) -> tuple[Joint, str, Truth]:
    """Return the joint fit of one sandwich with its twin, a spectrum, and the true resistances there."""
    laws = dict.fromkeys(("interface", "electrode", "grain boundary"), "arrhenius")
    twin = eisfit.Complement(polymer_sandwich(seed, twin=True), "li_pe_li", ("electrode",), 0.05, "twin")
    joint = eisfit.fit_joint(polymer_sandwich(seed), "pe_se", laws=laws, complements=[twin]).joint
    assert joint is not None
    kelvin = true_kelvin(seed, 3, 74.0)
    return (
        joint,
        "c74",
        {"interface": sandwich_ohm(200, 1.0, kelvin), "electrode": sandwich_ohm(50, 0.7, kelvin)},
    )


def liquid(seed: int) -> tuple[Joint, str, Truth]:
    """Return the joint fit of one solid in a liquid with a conductivity cell."""
    laws = dict.fromkeys(("liquid + bulk", "grain boundary", "interface"), "arrhenius")
    other = eisfit.Complement(liquid_alone(seed), "le", ("liquid",), 0.02, "conductivity cell")
    joint = eisfit.fit_joint(solid_in_liquid(seed), "le_se", laws=laws, complements=[other]).joint
    assert joint is not None
    kelvin = true_kelvin(seed, 1, 20.0)
    own = kelvin / 298.15
    return (
        joint,
        "c20",
        {"liquid": own * activated(60, 0.15, kelvin), "bulk": own * activated(100, 0.35, kelvin)},
    )


def main() -> None:
    """Print pulls, and how often a contribution has a value of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=20)
    parser.add_argument("--kinds", default="liquid,electrodes")
    options = parser.parse_args()
    for kind in options.kinds.split(","):
        pulls: dict[str, list[float]] = {}
        began = time.process_time()
        for seed in range(options.number):
            joint, label, truth = {"liquid": liquid, "electrodes": electrodes}[kind](seed)
            rows = {row.name: row for row in joint.contributions(label)}
            for name, true in truth.items():
                row = rows.get(name)
                if row is not None and np.isfinite(row.stderr_log):
                    pull = float(np.log(row.resistance_ohm / true) / row.stderr_log)
                    pulls.setdefault(name, []).append(pull)
        took = (time.process_time() - began) / options.number
        for name, found in pulls.items():
            print(
                f"{kind:10s} {name:10s} {len(found)} of {options.number} with a value; pulls {np.mean(found):+.2f} and "
                f"{np.std(found):.2f}; {took:.1f} s a cell",
                flush=True,
            )


if __name__ == "__main__":
    main()
