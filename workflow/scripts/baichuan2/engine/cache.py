"""A static KV cache, and where the new tokens of one forward go in it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from baichuan2.devices.view import SHARED, Run, View
from baichuan2.modeling import network

UNWRITTEN = 2**31 - 1  # the position of a slot without a key: behind every query


class KVCache:
    """Keys and values of every layer, [B, H, length, D] each, allocated once.

    slots_first: in memory they are [B, length, H, D].
    """

    def __init__(
        self, layers: int, batch: int, heads: int, length: int, head_dim: int, dtype, device,
        slots_first: bool = False,
    ):  # fmt: skip
        in_memory = (length, heads) if slots_first else (heads, length)
        both = (torch.zeros(layers, batch, *in_memory, head_dim, dtype=dtype, device=device) for _ in "kv")
        self.keys, self.values = (x.transpose(2, 3) for x in both) if slots_first else both

    @property
    def batch(self) -> int:
        return self.keys.shape[1]

    @property
    def length(self) -> int:
        return self.keys.shape[3]

    def row(self, row: int) -> KVCache:
        """One row alone, in the same memory."""
        part = copy.copy(self)
        part.keys, part.values = self.keys[:, row : row + 1], self.values[:, row : row + 1]
        return part


class Packed:
    """Sequences side by side in row 0 of the cache, behind the slots of one prefix that all of them share.

    Sequence k has the positions prefix, prefix + 1, ... in the slots from starts[k] on. Nothing of the prefix is
    computed or copied again, and no padding is computed at all. room: slots of each sequence.
    """

    def __init__(self, prefix: int, room: list[int], device):
        self.prefix, self.device = prefix, device
        ends = torch.tensor([0, *room]).cumsum(0) + prefix
        self.starts, self.slots = ends[:-1].tolist(), int(ends[-1])
        self.lengths = [0] * len(room)
        counts = torch.tensor([prefix, *room])
        self.key_segments = torch.repeat_interleave(torch.arange(len(room) + 1) + SHARED, counts).to(device)
        self.key_positions = torch.full((self.slots,), UNWRITTEN)  # the host's
        self.key_positions[:prefix] = torch.arange(prefix)

    def take(self, counts: list[int]) -> tuple[list[Run], Tensor | slice, Tensor, Tensor]:
        """`counts` new tokens of each sequence -> their slots, as runs and as one index; positions, segments [T]."""
        new = [range(done, done + count) for done, count in zip(self.lengths, counts, strict=True)]
        runs = [
            Run(start, start + part.start, start + part.stop)
            for start, part in zip(self.starts, new, strict=True)
            if part
        ]
        positions = torch.tensor([self.prefix + k for part in new for k in part])
        segments = torch.tensor([index for index, part in enumerate(new) for _ in part])
        slots = index_of(runs)
        self.key_positions[slots] = positions
        self.lengths = [done + count for done, count in zip(self.lengths, counts, strict=True)]
        if isinstance(slots, Tensor):
            slots = slots.to(self.device)
        return runs, slots, positions.to(self.device), segments.to(self.device)


def index_of(runs: list[Run]) -> slice | Tensor:
    """All slots of the runs as one index: a slice where they are side by side, or int64 [T]."""
    if all(left.stop == right.start for left, right in pairwise(runs)):
        return slice(runs[0].start, runs[-1].stop)
    return torch.cat([torch.arange(run.start, run.stop) for run in runs])


class Positions:
    """Makes the view of a forward from positions, for ALiBi or RoPE.

    slopes: this rank's heads' ALiBi slopes [H], or None for RoPE.
    """

    def __init__(self, slopes: Tensor | None, head_dim: int, length: int, dtype: torch.dtype, device):
        self.slopes = None if slopes is None else slopes.to(device)
        self.dtype = dtype
        self.device = device
        self._lasting: dict[str, Any] = {}
        self.tables = None
        if slopes is None:  # computed on the host, whose cosine of a large angle is exact to the last digits
            self.tables = tuple(table.to(device) for table in network.rotary_tables(head_dim, length))

    def prefill(self, cache: KVCache, rows: int, start: int, length: int) -> View:
        """`length` new tokens of every sequence at positions start, start + 1, ..., in slots of the same numbers."""
        end = start + length
        keys = torch.arange(end, device=self.device)
        return self._view(cache, rows, slice(start, end), end, keys[None, start:], keys)

    def decode(self, cache: KVCache, lengths: list[int], slots: Tensor) -> View:
        """One new token of each sequence, at the position and slot of its length so far.

        slots: the same lengths, int64 [B], on the device.
        """
        used = max(lengths) + 1
        same = len(set(lengths)) == 1
        where = slice(used - 1, used) if same else slots
        keys = torch.arange(used, device=self.device)
        filled = tuple(length + 1 for length in lengths)
        return self._view(cache, len(lengths), where, used, slots[:, None], keys, decode=True, lengths=filled)

    def decode_anywhere(self, cache: KVCache, lengths: Tensor, filled: Sequence[int] | None = None) -> View:
        """As decode, for lengths int64 [B] that the device knows: attention may read every slot.

        filled: how many slots each sequence fills with its new token, where the host knows that too.
        """
        keys, rows = torch.arange(cache.length, device=self.device), len(lengths)
        known = None if filled is None else tuple(filled)
        return self._view(cache, rows, lengths, cache.length, lengths[:, None], keys, decode=True, lengths=known)

    def packed(self, cache: KVCache, packed: Packed, counts: list[int]) -> View:
        """`counts` new tokens of each of the packed sequences."""
        runs, slots, positions, segments = packed.take(counts)
        keys = packed.key_positions.to(self.device)
        return self._view(
            cache, 1, slots, packed.slots, positions[None], keys,
            prefix=packed.prefix, runs=runs, query_segments=segments, key_segments=packed.key_segments,
        )  # fmt: skip

    def _view(self, cache: KVCache, rows: int, slots, used: int, queries: Tensor, keys: Tensor, **more) -> View:
        rotary = None
        if self.tables:
            cos, sin = (table[queries][:, None] for table in self.tables)
            rotary = cos, sin
        return View(
            cache, rows, slots, used, queries, keys, self.slopes, self.dtype,
            rotary=rotary, lasting=self._lasting, **more,
        )  # fmt: skip
