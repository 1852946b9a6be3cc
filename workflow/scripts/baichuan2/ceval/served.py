"""Ask a server the questions of an exam: completions that are read, or the options' log-probabilities. Torch-free."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from baichuan2.ceval.exam import LETTERS
from baichuan2.ceval.protocols import PROTOCOLS, Protocol, first_letter
from baichuan2.ceval.records import GENERATED, RESTRICTED, Record
from baichuan2.ceval.scoring import Answer, Item, by_scores, record_of
from baichuan2.servers.forms import Completion, Key
from baichuan2.servers.server import SAMPLE, Server

log = logging.getLogger(__name__)
READ_TOKENS = PROTOCOLS["sdk"].answer_tokens  # generated where no option's score can be had
TOP = (20, 10, 5)  # the most likely tokens asked for: vLLM allows 20 unless told more, OpenAI 5
BIAS = 100  # OpenAI's largest logit_bias: it selects the tokens that have it

# How a server is held to some tokens, by their ids and their texts. The names: vLLM's; OpenAI's; vLLM's two of a
# choice; SGLang's; llama.cpp's.
Fields = Callable[[Sequence[int], Sequence[str]], dict[str, Any]]
WAYS: dict[str, Fields] = {
    "allowed_token_ids": lambda ids, texts: {"allowed_token_ids": list(ids)},
    "logit_bias": lambda ids, texts: {"logit_bias": {str(index): BIAS for index in ids}},
    "structured_outputs": lambda ids, texts: {"structured_outputs": {"choice": list(texts)}},
    "guided_choice": lambda ids, texts: {"guided_choice": list(texts)},
    "regex": lambda ids, texts: {"regex": f"({'|'.join(map(re.escape, texts))})"},
    "grammar": lambda ids, texts: {"grammar": "root ::= " + " | ".join(f'"{text}"' for text in texts)},
}
BY_IDS = ("allowed_token_ids", "logit_bias")
CHOICE_TOKENS = 4  # of a choice of texts: a blank and a letter may be several


def of_server(server: Server, protocol: Protocol, candidates: list[int]) -> Answer:
    """Answers by a server, a batch's questions at a time."""
    if protocol.kind == "generate":
        ask: Callable[[Item], Record] = lambda item: _generated(server, item, protocol.answer_tokens)  # noqa: E731
    else:
        ask = Options(server, protocol, candidates).answer
    return lambda prefix, group: server.together(ask, group)


class Options:
    """How a server is asked for the options of a protocol: what it was seen to do with a sample.

    A question's answer is the option that its most likely tokens show as the most likely one. Where they show none,
    it is asked again with the options alone allowed (`way`); where the server has no such field, its text is read.

    candidates: the letters' token ids, A on. top: how many of the most likely tokens it shows. way: of WAYS, or None.
    keys: how it writes the letters' tokens in a list of likely ones, {key: id}; none where other tokens look the
    same.
    """

    def __init__(self, server: Server, protocol: Protocol, candidates: Sequence[int]):
        self.server, self.candidates = server, list(candidates)
        self.texts = [protocol.blank + letter for letter in LETTERS[: len(candidates)]]
        self.sample = server.tokenizer.encode(SAMPLE)
        self.top = next((top for top in TOP if self._shows(top)), 0)
        # vLLM shows these alone; elsewhere it is ignored, or refused.
        listed = {"logprob_token_ids": self.candidates}
        self.more = listed if self.top and server.tried(self.sample, 1, logprobs=self.top, **listed) else {}
        self.way = next((way for way in WAYS if self._holds(way)), None)
        self.keys = self._keys() if self.top else {}
        log.info("options: %s; others are %s", self._shown(), self._otherwise())

    def answer(self, item: Item) -> Record:
        """The record of one question."""
        count = len(item.question.options)
        if self.keys:
            shown = self.server.complete(item.prompt.tokens, 1, logprobs=self.top, **self.more)
            scores = self._scores(shown, count)
            if any(score is not None for score in scores):
                return by_scores(item, scores)
        if self.way and (record := self._restricted(item, self.way, count)):
            return record
        tokens = min(READ_TOKENS, self.server.max_seq_len - len(item.prompt.tokens))
        return _generated(self.server, item, tokens, way=GENERATED)

    def _restricted(self, item: Item, way: str, count: int) -> Record | None:
        """The answer among the options alone; None where the server gave something else."""
        fields = self._held(way, self.candidates[:count], self.texts[:count])
        completion = self.server.complete(item.prompt.tokens, **fields)
        scores = self._scores(completion, count)
        if None not in scores:  # of a server whose probabilities heed what it is held to
            return by_scores(item, scores, way=RESTRICTED)
        place = self._place(completion, count)
        if place is None:
            return None
        return record_of(item, item.question.letters[place], continuation=completion.text, way=RESTRICTED)

    # ---- requests --------------------------------------------------------------------------------------

    def _held(self, way: str, ids: Sequence[int], texts: Sequence[str]) -> dict[str, Any]:
        """The fields of a request that is held to these tokens."""
        shown = {"logprobs": self.top} if self.top else {}
        return {"max_tokens": 1 if way in BY_IDS else CHOICE_TOKENS, **shown, **WAYS[way](ids, texts)}

    def _scores(self, completion: Completion, count: int) -> list[float | None]:
        by_id = {self.keys[key]: value for key, value in completion.top.items() if key in self.keys}
        return [by_id.get(index) for index in self.candidates[:count]]

    def _place(self, completion: Completion, count: int) -> int | None:
        """Which option a completion is."""
        first = completion.ids[0] if completion.ids else completion.first
        if isinstance(first, int) and first in self.candidates[:count]:
            return self.candidates.index(first)
        written = completion.text.strip()
        return LETTERS.index(written) if written and written in LETTERS[:count] else None

    # ---- what the server was seen to do ----------------------------------------------------------------

    def _shows(self, top: int) -> bool:
        completion = self.server.tried(self.sample, 1, logprobs=top)
        return completion is not None and bool(completion.top)

    def _holds(self, way: str) -> bool:
        """Whether it gives the one token that it is held to, whichever that is of two."""
        for place in (0, 1):
            fields = self._held(way, [self.candidates[place]], [self.texts[place]])
            completion = self.server.tried(self.sample, **fields)
            if completion is None or self._place(completion, len(self.candidates)) != place:
                return False
        return True

    def _keys(self) -> dict[Key, int]:
        shown = self.server.complete(self.sample, 1, logprobs=self.top).top
        if all(isinstance(key, int) for key in shown):
            return {index: index for index in self.candidates}
        if self.way not in BY_IDS:  # a text does not tell whose it is
            return {}
        tokens = {*self.server.tokenizer.written_as(self.texts), *self.candidates}
        written = [
            (index, self.server.complete(self.sample, **self._held(self.way, [index], [])).first) for index in tokens
        ]
        times = Counter(key for _, key in written)
        keys = {
            key: index for index, key in written if key is not None and times[key] == 1 and index in self.candidates
        }
        return keys if len(keys) == len(self.candidates) else {}  # an option that is never seen would never be chosen

    def _shown(self) -> str:
        return (
            f"by the log-probabilities of the {self.top} most likely tokens" if self.keys else "no log-probabilities"
        )

    def _otherwise(self) -> str:
        return f"asked for among the options alone ({self.way})" if self.way else "read of a generated text"


def _generated(server: Server, item: Item, tokens: int, **outcome: Any) -> Record:
    """The answer read of a greedy continuation; its lead is the server's own."""
    text = server.complete(item.prompt.tokens, tokens).text
    return record_of(item, first_letter(text), continuation=text, **outcome)
