"""Where the weights come from: `model.source` understood, downloaded, identified. Imports nothing heavy."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from baichuan2.errors import UserError, one_line
from baichuan2.files import SMALL_BYTES, check_pointer, check_regular, publish_file, read_bytes, read_text, write_json
from baichuan2.model.sizes import KNOWN

HUBS = ("hf", "modelscope")
MADE = "made"
WEIGHT_SUFFIXES = (".bin", ".safetensors")
WANTED = ("*.json", "*.model", *(f"*{suffix}" for suffix in WEIGHT_SUFFIXES))
LINKED = ("config.json", "tokenizer.model")  # the small files that decide results
TOKENS = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")  # what else names tokens
ADAPTER_CONFIG = "adapter_config.json"  # of peft
_ADAPTER = re.compile(r"adapter_(config\.json|model\.(safetensors|bin))")
_NUMBERED = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.(safetensors|bin)")
_MOST_COPIED = 8 * SMALL_BYTES
_SAMPLES = 64
_SAMPLE_BYTES = 65536


@dataclass(frozen=True)
class Source:
    """A hub's repository (hub, name, revision), one of sizes.KNOWN (hub MADE), or a local directory (hub "")."""

    hub: str
    name: str
    revision: str | None = None

    @classmethod
    def parse(cls, text: str, key: str = "model.source") -> Source:
        """From `text`: a directory, hf:org/name[@revision], modelscope:org/name[@revision], or one of sizes.KNOWN.

        Raises UserError, naming the config `key`, where it is none of them.
        """
        hub, _, rest = text.partition(":")
        if text in KNOWN:
            return cls(MADE, text)
        if hub not in HUBS:
            return cls("", str(Path(text)))
        name, _, revision = rest.partition("@")
        if name.count("/") != 1 or not all(name.split("/")) or "{" in rest:
            raise UserError(f"{key}: {text!r} should be {hub}:organisation/name, or {hub}:organisation/name@revision")
        return cls(hub, name, revision or None)

    @property
    def slug(self) -> str:
        """The source as one part of a path."""
        if self.hub == MADE:
            return self.name
        return f"{self.hub}-{self.name}-{self.revision or 'latest'}".replace("/", "--")

    @property
    def listing(self) -> str:
        """The listing that marks a hub's model as completely downloaded, or one of sizes.KNOWN as made."""
        return f"results/download/{self.slug}.json"

    def directory(self) -> Path:
        """Where the files are, or of a hub's will be. Raises UserError as `model_folder` does for a local one."""
        return Path(self.listing).with_suffix("") if self.hub else model_folder(Path(self.name))


def model_folder(path: Path) -> Path:
    """The folder of the model that `path` means: itself, or the snapshot of a Hugging Face cache's entry.

    Raises UserError, with the cure, for what is no model's folder: none, an adapter's, a DeepSpeed checkpoint's, one
    above.
    """
    if not path.is_dir():
        raise UserError(
            f"model.source: {path} is not a directory; give one, hf:org/name, modelscope:org/name, or demo"
        )
    if (path / "config.json").is_symlink() or (path / "config.json").exists():
        return path
    if (path / "snapshots").is_dir():
        return _snapshot(path)
    _refuse_other_folders(path)
    below = sorted(folder.name for folder in path.iterdir() if (folder / "config.json").is_file())
    if below:
        named = ", ".join(below[:3]) + (", ..." if len(below) > 3 else "")
        raise UserError(f"{path}: no config.json here, but in {named}; set model.source to the model's own folder")
    return path


def _snapshot(cache: Path) -> Path:
    """The snapshot of a cache's entry that refs/main names, or its only one."""
    snapshots = {folder.name: folder for folder in (cache / "snapshots").iterdir() if folder.is_dir()}
    main = cache / "refs" / "main"
    name = read_text(main).strip() if main.is_file() else ""
    if name not in snapshots and len(snapshots) == 1:
        name = next(iter(snapshots))
    if name not in snapshots:
        named = f"one of {', '.join(sorted(snapshots)[:3])} in it" if snapshots else "a folder with the model's files"
        raise UserError(f"{cache / 'snapshots'}: refs/main names no snapshot here; set model.source to {named}")
    return snapshots[name]


