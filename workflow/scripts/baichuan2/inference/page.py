"""The readable page of an inference run. Torch-free."""

from __future__ import annotations

from typing import Any

from baichuan2.tables import DEMO, fenced


def page(header: dict[str, Any], records: list[dict[str, Any]]) -> str:
    """Markdown: what ran, then every prompt with its answer."""
    lines = [f"# {header['model']}, {header['precision']}: answers", ""]
    if header["demo"]:
        lines += [f"**{DEMO['answers']}**", ""]
    settings = ("dtype", "device", "world_size", "format", "sampling", "max_new_tokens")
    lines += ["; ".join(f"{name} {header[name]}" for name in settings), ""]
    for number, record in enumerate(records, 1):
        rate = record["new_tokens"] / record["batch_seconds"] if record["batch_seconds"] else 0
        lines += [f"## {number}", ""]
        for message in record["messages"]:
            lines += [f"**{message['role']}**", "", fenced(message["content"]), ""]
        lines += ["**answer**", "", fenced(record["answer"]), ""]
        lines += [
            f"{record['prompt_tokens']} tokens in, {record['new_tokens']} out ({record['finish']}), "
            f"{rate:.1f} tokens/s",
            "",
        ]
    return "\n".join(lines)
