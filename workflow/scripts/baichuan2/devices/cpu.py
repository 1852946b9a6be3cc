"""CPU: weights prepacked for oneDNN; W8A8 by its u8 x s8 kernels, float32 and all on Arm by native.c (neon.py)."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import accumulate
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2 import host
from baichuan2.devices import BFLOAT16, native, neon
from baichuan2.devices.base import AddNorm, Device
from baichuan2.devices.native import UNSIGNED_SHIFT
from baichuan2.devices.screening import MOST_INPUTS, Screen
from baichuan2.devices.view import View
from baichuan2.modeling import network
from baichuan2.modeling.network import LayerParts
from baichuan2.w8a8.arithmetic import DynamicLinear, Int8Weights, QuantizedLinear, pieces, quantize_tokens, row_sums

log = logging.getLogger(__name__)
Layer = TypeVar("Layer", QuantizedLinear, DynamicLinear)
# The largest u8 of which two products with int8 weights always sum within 16 bits: 2 * 128 * -128 = -2^15.
HALF_U8 = 128
FEW_ROWS = 4
ROWS_IN_HALVES = 64  # at a time: both halves' sums are in memory together
# New tokens of a sequence, on average, from which on its attention is computed apart: a shared prefix is copied.
LONG_RUN = 16
# {(outputs, inputs): a linear of that shape, as long as it is in use, whose packing native.pack_int8 has repeated}
_ALIKE: WeakValueDictionary[tuple[int, int], PackedInt8] = WeakValueDictionary()


def open_device(index: int, threads: int | None) -> Device:
    host.pin(index, int(os.environ.get("LOCAL_WORLD_SIZE", "1")))
    return CpuDevice(index, threads)


class CpuDevice(Device):
    """oneDNN where this build of torch has it (x86), native.c on Arm, torch's plain operators elsewhere.

    packs: the dtypes that oneDNN multiplies in, with weights that it packs. largest_u8: of the activations that it
    multiplies by int8 weights. own_blocks: whether weights lie in blocks of our own.
    """

    ends_alone = True

    def __init__(self, index: int = 0, threads: int | None = None):
        super().__init__(index, threads)
        dtypes = (torch.float32, *((torch.bfloat16,) if BFLOAT16 & host.cpu_flags() else ()))
        self.packs = {dtype for dtype in dtypes if has_onednn_linear(dtype)}
        self.largest_u8 = onednn_largest_u8()
        self.own_blocks = native.ON_ARM and native.library() is not None
        self.attends_prompts, self.attends_runs = native.attends_prompts(), native.tiles()
        self._pools: dict[int, ThreadPoolExecutor] = {}

    def dtype(self, requested: str, published: str) -> torch.dtype:
        """float16 computes in bfloat16: its CPU kernels are 5 to 20 times slower. "auto" is as published."""
        dtype = super().dtype(requested, published)
        if dtype == torch.float16:
            log.info("float16 is slow on a CPU: computing in bfloat16 (engine.dtype: float32 for full precision)")
            dtype = torch.bfloat16
        if dtype == torch.bfloat16 and dtype not in self.packs:
            log.info("this CPU has no bfloat16 products: several rows go in float32, with weights widened in pieces")
        return dtype

    def bias_dtype(self, dtype: torch.dtype) -> torch.dtype:
        return torch.float32

    def attention(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        if query.shape[2] >= LONG_RUN * (1 if view.runs is None else len(view.runs)):
            of_floats = self.attends_runs and query.dtype == keys.dtype == torch.float32
            runs = runs_of(view, query.shape[2]) if of_floats else None
            if runs is not None:
                return native.attend_runs(query, keys, values, runs, view.prefix, view.slopes)
            if view.runs is not None:
                return attend_apart(query, keys, values, view)
        one = query.shape[2] == 1
        if one and keys.dtype == torch.bfloat16 and view.key_segments is None and native.can(query):
            positions = view.query_positions[:, 0].expand(len(query))
            return native.attend(query, keys, values, positions, view.slopes)
        in_pairs = query.shape[3] % 2 == 0  # as its instructions multiply
        if self.attends_prompts and in_pairs and keys.dtype == query.dtype == torch.bfloat16:
            begin = prompt_begin(view)
            if begin is not None:
                return native.attend_prompts(query, keys, values, begin, view.slopes)
        if query.dtype == torch.float32 or query.dtype not in self.packs or one:
            return super().attention(query.float(), keys.float(), values.float(), view).to(query.dtype)
        # A prompt in bfloat16: its products are 2 to 4 times as fast, the bias stays float32.
        return super().attention(query, keys.to(query.dtype), values.to(query.dtype), view)

    def attention_of(self, ends: network.Index, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        if not native.can(query):
            return super().attention_of(ends, query, keys, values, view)
        positions = view.query_positions[0, ends[1]]
        starts: Tensor | None = None
        if view.runs is not None:
            counts = torch.tensor([run.stop - run.start for run in view.runs])
            starts = torch.tensor([run.first for run in view.runs]).repeat_interleave(counts)[ends[1]]
        chosen = query.transpose(1, 2)[ends][:, :, None]
        return native.attend(chosen, keys, values, positions, view.slopes, starts, view.prefix).flatten(1)

    def rotate(self, x: Tensor, view: View) -> Tensor:
        if view.rotary is None or not native.can(x):
            return super().rotate(x, view)
        return native.rotate(x, *view.rotary)

    def most_likely(self, logits: Tensor) -> list[int]:
        return logits.numpy().argmax(axis=-1).tolist()  # 7 us a row of 125,696, where torch takes 180

    def embedding(self, weight: Tensor, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        """The weight stays as it is stored, and memory-mapped where it is: ranks of a host then have one together."""
        return lambda tokens: weight[tokens].to(dtype)

    def linear(self, weight: Tensor) -> Callable[[Tensor], Tensor]:
        if self.own_blocks and weight.dtype in native.KINDS:
            return neon.FloatLinear(weight, weight.dtype if weight.dtype in self.packs else torch.float32)
        if weight.dtype in self.packs:
            return PackedLinear(weight)
        return WidenedLinear(weight) if weight.dtype == torch.bfloat16 else super().linear(weight.clone())

    def int8_linear(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        if self.own_blocks:
            return neon.Int8Linear(layer, dtype)
        if not self.largest_u8:
            return super().int8_linear(copied(layer), dtype)
        return PackedInt8Linear(layer, dtype, self.largest_u8)

    def dynamic_linear(self, layer: DynamicLinear, dtype: torch.dtype) -> Callable[..., Tensor]:
        if self.own_blocks:
            return neon.Int8Linear(layer, dtype)
        if not self.largest_u8:
            return super().dynamic_linear(copied(layer), dtype)
        return PackedDynamicLinear(layer, dtype, self.largest_u8)

    def int8_weight_linear(self, weight: Tensor, scale: Tensor) -> Callable[[Tensor], Tensor]:
        if native.library() is None:
            return Weights8(weight, scale)
        return native.Weights8(weight, scale)

    def screen(self, head: Any, weight: Tensor, outputs: int) -> Screen | None:
        blocks = getattr(head, "blocks", None)
        if native.library() is None or blocks is None or weight.shape[1] > MOST_INPUTS:
            return None
        return Screen(weight, blocks[1], outputs)

    def add_norm(self, weight: Tensor, eps: float) -> Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]:
        return NativeAddNorm(weight, eps) if native.can(weight) else super().add_norm(weight, eps)

    def gated(self, gate_up: Callable[[Tensor], Tensor]) -> tuple[Callable[[Tensor], Tensor], Callable]:
        if (
            isinstance(gate_up, PackedLinear | PackedInt8Linear | PackedDynamicLinear)
            and gate_up.blocks is not None
            and native.gates(gate_up.structure())
        ):
            return Gated(gate_up), lambda y: y
        return super().gated(gate_up)

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

    def describe(self) -> dict:
        """compiled: the source whose functions take the place of torch's operators, or None."""
        return super().describe() | {"compiled": native.SOURCE.name if native.library() is not None else None}

    def compiled(
        self, layers: Sequence[LayerParts], norm: Any, head: Any, screen: Screen | None, shape: native.Shape
    ) -> native.NativeNetwork | None:
        return native.compiled(layers, norm, head, screen, shape, torch.get_num_threads())


