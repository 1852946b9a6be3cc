"""Requests of OpenAI's API, with vLLM's names for what that lacks: checked, and made into prompts and settings."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from baichuan2.engine.sampling import Sampling
from baichuan2.errors import UserError, nearest, shown
from baichuan2.model.tokenizer import EOS_ID, USER_ID, Tokenizer
from baichuan2.serving.choosing import Choosing
from baichuan2.serving.errors import ApiError

MOST_SCORES = 20  # likeliest tokens beside each token
MOST_LISTED = 128  # tokens that are asked for beside each token
MOST_STOPS = 16
LEAST = 1e-5  # of a temperature, a penalty and a share: below, logits overflow or vanish in float32
DEFAULT_MOST = 16  # OpenAI's max_tokens of a completion
# What other servers have and this one does not: these values ask for nothing.
NEUTRAL: dict[str, tuple[Any, ...]] = {
    "best_of": (1,),
    "suffix": ("",),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "length_penalty": (1,),
    "min_p": (0,),
    "use_beam_search": (False,),
    "skip_special_tokens": (True,),
    "spaces_between_special_tokens": (True, False),
    "include_stop_str_in_output": (False,),
    "add_special_tokens": (True, False),  # the tokenizer adds none
    "truncate_prompt_tokens": (-1,),
    "response_format": ({"type": "text"},),
    "parallel_tool_calls": (True, False),
    "tools": ([],),
    "store": (False,),
}

Token = Annotated[int, Field(ge=0)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class StreamOptions(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    include_usage: bool = False
    continuous_usage_stats: Literal[False] = False


class Common(BaseModel):
    """What both kinds of requests have. A field that is null is as one that is not there."""

    model_config = ConfigDict(strict=True, extra="forbid")

    model: str | None = None
    temperature: Annotated[Number, Field(ge=0, le=100)] = 1.0
    top_p: Annotated[Number, Field(ge=LEAST, le=1)] = 1.0
    top_k: Annotated[int, Field(ge=-1, lt=2**31)] = 0
    repetition_penalty: Annotated[Number, Field(ge=LEAST, le=100)] = 1.0
    seed: int | None = None
    stop: str | list[str] = []
    stop_token_ids: list[Token] = []
    ignore_eos: bool = False
    min_tokens: Annotated[int, Field(ge=0)] = 0
    logit_bias: dict[str, Annotated[Number, Field(ge=-100, le=100)]] = {}
    allowed_token_ids: list[Token] = []
    logprob_token_ids: Annotated[list[Token], Field(max_length=MOST_LISTED)] = []
    n: Annotated[int, Field(ge=1, le=1024)] = 1
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    user: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_neutral(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            raise ValueError("must be an object")
        for name, values in NEUTRAL.items():
            if name in fields and fields[name] is not None and fields[name] not in values:
                raise ValueError(f"{name} is {shown(fields[name])}; this server takes {shown(values[0])} alone")
        return {name: value for name, value in fields.items() if value is not None and name not in NEUTRAL}

    @property
    def scores(self) -> tuple[int | None, int | None]:
        raise NotImplementedError

    @property
    def stops(self) -> list[str]:
        return [self.stop] if isinstance(self.stop, str) else self.stop

    def choosing(self, tokens: int, own_stops: Sequence[int], choice: int) -> Choosing:
        """How a model of so many tokens chooses; own_stops: tokens that end an answer anyway; choice: which of n."""
        stop_ids = frozenset({*self.stop_token_ids, *(() if self.ignore_eos else own_stops)})
        bias = {_token(key): value for key, value in self.logit_bias.items()}
        names = ("stop_token_ids", "allowed_token_ids", "logprob_token_ids")
        for name, ids in [*((name, getattr(self, name)) for name in names), ("logit_bias", list(bias))]:
            if any(token >= tokens for token in ids):
                raise ApiError(400, f"{name}: {max(ids)} is no token of the model, which has {tokens}", name)
        if self.min_tokens and self.allowed_token_ids and stop_ids.issuperset(self.allowed_token_ids):
            raise ApiError(400, "allowed_token_ids: all of them end the answer, before min_tokens", "min_tokens")
        if 0 < self.temperature < LEAST:
            raise ApiError(400, f"temperature: must be 0, or at least {LEAST}", "temperature")
        seed = int.from_bytes(os.urandom(7)) if self.seed is None else (self.seed + choice) % 2**63
        sampling = Sampling(
            self.temperature, max(self.top_k, 0), float(self.top_p), float(self.repetition_penalty), seed
        )
        return Choosing(sampling, stop_ids, self.min_tokens, bias, tuple(sorted(set(self.allowed_token_ids))))


class CompletionRequest(Common):
    prompt: Any
    max_tokens: Annotated[int, Field(ge=0)] = DEFAULT_MOST
    logprobs: Annotated[int, Field(ge=0, le=MOST_SCORES)] | None = None
    prompt_logprobs: Annotated[int, Field(ge=0, le=MOST_SCORES)] | None = None
    echo: bool = False
    return_tokens_as_token_ids: bool = False

    @property
    def scores(self) -> tuple[int | None, int | None]:
        """Generation's top and prompt_top."""
        return self.logprobs, self.logprobs if self.echo else self.prompt_logprobs


