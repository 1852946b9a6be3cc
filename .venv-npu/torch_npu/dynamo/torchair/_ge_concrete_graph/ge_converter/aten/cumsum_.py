from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.aten.cumsum_.default)
def conveter_aten_cumsum__default(
    self: Tensor, dim: int, *, dtype: Optional[int] = None, meta_outputs: TensorSpec = None
):
    """NB: aten::cumsum_(Tensor(a!) self, int dim, *, ScalarType? dtype=None) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.cumsum_.default ge_converter is not implemented!")


@register_fx_node_ge_converter(getattr(torch.ops.aten.cumsum_, "dimname", None))
def conveter_aten_cumsum__dimname(
    self: Tensor, dim: str, *, dtype: Optional[int] = None, meta_outputs: TensorSpec = None
):
    """NB: aten::cumsum_.dimname(Tensor(a!) self, str dim, *, ScalarType? dtype=None) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.cumsum_.dimname ge_converter is not implemented!")
