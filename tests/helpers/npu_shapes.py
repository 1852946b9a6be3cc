"""Run by test_npu.py: prefill and decode at the published sizes, without numbers, by torch_npu's meta kernels.

usage: npu_shapes.py: prints, for each model, precision and world_size, a line of JSON with the shapes of its logits.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from baichuan2.devices import npu
from baichuan2.engine.engine import Engine, Settings
from baichuan2.model.sizes import SHAPES, ModelConfig, linear_names, tensor_shapes
from baichuan2.ranks.collectives import Ranks
from baichuan2.ranks.table import part_shape
from baichuan2.w8a8.arithmetic import QuantizedLinear

LAYERS = 2  # all are alike; the first has no sum to add
LENGTHS = [300, 200]
SLOTS = 512


class Shapes:
    """Weights of one rank without numbers and memory of their own; the scale and offset of inputs alone have some."""

    def __init__(self, config: ModelConfig, quantized: bool, dtype: torch.dtype, rank: int, world_size: int):
        self.precision, self.dtype = "w8a8" if quantized else "float", dtype
        self.int8_modules = frozenset(linear_names(config) if quantized else ())
        self._shapes = {name: part_shape(name, shape, world_size) for name, shape in tensor_shapes(config).items()}

    held = nullcontext

    def tensor(self, name: str) -> Tensor:
        return torch.zeros((), dtype=self.dtype).expand(self._shapes[name])

    def int8(self, module: str) -> QuantizedLinear | None:
        if module not in self.int8_modules:
            return None
        rows, columns = self._shapes[f"{module}.weight"]
        return QuantizedLinear(
            weight=torch.zeros((), dtype=torch.int8).expand(rows, columns),
            weight_scale=torch.ones(rows, 1),
            weight_offset=torch.zeros(rows, 1),
            input_scale=torch.tensor([0.03]),
            input_offset=torch.tensor([0.0]),
            deq_scale=torch.ones(rows),
            quant_bias=torch.zeros(rows, dtype=torch.int32),
            fp_bias=torch.zeros(rows),
        )


class Apart(Ranks):
    """One rank of several without the others: what comes back has the right shape."""

    def sum(self, partial: Tensor) -> Tensor:
        return partial

    def gather(self, part: Tensor) -> Tensor:
        return torch.cat([part] * self.world_size, dim=-1)


def logits_of(config: ModelConfig, quantized: bool, world_size: int, dtype: str) -> list[Tensor]:
    """Logits of a prefill of two prompts, and of a decode step after it."""
    weights, settings = partial(Shapes, config, quantized, torch.bfloat16), Settings("npu", dtype, SLOTS)
    device = npu.NpuDevice(0)
    device.soc = replace(
        device.soc, nz=None
    )  # npu_format_cast has no meta kernel: a layout is nothing without memory
    engine = Engine(config, weights, None, device, Apart(world_size - 1, world_size), settings)
    cache = engine.cache_for(len(LENGTHS), SLOTS)
    view = engine.model.positions.prefill(cache, len(LENGTHS), 0, max(LENGTHS))
    tokens = torch.zeros(len(LENGTHS), max(LENGTHS), dtype=torch.int64, device="npu")
    prefill = engine.model.logits(engine.model.forward(tokens, view)[:, -1])
    decoder = engine.model.decoder(cache, LENGTHS)
    decoder.prepare()
    return [prefill, decoder.step([5, 6])]


def main() -> None:
    for name in ("baichuan2-13b", "baichuan2-7b"):
        config = replace(SHAPES[name], num_hidden_layers=LAYERS)
        for quantized in (False, True):
            for world_size in (1, 2, 4, 8):
                for dtype in ("float16", "bfloat16"):
                    with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
                        logits = logits_of(config, quantized, world_size, dtype)
                    what = [name, "w8a8" if quantized else "float", world_size, dtype]
                    print(json.dumps({"what": what, "logits": [list(x.shape) for x in logits]}), flush=True)


if __name__ == "__main__":
    main()
