"""Cut float and W8A8 weights for tensor parallelism: part_model/<rank>/, streamed and checked as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from baichuan2.files import check_room, publish_directory, write_json
from baichuan2.integrity import MANIFEST, files_beside, identity_of, write_sealed
from baichuan2.model.checkpoint import Checkpoint, ShardWriter
from baichuan2.model.directory import MODELING_FILES, patched_fields, read_model, read_once
from baichuan2.model.sizes import check_world_size, tensor_shapes
from baichuan2.ranks.table import FIRST_RANK, how_cut, part_shape
from baichuan2.w8a8.arithmetic import Int8Layer, names_of
from baichuan2.w8a8.artefact import ArtefactWriter, QuantArtefact

CLOSING_LINE = "Tensor parallelism weights have been successfully saved."  # the guide's
_CHECK_BYTES = 64 * 2**20
_SAME_WIDTH = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


def part(tensor_name: str, tensor: Tensor, rank: int, world_size: int) -> Tensor:
    """Rank `rank`'s shard of `tensor`: a view where the cut keeps rows adjacent.

    Raises ValueError where world_size does not divide the dimension that is cut.
    """
    dim, blocks = how_cut(tensor_name)
    if dim is None or world_size == 1:
        return tensor
    if dim == FIRST_RANK:
        return tensor if rank == 0 else torch.zeros_like(tensor)
    size, rest = divmod(tensor.shape[dim], blocks * world_size)
    if rest:
        raise ValueError(f"{tensor_name}: {world_size} ranks do not divide dimension {dim} of {list(tensor.shape)}")
    if blocks == 1:
        return tensor.narrow(dim, rank * size, size)
    stacked = tensor.view(blocks, world_size * size, *tensor.shape[1:])
    return stacked[:, rank * size : (rank + 1) * size].reshape(blocks * size, *tensor.shape[1:])


def join(tensor_name: str, parts: list[Tensor]) -> Tensor:
    """The whole tensor from all ranks' parts, in rank order: the inverse of `part`."""
    dim, blocks = how_cut(tensor_name)
    if dim is None or dim == FIRST_RANK:
        return parts[0]
    if blocks == 1:
        return torch.cat(parts, dim=dim)
    stacked = [p.view(blocks, -1, *p.shape[1:]) for p in parts]
    return torch.cat(stacked, dim=1).reshape(-1, *parts[0].shape[1:])


def cut_weights(model: Path, out: Path, world_size: int) -> None:
    """Write `out`/<rank>/ for every rank: a model directory each, without a tokenizer, as the guide's tool does.

    One tensor of the source is in memory at a time, and is read once. The parts of every tensor are joined again and
    compared with it bit for bit. `out` appears when everything is written, and the source's files were those of its
    manifest. Raises UserError where they were not, and where world_size does not divide the model's sizes.
    """
    config = read_model(model)
    check_world_size(config, world_size)
    with publish_directory(out) as partial, read_once(model, config) as checkpoint, ThreadPoolExecutor() as pool:
        writers = [_rank_writer(partial / str(rank), checkpoint, world_size) for rank in range(world_size)]
        check_room(partial, sum(writer.bytes for writer in writers))
        for name in tqdm(checkpoint.names(), desc="cut weights", unit="tensor"):
            tensor = checkpoint.get(name)
            pieces = [part(name, tensor, rank, world_size) for rank in range(world_size)]
            written = [pool.submit(writer.add, name, piece) for writer, piece in zip(writers, pieces, strict=True)]
            check_parts(name, tensor, pieces)  # meanwhile
            for task in written:
                task.result()
        for rank, writer in enumerate(writers):
            entries = writer.close()
            _small_files(model, partial / str(rank), world_size)
            manifest = {"format": "baichuan2-part", "version": 1, **_part(rank, world_size, model)}
            manifest["files"] = files_beside(partial / str(rank), written=entries)
            write_sealed(partial / str(rank) / MANIFEST, manifest)
            _link_modeling_files(partial / str(rank))


def _rank_writer(directory: Path, checkpoint: Checkpoint, world_size: int) -> ShardWriter:
    directory.mkdir()
    specs = {
        name: (checkpoint.dtype(name), part_shape(name, checkpoint.shape(name), world_size))
        for name in checkpoint.names()
    }
    return ShardWriter(directory, specs)


