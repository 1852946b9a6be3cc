"""HCCL's collectives through torch's gloo: ranks of one machine meet in a file."""

from __future__ import annotations

import ctypes
import os
import tempfile
import uuid
from datetime import timedelta

import torch
import torch.distributed as dist

from fake_cann.references import SOC, do, function, memory

DTYPES = {
    0: torch.int8, 1: torch.int16, 2: torch.int32, 3: torch.float16, 4: torch.float32, 5: torch.int64, 7: torch.uint8,
    10: torch.float64, 11: torch.bfloat16,
}  # fmt: skip  # HcclDataType's numbers
ON_310P = (torch.int8, torch.int16, torch.int32, torch.float16, torch.float32)  # what its all-reduce takes
OPERATIONS = (dist.ReduceOp.SUM, dist.ReduceOp.PRODUCT, dist.ReduceOp.MAX, dist.ReduceOp.MIN)
NAME_BYTES = 128
_groups: dict[int, dist.ProcessGroupGloo] = {}


@function("HcclGetRootInfo", "pointer")
def root_info(info: int) -> None:
    path = os.path.join(tempfile.gettempdir(), f"fake_hccl_{uuid.uuid4().hex}")
    ctypes.memmove(info, ctypes.create_string_buffer(path.encode(), NAME_BYTES), NAME_BYTES)


@function("HcclCommInitRootInfo", "uint32 pointer uint32 pointer")
def join(world_size: int, info: int, rank: int, communicator: int) -> None:
    store = dist.FileStore(ctypes.string_at(info).decode(), world_size)
    group = dist.ProcessGroupGloo(store, rank, world_size, timedelta(seconds=120))
    _groups[id(group)] = group
    ctypes.cast(communicator, ctypes.POINTER(ctypes.c_void_p))[0] = id(group)


@function("HcclCommInitRootInfoConfig", "uint32 pointer uint32 pointer pointer")
def join_configured(world_size: int, info: int, rank: int, config: int, communicator: int) -> None:
    join(world_size, info, rank, communicator)


@function("HcclGetCommName", "pointer pointer")
def name(communicator: int, text: int) -> None:
    ctypes.memmove(text, b"fake CANN\0", 10)


@function("HcclGetCommAsyncError", "pointer pointer")
def asynchronous_error(communicator: int, error: int) -> None:
    ctypes.cast(error, ctypes.POINTER(ctypes.c_int))[0] = 0


@function("HcclCommDestroy", "pointer")
def leave(communicator: int) -> None:
    del _groups[communicator]


@function("HcclAllReduce", "pointer pointer uint64 int32 int32 pointer pointer")
def all_reduce(source: int, to: int, count: int, dtype: int, operation: int, communicator: int, stream: int) -> None:
    """16 bits are summed in float32 and rounded once; a card may round in between."""
    if SOC.startswith("Ascend310P") and DTYPES[dtype] not in ON_310P:
        raise TypeError(f"310P: no all-reduce of {DTYPES[dtype]}")

    def reduce() -> None:
        values = memory(source, count, DTYPES[dtype])
        wide = values.float() if values.dtype in (torch.float16, torch.bfloat16) else values.clone()
        options = dist.AllreduceOptions()
        options.reduceOp = OPERATIONS[operation]
        _groups[communicator].allreduce([wide], options).wait()
        memory(to, count, DTYPES[dtype]).copy_(wide)

    do(reduce)


@function("HcclAllGather", "pointer pointer uint64 int32 pointer pointer")
def all_gather(source: int, to: int, count: int, dtype: int, communicator: int, stream: int) -> None:
    def gather() -> None:
        group = _groups[communicator]
        part = _bytes(source, count, dtype).clone()
        parts = [torch.empty_like(part) for _ in range(group.size())]
        group.allgather([parts], [part]).wait()
        _bytes(to, count * group.size(), dtype).copy_(torch.cat(parts))

    do(gather)


@function("HcclBroadcast", "pointer uint64 int32 uint32 pointer pointer")
def broadcast(values: int, count: int, dtype: int, root: int, communicator: int, stream: int) -> None:
    if SOC.startswith("Ascend310P"):
        raise NotImplementedError("310P: no broadcast")
    held = _bytes(values, count, dtype).clone()
    options = dist.BroadcastOptions()
    options.rootRank = root
    _groups[communicator].broadcast([held], options).wait()
    _bytes(values, count, dtype).copy_(held)


def _bytes(address: int, count: int, dtype: int) -> torch.Tensor:
    """Any dtype as bytes, since gloo moves only some."""
    return memory(address, count * DTYPES[dtype].itemsize, torch.uint8)
