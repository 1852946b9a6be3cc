"""Ask the engine every prompt, batch by batch, and print the answers as they come."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from baichuan2.engine.protocols import Generating
from baichuan2.engine.sampling import Sampling
from baichuan2.model.prompts import Prompt
from baichuan2.model.tokenizer import EOS_ID, USER_ID, Tokenizer

log = logging.getLogger(__name__)
Read = tuple[list[int], int]  # a prompt's token ids, and how many tokens of a chat's oldest messages they leave out


def answer_prompts(
    engine: Generating, prompts: list[Prompt], style: str, sampling: Sampling, max_new_tokens: int, batch_size: int
) -> list[dict[str, Any]]:
    """A record for each prompt: its messages, the answer, token counts, seconds, and why it stopped.

    A batch of one streams to the terminal; a larger one is printed when it is done.
    """
    most = engine.max_seq_len - max_new_tokens
    encoded = encode(prompts, engine.tokenizer, style, most)
    stop_ids = (EOS_ID, USER_ID) if style == "chat" else (EOS_ID,)
    records = []
    for start in range(0, len(prompts), batch_size):
        batch, tokens = prompts[start : start + batch_size], encoded[start : start + batch_size]
        stream = Stream(engine.tokenizer, batch[0]) if len(batch) == 1 and engine.rank == 0 else None
        begin = time.perf_counter()
        ids = [ids for ids, _ in tokens]
        new = engine.generate(ids, max_new_tokens, stop_ids=stop_ids, sampling=sampling, on_token=stream)
        seconds = time.perf_counter() - begin
        for prompt, read, answer in zip(batch, tokens, new, strict=True):
            text = engine.tokenizer.decode(answer)
            finish = "length" if len(answer) == max_new_tokens else "stop"
            records.append(record_of(prompt, read, text, len(answer), finish, seconds))
            if engine.rank == 0:
                print("\n" if stream else f"\n>>> {prompt.text}\n{text}\n", flush=True)
    return records


def encode(prompts: Sequence[Prompt], tokenizer: Tokenizer, style: str, most: int) -> list[Read]:
    """What is read of each prompt; a warning names a chat of which that is not all."""
    parts: list[Read] = []
    for prompt in prompts:
        ids = prompt.encode(tokenizer, style, most)
        left_out = len(prompt.encode(tokenizer, style, sys.maxsize)) - len(ids)
        if left_out:
            text = "%s: %d tokens of its oldest messages are left out, over engine.max_seq_len with the answer"
            log.warning(text, prompt.place, left_out)
        parts.append((ids, left_out))
    return parts


def record_of(
    prompt: Prompt, read: Read, answer: str, new_tokens: int | None, finish: str | None, seconds: float
) -> dict[str, Any]:
    """A prompt's record; seconds: of its batch."""
    ids, left_out = read
    return {
        "messages": list(prompt.messages),
        "answer": answer,
        "prompt_tokens": len(ids),
        "left_out_tokens": left_out,
        "new_tokens": new_tokens,
        "finish": finish,
        "batch_seconds": round(seconds, 3),
    }


def run_header(style: str, sampling: str, max_new_tokens: int, environment: Mapping[str, Any]) -> dict[str, Any]:
    """What a file of answers says of the run; environment: the engine's, or the server's."""
    return {
        "format": style,
        **{key: environment.get(key) for key in ("precision", "dtype", "device", "world_size")},
        "sampling": sampling,
        "max_new_tokens": max_new_tokens,
        "environment": dict(environment),
    }


class Stream:
    """Prints an answer's text as its tokens come; the bytes of a character wait for its last one."""

    def __init__(self, tokenizer: Tokenizer, prompt: Prompt):
        self._tokenizer, self._shown = tokenizer, ""
        self._ids: list[int] = []
        print(f"\n>>> {prompt.text}", flush=True)

    def __call__(self, row: int, token: int) -> None:
        self._ids.append(token)
        text = self._tokenizer.decode(self._ids)
        if not text.endswith("�"):
            sys.stdout.write(text[len(self._shown) :])
            sys.stdout.flush()
            self._shown = text
