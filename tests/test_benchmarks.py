"""The benchmarks' harness with stub contenders, and ours against ours on tiny shapes. No peer is needed."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pandas
import psutil
import pytest
import torch
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

import busy_machine
import ceval
import contenders
import decode
import engines
import grid
import harness
import peers
import prefix
import served
import serving
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import Prompt
from baichuan2.ceval.scoring import Item
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.errors import UserError
from baichuan2.model import sizes as config
from baichuan2.model.directory import link_tokenizer
from baichuan2.model.llama_cpp import gguf_shapes
from baichuan2.model.tokenizer import Tokenizer
from helpers import openai_server
from helpers.peers import Command
from helpers.projects import ROOT
from test_compare import write_perf

TINY = config.ModelConfig(544, 96, 128, 2, 12, position_embedding="alibi")


@dataclass
class Stub:
    """Answers with its process, how often it was asked, and what it was told."""

    name: str
    seconds: float = 1.0
    asked: int = 0

    def load(self) -> dict:
        return {"pid": os.getpid()}

    def measure(self, *arguments) -> dict:
        self.asked += 1
        return {"seconds": self.seconds, "asked": self.asked, "arguments": arguments, "pid": os.getpid()}

    def fail(self, kind: str) -> None:
        if kind == "user":
            raise UserError("perf.weights: mend it")
        if kind == "fault":
            raise ValueError("a fault of ours")
        os._exit(9)

    def grow(self, size: int) -> tuple[int, int]:
        """Resident memory, and its peak after `size` bytes were held for a moment."""
        harness.reset_peak_rss()
        before = harness.rss()
        bytearray(b"x") * size
        return before, harness.peak_rss()


class TinyOurs(contenders.Ours):
    """This engine on a shape that only its own process knows."""

    def memory(self) -> int:
        return 0

    def load(self) -> dict:
        config.SHAPES["tiny"] = TINY
        return super().load()


@pytest.fixture(scope="module")
def stubs():
    with harness.workers() as table:
        facts = [harness.load(table, Stub(name, seconds)) for name, seconds in (("one", 1.0), ("two", 3.0))]
        assert len({fact["pid"] for fact in facts} | {os.getpid()}) == 3
        yield table


# ---- the harness -------------------------------------------------------------------------------------------


def test_rounds_take_turns_after_a_warm_up_that_is_not_told():
    with harness.workers() as table:
        for name in ("one", "two"):
            harness.load(table, Stub(name))
        readings = iter(range(100))
        runs = list(harness.rounds(table, 3, ("case", 7), meter=lambda: next(readings)))
    assert [(run["round"], run["contender"]) for run in runs] == [
        (1, "two"),
        (1, "one"),
        (2, "one"),
        (2, "two"),
        (3, "two"),
        (3, "one"),
    ]
    assert [run["asked"] for run in runs] == [2, 2, 3, 3, 4, 4]
    assert {run["arguments"] for run in runs} == {("case", 7)}
    assert [run["meter"] for run in runs] == [4.5, 6.5, 8.5, 10.5, 12.5, 14.5]  # the warm-up took 0 to 3


def test_errors_come_back_as_what_they_are(stubs):
    with pytest.raises(UserError, match=r"^perf\.weights: mend it$"):
        stubs["one"].call("fail", "user")
    with pytest.raises(RuntimeError, match=r"one:\n(.|\n)*fail(.|\n)*ValueError: a fault of ours"):
        stubs["one"].call("fail", "fault")
    assert stubs["one"].call("load")["pid"] != os.getpid()


def test_a_contender_that_dies_is_named():
    with harness.workers() as table:
        harness.load(table, Stub("fragile"))
        with pytest.raises(UserError, match="fragile: its process ended with code 9"):
            table["fragile"].call("fail", "death")


def test_peak_memory_begins_anew(stubs):
    for size in (128 << 20, 64 << 20):
        before, peak = stubs["two"].call("grow", size)
        assert peak - before == pytest.approx(size, abs=8 << 20)


def test_ratios_are_of_the_same_round(stubs):
    runs = pandas.DataFrame(harness.rounds(stubs, 2))
    assert harness.times_as_fast(runs, "one", "two", "seconds") == [3.0, 3.0]
    runs.loc[(runs["round"] == 2) & (runs.contender == "one"), "seconds"] = 6.0
    assert harness.times_as_fast(runs, "one", "two", "seconds") == [3.0, 0.5]
    assert harness.spread([0.5, 3.0, 1.0], "{:.2f}") == "1.00 (0.50 to 3.00)"


def test_results_are_written_with_their_environment(tmp_path, capsys):
    runs = pandas.DataFrame({"round": [1, 2], "contender": ["ours", "théirs"], "seconds": [0.25, 1e-9]})
    about = harness.environment(threads=2)
    harness.write_results(tmp_path / "results", "stub", runs, ["# Title", harness.markdown(runs.astype(str))], about)
    pandas.testing.assert_frame_equal(pandas.read_csv(tmp_path / "results" / "stub.csv"), runs)
    text = (tmp_path / "results" / "stub.md").read_text(encoding="utf-8")
    assert text == capsys.readouterr().out
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line]
    assert ["2", "théirs", "1e-09"] in rows
    assert {"date", "commit", "cpu", "cores", "threads", "torch", "llama-cpp-python", "lm-eval"} <= about.keys()
    assert all([name, value] in rows for name, value in about.items())


def test_a_copy_has_what_git_tracks(tmp_path):
    project = tmp_path / "项目"
    (project / "文 件").mkdir(parents=True)
    for name in ("文 件/tracked", "ignored"):
        (project / name).write_text(name)
    for command in (["init", "--quiet"], ["add", "文 件"]):
        subprocess.run(["git", "-C", project, *command], check=True)
    harness.copy_tracked(tmp_path / "copy", project)
    files = [path.relative_to(tmp_path / "copy") for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    assert files == [Path("文 件/tracked")]


def test_a_peer_that_is_not_installed_is_refused():
    assert harness.version("no-such-package") == "not installed"
    with pytest.raises(UserError, match="make peers"):
        harness.needs("no-such-package")


def test_contenders_are_chosen_by_name():
    stubs = [Stub("one"), Stub("two")]
    assert harness.chosen([], stubs) == stubs
    assert harness.chosen(["two"], stubs) == stubs[1:]
    with pytest.raises(UserError, match="--only: no contender named three; there are one, two"):
        harness.chosen(["two", "three"], stubs)


# ---- peers in environments of their own ----------------------------------------------------------------------


DRIVER = """
import os
import serving

