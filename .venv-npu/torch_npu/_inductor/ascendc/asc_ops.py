# pylint: disable=too-many-lines
from typing import List
import functools

import sympy
import torch
from torch._inductor.virtualized import V
from .common.asc_graph import _Tensor, _Op, ASCGraph, _SizeExprConstant


class _AscOpWrapper:
    def __init__(self, f):
        self._op = f.__name__
        self._f = f

    def _set_loop(self, tensors, loop=None):
        if self._op in ["data", "scalar_data", "output", "workspace"]:
            return
        loop = loop if loop else V.kernel.contiguous_loop
        tensors: List[_Tensor] = tensors if isinstance(tensors, (list, tuple)) else [tensors]
        for tensor in tensors:
            tensor.as_loop(loop)

    def __call__(self, *args, loop=None, **kwargs):
        graph: ASCGraph = V.kernel.graph
        cache_key = f"{self._op}({args},{loop},{kwargs})"
        if cache_key in graph.op_cache:
            return graph.op_cache[cache_key]
        tensors = self._f(*args, **kwargs)
        if isinstance(tensors, (list, tuple)):
            tensors = [_Tensor(t) if not isinstance(t, _Tensor) else t for t in tensors]
            self._set_loop(tensors, loop)
            graph.op_cache[cache_key] = tensors
            return tensors
        tensor = _Tensor(tensors) if not isinstance(tensors, _Tensor) else tensors
        self._set_loop(tensor, loop)
        graph.op_cache[cache_key] = tensor
        return tensor


def asc_ops(fn):
    def wrapper(*args, **kwargs):
        return _AscOpWrapper(fn)(*args, **kwargs)

    return wrapper


def Op(t) -> _Op:
    return V.kernel.graph.add_op(t)


@asc_ops
def abs(x):
    op = Op("Abs")
    op.x = x
    return op.y


@asc_ops
def add(x1, x2):
    op = Op("Add")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def sub(x1, x2):
    op = Op("Sub")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def ge(x1, x2):
    op = Op("Ge")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def gt(x1, x2):
    op = Op("Gt")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def le(x1, x2):
    op = Op("Le")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def lt(x1, x2):
    op = Op("Lt")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def eq(x1, x2):
    op = Op("Eq")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def ne(x1, x2):
    op = Op("Ne")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def mul(x1, x2):
    op = Op("Mul")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def sigmoid(x):
    op = Op("Sigmoid")
    op.x = x
    return op.y


@asc_ops
def sqrt(x):
    op = Op("Sqrt")
    op.x = x
    return op.y


@asc_ops
def log(x):
    op = Op("Ln")
    op.x = x
    return op.y


@asc_ops
def rsqrt(x):
    op = Op("Rsqrt")
    op.x = x
    return op.y


@asc_ops
def neg(x):
    op = Op("Neg")
    op.x = x
    return op.y


@asc_ops
def maximum(x1, x2):
    op = Op("Maximum")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def exp(x):
    op = Op("Exp")
    op.x = x
    return op.y


@asc_ops
def broadcast(x):
    op = Op("Broadcast")
    op.x = x
    return op.y


@asc_ops
def transpose(x):
    op = Op("Transpose")
    op.x = x
    return op.y


@asc_ops
def reciprocal(x):
    op = Op("Reciprocal")
    op.x = x
    return op.y


@asc_ops
def truediv(x1, x2):
    if x1 == '1':
        return reciprocal(x2)
    op = Op("TrueDiv")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def div(x1, x2):
    return truediv(x1, x2)


@asc_ops
def square(x):
    return mul(x, x)


@asc_ops
def cast(x, *, dst, src=None, use_compute_types=True):
    op = Op("Cast")
    op.x = x
    op.y.dtype = dst
    return op.y


@asc_ops
def constant(value: str, dtype):
    op = Op("Scalar")
    op.attr.ir_attr.value = value
    op.y.dtype = dtype
    return op.y


@asc_ops
def _index_expr_node(expr, dtype):
    """创建纯 scalar ``IndexExpr`` 占位节点。

    该节点只保存符号表达式和 dtype，不绑定循环轴；真正需要参与向量
    运算时，由 parser 显式生成 Broadcast。
    """
    op = Op("IndexExpr")
    op.attr.ir_attr.expr = expr
    op.y.dtype = dtype
    return op.y


