"""C (native.c) for a CPU with AVX512, or an Arm one with dot products: compiled once for this machine, called through
ctypes.

Between the products of a decode step lie about sixty small operators a layer; one by one they cost more than the
products of a small model. Here a layer is two calls, and its weights are read where prefill's linears keep them:
oneDNN's with AVX512, neon.py's on Arm.
In prefill the same operators were a quarter of the time of W8A8, as passes over memory; here each is one.
"""

from __future__ import annotations

import ctypes
import logging
import platform
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2 import devices, host
from baichuan2.devices import compiling
from baichuan2.modeling.network import LayerParts
from baichuan2.ranks.collectives import Ranks

log = logging.getLogger(__name__)
SOURCE = Path(__file__).with_suffix(".c")
COMMON = ["-O3", "-fopenmp", "-shared", "-fPIC"]
# tsv110: the Kunpeng 920; gcc's generic tuning loads vectors one by one, where this loads pairs. Scheduled before
# registers are given to them, more sums are alive than there are registers.
FLAGS = {
    "x86_64": [*COMMON, "-march=native"],
    "aarch64": [*COMMON, "-march=armv8.2-a+dotprod", "-mtune=tsv110", "-fno-schedule-insns"],
}
ON_ARM = platform.machine() == "aarch64"
KINDS = {torch.float32: 0, torch.bfloat16: 1, torch.int8: 2}
WEIGHTS8, SCREEN = 3, 4
# Sequences of a step up to which it is faster than oneDNN, by the kind of most weights. By AMX oneDNN computes 16
# rows at a time, and is faster from 8 on; without, it has no other instructions for int8 and float32, but for
# bfloat16 some of twice the products. Measured on an Intel Xeon with AMX, and on an AMD EPYC (Zen 4).
MOST_ROWS = {KINDS[torch.float32]: 8, KINDS[torch.bfloat16]: 8, KINDS[torch.int8]: 64}
AMX = {KINDS[torch.bfloat16]: "amx_bf16", KINDS[torch.int8]: "amx_int8"}
AMX_ROWS = 4
# The most whose largest logits are searched faster than a float32 output layer computes them all: by 1.4 to 1.7 times
# from 16 rows to 64. One of bfloat16, by oneDNN, is as fast. Measured on an AMD EPYC (Zen 4).
MOST_SEARCHED = 64
# On Arm torch has no other instructions than native.c for any of them.
ARM_ROWS = 32
LANES = 16
BLOCK = LANES if ON_ARM else 64  # outputs side by side in memory, where the layout is ours
# int8 activations are q + 128 on their way: u8, as AVX512 multiplies them; for Arm native.c takes it off again.
UNSIGNED_SHIFT = 128
TOKENS, KEYS = 48, 64  # native.c's: queries whose scores a thread has in memory together, and keys of a block
HUGE_PAGE = 2**21
MADV_COLLAPSE = 25

pointer, integer, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_float


class Linear(ctypes.Structure):
    _fields_ = [
        *((name, pointer) for name in ("weight", "scale", "correction")),
        *((name, integer) for name in ("outputs", "inputs", "block", "kind")),
        *((name, real) for name in ("inverse_scale", "zero_point")),
    ]


class Layer(ctypes.Structure):
    _fields_ = [
        *((name, pointer) for name in ("input_norm", "post_norm")),
        *((name, Linear) for name in ("qkv", "output", "gate_up", "down")),
    ]


class Network(ctypes.Structure):
    _fields_ = [
        *((name, integer) for name in ("hidden", "heads", "head_dim")),
        ("eps", real),
        *((name, pointer) for name in ("slopes", "cosine", "sine")),
    ]


class Cache(ctypes.Structure):
    _fields_ = [
        *((name, pointer) for name in ("keys", "values", "starts")),
        *((name, integer) for name in ("row_stride", "head_stride", "prefix", "kind")),
    ]


