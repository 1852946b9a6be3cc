"""The devices behind one protocol (base.Device): cpu, cuda, npu. Only this package asks which one it is."""

from __future__ import annotations

import os
import platform
import shutil
from functools import cache
from pathlib import Path

from baichuan2 import host
from baichuan2.errors import UserError

NAMES = ("cpu", "cuda", "npu")
# Environment variables of a device's processes, unless the user has set them. They must be set before torch is
# imported: torch loads torch_npu, which reads them. npu: the guide's, but its TASK_QUEUE_ENABLE of 1, for which the
# vendor now recommends 2; and collectives expanded on the vector cores of 910B (others take no notice of AIV).
ENVIRONMENT = {
    "npu": {
        "HCCL_OP_BASE_FFTS_MODE_ENABLE": "1",
        "HCCL_OP_EXPANSION_MODE": "AIV",
        "TASK_QUEUE_ENABLE": "2",
        "PYTORCH_NPU_ALLOC_CONF": "max_split_size_mb:2048",
    },
}

# What native.c needs of a processor, by platform.machine().
NATIVE = {
    "x86_64": frozenset({"avx512f", "avx512bw", "avx512vl", "avx512_vnni"}),
    "aarch64": frozenset({"asimd", "asimddp"}),
}
# Flags of processors with products of bfloat16, x86 and Arm; oneDNN packs it for any AVX512, and computes it slowly.
BFLOAT16 = frozenset({"avx512_bf16", "amx_bf16", "avx_ne_convert", "bf16"})


@cache
def detect() -> str:
    """The name that `device: auto` means on this host, by its device files, without importing torch."""
    if any(Path("/dev").glob("davinci[0-9]*")):
        return "npu"
    if Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi"):
        return "cuda"
    return "cpu"


def resolve(name: str) -> str:
    """The device that engine.device means on this host. Raises UserError for an unknown name."""
    name = detect() if name == "auto" else name
    if name not in NAMES:
        raise UserError(f"engine.device: {name!r} is not a device; it must be auto, {', '.join(NAMES)}")
    return name


def cache_dtype(name: str, dtype: str) -> str:
    """The KV cache's dtype where the network computes in `dtype`, told without torch.

    On a CPU it is bfloat16 where native.c reads it, which widens keys as it multiplies: by torch's operators one
    query takes longer over 16-bit keys than over float32's. float16 is computed in bfloat16 there. On x86 without
    products of bfloat16 oneDNN packs such weights as native.c does not read them.
    """
    if name != "cpu":
        return dtype
    packed = platform.machine() == "aarch64" or not BFLOAT16.isdisjoint(host.cpu_flags())
    return "bfloat16" if packed and dtype in ("bfloat16", "float16") and runs_native() else "float32"


def runs_native() -> bool:
    """Whether native.c can be had on this CPU, told without torch."""
    needs = NATIVE.get(platform.machine())
    return needs is not None and needs <= host.cpu_flags() and compiler() is not None


def head(name: str, kind: str) -> str:
    """What engine.head means on a device of this host, told without torch: auto is exact where native.c runs.

    There is one more condition that is not looked at: that oneDNN packs weights as native.c reads them.
    """
    return kind if kind != "auto" else "exact" if name == "cpu" and runs_native() else "float"


def compiler() -> str | None:
    """The path of the C compiler, or None."""
    return shutil.which(os.environ.get("CC", "cc"))


def no_graphs(name: str, world_size: int) -> str | None:
    """Why `engine.graph: capture` is refused on a device, or None: told without torch."""
    if name == "cpu":
        return "a CPU has no graphs"
    return "collectives inside of a graph are untried" if world_size > 1 and name != "npu" else None


def open_device(name: str = "auto", threads: int | None = None):
    """The device of this process: under torchrun each rank takes the card of its LOCAL_RANK.

    threads: CPU threads of all ranks of this host together. Raises UserError for an unknown name or a device
    that is not there.
    """
    name = resolve(name)
    from baichuan2.devices import cpu, cuda, npu  # here, so that detect() needs no torch

    ranks = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    module = {"cpu": cpu, "cuda": cuda, "npu": npu}[name]
    return module.open_device(int(os.environ.get("LOCAL_RANK", "0")), max(1, threads // ranks) if threads else None)
