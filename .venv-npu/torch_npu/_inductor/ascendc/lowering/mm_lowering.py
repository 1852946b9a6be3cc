"""自定义 mm/bmm lowering：matmul 输出包装成 NPUMatmulBuffer/NPUBatchMatmulBuffer，支持 epilogue fusion。
NPUMatmulBuffer/NPUBatchMatmulBuffer 继承 TemplateBuffer，scheduler 通过 NPU can_fuse 规则融合 epilogue。

SOC 版本判断：
- 只有 A5 及以上 SOC 才使用 lowering
- 不支持的 SOC 版本 fallback 到 inductor 原生处理
"""

import sympy
import torch

from torch._inductor.ir import (
    FixedLayout,
    FlexibleLayout,
    ComputedBuffer,
    InputsKernel,
    Pointwise,
    TemplateBuffer,
    TensorBox,
)
from torch._inductor.lowering import add, expand, fallback_handler, register_lowering
from torch._inductor.virtualized import ops, V

from ..common import Soc, current_soc, logger  # pylint: disable=relative-beyond-top-level
from ..common.utils import (  # pylint: disable=relative-beyond-top-level
    is_batch_transpose_view,
    is_matrix_transpose_view,
)
from ..config import disable_canfuse, enable_load_transpose  # pylint: disable=relative-beyond-top-level
from .common import _LoweringGuard, float_dtypes  # pylint: disable=relative-beyond-top-level


aten = torch.ops.aten

_LoweringGuard.support(
    (aten.mm.default, aten.addmm.default, aten.bmm.default, aten.baddbmm.default),
    float_dtypes(),
)


def _is_static_zero(value) -> bool:
    value = _simplify_expr(value)
    if isinstance(value, (int, sympy.Integer)):
        return int(value) == 0
    return getattr(value, "is_zero", None) is True


def _simplify_expr(value):
    try:
        return V.graph.sizevars.simplify(value)
    except Exception:
        return sympy.simplify(value)


def _expr_is_one(value) -> bool:
    return _expr_equal(value, sympy.S.One)


def _expr_equal(lhs, rhs) -> bool:
    return _is_static_zero(lhs - rhs)


def _is_degenerate_matmul_shape(m, n) -> bool:
    """Return whether both matrix output axes are provably singleton."""
    return _expr_equal(m, sympy.S.One) and _expr_equal(n, sympy.S.One)


def _sizes_product(sizes):
    product = sympy.S.One
    for size in sizes:
        product = product * size
    return V.graph.sizevars.simplify(product)


def _is_bias_vector_shape(bias_size, n, max_rank=None) -> bool:
    if not bias_size or (max_rank is not None and len(bias_size) > max_rank):
        return False
    if not _expr_equal(bias_size[-1], n):
        return False
    return all(_expr_is_one(dim) for dim in bias_size[:-1])


def _is_contiguous_layout(size, stride) -> bool:
    if len(size) != len(stride):
        return False
    running = sympy.S.One
    for dim_size, dim_stride in reversed(list(zip(size, stride))):
        if not _expr_equal(dim_size, sympy.S.One) and not _expr_equal(dim_stride, running):
            return False
        running = running * dim_size
    return True


def _is_matrix_transpose_view(size, stride) -> bool:
    return is_matrix_transpose_view(size, stride, _expr_equal)


def _is_batch_transpose_view(size, stride) -> bool:
    return is_batch_transpose_view(size, stride, _expr_equal)


def _buffer_summary(name, buffer) -> str:
    def _safe_call(method_name):
        try:
            return getattr(buffer, method_name)()
        except Exception as exc:  # pragma: no cover - diagnostic only
            return f"<unavailable:{type(exc).__name__}>"

    return (
        f"{name}_size={_safe_call('get_size')} "
        f"{name}_stride={_safe_call('get_stride')} "
        f"{name}_dtype={_safe_call('get_dtype')} "
        f"{name}_device={_safe_call('get_device')}"
    )


def log_mm_fusion_fallback(op_name, reason, *details) -> None:
    detail_text = " ".join(str(detail) for detail in details if detail)
    if detail_text:
        logger.info("Matmul fusion fallback op=%s: %s. %s", op_name, reason, detail_text)
    else:
        logger.info("Matmul fusion fallback op=%s: %s.", op_name, reason)


