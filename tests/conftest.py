"""Fixtures of the tests: models, copies of the project, scripts within bounds, a fake Ascend card; and the tables."""

from __future__ import annotations

import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import sentencepiece
from filelock import FileLock

from baichuan2.configuration.schema import read_config_file
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.sizes import ModelConfig
from baichuan2.quantization.calibration import calibrate
from baichuan2.quantization.parameters import StreamingParameters
from baichuan2.quantization.prompts import encode_file
from baichuan2.quantization.quantizing import quantize
from baichuan2.quantization.streaming import open_streamed
from helpers import arm64 as emulation
from helpers.fake_cann import build
from helpers.models import ALIBI, published_fields, random_tensors, save_weights
from helpers.processors import write_processors
from helpers.projects import HELPERS, ROOT, copy_project, snakemake
from helpers.tables import write_answers, write_differences, write_refused
from helpers.tiers import mark_by_fixture

os.environ["TRITON_INTERPRET"] = "1"  # before anything imports triton: test_cuda.py runs the kernels on the CPU


@pytest.fixture(scope="session")
def tokenizer_model() -> bytes:
    """A SentencePiece model of 544 pieces with byte fallback and Baichuan2's two chat tokens at 195 and 196."""
    reserved = [f"<reserved_{k - 89}>" if k > 150 else f"<spare_{k}>" for k in range(3, 197)]
    text = "ABCD 答案：中国的首都在哪里？ what is the capital city of 0123456789 单项选择题，请选出其中的正确答案。\n"
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(
            [text, "以下是关于考试的第一二三四五六七八九十题 jumps over lazy dogs quick brown fox"] * 20
        ),
        model_writer=model,
        vocab_size=544,
        model_type="bpe",
        character_coverage=1.0,
        byte_fallback=True,
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        normalization_rule_name="identity",
        user_defined_symbols=reserved,
        minloglevel=2,
    )
    return model.getvalue()


@pytest.fixture(scope="session")
def make_source(tokenizer_model):
    """make_source(directory, config, layout) writes a published-looking model directory and returns it."""

    def make(directory: Path, config: ModelConfig = ALIBI, layout: str = "bin-sharded", seed: int = 0) -> Path:
        directory.mkdir(parents=True, exist_ok=True)
        save_weights(directory, random_tensors(config, seed), layout)
        (directory / "config.json").write_text(json.dumps(published_fields(config)))
        (directory / "tokenizer.model").write_bytes(tokenizer_model)
        token = {"__type": "AddedToken", "lstrip": False, "normalized": True, "rstrip": False, "single_word": True}
        tokens = {f"{kind}_token": token | {"content": text} for kind, text in SPECIAL.items()}
        settings = {"add_bos_token": False, "add_eos_token": False, "sp_model_kwargs": {}, "use_fast": False}
        settings |= {"model_max_length": 4096, "tokenizer_class": "BaichuanTokenizer", **tokens}
        settings["auto_map"] = {"AutoTokenizer": ["tokenization_baichuan.BaichuanTokenizer", None]}
        settings["clean_up_tokenization_spaces"] = False
        (directory / "tokenizer_config.json").write_text(json.dumps(settings))
        (directory / "special_tokens_map.json").write_text(json.dumps(tokens))
        generation = {"do_sample": True, "temperature": 0.3, "top_k": 5, "top_p": 0.85, "repetition_penalty": 1.05}
        generation |= {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "max_new_tokens": 2048}
        (directory / "generation_config.json").write_text(json.dumps(generation))
        (directory / "modeling_baichuan.py").write_text("raise SystemExit('code that came with the weights was run')")
        return directory

    return make


SPECIAL = {"bos": "<s>", "eos": "</s>", "pad": "<unk>", "unk": "<unk>"}


