"""Decode steps captured as graphs, on CUDA and Ascend alike, whose graphs have the same interface."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch

from baichuan2.engine.cache import KVCache, Packed
from baichuan2.engine.decode import Capture, Decoder, StaticDecoder, StaticStep

MOST_ROWS = 32  # sequences of a graph; above, the time of a step is far over that of launching its kernels
WARM_UP_STEPS = 3


def capture(api: Any, new_graph: Callable, device: torch.device, function: Callable[[], None]) -> Callable[[], None]:
    """What repeats a function's work on the card as one graph. api: torch.cuda or torch.npu; new_graph: its graph.

    Warmed up on a side stream first, where kernels are compiled and libraries take their workspace, neither of which
    a capture allows: https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
    """
    side, current = api.Stream(device), api.current_stream(device)
    side.wait_stream(current)
    with api.stream(side):
        for _ in range(WARM_UP_STEPS):
            function()
    current.wait_stream(side)
    graph = new_graph()
    with api.graph(graph):
        function()
    return graph.replay


class GraphedSteps:
    """Decode steps of a model, one graph for each cache and number of rows, kept as long as the cache is."""

    most_rows = MOST_ROWS

    def __init__(self, model: Any, capture: Capture):
        self._model, self._capture = model, capture
        self._steps: weakref.WeakKeyDictionary[KVCache, dict[int, StaticStep]] = weakref.WeakKeyDictionary()

    def decoder(self, cache: KVCache, sequences: list[int] | Packed) -> StaticDecoder | Decoder:
        """As engine.decode.Decoder; sequences packed behind a prefix differ in shape, and go by the parts."""
        if isinstance(sequences, Packed):
            return Decoder(self._model, cache, sequences)
        steps, rows = self._steps.setdefault(cache, {}), len(sequences)
        if rows not in steps:
            steps[rows] = StaticStep(self._model, cache, rows, self._capture)
        return StaticDecoder(steps[rows], sequences)
