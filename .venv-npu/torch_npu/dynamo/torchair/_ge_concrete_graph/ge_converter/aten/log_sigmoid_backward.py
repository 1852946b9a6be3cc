from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@register_fx_node_ge_converter(torch.ops.aten.log_sigmoid_backward.default)
def conveter_aten_log_sigmoid_backward_default(
    grad_output: Tensor, self: Tensor, buffer: Tensor, meta_outputs: TensorSpec = None
):
    """NB: aten::log_sigmoid_backward(Tensor grad_output, Tensor self, Tensor buffer) -> Tensor"""
    return ge.LogSigmoidGrad(grad_output, self)


@register_fx_node_ge_converter(torch.ops.aten.log_sigmoid_backward.grad_input)
def conveter_aten_log_sigmoid_backward_grad_input(
    grad_output: Tensor, self: Tensor, buffer: Tensor, *, grad_input: Tensor = None, meta_outputs: TensorSpec = None
):
    """NB: aten::log_sigmoid_backward.grad_input(Tensor grad_output, Tensor self, Tensor buffer, *, Tensor(a!) grad_input) -> Tensor(a!)"""
    grad_input = ge.LogSigmoidGrad(grad_output, self)
    return grad_input
