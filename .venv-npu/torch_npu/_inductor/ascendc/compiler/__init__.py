import functools
import hashlib
import os
import queue
import shutil
import threading
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from ctypes import c_uint32, cdll
from typing import Dict, Optional

import torch
from torch._inductor.async_compile import AsyncCompile

from . import _compiler
from ._autotune import load_optimize_file
from ._compiler import TilingInfo, get_kernel_hash
from ._kernel import NpuInductorKernel
from .. import config
from ..common import logger
from ..common.utils import validate_lib


# 提前在后台预热 wrapper PCH，与主进程 codegen 重叠；PCH 按编译上下文共享，
# 单线程即可，避免重复任务争锁和抢占 codegen 资源。用锁保护已提交 key 的去重。
_WRAPPER_PCH_WARMUP_EXECUTOR = ThreadPoolExecutor(max_workers=1)
# 记录当前进程已提交预热的 PCH key，避免多个 kernel 使用同一编译上下文时重复提交预热任务。
_WRAPPER_PCH_WARMUP_KEYS = set()
_WRAPPER_PCH_WARMUP_LOCK = threading.Lock()
# build_kernel_so 仍由 Inductor 的进程池执行；此线程只负责从回调转发 submit，避免阻塞
# SubprocPool 的 _read_thread。队列为空时线程阻塞等待，不会忙等或持续占用 CPU。
_KERNEL_SUBMIT_QUEUE = queue.SimpleQueue()
_KERNEL_SUBMIT_THREAD = None
_KERNEL_SUBMIT_THREAD_LOCK = threading.Lock()
_COMPILE_OWNER_SCOPE = None
_INFLIGHT_COMPILE_FUTURES = {}
_INFLIGHT_COMPILE_FUTURES_LOCK = threading.Lock()


def _get_cache_namespace_prefix():
    """Return a filesystem-safe cache prefix shared by ranks on this host."""
    host = os.uname().nodename
    safe_host = "".join(char if char.isalnum() or char in "_.-" else "_" for char in host)
    return f"host_{safe_host or 'unknown'}"


def _submit_parallel_jit_compile(
    pool, kernel_spec, lib_dir, asserts_base, compile_flags, compile_owner_scope, soc_version
):
    """Submit parallel JIT tasks into a directory owned by this request."""
    # ``lib_dir`` is shared by ranks and is only for published artifacts.  Every
    # request gets its own staging directory so completion cleanup cannot remove
    # objects that another request is still compiling.
    build_dir = os.path.join(lib_dir, ".build", f"{os.getpid()}_{uuid.uuid4().hex}")
    os.makedirs(build_dir, exist_ok=False)
    lib_kernel = os.path.join(build_dir, "kernel.so")
    af_build_dir = os.path.join(build_dir, "af_build")
    os.makedirs(af_build_dir, exist_ok=True)
    wrap_future = pool.submit(
        _compiler._compile_wrapper_logged,
        build_dir,
        kernel_spec,
        asserts_base,
        compile_flags,
        compile_owner_scope,
        kernel_spec.name,
    )
    common_args = functools.partial(
        _compiler._get_atomic_compile_common_args,
        lib_kernel,
        af_build_dir,
        kernel_spec.name,
        soc_version,
    )
    tiling_obj_future = pool.submit(
        _compiler._build_tiling_obj,
        kernel_spec.tiling_def,
        kernel_spec.host_impl,
        common_args(),
        kernel_spec.name,
    )
    kernel_obj_args = common_args()
    kernel_obj_args.append("--force_unknown=False")
    kernel_obj_future = pool.submit(
        _compiler._build_kernel_obj,
        kernel_spec.tiling_def,
        kernel_spec.device_impl,
        kernel_obj_args,
        kernel_spec.name,
    )
    kernel_so_args = common_args()
    kernel_so_args.append("--config_file=")
    build_kernel_function = functools.partial(
        _compiler._build_kernel_so,
        kernel_spec.tiling_def,
        kernel_so_args,
        kernel_spec.name,
    )
    return _AscendcParallelFeature(
        wrap_future,
        tiling_obj_future,
        kernel_obj_future,
        build_kernel_function,
        pool,
        asserts_base,
        build_dir=build_dir,
    )


