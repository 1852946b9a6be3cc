"""Engines that run one shape with random weights: ours, llama.cpp and transformers. Batch-1 peers; ours any batch."""

from __future__ import annotations

import ctypes
import math
import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gguf

import harness
from baichuan2.model.llama_cpp import add_sizes, add_tokens, gguf_shapes
from baichuan2.model.sizes import ModelConfig, named_shape, tensor_shapes
from baichuan2.speed.cases import Run
from baichuan2.speed.timing import time_run

SEED = 0
HEAD_COPIES = 2  # our engine folds the head's norms in float32: the head as float, and the product
DTYPE_BYTES = {"float32": 4, "bfloat16": 2, "F16": 2, "Q8_0": 34 / 32}  # Q8_0: 32 int8 and a float16 scale


@dataclass
class Ours:
    """This project's engine. precision: "w8a8" or a dtype, and with engine.head int8 or exact "+head" or "+exact".

    W8A8 computes in bfloat16 around int8.
    """

    shape: str
    precision: str
    threads: int
    max_seq_len: int
    _stack: ExitStack = field(default_factory=ExitStack, init=False)

    @property
    def name(self) -> str:
        return f"ours {self.precision}"

    def memory(self) -> int:
        """Bytes that loading takes at most, about."""
        config = named_shape(self.shape)
        numbers, head = parameters(config), config.vocab_size * config.hidden_size
        # W8A8 is int8, but for the head and the embedding in bfloat16
        weights = numbers + 2 * head if self.quantized else numbers * DTYPE_BYTES[self.dtype]
        return weights + HEAD_COPIES * 4 * head

    @property
    def quantized(self) -> bool:
        return self.precision.startswith("w8a8")

    @property
    def dtype(self) -> str:
        return "bfloat16" if self.quantized else self.precision.partition("+")[0]

    def load(self) -> dict[str, Any]:
        from baichuan2.engine.engine import Settings, open_engine

        head = {"": "float", "head": "int8", "exact": "exact"}[self.precision.partition("+")[2]]
        settings = Settings("cpu", self.dtype, self.max_seq_len, self.threads, head)
        opened = open_engine(settings, self.shape, Path("any") if self.quantized else None)
        self.engine = self._stack.enter_context(opened)
        harness.reset_peak_rss()
        return {"weight_bytes": self.engine.weight_bytes()}

    def measure(self, batch: int, input_len: int, output_len: int) -> dict[str, Any]:
        """{"ttft_s", "tpot_s", "host_s": the host's part of tpot_s, before and after a forward, "peak_rss"}."""
        times = of_run(time_run(self.engine, batch, input_len, output_len, "detail", SEED))
        return times | {"peak_rss": harness.peak_rss()}


def of_run(run: Run) -> dict[str, float]:
    """TTFT, TPOT and the host's part of TPOT, in seconds, of a run of more than one token in mode detail."""
    around = [before + after for before, after in zip(run.pre_s, run.post_s, strict=True)]
    tokens = [host + forward for host, forward in zip(around, run.forward_s, strict=True)]
    return {"ttft_s": tokens[0], "tpot_s": statistics.fmean(tokens[1:]), "host_s": statistics.fmean(around[1:])}


@dataclass
class LlamaCpp:
    """llama.cpp through llama-cpp-python's low-level API, on a Llama of the same sizes. precision: Q8_0 or F16.

    repacked: weights are packed for the processor (AMX, where it has it) at loading, as by default; resident memory
    then holds the file's pages too. Without, Q8_0 is multiplied by AVX512, as on processors without AMX.
    """

    shape: str
    precision: str
    threads: int
    max_seq_len: int
    work: Path
    repacked: bool = True

    @property
    def name(self) -> str:
        return f"llama.cpp {self.precision}{'' if self.repacked else '-plain'}"

    def memory(self) -> int:
        """Bytes that the packed weights take; the file's pages can be dropped."""
        return int(parameters(named_shape(self.shape)) * DTYPE_BYTES[self.precision])

    def load(self) -> dict[str, Any]:
        import llama_cpp

        config = named_shape(self.shape)
        file = self.work / f"{self.shape.removeprefix('random:')}-{self.precision}.gguf"
        read = write_gguf(file, config, self.precision)
        self.llama, self.vocab_size = llama_cpp, config.vocab_size
        self._silent = llama_cpp.llama_log_callback(lambda level, text, data: None)
        llama_cpp.llama_log_set(self._silent, ctypes.c_void_p(0))
        packing = llama_cpp.llama_model_default_params()
        packing.use_extra_bufts = self.repacked
        self.model = llama_cpp.llama_model_load_from_file(str(file).encode(), packing)
        if not self.model:
            raise RuntimeError(f"llama.cpp could not load {file}")
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx = self.max_seq_len
        settings.n_threads = settings.n_threads_batch = self.threads
        self.context = llama_cpp.llama_init_from_model(self.model, settings)
        if not self.context:
            raise RuntimeError(f"llama.cpp could not make a context of {self.max_seq_len} tokens")
        harness.reset_peak_rss()
        return {"weight_bytes": read}

    def measure(self, batch: int, input_len: int, output_len: int) -> dict[str, Any]:
        if batch != 1:
            raise ValueError("this contender runs batch 1 only")
        llama = self.llama
        llama.llama_memory_clear(llama.llama_get_memory(self.context), True)
        ends, tokens = [time.perf_counter()], prompt(input_len, self.vocab_size)
        for _ in range(output_len):
            tokens = [self._next(tokens)]
            ends.append(time.perf_counter())
        return of_ends(ends) | {"peak_rss": harness.peak_rss()}

    def _next(self, tokens: list[int]) -> int:
        """The likeliest token after these: logits of the last position only."""
        import numpy

        array = (self.llama.llama_token * len(tokens))(*tokens)
        code = self.llama.llama_decode(self.context, self.llama.llama_batch_get_one(array, len(tokens)))
        if code:
            raise RuntimeError(f"llama_decode returned {code}")
        logits = self.llama.llama_get_logits_ith(self.context, -1)
        return int(numpy.ctypeslib.as_array(logits, shape=(self.vocab_size,)).argmax())


