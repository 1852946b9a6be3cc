"""The server: sequences that join and leave answer as alone, share prefixes and places; OpenAI's API around them."""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import httpx2
import psutil
import pytest
import sentencepiece
import torch
from starlette.testclient import TestClient

import ceval
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.records import read_records
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.engine.places import Piece, Places
from baichuan2.engine.sampling import Sampling
from baichuan2.engine.steps import CompiledSteps, GraphedSteps
from baichuan2.errors import UserError
from baichuan2.model.tokenizer import USER_ID, Tokenizer
from baichuan2.ranks.cutting import cut_weights
from baichuan2.serving import options, server
from baichuan2.serving.answers import Part
from baichuan2.serving.app import MOST_BYTES, App, Mailbox
from baichuan2.serving.choosing import Choosing
from baichuan2.serving.metrics import Metrics
from baichuan2.serving.prefixes import Held, choose, common
from baichuan2.serving.scheduler import Generation, RefusedError, Scheduler
from baichuan2.serving.text import Detokenizer, Stops
from helpers.models import ALIBI, ROPE
from helpers.projects import ROOT, copy_project, snakemake
from helpers.tiers import sampled

IDS = [5 + (7 * k) % 300 for k in range(60)]
CPU = Settings("cpu", "float32", 128, threads=1)


@pytest.fixture(scope="module", params=[ALIBI, ROPE], ids=["13b", "7b"])
def engine(request, make_model):
    with open_engine(CPU, make_model(request.param)) as opened:
        yield opened


@pytest.fixture(scope="module")
def one(make_model):
    """One engine, for what does not depend on the model."""
    with open_engine(CPU, make_model(ALIBI)) as opened:
        yield opened


# ---- places ----------------------------------------------------------------------------------------------


def alone(engine, prompt: list[int], new: int) -> list[torch.Tensor]:
    """The logits of a prompt and of `new` greedy tokens after it, by the engine's own prefill and decode."""
    cache = engine.model.cache(1, 128)
    logits = [engine.prefill(cache, [prompt])]
    decoder = engine.model.decoder(cache, [len(prompt)])
    for _ in range(new):
        decoder.prepare()
        logits.append(decoder.step(logits[-1].argmax(-1).tolist()).clone())
    return torch.cat(logits)


@pytest.mark.parametrize("steps", ["native", "operators", "graphs"])
def test_sequences_that_come_and_go_have_the_logits_that_they_have_alone(engine, steps, monkeypatch):
    """To the last bit in native.c's decode; otherwise within rounding."""
    if steps != "native":
        graphs = GraphedSteps(engine.model, lambda function: lambda filled: function())
        monkeypatch.setattr(engine.model, "fused", graphs if steps == "graphs" else None)
    places, prompts = Places(engine.model, 4, 128), {3: IDS[:40], 0: IDS[3:20], 2: IDS[7:9]}
    logits: dict[int, list[torch.Tensor]] = {place: [] for place in prompts}

    def begin(*names: int) -> None:
        for place, result in zip(
            names, places.extend([Piece(place, prompts[place]) for place in names]), strict=True
        ):
            logits[place].append(result.logits)

    def step(*names: int) -> None:
        last = [int(logits[place][-1].argmax()) for place in names]
        for place, row in zip(names, places.step(names, last).clone(), strict=True):
            logits[place].append(row)

    begin(3)
    step(3)
    begin(0, 2)
    for names in ((3, 0, 2), (0, 3), (2,), (2, 0, 3)):
        step(*names)
    native = isinstance(engine.model.fused, CompiledSteps)
    for place, prompt in prompts.items():
        ours, theirs = torch.stack(logits[place]), alone(engine, prompt, len(logits[place]) - 1)
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-5)
        if native and place == 3:  # its keys and values were computed alone too; its prompt's last token, for itself
            assert torch.equal(ours[1:], theirs[1:])


def test_a_copied_beginning_is_as_a_computed_one(engine):
    places = Places(engine.model, 3, 128)
    whole, _ = places.extend([Piece(0, IDS[:30]), Piece(1, IDS[:50])])
    places.copy(1, 2, 25)
    [copied] = places.extend([Piece(2, IDS[25:30])])
    torch.testing.assert_close(copied.logits, whole.logits, rtol=1e-5, atol=1e-5)
    places.cut(1, 20)
    [cut] = places.extend([Piece(1, IDS[20:30])])
    torch.testing.assert_close(cut.logits, whole.logits, rtol=1e-5, atol=1e-5)
    places.clear(1)
    assert places.lengths[1] == places._cache.keys[:, 1].abs().sum() == 0
    with pytest.raises(ValueError, match="has no room for 98 more"):
        places.extend([Piece(2, IDS + IDS[:38])])


def test_scores_are_log_probabilities_of_the_next_tokens(engine):
    places = Places(engine.model, 1, 128)
    [result] = places.extend([Piece(0, IDS[:20], targets=IDS[1:21], top=3)])
    cache = engine.model.cache(1, 128)
    for k in (0, 7, 19):
        expected = engine.prefill(cache, [IDS[: k + 1]])[0].log_softmax(-1)
        assert result.scores[k].token == IDS[k + 1]
        assert result.scores[k].logprob == pytest.approx(float(expected[IDS[k + 1]]), abs=1e-4)
        assert [token for token, _ in result.scores[k].top] == expected.topk(3).indices.tolist()
        assert [p for _, p in result.scores[k].top] == pytest.approx(expected.topk(3).values.tolist(), abs=1e-4)


def test_slots_beyond_the_memory_are_refused(one):
    with pytest.raises(
        UserError, match=r"serve\.slots: keys and values of 100000000 sequences of engine.max_seq_len"
    ):
        one.places(10**8)


# ---- prefixes --------------------------------------------------------------------------------------------


def test_what_lists_begin_with_alike():
    for shared in range(9):
        left = [*range(shared), -1, -2]
        assert common(left, list(range(8))) == common(list(range(8)), left) == shared
    assert common([], [1]) == 0


def wish(prompt, most=1, listener=None, **more) -> Generation:
    return Generation(list(prompt), most, listener or Heard(), **more)


def test_the_place_that_an_answer_takes():
    held = [Held(IDS[:30], used=3), Held([*IDS[:10], 1, 2], used=2), Held([], used=0)]
    assert choose(held, {0, 1, 2}, wish(IDS[:40])) == (0, 30, 0)  # goes on in it
    assert choose(held, {1, 2}, wish(IDS[:40])) == (0, 30, 2)  # it is taken: copies it
    assert choose(held, {0, 1, 2}, wish(IDS[:12])) == (
        0,
        11,
        2,
    )  # most of it would be lost; the last token is computed
    assert choose(held, {0, 1}, wish([7, 8])) == (0, 0, 1)  # the one that is idle for longest


