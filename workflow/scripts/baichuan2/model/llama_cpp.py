"""A linked model as one GGUF file, which llama.cpp reads with its own tokenizer and no code of ours.

llama.cpp knows Baichuan by its depth alone: with 40 layers it applies ALiBi, with 32 RoPE in the order of pairs, and
it does not normalise an output layer. So the NormHead's rows are written normalised, RoPE's rows of q and k in pairs,
and a model of another depth is refused. Sources: llama.cpp's src/models/baichuan.cpp and its convert_hf_to_gguf.py.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Kind
from gguf import GGUFWriter, LlamaFileType
from sentencepiece import sentencepiece_model_pb2
from torch import Tensor
from tqdm import tqdm

from baichuan2.errors import UserError, shown
from baichuan2.files import check_room, publish_directory, read_bytes
from baichuan2.integrity import MANIFEST, files_beside, identity_of, read_sealed, write_sealed
from baichuan2.model.directory import read_model, read_once
from baichuan2.model.plain import plain_rows
from baichuan2.model.sizes import ModelConfig, tensor_shapes
from baichuan2.model.tokenizer import TOKENIZER_BYTES, Tokenizer

log = logging.getLogger(__name__)
FILE = "model.gguf"
KINDS = {"f16": (Kind.F16, LlamaFileType.MOSTLY_F16), "q8_0": (Kind.Q8_0, LlamaFileType.MOSTLY_Q8_0)}
DEPTHS = {"ALiBi": 40, "RoPE": 32}
ROWS = 1024  # of a tensor that are converted at a time
BPE = 2  # SentencePiece's number of it; llama.cpp merges by the pieces' scores, as BPE does
NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def export_gguf(model: Path, out: Path, kind: str) -> None:
    """Publish the linked model `model` as the directory `out`: model.gguf and its manifest.json.

    kind: f16, or q8_0: int8 in blocks of 32 with a scale each, by llama.cpp's own rounding. Norms are float32, and
    rows that no block of 32 divides are float16. In memory: one tensor. Raises UserError for a model or a tokenizer
    that llama.cpp would compute otherwise, and for weights beyond float16.
    """
    config = read_model(model)
    check_depth(model, config)
    stored = {name: _kind_of(shape, KINDS[kind][0]) for name, shape in gguf_shapes(config).items()}
    with publish_directory(out) as partial:
        writer = GGUFWriter(partial / FILE, "baichuan")
        writer.add_name("Baichuan2")
        writer.add_file_type(KINDS[kind][1])
        writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
        add_sizes(writer, config)
        add_tokens(writer, model, config)
        for name, shape in gguf_shapes(config).items():
            size = int(np.prod(gguf.quant_shape_to_byte_shape(shape, stored[name])))
            writer.add_tensor_info(name, shape, np.dtype(np.float32), size, stored[name])
        check_room(partial, sum(info.nbytes for info in writer.tensors[0].values()))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        with read_once(model, config) as checkpoint:
            for source in tqdm(checkpoint.names(), "export", unit="tensor"):
                for name, tensor in _tensors_of(config, source, checkpoint.get(source)):
                    writer.write_tensor_data(_converted(name, tensor, stored[name]))
        writer.close()
        manifest = {"format": "baichuan2-gguf", "version": 1, "kind": kind, "of": identity_of(model)}
        write_sealed(partial / MANIFEST, manifest | {"files": files_beside(partial)})


def gguf_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """{GGUF's name: shape}, in the order in which the tensors are written."""
    empty = {name: torch.empty(shape, device="meta") for name, shape in tensor_shapes(config).items()}
    return {
        name: tuple(part.shape)
        for source, tensor in empty.items()
        for name, part in _tensors_of(config, source, tensor)
    }


def _tensors_of(config: ModelConfig, source: str, tensor: Tensor) -> Iterator[tuple[str, Tensor]]:
    """(GGUF's name, values) of what becomes of one tensor of the model."""
    module, tensor = source.removesuffix(".weight"), plain_rows(config, source, tensor)
    if not module.startswith("model.layers."):
        yield f"{NAMES[module]}.weight", tensor
        return
    _, _, layer, rest = module.split(".", 3)
    if rest != "self_attn.W_pack":
        yield f"blk.{layer}.{NAMES[rest]}.weight", tensor
        return
    for name, part in zip(("attn_q", "attn_k", "attn_v"), tensor.chunk(3), strict=True):
        turned = not config.is_alibi and name != "attn_v"
        yield f"blk.{layer}.{name}.weight", in_pairs(part, config.num_attention_heads) if turned else part


def in_pairs(weight: Tensor, heads: int) -> Tensor:
    """Rows of q or k [H, E] whose halves RoPE turns against each other -> the same, each pair side by side."""
    by_half = weight.view(heads, 2, -1, weight.shape[1])
    return by_half.transpose(1, 2).reshape(weight.shape)


def _kind_of(shape: tuple[int, ...], kind: Kind) -> Kind:
    if len(shape) == 1:
        return Kind.F32
    return Kind.F16 if kind is Kind.Q8_0 and shape[-1] % 32 else kind


def _converted(name: str, tensor: Tensor, kind: Kind) -> np.ndarray:
    """The bytes of a tensor, some rows in float32 at a time. Raises UserError where a value leaves float16."""
    if tensor.dim() == 1:
        return tensor.float().numpy()
    shape = gguf.quant_shape_to_byte_shape(tuple(tensor.shape), kind)
    result = np.empty(shape, np.uint8)
    for begin in range(0, len(tensor), ROWS):
        rows = tensor[begin : begin + ROWS].float()
        if not rows.abs().max() < torch.finfo(torch.float16).max:
            raise UserError(f"{name}: has values beyond float16's, which GGUF holds; keep this model in bfloat16")
        quantized = gguf.quants.quantize(np.ascontiguousarray(rows.numpy()), kind)
        result[begin : begin + ROWS] = quantized.view(np.uint8).reshape(len(rows), -1)
    return result


def check_depth(model: Path, config: ModelConfig) -> None:
    """Raise UserError, naming `model`, where llama.cpp would compute a model of this depth otherwise."""
    position = "ALiBi" if config.is_alibi else "RoPE"
    if config.num_hidden_layers != DEPTHS[position]:
        raise UserError(
            f"{model}: has {config.num_hidden_layers} layers, but llama.cpp computes Baichuan with {position} only "
            f"where there are {DEPTHS[position]}; run this one here"
        )


def add_sizes(writer: GGUFWriter, config: ModelConfig) -> None:
    """The model's sizes, under the architecture's name that the writer has."""
    writer.add_context_length(config.model_max_length)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_attention_heads)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.tokens)


