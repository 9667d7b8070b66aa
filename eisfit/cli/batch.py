"""The command batch, and what other commands write for it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli import options
from eisfit.cli.app import app, exit_code
from eisfit.cli.console import say
from eisfit.cli.fit import one_of
from eisfit.cli.progress_bar import ProgressBar
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.bulk import Job, Summary
    from eisfit.spectrum.spectrum import Spectrum
    from eisfit.tools.frozen import Floats

_SHOWN = 10  # failed rows that are named
_NOISE = 0.005


Data = Annotated[
    Path, typer.Argument(help="Columnar HDF5 file, as 'simulate --many' and 'convert --many' write it.")
]
Folder = Annotated[Path, typer.Option("-o", "--output", help="Folder for the chunks and the results.")]
Start = Annotated[
    list[str] | None,
    typer.Option(help="Value to start a parameter from in all spectra: NAME=VALUE; of all or of none."),
]
ExecutorName = Annotated[
    str | None,
    typer.Option(
        help="inline, processes (one for each core), processes:N, or dask://HOST:PORT. Without it processes, with a "
        "graphics processor inline."
    ),
]
Chunk = Annotated[
    int | None,
    typer.Option(help="Spectra of a chunk, which is written whole: 5000, with a graphics processor 50000."),
]
Device = Annotated[
    str, typer.Option(help="cpu, or cuda (cuda:N) for PyTorch on a graphics processor, extra [gpu].")
]
Shard = Annotated[
    str | None,
    typer.Option(metavar="I/N", help="Fit the I-th of N shares of the chunks; merge when all are done."),
]
Status = Annotated[bool, typer.Option("--status", help="Say what is done, and fit nothing.")]
Merge = Annotated[bool, typer.Option("--merge", help="Join the chunks of all shards, and fit nothing.")]


@app.command()
def batch(
    data: Data,
    output: Folder,
    template: options.TemplateName = None,
    circuit: options.CircuitText = None,
    electrodes: options.Electrodes = None,
    weights: options.WeightName = None,
    loss: options.LossName = None,
    seed: options.Seed = 0,
    fix: options.Fix = None,
    within: options.Range = None,
    tie: options.Tie = None,
    start: Start = None,
    executor: ExecutorName = None,
    device: Device = "cpu",
    chunk: Chunk = None,
    shard: Shard = None,
    status: Status = False,
    merge: Merge = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit very many spectra chunk by chunk; given again, it goes on where it was stopped or killed."""
    if status and merge:
        raise InputError("--status and --merge are both given; keep one")
    share = _shard(shard)
    name = one_of(template, circuit)
    if name is None:
        raise InputError("name what to fit: --template NAME (see 'eisfit templates') or --circuit STRING")
    job = _job(data, output, name, electrodes, (fix, within, tie, start))
    job = replace(job, weights=weights or "modulus", loss=loss or "linear", seed=seed, device=device)
    job = replace(job, chunk=job.usual_chunk if chunk is None else chunk)
    path: Path | None = None
    if status or merge:
        path, found = _looked(job, share, merge)
    else:
        where = "processes" if device == "cpu" else "inline"
        path, found = _fitted(job, executor or where, share, quiet)
    raise typer.Exit(_finish(job, found, path, as_json, quiet, fitted=not status))


def _looked(job: Job, share: tuple[int, int], merge: bool) -> tuple[Path | None, Summary]:
    """Return what is there of a job; the merged file too where it is to be made."""
    from eisfit import bulk

    if merge:
        return bulk.merge(job), bulk.state_of(job)
    return None, bulk.state_of(job, share)


def _fitted(job: Job, executor: str, share: tuple[int, int], quiet: bool) -> tuple[Path | None, Summary]:
    """Fit a job or a share of it; return the merged file of a whole one, and what it has come to."""
    from eisfit import bulk
    from eisfit.workflow.run import Stopped

    whole = share == (1, 1)
    try:
        with ProgressBar(quiet) as progress:
            found = bulk.fit_file(job, executor, share, progress.told, joined=whole)
    except bulk.BatchStopped as error:
        raise Stopped(str(error)) from None
    return (job.output / bulk.RESULT if whole else None), found


def _job(
    data: Path,
    output: Path,
    name: str,
    electrodes: int | None,
    settings: Sequence[list[str] | None],
) -> Job:
    """Return what is to be done."""
    from eisfit.bulk import Job
    from eisfit.cell.find import resolve_template, template
    from eisfit.cell.setting_texts import settings_of
    from eisfit.store.spectra_table import SpectraTable

    fix, within, tie, start = (texts or () for texts in settings)
    few = SpectraTable(data).read(0, 1)
    chosen = resolve_template(name if electrodes is None else template(name, electrodes), few)
    if own := settings_of(fix, within, tie, ()):
        chosen = chosen.setting(own)
    starts = {n: s.start for n, s in settings_of((), (), (), start).items() if s.start is not None}
    return Job(data.resolve(), output.resolve(), chosen, start=tuple(starts.items()))