def _matmul_inputs_have_same_dtype(a, b, op_name) -> bool:
    a_dtype = a.get_dtype()
    b_dtype = b.get_dtype()
    if a_dtype == b_dtype:
        return True
    log_mm_fusion_fallback(
        op_name,
        "mixed_input_dtype",
        f"a_dtype={a_dtype}",
        f"b_dtype={b_dtype}",
    )
    return False


def _fallback_to_aten(op, *args, **kwargs):
    return fallback_handler(op)(*args, **kwargs)


def _prepare_matmul_input(buffer):
    try:
        layout = buffer.get_layout()
        size = buffer.get_size()
        stride = buffer.get_stride()
        return buffer, layout, size, stride
    except (AttributeError, NotImplementedError):
        try:
            buffer.realize()
            try:
                normalized = InputsKernel.unwrap_storage_for_input(buffer)
            except Exception:  # Unsupported views must use the ATen lowering.
                return None
            layout = normalized.get_layout()
            size = normalized.get_size()
            stride = normalized.get_stride()
            return normalized, layout, size, stride
        except (AttributeError, NotImplementedError):
            return None


def _freeze_materialized_input_layout(buffer, layout):
    """Keep a materialized clone's physical layout stable across MM scheduling."""
    if not isinstance(buffer, ComputedBuffer):
        return
    buffer.layout = FixedLayout(
        device=layout.device,
        dtype=layout.dtype,
        size=list(layout.size),
        stride=list(layout.stride),
        offset=layout.offset,
    )


def _has_invalid_zero_stride(size, stride) -> bool:
    return any(
        _is_static_zero(dim_stride) and not _expr_equal(dim_size, sympy.S.One)
        for dim_size, dim_stride in zip(size, stride)
    )


def _is_supported_matmul_metadata(layout, size, stride) -> bool:
    if not _is_static_zero(layout.offset) or _has_invalid_zero_stride(size, stride):
        return False
    if _is_contiguous_layout(size, stride) or _is_matrix_transpose_view(size, stride):
        return True
    return enable_load_transpose and _is_batch_transpose_view(size, stride)


def _is_supported_matmul_input(buffer) -> bool:
    # MatMul/BatchMatMul 只接收 contiguous 输入、最后两维 transpose view，
    # 或 batch 轴 transpose view（batch 轴 transpose 仍以独立 view 节点存在，不吸收到 matmul attrs）。
    prepared = _prepare_matmul_input(buffer)
    if prepared is None:
        return False
    _, layout, size, stride = prepared
    return _is_supported_matmul_metadata(layout, size, stride)


def _prepare_matmul_bias(bias, original_bias, out_size):
    expanded_info = _prepare_matmul_input(expand(bias, out_size))
    original_info = _prepare_matmul_input(original_bias)
    if expanded_info is None or original_info is None:
        return None
    return expanded_info, original_info


def _zero_pointwise(*, device, dtype, size):
    def inner_fn(index):
        return ops.constant(0, dtype)

    return Pointwise.create(
        device=device,
        dtype=dtype,
        inner_fn=inner_fn,
        ranges=size,
    )


def _is_matmul_supported_on_soc() -> bool:
    """判断当前 SOC 版本是否支持 experimental matmul lowering.

    返回值：
    - True: 使用 NPUMatmulBuffer/NPUBatchMatmulBuffer lowering
    - False: fallback 到 inductor 原生处理
    """
    # CPU/nothrow 调试模式 current_soc=None：支持（用于测试）
    if current_soc is None:
        return True
    return current_soc >= Soc.A5


