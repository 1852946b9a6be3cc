"""Decode steps that a device does as a whole: captured as a graph, or compiled (native.c)."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from baichuan2.devices.base import Capture, Replay
from baichuan2.devices.native import SOURCE, NativeNetwork, NativeStep, Shape, float_product
from baichuan2.devices.screening import MOST_CHOSEN, Search
from baichuan2.engine.cache import KVCache, Packed
from baichuan2.engine.decode import Decoder, RowDecoder, of_first_rows

MOST_ROWS = 32  # sequences of a graph; with more, a step takes far longer than launching its kernels


def whole_steps(model: Any, graph: str) -> GraphedSteps | CompiledSteps | None:
    """The whole decode steps of an engine.model.Model on its device; None where it has none.

    They have a name, most_rows, the most sequences that they take, decoder(cache, sequences), as decode.Decoder, and
    row_decoder(cache), as decode.RowDecoder. graph: capture, eager or auto. Raises UserError for capture where the
    device has no graphs.
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

    name = "graph"
    most_rows = MOST_ROWS

    def __init__(self, model: Any, capture: Capture):
        self._model, self._capture = model, capture
        self._steps: weakref.WeakKeyDictionary[KVCache, dict[int, StaticStep]]
        self._steps = weakref.WeakKeyDictionary()

    def decoder(self, cache: KVCache, sequences: list[int] | Packed) -> StaticDecoder | Decoder:
        """As engine.decode.Decoder, which itself takes sequences packed behind a prefix: they differ in shape."""
        if isinstance(sequences, Packed):
            return Decoder(self._model, cache, sequences)
        return StaticDecoder(self._step(cache, len(sequences)), sequences)

    def row_decoder(self, cache: KVCache) -> StaticRowDecoder:
        """As engine.decode.RowDecoder."""
        return StaticRowDecoder(self._model, cache, partial(self._step, cache))

    def _step(self, cache: KVCache, rows: int) -> StaticStep:
        """The step of the first `rows` rows."""
        steps = self._steps.setdefault(cache, {})
        if rows not in steps:
            steps[rows] = StaticStep(self._model, cache, rows, self._capture)
        return steps[rows]


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


class StaticRowDecoder:
    """As RowDecoder, by StaticSteps of 1, 2, 4, ... rows. A step overwrites the logits of the last one.

    step_of: the step of so many rows.
    """

    def __init__(self, model: Any, cache: KVCache, step_of: Callable[[int], StaticStep]):
        self._model, self._cache, self._step_of = model, cache, step_of

    def step(
        self, rows: Sequence[int], tokens: Sequence[int], lengths: Sequence[int], best: int | None = None
    ) -> Tensor:
        """As engine.model.Model.decode_rows."""
        count = min(1 << max(rows).bit_length(), self._cache.batch)
        if count > MOST_ROWS:
            return RowDecoder(self._model, self._cache).step(rows, tokens, lengths, best)
        new, positions = of_first_rows(count, rows, tokens, lengths)
        step = self._step_of(count)
        step.tokens.copy_(new)
        step.positions.copy_(positions)
        return step.run((positions + 1).tolist())[list(rows)]


# ---- compiled --------------------------------------------------------------------------------------------


class CompiledSteps:
    """Decode steps of a model in native.c."""

    name = SOURCE.name

    def __init__(self, model: Any, network: NativeNetwork):
        self._model, self._network, self.most_rows = model, network, network.most_rows
        self._row_decoders: weakref.WeakKeyDictionary[KVCache, CompiledRowDecoder] = weakref.WeakKeyDictionary()

    def decoder(self, cache: KVCache, sequences: list[int] | Packed) -> CompiledDecoder:
        """As engine.decode.Decoder."""
        return CompiledDecoder(self._model, self._network, cache, sequences)

    def finds(self, rows: int, best: int) -> bool:
        """Whether `logits` is for so many rows: those of a step, or more, where a search is faster than the layer."""
        return rows <= self.most_rows or (best <= MOST_CHOSEN and rows <= self._network.most_searched)

    def logits(self, hidden: Tensor, best: int) -> Tensor:
        """This rank's logits after hidden states [B, E], at least the `best` largest, as decoders compute them."""
        network = self._network
        if network.screen is None or best > MOST_CHOSEN:
            return float_product(network.head, hidden)
        search = Search(network.screen, len(hidden), network.threads)  # its memory lives through the call
        return float_product(network.head, hidden, search.begin(), best)

    def row_decoder(self, cache: KVCache) -> CompiledRowDecoder:
        """As engine.decode.RowDecoder."""
        if cache not in self._row_decoders:
            self._row_decoders[cache] = CompiledRowDecoder(self._model, self._network, weakref.proxy(cache))
        return self._row_decoders[cache]


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
        self._step = native_step(model, network, cache, starts, prefix, shared)
        self._step.positions.copy_(torch.tensor(lengths) - 1)

    def prepare(self) -> None:
        """The host's work before a step: the new tokens' positions."""
        self._step.positions += 1

    def step(self, tokens: list[int], best: int | None = None) -> Tensor:
        """The next token of each sequence -> float32 logits [B, V] after it.

        best: how many of the largest of each row are needed, with their equals; others may be -inf. None: all.
        """
        return run_native(self._model, self._step, tokens, best)


class CompiledRowDecoder:
    """As RowDecoder, but no other row is computed. A step overwrites the logits of the last one of as many rows."""

    def __init__(self, model: Any, network: NativeNetwork, cache: KVCache):
        self._model, self._network, self._cache = model, network, cache
        self._steps: dict[int, NativeStep] = {}  # by their number of rows
        self._apart = cache.keys.stride(1) // cache.keys.shape[-1]  # slots from a row of the cache to the next

    def step(
        self, rows: Sequence[int], tokens: Sequence[int], lengths: Sequence[int], best: int | None = None
    ) -> Tensor:
        """As engine.model.Model.decode_rows."""
        if len(rows) not in self._steps:
            starts = torch.zeros(len(rows), dtype=torch.int64)
            self._steps[len(rows)] = native_step(self._model, self._network, self._cache, starts, 0, True)
        step = self._steps[len(rows)]
        step.starts.copy_(torch.tensor(rows) * self._apart)
        step.positions.copy_(torch.tensor([lengths[row] for row in rows]))
        return run_native(self._model, step, tokens, best)


def native_step(
    model: Any, network: NativeNetwork, cache: KVCache, starts: Tensor, prefix: int, shared: bool
) -> NativeStep:
    """A step over the cache; starts, prefix, shared: as NativeStep's."""
    search = None if network.screen is None else Search(network.screen, len(starts), network.threads)
    return NativeStep(network, cache.keys, cache.values, starts, prefix, shared, model.ranks, search)


def run_native(model: Any, step: NativeStep, tokens: Sequence[int], best: int | None) -> Tensor:
    """The logits [B, V] after `tokens`; best: as CompiledDecoder.step's."""
    step.hidden.copy_(model.embedding(torch.tensor(tokens)))
    step.run(None if best is None or best > MOST_CHOSEN else best)
    return model.gathered(step.logits)