class Served:
    def twice(self, number):
        print("a library's own line")
        os.system("echo and a child's")
        return 2 * number

    def fail(self):
        raise ValueError("a fault of theirs")

    def end(self):
        os.system("echo this processor is too old")
        os._exit(9)

serving.serve(Served())
"""


@pytest.fixture
def driver(tmp_path, monkeypatch):
    (tmp_path / "serving.py").write_text((peers.DRIVERS / "serving.py").read_text())
    (tmp_path / "run_served.py").write_text(DRIVER)
    monkeypatch.setattr(peers, "DRIVERS", tmp_path)
    monkeypatch.setattr(peers.Environment, "python", sys.executable)
    driver = peers.Driver(peers.Environment("served", tmp_path), {})
    yield driver
    driver.close()


def test_a_driver_answers_over_its_own_pipe(driver):
    assert driver.call("twice", number=21) == 42
    with pytest.raises(UserError, match=r"^served: ValueError: a fault of theirs$"):
        driver.call("fail")
    assert driver.call("twice", number=1) == 2
    for call in ("end", "fail"):
        with pytest.raises(UserError, match=r"^served: its process ended with code 9: this processor is too old$"):
            driver.call(call)


@dataclass
class Apart(peers.Installed):
    """A contender with an environment of its own, by name; "crash" does not load."""

    name: str
    kind: str
    environments: Path = peers.ENVIRONMENTS

    def load(self) -> dict:
        if self.name == "crash":
            raise UserError("this processor is too old")
        return {"of": self.name}


class Here:
    """A worker without a process."""

    def __init__(self, table: dict, contender):
        table[contender.name] = self
        self.open, self.facts = True, contender.load

    def close(self) -> None:
        self.open = False


def test_peers_that_do_not_run_here_are_left_out(monkeypatch):
    table, made, installs = {}, [], []

    def load(table, contender):
        made.append(Here(table, contender))
        return made[-1].facts()

    def lacking(environment):
        installs.append(environment.name)
        return "no wheel" if environment.name == "absent" else None

    monkeypatch.setattr(harness, "load", load)
    monkeypatch.setattr(peers.Environment, "lacking", lacking)
    asked = {"one": "absent", "other": "absent", "crash": "here", "fine": "here"}
    facts, left_out = peers.load(table, [Stub("ours"), *(Apart(name, kind) for name, kind in asked.items())])
    assert list(table) == list(facts) == ["ours", "fine"]
    assert facts["fine"] == {"of": "fine"}
    assert [worker.open for worker in made] == [True, False, True]
    assert left_out == [
        "one left out: no wheel.", "other left out: no wheel.", "crash left out: this processor is too old.",
    ]  # fmt: skip
    assert installs == ["absent", "here"]  # once each


@pytest.mark.exhaustive
def test_why_an_environment_does_not_install(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "REQUIREMENTS", tmp_path)
    (tmp_path / "absent.txt").write_text(f"{tmp_path}/absent.whl\n")
    environment = peers.Environment("absent", tmp_path / "environments")
    assert environment.lacking().startswith("ERROR: ")
    assert not (environment.root / "ready").exists()
    (tmp_path / "absent.txt").write_text("")
    assert environment.lacking() is None
    monkeypatch.setattr(peers.subprocess, "run", None)  # nothing is installed twice
    assert environment.lacking() is None


def state(config: dict) -> dict[str, torch.Size]:
    with torch.device("meta"):
        return {name: tensor.shape for name, tensor in LlamaForCausalLM(LlamaConfig(**config)).state_dict().items()}


@pytest.mark.parametrize("form", ["bfloat16", "w8a8"])
def test_peers_get_a_llama(form, tmp_path):
    peers.write_llama(tmp_path, TINY, form)
    places = json.loads((tmp_path / "model.safetensors.index.json").read_text())["weight_map"]
    tensors = {name: tensor for file in set(places.values()) for name, tensor in load_file(tmp_path / file).items()}
    assert tensors.keys() == places.keys()
    wanted = state(json.loads((tmp_path / "config.json").read_text()))
    assert {name: tensor.shape for name, tensor in tensors.items() if not name.endswith("_scale")} == wanted
    codes = {name for name, tensor in tensors.items() if tensor.dtype == torch.int8}
    linears = {name for name in wanted if name.endswith("proj.weight")}
    assert codes == (linears if form == "w8a8" else set())
    assert len({str(tensors[name].tolist()) for name in linears}) == len(linears)  # no peer can share any
    for name in codes:
        scale = tensors[f"{name}_scale"]
        assert scale.shape == (wanted[name][0], 1)
        assert (tensors[name].abs().amax(1) == 127).all()
        assert (tensors[name] * scale.float()).std().item() == pytest.approx(0.02, rel=0.1)


def test_peers_read_what_their_forms_say():
    apart = ("random:baichuan2-0.4b", 1, 40, peers.ENVIRONMENTS, peers.ENVIRONMENTS)
    head = 125696 * 1024
    linears = 10 * (4 * 1024 * 1024 + 3 * 1024 * 2816)
    sizes = [
        cls(form, *apart).weight_bytes()
        for cls in (peers.OpenVino, peers.Vllm, peers.XFasterTransformer)
        for form in cls.forms
    ]
    norms = 21 * 1024
    assert sizes == [
        linears + head + norms, 2 * (linears + head + norms),
        linears + norms + 2 * head, 2 * (linears + head + norms),
        linears + norms + 2 * head, 2 * (linears + head + norms),
    ]  # fmt: skip


# ---- speed -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny_runs():
    asked = [TinyOurs("random:tiny", precision, 1, 40) for precision in ("w8a8+exact", "float32", "bfloat16")]
    return grid.measure(asked, [(1, 8, 3), (2, 32, 3)], repeats=2)[0]


@pytest.mark.exhaustive
def test_grid_of_ours_against_ours(tiny_runs):
    assert len(tiny_runs) == 2 * 2 * 3
    assert (tiny_runs.tpot_s > tiny_runs.host_s).all()
    assert (tiny_runs[["ttft_s", "host_s"]] > 0).all(axis=None)
    rows = grid.table(tiny_runs)
    assert rows[grid.CASE].values.tolist() == [["1", "8", "3"], ["2", "32", "3"]]


def test_grid_marks_where_w8a8_is_not_faster():
    times = {"ours w8a8+exact": (2.0, 1.0), "ours float32": (3.0, 2.0), "ours bfloat16": (2.0, 0.5)}
    case = dict(zip(grid.CASE, (1, 8, 3), strict=True))
    runs = pandas.DataFrame(
        {**case, "round": 1, "contender": name, "ttft_s": first, "tpot_s": following, "host_s": following / 5}
        for name, (first, following) in times.items()
    )
    (row,) = grid.table(runs).to_dict("records")
    assert row["W8A8 not faster"] == "prefill, bfloat16; decode, bfloat16"
    assert (row["prefill, float32 / w8a8"], row["decode, bfloat16 / w8a8"]) == ("1.50", "0.50")
    assert row["host, %"] == "25.00"


def test_decode_table_and_ratios():
    times = {"ours w8a8": 0.1, "llama.cpp Q8_0": 0.2, "ours float32": 0.4}
    runs = pandas.DataFrame(
        {"round": number, "contender": name, "ttft_s": 2 * tpot, "tpot_s": tpot, "weight_bytes": 10**9}
        | {"read_bandwidth": 4e10, "peak_rss": 3 * 10**9}
        for number in (1, 2)
        for name, tpot in times.items()
    )
    rows = {(row["engine"], row["precision"]): row for row in decode.table(runs).to_dict("records")}
    assert rows["ours", "w8a8"]["MBU"] == "0.25 (0.25 to 0.25)"
    assert rows["llama.cpp", "Q8_0"]["tokens/s"] == "5.0"
    assert decode.ratios(runs).values.tolist() == [
        ["ours w8a8 against llama.cpp Q8_0, decode (TPOT)", "2.00 (2.00 to 2.00)"],
        ["ours w8a8 against llama.cpp Q8_0, prefill (TTFT)", "2.00 (2.00 to 2.00)"],
    ]


def test_transformers_reads_what_ours_reads(monkeypatch):
    monkeypatch.setitem(config.SHAPES, "tiny", TINY)
    theirs = contenders.Transformers("random:tiny", "float32", 1)
    ours = TinyOurs("random:tiny", "float32", 1, 16)
    assert theirs.load() == ours.load()
    times = theirs.measure(1, 8, 4)
    assert times["ttft_s"] > 0
    assert times["tpot_s"] > 0
    with pytest.raises(ValueError, match="batch 1"):
        theirs.measure(2, 8, 4)


def test_times_of_a_token():
    assert contenders.of_ends([1.0, 3.0, 3.5, 4.0]) == {"ttft_s": 2.0, "tpot_s": 0.5}


@pytest.mark.parametrize("name", config.SHAPES)
def test_llama_has_as_many_parameters(name):
    shape = config.SHAPES[name]
    assert sum(map(math.prod, gguf_shapes(shape).values())) == contenders.parameters(shape)


# ---- C-Eval ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exam() -> Exam:
    return Exam.read(ceval.DEMO, read_subjects(ceval.SUBJECTS))


def test_questions_are_whole_subjects_of_all_classes(exam):
    chosen = ceval.some_of(exam, 91)
    assert len(chosen) == 91
    assert {subject.class_name for subject in chosen.subjects} == {subject.class_name for subject in exam.subjects}
    cut = [s.name for s in chosen.subjects if chosen.questions[s.name] != exam.questions[s.name]]
    assert len(cut) <= 1
    with pytest.raises(UserError, match="--questions: the exam has 520"):
        ceval.some_of(exam, 521)


def test_vllm_gets_the_weights_of_ours(exam, tmp_path, monkeypatch):
    """Our engine's logits are those of the Llama that is written for it."""
    small = config.ModelConfig(8000, 64, 96, 2, 4, model_max_length=64, position_embedding="rope", dtype="float32")
    monkeypatch.setattr(ceval, "CONFIG", small)
    model = ceval.make_model(tmp_path, exam)
    ceval.write_llama(tmp_path, model)
    llama = LlamaForCausalLM(LlamaConfig(**json.loads((tmp_path / "config.json").read_text())))
    llama.load_state_dict(load_file(tmp_path / "model.safetensors"))
    prompt = torch.randint(3, 8000, (24,), generator=torch.Generator().manual_seed(0)).tolist()
    candidates = list(range(0, 8000, 37))
    with open_engine(Settings("cpu", "float32"), model) as engine:
        ours = torch.tensor(engine.score([], [prompt], candidates))
        theirs = llama.eval()(torch.tensor([prompt])).logits[:, -1, candidates]
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


