import keyword
import logging
import os
import tempfile
from typing import List

from torchair._ge_concrete_graph.custom_op_codegen_common import (
    SchemaInfo,
    TritonHopCallbackSpec,
    build_reg_op_proto,
    build_triton_hop_registration_schema_info,
    make_ge_op_name,
    _is_scalar_category,
    _iter_triton_hop_reg_op_inputs,
    _iter_triton_hop_tma_fields,
    _triton_hop_scalar_category,
    find_inplace_arg_index,
)

logger = logging.getLogger(__name__)

# Process-level cache for Python path custom op directory.
# Each process gets one unique tmp directory (via mkdtemp) on first prescan
# that has Python-path ops. Subsequent prescans (multi-graph) reuse it and
# write additional .py files. The directory is appended to ASCEND_CUSTOM_OPP_PATH
# so GE's LoadPythonCustomOpsIfNeeded (called per PreRun) scans it each time.
# GE loads .py files via spec_from_file_location with module_name including
# abs(hash(file_path)), so new files are always loaded (no sys.modules cache hit).
# Files are not cleaned up at exit (aligned with C++ path); rely on /tmp cleanup.
# Note: prescan is called serially from the main thread (npu_fx_compiler),
# no lock needed.
_process_py_dir = None


def _ensure_py_dir() -> str:
    """Ensure the process-level tmp directory exists and is in ASCEND_CUSTOM_OPP_PATH.

    Creates the directory on first call (per process) via mkdtemp (atomic,
    unique) and appends it to ASCEND_CUSTOM_OPP_PATH (preserving any existing
    user-set value). Subsequent calls return the cached path.

    Returns the directory path.
    """
    global _process_py_dir
    if _process_py_dir is not None:
        return _process_py_dir

    _process_py_dir = tempfile.mkdtemp(prefix=f"torchair_custom_op_py_pid{os.getpid()}_")

    existing = os.environ.get("ASCEND_CUSTOM_OPP_PATH", "")
    existing_paths = existing.split(os.pathsep) if existing else []
    if _process_py_dir not in existing_paths:
        if existing:
            os.environ["ASCEND_CUSTOM_OPP_PATH"] = existing + os.pathsep + _process_py_dir
        else:
            os.environ["ASCEND_CUSTOM_OPP_PATH"] = _process_py_dir
    logger.info(f"Python custom op directory: {_process_py_dir}, "
                f"ASCEND_CUSTOM_OPP_PATH={os.environ.get('ASCEND_CUSTOM_OPP_PATH')}")

    return _process_py_dir


