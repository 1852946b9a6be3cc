"""Ascend NPU through torch_npu: the vendor's W8A8 recipe and fused operators, where the chip has them (ascend.SOCS).

Sources: the docstrings of torch_npu 2.13.0. All of it runs in the tests on a fake CANN; nothing has run on
hardware yet (docs/ascend.md says what is tested where).
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Sequence
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2 import host
from baichuan2.devices import ascend_check
from baichuan2.devices.ascend import SOCS, soc_of
from baichuan2.devices.base import Capture, Device, Replay
from baichuan2.devices.graphs import capture
from baichuan2.devices.view import View
from baichuan2.errors import UserError, one_line
from baichuan2.modeling import network
from baichuan2.w8a8.arithmetic import DynamicLinear, QuantizedLinear, quantize_tokens, rescaled, rounded_bits

log = logging.getLogger(__name__)
NZ_FORMAT = 29  # ACL_FORMAT_FRACTAL_NZ
HALF = (torch.float16, torch.bfloat16)
PSE_ALIGNMENT = 16  # keys of 16 bits in 32 bytes, to which a row of pse_shift is padded; also what divides head_dim
SCALE_BITS = 19  # of a float32 deq_scale, the highest, that a product in float16 takes; it drops the others
MOST_COLUMNS = 65535  # of a weight that npu_weight_quant_batchmatmul takes
QUEUE = "TASK_QUEUE_ENABLE"
LENGTHS = "actual_seq_lengths_kv"  # of npu_fused_infer_attention_score
GRAPH_OPTION = "auto_dispatch_capture"  # of a graph that takes new lengths (Ascend/pytorch, npugraph.md)
STRIP_QUERIES = 128  # rows of the strip that a prefill's ALiBi is copied from
# Added to the scores of keys that a query does not see: far below every score, and finite, since older chips have no
# inf, and since on a card -inf in pse_shift gave NaN (tc-mb/llama.cpp-omni, pull request 89).
HIDDEN = -3e4


def open_device(index: int, threads: int | None) -> Device:
    try:
        import torch_npu  # noqa: F401
    except ImportError as error:
        raise UserError(_import_advice(error)) from None
    try:
        ascend_check.before_job(index)
        return NpuDevice(index, threads)
    except RuntimeError as error:  # CANN's own, such as that of a card that is broken, taken or not permitted
        raise UserError(ascend_check.silent(error).line()) from None


def _import_advice(error: ImportError) -> str:
    reason = host.first_cause(error)
    return host.static_tls_advice(error) or (
        f"engine.device: npu: torch_npu does not load ({reason}); {host.torch_npu_cure(reason)}"
    )


class NpuDevice(Device):
    """One Ascend card."""

    name = "npu"
    backend = "hccl"
    slots_first = True
    widest = torch.float32  # aclnn's products take no float64

    def __init__(self, index: int = 0, threads: int | None = None):
        import torch_npu  # imported here, since this module is imported without torch_npu too

        super().__init__(index, threads)
        self.ops = torch_npu
        self._card.set_device(index)
        self._compile_nothing()
        self.torch_device = torch.device("npu", index)
        self.index = index
        self.soc = soc_of(self.device_name())
        self.saturates = not torch_npu.npu.utils.is_support_inf_nan()
        self.multiple = self.soc.block
        if self.soc.nz:
            self._card.config.allow_internal_format = True

    @property
    def _card(self) -> Any:
        return torch.npu  # type: ignore[attr-defined]  # torch_npu puts it there

    def _compile_nothing(self) -> None:
        """310P and older compile operators just in time by default: anew for each shape, and others than aclnn's.

        On the open card, since CANN does not answer before.
        """
        try:
            self.ops.npu.set_compile_mode(jit_compile=False)
        except RuntimeError as error:
            reason = one_line(error)
            raise UserError(
                f"engine.device: npu: CANN does not switch its just-in-time compiler off ({reason}); install what "
                "CANN's own Python needs, see envs/npu.yaml"
            ) from None

    def dtype(self, requested: str, published: str) -> torch.dtype:
        """As requested; "auto" is as published, but float16 on a chip without bfloat16.

        Such a chip multiplies float32 in float16, with its range and digits: it is refused.
        """
        dtype = super().dtype(requested, published)
        if dtype == torch.float16 or self._card.is_bf16_supported():
            return dtype
        if requested == "auto":
            log.info("%s has no %s: computing in float16", self.device_name(), str(dtype)[6:])
            return torch.float16
        raise UserError(
            f"engine.dtype: {requested}: {self.device_name()} multiplies in float16 alone; use float16 or auto, and "
            "the CPU for quantize.device"
        )

    def largest(self, dtype: torch.dtype) -> float:
        """On a chip without inf an overflow is the dtype's largest number."""
        return torch.finfo(dtype).max if self.saturates else super().largest(dtype)

    def overflowed(self) -> bool | None:
        """By the chip's flag, which stays until it is cleared."""
        if not self.saturates:
            return None
        utils = self.ops.npu.utils
        flag = utils.get_npu_overflow_flag()
        utils.clear_npu_overflow_flag()
        return flag

    def linear(self, weight: Tensor) -> Callable[[Tensor], Tensor]:
        """In NZ, or with rows filled up to a multiple of `soc.block`: so that no call re-lays the weight."""
        block = self.soc.block
        if block == 1:
            return super().linear(weight)
        in_nz = self.soc.float_nz and weight.dtype == torch.float16 and not any(size % block for size in weight.shape)
        product = self._nz_product(weight) if in_nz else super().linear(weight)

        def apply(x: Tensor) -> Tensor:
            rows = x.reshape(-1, x.shape[-1])
            missing = 0 if in_nz else -len(rows) % block
            y = product(F.pad(rows, (0, 0, 0, missing)))[: len(rows)] if missing else product(rows)
            return y.view(*x.shape[:-1], -1)

        return apply

    def _nz_product(self, weight: Tensor) -> Callable[[Tensor], Tensor]:
        """x [rows, I] -> x . weight^T of float16 weight [O, I]; 16 divides O and I."""
        transposed = self.ops.npu_format_cast(weight.contiguous().to(self.torch_device), NZ_FORMAT).t()
        return lambda x: x @ transposed

    # ---- W8A8 --------------------------------------------------------------------------------------------------

    def int8_linear(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        quantize, layer = self._quantizer(layer, dtype)
        product = self._product(layer, dtype)
        return lambda x: product(quantize(x))

    def norm_int8_linear(
        self, weight: Tensor, eps: float, layer: QuantizedLinear, dtype: torch.dtype
    ) -> tuple[Callable, Callable[[Tensor], Tensor]]:
        """The norm gives int8 codes to the product in one operator; the first layer, without delta, adds zeros."""
        if not (self.soc.norm_quant and dtype in HALF):
            return super().norm_int8_linear(weight, eps, layer, dtype)
        weight = weight.to(self.torch_device)
        kinds = (torch.float32, torch.int32) if dtype == torch.float16 else (dtype, dtype)  # what the operator takes
        scale, offset = (
            value.to(kind) for value, kind in zip((layer.input_scale, layer.input_offset), kinds, strict=True)
        )
        layer = rescaled(layer, scale.float())
        scale, offset = (x.expand(len(weight)).contiguous().to(self.torch_device) for x in (scale, offset))

        def norm(hidden: Tensor, delta: Tensor | None) -> tuple[Tensor, Tensor]:
            delta = torch.zeros_like(hidden) if delta is None else delta
            q, _, hidden = self.ops.npu_add_rms_norm_quant(hidden, delta, weight, scale, offset, epsilon=eps)
            return hidden, q

        return norm, self._product(layer, dtype)

    def _quantizer(
        self, layer: QuantizedLinear, dtype: torch.dtype
    ) -> tuple[Callable[[Tensor], Tensor], QuantizedLinear]:
        """(x [..., I] in `dtype` -> int8 codes, round(x * (1 / scale) + offset); the layer for these codes).

        The operator takes 1 / scale in `dtype`: the layer is of the scale that this rounds to.
        """
        inverse = (1.0 / layer.input_scale).to(dtype)
        if not inverse.isfinite():
            raise UserError(
                f"engine.dtype: {str(dtype)[6:]} cannot hold 1 / input_scale of a layer; use bfloat16, or leave the "
                "layer in float (quantize.rollback)"
            )
        layer = rescaled(layer, 1.0 / inverse.float())
        inverse, offset = inverse.to(self.torch_device), layer.input_offset.to(dtype).to(self.torch_device)
        return lambda x: self.ops.npu_quantize(x, inverse, offset, torch.qint8, -1, False), layer

    def _product(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        """int8 codes [..., I] -> (codes . weight^T + quant_bias) * deq_scale [..., O] in `dtype`."""
        if dtype not in HALF:
            raise UserError(
                f"engine.dtype: {str(dtype)[6:]}: Ascend's int8 product gives 16 bits; use float16 or auto"
            )
        weight, bias = self._int8_weight(layer.weight), layer.quant_bias.to(self.torch_device)
        deq_scale = layer.deq_scale
        if dtype == torch.float16:  # converted once here; float32 would be converted in every call
            deq_scale = self.ops.npu_trans_quant_param(rounded_bits(deq_scale, SCALE_BITS).to(self.torch_device))
        deq_scale = deq_scale.to(self.torch_device)
        return lambda q: self.ops.npu_quant_matmul(q, weight, deq_scale, bias=bias, output_dtype=dtype)

    def dynamic_linear(self, layer: DynamicLinear, dtype: torch.dtype) -> Callable[..., Tensor]:
        """As the vendor's W8A8_DYNAMIC linear."""
        if not self.soc.token_scale:
            raise UserError(
                f"quantize.scheme: dynamic: {self.soc.name}'s product with a scale per token is not reliable, or not "
                "there; use static"
            )
        weight = self._int8_weight(layer.weight)
        weight_scale = layer.weight_scale.flatten().to(self.torch_device)

        def apply(x: Tensor, largest: Tensor | None = None) -> Tensor:
            rows = x.reshape(-1, x.shape[-1])
            if largest is None:
                q, scale = self.ops.npu_dynamic_quant(rows)
            else:
                q, scale = quantize_tokens(rows, largest.view(-1, 1))
            scale = scale.flatten()
            y = self.ops.npu_quant_matmul(q, weight, weight_scale, pertoken_scale=scale, output_dtype=dtype)
            return y.view(*x.shape[:-1], -1)

        return apply

    def _int8_weight(self, weight: Tensor) -> Tensor:
        """int8 [O, I] -> [I, O], in the layout that the chip multiplies fastest.

        Raises UserError where it has no such product.
        """
        if not self.soc.int8:
            raise UserError(
                f"engine.device: {self.device_name()} has no int8 product, {', '.join(soc.name for soc in SOCS)} "
                "have; take the float model"
            )
        if self.soc.nz == "before":
            return self.ops.npu_format_cast(weight.contiguous().to(self.torch_device), NZ_FORMAT).t()
        transposed = weight.t().contiguous().to(self.torch_device)
        return self.ops.npu_format_cast(transposed, NZ_FORMAT) if self.soc.nz == "after" else transposed

    def int8_weight_linear(self, weight: Tensor, scale: Tensor) -> Callable[[Tensor], Tensor]:
        """The operator reads int8. It takes scales of x's dtype; what they lose by that is made up for in float32."""
        if not self.soc.int8_weights:
            raise UserError(f"engine.head: int8: {self.device_name()} has no product of int8 weights; use float")
        pieces = [
            piece.contiguous().to(self.torch_device).t()
            for piece in weight.chunk(math.ceil(len(weight) / MOST_COLUMNS))
        ]
        parts: dict[torch.dtype, tuple[Sequence[Tensor], Tensor]] = {}  # of x's dtype: scales of each piece, the rest

        def scales(dtype: torch.dtype) -> tuple[Sequence[Tensor], Tensor]:
            if dtype not in HALF:
                raise UserError(f"engine.head: int8: Ascend's product gives 16 bits, not {str(dtype)[6:]}; use float")
            rounded = scale.flatten().to(dtype)
            rest = (scale.flatten() / rounded.float()).to(self.torch_device)
            return rounded.to(self.torch_device).split([piece.shape[1] for piece in pieces]), rest

        def apply(x: Tensor) -> Tensor:
            if x.dtype not in parts:
                parts[x.dtype] = scales(x.dtype)
            (rounded, rest), rows = parts[x.dtype], x.reshape(-1, x.shape[-1])
            products = map(partial(self.ops.npu_weight_quant_batchmatmul, rows), pieces, rounded)
            return torch.cat(list(products), dim=-1).float().mul(rest).view(*x.shape[:-1], -1)

        return apply

    # ---- norms, activation, positions --------------------------------------------------------------------------

    def add_norm(self, weight: Tensor, eps: float) -> Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]:
        if not self.soc.norms:
            return super().add_norm(weight, eps)
        weight = weight.to(self.torch_device)

        def apply(hidden: Tensor, delta: Tensor | None) -> tuple[Tensor, Tensor]:
            if delta is None:
                return hidden, self.ops.npu_rms_norm(hidden, weight, eps)[0]
            normed, _, hidden = self.ops.npu_add_rms_norm(hidden, delta, weight, eps)
            return hidden, normed

        return apply

    def silu_mul(self, gate_up: Tensor) -> Tensor:
        fused = self.soc.swiglu and gate_up.shape[-1] % self.soc.swiglu == 0
        return self.ops.npu_swiglu(gate_up) if fused else super().silu_mul(gate_up)

    def rotate(self, x: Tensor, view: View) -> Tensor:
        """Fused, with tables in x's dtype as the operator requires; torch's plain operators compute in float32."""
        if not self.soc.rotary:
            return super().rotate(x, view)
        if "rotary" not in view.prepared:
            assert view.rotary is not None  # a network of RoPE
            view.prepared["rotary"] = [table.to(x.dtype) for table in view.rotary]
        return self.ops.npu_rotary_mul(x, *view.prepared["rotary"])

    # ---- attention ---------------------------------------------------------------------------------------------

    def store(self, view: View, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """In place. One sequence's keys and values are a row of memory, whatever their number."""
        keys, values = view.cache.keys[layer, : view.rows], view.cache.values[layer, : view.rows]
        if not self.soc.cache_write:
            view.store_by_slices(layer, key, value)
        elif view.decode:
            slots = view.query_positions.flatten()  # a row's own: slot s has position s
            for cache, new in ((keys, key), (values, value)):
                self.ops.scatter_update_(_slots_of(cache), slots, _slots_of(new), -2)
        elif isinstance(view.slots, slice):
            view.store(layer, key, value)
        else:  # in memory's order, since others have the whole cache copied to and fro
            for cache, new in ((keys, key), (values, value)):
                cache.transpose(1, 2)[:, view.slots] = new.transpose(1, 2)
        if self._fuses(key) and view.decode:
            return keys, values  # of one shape in every step: lengths, or a bias, hide the rest
        used = min(self.rounded(view.used), keys.shape[2])
        return keys[:, :, :used], values[:, :, :used]

    def _fuses(self, query: Tensor) -> bool:
        return self.soc.attention and query.dtype in HALF and query.shape[-1] % PSE_ALIGNMENT == 0

    def attention(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        """By products where nothing is fused: the query is scaled before the first, which float16 could not hold."""
        if self._fuses(query):
            return self._fused_attention(query, keys, values, view)
        return (self._decode_by_products if view.decode else self._by_products)(query, keys, values, view)

    def _fused_attention(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        """softmax(scale * q k^T + pse_shift) v: ALiBi is pse_shift.

        Lengths hide keys where the host knows them; else a mask, or of one query pse_shift: a report says that one
        query's mask is not looked at behind key 512 (vllm-project/vllm-ascend, issue 15503).
        """
        heads, queries, slots = query.shape[1], query.shape[2], keys.shape[2]
        by_bias = not view.lengths and queries == 1
        hides: dict[str, Any] = {LENGTHS: view.lengths} if view.lengths else {}
        if not (hides or by_bias):
            hides = {"atten_mask": self._hidden(view, queries, slots)}
        pse_shift = self._bias(view, heads, queries, slots + -slots % PSE_ALIGNMENT, by_bias)
        query, keys, values = (x.transpose(1, 2).contiguous() for x in (query, keys, values))  # as they lie, mostly
        return self.ops.npu_fused_infer_attention_score(
            query, keys, values, pse_shift=pse_shift, input_layout="BSND", num_heads=heads,
            num_key_value_heads=heads, scale=query.shape[-1] ** -0.5, **hides,
        )[0].transpose(1, 2)  # fmt: skip

    def _by_products(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        """softmax(scale * q k^T + bias) v, a product for each head, of queries and keys filled up to `soc.block`."""
        new, missing = query.shape[2], -query.shape[2] % self.soc.block
        query = query * query.shape[-1] ** -0.5
        query = F.pad(query, (0, 0, 0, missing)) if missing else query
        bias = self._bias(view, query.shape[1], new + missing, keys.shape[2], hides=True)
        assert bias is not None  # it hides
        scores = torch.matmul(query, keys.transpose(-1, -2)) + bias
        return torch.matmul(torch.softmax(scores.float(), dim=-1).to(values.dtype), values)[:, :, :new]

    def _decode_by_products(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        """The same of one query a sequence: two products for each, of all heads at once.

        A head's query stands in a row of its own, among zeros where other heads' keys are: so keys and values are
        multiplied as they lie in the cache [S, H*D], and those of each head are not copied.
        """
        rows, heads, _, width = query.shape
        if "rows" not in view.prepared:
            bias, missing = self._bias(view, heads, 1, keys.shape[2], hides=True), -heads % self.soc.block
            assert bias is not None  # it hides
            view.prepared["rows"] = F.pad(bias[:, :, 0], (0, 0, 0, missing))
            view.prepared["queries"] = query.new_zeros(rows, heads + missing, heads * width)
        queries = view.prepared["queries"]
        torch.mul(query[:, :, 0], width**-0.5, out=_own(queries, heads))
        scores = _products(queries, _slots_of(keys)[:, 0].mT) + view.prepared["rows"]
        weights = torch.softmax(scores.float(), dim=-1).to(values.dtype)
        return _own(_products(weights, _slots_of(values)[:, 0]), heads)[:, :, None]

    def _bias(self, view: View, heads: int, queries: int, slots: int, hides: bool) -> Tensor | None:
        """ALiBi of the first `slots` keys, relative to each query, [B|1, H, queries, slots]; made once a forward.

        hides: with HIDDEN where a query does not see a key; else None for RoPE.
        """
        if "bias" not in view.prepared:
            bias = None if view.slopes is None else self._alibi(view, queries, slots)
            if hides:
                hidden = self._hidden(view, queries, slots)
                if bias is None:
                    shape = (len(hidden), heads, queries, slots)
                    bias = torch.zeros(shape, dtype=view.dtype, device=self.torch_device)
                bias.masked_fill_(hidden, HIDDEN)
            view.prepared["bias"] = bias
        return view.prepared["bias"]

    def _alibi(self, view: View, queries: int, slots: int) -> Tensor:
        """-slope * distance [B|1, H, queries, slots]: of a prefill, where row t is row 0 moved by t, from a strip."""
        assert view.slopes is not None
        if view.decode or view.query_segments is not None:
            at = _padded(view.query_positions, queries, 0), _padded(view.key_positions, slots, 0)[None]
            return network.alibi_bias(*at, view.slopes, view.dtype)
        assert isinstance(view.slots, slice)
        strip, zero = self._strip(view)
        bias = torch.empty(1, len(view.slopes), queries, slots, dtype=view.dtype, device=self.torch_device)
        for first in range(0, queries, STRIP_QUERIES):
            part, begin = bias[0, :, first : first + STRIP_QUERIES], zero - view.slots.start - first
            part.copy_(strip[:, : part.shape[1], begin : begin + slots])
        return bias

    def _strip(self, view: View) -> tuple[Tensor, int]:
        """ALiBi of STRIP_QUERIES queries in a row to every key [H, queries, keys], and where the first of them is.

        Made once for all forwards, in their 16 bits.
        """
        assert view.slopes is not None
        zero = view.cache.keys.shape[3] + self.prefill_tokens
        if view.lasting.get("zero", 0) < zero:
            queries, keys = (
                torch.arange(begin, end, device=self.torch_device)[None]
                for begin, end in ((zero, zero + STRIP_QUERIES), (0, zero + 2 * self.prefill_tokens))
            )
            strip = network.alibi_bias(queries, keys, view.slopes, view.dtype)[0]
            view.lasting.update(strip=strip, zero=zero)
        return view.lasting["strip"], view.lasting["zero"]

    def _hidden(self, view: View, queries: int, slots: int) -> Tensor:
        """bool [B|1, 1, queries, slots], True where a query does not see a key; made once a forward."""
        if "hidden" not in view.prepared:
            hidden = ~view.visible[:, None]
            missing = queries - hidden.shape[2]
            hidden = F.pad(hidden, (0, 0, 0, missing), value=True) if missing else hidden
            view.prepared["hidden"] = _padded(hidden, slots, True)
        return view.prepared["hidden"]

    # ---- decode as a graph -------------------------------------------------------------------------------------

    def graphs(self, graph: str, world_size: int) -> Capture | None:
        if graph == "capture" and not self.soc.cache_write:
            raise UserError(f"engine.graph: capture: {self.soc.name} cannot write its cache in a graph; use auto")
        if graph == "capture" and GRAPH_OPTION not in signature(self._card.graph).parameters:
            raise UserError(
                f"engine.graph: capture: torch_npu {self.ops.__version__} gives a graph no new lengths; use a newer "
                "one, or auto"
            )
        return super().graphs(graph, world_size)

    def capture(self, function: Callable[[], None]) -> Replay:
        """A callable that repeats a function's work on the card as one graph, with the lengths of the time.

        The lengths are new before the graph runs, and the last run is over by then: its token was read.
        """
        self._lower_queue()
        graph = capture(self._card, self._card.NPUGraph(), self.torch_device, function, **{GRAPH_OPTION: True})

        def replay(filled: Sequence[int]) -> None:
            graph.update(cpu_update_input=[{LENGTHS: list(filled)}])
            graph.replay()

        return replay

    def _lower_queue(self) -> None:
        """torch_npu captures nothing where the environment has TASK_QUEUE_ENABLE=2."""
        if os.environ.get(QUEUE) != "2":
            return
        if not hasattr(self.ops.npu, "set_task_queue_enable"):
            raise UserError(
                f"engine.graph: capture: torch_npu {self.ops.__version__} captures nothing with {QUEUE}=2; set 1"
            )
        self.ops.npu.set_task_queue_enable(1)

    # ---- the machine -------------------------------------------------------------------------------------------

    def synchronise(self) -> None:
        self._card.synchronize()

    def profile(self, function: Callable[[], None], folder: Path) -> None:
        """As Device's, by torch_npu's profiler, which prints errors and raises none: a folder *_ascend_pt.

        Raises UserError where it made no trace of what it recorded.
        """
        profiler = self.ops.profiler
        kinds = [profiler.ProfilerActivity.CPU, profiler.ProfilerActivity.NPU]
        ready = profiler.tensorboard_trace_handler(str(folder))
        once = profiler.schedule(wait=0, warmup=0, active=1, repeat=1)
        with profiler.profile(activities=kinds, schedule=once, record_shapes=True, on_trace_ready=ready) as running:
            function()
            running.step()
        if not any(folder.glob("*_ascend_pt/ASCEND_PROFILER_OUTPUT/trace_view.json")):
            raise UserError("perf.profile: torch_npu's profiler made no trace; its messages above say why")
        if not any(folder.glob("*_ascend_pt/PROF_*")):
            log.warning("perf.profile: CANN recorded nothing of the card, so the trace has the host's part alone")

    def reset_peak_memory(self) -> None:
        self._card.reset_peak_memory_stats()

    def peak_memory(self) -> int:
        return self._card.max_memory_allocated()

    def free_memory(self) -> int:
        return self._card.mem_get_info(self.index)[0]

    def read_bandwidth(self, size: int = 2**30, repeats: int = 7) -> float:
        """As Device's, in float32: the vector units have no fast sum of int64."""
        data = torch.ones(size // 4, dtype=torch.float32, device=self.torch_device)
        return size / self.median_seconds(data.sum, repeats)

    def device_name(self) -> str:
        return self._card.get_device_name(self.index)

    def describe(self) -> dict:
        return super().describe() | {
            "torch_npu": self.ops.__version__,
            "cann": ascend_check.cann_version(),
            "driver": ascend_check.driver_version(),
            "soc": self.soc.name,
        }


def _slots_of(x: Tensor) -> Tensor:
    """Keys or values [B, H, S, D], of which a slot's lie together, as [B, 1, S, H*D]."""
    rows, heads, slots, width = x.shape
    return x.transpose(1, 2).view(rows, 1, slots, heads * width)


def _own(x: Tensor, heads: int) -> Tensor:
    """Of [B, H or more, H*D] each head's own D: a view [B, H, D]."""
    return x[:, :heads].unflatten(2, (heads, -1)).diagonal(dim1=1, dim2=2).transpose(1, 2)


def _products(a: Tensor, b: Tensor) -> Tensor:
    """a @ b of each sequence, by itself: together they would have to lie in a row."""
    products = [(left @ right)[None] for left, right in zip(a, b, strict=True)]
    return torch.cat(products) if len(products) > 1 else products[0]


def _padded(of_keys: Tensor, length: int, value: int) -> Tensor:
    """A last dimension padded to `length`."""
    missing = length - of_keys.shape[-1]
    return F.pad(of_keys, (0, missing), value=value) if missing else of_keys
