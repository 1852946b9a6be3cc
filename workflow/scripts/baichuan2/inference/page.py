"""The readable page of an inference run. Torch-free."""

from __future__ import annotations

from typing import Any

from baichuan2.text.tables import DEMO, fenced
from baichuan2.text.words import say

COUNTS = ("prompt_tokens", "new_tokens", "finish")


def page(header: dict[str, Any], records: list[dict[str, Any]]) -> str:
    """Markdown: what ran, then every prompt with its answer."""
    lines = [f"# {say('{model}, {precision}: answers', **header)}", ""]
    if header["demo"]:
        lines += [f"**{say(DEMO['answers'])}**", ""]
    settings = ("dtype", "device", "world_size", "format", "sampling", "max_new_tokens")
    lines += ["; ".join(f"{name} {header[name]}" for name in settings if header[name] is not None), ""]
    for number, record in enumerate(records, 1):
        new_tokens = record["new_tokens"]  # None where a server did not tell
        rate = (new_tokens or 0) / record["batch_seconds"] if record["batch_seconds"] else 0
        lines += [f"## {number}", ""]
        for message in record["messages"]:
            lines += [f"**{message['role']}**", "", fenced(message["content"]), ""]
        lines += [f"**{say('answer')}**", "", fenced(record["answer"]), ""]
        counts = "{prompt_tokens} tokens in, {new_tokens} out ({finish}), {rate:.1f} tokens/s"
        if new_tokens is None:
            counts = "{prompt_tokens} tokens in ({finish}); the server does not tell how many are out"
        line = say(counts, rate=rate, **{key: record[key] for key in COUNTS})
        if record.get("left_out_tokens"):  # not of earlier versions
            line += say("; left out: {n} tokens of the oldest messages", n=record["left_out_tokens"])
        lines += [line, ""]
    return "\n".join(lines)
