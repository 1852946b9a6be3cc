"""What the server counts, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60)


class Metrics:
    """Of one server. Counters may be advanced in any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests, by endpoint and status.", "endpoint", "status")
        self._prompt_tokens = self._counter("prompt_tokens", "Tokens of prompts.")
        self._cached_tokens = self._counter("cached_prompt_tokens", "Those of them that were computed before.")
        self._new_tokens = self._counter("new_tokens", "Tokens of answers.")
        self._first = Histogram(
            "baichuan2_time_to_first_token_seconds", "From a request to an answer's first token.", buckets=SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._running = self._gauge("running", "Answers that have a place.")
        self._waiting = self._gauge("waiting", "Answers that wait for one.")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"baichuan2_{name}", text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"baichuan2_{name}", text, registry=self._registry)

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
