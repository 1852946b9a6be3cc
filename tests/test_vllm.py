"""The plugin for vLLM: what it says without vLLM, and vLLM's own answers with it beside this engine's."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch

from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.records import Record
from baichuan2.ceval.scoring import option_ids, prepare
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.known import make
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.modeling import network
from baichuan2.quantization.calibration import calibrate
from baichuan2.quantization.options import StreamingParameters
from baichuan2.quantization.quantizing import quantize
from baichuan2.quantization.streaming import open_streamed
from baichuan2.w8a8.exports import export_compressed_tensors
from helpers.models import score_exam
from helpers.projects import HELPERS, ROOT

PLUGIN = ROOT / "integrations/vllm"


# ---- without vLLM ----------------------------------------------------------------------------------------------


@pytest.fixture
def plugin(monkeypatch) -> ModuleType:
    monkeypatch.syspath_prepend(PLUGIN)
    return importlib.import_module("baichuan2_vllm")


def test_the_entry_point_names_the_architectures_to_vllm_and_imports_no_model(monkeypatch, plugin):
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())
    assert project["tool"]["setuptools"]["packages"] == [plugin.__name__]
    (entry,) = project["project"]["entry-points"]["vllm.general_plugins"].values()
    module, function = entry.split(":")
    named: dict[str, str] = {}
    registry = SimpleNamespace(register_model=named.__setitem__)
    monkeypatch.setitem(sys.modules, "vllm", SimpleNamespace(ModelRegistry=registry))
    getattr(importlib.import_module(module), function)()
    assert set(named) == {"BaichuanForCausalLM", "BaiChuanForCausalLM"}
    ((module, name),) = {tuple(where.split(":")) for where in named.values()}
    assert module not in sys.modules
    assert f"\nclass {name}(" in (PLUGIN / f"{module.replace('.', '/')}.py").read_text()


def test_importing_it_imports_neither_vllm_nor_torch():
    code = "import sys, baichuan2_vllm; print(sorted({'torch', 'vllm'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PLUGIN, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("heads", [1, 8, 12, 32, 40])
def test_its_slopes_are_the_networks(plugin, heads):
    slopes = importlib.import_module("baichuan2_vllm.arithmetic").alibi_slopes(heads)
    assert torch.equal(torch.tensor(slopes), network.alibi_slopes(heads))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_its_norm_head_is_the_networks_and_twice_is_once(plugin, dtype):
    unit_rows = importlib.import_module("baichuan2_vllm.arithmetic").unit_rows
    weight = (3 * torch.randn(2 * network.HEAD_ROWS + 1, 64, generator=torch.Generator().manual_seed(0))).to(dtype)
    weight[5] = 0  # as the rows that vLLM adds
    once = unit_rows(weight)
    assert once.dtype == dtype
    step = torch.finfo(dtype).eps
    torch.testing.assert_close(once, network.output_weight(weight, True, dtype), rtol=step, atol=0)
    torch.testing.assert_close(unit_rows(once), once, rtol=2 * step, atol=0)


DECIDED = {"position_embedding": "rope", "norm_head": True}
OPEN = {
    "position": (
        DECIDED | {"position_embedding": None},
        "position_embedding is None, not alibi or rope; take results",
    ),
    "head": ({"position_embedding": "alibi"}, "norm_head is not true or false; take results/model"),
    "parts": (DECIDED | {"world_size": 2}, "one of 2 parts; give vLLM the whole model"),
}


@pytest.mark.parametrize("fields", OPEN)
def test_a_config_that_leaves_something_open_is_refused(plugin, fields):
    check = importlib.import_module("baichuan2_vllm.arithmetic").check_config
    check(SimpleNamespace(**DECIDED))
    config, message = OPEN[fields]
    with pytest.raises(ValueError, match=message):
        check(SimpleNamespace(**config))


def test_attention_that_ignores_the_slopes_is_refused(plugin):
    check = importlib.import_module("baichuan2_vllm.arithmetic").check_attention
    check("FLASH_ATTN")
    with pytest.raises(ValueError, match="attention backend FLASHINFER is not known to apply ALiBi's slopes"):
        check("FLASHINFER")


# ---- in vLLM ---------------------------------------------------------------------------------------------------

FORMS = {"demo-13b-small": "model", "demo-7b-small": "model-7b"}
# The layers that config/rehearsal-*.yaml leave in float; and a gate with its up, which are one module in vLLM.
IN_FLOAT = {
    "demo-13b-small": ("13.mlp.down_proj", "39.self_attn.W_pack", "39.mlp.down_proj", "2.mlp.gate_proj"),
    "demo-7b-small": ("10.mlp.down_proj", "31.self_attn.W_pack", "31.mlp.down_proj", "2.mlp.gate_proj"),
}
SUBJECTS = ("law", "logic")
MAX_SEQ_LEN = 512
TEXTS = ["Hamlet->Shakespeare\nOne Hundred Years of Solitude->", "登鹳雀楼->王之涣\n夜雨寄北->"]
NEW_TOKENS = 24
# The largest difference of a score, in logits, and so what counts as a near tie: 0.00001, 0.14 and 1.0 were seen. In
# dynamic W8A8 each of vLLM's ranks takes a scale of its own for its part of a row-parallel input; ours agree on one.
NEAR = {"float": 0.01, "static": 0.5, "dynamic": 1.5}


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
    if "VLLM_PYTHON" not in os.environ:
        pytest.skip("VLLM_PYTHON names no Python that has what is in envs/peers/vllm.txt")
    folder, python = tmp_path_factory.mktemp("vllm"), Path(os.environ["VLLM_PYTHON"])
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


@dataclass(frozen=True)
class Form:
    """A model that vLLM's kernels take, as the workflow makes it. folders: of float, static and dynamic weights."""

    folders: dict[str, Path]
    quants: dict[str, Path]
    exam: Exam

    def ours(self, precision: str) -> tuple[list[Record], list[list[int]]]:
        """This engine's records of the exam, and its continuations of the texts."""
        settings = Settings("cpu", "float32", MAX_SEQ_LEN)
        with open_engine(settings, self.folders["float"], self.quants.get(precision)) as engine:
            records = score_exam(engine, self.exam, get_protocol("official"))
            texts = [engine.tokenizer.encode(text) for text in TEXTS]
            return records, engine.generate(texts, NEW_TOKENS, stop_ids=())

    def request(self, precision: str, world_size: int) -> dict:
        tokenizer = Tokenizer(self.folders["float"])
        items = prepare(tokenizer, self.exam, get_protocol("official"), 5, MAX_SEQ_LEN)
        return {
            "model": str(self.folders[precision]),
            "world_size": world_size,
            "max_seq_len": MAX_SEQ_LEN + 32,
            "candidates": option_ids(tokenizer, get_protocol("official"), items),
            "exam": [item.prompt.tokens for item in items],
            "texts": TEXTS,
            "new_tokens": NEW_TOKENS,
        }


