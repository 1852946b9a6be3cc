"""How many bytes each operator reads and writes in the card's memory, by the rules of CANN's published operators.

Every operand counts once, however often a kernel comes back to it. A vector operator copies an operand with strides
to a row first. A product re-lays both of its operands where its kernel does not take them as they lie: by TransData,
in every call. Source of both: the operators' host code in CANN's ops-nn (matmul_util.cpp).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from fake_cann import references

NZ = 29
BLOCK = 16  # what divides M, K and N of a product that 310P and older chips take as it lies
LEAST_INNER, MOST_INNER, SMALL = 128, 65535, 65535  # of a product of 910B's: its rows, and a matrix that is small


def bytes_of(name: str, arguments: list) -> int:
    """What a call of an operator moves."""
    return RULES.get(name, once)(*arguments)


def tensors(arguments) -> list[Tensor]:
    """The tensors among arguments, those of lists too."""
    parts = [part for argument in arguments for part in (argument if isinstance(argument, list) else [argument])]
    return [part for part in parts if isinstance(part, Tensor)]


def size(x: Tensor) -> int:
    """Bytes of its distinct elements: what is broadcast is there once."""
    if getattr(x, "format", None) == NZ:
        return math.prod(x.storage) * x.element_size()
    return math.prod(dim for dim, stride in zip(x.shape, x.stride(), strict=True) if stride) * x.element_size()


def in_a_row(x: Tensor) -> bool:
    """Whether it lies without gaps, what is broadcast aside."""
    if getattr(x, "format", None) == NZ:
        return True
    for dim, stride in enumerate(x.stride()):
        if not stride:
            x = x.narrow(dim, 0, min(1, x.shape[dim]))
    return x.is_contiguous()


def with_copy(x: Tensor) -> int:
    """Of an operand that is copied to a row first: read, written, read."""
    return size(x) if in_a_row(x) else 3 * size(x)


def once(*arguments) -> int:
    return sum(map(with_copy, tensors(arguments)))


def copy(*arguments) -> int:
    """Strides are what a copy is for."""
    return sum(map(size, tensors(arguments)))


def in_place(x: Tensor, *rest) -> int:
    """x is read and written."""
    return with_copy(x) + once(x, *rest)


def chosen(x: Tensor, index: list, out: Tensor) -> int:
    """Of x what is chosen."""
    return 2 * size(out) + once(index)


def written(x: Tensor, index: object, values: Tensor, *rest) -> int:
    """Of x what is written."""
    return 2 * size(values) + once(index)


def product(a: Tensor, b: Tensor, out: Tensor, *rest) -> int:
    moved = sum(size(x) if in_a_row(x) or in_a_row(x.mT) else 3 * size(x) for x in (a, b))
    if is_relaid(a, b):
        moved += 2 * (size(a) + size(b)) + (2 * size(out) if out.shape[-1] % BLOCK else 0)
    return moved + size(out)


def product_nz(x: Tensor, weight: Tensor, out: Tensor, *rest) -> int:
    """310P's takes x in NZ too, so it is re-laid."""
    return (with_copy(x) if references.NEW else 3 * size(x)) + size(weight) + size(out)


def is_relaid(a: Tensor, b: Tensor) -> bool:
    """Whether the kernel does not take its operands as they lie."""
    if not references.NEW:
        return a.dtype != torch.float16 or any(dim % BLOCK for dim in (*a.shape[-2:], *b.shape[-2:]))
    if a.dtype == torch.float32 or all(x[(0,) * (x.dim() - 2)].numel() <= SMALL for x in (a, b)):
        return False
    inner = [x.shape[-2] if in_a_row(x.mT) and not in_a_row(x) else x.shape[-1] for x in (a, b)]
    return not all(LEAST_INNER <= axis <= MOST_INNER or (axis < LEAST_INNER and axis % BLOCK == 0) for axis in inner)


def attention(query, keys, values, pse, mask, lengths, key_lengths, *rest) -> int:
    """Keys, values and what is added to scores up to each sequence's length."""
    out, layout = rest[-2], rest[24]
    key, slots = keys[0], 1 if layout == "BSND" else 2
    share = sum(key_lengths) / (len(key_lengths) * key.shape[slots]) if key_lengths else 1
    return round(share * once(key, values[0], pse)) + once(query, out, mask)


RULES = {
    "aclnnInplaceCopy": copy,
    "aclnnInplaceAdds": in_place,
    "aclnnInplaceMaskedFillScalar": in_place,
    "aclnnIndex": chosen,
    "aclnnIndexPutImpl": written,
    "aclnnInplaceScatterUpdate": written,
    "aclnnMatmul": product,
    "aclnnMatmulWeightNz": product_nz,
    "aclnnFusedInferAttentionScoreV3": attention,
}
