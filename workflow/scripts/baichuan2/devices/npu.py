"""Ascend NPU through torch_npu: the vendor's W8A8 recipe and fused operators, where the chip has them (ascend.SOCS).

Sources: the docstrings of torch_npu 2.13.0. All of it runs in the tests on a fake CANN; nothing has run on
hardware yet (docs/ascend.md says what is tested where).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2 import host
from baichuan2.devices import ascend_check
from baichuan2.devices.ascend import soc_of
from baichuan2.devices.base import Capture, Device
from baichuan2.devices.graphs import capture
from baichuan2.devices.view import View
from baichuan2.errors import UserError
from baichuan2.modeling import network
from baichuan2.w8a8.arithmetic import DynamicLinear, QuantizedLinear, quantize_tokens

log = logging.getLogger(__name__)
NZ_FORMAT = 29  # ACL_FORMAT_FRACTAL_NZ
HALF = (torch.float16, torch.bfloat16)
PSE_ALIGNMENT = 16  # keys of 16 bits in 32 bytes, to which a row of pse_shift is padded; also what divides head_dim


def open_device(index: int, threads: int | None) -> Device:
    try:
        import torch_npu  # noqa: F401
    except ImportError as error:
        raise UserError(_import_advice(error)) from None
    ascend_check.before_job(index)
    return NpuDevice(index, threads)


def _import_advice(error: ImportError) -> str:
    reason = " ".join(str(error).split())[:200]
    return host.static_tls_advice(error) or (
        f"engine.device: npu: torch_npu does not load ({reason}); source CANN's set_env.sh, see envs/npu.yaml"
    )


class NpuDevice(Device):
    """One Ascend card."""

    name = "npu"
    backend = "hccl"
    widest = torch.float32  # aclnn's products take no float64

    def __init__(self, index: int = 0, threads: int | None = None):
        import torch_npu  # imported here, since this module is imported without torch_npu too

        super().__init__(index, threads)
        self.ops = torch_npu
        self._card.set_device(index)
        self.torch_device = torch.device("npu", index)
        self.index = index
        self.soc = soc_of(self.device_name())
        if self.soc.nz:
            self._card.config.allow_internal_format = True

    @property
    def _card(self) -> Any:
        return torch.npu  # type: ignore[attr-defined]  # torch_npu puts it there

    def dtype(self, requested: str, published: str) -> torch.dtype:
        """As requested; "auto" is as published, but float16 on a chip without bfloat16."""
        dtype = super().dtype(requested, published)
        if dtype == torch.bfloat16 and not self.soc.bfloat16:
            if requested == "bfloat16":
                raise UserError(f"engine.dtype: bfloat16 is not there on {self.soc.name}; use float16 or auto")
            log.info("%s has no bfloat16: computing in float16", self.soc.name)
            return torch.float16
        return dtype

    # ---- W8A8 --------------------------------------------------------------------------------------------------

    def int8_linear(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        quantize, product = self._quantizer(layer, dtype), self._product(layer, dtype)
        return lambda x: product(quantize(x))

    def norm_int8_linear(
        self, weight: Tensor, eps: float, layer: QuantizedLinear, dtype: torch.dtype
    ) -> tuple[Callable, Callable[[Tensor], Tensor]]:
        """The norm gives int8 codes to the product in one operator; the first layer's, without delta, takes two."""
        if not (self.soc.norm_quant and dtype in HALF):
            return super().norm_int8_linear(weight, eps, layer, dtype)
        weight = weight.to(self.torch_device)
        alone, quantize = self.add_norm(weight, eps), self._quantizer(layer, dtype)
        kinds = (torch.float32, torch.int32) if dtype == torch.float16 else (dtype, dtype)  # what the operator takes
        scale, offset = (
            value.to(kind).expand(len(weight)).contiguous().to(self.torch_device)
            for value, kind in zip((layer.input_scale, layer.input_offset), kinds, strict=True)
        )

        def norm(hidden: Tensor, delta: Tensor | None) -> tuple[Tensor, Tensor]:
            if delta is None:
                return hidden, quantize(alone(hidden, None)[1])
            q, _, hidden = self.ops.npu_add_rms_norm_quant(hidden, delta, weight, scale, offset, epsilon=eps)
            return hidden, q

        return norm, self._product(layer, dtype)

    def _quantizer(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        """x [..., I] in `dtype` -> int8 codes, round(x * (1 / scale) + offset)."""
        inverse = 1.0 / layer.input_scale.item()
        if inverse > torch.finfo(dtype).max:
            raise UserError(
                f"engine.dtype: {str(dtype)[6:]} cannot hold 1 / input_scale of a layer; use bfloat16, or leave the "
                "layer in float (quantize.rollback)"
            )
        scale = torch.tensor([inverse], dtype=dtype).to(self.torch_device)
        offset = layer.input_offset.to(dtype).to(self.torch_device)
        return lambda x: self.ops.npu_quantize(x, scale, offset, torch.qint8, -1, False)

    def _product(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        """int8 codes [..., I] -> (codes . weight^T + quant_bias) * deq_scale [..., O] in `dtype`."""
        if dtype not in HALF:
            raise UserError(
                f"engine.dtype: {str(dtype)[6:]}: Ascend's int8 product gives 16 bits; use float16 or auto"
            )
        weight, bias = self._int8_weight(layer.weight), layer.quant_bias.to(self.torch_device)
        deq_scale = layer.deq_scale.to(self.torch_device)
        if dtype == torch.float16:  # converted once here; float32 would be converted in every call
            deq_scale = self.ops.npu_trans_quant_param(deq_scale)
        return lambda q: self.ops.npu_quant_matmul(q, weight, deq_scale, bias=bias, output_dtype=dtype)

    def dynamic_linear(self, layer: DynamicLinear, dtype: torch.dtype) -> Callable[..., Tensor]:
        """As the vendor's W8A8_DYNAMIC linear."""
        if not self.soc.token_scale:
            raise UserError(
                f"quantize.scheme: dynamic: {self.soc.name} has no product with a scale per token; use static"
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
        """int8 [O, I] -> [I, O], in the layout that the chip multiplies fastest."""
        if self.soc.nz == "before":
            return self.ops.npu_format_cast(weight.contiguous().to(self.torch_device), NZ_FORMAT).t()
        transposed = weight.t().contiguous().to(self.torch_device)
        return self.ops.npu_format_cast(transposed, NZ_FORMAT) if self.soc.nz == "after" else transposed

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
        return self.ops.npu_swiglu(gate_up) if self.soc.swiglu else super().silu_mul(gate_up)

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
        """In place. The fused operator needs contiguous keys: in decode the rows of the whole cache, else copies."""
        if not (self.soc.cache_write and view.decode):
            write = view.store if self.soc.cache_write else view.store_by_slices
            keys, values = write(layer, key, value)
            return (keys.contiguous(), values.contiguous()) if self._fuses(key) else (keys, values)
        slots = view.query_positions.flatten()  # a row's own: slot s has position s
        keys, values = view.cache.keys[layer, : view.rows], view.cache.values[layer, : view.rows]
        for cache, new in ((keys, key), (values, value)):
            self.ops.scatter_update_(cache, slots, new, -2)
        return (keys, values) if self._fuses(key) else (keys[:, :, : view.used], values[:, :, : view.used])

    def _fuses(self, query: Tensor) -> bool:
        return self.soc.attention and query.dtype in HALF and query.shape[-1] % PSE_ALIGNMENT == 0

    def attention(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        if self._fuses(query):
            return self._fused_attention(query, keys, values, view)
        scores = torch.matmul(query, keys.transpose(-1, -2)) * query.shape[-1] ** -0.5 + view.bias
        return torch.matmul(torch.softmax(scores.float(), dim=-1).to(values.dtype), values)

    def _fused_attention(self, query: Tensor, keys: Tensor, values: Tensor, view: View) -> Tensor:
        """softmax(scale * q k^T + pse_shift) v: ALiBi is pse_shift; a mask, or lengths that the host knows, hides."""
        hides = {"actual_seq_lengths_kv": view.lengths} if view.lengths else {"atten_mask": self._mask(view)}
        pse_shift = self._pse_shift(view, keys.shape[2])
        return self.ops.npu_fused_infer_attention_score(
            query.contiguous(), keys, values, pse_shift=pse_shift, input_layout="BNSD", num_heads=query.shape[1],
            num_key_value_heads=keys.shape[1], scale=query.shape[-1] ** -0.5, **hides,
        )[0]  # fmt: skip

    def _mask(self, view: View) -> Tensor:
        """bool [B|1, 1, T, S], True where a query does not see a key; made once per forward."""
        if "mask" not in view.prepared:
            view.prepared["mask"] = ~view.visible[:, None]
        return view.prepared["mask"]

    def _pse_shift(self, view: View, keys: int) -> Tensor | None:
        """ALiBi of `keys` slots, relative to each query, [B|1, H, T, keys rounded up]; made once per forward."""
        if view.slopes is not None and "pse_shift" not in view.prepared:
            slots = view.key_positions if view.used == keys else torch.arange(keys, device=self.torch_device)
            padded = F.pad(slots, (0, -keys % PSE_ALIGNMENT))[None]
            view.prepared["pse_shift"] = network.alibi_bias(view.query_positions, padded, view.slopes, view.dtype)
        return view.prepared.get("pse_shift")

    # ---- decode as a graph -------------------------------------------------------------------------------------

    def graphs(self, graph: str, world_size: int) -> Capture | None:
        if graph == "capture" and not self.soc.cache_write:
            raise UserError(f"engine.graph: capture: {self.soc.name} cannot write its cache in a graph; use auto")
        return super().graphs(graph, world_size)

    def capture(self, function: Callable[[], None]) -> Callable[[], None]:
        """A callable that repeats a function's work on the card as one graph."""
        return capture(self._card, self._card.NPUGraph, self.torch_device, function)

    # ---- the machine -------------------------------------------------------------------------------------------

    def synchronise(self) -> None:
        self._card.synchronize()

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
        return super().describe() | {"torch_npu": self.ops.__version__, "soc": self.soc.name}
