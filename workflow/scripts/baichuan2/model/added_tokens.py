"""Tokens that a tokenizer's settings add to its pieces: transformers gets those that have a row in the model.

The published added_tokens.json gives <pad> the id after the last row, where transformers' embedding fails.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sentencepiece import SentencePieceProcessor

from baichuan2.errors import UserError, shown

ADDED = "added_tokens.json"
DECODER = "added_tokens_decoder"  # in tokenizer_config.json: {id: token}
Settings = Mapping[str, dict[str, Any]]  # {file name: its fields}


def token_ids(settings: Settings, pieces: SentencePieceProcessor, rows: int) -> dict[str, int]:
    """{token: id} of all that a model's settings add or name: transformers looks for these in a text, as wholes.

    A named token that is no piece and has no id yet takes the next one, as transformers gives it. Raises UserError
    for an id that is no integer.
    """
    ids = _ids(settings)
    free = max([len(pieces), *(1 + index for index in ids.values() if index < rows)])
    for token in dict.fromkeys(name for fields in settings.values() for name in _named(fields)):
        if token not in ids:
            piece = pieces.piece_to_id(token)
            is_piece = pieces.id_to_piece(piece) == token
            ids[token], free = (piece, free) if is_piece else (free, free + 1)
    return ids


def described(token: str) -> dict[str, Any]:
    """A token as an entry of added_tokens_decoder."""
    flags = dict.fromkeys(("lstrip", "normalized", "rstrip", "single_word"), False)
    return {"content": token, **flags, "special": True}


def without_rowless(
    settings: Settings, pieces: SentencePieceProcessor, rows: int
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """(settings without the tokens that have no row, those tokens), for a model of `rows` rows.

    Raises UserError as token_ids does.
    """
    rowless = [token for token, index in token_ids(settings, pieces, rows).items() if index >= rows]
    rest = {name: _without(fields, rowless) for name, fields in settings.items()}
    rest[ADDED] = {token: index for token, index in settings[ADDED].items() if token not in rowless}
    return rest, rowless


def without_rowless_padding(fields: dict[str, Any], rows: int) -> dict[str, Any]:
    """config.json's or generation_config.json's fields, without a pad_token_id that has no row."""
    index = fields.get("pad_token_id")
    rowless = isinstance(index, int) and index >= rows
    return {name: value for name, value in fields.items() if not (rowless and name == "pad_token_id")}


def _ids(settings: Settings) -> dict[str, int]:
    """{token: id} of all files."""
    ids: dict[str, int] = {}
    for file, fields in settings.items():
        described = fields.get(DECODER)
        pairs = list(fields.items()) if file == ADDED else []
        pairs += [(_text(token), index) for index, token in described.items()] if isinstance(described, dict) else []
        for token, index in pairs:
            if not re.fullmatch("[0-9]{1,9}", str(index)):
                raise UserError(f"{file}: {shown(token)} has the id {shown(index)}; fetch the file again")
            ids[token] = int(index)
    return ids


def _named(fields: dict[str, Any]) -> Iterator[str]:
    """The special tokens that a file's fields name: pad_token and its like, and lists of more."""
    for name, value in fields.items():
        if name.endswith("_token") and isinstance(value, str):
            yield value
        elif name.endswith("_special_tokens") and isinstance(value, dict | list):
            yield from map(_text, value.values() if isinstance(value, dict) else value)


def _without(fields: dict[str, Any], tokens: Collection[str]) -> dict[str, Any]:
    rest = {}
    for name, value in fields.items():
        if name == DECODER or name.endswith("_special_tokens"):
            rest[name] = _picked(value, tokens)
        elif not name.endswith("_token") or value not in tokens:
            rest[name] = value
    return rest


def _picked(values: Any, tokens: Collection[str]) -> Any:
    """A dictionary or list of tokens without some of them."""
    if isinstance(values, dict):
        return {key: token for key, token in values.items() if _text(token) not in tokens}
    if isinstance(values, list):
        return [token for token in values if _text(token) not in tokens]
    return values


def _text(token: Any) -> str:
    """A token as written, or the content of its description."""
    return str(token.get("content") if isinstance(token, dict) else token)
