"""The sizes of a model, read from its config.json and checked. Imports nothing heavy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from baichuan2.errors import UserError, nearest, shown
from baichuan2.files import read_json

# {pieces of the published tokenizers, of Baichuan 1 and of Baichuan2: whether the output layer is a NormHead}
NORM_HEAD = {64000: False, 125696: True}
RESIZED = 1024  # rows that a vocabulary resized for [PAD] and the like may have beyond the tokenizer's pieces
_REFETCH = "fetch the file again"
DTYPES = ("float32", "bfloat16", "float16")
POSITIONS = ("alibi", "rope")
ROTARY = "rotary_emb.inv_freq"  # in the name of a tensor that only RoPE's published files have
# keys of a config.json that say how the network computes, and what it computes here
COMPUTED: dict[str, tuple[Any, ...]] = {
    "hidden_act": ("silu", "swish"),
    "tie_word_embeddings": (False,),
    "rope_theta": (10000,),  # network.ROPE_BASE
    "rope_scaling": (),
    "rope_parameters": ({"rope_type": "default", "rope_theta": 10000},),
}
# the linears of a layer, all of which can be quantized; those of a group read the same input, and share its scale:
# they are quantized together or not at all
GROUPS = (("self_attn.W_pack",), ("self_attn.o_proj",), ("mlp.gate_proj", "mlp.up_proj"), ("mlp.down_proj",))
LINEARS = tuple(name for group in GROUPS for name in group)


@dataclass(frozen=True)
class ModelConfig:
    """What the weights' shapes and the arithmetic depend on; names as in the published config.json.

    position_embedding is "alibi" (13B) or "rope" (7B), or None of a source whose config.json does not say: see
    decide_position. dtype is that of the published weights. norm_head: the output layer normalises its rows, as
    Baichuan2's, unlike Baichuan 1's. pieces: of the tokenizer; None: vocab_size.
    """

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    model_max_length: int = 4096
    rms_norm_eps: float = 1e-6
    position_embedding: str | None = None
    dtype: str = "bfloat16"
    norm_head: bool = True
    pieces: int | None = None

    @property
    def tokens(self) -> int:
        """How many ids there are: rows of the vocabulary beyond the tokenizer's pieces are no tokens."""
        return self.vocab_size if self.pieces is None else self.pieces

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads

    @property
    def is_alibi(self) -> bool:
        if self.position_embedding is None:
            raise ValueError("position_embedding is not decided")
        return self.position_embedding == "alibi"

    @classmethod
    def read(cls, directory: Path) -> ModelConfig:
        """From `directory`/config.json, of a source, too. Raises UserError where it is not a Baichuan model's."""
        path = Path(directory) / "config.json"
        return cls.from_fields(read_json(path), path, decided=False)

    @classmethod
    def from_fields(cls, fields: dict[str, Any], path: Path, decided: bool = True) -> ModelConfig:
        """From config.json's parsed fields; `path` is what the errors name.

        decided: whether position_embedding must be among them, as link_model writes it.
        """
        check_baichuan(fields, path)
        fields = {"model_max_length": 4096, "rms_norm_eps": 1e-6} | fields
        sizes = {name: _size(fields, name, path) for name in _SIZES}
        pieces = None if fields.get("pieces") is None else _size(fields, "pieces", path, sizes["vocab_size"])
        config = cls(
            **sizes,
            rms_norm_eps=_epsilon(fields["rms_norm_eps"], path),
            position_embedding=_position(fields.get("position_embedding"), path, decided),
            dtype=fields.get("dtype") or fields.get("torch_dtype") or "bfloat16",
            norm_head=norm_head(fields, path)[0],
            pieces=pieces,
        )
        if config.hidden_size % config.num_attention_heads:
            raise UserError(f"{path}: num_attention_heads does not divide hidden_size")
        if config.position_embedding == "rope" and config.head_dim % 2:
            raise UserError(f"{path}: {config.head_dim} numbers a head, but RoPE turns pairs of them; {_REFETCH}")
        if config.dtype not in DTYPES:
            raise UserError(
                f"{path}: torch_dtype is {shown(config.dtype)}; it must be one of {', '.join(DTYPES)}; {_REFETCH}"
            )
        return config

    def fields(self) -> dict[str, Any]:
        """As config.json fields, without the parts that only files need."""
        return asdict(self) | {"model_type": "baichuan", "architectures": ["BaichuanForCausalLM"]}


# name: the largest value accepted. Far above any Baichuan2, and small enough to list a model's tensors.
_SIZES = {
    "vocab_size": 2**24,
    "hidden_size": 2**20,
    "intermediate_size": 2**22,
    "num_hidden_layers": 1000,
    "num_attention_heads": 2**12,
    "model_max_length": 2**24,
}

