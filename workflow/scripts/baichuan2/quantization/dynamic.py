"""The dynamic scheme's quantizer: weights alone, so without calibration, and one tensor in memory at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from baichuan2.checkpoint import Checkpoint
from baichuan2.config import linear_names
from baichuan2.files import publish_directory, write_json
from baichuan2.integrity import check_files
from baichuan2.model_directory import patched_fields, read_model
from baichuan2.quantization.artefact import DYNAMIC, ArtefactWriter
from baichuan2.quantization.rollback import resolve_rollback
from baichuan2.w8a8 import DynamicLinear


def quantize_dynamic(
    model_dir: Path, out: Path, rollback: Sequence[int | str] = (), per_tensor: bool = False
) -> dict[str, Any]:
    """Publish the dynamic W8A8 artefact of the model in `model_dir` as the directory `out`; return its manifest.

    rollback: what stays in float (see rollback.py). per_tensor: one weight scale a tensor instead of one a channel.
    Raises UserError where the list names nothing, or leaves nothing to quantize.
    """
    config = read_model(model_dir)
    left = resolve_rollback(rollback, config)
    int8 = [name for name in linear_names(config) if name not in left]
    check_files(model_dir)
    checkpoint = Checkpoint(model_dir, config)
    shapes = {name: checkpoint.shape(name) for name in checkpoint.names()}
    with publish_directory(out) as partial:
        writer = ArtefactWriter(partial, shapes, int8, getattr(torch, config.dtype), scheme=DYNAMIC)
        for name in tqdm(checkpoint.names(), desc="quantize", unit="tensor"):
            tensor, module = checkpoint.get(name), name.removesuffix(".weight")
            if module in int8:
                writer.add_linear(module, DynamicLinear.of(tensor, per_tensor))
            else:
                writer.add_float(name, tensor)
        write_json(partial / "config.json", patched_fields(model_dir))
        return writer.finish("streaming", {"rollback": list(rollback), "mm_tensor": per_tensor})
