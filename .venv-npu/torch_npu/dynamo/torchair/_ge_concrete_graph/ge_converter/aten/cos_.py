from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.aten.cos_.default)
def conveter_aten_cos__default(self: Tensor, meta_outputs: TensorSpec = None):
    """NB: aten::cos_(Tensor(a!) self) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.cos_.default ge_converter is not implemented!")
