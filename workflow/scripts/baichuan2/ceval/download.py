"""Download ceval-exam.zip, which is not shipped since its licence is CC BY-NC-SA 4.0. Torch-free."""

from __future__ import annotations

import zipfile
from pathlib import Path

from baichuan2.errors import UserError
from baichuan2.model.source import Source, from_hub

FILE = "ceval-exam.zip"


def fetch(source: Source, into: Path) -> Path:
    """Download ceval-exam.zip of a hub's `source` (config key ceval.source) into the folder `into`.

    Goes on where an earlier try stopped; progress is on stderr. Raises UserError where the download fails.
    """
    hubs = {"hf": _from_hugging_face, "modelscope": _from_modelscope}
    path = Path(from_hub(source, into, hubs, "ceval.source"))
    if not zipfile.is_zipfile(path):
        raise UserError(f"{path}: what {source.hub}:{source.name} sent is not a zip file; delete it and run again")
    return path


def _from_hugging_face(source: Source, into: Path) -> str:
    from huggingface_hub import hf_hub_download

    return hf_hub_download(source.name, FILE, repo_type="dataset", revision=source.revision, local_dir=into)


def _from_modelscope(source: Source, into: Path) -> str:
    from modelscope.hub.file_download import dataset_file_download

    return dataset_file_download(source.name, FILE, local_dir=str(into), revision=source.revision)
