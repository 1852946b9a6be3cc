"""Which sequences the engine computes next: they join and leave between its steps.

A step decodes one token of every sequence that has its prompt behind it, then extends prompts by one forward's
tokens, so that a long prompt delays the others by no more than that.
"""

from __future__ import annotations

import math
import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from baichuan2.devices.base import Device
from baichuan2.engine.options import MORE_RANGE
from baichuan2.engine.places import Piece, Places, Score, scores_of
from baichuan2.serving.choosing import Chooser, Choosing
from baichuan2.serving.metrics import Metrics
from baichuan2.serving.prefixes import Held, choose, reusable

WORTH_WAITING = 16  # a prompt waits for a forward of another one that computes so many tokens more of it
CLOSING = "the server is closing"


class Listener(Protocol):
    """Who hears of a generation, in the scheduler's thread, which all of this delays."""

    def prompt(self, cached: int, scores: Sequence[Score | None]) -> None:
        """The prompt is there, `cached` tokens of it since earlier; scores: of each token, where they are wanted.

        Where no new tokens are, this is the end.
        """

    def token(self, token: int, score: Score | None, finish: str | None) -> bool:
        """A new token -> whether it is the last one in any case.

        finish: it is the last one, since it is a stop token ("stop") or as many as may be are there ("length").
        """

    def fail(self, message: str) -> None:
        """Nothing more comes, for this reason."""


@dataclass(frozen=True, eq=False)
class Generation:
    """A prompt, not empty, and what to make of it.

    most: new tokens at most. request: what it is a part of; requests share the places evenly. top, prompt_top: how
    many likeliest tokens are in the scores of new tokens, and of the prompt's; None: no scores. listed: these tokens
    are in the scores of new tokens instead, where there are any.
    """

    prompt: list[int]
    most: int
    listener: Listener
    choosing: Choosing = field(default_factory=Choosing)
    request: Any = None
    top: int | None = None
    prompt_top: int | None = None
    listed: tuple[int, ...] = ()

    @property
    def computed(self) -> int:
        """How many tokens of the prompt go through the network: not the last one where no token comes after it."""
        return len(self.prompt) - (self.most == 0)


class RefusedError(Exception):
    """The queue is full, or the scheduler is closing."""


@dataclass(eq=False)
class Running:
    """A generation that has a place, or gets one with its first tokens. The last of `new` is not in the cache yet."""

    generation: Generation
    chooser: Chooser
    place: int | None = None
    cached: int = 0
    new: list[int] = field(default_factory=list)
    ended: bool = False


