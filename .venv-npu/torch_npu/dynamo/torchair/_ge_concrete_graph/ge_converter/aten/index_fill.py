from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.aten.index_fill.int_Tensor)
def conveter_aten_index_fill_int_Tensor(
    self: Tensor, dim: int, index: Tensor, value: Tensor, meta_outputs: TensorSpec = None
):
    """NB: aten::index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor"""
    raise NotImplementedError("torch.ops.aten.index_fill.int_Tensor ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.index_fill.int_Scalar)
def conveter_aten_index_fill_int_Scalar(
    self: Tensor,
    dim: int,
    index: Tensor,
    value: Union[Number, Tensor],
    meta_outputs: TensorSpec = None,
):
    """NB: aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor"""
    raise NotImplementedError("torch.ops.aten.index_fill.int_Scalar ge_converter is not implemented!")


@register_fx_node_ge_converter(getattr(torch.ops.aten.index_fill, "Dimname_Scalar", None))
def conveter_aten_index_fill_Dimname_Scalar(
    self: Tensor,
    dim: str,
    index: Tensor,
    value: Union[Number, Tensor],
    meta_outputs: TensorSpec = None,
):
    """NB: aten::index_fill.Dimname_Scalar(Tensor self, str dim, Tensor index, Scalar value) -> Tensor"""
    raise NotImplementedError("torch.ops.aten.index_fill.Dimname_Scalar ge_converter is not implemented!")


@register_fx_node_ge_converter(getattr(torch.ops.aten.index_fill, "Dimname_Tensor", None))
def conveter_aten_index_fill_Dimname_Tensor(
    self: Tensor, dim: str, index: Tensor, value: Tensor, meta_outputs: TensorSpec = None
):
    """NB: aten::index_fill.Dimname_Tensor(Tensor self, str dim, Tensor index, Tensor value) -> Tensor"""
    raise NotImplementedError("torch.ops.aten.index_fill.Dimname_Tensor ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.index_fill.int_Scalar_out)
def conveter_aten_index_fill_int_Scalar_out(
    self: Tensor,
    dim: int,
    index: Tensor,
    value: Union[Number, Tensor],
    *,
    out: Tensor = None,
    meta_outputs: TensorSpec = None,
):
    """NB: aten::index_fill.int_Scalar_out(Tensor self, int dim, Tensor index, Scalar value, *, Tensor(a!) out) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.index_fill.int_Scalar_out ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.index_fill.int_Tensor_out)
def conveter_aten_index_fill_int_Tensor_out(
    self: Tensor, dim: int, index: Tensor, value: Tensor, *, out: Tensor = None, meta_outputs: TensorSpec = None
):
    """NB: aten::index_fill.int_Tensor_out(Tensor self, int dim, Tensor index, Tensor value, *, Tensor(a!) out) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.index_fill.int_Tensor_out ge_converter is not implemented!")
