"""Answers on their way from the engine's thread to the requests that wait for them, and as OpenAI's API has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from baichuan2.model.tokenizer import Tokenizer
from baichuan2.serving.text import Detokenizer, Stops

if TYPE_CHECKING:
    from baichuan2.engine.places import Score


@dataclass(frozen=True)
class Part:
    """What a choice has more: text and scored tokens of its answer, or its prompt's; or why it ends.

    finish: stop or length; error: it failed, for this reason. tokens: how many new ones these are.
    """

    choice: int
    text: str = ""
    tokens: int = 0
    scores: Sequence[Score | None] = ()
    cached: int | None = None  # with the prompt: how many of its tokens were there before
    finish: str | None = None
    error: str | None = None


class Answer:
    """Listens to one generation (scheduler.Listener) and delivers its parts.

    silent: no new tokens come after the prompt. least: the answer has so many tokens before a stop string ends it.
    """

    def __init__(
        self,
        choice: int,
        tokenizer: Tokenizer,
        stops: Sequence[str],
        silent: bool,
        deliver: Callable[[Part], None],
        least: int = 0,
    ):
        self._choice, self._deliver, self._silent, self._missing = choice, deliver, silent, least
        self._detokenizer, self._stops = Detokenizer(tokenizer), Stops(stops)

    def prompt(self, cached: int, scores: Sequence[Score | None]) -> None:
        self._deliver(Part(self._choice, scores=scores, cached=cached, finish="length" if self._silent else None))

    def token(self, token: int, score: Score | None, finish: str | None) -> bool:
        text = "" if finish == "stop" else self._detokenizer.add(token)
        if finish:
            text += self._detokenizer.rest()
        self._missing -= 1
        text, stopped = (text, False) if self._missing > 0 else self._stops.add(text)
        if stopped:
            finish = "stop"
        elif finish:
            text += self._stops.rest()
        self._deliver(Part(self._choice, text, 1, () if score is None else (score,), finish=finish))
        return stopped

    def fail(self, message: str) -> None:
        self._deliver(Part(self._choice, error=message))


@dataclass
class Choice:
    """One choice of an answer so far."""

    prompt: int  # which of the request's
    text: str = ""
    tokens: int = 0
    cached: int = 0
    scores: list[Score | None] = field(default_factory=list)
    finish: str | None = None

    def add(self, part: Part) -> None:
        self.text += part.text
        self.tokens += part.tokens
        self.scores += part.scores
        self.cached = self.cached if part.cached is None else part.cached
        self.finish = part.finish or self.finish


def usage(prompts: Sequence[int], choices: Sequence[Choice]) -> dict[str, Any]:
    """prompts: their numbers of tokens. Of a prompt's choices the first computes what the others then have."""
    new = sum(choice.tokens for choice in choices)
    cached = sum(min(choice.cached for choice in choices if choice.prompt == place) for place in range(len(prompts)))
    return {
        "prompt_tokens": sum(prompts),
        "completion_tokens": new,
        "total_tokens": sum(prompts) + new,
        "prompt_tokens_details": {"cached_tokens": cached},
    }


class Names:
    """Tokens as an answer's log-probabilities name them."""

    def __init__(self, tokenizer: Tokenizer):
        self._tokenizer = tokenizer
        self.name, self.signs = cache(self._name), cache(self._signs)

    def _name(self, token: int) -> str:
        """A token's text, or bytes:\\xe4 for a byte of a character."""
        text = self._tokenizer.text_of(token)
        return text if isinstance(text, str) else f"bytes:\\x{text.hex()}"

    def _signs(self, token: int) -> int:
        """How many characters of a text begin with a token."""
        text = self._tokenizer.text_of(token)
        return len(text) if isinstance(text, str) else text[0] & 0xC0 != 0x80

    def bytes_of(self, token: int) -> list[int]:
        text = self._tokenizer.text_of(token)
        return list(text.encode() if isinstance(text, str) else text)

    def begin(self, tokens: Iterable[int]) -> int:
        """Where the text of tokens begins: at -1 where its first blank is none of the text."""
        first = next(iter(tokens), None)
        return -(self._tokenizer.begins_with_blank and first is not None and self.name(first).startswith(" "))

    def of_completion(self, scores: Sequence[Score | None], tokens: Sequence[int], offset: int, ids: bool) -> dict:
        """A completion's logprobs: of a prompt's `tokens`, whose first has no score, or of new ones.

        offset: where the first of them begins in the choice's text. ids: name tokens by their ids.
        """
        name = (lambda token: f"token_id:{token}") if ids else self.name
        offsets, tops = [], []
        for token, score in zip(tokens, scores, strict=True):
            offsets.append(max(offset, 0))
            offset += self.signs(token)
            pairs = () if score is None else ((score.token, score.logprob), *score.top)
            tops.append({name(each): logprob for each, logprob in pairs} or None)
        return {
            "tokens": [name(token) for token in tokens],
            "token_logprobs": [None if score is None else score.logprob for score in scores],
            "top_logprobs": tops,
            "text_offset": offsets,
        }

    def of_token(self, score: Score) -> dict[str, Any]:
        """vLLM's form of a prompt's token, and the likeliest there: by their ids, the token itself first.

        rank: among all, from 1 on; None where the token is none of the likeliest.
        """
        ranks = {token: rank for rank, (token, _) in enumerate(score.top, 1)}
        pairs = {score.token: score.logprob} | dict(score.top)
        return {
            str(token): {"logprob": logprob, "rank": ranks.get(token), "decoded_token": self.name(token)}
            for token, logprob in pairs.items()
        }

    def of_chat(self, scores: Sequence[Score | None]) -> dict:
        """A chat's logprobs."""
        content = []
        for score in scores:
            if score is not None:
                top = [self._entry(token, logprob) for token, logprob in score.top]
                content.append(self._entry(score.token, score.logprob) | {"top_logprobs": top})
        return {"content": content}

    def _entry(self, token: int, logprob: float) -> dict[str, Any]:
        return {"token": self.name(token), "logprob": logprob, "bytes": self.bytes_of(token)}
