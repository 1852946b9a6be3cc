import operator
from functools import reduce

from packaging import version
import torch

from .common import logger, current_soc, Soc
from .config import (
    softmax_r_axis_threshold,
    layernorm_r_axis_threshold,
    non_tail_axis_threshold,
    enable_matmul_view_fold,
)
from torch._prims_common.wrappers import out_wrapper

aten = torch.ops.aten


def _normalize_dim(tensor, dim):
    """将 dim 归一化为非负 index；tensor 无 shape 或 dim 非法时返回 None。"""
    if not hasattr(tensor, 'shape'):
        return None
    ndim = len(tensor.shape)
    if not isinstance(dim, int) or not (-ndim <= dim < ndim):
        return None
    return dim % ndim


def _dim_size(tensor, dim):
    i = _normalize_dim(tensor, dim)
    if i is None:
        return None
    s = tensor.shape[i]
    return int(s) if isinstance(s, int) else None


def _is_tail_axis(tensor, dim):
    """判断 dim 是否为 tensor 的尾轴（最后一维）。"""
    i = _normalize_dim(tensor, dim)
    return i is not None and i == len(tensor.shape) - 1


def _packet_overloads(packet):
    return {getattr(packet, ov) for ov in packet.overloads()}


def _softmax_decompose(original):
    """覆写 aten._softmax：numel 为 SymInt（非 int）即动态 shape，直接跳过。"""
    from torch._decomp.decompositions import _softmax as _decomp_softmax

    @out_wrapper()
    def _softmax(x, dim, half_to_float):
        numel = x.numel()
        if not isinstance(numel, int):
            logger.info("Skip decompose for aten._softmax: dynamic shape detected (numel=%s)", numel)
            return NotImplemented
        return (original or _decomp_softmax)(x, dim, half_to_float)

    return _softmax


def _layer_norm_decompose(original):
    """覆写 aten.native_layer_norm：numel 为 SymInt（非 int）即动态 shape，直接跳过。"""
    from torch._refs import native_layer_norm as _refs_native_layer_norm

    @out_wrapper("out0", "out1", "out2")
    def _layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
        numel = input.numel()
        if not isinstance(numel, int):
            logger.info("Skip decompose for aten.native_layer_norm: dynamic shape detected (numel=%s)", numel)
            return NotImplemented
        return (original or _refs_native_layer_norm)(input, normalized_shape, weight, bias, eps)

    return _layer_norm


# 自定义覆写 decompose 的算子列表：(packet, make_fn)
#   - 列表存 packet，注册时自动覆盖 .default + .out 两个 overload
# 新增算子：写 make_fn + 在此列表追加一行 (aten.xxx, _xxx_decompose)
_override_decompositions = [
    (aten._softmax, _softmax_decompose),
    (aten.native_layer_norm, _layer_norm_decompose),
]


def _unsafe_view_decompose(original):
    """Override aten._unsafe_view: use aten.reshape for non-contiguous input.

    The default decomposition of _unsafe_view is aten.view, which requires
    contiguous input. For non-contiguous tensors, we use aten.reshape instead.
    """

    def _unsafe_view(x, shape):
        if hasattr(x, 'is_contiguous') and not x.is_contiguous():
            return aten.reshape(x, shape)
        if original is not None:
            return original(x, shape)
        return aten.view(x, shape)

    return _unsafe_view


_override_decompositions.append((aten._unsafe_view, _unsafe_view_decompose))


_AF_DECOMPOSE_FLOAT_DTYPES = (torch.float16, torch.float32, torch.bfloat16)