@pytest.mark.exhaustive
def test_ours_against_ours_gives_the_same_answers(exam, tmp_path):
    asked = ceval.some_of(exam, 12)
    model = ceval.make_model(tmp_path, exam)
    with harness.workers() as table:
        for name in ("ours", "ours again"):
            assert harness.load(table, replace(ceval.Ours(model, asked, 1), name=name)) > 0
        found = list(harness.rounds(table, 1, warmup=0))
        said = ceval.check(table, found)
        assert "12 prompts" in said
        found[1]["answers"] = ["-1", *found[1]["answers"][1:]]
        with pytest.raises(UserError, match=r"an answer of round 1 differs, number 0: \w and -1"):
            ceval.check(table, found)
    assert len(set(found[0]["answers"])) > 1  # or equal answers would prove nothing
    runs = pandas.DataFrame(found).assign(
        loaded_rss=0,
        share=lambda frame: frame.least_s / frame.seconds,
        questions_per_s=lambda frame: 12 / frame.seconds,
    )
    assert ceval.summary(runs)["scored by"].tolist() == ["ours again", "ours"]
    assert runs.share.between(0, 1, inclusive="neither").all()


def test_operations_of_an_exam(exam, monkeypatch):
    """Two questions of 2 and 3 tokens behind a prefix of 4: 9 tokens, 10 + (8 + 3) + (12 + 6) keys seen."""
    prompts = [Prompt("", (1, 1, 1, 1, *rest), 5, False) for rest in ((2, 3), (4, 5, 6))]
    items = [Item(question, prompt) for question, prompt in zip(exam.dev["accountant"], prompts, strict=False)]
    monkeypatch.setattr(ceval, "asked_of", lambda *_: items)
    monkeypatch.setattr(ceval, "CONFIG", TINY)
    linears = 2 * (4 * 96 * 96 + 3 * 96 * 128)
    assert ceval.operations(None, exam) == 2 * 9 * linears + 4 * 39 * 96 * 2