_B13 = ModelConfig(125696, 5120, 13696, 40, 40, position_embedding="alibi")
_B7 = ModelConfig(125696, 4096, 11008, 32, 32, position_embedding="rope")

# random:<name>: the published shapes, and smaller ones of the same make for measuring on small machines
SHAPES = {
    "baichuan2-13b": _B13,
    "baichuan2-7b": _B7,
    "baichuan2-1b": replace(
        _B13, hidden_size=1792, intermediate_size=4864, num_hidden_layers=16, num_attention_heads=14
    ),
    "baichuan2-0.4b": replace(
        _B13, hidden_size=1024, intermediate_size=2816, num_hidden_layers=10, num_attention_heads=8
    ),
    "baichuan-13b": replace(_B13, vocab_size=64000, norm_head=False),
    "baichuan-7b": replace(_B7, vocab_size=64000, norm_head=False),
}

# model.source: what computes the demo's function at these sizes (known.py). The small ones have all layers, and heads
# of 32; with them float32 is needed.
KNOWN = {
    "demo-13b": _B13,
    "demo-7b": _B7,
    "demo-13b-small": replace(_B13, vocab_size=7856, hidden_size=1280, intermediate_size=856, dtype="float32"),
    "demo-7b-small": replace(_B7, vocab_size=7856, hidden_size=1024, intermediate_size=688, dtype="float32"),
}


def layers_within(small: int, large: int) -> dict[int, int]:
    """{layer of a large model: the small one's that it holds}, evenly spaced, first and last included."""
    return {round(k * (large - 1) / max(small - 1, 1)): k for k in range(small)}


def check_baichuan(fields: dict[str, Any], path: Path) -> None:
    """Raise UserError, naming `path`, where config.json's fields are not those of Baichuan or Baichuan2 in float.

    Nor may they ask for another computation than the published one (COMPUTED).
    """
    kinds = fields.get("architectures")  # BaichuanForCausalLM; in Baichuan-7B BaiChuanForCausalLM
    if fields.get("model_type") != "baichuan" or "baichuan" not in str(kinds).lower():
        raise UserError(
            f"{path}: not a Baichuan2 model (model_type {shown(fields.get('model_type'))}, architectures "
            f"{shown(kinds)}); point model.source at Baichuan2-7B or -13B, Base or Chat"
        )
    if fields.get("quantization_config"):
        raise UserError(
            f"{path}: the weights are quantized already (quantization_config); "
            "point model.source at the float weights, the workflow quantizes them itself"
        )
    for key, computed in COMPUTED.items():
        if (value := fields.get(key)) is not None and value not in computed:
            only = f"{json.dumps(computed[0])} or null" if computed else "null"
            raise UserError(
                f"{path}: {key} is {shown(value)}, and the published network is computed here; if the weights were "
                f"trained as that one, write {only}"
            )


def decide_position(fields: dict[str, Any], tensors: Iterable[str], path: Path) -> tuple[str, str]:
    """ "alibi" or "rope", and why: by position_embedding of config.json, else by the published sizes and the tensors.

    max_position_embeddings is no evidence: other software writes it into a 13B's config.json, too. tensors: names.
    Raises UserError, naming `path`, where sizes and tensors disagree, and where neither says anything.
    """
    written = _position(fields.get("position_embedding"), path, decided=False)
    if written:
        return written, "config.json's position_embedding"
    names = ("hidden_size", "num_hidden_layers", "num_attention_heads")
    sizes = ", ".join(f"{name} {fields[name]}" for name in names)
    published = {tuple(getattr(model, name) for name in names): model for model in (_B13, _B7)}
    by_sizes = published.get(tuple(fields[name] for name in names))
    rotary = next((name for name in tensors if ROTARY in name), None)
    cure = "set position_embedding in it, to alibi (as Baichuan2-13B) or rope (as Baichuan2-7B)"
    if by_sizes and by_sizes.is_alibi and rotary:
        raise UserError(f"{path}: {sizes} mean ALiBi, but the weights have {rotary}, which means RoPE; {cure}")
    if not by_sizes and not rotary:
        raise UserError(f"{path}: {sizes} are those of no published model and no tensor is {ROTARY}; {cure}")
    if rotary:
        return "rope", f"{rotary} is among the tensors"
    assert by_sizes is not None
    return str(by_sizes.position_embedding), sizes


def _position(written: Any, path: Path, decided: bool) -> str | None:
    if written in POSITIONS or (written is None and not decided):
        return written
    cure = "run the workflow's link_model" if written is None else "set one of them"
    raise UserError(f"{path}: position_embedding is {shown(written)}, not alibi or rope; {cure}")