def _elu_decompose(original):
    """Override aten.elu: decompose to where(gt) + mul + expm1(+mul).

    拆解依赖 expm1，而 AF v1（A2/A3）无 Expm1 注册（仅 v2/A5 支持，对应
    aten_lowering.py 中 aten.expm1 的 since=Soc.A5）；A2/A3 上拆开会把 expm1
    变成 eager fallback 切断融合，劣于整算子 fallback（eager aclnnElu 单 kernel），
    故仅 A5+ 注册 decompose（A2/A3 保持整算子 fallback）。

    dtype 守卫：分解链的 expm1 仅支持 fp16/fp32/bf16（AF v2 Expm1 TensorType），
    其他 dtype（如 fp64）返回 NotImplemented 跳过分解，保持整算子 fallback
    （eager aclnnElu 支持 fp64，优于分解后 expm1 eager 不支持 fp64 的路径）。
    """
    from torch._refs.nn.functional import elu as _refs_elu

    @out_wrapper()
    def _elu(x, alpha=1.0, scale=1.0, input_scale=1.0):
        if x.dtype not in _AF_DECOMPOSE_FLOAT_DTYPES:
            logger.info("Skip decompose for aten.elu: dtype %s not supported by expm1", x.dtype)
            return NotImplemented
        return (original or _refs_elu)(x, alpha=alpha, scale=scale, input_scale=input_scale)

    return _elu


def _mish_decompose(original):
    """Decompose aten.mish only when its complete expansion can enter AF."""
    from torch._refs.nn.functional import mish as _refs_mish

    @out_wrapper()
    def _mish(x):
        if x.dtype not in _AF_DECOMPOSE_FLOAT_DTYPES:
            logger.info("Skip decompose for aten.mish: dtype %s not supported by the decomposition chain", x.dtype)
            return NotImplemented
        return (original or _refs_mish)(x)

    return _mish


def _softplus_decompose(original):
    """Decompose aten.softplus only when exp/log1p and the surrounding ops can enter AF."""
    from torch._refs.nn.functional import softplus as _refs_softplus

    @out_wrapper()
    def _softplus(x, beta=None, threshold=20):
        if x.dtype not in _AF_DECOMPOSE_FLOAT_DTYPES:
            logger.info("Skip decompose for aten.softplus: dtype %s not supported by the decomposition chain", x.dtype)
            return NotImplemented
        return (original or _refs_softplus)(x, beta=beta, threshold=threshold)

    return _softplus


# A5-only decomposition overrides：
#     mish --> softplus+tanh+mul，进一步分解 softplus --> gt+exp+log1p+where
#     A2/A3 的 gt 不支持 bool 输出，且 log1p 无 lowering，拆开后会产生 eager fallback
if not (current_soc and current_soc < Soc.A5):
    _override_decompositions.append((aten.elu, _elu_decompose))
    _override_decompositions.append((aten.mish, _mish_decompose))
    _override_decompositions.append((aten.softplus, _softplus_decompose))


def _is_matmul_view_fold_candidate(lhs, rhs, is_out):
    """
    NPU 上 lhs>=3 维、rhs 1~2 维、且 lhs 可零拷贝折叠时返回 True。
    """
    if is_out:
        return False

    try:
        if getattr(lhs.device, "type", None) != "npu" or getattr(rhs.device, "type", None) != "npu":
            return False
        # rhs 0 维由原 decomp 统一报错；rhs>=3 维走 bmm 路径，均不折叠
        if not (lhs.ndim >= 3 and 1 <= rhs.ndim <= 2):
            return False

        from torch._subclasses.fake_impls import _compute_stride

        folded_shape = (reduce(operator.mul, lhs.shape[:-1], 1), lhs.shape[-1])
        return (
            _compute_stride(
                lhs.shape,
                lhs.stride(),
                folded_shape,
                size_oblivious=True,
            )
            is not None
        )
    except (AttributeError, TypeError, ValueError, RuntimeError):
        return False


