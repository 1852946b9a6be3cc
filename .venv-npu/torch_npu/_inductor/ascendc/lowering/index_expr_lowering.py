"""Inductor ``index_expr`` 的 ASCIR Python 前端 lowering。

本模块只做一件事：把 Inductor 传入的 SymPy 整数/索引表达式翻译成
ASCGraph Python 节点。它不实现 ASCIR/Autofuse 后端，也不负责生成 AscendC
代码；下游只需要消费这里写入的 ``Arange``、``IndexExpr`` 及基础算术节点。
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Iterable, Optional, Sequence, Tuple

import sympy
import torch
from torch._inductor.virtualized import V
from torch.utils._sympy.value_ranges import ValueRanges, bound_sympy

from ..common.asc_graph import ASCIndexing, _Tensor  # pylint: disable=relative-beyond-top-level
from ..common.symbols import DenseLoop  # pylint: disable=relative-beyond-top-level

from torch.utils._sympy.functions import CleanDiv, FloorDiv, ModularIndexing


class UnsupportedIndexExpr(RuntimeError):
    """表达式不支持时抛出。当前无上层捕获，会显式终止本次编译（优于静默算错）。"""

    def __init__(self, expr, dtype, reason: str):
        self.expr = expr
        self.dtype = dtype
        self.reason = reason
        super().__init__(f"Unsupported index_expr ({dtype}): {expr}; {reason}")


@dataclass(frozen=True)
class _Lowered:
    value: _Tensor
    expr: sympy.Expr
    axes: Tuple[sympy.Symbol, ...]


def _sympify(expr) -> sympy.Expr:
    return expr if isinstance(expr, sympy.Basic) else sympy.sympify(expr)


def _get_contiguous_loop():
    kernel = getattr(V, "kernel", None)
    loop = getattr(kernel, "contiguous_loop", None) if kernel is not None else None
    if loop is None:
        raise UnsupportedIndexExpr(sympy.S.One, None, "index_expr requires an active contiguous loop")
    return loop


def _participating_axes(expr: sympy.Expr, loop) -> Tuple[sympy.Symbol, ...]:
    symbols = {str(symbol) for symbol in expr.free_symbols}
    return tuple(axis for axis in loop.axis if str(axis) in symbols)


_SIMPLE_OPS: Dict[str, Tuple[str, str]] = {
    "Abs": ("unary", "abs"),
    "FloorDiv": ("binary", "floordiv"),
    "Min": ("nary", "minimum"),
    "Max": ("nary", "maximum"),
}


def _match_op(expr, table):
    """按类名（含 MRO 祖先名）查表。

    torch.utils._sympy.functions 与 sympy 存在同名但无继承关系的类（Max/Min/Mod），
    isinstance 无法同时命中两者；两者的重复类语义一致，按类名匹配天然兼容双实现，
    MRO 遍历同时覆盖子类（如 CleanDiv → FloorDiv）。
    """
    for klass in type(expr).__mro__:
        entry = table.get(klass.__name__)
        if entry is not None:
            return entry
    return None


def _contains_nonlinear(expr: sympy.Expr) -> bool:
    if _match_op(expr, _SIMPLE_OPS) is not None or _match_op(expr, _SPECIAL_HANDLERS) is not None:
        return True
    return any(_contains_nonlinear(arg) for arg in getattr(expr, "args", ()))


def _validate_expression(expr: sympy.Expr, dtype: torch.dtype, loop) -> None:
    if isinstance(expr, (sympy.Integer, sympy.Rational, sympy.Float, sympy.Symbol)):
        return
    if isinstance(expr, (sympy.Add, sympy.Mul)):
        for arg in expr.args:
            _validate_expression(arg, dtype, loop)
        return
    if _match_op(expr, _SIMPLE_OPS) is not None or _match_op(expr, _SPECIAL_HANDLERS) is not None:
        for arg in expr.args:
            _validate_expression(arg, dtype, loop)
        return
    raise UnsupportedIndexExpr(expr, dtype, f"unknown SymPy node {type(expr).__name__}")


def _set_dtype(value: _Tensor, dtype: torch.dtype) -> _Tensor:
    value._v.dtype = dtype  # pylint: disable=protected-access
    return value


def _make_lowered(value: _Tensor, expr: sympy.Expr, axes: Sequence[sympy.Symbol]) -> _Lowered:
    return _Lowered(value, expr, tuple(axes))


def _loop_for_axes(loop, axes: Iterable[sympy.Symbol]) -> DenseLoop:
    """从完整 loop 中提取指定轴的子 DenseLoop，用于 Arange/二元操作只绑定部分轴。"""
    wanted = {str(axis) for axis in axes}
    selected = [(axis, size) for axis, size in zip(loop.axis, loop.size) if str(axis) in wanted]
    return DenseLoop(axis=[axis for axis, _ in selected], size=[size for _, size in selected])


def _broadcast(value: _Lowered, axes: Sequence[sympy.Symbol], loop) -> _Lowered:
    if tuple(value.axes) == tuple(axes):
        return value
    from .. import asc_ops as ir  # pylint: disable=relative-beyond-top-level

    target_axes = [a for a in loop.axis if str(a) in {str(ax) for ax in axes}]
    target_sizes = [loop.size[i] for i, a in enumerate(loop.axis) if str(a) in {str(ax) for ax in axes}]
    n = len(target_axes)
    result = value.value
    for i in range(n):
        if not value.value.is_scalar() and str(target_axes[i]) in {str(a) for a in value.axes}:
            continue
        partial_sizes = []
        for j in range(n):
            if j <= i or str(target_axes[j]) in {str(a) for a in value.axes}:
                partial_sizes.append(target_sizes[j])
            else:
                partial_sizes.append(sympy.S.One)
        partial = DenseLoop(axis=target_axes, size=partial_sizes)
        result = ir.broadcast(result, loop=partial)
    source_dtype = value.value.op.get_attr("y.dtype")
    if source_dtype is not None:
        _set_dtype(result, source_dtype)
    return _make_lowered(result, value.expr, axes)


def _align(values: Sequence[_Lowered], loop) -> Tuple[Tuple[sympy.Symbol, ...], list[_Lowered]]:
    axes = tuple(loop.axis)
    return axes, [_broadcast(value, axes, loop) if value.axes != axes else value for value in values]


def _make_scalar(expr: sympy.Expr, dtype: torch.dtype) -> _Lowered:
    from .. import asc_ops as ir  # pylint: disable=relative-beyond-top-level

    if expr.is_number and not isinstance(expr, sympy.Symbol):
        value = ir.constant(str(expr), dtype)
    else:
        value = ir._index_expr_node(expr, dtype)  # pylint: disable=protected-access
    _set_dtype(value, dtype)
    return _make_lowered(value, expr, ())


def _simple_shape_expr(expr: sympy.Expr, loop) -> bool:
    """判断 affine 系数或 base 是否可以安全写入 Arange 属性。"""

    if _contains_nonlinear(expr):
        return False
    return not _participating_axes(expr, loop)


def _try_linear_decompose(expr: sympy.Expr, loop):
    """将单轴线性式拆成 (axis, step, base)，用于 Arange(base, step)。

    只支持单轴线性 (a*axis + b)。系数不含轴（否则是非线性，如 r0*i0）。
    base 不含轴（否则分解失败）。
    """
    participating = _participating_axes(expr, loop)
    if len(participating) != 1:
        return None

    axis = participating[0]
    try:
        poly = sympy.Poly(sympy.expand(expr), axis, domain="EX")
    except (TypeError, ValueError, sympy.PolynomialError):
        return None

    step = sympy.expand(poly.coeff_monomial(axis))
    if step == 0:
        return None

    base = sympy.expand(expr - step * axis)
    if _participating_axes(base, loop):
        return None

    return axis, step, base


def _create_arange(base: sympy.Expr, step: sympy.Expr, dtype: torch.dtype, axis: sympy.Symbol, loop) -> _Lowered:
    from .. import asc_ops as ir  # pylint: disable=relative-beyond-top-level
    from ..common.symbols import Loop  # pylint: disable=relative-beyond-top-level

    base = _sympify(base)
    step = _sympify(step)
    axis_loop = _loop_for_axes(loop, [axis])
    value = ir.arange(base, step, dtype=dtype, loop=axis_loop)

    full_axis = list(loop.axis)
    full_size = [sympy.S.One if str(a) != str(axis) else loop.size[i] for i, a in enumerate(full_axis)]
    full_stride = [sympy.S.Zero if str(a) != str(axis) else sympy.S.One for a in full_axis]
    broadcast_loop = Loop(axis=full_axis, size=full_size, stride=full_stride, offset=sympy.S.Zero)
    value.as_loop(broadcast_loop)
    value.op.attr.sched.axis = full_axis

    _set_dtype(value, dtype)
    return _make_lowered(value, sympy.expand(base + step * axis), [axis])


def _create_binary_op(op, lhs: _Lowered, rhs: _Lowered, expr: sympy.Expr, dtype: torch.dtype, loop) -> _Lowered:
    axes, aligned = _align([lhs, rhs], loop)
    target = _loop_for_axes(loop, axes)
    value = op(aligned[0].value, aligned[1].value, loop=target)
    _set_dtype(value, dtype)
    return _make_lowered(value, expr, axes)


def _try_linear_decompose_and_lower(expr: sympy.Expr, dtype: torch.dtype, loop) -> Optional[_Lowered]:
    decomposition = _try_linear_decompose(expr, loop)
    if decomposition is None:
        return None
    axis, step, base = decomposition

    if sympy.simplify(step) == 0:
        return _lower(base, dtype, loop)

    from .. import asc_ops as ir  # pylint: disable=relative-beyond-top-level

    if _simple_shape_expr(step, loop):
        if _simple_shape_expr(base, loop):
            return _create_arange(base, step, dtype, axis, loop)

        vector = _create_arange(sympy.S.Zero, step, dtype, axis, loop)
        scalar = _lower(base, dtype, loop)
        return _create_binary_op(ir.add, vector, scalar, expr, dtype, loop)

    unit = _create_arange(sympy.S.Zero, sympy.S.One, dtype, axis, loop)
    coefficient = _lower(step, dtype, loop)
    scaled = _create_binary_op(ir.mul, unit, coefficient, sympy.expand(step * axis), dtype, loop)

    if base != 0:
        scaled = _create_binary_op(ir.add, scaled, _lower(base, dtype, loop), scaled.expr + base, dtype, loop)
    return _Lowered(scaled.value, expr, scaled.axes)


def _range_env(loop):
    env = {}
    for axis, size in zip(loop.axis, loop.size):
        try:
            upper = sympy.sympify(size) - 1
            env[axis] = ValueRanges(sympy.S.Zero, upper)
        except Exception:  # pragma: no cover - diagnostic fallback
            return None
    try:
        shape_env = V.graph.sizevars.shape_env
        env.update(getattr(shape_env, "var_to_range", {}))
    except Exception:  # nosec B110: var_to_range 为可选增强，缺失不影响正确性
        pass
    return env


def _prove_int32(expressions: Sequence[sympy.Expr], loop) -> bool:
    env = _range_env(loop)
    if env is None:
        return False
    for expression in expressions:
        expression = _sympify(expression)
        try:
            value_range = bound_sympy(expression, env)
            lower, upper = value_range.lower, value_range.upper
            if not (lower.is_number and upper.is_number):
                return False
            if int(lower) < -(2**31) or int(upper) > 2**31 - 1:
                return False
        except Exception:
            return False
    return True


def _create_remainder(
    lhs: _Lowered, rhs: _Lowered, expr: sympy.Expr, dtype: torch.dtype, loop, range_exprs
) -> _Lowered:
    from .. import asc_ops as ir  # pylint: disable=relative-beyond-top-level

    axes, aligned = _align([lhs, rhs], loop)
    target = _loop_for_axes(loop, axes)
    if dtype == torch.int64:
        if not _prove_int32(range_exprs, loop):
            raise UnsupportedIndexExpr(
                expr,
                dtype,
                "int64 Remainder operands/intermediate values are not proven int32-safe",
            )
        left = ir.cast(aligned[0].value, dst=torch.int32, loop=target)
        right = ir.cast(aligned[1].value, dst=torch.int32, loop=target)
        value = ir.remainder(left, right, loop=target)
        value = ir.cast(value, dst=torch.int64, loop=target)
    else:
        value = ir.remainder(aligned[0].value, aligned[1].value, loop=target)
    _set_dtype(value, dtype)
    return _make_lowered(value, expr, axes)


def _lower_modular_indexing(expr, dtype: torch.dtype, loop) -> _Lowered:
    from .. import asc_ops as ir  # pylint: disable=relative-beyond-top-level

    base_expr, divisor_expr, modulus_expr = map(_sympify, expr.args)
    base = _lower(base_expr, dtype, loop)
    divisor = _lower(divisor_expr, dtype, loop)
    modulus = _lower(modulus_expr, dtype, loop)
    if divisor_expr == 1:
        quotient = base
    else:
        quotient_expr = FloorDiv(base_expr, divisor_expr)
        quotient = _create_binary_op(ir.floordiv, base, divisor, quotient_expr, dtype, loop)
    return _create_remainder(
        quotient,
        modulus,
        expr,
        dtype,
        loop,
        (
            base_expr,
            divisor_expr,
            modulus_expr,
            quotient.expr,
            quotient.expr * modulus_expr,
        ),
    )


def _lower_mod(expr, dtype: torch.dtype, loop) -> _Lowered:
    lhs_expr, rhs_expr = map(_sympify, expr.args)
    quotient_expr = FloorDiv(lhs_expr, rhs_expr)
    return _create_remainder(
        _lower(lhs_expr, dtype, loop),
        _lower(rhs_expr, dtype, loop),
        expr,
        dtype,
        loop,
        (lhs_expr, rhs_expr, quotient_expr, quotient_expr * rhs_expr),
    )


_SPECIAL_HANDLERS: Dict[str, Callable] = {
    "ModularIndexing": _lower_modular_indexing,
    "Mod": _lower_mod,
}


def _lower(expr, dtype: torch.dtype, loop) -> _Lowered:
    expr = _sympify(expr)
    axes = _participating_axes(expr, loop)
    if not axes:
        return _make_scalar(expr, dtype)

    expanded = sympy.expand(expr)
    if not _participating_axes(expanded, loop):
        return _make_scalar(expanded, dtype)

    from .. import asc_ops as ir  # pylint: disable=relative-beyond-top-level

    entry = _match_op(expr, _SIMPLE_OPS)
    if entry is not None:
        arity, op_name = entry
        ir_op = getattr(ir, op_name)
        if arity == "unary":
            arg = _sympify(expr.args[0])
            _, (lowered,) = _align([_lower(arg, dtype, loop)], loop)
            value = ir_op(lowered.value, loop=loop)
            _set_dtype(value, dtype)
            return _make_lowered(value, expr, tuple(loop.axis))
        if arity == "binary":
            lhs, rhs = map(_sympify, expr.args)
            return _create_binary_op(ir_op, _lower(lhs, dtype, loop), _lower(rhs, dtype, loop), expr, dtype, loop)
        args = [_lower(_sympify(a), dtype, loop) for a in expr.args]
        result = args[0]
        for v in args[1:]:
            result = _create_binary_op(ir_op, result, v, expr, dtype, loop)
        return _Lowered(result.value, expr, result.axes)

    handler = _match_op(expr, _SPECIAL_HANDLERS)
    if handler is not None:
        return handler(expr, dtype, loop)

    affine = _try_linear_decompose_and_lower(expr, dtype, loop)
    if affine is not None:
        return affine

    if isinstance(expr, (sympy.Add, sympy.Mul)):
        args = [_lower(_sympify(arg), dtype, loop) for arg in expr.args]
        result = args[0]
        op = ir.add if isinstance(expr, sympy.Add) else ir.mul
        for value in args[1:]:
            result = _create_binary_op(op, result, value, expr, dtype, loop)
        return _Lowered(result.value, expr, result.axes)

    raise UnsupportedIndexExpr(expr, dtype, "expression is not affine or a supported recursive node")


_FLOAT_DTYPES = {torch.float16, torch.bfloat16, torch.float32, torch.float64}


def _reject_non_integer_atoms(expr: sympy.Expr, dtype: torch.dtype) -> None:
    """float 请求在整数域求值，表达式内不允许出现非整数数值原子，防止静默截断。"""
    for atom in expr.atoms(sympy.Number):
        if not atom.is_Integer:
            raise UnsupportedIndexExpr(
                expr,
                dtype,
                "non-integer atom cannot be evaluated on the integer IndexExpr domain",
            )


def lower_index_expr(expr, dtype: torch.dtype) -> _Tensor:
    """lower 一个 Inductor 表达式并返回前端张量值。"""

    expr = _sympify(expr)
    kernel = getattr(V, "kernel", None)
    rename = getattr(kernel, "rename_indexing", None)
    if rename is not None:
        expr = rename(expr)
    loop = _get_contiguous_loop()
    _validate_expression(expr, dtype, loop)
    # C++ infer_dtypes 只接受 IndexExpr 的整数 dtype；float 请求先用 int64 求值，末端 Cast 回目标 dtype。
    eval_dtype = dtype if dtype not in _FLOAT_DTYPES else torch.int64
    if eval_dtype != dtype:
        _reject_non_integer_atoms(expr, dtype)
    result = _lower(expr, eval_dtype, loop)
    full_axes = tuple(loop.axis)
    if full_axes and tuple(result.axes) != full_axes:
        result = _broadcast(result, full_axes, loop)
    value = result.value
    if eval_dtype != dtype:
        from .. import asc_ops as ir  # pylint: disable=relative-beyond-top-level

        # AF 内核低精度 float 一律以 fp32 计算（同 load upcast、constant 改写约定）；
        # 若按请求 dtype 落到 fp16/bf16，会与 kernel 内 fp32 分支形成混合 dtype 的
        # elementwise op（如 add(x_bf16, s2)），被 C++ infer_dtypes 拒绝。
        # 末端 store 已负责 fp32 -> fp16/bf16 的降精度。
        dst_dtype = torch.float32 if dtype in (torch.float16, torch.bfloat16) else dtype
        value = ir.cast(value, dst=dst_dtype, loop=loop)
    return value
