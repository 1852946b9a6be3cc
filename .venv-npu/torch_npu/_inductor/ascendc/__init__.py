# pylint: disable=W0143,R1729
import sys
import itertools
import operator

import torch
import torch.utils._pytree as pytree
from torch._inductor.codegen.common import register_backend_for_device
from torch._inductor import graph as torch__inductor_graph
from torch._inductor.ir import LoopBody
from torch._inductor.index_propagation import IndexPropagation

from .cpp_wrapper import CppWrapperAscendC, patch_codegen_with_cpp_wrapper
from .npu import NPUScheduling, NpuWrapperCodeGen
from .common import logger, current_soc, Soc
from .common.input_symbol_binding import _patch_input_symbol_binding
from .common.utils import patch_fn
from .config import debug_options
from .decomposition import _finetune_decompose
from torch._inductor.scheduler import Scheduler, BaseSchedulerNode
from torch.ops import aten

register_backend_for_device("npu", NPUScheduling, NpuWrapperCodeGen, CppWrapperAscendC)


def _patch_inductor_lowering_device_selection():
    """Let pointwise lowering choose NPU without enabling Triton GPU paths.

    PyTorch pointwise lowering scans inputs with torch._inductor.lowering.is_gpu
    to prefer a device tensor over a CPU scalar. Without treating NPU as
    GPU-like at this local lowering point, cpu_0d_scalar + npu_tensor can be
    lowered as a CPU pointwise op because inputs[0] is on CPU.

    Do not append "npu" to torch._inductor.utils.GPU_TYPES here. That global
    list is also used by scheduler.create_backend(), where a GPU-like device
    requires a working Triton installation. TorchAir's AF backend does not need
    Triton, so this patch is intentionally limited to lowering device selection.
    """
    from torch._inductor import lowering as inductor_lowering

    original_is_gpu = getattr(
        inductor_lowering,
        "_torchair_original_is_gpu",
        inductor_lowering.is_gpu,
    )
    inductor_lowering._torchair_original_is_gpu = original_is_gpu

    def is_gpu_for_lowering(device):
        return device == "npu" or original_is_gpu(device)

    inductor_lowering.is_gpu = is_gpu_for_lowering


def _finetune_inductor_config():
    """
    Fine-tunes TorchInductor and TorchDynamo configuration for NPU extension.

    This function adjusts several internal TorchInductor and TorchDynamo settings to optimize
    compilation and execution for NPU devices. It modifies recompilation limits, float specialization,
    reduction unrolling, size assertions, and device properties. It also restricts operator decompositions
    to a whitelist and sets a custom pre-gradient pass if not already set.
    """
    from torch._inductor.codegen import cpu_device_op_overrides
    from torch._dynamo import config as dynamo_config

    dynamo_config.recompile_limit = 16  # default 8 is always not enough for per-layer compile
    dynamo_config.specialize_float = True  # enable float specialization until launch with scalar supported
    dynamo_config.do_not_emit_runtime_asserts = True
    from torch._inductor import config as inductor_config

    # C++ wrapper compilation constructs CppTorchDeviceOptions directly.
    # Reuse torch_npu's NPU include, library, and compiler options.
    from torch_npu._inductor.cpp_builder import patch_get_cpp_torch_device_options

    patch_get_cpp_torch_device_options()
    patch_codegen_with_cpp_wrapper()

    # AscendC uses its own CANN/torch_npu include set; skip PyTorch's generic
    # JIT C++ wrapper precompiled-header path.
    if hasattr(inductor_config, "cpp_cache_precompile_headers"):
        inductor_config.cpp_cache_precompile_headers = False

    inductor_config.unroll_reductions_threshold = 1  # disable unroll reductions
    inductor_config.size_asserts = (
        False  # npu ops always return contiguous tensors which maybe different from meta outputs
    )
    if "allfallback" in debug_options:
        inductor_config.force_disable_caches = True
        logger.info("TORCHINDUCTOR_ASCENDC_DEBUG=allfallback is enabled; TorchInductor compile caches are disabled")
    from torch._inductor.runtime.hints import DeviceProperties

    DeviceProperties.multi_processor_count = 0  # disable multi processor count


