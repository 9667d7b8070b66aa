"""A decorator that refuses arguments that are no real numbers with one sentence, by what a function declares."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numpy as np

LARGEST = 1e60  # beyond it squares are no numbers any more
_NUMBERS = ("float", "ArrayLike", "Floats")
_OTHERS = ("Mapping", "Callable", "Sequence[str]")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def real_arguments(
    error: type[Exception],
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Return a decorator that checks all arguments annotated as ``float``, ``ArrayLike`` or ``Floats``.

    Parameters
    ----------
    error : type
        Raised where such an argument is a text, complex, None although it must be given, or beyond 1e60; nan and
        infinities are left to the function.

    Examples
    --------
    >>> from eisfit.tools.real_arguments import real_arguments
    >>> @real_arguments(ValueError)
    ... def half(x: float) -> float:
    ...     return x / 2
    >>> half("a")
    Traceback (most recent call last):
    ...
    ValueError: x is 'a': it must be a real number, or a row of them
    """

    def decorated(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        signature = inspect.signature(function)
        numeric = {
            name: "None" in str(p.annotation)
            for name, p in signature.parameters.items()
            if any(word in str(p.annotation) for word in _NUMBERS)
            and not any(word in str(p.annotation) for word in _OTHERS)
        }

        @functools.wraps(function)
        def checked(*args: Arguments.args, **keywords: Arguments.kwargs) -> Result:
            given = signature.bind(*args, **keywords).arguments
            for name, optional in numeric.items():
                if name in given and (fault := _fault(given[name], optional)):
                    raise error(f"{name} is {_shown(given[name])}: {fault}")
            return function(*args, **keywords)

        return checked

    return decorated


def _shown(given: object) -> str:
    return repr(given) if np.ndim(given) == 0 else "no row of real numbers"  # type: ignore[arg-type]


def _fault(given: object, optional: bool) -> str:
    """Return why something is no number that can be computed with; ''."""
    if given is None:
        return "" if optional else "it must be given"
    wrong = "it must be a real number, or a row of them"
    try:
        numbers = np.asarray(given)
        if np.iscomplexobj(numbers) or numbers.dtype.kind in "USO":
            return wrong
        numbers = numbers.astype(float)
    except (TypeError, ValueError):
        return wrong
    finite = numbers[np.isfinite(numbers)]
    return f"it must not be beyond {LARGEST:g}" if finite.size and np.abs(finite).max() > LARGEST else ""
