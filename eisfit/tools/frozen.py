"""Value objects: arrays that cannot be written to, and equality by content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Complexes: TypeAlias = npt.NDArray[Any]  # complex128; the stubs of numpy widen sums of float and complex
Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]


def frozen_array(values: npt.ArrayLike, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Copy `values` into a new array of `dtype` that refuses to be written to."""
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def equal(a: object, b: object) -> bool:
    """Tell whether two values hold the same content; nan equals nan, arrays compare element by element."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        a_array, b_array = np.asarray(a), np.asarray(b)
        if a_array.dtype.kind in "fc" and b_array.dtype.kind in "fc":
            return bool(np.array_equal(a_array, b_array, equal_nan=True))
        return bool(np.array_equal(a_array, b_array))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b)
    if is_dataclass(a) and is_dataclass(b) and not isinstance(a, type) and not isinstance(b, type):
        return type(a) is type(b) and all(
            equal(getattr(a, f.name), getattr(b, f.name)) for f in fields(a) if f.compare
        )
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


class Value:
    """Base of the frozen dataclasses that hold arrays: equal when their content is equal."""

    def __eq__(self, other: object) -> bool:
        return equal(self, other) if type(self) is type(other) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
