"""Capture work as a graph on CUDA or Ascend, whose graphs have the same interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

WARM_UP_STEPS = 3


def capture(api: Any, graph: Any, device: torch.device, function: Callable[[], None], **options: Any) -> Any:
    """The graph, of a function's work. api: torch.cuda or torch.npu; graph: a new one; options: of api.graph.

    Warmed up on a side stream first, where kernels are compiled and libraries take their workspace, neither of which
    a capture allows: https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
    """
    side, current = api.Stream(device), api.current_stream(device)
    side.wait_stream(current)
    with api.stream(side):
        for _ in range(WARM_UP_STEPS):
            function()
    current.wait_stream(side)
    with api.graph(graph, **options):
        function()
    return graph
