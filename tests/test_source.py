"""model.source: what it may be, what is fetched from a hub, and what identifies weights."""

from __future__ import annotations

import json
from types import SimpleNamespace

import huggingface_hub
import pytest

from baichuan2.errors import UserError
from baichuan2.model.source import Source, download, fingerprint, fingerprints


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hf:baichuan-inc/Baichuan2-13B-Chat", Source("hf", "baichuan-inc/Baichuan2-13B-Chat")),
        ("hf:baichuan-inc/Baichuan2-7B-Base@v2.0", Source("hf", "baichuan-inc/Baichuan2-7B-Base", "v2.0")),
        ("modelscope:baichuan-inc/Baichuan2-7B-Chat", Source("modelscope", "baichuan-inc/Baichuan2-7B-Chat")),
        ("/data/权重 weights", Source("", "/data/权重 weights")),
    ],
)
def test_parse(text, expected):
    assert Source.parse(text) == expected


def test_a_source_is_one_part_of_a_path():
    """Hugging Face has revisions such as refs/pr/1."""
    slugs = [Source.parse(f"hf:org/name{revision}").slug for revision in ("", "@v1", "@refs/pr/1")]
    assert slugs == ["hf-org--name-latest", "hf-org--name-v1", "hf-org--name-refs--pr--1"]


@pytest.fixture
def hub(monkeypatch):
    """A fake Hugging Face: what it was asked for, and the files it has."""
    asked = {}

    def model_info(self, name, revision=None):
        files = [SimpleNamespace(rfilename=name) for name in asked["files"]]
        return SimpleNamespace(sha="c0ffee", siblings=files)

    def snapshot_download(name, **options):
        asked.update(options, name=name)
        (options["local_dir"] / "config.json").write_text("{}")

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", model_info)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    return asked


@pytest.mark.parametrize("safetensors", [True, False])
def test_download_takes_weights_once_and_no_code(hub, tmp_path, safetensors):
    hub["files"] = ["a.bin", "a.safetensors"] if safetensors else ["a.bin"]
    download(Source.parse("hf:org/name@main"), tmp_path / "files", tmp_path / "listing.json")
    assert hub["name"] == "org/name"
    assert hub["revision"] == "c0ffee"
    assert ("*.bin" in hub["allow_patterns"]) != safetensors
    assert not any(pattern.endswith(".py") or pattern == "*" for pattern in hub["allow_patterns"])
    listing = json.loads((tmp_path / "listing.json").read_text())
    assert listing == {"hub": "hf", "name": "org/name", "commit": "c0ffee", "files": {"config.json": 2}}


def test_what_no_hub_gives_is_one_line(monkeypatch, tmp_path):
    def fail(*_, **__):
        raise OSError("no route to host\nand much more")

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", fail)
    with pytest.raises(
        UserError, match=r"model.source: hf:org/name could not be downloaded \(OSError: no route to host and"
    ):
        download(Source.parse("hf:org/name"), tmp_path / "files", tmp_path / "listing.json")
    with pytest.raises(UserError, match=r"model.source: .* is on no hub"):
        download(Source.parse("/data"), tmp_path / "files", tmp_path / "listing.json")
    assert not (tmp_path / "listing.json").exists()


def test_fingerprint_is_the_contents_alone(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(bytes(range(256)) * 40000)
    first = fingerprint(path)
    path.touch()
    assert fingerprint(path) == first
    moved = path.rename(tmp_path / "other.bin")
    assert fingerprint(moved) == first
    with open(moved, "r+b") as file:
        file.write(b"x")
    assert fingerprint(moved) != first


def test_a_link_that_leads_nowhere_is_named(tmp_path):
    (tmp_path / "pytorch_model.bin").symlink_to("/no/such/file")
    with pytest.raises(UserError, match=r"pytorch_model.bin: a link to /no/such/file"):
        fingerprints(tmp_path)