# ---- scheduler -------------------------------------------------------------------------------------------


@dataclass
class Heard:
    """A listener that notes everything. most: tokens after which it ends the answer."""

    most: int = 10**9
    cached: int | None = None
    scores: list = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    finish: str | None = None
    failure: str | None = None

    def prompt(self, cached, scores):
        self.cached, self.scores = cached, list(scores)

    def token(self, token, score, finish):
        self.tokens.append(token)
        self.scores += [score] if score else []
        self.finish = finish
        return len(self.tokens) == self.most

    def fail(self, message):
        self.failure = message


class Spied:
    """Places that note what they compute: one entry a forward, tokens of prompts and of answers."""

    def __init__(self, places: Places):
        self._places, self.forwards = places, []

    def __getattr__(self, name):
        return getattr(self._places, name)

    def extend(self, pieces):
        self.forwards.append(("prompts", sum(len(piece.tokens) for piece in pieces)))
        return self._places.extend(pieces)

    def step(self, places, tokens, best=None):
        self.forwards.append(("answers", len(tokens)))
        return self._places.step(places, tokens, best)


@pytest.fixture
def scheduler(one):
    """scheduler(slots=2, max_queue=9) -> (a scheduler, its places), not running."""

    def make(slots: int = 2, max_queue: int = 9) -> tuple[Scheduler, Spied]:
        places = Spied(one.places(slots))
        return Scheduler(places, one.device, math.inf, max_queue, Metrics()), places

    return make


def finish(scheduler: Scheduler) -> None:
    while scheduler.step():
        pass


def test_answers_join_and_leave_and_are_as_alone(one, scheduler):
    prompts = [IDS[:30], IDS[9:14], IDS[20:50], IDS[4:5], IDS[2:22]]
    lengths = [3, 11, 7, 5, 9]
    scheduled, places = scheduler()
    heard = [Heard() for _ in prompts]
    wishes = [wish(*each) for each in zip(prompts, lengths, heard, strict=True)]
    scheduled.submit(wishes[:1])
    scheduled.step()
    scheduled.submit(wishes[1:])
    finish(scheduled)
    for prompt, length, each in zip(prompts, lengths, heard, strict=True):
        assert each.tokens == one.generate([prompt], length, stop_ids=())[0]
        assert each.finish == "length"
    assert max(count for kind, count in places.forwards if kind == "answers") == 2
    assert not scheduled.step()


def test_a_stop_token_and_a_listener_end_an_answer(one, scheduler):
    whole = one.generate([IDS[:9]], 8, stop_ids=())[0]
    stop = next(token for token in whole[2:] if token not in whole[:2])
    by_token, by_listener, late = Heard(), Heard(most=2), Heard()
    scheduled, _ = scheduler(3)
    late_choosing = Choosing(stop_ids=frozenset([stop]), least=20)
    scheduled.submit(
        [
            wish(IDS[:9], 8, by_token, choosing=Choosing(stop_ids=frozenset([stop]))),
            wish(IDS[:9], 8, by_listener),
            wish(IDS[:9], 8, late, choosing=late_choosing),
        ]
    )
    finish(scheduled)
    assert by_token.tokens == whole[: whole.index(stop) + 1]
    assert by_token.finish == "stop"
    assert by_listener.tokens == whole[:2]
    assert stop not in late.tokens
    assert len(late.tokens) == 8


def test_a_prefix_is_computed_once(one, scheduler):
    """Also where two come at once, and in the place that an answer has left; the answer's own tokens count too."""
    scheduled, places = scheduler(3)
    first, second, third, fourth = (Heard() for _ in range(4))
    scheduled.submit([wish(IDS[:40], 2, first), wish([*IDS[:30], 9, 8], 2, second)])
    finish(scheduled)
    assert (first.cached, second.cached) == (0, 30)
    chat = IDS[:40] + first.tokens[:1]
    scheduled.submit([wish([*chat, 7], 2, third), wish([*IDS[:30], 9, 8], 2, fourth)])
    finish(scheduled)
    assert (third.cached, fourth.cached) == (41, 31)  # one token at least is computed, for its logits
    assert sum(count for kind, count in places.forwards if kind == "prompts") == 40 + 2 + 1 + 1
    assert third.tokens == one.generate([[*chat, 7]], 2, stop_ids=())[0]
    assert fourth.tokens == second.tokens == one.generate([[*IDS[:30], 9, 8]], 2, stop_ids=())[0]


@pytest.mark.parametrize("most", [0, 1])
def test_scores_of_a_shared_prefix_are_those_of_a_computed_one(scheduler, most):
    prompts = [[*IDS[:20], letter] for letter in (7, 8, 9)] + [IDS[:20], IDS[:21]]
    shared, _ = scheduler(2)
    heard = [Heard() for _ in prompts]
    shared.submit([wish(p, most, h, top=2, prompt_top=2) for p, h in zip(prompts, heard, strict=True)])
    finish(shared)
    for number, (prompt, each) in enumerate(zip(prompts, heard, strict=True)):
        fresh, _ = scheduler(1)
        fresh.submit([wish(prompt, most, expected := Heard(), top=2, prompt_top=2)])
        finish(fresh)
        assert each.cached >= (18 if number else 0)
        assert expected.cached == 0
        assert each.scores[0] is expected.scores[0] is None
        assert len(each.scores) == len(expected.scores) == len(prompt) + most
        for left, right in zip(each.scores[1:], expected.scores[1:], strict=True):
            assert left.token == right.token
            assert left.logprob == pytest.approx(right.logprob, abs=1e-4)
            assert len(left.top) == len(right.top) == 2


def test_scores_are_computed_where_a_prefix_has_none_or_fewer(scheduler):
    scheduled, _ = scheduler(1)
    for top, cached in ((None, 0), (1, 0), (3, 0), (2, 18)):
        scheduled.submit([wish(IDS[:20], 0, heard := Heard(), prompt_top=top)])
        finish(scheduled)
        assert heard.cached == cached
        assert len(heard.scores) == (0 if top is None else 20)
        assert {len(score.top) for score in heard.scores[1:]} == (set() if top is None else {top})


