"""What each aclnn operator should compute, in torch on the CPU, with what its document demands of its arguments.

Only what the model calls; the documents are those of CANN's aclnn operators and of torch_npu (its docstrings).
"""

from __future__ import annotations

import ctypes
import math

import torch
import torch.nn.functional as F
from torch import Tensor

from fake_cann.references import FAULTS, NEW, SOC, capturing, described, function, memory, operator, overflow, record

ON_310P = SOC.startswith("Ascend310P")
ND, NZ = (2, -1, 0), 29
HALF = (torch.float16,) if ON_310P else (torch.float16, torch.bfloat16)


def demand(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)


# ---- copies, casts, indices ------------------------------------------------------------------------------------

operator("aclnnInplaceCopy", "tensor tensor")(lambda to, source: to.copy_(source))
operator("aclnnCat", "tensors int64 tensor")(lambda xs, dim, out: out.copy_(torch.cat(xs, dim)))
operator("aclnnInplaceZero", "tensor")(lambda x: x.zero_())
operator("aclnnInplaceOne", "tensor")(lambda x: x.fill_(1))
operator("aclnnArange", "scalar scalar scalar tensor")(
    lambda start, end, step, out: out.copy_(torch.arange(start, end, step))
)
operator("aclnnIndex", "tensor tensors tensor")(
    lambda x, index, out: out.copy_(torch.ops.aten.index(x, _indices(index)))
)
operator("aclnnConstantPadNd", "tensor ints scalar tensor")(
    lambda x, pad, value, out: out.copy_(F.pad(x, pad, value=value))
)


@operator("aclnnIndexPutImpl", "tensor tensors tensor bool bool", not_on="Ascend310P")
def index_put(x: Tensor, index: list, values: Tensor, accumulate: bool, unsafe: bool) -> None:
    torch.ops.aten.index_put_(x, _indices(index), values, accumulate)


def _indices(index: list[Tensor | None]) -> tuple:
    """An index as torch takes it; torch_npu leaves an empty tensor for a dimension that is not indexed."""
    return tuple(None if part is None or part.numel() == 0 else part for part in index)


@operator("aclnnInplaceScatterUpdate", "tensor tensor tensor int64", not_on="Ascend310P")
def scatter_update(data: Tensor, indices: Tensor, updates: Tensor, axis: int) -> None:
    """data[i, ..., indices[i] : indices[i] + n, ...] = updates[i], n as long as updates are on the axis."""
    demand(indices.dim() == 1 and len(indices) == len(data) == len(updates), "an index for each of data's rows")
    demand(data.dim() == updates.dim() and data.dtype == updates.dtype, "data and updates of one rank and dtype")
    demand(axis == -2 and data.dim() == 4, "the model's cache alone: [B, H, S, D], axis -2")
    for row, at in enumerate(indices.tolist()):
        demand(0 <= at <= data.shape[axis] - updates.shape[axis], f"index {at} is outside: CANN does not check that")
        data[row].narrow(axis, at, updates.shape[axis]).copy_(updates[row])


# ---- arithmetic ------------------------------------------------------------------------------------------------

