"""Servers that speak OpenAI's API as the engine: which answers and times they give, and what goes wrong with them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy
import pandas
import pytest
import yaml

from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import PROTOCOLS, get_protocol
from baichuan2.ceval.records import GENERATED, RESTRICTED, read_records
from baichuan2.ceval.results import summarise
from baichuan2.ceval.served import of_server
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.engine.sampling import Sampling
from baichuan2.errors import UserError
from baichuan2.inference.answering import encode, record_of
from baichuan2.inference.page import page
from baichuan2.inference.served import answer_prompts
from baichuan2.model.directory import link_model, link_tokenizer, patch_config
from baichuan2.model.prompts import Prompt
from baichuan2.model.tokenizer import USER_ID, Tokenizer
from baichuan2.servers.client import KEY
from baichuan2.servers.server import open_server
from baichuan2.speed.cases import Case, UnmeasurableError
from baichuan2.speed.measurement import measure_cases
from baichuan2.speed.rates import INF
from baichuan2.speed.rounds import merge
from baichuan2.speed.served import Timed, prompt, time_run
from baichuan2.speed.tables import cases_csv, guide_csv, markdown
from helpers import openai_server as stub
from helpers.models import score_exam
from helpers.openai_server import LISTING, LLAMA_CPP, LLAMA_CPP_PYTHON, NAME, TRANSFORMERS, VLLM, serving
from helpers.peers import running, transformers
from helpers.projects import ROOT, copy_project, snakemake

FEW = ("law", "logic")
SUBJECTS = read_subjects(ROOT / "resources" / "ceval_subjects.csv")
KINDS = {
    "vLLM": VLLM,
    "vLLM, listing": LISTING,
    "llama.cpp": LLAMA_CPP,
    "llama-cpp-python": LLAMA_CPP_PYTHON,
    "transformers": TRANSFORMERS,
    "top 5": replace(VLLM, top=5, fields=VLLM.fields - {"allowed_token_ids", "structured_outputs"}),
    "choice": replace(VLLM, top=0, fields=VLLM.fields - {"allowed_token_ids"}),
    "grammar alone": replace(LLAMA_CPP, top=0, bias=False),
}


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    link_tokenizer(ROOT / "resources" / "demo" / "model", folder / "tokenizer")
    return folder / "tokenizer"


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    link_model(ROOT / "resources" / "demo" / "model", folder / "model")
    with open_engine(Settings("cpu", "float32", 2048, threads=1, head="float"), folder / "model") as opened:
        yield opened


@pytest.fixture(scope="module")
def exam() -> Exam:
    return Exam.read(ROOT / "resources" / "demo" / "exam", SUBJECTS, selected=FEW)


@pytest.fixture(scope="module")
def own(engine, exam):
    """{protocol: the records of our own engine}."""
    return {name: score_exam(engine, exam, get_protocol(name), shots=2) for name in PROTOCOLS}


def settings(served, **more) -> Settings:
    usual = {"server": served.url, "server_timeout": 20, "server_retries": 3}
    usual |= {} if served.manner.models else {"server_model": NAME}
    return Settings(max_seq_len=2048, **usual | more)


def ask(served, tokenizer, exam, protocol="official", journal=None, **more):
    with open_server(settings(served, **more), tokenizer) as server:
        return score_exam(
            server, exam, get_protocol(protocol), 2, 4, journal, server.identity(), answers=of_server, together=4
        )


# ---- C-Eval ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("protocol", ["official", "lm-eval"])
def test_options_are_chosen_as_by_our_engine(engine, tokenizer, exam, own, kind, protocol):
    """Whatever the server shows of them; where it shows nothing, its text is read, and counted so."""
    with serving(engine, KINDS[kind]) as served:
        records = ask(served, tokenizer, exam, protocol)
    for record, ours in zip(records, own[protocol], strict=True):
        assert (record.subject, record.id, record.prompt_tokens) == (ours.subject, ours.id, ours.prompt_tokens)
        if record.way != GENERATED:
            assert record.prediction == ours.prediction
        if record.lead is not None and record.scores and None not in record.scores:
            assert record.lead == pytest.approx(ours.lead, abs=1e-3)
    ways = {record.way for record in records}
    expected = {"transformers": {GENERATED}, "top 5": {None, GENERATED}, "choice": {RESTRICTED},
                "grammar alone": {RESTRICTED}, "vLLM, listing": {None}}  # fmt: skip
    assert ways <= expected.get(kind, {None, RESTRICTED})


@pytest.mark.parametrize(("manner", "scored"), [(VLLM, False), (LLAMA_CPP, True)], ids=["raw", "of what is allowed"])
def test_options_that_the_likely_tokens_hide_are_asked_for_again(engine, tokenizer, exam, own, manner, scored):
    """Raw log-probabilities then tell the choice alone, others all scores."""
    letters = frozenset(engine.tokenizer.written_as("ABCD"))
    with serving(engine, replace(manner, hides=letters)) as served:
        records = ask(served, tokenizer, exam)
    assert [record.prediction for record in records] == [ours.prediction for ours in own["official"]]
    assert {record.way for record in records} == {RESTRICTED}
    assert {record.scores is not None for record in records} == {scored}


def test_an_option_whose_token_is_written_as_another_is_chosen_all_the_same(
    engine, tokenizer, exam, own, monkeypatch
):
    """Of four options two look the same: the log-probabilities of the other two decide nothing."""
    logprobs = stub.Handler.logprobs
    one, other = (engine.tokenizer.encode(f"答案：{letter}")[-1] for letter in "AC")

    def alike(handler, body, steps):
        text = json.dumps(logprobs(handler, body, steps)).replace("token_id:", "text ")
        return json.loads(text.replace(f'"text {other}"', f'"text {one}"'))

    monkeypatch.setattr(stub.Handler, "logprobs", alike)
    with serving(engine, VLLM) as served:
        records = ask(served, tokenizer, exam)
    assert [record.prediction for record in records] == [ours.prediction for ours in own["official"]]
    assert {record.way for record in records} == {RESTRICTED}


@pytest.mark.parametrize("kind", ["vLLM", "llama-cpp-python", "transformers"])
def test_a_generated_answer_is_our_engines(engine, tokenizer, exam, own, kind):
    with serving(engine, KINDS[kind]) as served:
        records = ask(served, tokenizer, exam, "sdk")
    assert [record.continuation for record in records] == [ours.continuation for ours in own["sdk"]]
    assert {record.lead for record in records} == {None}


CHAT = Prompt(tuple({"role": role, "content": f"{role} 中国"} for role in ("user", "assistant", "user")), "chats:1")


@pytest.mark.parametrize(("manner", "by_id"), [(VLLM, True), (LLAMA_CPP, True), (TRANSFORMERS, False)])
def test_a_chats_answer_ends_at_the_users_mark_by_id_and_by_text(engine, tokenizer, manner, by_id):
    """A server that does not know stop_token_ids may ignore it."""
    manner = replace(manner, streams=True)
    with serving(engine, manner) as served, open_server(settings(served), tokenizer) as server:
        answer_prompts(server, [CHAT], "chat", Sampling(), 4, 1)
    body = served.bodies[-1]
    assert body["stop"] == ["<reserved_106>"]
    assert body.get("stop_token_ids") == ([USER_ID] if by_id else None)


def test_what_a_chat_leaves_out_is_said(tokenizer, caplog):
    """Its oldest round, of which 2 marks and 2 texts are read no more."""
    own = Tokenizer(tokenizer)
    whole = len(CHAT.encode(own, "chat", 100))
    rounds = len(CHAT.encode(own, "chat", whole - 1))
    ((ids, left_out), (_, nothing)) = [encode([CHAT], own, "chat", most)[0] for most in (whole - 1, whole)]
    assert (len(ids), left_out, nothing) == (rounds, whole - rounds, 0)
    assert 0 < rounds < whole
    assert f"chats:1: {left_out} tokens of its oldest messages are left out" in caplog.text
    record = record_of(CHAT, (ids, left_out), "x", 1, "stop", 1.0)
    header = dict.fromkeys(("dtype", "device", "world_size", "format", "sampling", "max_new_tokens", "demo"))
    text = page(header | {"model": "m", "precision": "float"}, [record])
    assert f"; left out: {left_out} tokens of the oldest messages" in text


def test_no_penalty_of_the_servers_own_is_left_to_it(engine, tokenizer, exam):
    with serving(engine, VLLM) as served:
        ask(served, tokenizer, exam, "sdk")
    body = served.bodies[-1]
    assert (body["temperature"], body["repetition_penalty"], body["frequency_penalty"]) == (0, 1.0, 0)


def test_the_counts_say_how_options_were_chosen(engine, tokenizer, exam):
    with serving(engine, TRANSFORMERS) as served:
        records = ask(served, tokenizer, exam)
    counts = summarise({"shots": 2}, records, SUBJECTS)["counts"]
    assert (counts["restricted"], counts["generated"]) == (0, len(records))


# ---- which server, which model, which tokenizer ------------------------------------------------------------


def refusal(served, tokenizer, **more) -> str:
    with pytest.raises(UserError) as error, open_server(settings(served, **more), tokenizer):
        pass
    return str(error.value)


def test_the_model_is_the_only_one_or_a_named_one(engine, tokenizer):
    two = replace(VLLM, models=("one", "two"), longest=2048)
    with serving(engine, two) as served:
        assert "engine.server_model" in refusal(served, tokenizer)
        assert "did you mean two" in refusal(served, tokenizer, server_model="twoo")
        with open_server(settings(served, server_model="two"), tokenizer) as server:
            assert server.model == "two"
            assert server.environment()["device_name"] == "stub 1.2.3 two"
            assert server.environment()["server_stated"] == {"max_model_len": 2048}


def test_a_model_that_is_not_listed_counts_where_names_are_heeded(engine, tokenizer):
    with serving(engine, TRANSFORMERS) as served, open_server(settings(served), tokenizer) as server:
        assert server.prompts == "text, by its length"
    with serving(engine, replace(VLLM, models=())) as served:  # answers to any name
        assert "serves no" in refusal(served, tokenizer, server_model=NAME)


def test_prompts_are_token_ids_or_text_whose_ids_are_the_same(engine, tokenizer):
    for manner, way in ((VLLM, "token ids"), (LLAMA_CPP_PYTHON, "text")):
        with serving(engine, manner) as served, open_server(settings(served), tokenizer) as server:
            assert server.prompts == way


def test_another_tokenizer_is_refused(engine, tokenizer):
    with_bos = replace(LLAMA_CPP_PYTHON, before=(1,))
    with serving(engine, with_bos) as served:
        assert "where" in refusal(served, tokenizer)
    with serving(engine, replace(LLAMA_CPP_PYTHON, usage=False)) as served:
        assert "read null tokens" in refusal(served, tokenizer)

    class Other(Tokenizer):
        def encode(self, text):
            ids = super().encode(text)
            return [*ids[:1], ids[1] + 1, *ids[2:]]

    with serving(engine, LLAMA_CPP_PYTHON) as served, pytest.MonkeyPatch.context() as patch:
        patch.setattr(stub.Handler, "tokenized", lambda self, text: Other(tokenizer).encode(text))
        assert "as other token ids" in refusal(served, tokenizer)


def test_a_server_is_named_by_its_page_where_that_states_its_version(engine, tokenizer):
    """As llama-cpp-python's, which says that its models are of "me"."""
    for manner, software in ((VLLM, "stub"), (LLAMA_CPP_PYTHON, f"{NAME}'s server")):
        with serving(engine, manner) as served, open_server(settings(served), tokenizer) as server:
            assert (server.software, server.version) == (software, "1.2.3")


