"""Items of first_day.py for what CANN's documents leave open: fused attention, and int8 weights in NZ.

References are computed on the CPU from the same 16-bit inputs, in float64 or in integers. A difference is the largest
one over the largest number expected. Letters in shapes: B sequences, H heads, T queries, S keys, O outputs.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

import torch
import torch_npu
from torch import Tensor

from ascend_rows import PASS, Check, Found, NotHereError, Options, judged, noted, relative, same_bits, within
from baichuan2.devices import open_device
from baichuan2.devices.base import Device
from baichuan2.devices.npu import NZ_FORMAT, NpuDevice
from baichuan2.w8a8.arithmetic import QuantizedLinear, folded

HEAD_DIM = 128
SHORT = 33  # queries or keys that fill no block
KEYS, USED = 1024, 700  # slots of a cache, and how many are filled: both past 512, where a report says masks end
BOUNDS = {torch.float16: 2e-3, torch.bfloat16: 2e-2}  # of one operator: a few roundings of its output's 16 bits


@dataclass(frozen=True)
class Sizes:
    """13B's, or tiny ones. prompt: tokens of a prefill."""

    heads: int
    intermediate: int
    vocab: int
    prompt: int

    @property
    def hidden(self) -> int:
        return self.heads * HEAD_DIM


WHOLE = Sizes(heads=40, intermediate=13696, vocab=125696, prompt=600)
QUICK = Sizes(heads=3, intermediate=512, vocab=544, prompt=40)


