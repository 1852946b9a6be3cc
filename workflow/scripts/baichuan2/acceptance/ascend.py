"""Items of Ascend alone: what CANN's documents leave open about fused attention, NZ weights and int8 codes.

References are computed on the CPU from the same 16-bit inputs, in float64 or in integers. A difference is the largest
one over the largest number expected. Letters in shapes: B sequences, H heads, T queries, S keys, O outputs.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from baichuan2.acceptance.model import SMALL, logits_of, random_engine
from baichuan2.acceptance.rows import (
    PASS,
    Check,
    NotHereError,
    Options,
    Outcome,
    judge,
    note,
    relative,
    same_bits,
    within,
)
from baichuan2.acceptance.trial import BOUNDS, EPS, HEAD_DIM, KEYS, SHORT, USED, Trial, dtype_name, trial_of
from baichuan2.devices.npu import HIDDEN, NZ_FORMAT, SCALE_BITS, NpuDevice
from baichuan2.w8a8.arithmetic import QuantizedLinear, int8_product, rescaled, rounded_bits

# Of codes one step away from those of the exact formula; in float16 the norm's operator rounds on its way.
CODE_SHARE, NORM_CODE_SHARE = 0.005, 0.05
ONE_ROUNDING = 6e-4  # relative, of a float16 number that is rounded once: 2^-11, and some for float32 in between


def on_ascend(options: Options) -> Trial:
    """The trial; raises NotHereError unless the device is npu."""
    if options.device != "npu":
        raise NotHereError("of Ascend alone")
    return trial_of(options)


def in_nd(device: NpuDevice) -> NpuDevice:
    """A copy of the device that leaves int8 weights in ND."""
    device = copy.copy(device)
    device.soc = replace(device.soc, nz=None)
    return device


# ---- attention -------------------------------------------------------------------------------------------------


def attention(options: Options) -> Iterator[Check]:
    """Check what the documents of npu_fused_infer_attention_score leave open and what reports say of it."""
    trial = on_ascend(options)
    trial.need("attention", "fused attention that takes a position bias")
    yield from trial.checks(
        {
            f"order of scale and pse_shift, prefill, {SHORT} queries and keys": partial(order, queries=SHORT),
            f"order of scale and pse_shift, decode, {SHORT} keys": partial(order, queries=1),
            f"decode by actual_seq_lengths_kv {USED} of {KEYS} slots": partial(decode, lengths=[USED], way="lengths"),
            "decode of 3 lengths by actual_seq_lengths_kv": partial(decode, lengths=[KEYS, USED, 3], way="lengths"),
            f"decode by {HIDDEN:.0f} in pse_shift from slot {USED} of {KEYS} on": partial(
                decode, lengths=[USED], way="pse"
            ),
            f"decode of 3 lengths by {HIDDEN:.0f} in pse_shift": partial(decode, lengths=[KEYS, USED, 3], way="pse"),
            f"a bool mask in decode, from slot {USED} of {KEYS} on": mask_in_decode,
            "hiding by -inf in pse_shift, without a mask": hidden_by_infinity,
        }
    )
    yield Check("a query that is not contiguous is refused, or right", partial(strided_query, trial, torch.float16))


def order(trial: Trial, dtype: torch.dtype, queries: int) -> Outcome:
    """Find the formula that the operator computes; ALiBi needs the first."""
    q, k, v, pse = attention_inputs(trial, dtype, 1, queries, SHORT)
    mask = causal(queries, SHORT)
    result = fused_attention(trial, q, k, v, pse, atten_mask=mask)
    formulas = {"softmax(scale*qk + pse)": False, "softmax(scale*(qk + pse))": True}
    errors = {name: relative(result, exact_attention(q, k, v, pse, mask, first)) for name, first in formulas.items()}
    closest = min(errors, key=lambda name: errors[name])
    formula, bound = closest if errors[closest] <= BOUNDS[dtype] else "neither", BOUNDS[dtype]
    numbers = {"it is": formula} | {f"off {name}": error for name, error in errors.items()}
    return judge(formula == next(iter(formulas)), **numbers, bound=bound)


def decode(trial: Trial, dtype: torch.dtype, lengths: list[int], way: str) -> Outcome:
    """One query per sequence; keys and values past a length are large, so that reading them shows.

    way: what hides them: lengths, pse or mask.
    """
    q, k, v, pse = attention_inputs(trial, dtype, len(lengths), 1, KEYS)
    mask = (torch.arange(KEYS) >= torch.tensor(lengths)[:, None])[:, None, None]
    for row, length in enumerate(lengths):
        k[row, :, length:], v[row, :, length:] = 30.0, 100.0
    ways: dict[str, dict] = {"lengths": {"actual_seq_lengths_kv": lengths}, "mask": {"atten_mask": mask}, "pse": {}}
    shift = pse.masked_fill(mask, HIDDEN) if way == "pse" else pse
    result = fused_attention(trial, q, k, v, shift, **ways[way])
    return within(result, exact_attention(q, k, v, pse, mask), BOUNDS[dtype])


def mask_in_decode(trial: Trial, dtype: torch.dtype) -> Outcome:
    """Noted only: the engine takes no mask for one query, since a report says that it ends at key 512."""
    outcome = decode(trial, dtype, lengths=[USED], way="mask")
    return note(it="hides" if outcome.verdict == PASS else "does not hide", **outcome.numbers)


def hidden_by_infinity(trial: Trial, dtype: torch.dtype) -> Outcome:
    """Noted only, because what the engine adds to hide a key is finite."""
    q, k, v, pse = attention_inputs(trial, dtype, 1, SHORT, SHORT)
    mask = causal(SHORT, SHORT)
    pse[..., :SHORT].masked_fill_(mask, -math.inf)
    return note(difference=relative(fused_attention(trial, q, k, v, pse), exact_attention(q, k, v, pse, mask)))


def strided_query(trial: Trial, dtype: torch.dtype) -> Outcome:
    """The engine's queries are contiguous; this shows whether one that is not would give a wrong answer silently."""
    q, k, v, pse = attention_inputs(trial, dtype, 1, SHORT, SHORT)
    mask = causal(SHORT, SHORT)
    try:
        result = fused_attention(trial, q, k, v, pse, in_a_row=False, atten_mask=mask).cpu()
    except RuntimeError:
        return Outcome(PASS, {"it": "is refused"}, restart=True)
    return within(result, exact_attention(q, k, v, pse, mask), BOUNDS[dtype])


