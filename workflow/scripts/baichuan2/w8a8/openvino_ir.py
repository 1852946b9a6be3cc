"""A linked model for OpenVINO GenAI: the network in OpenVINO's operations, its weights, and the tokenizer.

The graph is written here and not traced, so that no model is loaded, and one tensor is in memory at a time. OpenVINO
GenAI computes attention as the graph has it, or puts paged attention in its place, which takes nothing of the mask
but ALiBi's slopes, and those only out of a mask of a form that it knows: here that of Jais, a sum with an Unsqueeze
of a Broadcast of negative slopes times an Unsqueeze of an Abs. In that of Bloom it may take the distances for slopes.
Source: OpenVINO's sdpa_to_paged_attention/state_management_pattern.cpp.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from baichuan2.errors import UserError
from baichuan2.files import check_room, publish_directory, write_json
from baichuan2.integrity import MANIFEST, files_beside, identity_of, write_sealed
from baichuan2.model.checkpoint import check_finite
from baichuan2.model.directory import copy_for_transformers, patched_fields, read_model, read_once
from baichuan2.model.plain import plain_rows
from baichuan2.model.sizes import ModelConfig, tensor_shapes
from baichuan2.modeling import network
from baichuan2.modeling.tokenization_baichuan import BaichuanTokenizer
from baichuan2.w8a8.arithmetic import quantize_weight
from baichuan2.w8a8.artefact import narrowed

try:
    import openvino as ov
    from openvino import opset13 as ops
    from openvino_tokenizers import convert_tokenizer
except ModuleNotFoundError as error:
    raise UserError(f"export_openvino: {error}; run: make openvino, or Snakemake with --sdm conda") from None

KINDS = ("int8", "float")
MODEL, TOKENIZER, DETOKENIZER = "openvino_model.xml", "openvino_tokenizer.xml", "openvino_detokenizer.xml"
EMBEDDING = "model.embed_tokens.weight"
HIDDEN = -65504.0  # of a score that does not count: its exponential is 0, and a row of them alone is not NaN
TYPES = {
    torch.float32: ov.Type.f32,
    torch.float16: ov.Type.f16,
    torch.bfloat16: ov.Type.bf16,
    torch.int8: ov.Type.i8,
}

Node = Any  # OpenVINO's Node and Output; its operations take either


def export_openvino(model: Path, out: Path, kind: str) -> None:
    """Publish the linked model `model` as the directory `out`: graph, weights, tokenizer, settings, manifest.json.

    kind: int8 (all linears and the output layer; symmetric, a scale for each output channel), or float, as published.
    Raises UserError where the disk has no room: the weights are on it twice until the end.
    """
    config = read_model(model)
    with publish_directory(out) as partial:
        store = Store(partial / ".weights")
        check_room(partial, 2 * _bytes_of(config, kind))
        with store.written(), read_once(model, config) as checkpoint:
            for name in tqdm(checkpoint.names(), "export", unit="tensor"):
                _add(store, config, kind, name, checkpoint.get(name))
        with store.mapped():
            ov.save_model(Graph(config, store).model(), partial / MODEL, compress_to_fp16=False)
        copy_for_transformers(model, partial)
        write_json(partial / "config.json", patched_fields(model))
        _write_tokenizer(partial)
        manifest = {"format": "baichuan2-openvino", "version": 1, "kind": kind, "of": identity_of(model)}
        write_sealed(partial / MANIFEST, manifest | {"files": files_beside(partial)})


def _is_int8(kind: str, name: str, shape: tuple[int, ...] | torch.Size) -> bool:
    return kind == "int8" and len(shape) == 2 and name != EMBEDDING


def _bytes_of(config: ModelConfig, kind: str) -> int:
    """Of all weights, as they are written; rows that are no tokens are counted."""
    item = getattr(torch, config.dtype).itemsize
    return sum(
        math.prod(shape) + 4 * shape[0] if _is_int8(kind, name, shape) else math.prod(shape) * item
        for name, shape in tensor_shapes(config).items()
    )


def _add(store: Store, config: ModelConfig, kind: str, name: str, tensor: Tensor) -> None:
    """What becomes of a tensor of the model: norms are float32, a NormHead's unit rows of the model's dtype.

    Embeddings keep rows that are never generated: a text may hold an added token. Raises UserError where numbers
    leave the dtype, or are to be int8 and not finite.
    """
    dtype = torch.float32 if tensor.dim() == 1 else getattr(torch, config.dtype)
    tensor = tensor if name == EMBEDDING else plain_rows(config, name, tensor)
    if not _is_int8(kind, name, tensor.shape):
        store.add(name, narrowed(name, tensor, dtype, "config.json's torch_dtype"))
        return
    q, scale = quantize_weight(tensor)
    check_finite(name, scale)
    store.add(name, q, scale)


class Store:
    """Weights in a file of their own, from which OpenVINO reads them as it writes its own file.

    path: of the file, which is gone when both blocks have ended.
    """

    def __init__(self, path: Path):
        self._path = path
        self._places: dict[str, list[tuple[int, tuple[int, ...], torch.dtype]]] = {}

    @contextmanager
    def written(self) -> Iterator[None]:
        """`add` works within."""
        with open(self._path, "wb") as self._file:
            yield

    def add(self, name: str, *tensors: Tensor) -> None:
        """A tensor, or an int8 one with its scales."""
        self._places[name] = []
        for tensor in tensors:
            self._file.write(bytes(-self._file.tell() % 64))
            self._places[name].append((self._file.tell(), tuple(tensor.shape), tensor.dtype))
            self._file.write(tensor.contiguous().view(-1).view(torch.uint8).numpy().data)

    @contextmanager
    def mapped(self) -> Iterator[None]:
        """`node` works within, and its nodes."""
        self._bytes = np.memmap(self._path, np.uint8, "c")  # OpenVINO takes writable memory alone
        try:
            yield
        finally:
            del self._bytes
            self._path.unlink()

    def constants(self, name: str) -> list[Node]:
        """What was added, as it is."""
        nodes = []
        for begin, shape, dtype in self._places[name]:
            values = self._bytes[begin : begin + math.prod(shape) * dtype.itemsize]
            nodes.append(ops.constant(ov.Tensor(values, ov.Shape(shape), TYPES[dtype]), shared_memory=True))
        return nodes


class Graph:
    """The network in OpenVINO's operations, float32 but for the weights; shapes' letters are network.py's."""

    def __init__(self, config: ModelConfig, store: Store):
        self._config, self._store = config, store
        self._states: list[Node] = []
        self._ids = _parameter("input_ids", [-1, -1], ov.Type.i64)
        self._unpadded = _parameter("attention_mask", [-1, -1], ov.Type.i64)  # [B, S], left-padded
        self._beams = _parameter("beam_idx", [-1], ov.Type.i32)  # which sequence of the last call each one continues
        self._inputs = [self._ids, self._unpadded, self._beams]
        if not config.is_alibi:
            self._positions = _parameter("position_ids", [-1, -1], ov.Type.i64)
            self._inputs.append(self._positions)

    def model(self) -> ov.Model:
        """input_ids [B, T], attention_mask [B, S], beam_idx [B], of RoPE position_ids [B, T] -> logits [B, T, V].

        Keys and values are its state.
        """
        self._mask = self._attention_mask()
        self._turns = None if self._config.is_alibi else self._rotary_tables()
        (embedding,) = self._store.constants(EMBEDDING)
        hidden = ops.convert(ops.gather(embedding, self._ids, _int(0)), "f32")
        for index in range(self._config.num_hidden_layers):
            name = f"model.layers.{index}"
            x = self._norm(hidden, f"{name}.input_layernorm")
            hidden = ops.add(hidden, self._attention(x, f"{name}.self_attn", index))
            x = self._norm(hidden, f"{name}.post_attention_layernorm")
            hidden = ops.add(hidden, self._feed_forward(x, f"{name}.mlp"))
        logits = self._linear(self._norm(hidden, "model.norm"), "lm_head")
        logits.output(0).set_names({"logits"})
        return ov.Model([ops.result(logits)], self._states, self._inputs, "Baichuan2")

    def _linear(self, x: Node, module: str) -> Node:
        weight, *scale = self._store.constants(f"{module}.weight")
        if weight.get_element_type() != ov.Type.f32:
            weight = ops.convert(weight, "f32")
        if scale:
            weight = ops.multiply(weight, *scale)
        return ops.matmul(x, weight, False, True)

    def _norm(self, x: Node, module: str) -> Node:
        (weight,) = self._store.constants(f"{module}.weight")
        mean = ops.reduce_mean(ops.power(x, _float(2)), _int(-1), keep_dims=True)
        scale = ops.divide(_float(1), ops.sqrt(ops.add(mean, _float(self._config.rms_norm_eps))))
        return ops.multiply(weight, ops.multiply(x, scale))

    def _feed_forward(self, x: Node, module: str) -> Node:
        gate, up = (self._linear(x, f"{module}.{name}_proj") for name in ("gate", "up"))
        return self._linear(ops.multiply(ops.swish(gate), up), f"{module}.down_proj")

    def _attention(self, x: Node, module: str, index: int) -> Node:
        config = self._config
        split = _int(0, 0, config.num_attention_heads, config.head_dim)
        parts = ops.split(self._linear(x, f"{module}.W_pack"), _int(2), 3).outputs()
        query, key, value = (
            ops.transpose(ops.reshape(part, split, special_zero=True), _int(0, 2, 1, 3)) for part in parts
        )
        if self._turns:
            query, key = self._rotated(query), self._rotated(key)
        key, value = (self._kept(new, f"{index}.{name}") for new, name in ((key, "key"), (value, "value")))
        context = ops.scaled_dot_product_attention(query, key, value, self._mask)
        joined = _int(0, 0, config.hidden_size)
        merged = ops.reshape(ops.transpose(context, _int(0, 2, 1, 3)), joined, special_zero=True)
        return self._linear(merged, f"{module}.o_proj")

    def _kept(self, new: Node, name: str) -> Node:
        """Keys or values [B, H, T, D] behind those of the calls before -> [B, H, S, D]."""
        heads, width = self._config.num_attention_heads, self._config.head_dim
        batch = ops.gather(ops.shape_of(self._ids), _int([0]), _int(0))
        empty = ops.broadcast(_float(0), ops.concat([batch, _int([heads]), _int([0]), _int([width])], 0))
        read = ops.read_value(empty, name, ov.Type.f32, ov.PartialShape([-1, heads, -1, width]))
        whole = ops.concat([ops.gather(read, self._beams, _int(0)), new], 2)
        self._states.append(ops.assign(whole, name))
        return whole

    def _attention_mask(self) -> Node:
        """What is added to the scores: [B, H, T, S] of ALiBi, else [B, 1, T, S]."""
        new, total = (ops.gather(ops.shape_of(of), _int(1), _int(0)) for of in (self._ids, self._unpadded))
        keys = ops.range(_int(0), total, _int(1), "i64")
        queries = ops.range(ops.subtract(total, new), total, _int(1), "i64")
        ahead = ops.subtract(ops.unsqueeze(keys, _int(0)), ops.unsqueeze(queries, _int(1)))  # [T, S]
        padded = ops.unsqueeze(ops.equal(self._unpadded, _int(0)), _int(1, 2))  # [B, 1, 1, S]
        hidden = ops.logical_or(padded, ops.greater(ahead, _int(0)))
        mask = ops.select(hidden, _float(HIDDEN), _float(0))
        return ops.add(mask, self._alibi(ahead)) if self._config.is_alibi else mask

    def _alibi(self, ahead: Node) -> Node:
        """-slope * distance [1, H, T, S], in the form in which paged attention finds the slopes."""
        slopes = ops.constant(-network.alibi_slopes(self._config.num_attention_heads).view(-1, 1, 1).numpy())
        distance = ops.unsqueeze(ops.abs(ops.convert(ahead, "f32")), _int(0))
        bias = ops.multiply(slopes, distance)
        return ops.unsqueeze(ops.broadcast(bias, ops.shape_of(bias)), _int(0))

    def _rotary_tables(self) -> list[Node]:
        """cos and sin [B, 1, T, D] of the positions; NaN of those beyond the model's length, which have no row."""
        length = self._config.model_max_length
        places = ops.minimum(self._positions, _int(length))
        tables = network.rotary_tables(self._config.head_dim, length)
        beyond = torch.full((1, self._config.head_dim), math.nan)
        constants = (ops.constant(torch.cat((table, beyond)).numpy()) for table in tables)
        return [ops.unsqueeze(ops.gather(table, places, _int(0)), _int(1)) for table in constants]

    def _rotated(self, x: Node) -> Node:
        assert self._turns is not None
        cos, sin = self._turns
        first, second = ops.split(x, _int(3), 2).outputs()
        turned = ops.concat([ops.multiply(second, _float(-1)), first], 3)
        return ops.add(ops.multiply(x, cos), ops.multiply(turned, sin))


def _parameter(name: str, shape: list[int], kind: ov.Type) -> Node:
    node = ops.parameter(ov.PartialShape(shape), kind, name=name)  # paged attention knows input_ids by this name
    node.output(0).set_names({name})
    return node


def _int(*values: Any) -> Node:
    """int64: a scalar of one number, else a vector."""
    return ops.constant(np.array(values[0] if len(values) == 1 else values, np.int64))


def _float(value: float) -> Node:
    return ops.constant(np.float32(value))


def _write_tokenizer(directory: Path) -> None:
    """OpenVINO's tokenizer and detokenizer of our class's, from the directory's own files."""
    tokenizer = BaichuanTokenizer.from_pretrained(directory)
    pair = convert_tokenizer(tokenizer, with_detokenizer=True)
    for converted, name in zip(pair, (TOKENIZER, DETOKENIZER), strict=True):
        ov.save_model(converted, directory / name)