def _matmul_decompose(original):
    """
    覆写 aten.matmul：lhs 命中折叠候选时提前走 reshape+mm/mv 折叠，其余委托原 decomp。
    """

    def _matmul(tensor1, tensor2, *, out=None):
        if out is None:
            if _is_matmul_view_fold_candidate(tensor1, tensor2, False):
                sizes_1 = tensor1.shape
                output_shape = list(sizes_1[:-1])
                folded_dim1 = reduce(operator.mul, output_shape, 1)
                t1_folded = tensor1.reshape(folded_dim1, sizes_1[-1])
                if tensor2.ndim == 2:
                    output_shape.append(tensor2.shape[1])
                    return aten._unsafe_view(aten.mm(t1_folded, tensor2), output_shape)
                return aten._unsafe_view(aten.mv(t1_folded, tensor2), output_shape)
            return original(tensor1, tensor2)
        return original(tensor1, tensor2, out=out)

    return _matmul


# 仅 torch>=2.9（_compute_stride 引入版本）启用覆写；nommfold 可关闭
if enable_matmul_view_fold and version.parse(torch.__version__) >= version.parse("2.9.0"):
    _override_decompositions.append((aten.matmul, _matmul_decompose))


def _whitelist_decompositions():
    """清掉 inductor 的 decomposition 表，只留少量必需项。

    保留的 op 都是 inductor 没注册直接 lowering、必须靠 decomposition 才能下沉
    到 NPUOverrides 支持的原子 op 的"复合 op"：
      - _to_copy：dtype cast 路径
      - silu(x) = x / (1 + (-x).exp())：让 silu 拆成 neg+exp+add+div
      - sgn(x) → sign(x)（实数路径），让 sgn 走 NPUOverrides.sign → ir.sign
      - floor_divide：inductor 没注册直接 lowering，靠 decomposition 拆成
        div + floor，两者都已支持
      - matmul：保留泛化 matmul decomposition，确保 2D/批量形态继续规范化为 mm/bmm 等已注册 lowering
      - arange：inductor 没注册直接 lowering，靠 decomposition 拆成 prims.iota，
        prims.iota 的 lowering 内部调用 ops.index_expr 触发前端 index_expr 分析
    """
    from torch._inductor.decomposition import decompositions

    keep = _packet_overloads(aten._to_copy)
    keep |= _packet_overloads(aten.rsub)
    keep |= _packet_overloads(aten.silu)
    keep |= _packet_overloads(aten.sgn)
    keep |= _packet_overloads(aten.detach)
    keep |= _packet_overloads(aten.floor_divide)
    keep |= _packet_overloads(aten.matmul)
    keep |= _packet_overloads(aten.arange)
    keep |= _packet_overloads(aten.clamp)
    keep |= _packet_overloads(aten.full_like)
    keep |= _packet_overloads(aten.t)
    keep |= _packet_overloads(aten.transpose)
    keep |= _packet_overloads(aten.empty_permuted)
    keep |= _packet_overloads(aten._native_batch_norm_legit_no_training)
    keep |= _packet_overloads(aten._native_batch_norm_legit)
    keep |= _packet_overloads(aten.native_batch_norm)
    keep |= _packet_overloads(aten.masked_fill)
    keep |= _packet_overloads(aten._log_softmax)
    keep |= _packet_overloads(aten.tril)
    keep |= _packet_overloads(aten.triu)
    keep |= _packet_overloads(aten.full)
    keep |= _packet_overloads(aten.stack)
    keep |= _packet_overloads(aten.linalg_vector_norm)
    # 1)过滤空tensor 2)单tensor输入场景优化 3) 重复tensor场景转化为unsqueeze+expand
    keep |= _packet_overloads(aten.cat)
    # add+zeros场景：zeros/ones/new_* decompose 为 full/full_like，后续pass进行消除
    for _op in (aten.zeros, aten.zeros_like, aten.ones, aten.ones_like, aten.new_full, aten.new_ones, aten.new_zeros):
        keep |= _packet_overloads(_op)
    # 覆写算子：保留原 decomp 以便覆写函数内调用（elu 含 SoC/dtype 守卫）
    for overload, _ in _override_decompositions:
        keep |= _packet_overloads(overload)
    # rms_norm 前向/反向与 layer_norm 反向：拆解为
    # pow/mean/add/rsqrt/mul/sub/div/sum/cast 等已注册 lowering 的原子 op。
    # 注：_fused_rms_norm_backward 非 CIA 且 NPU/CPU 均无 native kernel（eager
    # 直接 NotImplementedError），分解是其在 NPU 上的唯一执行路径，必须无条件
    # keep；_fused_rms_norm 前向为 CIA（任何 SoC 均经 func.decompose() 兜底
    # 分解，与表无关），keep 仅作文档声明；native_layer_norm_backward 的分解
    # 链全部子算子在 A2/A3 白名单，A3 即可全融合。
    if hasattr(aten, '_fused_rms_norm'):
        keep |= _packet_overloads(aten._fused_rms_norm)
        keep |= _packet_overloads(aten._fused_rms_norm_backward)
    keep |= _packet_overloads(aten.native_layer_norm_backward)
    # 仅A5支持decompose算子：
    #     leaky_relu --> where+gt+mul（A2/A3 的 gt 不支持 bool 输出，拆开后 gt eager
    #     fallback 切图，劣于整算子 fallback；A5 的 gt 输出含 bool 可全融合）
    #     _softmax_backward_data --> 原生 decomp 产物 mul+sum+neg+prims.fma，走 FMA
    #     融合（对应 prims.fma guard 的 since=Soc.A5；AF v1 无 Fma 注册，A2/A3 上
    #     整算子 fallback 走 eager aclnnSoftmaxBwd 单 kernel）
    if not (current_soc and current_soc < Soc.A5):
        keep |= _packet_overloads(aten.leaky_relu)
        keep |= _packet_overloads(aten._softmax_backward_data)

    decompositions_whitelist = {k: v for k, v in decompositions.items() if k in keep}
    decompositions.clear()
    decompositions.update(decompositions_whitelist)