def prompt_begin(view: View) -> int | None:
    """The position of every sequence's first new token, where the others follow, each in the slot of its position."""
    if view.key_segments is None and not view.decode and isinstance(view.slots, slice):
        return view.slots.start
    return None


def runs_of(view: View, tokens: int) -> Tensor | None:
    """The view's `tokens` new tokens of each row as native.attend_runs takes them; None where it does not."""
    if "runs" not in view.prepared:
        view.prepared["runs"] = _runs_of(view, tokens)
    return view.prepared["runs"]


def _runs_of(view: View, tokens: int) -> Tensor | None:
    if view.runs is not None:
        counts = [run.stop - run.start for run in view.runs]
        begins = [view.prefix + run.start - run.first for run in view.runs]
        firsts = [run.first for run in view.runs]
        rows, numbers = [0] * len(counts), [0, *accumulate(counts)][:-1]
    else:
        begin = prompt_begin(view)
        if begin is None:
            return None
        rows = list(range(view.rows))
        counts, begins, firsts = ([number] * len(rows) for number in (tokens, begin, 0))
        numbers = [row * tokens for row in rows]
    return torch.tensor([rows, firsts, begins, counts, numbers]).t().contiguous()


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
    """x [..., I] -> x . weight^T [..., O], the weight prepacked by oneDNN; native.c multiplies where it is faster."""

    def __init__(self, weight: Tensor):
        self.packed = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous())
        self.blocks, self.outputs = native.blocks_of(self.packed, weight), len(weight)
        self.kind = native.KINDS.get(weight.dtype)
        self.natively = weight.dtype == torch.float32 and self.blocks is not None and native.tiles()

    def structure(self) -> native.Linear:
        """As native.c sees it."""
        assert self.blocks is not None  # native.compiled has looked
        (block, inputs), weight = self.blocks, torch.ops.mkldnn.data_ptr(self.packed)
        return native.Linear(weight, None, None, self.outputs, inputs, block, self.kind, 0.0, 0.0)

    def __call__(self, x: Tensor) -> Tensor:
        if self.natively:
            return native.multiply(self.structure(), x)
        return torch.ops.mkldnn._linear_pointwise(x, self.packed, None, "none", [], "")


