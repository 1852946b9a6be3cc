import inspect
import logging
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, FrozenSet, List, Optional, Tuple

import torch
from torch._higher_order_ops.triton_kernel_wrap import (
    kernel_side_table,
    triton_kernel_wrapper_functional,
    triton_kernel_wrapper_mutation,
)
from torch._ops import OpOverload
from torch._C import DispatchKey

logger = logging.getLogger(__name__)


@dataclass
class SchemaArgInfo:
    name: str
    type_category: str          # "tensor", "tensor_list", "int", "float", "bool", "str", "Scalar", "int_list", "float_list", "bool_list", "scalar_list", "enum"
    has_default: bool = False
    is_optional: bool = False
    is_variadic: bool = False
    has_alias: bool = False
    is_alias_write: bool = False
    default_value: object = None
    is_out: bool = False
    is_kwarg_only: bool = False
    input_kind: int = 0         # aligned with delegate InputKind enum
    # --- per-return fields (set via alias group matching) ---
    alias_group: FrozenSet[str] = field(default_factory=frozenset)
    is_out_return: bool = False       # this return corresponds to an out arg
    is_inplace_return: bool = False   # this return corresponds to an inplace arg


@dataclass
class SchemaInfo:
    full_op_name: str
    namespace_name: str
    op_name: str
    overload: str = ""
    arguments: List[SchemaArgInfo] = field(default_factory=list)
    returns: List[SchemaArgInfo] = field(default_factory=list)
    is_inplace: bool = False
    is_out: bool = False
    has_variadic_input: bool = False
    out_return_indices: List[int] = field(default_factory=list)
    # arg index → return index, for out args matched via alias group
    out_arg_to_return: dict = field(default_factory=dict)


@dataclass(frozen=True)
class TritonHopInputSpec:
    """Category and recovery source for one Triton launch argument."""
    name: str
    category: str
    source: str
    ge_input_index: Optional[int] = None
    scalar_type: Optional[str] = None
    static_value: Optional[Any] = None


@dataclass(frozen=True)
class TritonHopIntegerValueSpec:
    """One static or GE-backed integer value used by Triton HOP contracts."""
    type_category: str
    source: str
    ge_input_index: Optional[int] = None
    static_value: Optional[Any] = None
    value_count: int = 1

    def __post_init__(self):
        if self.type_category not in ("int", "int_list"):
            raise RuntimeError(
                f"Unsupported Triton HOP integer type category "
                f"{self.type_category!r}")
        if self.type_category == "int" and self.value_count != 1:
            raise RuntimeError(
                f"Triton HOP int requires value_count=1, got "
                f"{self.value_count}")
        if self.type_category == "int_list" and self.value_count <= 0:
            raise RuntimeError(
                f"Triton HOP int_list requires positive value_count, got "
                f"{self.value_count}")
        if self.source == "static":
            if self.ge_input_index is not None:
                raise RuntimeError(
                    "Static Triton HOP integer value cannot have GE input index")
            valid_static = (
                type(self.static_value) is int
                if self.type_category == "int"
                else isinstance(self.static_value, tuple)
                and len(self.static_value) == self.value_count
                and all(type(value) is int for value in self.static_value)
            )
            if not valid_static:
                raise RuntimeError(
                    f"Invalid static Triton HOP integer value "
                    f"{self.static_value!r}")
        elif self.source == "ge_input":
            if (type(self.ge_input_index) is not int
                    or self.ge_input_index < 0
                    or self.static_value is not None):
                raise RuntimeError(
                    "Dynamic Triton HOP integer value requires a non-negative GE "
                    "input index and no static value")
        else:
            raise RuntimeError(
                f"Unsupported Triton HOP integer source {self.source!r}")


@dataclass(frozen=True)
class TritonHopTmaFieldSpec:
    """One normalized field in a PyTorch TMA descriptor contract."""
    name: str
    value_spec: TritonHopIntegerValueSpec

    def __post_init__(self):
        if not isinstance(self.name, str):
            raise RuntimeError("Triton HOP TMA field name must be string")
        if not isinstance(self.value_spec, TritonHopIntegerValueSpec):
            raise RuntimeError(
                "Triton HOP TMA field value_spec must be TritonHopIntegerValueSpec")


@dataclass(frozen=True)
class TritonHopTmaDescriptorSpec:
    """Normalized legacy/tagged experimental or tagged stable descriptor."""
    name: str
    encoding: str
    kind: str
    fields: tuple

    def __post_init__(self):
        if not isinstance(self.name, str):
            raise RuntimeError("Triton HOP TMA descriptor name must be string")
        if (type(self.encoding) is not str
                or self.encoding not in ("legacy_untagged", "tagged")):
            raise RuntimeError(
                f"Unsupported Triton HOP TMA descriptor encoding {self.encoding!r}")
        if (type(self.kind) is not str
                or self.kind not in ("experimental", "stable")):
            raise RuntimeError(
                f"Unsupported Triton HOP TMA descriptor kind {self.kind!r}")
        if self.encoding == "legacy_untagged" and self.kind != "experimental":
            raise RuntimeError(
                "Legacy untagged Triton HOP TMA descriptors must be experimental")
        if not isinstance(self.fields, tuple) or not all(
                isinstance(item, TritonHopTmaFieldSpec) for item in self.fields):
            raise RuntimeError(
                "Triton HOP TMA descriptor fields must be a field-spec tuple")

        expected_fields = (
            ("dims", "block_dims", "element_size")
            if self.kind == "experimental"
            else ("block_shape",)
        )
        if tuple(item.name for item in self.fields) != expected_fields:
            raise RuntimeError(
                f"Triton HOP TMA {self.kind} fields must be {expected_fields}")
        fields_by_name = {item.name: item.value_spec for item in self.fields}
        if self.kind == "experimental":
            dims = fields_by_name["dims"]
            block_dims = fields_by_name["block_dims"]
            element_size = fields_by_name["element_size"]
            if dims.type_category != "int_list":
                raise RuntimeError("Triton HOP TMA dims must use int_list")
            if block_dims.type_category != "int_list":
                raise RuntimeError("Triton HOP TMA block_dims must use int_list")
            if element_size.type_category != "int":
                raise RuntimeError("Triton HOP TMA element_size must use int")
            if dims.value_count not in (1, 2):
                raise RuntimeError("Triton HOP TMA dims rank must be 1 or 2")
            if block_dims.value_count not in (1, 2):
                raise RuntimeError("Triton HOP TMA block_dims rank must be 1 or 2")
            if dims.value_count != block_dims.value_count:
                raise RuntimeError(
                    "Triton HOP TMA dims and block_dims must have equal rank")
        elif fields_by_name["block_shape"].type_category != "int_list":
            raise RuntimeError("Triton HOP TMA block_shape must use int_list")


@dataclass(frozen=True)
class _DecodedTmaDescriptor:
    """Short-lived envelope parse result; raw values never enter registries."""
    encoding: str
    kind: str
    fields: tuple


@dataclass(frozen=True)
class TritonHopGridConfigSpec:
    """One ordered static or GE-backed Triton launch grid config."""
    config_index: int
    value_spec: TritonHopIntegerValueSpec

    def __post_init__(self):
        if type(self.config_index) is not int or self.config_index < 0:
            raise RuntimeError(
                "Triton HOP grid config index must be a non-negative int")
        if self.value_spec.type_category != "int_list":
            raise RuntimeError("Triton HOP grid config must use int_list")
        if self.value_spec.value_count not in (1, 2, 3):
            raise RuntimeError("Triton HOP grid config rank must be 1 to 3")


@dataclass(frozen=True)
class TritonHopCallbackSpec:
    """Process-local callback contract extracted from a functional Triton HOP."""
    graph_id: int
    spec_idx: int
    ge_op_name: str
    kernel_idx: int
    constant_args_idx: int
    grid_configs: tuple
    tma_descriptor_metadata: tuple
    input_specs: tuple
    output_keys: tuple
    tensors_to_clone: tuple
    launch_kwargs: tuple = ()
    kernel_ref: Optional[Any] = None

    def __post_init__(self):
        if not self.grid_configs:
            raise RuntimeError("Triton HOP callback spec requires grid configs")
        for expected_index, config in enumerate(self.grid_configs):
            if config.config_index != expected_index:
                raise RuntimeError(
                    "Triton HOP grid config indices must be contiguous")


_BUILTIN_NAMESPACES = {"aten", "prim", "prims", "quantized", "_quantized"}

# InputKind enum values, aligned with torch-delegate fallback_codegen.h
_INPUT_KIND = {
    # (type_category, is_optional) -> InputKind value
    ("tensor", False): 0,       # TENSOR
    ("tensor", True): 1,        # OPTIONAL_TENSOR
    ("tensor_list", False): 2,  # TENSOR_LIST
    ("tensor_list", True): 2,   # TENSOR_LIST (no _OPT variant in delegate)
    ("int", False): 3,          # INT
    ("int", True): 4,           # INT_OPT
    ("float", False): 5,        # FLOAT
    ("float", True): 6,         # FLOAT_OPT
    ("bool", False): 7,         # BOOL
    ("bool", True): 8,          # BOOL_OPT
    ("str", False): 9,          # STRING
    ("str", True): 10,          # STRING_OPT
    ("int_list", False): 11,    # INT_LIST
    ("int_list", True): 12,     # INT_LIST_OPT
    ("float_list", False): 13,  # FLOAT_LIST
    ("float_list", True): 14,   # FLOAT_LIST_OPT
    ("bool_list", False): 15,   # BOOL_LIST
    ("bool_list", True): 16,    # BOOL_LIST_OPT
    ("Scalar", False): 17,      # SCALAR
    ("Scalar", True): 18,       # SCALAR_OPT
    ("scalar_list", False): 19, # SCALAR_LIST
    ("scalar_list", True): 19,  # SCALAR_LIST (no _OPT variant in delegate)
    ("enum", False): 20,        # SCALAR_TYPE
    ("enum", True): 21,         # SCALAR_TYPE_OPT
    ("str_list", False): 22,    # STRING_LIST (delegate has no STRING_LIST)
    ("str_list", True): 23,     # STRING_LIST_OPT (delegate has no STRING_LIST)
}


def _compute_input_kind(type_category: str, is_optional: bool) -> int:
    return _INPUT_KIND.get((type_category, is_optional), 0)


_TRITON_HOP_REQUIRED_KWARGS = frozenset({
    "kernel_idx",
    "constant_args_idx",
    "grid",
    "tma_descriptor_metadata",
    "kwargs",
    "tensors_to_clone",
})
_UNSUPPORTED_CONSTEXPR = object()


def is_triton_hop_node(node) -> bool:
    """Return whether node has the complete functional Triton HOP contract."""
    return (
        node.op == "call_function"
        and node.target is triton_kernel_wrapper_functional
        and _TRITON_HOP_REQUIRED_KWARGS.issubset(node.kwargs)
    )


def is_triton_hop_mutation_node(node) -> bool:
    """Detect the unsupported mutation target without treating it as functional."""
    return node.op == "call_function" and node.target is triton_kernel_wrapper_mutation