def _generate_helper_functions() -> str:
    return '''
import torch
import numpy as np
import contextlib
from ge.custom_op import get_execute_ctx, register_op_impl

# ACL_MEMCPY_DEVICE_TO_HOST enum value (acl_rt.h: ACL_MEMCPY_HOST_TO_HOST=0,
# ACL_MEMCPY_HOST_TO_DEVICE=1, ACL_MEMCPY_DEVICE_TO_HOST=2).
# Python acl module does not expose this constant, so we define it here.
_ACL_MEMCPY_DEVICE_TO_HOST = 2

# GE DataType enum values used by _read_scalar_from_ge.
_GE_DT_FLOAT = 0
_GE_DT_INT64 = 9
_GE_DT_BOOL = 12

_GE_NUMERIC_ABI = {
    "int": (_GE_DT_INT64, "DT_INT64", np.int64, 8),
    "float": (_GE_DT_FLOAT, "DT_FLOAT", np.float32, 4),
    "bool": (_GE_DT_BOOL, "DT_BOOL", np.uint8, 1),
    "enum": (_GE_DT_INT64, "DT_INT64", np.int64, 8),
    "int_list": (_GE_DT_INT64, "DT_INT64", np.int64, 8),
    "float_list": (_GE_DT_FLOAT, "DT_FLOAT", np.float32, 4),
    "bool_list": (_GE_DT_BOOL, "DT_BOOL", np.uint8, 1),
}
_GE_SCALAR_CATEGORIES = frozenset(("int", "float", "bool", "Scalar", "enum"))

# GE dtype enum values aligned with C++ path MapGeDtypeToTorch (custom_op_codegen_cpp.py).
# Only dtypes supported by create_npu_tensors (torchair.llm_datadist) are included here.
# Not included (create_npu_tensors does not support these):
#   DT_QUINT8(19), DT_QINT8(18), DT_QINT32(20) — quantized types
#   DT_FLOAT8_E5M2(31), DT_FLOAT8_E4M3FN(32), DT_FLOAT8_E8M0(33) — float8 types
#   DT_HIFLOAT8(30) — hifloat8
_GE_TO_TORCH_DTYPE = {
    0: torch.float32, 1: torch.float16, 27: torch.bfloat16,
    3: torch.int32, 9: torch.int64, 12: torch.bool,
    2: torch.int8, 10: torch.int16, 4: torch.uint8,
    11: torch.float64, 16: torch.complex64, 17: torch.complex128,
    22: torch.uint16, 23: torch.uint32, 24: torch.uint64,
}
_TORCH_TO_GE_DTYPE = {v: k for k, v in _GE_TO_TORCH_DTYPE.items()}

def _ge_to_torch_dtype(ge_dtype):
    if ge_dtype not in _GE_TO_TORCH_DTYPE:
        raise RuntimeError(f"Unsupported GE dtype: {ge_dtype}")
    return _GE_TO_TORCH_DTYPE[ge_dtype]

def _torch_to_ge_dtype(torch_dtype):
    if torch_dtype not in _TORCH_TO_GE_DTYPE:
        raise RuntimeError(f"Unsupported torch dtype: {torch_dtype}")
    return _TORCH_TO_GE_DTYPE[torch_dtype]

def _wrap_ge_tensor_as_torch(tensor):
    from torchair.llm_datadist import create_npu_tensors
    if tensor is None:
        raise RuntimeError("_wrap_ge_tensor_as_torch: tensor is None")
    addr = tensor.addr
    if addr == 0:
        raise RuntimeError("_wrap_ge_tensor_as_torch: tensor.addr is 0 (null)")
    shape = list(tensor.storage_shape.dims)
    dtype = _ge_to_torch_dtype(tensor.data_type)
    tensors = create_npu_tensors(shape, dtype, [addr])
    if tensors is None or len(tensors) == 0:
        raise RuntimeError("_wrap_ge_tensor_as_torch: create_npu_tensors returned empty")
    return tensors[0]

def _copy_torch_into_ge(torch_tensor, ge_tensor):
    """Copy data from a torch tensor into a GE tensor's device memory.

    Difference from delegate (C++ path):
    - delegate: after op execution, uses torch result's shape to construct
      gert::StorageShape and call MallocOutputTensor, so memory size always
      matches result size.
    - Python path: GE Python binding does not expose StorageShape construction
      (pyi: "Python construction is not exposed in this stage"), so
      malloc_output_tensor can only use ge_out_desc.shape from GE InferShape.
      The GE-allocated memory may differ from torch result's actual size.

    This function uses ge_tensor's shape (same as malloc_output_tensor) to
    create the destination wrapper, and validates that torch tensor's numel
    does not exceed GE tensor's numel to prevent memory overflow.
    """
    from torchair.llm_datadist import create_npu_tensors
    if ge_tensor is None:
        raise RuntimeError("_copy_torch_into_ge: ge_tensor is None")
    addr = ge_tensor.addr
    if addr == 0:
        raise RuntimeError("_copy_torch_into_ge: ge_tensor.addr is 0 (null)")
    ge_shape = list(ge_tensor.storage_shape.dims)
    ge_numel = 1
    for dim in ge_shape:
        ge_numel *= dim
    torch_numel = torch_tensor.numel()
    if torch_numel > ge_numel:
        raise RuntimeError(
            f"_copy_torch_into_ge: torch tensor numel ({torch_numel}) exceeds "
            f"ge tensor numel ({ge_numel}), torch_shape={list(torch_tensor.shape)}, "
            f"ge_shape={ge_shape}")
    dtype = _ge_to_torch_dtype(ge_tensor.data_type)
    dest_tensors = create_npu_tensors(ge_shape, dtype, [addr])
    if dest_tensors is None or len(dest_tensors) == 0:
        raise RuntimeError("_copy_torch_into_ge: create_npu_tensors returned empty")
    dest = dest_tensors[0]
    dest.copy_(torch_tensor)

def _read_bytes_from_ge(tensor, type_category, context="", read_size=None):
    import ctypes
    from ge.runtime import TensorPlacement
    if tensor is None:
        raise RuntimeError(
            f"_read_bytes_from_ge: tensor is None for type {type_category}. "
            f"{context}")
    addr = tensor.addr
    if addr == 0:
        raise RuntimeError(
            f"_read_bytes_from_ge: tensor.addr is null for type "
            f"{type_category}. {context}")
    storage_size = tensor.size
    if storage_size == 0:
        raise RuntimeError(
            f"_read_bytes_from_ge: tensor.size is zero for type "
            f"{type_category}. {context}")
    if read_size is None:
        read_size = storage_size
    if (type(read_size) is not int
            or read_size <= 0
            or read_size > storage_size):
        raise RuntimeError(
            f"_read_bytes_from_ge: invalid logical byte size {read_size!r} "
            f"for storage size {storage_size} and type {type_category}. "
            f"{context}")
    if not hasattr(tensor, "placement"):
        raise RuntimeError(
            f"_read_bytes_from_ge: GE runtime Tensor has no placement "
            f"property. {context}")
    placement = tensor.placement
    if placement in (TensorPlacement.ON_HOST, TensorPlacement.FOLLOWING):
        return ctypes.string_at(addr, read_size)
    raise RuntimeError(
        f"_read_bytes_from_ge: unsupported tensor placement "
        f"{placement!r}. {context}")

def _read_scalar_from_ge(tensor, type_category, context=""):
    if tensor is None:
        return _read_bytes_from_ge(tensor, type_category, context)
    numeric_abi = _GE_NUMERIC_ABI.get(type_category)
    if type_category in ("Scalar", "scalar_list"):
        if tensor.data_type == _GE_DT_INT64:
            numeric_abi = (_GE_DT_INT64, "DT_INT64", np.int64, 8)
        elif tensor.data_type == _GE_DT_FLOAT:
            numeric_abi = (_GE_DT_FLOAT, "DT_FLOAT", np.float32, 4)
        else:
            raise RuntimeError(
                f"_read_scalar_from_ge: {type_category} requires DT_INT64 "
                f"or DT_FLOAT, got GE dtype {tensor.data_type}. {context}")
    if numeric_abi is not None:
        expected_dtype, expected_dtype_name, numpy_dtype, item_size = numeric_abi
        if tensor.data_type != expected_dtype:
            raise RuntimeError(
                f"_read_scalar_from_ge: {type_category} requires "
                f"{expected_dtype_name}, "
                f"got GE dtype {tensor.data_type}. {context}")
        if tensor.size % item_size != 0:
            raise RuntimeError(
                f"_read_scalar_from_ge: {type_category} byte size must be a "
                f"multiple of {item_size}, got {tensor.size}. {context}")
        if not hasattr(tensor, "shape_size"):
            raise RuntimeError(
                f"_read_scalar_from_ge: {type_category} Tensor has no "
                f"shape_size property. {context}")
        logical_count = tensor.shape_size
        if type(logical_count) is not int or logical_count <= 0:
            raise RuntimeError(
                f"_read_scalar_from_ge: {type_category} requires positive "
                f"logical element count, got {logical_count!r}. {context}")
        if type_category in _GE_SCALAR_CATEGORIES and logical_count != 1:
            raise RuntimeError(
                f"_read_scalar_from_ge: {type_category} requires one logical "
                f"value, got {logical_count}. {context}")
        raw = _read_bytes_from_ge(
            tensor, type_category, context, logical_count * item_size)
        values = np.frombuffer(raw, dtype=numpy_dtype)
    else:
        raw = _read_bytes_from_ge(tensor, type_category, context)
    if type_category == "int":
        return int(values[0])
    if type_category == "float":
        return float(values[0])
    if type_category == "bool":
        return bool(values[0])
    if type_category == "Scalar":
        if tensor.data_type == _GE_DT_INT64:
            return int(values[0])
        return float(values[0])
    if type_category == "str":
        return raw.decode('utf-8')
    if type_category == "str_list":
        if not raw:
            return []
        parts = raw.split(b'\\x00')
        if parts and parts[-1] == b'':
            parts.pop()
        return [value.decode('utf-8') for value in parts]
    if type_category == "int_list":
        return list(values)
    if type_category == "float_list":
        return list(values)
    if type_category == "bool_list":
        return list(values.astype(bool))
    if type_category == "scalar_list":
        if tensor.data_type == _GE_DT_INT64:
            return [int(value) for value in values]
        return [float(value) for value in values]
    if type_category == "enum":
        return int(values[0])
    raise RuntimeError(
        f"Unsupported scalar type {type_category!r}. {context}")

def _normalize_outputs(result, return_specs, op_name):
    """Normalize a torch result to one item per logical schema return.

    ``Tensor[]`` is one logical return in a torch schema, although GE expands
    it to multiple physical output tensors.  Consequently a single
    ``Tensor[]`` result (``[t0, t1]``) must become ``[[t0, t1]]`` here rather
    than ``[t0, t1]``.

    ``return_specs`` contains one boolean per logical return; ``True`` marks a
    ``Tensor[]`` return.  This helper only normalizes the logical structure;
    element types remain handled by the existing writeback conversion path.
    """
    return_specs = tuple(return_specs)
    return_count = len(return_specs)

    if return_count == 0:
        if result is None or (isinstance(result, (list, tuple)) and not result):
            return []
        raise RuntimeError(
            f"{op_name}: expected no outputs, got {type(result).__name__}"
        )

    if return_count == 1 and return_specs[0]:
        if not isinstance(result, (list, tuple)):
            raise RuntimeError(
                f"{op_name}: expected Tensor[] result as list/tuple, "
                f"got {type(result).__name__}"
            )
        outs = [list(result)]
    elif return_count == 1:
        outs = [result]
    else:
        if not isinstance(result, (list, tuple)):
            raise RuntimeError(
                f"{op_name}: expected {return_count} logical outputs as "
                f"list/tuple, got {type(result).__name__}"
            )
        if len(result) != return_count:
            raise RuntimeError(
                f"{op_name}: expected {return_count} logical outputs, "
                f"got {len(result)}"
            )
        outs = list(result)

    return outs

@contextlib.contextmanager
def _ge_stream_context(ctx):
    import torch_npu
    from torch_npu.npu.streams import ExternalStream
    stream_ptr = ctx.get_stream()
    if stream_ptr:
        ext_stream = ExternalStream(stream_ptr, device=torch.npu.current_device())
        with torch.npu.stream(ext_stream):
            yield
    else:
        yield
'''


