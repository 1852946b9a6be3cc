import operator
from collections.abc import Callable
from functools import lru_cache, reduce, wraps

import torch
import torch_npu  # noqa: F401
from torch import Tensor
from torch._C import DispatchKey
from torch._decomp import decomposition_table, meta_table
from torch._inductor import decomposition as inductor_decompo
from torch._meta_registrations import device_hint
from torch._ops import OpOverload, OpOverloadPacket
from torch._prims_common.wrappers import out_wrapper
from torch._subclasses import fake_tensor as _subclasses_fake_tensor


aten = torch.ops.aten
npu = torch.ops.npu

META_BLACKLIST = {
    "aten::empty_strided",  # causing infinite recursion, test_meta.py
    "aten::clone",  # causing infinite recursion
    "aten::copy_",  # Exception not raised, test_torch.py -k test_storage_meta_errors_cpu_int64  # noqa: B950
    "aten::constant_pad_nd",  # requires_grad mismatch, test_ops.py -k test_fake_crossref_backward_amp_istft_cuda_float32  # noqa: B950
    "aten::rot90",  # requires_grad mismatch! test_ops.py -k test_fake_crossref_backward_amp_rot90_cuda_float32  # noqa: B950
    "aten::as_strided_scatter",  # requires_grad mismatch, test_ops.py -k test_fake_crossref_backward_no_amp_as_strided_scatter_cuda_float32  # noqa: B950
}


def run_once(f):
    """Runs a function (successfully) only once.
    The running can be reset by setting the `has_run` attribute to False
    """

    @wraps(f)
    def wrapper(*args, **kwargs):
        if not wrapper.has_run:
            result = f(*args, **kwargs)
            wrapper.has_run = True
            return result
        return None

    wrapper.has_run = False
    return wrapper


npu_meta_table = {}
break_fn_table = {}
avoid_make_fallback_table = []
inductor_decomp_table = []


def _add_op_to_meta_table(op, fn, avoid_fallback_flag=False, inductor_decomp=False):
    overloads = []
    if isinstance(op, OpOverload):
        overloads.append(op)
    else:
        if not isinstance(op, OpOverloadPacket):
            raise AssertionError("op must be instance of OpOverloadPacket.")
        for ol in op.overloads():
            overloads.append(getattr(op, ol))

    for op_overload in overloads:
        if op_overload in npu_meta_table:
            raise RuntimeError(
                f"duplicate registrations for npu_meta_table {op_overload}"
            )
        npu_meta_table[op_overload] = fn
        if avoid_fallback_flag:
            avoid_make_fallback_table.append(op_overload)
        if inductor_decomp:
            inductor_decomp_table.append(op_overload)


def patch_torch_inductor_decompositions():
    """
    TorchInductor traces compiled backward with its own decomposition table.
    Only patch ops that explicitly opted in via inductor_decomp=True so we
    don't accidentally overwrite unrelated inductor decompositions.
    """
    import torch._inductor.decomposition as inductor_decomposition

    for op_overload in inductor_decomp_table:
        if op_overload in npu_meta_table:
            inductor_decomposition.decompositions[op_overload] = npu_meta_table[
                op_overload
            ]


def patch_torch_decomp_decompositions():
    """
    Because source torch_decomp_decompositions only enable the decompositions in
    torch/_decomp/decompositions.py. Patch it to make decompositions in this file work.
    """
    src_func = _subclasses_fake_tensor.torch_decomp_decompositions

    @lru_cache(None)
    def torch_decomp_decompositions_new(func):
        if func in npu_meta_table:
            return True
        return src_func(func)

    _subclasses_fake_tensor.torch_decomp_decompositions = (
        torch_decomp_decompositions_new
    )


def register_meta_npu(op, avoid_fallback_flag=False, inductor_decomp=False):
    def meta_decorator(fn: Callable):
        ops = op if isinstance(op, list) else [op]
        for single_op in ops:
            _add_op_to_meta_table(single_op, fn, avoid_fallback_flag, inductor_decomp)
        return fn

    return meta_decorator


@run_once
def npu_patch_meta():
    """
    Torch official register decompostions and meta func for some aten ops,
    which will raise conflict when npu outputs' dtype and shape are different
    from native impl. Delete decompositions and meta func of these ops and add
    npu decompositions and meta func.
    """
    _meta_library = torch.library.Library("aten", "IMPL", "Meta")
    for op_overload, fn in npu_meta_table.items():
        if not isinstance(op_overload, OpOverload):
            raise AssertionError("op_overload must be instance of OpOverload.")
        op_name = op_overload.name()
        if op_overload not in avoid_make_fallback_table:
            decomposition_table[op_overload] = fn
        op_overload.py_kernels.pop(DispatchKey.Meta, None)
        op_overload.py_impl(DispatchKey.Meta)(fn)

        if op_name not in META_BLACKLIST:
            meta_table[op_overload] = fn
            key = (
                _meta_library.ns
                + "/"
                + op_name.split("::")[-1]
                + "/"
                + _meta_library.dispatch_key
            )
            if key in torch.library._impls:
                torch.library._impls.remove(key)
                _meta_library.impl(op_overload, fn)

    inductor_decompo.fast_random_decomps.cache_clear()
    patch_torch_decomp_decompositions()
    patch_torch_inductor_decompositions()


@register_meta_npu(
    [
        aten.sort.default,
        aten.sort.stable,
        aten.sort.values,
        aten.sort.values_stable,
    ]
    , avoid_fallback_flag=True
)
def meta_sort(self, stable=None, dim=-1, descending=False, values=None, indices=None):
    if device_hint(self) == "npu":
        v = torch.empty(self.shape, dtype=self.dtype, device=self.device)
        i = torch.empty(self.shape, dtype=torch.int64, device=self.device)

        return v, i
    else:
        from torch._meta_registrations import meta_sort
        return meta_sort(self, stable=stable, dim=dim, descending=descending, values=values, indices=indices)


@register_meta_npu(aten.index_put.default)
def meta_index_put_patch(self, indices, values, accumulate=False):
    return self.new_empty(self.shape)


@register_meta_npu(aten.native_dropout, inductor_decomp=True)
@out_wrapper("out0", "out1")
def meta_native_dropout_patch(tensor_input: Tensor, p: float, train: bool | None):
    if torch._inductor.config.fallback_random:
        if train and p != 0:
            if tensor_input.is_meta:
                numel = reduce(operator.mul, tensor_input.shape)
                numel = (numel + 128 - 1) // 128 * 128
                numel = numel // 8
                return (
                    torch.empty_like(tensor_input),
                    torch.empty(numel, dtype=torch.uint8, device=tensor_input.device),
                )
            return torch.ops.npu._npu_dropout(tensor_input, p)
        return (tensor_input, torch.ones_like(tensor_input, dtype=torch.bool))
    else:
        from torch._decomp.decompositions import native_dropout

        return native_dropout(tensor_input, p, train)


@register_meta_npu(aten.native_dropout_backward, inductor_decomp=True)
@out_wrapper()
def meta_native_dropout_backward_patch(grad_output: Tensor, mask: Tensor, scale: float):
    if torch._inductor.config.fallback_random:
        if grad_output.is_meta:
            return torch.empty_like(grad_output)
        p = 1 if scale == 0 else (1 - 1 / scale)
        return torch.ops.npu.npu_dropout_backward(grad_output, mask, p)
    else:
        from torch._decomp.decompositions import native_dropout_backward

        return native_dropout_backward(grad_output, mask, scale)