def attention_inputs(trial: Trial, dtype: torch.dtype, batch: int, queries: int, keys: int) -> list[Tensor]:
    """q [B, H, T, D], k and v [B, H, S, D], and pse_shift [1, H, T, S rounded up to 16]."""
    heads, padded = trial.sizes.heads, keys + -keys % 16
    shapes = ((batch, heads, queries, HEAD_DIM), *[(batch, heads, keys, HEAD_DIM)] * 2)
    return [trial.normal(*shape, dtype=dtype) for shape in shapes] + [
        3 * trial.normal(1, heads, queries, padded, dtype=dtype)
    ]


def causal(queries: int, keys: int) -> Tensor:
    """bool [1, 1, T, S], True where a query does not see a key; the last query sees all."""
    return torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)[None, None]


def fused_attention(
    trial: Trial, q: Tensor, k: Tensor, v: Tensor, pse: Tensor, in_a_row: bool = True, **masking
) -> Tensor:
    """As the engine calls it: a token's heads lie together. in_a_row: whether the query's do, too."""
    if "atten_mask" in masking:
        masking["atten_mask"] = masking["atten_mask"].to(trial.device.torch_device)
    q, k, v, pse = trial.to_device(q, k, v, pse)
    heads = q.shape[1]
    q, k, v = q.transpose(1, 2), *(x.transpose(1, 2).contiguous() for x in (k, v))
    return trial.device.ops.npu_fused_infer_attention_score(
        q.contiguous() if in_a_row else q, k, v, pse_shift=pse, input_layout="BSND", num_heads=heads,
        num_key_value_heads=heads, scale=HEAD_DIM**-0.5, **masking,
    )[0].transpose(1, 2)  # fmt: skip


def exact_attention(q: Tensor, k: Tensor, v: Tensor, pse: Tensor, mask: Tensor, pse_first: bool = False) -> Tensor:
    """The attention in float64; pse_first: pse_shift is added before the scale, not after."""
    q, k, v, pse = (tensor.double() for tensor in (q, k, v, pse[..., : k.shape[2]]))
    scale, products = HEAD_DIM**-0.5, q @ k.transpose(-1, -2)
    scores = scale * (products + pse) if pse_first else scale * products + pse
    return scores.masked_fill(mask, -math.inf).softmax(-1) @ v


# ---- int8 weights in NZ ----------------------------------------------------------------------------------------


