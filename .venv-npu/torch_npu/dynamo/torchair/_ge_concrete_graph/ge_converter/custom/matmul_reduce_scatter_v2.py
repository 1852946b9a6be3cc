from typing import (
    Any,
    Callable,
    ContextManager,
    Iterator,
    List,
    Literal,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    TypeVar,
    Union,
    overload,
)

import torch
from torch import Generator, contiguous_format, inf, strided, SymInt
from torch.types import Device, Number, _bool, _complex, _device, _dtype, _float, _int, _layout, _qscheme, _size
from torchair._ge_concrete_graph import ge_apis as ge
from torchair._ge_concrete_graph.fx2ge_converter import declare_supported, register_fx_node_ge_converter
from torchair.ge._ge_graph import (
    Tensor,
    TensorSpec,
    DataType,
    torch_dtype_value_to_ge_proto_type,
    torch_dtype_value_to_ge_type,
    ge_type_to_torch_type,
    _ge_dtype_to_ge_proto_dtype,
)
from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import
from torchair._ge_concrete_graph.supported_declaration import (
    _TypedTensor,
    F32,
    F16,
    F64,
    I32,
    I16,
    I64,
    I8,
    U8,
    BOOL,
    Support,
)
from torchair._utils.check_platform import is_arch35

X1_X2_SAME_TYPES = {DataType.DT_FLOAT16, DataType.DT_BF16, DataType.DT_HIFLOAT8}
FP8_TYPES = {DataType.DT_HIFLOAT8, DataType.DT_FLOAT8_E4M3FN, DataType.DT_FLOAT8_E5M2}
GROUP_SIZE_MAX_VALUE = 65535  # 65535是指group_size中的值最大不能超过16位可表示的范围