def _safe_param_name(name: str, used: set) -> str:
    """Return a valid, collision-free Python parameter name derived from a REG_OP input name.

    GE binds execute inputs positionally, so the parameter name is only for
    readability and may be adjusted. Attr names are fixed by the prototype and are
    pre-seeded in ``used`` so positional inputs never shadow keyword-only attrs.
    """
    candidate = name
    while (not candidate.isidentifier()) or keyword.iskeyword(candidate) or (candidate in used):
        candidate = candidate + "_"
    used.add(candidate)
    return candidate


def _execute_param_names(schema_info: SchemaInfo) -> List[str]:
    """Ordered positional parameter names for the schema-bound execute signature."""
    proto = build_reg_op_proto(schema_info)
    used = set(attr.name for attr in proto.attrs)
    return [_safe_param_name(inp.name, used) for inp in proto.inputs]


def _generate_execute_signature(schema_info: SchemaInfo) -> str:
    """Generate the schema-bound execute signature aligned with the REG_OP prototype."""
    proto = build_reg_op_proto(schema_info)
    param_names = _execute_param_names(schema_info)
    attr_names = [attr.name for attr in proto.attrs]
    params = ", ".join(param_names)
    attrs = ", ".join(attr_names)
    if attrs:
        if not params:
            return f"def execute(self, *, {attrs}) -> None:"
        return f"def execute(self, {params}, *, {attrs}) -> None:"
    return f"def execute(self, {params}) -> None:"


