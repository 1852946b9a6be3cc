"""Compile what a Baichuan2-13B or -7B launches for a card that is not here: compile_kernels.py 90 13b-bfloat16

The launchers get tensors without memory and a driver that only names its target, and each kernel is compiled by
Triton and ptxas instead of launched. Prints a line of JSON for each: kernel, registers, spilled and shared bytes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import torch
import triton
from triton.backends.compiler import GPUTarget
from triton.runtime import driver

from baichuan2.devices import triton_kernels as kernels
from baichuan2.devices.view import View
from baichuan2.engine.cache import KVCache, Positions
from baichuan2.model.sizes import ModelConfig, named_shape
from baichuan2.modeling import network

BINARIES = Path(triton.__file__).parent / "backends" / "nvidia" / "bin"
COMPILED = {}


class NoCard:
    """What Triton asks of a driver in order to compile."""

    def __init__(self, arch: int):
        self.target = GPUTarget("cuda", arch, 32)

    def get_current_target(self):
        return self.target

    def get_current_device(self):
        return 0

    def get_current_stream(self, device):
        return 0


def compile_instead(self, *arguments, grid, warmup, _run=triton.JITFunction.run, **more):
    compiled = _run(self, *arguments, grid=grid, warmup=True, **more)
    COMPILED[compiled.hash] = compiled


def every_launch(config: ModelConfig, dtype: torch.dtype) -> None:
    """All kernels at all their block sizes, for one shape and dtype."""
    hidden, inner, heads, head_dim = (
        config.hidden_size, config.intermediate_size, config.num_attention_heads, config.head_dim
    )  # fmt: skip
    for rows in (1, 40):
        x = torch.empty(1, rows, hidden, dtype=dtype)
        weight = torch.empty(hidden, dtype=dtype)
        kernels.add_norm(x, None, weight, 1e-6)
        kernels.add_norm(x, x, weight, 1e-6)
        kernels.silu_mul(torch.empty(1, rows, 2 * inner, dtype=dtype))
    for outputs, inputs in ((3 * hidden, hidden), (hidden, hidden), (2 * inner, hidden), (hidden, inner)):
        int8 = torch.empty(outputs, inputs, dtype=torch.int8)
        bias, scale = torch.empty(outputs, dtype=torch.int32), torch.empty(outputs)
        static = kernels.Int8Linear(int8, bias, scale, 0.03, 5.0, dtype)
        dynamic = kernels.DynamicInt8Linear(int8, scale, dtype)
        for rows in (1, 2, 16, 512):
            x = torch.empty(1, rows, inputs, dtype=dtype)
            static(x)
            dynamic(x)
    slopes = torch.empty(heads) if config.position_embedding == "alibi" else None
    positions = Positions(slopes, head_dim, 4096, dtype, "meta")
    cache = KVCache(1, 2, heads, 4096, head_dim, dtype, "meta")
    for count in (5, 17, 64, 512):
        query = network.split_heads(torch.empty(1, count, 3 * hidden, dtype=dtype), head_dim)[0]
        for view in (positions.prefill(cache, 1, 0, count), packed(positions, cache, count)):
            kernels.attention(query, cache.keys[0, :1], cache.values[0, :1], view)
    query = torch.empty(2, heads, 1, head_dim, dtype=dtype)
    view = positions.decode_anywhere(cache, torch.empty(2, dtype=torch.int64))
    kernels.attention(query, cache.keys[0], cache.values[0], view)


def packed(positions: Positions, cache: KVCache, count: int) -> View:
    """A view with segments, of tensors without memory, as all of them here."""
    view = positions.prefill(cache, 1, 0, count)
    return replace(view, query_segments=view.query_positions[0], key_segments=view.key_positions)


def usage(compiled) -> dict:
    """Registers and spilled bytes of a thread, as NVIDIA's own tool reads them from the binary."""
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(compiled.asm["cubin"])
        file.flush()
        command = [str(BINARIES / "cuobjdump"), "--dump-resource-usage", file.name]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = {name: int(value) for name, value in re.findall(r"(REG|STACK|LOCAL):(\d+)", text)}
    name, meta = compiled.metadata.name, compiled.metadata
    return {"kernel": name, "registers": found["REG"], "spilled": found["STACK"] + found["LOCAL"]} | {
        "shared": meta.shared, "warps": meta.num_warps,
    }  # fmt: skip


def main(arch: str, *models: str) -> None:
    driver.set_active(NoCard(int(arch)))
    triton.JITFunction.run = compile_instead
    torch.set_default_device("meta")
    for model in models:
        shape, dtype = model.split("-")
        every_launch(named_shape(f"baichuan2-{shape}"), getattr(torch, dtype))
    for compiled in COMPILED.values():
        print(json.dumps(usage(compiled)))


if __name__ == "__main__":
    main(*sys.argv[1:])
