"""A checkpoint of a published size that computes a small model's function: every answer of it is known.

It is written tensor by tensor, in the published layout, and its bytes are the same on every machine: random numbers
are integers, and the rest are the small model's weights times powers of two.
"""

from __future__ import annotations

import io
import math
import pickle
import sys
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentencepiece import sentencepiece_model_pb2
from torch import Tensor
from tqdm import tqdm

from baichuan2.files import check_room, publish_file, read_bytes, read_json, write_json
from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.placement import Placement
from baichuan2.model.sizes import KNOWN, ModelConfig, tensor_shapes
from baichuan2.model.source import MADE, copy_bytes
from baichuan2.model.tokenizer import TOKENIZER_BYTES

SHARDS = 3
# The constant channel, and what the final norm makes of it: logits of the tokens that the small model lacks lie 256
# final norms of it below the others. Both fit into float16.
CONSTANT, CONSTANT_NORM = 2.0**-7, 2.0**15
_NOISE = 2.0**-3  # how large a noise row's product may be, about
_ROWS = 4096  # that are made at once


class KnownWeights:
    """The large model's tensors, made one at a time from the small model's."""

    def __init__(self, directory: Path, placement: Placement):
        self._small = Checkpoint(directory, placement.small)
        self.placement = placement
        self.dtype = torch.bfloat16 if placement.is_exact else torch.float32
        self.shapes = tensor_shapes(placement.large)

    def get(self, name: str) -> Tensor:
        """The tensor `name`, bfloat16, or float32 where powers of two do not suffice."""
        _, _, layer, *_ = [*name.split("."), *[""] * 3]
        place = self.placement.layers.get(int(layer)) if layer.isdigit() else None
        kind = name.removesuffix(".weight").rpartition(".")[2]
        out = torch.zeros(self.shapes[name], dtype=self.dtype)
        if layer.isdigit() and place is None:
            self._fill_unused(name, kind, out)
        else:
            inner = name if place is None else name.replace(f".{layer}.", f".{place}.", 1)
            fill: Callable[..., None] = getattr(self, f"_{kind}")
            fill(self._small.get(inner).float(), out, name)
        return out

    # Each fills `out`, zeros, with what the small model's `weight`, float32, becomes.

    def _embed_tokens(self, weight: Tensor, out: Tensor, name: str) -> None:
        """Tokens that the small model lacks are other names of those that it has."""
        channels, amplitudes = self._channels.flatten(), self._amplitudes
        for start in range(0, len(out), _ROWS):
            rows = weight[torch.arange(start, min(start + _ROWS, len(out))) % len(weight)]
            copies = (rows[:, None] * amplitudes[:, None]).flatten(1)
            out[start : start + _ROWS, channels] = copies.to(out.dtype)
        out[:, self.placement.constant] = CONSTANT

    def _lm_head(self, weight: Tensor, out: Tensor, name: str) -> None:
        out[: len(weight), self._read] = weight.to(out.dtype)
        out[len(weight) :, self.placement.constant] = -1

    def _norm(self, weight: Tensor, out: Tensor, name: str) -> None:
        """Each copy that is read leaves the norm as the small model's normed channel."""
        amplitudes = self._amplitudes.clamp(min=self._amplitudes[self.placement.read_copies - 1])
        out[self._channels] = (weight * self.placement.norm_factor / amplitudes[:, None]).to(out.dtype)
        out[self.placement.constant] = CONSTANT_NORM if name == "model.norm.weight" else 0

    _input_layernorm = _post_attention_layernorm = _norm

    def _W_pack(self, weight: Tensor, out: Tensor, name: str) -> None:
        wide, narrow = self.placement.large, self.placement.small
        q, k, v = (part.unflatten(0, (-1, narrow.head_dim)) for part in weight.chunk(3))
        own = torch.zeros(3 * wide.hidden_size, dtype=torch.bool)
        factors = torch.tensor(self.placement.query_factors, dtype=torch.float32)
        for head in range(narrow.num_attention_heads):
            rows = torch.tensor(self.placement.query_rows(head))
            values = torch.tensor(self.placement.value_rows(head)) + 2 * wide.hidden_size
            self._put(out, rows, factors[:, None, None] * q[head])
            self._put(out, rows + wide.hidden_size, k[head].expand(len(rows), -1, -1))
            self._put(out, values, v[head])
            own[rows], own[rows + wide.hidden_size], own[values] = True, True, True
            # what is left of the head's q stays 0, and so out of its scores
            start = self.placement.heads[head] * wide.head_dim
            own[start : start + wide.head_dim] = True
        self._add_noise(out, ~own, name)

    def _gate_proj(self, weight: Tensor, out: Tensor, name: str) -> None:
        self._put(out, self._neurons, weight)
        own = torch.zeros(len(out), dtype=torch.bool)
        own[self._neurons] = True
        self._add_noise(out, ~own, name)

    _up_proj = _gate_proj

    def _o_proj(self, weight: Tensor, out: Tensor, name: str) -> None:
        self._write(out, torch.tensor(self.placement.value_columns), weight)

    def _down_proj(self, weight: Tensor, out: Tensor, name: str) -> None:
        self._write(out, self._neurons, weight)

    def _fill_unused(self, name: str, kind: str, out: Tensor) -> None:
        """A layer that adds nothing to the residual, yet has the work of any other."""
        if out.dim() == 1:
            out.fill_(1)
        elif kind not in ("o_proj", "down_proj"):
            self._add_noise(out, torch.ones(len(out), dtype=torch.bool), name)

    def _put(self, out: Tensor, rows: Tensor, weight: Tensor) -> None:
        """Rows that read the small model's channels."""
        out[rows.reshape(-1, 1), self._read] = weight.reshape(-1, weight.shape[-1]).to(out.dtype)

    def _write(self, out: Tensor, columns: Tensor, weight: Tensor) -> None:
        """Write to all copies of the residual, and to nothing else."""
        for channels, amplitude in zip(self._channels, self._amplitudes, strict=True):
            out[channels[:, None], columns] = (weight * amplitude).to(out.dtype)

    def _add_noise(self, out: Tensor, rows: Tensor, name: str) -> None:
        """Fill `rows` with random numbers, small enough that their products stay inside the small model's ranges.

        A normed row of the copies has at most `largest * sqrt(small hidden)` in each of them.
        """
        largest = self._largest_norm(name)
        length = largest * math.sqrt(self._channels.numel())
        scale = 2.0 ** math.floor(math.log2(_NOISE / length)) / 128
        source = np.random.PCG64(zlib.crc32(name.encode()))
        index = rows.nonzero()[:, 0]
        for part in index.split(_ROWS):
            values = source.random_raw(-(-len(part) * out.shape[1] // 8)).astype("<u8").view(np.int8)
            values = torch.from_numpy(values[: len(part) * out.shape[1]]).unflatten(0, (len(part), -1))
            out[part] = values.to(out.dtype) * scale
        out[index, self.placement.constant] = 0

    def _largest_norm(self, name: str) -> float:
        """The largest weight of the norm before the linear `name`."""
        _, _, layer, part, *_ = name.split(".")
        norm = "input_layernorm" if part == "self_attn" else "post_attention_layernorm"
        place = self.placement.layers.get(int(layer))
        if place is None:  # all ones, and copies of larger amplitude come out larger
            return float(self._amplitudes.max())
        return float(self._small.get(f"model.layers.{place}.{norm}.weight").abs().max())

    @cached_property
    def _channels(self) -> Tensor:
        return torch.tensor(self.placement.channels)

    @cached_property
    def _amplitudes(self) -> Tensor:
        return torch.tensor(self.placement.amplitudes)

    @cached_property
    def _read(self) -> Tensor:
        return torch.tensor(self.placement.read)

    @cached_property
    def _neurons(self) -> Tensor:
        return torch.tensor(self.placement.neurons)


def make(name: str, small: Path, into: Path, listing: Path) -> None:
    """Write one of sizes.KNOWN, which computes the model in `small`, into a folder, and its `listing` (JSON) last.

    Raises UserError where the disk has no room for it.
    """
    large = KNOWN[name]
    count, item = sum(map(math.prod, tensor_shapes(large).values())), getattr(torch, large.dtype).itemsize
    into.mkdir(parents=True, exist_ok=True)
    check_room(into, count * item)
    write_known(small, large, into)
    files = {path.name: path.stat().st_size for path in sorted(into.iterdir())}
    write_json(listing, {"hub": MADE, "name": name, "files": files})


def write_known(small: Path, large: ModelConfig, out: Path, shards: int = SHARDS) -> Placement:
    """Write into the folder `out` a checkpoint of the sizes `large` that computes the model in the folder `small`.

    The layout is the published one: .bin shards and their index, tokenizer and settings. Returns where the small
    model lies in it. Raises UserError where it does not fit.
    """
    placement = Placement(ModelConfig.read(small), large)
    weights = KnownWeights(small, placement)
    out.mkdir(parents=True, exist_ok=True)
    weight_map: dict[str, str] = {}
    itemsize = weights.dtype.itemsize
    with tqdm(total=sum(map(math.prod, weights.shapes.values())) * itemsize, unit="B", unit_scale=True) as progress:
        for number, names in enumerate(_shared_out(weights.shapes, shards), 1):
            file = f"pytorch_model-{number:05d}-of-{shards:05d}.bin"
            _write_shard(out / file, weights, names, progress)
            weight_map |= dict.fromkeys(names, file)
    index = {"metadata": {"total_size": progress.total}, "weight_map": weight_map}
    write_json(out / "pytorch_model.bin.index.json", index)
    _write_settings(small, large, out, weights.dtype)
    return placement


def _shared_out(shapes: dict[str, tuple[int, ...]], shards: int) -> list[list[str]]:
    """The tensors' names for each shard, in order, of about the same size."""
    total, before = sum(map(math.prod, shapes.values())), 0
    parts: list[list[str]] = [[] for _ in range(shards)]
    for name, shape in shapes.items():
        parts[before * shards // total].append(name)
        before += math.prod(shape)
    return parts


class _Storage:
    """What a tensor to be written refers to in the pickle: the number of its record."""

    def __init__(self, key: str, count: int):
        self.key, self.count = key, count


class _Written:
    """A tensor of a shard, whose pickle rebuilds it from a storage that is written later."""

    def __init__(self, storage: _Storage, shape: tuple[int, ...]):
        self._storage, self._shape = storage, shape

    def __reduce__(self) -> tuple[Any, ...]:
        stride = tuple(math.prod(self._shape[k + 1 :]) for k in range(len(self._shape)))
        return torch._utils._rebuild_tensor_v2, (self._storage, 0, self._shape, stride, False, OrderedDict())


def _write_shard(path: Path, weights: KnownWeights, names: Iterable[str], progress: tqdm) -> None:
    """As torch.save of a dictionary of tensors, which would need all of them at once."""
    storages = {name: _Storage(str(k), math.prod(weights.shapes[name])) for k, name in enumerate(names)}
    tensors = OrderedDict((name, _Written(storage, weights.shapes[name])) for name, storage in storages.items())
    kind = {torch.bfloat16: torch.BFloat16Storage, torch.float32: torch.FloatStorage}[weights.dtype]

    class Pickler(pickle.Pickler):
        def persistent_id(self, value: Any) -> tuple[Any, ...] | None:
            return ("storage", kind, value.key, "cpu", value.count) if isinstance(value, _Storage) else None

    buffer = io.BytesIO()
    Pickler(buffer, protocol=2).dump(tensors)
    # given a path, torch would put the temporary file's name into the file
    with publish_file(path) as partial, open(partial, "wb") as file:
        writer = torch._C.PyTorchFileWriter(file)
        for record, data in (("data.pkl", buffer.getvalue()), ("byteorder", sys.byteorder.encode())):
            writer.write_record(record, data, len(data))
        for name, storage in storages.items():
            tensor = weights.get(name).untyped_storage()
            writer.write_record(f"data/{storage.key}", tensor, tensor.nbytes())  # type: ignore[arg-type]
            progress.update(tensor.nbytes())
        writer.write_end_of_file()


def _write_settings(small: Path, large: ModelConfig, out: Path, dtype: torch.dtype) -> None:
    """The tokenizer, with pieces for the tokens that the small model lacks, and the settings of the small model."""
    fields = read_json(small / "config.json")
    sizes = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    fields |= {name: getattr(large, name) for name in sizes}
    fields["torch_dtype"] = str(dtype).removeprefix("torch.")
    write_json(out / "config.json", fields)
    for name in ("generation_config.json", "special_tokens_map.json", "tokenizer_config.json"):
        copy_bytes(small / name, out / name)
    model = sentencepiece_model_pb2.ModelProto.FromString(  # type: ignore[attr-defined]
        read_bytes(small / "tokenizer.model", TOKENIZER_BYTES)
    )
    least = min(piece.score for piece in model.pieces)
    characters = map(chr, (*range(0xE000, 0xF900), *range(0xF0000, 0xFFFFE), *range(0x100000, 0x10FFFE)))
    for character in islice(characters, large.vocab_size - len(model.pieces)):
        model.pieces.add(piece=character, score=least - 1)
    with publish_file(out / "tokenizer.model") as partial:
        partial.write_bytes(model.SerializeToString(deterministic=True))
