"""Read any published layout of weights tensor by tensor, and write shards that appear whole.

Weights are data: .safetensors and .bin (torch's zip pickles, weights_only) are memory-mapped, and no code
that came with them is run.
"""

from __future__ import annotations

import io
import json
import math
import os
import pickletools
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from baichuan2.errors import UserError, shown
from baichuan2.files import SMALL_BYTES, check_regular, open_zip, read_json, write_json
from baichuan2.model.sizes import ModelConfig, tensor_shapes

SHARD_BYTES = 4 * 2**30
_BLOCK_BYTES = 16 * 2**20
SAFETENSORS_DTYPES = {
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int8: "I8",
}
_OPCODES = 1_000_000  # some 100 a tensor, of at most some thousand
# what the pickle of a dictionary of tensors names
_REBUILDS = re.compile(
    r"collections OrderedDict|torch \w+Storage|torch\._utils _rebuild_(tensor_v2|parameter|parameter_with_state)"
)
_TORCH_DTYPES = {name: dtype for dtype, name in SAFETENSORS_DTYPES.items()}


def find_shards(directory: Path) -> tuple[list[str], Path | None]:
    """The weight files of a model directory and its index, if it has one.

    Looks, as transformers does, for safetensors before .bin and for a single file before an index. Raises
    UserError naming the file where there are no weights, or where the index names a file that is absent.
    """
    directory = Path(directory)
    for single, index in (
        ("model.safetensors", "model.safetensors.index.json"),
        ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ):
        if (directory / single).exists():
            return [single], None
        if (directory / index).exists():
            return _shards_of_index(directory / index), directory / index
    raise UserError(
        f"{directory}: no weights here (model.safetensors, pytorch_model.bin, or shards with their "
        ".index.json); download all files of the model, or correct model.source"
    )


def _shards_of_index(index: Path) -> list[str]:
    names = sorted(set(weight_map(index).values()))
    for name in names:
        if not (index.parent / name).exists():
            raise UserError(f"{index.parent / name}: missing, though {index.name} names it; download it again")
    return names


def weight_map(index: Path) -> dict[str, str]:
    """{tensor name: file name} of a .index.json. Raises UserError where it is malformed or names other folders."""
    mapping = read_json(index).get("weight_map")
    if not isinstance(mapping, dict) or not all(isinstance(name, str) for name in mapping.values()):
        raise UserError(f"{index}: has no weight_map of tensor to file; fetch it again")
    for name in set(mapping.values()):
        if re.search(r"[/\\\0]", name) or name.startswith(".") or len(name.encode()) > 255:
            raise UserError(f"{index}: names {shown(name)}, which is not a file beside it; fetch the index again")
    return mapping


class TensorSet:
    """The tensors of weights files in one directory, each memory-mapped anew, so that no more than one stays mapped.

    files: {tensor name: file name}. Raises UserError for a file that is missing or none of weights.
    """

    def __init__(self, directory: Path, files: Iterable[str]):
        self.directory = Path(directory)
        self._shards = {file: _open_shard(self.directory / file) for file in files}
        self.files = {tensor: file for file, shard in self._shards.items() for tensor in shard.shapes}

    def path(self, name: str) -> Path:
        return self.directory / self.files[name]

    def shape(self, name: str) -> tuple[int, ...]:
        return self._shards[self.files[name]].shapes[name]

    def dtype(self, name: str) -> torch.dtype | str:
        """The dtype, or safetensors' name of one that is none of a model's."""
        return self._shards[self.files[name]].dtypes[name]

    def get(self, name: str) -> Tensor:
        """The tensor as stored: only its own pages are read, and they go with it."""
        return self._shards[self.files[name]].get(name)


class Checkpoint(TensorSet):
    """The float weights of a model directory, read one tensor at a time.

    Shapes are checked against config.json when it is opened: a missing, surplus or misshapen tensor is a
    UserError that names it and its file.
    """

    def __init__(self, directory: Path, config: ModelConfig | None = None, expected: dict | None = None):
        self.config = config or ModelConfig.read(directory)
        shards, index = find_shards(directory)
        super().__init__(directory, shards)
        self._check(tensor_shapes(self.config) if expected is None else expected, index)

    def _check(self, expected: dict[str, tuple[int, ...]], index: Path | None) -> None:
        if index is not None:
            for tensor, name in weight_map(index).items():
                if tensor in expected and self.files.get(tensor) != name:
                    raise UserError(f"{self.directory / name}: lacks {tensor}, which {index.name} says is in it")
        for tensor, shape in expected.items():
            if tensor not in self.files:
                raise UserError(f"{self.directory}: no file holds {tensor}; download the weights again")
            where, dtype, stored = f"{self.path(tensor)}: {tensor}", super().dtype(tensor), self.shape(tensor)
            if dtype not in (torch.float32, torch.bfloat16, torch.float16):
                raise UserError(f"{where} is of dtype {dtype}; float weights are needed")
            if stored != shape:
                raise UserError(f"{where} is {list(stored)}, but config.json means {list(shape)}")
        surplus = sorted(name for name in set(self.files) - set(expected) if "rotary_emb.inv_freq" not in name)
        if surplus:
            raise UserError(f"{self.directory}: {surplus[0]} is not a tensor of Baichuan2 ({len(surplus)} such)")
        self._names = list(expected)

    def dtype(self, name: str) -> torch.dtype:
        """The dtype: float32, bfloat16 or float16."""
        dtype = super().dtype(name)
        assert isinstance(dtype, torch.dtype)
        return dtype

    def names(self) -> list[str]:
        """All tensor names, in the order of the network."""
        return self._names


