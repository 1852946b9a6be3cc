from __future__ import annotations

import dataclasses
import itertools
import json
import os
from concurrent.futures import Future
from itertools import count
from typing import Any, Iterable, Literal, Optional, Sequence

import sympy
import torch
from torch._dynamo.utils import defake
from torch._inductor import config as inductor_config, metrics
from torch._inductor.codegen.common import SizeArg, TensorArg
from torch._inductor.codegen.cpp_utils import CppPrinter
from torch._inductor.codegen.cpp_wrapper_cpu import CppWrapperCpu
from torch._inductor.graph import GraphLowering
from torch._inductor.utils import clone_preserve_strides
from torch._inductor.virtualized import V
from torch._inductor.virtualized import NullHandler
from torch._subclasses.fake_tensor import FakeTensor
from torch_npu._inductor._aclgraph_update_plan import (
    emit_inductor_aclgraph_update_plan_for_wrapper,
)

from . import config as ascendc_config
from .common.aclgraph import AclgraphUpdatePlanCollector
from .common.asc_graph import host_scalar_carrier_dtype
from .common import logger

_HOST_SCALAR_CPP_TYPES = {
    torch.float32: "float",
    torch.int64: "int64_t",
    torch.bool: "bool",
    torch.uint8: "uint8_t",
}


@dataclasses.dataclass(frozen=True)
class KernelArgSpec:
    """One public AscendC wrapper argument (stream/key excluded)."""

    kind: Literal["tensor", "size", "scalar"]
    dtype: Optional[torch.dtype]
    cpp_type: str


