"""The item of first_day.py that holds every operator of NpuDevice against base.Device's, in float32 on the CPU.

Both get the same 16-bit numbers, at 13B's sizes. A difference is the largest one over the largest number expected.
Letters in shapes: B sequences, H heads, T queries, S keys, D head_dim, I inputs, O outputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from ascend_items import BOUNDS, HEAD_DIM, KEYS, SHORT, Card, card_of, named
from ascend_rows import Check, Found, NotHereError, Options, judged, within
from baichuan2.devices.base import Device
from baichuan2.engine.cache import KVCache, Positions
from baichuan2.modeling import network
from baichuan2.w8a8.arithmetic import DynamicLinear, QuantizedLinear

EPS = 1e-6
INT8_BOUNDS = {torch.float16: 1e-2, torch.bfloat16: 3e-2}  # an input that rounds the other way is a whole step
CODE_SHARES = {torch.float16: 0.05, torch.bfloat16: 0.15}  # of codes one step away: 1 / scale has 16 bits too


def operators(options: Options) -> Iterator[Check]:
    """Every operator of the device against base.Device's in float32 on the CPU, of the same inputs."""
    card = card_of(options)
    for dtype in card.dtypes:
        for what, function in (
            ("linear", linear),
            ("int8_linear", int8_linear),
            ("norm_int8_linear", norm_int8_linear),
            ("dynamic_linear", dynamic_linear),
            ("add_norm", add_norm),
            ("silu_mul", silu_mul),
            ("rotate", rotate),
            ("store and attention with ALiBi, prefill", partial(attended, step="prefill")),
            ("store and attention with ALiBi, decode of 2 lengths", partial(attended, step="decode")),
            ("store and attention with ALiBi, decode in a graph", partial(attended, step="graph")),
            ("int8 codes of npu_quantize", quantize_codes),
            ("int8 codes of npu_quantize, where round(x / scale) is a tie", ties),
            ("int8 codes of npu_add_rms_norm_quant", norm_codes),
        ):
            yield Check(f"{named(dtype)}: {what}", partial(function, card, dtype))
    yield Check("most_likely, the first of equals", partial(most_likely, card))


def linear(card: Card, dtype: torch.dtype) -> Found:
    x, weight = inputs(card, dtype), 0.02 * card.normal(3 * card.sizes.hidden, card.sizes.hidden)
    weight = weight.to(dtype)
    found = card.device.linear(weight)(*card.npu(x))
    return within(found, card.cpu.linear(weight.float())(x.float()), BOUNDS[dtype])


def int8_linear(card: Card, dtype: torch.dtype) -> Found:
    layer, x = card.linear(3 * card.sizes.hidden, card.sizes.hidden), inputs(card, dtype)
    found = card.device.int8_linear(layer, dtype)(*card.npu(x))
    return within(found, card.cpu.int8_linear(layer, torch.float32)(x.float()), INT8_BOUNDS[dtype])


def norm_int8_linear(card: Card, dtype: torch.dtype) -> Found:
    layer, weight = card.linear(2 * card.sizes.intermediate, card.sizes.hidden), norm_weight(card, dtype)
    hidden, delta = inputs(card, dtype), inputs(card, dtype)
    norm, apply = card.device.norm_int8_linear(weight, EPS, layer, dtype)
    reference, product = card.cpu.norm_int8_linear(weight.float(), EPS, layer, torch.float32)
    expected = product(reference(hidden.float(), delta.float())[1])
    return within(apply(norm(*card.npu(hidden, delta))[1]), expected, INT8_BOUNDS[dtype])


def dynamic_linear(card: Card, dtype: torch.dtype) -> Found:
    if not card.device.soc.token_scale:
        raise NotHereError(f"{card.device.soc.name} has no product with a scale per token")
    static, x = card.linear(3 * card.sizes.hidden, card.sizes.hidden), inputs(card, dtype)
    layer = DynamicLinear(static.weight, static.weight_scale, static.weight_offset)
    found = card.device.dynamic_linear(layer, dtype)(*card.npu(x))
    return within(found, card.cpu.dynamic_linear(layer, torch.float32)(x.float()), INT8_BOUNDS[dtype])


def add_norm(card: Card, dtype: torch.dtype) -> Found:
    """The sum, the norm of it, and the norm alone: the worst of the three."""
    weight, hidden, delta = norm_weight(card, dtype), inputs(card, dtype), inputs(card, dtype)
    on_card, reference = card.device.add_norm(weight, EPS), card.cpu.add_norm(weight.float(), EPS)
    found = [*on_card(*card.npu(hidden, delta)), on_card(*card.npu(hidden), None)[1]]
    expected = [*reference(hidden.float(), delta.float()), reference(hidden.float(), None)[1]]
    return within(torch.stack([part.cpu() for part in found]), torch.stack(expected), BOUNDS[dtype])


def silu_mul(card: Card, dtype: torch.dtype) -> Found:
    gate_up = card.normal(2, 3, 2 * card.sizes.intermediate, dtype=dtype)
    return within(card.device.silu_mul(*card.npu(gate_up)), card.cpu.silu_mul(gate_up.float()), BOUNDS[dtype])


def rotate(card: Card, dtype: torch.dtype) -> Found:
    """As 7B does it, at positions up to its longest."""
    x = card.normal(1, card.sizes.heads, SHORT, HEAD_DIM, dtype=dtype)

    def rotated(device: Device, x: Tensor, dtype: torch.dtype) -> Tensor:
        cache = KVCache(1, 1, 1, 1, HEAD_DIM, dtype, device.torch_device)
        positions = Positions(None, HEAD_DIM, 4096, dtype, device.torch_device)
        return device.rotate(x, positions.prefill(cache, 1, 4096 - SHORT, SHORT))

    found = rotated(card.device, *card.npu(x), dtype)
    return within(found, rotated(card.cpu, x.float(), torch.float32), BOUNDS[dtype])


