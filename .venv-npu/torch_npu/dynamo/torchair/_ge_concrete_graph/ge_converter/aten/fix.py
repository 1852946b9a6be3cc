from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.aten.fix.default)
def conveter_aten_fix_default(self: Tensor, meta_outputs: TensorSpec = None):
    """NB: aten::fix(Tensor self) -> Tensor"""
    raise NotImplementedError("torch.ops.aten.fix.default ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.fix.out)
def conveter_aten_fix_out(self: Tensor, *, out: Tensor = None, meta_outputs: TensorSpec = None):
    """NB: aten::fix.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.fix.out ge_converter is not implemented!")
