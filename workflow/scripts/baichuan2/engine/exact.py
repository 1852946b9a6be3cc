"""Scores in float64 that decide near ties: each question alone, whole, from uncut weights.

The last digits of the engine's scores depend on the batch, a shared prefix and the number of ranks; these do not.
They are slow, so only near ties are scored again, all of them in one pass over the weights, with one linear in
float64 in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from baichuan2.devices.base import AddNorm
from baichuan2.engine.weights import Weights
from baichuan2.model.sizes import ModelConfig
from baichuan2.modeling import network
from baichuan2.w8a8.arithmetic import DynamicLinear, quantize_weight, token_scale

DOUBLE = torch.float64


def exact_scores(
    config: ModelConfig,
    weights: Weights,
    prompts: Sequence[Sequence[int]],
    candidates: Sequence[int] | None = None,
    head: str = "float",
) -> list[list[float]]:
    """Logits of the `candidates` (None: of all tokens) after each prompt, in float64 on the CPU.

    weights: the whole model's. W8A8 layers are computed as w8a8 defines them: activations
    rounded to int8, by a static scale or the token's own, integer sums, which float64 holds exactly. head: as
    engine.model's.
    """
    table = weights.tensor("model.embed_tokens.weight")
    states: list[tuple[Tensor, Any]] = [(table[torch.tensor(prompt)].to(DOUBLE)[None], None) for prompt in prompts]
    attends = [
        network.attend_whole(config.num_attention_heads, config.head_dim, config.is_alibi, len(prompt), DOUBLE, "cpu")
        for prompt in prompts
    ]
    for number in tqdm(range(config.num_hidden_layers), "near ties in float64", unit="layer", leave=False):
        parts = _layer(config, weights, number)
        states = [
            network.decoder_layer(parts, number, hidden, delta, attend)
            for (hidden, delta), attend in zip(states, attends, strict=True)
        ]
    norm = _norm(config, weights, "model.norm.weight")
    rows = _head(config, weights, candidates, head)
    return [F.linear(norm(hidden[:, -1], delta[:, -1])[1][0], rows).tolist() for hidden, delta in states]


def _head(config: ModelConfig, weights: Weights, candidates: Sequence[int] | None, kind: str) -> Tensor:
    rows = weights.tensor("lm_head.weight")
    rows = rows[: config.tokens] if candidates is None else rows[list(candidates)]
    if kind == "int8":
        rows, scale = quantize_weight(network.output_weight(rows, config.norm_head))
        return rows.to(DOUBLE) * scale
    rows = rows.to(DOUBLE)
    if not config.norm_head:
        return rows
    return rows / torch.linalg.vector_norm(rows, dim=1, keepdim=True).clamp_min(network.HEAD_EPS)


def _layer(config: ModelConfig, weights: Weights, number: int) -> network.LayerParts:
    name = f"model.layers.{number}"
    gate, up = (_linear(weights, f"{name}.mlp.{module}") for module in ("gate_proj", "up_proj"))
    return network.LayerParts(
        input_norm=_norm(config, weights, f"{name}.input_layernorm.weight"),
        qkv=_linear(weights, f"{name}.self_attn.W_pack"),
        output=_linear(weights, f"{name}.self_attn.o_proj"),
        post_norm=_norm(config, weights, f"{name}.post_attention_layernorm.weight"),
        gate_up=lambda x: torch.cat((gate(x), up(x)), dim=-1),
        activation=network.silu_mul,
        down=_linear(weights, f"{name}.mlp.down_proj"),
    )


def _norm(config: ModelConfig, weights: Weights, name: str) -> AddNorm:
    return AddNorm(weights.tensor(name).to(DOUBLE), config.rms_norm_eps)


def _linear(weights: Weights, module: str) -> Callable[[Tensor], Tensor]:
    layer = weights.int8(module)
    if layer is None:
        weight = weights.tensor(f"{module}.weight")
        return lambda x: F.linear(x, weight.to(DOUBLE))
    if isinstance(layer, DynamicLinear):
        return _dynamic(layer)
    deq_scale = layer.deq_scale.to(DOUBLE)
    scale, offset = layer.input_scale.to(DOUBLE), layer.input_offset.to(DOUBLE)

    def apply(x: Tensor) -> Tensor:
        q = ((x / scale).round() + offset).clamp(-128, 127)
        return (F.linear(q, layer.weight.to(DOUBLE)) + layer.quant_bias) * deq_scale

    return apply


def _dynamic(layer: DynamicLinear) -> Callable[[Tensor], Tensor]:
    weight_scale = layer.weight_scale.to(DOUBLE).flatten()

    def apply(x: Tensor) -> Tensor:
        scale = token_scale(x.abs().amax(dim=-1, keepdim=True))
        return F.linear((x / scale).round(), layer.weight.to(DOUBLE)) * weight_scale * scale

    return apply
