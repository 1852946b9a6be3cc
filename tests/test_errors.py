"""Wrong input: one line that names the key or file and the cure, code 1, nothing half-written.

docs/generated/refused.md lists them all.
"""

from __future__ import annotations

import copy
import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from baichuan2.configuration import settings
from baichuan2.configuration.schema import read_config_file, read_schema
from baichuan2.errors import UserError, line_of, print_errors_of
from baichuan2.model.sizes import ModelConfig
from baichuan2.quantization.frontier import Frontier, Point, Sensitivity
from helpers.guard import DISK
from helpers.projects import ROOT

SUBJECTS = ROOT / "resources" / "ceval_subjects.csv"
EXAM = ROOT / "resources" / "demo" / "exam"


# The model: link_model.py


def edit_json(path: Path, **fields) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def index_to(name: str):
    def spoil(source: Path) -> None:
        path = source / "pytorch_model.bin.index.json"
        index = json.loads(path.read_text())
        index["weight_map"]["lm_head.weight"] = name
        path.write_text(json.dumps(index))

    return spoil


SHARD = "pytorch_model-0000{}-of-00002.bin"
MODELS = {
    "missing shard": (lambda s: (s / SHARD.format(2)).unlink(), SHARD.format(2) + ": missing"),
    "truncated shard": (lambda s: truncate(s / SHARD.format(1)), SHARD.format(1) + ": truncated"),
    "index naming an absent file": (index_to(SHARD.format(3)), SHARD.format(3) + ": missing"),
    "index and shards that differ": (index_to(SHARD.format(1)), "lacks lm_head.weight"),
    "no weights": (lambda s: [p.unlink() for p in s.glob("pytorch_model*")], "no weights here"),
    "no evidence of NormHead": (lambda s: edit_json(s / "config.json", norm_head=None), '"norm_head": true if'),
    "not Baichuan": (lambda s: edit_json(s / "config.json", model_type="llama"), "not a Baichuan2 model"),
    "another vocabulary": (lambda s: edit_json(s / "config.json", vocab_size=600), "config.json means [600, 96]"),
    "no config.json": (lambda s: (s / "config.json").unlink(), "config.json: no such file"),
    "broken config.json": (lambda s: truncate(s / "config.json"), "config.json: not valid JSON"),
    "config.json that is a list": (lambda s: (s / "config.json").write_text("[1]"), "config.json: not a JSON object"),
    "broken tokenizer": (lambda s: truncate(s / "tokenizer.model"), "tokenizer.model: "),
    "no tokenizer": (lambda s: (s / "tokenizer.model").unlink(), "tokenizer.model: missing"),
    "quantized": (lambda s: edit_json(s / "config.json", quantization_config={"bits": 4}), "quantized already"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MODELS)
def test_model(make_source, tmp_path, refuse, mistake):
    spoil, expected = MODELS[mistake]
    source = make_source(tmp_path / "source")
    spoil(source)
    refuse(f"model: {mistake}", expected, "link_model.py", "--source", source, "--out", tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("name", DISK)
def test_disk(make_source, tmp_path, refuse, name):
    source, out = make_source(tmp_path / "source"), tmp_path / "model"
    refuse(f"disk: {name}", f"{out}: ", "link_model.py", "--source", source, "--out", out, setup=name)
    assert not (out / "manifest.json").exists()
    assert not list(out.glob(".*.partial"))


@pytest.mark.parametrize("error", [RuntimeError("NPU out of memory. Tried\nto allocate 1 GiB"), MemoryError()])
def test_memory_that_does_not_suffice(error):
    """Of a card or a host, in any step."""
    assert line_of(error).startswith("out of memory; lower engine.max_seq_len or the batch size, take more cards")
    assert "\n" not in line_of(error)
    assert line_of(RuntimeError("shapes differ")) is None


# The exam: score_ceval.py


def rows_of(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def edit_row(exam: Path, edit) -> None:
    path = exam / "val" / "law_val.csv"
    rows = rows_of(path)
    edit(rows[2])
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


EXAMS = {
    "row with a cell too few": (lambda e: edit_row(e, list.pop), "law_val.csv: row 2: 6 cells under 7 columns"),
    "row with a cell too many": (lambda e: edit_row(e, lambda row: row.append("x")), "row 2: 8 cells"),
    "answer E": (lambda e: edit_row(e, lambda row: row.__setitem__(-1, "E")), "row 2: answer 'E' is not one of"),
    "empty question": (lambda e: edit_row(e, lambda row: row.__setitem__(1, " ")), "row 2: question is empty"),
    "subject missing": (lambda e: (e / "val" / "law_val.csv").unlink(), "val/law_val.csv: no such file"),
    "no header": (lambda e: (e / "val" / "law_val.csv").write_text("1,2\n"), "no column id, question"),
    "empty file": (lambda e: (e / "val" / "law_val.csv").write_text(""), "no column id, question"),
    "GB18030": (lambda e: (e / "dev" / "law_dev.csv").write_bytes("题目".encode("gb18030")), "may be GB18030"),
    "UTF-16": (lambda e: (e / "dev" / "law_dev.csv").write_bytes("题".encode("utf-16")), "UTF-16, not UTF-8"),
    "no dev folder": (lambda e: shutil.rmtree(e / "dev"), "dev: no such folder; ceval.source must hold"),
    "no val folder": (lambda e: shutil.rmtree(e / "val"), "val: no such folder; ceval.source must hold"),
    "empty folder": (lambda e: [shutil.rmtree(e / split) for split in ("dev", "val")], "dev: no such folder"),
    "no folder": (shutil.rmtree, "exam: no such file; ceval.source may be"),
    "not a zip": (lambda e: shutil.rmtree(e) or e.write_text("zip"), "exam: not a whole zip file"),
}


def score(exam: Path, out: Path, *more) -> list:
    command = ["score_ceval.py", "--model", "none", "--exam", exam, "--subjects", SUBJECTS, "--out", out]
    return [*command, *more]


@pytest.mark.parametrize("mistake", EXAMS)
def test_exam(tmp_path, refuse, mistake):
    spoil, expected = EXAMS[mistake]
    exam, out = shutil.copytree(EXAM, tmp_path / "exam"), tmp_path / "results" / "records.jsonl"
    spoil(exam)
    refuse(f"exam: {mistake}", expected, *score(exam, out))
    assert not out.parent.exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--subject", "laws"], "ceval.subjects: no subject named 'laws'; the nearest is law"),
        (["--split", "test"], "ceval.split: C-Eval publishes no answers"),
        (["--protocol", "mmlu"], "ceval.protocol: 'mmlu' is not one of sdk, official, lm-eval"),
    ],
)
def test_exam_options(tmp_path, refuse, options, expected):
    refuse(f"exam: {' '.join(options)}", expected, *score(EXAM, tmp_path / "out", *options))


def test_marks_of_utf8_are_read(tmp_path):
    """A byte order mark, as spreadsheets write it, is no mistake."""
    from baichuan2.ceval.exam import Exam, read_subjects

    exam = shutil.copytree(EXAM, tmp_path / "exam")
    path = exam / "val" / "law_val.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert Exam.read(exam, read_subjects(SUBJECTS)) == Exam.read(EXAM, read_subjects(SUBJECTS))


# Prompts, device and length: run_inference.py. Calibration: calibrate.py

PROMPTS = {
    "missing": (None, "p.jsonl: no such file; correct inference.prompts"),
    "empty": (b"", "p.jsonl: holds no prompts"),
    "not JSON": (b'{"prompt": "a"}\n{"prompt"\n', "p.jsonl:2: not JSON"),
    "another key": (b'{"txt": "a"}\n', "p.jsonl:1: must be a text, or an object with one of messages, prompt,"),
    "GB18030": ("提示".encode("gb18030"), "p.jsonl: not UTF-8 text"),
    "half a surrogate pair": (b'{"prompt": "\\ud800"}\n', "p.jsonl:1: not JSON (a lone surrogate)"),
}
CALIBRATION = {
    "missing": (None, "p.jsonl: no such file; correct quantize.calibration"),
    "empty": (b"", "p.jsonl: holds no prompts"),
    "not JSON": (b'{"prompt": "a"}\n{"prompt"\n', "p.jsonl:2: not JSON"),
    "another key": (b'{"txt": "a"}\n', "p.jsonl:1: must be a text, or an object with one of messages, prompt,"),
    "GB18030": ("提示".encode("gb18030"), "p.jsonl: not UTF-8 text"),
}


def infer(model: Path, out: Path, prompts: Path, *more) -> list:
    return ["run_inference.py", "--model", model, "--prompts", prompts, "--out", out, *more]


@pytest.mark.parametrize("mistake", PROMPTS)
def test_prompts(tmp_path, refuse, mistake):
    content, expected = PROMPTS[mistake]
    path, out = tmp_path / "p.jsonl", tmp_path / "results" / "a.jsonl"
    if content is not None:
        path.write_bytes(content)
    refuse(f"prompts: {mistake}", expected, *infer(tmp_path, out, path))
    assert not out.parent.exists()


@pytest.mark.parametrize("mistake", CALIBRATION)
def test_calibration(tmp_path, refuse, mistake):
    content, expected = CALIBRATION[mistake]
    path, out = tmp_path / "p.jsonl", tmp_path / "results" / "calibration.json"
    if content is not None:
        path.write_bytes(content)
    command = ["calibrate.py", "--model", tmp_path, "--prompts", path, "--out", out]
    refuse(f"calibration: {mistake}", expected, *command)
    assert not out.parent.exists()


def test_no_modelslim(tmp_path, refuse):
    calibration = ROOT / "resources" / "demo" / "calibration.jsonl"
    command = [
        "quantize_modelslim.py",
        "--model",
        tmp_path,
        "--calibration",
        calibration,
        "--out",
        tmp_path / "out/q",
    ]
    refuse("quantize: no msmodelslim installed", "pip install msmodelslim", *command, setup="no msmodelslim")
    assert not (tmp_path / "out").exists()


# A frontier of one list, which loses 0.01 nats and half a point
MEASURED = Frontier(
    (Sensitivity(("model.layers.0.mlp.down_proj",), 100, 0.1, 0.2),),
    (Point("bytes", 0, 0, 1.0, kl=0.01, accuracy=70.0),),
    float_accuracy=70.5,
)
CHOICES = {
    "a budget of 0.001 nats": (
        ["--metric", "kl", "--budget", 0.001],
        "quantize.auto.budget: 0.001 is out of reach, the least kl loss is 0.01",
    ),
    "a budget of 0.4 points": (
        ["--metric", "accuracy", "--budget", 0.4],
        "quantize.auto.budget: 0.4 is out of reach, the least accuracy loss is 0.5",
    ),
    "an accuracy that was not measured": (
        ["--metric", "accuracy", "--budget", 1],
        "quantize.auto.metric: accuracy is not in this sensitivity; measure it with --exam",
    ),
}


@pytest.mark.parametrize("mistake", CHOICES)
def test_rollback_auto(tmp_path, refuse, mistake):
    options, expected = CHOICES[mistake]
    path, out = tmp_path / "sensitivity.json", tmp_path / "results" / "rollback.json"
    (replace(MEASURED, float_accuracy=None) if "not measured" in mistake else MEASURED).write(path)
    command = ["choose_rollback.py", "--sensitivity", path, "--out", out, "--spare", "bytes"]
    refuse(f"rollback: auto with {mistake}", expected, *command, *options)
    assert not out.parent.exists()


@pytest.fixture(scope="module")
def model(make_model) -> Path:
    return make_model()


RUNS = {
    "a prompt over max_seq_len": ("device=cpu,max_seq_len=68", "engine.max_seq_len: no room for"),
    "no CUDA card": ("device=cuda", "engine.device: cuda, but torch finds no CUDA device"),
    "no NPU": ("device=npu", "engine.device: npu: torch_npu does not load"),
    "an unknown device": ("device=tpu", "engine.device: 'tpu' is not a device"),
    "an unknown setting": (
        "device=cpu,type=x",
        "device=cpu,type=x: type is no key=value; keys are device",
    ),
}


@pytest.mark.parametrize("mistake", RUNS)
def test_run(tmp_path, model, refuse, mistake):
    engine, expected = RUNS[mistake]
    if mistake == "no CUDA card" and Path("/dev/nvidiactl").exists():
        pytest.skip("this machine has one")
    path, out = tmp_path / "p.txt", tmp_path / "results" / "a.jsonl"
    path.write_text("what is the capital city of\n")
    refuse(f"inference: {mistake}", expected, *infer(model, out, path, "--engine", engine))
    assert not out.parent.exists()


# Settings: found while the workflow is parsed

DEFAULTS = read_config_file(ROOT / "config/config.yaml")
SCHEMA = read_schema()
LAUGHS = ["x"] * 10
for _ in range(30):
    LAUGHS = [LAUGHS] * 10
SETTINGS = [
    ({"engine": {"max_seq_length": 2048}}, "engine.max_seq_length: no such key; did you mean max_seq_len?"),
    ({"models": {}}, "models: no such key; did you mean model?"),
    ({"max_seq_len": 2048}, "max_seq_len: no such key; did you mean engine.max_seq_len?"),
    ({"perf": {"rollbak": []}}, "perf.rollbak: no such key; did you mean quantize.rollback?"),
    ({"inference": {"qqq": 1}}, "inference.qqq: no such key; known here: prompts, format"),
    ({"ceval": {1: 2}}, "ceval.1: no such key"),
    ({"engine": None}, "engine: is null; it must be a mapping of keys"),
    ({"engine": {"device": "cdua"}}, "it must be one of 'auto', 'cpu', 'cuda', 'npu' (the nearest is cuda)"),
    ({"engine": {"device": "tpu0"}}, "engine.device: is 'tpu0'; it must be one of"),
    ({"engine": {"dtype": "bfloat"}}, "(the nearest is bfloat16)"),
    ({"ceval": {"protocol": "Offical"}}, "it must be one of 'sdk', 'official', 'lm-eval' (the nearest is official)"),
    ({"engine": {"max_seq_len": 2048.0}}, "engine.max_seq_len: is 2048.0; it must be a whole number"),
    ({"engine": {"max_seq_len": True}}, "engine.max_seq_len: is True; it must be a whole number"),
    ({"parallel": {"world_size": "2"}}, "parallel.world_size: is '2'; it must be a whole number"),
    ({"perf": {"repeats": 0}}, "perf.repeats: is 0; it must be at least 1"),
    ({"perf": {"max_spread": 0}}, "perf.max_spread: is 0; it must be at least 0.001"),
    ({"perf": {"batch_size": []}}, "perf.batch_size: is []; it must be a list of at least 1"),
    ({"perf": {"case_pair": [[8, 8], [8]]}}, "perf.case_pair.1: is [8]; it must be a list of at least 2"),
    ({"perf": {"case_pair": []}}, "perf.case_pair: is []; it must be a list of at least 1"),
    ({"serve": {"host": ""}}, "serve.host: is ''; it must be a host's name or address"),
    ({"model": {"source": "x" * 300}}, "File name too long; give a shorter one, then run again"),
    ({"perf": {"rate": []}}, "perf.rate: is []; it must be a list of at least 1"),
    ({"inference": {"seed": 2**64}}, "inference.seed: is 18446744073709551616; it must be at most 922337"),
    ({"quantize": {"engine": "modelslim", "scheme": "dynamic"}}, "quantize.scheme: dynamic is of quantize.engine"),
    ({"perf": {"rate": [0]}}, "perf.rate.0: is 0; it must be at least 0.001"),
    ({"perf": {"rate": ["all"]}}, "perf.rate.0: is 'all'; it must be a number of requests a second, or inf"),
    ({"perf": {"rate": [1, 1.0]}}, "perf.rate: a rate stands twice; remove one"),
    ({"perf": {"rate": [1], "weights": "random:baichuan2-7b"}}, "perf.rate: a server reads text, and random weights"),
    ({"perf": {"rate": [1]}, "parallel": {"nodes": 2, "world_size": 2}}, "perf.rate: parallel.nodes is 2, but"),
    ({"perf": {"goodput": {"ttft_ms": "1 s", "tpot_ms": 9}}}, "perf.goodput.ttft_ms: is '1 s'; it must be a number"),
    ({"perf": {"min_len_exp": 9}}, "perf.min_len_exp: is above perf.max_len_exp"),
    ({"perf": {"weights": "random:baichuan2-13"}}, "perf.weights: no shape named 'baichuan2-13'; did you mean"),
    ({"perf": {"weights": "mine"}}, "perf.weights: is 'mine'; it must be model, or random:<shape>"),
    ({"quantize": {"pr": float("nan")}}, "quantize.pr: is nan; it must be a number"),
    ({"quantize": {"pr": 2}}, "quantize.pr: is 2; it must be at most 1"),
    ({"quantize": {"anti_outlier": "m9"}}, "quantize.anti_outlier: is 'm9'; it must be one of null, 'smooth'"),
    ({"quantize": {"anti_outlier": "m1"}}, "quantize.anti_outlier: m1 is ModelSlim's; set quantize.engine"),
    ({"quantize": {"engine": "modelslim", "anti_outlier": "smooth"}}, "smooth is of quantize.engine streaming"),
    ({"quantize": {"engine": "modelslim", "anti_outlier": "m2", "rollback": "auto"}}, "auto does not see ModelSlim"),
    ({"quantize": {"engine": "modelslm"}}, "it must be one of 'streaming', 'modelslim' (the nearest is modelslim)"),
    ({"quantize": {"pr": 0.5}}, "quantize.pr: only ModelSlim quantizes at random; set 1.0, or"),
    ({"quantize": {"rollback": "autoo"}}, "quantize.rollback: is 'autoo'; it must be auto, or a list"),
    ({"quantize": {"auto": {"metric": "kl", "budget": 1}}}, "quantize.auto.spare: missing; config/config.yaml"),
    ({"quantize": {"auto": {"metric": "kl", "budget": -1, "spare": "bytes"}}}, "quantize.auto.budget: is -1"),
    ({"quantize": {"auto": {"metric": "ppl", "budget": 1, "spare": "bytes"}}}, "quantize.auto.metric: is 'ppl'"),
    ({"quantize": {"rollback": [1.5]}}, "quantize.rollback.0: is 1.5; it must be a whole number or text"),
    ({"quantize": {"rollback": [99]}}, "quantize.rollback: layer 99: the layers are 0 to"),
    ({"quantize": {"rollback": ["model.layers.0.mlp.dwn_proj"]}}, "the nearest is 'model.layers.0.mlp.down_proj'"),
    ({"quantize": {"rollback": ["*.attention"]}}, "quantize.rollback: '*.attention' matches no linear layer"),
    ({"quantize": {"disable_names": ["lm_head"]}}, "quantize.disable_names: 'lm_head' matches no linear layer"),
    ({"quantize": {"calibration": "/no/such"}}, "/no/such: no such file; correct quantize.calibration"),
    ({"quantize": {"calibration": "/dev/null"}}, "/dev/null: a device, a pipe or a socket, not a file"),
    ({"quantize": {"calibration": "resources"}}, "resources: a directory, not a file; correct quantize.calibration"),
    ({"export": {"dtype": "float32"}}, "export.dtype: is 'float32'; it must be one of 'auto', 'float16', 'bfloat16'"),
    ({"inference": {"prompts": "/no/such"}}, "/no/such: no such file; correct inference.prompts"),
    ({"inference": {"prompts": "a\0b"}}, "cannot be read (embedded null byte); correct inference.prompts"),
    ({"inference": {"max_new_tokens": 5000}}, "inference.max_new_tokens: 5000 leaves no room"),
    ({"ceval": {"split": "test"}}, "ceval.split: C-Eval publishes no answers"),
    ({"ceval": {"subjects": ["colege_physics"]}}, "no subject named 'colege_physics'; the nearest is college"),
    ({"ceval": {"subjects": "law"}}, "ceval.subjects: is 'law'; it must be all, or a list of subject ids"),
    ({"ceval": {"source": "/no/such"}}, "/no/such: no such file; ceval.source may be"),
    ({"ceval": {"source": "resources"}}, "resources/dev: no such folder; set ceval.source to resources/demo/exam"),
    ({"ceval": {"source": "workflow"}}, "workflow/dev: no such folder; ceval.source must hold dev/ and val/"),
    ({"ceval": {"source": "hf:ceval"}}, "ceval.source: 'hf:ceval' should be hf:organisation/name"),
    ({"parallel": {"world_size": 7}}, "parallel.world_size: 7 does not divide"),
    ({"model": {"source": "/no/such"}}, "model.source: /no/such is not a directory"),
    ({"model": {"source": "resources"}}, "resources/config.json: no such file"),
    ({"model": {"source": "hf:Baichuan2-13B-Chat"}}, "model.source: 'hf:Baichuan2-13B-Chat' should be"),
    ({"model": {"source": "hf:org/{name}"}}, "model.source: 'hf:org/{name}' should be hf:organisation/name"),
    ({"model": {"name": "a/b"}}, "model.name: is 'a/b'; it must be letters, digits, dots"),
    ({"quantize": {"rollback": LAUGHS}}, "config.yaml: over 100000 values"),
]  # fmt: skip


def parse(overlay: dict) -> None:
    """What the workflow checks of a config while it is parsed, in the same order."""
    config = copy.deepcopy(DEFAULTS)
    for section, value in overlay.items():
        merged = config.get(section) | value if isinstance(value, dict) and section in config else value
        config[section] = merged
    settings.checked(settings.check_settings, config, SCHEMA)
    settings.checked(settings.check_inputs, config, SUBJECTS)
    source = settings.checked(settings.model_source, config)
    sizes = settings.checked(ModelConfig.read, settings.checked(source.directory))
    settings.checked(settings.check_against_model, config, sizes)


@pytest.mark.parametrize(("overlay", "expected"), SETTINGS, ids=[expected for _, expected in SETTINGS])
def test_settings(monkeypatch, record_property, overlay, expected):
    monkeypatch.chdir(ROOT)
    what = "setting: " + ("an alias of aliases" if "over 100000" in expected else f"`{json.dumps(overlay)}`")
    record_property("tried", what)
    with pytest.raises(SystemExit) as caught:
        parse(overlay)
    line = str(caught.value)
    assert line.startswith("error: ")
    assert expected in line
    assert "\n" not in line
    assert len(line) < 400
    record_property("refused", (what, line.removeprefix("error: ")))


# One of each place where the workflow checks, through snakemake itself
THROUGH_SNAKEMAKE = [
    ({"engine": {"max_seq_length": 2048}}, "engine.max_seq_length: no such key"),
    ({"quantize": {"calibration": "/no/such"}}, "/no/such: no such file"),
    ({"model": {"source": "hf:Baichuan2-13B-Chat"}}, "model.source: 'hf:Baichuan2-13B-Chat' should be"),
    ({"model": {"source": "/no/such"}}, "model.source: /no/such is not a directory"),
    ({"model": {"source": "resources"}}, "resources/config.json: no such file"),
    ({"quantize": {"rollback": [99]}}, "quantize.rollback: layer 99"),
    ({"parallel": {"world_size": 7}}, "parallel.world_size: 7 does not divide"),
]


def snakemake(folder: Path, *options: str) -> subprocess.CompletedProcess:
    """A dry run in a folder that has the workflow's config and resources, and no results."""
    for name in ("config", "resources"):
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", folder]
    command += ["--dry-run", "--quiet", "all", "--cores", "1", *options]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=folder, timeout=60)


