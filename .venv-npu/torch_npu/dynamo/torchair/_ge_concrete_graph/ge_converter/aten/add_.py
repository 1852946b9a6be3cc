from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.aten.add_.Tensor)
def conveter_aten_add__Tensor(
    self: Tensor, other: Tensor, *, alpha: Union[Number, Tensor] = 1, meta_outputs: TensorSpec = None
):
    """NB: aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.add_.Tensor ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.add_.Scalar)
def conveter_aten_add__Scalar(
    self: Tensor,
    other: Union[Number, Tensor],
    alpha: Union[Number, Tensor] = 1,
    meta_outputs: TensorSpec = None,
):
    """NB: aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.add_.Scalar ge_converter is not implemented!")