def _refuse_other_folders(folder: Path) -> None:
    """Raise UserError for a folder without a model's whole weights that is known as something else."""
    names = {path.name for path in folder.iterdir()}
    if any(_ADAPTER.fullmatch(name) for name in names):
        raise UserError(
            f"{folder}: a LoRA adapter, not a whole model; set model.adapter to it, and model.source to the model "
            "that it was trained on"
        )
    if "zero_to_fp32.py" in names or any(name.startswith("global_step") for name in names):
        raise UserError(
            f"{folder}: a DeepSpeed checkpoint, in which ZeRO keeps the weights in parts; run python zero_to_fp32.py "
            ". OUT in it, and give OUT with the model's small files"
        )


def adapter_files(folder: Path) -> list[str]:
    """The names of a LoRA adapter's files in a folder."""
    return sorted(path.name for path in folder.iterdir() if _ADAPTER.fullmatch(path.name))


def check_adapter(folder: Path) -> None:
    """Raise UserError where model.adapter is not the folder of a LoRA adapter."""
    if not folder.is_dir():
        raise UserError(f"model.adapter: {folder} is not a directory; give the folder that peft saved, or null")
    names = adapter_files(folder)
    if ADAPTER_CONFIG not in names or len(names) == 1:
        wanted = ADAPTER_CONFIG if ADAPTER_CONFIG not in names else "adapter_model.safetensors or .bin"
        raise UserError(f"model.adapter: {folder} has no {wanted}; give the folder that peft saved, or null")


def no_weights(folder: Path) -> UserError:
    """Why a model's folder has no weights to read, and the cure."""
    _refuse_other_folders(folder)
    names = sorted(path.name for path in folder.iterdir())
    numbered = next(filter(None, map(_NUMBERED.fullmatch, names)), None)
    if numbered:
        index = f"{numbered[1]}.{numbered[4]}.index.json"
        return UserError(f"{folder}: {numbered[0]} without its index; fetch {index} from where the shards are from")
    if any(name.endswith(".gguf") for name in names):
        return UserError(f"{folder}: GGUF files, which are another software's; fetch the safetensors or .bin files")
    return UserError(
        f"{folder}: no weights here (model.safetensors, pytorch_model.bin, or shards with their "
        ".index.json); download all files of the model, or correct model.source"
    )


def whole_beside(index: Path) -> str | None:
    """The first file of whole weights in the folder of an index that names others, or None."""
    names = {path.name for path in index.parent.iterdir()}
    if "pytorch_model.bin" in names:
        return "pytorch_model.bin"
    for first in filter(None, map(_NUMBERED.fullmatch, sorted(names))):
        stem, number, count, suffix = first.groups()
        if int(number) == 1 and all(f"{stem}-{k:05d}-of-{count}.{suffix}" in names for k in range(1, int(count) + 1)):
            return first[0]
    return None


def download(source: Source, into: Path, listing: Path) -> None:
    """Fetch a hub's model into `into`, resuming what is there, and write `listing` (JSON) when it is whole.

    Weights and small files only, never the repository's code; .bin shards are left out where the same
    repository has safetensors. Raises UserError where the hub cannot be reached or has no such model.
    """
    commit = from_hub(source, into, {"hf": _from_hugging_face, "modelscope": _from_modelscope}, "model.source")
    files = {path.name: path.stat().st_size for path in sorted(into.iterdir()) if path.is_file()}
    write_json(listing, {"hub": source.hub, "name": source.name, "commit": commit, "files": files})


