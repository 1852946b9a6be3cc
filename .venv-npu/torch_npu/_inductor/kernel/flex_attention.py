""" Triton Implementation of the flex_attention Kernel"""

import math
import os
from collections.abc import Sequence
from functools import wraps
from typing import Any, Dict, Optional, Union

import sympy

import torch
from torch._inductor.virtualized import V, ops
from torch.utils._pytree import tree_map
from torch.utils._sympy.functions import FloorDiv, Mod

from torch._inductor import config
try:
    from torch._inductor.utils import can_use_tma
except ImportError:
    def can_use_tma(*_matrices, **_kwargs):
        return False
from torch_npu._inductor import config as npu_config
from torch_npu._inductor.config import log
from torch_npu._inductor.kernel.flex_attention_dispatch import (
    ALL_CODEGEN_CONTEXTS,
    DkdvDispatchStrategy,
    FwdDispatchStrategy,
    FlexAttentionDispatchPlan,
    PYTHON_ONLY,
    get_flexattention_dispatch_strategy,
)
from torch_npu._inductor.kernel.flex_attention_tasklist import (
    FlexAttentionDkdvDispatchSpec,
    RuntimeTemplateArg,
    is_dkdv_tasklist_codegen_compatible,
)
from torch_npu._inductor.kernel.flexattention_template import (
    flex_attention_backward_template,
    flex_attention_bwd_dkdv_mask_out,
    flex_attention_bwd_dkdv_reduce,
    flex_attention_bwd_dkdv_tasklist,
    flex_attention_bwd_dkdv_tasklist_no_split,
    flex_attention_bwd_dq_mask_out,
    flex_attention_bwd_mask_compact,
    flex_attention_bwd_mask_pos,
    flex_attention_compact_offsets,
    flex_attention_compact_mapping,
    flex_attention_template,
    flex_attention_fwd_mask_compact,
    flex_attention_fwd_mask_out,
    flex_attention_fwd_workspace_mask_compact,
    flex_attention_fwd_workspace_offsets,
    flex_attention_fwd_mask_out_all_sparse,
    flex_decoding_template,
)

from torch._inductor.ir import (
    AssertScalar,
    ComputedBuffer,
    DynamicScalar,
    ExternKernel,
    FixedLayout,
    FlexibleLayout,
    get_fill_order,
    IRNode,
    StorageBox,
    TensorBox,
    TritonTemplateBuffer,
)
from torch._inductor.runtime.runtime_utils import is_power_of_2, next_power_of_2
from torch._inductor.lowering import (
    empty,
    empty_strided,
    lowerings,
    to_dtype,
)
from torch._inductor.select_algorithm import autotune_select_algorithm
from torch.nn.attention import flex_attention as flex_attention_module
try:
    from torch._inductor.kernel.flex.common import (
        construct_strides,
        create_indices_fake,
        create_num_blocks_fake_generator,
        create_placeholder,
        freeze_irnodes,
        get_fwd_subgraph_outputs,
        infer_dense_strides,
        maybe_realize,
        set_head_dim_values,
        zeros_and_scatter_lowering,
    )
    from torch._inductor.kernel.flex.flex_attention import (
        get_bwd_subgraph_outputs,
        get_float32_precision,
        process_joint_outputs,
        validate_joint_graph,
    )
except ImportError:
    from torch._inductor.kernel.flex_attention import (
        construct_strides,
        create_indices_fake,
        create_num_blocks_fake_generator,
        create_placeholder,
        get_bwd_subgraph_outputs,
        get_float32_precision,
        get_fwd_subgraph_outputs,
        infer_dense_strides,
        maybe_realize,
        process_joint_outputs,
        set_head_dim_values,
        validate_joint_graph,
        zeros_and_scatter_lowering,
    )
    try:
        from torch._inductor.kernel.flex_attention import freeze_irnodes
    except ImportError:
        from torch.utils._pytree import tree_map_only

        def freeze_irnodes(tree):
            if tree is None:
                return None

            def freeze(node):
                try:
                    node.freeze_layout()
                except NotImplementedError:
                    pass
                return node

            return tree_map_only(IRNode, freeze, tree)

# PyTorch flex_attention exposes/saves LSE in log2 space, matching the
# upstream kernels that use exp2/log2. NPU templates below compute LSE with
# natural exp/log, so the lowering boundary converts between the two bases.
_LN2 = 0.6931471805599453
_LOG2E = 1.4426950408889634


def _supports_flex_attention_mask_out() -> bool:
    """Return whether the selected wrapper can emit mask-out dispatch code."""
    return os.environ.get("TORCHINDUCTOR_NPU_BACKEND", "default") != "dvm"


def _tag_flex_attention_report_choices(new_choices, cfg):
    """Attach tiling metadata used by NPU choice diagnostics."""
    report_config = {
        key: cfg[key]
        for key in (
            "BLOCK_M",
            "BLOCK_N",
            "BLOCK_M1",
            "BLOCK_N1",
            "BLOCK_M2",
            "BLOCK_N2",
            "num_warps",
            "num_stages",
        )
        if key in cfg
    }
    for choice in new_choices:
        setattr(  # noqa: B010
            choice, "_flex_attention_report_config", report_config.copy()
        )


def _tag_choice_configs(new_choices, attr_name: str, cfg: dict[str, Any]) -> None:
    """Attach tiling metadata used by NPU fallback choice ordering."""
    for choice in new_choices:
        setattr(choice, attr_name, cfg.copy())  # noqa: B010s


def _tag_choice_attr(new_choices, attr_name: str, value: Any) -> None:
    for choice in new_choices:
        setattr(choice, attr_name, value)  # noqa: B010


def _tag_choices_for_no_benchmark(new_choices) -> None:
    if prefer_max_tiling_without_benchmark():
        _tag_choice_attr(
            new_choices,
            "_nobench_select_first_compilable",
            True,
        )


def _is_named_ir_node(value: Any) -> bool:
    return hasattr(value, "get_name") and hasattr(value, "get_size")


def _ir_has_dynamic_shape(*nodes_or_dims: Any) -> bool:
    """Return whether any IR node/dimension contains a free symbol."""
    for value in nodes_or_dims:
        if value is None:
            continue
        if isinstance(value, (tuple, list)):
            if _ir_has_dynamic_shape(*value):
                return True
            continue
        get_size = getattr(value, "get_size", None)
        if callable(get_size):
            if _ir_has_dynamic_shape(*get_size()):
                return True
            continue
        if bool(getattr(value, "free_symbols", ())):
            return True
    return False


_EXPLICIT_SCORE_MOD_OPTION = "_NPU_EXPLICIT_SCORE_MOD"
_FWD_WORKSPACE_OPTION = "_NPU_FWD_MASK_WORKSPACE_BYTES"
_STREAMING_BLOCK_MASK_TARGET_BYTES = 256 * 1024 * 1024
_STREAMING_BLOCK_MASK_BYTES_PER_ELEMENT = 8
_TASKLIST_REDUCE_UB_BUDGET_NUMERATOR = 4
_TASKLIST_REDUCE_UB_BUDGET_DENOMINATOR = 5
_TASKLIST_REDUCE_FP32_TILE_COUNT = 3
_TASKLIST_REDUCE_FP32_BYTES = 4


MAX_SCAN_ROWS = 4096
INT32_MAX = (1 << 31) - 1


def fwd_mask_workspace_capacity(count_shape, index_shape, block_size, budget_bytes):
    """Return a proven capacity, or None; a budget never truncates capacity.

    For valid BlockMask metadata, each count is in [0, index_shape[-1]].
    B/H here are the mask dimensions, including any singleton broadcasting.
    Restrict the first implementation to a bounded single-program prefix scan.
    """
    if (budget_bytes <= 0 or len(count_shape) != 3 or len(index_shape) != 4
            or len(block_size) != 2):
        return None
    if tuple(count_shape) != tuple(index_shape[:3]):
        return None
    if any(dim <= 0 for dim in (*index_shape, *block_size)):
        return None
    rows = math.prod(count_shape)
    capacity = rows * index_shape[-1]
    elements = capacity * math.prod(block_size)
    if rows > MAX_SCAN_ROWS or elements > INT32_MAX or elements > budget_bytes:
        return None
    return capacity


def _filter_dkdv_tasklist_reduce_configs(
    configs: list[dict[str, Any]],
    qk_head_dim: int,
    v_head_dim: int,
) -> list[dict[str, Any]]:
    """Keep dK/dV tiles whose tasklist reduction fits in UB."""
    max_head_dim = max(int(qk_head_dim), int(v_head_dim))
    ub_budget = (
        int(npu_config.ub_size) * _TASKLIST_REDUCE_UB_BUDGET_NUMERATOR
        // _TASKLIST_REDUCE_UB_BUDGET_DENOMINATOR
    )

    safe_configs = []
    for cfg in configs:
        reduce_ub_bytes = (
            _TASKLIST_REDUCE_FP32_TILE_COUNT
            * int(cfg["BLOCK_N1"])
            * max_head_dim
            * _TASKLIST_REDUCE_FP32_BYTES
        )
        if reduce_ub_bytes <= ub_budget:
            safe_configs.append(cfg)

    log.info(
        "tasklist-reduce UB filter: kept=%d/%d qk_head_dim=%d "
        "v_head_dim=%d budget_bytes=%d",
        len(safe_configs),
        len(configs),
        int(qk_head_dim),
        int(v_head_dim),
        ub_budget,
    )
    return safe_configs


def create_zero_int_tensor_fake(x) -> torch.Tensor:
    size = V.graph.sizevars.optimization_hints(
        x.get_size(),
        fallback=config.unbacked_symint_fallback,
    )
    return torch.zeros(size, dtype=x.get_dtype(), device=x.get_device())


def create_minus_one_int_tensor_fake(x) -> torch.Tensor:
    size = V.graph.sizevars.optimization_hints(
        x.get_size(),
        fallback=config.unbacked_symint_fallback,
    )
    return torch.full(size, -1, dtype=x.get_dtype(), device=x.get_device())


def create_compact_q_offsets_fake(x) -> torch.Tensor:
    size = V.graph.sizevars.optimization_hints(
        x.get_size(),
        fallback=config.unbacked_symint_fallback,
    )
    return torch.zeros(size, dtype=x.get_dtype(), device=x.get_device())


def create_sparse_mask_num_blocks_fake(x) -> torch.Tensor:
    size = V.graph.sizevars.optimization_hints(
        x.get_size(),
        fallback=config.unbacked_symint_fallback,
    )
    return torch.ones(size, dtype=x.get_dtype(), device=x.get_device())


def _create_sparse_mask_num_blocks_fake_generator(max_normal_blocks: int):
    num_blocks_for_autotuning = 1 if int(max_normal_blocks) > 0 else 0

    def create_sparse_mask_num_blocks_fake(x) -> torch.Tensor:
        size = V.graph.sizevars.optimization_hints(
            x.get_size(),
            fallback=config.unbacked_symint_fallback,
        )
        return torch.full(
            size,
            num_blocks_for_autotuning,
            dtype=x.get_dtype(),
            device=x.get_device(),
        )

    return create_sparse_mask_num_blocks_fake


def _create_sparse_mask_indices_fake_generator():
    def create_sparse_mask_indices_fake(x) -> torch.Tensor:
        size = V.graph.sizevars.optimization_hints(
            x.get_size(),
            fallback=config.unbacked_symint_fallback,
        )
        return torch.zeros(size, dtype=x.get_dtype(), device=x.get_device())

    return create_sparse_mask_indices_fake


from torch_npu._inductor.kernel.flex_attention_config_generator import (
    FlexMode,
    NO_SPARSE_BLOCK_SIZE,
    build_sparse_mask_candidate_configs,
    generate_bwd_candidate_configs,
    generate_fwd_candidate_configs,
    prefer_max_tiling_without_benchmark,
    validate_benchmark_config,
)
aten = torch.ops.aten
prims = torch.ops.prims
Expr = sympy.Expr


def _build_runtime_compact_sparse_mask_offsets(
    *,
    kv_num_blocks,
    kv_indices,
    device,
    context: str,
):
    """Build row-ordered offsets and the exact total for forward and backward.

    A single program carries the prefix across bounded scan tiles and owns
    TOTAL_BLOCKS, including the zero-row case; no fill or atomic is needed.
    """
    q_offsets = empty_strided(
        kv_num_blocks.get_size(),
        None,
        dtype=torch.int32,
        device=device,
    )
    row_count = sympy.prod(kv_num_blocks.get_size())
    upper_capacity = row_count * kv_indices.get_size()[3]
    V.graph.sizevars.check(
        sympy.Le(
            upper_capacity,
            sympy.Integer(torch.iinfo(torch.int32).max),
        )
    )
    total_blocks = empty_strided(
        [1],
        stride=[1],
        dtype=torch.int32,
        device=device,
    )
    total_layout = FixedLayout(device, torch.int32, [1], stride=[1])
    row_hint = V.graph.sizevars.optimization_hint(row_count, fallback=config.unbacked_symint_fallback)

    choices = []
    flex_attention_compact_offsets.maybe_append_choice(
        choices=choices,
        input_nodes=[
            q_offsets,
            total_blocks,
            kv_num_blocks,
        ],
        layout=total_layout,
        mutated_inputs=[
            q_offsets,
            total_blocks,
        ],
        call_sizes=[row_count],
        num_stages=1,
        num_warps=4,
        SCAN_TILE_ROWS=min(MAX_SCAN_ROWS, next_power_of_2(max(1, row_hint))),
    )
    if not choices:
        raise RuntimeError(
            f"{context} could not create compact sparse mask metadata kernel"
        )

    autotune_select_algorithm(
        f"{context}_compact_sparse_mask_metadata",
        choices,
        _filter_autotune_ir_nodes(
            [
                q_offsets,
                total_blocks,
                kv_num_blocks,
            ],
            choices,
        ),
        total_layout,
        input_gen_fns={
            0: create_compact_q_offsets_fake,
            1: create_zero_int_tensor_fake,
            2: create_sparse_mask_num_blocks_fake,
        },
    )
    return q_offsets, total_blocks, row_count


def create_workspace_offsets_fake(x):
    size = V.graph.sizevars.optimization_hints(
        x.get_size(),
        fallback=config.unbacked_symint_fallback,
    )
    return torch.arange(math.prod(size), dtype=x.get_dtype(), device=x.get_device()).view(size)


def create_workspace_strided_int_fake(x, value=0):
    size = V.graph.sizevars.optimization_hints(
        x.get_size(),
        fallback=config.unbacked_symint_fallback,
    )
    stride = V.graph.sizevars.optimization_hints(
        x.get_stride(),
        fallback=config.unbacked_symint_fallback,
    )
    storage_size = 0 if 0 in size else 1 + sum((n - 1) * s for n, s in zip(size, stride))
    # Filling backing storage also supports broadcast strides on NPU.
    storage = torch.full((storage_size,), value, dtype=x.get_dtype(), device=x.get_device())
    return storage.as_strided(size, stride)


def create_workspace_counts_fake(x):
    return create_workspace_strided_int_fake(x, 1)


def _build_fwd_workspace_offsets(kv_num_blocks, row_count):
    layout = FixedLayout(kv_num_blocks.get_device(), torch.int32, kv_num_blocks.get_size())
    choices = []
    flex_attention_fwd_workspace_offsets.maybe_append_choice(
        choices=choices,
        input_nodes=[kv_num_blocks],
        layout=layout,
        call_sizes=[row_count],
        SCAN_BLOCK_ROWS=next_power_of_2(row_count),
        num_stages=1,
        num_warps=4,
    )
    offsets, _ = autotune_select_algorithm(
        "flex_attention_fwd_workspace_offsets",
        choices,
        _filter_autotune_ir_nodes([kv_num_blocks], choices),
        layout,
        input_gen_fns={0: create_workspace_counts_fake},
    )
    return offsets


def _bind_runtime_total_blocks_as_unbacked_size(
    runtime_total_blocks: TensorBox,
    *,
    max_blocks: int,
) -> sympy.Symbol:
    shape_env = V.graph.sizevars.shape_env
    symint = shape_env.create_unbacked_symint()
    symbol = symint.node.expr
    shape_env._constrain_range_for_size(symbol, min=0, max=max_blocks)

    dynamic_scalar = DynamicScalar(symbol, (), runtime_total_blocks)
    dynamic_scalar.name = V.graph.register_buffer(dynamic_scalar)
    V.graph.register_operation(dynamic_scalar)

    pending = shape_env.pending_fresh_unbacked_symbols
    shape_env.pending_fresh_unbacked_symbols = [
        value for value in pending if value != symbol
    ]

    range_assert = AssertScalar(
        sympy.And(symbol >= 0, symbol <= max_blocks),
        f"compact sparse-mask block count must be in [0, {max_blocks}]",
    )
    range_assert.name = V.graph.register_buffer(range_assert)
    V.graph.register_operation(range_assert)
    return symbol


def _build_runtime_compact_sparse_mask_mapping(
    *,
    flat_to_row,
    flat_to_blk,
    q_offsets,
    kv_num_blocks,
    row_count,
    device,
    context: str,
    use_workspace: bool = False,
):
    mapping_layout = FixedLayout(device, torch.int32, [1], stride=[1])
    choices = []
    flex_attention_compact_mapping.maybe_append_choice(
        choices=choices,
        input_nodes=[flat_to_row, flat_to_blk, q_offsets, kv_num_blocks],
        layout=mapping_layout,
        mutated_inputs=[flat_to_row, flat_to_blk],
        call_sizes=[row_count],
        num_stages=1,
        num_warps=4,
        NUM_VECTOR_CORE=_get_num_vector_core(),
    )
    if not choices:
        raise RuntimeError(
            f"{context} could not create compact sparse mask mapping kernel"
        )

    autotune_select_algorithm(
        f"{context}_compact_sparse_mask_mapping",
        choices,
        _filter_autotune_ir_nodes(
            [flat_to_row, flat_to_blk, q_offsets, kv_num_blocks],
            choices,
        ),
        mapping_layout,
        input_gen_fns={
            0: create_zero_int_tensor_fake,
            1: create_zero_int_tensor_fake,
            2: create_workspace_offsets_fake if use_workspace else create_compact_q_offsets_fake,
            3: create_workspace_counts_fake if use_workspace else create_sparse_mask_num_blocks_fake,
        },
    )


