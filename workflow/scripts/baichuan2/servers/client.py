"""HTTP to a server that speaks OpenAI's API: requests, their retries, and one line for whatever goes wrong."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx2
import tenacity

from baichuan2.errors import UserError, one_line
from baichuan2.servers import AGAIN

log = logging.getLogger(__name__)
logging.getLogger(httpx2.__name__).setLevel(logging.WARNING)  # a line a request, else
KEY = "BAICHUAN2_SERVER_KEY"  # in the environment: the server's API key
CONNECT_S = 10.0
HERE = ("all://127.0.0.1", "all://localhost")
MOST_WAIT_S = 60.0  # between two tries, whatever Retry-After says
TRANSIENT = (408, 425, 429, 502, 503, 504)
QUOTED = 200  # characters of an answer that an error shows

T = TypeVar("T")


class RefusedError(UserError):
    """The server answered with an error that the same request meets again."""


class BusyError(UserError):
    """The server answered with one of TRANSIENT, however often it was asked."""


class _TransientError(Exception):
    """What may be gone at the next try; after: seconds that the server wants to be left alone.

    answered: whether it is one of TRANSIENT, and no lost connection.
    """

    def __init__(self, reason: str, after: float = 0.0, answered: bool = False):
        super().__init__(reason)
        self.after, self.answered = after, answered


class Client:
    """One server, for several threads. Raises UserError naming engine.server: BusyError for one of TRANSIENT, and
    RefusedError for any other status of 4xx/5xx.

    url: ends in /v1. timeout: seconds without a byte. retries: how often a request is sent again after a lost
    connection, or one of TRANSIENT.
    """

    def __init__(self, url: str, timeout: float, retries: int):
        self.url = url.rstrip("/")
        self._timeout = timeout
        key = os.environ.get(KEY)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
        self._http = httpx2.Client(
            headers=headers,
            timeout=httpx2.Timeout(timeout, connect=CONNECT_S),
            limits=limits,
            follow_redirects=False,
            mounts=dict.fromkeys(HERE),  # by no proxy
        )
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_TransientError),
            stop=tenacity.stop_after_attempt(1 + retries),
            wait=_wait,
            before_sleep=lambda state: log.info("%s: %s; trying again", self.url, state.outcome.exception()),  # type: ignore[union-attr]
            reraise=True,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str) -> Any:
        """The JSON at a path below the url, or at one of the server's own (which begins with /)."""
        return self._tried(lambda: self._json("GET", self._address(path)))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON that answers `body`."""
        return self._tried(lambda: self._json("POST", self._address(path), json=body))

    def post_once(self, path: str, body: dict[str, Any]) -> Any:
        """As post, but nothing is sent again: for what is timed (`retried` does it all again)."""
        try:
            return self._json("POST", self._address(path), json=body)
        except _TransientError as error:
            raise self._lost(error) from error

    def stream(self, path: str, body: dict[str, Any]) -> Iterator[Any]:
        """The JSON of each server-sent event, as it comes, up to [DONE]; a stream that ends before is an error.

        Nothing is sent again, since what has come is already used.
        """
        try:
            yield from self._events(self._address(path), body)
        except _TransientError as error:
            raise self._lost(error) from error

    def retried(self, function: Callable[[], T]) -> T:
        """What `function` gives, which uses post_once and stream; it is called again where an answer is lost."""

        def once() -> T:
            try:
                return function()
            except UserError as error:
                if isinstance(error.__cause__, _TransientError):
                    raise error.__cause__ from None
                raise

        return self._tried(once)

    def lost(self, reason: str) -> UserError:
        """An error to raise where an answer was lost for this reason, which `retried` asks again."""
        error = self._lost(cause := _TransientError(reason))
        error.__cause__ = cause
        return error

    def _address(self, path: str) -> str:
        return self.url.removesuffix("/v1") + path if path.startswith("/") else f"{self.url}/{path}"

    def _tried(self, function: Callable[[], T]) -> T:
        try:
            return self._retrying(function)
        except _TransientError as error:
            raise self._lost(error) from error

    def _lost(self, error: _TransientError) -> UserError:
        kind = BusyError if error.answered else UserError
        return kind(f"engine.server: {self.url} does not answer ({error}); see whether it runs, then {AGAIN}")

    def _json(self, method: str, address: str, **content: Any) -> Any:
        with _faults(address, self._timeout):
            response = self._http.request(method, address, **content)
        self._check(response, address)
        return self._parsed(response.text, address)

    def _events(self, address: str, body: dict[str, Any]) -> Iterator[Any]:
        done = False
        with _faults(address, self._timeout), self._http.sse(address, method="POST", json=body) as events:
            if events.response.status_code != httpx2.codes.OK:
                events.response.read()
                self._check(events.response, address)
            for event in events:
                if done := event.data.strip() == "[DONE]":
                    break
                if event.data:  # without data it is none, by the HTML standard
                    yield self._parsed(event.data, address)
        if not done:
            raise _TransientError("its stream ended in the middle")

    def _check(self, response: httpx2.Response, address: str) -> None:
        status = response.status_code
        if status in TRANSIENT:
            after = _seconds(response.headers.get("Retry-After"))
            raise _TransientError(f"status {status}: {_message(response)}", after, answered=True)
        if status in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN):
            raise RefusedError(f"engine.server: {address} wants a key (status {status}); put it in {KEY}")
        if status != httpx2.codes.OK:
            raise RefusedError(f"engine.server: {address} refused: status {status}: {_message(response)}")

    def _parsed(self, text: str, address: str) -> Any:
        try:
            value = json.loads(text)
        except ValueError:
            raise UserError(
                f"engine.server: {address} answered what is not JSON ({text[:QUOTED]!r}); see whether OpenAI's API "
                "is served there"
            ) from None
        if isinstance(value, dict) and value.get("error"):
            raise RefusedError(f"engine.server: {address} failed: {_of_error(value['error'])}")
        return value


class _faults:
    """Turns httpx2's errors into ours."""

    def __init__(self, address: str, timeout: float):
        self._address, self._timeout = address, timeout

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, httpx2.ReadTimeout | httpx2.WriteTimeout):  # the server may still be at it: not again
            raise UserError(
                f"engine.server: {self._address} gave nothing within {self._timeout:g} s; raise "
                f"engine.server_timeout, or lower the batch size, then {AGAIN}"
            ) from error
        if isinstance(error, httpx2.SSEError | httpx2.UnsupportedProtocol):
            raise UserError(
                f"engine.server: {self._address}: {error}; see whether OpenAI's API is served there"
            ) from error
        if isinstance(error, httpx2.TransportError | httpx2.DecodingError):
            raise _TransientError(f"{type(error).__name__}: {error}") from error
        if isinstance(error, httpx2.InvalidURL | httpx2.RequestError):
            raise UserError(f"engine.server: {error}; write it as http://host:8000/v1") from error


_backing_off = tenacity.wait_exponential(multiplier=0.25, max=MOST_WAIT_S)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome and state.outcome.exception()
    after = error.after if isinstance(error, _TransientError) else 0.0
    return max(min(after, MOST_WAIT_S), _backing_off(state))


def _seconds(header: str | None) -> float:
    """Retry-After's, where it counts them."""
    return float(header) if header and header.isdecimal() else 0.0


def _message(response: httpx2.Response) -> str:
    """What an error's body says, in OpenAI's form or any other, or where a redirection leads; on one line."""
    if response.has_redirect_location:
        return f"it is at {response.headers['Location']}"
    try:
        body = response.json()
    except ValueError:
        return _quoted(response.text)
    return _of_error(body.get("error") or body.get("detail") or body) if isinstance(body, dict) else _quoted(body)


def _of_error(error: Any) -> str:
    return _quoted(error.get("message", error) if isinstance(error, dict) else error)


def _quoted(value: Any) -> str:
    return one_line(value, QUOTED)