def test_a_busy_host_is_told_by_its_interval(tmp_path):
    """The quiet ratio is inside the busy interval; one round, as before, has none."""
    quiet, busy = [(0.1, 0.010), (0.1, 0.0101), (0.1, 0.0099)], [(0.2, 0.02), (0.3, 0.012), (0.2, 0.03)]
    rows = []
    for name, of, to in (("quiet", quiet, quiet), ("busy", busy, quiet), ("busy, as before", busy[:1], quiet[:1])):
        for target, times, began in (("perf_quant", of, 0), ("perf", to, 5)):
            write_perf(tmp_path / name / "results" / target, {(1, 32, 4): times}, began=began)
        facts = {"host": name, "noise": 1, "cases": 2, "others_most": 0.5}
        rows += [facts | row for row in busy_machine.ratios(busy_machine.compare_speeds(tmp_path / name))]
    runs = pandas.DataFrame(rows)
    later = busy_machine.verdicts(runs)[-1]
    assert later.startswith("next token: the quiet host's ratio 1.000 is inside the busy host's interval")
    assert later.endswith("before it was 2.000000000, and nothing beside it.")
    assert busy_machine.shown(runs)["said"].tolist()[-3:] == ["nothing"] * 3


def test_busy_processes_end_with_the_block():
    before = set(psutil.Process().children())
    with busy_machine.busy_processes(2):
        children = set(psutil.Process().children()) - before
        assert len(children) == 2
    assert not any(child.is_running() for child in children)


