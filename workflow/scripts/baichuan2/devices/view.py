"""What the new tokens of one forward write to and see of the KV cache, as the engine passes it to a device."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from baichuan2.modeling import network

SHARED = -1  # the segment of keys that every sequence sees: a prefix


class Cache(Protocol):
    """Keys and values of every layer, [layers, B, H, length, D] each."""

    keys: Tensor
    values: Tensor


class Run(NamedTuple):
    """Slots [start, stop) of the new tokens of a packed sequence, whose own slots begin with `first`."""

    first: int
    start: int
    stop: int


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
    in decode, how many slots each row has filled, the new one included, where the host knows; of a captured step, as
    it is when it is captured. runs: of packed sequences, the new tokens' slots, run by run, and prefix how many slots
    before them all of these see. prepared: what a device made of this view and keeps for all layers; lasting: what it
    made of these slopes and keeps for all views.
    """

    cache: Cache
    rows: int
    slots: Tensor | slice
    used: int
    query_positions: Tensor
    key_positions: Tensor
    slopes: Tensor | None
    dtype: torch.dtype
    lengths: tuple[int, ...] | None = None
    runs: list[Run] | None = None
    prefix: int = 0
    query_segments: Tensor | None = None
    key_segments: Tensor | None = None
    rotary: tuple[Tensor, Tensor] | None = None
    decode: bool = False
    prepared: dict[str, Any] = field(default_factory=dict)
    lasting: dict[str, Any] = field(default_factory=dict)

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
            return [(everything, new, slice(run.start, run.stop)) for new, run in zip(tokens, self.runs, strict=True)]
        if isinstance(self.slots, slice):
            return [(everything, everything, self.slots)]
        assert self.lengths is not None  # decode, where the host knows
        return [(slice(row, row + 1), everything, slice(n - 1, n)) for row, n in enumerate(self.lengths)]

    @cached_property
    def _every(self) -> Tensor:
        assert isinstance(self.slots, Tensor)
        return torch.arange(self.rows, device=self.slots.device)
