"""What a model needs of one rank's memory, by arithmetic on its shapes. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import prod

from baichuan2.model.sizes import ModelConfig, check_world_size, linear_names, tensor_shapes
from baichuan2.ranks.table import part_shape

ITEM_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
# Beside each output's int8 weights: quant_bias in int32, and deq_scale, which Ascend has in 64 bits for float16.
INT8_OUTPUT_BYTES = 12


@dataclass(frozen=True)
class Need:
    """Bytes on one rank, without activations: of the weights, and of the KV cache of `batch` x `length` tokens."""

    what: str
    weights: int
    cache: int
    batch: int
    length: int


def needs_of(
    what: str,
    config: ModelConfig,
    batch: int,
    length: int,
    dtypes: tuple[str, str],
    world_size: int = 1,
    left_in_float: Collection[str] = (),
    head: str = "float",
) -> list[Need]:
    """What one rank needs in float and in W8A8. dtypes: of float weights, and of the KV cache.

    Raises UserError where the model cannot be cut for world_size.
    """
    check_world_size(config, world_size)
    weight_item, cache_item = (ITEM_BYTES[dtype] for dtype in dtypes)
    cache = kv_bytes(config, cache_item, batch, length, world_size)
    forms = {"float": set(), "W8A8": set(linear_names(config)) - set(left_in_float)}
    return [
        Need(f"{what}, {form}", weight_bytes(config, weight_item, world_size, int8, head), cache, batch, length)
        for form, int8 in forms.items()
    ]


def weight_bytes(
    config: ModelConfig, item_bytes: int, world_size: int = 1, int8: Collection[str] = (), head: str = "float"
) -> int:
    """Bytes of one rank's weights: the modules of `int8`, and an int8 `head`, in 8 bits, the others of item_bytes."""
    names = {*int8, *(("lm_head",) if head == "int8" else ())}
    total = 0
    for name, whole in tensor_shapes(config).items():
        shape = part_shape(name, whole, world_size)
        if name.removesuffix(".weight") in names:
            total += prod(shape) + INT8_OUTPUT_BYTES * shape[0]
        else:
            total += prod(shape) * item_bytes
    return total


def kv_bytes(config: ModelConfig, item_bytes: int, batch: int, length: int, world_size: int = 1) -> int:
    """Bytes of keys and values of `length` positions of `batch` sequences on one rank."""
    heads = config.num_attention_heads // world_size
    return 2 * config.num_hidden_layers * batch * heads * length * config.head_dim * item_bytes
