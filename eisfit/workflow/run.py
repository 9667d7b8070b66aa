"""Run a fit from files to a folder of results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.errors import InputError, SeriesError
from eisfit.formats import Unread, channel_of
from eisfit.formats.reading import Done
from eisfit.tools.progress import Progress, Told, silent, told_by
from eisfit.workflow.empty_cuts import refuse_empty
from eisfit.workflow.looks import with_looks
from eisfit.workflow.manifest import NO_CUT, Cut, Manifest, with_template
from eisfit.workflow.named_spectra import COMMAND_LINE, under_names
from eisfit.workflow.read import (
    NothingReadable,
    all_in_ohm,
    at_instants,
    flipped,
    is_batch,
    no_template,
    read_files,
    read_spectra,
)
from eisfit.workflow.typed_parameters import said_of, with_set, without_values_of
from eisfit.workflow.write import check_free_to_write, write_results

if TYPE_CHECKING:
    from eisfit.cell.segments import Setting
    from eisfit.cell.templates import Template
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series
    from eisfit.spectrum.findings import Finding
    from eisfit.spectrum.spectrum import Spectrum

AT_ONCE = 64  # spectra that are fitted between two steps of the progress; what is done is kept where a run is stopped
READING, CHECKING, FITTING = "reading files", "checking spectra", "fitting spectra"


class Stopped(BaseException):
    """The user has stopped a run; the text says what is kept. As with KeyboardInterrupt, nothing goes on after it."""


@dataclass(frozen=True)
class RunOptions:
    """How a run fits, and what it writes.

    Parameters
    ----------
    weights, loss : str, optional
        As in `fit`. Default: those of the manifest, else modulus weights and the linear loss.
    seed : int
        Seed of the drawn starts.
    mask_outliers : bool
        Whether outlying points are masked before fitting.
    channel : {"we", "ce", "we-ce"}, optional
        Impedance of three-electrode files. Default: that of the manifest, else ``we``.
    output : Path, optional
        Folder for the results. Default: nothing is written.
    figures : bool
        Whether figures are drawn.
    overwrite : bool
        Whether earlier results in the folder may be replaced.
    flip_sign : bool
        Whether the sign of all imaginary parts is reversed.
    parameters : mapping of str to Setting
        Fixed values, ranges, ties and starts of parameters; they count before those of the manifest.
    joint : bool
        Whether all spectra of a series are fitted at once too; so they are where the manifest asks for it.
    drift_corrected : bool
        Whether all sweeps of a series are interpolated in time, each to one instant; or where the manifest asks for it.
    drt : bool
        Whether the distributions of relaxation times of a series are kept beside its fits; so they are where the
        manifest asks for it.
    suggest : bool
        Whether the circuits and templates that a series allows are kept beside its fits; or where the manifest asks.
    """

    weights: str | None = None
    loss: str | None = None
    seed: int = 0
    mask_outliers: bool = False
    channel: str | None = None
    output: Path | None = None
    figures: bool = True
    overwrite: bool = False
    flip_sign: bool = False
    parameters: Mapping[str, Setting] = field(default_factory=dict)
    joint: bool = False
    drift_corrected: bool = False
    drt: bool = False
    suggest: bool = False

    def fitting(self, weights: str = "modulus", loss: str = "linear") -> dict[str, Any]:
        """Return the arguments of a fit; `weights` and `loss` count where none are chosen."""
        return {"weights": self.weights or weights, "loss": self.loss or loss, "seed": self.seed}


DEFAULT = RunOptions()


@dataclass(frozen=True)
class Run:
    """What a run gave.

    Parameters
    ----------
    result : Series or tuple of Fit
        The fits.
    paths : tuple of Path
        The files that were written.
    unread : tuple of Unread
        The files that could not be read, each with its reason.
    stopped : str
        What was kept where the user has stopped the run; empty if not.
    """

    result: Series | tuple[Fit, ...]
    paths: tuple[Path, ...]
    unread: tuple[Unread, ...]
    stopped: str = ""

    @property
    def all_done(self) -> bool:
        """Whether every file was read and every spectrum fitted."""
        return not self.stopped and not self.unread and all(f.statistics is not None for f in self.result)


def run_series(manifest: Manifest, options: RunOptions = DEFAULT, progress: Progress = silent) -> Run:
    """Read, check and fit the series that a manifest describes, and write the results.

    Parameters
    ----------
    manifest : Manifest
        The series; it names a template.
    options : RunOptions
        What the caller chooses; a choice counts before the manifest.
    progress : callable
        Called with the name and number of each step; its method `told`, if it has one, with how much of it is done.

    Returns
    -------
    Run
        Its result is a Series; a tuple of Fit where no spectrum knows a temperature and the manifest names no `over`.

    Raises
    ------
    InputError
        If no template is named, the channel is unknown, or the folder holds results that may not be replaced.
    NothingReadable
        If no file of the manifest gave a spectrum.
    ManifestError
        If a spectrum lacks the condition that orders the series.
    """
    from eisfit.cell.find import resolve_cell
    from eisfit.fitting.series import fit_series

    described = with_template(manifest, None, None, options.channel)
    if described.template is None:
        raise InputError(f"{described.path}: {no_template(described.path)}")
    check_free_to_write(options.output, options.overwrite)
    progress(READING, 0)
    with _stopping("while reading"):
        spectra, unread = _read(described, options, progress)
    batch = is_batch(described, spectra)
    if not spectra:
        raise NothingReadable(f"{described.path}: none of its {len(unread)} files could be read", unread)
    corrected = options.drift_corrected or described.drift_correction
    spectra = at_instants(spectra, str(described.path)) if corrected else spectra
    chosen = resolve_cell(described.template, spectra).without(described.without)
    chosen = with_set(chosen.setting(described.settings), options.parameters)
    refuse_empty(spectra, chosen, str(described.path))
    fitting = options.fitting(described.weights, described.loss)
    progress(f"fitting {len(spectra)} spectra", 1)
    settings = {**fitting, "mask_outliers": options.mask_outliers, "manifest": str(described.path)}
    settings |= {key: list(names) for key in ("without", "assign") if (names := getattr(described, key))}
    settings |= {"channel": options.channel} if options.channel else {}
    settings |= {"drift_corrected": True} if corrected else {}
    settings |= ({"flip_sign": True} if options.flip_sign else {}) | said_of(options.parameters)
    if batch:
        fits = _each(spectra, chosen, options, fitting, progress)
        return _finished(fits, len(spectra), unread, settings, options, progress)
    with _stopping(f"; the arcs of all {len(spectra)} spectra are named at once, so no fit could be kept"):
        result = fit_series(
            spectra,
            chosen,
            over=described.over,
            mask_outliers=options.mask_outliers,
            unread=unread,
            keep=described.keep,
            assign=described.assign,
            progress=told_by(progress),
            **fitting,
        )
        result = _at_once(result, described, options, told_by(progress))
        asked = {"drt": options.drt or described.drt, "suggest": options.suggest or described.suggest}
        result = with_looks(result, progress, **asked)
    return _finished(result, len(spectra), unread, settings, options, progress)


def _read(
    described: Manifest, options: RunOptions, progress: Progress
) -> tuple[list[Spectrum], Sequence[Unread]]:
    """Read the spectra of a series, with the sign and without the values that the caller chooses otherwise."""
    spectra, unread = read_spectra(described, _counting(progress, READING))
    spectra = [flipped(s) for s in spectra] if options.flip_sign else spectra
    return [without_values_of(s, options.parameters) for s in spectra], unread


def _at_once(series: Series, described: Manifest, options: RunOptions, told: Told) -> Series:
    """Return a series with the joint fit that its manifest describes, if one is asked for."""
    from eisfit.fitting.joint_pairs import has_pairs

    pairs = has_pairs(series.fits) and not described.joint.refused
    if not (options.joint or described.joint.wanted or pairs):
        return series
    from eisfit.fitting.joint import (
        with_joint,
    )  # imported late: few series ask for it, and it is slow to import
    from eisfit.workflow.joint_keys import complements_of

    keys = described.joint
    others = complements_of(keys)
    try:
        return with_joint(
            series,
            share=keys.share,
            laws=keys.laws,
            known=keys.known,
            complements=others,
            assign=described.assign,
            told=told,
        )
    except SeriesError as fault:
        raise SeriesError(f"{described.path}: {fault}") from fault


def _each(
    spectra: Sequence[Spectrum],
    template: Template,
    options: RunOptions,
    fitting: Mapping[str, Any],
    progress: Progress,
) -> tuple[Fit, ...]:
    """Check the spectra and fit each by itself; fewer fits than spectra where the user has stopped it."""
    from eisfit.fitting.spectra import fit_many
    from eisfit.validity.checks import checked

    fits: list[Fit] = []
    with _stopping("before a spectrum was fitted"):
        tested = checked(spectra, mask_outliers=options.mask_outliers, done=_counting(progress, CHECKING))
    done = _counting(progress, FITTING)
    done(0, len(tested))
    try:
        for first in range(0, len(tested), AT_ONCE):
            fits += fit_many(tested[first : first + AT_ONCE], template, **fitting)
            done(len(fits), len(tested))
    except KeyboardInterrupt:
        if not fits:
            raise Stopped("stopped before a spectrum was fitted; nothing is written") from None
    return tuple(fits)


def _counting(progress: Progress, text: str) -> Done:
    """Return a function that tells how much of a step is done."""
    told = told_by(progress)

    def done(count: int, total: int) -> None:
        told(text, count, total)

    return done


@contextmanager
def _stopping(when: str) -> Iterator[None]:
    """Turn Ctrl-C into one sentence."""
    try:
        yield
    except KeyboardInterrupt:
        joined = "" if when.startswith(";") else " "
        raise Stopped(f"stopped{joined}{when}; nothing is written") from None


def run_files(
    files: Sequence[str],
    template: str,
    options: RunOptions = DEFAULT,
    progress: Progress = silent,
    *,
    conditions: Mapping[str, float | None] | None = None,
    cut: Cut = NO_CUT,
    temperature_from_name: str | None = None,
    notes: Sequence[Finding] = (),
) -> Run:
    """Read, check and fit files, each spectrum by itself, and write the results.

    Parameters
    ----------
    files : sequence of str
        Paths or patterns.
    template : str
        Name or path of a template, or a circuit string.
    options : RunOptions
        What the caller chooses.
    progress : callable
        Called with the name and number of each step; its method `told`, if it has one, with how much of it is done.
    conditions : mapping of str to float or None, optional
        Fields of `Conditions` that hold for all spectra; None keeps what the file says.
    cut : Cut
        The points that take no part, in all spectra.
    temperature_from_name : str, optional
        As `eisfit.read` takes it.
    notes : sequence of Finding
        What is to be said of every spectrum, such as a converted area.

    Returns
    -------
    Run
        Its result is a tuple of Fit.

    Raises
    ------
    InputError
        If the channel is unknown, or the folder holds results that may not be replaced.
    NothingReadable
        If no file gave a spectrum.
    ManifestError
        If no name tells a temperature by the pattern.
    """
    from eisfit.cell.find import resolve_template

    check_free_to_write(options.output, options.overwrite)
    progress(READING, 0)
    with _stopping("while reading"):
        read, unread = read_files(files, channel_of(options.channel or "we"), _counting(progress, READING))
    read = [flipped(s) for s in read] if options.flip_sign else read
    if temperature_from_name is not None:
        read = under_names(read, temperature_from_name, COMMAND_LINE)
    under = [s.under(s.conditions.updated(**(conditions or {}))).noting(*notes) for s in read]
    spectra, refused = all_in_ohm(under)
    unread += refused
    if not spectra:
        raise NothingReadable("none of the named files holds an impedance in ohm", unread)
    spectra = [cut.applied(s) for s in spectra]
    chosen = with_set(resolve_template(template, spectra), options.parameters)
    refuse_empty(spectra, chosen)
    fitting = options.fitting()
    progress(f"fitting {len(spectra)} spectra", 1)
    fits = _each(spectra, chosen, options, fitting, progress)
    flip = {"flip_sign": True} if options.flip_sign else {}
    settings = {**fitting, "mask_outliers": options.mask_outliers} | flip | said_of(options.parameters)
    return _finished(fits, len(spectra), unread, settings, options, progress)


def _finished(
    result: Series | tuple[Fit, ...],
    total: int,
    unread: Sequence[Unread],
    settings: Mapping[str, Any],
    options: RunOptions,
    progress: Progress,
) -> Run:
    """Write what was fitted; of a run that was stopped without figures, which take long."""
    of = f"{len(result)} of {total}"
    stopped = f"stopped: {of} spectra" if len(result) < total else ""
    kept = dict(settings) | ({"stopped": of} if stopped else {})
    try:
        paths = _written(result, kept, replace(options, figures=options.figures and not stopped), progress)
    except KeyboardInterrupt:
        stopped = stopped or f"stopped: all {total} spectra, but no figure,"
        with _stopping("while writing"):
            paths = _written(result, kept, replace(options, figures=False), progress)
    if stopped:
        stopped += (
            " are fitted; nothing is written, as no folder was named with -o"
            if options.output is None
            else f" are written to {options.output}"
        )
    return Run(result, paths, tuple(unread), stopped)


def _written(
    result: Series | Sequence[Fit], settings: Mapping[str, Any], options: RunOptions, progress: Progress
) -> tuple[Path, ...]:
    if options.output is None:
        return ()
    return tuple(
        write_results(
            result,
            options.output,
            settings,
            figures=options.figures,
            overwrite=options.overwrite,
            progress=progress,
        )
    )
