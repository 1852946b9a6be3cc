"""Decode: one new token per sequence and step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from baichuan2.engine.cache import KVCache, Packed


class Decoder:
    """Decode steps of a model, operator by operator; steps.py has the steps that a device runs as a whole.

    sequences: the length of each row of the cache so far, or sequences packed behind a shared prefix. Call
    prepare, then step, for every token.
    """

    def __init__(self, model: Any, cache: KVCache, sequences: list[int] | Packed):
        self._model, self._cache, self._sequences = model, cache, sequences
        if not isinstance(sequences, Packed):  # the device increments them, so that no step copies them to it
            self._slots = torch.tensor(sequences, device=cache.keys.device) - 1

    def prepare(self) -> None:
        """The host's work before a step: the slots of the new tokens, and the keys that they see."""
        positions, sequences = self._model.positions, self._sequences
        if isinstance(sequences, Packed):
            self._view = positions.packed(self._cache, sequences, [1] * len(sequences.lengths))
        else:
            self._slots = self._slots + 1
            self._view = positions.decode(self._cache, sequences, self._slots)
            self._sequences = [length + 1 for length in sequences]

    def step(self, tokens: list[int], best: int | None = None) -> Tensor:
        """The next token of each sequence -> float32 logits [B, V] after it.

        best: how many of the largest of each row are needed, with their equals (None: all); the rest may be -inf.
        """
        new = torch.tensor(tokens, device=self._cache.keys.device)
        packed = isinstance(self._sequences, Packed)
        hidden = self._model.forward(new[None] if packed else new[:, None], self._view)
        return self._model.next_logits(hidden.view(len(tokens), -1), best)


class RowDecoder:
    """Decode steps of some rows of a cache, others at each step, operator by operator.

    Rows between them are computed too, and dropped.
    """

    def __init__(self, model: Any, cache: KVCache):
        self._model, self._cache = model, cache

    def step(
        self, rows: Sequence[int], tokens: Sequence[int], lengths: Sequence[int], best: int | None = None
    ) -> Tensor:
        """As engine.model.Model.decode_rows."""
        new, positions = of_first_rows(max(rows) + 1, rows, tokens, lengths)
        device = self._cache.keys.device
        view = self._model.positions.decode(self._cache, positions.tolist(), positions.to(device))
        hidden = self._model.forward(new[:, None].to(device), view)
        return self._model.next_logits(hidden[list(rows), 0], best)


def of_first_rows(
    count: int, rows: Sequence[int], tokens: Sequence[int], lengths: Sequence[int]
) -> tuple[Tensor, Tensor]:
    """Tokens (0 for rows that are not named) and positions, int64 [count] each, of a cache's first `count` rows."""
    new = torch.zeros(count, dtype=torch.int64)
    new[list(rows)] = torch.tensor(list(tokens))
    return new, torch.tensor(list(lengths[:count]))
