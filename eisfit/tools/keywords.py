"""Keywords of constructors and functions: one that is not known is named, with the one that may be meant."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from eisfit.errors import InputError
from eisfit.tools.nearest import did_you_mean

Class = TypeVar("Class", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])


def refusing_unknown(
    error: type[InputError], *, letters: Mapping[str, str] | None = None, hint: str = ""
) -> Callable[[Class], Class]:
    """Return a decorator of a dataclass that refuses unknown keywords in one sentence.

    Parameters
    ----------
    error : class
        What is raised.
    letters : mapping of str to str, optional
        Which keyword a letter of formulas means.
    hint : str
        What the sentence ends with where no keyword is near.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @refusing_unknown(InputError)
    ... @dataclass
    ... class Cell:
    ...     area_cm2: float = 1.0
    >>> Cell(area=2.0)
    Traceback (most recent call last):
        ...
    eisfit.errors.InputError: Cell has no 'area' (did you mean 'area_cm2'?); there are area_cm2
    """

    def decorate(cls: Class) -> Class:
        made: Any = cls.__init__  # type: ignore[misc]
        known = [f.name for f in fields(cls) if f.init]

        @functools.wraps(made)
        def checked(self: Any, *args: Any, **given: Any) -> None:
            for name in given:
                if name not in known:
                    meant = (letters or {}).get(name)
                    near = f" (did you mean {meant!r}?)" if meant else did_you_mean(name, known)
                    more = "" if near else hint
                    raise error(f"{cls.__name__} has no {name!r}{near}; there are {', '.join(known)}{more}")
            with _arguments_that_fit(made, cls.__name__, error, (self, *args), given):
                made(self, *args, **given)

        cls.__init__ = checked  # type: ignore[misc]
        return cls

    return decorate


def known_keywords(function: Function) -> Function:
    """Return a function that refuses unknown keywords in one sentence.

    Parameters
    ----------
    function : callable
        It takes no ``**keywords`` of its own.

    Examples
    --------
    >>> @known_keywords
    ... def fit(spectrum, *, weights="modulus"):
    ...     return weights
    >>> fit(None, weigths="unit")
    Traceback (most recent call last):
        ...
    eisfit.errors.InputError: fit() takes no 'weigths' (did you mean 'weights'?); it takes spectrum, weights
    """
    known = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]

    @functools.wraps(function)
    def checked(*args: Any, **given: Any) -> Any:
        for name in given:
            if name not in known:
                raise InputError(
                    f"{function.__name__}() takes no {name!r}{did_you_mean(name, known)}; "
                    f"it takes {', '.join(known)}"
                )
        with _arguments_that_fit(function, f"{function.__name__}()", InputError, args, given):
            return function(*args, **given)

    checked_as: Any = checked
    return checked_as  # type: ignore[no-any-return]


@contextmanager
def _arguments_that_fit(
    function: Callable[..., Any],
    called: str,
    error: type[InputError],
    args: tuple[Any, ...],
    given: Mapping[str, Any],
) -> Iterator[None]:
    """Say in one sentence which argument is missing, or is one too many, where a call goes wrong for that."""
    try:
        yield
    except TypeError:
        signature = inspect.signature(function)
        try:
            signature.bind(*args, **given)
        except TypeError as wrong:
            takes = [p for p in signature.parameters.values() if p.name not in ("self", "cls")]
            placed = [p.name for p in takes if p.kind is p.POSITIONAL_OR_KEYWORD]
            named = [p.name for p in takes if p.kind is p.KEYWORD_ONLY]
            by_name = f", and by name {', '.join(named)}" if named else ""
            raise error(
                f"{called}: {wrong}; it takes {', '.join(placed) or 'nothing by place'}{by_name}"
            ) from None
        raise


def path_given(path: object, verb: str, instead: str) -> Path:
    """Return a path, or refuse what is none.

    Parameters
    ----------
    path : object
        What was given where a path belongs.
    verb : str
        The function that takes it.
    instead : str
        How it is written.

    Raises
    ------
    InputError
        If it is neither a text nor a path.

    Examples
    --------
    >>> path_given(3, "load", "write load('cell.h5')")
    Traceback (most recent call last):
        ...
    eisfit.errors.InputError: load() takes the path of a file, and this is of the kind int; write load('cell.h5')
    """
    if isinstance(path, str | os.PathLike):
        return Path(path)
    raise InputError(
        f"{verb}() takes the path of a file, and this is of the kind {type(path).__name__}; {instead}"
    )