@pytest.mark.parametrize("seed", range(3))
def test_whatever_joins_leaves_and_is_shared_answers_are_as_alone(one, scheduler, seed):
    """Prompts that begin alike at random lengths, asked for at random steps, some scored, some given up."""
    draw = random.Random(seed)
    trunks = [[draw.randrange(3, 500) for _ in range(60)] for _ in range(3)]

    def drawn() -> Generation:
        trunk, rest = draw.choice(trunks), [draw.randrange(3, 500) for _ in range(draw.choice([0, 0, 1, 5, 20]))]
        top, prompt_top = draw.choice([None, 0, 2]), draw.choice([None, None, 0, 3])
        prompt = trunk[: draw.randrange(1, 60)] + rest
        return wish(prompt, draw.choice([0, 1, 4, 9]), Heard(), top=top, prompt_top=prompt_top)

    scheduled, _ = scheduler(3, 1000)
    asked, cancelled = [], set()
    for _ in range(150):
        new = [drawn() for _ in range(draw.choice([0, 0, 0, 1, 2, 5]))]
        scheduled.submit(new)
        asked += new
        if asked and draw.random() < 0.1:
            cancelled.add(given_up := draw.choice(asked[-8:]))
            scheduled.cancel([given_up])
        scheduled.step()
    finish(scheduled)
    assert sum(each.listener.cached or 0 for each in asked) > 1000
    assert len(asked) - len(cancelled) > 50
    for each in asked:
        lone = Heard()
        if each.most:
            lone.tokens = one.generate([each.prompt], each.most, stop_ids=())[0]
        heard = each.listener
        assert heard.failure is None
        assert heard.tokens == lone.tokens[: len(heard.tokens)]
        if each not in cancelled:
            assert len(heard.tokens) == each.most
            assert_same_scores(heard.scores, scores_alone(one, each))


def scores_alone(one, generation: Generation) -> list:
    """Of a scheduler that has computed nothing else."""
    scheduled = Scheduler(one.places(1), one.device, math.inf, 1, Metrics())
    scheduled.submit([replace(generation, listener=(heard := Heard()))])
    finish(scheduled)
    return heard.scores


def assert_same_scores(found: list, expected: list) -> None:
    assert [score and score.token for score in found] == [score and score.token for score in expected]
    for one, other in zip(found, expected, strict=True):
        if one is not None:
            assert one.logprob == pytest.approx(other.logprob, abs=1e-4)
            assert [p for _, p in one.top] == pytest.approx([p for _, p in other.top], abs=1e-4)


def test_a_long_prompt_delays_others_by_one_forward_a_token(one, scheduler, monkeypatch):
    monkeypatch.setattr(one.device, "prefill_tokens", 16)
    scheduled, places = scheduler()
    scheduled.submit([wish(IDS[:4], 20, early := Heard())])
    scheduled.step()
    scheduled.submit([wish(IDS[:60], 1, late := Heard())])
    finish(scheduled)
    during = places.forwards[1 : 1 + 8]
    assert during == [("answers", 1), ("prompts", 16)] * 3 + [("answers", 1), ("prompts", 8)]  # 4 of 60 were there
    assert late.tokens == one.generate([IDS[:60]], 1, stop_ids=())[0]
    assert early.tokens == one.generate([IDS[:4]], 20, stop_ids=())[0]


def test_requests_share_the_places(scheduler):
    scheduled, _ = scheduler(2)
    ended: list[str] = []

    class Ends(Heard):
        def token(self, token, score, finish):
            ended.append(self.name)
            return super().token(token, score, finish)

    def named(name):
        listener = Ends()
        listener.name = name
        return listener

    many, single = object(), object()
    scheduled.submit([wish(IDS[k : k + 5], 1, named("many"), request=many) for k in range(6)])
    scheduled.step()
    scheduled.submit([wish(IDS[:5], 1, named("single"), request=single)])
    finish(scheduled)
    assert ended.index("single") <= 3


def test_what_is_cancelled_frees_its_place(scheduler):
    scheduled, _places = scheduler(1)
    wishes = [wish(IDS[k : k + 9], 50, Heard()) for k in range(3)]
    scheduled.submit(wishes)
    scheduled.step()
    scheduled.step()
    scheduled.cancel(wishes[:2])
    finish(scheduled)
    first, second, third = (each.listener for each in wishes)
    assert len(first.tokens) == 2
    assert second.tokens == []
    assert len(third.tokens) == 50


def test_a_full_queue_refuses_and_a_closed_one_fails(scheduler):
    scheduled, _ = scheduler(2, max_queue=1)
    wishes = [wish(IDS[:9], 2, Heard()) for _ in range(3)]
    with pytest.raises(RefusedError, match="0 answers wait already, and 1 may"):
        scheduled.submit([*wishes, wish(IDS[:9], 2)])
    scheduled.submit(wishes)
    scheduled.close()
    scheduled.run()
    assert {each.listener.failure for each in wishes} == {"the server is closing"}
    with pytest.raises(RefusedError, match="closing"):
        scheduled.submit(wishes[:1])


def test_a_seed_repeats_whatever_else_is_computed(scheduler):
    sampled = Choosing(Sampling(temperature=1.0, top_k=20, top_p=0.9, seed=5))
    answers = []
    for beside in (0, 3):
        scheduled, _ = scheduler(4)
        scheduled.submit(
            [wish(IDS[k : k + 9], 9, choosing=Choosing(Sampling(temperature=1.0))) for k in range(beside)]
        )
        scheduled.submit([wish(IDS[:12], 12, heard := Heard(), choosing=sampled)])
        finish(scheduled)
        answers.append(heard.tokens)
    assert answers[0] == answers[1]


def test_only_allowed_tokens_are_chosen_and_a_bias_decides(one, scheduler):
    scheduled, _ = scheduler(3)
    allowed, biased, scored = Heard(), Heard(), Heard()
    scheduled.submit(
        [
            wish(IDS[:9], 5, allowed, choosing=Choosing(allowed=(50, 60))),
            wish(IDS[:9], 5, biased, choosing=Choosing(bias={77: 100.0})),
            wish(IDS[:9], 5, scored, choosing=Choosing(bias={77: 100.0}), top=1),
        ]
    )
    finish(scheduled)
    logits = one.prefill(one.model.cache(1, 128), [IDS[:9]])[0]
    assert set(allowed.tokens) <= {50, 60}
    assert allowed.tokens[0] == (50 if logits[50] > logits[60] else 60)
    assert biased.tokens == scored.tokens == [77] * 5
    assert scored.scores[0].logprob == pytest.approx(float(logits.log_softmax(-1)[77]), abs=1e-4)  # without the bias


