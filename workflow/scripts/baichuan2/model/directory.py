"""results/model: made from a source directory (weights linked, small files copied, config.json patched), and read.

Weights that other software cannot read as they are, or that an adapter changes, are written anew instead. Imports no
torch before: its import takes longer than to link a small model.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sentencepiece import SentencePieceProcessor

from baichuan2 import modeling
from baichuan2.errors import UserError
from baichuan2.files import read_bytes, read_json, write_json
from baichuan2.integrity import MANIFEST, check_files, files_beside, read_sealed, write_sealed
from baichuan2.model.added_tokens import (
    ADDED,
    DECODER,
    described,
    token_ids,
    without_rowless,
    without_rowless_padding,
)
from baichuan2.model.checkpoint import Checkpoint, ShardWriter, find_shards, read_whole
from baichuan2.model.sizes import ModelConfig, check_vocabulary, decide_position, norm_head
from baichuan2.model.source import (
    ADAPTER_CONFIG,
    LINKED,
    TOKENS,
    WEIGHT_SUFFIXES,
    adapter_files,
    copy_bytes,
    model_folder,
    small_files,
)
from baichuan2.model.tokenizer import TOKENIZER_BYTES, Tokenizer, check_chat_tokens

if TYPE_CHECKING:
    from torch import Tensor

    from baichuan2.model.adapter import Adapter

log = logging.getLogger(__name__)
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
    _check_target(target)
    checkpoint = open_source(source, adapter)
    fields = decided_fields(source, checkpoint)
    added = added_tokens(source, fields["vocab_size"])
    merged = None if adapter is None else _open_adapter(adapter, checkpoint)
    shards = find_shards(source)[0]
    with ThreadPoolExecutor() as pool:  # hashlib and zlib let other threads run
        weights = dict(zip(shards, pool.map(lambda name: read_whole(source / name), shards), strict=True))
    target.mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).unlink(missing_ok=True)
    if merged or checkpoint.forms():
        weights = _write_weights(checkpoint, target, merged)
    else:
        _link_weights(source, target)
    copy_bytes(source / "tokenizer.model", target / "tokenizer.model")
    small = [path.name for path in target.iterdir() if path.name.endswith(".index.json")]
    manifest = {
        "format": "baichuan2-model",
        "version": 1,
        "config": fields,
        "added_tokens": added,
        "adapter": merged and merged.summary(),
        "rewritten": checkpoint.forms(),
        "files": files_beside(target, [*small, "tokenizer.model"], weights),
    }
    write_sealed(target / MANIFEST, manifest)


def _check_target(target: Path) -> None:
    """Raise UserError where `target` is a model as others publish it, whose weights would be removed."""
    ours = any((target / name).exists() for name in (MANIFEST, *MODELING_FILES[:1]))
    if (target / "config.json").exists() and not ours:
        raise UserError(f"{target}: a model that the workflow did not link, which this would overwrite; give another")


def link_tokenizer(source: Path, target: Path) -> None:
    """Fill `target` with the tokenizer of a source, and what its settings add to it: all that a served model needs.

    The source needs config.json and tokenizer.model alone. Raises UserError where they are not one model's.
    """
    source = model_folder(source).resolve()
    _check_target(target)
    rows = ModelConfig.read(source).vocab_size
    tokenizer = source / "tokenizer.model"
    check_vocabulary(rows, len(read_pieces(tokenizer)), tokenizer)
    added = added_tokens(source, rows)
    target.mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).unlink(missing_ok=True)
    copy_bytes(tokenizer, target / tokenizer.name)
    files = files_beside(target, [tokenizer.name])
    write_sealed(
        target / MANIFEST, {"format": "baichuan2-tokenizer", "version": 1, "added_tokens": added, "files": files}
    )


def open_source(source: Path, adapter: Path | None = None) -> Checkpoint:
    """The weights of a model that is whole: config, and every tensor's presence and shape.

    adapter: the one to be merged; any other beside the weights is refused, since transformers with peft would apply
    it.
    """
    checkpoint = Checkpoint(source)
    beside = adapter_files(source)
    if beside and (adapter is None or adapter.resolve() != source):
        raise UserError(
            f"{source / beside[0]}: a LoRA adapter beside whole weights; set model.adapter to this folder to merge "
            f"it, or move {' and '.join(beside)} out of it"
        )
    return checkpoint


def _open_adapter(directory: Path, checkpoint: Checkpoint) -> Adapter:
    from baichuan2.model.adapter import Adapter  # here, since it imports torch

    return Adapter(directory, checkpoint.config)


def _link_weights(source: Path, target: Path) -> None:
    """Link the source's weights and copy their index."""
    shards, index = find_shards(source)
    _remove_weights(target, keep=shards)
    for name in shards:
        _link(source / name, target / name)
    if index:
        copy_bytes(index, target / index.name)


