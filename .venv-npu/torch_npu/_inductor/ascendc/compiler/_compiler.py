import contextlib
import ctypes
import functools
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from ctypes import c_char_p, cdll, c_int64
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

import torch
from torch._inductor.codegen.common import IndentedBuffer

from ._autotune import NpuInductorAutoTuneKernel, save_optimize_file, KernelInfo
from ._kernel import NpuInductorKernel
from .. import config
from ..common import logger
from ..common.debug import save_asserts
from ..common.utils import (
    load_compiler,
    validate_lib,
    file_lock,
    is_gte_cann_version,
    get_torch_cxx_standard,
    log_compile_duration,
    record_compile_duration,
)
from ..config import autotune_topn

ABI = f"-D_GLIBCXX_USE_CXX11_ABI={1 if torch.compiled_with_cxx11_abi() else 0}"
AUTOTUNE_TOPN = 10
if autotune_topn > AUTOTUNE_TOPN:
    warnings.warn(
        f"TORCHINDUCTOR_ASCENDC_AUTOTUNE_TOPN={autotune_topn} exceeds the maximum of {AUTOTUNE_TOPN}; at most {AUTOTUNE_TOPN} solutions will be returned."
    )
# Examlpe:
# AUTOTUNE_CONFIGS = [
#     {"ub_threshold": "0.2", "corenum_threshold": "0.4", "enable_multicore_ub_tradeoff": "true"},
#     {"ub_threshold": "0.1", "corenum_threshold": "1.0", "enable_multicore_ub_tradeoff": "true"},
#     {"ub_threshold": "0.0", "corenum_threshold": "1.0", "enable_multicore_ub_tradeoff": "true"}
# ]
AUTOTUNE_CONFIGS = []


def _can_use_topn_tiling(artifacts: Dict[str, str] = None) -> bool:
    if not artifacts:
        return False
    if artifacts.get('has_matmul_template', 'False') == 'True':
        return False
    host_impl = artifacts.get('host_impl') or ''
    return 'GenerateTopnSolutions' in host_impl and 'GetTilingDataRepr' in host_impl


def decide_use_topn_tiling(is_static: bool, artifacts: Dict[str, str]) -> bool:
    """Whether a kernel should take the static topn-tiling compile path.

    Single source of truth shared by async_compile (process-pool dispatch) and
    compile_ascendc (sync fallback) so both branches agree on jit-vs-topn.
    Requires CANN >= 9.1.0, a static kernel, and topn-tiling-capable host code.
    """
    return is_static and is_gte_cann_version("9.1.0") and _can_use_topn_tiling(artifacts)


@dataclass
class TilingInfo:
    tiling_repr: str
    workspace: int
    block_dim: int

    def __init__(self, **kwargs):
        for key, value in kwargs.items():
            setattr(self, key, value)


@dataclass
class FusedKernelSpec:
    name: str
    tiling_def: str
    host_impl: str
    device_impl: str
    cpp_wrapper: str
    cpp_tiling_wrapper: str
    is_static: bool

    def __init__(self, **kwargs):
        for key, value in kwargs.items():
            setattr(self, key, value)


WRAPPER_COMMON_HEADERS = (
    "<iostream>",
    "<cstdlib>",
    "<dlfcn.h>",
    "<cstdint>",
    "<mutex>",
    "<vector>",
    "<map>",
    "<cstring>",
    "<fstream>",
    "<sstream>",
    "<string>",
    '"torch_npu/csrc/framework/OpCommand.h"',
    '"torch_npu/csrc/core/npu/NPUStream.h"',
    '"torch_npu/csrc/core/npu/NPUCachingAllocator.h"',
    '"torch_npu/csrc/core/npu/NPUWorkspaceAllocator.h"',
)


def _wrapper_common_header_source():
    return "".join(f"#include {header}\n" for header in WRAPPER_COMMON_HEADERS)