@asc_ops
def arange(base, step, *, dtype):
    """创建等差向量；wrapper 的 loop 参数负责写入 axis/size/stride 元数据。"""
    base = sympy.sympify(base)
    step = sympy.sympify(step)
    if not base.free_symbols:
        base = _SizeExprConstant(base)
    if not step.free_symbols:
        step = _SizeExprConstant(step)
    op = Op("Arange")
    op.attr.ir_attr.base = base
    op.attr.ir_attr.step = step
    op.y.dtype = dtype
    return op.y


@asc_ops
def unsupported(error_msg: str):
    op = Op("Unsupported")
    op.attr.ir_attr.error_msg = error_msg
    return op.y


@asc_ops
def reduction(x, *, reduce_type):
    op = Op(reduce_type.capitalize())
    op.x = x
    op.set_private_attr("compute_type", "reduce")
    return op.y


@asc_ops
def matmul(a, b, *, transpose_x1=False, transpose_x2=False, has_relu=False, enable_hf32=False, offset_x=0, dtype=None):
    """MatMul with configurable attributes.

    Args:
        transpose_x1: 是否转置第一个输入矩阵，默认 False
        transpose_x2: 是否转置第二个输入矩阵，默认 False
        has_relu: 是否融合 relu 激活函数（暂未实现，默认 False）
        enable_hf32: 是否启用 HF32 格式（从全局配置读取）
        offset_x: 偏移量参数（暂未实现，默认 0）
        dtype: 输出数据类型（必须指定，用于 InferDataType）
    """
    op = Op("MatMul")
    op.x1 = a
    op.x2 = b
    op.attr.ir_attr.offset_x = offset_x
    op.attr.ir_attr.transpose_x1 = transpose_x1
    op.attr.ir_attr.transpose_x2 = transpose_x2
    op.attr.ir_attr.has_relu = has_relu
    op.attr.ir_attr.enable_hf32 = enable_hf32
    op.y.dtype = dtype
    return op.y


@asc_ops
def matmul_bias(
    a, b, bias, *, transpose_x1=False, transpose_x2=False, has_relu=False, enable_hf32=False, offset_x=0, dtype=None
):
    """MatMulBias with configurable attributes.

    Args:
        a: 第一个输入矩阵
        b: 第二个输入矩阵
        bias: 偏置向量
        transpose_x1: 是否转置第一个输入矩阵，默认 False
        transpose_x2: 是否转置第二个输入矩阵，默认 False
        has_relu: 是否融合 relu 激活函数（暂未实现，默认 False）
        enable_hf32: 是否启用 HF32 格式（从全局配置读取）
        offset_x: 偏移量参数（暂未实现，默认 0）
        dtype: 输出数据类型（必须指定，用于 InferDataType）
    """
    op = Op("MatMulBias")
    op.x1 = a
    op.x2 = b
    op.bias = bias
    op.attr.ir_attr.offset_x = offset_x
    op.attr.ir_attr.transpose_x1 = transpose_x1
    op.attr.ir_attr.transpose_x2 = transpose_x2
    op.attr.ir_attr.has_relu = has_relu
    op.attr.ir_attr.enable_hf32 = enable_hf32
    op.y.dtype = dtype
    return op.y


@asc_ops
def batch_matmul(
    a, b, *, transpose_x1=False, transpose_x2=False, has_relu=False, enable_hf32=False, offset_x=0, dtype=None
):
    """BatchMatMul with configurable attributes.

    Args:
        transpose_x1: 是否转置第一个输入矩阵，默认 False
        transpose_x2: 是否转置第二个输入矩阵，默认 False
        has_relu: 是否融合 relu 激活函数（暂未实现，默认 False）
        enable_hf32: 是否启用 HF32 格式（从全局配置读取）
        offset_x: 偏移量参数（暂未实现，默认 0）
        dtype: 输出数据类型（必须指定，用于 InferDataType）
    """
    op = Op("BatchMatMul")
    op.x1 = a
    op.x2 = b
    op.attr.ir_attr.offset_x = offset_x
    op.attr.ir_attr.adj_x1 = transpose_x1
    op.attr.ir_attr.adj_x2 = transpose_x2
    op.attr.ir_attr.has_relu = has_relu
    op.attr.ir_attr.enable_hf32 = enable_hf32
    op.y.dtype = dtype
    return op.y


