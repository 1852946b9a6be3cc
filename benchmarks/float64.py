"""The published formulas alone, in float64 numpy: what the engine and known checkpoints are held against."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from torch import Tensor

from baichuan2.model.sizes import ModelConfig

Product = Callable[[str, np.ndarray], np.ndarray]  # (module, x [T, I]) -> [T, O]


class Tensors(Protocol):
    """A dictionary of tensors by name, or a checkpoint."""

    def get(self, name: str) -> Tensor: ...


def states(
    config: ModelConfig, tensors: Tensors, ids: Sequence[int], product: Product | None = None
) -> Iterator[np.ndarray]:
    """The residual stream [T, H] after the embeddings and after each layer, then the logits [T, V]; all float64.

    One tensor is in memory at a time, and of the head some rows. product: in place of that of a module's weight, for
    a fake-quantized forward.
    """

    def get(name: str) -> np.ndarray:
        return tensors.get(f"{name}.weight").double().numpy()

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + config.rms_norm_eps) * get(name)

    times = product or (lambda module, x: x @ get(module).T)
    x = tensors.get("model.embed_tokens.weight")[list(ids)].double().numpy()
    yield x
    for layer in range(config.num_hidden_layers):
        at = f"model.layers.{layer}."
        context = attention(config, times(at + "self_attn.W_pack", norm(x, at + "input_layernorm")))
        x = x + times(at + "self_attn.o_proj", context)
        y = norm(x, at + "post_attention_layernorm")
        gate = times(at + "mlp.gate_proj", y)
        x = x + times(at + "mlp.down_proj", gate / (1 + np.exp(-gate)) * times(at + "mlp.up_proj", y))
        yield x
    y = norm(x, "model.norm")
    yield np.concatenate([y @ rows.T for rows in head_rows(config, tensors.get("lm_head.weight"))], 1)


def head_rows(config: ModelConfig, weight: Tensor) -> Iterator[np.ndarray]:
    """Some rows of the head at a time, normalised where the model's is."""
    for part in weight.split(8192):
        rows = part.double().numpy()
        yield rows / np.linalg.norm(rows, axis=1, keepdims=True) if config.norm_head else rows


def attention(config: ModelConfig, qkv: np.ndarray) -> np.ndarray:
    """Causal attention [T, H] of W_pack's output [T, 3 H], with ALiBi or RoPE."""
    length, width = len(qkv), config.head_dim
    q, k, v = (part.reshape(length, -1, width).transpose(1, 0, 2) for part in np.split(qkv, 3, axis=-1))
    distance = np.arange(length)[None] - np.arange(length)[:, None]
    bias = np.where(distance > 0, -np.inf, 0.0)[None]
    if config.is_alibi:
        bias = bias + slopes(config.num_attention_heads)[:, None, None] * np.minimum(distance, 0)
    else:
        angle = np.arange(length)[:, None] * 10000.0 ** (-np.arange(0, width, 2) / width)
        cos, sin = np.tile(np.cos(angle), 2), np.tile(np.sin(angle), 2)
        signs = np.repeat([-1.0, 1.0], width // 2)  # rotate-half
        q, k = (part * cos + signs * np.roll(part, width // 2, -1) * sin for part in (q, k))
    scores = q @ k.transpose(0, 2, 1) / math.sqrt(width) + bias
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    return (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(length, -1)


def slopes(heads: int) -> np.ndarray:
    def powers(count: int) -> list[float]:
        start = 2 ** (-(2 ** -(math.log2(count) - 3)))
        return [start ** (k + 1) for k in range(count)]

    base = 2 ** int(math.log2(heads))
    return np.array(powers(base) + powers(2 * base)[0::2][: heads - base])
