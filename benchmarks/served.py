"""Servers of OpenAI's API that a benchmark starts and ends: ours, vLLM's and llama.cpp's, and the models they serve.

They listen on this machine alone, and serve one model under one name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import httpx2

import contenders
import harness
import peers
from baichuan2.errors import UserError
from baichuan2.files import publish_directory, write_json
from baichuan2.model.sizes import ModelConfig, named_shape, tensor_shapes

HOST, NAME = "127.0.0.1", "measured"
START_S, END_S = 600, 20  # that a server may take to load its model, and to end
LOGGED = 2000  # characters of a log
PAUSE_S = 0.3  # an idle server's threads may spin for so long after its work
DEMO = harness.ROOT / "resources" / "demo"


class Server(Protocol):
    """What is started. `name` is unique among those measured together."""

    name: str

    def memory(self) -> int:
        """Bytes that it takes at most, about."""

    def make(self) -> None:
        """Make the model that it serves, where it is not there."""

    def command(self, port: int) -> Sequence[str | Path]: ...

    def variables(self) -> Mapping[str, str]:
        """Environment variables of its process."""


# ---- processes -----------------------------------------------------------------------------------------------


@dataclass
class Running:
    """A server's address, and the group of its processes."""

    address: str
    group: int

    def send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, number)


def start(stack: ExitStack, wanted: Sequence[Server]) -> tuple[dict[str, Running], list[str]]:
    """Start servers that end with `stack` -> {name: one that runs here}, and a line for each other."""
    started, left_out = {}, []
    for server in wanted:
        reason = peers.missing(server)
        if reason is None:
            print(f"starting {server.name}", file=sys.stderr, flush=True)
            server.make()
            try:
                started[server.name] = stack.enter_context(running(server))
            except UserError as error:
                reason = str(error)
        if reason:
            left_out.append(peers.left_out_line(server, reason))
    return started, left_out


@contextmanager
def alone(servers: Mapping[str, Running], name: str) -> Iterator[str]:
    """The address of one server. The others are stopped meanwhile: an idle one may take time of the processor."""
    others = [other for other in servers.values() if other is not servers[name]]
    for other in others:
        other.send(signal.SIGSTOP)
    try:
        time.sleep(PAUSE_S)
        yield servers[name].address
    finally:
        for other in others:
            other.send(signal.SIGCONT)


@contextmanager
def running(server: Server, port: int | None = None) -> Iterator[Running]:
    """A server that ends with the context. Where it fails, prints its log's end, and raises UserError with a line.

    port: a free one unless given.
    """
    port = port or free_port()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            server.command(port), stdout=log, stderr=log, env=os.environ | dict(server.variables()),
            start_new_session=True,
        )  # fmt: skip
        try:
            address = f"http://{HOST}:{port}"
            if reason := _waited(process, address):
                log.seek(0)
                printed = log.read()
                print(printed[-LOGGED:], file=sys.stderr)
                raise UserError(f"{server.name}: {reason}: {peers.last_line(printed)}")
            yield Running(f"{address}/v1", process.pid)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_S)
            Running("", process.pid).send(signal.SIGKILL)  # what it has started, too
            process.wait()


