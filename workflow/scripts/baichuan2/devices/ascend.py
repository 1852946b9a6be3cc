"""Which of the operators that npu.py uses each Ascend chip has. Imports no torch.

Sources: the documents of torch_npu 2.13.0 (each operator's docstring lists the products that have it: "Atlas A2" is
910B, as in the 800T A2; "Atlas A3" is 910_93; "Atlas 推理系列" is 310P, as in the 300I DUO), and the newer lists of
products in CANN's operators for neural networks (ops-nn).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Soc:
    """One family of chips. Where a field is false, npu.py uses torch's plain operators or raises UserError.

    int8: npu_quantize and npu_quant_matmul; CANN refuses them on any chip that is not in this table.
    int8_weights: npu_weight_quant_batchmatmul.
    norms: npu_rms_norm, npu_add_rms_norm. norm_quant: npu_add_rms_norm_quant.
    swiglu: what divides the last dimension that npu_swiglu takes; 0: it is not there.
    rotary: npu_rotary_mul (310P: compiled just in time and for head_dim 128 only: not taken).
    cache_write: scatter_update_.
    attention: npu_fused_infer_attention_score; where 310P has flash attention, it takes no pse_shift.
    token_scale: pertoken_scale of npu_quant_matmul, npu_dynamic_quant. 310P has them by now, but vllm-ascend warns of
    wrong answers: not taken.
    block: what divides rows, columns and inner dimension of a float product that takes its operands as they lie; else
    it re-lays both of them in every call, the weight too (CANN's ops-nn, matmul_util.cpp: off 910B and A3).
    float_nz: float weights in NZ format, whose product takes any rows: it alone does not re-lay the weight.
    nz: int8 weights in NZ format, cast "before" they are transposed or "after" (npu_quant_matmul's x2); None: not.
    hosts: whether HCCL's ranks may be on several hosts.
    """

    name: str
    int8: bool = False
    int8_weights: bool = False
    norms: bool = False
    norm_quant: bool = False
    swiglu: int = 0
    rotary: bool = False
    cache_write: bool = False
    attention: bool = False
    token_scale: bool = False
    block: int = 16
    float_nz: bool = False
    nz: str | None = None
    hosts: bool = True


UNKNOWN = Soc("unknown")
A2 = Soc(
    "Ascend910B", int8=True, int8_weights=True, norms=True, norm_quant=True, swiglu=1, rotary=True, cache_write=True,
    attention=True, token_scale=True, block=1, nz="after",
)  # fmt: skip
SOCS = (
    A2,
    replace(A2, name="Ascend910_93"),  # A3: in every list of products beside A2
    Soc(
        "Ascend310P",
        int8=True,
        int8_weights=True,
        norms=True,
        norm_quant=True,
        swiglu=32,
        float_nz=True,
        nz="before",
        hosts=False,
    ),
)


def soc_of(device_name: str) -> Soc:
    """The family of a card by its name (Ascend910B4, Ascend910_9391), as torch.npu.get_device_name gives it.

    A plain Ascend910B without a digit is an older chip.
    """
    return next((soc for soc in SOCS if re.match(rf"{soc.name}\d", device_name)), UNKNOWN)
