"""W8A8's arithmetic, in two schemes: int8 weights per output channel in both, int8 activations in two ways.

Static: one asymmetric scale per input tensor, known from calibration. A layer computes
y = (xq . wq^T + quant_bias) * deq_scale, the product accumulated in int32, with
xq = clamp(round(x / input_scale) + input_offset, -128, 127).
Dynamic: one symmetric scale per token, taken at run time: s = max|x| / 127, xq = round(x / s), and
y = (xq . wq^T) * weight_scale * s.
The formulas are ModelSlim's, whose files are Ascend's format; letters in shapes: O outputs, I inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy
import torch
from torch import Tensor

# ModelSlim's smallest scale: a channel of zeros has this one, so that nothing is divided by zero.
SMALLEST_SCALE = torch.finfo(torch.float32).eps

INT32 = torch.iinfo(torch.int32)
# Products of int8 numbers whose sum is at most 2^24 = 1024 * 128 * 128, so that float32 holds it exactly.
EXACT_INPUTS = 1024
PIECE = 2**19  # weights widened at a time: 2 MiB in float32 stay in a cache, a whole linear's go through memory


@dataclass
class Int8Weights:
    """An int8 linear layer's weights, as either scheme has them. Metadata state each field's dtype and shape."""

    weight: Tensor = field(metadata={"dtype": torch.int8, "shape": "OI"})
    weight_scale: Tensor = field(metadata={"dtype": torch.float32, "shape": "O1"})
    weight_offset: Tensor = field(metadata={"dtype": torch.float32, "shape": "O1"})  # zeros: symmetric

    def __post_init__(self):
        for name in names_of(type(self)):
            value = getattr(self, name)
            problem = misfit(name, value.dtype, value.shape, self.weight.shape)
            if problem:
                raise ValueError(problem)


@dataclass
class QuantizedLinear(Int8Weights):
    """One int8 linear layer of the static scheme."""

    input_scale: Tensor = field(metadata={"dtype": torch.float32, "shape": "1"})
    input_offset: Tensor = field(metadata={"dtype": torch.float32, "shape": "1"})  # integral
    quant_bias: Tensor = field(metadata={"dtype": torch.int32, "shape": "O"})
    deq_scale: Tensor = field(metadata={"dtype": torch.float32, "shape": "O"})
    fp_bias: Tensor = field(metadata={"dtype": torch.float32, "shape": "O"})  # zeros: Baichuan2 has no bias


@dataclass
class DynamicLinear(Int8Weights):
    """One int8 linear layer of the dynamic scheme: nothing of its input is known before it runs."""

    @classmethod
    def of(cls, weight: Tensor, per_tensor: bool = False) -> DynamicLinear:
        """The layer of a float weight [O, I], quantized as quantize_weight does."""
        q, scale = quantize_weight(weight, per_tensor)
        return cls(q, scale, torch.zeros_like(scale))


# A layer of either scheme.
Int8Layer = QuantizedLinear | DynamicLinear


def names_of(kind: type[Int8Weights]) -> list[str]:
    """The names of a scheme's fields, in order."""
    return [field.name for field in fields(kind)]


# The fields of every scheme: the static one has them all.
FIELDS = {field.name: field.metadata for field in fields(QuantizedLinear)}


def shape_of(name: str, weight_shape: Sequence[int]) -> tuple[int, ...]:
    """The shape of a field beside an [O, I] weight."""
    sizes = {"O": weight_shape[0], "I": weight_shape[1], "1": 1}
    return tuple(sizes[letter] for letter in FIELDS[name]["shape"])


def misfit(name: str, dtype: torch.dtype | str, shape: Sequence[int], weight_shape: Sequence[int]) -> str | None:
    """What is wrong with a field of this dtype and shape beside an [O, I] weight; None where it fits."""
    if len(weight_shape) != 2:
        return f"weight has {len(weight_shape)} dimensions, expected [outputs, inputs]"
    expected = shape_of(name, weight_shape)
    if dtype == FIELDS[name]["dtype"] and tuple(shape) == expected:
        return None
    return f"{name} is {dtype} {list(shape)}, expected {FIELDS[name]['dtype']} {list(expected)}"


def quantize_weight(weight: Tensor, per_tensor: bool = False) -> tuple[Tensor, Tensor]:
    """Symmetric int8 of a float weight [O, I] -> (int8 [O, I], float32 scale [O, 1]).

    scale = max|row| / 127 (or max|weight| / 127, repeated), q = round(weight / scale), in -127..127. In memory: the
    result, and some rows in float32.
    """
    largest = torch.cat([piece.abs().amax(dim=1, keepdim=True) for _, piece in pieces(weight)]).float()
    if per_tensor:
        largest = largest.max().expand_as(largest)
    scale = (largest / 127).clamp_min(SMALLEST_SCALE)
    q = torch.empty_like(weight, dtype=torch.int8)
    for rows, piece in pieces(weight):
        q[rows] = (piece.float() / scale[rows]).round_().clamp_(-127, 127)
    return q, scale.contiguous()


