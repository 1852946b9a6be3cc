# pylint: disable=E1125,W1514,R1729,W0246,W0201,C0302
import dataclasses
import hashlib
import itertools
import os
from collections import OrderedDict
from typing import Any, List, Dict, Union, Set, Optional

import sympy
import torch
from torch._inductor.codegen.common import BackendFeature
from torch._inductor.codegen.common import IndentedBuffer, Kernel, KernelArgs, TensorArg
from torch._inductor.codegen.common import PythonPrinter
from torch._inductor.codegen.common import SizeArg
from torch._inductor.codegen.triton import TritonScheduling
from torch._inductor.codegen.wrapper import (
    PythonWrapperCodegen,
    SubgraphPythonWrapperCodegen,
)
from torch._inductor.dependencies import Dep, MemoryDep
from torch_npu._inductor._aclgraph_update_plan import (
    emit_inductor_aclgraph_update_plan_for_wrapper,
)
from torch._inductor.ir import (
    get_device_type,
    LoopBody,
    MultiOutputLayout,
    NoneLayout,
    ReductionType,
    FixedLayout,
)
from torch._inductor.loop_body import MemoryUsageType
from torch._inductor.scheduler import (
    BaseSchedulerNode,
    BaseScheduling,
    SchedulerNode,
    FusedSchedulerNode,
)
from torch._inductor.utils import get_kernel_metadata, get_fused_kernel_name
from torch._inductor.utils import sympy_subs
from torch._inductor.virtualized import V
from torch.utils._ordered_set import OrderedSet

from . import asc_ops as ir
from .asc_overrides import NPUOverrides, _broadcast_scalar_to_current_loop
from .common import fused_layout_check, logger, current_soc, Soc  # pylint: disable=relative-beyond-top-level
from .common.aclgraph import AclgraphUpdatePlanCollector
from .common.asc_graph import ASCGraph, FusedASCGraph, ASCIndexing, asc_scalar_dtype
from .common.asc_graph import _WelfordReduceTensor, _Tensor
from .common.debug import _left_align_lines, OP_SUMMARY
from .common.symbols import AscExpr, Loop, DenseLoop, Axis
from .common.utils import is_cpu_0d_scalar, log_compile_duration, is_batch_transpose_view, is_matrix_transpose_view
from .config import (
    disable_cat_fuse,
    disable_canfuse,
    enable_matmul_fuse,
    enable_load_transpose,
)

_MATMUL_EPILOGUE_UNSUPPORTED_ORIGIN_OPS = ("slice", "split", "gather", "clone")

if disable_cat_fuse:

    class NPUConcatBuffer:
        pass
else:
    from .lowering.cat_lowering import NPUConcatBuffer
if enable_matmul_fuse:
    from .lowering.mm_lowering import NPUMatmulBuffer, NPUBatchMatmulBuffer
else:

    class NPUMatmulBuffer:
        pass

    class NPUBatchMatmulBuffer:
        pass


def _attach_device_limit_artifacts(artifacts):
    """Add the effective core limits to artifacts so cache keys are isolated."""
    from .compiler import _read_device_limit_info

    info = _read_device_limit_info()
    artifacts["vector_core_num"] = str(info["aiv_num"]) if info is not None else "-1"
    artifacts["ai_core_num"] = str(info["aic_num"]) if info is not None else "-1"
    return artifacts


class ASCBuffer:
    def __init__(self, name, layout):
        self.name = name
        self.dtype = layout.dtype
        self.size = [V.graph.sizevars.simplify(s) for s in layout.size]
        self.stride = [V.graph.sizevars.simplify(s) for s in layout.stride]
        self.offset = V.graph.sizevars.simplify(layout.offset)
        self.device = layout.device.type

        self._hint_size = [Loop.get_hint(s) for s in self.size]
        self._hint_stride = [Loop.get_hint(s) for s in self.stride]
        self._hint_offset = Loop.get_hint(self.offset)

    @property
    def asc_size(self):
        return [AscExpr(s) for s in self.size]

    def bind(self, src: _Tensor) -> _Tensor:
        src.op.set_private_attr("layout.device", self.device)
        src.op.set_private_attr("layout.dtype", self.dtype)
        src.op.set_private_attr("layout.size", self.size)
        src.op.set_private_attr("layout.stride", self.stride)
        src.op.set_private_attr("layout.offset", self.offset)

        src.op.set_private_attr("layout.hint.size", self._hint_size)
        src.op.set_private_attr("layout.hint.stride", self._hint_stride)
        src.op.set_private_attr("layout.hint.offset", self._hint_offset)
        return src


@dataclasses.dataclass
class Reduction:
    dtype: torch.dtype
    src_dtype: torch.dtype
    reduction_type: str
    value: str
    src: str

    def __getitem__(self, index):  # Welford reduction
        return self

    def __str__(self) -> str:
        return self.src


def _get_nodes_outputs(nodes: List[BaseSchedulerNode]):
    from torch._inductor.scheduler import OutputNode

    buffers = []
    for node in nodes:
        for output in node.outputs:
            for user in output.users:
                # Skip weak (ordering-only) users such as event.record so in-group buffers are not collected as outputs.
                if user.is_weak:
                    continue
                if isinstance(user.node, OutputNode) or user.node not in nodes:
                    buffers.append(output.node.name)
                    break
    return list(OrderedDict.fromkeys(buffers))


class MoveOp:
    def __init__(self, *, kind, src, dst):
        self.kind = kind
        self.src = src
        self.dst = dst


class DataLoader:
    def __init__(self, *, road: List[MoveOp], offset: sympy.Expr, name: str, dtype: torch.dtype):
        self.road = road
        self.offset = offset
        # 来源 buffer 的身份，便于独立转置 kernel 自洽建图。
        self.name = name
        self.dtype = dtype

    def __repr__(self):
        road_str = " -> ".join(f"{op.kind}({op.src}->{op.dst})" for op in self.road)
        return f"DataLoader(name={self.name}, offset={self.offset}, road=[{road_str}])"


def _same_loader_view(lhs: "DataLoader", rhs: "DataLoader") -> bool:
    """两个 DataLoader 是否描述同一个物理视图（offset + 整条 road 全等）。

    相同则二次 load 可安全复用同一个转置 kernel 的输出（Loop 已实现按 axis/size/stride/offset
    的值比较）。
    """
    if str(lhs.offset) != str(rhs.offset) or len(lhs.road) != len(rhs.road):
        return False
    return all(a.kind == b.kind and a.src == b.src and a.dst == b.dst for a, b in zip(lhs.road, rhs.road))