def test_a_shorter_server_is_refused(engine, tokenizer):
    with serving(engine, replace(VLLM, longest=1024)) as served:
        assert "max_model_len 1024" in refusal(served, tokenizer)


def test_the_key_is_sent_and_never_shown(engine, tokenizer, monkeypatch):
    monkeypatch.setenv(KEY, "secret-key")
    seen = []

    def wants_a_key(handler):
        seen.append(handler.headers["Authorization"])
        handler.refuse("no", 401)

    with serving(engine) as served:
        served.every = wants_a_key
        line = refusal(served, tokenizer)
    assert set(seen) == {"Bearer secret-key"}
    assert KEY in line
    assert "secret-key" not in line


# ---- faults ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (stub.gone, "does not answer"),
        (stub.overloaded, "429"),
        (stub.garbage, "not JSON"),
        (stub.other_form, "not a completion"),
        (stub.aborted, r"broke an answer off \(finish_reason abort\)"),
        (stub.half, "does not answer"),
        (stub.slow, "gave nothing within 1 s"),
        (stub.broken, "EngineCore"),
        (stub.away, "status 503: <html> <h1>503 Service Unavailable</h1> </html>"),
        (stub.moved, "status 308: it is at https://elsewhere/v1/completions"),
    ],
)
def test_a_fault_is_one_line_and_answers_are_kept(engine, tokenizer, exam, own, tmp_path, fault, expected):
    """What was answered before is asked no more, and nothing is answered twice."""
    journal = tmp_path / "journal"
    with serving(engine) as served:
        start = asked_before(served, tokenizer, exam)
        served.bodies.clear()
        served.faults = {k: fault for k in range(start + 9, start + 40)}
        with pytest.raises(UserError, match=expected) as error:
            ask(served, tokenizer, exam, journal=journal, server_timeout=1, server_retries=1)
        assert "\n" not in str(error.value)
        answered = len(journal.read_text().splitlines()) - 1
        assert answered == 8
        served.bodies.clear()
        served.faults = {}
        records = ask(served, tokenizer, exam, journal=journal)
        questions = [tuple(body["prompt"]) for body in served.bodies[start:]]
    assert len(questions) == len(set(questions)) == len(records) - answered
    assert [record.prediction for record in records] == [ours.prediction for ours in own["official"]]