@contextmanager
def made(name: str, folder: Path) -> Iterator[Form]:
    """One of FORMS, linked, calibrated, quantized and exported; its files are gone afterwards."""
    source, model = folder / "known", folder / "model"
    make(name, ROOT / "resources/demo" / FORMS[name], source, folder / "known.json")
    link_model(source, model)
    patch_config(source, model)
    tokenizer = Tokenizer(model)
    lines = (ROOT / "resources/demo/calibration.jsonl").read_text().splitlines()[:4]
    texts = [json.loads(line)["prompt"] for line in lines]
    with open_streamed(model, "cpu", 2) as streamed:
        calibration = calibrate(streamed, [torch.tensor([tokenizer.encode(text)]) for text in texts])
    quants, folders = {}, {"float": model}
    rollback = tuple(f"model.layers.{module}" for module in IN_FLOAT[name])
    for scheme in ("static", "dynamic"):
        quants[scheme], folders[scheme] = folder / f"quant-{scheme}", folder / f"export-{scheme}"
        quantize(model, quants[scheme], StreamingParameters(scheme, 1, rollback=rollback), calibration)
        export_compressed_tensors(model, quants[scheme], folders[scheme])
    listed = read_subjects(ROOT / "resources/ceval_subjects.csv")
    yield Form(folders, quants, Exam.read(ROOT / "resources/demo/exam", listed, SUBJECTS))
    shutil.rmtree(folder)


@pytest.fixture(scope="module", params=FORMS)
def form(request, tmp_path_factory) -> Iterator[Form]:
    with made(request.param, tmp_path_factory.mktemp("form 模型")) as form:
        yield form


@pytest.fixture(scope="module", params=NEAR)
def ours(request, form) -> tuple[Form, str, list[Record], list[list[int]]]:
    """(form, precision, this engine's records of the exam, its continuations of the texts)."""
    return form, request.param, *form.ours(request.param)


@pytest.mark.network
@pytest.mark.parametrize("world_size", [1, 2])
def test_vllm_answers_as_this_engine(serving, ours, world_size, tmp_path, record_property):
    form, precision, records, continuations = ours
    started = time.monotonic()
    theirs = serving.ask(tmp_path, **form.request(precision, world_size))
    record_property("seconds", round(time.monotonic() - started, 1))
    differences = np.abs([np.subtract(one.scores, row) for one, row in zip(records, theirs["scores"], strict=True)])
    equal = [one.prediction == "ABCD"[np.argmax(row)] for one, row in zip(records, theirs["scores"], strict=True)]
    record_property("answers", f"{sum(equal)} of {len(equal)}")
    record_property("largest difference of scores", float(differences.max()))
    record_property("mean difference of scores", float(differences.mean()))
    tokenizer = Tokenizer(form.folders["float"])
    assert theirs["prompts"] == [tokenizer.encode(text) for text in TEXTS]
    assert len(records) == 20
    assert differences.max() < NEAR[precision]
    assert all(same for same, one in zip(equal, records, strict=True) if one.lead > NEAR[precision])
    if precision == "float":  # a text in int8 may turn at a near tie, and go on otherwise
        assert theirs["continuations"] == continuations


@pytest.mark.network
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
        serving.ask(tmp_path, **form.request("static", 1) | {"model": str(folder)})
