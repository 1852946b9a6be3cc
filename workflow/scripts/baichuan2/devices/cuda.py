"""CUDA: float products by cuBLAS, everything else in Triton (triton_kernels), a decode step as one CUDA graph.

None of it has run on a card yet: the kernels are tested in Triton's interpreter, the rest on a CPU.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from baichuan2.devices.base import Device, Replay
from baichuan2.devices.graphs import capture
from baichuan2.devices.view import View
from baichuan2.errors import UserError
from baichuan2.w8a8.arithmetic import DynamicLinear, QuantizedLinear


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
    auto_graphs = True
    prefill_tokens = 2048  # no bias in memory, and kernels long enough to hide their launches

    def __init__(self, index: int = 0, threads: int | None = None):
        super().__init__(index, threads)
        torch.cuda.set_device(index)
        self.torch_device = torch.device("cuda", index)

    # ---- operators -------------------------------------------------------------------------------------

    def int8_linear(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        from baichuan2.devices.triton_kernels import Int8Linear

        arrays = (array.to(self.torch_device) for array in (layer.weight, layer.quant_bias, layer.deq_scale))
        weight, quant_bias, deq_scale = arrays
        return Int8Linear(weight, quant_bias, deq_scale, layer.input_scale.item(), layer.input_offset.item(), dtype)

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

    def attention(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        from baichuan2.devices.triton_kernels import attention

        return attention(query, keys, values, view)

    def capture(self, function: Callable[[], None]) -> Replay:
        """A callable that repeats a function's work on the card as one graph."""
        graph = capture(torch.cuda, torch.cuda.CUDAGraph(), self.torch_device, function)
        return lambda filled: graph.replay()

    # ---- the machine -----------------------------------------------------------------------------------

    def synchronise(self) -> None:
        torch.cuda.synchronize(self.torch_device)

    def reset_peak_memory(self) -> None:
        torch.cuda.reset_peak_memory_stats(self.torch_device)

    def peak_memory(self) -> int:
        return torch.cuda.max_memory_allocated(self.torch_device)

    def free_memory(self) -> int:
        return torch.cuda.mem_get_info(self.torch_device)[0]

    def read_bandwidth(self, size: int = 2**31, repeats: int = 7) -> float:
        return super().read_bandwidth(size, repeats)

    def device_name(self) -> str:
        return torch.cuda.get_device_name(self.torch_device)

    def describe(self) -> dict:
        return super().describe() | {"cuda": torch.version.cuda}