def _canonicalize_constexpr(value):
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else _UNSUPPORTED_CONSTEXPR
    if isinstance(value, tuple):
        values = tuple(_canonicalize_constexpr(item) for item in value)
        if any(item is _UNSUPPORTED_CONSTEXPR for item in values):
            return _UNSUPPORTED_CONSTEXPR
        return values
    return _UNSUPPORTED_CONSTEXPR


def _constexpr_key(value):
    """Build a type-sensitive key for supported constexpr values."""
    if value is None:
        return ("none",)
    if type(value) is bool:
        return ("bool", value)
    if type(value) is int:
        return ("int", value)
    if type(value) is float and math.isfinite(value):
        return ("float", value.hex())
    if type(value) is str:
        return ("str", value)
    if isinstance(value, tuple):
        return ("tuple", tuple(_constexpr_key(item) for item in value))
    raise RuntimeError(f"Triton HOP value of type {type(value)} is not canonical")


def _normalize_launch_kwargs(launch_kwargs) -> tuple:
    """Normalize the optional launch keyword names added by newer PyTorch."""
    if launch_kwargs is None:
        return ()
    if not isinstance(launch_kwargs, tuple):
        raise RuntimeError(
            f"Triton HOP launch_kwargs must be a tuple[str, ...], got {type(launch_kwargs)}"
        )
    if not all(isinstance(name, str) for name in launch_kwargs):
        raise RuntimeError(
            "Triton HOP launch_kwargs must contain only string names. "
            f"launch_kwargs={launch_kwargs!r}"
        )
    if len(set(launch_kwargs)) != len(launch_kwargs):
        raise RuntimeError(
            f"Triton HOP launch_kwargs contains duplicate names: {launch_kwargs!r}"
        )
    return launch_kwargs


def _triton_hop_argument_names(kernel, launch_kwargs: tuple) -> tuple:
    """Return kernel arguments followed by backend-only launch options."""
    kernel_names = tuple(kernel.arg_names)
    kernel_name_set = set(kernel_names)
    return kernel_names + tuple(
        name for name in launch_kwargs if name not in kernel_name_set
    )


def _normalize_runtime_scalar_type(meta_value) -> Optional[str]:
    if isinstance(meta_value, torch.SymInt):
        return "SymInt"
    if isinstance(meta_value, torch.SymFloat):
        return "SymFloat"
    if isinstance(meta_value, torch.SymBool):
        return "SymBool"
    if type(meta_value) is bool:
        return "bool"
    if type(meta_value) is int:
        return "int"
    if type(meta_value) is float:
        return "float"
    return None


def _is_exact_int(value) -> bool:
    return type(value) is int


def _is_int_fx_node(value) -> bool:
    if not isinstance(value, torch.fx.Node):
        return False
    meta_value = value.meta.get("val")
    return type(meta_value) is int or isinstance(meta_value, torch.SymInt)


def _normalize_grid_configs_from_node(
        grid, next_ge_input_index: int, context: str):
    if not isinstance(grid, (list, tuple)) or not grid:
        raise RuntimeError(
            f"Triton HOP grid must be a non-empty list or tuple, got "
            f"{type(grid)}. {context}")
    configs = []
    for config_index, config in enumerate(grid):
        if (not isinstance(config, (list, tuple))
                or len(config) not in (1, 2, 3)):
            rank = len(config) if isinstance(config, (list, tuple)) else None
            raise RuntimeError(
                f"Triton HOP grid config {config_index} must have rank 1 to "
                f"3, got rank {rank} and type {type(config)}. {context}")
        invalid = tuple(
            (dimension_index, value)
            for dimension_index, value in enumerate(config)
            if not (_is_exact_int(value) or _is_int_fx_node(value))
        )
        if invalid:
            dimension_index, value = invalid[0]
            meta_value = (
                value.meta.get("val")
                if isinstance(value, torch.fx.Node)
                else None
            )
            raise RuntimeError(
                f"Triton HOP grid config {config_index} dimension "
                f"{dimension_index} must be exact int or int/SymInt FX Node, "
                f"got value_type={type(value)}, meta_type={type(meta_value)}, "
                f"node={getattr(value, 'name', None)!r}. {context}")
        if all(_is_exact_int(value) for value in config):
            value_spec = TritonHopIntegerValueSpec(
                "int_list",
                "static",
                static_value=tuple(config),
                value_count=len(config),
            )
        else:
            value_spec = TritonHopIntegerValueSpec(
                "int_list",
                "ge_input",
                ge_input_index=next_ge_input_index,
                value_count=len(config),
            )
            next_ge_input_index += 1
        configs.append(TritonHopGridConfigSpec(config_index, value_spec))
    return tuple(configs), next_ge_input_index


def _validate_grid_config_count(kernel, grid_configs, context: str) -> None:
    kernel_configs = getattr(kernel, "configs", None)
    if kernel_configs is None:
        return
    try:
        expected_count = len(kernel_configs)
    except TypeError:
        return
    if expected_count == 0:
        return
    if expected_count != len(grid_configs):
        raise RuntimeError(
            f"Triton HOP grid expected {expected_count} configs, got "
            f"{len(grid_configs)}. {context}")


def _decode_tma_descriptor(descriptor, descriptor_name: str, context: str):
    """Parse the PyTorch TMA envelope without interpreting field values.

    PyTorch 2.7 emits the legacy untagged experimental payload while 2.8+ can
    emit tagged experimental and stable payloads.  Keep this structural
    compatibility decision here so prescan and converter lookup cannot drift.
    """
    if isinstance(descriptor, (list, tuple)) and len(descriptor) == 3:
        return _DecodedTmaDescriptor(
            "legacy_untagged",
            "experimental",
            (("dims", descriptor[0]), ("block_dims", descriptor[1]),
             ("element_size", descriptor[2])),
        )
    if not isinstance(descriptor, (list, tuple)) or len(descriptor) != 2:
        raise RuntimeError(
            f"Triton HOP TMA descriptor {descriptor_name!r} has unsupported "
            "envelope; expected legacy (dims, block_dims, element_size) or "
            "tagged (experimental|stable, payload). " + context)
    tag, payload = descriptor
    if type(tag) is not str or tag not in ("experimental", "stable"):
        raise RuntimeError(
            f"Triton HOP TMA descriptor {descriptor_name!r} has unsupported "
            f"tag {tag!r}; expected 'experimental' or 'stable'. {context}")
    if not isinstance(payload, (list, tuple)):
        raise RuntimeError(
            f"Triton HOP TMA descriptor {descriptor_name!r} {tag!r} payload "
            f"must be list or tuple, got {type(payload)}. {context}")
    field_names = (
        ("dims", "block_dims", "element_size")
        if tag == "experimental"
        else ("block_shape",)
    )
    if len(payload) != len(field_names):
        raise RuntimeError(
            f"Triton HOP TMA descriptor {descriptor_name!r} {tag!r} payload "
            f"must contain {len(field_names)} fields {field_names}, got "
            f"{len(payload)}. {context}")
    return _DecodedTmaDescriptor("tagged", tag, tuple(zip(field_names, payload)))


def _normalize_tma_list_from_node(
        value, field_name: str, next_ge_input_index: int,
        descriptor_name: str, context: str, *, allowed_counts=None):
    if (not isinstance(value, (list, tuple))
            or not value
            or (allowed_counts is not None and len(value) not in allowed_counts)):
        count_description = (
            f"with rank in {tuple(allowed_counts)}"
            if allowed_counts is not None else "with positive rank")
        raise RuntimeError(
            f"Triton HOP TMA {descriptor_name}.{field_name} must be an int list "
            f"{count_description}, got {value!r}. {context}"
        )
    if all(_is_exact_int(item) for item in value):
        return TritonHopIntegerValueSpec(
            type_category="int_list",
            source="static",
            static_value=tuple(value),
            value_count=len(value),
        ), next_ge_input_index
    if not all(_is_exact_int(item) or _is_int_fx_node(item) for item in value):
        raise RuntimeError(
            f"Triton HOP TMA {descriptor_name}.{field_name} contains a value "
            f"that is neither exact int nor int/SymInt FX Node. {context}"
        )
    return TritonHopIntegerValueSpec(
        type_category="int_list",
        source="ge_input",
        ge_input_index=next_ge_input_index,
        value_count=len(value),
    ), next_ge_input_index + 1


def _normalize_tma_int_from_node(
        value, field_name: str, next_ge_input_index: int,
        descriptor_name: str, context: str):
    if _is_exact_int(value):
        return TritonHopIntegerValueSpec(
            type_category="int",
            source="static",
            static_value=value,
        ), next_ge_input_index
    if not _is_int_fx_node(value):
        raise RuntimeError(
            f"Triton HOP TMA {descriptor_name}.{field_name} must be exact int "
            f"or an int/SymInt FX Node, got {type(value)}. {context}"
        )
    return TritonHopIntegerValueSpec(
        type_category="int",
        source="ge_input",
        ge_input_index=next_ge_input_index,
    ), next_ge_input_index + 1


def _normalize_tma_metadata_from_node(
        metadata, kernel, hop_kwargs: Mapping,
        next_ge_input_index: int, context: str):
    if not isinstance(metadata, dict):
        raise RuntimeError(
            f"Triton HOP tma_descriptor_metadata must be dict, "
            f"got {type(metadata)}. {context}"
        )
    unknown_names = tuple(
        name for name in metadata
        if not isinstance(name, str) or name not in kernel.arg_names
    )
    if unknown_names:
        raise RuntimeError(
            f"Triton HOP TMA descriptor keys {unknown_names} are not kernel "
            f"argument names. {context}"
        )

    descriptors = []
    for name in kernel.arg_names:
        if name not in metadata:
            continue
        tensor_arg = hop_kwargs.get(name)
        tensor_meta = (
            tensor_arg.meta.get("val")
            if isinstance(tensor_arg, torch.fx.Node)
            else None
        )
        if not isinstance(tensor_meta, torch.Tensor):
            raise RuntimeError(
                f"Triton HOP TMA descriptor {name!r} requires a runtime Tensor "
                f"in HOP kwargs. {context}"
            )
        decoded = _decode_tma_descriptor(metadata[name], name, context)
        fields = []
        if decoded.kind == "experimental":
            decoded_values = dict(decoded.fields)
            dims_spec, next_ge_input_index = _normalize_tma_list_from_node(
                decoded_values["dims"], "dims", next_ge_input_index, name, context,
                allowed_counts=(1, 2))
            block_spec, next_ge_input_index = _normalize_tma_list_from_node(
                decoded_values["block_dims"], "block_dims", next_ge_input_index,
                name, context, allowed_counts=(1, 2))
            if dims_spec.value_count != block_spec.value_count:
                raise RuntimeError(
                    f"Triton HOP TMA descriptor {name!r} dims and block_dims "
                    f"must have equal rank. {context}")
            element_spec, next_ge_input_index = _normalize_tma_int_from_node(
                decoded_values["element_size"], "element_size", next_ge_input_index,
                name, context)
            fields.extend((
                TritonHopTmaFieldSpec("dims", dims_spec),
                TritonHopTmaFieldSpec("block_dims", block_spec),
                TritonHopTmaFieldSpec("element_size", element_spec),
            ))
        else:
            block_spec, next_ge_input_index = _normalize_tma_list_from_node(
                dict(decoded.fields)["block_shape"], "block_shape",
                next_ge_input_index, name, context)
            tensor_rank = tensor_meta.dim()
            if block_spec.value_count != tensor_rank:
                raise RuntimeError(
                    f"Triton HOP TMA descriptor {name!r} block_shape rank "
                    f"must match Tensor rank {tensor_rank}, got "
                    f"{block_spec.value_count}. {context}")
            fields.append(TritonHopTmaFieldSpec("block_shape", block_spec))
        descriptors.append(TritonHopTmaDescriptorSpec(
            name=name,
            encoding=decoded.encoding,
            kind=decoded.kind,
            fields=tuple(fields),
        ))
    return tuple(descriptors), next_ge_input_index


