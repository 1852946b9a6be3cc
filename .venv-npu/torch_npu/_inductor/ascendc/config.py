import os

from torch._inductor.runtime.cache_dir_utils import cache_dir as _inductor_cache_dir


def _get_asc_cache_dir() -> str:
    # Reuse native Inductor cache dir (TORCHINDUCTOR_CACHE_DIR); AscendC kernels live in a subdir.
    return os.path.abspath(os.path.expanduser(os.path.join(_inductor_cache_dir(), "ascendc")))


asc_cache_dir = _get_asc_cache_dir()


# Gen device sync before and after each fused kernel execution
sync_around_fuse_kernel = os.getenv("ASCEND_LAUNCH_BLOCKING", None) == "1"

autotune_topn = os.getenv("TORCHINDUCTOR_ASCENDC_AUTOTUNE_TOPN", "1")
try:
    autotune_topn = int(autotune_topn)
except ValueError as e:
    raise RuntimeError(f"TORCHINDUCTOR_ASCENDC_AUTOTUNE_TOPN must be a positive integer, got: {autotune_topn!r}") from e
if autotune_topn < 1:
    raise RuntimeError(f"TORCHINDUCTOR_ASCENDC_AUTOTUNE_TOPN must be >= 1, got: {autotune_topn}")

# Comma-separated debug options in the style of TORCH_LOGS: each entry may carry a
# leading '+' (bare names are accepted as well), e.g. TORCHINDUCTOR_ASCENDC_DEBUG="+nocat,+nocanfuse".
debug_options = set(
    item.strip().lstrip("+") for item in os.getenv("TORCHINDUCTOR_ASCENDC_DEBUG", "").split(",") if item.strip()
)

_allowed_debug_options = {
    'allfallback',  # force builtin and ext-owned custom lowerings to fallback
    'decompose',  # allow all decompose
    'lowering',  # allow all native lowering
    'nomatmul',  # disable matmul lowering
    'nocat',  # disable cat lowering
    'nocanfuse',  # disable canfuse
    'noloadtrans',  # disable splitting load+Transpose into a standalone pre-kernel (default enabled)
    'nothrow',  # add an unsupported op rather than raise error on unsupported asc op
    'layoutcheck',  # enable fused-kernel layout-contract self-check (raise on layout mismatch)
}

for opt in debug_options:
    if opt not in _allowed_debug_options:
        raise RuntimeError(
            f"Unknown TORCHINDUCTOR_ASCENDC_DEBUG option '{opt}', allowed: {sorted(_allowed_debug_options)}"
        )

if "allfallback" in debug_options:
    conflicting_options = debug_options & {"lowering"}
    if conflicting_options:
        conflicts = ", ".join(sorted(conflicting_options))
        raise RuntimeError(f"TORCHINDUCTOR_ASCENDC_DEBUG option 'allfallback' cannot be combined with: {conflicts}")

debugging_on_cpu = "nothrow" in debug_options
disable_cat_fuse = "nocat" in debug_options
# Dormant switches: their debug options were removed, so these stay constant.
enable_gather_fuse = "gather" in debug_options
enable_gmm_fuse = "gmm" in debug_options
enable_matmul_view_fold = "nommfold" not in debug_options
# Enabled by default; set ``nomatmul`` to fall back to aten matmul ops.
enable_matmul_fuse = "nomatmul" not in debug_options
disable_canfuse = "nocanfuse" in debug_options
# Fused-kernel layout-contract self-check. Driven by TORCHINDUCTOR_ASCENDC_DEBUG=+layoutcheck so the
# switch propagates to compile subprocesses via env (a plain module global would not cross Popen/spawn
# boundaries); it can still be overridden at runtime before torch.compile via
# `config.check_layout_enabled = True`.
check_layout_enabled = "layoutcheck" in debug_options
# Split a `load + Transpose` view-road into a standalone pre-kernel that transposes the input into
# a contiguous buffer before the main fused kernel runs (AutoFuse cannot fuse Transpose). Enabled
# by default; add `noloadtrans` to TORCHINDUCTOR_ASCENDC_DEBUG to disable and keep the transpose
# inline in the main kernel exactly as before.
enable_load_transpose = "noloadtrans" not in debug_options

softmax_r_axis_threshold = 2048
layernorm_r_axis_threshold = 2048
non_tail_axis_threshold = 32
max_cat_lowering_inputs = 64
