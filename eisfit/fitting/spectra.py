"""One spectrum or many, fitted with a template; no starting value is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy.typing as npt

from eisfit.cell.find import resolve_template
from eisfit.cell.known_values import with_known_values
from eisfit.cell.templates import Template
from eisfit.errors import InputError
from eisfit.options import FitOptions, Weights
from eisfit.results.fit import Fit
from eisfit.results.fits import Fits
from eisfit.spectrum.columns import SpectraColumns
from eisfit.spectrum.given import many_spectra, one_spectrum
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.keywords import known_keywords
from eisfit.tools.progress import Told, untold

# what does the fitting is imported with the first fit: ``import eisfit`` stays light


@known_keywords
def fit(
    spectrum: Spectrum,
    template: str | Path | Template,
    *,
    weights: Weights = "modulus",
    loss: str = "linear",
    seed: int = 0,
) -> Fit:
    """Fit one spectrum.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part.
    template : str, Path or Template
        A template, its name or path, or a circuit string.
    weights : {"modulus", "unit", "proportional", "noise"} or array_like, shape (n,)
        Standard deviation of Re Z and Im Z: proportional to |Z|, constant, proportional to each part, as the
        Kramers-Kronig residual shows it over frequency, or the given values in ohm.
    loss : {"linear", "soft_l1", "cauchy", "student_t"}
        Least squares, or one of the robust losses, under which points far off count less.
    seed : int
        Of the drawn starts; equal seeds give equal results.

    Returns
    -------
    Fit
        With an outcome that says what the data cannot tell.

    Raises
    ------
    InputError
        If `spectrum` is none, such as the list that `read` gives.
    FitError
        If there are fewer numbers than free parameters, or the values are in ohm cm2 or ohm cm.
    TemplateError, CircuitError
        If the template is not known or the circuit does not parse.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(6, -1, 71)
    >>> z = 1e6 / (1 + 2j * np.pi * f * 1e6 * 1e-11)
    >>> fitted = eisfit.fit(eisfit.Spectrum(f, z), "p(R1,C1)")
    >>> {name: float(f"{value:.6g}") for name, value in fitted.values.items()}
    {'R1': 1000000.0, 'C1': 1e-11}
    """
    options = FitOptions(weights, loss, seed)
    spectrum = one_spectrum(spectrum, "fit", "eisfit.fit_many")
    resolved = resolve_template(template, [spectrum])
    from eisfit.engine.posing import check_fittable
    from eisfit.fitting import batch
    from eisfit.fitting.task import Task

    check_fittable([spectrum], with_known_values(resolved, [spectrum]), weights)
    return batch.all_fits(Task(resolved, options), [spectrum])[0]


@known_keywords
def fit_many(
    spectra: Sequence[Spectrum] | None = None,
    template: str | Path | Template | None = None,
    *,
    circuit: str | None = None,
    frequency_hz: npt.ArrayLike | None = None,
    z_ohm: npt.ArrayLike | None = None,
    conditions: Mapping[str, npt.ArrayLike] | None = None,
    weights: Weights = "modulus",
    loss: str = "linear",
    start: Mapping[str, float] | None = None,
    seed: int = 0,
    workers: int | str = 1,
    threads: int | None = None,
    device: str = "cpu",
) -> Fits:
    """Fit many independent spectra as one batch: `Spectrum` objects, or numbers on one grid of frequencies.

    Parameters
    ----------
    spectra : sequence of Spectrum, optional
        Of any cells; grids may differ.
    template : str, Path or Template
        As in `fit`.
    circuit : str, optional
        A circuit string, in place of a template.
    frequency_hz : array_like, shape (n,), optional
        Frequencies in Hz of all spectra, in place of `spectra`.
    z_ohm : array_like of complex, shape (N, n), optional
        Impedances in ohm, a row for each spectrum.
    conditions : mapping of str to array_like, shape (N,), optional
        Columns of conditions of these rows, such as ``{"temperature_c": t}``; nan where a value is not known.
    weights, loss, seed
        As in `fit`.
    start : mapping of str to float, optional
        Values to start all spectra from, instead of starts found from the data.
    workers : int or "all"
        Worker processes of this machine, each with one thread; ``"all"`` for one on each core. They start in some
        seconds, so that they pay from some ten thousand spectra with a start on, or some hundred without. They need
        no ``if __name__ == "__main__"``. 1 fits in this process.
    threads : int, optional
        Threads of each process, at most. Without it one for each core, or as many as the variable EISFIT_THREADS
        says; one where there are workers. Values do not hang on the numbers of workers and threads.
    device : {"cpu", "cuda", "cuda:N"}
        Where they are stepped to their minima: numpy on the processor, or PyTorch on a graphics processor (extra
        ``[gpu]``), which pays from some thousands of spectra on. Values are equal to rounding, not to the last bit.

    Returns
    -------
    Fits
        One fit per spectrum; one that could not be fitted has ``Outcome.FAILED`` and its reason. The numbers
        stand in columns; a `Fit` is made when it is asked for, so that memory hardly grows with the number of
        spectra.

    Raises
    ------
    InputError
        If `spectra` is one spectrum, a path, or holds anything but spectra; if both they and numbers are given, or
        neither; if workers or threads are no numbers of at least 1; if PyTorch or the device is missing.
    SpectrumError
        If the shapes of numbers do not go together, or a frequency is not finite and positive.
    FitError
        If a start names an unknown parameter or misses one.

    Notes
    -----
    Without a start, each `Spectrum` is searched by itself. Of numbers and a circuit, eight rows evenly spread over all
    are searched; each row starts from what was found in the nearest of them, and is searched itself where it does
    not converge, comes to rest on a bound, or scatters more than they do.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(6, -1, 71)
    >>> r = np.array([[1e6], [2e6], [3e6]])
    >>> z = r / (1 + 2j * np.pi * f * r * 1e-11)
    >>> many = eisfit.fit_many(frequency_hz=f, z_ohm=z, circuit="p(R1,C1)")
    >>> [float(f"{value:.6g}") for value in many.column("R1")]
    [1000000.0, 2000000.0, 3000000.0]
    """
    options = FitOptions(weights, loss, seed, start)
    many: Sequence[Spectrum]
    if frequency_hz is None and z_ohm is None and conditions is None:
        if spectra is None:
            raise InputError("fit_many needs spectra: a list of them, or numbers as frequency_hz= and z_ohm=")
        many = many_spectra(spectra, "fit_many")
    elif spectra is not None or frequency_hz is None or z_ohm is None:
        raise InputError(
            "fit_many takes either a list of spectra, with their conditions in them, or numbers: frequency_hz= and "
            "z_ohm= together"
        )
    else:
        many = SpectraColumns(frequency_hz, z_ohm, conditions)
    name = _one_of(template, circuit)
    from eisfit.engine.backends.choice import backend_of
    from eisfit.fitting.worker_processes import number_of

    backend_of(device)
    number = number_of(workers)
    resolved = resolve_template(name, many[:1] if isinstance(many, SpectraColumns) else many)
    from eisfit.fitting import batch
    from eisfit.fitting.task import Task

    return batch.fit_columns(Task(resolved, options, device=device), many, number, threads)


def _one_of(template: str | Path | Template | None, circuit: str | None) -> str | Path | Template:
    """Return the one of template and circuit that is given."""
    if template is not None and circuit is not None:
        raise InputError("fit_many: template and circuit are both given; keep one")
    name = template if circuit is None else circuit
    if name is None:
        raise InputError(
            "fit_many: name what to fit, template= (its name or path) or circuit= (a circuit string)"
        )
    return name


def fit_cell(
    spectra: Sequence[Spectrum],
    template: Template,
    *,
    over: str = "temperature_c",
    assign: Sequence[str] = (),
    weights: Weights = "modulus",
    loss: str = "linear",
    seed: int = 0,
    progress: Told = untold,
) -> list[Fit]:
    """Fit spectra of one cell under changing conditions.

    It is decided for all of them at once which arc belongs to which segment.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order of the series.
    template : Template
        With its configuration chosen.
    over : str
        The condition that orders them.
    assign : sequence of str
        As in `fit_series`.
    weights, loss, seed
        As in `fit`.
    progress : callable
        Called with what is done, how much of it is done, and how much there is; 0 of 0 where that is not known.
    """
    from eisfit.fitting import batch
    from eisfit.fitting.task import Task

    task = Task(template, FitOptions(weights, loss, seed), over, tuple(assign), progress)
    return batch.all_fits(task, spectra)


def redo(fit: Fit) -> Fit:
    """Make a fit again from what it holds: spectrum, template and options.

    Parameters
    ----------
    fit : Fit
        Of any origin, also read from a file.

    Returns
    -------
    Fit
        Equal to a fit of one spectrum, made by the same version. A fit of a series is made by itself, so that the
        names of its arcs rest on this spectrum alone; one that lmfit made is made by eisfit.

    Raises
    ------
    FitError
        If its standard deviations were given, and it comes from a file of version 0.1.0, which does not hold them.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> from eisfit.fitting import redo
    >>> f = np.logspace(6, -1, 71)
    >>> z = 1e6 / (1 + 2j * np.pi * f * 1e6 * 1e-11)
    >>> fitted = eisfit.fit(eisfit.Spectrum(f, z), "p(R1,C1)", seed=3)
    >>> redo(fitted) == fitted
    True
    """
    from eisfit.fitting import batch
    from eisfit.fitting.task import Task

    fit.check_weights_known()
    return batch.all_fits(Task(fit.template.asked or fit.template, fit.options), [fit.spectrum])[0]
