"""Attributes that a value has not: the sentence says what is written in their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from eisfit.tools.nearest import did_you_mean

_OF_ALL = {
    "to_csv": "{it}.to_dataframe().to_csv('{it}.csv')",
    "to_excel": "{it}.to_dataframe().to_excel('{it}.xlsx')",
    "to_pandas": "{it}.to_dataframe()",
    "dataframe": "{it}.to_dataframe()",
    "df": "{it}.to_dataframe()",
    "save": "eisfit.store.save('{it}.h5', {it})",
    "to_hdf5": "eisfit.store.save('{it}.h5', {it})",
    "summary": "print({it}.report())",
    "show": "{it}.plot()",
}


class Attributes:
    """Base of values whose missing attributes are answered with what is meant.

    ``written`` holds what other programs call something, and the expression that is written here; ``{it}`` stands for
    the value.
    """

    written: ClassVar[Mapping[str, str]] = {}

    def _written_for(self, name: str) -> str | None:
        """Return what is written for a name that only this value knows, such as that of a parameter."""
        return None

    if not TYPE_CHECKING:  # else every attribute would pass the check of types

        def __getattr__(self, name: str) -> object:
            if name.startswith("_") or hasattr(
                type(self), name
            ):  # of Python, or of a property that went wrong
                return object.__getattribute__(self, name)
            raise AttributeError(_said(self, name))


def _said(value: Attributes, name: str) -> str:
    kind = type(value).__name__
    it = kind.lower()
    known = {**_OF_ALL, **value.written}
    text = value._written_for(name) or known.get(name) or known.get(name.lower())
    if text is not None:
        return f"{kind} has no {name!r}; write {text.format(it=it)}"
    there = [each for each in dir(value) if not each.startswith("_")]
    return f"{kind} has no {name!r}{did_you_mean(name, there)}; dir({it}) lists what it has"
