import itertools
from collections import defaultdict
from typing import Dict, List, Set, Any, Optional

import sympy
import torch

from torch._inductor.utils import IndentedBuffer
from torch._inductor.codegen.common import CSEVariable
from torch._inductor.virtualized import V
from torch.utils._sympy.value_ranges import ValueRanges
from .symbols import Loop, AscExpr, DenseLoop
from .utils import StrRep
from . import current_soc, Soc


# Autofuse Data/Output nodes do not support DT_BOOL on A2/A3 SoCs (and unknown
# SoCs, where we conservatively fall back to uint8). A5+ retains native bool.
_BOOL_DTYPE = torch.uint8 if (current_soc is None or current_soc < Soc.A5) else torch.bool


HOST_SCALAR_CARRIER_DTYPES = {
    # Host carrier dtype is the public wrapper ABI used after Python .item().
    # Low precision float scalars use float32 to avoid half/bf16 host ABI.
    torch.float16: torch.float32,
    torch.bfloat16: torch.float32,
    torch.float32: torch.float32,
    torch.int8: torch.int64,
    torch.int16: torch.int64,
    torch.int32: torch.int64,
    torch.int64: torch.int64,
    torch.uint8: torch.int64,
    torch.bool: _BOOL_DTYPE,
}


ASC_SCALAR_DTYPES = {
    # ASC dtype is the ScalarData dtype consumed by AF graph/codegen.
    torch.float16: torch.float32,
    torch.bfloat16: torch.float32,
    torch.float32: torch.float32,
    torch.int8: torch.int8,
    torch.int16: torch.int16,
    torch.int32: torch.int32,
    torch.int64: torch.int64,
    torch.uint8: torch.uint8,
    torch.bool: _BOOL_DTYPE,
}


def host_scalar_carrier_dtype(dtype: torch.dtype) -> torch.dtype:
    # Python .item() enters the public wrapper through this stable host dtype.
    if dtype not in HOST_SCALAR_CARRIER_DTYPES:
        raise NotImplementedError(f"Unsupported CPU scalar tensor dtype for ScalarData: {dtype}")
    return HOST_SCALAR_CARRIER_DTYPES[dtype]


def asc_scalar_dtype(dtype: torch.dtype) -> torch.dtype:
    # AF ScalarData keep integer types . float types to float32.
    if dtype not in ASC_SCALAR_DTYPES:
        raise NotImplementedError(f"Unsupported CPU scalar tensor dtype for ASCIR ScalarData: {dtype}")
    return ASC_SCALAR_DTYPES[dtype]


class _Track:
    def __init__(self, name, parent=None):
        self.__dict__["name"] = f"{parent.name}.{name}" if parent else name
        self.__dict__["_parent"] = parent
        self.__dict__["_root"] = parent.root if parent else self
        if not parent:
            self.__dict__["attrs"] = {}

    def __getattr__(self, item):
        self.__dict__[item] = _Track(item, self)
        return self.__dict__[item]

    def __setattr__(self, key, value):
        self.__dict__[key] = _Track(key, self)
        self._root.attrs[self.__dict__[key].name] = value

    @property
    def parent(self):
        return self._parent

    @property
    def root(self):
        return self._root


class ASCIndexing(sympy.Symbol):
    __slots__ = ('asc_tensor',)

    def __new__(cls, asc_tensor):
        obj = super().__new__(cls, str(asc_tensor))
        obj.asc_tensor = asc_tensor
        return obj