def asked_before(served, tokenizer, exam) -> int:
    """How many completions a server is asked for before the first question."""
    records = ask(served, tokenizer, exam)
    return len(served.bodies) - len(records)


def test_a_server_that_is_full_or_away_for_a_moment_is_asked_again(engine, tokenizer, exam, own):
    with serving(engine) as served:
        served.faults = {3: stub.overloaded, 9: stub.gone, 20: stub.half, 21: stub.overloaded}
        records = ask(served, tokenizer, exam)
    assert [record.prediction for record in records] == [ours.prediction for ours in own["official"]]


def test_no_server_there(tokenizer):
    with (
        pytest.raises(UserError, match="does not answer"),
        open_server(Settings(server="http://127.0.0.1:9/v1", server_retries=1), tokenizer),
    ):
        pass


def test_another_server_does_not_go_on_with_the_answers(engine, tokenizer, exam, tmp_path):
    journal = tmp_path / "journal"
    with serving(engine) as served:
        ask(served, tokenizer, exam, journal=journal)
        served.bodies.clear()
        ask(served, tokenizer, exam, journal=journal)
        same = len(served.bodies)
        served.manner = replace(served.manner, version="1.2.4")
        served.bodies.clear()
        records = ask(served, tokenizer, exam, journal=journal)
    assert len(served.bodies) == same + len(records)


