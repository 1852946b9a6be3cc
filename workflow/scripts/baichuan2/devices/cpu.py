"""CPU: weights prepacked for oneDNN; W8A8 through its u8 x s8 kernels."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2 import host
from baichuan2.devices import native
from baichuan2.devices.base import AddNorm, Device
from baichuan2.devices.view import View
from baichuan2.modeling import network
from baichuan2.modeling.network import LayerParts
from baichuan2.w8a8.arithmetic import DynamicLinear, Int8Weights, QuantizedLinear, quantize_tokens, row_sums

log = logging.getLogger(__name__)
Layer = TypeVar("Layer", QuantizedLinear, DynamicLinear)
# oneDNN has fast int8 kernels for unsigned activations only; signed ones fall to a reference kernel that is a
# thousand times slower. So the input is q + 128, with the zero point shifted by 128 too.
UNSIGNED_SHIFT = 128
# New tokens of a packed sequence, on average, from which on its attention is computed apart: the prefix is copied.
LONG_RUN = 16
# {(outputs, inputs): a linear of that shape, as long as it is in use, whose packing native.pack_int8 has repeated}
_ALIKE: WeakValueDictionary[tuple[int, int], PackedInt8] = WeakValueDictionary()


def open_device(index: int, threads: int | None) -> Device:
    host.pin(index, int(os.environ.get("LOCAL_WORLD_SIZE", "1")))
    return CpuDevice(index, threads)


class CpuDevice(Device):
    """oneDNN where this build of torch has it (x86), torch's plain operators elsewhere."""

    def __init__(self, index: int = 0, threads: int | None = None):
        super().__init__(index, threads)
        self.onednn_float = has_onednn_linear()
        self.onednn_int8 = has_onednn_int8()
        self._pools: dict[int, ThreadPoolExecutor] = {}

    def dtype(self, requested: str, published: str) -> torch.dtype:
        """float16 computes in bfloat16: its CPU kernels are 5 to 20 times slower. "auto" is as published."""
        dtype = super().dtype(requested, published)
        if dtype == torch.float16:
            log.info("float16 is slow on a CPU: computing in bfloat16 (engine.dtype: float32 for full precision)")
            return torch.bfloat16
        return dtype

    def cache_dtype(self, dtype: torch.dtype) -> torch.dtype:
        """float32, which native.c reads; by torch one query over bfloat16 keys takes 2 to 10 times as long."""
        return torch.float32

    def attention(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        if view.runs is not None and query.shape[2] >= LONG_RUN * len(view.runs):
            return attend_apart(query, keys, values, view)
        if query.dtype == torch.float32 or query.shape[2] == 1:
            return super().attention(query.float(), keys, values, view).to(query.dtype)
        # A prompt in bfloat16: its products are 2 to 4 times as fast, the bias stays float32.
        return super().attention(query, keys.to(query.dtype), values.to(query.dtype), view)

    def most_likely(self, logits: Tensor) -> list[int]:
        return logits.numpy().argmax(axis=-1).tolist()  # 7 us a row of 125,696, where torch takes 180

    def embedding(self, weight: Tensor, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        """The weight stays as it is stored, and memory-mapped where it is: ranks of a host then have one together."""
        return lambda tokens: weight[tokens].to(dtype)

    def linear(self, weight: Tensor) -> Callable[[Tensor], Tensor]:
        return PackedLinear(weight) if self.onednn_float else super().linear(weight.clone())

    def int8_linear(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        return PackedInt8Linear(layer, dtype) if self.onednn_int8 else super().int8_linear(copied(layer), dtype)

    def dynamic_linear(self, layer: DynamicLinear, dtype: torch.dtype) -> Callable[..., Tensor]:
        return PackedDynamicLinear(layer, dtype) if self.onednn_int8 else super().dynamic_linear(copied(layer), dtype)

    def int8_weight_linear(self, weight: Tensor, scale: Tensor) -> Callable[[Tensor], Tensor]:
        if native.library() is None:
            return super().int8_weight_linear(weight, scale)
        return native.Weights8(weight, scale)

    def add_norm(self, weight: Tensor, eps: float) -> Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]:
        return NativeAddNorm(weight, eps) if native.can(weight) else super().add_norm(weight, eps)

    def silu_mul(self, gate_up: Tensor) -> Tensor:
        return native.silu_mul(gate_up) if native.can(gate_up) else super().silu_mul(gate_up)

    def each(self, function: Callable[[Any], Any], items: Iterable[Any]) -> list:
        """One item per thread: the order of every sum, and so its last bit, is the same for any number of threads."""
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # MKL has one setting for all threads
        try:
            return list(self._workers(threads).map(torch.inference_mode()(function), items))
        finally:
            torch.set_num_threads(threads)

    def _workers(self, threads: int) -> ThreadPoolExecutor:
        """Threads whose own operators run on one thread each; made once."""
        if threads not in self._pools:
            self._pools[threads] = ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,))
        return self._pools[threads]

    def release(self) -> None:
        host.release_freed_memory()

    def lay_out(self, tensor: Tensor) -> None:
        native.use_huge_pages(tensor.data_ptr(), tensor.nbytes)

    def compiled(
        self, layers: Sequence[LayerParts], norm: Any, head: Any, shape: native.Shape
    ) -> native.NativeNetwork | None:
        return native.compiled(layers, norm, head, shape, torch.get_num_threads())