def _debug_log_cpp_support(prefix: str) -> str:
    return f'''
    namespace inductor_npu_ext_debug {{
    thread_local std::string debug_log_path;
    thread_local bool write_failure_reported = false;

    inline bool IsCompileDebugEnabled() {{
        static const bool enabled = []() {{
            const char *value = std::getenv("TORCH_COMPILE_DEBUG");
            return value != nullptr && std::strcmp(value, "1") == 0;
        }}();
        return enabled;
    }}

    inline void SetDebugLogPath(const char *path) {{
        const std::string new_path = path == nullptr ? "" : path;
        if (new_path != debug_log_path) {{
            debug_log_path = new_path;
            write_failure_reported = false;
        }}
    }}

    inline std::string GetDebugLogPath() {{
        return debug_log_path;
    }}

    class ScopedDebugLogPath {{
    public:
        explicit ScopedDebugLogPath(const std::string& path)
            : previous_path_(debug_log_path), previous_write_failure_reported_(write_failure_reported) {{
            SetDebugLogPath(path.c_str());
        }}
        ~ScopedDebugLogPath() {{
            debug_log_path = previous_path_;
            write_failure_reported = previous_write_failure_reported_;
        }}

    private:
        std::string previous_path_;
        bool previous_write_failure_reported_;
    }};

    class DebugLogLine {{
    public:
        explicit DebugLogLine(const char *prefix) : prefix_(prefix) {{}}
        ~DebugLogLine() {{
            if (debug_log_path.empty()) {{
                return;
            }}

            const std::string content = stream_.str();
            std::ofstream output(debug_log_path, std::ios::out | std::ios::app);
            if (output.is_open()) {{
                output << prefix_ << content;
                output.flush();
                if (output.good()) {{
                    return;
                }}
            }}
            if (!write_failure_reported) {{
                std::cerr << "Failed to write wrapper debug log: " << debug_log_path << std::endl;
                write_failure_reported = true;
            }}
        }}

        template <typename T>
        DebugLogLine& operator<<(const T& value) {{
            stream_ << value;
            return *this;
        }}

        DebugLogLine& operator<<(std::ostream& (*manipulator)(std::ostream&)) {{
            manipulator(stream_);
            return *this;
        }}

    private:
        const char *prefix_;
        std::ostringstream stream_;
    }};
    }}  // namespace inductor_npu_ext_debug

    extern "C" void set_debug_log_path(const char *path) {{
        inductor_npu_ext_debug::SetDebugLogPath(path);
    }}

    #undef DLOG
    #define DLOG() if (!inductor_npu_ext_debug::IsCompileDebugEnabled()) ; else inductor_npu_ext_debug::DebugLogLine("{prefix}")
    '''


def codegen_cpp_source(kernel_spec: FusedKernelSpec):
    wrapper = IndentedBuffer()
    wrapper.splice(_wrapper_common_header_source())

    wrapper.splice(kernel_spec.tiling_def)
    wrapper.splice(_debug_log_cpp_support("[WRAPPER] "))
    wrapper.splice("""
    const static char* task_queue_enable = std::getenv("TASK_QUEUE_ENABLE");
    const static int64_t task_queue_mode = (task_queue_enable != nullptr) ? strtol(task_queue_enable, nullptr, 10) : 1;
    namespace {
    """)

    wrapper.splice("""
    inline void *GetStream(void *stream) {
        if (stream != nullptr) {
            return stream;
        }
        // TASK_QUEUE_ENABLE=2：wrapper 在 queue 外申请 stream，queue 内（RunOpApiV2 lambda）
        // 使用（tiling/workspace/launch/prof 均引用 current_stream）。申请时必须清空
        // task queue（stream(true) -> repo->MakeSureQueueEmpty），否则 queue 中 pending
        // 任务与 wrapper 侧 stream 使用交错，prof 采集事件变多。repo 未初始化
        // （taskqueue=0 或 ASCEND_LAUNCH_BLOCKING）时为直通，无额外开销。
        // taskqueue=0/1 保持 stream(false) 原行为，避免每次 launch 前 flush 破坏批量提交。
        return (task_queue_mode == 2) ? c10_npu::getCurrentNPUStream().stream(true)
                                      : c10_npu::getCurrentNPUStream().stream(false);
    }
    inline at::Tensor AllocateWorkspaceTensor(int64_t size, void *stream) {
        return at_npu::native::allocate_workspace(uint64_t(size), (aclrtStream)stream);
    }
    inline void *MallocWorkspace(int64_t size, void *stream) {
        return c10_npu::NPUCachingAllocator::raw_alloc_with_stream(size_t(size), stream);
    }
    inline void FreeWorkspace(void *ptr) {
        c10_npu::NPUCachingAllocator::raw_delete(ptr);
    }
    """)

    wrapper.splice("""
    } // namespace
    """)
    wrapper.splice(kernel_spec.cpp_wrapper)

    return wrapper.getvalue()


def codegen_tiling_cpp_source(kernel_spec: FusedKernelSpec):
    wrapper = IndentedBuffer()
    wrapper.splice('''
    #include <iostream>
    #include <cstdlib>
    #include <dlfcn.h>
    #include <cstdint>
    #include <mutex>
    #include <vector>
    #include <map>
    #include <cstring>
    #include <sstream>
    #include <string>
    ''')

    wrapper.splice("""
    const static char* compile_debug = std::getenv("TORCH_COMPILE_DEBUG");
    const static bool debug = compile_debug != nullptr && std::strcmp(compile_debug, "1") == 0;
    #undef DLOG
    #define DLOG() if (debug) std::cerr << "[TILING_WRAPPER] "
    """)

    wrapper.splice(kernel_spec.tiling_def)
    wrapper.splice(kernel_spec.cpp_tiling_wrapper)

    return wrapper.getvalue()


