"""Run by test_npu.py, under torchrun or alone: W8A8 logits of a fixed prompt on the fake cards.

usage: npu_ranks.py MODEL QUANT OUT.pt [wrong|dynamic|graph]; wrong: every rank adds quant_bias in the row-parallel
linears; dynamic: the same int8 weights, activations by a scale a token; graph: decode is captured.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import torch

from baichuan2.engine import engine, weights
from baichuan2.w8a8.arithmetic import DynamicLinear

model, quant, out = map(Path, sys.argv[1:4])
how = sys.argv[4] if len(sys.argv) > 4 else ""


class Repeated(weights.QuantWeights):
    """A rank's weights, with the bias of rank 0."""

    def __init__(self, quant: Path, rank: int, world_size: int, parts: None):
        super().__init__(weights.rank_directory(quant, rank, world_size))
        self._first = weights.quant_weights(quant, 0, world_size)

    def int8(self, module: str):
        layer = super().int8(module)
        row = layer is not None and module.endswith(("o_proj", "down_proj"))
        return replace(layer, quant_bias=self._first.int8(module).quant_bias) if row else layer


class Dynamic(weights.QuantWeights):
    def __init__(self, quant: Path, rank: int, world_size: int, parts: None):
        super().__init__(weights.rank_directory(quant, rank, world_size))

    def int8(self, module: str):
        layer = super().int8(module)
        return layer and DynamicLinear(layer.weight, layer.weight_scale, layer.weight_offset)


engine.quant_weights = {"wrong": Repeated, "dynamic": Dynamic}.get(how, weights.quant_weights)
ids = [[3 + (7 * k) % 500 for k in range(40)]]
settings = engine.Settings("npu", "float16", 128, graph="capture" if how == "graph" else "auto")
with engine.open_engine(settings, model, quant) as opened:
    cache = opened.cache_for(1, 128)
    found = [opened.prefill(cache, ids).cpu()]
    decoder = opened.model.decoder(cache, [40])
    for token in (9, 10):
        decoder.prepare()
        found.append(decoder.step([token]).cpu().clone())
    if opened.rank == 0:
        torch.save(found, out)