def _generate_buildstack(schema_info: SchemaInfo) -> str:
    """Generate code to build args from schema-bound execute parameters.

    GE binds execute positional parameters by REG_OP IR input order: required
    inputs arrive as ge.runtime.Tensor, optional inputs as None when absent,
    dynamic inputs as List[Tensor]. Out args are still pre-allocated through the
    borrowed context returned by get_execute_ctx().
    """
    if schema_info.is_out:
        seen_variadic = False
        for ret in schema_info.returns:
            if ret.is_variadic:
                seen_variadic = True
            elif seen_variadic:
                raise RuntimeError(
                    f"Schema '{schema_info.full_op_name}' has Tensor[] return before Tensor return "
                    f"with is_out=True. Python path does not support this (GE Python binding "
                    f"lacks get_ir_output_instance_info to compute flat output index at runtime). "
                    f"C++ path supports this via GetIrOutputInstanceInfo. "
                    f"Please use C++ path (define op via TORCH_LIBRARY in C++)."
                )

    param_names = _execute_param_names(schema_info)
    lines = ["        args = []"]

    if schema_info.is_out:
        lines.append("        # Pre-allocate output tensors for out args")
        lines.append("        # Python path uses IR index as flat output index directly.")
        lines.append("        # This works only when all non-variadic returns appear before variadic returns")
        lines.append("        # (enforced by _generate_buildstack). C++ path supports arbitrary order via")
        lines.append("        # GetIrOutputInstanceInfo (not yet available in Python binding).")
        for ret_idx in schema_info.out_return_indices:
            lines.append(f"        _out_desc_{ret_idx} = ctx.get_output_tensor({ret_idx})")
            lines.append(f"        _ge_out_{ret_idx} = ctx.malloc_output_tensor({ret_idx}, _out_desc_{ret_idx}.shape, _out_desc_{ret_idx}.format, _out_desc_{ret_idx}.data_type)")
            lines.append(f"        if _ge_out_{ret_idx} is None:")
            lines.append(f'            raise RuntimeError("malloc_output_tensor({ret_idx}) returned None for out arg")')

    param_iter = iter(param_names)
    for arg_idx, arg in enumerate(schema_info.arguments):
        if arg.is_out:
            ret_idx = schema_info.out_arg_to_return[arg_idx]
            lines.append(f"        # out arg '{arg.name}' -> return {ret_idx}")
            lines.append(f"        args.append(_wrap_ge_tensor_as_torch(_ge_out_{ret_idx}))")
            continue

        has_param = (
            arg.type_category == "tensor"
            or arg.type_category == "tensor_list"
            or _is_scalar_category(arg.type_category)
        )
        param = next(param_iter) if has_param else None

        if arg.type_category == "tensor_list":
            lines.append(f"        args.append([_wrap_ge_tensor_as_torch(t) for t in {param}])")
        elif arg.type_category == "tensor":
            if arg.is_optional:
                lines.append(f"        if {param} is not None:")
                lines.append(f"            args.append(_wrap_ge_tensor_as_torch({param}))")
                lines.append(f"        else:")
                lines.append(f"            args.append(None)  # optional tensor '{arg.name}'")
            else:
                lines.append(f"        if {param} is None:")
                lines.append(f'            raise RuntimeError("required input \'{arg.name}\' is None for op \'{schema_info.full_op_name}\'")')
                lines.append(f"        args.append(_wrap_ge_tensor_as_torch({param}))")
        elif _is_scalar_category(arg.type_category):
            if arg.is_optional:
                lines.append(f"        if {param} is not None:")
                lines.append(f"            args.append(_read_scalar_from_ge({param}, {arg.type_category!r}))")
                lines.append(f"        else:")
                if arg.has_default and arg.default_value is not None:
                    lines.append(f"            args.append({arg.default_value!r})")
                else:
                    lines.append(f"            args.append(None)")
            else:
                lines.append(f"        if {param} is None:")
                lines.append(f'            raise RuntimeError("required input \'{arg.name}\' is None for op \'{schema_info.full_op_name}\'")')
                lines.append(f"        args.append(_read_scalar_from_ge({param}, {arg.type_category!r}))")
        else:
            lines.append(f"        args.append(None)  # unsupported type: {arg.type_category}")

        lines.append("")

    return "\n".join(lines)