class NPUKernel(Kernel):
    overrides = NPUOverrides
    _index = 0

    class Artifacts:
        def __init__(
            self,
            *,
            name,
            tiling_def,
            host_impl,
            device_impl,
            cpp_wrapper,
            cpp_tiling_wrapper,
            has_matmul_template="False",
            vector_core_num="-1",
            ai_core_num="-1",
        ):
            self.name = name
            self.tiling_def = tiling_def
            self.host_impl = host_impl
            self.device_impl = device_impl
            self.cpp_wrapper = cpp_wrapper
            self.cpp_tiling_wrapper = cpp_tiling_wrapper
            self.has_matmul_template = has_matmul_template
            self.vector_core_num = vector_core_num
            self.ai_core_num = ai_core_num

        def to_dict(self):
            return {
                "name": self.name,
                "tiling_def": self.tiling_def,
                "host_impl": self.host_impl,
                "device_impl": self.device_impl,
                "cpp_wrapper": self.cpp_wrapper,
                "cpp_tiling_wrapper": self.cpp_tiling_wrapper,
                "has_matmul_template": self.has_matmul_template,
                "vector_core_num": self.vector_core_num,
                "ai_core_num": self.ai_core_num,
            }

    def __init__(self, nodes: List[BaseSchedulerNode], *, comments=None):
        super().__init__()
        self._comments: List[str] = comments
        self._artifacts: NPUKernel.Artifacts = None
        self._graph: ASCGraph = None  # 单图：所有节点共用一个 ASCGraph
        self._current_loop = None
        self._asc_buffer: Dict[str, ASCBuffer] = {}
        self._torch_arg_wrappers = dict()
        self._nodes = nodes
        self._outputs = _get_nodes_outputs(nodes)
        # slot_key -> DataLoader：每个不同 view 一个转置 slot（首个 view 沿用物理名，额外 view 用合成名）。
        self._inputs_loader = {}
        # name -> [(loader, slot_key)]：同一物理输入已登记的各 view，用于按 view 去重 / 分配新 slot。
        self._loader_slots_by_name: Dict[str, List[tuple]] = {}
        # 为额外 view 合成、临时注册到 V.graph.name_to_buffer 的 slot buffer 名，codegen 结束后清理。
        self._registered_slot_buffers: List[str] = []
        # 原始 slot：slot_key -> 物理名。用于"转置 view + 连续 view 混读"——物理槽已被转置占用时，
        # 给连续读单独开一个直传物理原始 buffer 的输入槽（不经转置 kernel）。
        self._raw_slots: Dict[str, str] = {}
        # 物理槽 name 已被"连续 / 原始读"占用的集合。用于顺序耦合：连续读先占物理槽后，随后的
        # 转置 view 不能再用物理槽名，必须走合成 slot（否则转置结果会覆盖连续读需要的原始数据）。
        self._name_used_raw: set = set()
        # name -> (value tensor, loop)，记录 fused 内部已 store 的 buffer，下次 load 直接复用，避免在同图中
        # 同时出现 Data+Output 形成 FusedGraph 自环。
        self._local_stores: Dict[str, tuple] = {}
        self._is_static = False
        self._current_var_to_expr: Dict[sympy.Symbol, sympy.Expr] = {}

    @property
    def graph(self):
        return self._graph

    @property
    def fused_graph(self):
        return self._fused_graph

    @property
    def contiguous_loop(self):
        return self._current_loop

    @property
    def assert_function(self):
        return "ascir.Assert"

    def size_hint(self, expr: Union[sympy.Expr, int]):
        if isinstance(expr, sympy.Expr):
            replacements = {}
            for s, ks in self.args.sizevars.items():
                for sym in expr.free_symbols:
                    if sym.name == ks:
                        replacements[sym] = s
            expr = sympy_subs(expr, replacements)
        hint_func = getattr(
            V.graph.sizevars,
            "size_hint",
            getattr(V.graph.sizevars, "optimization_hint", None),
        )
        if hint_func is None:
            return -1
        return hint_func(expr, fallback=-1)

    @staticmethod
    def _expr_equal(lhs, rhs) -> bool:
        value = V.graph.sizevars.simplify(lhs - rhs)
        if isinstance(value, (int, sympy.Integer)):
            return value == 0
        return getattr(value, "is_zero", None) is True

    def _is_matrix_transpose_view(self, size, stride) -> bool:
        return is_matrix_transpose_view(size, stride, self._expr_equal)

    def _is_batch_transpose_view(self, size, stride) -> bool:
        return is_batch_transpose_view(size, stride, self._expr_equal)

    def _make_matmul_input_loop(self, axes, size, stride):
        if not self._is_matrix_transpose_view(size, stride):
            return Loop(axis=axes, size=size, stride=stride, offset=sympy.S.Zero), False
        return Loop(
            axis=[*axes[:-2], axes[-1], axes[-2]],
            size=[*size[:-2], size[-1], size[-2]],
            stride=[*stride[:-2], stride[-1], stride[-2]],
            offset=sympy.S.Zero,
        ), True

    @staticmethod
    def _matmul_input_layout(buffer, logical_layout):
        return logical_layout if logical_layout is not None else buffer.get_layout()

    @staticmethod
    def _get_minimal_transpose_order(node: BaseSchedulerNode):
        body: LoopBody = getattr(node, "_body")
        write_exprs = body.get_write_exprs()
        write_index_names = {
            name for name, expr in body.indexing_exprs.items() if any(expr is we for we in write_exprs)
        }
        min_score = None
        min_transpose_order = None
        for axis_vars in itertools.permutations(body.var_ranges.keys()):  # dict[axis:range]循环轴和对应的大小
            index_transposed = _get_transposed_indexing(
                body.indexing_exprs, axis_vars
            )  # dict[idx:expr]读写内存使用的index
            for idx_name, expr, score in index_transposed:
                logger.debug(
                    "Expr %s of %s is transposed score %s under %s",
                    expr,
                    idx_name,
                    score,
                    axis_vars,
                )
            score = sum(s for _, _, s in index_transposed)
            store_penalty = sum(s for idx_name, _, s in index_transposed if idx_name in write_index_names)
            score += 100 * store_penalty
            logger.debug("Totally transposed indexings score %s under %s", score, axis_vars)
            combined_score = (score, store_penalty, len(index_transposed))
            if min_score is None or combined_score < min_score:
                min_score = combined_score
                min_transpose_order = axis_vars
            if min_score[0] == 0:
                break
        logger.debug(
            "Finally transposed order is %s with score %s",
            min_transpose_order,
            min_score[0],
        )
        return min_transpose_order

    def _canonical_axes_for_kernel(self):
        """Build one canonical axis space for all nodes in the fused kernel.

        Without concat, use every full-numel node's loop boundaries to refine a
        common axis space. For example, [256, 196608] and [65536, 768] refine to
        [256, 256, 768], so both nodes can be mapped without changing their
        linear iteration order.

        如果 fused 组里有 NPUConcatBuffer，强制采用它的输出 sizes —— concat 轴必须是
        ΣM_i 的那一份，否则上游 partial 节点的 size 会比 canonical 还大。
        如果 fused 组里有 NPUMatmulBuffer，同样强制采用它的输出 sizes —— matmul 输出
        [m, n] 是 canonical，下游 epilogue 也要用同样的 [m, n] 轴。
        如果 fused 组里有 NPUBatchMatmulBuffer，同样强制采用它的输出 sizes —— batch matmul
        输出 [b, m, n] 是 canonical（3 维）。MatMul 输出分支的 broadcast 在融合判断阶段拦截，
        不允许由这里的 axis mapping 隐式生成。
        """
        chosen_sizes: List[sympy.Expr] = []

        for node in self._nodes:
            buf = getattr(node, "node", None)
            if isinstance(buf, (NPUConcatBuffer, NPUMatmulBuffer, NPUBatchMatmulBuffer)):
                chosen_sizes = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in buf.get_size()]
                break

        if not chosen_sizes:
            size_groups: List[List[sympy.Expr]] = []
            for node in self._nodes:
                sizes = self._ordered_node_sizes(node)
                if sizes:
                    size_groups.append(sizes)
            chosen_sizes = self._common_refined_axis_sizes(size_groups)

        if not chosen_sizes:
            return ["a0"], [sympy.S.One]
        names = [f"a{i}" for i in range(len(chosen_sizes))]
        return names, chosen_sizes

    def _ordered_node_sizes(self, node: BaseSchedulerNode) -> List[sympy.Expr]:
        body: LoopBody = getattr(node, "_body", None)
        if body is None:
            return []
        order = self._get_minimal_transpose_order(node)
        return [self.rename_indexing(V.graph.sizevars.simplify(body.var_ranges[v])) for v in order]

    @staticmethod
    def _static_int_or_none(expr) -> Optional[int]:
        expr = V.graph.sizevars.simplify(expr)
        if isinstance(expr, bool):
            return int(expr)
        if isinstance(expr, int):
            return expr
        if isinstance(expr, sympy.Integer):
            return int(expr)
        if isinstance(expr, sympy.Expr) and not expr.free_symbols and expr.is_integer:
            return int(expr)
        return None

    @classmethod
    def _require_static_positive_integer(cls, expr, context: str) -> int:
        value = cls._static_int_or_none(expr)
        if value is None or value <= 0:
            raise RuntimeError(f"{context} is not a static positive integer: {expr}")
        return value

    def _common_refined_axis_sizes(self, size_groups: List[List[sympy.Expr]]) -> List[sympy.Expr]:
        if not size_groups:
            return []
        if len(size_groups) == 1:
            return size_groups[0]

        records = []
        for sizes in size_groups:
            product = self._sizes_product(sizes)
            product_value = self._static_int_or_none(product)
            if product_value is None:
                raise RuntimeError(f"Cannot refine dynamic loop numel {product} from loop sizes {sizes}")
            records.append((sizes, product, product_value))

        max_value = max(value for _, _, value in records)
        max_product = next(product for _, product, value in records if value == max_value)
        full_size_groups = [sizes for sizes, product, _ in records if self._same_size(product, max_product)]
        if len(full_size_groups) == 1:
            return full_size_groups[0]

        boundary_counts: List[List[Union[sympy.Expr, int]]] = []
        for sizes in full_size_groups:
            prefix = sympy.S.One
            local_boundaries: List[sympy.Expr] = []
            for size in sizes[:-1]:
                prefix = V.graph.sizevars.simplify(prefix * size)
                local_boundaries.append(prefix)
            for boundary in local_boundaries:
                count = local_boundaries.count(boundary)
                for item in boundary_counts:
                    if self._same_size(item[0], boundary):
                        item[1] = max(item[1], count)
                        break
                else:
                    boundary_counts.append([boundary, count])

        boundaries: List[sympy.Expr] = []
        for boundary, count in boundary_counts:
            boundaries.extend([boundary] * count)
        boundaries.sort(key=lambda boundary: self._require_static_positive_integer(boundary, "canonical axis boundary"))

        refined_sizes: List[sympy.Expr] = []
        prev = sympy.S.One
        for boundary in boundaries + [max_product]:
            size = V.graph.sizevars.simplify(boundary / prev)
            self._require_static_positive_integer(size, "canonical axis size")
            refined_sizes.append(size)
            prev = boundary

        for sizes in full_size_groups:
            if self._find_contiguous_axis_mapping_groups(sizes, refined_sizes) is None:
                raise RuntimeError(f"Cannot refine loop sizes {sizes} into common canonical axes {refined_sizes}")
        return refined_sizes

    @staticmethod
    def _flatten_expr(group_axes, group_sizes):
        """对一组连续 canonical 轴，按 contiguous 顺序生成 flatten 多项式：
        a0 * (s1 * s2 * ...) + a1 * (s2 * ...) + ... + a_{n-1}
        """
        expr = sympy.S.Zero
        for j, axis in enumerate(group_axes):
            inner_prod = sympy.S.One
            for k in range(j + 1, len(group_sizes)):
                inner_prod = inner_prod * group_sizes[k]
            expr = expr + axis * inner_prod
        return expr

    @staticmethod
    def _same_size(lhs, rhs) -> bool:
        return sympy.simplify(lhs - rhs) == 0

    def _validate_node_canonical_size_match(self, node_sizes, canonical_ranges):
        """检查 node 各维 size 是否与 canonical size 按位置一致。

        两个 stride 不同的 load 被融到同一 kernel 时，各自的 minimal transpose
        order 可能不同，导致 node_sizes 与 canonical_ranges 无法按位置对齐；若仍
        强行按位置映射，会生成错误的地址表达式。这里检测到不一致即抛 RuntimeError，
        由 _axis_mapping_fusion_decision 捕获后拒绝融合、把图断开。

        后续如有类似的 size 不一致场景（如允许 broadcast、permute 重排等），在此
        处按需补充对齐规则即可。
        """
        for i, (node_size, canonical_size) in enumerate(zip(node_sizes, canonical_ranges)):
            if not self._same_size(node_size, canonical_size):
                raise RuntimeError(
                    f"node sizes {node_sizes} do not match canonical sizes {canonical_ranges} at axis {i}"
                )

    @classmethod
    def _sizes_product(cls, sizes):
        product = sympy.S.One
        for size in sizes:
            product = product * size
        return V.graph.sizevars.simplify(product)

    def _concat_input_shapes(self, concat_buf: Optional[NPUConcatBuffer]) -> Dict[str, List[sympy.Expr]]:
        if concat_buf is None:
            return {}
        return {
            inp.get_name(): [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in input_layout.size]
            for inp, input_layout in zip(concat_buf.inputs, concat_buf.input_layouts)
        }

    @staticmethod
    def _concat_input_shape_for_node(
        node: BaseSchedulerNode, concat_input_shapes: Dict[str, List[sympy.Expr]]
    ) -> Optional[List[sympy.Expr]]:
        for out in getattr(node, "outputs", []):
            shape = concat_input_shapes.get(out.node.name)
            if shape is not None:
                return shape
        return None

    def _kernel_needs_transpose_split(self) -> bool:
        """A5 规格要求：transpose 只允许和 elementwise/broadcast/slice/gather 这类白名单节点融合,view类算子inductor会消融在load。"""
        if current_soc and current_soc < Soc.A5:
            return True
        for node in self._nodes:
            for subnode in node.get_nodes():
                # gather节点
                if self._subnode_has_indirect_indexing(subnode):
                    continue
                # elementwise类节点(排除concat/reduce)
                if self._subnode_is_elementwise(subnode):
                    continue
                return True
        return False

    @staticmethod
    def _subnode_has_indirect_indexing(subnode) -> bool:
        body = getattr(subnode, "_body", None)
        return bool(body is not None and getattr(body, "indirect_vars", None))

    @staticmethod
    def _subnode_is_elementwise(subnode) -> bool:
        body = getattr(subnode, "_body", None)
        return (
            body is not None
            and not subnode.is_reduction()
            and not subnode.is_template()
            and not NPUKernel._subnode_has_indirect_indexing(subnode)
        )

    def _resolve_pre_concat_ranges(self, node, canonical_axes, canonical_ranges, concat_input_shapes):
        """为concat融合中非 prologue 节点选择正确的 canonical_ranges 用于轴对齐。

        背景：融合 kernel 中 canonical_ranges 默认取 concat 输出 sizes（如 [2,64,256]）。
        但 concat 前的上游节点（如喂给 cos/sin 的 div 链）元素总数是 concat 输入的规模，
        若沿用 concat 输出 sizes，可能因数学巧合（如 64×256 == 2×64×128）导致
        _find_axis_mapping_groups 误映射，使节点输出 shape 与下游 prologue 节点不一致。

        策略：比较节点 numel 与 canonical_ranges 乘积，若不等则说明该节点在 concat 之前，
        遍历 concat 各路输入 shape，找到 numel 匹配的那一路作为 effective_ranges 返回；
        若均不匹配或无 concat，回退为 canonical_ranges。
        """
        if not concat_input_shapes:
            return canonical_ranges
        pointwise_sizes, _ = self._merged_pointwise_sizes_for_node(node)
        node_numel = self._sizes_product(pointwise_sizes)
        if self._same_size(node_numel, self._sizes_product(canonical_ranges)):
            return canonical_ranges
        for cand_shape in concat_input_shapes.values():
            if len(cand_shape) == len(canonical_axes) and self._same_size(node_numel, self._sizes_product(cand_shape)):
                return cand_shape
        return canonical_ranges

    def _merged_pointwise_sizes_for_node(self, node):
        if isinstance(node, SchedulerNode) and not node.is_template():
            body: LoopBody = getattr(node, "_body")
            merged_body = body.merge_loops()
            pointwise_sizes, reduction_sizes = merged_body.sizes
        else:
            pointwise_sizes, reduction_sizes = node.get_ranges()
        pointwise_sizes = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in pointwise_sizes]
        reduction_sizes = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in reduction_sizes]
        return pointwise_sizes, reduction_sizes

    def _find_contiguous_axis_mapping_groups(self, node_sizes, target_sizes):
        def search(node_idx: int, target_idx: int, groups: List[List[int]]):
            if node_idx == len(node_sizes):
                return groups.copy() if target_idx == len(target_sizes) else None

            product = sympy.S.One
            for end_idx in range(target_idx, len(target_sizes)):
                product = V.graph.sizevars.simplify(product * target_sizes[end_idx])
                if self._same_size(product, node_sizes[node_idx]):
                    groups.append(list(range(target_idx, end_idx + 1)))
                    result = search(node_idx + 1, end_idx + 1, groups)
                    if result is not None:
                        return result
                    groups.pop()
            return None

        return search(0, 0, [])

    def _validate_concat_prologue_group(self, node, input_sizes, canonical_axes):
        if len(input_sizes) != len(canonical_axes):
            raise RuntimeError(
                f"concat input rank {len(input_sizes)} does not match canonical rank {len(canonical_axes)}"
            )
        group = getattr(node, "group", None)
        if group is None or len(group) != 2 or len(group[1]) != 2:
            raise RuntimeError(f"expected pointwise/reduction group, got {group}")
        producer_numel, producer_rnumel = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in group[1]]
        if not self._same_size(producer_rnumel, sympy.S.One):
            raise RuntimeError(f"concat prologue producer has reduction numel {producer_rnumel}")

        input_numel = self._sizes_product(input_sizes)
        if not self._same_size(producer_numel, input_numel):
            raise RuntimeError(
                f"concat prologue producer numel {producer_numel} does not match concat input numel {input_numel}"
            )

        pointwise_sizes, reduction_sizes = self._merged_pointwise_sizes_for_node(node)
        if reduction_sizes:
            raise RuntimeError(f"concat prologue producer has reduction ranges after loop merge {reduction_sizes}")
        if self._find_contiguous_axis_mapping_groups(pointwise_sizes, input_sizes) is None:
            raise RuntimeError(
                f"concat prologue producer axes {pointwise_sizes} cannot map to concat input axes {input_sizes}"
            )
        if not self._same_size(self._sizes_product(pointwise_sizes), input_numel):
            raise RuntimeError(
                f"concat prologue merged producer numel {self._sizes_product(pointwise_sizes)} "
                f"does not match concat input numel {input_numel}"
            )

    def _concat_prologue_axis_indexings(self, node, input_sizes, canonical_axes):
        self._validate_concat_prologue_group(node, input_sizes, canonical_axes)
        sizes = node.get_ranges()
        if len(sizes) != 2:
            raise RuntimeError(f"expected pointwise/reduction ranges, got {sizes}")
        pointwise_sizes, reduction_sizes = sizes
        pointwise_sizes = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in pointwise_sizes]
        reduction_sizes = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in reduction_sizes]
        if reduction_sizes:
            raise RuntimeError(f"concat prologue producer has reduction ranges {reduction_sizes}")
        input_numel = self._sizes_product(input_sizes)
        if not self._same_size(self._sizes_product(pointwise_sizes), input_numel):
            raise RuntimeError(
                f"concat prologue codegen numel {self._sizes_product(pointwise_sizes)} "
                f"does not match concat input numel {input_numel}"
            )

        mapping_groups = self._find_contiguous_axis_mapping_groups(pointwise_sizes, input_sizes)
        if mapping_groups is None:
            raise RuntimeError(
                f"concat prologue producer axes {pointwise_sizes} cannot map to concat input axes {input_sizes}"
            )

        axis_indexings: List[List[sympy.Expr]] = []
        for group_indices in mapping_groups:
            group_axes = [canonical_axes[idx] for idx in group_indices]
            group_sizes = [input_sizes[idx] for idx in group_indices]
            axis_indexings.append([self._flatten_expr(group_axes, group_sizes)])
        return axis_indexings, input_sizes

    def _node_local_read_names(self, node: BaseSchedulerNode) -> set:
        read_writes = getattr(node, "read_writes", None)
        if read_writes is None:
            return set()
        return {dep.name for dep in read_writes.reads if dep.name in self._local_stores}

    def _local_axis_preference_loops(self, canonical_axes, buffer_names=None) -> List[Loop]:
        if buffer_names is not None and not buffer_names:
            return []
        loops = []
        for name, (_, loop) in self._local_stores.items():
            if buffer_names is not None and name not in buffer_names:
                continue
            if len(loop.axis) != len(canonical_axes):
                continue
            if any(str(loop_axis) != str(axis) for loop_axis, axis in zip(loop.axis, canonical_axes)):
                continue
            loops.append(loop)
        return loops

    def _find_axis_mapping_groups(self, node_sizes, canonical_ranges, canonical_axes, preference_loops=None):
        """Find ordered non-empty canonical axis groups for each node axis.

        Fused kernels can contain nodes with fewer axes than the canonical loop,
        for example a post-reduction consumer. In that case the missing canonical
        axes are broadcast axes for this node. Prefer axis groups that preserve
        the local buffers this node actually reads: skip axes where those values
        have zero stride, and avoid skipping axes where they vary.
        """
        num_canonical_axes = len(canonical_ranges)
        candidates: List[List[List[int]]] = []

        def search_axis_group(node_size, start_idx, selected_indices, product):
            for axis_idx in range(start_idx, num_canonical_axes):
                next_product = product * canonical_ranges[axis_idx]
                next_indices = selected_indices + [axis_idx]
                if self._same_size(next_product, node_size):
                    yield next_indices
                yield from search_axis_group(node_size, axis_idx + 1, next_indices, next_product)

        def search(node_idx: int, canonical_idx: int, groups: List[List[int]]):
            if node_idx == len(node_sizes):
                candidates.append(groups.copy())
                return

            for group_indices in search_axis_group(node_sizes[node_idx], canonical_idx, [], sympy.S.One):
                groups.append(group_indices)
                search(node_idx + 1, group_indices[-1] + 1, groups)
                groups.pop()

        search(0, 0, [])
        if not candidates:
            return None

        preference_loops = preference_loops or []

        def score(groups: List[List[int]]):
            used_indices = {axis_idx for group_indices in groups for axis_idx in group_indices}
            skipped_indices = set(range(num_canonical_axes)) - used_indices
            skipped_zero_stride = 0
            used_zero_stride = 0
            skipped_nonzero_stride = 0
            for loop in preference_loops:
                zero_stride_indices = {i for i, stride in enumerate(loop.stride) if sympy.simplify(stride) == 0}
                nonzero_stride_indices = set(range(num_canonical_axes)) - zero_stride_indices
                skipped_zero_stride += len(skipped_indices & zero_stride_indices)
                used_zero_stride += len(used_indices & zero_stride_indices)
                skipped_nonzero_stride += len(skipped_indices & nonzero_stride_indices)
            # Prefer preserving trailing alignment when size equality is ambiguous.
            later_axis_alignment = sum(group_indices[0] for group_indices in groups)
            flatten_penalty = sum(len(group_indices) - 1 for group_indices in groups)
            return (
                skipped_zero_stride,
                -used_zero_stride,
                -skipped_nonzero_stride,
                later_axis_alignment,
                -flatten_penalty,
            )

        return max(candidates, key=score)

    def _node_axis_indexings(self, node, canonical_axes, canonical_ranges):
        """`_align_node_to_canonical` 的输出之一，单独保留 thin wrapper 便于复用。"""
        return self._align_node_to_canonical(node, canonical_axes, canonical_ranges)[0]

    def validate_axis_mapping(self):
        canonical_names, canonical_ranges = self._canonical_axes_for_kernel()
        canonical_axes = [sympy.Symbol(n) for n in canonical_names]

        concat_buf: Optional[NPUConcatBuffer] = None
        for n in self._nodes:
            cb = getattr(n, "node", None)
            if isinstance(cb, NPUConcatBuffer):
                concat_buf = cb
                break
        concat_input_shapes = self._concat_input_shapes(concat_buf)

        for node in self._nodes:
            buf = getattr(node, "node", None)
            if isinstance(buf, (NPUConcatBuffer, NPUMatmulBuffer, NPUBatchMatmulBuffer)):
                continue
            input_shape = self._concat_input_shape_for_node(node, concat_input_shapes)
            if input_shape is not None:
                self._validate_concat_prologue_group(node, input_shape, canonical_axes)
                continue
            effective_ranges = self._resolve_pre_concat_ranges(
                node, canonical_axes, canonical_ranges, concat_input_shapes
            )
            self._align_node_to_canonical(
                node,
                canonical_axes,
                effective_ranges,
                preserve_logical_axis_identity=concat_buf is not None,
            )
        return True

    def _align_node_to_canonical(
        self,
        node,
        canonical_axes,
        canonical_ranges,
        *,
        preserve_logical_axis_identity=False,
    ):
        """把 node 的轴对齐到 canonical 轴。两种模式：
        - **1:1**（节点轴数 == canonical 轴数）：每个 node 轴直接对应一个 canonical 轴，
          覆盖常规 pointwise + concat 上游 pointwise 的简单场景。无 logical template
          anchor 时要求 size 与 canonical size 一致，否则拒绝融合、把图断开。
        - **flatten**（节点轴数 < canonical 轴数）：单个 node 轴展开成多个连续 canonical
          轴的 contiguous 多项式（pointwise collapse）。剩余未映射的 canonical 轴等价
          于 broadcast，size=1。

        返回 (axis_indexings, node_canonical_sizes, node_axes)：
        - axis_indexings 按 LoopBody 原始变量顺序排列，传给 node.run() 生成地址表达式。
        - node_canonical_sizes 按局部遍历顺序排列，描述当前 node 的各维 size。
        - node_axes 与 node_canonical_sizes 同顺序，供 DenseLoop 绑定每个 size 的逻辑 axis。
        """
        body: LoopBody = getattr(node, "_body")
        transpose_order = self._get_minimal_transpose_order(node)
        node_sizes = [self.rename_indexing(body.var_ranges[v]) for v in transpose_order]

        var_to_expr: Dict[sympy.Symbol, sympy.Expr] = {}
        node_canonical_sizes: List[sympy.Expr] = [sympy.S.One] * len(canonical_axes)
        node_axes = list(canonical_axes)

        if len(node_sizes) == len(canonical_axes):
            if preserve_logical_axis_identity:
                # 保留 LoopBody 变量的逻辑 axis identity，只按局部遍历顺序生成 node_axes。
                logical_var_to_axis = dict(zip(body.var_ranges.keys(), canonical_axes))
                var_to_expr.update(logical_var_to_axis)
                node_axes = [logical_var_to_axis[node_var] for node_var in transpose_order]
                node_canonical_sizes = list(node_sizes)
            else:
                # 无 logical template anchor 时，canonical_axes 已按 transpose_order 建立，保持原映射。
                # size 与 canonical_size 不一致（如两个 stride 不同的 load 融到同一 kernel）时，
                # 拒绝融合、把图断开，而不是强行按位置映射。
                self._validate_node_canonical_size_match(node_sizes, canonical_ranges)
                for i, (node_var, axis, sz) in enumerate(zip(transpose_order, canonical_axes, node_sizes)):
                    var_to_expr[node_var] = axis
                    node_canonical_sizes[i] = sz
        else:
            local_read_names = self._node_local_read_names(node)
            preference_loops = self._local_axis_preference_loops(canonical_axes, local_read_names)
            mapping_groups = self._find_axis_mapping_groups(
                node_sizes, canonical_ranges, canonical_axes, preference_loops
            )
            if mapping_groups is None:
                raise RuntimeError(
                    f"Cannot map node axes with sizes {node_sizes} into canonical axes with sizes {canonical_ranges}"
                )

            for node_var, group_indices in zip(transpose_order, mapping_groups):
                group_axes = [canonical_axes[idx] for idx in group_indices]
                group_sizes = [canonical_ranges[idx] for idx in group_indices]
                var_to_expr[node_var] = self._flatten_expr(group_axes, group_sizes)
                for k in group_indices:
                    node_canonical_sizes[k] = canonical_ranges[k]

        axis_indexings: List[List[sympy.Expr]] = []
        for var in body.var_ranges.keys():
            expr = var_to_expr.get(var)
            if expr is None:
                expr = sympy.Symbol(var.name)
            axis_indexings.append([expr])
        self._current_var_to_expr = var_to_expr
        return axis_indexings, node_canonical_sizes, node_axes

    def tracing_asc(self):
        trace_name = "trace_asc_graph"
        with log_compile_duration("trace_asc_graph", "TraceAscGraphTotal", trace_name):
            return self._tracing_asc_impl()

    def _tracing_asc_impl(self):
        with self:
            canonical_names, canonical_ranges = self._canonical_axes_for_kernel()
            canonical_axes = [sympy.Symbol(n) for n in canonical_names]
            canonical_loop = DenseLoop(axis=canonical_axes, size=canonical_ranges)

            hint_lines = []
            for node in self._nodes:
                # ASCIR hints are embedded in generated asc_graph.py, so use Python comments.
                hint_lines.extend(_node_label(node, comment_prefix="#"))
                hint_lines.append("-" * 20)
            hint_str = "\n".join(hint_lines).rstrip("-\n")

            self._graph = ASCGraph(name="graph", hint_str=hint_str)
            for axis, axis_range in zip(canonical_axes, canonical_ranges):
                self._graph.axis(axis.name, axis_range)
            # Keep canonical schedule axes separate from MatMul/BMM ``k``.
            self._graph.set_schedule_axes(canonical_axes)
            self._graph.set_current_loop(canonical_loop)

            # 找出本 kernel 里的 NPUConcatBuffer（最多一个），用来识别 prologue 输入 layout。
            concat_buf: Optional[NPUConcatBuffer] = None
            for n in self._nodes:
                cb = getattr(n, "node", None)
                if isinstance(cb, NPUConcatBuffer):
                    concat_buf = cb
                    break
            concat_input_shapes = self._concat_input_shapes(concat_buf)

            prior_loop = self._current_loop
            try:
                for i, node in enumerate(self._nodes):
                    logger.debug(
                        "Codegen [%s] %s",
                        f"{i + 1}/{len(self._nodes)}",
                        node.debug_str(),
                    )
                    buf = getattr(node, "node", None)
                    if isinstance(buf, NPUConcatBuffer):
                        # NPUConcatBuffer 没 body，绕开 node.run；直接调 kernel.concat
                        self._current_loop = canonical_loop  # 输出取 canonical 全 size
                        prior_node = self.current_node  # pylint: disable=access-member-before-definition
                        self.current_node = node  # 跳 set_current_node（依赖 _body.bounds）
                        try:
                            node.mark_run()  # 触发 wrapper.codegen_allocation 给输出 buffer
                            self.concat(buf)
                        finally:
                            self.current_node = prior_node
                    elif isinstance(buf, NPUMatmulBuffer):
                        # NPUMatmulBuffer 没 body，绕开 node.run；直接调 kernel.matmul
                        self._current_loop = canonical_loop
                        prior_node = self.current_node
                        self.current_node = node
                        try:
                            node.mark_run()
                            self.matmul(buf)
                        finally:
                            self.current_node = prior_node
                    elif isinstance(buf, NPUBatchMatmulBuffer):
                        # NPUBatchMatmulBuffer 没 body，绕开 node.run；直接调 kernel.batch_matmul
                        self._current_loop = canonical_loop
                        prior_node = self.current_node
                        self.current_node = node
                        try:
                            node.mark_run()
                            self.batch_matmul(buf)
                        finally:
                            self.current_node = prior_node
                    else:
                        # concat prologue 按 concat 输入 layout 展开 producer 的单轴 group，
                        # 不回看 producer body 的原始 rank。
                        input_shape = self._concat_input_shape_for_node(node, concat_input_shapes)
                        if input_shape is not None:
                            axis_indexings, node_sizes = self._concat_prologue_axis_indexings(
                                node, input_shape, canonical_axes
                            )
                            node_axes = canonical_axes
                        else:
                            effective_ranges = self._resolve_pre_concat_ranges(
                                node, canonical_axes, canonical_ranges, concat_input_shapes
                            )
                            axis_indexings, node_sizes, node_axes = self._align_node_to_canonical(
                                node,
                                canonical_axes,
                                effective_ranges,
                                preserve_logical_axis_identity=concat_buf is not None,
                            )
                        # axis_indexings 仍按原始变量顺序传给 node.run()；node_axes 与 node_sizes
                        # 按局部遍历顺序配对，不能再用固定的 canonical_axes 替代。
                        self._current_loop = DenseLoop(axis=node_axes, size=node_sizes)
                        with self.set_current_node(node):
                            node.run(*axis_indexings)
                    logger.debug(f"{self._graph.name} reads {self._graph.inputs} and writes {self._graph.outputs}")
            finally:
                self._current_loop = prior_loop

        if hasattr(self, "removed_buffers") and hasattr(V.graph, "removed_buffers"):
            V.graph.removed_buffers |= self.removed_buffers
        if hasattr(self, "inplaced_to_remove") and hasattr(V.graph, "inplaced_to_remove"):
            V.graph.inplaced_to_remove |= self.inplaced_to_remove

        # 过滤掉被判定为 removed 的输出 buffer。多流 + wait_event 等跨流场景下，某中间 buffer
        # 由组内节点产出、组内节点消费（走 local value），其唯一“组外用户”是不读实体数据的
        # 同步/nop 节点（如 streams::wait_event），于是 tracing 过程中被 inductor 标记 removed，
        # 却仍被 _get_nodes_outputs 当作组外输出收集。此类 buffer 不应作为 kernel 输出物化
        # （Triton 路径同样不会 emit），否则下面 self.args.output() 会因 removed_buffers 断言失败。
        # 这里在建 FusedASCGraph 之前从最终输出列表剔除：它在 self._graph.outputs 中仍存在，
        # 会被 FusedASCGraph 当作 workspace（内部计算、不外露），语义正确。
        graph_removed = getattr(V.graph, "removed_buffers", None)
        if graph_removed:
            self._outputs = [o for o in self._outputs if o not in graph_removed]

        for sym, sym_renamed in self.args.sizevars.items():
            self._graph.size(sym_renamed, sym.name if hasattr(sym, 'name') else str(sym))

        self._graph.reorder_inputs(list(V.graph.graph_inputs.keys()))

        self._fused_graph = FusedASCGraph(graph=self._graph, outputs=self._outputs)
        # 对于输出复用输入的场景，可能出现多个asc graph上的buffer（Data/Output）对应同一个python kernel入参的情况，
        # outer是python kernel层的入参名，而inputs/outputs，则是asc graph上的buffer名，也对应rt层kernel的args
        self._fused_graph.inputs_outer = [self.args.input(read) for read in self._fused_graph.inputs]
        self._fused_graph.outputs_outer = [self.args.output(write) for write in self._fused_graph.outputs]
        # inplace buffer 同时出现在 ASCGraph 的 inputs 和 outputs 中，但被 FusedASCGraph.inputs
        # 过滤掉（见 asc_graph.py 中 FusedASCGraph.__init__ 的 inputs 列表推导），导致 prof
        # codegen 只记录输出 tensor、不记录输入 tensor。这里收集 inplace buffer 的 inner name，
        # 供 _codegen_profiling_func 补充输入 tensor 信息。
        inplace_input_outers = set()
        for name in self._graph.inputs:
            inplaced = self.args.inplace_buffers.get(name)
            if inplaced is not None and hasattr(inplaced, "inner_name"):
                inplace_input_outers.add(inplaced.inner_name)
        self._fused_graph.inplace_input_outers = inplace_input_outers
        # 这里的args，对应python kernel签名的入参名字，也是wrapper签名中的入参名字。
        # 而第二个返回，是在output code call函数中，调用python kernel时传入的参数，也就是实际buffer的名字。
        arg_defs, call_args, precompile_args, arg_types = self.args.python_argdefs()
        self._fused_graph.args = precompile_args
        self._is_static = not any(isinstance(v, SizeArg) for v in self._fused_graph.args)

        from . import codegen as npu_codegen

        self._fused_graph.cpp_wrapper = npu_codegen.codegen_cpp_wrapper(self._fused_graph)
        self._fused_graph.asc_graph = self._fused_graph.codegen("cache_hint").getvalue()
        md5 = hashlib.md5(f"{self._fused_graph.asc_graph}_{self._fused_graph.cpp_wrapper}".encode()).hexdigest()  # nosec B324
        self._fused_graph.name = f"auto{get_fused_kernel_name(self._nodes, 'original_aten')}_{md5}"

        unsupported_ops = set(self._graph.unsupported_ops)
        if unsupported_ops:
            self._fused_graph.name = f"unsupported_{'_'.join(sorted(unsupported_ops))}_{self._fused_graph.name}"

        return self

    def get_asc_buffer(self, name):
        if name in self._asc_buffer:
            return self._asc_buffer[name]
        buf = V.graph.get_buffer(name)
        self._asc_buffer[name] = ASCBuffer(name, buf.layout)
        return self._asc_buffer[name]

    def _register_transpose_slot_buffer(self, slot_key: str, physical: str, out_meta) -> None:
        """把额外 view 的转置输出登记成 V.graph 的一个轻量 buffer（转置后连续布局），使其像普通
        输入一样走 self.args / python_argdefs（dtype 推断、入参顺序天然正确）。codegen 结束后清理。
        """
        from torch._inductor.ir import Buffer as InductorBuffer

        size, stride, dtype, _dev, _syms = out_meta
        device = V.graph.get_buffer(physical).get_device()
        layout = FixedLayout(device, dtype, list(size), list(stride))
        V.graph.name_to_buffer[slot_key] = InductorBuffer(name=slot_key, layout=layout)
        self._registered_slot_buffers.append(slot_key)

    def _assign_transpose_slot(self, name: str, loader: 'DataLoader') -> str:
        """为本次转置 view 分配 slot：同一 view 复用已有 slot；首个 view 沿用物理名（单 view 场景
        与现状逐字节一致）；额外的不同 view 用合成名 `name__lt{k}` 并注册轻量 buffer。
        """
        slots = self._loader_slots_by_name.setdefault(name, [])
        for prev_loader, slot_key in slots:
            if _same_loader_view(prev_loader, loader):
                return slot_key
        # 首个转置 view 默认沿用物理槽（单 view 场景零回归）；但若物理槽已被连续 / 原始读占用，
        # 则必须改用合成 slot，避免转置结果覆盖连续读所需的原始数据（顺序耦合）。
        if not slots and name not in self._name_used_raw:
            slot_key = name
        else:
            slot_key = f"{name}__lt{len(slots)}"
            builder = _TransposeKernel()
            _fused, out_meta = builder.build(loader)
            self._register_transpose_slot_buffer(slot_key, name, out_meta)
        slots.append((loader, slot_key))
        return slot_key

    def _register_raw_slot_buffer(self, slot_key: str, physical: str) -> None:
        """为连续 / 原始读登记一个直传物理原始 buffer 的轻量输入槽（原始 layout，不经转置 kernel），
        用于物理槽已被转置占用时的"转置 view + 连续 view 混读"。
        """
        from torch._inductor.ir import Buffer as InductorBuffer

        src = V.graph.get_buffer(physical)
        layout_ = src.layout
        layout = FixedLayout(src.get_device(), layout_.dtype, list(layout_.size), list(layout_.stride), layout_.offset)
        V.graph.name_to_buffer[slot_key] = InductorBuffer(name=slot_key, layout=layout)
        self._registered_slot_buffers.append(slot_key)

    def codegen(self):
        from . import codegen as npu_codegen

        artifacts = npu_codegen.codegen_kernel_def(self.fused_graph)
        artifacts["has_matmul_template"] = "True" if self.fused_graph.is_fused_mm else "False"
        _attach_device_limit_artifacts(artifacts)
        if not all(v.strip() for v in artifacts.values()):
            raise RuntimeError(f"Failed to generate artifacts for kernel {self.kernel_name}: {artifacts}")
        with log_compile_duration("schedule_codegen", "BuildCppWrapper", self.fused_graph.name):
            artifacts["cpp_wrapper"] = npu_codegen.codegen_cpp_wrapper(self.fused_graph)
        with log_compile_duration("schedule_codegen", "BuildCppTilingWrapper", self.fused_graph.name):
            artifacts["cpp_tiling_wrapper"] = npu_codegen.codegen_cpp_tiling_wrapper(self.fused_graph)
        self._artifacts = NPUKernel.Artifacts(**artifacts)

        if V.graph.cpp_wrapper:
            return None

        kernel_def = IndentedBuffer()
        kernel_obj = f"{self._artifacts.name}_artifacts"
        kernel_def.writeline(f"{kernel_obj} = {{}}")
        kernel_def.splice(f"{kernel_obj}['name'] = r'''{self._artifacts.name}'''")
        kernel_def.splice(f"{kernel_obj}['tiling_def'] = r'''{self._artifacts.tiling_def}'''")
        kernel_def.splice(f"{kernel_obj}['host_impl'] = r'''{self._artifacts.host_impl}'''")
        kernel_def.splice(f"{kernel_obj}['device_impl'] = r'''{self._artifacts.device_impl}'''")
        kernel_def.splice(f"{kernel_obj}['cpp_wrapper'] = r'''{self._artifacts.cpp_wrapper}'''")
        kernel_def.splice(f"{kernel_obj}['cpp_tiling_wrapper'] = r'''{self._artifacts.cpp_tiling_wrapper}'''")
        kernel_def.splice(f"{kernel_obj}['is_static'] = {self._is_static}")
        kernel_def.splice(f"{kernel_obj}['has_matmul_template'] = '{self._artifacts.has_matmul_template}'")
        kernel_def.splice(f"{kernel_obj}['vector_core_num'] = '{self._artifacts.vector_core_num}'")
        kernel_def.splice(f"{kernel_obj}['ai_core_num'] = '{self._artifacts.ai_core_num}'")
        kernel_def.writeline(
            f"{self.kernel_name} = async_compile_ascendc(globals().get('async_compile', None), {kernel_obj})"
        )
        return kernel_def.getvalue()

    def record_summary(self, nodes, model_path=None):
        loop_body_lines = []
        for node in nodes:
            loop_body_lines.extend(_node_label(node))
            loop_body_lines.append("-" * 20)
        OP_SUMMARY.add_graph_summary(
            self._graph,
            loop="\n".join(loop_body_lines).rstrip("-\n"),
            model_path=model_path,
        )

    def view_dot(self, nodes, svg_path=None):
        try:
            import pydot

            dot_graph = self.fused_graph.as_dot()
            symbol_to_hint = []
            for s, ks in self.args.sizevars.items():
                symbol_to_hint.append(f"{s.name}:(={ks}, hint={self.size_hint(s)})")
            labels = [_node_label(node) + ["-" * 20] for node in nodes]
            lines = list(itertools.chain(symbol_to_hint, ["-" * 20], *labels))
            lines = _left_align_lines(lines)
            dot_graph.add_node(
                pydot.Node(
                    f"{self.kernel_name}_body",
                    shape="plaintext",
                    label="\n".join(lines),
                    fontname="Courier",
                )
            )
            svg_path = svg_path if svg_path else f"./{self.kernel_name}.svg"
            dot_graph.write_svg(svg_path)
        except ImportError:
            logger.warning(
                "Unable to save dot for kernel %s as pydot not installed",
                self.kernel_name,
            )
        except AssertionError:
            logger.warning(
                "Unable to save dot for kernel %s as graphviz inner error",
                self.kernel_name,
            )

    def benchmark(self, nodes, file_path=None):
        """Generate a benchmark script for profiling and, when possible, precision checks.

        Modes:
          --check   : Compare eager_fn (extracted FX fragment) vs torch.compile(eager_fn).
          --bench   : Performance comparison between eager_fn and torch.compile(eager_fn).
          --profile : NPU profiling for the ASC kernel (default mode).

        Common options:
          --e2e     : Load kernel source from asc_graph.py beside the benchmark script.
        """
        from .common.precision_check import generate_benchmark_script

        return generate_benchmark_script(
            nodes=nodes,
            kernel_name=self.kernel_name,
            artifacts=self._artifacts,
            args=self.args,
            file_path=file_path,
            is_static=self._is_static,
            prof_size_vars=getattr(self.fused_graph, "prof_size_vars", []),
            cpp_wrapper=bool(V.graph.cpp_wrapper),
        )

    def _load_contiguous(self, name, non_contiguous_loop: Loop, dense_loop: Loop, *, upcast_dtype=False):
        non_contiguous_loop = non_contiguous_loop.copy().normalize_()

        dtype = self.get_asc_buffer(name).dtype
        if name in self._local_stores:
            value, src_loop = self._local_stores[name]
            if upcast_dtype and dtype in {torch.bfloat16, torch.float16}:
                src_loop = src_loop.copy().contiguous_()
                value = ir.cast(value, dst=torch.float32, loop=src_loop)
            return self._reshape_local_value(value, src_loop, dense_loop)

        data, loop = self._load_buffer(name, non_contiguous_loop)
        offset = loop.zero_offset_()
        road = self._get_view_road(loop, dense_loop)

        # prev_loader 非空 = 这个 buffer 已被某个转置 view 拆走、物理槽里装的是转置后的结果。下面
        # 连续读（road 为空）用它判断：物理槽被转置占用时，连续读要另开一个"原始 slot"读原始数据。
        prev_loader = self._inputs_loader.get(name) if enable_load_transpose else None

        if len(road) == 0:
            if prev_loader is not None:
                # 物理槽 name 已被转置占用；连续读需要【原始】数据 -> 开一个独立"原始 slot"，直传
                # 物理 buffer（不经转置 kernel），从而转置 view 与连续 view 可同时读同一物理 buffer。
                raw_key = f"{name}__raw"
                if raw_key not in self._raw_slots:
                    self._register_raw_slot_buffer(raw_key, name)
                    self._raw_slots[raw_key] = name
                data, _ = self._load_buffer(raw_key, loop)
            else:
                # 物理槽 name 归连续 / 原始读所有；标记之，后续转置 view 不得再占用物理槽。
                self._name_used_raw.add(name)
            logger.debug(
                "Road from input %d(%s): %s to %s is dense",
                len(self.graph.inputs) - 1,
                name,
                loop,
                dense_loop,
            )
            load = ir.load(data, offset=offset, loop=loop)
            if upcast_dtype and dtype in {torch.bfloat16, torch.float16}:
                load = ir.cast(load, dst=torch.float32, loop=loop.copy().contiguous_())
            return load

        # 仅在 fused kernel 命中白名单外节点时，把 load+Transpose 前缀抽成独立前置 kernel（DataLoader）；
        # 纯 pointwise / broadcast / slice / gather 继续在主图内保留 transpose，避免无谓拆分。
        # 同一 buffer 的不同转置 view 各分一个独立 slot（见下面 _assign_transpose_slot），互不冲突。
        # road[0] 恒为 Transpose（若有），扫描下界取 -1。
        loader = None
        if enable_load_transpose and self._kernel_needs_transpose_split():
            for i in range(len(road) - 1, -1, -1):
                if road[i].kind == "transpose":
                    loader = DataLoader(road=road[: i + 1], offset=offset, name=name, dtype=dtype)
                    road = road[i + 1 :]
                    break

        logger.debug(
            "Road from input %d(%s): %s to %s",
            len(self.graph.inputs) - 1,
            name,
            loop,
            dense_loop,
        )
        if loader is not None:
            # 每个不同 view 分配独立 slot：首个 view 沿用物理输入节点；额外的不同 view 建独立 Data
            # 节点（合成名注册为轻量 buffer），各自对应一个转置 kernel，从而同一物理 buffer 可被
            # 多种 view 同时读取而不冲突（同一 view 二次 load 会复用同一 slot / 转置 kernel）。
            slot_key = self._assign_transpose_slot(name, loader)
            self._inputs_loader[slot_key] = loader
            slot_data = data if slot_key == name else self._load_buffer(slot_key, non_contiguous_loop)[0]
            load = ir.load(slot_data, offset=None, loop=loader.road[-1].dst)
            logger.debug("  loader[%s] %s", slot_key, loader)
            cast_loop = loader.road[-1].dst
        else:
            load = ir.load(data, offset=offset, loop=road[0].src)
            cast_loop = road[0].src

        # 必须在 road 之前 upcast：autofuse 的 Transpose 不支持 bf16/fp16（infer_dtypes 会报
        # "input_dtypes: [DT_BFLOAT16] is not supportted now"），先抬成 fp32 再做形变才合法。
        if upcast_dtype and dtype in {torch.bfloat16, torch.float16}:
            load = ir.cast(load, dst=torch.float32, loop=cast_loop.copy().contiguous_())

        for op in road:
            logger.debug("  %s from %s to %s", op.kind, op.src, op.dst)
            load = getattr(ir, op.kind)(load, loop=op.dst)

        return load

    def load(self, name: str, index: sympy.Expr):
        if any([isinstance(s, ASCIndexing) for s in index.free_symbols]):
            return self.indirect_load(name, index)

        index = self.rename_indexing(index)
        if self._is_cpu_scalar_tensor_input(name, index):
            # CPU 0-d tensor inputs are runtime scalar values for device
            # kernels; emit ScalarData instead of Data+Load.
            scalar = self._load_scalar_buffer(name)
            return _broadcast_scalar_to_current_loop(scalar)

        non_contiguous_loop = self._index_to_loop(index, sizes=self.contiguous_loop.size)
        logger.debug(
            "Road for %s from %s to %s",
            index,
            non_contiguous_loop,
            self.contiguous_loop,
        )

        return self._load_contiguous(name, non_contiguous_loop, self.contiguous_loop, upcast_dtype=True)

    def _is_cpu_scalar_tensor_input(self, name: str, index: sympy.Expr):
        return str(index) == "0" and is_cpu_0d_scalar(name)

    def _reshape_local_value(self, value: _Tensor, src_loop: Loop, dst_loop: Loop):
        """把上游 store 的 value 调整到当前请求的形状（必要时插入 broadcast/transpose）。"""
        road = self._get_view_road(src_loop.copy(), dst_loop)
        if not road:
            return value
        result = value
        for op in road:
            result = getattr(ir, op.kind)(result, loop=op.dst)
        return result

    def store(self, name, index, value, mode=None):
        index = self.rename_indexing(index)
        dtype = self.get_asc_buffer(name).dtype
        loop = self._index_to_loop(index)
        if dtype in {torch.bfloat16, torch.float16}:
            cast_loop = loop.copy()
            cast_loop.zero_offset_()
            value = ir.cast(value, dst=torch.float32, loop=cast_loop)
            value = ir.cast(value, dst=dtype, loop=cast_loop)
        result = self._store_buffer(name, value, loop)
        self.cse.store_cache.pop(name)  # Inductor cse always cache value, but we don't want to cache it
        return result

    def reduction(self, dtype, src_dtype, reduction_type: ReductionType, value):
        assert reduction_type in {
            "sum",
            "max",
            "min",
            "any",
            "prod",
            "argmax",  # A2/A3支持 A5不支持
            "argmin",  # A2/A3支持 A5不支持
            "welford_reduce",
        }, f"Unsupported reduction type: {reduction_type}"
        if reduction_type == "welford_reduce":
            return _WelfordReduceTensor.build_welford_reduce(value)
        reduction = ir.reduction(value, reduce_type=reduction_type)
        reduction.dtype = dtype
        return reduction

    def concat(self, concat_buffer: "NPUConcatBuffer"):
        """把 NPUConcatBuffer 翻译成一条 ascir.Concat。
        - 如果上游 pointwise 已被融到本 kernel（_local_stores 命中），直接复用它产出的
          partial 张量——无需再起一个 Data/Load；
        - 否则按 input buffer 起 Data + Load，loop 取 partial（concat 轴 size = input 自己的）；
        - Concat 输出取 canonical 全 size，由 _store_buffer 落盘到输出 buffer。
        """
        axis = concat_buffer.axis
        out_name = concat_buffer.get_name()

        loaded = []
        for buf, input_layout in zip(concat_buffer.inputs, concat_buffer.input_layouts):
            in_name = buf.get_name()
            if in_name in self._local_stores:
                # 上游融合命中：取已经在 partial loop 上算好的张量
                value, _src_loop = self._local_stores[in_name]
                loaded.append(value)
                continue
            # 优先用 buf 自身的 layout（ReinterpretView 保留了正确的 stride/offset）；
            # 否则回退到 _concat_input_layout 按 name 查 graph buffer。
            try:
                resolved_layout = buf.get_layout()
            except (NotImplementedError, AttributeError):
                resolved_layout = self._concat_input_layout(in_name, input_layout)
            asc_in = ASCBuffer(in_name, resolved_layout)
            partial_loop = self._make_partial_loop(asc_in, axis)
            loaded.append(self._load_concat_input(in_name, partial_loop))

        out = ir.concat(loaded, axis=axis)
        self._store_buffer(out_name, out, self.contiguous_loop)

    def _load_concat_input(self, name: str, partial_loop: Loop):
        load_loop = partial_loop.copy().normalize_()
        dst_loop = partial_loop.copy().contiguous_()

        value = self._load_contiguous(name, load_loop, dst_loop, upcast_dtype=True)
        dtype = self.get_asc_buffer(name).dtype
        if dtype in {torch.bfloat16, torch.float16}:
            value = ir.cast(value, dst=dtype, loop=dst_loop.copy().contiguous_(zero_offset=True))
        return value

    def _concat_input_layout(self, name: str, fallback_layout):
        try:
            layout = V.graph.get_buffer(name).layout
        except Exception:
            return fallback_layout
        if len(layout.size) != len(fallback_layout.size):
            return fallback_layout
        if all(
            self._same_size(
                V.graph.sizevars.simplify(actual),
                V.graph.sizevars.simplify(expect),
            )
            for actual, expect in zip(layout.size, fallback_layout.size)
        ):
            return layout
        if all(
            self._static_int_or_none(s) is not None
            and self._static_int_or_none(e) is not None
            and int(self._static_int_or_none(s)) >= int(self._static_int_or_none(e))
            for s, e in zip(layout.size, fallback_layout.size)
        ):
            return FixedLayout(
                device=layout.device,
                dtype=layout.dtype,
                size=list(fallback_layout.size),
                stride=list(layout.stride),
                offset=fallback_layout.offset,
            )
        # 当物理 size != 逻辑 size，则某些维度是广播维度（如 aten.expand）。
        # 不能直接返回 fallback（其 stride 为逻辑 size 的连续 stride，广播维 stride≠0，
        # 会导致 Load 越界）。需保留逻辑 size，但对广播维度置 stride=0，使 Load 正确
        # 读取物理 buffer，并由后续生成 Broadcast op 完成维度展开。
        stride = []
        for phys_s, exp_s, phys_st in zip(layout.size, fallback_layout.size, layout.stride):
            if self._same_size(
                V.graph.sizevars.simplify(phys_s),
                V.graph.sizevars.simplify(exp_s),
            ):
                stride.append(phys_st)
            else:
                stride.append(sympy.Integer(0))
        return FixedLayout(
            device=layout.device,
            dtype=layout.dtype,
            size=list(fallback_layout.size),
            stride=stride,
            offset=layout.offset,
        )

    def matmul(self, matmul_buffer: "NPUMatmulBuffer"):
        """把 NPUMatmulBuffer 翻译成一条 ascir.MatMul。
        inputs: [A, B] 或 [A, B, bias]，输出 shape [m, n]。
        - epilogue 融合：后续 pointwise 通过 _local_stores 使用 matmul 输出。
        """
        out_name = matmul_buffer.get_name()

        has_bias = getattr(matmul_buffer, "has_bias", False)
        if has_bias:
            assert len(matmul_buffer.inputs) == 3, "MatMulBias expects 3 inputs"
            a_buf, b_buf, bias_buf = matmul_buffer.inputs
        else:
            assert len(matmul_buffer.inputs) == 2, "MatMul expects 2 inputs"
            a_buf, b_buf = matmul_buffer.inputs
            bias_buf = None

        input_layouts = getattr(matmul_buffer, "input_layouts", None) or [None] * len(matmul_buffer.inputs)
        a_layout = self._matmul_input_layout(a_buf, input_layouts[0])
        b_layout = self._matmul_input_layout(b_buf, input_layouts[1])

        a_name = a_buf.get_name()
        b_name = b_buf.get_name()

        a_size = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in a_layout.size]
        b_size = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in b_layout.size]
        a_stride = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in a_layout.stride]
        b_stride = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in b_layout.stride]

        m_axis = self.contiguous_loop.axis[0]
        n_axis = self.contiguous_loop.axis[1]

        k_size = a_size[1]
        k_axis = sympy.Symbol("k")
        self._graph.axis(k_axis.name, k_size)

        # Create proper loops for inputs. Plain inputs use logical MM shapes. Transpose views
        # use their physical last-two-dim order and set MatMul transpose attrs below.
        a_loop, transpose_x1 = self._make_matmul_input_loop([m_axis, k_axis], a_size, a_stride)
        b_loop, transpose_x2 = self._make_matmul_input_loop([k_axis, n_axis], b_size, b_stride)

        a_data, _ = self._load_buffer(a_name, a_loop)
        a_load = ir.load(a_data, offset=sympy.S.Zero, loop=a_loop)

        b_data, _ = self._load_buffer(b_name, b_loop)
        b_load = ir.load(b_data, offset=sympy.S.Zero, loop=b_loop)

        enable_hf32 = self._get_enable_hf32()

        has_relu = False
        # 暂时不支持 mm+relu 的 fixpipe 功能，后续会增强。

        out_dtype = matmul_buffer.layout.dtype

        if bias_buf is not None:
            bias_name = bias_buf.get_name()
            bias_layout = self._matmul_input_layout(bias_buf, input_layouts[2])
            bias_size = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in bias_layout.size]
            bias_stride = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in bias_layout.stride]
            bias_loop = Loop(
                axis=[m_axis, n_axis],
                size=bias_size,
                stride=bias_stride,
                offset=self.rename_indexing(bias_layout.offset),
            )
            bias_data, _ = self._load_buffer(bias_name, bias_loop)
            bias_offset = bias_loop.zero_offset_()
            bias_load = ir.load(bias_data, offset=bias_offset, loop=bias_loop)

            out = ir.matmul_bias(
                a_load,
                b_load,
                bias_load,
                transpose_x1=transpose_x1,
                transpose_x2=transpose_x2,
                has_relu=has_relu,
                enable_hf32=enable_hf32,
                dtype=out_dtype,
            )
        else:
            out = ir.matmul(
                a_load,
                b_load,
                transpose_x1=transpose_x1,
                transpose_x2=transpose_x2,
                has_relu=has_relu,
                enable_hf32=enable_hf32,
                dtype=out_dtype,
            )

        self._store_buffer(out_name, out, self.contiguous_loop)

    def batch_matmul(self, batch_matmul_buffer: "NPUBatchMatmulBuffer"):
        """把 NPUBatchMatmulBuffer 翻译成一条 ascir.BatchMatMul / BatchMatMulBias。
        inputs: [A, B] 或 [A, B, bias]，shape [b, m, k] 和 [b, k, n]，输出 shape [b, m, n]。
        - epilogue 融合：后续 pointwise 通过 _local_stores 使用 batch_matmul 输出。
        """
        out_name = batch_matmul_buffer.get_name()

        has_bias = getattr(batch_matmul_buffer, "has_bias", False)
        if has_bias:
            assert len(batch_matmul_buffer.inputs) == 3, "BatchMatMulBias expects 3 inputs"
            a_buf, b_buf, bias_buf = batch_matmul_buffer.inputs
        else:
            assert len(batch_matmul_buffer.inputs) == 2, "BatchMatMul expects 2 inputs"
            a_buf, b_buf = batch_matmul_buffer.inputs
            bias_buf = None

        input_layouts = getattr(batch_matmul_buffer, "input_layouts", None) or [None] * len(batch_matmul_buffer.inputs)
        a_layout = self._matmul_input_layout(a_buf, input_layouts[0])
        b_layout = self._matmul_input_layout(b_buf, input_layouts[1])

        a_name = a_buf.get_name()
        b_name = b_buf.get_name()

        a_size = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in a_layout.size]
        b_size = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in b_layout.size]
        a_stride = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in a_layout.stride]
        b_stride = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in b_layout.stride]
        a_batch_transpose = self._is_batch_transpose_view(a_size, a_stride)
        b_batch_transpose = self._is_batch_transpose_view(b_size, b_stride)

        batch_axes = list(self.contiguous_loop.axis[:-2])
        m_axis = self.contiguous_loop.axis[-2]
        n_axis = self.contiguous_loop.axis[-1]

        k_size = a_size[-1]
        k_axis_sym = sympy.Symbol("k")
        self._graph.axis(k_axis_sym.name, k_size)

        # Create proper loops for inputs. Plain inputs use logical BMM shapes. Transpose views
        # use their physical last-two-dim order and set BatchMatMul adj attrs below.
        a_axes = [*batch_axes, m_axis, k_axis_sym]
        b_axes = [*batch_axes, k_axis_sym, n_axis]
        a_loop, transpose_x1 = self._make_matmul_input_loop(a_axes, a_size, a_stride)
        b_loop, transpose_x2 = self._make_matmul_input_loop(b_axes, b_size, b_stride)
        a_dense_loop = DenseLoop(axis=a_axes, size=a_size)
        b_dense_loop = DenseLoop(axis=b_axes, size=b_size)

        if a_batch_transpose:
            a_load = self._load_contiguous(a_name, a_loop, a_dense_loop, upcast_dtype=False)
        else:
            a_data, _ = self._load_buffer(a_name, a_loop)
            a_load = ir.load(a_data, offset=sympy.S.Zero, loop=a_loop)

        if b_batch_transpose:
            b_load = self._load_contiguous(b_name, b_loop, b_dense_loop, upcast_dtype=False)
        else:
            b_data, _ = self._load_buffer(b_name, b_loop)
            b_load = ir.load(b_data, offset=sympy.S.Zero, loop=b_loop)

        enable_hf32 = self._get_enable_hf32()

        has_relu = False
        # 暂时不支持 bmm+relu 的 fixpipe 功能，后续会增强。

        out_dtype = batch_matmul_buffer.layout.dtype

        if bias_buf is not None:
            bias_name = bias_buf.get_name()
            bias_layout = self._matmul_input_layout(bias_buf, input_layouts[2])
            bias_size = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in bias_layout.size]
            bias_stride = [self.rename_indexing(V.graph.sizevars.simplify(s)) for s in bias_layout.stride]
            bias_loop = Loop(
                axis=[*batch_axes, m_axis, n_axis],
                size=bias_size,
                stride=bias_stride,
                offset=self.rename_indexing(bias_layout.offset),
            )
            bias_data, _ = self._load_buffer(bias_name, bias_loop)
            bias_offset = bias_loop.zero_offset_()
            bias_load = ir.load(bias_data, offset=bias_offset, loop=bias_loop)

            out = ir.batch_matmul_bias(
                a_load,
                b_load,
                bias_load,
                transpose_x1=transpose_x1,
                transpose_x2=transpose_x2,
                has_relu=has_relu,
                enable_hf32=enable_hf32,
                dtype=out_dtype,
            )
        else:
            out = ir.batch_matmul(
                a_load,
                b_load,
                transpose_x1=transpose_x1,
                transpose_x2=transpose_x2,
                has_relu=has_relu,
                enable_hf32=enable_hf32,
                dtype=out_dtype,
            )
        self._store_buffer(out_name, out, self.contiguous_loop)

    def _get_enable_hf32(self) -> int:
        """获取 enable_hf32 对应的 opImplMode 配置。

        Returns:
            0x40 表示启用 HF32 格式，0 表示关闭

        逻辑：
        - 尝试从 torch.npu.matmul.allow_hf32 读取（类似 torchair）
        - 如果属性不存在，返回 0
        """
        if hasattr(torch, "npu") and hasattr(torch.npu, "matmul") and hasattr(torch.npu.matmul, "allow_hf32"):
            return 0x40 if torch.npu.matmul.allow_hf32 else 0
        return 0

    def _make_partial_loop(self, asc_in: "ASCBuffer", concat_axis: int) -> Loop:
        """input 的 loop：axis names 跟 canonical 对齐，concat 轴 size 用本 input 自己的。

        stride 保留 input 的真实 layout。Concat 负责把每路 non-contiguous Load
        消费成对应 partial size 的连续输出，不在中间插新的 view 节点或派生轴。

        当 input 的物理 layout 维数大于 canonical 轴数时（例如 select(dim) 后该维
        size=1 未被 squeeze，仍保留在底层 storage layout 中），需要剔除 size=1 的
        维度使 stride/size 维数与 canonical 轴对齐，否则生成的 asc_graph 中
        load.y.strides 维数与 load.y.size/axis 不一致，是非法 asc_graph。
        offset 保留 input 的真实 offset（含 select 偏移）。
        """
        canonical = self.contiguous_loop
        in_size = list(asc_in.size)
        in_stride = list(asc_in.stride)

        # 若 input layout 维数大于 canonical，squeeze 掉 size=1 的维度对齐。
        # select(dim, idx) 会把被选维保留为 size=1（偏移进 offset），这里剔除它。
        while len(in_size) > len(canonical.size):
            idx = next(
                (i for i, s in enumerate(in_size) if self._static_int_or_none(s) == 1),
                None,
            )
            if idx is None:
                raise RuntimeError(
                    f"Cannot align input layout rank {len(in_size)} to canonical "
                    f"{len(canonical.size)}: no size=1 dim to squeeze, size={in_size}"
                )
            in_size.pop(idx)
            in_stride.pop(idx)

        if len(in_size) != len(canonical.size):
            raise RuntimeError(
                f"Input layout rank {len(in_size)} != canonical rank {len(canonical.size)} "
                f"after squeezing size=1 dims, in_size={in_size}, canonical={list(canonical.size)}"
            )

        size = []
        for i, c_size in enumerate(canonical.size):
            if i == concat_axis:
                size.append(self.rename_indexing(in_size[i]))
            else:
                size.append(c_size)
        loop = Loop()
        loop.axis = list(canonical.axis)
        loop.size = size
        loop.stride = [self.rename_indexing(s) for s in in_stride]
        loop.offset = self.rename_indexing(asc_in.offset)
        return loop

    def store_reduction(self, name, index, reduction: _Tensor):
        index = self.rename_indexing(index)
        reduce_dims, loop = self._get_reduce_dims_and_loop(index)
        cast_loop = loop.copy()
        cast_loop.zero_offset_()
        reduction.as_loop(cast_loop)
        dtype = self.get_asc_buffer(name).dtype
        if dtype in {torch.bfloat16, torch.float16}:
            reduction = ir.cast(reduction, dst=torch.float32, loop=cast_loop)
            reduction = ir.cast(reduction, dst=dtype, loop=cast_loop)
        result = self._store_buffer(name, reduction, loop)
        self.cse.store_cache.pop(name)  # Inductor cse always cache value, but we don't want to cache it
        return result

    def rename_indexing(self, index) -> sympy.Expr:
        return super().rename_indexing(index)

    def indirect_load(self, name: str, index: sympy.Expr) -> _Tensor:
        index = self.rename_indexing(index)
        try:
            gather_axis, loop_gather_axis, indirect_sym, offset, data_strides, data_sizes, gather_in_loop = (
                self._decompose_indirect_expr(index, name)
            )
            return self._gather_load(
                name, gather_axis, loop_gather_axis, indirect_sym, offset, data_strides, data_sizes, gather_in_loop
            )
        except RuntimeError as e:
            raise RuntimeError(f"indirect_load failed for buf={name}, index={index} : {e}") from e

    def _decompose_indirect_expr(self, index: sympy.Expr, data_buf_name: str):
        data_buf = self.get_asc_buffer(data_buf_name)
        data_buf_sizes = [self.rename_indexing(s) for s in data_buf.size]
        data_buf_strides = [self.rename_indexing(s) for s in data_buf.stride]
        logger.info(
            "_decompose_indirect_expr: buf=%s, index=%s, size=%s, stride=%s",
            data_buf_name,
            index,
            data_buf_sizes,
            data_buf_strides,
        )

        indirect_syms = [s for s in index.free_symbols if isinstance(s, ASCIndexing)]
        if len(indirect_syms) != 1:
            raise RuntimeError(f"Expected exactly 1 indirect symbol, got {len(indirect_syms)}")

        canonical_axes = self.contiguous_loop.axis
        all_vars = list(canonical_axes) + indirect_syms
        coeffs = V.graph.sizevars.stride_vars(index, all_vars)
        offset = V.graph.sizevars.offset_var(index, all_vars)
        indirect_coeff = coeffs[len(canonical_axes)]
        logger.info(
            "  canonical_axes=%s, coeffs=%s, offset=%s, indirect_coeff=%s",
            canonical_axes,
            coeffs,
            offset,
            indirect_coeff,
        )

        gather_axis = None
        for i, s in enumerate(data_buf_strides):
            if sympy.simplify(indirect_coeff - s) == 0:
                gather_axis = i
                break
        if gather_axis is None:
            raise RuntimeError(
                f"Cannot find gather axis for indirect_coeff {indirect_coeff} in strides {data_buf_strides}"
            )
        logger.info(
            "  gather_axis=%d (stride[%d]=%s matched indirect_coeff=%s)",
            gather_axis,
            gather_axis,
            data_buf_strides[gather_axis],
            indirect_coeff,
        )

        loop_gather_axis = self._find_loop_gather_axis(canonical_axes, coeffs, indirect_coeff)
        logger.info(
            "loop_gather_axis=%d (loop_axis=%s)",
            loop_gather_axis,
            canonical_axes[loop_gather_axis],
        )

        direct_coeffs = coeffs[: len(canonical_axes)]

        # 判断 gather 轴是否在 loop 轴中
        gather_in_loop = any(sympy.simplify(c) == 0 for c in direct_coeffs)

        if gather_in_loop:
            data_strides = list(direct_coeffs)
            data_strides[loop_gather_axis] = indirect_coeff
        else:
            # gather 轴不在 loop 中（如 embedding+压缩：gather 轴被 indirect 完全替换）
            # data_strides 直接用 direct_coeffs，不覆盖
            data_strides = list(direct_coeffs)

        loop_sizes = self.contiguous_loop.size
        data_sizes = []
        for i, stride in enumerate(data_strides):
            if gather_in_loop and i == loop_gather_axis:
                data_sizes.append(data_buf_sizes[gather_axis])
            elif sympy.simplify(stride) == 0:
                data_sizes.append(sympy.S.One)
            else:
                data_sizes.append(loop_sizes[i])

        logger.info(
            "  data_strides=%s, data_sizes=%s",
            data_strides,
            data_sizes,
        )

        return gather_axis, loop_gather_axis, indirect_syms[0], offset, data_strides, data_sizes, gather_in_loop

    def _find_loop_gather_axis(self, canonical_axes, coeffs, indirect_coeff):
        """从 loop 轴中定位 gather 轴（即被 indirect 符号替换的 loop 轴）。

        direct_coeff=0 的 loop 轴有三种来源：
        - gather 轴：该轴的循环变量被 indirect 符号替换，不直接出现在地址中
        - broadcast 轴：数据 tensor 对应维度 stride=0，地址不随该轴变化
        - reduction 轴：归约轴被 indirect 符号封装（如 embedding + reduce 场景），
          数据表缺少该维度，导致该轴也不出现在地址中

        定位策略（按优先级）：
        1. 候选唯一：直接返回
        2. 候选多个：先排除 reduction 轴，再用 stride 匹配尝试区分
        3. 仍有歧义：随意选一个候选，地址等价

        策略 3 的正确性保证：所有候选的 direct_coeff 都是 0（不在 data 地址中），
        选中的轴被塞入 indirect_coeff，未选中的轴 stride 保持 0（broadcast）。
        indirect_sym 是一个值而非循环变量，放在任意候选位置都乘以
        indirect_coeff，其余候选乘以 0，地址等价，结果正确。
        """
        direct_coeffs = coeffs[: len(canonical_axes)]

        # 收集 direct_coeff=0 的候选轴
        candidates = [i for i, c in enumerate(direct_coeffs) if sympy.simplify(c) == 0]
        if not candidates:
            # gather 轴不在 loop 轴中（如 embedding+压缩：gather 轴被 indirect 完全替换，
            # 不占任何 loop 位）。返回 0 作为占位，_gather_load 按 1D data tensor 处理。
            logger.info("  no zero direct_coeff candidate, gather axis not in loop (embedding+compress)")
            return 0

        # 策略 1：候选唯一，直接返回
        if len(candidates) == 1:
            return candidates[0]

        # 策略 2：排除 reduction 轴后尝试收敛
        reduce_axes = self._find_reduce_axes(canonical_axes)
        if reduce_axes:
            filtered = [c for c in candidates if c not in reduce_axes]
            if len(filtered) == 1:
                return filtered[0]
            if filtered:
                candidates = filtered

        # 策略 2（续）：用 stride 匹配尝试区分 broadcast 轴和 gather 轴
        loop_stride = self.contiguous_loop.stride
        matched = [i for i in candidates if sympy.simplify(loop_stride[i] - indirect_coeff) == 0]
        if len(matched) == 1:
            return matched[0]

        # 策略 3：仍有歧义，随意选一个候选（地址等价，见 docstring）
        return candidates[0]

    def _find_reduce_axes(self, canonical_axes) -> set:
        """识别 reduction 轴对应的 canonical 轴索引集合。

        reduction 轴不出现在 store 地址中（输出 tensor 不含归约维度），
        通过 body.reduce_vars + var_to_expr 映射到 canonical 轴。
        """
        node = getattr(self, 'current_node', None)
        if node is None:
            return set()
        body = getattr(node, '_body', None)
        if body is None:
            return set()
        reduce_vars = getattr(body, 'reduce_vars', [])
        if not reduce_vars:
            return set()
        var_to_expr = getattr(self, '_current_var_to_expr', {})
        reduce_axes: set = set()
        for rv in reduce_vars:
            expr = var_to_expr.get(rv)
            if expr is not None:
                for i, ax in enumerate(canonical_axes):
                    if ax in expr.free_symbols:
                        reduce_axes.add(i)
        return reduce_axes

    def _gather_load(
        self, name, gather_axis, loop_gather_axis, indirect_sym, offset, data_strides, data_sizes, gather_in_loop=True
    ):
        data_buf = self.get_asc_buffer(name)
        data_buf_sizes = [self.rename_indexing(s) for s in data_buf.size]
        data_loop = (
            Loop(
                axis=self.contiguous_loop.axis,
                size=data_sizes,
                stride=data_strides,
            )
            .copy()
            .normalize_()
        )
        data_tensor, _ = self._load_buffer(name, data_loop)
        data_tensor = ir.load(data_tensor, offset=offset, loop=data_loop)

        loop_sizes = self.contiguous_loop.size
        target_sizes = list(data_loop.size)
        has_broadcast = False
        for i in range(len(target_sizes)):
            if gather_in_loop and i == loop_gather_axis:
                continue
            if str(target_sizes[i]) == "1" and str(loop_sizes[i]) != "1":
                target_sizes[i] = loop_sizes[i]
                has_broadcast = True

        if has_broadcast:
            target_loop = DenseLoop(
                axis=list(self.contiguous_loop.axis),
                size=target_sizes,
            )
            road = self._get_view_road(data_loop, target_loop)
            for op in road:
                data_tensor = getattr(ir, op.kind)(data_tensor, loop=op.dst)

        index_tensor = indirect_sym.asc_tensor
        gather_axis_size = data_buf_sizes[gather_axis]

        # gather_in_loop=False 时 loop_gather_axis=0 是占位值，不指向真实的 loop 轴。
        # 此场景仅出现在 embedding+轴压缩（gather 轴被 indirect 完全替换，不在 loop 中）。
        # embedding weight 固定 2D [vocab, dim]，gather 只能在 dim0，
        # 压缩后 x1 为 1D [dim]，axis=0 是唯一合法值，与 gather_axis=0 恰好相等。
        load = ir.gather_load(
            x1=data_tensor,
            x2=index_tensor,
            axis=loop_gather_axis,
            negative_index_support=True,
            need_check_bound=True,
            max=gather_axis_size,
            loop=self.contiguous_loop,
        )

        # 与 _load_contiguous 的 upcast_dtype 逻辑一致：
        # fp16/bf16 数据在参与计算前需要提升到 fp32，避免精度问题。
        data_dtype = data_buf.dtype
        if data_dtype in {torch.bfloat16, torch.float16}:
            load = ir.cast(load, dst=torch.float32, loop=self.contiguous_loop.copy().contiguous_())

        return load

    def check_bounds(self, expr: sympy.Expr, size: sympy.Expr, lower: bool, upper: bool) -> None:
        asc_tensors = [s.asc_tensor for s in expr.free_symbols if isinstance(s, ASCIndexing)]
        ir.check_bounds(*asc_tensors, expr=expr, size=size, lower=lower, upper=upper)

    def index_to_str(self, index):
        return str(index)

    def _load_indirect_buffer(self, name):
        buf: ASCBuffer = self.get_asc_buffer(name)
        exist_tensor = self.graph.get_input_tensor(name)
        if exist_tensor is not None:
            return exist_tensor
        return buf.bind(self.graph.input(name, buf.dtype))

    def _load_buffer(self, name, loop: Loop):
        buf: ASCBuffer = self.get_asc_buffer(name)
        exist_tensor = self.graph.get_input_tensor(name)
        if exist_tensor is not None:
            return exist_tensor, loop
        return buf.bind(self.graph.input(name, buf.dtype)), loop

    def _load_scalar_buffer(self, name):
        buf: ASCBuffer = self.get_asc_buffer(name)
        exist_tensor = self.graph.get_input_tensor(name)
        if exist_tensor is not None:
            return exist_tensor
        return buf.bind(self.graph.scalar_input(name, asc_scalar_dtype(buf.dtype)))

    def _store_buffer(self, name, value, loop: Loop):
        # 单图模式下，先记录本地值；如果当前 buffer 不属于 kernel 的最终输出，就完全跳过
        # Store/Output，避免无谓的 workspace 内存来回；属于最终输出时仍然 emit Store+Output。
        self._local_stores[name] = (value, loop.copy())
        if name not in self._outputs:
            return value
        offset = loop.zero_offset_()
        store = ir.store(name, value, loop=loop, offset=offset)
        buf: ASCBuffer = self.get_asc_buffer(name)
        buf.bind(self.graph.output(name, buf.dtype, src=store))
        return store

    def _get_reduce_dims_and_loop(self, index: sympy.Expr):
        loop = self._index_to_loop(index)
        reduce_dims = [i for i in range(len(loop.stride)) if str(loop.stride[i]) == "0"]
        return reduce_dims, loop

    @staticmethod
    def _standard_strided_index_remainder(index, offset, strides, axises):
        reconstructed = offset
        for stride, axis in zip(strides, axises):
            reconstructed = reconstructed + stride * axis
        return V.graph.sizevars.simplify(index - reconstructed)

    def _index_to_loop(self, index: sympy.Expr, axises=None, sizes=None):
        loop = Loop()
        loop.offset = index
        axises = axises if axises else self.contiguous_loop.axis
        sizes = sizes if sizes else self.contiguous_loop.size

        loop.stride = V.graph.sizevars.stride_vars(index, axises)
        loop.offset = V.graph.sizevars.offset_var(index, axises)
        remainder = self._standard_strided_index_remainder(index, loop.offset, loop.stride, axises)
        if remainder != 0:
            raise RuntimeError(
                f"index expression {index} cannot be represented as a standard strided offset "
                f"over axes {list(axises)}; remainder is {remainder}"
            )
        loop.axis = axises
        loop.size = [sympy.S.One if str(loop.stride[i]) == "0" else s for i, s in enumerate(sizes)]

        return loop

    def _get_view_road(self, src: Loop, dst: DenseLoop):
        """求出从 src loop 形变到 dst loop 的 op 序列，按 list 顺序依次 apply。

        ascir 约束：**Load 以外的所有节点（Transpose / Broadcast / 算术 op…），
        输出的 size/stride 必须是 contiguous 关系**（stride[i] = product(size[i+1:]),
        size=1 维 stride=0）。所以 Transpose / Broadcast 的 .dst 一律用
        `DenseLoop(axis, size)` 重建，不复用 src 那个 non-contiguous 的 stride。

        src 是 `_index_to_loop` 给的："axis 按 dst.axis 顺序标，stride 反映上游
        buffer 的真实物理 layout"（permute/broadcast 视图叠加后给 inductor 看见的
        形态）；只有作为 Load.y 时才允许 non-contiguous。

        分两步：
          1. transpose：把 src.axis 按 stride 大→小重排出"contig 形态"。这是
             load 节点真实输出的视图（stride 单调递减）。Transpose op:
               src = contig 形态（= load.y）
               dst = DenseLoop(axis=dst.axis, size=src.size) 即 axis 还原到 dst
                     顺序、size 跟 src 一致、stride 重新算成 contiguous
             仅当 contig != src 才需要这步。
          2. broadcast：逐维把 size=1 升到 dst.size[dim]，每步 Broadcast op:
               src = 当前 contiguous loop
               dst = DenseLoop(axis, size_after) 升 size 后重算 contiguous stride
        """
        if src == dst:
            return []
        num_axis = len(src.axis)

        # ---- step 1: 推 contig 形态 + 生成 Transpose op ----
        hint_to_axis = []
        for hint, axis, size, order in zip(src.hint_stride, src.axis, src.size, range(num_axis)):
            if hint != 0:
                hint_to_axis.append((hint, Axis(axis, size, order)))
        ordered_axis = [axis for _, axis in sorted(hint_to_axis, reverse=True)]
        non1_order = [axis.order for axis in ordered_axis]
        iter_non1_order = iter(non1_order)
        expect_dims = [i if i not in non1_order else next(iter_non1_order) for i in range(num_axis)]

        contig = src.copy()
        current_dims = list(range(num_axis))
        for i in reversed(range(num_axis)):
            if current_dims[i] != expect_dims[i]:
                j = current_dims.index(expect_dims[i])
                contig.transpose_(i, j)
                current_dims[i], current_dims[j] = current_dims[j], current_dims[i]

        road = []
        if contig != src:
            # Transpose.dst：axis 跟 dst 一致，size 跟 src 一致（broadcast 还没升），
            # stride 重新算成 contiguous（不复用 src 那个 non-contig stride）。
            transpose_dst = DenseLoop(axis=list(src.axis), size=list(src.size))
            road.append(MoveOp(kind="transpose", src=contig.copy(), dst=transpose_dst.copy()))
            cur = transpose_dst
        else:
            cur = src.copy()

        # ---- step 2: 逐维 broadcast 把 size=1 升到 dst.size[dim] ----
        broadcast_dims = [i for i, (s, d) in enumerate(zip(cur.size, dst.size)) if str(s) == "1" and str(s) != str(d)]
        for dim in broadcast_dims:
            new_size = list(cur.size)
            new_size[dim] = dst.size[dim]
            nxt = DenseLoop(axis=list(cur.axis), size=new_size)
            road.append(MoveOp(kind="broadcast", src=cur.copy(), dst=nxt.copy()))
            cur = nxt

        return road


