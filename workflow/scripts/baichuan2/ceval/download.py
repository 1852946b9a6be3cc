"""Fetching ceval-exam.zip, which is CC BY-NC-SA 4.0 and so is downloaded, never shipped. Torch-free."""

from __future__ import annotations

import zipfile
from pathlib import Path

from baichuan2.errors import UserError
from baichuan2.model.source import Source

FILE = "ceval-exam.zip"


def fetch(source: Source, into: Path) -> Path:
    """Download ceval-exam.zip of a hub's `source` (config key ceval.source) into the folder `into`.

    Goes on where an earlier try stopped, with progress on stderr. Raises UserError where it cannot be had.
    """
    name = f"{source.hub}:{source.name}"
    if not source.hub:
        raise UserError(f"ceval.source: {source.name} is on no hub; give hf:owner/name or modelscope:owner/name")
    into.mkdir(parents=True, exist_ok=True)
    try:
        get = _from_hugging_face if source.hub == "hf" else _from_modelscope
        path = Path(get(source.name, source.revision, into))
    except ImportError as error:
        raise UserError(f"ceval.source: {source.hub}: needs the package {error.name}; pip install it") from None
    except Exception as error:
        # Whatever the two clients and the network raise: the user can only try again or bring the file.
        reason = " ".join(str(error).split())[:200] or "no reason given"
        raise UserError(
            f"ceval.source: {name} could not be downloaded ({type(error).__name__}: {reason}); check "
            f"the network and run again, or fetch {FILE} yourself and set ceval.source to its path"
        ) from error
    if not zipfile.is_zipfile(path):
        raise UserError(f"{path}: what {name} sent is not a zip file; delete it and run again")
    return path


def _from_hugging_face(repository: str, revision: str | None, into: Path) -> str:
    from huggingface_hub import hf_hub_download

    return hf_hub_download(repository, FILE, repo_type="dataset", revision=revision, local_dir=into)


def _from_modelscope(repository: str, revision: str | None, into: Path) -> str:
    from modelscope.hub.file_download import dataset_file_download

    return dataset_file_download(repository, FILE, local_dir=str(into), revision=revision)