# ---- servers -------------------------------------------------------------------------------------------------


SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def test_servers_run_within_the_context_or_are_left_out():
    fine, other = (Command(name, (sys.executable, "-c", SERVER, "{port}")) for name in ("fine", "other"))
    broken = Command("broken", (sys.executable, "-c", "import sys; sys.exit('ERROR: no such option')"))
    with ExitStack() as stack:
        wanted = [fine, broken, replace(fine, name="large", needed=2**60), other]
        started, left_out = served.start(stack, wanted)
        assert list(started) == ["fine", "other"]
        running, other = (psutil.Process(server.group) for server in started.values())
        with served.alone(started, "fine") as address:
            assert httpx2.get(f"{address}/models").status_code == 200
            assert other.status() == psutil.STATUS_STOPPED
        assert httpx2.get(f"{started['other'].address}/models").status_code == 200
    assert left_out[0] == "broken left out: broken: ended with code 1: ERROR: no such option."
    assert left_out[1].startswith("large left out: it needs 1152921504.6 GB")
    assert not running.is_running()
    assert not other.is_running()


def test_every_token_of_a_served_model_has_a_text(tmp_path):
    (tmp_path / "tokenizer.model").write_bytes(served.longer_tokenizer(6000))
    tokenizer = Tokenizer(tmp_path)
    assert tokenizer.pieces == 6000
    assert all(tokenizer.text_of(token) for token in range(6000))
    assert tokenizer.decode([5900, 5999]) == " w5900 w5999"


