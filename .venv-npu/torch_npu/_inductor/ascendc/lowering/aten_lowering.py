import torch

from .common import _LoweringGuard, float_dtypes, byte_dtypes, Soc, int_dtypes, all_int_dtypes, exclude  # pylint: disable=relative-beyond-top-level

aten = torch.ops.aten
prims = torch.ops.prims

# basic math ops
_LoweringGuard.support(aten.add, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.add, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.add_, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.add_, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.sub, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.sub, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.sub_, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.sub_, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.mul, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(
    aten.mul,
    float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.uint32, torch.uint64),
    since=Soc.A5,
)
_LoweringGuard.support(aten.mul_, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(
    aten.mul_,
    float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.uint32, torch.uint64),
    since=Soc.A5,
)
_LoweringGuard.support(aten.div, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.div, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.div_, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.div_, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.true_divide, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.true_divide, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.pow, float_dtypes() + int_dtypes())
_LoweringGuard.support(
    aten.pow,
    float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.uint8, torch.uint16, torch.uint32),
    since=Soc.A5,
)
_LoweringGuard.support(aten.fmod, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.remainder, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.floor_divide, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.floor_divide, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.abs, float_dtypes() + int_dtypes())
_LoweringGuard.support(
    aten.abs, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8), since=Soc.A5
)
_LoweringGuard.support(aten.square, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(
    aten.square,
    float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.uint32, torch.uint64),
    since=Soc.A5,
)
_LoweringGuard.support(aten.maximum, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.maximum, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.minimum, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.minimum, float_dtypes() + all_int_dtypes(), since=Soc.A5)

_LoweringGuard.support(aten.exp, float_dtypes())
_LoweringGuard.support(aten.expm1, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.rsqrt, float_dtypes())
_LoweringGuard.support(aten.sqrt, float_dtypes())
_LoweringGuard.support(aten.reciprocal, float_dtypes())
_LoweringGuard.support(aten.reciprocal, float_dtypes() + (torch.int64, torch.uint64), since=Soc.A5)
_LoweringGuard.support(aten.log, (torch.float16, torch.float32))
_LoweringGuard.support(aten.log, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.log10, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.log1p, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.ceil, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.floor, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.round, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.cos, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.sin, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.tanh, float_dtypes())
_LoweringGuard.support(aten.tan, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.cosh, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.sinh, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.acos, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.acosh, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.asin, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.asinh, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.atan, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.atanh, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.copysign, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.lgamma, float_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.erfc, float_dtypes(), since=Soc.A5)

# prims.fma(x1*x2+x3)：_softmax_backward_data 等原生 decomp 的子算子（opmath 下
# fp32 计算）；ASCIR Fma 仅 AF v2(A5) 注册（TensorType 含 fp16/fp32/bf16），A5-only
_LoweringGuard.support(prims.fma, float_dtypes(), since=Soc.A5)

# convert_element_type 需接受 bool 输入：比较 op 输出 bool，下游常接
# convert(bool→float)；否则 in dtype=bool 会被 dtype 检查拦回。
# A5 原生 bool，不放行 uint8。
_LoweringGuard.support(prims.convert_element_type, float_dtypes() + (torch.bool, torch.int32, torch.uint8))
_LoweringGuard.support(
    prims.convert_element_type, float_dtypes() + (torch.bool, torch.int32, torch.int64), since=Soc.A5
)
_LoweringGuard.support(aten.sigmoid, float_dtypes())
_LoweringGuard.support(aten.silu, float_dtypes())
_LoweringGuard.support(aten.relu, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.relu, float_dtypes() + (torch.int32, torch.uint8, torch.int64), since=Soc.A5)
# aten.sgn 在实数路径下被 inductor decomposition 改写成 aten.sign，所以两个都要放行
_LoweringGuard.support(aten.sgn, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.sgn, float_dtypes() + (torch.int32, torch.int64, torch.uint8), since=Soc.A5)
_LoweringGuard.support(aten.sign, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.sign, float_dtypes() + (torch.int32, torch.int64, torch.uint8), since=Soc.A5)
# aclnnNeg（eager/fallback 路径）不支持 int16，但 ASCIR 融合路径，白名单按融合能力放行 int16。
_LoweringGuard.support(aten.neg, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.neg, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64), since=Soc.A5)
_LoweringGuard.support(aten.erf, float_dtypes())
_LoweringGuard.support(aten.clamp_min, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.clamp_min, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.clamp_max, float_dtypes() + int_dtypes() + (torch.int16,))
_LoweringGuard.support(aten.clamp_max, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.special_erf, float_dtypes())
_LoweringGuard.support(aten.special_ndtr, (torch.float32,), since=Soc.A5)

