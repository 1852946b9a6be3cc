"""results/model: made from a source directory (weights linked, small files copied, config.json patched), and read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sentencepiece import SentencePieceProcessor

from baichuan2 import modeling
from baichuan2.errors import UserError
from baichuan2.files import read_bytes, read_json, write_json
from baichuan2.integrity import MANIFEST, check_files, files_beside, read_sealed, write_sealed
from baichuan2.model.checkpoint import Checkpoint, check_checksums, find_shards
from baichuan2.model.sizes import ModelConfig, position_embedding
from baichuan2.model.source import LINKED, WEIGHT_SUFFIXES, copy_bytes, small_files
from baichuan2.model.tokenizer import TOKENIZER_BYTES, Tokenizer

MODELING_FILES = (
    "network.py", "pieces.py", "configuration_baichuan.py", "modeling_baichuan.py", "tokenization_baichuan.py"
)  # fmt: skip
AUTO_MAP = {
    "AutoConfig": "configuration_baichuan.BaichuanConfig",
    "AutoModelForCausalLM": "modeling_baichuan.BaichuanForCausalLM",
}
TOKENIZER = {
    "tokenizer_class": "BaichuanTokenizer",
    "auto_map": {"AutoTokenizer": ["tokenization_baichuan.BaichuanTokenizer", None]},
}
# what patch_config changes
PATCHED = ("config.json", "tokenizer_config.json", "special_tokens_map.json")


def link_model(source: Path, target: Path) -> None:
    """Fill `target` from `source`: tokenizer and index copied, weights linked, and manifest.json written last.

    The source is checked whole first (see check_source), so that nothing is half-linked; its .py files are
    neither copied nor run. Links of an earlier source that this one lacks are removed.
    """
    source = source.resolve()
    check_source(source)
    shards, index = find_shards(source)
    target.mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).unlink(missing_ok=True)
    _remove_stale_links(target, keep=shards)
    for name in shards:
        _link(source / name, target / name)
    copied = [source / "tokenizer.model", *([index] if index else [])]
    for path in copied:
        copy_bytes(path, target / path.name)
    manifest = {
        "format": "baichuan2-model",
        "version": 1,
        "config": read_json(source / "config.json"),
        "files": files_beside(target, [*shards, *(path.name for path in copied)]),
    }
    write_sealed(target / MANIFEST, manifest)


def check_source(source: Path) -> ModelConfig:
    """The sizes of a model that is whole: config, every tensor's presence and shape, and the vocabulary."""
    config = ModelConfig.read(source)
    Checkpoint(source, config)
    for name in find_shards(source)[0]:
        if name.endswith(".bin"):
            check_checksums(source / name)
    tokenizer = source / "tokenizer.model"
    pieces = vocabulary_size(tokenizer)
    if pieces != config.vocab_size:
        raise UserError(
            f"{tokenizer}: {pieces} pieces, but config.json's vocab_size is {config.vocab_size}; "
            "take tokenizer.model and config.json from the same model"
        )
    return config


def vocabulary_size(tokenizer: Path) -> int:
    """The number of pieces of a SentencePiece model. Raises UserError where it is missing or not one."""
    if not tokenizer.is_file():
        raise UserError(f"{tokenizer}: missing; download it with the model's other files")
    try:
        return SentencePieceProcessor(model_proto=read_bytes(tokenizer, TOKENIZER_BYTES)).get_piece_size()
    except RuntimeError:
        raise UserError(f"{tokenizer}: not a SentencePiece model; download it again") from None


def read_model(directory: Path) -> ModelConfig:
    """The sizes of a linked model; raises UserError where its small files are not what was linked."""
    manifest = check_files(directory, skip=lambda name: name.endswith(WEIGHT_SUFFIXES))
    return ModelConfig.from_fields(manifest["config"], Path(directory) / MANIFEST)


def patched_fields(directory: Path) -> dict[str, Any]:
    """config.json of a linked model: the published fields, but auto_map points at our modeling files."""
    fields = read_sealed(Path(directory) / MANIFEST)["config"]
    fields.pop("_from_model_config", None)
    return fields | {"auto_map": AUTO_MAP, "position_embedding": position_embedding(fields)}


def patch_config(source: Path, target: Path) -> None:
    """Write what transformers needs into the linked model `target`: config.json, other settings, our modeling files.

    AutoModelForCausalLM and AutoTokenizer then load it without any code that came with the weights. Our own
    steps read the manifest and tokenizer.model alone.
    """
    copy_modeling_files(target)
    for path in small_files(source):
        if path.name not in (*LINKED, *PATCHED) and not path.name.endswith(".index.json"):
            copy_bytes(path, target / path.name)
    write_json(target / "special_tokens_map.json", _plain_tokens(source / "special_tokens_map.json"))
    settings = (
        {"chat_template": Tokenizer(target).chat_template()}
        | _plain_tokens(source / "tokenizer_config.json")
        | TOKENIZER
    )
    write_json(target / "tokenizer_config.json", settings)
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


def _remove_stale_links(target: Path, keep: list[str]) -> None:
    for path in target.iterdir():
        if path.is_symlink() and path.name not in keep:
            path.unlink()
    for path in target.glob("*.index.json"):
        path.unlink()


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    folder = target.parent.resolve()
    inside = source.is_relative_to(Path.cwd()) and folder.is_relative_to(Path.cwd())
    # a project that is moved or cloned keeps its links
    target.symlink_to(os.path.relpath(source, folder) if inside else source)