@pytest.fixture(scope="session")
def make_model(make_source, tmp_path_factory):
    """make_model(config, layout) makes results/model's like from a source, as the workflow does."""

    def make(config: ModelConfig = ALIBI, layout: str = "bin-sharded", seed: int = 0) -> Path:
        root = tmp_path_factory.mktemp("model 模型")
        source = make_source(root / "source", config, layout, seed)
        link_model(source, root / "model")
        patch_config(source, root / "model")
        return root / "model"

    return make


# For another pair: run pytest by the Python that has its torch, with TORCH_NPU a folder that has its torch_npu.
TORCH_NPU = Path(os.environ.get("TORCH_NPU", ROOT / ".torch-npu"))


@pytest.fixture(scope="session")
def fake_cards(tmp_path_factory):
    """fake_cards(soc, **variables) is the environment in which a process finds two fake Ascend cards."""
    missing = [tool for tool in ("gcc", "nm", "ldd") if not shutil.which(tool)]
    if platform.machine() != "x86_64" or missing:
        pytest.skip(
            f"the fake CANN is built on x86_64 (here: {platform.machine()}) by gcc and binutils (missing: "
            f"{', '.join(missing) or 'none'}): apt-get install gcc binutils"
        )
    if not (TORCH_NPU / "torch_npu").is_dir():
        pytest.skip("torch-npu is not installed: run make .torch-npu/ready, and see why it fails")
    cann = tmp_path_factory.mktemp("cann")
    build.build(cann, TORCH_NPU)

    def environment(soc: str = "Ascend910B4", **variables: str) -> dict[str, str]:
        paths = [TORCH_NPU, HELPERS, HELPERS.parent, ROOT / "benchmarks", ROOT / "workflow" / "scripts"]
        found = {
            name: value for name, value in os.environ.items() if not name.startswith(("ASCEND", "HCCL", "TASK_QUEUE"))
        }
        return found | {
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "LD_LIBRARY_PATH": os.pathsep.join([str(cann), os.environ.get("LD_LIBRARY_PATH", "")]).rstrip(os.pathsep),
            "ASCEND_HOME_PATH": str(cann), "ASCEND_OPP_PATH": str(cann), "FAKE_NPU_COUNT": "2", "FAKE_NPU_SOC": soc,
        } | variables  # fmt: skip

    return environment


@pytest.fixture(scope="session")
def arm64() -> emulation.Arm64:
    """An emulated Arm machine."""
    try:
        return emulation.machine()
    except emulation.Unavailable as reason:
        pytest.skip(str(reason))


@dataclass(frozen=True)
class DemosExam:
    """The demo as config.yaml makes it, in float and in W8A8, and this processor's answers: as exam_of.py's."""

    model: Path
    quant: Path
    answers: dict[str, dict[str, list[str]]]


