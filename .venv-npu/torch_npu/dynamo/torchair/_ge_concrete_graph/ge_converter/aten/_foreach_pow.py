from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@declare_supported(
    [
        Support([F32(2, 2, 2), F32(2, 3), F32(2, 3)], [F32(2, 2, 2), F32(2, 3), F32(2, 3)]),
        Support([F16(2, 2, 2), F16(2, 3), F16(2, 3)], [F16(2, 2, 2), F16(2, 3), F16(2, 3)]),
    ]
)
@register_fx_node_ge_converter(torch.ops.aten._foreach_pow.List)
def conveter_aten__foreach_pow_List(self: List[Tensor], exponent: List[Tensor], meta_outputs: List[TensorSpec] = None):
    """NB: aten::_foreach_pow.List(Tensor[] self, Tensor[] exponent) -> Tensor[]"""
    return ge.ForeachPowList(self, exponent)


@declare_supported(
    [
        Support([F32(2, 2, 2), F32(2, 3), F32(2, 3)], 1.0),
        Support([F16(2, 2, 2), F16(2, 3), F16(2, 3)], 1.0),
        Support([BF16(2, 2, 2), BF16(2, 3), BF16(2, 3)], 1.0),
    ]
)
@register_fx_node_ge_converter(torch.ops.aten._foreach_pow.Scalar)
def conveter_aten__foreach_pow_Scalar(
    self: List[Tensor], exponent: Union[Number, Tensor], meta_outputs: List[TensorSpec] = None
):
    """NB: aten::_foreach_pow.Scalar(Tensor[] self, Scalar exponent) -> Tensor[]"""
    if len(self) > 0:
        if self[0].dtype == DataType.DT_BF16:
            exponent = dtype_promote(exponent, target_dtype=DataType.DT_FLOAT)
        else:
            exponent = dtype_promote(exponent, target_dtype=self[0].dtype)
    return ge.ForeachPowScalar(self, exponent)


@declare_supported(
    [
        Support([F32(2, 2, 2), F32(2, 3), F32(2, 3)], [1.0, 1.0, 1.0]),
        Support([F16(2, 2, 2), F16(2, 3), F16(2, 3)], [1.0, 1.0, 1.0]),
        Support([BF16(2, 2, 2), BF16(2, 3), BF16(2, 3)], [1.0, 1.0, 1.0]),
    ]
)
@register_fx_node_ge_converter(torch.ops.aten._foreach_pow.ScalarList)
def conveter_aten__foreach_pow_ScalarList(
    self: List[Tensor], exponent: Union[List[Number], Tensor], meta_outputs: List[TensorSpec] = None
):
    """NB: aten::_foreach_pow.ScalarList(Tensor[] self, Scalar[] exponent) -> Tensor[]"""
    return ge.ForeachPowScalarList(self, exponent)


@declare_supported(
    [
        Support(1.0, [F32(2, 2, 2), F32(2, 3), F32(2, 3)]),
        Support(1.0, [F16(2, 2, 2), F16(2, 3), F16(2, 3)]),
        Support(1.0, [BF16(2, 2, 2), BF16(2, 3), BF16(2, 3)]),
    ]
)
@register_fx_node_ge_converter(torch.ops.aten._foreach_pow.ScalarAndTensor)
def conveter_aten__foreach_pow_ScalarAndTensor(
    self: Union[Number, Tensor], exponent: List[Tensor], meta_outputs: List[TensorSpec] = None
):
    """NB: aten::_foreach_pow.ScalarAndTensor(Scalar self, Tensor[] exponent) -> Tensor[]"""
    if isinstance(self, float):
        self = ge.Fill([1], ge.Cast(self, dst_type=DataType.DT_FLOAT))
    return ge.ForeachPowScalarAndTensor(self, exponent)


@register_fx_node_ge_converter(torch.ops.aten._foreach_pow.List_out)
def conveter_aten__foreach_pow_List_out(self: List[Tensor], exponent: List[Tensor], *, out: List[Tensor] = None):
    """NB: aten::_foreach_pow.List_out(Tensor[] self, Tensor[] exponent, *, Tensor(a!)[] out) -> ()"""
    raise RuntimeError("torch.ops.aten._foreach_pow.List_out ge_converter is not supported!")


@register_fx_node_ge_converter(torch.ops.aten._foreach_pow.Scalar_out)
def conveter_aten__foreach_pow_Scalar_out(
    self: List[Tensor], exponent: Union[Number, Tensor], *, out: List[Tensor] = None
):
    """NB: aten::_foreach_pow.Scalar_out(Tensor[] self, Scalar exponent, *, Tensor(a!)[] out) -> ()"""
    raise RuntimeError("torch.ops.aten._foreach_pow.Scalar_out ge_converter is not supported!")


@register_fx_node_ge_converter(torch.ops.aten._foreach_pow.ScalarList_out)
def conveter_aten__foreach_pow_ScalarList_out(
    self: List[Tensor], exponent: Union[List[Number], Tensor], *, out: List[Tensor] = None
):
    """NB: aten::_foreach_pow.ScalarList_out(Tensor[] self, Scalar[] exponent, *, Tensor(a!)[] out) -> ()"""
    raise RuntimeError("torch.ops.aten._foreach_pow.ScalarList_out ge_converter is not supported!")