def _publish_jit_artifacts(feature, lib_dir):
    """Publish a complete private build without exposing a partial cache."""
    staged_wrapper = os.path.join(feature.build_dir, "wrapper.so")
    staged_kernel = os.path.join(feature.build_dir, "kernel.so")
    validate_lib(staged_wrapper)
    validate_lib(staged_kernel)
    public_wrapper = os.path.join(lib_dir, "wrapper.so")
    public_kernel = os.path.join(lib_dir, "kernel.so")
    os.replace(staged_wrapper, public_wrapper)
    os.replace(staged_kernel, public_kernel)
    validate_lib(public_wrapper)
    validate_lib(public_kernel)
    device_limit_dl = cdll.LoadLibrary(public_wrapper)
    _inject_device_limit(device_limit_dl)
    return NpuInductorKernel(public_wrapper, public_kernel)


def _coordinate_parallel_jit_compile(
    result_future, pool, kernel_spec, lib_dir, asserts_base, compile_flags, compile_owner_scope, soc_version
):
    """Compile one JIT cache entry under its own per-kernel lock.

    The lock is per ``lib_dir`` (one kernel), NOT host-wide, so different
    kernels compile in parallel while duplicate requests for the SAME kernel
    block on the same lock and then hit cache.  This keeps the kernel count at
    exactly the number of distinct cache keys (no duplicate compilation) while
    preserving kernel-level parallelism.
    """
    from pathlib import Path
    from ..common.utils import file_lock

    try:
        os.makedirs(lib_dir, exist_ok=True)
        public_wrapper = os.path.join(lib_dir, "wrapper.so")
        public_kernel = os.path.join(lib_dir, "kernel.so")

        # Per-kernel lock covers check + compile + publish so that a concurrent
        # request for the same lib_dir waits and then hits cache instead of
        # starting a redundant compilation.  Different lib_dir -> different lock
        # file -> different kernels still overlap in the process pool.
        with file_lock(Path(lib_dir) / "compile.lock"):
            if os.path.isfile(public_wrapper) and os.path.isfile(public_kernel):
                validate_lib(public_wrapper)
                validate_lib(public_kernel)
                device_limit_dl = cdll.LoadLibrary(public_wrapper)
                _inject_device_limit(device_limit_dl)
                result_future.set_result(NpuInductorKernel(public_wrapper, public_kernel))
                return

            feature = _submit_parallel_jit_compile(
                pool, kernel_spec, lib_dir, asserts_base, compile_flags, compile_owner_scope, soc_version
            )
            try:
                feature.result(cleanup=False)
                kernel = _publish_jit_artifacts(feature, lib_dir)
            finally:
                feature.cleanup()
            result_future.set_result(kernel)
    except BaseException as exc:
        if not result_future.done():
            result_future.set_exception(exc)


def _start_parallel_jit_coordinator(
    pool, kernel_spec, lib_dir, asserts_base, compile_flags, compile_owner_scope, soc_version
):
    """Return a shared non-blocking feature for this process/cache key."""
    with _INFLIGHT_COMPILE_FUTURES_LOCK:
        result_future = _INFLIGHT_COMPILE_FUTURES.get(lib_dir)
        if result_future is None:
            result_future = Future()
            _INFLIGHT_COMPILE_FUTURES[lib_dir] = result_future

            def remove_inflight(completed_future):
                with _INFLIGHT_COMPILE_FUTURES_LOCK:
                    if _INFLIGHT_COMPILE_FUTURES.get(lib_dir) is completed_future:
                        _INFLIGHT_COMPILE_FUTURES.pop(lib_dir, None)

            result_future.add_done_callback(remove_inflight)
            # One background thread per cache miss.  Compilation runs without the
            # shared lock and submits into the process pool, so different kernels
            # overlap.  Only the final publication is serialized per host.
            threading.Thread(
                target=_coordinate_parallel_jit_compile,
                args=(
                    result_future,
                    pool,
                    kernel_spec,
                    lib_dir,
                    asserts_base,
                    compile_flags,
                    compile_owner_scope,
                    soc_version,
                ),
                name=f"autofuse-compile-{kernel_spec.name}",
                daemon=True,
            ).start()
    return _AscendcFeature(result_future, asserts_base)


