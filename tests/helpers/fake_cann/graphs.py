"""Captured graphs (aclmdlRI*): what operators would have done while capturing is done at every execution.

Operators of a task group may be given other arguments later. The graph waits for them: for an event that is recorded
when they are there, and that it resets. On a card it would wait for ever; here it is an error.
"""

from __future__ import annotations

import ctypes

from fake_cann.references import capture, capturing, do, function, task_group

ACTIVE, NONE = 1, 0  # aclmdlRICaptureStatus
EQUAL = 1  # of aclrtValueWait
_graphs: dict[int, list] = {}
_groups: dict[int, list] = {}


def _write(pointer: int, value: int, ctype: type = ctypes.c_void_p) -> None:
    ctypes.cast(pointer, ctypes.POINTER(ctype))[0] = value


@function("aclmdlRICaptureBegin", "pointer int32")
def begin(stream: int, mode: int) -> None:
    assert capturing() is None, "two captures at once"
    capture([])


@function("aclmdlRICaptureGetInfo", "pointer pointer pointer")
def info(stream: int, status: int, model: int) -> None:
    _write(status, NONE if capturing() is None else ACTIVE, ctypes.c_int)
    _write(model, 0 if capturing() is None else id(capturing()))


@function("aclmdlRICaptureEnd", "pointer pointer")
def end(stream: int, model: int) -> None:
    graph = capturing()
    capture(None)
    _graphs[id(graph)] = graph
    _write(model, id(graph))


@function("aclmdlRICaptureTaskGrpBegin", "pointer")
def group_begin(stream: int) -> None:
    task_group([])


@function("aclmdlRICaptureTaskGrpEnd", "pointer pointer")
def group_end(stream: int, handle: int) -> None:
    group = task_group(None)
    capturing().append(lambda: [work() for work in group])
    _groups[id(group)] = group
    _write(handle, id(group))


@function("aclmdlRICaptureTaskUpdateBegin", "pointer pointer")
def update_begin(stream: int, handle: int) -> None:
    _groups[handle].clear()
    task_group(_groups[handle])


@function("aclmdlRICaptureTaskUpdateEnd", "pointer")
def update_end(stream: int) -> None:
    task_group(None)


@function("aclrtValueWait", "pointer uint64 uint32 pointer")
def wait(address: int, value: int, how: int, stream: int) -> None:
    """torch_npu's event of a task group is a number in memory, 1 where it has been recorded."""

    def compare() -> None:
        assert how == EQUAL, "comparisons for equality alone: the rest not modelled"
        held = ctypes.c_uint64.from_address(address).value
        assert held == value, "a graph waits for an event that nobody has recorded"

    do(compare)


@function("aclrtValueWrite", "pointer uint64 uint32 pointer")
def write(address: int, value: int, flag: int, stream: int) -> None:
    do(lambda: _write(address, value, ctypes.c_uint64))


@function("aclmdlRIExecuteAsync", "pointer pointer")
def execute(model: int, stream: int) -> None:
    for work in _graphs[model]:
        work()


@function("aclmdlRIDestroy", "pointer")
def destroy(model: int) -> None:
    del _graphs[model]