operator("aclnnAdd", "tensor tensor scalar tensor")(lambda a, b, alpha, out: out.copy_(a + alpha * b))
operator("aclnnAdds", "tensor scalar scalar tensor")(lambda a, b, alpha, out: out.copy_(a + alpha * b))
operator("aclnnInplaceAdds", "tensor scalar scalar")(lambda a, b, alpha: a.add_(b, alpha=alpha))
operator("aclnnSub", "tensor tensor scalar tensor")(lambda a, b, alpha, out: out.copy_(a - alpha * b))
operator("aclnnSubs", "tensor scalar scalar tensor")(lambda a, b, alpha, out: out.copy_(a - alpha * b))
operator("aclnnMul", "tensor tensor tensor")(lambda a, b, out: out.copy_(a * b))
operator("aclnnMuls", "tensor scalar tensor")(lambda a, b, out: out.copy_(a * b))
operator("aclnnDivs", "tensor scalar tensor")(lambda a, b, out: out.copy_(a / b))
operator("aclnnReciprocal", "tensor tensor")(lambda a, out: out.copy_(1 / a))
operator("aclnnNeg", "tensor tensor")(lambda a, out: out.copy_(-a))
operator("aclnnAbs", "tensor tensor")(lambda a, out: out.copy_(a.abs()))
operator("aclnnRound", "tensor tensor")(lambda a, out: out.copy_(a.round()))
operator("aclnnClamp", "tensor scalar scalar tensor")(lambda a, low, high, out: out.copy_(a.clamp(low, high)))
operator("aclnnClampMin", "tensor scalar tensor")(lambda a, low, out: out.copy_(a.clamp_min(low)))
operator("aclnnRsqrt", "tensor tensor")(lambda a, out: out.copy_(a.rsqrt()))
operator("aclnnPowTensorScalar", "tensor scalar tensor")(lambda a, power, out: out.copy_(a**power))
operator("aclnnMean", "tensor ints bool int32 tensor")(
    lambda a, dims, keep, dtype, out: out.copy_(a.mean(dims, keep))
)
operator("aclnnSilu", "tensor tensor")(lambda a, out: out.copy_(F.silu(a.float())))
operator("aclnnAmax", "tensor ints bool tensor")(lambda a, dims, keep, out: out.copy_(a.amax(dims, keep)))
operator("aclnnCumsum", "tensor int64 int32 tensor")(lambda a, dim, dtype, out: out.copy_(a.cumsum(dim)))
operator("aclnnSoftmax", "tensor int64 tensor")(lambda a, dim, out: out.copy_(a.float().softmax(dim)))
operator("aclnnReduceSum", "tensor ints bool int32 tensor")(
    lambda a, dims, keep, dtype, out: out.copy_(a.sum(dims, keep))
)

# ---- comparisons and choices -----------------------------------------------------------------------------------

operator("aclnnLeTensor", "tensor tensor tensor")(lambda a, b, out: out.copy_(a <= b))
operator("aclnnGeScalar", "tensor scalar tensor")(lambda a, b, out: out.copy_(a >= b))
operator("aclnnLtScalar", "tensor scalar tensor")(lambda a, b, out: out.copy_(a < b))
operator("aclnnEqScalar", "tensor scalar tensor")(lambda a, b, out: out.copy_(a == b))
operator("aclnnEqTensor", "tensor tensor tensor")(lambda a, b, out: out.copy_(a == b))
operator("aclnnBitwiseAndTensor", "tensor tensor tensor")(lambda a, b, out: out.copy_(a & b))
operator("aclnnBitwiseOrTensor", "tensor tensor tensor")(lambda a, b, out: out.copy_(a | b))
operator("aclnnBitwiseNot", "tensor tensor")(lambda a, out: out.copy_(~a))
operator("aclnnSWhere", "tensor tensor tensor tensor")(lambda which, a, b, out: out.copy_(torch.where(which, a, b)))
operator("aclnnInplaceMaskedFillScalar", "tensor tensor scalar")(lambda a, mask, value: a.masked_fill_(mask, value))
operator("aclnnArgMax", "tensor int64 bool tensor")(lambda a, dim, keep, out: out.copy_(a.argmax(dim, keep)))


@operator("aclnnTopkV2", "tensor int64 int64 bool bool int32 tensor tensor")
def topk(x: Tensor, k: int, dim: int, largest: bool, ordered: bool, kind: int, values: Tensor, indices: Tensor):
    found = x.topk(k, dim, largest, ordered)
    values.copy_(found.values)
    indices.copy_(found.indices)


# ---- products --------------------------------------------------------------------------------------------------


@operator("aclnnMatmul", "tensor tensor tensor int8")
def matmul(a: Tensor, b: Tensor, out: Tensor, precision: int) -> None:
    """On 310P and 910A in float16 alone: float32 is rounded to it if `precision` (cubeMathType) lets it."""
    demand(a.dtype == b.dtype and a.dtype in (*HALF, torch.float32), f"matmul of {a.dtype} and {b.dtype}")
    if not NEW and a.dtype == torch.float32:
        demand(precision in (ALLOW_FLOAT16, USE_FLOAT16), "no product in float32")
        a, b = a.half(), b.half()
        out.copy_((a.float() @ b.float()).clamp(-LARGEST_HALF, LARGEST_HALF).half())
        return
    out.copy_(a.float() @ b.float())


ALLOW_FLOAT16, USE_FLOAT16 = 1, 2  # of aclnnMatmul's cubeMathType
LARGEST_HALF = torch.finfo(torch.float16).max