def _load_npu_passes():
    from torch._inductor import config as inductor_config
    from .passes.inductor_custom_passes import run_pre_grad_custom_pass, run_post_grad_custom_pre_pass

    if inductor_config.pre_grad_custom_pass is None:
        inductor_config.pre_grad_custom_pass = run_pre_grad_custom_pass
    else:
        if inductor_config.pre_grad_custom_pass != run_pre_grad_custom_pass:
            logger.warning(
                f"`pre_grad_custom_pass` has already been registered as {inductor_config.pre_grad_custom_pass}, "
                f"registration of `run_pre_grad_custom_pass` will be skipped. "
                f"Note that this may introduce extra tensormove operations. "
                f"You can import `run_pre_grad_custom_pass` and call it within your custom pass: "
                f"`from .passes.inductor_custom_passes import run_pre_grad_custom_pass`"
            )
    if inductor_config.post_grad_custom_pre_pass is None:
        inductor_config.post_grad_custom_pre_pass = run_post_grad_custom_pre_pass
    else:
        if inductor_config.post_grad_custom_pre_pass != run_post_grad_custom_pre_pass:
            logger.warning(
                f"`post_grad_custom_pre_pass` has already been registered as {inductor_config.post_grad_custom_pre_pass}, "
                f"registration of `run_post_grad_custom_pre_pass` will be skipped. "
                f"Note that this may introduce extra tensormove operations. "
                f"You can import `run_post_grad_custom_pre_pass` and call it within your custom pass: "
                f"`from .passes.inductor_custom_passes import run_post_grad_custom_pre_pass`"
            )


def _finetune_lowering():
    from .lowering import aten_lowering

    if config.enable_gather_fuse:  # noqa: F821  # pylint: disable=undefined-variable
        from .lowering import gather_lowering
    if config.enable_matmul_fuse:  # noqa: F821  # pylint: disable=undefined-variable
        from .lowering import mm_lowering
    if not config.disable_cat_fuse:  # noqa: F821  # pylint: disable=undefined-variable
        from .lowering import cat_lowering


def _load_npu_lowering():
    from .lowering import npu_lowering


_patch_inductor_lowering_device_selection()
_finetune_inductor_config()
# torch 2.14 起 codegen_inputs 将符号变量赋值与 size_asserts 断言耦合，
# ext 关闭断言后动态符号（如 u6）绑定丢失，生成代码运行期 NameError
_patch_input_symbol_binding()
_finetune_lowering()


if "decompose" not in debug_options:
    _finetune_decompose()

if "cpu" not in debug_options:
    _load_npu_lowering()
    _load_npu_passes()
else:
    register_backend_for_device("cpu", NPUScheduling, NpuWrapperCodeGen)


@patch_fn(torch__inductor_graph.GraphLowering, "run")
def _graph_lowering_run(self, *args, orig_fn=None, **kwargs):
    from .lowering.common import _summary

    _summary.begin_graph()
    try:
        return orig_fn(self, *args, **kwargs)
    finally:
        _summary.end_graph()


# 绕开inductor codegen 里 CSEProxy 包裹负索引的流程
@patch_fn(LoopBody, "bind_set_indirect_shim")
def _bind_set_indirect_shim(self, var, size, check, wrap_neg, orig_fn=None):
    return orig_fn(self, var, size, check=False, wrap_neg=False)


# IndexPropagation 符号传播路径（is_symbolic=True）不经过 bind_set_indirect_shim，
# 会直接生成 check_bounds FX 节点与 Where 负索引 wrap；codegen 侧
# NPUKernel.check_bounds → asc_ops.check_bounds 不存在，会 AttributeError。
# 在此公共入口统一压掉 check/wrap_neg，与 shim patch 互补覆盖全部配置。
@patch_fn(IndexPropagation, "indirect_indexing")
def _indirect_indexing_no_check(self, index, size, check=True, wrap_neg=True, orig_fn=None):
    return orig_fn(self, index, size, check=False, wrap_neg=False)