def pieces(weight: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Some rows at a time of a weight [O, I], each with their places."""
    count = max(1, PIECE // weight.shape[1])
    for begin in range(0, len(weight), count):
        rows = slice(begin, begin + count)
        yield rows, weight[rows]


def row_sums(weight: Tensor) -> Tensor:
    """int32 [O]: the sums of the rows of an int8 weight [O, I]. numpy takes a tenth of torch's time, and no copy."""
    return torch.from_numpy(weight.numpy().sum(axis=1, dtype=numpy.int32))


def int8_product(q: Tensor, weight: Tensor) -> Tensor:
    """q . weight^T exactly, int32 [N, O], of int8 q [N, I] and weight [O, I]: in float32, of EXACT_INPUTS at a time.

    On x86 without VNNI torch._int_mm adds pairs of products in 16 bits, so they saturate; on Arm it takes ten times
    as many instructions as this.
    """
    sums = torch.zeros(len(q), len(weight), dtype=torch.int32, device=q.device)
    for x, columns in zip(q.split(EXACT_INPUTS, dim=1), weight.split(EXACT_INPUTS, dim=1), strict=True):
        x = x.float()
        for rows, piece in pieces(columns):
            sums[:, rows] += (x @ piece.float().t()).to(torch.int32)
    return sums


def token_scale(largest: Tensor) -> Tensor:
    """The dynamic scheme's scale of tokens whose max|x| is `largest`, of any shape: largest / 127, never 0."""
    return (largest / 127).clamp_min(SMALLEST_SCALE)


def quantize_tokens(x: Tensor, largest: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Symmetric int8 of each token of x [..., I] -> (int8 [..., I], float32 scale [..., 1]).

    scale = token_scale(max|x|), q = round(x * (1 / scale)), in -127..127; the kernels multiply by the reciprocal too.
    largest: float32 [..., 1], max|x| of the whole token, where x is a part of it.
    """
    x = x.float()
    scale = token_scale(x.abs().amax(dim=-1, keepdim=True) if largest is None else largest)
    return (x * (1.0 / scale)).round_().to(torch.int8), scale


def activation_parameters(low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """Asymmetric int8 parameters of activations between low and high (scalars) -> float32 (scale, offset) [1].

    The range is widened to hold 0, so that 0 is exact: scale = (high - low) / 255,
    offset = round(-128 - low / scale), in -128..127.
    """
    low = low.float().reshape(1).clamp_max(0)
    high = high.float().reshape(1).clamp_min(0)
    scale = ((high - low) / 255).clamp_min(SMALLEST_SCALE)
    return scale, (-128 - low / scale).round()


def fold(
    weight: Tensor, weight_scale: Tensor, input_scale: Tensor, input_offset: Tensor, fp_bias: Tensor
) -> tuple[Tensor, Tensor]:
    """(deq_scale float32 [O], quant_bias int32 [O]) of a layer, from its other arrays.

    deq_scale = input_scale * weight_scale; quant_bias = round(fp_bias / deq_scale - input_offset * row sums),
    in float64, so exact (ModelSlim's float32 rounds sums above 2^24).
    Raises ValueError where deq_scale is not above 0 or quant_bias leaves int32: scales that were multiplied
    in float16 underflow to this silently.
    """
    deq_scale = (input_scale.float() * weight_scale.float()).flatten()
    if not (deq_scale > 0).all():
        raise ValueError("deq_scale is not positive: the scales underflow or are not numbers")
    correction = input_offset.double() * row_sums(weight)
    bias = (fp_bias.double() / deq_scale.double() - correction).round()
    if not bias.abs().le(INT32.max).all():
        raise ValueError("quant_bias does not fit int32: deq_scale is too small for the bias")
    return deq_scale, bias.to(torch.int32)


def folded(weight: Tensor, weight_scale: Tensor, input_scale: Tensor, input_offset: Tensor) -> QuantizedLinear:
    """The layer without bias of these arrays (shapes and dtypes as in QuantizedLinear), folded."""
    outputs = weight.shape[0]
    fp_bias = torch.zeros(outputs)
    deq_scale, quant_bias = fold(weight, weight_scale, input_scale, input_offset, fp_bias)
    return QuantizedLinear(
        weight=weight,
        weight_scale=weight_scale,
        weight_offset=torch.zeros(outputs, 1),
        input_scale=input_scale,
        input_offset=input_offset,
        quant_bias=quant_bias,
        deq_scale=deq_scale,
        fp_bias=fp_bias,
    )


def rescaled(layer: QuantizedLinear, input_scale: Tensor) -> QuantizedLinear:
    """The layer for inputs that are quantized by another scale, float32 [1], near its own: folded for that one.

    For a device that rounds the scale to fewer bits: codes and deq_scale are then of the same scale.
    """
    deq_scale = (layer.deq_scale.double() * (input_scale.double() / layer.input_scale.double())).float()
    bias = layer.fp_bias.double() / deq_scale.double() - layer.fp_bias.double() / layer.deq_scale.double()
    quant_bias = layer.quant_bias + bias.round().to(torch.int32)
    return replace(layer, input_scale=input_scale, deq_scale=deq_scale, quant_bias=quant_bias)


def rounded_bits(x: Tensor, bits: int) -> Tensor:
    """Positive float32 numbers rounded to their highest `bits` bits, half to even: as far as a device keeps them."""
    dropped = 32 - bits
    pattern = x.view(torch.int32)
    half = (1 << (dropped - 1)) - 1 + ((pattern >> dropped) & 1)
    return ((pattern + half) & (-1 << dropped)).view(torch.float32)


def encode_deq_scale(deq_scale: Tensor, model_dtype: torch.dtype) -> Tensor:
    """deq_scale float32 [O] as it is stored: int64 holding the bit pattern for float16 models, else as is.

    Ascend's float16 kernels read the scale's bits from the low half of a 64-bit word.
    """
    if model_dtype == torch.float16:
        return deq_scale.view(torch.int32).to(torch.int64)
    return deq_scale


def decode_deq_scale(stored: Tensor) -> Tensor:
    """float32 [O] of a stored deq_scale: int64 bit patterns or float32. Raises ValueError for any other dtype."""
    if stored.dtype == torch.int64:
        return stored.to(torch.int32).view(torch.float32)
    if stored.dtype == torch.float32:
        return stored
    raise ValueError(f"deq_scale is {stored.dtype}, expected int64 (bit patterns) or float32")