class _NPUAxisMappingValidator(NPUKernel):
    def __init__(self, nodes: List[BaseSchedulerNode]):  # pylint: disable=super-init-not-called
        self.args = KernelArgs()
        self._nodes = nodes
        self._local_stores: Dict[str, tuple] = {}


class _TransposeKernel(NPUKernel):
    """把一条 load+Transpose 的 DataLoader 构造成独立的前置转置 kernel。

    生成的 asc 图形如 Data -> Load(非连续物理视图) -> Transpose -> Store -> Output，
    输出连续布局。静态场景无 size_var；动态场景把 road 上的自由符号声明为 size_var
    并作为 SizeArg 入参，运行时由 curried helper 传入。
    """

    def __init__(self):
        # 复用 NPUKernel.__init__ 建好 args/cse/_graph 等状态；用空 nodes 起一个干净实例。
        super().__init__(nodes=[], comments=None)
        self.current_node = None

    @staticmethod
    def _collect_road_symbols(loader: "DataLoader") -> List[sympy.Symbol]:
        seen: Dict[str, sympy.Symbol] = {}

        def visit(expr):
            if isinstance(expr, sympy.Expr):
                for s in expr.free_symbols:
                    # Loop.offset 默认占位符是 sympy.Symbol("0")，名字非法标识符，需排除；
                    # 真正的动态 size 符号（s0/p0...）都是合法标识符。
                    if s.name.isidentifier():
                        seen[s.name] = s

        visit(loader.offset)
        for op in loader.road:
            for lp in (op.src, op.dst):
                for e in list(lp.size) + list(lp.stride):
                    visit(e)
                visit(lp.offset)
        return [seen[k] for k in sorted(seen)]

    def build(self, loader: "DataLoader"):
        """构造转置 kernel。返回 (FusedASCGraph, out_meta)，均为廉价文本生成，不触发 Autofuser。

        out_meta = (out_size, out_stride, dtype, device, sym_names)
        """
        from . import codegen as npu_codegen

        name = loader.name
        dst: Loop = loader.road[-1].dst  # 连续输出 loop
        src0: Loop = loader.road[0].src  # 物理读 loop
        out_name = f"{name}_t"

        syms = self._collect_road_symbols(loader)

        self._graph = ASCGraph(name="graph")
        for axis, size in zip(dst.axis, dst.size):
            self._graph.axis(axis.name, size)
        self._graph.set_schedule_axes(dst.axis)
        for s in syms:
            self._graph.size(s.name)
        self._graph.set_current_loop(dst)
        self._current_loop = dst

        with self:
            orig_buf = self.get_asc_buffer(name)
            data = orig_buf.bind(self._graph.input(name, orig_buf.dtype))
            load = ir.load(data, offset=loader.offset, loop=src0)
            # autofuse 的 Transpose 不支持 bf16/fp16（infer_dtypes 直接拒），故低精度输入先抬到
            # fp32 再形变，最后再降回原 dtype —— 保持"转置 kernel 输出 dtype == 输入 dtype"的
            # 契约（helper 的 empty_strided 与主 kernel 的 upcast 都依赖这一点）。
            needs_cast = orig_buf.dtype in {torch.bfloat16, torch.float16}
            if needs_cast:
                load = ir.cast(load, dst=torch.float32, loop=src0.copy().contiguous_())
            for op in loader.road:
                load = getattr(ir, op.kind)(load, loop=op.dst)
            if needs_cast:
                load = ir.cast(load, dst=orig_buf.dtype, loop=dst)
            store = ir.store(out_name, load, loop=dst, offset=sympy.S.Zero)
            self._graph.output(out_name, orig_buf.dtype, src=store)

        fused = FusedASCGraph(graph=self._graph, outputs=[out_name])
        fused.inputs_outer = ["in_ptr0"]
        fused.outputs_outer = ["out_ptr0"]
        fused.size_vars = sorted(self._graph.size_vars)
        fused.args = [
            TensorArg(name="in_ptr0", buffer=name, dtype=orig_buf.dtype),
            TensorArg(name="out_ptr0", buffer=out_name, dtype=orig_buf.dtype),
        ]
        fused.args += [SizeArg(name=s.name, expr=s) for s in syms]
        # profiling 段以 kernel 自身符号空间（ks*）表达输入/输出 shape，按 wrapper arg 名索引。
        # 若回退到 V.graph 的外层符号（s*），fill_prof_tensors 会引用未声明的 s* 变量致编译失败。
        fused.prof_arg_shapes = {"in_ptr0": list(src0.size), "out_ptr0": list(dst.size)}

        # 先由 asc_graph 定 md5/name，再生成 cpp_wrapper —— 保证 profiling 段拿到真实 kernel 名
        # （否则是 fill_prof_tensors_None）。cpp_wrapper 由图确定，故 md5 只基于 asc_graph 即可去重。
        fused.asc_graph = fused.codegen("cache_hint").getvalue()
        md5 = hashlib.md5(fused.asc_graph.encode()).hexdigest()  # nosec B324
        fused.name = f"autofused_transpose_{md5}"
        fused.cpp_wrapper = npu_codegen.codegen_cpp_wrapper(fused)
        self._fused_graph = fused
        self.kernel_name = fused.name
        self._is_static = len(syms) == 0

        out_meta = (
            list(dst.size),
            list(dst.stride),
            orig_buf.dtype,
            orig_buf.device,
            [s.name for s in syms],
        )
        return fused, out_meta

    def codegen(self):
        """生成 tiling/host/device + cpp wrapper 三段产物（会触发 Autofuser exec）。"""
        from . import codegen as npu_codegen

        fused = self._fused_graph
        artifacts = npu_codegen.codegen_kernel_def(fused)
        artifacts["cpp_wrapper"] = fused.cpp_wrapper
        artifacts["cpp_tiling_wrapper"] = npu_codegen.codegen_cpp_tiling_wrapper(fused)
        artifacts["has_matmul_template"] = "False"
        _attach_device_limit_artifacts(artifacts)
        if not all(v.strip() for v in artifacts.values()):
            raise RuntimeError(f"Failed to generate transpose artifacts for {fused.name}: {artifacts}")
        return artifacts