def cut_quant(model: Path, quant: Path, out: Path, world_size: int) -> None:
    """Write `out`/<rank>/: a W8A8 artefact each, every array cut by the table of cuts.

    Weights' parts are compared as in cut_weights. Biases are whole on rank 0 and zero elsewhere, so that the sum
    of the ranks' int32 accumulators is the uncut layer's. Raises UserError as cut_weights does.
    """
    config = read_model(model)
    check_world_size(config, world_size)
    shapes = {name: part_shape(name, shape, world_size) for name, shape in tensor_shapes(config).items()}
    dtype = getattr(torch, config.dtype)
    artefact = QuantArtefact.of_small_files(quant)
    with publish_directory(out) as partial, artefact.held():
        directories = [partial / str(rank) for rank in range(world_size)]
        for directory in directories:
            directory.mkdir()
        writers = [
            ArtefactWriter(directory, shapes, artefact.int8_layers, dtype, scheme=artefact.scheme)
            for directory in directories
        ]
        check_room(partial, sum(writer.bytes for writer in writers))
        int8 = set(artefact.int8_layers)
        for name in tqdm(shapes, desc="cut W8A8", unit="tensor"):  # in the files' order
            if (module := name.removesuffix(".weight")) in int8:
                layers = cut_layer(module, artefact.linear(module), world_size)
                for writer, layer in zip(writers, layers, strict=True):
                    writer.add_linear(module, layer)
            else:
                pieces = cut_tensor(name, artefact.float_tensor(name), world_size)
                for writer, piece in zip(writers, pieces, strict=True):
                    writer.add_float(name, piece)
        for rank, (writer, directory) in enumerate(zip(writers, directories, strict=True)):
            _small_files(model, directory, world_size)
            writer.finish(
                artefact.manifest["engine"], artefact.manifest["parameters"], _part(rank, world_size, quant)
            )


def cut_layer(name: str, layer: Int8Layer, world_size: int) -> list[Int8Layer]:
    """The shards of one int8 linear, in rank order."""
    kind = type(layer)
    cut = {field: cut_tensor(f"{name}.{field}", getattr(layer, field), world_size) for field in names_of(kind)}
    return [kind(**{field: parts[rank] for field, parts in cut.items()}) for rank in range(world_size)]


def cut_tensor(name: str, tensor: Tensor, world_size: int) -> list[Tensor]:
    """All ranks' shards of a tensor, checked to join to it again."""
    parts = [part(name, tensor, rank, world_size) for rank in range(world_size)]
    check_parts(name, tensor, parts)
    return parts


def check_parts(name: str, tensor: Tensor, parts: list[Tensor]) -> None:
    """Raise RuntimeError unless the parts, joined, are the tensor bit for bit.

    Views that lie side by side in it need no look at their values. Of others it compares blocks of 64 MiB along the
    dimension that is not cut, so that it never copies the whole tensor.
    """
    if parts[0] is tensor or _adjoin(name, tensor, parts):  # not cut: whole on every rank, or whole on rank 0
        return
    whole = tensor.view(_SAME_WIDTH[tensor.element_size()])
    pieces = [piece.view(whole.dtype) for piece in parts]
    for block in _blocks(name, tensor):
        if not torch.equal(join(name, [piece[block] for piece in pieces]), whole[block]):
            raise RuntimeError(f"{name}: its {len(parts)} parts do not reassemble to it; this is a fault of the cut")


def _adjoin(name: str, tensor: Tensor, parts: list[Tensor]) -> bool:
    """Whether the parts are views of the tensor, one behind the other where it is cut, and all of it."""
    dim, blocks = how_cut(name)
    assert isinstance(dim, int)  # of the tensors that are compared
    if blocks > 1:  # each part has some of each block
        return False
    start = 0
    for piece in parts:
        place = tensor.narrow(dim, start, piece.shape[dim])
        if (piece.data_ptr(), piece.shape, piece.stride()) != (place.data_ptr(), place.shape, place.stride()):
            return False
        start += piece.shape[dim]
    return start == tensor.shape[dim]


def _blocks(name: str, tensor: Tensor) -> Iterator[tuple[slice, ...]]:
    if tensor.dim() == 1:
        yield (slice(None),)
        return
    dim, _ = how_cut(name)
    assert isinstance(dim, int)  # of the tensors that are compared
    across = 1 - dim
    step = max(1, _CHECK_BYTES * tensor.shape[across] // (tensor.numel() * tensor.element_size()))
    for start in range(0, tensor.shape[across], step):
        block = slice(start, start + step)
        yield (slice(None), block) if across == 1 else (block, slice(None))


def _part(rank: int, world_size: int, whole: Path) -> dict:
    """The manifest fields of a shard: rank, world_size and the identity of the whole."""
    return {"rank": rank, "world_size": world_size, "whole": identity_of(whole)}


def _small_files(model: Path, directory: Path, world_size: int) -> None:
    write_json(directory / "config.json", patched_fields(model) | {"world_size": world_size})


def _link_modeling_files(directory: Path) -> None:
    """Link the modeling files of the whole model for transformers; links, so that an edit of one needs no new cut."""
    for name in MODELING_FILES:
        (directory / name).symlink_to(Path("..", "..", name))
