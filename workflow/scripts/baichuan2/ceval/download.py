"""Fetching ceval-exam.zip, which is CC BY-NC-SA 4.0 and so is downloaded, never shipped. Torch-free."""

from __future__ import annotations

import zipfile
from pathlib import Path

from baichuan2.errors import UserError

FILE = "ceval-exam.zip"
HUBS = ("hf", "modelscope")


def fetch(source: str, into: Path, demo: Path | None = None) -> Path:
    """The folder or .zip that `source` (config key ceval.source) stands for.

    A path is returned as it is; "demo" is the folder `demo`; "hf:owner/name[@revision]" and
    "modelscope:owner/name[@revision]" download ceval-exam.zip into the folder `into`, going on where an
    earlier try stopped, with progress on stderr. Raises UserError: no such path, or no download.
    """
    hub, colon, name = str(source).partition(":")
    if colon and hub in HUBS:
        return _download(hub, name, Path(into))
    if source == "demo":
        if demo is None:
            raise ValueError("the caller must say where the demo exam lies")
        return Path(demo)
    path = Path(source).expanduser()
    if not path.exists():
        raise UserError(
            f"ceval.source: {source} does not exist; give a folder, a .zip, demo, hf:ceval/ceval-exam or "
            "modelscope:owner/name"
        )
    return path


def _download(hub: str, name: str, into: Path) -> Path:
    repository, _, revision = name.partition("@")
    if repository.count("/") != 1 or not all(repository.split("/")):
        raise UserError(f"ceval.source: {hub}:{name} is not {hub}:owner/name[@revision]")
    into.mkdir(parents=True, exist_ok=True)
    try:
        get = _from_hugging_face if hub == "hf" else _from_modelscope
        path = Path(get(repository, revision or None, into))
    except ImportError as error:
        raise UserError(f"ceval.source: {hub}: needs the package {error.name}; pip install it") from None
    except Exception as error:
        # Whatever the two clients and the network raise: the user can only try again or bring the file.
        reason = " ".join(str(error).split())[:200] or "no reason given"
        raise UserError(
            f"ceval.source: {hub}:{name} could not be downloaded ({type(error).__name__}: {reason}); check "
            f"the network and run again, or fetch {FILE} yourself and set ceval.source to its path"
        ) from error
    if not zipfile.is_zipfile(path):
        raise UserError(f"{path}: what {hub}:{name} sent is not a zip file; delete it and run again")
    return path


def _from_hugging_face(repository: str, revision: str | None, into: Path) -> str:
    from huggingface_hub import hf_hub_download

    return hf_hub_download(repository, FILE, repo_type="dataset", revision=revision, local_dir=into)


def _from_modelscope(repository: str, revision: str | None, into: Path) -> str:
    from modelscope.hub.file_download import dataset_file_download

    return dataset_file_download(repository, FILE, local_dir=str(into), revision=revision)
