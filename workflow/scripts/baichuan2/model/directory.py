"""results/model: made from a source directory (weights linked, small files copied, config.json patched), and read.

Weights that other software cannot read as they are, or that an adapter changes, are written anew instead.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sentencepiece import SentencePieceProcessor
from torch import Tensor

from baichuan2 import modeling
from baichuan2.errors import UserError
from baichuan2.files import read_bytes, read_json, write_json
from baichuan2.integrity import MANIFEST, check_files, files_beside, read_sealed, write_sealed
from baichuan2.model.adapter import Adapter
from baichuan2.model.checkpoint import Checkpoint, ShardWriter, check_checksums, find_shards
from baichuan2.model.sizes import ModelConfig, decide_position
from baichuan2.model.source import (
    ADAPTER_CONFIG,
    LINKED,
    WEIGHT_SUFFIXES,
    adapter_files,
    copy_bytes,
    model_folder,
    small_files,
)
from baichuan2.model.tokenizer import TOKENIZER_BYTES

log = logging.getLogger(__name__)
MODELING_FILES = ("network.py", "configuration_baichuan.py", "modeling_baichuan.py", "tokenization_baichuan.py")
AUTO_MAP = {
    "AutoConfig": "configuration_baichuan.BaichuanConfig",
    "AutoModelForCausalLM": "modeling_baichuan.BaichuanForCausalLM",
}
TOKENIZER = {
    "tokenizer_class": "BaichuanTokenizer",
    "auto_map": {"AutoTokenizer": ["tokenization_baichuan.BaichuanTokenizer", None]},
}
_OF_WEIGHTS = (*WEIGHT_SUFFIXES, ".index.json")
# what patch_config changes
PATCHED = ("config.json", "tokenizer_config.json", "special_tokens_map.json")


def link_model(source: Path, target: Path, adapter: Path | None = None) -> None:
    """Fill `target` from `source`: tokenizer and index copied, weights linked, and manifest.json written last.

    The source is checked whole first (see open_source), so that nothing is half-linked; its .py files are
    neither copied nor run. Weights of an earlier source are removed. adapter: a LoRA adapter's folder, to be merged:
    then, and where the published form is not that of the source (Checkpoint.forms), weights are written, not linked.
    """
    source = model_folder(source).resolve()
    if source == target.resolve():
        raise UserError(
            f"model.source: {source} is where the workflow puts the linked model; give the published files"
        )
    checkpoint = open_source(source, adapter)
    config = checkpoint.config
    merged = None if adapter is None else Adapter(adapter, config)
    target.mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).unlink(missing_ok=True)
    if merged or checkpoint.forms():
        shards = _write_weights(checkpoint, target, merged)
    else:
        shards = _link_weights(source, target)
    copy_bytes(source / "tokenizer.model", target / "tokenizer.model")
    manifest = {
        "format": "baichuan2-model",
        "version": 1,
        "config": read_json(source / "config.json") | {"position_embedding": config.position_embedding},
        "adapter": merged and merged.summary(),
        "rewritten": checkpoint.forms(),
        "files": files_beside(target, [*shards, "tokenizer.model"]),
    }
    write_sealed(target / MANIFEST, manifest)


def open_source(source: Path, adapter: Path | None = None) -> Checkpoint:
    """The weights of a model that is whole: config, every tensor's presence and shape, and the vocabulary.

    Its position embedding is decided here, once, and logged with the reason. adapter: the one to be merged; any other
    beside the weights is refused, since transformers with peft would apply it.
    """
    path = source / "config.json"
    checkpoint = Checkpoint(source)
    beside = adapter_files(source)
    if beside and (adapter is None or adapter.resolve() != source):
        raise UserError(
            f"{source / beside[0]}: a LoRA adapter beside whole weights; set model.adapter to this folder to merge "
            f"it, or move {' and '.join(beside)} out of it"
        )
    position, reason = decide_position(read_json(path), checkpoint.files, path)
    log.info("positions: %s, by %s", {"alibi": "ALiBi", "rope": "RoPE"}[position], reason)
    for name in find_shards(source)[0]:
        if name.endswith(".bin"):
            check_checksums(source / name)
    tokenizer = source / "tokenizer.model"
    pieces, expected = vocabulary_size(tokenizer), checkpoint.config.vocab_size
    if pieces != expected:
        raise UserError(
            f"{tokenizer}: {pieces} pieces, but config.json's vocab_size is {expected}; "
            "take tokenizer.model and config.json from the same model"
        )
    checkpoint.config = replace(checkpoint.config, position_embedding=position)
    return checkpoint


def _link_weights(source: Path, target: Path) -> list[str]:
    """Link the source's weights and copy their index; returns the names of all of them."""
    shards, index = find_shards(source)
    _remove_weights(target, keep=shards)
    for name in shards:
        _link(source / name, target / name)
    if index:
        copy_bytes(index, target / index.name)
    return [*shards, *([index.name] if index else [])]


