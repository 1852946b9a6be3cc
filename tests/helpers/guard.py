"""Runs scripts as children of one process that has imported torch already: each within bounds of memory and time.

Started by conftest.py's `guarded`. Reads a request a line (JSON: script, arguments, setup, seconds), answers with a
line: code, stderr, the MiB by which the peak memory grew, and seconds. A child may map GROWTH more than its parent
does (RLIMIT_AS), write files of at most FILE_SIZE, and take `seconds`; what needs more dies: its code is not 1.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import resource
import runpy
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"
GROWTH, FILE_SIZE = 3 * 2**29, 64 * 2**20  # ModelSlim maps 1 GiB where triton is installed too


def serve() -> None:
    sys.path.insert(0, str(SCRIPTS))
    for module in ("engine.engine", "w8a8.artefact", "ceval.exam", "model.directory", "cli"):
        importlib.import_module(f"baichuan2.{module}")
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


def run(request: dict) -> dict:
    seconds = request.pop("seconds")
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as stderr:
        child = os.fork()
        if child == 0:
            os.dup2(stderr.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os._exit(in_child(**request))
        _, status, usage = wait(child, started + seconds)
        stderr.seek(0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "stderr": stderr.read(100_000),
            "grown_mib": usage.ru_maxrss / 1024 - resident_mib(),
            "seconds": time.monotonic() - started,
        }


def wait(child: int, deadline: float):
    while True:
        ended = os.wait4(child, os.WNOHANG)
        if ended[0]:
            return ended
        if time.monotonic() > deadline:
            os.kill(child, 9)
            return os.wait4(child, 0)
        time.sleep(0.002)


def in_child(script: str, arguments: list[str], setup: str) -> int:
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + GROWTH,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    SETUPS[setup]()
    sys.argv = [script, *arguments]
    try:
        if ":" in script:
            module, name = script.split(":")
            importlib.import_module("baichuan2.cli").run(getattr(importlib.import_module(module), name))
        else:
            runpy.run_path(str(SCRIPTS / script), run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int | None) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    return code or 0


def resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def without(package: str):
    class Absent:
        def find_spec(name, path=None, target=None):
            if name.partition(".")[0] == package:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    return lambda: sys.meta_path.insert(0, Absent)


def failing_disk(number: int):
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    def setup() -> None:
        os.fsync = fail

    return setup


DISK = ("ENOSPC", "EDQUOT", "EACCES", "EROFS")
SETUPS = {"": lambda: None} | {f"no {package}": without(package) for package in ("msmodelslim", "openvino")}
SETUPS |= {name: failing_disk(getattr(errno, name)) for name in DISK}

if __name__ == "__main__":
    serve()