def _iter_triton_hop_tma_fields(descriptor: TritonHopTmaDescriptorSpec):
    for field_spec in descriptor.fields:
        yield field_spec.name, field_spec.value_spec


def _integer_actual_value_matches(value_spec, actual) -> bool:
    from torchair.ge._ge_graph import Tensor as GeTensor

    if value_spec.source == "static":
        if value_spec.type_category == "int":
            return _is_exact_int(actual) and actual == value_spec.static_value
        return (
            isinstance(actual, (list, tuple))
            and tuple(actual) == value_spec.static_value
            and all(_is_exact_int(item) for item in actual)
        )
    if isinstance(actual, GeTensor):
        expected_rank = 1 if value_spec.type_category == "int_list" else 0
        return (
            actual.symsize is not None
            and len(actual.symsize) == expected_rank
            and (
                expected_rank == 0
                or int(actual.symsize[0]) == value_spec.value_count
            )
        )
    if value_spec.type_category == "int":
        return _is_exact_int(actual)
    return (
        isinstance(actual, (list, tuple))
        and len(actual) == value_spec.value_count
        and all(_is_exact_int(item) for item in actual)
    )


def _triton_hop_tma_candidate_matches(specs: tuple, metadata) -> bool:
    if not isinstance(metadata, dict) or len(metadata) != len(specs):
        return False
    for descriptor in specs:
        if descriptor.name not in metadata:
            return False
        try:
            decoded = _decode_tma_descriptor(
                metadata[descriptor.name], descriptor.name, "routed candidate")
        except RuntimeError:
            return False
        if (decoded.encoding != descriptor.encoding
                or decoded.kind != descriptor.kind):
            return False
        actual_fields = dict(decoded.fields)
        for field_name, value_spec in _iter_triton_hop_tma_fields(descriptor):
            value = actual_fields.get(field_name)
            if not _integer_actual_value_matches(value_spec, value):
                return False
    return True


def _triton_hop_grid_candidate_matches(grid_configs, grid) -> bool:
    if not isinstance(grid, (list, tuple)) or len(grid) != len(grid_configs):
        return False
    return all(
        _integer_actual_value_matches(config.value_spec, actual)
        for config, actual in zip(grid_configs, grid)
    )


def _triton_hop_input_spec_key(input_spec: TritonHopInputSpec) -> tuple:
    static_value = (
        _constexpr_key(input_spec.static_value)
        if input_spec.source == "node_kwargs"
        else None
    )
    return (
        input_spec.name,
        input_spec.category,
        input_spec.source,
        input_spec.ge_input_index,
        input_spec.scalar_type,
        static_value,
    )


TritonHopRouteKey = tuple[int, int]


def _triton_hop_route_key(
        kernel_idx: int, constant_args_idx: int) -> TritonHopRouteKey:
    """Return the process-local side-table route token.

    The two indices are assigned by PyTorch's ``KernelSideTable`` for one
    captured launch.  They are deliberately the only fields used for route
    selection; the launch contract is checked during prescan and after selection.
    """
    return kernel_idx, constant_args_idx


def _triton_hop_contract_key(spec: TritonHopCallbackSpec) -> tuple:
    """Build the launch contract without process identity fields."""
    return (
        spec.grid_configs,
        tuple(_triton_hop_input_spec_key(item) for item in spec.input_specs),
        tuple(spec.output_keys),
        tuple(spec.tensors_to_clone),
        _normalize_launch_kwargs(spec.launch_kwargs),
        tuple(spec.tma_descriptor_metadata),
    )


def _triton_hop_kernel_signature(kernel) -> Optional[inspect.Signature]:
    """Find the Python signature through Triton JIT/autotuner wrappers."""
    current = kernel
    visited = set()
    while current is not None and id(current) not in visited:
        visited.add(id(current))
        signature = getattr(current, "signature", None)
        if isinstance(signature, inspect.Signature):
            return signature
        if inspect.isfunction(current) or inspect.ismethod(current):
            try:
                return inspect.signature(current)
            except (TypeError, ValueError):
                return None
        current = getattr(current, "fn", None)
    return None


def _materialize_triton_hop_kernel_defaults(
        kernel, hop_kwargs: Mapping, constant_args: Mapping) -> dict:
    """Treat omitted kernel defaults as explicit static HOP arguments."""
    normalized_kwargs = dict(hop_kwargs)
    signature = _triton_hop_kernel_signature(kernel)
    if signature is None:
        return normalized_kwargs

    for name in kernel.arg_names:
        if name in normalized_kwargs or name in constant_args:
            continue
        parameter = signature.parameters.get(name)
        if parameter is not None and parameter.default is not inspect.Parameter.empty:
            normalized_kwargs[name] = parameter.default
    return normalized_kwargs


def _implicit_autotune_constexpr_names(kernel) -> frozenset:
    """Return kernel arguments supplied by every autotune configuration.

    PyTorch represents values such as ``BLOCK_SIZE`` only in
    ``Autotuner.configs[*].kwargs``.  They are intentionally absent from both
    the HOP kwargs and its constant-args side table, and Triton adds the chosen
    configuration when the HOP callback launches the kernel.
    """
    configs = getattr(kernel, "configs", None)
    if configs is None:
        return frozenset()
    try:
        configs = tuple(configs)
    except TypeError:
        return frozenset()
    if not configs:
        return frozenset()

    common_names = set(kernel.arg_names)
    for config in configs:
        config_kwargs = getattr(config, "kwargs", None)
        if not isinstance(config_kwargs, Mapping):
            return frozenset()
        common_names.intersection_update(
            name for name, value in config_kwargs.items()
            if _canonicalize_constexpr(value) is not _UNSUPPORTED_CONSTEXPR
        )
    return frozenset(common_names)


def _validate_triton_hop_argument_sources(
        kernel, hop_kwargs: Mapping, constant_args: Mapping, context: str,
        launch_kwargs=()) -> frozenset:
    """Validate argument ownership using already-normalized launch names."""
    kernel_names = tuple(kernel.arg_names)
    kernel_name_set = set(kernel_names)
    launch_name_set = set(launch_kwargs)
    extra_node_names = tuple(
        name for name in hop_kwargs
        if name not in kernel_name_set and name not in launch_name_set
    )
    if extra_node_names:
        raise RuntimeError(
            f"Triton HOP extra node kwargs {extra_node_names} are neither in "
            f"kernel.arg_names nor launch_kwargs. {context}"
        )
    extra_constant_names = tuple(
        name for name in constant_args
        if name not in kernel_name_set and name not in launch_name_set
    )
    if extra_constant_names:
        raise RuntimeError(
            f"Triton HOP extra side-table constants {extra_constant_names} are not in "
            f"kernel.arg_names or launch_kwargs. {context}"
        )
    overlapping_names = tuple(
        name for name in _triton_hop_argument_names(kernel, launch_kwargs)
        if name in hop_kwargs and name in constant_args
    )
    if overlapping_names:
        raise RuntimeError(
            f"Triton HOP overlapping argument names {overlapping_names} appear in node kwargs "
            f"and side-table constants. {context}"
        )
    implicit_autotune_names = _implicit_autotune_constexpr_names(kernel)
    missing_names = tuple(
        name for name in kernel_names
        if name not in hop_kwargs
        and name not in constant_args
        and name not in implicit_autotune_names
    )
    if missing_names:
        raise RuntimeError(
            f"Triton HOP input '{missing_names[0]}' requires unsupported derived recovery. "
            f"{context}"
        )
    missing_launch_names = tuple(
        name for name in launch_kwargs
        if name not in hop_kwargs and name not in constant_args
    )
    if missing_launch_names:
        raise RuntimeError(
            f"Triton HOP launch kwarg '{missing_launch_names[0]}' has no value in node "
            f"kwargs or side-table constants. {context}"
        )
    return implicit_autotune_names


def _triton_hop_is_ge_tensor(value) -> bool:
    try:
        from torchair.ge import Tensor as GeTensor
    except (ImportError, AttributeError):
        return False
    return isinstance(value, GeTensor)


def _triton_hop_contract_mismatch(
        spec: TritonHopCallbackSpec, field: str, expected, actual) -> RuntimeError:
    return RuntimeError(
        "Triton HOP routed call does not match spec. "
        f"route={_triton_hop_route_key(spec.kernel_idx, spec.constant_args_idx)}, "
        f"canonical=(graph_id={spec.graph_id}, spec_idx={spec.spec_idx}, "
        f"ge_op_name={spec.ge_op_name!r}), field={field}, "
        f"expected={expected!r}, actual={actual!r}"
    )


def _triton_hop_validate_actual_input(
        spec: TritonHopCallbackSpec, input_spec: TritonHopInputSpec,
        kwargs: Mapping, constant_args: Mapping) -> None:
    name = input_spec.name
    if input_spec.source == "side_table":
        if name in kwargs or name not in constant_args:
            actual_source = "node_kwargs" if name in kwargs else "missing"
            raise _triton_hop_contract_mismatch(
                spec, f"input[{name}].source", "side_table", actual_source)
        return

    if name not in kwargs:
        raise _triton_hop_contract_mismatch(
            spec, f"input[{name}]", "present", "missing")

    value = kwargs[name]
    if input_spec.source == "node_kwargs":
        static_value = _canonicalize_constexpr(value)
        if static_value is _UNSUPPORTED_CONSTEXPR:
            raise _triton_hop_contract_mismatch(
                spec, f"input[{name}].constexpr", input_spec.static_value,
                type(value).__name__)
        expected = _constexpr_key(input_spec.static_value)
        actual = _constexpr_key(static_value)
        if expected != actual:
            raise _triton_hop_contract_mismatch(
                spec, f"input[{name}].constexpr", expected, actual)
        return

    meta_value = getattr(value, "meta", value)
    if input_spec.source == "ge_tensor_input":
        if not isinstance(meta_value, torch.Tensor):
            raise _triton_hop_contract_mismatch(
                spec, f"input[{name}].runtime_tensor", "Tensor",
                type(meta_value).__name__)
        return

    if input_spec.source == "ge_scalar_input":
        actual_type = _normalize_runtime_scalar_type(meta_value)
        if actual_type is None and _triton_hop_is_ge_tensor(value):
            actual_type = "ge_tensor"
        if actual_type != "ge_tensor" and not _triton_hop_scalar_types_abi_compatible(
                actual_type, input_spec.scalar_type):
            raise _triton_hop_contract_mismatch(
                spec, f"input[{name}].scalar_abi", input_spec.scalar_type,
                actual_type)
        return

    raise _triton_hop_contract_mismatch(
        spec, f"input[{name}].source", input_spec.source, "unsupported")