# SubprocPool 在持有内部锁时执行 Future 回调。
# 使用一个常驻线程在回调返回、内部锁释放后提交 build_kernel_so；该线程不执行编译任务，
# 不新增进程池，不改变编译并发度，进程退出时随 daemon 线程一起退出。
def _kernel_submit_loop():
    while True:
        _KERNEL_SUBMIT_QUEUE.get()._submit_build()


def _enqueue_kernel_submit(feature):
    global _KERNEL_SUBMIT_THREAD
    with _KERNEL_SUBMIT_THREAD_LOCK:
        if _KERNEL_SUBMIT_THREAD is None:
            # target 指定这个线程启动后要执行的函数。
            _KERNEL_SUBMIT_THREAD = threading.Thread(
                target=_kernel_submit_loop,
                name="autofuse-kernel-submit",
                daemon=True,
            )
            _KERNEL_SUBMIT_THREAD.start()
    _KERNEL_SUBMIT_QUEUE.put(feature)


class _AscendcFeature(Future):
    def __init__(self, future: Future, model_debug_dir: Optional[str]):
        super().__init__()
        self.future = future
        self.model_debug_dir = model_debug_dir

    def result(self, timeout=None):
        return self.future.result(timeout).bind_model_debug_dir(self.model_debug_dir)


class _AscendcParallelFeature(Future):
    """jit 并行编译 feature with request-private staging artifacts."""

    def __init__(
        self,
        wrap_future,
        tiling_obj_future,
        kernel_obj_future,
        build_kernel_function,
        pool,
        model_debug_dir,
        build_dir=None,
    ):
        super().__init__()
        self.set_running_or_notify_cancel()
        self.wrap_future = wrap_future
        self.tiling_obj_future = tiling_obj_future
        self.kernel_obj_future = kernel_obj_future
        self.build_kernel_function = build_kernel_function
        self.pool = pool
        self.model_debug_dir = model_debug_dir
        self.build_dir = build_dir
        self._kernel_future = None
        self._compile_error = None
        self._kernel_ready = threading.Event()
        self._remaining = 3
        self._kernel = None
        self._lock = threading.Lock()

        def _on_done(future):
            try:
                exc = future.exception()
            except BaseException as callback_error:
                exc = callback_error

            # 三个回调可能并发执行，需要原子更新共享计数和异常状态，
            # 确保只有最后一个回调提交 build_kernel_so，并避免异常与提交发生竞争。
            with self._lock:
                self._remaining -= 1
                if exc is not None and self._compile_error is None:
                    self._compile_error = exc
                ready = self._remaining == 0
                should_build = ready and self._compile_error is None

            if not ready:
                return
            if should_build:
                # 正常流程：三个前置任务全部成功。把 feature 投递给 dispatcher 线程，
                # 由它在 SubprocPool 内部锁释放后提交 build_kernel_so；
                # _submit_build 会在提交完成后 set _kernel_ready 唤醒 result()。
                _enqueue_kernel_submit(self)
            else:
                # 异常流程：前置任务有失败，不提交 build_kernel_so（_kernel_future 保持 None）。
                # 这里直接 set _kernel_ready 唤醒 result()，使其读到 _compile_error 并抛出，
                # 否则 result() 会永久阻塞在 wait()。
                self._kernel_ready.set()

        for f in (wrap_future, tiling_obj_future, kernel_obj_future):
            f.add_done_callback(_on_done)

    def _submit_build(self):
        try:
            tiling_obj_result = self.tiling_obj_future.result()
            kernel_obj_result = self.kernel_obj_future.result()
            kernel_future = self.pool.submit(self.build_kernel_function, tiling_obj_result, kernel_obj_result)
        except BaseException as submit_error:
            # 提交线程和 result() 可能同时访问异常状态，统一加锁保护写入。
            with self._lock:
                self._compile_error = submit_error
        else:
            # 提交完成后再发布 Future，避免 result() 读取到未初始化的状态。
            with self._lock:
                self._kernel_future = kernel_future
        finally:
            self._kernel_ready.set()

    def cleanup(self):
        """Remove only this feature's private staging directory."""
        if self.build_dir and os.path.isdir(self.build_dir):
            shutil.rmtree(self.build_dir, ignore_errors=True)

    def result(self, timeout=None, cleanup=True):
        # 等待 dispatcher 完成 build_kernel_so 的提交和 _kernel_future 的保存
        self._kernel_ready.wait()
        # 提交线程可能同时更新状态，一次性读取完整状态，避免读到不一致的组合。
        with self._lock:
            compile_error = self._compile_error
            kernel_future = self._kernel_future
            kernel = self._kernel
        if compile_error is not None:
            if not self.done():
                self.set_exception(compile_error)
            raise compile_error
        if kernel is not None:
            return kernel

        try:
            lib_kernel = kernel_future.result()
            lib_wrapper = self.wrap_future.result()
            new_kernel = NpuInductorKernel(lib_wrapper, lib_kernel).bind_model_debug_dir(self.model_debug_dir)
            # result() 可能被并发调用，只发布并缓存一个最终 kernel。
            with self._lock:
                if self._kernel is None:
                    self._kernel = new_kernel
                kernel = self._kernel
            if not self.done():
                self.set_result(kernel)
            return kernel
        except BaseException as exc:
            # 记录首次错误，保证后续调用复用相同的异常状态。
            with self._lock:
                if self._compile_error is None:
                    self._compile_error = exc
            if not self.done():
                self.set_exception(exc)
            raise
        finally:
            if cleanup:
                self.cleanup()


