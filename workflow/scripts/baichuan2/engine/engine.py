"""One engine for the three tasks: prefill, decode and score, in float and W8A8, on one rank or many."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path

import torch
from torch import Tensor

from baichuan2 import host
from baichuan2.devices import open_device
from baichuan2.devices.base import Device
from baichuan2.engine.cache import KVCache, Packed
from baichuan2.engine.exact import exact_scores
from baichuan2.engine.model import Model
from baichuan2.engine.options import MORE_RANGE, Settings
from baichuan2.engine.places import Places
from baichuan2.engine.sampling import Sampler, Sampling
from baichuan2.engine.weights import RandomWeights, Weights, WeightsOf, float_weights, quant_weights
from baichuan2.errors import UserError
from baichuan2.model.directory import read_model
from baichuan2.model.sizes import ModelConfig, check_world_size, named_shape
from baichuan2.model.tokenizer import EOS_ID, Tokenizer
from baichuan2.ranks import memory
from baichuan2.ranks.collectives import Ranks, ranks_of_launch
from baichuan2.ranks.memory import LOGITS_TOGETHER

log = logging.getLogger(__name__)
# At least twice what two ways of computing one logit differ by, in float32. Differences measured: 1e-5 in float; 0.04
# in W8A8, where an activation that rounds the other way changes by one step of its scale; in dynamic W8A8 0.03 with
# the demo's roll-back list and 0.52 with a worse one, since a token fills the range of its own scale, and more of its
# values lie near the middle between two steps. `snakemake check_ceval` measures it on a run's own questions.
NEAR_TIE = {"float": 1e-3, "w8a8": 0.25, "w8a8-dynamic": 1.25}
# What of `Engine.environment` decides a logit to its last bit; not what decides its speed, as governor or threads.
DECIDES = (
    "device", "device_name", "torch", "torch_npu", "cann", "cuda", "compiled", "dtype", "precision", "head",
    "kv_cache", "decode", "world_size", "nodes",
)  # fmt: skip

OnToken = Callable[[int, int], None]  # (sequence, token)
OnLeads = Callable[[list[float]], None]  # the lead of each sequence's best next token over its second, in logits


@contextmanager
def open_engine(
    settings: Settings, model: Path | str, quant: Path | None = None, parts: Path | None = None
) -> Iterator[Engine]:
    """The engine for a model directory, or for the W8A8 artefact `quant` made of it, or for "random:<shape>".

    Under torchrun this process is one rank, and loads its own part: of the folder `parts`, or of part_model in the
    weights' own directory. With random weights, `quant` not None means W8A8. Raises UserError for what the weights,
    the device or the launch cannot do, and for settings of a server.
    """
    if settings.server:
        raise UserError(
            f"engine.server: is {settings.server}, but this step runs this workflow's own engine; set null"
        )
    device = open_device(settings.device, settings.threads)
    with ranks_of_launch(device.backend) as ranks, torch.inference_mode():
        random = str(model).startswith("random:")
        config = named_shape(str(model)) if random else read_model(Path(model))
        check_world_size(config, ranks.world_size)
        if random:
            weights_of: WeightsOf = partial(RandomWeights, config, quant is not None)
        elif quant is not None:
            weights_of = partial(quant_weights, quant, parts=parts)
        else:
            weights_of = partial(float_weights, Path(model), config, parts=parts)
        tokenizer = None if random else Tokenizer(Path(model))
        yield Engine(config, weights_of, tokenizer, device, ranks, settings)


class Engine:
    """A loaded model. Every rank makes the same calls in the same order, and gets the same results."""

    def __init__(
        self, config: ModelConfig, weights_of: WeightsOf, tokenizer: Tokenizer | None, device: Device, ranks: Ranks,
        settings: Settings,
    ):  # fmt: skip
        self.config, self.tokenizer, self.device, self.ranks = config, tokenizer, device, ranks
        self.rank, self.world_size = ranks.rank, ranks.world_size
        self.max_seq_len = settings.max_seq_len or config.model_max_length
        if not config.is_alibi and self.max_seq_len > config.model_max_length:
            raise UserError(
                f"engine.max_seq_len: {self.max_seq_len} is over model_max_length {config.model_max_length}, "
                "for which this model's positions were trained; lower it"
            )
        self.dtype = device.dtype(settings.dtype, config.dtype)
        self._weights_of = weights_of
        weights = weights_of(ranks.rank, ranks.world_size)
        self.precision = weights.precision
        self._check_memory(weights.int8_modules, settings.head)
        with weights.held():
            self.model = Model(
                config, weights, device, self.dtype, ranks, self.max_seq_len, settings.head, settings.graph
            )
        self._cache: KVCache | None = None
        self._warned_of_overflow = False

    def _check_memory(self, int8: Collection[str], head: str) -> None:
        """Raise UserError where a card has no room for the weights and one sequence, before they are loaded."""
        free = self.device.free_memory()
        if free is None:
            return
        cache_item = self.device.cache_dtype(self.dtype).itemsize
        weights = memory.weight_bytes(self.config, self.dtype.itemsize, self.world_size, int8, head)
        cache = memory.kv_bytes(self.config, cache_item, 1, self.max_seq_len, self.world_size)
        if weights + cache > free:
            raise UserError(
                f"engine.device: {self.device.name} has {free / 2**30:.2f} GiB free, but weights take "
                f"{weights / 2**30:.2f} and the KV cache of one sequence {cache / 2**30:.2f}; raise "
                "parallel.world_size, or lower engine.max_seq_len"
            )

    def weight_bytes(self, batch_size: int = 1) -> int:
        """As engine.model.Model's."""
        return self.model.weight_bytes(batch_size)

    def head_rows(self) -> float | None:
        """How many rows of an exact head a next token has computed on this rank, on average since the last call.

        None where no head was searched.
        """
        screen = self.model.screen
        return None if screen is None else screen.computed_each()

    def kv_bytes(self, batch_size: int, length: int) -> int:
        """Bytes of keys and values of `length` positions on this rank."""
        return self.model.kv_bytes(batch_size, length)

    def max_over_ranks(self, values: list[float]) -> list[float]:
        """The elementwise maximum over ranks."""
        return self.ranks.maximum(values, self.device.torch_device)

    def environment(self) -> dict:
        """Device, model and settings, for the records of a measurement."""
        return self.device.describe() | {
            "dtype": self._dtype_name,
            "precision": self.precision,
            "head": self.model.head_is,
            "kv_cache": str(self.device.cache_dtype(self.dtype)).removeprefix("torch."),
            "decode": self.model.decode_is,
            "world_size": self.world_size,
            **({"nodes": self.ranks.nodes} if self.ranks.nodes > 1 else {}),
            "max_seq_len": self.max_seq_len,
        }

    @property
    def _dtype_name(self) -> str:
        return str(self.dtype).removeprefix("torch.")

    def identity(self) -> dict:
        """What of the environment decides an answer beside the weights and the prompt."""
        environment = self.environment()
        return {key: environment[key] for key in DECIDES if key in environment}

    # ---- prefill and decode ----------------------------------------------------------------------------

    def prefill(self, cache: KVCache, prompts: list[list[int]], best: int | None = None) -> Tensor:
        """Fill the cache with `prompts`, one a row -> float32 logits [B, V] after each prompt's last token.

        best: as decode.Decoder.step's.
        """
        return self.model.next_logits(self._fill(cache, prompts), best)

    def _fill(self, cache: KVCache, prompts: list[list[int]]) -> Tensor:
        """Fill the cache with `prompts`, one a row -> hidden states [B, E] of each prompt's last token.

        Shorter prompts are padded on the right: padding writes behind every position that is read, and decode
        overwrites it.
        """
        rows, longest = len(prompts), self.device.rounded(max(map(len, prompts)))
        tokens = torch.zeros(rows, longest, dtype=torch.int64)
        for row, prompt in enumerate(prompts):
            tokens[row, : len(prompt)] = torch.tensor(prompt)
        last = torch.tensor([len(prompt) - 1 for prompt in prompts], device=self.device.torch_device)
        tokens = tokens.to(self.device.torch_device)
        step = self.device.prefill_tokens // rows
        step = max(self.device.multiple, step - step % self.device.multiple)
        ends = torch.zeros(rows, self.config.hidden_size, dtype=self.dtype, device=self.device.torch_device)
        for begin in range(0, longest, step):
            piece = tokens[:, begin : begin + step]
            view = self.model.positions.prefill(cache, rows, begin, piece.shape[1])
            inside = (last >= begin) & (last < begin + piece.shape[1])
            index = (last - begin).clamp(0, piece.shape[1] - 1)
            hidden = self.model.forward(piece, view, (torch.arange(rows, device=last.device), index))
            ends = torch.where(inside[:, None], hidden, ends)
        return ends

    def _fill_packed(self, cache: KVCache, packed: Packed, suffixes: list[list[int]], group: list[int]) -> Tensor:
        """Put the suffixes of `group` behind the prefix in the cache -> their last hidden states [len(group), E]."""
        counts = [len(suffix) if k in group else 0 for k, suffix in enumerate(suffixes)]
        view = self.model.positions.packed(cache, packed, counts)
        flat = [token for k in group for token in suffixes[k]]
        tokens = torch.tensor([flat], device=self.device.torch_device)
        ends = torch.tensor([counts[k] for k in group], device=self.device.torch_device).cumsum(0) - 1
        return self.model.forward(tokens, view, (0, ends))

    def cache_for(self, batch: int, length: int) -> KVCache:
        """The cache; a new one only where the present one has another batch size or is too short."""
        if self._cache is None or self._cache.batch != batch or self._cache.length < length:
            self._cache = None
            self._cache = self.model.cache(batch, length)
        return self._cache

    def drop_cache(self) -> None:
        """Free the cache; the next call makes another."""
        self._cache = None

    def places(self, count: int) -> Places:
        """Places for `count` sequences of max_seq_len tokens; raise UserError where the memory does not hold them."""
        needed, free = self.kv_bytes(count, self.max_seq_len), self.device.free_memory()
        if free is None:
            free = host.available_memory()
        if free is not None and needed > free:
            raise UserError(
                f"serve.slots: keys and values of {count} sequences of engine.max_seq_len {self.max_seq_len} take "
                f"{needed / 2**30:.2f} GiB, and {free / 2**30:.2f} are free; lower one of them"
            )
        return Places(self.model, count, self.max_seq_len)

    # ---- score -----------------------------------------------------------------------------------------

    def score(self, prefix: list[int], suffixes: list[list[int]], candidates: list[int]) -> list[list[float]]:
        """Logits of the `candidates` after prefix + suffix, for every suffix (none of them empty).

        On overflow they are inf, also where the device has none: all, where numbers inside of a float network
        overflow. The prefix is computed once; the suffixes go behind it side by side, as many as the device takes at
        a time and one sequence's cache has room for.
        """
        for suffix in suffixes:
            self._check_length(len(prefix) + len(suffix))
        groups = pack(suffixes, min(self.device.prefill_tokens, self.max_seq_len - len(prefix)))
        cache = self.cache_for(1, self.max_seq_len)
        self.device.overflowed()
        if prefix:
            self._fill(cache, [prefix])
        ends = []
        for group in groups:
            part = [suffixes[k] for k in group]
            packed = Packed(len(prefix), [len(suffix) for suffix in part], self.device.torch_device)
            ends.append(self._fill_packed(cache, packed, part, list(range(len(part)))))
        # the output layer is read once for many
        together = torch.cat(ends).split(LOGITS_TOGETHER)
        logits = torch.cat([self.model.logits(rows)[:, candidates] for rows in together])
        largest = self.device.largest(self.dtype)
        scores = [[math.copysign(math.inf, x) if abs(x) >= largest else x for x in row] for row in logits.tolist()]
        return [[math.inf for _ in row] for row in scores] if self._overflowed() else scores

    def _overflowed(self) -> bool:
        """Whether the last forwards overflowed on any rank of a device that has no inf to show it.

        In int8 it is a warning, once: codes that are clipped, as they may be, might count there too.
        """
        here = self.device.overflowed()
        if here is None or not self.ranks.on_any(here):
            return False
        if self.precision != "float" and not self._warned_of_overflow:
            self._warned_of_overflow = True
            log.warning("%s: numbers of the network left its range, or int8 codes were clipped", self._dtype_name)
        return self.precision == "float"

    def score_exactly(
        self, prompts: Sequence[Sequence[int]], candidates: Sequence[int] | None = None
    ) -> list[list[float]]:
        """Logits of the `candidates`, or of all tokens, after each prompt, in float64.

        They depend on neither batch, prefix nor number of ranks: rank 0's CPU computes each prompt alone, with
        uncut weights.
        """
        scores = None
        if self.rank == 0:
            with self._whole_weights.held():
                scores = exact_scores(self.config, self._whole_weights, prompts, candidates, self.model.head_is)
        return self.ranks.from_first(scores)

    @cached_property
    def _whole_weights(self) -> Weights:
        """The uncut model's, opened once."""
        return self._weights_of(0, 1)

    @property
    def near_tie(self) -> float | None:
        """Two logits closer than this are a near tie: another batch or device may reverse them. None: unknown."""
        return NEAR_TIE[self.precision] if self.dtype == torch.float32 else None

    # ---- generate --------------------------------------------------------------------------------------

    def generate(
        self,
        prompts: list[list[int]],
        max_new_tokens: int,
        prefix: list[int] | None = None,
        stop_ids: tuple[int, ...] = (EOS_ID,),
        sampling: Sampling | None = None,
        on_token: OnToken | None = None,
        on_leads: OnLeads | None = None,
    ) -> list[list[int]]:
        """New tokens of every prompt (behind the shared `prefix`, computed once), without the stop token.

        All prompts decode together. It calls `on_token` for each new token, and `on_leads` before each step's
        choice. Raises UserError where a prompt and its new tokens exceed max_seq_len, or numbers overflow.
        """
        prefix = prefix or []
        self.device.overflowed()
        self._check_length(len(prefix) + max(map(len, prompts)) + max_new_tokens)
        sampling = sampling or Sampling()
        sampler = Sampler(sampling, self.device.most_likely)
        longest = len(prefix) + max(map(len, prompts))

        def needed(done: int) -> int | None:
            """How many of the largest logits are, after `done` new tokens."""
            best = sampling.best(longest + done)
            return best if best is None or not on_leads else max(best, 2)

        if prefix:
            logits, decoder = self._start_packed(prefix, prompts, max_new_tokens, needed(0))
        else:
            cache = self.cache_for(len(prompts), self.max_seq_len)
            logits = self.prefill(cache, prompts, needed(0))
            decoder = self.model.decoder(cache, [len(prompt) for prompt in prompts])
        new: list[list[int]] = [[] for _ in prompts]
        running = set(range(len(prompts)))
        largest = self.device.largest(self.dtype)
        for step in range(max_new_tokens):
            # nan too: no choice means anything then
            self._refuse_overflow(not all(abs(peak) < largest for peak in logits.amax(-1).tolist()))
            if on_leads:
                best, second = logits.topk(2).values.unbind(-1)
                on_leads((best - second).tolist())
            chosen = sampler.choose(logits, seen=lambda: [prefix + p + n for p, n in zip(prompts, new, strict=True)])
            for row in sorted(running):
                if chosen[row] in stop_ids:
                    running.discard(row)
                else:
                    new[row].append(chosen[row])
                    if on_token:
                        on_token(row, chosen[row])
            if not running or step + 1 == max_new_tokens:
                break
            decoder.prepare()
            logits = decoder.step(chosen, needed(step + 1))
        self._refuse_overflow(self._overflowed())
        return new

    def _refuse_overflow(self, overflows: bool) -> None:
        if overflows:
            raise UserError(f"engine.dtype: {self._dtype_name}: numbers of the network leave its range; {MORE_RANGE}")

    def _start_packed(self, prefix: list[int], prompts: list[list[int]], max_new_tokens: int, best: int | None):
        """Prefill prompts that share the keys and values of `prefix` -> (logits, decoder); best: as prefill's."""
        packed = Packed(len(prefix), [len(prompt) + max_new_tokens for prompt in prompts], self.device.torch_device)
        cache = self.cache_for(1, max(self.max_seq_len, packed.slots))
        self._fill(cache, [prefix])
        ends = [
            self._fill_packed(cache, packed, prompts, group) for group in pack(prompts, self.device.prefill_tokens)
        ]
        return self.model.next_logits(torch.cat(ends), best), self.model.decoder(cache, packed)

    def _check_length(self, length: int) -> None:
        if length > self.max_seq_len:
            raise UserError(
                f"engine.max_seq_len: {self.max_seq_len} is less than a prompt and its answer, {length} tokens; "
                "raise it (or MAX_SEQ_LEN), or shorten the prompt"
            )


def pack(suffixes: list[list[int]], budget: int) -> Iterator[list[int]]:
    """Indices of suffixes in groups of at most `budget` tokens together, in order; a longer one goes alone."""
    group: list[int] = []
    size = 0
    for index, suffix in enumerate(suffixes):
        if group and size + len(suffix) > budget:
            yield group
            group, size = [], 0
        group.append(index)
        size += len(suffix)
    if group:
        yield group