def _waited(process: subprocess.Popen, address: str) -> str | None:
    """Wait until a server answers; why it does not, or None."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            return f"ended with code {process.returncode}"
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{address}/health").status_code in (httpx2.codes.OK, httpx2.codes.NOT_FOUND):
                return None  # llama-cpp-python's server has no such path
        time.sleep(0.1)
    return f"did not answer within {START_S} s"


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return free.getsockname()[1]


# ---- models --------------------------------------------------------------------------------------------------


def model_of(shape: str, work: Path) -> tuple[Path, Path]:
    """A linked model of a shape with random weights, and its W8A8 artefact; made where they are not there.

    Its tokenizer is the demo's with more pieces: a text for every token.
    """
    folder = work / f"{shape.removeprefix('random:')}-served"
    source, model, quant = (folder / name for name in ("source", "model", "quant"))
    if not source.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with publish_directory(source) as partial:
            _write_source(partial, named_shape(shape))
    if not quant.exists():
        shutil.rmtree(model, ignore_errors=True)
        _quantize(source, model, quant)
    return model, quant


def _write_source(folder: Path, config: ModelConfig) -> None:
    from safetensors.torch import save_file

    from baichuan2.engine.weights import RandomWeights

    weights = RandomWeights(config, quantized=False)
    save_file({name: weights.tensor(name) for name in tensor_shapes(config)}, folder / "model.safetensors")
    write_json(folder / "config.json", config.fields())
    (folder / "tokenizer.model").write_bytes(longer_tokenizer(config.tokens))


def _quantize(source: Path, model: Path, quant: Path) -> None:
    import torch

    from baichuan2.model.directory import link_model, patch_config, read_model
    from baichuan2.quantization.calibration import calibrate
    from baichuan2.quantization.parameters import StreamingParameters
    from baichuan2.quantization.quantizing import quantize
    from baichuan2.quantization.streaming import open_streamed

    link_model(source, model)
    patch_config(source, model)
    texts = torch.tensor([contenders.prompt(256, read_model(model).tokens)]).split(64, dim=1)
    with open_streamed(model, "cpu", 2) as streamed:
        calibration = calibrate(streamed, list(texts))
    quantize(model, quant, StreamingParameters("static", 1), calibration)


def longer_tokenizer(pieces: int) -> bytes:
    """The demo's SentencePiece model with so many pieces."""
    from sentencepiece import sentencepiece_model_pb2

    model = sentencepiece_model_pb2.ModelProto.FromString((DEMO / "model" / "tokenizer.model").read_bytes())
    for number in range(len(model.pieces), pieces):
        model.pieces.add(piece=f"▁w{number}", score=-float(number), type=model.SentencePiece.NORMAL)
    return model.SerializeToString()


def write_llama_tokenizer(folder: Path, model: Path) -> None:
    """A model directory's tokenizer as published Llamas have theirs, for the engines that read such."""
    (folder / "tokenizer.model").write_bytes((model / "tokenizer.model").read_bytes())
    fields = {"tokenizer_class": "LlamaTokenizer", "add_bos_token": False, "legacy": False}
    tokens = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    write_json(folder / "tokenizer_config.json", fields | tokens)


# ---- servers -------------------------------------------------------------------------------------------------


@dataclass
class Ours:
    """This project's server of a shape. precision: w8a8, in bfloat16 around int8, or a dtype."""

    precision: str
    shape: str
    threads: int
    length: int
    slots: int
    work: Path

    @property
    def name(self) -> str:
        return f"ours {self.precision}"

    @property
    def dtype(self) -> str:
        return "bfloat16" if self.precision == "w8a8" else self.precision

    def memory(self) -> int:
        config = named_shape(self.shape)
        cache = 8 * config.num_hidden_layers * config.hidden_size * self.length * self.slots
        return contenders.Ours(self.shape, self.precision, self.threads, self.length).memory() + cache

    def make(self) -> None:
        model_of(self.shape, self.work)

    def command(self, port: int) -> list[str | Path]:
        model, quant = model_of(self.shape, self.work)
        engine = f"device=cpu,dtype={self.dtype},threads={self.threads},max_seq_len={self.length}"
        return ours(model, quant if self.precision == "w8a8" else None, engine, self.slots, port)

    def variables(self) -> dict[str, str]:
        return {}


def ours(model: Path, quant: Path | None, engine: str, slots: int, port: int) -> list[str | Path]:
    """The command of this project's server. engine: as the workflow's scripts take it."""
    script = harness.ROOT / "workflow" / "scripts" / "serve.py"
    command = [sys.executable, script, "--model", model, "--name", NAME, "--engine", engine]
    command += ["--serve", f"host={HOST},port={port},slots={slots},max_queue=4096"]
    return command + (["--quant", quant] if quant else [])