# ---- speed -----------------------------------------------------------------------------------------------


def timed_cases(engine, tokenizer, manner, cases, mode="stream", **more):
    with serving(engine, manner) as served, open_server(settings(served), tokenizer) as server:
        run = {key: server.environment()[key] for key in ("precision", "dtype", "device")}
        run |= {"model": "demo", "model_name": "demo"}
        measured = measure_cases(Timed(server), time_run, cases, mode, 0, 2, 0, run, again=0, alone=False, **more)
        return merge({"one": measured}), served


@pytest.mark.parametrize("kind", ["vLLM", "llama.cpp", "llama-cpp-python"])
def test_the_times_are_those_of_the_server(engine, tokenizer, kind):
    """60 ms to the first token, 20 ms to each other, of one request and of two at once; a late client sees less."""
    manner = replace(KINDS[kind], first=0.06, then=0.02)
    measured, _ = timed_cases(engine, tokenizer, manner, [Case(1, 24, 5), Case(2, 24, 5)])
    for case in measured["cases"]:
        assert case["reason"] is None
        assert 0.06 < case["ttft_s"]["median"] < 0.6  # a busy machine is slower
        assert 0.01 < case["tpot_s"]["median"] < 0.2
        assert 0.01 < case["token_s"]["p50"] < 0.2
        assert case["token_s"]["count"] == 2 * case["batch_size"] * 4
        assert case["first"] is case["peak_memory_bytes"] is case["weight_bytes"] is case["bandwidth_share"] is None
    assert (measured["mode"], measured["dtype"], measured["read_bandwidth"]) == ("stream", None, None)
    assert "as a client sees the server" in markdown(measured)
    assert guide_csv(measured).splitlines()[1].endswith(",,")  # no split
    assert len(cases_csv(measured).splitlines()) == 3