class NPUMatmulBuffer(TemplateBuffer):
    """Matmul IR 节点：C = A @ B [+ bias]，输出 shape [m, n]。
    - inputs: [A, B] 或 [A, B, bias]，shape [m, k] 和 [k, n]，可选 bias [m, n]
    - 输出 layout: FixedLayout([m, n])
    - 作为 TemplateBuffer 交给 NPU scheduling/codegen 判断 epilogue fusion
    - 不挂 inner_fn / body；scheduler 通过 isinstance 在 codegen_template 里派发到
      NPUKernel.matmul。

    直接继承 TemplateBuffer，融合逻辑由 NPU scheduling/codegen 接管。
    """

    def __init__(
        self,
        *,
        layout,
        inputs,
        input_layouts=None,
        has_bias=False,
        fallback_op=None,
        fallback_inputs=None,
        fallback_input_layouts=None,
    ):
        super().__init__(
            layout=layout,
            inputs=inputs,
            make_kernel_render=None,
        )
        self.input_layouts = input_layouts
        self.has_bias = has_bias
        self.fallback_op = fallback_op
        self.fallback_inputs = fallback_inputs
        self.fallback_input_layouts = fallback_input_layouts


class NPUBatchMatmulBuffer(TemplateBuffer):
    """Batch Matmul IR 节点：C = A @ B [+ bias]，输出 shape [b, m, n]。
    - inputs: [A, B] 或 [A, B, bias]，shape [b, m, k] 和 [b, k, n]，可选 bias [b, m, n]
    - 输出 layout: FixedLayout([b, m, n])
    - 作为 TemplateBuffer 交给 NPU scheduling/codegen 判断 epilogue fusion
    - 不挂 inner_fn / body；scheduler 通过 isinstance 在 codegen_template 里派发到
      NPUKernel.batch_matmul。

    直接继承 TemplateBuffer，融合逻辑由 NPU scheduling/codegen 接管。
    """

    def __init__(
        self,
        *,
        layout,
        inputs,
        input_layouts=None,
        has_bias=False,
        fallback_op=None,
        fallback_inputs=None,
        fallback_input_layouts=None,
    ):
        super().__init__(
            layout=layout,
            inputs=inputs,
            make_kernel_render=None,
        )
        self.input_layouts = input_layouts
        self.has_bias = has_bias
        self.fallback_op = fallback_op
        self.fallback_inputs = fallback_inputs
        self.fallback_input_layouts = fallback_input_layouts
        self.fallback_kind = None


def _unwrap_view_size(buffer):
    unwrap_view = getattr(buffer, "unwrap_view", None)
    if unwrap_view is None:
        return None
    try:
        base = unwrap_view()
    except Exception:
        return None
    if base is buffer or not hasattr(base, "get_size"):
        return None
    return base.get_size()


def _infer_highdim_batch_matmul_layout(a, b):
    a_size = a.get_size()
    b_size = b.get_size()
    if len(a_size) != 3 or len(b_size) != 3:
        return None

    a_base_size = _unwrap_view_size(a)
    b_base_size = _unwrap_view_size(b)
    if not a_base_size or not b_base_size:
        return None
    if len(a_base_size) <= 3 or len(b_base_size) <= 3:
        return None
    if len(a_base_size) != len(b_base_size):
        return None
    if not all(_expr_equal(lhs, rhs) for lhs, rhs in zip(a_base_size[:-2], b_base_size[:-2])):
        return None
    if not _expr_equal(a_size[0], _sizes_product(a_base_size[:-2])):
        return None
    if not _expr_equal(b_size[0], _sizes_product(b_base_size[:-2])):
        return None
    if not _expr_equal(a_size[1], a_base_size[-2]) or not _expr_equal(a_size[2], a_base_size[-1]):
        return None
    if not _expr_equal(b_size[1], b_base_size[-2]) or not _expr_equal(b_size[2], b_base_size[-1]):
        return None

    return {
        "logical_a_size": list(a_base_size),
        "logical_b_size": list(b_base_size),
        "logical_out_size": list(a_base_size[:-2]) + [a_size[1], b_size[2]],
        "flat_a_size": list(a_size),
        "flat_b_size": list(b_size),
    }


def _unwrap_highdim_baddbmm_bias(bias, flat_out_size, logical_out_size):
    bias_size = bias.get_size()
    if len(bias_size) != 3:
        return None
    if not all(_expr_equal(lhs, rhs) for lhs, rhs in zip(bias_size, flat_out_size)):
        return None

    bias_base_size = _unwrap_view_size(bias)
    if not bias_base_size or len(bias_base_size) <= 3:
        return None
    if len(bias_base_size) != len(logical_out_size):
        return None
    if not all(_expr_equal(lhs, rhs) for lhs, rhs in zip(bias_base_size, logical_out_size)):
        return None
    return bias.unwrap_view()