def from_hub(source: Source, into: Path, fetch: Mapping[str, Callable[[Source, Path], str]], key: str) -> str:
    """What `fetch` of the source's hub gives: it downloads into the folder `into`, and goes on where it stopped.

    Raises UserError, naming the config `key`, for a source on no hub, and where the hub cannot be reached or has no
    such thing.
    """
    if source.hub not in HUBS:
        raise UserError(f"{key}: {source.name} is on no hub; give hf:owner/name or modelscope:owner/name")
    into.mkdir(parents=True, exist_ok=True)
    try:
        return fetch[source.hub](source, into)
    except ImportError as error:
        raise UserError(f"{key}: {source.hub} needs the package {error.name}; pip install {error.name}") from None
    except Exception as error:  # the hubs' clients raise many kinds
        reason = one_line(error) or "no reason given"
        raise UserError(
            f"{key}: {source.hub}:{source.name} could not be downloaded ({type(error).__name__}: {reason}); check "
            "the name and the network (HF_ENDPOINT names a mirror), then run again: what has arrived is kept; or set "
            f"{key} to the path of what you fetched yourself"
        ) from None


def _from_hugging_face(source: Source, into: Path) -> str:
    from huggingface_hub import HfApi, snapshot_download

    info = HfApi().model_info(source.name, revision=source.revision)
    has_safetensors = any(file.rfilename.endswith(".safetensors") for file in info.siblings or [])
    patterns = [pattern for pattern in WANTED if not (has_safetensors and pattern == "*.bin")]
    ignored = ["*.bin.index.json"] if has_safetensors else None
    snapshot_download(
        source.name, revision=info.sha, local_dir=into, allow_patterns=patterns, ignore_patterns=ignored
    )
    assert info.sha is not None  # the hub names the commit of every model
    return info.sha


def _from_modelscope(source: Source, into: Path) -> str:
    from modelscope.hub.snapshot_download import snapshot_download

    snapshot_download(source.name, revision=source.revision, local_dir=str(into), allow_file_pattern=list(WANTED))
    return source.revision or "master"


def fingerprint(path: Path) -> str:
    """What a weights file is, by its size and samples of its content, in milliseconds for any size.

    64 blocks of 64 KiB, evenly spaced, first and last included; a smaller file is read whole. Any retraining
    changes every tensor, and so many of the samples; times and places do not count.
    """
    size = path.stat().st_size
    digest = hashlib.blake2b(str(size).encode(), digest_size=16)
    with open(path, "rb") as file:
        if size <= _SAMPLES * _SAMPLE_BYTES:
            digest.update(file.read())
        else:
            for k in range(_SAMPLES):
                file.seek((size - _SAMPLE_BYTES) * k // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def weight_files(directory: Path) -> list[Path]:
    """All weights files in a directory, by name. Raises UserError for a link that leads nowhere, and for no file."""
    files = sorted(p for suffix in WEIGHT_SUFFIXES for p in directory.glob(f"*{suffix}"))
    for path in files:
        if path.is_symlink() and not path.exists():
            raise UserError(f"{path}: a link to {os.readlink(path)}, which does not exist; correct model.source")
        check_regular(path, "correct model.source")
        with open(path, "rb") as file:
            check_pointer(path, file.read(64))
    return files


def small_files(directory: Path) -> list[Path]:
    """The files that are copied rather than linked: *.json and *.model. Raises UserError for a large one."""
    files = sorted(p for pattern in ("*.json", "*.model") for p in directory.glob(pattern) if p.is_file())
    for path in files:
        if check_regular(path) > _MOST_COPIED:
            raise UserError(f"{path}: over {_MOST_COPIED >> 20} MB, which no such file is; fetch it again")
    return files


def fingerprints(directory: Path) -> dict[str, str]:
    """{weights file name: fingerprint}: what decides whether the steps after it run again."""
    return {path.name: fingerprint(path) for path in weight_files(directory)}


def copy_bytes(source: Path, target: Path) -> None:
    """Publish a copy of a small file."""
    with publish_file(target) as partial:
        partial.write_bytes(read_bytes(source, _MOST_COPIED))