def fractal(x: Tensor) -> Tensor:
    """A 2-D tensor in NZ format as [rows, columns]: its storage is [columns/w, rows/16, 16, w], w of 32 bytes."""
    columns, rows, height, width = x.storage
    stored = memory(x.data_ptr(), math.prod(x.storage), x.dtype).view(columns, rows, height, width)
    shape = x.shape if x.is_contiguous() else x.shape[::-1]  # 310P multiplies by a transposed view
    whole = stored.permute(1, 2, 0, 3).reshape(rows * height, columns * width)[: shape[0], : shape[1]]
    return whole if x.is_contiguous() else whole.t()


@operator("aclnnNpuFormatCast", "tensor tensor", not_on="Ascend310P")
def format_cast(source: Tensor, to: Tensor) -> None:
    if to.format in ND:
        to.copy_(fractal(source) if source.format == NZ else source)
        return
    demand(source.format in ND and to.format == NZ and source.dim() == 2, "ND to NZ of a matrix")
    columns, rows, height, width = to.storage
    padded = torch.zeros(rows * height, columns * width, dtype=source.dtype)
    padded[: source.shape[0], : source.shape[1]] = source
    blocks = padded.reshape(rows, height, columns, width).permute(2, 0, 1, 3)
    memory(to.data_ptr(), padded.numel(), source.dtype).copy_(blocks.reshape(-1))


@operator("aclnnMatmulWeightNz", "tensor tensor tensor int8")
def matmul_nz(x: Tensor, weight: Tensor, out: Tensor, precision: int) -> None:
    demand(NEW or ON_310P, f"no product of float weights in NZ on {SOC}")
    demand(x.dim() == 2 and weight.format == NZ and x.dtype == weight.dtype in HALF, "two dimensions, 16 bits, NZ")
    demand(not ON_310P or not any(size % 16 for size in weight.shape), "310P: K and N by 16")
    out.copy_(x.float() @ fractal(weight).float())


OLDER = "text int32 pointer pointer int32 pointer pointer pointer int32 int32 text pointer"


@function("aclopCompileAndExecute", OLDER)
@function("aclopCompileAndExecuteV2", OLDER)
def older_operator(name, inputs, in_descriptions, in_buffers, outputs, out_descriptions, out_buffers, *_) -> None:
    """The older kind of operators (aclop): the one that casts formats on 310P, for which aclnn has none."""
    demand(capturing() is None, f"{name}: older operators cannot be captured")
    record(name)
    source, to = described(in_descriptions, in_buffers), described(out_descriptions, out_buffers)
    if name == "NPUGetFloatStatus":
        source.fill_(overflow())
    elif name == "NPUClearFloatStatus":
        overflow(False)
    else:
        demand(name == "Identity" and inputs == outputs == 1, f"no reference for the older operator {name}")
        format_cast(source, to)


QUANT_MATMUL = "tensor tensor tensor tensor tensor tensor tensor tensor tensor bool bool int64 tensor"


@operator("aclnnQuantMatmulV5", QUANT_MATMUL)
def quant_matmul(x, weight, token_scale, scale, _, x_offset, offset, out_offset, bias, x_t, weight_t, group, out):
    """(x . weight + bias) * scale [* token_scale]; the tables of dtypes are aclnnQuantMatmulV5's."""
    demand(NEW or ON_310P, f"no int8 product on {SOC}")
    demand(x.dtype == weight.dtype == torch.int8, "int8 by int8")
    demand(not (x_t or weight_t or group), "transposes and groups: not modelled")
    demand(all(part is None or not part.numel() for part in (x_offset, offset, out_offset)), "offsets: not modelled")
    demand(x.shape[-1] == weight.shape[-2] and max(weight.shape) <= 65535, f"{list(x.shape)} by {list(weight.shape)}")
    demand(list(scale.shape) in ([1], [weight.shape[-1]]), "a scale for each output")
    check_quant_dtypes(out.dtype, scale.dtype, bias.dtype if bias is not None else None, token_scale is not None)
    sums = torch.matmul(x.double(), weight.double()).to(torch.int32)
    if bias is not None and bias.dtype == torch.int32:
        sums = sums + bias
    result = sums.float() * (packed_scale(scale) if scale.dtype == torch.int64 else scale.float())
    if token_scale is not None:
        demand(
            token_scale.numel() == x.numel() // x.shape[-1] and token_scale.dtype == torch.float32, "a scale a token"
        )
        result = result * token_scale.reshape(*x.shape[:-1], 1)
    if bias is not None and bias.dtype != torch.int32:
        result = result + bias.float()
    out.copy_(result)