@patch_fn(Scheduler, "can_fuse")
def _can_fuse(
    self: Scheduler, node1: BaseSchedulerNode, node2: BaseSchedulerNode, *args, orig_fn=None, **kwargs
) -> bool:
    device = node1.get_device()
    if device is None:
        return orig_fn(self, node1, node2, *args, **kwargs)
    backend_can_fuse_override = getattr(self.get_backend(device), "scheduler_can_fuse_override", None)
    if backend_can_fuse_override is not None and backend_can_fuse_override(node1, node2):
        return True
    return orig_fn(self, node1, node2, *args, **kwargs)


@patch_fn(Scheduler, "should_partition")
def _should_partition(self: Scheduler, node: BaseSchedulerNode, *args, orig_fn=None, **kwargs):
    device = node.get_device()
    if device is None:
        return orig_fn(self, node, *args, **kwargs)
    backend_should_partition_override = getattr(self.get_backend(device), "scheduler_should_partition_override", None)
    if backend_should_partition_override is not None:
        # Pass orig_fn to the override: it temporarily adds npu to GPU_TYPES and
        # then calls the current torch's own should_partition, avoiding copying
        # the body and adapting naturally across versions.
        return backend_should_partition_override(self, node, orig_fn)
    return orig_fn(self, node, *args, **kwargs)


_RESHAPE_LIKE_OP_NAMES = {
    aten.reshape: "reshape",
    aten._unsafe_view: "_unsafe_view",
}


def _is_static_contiguous_reshape(node: torch.fx.Node, get_node_meta, op_name="reshape"):
    """Return whether a reshape-like view reaches the safe ReinterpretView subset.

    Only static standard-contiguous layouts are admitted here, so the original
    Inductor view lowering can be absorbed by AF without complex reindexing.
    """
    input_node = node.args[0] if node.args else None
    if not isinstance(input_node, torch.fx.Node):
        return False, f"{op_name} input is not an FX node"

    in_metas = get_node_meta([input_node])
    out_metas = get_node_meta([node])
    if len(in_metas) != 1 or len(out_metas) != 1:
        return False, f"{op_name} must have one tensor input and one tensor output"

    input_meta, output_meta = in_metas[0], out_metas[0]
    if not isinstance(input_meta, torch._subclasses.FakeTensor) or not isinstance(
        output_meta, torch._subclasses.FakeTensor
    ):
        return False, f"{op_name} input/output meta is not FakeTensor"

    def static_nonempty_shape(meta):
        return all(isinstance(dim, int) and dim > 0 for dim in meta.shape)

    if not static_nonempty_shape(input_meta) or not static_nonempty_shape(output_meta):
        return False, f"{op_name} requires static non-zero input/output shapes"

    if input_meta.numel() != output_meta.numel():
        return False, f"{op_name} input/output numel differs"

    input_offset = input_meta.storage_offset()
    output_offset = output_meta.storage_offset()
    if not isinstance(input_offset, int) or not isinstance(output_offset, int):
        return False, f"{op_name} requires static storage offsets"

    if not input_meta.is_contiguous() or not output_meta.is_contiguous():
        return False, f"{op_name} requires standard contiguous input/output layout"

    # Only admit a strict split: one input axis is replaced by two or more
    # consecutive output axes, while every other axis keeps its position.
    # Merge and cross-axis re-group (jump) views remain outside AF.
    input_shape = tuple(input_meta.shape)
    output_shape = tuple(output_meta.shape)
    if len(output_shape) <= len(input_shape):
        return False, f"only strict split-axis contiguous {op_name} is supported by AF"

    # Prefix/suffix matching fixes the number of output axes replacing the
    # input axis; no split-width enumeration is needed.
    split_count = len(output_shape) - len(input_shape) + 1
    for input_axis, input_dim in enumerate(input_shape):
        if input_shape[:input_axis] != output_shape[:input_axis]:
            continue
        output_end = input_axis + split_count
        if output_shape[output_end:] != input_shape[input_axis + 1 :]:
            continue
        product = 1
        for dim in output_shape[input_axis:output_end]:
            product *= dim
        if product == input_dim:
            return True, f"static contiguous split-axis {op_name}"

    return False, f"only strict split-axis contiguous {op_name} is supported by AF"


