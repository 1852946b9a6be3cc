"""What torch.save wrote of a dictionary of tensors: names, dtypes and shapes. Imports nothing heavy."""

from __future__ import annotations

import io
import pickle
import pickletools
import sys
import zipfile
from collections import OrderedDict
from typing import Any, NamedTuple

# Of others, such as a bytearray's, Python takes the memory before it has read a byte of them.
_OPCODES = {
    "PROTO", "GLOBAL", "MARK", "STOP", "REDUCE", "BINPERSID", "BINGET", "LONG_BINGET", "BINPUT", "LONG_BINPUT",
    "EMPTY_DICT", "SETITEM", "SETITEMS", "EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3",
    "BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1", "NEWFALSE", "NEWTRUE",
}  # fmt: skip


class Described(NamedTuple):
    """A tensor: its dtype, by safetensors' name, and its shape."""

    dtype: str
    shape: tuple[int, ...]


class _Storage(NamedTuple):
    """A storage: its dtype, the bytes of a number, and how many numbers it has; 0 of its class."""

    dtype: str
    size: int
    numel: int = 0


_STORAGES = {
    "FloatStorage": _Storage("F32", 4),
    "HalfStorage": _Storage("F16", 2),
    "BFloat16Storage": _Storage("BF16", 2),
}


def described(archive: zipfile.ZipFile) -> dict[str, Described] | None:
    """{name: tensor} of a dictionary of dense tensors as torch.save writes it; None for anything else.

    archive: one that checkpoint.check_torch_zip has passed. None is no verdict: torch then reads the file, and says
    what is wrong with it. A dictionary that is given, torch can read: each record is there, as large as its storage,
    and each tensor lies within its storage.
    """
    try:
        value = _Reader(archive).load()
    except Exception:  # pickle and zipfile raise many kinds, and each means that it is anything else
        return None
    plain = type(value) in (dict, OrderedDict) and all(
        type(name) is str and type(tensor) is Described for name, tensor in value.items()
    )
    return value if plain and value else None


class _Reader(pickle.Unpickler):
    """Calls nothing but what describes; raises what it may for what torch.save does not write."""

    def __init__(self, archive: zipfile.ZipFile):
        self._sizes = {member.filename: member.file_size for member in archive.infolist()}
        self._root = archive.infolist()[0].filename.partition("/")[0]  # torch goes by the first
        self._storages: dict[str, _Storage] = {}  # by key
        self._expect(archive, "version", b"3\n")
        if f"{self._root}/byteorder" in self._sizes:
            self._expect(archive, "byteorder", sys.byteorder.encode())
        data = archive.read(f"{self._root}/data.pkl")
        for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
            if opcode.name not in _OPCODES or (opcode.name == "LONG_BINPUT" and (argument or 0) > count):
                raise ValueError(f"opcode {opcode.name}")
        super().__init__(io.BytesIO(data))

    def _expect(self, archive: zipfile.ZipFile, name: str, content: bytes) -> None:
        record = f"{self._root}/{name}"
        if self._sizes[record] != len(content) or archive.read(record) != content:
            raise ValueError(f"another {name}")

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch":
            return _STORAGES[name]
        return {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        }[module, name]

    def persistent_load(self, parts: Any) -> _Storage:
        kind, storage, key, _location, numel = parts
        size = self._sizes[f"{self._root}/data/{key}"]
        if kind != "storage" or type(storage) is not _Storage or size != numel * storage.size:
            raise ValueError("no such storage")
        storage = storage._replace(numel=numel)
        if self._storages.setdefault(key, storage) != storage:  # torch takes the first for all
            raise ValueError("a storage of two dtypes")
        return storage


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, _requires_grad: Any, _hooks: Any) -> Described:
    """As torch._utils._rebuild_tensor_v2, whose arguments these are."""
    numbers = (offset, *shape, *strides)
    if type(storage) is not _Storage or any(type(number) is not int or number < 0 for number in numbers):
        raise ValueError("no tensor")
    last = offset + sum((length - 1) * stride for length, stride in zip(shape, strides, strict=True))
    if type(shape) is not tuple or (0 not in shape and last >= storage.numel):
        raise ValueError("over its storage")
    return Described(storage.dtype, shape)
