"""The CUDA device's kernels, in Triton: norms, activation, W8A8 linears and attention.

Tested in Triton's interpreter on a CPU and compiled for sm_80 and sm_90, but never run on a card: block sizes are
estimates, not measured. Letters in shapes: B sequences, T new tokens, S keys, H heads, D head_dim, E hidden_size,
M rows, I inputs, O outputs. Sources: flash attention, arXiv:2205.14135; keys split over programs (flash-decoding),
https://pytorch.org/blog/flash-decoding.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from baichuan2.devices.view import SHARED
from baichuan2.w8a8.arithmetic import SMALLEST_SCALE, token_scale

FEW_ROWS = 16  # rows up to which a W8A8 linear is bound by reading its weight, and one kernel does all of it
LOG2_E = math.log2(math.e)
ROUNDER = tl.constexpr(1.5 * 2**23)  # float32 has no fraction there: adding and subtracting it rounds, half to even
PREFIX = tl.constexpr(SHARED)
SMALLEST = tl.constexpr(SMALLEST_SCALE)

# ---- between the products ----------------------------------------------------------------------------------


def add_norm(hidden: Tensor, delta: Tensor | None, weight: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """(hidden + delta, RMSNorm of it * weight): [..., E] twice and [E], of one dtype; float32 in between.

    Rounds to the dtype where network.rms_norm does: the sum, and the normalised sum before the weight.
    """
    columns = hidden.shape[-1]
    hidden = hidden.contiguous()
    normed = torch.empty_like(hidden)
    total = hidden if delta is None else torch.empty_like(hidden)
    other = hidden if delta is None else delta.contiguous()
    block = triton.next_power_of_2(columns)
    _add_norm[(hidden.numel() // columns,)](
        hidden, other, weight, total, normed, columns, eps, HAS_DELTA=delta is not None, BLOCK=block,
        num_warps=min(max(block // 512, 1), 16),
    )  # fmt: skip
    return total, normed


@triton.jit
def _add_norm(hidden, delta, weight, total, normed, columns, eps, HAS_DELTA: tl.constexpr, BLOCK: tl.constexpr):
    at = tl.arange(0, BLOCK)
    inside = at < columns
    row = tl.program_id(0).to(tl.int64) * columns
    x = tl.load(hidden + row + at, mask=inside, other=0.0)
    if HAS_DELTA:
        x = (x.to(tl.float32) + tl.load(delta + row + at, mask=inside, other=0.0).to(tl.float32)).to(x.dtype)
        tl.store(total + row + at, x, mask=inside)
    wide = x.to(tl.float32)
    scaled = (wide * tl.rsqrt(tl.sum(wide * wide, axis=0) / columns + eps)).to(x.dtype)
    gain = tl.load(weight + at, mask=inside, other=0.0).to(tl.float32)
    tl.store(normed + row + at, (gain * scaled.to(tl.float32)).to(x.dtype), mask=inside)


def silu_mul(gate_up: Tensor) -> Tensor:
    """[..., 2I], gate first -> silu(gate) * up [..., I], rounded to the dtype where network.silu_mul does."""
    gate_up = gate_up.contiguous()
    columns = gate_up.shape[-1] // 2
    result = gate_up.new_empty(*gate_up.shape[:-1], columns)
    _silu_mul[(result.numel() // columns, triton.cdiv(columns, 1024))](gate_up, result, columns, BLOCK=1024)
    return result


@triton.jit
def _silu_mul(gate_up, result, columns, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = at < columns
    gate = tl.load(gate_up + row * 2 * columns + at, mask=inside, other=0.0)
    up = tl.load(gate_up + row * 2 * columns + columns + at, mask=inside, other=0.0)
    wide = gate.to(tl.float32)
    activated = (wide * tl.sigmoid(wide)).to(gate.dtype)
    tl.store(result + row * columns + at, (activated.to(tl.float32) * up.to(tl.float32)).to(up.dtype), mask=inside)


# ---- W8A8 linears ------------------------------------------------------------------------------------------


class Int8Linear:
    """x [..., I] in `dtype` -> [..., O] in it: (xq . weight^T + bias) * deq_scale, xq as in w8a8.arithmetic.

    weight int8 [O, I], bias int32 [O], deq_scale float32 [O], on the device. The int32 sums are exact. Up to FEW_ROWS
    rows one kernel reads the weight once and does the rest beside; above, torch._int_mm between two small kernels.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None, deq_scale: Tensor, scale: float, offset: float, dtype):
        self.weight, self.bias, self.deq_scale, self.dtype = weight.contiguous(), bias, deq_scale, dtype
        self.inverse_scale, self.offset = 1.0 / scale, offset

    def __call__(self, x: Tensor) -> Tensor:
        return self._product(x.reshape(-1, x.shape[-1]).contiguous()).view(*x.shape[:-1], -1)

    def _product(self, x: Tensor, scales: Tensor | None = None) -> Tensor:
        """y [M, O] of x [M, I]; scales float32 [M]: of the dynamic scheme's tokens."""
        product = self._one_row if len(x) == 1 else self._few_rows if len(x) <= FEW_ROWS else self._many_rows
        return product(x, scales)

    def _arrays(self, scales: Tensor | None) -> tuple[Tensor, ...]:
        """bias, deq_scale and scales; deq_scale stands in for one that is not read: a kernel needs some pointer."""
        return tuple(self.deq_scale if array is None else array for array in (self.bias, self.deq_scale, scales))

    def _one_row(self, x: Tensor, scales: Tensor | None) -> Tensor:
        outputs, inputs = self.weight.shape
        y = x.new_empty(1, outputs, dtype=self.dtype)
        # 8 KiB of weight in flight a program; fewer outputs would quantize x more often than they use it
        block = 8
        _one_row[(triton.cdiv(outputs, block),)](
            x, self.weight, *self._arrays(scales), y, self.inverse_scale, self.offset, outputs, inputs,
            DYNAMIC=scales is not None, BLOCK_O=block, BLOCK_I=1024, num_warps=4,
        )  # fmt: skip
        return y

    def _few_rows(self, x: Tensor, scales: Tensor | None) -> Tensor:
        outputs, inputs = self.weight.shape
        y = x.new_empty(len(x), outputs, dtype=self.dtype)
        block = 64 if outputs >= 8192 else 32  # enough programs for narrow outputs too
        _few_rows[(triton.cdiv(outputs, block),)](
            x, self.weight, *self._arrays(scales), y, self.inverse_scale, self.offset, len(x), outputs, inputs,
            DYNAMIC=scales is not None, BLOCK_M=FEW_ROWS, BLOCK_O=block, BLOCK_I=256, num_warps=4, num_stages=3,
        )  # fmt: skip
        return y

    def _many_rows(self, x: Tensor, scales: Tensor | None) -> Tensor:
        q, dynamic = torch.empty_like(x, dtype=torch.int8), scales is not None
        rows, inputs = x.shape
        bias, deq_scale, scales = self._arrays(scales)
        _quantize[(rows, triton.cdiv(inputs, 1024))](
            x, q, scales, self.inverse_scale, self.offset, inputs, DYNAMIC=dynamic, BLOCK=1024
        )
        sums = torch._int_mm(q, self.weight.t())
        y = torch.empty_like(sums, dtype=self.dtype)
        outputs = len(self.weight)
        _dequantize[(rows, triton.cdiv(outputs, 1024))](
            sums, bias, deq_scale, scales, y, outputs, DYNAMIC=dynamic, BLOCK=1024
        )
        return y


