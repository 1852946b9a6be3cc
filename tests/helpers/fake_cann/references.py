"""The table of references: how a call of CANN becomes a call of Python, what was called, and what was not.

Imported by the fake aclInit (runtime.c), before the first operator; it needs torch, not torch_npu.
"""

from __future__ import annotations

import atexit
import ctypes
import itertools
import math
import os
import re
import sys
import traceback
from collections.abc import Callable

import torch

OK, REFUSED = 0, 161002  # aclnn's ACLNN_ERR_PARAM_INVALID
COPIES = ("host to host", "host to device", "device to host", "device to device")
LIBRARY = ctypes.CDLL("libascendcl.so")
SOC = os.environ.get("FAKE_NPU_SOC", "Ascend910B4")
NEW = re.match(r"Ascend910(B\d|_93)", SOC) is not None  # 910B and A3, as runtime.c tells them from what is older
FAULTS = frozenset(os.environ.get("FAKE_NPU_FAULTS", "").split(","))
SATURATES = not NEW or "saturation" in FAULTS
SIZES = "FAKE_NPU_SIZES" in os.environ  # operators are counted and compute nothing, as runtime.c copies nothing
DTYPES = {
    0: torch.float32, 1: torch.float16, 2: torch.int8, 3: torch.int32, 4: torch.uint8, 6: torch.int16,
    9: torch.int64, 11: torch.float64, 12: torch.bool, 27: torch.bfloat16,
}  # fmt: skip  # aclDataType's numbers


class Tensor(ctypes.Structure):
    """records.c's."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("magic", "dtype", "format", "offset", "dims_count", "storage_count")),
        *((name, ctypes.c_int64 * 25) for name in ("dims", "strides", "storage")),
        ("data", ctypes.c_void_p),
    ]


class Array(ctypes.Structure):
    """records.c's."""

    _fields_ = [
        ("magic", ctypes.c_int64),
        ("count", ctypes.c_int64),
        ("dtype", ctypes.c_int64),
        ("items", ctypes.c_void_p),
    ]


class Description(ctypes.Structure):
    """records.c's."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("dtype", "format", "storage_format", "dims_count", "storage_count")),
        *((name, ctypes.c_int64 * 25) for name in ("dims", "storage")),
    ]


class Buffer(ctypes.Structure):
    """records.c's."""

    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_int64)]


calls: list[str] = []  # the operators that were launched, in order
moved: dict[str, int] = {}  # bytes that each operator has read and written on the card; a graph's at every execution
_seen: set[str] = set()
_callbacks: list = []  # ctypes frees a callback that nobody holds
_planned: dict[int, tuple] = {}
_numbers = itertools.count(1)


def clear() -> None:
    """Forget all calls, bytes and copies."""
    calls.clear()
    moved.clear()
    (ctypes.c_int64 * len(COPIES)).in_dll(LIBRARY, "fake_copies")[:] = [0] * len(COPIES)


def copies() -> dict[str, int]:
    """How often each kind of copy was asked of the runtime since clear."""
    return dict(zip(COPIES, (ctypes.c_int64 * len(COPIES)).in_dll(LIBRARY, "fake_copies"), strict=True))


# ---- registering ---------------------------------------------------------------------------------------------


def operator(name: str, kinds: str, not_on: str | None = None) -> Callable:
    """Register a reference of an aclnn operator: its two functions, GetWorkspaceSize and the launch.

    The first takes the arguments and gives an executor, the second runs it: with a task queue, in another thread.
    kinds: of its arguments, as named in KINDS. not_on: the beginning of chips' names that lack it.
    """

    def register(reference: Callable) -> Callable:
        def plan(*arguments) -> None:
            *arguments, size, executor = arguments
            if not_on and SOC.startswith(not_on):
                raise NotImplementedError(f"{name} is not there on {SOC}")
            number = next(_numbers)
            _planned[number] = (name, reference, arguments)
            ctypes.cast(size, ctypes.POINTER(ctypes.c_uint64))[0] = 0
            ctypes.cast(executor, ctypes.POINTER(ctypes.c_void_p))[0] = number

        _set(f"{name}GetWorkspaceSize", f"{kinds} pointer pointer", plan)
        return reference

    return register


def launch(executor: int) -> None:
    """Run what was planned; while a graph is captured, put it there."""
    name, reference, arguments = _planned.pop(executor)
    record(name)
    do(lambda: compute(name, reference, arguments))


def do(work: Callable[[], None]) -> None:
    """Now, or in a task group or a captured graph whenever that is executed."""
    later = _graph if _group is None else _group
    work() if later is None else later.append(work)


def compute(name: str, reference: Callable, arguments: list) -> None:
    """Run a reference. A chip without inf and NaN then has its largest number and 0 in their place, and notes it."""
    moved[name] = moved.get(name, 0) + traffic.bytes_of(name, arguments)
    if SIZES:
        return
    reference(*arguments)
    if not SATURATES:
        return
    for x in arguments:
        if isinstance(x, torch.Tensor) and x.is_floating_point() and not x.isfinite().all():
            largest = torch.finfo(x.dtype).max
            x.nan_to_num_(0.0, largest, -largest)
            overflow(True)


def overflow(value: bool | None = None) -> bool:
    """The chip's overflow flag, which stays until it is cleared; set where a value is given."""
    global _overflowed
    _overflowed = _overflowed if value is None else value
    return _overflowed


_overflowed = False


