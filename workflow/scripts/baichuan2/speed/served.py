"""Time the speed cases as a client of a server: by streams, or by whole answers. Torch-free."""

from __future__ import annotations

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from baichuan2.errors import UserError
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.servers.client import RefusedError
from baichuan2.servers.forms import Chunk
from baichuan2.servers.server import Server
from baichuan2.speed.cases import Run, UnmeasurableError

# Tokens at a prompt's start that no earlier run had: a server may keep the keys and values of what it has read.
NEW = 16
FIRST_ID = 3  # of the random ones: 0 to 2 are no text
TRIES = 50  # to find a text of just so many tokens

Make = Callable[[], list[list[int]]]  # prompts, others each time

# What keeps a server from stopping before n tokens: vLLM's and SGLang's; either alone; transformers serve's.
Force = Callable[[int], dict[str, Any]]
FORCES: tuple[Force, ...] = (
    lambda n: {"ignore_eos": True, "min_tokens": n},
    lambda n: {"ignore_eos": True},
    lambda n: {"min_tokens": n},
    lambda n: {"generation_config": json.dumps({"min_new_tokens": n})},
    lambda n: {},
)


class Elsewhere:
    """A device of which this host knows nothing; as devices.base.Device."""

    def reset_peak_memory(self) -> None: ...

    def peak_memory(self) -> None: ...

    def read_bandwidth(self) -> None: ...


class Timed:
    """A server as engine.protocols.Timed: what it does not tell is None."""

    rank, world_size, config, model = 0, None, None, None

    def __init__(self, server: Server):
        self.server, self.ranks, self.max_seq_len = server, server.ranks, server.max_seq_len
        self.device = Elsewhere()
        sample = server.tokenizer.encode("A")
        self.force = next(force for force in FORCES if server.tried(sample, 2, **force(2)))

    def environment(self) -> dict[str, Any]:
        return self.server.environment()

    def weight_bytes(self, batch_size: int = 1) -> None: ...

    def head_rows(self) -> None: ...

    def kv_bytes(self, batch_size: int, length: int) -> None: ...

    def max_over_ranks(self, values: list[float]) -> list[float]:
        return values

    def cache_for(self, batch: int, length: int) -> None: ...

    def drop_cache(self) -> None: ...

    def prefill(self, cache: Any, prompts: list[list[int]], best: int | None = None) -> None: ...


@dataclass(frozen=True)
class Request:
    """The times of one request, in seconds of the host's clock.

    arrivals: when each event with new tokens came; single: each brought one. counted: whether the number of its
    tokens is known, by the server's word or its events.
    """

    began: float
    arrivals: list[float]
    single: bool
    counted: bool

    @property
    def first(self) -> float:
        return self.arrivals[0]

    @property
    def ended(self) -> float:
        return self.arrivals[-1]

    @property
    def token_s(self) -> list[float]:
        """The time of each token; empty where tokens came in groups."""
        return [after - before for before, after in pairwise([self.began, *self.arrivals])] if self.single else []


def time_run(timed: Timed, batch_size: int, input_len: int, output_len: int, mode: str, seed: int) -> Run:
    """One run of a case: its requests at once, of random tokens, each made to give `output_len` ones.

    It is run again, with other tokens, where the server is lost. Raises UnmeasurableError where the server gives
    another number of tokens, or refuses the case.
    """
    measure = _whole if mode == "normal" else _streamed
    make = lambda: [prompt(timed.server, input_len, seed, row) for row in range(batch_size)]  # noqa: E731
    try:
        return timed.server.client.retried(lambda: measure(timed, make, output_len))
    except RefusedError as error:
        other = "" if mode == "normal" else "; perf.mode normal asks without streams"
        raise UnmeasurableError(f"{error}{other}") from None


def prompt(server: Server, length: int, seed: int, row: int = 0) -> list[int]:
    """Random token ids, the first NEW of them others each time; where the server takes text, those of a text."""
    fresh, of_seed = random.Random(os.urandom(16)), random.Random(f"{seed} {row}")
    tokenizer = server.tokenizer
    known = range(FIRST_ID, tokenizer.pieces) if server.takes_ids else _texts(tokenizer)
    new = min(NEW, length)
    ids = [*fresh.choices(known, k=new), *of_seed.choices(known, k=length - new)]
    for _ in range(TRIES):
        if server.takes_ids or (read := tokenizer.encode(tokenizer.decode(ids))) == ids:
            return ids
        ids = [*read[:length], *fresh.choices(known, k=length - len(read[:length]))]  # neighbours became one token
    raise UserError(f"perf: no text of {length} random tokens in {TRIES} tries; take a server that takes token ids")


