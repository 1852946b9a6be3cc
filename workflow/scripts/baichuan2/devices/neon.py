"""Linears of an Arm CPU, whose weights lie in blocks of our own: native.c reads them, in decode and in prefill.

oneDNN has no int8 kernel for an Arm CPU without SVE, as a Kunpeng 920 is: its reference, which widens weights and
inputs to float64 at every call, takes 40 instructions a multiplication.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2.devices import native
from baichuan2.devices.native import LANES
from baichuan2.w8a8.arithmetic import PIECE, DynamicLinear, QuantizedLinear


class Int8Linear:
    """x [..., I] in `dtype` -> [..., O]: as Device.int8_linear and Device.dynamic_linear, to the last bit."""

    def __init__(self, layer: QuantizedLinear | DynamicLinear, dtype: torch.dtype):
        self.dtype, weight = dtype, blocks(layer.weight)
        inverse_scale, offset, scale = 0.0, 0, layer.weight_scale.flatten()
        bias = torch.zeros(len(scale), dtype=torch.int32)
        if isinstance(layer, QuantizedLinear):
            inverse_scale, offset = 1.0 / layer.input_scale.item(), int(layer.input_offset.item())
            scale, bias = layer.deq_scale, layer.quant_bias
        self._referenced = weight, scale.clone(), bias.clone()
        self.blocks = blocks_of(layer.weight)
        addresses = (part.data_ptr() for part in self._referenced)
        self._structure = native.Linear(
            *addresses, len(scale), self.blocks[1], LANES, native.KINDS[torch.int8], inverse_scale,
            offset + native.UNSIGNED_SHIFT,
        )  # fmt: skip

    def structure(self) -> native.Linear:
        """As native.c sees it."""
        return self._structure

    def __call__(self, x: Tensor, largest: Tensor | None = None) -> Tensor:
        """largest: as in Device.dynamic_linear."""
        return native.int8_product(self._structure, x, largest).to(self.dtype)


class FloatLinear:
    """x [..., I] -> x . weight^T [..., O] in x's dtype, of a weight [O, I] of float32 or bfloat16.

    Up to native.ARM_ROWS rows go through native.c; more, some blocks of the weight at a time, through torch, in
    `product`: the weight's dtype where the processor multiplies in it, else float32.
    """

    def __init__(self, weight: Tensor, product: torch.dtype):
        self._weight, self._dtype, self._product = blocks(weight), weight.dtype, product
        self.outputs, self.inputs = weight.shape
        self.blocks = blocks_of(weight)
        self._structure = native.Linear(
            self._weight.data_ptr(), None, None, self.outputs, self.blocks[1], LANES, native.KINDS[weight.dtype], 0, 0
        )

    def structure(self) -> native.Linear:
        """As native.c sees it."""
        return self._structure

    def __call__(self, x: Tensor) -> Tensor:
        if x.numel() <= native.ARM_ROWS * self.inputs:
            return native.float_product(self._structure, x).to(x.dtype)
        y, x = x.new_empty(*x.shape[:-1], self.outputs), x.to(self._product)
        at_once = max(1, PIECE // self.inputs // LANES)
        for begin, part in enumerate(self._weight.split(at_once)):
            begin *= at_once * LANES
            rows = part.transpose(1, 2).contiguous().view(self._dtype).flatten(0, 1)[: self.outputs - begin]
            y[..., begin : begin + len(rows)] = F.linear(x, rows[:, : self.inputs].to(self._product))
        return y


def blocks_of(weight: Tensor) -> tuple[int, int]:
    """(outputs of a block, padded inputs) of a weight [O, I]."""
    return LANES, weight.shape[1] + -weight.shape[1] % LANES


def blocks(weight: Tensor) -> Tensor:
    """A weight [O, I] as native.c reads it, int32 [O / 16, I / k, 16], each k numbers of 4 bytes together, padded."""
    outputs, inputs = weight.shape
    if outputs % LANES or inputs % LANES:
        weight = F.pad(weight, (0, -inputs % LANES, 0, -outputs % LANES))
    elif weight.storage_offset() * weight.itemsize % 4:
        weight = weight.clone()
    words = weight.contiguous().view(torch.int32)
    made = words.view(-1, LANES, words.shape[1]).transpose(1, 2).contiguous()
    native.use_huge_pages(made.data_ptr(), made.nbytes)
    return made