@declare_supported(
    [
        Support(
            F16(1024, 1024),
            F16(1024, 1024),
            hcom="94430305206192",
            world_size=8,
            reduce_op="sum",
            bias=None,
            x1_scale=None,
            x2_scale=None,
            quant_scale=None,
            block_size=0,
            comm_turn=0,
            group_sizes=None,
            amax_output=False,
            y_dtype=None,
            x1_dtype=None,
            x2_dtype=None,
            x1_scale_dtype=None,
            x2_scale_dtype=None,
        )
    ]
)
@register_fx_node_ge_converter(torch.ops.npu.npu_quant_mm_reduce_scatter.default)
def convert_npu_quant_mm_reduce_scatter(
    self: Tensor,
    x2: Tensor,
    hcom: str,
    world_size: int,
    reduce_op: str = 'sum',
    bias: Optional[Tensor] = None,
    x1_scale: Optional[Tensor] = None,
    x2_scale: Optional[Tensor] = None,
    quant_scale: Optional[Tensor] = None,
    block_size: int = 0,
    comm_turn: int = 0,
    group_sizes: Optional[List[int]] = None,
    amax_output: bool = False,
    y_dtype: int = None,
    x1_dtype: int = None,
    x2_dtype: int = None,
    x1_scale_dtype: int = None,
    x2_scale_dtype: int = None,
    comm_mode: str = None,
    meta_outputs: TensorSpec = None,
):
    transpose_x1 = False
    transpose_x2 = False
    '''NB: npu::npu_quant_mm_reduce_scatter(Tensor self, Tensor x2, str hcom,
                                            int world_size, *, str reduce_op='sum', Tensor? bias=None,
                                            Tensor? x1_scale=None, Tensor? x2_scale=None,
                                            Tensor? quant_scale=None, int block_size=0, int comm_turn=0,
                                            int[]? group_sizes=None, bool amax_output=False, int? y_dtype=None,
                                            int? x1_dtype=None, int? x2_dtype=None, int? x1_scale_dtype=None,
                                            int? x2_scale_dtype=None, str? comm_mode=None) -> (Tensor, Tensor)'''
    check_dtype(
        self,
        x2,
        y_dtype=y_dtype,
        x1_dtype=x1_dtype,
        x2_dtype=x2_dtype,
        x1_scale_dtype=x1_scale_dtype,
        x2_scale_dtype=x2_scale_dtype,
    )
    group_max = GROUP_SIZE_MAX_VALUE  # 65535是指group_size中的值最大不能超过16位可表示的范围
    group_size = 0
    if group_sizes is not None and isinstance(group_sizes, List):
        if len(group_sizes) != 3:
            raise RuntimeError("group_size must be a list with 3 elements, actual group_sizes is " + str(group_sizes))
        group_m = group_sizes[0]
        group_n = group_sizes[1]
        group_k = group_sizes[2]
        if group_m > group_max or group_n > group_max or group_k > group_max:
            raise RuntimeError("group_size can't larger than 65535, actual group_sizes is " + str(group_sizes))
        if group_m < 0 or group_n < 0 or group_k < 0:
            raise RuntimeError("group_size can't smaller than 0, actual group_sizes is " + str(group_sizes))
        group_size = (group_m << 32) + (group_n << 16) + group_k
    output_dtype = self.dtype if y_dtype is None else torch_dtype_value_to_ge_type(y_dtype)
    if self.dtype == DataType.DT_FLOAT16 or self.dtype == DataType.DT_BF16:  # pylint: disable=consider-using-in
        if output_dtype != self.dtype:
            raise RuntimeError(
                f"When input is float16 or bfloat16, output should be the same as input dtype."
                f"Expected out type is {ge_type_to_torch_type(self.dtype)}, "
                f"but got {ge_type_to_torch_type(output_dtype)}"
            )
    if y_dtype is None:
        y_dtype = 1
    import torch_npu

    if self.rank < 2:
        raise RuntimeError("Input x1 dimension can't be less than 2, actual x1 dimension is " + str(self.rank) + ".")
    if x2.rank < 2:
        raise RuntimeError("Input x2 dimension can't be less than 2, actual x2 dimension is " + str(x2.rank) + ".")
    trans_x2 = self.symsize[-1] == x2.symsize[-2]
    shape_multiples = 2
    if x1_dtype is not None:
        x1_ge_dtype = torch_dtype_value_to_ge_type(x1_dtype)
        if x1_dtype == torch_npu.float4_e2m1fn_x2:
            const_x1 = ge.Const([1] * (self.rank - 1) + [shape_multiples])
            shape_x1 = ge.Shape(self)
            shape_x1 = ge.Mul(shape_x1, const_x1)
            self = ge.Bitcast(self, type=x1_ge_dtype)
            self = ge.Reshape(self, shape_x1)
        else:
            self = ge.Bitcast(self, type=x1_ge_dtype)
        self.desc.dtype = torch_dtype_value_to_ge_proto_type(x1_dtype)
    if x2_dtype is not None:
        x2_ge_dtype = torch_dtype_value_to_ge_type(x2_dtype)
        if x2_dtype == torch_npu.float4_e2m1fn_x2:
            perm = list(range(x2.rank))
            perm[-2], perm[-1] = perm[-1], perm[-2]
            const_x2 = ge.Const([1] * (x2.rank - 1) + [shape_multiples])
            if trans_x2:
                x2 = ge.Transpose(x2, perm)
            shape_x2 = ge.Shape(x2)
            shape_x2 = ge.Mul(shape_x2, const_x2)
            x2 = ge.Bitcast(x2, type=x2_ge_dtype)
            x2 = ge.Reshape(x2, shape_x2)
            if trans_x2:
                x2 = ge.Transpose(x2, perm)
        else:
            x2 = ge.Bitcast(x2, type=x2_ge_dtype)
        x2.desc.dtype = torch_dtype_value_to_ge_proto_type(x2_dtype)
    if x1_scale_dtype is not None:
        x1_scale = ge.Bitcast(x1_scale, type=torch_dtype_value_to_ge_type(x1_scale_dtype))
        x1_scale.desc.dtype = torch_dtype_value_to_ge_proto_type(x1_scale_dtype)
    if x2_scale_dtype is not None:
        x2_scale = ge.Bitcast(x2_scale, type=torch_dtype_value_to_ge_type(x2_scale_dtype))
        x2_scale.desc.dtype = torch_dtype_value_to_ge_proto_type(x2_scale_dtype)
    if comm_mode is None:
        comm_mode = "ai_cpu" if is_arch35() else "aiv"
    (out, amax_out) = ge.MatmulReduceScatterV2(
        self,
        x2,
        bias=bias,
        x1_scale=x1_scale,
        x2_scale=x2_scale,
        quant_scale=quant_scale,
        group=hcom,
        reduce_op=reduce_op,
        is_trans_a=transpose_x1,
        is_trans_b=transpose_x2,
        comm_turn=comm_turn,
        rank_size=world_size,
        block_size=block_size,
        group_size=group_size,
        is_amax_out=amax_output,
        y_dtype=output_dtype,
        comm_mode=comm_mode,
    )
    # 对于非原生的torch数据类型需要做类型标注
    out.desc.dtype = torch_dtype_value_to_ge_proto_type(y_dtype)
    return (out, amax_out)


