"""Capture work as a graph on CUDA or Ascend, whose graphs have the same interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

WARM_UP_STEPS = 3


def capture(api: Any, new_graph: Callable, device: torch.device, function: Callable[[], None]) -> Callable[[], None]:
    """A callable that repeats a function's work as one graph. api: torch.cuda or torch.npu; new_graph: its graph.

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