@register_lowering([aten.mm.default], type_promotion_kind=None)
def _npu_mm(a, b):
    """mm lowering。
    mm: out = a @ b

    SOC 版本检查：如果不支持，fallback 到 inductor 原生
    """
    orig_a, orig_b = a, b

    # SOC 版本判断：不支持时 fallback 到原生处理
    if disable_canfuse:
        log_mm_fusion_fallback("aten.mm.default", "nocanfuse_enabled")
        return _fallback_to_aten(aten.mm.default, orig_a, orig_b)

    if not _is_matmul_supported_on_soc():
        log_mm_fusion_fallback("aten.mm.default", "unsupported_soc", f"current_soc={current_soc}")
        return _fallback_to_aten(aten.mm.default, orig_a, orig_b)

    if not _matmul_inputs_have_same_dtype(a, b, "aten.mm.default"):
        return _fallback_to_aten(aten.mm.default, orig_a, orig_b)

    a_size = a.get_size()
    b_size = b.get_size()
    m, k1 = a_size[0], a_size[1]
    k2, n = b_size[0], b_size[1]

    if not _expr_equal(k1, k2):
        log_mm_fusion_fallback(
            "aten.mm.default",
            "k_dimension_not_provably_equal",
            f"k1={k1}",
            f"k2={k2}",
        )
        return _fallback_to_aten(aten.mm.default, orig_a, orig_b)

    if _is_degenerate_matmul_shape(m, n):
        log_mm_fusion_fallback("aten.mm.default", "degenerate_m_or_n_one", f"m={m}", f"n={n}")
        return _fallback_to_aten(aten.mm.default, orig_a, orig_b)

    out_size = [m, n]
    out_stride = FlexibleLayout.contiguous_strides(out_size)

    dtype = torch.promote_types(a.get_dtype(), b.get_dtype())

    if _is_static_zero(k1):
        log_mm_fusion_fallback("aten.mm.default", "zero_k", f"k={k1}")
        return _zero_pointwise(device=a.get_device(), dtype=dtype, size=out_size)

    a_info = _prepare_matmul_input(a)
    b_info = _prepare_matmul_input(b)
    if a_info is None or b_info is None:
        log_mm_fusion_fallback(
            "aten.mm.default",
            "unsupported_input_layout",
            _buffer_summary("a", a),
            _buffer_summary("b", b),
        )
        return _fallback_to_aten(aten.mm.default, orig_a, orig_b)

    a, a_layout, a_size, a_stride = a_info
    b, b_layout, b_size, b_stride = b_info
    if not _is_supported_matmul_metadata(a_layout, a_size, a_stride) or not _is_supported_matmul_metadata(
        b_layout, b_size, b_stride
    ):
        log_mm_fusion_fallback(
            "aten.mm.default",
            "unsupported_input_layout",
            _buffer_summary("a", a),
            _buffer_summary("b", b),
        )
        return _fallback_to_aten(aten.mm.default, orig_a, orig_b)

    layout = FixedLayout(
        device=a.get_device(),
        dtype=dtype,
        size=out_size,
        stride=out_stride,
    )

    a.realize()
    b.realize()
    _freeze_materialized_input_layout(a, a_layout)
    _freeze_materialized_input_layout(b, b_layout)
    unwrapped = InputsKernel.unwrap_storage([a, b])

    matmul_buf = NPUMatmulBuffer(
        layout=layout,
        inputs=unwrapped,
        input_layouts=[a_layout, b_layout],
        fallback_op=aten.mm.default,
        fallback_inputs=unwrapped,
        fallback_input_layouts=[a_layout, b_layout],
    )

    return TensorBox.create(matmul_buf)


