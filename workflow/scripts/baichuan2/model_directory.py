"""Make results/model from a source directory: link the weights, copy the small files, patch config.json."""

from __future__ import annotations

import os
from pathlib import Path

from sentencepiece import SentencePieceProcessor

from baichuan2 import modeling
from baichuan2.checkpoint import Checkpoint, find_shards
from baichuan2.config import ModelConfig, position_embedding
from baichuan2.errors import UserError
from baichuan2.files import read_json, write_json
from baichuan2.source import copy_bytes, fingerprint, small_files

MODELING_FILES = ("network.py", "configuration_baichuan.py", "modeling_baichuan.py", "tokenization_baichuan.py")
AUTO_MAP = {
    "AutoConfig": "configuration_baichuan.BaichuanConfig",
    "AutoModelForCausalLM": "modeling_baichuan.BaichuanForCausalLM",
}
TOKENIZER = {
    "tokenizer_class": "BaichuanTokenizer",
    "auto_map": {"AutoTokenizer": ["tokenization_baichuan.BaichuanTokenizer", None]},
}
# written by patch_config, so link_model leaves them alone
PATCHED = ("config.json", "tokenizer_config.json", "special_tokens_map.json")


def link_model(source: Path, target: Path) -> None:
    """Fill `target` from `source`: small files copied, weights files linked, manifest.json written last.

    The source is checked whole first (see check_source), so that nothing is half-linked; its .py files are
    neither copied nor run. Links of an earlier source that this one lacks are removed.
    """
    source = source.resolve()
    config = check_source(source)
    shards, index = find_shards(source)
    target.mkdir(parents=True, exist_ok=True)
    (target / "manifest.json").unlink(missing_ok=True)
    _remove_stale_links(target, keep=shards)
    for name in shards:
        _link(source / name, target / name)
    copied = [p for p in small_files(source) if p.name not in PATCHED and not p.name.endswith(".index.json")]
    for path in [*copied, *([index] if index else [])]:
        copy_bytes(path, target / path.name)
    manifest = {
        "format": "baichuan2-model",
        "version": 1,
        "config": config.fields(),
        "weights": {name: {"bytes": _size(source / name), "id": fingerprint(source / name)} for name in shards},
        "small_files": sorted(path.name for path in copied),
    }
    write_json(target / "manifest.json", manifest)


def check_source(source: Path) -> ModelConfig:
    """The sizes of a model that is whole: config, every tensor's presence and shape, and the vocabulary."""
    config = ModelConfig.read(source)
    Checkpoint(source, config)
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
        return SentencePieceProcessor(model_file=str(tokenizer)).get_piece_size()
    except (RuntimeError, OSError):
        raise UserError(f"{tokenizer}: not a SentencePiece model; download it again") from None


def patch_config(source: Path, target: Path) -> None:
    """Write config.json, the tokenizer's settings and our modeling files into `target`.

    config.json keeps the published fields; auto_map points at our files, so that AutoModelForCausalLM and
    AutoTokenizer load without any code that came with the weights.
    """
    fields = read_json(source / "config.json")
    ModelConfig.from_fields(fields, source / "config.json")
    fields |= {"auto_map": AUTO_MAP, "position_embedding": position_embedding(fields)}
    fields.pop("_from_model_config", None)
    copy_modeling_files(target)
    write_json(target / "special_tokens_map.json", _plain_tokens(source / "special_tokens_map.json"))
    write_json(target / "tokenizer_config.json", _plain_tokens(source / "tokenizer_config.json") | TOKENIZER)
    write_json(target / "config.json", fields)


def copy_modeling_files(target: Path) -> None:
    """Our configuration, modeling and tokenization files, for transformers' trust_remote_code."""
    for name in MODELING_FILES:
        copy_bytes(Path(modeling.__file__).parent / name, target / name)


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
    inside = source.is_relative_to(Path.cwd())  # then the link survives a move of the whole project
    target.symlink_to(os.path.relpath(source, target.parent.resolve()) if inside else source)


def _size(path: Path) -> int:
    return path.stat().st_size
