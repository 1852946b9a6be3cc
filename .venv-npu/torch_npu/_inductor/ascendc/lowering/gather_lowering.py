"""自定义 gather 类算子lowering：gather / embedding / index_select。

- gather / embedding：包装 inductor 原生 lowering，不在输出上调用 realize()，
  保持 Pointwise 延迟计算，使 embedding/gather 与后续 reduce 天然融合到同一 SchedulerNode。
  多 IndirectLoad 防护由 scheduler 层 _count_indirect_indexing > 1 检查保证。
- index_select：生成 Pointwise IR，body 内用 ops.indirect_indexing
  映射到 ASC IR IndirectLoad op（与 gather / embedding 共享下游链路）。
- 物化策略：对 data 输入做连续性检查，不连续即 clone+realize。
  indirect load 的下游 _decompose_indirect_expr / _find_loop_gather_axis
  依赖 data buffer 的 stride 与 loop 连续 stride 的对应关系，
  转置/expand 等非连续场景会打破该关系，因此统一物化为连续。
"""

import torch

from torch._inductor.lowering import register_lowering, lowerings, _validate_dim, new_empty
from torch._inductor.ir import Pointwise, TensorBox, FlexibleLayout
from torch._inductor.virtualized import ops, V

from ..common import current_soc  # pylint: disable=relative-beyond-top-level
from .common import _LoweringGuard, float_dtypes, Soc  # pylint: disable=relative-beyond-top-level

aten = torch.ops.aten

# indirect indexing ops 放行：gather / embedding / index_select（仅 A5+）
_LoweringGuard.support(aten.gather, float_dtypes() + (torch.int32, torch.int64), since=Soc.A5)
_LoweringGuard.support(aten.embedding, float_dtypes() + (torch.int32, torch.int64), since=Soc.A5)
_LoweringGuard.support(aten.index_select, float_dtypes() + (torch.int32, torch.int64), since=Soc.A5)
_LoweringGuard.support(aten.index.Tensor, float_dtypes() + (torch.int32, torch.int64), since=Soc.A5)