class Scheduler:
    """Generations in and tokens out. `run`, or `step`, is the engine's thread's; the rest is any thread's."""

    def __init__(self, places: Places, device: Device, largest: float, max_queue: int, metrics: Metrics):
        """largest: a logit of at least this magnitude is an overflow. max_queue: generations that may wait."""
        self._places, self._device, self._largest, self._max_queue = places, device, largest, max_queue
        self._metrics = metrics
        self._held = [Held() for _ in places.lengths]
        self._waiting: deque[Generation] = deque()
        self._active: list[Running] = []
        self._cancelled: set[Generation] = set()
        self._changed = threading.Condition()
        self._taken = 0
        self.closing = False
        metrics.watch(lambda: len(self._active), lambda: len(self._waiting))

    # ---- any thread ------------------------------------------------------------------------------------

    def submit(self, generations: Sequence[Generation]) -> None:
        """Queue them all; raise RefusedError where not all have room."""
        with self._changed:
            if self.closing:
                raise RefusedError(CLOSING)
            free = len(self._held) - len(self._active)
            if len(self._waiting) + len(generations) > self._max_queue + free:
                raise RefusedError(f"{len(self._waiting)} answers wait already, and {self._max_queue} may")
            self._waiting.extend(generations)
            self._changed.notify()

    def cancel(self, generations: Sequence[Generation]) -> None:
        """Drop those that have not ended. Their listeners hear nothing after the step that is running."""
        with self._changed:
            self._cancelled.update(generations)
            self._changed.notify()

    def close(self) -> None:
        """Take nothing more, and let `run` end after the step that is running. A signal's handler may call it."""
        with self._changed:
            self.closing = True
            self._changed.notify()

    # ---- the engine's thread ---------------------------------------------------------------------------

    def run(self) -> None:
        """Compute until `close`; then fail what has not ended."""
        try:
            while not self.closing:
                if not self.step():
                    with self._changed:
                        self._changed.wait_for(lambda: self.closing or self._waiting)
        finally:
            self.close()
            for generation in [*(running.generation for running in self._active), *self._waiting]:
                generation.listener.fail(CLOSING)

    def step(self) -> bool:
        """One decode step and one forward of prompts -> whether anything was active."""
        self._admit()
        if decoding := [running for running in self._active if running.new]:
            self._decode(decoding)
        if filling := [running for running in self._active if not running.new]:
            self._fill(filling)
        active = bool(self._active)
        self._active = [running for running in self._active if not running.ended]
        return active

    def _admit(self) -> None:
        """Drop the cancelled; give free places to the waiting, first to the requests that have the fewest."""
        with self._changed:
            self._active = [running for running in self._active if running.generation not in self._cancelled]
            self._waiting = deque(each for each in self._waiting if each not in self._cancelled)
            self._cancelled.clear()
            shares = Counter(id(running.generation.request) for running in self._active)
            while self._waiting and len(self._active) < len(self._held):
                first = min(self._waiting, key=lambda each: shares[id(each.request)])
                self._waiting.remove(first)
                shares[id(first.request)] += 1
                self._active.append(Running(first, Chooser(first.choosing, self._device.most_likely)))

    def _decode(self, decoding: Sequence[Running]) -> None:
        """One token more of each."""
        places, tokens, best = [], [], []
        for running in decoding:
            assert running.place is not None  # it has new tokens
            places.append(running.place)
            tokens.append(running.new[-1])
            self._held[running.place].tokens.append(running.new[-1])
            wants_all = running.generation.top is not None
            seen = len(self._held[running.place].tokens)
            best.append(None if wants_all else running.chooser.best(seen, len(running.new)))
        numbers = [number for number in best if number is not None]
        logits = self._places.step(places, tokens, max(numbers) if len(numbers) == len(best) else None)
        self._choose(decoding, logits)

    # ---- prompts ---------------------------------------------------------------------------------------

    def _fill(self, filling: Sequence[Running]) -> None:
        """One forward of tokens of prompts, in the order of their arrival."""
        pieces: list[tuple[Running, Piece]] = []
        room = self._device.prefill_tokens
        for running in filling:
            if room == 0:
                break
            if running.place is None and not self._waits(running, [other for other, _ in pieces]):
                self._begin(running)
            if running.place is None:
                continue
            piece = self._piece(running, room)
            if piece.tokens:
                pieces.append((running, piece))
                room -= len(piece.tokens)
            elif self._is_filled(running):  # without new tokens, and all of it was there
                self._finish_prompt(running)
        if pieces:
            self._extend(pieces)

    def _waits(self, running: Running, others: Sequence[Running]) -> bool:
        """Whether a forward of `others` computes what this prompt begins with: then it is better to wait."""
        generation = running.generation
        there = max(reusable(held, generation) for held in self._held)
        coming = max((reusable(_when_filled(other.generation), generation) for other in others), default=0)
        return coming >= there + WORTH_WAITING

    def _begin(self, running: Running) -> None:
        """Take a place, with what is there already of the prompt."""
        generation = running.generation
        free = set(range(len(self._held))) - {other.place for other in self._active}
        source, reused, place = choose(self._held, free, generation)
        if source == place:
            self._places.cut(place, reused)
        else:
            self._places.copy(source, place, reused)
        self._taken += 1
        self._held[place] = _begun(self._held[source], reused, generation, self._taken)
        running.place, running.cached = place, reused

    def _piece(self, running: Running, room: int) -> Piece:
        """The next tokens of a prompt, at most `room`."""
        generation, held = running.generation, self._held_by(running)
        start = len(held.tokens)
        stop = min(start + room, generation.computed)
        scored = generation.prompt_top is not None
        return Piece(
            running.place or 0,
            generation.prompt[start:stop],
            ends=stop == len(generation.prompt),
            targets=generation.prompt[len(held.scores) : stop + 1] if scored else (),
            top=held.top,
        )

    def _extend(self, pieces: Sequence[tuple[Running, Piece]]) -> None:
        results = self._places.extend([piece for _, piece in pieces])
        ready, logits = [], []
        for (running, piece), result in zip(pieces, results, strict=True):
            held = self._held_by(running)
            held.tokens.extend(piece.tokens)
            held.scores.extend(result.scores)
            if self._is_filled(running):
                self._finish_prompt(running)
            if result.logits is not None and not running.ended:
                ready.append(running)
                logits.append(result.logits)
        if ready:
            self._choose(ready, torch.stack(logits))

    def _finish_prompt(self, running: Running) -> None:
        generation = running.generation
        scores: list[Score | None] = []
        if (top := generation.prompt_top) is not None:
            held = self._held_by(running)
            scores = held.scores[: len(generation.prompt)]
            if held.top > top:
                scores = [score and score._replace(top=score.top[:top]) for score in scores]
        if not all(score is None or math.isfinite(score.logprob) for score in scores):
            return self._fail(running, "a log-probability of the prompt is no number")
        self._metrics.prompt(len(generation.prompt), running.cached)
        generation.listener.prompt(running.cached, scores)
        running.ended = generation.most == 0

    def _is_filled(self, running: Running) -> bool:
        return len(self._held_by(running).tokens) == running.generation.computed

    def _held_by(self, running: Running) -> Held:
        assert running.place is not None
        return self._held[running.place]

    # ---- new tokens ------------------------------------------------------------------------------------

    def _choose(self, running: Sequence[Running], logits: Tensor) -> None:
        """The next token of each, of float32 logits [len(running), V]."""
        tokens = self._tokens(running, logits)
        index = torch.tensor(tokens, device=logits.device)[:, None]
        numbers = logits.gather(1, index)[:, 0].tolist()
        scores = self._scores(running, logits, tokens)
        for each, token, number, score in zip(running, tokens, numbers, scores, strict=True):
            if not abs(number) < self._largest:
                self._fail(each, f"a logit is {number}")
            elif score and not math.isfinite(score.logprob):  # of another logit, which only its score shows
                self._fail(each, "a log-probability is no number")
            else:
                self._take(each, token, score)

    def _tokens(self, running: Sequence[Running], logits: Tensor) -> list[int]:
        plain = [row for row, each in enumerate(running) if each.chooser.plain(len(each.new))]
        if len(plain) == len(running):
            return self._device.most_likely(logits)
        tokens = [0] * len(running)
        for row, token in zip(plain, self._device.most_likely(logits[plain]) if plain else (), strict=True):
            tokens[row] = token
        for row in sorted(set(range(len(running))) - set(plain)):
            each, likeliest = running[row], int(logits[row].argmax())
            overflows = not abs(float(logits[row, likeliest])) < self._largest  # nothing can be drawn then
            drawn = None if overflows else each.chooser.choose(logits[row], each.generation.prompt, each.new)
            tokens[row] = likeliest if drawn is None else drawn
        return tokens

    def _scores(self, running: Sequence[Running], logits: Tensor, tokens: Sequence[int]) -> list[Score | None]:
        scores: list[Score | None] = [None] * len(running)
        for row, each in enumerate(running):
            generation, of_row = each.generation, slice(row, row + 1)
            if generation.top is not None:
                [scores[row]] = scores_of(
                    logits[of_row], tokens[of_row], generation.top, self._largest, generation.listed
                )
        return scores

    def _take(self, running: Running, token: int, score: Score | None) -> None:
        generation = running.generation
        running.new.append(token)
        self._metrics.token()
        full = len(running.new) == generation.most
        finish = "stop" if token in generation.choosing.stop_ids else "length" if full else None
        running.ended = generation.listener.token(token, score, finish) or finish is not None

    def _fail(self, running: Running, what: str) -> None:
        running.ended = True
        assert running.place is not None  # it was computed
        self._places.clear(running.place)
        self._held[running.place] = Held()
        running.generation.listener.fail(f"engine.dtype: {what}; {MORE_RANGE}")


def _begun(source: Held, reused: int, generation: Generation, used: int) -> Held:
    """What a place holds when a generation begins in it with the first `reused` tokens of another, or its own."""
    tokens = source.tokens[:reused]
    if generation.prompt_top is None:
        return Held(tokens, source.scores[:reused], source.top, used)
    if not reused:
        return Held([], [None], generation.prompt_top, used)
    return Held(tokens, source.scores[: reused + 1], source.top, used)  # see prefixes.reusable


def _when_filled(generation: Generation) -> Held:
    """What a place holds when it has all of a generation's prompt."""
    known: list[Score | None] = [] if generation.prompt_top is None else [None] * len(generation.prompt)
    return Held(generation.prompt[: generation.computed], known, generation.prompt_top or 0)