def test_logits_that_are_no_numbers_fail(one, scheduler, monkeypatch):
    scheduled, _places = scheduler(3)
    monkeypatch.setattr(one.model, "head", lambda hidden: torch.full((*hidden.shape[:-1], 544), torch.nan))
    greedy, drawn, scored = Heard(), Heard(), Heard()
    scheduled.submit(
        [
            wish(IDS[:9], 5, greedy),
            wish(IDS[:9], 5, drawn, choosing=Choosing(Sampling(temperature=1.0))),
            wish(IDS[:9], 0, scored, prompt_top=1),
        ]
    )
    finish(scheduled)
    for heard, what in ((greedy, "a logit is nan"), (drawn, "a logit is nan"), (scored, "a log-probability")):
        assert heard.failure.startswith(f"engine.dtype: {what}")
        assert "set a dtype with more range" in heard.failure
    monkeypatch.undo()
    head = one.model.head
    monkeypatch.setattr(one.model, "head", lambda hidden: head(hidden).index_fill_(-1, torch.tensor([7]), -torch.inf))
    scheduled.submit([wish(IDS[:9], 1, heard := Heard(), top=1)])
    finish(scheduled)
    assert "a log-probability is no number" in heard.failure
    monkeypatch.undo()
    scheduled.submit([wish(IDS[:9], 2, after := Heard())])
    finish(scheduled)
    assert len(after.tokens) == 2


# ---- text ------------------------------------------------------------------------------------------------


def test_text_in_pieces_is_the_decoded_whole(one):
    generator = torch.Generator().manual_seed(0)
    tokenizer = one.tokenizer
    for _ in range(50):
        ids = torch.randint(0, 544, (40,), generator=generator).tolist() + tokenizer.encode("中国🙂")
        detokenizer = Detokenizer(tokenizer)
        pieces = [detokenizer.add(token) for token in ids]
        assert "".join(pieces) + detokenizer.rest() == tokenizer.decode(ids)


def test_a_characters_bytes_come_together(one):
    ids = one.tokenizer.encode("🙂")
    assert len(ids) == 4
    detokenizer = Detokenizer(one.tokenizer)
    assert [detokenizer.add(token) for token in ids] == ["", "", "", "🙂"]


def test_a_stop_string_is_cut_wherever_pieces_break():
    text = "one two three"
    for k in range(len(text)):
        stops = Stops(["two", "thr"])
        first, ended = stops.add(text[:k])
        second, stopped = ("", True) if ended else stops.add(text[k:])
        assert (first + second, stopped) == ("one ", True)
    stops = Stops(["xyz"])
    assert stops.add("a xy") == ("a ", False)
    assert stops.rest() == "xy"


# ---- HTTP ------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """An app over a scheduler that runs in a thread of its own; client: asks it."""

    app: App
    scheduler: Scheduler
    client: TestClient

    def post(self, path: str = "completions", **fields):
        return self.client.post(f"/v1/{path}", json=fields)

    def completion(self, **fields) -> dict:
        answer = self.post(**({"temperature": 0} | fields))
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def serving(one):
    """serving(slots=4, max_queue=20, engine=one) starts a Server."""
    running: list[tuple[Scheduler, threading.Thread]] = []

    def start(slots: int = 4, max_queue: int = 20, engine=one) -> Server:
        settings, metrics = options.Settings(slots=slots, max_queue=max_queue), Metrics()
        scheduled = Scheduler(engine.places(slots), engine.device, math.inf, max_queue, metrics)
        app = App(scheduled, server.served(engine, settings, "tiny", "1.2.3", {"weights": "0" * 64}), metrics)
        thread = threading.Thread(target=torch.inference_mode()(scheduled.run))
        thread.start()
        running.append((scheduled, thread))
        return Server(app, scheduled, TestClient(app.asgi()))

    yield start
    for scheduled, thread in running:
        scheduled.close()
        thread.join()


