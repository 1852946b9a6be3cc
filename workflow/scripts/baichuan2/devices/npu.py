"""Ascend NPU through torch_npu: the vendor's W8A8 recipe, fused norms.

Sources: Ascend's torch_npu API documents and the vendor's W8A8 linear. Nothing here has met the hardware yet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from baichuan2 import host
from baichuan2.devices import ascend_check
from baichuan2.devices.base import Device
from baichuan2.errors import UserError
from baichuan2.w8a8 import DynamicLinear, QuantizedLinear, quantize_tokens

log = logging.getLogger(__name__)
NZ_FORMAT = 29  # ACL_FORMAT_FRACTAL_NZ


def open_device(index: int, threads: int | None) -> Device:
    try:
        import torch_npu  # noqa: F401
    except ImportError as error:
        raise UserError(_import_advice(error)) from None
    ascend_check.before_job(index, known_soc)
    return NpuDevice(index, threads)


def known_soc(name: str) -> bool:
    """Whether torch.npu.get_device_name's `name` is of a chip that this file is written for."""
    return any(chip in name for chip in ("310P", "910B"))


def _import_advice(error: ImportError) -> str:
    reason = " ".join(str(error).split())[:200]
    return host.static_tls_advice(error) or (
        f"engine.device: npu: torch_npu does not load ({reason}); source CANN's set_env.sh, see envs/npu.yaml"
    )


class NpuDevice(Device):
    """One Ascend card."""

    name = "npu"
    backend = "hccl"

    def __init__(self, index: int = 0, threads: int | None = None):
        super().__init__(index, threads)
        torch.npu.set_device(index)
        self.torch_device = torch.device("npu", index)
        self.index = index
        self.is_310p = "310P" in torch.npu.get_device_name(index)
        if not self.is_310p:
            torch.npu.config.allow_internal_format = True

    def dtype(self, asked: str, published: str) -> torch.dtype:
        """As asked; "auto" is as published, but float16 on 310P, which has no bfloat16."""
        dtype = super().dtype(asked, published)
        if self.is_310p and dtype == torch.bfloat16:
            if asked == "bfloat16":
                raise UserError("engine.dtype: bfloat16 is not there on Ascend 310P; use float16 or auto")
            log.info("Ascend 310P has no bfloat16: computing in float16")
            return torch.float16
        return dtype

    def int8_linear(self, layer: QuantizedLinear, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
        import torch_npu

        weight = self._int8_weight(layer.weight)
        bias = layer.quant_bias.to(self.torch_device)
        deq_scale = layer.deq_scale.to(self.torch_device)
        if dtype == torch.float16:  # converted once here; float32 would be converted in every call
            deq_scale = torch_npu.npu_trans_quant_param(deq_scale)
        scale = (1.0 / layer.input_scale).to(dtype).to(self.torch_device)
        offset = layer.input_offset.to(dtype).to(self.torch_device)

        def apply(x: Tensor) -> Tensor:
            q = torch_npu.npu_quantize(x, scale, offset, torch.qint8, -1, False)
            return torch_npu.npu_quant_matmul(q, weight, deq_scale, bias=bias, output_dtype=dtype)

        return apply

    def dynamic_linear(self, layer: DynamicLinear, dtype: torch.dtype) -> Callable[..., Tensor]:
        """As the vendor's W8A8_DYNAMIC linear. Untested like the rest; 310P's product takes no scale of a token."""
        import torch_npu

        if self.is_310p:
            raise UserError("quantize.scheme: dynamic: Ascend 310P has no product with a scale per token; use static")
        weight = self._int8_weight(layer.weight)
        weight_scale = layer.weight_scale.flatten().to(self.torch_device)

        def apply(x: Tensor, largest: Tensor | None = None) -> Tensor:
            rows = x.reshape(-1, x.shape[-1])
            if largest is None:
                q, scale = torch_npu.npu_dynamic_quant(rows)
            else:
                q, scale = quantize_tokens(rows, largest.view(-1, 1))
            scale = scale.flatten()
            y = torch_npu.npu_quant_matmul(q, weight, weight_scale, pertoken_scale=scale, output_dtype=dtype)
            return y.view(*x.shape[:-1], -1)

        return apply

    def _int8_weight(self, weight: Tensor) -> Tensor:
        """int8 [O, I] -> [I, O] in NZ layout; 310P casts first and transposes as a view."""
        import torch_npu

        if self.is_310p:
            return torch_npu.npu_format_cast(weight.contiguous().to(self.torch_device), NZ_FORMAT).t()
        return torch_npu.npu_format_cast(weight.t().contiguous().to(self.torch_device), NZ_FORMAT)

    def add_norm(self, weight: Tensor, eps: float) -> Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]:
        import torch_npu

        weight = weight.to(self.torch_device)

        def apply(hidden: Tensor, delta: Tensor | None) -> tuple[Tensor, Tensor]:
            if delta is None:
                return hidden, torch_npu.npu_rms_norm(hidden, weight, eps)[0]
            normed, _, hidden = torch_npu.npu_add_rms_norm(hidden, delta, weight, eps)
            return hidden, normed

        return apply

    def attention(self, query: Tensor, keys: Tensor, values: Tensor, view: Any) -> Tensor:
        """Plain products with the bias added: what every Ascend chip has."""
        scores = torch.matmul(query, keys.transpose(-1, -2)) * query.shape[-1] ** -0.5 + view.bias
        return torch.matmul(torch.softmax(scores.float(), dim=-1).to(values.dtype), values)

    def synchronise(self) -> None:
        torch.npu.synchronize()

    def reset_peak_memory(self) -> None:
        torch.npu.reset_peak_memory_stats()

    def peak_memory(self) -> int:
        return torch.npu.max_memory_allocated()

    def read_bandwidth(self, size: int = 2**30, repeats: int = 7) -> float:
        return super().read_bandwidth(size, repeats)

    def device_name(self) -> str:
        return torch.npu.get_device_name(self.index)

    def describe(self) -> dict:
        import torch_npu

        return super().describe() | {"torch_npu": torch_npu.__version__}
