"""Decode steps that a device does as a whole: captured as a graph, or compiled (native.c)."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from baichuan2.devices.base import Capture, Replay
from baichuan2.devices.native import NativeNetwork, NativeStep, Shape
from baichuan2.devices.screening import MOST_CHOSEN, Search
from baichuan2.engine.cache import KVCache, Packed
from baichuan2.engine.decode import Decoder

MOST_ROWS = 32  # sequences of a graph; with more, a step takes far longer than launching its kernels


def whole_steps(model: Any, graph: str) -> GraphedSteps | CompiledSteps | None:
    """The whole decode steps of an engine.model.Model on its device; None where it has none.

    They have most_rows, the most sequences that they take, and decoder(cache, sequences), as decode.Decoder.
    graph: capture, eager or auto. Raises UserError for capture where the device has no graphs.
    """
    capture = model.device.graphs(graph, model.ranks.world_size)
    if capture is not None:
        return GraphedSteps(model, capture)
    config, positions = model.config, model.positions
    shape = Shape(
        config.hidden_size, model.heads, config.head_dim, config.rms_norm_eps, positions.slopes, positions.tables
    )
    layers = [parts._replace(output=parts.output.linear, down=parts.down.linear) for parts in model.parts]
    network = model.device.compiled(layers, model.final_norm, model.head, model.screen, shape)
    return None if network is None else CompiledSteps(model, network)


# ---- captured --------------------------------------------------------------------------------------------


class GraphedSteps:
    """Decode steps of a model, one graph for each cache and number of rows. It lives as long as the cache."""

    most_rows = MOST_ROWS

    def __init__(self, model: Any, capture: Capture):
        self._model, self._capture = model, capture
        self._steps: weakref.WeakKeyDictionary[KVCache, dict[int, StaticStep]]
        self._steps = weakref.WeakKeyDictionary()

    def decoder(self, cache: KVCache, sequences: list[int] | Packed) -> StaticDecoder | Decoder:
        """As engine.decode.Decoder, which itself takes sequences packed behind a prefix: they differ in shape."""
        if isinstance(sequences, Packed):
            return Decoder(self._model, cache, sequences)
        steps, rows = self._steps.setdefault(cache, {}), len(sequences)
        if rows not in steps:
            steps[rows] = StaticStep(self._model, cache, rows, self._capture)
        return StaticDecoder(steps[rows], sequences)


class StaticStep:
    """A decode step for `rows` sequences of a cache that reads and writes the same memory every time.

    tokens and positions, int64 [rows], go in; logits, float32 [rows, V], come out. capture(function) returns a
    callable that repeats the function's work, as a CUDA graph; it may call the function before, to the same effect.
    """

    def __init__(self, model: Any, cache: KVCache, rows: int, capture: Capture):
        device = cache.keys.device
        self._model, self._capture = model, capture
        self._cache = weakref.proxy(cache)  # a captured step must not keep an unused cache alive
        self.tokens = torch.zeros(rows, dtype=torch.int64, device=device)
        self.positions = torch.zeros(rows, dtype=torch.int64, device=device)
        self.logits: Tensor | None = None
        self._filled: Sequence[int] = ()
        self._run: Replay | None = None

    def run(self, filled: Sequence[int]) -> Tensor:
        """The logits [rows, V] of `tokens` at `positions`. Captured at the first call: by then there are slots.

        filled: how many slots each sequence fills with its new token.
        """
        self._filled = filled
        self._run = self._run or self._capture(self._step)
        self._run(filled)
        assert self.logits is not None  # _step has set it
        return self.logits

    def _step(self) -> None:
        view = self._model.positions.decode_anywhere(self._cache, self.positions, self._filled)
        self.logits = self._model.logits(self._model.forward(self.tokens[:, None], view)[:, 0])


class StaticDecoder:
    """As Decoder, by a StaticStep, which belongs to its newest decoder alone.

    lengths: the length of each row of the cache so far. A step overwrites the logits of the last one.
    """

    def __init__(self, step: StaticStep, lengths: list[int]):
        self._step, self._lengths = step, lengths
        step.positions.copy_(torch.tensor(lengths) - 1)

    def prepare(self) -> None:
        """Before a step: every sequence is one token longer; the device counts too."""
        self._lengths = [length + 1 for length in self._lengths]
        self._step.positions += 1

    def step(self, tokens: list[int], best: int | None = None) -> Tensor:
        """The next token of each sequence -> float32 logits [B, V] after it, whatever `best`."""
        self._step.tokens.copy_(torch.tensor(tokens))
        return self._step.run(self._lengths)


# ---- compiled --------------------------------------------------------------------------------------------


class CompiledSteps:
    """Decode steps of a model in native.c."""

    def __init__(self, model: Any, network: NativeNetwork):
        self._model, self._network, self.most_rows = model, network, network.most_rows

    def decoder(self, cache: KVCache, sequences: list[int] | Packed) -> CompiledDecoder:
        """As engine.decode.Decoder."""
        return CompiledDecoder(self._model, self._network, cache, sequences)


class CompiledDecoder:
    """As Decoder. The logits of a step are overwritten by the next one."""

    def __init__(self, model: Any, network: NativeNetwork, cache: KVCache, sequences: list[int] | Packed):
        if isinstance(sequences, Packed):
            prefix, starts = sequences.prefix, torch.tensor(sequences.starts)
            lengths = [prefix + length for length in sequences.lengths]
        else:
            prefix, lengths, starts = 0, sequences, torch.tensor([0] * len(sequences))
        shared = isinstance(sequences, Packed)
        self._model, self._cache = model, cache
        search = None if network.screen is None else Search(network.screen, len(starts), network.threads)
        self._step = NativeStep(network, cache.keys, cache.values, starts, prefix, shared, model.ranks, search)
        self._step.positions.copy_(torch.tensor(lengths) - 1)

    def prepare(self) -> None:
        """The host's work before a step: the new tokens' positions."""
        self._step.positions += 1

    def step(self, tokens: list[int], best: int | None = None) -> Tensor:
        """The next token of each sequence -> float32 logits [B, V] after it.

        best: how many of the largest of each row are needed, with their equals; others may be -inf. None: all.
        """
        self._step.hidden.copy_(self._model.embedding(torch.tensor(tokens)))
        self._step.run(None if best is None or best > MOST_CHOSEN else best)
        return self._model.gathered(self._step.logits)
