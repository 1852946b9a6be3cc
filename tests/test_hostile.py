"""Files made to harm: refused with one line, within bounds of memory and time (see guard.py), nothing run or written.

docs/generated/refused.md lists them all.
"""

from __future__ import annotations

import collections
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from safetensors.torch import save_file

from baichuan2.integrity import files_beside, read_sealed, write_sealed
from baichuan2.model.sizes import linear_names, tensor_shapes
from baichuan2.w8a8.arithmetic import folded, quantize_weight
from baichuan2.w8a8.artefact import ArtefactWriter
from helpers.models import ALIBI, random_tensors
from test_errors import EXAM, ROOT, edit_json, infer, score

GROWN_MIB = 400  # what refusing any of these files may take, beside what torch and the libraries take


@pytest.fixture
def refuse_hostile(refuse, tmp_path):
    """As refuse, and nothing was run, nothing is in results/, and little memory was taken."""

    def run(*arguments, **more):
        done = refuse(*arguments, **more)
        assert done.grown_mib < GROWN_MIB, done
        assert not harm(tmp_path).exists()
        assert not (tmp_path / "results").exists()

    return run


def harm(folder: Path) -> Path:
    """What code in a hostile file would make."""
    return folder / "was-run"


class Calls:
    """Unpickled, it calls a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def sparse(path: Path, size: int = 100 << 30, head: bytes = b"") -> None:
    """A file that claims `size` bytes and takes none of the disk."""
    path.unlink(missing_ok=True)
    with open(path, "wb") as file:
        file.write(head)
        file.truncate(size)


def loop(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)


def fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def device(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to("/dev/zero")


ODD_FILES = {
    "a FIFO": (fifo, "a device, a pipe or a socket, not a file"),
    "a link to /dev/zero": (device, "a device, a pipe or a socket, not a file"),
    "a link to itself": (loop, "cannot be read (Too many levels of symbolic links)"),
}


def nested(depth: int = 100_000) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def bomb(path: Path, name: str, size: int = 10 << 30, method: int = zipfile.ZIP_DEFLATED) -> None:
    """A zip whose one member inflates to `size` zeros."""
    packer, piece = zlib.compressobj(9, zlib.DEFLATED, -15), 16 << 20
    block = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, block * (size // piece) + b"\3\0")
        archive.filelist[0].compress_type, archive.filelist[0].file_size = method, size


def compressed(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", os.urandom(100_000))
        archive.writestr("archive/data/0", bytes(16))


def many_members(path: Path, count: int) -> None:
    """A zip that lists its one member `count` times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("dev/law_dev.csv", b"")
    data = buffer.getvalue()
    start = data.index(b"PK\1\2")
    end = data.index(b"PK\5\6")
    table = data[start:end] * count
    numbers = min(count, 0xFFFF).to_bytes(2, "little") * 2 + len(table).to_bytes(4, "little")
    path.write_bytes(data[:start] + table + data[end : end + 8] + numbers + data[end + 16 :])


# Weights: link_model.py


def bin_of(make):
    """A spoiler that puts what `make(folder)` gives, saved by torch, in place of the weights."""

    def spoil(source: Path) -> None:
        torch.save(make(source.parent), single(source))

    return spoil


def single(source: Path, name: str = "pytorch_model.bin") -> Path:
    for path in source.glob("pytorch_model*"):
        path.unlink()
    return source / name


class Storage:
    """Saved, it is the storage "0" of `numel` numbers of a kind."""

    def __init__(self, numel: int, kind: type = torch.FloatStorage):
        self.numel, self.kind = numel, kind


def torch_zip(path: Path, value, extra: dict[str, bytes] | None = None, claim: int = 0) -> None:
    """A file as torch.save writes it, of any pickle: a storage of 16 bytes, or of the bytes that it claims."""

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            if isinstance(value, Storage):
                return ("storage", value.kind, "0", "cpu", value.numel)
            return None

    buffer = io.BytesIO()
    Pickler(buffer, protocol=2).dump(value)
    with zipfile.ZipFile(path, "w") as archive:
        files = {"data.pkl": buffer.getvalue(), "data/0": bytes(16), "version": b"3\n", "byteorder": b"little"}
        for name, data in (files | (extra or {})).items():
            archive.writestr(f"archive/{name}", data)
        if claim:
            archive.filelist[1].file_size = archive.filelist[1].compress_size = claim