@dataclass
class VllmServer(peers.Vllm):
    """vLLM's server of a Llama of the same sizes, as its defaults have it but for `sequences` at once."""

    def make(self) -> None:
        model, _ = model_of(self.shape, self.work)
        self.llama(self.precision)
        if not self._tokenizer.exists():
            with publish_directory(self._tokenizer) as partial:
                write_llama_tokenizer(partial, model)

    @property
    def _tokenizer(self) -> Path:
        return self.work / f"{self.shape.removeprefix('random:')}-tokenizer"

    def command(self, port: int) -> list[str | Path]:
        model, length = self.llama(self.precision), self.max_seq_len
        return vllm(self.environment, model, self._tokenizer, "bfloat16", length, self.sequences, port)

    def variables(self) -> dict[str, str]:
        return vllm_variables(self.environment, self.threads, self._cache_bytes())


def vllm(
    environment: peers.Environment, model: Path, tokenizer: Path, dtype: str, length: int, sequences: int, port: int
) -> list[str | Path]:
    """The command of vLLM's server."""
    return [
        environment.python, "-m", "vllm.entrypoints.openai.api_server", "--model", model, "--tokenizer", tokenizer,
        "--served-model-name", NAME, "--host", HOST, "--port", str(port), "--dtype", dtype,
        "--max-model-len", str(length), "--max-num-seqs", str(sequences), "--disable-uvicorn-access-log",
    ]  # fmt: skip


def vllm_variables(environment: peers.Environment, threads: int, cache_bytes: int = 0) -> dict[str, str]:
    """As peers.vllm_variables, but with the engine in a process of its own, as servers have it."""
    return peers.vllm_variables(environment, threads, cache_bytes) | {"VLLM_ENABLE_V1_MULTIPROCESSING": "1"}


@dataclass
class LlamaServer(peers.Installed):
    """llama.cpp's server of a Llama of the same sizes. precision: Q8_0 or F16.

    Without the copies of ended prompts in the host's memory, since no prompt comes again.
    """

    precision: str
    shape: str
    threads: int
    length: int
    slots: int
    environments: Path
    work: Path

    kind: ClassVar[str] = "llama_server"

    @property
    def name(self) -> str:
        return f"llama.cpp {self.precision}"

    @property
    def _file(self) -> Path:
        return self.work / f"{self.shape.removeprefix('random:')}-{self.precision}-tokenizer.gguf"

    def memory(self) -> int:
        config = named_shape(self.shape)
        cache = 4 * config.num_hidden_layers * config.hidden_size * self.length * self.slots
        weights = contenders.LlamaCpp(self.shape, self.precision, self.threads, self.length, self.work).memory()
        return 2 * weights + cache  # as the file has them, and packed for the processor

    def make(self) -> None:
        model, _ = model_of(self.shape, self.work)
        contenders.write_gguf(self._file, named_shape(self.shape), self.precision, model)

    def command(self, port: int) -> list[str | Path]:
        return llama(self.environment, self._file, self.threads, self.length, self.slots, port)

    def variables(self) -> dict[str, str]:
        return {}


def llama(
    environment: peers.Environment, file: Path, threads: int, length: int, slots: int, port: int
) -> list[str | Path]:
    """The command of llama.cpp's server. Raises UserError where the environment has none."""
    program = environment.library("llama-server")
    if program is None:
        raise UserError(f"{environment.root}: has no llama-server; delete the folder, and it is made again")
    return [
        program, "--model", file, "--alias", NAME, "--host", HOST, "--port", str(port),
        "--parallel", str(slots), "--ctx-size", str(slots * length),
        "--threads", str(threads), "--threads-batch", str(threads), "--cache-ram", "0", "--no-webui",
    ]  # fmt: skip


# It looks the class that config.json names up in transformers itself, which has none for code that came with a model.
TRANSFORMERS = """import transformers
from transformers.cli.transformers import app
transformers.BaichuanForCausalLM = transformers.AutoModelForCausalLM
app()
"""


def transformers(python: str | Path, model: Path, port: int | str) -> list[str | Path]:
    """The command of transformers serve."""
    serve = [python, "-c", TRANSFORMERS, "serve", model, "--trust-remote-code"]
    return [*serve, "--dtype", "float32", "--device", "cpu", "--host", HOST, "--port", str(port)]