def _validate_triton_hop_call_against_spec(
        spec: TritonHopCallbackSpec, *, grid, tma_descriptor_metadata,
        kwargs, tensors_to_clone, meta_outputs, launch_kwargs=(),
        constant_args=None) -> dict:
    """Validate the selected route and return kwargs with kernel defaults."""
    route = _triton_hop_route_key(spec.kernel_idx, spec.constant_args_idx)

    if constant_args is None:
        try:
            constant_args = kernel_side_table.get_constant_args(
                spec.constant_args_idx)
        except AssertionError as exc:
            raise RuntimeError(
                "stale Triton HOP route: constant args side-table entry is missing. "
                f"route={route}"
            ) from exc
    if not isinstance(constant_args, Mapping):
        raise RuntimeError(
            "Triton HOP constant args must be a mapping. "
            f"route={route}, actual_type={type(constant_args)}"
        )

    actual_launch_kwargs = _normalize_launch_kwargs(launch_kwargs)
    if actual_launch_kwargs != spec.launch_kwargs:
        raise _triton_hop_contract_mismatch(
            spec, "launch_kwargs", spec.launch_kwargs,
            actual_launch_kwargs)
    try:
        kernel = kernel_side_table.get_kernel(spec.kernel_idx)
    except AssertionError as exc:
        raise RuntimeError(
            "stale Triton HOP route: kernel side-table entry is missing. "
            f"route={route}"
        ) from exc
    if spec.kernel_ref is not None and kernel is not spec.kernel_ref:
        raise RuntimeError(
            "stale Triton HOP route: side-table kernel identity changed. "
            f"route={route}, expected_type={type(spec.kernel_ref).__name__}, "
            f"actual_type={type(kernel).__name__}"
        )

    normalized_kwargs = _materialize_triton_hop_kernel_defaults(
        kernel, kwargs, constant_args)
    _validate_triton_hop_argument_sources(
        kernel,
        normalized_kwargs,
        constant_args,
        f"Triton HOP routed call route={route}",
        actual_launch_kwargs,
    )

    if not _triton_hop_grid_candidate_matches(spec.grid_configs, grid):
        raise _triton_hop_contract_mismatch(
            spec, "grid", spec.grid_configs, grid)

    if not _triton_hop_tma_candidate_matches(
            spec.tma_descriptor_metadata, tma_descriptor_metadata):
        raise _triton_hop_contract_mismatch(
            spec, "tma_descriptor_metadata",
            spec.tma_descriptor_metadata, tma_descriptor_metadata)

    for input_spec in spec.input_specs:
        _triton_hop_validate_actual_input(
            spec, input_spec, normalized_kwargs, constant_args)

    actual_output_keys = _triton_hop_lookup_output_keys(meta_outputs)
    if actual_output_keys != tuple(spec.output_keys):
        raise _triton_hop_contract_mismatch(
            spec, "output_keys", tuple(spec.output_keys), actual_output_keys)

    actual_clone_keys = tuple(tensors_to_clone)
    if actual_clone_keys != tuple(spec.tensors_to_clone):
        raise _triton_hop_contract_mismatch(
            spec, "tensors_to_clone", tuple(spec.tensors_to_clone),
            actual_clone_keys)
    return normalized_kwargs


def _triton_hop_output_keys(meta_outputs) -> tuple:
    if (
        not isinstance(meta_outputs, dict)
        or not meta_outputs
        or not all(isinstance(key, str) for key in meta_outputs)
        or not all(isinstance(value, torch.Tensor) for value in meta_outputs.values())
    ):
        raise RuntimeError(
            "Triton HOP meta output must be a non-empty dict[str, Tensor]"
        )
    return tuple(meta_outputs.keys())


def _validate_triton_hop_functional_output_contract(
        input_specs, output_keys, tensors_to_clone, *, context: str) -> None:
    input_specs_by_name = {item.name: item for item in input_specs}
    clone_keys = tuple(tensors_to_clone)
    output_keys = tuple(output_keys)

    if not clone_keys:
        raise RuntimeError(
            "Triton functional HOP requires at least one cloned runtime tensor input. "
            f"tensors_to_clone={clone_keys}, output_keys={output_keys}. {context}"
        )

    seen = set()
    for key in clone_keys:
        if not isinstance(key, str):
            raise RuntimeError(
                "Triton HOP tensors_to_clone must contain only string keys. "
                f"key={key!r}, key_type={type(key)}. {context}"
            )
        if key in seen:
            raise RuntimeError(
                f"Triton HOP duplicate tensors_to_clone key {key!r}. "
                f"tensors_to_clone={clone_keys}. {context}"
            )
        seen.add(key)

        input_spec = input_specs_by_name.get(key)
        if input_spec is None:
            raise RuntimeError(
                f"Triton HOP clone key {key!r} was not found in launch inputs. "
                f"input_names={tuple(input_specs_by_name)}. {context}"
            )
        if input_spec.source != "ge_tensor_input" or input_spec.category != "tensor":
            raise RuntimeError(
                f"Triton HOP clone key {key!r} must refer to a runtime tensor input. "
                f"actual_source={input_spec.source!r}, "
                f"actual_category={input_spec.category!r}. {context}"
            )

    clone_key_set = set(clone_keys)
    output_key_set = set(output_keys)
    missing_output_keys = tuple(
        key for key in clone_keys if key not in output_key_set)
    unexpected_output_keys = tuple(
        key for key in output_keys if key not in clone_key_set)
    if missing_output_keys or unexpected_output_keys:
        raise RuntimeError(
            "Triton HOP functional output contract mismatch. "
            f"missing_output_keys={missing_output_keys}, "
            f"unexpected_output_keys={unexpected_output_keys}, "
            f"tensors_to_clone={clone_keys}, output_keys={output_keys}. {context}"
        )


def _triton_hop_lookup_output_keys(meta_outputs) -> tuple:
    if (
        not isinstance(meta_outputs, Mapping)
        or not meta_outputs
        or not all(isinstance(key, str) for key in meta_outputs)
    ):
        raise RuntimeError(
            "Triton HOP converter meta output must be a non-empty mapping with string keys"
        )
    return tuple(meta_outputs.keys())


def extract_triton_hop_spec(
        node, graph_id: int, spec_idx: int) -> TritonHopCallbackSpec:
    """Extract the process-local launch contract from a functional HOP node."""
    kwargs = node.kwargs
    tma_metadata = kwargs["tma_descriptor_metadata"]

    kernel_idx = kwargs["kernel_idx"]
    try:
        kernel = kernel_side_table.get_kernel(kernel_idx)
    except AssertionError as exc:
        raise RuntimeError(
            f"Triton HOP kernel_idx={kernel_idx} was not found during prescan. "
            f"node={node.name}, graph_id={graph_id}"
        ) from exc

    constant_args_idx = kwargs["constant_args_idx"]
    try:
        constant_args = kernel_side_table.get_constant_args(constant_args_idx)
    except AssertionError as exc:
        raise RuntimeError(
            f"Triton HOP constant_args_idx={constant_args_idx} was not found during prescan. "
            f"kernel_idx={kernel_idx}, node={node.name}, graph_id={graph_id}"
        ) from exc

    hop_kwargs = kwargs["kwargs"]
    if not isinstance(hop_kwargs, Mapping):
        raise RuntimeError(f"Triton HOP kwargs must be a mapping, got {type(hop_kwargs)}")
    hop_kwargs = _materialize_triton_hop_kernel_defaults(
        kernel, hop_kwargs, constant_args)
    launch_kwargs = _normalize_launch_kwargs(kwargs.get("launch_kwargs"))
    implicit_autotune_names = _validate_triton_hop_argument_sources(
        kernel,
        hop_kwargs,
        constant_args,
        f"kernel_idx={kernel_idx}, node={node.name}, graph_id={graph_id}",
        launch_kwargs,
    )

    specs_by_name = {}
    for name, value in hop_kwargs.items():
        if isinstance(value, torch.fx.Node):
            meta_value = value.meta.get("val")
            if isinstance(meta_value, torch.Tensor):
                specs_by_name[name] = TritonHopInputSpec(
                    name=name,
                    category="tensor",
                    source="ge_tensor_input",
                )
                continue
            scalar_type = _normalize_runtime_scalar_type(meta_value)
            if scalar_type is None:
                raise RuntimeError(
                    f"Triton HOP runtime scalar '{name}' has unsupported or missing "
                    f"scalar meta type {type(meta_value)}. node={node.name}, graph_id={graph_id}"
                )
            specs_by_name[name] = TritonHopInputSpec(
                name=name,
                category="runtime_scalar",
                source="ge_scalar_input",
                scalar_type=scalar_type,
            )
            continue

        static_value = _canonicalize_constexpr(value)
        if static_value is _UNSUPPORTED_CONSTEXPR:
            raise RuntimeError(
                f"Triton HOP constexpr '{name}' cannot be canonicalized. "
                f"value_type={type(value)}, node={node.name}, graph_id={graph_id}"
            )
        specs_by_name[name] = TritonHopInputSpec(
            name=name,
            category="constexpr",
            source="node_kwargs",
            static_value=static_value,
        )

    for name in constant_args:
        if name not in specs_by_name:
            specs_by_name[name] = TritonHopInputSpec(
                name=name,
                category="constexpr",
                source="side_table",
            )

    input_specs = []
    ge_input_index = 0
    for name in _triton_hop_argument_names(kernel, launch_kwargs):
        if name in implicit_autotune_names:
            continue
        input_spec = specs_by_name[name]
        if input_spec.source in ("ge_tensor_input", "ge_scalar_input"):
            input_spec = replace(input_spec, ge_input_index=ge_input_index)
            ge_input_index += 1
        input_specs.append(input_spec)
    input_specs = tuple(input_specs)
    context = (
        f"kernel_idx={kernel_idx}, node={node.name}, graph_id={graph_id}, "
        f"spec_idx={spec_idx}"
    )
    tma_specs, ge_input_index = _normalize_tma_metadata_from_node(
        tma_metadata,
        kernel,
        hop_kwargs,
        ge_input_index,
        context,
    )
    grid_configs, ge_input_index = _normalize_grid_configs_from_node(
        kwargs["grid"], ge_input_index, context)
    _validate_grid_config_count(kernel, grid_configs, context)
    output_keys = _triton_hop_output_keys(node.meta.get("val"))
    try:
        tensors_to_clone = tuple(kwargs["tensors_to_clone"])
    except TypeError as exc:
        raise RuntimeError(
            "Triton HOP tensors_to_clone must be an iterable of string keys. "
            f"actual_type={type(kwargs['tensors_to_clone'])}, "
            f"node={node.name}, graph_id={graph_id}"
        ) from exc
    return TritonHopCallbackSpec(
        graph_id=graph_id,
        spec_idx=spec_idx,
        ge_op_name=f"torchair_triton_hop__graph{graph_id}_spec{spec_idx}",
        kernel_idx=kernel_idx,
        constant_args_idx=constant_args_idx,
        grid_configs=grid_configs,
        tma_descriptor_metadata=tma_specs,
        input_specs=input_specs,
        output_keys=output_keys,
        tensors_to_clone=tensors_to_clone,
        launch_kwargs=launch_kwargs,
        kernel_ref=kernel,
    )