class WidenedLinear:
    """x bfloat16 [..., I] -> x . weight^T [..., O], on a CPU without products of bfloat16.

    torch's own keeps pace with the memory for a few rows, and takes 4 times as long as float32 for many.
    """

    def __init__(self, weight: Tensor):
        self.weight = weight.clone()

    def __call__(self, x: Tensor) -> Tensor:
        if x.numel() <= FEW_ROWS * x.shape[-1]:
            return F.linear(x, self.weight)
        return widened_product(x, self.weight, x.dtype)


class Weights8:
    """native.Weights8 without native.c."""

    def __init__(self, weight: Tensor, scale: Tensor):
        self.weight, self.scale = weight, scale.flatten()

    def __call__(self, x: Tensor) -> Tensor:
        return widened_product(x, self.weight, torch.float32).mul_(self.scale)


def widened_product(x: Tensor, weight: Tensor, dtype: torch.dtype) -> Tensor:
    """x . weight^T [..., O] in `dtype`, computed in float32 with some rows of the weight [O, I] at a time."""
    y, x = torch.empty(*x.shape[:-1], len(weight), dtype=dtype), x.float()
    for rows, piece in pieces(weight):
        y[..., rows] = F.linear(x, piece.float())
    return y


class PackedInt8:
    """int8 weights prepacked by oneDNN, and what both schemes do with them.

    scale: what native.c multiplies its sums by, float32 [O]. largest_u8: of onednn_largest_u8.
    """

    def __init__(
        self, layer: Int8Weights, dtype: torch.dtype, scale: Tensor, quant_bias: Tensor | None, largest_u8: int
    ):
        weight = layer.weight.contiguous()
        self.sums = row_sums(weight)
        self.packed, self.blocks = self._packed(weight)
        self.dtype, self.in_halves = dtype, largest_u8 == HALF_U8
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
        if not self.in_halves:
            return self._pointwise(q, scale, zero_point, self.weight_scale, bias, dtype)
        y = torch.empty(*q.shape[:-1], len(self.scale), dtype=dtype)
        parts = (tensor.flatten(0, -2).split(ROWS_IN_HALVES) for tensor in (q, y))
        for rows, into in zip(*parts, strict=True):
            sums = self._sums_of_halves(rows, zero_point).mul_(scale * self.weight_scale)
            into.copy_(sums if bias is None else sums.add_(bias))
        return y

    def _sums_of_halves(self, q: Tensor, zero_point: int) -> Tensor:
        """(q - zero_point) . weight^T, float32 [N, O], of q uint8 [N, I]: integers, rounded above 2^24.

        Each number goes as the sum of two of at most HALF_U8, the zero point as twice its half; an odd one is first
        made even, together with the numbers.
        """
        odd = zero_point % 2
        even = q.to(torch.int16) + odd
        low = even >> 1
        both, ones = torch.cat((low, even - low)).to(torch.uint8), torch.ones_like(self.weight_scale)
        low, high = self._pointwise(both, 1.0, (zero_point + odd) // 2, ones, None, torch.float32).chunk(2)
        return low + high

    def _pointwise(
        self, q: Tensor, scale: float, zero_point: int, weight_scale: Tensor, bias: Tensor | None, dtype: torch.dtype
    ) -> Tensor:
        return torch.ops.onednn.qlinear_pointwise(
            q, scale, zero_point, self.packed, weight_scale, self.weight_zero_point, bias,
            1.0, 0, dtype, "none", [], "",
        )  # fmt: skip


class PackedInt8Linear(PackedInt8):
    """x [..., I] in `dtype` -> [..., O]: quantized to u8, multiplied, dequantized by oneDNN."""

    def __init__(self, layer: QuantizedLinear, dtype: torch.dtype, largest_u8: int):
        super().__init__(layer, dtype, layer.deq_scale, layer.quant_bias, largest_u8)
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

    def __init__(self, layer: DynamicLinear, dtype: torch.dtype, largest_u8: int):
        super().__init__(layer, dtype, layer.weight_scale.flatten(), None, largest_u8)

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


class Gated:
    """x [..., I] -> silu(gate) * up [..., O / 2] of a linear gate|up, all of it by native.c."""

    def __init__(self, gate_up: PackedLinear | PackedInt8Linear | PackedDynamicLinear):
        self.linear, self._structure, self.blocks = gate_up, gate_up.structure(), gate_up.blocks

    def structure(self) -> native.Linear:
        """As native.c sees the linear."""
        return self._structure

    def __call__(self, x: Tensor) -> Tensor:
        return native.gated(self._structure, x)


def float_bias(layer: QuantizedLinear, sums: Tensor) -> Tensor | None:
    """quant_bias without the zero point's share, float32 [O]; None where that is zero.

    oneDNN applies the zero point itself, so what remains of the bias is quant_bias + input_offset * sums.
    """
    rest = layer.quant_bias.double() + layer.input_offset.double() * sums
    return (rest * layer.deq_scale).float() if rest.any() else None


def copied(layer: Layer) -> Layer:
    """The layer with a weight of its own, where it may be memory-mapped."""
    return replace(layer, weight=layer.weight.clone())


def has_onednn_linear(dtype: torch.dtype) -> bool:
    """Whether prepacked oneDNN linears of a dtype work here: private operators of torch, so this tries one."""
    try:
        weight, x = torch.eye(16, dtype=dtype), torch.ones(2, 16, dtype=dtype)
        packed = torch.ops.mkldnn._reorder_linear_weight(weight)
        return torch.equal(torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], ""), x)
    except (AttributeError, RuntimeError):
        return False


