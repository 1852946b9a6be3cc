"""A static KV cache, and what attention sees of it in one forward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from baichuan2.modeling import network


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

    def repeat_row(self, length: int) -> None:
        """Give every sequence the first `length` slots of sequence 0: a prefix that all of them share."""
        self.keys[:, 1:, :, :length] = self.keys[:, :1, :, :length]
        self.values[:, 1:, :, :length] = self.values[:, :1, :, :length]


@dataclass
class View:
    """What one forward writes to and sees of the cache; made once, used by every layer.

    rows: the first `rows` sequences take part. slots: where the new keys go, int64 [T] (the same in every
    sequence) or [B] (decode: one slot a sequence). used: how many slots are looked at. bias: [B|1, H|1, T, used].
    rotate: RoPE at the new tokens' positions, or None.
    """

    cache: KVCache
    rows: int
    slots: Tensor | slice
    used: int
    bias: Tensor
    rotate: Callable[[Tensor], Tensor] | None

    def store(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Write new keys and values [B, H, T, D]; return all that are looked at [B, H, used, D]."""
        keys, values = self.cache.keys[layer, : self.rows], self.cache.values[layer, : self.rows]
        if isinstance(self.slots, slice):
            keys[:, :, self.slots] = key
            values[:, :, self.slots] = value
        else:
            every = torch.arange(self.rows, device=key.device)
            keys[every, :, self.slots] = key[:, :, 0]
            values[every, :, self.slots] = value[:, :, 0]
        return keys[:, :, : self.used], values[:, :, : self.used]


class Positions:
    """Makes the bias and the rotation of a forward from positions, for ALiBi or RoPE.

    slopes: this rank's heads' ALiBi slopes [H], or None for RoPE.
    """

    def __init__(self, slopes: Tensor | None, head_dim: int, length: int, dtype: torch.dtype, device):
        self.slopes = None if slopes is None else slopes.to(device)
        self.dtype = dtype
        self.device = device
        self.tables = network.rotary_tables(head_dim, length, device) if slopes is None else None

    def bias(self, queries: Tensor, keys: Tensor, visible: Tensor) -> Tensor:
        """queries int64 [B, T], keys int64 [B|1, S], visible bool [B, T, S] -> [B, H|1, T, S]."""
        return network.attention_bias(queries, keys, visible, self.slopes, self.dtype)

    def rotation(self, positions: Tensor) -> Callable[[Tensor], Tensor] | None:
        """For new tokens at int64 positions [B|1, T]: x [B, H, T, D] -> rotated, or None for ALiBi."""
        if self.tables is None:
            return None
        cos, sin = (table[positions][:, None] for table in self.tables)
        return lambda x: network.apply_rotary(x, cos, sin)

    def prefill(self, cache: KVCache, rows: int, start: int, length: int) -> View:
        """`length` new tokens of every sequence at positions start, start + 1, ..., in slots of the same numbers."""
        queries = torch.arange(start, start + length, device=self.device)
        keys = torch.arange(start + length, device=self.device)
        bias = self.bias(queries[None], keys[None], (keys <= queries[:, None])[None])
        return View(cache, rows, slice(start, start + length), start + length, bias, self.rotation(queries[None]))

    def decode(self, cache: KVCache, lengths: list[int]) -> View:
        """One new token of each sequence, at the position and slot of its length so far."""
        used = max(lengths) + 1
        slots = torch.tensor(lengths, device=self.device)
        keys = torch.arange(used, device=self.device)
        bias = self.bias(slots[:, None], keys[None], keys <= slots[:, None, None])
        same = len(set(lengths)) == 1
        where = slice(used - 1, used) if same else slots
        return View(cache, len(lengths), where, used, bias, self.rotation(slots[:, None]))

    def packed(self, cache: KVCache, prefix: int, lengths: list[int]) -> View:
        """Continuations of one shared prefix, side by side in sequence 0 behind its `prefix` slots.

        Each sees the prefix and itself, at positions that go on from the prefix: no key of the prefix is
        computed or copied again, and no padding is computed at all.
        """
        local = torch.cat([torch.arange(n, device=self.device) for n in lengths])
        segment = torch.repeat_interleave(
            torch.arange(len(lengths), device=self.device), torch.tensor(lengths, device=self.device)
        )
        queries = prefix + local
        keys = torch.cat((torch.arange(prefix, device=self.device), queries))
        causal = (segment[:, None] == segment[None]) & (local[:, None] >= local[None])
        shared = torch.ones(len(local), prefix, dtype=torch.bool, device=self.device)
        bias = self.bias(queries[None], keys[None], torch.cat((shared, causal), dim=1)[None])
        end = prefix + len(local)
        return View(cache, 1, slice(prefix, end), end, bias, self.rotation(queries[None]))