class CppWrapperAscendC(AclgraphUpdatePlanCollector, CppWrapperCpu):
    """Generate an Inductor JIT C++ wrapper that launches AscendC kernels."""

    def __init__(self) -> None:
        self._sync_around_fuse_kernel = ascendc_config.sync_around_fuse_kernel
        self.device = "npu"
        self._ascendc_kernel_specs: dict[str, tuple[KernelArgSpec, ...]] = {}
        self._pending_ascendc_kernels = {}
        self._ascendc_async_compile = None
        self._transpose_metadata: dict[str, tuple] = {}
        self._layout_check_header_emitted = False
        self._layout_check_log_path: Optional[str] = None
        self._kernel_args_dump_path: Optional[str] = None
        self._tmp_id = count()
        super().__init__()

    def _get_ascendc_async_compile(self):
        if self._ascendc_async_compile is None:
            from torch._inductor.async_compile import AsyncCompile

            self._ascendc_async_compile = AsyncCompile()
        return self._ascendc_async_compile

    def _set_debug_log_paths(self) -> None:
        if os.getenv("TORCH_COMPILE_DEBUG", "0") != "1":
            return
        from .common.debug import _get_asserts_base

        debug_dir = _get_asserts_base()
        if debug_dir:
            self._layout_check_log_path = os.path.join(debug_dir, "layout_check.log")
            self._kernel_args_dump_path = os.path.join(debug_dir, "kernel_args_dump.log")

    def write_header(self) -> None:
        if V.graph.aot_mode or V.graph.is_const_graph:
            raise NotImplementedError(
                "AscendC C++ wrapper supports torch.compile JIT only; AOT/constant graphs are unsupported"
            )
        super().write_header()

    def generate_end(self, result) -> None:
        """Attach the ACLGraph plan after the base ``generate_end`` emits ``call``."""
        super().generate_end(result)
        emit_inductor_aclgraph_update_plan_for_wrapper(self, result, is_graph_partition_subgraph=False)

    def add_device_include(self, device: str) -> None:
        if device != "npu":
            super().add_device_include(device)
            return
        if device in self.included_devices:
            return

        self.included_devices.add(device)
        self.header.splice(
            """
            #include <torch/csrc/inductor/aoti_torch/c/shim.h>
            #include <torch_npu/csrc/inductor/aoti_torch/generated/c_shim_npu.h>
            #if __has_include(<torch_npu/csrc/inductor/aoti_torch/c/shim_npu.h>)
            #include <torch_npu/csrc/inductor/aoti_torch/c/shim_npu.h>
            #endif
            #include <torch/csrc/Device.h>
            #include <torch/csrc/inductor/cpp_wrapper/common.h>
            #include <torch/csrc/stable/accelerator.h>
            #include <torch/csrc/profiler/api.h>
            #include <acl/acl_rt.h>
            #include <Python.h>
            #include <array>
            #include <cstdint>
            #include <cstdlib>
            #include <cstring>
            #include <dlfcn.h>
            #include <fstream>
            #include <iostream>
            #include <stdexcept>
            #include <string>
            extern "C" int32_t aoti_torch_device_type_npu();
            typedef at::Half half;
            typedef at::BFloat16 bfloat16;
            using namespace torch::aot_inductor;

            namespace inductor_npu_ext_device_limit {
            struct DeviceLimit {
                bool enabled = false;
                uint32_t aiv_num = 0;
                uint32_t aic_num = 0;
            };

            inline DeviceLimit read() {
                int32_t device = -1;
                if (aclrtGetDevice(&device) != ACL_SUCCESS) {
                    return {};
                }
                uint32_t aiv_num = 0;
                uint32_t aic_num = 0;
                if (aclrtGetDeviceResLimit(device, ACL_RT_DEV_RES_VECTOR_CORE, &aiv_num) != ACL_SUCCESS ||
                    aclrtGetDeviceResLimit(device, ACL_RT_DEV_RES_CUBE_CORE, &aic_num) != ACL_SUCCESS) {
                    return {};
                }
                return {true, aiv_num, aic_num};
            }

            inline const DeviceLimit &current() {
                static const DeviceLimit limit = read();
                return limit;
            }
            }  // namespace inductor_npu_ext_device_limit
            """
        )

    def codegen_device(self, device) -> str:
        if device.type != "npu":
            return super().codegen_device(device)
        self.used_cached_devices.add("npu")
        return f"cached_torch_device_type_npu, {device.index or 0}"

    def codegen_cuda_stream_enter(self, stream_idx: int):
        raise NotImplementedError("AscendC C++ wrapper does not support Inductor-internal CUDA stream contexts")

    @staticmethod
    def _compatible_with_stableivalue(op_overload) -> bool:
        schema = getattr(op_overload, "_schema", None)
        if schema is not None:
            device_type = torch.DeviceObjType
            if any(isinstance(arg.type, device_type) for arg in schema.arguments):
                return False
            if any(isinstance(ret.type, device_type) for ret in schema.returns):
                return False
        return CppWrapperCpu._compatible_with_stableivalue(op_overload)

    def generate_py_arg(self, py_args_var, idx, raw_arg, arg_type):
        generated = super().generate_py_arg(py_args_var, idx, raw_arg, arg_type)
        return generated.replace("THPDevice_New(c10::Device(", "THPDevice_New(at::Device(")

    @staticmethod
    def create(is_subgraph: bool, subgraph_name=None, parent_wrapper=None, partition_signatures=None):
        return CppWrapperAscendC()

    @staticmethod
    def _scalar_cpp_type(dtype: torch.dtype) -> str:
        try:
            return _HOST_SCALAR_CPP_TYPES[host_scalar_carrier_dtype(dtype)]
        except (KeyError, NotImplementedError) as exc:
            raise NotImplementedError(f"Unsupported AscendC C++ wrapper scalar dtype: {dtype}") from exc

    @classmethod
    def _argument_specs(cls, fused_graph, precompile_args: Sequence[Any], *, kernel_name: str):
        scalar_inputs = fused_graph.graph.scalar_inputs
        specs = []
        for arg in precompile_args:
            if isinstance(arg, TensorArg):
                if arg.buffer in scalar_inputs:
                    specs.append(KernelArgSpec("scalar", arg.dtype, cls._scalar_cpp_type(arg.dtype)))
                else:
                    specs.append(KernelArgSpec("tensor", arg.dtype, "void *"))
            elif isinstance(arg, SizeArg):
                specs.append(KernelArgSpec("size", torch.int64, "int64_t"))
            else:
                raise NotImplementedError(
                    f"AscendC kernel {kernel_name}: unsupported argument type {type(arg).__name__}"
                )
        return tuple(specs)

    @staticmethod
    def _cpp_expr(expr: Any) -> str:
        return expr if isinstance(expr, str) else CppPrinter().doprint(expr)

    @classmethod
    def _cpp_expr_with_symbols(cls, expr: Any, symbol_replacements: dict[str, Any]) -> str:
        """Print a SymPy expression after replacing wrapper symbols.

        Substitute at the SymPy object level before invoking ``CppPrinter``.
        Converting the expression to text first breaks printer handling for
        operations such as ``floor`` and ``Min``.
        """
        if isinstance(expr, sympy.Basic):
            replacements = {}
            for symbol in expr.free_symbols:
                value = symbol_replacements.get(str(symbol))
                if value is None:
                    continue
                replacements[symbol] = value if isinstance(value, sympy.Basic) else sympy.Symbol(str(value))
            if replacements:
                expr = expr.subs(replacements)
        return cls._cpp_expr(expr)

    @staticmethod
    def _kernel_state_runtime_source(
        state_name: str,
        kernel_name: str,
        function_types: str,
        wrapper_literal: str,
        debug_log_literal: str,
        init_body: str,
        *,
        require_release: bool = False,
        description: str = "AscendC wrapper",
    ) -> str:
        release_typedef = "    using ReleaseFn = int (*)(char *);\n" if require_release else ""
        release_member = "    ReleaseFn release = nullptr;\n" if require_release else ""
        release_lookup = (
            '            release = reinterpret_cast<ReleaseFn>(dlsym(library, "release"));\n' if require_release else ""
        )
        release_check = " || release == nullptr" if require_release else ""
        missing_symbols = (
            f'"{description} for {kernel_name} is missing init, wrapper, or release"'
            if require_release
            else f'"{description} for {kernel_name} is missing init or wrapper"'
        )
        return f"""
    using InitFn = int (*)(const char *, const char *);
{release_typedef}
    using SetDeviceLimitFn = void (*)(uint32_t, uint32_t, uint32_t);
    using SetDebugLogPathFn = void (*)(const char *);
    using SetProfEnabledFn = void (*)(uint8_t);
    using WrapperFn = int (*)({function_types});

    void *library = nullptr;
    WrapperFn wrapper = nullptr;
    SetDeviceLimitFn set_device_limit_fn = nullptr;
{release_member}
    SetDebugLogPathFn set_debug_log_path = nullptr;
    SetProfEnabledFn set_prof_enabled = nullptr;

    void refresh_prof_enabled() {{
        if (set_prof_enabled != nullptr) {{
            set_prof_enabled(static_cast<uint8_t>(
                torch::profiler::impl::profilerEnabled() ? 1 : 0
            ));
        }}
    }}

    static void close_library(void *&handle) noexcept {{
        if (handle != nullptr) {{
            dlclose(handle);
            handle = nullptr;
        }}
    }}

    {state_name}() {{
        try {{
            library = dlopen({wrapper_literal}, RTLD_NOW | RTLD_LOCAL);
            if (library == nullptr) {{
                const char *error = dlerror();
                throw std::runtime_error(
                    std::string("Failed to load {description} for {kernel_name}: ") +
                    (error == nullptr ? "unknown dlopen error" : error)
                );
            }}

            auto init = reinterpret_cast<InitFn>(dlsym(library, "init"));
            wrapper = reinterpret_cast<WrapperFn>(dlsym(library, "wrapper"));
            set_device_limit_fn = reinterpret_cast<SetDeviceLimitFn>(dlsym(library, "set_device_limit"));
{release_lookup}            set_debug_log_path = reinterpret_cast<SetDebugLogPathFn>(
                dlsym(library, "set_debug_log_path")
            );
            set_prof_enabled = reinterpret_cast<SetProfEnabledFn>(
                dlsym(library, "set_prof_enabled")
            );
            if (init == nullptr || wrapper == nullptr{release_check}) {{
                throw std::runtime_error({missing_symbols});
            }}
            if (set_debug_log_path != nullptr) {{
                set_debug_log_path({debug_log_literal});
            }}
            refresh_prof_enabled();
            const auto &device_limit = inductor_npu_ext_device_limit::current();
            if (device_limit.enabled) {{
                if (set_device_limit_fn != nullptr) {{
                    set_device_limit_fn(device_limit.aiv_num, device_limit.aic_num, 0);
                }} else {{
                    std::cerr << "WARNING: AscendC wrapper is missing set_device_limit; using default resources"
                              << std::endl;
                }}
            }}
{init_body}
        }} catch (...) {{
            close_library(library);
            throw;
        }}
    }}
"""

    def _kernel_state_source(
        self,
        kernel_name: str,
        argument_specs: Sequence[KernelArgSpec],
        wrapper_path: str,
        kernel_path: str,
        kernel_key: Optional[str],
        kernel_args_dump_path: Optional[str] = None,
    ) -> str:
        state_name = f"AscendCKernelState_{kernel_name}"
        launcher_name = f"launch_{kernel_name}"
        function_types = ", ".join([arg.cpp_type for arg in argument_specs] + ["void *", "char *"])
        parameter_list = ", ".join(f"{arg.cpp_type} arg{index}" for index, arg in enumerate(argument_specs))
        forwarded_args = [f"arg{index}" for index in range(len(argument_specs))]

        wrapper_literal = json.dumps(wrapper_path)
        kernel_literal = json.dumps(kernel_path)
        key_literal = "nullptr" if kernel_key is None else json.dumps(kernel_key)
        debug_log_literal = "nullptr" if kernel_args_dump_path is None else json.dumps(str(kernel_args_dump_path))
        wrapper_key_literal = "nullptr" if kernel_key is None else f"const_cast<char *>({key_literal})"
        forwarded_args.extend(["nullptr", wrapper_key_literal])
        forwarded_args_text = ", ".join(forwarded_args)
        release_source = ""
        if kernel_key is not None:
            release_source = f"""
            if (release(const_cast<char *>({key_literal})) != 0) {{
                throw std::runtime_error("Failed to select AscendC kernel {kernel_name}");
            }}
"""

        init_body = f"""
            if (init({kernel_literal}, {key_literal}) != 0) {{
                throw std::runtime_error("Failed to initialize AscendC kernel {kernel_name}");
            }}
{release_source}"""
        runtime_source = self._kernel_state_runtime_source(
            state_name,
            kernel_name,
            function_types,
            wrapper_literal,
            debug_log_literal,
            init_body,
            require_release=kernel_key is not None,
        )
        return f"""
namespace {{
struct {state_name} {{
{runtime_source}
}};

static inline void {launcher_name}({parameter_list}) {{
    // The artifact library must stay loaded for every graph invocation, so
    // this process-lifetime state is intentionally not destroyed.
    static auto *state = new {state_name}();
    if (state->set_debug_log_path != nullptr) {{
        state->set_debug_log_path({debug_log_literal});
    }}
    state->refresh_prof_enabled();
    const int result = state->wrapper({forwarded_args_text});
    if (result != 0) {{
        throw std::runtime_error(
            "AscendC kernel {kernel_name} execution failed, return code=" + std::to_string(result)
        );
    }}
}}
}} // namespace
"""

    def _emit_compiled_kernel(self, name, compiled):
        from .compiler._autotune import NpuInductorAutoTuneKernel

        argument_specs = self._ascendc_kernel_specs[name]
        compiled_wrapper = compiled.lib_wrapper
        compiled_kernel = compiled.lib_kernel
        kernel_key = compiled.kernel_key
        if isinstance(compiled, NpuInductorAutoTuneKernel) and compiled_wrapper in V.graph._ascendc_unvisited_topn:
            candidate = compiled.kernel_infos[0]
            compiled_kernel, kernel_key = candidate.kernel, candidate.kernel_key
            logger.debug("AscendC kernel %s was not visited by autotune; using first candidate %s", name, kernel_key)
        if compiled_wrapper is None or compiled_kernel is None:
            raise RuntimeError(
                f"AscendC kernel {name}: compiler returned incomplete artifact "
                f"wrapper={compiled_wrapper!r}, kernel={compiled_kernel!r}"
            )
        self._layout_check_log_path = compiled.layout_check_log_path or self._layout_check_log_path
        self._kernel_args_dump_path = compiled.kernel_args_dump_path or self._kernel_args_dump_path
        self.header.splice(
            self._kernel_state_source(
                name,
                argument_specs,
                compiled_wrapper,
                compiled_kernel,
                kernel_key,
                self._kernel_args_dump_path,
            )
        )

    def _finalize_ascendc_kernels(self) -> None:
        pending = self._pending_ascendc_kernels
        self._pending_ascendc_kernels = {}
        for name, compiled in pending.items():
            self._emit_compiled_kernel(name, compiled.result() if isinstance(compiled, Future) else compiled)

    def generate(self, is_inference):
        self._finalize_ascendc_kernels()
        return super().generate(is_inference)

    def define_ascendc_kernel(self, kernel, precompile_args) -> None:
        kernel_name = kernel.kernel_name
        if kernel_name in self._ascendc_kernel_specs:
            return
        from .compiler import async_compile

        artifacts = kernel._artifacts.to_dict()  # pylint: disable=protected-access
        artifacts["is_static"] = kernel._is_static  # pylint: disable=protected-access
        self._ascendc_kernel_specs[kernel_name] = self._argument_specs(
            kernel.fused_graph, precompile_args, kernel_name=kernel_name
        )
        self._set_debug_log_paths()
        self._pending_ascendc_kernels[kernel_name] = async_compile(self._get_ascendc_async_compile(), artifacts)

    def define_ascendc_transpose_kernel(self, kernel_name, fused_graph, artifacts, out_meta) -> None:
        """Define one independently compiled transpose artifact in C++ mode."""

        if kernel_name in self._ascendc_kernel_specs:
            return
        from .compiler import async_compile  # noqa: PLC0415

        compile_artifacts = dict(artifacts)
        compile_artifacts["is_static"] = len(fused_graph.size_vars) == 0
        self._ascendc_kernel_specs[kernel_name] = self._argument_specs(
            fused_graph, fused_graph.args, kernel_name=kernel_name
        )
        self._set_debug_log_paths()
        self._pending_ascendc_kernels[kernel_name] = async_compile(self._get_ascendc_async_compile(), compile_artifacts)
        self._transpose_metadata[kernel_name] = out_meta

    def _ensure_layout_check_header(self) -> None:
        if self._layout_check_header_emitted:
            return
        self._layout_check_header_emitted = True
        # Bake the config switch at codegen time (native pattern: no getenv in generated code).
        enforce_literal = "true" if ascendc_config.check_layout_enabled else "false"
        self.header.splice(
            f"""
            namespace inductor_npu_ext_layout_check {{
            inline bool enabled() {{
                const char *debug = std::getenv("TORCH_COMPILE_DEBUG");
                return (debug != nullptr && std::strcmp(debug, "1") == 0) || {enforce_literal};
            }}

            inline bool enforce() {{ return {enforce_literal}; }}
            """
        )
        self.header.splice(
            """
            inline void append_log(
                const char *path,
                const char *level,
                const char *kernel,
                const char *input,
                const std::string& detail
            ) {
                if (path == nullptr || *path == '\\0') {
                    return;
                }
                std::ofstream output(path, std::ios::out | std::ios::app);
                if (output.is_open()) {
                    output << "[" << level << "] kernel=" << kernel
                           << ", input=" << input << ", " << detail << std::endl;
                }
            }

            inline void fail(
                const char *log_path,
                const char *kernel,
                const char *input,
                const std::string& detail,
                bool *ok
            ) {
                if (ok != nullptr) {
                    *ok = false;
                }
                const std::string message =
                    std::string("AscendC fused layout check failed: kernel=") + kernel +
                    ", input=" + input + ", " + detail;
                append_log(log_path, "WARNING", kernel, input, detail);
                if (enforce()) {
                    throw std::runtime_error(message);
                }
                std::cerr << "WARNING: " << message << std::endl;
            }

            inline void info(
                const char *log_path,
                const char *kernel,
                const char *input,
                const std::string& detail
            ) {
                append_log(log_path, "INFO", kernel, input, detail);
            }
            } // namespace inductor_npu_ext_layout_check
            """
        )

    def codegen_ascendc_layout_checks(self, kernel, call_args, precompile_args) -> None:
        """Emit the fused-layout checks used by the Python wrapper."""

        self._ensure_layout_check_header()
        input_outer = set(kernel.fused_graph.inputs_outer)
        registered_slots = set(kernel._registered_slot_buffers)
        seen: set[str] = set()
        log_path_literal = (
            "nullptr" if self._layout_check_log_path is None else json.dumps(str(self._layout_check_log_path))
        )
        kernel_literal = f'"{kernel.kernel_name}"'
        for call_arg, precompile_arg in zip(call_args, precompile_args):
            if not isinstance(precompile_arg, TensorArg) or precompile_arg.name not in input_outer:
                continue
            buffer_name = str(call_arg)
            if buffer_name in registered_slots or precompile_arg.buffer in registered_slots:
                continue
            if buffer_name in seen:
                continue
            seen.add(buffer_name)

            buffer = V.graph.get_buffer(buffer_name)
            layout = buffer.layout
            stride = getattr(layout, "stride", None)
            if stride is None:
                logger.debug("skip layout check for buffer: no stride attribute")
                continue
            size = layout.size
            dtype = layout.dtype
            device = layout.device

            check_id = f"{kernel.kernel_name}_{next(self._tmp_id)}"
            expected_dtype = self.codegen_dtype(dtype)
            expected_device, _ = self.codegen_device(device).split(", ", 1)
            tensor = buffer_name
            info_prefix = (
                f"inductor_npu_ext_layout_check::info({log_path_literal}, {kernel_literal}, \"{buffer_name}\", "
            )
            fail_prefix = (
                f"inductor_npu_ext_layout_check::fail({log_path_literal}, {kernel_literal}, \"{buffer_name}\", "
            )
            size_checks = []
            for dim, expected in enumerate(size):
                expected_expr = self._cpp_expr(V.graph.sizevars.simplify(expected))
                size_checks.append(
                    f'''            if ({tensor}.size({dim}) != static_cast<int64_t>({expected_expr})) {{
                {fail_prefix}"size[{dim}] expected=" + std::to_string(static_cast<int64_t>({expected_expr})) + ", actual=" + std::to_string({tensor}.size({dim})), &{check_id}_ok);
            }}'''
                )
            stride_checks = []
            for dim, expected in enumerate(stride):
                expected_expr = self._cpp_expr(V.graph.sizevars.simplify(expected))
                stride_checks.append(
                    f'''            if ({tensor}.size({dim}) > 1 && {tensor}.stride({dim}) != static_cast<int64_t>({expected_expr})) {{
                {fail_prefix}"stride[{dim}] expected=" + std::to_string(static_cast<int64_t>({expected_expr})) + ", actual=" + std::to_string({tensor}.stride({dim})), &{check_id}_ok);
            }}'''
                )
            block = f'''if (inductor_npu_ext_layout_check::enabled()) {{
    int64_t {check_id}_dim = 0;
    bool {check_id}_ok = true;
    {info_prefix}"layout check begin");
    AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_dim({tensor}.get(), &{check_id}_dim));
    if ({check_id}_dim != {len(size)}) {{
        {fail_prefix}"ndim expected={len(size)}, actual=" + std::to_string({check_id}_dim), &{check_id}_ok);
    }} else {{
        int64_t {check_id}_numel = 0;
        AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_numel({tensor}.get(), &{check_id}_numel));
        if ({check_id}_numel != 0) {{
            int32_t {check_id}_dtype = 0;
            AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_dtype({tensor}.get(), &{check_id}_dtype));
            if ({check_id}_dtype != static_cast<int32_t>({expected_dtype})) {{
                {fail_prefix}"dtype expected={dtype}, actual=" + std::to_string({check_id}_dtype), &{check_id}_ok);
            }}
            int32_t {check_id}_device = 0;
            AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_device_type({tensor}.get(), &{check_id}_device));
            if ({check_id}_device != static_cast<int32_t>({expected_device})) {{
                {fail_prefix}"device expected={device.type}, actual=" + std::to_string({check_id}_device), &{check_id}_ok);
            }}
{chr(10).join(size_checks)}
{chr(10).join(stride_checks)}
            if ({check_id}_ok) {{
                {info_prefix}"layout check ok");
            }}
        }} else {{
            {info_prefix}"empty tensor, skip layout check");
        }}
    }}
}}'''
            self.writelines(block.splitlines())

    def _marshal_arg(self, spec: KernelArgSpec, arg: Any, kernel_name: str, index: int) -> str:
        text = str(arg)
        if spec.kind == "tensor":
            return f"reinterpret_cast<void *>(({text}).data_ptr())"
        if spec.kind == "size":
            return f"static_cast<int64_t>({text})"
        scalar_name = f"ascendc_scalar_{kernel_name}_{index}_{next(self._tmp_id)}"
        self.codegen_tensor_item(spec.dtype, text, scalar_name)
        return f"static_cast<{spec.cpp_type}>({scalar_name})"

    def _emit_launcher_call(self, kernel_name: str, marshaled_args: Sequence[str]) -> None:
        if self._sync_around_fuse_kernel:
            self.writeline(
                "if (aclrtSynchronizeDevice() != ACL_SUCCESS) "
                "throw std::runtime_error(\"AscendC pre-launch device synchronization failed\");"
            )
        self.writeline(f"launch_{kernel_name}({', '.join(marshaled_args)});")
        if self._sync_around_fuse_kernel:
            self.writeline(
                "if (aclrtSynchronizeDevice() != ACL_SUCCESS) "
                "throw std::runtime_error(\"AscendC post-launch device synchronization failed\");"
            )

    def codegen_ascendc_kernel_call(self, kernel_name, call_args) -> None:
        if kernel_name not in self._ascendc_kernel_specs:
            raise RuntimeError(f"AscendC kernel {kernel_name}: no call specification was defined")
        argument_specs = self._ascendc_kernel_specs[kernel_name]
        if len(call_args) != len(argument_specs):
            raise RuntimeError(
                f"AscendC kernel {kernel_name}: call_args argument count mismatch; "
                f"expected={len(argument_specs)}, actual={len(call_args)}"
            )
        marshaled = [
            self._marshal_arg(spec, arg, kernel_name, index)
            for index, (arg, spec) in enumerate(zip(call_args, argument_specs))
        ]
        self._emit_launcher_call(kernel_name, marshaled)

    def codegen_ascendc_transpose_call(self, kernel_name: str, input_expr: str, sym_exprs: Sequence[Any]) -> str:
        """Allocate and launch one transpose output, returning its RAII name."""

        if kernel_name not in self._ascendc_kernel_specs:
            raise RuntimeError(f"AscendC transpose kernel {kernel_name}: no call specification")
        if kernel_name not in self._transpose_metadata:
            raise RuntimeError(f"AscendC transpose kernel {kernel_name}: missing output metadata")
        size, stride, dtype, _, sym_names = self._transpose_metadata[kernel_name]
        out_name = f"ascendc_transpose_out_{kernel_name}_{next(self._tmp_id)}"
        handle_name = f"{out_name}_handle"
        device = V.graph.get_buffer(input_expr).get_device()
        device_type, device_index = self.codegen_device(device).split(", ", 1)
        dtype_expr = self.codegen_dtype(dtype)

        if len(sym_names) != len(sym_exprs):
            raise RuntimeError(
                f"AscendC transpose kernel {kernel_name}: symbol argument count mismatch; "
                f"expected={len(sym_names)}, actual={len(sym_exprs)}"
            )
        symbol_replacements = {str(name): value for name, value in zip(sym_names, sym_exprs)}

        def array_expr(values: Iterable[Any]) -> tuple[str, int]:
            values = list(values)
            if not values:
                return "nullptr", 0
            rendered = ", ".join(self._cpp_expr_with_symbols(value, symbol_replacements) for value in values)
            return f"std::array<int64_t, {len(values)}>{{{rendered}}}.data()", len(values)

        size_expr, rank = array_expr(size)
        stride_expr, stride_rank = array_expr(stride)
        if stride_rank != rank:
            raise RuntimeError(
                f"AscendC transpose kernel {kernel_name}: output size/stride rank mismatch "
                f"expected={rank}, actual={stride_rank}"
            )
        self.writeline(f"AtenTensorHandle {handle_name};")
        self.writeline(
            f"AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_empty_strided({rank}, {size_expr}, {stride_expr}, "
            f"{dtype_expr}, {device_type}, {device_index}, &{handle_name}));"
        )
        self.writeline(f"RAIIAtenTensorHandle {out_name}({handle_name});")
        marshaled = [
            f"reinterpret_cast<void *>(({input_expr}).data_ptr())",
            f"reinterpret_cast<void *>({out_name}.data_ptr())",
        ]
        marshaled.extend(f"static_cast<int64_t>({self._cpp_expr(value)})" for value in sym_exprs)
        self._emit_launcher_call(kernel_name, marshaled)
        return out_name