def _is_repeat_broadcast_only(node: torch.fx.Node, get_node_meta):
    """Return whether aten.repeat only needs broadcast (no modular indexing).
    repeat branch 2 (every dim old_size==1 or repeat==1)uses clone(expand) by AF Broadcast;
    branch 3 (some dim old_size>1 and repeat>1) uses modular indexing,
    unsupported by Load, must fallback to eager.
    """
    input_node = node.args[0] if node.args else None
    if not isinstance(input_node, torch.fx.Node):
        return False, "repeat input is not an FX node"

    in_metas = get_node_meta([input_node])
    if len(in_metas) != 1 or not isinstance(in_metas[0], torch._subclasses.FakeTensor):
        return False, "repeat input meta is not FakeTensor"

    repeats = node.args[1]
    old_size = list(in_metas[0].shape)
    # 维度对齐：repeats 比 old_size 多时，old_size 前面补 1（对齐 torch 原生 repeat 语义）
    if len(repeats) > len(old_size):
        old_size = [1] * (len(repeats) - len(old_size)) + old_size

    for old, r in zip(old_size, repeats):
        if r == 0:
            continue  # 分支1 空张量，empty 支持
        if not isinstance(old, int) or not isinstance(r, int):
            return False, f"repeat dynamic shape old={old} repeat={r}"
        if old == 1 or r == 1:
            continue  # 分支1 广播/不重复，支持
        return False, f"repeat non-1 axis (old={old}, repeat={r}) needs modular indexing, unsupported"
    return True, "repeat broadcast-only"


# 独立 gather 优化：常量与检测函数
# gather 族算子（本优化的适用范围）
_GATHER_FAMILY_PACKETS = {aten.index, aten.embedding, aten.gather, aten.index_select}

# 纯 view 类算子（metadata-only，不阻止融合，穿透检查真实消费者）
_VIEW_LIKE_OPS = {
    aten.reshape,
    aten.view,
    aten.permute,
    aten.transpose,
    aten.unsqueeze,
    aten.squeeze,
    aten.slice,
    aten.expand,
    aten.select,
}

# 与 gather 族 Pointwise 无法融合的下游算子（白名单内但受融合规则限制）
# 依据：matmul prologue 全禁(npu.py:3078)；gather 族互斥 2 IndirectLoad(npu.py:3640)；
#       concat 模板不兼容 IndirectLoad(npu.py:3536/3760/3870)
_WONT_FUSE_WITH_INDEX = {
    aten.mm,
    aten.addmm,
    aten.bmm,
    aten.baddbmm,
    aten.gather,
    aten.index_select,
    aten.embedding,
    aten.index,
    aten.cat,
}


def _real_users(node: torch.fx.Node, depth: int = 0) -> list:
    """递归穿透 view 类算子 / getitem，返回真实的非 view 消费者节点。

    view（reshape/permute/transpose/unsqueeze/squeeze/slice/expand/select）
    是 metadata-only，Inductor scheduler 会将其折叠进索引，不阻止下游融合，
    因此检测融合伙伴时必须穿透 view 找到真实消费者。
    """
    if depth > 10:  # 防御性深度限制
        return [node]
    result = []
    for user in node.users:
        if user.op == "output":
            result.append(user)
        elif user.target is operator.getitem:
            result.extend(_real_users(user, depth + 1))
        elif isinstance(user.target, torch._ops.OpOverload) and user.target.overloadpacket in _VIEW_LIKE_OPS:
            result.extend(_real_users(user, depth + 1))
        else:
            result.append(user)
    return result


