"""A static KV cache, and what the new tokens of one forward see of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

import torch
from torch import Tensor

from baichuan2.modeling import network

SHARED = -1  # the segment of keys that every sequence sees: a prefix
UNWRITTEN = 2**31 - 1  # the position of a slot without a key: behind every query


class KVCache:
    """Keys and values of every layer, [B, H, length, D] each, allocated once."""

    def __init__(self, layers: int, batch: int, heads: int, length: int, head_dim: int, dtype, device):
        shape = (layers, batch, heads, length, head_dim)
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros(shape, dtype=dtype, device=device)

    @property
    def batch(self) -> int:
        return self.keys.shape[1]

    @property
    def length(self) -> int:
        return self.keys.shape[3]


@dataclass
class View:
    """What one forward writes to and sees of the cache; made once, used by every layer.

    A query sees the keys at its own position and before, of its own segment or SHARED.

    rows: the first `rows` sequences of the cache take part. slots: where the new keys go: a slice or int64 [T]
    (the same in every sequence), or in decode also int64 [B] (one slot a sequence). used: how many slots are looked
    at. query_positions int64 [B|1, T]; key_positions int64 [used]. query_segments int64 [T] and key_segments int64
    [used], or None: every row of the cache is a sequence of its own, its slot s of position s. slopes: this rank's
    ALiBi slopes float32 [H], or None for RoPE. dtype: of the bias. rotary: RoPE's cos and sin at the new tokens'
    positions, [B|1, 1, T, D] each, or None. decode: one new token of each row, in the slot of its position. lengths:
    in decode, how many slots each row has filled, the new one included, where the host knows. runs: of packed
    sequences, the new tokens' slots, run by run. prepared: what a device made of this view and keeps for all layers.
    """

    cache: KVCache
    rows: int
    slots: Tensor | slice
    used: int
    query_positions: Tensor
    key_positions: Tensor
    slopes: Tensor | None
    dtype: torch.dtype
    lengths: tuple[int, ...] | None = None
    runs: list[slice] | None = None
    query_segments: Tensor | None = None
    key_segments: Tensor | None = None
    rotary: tuple[Tensor, Tensor] | None = None
    decode: bool = False
    prepared: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def visible(self) -> Tensor:
        """Which keys each query sees, bool [B|1, T, used]."""
        visible = self.key_positions <= self.query_positions[..., None]
        if self.query_segments is None:
            return visible
        return visible & ((self.key_segments == SHARED) | (self.key_segments == self.query_segments[:, None]))

    @cached_property
    def bias(self) -> Tensor:
        """What is added to the scaled scores, [B|1, H|1, T, used]; only for devices that want it in memory."""
        return network.attention_bias(
            self.query_positions, self.key_positions[None], self.visible, self.slopes, self.dtype
        )

    def store(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Write new keys and values [B, H, T, D]; return all that are looked at [B, H, used, D]."""
        keys, values = self.cache.keys[layer, : self.rows], self.cache.values[layer, : self.rows]
        if self.decode and not isinstance(self.slots, slice):
            keys[self._every, :, self.slots] = key[:, :, 0].to(keys.dtype)
            values[self._every, :, self.slots] = value[:, :, 0].to(values.dtype)
        else:
            keys[:, :, self.slots] = key.to(keys.dtype)
            values[:, :, self.slots] = value.to(values.dtype)
        return keys[:, :, : self.used], values[:, :, : self.used]

    def store_by_slices(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """As store, by copies to slices that the host knows: for a device that cannot write by an index."""
        keys, values = self.cache.keys[layer, : self.rows], self.cache.values[layer, : self.rows]
        for rows, tokens, slots in self._pieces:
            keys[rows, :, slots] = key[rows, :, tokens].to(keys.dtype)
            values[rows, :, slots] = value[rows, :, tokens].to(values.dtype)
        return keys[:, :, : self.used], values[:, :, : self.used]

    @cached_property
    def _pieces(self) -> list[tuple[slice, slice, slice]]:
        """Which new tokens of which rows go to which slots."""
        everything = slice(None)
        if self.runs is not None:
            ends = list(accumulate(run.stop - run.start for run in self.runs))
            tokens = [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]
            return [(everything, new, run) for new, run in zip(tokens, self.runs, strict=True)]
        if isinstance(self.slots, slice):
            return [(everything, everything, self.slots)]
        return [(slice(row, row + 1), everything, slice(n - 1, n)) for row, n in enumerate(self.lengths)]

    @cached_property
    def _every(self) -> Tensor:
        return torch.arange(self.rows, device=self.slots.device)


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

    def take(self, counts: list[int]) -> tuple[list[slice], Tensor | slice, Tensor, Tensor]:
        """`counts` new tokens of each sequence -> their slots, as runs and as one index; positions, segments [T]."""
        new = [range(done, done + count) for done, count in zip(self.lengths, counts, strict=True)]
        runs = [
            slice(start + part.start, start + part.stop) for start, part in zip(self.starts, new, strict=True) if part
        ]
        positions = torch.tensor([self.prefix + k for part in new for k in part])
        segments = torch.tensor([index for index, part in enumerate(new) for _ in part])
        slots = index_of(runs)
        self.key_positions[slots] = positions
        self.lengths = [done + count for done, count in zip(self.lengths, counts, strict=True)]
        if isinstance(slots, Tensor):
            slots = slots.to(self.device)
        return runs, slots, positions.to(self.device), segments.to(self.device)


def index_of(runs: list[slice]) -> slice | Tensor:
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
        self.tables = None
        if slopes is None:  # made on the host, whose cosine of a large angle is right to the last digits
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

    def decode_anywhere(self, cache: KVCache, lengths: Tensor) -> View:
        """As decode, for lengths int64 [B] that are known to the device alone: every slot is looked at."""
        keys = torch.arange(cache.length, device=self.device)
        return self._view(cache, len(lengths), lengths, cache.length, lengths[:, None], keys, decode=True)

    def packed(self, cache: KVCache, packed: Packed, counts: list[int]) -> View:
        """`counts` new tokens of each of the packed sequences."""
        runs, slots, positions, segments = packed.take(counts)
        keys = packed.key_positions.to(self.device)
        return self._view(
            cache, 1, slots, packed.slots, positions[None], keys,
            runs=runs, query_segments=segments, key_segments=packed.key_segments,
        )  # fmt: skip

    def _view(self, cache: KVCache, rows: int, slots, used: int, queries: Tensor, keys: Tensor, **more) -> View:
        rotary = self.tables and tuple(table[queries][:, None] for table in self.tables)
        return View(cache, rows, slots, used, queries, keys, self.slopes, self.dtype, rotary=rotary, **more)
