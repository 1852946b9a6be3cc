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
SCREEN_OUTPUT_BYTES = 16  # beside each int8 row of an exact head, which has these rows beside its own


PROCESS_BYTES = 190 * 2**20  # of Python, torch, its threads and its allocator, beside what they compute with
PREFILL_TOKENS = 512  # Device.prefill_tokens of a CPU
LOGITS_TOGETHER = 64  # rows over the vocabulary, of what is scored, that are in memory together


@dataclass(frozen=True)
class Need:
    """Bytes on one rank: of the weights, and of the KV cache of `batch` x `length` tokens.

    work: on a CPU what it takes beside them at its peak, in loading or in a forward, and the process itself. Memory
    is anonymous there: the embeddings are read from the mapped file. Not counted: near ties of an exam, scored again
    in float64, a linear at a time. On a card none is counted.
    """

    what: str
    weights: int
    cache: int
    batch: int
    length: int
    work: int = 0

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.work


def needs_of(
    what: str,
    config: ModelConfig,
    batch: int,
    length: int,
    dtypes: tuple[str, str],
    world_size: int = 1,
    left_in_float: Collection[str] = (),
    head: str = "float",
    on_cpu: bool = False,
    random: bool = False,
) -> list[Need]:
    """What one rank needs in float and in W8A8. dtypes: of float weights, and of the KV cache.

    head: float, int8 or exact, see devices.head. on_cpu, random: whether the rank runs on a CPU, and its weights are
    random numbers, so not mapped from files.
    Raises UserError where the model cannot be cut for world_size.
    """
    check_world_size(config, world_size)
    item, cache_item = (ITEM_BYTES[dtype] for dtype in dtypes)
    cache = kv_bytes(config, cache_item, batch, length, world_size)
    forms = {"float": set(), "W8A8": set(linear_names(config)) - set(left_in_float)}
    needs = []
    for form, int8 in forms.items():
        weights, work = weight_bytes(config, item, world_size, int8, head), 0
        if on_cpu:
            embedding = config.vocab_size * config.hidden_size
            mapped = ITEM_BYTES[config.dtype] * embedding if random else 0
            weights += mapped - item * embedding
            forward = cache + forward_bytes(config, (item, cache_item), batch, length, world_size)
            # the head is packed first, and then a layer's largest linear at a time: each is in memory twice meanwhile
            head_bytes = embedding // world_size * (1 if head == "int8" else item)
            screen = screen_bytes(config, world_size) if head == "exact" else 0
            linear = 2 * config.intermediate_size // world_size * config.hidden_size * (1 if int8 else item)
            peak = max(weights + forward, weights + linear, mapped + 2 * head_bytes + screen)
            work = PROCESS_BYTES + peak - weights - cache
        needs.append(Need(f"{what}, {form}", weights, cache, batch, length, work))
    return needs


def forward_bytes(
    config: ModelConfig, item_bytes: tuple[int, int], batch: int, length: int, world_size: int = 1
) -> int:
    """Bytes of the largest activations of one forward on a CPU, which takes PREFILL_TOKENS new tokens at a time.

    They are the attention's bias, in float32, what a layer's MLP holds, or its attention, and the logits. item_bytes:
    of activations, and of the cache, of which a layer's keys and values are copied where these differ.
    """
    item, cache_item = item_bytes
    tokens, rows = min(PREFILL_TOKENS, batch * length), config.num_attention_heads // world_size
    bias = 4 * rows * min(tokens, length) * length
    inner, hidden = config.intermediate_size // world_size, config.hidden_size
    copied = 0 if item == cache_item else 2 * item * batch * length * rows * config.head_dim
    attention = item * tokens * (3 * hidden + 5 * hidden // world_size) + copied
    mlp = item * tokens * 3 * (hidden + inner)
    return bias + max(attention, mlp) + 2 * 4 * max(batch, LOGITS_TOGETHER) * config.vocab_size


def weight_bytes(
    config: ModelConfig, item_bytes: int, world_size: int = 1, int8: Collection[str] = (), head: str = "float"
) -> int:
    """Bytes of one rank's weights: the modules of `int8`, and an int8 `head`, in 8 bits, the others of item_bytes.

    An exact head is there in both.
    """
    names = {*int8, *(("lm_head",) if head == "int8" else ())}
    total = screen_bytes(config, world_size) if head == "exact" else 0
    for name, whole in tensor_shapes(config).items():
        shape = part_shape(name, whole, world_size)
        if name.removesuffix(".weight") in names:
            total += prod(shape) + INT8_OUTPUT_BYTES * shape[0]
        else:
            total += prod(shape) * item_bytes
    return total


def screen_bytes(config: ModelConfig, world_size: int) -> int:
    """Bytes of the int8 rows of one rank's exact head."""
    return config.vocab_size // world_size * (config.hidden_size + SCREEN_OUTPUT_BYTES)


def kv_bytes(config: ModelConfig, item_bytes: int, batch: int, length: int, world_size: int = 1) -> int:
    """Bytes of keys and values of `length` positions of `batch` sequences on one rank."""
    heads = config.num_attention_heads // world_size
    return 2 * config.num_hidden_layers * batch * heads * length * config.head_dim * item_bytes
