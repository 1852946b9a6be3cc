from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.aten.exp2.default)
def conveter_aten_exp2_default(self: Tensor, meta_outputs: TensorSpec = None):
    """NB: aten::exp2(Tensor self) -> Tensor"""
    raise NotImplementedError("torch.ops.aten.exp2.default ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.exp2.out)
def conveter_aten_exp2_out(self: Tensor, *, out: Tensor = None, meta_outputs: TensorSpec = None):
    """NB: aten::exp2.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.exp2.out ge_converter is not implemented!")