@contextlib.contextmanager
def recover_dir():
    current_dir = os.getcwd()
    try:
        yield
    finally:
        os.chdir(current_dir)


def never_change_dir(func):
    def wrapper(*args, **kwargs):
        with recover_dir():
            return func(*args, **kwargs)

    return wrapper


@never_change_dir
def build_ascend_lib(kernel_py):
    if config.debugging_on_cpu:  # subprocess has no stub for building, run the command in-process
        with open(kernel_py, 'r', encoding='utf-8') as f:
            exec(f.read())  # pylint: disable=exec-used
        return
    args = [f"{sys.executable}", kernel_py]
    try:
        subprocess.run(args, check=True)
    except subprocess.CalledProcessError:
        raise RuntimeError(f"Failed to build ascend kernel, trigger bug by following command: '{' '.join(args)}'")


PCH_CACHE_ROOT = Path(os.path.expanduser("~/.cache/torchair_wrapper_pch_cache"))
PCH_FAILURE_ROOT = Path(tempfile.gettempdir()) / "torchair_wrapper_pch_failures"
WRAPPER_CXX = shutil.which("g++") or "g++"
WRAPPER_CXX_STANDARD = f"-std={get_torch_cxx_standard()}"
WRAPPER_CXX_FLAGS = (WRAPPER_CXX_STANDARD, "-fPIC", "-w", "-O2")


@functools.lru_cache(maxsize=1)
def _wrapper_compiler_identity():
    compiler_path = os.path.realpath(WRAPPER_CXX)
    try:
        result = subprocess.run(
            [WRAPPER_CXX, "--version"],
            check=False,
            capture_output=True,
            text=True,
        )
        compiler_version = (result.stdout or result.stderr).strip()
    except OSError as exc:
        compiler_version = f"unavailable:{exc}"
    return compiler_path, compiler_version


def _wrapper_pch_context(compile_flags):
    # Keep the cache key aligned with the complete PCH and wrapper compilation
    # context. In particular, include the resolved compiler and toolchain
    # environment so a changed GCC/CANN installation cannot reuse an old GCH.
    compiler_path, compiler_version = _wrapper_compiler_identity()
    ascend_environment = tuple(
        item for name, value in sorted(os.environ.items()) if name.startswith("ASCEND_") for item in (name, value)
    )
    return (
        "torchair-wrapper-pch-v2",
        compiler_path,
        compiler_version,
        *WRAPPER_CXX_FLAGS,
        *compile_flags,
        *ascend_environment,
        *WRAPPER_COMMON_HEADERS,
    )


def _wrapper_pch_paths(compile_flags):
    key_data = "\0".join(_wrapper_pch_context(compile_flags))
    key = hashlib.sha256(key_data.encode("utf-8")).hexdigest()
    root = PCH_CACHE_ROOT / key
    return root, root / "torchair_wrapper_pch.hpp", root / "torchair_wrapper_pch.hpp.gch", root / ".lock", key


def _wrapper_pch_failed_path(key, compile_owner_scope):
    return PCH_FAILURE_ROOT / compile_owner_scope / f"{key}.failed"


def _format_pch_failure(reason, *, command=None, stderr=None):
    lines = ["# TorchAir wrapper PCH failure", f"# reason: {reason}"]
    if command:
        lines.append(f"# command: {shlex.join(command)}")
    if stderr:
        lines.append("# stderr:")
        lines.extend(f"# {line}" for line in stderr.rstrip().splitlines())
    return "\n".join(lines) + "\n"


def _pch_compile_flags(compile_flags):
    """Keep only flags needed to parse headers when building the PCH."""
    return [flag for flag in compile_flags if not flag.startswith(("-L", "-l"))]


def _build_wrapper_pch(compile_flags, source_path, output_path, kernel_name):
    source_path.write_text(
        "// Auto-generated TorchAir wrapper PCH\n"
        + "".join(f"#include {header}\n" for header in WRAPPER_COMMON_HEADERS),
        encoding="utf-8",
    )
    temp_output = output_path.with_name(f"{output_path.name}.tmp.{os.getpid()}")
    args = [
        WRAPPER_CXX,
        *WRAPPER_CXX_FLAGS,
        *_pch_compile_flags(compile_flags),
        "-x",
        "c++-header",
        str(source_path),
        "-o",
        str(temp_output),
    ]
    try:
        with log_compile_duration("fused_kernel_build", "BuildWrapperPCH", kernel_name):
            result = subprocess.run(args, check=False, capture_output=True, text=True)
        if result.returncode != 0:
            logger.error(
                "Wrapper PCH compilation failed (returncode=%d)\ncommand: %s\nstderr:\n%s",
                result.returncode,
                shlex.join(args),
                result.stderr.strip(),
            )
            raise subprocess.CalledProcessError(result.returncode, args, result.stdout, result.stderr)
        if not temp_output.is_file() or temp_output.stat().st_size == 0:
            raise RuntimeError("PCH compiler did not produce a valid output")
        os.replace(temp_output, output_path)
    finally:
        temp_output.unlink(missing_ok=True)


