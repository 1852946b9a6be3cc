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
    """Logits [T, V] of one sequence in float64 numpy, written from the reference's formulas alone.

    linear(module, x) replaces the product of a module's weight, for a fake-quantized forward.
    """
    weights = {name: tensor.double().numpy() for name, tensor in tensors.items()}
    product = linear or (lambda module, x: x @ weights[f"{module}.weight"].T)
    heads, dim, length = config.num_attention_heads, config.head_dim, len(ids)

    def norm(x, name):
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + config.rms_norm_eps) * weights[name]

    def rotate(x):
        angle = np.arange(length)[:, None] * 10000.0 ** (-np.arange(0, dim, 2) / dim)
        cos, sin = np.tile(np.cos(angle), 2), np.tile(np.sin(angle), 2)
        return x * cos + np.concatenate((-x[..., dim // 2 :], x[..., : dim // 2]), -1) * sin

    slopes = _slopes(heads)
    distance = np.arange(length)[None] - np.arange(length)[:, None]
    mask = np.where(distance > 0, -np.inf, 0.0)
    x = weights["model.embed_tokens.weight"][ids]
    for layer in range(config.num_hidden_layers):
        at = f"model.layers.{layer}."
        qkv = product(at + "self_attn.W_pack", norm(x, at + "input_layernorm.weight"))
        q, k, v = (part.reshape(length, heads, dim).transpose(1, 0, 2) for part in np.split(qkv, 3, axis=-1))
        if config.position_embedding == "rope":
            scores = rotate(q) @ rotate(k).transpose(0, 2, 1) / math.sqrt(dim) + mask
        else:
            scores = q @ k.transpose(0, 2, 1) / math.sqrt(dim) + slopes[:, None, None] * distance + mask
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        context = (scores / scores.sum(-1, keepdims=True)) @ v
        x = x + product(at + "self_attn.o_proj", context.transpose(1, 0, 2).reshape(length, -1))
        y = norm(x, at + "post_attention_layernorm.weight")
        gate = product(at + "mlp.gate_proj", y)
        x = x + product(at + "mlp.down_proj", gate / (1 + np.exp(-gate)) * product(at + "mlp.up_proj", y))
    head = weights["lm_head.weight"]
    if config.norm_head:
        head = head / np.linalg.norm(head, axis=1, keepdims=True)
    return norm(x, "model.norm.weight") @ head.T


def _slopes(heads: int) -> np.ndarray:
    def powers(n):
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start ** (k + 1) for k in range(n)]

    base = 2 ** int(math.log2(heads))
    return np.array(powers(base) + powers(2 * base)[0::2][: heads - base])