def _shard(text: str | None) -> tuple[int, int]:
    if text is None:
        return 1, 1
    found = re.fullmatch(r"(\d+)/(\d+)", text.strip())
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise InputError(f"--shard {text!r}: give a share and how many there are, from 1/N to N/N, as 3/20")
    return int(found[1]), int(found[2])


def _finish(job: Job, found: Summary, path: Path | None, as_json: bool, quiet: bool, *, fitted: bool) -> int:
    """Tell what a batch has come to; return the exit code."""
    lost = dict[int, str]()
    if path is not None and found.failed:
        from eisfit.store.fit_table import failed_rows

        lost = failed_rows(path)
    if not quiet:
        say(_sentence(job, found))
        for reason in list(lost.values())[:_SHOWN]:
            say(reason)
        if len(lost) > _SHOWN:
            say(f"and {len(lost) - _SHOWN} more, in failed_reason of {path}")
    if as_json:
        rows: dict[str, Any] = {"failed_rows": {str(row): text for row, text in lost.items()}}
        print(json.dumps(asdict(found) | rows | {"files": [] if path is None else [str(path)]}, indent=1))
    elif path is not None:
        print(path)
    return exit_code(not found.failed, found.missed > 0) if fitted else 0


def _sentence(job: Job, found: Summary) -> str:
    text = (
        f"{job.output.name}: {found.done_spectra} of {found.spectra} spectra are done, "
        f"{found.done_chunks} of {found.chunks} chunks"
    )
    counts = {"could not be fitted": found.failed, "miss their data": found.missed}
    return "; ".join([text, *(f"{n} {what}" for what, n in counts.items() if n)])


def write_many(
    name: str,
    many: int | None,
    output: Path | None,
    value: Sequence[str],
    noise: float | None,
    spread: float,
    seed: int,
    force: bool,
) -> Path:
    """Write very many simulated spectra; return the path of the file."""
    from eisfit.cell.find import resolve_template
    from eisfit.cell.setting_texts import settings_of
    from eisfit.simulate.many import FREQUENCY_HZ, check_values, many_blocks, scenario_at_start

    if many is None:
        raise InputError("--value belongs to --many N: say how many spectra")
    if output is None:
        raise InputError("say where to write the spectra: -o FILE.h5")
    own = {n: s.fixed for n, s in settings_of(value, (), (), ()).items() if s.fixed is not None}
    if own:
        template, values = resolve_template(name), own
        check_values(template, values)
    else:
        template, values = scenario_at_start(name)
    blocks = many_blocks(
        template, values, many, noise=_NOISE if noise is None else noise, spread=spread, seed=seed
    )
    shape = many, 2 + len(template.circuit.names)
    return _written(output, FREQUENCY_HZ, blocks, shape, force, {"circuit": template.circuit.text})


def write_table_of(spectra: Sequence[Spectrum], output: Path) -> Path:
    """Write spectra on one grid into a columnar file; return its path."""
    from eisfit.store.spectra_table import block_of

    frequency_hz, block = block_of(spectra)
    return _written(output, frequency_hz, [block], (len(spectra), len(block[1])), True, {})


def _written(
    output: Path,
    frequency_hz: Floats,
    blocks: Any,
    shape: tuple[int, int],
    force: bool,
    about: Mapping[str, str],
) -> Path:
    """Write a columnar file of some rows, with some columns beside the impedances, whole."""
    from eisfit.bulk.chunk_files import cannot_write, check_room, put_in_place, temporary
    from eisfit.store.spectra_table import spectra_table_size, write_spectra_table
    from eisfit.workflow.exports import check_free
    from eisfit.workflow.write import check_can_be_made

    if output.suffix.lower() not in (".h5", ".hdf5"):
        raise InputError(f"{output}: many spectra go into an HDF5 file: name one that ends in .h5")
    check_free(output, force)
    check_can_be_made(output.parent)
    output.parent.mkdir(parents=True, exist_ok=True)
    check_room(output, spectra_table_size(shape[0], frequency_hz.size, shape[1]), kept="")
    draft = temporary(output)
    try:
        write_spectra_table(draft, frequency_hz, blocks, about=about)
        put_in_place(draft, output)
    except (OSError, RuntimeError) as error:
        raise cannot_write(output, error, kept="") from error
    finally:
        draft.unlink(missing_ok=True)
    return output