def _triton_hop_scalar_category(scalar_type: Optional[str]) -> str:
    if scalar_type in ("SymInt", "int"):
        return "int"
    if scalar_type in ("SymFloat", "float"):
        return "float"
    if scalar_type in ("SymBool", "bool"):
        return "bool"
    raise RuntimeError(f"Unsupported Triton HOP scalar type: {scalar_type}")


def _triton_hop_scalar_types_abi_compatible(
        first: Optional[str], second: Optional[str]) -> bool:
    if first is None or second is None:
        return False
    return _triton_hop_scalar_category(first) == _triton_hop_scalar_category(second)


def _iter_triton_hop_reg_op_inputs(spec: TritonHopCallbackSpec):
    """Yield ``(order_index, ge_input_index, name, type_category)`` for every GE
    input of a Triton HOP REG_OP prototype, in IR input order.

    Shared by ``build_triton_hop_registration_schema_info`` (REG_OP schema) and
    the Python execute codegen (positional parameter list), so the two can never
    drift. ``order_index`` equals ``ge_input_index`` once inputs are contiguous.
    """
    entries = []
    for input_spec in spec.input_specs:
        if input_spec.source == "ge_tensor_input":
            entries.append((input_spec.ge_input_index, input_spec.name, "tensor"))
        elif input_spec.source == "ge_scalar_input":
            entries.append((
                input_spec.ge_input_index,
                input_spec.name,
                _triton_hop_scalar_category(input_spec.scalar_type),
            ))
    for descriptor in spec.tma_descriptor_metadata:
        for field_name, value_spec in _iter_triton_hop_tma_fields(descriptor):
            if value_spec.source == "ge_input":
                entries.append((
                    value_spec.ge_input_index,
                    f"tma_{descriptor.name}_{field_name}",
                    value_spec.type_category,
                ))
    for config in spec.grid_configs:
        value_spec = config.value_spec
        if value_spec.source == "ge_input":
            entries.append((
                value_spec.ge_input_index,
                f"grid_{config.config_index}",
                value_spec.type_category,
            ))
    entries.sort(key=lambda item: item[0])
    for order_index, (ge_input_index, name, type_category) in enumerate(entries):
        yield order_index, ge_input_index, name, type_category


def build_triton_hop_registration_schema_info(
        spec: TritonHopCallbackSpec) -> SchemaInfo:
    """Adapt a HOP spec to SchemaInfo used only by REG_OP generation."""
    arguments = []
    for order_index, ge_input_index, name, type_category in _iter_triton_hop_reg_op_inputs(spec):
        if ge_input_index != order_index:
            raise RuntimeError("Triton HOP GE input indices must be contiguous")
        arguments.append(SchemaArgInfo(
            name=f"arg_{order_index}_{name}",
            type_category=type_category,
            input_kind=_compute_input_kind(type_category, False),
        ))

    returns = [
        SchemaArgInfo(name=f"out_{index}_{key}", type_category="tensor")
        for index, key in enumerate(spec.output_keys)
    ]
    op_name = spec.ge_op_name.split("__", 1)[1]
    return SchemaInfo(
        full_op_name=f"torchair_triton_hop::{op_name}",
        namespace_name="torchair_triton_hop",
        op_name=op_name,
        overload="",
        arguments=arguments,
        returns=returns,
    )


# Published snapshots are never mutated in place.  Writers replace this
# reference under the lock; converter readers take one coherent generation.
_triton_hop_registry_snapshot: dict[TritonHopRouteKey, TritonHopCallbackSpec] = {}
_triton_hop_registry_lock = threading.Lock()
_triton_hop_converter_registered = False


_TRITON_HOP_CONTRACT_FIELDS = (
    "grid_configs",
    "input_specs",
    "output_keys",
    "tensors_to_clone",
    "launch_kwargs",
    "tma_descriptor_metadata",
)


def _triton_hop_contract_difference(
        existing: TritonHopCallbackSpec, new: TritonHopCallbackSpec) -> Optional[str]:
    """Return the first differing normalized contract field, if any."""
    existing_key = _triton_hop_contract_key(existing)
    new_key = _triton_hop_contract_key(new)
    for field_name, existing_value, new_value in zip(
            _TRITON_HOP_CONTRACT_FIELDS, existing_key, new_key):
        if existing_value != new_value:
            return field_name
    return None


def _filter_new_triton_hop_specs(
        specs: List[TritonHopCallbackSpec],
        registry_snapshot: Mapping[
            TritonHopRouteKey, TritonHopCallbackSpec]) -> List[TritonHopCallbackSpec]:
    """Keep the first spec for each process-local side-table route.

    ``KernelSideTable`` assigns fresh indices while capturing calls, so a route
    is the call identity.  The normalized contract comparison only catches an
    impossible-but-dangerous malformed graph or side-table reuse.
    """
    pending_specs = dict(registry_snapshot)
    new_specs = []
    for spec in specs:
        route = _triton_hop_route_key(spec.kernel_idx, spec.constant_args_idx)
        existing = pending_specs.get(route)
        if existing is not None:
            if (
                    existing.kernel_ref is not None
                    and spec.kernel_ref is not None
                    and existing.kernel_ref is not spec.kernel_ref
            ):
                raise RuntimeError(
                    "stale Triton HOP route: side-table kernel identity changed. "
                    f"route={route}, existing=(graph_id={existing.graph_id}, "
                    f"spec_idx={existing.spec_idx}), "
                    f"new=(graph_id={spec.graph_id}, spec_idx={spec.spec_idx})"
                )
            field = _triton_hop_contract_difference(existing, spec)
            if field is not None:
                raise RuntimeError(
                    "Triton HOP route maps to different contracts. "
                    f"route={route}, field={field}, "
                    f"existing=(graph_id={existing.graph_id}, "
                    f"spec_idx={existing.spec_idx}, "
                    f"ge_op_name={existing.ge_op_name!r}), "
                    f"new=(graph_id={spec.graph_id}, "
                    f"spec_idx={spec.spec_idx}, "
                    f"ge_op_name={spec.ge_op_name!r})"
                )
            logger.debug("Reusing Triton HOP route %s", route)
            continue
        pending_specs[route] = spec
        new_specs.append(spec)
    return new_specs


def validate_triton_hop_specs(
        specs: List[TritonHopCallbackSpec]) -> List[TritonHopCallbackSpec]:
    """Validate specs and return only routes that need callback codegen."""
    new_specs = _filter_new_triton_hop_specs(
        specs, _triton_hop_registry_snapshot)
    for spec in new_specs:
        _validate_triton_hop_functional_output_contract(
            spec.input_specs,
            spec.output_keys,
            spec.tensors_to_clone,
            context=(
                f"graph_id={spec.graph_id}, spec_idx={spec.spec_idx}, "
                f"ge_op_name={spec.ge_op_name}"
            ),
        )
    return new_specs


def publish_triton_hop_specs(specs: List[TritonHopCallbackSpec]) -> None:
    """Atomically publish validated specs after code generation succeeds."""
    global _triton_hop_registry_snapshot
    with _triton_hop_registry_lock:
        new_specs = _filter_new_triton_hop_specs(
            specs, _triton_hop_registry_snapshot)
        next_snapshot = dict(_triton_hop_registry_snapshot)
        for spec in new_specs:
            route = _triton_hop_route_key(spec.kernel_idx, spec.constant_args_idx)
            next_snapshot[route] = spec
            logger.debug(
                "Published Triton HOP route %s with graph_id=%s spec_idx=%s",
                route, spec.graph_id, spec.spec_idx)
        _triton_hop_registry_snapshot = next_snapshot


def _integer_value_to_ge_input(
        value, value_spec: TritonHopIntegerValueSpec,
        ge_input_name: str, value_context: str,
        *, error_context: str):
    from torchair._ge_concrete_graph import ge_apis as ge
    from torchair.ge import DataType
    from torchair.ge._ge_graph import Tensor as GeTensor

    if isinstance(value, GeTensor):
        expected_rank = 1 if value_spec.type_category == "int_list" else 0
        if value.symsize is None or len(value.symsize) != expected_rank:
            raise RuntimeError(
                f"Triton HOP {value_context} GE input has "
                f"invalid rank; expected {expected_rank}. {error_context}"
            )
        if (expected_rank == 1
                and int(value.symsize[0]) != value_spec.value_count):
            raise RuntimeError(
                f"Triton HOP {value_context} expected "
                f"{value_spec.value_count} values, got {value.symsize[0]}. "
                f"{error_context}"
            )
        integer_dtypes = (
            DataType.DT_INT8,
            DataType.DT_UINT8,
            DataType.DT_INT16,
            DataType.DT_UINT16,
            DataType.DT_INT32,
            DataType.DT_UINT32,
            DataType.DT_INT64,
            DataType.DT_UINT64,
        )
        if value.dtype not in integer_dtypes:
            raise RuntimeError(
                f"Triton HOP {value_context} requires an "
                f"integer GE dtype, got {value.dtype}. {error_context}"
            )
        return (
            value
            if value.dtype == DataType.DT_INT64
            else ge.Cast(value, dst_type=DataType.DT_INT64)
        )

    valid = (
        _is_exact_int(value)
        if value_spec.type_category == "int"
        else isinstance(value, (list, tuple))
        and len(value) == value_spec.value_count
        and all(_is_exact_int(item) for item in value)
    )
    if not valid:
        raise RuntimeError(
            f"Triton HOP {value_context} cannot become "
            f"{value_spec.type_category} GE input from {type(value)}. "
            f"{error_context}"
        )
    return _scalar_to_ge_input(
        value,
        SchemaArgInfo(
            name=ge_input_name,
            type_category=value_spec.type_category,
            input_kind=_compute_input_kind(value_spec.type_category, False),
        ),
    )


