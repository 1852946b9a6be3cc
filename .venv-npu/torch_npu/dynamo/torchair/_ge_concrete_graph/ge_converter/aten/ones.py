from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(getattr(torch.ops.aten.ones, "names", None))
def conveter_aten_ones_names(
    size: List[int],
    *,
    names: Optional[List[str]],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    meta_outputs: TensorSpec = None,
):
    """NB: aten::ones.names(int[] size, *, str[]? names, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    raise NotImplementedError("torch.ops.aten.ones.names ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.ones.default)
def conveter_aten_ones_default(
    size: Union[List[int], Tensor],
    *,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    meta_outputs: TensorSpec = None,
):
    """NB: aten::ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    # ScalarType default is float, reference by c10/core/DefaultDtype.cpp
    dtype = torch_type_to_ge_type(dtype) if dtype is not None else DataType.DT_FLOAT
    value = ge.Const(1, dtype=dtype)
    return ge.Fill(size, value)


@register_fx_node_ge_converter(getattr(torch.ops.aten.ones, "names_out", None))
def conveter_aten_ones_names_out(
    size: List[int], *, names: Optional[List[str]], out: Tensor = None, meta_outputs: TensorSpec = None
):
    """NB: aten::ones.names_out(int[] size, *, str[]? names, Tensor(a!) out) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.ones.names_out ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.ones.out)
def conveter_aten_ones_out(size: Union[List[int], Tensor], *, out: Tensor = None, meta_outputs: TensorSpec = None):
    """NB: aten::ones.out(SymInt[] size, *, Tensor(a!) out) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.ones.out ge_converter is not implemented!")