def _get_wrapper_pch(compile_flags, kernel_name, compile_owner_scope):
    root, source_path, output_path, lock_path, key = _wrapper_pch_paths(compile_flags)
    failed_path = _wrapper_pch_failed_path(key, compile_owner_scope)
    if failed_path.is_file():
        return None
    try:
        wait_start_ns = time.time_ns()
        with file_lock(lock_path):
            lock_wait_duration_ns = time.time_ns() - wait_start_ns
            record_compile_duration(
                "fused_kernel_build",
                "WaitWrapperPCHLock",
                kernel_name,
                wait_start_ns,
                lock_wait_duration_ns,
            )
            if output_path.is_file() and output_path.stat().st_size > 0:
                return str(output_path)
            if failed_path.is_file():
                return None
            root.mkdir(parents=True, exist_ok=True)
            try:
                _build_wrapper_pch(compile_flags, source_path, output_path, kernel_name)
            except (OSError, RuntimeError, subprocess.CalledProcessError) as exc:
                failed_path.parent.mkdir(parents=True, exist_ok=True)
                failed_path.write_text(
                    _format_pch_failure(
                        "PCH compilation failed",
                        command=getattr(exc, "cmd", None),
                        stderr=getattr(exc, "stderr", None),
                    ),
                    encoding="utf-8",
                )
                logger.warning(
                    "Failed to prepare wrapper PCH, fallback to normal compile: %s",
                    exc,
                )
                return None
        return str(output_path)
    except OSError as exc:
        logger.warning("Failed to lock wrapper PCH cache, fallback to normal compile: %s", exc)
        return None


class _WrapperCompileError(RuntimeError):
    def __init__(self, message, *, command=None, stderr=None):
        super().__init__(message)
        self.cmd = command
        self.stderr = stderr


@never_change_dir
def _build_cpp(wrapper_cpp: str, *, compile_flags, output_file, pch_path=None):
    args = [WRAPPER_CXX, "-shared", *WRAPPER_CXX_FLAGS]
    if pch_path:
        pch_path_obj = Path(pch_path)
        args += [
            f"-I{pch_path_obj.parent}",
            "-include",
            pch_path_obj.name.removesuffix(".gch"),
        ]
    args += ["-o", output_file, wrapper_cpp] + compile_flags
    try:
        result = subprocess.run(args, check=False, capture_output=True, text=True)
    except OSError as exc:
        raise _WrapperCompileError(
            f"Failed to start wrapper compiler, command: '{shlex.join(args)}': {exc}",
            command=args,
            stderr=str(exc),
        ) from exc
    if result.returncode != 0:
        logger.error(
            "Wrapper compilation failed (returncode=%d)\ncommand: %s\nstderr:\n%s",
            result.returncode,
            shlex.join(args),
            result.stderr.strip(),
        )
        raise _WrapperCompileError(
            f"Failed to build wrapper, trigger bug by following command: '{shlex.join(args)}'",
            command=args,
            stderr=result.stderr,
        )


def _invalidate_wrapper_pch(compile_flags, pch_path, compile_owner_scope, exc=None):
    root, _, output_path, lock_path, key = _wrapper_pch_paths(compile_flags)
    failed_path = _wrapper_pch_failed_path(key, compile_owner_scope)
    if pch_path != str(output_path):
        return
    try:
        with file_lock(lock_path):
            if output_path.is_file():
                output_path.unlink()
            failed_path.parent.mkdir(parents=True, exist_ok=True)
            failed_path.write_text(
                _format_pch_failure(
                    "PCH rejected while compiling wrapper",
                    command=getattr(exc, "cmd", None),
                    stderr=getattr(exc, "stderr", None),
                ),
                encoding="utf-8",
            )
    except OSError:
        logger.warning("Failed to invalidate wrapper PCH: %s", root)


def prepare_wrapper_pch(compile_flags, kernel_name, compile_owner_scope):
    with log_compile_duration("fused_kernel_build", "PrepareWrapperPCH", kernel_name):
        return _get_wrapper_pch(compile_flags, kernel_name, compile_owner_scope)


def get_wrapper_pch_key(compile_flags):
    _, _, _, _, key = _wrapper_pch_paths(compile_flags)
    return key