def _write_weights(checkpoint: Checkpoint, target: Path, adapter: Adapter | None) -> dict[str, dict[str, Any]]:
    """Write the weights as published ones, in their dtypes, tensor by tensor; returns their entries of a manifest."""
    reasons = [*checkpoint.forms(), *([f"{adapter.directory} is merged"] if adapter else [])]
    log.info("weights are written anew, not linked: %s", "; ".join(reasons))
    change: Callable[[str, Tensor], Tensor] = adapter.merged if adapter else lambda name, tensor: tensor
    _remove_weights(target, keep=[])
    specs = {name: (checkpoint.dtype(name), checkpoint.shape(name)) for name in checkpoint.names()}
    try:
        writer = ShardWriter(target, specs)
        for name, tensor in checkpoint.each():
            writer.add(name, change(name, tensor.detach()))
        return writer.close()
    except BaseException:
        _remove_weights(target, keep=[])
        raise


def read_pieces(tokenizer: Path) -> SentencePieceProcessor:
    """A SentencePiece model, as long as it has pieces. Raises UserError where it is missing or not one."""
    if not tokenizer.is_file():
        raise UserError(f"{tokenizer}: missing; download it with the model's other files")
    try:
        return SentencePieceProcessor(model_proto=read_bytes(tokenizer, TOKENIZER_BYTES))
    except (RuntimeError, ValueError):  # a message that is not UTF-8 is a ValueError
        raise UserError(f"{tokenizer}: not a SentencePiece model; download it again") from None


def decided_fields(source: Path, checkpoint: Checkpoint) -> dict[str, Any]:
    """config.json's fields and what it leaves open: decided here, once, and logged with the reason.

    checkpoint: of the source's weights. Raises UserError where the evidence disagrees, or is none.
    """
    path = source / "config.json"
    fields = read_json(path)
    position, reason = decide_position(fields, checkpoint.files, path)
    log.info("positions: %s, by %s", {"alibi": "ALiBi", "rope": "RoPE"}[position], reason)
    if not (fields.get("dtype") or fields.get("torch_dtype")):
        fields["torch_dtype"] = str(checkpoint.dtype(checkpoint.names()[0])).removeprefix("torch.")
        log.info("dtype: %s, that of the weights, since config.json has none", fields["torch_dtype"])
    return with_vocabulary(fields | {"position_embedding": position}, source)


def with_vocabulary(fields: dict[str, Any], source: Path) -> dict[str, Any]:
    """The fields with the tokenizer's pieces, and norm_head as they tell it; logged.

    Raises UserError where tokenizer and weights are not one model's, and where norm_head cannot be told.
    """
    tokenizer = source / "tokenizer.model"
    pieces = len(read_pieces(tokenizer))
    check_vocabulary(fields["vocab_size"], pieces, tokenizer)
    fields = fields | {"pieces": pieces}
    normalises, reason = norm_head(fields, source / "config.json")
    log.info("output layer: %s, since %s", "NormHead" if normalises else "plain, without NormHead", reason)
    if surplus := fields["vocab_size"] - pieces:
        log.info("vocabulary: %d rows beyond the tokenizer's %d pieces, never generated", surplus, pieces)
    return fields | {"norm_head": normalises}


def added_tokens(source: Path, rows: int) -> dict[str, int]:
    """{token: id} of what a source's settings add to its pieces, for a model of `rows` rows: a text may hold them.

    Raises UserError where they ask for tokens around each text, which Baichuan2's training had not, or for other ones
    in a chat.
    """
    check_chat_tokens(source)
    settings = _token_settings(source)
    for name in ("add_bos_token", "add_eos_token"):
        if settings["tokenizer_config.json"].get(name):
            raise UserError(
                f"{source / 'tokenizer_config.json'}: {name} is set, but no prompt has it here, as published; set it "
                "to false"
            )
    ids = token_ids(settings, read_pieces(source / "tokenizer.model"), rows)
    return {token: index for token, index in ids.items() if token and index < rows}


