"""Ask a server every prompt, batch by batch, and print the answers as they come."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import Any

from baichuan2.engine.sampling import Sampling
from baichuan2.errors import UserError
from baichuan2.inference.answering import encode, record_of
from baichuan2.model.prompts import Prompt
from baichuan2.model.tokenizer import USER_ID
from baichuan2.servers.server import Server

Answer = tuple[str, int | None, str | None]  # text, new tokens, "stop" or "length"
PENALTIES = {"repetition_penalty", "repeat_penalty"}


def answer_prompts(
    server: Server, prompts: list[Prompt], style: str, sampling: Sampling, max_new_tokens: int, batch_size: int
) -> list[dict[str, Any]]:
    """As answering.answer_prompts; batch_size: prompts that are asked at a time. Counts that the server does not tell
    are None.

    Raises UserError where the server cannot sample so.
    """
    most = server.max_seq_len - max_new_tokens
    fields = _sampling(server, sampling) | _stop(server, style)
    encoded = encode(prompts, server.tokenizer, style, most)
    records = []
    for start in range(0, len(prompts), batch_size):
        batch, tokens = prompts[start : start + batch_size], encoded[start : start + batch_size]
        begin = time.perf_counter()
        ask = partial(_streamed if len(batch) == 1 else _whole, server, max_new_tokens, fields)
        answers = server.together(ask, [(prompt, ids) for prompt, (ids, _) in zip(batch, tokens, strict=True)])
        seconds = time.perf_counter() - begin
        for prompt, read, (text, new_tokens, finish) in zip(batch, tokens, answers, strict=True):
            records.append(record_of(prompt, read, text, new_tokens, finish, seconds))
            if len(batch) > 1:
                print(f"\n>>> {prompt.text}\n{text}\n", flush=True)
    return records


def _sampling(server: Server, sampling: Sampling) -> dict[str, Any]:
    """The fields that sample as `sampling` says; none where that is greedily."""
    if sampling.greedy:
        return {}
    penalties = dict.fromkeys(PENALTIES & server.beyond.keys(), sampling.repetition_penalty)
    fields = {"temperature": sampling.temperature, "top_p": sampling.top_p, "seed": sampling.seed, **penalties}
    fields |= {"top_k": sampling.top_k} if sampling.top_k else {}
    if not penalties or server.tried(server.tokenizer.encode("A"), 1, **fields) is None:
        raise UserError(
            f"inference.sampling: published needs top_k and repetition_penalty, which {server.client.url} does not "
            "take; set greedy"
        )
    return fields


def _stop(server: Server, style: str) -> dict[str, Any]:
    """The fields that end a chat's answer where the user's turn would begin."""
    if style != "chat":
        return {}
    by_text = {"stop": [server.tokenizer.decode([USER_ID])]}
    both = {"stop_token_ids": [USER_ID], **by_text}  # llama.cpp's server ignores the ids
    return by_text if server.tried(server.tokenizer.encode("A"), 1, **both) is None else both


def _whole(server: Server, max_new_tokens: int, fields: dict[str, Any], asked: tuple[Prompt, list[int]]) -> Answer:
    answer = server.complete(asked[1], max_new_tokens, **fields)
    return answer.text, answer.new_tokens, answer.finish


def _streamed(server: Server, max_new_tokens: int, fields: dict[str, Any], asked: tuple[Prompt, list[int]]) -> Answer:
    """The answer, which is printed as it comes."""
    prompt, ids = asked
    print(f"\n>>> {prompt.text}", flush=True)

    def once() -> Answer:
        text, new_tokens, finish = "", None, None
        for chunk in server.stream(ids, max_new_tokens, **fields):
            text, finish = text + chunk.text, chunk.finish or finish
            new_tokens = new_tokens if chunk.new_tokens is None else chunk.new_tokens
            sys.stdout.write(chunk.text)
            sys.stdout.flush()
        return text, new_tokens, finish

    answer = server.client.retried(once)
    print("\n", flush=True)
    return answer
