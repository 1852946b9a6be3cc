import os
from ctypes import c_float, c_int64, c_uint8, c_void_p, cdll, c_char_p

import torch

from .. import config
from ..common import logger


def _to_ctypes_arg(arg):
    if isinstance(arg, torch.Tensor):
        return c_void_p(arg.data_ptr())

    # ScalarData reaches Python as .item(); choose the stable host carrier ABI
    # used by the generated wrapper.
    if isinstance(arg, bool):
        return c_uint8(arg)
    if isinstance(arg, float):
        return c_float(arg)
    return c_int64(arg)


def _set_library_debug_log_path(dl, log_path):
    setter = getattr(dl, "set_debug_log_path", None)
    if setter is None:
        return
    if getattr(setter, "argtypes", None) is None:
        setter.argtypes = [c_char_p]
        setter.restype = None
    setter(None if log_path is None else os.fsencode(log_path))


_prof_enabled_cache = {}


def _sync_prof_enabled(dl, lib_wrapper):
    try:
        from torch_npu.profiler._profiler_path_creator import ProfPathCreator

        enabled = 1 if ProfPathCreator().is_prof_inited else 0
    except Exception:
        enabled = 0
    if _prof_enabled_cache.get(lib_wrapper) != enabled:
        dl.set_prof_enabled(c_uint8(enabled))
        _prof_enabled_cache[lib_wrapper] = enabled


class NpuInductorKernel:
    default_stream = c_void_p(0)

    def __init__(self, wrapper: str, kernel: str, kernel_key=None):
        self.dl = None
        self.kernel = None
        self.name = os.path.dirname(wrapper)
        self.lib_wrapper = wrapper
        self.lib_kernel = kernel
        self.kernel_key = kernel_key
        self._compile_debug_enabled = False
        self.layout_check_log_path = None
        self.kernel_args_dump_path = None

    def bind_model_debug_dir(self, model_debug_dir):
        """Bind per-model runtime logs without making the path part of the kernel cache key."""
        self._compile_debug_enabled = os.getenv("TORCH_COMPILE_DEBUG", "0") == "1"
        if not self._compile_debug_enabled or not model_debug_dir:
            self.layout_check_log_path = None
            self.kernel_args_dump_path = None
            return self

        self.layout_check_log_path = os.path.join(model_debug_dir, "layout_check.log")
        self.kernel_args_dump_path = os.path.join(model_debug_dir, "kernel_args_dump.log")
        return self

    def _set_debug_log_path(self):
        if self.dl is None or not self._compile_debug_enabled:
            return
        _set_library_debug_log_path(self.dl, self.kernel_args_dump_path)

    def load(self, args):
        if self.dl is not None:
            return
        self.dl = cdll.LoadLibrary(self.lib_wrapper)
        self.kernel = self.dl.wrapper
        # Cache-miss kernels reach this load path directly. Inject here as
        # well as in async_compile's cache-hit path so dynamic/static JIT
        # tiling sees the limit before init() or wrapper() runs.
        from . import _inject_device_limit

        _inject_device_limit(self.dl)
        self._set_debug_log_path()
        _sync_prof_enabled(self.dl, self.lib_wrapper)
        if (
            self.dl.init(
                self.lib_kernel.encode('utf-8'),
                c_char_p(None) if self.kernel_key is None else self.kernel_key.encode('utf-8'),
            )
            != 0
        ):
            raise RuntimeError(f"NPU kernel {self.name} init failed")
        if self.kernel_key and self.dl.release(self.kernel_key.encode('utf-8')) != 0:
            raise RuntimeError(f"NPU kernel {self.name} init release failed")

    def __call__(self, *args):
        self.load(args)
        if config.sync_around_fuse_kernel:
            logger.info("Start sync previous kernel for %s", self.name)
            self.sync()
            logger.info("Succeed sync previous kernel for %s", self.name)
            logger.info("Start launch kernel %s with args %s", self.name, self.args_str(args))
        result = self.run(args)
        if result != 0:
            raise RuntimeError(f"NPU kernel {self.name} execution failed({result})")

        if config.sync_around_fuse_kernel:
            logger.info("Start sync kernel %s with args %s", self.name, self.args_str(args))
            self.sync()
            logger.info("Succeed sync kernel %s", self.name)

    def run(self, args):
        # The same cached wrapper.so can be called by different model objects on the same Python thread.
        # Refresh its thread-local destination for every launch rather than only at load time.
        self._set_debug_log_path()
        _sync_prof_enabled(self.dl, self.lib_wrapper)
        return self.kernel(
            *self.to_ctypes_args(args),
            self.default_stream,
            c_char_p(None) if self.kernel_key is None else self.kernel_key.encode('utf-8'),
        )

    def to_ctypes_args(self, args):
        # Shared by normal/static-key/autotune launches.  Tensor inputs stay as
        # device pointers, ScalarData inputs become by-value ctypes scalars.
        return [_to_ctypes_arg(arg) for arg in args]

    @staticmethod
    def args_str(args):
        def _tensor_str(t):
            if isinstance(t, torch.Tensor):
                return (
                    f'Tensor(dtype={t.dtype}, '
                    f'shape={tuple(t.size())}, '
                    f'stride={t.stride()}, '
                    f'offset={t.storage_offset()}, '
                    f'data={hex(t.data_ptr())}, '
                    f'device={t.device})'
                )
            return str(t)

        return ', '.join([_tensor_str(arg) for arg in args])

    @staticmethod
    def sync():
        torch.npu.synchronize()

    @staticmethod
    def get_kernel_name(path):
        normalized = os.path.normpath(path)
        folders = normalized.split(os.sep)
        return folders[-2] if len(folders) >= 2 else path
