"""自定义 cat lowering：所有输入走类型提升、realize，然后包成一个 NPUConcatBuffer。
NPUConcatBuffer 继承 ir.TemplateBuffer，scheduler 通过 codegen_template 派发到 NPUScheduling。
"""

import sympy
import torch

from torch.utils._ordered_set import OrderedSet
from torch._inductor.ir import (
    FixedLayout,
    FlexibleLayout,
    InputsKernel,
    TemplateBuffer,
    TensorBox,
)
from torch._inductor.lowering import register_lowering, to_dtype, fallback_handler
from torch._inductor.lowering import lowerings
from torch._inductor.virtualized import V
from .common import _LoweringGuard, float_dtypes, Soc, all_int_dtypes  # pylint: disable=relative-beyond-top-level

aten = torch.ops.aten
origin_lowerings = lowerings.copy()

_LoweringGuard.support(aten.cat, float_dtypes())
_LoweringGuard.support(aten.cat, float_dtypes() + all_int_dtypes() + (torch.bool,), since=Soc.A5)


def _logical_layout_for_cat_input(x):
    try:
        return x.get_layout()
    except NotImplementedError:
        size = list(x.get_size())
        return FixedLayout(
            device=x.get_device(),
            dtype=x.get_dtype(),
            size=size,
            stride=FlexibleLayout.contiguous_strides(size),
        )


class NPUConcatBuffer(TemplateBuffer):
    """N 路输入沿 axis 拼接的 IR 节点。
    - inputs：每路输入是一个 Buffer/IRNode，concat 轴 size 各自独立
    - axis：concat 维度
    - 不挂 inner_fn / body；scheduler 通过 isinstance 在 codegen_template 里派发到
      NPUKernel.concat。

    直接继承 TemplateBuffer，避免被 TritonTemplateBuffer 专属路径处理。
    """

    def __init__(self, *, layout, inputs, input_layouts, axis):
        super().__init__(layout=layout, inputs=inputs, make_kernel_render=None)
        self.axis = axis
        self.input_layouts = input_layouts


# 注意：必须直接对 OpOverload 注册而不是对 packet 注册，否则 inductor 的 get_overloads()
# 会因为 "other_fn not in lowerings" 而跳过已被默认 cat 占住的 overloads，
# 导致我们只覆盖了 packet，dispatch 实际命中的 default overload 还是默认实现。
@register_lowering(
    [x for x in [aten.cat.default, getattr(aten.cat, "names", None)] if x is not None],
    type_promotion_kind=None,
)
def _npu_cat(inputs, dim=0):
    from ..config import debugging_on_cpu, max_cat_lowering_inputs  # pylint: disable=relative-beyond-top-level

    if inputs[0].get_device().type != "npu" and not debugging_on_cpu:
        return origin_lowerings.get(aten.cat.default, fallback_handler(aten.cat.default))(inputs, dim)

    # 【规则3】concat输入个数限制要求<=64，这是一个性能约束，否则编译时间超长
    # 超过64个输入时，走fallback到单算子调用，不生成NPUConcatBuffer
    if len(inputs) > max_cat_lowering_inputs:
        return fallback_handler(aten.cat.default)(inputs, dim)

    # 过滤 None；保留输入顺序
    inputs = [x for x in inputs if x is not None]
    assert len(inputs) > 0, "aten.cat got empty inputs"

    # ① dtype 自洽：自己 promote，保证进 NPUConcatBuffer 的输入 dtype 全一致
    target_dtype = inputs[0].get_dtype()
    for x in inputs[1:]:
        target_dtype = torch.promote_types(target_dtype, x.get_dtype())
    inputs = [to_dtype(x, target_dtype) if x.get_dtype() != target_dtype else x for x in inputs]

    # ② 保留 cat 语义下的 logical layout；unwrap_storage 会丢掉 view/slice 的 size/stride。
    input_layouts = [_logical_layout_for_cat_input(x) for x in inputs]

    # ③ realize 所有输入，让每个上游成为稳定 buffer，方便后续融合判断
    for x in inputs:
        x.realize()

    # ④ 计算输出 layout：concat 轴 = ΣM_i，其它维取第一个输入（lowering 期已保证一致）
    first_size = inputs[0].get_size()
    ndim = len(first_size)
    if dim < 0:
        dim += ndim

    # 【规则4】动态shape场景(concat dim，及之后的dim存在动态)，则不支持concat融合
    # 检查concat dim及之后的所有维度，如果存在动态shape（符号表达式），则走fallback
    # 注意：concat dim之前的维度（如batch维度）即使是动态的也不影响融合
    for dim_idx in range(dim, ndim):
        s = first_size[dim_idx]
        s = V.graph.sizevars.simplify(s)
        if not isinstance(s, (int, sympy.Integer)):
            return fallback_handler(aten.cat.default)(inputs, dim)

    out_size = list(first_size)
    out_size[dim] = sympy.Add(*[x.get_size()[dim] for x in inputs])
    out_stride = FlexibleLayout.contiguous_strides(out_size)

    layout = FixedLayout(
        device=inputs[0].get_device(),
        dtype=target_dtype,
        size=out_size,
        stride=out_stride,
    )

    # ⑤ inputs 解包成 Buffer/ReinterpretView，TemplateBuffer.__init__ 里也会再做一次
    unwrapped = InputsKernel.unwrap_storage(inputs)

    return TensorBox.create(
        NPUConcatBuffer(
            layout=layout,
            inputs=unwrapped,
            input_layouts=input_layouts,
            axis=dim,
        )
    )
