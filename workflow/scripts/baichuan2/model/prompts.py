"""Files of prompts or chats, for inference and for calibration. Torch-free."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baichuan2.errors import UserError
from baichuan2.files import parse_json, plain_line_ends, read_text
from baichuan2.model.tokenizer import Tokenizer

ROLES = ("system", "user", "assistant")
# An object's prompt stands under one of these; instruction may have an input beside it, as Alpaca's data has.
TEXTS = ("prompt", "text", "input", "question", "instruction", "inputs_pretokenized")
JSON_LINES = (".jsonl", ".ndjson")
# How a file of JSON begins, and hardly any prompt: a lone bracket, or one before a quote or a brace.
_LIKE_JSON = re.compile(r"\[\s*([\n{\"]|$)|\{\s*([\n\"]|$)")


@dataclass(frozen=True)
class Prompt:
    """A text to continue, or the messages of a chat to answer; place: its file and where it stands there."""

    messages: tuple[dict[str, str], ...]
    place: str

    @property
    def text(self) -> str:
        """The last message's text: the prompt itself where there is only one."""
        return self.messages[-1]["content"]

    def encode(self, tokenizer: Tokenizer, style: str, most: int) -> list[int]:
        """At most `most` token ids, in the "raw" or the "chat" form. Raises UserError where they do not fit."""
        if style == "chat":
            return tokenizer.chat(list(self.messages), most, self.place)
        if len(self.messages) > 1:
            raise UserError(f"inference.format: raw, but {self.place} has several messages; set chat")
        tokens = tokenizer.encode(self.text)
        if len(tokens) > most:
            raise UserError(
                f"engine.max_seq_len: no room for the {len(tokens)} tokens of the prompt {self.text[:20]!r} and its "
                f"answer ({most} are left for a prompt); raise it (or MAX_SEQ_LEN), or shorten the prompt"
            )
        return tokens


def read_prompts(path: Path, key: str = "inference.prompts") -> list[Prompt]:
    """The prompts of a file, in any case of its suffix: .jsonl, a text or an object a line; .json, a list of them, or
    an object that is one or holds one list; any other: text, a prompt a line.

    An object has its prompt under one of TEXTS (an instruction's input is put on the line after it), or a chat under
    messages. Blank lines are skipped, and line ends are \\n. Raises UserError naming the file and the place of what
    is malformed, and the `key` of config.yaml where the file cannot be read.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        raise UserError(f"{path}: a table, whose column of prompts is not known; save that as .txt, a prompt a line")
    text = read_text(path, cure=f"correct {key}")
    if suffix == ".json":
        prompts = [Prompt(_messages(value, place), place) for place, value in _of_json(path, text)]
    else:
        parse = _of_line if suffix in JSON_LINES else _of_text
        prompts = [
            Prompt(parse(line, f"{path}:{number}"), f"{path}:{number}")
            for number, line in enumerate(text.split("\n"), 1)  # not splitlines: prompts hold what it splits at
            if line.strip()
        ]
        if suffix not in JSON_LINES and _LIKE_JSON.match(text.lstrip()):
            raise UserError(f"{path}: begins as JSON does, but its name says text; name it .json, or .jsonl")
    if not prompts:
        raise UserError(f"{path}: holds no prompts; put one on each line")
    return prompts


def _of_text(line: str, place: str) -> tuple[dict[str, str], ...]:
    return ({"role": "user", "content": line},)


def _of_line(line: str, place: str) -> tuple[dict[str, str], ...]:
    try:
        value = parse_json(line)
    except ValueError as error:
        raise UserError(f"{place}: not JSON ({error}); one object a line, or name a list .json") from None
    return _messages(value, place)


def _of_json(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    """(place, value) of each prompt of a .json file."""
    try:
        whole = parse_json(text)
    except ValueError as error:
        raise UserError(f"{path}: not JSON ({error}); correct it, or name it .jsonl if it has one a line") from None
    if isinstance(whole, dict) and not any(key in whole for key in (*TEXTS, "messages")):
        lists = [value for value in whole.values() if isinstance(value, list)]
        whole = lists[0] if len(lists) == 1 else whole
    for number, value in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield f"{path}: prompt {number}", value


def _messages(value: Any, place: str) -> tuple[dict[str, str], ...]:
    """The messages of a JSON value: a text, or an object with a chat or a text."""
    fields = {"prompt": value} if isinstance(value, str) else value if isinstance(value, dict) else {}
    keys = [key for key in ("messages", *TEXTS) if key in fields]
    if not keys:
        raise UserError(f"{place}: must be a text, or an object with one of messages, {', '.join(TEXTS)}")
    if len(keys) > 1 and set(keys) != {"instruction", "input"}:
        raise UserError(f"{place}: has {' and '.join(keys)}, and which is the prompt is not known; keep one of them")
    if keys == ["messages"]:
        messages = fields["messages"]
        if not isinstance(messages, list) or not messages or not all(map(_is_message, messages)):
            raise UserError(f'{place}: messages must be [{{"role": {" | ".join(ROLES)}, "content": text}}, ...]')
        return tuple({"role": each["role"], "content": plain_line_ends(each["content"])} for each in messages)
    texts = [fields[key] for key in reversed(keys)]  # an instruction before its input
    if not all(isinstance(text, str) for text in texts) or not texts[0]:
        raise UserError(f"{place}: {' or '.join(reversed(keys))} is empty or no text; write the prompt there")
    return _of_text(plain_line_ends("\n".join(text for text in texts if text.strip() or len(texts) == 1)), place)


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and value.get("role") in ROLES and isinstance(value.get("content"), str)
