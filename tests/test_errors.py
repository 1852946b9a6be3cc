"""Wrong input: one line that names the key or file and the cure, exit code 1, nothing half-written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import yaml

from baichuan2.settings import check_settings

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "workflow" / "scripts"


def edit_json(path: Path, **fields) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def index_names_absent(source: Path) -> None:
    path = source / "pytorch_model.bin.index.json"
    index = json.loads(path.read_text())
    index["weight_map"]["lm_head.weight"] = "pytorch_model-00003-of-00003.bin"
    path.write_text(json.dumps(index))


def swap_index(source: Path) -> None:
    path = source / "pytorch_model.bin.index.json"
    index = json.loads(path.read_text())
    files = sorted(set(index["weight_map"].values()))
    index["weight_map"]["lm_head.weight"] = files[0]
    path.write_text(json.dumps(index))


def pickle_that_runs(source: Path) -> None:
    path = source / "pytorch_model-00001-of-00002.bin"
    torch.save({"lm_head.weight": Runs()}, path)


class Runs:
    """Unpickled, it would create a file."""

    def __reduce__(self):
        return (open, (str(ROOT / "was-run"), "w"))


def huge_header(source: Path) -> None:
    (source / "model.safetensors").write_bytes((100 * 2**30).to_bytes(8, "little") + b"{}")


SHARD = "pytorch_model-0000{}-of-00002.bin"
MISTAKES = {
    "missing shard": (lambda s: (s / SHARD.format(2)).unlink(), SHARD.format(2) + ": missing"),
    "truncated shard": (lambda s: truncate(s / SHARD.format(1)), SHARD.format(1) + ": truncated"),
    "absent in index": (index_names_absent, "pytorch_model-00003-of-00003.bin: missing"),
    "index and shards differ": (swap_index, "lacks lm_head.weight"),
    "no weights": (lambda s: [p.unlink() for p in s.glob("pytorch_model*")], "no weights here"),
    "Baichuan 1": (lambda s: edit_json(s / "config.json", vocab_size=64000), "Baichuan 1"),
    "not Baichuan": (lambda s: edit_json(s / "config.json", model_type="llama"), "not a Baichuan2 model"),
    "another vocabulary": (lambda s: edit_json(s / "config.json", vocab_size=600), "config.json means [600, 96]"),
    "no config": (lambda s: (s / "config.json").unlink(), "config.json: no such file"),
    "broken config": (lambda s: truncate(s / "config.json"), "config.json: not valid JSON"),
    "another tokenizer": (lambda s: truncate(s / "tokenizer.model"), "tokenizer.model: "),
    "no tokenizer": (lambda s: (s / "tokenizer.model").unlink(), "tokenizer.model: missing"),
    "quantized": (lambda s: edit_json(s / "config.json", quantization_config={"bits": 4}), "quantized already"),
    "a pickle that runs code": (pickle_that_runs, SHARD.format(1) + ": truncated or not a weights file"),
    "a 100 GiB header": (huge_header, "model.safetensors: truncated or not a weights file"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_link_refuses(make_source, tmp_path, mistake):
    spoil, expected = MISTAKES[mistake]
    source = make_source(tmp_path / "source")
    spoil(source)
    command = [sys.executable, SCRIPTS / "link_model.py", "--source", source, "--out", tmp_path / "model"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    lines = [line for line in done.stderr.splitlines() if line]
    assert done.returncode == 1
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert expected in lines[0]
    assert not (tmp_path / "model").exists()
    assert not (ROOT / "was-run").exists()


SETTINGS = {
    "engine.max_seq_length: no such key; did you mean max_seq_len?": {"engine": {"max_seq_length": 2048}},
    "models: no such key; did you mean model?": {"models": {}},
    "engine.device: is 'gpu'; it must be one of 'auto', 'cpu', 'cuda', 'npu'": {"engine": {"device": "gpu"}},
    "parallel.world_size: is '2'; it must be of type integer": {"parallel": {"world_size": "2"}},
    "perf.repeats: is 0; it must be at least 1": {"perf": {"repeats": 0}},
    "ceval.split: the test split's answers are not published": {"ceval": {"split": "test"}},
    "parallel.world_size: 7 does not divide": {"parallel": {"world_size": 7}},
    "quantize.rollback: layer 99": {"quantize": {"rollback": [99]}},
    "model.source: /no/such is not a directory": {"model": {"source": "/no/such"}},
    "model.source: 'hf:Baichuan2-13B-Chat' should be": {"model": {"source": "hf:Baichuan2-13B-Chat"}},
}


@pytest.mark.parametrize("expected", SETTINGS)
def test_snakemake_refuses_settings(tmp_path, expected):
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(yaml.safe_dump(SETTINGS[expected]))
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "all", "--configfile", str(overlay)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("error: ")]
    assert done.returncode == 1
    assert len(said) == 1
    assert f"error: {expected}" in said[0]
    assert "Traceback" not in done.stdout + done.stderr


def test_defaults_pass_their_schema_and_each_key_has_one():
    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    schema = yaml.safe_load((ROOT / "config" / "config.schema.yaml").read_text())
    check_settings(config, schema)
    for section, keys in schema["properties"].items():
        assert set(config[section]) == set(keys["properties"]) == set(keys["required"])