def _has_fusable_fx_user(node: torch.fx.Node) -> bool:
    """gather 族算子是否存在潜在融合伙伴（穿透 view 后的 elementwise/reduction）。

    保守策略：仅当所有 user 都确定不融合时返回 False。
    假阴性方向安全（误保留 Pointwise 仅错过优化，不出正确性问题）。
    """
    from .lowering.common import _LoweringGuard

    for user in _real_users(node):
        if user.op == "output":
            continue
        if not isinstance(user.target, torch._ops.OpOverload):
            return True  # 未知类型（如 HOP）— 保守视为可融合
        if user.target.overloadpacket in _WONT_FUSE_WITH_INDEX:
            continue  # 确定不融合（matmul/gather 族/cat）
        if not _LoweringGuard.has(user.target):
            continue  # 该 user 自身会 fallback extern — 不融合
        return True  # 白名单内 elementwise/reduction — 潜在伙伴
    return False


# reduction 不可作为 gather 的 prologue（scheduler 规则：仅 pure elementwise，
# npu.py:3770 _is_pure_elementwise 排除 reduction）。技术上：reduction 输出需
# 全部完成才能被 gather 读取，单 kernel 内线程间无全局同步，不可行。
_REDUCTION_OPS = {
    aten.sum,
    aten.mean,
    aten.max,
    aten.min,
    aten.amax,
    aten.amin,
    aten.prod,
    aten.cumsum,
}


def _is_fusable_producer_input(arg) -> bool:
    """检查一个输入节点的上游是否存在可融合的 elementwise producer。

    穿透 view 类算子找真实 producer；reduction/matmul/gather/cat 均不可作
    indirect 的 prologue（scheduler 规则 npu.py:3770：仅 pure elementwise）。
    """
    from .lowering.common import _LoweringGuard

    if not isinstance(arg, torch.fx.Node):
        return False

    # 穿透 view 类算子找真实 producer
    producer = arg
    for _ in range(10):  # 深度限制
        if (
            producer.op == "call_function"
            and isinstance(producer.target, torch._ops.OpOverload)
            and producer.target.overloadpacket in _VIEW_LIKE_OPS
            and producer.args
            and isinstance(producer.args[0], torch.fx.Node)
        ):
            producer = producer.args[0]
        else:
            break

    if producer.op != "call_function":
        return False  # placeholder / 常量 → 无 producer
    if not isinstance(producer.target, torch._ops.OpOverload):
        return False
    if producer.target.overloadpacket in _WONT_FUSE_WITH_INDEX:
        return False  # producer 是 matmul/gather/cat → 不可作 prologue
    if producer.target.overloadpacket in _REDUCTION_OPS:
        return False  # reduction 不可作 prologue（单 kernel 无全局同步）
    if not _LoweringGuard.has(producer.target):
        return False  # producer 会 fallback extern → 不可融合
    return True  # 白名单 elementwise → 可作为 prologue


def _gather_indices_args(node: torch.fx.Node) -> list:
    """获取 gather 族算子的 indices 张量输入节点列表（不同算子位置不同）。

    embedding(weight, indices)         → args[1]
    index.Tensor(self, [i1, None, i2]) → args[1] 列表中所有非 None 元素
    gather(self, dim, index)           → args[2]
    index_select(self, dim, index)     → args[2]
    """
    packet = node.target.overloadpacket
    if packet is aten.embedding:
        return [node.args[1]] if len(node.args) > 1 and isinstance(node.args[1], torch.fx.Node) else []
    if packet is aten.index:
        if len(node.args) > 1:
            indices = node.args[1]
            if isinstance(indices, (list, tuple)):
                return [arg for arg in indices if isinstance(arg, torch.fx.Node)]
            if isinstance(indices, torch.fx.Node):
                return [indices]
        return []
    if packet in (aten.gather, aten.index_select):
        return [node.args[2]] if len(node.args) > 2 and isinstance(node.args[2], torch.fx.Node) else []
    return []


