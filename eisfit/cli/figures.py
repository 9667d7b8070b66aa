"""The command plot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli.app import app
from eisfit.cli.dc_figures import dc_figures
from eisfit.cli.options import Force
from eisfit.cli.stored import drawable, results_in
from eisfit.errors import InputError
from eisfit.store.fit_table import is_fit_table
from eisfit.tools.whole_files import write_together
from eisfit.workflow.print_report import dc_answers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="Folder for the figure. Default: the folder of the file."),
]
Contribution = Annotated[
    list[str] | None, typer.Option("--contribution", help="Contribution to draw; may be repeated.")
]
Ordinate = Annotated[
    str,
    typer.Option(
        help="Of an Arrhenius plot: sigma, sigma T, R, 1/R, T/R, asr, also in ln() or log10(). "
        "Default: that of each role."
    ),
]
EnergyUnit = Annotated[str, typer.Option(help="Of activation energies: eV or kJ/mol.")]
Limits = Annotated[str | None, typer.Option(metavar="LOW,HIGH", help="Limits of this axis.")]


Formats = Annotated[str, typer.Option("--format", help="pdf, svg or png; several joined by commas.")]
StyleName = Annotated[str, typer.Option(help="paper or talk.")]
WidthName = Annotated[str, typer.Option(help="single (8.3 cm) or double (17.1 cm) column.")]
QuantityName = Annotated[
    str, typer.Option(help="Of a Nyquist plot: ohm, or 'ohm cm2' for impedances times the area.")
]
Renamed = Annotated[
    list[str] | None,
    typer.Option(help="What the legend calls a contribution: 'interface=LLTO | LP30'; may be repeated."),
]
Column = Annotated[
    str, typer.Option(help="Of a map of very many fits: a parameter, 'R1_stderr', chi2_reduced, ...")
]
Data = Annotated[bool, typer.Option("--data", help="Write the plotted numbers as CSV beside the figure.")]


@app.command()
def plot(
    file: Annotated[
        Path, typer.Argument(help="An eisfit.h5, as written by 'series' or 'fit', or its folder.")
    ],
    kind: Annotated[str, typer.Argument(help="Which figure; 'list' names them all.")],
    output: Output = None,
    formats: Formats = "pdf,png",
    style: StyleName = "paper",
    width: WidthName = "single",
    ordinate: Ordinate = "",
    contribution: Contribution = None,
    energy_unit: EnergyUnit = "eV",
    quantity: QuantityName = "ohm",
    xlim: Limits = None,
    ylim: Limits = None,
    label: Renamed = None,
    column: Column = "",
    data: Data = False,
    force: Force = False,
) -> None:
    """Draw a figure of stored results."""
    from eisfit import plots, store

    if kind == "list":
        for name, each in plots.KINDS.items():
            print(f"{name}: {each.title}")
        return
    if str(file) in plots.KINDS and not file.exists():
        raise InputError(f"the file comes first, then the figure: eisfit plot {kind} {file}")
    choice = choice_of_lines(contribution, ordinate, energy_unit) | {
        "quantity": quantity,
        "xlim": limits("--xlim", xlim),
        "ylim": limits("--ylim", ylim),
        "names": tuple(_renamed(text) for text in label or ()),
    }
    file = results_in(file)
    endings = [ending.strip().lower() for ending in formats.split(",")]
    if is_fit_table(file) or column:
        drawn = [_map_of(file, kind, column, style, width)]
        _print_written(output or file.parent, plots.as_files(drawn, kind, endings), kind, force)
        return
    files = _files_of(kind, store.load(file), file, (style, width), choice, endings, data)
    _print_written(output or file.parent, files, kind, force)


def _files_of(
    kind: str,
    result: Any,
    file: Path,
    look: tuple[Any, Any],
    choice: dict[str, Any],
    endings: Sequence[str],
    data: bool,
) -> dict[str, bytes]:
    """Return a figure of a stored result as files, and its numbers if asked for."""
    from eisfit import plots

    if answers := dc_answers(result):
        drawn, rows = dc_figures(kind, answers, file, *look)
        return plots.as_files(drawn, kind, endings) | (plots.data_as_file(rows, kind) if data else {})
    result = drawable(kind, plots.KINDS, result, file)
    style, width = look
    drawn = plots.figures(kind, result, style=style, width=width, **choice)
    return plots.as_files(drawn, kind, endings) | (_data_of(kind, result, choice) if data else {})


def _data_of(kind: str, result: Any, choice: dict[str, Any]) -> dict[str, bytes]:
    """Return the plotted numbers as a file."""
    from eisfit import plots

    chosen = plots.Choice.of(choice)
    rows = plots.KINDS[kind].data(result, chosen) if chosen.asked else plots.KINDS[kind].data(result)
    return plots.data_as_file(rows, kind)


def _print_written(folder: Path, files: dict[str, bytes], kind: str, force: bool) -> None:
    for path in write_figures(folder, files, [kind], force):
        print(path)


def _map_of(file: Path, kind: str, column: str, style: Any, width: Any) -> Figure:
    """Return the figure of a column of very many fits."""
    from eisfit import plots, store

    if not is_fit_table(file):
        raise InputError(f"{file}: --column names a column of very many fits, which this file does not hold")
    if kind != "map":
        raise InputError(
            f"{file}: holds the columns of very many fits, of which there is the figure 'map' alone, not {kind!r}; fit "
            "single rows with eisfit.fit_many for the others"
        )
    return plots.column_map(store.load(file), column, style=style, width=width)


def write_figures(folder: Path, files: dict[str, bytes], kinds: Sequence[str], force: bool) -> list[Path]:
    """Write figures into a folder; pages of an earlier figure of the same kinds that are no more are removed.

    Raises
    ------
    InputError
        If one of the files is there already and may not be replaced.
    """
    for name in files:
        if (folder / name).exists() and not force:
            raise InputError(
                f"{folder / name}: exists already; choose another folder with -o, or --force to replace it"
            )
    pages = re.compile(rf"({'|'.join(map(re.escape, kinds))})_\d+\.(png|svg)")
    there = [path.name for path in folder.iterdir()] if force and folder.is_dir() else []
    obsolete = [name for name in there if pages.fullmatch(name) and name not in files]
    return write_together(folder, files, new=() if force else files, obsolete=obsolete)


def limits(option: str, text: str | None) -> tuple[float, float] | None:
    """Return the limits of an axis from ``LOW,HIGH``.

    Raises
    ------
    InputError
        If these are not two numbers.
    """
    if text is None:
        return None
    parts = re.split(r"\s*[,;:]\s*|\s+", text.strip())
    try:
        low, high = (float(part) for part in parts)
    except ValueError:
        raise InputError(
            f"{option} {text!r}: give the lower and the upper limit with a comma between them and decimal points, "
            f"as {option} 2.8,3.6"
        ) from None
    return low, high


def _renamed(text: str) -> tuple[str, str]:
    name, mark, shown = text.partition("=")
    if not mark or not name.strip() or not shown.strip():
        raise InputError(
            f"--label {text!r}: write a contribution, an equals sign and its name, as 'interface=LLTO | LP30'"
        )
    return name.strip(), shown.strip()


def choice_of_lines(contribution: list[str] | None, ordinate: str, energy_unit: str) -> dict[str, Any]:
    """Return what is chosen of an Arrhenius plot."""
    return {
        "contributions": tuple(contribution or ()),
        "ordinate": ordinate,
        "energy_unit": energy_unit,
    }