class Buffers(ctypes.Structure):
    _fields_ = [
        *((name, pointer) for name in ("wide", "narrow", "result", "scores", "normed", "largest")),
        *((name, integer) for name in ("wide_stride", "narrow_stride", "scores_stride", "normed_stride")),
    ]


@cache
def library() -> ctypes.CDLL | None:
    """The compiled native.c; None, with a line that says why, where this machine cannot run or compile it."""
    return compiling.library(SOURCE, FLAGS, devices.NATIVE, "decode by torch's operators")


def _loaded() -> ctypes.CDLL:
    """The library, for what `can` and `compiled` let through."""
    loaded = library()
    assert loaded is not None
    return loaded


def can(x: Tensor) -> bool:
    """Whether the operators below take such a tensor."""
    return library() is not None and x.dtype in (torch.float32, torch.bfloat16)


def quantize(x: Tensor, inverse_scale: float, zero_point: int) -> Tensor:
    """clamp(round(x * inverse_scale) + zero_point, 0, 255): float32 or bfloat16 -> uint8 of the same shape."""
    x = x.contiguous()
    q = torch.empty(x.shape, dtype=torch.uint8)
    _loaded().quantize_u8(
        pointer(x.data_ptr()), integer(KINDS[x.dtype]), integer(x.numel()), real(inverse_scale), real(zero_point),
        pointer(q.data_ptr()), _threads(),
    )  # fmt: skip
    return q


def quantize_tokens(x: Tensor, largest: Tensor | None) -> tuple[Tensor, Tensor]:
    """As w8a8.quantize_tokens, of x float32 or bfloat16 [..., I], but uint8, shifted by 128."""
    x, width = x.contiguous(), x.shape[-1]
    q, scale = torch.empty(x.shape, dtype=torch.uint8), torch.empty(*x.shape[:-1], 1)
    _loaded().quantize_rows_u8(
        pointer(x.data_ptr()), integer(KINDS[x.dtype]), integer(scale.numel()), integer(width),
        None if largest is None else pointer(largest.data_ptr()), pointer(q.data_ptr()), pointer(scale.data_ptr()),
        _threads(),
    )  # fmt: skip
    return q, scale


