"""Predicted errors are the scatter of simulated fits, for four scenarios, by lines and by joint fits."""

import pytest

from eisfit.cell.links import links_of
from eisfit.planning import PlannedCell
from eisfit.planning.predicted import Wanted, predicted, shareable, straight
from eisfit.simulate import SCENARIOS
from support.planned import pellet_of, scatter_of_joint, scatter_of_lines, two_arcs

FOUR = (
    "llto_le_four_electrode",
    "llto_blocking_cold",
    "lpscl_peo_four_electrode",
    "llto_pe_two_electrode",
)
SEEDS = 120  # the width of so many pulls has a standard error of 6 %


def within(widths: dict[str, float]) -> None:
    off = {name: round(width, 2) for name, width in widths.items() if not 0.85 <= width <= 1.15}
    assert off == {}


@pytest.mark.parametrize("name", FOUR)
def test_single_fits_and_lines_scatter_as_foreseen(name: str) -> None:
    cell = PlannedCell.of_scenario(SCENARIOS[name])
    errors = predicted([cell], "lines", Wanted((), {}, 25.0))
    within(scatter_of_lines(cell, errors, SEEDS).widths)


@pytest.mark.parametrize("name", FOUR)
def test_joint_fits_scatter_as_foreseen(name: str) -> None:
    cell = PlannedCell.of_scenario(SCENARIOS[name])
    laws = {n: ("arrhenius", o) for n, o in straight(cell).items()}
    share = shareable(cell.template) if "two" in name else ()
    within(scatter_of_joint([cell], links_of([cell.template], share, laws), SEEDS).widths)


def test_joint_fits_with_a_pellet_scatter_as_foreseen() -> None:
    cell = two_arcs(3.0)
    cells = [cell, pellet_of(cell)]
    laws = {n: ("arrhenius", o) for n, o in straight(cell).items()}
    share = ("grain boundary C", "grain boundary alpha")
    within(scatter_of_joint(cells, links_of([c.template for c in cells], share, laws), SEEDS).widths)
