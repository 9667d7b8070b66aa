"""The conductivity of grain boundaries is called apparent wherever people read it."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from eisfit import plots, tables
from support.plots_samples import four_electrode


def test_the_terminal_calls_it_apparent() -> None:
    console = Console(width=250, file=StringIO(), record=True)
    console.print(tables.contribution_table(four_electrode()))
    for line in console.export_text().splitlines():
        assert ("S/cm apparent" in line) == ("grain boundary" in line)


def test_so_does_the_table_of_a_fit() -> None:
    cells = [cell for row in four_electrode()[0].sheets()[0].rows for cell in row]
    assert sum("S/cm apparent" in cell for cell in cells) == 1


def test_so_does_the_figure_of_lines() -> None:
    figure = plots.arrhenius(four_electrode())
    labels = [text for ax in figure.axes for text in ax.get_legend_handles_labels()[1]]
    assert [text for text in labels if "(apparent)" in text] == [t for t in labels if "grain boundary" in t]
    assert any("(apparent)" in text for text in labels)