def tensor(
    numel: int, shape: tuple, stride: tuple, name: str = "lm_head.weight", kind: type = torch.FloatStorage
) -> dict:
    rebuild = (Storage(numel, kind), 0, shape, stride, False, collections.OrderedDict())
    return {name: Calls(torch._utils._rebuild_tensor_v2, *rebuild)}


def in_capitals(source: Path) -> None:
    """torch looks its records up whatever their case: it reads the first pickle, not the second."""
    pickles = {"archive/DATA.PKL": pickle.dumps(Calls(bytearray, 10**11), 2), "other/data.pkl": pickle.dumps({}, 2)}
    with zipfile.ZipFile(single(source), "w") as archive:
        for name, data in (pickles | {"archive/version": b"3\n"}).items():
            archive.writestr(name, data)


def older(make):
    """As bin_of, in the form of torch before the zip."""
    return lambda s: torch.save(make(s.parent), single(s), _use_new_zipfile_serialization=False)


LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}."


def legacy(value):
    """A spoiler that writes the older form of any pickle, with 16 bytes of storage."""

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            if isinstance(value, Storage):
                return ("storage", torch.FloatStorage, "0", "cpu", value.numel, None)
            return None

    def spoil(source: Path) -> None:
        with open(single(source), "wb") as file:
            file.write(LEGACY)
            Pickler(file, protocol=2).dump(value)
            pickle.dump(["0"], file, protocol=2)
            file.write((4).to_bytes(8, "little") + bytes(16))

    return spoil


def from_card(*arguments):
    """A spoiler that writes a .bin that calls torch_npu's rebuild function with these arguments."""

    def spoil(source: Path) -> None:
        value = io.BytesIO()
        pickle.Pickler(value, protocol=2).dump({"a": Calls(torch._utils._rebuild_tensor_v2, *arguments)})
        data = value.getvalue().replace(
            b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch_npu.utils.storage\n_rebuild_npu_tensor\n"
        )
        with zipfile.ZipFile(single(source), "w") as archive:
            for name, member in {"data.pkl": data, "version": b"3\n", "byteorder": b"little"}.items():
                archive.writestr(f"archive/{name}", member)

    return spoil