@register_lowering([aten.addmm.default], type_promotion_kind=None)
def _npu_addmm(bias, a, b, beta=1.0, alpha=1.0):
    """addmm lowering: out = beta * bias + alpha * (a @ b)

    先按输出 shape 将 bias 规范化为 broadcast view。
    一维 bias 使用 MatMulBias；二维逐元素 bias 使用 MatMul + Add epilogue。
    MatMulBias 最终生成 ASC graph 还是原生 addmm，由 codegen 阶段根据 epilogue 决定。

    注意：当前只支持 alpha=1.0 和 beta=1.0 的情况。
    其他情况需要 fallback 或特殊处理。
    """
    orig_bias, orig_a, orig_b = bias, a, b

    if alpha != 1.0 or beta != 1.0:
        log_mm_fusion_fallback(
            "aten.addmm.default",
            "unsupported_alpha_beta",
            f"alpha={alpha}",
            f"beta={beta}",
        )
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    if disable_canfuse:
        log_mm_fusion_fallback("aten.addmm.default", "nocanfuse_enabled")
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    if not _is_matmul_supported_on_soc():
        log_mm_fusion_fallback("aten.addmm.default", "unsupported_soc", f"current_soc={current_soc}")
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    if not _matmul_inputs_have_same_dtype(a, b, "aten.addmm.default"):
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    a_size = a.get_size()
    b_size = b.get_size()
    m, k1 = a_size[0], a_size[1]
    k2, n = b_size[0], b_size[1]

    if not _expr_equal(k1, k2):
        log_mm_fusion_fallback(
            "aten.addmm.default",
            "k_dimension_not_provably_equal",
            f"k1={k1}",
            f"k2={k2}",
        )
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    if _is_degenerate_matmul_shape(m, n):
        log_mm_fusion_fallback("aten.addmm.default", "degenerate_m_or_n_one", f"m={m}", f"n={n}")
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    out_size = [m, n]
    out_stride = FlexibleLayout.contiguous_strides(out_size)

    dtype = torch.promote_types(a.get_dtype(), b.get_dtype())

    if _is_static_zero(k1):
        log_mm_fusion_fallback("aten.addmm.default", "zero_k", f"k={k1}")
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    a_info = _prepare_matmul_input(a)
    b_info = _prepare_matmul_input(b)
    if a_info is None or b_info is None:
        log_mm_fusion_fallback(
            "aten.addmm.default",
            "unsupported_input_layout",
            _buffer_summary("a", a),
            _buffer_summary("b", b),
        )
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    a, a_layout, a_size, a_stride = a_info
    b, b_layout, b_size, b_stride = b_info
    if not _is_supported_matmul_metadata(a_layout, a_size, a_stride) or not _is_supported_matmul_metadata(
        b_layout, b_size, b_stride
    ):
        log_mm_fusion_fallback(
            "aten.addmm.default",
            "unsupported_input_layout",
            _buffer_summary("a", a),
            _buffer_summary("b", b),
        )
        return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    layout = FixedLayout(
        device=a.get_device(),
        dtype=dtype,
        size=out_size,
        stride=out_stride,
    )

    use_matmul_bias = _is_bias_vector_shape(bias.get_size(), n, max_rank=2)
    bias_layout = None
    fallback_bias = None
    fallback_bias_layout = None
    if use_matmul_bias:
        bias_info = _prepare_matmul_bias(bias, orig_bias, out_size)
        if bias_info is None:
            log_mm_fusion_fallback("aten.addmm.default", "unsupported_bias_layout", _buffer_summary("bias", bias))
            return _fallback_to_aten(aten.addmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)
        (bias_for_attr, bias_layout, _, _), (fallback_bias, fallback_bias_layout, _, _) = bias_info
    else:
        bias_for_attr = bias

    a.realize()
    b.realize()
    _freeze_materialized_input_layout(a, a_layout)
    _freeze_materialized_input_layout(b, b_layout)
    if fallback_bias is not None:
        fallback_bias.realize()
        _freeze_materialized_input_layout(fallback_bias, fallback_bias_layout)

    inputs = [a, b, bias_for_attr] if use_matmul_bias else [a, b]
    input_layouts = [a_layout, b_layout] + ([bias_layout] if use_matmul_bias else [])
    unwrapped = InputsKernel.unwrap_storage(inputs)
    fallback_op = aten.addmm.default if use_matmul_bias else aten.mm.default
    fallback_inputs = InputsKernel.unwrap_storage([fallback_bias, a, b] if use_matmul_bias else [a, b])
    fallback_input_layouts = [fallback_bias_layout, a_layout, b_layout] if use_matmul_bias else [a_layout, b_layout]

    matmul_buf = NPUMatmulBuffer(
        layout=layout,
        inputs=unwrapped,
        input_layouts=input_layouts,
        has_bias=use_matmul_bias,
        fallback_op=fallback_op,
        fallback_inputs=fallback_inputs,
        fallback_input_layouts=fallback_input_layouts,
    )

    result = TensorBox.create(matmul_buf)
    if use_matmul_bias:
        return result

    return add(result, bias)


