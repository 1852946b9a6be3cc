"""Baichuan2's network in plain torch: the one definition, for transformers and for the engine alike.

Sources: the published configuration and modeling files of Baichuan2-7B and -13B; ALiBi, arXiv:2108.12409;
rotary embedding, arXiv:2104.09864; RMSNorm, arXiv:1910.07467. Letters in shapes: B sequences, T new tokens,
S keys, H heads (of this rank), D head_dim, E hidden_size, V vocabulary rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

ROPE_BASE = 10000.0
HEAD_EPS = 1e-12
HEAD_ROWS = 1024  # of the output layer, in float32 at a time

# attend(layer index, q|k|v [B, T, 3*H*D]) -> context [B, T, H*D]; with an Index behind them, of its tokens [N, H*D]
Attend = Callable[..., Tensor]
# N tokens of [B, T]: their rows, int64 [N] or one for all, and their places there, int64 [N]
Index = tuple[Tensor | int, Tensor]


class LayerParts(NamedTuple):
    """The callables a decoder layer is wired from; each owner brings its own kernels and weights.

    input_norm, post_norm: (residual [B,T,E], delta [B,T,E] or None) -> (residual + delta, normalised sum)
    qkv: [B,T,E] -> [B,T,3*H*D];  output: [B,T,H*D] -> [B,T,E], summed over ranks
    gate_up: [B,T,E] -> [B,T,2*I] (gate first);  activation: [B,T,2*I] -> [B,T,I]
    down: [B,T,I] -> [B,T,E], summed over ranks
    """

    input_norm: Callable
    qkv: Callable
    output: Callable
    post_norm: Callable
    gate_up: Callable
    activation: Callable
    down: Callable


def decoder_layer(
    parts: LayerParts, index: int, hidden: Tensor, delta: Tensor | None, attend: Attend,
    ends: Index | None = None,
):  # fmt: skip
    """One pre-norm layer: x += o(attn(norm(x))); x += down(silu(gate(y)) * up(y)), y = norm(x).

    The last sum is left to the next norm (`delta`), so that a device can fuse the two. ends: as decoder's.
    """
    hidden, x = parts.input_norm(hidden, delta)
    if ends is None:
        context = attend(index, parts.qkv(x))
    else:
        hidden, context = hidden[ends], attend(index, parts.qkv(x), ends)
    delta = parts.output(context)
    hidden, x = parts.post_norm(hidden, delta)
    return hidden, parts.down(parts.activation(parts.gate_up(x)))


def decoder(
    layers: Iterable[Callable], final_norm: Callable, hidden: Tensor, attend: Attend, ends: Index | None = None
) -> Tensor:
    """Embeddings [B,T,E] through all layers and the last norm -> [B,T,E].

    ends: the only tokens whose result is needed, [N,E]. Of others the last layer computes q, k and v alone.
    """
    delta, (*before, last) = None, layers
    for index, layer in enumerate(before):
        hidden, delta = layer(index, hidden, delta, attend)
    of_ends = {} if ends is None else {"ends": ends}
    hidden, delta = last(len(before), hidden, delta, attend, **of_ends)
    return final_norm(hidden, delta)[1]


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """x / sqrt(mean(x^2) + eps) * weight, the mean in float32 at least; [..., E] -> [..., E] in x's dtype."""
    wide = x.to(torch.promote_types(x.dtype, torch.float32))
    scaled = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + eps)
    return weight * scaled.to(x.dtype)


def silu_mul(gate_up: Tensor) -> Tensor:
    """[..., 2I] (gate first) -> silu(gate) * up [..., I]."""
    gate, up = gate_up.chunk(2, dim=-1)
    return F.silu(gate) * up


def inverse_row_norms(weight: Tensor) -> Tensor:
    """1 / max(||row||, 1e-12) of a NormHead weight [V, E], in float32 [V].

    NormHead normalises each vocabulary row before the product; it is row-wise, so it commutes with a cut
    of the vocabulary and with the product: logits = (h . W^T) * this.
    """
    return torch.linalg.vector_norm(weight, dim=1, dtype=torch.float32).clamp_min(HEAD_EPS).reciprocal()


def output_rows(weight: Tensor, norm_head: bool) -> Iterator[Tensor]:
    """The output layer's weight [V, E] as its product takes it, in order, some rows at a time, float32 [rows, E].

    norm_head: a NormHead's, with its row norms folded in; or else as it is, as in Baichuan 1. Whole and in float32 it
    would be the largest tensor of all.
    """
    for rows in weight.split(HEAD_ROWS):
        yield rows.float() * inverse_row_norms(rows)[:, None] if norm_head else rows.float()


def output_weight(weight: Tensor, norm_head: bool, dtype: torch.dtype = torch.float32) -> Tensor:
    """output_rows, together, in `dtype` [V, E]; any rows of the weight alone as well."""
    whole = torch.empty(weight.shape, dtype=dtype, device=weight.device)
    for rows, piece in zip(whole.split(HEAD_ROWS), output_rows(weight, norm_head), strict=True):
        rows.copy_(piece)
    return whole