@dataclass
class Transformers:
    """generate() of transformers, eager, on this project's modeling files. precision: a dtype."""

    shape: str
    precision: str
    threads: int

    @property
    def name(self) -> str:
        return f"transformers {self.precision}"

    def memory(self) -> int:
        """Bytes that loading takes at most, about: a tensor is made in float32."""
        config = named_shape(self.shape)
        return parameters(config) * DTYPE_BYTES[self.precision] + 4 * config.vocab_size * config.hidden_size

    def load(self) -> dict[str, Any]:
        import torch

        from baichuan2.engine.weights import RandomWeights
        from baichuan2.modeling.configuration_baichuan import BaichuanConfig
        from baichuan2.modeling.modeling_baichuan import BaichuanForCausalLM

        torch.set_num_threads(self.threads)
        config, dtype = named_shape(self.shape), getattr(torch, self.precision)
        weights = RandomWeights(config, quantized=False)
        with torch.device("meta"):
            self.model = BaichuanForCausalLM(BaichuanConfig(**config.fields()))
        tensors = {name: weights.tensor(name).to(dtype) for name in tensor_shapes(config)}
        self.model.load_state_dict(tensors, assign=True)
        self.model.eval()
        self.model.generation_config.eos_token_id = None  # it must not stop early
        harness.reset_peak_rss()
        embedding = tensors["model.embed_tokens.weight"].nbytes
        return {"weight_bytes": sum(tensor.nbytes for tensor in tensors.values()) - embedding}

    def measure(self, batch: int, input_len: int, output_len: int) -> dict[str, Any]:
        if batch != 1:
            raise ValueError("this contender runs batch 1 only")
        import torch

        ids = torch.tensor([prompt(input_len, self.model.config.vocab_size)])
        clock = Clock()
        start = time.perf_counter()
        with torch.inference_mode():
            self.model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=output_len, do_sample=False, streamer=clock
            )
        if len(clock.ends) != output_len + 1:
            raise RuntimeError(f"generate() gave {len(clock.ends) - 1} tokens of {output_len}")
        return of_ends([start, *clock.ends[1:]]) | {"peak_rss": harness.peak_rss()}


class Clock:
    """A streamer that notes when tokens come: the prompt first, then each new one."""

    def __init__(self):
        self.ends: list[float] = []

    def put(self, tokens) -> None:
        self.ends.append(time.perf_counter())

    def end(self) -> None:
        pass


def of_ends(ends: list[float]) -> dict[str, float]:
    """TTFT and TPOT of the start, and the times at which each of two or more tokens was there."""
    return {"ttft_s": ends[1] - ends[0], "tpot_s": (ends[-1] - ends[1]) / (len(ends) - 2)}


def prompt(length: int, vocab_size: int) -> list[int]:
    """Random token ids, as time_run() takes them."""
    import torch

    return torch.randint(3, vocab_size, (length,), generator=torch.Generator().manual_seed(SEED)).tolist()


def parameters(config: ModelConfig) -> int:
    return sum(map(math.prod, tensor_shapes(config).values()))


# ---- a Llama of the same sizes, for llama.cpp -----------------------------------------------------------------


def write_gguf(path: Path, config: ModelConfig, precision: str, model: Path | None = None) -> int:
    """Write a Llama with random weights, unless it is there; returns the bytes that a decode step reads of it.

    These are all tensors but the embedding, of which it reads a row. Its tensors are those of a Baichuan2 for
    llama.cpp. Tensors of one shape hold the same numbers: only the sizes matter. model: the linked model whose
    tokenizer it has; None: it has none.
    """
    if not path.exists():
        partial = path.with_suffix(".partial")
        writer = gguf.GGUFWriter(partial, "llama")
        add_sizes(writer, config)
        if model is None:
            writer.add_tokenizer_model("no_vocab")
        else:
            add_tokens(writer, model, config)
        kind = gguf.GGMLQuantizationType[precision]
        made: dict[tuple[int, ...], Any] = {}
        for name, shape in gguf_shapes(config).items():
            if shape not in made:
                made[shape] = random_array(shape, kind)
            writer.add_tensor(name, made[shape], raw_dtype=kind if len(shape) == 2 else None)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        partial.rename(path)
    tensors = gguf.GGUFReader(path).tensors
    return int(sum(tensor.n_bytes for tensor in tensors if tensor.name != "token_embd.weight"))


def random_array(shape: tuple[int, ...], kind):
    """Ones in float32 for a norm, otherwise normal random numbers as `kind` stores them."""
    import numpy

    if len(shape) == 1:
        return numpy.ones(shape, numpy.float32)
    numbers = numpy.random.default_rng(SEED).standard_normal(shape, numpy.float32) * numpy.float32(0.02)
    return gguf.quants.quantize(numbers, kind)