class Card:
    """The card under test, the CPU beside it, and random numbers from one seed."""

    def __init__(self, quick: bool):
        self.device: NpuDevice = open_device("npu")
        self.cpu = Device()
        self.quick, self.sizes = quick, QUICK if quick else WHOLE
        self.dtypes = (torch.float16, torch.bfloat16) if self.device.soc.bfloat16 else (torch.float16,)
        self._generator = torch.Generator().manual_seed(0)

    def normal(self, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
        return torch.randn(shape, generator=self._generator).to(dtype)

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """int8 of low..high, both included."""
        return torch.randint(low, high + 1, shape, generator=self._generator, dtype=torch.int8)

    def npu(self, *tensors: Tensor) -> list[Tensor]:
        return [tensor.to(self.device.torch_device) for tensor in tensors]

    def in_nd(self) -> NpuDevice:
        """The same device, but leaving int8 weights in ND."""
        device = copy.copy(self.device)
        device.soc = replace(device.soc, nz=None)
        return device

    def linear(self, rows: int, columns: int) -> QuantizedLinear:
        """A random W8A8 linear [rows, columns], with scales that 16 bits do not hold exactly."""
        weight_scale = 0.06 / 127 * (1 + torch.rand(rows, 1, generator=self._generator))
        weight = self.integers(-127, 127, rows, columns)
        return folded(weight, weight_scale, torch.tensor([8.3 / 255]), torch.tensor([-7.0]))


@cache
def card_of(options: Options) -> Card:
    return Card(options.quick)


def named(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


# ---- attention -------------------------------------------------------------------------------------------------


def attention(options: Options) -> Iterator[Check]:
    """What the documents of npu_fused_infer_attention_score leave open, and what reports say of it."""
    card = card_of(options)
    if not card.device.soc.attention:
        raise NotHereError(f"{card.device.soc.name} has no fused attention that takes a position bias")
    for dtype in card.dtypes:
        checks: dict[str, Callable[[], Found]] = {
            f"order of scale and pse_shift, prefill, {SHORT} queries and keys": partial(order, card, dtype, SHORT),
            f"order of scale and pse_shift, decode, {SHORT} keys": partial(order, card, dtype, 1),
            f"decode by actual_seq_lengths_kv {USED} of {KEYS} slots": partial(decode, card, dtype, [USED], False),
            f"decode by a bool mask from slot {USED} of {KEYS} on": partial(decode, card, dtype, [USED], True),
            "decode of 3 lengths by actual_seq_lengths_kv": partial(decode, card, dtype, [KEYS, USED, 3], False),
            "decode of 3 lengths by a bool mask": partial(decode, card, dtype, [KEYS, USED, 3], True),
            "hiding by -inf in pse_shift, without a mask": partial(hidden_by_pse, card, dtype, -math.inf),
            "hiding by -10000 in pse_shift, without a mask": partial(hidden_by_pse, card, dtype, -1e4),
        }
        for what, function in checks.items():
            yield Check(f"{named(dtype)}: {what}", function)
    yield Check("a query that is not contiguous is refused, or right", partial(strided_query, card, torch.float16))


def order(card: Card, dtype: torch.dtype, queries: int) -> Found:
    """Which formula it is; ALiBi needs the first."""
    q, k, v, pse = attention_inputs(card, dtype, 1, queries, SHORT)
    hidden = causal(queries, SHORT)
    found = fused(card, q, k, v, pse, atten_mask=hidden)
    formulas = {"softmax(scale*qk + pse)": False, "softmax(scale*(qk + pse))": True}
    errors = {name: relative(found, expected(q, k, v, pse, hidden, first)) for name, first in formulas.items()}
    likest = min(errors, key=errors.get)
    is_it = likest if errors[likest] <= BOUNDS[dtype] else "neither"
    needed = next(iter(formulas))
    return judged(
        is_it == needed, **{"it is": is_it}, **{f"off {n}": e for n, e in errors.items()}, bound=BOUNDS[dtype]
    )


def decode(card: Card, dtype: torch.dtype, lengths: list[int], by_mask: bool) -> Found:
    """One query a sequence; what lies behind a length is large, so that seeing it shows."""
    q, k, v, pse = attention_inputs(card, dtype, len(lengths), 1, KEYS)
    hidden = (torch.arange(KEYS) >= torch.tensor(lengths)[:, None])[:, None, None]
    for row, length in enumerate(lengths):
        k[row, :, length:], v[row, :, length:] = 30.0, 100.0
    hides = {"atten_mask": hidden} if by_mask else {"actual_seq_lengths_kv": lengths}
    return within(fused(card, q, k, v, pse, **hides), expected(q, k, v, pse, hidden), BOUNDS[dtype])


def hidden_by_pse(card: Card, dtype: torch.dtype, value: float) -> Found:
    """The engine hides by masks and lengths alone."""
    q, k, v, pse = attention_inputs(card, dtype, 1, SHORT, SHORT)
    hidden = causal(SHORT, SHORT)
    pse[..., :SHORT].masked_fill_(hidden, value)
    return noted(difference=relative(fused(card, q, k, v, pse), expected(q, k, v, pse, hidden)))


def strided_query(card: Card, dtype: torch.dtype) -> Found:
    """The engine gives contiguous ones; were this wrong without an error, so would be any that is forgotten."""
    q, k, v, pse = attention_inputs(card, dtype, 1, SHORT, SHORT)
    (strided,) = card.npu(q.transpose(1, 2).contiguous())
    try:
        found = fused(card, strided.transpose(1, 2), k, v, pse, atten_mask=causal(SHORT, SHORT)).cpu()
    except RuntimeError:
        return Found(PASS, {"it": "is refused"}, spent=True)
    return within(found, expected(q, k, v, pse, causal(SHORT, SHORT)), BOUNDS[dtype])


def attention_inputs(card: Card, dtype: torch.dtype, batch: int, queries: int, keys: int) -> list[Tensor]:
    """q [B, H, T, D], k and v [B, H, S, D], and pse_shift [1, H, T, S rounded up to 16]."""
    heads, padded = card.sizes.heads, keys + -keys % 16
    shapes = ((batch, heads, queries, HEAD_DIM), *[(batch, heads, keys, HEAD_DIM)] * 2)
    return [card.normal(*shape, dtype=dtype) for shape in shapes] + [
        3 * card.normal(1, heads, queries, padded, dtype=dtype)
    ]


def causal(queries: int, keys: int) -> Tensor:
    """bool [1, 1, T, S], True where a query does not see a key; the last query sees all."""
    return torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)[None, None]


def fused(card: Card, q: Tensor, k: Tensor, v: Tensor, pse: Tensor, **hides) -> Tensor:
    if "atten_mask" in hides:
        hides["atten_mask"] = hides["atten_mask"].to(card.device.torch_device)
    q, k, v, pse = card.npu(q, k, v, pse)
    heads = q.shape[1]
    return torch_npu.npu_fused_infer_attention_score(
        q, k, v, pse_shift=pse, input_layout="BNSD", num_heads=heads, num_key_value_heads=heads,
        scale=HEAD_DIM**-0.5, **hides,
    )[0]  # fmt: skip


def expected(q: Tensor, k: Tensor, v: Tensor, pse: Tensor, hidden: Tensor, pse_first: bool = False) -> Tensor:
    """The attention in float64, pse_shift added before or after the scale."""
    q, k, v, pse = (tensor.double() for tensor in (q, k, v, pse[..., : k.shape[2]]))
    scale, products = HEAD_DIM**-0.5, q @ k.transpose(-1, -2)
    scores = scale * (products + pse) if pse_first else scale * products + pse
    return scores.masked_fill(hidden, -math.inf).softmax(-1) @ v


# ---- int8 weights in NZ ----------------------------------------------------------------------------------------


def nz(options: Options) -> Iterator[Check]:
    """The vendor's layout of int8 weights: really there, and equal to ND and to integers."""
    card = card_of(options)
    if card.device.soc.nz is None:
        raise NotHereError(f"{card.device.soc.name} multiplies int8 weights in ND")
    what = {"before": "cast, then transposed as a view", "after": "transposed, then cast"}[card.device.soc.nz]
    yield Check(f"the engine's int8 weight ({what}) has format {NZ_FORMAT}", partial(nz_format, card))
    for dtype in card.dtypes:
        name = named(dtype)
        yield Check(
            f"{name}: the product in NZ against sums in integers, exactly", partial(exact_sums, card, dtype, True)
        )
        yield Check(
            f"{name}: the product in ND against sums in integers, exactly", partial(exact_sums, card, dtype, False)
        )
        yield Check(
            f"{name}: products in NZ and ND, whole int8 range, to the bit", partial(nz_against_nd, card, dtype)
        )


def nz_format(card: Card) -> Found:
    weight = card.device._int8_weight(card.integers(-127, 127, 3 * card.sizes.hidden, card.sizes.hidden))
    found = int(torch_npu.get_npu_format(weight))
    return judged(found == NZ_FORMAT, format=found, shape=str(list(weight.shape)))


def exact_sums(card: Card, dtype: torch.dtype, in_nz: bool) -> Found:
    """Sums below 256, which either dtype holds exactly, with a scale of 1."""
    hidden = card.sizes.hidden
    layer = replace(card.linear(3 * hidden, hidden), weight=card.integers(-1, 1, 3 * hidden, hidden))
    layer.deq_scale, layer.quant_bias = torch.ones(3 * hidden), card.integers(-64, 64, 3 * hidden).int()
    codes = card.integers(-1, 1, 4, hidden) * (card.integers(0, 7, 4, hidden) < 3)
    device = card.device if in_nz else card.in_nd()
    return same_bits(product(card, device, layer, dtype, codes), reference_product(layer, codes).to(dtype))


def nz_against_nd(card: Card, dtype: torch.dtype) -> Found:
    layer = card.linear(3 * card.sizes.hidden, card.sizes.hidden)
    codes = card.integers(-128, 127, 4, card.sizes.hidden)
    found = product(card, card.device, layer, dtype, codes)
    same = same_bits(found, product(card, card.in_nd(), layer, dtype, codes))
    difference, bound = relative(found, reference_product(layer, codes)), BOUNDS[dtype]
    numbers = same.numbers | {"difference from integers": difference, "bound": bound}
    return judged(same.numbers["different"] == 0 and difference <= bound, **numbers)


def product(card: Card, device: NpuDevice, layer: QuantizedLinear, dtype: torch.dtype, codes: Tensor) -> Tensor:
    return device._product(layer, dtype)(*card.npu(codes)).cpu()


def reference_product(layer: QuantizedLinear, codes: Tensor) -> Tensor:
    """(codes . weight^T + quant_bias) * deq_scale, the sums in int32, in float32 [..., O]."""
    return (torch._int_mm(codes, layer.weight.t()) + layer.quant_bias) * layer.deq_scale
