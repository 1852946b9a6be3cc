from torchair._ge_concrete_graph.ge_converter.converter_utils import *  # pylint: disable=wildcard-import,unused-wildcard-import


# I16 testcase will fail because eager result's dtype is not correct.
@declare_supported(
    [
        Support(F32(2, 2, 5), 1),
        Support(F32(5), 0),
        Support(F16(2, 1, 5), 1, dtype=torch.float32),
        Support(BOOL(4, 5), 0),
        Support(I64(10, 3), 1),
        Support(I16(10, 3), 0),
    ]
)
@register_fx_node_ge_converter(torch.ops.aten.cumsum.default)
def conveter_aten_cumsum_default(
    self: Tensor, dim: int, *, dtype: Optional[int] = None, meta_outputs: TensorSpec = None
):
    """NB: aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor"""
    target_dtype = dtype if dtype is not None else meta_outputs.dtype
    self = dtype_promote(self, target_dtype=target_dtype)
    return ge.Cumsum(self, dim)


@register_fx_node_ge_converter(getattr(torch.ops.aten.cumsum, "dimname", None))
def conveter_aten_cumsum_dimname(
    self: Tensor, dim: str, *, dtype: Optional[int] = None, meta_outputs: TensorSpec = None
):
    """NB: aten::cumsum.dimname(Tensor self, str dim, *, ScalarType? dtype=None) -> Tensor"""
    raise NotImplementedError("torch.ops.aten.cumsum.dimname ge_converter is not implemented!")


@register_fx_node_ge_converter(getattr(torch.ops.aten.cumsum, "dimname_out", None))
def conveter_aten_cumsum_dimname_out(
    self: Tensor, dim: str, *, dtype: Optional[int] = None, out: Tensor = None, meta_outputs: TensorSpec = None
):
    """NB: aten::cumsum.dimname_out(Tensor self, str dim, *, ScalarType? dtype=None, Tensor(a!) out) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.cumsum.dimname_out ge_converter is not implemented!")


@register_fx_node_ge_converter(torch.ops.aten.cumsum.out)
def conveter_aten_cumsum_out(
    self: Tensor, dim: int, *, dtype: Optional[int] = None, out: Tensor = None, meta_outputs: TensorSpec = None
):
    """NB: aten::cumsum.out(Tensor self, int dim, *, ScalarType? dtype=None, Tensor(a!) out) -> Tensor(a!)"""
    raise NotImplementedError("torch.ops.aten.cumsum.out ge_converter is not implemented!")
