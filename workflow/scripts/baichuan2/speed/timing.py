"""One timed run of a case on an engine."""

from __future__ import annotations

import time

import torch

from baichuan2.engine.protocols import Timed
from baichuan2.speed.cases import Run


def time_run(engine: Timed, batch_size: int, input_len: int, output_len: int, mode: str, seed: int) -> Run:
    """This rank's times of one run of a case with random token ids; an end-of-sequence token does not stop it.

    Mode "detail" synchronises after every forward, "normal" only at the end of each generation.
    """
    ids = random_ids(engine, batch_size, input_len, seed)
    if mode == "detail":
        return _detail(engine, ids, output_len)
    first = _generation(engine, ids, 1)
    total = first if output_len == 1 else _generation(engine, ids, output_len)
    return Run(response_s=total, first_s=first, total_s=total)


def random_ids(engine: Timed, batch_size: int, input_len: int, seed: int) -> list[list[int]]:
    """The token ids of a run, the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, engine.config.tokens, (batch_size, input_len), generator=generator).tolist()


def _generation(engine: Timed, ids: list[list[int]], output_len: int) -> float:
    device, cache = engine.device, engine.cache_for(len(ids), engine.max_seq_len)
    device.synchronise()
    start = time.perf_counter()
    tokens = device.most_likely(engine.prefill(cache, ids, best=1))
    decoder = engine.model.decoder(cache, [len(prompt) for prompt in ids])
    for _ in range(output_len - 1):
        decoder.prepare()
        tokens = device.most_likely(decoder.step(tokens, best=1))
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
        logits = decoder.step(tokens, best=1) if step else engine.prefill(cache, ids, best=1)
        device.synchronise()
        done = time.perf_counter()
        tokens = device.most_likely(logits)
        end = time.perf_counter()
        pre.append(ready - start)
        forward.append(done - ready)
        post.append(end - done)
    return Run(response_s=time.perf_counter() - begin, pre_s=pre, forward_s=forward, post_s=post)
