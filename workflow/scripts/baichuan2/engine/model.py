"""The network on a device: weights prepacked by it, float or W8A8 linear by linear, cut over ranks or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from baichuan2.devices.base import Device
from baichuan2.devices.view import View
from baichuan2.engine.cache import KVCache, Packed, Positions
from baichuan2.engine.decode import Decoder, RowDecoder
from baichuan2.engine.steps import CompiledSteps, GraphedSteps, whole_steps
from baichuan2.engine.weights import Weights
from baichuan2.errors import UserError
from baichuan2.model.sizes import ModelConfig
from baichuan2.modeling import network
from baichuan2.ranks.collectives import Ranks
from baichuan2.ranks.memory import kv_bytes
from baichuan2.w8a8.arithmetic import FIELDS, DynamicLinear, Int8Layer, QuantizedLinear, names_of, quantize_weight

NO_EXACT_HEAD = "engine.head: exact: only decode steps of native.c have it, and none run here; use auto"


class RowParallel:
    """A linear whose inputs are cut over ranks: x [..., I / world_size] -> [..., O], summed over them."""

    def __init__(self, linear: Callable[[Tensor], Tensor], ranks: Ranks):
        self.linear, self.ranks = linear, ranks

    def __call__(self, x: Tensor) -> Tensor:
        return self.ranks.sum(self.linear(x))


class DynamicRowParallel(RowParallel):
    """The same for dynamic W8A8: the scale is that of the whole token, so that many ranks give the result of one."""

    linear: Callable[..., Tensor]  # Device.dynamic_linear's

    def __call__(self, x: Tensor) -> Tensor:
        if self.ranks.world_size == 1:
            return self.linear(x)
        return self.ranks.sum(self.linear(x, self.ranks.largest(x.abs().amax(dim=-1, keepdim=True).float())))


class Model:
    """Tokens to hidden states to logits. Weights of this rank only; activations are whole on every rank."""

    def __init__(
        self, config: ModelConfig, weights: Weights, device: Device, dtype: torch.dtype, ranks: Ranks, max_len: int,
        head: str = "float", graph: str = "auto",
    ):  # fmt: skip
        """head: as options.Settings'. graph: as Device.graphs'. Raises UserError for an exact head where none is."""
        self.config, self.device, self.dtype, self.ranks = config, device, dtype, ranks
        self._bytes = 0
        self._weights = weights
        self.heads = config.num_attention_heads // ranks.world_size
        self.positions = self._positions(max_len)
        self.embedding = device.embedding(weights.tensor("model.embed_tokens.weight"), dtype)
        self.head, self.screen = self._head(head)  # before the layers: it is in memory twice while it is packed
        if head == "exact" and self.screen is None:
            raise UserError(NO_EXACT_HEAD)
        numbers = tqdm(range(config.num_hidden_layers), "load weights", unit="layer", disable=ranks.rank > 0)
        self.parts = [self._layer(number) for number in numbers]
        self.layers = [partial(network.decoder_layer, parts) for parts in self.parts]
        self.final_norm = self._norm("model.norm.weight")
        del self._weights
        device.release()
        self.fused = whole_steps(self, graph)
        if self.fused is None:  # a decode step that is not native.c's has no use for it
            self.screen = None
            if head == "exact":
                raise UserError(NO_EXACT_HEAD)
        self.decode_is = "operators" if self.fused is None else self.fused.name
        self.head_is = "int8" if head == "int8" else "float" if self.screen is None else "exact"

    def cache(self, batch: int, length: int) -> KVCache:
        """An empty cache of at least `length` slots for `batch` sequences."""
        config = self.config
        return KVCache(
            config.num_hidden_layers,
            batch,
            self.heads,
            self.device.rounded(length),
            config.head_dim,
            self.device.cache_dtype(self.dtype),
            self.device.torch_device,
            self.device.slots_first,
        )

    def weight_bytes(self, batch: int) -> int:
        """Bytes of weights that a decode step of `batch` sequences reads on this rank: all but the embeddings.

        Of an exact head they are the int8 rows: not the rows that it computes again.
        """
        return self._bytes + (self.screen.nbytes if self.screen and self._finding(batch, 1) else self._head_bytes)

    def kv_bytes(self, batch: int, length: int) -> int:
        """Bytes of keys and values of `length` positions of `batch` sequences on this rank."""
        item_bytes = self.device.cache_dtype(self.dtype).itemsize
        return kv_bytes(self.config, item_bytes, batch, length, self.ranks.world_size)

    def forward(self, tokens: Tensor, view: View, ends: network.Index | None = None) -> Tensor:
        """tokens int64 [B, T] -> hidden states after the last norm [B, T, E]; keys and values go to the cache.

        ends: of these tokens alone, [N, E].
        """
        inner = ends if self.device.ends_alone else None
        attend = partial(self._attend, view)
        hidden = network.decoder(self.layers, self.final_norm, self.embedding(tokens), attend, inner)
        return hidden if ends is None or inner else hidden[ends]

    def forward_apart(self, tokens: Tensor, views: Sequence[View], counts: Sequence[int]) -> Tensor:
        """As forward, of sequences side by side: tokens int64 [1, T], of which the first has counts[0], and so on.

        Linears take all tokens together; attention takes each sequence alone, with its own view of one row. So there
        is no padding, and attention costs what it costs for the sequences one by one.
        """

        def attend(layer: int, qkv: Tensor) -> Tensor:
            parts = zip(views, qkv.split(list(counts), dim=1), strict=True)
            return torch.cat([self._attend(view, layer, part) for view, part in parts], dim=1)

        return network.decoder(self.layers, self.final_norm, self.embedding(tokens), attend)

    def _attend(self, view: View, layer: int, qkv: Tensor, ends: network.Index | None = None) -> Tensor:
        """q|k|v [B, T, 3*H*D] -> the context [B, T, H*D], or that of `ends` alone [N, H*D]."""
        query, key, value = network.split_heads(qkv, self.config.head_dim)
        if view.rotary is not None:
            query, key = self.device.rotate(query, view), self.device.rotate(key, view)
        keys, values = self.device.store(view, layer, key, value)
        if ends is not None:
            return self.device.attention_of(ends, query, keys, values, view)
        return network.merge_heads(self.device.attention(query, keys, values, view))

    def logits(self, hidden: Tensor) -> Tensor:
        """float32 logits [..., V] of hidden states [..., E], V the tokenizer's pieces, gathered over ranks."""
        return self.gathered(self.head(hidden).float())

    def next_logits(self, hidden: Tensor, best: int | None) -> Tensor:
        """As `logits`, of hidden states [B, E] before a new token. best: as decode.Decoder.step's."""
        steps = None if best is None else self._finding(len(hidden), best)
        return self.logits(hidden) if best is None or steps is None else self.gathered(steps.logits(hidden, best))

    def gathered(self, part: Tensor) -> Tensor:
        """Every rank's logits of its rows [..., n], joined, without the rows beyond the pieces -> [..., V]."""
        return self.ranks.gather(part)[..., : self.config.tokens]

    def decoder(self, cache: KVCache, sequences: list[int] | Packed):
        """Decode steps over the prefilled cache: the device's own, where it has them for so many sequences."""
        count = len(sequences.lengths if isinstance(sequences, Packed) else sequences)
        steps = self._steps(count)
        return Decoder(self, cache, sequences) if steps is None else steps.decoder(cache, sequences)

    def decode_rows(
        self, cache: KVCache, rows: Sequence[int], tokens: Sequence[int], lengths: Sequence[int],
        best: int | None = None,
    ) -> Tensor:  # fmt: skip
        """The next token of each of some rows of the cache -> float32 logits [len(rows), V] after it.

        lengths: tokens in every row of the cache so far. A row that is not among `rows` may be written to behind its
        tokens, so none may be full. best: as decode.Decoder.step's. The logits of a step may be overwritten by the
        next one.
        """
        steps = self._steps(len(rows))
        decoder = RowDecoder(self, cache) if steps is None else steps.row_decoder(cache)
        return decoder.step(rows, tokens, lengths, best)

    def _steps(self, count: int) -> GraphedSteps | CompiledSteps | None:
        """The device's own steps, where they take `count` sequences."""
        return self.fused if self.fused is not None and count <= self.fused.most_rows else None

    def _finding(self, count: int, best: int) -> CompiledSteps | None:
        """What finds the largest logits of so many sequences in native.c."""
        return self.fused if isinstance(self.fused, CompiledSteps) and self.fused.finds(count, best) else None

    # ---- building --------------------------------------------------------------------------------------

    def _positions(self, max_len: int) -> Positions:
        config, slopes = self.config, None
        if config.is_alibi:
            slopes = network.alibi_slopes(config.num_attention_heads)
            slopes = slopes.narrow(0, self.ranks.rank * self.heads, self.heads)
        length, dtype = self.device.rounded(max_len), self.device.bias_dtype(self.dtype)
        return Positions(slopes, config.head_dim, length, dtype, self.device.torch_device)

    def _layer(self, number: int) -> network.LayerParts:
        name = f"model.layers.{number}"
        input_norm, qkv = self._normed(f"{name}.input_layernorm.weight", f"{name}.self_attn.W_pack")
        post_norm, gate_up = self._normed(
            f"{name}.post_attention_layernorm.weight", f"{name}.mlp.gate_proj", f"{name}.mlp.up_proj"
        )
        gate_up, activation = self.device.gated(gate_up)
        return network.LayerParts(
            input_norm=input_norm,
            qkv=qkv,
            output=self._row_parallel(f"{name}.self_attn.o_proj"),
            post_norm=post_norm,
            gate_up=gate_up,
            activation=activation,
            down=self._row_parallel(f"{name}.mlp.down_proj"),
        )

    def _normed(self, norm: str, *modules: str) -> tuple[Callable, Callable[[Tensor], Tensor]]:
        """A norm and the linear after it: one module, or several that share their input."""
        layer = self._int8(*modules)
        if isinstance(layer, QuantizedLinear):
            self._count_int8(layer)
            return self.device.norm_int8_linear(self._float(norm), self.config.rms_norm_eps, layer, self.dtype)
        return self._norm(norm), self._linear_of(layer, *modules)

    def _row_parallel(self, module: str) -> RowParallel:
        layer = self._int8(module)
        kind = DynamicRowParallel if isinstance(layer, DynamicLinear) else RowParallel
        return kind(self._linear_of(layer, module), self.ranks)

    def _int8(self, *modules: str) -> Int8Layer | None:
        """The modules' W8A8 layers as one; None where they are float."""
        layers = [layer for module in modules if (layer := self._weights.int8(module)) is not None]
        if not layers:
            return None
        if len(layers) < len(modules):
            raise ValueError(f"{' and '.join(modules)} share an input: both must be int8, or neither")
        return concatenate(layers)

    def _linear_of(self, layer: Int8Layer | None, *modules: str) -> Callable[[Tensor], Tensor]:
        if layer is None:
            return self.device.linear(self._joined([self._weights.tensor(f"{module}.weight") for module in modules]))
        self._count_int8(layer)
        if isinstance(layer, DynamicLinear):
            return self.device.dynamic_linear(layer, self.dtype)
        return self.device.int8_linear(layer, self.dtype)

    def _count_int8(self, layer: Int8Layer) -> None:
        self._count(layer.weight)
        self._count(layer.weight_scale)

    def _norm(self, name: str) -> Callable:
        return self.device.add_norm(self._float(name), self.config.rms_norm_eps)

    def _head(self, kind: str) -> tuple[Callable[[Tensor], Tensor], Any | None]:
        """The output layer, and its screen where `kind` may be exact and the device has one."""
        if kind == "int8":
            rows = network.output_rows(self._weights.tensor("lm_head.weight"), self.config.norm_head)
            weight, scale = map(torch.cat, zip(*map(quantize_weight, rows), strict=True))
            self._head_bytes = weight.nbytes + scale.nbytes
            return self.device.int8_weight_linear(weight, scale), None
        whole = network.output_weight(self._weights.tensor("lm_head.weight"), self.config.norm_head, self.dtype)
        self._head_bytes = whole.nbytes
        linear, screen = self.device.linear(whole), None
        if kind in ("auto", "exact"):
            before = self.ranks.rank * len(whole)  # rows of other ranks, and behind them those of no token
            screen = self.device.screen(linear, whole, min(max(self.config.tokens - before, 0), len(whole)))
        return linear, screen

    def _joined(self, weights: list[Tensor]) -> Tensor:
        """Weights [O, I] as stored, one below the other in the network's dtype; one alone may stay memory-mapped."""
        if len(weights) == 1:
            return self._count(weights[0].to(self.dtype))
        rows = [len(weight) for weight in weights]
        whole = torch.empty(sum(rows), weights[0].shape[1], dtype=self.dtype)
        for part, weight in zip(whole.split(rows), weights, strict=True):
            part.copy_(weight)
        return self._count(whole)

    def _float(self, name: str) -> Tensor:
        return self._count(self._weights.tensor(name).to(self.dtype))

    def _count(self, tensor: Tensor) -> Tensor:
        """Add to the bytes that a decode step reads beside the head."""
        self._bytes += tensor.numel() * tensor.element_size()
        return tensor


def concatenate(layers: list[Int8Layer]) -> Int8Layer:
    """Linears that share their input as one, outputs in order; of one alone the weight may stay memory-mapped.

    Raises ValueError where their input scales differ.
    """
    kind, fields = type(layers[0]), {}
    for name in names_of(kind):
        parts = [getattr(layer, name) for layer in layers]
        of_input = FIELDS[name]["shape"] == "1"
        if of_input and not all(torch.equal(part, parts[0]) for part in parts):
            raise ValueError("linears that share their input must share its scale and offset")
        as_stored = of_input or (name == "weight" and len(parts) == 1)
        fields[name] = parts[0] if as_stored else torch.cat(parts)
    return kind(**fields)
