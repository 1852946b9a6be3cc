from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@declare_supported(
    [
        Support(F32(1024)),
        Support(F16(1024)),
        Support(F32(10, 40, 1024)),
        Support(F16(10, 40, 1024)),
    ]
)
@register_fx_node_ge_converter(torch.ops.aten.tanh.default)
def conveter_aten_tanh_default(self: Tensor, meta_outputs: TensorSpec = None):
    """NB: aten::tanh(Tensor self) -> Tensor"""
    return ge.Tanh(self)


@register_fx_node_ge_converter(torch.ops.aten.tanh.out)
def conveter_aten_tanh_out(self: Tensor, *, out: Tensor = None, meta_outputs: TensorSpec = None):
    """NB: aten::tanh.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"""
    raise RuntimeError("torch.ops.aten.tanh.out ge_converter is not supported!")


@register_fx_node_ge_converter(torch.ops.aten.tanh.int)
def conveter_aten_tanh_int(a: int, meta_outputs: TensorSpec = None):
    """NB: aten::tanh.int(int a) -> float"""
    raise RuntimeError("torch.ops.aten.tanh.int ge_converter is not supported!")


@register_fx_node_ge_converter(torch.ops.aten.tanh.float)
def conveter_aten_tanh_float(a: float, meta_outputs: TensorSpec = None):
    """NB: aten::tanh.float(float a) -> float"""
    raise RuntimeError("torch.ops.aten.tanh.float ge_converter is not supported!")


@register_fx_node_ge_converter(torch.ops.aten.tanh.complex)
def conveter_aten_tanh_complex(a: complex, meta_outputs: TensorSpec = None):
    """NB: aten::tanh.complex(complex a) -> complex"""
    raise RuntimeError("torch.ops.aten.tanh.complex ge_converter is not supported!")


@register_fx_node_ge_converter(torch.ops.aten.tanh.Scalar)
def conveter_aten_tanh_Scalar(a: Union[Number, Tensor], meta_outputs: TensorSpec = None):
    """NB: aten::tanh.Scalar(Scalar a) -> Scalar"""
    raise RuntimeError("torch.ops.aten.tanh.Scalar ge_converter is not supported!")