def _register_decompose(op, make_fn):
    """注册自定义 decompose（统一入口）"""
    from torch._inductor.decomposition import decompositions, register_decomposition
    from torch._decomp import remove_decompositions

    original = decompositions.get(op.default)
    remove_decompositions(decompositions, [op])
    register_decomposition(op)(make_fn(original))


def _remove_extra_random_decomps():
    """清空 extra_random_decomps，避免 fallback_random=False 时 RNG op 被分解
    为产生 bool mask 的等价算子序列，导致与 NPU 硬件算子期望的 uint8 mask
    不兼容。
    """
    from torch._decomp.decompositions_for_rng import extra_random_decomps
    from torch._inductor.decomposition import fast_random_decomps

    extra_random_decomps.clear()
    fast_random_decomps.cache_clear()


def _finetune_decompose():
    """白名单过滤 + 自定义 decompose 注册（统一支持纯重写与守卫覆写）。"""
    _whitelist_decompositions()
    # [TEMP][#3689] 当前AutoFuse后端indirect_load不支持2个或多个间接索引
    # 正式方案：后端需要分析indirect_load支持多个间接索引的方案
    from torch._C import DispatchKey
    from torch._decomp import decomposition_table
    from torch._inductor.decomposition import decompositions
    from torch._inductor.lowering import make_fallback

    for overload in _packet_overloads(aten.upsample_nearest2d):
        decompositions.pop(overload, None)
        decomposition_table.pop(overload, None)
        removed = False
        for key in (DispatchKey.CompositeImplicitAutograd, DispatchKey.Autograd):
            if overload.py_kernels.pop(key, None) is not None:
                removed = True
        if removed:
            # py_impl clears _dispatch_cache on register; a bare pop does not, so
            # clear it explicitly in case the kernel was already dispatched/cached.
            overload._dispatch_cache.clear()
    make_fallback(aten.upsample_nearest2d, warn=False)

    for overload, fn in _override_decompositions:
        _register_decompose(overload, fn)
    _remove_extra_random_decomps()
