from __future__ import annotations

from typing import TYPE_CHECKING

from torch._inductor.codegen.cuda_combined_scheduling import CUDACombinedScheduling
from torch._inductor.codegen.triton import TritonScheduling
from torch._inductor.scheduler import (
    BaseSchedulerNode,
    BaseScheduling,
    FusedSchedulerNode,
    Scheduler,
    SchedulerNode,
)

from ..autotune_process import FusedCATLASSBenchmarkRequest
from .. import config as npu_config
from ..config import log
from .catlass.catlass_scheduling import CATLASSScheduling
from .scheduling import (
    NPUNoLinearTritonScheduling,
    NPUTritonScheduling,
    _canonical_group_size,
)


if TYPE_CHECKING:
    from collections.abc import Sequence


class NPUCombinedScheduling(CUDACombinedScheduling, TritonScheduling):
    """
    Scheduler for NPU Kernels, which delegates calls as appropriate
    to the CATLASS and Triton Schedulers, which both work for NPU devices
    and use a unified-wrapper for codegen.

    If Scheduling code needs to be specialized for the case of mixed Triton / CATLASS code,
    this would also be the place to do it.

    instead of patch is_triton() function, we make NPUCombinedScheduling extends TritonScheduling
    """

    def __init__(self, scheduler: Scheduler | None) -> None:
        BaseScheduling.__init__(self, scheduler)
        self._nolinear_triton_scheduling = NPUNoLinearTritonScheduling(scheduler)
        self._triton_scheduling = NPUTritonScheduling(scheduler)
        self._catlass_scheduling = CATLASSScheduling(scheduler)

    def choose_node_backend(self, node: BaseSchedulerNode) -> BaseScheduling:
        if self._catlass_scheduling.is_catlass_template(node):
            return self._catlass_scheduling
        return self._triton_scheduling

    def can_fuse_vertical(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode):
        if self._catlass_scheduling.can_fuse_vertical(node1, node2):
            return True
        return self._triton_scheduling.can_fuse_vertical(node1, node2)

    def can_fuse_horizontal(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode):
        for node in (node1, node2):
            if self._catlass_scheduling.is_catlass_template(node):
                return self._catlass_scheduling.can_fuse_horizontal(
                    node1, node2
                )  # always False at the moment
        return self._triton_scheduling.can_fuse_horizontal(node1, node2)

    def get_fusion_pair_priority(
        self, node1: BaseSchedulerNode, node2: BaseSchedulerNode
    ) -> int:
        if not npu_config.enable_welford:
            # Preserve the backend default ordering when the Welford path is
            # disabled.
            return super().get_fusion_pair_priority(node1, node2)

        from ..choices import (
            is_same_welford_output_group,
            is_welford_epilogue_fusion,
        )

        # Merge the mean/M2/count siblings first.  Their pointwise consumer can
        # then fuse vertically with the complete Welford reduction.
        if is_same_welford_output_group(node1, node2):
            return 0
        if is_welford_epilogue_fusion(node1, node2):
            return 1
        # Pairs without Welford nodes keep the baseline ordering so unrelated
        # fusion decisions stay identical to the upstream default.
        return super().get_fusion_pair_priority(node1, node2)

    def codegen_template(
        self,
        template_node: BaseSchedulerNode,
        epilogue_nodes: Sequence[BaseSchedulerNode],
        prologue_nodes: Sequence[BaseSchedulerNode],
    ):
        if self._catlass_scheduling.is_catlass_template(template_node):
            assert not prologue_nodes  # noqa: S101
            return self._catlass_scheduling.codegen_template(
                template_node, epilogue_nodes, prologue_nodes
            )
        else:
            return self._triton_scheduling.codegen_template(
                template_node, epilogue_nodes, prologue_nodes
            )

    def codegen_node(self, node: FusedSchedulerNode | SchedulerNode):
        try:
            return self._triton_scheduling.codegen_node(node)
        except Exception:
            log.debug(
                "index codegen for node %s failed, falling back to no-linear codegen",
                node,
                exc_info=True,
            )
        # regroup snode
        use_canonical_group = False
        if npu_config.enable_welford:
            from ..choices import contains_welford_group

            # Canonicalize group sizes only for kernels containing Welford
            # reductions; unrelated kernels keep the raw (baseline) groups.
            use_canonical_group = contains_welford_group(node.get_nodes())
        for snode in node.get_nodes():
            group_fn = self._nolinear_triton_scheduling.group_fn
            if use_canonical_group:
                snode.group = (
                    snode.group[0],
                    tuple(_canonical_group_size(size) for size in group_fn(snode._sizes)),
                )
            else:
                snode.group = (snode.group[0], group_fn(snode._sizes))
        return self._nolinear_triton_scheduling.codegen_node(node)

    def benchmark_fused_nodes(self, nodes):
        try:
            return self._triton_scheduling.benchmark_fused_nodes(nodes)
        except Exception:
            log.debug(
                "linear benchmark_fused_nodes for nodes %s raise error, fallback to origin benchmark_fused_nodes",
                {n.get_name() for n in nodes},
                exc_info=True,
            )
        # regroup snode
        for node in nodes:
            for snode in node.get_nodes():
                group_fn = self._nolinear_triton_scheduling.group_fn
                snode.group = (snode.group[0], group_fn(snode._sizes))
        return self._nolinear_triton_scheduling.benchmark_fused_nodes(nodes)

    def benchmark_codegened_module(self, module):
        if isinstance(module, FusedCATLASSBenchmarkRequest):
            return module.benchmark()
        return self._triton_scheduling.benchmark_codegened_module(module)

    def generate_kernel_code_from_nodes(self, nodes, benchmark_kernel=False, hint_override=None):
        if self._catlass_scheduling.is_catlass_template(nodes[0]):
            return self._catlass_scheduling.generate_kernel_code_from_nodes(
                nodes, benchmark_kernel, hint_override
            )
        return self._triton_scheduling.generate_kernel_code_from_nodes(
            nodes, benchmark_kernel, hint_override
        )

    def codegen_combo_kernel(self, node) -> None:
        for snode, subkernel_node in zip(node.get_nodes(), node.get_subkernel_nodes()):
            group_fn = self._nolinear_triton_scheduling.group_fn
            snode.group = (snode.group[0], group_fn(snode._sizes))
            subkernel_node.group = snode.group
        return self._triton_scheduling.codegen_combo_kernel(node)
