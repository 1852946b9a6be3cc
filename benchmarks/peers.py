"""Peers whose packages do not go together with ours: OpenVINO GenAI, vLLM on a CPU, xFasterTransformer.

Each is installed from PyPI into an environment of its own (envs/peers), made once and kept, and runs there as a
process of its own (drivers). All run a Llama of the same sizes: q, k and v apart, RoPE for ALiBi, otherwise the same
products.
"""

from __future__ import annotations

import configparser
import contextlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar

import typer

import contenders
import harness
from baichuan2.errors import UserError
from baichuan2.files import publish_directory, write_json, write_text
from baichuan2.model.llama_cpp import gguf_shapes
from baichuan2.model.sizes import ModelConfig, named_shape

DRIVERS = harness.ROOT / "benchmarks" / "drivers"
REQUIREMENTS = harness.ROOT / "envs" / "peers"
ENVIRONMENTS = Path.home() / ".cache" / "baichuan2-workflow" / "peers"
Home = Annotated[Path, typer.Option(help="Where peers are installed, once.")]
Work = Annotated[Path | None, typer.Option(help="Where peers' models are kept; otherwise made anew.")]
# Come along, are not needed here, and fail to be imported beside a torch of another build.
UNUSED = ("torchvision", "torchaudio", "torchcodec")
HF_NAMES = {  # llama.cpp's names of a Llama's tensors, and those of its published checkpoints
    "token_embd": "model.embed_tokens",
    "blk": "model.layers",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "output_norm": "model.norm",
    "output": "lm_head",
}


# ---- an environment of its own -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Environment:
    """A venv that holds what envs/peers/<name>.txt names, in a folder of the user's choice."""

    name: str
    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / self.name

    @property
    def python(self) -> Path:
        return self.root / "bin" / "python"

    @property
    def _pip(self) -> list[str]:
        return [str(self.python), "-m", "pip", "--quiet", "--disable-pip-version-check"]

    def lacking(self) -> str | None:
        """Make it where it is not there; returns why it cannot be installed, or None."""
        wanted = (REQUIREMENTS / f"{self.name}.txt").read_text(encoding="utf-8")
        ready = self.root / "ready"
        if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
            return None
        print(f"installing {self.name} into {self.root}", file=sys.stderr, flush=True)
        shutil.rmtree(self.root, ignore_errors=True)
        steps = (
            [sys.executable, "-m", "venv", str(self.root)],
            [*self._pip, "install", "--progress-bar", "off", "--requirement", str(REQUIREMENTS / f"{self.name}.txt")],
            [*self._pip, "uninstall", "--yes", *UNUSED],
        )
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True)
            if done.returncode:
                return last_line(done.stderr) or f"{' '.join(step[:4])} ended with code {done.returncode}"
        write_text(ready, wanted)
        return None

    def install(self, *arguments: str | Path) -> None:
        """Install what pip is told. Raises UserError with its last line."""
        done = subprocess.run([*self._pip, "install", *arguments], capture_output=True, text=True)
        if done.returncode:
            raise UserError(f"{self.root}: {last_line(done.stderr)}")

    def versions(self) -> str:
        """The pinned packages that are installed there, with their versions."""
        pins = [
            line.split("==")[0].split("[")[0]
            for line in (self.root / "ready").read_text().splitlines()
            if "==" in line
        ]
        code = f"from importlib.metadata import version as v; print(*(f'{{n}} {{v(n)}}' for n in {pins!r}), sep=', ')"
        return subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    def library(self, pattern: str) -> Path | None:
        """A shared library that the environment brought, or None."""
        return next(iter(sorted(self.root.glob(f"lib/**/{pattern}"))), None)