def _maybe_copy_to_dtype(x: TensorBox, dtype: torch.dtype) -> TensorBox:
    if x.get_dtype() == dtype:
        return x
    return to_dtype(x, dtype, copy=True)


def _force_fixed_layout(x: TensorBox, strides: Sequence[Any]) -> TensorBox:
    data = x.data
    if isinstance(data, StorageBox) and isinstance(data.data, ComputedBuffer):
        data.data.layout = FixedLayout(
            x.get_device(),
            x.get_dtype(),
            x.get_size(),
            stride=[sympy.sympify(s) for s in strides],
        )
    return x


def _get_graph_output_node(graph) -> Any:
    for node in reversed(graph.nodes):
        if node.op != "output":
            continue
        output_arg = node.args[0]
        if isinstance(output_arg, (tuple, list)):
            return output_arg[0] if output_arg else None
        return output_arg
    return None


def _is_score_mod_identity_graph(fw_graph) -> bool:
    graph = fw_graph.graph_module.graph
    placeholders = [node for node in graph.nodes if node.op == "placeholder"]
    if not placeholders:
        return False
    return _get_graph_output_node(graph) is placeholders[0]


def _has_sparse_block_mask(
    sparse_q_block_size: Any, sparse_kv_block_size: Any
) -> bool:
    sparse_q_block_size = V.graph.sizevars.guard_int(sparse_q_block_size)
    sparse_kv_block_size = V.graph.sizevars.guard_int(sparse_kv_block_size)
    return not (
        sparse_q_block_size == NO_SPARSE_BLOCK_SIZE
        and sparse_kv_block_size == NO_SPARSE_BLOCK_SIZE
    )


def _is_npu_device(device: Any) -> bool:
    try:
        return torch.device(device).type == "npu"
    except (RuntimeError, TypeError):
        return False


