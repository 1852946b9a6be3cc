"""The device under test, the CPU as its reference, and random numbers from one seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

import torch
from torch import Tensor

from baichuan2.acceptance.rows import Check, NotHereError, Options, Outcome
from baichuan2.devices import open_device
from baichuan2.devices.base import Device
from baichuan2.errors import UserError
from baichuan2.w8a8.arithmetic import QuantizedLinear, folded

HEAD_DIM = 128
SHORT = 33  # queries or keys that fill no block
KEYS, USED = 1024, 700  # slots of a cache, and how many are filled; a report says that masks end at slot 512
EPS = 1e-6  # of a norm
# Of one operator: its 16-bit output is rounded a few times, or it sums in another order.
BOUNDS = {torch.float16: 2e-3, torch.bfloat16: 2e-2, torch.float32: 1e-5}


@dataclass(frozen=True)
class Sizes:
    """13B's, or tiny ones. prompt: tokens of a prefill."""

    heads: int
    intermediate: int
    vocab: int
    prompt: int

    @property
    def hidden(self) -> int:
        return self.heads * HEAD_DIM


FULL_SIZES = Sizes(heads=40, intermediate=13696, vocab=125696, prompt=600)
QUICK_SIZES = Sizes(heads=3, intermediate=512, vocab=544, prompt=40)


class Trial:
    """`device` is under test; `cpu`, with torch's own operators, is the reference."""

    def __init__(self, options: Options):
        self.device = open_device(options.device)
        self.cpu = Device()
        self.quick, self.sizes = options.quick, QUICK_SIZES if options.quick else FULL_SIZES
        self.dtypes = dtypes_of(self.device)
        self._generator = torch.Generator().manual_seed(0)

    def normal(self, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
        return torch.randn(shape, generator=self._generator).to(dtype)

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """int8 from low to high, both included."""
        return torch.randint(low, high + 1, shape, generator=self._generator, dtype=torch.int8)

    def to_device(self, *tensors: Tensor) -> list[Tensor]:
        """The tensors on the device."""
        return [tensor.to(self.device.torch_device) for tensor in tensors]

    def inputs(self, dtype: torch.dtype) -> Tensor:
        """Hidden states [2, 3, E]."""
        return self.normal(2, 3, self.sizes.hidden, dtype=dtype)

    def norm_weight(self, dtype: torch.dtype) -> Tensor:
        return (1 + 0.1 * self.normal(self.sizes.hidden)).to(dtype)

    def linear(self, rows: int, columns: int) -> QuantizedLinear:
        """A random W8A8 linear [rows, columns], with scales that 16 bits do not hold exactly."""
        weight_scale = 0.06 / 127 * (1 + torch.rand(rows, 1, generator=self._generator))
        weight = self.integers(-127, 127, rows, columns)
        return folded(weight, weight_scale, torch.tensor([8.3 / 255]), torch.tensor([-7.0]))

    def checks(self, functions: Mapping[str, Callable[[Trial, torch.dtype], Outcome]]) -> Iterator[Check]:
        """A check of each function in each dtype; the keys say what a function compares."""
        for dtype in self.dtypes:
            for what, function in functions.items():
                yield Check(f"{dtype_name(dtype)}: {what}", partial(function, self, dtype))

    def need(self, feature: str, what: str) -> None:
        """Raise NotHereError if the device is an Ascend chip without a feature (devices.ascend.Soc)."""
        soc = getattr(self.device, "soc", None)
        if soc and not getattr(soc, feature):
            raise NotHereError(f"{soc.name} has no {what}")

    def need_graphs(self) -> None:
        """Raise NotHereError if decode cannot be captured."""
        try:
            self.device.graphs("capture", 1)
        except UserError as error:
            raise NotHereError(str(error)) from None


@cache
def trial_of(options: Options) -> Trial:
    return Trial(options)


def dtypes_of(device: Device) -> tuple[torch.dtype, ...]:
    """The dtypes that a device computes in."""
    if device.name == "cpu":
        return torch.float32, torch.bfloat16
    bfloat16 = device.dtype("auto", "bfloat16")  # float16 on a chip without it
    return tuple(dict.fromkeys((torch.float16, bfloat16)))


def dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