def last_line(text: str) -> str:
    """The last of the lines that say an error, or of all."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or [""])[-1]


class Driver:
    """A driver's process, called as harness.Worker is. Raises UserError with the last line of what it says."""

    def __init__(self, environment: Environment, variables: Mapping[str, str]):
        self.name, self._log = environment.name, tempfile.TemporaryFile("w+")  # noqa: SIM115
        command = [environment.python, DRIVERS / f"run_{environment.name}.py"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
            env=os.environ | dict(variables),
        )  # fmt: skip

    def call(self, method: str, **arguments: Any) -> Any:
        """Return what the driver's method does."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = ""
        try:
            self._process.stdin.write(json.dumps({"method": method, "arguments": arguments}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            pass
        if not line:
            code = self._process.wait(60)
            self._log.seek(0)
            raise UserError(f"{self.name}: its process ended with code {code}: {last_line(self._log.read())}")
        answer = json.loads(line)
        if "error" in answer:
            print(answer["error"], file=sys.stderr)
            raise UserError(f"{self.name}: {last_line(answer['error'])}")
        return answer["value"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # of a call that it did not live to read
            self._process.stdin.close()
        self._process.wait()


# ---- the contenders ------------------------------------------------------------------------------------------


class Installed:
    """A contender that runs in an environment of its own. Its `environments` is the folder of all of them."""

    environments: Path
    kind: ClassVar[str]

    @property
    def environment(self) -> Environment:
        return Environment(self.kind, self.environments)

    def variables(self) -> dict[str, str]:
        """Environment variables of its process."""
        raise NotImplementedError

    def start(self) -> Driver:
        """Start its driver."""
        self.driver = Driver(self.environment, self.variables())
        return self.driver


@dataclass
class Peer(Installed):
    """What the three have in common. precision: a key of `forms`.

    environments: the folder of environments. work: where models are kept, made where they are not there.
    sequences: the largest batch.
    """

    precision: str
    shape: str
    threads: int
    max_seq_len: int
    environments: Path
    work: Path
    sequences: int = 1

    title: ClassVar[str]
    # {precision: (bytes of a weight of a linear, of the head)} as a decode step reads them
    forms: ClassVar[dict[str, tuple[int, int]]]

    @property
    def name(self) -> str:
        return f"{self.title} {self.precision}"

    def weight_bytes(self) -> int:
        """Bytes of weights that a decode step reads: all but the embedding; scales are not counted."""
        config = named_shape(self.shape)
        head, (linear_bytes, head_bytes) = config.vocab_size * config.hidden_size, self.forms[self.precision]
        return (contenders.parameters(config) - 2 * head) * linear_bytes + head * head_bytes

    def memory(self) -> int:
        """Bytes that it takes at most, about."""
        config = named_shape(self.shape)
        return self.weight_bytes() + 2 * config.vocab_size * config.hidden_size + self.overhead()

    def overhead(self) -> int:
        """Of the process itself, and its cache."""
        return 5 * 10**8 + self._cache_bytes()

    def _cache_bytes(self) -> int:
        config = named_shape(self.shape)
        return 4 * config.num_hidden_layers * config.hidden_size * self.max_seq_len * self.sequences

    def variables(self) -> dict[str, str]:
        return {"OMP_NUM_THREADS": str(self.threads)}

    def load(self) -> dict[str, Any]:
        self.work.mkdir(parents=True, exist_ok=True)
        self.load_into(self.start())
        self.measure(1, 8, 2)  # a processor that it does not run on, it may refuse only now
        return {"weight_bytes": self.weight_bytes()}

    def load_into(self, driver: Driver) -> None:
        raise NotImplementedError

    def measure(self, batch: int, input_len: int, output_len: int) -> dict[str, Any]:
        """{"ttft_s", "tpot_s", "peak_rss"}."""
        ids = contenders.prompt(batch * input_len, named_shape(self.shape).vocab_size)
        prompts = [ids[row * input_len : (row + 1) * input_len] for row in range(batch)]
        run = self.driver.call("measure", prompts=prompts, output_len=output_len)
        if len(run["ends"]) != output_len + 1:
            raise RuntimeError(f"{self.name}: {len(run['ends']) - 1} tokens of {output_len}")
        return contenders.of_ends(run["ends"]) | {"peak_rss": run["peak_rss"]}

    def llama(self, form: str) -> Path:
        """The directory of this shape's Llama, as published checkpoints are."""
        folder = self.work / f"{self.shape.removeprefix('random:')}-{form}"
        if not folder.exists():
            with publish_directory(folder) as partial:
                write_llama(partial, named_shape(self.shape), form)
        return folder


