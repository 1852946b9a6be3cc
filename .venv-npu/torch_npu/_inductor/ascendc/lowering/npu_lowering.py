import functools

import torch
import torch_npu

from torch._inductor.lowering import lowerings, make_fallback, register_lowering, to_dtype
from torch._inductor.ir import (
    DtypeView,
    ExpandView,
    IndexingConstant,
    IRNode,
    is_triton,
    OnlineSoftmaxReduction,
    ops_wrapper,
    PermuteView,
    Pointwise,
    Reduction,
    SqueezeView,
    TensorBox,
    validate_ir,
    View,
)
from torch._inductor.virtualized import V

from .common import _LoweringGuard, _summary, float_dtypes, byte_dtypes  # pylint: disable=relative-beyond-top-level
from ..common import logger  # pylint: disable=relative-beyond-top-level
from ..config import debug_options  # pylint: disable=relative-beyond-top-level

npu = torch.ops.npu


@register_lowering(npu._npu_dtype_cast, type_promotion_kind=None)
@register_lowering(npu.npu_dtype_cast, type_promotion_kind=None)
def lowering_npu_dtype_cast(x: TensorBox, dtype: torch.dtype):
    return to_dtype(x, dtype, copy=True)


_LoweringGuard.support(torch.ops.npu._npu_dtype_cast, float_dtypes())
_LoweringGuard.support(torch.ops.npu.npu_dtype_cast, float_dtypes())


def _register_npu_fallback(op):
    """Register a fallback and include each actual call in ``_summary``.

    ``make_fallback`` installs a handler in Inductor's lowering registry, but the
    graph-level fallback hook only sees built-in operators (``aten``/``prim``/
    ``prims``).  NPU namespace operators therefore reach that registry directly.
    Wrap the handlers after registration so their real FX node is available at
    call time, while retaining all behavior of the handler created by Inductor.
    """
    make_fallback(op, warn=False)

    for overload_name in op.overloads():
        overload = getattr(op, overload_name)
        original = lowerings[overload]

        # Avoid stacking wrappers if the registration helper is called more
        # than once in a long-lived process.
        if getattr(original, "_npu_ext_fallback_wrapped", False) is True:
            continue

        lowerings[overload] = _make_fallback_wrapper(original, overload)


def _make_fallback_wrapper(original, overload):
    @functools.wraps(original)
    def wrapped_fallback(*args, **kwargs):
        # Outside graph lowering this returns a NullHandler; only a real
        # FX node can be reported to LowerSummary.
        node = V.get_current_node()
        if isinstance(node, torch.fx.Node) and node.target is overload:
            _summary.fallback(node, "forced by TORCHINDUCTOR_ASCENDC_DEBUG=allfallback")
        return original(*args, **kwargs)

    # Preserve Inductor's fallback handler marker.
    wrapped_fallback._is_fallback_handler = True
    # Mark as already wrapped to prevent nested wrapping on repeated calls.
    wrapped_fallback._npu_ext_fallback_wrapped = True
    return wrapped_fallback


if "allfallback" in debug_options:
    # The graph-level fallback hook only handles built-in aten/prim/prims operators.
    # Override the two NPU-namespace lowerings explicitly so allfallback does not
    # leave dtype-cast kernels on the AscendC native lowering path.
    _register_npu_fallback(npu._npu_dtype_cast)
    _register_npu_fallback(npu.npu_dtype_cast)
    logger.info(
        "TORCHINDUCTOR_ASCENDC_DEBUG=allfallback overrides npu._npu_dtype_cast and npu.npu_dtype_cast with fallback"
    )