class DynamicInt8Linear(Int8Linear):
    """x [..., I] in `dtype` -> [..., O] in it: (xq . weight^T) * weight_scale * s, xq and s as w8a8.quantize_tokens.

    weight int8 [O, I], weight_scale float32 [O], on the device. One small kernel more than Int8Linear, since a
    token's scale is known when all of it was read.
    """

    def __init__(self, weight: Tensor, weight_scale: Tensor, dtype):
        super().__init__(weight, None, weight_scale, 1.0, 0.0, dtype)

    def __call__(self, x: Tensor, largest: Tensor | None = None) -> Tensor:
        """largest: as in Device.dynamic_linear."""
        rows = x.reshape(-1, x.shape[-1]).contiguous()
        scales = token_scales(rows) if largest is None else token_scale(largest.flatten())
        return self._product(rows, scales).view(*x.shape[:-1], -1)


def token_scales(x: Tensor) -> Tensor:
    """w8a8.token_scale of every row of x [M, I] -> float32 [M]."""
    rows, inputs = x.shape
    scales = x.new_empty(rows, dtype=torch.float32)
    _token_scales[(rows,)](x, scales, inputs, BLOCK=2048, num_warps=4)
    return scales


@triton.jit
def _token_scales(x, scales, inputs, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64) * inputs
    # As integers of the same bits: what is no number is above all there, and a maximum of floats loses it.
    largest = tl.zeros((BLOCK,), dtype=tl.int32)
    for begin in range(0, inputs, BLOCK):
        at = begin + tl.arange(0, BLOCK)
        magnitudes = tl.abs(tl.load(x + row + at, mask=at < inputs, other=0.0).to(tl.float32))
        largest = tl.maximum(largest, magnitudes.to(tl.int32, bitcast=True))
    scale = tl.div_rn(tl.max(largest, axis=0).to(tl.float32, bitcast=True), 127.0)
    tl.store(scales + tl.program_id(0), tl.where(scale < SMALLEST, SMALLEST, scale))


