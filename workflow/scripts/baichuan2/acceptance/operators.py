"""The item that compares every operator of the device with base.Device's, in float32 on the CPU.

Both get the same inputs in each dtype, at 13B's sizes. A difference is the largest one over the largest number
expected. Letters in shapes: B sequences, H heads, T queries, S keys, D head_dim, I inputs, O outputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from baichuan2.acceptance.rows import Check, Options, Outcome, judge, within
from baichuan2.acceptance.trial import BOUNDS, EPS, HEAD_DIM, KEYS, SHORT, Trial, trial_of
from baichuan2.devices.base import Device
from baichuan2.engine.cache import KVCache, Positions
from baichuan2.modeling import network
from baichuan2.w8a8.arithmetic import DynamicLinear, quantize_weight

# an input that rounds the other way moves a code by a whole step
INT8_BOUNDS = {torch.float16: 1e-2, torch.bfloat16: 3e-2, torch.float32: 1e-2}


def operators(options: Options) -> Iterator[Check]:
    """Compare every operator in each dtype."""
    trial = trial_of(options)
    yield from trial.checks(
        {
            "linear": linear,
            "int8_linear": int8_linear,
            "int8_weight_linear": int8_weight_linear,
            "norm_int8_linear": norm_int8_linear,
            "dynamic_linear": dynamic_linear,
            "add_norm": add_norm,
            "silu_mul": silu_mul,
            "rotate": rotate,
            "store and attention with ALiBi, prefill": partial(cached_attention, step="prefill"),
            "store and attention with ALiBi, decode of 2 lengths": partial(cached_attention, step="decode"),
            "store and attention with ALiBi, decode in a graph": partial(cached_attention, step="graph"),
        }
    )
    yield Check("most_likely, the first of equals", partial(most_likely, trial))


def linear(trial: Trial, dtype: torch.dtype) -> Outcome:
    x, weight = trial.inputs(dtype), 0.02 * trial.normal(3 * trial.sizes.hidden, trial.sizes.hidden)
    weight = weight.to(dtype)
    result = trial.device.linear(weight)(*trial.to_device(x))
    return within(result, trial.cpu.linear(weight.float())(x.float()), BOUNDS[dtype])


def int8_linear(trial: Trial, dtype: torch.dtype) -> Outcome:
    trial.need("int8", "int8 product")
    layer, x = trial.linear(3 * trial.sizes.hidden, trial.sizes.hidden), trial.inputs(dtype)
    result = trial.device.int8_linear(layer, dtype)(*trial.to_device(x))
    return within(result, trial.cpu.int8_linear(layer, torch.float32)(x.float()), INT8_BOUNDS[dtype])


def int8_weight_linear(trial: Trial, dtype: torch.dtype) -> Outcome:
    """The output layer of engine.head: int8."""
    trial.need("int8_weights", "product of int8 weights")
    weight, scale = quantize_weight(0.02 * trial.normal(3 * trial.sizes.hidden, trial.sizes.hidden))
    x = trial.inputs(dtype)
    result = trial.device.int8_weight_linear(weight, scale)(*trial.to_device(x))
    return within(result, trial.cpu.int8_weight_linear(weight, scale)(x.float()), BOUNDS[dtype])


def norm_int8_linear(trial: Trial, dtype: torch.dtype) -> Outcome:
    trial.need("int8", "int8 product")
    layer, weight = trial.linear(2 * trial.sizes.intermediate, trial.sizes.hidden), trial.norm_weight(dtype)
    hidden, delta = trial.inputs(dtype), trial.inputs(dtype)
    norm, apply = trial.device.norm_int8_linear(weight, EPS, layer, dtype)
    reference, product = trial.cpu.norm_int8_linear(weight.float(), EPS, layer, torch.float32)
    expected = product(reference(hidden.float(), delta.float())[1])
    return within(apply(norm(*trial.to_device(hidden, delta))[1]), expected, INT8_BOUNDS[dtype])


def dynamic_linear(trial: Trial, dtype: torch.dtype) -> Outcome:
    trial.need("token_scale", "reliable product with a scale per token")
    static, x = trial.linear(3 * trial.sizes.hidden, trial.sizes.hidden), trial.inputs(dtype)
    layer = DynamicLinear(static.weight, static.weight_scale, static.weight_offset)
    result = trial.device.dynamic_linear(layer, dtype)(*trial.to_device(x))
    return within(result, trial.cpu.dynamic_linear(layer, torch.float32)(x.float()), INT8_BOUNDS[dtype])


def add_norm(trial: Trial, dtype: torch.dtype) -> Outcome:
    """Compare the sum, its norm, and the norm alone; the worst of the three counts."""
    weight, hidden, delta = trial.norm_weight(dtype), trial.inputs(dtype), trial.inputs(dtype)
    operator, reference = trial.device.add_norm(weight, EPS), trial.cpu.add_norm(weight.float(), EPS)
    result = [*operator(*trial.to_device(hidden, delta)), operator(*trial.to_device(hidden), None)[1]]
    expected = [*reference(hidden.float(), delta.float()), reference(hidden.float(), None)[1]]
    return within(torch.stack([part.cpu() for part in result]), torch.stack(expected), BOUNDS[dtype])


def silu_mul(trial: Trial, dtype: torch.dtype) -> Outcome:
    gate_up = trial.normal(2, 3, 2 * trial.sizes.intermediate, dtype=dtype)
    result = trial.device.silu_mul(*trial.to_device(gate_up))
    return within(result, trial.cpu.silu_mul(gate_up.float()), BOUNDS[dtype])


def rotate(trial: Trial, dtype: torch.dtype) -> Outcome:
    """Rotate as 7B does, at its last positions."""
    x = trial.normal(1, trial.sizes.heads, SHORT, HEAD_DIM, dtype=dtype)

    def rotate_on(device: Device, x: Tensor, dtype: torch.dtype) -> Tensor:
        cache = KVCache(1, 1, 1, 1, HEAD_DIM, dtype, device.torch_device)
        positions = Positions(None, HEAD_DIM, 4096, dtype, device.torch_device)
        return device.rotate(x, positions.prefill(cache, 1, 4096 - SHORT, SHORT))

    (on_device,) = trial.to_device(x)
    result = rotate_on(trial.device, on_device, dtype)
    return within(result, rotate_on(trial.cpu, x.float(), torch.float32), BOUNDS[dtype])


def cached_attention(trial: Trial, dtype: torch.dtype, step: str) -> Outcome:
    """Run two sequences through a cache: a prefill, then one more token of each, at lengths that differ."""
    if step == "graph":
        trial.need_graphs()
    shape = (2, trial.sizes.heads, trial.sizes.prompt, HEAD_DIM)
    prompt = [trial.normal(*shape, dtype=dtype) for _ in "qkv"]
    new = [trial.normal(*shape[:2], 1, HEAD_DIM, dtype=dtype) for _ in "qkv"]
    result = through_cache(trial.device, dtype, trial.to_device(*prompt), trial.to_device(*new), step)
    prompt, new = ([tensor.float() for tensor in part] for part in (prompt, new))
    return within(result, through_cache(trial.cpu, torch.float32, prompt, new, step), BOUNDS[dtype])


def through_cache(device: Device, dtype: torch.dtype, prompt: list[Tensor], new: list[Tensor], step: str) -> Tensor:
    """The context [2, H, T, D] of the last step; prompt and new: q, k, v [2, H, T, D]."""
    _, heads, length, _ = prompt[0].shape
    slopes = network.alibi_slopes(heads)
    positions = Positions(slopes, HEAD_DIM, KEYS, device.bias_dtype(dtype), device.torch_device)
    cache_dtype = device.cache_dtype(dtype)
    cache = KVCache(1, 2, heads, KEYS, HEAD_DIM, cache_dtype, device.torch_device, device.slots_first)

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


def most_likely(trial: Trial) -> Outcome:
    logits = trial.normal(4, trial.sizes.vocab)
    logits[1, [7, 11]] = logits.max() + 1
    result, expected = trial.device.most_likely(*trial.to_device(logits)), trial.cpu.most_likely(logits)
    return judge(result == expected, found=str(result), expected=str(expected))