class _SafetensorsShard:
    """One .safetensors file."""

    def __init__(self, path: Path):
        check_safetensors_header(path)
        self._path = path
        with self._open() as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            self.shapes = {name: tuple(value.get_shape()) for name, value in slices.items()}
            stored = {name: value.get_dtype() for name, value in slices.items()}
            self.dtypes = {name: _TORCH_DTYPES.get(dtype, dtype) for name, dtype in stored.items()}

    def _open(self):
        try:
            return safe_open(str(self._path), framework="pt")
        except (SafetensorError, OSError) as error:
            raise _unreadable(self._path, error) from None

    def get(self, name: str) -> Tensor:
        with self._open() as file:
            return file.get_tensor(name)


class _PickleShard:
    """One .bin file: a zip of torch.save, read with weights_only, memory-mapped."""

    def __init__(self, path: Path):
        self._path = path
        with _unusable_on_error(path), open(path, "rb") as file:
            check_torch_zip(file)
        tensors = self._open()
        self.shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        self.dtypes = {name: tensor.dtype for name, tensor in tensors.items()}

    def _open(self) -> dict[str, Tensor]:
        with _unusable_on_error(self._path):
            tensors = torch.load(self._path, map_location="cpu", weights_only=True, mmap=True)
        if not isinstance(tensors, dict) or not all(isinstance(value, Tensor) for value in tensors.values()):
            raise UserError(f"{self._path}: not a dictionary of tensors; download it again")
        return tensors

    def get(self, name: str) -> Tensor:
        return self._open()[name]


def _open_shard(path: Path) -> _SafetensorsShard | _PickleShard:
    check_regular(path, "give the weights file itself, or a link to it")
    return _SafetensorsShard(path) if path.suffix == ".safetensors" else _PickleShard(path)


def check_checksums(path: Path) -> None:
    """Read a .bin whole and hold each record against the CRC-32 that torch.save wrote beside it.

    A file all of whose records differ was saved without CRC-32 (torch.serialization.set_crc32_options). Raises
    UserError where only some differ: the file was damaged on its way. .safetensors carry no checksums.
    """
    with open(path, "rb") as file, open_zip(file) as archive:
        members = archive.infolist()
        damaged = [member.filename for member in members if not _is_whole(archive, member)]
    if damaged and len(damaged) < len(members):
        raise UserError(f"{path}: damaged (the checksum of {damaged[0]} is wrong); download it again")


def _is_whole(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(member) as record:
            while record.read(2**20):
                pass
    except zipfile.BadZipFile:
        return False
    return True


def check_torch_zip(file: BinaryIO) -> None:
    """Raise ValueError, before torch reads it, for a zip that torch.save has not written.

    torch would inflate a compressed member in memory, and its weights_only reader calls what is harmless but not
    small, such as bytearray(10**12): only what rebuilds tensors may be named.
    """
    with open_zip(file) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > file.seek(0, os.SEEK_END):
            raise ValueError("its parts claim to be larger than it is, as in a zip bomb")
        for member in members:
            if member.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"{shown(member.filename)} is compressed, which torch never does")
            if member.filename.endswith(".pkl"):
                if member.file_size > SMALL_BYTES:
                    raise ValueError(f"its pickle is over {SMALL_BYTES >> 20} MB")
                _check_pickle(io.BytesIO(archive.read(member)))


def check_torch_bytes(data: bytes) -> None:
    """As check_torch_zip, for what torch pickles inside of other pickles: also its older form, five pickles."""
    file = io.BytesIO(data)
    if data.startswith(b"PK\3\4"):
        check_torch_zip(file)
    else:
        for _ in range(5):
            _check_pickle(file)


def _check_pickle(file: BinaryIO) -> None:
    for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        if count > _OPCODES:
            raise ValueError("its pickle does more than listing tensors takes")
        if opcode.name == "GLOBAL" and not _REBUILDS.fullmatch(str(argument)):
            raise ValueError(f"it asks for {shown(argument)}, which no tensor needs")