@triton.jit
def _quantized(x, inverse_scale, offset):
    """clamp(round(x * inverse_scale) + offset, -128, 127) as int8.

    offset is in -128..127, so that a first clamp, which keeps ROUNDER exact, changes nothing.
    """
    scaled = tl.clamp(x.to(tl.float32) * inverse_scale, -512.0, 512.0)
    rounded = (scaled + ROUNDER) - ROUNDER
    return tl.clamp(rounded + offset, -128.0, 127.0).to(tl.int8)


@triton.jit
def _one_row(
    x,
    weight,
    bias,
    deq_scale,
    scales,
    y,
    inverse_scale,
    offset,
    outputs,
    inputs,
    DYNAMIC: tl.constexpr,
    BLOCK_O: tl.constexpr,
    BLOCK_I: tl.constexpr,
):
    """One row: products summed in every thread on their own, and once over the threads at the end."""
    out = tl.program_id(0) * BLOCK_O + tl.arange(0, BLOCK_O)
    if DYNAMIC:
        inverse_scale = tl.div_rn(1.0, tl.load(scales))
    sums = tl.zeros((BLOCK_O, BLOCK_I), dtype=tl.int32)
    for begin in range(0, inputs, BLOCK_I):
        at = begin + tl.arange(0, BLOCK_I)
        inside = at < inputs
        q = _quantized(tl.load(x + at, mask=inside, other=0.0), inverse_scale, offset)
        mask = (out < outputs)[:, None] & inside[None, :]
        w = tl.load(
            weight + out[:, None] * inputs + at[None, :], mask=mask, other=0, eviction_policy="evict_first"
        )  # fmt: skip
        sums += w.to(tl.int32) * q.to(tl.int32)[None, :]
    total = tl.sum(sums, axis=1)
    if not DYNAMIC:
        total += tl.load(bias + out, mask=out < outputs, other=0)
    result = total.to(tl.float32) * tl.load(deq_scale + out, mask=out < outputs, other=0.0)
    if DYNAMIC:
        result *= tl.load(scales)
    tl.store(y + out, result.to(y.dtype.element_ty), mask=out < outputs)


