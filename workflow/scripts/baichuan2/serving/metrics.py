"""What the server counts, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60)


class Metrics:
    """Of one server. Counters may be advanced in any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        of = {"namespace": "baichuan2", "registry": self._registry}
        self._requests = Counter("requests", "Requests, by endpoint and status.", ["endpoint", "status"], **of)
        self._prompt_tokens = Counter("prompt_tokens", "Tokens of prompts.", **of)
        self._cached_tokens = Counter("cached_prompt_tokens", "Those of them that were computed before.", **of)
        self._new_tokens = Counter("new_tokens", "Tokens of answers.", **of)
        self._first = Histogram(
            "time_to_first_token_seconds", "From a request to an answer's first token.", buckets=SECONDS, **of
        )
        self._running = Gauge("running", "Answers that have a place.", **of)
        self._waiting = Gauge("waiting", "Answers that wait for one.", **of)

    def watch(self, running: Callable[[], int], waiting: Callable[[], int]) -> None:
        """Take how many run and wait from these functions."""
        self._running.set_function(running)
        self._waiting.set_function(waiting)

    def request(self, endpoint: str, status: int) -> None:
        self._requests.labels(endpoint, str(status)).inc()

    def prompt(self, tokens: int, cached: int) -> None:
        """A prompt is computed."""
        self._prompt_tokens.inc(tokens)
        self._cached_tokens.inc(cached)

    def token(self) -> None:
        """An answer has a token more."""
        self._new_tokens.inc()

    def first_token(self, seconds: float) -> None:
        self._first.observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)
