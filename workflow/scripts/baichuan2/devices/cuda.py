"""CUDA: torch's kernels, int8 products by torch._int_mm (cuBLASLt)."""

from __future__ import annotations

import torch

from baichuan2.devices.base import Device
from baichuan2.errors import UserError


def open_device(index: int, threads: int | None) -> Device:
    if not torch.cuda.is_available():
        raise UserError(
            "engine.device: cuda, but torch finds no CUDA device; install a CUDA build, or set device: cpu"
        )
    if index >= torch.cuda.device_count():
        raise UserError(
            f"parallel.world_size: rank {index} has no card; CUDA_VISIBLE_DEVICES shows {torch.cuda.device_count()}"
        )
    return CudaDevice(index, threads)


class CudaDevice(Device):
    """One CUDA card."""

    name = "cuda"
    backend = "nccl"

    def __init__(self, index: int = 0, threads: int | None = None):
        super().__init__(index, threads)
        torch.cuda.set_device(index)
        self.torch_device = torch.device("cuda", index)

    def synchronise(self) -> None:
        torch.cuda.synchronize(self.torch_device)

    def reset_peak_memory(self) -> None:
        torch.cuda.reset_peak_memory_stats(self.torch_device)

    def peak_memory(self) -> int:
        return torch.cuda.max_memory_allocated(self.torch_device)

    def read_bandwidth(self, size: int = 2**31, repeats: int = 7) -> float:
        return super().read_bandwidth(size, repeats)

    def device_name(self) -> str:
        return torch.cuda.get_device_name(self.torch_device)

    def describe(self) -> dict:
        return super().describe() | {"cuda": torch.version.cuda}
