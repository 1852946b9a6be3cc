"""Files are read once: digests are taken of what is used or written, and a damaged file is noticed all the same."""

from __future__ import annotations

import hashlib
import itertools
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from baichuan2 import integrity
from baichuan2.errors import UserError
from baichuan2.integrity import PassingDigest, files_beside
from baichuan2.model.checkpoint import ShardWriter, TensorSet, read_whole
from baichuan2.model.directory import read_once
from baichuan2.model.source import WEIGHT_SUFFIXES
from helpers.models import ALIBI

PIECES = [b"header", b"one" * 700, b"two", b"" * 3, b"three" * 900, b"end"]


def tensors(count: int = 5) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return {f"t{k}": torch.randn(200 + 300 * k, 7, generator=generator).bfloat16() for k in range(count)}


def flip(path: Path, place: int) -> None:
    with open(path, "r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 16]))


@pytest.mark.parametrize("left_out", range(len(PIECES)))
def test_a_digest_of_pieces_in_any_order(tmp_path, left_out):
    path = tmp_path / "file"
    path.write_bytes(b"".join(PIECES))
    starts = list(itertools.accumulate(map(len, PIECES), initial=0))
    expected = {"size": starts[-1], "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    for order in itertools.permutations(range(len(PIECES))):
        digest = PassingDigest(path)
        for k in order:
            if k != left_out:
                digest.pass_by(starts[k], memoryview(PIECES[k]) if k % 2 else len(PIECES[k]))
                digest.pass_by(starts[k], memoryview(PIECES[k]))
        assert digest.entry() == expected


def save_tied(values: dict[str, torch.Tensor], path: Path) -> None:
    """A .bin with two names for one storage, one of them a part of it."""
    torch.save({**values, "tied": values["t1"], "view": values["t2"][3:9]}, path)


def save_legacy(values: dict[str, torch.Tensor], path: Path) -> None:
    torch.save(values, path, _use_new_zipfile_serialization=False)


FORMS = {"a.safetensors": save_file, "zip.bin": torch.save, "tied.bin": save_tied, "legacy.bin": save_legacy}


@pytest.fixture
def bytes_read(monkeypatch) -> list[int]:
    """How many bytes were read for digests."""
    counts: list[int] = []
    blocks = integrity.blocks

    def counted(file, size):
        for block in blocks(file, size):
            counts.append(len(block))
            yield block

    monkeypatch.setattr(integrity, "blocks", counted)
    return counts


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "backwards"])
@pytest.mark.parametrize("name", FORMS)
def test_tensors_are_digested_while_they_are_read(tmp_path, bytes_read, name, order):
    FORMS[name](tensors(), tmp_path / name)
    manifest = {"files": files_beside(tmp_path)}
    size = manifest["files"][name]["size"]
    read = TensorSet(tmp_path, [name])
    with read.held_against(manifest):
        for tensor in list(tensors())[::order]:
            assert torch.equal(read.get(tensor), tensors()[tensor])
    assert sum(bytes_read) == size if name.startswith("legacy") else 0 < sum(bytes_read) < size / 10


def fail_reading(read: TensorSet, manifest: dict, damage: Callable[[], None]) -> None:
    with read.held_against(manifest):
        damage()
        raise RuntimeError("what comes of wrong numbers, or another fault")


@pytest.mark.parametrize("name", FORMS)
def test_a_byte_that_differs_anywhere_is_noticed(tmp_path, name):
    path = tmp_path / name
    FORMS[name](tensors(), path)
    manifest = {"files": files_beside(tmp_path)}
    size = path.stat().st_size
    read = TensorSet(tmp_path, [name])
    for place in [*range(size // 10, size, size // 40), size - 1]:  # what is before was read when it was opened
        with pytest.raises(UserError, match=f"{name}: its content is not what manifest"):
            fail_reading(read, manifest, lambda place=place: flip(path, place))
        flip(path, place)
    with pytest.raises(RuntimeError):
        fail_reading(read, manifest, lambda: None)


def test_what_is_not_read_is_digested_too(tmp_path):
    save_file(tensors(), tmp_path / "a.safetensors")
    manifest = {"files": files_beside(tmp_path)}
    read = TensorSet(tmp_path, ["a.safetensors"])
    flip(tmp_path / "a.safetensors", os.path.getsize(tmp_path / "a.safetensors") - 1)
    with pytest.raises(UserError, match="its content is not"), read.held_against(manifest):
        read.get("t0")


@pytest.mark.parametrize("place", [2, 11, 60, -2])
@pytest.mark.parametrize("layout", ["safetensors", "bin-sharded"])
def test_a_damaged_header_is_damage(make_model, layout, place):
    """Not a file of another kind, nor weights of another model."""
    model = make_model(ALIBI, layout)
    weights = next(path for path in model.iterdir() if path.suffix in WEIGHT_SUFFIXES)
    flip(weights, place % weights.stat().st_size)
    with pytest.raises(UserError, match=f"{weights.name}.*: its content is not"), read_once(model, ALIBI):
        pass


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "backwards"])
def test_a_writer_knows_the_digests_of_what_it_wrote(tmp_path, bytes_read, order):
    values = tensors()
    writer = ShardWriter(tmp_path, {name: (value.dtype, value.shape) for name, value in values.items()}, "w", 20_000)
    for name in list(values)[::order]:
        writer.add(name, values[name])
    written = writer.close()
    assert order < 0 or not bytes_read
    assert len(written) > 1
    index = "w.safetensors.index.json"
    assert written | files_beside(tmp_path, [index]) == files_beside(tmp_path)
    read = TensorSet(tmp_path, written)
    assert all(torch.equal(read.get(name), value) for name, value in values.items())


@pytest.mark.parametrize("name", FORMS)
def test_the_one_pass_over_a_weights_file(tmp_path, name):
    FORMS[name](tensors(), tmp_path / name)
    assert {name: read_whole(tmp_path / name)} == files_beside(tmp_path)


def test_the_one_pass_notices_a_record_that_differs(tmp_path):
    path = tmp_path / "zip.bin"
    torch.save(tensors(), path)
    with zipfile.ZipFile(path) as archive:
        record = next(info for info in archive.infolist() if info.filename.endswith("data/3"))
    with open(path, "rb") as file:
        file.seek(record.header_offset + 26)
        of_name, of_extra = struct.unpack("<HH", file.read(4))
    content = record.header_offset + 30 + of_name + of_extra
    for place in (content, content + record.file_size - 1, record.header_offset, record.header_offset + 31):
        flip(path, place)
        with pytest.raises(UserError, match=r"zip\.bin: damaged \(the checksum of zip/data/3 is wrong\)"):
            read_whole(path)
        flip(path, place)
    assert read_whole(path) == files_beside(tmp_path)["zip.bin"]
