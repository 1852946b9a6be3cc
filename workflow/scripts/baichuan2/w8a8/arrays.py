"""The guide's .npy files: a dict {module name: tensor} pickled inside an .npy, read without trusting it."""

from __future__ import annotations

import collections
import io
import pickle
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from baichuan2.errors import UserError, shown
from baichuan2.files import SMALL_BYTES, check_regular, publish_file
from baichuan2.model.checkpoint import check_torch_bytes

HEADER = {"descr": "|O", "fortran_order": False, "shape": ()}


def read_arrays(path: Path) -> dict[str, Tensor]:
    """{module name: tensor} of one of the guide's .npy files; nothing foreign in it is executed.

    Raises UserError naming the file where it is missing or holds anything but such a dict. The file is read
    into memory whole, as its format demands.
    """
    path = Path(path)
    check_regular(path, "make it by quantizing again")
    try:
        with open(path, "rb") as file:
            _read_header(file)
            value = _Unpickler(file).load()
    except pickle.UnpicklingError as error:
        raise UserError(f"{path}: refused, {error}; quantize again") from None
    except Exception as error:  # whatever a broken file makes numpy, pickle or torch raise
        raise UserError(f"{path}: not one of ModelSlim's arrays ({_one_line(error)}); quantize again") from None
    value = value.item() if isinstance(value, np.ndarray) and value.shape == () else value
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise UserError(f"{path}: holds no dict of module names; give a file that ModelSlim saved")
    return {name: _tensor(path, name, array) for name, array in value.items()}


def write_arrays(path: Path, arrays: Mapping[str, Tensor | partial]) -> None:
    """Publish `arrays` as np.load(path, allow_pickle=True).item() expects it: a dict of torch tensors.

    A partial is called for its tensor when its turn comes, so that one at a time is in memory. The same arrays give
    the same bytes.
    """
    with publish_file(path) as unpublished, open(unpublished, "wb") as file:
        np.lib.format.write_array_header_1_0(file, HEADER)
        pickler = _Pickler(file, protocol=4)
        pickler.fast = True  # no memo: it would keep every tensor's bytes alive until the end
        pickler.dump(np.array(dict(arrays), dtype=object))


class _Pickler(pickle.Pickler):
    """Writes a tensor as bytes of torch.save, and a view without the rest of its storage."""

    def reducer_override(self, value):
        value = value() if isinstance(value, partial) else value
        if not isinstance(value, Tensor):
            return NotImplemented
        buffer = io.BytesIO()
        # The zip form: the one that torch pickles by itself carries the storage's address.
        torch.save(value.detach().clone(), buffer)
        return torch.storage._load_from_bytes, (buffer.getvalue(),)


class _Unpickler(pickle._Unpickler):
    """Admits what a dict of tensors or numpy arrays needs, and nothing else.

    Python's own unpickler, since C's allocates a memo as long as the largest index in the file; without the one
    opcode that allocates for bytes that the file only claims to have.
    """

    dispatch: ClassVar = {
        code: load for code, load in pickle._Unpickler.dispatch.items() if code != pickle.BYTEARRAY8[0]
    }

    def find_class(self, module: str, name: str):
        allowed = _ALLOWED.get((module.replace("numpy.core", "numpy._core"), name))
        if allowed is None:
            raise pickle.UnpicklingError(f"it asks for {shown(f'{module}.{name}')[1:-1]}, which no array needs")
        return allowed


def _load_from_bytes(data: bytes):
    check_torch_bytes(data)
    return torch.load(io.BytesIO(data), weights_only=True, map_location="cpu")


def _tensor_of_parameter(data: Tensor, *rest) -> Tensor:
    """Float tensors are saved as parameters; the attributes that transformers gave them are not set."""
    return data


def _empty_array(_, shape: tuple, code: bytes) -> np.ndarray:
    """An array for pickle to fill; numpy itself makes it empty first."""
    if shape != (0,):
        raise pickle.UnpicklingError(f"it asks for an empty array of shape {shown(shape)}, which no array needs")
    return _RECONSTRUCT(np.ndarray, shape, code)


_RECONSTRUCT: Any = np.empty(0).__reduce__()[0]
_ALLOWED = {
    ("numpy._core.multiarray", "_reconstruct"): _empty_array,
    ("numpy", "ndarray"): "ndarray",  # only an argument of the above, so that it cannot be called
    ("numpy", "dtype"): np.dtype,
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): torch._utils._rebuild_tensor_v2,
    ("torch._utils", "_rebuild_parameter"): _tensor_of_parameter,
    ("torch._utils", "_rebuild_parameter_with_state"): _tensor_of_parameter,
    ("torch.storage", "_load_from_bytes"): _load_from_bytes,
}


def _read_header(file) -> None:
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f".npy version {version}")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    if shape != () or dtype != np.dtype(object):
        raise ValueError(f"an array {list(shape)} of {dtype}, not a pickled dict")


def _tensor(path: Path, name: str, value) -> Tensor:
    if isinstance(value, np.ndarray) and value.dtype != object:
        value = torch.from_numpy(np.ascontiguousarray(value))
    if not isinstance(value, Tensor):
        raise UserError(f"{path}: {shown(name)} is a {type(value).__name__}, not a tensor")
    if value.nbytes > max(SMALL_BYTES, value.untyped_storage().nbytes()):  # one number, expanded to a large tensor
        raise UserError(f"{path}: {shown(name)} claims to be larger than its data; quantize again")
    return value.detach()


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