def test_no_subject_is_asked_about_twice():
    whole = Exam.read(ceval.DEMO, read_subjects(ceval.SUBJECTS))
    parts = list(prefix.shares(whole, 25, 4))
    names = [subject.name for part in parts for subject in part.subjects]
    assert len(names) == len(set(names))
    assert [len(part) for part in parts] == [25] * 4
    with pytest.raises(UserError, match="--questions: the exam has too few for 9 times 400"):
        list(prefix.shares(whole, 400, 9))


def test_load_is_timed_as_the_client_sees_it(tmp_path):
    """Of a server whose tokens take 60 and 20 ms."""
    link_tokenizer(ROOT / "resources/demo/model", tmp_path / "model")
    engine = SimpleNamespace(tokenizer=Tokenizer(tmp_path / "model"))
    manner = replace(openai_server.VLLM, first=0.06, then=0.02, models=(served.NAME,))
    with pytest.MonkeyPatch.context() as patch, openai_server.serving(engine, manner) as server:
        patch.setattr(openai_server.Handler, "computed", lambda self, prompt, body: [(7, None)] * body["max_tokens"])
        with serving.opened(server.url, tmp_path / "model", 16) as timed:
            server.bodies.clear()
            found = serving.load(timed, serving.Load(8, 5, 3, 400).prompts(4), 2, 5)
    assert len({tuple(body["prompt"][:3]) for body in server.bodies}) == 1
    assert len({tuple(body["prompt"]) for body in server.bodies}) == 4
    assert 0.06 < found["first_s"] < 0.6  # a busy machine is slower
    assert 0.02 < found["next_s"] < 0.2
    assert found["tokens_per_s"] == pytest.approx(20 / found["seconds"])
    runs = pandas.DataFrame(
        {"round": 1, "contender": name, "clients": count, **found, "seconds": found["seconds"] * times}
        for name, times in (("ours w8a8", 1), ("vLLM w8a8", 3))
        for count in (4, 16)
    )
    assert serving.table(runs)["clients"].tolist() == ["4", "4", "16", "16"]
    ratios = harness.ratios(runs, "clients", "ours w8a8", "times as many tokens/s")
    assert ratios.values.tolist() == [
        [count, "ours w8a8 against vLLM w8a8", "3.00 (3.00 to 3.00)"] for count in ("4", "16")
    ]


# ---- all engines ---------------------------------------------------------------------------------------------


def test_equal_accuracies_are_not_equal_answers():
    """Two runs with two of three right each, of which one answers two questions otherwise."""
    questions = [("law", "0"), ("law", "1"), ("logic", "0")]
    given = {"ours": "ABC", "ours-w8a8": "ABD", "vllm-w8a8": "AAC"}
    answers = {name: dict(zip(questions, letters, strict=True)) for name, letters in given.items()}
    found = engines.otherwise(answers).set_index("answers")
    assert found["other than ours"].tolist() == ["0 of 3", "1 of 3", "1 of 3"]
    assert found["other than ours-w8a8"].tolist() == ["1 of 3", "0 of 3", "2 of 3"]
    with pytest.raises(UserError, match=r"^vllm-w8a8: asked 2 questions"):
        engines.otherwise(answers | {"vllm-w8a8": dict(zip(questions[1:], "AC", strict=True))})