def get_compile_flags():
    if not config.debugging_on_cpu:
        import torch_npu

        torch_npu_dir = os.path.dirname(torch_npu.__file__)
        ascend_dir = os.path.dirname(os.getenv("ASCEND_OPP_PATH", "/usr/local/Ascend/latest/opp"))
        torch_dir = os.path.dirname(torch.__file__)
        compile_flags = [f"-I{v}/include" for v in [ascend_dir, torch_dir, torch_npu_dir]]
        mat_mul_v3_include = os.path.join(ascend_dir, "opp/built-in/op_impl/ai_core/tbe/impl/ops_nn/ascendc/mat_mul_v3")
        if os.path.exists(mat_mul_v3_include):
            compile_flags.append(f"-I{mat_mul_v3_include}")
        compile_flags.extend([f"-L{ascend_dir}/lib64", "-lascendcl", "-lnnopbase"])
        compile_flags.extend([f"-L{torch_npu_dir}/lib", "-ltorch_npu"])
    else:
        compile_flags = [f"-I{os.path.join(os.path.dirname(__file__), 'cpu_stubs', 'include')}"]

    return compile_flags


def _get_lib_dir(artifacts: Dict) -> str:
    name = artifacts.get('name', 'default')
    # Only generated source artifacts should affect the compiled library cache key.
    is_static = artifacts.get("is_static") in (True, "True", 1, "1")
    excluded = ['name', 'is_static', 'has_matmul_template']
    # A dynamic kernel recalculates tiling at runtime from the current
    # g_device_limit, so its generic .so can be shared across core limits.
    # Static Top-N/autotune results contain a compiled tiling_map and remain
    # isolated by core limit.
    if not is_static:
        excluded.extend(["vector_core_num", "ai_core_num"])
    hash_parts = [
        "\n".join("" if line.isspace() else line for line in value.split("\n"))
        for key, value in sorted(artifacts.items())
        if key not in excluded
    ]
    hash_str = ''.join(hash_parts)
    lib_dir = os.path.join(
        config.asc_cache_dir,
        _get_cache_namespace_prefix(),
        name,
        hashlib.md5(hash_str.encode(), usedforsecurity=False).hexdigest(),
    )
    return lib_dir


