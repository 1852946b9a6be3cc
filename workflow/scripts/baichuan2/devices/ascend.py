"""Which of the operators that npu.py uses each Ascend chip has. Imports no torch.

Sources: the documents of torch_npu 2.13.0 (each operator's docstring lists the products that have it: "Atlas A2" is
910B, as in the 800T A2; "Atlas 推理系列" is 310P, as in the 300I DUO).
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Soc:
    """One family of chips. Where a field is false, npu.py uses torch's plain operators or raises UserError.

    bfloat16: as a dtype to compute in (npu_quant_matmul, npu_quantize: not in their lists for 310P).
    norms: npu_rms_norm, npu_add_rms_norm. norm_quant: npu_add_rms_norm_quant.
    swiglu: npu_swiglu. rotary: npu_rotary_mul (310P: compiled just in time and for head_dim 128 only: not taken).
    cache_write: scatter_update_.
    attention: npu_fused_infer_attention_score; where 310P has flash attention, it takes no pse_shift.
    token_scale: pertoken_scale of npu_quant_matmul, npu_dynamic_quant.
    nz: int8 weights in NZ format, cast "before" they are transposed or "after" (npu_quant_matmul's x2); None: not.
    """

    name: str
    bfloat16: bool = True
    norms: bool = False
    norm_quant: bool = False
    swiglu: bool = False
    rotary: bool = False
    cache_write: bool = False
    attention: bool = False
    token_scale: bool = False
    nz: str | None = None


UNKNOWN = Soc("unknown")
SOCS = (
    Soc(
        "Ascend910B", norms=True, norm_quant=True, swiglu=True, rotary=True, cache_write=True, attention=True,
        token_scale=True, nz="after",
    ),
    Soc("Ascend310P", bfloat16=False, norms=True, norm_quant=True, nz="before"),
)  # fmt: skip


def soc_of(device_name: str) -> Soc:
    """The family of a card by its name (Ascend910B4, Ascend310P3), as torch.npu.get_device_name gives it.

    A plain Ascend910B without a digit is an older chip.
    """
    return next((soc for soc in SOCS if re.match(rf"{soc.name}\d", device_name)), UNKNOWN)
