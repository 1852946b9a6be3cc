"""A static KV cache, and what the new tokens of one forward see of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

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
    (the same in every sequence), or with `apart` int64 [B] (decode: one slot a sequence). used: how many slots
    are looked at. query_positions int64 [B|1, T]; key_positions int64 [used]. query_segments int64 [T] and
    key_segments int64 [used], or None: every row of the cache is a sequence of its own, its slot s of position s.
    slopes: this rank's ALiBi slopes float32 [H], or None for RoPE. dtype: of the bias. rotate: RoPE at the new
    tokens' positions, or None.
    """

    cache: KVCache
    rows: int
    slots: Tensor | slice
    used: int
    query_positions: Tensor
    key_positions: Tensor
    slopes: Tensor | None
    dtype: torch.dtype
    apart: bool = False
    query_segments: Tensor | None = None
    key_segments: Tensor | None = None
    rotate: Callable[[Tensor], Tensor] | None = None

    @cached_property
    def bias(self) -> Tensor:
        """What is added to the scaled scores, [B|1, H|1, T, used]; only for devices that want it in memory."""
        visible = self.key_positions <= self.query_positions[..., None]
        if self.query_segments is not None:
            visible = visible & ((self.key_segments == SHARED) | (self.key_segments == self.query_segments[:, None]))
        return network.attention_bias(
            self.query_positions, self.key_positions[None], visible, self.slopes, self.dtype
        )

    def store(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Write new keys and values [B, H, T, D]; return all that are looked at [B, H, used, D]."""
        keys, values = self.cache.keys[layer, : self.rows], self.cache.values[layer, : self.rows]
        if self.apart:
            keys[self._every, :, self.slots] = key[:, :, 0].to(keys.dtype)
            values[self._every, :, self.slots] = value[:, :, 0].to(values.dtype)
        else:
            keys[:, :, self.slots] = key.to(keys.dtype)
            values[:, :, self.slots] = value.to(values.dtype)
        return keys[:, :, : self.used], values[:, :, : self.used]

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
        self.key_positions = torch.full((self.slots,), UNWRITTEN, device=device)
        self.key_positions[:prefix] = torch.arange(prefix, device=device)

    def take(self, counts: list[int]) -> tuple[Tensor | slice, Tensor, Tensor]:
        """`counts` new tokens of each sequence -> their slots, positions and segments, [T] each."""
        new = [range(done, done + count) for done, count in zip(self.lengths, counts, strict=True)]
        slots = [start + k for start, part in zip(self.starts, new, strict=True) for k in part]
        positions = [self.prefix + k for part in new for k in part]
        segments = [index for index, part in enumerate(new) for _ in part]
        self.lengths = [done + count for done, count in zip(self.lengths, counts, strict=True)]
        together = slots[-1] - slots[0] + 1 == len(slots)
        where = slice(slots[0], slots[-1] + 1) if together else torch.tensor(slots, device=self.device)
        positions = torch.tensor(positions, device=self.device)
        self.key_positions[where] = positions
        return where, positions, torch.tensor(segments, device=self.device)


class Positions:
    """Makes the view of a forward from positions, for ALiBi or RoPE.

    slopes: this rank's heads' ALiBi slopes [H], or None for RoPE.
    """

    def __init__(self, slopes: Tensor | None, head_dim: int, length: int, dtype: torch.dtype, device):
        self.slopes = None if slopes is None else slopes.to(device)
        self.dtype = dtype
        self.device = device
        self.tables = network.rotary_tables(head_dim, length, device) if slopes is None else None

    def prefill(self, cache: KVCache, rows: int, start: int, length: int) -> View:
        """`length` new tokens of every sequence at positions start, start + 1, ..., in slots of the same numbers."""
        end = start + length
        keys = torch.arange(end, device=self.device)
        return self._view(cache, rows, slice(start, end), end, keys[None, start:], keys)

    def decode(self, cache: KVCache, lengths: list[int]) -> View:
        """One new token of each sequence, at the position and slot of its length so far."""
        used = max(lengths) + 1
        slots = torch.tensor(lengths, device=self.device)
        same = len(set(lengths)) == 1
        where = slice(used - 1, used) if same else slots
        keys = torch.arange(used, device=self.device)
        return self._view(cache, len(lengths), where, used, slots[:, None], keys, apart=not same)

    def decode_anywhere(self, cache: KVCache, lengths: Tensor) -> View:
        """As decode, for lengths int64 [B] that are known to the device alone: every slot is looked at."""
        keys = torch.arange(cache.length, device=self.device)
        return self._view(cache, len(lengths), lengths, cache.length, lengths[:, None], keys, apart=True)

    def packed(self, cache: KVCache, packed: Packed, counts: list[int]) -> View:
        """`counts` new tokens of each of the packed sequences."""
        slots, positions, segments = packed.take(counts)
        return self._view(
            cache, 1, slots, packed.slots, positions[None], packed.key_positions,
            query_segments=segments, key_segments=packed.key_segments,
        )  # fmt: skip

    def _view(self, cache: KVCache, rows: int, slots, used: int, queries: Tensor, keys: Tensor, **more) -> View:
        rotate = self._rotation(queries)
        return View(cache, rows, slots, used, queries, keys, self.slopes, self.dtype, rotate=rotate, **more)

    def _rotation(self, positions: Tensor) -> Callable[[Tensor], Tensor] | None:
        """For new tokens at int64 positions [B|1, T]: x [B, H, T, D] -> rotated, or None for ALiBi."""
        if self.tables is None:
            return None
        cos, sin = (table[positions][:, None] for table in self.tables)
        return lambda x: network.apply_rotary(x, cos, sin)