def header(**tensors):
    """A spoiler that writes model.safetensors of 64 bytes of data with this header."""

    def spoil(source: Path) -> None:
        text = json.dumps(tensors).encode()
        single(source, "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + bytes(64))

    return spoil


def raw_header(length: int, text: bytes):
    return lambda s: single(s, "model.safetensors").write_bytes(length.to_bytes(8, "little") + text)


def f32(shape: list, begin: int, end: int) -> dict:
    return {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}


def index_of(mapping: dict):
    return lambda s: (s / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": mapping}))


def index_text(text: str):
    return lambda s: (s / "pytorch_model.bin.index.json").write_text(text)


def config_text(old: str, new: str):
    def spoil(source: Path) -> None:
        path = source / "config.json"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return spoil


BIN, SAFE, INDEX = (
    "pytorch_model.bin: truncated or",
    "model.safetensors: truncated or",
    "pytorch_model.bin.index.json",
)
ELSEWHERE = "which is not a file beside it"
BELIEVED = "it must be an integer from 1 to"
WEIGHTS = {
    "bin: a pickle that runs code": (
        bin_of(lambda d: {"a": Calls(open, str(harm(d)), "w")}),
        "names 'io.open', which no tensor needs",
    ),
    "bin: a pickle that makes a bytearray of 100 GB": (
        bin_of(lambda d: {"a": Calls(bytearray, 10**11)}),
        "bytearray', which no tensor needs",
    ),
    "bin: older form, a pickle that runs code": (
        older(lambda d: {"a": Calls(open, str(harm(d)), "w")}),
        "names 'io.open', which no tensor needs",
    ),
    "bin: older form, a pickle of 9 MB": (older(lambda d: {"a" * (9 << 20): torch.ones(1)}), BIN),
    "bin: older form, 100 GB of nothing": (lambda s: sparse(single(s), head=LEGACY), BIN),
    "bin: older form, a storage of 10^12 numbers": (legacy(tensor(10**12, (10**12,), (1,))), "does not fit"),
    "bin: of an Ascend card, with two of seven arguments": (from_card(1, 2), BIN),
    "bin: of an Ascend card, a format of a million digits": (from_card(0, 0, 0, 0, 0, 0, "9" * 10**6), BIN),
    "bin: a compressed pickle of 10 GB": (lambda s: bomb(single(s), "archive/data.pkl"), "claim to be larger"),
    "bin: a compressed storage of 10 GB": (lambda s: bomb(single(s), "archive/data/0"), "a zip archive, but not of"),
    "bin: a compressed member": (lambda s: compressed(single(s)), "is compressed, which torch never does"),
    "bin: two pickles whose names differ in case": (
        lambda s: torch_zip(single(s), tensor(4, (4,), (1,)), {"DATA.PKL": pickle.dumps([1] * 9)}),
        "two of its parts have one name",
    ),
    "bin: a pickle in capitals that makes a bytearray of 100 GB": (in_capitals, "bytearray', which no tensor needs"),
    "bin: a pickle of 9 MB": (lambda s: torch_zip(single(s), "a" * (9 << 20)), "its pickle is over 8 MB"),
    "bin: a pickle of 2 million steps": (lambda s: torch_zip(single(s), [1] * 2_000_000), "does more than listing"),
    "bin: a member of 100 GB that is not there": (
        lambda s: torch_zip(single(s), tensor(4, (4,), (1,)), claim=10**11),
        "claim to be larger",
    ),
    "bin: a storage of 10^12 numbers": (lambda s: torch_zip(single(s), tensor(10**12, (10**12,), (1,))), BIN),
    "bin: a shape over its storage": (lambda s: torch_zip(single(s), tensor(4, (10**6, 10**6), (10**6, 1))), BIN),
    "bin: a shape whose product overflows": (lambda s: torch_zip(single(s), tensor(4, (2**40, 2**40), (1, 1))), BIN),
    "bin: one number, said to fill 4 TB": (
        lambda s: torch_zip(single(s), tensor(4, (10**6, 10**6), (0, 0))),
        "no file holds model.embed_tokens.weight",
    ),
    "bin: a list of a million members": (lambda s: many_members(single(s), 10**6), "list of members is too long"),
    "bin: 100 GB of nothing": (lambda s: sparse(single(s)), BIN),
    "safetensors: a header of 100 GiB": (raw_header(100 << 30, b"{}"), SAFE),
    "safetensors: a header of 100 GiB in a file as large": (
        lambda s: sparse(single(s, "model.safetensors"), 101 << 30, (100 << 30).to_bytes(8, "little")),
        SAFE,
    ),
    "safetensors: a header of 9 MB": (raw_header(9 << 20, b" " * (9 << 20)), SAFE),
    "safetensors: a deeply nested header": (raw_header(len(nested()), nested().encode()), SAFE),
    "safetensors: overlapping tensors": (header(a=f32([16], 0, 64), b=f32([8], 32, 64)), SAFE),
    "safetensors: offsets past the end": (header(a=f32([10**9], 0, 4 * 10**9)), SAFE),
    "safetensors: offsets that run backwards": (header(a=f32([16], 64, 0)), SAFE),
    "safetensors: a negative offset": (header(a=f32([16], -64, 0)), SAFE),
    "safetensors: a shape whose product overflows": (header(a=f32([2**40, 2**40], 0, 64)), SAFE),
    "safetensors: a negative shape": (header(a=f32([-16, -1], 0, 64)), SAFE),
    "safetensors: a dtype of its own": (header(a=f32([16], 0, 64) | {"dtype": "X"}), SAFE),
    "index: a file above": (index_of({"a": "../../etc/passwd"}), ELSEWHERE),
    "index: an absolute file": (index_of({"a": "/etc/passwd"}), ELSEWHERE),
    "index: a file of Windows": (index_of({"a": "..\\x"}), ELSEWHERE),
    "index: a NUL in a name": (index_of({"a": "x\0y"}), ELSEWHERE),
    "index: a name of 1000 letters": (index_of({"a": "x" * 1000}), ELSEWHERE),
    "index: a hidden file": (index_of({"a": ".x"}), ELSEWHERE),
    "index: a number for a file": (index_of({"a": 1}), "has no weight_map"),
    "index: a million entries": (index_of({f"tensor.{k}": f"{k}.bin" for k in range(10**6)}), INDEX + ": over 8 MB"),
    "index: deeply nested": (index_text(nested()), INDEX + ": not valid JSON (nested too deeply)"),
    "index: 100 GB": (lambda s: sparse(s / INDEX), INDEX + ": over 8 MB"),
    "config.json: deeply nested": (lambda s: (s / "config.json").write_text(nested()), "(nested too deeply)"),
    "config.json: 100 GB": (lambda s: sparse(s / "config.json"), "config.json: over 8 MB"),
    "config.json: NUL bytes": (lambda s: sparse(s / "config.json", 1000), "config.json: holds NUL bytes"),
    "config.json: vocab_size 10^12": (lambda s: edit_json(s / "config.json", vocab_size=10**12), BELIEVED),
    "config.json: 10^9 layers": (lambda s: edit_json(s / "config.json", num_hidden_layers=10**9), BELIEVED),
    "config.json: -1 heads": (lambda s: edit_json(s / "config.json", num_attention_heads=-1), BELIEVED),
    "config.json: hidden_size NaN": (lambda s: edit_json(s / "config.json", hidden_size=float("nan")), BELIEVED),
    "config.json: text for a size": (lambda s: edit_json(s / "config.json", hidden_size="9" * 10**6), BELIEVED),
    "config.json: a size of 5000 digits": (config_text(": 544", ": 1" + "0" * 5000), "not valid JSON"),
    "config.json: model_max_length Infinity": (
        lambda s: edit_json(s / "config.json", model_max_length=float("inf")),
        BELIEVED,
    ),
    "config.json: rms_norm_eps NaN": (
        lambda s: edit_json(s / "config.json", rms_norm_eps=float("nan")),
        "rms_norm_eps is nan",
    ),
    "config.json: text for rms_norm_eps": (lambda s: edit_json(s / "config.json", rms_norm_eps="x"), "rms_norm_eps"),
    "config.json: a list for torch_dtype": (
        lambda s: edit_json(s / "config.json", torch_dtype=[1]),
        "torch_dtype is [1]",
    ),
    "config.json: another position_embedding": (
        lambda s: edit_json(s / "config.json", position_embedding={}),
        "position_embedding is {}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", WEIGHTS)
def test_weights(make_source, tmp_path, refuse_hostile, attack):
    spoil, expected = WEIGHTS[attack]
    source, out = make_source(tmp_path / "source"), tmp_path / "results" / "model"
    spoil(source)
    refuse_hostile(attack, expected, "link_model.py", "--source", source, "--out", out)


LOOPS = {"config.json": None, "pytorch_model-00001-of-00002.bin": "missing, though", INDEX: "without its index"}


@pytest.mark.parametrize("kind", ODD_FILES)
@pytest.mark.parametrize("name", LOOPS)
def test_weights_that_are_no_files(make_source, tmp_path, refuse_hostile, kind, name):
    put, expected = ODD_FILES[kind]
    if put is loop and LOOPS[name]:
        expected = LOOPS[name]
    source, out = make_source(tmp_path / "source"), tmp_path / "results" / "model"
    put(source / name)
    refuse_hostile(f"{name}: {kind}", expected, "link_model.py", "--source", source, "--out", out)


@pytest.mark.parametrize("kind", ODD_FILES)
def test_weights_that_are_no_files_while_the_workflow_is_parsed(tmp_path, refuse_hostile, kind):
    put, _ = ODD_FILES[kind]
    put(tmp_path / "model.safetensors")
    refuse_hostile(f"fingerprints: {kind}", "correct model.source", "baichuan2.model.source:fingerprints", tmp_path)


@pytest.mark.parametrize("name", ["tokenizer.model", "generation_config.json"])
def test_small_files_that_are_not_small(tmp_path, refuse_hostile, name):
    sparse(tmp_path / name)
    refuse_hostile(f"{name}: 100 GB", f"{name}: over 64 MB", "baichuan2.model.source:small_files", tmp_path)


def test_code_beside_the_weights_is_neither_copied_nor_run(make_source, tmp_path, guarded):
    source, out = make_source(tmp_path / "source"), tmp_path / "model"
    evil = f"open({str(harm(tmp_path))!r}, 'w')\n"
    for name in ("evil.py", "modeling_baichuan.py", "tokenization_baichuan.py", "__init__.py", "sitecustomize.py"):
        (source / name).write_text(evil)
    edit_json(source / "config.json", auto_map={"AutoConfig": "evil.X", "AutoModelForCausalLM": "evil.X"})
    edit_json(source / "tokenizer_config.json", auto_map={"AutoTokenizer": ["evil.X", None]}, tokenizer_class="X")
    for script in ("link_model.py", "patch_config.py"):
        assert guarded(script, "--source", source, "--out", out).code == 0
    assert "evil" not in (out / "config.json").read_text() + (out / "tokenizer_config.json").read_text()
    assert not any(harm(tmp_path).name in path.read_text() for path in out.glob("*.py"))
    assert not (out / "evil.py").exists()
    calibration = tmp_path / "p.txt"
    calibration.write_text("what is the capital city of\n")
    load = "import sys; from transformers import AutoTokenizer, AutoModelForCausalLM as M; d = sys.argv[1]; "
    load += "AutoTokenizer.from_pretrained(d, trust_remote_code=True); M.from_pretrained(d, trust_remote_code=True)"
    done = subprocess.run([sys.executable, "-c", load, out], capture_output=True, text=True, cwd=source.parent)
    assert done.returncode == 0, done.stderr
    assert not harm(tmp_path).exists()


# The exam: score_ceval.py

LAW = "val/law_val.csv"
HEADER = "id,question,A,B,C,D,answer\n"


def law(text: str | bytes):
    data = text.encode() if isinstance(text, str) else text
    return lambda e: (e / LAW).write_bytes(data)


def zipped(make):
    """A spoiler that puts a zip, which make(path) writes, in the place of the exam."""

    def spoil(exam: Path) -> None:
        shutil.rmtree(exam)
        make(exam)

    return spoil


def zip_of(name: str, data: bytes = b"x", mode: int = 0o644):
    def make(path: Path) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = (0o120000 | mode) << 16 if mode == 0o777 else mode << 16
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(info, data)

    return zipped(make)


def garbage(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dev/law_dev.csv", b"\xff" * 1000)
        archive.filelist[0].compress_type = zipfile.ZIP_DEFLATED


EXAMS = {
    "csv: a million columns": (law(HEADER.strip() + ",x" * 10**6 + "\n"), "1000007 columns"),
    "csv: a line of 1 GB": (lambda e: sparse(e / LAW, 1 << 30), "over 8 MB"),
    "csv: a field of 7 MB": (law(HEADER + "1," + "x" * (7 << 20)), "field larger than field limit"),
    "csv: 8 million lines": (law(HEADER + "\n" * 8_000_000), "no rows under the header"),
    "csv: a header of 4 million commas": (law("," * 4_000_000), "no column id, question, A, B, answer"),
    "csv: NUL bytes": (law(HEADER + "1,\0,a,b,c,d,A\n"), "holds NUL bytes"),
    "csv: an open quote": (law(HEADER + '1,"' + "x\n" * 10**6), "law_val.csv, line 65538: not csv"),
    "csv: random bytes": (law(bytes(range(1, 256)) * 100), "not UTF-8 text"),
    "zip: a csv that inflates to 10 GB": (zipped(lambda p: bomb(p, "dev/law_dev.csv")), "over 8 MB"),
    "zip: a csv of 10 GB that claims 100 bytes": (
        zipped(lambda p: bomb(p, "dev/law_dev.csv", 10 << 30) or shrink(p)),
        "law_dev.csv: ",
    ),
    "zip: LZMA": (
        zipped(lambda p: bomb(p, "dev/law_dev.csv", 1 << 20, zipfile.ZIP_LZMA)),
        "compressed in a way that the published exam is not",
    ),
    "zip: what does not inflate": (zipped(garbage), "cannot be read"),
    "zip: 20 000 members": (zipped(lambda p: many_members(p, 20_000)), "over 10000 files, which no exam has"),
    "zip: a list of a million members": (zipped(lambda p: many_members(p, 10**6)), "list of members is too long"),
    "zip: the same file twice": (zipped(lambda p: many_members(p, 2)), "it is there more than once"),
    "zip: paths above": (zip_of("../dev/law_dev.csv"), "law_dev.csv: no such member"),
    "zip: absolute paths": (zip_of("/dev/law_dev.csv"), "law_dev.csv: no such member"),
    "zip: a link for a file": (zip_of("dev/law_dev.csv", b"/etc/passwd", 0o777), "law_dev.csv: no column id"),
    "zip: 100 GB of nothing": (zipped(sparse), "not a whole zip file"),
}


def shrink(path: Path) -> None:
    """Let the list of members claim 100 bytes for the first of them."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        packed = archive.filelist[0].compress_size
    with zipfile.ZipFile(path, "w") as archive:
        start = 30 + len("dev/law_dev.csv")
        archive.writestr("dev/law_dev.csv", data[start : start + packed])
        archive.filelist[0].compress_type, archive.filelist[0].file_size = zipfile.ZIP_DEFLATED, 100


@pytest.fixture(scope="module")
def law_exam(tmp_path_factory) -> Path:
    """The demo exam's one subject."""
    root = tmp_path_factory.mktemp("exam")
    for split in ("dev", "val"):
        (root / split).mkdir()
        shutil.copy(EXAM / split / f"law_{split}.csv", root / split)
    return root


@pytest.mark.parametrize("attack", EXAMS)
def test_exam(law_exam, tmp_path, refuse_hostile, attack):
    spoil, expected = EXAMS[attack]
    exam = shutil.copytree(law_exam, tmp_path / "exam")
    spoil(exam)
    refuse_hostile(attack, expected, *score(exam, tmp_path / "results" / "r.jsonl", "--subject", "law"))


@pytest.mark.parametrize("kind", ODD_FILES)
@pytest.mark.parametrize("where", ["a csv", "the exam"])
def test_exam_that_is_no_file(law_exam, tmp_path, refuse_hostile, kind, where):
    put, expected = ODD_FILES[kind]
    exam = shutil.copytree(law_exam, tmp_path / "exam") if where == "a csv" else tmp_path / "exam"
    put(exam / LAW if where == "a csv" else exam)
    command = score(exam, tmp_path / "results" / "r.jsonl", "--subject", "law")
    refuse_hostile(f"{where} is {kind}", expected, *command)


# Prompts and calibration


TEXTS = {
    "a line of 1 GB": (lambda p: sparse(p, 1 << 30), "p.jsonl: over 8 MB"),
    "a deeply nested line": (lambda p: p.write_text(nested()), "p.jsonl"),
    "NUL bytes": (lambda p: p.write_bytes(b'{"prompt": "\0"}'), "p.jsonl: holds NUL bytes"),
    "a number of 5000 digits": (lambda p: p.write_text('{"prompt": ' + "9" * 5000 + "}"), "p.jsonl"),
    **ODD_FILES,
}


@pytest.mark.parametrize("attack", TEXTS)
@pytest.mark.parametrize("task", ["inference", "calibrate"])
def test_prompts(tmp_path, refuse_hostile, task, attack):
    put, expected = TEXTS[attack]
    path, out = tmp_path / "p.jsonl", tmp_path / "results" / "out"
    put(path)
    calibrate = ["calibrate.py", "--model", tmp_path, "--prompts", path, "--out", out]
    command = infer(tmp_path, out, path) if task == "inference" else calibrate
    refuse_hostile(f"{'prompts' if task == 'inference' else 'calibration'}: {attack}", expected, *command)


# A quantized model


def npy(payload: bytes) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|O", "fortran_order": False, "shape": ()})
    return buffer.getvalue() + payload


def plain_header() -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "<f4", "fortran_order": False, "shape": (10**12,)})
    return buffer.getvalue()


def pickled(value) -> bytes:
    return npy(pickle.dumps({"a": value}, protocol=4))


def inner(data: bytes) -> bytes:
    return pickled(Calls(torch.storage._load_from_bytes, data))


def inner_bomb(folder: Path) -> bytes:
    bomb(folder / "bomb.zip", "archive/data.pkl", 4 << 30)
    return inner((folder / "bomb.zip").read_bytes())


def older(value) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, _use_new_zipfile_serialization=False)
    return buffer.getvalue()


RECONSTRUCT = np.empty(0).__reduce__()[0]
ARRAYS = {
    "a pickle that runs code": (lambda d: pickled(Calls(open, str(harm(d)), "w")), "it asks for io.open"),
    "a pickle inside of a pickle that runs code": (
        lambda d: inner(older(Calls(open, str(harm(d)), "w"))),
        "which no tensor needs",
    ),
    "a bytearray of 100 GB": (lambda d: pickled(Calls(bytearray, 10**11)), "it asks for"),
    "a bytearray of 100 GB inside of a pickle": (lambda d: inner(older(Calls(bytearray, 10**11))), "no tensor needs"),
    "an opcode for a bytearray of 100 GB": (
        lambda d: npy(b"\x80\5\x96" + (10**11).to_bytes(8, "little") + b"."),
        "not one of ModelSlim's arrays",
    ),
    "an opcode for bytes of 100 GB": (
        lambda d: npy(b"\x80\4\x8e" + (10**11).to_bytes(8, "little") + b"."),
        "not one of ModelSlim's arrays",
    ),
    "a memo of 2^31 places": (lambda d: npy(b"\x80\4}r\xff\xff\xff\x7f0]."), "holds no dict of module names"),
    "an array of 100 GB": (
        lambda d: pickled(Calls(RECONSTRUCT, np.ndarray, (10**11,), b"b")),
        "it asks for an empty array of shape (100000000000,)",
    ),
    "an array of 100 GB by its class": (
        lambda d: pickled(Calls(np.ndarray, (10**11,))),
        "not one of ModelSlim's arrays (TypeError",
    ),
    "a numpy array of objects": (lambda d: pickled(np.array([Calls(print)])), "it asks for"),
    "a zip bomb inside of a pickle": (inner_bomb, "claim to be larger"),
    "one number, said to fill 4 TB": (
        lambda d: pickled(Calls(torch._utils._rebuild_tensor_v2, STORAGE, 0, (10**6, 10**6), (0, 0), False, None)),
        "claims to be larger than its data",
    ),
    "an array of 4 TB": (lambda d: plain_header(), "not a pickled dict"),
    "a header of 4 GB": (lambda d: b"\x93NUMPY\2\0\xff\xff\xff\xff", "version (2, 0)"),
}  # fmt: skip
FOUR_BYTES = torch.storage.TypedStorage(
    wrap_storage=torch.ones(1).untyped_storage(), dtype=torch.float32, _internal=True
)
STORAGE = Calls(torch.storage._load_from_bytes, older(FOUR_BYTES))


@pytest.mark.parametrize("attack", ARRAYS)
def test_arrays(tmp_path, refuse_hostile, attack):
    make, expected = ARRAYS[attack]
    path = tmp_path / "x.npy"
    path.write_bytes(make(tmp_path))
    refuse_hostile(f".npy: {attack}", expected, "baichuan2.w8a8.arrays:read_arrays", path)


@pytest.fixture(scope="module")
def model(make_model) -> Path:
    return make_model()


@pytest.fixture(scope="module")
def quantized(tmp_path_factory) -> Path:
    """A quantized model in shards, each linear in int8."""
    out = tmp_path_factory.mktemp("quantized") / "quant"
    out.mkdir()
    tensors, linears = random_tensors(ALIBI), linear_names(ALIBI)
    writer = ArtefactWriter(out, tensor_shapes(ALIBI), linears, torch.float32, 200_000)
    for name, value in tensors.items():
        module = name.removesuffix(".weight")
        if module in linears:
            writer.add_linear(module, folded(*quantize_weight(value), torch.tensor([0.01]), torch.tensor([3.0])))
        else:
            writer.add_float(name, value)
    writer.finish("test", {})
    return out


DESCRIPTION, STEM = "quant_model_description.json", "quant_model_weight_w8a8"


def relist(quant: Path, name: str) -> None:
    """Let the manifest list the file as it is: the manifest may be as hostile as the file."""
    manifest = read_sealed(quant / "manifest.json")
    manifest["files"] |= files_beside(quant, [name])
    write_sealed(quant / "manifest.json", manifest)


def rewritten(name: str, text: str):
    def spoil(quant: Path) -> None:
        (quant / name).write_text(text)
        if name != "manifest.json":
            relist(quant, name)

    return spoil


def huge(name: str):
    return lambda quant: sparse(quant / name)


PARTS = f"{STEM}.safetensors.index.json"
QUANTIZED = {
    "description: deeply nested": (rewritten(DESCRIPTION, nested()), DESCRIPTION + ": not valid JSON (nested too"),
    "description: 100 GB": (huge(DESCRIPTION), DESCRIPTION + ": has 107374182400 bytes, not the"),
    "description: a list": (rewritten(DESCRIPTION, "[]"), DESCRIPTION + ": not a JSON object"),
    "description: lists for kinds": (rewritten(DESCRIPTION, '{"a": []}'), DESCRIPTION + ": must give each"),
    "manifest: deeply nested": (rewritten("manifest.json", nested()), "manifest.json: not valid JSON (nested too"),
    "manifest: 100 GB": (huge("manifest.json"), "manifest.json: over 8 MB"),
    "manifest: a list": (rewritten("manifest.json", "[]"), "manifest.json: not a JSON object"),
    "quantized index: a file above": (rewritten(PARTS, '{"weight_map": {"a": "../x"}}'), ELSEWHERE),
    "quantized index: deeply nested": (rewritten(PARTS, nested()), PARTS + ": not valid JSON (nested too"),
}


@pytest.mark.parametrize("attack", QUANTIZED)
def test_quantized(model, quantized, tmp_path, refuse_hostile, attack):
    spoil, expected = QUANTIZED[attack]
    quant = shutil.copytree(quantized, tmp_path / "quant")
    spoil(quant)
    prompts = tmp_path / "p.txt"
    prompts.write_text("what is\n")
    command = infer(model, tmp_path / "results" / "a", prompts, "--quant", quant, "--engine", "device=cpu")
    refuse_hostile(attack, expected, *command)


# Settings: an overlay whose aliases multiply


def test_an_overlay_of_aliases(tmp_path, record_property):
    """A billion laughs in a list, which Snakemake passes on; the config as a whole would be 10^12 values."""
    lines = ["quantize:", "  rollback:", "  - &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"  - &a{k} [{','.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 12)]
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text("\n".join(lines))
    assert yaml.safe_load(overlay.read_text())
    record_property("tried", "overlay")
    command = ["bash", "-c", 'ulimit -v 4000000; exec "$0" -m snakemake -n --quiet all --configfile "$1"']
    done = subprocess.run([*command, sys.executable, overlay], capture_output=True, text=True, cwd=ROOT, timeout=30)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("error: ")]
    assert done.returncode == 1
    assert said == ["error: config.yaml: over 100000 values, aliases followed; shorten it"]
    record_property("refused", ("an overlay of aliases of aliases", said[0].removeprefix("error: ")))


def test_the_bounds_hold(tmp_path, guarded):
    """What these tests rest on: a child that takes too much memory, or writes too much, does not end well."""
    path = tmp_path / "x.bin"
    sparse(path, 3 << 30)
    assert guarded("pathlib:Path.read_bytes", path).code != 0
    save_file({"a": torch.ones(1)}, tmp_path / "a.safetensors")
    assert guarded("baichuan2.model.checkpoint:check_safetensors_header", tmp_path / "a.safetensors").code == 0