@register_lowering([aten.bmm.default], type_promotion_kind=None)
def _npu_bmm(a, b):
    """bmm lowering。
    bmm: out = a @ b，其中 a: [b, m, k], b: [b, k, n] → out: [b, m, n]

    SOC 版本检查：如果不支持，fallback 到 inductor 原生
    """
    # SOC 版本判断：不支持时 fallback 到原生处理
    if disable_canfuse:
        log_mm_fusion_fallback("aten.bmm.default", "nocanfuse_enabled")
        return _fallback_to_aten(aten.bmm.default, a, b)

    if not _is_matmul_supported_on_soc():
        log_mm_fusion_fallback("aten.bmm.default", "unsupported_soc", f"current_soc={current_soc}")
        return _fallback_to_aten(aten.bmm.default, a, b)

    if not _matmul_inputs_have_same_dtype(a, b, "aten.bmm.default"):
        return _fallback_to_aten(aten.bmm.default, a, b)

    orig_a, orig_b = a, b
    highdim_info = _infer_highdim_batch_matmul_layout(a, b)
    use_highdim_batch_matmul = highdim_info is not None
    if use_highdim_batch_matmul:
        a = a.unwrap_view()
        b = b.unwrap_view()

    a_size = a.get_size()
    b_size = b.get_size()

    if len(a_size) < 3 or len(b_size) < 3:
        log_mm_fusion_fallback(
            "aten.bmm.default",
            "unsupported_input_rank",
            f"a_size={a_size}",
            f"b_size={b_size}",
        )
        return _fallback_to_aten(aten.bmm.default, orig_a, orig_b)

    batch_size = _sizes_product(a_size[:-2]) if len(a_size) > 3 else a_size[0]
    batch_size2 = _sizes_product(b_size[:-2]) if len(b_size) > 3 else b_size[0]
    m, k1 = a_size[-2], a_size[-1]
    k2, n = b_size[-2], b_size[-1]

    if not _expr_equal(batch_size, batch_size2):
        log_mm_fusion_fallback(
            "aten.bmm.default",
            "batch_dimension_not_provably_equal",
            f"batch1={batch_size}",
            f"batch2={batch_size2}",
        )
        return _fallback_to_aten(aten.bmm.default, orig_a, orig_b)
    if not _expr_equal(k1, k2):
        log_mm_fusion_fallback(
            "aten.bmm.default",
            "k_dimension_not_provably_equal",
            f"k1={k1}",
            f"k2={k2}",
        )
        return _fallback_to_aten(aten.bmm.default, orig_a, orig_b)

    if _is_degenerate_matmul_shape(m, n):
        log_mm_fusion_fallback("aten.bmm.default", "degenerate_m_or_n_one", f"m={m}", f"n={n}")
        return _fallback_to_aten(aten.bmm.default, orig_a, orig_b)

    flat_out_size = [batch_size, m, n]
    out_size = highdim_info["logical_out_size"] if use_highdim_batch_matmul else flat_out_size
    out_stride = FlexibleLayout.contiguous_strides(out_size)

    dtype = torch.promote_types(a.get_dtype(), b.get_dtype())

    if _is_static_zero(k1):
        log_mm_fusion_fallback("aten.bmm.default", "zero_k", f"k={k1}")
        return _zero_pointwise(device=a.get_device(), dtype=dtype, size=out_size)

    a_info = _prepare_matmul_input(a)
    b_info = _prepare_matmul_input(b)
    if a_info is None or b_info is None:
        log_mm_fusion_fallback(
            "aten.bmm.default",
            "unsupported_input_layout",
            _buffer_summary("a", a),
            _buffer_summary("b", b),
        )
        return _fallback_to_aten(aten.bmm.default, orig_a, orig_b)

    a, a_layout, a_size, a_stride = a_info
    b, b_layout, b_size, b_stride = b_info
    if not _is_supported_matmul_metadata(a_layout, a_size, a_stride) or not _is_supported_matmul_metadata(
        b_layout, b_size, b_stride
    ):
        log_mm_fusion_fallback(
            "aten.bmm.default",
            "unsupported_input_layout",
            _buffer_summary("a", a),
            _buffer_summary("b", b),
        )
        return _fallback_to_aten(aten.bmm.default, orig_a, orig_b)

    layout = FixedLayout(
        device=a.get_device(),
        dtype=dtype,
        size=out_size,
        stride=out_stride,
    )

    a.realize()
    b.realize()
    _freeze_materialized_input_layout(a, a_layout)
    _freeze_materialized_input_layout(b, b_layout)
    unwrapped = InputsKernel.unwrap_storage([a, b])

    batch_matmul_buf = NPUBatchMatmulBuffer(
        layout=layout,
        inputs=unwrapped,
        input_layouts=[a_layout, b_layout],
        fallback_op=aten.bmm.default,
        fallback_inputs=unwrapped,
        fallback_input_layouts=[a_layout, b_layout],
    )
    if use_highdim_batch_matmul:
        batch_matmul_buf.fallback_kind = "reshape_bmm_reshape"
        batch_matmul_buf.fallback_inputs = unwrapped

    return TensorBox.create(batch_matmul_buf)