def _node_comment(node: Union[BaseSchedulerNode, List[BaseSchedulerNode]], comment_prefix: Optional[str] = None):
    node = node if isinstance(node, (list, tuple)) else [node]
    origin_str, detailed_origin_str = get_kernel_metadata(node, V.graph.wrapper_code)
    lines = []
    if origin_str:
        lines.append(origin_str)
        lines.extend(detailed_origin_str.split("\n"))
    wrapper_comment = V.graph.wrapper_code.comment
    if comment_prefix is not None and comment_prefix != wrapper_comment:
        lines = [
            comment_prefix + line[len(wrapper_comment) :] if line.startswith(wrapper_comment) else line
            for line in lines
        ]
    return lines


def _node_label(node: SchedulerNode, comment_prefix: Optional[str] = None):
    lines = [f"<Node %{node.node.name}% body>:"]
    lines.extend(_node_comment(node, comment_prefix))
    lines.extend(node.debug_str().split("\n"))
    lines = [v for v in lines if v]
    return lines


def _get_transposed_indexing(load_index, axis_vars):
    transposed_index = []
    for buffer, index in load_index.items():
        hints = V.graph.sizevars.stride_hints(index, axis_vars)
        non_zero_hints = [hint for hint in hints if str(hint) != "0"]
        if sorted(non_zero_hints, reverse=True) != non_zero_hints:
            score = 1
            transposed_index.append((buffer, index, score))
    return transposed_index


def _fused_layout_tuple_py(parts: List[str]) -> str:
    """Python tuple literal for generated wrapper; keep (x,) for rank-1 / scalar metadata."""
    if len(parts) == 1:
        return f"({parts[0]},)"
    return "(" + ", ".join(parts) + ")"


def _prepare_npu_call_args(call_args):
    prepared_args = []
    for arg in call_args:
        arg = str(arg)
        #  unwrap CPU 0-d tensors before calling the generated kernel object.
        if is_cpu_0d_scalar(arg):
            prepared_args.append(f"{arg}.item()")
        else:
            prepared_args.append(arg)
    return prepared_args


def _emit_fused_layout_checks(
    wrapper: PythonWrapperCodegen,
    kernel: NPUKernel,
    call_args,
    precompile_args,
    scheduling: "NPUScheduling",
) -> None:
    """
    Emit layout checks for kernel inputs (size/stride/dtype/device, skips storage_offset).
    Deduplicates by buffer name, each tensor checked only once.
    """
    input_outer_set = set(kernel.fused_graph.inputs_outer)
    input_call_args = {pa.buffer for pa in precompile_args if isinstance(pa, TensorArg) and pa.name in input_outer_set}
    seen_buffers: Set[str] = set()

    if not scheduling._fused_layout_import_emitted:
        wrapper.writeline(fused_layout_check.IMPORT_LINE)
        wrapper.writeline(fused_layout_check.flag_line())
        scheduling._fused_layout_import_emitted = True

    wrapper.writeline("if _enable_layout_check:")
    wrapper.writeline(f"    kernel_name={kernel.kernel_name!r}")
    registered_slots = set(getattr(kernel, "_registered_slot_buffers", ()))
    wrapper.writeline(f"    _npu_layout_check_log_path={kernel.kernel_name}.layout_check_log_path")
    for buffer, buffer_type in zip(call_args, precompile_args):
        if not isinstance(buffer_type, TensorArg) or buffer not in input_call_args or buffer in seen_buffers:
            continue
        if buffer in registered_slots:
            # 合成 slot 的调用点名字不是真实变量（会被 rewrite 成 transpose(...)），跳过布局检查。
            continue
        seen_buffers.add(buffer)

        buf = V.graph.get_buffer(buffer)
        layout = buf.layout
        stride = getattr(layout, "stride", None)
        if stride is None:
            logger.debug("skip layout check for buffer: no stride attribute")
            continue

        pexpr = PythonPrinter().doprint
        sz_py = [pexpr(s) for s in layout.size]
        st_py = [pexpr(s) for s in stride]

        wrapper.writeline(
            f"    check_fused_layout("
            f"kernel_name, {buffer!r}, {buffer}, "
            f"{_fused_layout_tuple_py(sz_py)}, "
            f"{_fused_layout_tuple_py(st_py)}, "
            f"{repr(layout.dtype)}, {layout.device.type!r}, "
            f"log_path=_npu_layout_check_log_path)"
        )


