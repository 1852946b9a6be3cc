"""Files of prompts or chats, for inference and for calibration. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baichuan2.errors import UserError
from baichuan2.files import parse_json, read_text
from baichuan2.model.tokenizer import Tokenizer

ROLES = ("system", "user", "assistant")


@dataclass(frozen=True)
class Prompt:
    """A text to continue, or the messages of a chat to answer; line: where it stands in its file, from 1."""

    messages: tuple[dict[str, str], ...]
    line: int

    @property
    def text(self) -> str:
        """The last message's text: the prompt itself where there is only one."""
        return self.messages[-1]["content"]

    def encode(self, tokenizer: Tokenizer, style: str, most: int) -> list[int]:
        """At most `most` token ids, in the "raw" or the "chat" form. Raises UserError where they do not fit."""
        if style == "chat":
            return tokenizer.chat(list(self.messages), most)
        if len(self.messages) > 1:
            raise UserError("inference.format: raw, but a prompt has several messages; set chat")
        tokens = tokenizer.encode(self.text)
        if len(tokens) > most:
            raise UserError(
                f"engine.max_seq_len: no room for the {len(tokens)} tokens of the prompt {self.text[:20]!r} and its "
                f"answer ({most} are left for a prompt); raise it (or MAX_SEQ_LEN), or shorten the prompt"
            )
        return tokens


def read_prompts(path: Path, key: str = "inference.prompts") -> list[Prompt]:
    """Prompts of a .jsonl file, one {"prompt": text} or {"messages": [...]} a line, or of any text file, one a line.

    Blank lines are skipped. Raises UserError naming the file and the line of whatever is malformed, and the `key` of
    config.yaml where the file cannot be read.
    """
    path = Path(path)
    lines = read_text(path, cure=f"correct {key}").split("\n")  # not splitlines: prompts hold what it splits at
    parse = _parse_json if path.suffix == ".jsonl" else _parse_text
    prompts = [Prompt(parse(line, f"{path}:{n}"), n) for n, line in enumerate(lines, 1) if line.strip()]
    if not prompts:
        raise UserError(f"{path}: holds no prompts; put one on each line")
    return prompts


def _parse_text(line: str, where: str) -> tuple[dict[str, str], ...]:
    return ({"role": "user", "content": line},)


def _parse_json(line: str, where: str) -> tuple[dict[str, str], ...]:
    try:
        value = parse_json(line)
    except ValueError as error:
        raise UserError(f"{where}: not JSON ({error}); one object a line") from None
    if isinstance(value, dict) and isinstance(value.get("prompt"), str) and value["prompt"]:
        return _parse_text(value["prompt"], where)
    messages = value.get("messages") if isinstance(value, dict) else None
    if not isinstance(messages, list) or not messages or not all(map(_is_message, messages)):
        raise UserError(f'{where}: must be {{"prompt": text}} or {{"messages": [{{"role": ..., "content": ...}}]}}')
    return tuple(messages)


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and value.get("role") in ROLES and isinstance(value.get("content"), str)