@register_lowering([aten.baddbmm.default], type_promotion_kind=None)
def _npu_baddbmm(bias, a, b, beta=1.0, alpha=1.0):
    """baddbmm lowering: out = beta * bias + alpha * (a @ b)

    bias 低维（可广播到 [b,m,n]）走 BatchMatMulBias；
    bias 同维 [b,m,n] 走 BatchMatMul + Add epilogue。
    """
    orig_bias, orig_a, orig_b = bias, a, b

    if alpha != 1.0 or beta != 1.0:
        log_mm_fusion_fallback(
            "aten.baddbmm.default",
            "unsupported_alpha_beta",
            f"alpha={alpha}",
            f"beta={beta}",
        )
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    if disable_canfuse:
        log_mm_fusion_fallback("aten.baddbmm.default", "nocanfuse_enabled")
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    if not _is_matmul_supported_on_soc():
        log_mm_fusion_fallback("aten.baddbmm.default", "unsupported_soc", f"current_soc={current_soc}")
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    if not _matmul_inputs_have_same_dtype(a, b, "aten.baddbmm.default"):
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    highdim_info = _infer_highdim_batch_matmul_layout(a, b)
    use_highdim_batch_matmul = highdim_info is not None
    if use_highdim_batch_matmul:
        a = a.unwrap_view()
        b = b.unwrap_view()

    a_size = a.get_size()
    b_size = b.get_size()

    if len(a_size) < 3 or len(b_size) < 3:
        log_mm_fusion_fallback(
            "aten.baddbmm.default",
            "unsupported_input_rank",
            f"a_size={a_size}",
            f"b_size={b_size}",
        )
        return _fallback_to_aten(
            aten.baddbmm.default,
            orig_bias,
            orig_a,
            orig_b,
            alpha=alpha,
            beta=beta,
        )

    batch_size = _sizes_product(a_size[:-2]) if len(a_size) > 3 else a_size[0]
    batch_size2 = _sizes_product(b_size[:-2]) if len(b_size) > 3 else b_size[0]
    m, k1 = a_size[-2], a_size[-1]
    k2, n = b_size[-2], b_size[-1]

    if not _expr_equal(batch_size, batch_size2):
        log_mm_fusion_fallback(
            "aten.baddbmm.default",
            "batch_dimension_not_provably_equal",
            f"batch1={batch_size}",
            f"batch2={batch_size2}",
        )
        return _fallback_to_aten(
            aten.baddbmm.default,
            orig_bias,
            orig_a,
            orig_b,
            alpha=alpha,
            beta=beta,
        )
    if not _expr_equal(k1, k2):
        log_mm_fusion_fallback(
            "aten.baddbmm.default",
            "k_dimension_not_provably_equal",
            f"k1={k1}",
            f"k2={k2}",
        )
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    if _is_degenerate_matmul_shape(m, n):
        log_mm_fusion_fallback("aten.baddbmm.default", "degenerate_m_or_n_one", f"m={m}", f"n={n}")
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    flat_out_size = [batch_size, m, n]
    out_size = highdim_info["logical_out_size"] if use_highdim_batch_matmul else flat_out_size
    out_stride = FlexibleLayout.contiguous_strides(out_size)

    dtype = torch.promote_types(a.get_dtype(), b.get_dtype())

    if _is_static_zero(k1):
        log_mm_fusion_fallback("aten.baddbmm.default", "zero_k", f"k={k1}")
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    a_info = _prepare_matmul_input(a)
    b_info = _prepare_matmul_input(b)
    if a_info is None or b_info is None:
        log_mm_fusion_fallback(
            "aten.baddbmm.default",
            "unsupported_input_layout",
            _buffer_summary("a", a),
            _buffer_summary("b", b),
        )
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    a, a_layout, a_size, a_stride = a_info
    b, b_layout, b_size, b_stride = b_info
    if not _is_supported_matmul_metadata(a_layout, a_size, a_stride) or not _is_supported_matmul_metadata(
        b_layout, b_size, b_stride
    ):
        log_mm_fusion_fallback(
            "aten.baddbmm.default",
            "unsupported_input_layout",
            _buffer_summary("a", a),
            _buffer_summary("b", b),
        )
        return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)

    layout = FixedLayout(
        device=a.get_device(),
        dtype=dtype,
        size=out_size,
        stride=out_stride,
    )

    use_batch_matmul_bias = _is_bias_vector_shape(bias.get_size(), n, max_rank=3)
    if use_highdim_batch_matmul and not use_batch_matmul_bias:
        bias = _unwrap_highdim_baddbmm_bias(bias, flat_out_size, out_size)
        if bias is None:
            log_mm_fusion_fallback(
                "aten.baddbmm.default",
                "unsupported_highdim_bias",
                f"bias_size={orig_bias.get_size()}",
            )
            return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)
    bias_layout = None
    fallback_bias = None
    fallback_bias_layout = None
    if use_batch_matmul_bias:
        bias_info = _prepare_matmul_bias(bias, orig_bias, out_size)
        if bias_info is None:
            log_mm_fusion_fallback(
                "aten.baddbmm.default", "unsupported_bias_layout", _buffer_summary("bias", orig_bias)
            )
            return _fallback_to_aten(aten.baddbmm.default, orig_bias, orig_a, orig_b, alpha=alpha, beta=beta)
        (bias_for_attr, bias_layout, _, _), (fallback_bias, fallback_bias_layout, _, _) = bias_info

    a.realize()
    b.realize()
    _freeze_materialized_input_layout(a, a_layout)
    _freeze_materialized_input_layout(b, b_layout)
    if fallback_bias is not None:
        fallback_bias.realize()
        _freeze_materialized_input_layout(fallback_bias, fallback_bias_layout)

    inputs = [a, b, bias_for_attr] if use_batch_matmul_bias else [a, b]
    input_layouts = [a_layout, b_layout] + ([bias_layout] if use_batch_matmul_bias else [])
    unwrapped = InputsKernel.unwrap_storage(inputs)
    fallback_op = aten.baddbmm.default if use_batch_matmul_bias else aten.bmm.default
    fallback_inputs = InputsKernel.unwrap_storage([fallback_bias, a, b] if use_batch_matmul_bias else [a, b])
    fallback_input_layouts = (
        [fallback_bias_layout, a_layout, b_layout] if use_batch_matmul_bias else [a_layout, b_layout]
    )

    batch_matmul_buf = NPUBatchMatmulBuffer(
        layout=layout,
        inputs=unwrapped,
        input_layouts=input_layouts,
        has_bias=use_batch_matmul_bias,
        fallback_op=fallback_op,
        fallback_inputs=fallback_inputs,
        fallback_input_layouts=fallback_input_layouts,
    )
    if use_highdim_batch_matmul:
        batch_matmul_buf.fallback_kind = "reshape_baddbmm_reshape" if use_batch_matmul_bias else "reshape_bmm_reshape"
        batch_matmul_buf.fallback_inputs = fallback_inputs

    result = TensorBox.create(batch_matmul_buf)
    if use_batch_matmul_bias:
        return result

    return add(result, bias)