def add_tokens(writer: GGUFWriter, model: Path, config: ModelConfig) -> None:
    """The pieces with their scores and types; what settings add to them is left out, and logged.

    llama.cpp would generate it, since each of its tokens has a row of the output layer.
    """
    proto: Any = sentencepiece_model_pb2  # made by protobuf, without types
    pieces = proto.ModelProto.FromString(read_bytes(model / "tokenizer.model", TOKENIZER_BYTES))
    spec, trained = pieces.normalizer_spec, pieces.trainer_spec
    if trained.model_type != BPE or spec.precompiled_charsmap or spec.remove_extra_whitespaces:
        raise UserError(
            f"{model / 'tokenizer.model'}: not plain BPE ({shown(spec.name)}), so llama.cpp would split texts "
            "otherwise; run this model here"
        )
    tokens = [(piece.piece, piece.score, piece.type) for piece in pieces.pieces]
    added = [token for token, index in read_sealed(model / MANIFEST)["added_tokens"].items() if index >= len(tokens)]
    if added:
        log.info("tokens that llama.cpp will split into pieces, unlike this workflow: %s", ", ".join(added))
    texts, scores, kinds = zip(*tokens, strict=True)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(texts)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(trained.bos_id)
    writer.add_eos_token_id(trained.eos_id)
    writer.add_unk_token_id(trained.unk_id)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(spec.add_dummy_prefix)
    writer.add_chat_template(Tokenizer(model).chat_template())
