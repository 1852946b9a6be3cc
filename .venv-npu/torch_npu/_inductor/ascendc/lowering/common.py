import os
import atexit
import threading
from typing import Dict, Tuple, List, Union

import torch

from torch._ops import OpOverload, OpOverloadPacket

from ..common import logger, current_soc, Soc  # pylint: disable=relative-beyond-top-level


class LowerSummary:
    def __init__(self):
        self.enabled = os.getenv("TORCH_COMPILE_DEBUG", "0") == "1"
        self.lowered_ops = dict()
        self.fallback_ops = dict()
        self._local = threading.local()
        # 在 _finetune_decompose() 清空之前快照原始 decompositions key 集合
        from torch._inductor.decomposition import decompositions as inductor_decomps

        self._original_decomp_ops = set(inductor_decomps.keys())

    def _node_key(self, node: torch.fx.Node):
        def arg_str(v):
            if isinstance(v, torch.Tensor):
                return f'Tensor({v.dtype}, shape={tuple(v.size())}, stride={v.stride()}, {v.device})'
            else:
                return str(v)

        key = f"{node.target}("
        for v in node.args:
            key += f"{arg_str(v.meta.get('val', None) if isinstance(v, torch.fx.Node) else v)}, "
        for k, v in node.kwargs.items():
            key += f"{k}={arg_str(v.meta.get('val', None) if isinstance(v, torch.fx.Node) else v)}, "
        key = key.rstrip(", ") + ") -> "
        key += arg_str(node.meta.get('val', None))
        return key

    def _op_support_flags(self, target) -> str:
        if not isinstance(target, torch._ops.OpOverload):
            return ""
        from torch._inductor.lowering import lowerings

        has_lowering = target in lowerings
        has_decomp = target in self._original_decomp_ops
        return f", has_lowering={has_lowering}, has_decompose={has_decomp}"

    def lowered(self, node: torch.fx.Node):
        if not self.enabled:
            return
        key = self._node_key(node)
        self._record(self.lowered_ops, "lowered_ops", key)

    def fallback(self, node: torch.fx.Node, reason):
        if not self.enabled:
            return
        support_flags = self._op_support_flags(node.target)
        key = self._node_key(node) + f"  # reason: {reason}{support_flags}"
        self._record(self.fallback_ops, "fallback_ops", key)

    def _record(self, process_ops, graph_ops_name, key):
        process_ops[key] = process_ops.get(key, 0) + 1

        graph_state = getattr(self._local, "graph_state", None)
        if graph_state is None:
            return
        graph_ops = graph_state[graph_ops_name]
        graph_ops[key] = graph_ops.get(key, 0) + 1

    def begin_graph(self):
        if not self.enabled:
            return

        graph_state = getattr(self._local, "graph_state", None)
        if graph_state is None:
            from torch._functorch.aot_autograd import get_aot_graph_name

            self._local.graph_state = {
                "name": get_aot_graph_name(),
                "depth": 1,
                "lowered_ops": {},
                "fallback_ops": {},
            }
        else:
            graph_state["depth"] += 1

    def end_graph(self):
        if not self.enabled:
            return

        graph_state = getattr(self._local, "graph_state", None)
        if graph_state is None:
            return
        graph_state["depth"] -= 1
        if graph_state["depth"] != 0:
            return

        # GraphLowering.run() is the boundary of one FX graph lowering.
        # Clear thread-local state before logging so a handler failure cannot
        # leak this graph's statistics into the next compilation.
        del self._local.graph_state
        self._log(
            graph_state["lowered_ops"],
            graph_state["fallback_ops"],
            graph_state["name"],
        )

    @staticmethod
    def _log(lowered_ops, fallback_ops, graph_name):
        lines = ["[LowerSummary]"]
        if graph_name:
            lines[0] += f"[{graph_name}]"

        for key, count in lowered_ops.items():
            lines.append(f"Lowered {count}x {key}")

        for key, count in fallback_ops.items():
            lines.append(f"Fallback {count}x {key}")

        logger.info("\n".join(lines))

    def save(self):
        if not self.enabled:
            return
        if not self.lowered_ops and not self.fallback_ops:
            return

        self._log(self.lowered_ops, self.fallback_ops, "Process")


def exclude(*args):
    # 12个类型
    all_dtypes = {
        torch.int8,
        torch.int16,
        torch.int32,
        torch.int64,
        torch.uint8,
        torch.uint16,
        torch.uint32,
        torch.uint64,
        torch.float16,
        torch.float32,
        torch.bfloat16,
        torch.bool,
    }
    return tuple(dtype for dtype in all_dtypes if dtype not in args)


def float_dtypes():
    return (torch.float16, torch.float32, torch.bfloat16)


def byte_dtypes():
    return (torch.uint8, torch.bool)


def int_dtypes():
    return (torch.int32,)


def all_int_dtypes():
    """NPU 支持的全部整数 dtype。"""
    return (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.uint16, torch.uint32, torch.uint64)


class _LoweringGuard:
    _data: Dict[OpOverload, Tuple[Tuple[torch.dtype], Tuple[torch.dtype]]] = {}

    @classmethod
    def has(cls, op: OpOverload):
        return op in cls._data

    @classmethod
    def dtypes_support(cls, op: OpOverload):
        return cls._data.get(op)

    @classmethod
    def support(
        cls,
        ops: Union[OpOverload, OpOverloadPacket, Tuple[OpOverload]],
        support_in_dtypes: Tuple[torch.dtype, ...],
        support_out_dtypes: Tuple[torch.dtype, ...] = None,
        since: Soc = None,
    ):
        if current_soc and since and current_soc < since:
            return
        support_out_dtypes = support_out_dtypes if support_out_dtypes is not None else support_in_dtypes
        if isinstance(ops, OpOverloadPacket):
            ops = [getattr(ops, overload) for overload in ops.overloads()]
        elif isinstance(ops, OpOverload):
            ops = [ops]
        for op in ops:
            cls._data[op] = (support_in_dtypes, support_out_dtypes)


_summary = LowerSummary()
atexit.register(lambda: _summary.save())  # pylint: disable=unnecessary-lambda