def _rewrite_call_args(call_args, precompile_args, transpose_map: Dict[str, tuple], wrapper=None) -> List[str]:
    """把命中 transpose_map 的 input tensor call_arg 改写成对应的输入表达式：
      - 转置 slot：改成 `<transpose>(物理buf, syms...)`（读物理 buffer、转置后连续）；
      - 原始 slot（tname=None）：直接改成物理 buffer 名（连续读，不经转置 kernel）。
    合成 slot 的 call_arg 是假名字、不是真实变量，必须在这里换成真实物理名。

    符号实参已由主 kernel 以独立 SizeArg 形式在 call_args 中传入，在 call() 作用域可见。
    若某个待改写输入未能在 call_args 中定位，直接报错，避免主 kernel 静默收到错误输入。
    """
    # 转置 kernel 内部用主 kernel 的"内部"符号名（如 ks0）；但 call() 作用域里可见的是"外部"符号
    # 变量名（如 s20）。按 call_args ↔ precompile_args 对齐建 内部名 -> 外部名 映射，供调用点传参。
    inner_to_outer: Dict[str, Any] = {}
    for arg, pa in zip(call_args, precompile_args):
        if isinstance(pa, SizeArg):
            inner_to_outer[pa.name] = arg

    matched: Set[str] = set()
    rewritten: List[str] = []
    for arg, pa in zip(call_args, precompile_args):
        key = str(arg)
        hit = transpose_map.get(key) if isinstance(pa, TensorArg) else None
        if hit is not None:
            tname, sym_names, physical = hit
            if tname is None:
                # 原始 slot：直接传物理原始 buffer（无转置 kernel）。
                rewritten.append(physical)
            else:
                outer_syms = [inner_to_outer.get(s, s) for s in sym_names]
                # 转置 kernel 读【物理】buffer；合成 slot 的调用点名字（physical != arg）不是真实变量。
                if wrapper is not None:
                    rewritten.append(wrapper.codegen_ascendc_transpose_call(tname, physical, outer_syms))
                else:
                    extra = "".join(f", {v}" for v in outer_syms)
                    rewritten.append(f"{tname}({physical}{extra})")
            matched.add(key)
        else:
            rewritten.append(str(arg))
    missing = set(transpose_map) - matched
    if missing:
        call_arg_keys = {str(arg) for arg in call_args}
        real_missing = missing & call_arg_keys
        if real_missing:
            raise RuntimeError(
                f"load-transpose: cannot map inputs {real_missing} to call args {[str(v) for v in call_args]}"
            )
        stale = missing - call_arg_keys
        if stale:
            logger.debug("load-transpose: skipping stale transpose slots (now intermediate): %s", stale)
    return rewritten