def nz(options: Options) -> Iterator[Check]:
    """Check that int8 weights have the vendor's layout and multiply as in ND and as in integers."""
    trial = on_ascend(options)
    trial.need("nz", "layout of its own for int8 weights")
    cast = {"before": "cast, then transposed as a view", "after": "transposed, then cast"}[trial.device.soc.nz]
    yield Check(f"the engine's int8 weight ({cast}) has format {NZ_FORMAT}", partial(nz_format, trial))
    for dtype in trial.dtypes:
        name = dtype_name(dtype)
        yield Check(
            f"{name}: the product in NZ against sums in integers, exactly", partial(exact_sums, trial, dtype, True)
        )
        yield Check(
            f"{name}: the product in ND against sums in integers, exactly", partial(exact_sums, trial, dtype, False)
        )
        yield Check(
            f"{name}: products in NZ and ND, whole int8 range, to the bit", partial(nz_against_nd, trial, dtype)
        )


def nz_format(trial: Trial) -> Outcome:
    weight = trial.device._int8_weight(trial.integers(-127, 127, 3 * trial.sizes.hidden, trial.sizes.hidden))
    weight_format = int(trial.device.ops.get_npu_format(weight))
    return judge(weight_format == NZ_FORMAT, format=weight_format, shape=str(list(weight.shape)))


def exact_sums(trial: Trial, dtype: torch.dtype, in_nz: bool) -> Outcome:
    """The scale is 1 and sums stay below 256, which either dtype holds exactly."""
    hidden = trial.sizes.hidden
    layer = replace(trial.linear(3 * hidden, hidden), weight=trial.integers(-1, 1, 3 * hidden, hidden))
    layer.deq_scale, layer.quant_bias = torch.ones(3 * hidden), trial.integers(-64, 64, 3 * hidden).int()
    codes = trial.integers(-1, 1, 4, hidden) * (trial.integers(0, 7, 4, hidden) < 3)
    device = trial.device if in_nz else in_nd(trial.device)
    return same_bits(product(trial, device, layer, dtype, codes), reference_product(layer, codes).to(dtype))


def nz_against_nd(trial: Trial, dtype: torch.dtype) -> Outcome:
    layer = trial.linear(3 * trial.sizes.hidden, trial.sizes.hidden)
    codes = trial.integers(-128, 127, 4, trial.sizes.hidden)
    result = product(trial, trial.device, layer, dtype, codes)
    same = same_bits(result, product(trial, in_nd(trial.device), layer, dtype, codes))
    difference, bound = relative(result, reference_product(layer, codes)), BOUNDS[dtype]
    numbers = same.numbers | {"difference from integers": difference, "bound": bound}
    return judge(same.numbers["different"] == 0 and difference <= bound, **numbers)


def product(trial: Trial, device: NpuDevice, layer: QuantizedLinear, dtype: torch.dtype, codes: Tensor) -> Tensor:
    return device._product(layer, dtype)(*trial.to_device(codes)).cpu()


def reference_product(layer: QuantizedLinear, codes: Tensor) -> Tensor:
    """(codes . weight^T + quant_bias) * deq_scale, the sums in int32, in float32 [..., O]."""
    return (int8_product(codes, layer.weight) + layer.quant_bias) * layer.deq_scale


def scale_bits(trial: Trial, dtype: torch.dtype) -> Outcome:
    """Each output of the whole int8 range against integers times the deq_scale that the host has rounded."""
    layer = trial.linear(3 * trial.sizes.hidden, trial.sizes.hidden)
    codes = trial.integers(-128, 127, 4, trial.sizes.hidden)
    deq_scale = rounded_bits(layer.deq_scale, SCALE_BITS) if dtype == torch.float16 else layer.deq_scale
    expected = reference_product(replace(layer, deq_scale=deq_scale), codes).double()
    result = product(trial, trial.device, layer, dtype, codes).double()
    errors = ((result - expected).abs() / expected.abs())[expected.abs() > 0.01]  # smaller ones have fewer digits
    bound = ONE_ROUNDING if dtype == torch.float16 else 8 * ONE_ROUNDING
    return judge(errors.max().item() <= bound, **{"largest relative error": errors.max().item(), "bound": bound})


# ---- int8 codes --------------------------------------------------------------------------------------------------


def codes(options: Options) -> Iterator[Check]:
    """Check how the chip rounds to int8 codes, and how it dequantizes."""
    trial = on_ascend(options)
    trial.need("int8", "int8 product")
    yield from trial.checks(
        {
            "every output of an int8 product, rounded once": scale_bits,
            "npu_quantize": quantize_codes,
            "npu_quantize, where round(x / scale) is a tie": ties,
            "npu_add_rms_norm_quant": norm_codes,
        }
    )


