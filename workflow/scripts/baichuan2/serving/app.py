"""The server's HTTP side: OpenAI's endpoints over a scheduler. Its event loop is in a thread of its own."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
import uuid
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from baichuan2.model.tokenizer import Tokenizer
from baichuan2.serving import requests
from baichuan2.serving.answers import Answer, Choice, Names, Part, usage
from baichuan2.serving.errors import ApiError
from baichuan2.serving.metrics import Metrics
from baichuan2.serving.requests import ChatRequest, Common, CompletionRequest, Prompt
from baichuan2.serving.scheduler import Generation, RefusedError, Scheduler

MOST_BYTES = 8 * 2**20  # of a request
GONE = "the client went away"


@dataclass(frozen=True)
class Served:
    """What is served, and how: the model's name and what /v1/models says of it, its tokens and longest sequence.

    version: of the server. vocabulary: token ids of a prompt are below it; tokens: those of an answer. most: answers
    that one request may ask for.
    """

    name: str
    version: str
    about: dict[str, Any]
    tokenizer: Tokenizer
    vocabulary: int
    tokens: int
    length: int
    most: int
    api_key: str | None = None


class Mailbox:
    """Parts from the engine's thread to an event loop's, which is woken once for all that wait: once a step, about.

    Waking it for every part takes the engine longer than all else that it does for a token beside its forward.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self.loop = loop
        self._waiting: deque[tuple[asyncio.Queue[Part], Part]] = deque()
        self._woken = False

    def put(self, queue: asyncio.Queue[Part], part: Part) -> None:
        """In the engine's thread. It looks whether the loop is woken behind the part: see `_empty`."""
        self._waiting.append((queue, part))
        if not self._woken:
            self._woken = True
            with suppress(RuntimeError):  # the loop has ended: nobody waits any more
                self.loop.call_soon_threadsafe(self._empty)

    def _empty(self) -> None:
        self._woken = False  # before it looks: what comes from here on wakes it again
        while self._waiting:
            queue, part = self._waiting.popleft()
            queue.put_nowait(part)