@asc_ops
def batch_matmul_bias(
    a, b, bias, *, transpose_x1=False, transpose_x2=False, has_relu=False, enable_hf32=False, offset_x=0, dtype=None
):
    """BatchMatMulBias with configurable attributes.

    Args:
        a: 第一个输入矩阵 [b, m, k]
        b: 第二个输入矩阵 [b, k, n]
        bias: 偏置，低维广播到输出 [b, m, n]
        transpose_x1: 是否转置第一个输入矩阵，默认 False
        transpose_x2: 是否转置第二个输入矩阵，默认 False
        has_relu: 是否融合 relu 激活函数（暂未实现，默认 False）
        enable_hf32: 是否启用 HF32 格式（从全局配置读取）
        offset_x: 偏移量参数（暂未实现，默认 0）
        dtype: 输出数据类型（必须指定，用于 InferDataType）
    """
    op = Op("BatchMatMulBias")
    op.x1 = a
    op.x2 = b
    op.bias = bias
    op.attr.ir_attr.offset_x = offset_x
    op.attr.ir_attr.adj_x1 = transpose_x1
    op.attr.ir_attr.adj_x2 = transpose_x2
    op.attr.ir_attr.has_relu = has_relu
    op.attr.ir_attr.enable_hf32 = enable_hf32
    op.y.dtype = dtype
    return op.y


@asc_ops
def concat(inputs, *, axis):
    # ascir的Concat通过shape关系决定concat，但是这里的axis仍然是必要的：会根据入参进行cse判定。
    # ascir.ops.Concat 接受 list 形式的 x；输出 size 是 sum(input_sizes) along axis，
    # 由调用方在 _set_loop / _store_buffer 处把 output loop 设成 canonical 全 size。
    op = Op("Concat")
    op.x = list(inputs)
    return op.y


@asc_ops
def data(*, name, dtype, index):
    # drop name for stable cache hint
    op = Op("Data")
    op.attr.ir_attr.index = index
    op.y.dtype = dtype
    return op.y


@asc_ops
def scalar_data(*, name, dtype, index):
    # Runtime scalar input. Unlike Data, this is passed by value to AF kernels.
    op = Op("ScalarData")
    op.attr.ir_attr.index = index
    op.y.dtype = dtype
    return op.y


@asc_ops
def output(*, name, src, dtype, index):
    # drop name for stable cache hint
    op = Op("Output")
    op.attr.ir_attr.index = index
    op.x = src
    op.y.dtype = dtype
    return op.y


@asc_ops
def workspace(*, name, src, dtype):
    op = Op("Workspace", name=name)  # pylint: disable=unexpected-keyword-arg
    op.x = src
    op.y.dtype = dtype
    return op.y


@asc_ops
def load(buffer, *, offset=None):
    op = Op("Load")
    if offset is not None:
        op.attr.ir_attr.offset = offset
    op.x = buffer
    return op.y


@asc_ops
def store(name, value, *, offset=None):
    op = Op("Store")
    op.x = value
    if offset is not None:
        op.attr.ir_attr.offset = offset
    return op.y


@asc_ops
def gather_load(x1, x2, axis, *, negative_index_support=True, need_check_bound=True, max=None):
    """从 x1 张量中按 x2 索引沿 axis 维度进行 gather 加载操作。

    x1: 源数据张量
    x2: 索引张量
    axis: 沿哪个维度进行 gather
    """
    op = Op("IndirectLoad")
    op.x1 = x1
    op.x2 = x2
    op.attr.ir_attr.axis = axis
    op.attr.ir_attr.negative_index_support = negative_index_support
    op.attr.ir_attr.need_check_bound = need_check_bound
    op.attr.ir_attr.max = max
    return op.y


def indirect_indexing(x, *, upper_bound=None, check_range=None, wrap_neg=None):
    return x


@asc_ops
def bitwise_and(x1, x2):
    op = Op("BitwiseAnd")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def pow(x1, x2):
    op = Op("Pow")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def where(x1, x2, x3):
    op = Op("Where")
    op.x1 = x1
    op.x2 = x2
    op.x3 = x3
    return op.y