def add_norm(hidden: Tensor, delta: Tensor | None, weight: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """(hidden + delta, RMSNorm of it), hidden and delta [..., E] float32 or bfloat16, weight float32 [E]."""
    hidden = hidden.contiguous()
    delta = None if delta is None else delta.contiguous()
    total = hidden if delta is None else torch.empty_like(hidden)
    normed, width = torch.empty_like(hidden), hidden.shape[-1]
    _loaded().add_norm_rows(
        pointer(hidden.data_ptr()), None if delta is None else pointer(delta.data_ptr()),
        pointer(weight.data_ptr()), real(eps), integer(KINDS[hidden.dtype]), integer(hidden.numel() // width),
        integer(width), pointer(total.data_ptr()), pointer(normed.data_ptr()), _threads(),
    )  # fmt: skip
    return total, normed


def silu_mul(gate_up: Tensor) -> Tensor:
    """[..., 2I] (gate first) -> silu(gate) * up [..., I], float32 or bfloat16."""
    gate_up, width = gate_up.contiguous(), gate_up.shape[-1] // 2
    y = gate_up.new_empty(*gate_up.shape[:-1], width)
    _loaded().silu_mul_rows(
        pointer(gate_up.data_ptr()), integer(KINDS[y.dtype]), integer(y.numel() // width), integer(width),
        pointer(y.data_ptr()), _threads(),
    )  # fmt: skip
    return y


def attend(
    query: Tensor, keys: Tensor, values: Tensor, positions: Tensor, slopes: Tensor | None,
    starts: Tensor | None = None, prefix: int = 0,
) -> Tensor:  # fmt: skip
    """Attention of one query of each sequence over the keys up to its position: [B, H, 1, D] of query's dtype.

    query float32 or bfloat16 [B, H, 1, D]; keys and values of the cache, float32 or bfloat16 [B, H, S, D], slot s of
    position s; positions int64 [B]; slopes float32 [H], or None. starts int64 [B]: all sequences are in row 0, behind
    the `prefix` slots that they share, each from that slot on.
    """
    rows, heads, _, dim = query.shape
    wide, context = query.float().contiguous(), torch.empty(query.shape)
    row_stride = keys.stride(0) if starts is None else 0
    starts = torch.zeros(rows, dtype=torch.int64) if starts is None else starts
    positions = positions.contiguous()
    scores = torch.empty(torch.get_num_threads(), keys.shape[2])
    network = Network(heads=heads, head_dim=dim, slopes=None if slopes is None else slopes.data_ptr())
    cache = Cache(
        keys.data_ptr(), values.data_ptr(), starts.data_ptr(), row_stride, keys.stride(1), prefix, KINDS[keys.dtype]
    )
    _loaded().attend_rows(
        ctypes.byref(network), ctypes.byref(cache), pointer(wide.data_ptr()), pointer(positions.data_ptr()),
        pointer(scores.data_ptr()), integer(scores.shape[1]), pointer(context.data_ptr()), integer(rows), _threads(),
    )  # fmt: skip
    return context.to(query.dtype)


def attend_prompts(query: Tensor, keys: Tensor, values: Tensor, begin: int, slopes: Tensor | None) -> Tensor:
    """Attention of queries at positions begin, begin + 1, ... over keys up to their own: [B, H, T, D].

    All bfloat16: query [B, H, T, D], keys and values of the cache [B, H, S, D], slot s of position s. slopes: as
    attend's.
    """
    rows, heads, tokens, dim = query.shape
    query = query if query.stride(3) == 1 else query.contiguous()
    slots, threads = -(-(begin + tokens) // KEYS) * KEYS, torch.get_num_threads()
    width = -(-dim // LANES) * LANES
    scratch = torch.empty(threads, slots * (2 * dim + 2 * width + 4 * TOKENS), dtype=torch.uint8)
    context = query.new_empty(rows, tokens, heads, dim)
    network = Network(heads=heads, head_dim=dim, slopes=None if slopes is None else slopes.data_ptr())
    cache = Cache(keys.data_ptr(), values.data_ptr(), None, keys.stride(0), keys.stride(1), 0, KINDS[keys.dtype])
    _loaded().attend_prompts(
        ctypes.byref(network), ctypes.byref(cache), pointer(query.data_ptr()), (integer * 3)(*query.stride()[:3]),
        integer(begin), integer(tokens), pointer(scratch.data_ptr()), integer(scratch.shape[1]),
        pointer(context.data_ptr()), integer(rows), integer(threads),
    )  # fmt: skip
    return context.transpose(1, 2)


def attend_runs(
    query: Tensor, keys: Tensor, values: Tensor, runs: Tensor, prefix: int, slopes: Tensor | None
) -> Tensor:
    """Attention of new tokens of sequences, run by run, over keys up to their own: [B, H, T, D].

    All float32: query [B, H, T, D], keys and values of the cache [B or 1, H, S, D]. runs: native.c's, int64 [N, 5]:
    row of the cache, slot of the first key behind the prefix, position of the first new token, how many new tokens,
    and the number of the first one among all B x T, in order. prefix: slots in front that every run of its row
    sees. slopes: as attend's.
    """
    rows, heads, tokens, dim = query.shape
    query = _token_by_token(query)
    seen = int((runs[:, 2] + runs[:, 3]).max())
    slots, width, threads = -(-seen // KEYS) * KEYS, -(-dim // LANES) * LANES, torch.get_num_threads()
    scratch = torch.empty(threads, slots * (dim + width + TOKENS))
    context = query.new_empty(rows, tokens, heads, dim)
    network = Network(heads=heads, head_dim=dim, slopes=None if slopes is None else slopes.data_ptr())
    cache = Cache(keys.data_ptr(), values.data_ptr(), None, keys.stride(0), keys.stride(1), prefix, KINDS[keys.dtype])
    _loaded().attend_runs(
        ctypes.byref(network), ctypes.byref(cache), pointer(query.data_ptr()),
        (integer * 2)(query.stride(2), query.stride(1)), pointer(runs.data_ptr()), integer(len(runs)),
        integer(slots), pointer(scratch.data_ptr()), integer(scratch.shape[1]), pointer(context.data_ptr()),
        integer(threads),
    )  # fmt: skip
    return context.transpose(1, 2)


def attends_prompts() -> bool:
    """Whether attend_prompts runs here, and faster than torch's own: that has AMX where there is AMX."""
    flags = host.cpu_flags()
    return library() is not None and "avx512_bf16" in flags and "amx_bf16" not in flags


def tiles() -> bool:
    """Whether attend_runs and multiply run here, faster than torch's attention and oneDNN.

    They are on an AMD EPYC (Zen 4). Where there is AMX they are not tried, and for Arm they are not written.
    """
    return library() is not None and not ON_ARM and host.cpu_flags().isdisjoint(AMX.values())


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """RoPE: x float32 or bfloat16 [B, H, T, D] turned by float32 tables [B or 1, 1, T, D] -> the same shape."""
    rows, heads, tokens, dim = x.shape
    x = _token_by_token(x)
    cos, sin = cos.contiguous(), sin.contiguous()
    y = x.new_empty(rows, tokens, heads, dim)
    _loaded().rotate_rows(
        pointer(x.data_ptr()), integer(KINDS[x.dtype]), integer(x.stride(2)), pointer(cos.data_ptr()),
        pointer(sin.data_ptr()), integer(cos.numel() // dim), integer(rows * tokens), integer(heads), integer(dim),
        pointer(y.data_ptr()), _threads(),
    )  # fmt: skip
    return y.transpose(1, 2)


def _token_by_token(x: Tensor) -> Tensor:
    """x [B, H, T, D] with a token's heads side by side, and one stride over all tokens of all rows: that of T."""
    rows, _, tokens, dim = x.shape
    if (x.stride(1), x.stride(3)) == (dim, 1) and (rows == 1 or x.stride(0) == tokens * x.stride(2)):
        return x
    # not contiguous(), which leaves a stride of a single token as it is
    return x.transpose(1, 2).clone(memory_format=torch.contiguous_format).transpose(1, 2)


def multiply(linear: Linear, x: Tensor) -> Tensor:
    """x . weight^T [..., O] of x [..., I], all float32: the bits of a decode step."""
    return _of_rows(_loaded().float_rows, linear, x, linear.outputs)


def _of_rows(function: Any, linear: Linear, x: Tensor, outputs: int) -> Tensor:
    x, width = x.contiguous(), x.shape[-1]
    y = x.new_empty(*x.shape[:-1], outputs)
    function(
        ctypes.byref(linear), pointer(x.data_ptr()), integer(width), pointer(y.data_ptr()),
        integer(x.numel() // width), _threads(),
    )  # fmt: skip
    return y


def gates(gate_up: Linear) -> bool:
    """Whether `gated` takes such a linear, faster than the linear and silu_mul: not where oneDNN has AMX."""
    if library() is None or gate_up.outputs % (2 * gate_up.block):
        return False
    if gate_up.kind == KINDS[torch.float32]:
        return tiles()
    return gate_up.kind == KINDS[torch.int8] and AMX[gate_up.kind] not in host.cpu_flags()


def gated(gate_up: Linear, x: Tensor) -> Tensor:
    """silu(gate) * up [..., O / 2] of a linear gate|up of x [..., I]: int8 of float32 or bfloat16, or all float32."""
    if gate_up.kind == KINDS[torch.float32]:
        return _of_rows(_loaded().gated_float_rows, gate_up, x, gate_up.outputs // 2)
    x, width = x.contiguous(), x.shape[-1]
    rows = x.numel() // width
    codes = torch.empty(rows, gate_up.inputs + LANES, dtype=torch.uint8)
    y = x.new_empty(*x.shape[:-1], gate_up.outputs // 2)
    _loaded().gated_rows(
        ctypes.byref(gate_up), pointer(x.data_ptr()), integer(KINDS[x.dtype]), integer(width),
        pointer(codes.data_ptr()), pointer(y.data_ptr()), integer(rows), _threads(),
    )  # fmt: skip
    return y


def float_product(linear: Linear, x: Tensor, screen: Any = None, count: int = 0) -> Tensor:
    """x [..., I] of any float -> x . weight^T float32 [..., O], of weights that are multiplied as float32.

    All of it; or with a screen's structure at least the `count` largest of each row and their equals, the others
    -inf.
    """
    x = F.pad(x.float(), (0, linear.inputs - x.shape[-1])).contiguous()
    y = torch.empty(*x.shape[:-1], linear.outputs)
    _loaded().linear_rows(
        ctypes.byref(linear), screen, pointer(x.data_ptr()), pointer(y.data_ptr()), integer(count),
        integer(x.numel() // linear.inputs), _threads(),
    )  # fmt: skip
    return y


def int8_product(linear: Linear, x: Tensor, largest: Tensor | None) -> Tensor:
    """x [..., I] -> float32 [..., O]: quantized, multiplied and dequantized. largest: as Device.dynamic_linear's."""
    x, width = x.float().contiguous(), x.shape[-1]
    y, rows = torch.empty(*x.shape[:-1], linear.outputs), x.numel() // width
    stride = linear.inputs + LANES  # a row's scale is behind its codes
    codes = torch.empty(rows, stride, dtype=torch.uint8)
    _loaded().int8_rows(
        ctypes.byref(linear), pointer(x.data_ptr()), integer(width),
        None if largest is None else pointer(largest.data_ptr()), pointer(codes.data_ptr()), integer(stride),
        pointer(y.data_ptr()), integer(rows), _threads(),
    )  # fmt: skip
    return y


class Weights8:
    """x [..., I] -> x . (weight * scale)^T float32 [..., O]: int8 weight [O, I], float32 scale [O, 1], x float."""

    def __init__(self, weight: Tensor, scale: Tensor):
        outputs, inputs = weight.shape
        padded = F.pad(weight, (0, -inputs % LANES, 0, -outputs % BLOCK))
        self.blocks = BLOCK, padded.shape[1]
        self.weight = padded.view(-1, *self.blocks).transpose(1, 2).contiguous()
        use_huge_pages(self.weight.data_ptr(), self.weight.nbytes)
        self.scale = scale.flatten().contiguous()

    def structure(self) -> Linear:
        """As native.c sees it."""
        (block, inputs), weight, scale = self.blocks, self.weight.data_ptr(), self.scale.data_ptr()
        return Linear(weight, scale, None, len(self.scale), inputs, block, WEIGHTS8, 0.0, 0.0)

    def __call__(self, x: Tensor) -> Tensor:
        return float_product(self.structure(), x)


def _threads() -> ctypes.c_int64:
    return integer(torch.get_num_threads())


def blocks_of(packed: Tensor, weight: Tensor) -> tuple[int, int] | None:
    """(outputs a block, padded inputs) of a weight [O, I] as oneDNN packed it, or None for another layout.

    oneDNN does not document the layout, [O / block][I / k][block][k] with k = 4 / element size: so the first and
    the last block are compared with the weight. The memory is put into huge pages.
    """
    if weight.dtype not in KINDS or library() is None:
        return None
    raw = _raw(packed, weight.dtype)
    use_huge_pages(raw.data_ptr(), raw.nbytes)
    k = 4 // weight.element_size()
    outputs, inputs = weight.shape
    padded = -(-inputs // (LANES * k)) * LANES * k
    for block in (64, 48, 32, 16):
        count = -(-outputs // block)
        if raw.numel() < count * block * padded:
            continue
        blocks = raw[: count * block * padded].view(count, padded // k, block, k)
        if all(_same(blocks[at], weight[at * block : (at + 1) * block]) for at in (0, count - 1)):
            return block, padded
    return None


def pack_int8(weight: Tensor, sums: Tensor, blocks: tuple[int, int], packed: Tensor) -> bool:
    """Overwrite the memory of a packed int8 weight [O, I] with another of the same shape, packed alike.

    sums: its row sums, int32 [O]; blocks: of blocks_of. False where oneDNN keeps something else behind the blocks
    than a zero point's compensation, -sums. Its own packing takes four times as long.
    """
    block, padded = blocks
    outputs, inputs = weight.shape
    count, raw = -(-outputs // block), _raw(packed, torch.int8)
    body, tail = raw.split([count * block * padded, raw.numel() - count * block * padded])
    if tail.nbytes != 4 * count * block:
        return False
    if (count * block, padded) != (outputs, inputs):
        weight = F.pad(weight, (0, padded - inputs, 0, count * block - outputs))
    elif weight.storage_offset() % 4:
        weight = weight.clone()
    of_four = weight.contiguous().view(torch.int32).view(count, block, padded // 4)
    body.view(torch.int32).view(count, padded // 4, block).copy_(of_four.transpose(1, 2))
    tail = tail.view(torch.int32)
    tail[:outputs] = -sums
    tail[outputs:] = 0
    use_huge_pages(raw.data_ptr(), raw.nbytes)
    return True


def same_memory(packed: Tensor, other: Tensor) -> bool:
    """Whether two packed int8 weights are equal to the last byte."""
    return torch.equal(_raw(packed, torch.int8), _raw(other, torch.int8))


def use_huge_pages(address: int, size: int) -> None:
    """Put memory that is in use into pages of 2 MiB, where the kernel has them (Linux 6.1 and later).

    With pages of 4 KiB address translation takes part of the time: on a virtual machine bfloat16 weights were read
    at 21 GB/s before, and at 29 GB/s after. Where the kernel refuses, reads stay slower.
    """
    begin, end = -(-address // HUGE_PAGE) * HUGE_PAGE, (address + size) // HUGE_PAGE * HUGE_PAGE
    if end > begin and sys.platform == "linux":
        ctypes.CDLL(None).madvise(pointer(begin), ctypes.c_size_t(end - begin), MADV_COLLAPSE)


def _raw(packed: Tensor, dtype: torch.dtype) -> Tensor:
    """The memory of an opaque oneDNN tensor, not copied."""
    address, size = torch.ops.mkldnn.data_ptr(packed), torch.ops.mkldnn._nbytes(packed)
    return torch.frombuffer((ctypes.c_char * size).from_address(address), dtype=dtype)


def _same(block: Tensor, rows: Tensor) -> bool:
    unpacked = block.permute(1, 0, 2).reshape(block.shape[1], -1)
    return torch.equal(unpacked[: rows.shape[0], : rows.shape[1]], rows)


def compiled(
    layers: Sequence[LayerParts], norm: Any, head: Any, screen: Any, shape: Shape, threads: int
) -> NativeNetwork | None:
    """The network of these parts of the CPU device, where every weight is in the layout that native.c reads.

    layers: with plain linears as `output` and `down`; who runs the network sums them over ranks. screen: the head's
    screening.Screen, or None.
    """
    linears = [linear for parts in layers for linear in linears_of(parts)]
    if library() is None:
        return None
    if any(getattr(linear, "blocks", None) is None for linear in [*linears, head]):
        log.info("oneDNN packs these weights otherwise on this CPU: decode by torch's operators, more slowly")
        return None
    return NativeNetwork(layers, norm, head, screen, shape, threads)


def linears_of(parts: LayerParts) -> tuple:
    return parts.qkv, parts.output, parts.gate_up, parts.down


def most_rows(layers: Sequence[Layer], flags: Collection[str]) -> int:
    """The most sequences of a step of such layers on an x86 processor with such flags."""
    numbers: Counter[int] = Counter()
    for layer in layers:
        for linear in (layer.qkv, layer.output, layer.gate_up, layer.down):
            numbers[linear.kind] += linear.outputs * linear.inputs
    ((kind, _),) = numbers.most_common(1)
    return AMX_ROWS if AMX.get(kind) in flags else MOST_ROWS[kind]


def is_dynamic(linear: Linear) -> bool:
    """Whether the linear quantizes each row by the row's own scale."""
    return linear.kind == KINDS[torch.int8] and linear.inverse_scale == 0


@dataclass(frozen=True)
class Shape:
    """What native.c knows of a network beside its weights.

    heads: of this rank. slopes: ALiBi's, float32 [heads], or None. tables: RoPE's cos and sin, float32 [length, D]
    each, or None.
    """

    hidden: int
    heads: int
    head_dim: int
    eps: float
    slopes: Tensor | None
    tables: tuple[Tensor, Tensor] | None


class NativeNetwork:
    """The structures of native.c for a network, made once."""

    def __init__(self, layers: Sequence[LayerParts], norm: Any, head: Any, screen: Any, shape: Shape, threads: int):
        self.threads, self.screen = threads, screen
        self._referenced: list[Any] = [layers, head]  # what the structures point at
        cos, sin = shape.tables or (None, None)
        self.network = Network(
            shape.hidden, shape.heads, shape.head_dim, shape.eps,
            self._keep(shape.slopes), self._keep(cos), self._keep(sin),
        )  # fmt: skip
        self.layers = [self._layer(parts) for parts in layers]
        self.most_rows = ARM_ROWS if ON_ARM else most_rows(self.layers, host.cpu_flags())
        self.width = shape.heads * shape.head_dim  # of the context, which the output linear reads
        self.norm, self.head = self._keep(norm.weight), head.structure()
        pays = screen is not None and self.head.kind == KINDS[torch.float32] and tiles()
        self.most_searched = MOST_SEARCHED if pays else 0

    def _keep(self, tensor: Tensor | None) -> int | None:
        """The address of a float32 copy that lives as long as this object."""
        if tensor is None:
            return None
        self._referenced.append(tensor.float().contiguous())
        return self._referenced[-1].data_ptr()

    def _layer(self, parts: LayerParts) -> Layer:
        norms: tuple[Any, Any] = parts.input_norm, parts.post_norm  # the CPU device's
        return Layer(
            *(self._keep(norm.weight) for norm in norms), *(linear.structure() for linear in linears_of(parts))
        )


class NativeStep:
    """A decode step over buffers made once: it allocates nothing of the model's size.

    keys, values: the cache, float32 or bfloat16 [layers, rows or 1, heads, slots, D]. starts int64 [rows]: the slot
    of each sequence's first own token; prefix: how many slots in front all sequences share; with `shared` slots are
    counted from row 0 on, through the rows behind it. Put embeddings into `hidden` [rows, E] and int64 `positions`
    [rows], run, and read `logits` [rows, V]. search: the network's screening.Search for `rows`, or None.
    """

    def __init__(
        self, native: NativeNetwork, keys: Tensor, values: Tensor, starts: Tensor, prefix: int, shared: bool,
        ranks: Ranks, search: Any = None,
    ):  # fmt: skip
        self._native, self._ranks, self.starts, self._search = native, ranks, starts, search
        self._cache = keys, values
        rows, hidden = len(starts), native.network.hidden
        self.positions = torch.zeros(rows, dtype=torch.int64)
        self.hidden, self.logits = torch.empty(rows, hidden), torch.empty(rows, native.head.outputs)
        self._result, self._sums = torch.empty(rows, hidden), torch.empty(2, rows, hidden)
        self._buffers = self._shared(rows, keys.shape[3])
        self._caches = [self._cache_of(layer, prefix, shared) for layer in range(len(native.layers))]
        self._calls, self._head = self._listed(rows)

    def run(self, count: int | None = None) -> None:
        """Compute the logits of this rank: all, or at least the `count` largest of each row and their equals, where
        there is a search; it leaves the others -inf.
        """
        for function, *arguments in self._calls:
            function(*arguments)
        if count is None or self._search is None:
            _loaded().output_head(*self._head)
        else:
            network, norm, head, *between, rows, threads = self._head
            screen = self._search.begin()
            _loaded().output_largest(network, norm, head, screen, *between, integer(count), rows, threads)

    def _shared(self, rows: int, slots: int) -> Buffers:
        """What the threads share, as native.c's buffers."""
        native = self._native
        wide = max(max(layer.qkv.outputs, layer.gate_up.outputs) for layer in native.layers)
        narrow = max(linear.inputs for layer in native.layers for linear in (layer.qkv, layer.output, layer.down))
        sizes = {
            "wide": (rows, wide), "narrow": (rows, narrow),
            "scores": (native.threads, slots), "normed": (native.threads * rows, narrow),
        }  # fmt: skip
        self._scratch = {name: torch.empty(size) for name, size in sizes.items()}
        self._largest = torch.empty(rows)
        addresses = {name: tensor.data_ptr() for name, tensor in self._scratch.items()}
        strides = {f"{name}_stride": size[1] for name, size in sizes.items()}
        single = {"result": self._result.data_ptr(), "largest": self._largest.data_ptr()}
        return Buffers(**single, **addresses, **strides)

    def _cache_of(self, layer: int, prefix: int, shared: bool) -> Cache:
        keys, values = (part[layer] for part in self._cache)
        return Cache(
            keys.data_ptr(), values.data_ptr(), self.starts.data_ptr(), 0 if shared else keys.stride(0),
            keys.stride(1), prefix, KINDS[keys.dtype],
        )  # fmt: skip

    def _listed(self, rows: int) -> tuple[list, tuple]:
        """Every call of a step with its constant arguments: (the layers' calls, the head's arguments)."""
        native, c = self._native, _loaded()
        network, buffers = ctypes.byref(native.network), ctypes.byref(self._buffers)
        positions, result = pointer(self.positions.data_ptr()), pointer(self._result.data_ptr())
        first, second = (pointer(half.data_ptr()) for half in self._sums)
        size = integer(rows), integer(native.threads)
        hidden, delta, calls = pointer(self.hidden.data_ptr()), None, []
        for layer, slots in zip(native.layers, self._caches, strict=True):
            inputs = network, ctypes.byref(layer)
            attention = (*inputs, ctypes.byref(slots), buffers, hidden, delta, first, positions, *size)
            calls += self._half(c.attention_half, c.attention_context, attention, layer.output, native.width)
            mlp = (*inputs, buffers, first, result, second, *size)
            calls += self._half(c.mlp_half, c.mlp_activated, mlp, layer.down, layer.gate_up.outputs // 2)
            hidden, delta = second, result
        norm, logits = pointer(native.norm), pointer(self.logits.data_ptr())
        head = network, norm, ctypes.byref(native.head), buffers, hidden, delta, first, logits, *size
        return calls, head

    def _half(self, whole: Any, narrow: Any, arguments: tuple, linear: Linear, count: int) -> list[tuple]:
        """The calls of half a layer: in one, or, where ranks must agree on its tokens' scales, in two.

        linear: the row-parallel one at its end, which reads `count` inputs out of the narrow buffer.
        """
        together = self._ranks.sum, self._result
        if self._ranks.world_size == 1 or not is_dynamic(linear):
            return [(whole, *arguments), together]
        product = ctypes.byref(linear), ctypes.byref(self._buffers), integer(count), *arguments[-2:]
        return [(narrow, *arguments), (self._agree, count), (_loaded().row_parallel, *product), together]

    def _agree(self, count: int) -> None:
        """Put max|x| over all ranks of each row of the narrow buffer where row_parallel reads it."""
        torch.amax(self._scratch["narrow"][:, :count].abs(), dim=1, out=self._largest)
        self._ranks.largest(self._largest)