class NPUScheduling(BaseScheduling):
    def __init__(self, scheduler):
        super().__init__(scheduler)
        self._fuse_judge = TritonScheduling(scheduler)
        self._kernel_cache: Dict[str, NPUKernel] = dict()
        self._axis_mapping_fuse_cache: Dict[tuple, tuple[bool, str]] = {}
        self._fused_layout_import_emitted: bool = False
        # load+Transpose 拆分：md5 名 -> out_meta；以及已 emit 到 header 的转置 kernel 名。
        self._transpose_kernel_cache: Dict[str, tuple] = {}
        self._emitted_transpose_names: Set[str] = set()

    @staticmethod
    def _expr_equal(lhs, rhs) -> bool:
        value = V.graph.sizevars.simplify(lhs - rhs)
        if isinstance(value, (int, sympy.Integer)):
            return int(value) == 0
        return getattr(value, "is_zero", None) is True

    @staticmethod
    def _stride_order_is_transpose_like(lhs, rhs) -> bool:
        value = V.graph.sizevars.simplify(lhs - rhs)
        if isinstance(value, (int, sympy.Integer)):
            return int(value) < 0
        if V.graph.sizevars.statically_known_lt(lhs, rhs):
            return True
        return not V.graph.sizevars.statically_known_geq(lhs, rhs)

    @staticmethod
    def _find_concat_buffer(node: BaseSchedulerNode) -> Optional["NPUConcatBuffer"]:
        """从普通 SchedulerNode 或 FusedSchedulerNode 里抠出 NPUConcatBuffer，没有就返回 None。"""
        for sub in node.get_nodes():
            buf = getattr(sub, "node", None)
            if isinstance(buf, NPUConcatBuffer):
                return buf
        return None

    @staticmethod
    def _concat_buffer_count(node: BaseSchedulerNode) -> int:
        return sum(1 for sub in node.get_nodes() if isinstance(getattr(sub, "node", None), NPUConcatBuffer))

    @staticmethod
    def _find_matmul_info(node: BaseSchedulerNode, buffer_type=(NPUMatmulBuffer, NPUBatchMatmulBuffer)):
        """返回 MatMul/BatchMatMul 对应的 scheduler 子节点和 buffer。

        子节点用于读取 matmul 本身的输入依赖，避免把已融合 epilogue 的依赖误当作 matmul 输入。
        """
        for sub in node.get_nodes():
            buf = getattr(sub, "node", None)
            if isinstance(buf, buffer_type):
                return sub, buf
        return None, None

    @staticmethod
    def _find_matmul_buffer(node: BaseSchedulerNode) -> Optional["NPUMatmulBuffer"]:
        """从普通 SchedulerNode 或 FusedSchedulerNode 里抠出 NPUMatmulBuffer，没有就返回 None。"""
        _, buf = NPUScheduling._find_matmul_info(node, NPUMatmulBuffer)
        return buf if isinstance(buf, NPUMatmulBuffer) else None

    @staticmethod
    def _find_batch_matmul_buffer(
        node: BaseSchedulerNode,
    ) -> Optional["NPUBatchMatmulBuffer"]:
        """从普通 SchedulerNode 或 FusedSchedulerNode 里抠出 NPUBatchMatmulBuffer，没有就返回 None。"""
        _, buf = NPUScheduling._find_matmul_info(node, NPUBatchMatmulBuffer)
        return buf if isinstance(buf, NPUBatchMatmulBuffer) else None

    @staticmethod
    def _has_axis_dependent_index_expr(node: BaseSchedulerNode) -> bool:
        """检测 node（含已融合子节点）是否存在带循环轴信息的 index_expr。

        codegen 时 LoopBody 会以 var_ranges.keys() 为替换域把循环轴重绑定为最终
        kernel 轴：含轴表达式变为 Arange/向量运算（与 MatMul 模板 tiling 冲突），
        纯 sizevar 表达式保持标量（IndexExpr+Broadcast，安全）。此处用同一替换域
        做等价判定。TemplateSchedulerNode（matmul 模板）无 _body，自然跳过。
        """
        for subnode in node.get_nodes():
            body = getattr(subnode, "_body", None)
            if body is None:
                continue
            entries = getattr(body, "memory_usage", None)
            exprs = getattr(body, "indexing_exprs", None)
            ranges = getattr(body, "var_ranges", None)
            if not entries or not exprs or not ranges:
                continue
            axis_names = {str(v) for v in ranges}
            for entry in entries.get(MemoryUsageType.INDEX_EXPR, ()):
                expr = exprs.get(entry.index_name)
                if expr is not None and {str(s) for s in expr.free_symbols} & axis_names:
                    return True
        return False

    @staticmethod
    def _node_output_names(node: BaseSchedulerNode):
        names = []
        for sub in node.get_nodes():
            for out in getattr(sub, "outputs", []):
                names.append(out.node.name)
        return names

    @staticmethod
    def _node_read_names(node: BaseSchedulerNode) -> Set[str]:
        read_writes = getattr(node, "read_writes", None)
        if read_writes is None:
            return set()
        return {dep.name for dep in read_writes.reads}

    @staticmethod
    def _computed_matmul_inputs_in_consumer(
        input_names: Set[str],
        consumer: BaseSchedulerNode,
        consumer_reads: Set[str],
    ) -> Set[str]:
        if not input_names:
            return set()
        graph_input_names = set(getattr(V.graph, "graph_inputs", {}))
        consumer_input_producer_names = set(NPUScheduling._node_output_names(consumer))
        consumer_input_producer_names.update(name for name in consumer_reads if name not in graph_input_names)
        return input_names & consumer_input_producer_names

    @classmethod
    def _matmul_input_producer_origin_ops_in_consumer(
        cls,
        input_names: Set[str],
        consumer: BaseSchedulerNode,
    ) -> Set[str]:
        graph_input_names = set(getattr(V.graph, "graph_inputs", {}))
        input_origin_ops = {}
        for input_name in input_names - graph_input_names:
            input_origin_ops.update(cls._buffer_origin_aten_ops(input_name))
        if not input_origin_ops:
            return set()

        consumer_origin_ops = {}
        for output_name in cls._node_output_names(consumer):
            consumer_origin_ops.update(cls._buffer_origin_aten_ops(output_name))
        return {input_origin_ops[key] for key in input_origin_ops.keys() & consumer_origin_ops.keys()}

    @staticmethod
    def _mark_cv_shared_inputs_never_reuse(
        template_buf: Union["NPUMatmulBuffer", "NPUBatchMatmulBuffer"],
        epilogue_nodes: List[SchedulerNode],
    ) -> None:
        """Prevent C/V shared inputs from being used as fused epilogue output buffers.

        In CV fusion, a matmul input may also be read by vector epilogues, for example
        `out = c0 * x + c1 * (x @ x)`. Reusing `x` as the fused output buffer can
        overwrite values still needed by the cube part. Mark only these shared inputs
        as non-reusable; VV fusion and ordinary CV epilogues are untouched.
        """
        if not epilogue_nodes:
            return
        input_names = {inp.get_name() for inp in getattr(template_buf, "inputs", ()) if hasattr(inp, "get_name")}
        if not input_names:
            return
        epilogue_read_names = set()
        for epilogue_node in epilogue_nodes:
            epilogue_read_names.update(NPUScheduling._node_read_names(epilogue_node))
        for name in input_names & epilogue_read_names:
            V.graph.never_reuse_buffers.add(name)

    @staticmethod
    def _node_dependency_names(node: BaseSchedulerNode) -> Set[str]:
        names = NPUScheduling._node_read_names(node)
        for dep_attr in ("met_dependencies", "unmet_dependencies"):
            names.update(dep.name for dep in getattr(node, dep_attr, []))
        return names

    @staticmethod
    def _node_data_read_deps(node: BaseSchedulerNode):
        read_writes = getattr(node, "read_writes", None)
        if read_writes is None:
            return []
        return [
            dep
            for dep in read_writes.reads
            if isinstance(dep, MemoryDep) or (not isinstance(dep, Dep) and hasattr(dep, "name"))
        ]

    @staticmethod
    def _node_data_dependency_names(node: BaseSchedulerNode) -> Set[str]:
        return {dep.name for dep in NPUScheduling._node_data_read_deps(node)}

    @staticmethod
    def _has_aten_op(text: str, op_name: str) -> bool:
        aten_op_name = NPUScheduling._aten_op_name(text)
        return aten_op_name is not None and op_name in aten_op_name

    @staticmethod
    def _aten_op_name(text: str) -> Optional[str]:
        text = text.removeprefix("torch.ops.")
        for prefix in ("aten.", "aten::"):
            if text.startswith(prefix):
                return text[len(prefix) :].split(".", 1)[0]
        return None

    @classmethod
    def _matmul_epilogue_unsupported_origin_op_names(cls, node: BaseSchedulerNode) -> List[str]:
        origin_texts = []
        for output_name in cls._node_output_names(node):
            origin_texts.extend(cls._buffer_origin_texts(output_name))
        op_names = []
        for op_name in _MATMUL_EPILOGUE_UNSUPPORTED_ORIGIN_OPS:
            if any(cls._has_aten_op(text, op_name) for text in origin_texts):
                op_names.append(op_name)
        return op_names

    @classmethod
    def _buffer_origin_texts(cls, buffer_name: str, visited: Optional[Set[str]] = None) -> List[str]:
        if visited is None:
            visited = set()
        if buffer_name in visited:
            return []
        visited.add(buffer_name)
        buffer = V.graph.try_get_buffer(buffer_name)
        if buffer is None:
            return []
        data = getattr(buffer, "data", buffer)
        parts = []
        origins = getattr(data, "origins", None)
        if origins is not None:
            parts.extend(str(getattr(origin, "target", "")) for origin in origins)
        op_overload = getattr(data, "op_overload", None)
        if op_overload is not None:
            parts.append(str(op_overload))
        else:
            python_kernel_name = getattr(data, "python_kernel_name", None)
            if python_kernel_name is not None:
                parts.append(str(python_kernel_name))
        get_aliases = getattr(data, "get_inputs_that_alias_output", None)
        try:
            alias_names = get_aliases() if get_aliases is not None else []
        except NotImplementedError:
            alias_names = []
        for alias_name in alias_names:
            parts.extend(cls._buffer_origin_texts(alias_name, visited))
        return parts

    @classmethod
    def _buffer_origin_aten_ops(cls, buffer_name: str) -> dict:
        buffer = V.graph.try_get_buffer(buffer_name)
        if buffer is None:
            return {}
        data = getattr(buffer, "data", buffer)
        origins = getattr(data, "origins", None)
        if origins is None:
            return {}
        origin_ops = {}
        for origin in origins:
            op_name = cls._aten_op_name(str(getattr(origin, "target", "")))
            if op_name is None:
                continue
            origin_key = (getattr(origin, "name", None) or id(origin), str(getattr(origin, "target", "")))
            origin_ops[origin_key] = op_name
        return origin_ops

    @classmethod
    def _matmul_epilogue_extra_input_unsupported_origin_op_names(
        cls, deps, producer_outputs: Set[str], matmul_input_names: Set[str]
    ) -> List[str]:
        op_names = []
        for dep in deps:
            if dep.name in producer_outputs or dep.name in matmul_input_names:
                continue
            origin_texts = cls._buffer_origin_texts(dep.name)
            for op_name in _MATMUL_EPILOGUE_UNSUPPORTED_ORIGIN_OPS:
                if any(cls._has_aten_op(text, op_name) for text in origin_texts):
                    op_names.append(op_name)
        return op_names

    @classmethod
    def _matmul_epilogue_extra_input_layout_issue(
        cls, deps, producer_outputs: Set[str], matmul_input_names: Set[str]
    ) -> Optional[tuple[str, str]]:
        """Return an epilogue-only input not representable as compact data plus broadcast axes."""
        for dep in deps:
            if dep.name in producer_outputs or dep.name in matmul_input_names:
                continue
            try:
                buffer = V.graph.get_buffer(dep.name)
                layout = buffer.get_layout()
                sizes = [V.graph.sizevars.simplify(size) for size in layout.size]
                strides = [V.graph.sizevars.simplify(stride) for stride in layout.stride]
            except (AttributeError, KeyError, TypeError, ValueError):
                return dep.name, "layout is unavailable"
            if len(sizes) != len(strides):
                return dep.name, f"layout rank mismatch: size={list(sizes)}, stride={list(strides)}"
            expected_stride = sympy.S.One
            for size, stride in reversed(list(zip(sizes, strides))):
                if cls._expr_equal(size, sympy.S.One) or cls._expr_equal(stride, sympy.S.Zero):
                    continue
                if not cls._expr_equal(stride, expected_stride):
                    return dep.name, f"size={list(sizes)}, stride={list(strides)}"
                expected_stride *= size

            var_names = getattr(dep, "var_names", None)
            dep_sizes = getattr(dep, "size", None)
            if not var_names and not dep_sizes:
                continue
            if not var_names or not dep_sizes or len(var_names) != len(dep_sizes):
                return dep.name, "access indexing is unavailable"
            try:
                dep_strides = [
                    V.graph.sizevars.simplify(stride) for stride in V.graph.sizevars.stride_vars(dep.index, var_names)
                ]
                dep_sizes = [V.graph.sizevars.simplify(size) for size in dep_sizes]
            except (AttributeError, TypeError, ValueError):
                return dep.name, "access indexing is unavailable"
            if len(dep_sizes) != len(dep_strides):
                return dep.name, "access indexing rank is unavailable"
            expected_stride = sympy.S.One
            for size, stride in reversed(list(zip(dep_sizes, dep_strides))):
                if cls._expr_equal(size, sympy.S.One) or cls._expr_equal(stride, sympy.S.Zero):
                    continue
                if not cls._expr_equal(stride, expected_stride):
                    return dep.name, f"access size={list(dep_sizes)}, stride={list(dep_strides)}"
                expected_stride *= size
        return None

    @classmethod
    def _memory_dep_has_transpose_like_indexing(cls, dep) -> bool:
        var_names = getattr(dep, "var_names", None)
        sizes = getattr(dep, "size", None)
        if not var_names or not sizes or len(var_names) < 2:
            return False
        strides = V.graph.sizevars.stride_vars(dep.index, var_names)

        varying_strides = []
        for size, stride in zip(sizes, strides):
            if cls._expr_equal(size, sympy.S.One) or cls._expr_equal(stride, sympy.S.Zero):
                continue
            varying_strides.append(V.graph.sizevars.simplify(stride))

        return any(
            cls._stride_order_is_transpose_like(lhs, rhs) for lhs, rhs in zip(varying_strides, varying_strides[1:])
        )

    @classmethod
    def _memory_dep_transpose_is_last_two_axes(cls, dep) -> bool:
        var_names = getattr(dep, "var_names", None)
        sizes = getattr(dep, "size", None)
        if not var_names or not sizes or len(var_names) < 2:
            return False
        strides = V.graph.sizevars.stride_vars(dep.index, var_names)

        varying = []
        for dim, (size, stride) in enumerate(zip(sizes, strides)):
            if cls._expr_equal(size, sympy.S.One) or cls._expr_equal(stride, sympy.S.Zero):
                continue
            varying.append((dim, V.graph.sizevars.simplify(stride)))

        transpose_pairs = []
        for (lhs_dim, lhs), (rhs_dim, rhs) in zip(varying, varying[1:]):
            if cls._stride_order_is_transpose_like(lhs, rhs):
                transpose_pairs.append((lhs_dim, rhs_dim))

        matrix_pair = (len(sizes) - 2, len(sizes) - 1)
        return bool(transpose_pairs) and all(pair == matrix_pair for pair in transpose_pairs)

    @classmethod
    def _matmul_epilogue_transpose_like_read_names(cls, deps, matmul_input_names: Set[str]) -> List[str]:
        read_names = []
        for dep in deps:
            if cls._memory_dep_has_transpose_like_indexing(dep):
                if dep.name in matmul_input_names and cls._memory_dep_transpose_is_last_two_axes(dep):
                    continue
                read_names.append(dep.name)
        return read_names

    @classmethod
    def _matmul_prologue_transpose_input_names(cls, matmul_buffer) -> Set[str]:
        """Return MatMul inputs whose logical layout is a last-two-dimension transpose.

        A transpose view may be unwrapped into the physical input buffer while its
        logical layout is retained in ``input_layouts``.  In that case there is no
        standalone scheduler node for ``_is_matmul_prologue`` to inspect.
        """
        inputs = getattr(matmul_buffer, "inputs", None)
        input_layouts = getattr(matmul_buffer, "input_layouts", None)
        if not isinstance(inputs, (list, tuple)) or not isinstance(input_layouts, (list, tuple)):
            return set()

        names = set()
        for input_buffer, layout in zip(inputs, input_layouts):
            if layout is None:
                continue
            size = getattr(layout, "size", None)
            stride = getattr(layout, "stride", None)
            if size is None or stride is None:
                continue
            try:
                is_transpose = is_matrix_transpose_view(size, stride, cls._expr_equal)
            except (TypeError, ValueError):
                is_transpose = False
            if is_transpose:
                names.add(input_buffer.get_name())
        return names

    @classmethod
    def _shared_matmul_prologue_epilogue_transpose_names(cls, matmul_buffer, deps) -> Set[str]:
        """Find a transpose view used both as MatMul input and epilogue input."""
        prologue_inputs = cls._matmul_prologue_transpose_input_names(matmul_buffer)
        return {
            dep.name for dep in deps if dep.name in prologue_inputs and cls._memory_dep_transpose_is_last_two_axes(dep)
        }

    @classmethod
    def _matmul_epilogue_output_broadcast_conflict(
        cls,
        matmul_size,
        consumer: BaseSchedulerNode,
        consumer_read_deps,
        matmul_outputs: Set[str],
    ) -> Optional[tuple]:
        """Find a non-singleton consumer axis broadcast from a MatMul output."""
        sizes = getattr(consumer, "_sizes", None)
        if not isinstance(sizes, (list, tuple)) or not sizes:
            return None
        consumer_sizes = sizes[0]
        if not isinstance(consumer_sizes, (list, tuple)):
            return None

        for dep in consumer_read_deps:
            if dep.name not in matmul_outputs:
                continue
            var_names = getattr(dep, "var_names", None)
            dep_sizes = getattr(dep, "size", None)
            if not var_names or not dep_sizes or len(var_names) != len(dep_sizes):
                continue
            try:
                strides = V.graph.sizevars.stride_vars(dep.index, var_names)
            except (AttributeError, TypeError, ValueError):
                continue
            for axis, (consumer_axis_size, stride) in enumerate(zip(dep_sizes, strides)):
                if cls._expr_equal(consumer_axis_size, sympy.S.One) or not cls._expr_equal(stride, sympy.S.Zero):
                    continue
                if axis >= len(matmul_size) or not cls._expr_equal(consumer_axis_size, matmul_size[axis]):
                    matmul_axis_size = matmul_size[axis] if axis < len(matmul_size) else sympy.S.One
                    return dep.name, axis, matmul_axis_size, consumer_axis_size, consumer_sizes

            # Scheduler may drop singleton axes from a dependency index. In that
            # case, compare the remaining MatMul dimensions with the consumer
            # loop instead of relying on an explicit zero stride.
            matmul_non_singleton_sizes = [size for size in matmul_size if not cls._expr_equal(size, sympy.S.One)]
            singleton_axes_match = len(dep_sizes) == len(matmul_non_singleton_sizes) and all(
                cls._expr_equal(dep_size, matmul_dim)
                for dep_size, matmul_dim in zip(dep_sizes, matmul_non_singleton_sizes)
            )

            if singleton_axes_match:
                dep_index = 0
                missing_axes = []
                for axis, consumer_axis_size in enumerate(consumer_sizes):
                    if dep_index < len(dep_sizes) and cls._expr_equal(consumer_axis_size, dep_sizes[dep_index]):
                        dep_index += 1
                    else:
                        missing_axes.append(axis)
                if dep_index == len(dep_sizes):
                    for axis in missing_axes:
                        if not cls._expr_equal(consumer_sizes[axis], sympy.S.One):
                            return dep.name, axis, sympy.S.One, consumer_sizes[axis], consumer_sizes

            # Keep the singleton-axis diagnosis above first.  This helper is
            # for the remaining case where the scheduler flattened the whole
            # MatMul output and therefore hid the broadcast axis.
            flattened_output_conflict = cls._matmul_epilogue_flattened_output_broadcast_conflict(
                matmul_size, consumer_sizes, dep_sizes
            )
            if flattened_output_conflict is not None:
                matmul_numel, consumer_numel = flattened_output_conflict
                return dep.name, None, matmul_numel, consumer_numel, consumer_sizes
        return None

    @classmethod
    def _matmul_epilogue_flattened_output_broadcast_conflict(
        cls, matmul_size, consumer_sizes, dep_sizes
    ) -> Optional[tuple]:
        """Detect a MatMul output broadcast hidden by a flattened dependency index.

        The scheduler can represent a contiguous ``[M, N]`` MatMul output as a
        one-dimensional dependency, so the explicit zero-stride check in the
        caller cannot see a newly broadcast axis.  For example, ``[10, 1024]``
        may be indexed as ``[10240]`` and then consumed by a loop of shape
        ``[10240, 25]``.  The dependency covers the whole MatMul output, but
        the consumer has 25 times as many elements, which means the MatMul
        value is broadcast on the extra axis and must stay outside the
        epilogue fusion.

        For dynamic shapes, a provably equal element count is accepted.  A
        known smaller consumer is not an output broadcast, while an unknown
        or larger element count is conservatively blocked because the same
        fused kernel could receive a runtime expansion.  For example,
        ``[m, n]`` consumed as ``[m * n, t]`` is blocked because ``t`` may be
        greater than one.
        """
        if not isinstance(dep_sizes, (list, tuple)):
            return None

        def sizes_product(sizes):
            product = sympy.S.One
            for size in sizes:
                product = V.graph.sizevars.simplify(product * size)
            return product

        matmul_numel = sizes_product(matmul_size)
        if not cls._expr_equal(sizes_product(dep_sizes), matmul_numel):
            return None

        consumer_numel = sizes_product(consumer_sizes)
        if cls._expr_equal(consumer_numel, matmul_numel):
            return None

        difference = V.graph.sizevars.simplify(consumer_numel - matmul_numel)
        if isinstance(difference, (int, sympy.Integer)) and int(difference) < 0:
            return None
        if getattr(difference, "is_negative", None) is True:
            return None
        return matmul_numel, consumer_numel

    @classmethod
    def _matmul_epilogue_singleton_axis_mismatch(
        cls,
        matmul_size,
        consumer: BaseSchedulerNode,
        consumer_read_deps,
        producer_outputs: Set[str],
    ) -> Optional[tuple]:
        """Find singleton-axis remaps that are not contiguous producer-axis merges."""
        sizevars = getattr(getattr(V, "graph", None), "sizevars", None)
        has_singleton_axis = False
        for size in matmul_size:
            if cls._expr_equal(size, sympy.S.One):
                has_singleton_axis = True
                break
            statically_known_geq = getattr(sizevars, "statically_known_geq", None)
            if callable(statically_known_geq) and not statically_known_geq(size, 2):
                has_singleton_axis = True
                break
        if not has_singleton_axis:
            return None

        output_name = next((dep.name for dep in consumer_read_deps if dep.name in producer_outputs), None)
        if output_name is None:
            return None

        matmul_non_singleton_sizes = [size for size in matmul_size if not cls._expr_equal(size, sympy.S.One)]
        get_nodes = getattr(consumer, "get_nodes", None)
        pending_nodes = list(get_nodes()) if callable(get_nodes) else [consumer]
        derived_names = set(producer_outputs)
        derived_consumer_nodes = []
        while pending_nodes:
            next_pending_nodes = []
            for consumer_node in pending_nodes:
                if not cls._node_data_dependency_names(consumer_node) & derived_names:
                    next_pending_nodes.append(consumer_node)
                    continue
                derived_consumer_nodes.append(consumer_node)
                derived_names.update(cls._node_output_names(consumer_node))
            if len(next_pending_nodes) == len(pending_nodes):
                break
            pending_nodes = next_pending_nodes

        for consumer_node in derived_consumer_nodes:
            sizes = getattr(consumer_node, "_sizes", None)
            if not isinstance(sizes, (list, tuple)) or not sizes:
                continue
            consumer_sizes = sizes[0]
            if not isinstance(consumer_sizes, (list, tuple)):
                continue
            consumer_non_singleton_sizes = [size for size in consumer_sizes if not cls._expr_equal(size, sympy.S.One)]
            if cls._find_contiguous_axis_merge_groups(consumer_non_singleton_sizes, matmul_non_singleton_sizes) is None:
                return output_name, matmul_size, consumer_sizes
        return None

    @classmethod
    def _find_contiguous_axis_merge_groups(cls, source_sizes, target_sizes, allow_trailing_unconsumed=False):
        """Map each source axis to a contiguous group of target axes.

        ``source_sizes`` is the consumer loop shape and ``target_sizes`` is the
        MatMul output shape with singleton axes removed.  A successful mapping
        proves that the consumer only merges contiguous MatMul axes; a target
        axis split across multiple consumer axes cannot be represented.

        ``allow_trailing_unconsumed`` 为真时, 映射允许在最后一个 target 轴之前结束,
        用于表示只迭代 target 轴前缀、并广播其余(尾部)轴的依赖。
        """

        def search(source_index: int, target_index: int):
            if source_index == len(source_sizes):
                if allow_trailing_unconsumed or target_index == len(target_sizes):
                    return []
                return None

            product = sympy.S.One
            for end_index in range(target_index, len(target_sizes)):
                product = V.graph.sizevars.simplify(product * target_sizes[end_index])
                if not cls._expr_equal(product, source_sizes[source_index]):
                    continue
                suffix = search(source_index + 1, end_index + 1)
                if suffix is not None:
                    return [list(range(target_index, end_index + 1)), *suffix]
            return None

        return search(0, 0)

    @classmethod
    def _matmul_epilogue_broadcast_reshape_conflict(
        cls,
        matmul_size,
        consumer: BaseSchedulerNode,
        consumer_read_deps,
        producer_outputs: Set[str],
        matmul_input_names: Set[str],
    ) -> Optional[tuple]:
        """Find a broadcast axis that is reinterpreted by a MatMul output reshape.

        A zero-stride extra input is safe when the MatMul and consumer keep the
        same axis sizes.  It becomes ambiguous when that same consumer axis is
        also used to split or merge MatMul output axes.
        """
        sizes = getattr(consumer, "_sizes", None)
        if not isinstance(sizes, (list, tuple)) or not sizes:
            return None
        consumer_sizes = sizes[0]
        if not isinstance(consumer_sizes, (list, tuple)):
            return None

        same_rank = len(consumer_sizes) == len(matmul_size)

        broadcast_axes = {}
        for dep in consumer_read_deps:
            if dep.name in producer_outputs or dep.name in matmul_input_names:
                continue
            var_names = getattr(dep, "var_names", None)
            dep_sizes = getattr(dep, "size", None)
            if not var_names or not dep_sizes or len(var_names) != len(dep_sizes):
                continue
            try:
                strides = V.graph.sizevars.stride_vars(dep.index, var_names)
            except (AttributeError, TypeError, ValueError):
                continue
            for axis, (size, stride) in enumerate(zip(dep_sizes, strides)):
                if not cls._expr_equal(size, sympy.S.One) and cls._expr_equal(stride, sympy.S.Zero):
                    broadcast_axes.setdefault(axis, dep.name)

        if same_rank:
            for axis, input_name in broadcast_axes.items():
                if not cls._expr_equal(consumer_sizes[axis], matmul_size[axis]):
                    return input_name, axis, matmul_size[axis], consumer_sizes[axis]
            return None

        # A rank-changing consumer is safe only when it is a contiguous merge
        # of the MatMul's non-singleton axes.  If the merge proof fails, a
        # broadcasted extra input may be remapped by a split/reshape and must
        # stay outside the MatMul epilogue.
        matmul_non_singleton_sizes = [size for size in matmul_size if not cls._expr_equal(size, sympy.S.One)]
        consumer_non_singleton_sizes = [size for size in consumer_sizes if not cls._expr_equal(size, sympy.S.One)]
        if cls._find_contiguous_axis_merge_groups(consumer_non_singleton_sizes, matmul_non_singleton_sizes) is not None:
            return None
        for axis, input_name in broadcast_axes.items():
            if not cls._expr_equal(consumer_sizes[axis], sympy.S.One):
                matmul_axis_size = matmul_size[axis] if axis < len(matmul_size) else sympy.S.One
                return input_name, axis, matmul_axis_size, consumer_sizes[axis]
        return None

    @classmethod
    def _batch_matmul_epilogue_batch_broadcast(
        cls,
        matmul_size,
        consumer_read_deps,
        producer_outputs: Set[str],
    ) -> Optional[str]:
        """找出沿 BatchMatMul batch 轴广播的 epilogue 输入。

        直接基于依赖(访存)层与 BatchMatMul 输出形状判断: 输出最后两轴是 ``m``/``n``,
        其余是 batch 轴。每个依赖的 index 都建立在一套对 BatchMatMul 输出轴做连续合并的
        循环空间上, 因此把每个依赖变量映射到 MatMul 输出轴。满足以下任一条件即判定为
        batch 广播并拒绝:

        - 某依赖变量在非 1 batch 轴上 ``stride == 0``;
        - 尾部 batch 轴未被迭代(该轴已从归一化后的依赖循环空间中被丢弃, 即被广播)。

        仅在 ``m``/``n`` 轴上广播的输入仍允许融合。
        """
        matmul_rank = len(matmul_size)
        if matmul_rank <= 2:
            return None
        batch_matmul_axes = {
            axis for axis in range(matmul_rank - 2) if not cls._expr_equal(matmul_size[axis], sympy.S.One)
        }
        if not batch_matmul_axes:
            return None
        all_matmul_axes = set(range(matmul_rank))

        for dep in consumer_read_deps:
            if dep.name in producer_outputs:
                continue
            var_names = getattr(dep, "var_names", None)
            dep_sizes = getattr(dep, "size", None)
            if not var_names or not dep_sizes or len(var_names) != len(dep_sizes):
                continue
            strides = V.graph.sizevars.stride_vars(dep.index, var_names)
            dep_groups = cls._find_contiguous_axis_merge_groups(
                list(dep_sizes), list(matmul_size), allow_trailing_unconsumed=True
            )
            if dep_groups is None:
                # 无法映射到 MatMul 轴的连续前缀: 说明 consumer 重排/拆轴/expand 或
                # 动态 shape 无法化简, 保守地拒绝融合。
                return dep.name
            consumed_axes = set().union(*dep_groups) if dep_groups else set()
            if (all_matmul_axes - consumed_axes) & batch_matmul_axes:
                # 未被迭代的尾部 batch 轴 = 该输入沿 batch 广播。
                return dep.name
            for axis, (size, stride) in enumerate(zip(dep_sizes, strides)):
                if cls._expr_equal(size, sympy.S.One) or not cls._expr_equal(stride, sympy.S.Zero):
                    continue
                if set(dep_groups[axis]) & batch_matmul_axes:
                    return dep.name
        return None

    @classmethod
    def _has_vertical_dependency(cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        return bool(set(cls._node_output_names(producer)) & cls._node_read_names(consumer))

    @staticmethod
    def _find_concat_scheduler_node(
        node: BaseSchedulerNode,
    ) -> Optional[BaseSchedulerNode]:
        for sub in node.get_nodes():
            if isinstance(getattr(sub, "node", None), NPUConcatBuffer):
                return sub
        return None

    @staticmethod
    def _concat_output_names(node: BaseSchedulerNode):
        names = []
        for sub in node.get_nodes():
            if not isinstance(getattr(sub, "node", None), NPUConcatBuffer):
                continue
            for out in getattr(sub, "outputs", []):
                names.append(out.node.name)
        return names

    @classmethod
    def _is_concat_epilogue(cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        concat_outputs = set(cls._concat_output_names(producer))
        if not concat_outputs:
            return False
        consumer_rw = getattr(consumer, "read_writes", None)
        if consumer_rw is None:
            return False
        consumer_reads = {dep.name for dep in consumer_rw.reads}
        return bool(concat_outputs & consumer_reads)

    @classmethod
    def _is_concat_prologue(cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        """producer 直接喂给 consumer 内某个 NPUConcatBuffer 的某路输入，就允许融合。
        注意 consumer 可能是 FusedSchedulerNode（NPUConcatBuffer 已经先跟其它 prologue
        融过一轮），需要递归找内部的 NPUConcatBuffer。
        """
        cb = cls._find_concat_buffer(consumer)
        if cb is None:
            return False
        cb_input_names = {inp.get_name() for inp in cb.inputs}
        for name in cls._node_output_names(producer):
            if name in cb_input_names:
                return True
        return False

    @classmethod
    def _concat_prologue_has_exclusive_users(cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        concat_node = cls._find_concat_scheduler_node(consumer)
        cb = getattr(concat_node, "node", None) if concat_node is not None else None
        if not isinstance(cb, NPUConcatBuffer):
            return False

        producer_nodes = set(producer.get_nodes())
        producer_outputs = set(cls._node_output_names(producer))
        concat_inputs = {inp.get_name() for inp in cb.inputs}
        fused_input_names = producer_outputs & concat_inputs
        if not fused_input_names:
            return False

        # producer 中存在不喂给 concat 的外部输出（如 sqrt(add4) 作为独立 kernel output，
        # 或 add4 同时被 concat 和外部 sqrt 消费），说明 producer 的输出空间与 concat
        # canonical 不一致，强行融合会导致 axis mapping 错误。典型场景：
        #   add4 ──→ cat         add4 的 user = {cat, sqrt}
        #       └──→ sqrt(output) sqrt 是 producer 外部输出，不应进 concat kernel
        # 此时 sqrt 可能已先被 vertical 融合进 producer，原 exclusive_users 检查看不到它
        # （因为 sqrt 变成了内部 user），故需在此额外拦截。
        for subnode in producer.get_nodes():
            for output in getattr(subnode, "outputs", []):
                is_concat_input = output.node.name in concat_inputs
                for user in output.users:
                    user_node = user.node
                    if user_node is concat_node or user_node in producer_nodes:
                        continue
                    # concat input 同时作为 graph output 直接输出是允许的：
                    # OutputNode 没有 get_nodes，materialize 即可，不影响 axis mapping
                    if is_concat_input and not hasattr(user_node, "get_nodes"):
                        continue
                    return False
        return True

    @classmethod
    def _concat_epilogue_has_exclusive_users(cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        """检查 concat（在 producer 中）的输出是否只被 consumer 使用。

        Epilogue 场景：producer 包含 concat，consumer 是 concat 的后驱节点。
        如果 concat 的输出还被其他节点使用，则不能融合，返回 False。
        """
        concat_node = cls._find_concat_scheduler_node(producer)
        cb = getattr(concat_node, "node", None) if concat_node is not None else None
        if not isinstance(cb, NPUConcatBuffer):
            return False

        consumer_nodes = set(consumer.get_nodes())
        concat_outputs = set(cls._concat_output_names(producer))
        if not concat_outputs:
            return False

        # 检查 concat 的输出是否只被 consumer 使用
        for subnode in producer.get_nodes():
            for output in getattr(subnode, "outputs", []):
                if output.node.name not in concat_outputs:
                    continue
                # 这是 concat 的输出，检查它的所有 users
                for user in output.users:
                    user_node = user.node
                    # 如果 user 在 consumer 中，允许
                    if user_node in consumer_nodes:
                        continue
                    # concat 输出同时作为 graph output 直接输出是允许的
                    if not hasattr(user_node, "get_nodes"):
                        continue
                    # concat 输出被其他节点使用，不允许融合
                    return False
        return True

    @classmethod
    def _is_matmul_prologue(cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        # AF 后端当前不支持 MatMul/BatchMatMul 前融合。
        # 只允许 MatMul/BatchMatMul 作为融合起点向后融合 epilogue，所有前驱任务都要切开。
        matmul_buffer = cls._find_matmul_buffer(consumer) or cls._find_batch_matmul_buffer(consumer)
        if matmul_buffer is None:
            return False
        matmul_input_names = {inp.get_name() for inp in matmul_buffer.inputs}
        return bool(set(cls._node_output_names(producer)) & matmul_input_names)

    @classmethod
    def _matmul_epilogue_fusion_status(
        cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode
    ) -> tuple[bool, bool, str]:
        """producer 是 MatMul/BatchMatMul，consumer 读取其输出时允许作为 epilogue 融合。
        Inductor Scheduler 当前会在 backend 判断前，以 ``no shared data`` 拒绝
        MatMul 输出 broadcast 后再接 vector 的融合；这里仍保留独立的 MatMul
        输出 broadcast 检查，避免该原生拦截未来放宽或失效后误进入 CV 融合。
        BatchMatMul 的 epilogue 额外输入不支持 batch 轴 broadcast，reshape 后
        stride=0 broadcast 的轴映射冲突也不支持融合。
        """
        matmul_node, matmul_buffer = cls._find_matmul_info(producer)
        if matmul_buffer is None:
            return False, False, "not a matmul producer."

        matmul_size = matmul_buffer.get_size()

        consumer_rw = getattr(consumer, "read_writes", None)
        if consumer_rw is None:
            return False, False, "consumer read/write info unavailable."
        consumer_read_deps = cls._node_data_read_deps(consumer)
        consumer_reads = {dep.name for dep in consumer_read_deps}
        matmul_input_names = {inp.get_name() for inp in matmul_buffer.inputs}
        if matmul_node is not None:
            matmul_input_names.update(cls._node_dependency_names(matmul_node))
        producer_outputs = set(cls._node_output_names(producer))
        if not producer_outputs & consumer_reads:
            return False, False, "consumer does not read matmul output."

        unsupported_input_layout = cls._matmul_epilogue_extra_input_layout_issue(
            consumer_read_deps, producer_outputs, matmul_input_names
        )
        if unsupported_input_layout is not None:
            input_name, detail = unsupported_input_layout
            return (
                True,
                False,
                f"MatMul epilogue input '{input_name}' has unsupported non-contiguous layout or access: {detail}.",
            )

        computed_shared_inputs = cls._computed_matmul_inputs_in_consumer(matmul_input_names, consumer, consumer_reads)
        if computed_shared_inputs:
            names = ", ".join(sorted(computed_shared_inputs))
            return True, False, f"MatMul epilogue shares computed matmul input(s): {names}."

        captured_input_producer_ops = cls._matmul_input_producer_origin_ops_in_consumer(matmul_input_names, consumer)
        if captured_input_producer_ops:
            names = ", ".join(sorted(captured_input_producer_ops))
            return True, False, f"MatMul epilogue captures matmul input producer op(s): {names}."

        if cls._concat_buffer_count(consumer):
            return True, False, "MatMul epilogue with concat is not supported."

        if cls._reduction_axis_numel(consumer) is not None:
            return True, False, "MatMul epilogue with reduction is not supported."

        if cls._has_axis_dependent_index_expr(consumer):
            return True, False, "MatMul epilogue with axis-dependent index_expr is not supported."

        matmul_outputs = {out.node.name for out in getattr(matmul_node, "outputs", [])}
        output_broadcast_conflict = cls._matmul_epilogue_output_broadcast_conflict(
            matmul_size,
            consumer,
            consumer_read_deps,
            matmul_outputs,
        )
        if output_broadcast_conflict is not None:
            output_name, axis, matmul_axis_size, consumer_axis_size, consumer_sizes = output_broadcast_conflict
            if axis is None:
                return (
                    True,
                    False,
                    f"MatMul epilogue output '{output_name}' is broadcast after its dependency is flattened; "
                    f"MatMul output numel={matmul_axis_size}, consumer loop numel={consumer_axis_size}, "
                    f"consumer loop shape={list(consumer_sizes)}.",
                )
            return (
                True,
                False,
                f"MatMul epilogue output '{output_name}' broadcasts on axis {axis}; "
                f"MatMul axis size {matmul_axis_size} is expanded to consumer size {consumer_axis_size}. "
                f"MatMul output shape={list(matmul_size)}, consumer loop shape={list(consumer_sizes)}.",
            )

        broadcast_reshape_conflict = cls._matmul_epilogue_broadcast_reshape_conflict(
            matmul_size,
            consumer,
            consumer_read_deps,
            producer_outputs,
            matmul_input_names,
        )
        if broadcast_reshape_conflict is not None:
            input_name, axis, matmul_axis_size, consumer_axis_size = broadcast_reshape_conflict
            consumer_sizes = consumer._sizes[0]
            return (
                True,
                False,
                f"MatMul epilogue input '{input_name}' broadcasts on axis {axis} (stride=0); "
                f"MatMul axis size {matmul_axis_size} is remapped to consumer size {consumer_axis_size}. "
                f"MatMul output shape={list(matmul_size)}, consumer loop shape={list(consumer_sizes)}.",
            )

        unsupported_origin_op_names = cls._matmul_epilogue_unsupported_origin_op_names(consumer)
        unsupported_origin_op_names.extend(
            cls._matmul_epilogue_extra_input_unsupported_origin_op_names(
                consumer_read_deps, producer_outputs, matmul_input_names
            )
        )
        if unsupported_origin_op_names:
            op_names = ", ".join(sorted(set(unsupported_origin_op_names)))
            return (
                True,
                False,
                f"MatMul epilogue with unsupported origin op(s) is not supported: {op_names}.",
            )

        shared_transpose_inputs = cls._shared_matmul_prologue_epilogue_transpose_names(
            matmul_buffer, consumer_read_deps
        )
        if shared_transpose_inputs:
            names = ", ".join(sorted(shared_transpose_inputs))
            return (
                True,
                False,
                f"MatMul prologue transpose is also used by epilogue: {names}.",
            )

        transpose_like_reads = cls._matmul_epilogue_transpose_like_read_names(consumer_read_deps, matmul_input_names)
        if transpose_like_reads:
            read_names = ", ".join(sorted(set(transpose_like_reads)))
            return (
                True,
                False,
                f"MatMul epilogue with transpose-like indexing is not supported: {read_names}.",
            )

        if isinstance(matmul_buffer, NPUBatchMatmulBuffer):
            # 该检查失败时保守地拒绝融合, 避免轴映射异常时误放行 batch 广播。
            try:
                batch_broadcast_input = cls._batch_matmul_epilogue_batch_broadcast(
                    matmul_size,
                    consumer_read_deps,
                    producer_outputs,
                )
            except Exception:
                return (
                    True,
                    False,
                    "BatchMatMul epilogue batch broadcast check failed.",
                )
            if batch_broadcast_input is not None:
                return (
                    True,
                    False,
                    f"BatchMatMul epilogue input '{batch_broadcast_input}' broadcasts on batch axis.",
                )

        singleton_axis_mismatch = cls._matmul_epilogue_singleton_axis_mismatch(
            matmul_size,
            consumer,
            consumer_read_deps,
            producer_outputs,
        )
        if singleton_axis_mismatch is not None:
            output_name, matmul_sizes, consumer_sizes = singleton_axis_mismatch
            return (
                True,
                False,
                f"MatMul epilogue output '{output_name}' has a singleton axis and its non-singleton axes do not "
                f"match the consumer loop axes. "
                f"MatMul output shape={list(matmul_sizes)}, consumer loop shape={list(consumer_sizes)}.",
            )
        return True, True, "matmul epilogue is supported."

    @classmethod
    def _is_matmul_epilogue(cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        is_epilogue, allowed, _ = cls._matmul_epilogue_fusion_status(producer, consumer)
        return is_epilogue and allowed

    @classmethod
    def _share_concat(cls, node1: BaseSchedulerNode, node2: BaseSchedulerNode) -> bool:
        """两个节点是不是同一个 NPUConcatBuffer 的兄弟 input —— 用于水平融合。"""
        for n1_name in cls._node_output_names(node1):  # pylint: disable=too-many-nested-blocks
            for sub in [node1, node2]:
                for s in sub.get_nodes():
                    for o in getattr(s, "outputs", []):
                        for u in o.users:
                            cb = (
                                cls._find_concat_buffer(u.node)
                                if hasattr(u.node, "get_nodes")
                                else (
                                    u.node.node if isinstance(getattr(u.node, "node", None), NPUConcatBuffer) else None
                                )
                            )
                            if cb is None:
                                continue
                            cb_inputs = {inp.get_name() for inp in cb.inputs}
                            n1_outs = set(cls._node_output_names(node1))
                            n2_outs = set(cls._node_output_names(node2))
                            if n1_outs & cb_inputs and n2_outs & cb_inputs:
                                return True
        return False

    @staticmethod
    def _contiguous_strides_for_sizes(sizes):
        strides = []
        running = sympy.S.One
        for size in reversed(sizes):
            strides.append(sympy.S.Zero if str(size) == "1" else running)
            running = running * size
        return list(reversed(strides))

    @classmethod
    def _memory_dep_is_contiguous_write(cls, dep) -> bool:
        if dep.is_contiguous():
            return True
        try:
            if V.graph.sizevars.simplify(dep.get_offset()) != 0:
                return False
            actual_strides = V.graph.sizevars.stride_vars(dep.index, dep.var_names)
            expected_strides = cls._contiguous_strides_for_sizes(dep.size)
            return all(
                V.graph.sizevars.simplify(actual - expected) == 0
                for actual, expected in zip(actual_strides, expected_strides)
            )
        except Exception:
            return False

    @classmethod
    def _vertical_outputs_are_contiguous(cls, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        producer_rw = getattr(producer, "read_writes", None)
        consumer_rw = getattr(consumer, "read_writes", None)
        if producer_rw is None or consumer_rw is None:
            return True
        producer_writes = {dep.name: dep for dep in producer_rw.writes}
        consumer_reads = {dep.name for dep in consumer_rw.reads}
        shared_names = producer_writes.keys() & consumer_reads
        return all(cls._memory_dep_is_contiguous_write(producer_writes[name]) for name in shared_names)

    @staticmethod
    def _reduction_axis_numel(node: BaseSchedulerNode):
        sizes = getattr(node, "_sizes", None)
        if not sizes or len(sizes) < 2:
            return None
        reduction_sizes = sizes[1]
        if not reduction_sizes:
            return None
        numel = sympy.S.One
        for size in reduction_sizes:
            numel = numel * V.graph.sizevars.simplify(size)
        return V.graph.sizevars.simplify(numel)

    @staticmethod
    def _candidate_fused_nodes(node1: BaseSchedulerNode, node2: BaseSchedulerNode) -> List[BaseSchedulerNode]:
        return list(node1.get_nodes()) + list(node2.get_nodes())

    @staticmethod
    def _are_iteration_spaces_compatible(node1: BaseSchedulerNode, node2: BaseSchedulerNode) -> bool:
        """
        Triton 对融合双方的循环空间有结构性要求：
        - red+red：iteration/reduction 空间均一致；
        - pw+red（prologue）：pw 空间等于 red 的 iteration 空间，或等于其完整归约输入空间
          （iteration×reduction）；
        - red+pw（epilogue）：pw 空间等于 red 的输出空间（iteration），或等于其完整归约输入
          空间（persistent reduction 的逐元素 epilogue）。

        不满足上述空间关系的融合（如 reduction + 大倍数广播 epilogue：epilogue 空间由
        其他输入决定、与 reduction 空间无关），Triton 的拒绝是结构性正确拒绝，而非
        tiling/transpose 误拒。bypass 只应放行"结构兼容但被误拒"的融合（pr3629 的场景）；
        对结构性不兼容的融合 bypass 放行，会导致 ASC codegen 生成错误结果。
        """

        def _numel(value):
            # Triton 后端 group_fn 已将 sizes 乘积为标量；防御性兼容保留元组形态的 group
            if isinstance(value, (tuple, list)):
                result = sympy.S.One
                for v in value:
                    result = result * v
                return result
            return value

        _, (numel1, rnumel1) = node1.group
        _, (numel2, rnumel2) = node2.group
        numel1, rnumel1 = _numel(numel1), _numel(rnumel1)
        numel2, rnumel2 = _numel(numel2), _numel(rnumel2)
        if node1.is_reduction() and node2.is_reduction():
            return numel1 == numel2 and rnumel1 == rnumel2
        if not node1.is_reduction() and node2.is_reduction():
            # pw -> red：prologue 方向
            return numel1 in (numel2, numel2 * rnumel2)
        if node1.is_reduction() and not node2.is_reduction():
            # red -> pw：epilogue 方向（Triton 内部 swap 参数后同样判定）
            return numel2 in (numel1, numel1 * rnumel1)
        # pw + pw：仅比较 iteration 空间
        return numel1 == numel2

    @staticmethod
    def _node_names_for_log(node: BaseSchedulerNode) -> tuple:
        return tuple(sub.get_name() for sub in node.get_nodes())

    @staticmethod
    def _original_aten_ops_for_node(subnode: BaseSchedulerNode) -> str:
        nodes = [subnode]
        fused_name = get_fused_kernel_name(nodes, "original_aten")
        if fused_name != "fused":
            return fused_name.removeprefix("fused_").replace("_", ", ")
        return subnode.get_name()

    @classmethod
    def _node_summary_for_log(cls, node: BaseSchedulerNode) -> str:
        parts = [f"{subnode.get_name()}({cls._original_aten_ops_for_node(subnode)})" for subnode in node.get_nodes()]
        return "(" + ", ".join(parts) + ")"

    @classmethod
    def _log_can_fuse_result(
        cls,
        kind: str,
        node1: BaseSchedulerNode,
        node2: BaseSchedulerNode,
        result: bool,
        reason: str,
        triton_can_fuse: Optional[bool],
    ) -> None:
        npu_text = "NPU can fuse" if result else "NPU cannot fuse"
        if triton_can_fuse is None:
            decision = npu_text
        else:
            triton_text = "Triton can fuse" if triton_can_fuse else "Triton cannot fuse"
            decision = f"{triton_text}, {npu_text}"
        logger.debug(
            "Can fuse %s node1=%s node2=%s: %s. Reason: %s",
            kind,
            cls._node_summary_for_log(node1),
            cls._node_summary_for_log(node2),
            decision,
            reason,
        )

    @staticmethod
    def _fusion_pair_trace_name(node1: BaseSchedulerNode, node2: BaseSchedulerNode) -> str:
        """Return a compact, stable identifier for one scheduler fusion candidate."""
        return f"{node1.get_name()}->{node2.get_name()}"

    def _triton_fusion_decision(self, kind: str, node1: BaseSchedulerNode, node2: BaseSchedulerNode) -> bool:
        try:
            if kind == "vertical":
                return self._fuse_judge.can_fuse_vertical(node1, node2)
            return self._fuse_judge.can_fuse_horizontal(node1, node2)
        except Exception:
            return False

    def _axis_mapping_fusion_decision(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode) -> tuple[bool, str]:
        nodes = self._candidate_fused_nodes(node1, node2)
        cache_key = tuple(node.get_name() for node in nodes)
        cached = self._axis_mapping_fuse_cache.get(cache_key)
        if cached is not None:
            return cached
        trace_name = "_".join(cache_key)
        try:
            with log_compile_duration("scheduler_fusion", "ValidateAxisMapping", trace_name):
                _NPUAxisMappingValidator(nodes).validate_axis_mapping()
        except Exception as exc:
            decision = (False, f"axis mapping unsupported: {exc}")
            self._axis_mapping_fuse_cache[cache_key] = decision
            return decision
        decision = (True, "axis mapping supported.")
        self._axis_mapping_fuse_cache[cache_key] = decision
        return decision

    @staticmethod
    def _axis_multiset_reachable(src_sizes, dst_sizes) -> bool:
        """Return whether transpose+broadcast can map src axes to dst axes."""
        from collections import Counter

        def to_ints(sizes):
            values = []
            for size in sizes:
                try:
                    values.append(int(size))
                except (TypeError, ValueError):
                    return None
            return values

        src = to_ints(src_sizes)
        dst = to_ints(dst_sizes)
        if src is None or dst is None:
            return True
        src_non1 = Counter(size for size in src if size != 1)
        dst_non1 = Counter(size for size in dst if size != 1)
        return all(dst_non1[size] >= count for size, count in src_non1.items())

    def _reshape_split_not_expressible(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode) -> bool:
        try:
            src_sizes = node1.get_ranges()[0]
            dst_sizes = node2.get_ranges()[0]
        except Exception:
            return False
        if not src_sizes or not dst_sizes:
            return False
        return not self._axis_multiset_reachable(src_sizes, dst_sizes)

    def _scheduler_allows_vertical_dependencies(self, producer: BaseSchedulerNode, consumer: BaseSchedulerNode) -> bool:
        scheduler = getattr(self, "scheduler", None)
        if scheduler is None:
            return False
        try:
            return scheduler.can_fuse_vertical(producer, consumer)
        except Exception:
            return False

    def _has_indirect_indexing(self, node: BaseSchedulerNode) -> bool:
        """检测 node（含已融合子节点）是否涉及 indirect indexing（如 gather、embedding 等）。"""

        for subnode in node.get_nodes():
            body = getattr(subnode, '_body', None)
            if body is not None and hasattr(body, 'indirect_vars') and body.indirect_vars:
                return True
        return False

    def _count_indirect_indexing(self, node: BaseSchedulerNode) -> int:
        """统计 node（含已融合子节点）中 indirect indexing 的数量。"""
        count = 0
        for subnode in node.get_nodes():
            body = getattr(subnode, '_body', None)
            if body is not None and hasattr(body, 'indirect_vars') and body.indirect_vars:
                count += 1
        return count

    def _is_pure_elementwise(self, node: BaseSchedulerNode) -> bool:
        """检查 node 是否为纯 elementwise（不含 reduction、matmul、concat、transpose、gather）。

        不属于 elementwise 的操作：
        - reduction：归约操作（sum、max 等）
        - matmul：矩阵乘法
        - concat：拼接操作
        - gather：间接索引操作（通过 _has_indirect_indexing 检测）
        """
        # 检查 reduction
        for subnode in node.get_nodes():
            if subnode.is_reduction():
                return False

        # 检查 matmul
        if self._find_matmul_info(node)[1] is not None:
            return False

        # 检查 concat
        if self._concat_buffer_count(node) > 0:
            return False

        # 检查 gather（间接索引）
        if self._has_indirect_indexing(node):
            return False

        return True

    def _is_elementwise_or_reduce(self, node: BaseSchedulerNode) -> bool:
        """检查 node 是否为 elementwise 或 reduce（不含 matmul、concat）。"""
        if self._find_matmul_info(node)[1] is not None:
            return False
        if self._concat_buffer_count(node) > 0:
            return False
        return True

    def _maybe_concat_fuse(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode):
        # node1--->node2(concat)
        # Prologue 融合分支：node1 是 concat(node2) 的前驱节点
        if self._is_concat_prologue(node1, node2):
            if self._has_indirect_indexing(node1):
                return False
            # 【规则1】concat向前融合仅支持elementwise类/broadcast类/slice类算子
            # _is_pure_elementwise 检查 node1 是否为纯 elementwise 操作
            # 如果是 reduction/matmul 等非 elementwise 操作，拒绝融合
            if not self._is_pure_elementwise(node1):
                return False
            if self._concat_buffer_count(node1) != 0 or self._concat_buffer_count(node2) != 1:
                return False
            if not self._has_vertical_dependency(node1, node2):
                return False
            if not (node1.get_operation_names() & node2.ancestors):
                return False
            if not self._concat_prologue_has_exclusive_users(node1, node2):
                return False
            if not self._vertical_outputs_are_contiguous(node1, node2):
                return False
            if not self._scheduler_allows_vertical_dependencies(node1, node2):
                return False
            result, reason = self._axis_mapping_fusion_decision(node1, node2)
            self._log_can_fuse_result(
                "vertical[override]",
                node1,
                node2,
                result,
                f"concat prologue; {reason}",
                None,
            )
            return result

        # node1(concat)--->node2
        # Epilogue 融合分支：node2 是 concat(node1) 的后驱节点
        # 【规则2】concat向后融合仅支持elementwise类算子
        if self._is_concat_epilogue(node1, node2):
            if not self._is_pure_elementwise(node2):
                return False
            if self._concat_buffer_count(node1) != 1 or self._concat_buffer_count(node2) != 0:
                return False
            if not self._has_vertical_dependency(node1, node2):
                return False
            if not (node1.get_operation_names() & node2.ancestors):
                return False
            if not self._concat_epilogue_has_exclusive_users(node1, node2):
                return False
            if not self._vertical_outputs_are_contiguous(node1, node2):
                return False
            if not self._scheduler_allows_vertical_dependencies(node1, node2):
                return False
            result, reason = self._axis_mapping_fusion_decision(node1, node2)
            self._log_can_fuse_result(
                "vertical[override]",
                node1,
                node2,
                result,
                f"concat epilogue; {reason}",
                None,
            )
            return result

        # 注意：不需要考虑反向拓扑关系（node2→node1），原因如下：
        # 1. 上层调用已保证拓扑顺序：can_fuse_vertical(node1, node2) 只在 node1→node2 有依赖时调用
        # 2. 如果 node2→node1 有依赖，上层会调用 can_fuse_vertical(node2, node1)，参数顺序已交换
        # 3. 因此本方法中 node1 始终是前序节点，node2 始终是后序节点

        # Horizontal 融合分支：node1 和 node2 共享同一个 concat
        if self._share_concat(node1, node2):
            if self._concat_buffer_count(node1) != 0 or self._concat_buffer_count(node2) != 0:
                return False
            if (node1.get_operation_names() & node2.ancestors) or (node2.get_operation_names() & node1.ancestors):
                return False
            result, reason = self._axis_mapping_fusion_decision(node1, node2)
            self._log_can_fuse_result(
                "horizontal[override]",
                node1,
                node2,
                result,
                f"concat inputs share the same concat; {reason}",
                None,
            )
            return result
        return False

    def scheduler_can_fuse_override(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode):
        if disable_canfuse:
            return False
        if node1 is node2:
            return False
        # MatMul only supports vertical fusion with pointwise epilogues, with or without broadcast;
        # do not let the concat override bypass can_fuse_vertical.
        if self._find_matmul_info(node1)[1] is not None or self._find_matmul_info(node2)[1] is not None:
            return False
        if node2.get_operation_names() & node1.ancestors:
            return False
        if node1.get_device() != node2.get_device():
            return False
        if (node1.get_buffer_names() & V.graph.no_fuse_buffer_names) or (
            node2.get_buffer_names() & V.graph.no_fuse_buffer_names
        ):
            return False
        if node1.has_aliasing_or_mutation() or node2.has_aliasing_or_mutation():
            return False
        if node1.is_reduction() or node2.is_reduction():
            return False
        # 多 IndirectLoad 检查：一个 kernel 最多一个 IndirectLoad
        if self._count_indirect_indexing(node1) + self._count_indirect_indexing(node2) > 1:
            return False
        return self._maybe_concat_fuse(node1, node2)

    def scheduler_should_partition_override(self, scheduler, node, orig_fn):
        """
        AscendC backend customization of should_partition.

        The only thing af needs to change: prevent an npu node from being
        classified as non-gpu by `if not node.is_gpu()`. npu is not in GPU_TYPES,
        so is_gpu("npu")=False, which would make cudagraph silently disabled.
        npu supports capture/replay via NPUGraphTree, so its nodes should enter
        partition normally.

        Implementation: instead of copying the body of should_partition (which
        differs across torch 2.9~2.12, with return types bool vs str|None), we
        temporarily add npu to GPU_TYPES while calling the current torch's own
        orig_fn (restored on exit), so is_gpu("npu")=True. This way:
          - the non-gpu branch is skipped, all other checks (DeviceCopy /
            Conditional / unbacked_bindings / cudagraph_unsafe / dynamic shape)
            reuse torch's native logic;
          - the return value (bool or str|None) is passed through by orig_fn,
            no per-version adaptation needed;
          - future torch changes to should_partition need no sync here.

        The scope is limited to this orig_fn call (the contextmanager restores
        GPU_TYPES on exit), so is_gpu("npu") elsewhere is unaffected.
        """
        from contextlib import contextmanager
        from torch._inductor.utils import GPU_TYPES

        if self._reads_cpu_0d_tensor(node):
            return True

        @contextmanager
        def _npu_as_gpu():
            already_in = "npu" in GPU_TYPES
            if not already_in:
                GPU_TYPES.append("npu")
            try:
                yield
            finally:
                if not already_in:
                    GPU_TYPES.remove("npu")

        with _npu_as_gpu():
            return orig_fn(scheduler, node)

    @staticmethod
    def _reads_cpu_0d_tensor(node):
        if node.node is None:
            return False
        for read in node.read_writes.reads:
            buffer = V.graph.name_to_buffer.get(read.name) or V.graph.graph_inputs.get(read.name)
            if (
                buffer is not None
                and get_device_type(buffer) == "cpu"
                and not isinstance(buffer.layout, (NoneLayout, MultiOutputLayout))
                and buffer.get_size() == []
            ):
                return True
        return False

    def can_fuse_vertical(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode):
        trace_name = self._fusion_pair_trace_name(node1, node2)
        with log_compile_duration("scheduler_fusion", "CanFuseVertical", trace_name):
            return self._can_fuse_vertical_impl(node1, node2)

    def _can_fuse_vertical_impl(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode):
        if disable_canfuse:
            self._log_can_fuse_result("vertical", node1, node2, False, "can fuse is disabled.", None)
            return False
        triton_result = self._triton_fusion_decision("vertical", node1, node2)
        _, matmul_buffer = self._find_matmul_info(node1)
        if matmul_buffer is None and self._reshape_split_not_expressible(node1, node2):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "reshape-split is not expressible by transpose+broadcast",
                triton_result,
            )
            return False
        if not self._has_vertical_dependency(node1, node2):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "node1 is not an input of node2.",
                triton_result,
            )
            return False
        if matmul_buffer is not None:
            producer_outputs = set(self._node_output_names(node1))
            consumer_data_reads = self._node_data_dependency_names(node2)
            if not producer_outputs & consumer_data_reads:
                self._log_can_fuse_result(
                    "vertical",
                    node1,
                    node2,
                    False,
                    "matmul producer has no data dependency on consumer.",
                    triton_result,
                )
                return False
        # 多 IndirectLoad 检查：一个 kernel 最多一个 IndirectLoad
        if self._count_indirect_indexing(node1) + self._count_indirect_indexing(node2) > 1:
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "multiple indirect indexing in one kernel is not supported.",
                triton_result,
            )
            return False
        # gather 类算子融合类型限制：
        # 前融合（node1）仅允许 elementwise，后融合（node2）仅允许 elementwise 和 reduce
        if self._has_indirect_indexing(node1) and not self._is_elementwise_or_reduce(node2):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "indirect indexing epilogue only supports elementwise or reduce.",
                triton_result,
            )
            return False
        if self._has_indirect_indexing(node2) and not self._is_pure_elementwise(node1):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "indirect indexing prologue only supports elementwise.",
                triton_result,
            )
            return False
        # gather 类算子后融合仅支持单个 reduce
        if self._has_indirect_indexing(node1) or self._has_indirect_indexing(node2):
            reduce_count = sum(1 for s in node1.get_nodes() if s.is_reduction()) + sum(
                1 for s in node2.get_nodes() if s.is_reduction()
            )
            if reduce_count > 1:
                self._log_can_fuse_result(
                    "vertical",
                    node1,
                    node2,
                    False,
                    "indirect indexing kernel only supports a single reduction.",
                    triton_result,
                )
                return False
            if reduce_count == 1:
                all_subnodes = list(node1.get_nodes()) + list(node2.get_nodes())
                if not all_subnodes[-1].is_reduction():
                    self._log_can_fuse_result(
                        "vertical",
                        node1,
                        node2,
                        False,
                        "indirect indexing kernel requires reduction to be the terminal op.",
                        triton_result,
                    )
                    return False
        if self._is_matmul_prologue(node1, node2):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "matmul prologue is not supported.",
                None,
            )
            return False
        _, matmul_buffer = self._find_matmul_info(node1)
        if matmul_buffer is not None:
            producer_outputs = set(self._node_output_names(node1))
            consumer_data_reads = self._node_data_dependency_names(node2)
            if not producer_outputs & consumer_data_reads:
                self._log_can_fuse_result(
                    "vertical",
                    node1,
                    node2,
                    False,
                    "matmul producer has no data dependency on consumer.",
                    triton_result,
                )
                return False
        is_matmul_epilogue, matmul_epilogue_allowed, matmul_epilogue_reason = self._matmul_epilogue_fusion_status(
            node1, node2
        )
        if is_matmul_epilogue and not matmul_epilogue_allowed:
            self._log_can_fuse_result("vertical", node1, node2, False, matmul_epilogue_reason, triton_result)
            return False
        if is_matmul_epilogue:
            if self._has_indirect_indexing(node2):
                self._log_can_fuse_result(
                    "vertical", node1, node2, False, "matmul epilogue with indirect indexing is not supported.", None
                )
                return False
            result, reason = self._axis_mapping_fusion_decision(node1, node2)
            if not result:
                self._log_can_fuse_result("vertical", node1, node2, result, f"matmul epilogue; {reason}", None)
            return result
        # ========== Concat 相关检查开始 ==========
        # 统计 node1 和 node2 中包含的 concat buffer 数量
        node1_concat_count = self._concat_buffer_count(node1)
        node2_concat_count = self._concat_buffer_count(node2)

        # 【检查点0】多concat或两者都包含concat时拒绝融合
        # 场景：node1或node2包含超过1个concat，或两者都包含concat
        # 目的：避免复杂的concat融合场景，保持融合逻辑简单
        if node1_concat_count > 1 or node2_concat_count > 1 or (node1_concat_count > 0 and node2_concat_count > 0):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "multiple concat buffers or both nodes contain concat is not supported.",
                triton_result,
            )
            return False

        # 【检查点1】后融合场景：node1包含concat，检查node2是否为elementwise（规则2）
        # 场景：node1(producer) 包含 concat，node2(consumer) 是后继节点
        # 规则2：concat向后融合仅支持elementwise类算子
        # 注意：即使node2没有直接读取concat输出，只要是node1的后继就需要满足约束
        if node1_concat_count:
            if not self._is_pure_elementwise(node2):
                self._log_can_fuse_result(
                    "vertical",
                    node1,
                    node2,
                    False,
                    "concat template epilogue only supports elementwise.",
                    triton_result,
                )
                return False

        # 【检查点2】前融合场景：node2包含concat，检查node1是否为elementwise（规则1）
        # 场景：node2(consumer) 包含 concat，node1(producer) 是前驱节点
        # 规则1：concat向前融合仅支持elementwise类算子
        if node2_concat_count:
            if not self._is_pure_elementwise(node1):
                self._log_can_fuse_result(
                    "vertical",
                    node1,
                    node2,
                    False,
                    "concat template prologue only supports elementwise.",
                    triton_result,
                )
                return False

        # 【检查点3】前融合场景：检查node1的输出是否只被concat使用
        # 场景：node2包含concat，node1是prologue
        # 目的：确保node1的输出没有其他用户，避免破坏数据依赖关系
        if self._is_concat_prologue(node1, node2) and not self._concat_prologue_has_exclusive_users(node1, node2):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "concat prologue producer has users outside this concat.",
                triton_result,
            )
            return False
        # 【检查点4】后融合场景：检查concat的输出是否只被node2使用
        # 场景：node1包含concat，node2是epilogue（使用concat的输出）
        # 目的：确保concat的输出没有其他用户，避免破坏数据依赖关系
        # 示例：如果concat的输出同时被node2和另一个op使用，融合node2到concat会导致另一个op无法获取正确的输入
        if self._is_concat_epilogue(node1, node2) and not self._concat_epilogue_has_exclusive_users(node1, node2):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "concat epilogue producer has users outside this concat.",
                triton_result,
            )
            return False

        # ========== Concat 相关检查结束 ==========
        if not self._vertical_outputs_are_contiguous(node1, node2):
            self._log_can_fuse_result(
                "vertical",
                node1,
                node2,
                False,
                "producer output read by consumer is not written contiguously.",
                triton_result,
            )
            return False
        if node1_concat_count or node2_concat_count:  # 覆盖concat的前/后融合场景
            result, reason = self._axis_mapping_fusion_decision(node1, node2)
            fusion_type = "concat prologue" if node2_concat_count else "concat epilogue"
            self._log_can_fuse_result("vertical", node1, node2, result, f"{fusion_type}; {reason}", None)
            return result
        result, reason = self._axis_mapping_fusion_decision(node1, node2)

        if result and not triton_result:
            # 只在 enable_load_transpose 开启 + 融合组含 reduction 时跳过 Triton 否决，其他场景保持原行为。
            # reduce + reduce场景还是follow triton
            if enable_load_transpose and (node1.is_reduction() != node2.is_reduction()):
                # reduce融合场景，需要检查循环空间是否匹配，否则不放行。
                if not self._are_iteration_spaces_compatible(node1, node2):
                    self._log_can_fuse_result(
                        "vertical",
                        node1,
                        node2,
                        False,
                        "Triton can not fuse; pointwise/reduction iteration spaces are "
                        "structurally incompatible, not a tiling false veto",
                        None,
                    )
                    return False
                self._log_can_fuse_result(
                    "vertical",
                    node1,
                    node2,
                    True,
                    "NPU axis_mapping passed; bypass triton veto for pointwise-reduction fusion",
                    triton_result,
                )
                return True
            self._log_can_fuse_result("vertical", node1, node2, False, "Triton can not fuse", None)
            return False

        self._log_can_fuse_result("vertical", node1, node2, result, reason, triton_result)
        return result

    def can_fuse_horizontal(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode):
        trace_name = self._fusion_pair_trace_name(node1, node2)
        with log_compile_duration("scheduler_fusion", "CanFuseHorizontal", trace_name):
            return self._can_fuse_horizontal_impl(node1, node2)

    def _can_fuse_horizontal_impl(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode):
        if disable_canfuse:
            self._log_can_fuse_result("horizontal", node1, node2, False, "can fuse is disabled.", None)
            return False
        if self._find_matmul_info(node1)[1] is not None or self._find_matmul_info(node2)[1] is not None:
            self._log_can_fuse_result(
                "horizontal",
                node1,
                node2,
                False,
                "matmul horizontal fusion is not supported.",
                None,
            )
            return False
        triton_result = self._triton_fusion_decision("horizontal", node1, node2)
        # 多 IndirectLoad 检查：一个 kernel 最多一个 IndirectLoad
        if self._count_indirect_indexing(node1) + self._count_indirect_indexing(node2) > 1:
            self._log_can_fuse_result(
                "horizontal",
                node1,
                node2,
                False,
                "multiple indirect indexing in one kernel is not supported.",
                triton_result,
            )
            return False
        # gather 类算子 horizontal 融合仅允许 elementwise
        if self._has_indirect_indexing(node1) or self._has_indirect_indexing(node2):
            if not self._is_pure_elementwise(node1) or not self._is_pure_elementwise(node2):
                self._log_can_fuse_result(
                    "horizontal",
                    node1,
                    node2,
                    False,
                    "indirect indexing horizontal fusion only supports elementwise.",
                    triton_result,
                )
                return False
        if self._concat_buffer_count(node1) or self._concat_buffer_count(node2):
            self._log_can_fuse_result(
                "horizontal",
                node1,
                node2,
                False,
                "concat template horizontal fusion is not supported, only prologue and epilogue fusion are supported.",
                triton_result,
            )
            return False
        if self._share_concat(node1, node2):
            result, reason = self._axis_mapping_fusion_decision(node1, node2)
            self._log_can_fuse_result(
                "horizontal",
                node1,
                node2,
                result,
                f"concat inputs share the same concat; {reason}",
                None,
            )
            return result
        result, reason = self._axis_mapping_fusion_decision(node1, node2)

        if result and not triton_result:
            self._log_can_fuse_result("horizontal", node1, node2, False, "Triton can not fuse", None)
            return False

        self._log_can_fuse_result("horizontal", node1, node2, result, reason, triton_result)
        return result

    def get_fusion_pair_priority(self, node1: BaseSchedulerNode, node2: BaseSchedulerNode) -> int:
        # CV fusion should run after VV fusion is complete, so MatMul/BatchMatMul
        # related fusion pairs are assigned the lowest priority.
        if self._find_matmul_info(node1)[1] is not None or self._find_matmul_info(node2)[1] is not None:
            return 1
        return 0

    def group_fn(self, sizes):
        return self._fuse_judge.group_fn(sizes)

    def get_backend_features(self, device: torch.device) -> OrderedSet[BackendFeature]:
        return OrderedSet(
            [
                BackendFeature.REDUCE_TO_SINGLE_ELEMENT,
                BackendFeature.INPLACE_BUFFERS,
            ]
        )

    def codegen_template(
        self,
        template_node: SchedulerNode,
        epilogue_nodes: List[SchedulerNode],
        prologue_nodes: List[SchedulerNode] = (),
    ):
        # 目前支持 NPUConcatBuffer（prologue fusion）和 NPUMatmulBuffer/NPUBatchMatmulBuffer（epilogue fusion）。
        template_buf = getattr(template_node, "node", None)
        if isinstance(template_buf, NPUConcatBuffer):
            for node in prologue_nodes:
                if isinstance(node, SchedulerNode) and not node.is_template():
                    node.merge_loops()
            self.codegen_nodes(list(prologue_nodes) + [template_node] + list(epilogue_nodes))
        elif isinstance(template_buf, (NPUMatmulBuffer, NPUBatchMatmulBuffer)):
            if prologue_nodes:
                raise NotImplementedError("NPUMatmulBuffer/NPUBatchMatmulBuffer + prologue fusion not yet supported")
            if not epilogue_nodes:
                self._codegen_native_matmul_fallback(template_node, template_buf)
                return
            self._mark_cv_shared_inputs_never_reuse(template_buf, list(epilogue_nodes))
            self.codegen_nodes([template_node] + list(epilogue_nodes))
        else:
            raise NotImplementedError(f"unknown template buffer: {type(template_buf).__name__}")

    def _codegen_native_matmul_fallback(
        self,
        template_node: SchedulerNode,
        template_buf: Union[NPUMatmulBuffer, NPUBatchMatmulBuffer],
    ) -> None:
        wrapper: PythonWrapperCodegen = V.graph.wrapper_code
        if V.graph.cpp_wrapper:
            self._codegen_native_matmul_fallback_cpp(template_node, template_buf, wrapper)
            return
        comments = _node_comment([template_node])
        for comment in comments:
            wrapper.writeline(comment)

        pexpr = PythonPrinter().doprint

        def tuple_expr(values):
            items = [pexpr(V.graph.sizevars.simplify(value)) for value in values]
            suffix = "," if len(items) == 1 else ""
            return f"({', '.join(items)}{suffix})"

        def sizes_product(values):
            product = sympy.S.One
            for value in values:
                product = product * value
            return V.graph.sizevars.simplify(product)

        def input_expr(inp):
            layout = inp.get_layout()
            size = tuple_expr(layout.size)
            stride = tuple_expr(layout.stride)
            offset = pexpr(V.graph.sizevars.simplify(layout.offset))
            return f"reinterpret_tensor({inp.get_name()}, {size}, {stride}, {offset})"

        fallback_op = getattr(template_buf, "fallback_op", None)
        fallback_inputs = getattr(template_buf, "fallback_inputs", None)
        if getattr(template_buf, "fallback_kind", None) == "reshape_baddbmm_reshape":
            if fallback_inputs is None or len(fallback_inputs) != 3:
                raise NotImplementedError("reshape_baddbmm_reshape fallback expects bias and two inputs")
            bias_inp, a_inp, b_inp = fallback_inputs
            a_size = a_inp.get_size()
            b_size = b_inp.get_size()
            flat_a_size = tuple_expr([sizes_product(a_size[:-2]), a_size[-2], a_size[-1]])
            flat_b_size = tuple_expr([sizes_product(b_size[:-2]), b_size[-2], b_size[-1]])
            out_size = tuple_expr(template_buf.get_size())
            out_name = template_buf.get_name()
            wrapper.allocated.add(out_name)
            wrapper.writeline(
                f"{out_name} = torch.ops.aten.reshape.default("
                f"torch.ops.aten.baddbmm.default("
                f"{input_expr(bias_inp)}, "
                f"torch.ops.aten.reshape.default({input_expr(a_inp)}, {flat_a_size}), "
                f"torch.ops.aten.reshape.default({input_expr(b_inp)}, {flat_b_size})"
                f"), {out_size})"
            )
            template_node.mark_run()
            return

        if getattr(template_buf, "fallback_kind", None) == "reshape_bmm_reshape":
            if fallback_inputs is None or len(fallback_inputs) != 2:
                raise NotImplementedError("reshape_bmm_reshape fallback expects two inputs")
            a_inp, b_inp = fallback_inputs
            a_size = a_inp.get_size()
            b_size = b_inp.get_size()
            flat_a_size = tuple_expr([sizes_product(a_size[:-2]), a_size[-2], a_size[-1]])
            flat_b_size = tuple_expr([sizes_product(b_size[:-2]), b_size[-2], b_size[-1]])
            out_size = tuple_expr(template_buf.get_size())
            out_name = template_buf.get_name()
            wrapper.allocated.add(out_name)
            wrapper.writeline(
                f"{out_name} = torch.ops.aten.reshape.default("
                f"torch.ops.aten.bmm.default("
                f"torch.ops.aten.reshape.default({input_expr(a_inp)}, {flat_a_size}), "
                f"torch.ops.aten.reshape.default({input_expr(b_inp)}, {flat_b_size})"
                f"), {out_size})"
            )
            template_node.mark_run()
            return

        if fallback_op is not None and fallback_inputs is not None:
            inputs = [input_expr(inp) for inp in fallback_inputs]
            out_name = template_buf.get_name()
            wrapper.allocated.add(out_name)
            wrapper.writeline(f"{out_name} = torch.ops.{fallback_op}({', '.join(inputs)})")
            template_node.mark_run()
            return

        wrapper.codegen_allocation(template_buf)
        inputs = [input_expr(inp) for inp in template_buf.inputs]
        out_name = template_buf.get_name()
        if isinstance(template_buf, NPUBatchMatmulBuffer):
            if len(inputs) == 2:
                wrapper.writeline(f"extern_kernels.bmm({inputs[0]}, {inputs[1]}, out={out_name})")
            elif len(inputs) == 3 and getattr(template_buf, "has_bias", False):
                wrapper.writeline(f"extern_kernels.baddbmm({inputs[2]}, {inputs[0]}, {inputs[1]}, out={out_name})")
            else:
                raise NotImplementedError("Native bmm fallback expects 2 inputs or 3 inputs with bias")
        else:
            if len(inputs) == 2:
                wrapper.writeline(f"extern_kernels.mm({inputs[0]}, {inputs[1]}, out={out_name})")
            elif len(inputs) == 3 and getattr(template_buf, "has_bias", False):
                wrapper.writeline(f"extern_kernels.addmm({inputs[2]}, {inputs[0]}, {inputs[1]}, out={out_name})")
            else:
                raise NotImplementedError("Native mm fallback expects mm or bias addmm inputs")
        template_node.mark_run()

    @staticmethod
    def _codegen_native_matmul_fallback_cpp(
        template_node: SchedulerNode,
        template_buf: Union[NPUMatmulBuffer, NPUBatchMatmulBuffer],
        wrapper: PythonWrapperCodegen,
    ) -> None:
        """Emit the PythonWrapper matmul fallback via ``CppWrapperCpu`` C-shims.

        A matmul template with no epilogue is an ordinary NPU extern operation,
        not an AscendC fused kernel.
        """
        fallback_inputs = template_buf.fallback_inputs or template_buf.inputs

        def input_expr(inp):
            return wrapper.codegen_reinterpret_view(
                inp,
                inp.get_size(),
                inp.get_stride(),
                inp.get_layout().offset,
                wrapper.writeline,
                dtype=inp.get_dtype(),
            )

        fallback_kind = template_buf.fallback_kind if isinstance(template_buf, NPUBatchMatmulBuffer) else None
        out_name = template_buf.get_name()
        inputs = [input_expr(inp) for inp in fallback_inputs]

        if fallback_kind in ("reshape_bmm_reshape", "reshape_baddbmm_reshape"):
            expected_inputs = 3 if fallback_kind == "reshape_baddbmm_reshape" else 2
            if len(inputs) != expected_inputs:
                raise NotImplementedError(
                    f"{fallback_kind} fallback expects {expected_inputs} inputs, actual={len(inputs)}"
                )

            # Match PythonWrapper's reshape(bmm/baddbmm(...), logical_out_size)
            # without putting Python expressions into the generated C++ source.
            a_inp = fallback_inputs[-2]
            b_inp = fallback_inputs[-1]
            a_size = list(a_inp.get_size())
            b_size = list(b_inp.get_size())
            out_size = list(template_buf.get_size())

            flat_out_size = [NPUKernel._sizes_product(a_size[:-2]), a_size[-2], b_size[-1]]
            flat_out_stride = [flat_out_size[1] * flat_out_size[2], flat_out_size[2], sympy.S.One]
            flat_name = f"{out_name}_matmul_flat"

            def emit_reshape_view(input_expr_text, shape, view_name):
                shape_literal = wrapper.codegen_shape_tuple(shape)
                shape_var = wrapper.codegen_int_array_var(
                    shape_literal,
                    wrapper.writeline,
                    known_statically=wrapper.is_statically_known_list_of_ints(shape),
                    graph=V.graph,
                )
                handle_name = f"{view_name}_handle"
                wrapper.writeline(f"AtenTensorHandle {handle_name};")
                wrapper.generate_c_shim_extern_kernel_call(
                    "aten::reshape",
                    [input_expr_text, shape_var, str(len(shape)), f"&{handle_name}"],
                    "npu",
                )
                wrapper.writeline(f"RAIIAtenTensorHandle {view_name}({handle_name});")
                return view_name

            flat_a_size = [NPUKernel._sizes_product(a_size[:-2]), a_size[-2], a_size[-1]]
            flat_b_size = [NPUKernel._sizes_product(b_size[:-2]), b_size[-2], b_size[-1]]
            flat_a = emit_reshape_view(inputs[-2], flat_a_size, f"{out_name}_matmul_a")
            flat_b = emit_reshape_view(inputs[-1], flat_b_size, f"{out_name}_matmul_b")
            wrapper.writeline(
                wrapper.make_allocation(
                    flat_name,
                    template_buf.get_device(),
                    template_buf.get_dtype(),
                    flat_out_size,
                    flat_out_stride,
                )
            )

            if fallback_kind == "reshape_baddbmm_reshape":
                kernel = "aten::baddbmm_out"
                args = [flat_name, inputs[0], flat_a, flat_b, "1.0", "1.0"]
            else:
                kernel = "aten::bmm_out"
                args = [flat_name, flat_a, flat_b]
            wrapper.generate_c_shim_extern_kernel_call(kernel, args, "npu")

            emit_reshape_view(flat_name, out_size, out_name)
            wrapper.allocated.add(out_name)
        else:
            batched = isinstance(template_buf, NPUBatchMatmulBuffer)
            has_bias = template_buf.has_bias
            op = ("baddbmm" if batched else "addmm") if has_bias else ("bmm" if batched else "mm")
            expected = 3 if has_bias else 2
            if len(inputs) != expected:
                raise NotImplementedError(f"{op} fallback expects {expected} inputs, actual={len(inputs)}")
            kernel = f"aten::{op}_out"
            args = [out_name, *inputs]
            if has_bias:
                args.extend(["1.0", "1.0"])
            wrapper.codegen_allocation(template_buf)
            wrapper.generate_c_shim_extern_kernel_call(kernel, args, "npu")
        template_node.mark_run()

    def codegen_node(self, node: Union[FusedSchedulerNode, SchedulerNode]) -> None:
        self.codegen_nodes(node.get_nodes())

    def _emit_kernel_wrapper_call(
        self, wrapper, kernel, call_args, precompile_args, *, kernel_code=None, kernel_name=None
    ):
        """Emit one wrapper call for either the Python or C++ path."""
        name = kernel_name or kernel.kernel_name
        if V.graph.cpp_wrapper:
            if kernel._artifacts is not None:
                wrapper.define_ascendc_kernel(kernel, precompile_args)
            wrapper.codegen_ascendc_layout_checks(kernel, call_args, precompile_args)
            transpose_map = self._emit_transpose_prologue(wrapper, kernel)
            rewritten = _rewrite_call_args(call_args, precompile_args, transpose_map, wrapper)
            wrapper.codegen_ascendc_kernel_call(name, rewritten)
            return

        if kernel_code is not None:
            wrapper.header.splice("\n\n")
            wrapper.header.splice(kernel_code)
        _emit_fused_layout_checks(wrapper, kernel, call_args, precompile_args, self)
        transpose_map = self._emit_transpose_prologue(wrapper, kernel)
        rewritten = _rewrite_call_args(call_args, precompile_args, transpose_map)
        wrapper.writeline(wrapper.wrap_kernel_call(name, _prepare_npu_call_args(rewritten)))

    def codegen_nodes(self, nodes: List[BaseSchedulerNode]):
        """
        Generate a kernel given a list of pre-fused nodes.
        """
        wrapper: PythonWrapperCodegen = V.graph.wrapper_code
        comments = _node_comment(nodes)
        for comment in comments:
            wrapper.writeline(comment)

        logger.debug("Generating kernel for fused:\n%s", "\n".join(comments))
        kernel = NPUKernel(nodes, comments=comments).tracing_asc()

        arg_defs, call_args, precompile_args, arg_types = kernel.args.python_argdefs()

        # 追加 prof-only sizevars 到 call_args / precompile_args，使 Python 调用点传入
        # 运行时值，与 C++ wrapper 签名中 prof_symbol_args 段对齐。
        for sym, name in kernel.fused_graph.prof_size_vars:
            call_args.append(sym)
            precompile_args.append(SizeArg(name, sym))

        kernel.kernel_name = kernel.fused_graph.name
        cache_hint = kernel.kernel_name
        cache_kernel = self._kernel_cache.get(cache_hint, None)
        if cache_kernel is not None:
            logger.debug(
                "Reuse cached kernel %s for %s",
                cache_kernel.kernel_name,
                kernel.kernel_name,
            )
            # 缓存命中仍按当前图的输入布局生成校验，调用缓存的 kernel 符号。
            self._emit_kernel_wrapper_call(
                wrapper, kernel, call_args, precompile_args, kernel_name=cache_kernel.kernel_name
            )
            return

        from .compiler import warmup_wrapper_pch

        warmup_wrapper_pch(kernel.kernel_name)
        with log_compile_duration("schedule_codegen", "GenerateKernelCode", kernel.kernel_name):
            kernel_code = kernel.codegen()
        with log_compile_duration("schedule_codegen", "EmitWrapperCall", kernel.kernel_name):
            self._emit_kernel_wrapper_call(wrapper, kernel, call_args, precompile_args, kernel_code=kernel_code)
        self._kernel_cache[cache_hint] = kernel

        from torch._inductor import config

        if config.trace.enabled:
            kernel.benchmark(nodes, V.debug.filename(f"{kernel.kernel_name}/benchmark.py"))
            kernel.view_dot(nodes, V.debug.filename(f"{kernel.kernel_name}/graph.svg"))
            kernel.record_summary(nodes, V.debug.filename(f"{kernel.kernel_name}/fuse_summary.csv"))

    def _emit_transpose_prologue(self, wrapper, kernel: NPUKernel) -> Dict[str, tuple]:
        """为 kernel 记录的每个 load+Transpose 输入生成独立前置 kernel。

        返回 {buffer_name: (transpose_kernel_name, sym_names)}，供 call_arg 改写。
        跨融合组按 md5 名去重：同名转置 kernel 只 emit 一次 header（含 Autofuser codegen）。
        """
        mapping: Dict[str, tuple] = {}
        loaders = getattr(kernel, "_inputs_loader", None)
        if not loaders:
            return mapping
        for slot_key, loader in loaders.items():
            builder = _TransposeKernel()
            fused, out_meta = builder.build(loader)
            tname = fused.name
            sym_names = out_meta[4]
            if tname not in self._emitted_transpose_names:
                artifacts = builder.codegen()  # 触发 Autofuser，仅未缓存时执行
                if V.graph.cpp_wrapper:
                    wrapper.define_ascendc_transpose_kernel(tname, fused, artifacts, out_meta)
                else:
                    self._emit_transpose_header(wrapper, tname, artifacts, out_meta)
                self._emitted_transpose_names.add(tname)
                self._transpose_kernel_cache[tname] = out_meta
            # key 用 slot 的调用点名字（物理名或合成名 name__ltk）；value 记【物理名】——转置 kernel
            # 始终读物理 buffer（合成名不是真实变量，只是主 kernel 的一个独立输入槽标识）。
            mapping[slot_key] = (tname, sym_names, loader.name)
        # 原始 slot：无转置 kernel，tname=None 表示调用点直接替换成物理原始 buffer。
        for raw_key, physical in getattr(kernel, "_raw_slots", {}).items():
            mapping[raw_key] = (None, [], physical)
        return mapping

    @staticmethod
    def _emit_transpose_header(wrapper, tname: str, artifacts: Dict[str, str], out_meta: tuple) -> None:
        """把转置 kernel 的 artifacts 与 curried helper 写入 wrapper.header。

        helper 形如：
            def <tname>(input0, s0, s1):
                out = empty_strided((...), (...), device='npu', dtype=torch.float32)
                <tname>_compiled(input0, out, s0, s1)   # tensors 在前、syms 在后
                return out
        """
        size, stride, dtype, device, sym_names = out_meta
        pexpr = PythonPrinter().doprint

        def _tuple(vals):
            items = [pexpr(V.graph.sizevars.simplify(v)) for v in vals]
            suffix = "," if len(items) == 1 else ""
            return f"({', '.join(items)}{suffix})"

        obj = f"{tname}_artifacts"
        header = IndentedBuffer()
        header.writeline(f"{obj} = {{}}")
        header.splice(f"{obj}['name'] = r'''{artifacts['name']}'''")
        header.splice(f"{obj}['tiling_def'] = r'''{artifacts['tiling_def']}'''")
        header.splice(f"{obj}['host_impl'] = r'''{artifacts['host_impl']}'''")
        header.splice(f"{obj}['device_impl'] = r'''{artifacts['device_impl']}'''")
        header.splice(f"{obj}['cpp_wrapper'] = r'''{artifacts['cpp_wrapper']}'''")
        header.splice(f"{obj}['cpp_tiling_wrapper'] = r'''{artifacts['cpp_tiling_wrapper']}'''")
        header.splice(f"{obj}['is_static'] = {len(sym_names) == 0}")
        header.splice(f"{obj}['has_matmul_template'] = 'False'")
        header.splice(f"{obj}['vector_core_num'] = '{artifacts.get('vector_core_num', '-1')}'")
        header.splice(f"{obj}['ai_core_num'] = '{artifacts.get('ai_core_num', '-1')}'")
        header.writeline(f"{tname}_compiled = async_compile_ascendc(globals().get('async_compile', None), {obj})")
        params = "".join(f", {s}" for s in sym_names)
        header.writeline(f"def {tname}(input0{params}):")
        with header.indent():
            header.writeline(f"out = empty_strided({_tuple(size)}, {_tuple(stride)}, device='{device}', dtype={dtype})")
            header.writeline(f"{tname}_compiled(input0, out{params})")
            header.writeline("return out")

        wrapper.header.splice("\n\n")
        wrapper.header.splice(header.getvalue())

    def codegen_sync(self):
        raise NotImplementedError()

    def flush(self):
        pass

    def benchmark_fused_nodes(self, nodes):
        raise NotImplementedError()


