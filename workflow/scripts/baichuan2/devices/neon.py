"""C (neon.c) for an Arm CPU with dot products: int8 linears of both schemes, compiled as native.c is.

oneDNN has no int8 kernel for an Arm CPU without SVE, as a Kunpeng 920 is: its reference, which widens weights and
inputs to float64 at every call, takes 40 instructions a multiplication.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2.devices import compiling
from baichuan2.devices.native import use_huge_pages
from baichuan2.w8a8.arithmetic import DynamicLinear, QuantizedLinear

SOURCE = Path(__file__).with_suffix(".c")
# tsv110: the Kunpeng 920; gcc's generic tuning loads vectors one by one, where this loads pairs.
FLAGS = ["-O3", "-march=armv8.2-a+dotprod", "-mtune=tsv110", "-fopenmp", "-shared", "-fPIC"]
NEEDS = {"asimddp"}
LANES = 16

pointer, integer = ctypes.c_void_p, ctypes.c_int64


class Structure(ctypes.Structure):
    _fields_ = [
        *((name, pointer) for name in ("weight", "scale", "bias")),
        *((name, integer) for name in ("outputs", "inputs")),
        ("inverse_scale", ctypes.c_float),
        ("offset", ctypes.c_int32),
    ]


@cache
def library() -> ctypes.CDLL | None:
    """The compiled neon.c; None, with a line that says why, where this machine cannot run or compile it."""
    return compiling.library(SOURCE, FLAGS, "aarch64", NEEDS, "int8 linears by torch's operators")


class Int8Linear:
    """x [..., I] in `dtype` -> [..., O]: as Device.int8_linear and Device.dynamic_linear, to the last bit."""

    def __init__(self, layer: QuantizedLinear | DynamicLinear, dtype: torch.dtype):
        loaded = library()
        assert loaded is not None  # who makes one has looked
        self._function, self.dtype = loaded.int8_linear, dtype
        self.outputs, self.inputs = layer.weight.shape
        more = -self.outputs % LANES
        self._weight = blocks(layer.weight)
        use_huge_pages(self._weight.data_ptr(), self._weight.nbytes)
        inverse_scale, offset, scale = 0.0, 0, layer.weight_scale.flatten()
        bias = torch.zeros(self.outputs, dtype=torch.int32)
        if isinstance(layer, QuantizedLinear):
            inverse_scale, offset = 1.0 / layer.input_scale.item(), int(layer.input_offset.item())
            scale, bias = layer.deq_scale, layer.quant_bias
        self._scale, self._bias = (torch.cat([part, part.new_zeros(more)]) for part in (scale, bias))
        addresses = (part.data_ptr() for part in (self._weight, self._scale, self._bias))
        self._structure = Structure(*addresses, self.outputs, self.inputs, inverse_scale, offset)

    def __call__(self, x: Tensor, largest: Tensor | None = None) -> Tensor:
        """largest: as in Device.dynamic_linear."""
        x = x.float().contiguous()
        rows = x.numel() // self.inputs
        q = torch.empty(rows, self.inputs + -self.inputs % LANES, dtype=torch.int8)
        scales, y = torch.empty(rows), torch.empty(*x.shape[:-1], self.outputs)
        self._function(
            ctypes.byref(self._structure), pointer(x.data_ptr()),
            None if largest is None else pointer(largest.data_ptr()), integer(rows), pointer(q.data_ptr()),
            pointer(scales.data_ptr()), pointer(y.data_ptr()), integer(torch.get_num_threads()),
        )  # fmt: skip
        return y.to(self.dtype)


def blocks(weight: Tensor) -> Tensor:
    """An int8 weight [O, I] as neon.c reads it, [O / 16, I / 4, 16], each four int8 in an int32, padded."""
    outputs, inputs = weight.shape
    if outputs % LANES or inputs % LANES:
        weight = F.pad(weight, (0, -inputs % LANES, 0, -outputs % LANES))
    elif weight.storage_offset() % 4:
        weight = weight.clone()
    of_four = weight.contiguous().view(torch.int32).view(-1, LANES, weight.shape[1] // 4)
    return of_four.transpose(1, 2).contiguous()