@pytest.fixture(scope="session")
def demos_exam(tmp_path_factory) -> DemosExam:
    """Calibrated, quantized and asked by this processor, once."""
    folder, source = tmp_path_factory.mktemp("demo"), ROOT / "resources" / "demo"
    model, quant = folder / "model", folder / "quant"
    link_model(source / "model", model)
    patch_config(source / "model", model)
    with open_streamed(model, "cpu", 2, wide=True) as streamed:
        ranges = calibrate(streamed, encode_file(model, source / "calibration.jsonl"))
    rollback = read_config_file(ROOT / "config" / "config.yaml")["quantize"]["rollback"]
    quantize(model, quant, StreamingParameters(rollback=tuple(rollback)), ranges)
    paths = [HELPERS.parent, ROOT / "benchmarks", ROOT / "workflow" / "scripts"]
    command = [sys.executable, "-m", "helpers.exam_of", "/proc/cpuinfo", model, quant]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return DemosExam(model, quant, json.loads(done.stdout))


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of the project, at a path with a blank and Chinese characters, with everything run once.

    The first to ask runs it, and each file of tests has a copy, which its tests may change.
    """
    base = tmp_path_factory.getbasetemp()
    made = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "workflow made"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            running = copy_project(made.with_name("workflow running"))
            done = snakemake(running)
            assert done.returncode == 0, done.stdout + done.stderr
            running.rename(made)
    return shutil.copytree(made, tmp_path_factory.mktemp("workflow") / "项目 copy", symlinks=True)


@dataclass(frozen=True)
class Done:
    """How a script ended: its code, its stderr without the log, MiB of memory it took, and seconds."""

    code: int
    stderr: str
    grown_mib: float
    seconds: float

    @property
    def lines(self) -> list[str]:
        """What is neither a line of the log nor a progress bar."""
        lines = re.split(r"[\r\n]", self.stderr)
        return [line for line in lines if line and not re.match(r"\d\d:\d\d:\d\d |[\w ]+: +\d+%\|", line)]


@pytest.fixture(scope="session")
def guarded():
    """guarded(script, *arguments, setup="", seconds=20) runs a script within bounds; see helpers/guard.py."""
    command = [sys.executable, HELPERS / "guard.py"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as server:

        def run(script, *arguments, setup="", seconds=20.0) -> Done:
            request = {"script": script, "arguments": list(map(str, arguments)), "setup": setup, "seconds": seconds}
            server.stdin.write(json.dumps(request) + "\n")
            server.stdin.flush()
            return Done(**json.loads(server.stdout.readline()))

        yield run
        server.stdin.close()


@pytest.fixture
def refuse(guarded, tmp_path, record_property):
    """refuse(what, expected, script, *arguments, setup="") asserts one line, with `expected` in it, and code 1."""

    def run(what, expected, *command, **setup) -> Done:
        record_property("tried", what)
        done = guarded(*command, **setup)
        assert (done.code, len(done.lines)) == (1, 1), done
        assert expected in done.lines[0]
        assert done.lines[0].startswith("error: ")
        record_property("refused", (what, done.lines[0].removeprefix("error: ").replace(str(tmp_path), "...")))
        return done

    return run


# The files that take longest, longest first: workers that take file by file end together only if these come first.
SLOWEST = (
    "npu", "faults", "rebuild", "workflow", "slurm", "nodes", "cuda", "rollback", "exports", "ci_recipes", "sweep",
    "cut", "dynamic",
    "acceptance", "w8a8", "hostile", "streaming", "quantization", "errors",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    mark_by_fixture(items)
    order = {f"test_{name}": place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_addoption(parser):
    parser.addoption("--images", metavar="FOLDER", help="save the README's pictures of the report there")
    parser.addoption("--rebuilds", metavar="FILE", help="write the table of what runs again")
    parser.addoption("--operators", metavar="FILE", help="write the operators that torch_npu asks CANN for")
    parser.addoption("--bytes", metavar="FILE", help="write the bytes that a step of 13B moves on Ascend as a table")
    parser.addoption("--processors", metavar="FILE", help="write what each processor takes and gives as a table")
    parser.addoption("--refused", metavar="FILE", help="write the wrong inputs that the tests tried as a table")
    parser.addoption("--answers", metavar="FILE", help="write what other engines answered as a table")
    parser.addoption("--differences", metavar="FILE", help="write the differences that the tests measured as a table")


def pytest_terminal_summary(terminalreporter, config):
    """A line for each reason to skip. With --differences: the table of every figure that a test recorded. With
    --refused: of every input refused. With --answers: of what other engines answered. With --processors: of what
    each processor takes and gives.
    """
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} {reason.replace('Skipped', 'skipped')}")
    if config.getoption("--differences"):
        write_differences(Path(config.getoption("--differences")), terminalreporter)
    if config.getoption("--answers"):
        write_answers(Path(config.getoption("--answers")), terminalreporter)
    if config.getoption("--refused"):
        write_refused(Path(config.getoption("--refused")), terminalreporter)
    if config.getoption("--processors"):
        write_processors(Path(config.getoption("--processors")), terminalreporter)