@pytest.mark.parametrize("kind", ["vLLM", "transformers"])
def test_mode_normal_needs_no_stream(engine, tokenizer, kind):
    manner = replace(KINDS[kind], first=0.06, then=0.02)
    measured, served = timed_cases(engine, tokenizer, manner, [Case(1, 24, 5)], "normal")
    case = measured["cases"][0]
    assert 0.01 < case["tpot_s"]["median"] < 0.2
    assert not any(body.get("stream") for body in served.bodies)


def test_a_server_that_cannot_stream_is_said(engine, tokenizer):
    measured, _ = timed_cases(engine, tokenizer, TRANSFORMERS, [Case(1, 24, 5)])
    assert measured["cases"][0]["reason"].endswith("; perf.mode normal asks without streams")


def test_no_prompt_begins_as_an_earlier_one(engine, tokenizer):
    """A server may keep the keys and values of a prompt that it has read."""
    _, served = timed_cases(engine, tokenizer, VLLM, [Case(2, 24, 2)])
    prompts = [body["prompt"] for body in served.bodies if body.get("stream")]
    assert {len(ids) for ids in prompts} == {24}
    assert len({tuple(ids[:2]) for ids in prompts}) == len(prompts) == 6  # a warm-up, two runs
    assert len({tuple(ids[16:]) for ids in prompts}) == 2  # of the seed


@pytest.mark.parametrize("kind", ["vLLM", "llama.cpp"])
def test_an_event_before_the_first_token_is_none(engine, tokenizer, kind):
    """Some servers say at once that they are at it: with or without token_ids, that is no token."""
    manner = replace(KINDS[kind], first=0.06, greets=True)
    measured, _ = timed_cases(engine, tokenizer, manner, [Case(1, 24, 5)])
    (case,) = measured["cases"]
    assert case["ttft_s"]["median"] > 0.06
    assert case["token_s"]["count"] == 2 * 4


def test_tokens_that_come_in_groups_have_no_times_of_their_own(engine, tokenizer):
    measured, _ = timed_cases(engine, tokenizer, replace(VLLM, group=2), [Case(1, 24, 6)])
    case = measured["cases"][0]
    assert case["token_s"] is case["token_median_s"] is None
    assert case["tpot_s"]["median"] > 0
    assert "several tokens at a time" in case["note"]


