from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.aten._scaled_dot_product_efficient_attention.default)
def conveter_aten__scaled_dot_product_efficient_attention_default(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    compute_log_sumexp: bool,
    is_causal: bool = False,
    *,
    scale: Optional[float] = None,
    meta_outputs: TensorSpec = None,
):
    """NB: aten::_scaled_dot_product_efficient_attention(Tensor query, Tensor key, Tensor value, bool compute_log_sumexp, bool is_causal=False, *, float? scale=None) -> (Tensor output, Tensor log_sumexp)"""
    raise NotImplementedError(
        "torch.ops.aten._scaled_dot_product_efficient_attention.default ge_converter is not implemented!"
    )