@operator("aclnnQuantMatmulWeightNz", QUANT_MATMUL)
def quant_matmul_nz(x: Tensor, weight: Tensor, *rest) -> None:
    demand(weight.format == NZ, "a weight in NZ")
    quant_matmul(x, fractal(weight), *rest)


@operator("aclnnWeightQuantBatchMatmulV2", "tensor tensor tensor tensor tensor tensor tensor int32 tensor")
def weight_quant_matmul(x, weight, scale, offset, out_scale, out_offset, bias, group: int, out: Tensor) -> None:
    """x . (weight * scale), the product of the brackets in x's dtype."""
    demand(NEW or ON_310P, f"no product of int8 weights on {SOC}")
    demand(x.dtype == scale.dtype == out.dtype and x.dtype in HALF and weight.dtype == torch.int8, "16 bits by int8")
    demand(x.dim() == weight.dim() == 2 and x.shape[1] == weight.shape[0], f"{list(x.shape)} by {list(weight.shape)}")
    demand(max(weight.shape) <= 65535 and weight.format in ND, "K and N up to 65535, ND")
    demand(list(scale.shape) in ([weight.shape[1]], [1, weight.shape[1]]), "a scale a column")
    demand(
        offset is out_scale is out_offset is bias is None and group == 0,
        "scales a column alone: the rest not modelled",
    )
    out.copy_(x.float() @ (weight.float() * scale.float()).to(x.dtype).float())


def check_quant_dtypes(out: torch.dtype, scale: torch.dtype, bias: torch.dtype | None, by_token: bool) -> None:
    demand(not (ON_310P and (by_token or out == torch.bfloat16)), "310P: no scale a token, no bfloat16")
    if out == torch.float16 and not by_token:
        allowed = scale == torch.int64 and bias in (None, torch.int32)
    elif out == torch.float16:
        allowed = scale == torch.float32 and bias in (None, torch.int32, torch.float16, torch.float32)
    else:
        allowed = out == torch.bfloat16 and scale in (torch.float32, torch.bfloat16)
        allowed = allowed and bias in (None, torch.int32, torch.bfloat16, torch.float32)
    demand(allowed, f"no product of {out} with scale {scale} and bias {bias}, token scale {by_token}")


def packed_scale(packed: Tensor) -> Tensor:
    """The float32 scales of aclnnTransQuantParam's int64: their highest 19 bits."""
    bits = packed & (0xFFFF8000 if "deq_bits" in FAULTS else 0xFFFFE000)
    return torch.where(bits >= 2**31, bits - 2**32, bits).to(torch.int32).view(torch.float32)


@operator("aclnnTransQuantParamV3", "tensor tensor int64 tensor")
def trans_quant_param(scale: Tensor, offset: Tensor | None, round_mode: int, out: Tensor) -> None:
    demand(scale.dtype == torch.float32 and scale.is_contiguous() and offset is None, "float32 scales, no offsets")
    bits = scale.view(torch.int32).to(torch.int64) & 0xFFFFFFFF
    if round_mode == 1:
        bits = (bits + 0x1000) & 0xFFFFFFFF
    out.copy_((bits & 0xFFFFE000) | 1 << 46)


@operator("aclnnAscendQuantV3", "tensor tensor tensor bool text int32 int32 tensor")
def ascend_quant(
    x: Tensor, scale: Tensor, offset: Tensor | None, root: bool, rounding: str, dtype: int, axis: int, out: Tensor
):
    """clamp(round(x * scale + offset)); scale and offset of x's dtype, [1] or one a column."""
    demand(scale.dtype == x.dtype and (offset is None or offset.dtype == x.dtype), "scale and offset of x's dtype")
    demand(list(scale.shape) in ([1], [x.shape[-1]]), "one scale, or one a column")
    demand(not root and rounding == "round" and axis == -1 and out.dtype == torch.int8, "the vendor's recipe")
    out.copy_(to_int8(x.float() * scale.float() + (0 if offset is None else offset.float())))