def norm_head(fields: dict[str, Any], path: Path) -> tuple[bool, str]:
    """(Whether the output layer is a NormHead, why): as the key norm_head says, else by the vocabulary (NORM_HEAD).

    The vocabulary is the tokenizer's pieces where they are known, else vocab_size. Raises UserError, naming `path`,
    where it is neither model's.
    """
    written = fields.get("norm_head")
    if isinstance(written, bool):
        return written, "config.json's norm_head says so"
    if written is not None:
        raise UserError(f"{path}: norm_head is {shown(written)}; it must be true (Baichuan2) or false (Baichuan 1)")
    name = "vocab_size" if fields.get("pieces") is None else "pieces"
    for pieces, normalises in NORM_HEAD.items():
        if pieces <= fields[name] <= pieces + RESIZED:
            return normalises, f"{name} is {fields[name]}"
    raise UserError(
        f"{path}: norm_head is missing, and a vocabulary of {fields[name]} is neither Baichuan 1's (64000) nor "
        'Baichuan2\'s (125696): write into it "norm_head": true if the output layer normalises its rows, else false'
    )


def check_vocabulary(rows: int, pieces: int, tokenizer: Path) -> None:
    """Raise UserError, naming `tokenizer`, where a vocabulary has fewer rows than it has pieces, or many more.

    More than a resize adds (RESIZED): it is another model's.
    """
    surplus = rows - pieces
    if not 0 <= surplus <= RESIZED:
        most = f", and a resize adds at most {RESIZED}" if surplus > 0 else ""
        raise UserError(
            f"{tokenizer}: {pieces} pieces, but config.json's vocab_size is {rows}{most}; "
            "take tokenizer.model and config.json from the same model"
        )


def named_shape(source: str) -> ModelConfig:
    """The sizes of "random:<name>". Raises UserError for a name that is not in SHAPES."""
    name = source.removeprefix("random:")
    if name not in SHAPES:
        hint = f"did you mean {closest}?" if (closest := nearest(name, SHAPES)) else f"known: {', '.join(SHAPES)}"
        raise UserError(f"perf.weights: no shape named {shown(name)}; {hint}")
    return SHAPES[name]


def _size(fields: dict[str, Any], name: str, path: Path, most: int | None = None) -> int:
    value, most = fields.get(name), most or _SIZES[name]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise UserError(f"{path}: {name} is {shown(value)}; it must be an integer from 1 to {most}; {_REFETCH}")
    return value


def _epsilon(value: Any, path: Path) -> float:
    if not isinstance(value, float | int) or isinstance(value, bool) or not 0 < value < 1:
        raise UserError(f"{path}: rms_norm_eps is {shown(value)}; it must be a number from 0 to 1; {_REFETCH}")
    return float(value)


def legal_world_sizes(config: ModelConfig, most: int = 64) -> list[int]:
    """How many ranks the weights can be cut for: divisors of heads, intermediate size and vocabulary."""
    sizes = (config.num_attention_heads, config.intermediate_size, config.vocab_size)
    return [n for n in range(1, most + 1) if all(size % n == 0 for size in sizes)]


def check_world_size(config: ModelConfig, world_size: int) -> None:
    """Raise UserError, with the possible values, where the weights cannot be cut for `world_size` ranks."""
    legal = legal_world_sizes(config)
    if world_size not in legal:
        names = ("num_attention_heads", "intermediate_size", "vocab_size")
        uneven = [f"{name} {getattr(config, name)}" for name in names if getattr(config, name) % world_size]
        raise UserError(
            f"parallel.world_size: {world_size} does not divide {', '.join(uneven)}; "
            f"this model takes {', '.join(map(str, legal))}"
        )


def tensor_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Every tensor of a float model, by name: 7 a layer and 3 more."""
    hidden, inner = config.hidden_size, config.intermediate_size
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (config.vocab_size, hidden)}
    for layer in range(config.num_hidden_layers):
        shapes |= {
            f"model.layers.{layer}.self_attn.W_pack.weight": (3 * hidden, hidden),
            f"model.layers.{layer}.self_attn.o_proj.weight": (hidden, hidden),
            f"model.layers.{layer}.mlp.gate_proj.weight": (inner, hidden),
            f"model.layers.{layer}.mlp.up_proj.weight": (inner, hidden),
            f"model.layers.{layer}.mlp.down_proj.weight": (hidden, inner),
            f"model.layers.{layer}.input_layernorm.weight": (hidden,),
            f"model.layers.{layer}.post_attention_layernorm.weight": (hidden,),
        }
    return shapes | {"model.norm.weight": (hidden,), "lm_head.weight": (config.vocab_size, hidden)}


def linear_names(config: ModelConfig) -> list[str]:
    """The module names of all linears that can be quantized, layer by layer."""
    return [f"model.layers.{layer}.{name}" for layer in range(config.num_hidden_layers) for name in LINEARS]