def function(name: str, kinds: str) -> Callable:
    """Register a function of CANN that is not an operator; it may return an error number."""

    def register(reference: Callable) -> Callable:
        _set(name, kinds, reference)
        return reference

    return register


def capturing() -> list[Callable] | None:
    """What a captured graph repeats, while one is captured."""
    return _graph


_graph: list[Callable] | None = None
_group: list[Callable] | None = None


def task_group(work: list[Callable] | None) -> list[Callable] | None:
    """Gather operators in this list from here on, or no more where it is None -> where they were gathered."""
    global _group
    before, _group = _group, work
    return before


def capture(graph: list[Callable] | None) -> None:
    """From here on operators go into this graph, and do nothing; None: they compute again."""
    global _graph
    _graph = graph
    ctypes.c_int.in_dll(LIBRARY, "fake_capturing").value = graph is not None


def _set(name: str, kinds: str, reference: Callable) -> None:
    types = [KINDS[kind] for kind in kinds.split()]

    def called(*values) -> int:
        try:
            with torch.inference_mode(False):  # the queue's thread is not in the mode of the one that asks
                return reference(*(convert(value) for (_, convert), value in zip(types, values, strict=True))) or OK
        except BaseException:
            traceback.print_exc()
            print(f"[fake CANN] {name} refused its arguments", file=sys.stderr, flush=True)
            return REFUSED

    callback = ctypes.CFUNCTYPE(ctypes.c_int, *(ctype for ctype, _ in types))(called)
    _callbacks.append(callback)
    slot = ctypes.c_void_p.in_dll(LIBRARY, f"fake_slot_{name}")
    slot.value = ctypes.cast(callback, ctypes.c_void_p).value


def record(name: str) -> None:
    calls.append(name)
    path = os.environ.get("FAKE_NPU_LOG")
    if path and name not in _seen:
        _seen.add(name)
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"{name}\n")


# ---- arguments -----------------------------------------------------------------------------------------------


def tensor(pointer: int | None) -> torch.Tensor | None:
    """A view of an aclTensor's memory; with its format, and its storage's shape, as attributes."""
    if not pointer:
        return None
    record = ctypes.cast(pointer, ctypes.POINTER(Tensor)).contents
    assert record.magic == 0x7E4507, "not an aclTensor"
    dtype, count = DTYPES[record.dtype], record.dims_count
    dims, strides = list(record.dims[:count]), list(record.strides[:count])
    if all(dims):
        items = record.offset + 1 + sum((dim - 1) * stride for dim, stride in zip(dims, strides, strict=True))
        view = memory(record.data, items, dtype).as_strided(dims, strides, record.offset)
    else:
        view = torch.empty(dims, dtype=dtype)
    view.format, view.storage = record.format, list(record.storage[: record.storage_count])
    return view


def described(descriptions: int, buffers: int) -> torch.Tensor:
    """The first tensor of an older operator's list, as `tensor` gives one."""
    record = ctypes.cast(descriptions, ctypes.POINTER(ctypes.POINTER(Description)))[0].contents
    buffer = ctypes.cast(buffers, ctypes.POINTER(ctypes.POINTER(Buffer)))[0].contents
    dims, dtype = list(record.dims[: record.dims_count]), DTYPES[record.dtype]
    view = memory(buffer.data, math.prod(dims), dtype).view(dims)
    view.format, view.storage = record.storage_format, list(record.storage[: record.storage_count])
    return view


def memory(address: int, items: int, dtype: torch.dtype) -> torch.Tensor:
    """`items` numbers at an address of the fake device, not copied."""
    return torch.frombuffer((ctypes.c_char * (items * dtype.itemsize)).from_address(address), dtype=dtype)


def array(ctype: type) -> Callable[[int | None], list | None]:
    def convert(pointer: int | None) -> list | None:
        if not pointer:
            return None
        record = ctypes.cast(pointer, ctypes.POINTER(Array)).contents
        return list((ctype * record.count).from_address(record.items)) if record.count else []

    return convert


def tensors(pointer: int | None) -> list[torch.Tensor | None]:
    return [tensor(item) for item in array(ctypes.c_void_p)(pointer) or []]


def scalar(pointer: int | None):
    if not pointer:
        return None
    record = ctypes.cast(pointer, ctypes.POINTER(Array)).contents
    return memory(record.items, 1, DTYPES[record.dtype]).item()


KINDS = {
    "tensor": (ctypes.c_void_p, tensor),
    "tensors": (ctypes.c_void_p, tensors),
    "scalar": (ctypes.c_void_p, scalar),
    "ints": (ctypes.c_void_p, array(ctypes.c_int64)),
    "bools": (ctypes.c_void_p, array(ctypes.c_bool)),
    "pointer": (ctypes.c_void_p, lambda value: value),
    "int64": (ctypes.c_int64, int),
    "uint64": (ctypes.c_uint64, int),
    "int32": (ctypes.c_int32, int),
    "uint32": (ctypes.c_uint32, int),
    "int8": (ctypes.c_int8, int),
    "double": (ctypes.c_double, float),
    "float": (ctypes.c_float, float),
    "bool": (ctypes.c_bool, bool),
    "text": (ctypes.c_char_p, lambda value: value.decode() if value else None),
}

atexit.register(lambda: torch.npu.synchronize())  # torch_npu's own end waits for its queue and lets no Python run
function("fake_launch", "pointer")(launch)

from fake_cann import graphs, hccl, operators, traffic  # noqa: E402, F401  # operators register themselves here
