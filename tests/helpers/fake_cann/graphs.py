"""Captured graphs (aclmdlRI*): what operators would have done while capturing is done at every execution."""

from __future__ import annotations

import ctypes

from fake_cann.references import capture, capturing, function

ACTIVE, NONE = 1, 0  # aclmdlRICaptureStatus
_graphs: dict[int, list] = {}


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


@function("aclmdlRIExecuteAsync", "pointer pointer")
def execute(model: int, stream: int) -> None:
    for work in _graphs[model]:
        work()


@function("aclmdlRIDestroy", "pointer")
def destroy(model: int) -> None:
    del _graphs[model]
