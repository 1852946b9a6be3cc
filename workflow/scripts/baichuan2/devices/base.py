"""The protocol of a device, in torch's own operators, which run anywhere; each device overrides what it does better.

Letters in shapes: B sequences, T new tokens, S keys, H heads, D head_dim, I inputs, O outputs.
"""

from __future__ import annotations

import math
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2 import host
from baichuan2.devices import cache_dtype, no_graphs
from baichuan2.devices.view import View
from baichuan2.errors import UserError
from baichuan2.modeling import network
from baichuan2.w8a8.arithmetic import DynamicLinear, QuantizedLinear, int8_product, quantize_tokens

Replay = Callable[[Sequence[int]], None]  # given how many slots each sequence fills by then
Capture = Callable[[Callable[[], None]], Replay]


class Device:
    """What the engine asks of a device. `backend` is torch.distributed's for its ranks."""

    name = "cpu"
    backend = "gloo"
    auto_graphs = False  # whether engine.graph: auto captures decode steps: only where a card has tried it
    widest = torch.float64  # in which linears can be computed
    prefill_tokens = 512  # new tokens of one forward, all sequences together: bounds activations and the bias
    slots_first = False  # whether keys and values of a slot lie together in the cache, rather than those of a head
    ends_alone = False  # whether a prompt's last layer computes the tokens alone whose logits are needed
    multiple = 1  # what had better divide the number of a sequence's new tokens, and of a cache's slots

    def __init__(self, index: int = 0, threads: int | None = None):
        self.torch_device = torch.device("cpu")
        self.threads = threads
        if threads:
            torch.set_num_threads(threads)

    def dtype(self, requested: str, published: str) -> torch.dtype:
        """The dtype to compute in: `requested`, or for "auto" the published weights'."""
        return getattr(torch, published if requested == "auto" else requested)

    def cache_dtype(self, dtype: torch.dtype) -> torch.dtype:
        """The dtype of keys and values in the cache where the network computes in `dtype`."""
        return getattr(torch, cache_dtype(self.name, str(dtype).removeprefix("torch.")))

    def bias_dtype(self, dtype: torch.dtype) -> torch.dtype:
        """The dtype of the attention's bias where the network computes in `dtype`."""
        return dtype

    def rounded(self, count: int) -> int:
        """`count` tokens or slots, and those beside them that come for nothing."""
        return count + -count % self.multiple

    def largest(self, dtype: torch.dtype) -> float:
        """A result of at least this magnitude is an overflow: inf, except on a device that has no inf."""
        return math.inf

    def overflowed(self) -> bool | None:
        """Whether a number has left its dtype's range since the last call, on this card; None where inf shows it."""
        return None

    # ---- operators -------------------------------------------------------------------------------------
    # Weights and fields that they are given may be memory-mapped: none is kept so.

    def embedding(self, weight: Tensor, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        """tokens int64 [...], on the device -> their rows of weight [V, E] in `dtype`, [..., E]."""
        table = weight.to(dtype).to(self.torch_device)
        return lambda tokens: table[tokens]

    def linear(self, weight: Tensor) -> Callable[[Tensor], Tensor]:
        """x [..., I] -> x . weight^T [..., O], weight [O, I] in the dtype of x."""
        weight = weight.to(self.torch_device)
        return lambda x: F.linear(x, weight)

    def int8_linear(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        """x [..., I] in `dtype` -> [..., O]: quantize, int8 product in int32, dequantize.

        xq = clamp(round(x / input_scale) + input_offset, -128, 127);
        y = (xq . weight^T + quant_bias) * deq_scale.
        """
        weight = layer.weight.to(self.torch_device)
        bias, deq_scale = layer.quant_bias.to(self.torch_device), layer.deq_scale.to(self.torch_device)
        inverse_scale = 1.0 / layer.input_scale.item()
        offset = layer.input_offset.item()

        def apply(x: Tensor) -> Tensor:
            rows = x.reshape(-1, x.shape[-1])
            q = (rows.float() * inverse_scale).round_().add_(offset).clamp_(-128, 127).to(torch.int8)
            y = (int8_product(q, weight) + bias) * deq_scale
            return y.to(dtype).view(*x.shape[:-1], -1)

        return apply

    def dynamic_linear(self, layer: DynamicLinear, dtype: torch.dtype) -> Callable[..., Tensor]:
        """x [..., I] in `dtype` -> [..., O]: quantize each token by its own scale, int8 product in int32, dequantize.

        xq, s = w8a8.quantize_tokens(x, largest); y = (xq . weight^T) * weight_scale * s. A second argument, `largest`
        float32 [..., 1], is each token's max|x| over all ranks, where x is this rank's part of the token.
        """
        weight = layer.weight.to(self.torch_device)
        weight_scale = layer.weight_scale.flatten().to(self.torch_device)

        def apply(x: Tensor, largest: Tensor | None = None) -> Tensor:
            q, scale = quantize_tokens(x, largest)
            sums = int8_product(q.reshape(-1, x.shape[-1]), weight).view(*x.shape[:-1], -1)
            return (sums * weight_scale * scale).to(dtype)

        return apply

    def int8_weight_linear(self, weight: Tensor, scale: Tensor) -> Callable[[Tensor], Tensor]:
        """x [..., I] -> x . (weight * scale)^T [..., O], of int8 weight [O, I] and float32 scale [O, 1]."""
        weight, scale = weight.to(self.torch_device), scale.flatten().to(self.torch_device)
        return lambda x: F.linear(x, weight.to(x.dtype)).float() * scale

    def screen(self, head: Any, weight: Tensor, outputs: int) -> Any | None:
        """What finds the largest logits of an output layer faster than the layer; None where this device has none.

        head: this device's `linear` of weight [O, I]; outputs: how many of O may be chosen. As screening.Screen.
        """
        return None

    def add_norm(self, weight: Tensor, eps: float) -> Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]:
        """(hidden, delta or None) -> (hidden + delta, RMSNorm of it)."""
        return AddNorm(weight.to(self.torch_device), eps)

    def norm_int8_linear(
        self, weight: Tensor, eps: float, layer: QuantizedLinear, dtype: torch.dtype
    ) -> tuple[Callable, Callable[[Tensor], Tensor]]:
        """add_norm and the int8_linear that is its only consumer: a device may pass int8 codes between them."""
        return self.add_norm(weight, eps), self.int8_linear(layer, dtype)

    def gated(self, gate_up: Callable[[Tensor], Tensor]) -> tuple[Callable[[Tensor], Tensor], Callable]:
        """A linear gate|up of this device, and the silu_mul behind it: a device may do both in the first."""
        return gate_up, self.silu_mul

    def silu_mul(self, gate_up: Tensor) -> Tensor:
        """[..., 2I], gate first -> silu(gate) * up [..., I]."""
        return network.silu_mul(gate_up)

    def rotate(self, x: Tensor, view: View) -> Tensor:
        """RoPE: queries or keys [B, H, T, D] by the view's float32 tables at their positions."""
        assert view.rotary is not None  # a network of RoPE
        return network.apply_rotary(x, *view.rotary)

    def store(self, view: View, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Write a layer's new keys and values [B,H,T,D] to the cache; return what attention takes, [B,H,S,D] each."""
        return view.store(layer, key, value)

    def attention(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        """softmax(q k^T / sqrt(D) + bias) v: [B,H,T,D], [B,H,S,D] twice -> [B,H,T,D].

        view (view.View) says what each query sees, and has the bias [B|1, H|1, T, S], of `bias_dtype`. Keys and
        values are of `cache_dtype`, the query and the result of the network's.
        """
        return F.scaled_dot_product_attention(query, keys, values, attn_mask=view.bias)

    def attention_of(self, ends: network.Index, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        """As attention, of the N new tokens `ends` alone, heads joined: [N, H*D].

        Of sequences side by side in a row of the cache; or the one token of each row, in order.
        """
        return network.merge_heads(self.attention(query, keys, values, view))[ends]

    def most_likely(self, logits: Tensor) -> list[int]:
        """The column of the largest of each row of float32 logits [B, V], the first of equals."""
        return logits.argmax(dim=-1).tolist()

    def graphs(self, graph: str, world_size: int) -> Capture | None:
        """Captures a decode step as a graph, by engine.graph (capture, eager, auto); None: it is not captured.

        It takes a function of a decode step, and returns a callable that repeats its work on the card. Raises
        UserError for capture where there are no graphs.
        """
        reason = no_graphs(self.name, world_size)
        if graph == "capture" and reason:
            raise UserError(f"engine.graph: capture: {reason}; use auto")
        wanted = graph == "capture" or (graph == "auto" and self.auto_graphs and not reason)
        return self.capture if wanted else None

    def capture(self, function: Callable[[], None]) -> Replay:
        """A callable that repeats a function's work on the card as one graph; only where `graphs` finds them."""
        raise NotImplementedError

    def compiled(
        self, layers: Sequence[network.LayerParts], norm: Any, head: Any, screen: Any, shape: Any
    ) -> Any | None:
        """A whole decode step in one piece from the parts that this device made; None where it has none.

        Arguments and result are those of devices.native.compiled.
        """
        return None

    def each(self, function: Callable[[Any], Any], items: Iterable[Any]) -> list:
        """`function` of every item, in order; a device may compute several at a time if no result changes."""
        return [function(item) for item in items]

    # ---- the machine -----------------------------------------------------------------------------------

    def release(self) -> None:
        """Give back to the machine what loading has freed, where the process would keep it."""

    def synchronise(self) -> None:
        """Wait until the device has finished all submitted work."""

    def profile(self, function: Callable[[], None], folder: Path) -> None:
        """Run a function under the profiler of the device, which writes a trace into a folder: trace.json."""
        with torch.profiler.profile(record_shapes=True) as profiler:
            function()
        profiler.export_chrome_trace(str(folder / "trace.json"))

    def reset_peak_memory(self) -> None:
        """Reset peak_memory, where the device can."""

    def peak_memory(self) -> int:
        """The most memory that was in use, in bytes: of the process on a CPU, allocated on a card."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    def free_memory(self) -> int | None:
        """Free bytes of a card's own memory; None on a CPU, whose memory all processes share."""
        return None

    def read_bandwidth(self, size: int = 2**28, repeats: int = 7) -> float:
        """Measured read bandwidth in bytes/s: the median over repeats of summing `size` bytes."""
        data = torch.ones(size // 8, dtype=torch.int64, device=self.torch_device)
        self.lay_out(data)
        return size / self.median_seconds(data.sum, repeats)

    def lay_out(self, tensor: Tensor) -> None:
        """Make a large tensor as fast to read as weights are on this device."""

    def median_seconds(self, action: Callable[[], Any], repeats: int) -> float:
        """The median time of `repeats` runs of an action, synchronised, after one warm-up run, in seconds."""
        times = []
        for _ in range(repeats + 1):
            self.synchronise()
            start = time.perf_counter()
            action()
            self.synchronise()
            times.append(time.perf_counter() - start)
        return statistics.median(times[1:])

    def describe(self) -> dict:
        """The device, its software and settings, and the host, for the records of a measurement."""
        return {
            "device": self.name,
            "device_name": self.device_name(),
            "torch": torch.__version__,
            "cpu_threads": torch.get_num_threads(),
            **host.describe(),
        }

    def device_name(self) -> str:
        return host.cpu_name()


class AddNorm:
    """(hidden, delta or None) -> (hidden + delta, RMSNorm of it)."""

    def __init__(self, weight: Tensor, eps: float):
        self.weight, self.eps = weight, eps

    def __call__(self, hidden: Tensor, delta: Tensor | None) -> tuple[Tensor, Tensor]:
        if delta is not None:
            hidden = hidden + delta
        return hidden, network.rms_norm(hidden, self.weight, self.eps)