class OpenVino(Peer):
    """OpenVINO GenAI: int8 weights, the head's too, or bfloat16; the KV cache as its defaults say."""

    title, kind = "OpenVINO", "openvino"
    forms: ClassVar = {"int8": (1, 1), "bfloat16": (2, 2)}

    def load_into(self, driver: Driver) -> None:
        exported = self.work / f"{self.shape.removeprefix('random:')}-openvino-{self.precision}"
        if not exported.exists():
            exporter = Driver(self.environment, self.variables())  # or its memory would count
            with contextlib.closing(exporter), publish_directory(exported) as partial:
                exporter.call(
                    "export", model=str(self.llama("bfloat16")), exported=str(partial), precision=self.precision
                )
        driver.call("load", model=str(exported), threads=self.threads, cache_tokens=self.sequences * self.max_seq_len)


class Vllm(Peer):
    """vLLM: W8A8 of compressed-tensors, activations quantized by token, the head in bfloat16; or bfloat16."""

    title, kind = "vLLM", "vllm"
    forms: ClassVar = {"w8a8": (1, 2), "bfloat16": (2, 2)}

    def overhead(self) -> int:
        return 5 * 10**9 // 2 + self._cache_bytes()

    def variables(self) -> dict[str, str]:
        return vllm_variables(self.environment, self.threads, self._cache_bytes())

    def load_into(self, driver: Driver) -> None:
        driver.call(
            "load",
            model=str(self.llama(self.precision)),
            dtype="bfloat16",
            max_seq_len=self.max_seq_len,
            sequences=self.sequences,
            block_size=None,
            prefix_caching=False,  # or a prompt's second run would have none to compute
        )


