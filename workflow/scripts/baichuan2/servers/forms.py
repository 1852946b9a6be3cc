"""What a server answers a completion with: OpenAI's form, and what llama.cpp, vLLM and SGLang add to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from baichuan2.errors import UserError, shown
from baichuan2.servers import AGAIN

TOKEN_ID = "token_id:"  # vLLM's spelling of a token by its id (return_tokens_as_token_ids)
Key = int | str  # a token by its id, or where the server tells only that, as it writes it
# Why an answer ends that is none: SGLang's and vLLM's, of a request that the server dropped; OpenAI's filter.
BROKEN_OFF = ("abort", "error", "content_filter")


@dataclass(frozen=True)
class Completion:
    """An answer. None, or empty, for what the server does not tell.

    finish: "stop" or "length". prompt_tokens, new_tokens: counts. ids: of the new tokens. first: the first new token.
    top: log-probabilities of the most likely first tokens.
    """

    text: str
    finish: str | None
    prompt_tokens: int | None = None
    new_tokens: int | None = None
    ids: list[int] | None = None
    first: Key | None = None
    top: Mapping[Key, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Chunk:
    """One event of a stream. tokens: how many it brings, where the server tells; None where it does not."""

    text: str
    finish: str | None
    tokens: int | None
    prompt_tokens: int | None
    new_tokens: int | None


def read_completion(value: Any, url: str) -> Completion:
    """The completion that a server answered; raises UserError where it is none, or not a whole one."""
    try:
        choice = value["choices"][0]
        prompt_tokens, new_tokens = _usage(value)
        first, top = _logprobs(choice.get("logprobs"))
        text = choice["text"]
        if not isinstance(text, str):
            raise TypeError("text")
        return Completion(text, _finish(choice, url), prompt_tokens, new_tokens, _ids(choice), first, top)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise _other_form(value, url) from None


def read_chunk(value: Any, url: str) -> Chunk:
    """An event of a streamed completion; raises UserError where it is none, or says that the answer is broken off."""
    try:
        prompt_tokens, new_tokens = _usage(value)
        if not value["choices"]:  # the last event may have the usage alone
            return Chunk("", None, 0, prompt_tokens, new_tokens)
        choice = value["choices"][0]
        ids = _ids(choice)
        text = choice.get("text") or ""
        return Chunk(text, _finish(choice, url), None if ids is None else len(ids), prompt_tokens, new_tokens)
    except (KeyError, IndexError, TypeError, AttributeError):
        raise _other_form(value, url) from None


def _other_form(value: Any, url: str) -> UserError:
    return UserError(
        f"engine.server: {url} answered {shown(value)}, not a completion in OpenAI's form; see which server listens "
        "there"
    )


def _finish(choice: Any, url: str) -> str | None:
    finish = choice.get("finish_reason")
    if finish in BROKEN_OFF:
        raise UserError(
            f"engine.server: {url} broke an answer off (finish_reason {finish}); see its log, then {AGAIN}"
        )
    return finish


def _usage(value: Any) -> tuple[int | None, int | None]:
    usage = value.get("usage") or {}
    return usage.get("prompt_tokens"), usage.get("completion_tokens")


def _ids(choice: Any) -> list[int] | None:
    """vLLM's and SGLang's return_token_ids."""
    ids = choice.get("token_ids")
    return list(map(int, ids)) if ids is not None else None


def _logprobs(part: Any) -> tuple[Key | None, dict[Key, float]]:
    """The first token and the log-probabilities of the most likely ones."""
    if not part:
        return None, {}
    if "content" in part:  # llama.cpp's
        if not part["content"]:
            return None, {}
        first = part["content"][0]
        return _key(first), {_key(one): float(one["logprob"]) for one in [*first.get("top_logprobs", ()), first]}
    if not part.get("tokens"):
        return None, {}
    key, own = _spelled(part["tokens"][0]), (part.get("token_logprobs") or [None])[0]
    top = (part.get("top_logprobs") or [None])[0] or {}
    values = {_spelled(token): float(logprob) for token, logprob in top.items()}
    return key, values if own is None else {key: float(own)} | values


def _key(token: Mapping[str, Any]) -> Key:
    return int(token["id"]) if "id" in token else str(token["token"])


def _spelled(token: str) -> Key:
    return int(token.removeprefix(TOKEN_ID)) if token.startswith(TOKEN_ID) else token