def _is_codegen_graph_partition_subgraph(wrapper) -> bool:
    try:
        from torch._inductor.utils import is_codegen_graph_partition_subgraph
    except ImportError:
        return isinstance(wrapper, SubgraphPythonWrapperCodegen)
    try:
        return is_codegen_graph_partition_subgraph(wrapper)
    except (AttributeError, TypeError):
        return isinstance(wrapper, SubgraphPythonWrapperCodegen)


class _AclgraphUpdatePlanMixin(AclgraphUpdatePlanCollector):
    """ACLGraph 更新（FA 等值依赖算子）：在 codegen 期收集 update plan，随编译产物 emit。
    复用 torch_npu 层的通用能力（handler 知识库 + runtime 骨架 + NPUGraphTree replay挂载）。
    """

    def generate_after_suffix(self, result) -> None:
        super().generate_after_suffix(result)
        emit_inductor_aclgraph_update_plan_for_wrapper(
            self,
            result,
            _is_codegen_graph_partition_subgraph(self),
        )

    def codegen_cuda_stream_enter(self, stream_idx):
        """覆写 Inductor(>=2.12) 的切流上下文入口，接到 NPU 流 API（替代对 torch 全局类的 monkey-patch）：
        产出 NPU 版切流上下文行，并在首次切流时惰性声明流句柄（默认流用 torch.npu.current_stream()，
        侧流用 get_external_object_by_index，映射取自 scheduler.stream_idx_to_user_obj_idx）。刻意绕开
        codegen_device_guard_enter 的设备守卫路径（device_need_guard("npu") 为 False + 当前 torch_npu
        build 的 _DeviceGuard 已损坏）。返回对象带 stream_idx，满足 scheduler 只读 `.stream_idx` 的契约。

        放在本 mixin（而非仅 NpuWrapperCodeGen）：图分区/子图场景下 V.graph.wrapper_code 是
        NpuSubgraphWrapperCodeGen，切流仍在该 wrapper 上调 codegen_cuda_stream_enter；两个 wrapper 都
        继承本 mixin，故 super() 会按各自 MRO 落到 Python/Subgraph 基类，覆盖才完整。
        """
        if not _NPU_MULTI_STREAM:
            return super().codegen_cuda_stream_enter(stream_idx)

        # 复刻基类的嵌套检查：进入新流上下文前，上一个必须已退出。
        if V.graph.scheduler.current_stream_name is not None:
            raise ValueError(
                f"Nested stream context switching: {V.graph.scheduler.current_stream_name} -> "
                f"{_npu_get_stream_name(stream_idx)}"
            )

        if not getattr(self, "_npu_streams_declared", False):
            self._npu_streams_declared = True
            mapping = getattr(V.graph.scheduler, "stream_idx_to_user_obj_idx", {}) or {}
            get_external_import = "from torch._dynamo.graph_bytecode_inputs import get_external_object_by_index"
            if not self.imports.contains(get_external_import):
                self.imports.writeline(get_external_import)
            set_external_import = "from torch._dynamo.graph_bytecode_inputs import set_external_object_by_index"
            if not self.imports.contains(set_external_import):
                self.imports.writeline(set_external_import)
            self.writeline(f"{_NPU_DEFAULT_STREAM} = torch.npu.current_stream()")
            self.writeline(f"set_external_object_by_index(0, {_NPU_DEFAULT_STREAM})")
            for idx in sorted(mapping):
                self.writeline(
                    f"{_NPU_STREAM_NAME_TEMPLATE.format(stream_idx=idx)} = get_external_object_by_index({mapping[idx]})"
                )

        ctx_entrance = _EnterNpuStreamContextLine(stream_idx=stream_idx)
        self.writeline(ctx_entrance)
        return ctx_entrance


