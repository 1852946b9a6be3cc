"""A server on a port of its own that speaks OpenAI's /v1/completions by this workflow's engine, in many manners."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy
import torch
from scipy.special import log_softmax

from baichuan2.model.tokenizer import EOS_ID

NAME = "baichuan2-demo"
OPENAI = {
    "model", "prompt", "max_tokens", "temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs",
    "logit_bias", "seed", "stop", "stream", "stream_options",
}  # fmt: skip


@dataclass(frozen=True)
class Manner:
    """How a server behaves.

    ids: it takes prompts of token ids. fields: beyond OPENAI that it heeds; strict: it refuses others, else it
    ignores them. top: the most logprobs that it gives, 0 for none. keys: how it writes tokens there: "ids" (vLLM,
    where asked to), "content" (llama.cpp), "texts". raw: its logprobs do not heed what it is held to. bias: it heeds
    logit_bias. tokenize: the path that gives a text's ids. before: tokens that it puts before a text. usage: it
    counts tokens. group: tokens an event of a stream has. first, then: seconds that the first and any other token
    takes. models: what it lists; None: it fails to. version: what it states; where: the path and the keys there.
    longest: max_model_len. token_ids: it heeds return_token_ids. streams_usage: it counts tokens in streams, too; if
    not, an event has whole characters. streams: it can. greets: a stream begins with a comment, a ping,
    and an event without tokens. hides: tokens that it finds less likely than all others.
    """

    ids: bool = True
    fields: frozenset[str] = frozenset()
    strict: bool = False
    top: int = 20
    keys: str = "ids"
    raw: bool = True
    bias: bool = False
    tokenize: str | None = None
    before: tuple[int, ...] = ()
    usage: bool = True
    group: int = 1
    first: float = 0.0
    then: float = 0.0
    models: tuple[str, ...] | None = (NAME,)
    version: str | None = "1.2.3"
    where: tuple[str, ...] = ("/version", "version")
    longest: int | None = None
    token_ids: bool = False
    streams_usage: bool = True
    streams: bool = True
    greets: bool = False
    hides: frozenset[int] = frozenset()


def fields(*names: str) -> frozenset[str]:
    return frozenset({"repetition_penalty", *names})


OF_VLLM = ("allowed_token_ids", "return_tokens_as_token_ids", "return_token_ids", "ignore_eos", "min_tokens")
VLLM = Manner(fields=fields(*OF_VLLM, "structured_outputs"), token_ids=True)
LISTING = replace(VLLM, fields=VLLM.fields | {"logprob_token_ids"})
LLAMA_CPP = Manner(
    fields=fields("repeat_penalty", "ignore_eos", "grammar"), keys="content", raw=False, bias=True, version=None
)
LLAMA_CPP_PYTHON = Manner(
    ids=False,
    fields=fields("repeat_penalty", "min_tokens"),
    keys="texts",
    bias=True,
    tokenize="/extras/tokenize",
    where=("/openapi.json", "info", "version"),
    streams_usage=False,
)
TRANSFORMERS = Manner(
    ids=False,
    fields=frozenset({"generation_config"}),
    strict=True,
    top=0,
    models=None,
    version=None,
    streams=False,
)

Step = tuple[int, numpy.ndarray]  # a new token, and the log-probabilities that are shown
HIDDEN = 60.0  # by how much the logits of Manner.hides are lowered
Fault = Callable[["Handler"], None]


@dataclass
class Served:
    """A running server: how it behaves, what it was asked, and {number of a completion, from 1: its fault}."""

    engine: Any
    manner: Manner
    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    every: Fault | None = None
    lock: Any = field(default_factory=threading.Lock)


@contextmanager
def serving(engine: Any, manner: Manner = VLLM) -> Iterator[Served]:
    """Serve the model of `engine` within it."""
    served = Served(engine, manner)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"served": served}))
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    served: Served
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None: ...

    # ---- answers -------------------------------------------------------------------------------------------

    def send(self, value: Any, status: int = 200, **headers: str) -> None:
        self.send_text(json.dumps(value), status, "application/json", **headers)

    def send_text(self, text: str, status: int = 200, kind: str = "text/html", **headers: str) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, message: str, status: int = 400) -> None:
        self.send({"error": {"message": message, "type": "BadRequestError"}}, status)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    # ---- requests ------------------------------------------------------------------------------------------

    def do_GET(self) -> None:
        manner = self.served.manner
        if self.path == "/v1/models" and manner.models is None:
            self.send_text("Internal Server Error", 500, "text/plain")
        elif self.path == "/v1/models":
            more = {"max_model_len": manner.longest} if manner.longest else {}
            entries = [{"id": name, "owned_by": "stub", **more} for name in manner.models]
            self.send({"object": "list", "data": entries})
        elif self.path == manner.where[0] and manner.version:
            *keys, last = manner.where[1:]
            page: Any = {last: manner.version, "title": f"{NAME}'s server"}
            for key in reversed(keys):
                page = {key: page}
            self.send(page)
        else:
            self.refuse("not here", 404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        manner, served = self.served.manner, self.served
        if self.path == manner.tokenize:
            self.send({"tokens": self.tokenized(body.get("content") or body["input"])})
        elif self.path != "/v1/completions":
            self.refuse("not here", 404)
        else:
            with served.lock:
                served.bodies.append(body)
                fault = served.faults.get(len(served.bodies), served.every)
            if fault:
                fault(self)
            else:
                self.complete(body)

    def complete(self, body: dict[str, Any]) -> None:
        manner = self.served.manner
        unknown = body.keys() - OPENAI - manner.fields
        if manner.strict and unknown:
            return self.refuse(f"Unexpected fields in the request: {unknown}", 422)
        if (manner.strict and body["model"] != NAME) or (manner.models and body["model"] not in manner.models):
            return self.refuse(f"The model `{body['model']}` does not exist.", 404)
        body = {name: value for name, value in body.items() if name in OPENAI | manner.fields}
        if not manner.ids and not isinstance(body["prompt"], str):
            return self.refuse("prompt must be a string.", 422)
        if (body.get("logprobs") or 0) > manner.top and manner.top:
            return self.refuse(f"Requested sample logprobs of {body['logprobs']}, greater than max {manner.top}")
        prompt = body["prompt"]
        if isinstance(prompt, str):
            prompt = self.tokenized(prompt)
        steps = self.steps(prompt, body)
        if body.get("stream") and not manner.streams:
            return self.send_text("Internal Server Error", 500, "text/plain")
        if body.get("stream"):
            return self.stream(prompt, body, steps)
        return self.send(self.whole(prompt, body, list(steps)))

    def tokenized(self, text: str) -> list[int]:
        return [*self.served.manner.before, *self.served.engine.tokenizer.encode(text)]

    # ---- the model -----------------------------------------------------------------------------------------

    def steps(self, prompt: Sequence[int], body: Mapping[str, Any]) -> Iterator[Step]:
        """Each new token, when it has taken its time."""
        manner = self.served.manner
        for step, token in enumerate(self.computed(prompt, body)):
            time.sleep(manner.then if step else manner.first)
            yield token

    def computed(self, prompt: Sequence[int], body: Mapping[str, Any]) -> list[Step]:
        engine, manner = self.served.engine, self.served.manner
        least = body.get("min_tokens", 0)
        if "generation_config" in body:
            least = json.loads(body["generation_config"])["min_new_tokens"]
        held, most = self.held(body), body.get("max_tokens", 16)
        if body.keys() & {"structured_outputs", "grammar"}:
            most = 1  # all that is allowed
        steps: list[Step] = []
        with torch.inference_mode(), LOCK:
            cache = engine.cache_for(1, engine.max_seq_len)
            row, decoder = engine.prefill(cache, [list(prompt)]), engine.model.decoder(cache, [len(prompt)])
            while len(steps) < most:
                logits = row[0].double().numpy()
                logits[list(manner.hides)] -= HIDDEN
                raw = log_softmax(logits)
                for index, bias in held.items():
                    logits[index] += bias
                if len(steps) < least or body.get("ignore_eos"):
                    logits[EOS_ID] = -numpy.inf
                token = int(logits.argmax())
                if token == EOS_ID:
                    break
                steps.append((token, raw if manner.raw else log_softmax(logits)))
                decoder.prepare()
                row = decoder.step([token])
        return steps

    def held(self, body: Mapping[str, Any]) -> dict[int, float]:
        """{token: what is added to its logit}."""
        encode = self.served.engine.tokenizer.encode
        if self.served.manner.bias and body.get("logit_bias"):
            return {int(index): bias for index, bias in body["logit_bias"].items()}
        if ids := body.get("allowed_token_ids"):
            return dict.fromkeys(ids, 1e6)
        if choice := (body.get("structured_outputs") or {}).get("choice"):
            return {encode(text)[-1]: 1e6 for text in choice}
        if grammar := body.get("grammar"):
            return {encode(text)[-1]: 1e6 for text in grammar.split('"')[1::2]}
        return {}

    # ---- OpenAI's form -------------------------------------------------------------------------------------

    def whole(self, prompt: Sequence[int], body: Mapping[str, Any], steps: list[Step]) -> Any:
        ids = [token for token, _ in steps]
        choice = {
            "index": 0,
            "text": self.served.engine.tokenizer.decode(ids),
            "logprobs": self.logprobs(body, steps),
            "finish_reason": "length" if len(ids) == body.get("max_tokens", 16) else "stop",
        }
        if body.get("return_token_ids") and self.served.manner.token_ids:
            choice["token_ids"] = ids
        of_all = {"object": "text_completion", "model": body["model"], "choices": [choice]}
        return of_all | self.usage(prompt, ids)

    def usage(self, prompt: Sequence[int], ids: Sequence[int]) -> dict[str, Any]:
        if not self.served.manner.usage:
            return {}
        return {"usage": {"prompt_tokens": len(prompt), "completion_tokens": len(ids)}}

    def logprobs(self, body: Mapping[str, Any], steps: list[Step]) -> Any:
        manner, decode = self.served.manner, self.served.engine.tokenizer.decode
        if body.get("logprobs") is None or not manner.top:
            return None
        listed = body.get("logprob_token_ids")
        tops = [listed or numpy.argsort(-row)[: body["logprobs"]].tolist() for _, row in steps]
        if manner.keys == "content":
            entries = [
                {"id": token, "token": decode([token]), "logprob": float(row[token]),
                 "top_logprobs": [{"id": k, "token": decode([k]), "logprob": float(row[k])} for k in top]}
                for (token, row), top in zip(steps, tops, strict=True)
            ]  # fmt: skip
            return {"content": entries}
        by_id = manner.keys == "ids" and body.get("return_tokens_as_token_ids")
        write = (lambda index: f"token_id:{index}") if by_id else (lambda index: decode([index]))
        return {
            "tokens": [write(token) for token, _ in steps],
            "token_logprobs": [float(row[token]) for token, row in steps],
            "top_logprobs": [
                {write(k): float(row[k]) for k in top} for (_, row), top in zip(steps, tops, strict=True)
            ],
        }

    def stream(self, prompt: Sequence[int], body: Mapping[str, Any], steps: Iterator[Step]) -> None:
        manner, decode = self.served.manner, self.served.engine.tokenizer.decode
        self.send_response(200)
        for name, value in {"Content-Type": "text/event-stream", "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        ids: list[int] = []
        if manner.greets:
            self.wfile.write(b": at it\r\n\r\nevent: ping\r\ndata:\r\n\r\n")
            self.event(body, "", [])
        shown, waiting = "", []
        for token, _ in steps:
            ids, waiting = [*ids, token], [*waiting, token]
            if len(waiting) >= manner.group:
                text = decode(ids)
                if not manner.streams_usage and text.endswith("�"):
                    continue
                text = shown if text.endswith("�") else text
                self.event(body, text[len(shown) :], waiting)
                shown, waiting = text, []
        finish = "length" if len(ids) == body.get("max_tokens", 16) else "stop"
        usage = self.usage(prompt, ids) if manner.streams_usage else {}
        self.event(body, decode(ids)[len(shown) :], waiting, finish, **usage)
        self.wfile.write(b"data: [DONE]\n\n")

    def event(
        self, body: Mapping[str, Any], text: str, ids: list[int], finish: str | None = None, **more: Any
    ) -> None:
        choice: dict[str, Any] = {"index": 0, "text": text, "finish_reason": finish}
        if body.get("return_token_ids") and self.served.manner.token_ids:
            choice["token_ids"] = ids
        value = {"object": "text_completion", "model": body["model"], "choices": [choice], **more}
        self.wfile.write(f"data: {json.dumps(value)}\n\n".encode())
        self.wfile.flush()


LOCK = threading.Lock()  # one engine answers one request at a time


# ---- faults ----------------------------------------------------------------------------------------------


def overloaded(handler: Handler) -> None:
    handler.send({"error": {"message": "too many requests"}}, 429, Retry_After="0")


def gone(handler: Handler) -> None:
    handler.hang_up()


def garbage(handler: Handler) -> None:
    handler.send_text("<html>a proxy's page</html>")


def other_form(handler: Handler) -> None:
    handler.send({"choices": [{"message": "hello"}]})


def half(handler: Handler) -> None:
    """The beginning of an answer, or of a stream."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'data: {"choices": [{"index": 0, "text": "a"}]}\n\n')
    handler.hang_up()


def interrupted(handler: Handler) -> None:
    """As llama-cpp-python's server ends a stream where another request comes."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    handler.wfile.write(b'data: {"choices": [{"index": 0, "text": "a", "finish_reason": null}]}\n\n')
    handler.wfile.write(b"data: [DONE]\n\n")


def aborted(handler: Handler) -> None:
    """As vLLM and SGLang answer a request that they dropped."""
    choice = {"index": 0, "text": "", "finish_reason": "abort"}
    handler.send({"choices": [choice], "usage": {"prompt_tokens": None, "completion_tokens": 0}})


def away(handler: Handler) -> None:
    """As a proxy answers for a server that is not there."""
    handler.send_text("<html>\r\n<h1>503 Service Unavailable</h1>\r\n</html>\r\n", 503)


def moved(handler: Handler) -> None:
    handler.send_text("", 308, Location="https://elsewhere/v1/completions")


def slow(handler: Handler) -> None:
    time.sleep(3)
    handler.hang_up()


def broken(handler: Handler) -> None:
    handler.refuse("EngineCore encountered an issue", 500)
