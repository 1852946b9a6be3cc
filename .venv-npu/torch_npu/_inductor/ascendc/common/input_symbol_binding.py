"""尺寸断言（size_asserts）关闭时，保持 NPU Inductor 输入符号的绑定。"""

from __future__ import annotations

from functools import wraps

from . import logger


def _capture_subgraph_compound_symbols(wrapper, subgraph, outer_inputs):
    import sympy
    from torch._inductor.virtualized import V

    graph = subgraph.graph
    if (
        "npu" not in getattr(V.graph, "device_types", ())
        or getattr(V.graph, "cpp_wrapper", False)
        or getattr(V.graph, "fx_wrapper", False)
    ):
        return outer_inputs

    symbols = getattr(graph, "_npu_compound_input_symbols", None)
    if symbols is None:
        # 标量输入的值可能是复合表达式而非纯 Symbol。PyTorch 会在子图 IR 中
        # 保留该表达式，但不会从标量入参绑定其自由符号。这里捕获它们在外层
        # 的实际取值并显式传入，而不是反解一个欠定的表达式。
        # 需在 scheduler/wrapper codegen 之前完成，保证 AscendC kernel 调用
        # 与 switch 的两个分支看到一致的显式符号入参。
        #
        # 张量输入的尺寸/stride 也可能是复合表达式（例如分区边界之前做过
        # view 产生的 FloorDiv(u6, 4)）。上游仅为 *named* graph input 绑定
        # 这类自由符号（bind_assert_symbols 要求 is_named_graph_input），
        # 分区边界张量即使 size_asserts 打开也会被静默跳过；纯符号已由
        # codegen_input_symbol_assignment 无条件绑定，此处排除。
        required = set()
        explicit = set()
        for value in graph.graph_inputs.values():
            if isinstance(value, sympy.Expr):
                if isinstance(value, sympy.Symbol):
                    explicit.add(value)
                else:
                    required.update(value.free_symbols)
                continue
            get_size = getattr(value, "get_size", None)
            get_stride = getattr(value, "get_stride", None)
            if get_size is None or get_stride is None:
                continue
            for expr in (*get_size(), *get_stride()):
                if isinstance(expr, sympy.Expr):
                    if isinstance(expr, sympy.Symbol):
                        explicit.add(expr)
                    else:
                        required.update(expr.free_symbols)
        symbols = tuple(sorted(required - explicit, key=str))
        for index, symbol in enumerate(symbols):
            name = f"{graph.name}_npu_input_symbol_{index}"
            while name in graph.graph_input_names or name in graph.graph_inputs:
                name += "_"
            graph.graph_inputs[name] = symbol
            graph.graph_input_names.append(name)
        # codegen 可能复用同一子图：签名只扩展一次，但每次调用都要传值。
        # 不要改动调用方的列表——它被 switch 的 true/false 两个分支共享。
        graph._npu_compound_input_symbols = symbols

    return [*outer_inputs, *(wrapper.codegen_sizevar(s) for s in symbols)]


def _patch_subgraph_input_symbols() -> None:
    from torch._inductor.codegen.wrapper import PythonWrapperCodegen

    def patch_method(name):
        if not hasattr(PythonWrapperCodegen, name):
            return
        original = getattr(PythonWrapperCodegen, name)
        if getattr(original, "npu_captures_compound_input_symbols", False):
            return

        @wraps(original)
        def codegen_with_captured_symbols(self, subgraph, outer_inputs, *args, **kwargs):
            return original(
                self,
                subgraph,
                _capture_subgraph_compound_symbols(self, subgraph, outer_inputs),
                *args,
                **kwargs,
            )

        codegen_with_captured_symbols.npu_captures_compound_input_symbols = True
        setattr(PythonWrapperCodegen, name, codegen_with_captured_symbols)

    patch_method("codegen_subgraph")
    patch_method("codegen_subgraph_with_flattened_outputs")


def _patch_python_wrapper_input_symbols() -> None:
    import torch._inductor.config as inductor_config
    from torch._inductor.codegen.wrapper import PythonWrapperCodegen
    from torch._inductor.virtualized import V

    original = PythonWrapperCodegen.codegen_inputs
    if getattr(original, "npu_binds_input_symbols_without_asserts", False):
        return

    @wraps(original)
    def codegen_inputs_with_npu_symbols(self, *args, **kwargs):
        device_types = getattr(V.graph, "device_types", ())
        if inductor_config.size_asserts or "npu" not in device_types:
            return original(self, *args, **kwargs)

        # PythonWrapperCodegen 将"输入尺寸/stride 断言"与"对应的符号变量赋值
        # （bind_input_expr_symbols 与编译期校验）"同时挂在 size_asserts 之下
        # （torch 2.14+）。我们因 NPU 运行期布局可能与 fake tensor 元数据
        # 不一致而关闭断言，但动态输入维度仍须在诸如 "u6 // 4" 的表达式
        # 打印之前完成绑定。
        #
        # 仅在 codegen_inputs() 写入这些赋值期间放通该开关。write_prefix()
        # 随后调用的 codegen_input_size_and_nan_asserts() 在本上下文之外
        # 执行，因此 NPU 不兼容的断言保持关闭。
        with inductor_config.patch(size_asserts=True):
            return original(self, *args, **kwargs)

    codegen_inputs_with_npu_symbols.npu_binds_input_symbols_without_asserts = True
    PythonWrapperCodegen.codegen_inputs = codegen_inputs_with_npu_symbols
    logger.info("Enabled NPU Inductor input-symbol binding with size assertions disabled")


def _patch_input_symbol_binding() -> None:
    _patch_python_wrapper_input_symbols()
    _patch_subgraph_input_symbols()