def _triton_hop_converter(
        *, kernel_idx, constant_args_idx, grid, tma_descriptor_metadata,
        kwargs, tensors_to_clone, meta_outputs=None, launch_kwargs=()):
    """Route one functional Triton HOP call through its published spec."""
    route = _triton_hop_route_key(kernel_idx, constant_args_idx)
    spec = _triton_hop_registry_snapshot.get(route)
    if spec is None:
        actual_keys = tuple(kwargs.keys()) if isinstance(kwargs, Mapping) else ()
        raise RuntimeError(
            "No published Triton HOP route. "
            f"route={route}, actual_kwargs_keys={actual_keys}, "
            f"registry_size={len(_triton_hop_registry_snapshot)}"
        )
    if not isinstance(kwargs, Mapping):
        raise RuntimeError(
            "Triton HOP kwargs must be a mapping. "
            f"route={route}, actual_type={type(kwargs)}"
        )

    normalized_kwargs = _validate_triton_hop_call_against_spec(
        spec,
        grid=grid,
        tma_descriptor_metadata=tma_descriptor_metadata,
        kwargs=kwargs,
        tensors_to_clone=tensors_to_clone,
        meta_outputs=meta_outputs,
        launch_kwargs=launch_kwargs,
    )

    ge_inputs = {}
    for input_spec in spec.input_specs:
        if input_spec.source not in ("ge_tensor_input", "ge_scalar_input"):
            continue
        ge_input_name = f"arg_{input_spec.ge_input_index}_{input_spec.name}"
        value = normalized_kwargs[input_spec.name]
        if input_spec.source == "ge_scalar_input":
            type_category = _triton_hop_scalar_category(input_spec.scalar_type)
            if type_category == "int":
                value = _integer_ge_input_to_int64(
                    value,
                    ge_input_name,
                    f"scalar {input_spec.name!r}",
                    error_context=(
                        f"graph_id={spec.graph_id}, spec_idx={spec.spec_idx}, "
                        f"ge_op_name={spec.ge_op_name!r}, "
                        f"kernel_idx={spec.kernel_idx}, "
                        f"constant_args_idx={spec.constant_args_idx}"
                    ),
                )
            elif type(value) in (bool, int, float):
                value = _scalar_to_ge_input(
                    value,
                    SchemaArgInfo(
                        name=ge_input_name,
                        type_category=type_category,
                        input_kind=_compute_input_kind(type_category, False),
                    ),
                )
        ge_inputs[ge_input_name] = value

    for descriptor in spec.tma_descriptor_metadata:
        if descriptor.name not in tma_descriptor_metadata:
            raise RuntimeError(
                f"Triton HOP TMA descriptor {descriptor.name!r} required by "
                f"spec_idx={spec.spec_idx} was not found in converter metadata")
        decoded = _decode_tma_descriptor(
            tma_descriptor_metadata[descriptor.name],
            descriptor.name,
            f"graph_id={spec.graph_id}, spec_idx={spec.spec_idx}, converter binding",
        )
        if (decoded.encoding != descriptor.encoding
                or decoded.kind != descriptor.kind):
            raise RuntimeError(
                f"Triton HOP TMA descriptor {descriptor.name!r} does not match "
                f"spec encoding/kind ({descriptor.encoding}, {descriptor.kind}); "
                f"got ({decoded.encoding}, {decoded.kind}). "
                f"spec_idx={spec.spec_idx}")
        actual_fields = dict(decoded.fields)
        for field_name, value_spec in _iter_triton_hop_tma_fields(descriptor):
            if field_name not in actual_fields:
                raise RuntimeError(
                    f"Triton HOP TMA descriptor {descriptor.name!r} is missing "
                    f"field {field_name!r}. spec_idx={spec.spec_idx}")
            value = actual_fields[field_name]
            if value_spec.source == "static":
                if not _integer_actual_value_matches(value_spec, value):
                    raise RuntimeError(
                        f"Triton HOP TMA {descriptor.name}.{field_name} does "
                        f"not match static callback spec. "
                        f"spec_idx={spec.spec_idx}"
                    )
                continue
            ge_input_name = (
                f"arg_{value_spec.ge_input_index}_tma_"
                f"{descriptor.name}_{field_name}"
            )
            ge_inputs[ge_input_name] = _integer_value_to_ge_input(
                value,
                value_spec,
                ge_input_name,
                f"TMA {descriptor.name}.{field_name}",
                error_context=(
                    f"graph_id={spec.graph_id}, spec_idx={spec.spec_idx}, "
                    f"ge_op_name={spec.ge_op_name!r}, "
                    f"kernel_idx={spec.kernel_idx}, "
                    f"constant_args_idx={spec.constant_args_idx}"
                ),
            )

    if not isinstance(grid, (list, tuple)) or len(grid) != len(spec.grid_configs):
        raise RuntimeError(
            "Triton HOP grid config count does not match callback spec. "
            f"expected={len(spec.grid_configs)}, "
            f"actual={None if not isinstance(grid, (list, tuple)) else len(grid)}, "
            f"graph_id={spec.graph_id}, spec_idx={spec.spec_idx}"
        )
    for config, value in zip(spec.grid_configs, grid):
        value_spec = config.value_spec
        if value_spec.source == "static":
            if not _integer_actual_value_matches(value_spec, value):
                raise RuntimeError(
                    f"Triton HOP grid config {config.config_index} does not "
                    "match static callback spec. "
                    f"graph_id={spec.graph_id}, spec_idx={spec.spec_idx}"
                )
            continue
        ge_input_name = (
            f"arg_{value_spec.ge_input_index}_grid_{config.config_index}"
        )
        ge_inputs[ge_input_name] = _integer_value_to_ge_input(
            value,
            value_spec,
            ge_input_name,
            f"grid config {config.config_index}",
            error_context=(
                f"graph_id={spec.graph_id}, spec_idx={spec.spec_idx}, "
                f"ge_op_name={spec.ge_op_name!r}, "
                f"kernel_idx={spec.kernel_idx}, "
                f"constant_args_idx={spec.constant_args_idx}"
            ),
        )

    ge_outputs = [
        f"out_{index}_{key}" for index, key in enumerate(spec.output_keys)
    ]
    from torchair.ge.ge_custom import custom_op
    converted = custom_op(
        spec.ge_op_name,
        inputs=ge_inputs,
        outputs=ge_outputs,
        attrs={},
    )
    if len(spec.output_keys) == 1:
        return {spec.output_keys[0]: converted}
    return {
        key: converted[index]
        for index, key in enumerate(spec.output_keys)
    }


def ensure_triton_hop_converter_registered() -> None:
    """Register the process-wide shared converter once, with retry on failure."""
    global _triton_hop_converter_registered
    if _triton_hop_converter_registered:
        return
    from torchair._ge_concrete_graph.fx2ge_converter import register_fx_node_ge_converter
    register_fx_node_ge_converter(triton_kernel_wrapper_functional)(
        _triton_hop_converter
    )
    _triton_hop_converter_registered = True


def is_custom_op(target) -> bool:
    if not isinstance(target, OpOverload):
        return False
    if not hasattr(target, '_schema'):
        return False
    namespace = target._schema.name.split("::", 1)[0]
    return namespace not in _BUILTIN_NAMESPACES


def determine_callback_path(target) -> Optional[str]:
    if not isinstance(target, OpOverload):
        raise RuntimeError(f"Target must be OpOverload, got {type(target)}")
    has_kernel = torch._C._dispatch_has_kernel_for_dispatch_key(
        target.name(), DispatchKey.PrivateUse1
    )

    if not has_kernel:
        logger.debug(
            "Op '%s' has no PrivateUse1 kernel, skipping auto-callback.",
            target.name(),
        )
        return None

    defined_in_python = getattr(target, "_defined_in_python", True)

    if not defined_in_python:
        logger.debug(
            "Op '%s' is C++-defined with a PrivateUse1 kernel, using cpp callback path.",
            target.name(),
        )
        return "cpp"

    # Python-defined op: use python callback path.
    # cpp path is more efficient but requires C++ compilation environment.
    # To use cpp path, define the op using TORCH_LIBRARY in C++ and set
    # _defined_in_python = False.
    logger.debug(
        "Op '%s' is Python-defined with a PrivateUse1 kernel, using python callback path.",
        target.name(),
    )

    return "python"


_SCALAR_GE_TENSOR_TYPE = {
    "int": "IntTensorType()",
    "float": "FloatTensorType()",
    "bool": "BoolTensorType()",
    "str": "StringTensorType()",
    "str_list": "StringTensorType()",
    "Scalar": "TensorType::ALL()",
    "int_list": "IntTensorType()",
    "float_list": "FloatTensorType()",
    "bool_list": "BoolTensorType()",
    "scalar_list": "TensorType::ALL()",
    "enum": "IntTensorType()",
}

# Derived from _SCALAR_GE_TENSOR_TYPE: all non-tensor, non-tensor_list categories
# are treated as scalar (value dependency) inputs. Kept as a separate variable for
# readability and O(1) membership test in _is_scalar_category.
_SCALAR_CATEGORIES = set(_SCALAR_GE_TENSOR_TYPE.keys())


def _is_scalar_category(type_category: str) -> bool:
    """All non-tensor, non-tensor_list categories are treated as scalar (value dependency) inputs."""
    return type_category in _SCALAR_CATEGORIES


def _classify_type(arg_type) -> str:
    type_str = str(arg_type)

    # Strip Optional[...] wrapper, aligned with delegate UnwrapOptional().
    # e.g. "Optional[int]" → "int", "Optional[Tensor]" → "Tensor"
    if type_str.startswith("Optional[") and type_str.endswith("]"):
        type_str = type_str[len("Optional["):-1]

    if type_str.startswith("Dict["):
        raise RuntimeError(f"Unsupported type: {type_str}")

    # Strip list wrapper: "Tensor[]" → "Tensor", "List[int]" → "int"
    inner = type_str
    is_list = False
    if type_str.endswith("[]") and len(type_str) > 2:
        inner = type_str[:-2]
        is_list = True
    elif type_str.startswith("List[") and type_str.endswith("]"):
        inner = type_str[len("List["):-1]
        is_list = True

    if is_list:
        if inner == "Tensor":
            return "tensor_list"
        if inner == "int":
            return "int_list"
        if inner == "float":
            return "float_list"
        if inner == "bool":
            return "bool_list"
        if inner == "str":
            return "str_list"
        if inner in ("Scalar", "number"):
            return "scalar_list"
        raise RuntimeError(f"Unsupported list type: {type_str}")

    if inner == "Tensor":
        return "tensor"

    if inner == "int":
        return "int"
    if inner == "float":
        return "float"
    if inner == "bool":
        return "bool"
    if inner == "str":
        return "str"
    if inner in ("Scalar", "Number", "number"):
        return "Scalar"
    if inner in ("ScalarType", "Layout", "Device", "MemoryFormat"):
        return "enum"

    raise RuntimeError(f"Unsupported type: {type_str}")


def _is_optional(arg_type) -> bool:
    return str(arg_type).startswith("Optional[")


def _is_tensor_list_type(arg_type) -> bool:
    type_str = str(arg_type)
    return "Tensor[]" in type_str or type_str == "List[Tensor]"


def _scalar_ge_tensor_type(type_category: str) -> str:
    return _SCALAR_GE_TENSOR_TYPE.get(type_category, "TensorType::ALL()")


def _extract_return_info(ret, index=0) -> SchemaArgInfo:
    name = ret.name if ret.name else (f"output_{index}")
    type_category = _classify_type(ret.type)
    is_optional = _is_optional(ret.type)
    is_variadic = _is_tensor_list_type(ret.type)
    has_alias = hasattr(ret, 'alias_info') and ret.alias_info is not None
    is_alias_write = has_alias and ret.alias_info.is_write
    alias_group = frozenset(ret.alias_info.before_set) if has_alias else frozenset()

    return SchemaArgInfo(
        name=name,
        type_category=type_category,
        is_optional=is_optional,
        is_variadic=is_variadic,
        has_alias=has_alias,
        is_alias_write=is_alias_write,
        alias_group=alias_group,
    )