def onednn_largest_u8() -> int:
    """The largest u8 that oneDNN's u8 x s8 linear multiplies exactly here; 0 where it has no fast one.

    255 with VNNI. Without, x86 adds two products in 16 bits and saturates: HALF_U8 at most. Each is tried, on numbers
    that would saturate. Not on Arm, where it is oneDNN's reference kernel, 80 times slower than int8_product.
    """
    if platform.machine() not in ("x86_64", "AMD64"):
        return 0
    for largest in (255, HALF_U8):
        if multiplies_exactly(largest):
            if largest == HALF_U8:
                log.info("this CPU has no VNNI: W8A8 goes through oneDNN in two halves, exactly, but more slowly")
            return largest
    log.info("this torch has no exact oneDNN int8 linear: W8A8 goes in float32, exactly, but more slowly")
    return 0


def multiplies_exactly(largest: int) -> bool:
    """Whether oneDNN's u8 x s8 linear is exact for numbers up to `largest`, tried at the ends of both ranges."""
    q = torch.tensor([[largest], [0]], dtype=torch.uint8).repeat(1, 64)
    weight = torch.tensor([[127], [-128]], dtype=torch.int8).repeat(8, 64)
    ones, zeros = torch.ones(len(weight)), torch.zeros(len(weight), dtype=torch.int64)
    try:
        packed = torch.ops.onednn.qlinear_prepack(weight, None)
        y = torch.ops.onednn.qlinear_pointwise(
            q, 1.0, 64, packed, ones, zeros, None, 1.0, 0, torch.float32, "none", [], ""
        )
    except (AttributeError, RuntimeError):
        return False
    return torch.equal(y.long(), (q.long() - 64) @ weight.long().t())