def _get_compile_owner_scope():
    global _COMPILE_OWNER_SCOPE
    pid = os.getpid()
    if _COMPILE_OWNER_SCOPE is None or not _COMPILE_OWNER_SCOPE.startswith(f"{pid}_"):
        # PCH 失败标记只在当前编译进程内生效；使用 pid 便于排查，uuid 保证跨平台唯一性。
        _COMPILE_OWNER_SCOPE = f"{pid}_{uuid.uuid4().hex}"
    return _COMPILE_OWNER_SCOPE


def _warmup_wrapper_pch(compile_flags, kernel_name, compile_owner_scope):
    try:
        pch_key = _compiler.get_wrapper_pch_key(compile_flags)
    except Exception as exc:  # pylint: disable=broad-except
        logger.warning("Failed to compute wrapper PCH key for warmup: %s", exc)
        return
    with _WRAPPER_PCH_WARMUP_LOCK:
        if pch_key in _WRAPPER_PCH_WARMUP_KEYS:
            return
        _WRAPPER_PCH_WARMUP_KEYS.add(pch_key)

    def warmup():
        try:
            _compiler.prepare_wrapper_pch(compile_flags, kernel_name, compile_owner_scope)
        except Exception as exc:  # pylint: disable=broad-except
            logger.warning("Wrapper PCH warmup failed, fallback to normal compile path: %s", exc)

    _WRAPPER_PCH_WARMUP_EXECUTOR.submit(warmup)


def warmup_wrapper_pch(kernel_name):
    if config.debugging_on_cpu:
        return
    compile_flags = get_compile_flags()
    _warmup_wrapper_pch(compile_flags + [_compiler.ABI], kernel_name, _get_compile_owner_scope())


def _read_device_limit_info():
    """Read and normalize the process-level core limit for AF tiling.

    ``get_device_limit`` returns the device's effective values even when the
    user never called ``set_device_limit``. Use the decorator state to avoid
    turning the historical no-limit path into an explicit ResLimit path.
    """
    if config.debugging_on_cpu:
        return None

    try:
        import torch_npu

        # This helper is used by the parent process to discover an explicit
        # user request. A compile worker does not call this helper: it receives
        # the serialized ``info`` directly through compile_ascendc/get_topn.
        # Keep the original no-limit behavior before querying full-device
        # values from get_device_limit().
        set_device_limit = torch_npu.npu.set_device_limit
        if not getattr(set_device_limit, "called", False):
            return None

        device_limit = torch.npu.get_device_limit(torch.npu.current_device())
        device_properties = torch.npu.get_device_properties()
        max_aiv_num = int(device_properties.vector_core_num)
        max_aic_num = int(device_properties.cube_core_num)

        vector_core_num = device_limit.get("vector_core_num", -1)
        cube_core_num = device_limit.get("cube_core_num", -1)
        aiv_num = max_aiv_num if vector_core_num in (-1, None, 0) else min(int(vector_core_num), max_aiv_num)
        aic_num = max_aic_num if cube_core_num in (-1, None, 0) else min(int(cube_core_num), max_aic_num)
        return {"aiv_num": aiv_num, "aic_num": aic_num}
    except Exception as exc:  # pylint: disable=broad-except
        logger.warning("Failed to read NPU device limit, keep default AF resources: %s", exc)
        return None


def _inject_device_limit(dl, info=None):
    """Inject the normalized limit into a generated wrapper shared library.

    ``ub_size`` is passed as 0; the backend treats 0 as "use the default UB",
    so EXT does not need to resolve the AF UB value here.
    """
    if info is None:
        info = _read_device_limit_info()
    if info is None:
        return False

    setter = getattr(dl, "set_device_limit", None)
    if setter is None:
        logger.warning("Generated AF wrapper has no set_device_limit symbol")
        return False

    setter.argtypes = [c_uint32, c_uint32, c_uint32]
    setter.restype = None
    setter(c_uint32(info["aiv_num"]), c_uint32(info["aic_num"]), c_uint32(0))
    logger.debug(
        "Injected AF device limit: aiv_num=%d, aic_num=%d, ub_size=0",
        info["aiv_num"],
        info["aic_num"],
    )
    return True