def _token_settings(source: Path) -> dict[str, dict[str, Any]]:
    """{file: its fields} of the files that name tokens, special ones as plain strings."""
    return {name: _plain_tokens(source / name) for name in TOKENS}


@contextmanager
def read_once(directory: Path, config: ModelConfig) -> Iterator[Checkpoint]:
    """The weights of a linked model, held against their digests while they are read: see TensorSet.held_against."""
    checkpoint, manifest = open_weights(directory, config)
    with checkpoint.held_against(manifest):
        yield checkpoint


def open_weights(
    directory: Path, config: ModelConfig, expected: dict | None = None
) -> tuple[Checkpoint, dict[str, Any]]:
    """The weights of a linked model, or of a part of one, and the manifest to hold them against while they are read.

    expected: as Checkpoint's. Raises UserError where a small file differs, or the size of a large one.
    """
    manifest = _check_small_files(directory)
    try:
        return Checkpoint(directory, config, expected), manifest
    except UserError:
        check_files(directory)  # it may be damage that makes a file unlike weights
        raise


def read_model(directory: Path) -> ModelConfig:
    """The sizes of a linked model; raises UserError where its small files are not what was linked."""
    manifest = _check_small_files(directory)
    return ModelConfig.from_fields(manifest["config"], Path(directory) / MANIFEST)


def _check_small_files(directory: Path) -> dict[str, Any]:
    """The manifest of a linked model whose files are there, but for the weights' content."""
    return check_files(directory, skip=lambda name: name.endswith(WEIGHT_SUFFIXES))


def patched_fields(directory: Path) -> dict[str, Any]:
    """config.json of a linked model: the published fields, but auto_map points at our modeling files."""
    fields = read_sealed(Path(directory) / MANIFEST)["config"]
    fields.pop("_from_model_config", None)
    fields = without_rowless_padding(fields, fields["vocab_size"])
    return fields | {"auto_map": AUTO_MAP}


def patch_config(source: Path, target: Path) -> None:
    """Write what transformers needs into the linked model `target`: config.json, other settings, our modeling files.

    AutoModelForCausalLM and AutoTokenizer then load it without any code that came with the weights. Our own
    steps read the manifest and tokenizer.model alone. Settings of an earlier source are removed.
    """
    source = model_folder(source)
    check_chat_tokens(source)
    fields = patched_fields(target)  # raises before anything is removed from a folder that is no linked model's
    copy_modeling_files(target)
    settings = {path.name: path for path in small_files(source) if not _is_made(path)}
    for path in small_files(target):
        if not _is_made(path) and path.name not in settings:
            path.unlink()
    for name, path in settings.items():
        copy_bytes(path, target / name)
    _write_tokens(source, target, fields["vocab_size"])
    write_json(target / "config.json", fields)


def _is_made(path: Path) -> bool:
    """Whether a small file of a linked model is made, or copied by link_model, and not by patch_config."""
    made = (*LINKED, *PATCHED, MANIFEST, ADDED, ADAPTER_CONFIG)
    return path.name in made or path.name.endswith(".index.json")


def _write_tokens(source: Path, target: Path, rows: int) -> None:
    """The tokenizer's settings, without tokens that have no row of the model's; logged.

    The added ones stand in tokenizer_config.json alone: of several files, transformers heeds now one, now another.
    """
    settings, rowless = without_rowless(_token_settings(source), read_pieces(target / "tokenizer.model"), rows)
    if rowless:
        log.info("tokens left out, since the model has %d rows: %s", rows, ", ".join(rowless))
    (target / ADDED).unlink(missing_ok=True)
    del settings[ADDED]
    added = read_sealed(target / MANIFEST)["added_tokens"]
    settings["tokenizer_config.json"][DECODER] = {str(index): described(token) for token, index in added.items()}
    template = {"chat_template": Tokenizer(target).chat_template()}
    settings["tokenizer_config.json"] = template | settings["tokenizer_config.json"] | TOKENIZER
    for name, fields in settings.items():
        write_json(target / name, fields)
    generation = target / "generation_config.json"
    if generation.exists() and (fields := read_json(generation)) != (padded := without_rowless_padding(fields, rows)):
        write_json(generation, padded)


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