def attend_apart(query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
    """Device.attention of packed sequences, each with the prefix's and its own keys alone.

    Those of the others, which it does not see, are most of the slots. So a result depends on no other sequence.
    """
    assert view.runs is not None
    if "biases" not in view.prepared:
        view.prepared["biases"] = list(_biases(view))
    keys, values = keys.to(query.dtype), values.to(query.dtype)
    result, begin = torch.empty_like(query), 0
    for run, bias in zip(view.runs, view.prepared["biases"], strict=True):
        rows = slice(begin, begin := begin + run.stop - run.start)
        seen_keys, seen_values = (
            torch.cat((slots[:, :, : view.prefix], slots[:, :, run.first : run.stop]), 2) for slots in (keys, values)
        )
        result[:, :, rows] = F.scaled_dot_product_attention(query[:, :, rows], seen_keys, seen_values, attn_mask=bias)
    return result


def _biases(view: View) -> Iterator[Tensor]:
    """The bias of each run over the prefix and its own slots, whose positions follow each other."""
    assert view.runs is not None
    new = view.query_positions[0].split([run.stop - run.start for run in view.runs])
    for run, positions in zip(view.runs, new, strict=True):
        seen = torch.arange(view.prefix + run.stop - run.first)
        visible = (seen <= positions[:, None])[None]
        yield network.attention_bias(positions[None], seen[None], visible, view.slopes, view.dtype)


class NativeAddNorm(AddNorm):
    def __init__(self, weight: Tensor, eps: float):
        super().__init__(weight.float().contiguous(), eps)

    def __call__(self, hidden: Tensor, delta: Tensor | None) -> tuple[Tensor, Tensor]:
        return native.add_norm(hidden, delta, self.weight, self.eps)


class PackedLinear:
    """x [..., I] -> x . weight^T [..., O], the weight prepacked by oneDNN."""

    def __init__(self, weight: Tensor):
        self.packed = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous())
        self.blocks, self.outputs = native.blocks_of(self.packed, weight), len(weight)
        self.kind = native.KINDS.get(weight.dtype)

    def structure(self) -> native.Linear:
        """As native.c sees it."""
        assert self.blocks is not None  # native.compiled has looked
        (block, inputs), weight = self.blocks, torch.ops.mkldnn.data_ptr(self.packed)
        return native.Linear(weight, None, None, self.outputs, inputs, block, self.kind, 0.0, 0.0)

    def __call__(self, x: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(x, self.packed, None, "none", [], "")


class PackedInt8:
    """int8 weights prepacked by oneDNN, and what both schemes do with them.

    scale: what native.c multiplies its sums by, float32 [O].
    """

    def __init__(self, layer: Int8Weights, dtype: torch.dtype, scale: Tensor, quant_bias: Tensor | None):
        weight = layer.weight.contiguous()
        self.sums = row_sums(weight)
        self.packed, self.blocks = self._packed(weight)
        self.dtype = dtype
        self.weight_scale = layer.weight_scale.flatten().contiguous()
        self.weight_zero_point = torch.zeros(len(self.weight_scale), dtype=torch.int64)
        self.scale = scale.contiguous()
        self.correction = -UNSIGNED_SHIFT * self.sums  # what native.c adds to its u8 x s8 sums
        if quant_bias is not None:
            self.correction += quant_bias

    def _packed(self, weight: Tensor) -> tuple[Tensor, tuple[int, int] | None]:
        """The weight packed, and its blocks: by oneDNN, or as oneDNN has packed the last one of this shape."""
        shape = (len(weight), weight.shape[1])
        like = _ALIKE.get(shape)
        if like is not None and like.blocks is not None:
            packed = like.packed.clone()
            native.pack_int8(weight, self.sums, like.blocks, packed)
            return packed, like.blocks
        packed = torch.ops.onednn.qlinear_prepack(weight, None)
        blocks = native.blocks_of(packed, weight)
        if blocks is not None:
            ours = packed.clone()
            if native.pack_int8(weight, self.sums, blocks, ours) and native.same_memory(ours, packed):
                _ALIKE[shape] = self
        return packed, blocks

    def as_native(self, inverse_scale: float, zero_point: int) -> native.Linear:
        assert self.blocks is not None  # native.compiled has looked
        (block, inputs), weight = self.blocks, torch.ops.mkldnn.data_ptr(self.packed)
        return native.Linear(
            weight, self.scale.data_ptr(), self.correction.data_ptr(), len(self.scale), inputs, block,
            native.KINDS[torch.int8], inverse_scale, zero_point,
        )  # fmt: skip

    def multiply(self, q: Tensor, scale: float, zero_point: int, bias: Tensor | None, dtype: torch.dtype) -> Tensor:
        """((q - zero_point) * scale) . (weight * weight_scale)^T + bias in `dtype`, of q uint8 [..., I]."""
        return torch.ops.onednn.qlinear_pointwise(
            q, scale, zero_point, self.packed, self.weight_scale, self.weight_zero_point, bias,
            1.0, 0, dtype, "none", [], "",
        )  # fmt: skip


class PackedInt8Linear(PackedInt8):
    """x [..., I] in `dtype` -> [..., O]: quantized to u8, multiplied, dequantized by oneDNN."""

    def __init__(self, layer: QuantizedLinear, dtype: torch.dtype):
        super().__init__(layer, dtype, layer.deq_scale, layer.quant_bias)
        self.input_scale = layer.input_scale.item()
        self.inverse_scale = 1.0 / self.input_scale
        self.zero_point = int(layer.input_offset.item()) + UNSIGNED_SHIFT
        self.bias = float_bias(layer, self.sums)

    def structure(self) -> native.Linear:
        """As native.c sees it."""
        return self.as_native(self.inverse_scale, self.zero_point)

    def __call__(self, x: Tensor) -> Tensor:
        if native.can(x):
            q = native.quantize(x, self.inverse_scale, self.zero_point)
        else:
            q = (x.float() * self.inverse_scale).round_().add_(self.zero_point).clamp_(0, 255).to(torch.uint8)
        return self.multiply(q, self.input_scale, self.zero_point, self.bias, self.dtype)


class PackedDynamicLinear(PackedInt8):
    """The same of the dynamic scheme: oneDNN multiplies by the weights' scales, each token's own comes after."""

    def __init__(self, layer: DynamicLinear, dtype: torch.dtype):
        super().__init__(layer, dtype, layer.weight_scale.flatten(), None)

    def structure(self) -> native.Linear:
        """As native.c sees it: an inverse_scale of 0 stands for each row's own."""
        return self.as_native(0.0, UNSIGNED_SHIFT)

    def __call__(self, x: Tensor, largest: Tensor | None = None) -> Tensor:
        """largest: as in Device.dynamic_linear."""
        if native.can(x):
            q, scale = native.quantize_tokens(x, largest)
        else:
            q, scale = quantize_tokens(x, largest)
            q = (q.to(torch.int16) + UNSIGNED_SHIFT).to(torch.uint8)
        return self.multiply(q, 1.0, UNSIGNED_SHIFT, None, torch.float32).mul_(scale).to(self.dtype)


def float_bias(layer: QuantizedLinear, sums: Tensor) -> Tensor | None:
    """quant_bias without the zero point's share, float32 [O]; None where that is zero.

    oneDNN applies the zero point itself, so what remains of the bias is quant_bias + input_offset * sums.
    """
    rest = layer.quant_bias.double() + layer.input_offset.double() * sums
    return (rest * layer.deq_scale).float() if rest.any() else None


def copied(layer: Layer) -> Layer:
    """The layer with a weight of its own, where it may be memory-mapped."""
    return replace(layer, weight=layer.weight.clone())


def has_onednn_linear() -> bool:
    """Whether prepacked oneDNN linears work here: they are private operators of torch, so this tries one."""
    try:
        weight, x = torch.eye(16), torch.ones(2, 16)
        packed = torch.ops.mkldnn._reorder_linear_weight(weight)
        return torch.equal(torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], ""), x)
    except (AttributeError, RuntimeError):
        log.info("this torch has no prepacked oneDNN linear: using plain ones")
        return False


def has_onednn_int8() -> bool:
    """Whether oneDNN's u8 x s8 linear works here, tried on a product whose result is known."""
    try:
        packed = torch.ops.onednn.qlinear_prepack(torch.full((16, 16), 2, dtype=torch.int8), None)
        q, ones, zeros = (
            torch.full((2, 16), 131, dtype=torch.uint8),
            torch.ones(16),
            torch.zeros(16, dtype=torch.int64),
        )
        y = torch.ops.onednn.qlinear_pointwise(
            q, 0.5, 128, packed, ones, zeros, None, 1.0, 0, torch.float32, "none", [], ""
        )
        return torch.equal(y, torch.full((2, 16), 48.0))
    except (AttributeError, RuntimeError):
        log.info("this torch has no oneDNN int8 linear: using torch._int_mm")
        return False
