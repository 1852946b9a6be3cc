"""Hold a checkpoint of known answers against the small model in it, in float64, layer by layer.

    python benchmarks/check_known.py results/download/demo-13b resources/demo/model

Written from the published formulas alone; one tensor is in memory at a time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.placement import Placement
from baichuan2.model.sizes import ModelConfig
from baichuan2.model.tokenizer import Tokenizer

PROMPTS = (
    "以下是中国关于税务师考试的单项选择题，请选出其中的正确答案。",
    "登鹳雀楼->王之涣\n夜雨寄北->",
    "Hamlet->Shakespeare\n",
)


def states(directory: Path, config: ModelConfig, ids: list[int]) -> Iterator[np.ndarray]:
    """The residual stream [T, H] after the embeddings and after each layer, then the logits [T, V]; all float64."""
    weights = Checkpoint(directory, config)

    def get(name: str) -> np.ndarray:
        return weights.get(f"{name}.weight").double().numpy()

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + config.rms_norm_eps) * get(name)

    x = weights.get("model.embed_tokens.weight")[ids].double().numpy()
    yield x
    for layer in range(config.num_hidden_layers):
        at = f"model.layers.{layer}."
        qkv = norm(x, at + "input_layernorm") @ get(at + "self_attn.W_pack").T
        x = x + attention(config, qkv) @ get(at + "self_attn.o_proj").T
        y = norm(x, at + "post_attention_layernorm")
        gate = y @ get(at + "mlp.gate_proj").T
        x = x + (gate / (1 + np.exp(-gate)) * (y @ get(at + "mlp.up_proj").T)) @ get(at + "mlp.down_proj").T
        yield x
    y, head = norm(x, "model.norm"), weights.get("lm_head.weight")
    parts = (part.double().numpy() for part in head.split(8192))
    yield np.concatenate([y @ (part / np.linalg.norm(part, axis=1, keepdims=True)).T for part in parts], 1)


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


def differences(known: Path, small: Path, text: str) -> Iterator[tuple[str, float]]:
    """(where, largest difference as a share of the small model's largest value), after each layer that holds one."""
    large, little = ModelConfig.read(known), ModelConfig.read(small)
    placement = Placement(little, large)
    ids = Tokenizer(small).encode(text)
    ours = states(small, little, ids)
    amplitudes = placement.amplitudes[:, None].astype(np.float64)
    for layer, state in enumerate(states(known, large, ids), -1):
        if layer == large.num_hidden_layers:
            expected = next(ours)
            yield "logits", np.abs(state[:, : little.vocab_size] - expected).max() / np.abs(expected).max()
            others = state[:, little.vocab_size :]
            assert not others.size or others.max() < expected.min(), "a token of no piece is likely"
        elif layer < 0 or layer in placement.layers:
            expected = next(ours)
            copies = state[:, placement.channels] / amplitudes
            yield f"layer {layer}", np.abs(copies - expected[:, None]).max() / np.abs(expected).max()


def main(
    known: Annotated[Path, typer.Argument(help="The folder of the large checkpoint.")],
    small: Annotated[Path, typer.Argument(help="The folder of the small model in it.")],
    most: Annotated[float, typer.Option(help="The largest difference allowed.")] = 1e-6,
) -> None:
    """Print the largest difference after each layer that holds one of the small model's; fail above `most`."""
    worst = 0.0
    for text in PROMPTS:
        for where, difference in differences(known, small, text):
            print(f"{text[:12]!r}: {where}: {difference:.2g}", flush=True)
            worst = max(worst, difference)
    if worst > most:
        raise SystemExit(f"{known}: differs from {small} by {worst:.2g}, more than {most:.2g}; make it again")


if __name__ == "__main__":
    typer.run(main)