def patch_codegen_with_cpp_wrapper() -> None:
    """Run the Python autotune pass required by AscendC TopN CppWrapper."""
    original = GraphLowering.codegen_with_cpp_wrapper

    def codegen_with_cpp_wrapper(self):
        if not self.cpp_wrapper or ascendc_config.autotune_topn <= 1:
            return original(self)

        from .compiler._autotune import NpuInductorAutoTuneKernel

        def materialize(value):
            if value is None:
                return None
            if isinstance(value, (torch.SymInt, torch.SymFloat)):
                return value.node.hint
            if isinstance(value, FakeTensor):
                return defake(value)
            if not isinstance(value, torch.Tensor):
                raise AssertionError(f"Unknown type when creating real inputs: {type(value)}")
            return value

        tracing_context = torch._guards.TracingContext.try_get()
        if tracing_context is not None and not isinstance(V.real_inputs, NullHandler):
            if tracing_context.output_strides:
                tracing_context.output_strides.clear()
            params_flat = [param for param in tracing_context.params_flat if param is not None]
            real_inputs = [materialize(value) for value in itertools.chain(params_flat, V.real_inputs)]
        else:
            source_inputs = self.example_inputs if isinstance(V.real_inputs, NullHandler) else V.real_inputs
            real_inputs = [materialize(value) for value in source_inputs]

        # The scheduler records mutated inputs while compiling the Python module.
        self.cpp_wrapper = False
        with torch.utils._python_dispatch._disable_current_modes():
            module = self.compile_to_module()
            if self.mutated_inputs:
                for index, name in enumerate(self.graph_inputs):
                    if name in self.mutated_inputs and isinstance(real_inputs[index], torch.Tensor):
                        real_inputs[index] = clone_preserve_strides(real_inputs[index])
            module.call(real_inputs)
        del real_inputs

        # Unvisited branches have candidates but no profiling winner.
        self._ascendc_unvisited_topn = {
            kernel.lib_wrapper
            for kernel in vars(module).values()
            if isinstance(kernel, NpuInductorAutoTuneKernel) and kernel.lib_kernel is None
        }
        self.cpp_wrapper = True
        self.removed_buffers.clear()
        self.removed_operations.clear()
        self.inplaced_to_remove.clear()
        V.graph.sizevars.precomputed_replacements.clear()
        V.graph.sizevars.inv_precomputed_replacements.clear()
        metrics.reset()
        with inductor_config.patch({"triton.autotune_at_compile_time": False}):  # pylint: disable=no-member
            return self.codegen()

    GraphLowering.codegen_with_cpp_wrapper = codegen_with_cpp_wrapper