@operator("aclnnDynamicQuantV2", "tensor tensor tensor int64 tensor tensor tensor")
def dynamic_quant(x: Tensor, smooth, groups, dtype: int, out: Tensor, scale: Tensor, offset: Tensor | None) -> None:
    """A scale a token, max|x| / 127."""
    demand(smooth is None and groups is None and offset is None and x.dtype in HALF, "16 bits, not smoothed")
    found = x.float().abs().amax(-1, keepdim=True) / 127
    found = torch.where(found == 0, 1.0, found)
    scale.copy_(found.reshape(scale.shape))
    out.copy_(to_int8(x.float() / found))


def to_int8(x: Tensor) -> Tensor:
    return (torch.trunc(x) if "rounding" in FAULTS else torch.round(x)).clamp(-128, 127)


# ---- norms and activations -------------------------------------------------------------------------------------


def normed(x: Tensor, gamma: Tensor, eps: float, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """x * rstd * gamma in float32, and rstd; `dtype` is that of x * rstd, which gamma multiplies."""
    demand(gamma.shape == x.shape[-1:], "gamma as x's last dimension")
    rstd = torch.rsqrt(x.float().square().mean(-1, keepdim=True) + eps)
    return (x.float() * rstd).to(dtype).float() * gamma.float(), rstd


@operator("aclnnRmsNorm", "tensor tensor double tensor tensor")
def rms_norm(x: Tensor, gamma: Tensor, eps: float, y: Tensor, rstd: Tensor) -> None:
    demand(gamma.dtype == x.dtype, "gamma of x's dtype")
    result, inverse = normed(x, gamma, eps, torch.float32)
    y.copy_(result)
    rstd.copy_(inverse.reshape(rstd.shape))


@operator("aclnnAddRmsNorm", "tensor tensor tensor double tensor tensor tensor")
def add_rms_norm(a: Tensor, b: Tensor, gamma: Tensor, eps: float, y: Tensor, rstd: Tensor, total: Tensor) -> None:
    """On 910B and A3 the sum and what gamma multiplies are of the inputs' dtype; elsewhere all is in float32."""
    demand(a.dtype == b.dtype and a.shape == b.shape, "two of one dtype and shape")
    whole = a.float() + b.float()
    total.copy_(whole)
    result, inverse = normed(total.float() if NEW else whole, gamma, eps, a.dtype if NEW else torch.float32)
    y.copy_(result)
    rstd.copy_(inverse.reshape(rstd.shape))


@operator(
    "aclnnAddRmsNormQuantV2",
    "tensor tensor tensor tensor tensor tensor tensor tensor int64 double bool tensor tensor tensor tensor",
)
def add_rms_norm_quant(
    a, b, gamma, scale, scale2, offset, offset2, beta, axis, eps, divides, y, y2, total, norm
) -> None:
    """y = clamp(round(norm(a + b) / scale + offset)), scale and offset one a column.

    In float16 every step up to the norm is rounded to it, on 310P too; in bfloat16 none is, though the sum given back
    is.
    """
    demand(a.dtype == b.dtype and a.shape == b.shape and a.dtype in HALF, "two of one 16-bit dtype and shape")
    demand(scale.shape == offset.shape == gamma.shape, "scales1 and zero_points1 as gamma")
    wanted = (torch.float32, torch.int32) if a.dtype == torch.float16 else (torch.bfloat16, torch.bfloat16)
    demand((scale.dtype, offset.dtype) == wanted, f"scales1 and zero_points1 of {a.dtype}: {wanted}")
    demand(gamma.dtype == a.dtype, "gamma of the inputs' dtype")
    demand(scale2 is offset2 is beta is norm is None and axis == -1 and divides, "one output, by division")
    whole = a.float() + b.float()
    total.copy_(whole)
    if a.dtype == torch.float16:
        norm = normed(total.float(), gamma, eps, a.dtype)[0].half().float()
    else:
        norm = normed(whole, gamma, eps, torch.float32)[0]
    y.copy_(to_int8(norm / scale.float() + offset.float()))


@operator("aclnnSwiGlu", "tensor int64 tensor")
def swiglu(x: Tensor, dim: int, out: Tensor) -> None:
    demand(not ON_310P or x.shape[-1] % 32 == 0, "310P: a last dimension by 32")
    gate, up = x.float().chunk(2, dim)
    out.copy_(F.silu(gate) * up)


@operator("aclnnRotaryPositionEmbeddingV2", "tensor tensor tensor int64 tensor tensor", not_on="Ascend310P")
def rotary(x: Tensor, cos: Tensor, sin: Tensor, mode: int, by_matrix: Tensor | None, out: Tensor) -> None:
    """x * cos + rotate_half(x) * sin; tables [1 or B, 1, S, D] for x [B, H, S, D]."""
    demand(
        x.dim() == 4 and mode == 0 and by_matrix is None and x.dtype == cos.dtype == sin.dtype,
        "four dimensions, halves, one dtype",
    )
    first, second = x.chunk(2, -1)
    out.copy_(x * cos + torch.cat((-second, first), -1) * sin)


# ---- attention -------------------------------------------------------------------------------------------------

FUSED_ATTENTION = " ".join(
    ["tensor tensors tensors tensor tensor ints ints", *["tensor"] * 16, "ints", *["tensor"] * 3,
     "int64 double int64 int64 text int64 int64 int64 int64 int64 bool int64 int64 tensor tensor"]
)  # fmt: skip


@function("aclnnFusedInferAttentionScoreV3GetMaxWorkspaceSize", f"{FUSED_ATTENTION} pointer pointer")
def most_workspace(*arguments) -> None:
    """Of any lengths: asked for while a graph is captured. None is needed."""
    for pointer in arguments[-2:]:
        ctypes.cast(pointer, ctypes.POINTER(ctypes.c_uint64))[0] = 0


@operator("aclnnFusedInferAttentionScoreV3", FUSED_ATTENTION, not_on="Ascend310P")
def fused_attention(query, keys, values, pse, mask, lengths, key_lengths, *rest) -> None:
    """softmax(scale * q k^T + pse_shift, mask) v for BNSD or BSND; a True of the mask is not seen.

    The order, scale before pse_shift, is that of the published kernels and of the vendor's own reference.
    """
    *options, heads, scale, _, _, layout, key_heads, sparse, _, _, _, lse, _, _, out, _ = rest
    key, value = keys[0], values[0]
    demand(all(option is None for option in options), "quantized or paged keys, prefixes: not modelled")
    demand(layout in ("BNSD", "BSND") and sparse == 0 and not lse and lengths is None, "BNSD or BSND, a whole mask")
    demand(query.dtype == key.dtype == value.dtype and query.dtype in HALF, "one 16-bit dtype")
    demand(key.is_contiguous() and value.is_contiguous() and query.is_contiguous(), "contiguous q, k, v")
    if layout == "BSND":
        query, key, value, out = (x.transpose(1, 2) for x in (query, key, value, out))
    demand(query.shape[1] == heads == key.shape[1] and key_heads in (0, heads), "as many heads as num_heads")
    batch, _, new, width = query.shape
    used = key.shape[2]
    scores = query.float() @ key.float().transpose(-1, -2) * scale
    if pse is not None:
        demand(
            pse.dtype == query.dtype and pse.is_contiguous() and width % 16 == 0, "pse_shift as the query, D by 16"
        )
        demand(pse.shape[0] in (1, batch) and list(pse.shape[1:3]) == [heads, new] and pse.shape[3] >= used,
               f"pse_shift {list(pse.shape)}")  # fmt: skip
        demand(pse.shape[3] * pse.element_size() % 32 == 0, "pse_shift's rows by 32 bytes")
        scores = scores + pse[..., :used].float() * (scale if "pse_first" in FAULTS else 1)
    hidden = torch.zeros(batch, 1, new, used, dtype=torch.bool)
    if mask is not None:
        demand(
            mask.dtype in (torch.bool, torch.int8, torch.uint8) and mask.dim() == 4, "a mask of bools [B, 1, T, S]"
        )
        demand(
            mask.shape[0] in (1, batch) and mask.shape[2] == new and mask.shape[3] >= used, f"mask {list(mask.shape)}"
        )
        hidden = hidden | mask[..., :used].bool()
        if new == 1 and "mask_512" in FAULTS:
            hidden[..., 512:] = False
    if key_lengths:
        demand(len(key_lengths) == batch and max(key_lengths) <= used, "a length for each sequence, of keys at hand")
        hidden = hidden | (torch.arange(used) >= torch.tensor(key_lengths)[:, None, None, None])
    out.copy_(scores.masked_fill(hidden, -math.inf).softmax(-1) @ value.float())