def alibi_slopes(num_heads: int) -> Tensor:
    """ALiBi's slope of every head, float32 [num_heads].

    A power of two: s^(k+1) with s = 2^(-8/n). Otherwise those of the power of two below, followed by every
    other one of the power of two above. Under tensor parallelism take this rank's slice.
    """
    power = 2 ** math.floor(math.log2(num_heads))
    slopes = _geometric_slopes(power)
    if power < num_heads:
        slopes += _geometric_slopes(2 * power)[0::2][: num_heads - power]
    return torch.tensor(slopes, dtype=torch.float32)


def _geometric_slopes(power: int) -> list[float]:
    start = 2.0 ** (-(2.0 ** -(math.log2(power) - 3)))
    return [start ** (k + 1) for k in range(power)]


def attention_bias(
    query_positions: Tensor, key_positions: Tensor, visible: Tensor, slopes: Tensor | None, dtype: torch.dtype
) -> Tensor:
    """What is added to scaled scores before the softmax: -slope * distance, -inf where not visible.

    query_positions int64 [B, T]; key_positions int64 [B or 1, S]; visible bool [B, T, S]; slopes [H] or None
    (RoPE) -> [B, H or 1, T, S] in `dtype`. The distance form equals the original's slope * key position
    after the softmax, and stays exact in 16 bit where that one steps by 2.
    """
    hidden = ~visible[:, None]
    if slopes is None:
        bias = torch.zeros(hidden.shape, dtype=dtype, device=visible.device)
    else:
        bias = alibi_bias(query_positions, key_positions, slopes, dtype)
    return bias.masked_fill_(hidden, -math.inf)


def alibi_bias(query_positions: Tensor, key_positions: Tensor, slopes: Tensor, dtype: torch.dtype) -> Tensor:
    """ALiBi alone, -slope * distance [B, H, T, S] in `dtype`, 0 ahead of a query, where nothing is visible.

    Positions and slopes as attention_bias takes them.
    """
    distance = (query_positions[:, :, None] - key_positions[:, None, :]).clamp_min(0).to(torch.float32)
    return (-slopes.view(1, -1, 1, 1) * distance[:, None]).to(dtype)


def rotary_tables(head_dim: int, length: int, device: torch.device | str | None = None) -> tuple[Tensor, Tensor]:
    """cos and sin of position * 10000^(-2i/D), float32 [length, D], halves repeated (rotate-half form).

    Frequencies and angles are float32, as published; the functions are float64's on the host, and rounded, since a
    float32 one has other last bits on every processor.
    """
    exponents = torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim
    angles = torch.outer(torch.arange(length, dtype=torch.float32), (ROPE_BASE**-exponents).float()).double()
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos().float().to(device), angles.sin().float().to(device)


def apply_rotary(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate x [B, H, T, D] by tables gathered at its positions [B, 1, T, D]; in float32 at least."""
    wide = x.to(torch.promote_types(x.dtype, torch.float32))
    first, second = wide.chunk(2, dim=-1)
    return (wide * cos + torch.cat((-second, first), dim=-1) * sin).to(x.dtype)


def split_heads(qkv: Tensor, head_dim: int) -> tuple[Tensor, Tensor, Tensor]:
    """[B, T, 3*H*D] (q, k, v stacked) -> three of [B, H, T, D]."""
    batch, length, width = qkv.shape
    stacked = qkv.view(batch, length, 3, width // (3 * head_dim), head_dim)
    query, key, value = stacked.permute(2, 0, 3, 1, 4).unbind(0)
    return query, key, value


def attend_whole(
    num_heads: int, head_dim: int, alibi: bool, length: int, dtype: torch.dtype, device: torch.device | str
) -> Attend:
    """Causal attention over one whole sequence of `length` tokens, without a cache: q|k|v [1, T, 3*H*D] of `dtype`.

    alibi: ALiBi's slopes, or else the rotary embedding.
    """
    positions = torch.arange(length, device=device)[None]
    slopes = alibi_slopes(num_heads).to(device) if alibi else None
    bias = attention_bias(positions, positions, (positions <= positions[0, :, None])[None], slopes, dtype)
    tables = None if alibi else rotary_tables(head_dim, length, device)

    def attend(_: int, qkv: Tensor) -> Tensor:
        query, key, value = split_heads(qkv, head_dim)
        if tables:
            query, key = (apply_rotary(x, *tables) for x in (query, key))
        scores = query @ key.transpose(-1, -2) / head_dim**0.5 + bias
        return merge_heads(scores.softmax(-1) @ value)

    return attend


def merge_heads(context: Tensor) -> Tensor:
    """[B, H, T, D] -> [B, T, H*D]."""
    batch, heads, length, head_dim = context.shape
    return context.transpose(1, 2).reshape(batch, length, heads * head_dim)