def _generate_call_and_writeback(schema_info: SchemaInfo) -> str:
    overload = schema_info.overload if schema_info.overload else "default"
    return_specs = tuple(ret.is_variadic for ret in schema_info.returns)

    lines = []
    lines.append(f"        result = torch.ops.{schema_info.namespace_name}.{schema_info.op_name}.{overload}(*args)")
    lines.append("")
    lines.append(
        f"        outs = _normalize_outputs(result, {return_specs!r}, "
        f"{schema_info.full_op_name!r})"
    )
    lines.append("        _out_idx = 0")
    lines.append("        _flat_out_i = 0")

    # Iterate all returns in schema order.
    # GE output index == schema return index (REG_OP declares all returns in order).
    # - out-return: skip writeback (pre-allocated), advance _flat_out_i
    # - inplace-return: memcpy to input + make_output_ref_input, advance _flat_out_i
    # - normal: malloc + memcpy, advance _flat_out_i
    # - variadic: expand list, advance _flat_out_i per element
    for i, ret in enumerate(schema_info.returns):
        if ret.is_out_return:
            lines.append(f"        # return {i}: out-return, skip writeback (pre-allocated)")
            lines.append(f"        _flat_out_i += 1")
            lines.append(f"        _out_idx += 1")
            continue

        if ret.is_inplace_return:
            matched_arg_idx = find_inplace_arg_index(schema_info, ret)
            lines.append(f"        # return {i}: inplace-return, memcpy to input + ref")
            lines.append(f"        t = outs[_out_idx]")
            lines.append(f"        if not isinstance(t, torch.Tensor):")
            lines.append(f"            t = torch.as_tensor(t)")
            lines.append(f"        t = t.contiguous()")
            # Compute GE input index at runtime
            lines.append(f"        _ge_input_idx = 0")
            for j in range(matched_arg_idx):
                arg_j = schema_info.arguments[j]
                if arg_j.is_out:
                    continue
                if arg_j.is_variadic:
                    lines.append(f"        _j = 0")
                    lines.append(f"        while True:")
                    lines.append(f"            try:")
                    lines.append(f"                _ge_t = ctx.get_dynamic_input_tensor({j}, _j)")
                    lines.append(f"            except RuntimeError:")
                    lines.append(f"                break")
                    lines.append(f"            if _ge_t is None:")
                    lines.append(f"                break")
                    lines.append(f"            _ge_input_idx += 1")
                    lines.append(f"            _j += 1")
                else:
                    lines.append(f"        _ge_input_idx += 1")
            lines.append(f"        inplace_input = ctx.get_input_tensor(_ge_input_idx)")
            lines.append(f"        if inplace_input is None:")
            lines.append(f'            raise RuntimeError(f"get_input_tensor({{_ge_input_idx}}) returned None for inplace return")')
            lines.append(f"        _copy_torch_into_ge(t, inplace_input)")
            lines.append(f"        ctx.make_output_ref_input(_flat_out_i, _ge_input_idx)")
            lines.append(f"        _flat_out_i += 1")
            lines.append(f"        _out_idx += 1")
            continue

        # Normal writeback
        if ret.is_variadic:
            lines.append(f"        # return {i}: normal variadic writeback")
            lines.append(f"        for t in outs[_out_idx]:")
            lines.append(f"            if not isinstance(t, torch.Tensor):")
            lines.append(f"                t = torch.as_tensor(t)")
            lines.append(f"            t = t.contiguous()")
            lines.append(f"            ge_out_desc = ctx.get_output_tensor(_flat_out_i)")
            lines.append(f"            if ge_out_desc is None:")
            lines.append(
                "                raise RuntimeError("
                f"f\"get_output_tensor({{_flat_out_i}}) returned None for "
                f"{schema_info.full_op_name!r}\")"
            )
            lines.append(f"            ge_out = ctx.malloc_output_tensor(_flat_out_i, ge_out_desc.shape, ge_out_desc.format, _torch_to_ge_dtype(t.dtype))")
            lines.append(f"            if ge_out is None:")
            lines.append(f"                raise RuntimeError(f'malloc_output_tensor({{_flat_out_i}}) returned None')")
            lines.append(f"            _copy_torch_into_ge(t, ge_out)")
            lines.append(f"            _flat_out_i += 1")
        else:
            lines.append(f"        # return {i}: normal writeback")
            lines.append(f"        t = outs[_out_idx]")
            lines.append(f"        if not isinstance(t, torch.Tensor):")
            lines.append(f"            t = torch.as_tensor(t)")
            lines.append(f"        t = t.contiguous()")
            lines.append(f"        ge_out_desc = ctx.get_output_tensor(_flat_out_i)")
            lines.append(f"        ge_out = ctx.malloc_output_tensor(_flat_out_i, ge_out_desc.shape, ge_out_desc.format, _torch_to_ge_dtype(t.dtype))")
            lines.append(f"        if ge_out is None:")
            lines.append(f"            raise RuntimeError(f'malloc_output_tensor({{_flat_out_i}}) returned None')")
            lines.append(f"        _copy_torch_into_ge(t, ge_out)")
            lines.append(f"        _flat_out_i += 1")
        lines.append(f"        _out_idx += 1")

    lines.append("")
    return "\n".join(lines)