def attended(card: Card, dtype: torch.dtype, step: str) -> Found:
    """Two sequences through a cache: a prefill, then one more token of each, behind lengths that differ."""
    if step == "graph" and not card.device.soc.cache_write:
        raise NotHereError(f"{card.device.soc.name} cannot write its cache in a graph")
    shape = (2, card.sizes.heads, card.sizes.prompt, HEAD_DIM)
    prompt = [card.normal(*shape, dtype=dtype) for _ in "qkv"]
    new = [card.normal(*shape[:2], 1, HEAD_DIM, dtype=dtype) for _ in "qkv"]
    found = through_cache(card.device, dtype, card.npu(*prompt), card.npu(*new), step)
    wide = [[tensor.float() for tensor in part] for part in (prompt, new)]
    return within(found, through_cache(card.cpu, torch.float32, *wide, step), BOUNDS[dtype])


def through_cache(device: Device, dtype: torch.dtype, prompt: list[Tensor], new: list[Tensor], step: str) -> Tensor:
    """The context [2, H, T, D] of the last step; prompt and new: q, k, v [2, H, T, D]."""
    _, heads, length, _ = prompt[0].shape
    positions = Positions(network.alibi_slopes(heads), HEAD_DIM, KEYS, dtype, device.torch_device)
    cache = KVCache(1, 2, heads, KEYS, HEAD_DIM, dtype, device.torch_device)

    def attend(view, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        return device.attention(query, *device.store(view, 0, key, value), view)

    context = attend(positions.prefill(cache, 2, 0, length), *prompt)
    lengths = [length, length - 5]
    slots = torch.tensor(lengths, device=device.torch_device)
    if step == "decode":
        context = attend(positions.decode(cache, lengths, slots), *new)
    if step == "graph":
        context = attend(positions.decode_anywhere(cache, slots), *new)
    return context


def quantize_codes(card: Card, dtype: torch.dtype) -> Found:
    """Against round(x / scale + offset), and numbers past both ends."""
    layer, x = card.linear(16, card.sizes.hidden), 1.5 * card.normal(64, card.sizes.hidden)
    x[0, :2] = torch.tensor([1e3, -1e3])
    x = x.to(dtype)
    return codes_against(card.device._quantizer(layer, dtype)(*card.npu(x)), x, layer, dtype)


def norm_codes(card: Card, dtype: torch.dtype) -> Found:
    """Against round(norm(hidden + delta) / scale + offset)."""
    if not card.device.soc.norm_quant:
        raise NotHereError(f"{card.device.soc.name} has no npu_add_rms_norm_quant")
    layer, weight = card.linear(16, card.sizes.hidden), norm_weight(card, dtype)
    hidden, delta = (card.normal(64, card.sizes.hidden, dtype=dtype) for _ in range(2))
    norm, _ = card.device.norm_int8_linear(weight, EPS, layer, dtype)
    normed = card.cpu.add_norm(weight.float(), EPS)((hidden + delta).float(), None)[1]
    return codes_against(norm(*card.npu(hidden, delta))[1], normed, layer, dtype)


def codes_against(found: Tensor, x: Tensor, layer: QuantizedLinear, dtype: torch.dtype) -> Found:
    """Codes may be one step away, and only some of them: 1 / scale or scale is rounded to the dtype."""
    ideal = (x.double() / layer.input_scale + layer.input_offset).round().clamp(-128, 127)
    steps = (found.cpu().double() - ideal).abs()
    share, most, bound = (steps > 0).double().mean().item(), steps.max().item(), CODE_SHARES[dtype]
    return judged(share <= bound and most <= 1, **{"other codes": share, "bound": bound, "most steps": most})


def ties(card: Card, dtype: torch.dtype) -> Found:
    """How k + 0.5 is rounded: calibration and the CPU round half to even; few numbers of a model are ties."""
    scale = 0.25
    layer = replace(card.linear(16, 16), input_scale=torch.tensor([scale]), input_offset=torch.tensor([0.0]))
    halves = torch.arange(-100, 100) + 0.5
    x = (halves * scale).to(dtype).view(-1, 8)
    codes = card.device._quantizer(layer, dtype)(*card.npu(x)).cpu().flatten()
    ways = {
        "half to even": halves.round(),
        "half away from 0": halves.sign() * (halves.abs() + 0.5).floor(),
        "half up": (halves + 0.5).floor(),
        "toward 0": halves.trunc(),
    }
    rounding = next(
        (name for name, expected in ways.items() if torch.equal(codes.float(), expected)), "none of these"
    )
    return judged(rounding in list(ways)[:3], rounding=rounding)


def most_likely(card: Card) -> Found:
    logits = card.normal(4, card.sizes.vocab)
    logits[1, [7, 11]] = logits.max() + 1
    found, expected = card.device.most_likely(*card.npu(logits)), card.cpu.most_likely(logits)
    return judged(found == expected, found=str(found), expected=str(expected))


def inputs(card: Card, dtype: torch.dtype) -> Tensor:
    return card.normal(2, 3, card.sizes.hidden, dtype=dtype)


def norm_weight(card: Card, dtype: torch.dtype) -> Tensor:
    return (1 + 0.1 * card.normal(card.sizes.hidden)).to(dtype)