class _Tensor(CSEVariable):
    def __init__(self, v: _Track):
        super().__init__(v.name, ValueRanges.unknown())
        self.op: _Op = v.parent
        self._v = v

    def as_loop(self, loop: Loop):
        if self.is_scalar():
            return self

        self._v.axis = loop.asc_axis
        self._v.size = loop.asc_size
        self._v.strides = loop.asc_stride

        private_name = self.name.replace(f'{self.op.name}.', '')
        if not loop.is_contiguous():
            self.op.set_private_attr('not_contiguous', True)
        self.op.set_private_attr(f'{private_name}.size', loop.hint_size)
        self.op.set_private_attr(f'{private_name}.strides', loop.hint_stride)
        self.op.set_private_attr(f'{private_name}.offset', loop.hint_offset)
        return self

    def is_scalar(self):
        # IndexExpr 是 host 侧的符号标量，只有被向量算子消费时才通过
        # 显式 Broadcast 扩展到循环轴；这里不能伪造 vector 元数据。
        return self.op.op_type in {"Scalar", "ScalarData", "IndexExpr"}

    def __str__(self):
        return self.name

    def __repr__(self):
        return self.name


class _WelfordReduceTensor(_Tensor):
    def __init__(self, v: _Track):
        super().__init__(v)
        self.welford_reduce_tensors = ()

    @classmethod
    def build_welford_reduce(cls, x):
        from .. import asc_ops as ir

        mean = cls(ir.reduction(x, reduce_type="mean")._v)
        brd1 = ir.broadcast(mean)
        sub1 = ir.sub(x, brd1)
        mul1 = ir.mul(sub1, sub1)
        m2 = cls(ir.reduction(mul1, reduce_type="sum")._v)
        welford_reduce_tensors = (mean, m2)
        for tensor in welford_reduce_tensors:
            tensor.bind_welford_tensors(welford_reduce_tensors)
        weight_place_holder = ir.unsupported(
            "The weight returned by welford is currently used only as a placeholder and must not participate in actual computation."
        )
        return mean, m2, weight_place_holder

    def bind_welford_tensors(self, tensors):
        self.welford_reduce_tensors = tensors
        return self

    def as_loop(self, loop: Loop):
        for tensor in self.welford_reduce_tensors:
            _Tensor.as_loop(tensor, loop)
        return self


class _SizeExprConstant:
    """标记需要序列化为 ascir.SizeExpr 的纯常量，仅用于 Arange base/step"""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class _Op(_Track):
    def __init__(self, op, name):
        super().__init__(name)
        self.__dict__['_op'] = op
        self.__dict__['private_attrs'] = {}
        self.__dict__['_size_var_map'] = {}

    def set_size_var_map(self, mapping):
        self.__dict__['_size_var_map'] = mapping

    def as_asc_attr(self, v):
        if isinstance(v, torch.dtype):
            s = str(v).replace('torch.', 'ascir.dtypes.').replace('bfloat16', 'bf16')
            if current_soc is None or current_soc < Soc.A5:
                s = s.replace('bool', 'uint8')
            return s
        if isinstance(v, _SizeExprConstant):
            return f"ascir.SizeExpr({self._sympy_to_code(v.value)})"
        if isinstance(v, sympy.Expr):
            return self._sympy_to_code(v)
        return repr(v)

    def _sympy_to_code(self, expr):
        if isinstance(expr, sympy.Expr) and not expr.free_symbols:
            return repr(expr)
        mapping = self.__dict__.get('_size_var_map', {})
        if mapping:
            subs_map = {s: sympy.Symbol(mapping[str(s)]) for s in expr.free_symbols if str(s) in mapping}
            expr = expr.xreplace(subs_map)
        return repr(expr)

    @property
    def op_type(self):
        return self._op

    @property
    def order(self):
        return self.get_private_attr('order')

    @property
    def supported(self):
        return not self.get_private_attr('is_unsupported')

    def get_attr(self, name):
        attr_name = f'{self.name}.{name}'
        if attr_name in self.attrs:
            return self.attrs[attr_name]
        return None

    def get_private_attr(self, name):
        if name in self.private_attrs:
            return self.private_attrs[name]
        return None

    def set_private_attr(self, name, value):
        self.private_attrs[name] = value

    def codegen(self, graph):
        buffer = IndentedBuffer()
        buffer.writeline(f"{self.name} = ascir.ops.{self._op}('{graph}/{self.name}', {graph})")
        for k, v in self.attrs.items():
            buffer.writeline(f"{k} = {self.as_asc_attr(v)}")
        return buffer.getvalue()