@triton.jit(do_not_specialize=["rows"])
def _few_rows(
    x, weight, bias, deq_scale, scales, y, inverse_scale, offset, rows, outputs, inputs,
    DYNAMIC: tl.constexpr, BLOCK_M: tl.constexpr, BLOCK_O: tl.constexpr, BLOCK_I: tl.constexpr,
):  # fmt: skip
    """Few rows: weight . x^T on the matrix units, the outputs on their long side."""
    out = tl.program_id(0) * BLOCK_O + tl.arange(0, BLOCK_O)
    row = tl.arange(0, BLOCK_M)
    if DYNAMIC:
        scale = tl.load(scales + row, mask=row < rows, other=1.0)[None, :]
        inverse_scale = tl.div_rn(1.0, scale)
    sums = tl.zeros((BLOCK_O, BLOCK_M), dtype=tl.int32)
    for begin in range(0, inputs, BLOCK_I):
        at = begin + tl.arange(0, BLOCK_I)
        inside = at < inputs
        mask = (out < outputs)[:, None] & inside[None, :]
        w = tl.load(
            weight + out[:, None] * inputs + at[None, :], mask=mask, other=0, eviction_policy="evict_first"
        )  # fmt: skip
        mask = inside[:, None] & (row < rows)[None, :]
        q = _quantized(tl.load(x + row[None, :] * inputs + at[:, None], mask=mask, other=0.0), inverse_scale, offset)
        sums = tl.dot(w, q, sums, out_dtype=tl.int32)
    if not DYNAMIC:
        sums += tl.load(bias + out, mask=out < outputs, other=0)[:, None]
    result = sums.to(tl.float32) * tl.load(deq_scale + out, mask=out < outputs, other=0.0)[:, None]
    if DYNAMIC:
        result *= scale
    mask = (out < outputs)[:, None] & (row < rows)[None, :]
    tl.store(y + row[None, :] * outputs + out[:, None], result.to(y.dtype.element_ty), mask=mask)


@triton.jit
def _quantize(x, q, scales, inverse_scale, offset, inputs, DYNAMIC: tl.constexpr, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64) * inputs
    if DYNAMIC:
        inverse_scale = tl.div_rn(1.0, tl.load(scales + tl.program_id(0)))
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = at < inputs
    values = tl.load(x + row + at, mask=inside, other=0.0)
    tl.store(q + row + at, _quantized(values, inverse_scale, offset), mask=inside)


@triton.jit
def _dequantize(sums, bias, deq_scale, scales, y, outputs, DYNAMIC: tl.constexpr, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64) * outputs
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = at < outputs
    total = tl.load(sums + row + at, mask=inside, other=0)
    if not DYNAMIC:
        total += tl.load(bias + at, mask=inside, other=0)
    result = total.to(tl.float32) * tl.load(deq_scale + at, mask=inside, other=0.0)
    if DYNAMIC:
        result *= tl.load(scales + tl.program_id(0))
    tl.store(y + row + at, result.to(y.dtype.element_ty), mask=inside)


# ---- attention ---------------------------------------------------------------------------------------------


def attention(query: Tensor, keys: Tensor, values: Tensor, view: Any) -> Tensor:
    """softmax(q k^T / sqrt(D) + bias) v: [B,H,T,D], [B,H,S,D] twice -> [B,H,T,D], all of one dtype.

    Computed in float32. The bias, ALiBi's -slope * distance and -inf where not visible, is never in memory: it comes
    from the positions, segments and slopes of view (engine.cache.View).
    """
    if query.shape[2] == 1 and view.query_segments is None:
        return decode_attention(query, keys, values, view.query_positions, view.slopes)
    return flash_attention(query, keys, values, view)


def flash_attention(query: Tensor, keys: Tensor, values: Tensor, view: Any) -> Tensor:
    """As `attention`, for many queries: a program for each block of queries of each head, online softmax."""
    rows, heads, count, head_dim = query.shape
    segments = view.query_segments is not None
    slopes = view.slopes
    # the first stands in for one that is not read: a kernel needs some pointer
    key_positions, query_segments, key_segments = (
        (view.key_positions, view.query_segments, view.key_segments) if segments else (view.query_positions,) * 3
    )
    wide = query.dtype == torch.float32
    block_t = 16 if count <= 16 else 32 if wide else 64 if count <= 64 else 128
    result = query.new_empty(rows, count, heads, head_dim)
    _flash[(triton.cdiv(count, block_t), rows * heads)](
        query, keys, values, result, view.query_positions, key_positions, query_segments, key_segments,
        query if slopes is None else slopes,
        *query.stride()[:3], *keys.stride()[:3], *values.stride()[:3], *result.stride()[:3],
        view.query_positions.stride(0) if len(view.query_positions) > 1 else 0,
        heads, count, keys.shape[2], head_dim, head_dim**-0.5 * LOG2_E,
        ALIBI=slopes is not None, SEGMENTS=segments, BLOCK_T=block_t, BLOCK_S=32 if wide else 64, BLOCK_L=512,
        BLOCK_D=max(16, triton.next_power_of_2(head_dim)), LOG2_E=LOG2_E,
        num_warps=8 if block_t == 128 else 4, num_stages=2,
    )  # fmt: skip
    return result.transpose(1, 2)


