"""Decode: one new token of each sequence a step."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from baichuan2.engine.cache import KVCache, Packed


class Decoder:
    """Decode steps of a model by its parts; what a device does faster as a whole is its `fused`.

    sequences: the length of each row of the cache so far, or sequences packed behind a shared prefix. Call
    prepare, then step, for every token.
    """

    def __init__(self, model: Any, cache: KVCache, sequences: list[int] | Packed):
        self._model, self._cache, self._sequences = model, cache, sequences
        if not isinstance(sequences, Packed):  # counted on by the device, so that no step copies them there
            self._slots = torch.tensor(sequences, device=cache.keys.device) - 1

    def prepare(self) -> None:
        """The host's work before a step: where the new tokens go and what they see."""
        positions, sequences = self._model.positions, self._sequences
        if isinstance(sequences, Packed):
            self._view = positions.packed(self._cache, sequences, [1] * len(sequences.lengths))
        else:
            self._slots = self._slots + 1
            self._view = positions.decode(self._cache, sequences, self._slots)
            self._sequences = [length + 1 for length in sequences]

    def step(self, tokens: list[int]) -> Tensor:
        """The next token of each sequence -> float32 logits [B, V] after it."""
        new = torch.tensor(tokens, device=self._cache.keys.device)
        packed = isinstance(self._sequences, Packed)
        hidden = self._model.forward(new[None] if packed else new[:, None], self._view)
        return self._model.logits(hidden.view(len(tokens), -1))


Capture = Callable[[Callable[[], None]], Callable[[], None]]


class StaticStep:
    """A decode step for `rows` sequences of a cache that reads and writes the same memory every time.

    tokens and positions, int64 [rows], go in; logits, float32 [rows, V], come out. capture(function) returns what
    does the function's work again, as a CUDA graph; it may call the function before, which writes the same again.
    """

    def __init__(self, model: Any, cache: KVCache, rows: int, capture: Capture):
        device = cache.keys.device
        self._model, self._capture = model, capture
        self._cache = weakref.proxy(cache)  # a captured step must not keep a cache that is given up
        self.tokens = torch.zeros(rows, dtype=torch.int64, device=device)
        self.positions = torch.zeros(rows, dtype=torch.int64, device=device)
        self.logits: Tensor | None = None
        self._run: Callable[[], None] | None = None

    def run(self) -> Tensor:
        """The logits [rows, V] of `tokens` at `positions`. Captured at the first call: by then there are slots."""
        self._run = self._run or self._capture(self._step)
        self._run()
        return self.logits

    def _step(self) -> None:
        view = self._model.positions.decode_anywhere(self._cache, self.positions)
        self.logits = self._model.logits(self._model.forward(self.tokens[:, None], view)[:, 0])


class StaticDecoder:
    """As Decoder, by a StaticStep, which belongs to its newest decoder alone.

    lengths: the length of each row of the cache so far. A step overwrites the logits of the last one.
    """

    def __init__(self, step: StaticStep, lengths: list[int]):
        self._step = step
        step.positions.copy_(torch.tensor(lengths) - 1)

    def prepare(self) -> None:
        """Before a step: every sequence is one token longer."""
        self._step.positions += 1

    def step(self, tokens: list[int]) -> Tensor:
        """The next token of each sequence -> float32 logits [B, V] after it."""
        self._step.tokens.copy_(torch.tensor(tokens))
        return self._step.run()
