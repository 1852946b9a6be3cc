"""Small random models in the published file layouts, and an independent float64 forward to hold them against."""

from __future__ import annotations

import io
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import fake_cann.build
import numpy as np
import pytest
import sentencepiece
import torch
from filelock import FileLock
from safetensors.torch import save_file

from baichuan2.ceval.records import Record
from baichuan2.ceval.scoring import score_share
from baichuan2.engine.weights import RandomWeights
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.sizes import ModelConfig, tensor_shapes
from baichuan2.w8a8.arithmetic import DynamicLinear

os.environ["TRITON_INTERPRET"] = "1"  # before anything imports triton: test_cuda.py runs the kernels on the CPU

ROOT = Path(__file__).parents[1]
ALIBI = ModelConfig(544, 96, 128, 3, 12, model_max_length=256, position_embedding="alibi", dtype="float32")
ROPE = replace(ALIBI, num_attention_heads=8, position_embedding="rope")


def score_exam(*arguments, **options) -> list[Record]:
    """The records of a whole exam; arguments and options are score_share's."""
    return list(score_share(*arguments, **options).values())


def published_fields(config: ModelConfig) -> dict:
    """config.json as the published one has it."""
    names = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    fields = {name: getattr(config, name) for name in names}
    if config.position_embedding == "rope":
        fields["max_position_embeddings"] = config.model_max_length
    return fields | {
        "architectures": ["BaichuanForCausalLM"],
        "auto_map": {
            "AutoConfig": "configuration_baichuan.BaichuanConfig",
            "AutoModelForCausalLM": "modeling_baichuan.BaichuanForCausalLM",
        },
        "model_type": "baichuan",
        "model_max_length": config.model_max_length,
        "rms_norm_eps": config.rms_norm_eps,
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "tie_word_embeddings": False,
        "torch_dtype": config.dtype,
        "use_cache": True,
        "z_loss_weight": 0,
        "gradient_checkpointing": False,
        "tokenizer_class": "BaichuanTokenizer",
        "_from_model_config": True,
    }