def one_line_of(done: subprocess.CompletedProcess, folder: Path) -> str:
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("error: ")]
    assert done.returncode == 1
    assert len(said) == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (folder / "results").exists()
    return said[0]


@pytest.mark.parametrize(("overlay", "expected"), THROUGH_SNAKEMAKE)
def test_snakemake_refuses_settings(tmp_path, overlay, expected):
    path = tmp_path / "overlay.yaml"
    path.write_text(yaml.safe_dump(overlay))
    assert expected in one_line_of(snakemake(tmp_path, "--configfile", str(path)), tmp_path)


def test_sampling_as_published_needs_what_was_published(monkeypatch, make_source, tmp_path):
    monkeypatch.chdir(ROOT)
    source = make_source(tmp_path / "source")
    config = copy.deepcopy(DEFAULTS)
    config["model"]["source"], config["inference"]["sampling"] = str(source), "published"
    config["quantize"]["rollback"] = []
    settings.check_files(config)
    (source / "generation_config.json").unlink()
    with pytest.raises(UserError, match=r"generation_config\.json: no such file; set inference\.sampling: greedy"):
        settings.check_files(config)


def test_snakemake_refuses_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("MAX_SEQ_LEN", "many")
    assert "MAX_SEQ_LEN: 'many' is not a number of tokens" in one_line_of(snakemake(tmp_path), tmp_path)