_GE_DTYPE_TO_NAME = {
    DataType.DT_FLOAT: "float32",
    DataType.DT_FLOAT16: "float16",
    DataType.DT_INT8: "int8",
    DataType.DT_INT16: "int16",
    DataType.DT_UINT16: "uint16",
    DataType.DT_UINT8: "uint8",
    DataType.DT_INT32: "int32",
    DataType.DT_INT64: "int64",
    DataType.DT_UINT32: "uint32",
    DataType.DT_UINT64: "uint64",
    DataType.DT_BOOL: "bool",
    DataType.DT_DOUBLE: "float64",
    DataType.DT_COMPLEX32: "complex32",
    DataType.DT_COMPLEX64: "complex64",
    DataType.DT_COMPLEX128: "complex128",
    DataType.DT_QINT8: "qint8",
    DataType.DT_QINT32: "qint32",
    DataType.DT_QUINT8: "quint8",
    DataType.DT_BF16: "bfloat16",
    DataType.DT_INT4: "int4",
    DataType.DT_HIFLOAT8: "hifloat8",
    DataType.DT_FLOAT8_E5M2: "float8_e5m2",
    DataType.DT_FLOAT8_E4M3FN: "float8_e4m3fn",
    DataType.DT_FLOAT8_E8M0: "float8_e8m0",
    DataType.DT_FLOAT4_E2M1: "float4_e2m1",
    DataType.DT_FLOAT4_E1M2: "float4_e1m2",
}


def _dtype_name(dtype_value):
    if dtype_value is None:
        return "None"
    try:
        ge_dtype = torch_dtype_value_to_ge_type(dtype_value)
    except RuntimeError:
        return "undefined"
    return _GE_DTYPE_TO_NAME.get(ge_dtype, "undefined")


def _ge_dtype_name(ge_dtype):
    if ge_dtype is None:
        return "None"
    return _GE_DTYPE_TO_NAME.get(ge_dtype, "undefined")


def check_dtype(
    x1: Tensor,
    x2: Tensor,
    y_dtype: int = None,
    x1_dtype: int = None,
    x2_dtype: int = None,
    x1_scale_dtype: int = None,
    x2_scale_dtype: int = None,
):
    if (x1.dtype != x2.dtype) and x1.dtype in X1_X2_SAME_TYPES:
        raise AssertionError(f"Type of x1:{_ge_dtype_name(x1.dtype)} and x2:{_ge_dtype_name(x2.dtype)} must be same.")
    if x1.dtype in FP8_TYPES and y_dtype is None:
        raise AssertionError(f"When type of x1 is {_ge_dtype_name(x1.dtype)} should input y_dtype.")
    import torch_npu

    is_x1_mxfp4 = x1_dtype is not None and x1_dtype == torch_npu.float4_e2m1fn_x2
    is_x2_mxfp4 = x2_dtype is not None and x2_dtype == torch_npu.float4_e2m1fn_x2
    if is_x1_mxfp4 != is_x2_mxfp4:
        raise AssertionError(
            "In mxfp4 quant scene: x1_dtype and x2_dtype must both be float4_e2m1fn_x2, "
            f"but got x1_dtype={_dtype_name(x1_dtype)}, x2_dtype={_dtype_name(x2_dtype)}."
        )
    if is_x1_mxfp4 and y_dtype is None:
        raise AssertionError("In mxfp4 quant scene: y_dtype must not be None.")
    if is_x1_mxfp4 or is_x2_mxfp4:
        if x1_scale_dtype is None:
            raise AssertionError("In mxfp4 quant scene: x1_scale_dtype must not be None.")
        if x2_scale_dtype is None:
            raise AssertionError("In mxfp4 quant scene: x2_scale_dtype must not be None.")
        x1_scale_dtype_name = _dtype_name(x1_scale_dtype)
        x2_scale_dtype_name = _dtype_name(x2_scale_dtype)
        if x1_scale_dtype_name != "float8_e8m0" or x2_scale_dtype_name != "float8_e8m0":
            raise AssertionError(
                f"In mxfp4 quant scene: x1_scale_dtype and x2_scale_dtype must be float8_e8m0, "
                f"but got x1_scale_dtype={x1_scale_dtype_name}, "
                f"x2_scale_dtype={x2_scale_dtype_name}."
            )
