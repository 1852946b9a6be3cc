"""One timed run of a case on an engine. Torch is imported by the run alone: the tables are made without it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from baichuan2.engine.protocols import Timed


@dataclass
class Run:
    """The times of one run of a case, in seconds.

    response_s: from the prompt's token ids to the last new token, on the host's clock.
    Mode detail: pre_s, forward_s, post_s have one entry a new token: the host's work before its forward, the
    forward itself (synchronised; [0] is the prefill), the host's work after it.
    Mode normal: first_s generates 1 token, total_s all of them, each from the prompt on in a run of its own
    without synchronisation between tokens; response_s is total_s.
    began: when, in seconds since 1970. round: of the measurement, from 1. attempt: 1, and one more each time that the
    case was measured again in its round.
    """

    response_s: float
    pre_s: list[float] = field(default_factory=list)
    forward_s: list[float] = field(default_factory=list)
    post_s: list[float] = field(default_factory=list)
    first_s: float | None = None
    total_s: float | None = None
    began: float | None = None
    round: int = 1
    attempt: int = 1


def time_run(engine: Timed, batch_size: int, input_len: int, output_len: int, mode: str, seed: int) -> Run:
    """This rank's times of one run of a case with random token ids; an end-of-sequence token does not stop it.

    Mode "detail" synchronises after every forward, "normal" only at the end of each generation.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(3, engine.config.tokens, (batch_size, input_len), generator=generator).tolist()
    if mode == "detail":
        return _detail(engine, ids, output_len)
    first = _generation(engine, ids, 1)
    total = first if output_len == 1 else _generation(engine, ids, output_len)
    return Run(response_s=total, first_s=first, total_s=total)


def _generation(engine: Timed, ids: list[list[int]], output_len: int) -> float:
    device, cache = engine.device, engine.cache_for(len(ids), engine.max_seq_len)
    device.synchronise()
    start = time.perf_counter()
    tokens = device.most_likely(engine.prefill(cache, ids))
    decoder = engine.model.decoder(cache, [len(prompt) for prompt in ids])
    for _ in range(output_len - 1):
        decoder.prepare()
        tokens = device.most_likely(decoder.step(tokens))
    device.synchronise()
    return time.perf_counter() - start


def _detail(engine: Timed, ids: list[list[int]], output_len: int) -> Run:
    pre, forward, post = [], [], []
    device, cache = engine.device, engine.cache_for(len(ids), engine.max_seq_len)
    decoder = engine.model.decoder(cache, [len(prompt) for prompt in ids])
    tokens: list[int] = []
    device.synchronise()
    begin = time.perf_counter()
    for step in range(output_len):
        start = time.perf_counter()
        if step:
            decoder.prepare()
        device.synchronise()
        ready = time.perf_counter()
        logits = decoder.step(tokens) if step else engine.prefill(cache, ids)
        device.synchronise()
        done = time.perf_counter()
        tokens = device.most_likely(logits)
        end = time.perf_counter()
        pre.append(ready - start)
        forward.append(done - ready)
        post.append(end - done)
    return Run(response_s=time.perf_counter() - begin, pre_s=pre, forward_s=forward, post_s=post)