def test_tokens_of_one_character_are_counted_by_a_whole_answer_where_a_stream_counts_none(
    engine, tokenizer, monkeypatch
):
    """As llama-cpp-python's streams, which hold a character back until all of its bytes are there."""
    tokens = engine.tokenizer.encode("A\U0001f600B")  # by bytes
    made = [(token, numpy.zeros(1)) for token in tokens]
    for more, reason in ((0, None), (1, f"the server gave {len(tokens)} of {len(tokens) + 1} tokens")):
        monkeypatch.setattr(stub.Handler, "steps", lambda self, ids, body: iter(made))
        measured, served = timed_cases(engine, tokenizer, LLAMA_CPP_PYTHON, [Case(2, 24, len(tokens) + more)])
        (case,) = measured["cases"]
        streamed = [bool(body.get("stream")) for body in served.bodies]
        first = streamed.index(True)
        assert streamed[first : first + 3] == [True, True, False]  # a whole answer when nothing is timed any more
        assert (case["reason"] or "").startswith(reason or "")
        assert "several tokens at a time" in (case.get("note") or "") or reason


def test_a_server_that_stops_early_has_no_times(engine, tokenizer, monkeypatch):
    manner = replace(VLLM, fields=VLLM.fields - {"ignore_eos", "min_tokens"})
    monkeypatch.setattr(stub.Handler, "steps", lambda self, ids, body: iter([]))
    with (
        serving(engine, manner) as served,
        open_server(settings(served), tokenizer) as server,
        pytest.raises(UnmeasurableError, match="0 of 4 tokens"),
    ):
        time_run(Timed(server), 1, 24, 4, "stream", 0)


def test_a_case_that_the_server_refuses_says_so(engine, tokenizer):
    with serving(engine) as served, open_server(settings(served), tokenizer) as server:
        timed = Timed(server)
        served.every = lambda handler: handler.refuse("maximum context length is 16 tokens")
        measured = measure_cases(timed, time_run, [Case(1, 24, 4)], "stream", 0, 1, alone=False)
    assert "maximum context length" in measured["cases"][0]["reason"]


def test_a_lost_stream_is_timed_again(engine, tokenizer):
    with serving(engine) as served, open_server(settings(served), tokenizer) as server:
        timed = Timed(server)
        faults = (stub.half, stub.overloaded, stub.interrupted)
        served.faults = {len(served.bodies) + number: fault for number, fault in enumerate(faults, 1)}
        run = time_run(timed, 1, 24, 4, "stream", 0)
    assert len(run.token_s[0]) == 4


def test_a_random_text_has_just_so_many_tokens(tokenizer):
    server = SimpleNamespace(takes_ids=False, tokenizer=Tokenizer(tokenizer))
    for length in (1, 7, 64, 300):
        ids = prompt(server, length, 0)
        assert len(ids) == length
        assert server.tokenizer.encode(server.tokenizer.decode(ids)) == ids


# ---- the workflow ----------------------------------------------------------------------------------------

SHORT = {
    "ceval": {"subjects": list(FEW), "shots": 2},
    "perf": {
        "case_pair": [[24, 4]],
        "rounds": 2,
        "repeats": 1,
        "warmup": 0,
        "again": 0,
        "rate": [INF],
        "requests": 10,
    },
    "inference": {"max_new_tokens": 4},
}
SHEET = "name,precision,engine.server\nours,float,\ntheirs,served,{url}\n"


def refused(project: Path, *arguments: str) -> str:
    done = snakemake(project, *arguments)
    assert done.returncode == 1
    (line,) = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("error: ")]
    return line