def vllm_variables(environment: Environment, threads: int, cache_bytes: int = 0) -> dict[str, str]:
    """As its documentation has them: TCMalloc and Intel's OpenMP before all others, where they are there.

    cache_bytes: of all keys and values; 1 GiB is the least.
    """
    openmp = environment.library("libiomp5.so")
    preloaded = [find_library("tcmalloc_minimal"), str(openmp) if openmp else None, os.environ.get("LD_PRELOAD")]
    return {
        "LD_PRELOAD": ":".join(filter(None, preloaded)),
        "OMP_NUM_THREADS": str(threads),
        "VLLM_CPU_OMP_THREADS_BIND": ",".join(map(str, sorted(os.sched_getaffinity(0))[:threads])),
        "VLLM_CPU_KVCACHE_SPACE": str(max(1, -(-cache_bytes // 2**30))),  # GiB
        "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
        "VLLM_LOGGING_LEVEL": "ERROR",
        "VLLM_NO_USAGE_STATS": "1",
        "HF_HUB_OFFLINE": "1",
    }


class XFasterTransformer(Peer):
    """xFasterTransformer: int8 weights, the head in float16, or all in float16; bfloat16 needs AMX."""

    title, kind = "xFasterTransformer", "xfastertransformer"
    forms: ClassVar = {"int8": (1, 2), "float16": (2, 2)}
    dtypes: ClassVar = {"int8": "int8", "float16": "fp16"}

    def load_into(self, driver: Driver) -> None:
        folder = self.work / f"{self.shape.removeprefix('random:')}-xft"
        if not folder.exists():
            with publish_directory(folder) as partial:
                write_xft(partial, named_shape(self.shape))
        driver.call("load", model=str(folder), dtype=self.dtypes[self.precision])


def load(table: dict[str, harness.Worker], wanted: list[Any]) -> tuple[dict[str, Any], list[str]]:
    """Load contenders into `table` one after the other; returns the facts of those that run here, by name.

    And a line for each that does not: a peer that does not install or run, or one for which memory does not suffice
    beside those before it.
    """
    facts, left_out = {}, []
    for contender in wanted:
        reason = missing(contender)
        if reason is None:
            try:
                facts[contender.name] = harness.load(table, contender)
            except UserError as error:
                table.pop(contender.name).close()
                if not isinstance(contender, Installed):
                    raise
                reason = str(error)
        if reason:
            left_out.append(left_out_line(contender, reason))
    return facts, left_out


def missing(contender: Any) -> str | None:
    """Why a contender cannot run here: its environment does not install, or memory does not suffice; or None."""
    if isinstance(contender, Installed) and (reason := _not_installed(contender.environment)):
        return reason
    needed = hasattr(contender, "memory") and harness.lacking(contender)
    return f"it needs {needed}" if needed else None


@cache
def _not_installed(environment: Environment) -> str | None:
    return environment.lacking()


def left_out_line(contender: Any, reason: str) -> str:
    """The line for a contender that does not run here, which is printed, too."""
    line = f"{contender.name} left out: {reason.rstrip('.')}."
    print(line, file=sys.stderr, flush=True)
    return line


def described(used: list[Any]) -> dict[str, str]:
    """The environments of contenders, for the tables."""
    peers = {contender.kind: contender for contender in used if isinstance(contender, Installed)}
    about = {kind: peer.environment.versions() for kind, peer in peers.items()}
    return about | {
        f"{kind}, preloaded": ", ".join(Path(name).name for name in before.split(":"))
        for kind, peer in peers.items()
        if (before := peer.variables().get("LD_PRELOAD"))
    }


# ---- a Llama of the same sizes -------------------------------------------------------------------------------


def hf_name(name: str) -> str:
    """llama.cpp's name of a tensor as published checkpoints have it."""
    return ".".join(HF_NAMES.get(part, part) for part in name.split("."))


def llama_config(config: ModelConfig, dtype: str) -> dict[str, Any]:
    """config.json of a Llama."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "torch_dtype": dtype,
        "vocab_size": config.vocab_size,
        "hidden_size": config.hidden_size,
        "intermediate_size": config.intermediate_size,
        "num_hidden_layers": config.num_hidden_layers,
        "num_attention_heads": config.num_attention_heads,
        "num_key_value_heads": config.num_attention_heads,
        "head_dim": config.head_dim,
        "max_position_embeddings": config.model_max_length,
        "rms_norm_eps": config.rms_norm_eps,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "attention_bias": False,
        "bos_token_id": 1,
        "eos_token_id": 2,
    }


# W8A8 as compressed-tensors writes it: a scale a row of the weights, and one a token of what they multiply
W8A8 = {
    "quant_method": "compressed-tensors",
    "format": "int-quantized",
    "quantization_status": "compressed",
    "ignore": ["lm_head"],
    "config_groups": {
        "group_0": {
            "targets": ["Linear"],
            "weights": {"num_bits": 8, "type": "int", "symmetric": True, "strategy": "channel", "dynamic": False},
            "input_activations": {
                "num_bits": 8, "type": "int", "symmetric": True, "strategy": "token", "dynamic": True,
            },
        }
    },
}  # fmt: skip


def write_llama(folder: Path, config: ModelConfig, form: str) -> None:
    """Write a Llama with random weights, form "bfloat16" or "w8a8".

    Each linear holds other numbers, of one sequence from another place on: OpenVINO keeps equal ones once.
    """
    import torch
    from safetensors.torch import save_file

    most = max(math.prod(shape) for shape in gguf_shapes(config).values())
    numbers = torch.randn(most + 2**16, generator=torch.Generator().manual_seed(contenders.SEED)) * 0.02
    places: dict[str, str] = {}
    for names in by_file(config):
        tensors = {}
        for name, shape in names:
            start = len(places) + len(tensors)
            linear = numbers[start : start + math.prod(shape)].view(shape)
            tensors |= stored(hf_name(name), linear if len(shape) == 2 else torch.ones(shape), form)
        file = f"model-{len(set(places.values())):05}.safetensors"
        places |= dict.fromkeys(tensors, file)
        save_file(tensors, folder / file)
    write_json(folder / "model.safetensors.index.json", {"metadata": {}, "weight_map": places})
    fields = llama_config(config, "bfloat16")
    write_json(folder / "config.json", fields | ({"quantization_config": W8A8} if form == "w8a8" else {}))


def by_file(config: ModelConfig) -> Iterator[list[tuple[str, tuple[int, ...]]]]:
    """A Llama's tensors, a layer at a time, and each of the others alone."""
    layer: dict[str, list] = {}
    for name, shape in gguf_shapes(config).items():
        layer.setdefault(name.rsplit(".", 2)[0], []).append((name, shape))
    yield from layer.values()


def stored(name: str, tensor: Any, form: str) -> dict[str, Any]:
    """A tensor as a checkpoint of that form has it: a linear of a layer as int8 and its scales, or bfloat16."""
    import torch

    from baichuan2.w8a8.arithmetic import quantize_weight

    if form == "bfloat16" or tensor.dim() == 1 or not name.startswith("model.layers."):
        return {name: tensor.to(torch.bfloat16, copy=True)}
    codes, scale = quantize_weight(tensor)
    return {name: codes, f"{name}_scale": scale.to(torch.bfloat16)}


def write_xft(folder: Path, config: ModelConfig) -> None:
    """Write the same as xFasterTransformer's converter does: a float16 file a tensor, inputs before outputs."""
    import numpy

    numbers = numpy.random.default_rng(contenders.SEED)

    def write(name: str, *shape: int) -> None:
        values = numbers.standard_normal(shape, numpy.float32) * 0.02 if len(shape) == 2 else numpy.ones(shape)
        values.astype(numpy.float16).tofile(folder / f"model.{name}.bin")

    hidden, inner = config.hidden_size, config.intermediate_size
    write("wte", config.vocab_size, hidden)
    write("lm_head.weight", config.vocab_size, hidden)
    write("final_layernorm.weight", hidden)
    for layer in (f"layers.{number}" for number in range(config.num_hidden_layers)):
        write(f"{layer}.input_layernorm.weight", hidden)
        write(f"{layer}.attention.query_key_value.weight.0", hidden, 3 * hidden)
        write(f"{layer}.attention.dense.weight.0", hidden, hidden)
        write(f"{layer}.post_attention_layernorm.weight", hidden)
        write(f"{layer}.mlp.gate_proj.weight.0", hidden, inner)
        write(f"{layer}.mlp.up_proj.weight.0", hidden, inner)
        write(f"{layer}.mlp.down_proj.weight.0", inner, hidden)
    settings = configparser.ConfigParser()
    settings["llama"] = {
        "model_name": "llama",
        "head_num": str(config.num_attention_heads),
        "kv_head_num": str(config.num_attention_heads),
        "hidden_size": str(hidden),
        "size_per_head": str(config.head_dim),
        "inter_size": str(inner),
        "max_pos_seq_len": str(config.model_max_length),
        "num_layer": str(config.num_hidden_layers),
        "layernorm_eps": str(config.rms_norm_eps),
        "layernorm_type": "pre_layernorm",
        "activation_type": "silu",
        "rope_theta": "10000.0",
        "scaling_factor": "1.0",
        "rope_type": "null",
        "has_post_decoder_layernorm": "1",
        "vocab_size": str(config.vocab_size),
        "start_id": "1",
        "end_id": "2",
        "weight_data_type": "fp16",
        "attn_params_type": "GQAttnParams",
        "ffn_params_type": "LlamaFFNParams",
    }
    with (folder / "config.ini").open("w") as file:
        settings.write(file)