def _generate_class_name(ge_op_name: str) -> str:
    return "".join(word.capitalize() for word in ge_op_name.split("_") if word)


def _indent(text: str, spaces: int = 4) -> str:
    pad = " " * spaces
    return "\n".join(pad + line if line.strip() else line for line in text.split("\n"))


def _generate_triton_hop_grid_restore(spec: TritonHopCallbackSpec, param_by_ge_index: dict):
    if all(
            config.value_spec.source == "static"
            for config in spec.grid_configs):
        static_grid = [
            tuple(config.value_spec.static_value)
            for config in spec.grid_configs
        ]
        return "", repr(static_grid)

    lines = ["", "            grid = []"]
    for config in spec.grid_configs:
        value_spec = config.value_spec
        if value_spec.source == "static":
            lines.append(
                f"            grid.append({tuple(value_spec.static_value)!r})")
            continue

        param = param_by_ge_index[value_spec.ge_input_index]
        values_name = f"grid_values_{config.config_index}"
        read_context = (
            f"grid config {config.config_index}, spec_idx={spec.spec_idx}, "
            f"ge_op_name={spec.ge_op_name!r}"
        )
        length_error_prefix = (
            f"Triton HOP grid config {config.config_index} expected "
            f"{value_spec.value_count} values, got "
        )
        length_error_suffix = (
            f". spec_idx={spec.spec_idx}, ge_op_name={spec.ge_op_name!r}"
        )
        lines.extend([
            f"            if {param} is None:",
            "                raise RuntimeError(",
            f"                    f\"grid config {config.config_index} input is None. \"",
            f"                    f\"spec_idx={spec.spec_idx}, ge_op_name={spec.ge_op_name!r}\"",
            "                )",
            f"            {values_name} = _read_scalar_from_ge(",
            f"                {param}, 'int_list', {read_context!r})",
            f"            {values_name} = tuple(",
            f"                int(value) for value in {values_name})",
            f"            if len({values_name}) != {value_spec.value_count}:",
            "                raise RuntimeError(",
            f"                    {length_error_prefix!r} +",
            f"                    str(len({values_name})) + {length_error_suffix!r}",
            "                )",
            f"            grid.append({values_name})",
        ])
    return "\n".join(lines), "grid"