@contextmanager
def _unusable_on_error(path: Path) -> Iterator[None]:
    """torch, zipfile and pickletools raise many kinds of error; but for a permission, each means a bad file."""
    try:
        yield
    except PermissionError:
        raise
    except Exception as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> UserError:
    reason = re.sub(r"\s+", " ", str(error).strip())[:160]
    return UserError(f"{path}: truncated or not a weights file ({reason}); download it again")


def check_safetensors_header(path: Path) -> None:
    """Refuse, before it is parsed, a header that is larger than the file or than any real one."""
    with open(path, "rb") as file:
        start = file.read(8)
    length = struct.unpack("<Q", start)[0] if len(start) == 8 else None
    if length is None or length > min(path.stat().st_size - 8, SMALL_BYTES):
        raise UserError(f"{path}: truncated or not a weights file (bad header length); download it again")


class ShardWriter:
    """Write tensors of known shapes, in any order, straight to their places in .safetensors shards.

    safetensors' own writer needs all tensors of a file in memory at once; here the headers are written first
    (names, dtypes and shapes are known), and each tensor's bytes go to its offset as it comes. Files are
    <stem>.safetensors, or <stem>-0000X-of-0000Y.safetensors of at most `shard_bytes` with an index. The
    directory should be an unpublished one: until `close`, the files are not whole.
    """

    def __init__(
        self,
        directory: Path,
        specs: dict[str, tuple[torch.dtype, tuple[int, ...]]],
        stem: str = "model",
        shard_bytes: int = SHARD_BYTES,
    ):
        self._directory, self._missing = Path(directory), set(specs)
        self._where: dict[str, tuple[Path, int, int]] = {}
        shards = _plan_shards(specs, shard_bytes)
        names = [f"{stem}-{k + 1:05d}-of-{len(shards):05d}.safetensors" for k in range(len(shards))]
        names = names if len(shards) > 1 else [f"{stem}.safetensors"]
        for name, shard in zip(names, shards, strict=True):
            self._start(self._directory / name, {tensor: specs[tensor] for tensor in shard})
        if len(shards) > 1:
            total = sum(size for _, _, size in self._where.values())
            mapping = {tensor: path.name for tensor, (path, _, _) in self._where.items()}
            index = {"metadata": {"total_size": total}, "weight_map": mapping}
            write_json(self._directory / f"{stem}.safetensors.index.json", index)

    def _start(self, path: Path, specs: dict[str, tuple[torch.dtype, tuple[int, ...]]]) -> None:
        header: dict = {"__metadata__": {"format": "pt"}}
        end = 0
        for name, (dtype, shape) in specs.items():
            size = _bytes_of(dtype, shape)
            header[name] = {"dtype": SAFETENSORS_DTYPES[dtype], "shape": shape, "data_offsets": [end, end + size]}
            end += size
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        for name in specs:
            begin, stop = header[name]["data_offsets"]
            self._where[name] = (path, 8 + len(text) + begin, stop - begin)
        with open(path, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            file.truncate(8 + len(text) + end)

    def add(self, name: str, tensor: Tensor) -> None:
        """Write one tensor, then read it back and compare: what is on disk is what was given."""
        path, offset, size = self._where[name]
        data = _as_bytes(tensor)
        if data.nbytes != size:
            raise ValueError(f"{name}: {data.nbytes} bytes given, {size} planned")
        with open(path, "r+b") as file:
            file.seek(offset)
            file.write(data)
            file.flush()
            file.seek(offset)
            for start in range(0, size, _BLOCK_BYTES):
                block = np.frombuffer(data[start : start + _BLOCK_BYTES], np.uint8)
                if not np.array_equal(np.frombuffer(file.read(len(block)), np.uint8), block):
                    raise OSError(f"{path}: what was written for {name} reads back differently; check the disk")
        self._missing.discard(name)

    def close(self) -> None:
        """Flush the files to the disk. Raises ValueError where a tensor was never written."""
        if self._missing:
            raise ValueError(f"never written: {sorted(self._missing)[:3]}")
        for path in {path for path, _, _ in self._where.values()}:
            with open(path, "rb") as file:
                os.fsync(file.fileno())


def _plan_shards(specs: dict, limit: int) -> list[list[str]]:
    shards: list[list[str]] = [[]]
    room = limit
    for name, (dtype, shape) in specs.items():
        size = _bytes_of(dtype, shape)
        if shards[-1] and size > room:
            shards.append([])
            room = limit
        shards[-1].append(name)
        room -= size
    return shards


def _bytes_of(dtype: torch.dtype, shape: tuple[int, ...]) -> int:
    return math.prod(shape) * dtype.itemsize


def _as_bytes(tensor: Tensor) -> memoryview:
    return tensor.contiguous().view(-1).view(torch.uint8).numpy().data