def _has_fusable_producer(node: torch.fx.Node) -> bool:
    """gather 族算子的 data 输入和 indices 输入上游是否存在可融合的 elementwise producer。

    scheduler 规则：仅 pure elementwise 可作为 indirect 的 prologue（npu.py:3770）。
    - data 输入（args[0]）：abs(x)[idx] / embedding(pos, w*2) / embedding(pos, w.to(fp16))
    - indices 输入：slice→cast→embedding 链（DeepCTR 场景），cast 融入 gather kernel
    两路任一命中即保留融合路径。
    """
    # data 输入（args[0]：weight / self）
    if node.args and _is_fusable_producer_input(node.args[0]):
        return True
    # indices 输入（位置因算子而异）
    for indices_arg in _gather_indices_args(node):
        if _is_fusable_producer_input(indices_arg):
            return True
    return False


@patch_fn(torch__inductor_graph, "fallback_node_due_to_unsupported_type")
def _fallback_node_due_to_unsupported_type(node: torch.fx.Node, allow_cpu_inputs=True, *, orig_fn=None):
    from .lowering.common import _LoweringGuard, _summary
    from .common.utils import get_node_meta

    if orig_fn(node, allow_cpu_inputs=allow_cpu_inputs):
        _summary.fallback(node, "torch._inductor.lowering.fallback_node_due_to_unsupported_type")
        return True

    if "allfallback" in debug_options:
        _summary.fallback(node, "forced by TORCHINDUCTOR_ASCENDC_DEBUG=allfallback")
        return True

    if "lowering" in debug_options:
        _summary.lowered(node)
        return False

    if not isinstance(node.target, (torch._ops.OpOverload, torch._ops.HigherOrderOperator)):
        return False

    if not _LoweringGuard.has(node.target):
        _summary.fallback(node, "not in lowering whitelist")
        return True

    op_name = _RESHAPE_LIKE_OP_NAMES.get(node.target.overloadpacket)
    if op_name is not None:
        is_supported, reason = _is_static_contiguous_reshape(node, get_node_meta, op_name)
        if not is_supported:
            _summary.fallback(node, reason)
            return True

    if node.target.overloadpacket is aten.repeat:
        is_supported, reason = _is_repeat_broadcast_only(node, get_node_meta)
        if not is_supported:
            _summary.fallback(node, reason)
            return True

    in_nodes = [n for n in pytree.arg_tree_leaves(*node.args, **node.kwargs) if isinstance(n, torch.fx.Node)]
    in_metas = get_node_meta(in_nodes)
    out_metas = get_node_meta([node])

    for meta in itertools.chain(in_metas, out_metas):
        if not isinstance(meta, torch._subclasses.FakeTensor):
            continue

        for expr in itertools.chain(meta.shape, meta.stride()):
            if any([v in str(expr) for v in ('ModularIndex', 'Max', 'Min')]):
                _summary.fallback(node, f"unsupported shape/stride expr {expr} with ['ModularIndex', 'Max', 'Min']")
                return True

        if meta.stride() and all([str(v) != "1" for v in meta.stride()]):
            if current_soc and current_soc < Soc.A5:
                _summary.fallback(node, f"performance of non-contiguous stride {meta.stride()} maybe worse than eager")
                return True

    support_input_dtypes, support_output_dtypes = _LoweringGuard.dtypes_support(node.target)
    for meta in in_metas:
        if isinstance(meta, torch._subclasses.FakeTensor) and meta.dtype not in support_input_dtypes:
            _summary.fallback(node, f"input dtype {meta.dtype} not in {support_input_dtypes}")
            return True

    for meta in out_metas:
        if isinstance(meta, torch._subclasses.FakeTensor) and meta.dtype not in support_output_dtypes:
            _summary.fallback(node, f"output dtype {meta.dtype} not in {support_output_dtypes}")
            return True

    # 独立 gather 优化：无潜在融合伙伴（下游 user 和上游 producer 均无）的
    # gather 族算子走 extern，避免无融合收益的 ASC kernel 编译/tiling 开销。
    # 假阴性方向安全：误保留 Pointwise 仅错过优化（维持现状性能），不出正确性问题。
    if (
        node.target.overloadpacket in _GATHER_FAMILY_PACKETS
        and not _has_fusable_fx_user(node)
        and not _has_fusable_producer(node)
    ):
        _summary.fallback(node, "standalone gather op with no fusable users or producers")
        return True

    _summary.lowered(node)
    return False