def generate_triton_hop_execute(spec: TritonHopCallbackSpec) -> str:
    """Generate one functional Triton HOP schema-bound execute class."""
    class_name = _generate_class_name(spec.ge_op_name)

    reg_op_schema = build_triton_hop_registration_schema_info(spec)
    proto = build_reg_op_proto(reg_op_schema)
    params = [inp.name for inp in proto.inputs]
    attr_names = [attr.name for attr in proto.attrs]
    ordered_inputs = list(_iter_triton_hop_reg_op_inputs(spec))
    param_by_ge_index = {
        ge_input_index: f"arg_{order_index}_{name}"
        for order_index, ge_input_index, name, _ in ordered_inputs
    }

    signature = (
        f"def execute(self, {', '.join(params)}, *, {', '.join(attr_names)}) -> None:"
    )

    lines = [
        f'@register_op_impl(op_type="{spec.ge_op_name}")',
        f"class {class_name}:",
        f"    {signature}",
        "        ctx = get_execute_ctx()",
        "        with _ge_stream_context(ctx):",
        "            kwargs = {}",
    ]

    tensor_inputs = {
        input_spec.ge_input_index: input_spec
        for input_spec in spec.input_specs
        if input_spec.source == "ge_tensor_input"
    }
    scalar_inputs = {
        input_spec.ge_input_index: input_spec
        for input_spec in spec.input_specs
        if input_spec.source == "ge_scalar_input"
    }

    for order_index, ge_input_index, name, _ in ordered_inputs:
        param = f"arg_{order_index}_{name}"
        if ge_input_index in tensor_inputs:
            input_spec = tensor_inputs[ge_input_index]
            lines.extend([
                "",
                f"            if {param} is None:",
                "                raise RuntimeError(",
                f"                    f\"HOP arg {input_spec.name!r} is None. \"",
                f"                    f\"spec_idx={spec.spec_idx}, ge_op_name={spec.ge_op_name!r}\"",
                "                )",
                f"            kwargs[{input_spec.name!r}] = _wrap_ge_tensor_as_torch({param})",
            ])
        elif ge_input_index in scalar_inputs:
            input_spec = scalar_inputs[ge_input_index]
            scalar_category = _triton_hop_scalar_category(input_spec.scalar_type)
            read_context = (
                f"HOP scalar {input_spec.name!r}, "
                f"expected_scalar_type={input_spec.scalar_type!r}, "
                f"spec_idx={spec.spec_idx}, ge_op_name={spec.ge_op_name!r}"
            )
            lines.extend([
                "",
                f"            if {param} is None:",
                "                raise RuntimeError(",
                f"                    f\"HOP scalar {input_spec.name!r} is None. \"",
                f"                    f\"expected_scalar_type={input_spec.scalar_type}, \"",
                f"                    f\"spec_idx={spec.spec_idx}, ge_op_name={spec.ge_op_name!r}\"",
                "                )",
                f"            kwargs[{input_spec.name!r}] = _read_scalar_from_ge(",
                f"                {param}, {scalar_category!r}, {read_context!r})",
            ])
        # tma_* / grid_* inputs are consumed in the restore sections below.

    for input_spec in spec.input_specs:
        if input_spec.source == "node_kwargs":
            lines.extend([
                "",
                f"            kwargs[{input_spec.name!r}] = {input_spec.static_value!r}",
            ])
        elif input_spec.source in ("side_table", "ge_tensor_input", "ge_scalar_input"):
            continue
        else:
            raise RuntimeError(
                f"Unsupported Triton HOP input source {input_spec.source!r} for "
                f"{input_spec.name!r}. spec_idx={spec.spec_idx}, "
                f"ge_op_name={spec.ge_op_name!r}"
            )

    if spec.tma_descriptor_metadata:
        lines.extend(["", "            tma_descriptor_metadata = {}"])
    for descriptor_index, descriptor in enumerate(spec.tma_descriptor_metadata):
        restored_names = []
        for field_index, (field_name, value_spec) in enumerate(
                _iter_triton_hop_tma_fields(descriptor)):
            local_name = f"tma_{descriptor_index}_{field_index}"
            restored_names.append(local_name)
            if value_spec.source == "static":
                value = (
                    list(value_spec.static_value)
                    if value_spec.type_category == "int_list"
                    else value_spec.static_value
                )
                lines.append(f"            {local_name} = {value!r}")
                continue
            param = param_by_ge_index[value_spec.ge_input_index]
            read_context = (
                f"TMA field {descriptor.name}.{field_name}, "
                f"spec_idx={spec.spec_idx}, ge_op_name={spec.ge_op_name!r}"
            )
            lines.extend([
                f"            if {param} is None:",
                "                raise RuntimeError(",
                f"                    f\"TMA field {descriptor.name}.{field_name} input is None. \"",
                f"                    f\"spec_idx={spec.spec_idx}, ge_op_name={spec.ge_op_name!r}\"",
                "                )",
                f"            {local_name} = _read_scalar_from_ge(",
                f"                {param}, {value_spec.type_category!r}, "
                f"{read_context!r})",
            ])
            if value_spec.type_category == "int_list":
                length_error_prefix = (
                    f"Triton HOP TMA {descriptor.name}.{field_name} expected "
                    f"{value_spec.value_count} values, got "
                )
                length_error_suffix = (
                    f". spec_idx={spec.spec_idx}, "
                    f"ge_op_name={spec.ge_op_name!r}"
                )
                lines.extend([
                    f"            {local_name} = [int(value) for value in {local_name}]",
                    f"            if len({local_name}) != {value_spec.value_count}:",
                    "                raise RuntimeError(",
                    f"                    {length_error_prefix!r} + ",
                    f"                    str(len({local_name})) + {length_error_suffix!r}",
                    "                )",
                ])
            else:
                lines.append(f"            {local_name} = int({local_name})")
        payload_expression = f"({', '.join(restored_names)}{',' if len(restored_names) == 1 else ''})"
        if descriptor.encoding == "legacy_untagged":
            restored_expression = payload_expression
        elif descriptor.encoding == "tagged":
            restored_expression = f"({descriptor.kind!r}, {payload_expression})"
        else:
            raise RuntimeError(
                f"Unsupported Triton HOP TMA descriptor encoding "
                f"{descriptor.encoding!r}. spec_idx={spec.spec_idx}, "
                f"ge_op_name={spec.ge_op_name!r}")
        lines.append(
            f"            tma_descriptor_metadata[{descriptor.name!r}] = "
            f"{restored_expression}"
        )

    grid_restore, grid_expression = _generate_triton_hop_grid_restore(spec, param_by_ge_index)
    if grid_restore:
        lines.append(grid_restore)
    lines.extend([
        "",
        "            result = torch.ops.higher_order.triton_kernel_wrapper_functional(",
        f"                kernel_idx={spec.kernel_idx},",
        f"                constant_args_idx={spec.constant_args_idx},",
        f"                grid={grid_expression},",
        (
            "                tma_descriptor_metadata=tma_descriptor_metadata,"
            if spec.tma_descriptor_metadata
            else "                tma_descriptor_metadata={},"
        ),
        "                kwargs=kwargs,",
        f"                tensors_to_clone={list(spec.tensors_to_clone)!r},",
    ])
    if spec.launch_kwargs:
        lines.append(f"                launch_kwargs={spec.launch_kwargs!r},")
    lines.extend([
        "            )",
        "",
        "            if not isinstance(result, dict):",
        "                raise RuntimeError(",
        "                    \"triton_kernel_wrapper_functional should return \"",
        "                    \"dict[str, Tensor], \"",
        f"                    f\"got {{type(result)}}. spec_idx={spec.spec_idx}, \"",
        f"                    \"ge_op_name={spec.ge_op_name!r}\"",
        "                )",
    ])

    for output_index, output_key in enumerate(spec.output_keys):
        lines.extend([
            f"            if {output_key!r} not in result:",
            "                raise RuntimeError(",
            f"                    f\"Triton HOP result missing output key {output_key!r}. \"",
            f"                    f\"expected_output_keys={spec.output_keys!r}, \"",
            "                    f\"actual_result_keys={tuple(result.keys())}, \"",
            f"                    \"spec_idx={spec.spec_idx}, ge_op_name={spec.ge_op_name!r}\"",
            "                )",
            f"            hop_out_{output_index} = result[{output_key!r}]",
            f"            if not isinstance(hop_out_{output_index}, torch.Tensor):",
            "                raise RuntimeError(",
            f"                    f\"Triton HOP output {output_key!r} is not Tensor, \"",
            f"                    f\"got {{type(hop_out_{output_index})}}. spec_idx={spec.spec_idx}, \"",
            f"                    \"ge_op_name={spec.ge_op_name!r}\"",
            "                )",
        ])

    for output_index, _ in enumerate(spec.output_keys):
        lines.extend([
            "",
            f"            hop_out_{output_index} = hop_out_{output_index}.contiguous()",
            f"            ge_out_desc = ctx.get_output_tensor({output_index})",
            "            ge_out = ctx.malloc_output_tensor(",
            f"                {output_index}, ge_out_desc.shape, ge_out_desc.format,",
            f"                _torch_to_ge_dtype(hop_out_{output_index}.dtype),",
            "            )",
            "            if ge_out is None:",
            f"                raise RuntimeError(\"malloc_output_tensor({output_index}) returned None\")",
            f"            _copy_torch_into_ge(hop_out_{output_index}, ge_out)",
        ])

    lines.append("")
    return "\n".join(lines)