def async_compile(executor: Optional[AsyncCompile], artifacts: Dict[str, str]):
    compile_owner_scope = _get_compile_owner_scope()
    from pathlib import Path
    from torch._inductor import config as inductor_config
    from ..common.debug import _get_asserts_base
    from ..common.utils import file_lock

    asserts_base = _get_asserts_base()
    soc_version = 'cpu' if config.debugging_on_cpu else torch.npu.get_device_properties().name

    lib_dir = _get_lib_dir(artifacts)
    lib_wrapper = os.path.join(lib_dir, "wrapper.so")
    lib_kernel = os.path.join(lib_dir, "kernel.so")
    kernel_key = None

    # The worker that performs compile_ascendc does not inherit the
    # torch_npu.set_device_limit decorator state. Pass the normalized limit
    # explicitly through the process-pool task so Top-N receives the same
    # configuration without a process-global environment-variable side path.
    worker_limit = _read_device_limit_info()
    logger.debug("AF compile worker limit: %s", worker_limit)

    # Per-kernel lock: cache observation shares the same critical section as
    # publication, so a reader never sees a half-published kernel.  The lock is
    # per lib_dir, so different kernels still compile in parallel.
    with file_lock(Path(lib_dir) / "compile.lock"):
        optimize_tiling = os.path.join(lib_dir, "optimize_tiling")
        if os.path.exists(optimize_tiling):
            lib_kernel, kernel_key = load_optimize_file(optimize_tiling)
        if os.path.exists(lib_wrapper) and os.path.exists(lib_kernel):
            validate_lib(lib_wrapper)
            validate_lib(lib_kernel)
            logger.debug("Cache hint kernel for %s", lib_kernel)
            device_limit_dl = cdll.LoadLibrary(lib_wrapper)
            _inject_device_limit(device_limit_dl)
            kernel = NpuInductorKernel(lib_wrapper, lib_kernel, kernel_key)
            return kernel.bind_model_debug_dir(asserts_base)

    compile_flags = get_compile_flags()
    # Prevent force single-threaded compile by other stubs such as triton
    inductor_config.compile_threads = min(32, inductor_config.compile_threads)
    if inductor_config.compile_threads > 1 and executor is not None and not config.debugging_on_cpu:
        kernel_spec = _compiler.FusedKernelSpec(**artifacts)
        use_topn_tiling = _compiler.decide_use_topn_tiling(kernel_spec.is_static, artifacts)
        if not use_topn_tiling:
            return _start_parallel_jit_coordinator(
                executor.process_pool(),
                kernel_spec,
                lib_dir,
                asserts_base,
                compile_flags + [_compiler.ABI],
                compile_owner_scope,
                soc_version,
            )
        else:
            # topn 路径：有 host→select→device 依赖，整体提交进进程池串行编译。
            logger.debug("Async compile for %s", lib_dir)
            future = executor.process_pool().submit(
                _compiler.compile_ascendc,
                artifacts,
                lib_dir,
                asserts_base,
                soc_version=soc_version,
                compile_flags=compile_flags,
                compile_owner_scope=compile_owner_scope,
                device_limit=worker_limit,
            )
            return _AscendcFeature(future, asserts_base)

    else:
        logger.debug("Sync compile for %s", lib_dir)
        kernel = _compiler.compile_ascendc(
            artifacts,
            lib_dir,
            asserts_base,
            soc_version=soc_version,
            compile_flags=compile_flags,
            compile_owner_scope=compile_owner_scope,
            device_limit=worker_limit,
        )
        return kernel.bind_model_debug_dir(asserts_base)