def _build_cpp_with_pch(wrapper_cpp: str, *, compile_flags, output_file, kernel_name, compile_owner_scope):
    pch_path = prepare_wrapper_pch(compile_flags, kernel_name, compile_owner_scope)
    try:
        compile_step = "CompileWrapperWithPCH" if pch_path else "CompileWrapperWithoutPCH"
        with log_compile_duration("fused_kernel_build", compile_step, kernel_name):
            _build_cpp(
                wrapper_cpp,
                compile_flags=compile_flags,
                output_file=output_file,
                pch_path=pch_path,
            )
    except RuntimeError as exc:
        if pch_path is None:
            raise
        logger.error("Wrapper compilation with PCH failed: %s", exc)
        _invalidate_wrapper_pch(compile_flags, pch_path, compile_owner_scope, exc)
        logger.warning("Wrapper PCH rejected, retrying without PCH")
        with log_compile_duration("fused_kernel_build", "CompileWrapperFallback", kernel_name):
            _build_cpp(wrapper_cpp, compile_flags=compile_flags, output_file=output_file)


def setup_asc_jit_compile_command(spec, **kwargs):
    command_args = [f'--{k}={v}' for k, v in kwargs.items()]
    py_code = IndentedBuffer()
    py_code.splice("from autofuse.compile_adapter import jit_compile")
    py_code.splice(f"tiling_def = r'''{spec.tiling_def}'''")
    py_code.splice(f"host_impl = r'''{spec.host_impl}'''")
    py_code.splice(f"device_impl = r'''{spec.device_impl}'''")
    py_code.writeline(f"jit_compile(tiling_def, host_impl, device_impl, {command_args})")
    return py_code.getvalue()


def setup_asc_host_compile_command(spec, **kwargs):
    command_args = [f'--{k}={v}' for k, v in kwargs.items()]
    py_code = IndentedBuffer()
    py_code.splice("from autofuse.compile_adapter import host_compile")
    py_code.splice(f"tiling_def = r'''{spec.tiling_def}'''")
    py_code.splice(f"host_impl = r'''{spec.host_impl}'''")
    py_code.writeline(f"host_compile(tiling_def, host_impl, {command_args})")
    return py_code.getvalue()


def setup_asc_kernel_compile_command(spec, tiling_repr, **kwargs):
    command_args = [f'--{k}={v}' for k, v in kwargs.items()]
    py_code = IndentedBuffer()
    py_code.splice("from autofuse.compile_adapter import kernel_compile")
    py_code.splice(f"tiling_def = r'''{spec.tiling_def}'''")
    py_code.splice(f"device_impl = r'''{spec.device_impl}'''")
    py_code.splice(f"tiling_repr = {repr(tiling_repr)}")
    py_code.writeline(f"kernel_compile(tiling_def, device_impl, {command_args}, tiling_repr=tiling_repr)")
    return py_code.getvalue()


def _get_atomic_compile_common_args(output_file, output_path, graph_name, soc_version):
    """Build arguments shared by the Autofuse atomic compile APIs."""
    return [
        f"--output_file={output_file}",
        f"--output_path={output_path}",
        f"--graph_name={graph_name}",
        f"--soc_version={soc_version}",
        f"--compile_options={ABI}",
    ]


def _build_tiling_obj(tiling_def, host_impl, argv, kernel_name):
    from autofuse.compile_adapter import build_tiling_obj

    with load_compiler(kernel_name):
        with log_compile_duration("fused_kernel_build", "BuildTilingObj", kernel_name):
            result = build_tiling_obj(tiling_def, host_impl, argv)
    if not isinstance(result, dict) or result.get('stage') != 'host_obj':
        raise RuntimeError("AF tiling object compilation returned no artifact")
    return result


def _build_kernel_obj(tiling_def, device_impl, argv, kernel_name, tiling_repr=None):
    from autofuse.compile_adapter import build_kernel_obj

    with load_compiler(kernel_name):
        with log_compile_duration("fused_kernel_build", "BuildKernelObj", kernel_name):
            result = build_kernel_obj(tiling_def, device_impl, argv, tiling_repr=tiling_repr)
    if not isinstance(result, dict) or result.get('stage') != 'device_obj':
        raise RuntimeError("AF kernel object compilation returned no artifact")
    return result