# basic compare ops, support int32 as well。
# 比较 op 输入 float/int32，输出 bool —— 必须显式给 support_out_dtypes 放行 bool，
# 否则输出 dtype 检查会把它们拦成 fallback。
_a5_compare_dtypes = float_dtypes() + all_int_dtypes() + (torch.bool,)
_LoweringGuard.support(aten.ge, float_dtypes() + int_dtypes(), support_out_dtypes=byte_dtypes())
_LoweringGuard.support(aten.ge, _a5_compare_dtypes, support_out_dtypes=byte_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.le, float_dtypes() + int_dtypes(), support_out_dtypes=byte_dtypes())
_LoweringGuard.support(aten.le, _a5_compare_dtypes, support_out_dtypes=byte_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.gt, (torch.float16, torch.float32, torch.int32), support_out_dtypes=(torch.uint8,))
_LoweringGuard.support(aten.gt, _a5_compare_dtypes, support_out_dtypes=byte_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.lt, (torch.float16, torch.float32, torch.int32), support_out_dtypes=(torch.uint8,))
_LoweringGuard.support(aten.lt, _a5_compare_dtypes, support_out_dtypes=byte_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.eq, float_dtypes() + int_dtypes(), support_out_dtypes=byte_dtypes())
_LoweringGuard.support(aten.eq, _a5_compare_dtypes, support_out_dtypes=byte_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.ne, float_dtypes() + int_dtypes(), support_out_dtypes=byte_dtypes())
_LoweringGuard.support(aten.ne, _a5_compare_dtypes, support_out_dtypes=byte_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.isnan, float_dtypes(), support_out_dtypes=byte_dtypes())

# fill and create tensor ops
_LoweringGuard.support(aten.new_empty, float_dtypes())
_LoweringGuard.support(aten.arange, float_dtypes())
_LoweringGuard.support(aten.arange, (torch.int32, torch.int64), since=Soc.A5)
_LoweringGuard.support(prims.iota, (torch.int32, torch.int64), since=Soc.A5)
_LoweringGuard.support(aten.copy_, exclude(torch.uint64))
_LoweringGuard.support(aten.copy_, exclude(), since=Soc.A5)
_LoweringGuard.support(aten.copy, float_dtypes())
_LoweringGuard.support(aten.empty, float_dtypes() + int_dtypes())
_LoweringGuard.support(aten.empty, float_dtypes() + all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.full, float_dtypes() + int_dtypes() + (torch.uint8,))
_LoweringGuard.support(
    aten.full, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8), since=Soc.A5
)
_LoweringGuard.support(aten.empty_like, float_dtypes() + int_dtypes())
_LoweringGuard.support(
    aten.empty_like, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8), since=Soc.A5
)
_LoweringGuard.support(aten.fill_, float_dtypes() + int_dtypes() + (torch.uint8,))
_LoweringGuard.support(
    aten.fill_, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8), since=Soc.A5
)
_LoweringGuard.support(aten._to_copy, float_dtypes())
_LoweringGuard.support(aten.lift_fresh_copy, float_dtypes() + (torch.int32,))
_LoweringGuard.support(aten.lift_fresh_copy, float_dtypes() + (torch.int32, torch.int64), since=Soc.A5)