class Text(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    type: Literal["text"]
    text: str


class Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    role: str
    content: str | list[Text]

    @property
    def text(self) -> str:
        return self.content if isinstance(self.content, str) else "".join(part.text for part in self.content)


class ChatRequest(Common):
    messages: list[Message]
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    logprobs: bool = False
    top_logprobs: Annotated[int, Field(ge=0, le=MOST_SCORES)] = 0

    @property
    def scores(self) -> tuple[int | None, int | None]:
        """Generation's top and prompt_top."""
        return (self.top_logprobs if self.logprobs else None), None


@dataclass(frozen=True)
class Prompt:
    """tokens, and how many may come after them; text: what an echo begins with, where one is asked for."""

    tokens: list[int]
    most: int
    text: str = ""


def parse(kind: type[Any], body: bytes) -> Any:
    """The request in a body of JSON; raise ApiError where it is none."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
    path = [str(part) for part in first["loc"] if not re.match(r"str$|list\[", str(part))]  # kinds, not names
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        near = nearest(path[-1], kind.model_fields)
        message = "this server does not know it" + (f"; did you mean {near}?" if near else "")
    where = ".".join(path)
    raise ApiError(400, f"{where}: {message}" if where else message, path[0] if path else None)


def prompts_of(request: CompletionRequest, tokenizer: Tokenizer, vocabulary: int, length: int) -> list[Prompt]:
    """The prompts of a completion. vocabulary: token ids are below it; length: most tokens of prompt and answer."""
    given = request.prompt
    if isinstance(given, str) or _is_ids(given):
        given = [given]
    if not isinstance(given, list) or not given or not all(isinstance(each, str) or _is_ids(each) for each in given):
        raise ApiError(400, "prompt: must be a text, token ids, or a list of texts or of token ids", "prompt")
    prompts = []
    for each in given:
        tokens = tokenizer.encode(each) if isinstance(each, str) else each
        if any(not 0 <= token < vocabulary for token in tokens):
            raise ApiError(400, f"prompt: has a token id that is not 0 to {vocabulary - 1}", "prompt")
        text = _echoed(each, tokenizer) if request.echo else ""
        prompts.append(_fitting(tokens, request.max_tokens, length, "prompt", text))
    return prompts


def prompt_of_chat(request: ChatRequest, tokenizer: Tokenizer, length: int) -> Prompt:
    """The published template's tokens of a chat, whole: nothing is cut from it."""
    messages = [{"role": message.role, "content": message.text} for message in request.messages]
    try:
        tokens = tokenizer.chat(messages, most=2**31, place="messages")
    except UserError as error:
        raise ApiError(400, str(error), "messages") from None
    most = request.max_completion_tokens or request.max_tokens or max(length - len(tokens), 1)
    return _fitting(tokens, most, length, "messages")


def own_stops(request: Common) -> tuple[int, ...]:
    """The tokens that end an answer: in a chat the next user's mark, too."""
    return (EOS_ID, USER_ID) if isinstance(request, ChatRequest) else (EOS_ID,)


def check(request: Common) -> None:
    """Raise ApiError for settings that contradict each other."""
    if len(request.stops) > MOST_STOPS or not all(request.stops):
        raise ApiError(400, f"stop: must be at most {MOST_STOPS} texts, none of them empty", "stop")
    if request.logprob_token_ids and request.scores[0] is None:
        raise ApiError(400, "logprob_token_ids: needs logprobs", "logprob_token_ids")
    if isinstance(request, ChatRequest) and request.top_logprobs and not request.logprobs:
        raise ApiError(400, "top_logprobs: needs logprobs: true", "top_logprobs")
    if isinstance(request, CompletionRequest):
        for name, given in (("echo", request.echo), ("prompt_logprobs", request.prompt_logprobs is not None)):
            if given and request.stream:
                raise ApiError(400, f"{name}: not with stream; leave one of them out", name)
        if request.echo and request.prompt_logprobs is not None:
            raise ApiError(400, "prompt_logprobs: not with echo; leave one of them out", "prompt_logprobs")


def _fitting(tokens: list[int], most: int, length: int, param: str, text: str = "") -> Prompt:
    if not tokens:
        raise ApiError(400, f"{param}: has no tokens", param)
    if len(tokens) + most > length:
        raise ApiError(
            400,
            f"{param}: {len(tokens)} tokens and max_tokens {most} are over {length}, this model's length here "
            "(engine.max_seq_len)",
            param,
            "context_length_exceeded",
        )
    return Prompt(tokens, most, text)


def _echoed(prompt: str | list[int], tokenizer: Tokenizer) -> str:
    """A prompt's text; raise ApiError for ids beyond the tokenizer's pieces, which have none."""
    if isinstance(prompt, str):
        return prompt
    if (largest := max(prompt)) >= tokenizer.pieces:
        raise ApiError(400, f"echo: token {largest} has no text; leave echo out", "echo")
    return tokenizer.decode(prompt)


def _is_ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(type(token) is int for token in value)


def _token(key: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", key):
        raise ApiError(400, f"logit_bias: {shown(key)} is no token id", "logit_bias")
    return int(key)