@pytest.mark.workflow
def test_the_workflow_asks_a_server(engine, tmp_path):
    """All of it with a server, which needs no weights here; and one beside our own engine in a sweep."""
    copy = copy_project(tmp_path / "项目 served")
    overlay, with_server = copy / "short.yaml", copy / "server.yaml"
    overlay.write_text(yaml.safe_dump(SHORT | {"engine": {"max_seq_len": 2048}}))
    with serving(engine, VLLM) as served:
        with_server.write_text(yaml.safe_dump({"engine": {"server": served.url}}))
        done = snakemake(copy, "--configfile", str(overlay), str(with_server))
        assert done.returncode == 0, done.stdout + done.stderr
        assert not (copy / "results/model").exists()
        header, records = read_records(copy / "results/records/ceval.jsonl")
        assert len(records) == 20
        assert (header["precision"], header["dtype"], header["device"]) == ("served", None, "server")
        assert header["environment"]["server_version"] == "1.2.3"
        answers = (copy / "results/inference/answers.md").read_text(encoding="utf-8")
        assert "server" in answers
        summary = (copy / "results/perf/summary.md").read_text()
        assert "as a client sees the server stub 1.2.3" in summary
        assert "10 requests at each rate, of 24 -> 4 tokens, to stub 1.2.3" in summary
        assert {file.name for file in (copy / "results/perf").glob("rates.*")} == {"rates.csv", "rates.svg"}
        patient = ("--config", "engine={server_retries: 9}")
        again = snakemake(copy, "-n", "-p", "--configfile", str(overlay), str(with_server), *patient)
        assert again.returncode == 0
        assert "_served.py" not in again.stdout + again.stderr
        quant = refused(copy, "-n", "--configfile", str(overlay), str(with_server), "--", "results/ceval_quant")
        assert "a server has one model" in quant
        assert "own engine" in refused(
            copy, "-n", "--configfile", str(overlay), str(with_server), "--", "check_ceval"
        )

        (copy / "config/runs.csv").write_text(SHEET.format(url=served.url))
        done = snakemake(copy, "--configfile", str(overlay), "--", "sweep")
        assert done.returncode == 0, done.stdout + done.stderr
    ours, theirs = pandas.read_csv(copy / "results/sweep/runs.csv").to_dict("records")
    assert (theirs["points_to_first"], theirs["p"], theirs["correct"]) == (0, 1, ours["correct"])
    assert theirs["next_speed_to_first"] > 0
    assert theirs["precision"] == "served"
    assert "Times of a token are whole" in (copy / "results/sweep/sweep.md").read_text()
    assert min(ours["goodput_per_s"], theirs["goodput_per_s"]) > 0  # ours by a server that ran for the job
    rates = pandas.read_csv(copy / "results/runs/ours/perf/rates.csv")
    assert rates[["answered", "refused", "lost"]].values.tolist() == [[10, 0, 0]]

    (copy / "config/runs.csv").write_text(SHEET.format(url=""))
    assert "set engine.server" in refused(copy, "-n", "sweep")


# ---- real servers ----------------------------------------------------------------------------------------


@pytest.mark.network
def test_transformers_serve(engine, tokenizer, exam, own, tmp_path):
    """It takes text alone and shows no probabilities: answers are read, and the times of a case forced by it."""
    for package in ("fastapi", "uvicorn", "openai"):
        pytest.importorskip(package, reason=f"transformers serve needs {package}: pip install transformers[serving]")
    model = tmp_path / "model"
    link_model(ROOT / "resources" / "demo" / "model", model)
    patch_config(ROOT / "resources" / "demo" / "model", model)
    with running(*transformers(model), HF_HUB_OFFLINE="1") as url:
        here = Settings(max_seq_len=2048, server=url, server_model=str(model), server_timeout=120, server_retries=3)
        with open_server(here, tokenizer) as server:
            assert server.prompts == "text, by its length"
            records = score_exam(server, exam, get_protocol("sdk"), 2, 4, answers=of_server)
            official = score_exam(server, exam, get_protocol("official"), 2, 4, answers=of_server)
            run = time_run(Timed(server), 1, 24, 6, "normal", 0)
            with pytest.raises(UnmeasurableError, match=r"perf\.mode normal asks without streams"):
                time_run(Timed(server), 1, 24, 6, "stream", 0)  # it streams by tokenizer.json alone
    assert [record.prediction for record in records] == [ours.prediction for ours in own["sdk"]]
    assert {record.way for record in official} == {GENERATED}
    assert run.total_s > run.first_s > 0