# 为 gather / embedding / index_select 注册 lowering wrapper。
# 不调用 realize()，保持 Pointwise 延迟计算，使 gather 类算子与后续 elementwise/reduce
# 天然融合到同一 SchedulerNode。多 IndirectLoad 防护由 scheduler 层
# _count_indirect_indexing > 1 检查保证。
# 仅 A5+（或 CPU mock 模式 current_soc=None）注册，非 A5 保持 inductor 原始 lowering。
if current_soc is None or current_soc >= Soc.A5:
    _orig_gather_lowering = lowerings[aten.gather.default]
    _orig_clone_lowering = lowerings[aten.clone.default]

    def _fallback_contiguous_check(view_strides, sizes):
        """连续性检查：view stride 是否等于连续 stride。"""
        expected = FlexibleLayout.contiguous_strides(sizes)
        sv = V.graph.sizevars
        return not all(sv.simplify(a - b) == 0 for a, b in zip(view_strides, expected))

    def _needs_materialize_pointwise(x):
        """对无 layout 的 Pointwise 节点，通过 trace inner_fn 检查是否需要物化。

        从 get_reads() trace inner_fn，从 MemoryDep 获取实际访问 stride。
        所有检查路径都无法确认时，返回 True（兜底物化）。
        """
        from torch._inductor.dependencies import MemoryDep
        from unittest.mock import patch as _patch

        ir_node = x.data.data if hasattr(x.data, 'data') else x.data
        if not isinstance(ir_node, Pointwise):
            return True
        try:
            with _patch.object(FlexibleLayout, 'allow_indexing', True):
                reads = ir_node.get_reads()
            for r in reads:
                if not (isinstance(r, MemoryDep) and r.var_names):
                    continue
                view_strides = V.graph.sizevars.stride_vars(r.index, r.var_names)
                if _fallback_contiguous_check(view_strides, r.size):
                    return True
        except Exception:
            return True
        return False

    def _maybe_materialize_for_indirect(x):
        """确保传入 gather 类算子的 data tensor 是连续的。

        indirect load 的下游（_decompose_indirect_expr / _find_loop_gather_axis）
        依赖 data buffer stride 与 loop 连续 stride 的对应关系。转置/expand/slice
        等非连续场景会打破该关系，因此统一物化为连续。

        有明确 layout（如 ReinterpretView/InputBuffer）时直接检查连续性。
        无 layout（如 Pointwise）时通过 get_reads() trace inner_fn 检查。
        所有检查路径都无法确认时，强制 clone + realize 兜底。

        realize 后需设 _force_realize=True，阻止 ComputedBuffer.make_loader 内联
        到原始 Pointwise（内联会用原始非连续 stride，绕过物化）。
        """
        if not isinstance(x, TensorBox):
            return x

        need_materialize = False
        layout = x.maybe_get_layout()
        if layout is not None:
            view_strides = layout.stride
            if view_strides is not None:
                need_materialize = _fallback_contiguous_check(view_strides, x.get_size())
        else:
            need_materialize = _needs_materialize_pointwise(x)

        if not need_materialize:
            return x
        x = _orig_clone_lowering(x)
        name = x.realize()
        if name is not None:
            V.graph.no_fuse_buffer_names.add(name)
            # 阻止 ComputedBuffer 内联到原始 Pointwise，确保用自身连续 layout
            storage = getattr(x, 'data', None)
            computed = getattr(storage, 'data', None) if storage is not None else None
            if computed is not None:
                if hasattr(computed, '_force_realize'):
                    computed._force_realize = True
                # FlexibleLayout.allow_indexing 默认 False，make_indexer 会 assert 失败
                # 后被静默回退到原始 Pointwise（用非连续 stride）。转成 FixedLayout 绕过。
                layout = getattr(computed, 'layout', None)
                if layout is not None and hasattr(layout, 'as_fixed'):
                    computed.layout = layout.as_fixed()
        return x

    @register_lowering(aten.gather.default, type_promotion_kind=None)
    def _gather_with_realize(x, dim, index, *, sparse_grad=False):
        x = _maybe_materialize_for_indirect(x)
        result = _orig_gather_lowering(x, dim, index, sparse_grad=sparse_grad)
        return result

    _orig_embedding_lowering = lowerings[aten.embedding.default]

    @register_lowering(aten.embedding.default, type_promotion_kind=None)
    def _embedding_with_realize(weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False):
        weight = _maybe_materialize_for_indirect(weight)
        result = _orig_embedding_lowering(weight, indices, padding_idx, scale_grad_by_freq, sparse)
        return result

    @register_lowering(aten.index_select, type_promotion_kind=None)
    def index_select(x, dim, index):
        x = _maybe_materialize_for_indirect(x)
        # 输入 x 必须是 TensorBox 包装的 IR 节点
        assert isinstance(x, TensorBox)

        size = x.get_size()
        # _validate_dim 对 dim 做标准化（处理负数维度）
        dim = _validate_dim(x, dim, 0)

        # 索引为空时直接返回空张量，跳过计算
        if index.get_numel() == 0:
            new_size = list(size)
            new_size[dim] = index.get_size()[0]
            return new_empty(x, new_size)

        # 将 TensorBox 转为 loader 函数，供 inner_fn 中按需取值
        x_loader = x.make_loader()
        index_loader = index.make_loader()

        # inner_fn: 逐元素计算逻辑，定义输出每个位置的取值规则
        def fn(idx):
            idx = list(idx)
            # 从 index 张量中取出目标元素在 dim 维度上的偏移量（标量）
            var_index = index_loader((idx[dim],))
            # 将普通索引替换为间接索引标记，下游编译时映射到 IndirectLoad ASC IR 算子
            idx[dim] = ops.indirect_indexing(var_index, size[dim])
            return x_loader(idx)

        # 构造输出 shape: dim 维度大小替换为 index 的长度
        new_size = list(size)
        new_size[dim] = index.get_size()[0]
        # 创建 Pointwise IR 节点，延迟计算，支持与周围算子融合
        result = Pointwise.create(
            device=x.get_device(),
            dtype=x.get_dtype(),
            inner_fn=fn,
            ranges=new_size,
        )
        return result

    from torch._inductor.lowering import fallback_handler

    _orig_index_lowering = lowerings[aten.index.Tensor]

    @register_lowering(aten.index.Tensor, type_promotion_kind=None)
    def _index_with_realize(x, indices):
        """aten.index.Tensor(x, [idx]) lowering wrapper。

        单 int tensor 索引：物化 data 后委托原生 lowering（Pointwise +
        ops.indirect_indexing → IndirectLoad，可融合）。
        bool/uint8 索引或多 tensor 索引：走 extern fallback（多 indirect var
        超出单 IndirectLoad 支持域，bool 由 native NotImplementedError 触发）。
        """
        tensor_indices = [i for i in indices if i is not None]
        has_bool = any(i.get_dtype() in (torch.bool, torch.uint8) for i in tensor_indices)
        if has_bool or len(tensor_indices) > 1:
            x.realize()
            return fallback_handler(aten.index.Tensor, add_to_fallback_set=False)(x, indices)
        x = _maybe_materialize_for_indirect(x)
        return _orig_index_lowering(x, indices)