def _build_kernel_so(tiling_def, argv, kernel_name, host_result, device_result, tiling_repr=None):
    from autofuse.compile_adapter import build_kernel_so

    if not isinstance(host_result, dict) or not isinstance(device_result, dict):
        raise RuntimeError("Invalid AF compile artifact")
    tiling_obj_paths = host_result.get('tiling_obj_paths', [])
    kernel_obj_path = device_result.get('kernel_obj_path')
    kernel_source_path = device_result.get('kernel_source_path')
    if not tiling_obj_paths or not kernel_obj_path or not kernel_source_path:
        raise RuntimeError("AF compile result is missing link artifacts")
    argv = list(argv) + [
        f"--tiling_obj_paths={';'.join(tiling_obj_paths)}",
        f"--tiling_source_paths={';'.join(host_result.get('tiling_source_paths', []))}",
        f"--kernel_obj_path={kernel_obj_path}",
        f"--kernel_source_path={kernel_source_path}",
        f"--shared_cv_wrapper_so={host_result.get('shared_cv_wrapper_so') or ''}",
    ]
    with load_compiler(kernel_name):
        with log_compile_duration("fused_kernel_build", "BuildKernelSo", kernel_name):
            return build_kernel_so(tiling_def, argv, tiling_repr=tiling_repr)


def is_file_content_equal(file_path: str, content: str) -> bool:
    if not os.path.exists(file_path):
        return False
    with open(file_path, 'r') as file:  # pylint: disable=unspecified-encoding
        file_content = file.read()
    return file_content.strip() == content.strip()