CONFIG_FILES = {
    "not YAML": ("model: {source: demo\nengine: [", "config/config.yaml, line 2: not YAML"),
    "a list": ("- model\n", "config/config.yaml: is ['model'], not a mapping of keys"),
    "empty": ("", "config/config.yaml: is null, not a mapping of keys"),
    "nested too deeply": ("[" * 5000, "config/config.yaml: nested too deeply"),
    "a tag that would run code": ("a: !!python/object/apply:os.abort []", "config/config.yaml, line 1: not YAML"),
}


@pytest.mark.parametrize("mistake", CONFIG_FILES)
def test_config_file(tmp_path, monkeypatch, record_property, mistake):
    content, expected = CONFIG_FILES[mistake]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text(content)
    record_property("tried", mistake)
    with pytest.raises(SystemExit) as caught:
        settings.checked(read_config_file, Path("config/config.yaml"))
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    record_property("refused", (f"config.yaml: {mistake}", str(caught.value).removeprefix("error: ")))


@pytest.mark.parametrize("quiet", [False, True])
def test_the_cures_come_last(tmp_path, quiet):
    """Those of two jobs that failed, below all that Snakemake says; where it says nothing, they are not repeated."""
    exam = shutil.copytree(EXAM, tmp_path / "exam")
    edit_row(exam, list.pop)
    (tmp_path / "p.jsonl").write_text('{"txt": "a"}\n')
    wrong = ["--config", 'ceval={"source": "exam"}', 'inference={"prompts": "p.jsonl"}', *["--quiet", "all"] * quiet]
    command = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile", "--cores", "1", "--keep-going"]
    done = subprocess.run([*command, "ceval", "inference", *wrong], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    cures = sorted(lines[-2:])
    assert [cure.split(": ")[:2] for cure in cures] == [["error", "exam/val/law_val.csv"], ["error", "p.jsonl:1"]]
    assert len([line for line in lines if line.startswith("error: ")]) == (2 if quiet else 4)


def test_errors_of_an_earlier_run_are_not_printed(tmp_path, capsys):
    logs = [tmp_path / name for name in ("a.log", "b.log", "none.log")]
    for log in logs[:2]:
        log.write_text("a line\nerror: correct it\nanother\n")
    print_errors_of(logs, logs[0].stat().st_mtime - 1)
    assert capsys.readouterr().err == "error: correct it\n"
    print_errors_of(logs, logs[1].stat().st_mtime + 1)
    assert capsys.readouterr().err == ""


def test_snakemake_refuses_a_config_file(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text("model: {source: demo\nengine: [")
    assert "config/config.yaml, line 2: not YAML" in one_line_of(snakemake(tmp_path), tmp_path)


def test_snakemake_refuses_an_overlay_that_is_no_mapping(tmp_path):
    """Snakemake reads an overlay before the workflow, and says so in its own words."""
    path = tmp_path / "overlay.yaml"
    path.write_text("- model\n")
    done = snakemake(tmp_path, "--configfile", str(path))
    assert done.returncode == 1
    assert "Config file must be given as JSON or YAML with keys at top level." in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_defaults_pass_their_schema_and_each_key_has_one():
    settings.check_settings(DEFAULTS, SCHEMA)
    for section, keys in SCHEMA["properties"].items():
        assert set(DEFAULTS[section]) == set(keys["properties"]) == set(keys["required"])
    patterns = [rules for rules in rules_of(SCHEMA) if "pattern" in rules]
    assert patterns
    assert all("description" in rules for rules in patterns)  # which the error's line says


def rules_of(value) -> list[dict]:
    """All mappings inside of a schema."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value] * isinstance(value, dict) + [rules for part in parts for rules in rules_of(part)]