def extract_schema_info(target: OpOverload) -> SchemaInfo:
    if not isinstance(target, OpOverload):
        raise RuntimeError(f"Target must be OpOverload, got {type(target)}")

    schema = target._schema
    full_op_name = schema.name
    namespace_name, op_name = schema.name.split("::", 1)
    overload = target._overloadname if target._overloadname != "default" else ""

    arguments = []
    has_variadic_input = False

    for arg in schema.arguments:
        type_category = _classify_type(arg.type)
        is_optional = _is_optional(arg.type)
        is_variadic = _is_tensor_list_type(arg.type)

        if is_variadic:
            has_variadic_input = True

        has_alias = hasattr(arg, 'alias_info') and arg.alias_info is not None
        is_alias_write = has_alias and arg.alias_info.is_write

        has_default = arg.has_default_value()
        default_value = arg.default_value if has_default else None

        # scalar_list does not support optional/default (torch schema limitation),
        # aligned with delegate which always uses SCALAR_LIST without _OPT variant
        if type_category == "scalar_list":
            is_optional = False
        else:
            # is_optional here serves GE OPTIONAL_INPUT semantics, not just
            # Optional[T] types: params with default values are also marked
            # optional so GE generates OPTIONAL_INPUT. The converter always
            # supplies a value (using default_value when missing), so GE
            # runtime never sees a missing input.
            is_optional = is_optional or has_default

        arg_info = SchemaArgInfo(
            name=arg.name,
            type_category=type_category,
            has_default=has_default,
            is_optional=is_optional,
            is_variadic=is_variadic,
            has_alias=has_alias,
            is_alias_write=is_alias_write,
            default_value=default_value,
            is_out=getattr(arg, 'is_out', False),
            is_kwarg_only=getattr(arg, 'kwarg_only', False),
            input_kind=_compute_input_kind(type_category, is_optional),
            alias_group=frozenset(arg.alias_info.before_set) if has_alias else frozenset(),
        )
        arguments.append(arg_info)

    returns = []

    for i, ret in enumerate(schema.returns):
        ret_info = _extract_return_info(ret, i)
        returns.append(ret_info)

    # --- Per-return alias group matching ---
    # Build alias group → (arg, arg_idx) mapping for non-empty groups.
    # Each non-variadic return with has_alias is matched to its corresponding
    # arg via the shared alias group (before_set). This determines whether the
    # return is an out-return (corresponds to an out arg) or an inplace-return
    # (corresponds to a mutated input arg).
    group_to_arg = {}
    for arg_idx, arg in enumerate(arguments):
        if arg.has_alias and arg.alias_group:
            for g in arg.alias_group:
                group_to_arg[g] = (arg, arg_idx)

    # arg index → return index, for out args matched via alias group
    out_arg_to_return = {}

    for i, ret in enumerate(returns):
        if ret.has_alias and ret.is_variadic:
            raise RuntimeError(
                f"Schema '{full_op_name}': return '{ret.name}' is both variadic (Tensor[]) "
                f"and has alias annotation. Variadic inplace return is not supported."
            )
        if not ret.has_alias or ret.is_variadic or not ret.alias_group:
            continue
        # Find the arg that shares an alias group with this return
        matched_arg = None
        matched_arg_idx = None
        for g in ret.alias_group:
            if g in group_to_arg:
                matched_arg, matched_arg_idx = group_to_arg[g]
                break
        if matched_arg is None:
            raise RuntimeError(
                f"Schema '{full_op_name}': return with alias group {ret.alias_group} "
                f"has no matching argument"
            )
        if matched_arg.is_out:
            ret.is_out_return = True
            if matched_arg_idx in out_arg_to_return:
                raise RuntimeError(
                    f"Schema '{full_op_name}': out arg '{matched_arg.name}' is matched by "
                    f"multiple returns (return {out_arg_to_return[matched_arg_idx]} and return {i}). "
                    f"One out arg mapping to multiple returns is not supported."
                )
            out_arg_to_return[matched_arg_idx] = i
        elif matched_arg.is_alias_write:
            ret.is_inplace_return = True
            # Use the arg name for REG_OP OUTPUT declaration (aligned with delegate)
            if matched_arg.name:
                ret.name = matched_arg.name
        else:
            # Read-only alias (e.g. view: Tensor(a) self -> Tensor(a))
            # Not supported — requires MakeOutputRefInput without write semantics
            raise RuntimeError(
                f"Schema '{full_op_name}': return has read-only alias "
                f"(group {ret.alias_group}, arg '{matched_arg.name}' is not out and not write). "
                f"Read-only alias returns (e.g. view ops) are not supported."
            )

    is_out = any(ret.is_out_return for ret in returns)
    is_inplace = any(ret.is_inplace_return for ret in returns)

    # Validate: every out arg must have a matching return via alias group
    for arg_idx, arg in enumerate(arguments):
        if arg.is_out and arg_idx not in out_arg_to_return:
            raise RuntimeError(
                f"Schema '{full_op_name}': out arg '{arg.name}' has no matching "
                f"return with the same alias group. Out args must have a corresponding "
                f"return with matching alias_info (e.g. Tensor(a!) out -> Tensor(a!))."
            )

    # out_return_indices: indices of returns that correspond to out args
    # (used for pre-allocation and out arg → return mapping)
    out_return_indices = [i for i, ret in enumerate(returns) if ret.is_out_return]

    return SchemaInfo(
        full_op_name=full_op_name,
        namespace_name=namespace_name,
        op_name=op_name,
        overload=overload,
        arguments=arguments,
        returns=returns,
        is_inplace=is_inplace,
        is_out=is_out,
        has_variadic_input=has_variadic_input,
        out_return_indices=out_return_indices,
        out_arg_to_return=out_arg_to_return,
    )


def find_inplace_arg_index(schema_info: SchemaInfo, ret: SchemaArgInfo) -> int:
    """Find the schema arg index that matches this inplace return via alias group."""
    for arg_idx, arg in enumerate(schema_info.arguments):
        if arg.is_alias_write and not arg.is_out and (arg.alias_group & ret.alias_group):
            return arg_idx
    raise RuntimeError(
        f"No matching inplace arg found for return with alias group {ret.alias_group}"
    )


def make_ge_op_name(schema_info: SchemaInfo) -> str:
    """Generate GE op identifier, aligned with torch-delegate GenerateGeOpIdentifier.

    Format: namespace__op_name[_overload] (e.g. "my_ops__my_op", "my_ops__my_op_Tensor")
    This avoids name collisions between different namespaces with same op names.
    """
    full_name = schema_info.full_op_name       # e.g. "my_ops::my_op"
    ge_name = full_name.replace("::", "__")    # e.g. "my_ops__my_op"
    if schema_info.overload:
        ge_name += "_" + schema_info.overload  # e.g. "my_ops__my_op_Tensor"
    return ge_name


@dataclass(frozen=True)
class RegOpInput:
    """One REG_OP input port, shared by REG_OP generation and the Python execute signature."""

    name: str
    kind: str       # "required" | "optional" | "dynamic"
    ge_type: str    # GE TensorType expression, e.g. "TensorType::ALL()"


@dataclass(frozen=True)
class RegOpAttr:
    """One REG_OP attribute, shared by REG_OP generation and the Python execute signature."""

    name: str
    reg_type: str   # REG_OP type token, e.g. "Int" | "String" | "ListInt" | "Bool"
    default: str = ""  # C++ default-value literal for .ATTR; empty means required attr


@dataclass(frozen=True)
class RegOpOutput:
    """One REG_OP output port, shared by REG_OP generation and the Python execute signature."""

    name: str
    kind: str       # "required" | "dynamic"
    ge_type: str    # GE TensorType expression, e.g. "TensorType::ALL()"


@dataclass(frozen=True)
class RegOpProto:
    """Canonical REG_OP prototype description including inputs, attrs, and outputs."""

    inputs: Tuple[RegOpInput, ...]
    attrs: Tuple[RegOpAttr, ...]
    outputs: Tuple[RegOpOutput, ...]


def build_reg_op_proto(schema_info: SchemaInfo) -> RegOpProto:
    """Derive the REG_OP prototype description from a torch schema.

    This is the single source of truth shared by ``generate_reg_op`` (C++ REG_OP
    text) and the Python execute signature generator, so the schema-bound execute
    parameter list can never drift from the registered prototype.
    """
    inputs = []
    for arg in schema_info.arguments:
        if arg.is_out:
            continue
        if arg.type_category == "tensor":
            kind = "optional" if arg.is_optional else "required"
            inputs.append(RegOpInput(arg.name, kind, "TensorType::ALL()"))
        elif arg.type_category == "tensor_list":
            inputs.append(RegOpInput(arg.name, "dynamic", "TensorType::ALL()"))
        elif _is_scalar_category(arg.type_category):
            kind = "optional" if arg.is_optional else "required"
            inputs.append(RegOpInput(arg.name, kind, _scalar_ge_tensor_type(arg.type_category)))

    outputs = []
    for i, ret in enumerate(schema_info.returns):
        name = ret.name if ret.name else ("y" if i == 0 else f"y{i}")
        kind = "dynamic" if ret.type_category == "tensor_list" else "required"
        outputs.append(RegOpOutput(name, kind, "TensorType::ALL()"))

    attrs = []
    if schema_info.has_variadic_input:
        attrs.append(RegOpAttr("N", "Int"))
    input_kinds = [arg.input_kind for arg in schema_info.arguments if not arg.is_out]
    attrs.extend([
        RegOpAttr("op_name", "String", f'"{schema_info.full_op_name}"'),
        RegOpAttr("overload", "String", f'"{schema_info.overload}"'),
        RegOpAttr("input_kinds", "ListInt", "{" + ", ".join(str(k) for k in input_kinds) + "}"),
        RegOpAttr("num_outputs", "Int", str(len(outputs))),
        RegOpAttr("is_inplace", "Bool", "true" if schema_info.is_inplace else "false"),
    ])
    return RegOpProto(tuple(inputs), tuple(attrs), tuple(outputs))


