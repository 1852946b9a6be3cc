"""The tokenizer as the engine needs it: text to ids and back, and the published chat template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from sentencepiece import SentencePieceProcessor

from baichuan2.errors import UserError, shown
from baichuan2.files import read_bytes, read_json
from baichuan2.integrity import MANIFEST, read_sealed
from baichuan2.modeling.pieces import special_pieces

EOS_ID = 2
BLANK = "▁"  # SentencePiece's, in pieces
TOKENIZER_BYTES = 64 * 2**20  # the published one has 2 MB
USER_ID, ASSISTANT_ID = 195, 196  # <reserved_106>, <reserved_107>


class Tokenizer:
    """SentencePiece, adding neither bos nor eos; special tokens in a text are their ids, as published."""

    def __init__(self, directory: Path):
        path = Path(directory) / "tokenizer.model"
        if not path.is_file():
            raise UserError(f"{path}: missing; run the workflow's link_model again")
        self._processor = SentencePieceProcessor(model_proto=read_bytes(path, TOKENIZER_BYTES))
        self._special = special_pieces(self._processor) | _added(Path(directory))
        longest_first = sorted(self._special, key=len, reverse=True)
        self._parts = re.compile(f"({'|'.join(map(re.escape, longest_first))})")

    def encode(self, text: str) -> list[int]:
        """The ids of what transformers' tokenizer of results/model makes of `text`."""
        ids: list[int] = []
        for part in self._parts.split(text):
            ids += [self._special[part]] if part in self._special else self._processor.encode(part)
        return ids

    def decode(self, ids: list[int]) -> str:
        return self._processor.decode(ids)

    @cached_property
    def begins_with_blank(self) -> bool:
        """Whether the first token of a text has a blank before it that is not of the text."""
        return self._processor.encode("a", out_type=str)[0].startswith(BLANK)

    def text_of(self, token: int) -> str | bytes:
        """A token alone as a text, special ones by their names; as bytes where it is one byte of a character."""
        if token >= len(self._processor):
            return next((name for name, index in self._special.items() if index == token), "")
        piece = self._processor.id_to_piece(token)
        return bytes([int(piece[3:5], 16)]) if self._processor.is_byte(token) else piece.replace(BLANK, " ")

    @property
    def pieces(self) -> int:
        """How many tokens it has, those that settings add left out."""
        return len(self._processor)

    def written_as(self, texts: Iterable[str]) -> list[int]:
        """The ids of all pieces that read as one of `texts`, but for blanks around it."""
        wanted = {text.strip() for text in texts}
        return [index for index in range(self.pieces) if self.decode([index]).strip() in wanted]

    def chat(self, messages: list[dict[str, str]], most: int, place: str = "inference.prompts") -> list[int]:
        """Token ids of a conversation that the assistant is to answer, at most `most` of them beside a long system.

        messages: {"role": "system" | "user" | "assistant", "content": text}; system first, if any, and a user's
        last. It takes the newest rounds that fit, a round being a user's message and what follows it, and
        cuts from the left what is still too long. Raises UserError, naming `place`, for other roles or orders.
        """
        system = [m for m in messages if m.get("role") == "system"]
        turns = messages[len(system) :]
        if messages[: len(system)] != system or len(system) > 1:
            raise UserError(f"{place}: a system message may only come first, and once")
        if not turns or turns[-1].get("role") != "user":
            raise UserError(f"{place}: a chat must end with a user's message")
        head = self.encode(system[0]["content"]) if system else []
        rounds: list[list[int]] = []
        for message in turns:
            if message.get("role") not in ("user", "assistant"):
                raise UserError(f"{place}: role {message.get('role')!r} is not system, user or assistant")
            marker = USER_ID if message["role"] == "user" else ASSISTANT_ID
            if marker == USER_ID or not rounds:
                rounds.append([])
            rounds[-1] += [marker, *self.encode(message["content"])]
        room = most - len(head) - 1
        newest: list[int] = []
        for tokens in reversed(rounds):
            if newest and len(tokens) + len(newest) > room:
                break
            newest = tokens + newest
        return [*head, *newest[-max(room, 1) :], ASSISTANT_ID]

    def chat_template(self) -> str:
        """`chat` as transformers' apply_chat_template takes it, but for the cut to a length."""
        user, assistant = map(self._processor.id_to_piece, (USER_ID, ASSISTANT_ID))
        return (
            f"{{% for message in messages %}}{{{{ {{'system': '', 'user': '{user}', 'assistant': '{assistant}'}}"
            "[message['role']] + message['content'] }}{% endfor %}"
            f"{{% if add_generation_prompt %}}{assistant}{{% endif %}}"
        )


def check_chat_tokens(source: Path) -> None:
    """Raise UserError where a model's generation_config.json has other tokens before the messages of a chat."""
    path = Path(source) / "generation_config.json"
    fields = read_json(path) if path.exists() else {}
    for name, index in (("user_token_id", USER_ID), ("assistant_token_id", ASSISTANT_ID)):
        if fields.get(name, index) not in (index, None):
            raise UserError(
                f"{path}: {name} is {shown(fields[name])}, but chats have {index} there, as published; take such a "
                "model, or remove it from the file where no chat is asked"
            )


def _added(directory: Path) -> dict[str, int]:
    """{token: id} of what the settings of a linked model's source add to the pieces; of no other directory's."""
    manifest = directory / MANIFEST
    return read_sealed(manifest).get("added_tokens", {}) if manifest.exists() else {}