def random_tensors(config: ModelConfig, seed: int = 0) -> dict[str, torch.Tensor]:
    """Weights with activations of order one, norms that differ, and NormHead rows of different norms."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for name, shape in tensor_shapes(config).items():
        values = torch.randn(shape, generator=generator)
        if len(shape) == 1:
            values = 1 + 0.1 * values
        elif "embed" not in name and "lm_head" not in name:
            values = values / math.sqrt(shape[1])
        tensors[name] = values.to(getattr(torch, config.dtype))
    return tensors


def save_weights(directory: Path, tensors: dict[str, torch.Tensor], layout: str) -> None:
    """One of the layouts "bin", "bin-sharded", "safetensors", "safetensors-sharded"."""
    kind, _, sharded = layout.partition("-")
    save, stem, suffix = {
        "bin": (torch.save, "pytorch_model", "bin"),
        "safetensors": (save_file, "model", "safetensors"),
    }[kind]
    if not sharded:
        save(tensors, directory / f"{stem}.{suffix}")
        return
    names = list(tensors)
    where = {name: f"{stem}-0000{1 + (k >= len(names) // 2)}-of-00002.{suffix}" for k, name in enumerate(names)}
    for file in set(where.values()):
        save({name: tensors[name] for name in names if where[name] == file}, directory / file)
    index = {"metadata": {"total_size": sum(t.nbytes for t in tensors.values())}, "weight_map": where}
    (directory / f"{stem}.{suffix}.index.json").write_text(json.dumps(index))


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


class RandomDynamic(RandomWeights):
    """RandomWeights of the dynamic scheme."""

    def __init__(self, config: ModelConfig, *of_rank: int):
        super().__init__(config, True, *of_rank)
        self.precision = "w8a8-dynamic"

    def int8(self, module: str) -> DynamicLinear | None:
        layer = super().int8(module)
        return layer and DynamicLinear(layer.weight, layer.weight_scale, layer.weight_offset)


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


def float64_logits(config: ModelConfig, tensors: dict[str, torch.Tensor], ids: list[int], linear=None) -> np.ndarray:
    """Logits [T, V] of one sequence in float64 numpy, written from the reference's formulas alone.

    linear(module, x) replaces the product of a module's weight, for a fake-quantized forward.
    """
    weights = {name: tensor.double().numpy() for name, tensor in tensors.items()}
    product = linear or (lambda module, x: x @ weights[f"{module}.weight"].T)
    heads, dim, length = config.num_attention_heads, config.head_dim, len(ids)

    def norm(x, name):
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + config.rms_norm_eps) * weights[name]

    def rotate(x):
        angle = np.arange(length)[:, None] * 10000.0 ** (-np.arange(0, dim, 2) / dim)
        cos, sin = np.tile(np.cos(angle), 2), np.tile(np.sin(angle), 2)
        return x * cos + np.concatenate((-x[..., dim // 2 :], x[..., : dim // 2]), -1) * sin

    slopes = _slopes(heads)
    distance = np.arange(length)[None] - np.arange(length)[:, None]
    mask = np.where(distance > 0, -np.inf, 0.0)
    x = weights["model.embed_tokens.weight"][ids]
    for layer in range(config.num_hidden_layers):
        at = f"model.layers.{layer}."
        qkv = product(at + "self_attn.W_pack", norm(x, at + "input_layernorm.weight"))
        q, k, v = (part.reshape(length, heads, dim).transpose(1, 0, 2) for part in np.split(qkv, 3, axis=-1))
        if config.position_embedding == "rope":
            scores = rotate(q) @ rotate(k).transpose(0, 2, 1) / math.sqrt(dim) + mask
        else:
            scores = q @ k.transpose(0, 2, 1) / math.sqrt(dim) + slopes[:, None, None] * distance + mask
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        context = (scores / scores.sum(-1, keepdims=True)) @ v
        x = x + product(at + "self_attn.o_proj", context.transpose(1, 0, 2).reshape(length, -1))
        y = norm(x, at + "post_attention_layernorm.weight")
        gate = product(at + "mlp.gate_proj", y)
        x = x + product(at + "mlp.down_proj", gate / (1 + np.exp(-gate)) * product(at + "mlp.up_proj", y))
    head = weights["lm_head.weight"]
    return norm(x, "model.norm.weight") @ (head / np.linalg.norm(head, axis=1, keepdims=True)).T


def _slopes(heads: int) -> np.ndarray:
    def powers(n):
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start ** (k + 1) for k in range(n)]

    base = 2 ** int(math.log2(heads))
    return np.array(powers(base) + powers(2 * base)[0::2][: heads - base])


def snakemake(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run snakemake in a project; see tests/snakemake_server.py."""
    if not hasattr(SERVERS, "snakemake"):
        SERVERS.snakemake = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("snakemake_server.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    server, arguments = SERVERS.snakemake, ["--cores", "1", *arguments]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = os.environ | {"PATH": path} | environment
    request = {"arguments": arguments, "folder": str(project), "environment": dict(variables)}
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    return subprocess.CompletedProcess(["snakemake", *arguments], *json.loads(server.stdout.readline()))


SERVERS = threading.local()  # a process of its own for every thread that asks; it ends with its stdin


# For another pair: run pytest by the Python that has its torch, with TORCH_NPU a folder that has its torch_npu.
TORCH_NPU = Path(os.environ.get("TORCH_NPU", ROOT / ".torch-npu"))


@pytest.fixture(scope="session")
def make_believe(tmp_path_factory):
    """make_believe(soc, **variables) is the environment in which a process finds two fake Ascend cards."""
    missing = [tool for tool in ("gcc", "nm", "ldd") if not shutil.which(tool)]
    if platform.machine() != "x86_64" or missing:
        pytest.skip(f"the fake CANN is built on x86_64 with gcc and binutils; missing: {missing or 'x86_64'}")
    if not (TORCH_NPU / "torch_npu").is_dir():
        pytest.skip("torch-npu is not installed: run make .torch-npu/ready, and see why it fails")
    cann = tmp_path_factory.mktemp("cann")
    fake_cann.build.build(cann, TORCH_NPU)

    def environment(soc: str = "Ascend910B4", **variables: str) -> dict[str, str]:
        paths = [TORCH_NPU, ROOT / "tests", ROOT / "workflow" / "scripts"]
        found = {
            name: value for name, value in os.environ.items() if not name.startswith(("ASCEND", "HCCL", "TASK_QUEUE"))
        }
        return found | {
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "LD_LIBRARY_PATH": os.pathsep.join([str(cann), os.environ.get("LD_LIBRARY_PATH", "")]).rstrip(os.pathsep),
            "ASCEND_HOME_PATH": str(cann), "ASCEND_OPP_PATH": str(cann), "FAKE_NPU_COUNT": "2", "FAKE_NPU_SOC": soc,
        } | variables  # fmt: skip

    return environment


def copy_project(copy: Path) -> Path:
    """The project without its results, as `copy`."""
    ignored = shutil.ignore_patterns(
        ".git", ".venv", ".torch-npu", "results", "site", ".snakemake", "__pycache__", ".*_cache"
    )
    return shutil.copytree(ROOT, copy, ignore=ignored)


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
        return [line for line in lines if line and not re.match(r"\d\d:\d\d:\d\d |load weights:", line)]


@pytest.fixture(scope="session")
def guarded():
    """guarded(script, *arguments, setup="", seconds=20) runs a script within bounds; see tests/guard.py."""
    command = [sys.executable, Path(__file__).with_name("guard.py")]
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


def pytest_collection_modifyitems(items):
    order = {f"test_{name}": place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_addoption(parser):
    parser.addoption("--images", metavar="FOLDER", help="save the README's pictures of the report there")
    parser.addoption("--rebuilds", metavar="FILE", help="write the table of what runs again")
    parser.addoption("--operators", metavar="FILE", help="write the operators that torch_npu asks CANN for")
    parser.addoption("--refused", metavar="FILE", help="write the wrong inputs that the tests tried as a table")
    parser.addoption("--differences", metavar="FILE", help="write the differences that the tests measured as a table")


def pytest_terminal_summary(terminalreporter, config):
    """With --differences: the table of every figure that a test recorded. With --refused: of every input refused."""
    if config.getoption("--differences"):
        write_differences(Path(config.getoption("--differences")), terminalreporter)
    if config.getoption("--refused"):
        write_refused(Path(config.getoption("--refused")), terminalreporter)


def write_refused(path: Path, terminalreporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    found = [(Path(r.nodeid.split("::")[0]).name, *pair) for r in reports for pair in r.user_properties]
    tried = sum(name == "tried" for _, name, _ in found)
    rows = [(file, *value) for file, name, value in found if name == "refused"]
    lines = [
        "# Wrong and hostile inputs that the tests tried",
        "",
        "Each ends with code 1 and one line, within bounds of memory and time, and leaves nothing behind. Written by",
        "`KILLS=3 python -m pytest tests/test_{errors,hostile,faults}.py --refused docs/generated/refused.md`",
        "",
        f"Refused / tried: {len(rows)} / {tried}.",
        "",
        *_kills(reports),
    ]
    titles = {"test_errors.py": "Mistakes", "test_hostile.py": "Hostile files", "test_faults.py": "Damaged files"}
    for file, title in titles.items():
        lines += ["", f"## {title}", "", "| input | line |", "|---|---|"]
        lines += [f"| {what} | `{line}` |" for name, what, line in rows if name == file]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _kills(reports: list) -> list[str]:
    """How many SIGKILLs each job was sent, and whether the next run made the same bytes all the same."""
    killed = [(r, value) for r in reports for name, value in r.user_properties if name == "kills"]
    survived = sum(value for report, value in killed if report.passed)
    names = [report.nodeid.split("::")[-1].partition("[")[2][:-1] or "the whole workflow" for report, _ in killed]
    jobs = ", ".join(f"{name} {count}" for name, (_, count) in zip(names, killed, strict=True))
    return [
        f"Kills survived / tried: {survived} / {sum(value for _, value in killed)}. A job, or the workflow, gets",
        "SIGKILL at random moments; what the next run makes has the bytes of an undisturbed one. Kills of each:",
        f"{jobs}.",
    ]


def write_differences(path: Path, terminalreporter) -> None:
    rows = []
    for report in terminalreporter.stats.get("passed", []):
        test = report.nodeid.split("::")[-1]
        figures = [(what, value) for what, value in report.user_properties if "difference" in what]
        rows += [f"| {test} | {what} | {value:.1e} |" for what, value in figures]
    head = [
        "# Largest differences found by the tests",
        "",
        "Relative to the largest logit of the reference; fp32, small random models of 3 layers. Written by",
        "`python -m pytest tests/test_{modeling,cut,w8a8}.py --differences docs/generated/differences.md`",
        f"with torch {torch.__version__} on a CPU.",
        "",
        "| test | figure | largest |",
        "|---|---|---|",
    ]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
