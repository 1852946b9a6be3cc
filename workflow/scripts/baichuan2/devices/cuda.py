"""CUDA: float products by cuBLAS, everything else in Triton (triton_kernels), a decode step as one CUDA graph.

None of it has run on a card yet: the kernels are proven in Triton's interpreter, the rest on a CPU.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from baichuan2.devices.base import Device
from baichuan2.engine.cache import KVCache, Packed
from baichuan2.engine.decode import Decoder, StaticDecoder, StaticStep
from baichuan2.errors import UserError
from baichuan2.w8a8 import DynamicLinear, QuantizedLinear

MOST_ROWS = 32  # sequences of a graph; above, the time of a step is far over that of launching its kernels
WARM_UP_STEPS = 3


def open_device(index: int, threads: int | None) -> Device:
    if not torch.cuda.is_available():
        raise UserError(
            "engine.device: cuda, but torch finds no CUDA device; install a CUDA build, or set device: cpu"
        )
    if index >= torch.cuda.device_count():
        raise UserError(
            f"parallel.world_size: rank {index} has no card; CUDA_VISIBLE_DEVICES shows {torch.cuda.device_count()}"
        )
    try:
        import triton  # noqa: F401
    except ImportError:
        raise UserError("engine.device: cuda: triton is not installed; torch's CUDA builds for Linux need it: "
                        "install torch again from PyPI") from None  # fmt: skip
    return CudaDevice(index, threads)


class CudaDevice(Device):
    """One CUDA card. Triton is imported by the operators, since this module is imported without it too."""

    name = "cuda"
    backend = "nccl"
    prefill_tokens = 2048  # no bias in memory, and kernels long enough to hide their launches

    def __init__(self, index: int = 0, threads: int | None = None):
        super().__init__(index, threads)
        torch.cuda.set_device(index)
        self.torch_device = torch.device("cuda", index)

    # ---- operators -------------------------------------------------------------------------------------

    def int8_linear(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        from baichuan2.devices.triton_kernels import Int8Linear

        arrays = (array.to(self.torch_device) for array in (layer.weight, layer.quant_bias, layer.deq_scale))
        return Int8Linear(*arrays, layer.input_scale.item(), layer.input_offset.item(), dtype)

    def dynamic_linear(self, layer: DynamicLinear, dtype: torch.dtype) -> Callable[..., Tensor]:
        from baichuan2.devices.triton_kernels import DynamicInt8Linear

        weight, weight_scale = (array.to(self.torch_device) for array in (layer.weight, layer.weight_scale.flatten()))
        return DynamicInt8Linear(weight, weight_scale, dtype)

    def add_norm(self, weight: Tensor, eps: float) -> Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]:
        from baichuan2.devices.triton_kernels import add_norm

        weight = weight.to(self.torch_device)
        return lambda hidden, delta: add_norm(hidden, delta, weight, eps)

    def silu_mul(self, gate_up: Tensor) -> Tensor:
        from baichuan2.devices.triton_kernels import silu_mul

        return silu_mul(gate_up)

    def attention(self, query: Tensor, keys: Tensor, values: Tensor, view: Any) -> Tensor:
        from baichuan2.devices.triton_kernels import attention

        return attention(query, keys, values, view)

    def fused(self, model: Any) -> GraphedSteps | None:
        """Steps as graphs; on one card only, since collectives inside of a graph are untried."""
        return GraphedSteps(model, self.capture) if model.ranks.world_size == 1 else None

    def capture(self, function: Callable[[], None]) -> Callable[[], None]:
        """What repeats a function's work on the card as one graph.

        Warmed up on a side stream first, where Triton compiles and cuBLAS takes its workspace, neither of which a
        capture allows: https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
        """
        side, current = torch.cuda.Stream(self.torch_device), torch.cuda.current_stream(self.torch_device)
        side.wait_stream(current)
        with torch.cuda.stream(side):
            for _ in range(WARM_UP_STEPS):
                function()
        current.wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            function()
        return graph.replay

    # ---- the machine -----------------------------------------------------------------------------------

    def synchronise(self) -> None:
        torch.cuda.synchronize(self.torch_device)

    def reset_peak_memory(self) -> None:
        torch.cuda.reset_peak_memory_stats(self.torch_device)

    def peak_memory(self) -> int:
        return torch.cuda.max_memory_allocated(self.torch_device)

    def read_bandwidth(self, size: int = 2**31, repeats: int = 7) -> float:
        return super().read_bandwidth(size, repeats)

    def copy_bandwidth(self, size: int = 2**31, repeats: int = 7) -> float:
        """Measured bytes read and written per second of a copy of `size` bytes within the card's memory."""
        data = torch.ones(size, dtype=torch.uint8, device=self.torch_device)
        copy = torch.empty_like(data)
        return 2 * size / self.median_seconds(lambda: copy.copy_(data), repeats)

    def device_name(self) -> str:
        return torch.cuda.get_device_name(self.torch_device)

    def describe(self) -> dict:
        return super().describe() | {"cuda": torch.version.cuda}


class GraphedSteps:
    """Decode steps of a model, one graph for each cache and number of rows, kept as long as the cache is."""

    most_rows = MOST_ROWS

    def __init__(self, model: Any, capture: Callable):
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
