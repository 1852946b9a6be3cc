"""The aclnn operators of a decoder layer, and of what surrounds the layers, on each chip, and what each is for.

Baichuan2-13B's kind (ALiBi), one sequence, float16. test_npu.py holds what torch_npu called against these lists, and
docs/generated/operators.md is written from them.
"""

from __future__ import annotations

Operators = list[tuple[str, str]]

NORM_1 = ("AddRmsNorm", "add the last sum, norm")
NORM_2 = ("AddRmsNorm", "add attention's sum, norm")
NORM_1_QUANT = ("AddRmsNormQuantV2", "add the last sum, norm, quantize")
NORM_2_QUANT = ("AddRmsNormQuantV2", "add attention's sum, norm, quantize")
SWIGLU = ("SwiGlu", "silu(gate) * up")
PRODUCT = {"Ascend910B4": "Matmul", "Ascend310P3": "MatmulWeightNz"}  # of float weights


def layer(chip: str, precision: str, attention: Operators) -> Operators:
    """A layer's operators around its attention."""
    int8 = precision == "w8a8"
    product = "QuantMatmulWeightNz" if int8 else PRODUCT[chip]
    return [
        NORM_1_QUANT if int8 else NORM_1,
        (product, "W_pack: q, k and v"),
        *attention,
        *([("AscendQuantV3", "quantize the context")] if int8 else []),
        (product, "o_proj"),
        NORM_2_QUANT if int8 else NORM_2,
        (product, "gate_proj and up_proj"),
        SWIGLU,
        *([("AscendQuantV3", "quantize the activation")] if int8 else []),
        (product, "down_proj"),
    ]


FUSED_DECODE = [
    ("InplaceScatterUpdate", "the key to the cache"),
    ("InplaceScatterUpdate", "the value to the cache"),
    ("FusedInferAttentionScoreV3", "attention with ALiBi (pse_shift)"),
]
FUSED_PREFILL = [
    ("InplaceCopy", "keys to the cache"),
    ("InplaceCopy", "values to the cache"),
    ("InplaceCopy", "queries in a row: the operator takes no strides"),
    ("FusedInferAttentionScoreV3", "attention with ALiBi (pse_shift)"),
]
PLAIN_DECODE = [
    ("InplaceCopy", "the key to the cache"),
    ("InplaceCopy", "the value to the cache"),
    ("Muls", "each head's query, times the scale, to a row of its own"),
    ("Matmul", "q k^T, of all heads at once"),
    ("Add", "ALiBi and the mask"),
    ("InplaceCopy", "to float32"),
    ("Softmax", "softmax"),
    ("InplaceCopy", "to float16"),
    ("Matmul", "times v"),
    ("InplaceCopy", "each head's own of it, side by side"),
]
PLAIN_PREFILL = [
    ("InplaceCopy", "keys to the cache"),
    ("InplaceCopy", "values to the cache"),
    ("Muls", "the queries, times the scale"),
    ("Matmul", "q k^T"),
    *PLAIN_DECODE[4:-1],
    ("InplaceCopy", "heads side by side"),
]
CHIPS = {
    "Ascend910B4": {"decode": FUSED_DECODE, "prefill": FUSED_PREFILL},
    "Ascend310P3": {"decode": PLAIN_DECODE, "prefill": PLAIN_PREFILL},
}
LAYERS = {
    (chip, precision, part): layer(chip, precision, attention)
    for chip, both in CHIPS.items()
    for part, attention in both.items()
    for precision in ("float", "w8a8")
}

