from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


@declare_supported(
    [
        Support(F32(96, 384, 14, 14), 0.0, 6.0),
        Support(F16(96, 384, 14, 14), 0.0, 6.0),
        Support(F32(2, 1280, 7, 7), 0.0, 6.0),
        Support(F32(2, 1280, 7, 7), 2, 7),
    ]
)
@register_fx_node_ge_converter(torch.ops.aten.hardtanh.default)
def conveter_aten_hardtanh_default(
    self: Tensor,
    min_val: Union[Number, Tensor] = -1,
    max_val: Union[Number, Tensor] = 1,
    meta_outputs: TensorSpec = None,
):
    """NB: aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor"""
    if min_val >= max_val:
        return ge.Fill(ge.Shape(self), ge.Cast(max_val, dst_type=self.dtype))
    self, min_val, max_val = dtype_promote(self, min_val, max_val, target_dtype=meta_outputs.dtype)
    return ge.ClipByValueV2(self, min_val, max_val)


@register_fx_node_ge_converter(torch.ops.aten.hardtanh.out)
def conveter_aten_hardtanh_out(
    self: Tensor,
    min_val: Union[Number, Tensor] = -1,
    max_val: Union[Number, Tensor] = 1,
    *,
    out: Tensor = None,
    meta_outputs: TensorSpec = None,
):
    """NB: aten::hardtanh.out(Tensor self, Scalar min_val=-1, Scalar max_val=1, *, Tensor(a!) out) -> Tensor(a!)"""
    raise RuntimeError(
        "torch.ops.aten.hardtanh.out is redundant before pytorch 2.1.0,might be supported in future version."
    )