class ASCGraph:
    def __init__(self, *, name="graph", hint_str=None):
        super().__init__()
        self.name = name
        self._op_count: Dict[str:int] = defaultdict(lambda: 0)
        self.size_vars = set()
        self.axis_vars = dict()
        self._size_var_map: Dict[str, str] = {}
        self.inputs: List[str] = []
        self.inputs_outer: List[str] = []
        # Input op names are needed because Data/ScalarData default names differ
        # (data/data1 vs scalardata/scalardata1).
        self.input_op_names: List[str] = []
        # Inductor buffer names traced as runtime scalar inputs.
        self.scalar_inputs: Set[str] = set()
        self.scalar_input_dtypes: Dict[str, torch.dtype] = {}
        self.outputs: List[str] = []
        self.outputs_outer: List[str] = []
        self.ops: List[_Op] = []
        self.op_cache: Dict[str, Any] = dict()
        self.unsupported_ops: Set[str] = set()
        self.fallback_ops: Set[str] = set()
        self._current_loop: Optional[DenseLoop] = None
        # Graph-level schedule axes; auxiliary axes such as MatMul/BMM ``k``
        # may remain in ``axis_vars`` without being scheduled.
        self.schedule_axes: Optional[List[str]] = None
        self.hint_str = hint_str

    @property
    def unsupported_reason(self):
        if self.unsupported_ops:
            return f"Unsupported lowered ops: {', '.join(self.unsupported_ops)}"
        return None

    @property
    def fallback_reason(self):
        if self.fallback_ops:
            return f"Must fallback lowered ops: {', '.join(self.fallback_ops)}"
        return None

    @staticmethod
    def is_memory_op(op):
        return op.op_type in ["Data", "ScalarData", "Output", "Workspace"]

    def set_current_loop(self, loop: DenseLoop):
        self._current_loop = loop

    def set_schedule_axes(self, axes):
        """Set graph-level execution axes used by Autofuse."""
        self.schedule_axes = None if axes is None else [str(axis) for axis in axes]

    def add_op(self, op_type: str, *, name=None, is_unsupported=False):
        if name is None:
            name = op_type.lower()
            num = self._op_count[name]
            self._op_count[name] += 1
            name = f"{name}{'' if num == 0 else num}"
        op = _Op(op_type, name)
        op.set_private_attr("order", len(self.ops))
        self.ops.append(op)
        buffer_name = name
        if op_type not in ("Data", "ScalarData") and hasattr(V.kernel, "current_node") and V.kernel.current_node:
            buffer_name = V.kernel.current_node.node.name
        op.set_private_attr("buffer_name", buffer_name)
        if is_unsupported:
            op.set_private_attr("is_unsupported", True)
            self.unsupported_ops.add(op.op_type)
        return self.ops[-1]

    def add_fallback_op(self, op_type: str, *, name=None):
        self.add_op(op_type, name=name, is_unsupported=True)
        self.fallback_ops.add(op_type)
        return self.ops[-1]

    def get_op(self, name):
        for op in self.ops:
            if op.name == name:
                return op
        return None

    def get_tensor(self, name, index=0):
        op: _Op = self.get_op(name)
        if op is not None:
            if index != 0:
                raise RuntimeError(f"Only support single tensor for now, but got {index}")
            return _Tensor(op.y)
        return None

    def get_input_tensor(self, name):
        try:
            index = self.inputs.index(name)
            return self.get_tensor(self.input_op_names[index])
        except ValueError:
            return None

    def input(self, name, dtype, *, outer_name=None):
        outer_name = outer_name or name
        self.inputs.append(name)
        self.inputs_outer.append(outer_name)
        from .. import asc_ops as ir

        tensor = ir.data(name=name, dtype=dtype, index=len(self.inputs) - 1)
        self.input_op_names.append(tensor.op.name)
        return tensor

    def scalar_input(self, name, dtype, *, outer_name=None):
        outer_name = outer_name or name
        self.inputs.append(name)
        self.inputs_outer.append(outer_name)
        self.scalar_inputs.add(name)
        self.scalar_input_dtypes[name] = dtype
        from .. import asc_ops as ir

        # ScalarData is a graph input, but AF passes it by value rather than as
        # a device pointer.
        tensor = ir.scalar_data(name=name, dtype=dtype, index=len(self.inputs) - 1)
        self.input_op_names.append(tensor.op.name)
        return tensor

    def reorder_inputs(self, canonical_names):
        # 重排 Data/ScalarData op 的 index，使其与 canonical_names 顺序一致（通常
        # 是 V.graph.graph_inputs 的签名顺序），从而让 FusedGraph 的输入顺序
        # 与 model forward 的参数对齐。AscBackend 通过 attr.ir_attr.index 将
        # HintGraph Data 绑定到 FusedGraph Data，因此只需重写 index 值；
        # self.ops 中的位置不受影响。
        name_to_old_idx = {name: i for i, name in enumerate(self.inputs)}
        new_order = [n for n in canonical_names if n in name_to_old_idx]
        new_order += [n for n in self.inputs if n not in set(canonical_names)]
        for new_idx, name in enumerate(new_order):
            old_idx = name_to_old_idx[name]
            op_name = self.input_op_names[old_idx]
            op = self.get_op(op_name)
            op.attrs[f'{op_name}.attr.ir_attr.index'] = new_idx
        self.inputs = new_order
        self.inputs_outer = [self.inputs_outer[name_to_old_idx[n]] for n in new_order]
        self.input_op_names = [self.input_op_names[name_to_old_idx[n]] for n in new_order]

    def output(self, name, dtype, *, src, outer_name=None):
        outer_name = outer_name or name
        self.outputs.append(name)
        self.outputs_outer.append(outer_name)
        from .. import asc_ops as ir

        return ir.output(name=name, dtype=dtype, src=src, index=len(self.outputs) - 1)

    def size(self, name, original_name=None):
        self.size_vars.add(StrRep(name))
        if original_name is not None:
            self._size_var_map[original_name] = name

    def axis(self, name, range_expr):
        self.axis_vars[StrRep(name)] = range_expr

    def as_dot(self):
        from .debug import make_graph_dot

        return make_graph_dot(self)

    def codegen(self, var_name=None, with_hint=False) -> IndentedBuffer:
        var_name = var_name or self.name
        graph = IndentedBuffer()
        # Head graph define
        if with_hint and self.hint_str is not None:
            graph.writeline("'''")
            graph.splice(self.hint_str)
            graph.writeline("'''")
        graph.writeline(f"{var_name} = ascir.HintGraph('{var_name}')")
        # Size var and axis
        self.size_vars = sorted(list(self.size_vars))
        for size_var in self.size_vars:
            graph.writeline(f'{size_var} = {var_name}.create_size("{size_var}")')
        for axis, range_expr in self.axis_vars.items():
            graph.writeline(f'{axis} = {var_name}.create_axis("{axis}", {repr(AscExpr(range_expr))})')
        # Emit graph-level schedule after declaring all axes.
        if self.schedule_axes:
            graph.writeline(f"{var_name}.sched.axis = [{', '.join(self.schedule_axes)}]")
        # Ops codegen
        for i, op in enumerate(self.ops):
            op.set_size_var_map(self._size_var_map)
            graph.splice(op.codegen(var_name))
        graph.writeline(f"{var_name}.infer_dtypes()")
        return graph