def test_completions_are_the_engines(one, serving):
    served = serving()
    texts = ["中国的首都", "quick brown fox"]
    expected = [one.generate([one.tokenizer.encode(text)], 12)[0] for text in texts]
    both = served.completion(prompt=texts, max_tokens=12)
    assert [choice["text"] for choice in both["choices"]] == [one.tokenizer.decode(ids) for ids in expected]
    assert [choice["index"] for choice in both["choices"]] == [0, 1]
    assert both["usage"]["prompt_tokens"] == sum(len(one.tokenizer.encode(text)) for text in texts)
    by_ids = served.completion(prompt=one.tokenizer.encode(texts[0]), max_tokens=12, model="tiny")
    assert by_ids["choices"][0]["text"] == both["choices"][0]["text"]
    assert by_ids["usage"]["prompt_tokens_details"]["cached_tokens"] > 0
    first = one.tokenizer.decode(expected[0])
    stop = first[len(first) // 2 :][:2]
    stopped = served.completion(prompt=texts[0], max_tokens=12, stop=stop)["choices"][0]
    assert (stopped["text"], stopped["finish_reason"]) == (first[: first.index(stop)], "stop")


def events(answer) -> list:
    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def test_a_stream_is_the_whole_answer_in_pieces(serving):
    served = serving()
    fields = {"prompt": ["中国的首都", "quick"], "max_tokens": 9, "ignore_eos": True, "logprobs": 1, "temperature": 0}
    whole = served.completion(**fields)
    chunks = events(served.post(**fields, stream=True, stream_options={"include_usage": True}))
    assert len(chunks) == 2 * 9 + 1
    for index in (0, 1):
        parts = [chunk["choices"][0] for chunk in chunks[:-1] if chunk["choices"][0]["index"] == index]
        expected = whole["choices"][index]
        assert "".join(part["text"] for part in parts) == expected["text"]
        assert [part["finish_reason"] for part in parts] == [None] * 8 + ["length"]
        joined = [value for part in parts for value in part["logprobs"]["token_logprobs"]]
        assert joined == pytest.approx(expected["logprobs"]["token_logprobs"], abs=1e-4)
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["completion_tokens"] == whole["usage"]["completion_tokens"] == 18


@pytest.mark.parametrize("most", [0, 1])
def test_echo_scores_the_prompt(one, serving, most):
    """As lm-eval's local-completions asks: the log-probabilities of a prompt's last tokens."""
    text = "中国的首都在哪里？A"
    ids = one.tokenizer.encode(text)
    answer = serving().completion(prompt=text, max_tokens=most, echo=True, logprobs=1)["choices"][0]
    logprobs = answer["logprobs"]
    assert answer["text"].startswith(text)
    assert len(logprobs["tokens"]) == len(logprobs["token_logprobs"]) == len(ids) + most
    assert logprobs["token_logprobs"][0] is logprobs["top_logprobs"][0] is None
    expected = one.prefill(one.model.cache(1, 128), [ids[:-1]])[0].log_softmax(-1)
    last = len(ids) - 1
    assert logprobs["token_logprobs"][last] == pytest.approx(float(expected[ids[-1]]), abs=1e-4)
    assert max(logprobs["top_logprobs"][last].values()) == pytest.approx(float(expected.max()), abs=1e-4)
    assert logprobs["text_offset"][last] == text.index("A")
    named = serving().completion(prompt=ids, max_tokens=most, echo=True, logprobs=1, return_tokens_as_token_ids=True)[
        "choices"
    ][0]["logprobs"]
    assert named["tokens"][: len(ids)] == [f"token_id:{token}" for token in ids]


def test_a_prompts_log_probabilities_in_vllms_form_are_those_of_echo(one, serving):
    served, ids = serving(), one.tokenizer.encode("中国的首都在哪里？A")
    echoed = served.completion(prompt=ids, max_tokens=1, echo=True, logprobs=2)["choices"][0]["logprobs"]
    answer = served.completion(prompt=ids, max_tokens=1, logprobs=0, prompt_logprobs=2)["choices"][0]
    first, *others = answer["prompt_logprobs"]
    assert first is None
    assert len(others) == len(ids) - 1
    for place, (token, entry) in enumerate(zip(ids[1:], others, strict=True), 1):
        assert next(iter(entry)) == str(token)
        assert entry[str(token)]["logprob"] == pytest.approx(echoed["token_logprobs"][place], abs=1e-4)
        assert entry[str(token)]["decoded_token"] == echoed["tokens"][place]
        likeliest = max(entry.values(), key=lambda one: one["logprob"])
        assert likeliest["rank"] == 1
        assert len(entry) in (2, 3)
    assert len(answer["logprobs"]["tokens"]) == 1


def test_the_tokens_that_are_asked_for_have_their_log_probabilities(one, serving):
    ids = one.tokenizer.encode("中国的首都在哪里？A")
    fields = {"prompt": ids, "max_tokens": 1, "logprobs": 2, "logprob_token_ids": [60, 5]}
    logprobs = serving().completion(**fields, return_tokens_as_token_ids=True)["choices"][0]["logprobs"]
    expected = one.prefill(one.model.cache(1, 128), [ids])[0].log_softmax(-1)
    [top], likeliest = logprobs["top_logprobs"], int(expected.argmax())
    assert set(top) == {f"token_id:{token}" for token in (likeliest, 5, 60)}
    assert [top[f"token_id:{token}"] for token in (5, 60)] == pytest.approx(expected[[5, 60]].tolist(), abs=1e-4)


def test_chats_go_through_the_published_template(one, serving):
    served = serving()
    messages = [
        {"role": "system", "content": "中国"},
        {"role": "user", "content": [{"type": "text", "text": "首都"}]},
    ]
    plain = [{"role": "system", "content": "中国"}, {"role": "user", "content": "首都"}]
    ids = one.tokenizer.chat(plain, most=100)
    expected = one.tokenizer.decode(one.generate([ids], 10, stop_ids=(2, USER_ID))[0])
    fields = {"messages": messages, "max_tokens": 10, "temperature": 0, "logprobs": True, "top_logprobs": 2}
    whole = served.post("chat/completions", **fields).json()
    assert whole["choices"][0]["message"] == {"role": "assistant", "content": expected}
    assert whole["usage"]["prompt_tokens"] == len(ids)
    content = whole["choices"][0]["logprobs"]["content"]
    assert len(content) == whole["usage"]["completion_tokens"]
    assert len(content[0]["top_logprobs"]) == 2
    chunks = events(served.post("chat/completions", **fields, stream=True))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(delta["content"] for delta in deltas) == expected


def test_parts_that_wait_together_wake_the_event_loop_once():
    woken, queues = [], [asyncio.Queue(), asyncio.Queue()]
    mailbox = Mailbox(SimpleNamespace(call_soon_threadsafe=woken.append))
    for step in (1, 2):
        for place, queue in enumerate(queues):
            mailbox.put(queue, Part(place, tokens=step))
        assert len(woken) == step
        woken[-1]()
    assert [[queue.get_nowait().tokens for _ in range(2)] for queue in queues] == [[1, 2]] * 2


def test_an_answer_has_min_tokens_before_a_stop_string_ends_it(one, serving):
    served = serving()
    fields = {"prompt": "quick", "max_tokens": 12, "ignore_eos": True}
    pieces = [chunk["choices"][0]["text"] for chunk in events(served.post(**fields, temperature=0, stream=True))]
    stop = next(piece for piece in pieces[:6] if piece.strip())
    usage = lambda **more: served.completion(**fields, stop=stop, **more)["usage"]["completion_tokens"]  # noqa: E731
    assert usage() == pieces.index(stop) + 1
    assert usage(min_tokens=9) >= 9


def test_no_more_tokens_of_a_prompt_were_there_than_it_has(serving):
    served, text = serving(), "中国的首都在哪里"
    for cached in (False, True):
        usage = served.completion(prompt=[text, "quick"], n=3, max_tokens=1)["usage"]
        assert bool(usage["prompt_tokens_details"]["cached_tokens"]) == cached
        assert usage["prompt_tokens_details"]["cached_tokens"] < usage["prompt_tokens"]


def test_n_choices_differ_and_repeat_by_their_seed(serving):
    served = serving()
    fields = {"prompt": "quick", "n": 3, "seed": 4, "temperature": 2.0, "max_tokens": 12, "ignore_eos": True}
    texts = [choice["text"] for choice in served.completion(**fields)["choices"]]
    assert len(set(texts)) == 3
    assert [choice["text"] for choice in served.completion(**fields)["choices"]] == texts


REFUSED = [
    ({}, "prompt: Field required", "prompt"),
    ({"prompt": ""}, "prompt: has no tokens", "prompt"),
    ({"prompt": [[5, 6], "a"], "max_tokens": 0.5}, "max_tokens: Input should be a valid integer", "max_tokens"),
    ({"prompt": [5, "a"]}, "prompt: must be a text, token ids, or a list of texts or of token ids", "prompt"),
    ({"prompt": [544]}, "prompt: has a token id that is not 0 to 543", "prompt"),
    ({"prompt": "a", "max_tokens": 1000}, "prompt: 1 tokens and max_tokens 1000 are over 128", "prompt"),
    ({"prompt": "a", "topp": 1}, "topp: this server does not know it; did you mean top_p?", "topp"),
    ({"prompt": "a", "temperature": -1}, "temperature: Input should be greater than or equal to 0", "temperature"),
    ({"prompt": "a", "temperature": 1e-9}, "temperature: must be 0, or at least 1e-05", "temperature"),
    ({"prompt": "a", "top_p": 0}, "top_p: Input should be greater than or equal to 0.00001", "top_p"),
    ({"prompt": "a", "logprobs": 21}, "logprobs: Input should be less than or equal to 20", "logprobs"),
    ({"prompt": "a", "logit_bias": {"x": 1}}, "logit_bias: 'x' is no token id", "logit_bias"),
    ({"prompt": "a", "logit_bias": {"9" * 5000: 1}}, "logit_bias: '9999", "logit_bias"),
    ({"prompt": "a", "stop_token_ids": [600]}, "stop_token_ids: 600 is no token of the model", "stop_token_ids"),
    ({"prompt": "a", "stop": ["x", ""]}, "stop: must be at most 16 texts, none of them empty", "stop"),
    ({"prompt": "a", "best_of": 3}, "best_of is 3; this server takes 1 alone", None),
    ({"prompt": "a", "n": 30}, "n: 30 answers are over the 24 that serve.max_queue leaves", "n"),
    ({"prompt": "a", "echo": True, "stream": True}, "echo: not with stream; leave one of them out", "echo"),
    ({"prompt": "a", "logprob_token_ids": [5]}, "logprob_token_ids: needs logprobs", "logprob_token_ids"),
    ({"prompt": "a", "logprobs": 1, "logprob_token_ids": [600]}, "logprob_token_ids: 600 is", "logprob_token_ids"),
    ({"prompt": "a", "prompt_logprobs": 1, "echo": True}, "prompt_logprobs: not with echo; leave", "prompt_logprobs"),
    ({"prompt": "a", "max_tokens": 4, "min_tokens": 5}, "min_tokens: 5 is over max_tokens 4", "min_tokens"),
]  # fmt: skip


def test_an_echo_of_a_token_without_a_text_is_refused(make_model, serving):
    """Rows of the vocabulary beyond the tokenizer's pieces are computed as any, but there is nothing to echo."""
    with open_engine(CPU, make_model(replace(ALIBI, vocab_size=ALIBI.vocab_size + 32))) as engine:
        served, token = serving(engine=engine), engine.tokenizer.pieces
        error = served.post(prompt=[5, token], max_tokens=1, echo=True).json()["error"]
        assert error["message"].startswith(f"echo: token {token} has no text")
        assert served.completion(prompt=[5, token], max_tokens=1)["usage"]["prompt_tokens"] == 2


def test_bad_requests_are_said_in_openais_form(serving):
    served = serving()
    for fields, message, param in REFUSED:
        answer = served.post(**fields)
        error = answer.json()["error"]
        assert (answer.status_code, error["type"], error["param"]) == (400, "invalid_request_error", param), fields
        assert error["message"].startswith(message)
    for body in (b"{", b"[]", b"\xff", b'{"prompt": NaN}', b"[" * 10**5):
        answer = served.client.post("/v1/completions", content=body)
        assert answer.status_code == 400
        assert "error" in answer.json()
    chat = [{"role": "assistant", "content": "a"}]
    answer = served.post("chat/completions", messages=chat)
    assert answer.json()["error"]["message"] == "messages: a chat must end with a user's message"
    answer = served.post("chat/completions", messages=[{"role": "user", "content": "a", "name": "Li"}])
    assert answer.json()["error"]["message"] == "messages.0.name: this server does not know it"
    answer = served.post(prompt="a", model="other")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")
    assert served.client.post("/v1/completions", content=b" " * (MOST_BYTES + 1)).status_code == 413
    assert served.client.get("/v1/completions").json()["error"]["message"] == "Method Not Allowed"
    assert served.completion(prompt="a", max_tokens=1, user=None, best_of=1)  # and goes on


def test_a_full_queue_is_429_and_a_closed_server_503(one, serving):
    served = serving(1, 1)
    held = threading.Event()
    one_step = served.scheduler._places.extend
    served.scheduler._places.extend = lambda pieces: (held.wait(), one_step(pieces))[1]
    answers: list = []
    threads = [
        threading.Thread(target=lambda: answers.append(served.post(prompt="a", max_tokens=1))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    while len(served.scheduler._active) + len(served.scheduler._waiting) < 2:
        time.sleep(0.001)
    busy = served.post(prompt="a", max_tokens=1)
    assert (busy.status_code, busy.json()["error"]["type"]) == (429, "rate_limit_error")
    held.set()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200]
    served.scheduler.close()
    assert served.post(prompt="a").status_code == 503
    assert served.client.get("/health").status_code == 503


@pytest.mark.parametrize(("stream", "status"), [(False, 499), (True, 200)])
def test_a_client_that_goes_away_frees_its_place(serving, stream, status):
    served = serving(1)
    body = json.dumps({"prompt": "a", "max_tokens": 120, "ignore_eos": True, "stream": stream}).encode()
    sent: list = []

    async def ask() -> None:
        gone = asyncio.Event()
        messages = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive():
            if messages:
                return messages.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/v1/completions", "headers": [], "query_string": b""}
        asking = asyncio.ensure_future(served.app.asgi()(scope | {"http_version": "1.1"}, receive, send))
        while not any(running.new for running in served.scheduler._active):
            await asyncio.sleep(0.001)
        gone.set()
        await asking

    asyncio.run(ask())
    assert sent[0]["status"] == status
    answer = served.completion(prompt="b", max_tokens=1)  # in the one place
    assert answer["choices"][0]["finish_reason"]
    assert served.scheduler._metrics._new_tokens._value.get() < 120


def test_a_client_that_goes_away_in_its_request_is_no_fault_of_ours(serving):
    messages = [{"type": "http.disconnect"}, {"type": "http.request", "body": b'{"prompt"', "more_body": True}]
    sent: list = []

    async def receive():
        return messages.pop()

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/completions", "headers": [], "query_string": b""}
    asyncio.run(serving().app.asgi()(scope | {"http_version": "1.1"}, receive, send))
    assert sent[0]["status"] == 499


def test_a_key_is_needed_where_one_is_set(one, serving, monkeypatch):
    monkeypatch.setenv(options.API_KEY, "secret")
    served = serving()
    assert served.client.get("/v1/models").status_code == 401
    assert served.client.get("/v1/models", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert served.client.get("/v1/models", headers={"Authorization": "Bearer secret"}).status_code == 200
    assert served.client.get("/health").json() == {"status": "ok"}


def test_no_answer_waits_for_an_acknowledgement():
    """By Nagle's algorithm one on a kept connection would, of its headers: 40 ms, as clients delay those."""
    delays: list[int] = []

    async def connect(listener: socket.socket) -> None:
        noted = asyncio.Event()

        def note(reader, writer) -> None:
            delays.append(not writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()
            noted.set()

        async with await asyncio.start_server(note, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            await noted.wait()
            writer.close()

    with server.bound(options.Settings(port=0)) as listener:
        asyncio.run(connect(listener))
    assert delays == [False]


def test_models_and_metrics(serving):
    served = serving()
    assert served.client.get("/version").json() == {"version": "1.2.3"}
    [model] = served.client.get("/v1/models").json()["data"]
    assert (model["id"], model["max_model_len"], model["precision"], model["dtype"]) == (
        "tiny",
        128,
        "float",
        "float32",
    )
    served.completion(prompt="quick brown", max_tokens=3, ignore_eos=True)
    text = served.client.get("/metrics").text
    assert "baichuan2_new_tokens_total 3.0" in text
    assert 'baichuan2_requests_total{endpoint="completions",status="200"} 1.0' in text
    assert "baichuan2_running 0.0" in text


def test_tokens_have_names(one):
    tokenizer = one.tokenizer
    assert [tokenizer.text_of(token) for token in tokenizer.encode("中🙂")][1] == b"\xf0"
    assert tokenizer.text_of(2) == "</s>"
    assert not tokenizer.begins_with_blank


def test_a_dummy_prefix_is_no_text(tmp_path):
    prefix = tmp_path / "tokenizer"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["the quick brown fox jumps over the lazy dog"] * 20), model_prefix=str(prefix),
        vocab_size=60, model_type="bpe", minloglevel=2,
    )  # fmt: skip
    (tmp_path / "tokenizer.vocab").unlink()
    tokenizer = Tokenizer(tmp_path)
    assert tokenizer.begins_with_blank
    detokenizer = Detokenizer(tokenizer)
    ids = tokenizer.encode("the fox")
    assert "".join(map(detokenizer.add, ids)) + detokenizer.rest() == "the fox"


# ---- ranks -----------------------------------------------------------------------------------------------


@pytest.fixture
def two_ranks(make_model) -> Iterator[tuple[Run, list[psutil.Process]]]:
    """A server of two ranks of the model of `one`, its launcher's process as Run's, and its ranks' processes."""
    model, scripts = make_model(ALIBI), ROOT / "workflow" / "scripts"
    cut_weights(model, model / "part_model", 2)
    command = [sys.executable, scripts / "launch.py", "--world-size", "2", "--", scripts / "serve.py"]
    command += ["--model", model, "--name", "tiny", "--serve", "port=0,slots=2,max_queue=1"]
    with started([*command, "--engine", "device=cpu,dtype=float32,threads=1,max_seq_len=128"]) as running:
        yield running, psutil.Process(running.snakemake.pid).children()


def test_two_ranks_answer_as_one_and_ctrl_c_ends_both(one, two_ranks):
    running, ranks = two_ranks
    texts = ["中国的首都", "quick brown fox", "单项选择题"]
    fields = {"temperature": 0, "max_tokens": 12}
    expected = [one.tokenizer.decode(one.generate([one.tokenizer.encode(text)], 12)[0]) for text in texts]
    for _ in range(2):  # the second time from what the places hold
        answer = httpx2.post(f"{running.address}/completions", json=fields | {"prompt": texts}, timeout=60).json()
        assert [choice["text"] for choice in answer["choices"]] == expected
    endless = {"prompt": texts[:2], "max_tokens": 110, "ignore_eos": True, "stream": True}
    with httpx2.stream("POST", f"{running.address}/completions", json=endless, timeout=60) as answer:
        next(answer.iter_lines())
    answer = httpx2.post(f"{running.address}/completions", json=fields | {"prompt": texts[0]}, timeout=60).json()
    assert answer["choices"][0]["text"] == expected[0]  # in a place that the client has left
    os.killpg(running.snakemake.pid, signal.SIGINT)
    _, err = running.snakemake.communicate(timeout=60)
    assert "error" not in err
    assert "Traceback" not in err
    assert not any(rank.is_running() for rank in ranks)


@pytest.mark.parametrize("busy", sampled([False, True], True))
@pytest.mark.parametrize("dies", sampled([0, 1], 1))
def test_a_rank_that_dies_ends_the_server_in_one_line(two_ranks, dies, busy):
    running, ranks = two_ranks
    by_pid = {rank.pid: rank for rank in ranks}
    first = by_pid.pop(running.server)
    (second,) = by_pid.values()
    fields = {"prompt": "a", "max_tokens": 110, "ignore_eos": True, "stream": True}
    with ExitStack() as stack:
        if busy:
            answer = stack.enter_context(httpx2.stream("POST", f"{running.address}/completions", json=fields))
            next(answer.iter_lines())
        (first, second)[dies].kill()
        _, err = running.snakemake.communicate(timeout=60)
    (line,) = [line for line in err.splitlines() if "error" in line]
    by_launcher = line.startswith(f"error: rank {dies} on ") and "was ended by SIGKILL" in line
    assert by_launcher or re.match(r"error: \w+ failed \(", line)  # of the other rank, where it was faster
    assert running.snakemake.returncode == 1
    assert not any(rank.is_running() for rank in ranks)


# ---- snakemake serve -------------------------------------------------------------------------------------


@dataclass
class Run:
    """A running `snakemake serve`, or launcher: its process, and the server's address and process."""

    snakemake: subprocess.Popen
    address: str
    server: int


@contextmanager
def snakemake_serve(project: Path, target: str = "serve", port: int = 0) -> Iterator[Run]:
    command = [
        Path(sys.executable).parent / "snakemake",
        "--cores",
        "1",
        target,
        "--config",
        f"serve={{port: {port}}}",
    ]
    with started(command, cwd=project) as running:
        yield running


@contextmanager
def started(command: list, **more) -> Iterator[Run]:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **more
    ) as process:
        try:
            line = next(line for line in process.stdout if line.startswith("serving "))
            address, server = re.fullmatch(r"serving \S+ at (\S+) \(process (\d+); Ctrl-C ends it\)\n", line).groups()
            yield Run(process, address, int(server))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("quant", ["", "_quant"])
def test_snakemake_serves_what_inference_answers(project, quant):
    lines = (project / f"results/records/inference{quant}.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    records = [json.loads(line) for line in lines]
    records = [record for record in records if "messages" in record]
    with snakemake_serve(project, f"serve{quant}") as running:
        fields = {"temperature": 0, "max_tokens": 64}
        prompts = [record["messages"][0]["content"] for record in records]
        answer = httpx2.post(f"{running.address}/completions", json=fields | {"prompt": prompts}, timeout=60).json()
        assert [choice["text"] for choice in answer["choices"]] == [record["answer"] for record in records]
        assert snakemake(project, "verify").returncode == 0  # beside it, in its folder
        os.kill(running.server, signal.SIGTERM)
        assert running.snakemake.wait(60) == 0
        stderr = running.snakemake.stderr.read()
        assert "Traceback" not in stderr
        assert (project / f"results/logs/serve{quant}.log").exists()


def test_c_eval_by_way_of_it_is_the_engines(project, tmp_path):
    """engine.server names it: every answer is the engine's own, and the record says which server gave it."""
    client = copy_project(tmp_path / "client")
    with snakemake_serve(project, "serve_quant") as running:
        done = snakemake(client, "results/ceval", "--config", f"engine={{server: '{running.address}'}}")
    check_ceval(done, client, project / "results/records/ceval_quant.jsonl")


def test_c_eval_outlives_a_server_that_is_killed_and_started_anew(project, tmp_path):
    """As without: no question is unanswered, and none is there twice."""
    client, done = copy_project(tmp_path / "client"), []
    with snakemake_serve(project) as running:
        engine = f"engine={{server: '{running.address}', server_retries: 12}}"
        exam = threading.Thread(target=lambda: done.append(snakemake(client, "results/ceval", "--config", engine)))
        exam.start()
        while answers_kept(client) < 100 and exam.is_alive():
            time.sleep(0.01)
        os.kill(running.server, signal.SIGKILL)
        assert running.snakemake.wait(60) == 1
    before = answers_kept(client)
    with snakemake_serve(project, port=httpx2.URL(running.address).port):
        exam.join()
    print(f"{before} of 520 questions were answered when the server was killed")
    assert 100 <= before < 520
    check_ceval(done[0], client, project / "results/records/ceval.jsonl")


def answers_kept(client: Path) -> int:
    journal = client / "results/records/.ceval.journal"
    return len(journal.read_bytes().splitlines()) - 1 if journal.exists() else 0


def check_ceval(done: subprocess.CompletedProcess, client: Path, expected: Path) -> None:
    """Every question of `expected` has one answer, and that one."""
    assert done.returncode == 0, done.stdout + done.stderr
    header, answered = read_records(client / "results/records/ceval.jsonl")
    _, records = read_records(expected)
    assert re.fullmatch("[0-9a-f]{12}", header["environment"]["server_version"])
    assert [(r.subject, r.id, r.prediction) for r in answered] == [(r.subject, r.id, r.prediction) for r in records]
    assert len({(record.subject, record.id) for record in answered}) == 520
    assert {record.way for record in answered} == {None}  # in one request each


def test_ctrl_c_ends_it_with_what_is_on_its_way(project):
    with snakemake_serve(project) as running:
        fields = {"prompt": "a", "max_tokens": 4000, "ignore_eos": True, "stream": True}
        with httpx2.stream("POST", f"{running.address}/completions", json=fields, timeout=60) as answer:
            lines = answer.iter_lines()
            assert next(lines).startswith("data: ")
            os.killpg(running.snakemake.pid, signal.SIGINT)
            last = [line for line in lines if line][-1]
        assert json.loads(last.removeprefix("data: "))["error"]["message"] == "the server is closing"
        running.snakemake.wait(60)
        stderr = running.snakemake.stderr.read()
        assert "Traceback" not in stderr
        with pytest.raises(ProcessLookupError):
            os.kill(running.server, 0)


def test_a_port_in_use_is_one_line(project):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = snakemake(project, "serve", "--config", f"serve={{port: {port}}}")
    assert done.returncode == 1
    [line] = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("error: ")]
    assert line.startswith(f"error: serve.port: 127.0.0.1, port {port}: Address already in use; set serve.host to")


def test_lm_eval_answers_through_it_as_this_engine(project, tmp_path, monkeypatch):
    """Its local-completions, on the demo exam: four requests a question, each with its prompt's log-probabilities."""
    pytest.importorskip("lm_eval", reason="lm-eval is not installed: make peers")
    pytest.importorskip("tenacity", reason="lm-eval's client for servers is not installed: make peers")
    from lm_eval import simple_evaluate
    from lm_eval.tasks import TaskManager

    for name, value in {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HOME": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    questions = Exam.read(ROOT / "resources/demo/exam", read_subjects(ROOT / "resources/ceval_subjects.csv"))
    contender = ceval.LmEval(project / "results/model", tmp_path / "task", questions, 1, 1)
    contender._write_task()
    tasks = TaskManager(include_path=str(tmp_path / "task"), include_defaults=False)
    with snakemake_serve(project) as running:
        arguments = {
            "model": "baichuan2_demo", "base_url": f"{running.address}/completions", "num_concurrent": 8,
            "tokenizer": str(project / "results/model"), "tokenizer_backend": "huggingface",
            "trust_remote_code": True, "max_length": 2048, "max_retries": 1,
        }  # fmt: skip
        result = simple_evaluate(
            "local-completions", model_args=arguments, tasks=[ceval.TASK], task_manager=tasks, bootstrap_iters=0
        )
        metrics = httpx2.get(running.address.removesuffix("/v1") + "/metrics").text
    samples = sorted(result["samples"][ceval.TASK], key=lambda sample: sample["doc_id"])
    scores = [[response[0] for response in sample["filtered_resps"]] for sample in samples]
    _, records = read_records(project / "results/records/ceval.jsonl")
    assert [ceval.LETTERS[row.index(max(row))] for row in scores] == [record.prediction for record in records]
    counts = {name: float(re.search(rf"^baichuan2_{name}_total (\S+)$", metrics, re.M)[1]) for name in COUNTS}
    assert counts["cached_prompt_tokens"] > 0.8 * counts["prompt_tokens"]


COUNTS = ("prompt_tokens", "cached_prompt_tokens")