def _write_weights(checkpoint: Checkpoint, target: Path, adapter: Adapter | None) -> list[str]:
    """Write the weights as published ones, in their dtypes, tensor by tensor; returns the names of all files."""
    reasons = [*checkpoint.forms(), *([f"{adapter.directory} is merged"] if adapter else [])]
    log.info("weights are written anew, not linked: %s", "; ".join(reasons))
    change: Callable[[str, Tensor], Tensor] = adapter.merged if adapter else lambda name, tensor: tensor
    _remove_weights(target, keep=[])
    specs = {name: (checkpoint.dtype(name), checkpoint.shape(name)) for name in checkpoint.names()}
    try:
        writer = ShardWriter(target, specs)
        for name, tensor in checkpoint.each():
            writer.add(name, change(name, tensor.detach()))
        writer.close()
    except BaseException:
        _remove_weights(target, keep=[])
        raise
    return sorted(path.name for path in target.iterdir() if path.name.endswith(_OF_WEIGHTS))


def vocabulary_size(tokenizer: Path) -> int:
    """The number of pieces of a SentencePiece model. Raises UserError where it is missing or not one."""
    if not tokenizer.is_file():
        raise UserError(f"{tokenizer}: missing; download it with the model's other files")
    try:
        return SentencePieceProcessor(model_proto=read_bytes(tokenizer, TOKENIZER_BYTES)).get_piece_size()
    except (RuntimeError, ValueError):  # a message that is not UTF-8 is a ValueError
        raise UserError(f"{tokenizer}: not a SentencePiece model; download it again") from None


def read_model(directory: Path) -> ModelConfig:
    """The sizes of a linked model; raises UserError where its small files are not what was linked."""
    manifest = check_files(directory, skip=lambda name: name.endswith(WEIGHT_SUFFIXES))
    return ModelConfig.from_fields(manifest["config"], Path(directory) / MANIFEST)


def patched_fields(directory: Path) -> dict[str, Any]:
    """config.json of a linked model: the published fields, but auto_map points at our modeling files."""
    fields = read_sealed(Path(directory) / MANIFEST)["config"]
    fields.pop("_from_model_config", None)
    return fields | {"auto_map": AUTO_MAP}


def patch_config(source: Path, target: Path) -> None:
    """Write what transformers needs into the linked model `target`: config.json, other settings, our modeling files.

    AutoModelForCausalLM and AutoTokenizer then load it without any code that came with the weights. Our own
    steps read the manifest and tokenizer.model alone.
    """
    source = model_folder(source)
    copy_modeling_files(target)
    for path in small_files(source):
        if path.name not in (*LINKED, *PATCHED, ADAPTER_CONFIG) and not path.name.endswith(".index.json"):
            copy_bytes(path, target / path.name)
    write_json(target / "special_tokens_map.json", _plain_tokens(source / "special_tokens_map.json"))
    write_json(target / "tokenizer_config.json", _plain_tokens(source / "tokenizer_config.json") | TOKENIZER)
    write_json(target / "config.json", patched_fields(target))


def copy_modeling_files(target: Path) -> None:
    """Our configuration, modeling and tokenization files, for transformers' trust_remote_code."""
    for name in MODELING_FILES:
        copy_bytes(Path(modeling.__file__).parent / name, target / name)


def copy_for_transformers(model: Path, target: Path) -> None:
    """Copy what transformers needs beside weights and config.json: tokenizer, settings and our modeling files.

    Raises UserError where `model` was linked, but not patched.
    """
    for name in (*PATCHED, *MODELING_FILES):
        if not (model / name).exists():
            raise UserError(f"{model / name}: missing; run the workflow's patch_config")
    left_out = (MANIFEST, "config.json")
    settings = [p for p in small_files(model) if p.name not in left_out and not p.name.endswith(".index.json")]
    for path in (*settings, *(model / name for name in MODELING_FILES)):
        copy_bytes(path, target / path.name)


def _plain_tokens(path: Path) -> dict:
    """A tokenizer's JSON fields, special tokens as plain strings: transformers 5 reads no other form well."""
    fields = read_json(path) if path.exists() else {}
    return {
        name: value["content"] if isinstance(value, dict) and "content" in value else value
        for name, value in fields.items()
    }


def _remove_weights(target: Path, keep: list[str]) -> None:
    """Remove the weights of an earlier source, links and files, and their index."""
    for path in target.iterdir():
        if path.name.endswith(_OF_WEIGHTS) and path.name not in keep:
            path.unlink()


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    folder = target.parent.resolve()
    inside = source.is_relative_to(Path.cwd()) and folder.is_relative_to(Path.cwd())
    # a project that is moved or cloned keeps its links
    target.symlink_to(os.path.relpath(source, folder) if inside else source)
