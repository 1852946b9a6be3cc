import fcntl
import functools
import multiprocessing
import os
import re
import stat
import sys
import threading
import time
import types
from contextlib import contextmanager
from pathlib import Path
from typing import List

import sympy
import torch
import torch.utils._pytree as pytree
from torch._inductor.ir import get_device_type, MultiOutputLayout, NoneLayout
from torch._inductor.virtualized import V

from .. import config
from . import logger


def get_torch_cxx_standard(torch_version=None):
    """Select the C++ standard required by the installed PyTorch headers."""
    if torch_version is None:
        torch_version = getattr(torch, "__version__", "")
    match = re.match(r"^(\d+)\.(\d+)", str(torch_version))
    if match and (int(match.group(1)), int(match.group(2))) >= (2, 13):
        return "c++20"
    return "c++17"


def is_cpu_0d_scalar(name: str) -> bool:
    buffer = V.graph.graph_inputs.get(name)
    if buffer is None:
        buffer = V.graph.name_to_buffer.get(name)
    return (
        buffer is not None
        and get_device_type(buffer) == "cpu"
        and not isinstance(buffer.layout, (NoneLayout, MultiOutputLayout))
        and buffer.get_size() == []
    )


class StrRep:
    def __init__(self, value, str_value=None):
        self.value = value
        self.str_value = str_value if str_value else value

    def __str__(self):
        return self.str_value

    def __repr__(self):
        return self.value

    def __hash__(self):
        return hash(self.value)

    def __lt__(self, other):
        return self.value < other.value

    def __eq__(self, value: object) -> bool:
        return self.value == value


def camel_to_snake(name):
    s1 = re.sub('(.)([A-Z][a-z]+)', r'\1_\2', name)
    return re.sub('([a-z0-9])([A-Z])', r'\1_\2', s1).lower()


def is_kernel_need_stub(_):
    if config.debugging_on_cpu:
        return True
    return False


def _load_stub_modules(graph_name):
    need_stub = is_kernel_need_stub(graph_name)
    if need_stub:
        from .revert_ascir import PyAutofuseStub, AscCompilerStub

        sys.modules["autofuse"] = types.ModuleType("autofuse")
        sys.modules["autofuse.pyautofuse"] = PyAutofuseStub()
        sys.modules["autofuse.compile_adapter"] = AscCompilerStub()
    try:
        yield
    finally:
        if need_stub:
            sys.modules.pop('autofuse', None)
            sys.modules.pop('autofuse.pyautofuse', None)
            sys.modules.pop('autofuse.compile_adapter', None)


@contextmanager
def load_compiler(graph_name):
    yield from _load_stub_modules(graph_name)


@contextmanager
def load_autofuser(graph_name):
    yield from _load_stub_modules(graph_name)


def validate_lib(filepath: str, *, change_permissions=False) -> None:
    if os.path.islink(filepath):
        raise PermissionError(f"{filepath} must not be a symbolic link")

    st = os.stat(filepath)

    # 必须是普通文件
    if not stat.S_ISREG(st.st_mode):
        raise PermissionError(f"{filepath} must be a regular file")

    # owner 必须是当前用户或 root
    current_uid = os.getuid()
    if st.st_uid not in (current_uid, 0):
        raise PermissionError(
            f"{filepath} must be owned by the current user or root. Owned by UID {st.st_uid}, current UID {current_uid}"
        )

    actual_perms = st.st_mode & 0o777

    # group / other 不能有 w 位
    unsafe_bits = actual_perms & (stat.S_IWGRP | stat.S_IWOTH)
    if unsafe_bits:
        if change_permissions:
            os.chmod(filepath, actual_perms & ~(stat.S_IWGRP | stat.S_IWOTH))
        else:
            raise PermissionError(f"{filepath} must not be writable by group or others, but got {oct(actual_perms)}")


@contextmanager
def file_lock(lock_path: Path):
    lock_path.parent.mkdir(parents=True, exist_ok=True)

    with open(lock_path, 'w') as f:  # pylint: disable=unspecified-encoding
        fcntl.flock(f.fileno(), fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(f.fileno(), fcntl.LOCK_UN)


def record_compile_duration(stage, step, kernel_name, start_ns, duration_ns):
    """Emit an Inductor compilation duration with an explicit time interval."""
    logger.info(
        "[InductorCompileDuration] pid=%d, tid=%d, ppid=%d, ts=%d, dur=%d, stage=%s, step=%s, kernel=%s",
        os.getpid(),
        threading.get_native_id(),
        os.getppid(),
        start_ns // 1000,
        duration_ns // 1000,
        stage,
        step,
        kernel_name,
    )


@contextmanager
def log_compile_duration(stage, step, kernel_name):
    start_ns = time.time_ns()
    try:
        yield
    finally:
        record_compile_duration(
            stage,
            step,
            kernel_name,
            start_ns,
            time.time_ns() - start_ns,
        )


def patch_fn(model, fn):
    orig_fn = getattr(model, fn)

    def decorator(f):
        @functools.wraps(orig_fn)
        def inner(*args, **kwargs):
            return f(*args, **kwargs, orig_fn=orig_fn)

        setattr(model, fn, inner)
        return inner

    return decorator


def get_node_meta(nodes: List[torch.fx.Node]):
    nodes = [nodes] if isinstance(nodes, torch.fx.Node) else nodes
    metas = []
    for n in nodes:
        if 'val' not in n.meta:
            continue
        metas.extend(pytree.tree_leaves(n.meta['val']))
    return metas


def is_gte_cann_version(version):
    if config.debugging_on_cpu:
        return True

    from torch_npu.npu.utils import _is_gte_cann_version

    return _is_gte_cann_version(version)


def is_matrix_transpose_view(size, stride, expr_equal) -> bool:
    if len(size) < 2 or len(stride) < 2:
        return False
    if not expr_equal(stride[-2], sympy.S.One) or not expr_equal(stride[-1], size[-2]):
        return False

    running = size[-2] * size[-1]
    for dim_size, dim_stride in reversed(list(zip(size[:-2], stride[:-2]))):
        if not expr_equal(dim_size, sympy.S.One) and not expr_equal(dim_stride, running):
            return False
        running = running * dim_size
    return True


def is_batch_transpose_view(size, stride, expr_equal) -> bool:
    """Return whether a view permutes non-matrix axes of a matmul input.

    The last two axes are the matrix axes.  A pure permutation of those axes
    is handled by MatMul transpose attributes; other contiguous permutations
    must be materialized through the generic transpose load path.
    """
    if len(size) < 3 or len(stride) != len(size):
        return False

    axes = [axis for axis, dim_size in enumerate(size) if not expr_equal(dim_size, sympy.S.One)]
    remaining = list(axes)
    physical_order = []
    while remaining:
        matched_axis = None
        for axis in remaining:
            expected_stride = sympy.S.One
            for other in remaining:
                if other != axis:
                    expected_stride *= size[other]
            if expr_equal(stride[axis], expected_stride):
                matched_axis = axis
                break
        if matched_axis is None:
            return False
        physical_order.append(matched_axis)
        remaining.remove(matched_axis)

    if physical_order == axes:
        return False
    return not is_matrix_transpose_view(size, stride, expr_equal)