ALIBI = [
    ("Sub", "distances"),
    ("ClampMin", "none ahead"),
    ("InplaceCopy", "to float32"),
    ("Neg", "slopes"),
    ("Mul", "times distances"),
    ("InplaceCopy", "to float16"),
]
MASK = [("LeTensor", "which keys are seen"), ("BitwiseNot", "which are not")]
STRIP = [
    ("Arange", "of the first prefill alone: the strip"),
    ("Arange", "the same"),
    *((name, f"of the strip: {what}") for name, what in ALIBI),
    ("InplaceCopy", "from the strip"),
]
HIDE = ("InplaceMaskedFillScalar", "-30000 where not seen")
# Made once a forward, by the first layer: before its attention, in this order.
ONCE = {
    ("Ascend910B4", "decode"): [("ConstantPadNd", "to all slots"), *ALIBI],
    ("Ascend910B4", "prefill"): [*MASK, *STRIP],
    ("Ascend310P3", "decode"): [
        ("ConstantPadNd", "keys up to 16"),
        *ALIBI,
        *MASK,
        ("ConstantPadNd", "keys up to 16"),
        HIDE,
        ("ConstantPadNd", "heads up to 16"),
        ("InplaceZero", "where the heads' queries will stand"),
    ],
    ("Ascend310P3", "prefill"): [*STRIP, *MASK, HIDE],
}
# The first layer has nothing to add.
FIRST_NORM = {
    "float": [("RmsNorm", "norm")],
    "w8a8": [("InplaceZero", "zeros to add"), ("AddRmsNormQuantV2", "norm, quantize")],
}
HEAD = [("Matmul", "lm_head"), ("InplaceCopy", "to float32")]
# Outside of all layers; on 310P lm_head is a MatmulWeightNz.
AROUND = {
    "decode": [
        ("Adds", "the next position"),
        ("Arange", "positions of keys"),
        ("Index", "the token's embedding"),
        ("AddRmsNorm", "the last norm"),
        *HEAD,
        ("ArgMax", "the next token"),
    ],
    "prefill": [
        ("InplaceZero", "a new cache: keys"),
        ("InplaceZero", "a new cache: values"),
        ("InplaceZero", "last hidden states"),
        ("Arange", "positions of keys"),
        ("GeScalar", "which prompts end in this piece"),
        ("LtScalar", "the same"),
        ("BitwiseAndTensor", "the same"),
        ("Subs", "where they end"),
        ("Clamp", "the same"),
        ("Arange", "their rows"),
        ("Index", "embeddings"),
        ("AddRmsNorm", "the last norm"),
        ("Index", "their last hidden states"),
        ("SWhere", "the same"),
        *HEAD,
    ],
}


def first_layer(chip: str, precision: str, part: str) -> list[str]:
    """The names of the first layer's operators."""
    names = [name for name, _ in LAYERS[chip, precision, part][1:]]
    once = [name for name, _ in ONCE[chip, part]]
    at = names.index("Muls" if chip == "Ascend310P3" else "FusedInferAttentionScoreV3")
    if part == "prefill":
        at += 1 if chip == "Ascend310P3" else -1  # when the queries are scaled, or before they are put in a row
    return [name for name, _ in FIRST_NORM[precision]] + names[:at] + once + names[at:]


def around(chip: str, part: str) -> list[str]:
    """The names of the operators outside of all layers."""
    return [PRODUCT[chip] if name == "Matmul" else name for name, _ in AROUND[part]]


def document() -> str:
    """docs/generated/operators.md."""
    lines = [
        "# What torch_npu asks CANN for",
        "",
        "The aclnn operators of Baichuan2-13B's kind of network (ALiBi), one sequence, float16, as the recorder of",
        "the fake CANN saw them; `tests/test_npu.py` holds every list. Written by",
        "`python -m pytest tests/test_npu.py --operators docs/generated/operators.md`. With several sequences, 910B",
        "has one more in a layer of decode: the queries in a row; 310P has two products more for each, and two Cat.",
        "7B's kind (RoPE) has two more on 910B, the rotation of queries and of keys. On 310P lm_head is a",
        "MatmulWeightNz.",
        "",
        "## A decoder layer, decode",
        "",
        *_table("decode"),
        "",
        "## A decoder layer, prefill",
        "",
        *_table("prefill"),
        "",
        "## Once a forward",
        "",
        "| part | operators |",
        "|---|---|",
    ]
    lines += [f"| {part}, outside of the layers | {_listed(operators)} |" for part, operators in AROUND.items()]
    lines += [
        f"| {part}, {chip}, for all layers | {_listed(operators)} |" for (chip, part), operators in ONCE.items()
    ]
    lines += [
        f"| the first layer's norm, {precision} | {_listed(operators)} |"
        for precision, operators in FIRST_NORM.items()
    ]
    copies = "A decode step copies one thing to the card, the token ids, and one back, the next ones."
    return "\n".join([*lines, "", copies]) + "\n"


def _listed(operators: Operators) -> str:
    return ", ".join(f"{name} ({what})" for name, what in operators)


def _table(part: str) -> list[str]:
    lines = ["| chip | weights | operators | what they are |", "|---|---|---|---|"]
    return lines + [
        f"| {chip} | {precision} | {len(operators)} | {_listed(operators)} |"
        for (chip, precision, its), operators in LAYERS.items()
        if its == part
    ]