def _create_block_mask_streaming(
    mask_mod,
    B: Optional[int],
    H: Optional[int],
    Q_LEN: int,
    KV_LEN: int,
    device: str = "cuda",
    BLOCK_SIZE: Union[int, tuple[int, int]] = 128,
    _compile: bool = False,
):
    """Create an NPU BlockMask without materializing its full dense mask.

    ``create_mask`` is evaluated in Q-block stripes and each stripe is converted
    to the standard partial/full block representation immediately. The final
    BlockMask is assembled with PyTorch's existing helper, so all downstream
    Inductor consumers keep the original BlockMask layout and semantics.
    """
    mod_type = flex_attention_module._get_mod_type(mask_mod)
    assert (
        mod_type == flex_attention_module._ModificationType.MASK_MOD
    ), f"create-block_mask requires a mask_mod function! Got {mask_mod}"

    if B is None:
        B = 1
    if H is None:
        H = 1
    if isinstance(BLOCK_SIZE, int):
        Q_BLOCK_SIZE = BLOCK_SIZE
        KV_BLOCK_SIZE = BLOCK_SIZE
    else:
        Q_BLOCK_SIZE, KV_BLOCK_SIZE = BLOCK_SIZE

    max_rows_per_stripe = max(
        1,
        _STREAMING_BLOCK_MASK_TARGET_BYTES
        // (B * H * KV_LEN * _STREAMING_BLOCK_MASK_BYTES_PER_ELEMENT),
    )
    stripe_q_blocks = max(1, max_rows_per_stripe // Q_BLOCK_SIZE)

    partial_block_masks = []
    full_block_masks = []
    for q_start in range(0, Q_LEN, stripe_q_blocks * Q_BLOCK_SIZE):
        stripe_q_len = min(stripe_q_blocks * Q_BLOCK_SIZE, Q_LEN - q_start)

        def shifted_mask_mod(
            b,
            h,
            q_idx,
            kv_idx,
            _mask_mod=mask_mod,
            _q_start=q_start,
        ):
            return _mask_mod(b, h, q_idx + _q_start, kv_idx)

        stripe_mask = flex_attention_module.create_mask(
            shifted_mask_mod,
            B,
            H,
            stripe_q_len,
            KV_LEN,
            device,
        )
        partial_blocks, full_blocks = (
            flex_attention_module._convert_mask_to_block_mask(
                stripe_mask,
                Q_BLOCK_SIZE=Q_BLOCK_SIZE,
                KV_BLOCK_SIZE=KV_BLOCK_SIZE,
                separate_full_blocks=True,
            )
        )
        partial_block_masks.append(partial_blocks)
        full_block_masks.append(full_blocks)
        del stripe_mask

    partial_block_mask = torch.cat(partial_block_masks, dim=2)
    full_block_mask = torch.cat(full_block_masks, dim=2)
    return flex_attention_module._create_sparse_block_from_block_mask(
        (partial_block_mask, full_block_mask),
        mask_mod,
        (Q_LEN, KV_LEN),
        Q_BLOCK_SIZE,
        KV_BLOCK_SIZE,
    )


def _should_use_streaming_block_mask(args, kwargs) -> bool:
    if (
        torch.compiler.is_dynamo_compiling()
        or kwargs.get("_compile", False)
        or (len(args) > 7 and args[7])
    ):
        return False
    device = kwargs.get("device", args[5] if len(args) > 5 else "cuda")
    q_len = kwargs.get("Q_LEN", args[3] if len(args) > 3 else None)
    kv_len = kwargs.get("KV_LEN", args[4] if len(args) > 4 else None)
    return (
        _is_npu_device(device)
        and isinstance(q_len, int)
        and isinstance(kv_len, int)
        and q_len > 0
        and kv_len > 0
    )


def patch_flex_attention() -> None:
    """Patch Python entries for score-mod routing and streaming BlockMask creation."""
    current_flex_attention = flex_attention_module.flex_attention
    current_create_block_mask = flex_attention_module.create_block_mask
    if (
        getattr(current_flex_attention, "_npu_metadata_patch_applied", False)
        and getattr(current_create_block_mask, "_npu_metadata_patch_applied", False)
    ):
        return

    def flex_attention_with_metadata(
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        score_mod: Any = None,
        block_mask: Any = None,
        scale: Optional[float] = None,
        enable_gqa: bool = False,
        return_lse: bool = False,
        kernel_options: Optional[Dict[str, Any]] = None,
        *,
        return_aux: Any = None,
    ):
        """Record whether score_mod was explicitly supplied."""
        updated_kernel_options = (
            {} if kernel_options is None else dict(kernel_options)
        )
        updated_kernel_options[_EXPLICIT_SCORE_MOD_OPTION] = score_mod is not None
        # Include the strategy in the HOP/FX cache key, not only in lowering's
        # process-local config. Otherwise a warm graph cache can ignore a toggle.
        updated_kernel_options[_FWD_WORKSPACE_OPTION] = (
            npu_config.flex_attention.fwd_mask_workspace_bytes
        )
        return current_flex_attention(
            query,
            key,
            value,
            score_mod=score_mod,
            block_mask=block_mask,
            scale=scale,
            enable_gqa=enable_gqa,
            return_lse=return_lse,
            kernel_options=updated_kernel_options,
            return_aux=return_aux,
        )

    if not getattr(current_flex_attention, "_npu_metadata_patch_applied", False):
        flex_attention_with_metadata = wraps(current_flex_attention)(flex_attention_with_metadata)
        flex_attention_with_metadata._npu_metadata_patch_applied = True
        flex_attention_module.flex_attention = flex_attention_with_metadata

    if not getattr(current_create_block_mask, "_npu_metadata_patch_applied", False):
        @wraps(current_create_block_mask)
        def create_block_mask_with_metadata(*args, **kwargs):
            if _should_use_streaming_block_mask(args, kwargs):
                try:
                    block_mask = _create_block_mask_streaming(*args, **kwargs)
                except Exception as exc:
                    log.warning(  # noqa: G200
                        "NPU streaming create_block_mask failed; falling back to "
                        "the PyTorch implementation: %s: %s",
                        type(exc).__name__,
                        str(exc),
                    )
                    block_mask = current_create_block_mask(*args, **kwargs)
            else:
                block_mask = current_create_block_mask(*args, **kwargs)
            return block_mask

        create_block_mask_with_metadata._npu_metadata_patch_applied = True
        flex_attention_module.create_block_mask = create_block_mask_with_metadata


def _get_flex_attention_additional_lowerings():
    """
    Get additional lowerings for flex_attention subgraph.

    These lowerings allow supported fallback operations to be lowered as pointwise
    ops in the score_mod and mask_mod subgraphs.
    """
    from torch._inductor.lowering import make_pointwise

    additional_lowerings = {}

    bitwise_and_fn = make_pointwise(ops.bitwise_and)

    def bitwise_and_tensor(a, b):
        return bitwise_and_fn(a, b)

    bitwise_or_fn = make_pointwise(ops.bitwise_or)

    def bitwise_or_tensor(a, b):
        return bitwise_or_fn(a, b)

    bitwise_not_fn = make_pointwise(ops.bitwise_not)

    def bitwise_not_default(a):
        return bitwise_not_fn(a)

    remainder_fn = make_pointwise(ops.remainder)

    def integer_remainder(a, b):
        # Avoid ops.remainder here. Vector integer remainder currently lowers to
        # arith.remsi on NPU and can produce incorrect FlexAttention score_mod
        # results. Build Python remainder from truncating division instead:
        #   r = a - trunc(a / b) * b
        # and adjust r when its sign differs from the divisor.
        quotient = ops.truncdiv(a, b)
        remainder = ops.sub(a, ops.mul(quotient, b))
        zero = ops.constant(0, torch.int32)
        needs_adjustment = ops.and_(
            ops.ne(remainder, zero),
            ops.ne(ops.lt(remainder, zero), ops.lt(b, zero)),
        )
        return ops.where(needs_adjustment, ops.add(remainder, b), remainder)

    integer_remainder_fn = make_pointwise(integer_remainder)

    def remainder_scalar(a, b):
        if not a.get_dtype().is_floating_point and isinstance(b, int):
            return integer_remainder_fn(a, b)
        return remainder_fn(a, b)

    additional_lowerings[aten.bitwise_and.Tensor] = bitwise_and_tensor
    additional_lowerings[aten.bitwise_or.Tensor] = bitwise_or_tensor
    additional_lowerings[aten.bitwise_not.default] = bitwise_not_default
    additional_lowerings[aten.remainder.Scalar] = remainder_scalar
    additional_lowerings[torch.ops.flex_lib.zeros_and_scatter.default] = zeros_and_scatter_lowering

    return additional_lowerings


def _build_subgraph_buffer_with_additional_lowerings(args, subgraph):
    """
    Build subgraph buffer with additional lowerings for flex_attention.

    This function creates a PointwiseSubgraphLowering with additional_lowerings
    to handle supported fallback operations as pointwise ops.
    """
    from torch._inductor.subgraph_lowering import PointwiseSubgraphLowering
    from torch.utils._ordered_set import OrderedSet
    additional_lowerings = _get_flex_attention_additional_lowerings()
    zeros_and_scatter = torch.ops.flex_lib.zeros_and_scatter.default
    additional_lowerings[zeros_and_scatter] = zeros_and_scatter_lowering
    pw_subgraph = PointwiseSubgraphLowering(
        subgraph.graph_module,
        root_graph_lowering=V.graph,
        allowed_mutations=OrderedSet([zeros_and_scatter]),
        additional_lowerings=additional_lowerings,
    )
    with V.set_graph_handler(pw_subgraph):
        pw_subgraph.run(*args)
    # Since we are allowing mutations/buffer creation, we need to register any fresh buffers
    # creating during the pointwise subgraph lowering
    if len(pw_subgraph.buffers) > 0:
        for buffer in pw_subgraph.buffers:
            V.graph.register_buffer(buffer)

    # Older PointwiseSubgraphLowering versions defer approved mutation buffers.
    for buffer in pw_subgraph.buffers:
        V.graph.register_buffer(buffer)

    def convert_output_node_to_buffer(output_buffer):
        from torch._inductor.ir import ComputedBuffer, FlexibleLayout, StorageBox
        if output_buffer is None:
            return None
        if isinstance(output_buffer, ComputedBuffer):
            return output_buffer
        assert isinstance(output_buffer, TensorBox), (
            "The output node for flex attention's subgraph must be a TensorBox, but got: ",
            type(output_buffer),
        )
        assert isinstance(output_buffer.data, StorageBox), (
            "The output node for the flex attention subgraph must be a StorageBox, but got: ",
            type(output_buffer),
        )
        subgraph_buffer = ComputedBuffer(
            name=None,
            layout=FlexibleLayout(
                device=output_buffer.data.get_device(),
                dtype=output_buffer.data.get_dtype(),
                size=output_buffer.data.get_size(),
            ),
            data=output_buffer.data.data,
        )
        return subgraph_buffer

    return tree_map(convert_output_node_to_buffer, pw_subgraph.graph_outputs)


def _sequence_lengths_are_statically_divisible(seq_len_q, seq_len_kv) -> bool:
    seq_q_divisible = V.graph.sizevars.statically_known_true(
        sympy.Eq(Mod(seq_len_q, 128), 0)
    )
    seq_kv_divisible = V.graph.sizevars.statically_known_true(
        sympy.Eq(Mod(seq_len_kv, 128), 0)
    )
    return seq_q_divisible and seq_kv_divisible


def _use_flex_decoding(query, kv_indices, value, kernel_options, enable_gqa) -> bool:
    """Decide which kernel to use, return true if use flex decoding kernel.
    Note:
       Since the number of splits is calculated based on the number of batch and head dims
       we need to ensure that the batch and head dims are statically known. Otherwise we just
       use the main flex_attention kernel.
    """
    force_flex = kernel_options.get("FORCE_USE_FLEX_ATTENTION", False)

    short_query_length = V.graph.sizevars.evaluate_expr(
        sympy.Lt(query.get_size()[-2], 128)
    )
    non_zero_length = V.graph.sizevars.evaluate_expr(sympy.Gt(query.get_size()[-2], 0))
    static_batch = isinstance(query.get_size()[0], (int, sympy.Integer))
    static_num_heads = isinstance(query.get_size()[1], (int, sympy.Integer))
    if enable_gqa:
        # in the current flex decoding triton kernel, grouped query heads for the
        # same kv head are handled by the same block. So it's hard to support different
        # kv num blocks for grouped query heads. We just fall back to main flex_attention
        # kernel where each query head is handled by a separate block.
        valid_block_mask_num_heads = V.graph.sizevars.evaluate_expr(
            sympy.Eq(kv_indices.get_size()[1], 1)
        )
    else:
        valid_block_mask_num_heads = V.graph.sizevars.evaluate_expr(
            sympy.Or(
                sympy.Eq(kv_indices.get_size()[1], 1),
                sympy.Eq(kv_indices.get_size()[1], query.get_size()[1]),
            )
        )

    Hq = query.get_size()[1]
    Hkv = value.get_size()[1]
    ratio = FloorDiv(Hq, Hkv)

    pw_of_two = V.graph.sizevars.guard_or_false(
        sympy.And(sympy.Gt(ratio, 0), sympy.Eq(ratio & (ratio - 1), 0))
    )

    out = (
        not force_flex
        and not kernel_options.get("OUTPUT_MAX", False)
        and short_query_length
        and static_batch
        and static_num_heads
        and non_zero_length
        and valid_block_mask_num_heads
        and pw_of_two
    )
    log.debug(
        "Use flex decoding %s, force_flex_attention=%s, short_query_length=%s, static_batch=%s, static_num_heads=%s",
        out,
        force_flex,
        short_query_length,
        static_batch,
        static_num_heads,
    )
    return out



def _create_npu_flex_decoding_kernel(*args):
    """PyTorch Flex Decoding lowering specialized for the NPU template."""

    (
        query,
        key,
        value,
        block_mask,
        scale,
        kernel_options,
        score_mod_subgraph,
        mask_mod_subgraph,
        score_mod_other_buffers,
        mask_mod_other_buffers,
    ) = args
    (
        _,  # q_length
        _,  # kv_length
        kv_num_blocks,
        kv_indices,
        full_kv_num_blocks,
        full_kv_indices,
        _,  # q_num_blocks
        _,  # q_indices
        _,  # full_q_num_blocks
        _,  # full_q_indices
        SPARSE_Q_BLOCK_SIZE,
        SPARSE_KV_BLOCK_SIZE,
        _,
    ) = block_mask

    Bq, Hq, seq_len_q, qk_head_dim = query.get_size()
    Bkv, Hkv, seq_len_kv, v_head_dim = value.get_size()

    assert V.graph.sizevars.evaluate_expr(sympy.Eq(Bq, Bkv) | sympy.Eq(Bkv, 1)), (
        f"Bq and Bkv must broadcastable. Got Bq={Bq} and Bkv={Bkv}"
    )

    B = Bq
    kernel_options = {
        k: V.graph.sizevars.guard_int(v)
        if isinstance(v, sympy.Symbol)
        else v
        for k, v in dict(kernel_options).items()
    }

    seq_q_divisible = V.graph.sizevars.statically_known_true(
        sympy.Eq(Mod(seq_len_q, 128), 0)
    )
    seq_kv_divisible = V.graph.sizevars.statically_known_true(
        sympy.Eq(Mod(seq_len_kv, 128), 0)
    )
    if seq_q_divisible and seq_kv_divisible:
        kernel_options.setdefault("IS_DIVISIBLE", True)
    else:
        kernel_options.setdefault("IS_DIVISIBLE", False)

    gqa_shared_heads = FloorDiv(Hq, Hkv)
    if not is_power_of_2(gqa_shared_heads):
        raise ValueError(
            "Number of shared query heads sharing the same KV head must be power of 2. "
        )
    kernel_options.setdefault("GQA_SHARED_HEADS", gqa_shared_heads)

    has_full_blocks = full_kv_num_blocks is not None
    kernel_options.setdefault("HAS_FULL_BLOCKS", has_full_blocks)
    if not has_full_blocks:
        full_kv_num_blocks, full_kv_indices = (
            empty(0, device=query.get_device()) for _ in range(2)
        )

    (
        query,
        key,
        value,
        kv_num_blocks,
        kv_indices,
        full_kv_num_blocks,
        full_kv_indices,
    ) = maybe_realize(
        [
            query,
            key,
            value,
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
        ]
    )
    score_mod_other_buffers = maybe_realize(score_mod_other_buffers)
    mask_mod_other_buffers = maybe_realize(mask_mod_other_buffers)
    freeze_irnodes(score_mod_other_buffers)
    freeze_irnodes(mask_mod_other_buffers)

    choices: list[Any] = []
    configs: list[tuple[int, int, int]] = [
        (128, 2, 2),
        (64, 2, 2),
        (32, 2, 2),
    ]

    kernel_options.setdefault("SM_SCALE", scale)
    bh = max(B * Hkv, 1)
    assert isinstance(bh, (int, sympy.Integer)), (
        "B and H must be concrete integers"
    )
    kernel_options.setdefault("SPLIT_KV", max(_get_num_cube_core() // bh * 2, 1))
    MAX_SPLIT_KV = kernel_options["SPLIT_KV"]

    buf_ACC_shape = [B, MAX_SPLIT_KV, Hq, seq_len_q, v_head_dim]
    buf_ML_shape = buf_ACC_shape[:-1]
    buf_M = empty_strided(
        buf_ML_shape,
        None,
        dtype=torch.float32,
        device=query.get_device(),
    )
    buf_L = empty_strided(
        buf_ML_shape,
        None,
        dtype=torch.float32,
        device=query.get_device(),
    )

    layout_acc = FixedLayout(
        query.get_device(),
        torch.float32,
        buf_ACC_shape,
        FlexibleLayout.contiguous_strides(buf_ACC_shape),
    )

    set_head_dim_values(kernel_options, qk_head_dim, v_head_dim, V.graph.sizevars)

    block_m = max(
        next_power_of_2(
            V.graph.sizevars.optimization_hint(seq_len_q) * gqa_shared_heads
        ),
        16,
    )
    if V.graph.sizevars.evaluate_expr(sympy.Le(seq_len_q * gqa_shared_heads, 64)):
        # BishengIR cannot lower the padded query reshape generated by the
        # community minimum BLOCK_M=16/32 configurations. BLOCK_M=64 keeps the
        # same masked rows and compiles to the established NPU cube tile.
        block_m = 64
    kernel_options.setdefault("BLOCK_M", block_m)

    query = ExternKernel.realize_input(query)
    stride_b, stride_hq, stride_seq_len_q, stride_qk_head_dim = query.get_stride()

    gqa_query_shape = (B, Hkv, gqa_shared_heads, seq_len_q, qk_head_dim)
    gqa_query_stride = (
        stride_b,
        stride_hq * gqa_shared_heads,
        stride_hq,
        stride_seq_len_q,
        stride_qk_head_dim,
    )
    query = lowerings[aten.as_strided](query, gqa_query_shape, gqa_query_stride)

    kernel_options.setdefault(
        "SAFE_M_BOUNDARY",
        Mod(seq_len_q * gqa_shared_heads, kernel_options["BLOCK_M"]) == 0,
    )
    kernel_options.setdefault("SAFE_N_BOUNDARY", True)
    SPARSE_Q_BLOCK_SIZE = V.graph.sizevars.guard_int(SPARSE_Q_BLOCK_SIZE)
    SPARSE_KV_BLOCK_SIZE = V.graph.sizevars.guard_int(SPARSE_KV_BLOCK_SIZE)

    original_kernel_options = kernel_options.copy()
    for BLOCK_N, num_warps, num_stages in configs:
        cur_kernel_options = original_kernel_options.copy()
        for k in list(cur_kernel_options.keys()):
            if k.startswith("fwd_"):
                v = cur_kernel_options.pop(k)
                cur_kernel_options[k[4:]] = v
            if k.startswith("bwd_"):
                cur_kernel_options.pop(k)
        cur_kernel_options.setdefault("BLOCK_N", min(BLOCK_N, SPARSE_KV_BLOCK_SIZE))
        # Validate the effective tile sizes after applying forward overrides.
        if SPARSE_Q_BLOCK_SIZE % cur_kernel_options["BLOCK_M"] != 0:
            continue
        if SPARSE_KV_BLOCK_SIZE % cur_kernel_options["BLOCK_N"] != 0:
            continue
        cur_kernel_options.setdefault("SPARSE_Q_BLOCK_SIZE", SPARSE_Q_BLOCK_SIZE)
        cur_kernel_options.setdefault("SPARSE_KV_BLOCK_SIZE", SPARSE_KV_BLOCK_SIZE)
        cur_kernel_options.setdefault("num_warps", num_warps)
        cur_kernel_options.setdefault("num_stages", num_stages)
        cur_kernel_options.setdefault("USE_TMA", bool(torch.xpu.is_available()))
        if cur_kernel_options["USE_TMA"] and not can_use_tma(query, key, value):
            cur_kernel_options["USE_TMA"] = False

        flex_decoding_template.maybe_append_choice(
            choices=choices,
            input_nodes=[
                query,
                key,
                value,
                buf_M,
                buf_L,
                kv_num_blocks,
                kv_indices,
                full_kv_num_blocks,
                full_kv_indices,
            ],
            layout=layout_acc,
            subgraphs=[score_mod_subgraph, mask_mod_subgraph],
            mutated_inputs=[buf_M, buf_L],
            call_sizes=query.get_size(),
            **cur_kernel_options,
        )

    filtered_score_mod_buffers = [
        buf for buf in score_mod_other_buffers if not isinstance(buf, sympy.Expr)
    ]
    filtered_mask_mod_buffers = [
        buf for buf in mask_mod_other_buffers if not isinstance(buf, sympy.Expr)
    ]
    inputs_for_flex_decoding = (
        [
            query,
            key,
            value,
            buf_M,
            buf_L,
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
        ]
        + filtered_score_mod_buffers
        + filtered_mask_mod_buffers
    )
    input_gen_fns = {
        5: create_num_blocks_fake_generator(kv_indices),
        6: create_indices_fake,
        7: create_num_blocks_fake_generator(full_kv_indices),
        8: create_indices_fake,
    }

    if prefer_max_tiling_without_benchmark():
        _tag_choice_attr(
            choices,
            "_nobench_select_first_compilable",
            True,
        )

    buf_ACC, _ = autotune_select_algorithm(
        "flex_decoding",
        choices,
        inputs_for_flex_decoding,
        layout_acc,
        input_gen_fns=input_gen_fns,
    )

    buf_ACC.data.data.subgraph_inps = list(score_mod_other_buffers) + list(
        mask_mod_other_buffers
    )
    buf_ACC.data.data.subgraph_outs = get_fwd_subgraph_outputs(
        score_mod_subgraph, mask_mod_subgraph
    )

    g_M = lowerings[aten.max](buf_M, dim=1, keepdim=True)[0]
    masked_rows = lowerings[aten.eq](g_M, -float("inf"))
    adj_M = lowerings[aten.sub](buf_M, g_M)
    adj_M = lowerings[aten.where](masked_rows, 0, adj_M)
    alpha = lowerings[aten.exp2](adj_M)

    buf_L = lowerings[aten.mul](buf_L, alpha)
    g_L = lowerings[aten.sum](buf_L, axis=1)
    masked_rows_squeezed = lowerings[aten.squeeze](masked_rows, dim=1)
    g_L = lowerings[aten.where](masked_rows_squeezed, 1.0, g_L)
    logsumexp = lowerings[aten.log2](g_L)
    logsumexp = lowerings[aten.add](logsumexp, lowerings[aten.squeeze](g_M, dim=1))

    alpha_unseq = lowerings[aten.unsqueeze](alpha, 4)
    buf_ACC = lowerings[aten.mul](buf_ACC, alpha_unseq)
    output = lowerings[aten.sum](buf_ACC, axis=1)
    L_unseq = lowerings[aten.unsqueeze](g_L, 3)
    output = lowerings[aten.div](output, L_unseq)
    output = lowerings[prims.convert_element_type](output, query.get_dtype())

    return output, logsumexp



def _validate_device(query, key, value):
    return


def _get_num_cube_core() -> int:
    return max(int(getattr(npu_config, "num_cube_core", 1)), 1)


def _get_num_vector_core() -> int:
    return max(int(getattr(npu_config, "num_vector_core", 1)), 1)


def _collect_subgraph_read_names(subgraph_buffer):
    read_names = set()

    def collect(value):
        if isinstance(value, (list, tuple)):
            for item in value:
                collect(item)
        elif isinstance(value, dict):
            for item in value.values():
                collect(item)
        elif hasattr(value, "get_read_names"):
            read_names.update(value.get_read_names())

    collect(subgraph_buffer)
    return read_names


def _filter_used_subgraph_buffers(subgraph_buffer, other_buffers):
    read_names = _collect_subgraph_read_names(subgraph_buffer)

    used_buffers = []
    unused_buffer_names = []
    for buffer in other_buffers:
        if isinstance(buffer, sympy.Expr):
            continue
        if not _is_named_ir_node(buffer):
            raise TypeError(
                "flex attention captured input must be an IR buffer or sympy expression, "
                f"got {type(buffer).__name__}"
            )

        get_name = getattr(buffer, "get_name", None)
        buffer_name = None
        if get_name is not None:
            try:
                buffer_name = get_name()
            except (AssertionError, NotImplementedError):
                buffer_name = None

        if not read_names or buffer_name is None or buffer_name in read_names:
            used_buffers.append(buffer)
        else:
            unused_buffer_names.append(buffer_name)

    if unused_buffer_names:
        log.info(
            "Filtered %d unused mask_mod buffers from mask kernel autotune inputs: %s",
            len(unused_buffer_names),
            unused_buffer_names,
        )

    return used_buffers


def _filter_autotune_ir_nodes(
    inputs: Sequence[Any],
    choices: Sequence[Any],
) -> list[IRNode]:
    """Keep symbols as dependencies and match tensors to template arguments."""
    ir_nodes = []
    scalar_exprs = []
    invalid = []

    for node in inputs:
        if isinstance(node, IRNode):
            ir_nodes.append(node)
        elif isinstance(node, sympy.Expr):
            scalar_exprs.append(node)
        elif node is not None:
            invalid.append(node)

    if invalid:
        raise TypeError(
            "FlexAttention autotune inputs contain unsupported values: "
            f"{[type(value).__name__ for value in invalid]}"
        )

    if not choices:
        raise ValueError("FlexAttention autotune requires at least one template choice")

    choice_input_nodes = getattr(choices[0], "input_nodes", None)
    if choice_input_nodes is None:
        raise TypeError(
            "FlexAttention autotune choice does not expose template input nodes: "
            f"{type(choices[0]).__name__}"
        )

    expected_names = tuple(node.get_name() for node in choice_input_nodes)
    for choice in choices[1:]:
        current_input_nodes = getattr(choice, "input_nodes", None)
        if current_input_nodes is None:
            raise TypeError(
                "FlexAttention autotune choice does not expose template input nodes: "
                f"{type(choice).__name__}"
            )
        current_names = tuple(node.get_name() for node in current_input_nodes)
        if current_names != expected_names:
            raise ValueError(
                "FlexAttention autotune choices have inconsistent template inputs: "
                f"expected {expected_names}, got {current_names}"
            )

    input_by_name = {}
    for node in ir_nodes:
        input_by_name.setdefault(node.get_name(), node)

    expected_name_set = set(expected_names)
    choice_input_by_name = {
        node.get_name(): node for node in choice_input_nodes
    }
    choice_only_names = [
        name for name in expected_names if name not in input_by_name
    ]
    # Template rendering can prologue-fuse a captured ComputedBuffer and expose
    # its leaf buffers as the actual kernel arguments.  Those leaf nodes are not
    # present in the pre-render autotune input list, but choice.input_nodes is
    # the canonical, ordered argument list expected by the benchmark request.
    aligned_ir_nodes = [
        input_by_name[name]
        if name in input_by_name
        else choice_input_by_name[name]
        for name in expected_names
    ]
    unused_names = [
        name for name in input_by_name if name not in expected_name_set
    ]

    log.debug(
        "FlexAttention autotune input split: template_ir_nodes=%d "
        "choice_only_ir_nodes=%s unused_ir_nodes=%s scalar_exprs=%s",
        len(aligned_ir_nodes),
        choice_only_names,
        unused_names,
        scalar_exprs,
    )
    return aligned_ir_nodes


def _as_subgraph_output_list(value: Any) -> list[Any]:
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return list(value)
    return [value]


def _get_forward_subgraph_outputs(
    score_graph_buffer,
    mask_graph_buffer,
    *,
    include_mask: bool,
) -> list[Any]:
    outputs = _as_subgraph_output_list(score_graph_buffer)
    if include_mask:
        outputs.extend(_as_subgraph_output_list(mask_graph_buffer))
    return outputs


def _get_split_backward_subgraph_outputs(
    fw_subgraph_buffer,
    mask_graph_buffer,
    joint_outputs,
    *,
    include_mask: bool,
    owns_captured_grads: bool,
) -> list[Any]:
    outputs = [
        *_as_subgraph_output_list(fw_subgraph_buffer),
        *_as_subgraph_output_list(joint_outputs.grad_input),
    ]
    if include_mask:
        outputs.extend(_as_subgraph_output_list(mask_graph_buffer))
    if owns_captured_grads:
        outputs.extend(
            [
                *_as_subgraph_output_list(joint_outputs.captured_grads_compute),
                *_as_subgraph_output_list(joint_outputs.captured_grads),
                *_as_subgraph_output_list(joint_outputs.mutated_grads),
            ]
        )
    return outputs


def _get_triton_template_buffer(output: Any) -> TritonTemplateBuffer:
    """Unwrap an AlgorithmSelector result, including MultiTemplateBuffer."""
    current = output
    for _ in range(3):
        if isinstance(current, TritonTemplateBuffer):
            return current
        next_value = getattr(current, "data", None)
        if next_value is current:
            break
        current = next_value

    raise TypeError(
        "Expected FlexAttention autotune output to wrap "
        f"TritonTemplateBuffer, got {type(current).__name__}"
    )


def _attach_flex_subgraph_dependencies(
    output: Any,
    *,
    subgraph_inps: Sequence[Any],
    subgraph_outs: Sequence[Any],
) -> None:
    template_buffer = _get_triton_template_buffer(output)
    # NPU template epilogues use the template's manually-defined output indices
    # instead of registering them in the regular Triton range tree.  The
    # scheduler uses this marker to avoid binary epilogue fusion when the other
    # operand is produced by another template and therefore needs a buffer load.
    template_buffer._npu_flex_attention_template = True
    template_buffer.subgraph_inps = list(subgraph_inps)
    template_buffer.subgraph_outs = list(subgraph_outs)


def _build_persistent_bwd_launch_meta(
    batch_size_hint: int,
    kv_heads_hint: int,
    num_key_value_hint: int,
    block_n1: int,
) -> Dict[str, Union[int, bool]]:
    num_kv_blocks = (num_key_value_hint + block_n1 - 1) // block_n1
    num_tasks = num_kv_blocks * batch_size_hint * kv_heads_hint
    num_cube_core = max(int(npu_config.num_cube_core), 1)
    launch_programs = max(min(num_tasks, num_cube_core), 1)
    tasks_per_program = (num_tasks + launch_programs - 1) // launch_programs

    log.info(
        "[persistent-bwd] Computing launch meta with BLOCK_N1=%d: "
        "NUM_KV_BLOCKS=%d (%d/%d), NUM_TASKS=%d (%d*%d*%d), "
        "LAUNCH_PROGRAMS=%d, TASKS_PER_PROGRAM=%d",
        block_n1,
        num_kv_blocks,
        num_key_value_hint,
        block_n1,
        num_tasks,
        num_kv_blocks,
        batch_size_hint,
        kv_heads_hint,
        launch_programs,
        tasks_per_program,
    )

    return {
        "PERSISTENT_MODE": True,
        "NUM_TASKS": num_tasks,
        "NUM_KV_BLOCKS": num_kv_blocks,
        "LAUNCH_PROGRAMS": launch_programs,
        "TASKS_PER_PROGRAM": tasks_per_program,
    }


def _build_qmajor_dq_launch_meta(
    batch_size_hint: int,
    q_heads_hint: int,
    num_queries_hint: int,
    block_m: int,
) -> dict[str, int]:
    num_q_blocks = (num_queries_hint + block_m - 1) // block_m
    num_tasks = num_q_blocks * batch_size_hint * q_heads_hint
    num_cube_core = max(int(npu_config.num_cube_core), 1)
    launch_programs = max(min(num_tasks, num_cube_core), 1)

    log.info(
        "[qmajor-dq-bwd] Computing launch meta with BLOCK_M2=%d: "
        "DQ_NUM_Q_BLOCKS=%d (%d/%d), DQ_NUM_TASKS=%d (%d*%d*%d), "
        "DQ_LAUNCH_PROGRAMS=%d",
        block_m,
        num_q_blocks,
        num_queries_hint,
        block_m,
        num_tasks,
        num_q_blocks,
        batch_size_hint,
        q_heads_hint,
        launch_programs,
    )

    return {
        "DQ_LAUNCH_PROGRAMS": launch_programs,
    }


def _unpack_npu_block_mask(block_mask):
    if len(block_mask) == 13:
        return block_mask
    if len(block_mask) == 17:
        return (*block_mask[:10], *block_mask[14:])
    raise ValueError(
        f"Unsupported FlexAttention BlockMask tuple length: {len(block_mask)}"
    )


def _lower_flex_attention_mask_in(
    *,
    query,
    key,
    value,
    scale,
    kernel_options,
    subgraph_buffer,
    mask_graph_buffer,
    score_mod_other_buffers,
    mask_mod_other_buffers,
    kv_num_blocks,
    kv_indices,
    q_num_blocks,
    q_indices,
    full_kv_num_blocks,
    full_kv_indices,
    full_q_num_blocks,
    full_q_indices,
    sparse_q_block_size,
    sparse_kv_block_size,
):
    """Lower mask-in forward with PyTorch's Triton template and NPU tiling."""
    (
        query,
        key,
        value,
        kv_num_blocks,
        kv_indices,
        full_kv_num_blocks,
        full_kv_indices,
        q_num_blocks,
        q_indices,
        full_q_num_blocks,
        full_q_indices,
    ) = maybe_realize(
        [
            query,
            key,
            value,
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
            q_num_blocks,
            q_indices,
            full_q_num_blocks,
            full_q_indices,
        ]
    )
    score_mod_other_buffers = maybe_realize(score_mod_other_buffers)
    mask_mod_other_buffers = maybe_realize(mask_mod_other_buffers)
    freeze_irnodes(score_mod_other_buffers)
    freeze_irnodes(mask_mod_other_buffers)

    Bq, Hq, seq_len_q, qk_head_dim = query.get_size()
    Bkv, Hkv, seq_len_kv, v_head_dim = value.get_size()
    assert V.graph.sizevars.evaluate_expr(
        sympy.Eq(Bq, Bkv) | sympy.Eq(Bkv, 1)
    ), f"Bq and Bkv must broadcastable. Got Bq={Bq} and Bkv={Bkv}"
    assert V.graph.sizevars.evaluate_expr(sympy.Gt(seq_len_q, 0)), (
        "Query length must be greater than 0"
    )
    assert V.graph.sizevars.evaluate_expr(sympy.Gt(seq_len_kv, 0)), (
        "Key length must be greater than 0"
    )

    kernel_options.setdefault(
        "IS_DIVISIBLE",
        _sequence_lengths_are_statically_divisible(seq_len_q, seq_len_kv),
    )

    out_size = [Bq, Hq, seq_len_q, v_head_dim]
    out_strides = infer_dense_strides(out_size, query.get_stride())
    layout = FixedLayout(
        query.get_device(),
        query.get_dtype(),
        out_size,
        stride=[sympy.sympify(s) for s in out_strides],
    )
    logsumexp = empty_strided(
        [Bq, Hq, seq_len_q],
        None,
        dtype=torch.float32,
        device=query.get_device(),
    )
    max_scores = empty_strided(
        [Bq, Hq, seq_len_q],
        None,
        dtype=torch.float32,
        device=query.get_device(),
    )
    kernel_options.setdefault("SM_SCALE", scale)
    kernel_options.setdefault("GQA_SHARED_HEADS", FloorDiv(Hq, Hkv))

    has_full_blocks = full_kv_num_blocks is not None
    kernel_options.setdefault("HAS_FULL_BLOCKS", has_full_blocks)
    if not has_full_blocks:
        full_kv_num_blocks, full_kv_indices = (
            empty(0, device=query.get_device()) for _ in range(2)
        )

    set_head_dim_values(
        kernel_options, qk_head_dim, v_head_dim, V.graph.sizevars
    )
    sparse_q_block_size = V.graph.sizevars.guard_int(sparse_q_block_size)
    sparse_kv_block_size = V.graph.sizevars.guard_int(sparse_kv_block_size)
    configs = generate_fwd_candidate_configs(
        sparse_q_block_size=sparse_q_block_size,
        sparse_kv_block_size=sparse_kv_block_size,
        kernel_options=kernel_options,
    )
    if not configs:
        raise RuntimeError(
            "No compatible mask-in forward tiling configs for "
            f"SPARSE_Q_BLOCK_SIZE={sparse_q_block_size} and "
            f"SPARSE_KV_BLOCK_SIZE={sparse_kv_block_size}."
        )

    input_nodes = [
        query,
        key,
        value,
        logsumexp,
        max_scores,
        kv_num_blocks,
        kv_indices,
        full_kv_num_blocks,
        full_kv_indices,
    ]
    choices: list[Any] = []
    original_kernel_options = kernel_options.copy()
    num_consumer_groups, num_buffers_warp_spec = 0, 0
    for cfg in configs:
        cur_kernel_options = original_kernel_options.copy()
        for k in list(cur_kernel_options.keys()):
            if k.startswith("fwd_"):
                option_value = cur_kernel_options.pop(k)
                cur_kernel_options[k[4:]] = option_value
            if k.startswith("bwd_"):
                cur_kernel_options.pop(k)

        # NPU tiling owns block sizes and launch dimensions.
        cur_kernel_options.update(cfg)
        if cur_kernel_options.get("num_consumer_groups", False):
            cur_kernel_options.setdefault(
                "num_consumer_groups", num_consumer_groups
            )
            cur_kernel_options.setdefault(
                "num_buffers_warp_spec", num_buffers_warp_spec
            )

        cur_kernel_options.setdefault("USE_TMA", bool(torch.xpu.is_available()))
        if cur_kernel_options["USE_TMA"] and not can_use_tma(
            query, key, value
        ):
            cur_kernel_options["USE_TMA"] = False

        cur_kernel_options.setdefault(
            "SPARSE_Q_BLOCK_SIZE", sparse_q_block_size
        )
        cur_kernel_options.setdefault(
            "SPARSE_KV_BLOCK_SIZE", sparse_kv_block_size
        )
        choice_count = len(choices)
        error = flex_attention_template.maybe_append_choice(
            choices=choices,
            input_nodes=input_nodes,
            layout=layout,
            subgraphs=[subgraph_buffer, mask_graph_buffer],
            mutated_inputs=[logsumexp, max_scores],
            call_sizes=query.get_size(),
            **cur_kernel_options,
        )
        if error is not None and len(configs) == 1:
            raise error
        if len(choices) > choice_count:
            _tag_flex_attention_report_choices(
                choices[choice_count:], cfg
            )
            if prefer_max_tiling_without_benchmark():
                _tag_choice_attr(
                    choices[choice_count:],
                    "_nobench_select_first_compilable",
                    True,
                )

    inputs_for_autotuning = (
        input_nodes
        + list(score_mod_other_buffers)
        + list(mask_mod_other_buffers)
    )
    input_gen_fns = {
        5: create_num_blocks_fake_generator(kv_indices),
        6: create_indices_fake,
        7: create_num_blocks_fake_generator(full_kv_indices),
        8: create_indices_fake,
    }
    out, _ = autotune_select_algorithm(
        "flex_attention",
        choices,
        _filter_autotune_ir_nodes(inputs_for_autotuning, choices),
        layout,
        input_gen_fns=input_gen_fns,
        return_multi_template=False,
        defer_epilogue_compile_only=True,
    )
    template_buffer = _get_triton_template_buffer(out)
    template_buffer._npu_deferred_epilogue_compile_only = True
    _attach_flex_subgraph_dependencies(
        out,
        subgraph_inps=(
            list(score_mod_other_buffers) + list(mask_mod_other_buffers)
        ),
        subgraph_outs=get_fwd_subgraph_outputs(
            subgraph_buffer, mask_graph_buffer
        ),
    )
    return (out, logsumexp, max_scores)


def _lower_flex_attention_backward_mask_in(
    *,
    query,
    key,
    value,
    out,
    logsumexp,
    grad_out,
    grad_logsumexp,
    kernel_options,
    scale,
    fw_subgraph_buffer,
    joint_outputs,
    mask_graph_buffer,
    score_mod_other_buffers,
    mask_mod_other_buffers,
    kv_num_blocks,
    kv_indices,
    q_num_blocks,
    q_indices,
    full_kv_num_blocks,
    full_kv_indices,
    full_q_num_blocks,
    full_q_indices,
    sparse_q_block_size,
    sparse_kv_block_size,
):
    """Lower mask-in backward with PyTorch's fused Triton template."""
    (
        query,
        key,
        value,
        logsumexp,
        grad_out,
        kv_num_blocks,
        kv_indices,
        full_kv_num_blocks,
        full_kv_indices,
        q_num_blocks,
        q_indices,
        full_q_num_blocks,
        full_q_indices,
    ) = maybe_realize(
        [
            query,
            key,
            value,
            logsumexp,
            grad_out,
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
            q_num_blocks,
            q_indices,
            full_q_num_blocks,
            full_q_indices,
        ]
    )

    Bq, Hq, seq_len_q, qk_head_dim = query.get_size()
    Bkv, Hkv, seq_len_kv, v_head_dim = value.get_size()

    key_size = [Bq, Hkv, seq_len_kv, qk_head_dim]
    key_strides = infer_dense_strides(key_size, key.get_stride())
    layout_broadcasted_k = FixedLayout(
        key.get_device(),
        key.get_dtype(),
        key_size,
        stride=[sympy.sympify(s) for s in key_strides],
    )

    mul_delta = lowerings[aten.mul](out, grad_out)
    delta = lowerings[aten.sum](mul_delta, axis=-1)
    delta = lowerings[prims.convert_element_type](delta, torch.float32)
    if grad_logsumexp is not None:
        grad_lse_exp2 = lowerings[aten.mul](
            grad_logsumexp, 1 / math.log(2)
        )
        grad_lse_exp2 = ExternKernel.require_contiguous(grad_lse_exp2)
        delta = lowerings[aten.sub](delta, grad_lse_exp2)
        delta = ExternKernel.require_contiguous(delta)
        delta, grad_lse_exp2 = maybe_realize([delta, grad_lse_exp2])
    else:
        delta = ExternKernel.require_contiguous(delta)
        (delta,) = maybe_realize([delta])

    query_size = [Bq, Hq, seq_len_q, qk_head_dim]
    grad_query_strides = infer_dense_strides(
        query_size, query.get_stride()
    )
    grad_query = empty_strided(
        query_size,
        stride=[sympy.sympify(s) for s in grad_query_strides],
        dtype=query.get_dtype(),
        device=query.get_device(),
    )
    value_size = [Bq, Hkv, seq_len_kv, v_head_dim]
    value_strides = infer_dense_strides(value_size, value.get_stride())
    broadcasted_grad_value = empty_strided(
        value_size,
        stride=[sympy.sympify(s) for s in value_strides],
        dtype=value.get_dtype(),
        device=value.get_device(),
    )

    kernel_options = kernel_options.copy()
    kernel_options.setdefault("FLOAT32_PRECISION", get_float32_precision())
    kernel_options.setdefault("PRESCALE_QK", False)
    kernel_options.setdefault("ROWS_GUARANTEED_SAFE", False)
    kernel_options.setdefault("BLOCKS_ARE_CONTIGUOUS", False)
    kernel_options.setdefault("WRITE_DQ", True)
    kernel_options.setdefault(
        "IS_DIVISIBLE",
        _sequence_lengths_are_statically_divisible(seq_len_q, seq_len_kv),
    )
    kernel_options.setdefault("SM_SCALE", scale)
    kernel_options.setdefault("GQA_SHARED_HEADS", FloorDiv(Hq, Hkv))
    has_full_blocks = full_kv_num_blocks is not None
    kernel_options.setdefault("HAS_FULL_BLOCKS", has_full_blocks)
    if not has_full_blocks:
        (
            full_kv_num_blocks,
            full_kv_indices,
            full_q_num_blocks,
            full_q_indices,
        ) = (empty(0, device=query.get_device()) for _ in range(4))

    set_head_dim_values(
        kernel_options, qk_head_dim, v_head_dim, V.graph.sizevars
    )
    sparse_q_block_size = V.graph.sizevars.guard_int(sparse_q_block_size)
    sparse_kv_block_size = V.graph.sizevars.guard_int(sparse_kv_block_size)
    configs = generate_bwd_candidate_configs(
        sparse_q_block_size=sparse_q_block_size,
        sparse_kv_block_size=sparse_kv_block_size,
        mode=FlexMode.BWD,
        kernel_options=kernel_options,
    )
    if not configs:
        raise RuntimeError(
            "No compatible mask-in backward tiling configs for "
            f"SPARSE_Q_BLOCK_SIZE={sparse_q_block_size} and "
            f"SPARSE_KV_BLOCK_SIZE={sparse_kv_block_size}."
        )

    input_nodes = [
        query,
        key,
        value,
        logsumexp,
        delta,
        grad_out,
        grad_query,
        broadcasted_grad_value,
        kv_num_blocks,
        kv_indices,
        q_num_blocks,
        q_indices,
        full_kv_num_blocks,
        full_kv_indices,
        full_q_num_blocks,
        full_q_indices,
    ]
    choices: list[Any] = []
    original_kernel_options = kernel_options.copy()
    num_consumer_groups, num_buffers_warp_spec = 0, 0
    for cfg in configs:
        cur_kernel_options = original_kernel_options.copy()
        for k in list(cur_kernel_options.keys()):
            if k.startswith("bwd_"):
                option_value = cur_kernel_options.pop(k)
                cur_kernel_options[k[4:]] = option_value
            if k.startswith("fwd_"):
                cur_kernel_options.pop(k)

        # NPU tiling owns block sizes and launch dimensions.
        cur_kernel_options.update(cfg)
        if cur_kernel_options.get("num_consumer_groups", False):
            cur_kernel_options.setdefault(
                "num_consumer_groups", num_consumer_groups
            )
            cur_kernel_options.setdefault(
                "num_buffers_warp_spec", num_buffers_warp_spec
            )

        cur_kernel_options.setdefault("USE_TMA", bool(torch.xpu.is_available()))
        if cur_kernel_options["USE_TMA"] and not can_use_tma(
            query, key, value
        ):
            cur_kernel_options["USE_TMA"] = False

        cur_kernel_options.setdefault(
            "SPARSE_Q_BLOCK_SIZE", sparse_q_block_size
        )
        cur_kernel_options.setdefault(
            "SPARSE_KV_BLOCK_SIZE", sparse_kv_block_size
        )
        choice_count = len(choices)
        flex_attention_backward_template.maybe_append_choice(
            choices=choices,
            input_nodes=input_nodes,
            layout=layout_broadcasted_k,
            subgraphs=[
                fw_subgraph_buffer,
                joint_outputs.grad_input,
                mask_graph_buffer,
                joint_outputs.captured_grads_compute,
            ],
            mutated_inputs=[
                grad_query,
                broadcasted_grad_value,
                *joint_outputs.mutated_grads,
            ],
            call_sizes=query.get_size() + key.get_size()[1:3],
            **cur_kernel_options,
        )
        if len(choices) > choice_count:
            _tag_flex_attention_report_choices(
                choices[choice_count:], cfg
            )
            if prefer_max_tiling_without_benchmark():
                _tag_choice_attr(
                    choices[choice_count:],
                    "_nobench_select_first_compilable",
                    True,
                )

    if not choices:
        raise RuntimeError(
            f"All {len(configs)} mask-in backward configs failed to compile."
        )
    inputs_for_autotuning = (
        input_nodes
        + list(score_mod_other_buffers)
        + list(mask_mod_other_buffers)
        + joint_outputs.mutated_grads
    )
    input_gen_fns = {
        8: create_num_blocks_fake_generator(kv_indices),
        9: create_indices_fake,
        10: create_num_blocks_fake_generator(q_indices),
        11: create_indices_fake,
        12: create_num_blocks_fake_generator(full_kv_indices),
        13: create_indices_fake,
        14: create_num_blocks_fake_generator(full_q_indices),
        15: create_indices_fake,
    }
    broadcasted_grad_key, _ = autotune_select_algorithm(
        "flex_attention_backward",
        choices,
        _filter_autotune_ir_nodes(inputs_for_autotuning, choices),
        layout_broadcasted_k,
        input_gen_fns=input_gen_fns,
    )
    _attach_flex_subgraph_dependencies(
        broadcasted_grad_key,
        subgraph_inps=(
            list(score_mod_other_buffers) + list(mask_mod_other_buffers)
        ),
        subgraph_outs=get_bwd_subgraph_outputs(
            fw_subgraph_buffer, mask_graph_buffer, joint_outputs
        ),
    )

    if V.graph.sizevars.evaluate_expr(sympy.Eq(Bq, Bkv)):
        grad_key = broadcasted_grad_key
        grad_value = broadcasted_grad_value
    else:
        assert V.graph.sizevars.evaluate_expr(
            sympy.Gt(Bq, 1) & sympy.Eq(Bkv, 1)
        ), f"Bq and Bkv must broadcastable. Got Bq={Bq} and Bkv={Bkv}"
        grad_key = lowerings[aten.sum](
            broadcasted_grad_key, axis=0, keepdims=True
        )
        grad_value = lowerings[aten.sum](
            broadcasted_grad_value, axis=0, keepdims=True
        )

    captured_grads = tuple(
        to_dtype(grad, original.get_dtype())
        if grad is not None and grad.get_dtype() != original.get_dtype()
        else grad
        for grad, original in zip(
            joint_outputs.captured_grads, score_mod_other_buffers
        )
    )
    return (grad_query, grad_key, grad_value, captured_grads)


def _register_npu_inductor_flex_attention():
    from torch._inductor.lowering import register_lowering

    @register_lowering(torch.ops.higher_order.flex_attention, type_promotion_kind=None)
    def flex_attention(
        query,
        key,
        value,
        subgraph,
        block_mask,
        scale,
        kernel_options,
        score_mod_other_buffers,
        mask_mod_other_buffers,
    ):
        small_dqk = V.graph.sizevars.evaluate_expr(
            sympy.Lt(query.get_size()[-1], 16)
        )
        small_dv = V.graph.sizevars.evaluate_expr(
            sympy.Lt(value.get_size()[-1], 16)
        )
        if small_dqk or small_dv:
            raise NotImplementedError(
                "NYI: embedding dimension of the query, key, and value must be "
                f"at least 16 but got E={query.get_size()[-1]} and "
                f"Ev={value.get_size()[-1]}"
            )

        npu_block_mask = _unpack_npu_block_mask(block_mask)
        (
            _,  # q_length
            _,  # kv_length
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
            q_num_blocks,
            q_indices,
            full_q_num_blocks,
            full_q_indices,
            SPARSE_Q_BLOCK_SIZE,
            SPARSE_KV_BLOCK_SIZE,
            mask_graph,
        ) = npu_block_mask

        placeholder_inps = [
            create_placeholder(name, dtype, query.get_device())
            for name, dtype in [
                ("score", query.get_dtype()),
                ("b", torch.int32),
                ("h", torch.int32),
                ("m", torch.int32),
                ("n", torch.int32),
            ]
        ]
        subgraph_buffer = _build_subgraph_buffer_with_additional_lowerings(
            placeholder_inps + list(score_mod_other_buffers), subgraph
        )
        freeze_irnodes(subgraph_buffer)

        mask_graph_placeholder_inps = [
            create_placeholder(name, dtype, query.get_device())
            for name, dtype in [
                ("b", torch.int32),
                ("h", torch.int32),
                ("m", torch.int32),
                ("n", torch.int32),
            ]
        ]
        mask_graph_buffer = _build_subgraph_buffer_with_additional_lowerings(
            mask_graph_placeholder_inps + list(mask_mod_other_buffers), mask_graph
        )
        freeze_irnodes(mask_graph_buffer)

        kernel_options = dict(kernel_options)
        backend = kernel_options.get("BACKEND", "AUTO")
        # Upstream flex_attention adds GPU backend dispatch options that NPU
        # templates do not consume.
        # Strip them before they leak into triton constexprs and cause
        # NameError("AUTO is not defined") during compilation.
        # WRITE_DQ and OUTPUT_MAX are consumed by FlexAttention templates.
        for _unsupported in ("BACKEND", "generate_with_caching"):
            kernel_options.pop(_unsupported, None)
        has_explicit_score_mod = bool(
            kernel_options.pop(_EXPLICIT_SCORE_MOD_OPTION, False)
        )
        workspace_budget = int(kernel_options.pop(
            _FWD_WORKSPACE_OPTION, npu_config.flex_attention.fwd_mask_workspace_bytes
        ))
        # Strip GPU-specific backend selector (e.g. "TRITON"/"FLASH"/"CUDNN") that
        # has no meaning on NPU and would leak into Triton constexpr parameters.
        kernel_options.pop("BACKEND", None)
        # Mark symbols in custom kernel options as static shapes and add guards.
        kernel_options = {
            k: V.graph.sizevars.guard_int(v)
            if isinstance(v, sympy.Symbol)
            else v
            for k, v in kernel_options.items()
        }
        kernel_options.setdefault("FLOAT32_PRECISION", get_float32_precision())
        score_mod_is_identity = _is_score_mod_identity_graph(subgraph)
        has_score_mod = has_explicit_score_mod and not score_mod_is_identity
        enable_gqa = V.graph.sizevars.evaluate_expr(
            sympy.Ne(query.get_size()[1], key.get_size()[1])
        )
        use_flex_decoding = _use_flex_decoding(
            query, kv_indices, value, kernel_options, enable_gqa
        )
        if backend == "TRITON_DECODE" and not use_flex_decoding:
            raise RuntimeError(
                "BACKEND='TRITON_DECODE' was specified but flex_decoding cannot be used for this input. "
                "flex_decoding is only available for short sequence lengths with specific configurations."
            )
        if use_flex_decoding:
            try:
                return _create_npu_flex_decoding_kernel(
                    query,
                    key,
                    value,
                    npu_block_mask,
                    scale,
                    kernel_options,
                    subgraph_buffer,
                    mask_graph_buffer,
                    score_mod_other_buffers,
                    mask_mod_other_buffers,
                )
            except Exception as exc:
                log.warning(  # noqa: G200
                    "Flex decoding failed, falling back to flex attention: %s",
                    exc,
                )
        flexattention_dispatch_strategy = get_flexattention_dispatch_strategy()
        use_fwd_dispatch = flexattention_dispatch_strategy == "fwd"
        use_mask_out = (
            _supports_flex_attention_mask_out()
            and not has_score_mod
            and _has_sparse_block_mask(
                SPARSE_Q_BLOCK_SIZE, SPARSE_KV_BLOCK_SIZE
            )
        )
        if not use_mask_out:
            if not bool(
                kernel_options.get(
                    "HAS_FULL_BLOCKS", full_kv_num_blocks is not None
                )
            ):
                full_kv_num_blocks = None
                full_kv_indices = None
                full_q_num_blocks = None
                full_q_indices = None
            for option in (
                "SPARSE_MASK_HEAD_SHARED",
                "SPARSE_MASK_HQ",
                "SPARSE_MASK_MAX_NORMAL_BLOCKS",
            ):
                kernel_options.pop(option, None)
            return _lower_flex_attention_mask_in(
                query=query,
                key=key,
                value=value,
                scale=scale,
                kernel_options=kernel_options,
                subgraph_buffer=subgraph_buffer,
                mask_graph_buffer=mask_graph_buffer,
                score_mod_other_buffers=score_mod_other_buffers,
                mask_mod_other_buffers=mask_mod_other_buffers,
                kv_num_blocks=kv_num_blocks,
                kv_indices=kv_indices,
                q_num_blocks=q_num_blocks,
                q_indices=q_indices,
                full_kv_num_blocks=full_kv_num_blocks,
                full_kv_indices=full_kv_indices,
                full_q_num_blocks=full_q_num_blocks,
                full_q_indices=full_q_indices,
                sparse_q_block_size=SPARSE_Q_BLOCK_SIZE,
                sparse_kv_block_size=SPARSE_KV_BLOCK_SIZE,
            )

        kernel_options.setdefault("ROWS_GUARANTEED_SAFE", False)
        kernel_options.setdefault("BLOCKS_ARE_CONTIGUOUS", False)
        kernel_options["TORCHINDUCTOR_FLEXATTENTION_MASKOUT"] = True

        (
            query,
            key,
            value,
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
            q_num_blocks,
            q_indices,
            full_q_num_blocks,
            full_q_indices,
        ) = maybe_realize(
            [
                query,
                key,
                value,
                kv_num_blocks,
                kv_indices,
                full_kv_num_blocks,
                full_kv_indices,
                q_num_blocks,
                q_indices,
                full_q_num_blocks,
                full_q_indices,
            ]
        )

        score_mod_other_buffers = maybe_realize(score_mod_other_buffers)
        mask_mod_other_buffers = maybe_realize(mask_mod_other_buffers)

        Bq, Hq, seq_len_q, qk_head_dim = query.get_size()
        Bkv, Hkv, seq_len_kv, v_head_dim = value.get_size()
        assert V.graph.sizevars.evaluate_expr(
            sympy.Eq(Bq, Bkv) | sympy.Eq(Bkv, 1)
        ), f"Bq and Bkv must broadcastable. Got Bq={Bq} and Bkv={Bkv}"
        B = Bq

        kernel_options.setdefault(
            "IS_DIVISIBLE",
            _sequence_lengths_are_statically_divisible(seq_len_q, seq_len_kv),
        )

        # Reuse query strides for output layout despite different last dimension.
        # This works because only the last dim differs and we check it is contiguous.
        q_strides = query.get_stride()
        assert q_strides[-1] == 1, "Query must be contiguous in the last dimension"

        # Construct output layout with strides matching the query.
        out_size = [B, Hq, seq_len_q, v_head_dim]
        fill_order = get_fill_order(query.get_stride(), V.graph.sizevars.shape_env)
        out_strides = construct_strides(out_size, fill_order)

        layout = FixedLayout(
            query.get_device(),
            query.get_dtype(),
            [B, Hq, seq_len_q, v_head_dim],
            stride=[sympy.sympify(s) for s in out_strides],
        )
        # see NOTE:[TritonTemplates with multiple outputs]
        logsumexp_shape = [B, Hq, seq_len_q]
        logsumexp = empty_strided(
            logsumexp_shape,
            None,
            dtype=torch.float32,  # The logsumexp is always stored in fp32 regardless of the input dtype
            device=query.get_device(),
        )
        max_scores = empty_strided(
            logsumexp_shape,
            None,
            dtype=torch.float32,
            device=query.get_device(),
        )
        kernel_options.setdefault("SM_SCALE", scale)

        # Determine GQA broadcast factor.
        gqa_shared_heads = FloorDiv(Hq, Hkv)
        kernel_options.setdefault("GQA_SHARED_HEADS", gqa_shared_heads)

        flexattention_mask_out = use_mask_out
        use_fwd_dispatch = use_fwd_dispatch and flexattention_mask_out
        has_full_blocks = full_kv_num_blocks is not None
        has_full_blocks = bool(
            kernel_options.get("HAS_FULL_BLOCKS", has_full_blocks)
        )
        kernel_options["HAS_FULL_BLOCKS"] = has_full_blocks
        if not has_full_blocks:
            full_kv_num_blocks, full_kv_indices = (
                empty(0, device=query.get_device()) for _ in range(2)
            )
        set_head_dim_values(kernel_options, qk_head_dim, v_head_dim, V.graph.sizevars)

        # Mark SPARSE_KV_BLOCK_SIZE & SPARSE_Q_BLOCK_SIZE as static shapes and add guards.
        SPARSE_KV_BLOCK_SIZE = V.graph.sizevars.guard_int(SPARSE_KV_BLOCK_SIZE)
        SPARSE_Q_BLOCK_SIZE = V.graph.sizevars.guard_int(SPARSE_Q_BLOCK_SIZE)

        compact_q_offsets = None
        compact_flat_to_row = None
        compact_flat_to_blk = None
        runtime_total_blocks = None
        actual_blocks = None
        sparse_mask_layout = None
        sparse_mask_buffer = None
        sparse_mask_strides = None

        from torch_npu._inductor.fx_passes.utils.schedule_node_utils import is_multi_stream

        # Capacity is shape-derived; the live block count stays on device in
        # both Python and C++ wrappers. Keep the strategy fixed at lowering,
        # including the Python warmup pass used by C++ wrapper codegen.
        static_workspace_path = (
            not getattr(V.graph, "aot_mode", False)
            and not is_multi_stream()
            and not _ir_has_dynamic_shape(query, key, value, kv_num_blocks, kv_indices)
        )
        workspace_capacity = None
        if (static_workspace_path and workspace_budget > 0
                and kv_num_blocks.get_dtype() == torch.int32
                and kv_indices.get_dtype() == torch.int32):
            workspace_capacity = fwd_mask_workspace_capacity(
                tuple(map(int, kv_num_blocks.get_size())),
                tuple(map(int, kv_indices.get_size())),
                (SPARSE_Q_BLOCK_SIZE, SPARSE_KV_BLOCK_SIZE), workspace_budget,
            )
        use_workspace = workspace_capacity is not None
        log.info("FWD mask workspace: budget=%d capacity=%s", workspace_budget, workspace_capacity)

        if flexattention_mask_out:
            if use_workspace:
                row_count = math.prod(map(int, kv_num_blocks.get_size()))
                compact_q_offsets = _build_fwd_workspace_offsets(kv_num_blocks, row_count)
                mask_capacity = workspace_capacity
            else:
                (
                    compact_q_offsets,
                    runtime_total_blocks,
                    row_count,
                ) = _build_runtime_compact_sparse_mask_offsets(
                    kv_num_blocks=kv_num_blocks,
                    kv_indices=kv_indices,
                    device=query.get_device(),
                    context="forward",
                )
                max_runtime_blocks = torch.iinfo(torch.int32).max // (
                    SPARSE_Q_BLOCK_SIZE * SPARSE_KV_BLOCK_SIZE
                )
                actual_blocks = _bind_runtime_total_blocks_as_unbacked_size(
                    runtime_total_blocks, max_blocks=max_runtime_blocks,
                )
                mask_capacity = actual_blocks
            compact_flat_to_row = empty_strided(
                [mask_capacity], [1], dtype=torch.int32, device=query.get_device(),
            )
            compact_flat_to_blk = empty_strided(
                [mask_capacity], [1], dtype=torch.int32, device=query.get_device(),
            )
            _build_runtime_compact_sparse_mask_mapping(
                flat_to_row=compact_flat_to_row,
                flat_to_blk=compact_flat_to_blk,
                q_offsets=compact_q_offsets,
                kv_num_blocks=kv_num_blocks,
                row_count=row_count,
                device=query.get_device(),
                context="forward",
                use_workspace=use_workspace,
            )
            sparse_mask_size = [
                mask_capacity,
                SPARSE_Q_BLOCK_SIZE,
                SPARSE_KV_BLOCK_SIZE,
            ]
            sparse_mask_strides = [
                SPARSE_Q_BLOCK_SIZE * SPARSE_KV_BLOCK_SIZE,
                SPARSE_KV_BLOCK_SIZE,
                1,
            ]
            sparse_mask_layout = FixedLayout(
                query.get_device(),
                torch.int8,
                sparse_mask_size,
                stride=[sympy.sympify(s) for s in sparse_mask_strides],
            )
            sparse_mask_buffer = empty_strided(
                sparse_mask_size,
                sparse_mask_strides,
                dtype=torch.int8,
                device=query.get_device(),
            )
            kernel_options.setdefault(
                "SPARSE_MASK_STRIDE_BLK", sparse_mask_strides[0]
            )
            kernel_options.setdefault(
                "SPARSE_MASK_STRIDE_M", sparse_mask_strides[1]
            )

        fwd_call_size_hints = V.graph.sizevars.optimization_hints(
            query.get_size(),
            fallback=config.unbacked_symint_fallback,
        )
        fwd_batch_size_hint, fwd_q_heads_hint, fwd_num_queries_hint, _ = fwd_call_size_hints
        fwd_num_cube_core = _get_num_cube_core()

        log.debug(
            "flex_attention lowering: query=%s key=%s value=%s SPARSE_Q=%s SPARSE_KV=%s kernel_options=%s",
            query.get_size(), key.get_size(), value.get_size(),
            SPARSE_Q_BLOCK_SIZE, SPARSE_KV_BLOCK_SIZE, kernel_options)

        # Validate benchmark configuration before autotuning
        log.debug("Benchmark Configuration Validation")
        validate_benchmark_config()  # Now only warns, doesn't raise errors

        choices: list[Any] = []
        assert sparse_mask_buffer is not None
        assert compact_q_offsets is not None
        forward_input_nodes = [
            query,
            key,
            value,
            sparse_mask_buffer,
            compact_q_offsets,
            kv_num_blocks,
            kv_indices,
            logsumexp,
            max_scores,
            full_kv_num_blocks,
            full_kv_indices,
        ]

        dict_configs = generate_fwd_candidate_configs(
            sparse_q_block_size=SPARSE_Q_BLOCK_SIZE,
            sparse_kv_block_size=SPARSE_KV_BLOCK_SIZE,
            kernel_options=kernel_options,
        )

        if not dict_configs:
            raise RuntimeError(
                "No compatible flex attention forward tiling configs for "
                f"SPARSE_Q_BLOCK_SIZE={SPARSE_Q_BLOCK_SIZE} and "
                f"SPARSE_KV_BLOCK_SIZE={SPARSE_KV_BLOCK_SIZE}."
            )

        log.debug("dict_configs count: %d configs: %s", len(dict_configs), dict_configs)

        log.info("Generated %d configs for flex_attention", len(dict_configs))

        # Note, we don't need to pass in the captured buffers explicitly
        # because they're implicitly added by the score_mod function
        # We do need to explicitly pass it in for autotuning though.
        original_kernel_options = kernel_options.copy()
        for cfg in dict_configs:
            BLOCK_M = cfg["BLOCK_M"]
            BLOCK_N = cfg["BLOCK_N"]

            log.debug(
                "Processing config: BLOCK_M=%d BLOCK_N=%d",
                BLOCK_M,
                BLOCK_N,
            )

            cur_kernel_options = original_kernel_options.copy()

            # Generated tiling config is authoritative for this choice.
            cur_kernel_options.update(cfg)

            # Blocksparse options
            cur_kernel_options.setdefault("SPARSE_Q_BLOCK_SIZE", SPARSE_Q_BLOCK_SIZE)
            cur_kernel_options.setdefault("SPARSE_KV_BLOCK_SIZE", SPARSE_KV_BLOCK_SIZE)
            cur_kernel_options.setdefault(
                "TORCHINDUCTOR_FLEXATTENTION_MASKOUT",
                True,
            )
            cur_kernel_options.setdefault("NUM_CUBE_CORE", fwd_num_cube_core)
            fwd_grid_x = (fwd_num_queries_hint + BLOCK_M - 1) // BLOCK_M
            fwd_grid_y = fwd_batch_size_hint * fwd_q_heads_hint
            fwd_grid_z = 1
            fwd_total_programs = fwd_grid_x * fwd_grid_y * fwd_grid_z
            fwd_wave_estimate = (
                fwd_total_programs + fwd_num_cube_core - 1
            ) // fwd_num_cube_core

            log.debug(
                "fwd-choice: cfg=%s grid=(%d,%d,%d) total_programs=%d aicore_count=%d"
                "exceeds_aicores=%s wave_estimate=%d kv_num_blocks_type=%s kv_indices_type=%s final_kernel_options=%s",
                cfg, fwd_grid_x, fwd_grid_y, fwd_grid_z, fwd_total_programs,
                fwd_num_cube_core, fwd_total_programs > fwd_num_cube_core,
                fwd_wave_estimate,
                type(kv_num_blocks).__name__,
                type(kv_indices).__name__, cur_kernel_options)


            try:
                forward_kernel_options = cur_kernel_options.copy()
                choice_count = len(choices)
                log.info(
                    "Appending sparse-mask forward choice BLOCK_M=%d BLOCK_N=%d",
                    forward_kernel_options["BLOCK_M"],
                    forward_kernel_options["BLOCK_N"],
                )
                forward_dispatch_plan = None
                if use_fwd_dispatch:
                    all_sparse_kernel_options = forward_kernel_options.copy()
                    all_sparse_kernel_options["HAS_FULL_BLOCKS"] = False
                    all_sparse_num_stages = all_sparse_kernel_options.pop(
                        "num_stages"
                    )
                    all_sparse_num_warps = all_sparse_kernel_options.pop(
                        "num_warps"
                    )
                    all_sparse_renderer_factory = (
                        flex_attention_fwd_mask_out_all_sparse.make_runtime_renderer_factory(
                            input_nodes=forward_input_nodes,
                            runtime_args=(),
                            layout=layout,
                            num_stages=all_sparse_num_stages,
                            num_warps=all_sparse_num_warps,
                            call_sizes=query.get_size(),
                            subgraphs=[subgraph_buffer],
                            **all_sparse_kernel_options,
                        )
                    )
                    forward_dispatch_plan = FlexAttentionDispatchPlan(
                        primary_name="fwd",
                        strategy=FwdDispatchStrategy(
                            all_sparse_renderer_factory
                        ),
                        capabilities=PYTHON_ONLY,
                    )
                error = flex_attention_fwd_mask_out.maybe_append_choice(
                    choices=choices,
                    input_nodes=forward_input_nodes,
                    layout=layout,
                    subgraphs=[subgraph_buffer],
                    mutated_inputs=[logsumexp, max_scores],
                    call_sizes=query.get_size(),
                    dispatch_plan=forward_dispatch_plan,
                    **forward_kernel_options,
                )

                if len(choices) == choice_count:
                    error = error or "sparse-mask forward choice was not appended"
                    log.warning("Config %s compilation returned error: %s", cfg, error)
                    if len(dict_configs) == 1:
                        if isinstance(error, BaseException):
                            raise error
                        raise RuntimeError(str(error))
                    continue

                _tag_flex_attention_report_choices(
                    choices[choice_count:],
                    cfg,
                )
                if prefer_max_tiling_without_benchmark():
                    _tag_choice_attr(
                        choices[choice_count:],
                        "_nobench_select_first_compilable",
                        True,
                    )
            except Exception as e:
                # Catch compilation errors and skip this config
                log.warning("Config %s compilation failed: %s: %s", cfg, type(e).__name__, str(e)[:200])
                # Continue to next config instead of raising
                continue

        sparse_mask_choices = []
        sparse_mask_base_kernel_options = {
            "SPARSE_Q_BLOCK_SIZE": SPARSE_Q_BLOCK_SIZE,
            "SPARSE_KV_BLOCK_SIZE": SPARSE_KV_BLOCK_SIZE,
            "SPARSE_MASK_STRIDE_BLK": sparse_mask_strides[0],
            "SPARSE_MASK_STRIDE_M": sparse_mask_strides[1],
        }

        sparse_mask_tiling_configs = build_sparse_mask_candidate_configs(
            SPARSE_Q_BLOCK_SIZE,
            SPARSE_KV_BLOCK_SIZE,
        )
        log.info(
            "Generated %d sparse mask kernel tiling configs from "
            "SPARSE_Q_BLOCK_SIZE=%d, SPARSE_KV_BLOCK_SIZE=%d: %s",
            len(sparse_mask_tiling_configs),
            SPARSE_Q_BLOCK_SIZE,
            SPARSE_KV_BLOCK_SIZE,
            sparse_mask_tiling_configs,
        )

        for sparse_mask_tiling_config in sparse_mask_tiling_configs:
            sparse_mask_kernel_options = sparse_mask_base_kernel_options.copy()
            sparse_mask_kernel_options.update(sparse_mask_tiling_config)
            num_choices_before = len(sparse_mask_choices)
            sparse_mask_input_nodes = [
                sparse_mask_buffer, compact_flat_to_row, compact_flat_to_blk,
                query, key, kv_indices,
            ]
            sparse_mask_call_sizes = [mask_capacity]
            if use_workspace:
                sparse_mask_template = flex_attention_fwd_workspace_mask_compact
                sparse_mask_input_nodes.extend([compact_q_offsets, kv_num_blocks])
            else:
                sparse_mask_template = flex_attention_fwd_mask_compact
            try:
                sparse_mask_template.maybe_append_choice(
                    choices=sparse_mask_choices,
                    input_nodes=sparse_mask_input_nodes,
                    layout=sparse_mask_layout,
                    subgraphs=[mask_graph_buffer],
                    mutated_inputs=[sparse_mask_buffer],
                    call_sizes=sparse_mask_call_sizes,
                    NUM_VECTOR_CORE=_get_num_vector_core(),
                    **sparse_mask_kernel_options,
                )
                if len(sparse_mask_choices) > num_choices_before:
                    _tag_choice_configs(
                        sparse_mask_choices[num_choices_before:],
                        "_sparse_mask_report_config",
                        sparse_mask_tiling_config,
                    )
                    _tag_choices_for_no_benchmark(
                        sparse_mask_choices[num_choices_before:]
                    )
                    log.info(
                        "Sparse mask kernel choice created successfully: %s",
                        sparse_mask_tiling_config,
                    )
                else:
                    log.warning(
                        "Sparse mask kernel choice was not appended for config: %s",
                        sparse_mask_tiling_config,
                    )
            except Exception as e:
                log.warning(
                    "Sparse mask kernel choice creation failed for config %s: %s: %s",
                    sparse_mask_tiling_config,
                    type(e).__name__,
                    str(e)[:200],
                )

        if not sparse_mask_choices:
            raise RuntimeError(
                f"All {len(sparse_mask_tiling_configs)} sparse mask kernel tiling "
                "configs failed to create choices. Cannot proceed with sparse_mask mode."
            )
        log.info(
            "Sparse mask kernel choices created: %d/%d",
            len(sparse_mask_choices),
            len(sparse_mask_tiling_configs),
        )

        inputs_for_autotuning = forward_input_nodes + list(score_mod_other_buffers)
        input_gen_fns = {
            4: create_compact_q_offsets_fake,
            5: create_sparse_mask_num_blocks_fake,
            6: _create_sparse_mask_indices_fake_generator(),
            9: create_num_blocks_fake_generator(full_kv_indices),
            10: create_indices_fake,
        }
        # Check if we have at least one successful choice
        if not choices:
            raise RuntimeError(
                f"All {len(dict_configs)} configs failed to compile. "
                f"Cannot proceed with flex_attention. "
                f"Please check the compilation errors above."
            )

        log.info(
            "fwd-summary: choices=%d total_configs=%d failed_configs=%d call_size_hints=%s aicore_count=%d",
            len(choices), len(dict_configs), len(dict_configs) - len(choices),
            tuple(fwd_call_size_hints), fwd_num_cube_core
        )

        # Print clear overall statistics for flex_attention config compilation
        log.info(
            "flex-attention-summary: total_configs=%d successful=%d failed=%d",
            len(dict_configs), len(choices), len(dict_configs) - len(choices)
        )

        if len(choices) < len(dict_configs):
            log.warning(
                "%d out of %d configs failed to compile. Proceeding with %d successful configs.",
                len(dict_configs) - len(choices), len(dict_configs), len(choices)
            )

        sparse_mask_autotune_other_buffers = _filter_used_subgraph_buffers(
            mask_graph_buffer,
            mask_mod_other_buffers,
        )
        sparse_mask_inputs_for_autotuning = (
            sparse_mask_input_nodes
            + sparse_mask_autotune_other_buffers
        )
        sparse_mask_input_gen_fns = {
            1: create_zero_int_tensor_fake,
            2: create_zero_int_tensor_fake,
            5: _create_sparse_mask_indices_fake_generator(),
        }
        if use_workspace:
            sparse_mask_input_gen_fns.update({
                5: create_workspace_strided_int_fake,
                6: create_workspace_offsets_fake,
                7: create_workspace_counts_fake,
            })
        log.info("Sparse mask kernel autotune starting with %d choices", len(sparse_mask_choices))
        sparse_mask_result, _ = autotune_select_algorithm(
            "sparse_mask_kernel",
            sparse_mask_choices,
            _filter_autotune_ir_nodes(
                sparse_mask_inputs_for_autotuning,
                sparse_mask_choices,
            ),
            sparse_mask_layout,
            input_gen_fns=sparse_mask_input_gen_fns,
        )
        _attach_flex_subgraph_dependencies(
            sparse_mask_result,
            subgraph_inps=mask_mod_other_buffers,
            subgraph_outs=_as_subgraph_output_list(mask_graph_buffer),
        )
        log.info(
            "Sparse mask kernel autotune completed with %d choices",
            len(sparse_mask_choices),
        )

        result, _ = autotune_select_algorithm(
            "flex_attention",
            choices,
            _filter_autotune_ir_nodes(inputs_for_autotuning, choices),
            layout,
            input_gen_fns=input_gen_fns,
            return_multi_template=False,
            defer_epilogue_compile_only=True,
        )
        # Keep the compile-only epilogue fallback enabled when max-autotune is
        # disabled and AlgorithmSelectorCache returns a single template buffer.
        template_buffer = _get_triton_template_buffer(result)
        template_buffer._npu_deferred_epilogue_compile_only = True
        _attach_flex_subgraph_dependencies(
            result,
            subgraph_inps=score_mod_other_buffers,
            subgraph_outs=_get_forward_subgraph_outputs(
                subgraph_buffer,
                mask_graph_buffer,
                include_mask=False,
            ),
        )

        return (
            result,
            lowerings[aten.mul](logsumexp, _LOG2E),
            lowerings[aten.mul](max_scores, _LOG2E),
        )


    @register_lowering(torch.ops.higher_order.flex_attention_backward, type_promotion_kind=None)
    def flex_attention_backward(*args, **kwargs):
        (
            query,
            key,
            value,
            out,
            logsumexp,
            grad_out,
            grad_logsumexp,
            fw_graph,
            joint_graph,
            block_mask,
            scale,
            kernel_options,
            score_mod_other_buffers,
            mask_mod_other_buffers,
        ) = args
        (
            _,  # q_length
            _,  # kv_length
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
            q_num_blocks,
            q_indices,
            full_q_num_blocks,
            full_q_indices,
            SPARSE_Q_BLOCK_SIZE,
            SPARSE_KV_BLOCK_SIZE,
            mask_graph,
        ) = _unpack_npu_block_mask(block_mask)

        (
            query,
            key,
            value,
            grad_out,
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
            q_num_blocks,
            q_indices,
            full_q_num_blocks,
            full_q_indices,
        ) = maybe_realize(
            [
                query,
                key,
                value,
                grad_out,
                kv_num_blocks,
                kv_indices,
                full_kv_num_blocks,
                full_kv_indices,
                q_num_blocks,
                q_indices,
                full_q_num_blocks,
                full_q_indices,
            ]
        )

        device = query.get_device()
        dtype = query.get_dtype()
        Bq, Hq, seq_len_q, qk_head_dim = query.get_size()
        Bkv, Hkv, seq_len_kv, v_head_dim = value.get_size()

        assert V.graph.sizevars.evaluate_expr(sympy.Eq(Bq, Bkv) | sympy.Eq(Bkv, 1)), (
            f"Bq and Bkv must broadcastable. Got Bq={Bq} and Bkv={Bkv}"
        )
        if (
            query.get_dtype() != key.get_dtype()
            or query.get_dtype() != value.get_dtype()
        ):
            raise ValueError(
                "Backward pass with mixed query, key, and value dtype is not "
                f"supported, got query.dtype={query.get_dtype()}, "
                f"key.dtype={key.get_dtype()}, "
                f"and value.dtype={value.get_dtype()}"
            )

        kernel_options = dict(kernel_options)
        # Forward-only strategy hint; never leak into backward constexprs.
        kernel_options.pop(_FWD_WORKSPACE_OPTION, None)
        # Strip upstream GPU dispatch knobs before they leak into Triton
        # constexprs.
        # WRITE_DQ and OUTPUT_MAX are valid FlexAttention template options.
        for _unsupported in ("BACKEND", "generate_with_caching"):
            kernel_options.pop(_unsupported, None)
        has_explicit_score_mod = bool(
            kernel_options.pop(_EXPLICIT_SCORE_MOD_OPTION, False)
        )
        # Strip GPU-specific backend selector (e.g. "TRITON"/"FLASH"/"CUDNN") that
        # has no meaning on NPU and would leak into Triton constexpr parameters.
        kernel_options.pop("BACKEND", None)
        # Mark symbols in custom kernel options as static shapes and add guards.
        kernel_options = {
            k: V.graph.sizevars.guard_int(v)
            if isinstance(v, sympy.Symbol)
            else v
            for k, v in kernel_options.items()
        }
        kernel_options.setdefault("PRESCALE_QK", False)
        kernel_options.setdefault("ROWS_GUARANTEED_SAFE", False)
        kernel_options.setdefault("BLOCKS_ARE_CONTIGUOUS", False)
        kernel_options.setdefault("WRITE_DQ", True)
        kernel_options.setdefault("FLOAT32_PRECISION", get_float32_precision())
        kernel_options.setdefault(
            "IS_DIVISIBLE",
            _sequence_lengths_are_statically_divisible(seq_len_q, seq_len_kv),
        )

        fwd_placeholder_inps = [
            create_placeholder(name, dtype, device)
            for name, dtype in [
                ("score", dtype),
                ("b", torch.int32),
                ("h", torch.int32),
                ("m", torch.int32),
                ("n", torch.int32),
            ]
        ]
        fw_subgraph_buffer = _build_subgraph_buffer_with_additional_lowerings(
            fwd_placeholder_inps + list(score_mod_other_buffers), fw_graph
        )
        freeze_irnodes(fw_subgraph_buffer)

        score_mod_is_identity = _is_score_mod_identity_graph(fw_graph)
        joint_placeholder_inps = fwd_placeholder_inps + [
            create_placeholder("grad_score_mod", dtype, device)
        ]
        # Sometimes we have weird unused nodes here
        joint_graph.graph_module.graph.eliminate_dead_code()

        # It is hard to raise nice errors for some joint graphs during subgraph lowering
        # This lets us do some checks before attempting to lower
        validate_joint_graph(joint_graph.graph_module.graph)
        log.debug(
            "flex_attention_backward joint_graph:\n%s",
            joint_graph.graph_module.graph,
        )

        all_joint_outputs = _build_subgraph_buffer_with_additional_lowerings(
            joint_placeholder_inps + list(score_mod_other_buffers),
            joint_graph,
        )
        freeze_irnodes(all_joint_outputs)

        joint_outputs = process_joint_outputs(
            all_joint_outputs, len(joint_placeholder_inps)
        )

        mask_graph_placeholder_inps = [
            create_placeholder(name, dtype, query.get_device())
            for name, dtype in [
                ("b", torch.int32),
                ("h", torch.int32),
                ("m", torch.int32),
                ("n", torch.int32),
            ]
        ]
        mask_graph_buffer = _build_subgraph_buffer_with_additional_lowerings(
            mask_graph_placeholder_inps + list(mask_mod_other_buffers), mask_graph
        )
        freeze_irnodes(mask_graph_buffer)
        has_score_mod = has_explicit_score_mod and not score_mod_is_identity

        flexattention_mask_out = (
            _supports_flex_attention_mask_out()
            and not has_score_mod
            and _has_sparse_block_mask(
                SPARSE_Q_BLOCK_SIZE, SPARSE_KV_BLOCK_SIZE
            )
        )
        flexattention_dispatch_strategy = get_flexattention_dispatch_strategy()
        use_dkdv_dispatch = flexattention_dispatch_strategy == "bwd_dkdv"
        log.info(
            "flex_attention_backward mask route: mask_out_supported=%s "
            "has_explicit_score_mod=%s score_mod_is_identity=%s "
            "flexattention_mask_out=%s",
            _supports_flex_attention_mask_out(),
            has_explicit_score_mod,
            score_mod_is_identity,
            flexattention_mask_out,
        )
        if not flexattention_mask_out:
            if not bool(
                kernel_options.get(
                    "HAS_FULL_BLOCKS", full_kv_num_blocks is not None
                )
            ):
                full_kv_num_blocks = None
                full_kv_indices = None
                full_q_num_blocks = None
                full_q_indices = None
            for option in (
                "SPARSE_MASK_HEAD_SHARED",
                "SPARSE_MASK_HQ",
                "SPARSE_MASK_MAX_NORMAL_BLOCKS",
            ):
                kernel_options.pop(option, None)
            return _lower_flex_attention_backward_mask_in(
                query=query,
                key=key,
                value=value,
                out=out,
                logsumexp=logsumexp,
                grad_out=grad_out,
                grad_logsumexp=grad_logsumexp,
                kernel_options=kernel_options,
                scale=scale,
                fw_subgraph_buffer=fw_subgraph_buffer,
                joint_outputs=joint_outputs,
                mask_graph_buffer=mask_graph_buffer,
                score_mod_other_buffers=score_mod_other_buffers,
                mask_mod_other_buffers=mask_mod_other_buffers,
                kv_num_blocks=kv_num_blocks,
                kv_indices=kv_indices,
                q_num_blocks=q_num_blocks,
                q_indices=q_indices,
                full_kv_num_blocks=full_kv_num_blocks,
                full_kv_indices=full_kv_indices,
                full_q_num_blocks=full_q_num_blocks,
                full_q_indices=full_q_indices,
                sparse_q_block_size=SPARSE_Q_BLOCK_SIZE,
                sparse_kv_block_size=SPARSE_KV_BLOCK_SIZE,
            )

        assert not joint_outputs.mutated_grads, (
            "FlexAttention backward mask-out requires an identity score_mod "
            "without captured-gradient side effects"
        )

        kernel_options.setdefault("ROWS_GUARANTEED_SAFE", False)
        kernel_options.setdefault("BLOCKS_ARE_CONTIGUOUS", False)

        # Construct layout with stride order matching K
        key_size = [Bq, Hkv, seq_len_kv, qk_head_dim]
        key_strides = key.get_stride()

        layout_broadcasted_k = FixedLayout(
            key.get_device(),
            key.get_dtype(),
            key_size,
            stride=[sympy.sympify(s) for s in key_strides],
        )
        layout_broadcasted_k_accum = FixedLayout(
            key.get_device(),
            torch.float32,
            key_size,
            stride=[sympy.sympify(s) for s in key_strides],
        )

        # Saved statistics use log2 at the PyTorch boundary; NPU templates use
        # natural logarithms internally.
        logsumexp = lowerings[aten.mul](logsumexp, _LN2)
        mul_delta = lowerings[aten.mul](out, grad_out)
        delta = lowerings[aten.sum](mul_delta, axis=-1)
        delta = lowerings[prims.convert_element_type](delta, torch.float32)
        grad_lse = (
            lowerings[aten.mul](grad_logsumexp, _LOG2E)
            if grad_logsumexp is not None
            else None
        )
        if grad_lse is not None:
            delta = lowerings[aten.sub](delta, grad_lse)
            delta = ExternKernel.require_contiguous(delta)
            logsumexp, grad_lse, delta = maybe_realize([logsumexp, grad_lse, delta])
        else:
            delta = ExternKernel.require_contiguous(delta)
            (delta,) = maybe_realize([delta])
        (logsumexp,) = maybe_realize([logsumexp])

        # # see NOTE:[TritonTemplates with multiple outputs]
        query_size = [Bq, Hq, seq_len_q, qk_head_dim]
        grad_query_strides = query.get_stride()
        grad_query = empty_strided(
            query_size,
            stride=[sympy.sympify(s) for s in grad_query_strides],
            dtype=query.get_dtype(),
            device=query.get_device(),
        )

        # Construct output layout with stride order matching value
        value_size = [Bq, Hkv, seq_len_kv, v_head_dim]
        value_strides = value.get_stride()

        broadcasted_grad_value = empty_strided(
            value_size,
            stride=[sympy.sympify(s) for s in value_strides],
            dtype=torch.float32,
            device=value.get_device(),
        )
        broadcasted_grad_key_accum = empty_strided(
            key_size,
            stride=[sympy.sympify(s) for s in key_strides],
            dtype=torch.float32,
            device=key.get_device(),
        )
        broadcasted_grad_value = _force_fixed_layout(
            lowerings[aten.fill_](broadcasted_grad_value, 0),
            value_strides,
        )
        broadcasted_grad_key_accum = _force_fixed_layout(
            lowerings[aten.fill_](broadcasted_grad_key_accum, 0),
            key_strides,
        )

        kernel_options.setdefault("SM_SCALE", scale)
        # Determine GQA factor
        gqa_shared_heads = FloorDiv(Hq, Hkv)
        kernel_options.setdefault("GQA_SHARED_HEADS", gqa_shared_heads)

        has_full_blocks = full_kv_num_blocks is not None
        kernel_options.setdefault("HAS_FULL_BLOCKS", has_full_blocks)

        set_head_dim_values(kernel_options, qk_head_dim, v_head_dim, V.graph.sizevars)

        SPARSE_Q_BLOCK_SIZE = V.graph.sizevars.guard_int(SPARSE_Q_BLOCK_SIZE)
        SPARSE_KV_BLOCK_SIZE = V.graph.sizevars.guard_int(SPARSE_KV_BLOCK_SIZE)

        compact_q_offsets = None
        compact_flat_to_row = None
        compact_flat_to_blk = None
        runtime_total_blocks = None
        actual_blocks = None

        sparse_z = kv_num_blocks.get_size()[0]
        metadata_sparse_hq = kv_num_blocks.get_size()[1]
        bwd_dynamic_dims = (
            *query.get_size()[:3],
            *key.get_size()[:3],
            *kv_num_blocks.get_size(),
            kv_indices.get_size()[3],
        )
        bwd_has_dynamic_shape = any(
            bool(getattr(dim, "free_symbols", ())) for dim in bwd_dynamic_dims
        )
        sparse_z_val = V.graph.sizevars.optimization_hint(
            sparse_z,
            fallback=config.unbacked_symint_fallback,
        )
        sparse_mask_hq_val = V.graph.sizevars.optimization_hint(
            metadata_sparse_hq,
            fallback=config.unbacked_symint_fallback,
        )

        bwd_sparse_mask_layout = None
        bwd_sparse_mask_buffer = None
        bwd_sparse_mask_strides = None
        bwd_sparse_mask_block_pos_layout = None
        bwd_sparse_mask_block_pos_buffer = None
        bwd_sparse_mask_block_pos_strides = None
        if flexattention_mask_out:
            (
                compact_q_offsets,
                runtime_total_blocks,
                row_count,
            ) = _build_runtime_compact_sparse_mask_offsets(
                kv_num_blocks=kv_num_blocks,
                kv_indices=kv_indices,
                device=query.get_device(),
                context="backward",
            )
            max_runtime_blocks = torch.iinfo(torch.int32).max // (
                SPARSE_Q_BLOCK_SIZE * SPARSE_KV_BLOCK_SIZE
            )
            actual_blocks = _bind_runtime_total_blocks_as_unbacked_size(
                runtime_total_blocks,
                max_blocks=max_runtime_blocks,
            )
            compact_flat_to_row = empty_strided(
                [actual_blocks],
                [1],
                dtype=torch.int32,
                device=query.get_device(),
            )
            compact_flat_to_blk = empty_strided(
                [actual_blocks],
                [1],
                dtype=torch.int32,
                device=query.get_device(),
            )
            _build_runtime_compact_sparse_mask_mapping(
                flat_to_row=compact_flat_to_row,
                flat_to_blk=compact_flat_to_blk,
                q_offsets=compact_q_offsets,
                kv_num_blocks=kv_num_blocks,
                row_count=row_count,
                device=query.get_device(),
                context="backward",
            )
            bwd_sparse_mask_size = [
                actual_blocks,
                SPARSE_Q_BLOCK_SIZE,
                SPARSE_KV_BLOCK_SIZE,
            ]
            bwd_sparse_mask_strides = [
                SPARSE_Q_BLOCK_SIZE * SPARSE_KV_BLOCK_SIZE,
                SPARSE_KV_BLOCK_SIZE,
                1,
            ]
            bwd_sparse_mask_layout = FixedLayout(
                query.get_device(),
                torch.bool,
                bwd_sparse_mask_size,
                stride=[sympy.sympify(s) for s in bwd_sparse_mask_strides],
            )
            bwd_sparse_mask_buffer = empty_strided(
                bwd_sparse_mask_size,
                stride=bwd_sparse_mask_strides,
                dtype=torch.bool,
                device=query.get_device(),
            )
            kernel_options.setdefault(
                "SPARSE_MASK_STRIDE_BLK", bwd_sparse_mask_strides[0]
            )
            kernel_options.setdefault(
                "SPARSE_MASK_STRIDE_M", bwd_sparse_mask_strides[1]
            )

            num_sparse_kv_blocks = (
                seq_len_kv + SPARSE_KV_BLOCK_SIZE - 1
            ) // SPARSE_KV_BLOCK_SIZE
            bwd_sparse_mask_block_pos_size = [
                *kv_num_blocks.get_size(),
                num_sparse_kv_blocks,
            ]
            bwd_sparse_mask_block_pos_strides = [
                metadata_sparse_hq
                * kv_num_blocks.get_size()[2]
                * num_sparse_kv_blocks,
                kv_num_blocks.get_size()[2] * num_sparse_kv_blocks,
                num_sparse_kv_blocks,
                1,
            ]
            bwd_sparse_mask_block_pos_layout = FixedLayout(
                query.get_device(),
                torch.int32,
                bwd_sparse_mask_block_pos_size,
                stride=[
                    sympy.sympify(s)
                    for s in bwd_sparse_mask_block_pos_strides
                ],
            )
            bwd_sparse_mask_block_pos_buffer = empty_strided(
                bwd_sparse_mask_block_pos_size,
                stride=bwd_sparse_mask_block_pos_strides,
                dtype=torch.int32,
                device=query.get_device(),
            )
            bwd_sparse_mask_block_pos_buffer = _force_fixed_layout(
                lowerings[aten.fill_](bwd_sparse_mask_block_pos_buffer, -1),
                bwd_sparse_mask_block_pos_strides,
            )

        bwd_query_call_size_hints = V.graph.sizevars.optimization_hints(
            query.get_size(),
            fallback=config.unbacked_symint_fallback,
        )
        bwd_key_call_size_hints = V.graph.sizevars.optimization_hints(
            key.get_size(),
            fallback=config.unbacked_symint_fallback,
        )
        (
            bwd_batch_size_hint,
            bwd_q_heads_hint,
            bwd_num_queries_hint,
            _,
        ) = bwd_query_call_size_hints
        (
            bwd_kv_batch_size_hint,
            bwd_kv_heads_hint,
            bwd_num_key_value_hint,
            _,
        ) = bwd_key_call_size_hints
        bwd_num_cube_core = _get_num_cube_core()

        log.debug(
            "flex_attention_backward lowering: query=%s key=%s SPARSE_Q=%s SPARSE_KV=%s",
            query.get_size(), key.get_size(), SPARSE_Q_BLOCK_SIZE, SPARSE_KV_BLOCK_SIZE,
        )

        dq_choices: list[Any] = []
        dkdv_choices: list[Any] = []
        bwd_sparse_mask_choices = []
        bwd_sparse_mask_block_pos_choices = []
        bwd_sparse_mask_base_kernel_options = {}
        bwd_sparse_mask_tiling_configs = []
        if flexattention_mask_out:
            assert bwd_sparse_mask_strides is not None
            bwd_sparse_mask_base_kernel_options = {
                "SPARSE_Q_BLOCK_SIZE": SPARSE_Q_BLOCK_SIZE,
                "SPARSE_KV_BLOCK_SIZE": SPARSE_KV_BLOCK_SIZE,
                "SPARSE_MASK_STRIDE_BLK": bwd_sparse_mask_strides[0],
                "SPARSE_MASK_STRIDE_M": bwd_sparse_mask_strides[1],
            }
            bwd_sparse_mask_tiling_configs = build_sparse_mask_candidate_configs(
                SPARSE_Q_BLOCK_SIZE,
                SPARSE_KV_BLOCK_SIZE,
            )
        for bwd_sparse_mask_tiling_config in bwd_sparse_mask_tiling_configs:
            bwd_sparse_mask_kernel_options = bwd_sparse_mask_base_kernel_options.copy()
            bwd_sparse_mask_kernel_options.update(bwd_sparse_mask_tiling_config)
            bwd_sparse_mask_choice_count = len(bwd_sparse_mask_choices)
            assert compact_flat_to_row is not None
            assert compact_flat_to_blk is not None
            assert bwd_sparse_mask_layout is not None
            flex_attention_bwd_mask_compact.maybe_append_choice(
                choices=bwd_sparse_mask_choices,
                input_nodes=[
                    compact_flat_to_row,
                    compact_flat_to_blk,
                    query,
                    key,
                    kv_indices,
                ],
                layout=bwd_sparse_mask_layout,
                subgraphs=[mask_graph_buffer],
                call_sizes=[actual_blocks],
                NUM_VECTOR_CORE=_get_num_vector_core(),
                **bwd_sparse_mask_kernel_options,
            )
            if len(bwd_sparse_mask_choices) > bwd_sparse_mask_choice_count:
                _tag_choice_configs(
                    bwd_sparse_mask_choices[bwd_sparse_mask_choice_count:],
                    "_bwd_sparse_mask_report_config",
                    bwd_sparse_mask_tiling_config,
                )
                _tag_choices_for_no_benchmark(
                    bwd_sparse_mask_choices[bwd_sparse_mask_choice_count:]
                )
                log.info(
                    "Backward sparse mask kernel choice created successfully: %s",
                    bwd_sparse_mask_tiling_config,
                )
        if not bwd_sparse_mask_choices and flexattention_mask_out:
            raise RuntimeError(
                "Backward mask-out mode could not create compact sparse mask kernel choices."
            )

        if flexattention_mask_out:
            assert bwd_sparse_mask_block_pos_strides is not None
            assert bwd_sparse_mask_block_pos_layout is not None
            assert bwd_sparse_mask_block_pos_buffer is not None
            bwd_sparse_mask_block_pos_kernel_options = {
                "num_stages": 1,
                "num_warps": 4,
            }
            flex_attention_bwd_mask_pos.maybe_append_choice(
                choices=bwd_sparse_mask_block_pos_choices,
                input_nodes=[
                    compact_flat_to_row,
                    compact_flat_to_blk,
                    kv_indices,
                    bwd_sparse_mask_block_pos_buffer,
                ],
                layout=bwd_sparse_mask_block_pos_layout,
                mutated_inputs=[bwd_sparse_mask_block_pos_buffer],
                call_sizes=[actual_blocks],
                NUM_VECTOR_CORE=_get_num_vector_core(),
                **bwd_sparse_mask_block_pos_kernel_options,
            )
        if (
            not bwd_sparse_mask_block_pos_choices
            and flexattention_mask_out
        ):
            raise RuntimeError(
                "Backward mask-out mode could not create sparse mask block-position choices."
            )

        mask_out_input_nodes = []
        if flexattention_mask_out:
            assert compact_q_offsets is not None
            assert compact_flat_to_row is not None
            assert compact_flat_to_blk is not None
            assert bwd_sparse_mask_layout is not None
            assert bwd_sparse_mask_block_pos_layout is not None
            assert bwd_sparse_mask_block_pos_buffer is not None
            bwd_sparse_mask_autotune_other_buffers = (
                _filter_used_subgraph_buffers(
                    mask_graph_buffer,
                    mask_mod_other_buffers,
                )
            )
            bwd_sparse_mask_inputs_for_autotuning = [
                compact_flat_to_row,
                compact_flat_to_blk,
                query,
                key,
                kv_indices,
                *bwd_sparse_mask_autotune_other_buffers,
            ]
            bwd_sparse_mask_input_gen_fns = {
                0: create_zero_int_tensor_fake,
                1: create_zero_int_tensor_fake,
                4: _create_sparse_mask_indices_fake_generator(),
            }
            bwd_sparse_mask_result, _ = autotune_select_algorithm(
                "bwd_sparse_mask_kernel_compact",
                bwd_sparse_mask_choices,
                _filter_autotune_ir_nodes(
                    bwd_sparse_mask_inputs_for_autotuning,
                    bwd_sparse_mask_choices,
                ),
                bwd_sparse_mask_layout,
                input_gen_fns=bwd_sparse_mask_input_gen_fns,
            )
            _attach_flex_subgraph_dependencies(
                bwd_sparse_mask_result,
                subgraph_inps=mask_mod_other_buffers,
                subgraph_outs=_as_subgraph_output_list(mask_graph_buffer),
            )
            log.info(
                "Backward compact sparse mask kernel autotune completed "
                "with %d choices: %s",
                len(bwd_sparse_mask_choices),
                bwd_sparse_mask_result,
            )

            bwd_sparse_mask_block_pos_result, _ = autotune_select_algorithm(
                "sparse_mask_block_pos",
                bwd_sparse_mask_block_pos_choices,
                _filter_autotune_ir_nodes(
                    [
                        compact_flat_to_row,
                        compact_flat_to_blk,
                        kv_indices,
                        bwd_sparse_mask_block_pos_buffer,
                    ],
                    bwd_sparse_mask_block_pos_choices,
                ),
                bwd_sparse_mask_block_pos_layout,
                input_gen_fns={
                    0: create_zero_int_tensor_fake,
                    1: create_zero_int_tensor_fake,
                    2: _create_sparse_mask_indices_fake_generator(),
                    3: create_minus_one_int_tensor_fake,
                },
            )
            log.info(
                "Sparse mask block-position kernel autotune completed "
                "with %d choices: %s",
                len(bwd_sparse_mask_block_pos_choices),
                bwd_sparse_mask_block_pos_result,
            )
            mask_out_input_nodes = [
                bwd_sparse_mask_result,
                compact_q_offsets,
                bwd_sparse_mask_block_pos_buffer,
            ]

        bwd_dq_dict_configs = generate_bwd_candidate_configs(
            sparse_q_block_size=SPARSE_Q_BLOCK_SIZE,
            sparse_kv_block_size=SPARSE_KV_BLOCK_SIZE,
            mode=FlexMode.BWDDQ,
            kernel_options=kernel_options,
        )
        bwd_dkdv_dict_configs = generate_bwd_candidate_configs(
            sparse_q_block_size=SPARSE_Q_BLOCK_SIZE,
            sparse_kv_block_size=SPARSE_KV_BLOCK_SIZE,
            mode=FlexMode.BWDDKDV,
            kernel_options=kernel_options,
        )

        tasklist_reduce_ub_safe = True
        if (
            flexattention_mask_out
            and not bwd_has_dynamic_shape
        ):
            tasklist_safe_dkdv_configs = _filter_dkdv_tasklist_reduce_configs(
                bwd_dkdv_dict_configs,
                qk_head_dim=kernel_options["QK_HEAD_DIM"],
                v_head_dim=kernel_options["V_HEAD_DIM"],
            )
            if tasklist_safe_dkdv_configs:
                bwd_dkdv_dict_configs = tasklist_safe_dkdv_configs
            else:
                tasklist_reduce_ub_safe = False
                log.warning(
                    "No dK/dV config satisfies the tasklist-reduce UB "
                    "constraint; disabling tasklist codegen for this graph."
                )

        log.debug(
            "bwd dict_configs count: dq=%d dkdv=%d",
            len(bwd_dq_dict_configs),
            len(bwd_dkdv_dict_configs),
        )

        original_kernel_options = kernel_options.copy()

        def make_bwd_base_kernel_options(cfg: dict) -> dict:
            cur_kernel_options = original_kernel_options.copy()

            # Generated tiling config is authoritative for this choice.
            cur_kernel_options.update(cfg)

            # Blocksparse options
            cur_kernel_options.setdefault("SPARSE_Q_BLOCK_SIZE", SPARSE_Q_BLOCK_SIZE)
            cur_kernel_options.setdefault("SPARSE_KV_BLOCK_SIZE", SPARSE_KV_BLOCK_SIZE)
            return cur_kernel_options

        def make_bwd_dq_kernel_options(cfg: dict) -> dict:
            opts = make_bwd_base_kernel_options(cfg)
            opts.update(
                {
                    "num_stages": 1,
                    "num_warps": 4,
                }
            )
            opts.update(
                _build_qmajor_dq_launch_meta(
                    batch_size_hint=bwd_batch_size_hint,
                    q_heads_hint=bwd_q_heads_hint,
                    num_queries_hint=bwd_num_queries_hint,
                    block_m=cfg["BLOCK_M2"],
                )
            )
            return opts

        def make_bwd_dkdv_kernel_options(cfg: dict) -> dict:
            opts = make_bwd_base_kernel_options(cfg)
            opts.update(
                {
                    "num_stages": 2,
                    "num_warps": 4,
                }
            )
            opts.update(
                _build_persistent_bwd_launch_meta(
                    batch_size_hint=bwd_batch_size_hint,
                    kv_heads_hint=bwd_kv_heads_hint,
                    num_key_value_hint=bwd_num_key_value_hint,
                    block_n1=cfg["BLOCK_N1"],
                )
            )
            return opts

        def log_bwd_choice(kind: str, cfg: dict, cur_kernel_options: dict) -> None:
            if kind == "dq":
                bwd_grid_x = (
                    bwd_num_queries_hint + cfg["BLOCK_M2"] - 1
                ) // cfg["BLOCK_M2"]
            else:
                bwd_grid_x = (
                    bwd_num_key_value_hint + cfg["BLOCK_N1"] - 1
                ) // cfg["BLOCK_N1"]
            bwd_grid_y = 1
            bwd_grid_z = bwd_batch_size_hint * bwd_kv_heads_hint
            bwd_total_programs = bwd_grid_x * bwd_grid_y * bwd_grid_z
            bwd_wave_estimate = (
                bwd_total_programs + bwd_num_cube_core - 1
            ) // bwd_num_cube_core

            log.debug(
                "bwd-%s-choice: cfg=%s grid=(%d,%d,%d) total_programs=%d aicore_count=%d exceeds_aicores=%s"
                "wave_estimate=%d kv_num_blocks_type=%s kv_indices_type=%s grad_lse_type=%s final_kernel_options=%s",
                kind, cfg, bwd_grid_x, bwd_grid_y, bwd_grid_z,
                bwd_total_programs, bwd_num_cube_core, bwd_total_programs
                > bwd_num_cube_core, bwd_wave_estimate,
                type(kv_num_blocks).__name__,
                type(kv_indices).__name__,
                type(grad_lse).__name__, cur_kernel_options)

        def make_bwd_subgraphs_and_mutations(base_mutated_inputs: list[Any]):
            return [
                fw_subgraph_buffer,
                joint_outputs.grad_input,
                mask_graph_buffer,
            ], list(base_mutated_inputs)

        dq_input_nodes = [
            query,
            key,
            value,
            logsumexp,
            delta,
            grad_out,
            grad_query,
            *mask_out_input_nodes,
            kv_num_blocks,
            kv_indices,
            q_num_blocks,
            q_indices,
            full_kv_num_blocks,
            full_kv_indices,
            full_q_num_blocks,
            full_q_indices,
        ]
        dkdv_input_nodes = [
            query,
            key,
            value,
            logsumexp,
            delta,
            grad_out,
            broadcasted_grad_value,
            broadcasted_grad_key_accum,
            *mask_out_input_nodes,
            kv_num_blocks,
            kv_indices,
            q_num_blocks,
            q_indices,
            full_kv_num_blocks,
            full_kv_indices,
            full_q_num_blocks,
            full_q_indices,
        ]

        def make_dkdv_composite_choice_options(
            dkdv_kernel_options,
            dkdv_subgraphs,
        ):
            def ineligible_plan(reason):
                return FlexAttentionDispatchPlan(
                    primary_name="dkdv",
                    strategy=DkdvDispatchStrategy(
                        runtime_renderer_factory=None,
                        dispatch_spec=None,
                        eligibility_reason=reason,
                    ),
                    capabilities=PYTHON_ONLY,
                )

            if (
                not flexattention_mask_out
                or bwd_has_dynamic_shape
                or not tasklist_reduce_ub_safe
            ):
                if use_dkdv_dispatch:
                    return ineligible_plan("dK/dV tasklist is not eligible")
                return {}

            try:
                compatible = is_dkdv_tasklist_codegen_compatible(
                    cpp_wrapper=V.graph.cpp_wrapper,
                    aot_mode=getattr(V.graph, "aot_mode", False),
                    bq=bwd_batch_size_hint,
                    bkv=bwd_kv_batch_size_hint,
                    sparse_z=sparse_z_val,
                    sparse_hq=sparse_mask_hq_val,
                    sparse_kv_block_size=SPARSE_KV_BLOCK_SIZE,
                    block_n1=dkdv_kernel_options["BLOCK_N1"],
                    q_num_blocks_dtype=q_num_blocks.get_dtype(),
                    full_q_num_blocks_dtype=full_q_num_blocks.get_dtype(),
                    q_num_blocks_contiguous=(
                        q_num_blocks.get_layout().is_contiguous()
                    ),
                    full_q_num_blocks_contiguous=(
                        full_q_num_blocks.get_layout().is_contiguous()
                    ),
                    accum_dtype=broadcasted_grad_key_accum.get_dtype(),
                )
                if not compatible:
                    if use_dkdv_dispatch:
                        return ineligible_plan(
                            "dK/dV tasklist is not codegen-compatible"
                        )
                    return {}

                partial_dk_stride = V.graph.sizevars.guard_int(
                    layout_broadcasted_k_accum.storage_size()
                )
                partial_dv_stride = V.graph.sizevars.guard_int(
                    broadcasted_grad_value.get_layout().storage_size()
                )
            except (AssertionError, NotImplementedError, TypeError, ValueError):
                log.info(
                    "dK/dV task-list codegen disabled for non-static metadata",
                    exc_info=True,
                )
                if use_dkdv_dispatch:
                    return ineligible_plan(
                        "dK/dV tasklist metadata is non-static"
                    )
                return {}

            block_n1 = dkdv_kernel_options["BLOCK_N1"]
            call_sizes = query.get_size() + key.get_size()[1:3]
            common_meta = dict(dkdv_kernel_options)
            num_stages = common_meta.pop("num_stages")
            num_warps = common_meta.pop("num_warps")
            common_meta.update(
                {
                    "PARTIAL_DK_STRIDE": partial_dk_stride,
                    "PARTIAL_DV_STRIDE": partial_dv_stride,
                    "TASKLIST_NO_SPLIT": False,
                }
            )

            tasklist_renderer_factory = (
                flex_attention_bwd_dkdv_tasklist.make_runtime_renderer_factory(
                    input_nodes=dkdv_input_nodes,
                    runtime_args=(
                        RuntimeTemplateArg(
                            "WORK_ITEMS", torch.int32, 2, "work_items_t"
                        ),
                        RuntimeTemplateArg(
                            "TASK_OFFSETS", torch.int32, 1, "task_offsets_t"
                        ),
                        RuntimeTemplateArg(
                            "DK_PARTIAL", torch.float32, 5, "dk_partial"
                        ),
                        RuntimeTemplateArg(
                            "DV_PARTIAL", torch.float32, 5, "dv_partial"
                        ),
                    ),
                    layout=layout_broadcasted_k_accum,
                    num_stages=num_stages,
                    num_warps=num_warps,
                    call_sizes=call_sizes,
                    subgraphs=dkdv_subgraphs,
                    reset_to_zero_arg_names=["arg_DV", "arg_DK"],
                    **common_meta,
                )
            )
            no_split_meta = dict(common_meta)
            no_split_meta["TASKLIST_NO_SPLIT"] = True
            tasklist_no_split_renderer_factory = (
                flex_attention_bwd_dkdv_tasklist_no_split.make_runtime_renderer_factory(
                    input_nodes=dkdv_input_nodes,
                    runtime_args=(
                        RuntimeTemplateArg(
                            "WORK_ITEMS", torch.int32, 2, "work_items_t"
                        ),
                        RuntimeTemplateArg(
                            "TASK_OFFSETS", torch.int32, 1, "task_offsets_t"
                        ),
                        RuntimeTemplateArg(
                            "DK_PARTIAL", torch.float32, 5, "dk_partial"
                        ),
                        RuntimeTemplateArg(
                            "DV_PARTIAL", torch.float32, 5, "dv_partial"
                        ),
                    ),
                    layout=layout_broadcasted_k_accum,
                    num_stages=num_stages,
                    num_warps=num_warps,
                    call_sizes=call_sizes,
                    subgraphs=dkdv_subgraphs,
                    reset_to_zero_arg_names=["arg_DV", "arg_DK"],
                    **no_split_meta,
                )
            )
            reduce_renderer_factory = (
                flex_attention_bwd_dkdv_reduce.make_runtime_renderer_factory(
                    input_nodes=[
                        broadcasted_grad_key_accum,
                        broadcasted_grad_value,
                    ],
                    runtime_args=(
                        RuntimeTemplateArg(
                            "DK_PARTIAL", torch.float32, 5, "dk_partial"
                        ),
                        RuntimeTemplateArg(
                            "DV_PARTIAL", torch.float32, 5, "dv_partial"
                        ),
                        RuntimeTemplateArg(
                            "SPLIT_BASES", torch.int32, 2, "split_bases_t"
                        ),
                    ),
                    layout=layout_broadcasted_k_accum,
                    num_stages=1,
                    num_warps=num_warps,
                    call_sizes=call_sizes,
                    **common_meta,
                )
            )

            def runtime_renderer_factory(out_node):
                return {
                    "tasklist": tasklist_renderer_factory(out_node),
                    "tasklist_no_split": tasklist_no_split_renderer_factory(
                        out_node
                    ),
                    "reduce": reduce_renderer_factory(out_node),
                }

            dispatch_spec = FlexAttentionDkdvDispatchSpec(
                launch_programs=dkdv_kernel_options["LAUNCH_PROGRAMS"],
                batch_size=bwd_batch_size_hint,
                num_kv_heads=bwd_kv_heads_hint,
                num_kv_blocks=(
                    bwd_num_key_value_hint + block_n1 - 1
                )
                // block_n1,
                sparse_kv_multiple=SPARSE_KV_BLOCK_SIZE // block_n1,
                sparse_kv_block_size=SPARSE_KV_BLOCK_SIZE,
                block_n1=block_n1,
                partial_dk_stride=partial_dk_stride,
                partial_dv_stride=partial_dv_stride,
            )
            if use_dkdv_dispatch:
                return FlexAttentionDispatchPlan(
                    primary_name="dkdv",
                    strategy=DkdvDispatchStrategy(
                        runtime_renderer_factory=runtime_renderer_factory,
                        dispatch_spec=dispatch_spec,
                    ),
                    capabilities=PYTHON_ONLY,
                )
            return {
                "runtime_renderer_factory": runtime_renderer_factory,
                "dispatch_spec": dispatch_spec,
            }

        dq_dispatch_plan = FlexAttentionDispatchPlan(
            primary_name="dq",
            strategy=None,
            capabilities=ALL_CODEGEN_CONTEXTS,
        )
        for cfg in bwd_dq_dict_configs:
            dq_kernel_options = make_bwd_dq_kernel_options(cfg)
            dq_subgraphs, dq_mutated_inputs = make_bwd_subgraphs_and_mutations(
                [grad_query]
            )
            log_bwd_choice("dq", cfg, dq_kernel_options)

            prev_dq_choice_count = len(dq_choices)
            flex_attention_bwd_dq_mask_out.maybe_append_choice(
                choices=dq_choices,
                input_nodes=dq_input_nodes,
                layout=grad_query.get_layout(),
                subgraphs=dq_subgraphs,
                mutated_inputs=dq_mutated_inputs,
                reset_to_zero_arg_names=None,
                large_input_buffers=mask_out_input_nodes,
                call_sizes=query.get_size() + key.get_size()[1:3],
                dispatch_plan=dq_dispatch_plan,
                **dq_kernel_options,
            )
            if len(dq_choices) > prev_dq_choice_count:
                _tag_flex_attention_report_choices(
                    dq_choices[prev_dq_choice_count:],
                    cfg,
                )
                if prefer_max_tiling_without_benchmark():
                    _tag_choice_attr(
                        dq_choices[prev_dq_choice_count:],
                        "_nobench_select_first_compilable",
                        True,
                    )

        for cfg in bwd_dkdv_dict_configs:
            dkdv_kernel_options = make_bwd_dkdv_kernel_options(cfg)
            dkdv_subgraphs, dkdv_mutated_inputs = make_bwd_subgraphs_and_mutations(
                [broadcasted_grad_value, broadcasted_grad_key_accum]
            )
            log_bwd_choice("dkdv", cfg, dkdv_kernel_options)
            dkdv_composite_choice_options = make_dkdv_composite_choice_options(
                dkdv_kernel_options,
                dkdv_subgraphs,
            )
            dkdv_dispatch_plan = (
                dkdv_composite_choice_options
                if isinstance(
                    dkdv_composite_choice_options, FlexAttentionDispatchPlan
                )
                else None
            )
            if dkdv_dispatch_plan is not None:
                dkdv_composite_choice_options = {}

            prev_dkdv_choice_count = len(dkdv_choices)
            flex_attention_bwd_dkdv_mask_out.maybe_append_choice(
                choices=dkdv_choices,
                input_nodes=dkdv_input_nodes,
                layout=layout_broadcasted_k_accum,
                subgraphs=dkdv_subgraphs,
                mutated_inputs=dkdv_mutated_inputs,
                reset_to_zero_arg_names=["arg_DV", "arg_DK"],
                large_input_buffers=mask_out_input_nodes,
                call_sizes=query.get_size() + key.get_size()[1:3],
                dispatch_plan=dkdv_dispatch_plan,
                **dkdv_composite_choice_options,
                **dkdv_kernel_options,
            )
            if len(dkdv_choices) > prev_dkdv_choice_count:
                _tag_flex_attention_report_choices(
                    dkdv_choices[prev_dkdv_choice_count:],
                    cfg,
                )
                _tag_choices_for_no_benchmark(
                    dkdv_choices[prev_dkdv_choice_count:]
                )

        bwd_subgraph_inps = list(score_mod_other_buffers)
        if not flexattention_mask_out:
            bwd_subgraph_inps.extend(mask_mod_other_buffers)

        dq_inputs_for_autotuning = dq_input_nodes + bwd_subgraph_inps
        dq_block_metadata_input_idx = 10 if flexattention_mask_out else 7
        dq_input_gen_fns = {
            dq_block_metadata_input_idx: create_num_blocks_fake_generator(kv_indices),
            dq_block_metadata_input_idx + 1: create_indices_fake,
            dq_block_metadata_input_idx + 2: create_num_blocks_fake_generator(q_indices),
            dq_block_metadata_input_idx + 3: create_indices_fake,
            dq_block_metadata_input_idx + 4: create_num_blocks_fake_generator(full_kv_indices),
            dq_block_metadata_input_idx + 5: create_indices_fake,
            dq_block_metadata_input_idx + 6: create_num_blocks_fake_generator(full_q_indices),
            dq_block_metadata_input_idx + 7: create_indices_fake,
        }
        if flexattention_mask_out:
            dq_input_gen_fns.update(
                {
                    8: create_compact_q_offsets_fake,
                    9: create_zero_int_tensor_fake,
                }
            )

        dkdv_inputs_for_autotuning = dkdv_input_nodes + bwd_subgraph_inps
        dkdv_block_metadata_input_idx = 11 if flexattention_mask_out else 8
        dkdv_input_gen_fns = {
            dkdv_block_metadata_input_idx: create_num_blocks_fake_generator(kv_indices),
            dkdv_block_metadata_input_idx + 1: create_indices_fake,
            dkdv_block_metadata_input_idx + 2: create_num_blocks_fake_generator(q_indices),
            dkdv_block_metadata_input_idx + 3: create_indices_fake,
            dkdv_block_metadata_input_idx + 4: create_num_blocks_fake_generator(full_kv_indices),
            dkdv_block_metadata_input_idx + 5: create_indices_fake,
            dkdv_block_metadata_input_idx + 6: create_num_blocks_fake_generator(full_q_indices),
            dkdv_block_metadata_input_idx + 7: create_indices_fake,
        }
        if flexattention_mask_out:
            dkdv_input_gen_fns.update(
                {
                    9: create_compact_q_offsets_fake,
                    10: create_zero_int_tensor_fake,
                }
            )

        log.info(
            "bwd-summary: dq_choices=%d dkdv_choices=%d query_call_size_hints=%s key_call_size_hints=%s aicore_count=%d",
            len(dq_choices),
            len(dkdv_choices),
            tuple(bwd_query_call_size_hints), tuple(bwd_key_call_size_hints), bwd_num_cube_core
        )

        dkdv_result, _ = autotune_select_algorithm(
            "flex_attention_backward_dkdv_only",
            dkdv_choices,
            _filter_autotune_ir_nodes(dkdv_inputs_for_autotuning, dkdv_choices),
            layout_broadcasted_k_accum,
            input_gen_fns=dkdv_input_gen_fns,
        )
        _attach_flex_subgraph_dependencies(
            dkdv_result,
            subgraph_inps=bwd_subgraph_inps,
            subgraph_outs=_get_split_backward_subgraph_outputs(
                fw_subgraph_buffer,
                mask_graph_buffer,
                joint_outputs,
                include_mask=not flexattention_mask_out,
                owns_captured_grads=False,
            ),
        )

        dq_result, _ = autotune_select_algorithm(
            "flex_attention_backward_qmajor_dq",
            dq_choices,
            _filter_autotune_ir_nodes(dq_inputs_for_autotuning, dq_choices),
            grad_query.get_layout(),
            input_gen_fns=dq_input_gen_fns,
        )
        _attach_flex_subgraph_dependencies(
            dq_result,
            subgraph_inps=bwd_subgraph_inps,
            subgraph_outs=_get_split_backward_subgraph_outputs(
                fw_subgraph_buffer,
                mask_graph_buffer,
                joint_outputs,
                include_mask=not flexattention_mask_out,
                owns_captured_grads=False,
            ),
        )

        if V.graph.sizevars.evaluate_expr(sympy.Eq(Bq, Bkv)):
            grad_key_accum = broadcasted_grad_key_accum
            grad_value_accum = broadcasted_grad_value
        else:
            assert V.graph.sizevars.evaluate_expr(sympy.Gt(Bq, 1) & sympy.Eq(Bkv, 1)), (
                f"Bq and Bkv must broadcastable. "
                f"Got Bq={V.graph.sizevars.evaluate_expr(Bq)} "
                f"and Bkv={V.graph.sizevars.evaluate_expr(Bkv)}"
            )
            grad_key_accum = lowerings[aten.sum](
                broadcasted_grad_key_accum, axis=0, keepdims=True
            )
            grad_value_accum = lowerings[aten.sum](
                broadcasted_grad_value, axis=0, keepdims=True
            )
        if not kernel_options.get("PRESCALE_QK", False):
            sm_scale = kernel_options["SM_SCALE"]
            grad_key_accum = lowerings[aten.mul](grad_key_accum, sm_scale)
        grad_key = _maybe_copy_to_dtype(grad_key_accum, key.get_dtype())
        grad_value = _maybe_copy_to_dtype(
            grad_value_accum, value.get_dtype()
        )
        grad_key = _force_fixed_layout(grad_key, key_strides)
        grad_value = _force_fixed_layout(grad_value, value_strides)
        grad_query = _force_fixed_layout(
            _maybe_copy_to_dtype(grad_query, query.get_dtype()),
            grad_query_strides,
        )

        return (grad_query, grad_key, grad_value, tuple(joint_outputs.captured_grads))
