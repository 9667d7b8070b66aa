"""Tensors of PyTorch that the functions of numpy work on, so that the formulas of elements need no second version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from eisfit.errors import InputError

Tensor: TypeAlias = Any  # torch.Tensor: torch is an extra, and has no place among the imports

_SAME_NAME = (
    "add", "subtract", "multiply", "negative", "positive", "reciprocal", "square", "sqrt", "exp", "expm1", "log",
    "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "maximum", "minimum", "isfinite", "greater", "less",
    "greater_equal", "less_equal", "equal", "not_equal",
)  # fmt: skip
_OTHER_NAME = {"divide": "true_divide", "power": "pow", "absolute": "abs", "conjugate": "conj_physical"}
_FUNCTIONS = {name: name for name in _SAME_NAME} | _OTHER_NAME


class OnDevice(np.lib.mixins.NDArrayOperatorsMixin):
    """A tensor in place of an array: operators and functions of numpy give such again.

    Parameters
    ----------
    tensor : torch.Tensor
        Of float64 or complex128.

    Notes
    -----
    What a formula asks of numpy beyond the functions of one or two numbers and ``np.where`` is refused by name.
    """

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape, as of an array."""
        return tuple(self.tensor.shape)

    @property
    def real(self) -> OnDevice:
        """Real part."""
        return OnDevice(self.tensor.real)

    @property
    def imag(self) -> OnDevice:
        """Imaginary part."""
        return OnDevice(self.tensor.imag)

    def __getitem__(self, index: Any) -> OnDevice:
        return OnDevice(self.tensor[index])

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise _refused("an array of numpy")

    def __array_ufunc__(self, function: np.ufunc, method: str, *inputs: Any, **more: Any) -> Any:
        import torch

        name = _FUNCTIONS.get(function.__name__)
        out = more.pop("out", None)
        if name is None or method != "__call__" or more:
            raise _refused(f"np.{function.__name__}{'' if method == '__call__' else f'.{method}'}")
        found = getattr(torch, name)(*(self._tensor(value) for value in inputs))
        if out is None:
            return OnDevice(found)
        out[0].tensor.copy_(found)
        return out[0]

    def __array_function__(
        self, function: Callable[..., Any], types: Any, inputs: tuple[Any, ...], more: dict[str, Any]
    ) -> Any:
        import torch

        if function is not np.where or len(inputs) != 3 or more:
            raise _refused(f"np.{function.__name__}")
        return OnDevice(torch.where(*(self._tensor(value) for value in inputs)))

    def _tensor(self, value: Any) -> Tensor:
        """Return what a function is given, as a tensor; numbers stay off the device, which needs no copy of them."""
        import torch

        if isinstance(value, OnDevice):
            return value.tensor
        array = np.asarray(value)
        if array.dtype.kind in "iu":
            array = array.astype(float)
        made = torch.from_numpy(np.ascontiguousarray(array).reshape(array.shape))
        return made if array.ndim == 0 else made.to(self.tensor.device)


def _refused(what: str) -> InputError:
    return InputError(
        f"the formula of an element asks for {what}, which there is none of on a graphics processor: fit with "
        "device='cpu', or write it with functions of numpy such as exp, log, sqrt, tanh and where"
    )