class FusedASCGraph:
    def __init__(self, *, graph: ASCGraph, outputs: List[str]):
        super().__init__()
        # 单图模式：所有 SchedulerNode 的算子都落在同一个 ASCGraph 下，共享一组循环轴
        self._graph: ASCGraph = graph

        self.inputs: List[str] = [buf for buf in list(dict.fromkeys(graph.inputs)) if buf not in graph.outputs]
        self.outputs: List[str] = outputs
        self.size_vars = sorted(graph.size_vars)

        self.inputs_outer: List[str] = []
        self.outputs_outer: List[str] = []
        self.args: List[str] = []
        self.prof_size_var_names: Set[str] = set()
        self.prof_size_vars: List = []

        self.cpp_wrapper: Optional[str] = None
        self.asc_graph: Optional[str] = None
        self.name: Optional[str] = None

    @property
    def graph(self):
        return self._graph

    @property
    def subgraphs(self):
        # 兼容老接口：调试/统计代码可能仍按 subgraphs 列表枚举
        return [self._graph]

    @property
    def is_fused_mm(self):
        return any(op.op_type in {"MatMul", "MatMulBias", "BatchMatMul", "BatchMatMulBias"} for op in self.graph.ops)

    @property
    def tiling_dtype_str(self):
        if self.is_fused_mm:
            return "CVAutofuseTilingData"
        return "AutofuseTilingData"

    def as_dot(self):
        from .debug import make_fused_graph_dot

        return make_fused_graph_dot(self)

    def codegen(self, var_name) -> IndentedBuffer:
        fused_graph = IndentedBuffer()

        graph = self._graph
        fused_graph.writeline(f"# {'-' * 20 + graph.name + '-' * 20}")
        graph_def = graph.codegen(f'{graph.name}_hint', with_hint=var_name != "cache_hint")
        fused_graph.splice(graph_def)

        fused_graph.writeline(f"# {'-' * 20 + var_name + '-' * 20}")
        fused_graph.writeline(f"{var_name} = ascir.FusedGraph('{var_name}')")

        # 对 FusedGraph 中的 buffer 做匿名化处理，保证缓存命中率
        anonymous_buffers = dict()
        for i, read in enumerate(self.inputs):
            anonymous_buffers[read] = f"input{i}"
        for i, write in enumerate(self.outputs):
            anonymous_buffers[write] = f"output{i}"
        workspace_index = 0
        for buffer in itertools.chain(graph.inputs, graph.outputs):
            if buffer not in anonymous_buffers:
                anonymous_buffers[buffer] = f"workspace{workspace_index}"
                workspace_index += 1

        def replace_buffer(buffers: List[str]) -> List[str]:
            return [anonymous_buffers.get(buf, buf) for buf in buffers]

        fused_graph.writeline(f"{graph.name} = ascir.ops.AscBackend('{graph.name}', {graph.name}_hint, {var_name})")

        for i, read in enumerate(self.inputs):
            buffer = anonymous_buffers.get(read, read)
            # Keep the outer FusedGraph input kind aligned with the HintGraph
            # input kind, otherwise AscBackend will bind Data/ScalarData to the
            # wrong argument position.
            input_op = "ScalarData" if read in graph.scalar_inputs else "Data"
            fused_graph.writeline(f"{buffer} = ascir.ops.{input_op}('{buffer}', {var_name})")
            fused_graph.writeline(f"{buffer}.attr.ir_attr.index = {i}")

        for i, buffer in enumerate(replace_buffer(graph.outputs)):
            fused_graph.writeline(f"{buffer} = {graph.name}.y[{i}]")

        fused_graph.writeline(f"{graph.name}.x = [{', '.join(replace_buffer(graph.inputs))}]")

        for i, buffer in enumerate(replace_buffer(self.outputs)):
            output_name = f'graph_output{i}'
            fused_graph.writeline(f"{output_name} = ascir.ops.Output('{buffer}', {var_name})")
            fused_graph.writeline(f"{output_name}.attr.ir_attr.index = {i}")
            fused_graph.writeline(f"{output_name}.x = [{buffer}]")

        fused_graph.splice(f'''
        fuser = Autofuser(AutofuserOptions(graph_type=1))
        scheduled_{var_name} = fuser.schedule({var_name})
        tiling_def, host_impl, device_impl = fuser.codegen(scheduled_{var_name})
        ''')

        return fused_graph
