"""Small random models in the published file layouts, and an independent float64 forward to hold them against."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from baichuan2.ceval.records import Record
from baichuan2.ceval.scoring import score_share
from baichuan2.engine.weights import RandomWeights
from baichuan2.model.sizes import ModelConfig, tensor_shapes
from baichuan2.w8a8.arithmetic import DynamicLinear
from float64 import states

ALIBI = ModelConfig(544, 96, 128, 3, 12, model_max_length=256, position_embedding="alibi", dtype="float32")
ROPE = replace(ALIBI, num_attention_heads=8, position_embedding="rope")
# Baichuan 1's kinds: without NormHead
PLAIN, PLAIN_ROPE = replace(ALIBI, norm_head=False), replace(ROPE, norm_head=False)


def score_exam(*arguments, **options) -> list[Record]:
    """The records of a whole exam; arguments and options are score_share's."""
    return list(score_share(*arguments, **options).values())


def published_fields(config: ModelConfig) -> dict:
    """config.json as the published one has it, with the key that decides for sizes other than the published."""
    names = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    fields = {name: getattr(config, name) for name in names}
    if config.position_embedding == "rope":
        fields["max_position_embeddings"] = config.model_max_length
    return fields | {
        "architectures": ["BaichuanForCausalLM"],
        "auto_map": {
            "AutoConfig": "configuration_baichuan.BaichuanConfig",
            "AutoModelForCausalLM": "modeling_baichuan.BaichuanForCausalLM",
        },
        "model_type": "baichuan",
        "position_embedding": config.position_embedding,
        "norm_head": config.norm_head,
        "model_max_length": config.model_max_length,
        "rms_norm_eps": config.rms_norm_eps,
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "tie_word_embeddings": False,
        "torch_dtype": config.dtype,
        "use_cache": True,
        "z_loss_weight": 0,
        "gradient_checkpointing": False,
        "tokenizer_class": "BaichuanTokenizer",
        "_from_model_config": True,
    }


def random_tensors(config: ModelConfig, seed: int = 0) -> dict[str, torch.Tensor]:
    """Weights with activations of order one, norms that differ, and NormHead rows of different norms."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for name, shape in tensor_shapes(config).items():
        values = torch.randn(shape, generator=generator)
        if len(shape) == 1:
            values = 1 + 0.1 * values
        elif "embed" not in name and "lm_head" not in name:
            values = values / math.sqrt(shape[1])
        tensors[name] = values.to(getattr(torch, config.dtype))
    return tensors


def save_weights(directory: Path, tensors: dict[str, torch.Tensor], layout: str) -> None:
    """One of the layouts "bin", "bin-sharded", "safetensors", "safetensors-sharded"."""
    kind, _, sharded = layout.partition("-")
    save, stem, suffix = {
        "bin": (torch.save, "pytorch_model", "bin"),
        "safetensors": (save_file, "model", "safetensors"),
    }[kind]
    if not sharded:
        save(tensors, directory / f"{stem}.{suffix}")
        return
    names = list(tensors)
    where = {name: f"{stem}-0000{1 + (k >= len(names) // 2)}-of-00002.{suffix}" for k, name in enumerate(names)}
    for file in set(where.values()):
        save({name: tensors[name] for name in names if where[name] == file}, directory / file)
    index = {"metadata": {"total_size": sum(t.nbytes for t in tensors.values())}, "weight_map": where}
    (directory / f"{stem}.{suffix}.index.json").write_text(json.dumps(index))


class RandomDynamic(RandomWeights):
    """RandomWeights of the dynamic scheme."""

    def __init__(self, config: ModelConfig, *of_rank: int):
        super().__init__(config, True, *of_rank)
        self.precision = "w8a8-dynamic"

    def int8(self, module: str) -> DynamicLinear | None:
        layer = super().int8(module)
        return layer and DynamicLinear(layer.weight, layer.weight_scale, layer.weight_offset)


def float64_logits(config: ModelConfig, tensors: dict[str, torch.Tensor], ids: list[int], linear=None) -> np.ndarray:
    """Logits [T, V] of one sequence in float64. linear: as states' product."""
    *_, logits = states(config, tensors, ids, linear)
    return logits