def save_manual_asserts(fn, content):
    fd = os.open(fn, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with os.fdopen(fd, 'w+') as f:
        f.write(content)


def cache_command(cache_file, content, func, target):
    if os.path.exists(target):
        validate_lib(target)
        return
    os.remove(cache_file) if os.path.exists(cache_file) else None  # pylint: disable=expression-not-assigned
    save_manual_asserts(cache_file, content)
    func(cache_file)
    validate_lib(target, change_permissions=True)


def get_kernel_hash(tiling_info: TilingInfo):
    hash_str = '|'.join([tiling_info.tiling_repr, str(tiling_info.workspace), str(tiling_info.block_dim)])
    return hashlib.md5(hash_str.encode(), usedforsecurity=False).hexdigest()


def _compile_wrapper_logged(lib_dir, kernel_spec, asserts_base, compile_flags, compile_owner_scope, kernel_name):
    """Wrapper compile with timing log."""
    with log_compile_duration("fused_kernel_build", "BuildKernelWrapper", kernel_name):
        return compile_wrapper(lib_dir, kernel_spec, asserts_base, compile_flags, compile_owner_scope)


def _compile_jit_kernel_logged(lib_dir, jit_command, lib_kernel, kernel_name):
    """Jit kernel (.so) compile with stub loading and timing log."""
    with load_compiler(kernel_name):
        with log_compile_duration("fused_kernel_build", "BuildJitKernelSo", kernel_name):
            cache_command(
                os.path.join(lib_dir, "asc_kernel.py"),
                jit_command,
                build_ascend_lib,
                lib_kernel,
            )
    return lib_kernel


def compile_wrapper(lib_dir, kernel_spec, asserts_base, compile_flags, compile_owner_scope):
    lib_wrapper = os.path.join(lib_dir, "wrapper.so")
    compile_comments = ' '.join(
        [
            "//",
            "g++",
            "-shared",
            WRAPPER_CXX_STANDARD,
            "-fPIC",
            "-Wall",
            "-O2",
            "-o",
            lib_wrapper,
            "inductor_wrapper.cpp",
        ]
        + compile_flags
        + ['\n']
    )
    cpp_source = compile_comments + codegen_cpp_source(kernel_spec)
    save_asserts(kernel_spec.name, cpp_source, 'inductor_wrapper.cpp', asserts_base)
    build_wrapper = functools.partial(
        _build_cpp_with_pch,
        compile_flags=compile_flags,
        output_file=lib_wrapper,
        kernel_name=kernel_spec.name,
        compile_owner_scope=compile_owner_scope,
    )
    cache_command(os.path.join(lib_dir, 'inductor_wrapper.cpp'), cpp_source, build_wrapper, lib_wrapper)

    return lib_wrapper


def compile_tiling_wrapper(lib_dir, kernel_spec, asserts_base, compile_flags):
    lib_wrapper = os.path.join(lib_dir, "tiling_wrapper.so")
    compile_comments = ' '.join(
        [
            "//",
            "g++",
            "-shared",
            WRAPPER_CXX_STANDARD,
            "-fPIC",
            "-Wall",
            "-O2",
            "-o",
            lib_wrapper,
            "inductor_tiling_wrapper.cpp",
        ]
        + compile_flags
        + ['\n']
    )
    cpp_source = compile_comments + codegen_tiling_cpp_source(kernel_spec)
    save_asserts(kernel_spec.name, cpp_source, 'inductor_tiling_wrapper.cpp', asserts_base)
    build_wrapper = functools.partial(_build_cpp, compile_flags=compile_flags, output_file=lib_wrapper)
    cache_command(os.path.join(lib_dir, 'inductor_tiling_wrapper.cpp'), cpp_source, build_wrapper, lib_wrapper)

    return lib_wrapper


@contextlib.contextmanager
def _compile_cache_lock(lock_path: Path, kernel_name: str):
    wait_start_ns = time.time_ns()
    with file_lock(lock_path):
        lock_acquired_ns = time.time_ns()
        record_compile_duration(
            "fused_kernel_build",
            "WaitCompileLock",
            kernel_name,
            wait_start_ns,
            lock_acquired_ns - wait_start_ns,
        )
        with log_compile_duration("fused_kernel_build", "FusedKernelBuildLockHeldTotal", kernel_name):
            yield


def compile_ascendc(
    artifacts: Dict,
    lib_dir: str,
    asserts_base: str = None,
    *,
    soc_version,
    compile_flags,
    compile_owner_scope,
    force_unknow=False,
    device_limit=None,
) -> NpuInductorKernel:
    kernel_infos = []
    # ``device_limit`` is serialized with the process-pool task. This is the
    # cross-process handoff; do not reconstruct it from worker-local NPU or
    # decorator state, and do not keep it in persistent worker environment.
    logger.debug("AF compile_ascendc received device_limit: %s", device_limit)

    kernel_spec = FusedKernelSpec(**artifacts)
    os.makedirs(lib_dir, exist_ok=True)

    with log_compile_duration("fused_kernel_build", "FusedKernelBuildTotal", kernel_spec.name):
        with _compile_cache_lock(Path(lib_dir) / "compile.lock", kernel_spec.name):
            use_topn_tiling = decide_use_topn_tiling(kernel_spec.is_static, artifacts)
            if not use_topn_tiling:
                lib_kernel = os.path.join(lib_dir, 'kernel.so')
                logger.debug("Compile for %s", lib_kernel)
                # jit 路径：异步模式下 wrapper/host/device 原子任务由 async_compile 直接
                # 提交进 executor 进程池并行；此处为同步 fallback（compile_threads<=1），
                # host/device/wrapper/link 串行执行（走 all 黑盒）。
                jit_command = setup_asc_jit_compile_command(
                    kernel_spec,
                    output_file=lib_kernel,
                    graph_name=kernel_spec.name,
                    force_unknown=force_unknow,
                    soc_version=soc_version,
                    config_file=None,
                    compile_options=ABI,
                )
                save_asserts(kernel_spec.name, jit_command, 'asc_kernel.py', asserts_base)
                lib_wrapper = _compile_wrapper_logged(
                    lib_dir,
                    kernel_spec,
                    asserts_base,
                    compile_flags + [ABI],
                    compile_owner_scope,
                    kernel_spec.name,
                )
                lib_kernel = _compile_jit_kernel_logged(lib_dir, jit_command, lib_kernel, kernel_spec.name)
                return NpuInductorKernel(lib_wrapper, lib_kernel)

            with log_compile_duration("fused_kernel_build", "PrepareTilingCompileScript", kernel_spec.name):
                lib_tiling = os.path.join(lib_dir, 'tiling.so')
                host_compile_command = setup_asc_host_compile_command(
                    kernel_spec,
                    output_file=lib_tiling,
                    graph_name=kernel_spec.name,
                    force_unknown=False,
                    soc_version=soc_version,
                    config_file=None,
                    compile_options=ABI,
                )
                save_asserts(kernel_spec.name, host_compile_command, 'asc_tiling.py', asserts_base)

            with load_compiler(kernel_spec.name):
                with log_compile_duration("fused_kernel_build", "BuildTilingSo", kernel_spec.name):
                    cache_command(
                        os.path.join(lib_dir, 'asc_tiling.py'), host_compile_command, build_ascend_lib, lib_tiling
                    )

            with log_compile_duration("fused_kernel_build", "BuildTilingWrapper", kernel_spec.name):
                lib_tiling_wrapper = compile_tiling_wrapper(lib_dir, kernel_spec, asserts_base, compile_flags + [ABI])

            with log_compile_duration("fused_kernel_build", "SelectTopnTiling", kernel_spec.name):
                # Top-N runs in the compile worker. Pass the parent's limit
                # directly so GenerateTopnSolutions uses the same resources.
                tiling_infos = get_topn(
                    kernel_spec.name,
                    lib_tiling,
                    lib_tiling_wrapper,
                    AUTOTUNE_TOPN,
                    AUTOTUNE_CONFIGS,
                    device_limit=device_limit,
                )
            n = len(tiling_infos)
            tiling_infos = tiling_infos[:autotune_topn]
            logger.info("Static compile %s, choice top %d from %d", kernel_spec.name, len(tiling_infos), n)
            tiling_map_code = IndentedBuffer()
            tiling_map_code.splice('''
std::map<std::string, TilingInfo> tiling_map =
{
''')
            for tiling_info in tiling_infos:
                info = TilingInfo(**tiling_info)
                hash = get_kernel_hash(info)
                tiling_map_code.splice(f'''
{{"{hash}",
    TilingInfo {{
        .tiling_data = {info.tiling_repr},
        .workspace_size = {info.workspace},
        .block_dim = {info.block_dim}
    }}
}},
''')

            tiling_map_code.splice('''
};
''')
            kernel_spec.cpp_wrapper = kernel_spec.cpp_wrapper.replace(
                "std::map<std::string, TilingInfo> tiling_map;", tiling_map_code.getvalue()
            )
            with log_compile_duration("fused_kernel_build", "BuildKernelWrapperTopn", kernel_spec.name):
                lib_wrapper = compile_wrapper(
                    lib_dir, kernel_spec, asserts_base, compile_flags + [ABI], compile_owner_scope
                )

            for tiling_info in tiling_infos:
                info = TilingInfo(**tiling_info)
                kernel_key = get_kernel_hash(info)
                kernel_dir = os.path.join(lib_dir, 'static_kernel', kernel_key)
                os.makedirs(kernel_dir, exist_ok=True)
                lib_kernel = os.path.join(kernel_dir, 'kernel.so')
                logger.debug("Compile for %s", lib_kernel)
                with log_compile_duration("fused_kernel_build", "PrepareTopnKernelCompileScript", kernel_spec.name):
                    jit_command = setup_asc_kernel_compile_command(
                        kernel_spec,
                        info.tiling_repr,
                        output_file=lib_kernel,
                        graph_name=kernel_spec.name,
                        force_unknown=force_unknow,
                        soc_version=soc_version,
                        config_file=None,
                        compile_options=ABI,
                    )
                    save_asserts(kernel_spec.name, jit_command, f'asc_kernel_{kernel_key}.py', asserts_base)
                with load_compiler(kernel_spec.name):
                    with log_compile_duration("fused_kernel_build", "BuildTopnKernelSo", kernel_spec.name):
                        cache_command(
                            os.path.join(kernel_dir, 'asc_kernel.py'), jit_command, build_ascend_lib, lib_kernel
                        )
                kernel_infos.append(
                    KernelInfo(lib_kernel, kernel_key, info.tiling_repr, info.workspace, info.block_dim)
                )

            if len(kernel_infos) == 1:
                save_optimize_file(os.path.join(lib_dir, 'optimize_tiling'), kernel_infos[0])
                return NpuInductorKernel(lib_wrapper, kernel_infos[0].kernel, kernel_infos[0].kernel_key)
            return NpuInductorAutoTuneKernel(lib_wrapper, kernel_infos)


def get_topn(
    name: str,
    lib_tiling: str,
    lib_wrapper: str,
    topn: int,
    configs: List[Dict[str, str]],
    device_limit=None,
):
    if not os.path.exists(lib_wrapper):
        raise FileNotFoundError(f"Wrapper so not found: {lib_wrapper}")

    dl = cdll.LoadLibrary(lib_wrapper)
    if dl.init_tiling(lib_tiling.encode('utf-8')) != 0:
        raise RuntimeError(f"NPU kernel {name} init tiling.so failed")

    # Top-N uses tiling_wrapper.so, which has its own g_device_limit. Inject
    # after init_tiling and before GenerateTopnSolutions consumes the limit.
    from . import _inject_device_limit

    # The parent already parsed the core limit and serialized it with this
    # worker task. Do not reread device state here. None means that the user
    # did not request a limit, so _inject_device_limit is a no-op.
    _inject_device_limit(dl, info=device_limit)

    c_tiling_reprs = (c_char_p * topn)()
    c_workspaces = (c_int64 * topn)()
    c_block_dims = (c_int64 * topn)()
    n = c_int64()
    config_str = '|'.join(';'.join(f'{k}={v}' for k, v in d.items()) for d in configs)
    if (
        dl.get_topn(
            config_str.encode('utf-8'), c_int64(topn), c_tiling_reprs, c_workspaces, c_block_dims, ctypes.byref(n)
        )
        != 0
    ):
        raise RuntimeError(f"NPU kernel {name} get topn failed")

    if n.value <= 0:
        raise RuntimeError(f"NPU kernel {name} get topn failed, n: {n.value}")

    infos = []
    for i in range(n.value):
        infos.append(
            {
                'tiling_repr': c_tiling_reprs[i].decode('utf-8'),
                'workspace': c_workspaces[i],
                'block_dim': c_block_dims[i],
            }
        )

    if dl.free_out(c_tiling_reprs, n) != 0:
        raise RuntimeError(f"NPU kernel {name} free tiling_repr failed")

    return infos