# bitwise ops
_LoweringGuard.support(aten.bitwise_and, (torch.uint8, torch.int16, torch.uint16, torch.int32))
_LoweringGuard.support(aten.bitwise_and, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.bitwise_and_, (torch.uint8, torch.int16, torch.uint16, torch.int32))
_LoweringGuard.support(aten.bitwise_and_, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.bitwise_or, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.bitwise_or_, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.bitwise_xor, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.bitwise_xor_, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(
    aten.bitwise_not, (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.bool), since=Soc.A5
)
_LoweringGuard.support(aten.__and__, (torch.uint8, torch.int16, torch.uint16, torch.int32))
_LoweringGuard.support(aten.__and__, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.__or__, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.__iand__, (torch.uint8, torch.int16, torch.uint16, torch.int32))
_LoweringGuard.support(aten.__iand__, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.__ixor__, all_int_dtypes(), since=Soc.A5)
_LoweringGuard.support(aten.logical_and, (torch.bool,))
_LoweringGuard.support(
    aten.logical_and, all_int_dtypes() + float_dtypes() + (torch.bool,), support_out_dtypes=(torch.bool,), since=Soc.A5
)
_LoweringGuard.support(aten.logical_and_, (torch.bool,))
_LoweringGuard.support(
    aten.logical_and_, all_int_dtypes() + float_dtypes() + (torch.bool,), support_out_dtypes=(torch.bool,), since=Soc.A5
)
_LoweringGuard.support(aten.logical_not, (torch.bool,))
_LoweringGuard.support(
    aten.logical_not, all_int_dtypes() + float_dtypes() + (torch.bool,), support_out_dtypes=(torch.bool,), since=Soc.A5
)
_LoweringGuard.support(aten.logical_not_, (torch.bool,))
_LoweringGuard.support(
    aten.logical_not_, all_int_dtypes() + float_dtypes() + (torch.bool,), support_out_dtypes=(torch.bool,), since=Soc.A5
)
_LoweringGuard.support(aten.logical_or, (torch.bool,))
_LoweringGuard.support(
    aten.logical_or, all_int_dtypes() + float_dtypes() + (torch.bool,), support_out_dtypes=(torch.bool,), since=Soc.A5
)
_LoweringGuard.support(aten.logical_or_, (torch.bool,))
_LoweringGuard.support(
    aten.logical_or_, all_int_dtypes() + float_dtypes() + (torch.bool,), support_out_dtypes=(torch.bool,), since=Soc.A5
)

# ternary ops
_LoweringGuard.support(
    aten.where,
    byte_dtypes()
    + float_dtypes()
    + (
        torch.int16,
        torch.int32,
    ),
    float_dtypes()
    + (
        torch.int16,
        torch.int32,
    ),
)
_LoweringGuard.support(
    aten.where, byte_dtypes() + float_dtypes() + all_int_dtypes(), float_dtypes() + all_int_dtypes(), since=Soc.A5
)

# reduction ops
_LoweringGuard.support(aten.sum, float_dtypes())
_LoweringGuard.support(aten.sum, float_dtypes() + (torch.int32,), since=Soc.A5)
_LoweringGuard.support(aten.mean, float_dtypes())
_LoweringGuard.support(aten.max, float_dtypes())
_LoweringGuard.support(aten.max, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.uint8), since=Soc.A5)
_LoweringGuard.support(aten.min, float_dtypes())
_LoweringGuard.support(aten.min, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.uint8), since=Soc.A5)
_LoweringGuard.support(aten.amax, float_dtypes())
_LoweringGuard.support(
    aten.amax, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8), since=Soc.A5
)
_LoweringGuard.support(aten.amin, float_dtypes())
_LoweringGuard.support(
    aten.amin, float_dtypes() + (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8), since=Soc.A5
)
_LoweringGuard.support(aten.var_mean, float_dtypes())

_LoweringGuard.support(aten.sum.dim_IntList, float_dtypes() + byte_dtypes())
_LoweringGuard.support(aten.sum.dim_IntList, float_dtypes() + (torch.int32,) + byte_dtypes(), since=Soc.A5)


# view ops
_LoweringGuard.support(aten.unsqueeze, exclude(torch.uint64))
_LoweringGuard.support(aten.unsqueeze, exclude(), since=Soc.A5)

_LoweringGuard.support(aten.squeeze, float_dtypes())
_LoweringGuard.support(aten.reshape, float_dtypes())
_LoweringGuard.support(aten.reshape, float_dtypes() + (torch.int32, torch.int64), since=Soc.A5)
_LoweringGuard.support(aten._unsafe_view, float_dtypes())
_LoweringGuard.support(aten.permute, float_dtypes())
_LoweringGuard.support(aten.clone, float_dtypes(), since=Soc.A5)

_LoweringGuard.support(aten.select, exclude(torch.uint64))
_LoweringGuard.support(aten.select, exclude(), since=Soc.A5)

_LoweringGuard.support(aten.slice, exclude(torch.uint64))
_LoweringGuard.support(aten.slice, exclude(), since=Soc.A5)

_LoweringGuard.support(aten.split, exclude(torch.uint64))
_LoweringGuard.support(aten.split, exclude(), since=Soc.A5)
_LoweringGuard.support(aten.t, float_dtypes())
_LoweringGuard.support(aten.transpose, float_dtypes() + (torch.int16, torch.uint16, torch.int32, torch.uint32))
_LoweringGuard.support(
    aten.transpose, float_dtypes() + (torch.int16, torch.uint16, torch.int32, torch.uint32, torch.bool), since=Soc.A5
)
_LoweringGuard.support(aten.expand, exclude(torch.int64))
_LoweringGuard.support(aten.expand, exclude(torch.bfloat16), since=Soc.A5)
_LoweringGuard.support(aten.repeat, float_dtypes() + (torch.int8, torch.uint8, torch.int16, torch.int32))
_LoweringGuard.support(
    aten.repeat,
    float_dtypes() + (torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool),
    since=Soc.A5,
)
_LoweringGuard.support(aten.alias, float_dtypes())
_LoweringGuard.support(aten.sym_size, float_dtypes())
_LoweringGuard.support(aten.detach, float_dtypes())
_LoweringGuard.support(aten.tril, float_dtypes() + (torch.int32, torch.int64), since=Soc.A5)
_LoweringGuard.support(aten.triu, float_dtypes() + (torch.int32, torch.int64), since=Soc.A5)
