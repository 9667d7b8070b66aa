"""The command line: arguments to the functions of the toolkit, and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from eisfit.errors import EisfitError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from eisfit.fitted import Fit
    from eisfit.series import Series
    from eisfit.spectrum import Spectrum

DONE, SOME_FAILED, BAD_INPUT, NOTHING_READABLE = 0, 1, 2, 3

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Impedance spectra of heteroionic cells: contributions, activation energies, figures.\n\n"
    "Exit codes: 0 all done; 1 done, but a spectrum failed; 2 bad usage or input; 3 nothing readable.",
)

Channel = Annotated[str, typer.Option(help="Impedance of three-electrode files: we, ce or we-ce.")]
SeriesChannel = Annotated[
    str | None,
    typer.Option("--channel", help="Impedance of three-electrode files, in place of the manifest's."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the tables as JSON on stdout.")]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="Folder for the results; made if need be.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace results that are there already.")]
Electrodes = Annotated[int | None, typer.Option(help="Number of electrodes: 2, 3, 4 or 8.")]
TemplateName = Annotated[str | None, typer.Option(help="Name of a template, or path of its TOML file.")]
CircuitText = Annotated[str | None, typer.Option(help='A circuit string, such as "R0-p(R1,CPE1)".')]
WeightName = Annotated[str | None, typer.Option(help="modulus (default), unit, proportional or noise.")]
LossName = Annotated[
    str | None, typer.Option(help="linear (default), or robust: soft_l1, cauchy or student_t.")
]
Seed = Annotated[int, typer.Option(help="Of the drawn starts; equal seeds give equal results.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="No tables and no progress bar.")]
MaskOutliers = Annotated[
    bool, typer.Option("--mask-outliers", help="Leave single points that stand out out of the fit.")
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Write tables and the HDF5 file only.")]


@app.command()
def series(
    manifest: Annotated[
        Path, typer.Argument(help="Folder with a series.toml, that file, or a CSV manifest.")
    ],
    output: Output = None,
    template: TemplateName = None,
    circuit: CircuitText = None,
    electrodes: Electrodes = None,
    channel: SeriesChannel = None,
    weights: WeightName = None,
    loss: LossName = None,
    seed: Seed = 0,
    mask_outliers: MaskOutliers = False,
    no_figures: NoFigures = False,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit the spectra of one cell over temperature; write tables, figures and one HDF5 file."""
    from eisfit.fit import resolve_template
    from eisfit.manifest import read_manifest, read_spectra, with_template
    from eisfit.series import fit_series

    described = with_template(read_manifest(manifest), _one_of(template, circuit), electrodes, channel)
    if described.template is None:
        raise InputError(
            f'{described.path}: no template is named; write template = "le_se", or give --template'
        )
    _free_to_write(output, force)
    with _progress(quiet) as step:
        step("reading files", 0)
        spectra, unread = read_spectra(described)
        if not spectra:
            for u in unread:
                _say(u.reason)
            raise _NothingReadable(f"{described.path}: none of its {len(unread)} files could be read")
        step(f"fitting {len(spectra)} spectra", 1)
        chosen = resolve_template(described.template, spectra).setting(described.settings)
        result = fit_series(
            spectra,
            chosen,
            over=described.over,
            weights=weights or described.weights,
            loss=loss or described.loss,
            seed=seed,
            mask_outliers=mask_outliers,
            unread=unread,
        )
        settings = {
            "weights": weights or described.weights,
            "loss": loss or described.loss,
            "seed": seed,
            "mask_outliers": mask_outliers,
            "manifest": str(described.path),
        }
        settings |= {"channel": channel} if channel else {}
        paths = _written(result, output, settings, no_figures, force, step)
    _present(result, paths, as_json, quiet)
    raise typer.Exit(DONE if result.all_done else SOME_FAILED)