# ---- 以下批量补齐 pyascir.h REGISTERED_OPS 中已暴露但 wrapper 缺失的算子。
#      命名对照见 ascir_builtin_ops.cpp 中的 REG_ASC_IR(<PascalCase>)。

# ---- unary elementwise (x → y, 输出 dtype 跟输入一致) ----


@asc_ops
def exp2(x):
    op = Op("Exp2")
    op.x = x
    return op.y


@asc_ops
def expm1(x):
    # PyTorch ops.expm1 -> ascir Expm1
    op = Op("Expm1")
    op.x = x
    return op.y


@asc_ops
def floor(x):
    op = Op("Floor")
    op.x = x
    return op.y


@asc_ops
def ceil(x):
    op = Op("Ceil")
    op.x = x
    return op.y


@asc_ops
def round(x):
    op = Op("Round")
    op.x = x
    return op.y


@asc_ops
def trunc(x):
    op = Op("Trunc")
    op.x = x
    return op.y


@asc_ops
def sign(x):
    op = Op("Sign")
    op.x = x
    return op.y


@asc_ops
def erf(x):
    op = Op("Erf")
    op.x = x
    return op.y


@asc_ops
def erfc(x):
    op = Op("Erfc")
    op.x = x
    return op.y


@asc_ops
def erfcx(x):
    op = Op("Erfcx")
    op.x = x
    return op.y


@asc_ops
def digamma(x):
    op = Op("Digamma")
    op.x = x
    return op.y


@asc_ops
def lgamma(x):
    op = Op("Lgamma")
    op.x = x
    return op.y


@asc_ops
def log2(x):
    op = Op("Log2")
    op.x = x
    return op.y


@asc_ops
def log10(x):
    op = Op("Log10")
    op.x = x
    return op.y


@asc_ops
def log1p(x):
    op = Op("Log1p")
    op.x = x
    return op.y


@asc_ops
def tanh(x):
    op = Op("Tanh")
    op.x = x
    return op.y


@asc_ops
def sin(x):
    op = Op("Sin")
    op.x = x
    return op.y


@asc_ops
def cos(x):
    op = Op("Cos")
    op.x = x
    return op.y


@asc_ops
def sinh(x):
    op = Op("Sinh")
    op.x = x
    return op.y


@asc_ops
def cosh(x):
    op = Op("Cosh")
    op.x = x
    return op.y


@asc_ops
def tan(x):
    op = Op("Tan")
    op.x = x
    return op.y


@asc_ops
def asin(x):
    op = Op("Asin")
    op.x = x
    return op.y


@asc_ops
def asinh(x):
    op = Op("Asinh")
    op.x = x
    return op.y


@asc_ops
def acos(x):
    op = Op("Acos")
    op.x = x
    return op.y


@asc_ops
def acosh(x):
    op = Op("Acosh")
    op.x = x
    return op.y


@asc_ops
def atan(x):
    op = Op("Atan")
    op.x = x
    return op.y


@asc_ops
def atanh(x):
    op = Op("Atanh")
    op.x = x
    return op.y


@asc_ops
def isnan(x):
    op = Op("Isnan")
    op.x = x
    return op.y


@asc_ops
def isfinite(x):
    op = Op("IsFinite")
    op.x = x
    return op.y


@asc_ops
def relu(x):
    op = Op("Relu")
    op.x = x
    return op.y


@asc_ops
def gelu(x):
    op = Op("Gelu")
    op.x = x
    return op.y


@asc_ops
def leaky_relu(x, negative_slope=0.01):
    op = Op("LeakyRelu")
    op.x = x
    op.attr.ir_attr.negative_slope = negative_slope
    return op.y


@asc_ops
def bitwise_not(x):
    op = Op("BitwiseNot")
    op.x = x
    return op.y


@asc_ops
def logical_not(x):
    op = Op("LogicalNot")
    op.x = x
    return op.y


@asc_ops
def nop(x):
    op = Op("Nop")
    op.x = x
    return op.y


# ---- unary type-conversion (x:T1 → y:T2，输出 dtype 显式指定) ----


@asc_ops
def floor_to_int(x, *, dst=torch.int32):
    op = Op("FloorToInt")
    op.x = x
    op.y.dtype = dst
    return op.y