class NpuSubgraphWrapperCodeGen(_AclgraphUpdatePlanMixin, SubgraphPythonWrapperCodegen):
    pass


# Inductor(>=2.12) 多流 codegen 接到 NPU。多流的调度层（node->stream、跨流不融合）后端无关，
# NPU 白捡；只有 wrapper codegen 里两处写死 CUDA 需要接到 torch.npu.*：
#   1) 切流上下文 EnterCudaStreamContextLine 产 `with torch.cuda.stream(...)`；
#   2) 侧流句柄声明本由 codegen_device_guard_enter 负责，但 device_need_guard("npu") 为 False
#      （npu 刻意不进 is_gpu/GPU_TYPES）而被跳过，导致 `NameError: stream1 未定义`。
# 这里不走（当前 torch_npu build 上已损坏的）设备守卫路径，改由 _AclgraphUpdatePlanMixin.codegen_cuda_stream_enter
# 覆写（两个 wrapper——主图 NpuWrapperCodeGen 与子图/分区 NpuSubgraphWrapperCodeGen——共享该 mixin，
# 故图分区场景也覆盖）：产出下面这个 NPU 版上下文行，并在首次切流时惰性声明流句柄。跨流同步算子 torch.ops.streams.*
# 是设备无关的（record_stream/wait_stream/record_event），无需适配（wait_event 另需 tracing_asc 的
# removed_buffer 过滤，见 tracing_asc）。2.12 才有这些符号，故整体做版本守卫，保证 <2.12 仍可 import。
try:
    from torch._inductor.codegen.wrapper import EnterCudaStreamContextLine
    from torch._inductor.stream_utils import get_stream_name as _npu_get_stream_name
    from torch._inductor.stream_constants import DEFAULT_STREAM as _NPU_DEFAULT_STREAM
    from torch._inductor.stream_constants import STREAM_NAME_TEMPLATE as _NPU_STREAM_NAME_TEMPLATE

    class _EnterNpuStreamContextLine(EnterCudaStreamContextLine):
        """切流上下文的 NPU 版：产 `with torch.npu.stream(...)`（替代基类的 torch.cuda.stream）。"""

        def codegen(self, code):
            code.writeline(f"with torch.npu.stream({_npu_get_stream_name(self.stream_idx)}):")
            code.do_indent()

    _NPU_MULTI_STREAM = True
except Exception:  # torch < 2.12：无多流 codegen
    _NPU_MULTI_STREAM = False


class NpuWrapperCodeGen(_AclgraphUpdatePlanMixin, PythonWrapperCodegen):
    @staticmethod
    def create(
        is_subgraph: bool,
        subgraph_name=None,
        parent_wrapper=None,
        partition_signatures=None,
    ):
        if is_subgraph:
            # 与 base PythonWrapperCodegen.create 一致的防御性检查
            assert subgraph_name is not None
            assert parent_wrapper is not None
            wrapper_codegen = NpuSubgraphWrapperCodeGen(subgraph_name, parent_wrapper, partition_signatures)
        else:
            wrapper_codegen = NpuWrapperCodeGen()
        wrapper_codegen.imports.splice(f"from {__package__}.compiler import async_compile as async_compile_ascendc")
        return wrapper_codegen