def generate_reg_op(schema_info: SchemaInfo, ge_op_name: str) -> str:
    """Generate REG_OP + IMPL_OP with scalars as INPUT (value dependency), aligned with torch-delegate."""
    proto = build_reg_op_proto(schema_info)
    lines = [f"REG_OP({ge_op_name})"]

    for inp in proto.inputs:
        if inp.kind == "optional":
            lines.append(f"  .OPTIONAL_INPUT({inp.name}, {inp.ge_type})")
        elif inp.kind == "dynamic":
            lines.append(f"  .DYNAMIC_INPUT({inp.name}, {inp.ge_type})")
        else:
            lines.append(f"  .INPUT({inp.name}, {inp.ge_type})")

    # Keep the historical emission order: the dynamic-input count attr "N" is
    # declared right after inputs, outputs follow, then the metadata attrs.
    # `GetIrAttrNames()` order depends on this, and the Python execute signature
    # is generated from the same proto, so both remain consistent.
    for attr in proto.attrs:
        if attr.name == "N":
            lines.append(f"  .REQUIRED_ATTR({attr.name}, {attr.reg_type})")

    for out in proto.outputs:
        if out.kind == "dynamic":
            lines.append(f"  .DYNAMIC_OUTPUT({out.name}, {out.ge_type})")
        else:
            lines.append(f"  .OUTPUT({out.name}, {out.ge_type})")

    for attr in proto.attrs:
        if attr.name != "N":
            lines.append(f"  .ATTR({attr.name}, {attr.reg_type}, {attr.default})")

    lines.append(f"  .OP_END_FACTORY_REG({ge_op_name})")

    reg_op_str = "\n".join(lines) + ";\n"

    # IMPL_OP with InputsDataDependency for scalar inputs
    dep_indices = []
    input_idx = 0
    for arg in schema_info.arguments:
        if arg.is_out:
            continue
        if _is_scalar_category(arg.type_category):
            dep_indices.append(input_idx)
        input_idx += 1

    impl_lines = [f"IMPL_OP({ge_op_name})"]
    if dep_indices:
        dep_str = ", ".join(str(i) for i in dep_indices)
        impl_lines.append(f"  .InputsDataDependency({{{dep_str}}});")
    else:
        impl_lines.append("  ;")

    return reg_op_str + "\n".join(impl_lines) + "\n"


def _integer_ge_input_to_int64(value, ge_input_name, value_context, *, error_context):
    """Normalize a dynamic integer HOP input to the INT64 GE ABI."""
    from torchair._ge_concrete_graph import ge_apis as ge
    from torchair.ge import DataType
    from torchair.ge import Tensor as GeTensor

    if isinstance(value, GeTensor):
        symsize = getattr(value, "symsize", None)
        if symsize is None or len(symsize) != 0:
            raise RuntimeError(
                f"Triton HOP {value_context} GE input must be a scalar tensor, "
                f"got symsize={symsize!r}. {error_context}"
            )
        integer_dtypes = (
            DataType.DT_INT8,
            DataType.DT_UINT8,
            DataType.DT_INT16,
            DataType.DT_UINT16,
            DataType.DT_INT32,
            DataType.DT_UINT32,
            DataType.DT_INT64,
            DataType.DT_UINT64,
        )
        if value.dtype not in integer_dtypes:
            raise RuntimeError(
                f"Triton HOP {value_context} requires an integer GE dtype, "
                f"got {value.dtype}. {error_context}"
            )
        return (
            value
            if value.dtype == DataType.DT_INT64
            else ge.Cast(value, dst_type=DataType.DT_INT64)
        )

    if type(value) is not int:
        raise RuntimeError(
            f"Triton HOP {value_context} cannot become an int GE input from "
            f"{type(value)}. {error_context}"
        )
    return _scalar_to_ge_input(
        value,
        SchemaArgInfo(
            name=ge_input_name,
            type_category="int",
            input_kind=_compute_input_kind("int", False),
        ),
    )


def _scalar_to_ge_input(val, arg_info: SchemaArgInfo):
    """Convert a Python scalar to a GE Tensor for use as INPUT (not ATTR).

    Uses ge.Const() to create a proper Const node, aligned with how
    torchair's own converters create constant tensors.

    torch.dtype values (FX carries dtype objects for ScalarType schema args)
    are normalized to their c10::ScalarType enum value, which is what the
    generated callbacks read back and pass to the real op."""
    from torchair.ge import Const, DataType
    from torchair.ge._ge_graph import torch_dtype_to_value
    import numpy as np

    if arg_info.type_category in ("int", "enum") and isinstance(val, torch.dtype):
        val = torch_dtype_to_value(val)

    if arg_info.type_category == "int":
        return Const(int(val), dtype=DataType.DT_INT64)
    elif arg_info.type_category == "float":
        return Const(float(val), dtype=DataType.DT_FLOAT)
    elif arg_info.type_category == "bool":
        return Const(bool(val), dtype=DataType.DT_BOOL)
    elif arg_info.type_category == "Scalar":
        if isinstance(val, int):
            return Const(int(val), dtype=DataType.DT_INT64)
        else:
            return Const(float(val), dtype=DataType.DT_FLOAT)
    elif arg_info.type_category == "str":
        from torchair.ge._ge_graph import get_default_ge_graph, next_unique_name, Tensor as GeTensor, compat_as_bytes
        graph = get_default_ge_graph()
        op = graph.op.add()
        op.type = "Const"
        op.name = next_unique_name(None, "Const")
        op.attr["dtype"].dt = DataType.DT_STRING
        tp = op.attr["value"].t
        tp.desc.dtype = DataType.DT_STRING
        tp.data = compat_as_bytes(str(val))
        op.output_desc.add().name = "y"
        op.output_desc[0].dtype = DataType.DT_STRING
        op.output_desc[0].shape.dim.extend([])
        return GeTensor(op, 0)
    elif arg_info.type_category == "str_list":
        from torchair.ge._ge_graph import get_default_ge_graph, next_unique_name, Tensor as GeTensor, compat_as_bytes
        graph = get_default_ge_graph()
        op = graph.op.add()
        op.type = "Const"
        op.name = next_unique_name(None, "Const")
        op.attr["dtype"].dt = DataType.DT_STRING
        tp = op.attr["value"].t
        tp.desc.dtype = DataType.DT_STRING
        joined = b'\0'.join(compat_as_bytes(str(v)) for v in val)
        tp.data = joined
        op.output_desc.add().name = "y"
        op.output_desc[0].dtype = DataType.DT_STRING
        op.output_desc[0].shape.dim.extend([len(val)])
        return GeTensor(op, 0)
    elif arg_info.type_category == "int_list":
        return Const(np.array([int(v) for v in val], dtype=np.int64), dtype=DataType.DT_INT64)
    elif arg_info.type_category == "float_list":
        return Const(np.array([float(v) for v in val], dtype=np.float32), dtype=DataType.DT_FLOAT)
    elif arg_info.type_category == "bool_list":
        return Const(np.array([bool(v) for v in val], dtype=np.bool_), dtype=DataType.DT_BOOL)
    elif arg_info.type_category == "scalar_list":
        if all(isinstance(v, int) for v in val):
            return Const(np.array([int(v) for v in val], dtype=np.int64), dtype=DataType.DT_INT64)
        else:
            return Const(np.array([float(v) for v in val], dtype=np.float32), dtype=DataType.DT_FLOAT)
    elif arg_info.type_category == "enum":
        return Const(int(val), dtype=DataType.DT_INT64)
    else:
        raise RuntimeError(f"Unsupported scalar type: {arg_info.type_category}")


def build_common_converter(schema_info: SchemaInfo, ge_op_name: str):
    """Build the common converter closure shared by both C++ and Python paths.

    The converter classifies arguments by type_category:
    - tensor → ge_inputs (directly passed as GE Tensor)
    - tensor_list → ge_inputs + ge_attrs["N"] (N is the count, still ATTR)
    - scalar types → ge_inputs (wrapped as Const node via _scalar_to_ge_input)

    Both C++ and Python paths use the same converter because REG_OP is identical
    (scalars as INPUT). The only difference is in Execute, not in converter.
    """
    _output_specs = []
    for i, ret in enumerate(schema_info.returns):
        name = ret.name if ret.name else ("y" if i == 0 else f"y{i}")
        _output_specs.append((name, ret.type_category == "tensor_list"))

    def converter(*args, meta_outputs=None, **kwargs):
        from torchair.ge.ge_custom import custom_op
        from torchair.ge import attr

        ge_inputs = {}
        ge_attrs = {}

        arg_idx = 0
        for schema_arg in schema_info.arguments:
            # Skip out args (e.g. 'out' in add.out).
            # out args are always kwarg_only (declared after '*' in schema),
            # so FX places them in kwargs, not in positional args.
            # Skipping them does not affect arg_idx (which counts positional args only).
            # Aligned with generate_reg_op which also skips is_out args for INPUT generation.
            if schema_arg.is_out:
                continue
            if schema_arg.type_category == "tensor":
                val = args[arg_idx] if arg_idx < len(args) else kwargs.get(schema_arg.name)
                ge_inputs[schema_arg.name] = val
                arg_idx += 1
            elif schema_arg.type_category == "tensor_list":
                val = args[arg_idx] if arg_idx < len(args) else kwargs.get(schema_arg.name)
                ge_inputs[schema_arg.name] = val
                ge_attrs["N"] = attr.Int(len(val))
                arg_idx += 1
            elif _is_scalar_category(schema_arg.type_category):
                val = args[arg_idx] if arg_idx < len(args) else kwargs.get(
                    schema_arg.name, schema_arg.default_value)
                if val is None:
                    if not schema_arg.is_optional:
                        raise RuntimeError(
                            f"Required scalar arg '{schema_arg.name}' of op "
                            f"'{schema_info.full_op_name}' received None."
                        )
                    # None marks an absent OPTIONAL_INPUT: _assemble_inputs
                    # emits an empty input slot for it, and the generated
                    # callbacks pass None (or the schema default) to the real op.
                    ge_inputs[schema_arg.name] = None
                else:
                    ge_inputs[schema_arg.name] = _scalar_to_ge_input(val, schema_arg)
                arg_idx += 1
            else:
                logger.warning(
                    "Unsupported type_category '%s' for arg '%s' in op '%s', skipping.",
                    schema_arg.type_category, schema_arg.name, schema_info.full_op_name
                )
                arg_idx += 1

        ge_outputs = []
        for out_i, (name, is_dynamic) in enumerate(_output_specs):
            if is_dynamic:
                meta = meta_outputs
                if meta is not None:
                    if len(_output_specs) > 1 and isinstance(meta, (list, tuple)):
                        if out_i < len(meta):
                            meta = meta[out_i]
                        else:
                            raise RuntimeError(
                                f"meta_outputs has {len(meta)} elements but output {out_i} "
                                f"requires a dynamic output spec"
                            )
                if meta is not None and isinstance(meta, (list, tuple)):
                    ge_outputs.append((name, len(meta)))
                else:
                    ge_outputs.append((name, 1))
            else:
                ge_outputs.append(name)

        return custom_op(ge_op_name, inputs=ge_inputs, outputs=ge_outputs, attrs=ge_attrs)

    return converter


def register_callback_converter(target):
    """Register a callback converter for a custom op.

    Shared by both cpp and python paths — the converter only generates a
    custom_op node in the GE graph; the Execute implementation differs
    (cpp: .so, python: .py) but is handled at GE runtime, not in the converter.
    """
    schema_info = extract_schema_info(target)
    ge_op_name = make_ge_op_name(schema_info)

    converter = build_common_converter(schema_info, ge_op_name)

    from torchair._ge_concrete_graph.fx2ge_converter import register_fx_node_ge_converter
    register_fx_node_ge_converter(target)(converter)

    return converter