@asc_ops
def ceil_to_int(x, *, dst=torch.int32):
    # ascir 拼写: Ceil2Int
    op = Op("Ceil2Int")
    op.x = x
    op.y.dtype = dst
    return op.y


@asc_ops
def round_to_int(x, *, dst=torch.int32):
    op = Op("RoundToInt")
    op.x = x
    op.y.dtype = dst
    return op.y


@asc_ops
def trunc_to_int(x, *, dst=torch.int32):
    op = Op("TruncToInt")
    op.x = x
    op.y.dtype = dst
    return op.y


# ---- binary elementwise (x1, x2 → y) ----


@asc_ops
def minimum(x1, x2):
    op = Op("Minimum")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def atan2(x1, x2):
    op = Op("Atan2")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def copysign(x1, x2):
    op = Op("CopySign")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def hypot(x1, x2):
    op = Op("Hypot")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def fmod(x1, x2):
    op = Op("Fmod")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def mod(x1, x2):
    op = Op("Mod")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def remainder(x1, x2):
    op = Op("Remainder")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def floordiv(x1, x2):
    op = Op("FloorDiv")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def truncdiv(x1, x2):
    op = Op("TruncDiv")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def axpy(x1, x2):
    # ascir Axpy: y = alpha*x1 + x2，通过 attr 控制 alpha；这里只暴露最简形
    op = Op("Axpy")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def bitwise_or(x1, x2):
    op = Op("BitwiseOr")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def bitwise_xor(x1, x2):
    op = Op("BitwiseXor")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def xor(x1, x2):
    op = Op("Xor")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def logical_and(x1, x2):
    op = Op("LogicalAnd")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def logical_or(x1, x2):
    op = Op("LogicalOr")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def logical_xor(x1, x2):
    op = Op("LogicalXor")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def bitwise_left_shift(x1, x2):
    op = Op("LShift")
    op.x1 = x1
    op.x2 = x2
    return op.y


@asc_ops
def bitwise_right_shift(x1, x2):
    op = Op("RShift")
    op.x1 = x1
    op.x2 = x2
    return op.y


# inductor NPUOverrides 用的别名
lshift = bitwise_left_shift
rshift = bitwise_right_shift


# ---- ternary (x1, x2, x3 → y) ----


@asc_ops
def fma(x1, x2, x3):
    # y = x1*x2 + x3
    op = Op("Fma")
    op.x1 = x1
    op.x2 = x2
    op.x3 = x3
    return op.y


@asc_ops
def select(cond, x_true, x_false):
    # ascir Select: T1=bool (cond), T2=fp/int (value)，跟 Where 语义相同；
    # 保留 select 是因为 ascir 把它跟 Where 注册成两个 op (cf. pyascir.h)
    op = Op("Select")
    op.x1 = cond
    op.x2 = x_true
    op.x3 = x_false
    return op.y


@asc_ops
def clip_by_value(x, clip_min, clip_max):
    # ascir ClipByValue：把 x 钳制到 [clip_min, clip_max]
    op = Op("ClipByValue")
    op.x1 = x
    op.x2 = clip_min
    op.x3 = clip_max
    return op.y


@asc_ops
def _unsupported_op(*args, _op=None, **kwargs):
    op = V.kernel.graph.add_op(_op, is_unsupported=True)
    for i, arg in enumerate(args):
        if isinstance(arg, _Tensor):
            setattr(op, f"x{i + 1}", arg)
        else:
            op.ir_attr.__setattr__(f"input{i + 1}", str(arg))  # pylint: disable=unnecessary-dunder-call
    for k, v in kwargs.items():
        op.ir_attr.__setattr__(k, str(v))  # pylint: disable=unnecessary-dunder-call
    return op.y


# 组合 lowering 入口
def index_expr(expr, dtype):
    """Inductor 入口：将 SymPy index expression 转为 ASCGraph Python IR。"""
    from .lowering.index_expr_lowering import lower_index_expr

    return lower_index_expr(expr, dtype)


def _unsupported(*args, _op=None, **kwargs):
    from .config import debug_options

    if "nothrow" in debug_options:
        return _unsupported_op(*args, _op=_op, **kwargs)

    raise NotImplementedError(f"Asc op '{_op}' is not implemented yet, args: {args}, kwargs: {kwargs}")


def __getattr__(name):
    return functools.partial(_unsupported, _op=name)