@app.command()
def fit(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    template: TemplateName = None,
    circuit: CircuitText = None,
    electrodes: Electrodes = None,
    area_cm2: Annotated[float | None, typer.Option(help="Area in cm².")] = None,
    thickness_cm: Annotated[float | None, typer.Option(help="Thickness of the solid in cm.")] = None,
    channel: Channel = "we",
    f_min_hz: Annotated[float | None, typer.Option(help="Leave out points below.")] = None,
    f_max_hz: Annotated[float | None, typer.Option(help="Leave out points above.")] = None,
    weights: WeightName = None,
    loss: LossName = None,
    seed: Seed = 0,
    mask_outliers: MaskOutliers = False,
    output: Output = None,
    no_figures: NoFigures = False,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit spectra, each by itself, with a template or a circuit string."""
    from eisfit.fit import fit_many, resolve_template

    name = _one_of(template, circuit)
    if name is None:
        raise InputError("name what to fit: --template NAME (see 'eisfit templates') or --circuit STRING")
    _free_to_write(output, force)
    with _progress(quiet) as step:
        step("reading files", 0)
        spectra, failures = _read_all(files, channel)
        given = {"area_cm2": area_cm2, "thickness_cm": thickness_cm, "electrodes": electrodes}
        spectra = [
            s.under(s.conditions.updated(**given)).cut(f_min_hz=f_min_hz, f_max_hz=f_max_hz) for s in spectra
        ]
        step(f"fitting {len(spectra)} spectra", 1)
        spectra = _checked_by_file(spectra, mask_outliers)
        options: dict[str, Any] = {"weights": weights or "modulus", "loss": loss or "linear", "seed": seed}
        fits = tuple(fit_many(spectra, resolve_template(name, spectra), **options))  # made once, used often
        settings = {**options, "mask_outliers": mask_outliers}
        paths = _written(fits, output, settings, no_figures, force, step)
    _present(fits, paths, as_json, quiet)
    failed = bool(failures) or any(f.statistics is None for f in fits)
    raise typer.Exit(SOME_FAILED if failed else DONE)


@app.command()
def read(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    channel: Channel = "we",
    as_json: Json = False,
) -> None:
    """Say what is in instrument files: one line per spectrum."""
    spectra, failures = _read_all(files, channel)
    rows = [_described(s) for s in spectra]
    if as_json:
        print(json.dumps({"spectra": rows, "unread": failures}, indent=1))
    else:
        for row in rows:
            temperature = "" if row["temperature_c"] is None else f"  {row['temperature_c']:g} °C"
            finding = f"  [{row['finding']}]" if row["finding"] else ""
            print(
                f"{row['file']}  {row['format']}  sweep {row['sweep']}  {row['points']} points  "
                f"{row['f_min_hz']:.4g} to {row['f_max_hz']:.4g} Hz{temperature}{finding}"
            )
    raise typer.Exit(SOME_FAILED if failures else DONE)


@app.command()
def convert(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="A file ending in .csv (tidy table) or .h5.")
    ],
    channel: Channel = "we",
    force: Force = False,
) -> None:
    """Write the spectra of instrument files as one tidy CSV table or one HDF5 file."""
    from eisfit import report, store

    if output.suffix.lower() not in (".csv", ".h5", ".hdf5"):
        raise InputError(f"{output}: name a file that ends in .csv or .h5")
    if output.exists() and not force:
        raise InputError(f"{output}: exists already; choose another name, or --force to replace it")
    spectra, failures = _read_all(files, channel)
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.suffix.lower() == ".csv":
        output.write_text(report.csv_text(report.point_rows(spectra), report.POINTS), encoding="utf-8")
    else:
        store.save(output, spectra, overwrite=force)
    print(output)
    raise typer.Exit(SOME_FAILED if failures else DONE)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    channel: Channel = "we",
    as_json: Json = False,
) -> None:
    """Test spectra before any fit: Kramers-Kronig, outliers, drift between sweeps, artefacts of probes."""
    from eisfit.validity import checked

    spectra, failures = _read_all(files, channel)
    rows = [
        {**_described(s), "kk_max_residual_percent": s.checked.kk_max_residual_percent if s.checked else None}
        for s in checked(spectra)
    ]
    if as_json:
        from eisfit.report import jsonable

        columns = tuple(rows[0])
        print(json.dumps({"spectra": jsonable(rows, columns), "unread": failures}, indent=1))
    else:
        for row in rows:
            kk = row["kk_max_residual_percent"]
            shown = "no Kramers-Kronig test" if kk is None or kk != kk else f"Kramers-Kronig {kk:.2g} %"
            print(f"{row['spectrum']}  {shown}  {row['finding'] or 'nothing found'}")
    raise typer.Exit(SOME_FAILED if failures else DONE)


@app.command()
def templates(
    name: Annotated[str | None, typer.Argument(help="Show this template; list all if not given.")] = None,
    as_json: Json = False,
) -> None:
    """List the templates, or show one."""
    from eisfit.template_files import shipped
    from eisfit.template_files import template as find

    if name is not None:
        print(find(name).text.rstrip())
        return
    rows = []
    for each in shipped():
        t = find(each)
        counts = [c.electrodes for c in t.configurations]
        rows.append({"template": each, "title": t.title, "use": t.use, "electrodes": counts})
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    for row in rows:
        print(
            f"{row['template']}: {row['title']}; {row['use']}; {', '.join(map(str, row['electrodes']))} electrodes"
        )


@app.command()
def plot(
    file: Annotated[Path, typer.Argument(help="An eisfit.h5, as written by 'series' or 'fit'.")],
    kind: Annotated[str, typer.Argument(help="Which figure; 'list' names them all.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder; that of the file if not given.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="pdf, svg or png; several joined by commas.")
    ] = "pdf,png",
    style: Annotated[str, typer.Option(help="paper or talk.")] = "paper",
    width: Annotated[str, typer.Option(help="single (8.3 cm) or double (17.1 cm) column.")] = "single",
    data: Annotated[
        bool, typer.Option("--data", help="Write the plotted numbers as CSV beside the figure.")
    ] = False,
    force: Force = False,
) -> None:
    """Draw a figure of stored results."""
    from eisfit import plots, store

    if kind == "list":
        for name, each in plots.KINDS.items():
            print(f"{name}: {each.title}")
        return
    result = store.load(file)
    drawn = plots.figure(kind, result, style=style, width=width)  # type: ignore[arg-type]
    stem = (output or file.parent) / kind
    endings = [ending.strip().lower() for ending in formats.split(",")]
    wanted = [stem.with_suffix(f".{ending}") for ending in endings + (["csv"] if data else [])]
    for path in wanted:
        if path.exists() and not force:
            raise InputError(
                f"{path}: exists already; choose another folder with -o, or --force to replace it"
            )
    stem.parent.mkdir(parents=True, exist_ok=True)
    paths = plots.save(drawn, stem, endings)
    if data:
        paths.append(plots.save_data(plots.KINDS[kind].data(result), stem))
    for path in paths:
        print(path)


@app.command()
def simulate(
    name: Annotated[str, typer.Argument(help="Name of a scenario; 'list' names them all.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Folder to write into.")] = None,
    seed: Annotated[int, typer.Option(help="Of noise and temperatures.")] = 1,
    force: Force = False,
) -> None:
    """Write a simulated series with its truth beside it."""
    from eisfit import simulate as room

    if name == "list":
        for scenario in room.SCENARIOS.values():
            print(f"{scenario.name}: {scenario.title}")
        return
    made = room.simulate(name, seed=seed)
    if output is None:
        raise InputError("say where to write the series: -o FOLDER")
    print(room.write_simulation(made, output, overwrite=force))


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        import eisfit

        print(eisfit.__version__)
        raise typer.Exit


# What the commands share


class _NothingReadable(EisfitError):
    """No file of all that were named holds a spectrum."""


def _one_of(template: str | None, circuit: str | None) -> str | None:
    if template is not None and circuit is not None:
        raise InputError("--template and --circuit are both given; keep one")
    return template if circuit is None else circuit


def _read_all(files: Sequence[str], channel: str = "we") -> tuple[list[Spectrum], list[dict[str, str]]]:
    """Read files one by one; those that fail are told on stderr and do not stop the others."""
    from eisfit.formats import channel_of, files_of, names_of, read_file

    wanted = channel_of(channel)
    spectra: list[Spectrum] = []
    failures: list[dict[str, str]] = []
    paths: list[Path] = []
    for entry in files:
        try:
            paths += [p for p in files_of(entry) if p not in paths]
        except InputError as error:
            failures.append({"file": entry, "reason": str(error)})
            _say(str(error))
    for path, name in zip(paths, names_of(paths), strict=True):
        try:
            sweeps = read_file(path, channel=wanted)
        except InputError as error:
            failures.append({"file": str(path), "reason": str(error)})
            _say(str(error))
            continue
        spectra += [s.named(name if k == 1 else f"{name}#{k}") for k, s in enumerate(sweeps, 1)]
    if not spectra:
        raise _NothingReadable("no spectrum could be read from what was named")
    return spectra, failures


def _checked_by_file(spectra: Sequence[Spectrum], mask_outliers: bool) -> list[Spectrum]:
    """Return spectra with what a check has shown; only sweeps of one file are known to be of one cell."""
    from eisfit.validity import checked

    files: dict[str, list[Spectrum]] = {}
    for s in spectra:
        files.setdefault(s.source.file if s.source else s.label, []).append(s)
    return [s for sweeps in files.values() for s in checked(sweeps, mask_outliers=mask_outliers)]


def _described(s: Spectrum) -> dict[str, Any]:
    return {
        "spectrum": s.label,
        "file": s.source.file if s.source else "",
        "format": s.source.format if s.source else "",
        "sweep": s.source.sweep if s.source else 1,
        "points": len(s),
        "f_min_hz": float(s.frequency_hz.min()),
        "f_max_hz": float(s.frequency_hz.max()),
        "temperature_c": s.conditions.temperature_c,
        "amplitude_v": s.conditions.amplitude_v,
        "amplitude_a": s.conditions.amplitude_a,
        "finding": s.finding,
    }


def _free_to_write(output: Path | None, force: bool) -> None:
    """Refuse early to write over earlier results."""
    if output is not None and output.exists() and not output.is_dir():
        raise InputError(f"{output}: this is a file; name a folder for the results")
    if output is not None and (output / "eisfit.h5").exists() and not force:
        raise InputError(
            f"{output}: holds results already; choose another folder, or --force to replace them"
        )


def _written(
    result: Series | Sequence[Fit],
    output: Path | None,
    settings: dict[str, Any],
    no_figures: bool,
    force: bool,
    step: Any,
) -> list[Path]:
    """Write tables, the HDF5 file and the figures; return their paths."""
    if output is None:
        return []
    from eisfit import report, store

    step("writing tables", 2)
    output.mkdir(parents=True, exist_ok=True)
    paths = report.write_tables(output, report.tables(result))
    paths.append(store.save(output / "eisfit.h5", result, overwrite=force, settings=settings))
    if not no_figures:
        step("drawing figures", 3)
        paths += _figures(result, output)
    return paths


def _figures(result: Series | Sequence[Fit], output: Path) -> list[Path]:
    from eisfit import plots
    from eisfit.series import Series

    drawn = [f for f in result if f.statistics is not None]
    if not drawn:
        return []
    paths = plots.save(plots.nyquist(result), output / "nyquist")
    if isinstance(result, Series) and (lines := [line for line, default in result.lines() if default]):
        paths += plots.save(plots.arrhenius(lines), output / "arrhenius")
    return paths


def _present(result: Series | Sequence[Fit], paths: Sequence[Path], as_json: bool, quiet: bool) -> None:
    """Print tables for people on stderr; JSON, or the paths of what was written, on stdout."""
    from eisfit import report

    if not quiet:
        report.print_result(_console(), result)
    if as_json:
        found = report.tables(result)
        data: dict[str, Any] = {
            name: report.jsonable(rows, report.TABLES[name]) for name, rows in found.items()
        }
        print(json.dumps({**data, "files": [str(p) for p in paths]}, indent=1))
    else:
        for path in paths:
            print(path)


def _console() -> Console:
    from rich.console import Console

    console = Console(stderr=True)
    return console if console.is_terminal else Console(stderr=True, width=max(console.width, 120))


class _progress:
    """A progress bar on stderr that the steps of a command move on."""

    steps = 4

    def __init__(self, quiet: bool) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        console = _console()
        self.bar = Progress(
            *columns, console=console, disable=quiet or not console.is_terminal, transient=True
        )
        self.task = self.bar.add_task("", total=self.steps)

    def __enter__(self) -> Any:
        self.bar.start()
        return self.step

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def step(self, text: str, number: int) -> None:
        """Show what is being done, as step `number` of all."""
        self.bar.update(self.task, description=text, completed=number)


def _say(text: str) -> None:
    print(f"eisfit: {text}", file=sys.stderr)


def main() -> NoReturn:
    """Run the command line; a user's mistake gives one sentence and an exit code, never a traceback."""
    try:
        code = app(standalone_mode=False)
    except _NothingReadable as error:
        _say(str(error))
        sys.exit(NOTHING_READABLE)
    except EisfitError as error:
        _say(str(error))
        sys.exit(BAD_INPUT)
    except typer.Exit as leave:
        sys.exit(leave.exit_code)
    except OSError as error:
        _say(f"{error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        _say("stopped")
        sys.exit(130)
    except Exception as error:
        usage = getattr(error, "format_message", None)
        if usage is None:
            raise
        if usage():
            _say(f"{usage()} See 'eisfit --help'.")
        sys.exit(BAD_INPUT)
    sys.exit(code if isinstance(code, int) else DONE)


if __name__ == "__main__":
    main()
