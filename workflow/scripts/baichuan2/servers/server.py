"""A served model: which one it is, what its server was seen to take, and completions of prompts of token ids."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from baichuan2.engine.options import Settings
from baichuan2.errors import UserError, nearest, shown
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.servers import SERVED
from baichuan2.servers.client import Client, RefusedError
from baichuan2.servers.forms import Chunk, Completion, read_chunk, read_completion

log = logging.getLogger(__name__)
GREEDY: dict[str, Any] = {"temperature": 0, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
# Fields that OpenAI's API has not: vLLM's and SGLang's name of a penalty and llama.cpp's, which may otherwise be the
# published generation_config.json's 1.05; and answers that name tokens by their ids.
BEYOND: dict[str, Any] = {
    "repetition_penalty": 1.0,
    "repeat_penalty": 1.0,
    "return_token_ids": True,
    "return_tokens_as_token_ids": True,
}
# What a tokenizer may do otherwise: Chinese, digits, blanks, line ends, signs of more bytes than one.
SAMPLE = "以下是中国关于考试的单项选择题。\n1. 1,024  km → 3.5 €?\nA. Hamlet->Shakespeare\nB. 夜雨寄北\n答案："
NO_MODEL = "no-such-model-as-this"  # which a server that heeds names refuses
# Where servers tell their version: SGLang's and vLLM's, llama.cpp's, and that of FastAPI's own page
# (llama-cpp-python).
VERSIONS = (("/version", ("version",)), ("/get_server_info", ("version",)), ("/props", ("build_info",)),
            ("/openapi.json", ("info", "version")))  # fmt: skip
TITLE = ("info", "title")  # of the same page
OF_NO_ACCOUNT = ("id", "object", "created", "owned_by")  # of what a server states of a model
NOT_STATED = "0.1.0"  # what FastAPI writes where an application states no version


class Alone:
    """As ranks.collectives.Ranks of one rank, without torch."""

    def from_first(self, value: Any) -> Any:
        return value

    def on_any(self, here: bool) -> bool:
        return here


@contextmanager
def open_server(settings: Settings, tokenizer: Path) -> Iterator[Server]:
    """The server of settings.server, asked what it serves and what it takes. tokenizer: folder of the model's own.

    Raises UserError where it does not answer, serves another model, or reads prompts otherwise than this tokenizer.
    """
    if settings.server is None:
        raise UserError("engine.server: is null, but this step asks a server; give its address")
    with Client(settings.server, settings.server_timeout, settings.server_retries) as client:
        yield Server(client, Tokenizer(tokenizer), settings.server_model, settings.max_seq_len)


class Server:
    """One model of a server. It has what the tasks need of an engine but score and generate: a server gives texts.

    stated: what else it states of the model. prompts: how it is given prompts: "token ids"; "text", where its
    tokenizer gave a sample's very ids; or "text, by its length", where only the number of tokens could be compared
    (it is, of every prompt).
    """

    rank = 0
    ranks = Alone()
    world_size = None
    near_tie = None
    precision = SERVED

    def __init__(self, client: Client, tokenizer: Tokenizer, model: str | None, max_seq_len: int | None):
        self.client, self.tokenizer = client, tokenizer
        listed = self._listed(model)
        self.model = self._chosen(model, listed)
        entry = listed.get(self.model, {})
        longest = entry.get("max_model_len")
        if longest and max_seq_len and max_seq_len > longest:
            raise UserError(
                f"engine.max_seq_len: {max_seq_len} is over the server's max_model_len {longest}; lower it"
            )
        self.max_seq_len: int = max_seq_len or longest or 0
        title, self.version = _version(client)
        self.software = str(title or entry.get("owned_by") or "") or None  # llama-cpp-python's models are of "me"
        plain = {key: value for key, value in entry.items() if isinstance(value, str | int | float)}
        self.stated = {key: value for key, value in plain.items() if key not in OF_NO_ACCOUNT}
        self.takes_ids, self.beyond = True, dict(BEYOND)
        self.prompts = self._learn()
        log.info("%s: %s, prompts as %s", client.url, self.name, self.prompts)
        if self.version is None:
            log.warning("%s: states no version, so a record cannot tell whether the server changes", client.url)

    @property
    def name(self) -> str:
        """The model and, as far as they are stated, the server's software and version."""
        return " ".join(filter(None, (self.software, self.version, self.model)))

    def identity(self) -> dict[str, Any]:
        """What decides an answer beside its prompt, as far as the server tells; not where it is."""
        server = {"software": self.software, "version": self.version, "model": self.model, "stated": self.stated}
        return server | {"prompts": self.prompts}

    def environment(self) -> dict[str, Any]:
        """For the records; None for what the server does not tell."""
        return {
            "device": "server",
            "device_name": self.name,
            "server": self.client.url,
            **{f"server_{key}": value for key, value in self.identity().items()},
            "dtype": self.stated.get("dtype"),
            "precision": self.precision,
            "max_seq_len": self.max_seq_len,
        }

    # ---- completions -----------------------------------------------------------------------------------

    def complete(self, prompt: Sequence[int], max_tokens: int, **fields: Any) -> Completion:
        """The greedy continuation of `prompt`, of at most `max_tokens` tokens. fields: more of the request.

        Raises UserError where the server read another number of tokens.
        """
        return self._read(prompt, self.client.post("completions", self.body(prompt, max_tokens, **fields)))

    def complete_once(self, prompt: Sequence[int], max_tokens: int, **fields: Any) -> Completion:
        """As complete, for what is timed: see Client.post_once."""
        return self._read(prompt, self.client.post_once("completions", self.body(prompt, max_tokens, **fields)))

    def stream(self, prompt: Sequence[int], max_tokens: int, **fields: Any) -> Iterator[Chunk]:
        """As complete, in pieces as they come; nothing is sent again.

        Raises UserError where it ends without a reason too: so llama-cpp-python's server ends one where another
        request comes.
        """
        body = self.body(prompt, max_tokens, **fields)
        body |= {"stream": True, "stream_options": {"include_usage": True}}
        finish = None
        for value in self.client.stream("completions", body):
            chunk = read_chunk(value, self.client.url)
            if chunk.prompt_tokens is not None:
                self.check_length(prompt, chunk.prompt_tokens)
            finish = chunk.finish or finish
            yield chunk
        if finish is None:
            raise self.client.lost("its stream ended without a finish_reason")

    def _read(self, prompt: Sequence[int], answer: Any) -> Completion:
        completion = read_completion(answer, self.client.url)
        self.check_length(prompt, completion.prompt_tokens)
        return completion

    def tried(self, prompt: Sequence[int], max_tokens: int, **fields: Any) -> Completion | None:
        """As complete; None where the server refuses the request, as for a field that it has not."""
        try:
            return self.complete(prompt, max_tokens, **fields)
        except RefusedError:
            return None

    def body(self, prompt: Sequence[int], max_tokens: int, **fields: Any) -> dict[str, Any]:
        """A request for a greedy completion, with `fields` beside or instead."""
        text_or_ids = list(prompt) if self.takes_ids else self.text_of(prompt)
        return {
            "model": self.model,
            "prompt": text_or_ids,
            "max_tokens": max_tokens,
            **GREEDY,
            **self.beyond,
            **fields,
        }

    def text_of(self, prompt: Sequence[int]) -> str:
        """The text whose tokens `prompt` is; raises UserError where there is none."""
        text = self.tokenizer.decode(list(prompt))
        if self.tokenizer.encode(text) != list(prompt):
            raise UserError(
                f"engine.server: {self.client.url} takes text alone, and these tokens are those of no text "
                f"({text[-40:]!r} at the end); take a server that takes token ids, or set inference.format raw"
            )
        return text

    def check_length(self, prompt: Sequence[int], tokens: int | None) -> None:
        """Raise UserError where the server read another number of tokens, or with text, does not tell."""
        if tokens is None and self.takes_ids:
            return
        if tokens != len(prompt):
            raise UserError(
                f"engine.server: {self.client.url} read {shown(tokens)} tokens where {len(prompt)} were sent; serve "
                "the model of model.source, with no token added around a prompt and none cut off"
            )

    def together(self, function: Any, items: Sequence[Any]) -> list[Any]:
        """`function` of each item, all at a time, in their order."""
        with ThreadPoolExecutor(max(1, len(items))) as pool:
            return list(pool.map(function, items))

    # ---- what the server is and takes ------------------------------------------------------------------

    def _listed(self, wanted: str | None) -> dict[str, dict[str, Any]]:
        """The models of /v1/models; the wanted one where that fails, as transformers serve's without a cache."""
        try:
            return _models(self.client.get("models"), self.client.url)
        except RefusedError:
            if wanted is None or not self._serves_unlisted(wanted):
                raise
            return {wanted: {}}

    def _chosen(self, wanted: str | None, listed: dict[str, dict[str, Any]]) -> str:
        if wanted is None:
            if len(listed) != 1:
                raise UserError(
                    f"engine.server_model: {self.client.url} lists {len(listed)} models ({_named(listed)}); name one"
                )
            return next(iter(listed))
        if wanted not in listed and not self._serves_unlisted(wanted):
            near = nearest(wanted, listed)
            hint = f"did you mean {near}?" if near else f"it lists {_named(listed) or 'none'}"
            raise UserError(f"engine.server_model: {self.client.url} serves no {shown(wanted)}; {hint}")
        return wanted

    def _serves_unlisted(self, wanted: str) -> bool:
        """Whether the server completes for this model, and not for whatever name (transformers serve lists none)."""
        return self._completes(wanted) and not self._completes(NO_MODEL)

    def _completes(self, model: str) -> bool:
        try:
            self.client.post("completions", {"model": model, "prompt": "1", "max_tokens": 1})
        except RefusedError:
            return False
        return True

    def _learn(self) -> str:
        """Find out how the server is given prompts, and what it takes of BEYOND -> `prompts`."""
        sample, refusal = self.tokenizer.encode(SAMPLE), None
        for takes_ids, beyond in product((True, False), (BEYOND, {})):
            self.takes_ids, self.beyond = takes_ids, dict(beyond)
            try:
                tokens = read_completion(
                    self.client.post("completions", self.body(sample, 1)), self.client.url
                ).prompt_tokens
            except RefusedError as error:
                refusal = error
                continue
            if takes_ids and tokens not in (None, len(sample)):  # it took the ids for something else
                continue
            if not beyond:
                self.beyond = {
                    name: value for name, value in BEYOND.items() if self.tried(sample, 1, **{name: value})
                }
            return "token ids" if takes_ids else self._checked_text(sample)
        assert refusal is not None  # of text
        raise refusal

    def _checked_text(self, sample: list[int]) -> str:
        self.complete(sample, 1)
        ids = self._tokenized(SAMPLE)
        if ids is None:
            return "text, by its length"
        if ids != sample:
            raise UserError(
                f"engine.server: {self.client.url} reads {SAMPLE[:16]!r}... as other token ids than the tokenizer of "
                "model.source; serve that model, or set model.source to the one that is served"
            )
        return "text"

    def _tokenized(self, text: str) -> list[int] | None:
        """The server's own ids of a text, by llama.cpp's and SGLang's endpoint or llama-cpp-python's, or None."""
        bodies = {
            "/tokenize": {"content": text, "prompt": text, "model": self.model},
            "/extras/tokenize": {"input": text},
        }
        for path, body in bodies.items():
            try:
                answer = self.client.post(path, body)
            except UserError:
                continue
            tokens = answer.get("tokens") if isinstance(answer, dict) else None
            if isinstance(tokens, list) and all(isinstance(token, int) for token in tokens):
                return tokens
        return None


def _models(value: Any, url: str) -> dict[str, dict[str, Any]]:
    """{name: entry} of /v1/models."""
    try:
        return {str(entry["id"]): dict(entry) for entry in value["data"]}
    except (KeyError, TypeError, ValueError):
        raise UserError(
            f"engine.server: {url}/models answered {shown(value)}, not OpenAI's list of models; see which server "
            "listens there"
        ) from None


def _version(client: Client) -> tuple[str | None, str | None]:
    """(The title of the page that states the version, where it has one; the version)."""
    for path, keys in VERSIONS:
        try:
            page = client.get(path)
        except UserError:
            continue
        version = _at(page, keys)
        if version and version != NOT_STATED:
            return _at(page, TITLE), str(version)
    return None, None


def _at(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _named(models: dict[str, dict[str, Any]]) -> str:
    names = list(models)
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