def quantize_codes(trial: Trial, dtype: torch.dtype) -> Outcome:
    """Compare with round(x / scale + offset), scale as the operator takes it, also of numbers past both ends."""
    layer, x = trial.linear(16, trial.sizes.hidden), 1.5 * trial.normal(64, trial.sizes.hidden)
    x[0, :2] = torch.tensor([1e3, -1e3])
    x = x.to(dtype)
    quantize, layer = trial.device._quantizer(layer, dtype)
    return compare_codes(quantize(*trial.to_device(x)), x, layer, CODE_SHARE)


def norm_codes(trial: Trial, dtype: torch.dtype) -> Outcome:
    """Compare with round(norm(hidden + delta) / scale + offset); the sum is rounded to float16 alone."""
    trial.need("norm_quant", "npu_add_rms_norm_quant")
    layer, weight = trial.linear(16, trial.sizes.hidden), trial.norm_weight(dtype)
    hidden, delta = (trial.normal(64, trial.sizes.hidden, dtype=dtype) for _ in range(2))
    norm, _ = trial.device.norm_int8_linear(weight, EPS, layer, dtype)
    total = hidden.float() + delta.float()
    if dtype == torch.float16:
        total = total.half().float()
    else:
        layer = rescaled(layer, layer.input_scale.to(dtype).float())
    normed = trial.cpu.add_norm(weight.float(), EPS)(total, None)[1]
    return compare_codes(norm(*trial.to_device(hidden, delta))[1], normed, layer, NORM_CODE_SHARE)


def compare_codes(result: Tensor, x: Tensor, layer: QuantizedLinear, bound: float) -> Outcome:
    """A share of the codes, at most `bound`, may be one step away."""
    ideal = (x.double() / layer.input_scale + layer.input_offset).round().clamp(-128, 127)
    steps = (result.cpu().double() - ideal).abs()
    share, most = (steps > 0).double().mean().item(), steps.max().item()
    return judge(share <= bound and most <= 1, **{"other codes": share, "bound": bound, "most steps": most})


def ties(trial: Trial, dtype: torch.dtype) -> Outcome:
    """Find how k + 0.5 is rounded: calibration and the CPU round half to even; few numbers of a model are ties."""
    scale = 0.25
    layer = replace(trial.linear(16, 16), input_scale=torch.tensor([scale]), input_offset=torch.tensor([0.0]))
    halves = torch.arange(-100, 100) + 0.5
    x = (halves * scale).to(dtype).view(-1, 8)
    codes = trial.device._quantizer(layer, dtype)[0](*trial.to_device(x)).cpu().flatten()
    ways = {
        "half to even": halves.round(),
        "half away from 0": halves.sign() * (halves.abs() + 0.5).floor(),
        "half up": (halves + 0.5).floor(),
        "toward 0": halves.trunc(),
    }
    rounding = next((name for name, rounded in ways.items() if torch.equal(codes.float(), rounded)), "none of these")
    return judge(rounding in list(ways)[:3], rounding=rounding)


# ---- overflow ------------------------------------------------------------------------------------------------------


def overflow(options: Options) -> Iterator[Check]:
    """Check that an overflow is seen: as inf, or without inf as the largest number, and by the chip's flag."""
    trial = on_ascend(options)
    yield from trial.checks({"a product beyond the dtype": overflowing_product})
    yield Check("the overflow flag: set by that product, clear after a model's forwards", partial(flag, trial))


def overflowing_product(trial: Trial, dtype: torch.dtype) -> Outcome:
    x = torch.full((2, trial.sizes.hidden), torch.finfo(dtype).max ** 0.5, dtype=dtype)
    result = trial.device.linear(x)(*trial.to_device(x)).cpu().double()
    least, bound = result.abs().min().item(), trial.device.largest(dtype)
    return judge(not least < bound, **{"at least": least, "counts as an overflow from": bound})


def flag(trial: Trial) -> Outcome:
    """Of a chip without inf: whether work between clear_npu_overflow_flag and get_npu_overflow_flag overflowed."""
    if not trial.device.saturates:
        raise NotHereError("this chip has inf, and torch_npu reads no flag there")
    utils, dtype = trial.device.ops.npu.utils, trial.dtypes[0]
    utils.clear_npu_overflow_flag()
    overflowing_product(trial, dtype)
    after_overflow = utils.get_npu_overflow_flag()
    utils.clear_npu_overflow_flag()
    for precision in ("float", "w8a8") if trial.device.soc.int8 else ("float",):
        logits_of(random_engine(trial.device, SMALL, precision, dtype))
    after_model = utils.get_npu_overflow_flag()
    return judge(after_overflow and not after_model, **{"after it": after_overflow, "after a model": after_model})