@triton.jit(do_not_specialize=["positions_b", "count", "slots"])  # else Triton compiles again for every length
def _flash(
    query, keys, values, result, query_positions, key_positions, query_segments, key_segments, slopes,
    query_b, query_h, query_t, keys_b, keys_h, keys_s, values_b, values_h, values_s, result_b, result_t, result_h,
    positions_b, heads, count, slots, head_dim, scale,
    ALIBI: tl.constexpr, SEGMENTS: tl.constexpr, BLOCK_T: tl.constexpr, BLOCK_S: tl.constexpr, BLOCK_L: tl.constexpr,
    BLOCK_D: tl.constexpr, LOG2_E: tl.constexpr,
):  # fmt: skip
    # later queries see more keys: begun first, they do not end last
    t = (tl.num_programs(0) - 1 - tl.program_id(0)) * BLOCK_T + tl.arange(0, BLOCK_T)
    row, head = (tl.program_id(1) // heads).to(tl.int64), tl.program_id(1) % heads
    d, s = tl.arange(0, BLOCK_D), tl.arange(0, BLOCK_S)
    there = t < count
    q = tl.load(
        query + row * query_b + head * query_h + t[:, None] * query_t + d[None, :],
        mask=there[:, None] & (d < head_dim)[None, :], other=0.0,
    )  # fmt: skip
    # a query that is not there sees nothing: its position is before every key's
    position = tl.load(query_positions + row * positions_b + t, mask=there, other=-1).to(tl.int32)
    last = tl.max(position, axis=0)
    slope = 0.0
    if ALIBI:
        slope = tl.load(slopes + head) * LOG2_E
    # The blocks of keys that some query may see: of the shared prefix, and of the queries' own segments.
    own_from = 0
    own_to = 0
    if SEGMENTS:
        segment = tl.load(query_segments + t, mask=there, other=-2).to(tl.int32)
        low = tl.min(tl.where(there, segment, 2147483647), axis=0)
        high = tl.max(segment, axis=0)
        shared_to = 0
        own_from = slots
        for begin in range(0, slots, BLOCK_L):
            at = begin + tl.arange(0, BLOCK_L)
            its_segment = tl.load(key_segments + at, mask=at < slots, other=-2).to(tl.int32)
            before = tl.load(key_positions + at, mask=at < slots, other=2147483647) <= last
            shared = before & (its_segment == PREFIX)
            own = before & (its_segment >= low) & (its_segment <= high)
            shared_to = tl.maximum(shared_to, tl.max(tl.where(shared, at + 1, 0), axis=0))
            own_from = tl.minimum(own_from, tl.min(tl.where(own, at, slots), axis=0))
            own_to = tl.maximum(own_to, tl.max(tl.where(own, at + 1, 0), axis=0))
        shared_blocks = tl.cdiv(shared_to, BLOCK_S)
        own_from = tl.maximum(own_from // BLOCK_S, shared_blocks)
        blocks = shared_blocks + tl.maximum(tl.cdiv(own_to, BLOCK_S) - own_from, 0)
    else:
        shared_blocks = tl.cdiv(tl.minimum(last + 1, slots), BLOCK_S)
        blocks = shared_blocks

    best = tl.full((BLOCK_T,), float("-inf"), dtype=tl.float32)
    total = tl.zeros((BLOCK_T,), dtype=tl.float32)
    context = tl.zeros((BLOCK_T, BLOCK_D), dtype=tl.float32)
    for number in range(0, blocks):
        block = tl.where(number < shared_blocks, number, number - shared_blocks + own_from)
        at = block * BLOCK_S + s
        inside = at < slots
        k = tl.load(
            keys + row * keys_b + head * keys_h + at[None, :] * keys_s + d[:, None],
            mask=inside[None, :] & (d < head_dim)[:, None], other=0.0,
        )  # fmt: skip
        v = tl.load(
            values + row * values_b + head * values_h + at[:, None] * values_s + d[None, :],
            mask=inside[:, None] & (d < head_dim)[None, :], other=0.0,
        )  # fmt: skip
        its_position = at
        if SEGMENTS:
            its_position = tl.load(key_positions + at, mask=inside, other=2147483647).to(tl.int32)
        visible = (its_position[None, :] <= position[:, None]) & inside[None, :]
        if SEGMENTS:
            its_segment = tl.load(key_segments + at, mask=inside, other=-2).to(tl.int32)
            visible &= (its_segment == PREFIX)[None, :] | (its_segment[None, :] == segment[:, None])
        scores = tl.dot(q, k, input_precision="ieee") * scale
        if ALIBI:
            scores -= slope * (position[:, None] - its_position[None, :]).to(tl.float32)
        scores = tl.where(visible, scores, float("-inf"))
        higher = tl.maximum(best, tl.max(scores, axis=1))
        # 0 for a query that has seen no key yet: -inf - -inf is not a number
        base = tl.where(higher == float("-inf"), 0.0, higher)
        weights = tl.exp2(scores - base[:, None])
        fade = tl.exp2(best - base)
        total = total * fade + tl.sum(weights, axis=1)
        context = tl.dot(weights.to(v.dtype), v, context * fade[:, None], input_precision="ieee")
        best = higher
    context /= tl.where(total == 0.0, 1.0, total)[:, None]
    tl.store(
        result + row * result_b + head * result_h + t[:, None] * result_t + d[None, :],
        context.to(result.dtype.element_ty), mask=there[:, None] & (d < head_dim)[None, :],
    )  # fmt: skip


DECODE_BLOCK = 64  # keys of one step of a program
MOST_SPLITS = 64  # of one sequence and head: what the second kernel joins at once
ENOUGH_PROGRAMS = 4096


def decode_attention(query: Tensor, keys: Tensor, values: Tensor, positions: Tensor, slopes: Tensor | None) -> Tensor:
    """As `attention`, for one query a sequence [B,H,1,D] at positions int64 [B,1], which the device alone reads.

    Keys of slots 0 to position are seen. The slots are split over programs, of which those behind the position end
    at once; a second kernel joins the parts.
    """
    rows, heads, _, head_dim = query.shape
    slots = keys.shape[2]
    split = split_size(rows * heads, slots)
    splits = triton.cdiv(slots, split)
    block_d = max(16, triton.next_power_of_2(head_dim))
    parts = query.new_empty(rows * heads, splits, head_dim, dtype=torch.float32)
    best = query.new_empty(rows * heads, splits, dtype=torch.float32)
    total = torch.empty_like(best)
    result = query.new_empty(rows, 1, heads, head_dim)
    _decode_split[(rows * heads, splits)](
        query, keys, values, positions, query if slopes is None else slopes, parts, best, total,
        *query.stride()[:2], *keys.stride()[:3], *values.stride()[:3], positions.stride(0),
        heads, slots, head_dim, splits, head_dim**-0.5 * LOG2_E,
        ALIBI=slopes is not None, SPLIT=split, BLOCK_S=DECODE_BLOCK, BLOCK_D=block_d, LOG2_E=LOG2_E, num_warps=4,
    )  # fmt: skip
    _decode_join[(rows * heads,)](
        parts, best, total, positions, result, positions.stride(0), heads, head_dim, splits,
        SPLIT=split, BLOCK_K=MOST_SPLITS, BLOCK_D=block_d, num_warps=4,
    )  # fmt: skip
    return result.transpose(1, 2)


def split_size(sequences: int, slots: int) -> int:
    """Slots of one program: as few as MOST_SPLITS and, where there are many sequences, ENOUGH_PROGRAMS let it be."""
    splits = min(MOST_SPLITS, max(1, ENOUGH_PROGRAMS // sequences))
    return max(DECODE_BLOCK, triton.next_power_of_2(triton.cdiv(slots, splits)))


@triton.jit(do_not_specialize=["slots", "splits"])
def _decode_split(
    query, keys, values, positions, slopes, parts, best, total,
    query_b, query_h, keys_b, keys_h, keys_s, values_b, values_h, values_s, positions_b,
    heads, slots, head_dim, splits, scale,
    ALIBI: tl.constexpr, SPLIT: tl.constexpr, BLOCK_S: tl.constexpr, BLOCK_D: tl.constexpr, LOG2_E: tl.constexpr,
):  # fmt: skip
    row, head = (tl.program_id(0) // heads).to(tl.int64), tl.program_id(0) % heads
    first = tl.program_id(1) * SPLIT
    position = tl.load(positions + row * positions_b).to(tl.int32)
    if first > position:
        return
    d = tl.arange(0, BLOCK_D)
    q = tl.load(query + row * query_b + head * query_h + d, mask=d < head_dim, other=0.0).to(tl.float32) * scale
    slope = 0.0
    if ALIBI:
        slope = tl.load(slopes + head) * LOG2_E
    highest = float("-inf")
    summed = 0.0
    context = tl.zeros((BLOCK_D,), dtype=tl.float32)
    # never without a visible key: `first` is one, and the loop ends at the position
    for begin in range(first, tl.minimum(first + SPLIT, position + 1), BLOCK_S):
        at = begin + tl.arange(0, BLOCK_S)
        visible = (at <= position) & (at < slots)
        mask = visible[:, None] & (d < head_dim)[None, :]
        k = tl.load(keys + row * keys_b + head * keys_h + at[:, None] * keys_s + d[None, :], mask=mask, other=0.0)
        v = tl.load(
            values + row * values_b + head * values_h + at[:, None] * values_s + d[None, :], mask=mask, other=0.0
        )  # fmt: skip
        scores = tl.sum(k.to(tl.float32) * q[None, :], axis=1)
        if ALIBI:
            scores -= slope * (position - at).to(tl.float32)
        scores = tl.where(visible, scores, float("-inf"))
        higher = tl.maximum(highest, tl.max(scores, axis=0))
        weights = tl.exp2(scores - higher)
        fade = tl.exp2(highest - higher)
        summed = summed * fade + tl.sum(weights, axis=0)
        context = context * fade + tl.sum(weights[:, None] * v.to(tl.float32), axis=0)
        highest = higher
    part = tl.program_id(0) * splits + tl.program_id(1)
    tl.store(parts + part.to(tl.int64) * head_dim + d, context, mask=d < head_dim)
    tl.store(best + part, highest)
    tl.store(total + part, summed)


@triton.jit(do_not_specialize=["splits"])
def _decode_join(
    parts, best, total, positions, result, positions_b, heads, head_dim, splits,
    SPLIT: tl.constexpr, BLOCK_K: tl.constexpr, BLOCK_D: tl.constexpr,
):  # fmt: skip
    sequence = tl.program_id(0)
    position = tl.load(positions + (sequence // heads).to(tl.int64) * positions_b).to(tl.int32)
    k, d = tl.arange(0, BLOCK_K), tl.arange(0, BLOCK_D)
    used = (k < splits) & (k * SPLIT <= position)
    part = sequence * splits + k
    highest = tl.load(best + part, mask=used, other=float("-inf"))
    share = tl.exp2(highest - tl.max(highest, axis=0))
    summed = tl.sum(share * tl.load(total + part, mask=used, other=0.0), axis=0)
    mask = used[:, None] & (d < head_dim)[None, :]
    context = tl.load(parts + part.to(tl.int64)[:, None] * head_dim + d[None, :], mask=mask, other=0.0)
    context = tl.sum(context * share[:, None], axis=0) / summed
    tl.store(result + sequence * head_dim + d, context.to(result.dtype.element_ty), mask=d < head_dim)