class Work:
    """A request in the scheduler: its choices, and the parts that come of them. Close it in any case."""

    def __init__(self, app: App, request: Common, prompts: Sequence[Prompt]):
        self.request, self.prompts, self._app = request, prompts, app
        self._parts: asyncio.Queue[Part] = asyncio.Queue()
        self._mailbox = app.mailbox()
        self._begin = time.perf_counter()
        count = len(prompts) * request.n
        if count > app.served.most:
            raise ApiError(400, f"n: {count} answers are over the {app.served.most} that serve.max_queue leaves", "n")
        self.choices = [Choice(index // request.n) for index in range(count)]
        self._generations = [self._generation(index) for index in range(count)]
        try:
            app.scheduler.submit(self._generations)
        except RefusedError as refusal:
            status = 503 if app.scheduler.closing else 429
            raise ApiError(status, str(refusal), code="server_busy") from None

    def _generation(self, index: int) -> Generation:
        request, prompt, served = self.request, self.prompts[index // self.request.n], self._app.served
        if request.min_tokens > prompt.most:
            raise ApiError(400, f"min_tokens: {request.min_tokens} is over max_tokens {prompt.most}", "min_tokens")
        answer = Answer(index, served.tokenizer, request.stops, prompt.most == 0, self._deliver, request.min_tokens)
        choosing = request.choosing(served.tokens, requests.own_stops(request), index % request.n)
        listed = tuple(request.logprob_token_ids)
        return Generation(prompt.tokens, prompt.most, answer, choosing, self, *request.scores, listed)

    def _deliver(self, part: Part) -> None:
        """In the engine's thread."""
        self._mailbox.put(self._parts, part)

    async def parts(self) -> AsyncIterator[Part]:
        """Every part as it comes, added to its choice; raise ApiError where one fails."""
        while any(choice.finish is None for choice in self.choices):
            part = await self._parts.get()
            choice = self.choices[part.choice]
            if part.error is not None:
                raise ApiError(503 if self._app.scheduler.closing else 500, part.error)
            if part.tokens and not choice.tokens:
                self._app.metrics.first_token(time.perf_counter() - self._begin)
            choice.add(part)
            yield part

    async def close(self) -> None:
        """Free the places of what has not ended."""
        left = [one for one, choice in zip(self._generations, self.choices, strict=True) if choice.finish is None]
        if left:
            self._app.scheduler.cancel(left)

    def usage(self) -> dict[str, Any]:
        return usage([len(prompt.tokens) for prompt in self.prompts], self.choices)


class App:
    """The endpoints."""

    def __init__(self, scheduler: Scheduler, served: Served, metrics: Metrics):
        self.scheduler, self.served, self.metrics = scheduler, served, metrics
        self._names, self._created = Names(served.tokenizer), int(time.time())
        self._mailbox: Mailbox | None = None

    def mailbox(self) -> Mailbox:
        """Of the running event loop, of which a server has one."""
        loop = asyncio.get_running_loop()
        if self._mailbox is None or self._mailbox.loop is not loop:
            self._mailbox = Mailbox(loop)
        return self._mailbox

    def asgi(self) -> Starlette:
        routes = [
            Route("/v1/completions", self._counted("completions", self.completions), methods=["POST"]),
            Route("/v1/chat/completions", self._counted("chat", self.chat), methods=["POST"]),
            Route("/v1/models", self._counted("models", self.models)),
            Route("/version", self.version),
            Route("/health", self.health),
            Route("/metrics", self.show_metrics),
        ]
        handlers: dict[Any, Any] = {HTTPException: _http_error, Exception: _unexpected}
        return Starlette(routes=routes, exception_handlers=handlers)

    def _counted(
        self, endpoint: str, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that checks the key, counts its answers, and has errors as OpenAI's API has them."""

        async def handle(request: Request) -> Response:
            try:
                self._check_key(request)
                response = await answer(request)
            except ApiError as error:
                response = JSONResponse(error.body(), error.status)
            self.metrics.request(endpoint, response.status_code)
            return response

        return handle

    def _check_key(self, request: Request) -> None:
        key, given = self.served.api_key, request.headers.get("authorization", "")
        if key and not hmac.compare_digest(given.encode(), f"Bearer {key}".encode()):
            raise ApiError(401, "the API key is missing or wrong", code="invalid_api_key")

    # ---- small endpoints -------------------------------------------------------------------------------

    async def health(self, request: Request) -> Response:
        closing = self.scheduler.closing
        return JSONResponse({"status": "closing" if closing else "ok"}, 503 if closing else 200)

    async def show_metrics(self, request: Request) -> Response:
        return Response(self.metrics.text(), media_type="text/plain; version=0.0.4")

    async def models(self, request: Request) -> Response:
        entry = {"id": self.served.name, "object": "model", "created": self._created, "owned_by": "baichuan2"}
        return JSONResponse({"object": "list", "data": [entry | self.served.about]})

    async def version(self, request: Request) -> Response:
        """As vLLM's: a client's records tell a changed server by it."""
        return JSONResponse({"version": self.served.version})

    # ---- completions -----------------------------------------------------------------------------------

    async def completions(self, request: Request) -> Response:
        asked: CompletionRequest = await self._read(CompletionRequest, request)
        served = self.served
        prompts = requests.prompts_of(asked, served.tokenizer, served.vocabulary, served.length)
        work = Work(self, asked, prompts)
        kind = {"id": f"cmpl-{uuid.uuid4().hex}", "object": "text_completion"}
        if asked.stream:
            return self._stream(work, kind, lambda part: self._completion_delta(work, part))
        await _finished(work, request)
        choices = [self._completion(work, index) for index in range(len(work.choices))]
        return JSONResponse(self._about(kind) | {"choices": choices, "usage": work.usage()})

    def _completion(self, work: Work, index: int) -> dict[str, Any]:
        request, choice = work.request, work.choices[index]
        assert isinstance(request, CompletionRequest)
        echoed, prompt, scores = work.prompts[choice.prompt].text, work.prompts[choice.prompt].tokens, choice.scores
        answer = {"index": index, "text": echoed + choice.text, "logprobs": None, "finish_reason": choice.finish}
        if request.prompt_logprobs is not None:
            answer["prompt_logprobs"] = [score and self._names.of_token(score) for score in scores[: len(prompt)]]
            scores = scores[len(prompt) :]
        if request.logprobs is not None:
            tokens = prompt if request.echo else []
            tokens = [*tokens, *(score.token for score in scores[len(tokens) :] if score)]
            begin = self._names.begin(tokens)
            answer["logprobs"] = self._names.of_completion(scores, tokens, begin, request.return_tokens_as_token_ids)
        return answer

    def _completion_delta(self, work: Work, part: Part) -> dict[str, Any] | None:
        request, choice = work.request, work.choices[part.choice]
        assert isinstance(request, CompletionRequest)
        if not part.tokens and part.finish is None:
            return None
        logprobs = None
        if request.logprobs is not None:
            tokens = [score.token for score in part.scores if score]
            begin = len(choice.text) - len(part.text)
            logprobs = self._names.of_completion(part.scores, tokens, begin, request.return_tokens_as_token_ids)
        return {"index": part.choice, "text": part.text, "logprobs": logprobs, "finish_reason": part.finish}

    # ---- chats -----------------------------------------------------------------------------------------

    async def chat(self, request: Request) -> Response:
        asked: ChatRequest = await self._read(ChatRequest, request)
        work = Work(self, asked, [requests.prompt_of_chat(asked, self.served.tokenizer, self.served.length)])
        kind = {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": "chat.completion"}
        if asked.stream:
            chunk = kind | {"object": "chat.completion.chunk"}
            return self._stream(work, chunk, lambda part: self._chat_delta(work, part))
        await _finished(work, request)
        choices = [
            {
                "index": index,
                "message": {"role": "assistant", "content": choice.text},
                "logprobs": self._names.of_chat(choice.scores) if asked.logprobs else None,
                "finish_reason": choice.finish,
            }
            for index, choice in enumerate(work.choices)
        ]
        return JSONResponse(self._about(kind) | {"choices": choices, "usage": work.usage()})

    def _chat_delta(self, work: Work, part: Part) -> dict[str, Any]:
        request = work.request
        assert isinstance(request, ChatRequest)
        delta = {"content": part.text} if part.cached is None else {"role": "assistant", "content": ""}
        logprobs = self._names.of_chat(part.scores) if request.logprobs and part.tokens else None
        return {"index": part.choice, "delta": delta, "logprobs": logprobs, "finish_reason": part.finish}

    # ---- both ------------------------------------------------------------------------------------------

    async def _read(self, kind: type[Any], request: Request) -> Any:
        """The checked request; raise ApiError where it is none, or asks for another model."""
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise ApiError(413, f"the request is over {MOST_BYTES} bytes")
        except ClientDisconnect:
            raise ApiError(499, GONE) from None
        asked = requests.parse(kind, bytes(body))
        if asked.model not in (None, self.served.name):
            raise ApiError(
                404, f"model: {asked.model!r} is not here; {self.served.name} is", "model", "model_not_found"
            )
        requests.check(asked)
        return asked

    def _about(self, kind: dict[str, Any]) -> dict[str, Any]:
        return kind | {"created": int(time.time()), "model": self.served.name}

    def _stream(
        self, work: Work, kind: dict[str, Any], delta: Callable[[Part], dict[str, Any] | None]
    ) -> StreamingResponse:
        """Server-sent events: a chunk for each part that has a delta, its usage where that is wanted, and [DONE]."""
        about = self._about(kind)
        with_usage = work.request.stream_options.include_usage

        async def events() -> AsyncIterator[str]:
            try:
                async for part in work.parts():
                    if (choice := delta(part)) is not None:
                        yield _event(about | {"choices": [choice]} | ({"usage": None} if with_usage else {}))
                if with_usage:
                    yield _event(about | {"choices": [], "usage": work.usage()})
                yield "data: [DONE]\n\n"
            except ApiError as error:
                yield _event(error.body())
            finally:
                await work.close()

        # in the background too, for a client that goes away before the first event
        return StreamingResponse(events(), media_type="text/event-stream", background=BackgroundTask(work.close))


async def _finished(work: Work, request: Request) -> None:
    """Wait for all parts of a request; raise ApiError where one fails or the client goes away."""

    async def all_parts() -> None:
        async for _ in work.parts():
            pass

    answered, gone = asyncio.ensure_future(all_parts()), asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait((answered, gone), return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            raise ApiError(499, GONE)
        answered.result()
    finally:
        answered.cancel()
        gone.cancel()
        await work.close()


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(',', ':'))}\n\n"


async def _http_error(request: Request, error: HTTPException) -> Response:
    return JSONResponse(ApiError(error.status_code, str(error.detail)).body(), error.status_code, error.headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    """The traceback is in the log: Starlette raises the error again."""
    return JSONResponse(ApiError(500, "the server made a mistake; its log says which").body(), 500)
