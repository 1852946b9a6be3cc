"""Where the engine's weights come from: float files, a W8A8 artefact, or random numbers of a named shape."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from baichuan2.errors import UserError
from baichuan2.integrity import MANIFEST, identity_of, read_sealed
from baichuan2.model.directory import open_weights
from baichuan2.model.sizes import ModelConfig, linear_names, tensor_shapes
from baichuan2.ranks.table import part_shape
from baichuan2.w8a8.arithmetic import Int8Layer, QuantizedLinear, folded
from baichuan2.w8a8.artefact import QuantArtefact

_ROWS = 1024  # random ones drawn at a time


class Weights(Protocol):
    """One rank's weights, or the whole model's, by name; precision is that of the linears: float, w8a8, ...

    They are read inside of `held`.
    """

    precision: str
    int8_modules: frozenset[str]

    def tensor(self, name: str) -> Tensor:
        """The float tensor `name`, as stored."""

    def int8(self, module: str) -> Int8Layer | None:
        """The W8A8 form of linear `module`, or None where it is float."""

    def held(self) -> AbstractContextManager[None]:
        """Hold the files against their digests while they are read: see TensorSet.held_against."""


WeightsOf = Callable[[int, int], Weights]  # (rank, world_size) -> that rank's weights


class FloatWeights:
    """A model directory, or the directory of one rank of it."""

    precision = "float"
    int8_modules: frozenset[str] = frozenset()

    def __init__(self, directory: Path, config: ModelConfig, world_size: int = 1):
        shapes = {name: part_shape(name, shape, world_size) for name, shape in tensor_shapes(config).items()}
        self._checkpoint, self._manifest = open_weights(directory, config, shapes)

    def tensor(self, name: str) -> Tensor:
        return self._checkpoint.get(name)

    def int8(self, module: str) -> Int8Layer | None:
        return None

    def held(self) -> AbstractContextManager[None]:
        return self._checkpoint.held_against(self._manifest)


class QuantWeights:
    """A W8A8 artefact, or the directory of one rank of it; the artefact says what is int8, and in which scheme."""

    def __init__(self, directory: Path):
        self._artefact = QuantArtefact.of_small_files(directory)
        self.precision = self._artefact.scheme.precision
        self.int8_modules = frozenset(self._artefact.int8_layers)

    def tensor(self, name: str) -> Tensor:
        return self._artefact.float_tensor(name)

    def int8(self, module: str) -> Int8Layer | None:
        return self._artefact.linear(module) if module in self.int8_modules else None

    def held(self) -> AbstractContextManager[None]:
        return self._artefact.held()


class RandomWeights:
    """Normal random numbers of a model's shapes, the same for the same name, for measuring speed without files.

    With `quantized`, every linear is int8, of the static scheme with made-up scales. Every rank of a cut
    model has the same numbers: they are for speed, and are no shards of the uncut ones.
    """

    def __init__(self, config: ModelConfig, quantized: bool, rank: int = 0, world_size: int = 1):
        self.precision = "w8a8" if quantized else "float"
        self.int8_modules = frozenset(linear_names(config) if quantized else ())
        self._dtype = getattr(torch, config.dtype)
        self._shapes = {name: part_shape(name, shape, world_size) for name, shape in tensor_shapes(config).items()}

    def tensor(self, name: str) -> Tensor:
        shape = self._shapes[name]
        if len(shape) == 1:
            return torch.ones(shape, dtype=self._dtype)
        generator, weight = _generator(name), torch.empty(shape, dtype=self._dtype)
        for rows in weight.split(_ROWS):  # a multiple of 16, so that the numbers are those of one draw
            rows.copy_(torch.randn(rows.shape, generator=generator, dtype=torch.float32).mul_(0.02))
        return weight

    def int8(self, module: str) -> QuantizedLinear | None:
        if module not in self.int8_modules:
            return None
        rows, columns = self._shapes[f"{module}.weight"]
        weight = torch.randint(-127, 128, (rows, columns), generator=_generator(module), dtype=torch.int8)
        scale = torch.full((rows, 1), 0.06 / 127)
        return folded(weight, scale, torch.tensor([8.0 / 255]), torch.tensor([0.0]))

    def held(self) -> AbstractContextManager[None]:
        return nullcontext()


def _generator(name: str) -> torch.Generator:
    return torch.Generator().manual_seed(zlib.crc32(name.encode()))


def float_weights(
    model: Path, config: ModelConfig, rank: int, world_size: int, parts: Path | None = None
) -> FloatWeights:
    """The float weights of one rank, or with world_size 1 the whole model's."""
    return FloatWeights(rank_directory(model, rank, world_size, parts), config, world_size)


def quant_weights(quant: Path, rank: int, world_size: int, parts: Path | None = None) -> QuantWeights:
    """The W8A8 weights of one rank, or with world_size 1 the whole model's."""
    return QuantWeights(rank_directory(quant, rank, world_size, parts))


def rank_directory(directory: Path, rank: int, world_size: int, parts: Path | None = None) -> Path:
    """`directory`, or the part of it that rank `rank` of `world_size` loads, of `parts` or its own part_model.

    Raises UserError where the parts are missing or were cut for another world_size.
    """
    if world_size == 1:
        return Path(directory)
    path = Path(parts or Path(directory) / "part_model") / str(rank)
    if not (path / MANIFEST).exists():
        raise UserError(
            f"{path}: no weights cut for rank {rank}; run the workflow's cut with world_size {world_size}"
        )
    part = read_sealed(path / MANIFEST)
    if (part["rank"], part["world_size"]) != (rank, world_size):
        raise UserError(
            f"{path}: cut for rank {part['rank']} of {part['world_size']}, not {rank} of {world_size}; run the "
            "workflow's cut again"
        )
    if part["whole"] != identity_of(directory):
        raise UserError(f"{path}: cut from other weights than those of {directory}; run the workflow's cut again")
    return path
