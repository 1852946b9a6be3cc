from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.prims.bitwise_not.default)
def conveter_prims_bitwise_not_default(self: Tensor, meta_outputs: TensorSpec = None):
    """NB: prims::bitwise_not(Tensor self) -> Tensor"""
    raise NotImplementedError("torch.ops.prims.bitwise_not.default ge_converter is not implemented!")