@cache
def _texts(tokenizer: Tokenizer) -> list[int]:
    """The tokens that are read again as what they are."""
    ids = range(FIRST_ID, tokenizer.pieces)
    return [index for index in ids if tokenizer.encode(tokenizer.decode([index])) == [index]]


# ---- by whole answers ------------------------------------------------------------------------------------


def _whole(timed: Timed, make: Make, output_len: int) -> Run:
    """The times of 1 and of all tokens."""
    first = _answers(timed, make(), 1)
    total = first if output_len == 1 else _answers(timed, make(), output_len)
    return Run(response_s=total, first_s=first, total_s=total)


def _answers(timed: Timed, prompts: list[list[int]], output_len: int) -> float:
    """Seconds until all prompts have their answers."""
    server, fields = timed.server, timed.force(output_len)
    start = time.perf_counter()
    answers = server.together(lambda ids: server.complete_once(ids, output_len, **fields), prompts)
    seconds = time.perf_counter() - start
    for answer in answers:
        _check_count(answer.new_tokens, output_len)
    return seconds


def _check_count(tokens: int | None, output_len: int) -> None:
    if tokens != output_len:
        given = "an unknown number" if tokens is None else str(tokens)
        raise UnmeasurableError(f"the server gave {given} of {output_len} tokens, whatever keeps it from stopping")


# ---- by streams ------------------------------------------------------------------------------------------


def _streamed(timed: Timed, make: Make, output_len: int) -> Run:
    """The times of each token, as its event arrives."""
    prompts = make()
    requests = timed.server.together(lambda ids: request(timed, ids, output_len), prompts)
    for ids, one in zip(prompts, requests, strict=True):  # when no request is timed any more
        if not one.counted:
            _check_count(timed.server.complete(ids, output_len, **timed.force(output_len)).new_tokens, output_len)
    begin = min(request.began for request in requests)
    first = max(request.first - request.began for request in requests)
    single = all(request.token_s for request in requests)
    return Run(
        response_s=max(request.ended for request in requests) - begin,
        first_s=first,
        total_s=first + statistics.fmean(request.ended - request.first for request in requests),
        token_s=[request.token_s for request in requests] if single else [],
    )


def request(timed: Timed, ids: list[int], output_len: int) -> Request:
    """The times of a prompt's answer, which is to have `output_len` tokens.

    Raises UnmeasurableError where it is known to have another number.
    """
    began = time.perf_counter()
    stream = timed.server.stream(ids, output_len, **timed.force(output_len))
    chunks = [(time.perf_counter(), chunk) for chunk in stream]
    given = _last(chunk.new_tokens for _, chunk in chunks)
    times = _token_times(chunks, output_len)
    single = len(times) == output_len  # else tokens of one character came together, or there are too few
    if given is not None:
        _check_count(given, output_len)
    if not times:
        raise UnmeasurableError("the server streams no tokens")
    return Request(began, times, single, single or given is not None)


def _last(counts: Iterable[int | None]) -> int | None:
    """The last count that there is."""
    return next((count for count in reversed(list(counts)) if count is not None), None)


def _token_times(chunks: Sequence[tuple[float, Chunk]], output_len: int) -> list[float]:
    """When tokens arrived, once for each event that brings some.

    Where a server does not tell how many an event brings, it is one that has text, or none yet of a character whose
    other bytes are to come; and an event that only ends the answer is one where the count then comes out. Where these
    are more than the tokens, those without text are none: some servers begin a stream with one.
    """
    bring = [
        (at, chunk)
        for at, chunk in chunks
        if chunk.tokens or (chunk.tokens is None and (chunk.text or not chunk.finish))
    ]
    if len(bring) > output_len:
        bring = [(at, chunk) for at, chunk in bring if chunk.tokens or chunk.text]
    silent = [at for at, chunk in chunks if chunk.tokens is None and not chunk.text and chunk.finish]
    times = [at for at, _ in bring]
    return sorted(times + silent) if len(times) + len(silent) == output_len else times