def generate_python_op_file_source(schemas: List[SchemaInfo], targets: List) -> str:
    parts = [
        "# Auto-generated by torchair prescan_and_compile_custom_ops",
        "# Do not edit manually.",
        _generate_helper_functions(),
        "",
    ]

    for schema_info, target in zip(schemas, targets):
        ge_op_name = make_ge_op_name(schema_info)
        class_name = _generate_class_name(ge_op_name)

        parts.append(f'@register_op_impl(op_type="{ge_op_name}")')
        parts.append(f"class {class_name}:")
        parts.append(f"    {_generate_execute_signature(schema_info)}")
        parts.append("        ctx = get_execute_ctx()")
        parts.append("        with _ge_stream_context(ctx):")
        parts.append(_indent(_generate_buildstack(schema_info)))
        parts.append(_indent(_generate_call_and_writeback(schema_info)))
        parts.append("")

    return "\n".join(parts)


def generate_and_write_python_op_file(schemas: List[SchemaInfo], targets: List, name_suffix: str) -> str:
    py_dir = _ensure_py_dir()

    file_name = f"op_py_{name_suffix}.py"
    file_path = os.path.join(py_dir, file_name)
    source = generate_python_op_file_source(schemas, targets)
    with open(file_path, "w", encoding="utf-8") as f:
        f.write(source)
    logger.info(f"Generated Python custom op file: {file_path}")

    return py_dir


def generate_and_write_triton_hop_python_op_file(
        specs: List[TritonHopCallbackSpec], name_suffix: str) -> str:
    """Generate and write all Triton HOP Execute classes for one graph."""
    py_dir = _ensure_py_dir()
    file_path = os.path.join(py_dir, f"triton_hop_{name_suffix}.py")
    parts = [
        "# Auto-generated by torchair prescan_and_compile_custom_ops",
        "# Do not edit manually.",
        _generate_helper_functions(),
        "",
    ]
    parts.extend(generate_triton_hop_execute(spec) for spec in specs)
    source = "\n".join(parts)
    with open(file_path, "w", encoding="utf-8") as f:
        f.write(source)
    logger.info(f"Generated Triton HOP Python Execute file: {file_path}")
    return py_dir
