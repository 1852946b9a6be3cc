"""The W8A8 artefact in the forms that others read. No model is run, and one tensor is in memory at a time.

    guide                the guide's eight .npy files, as the scripts of its day read them: deq_scale in float32
    ascend               vllm-ascend and MindIE: safetensors, quant_model_description.json, config.json, tokenizer
    compressed_tensors   transformers and vLLM: safetensors, config.json with its quantization_config, tokenizer

Each ends with a manifest.json: which artefact it is of, and every file's checksum. vLLM and MindIE normalise the
output layer's rows where vocab_size is NORMALISED_ROWS, and only there: a NormHead of any other size is written with
its norms folded in, which normalising once more does not change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from baichuan2.errors import UserError, shown
from baichuan2.files import check_room, publish_directory, read_json, write_json
from baichuan2.integrity import MANIFEST, files_beside, identity_of, write_sealed
from baichuan2.model.checkpoint import SHARD_BYTES, ShardWriter
from baichuan2.model.directory import copy_for_transformers, patched_fields, read_model
from baichuan2.model.llama_cpp import check_depth
from baichuan2.model.sizes import ModelConfig, tensor_shapes
from baichuan2.modeling import network
from baichuan2.w8a8.arithmetic import FIELDS, encode_deq_scale, shape_of
from baichuan2.w8a8.arrays import write_arrays
from baichuan2.w8a8.artefact import DESCRIPTION, DYNAMIC, GUIDE_ARRAYS, STATIC, QuantArtefact, Scheme, narrowed

FORMAT, VERSION = "baichuan2-export", 1
DTYPES = ("auto", "float16", "bfloat16")
NORMALISED_ROWS = 125696  # Source: vllm/model_executor/models/baichuan.py, lm_head_weight_loader

# compressed-tensors' name of each field that it keeps, and the dtype: it folds scales and offset when it runs
COMPRESSED = {
    "weight": ("weight", torch.int8),
    "weight_scale": ("weight_scale", torch.float32),
    "input_scale": ("input_scale", torch.float32),
    "input_offset": ("input_zero_point", torch.int8),
}
# compressed-tensors' words for how activations become int8
_INT8 = {"num_bits": 8, "type": "int"}
ACTIVATIONS = {
    STATIC: {**_INT8, "symmetric": False, "strategy": "tensor", "dynamic": False},
    DYNAMIC: {**_INT8, "symmetric": True, "strategy": "token", "dynamic": True},
}
WEIGHTS = {**_INT8, "symmetric": True, "strategy": "channel", "dynamic": False}

# How the fields of an int8 layer are called and stored: {field: (name, dtype)}.
Stored = Mapping[str, tuple[str, torch.dtype]]


def export_guide(quant: Path, out: Path) -> None:
    """Publish the guide's eight arrays of the artefact `quant` as the directory `out`.

    The guide's own scripts turn deq_scale into the int64 of float16 models by themselves, so it is float32 here.
    Raises UserError for the dynamic scheme, which has no such arrays.
    """
    artefact = QuantArtefact(quant)
    check_guide(artefact.scheme)
    with _published(out, "guide", artefact) as partial:
        arrays: dict[str, dict[str, Tensor]] = {field: {} for field in GUIDE_ARRAYS}
        for name in artefact.int8_layers:
            layer = artefact.linear(name)
            for field, values in arrays.items():
                value = getattr(layer, field)  # a small one that stayed mapped would keep its whole file mapped
                values[name] = value if field == "weight" else value.clone()
        check_room(partial, sum(value.nbytes for values in arrays.values() for value in values.values()))
        for field, file in GUIDE_ARRAYS.items():
            write_arrays(partial / file, arrays[field])


def export_ascend(model: Path, quant: Path, out: Path, dtype: str = "auto", shard_bytes: int = SHARD_BYTES) -> None:
    """Publish the artefact `quant` of `model` for vllm-ascend and MindIE as the directory `out`.

    dtype: what it is served in, float16 or bfloat16; auto is the model's. It is the dtype of the float tensors, and
    float16 means deq_scale as int64 bit patterns. Raises UserError where it is float32, which no such kernel takes.
    """
    artefact, config, served = _opened(model, quant, dtype)
    check_ascend(served)
    scheme = artefact.scheme
    stored = {field: (field, FIELDS[field]["dtype"]) for field in scheme.tensors}
    if served == torch.float16 and "deq_scale" in stored:
        stored["deq_scale"] = ("deq_scale", torch.int64)
    with _published(out, "ascend", artefact) as partial:
        names = _write_tensors(partial, scheme.stem, artefact, config, served, stored, shard_bytes)
        kinds = {name: scheme.kind if module in artefact.int8_layers else "FLOAT" for name, module in names.items()}
        write_json(partial / DESCRIPTION, {"model_quant_type": scheme.kind, **kinds})
        _write_model_files(model, partial, served, {"quantize": scheme.kind.lower()})


def export_compressed_tensors(
    model: Path, quant: Path, out: Path, dtype: str = "auto", shard_bytes: int = SHARD_BYTES
) -> None:
    """Publish the artefact `quant` of `model` for transformers and vLLM, with our modeling files, as `out`.

    dtype: of the float tensors, and the reader's default to compute in; auto is the model's.
    """
    artefact, config, served = _opened(model, quant, dtype)
    stored = {field: COMPRESSED[field] for field in artefact.scheme.tensors if field in COMPRESSED}
    quantization = {
        "quant_method": "compressed-tensors",
        "format": "int-quantized",
        "quantization_status": "compressed",
        "ignore": [_anywhere(module) for module in (*artefact.manifest["float"], "lm_head")],
        "config_groups": {
            "group_0": {
                "targets": ["Linear"],
                "weights": WEIGHTS,
                "input_activations": ACTIVATIONS[artefact.scheme],
            }
        },
    }
    with _published(out, "compressed_tensors", artefact) as partial:
        _write_tensors(partial, "model", artefact, config, served, stored, shard_bytes)
        _write_model_files(model, partial, served, {"quantization_config": quantization})


def _anywhere(module: str) -> str:
    """compressed-tensors' pattern of a module under any prefix: vLLM's Baichuan names its layers without "model".

    A float layer that no name matches would be read as int8, whose scales are nowhere, without an error.
    """
    return rf"re:(.*\.)?{re.escape(module.removeprefix('model.'))}$"


def check_guide(scheme: Scheme) -> None:
    """Raise UserError where the guide's arrays cannot say a scheme."""
    if scheme is not STATIC:
        raise UserError(
            "export_guide: the activations' scales are dynamic, which the guide's arrays cannot say; "
            "set quantize.scheme to static, or export another form"
        )


def check_ascend(served: torch.dtype) -> None:
    """Raise UserError for a dtype that W8A8 is not served in there."""
    if served not in (torch.float16, torch.bfloat16):
        raise UserError(
            "export.dtype: auto is the model's float32, which Ascend does not serve W8A8 in; set bfloat16"
        )


def check_output_layer(model: Path, config: ModelConfig) -> None:
    """Raise UserError where readers would normalise the output layer of a model without NormHead."""
    if config.vocab_size == NORMALISED_ROWS and not config.norm_head:
        raise UserError(
            f"{model}: norm_head is false, but vLLM and MindIE normalise the output layer of any vocabulary of "
            f"{NORMALISED_ROWS} rows; resize it by a few rows to export it"
        )


def served_dtype(config: ModelConfig, dtype: str) -> torch.dtype:
    """export.dtype of a model. Raises UserError for one that is none to serve in."""
    if dtype not in DTYPES:
        raise UserError(f"export.dtype: {shown(dtype)} is not one of {', '.join(DTYPES)}")
    return getattr(torch, config.dtype if dtype == "auto" else dtype)


def unsuited(model: Path, scheme: Scheme, dtype: str) -> dict[str, str]:
    """{export: why a linked model has none of it}, of a scheme and export.dtype; the other exports it has."""
    config = read_model(model)
    checks: dict[str, tuple[Callable[[], None], ...]] = {
        "guide": (lambda: check_guide(scheme),),
        "ascend": (lambda: check_ascend(served_dtype(config, dtype)), lambda: check_output_layer(model, config)),
        "compressed_tensors": (lambda: check_output_layer(model, config),),
        "gguf": (lambda: check_depth(model, config),),
    }
    reasons = {}
    for name, of_export in checks.items():
        try:
            for check in of_export:
                check()
        except UserError as error:
            reasons[name] = str(error)
    return reasons


def _opened(model: Path, quant: Path, dtype: str) -> tuple[QuantArtefact, ModelConfig, torch.dtype]:
    """The artefact, its model's sizes, and the dtype to serve it in.

    Raises UserError where it is another model's, for a dtype that is none to serve in, and where readers would
    normalise the output layer of a model without NormHead.
    """
    artefact, config = QuantArtefact(quant), read_model(model)
    served = served_dtype(config, dtype)
    if read_json(Path(quant) / "config.json") != patched_fields(model):
        raise UserError(f"{quant}: quantized from another model than {model}; give its own, or quantize again")
    check_output_layer(model, config)
    return artefact, config, served


@contextmanager
def _published(out: Path, form: str, artefact: QuantArtefact) -> Iterator[Path]:
    """Yield a directory that takes the place of `out`, with its manifest, when all is written."""
    with publish_directory(out) as partial:
        yield partial
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "form": form,
            "scheme": artefact.scheme.says,
            "of": identity_of(artefact.directory),
            "files": files_beside(partial),
        }
        write_sealed(partial / MANIFEST, manifest)


def _write_tensors(
    directory: Path,
    stem: str,
    artefact: QuantArtefact,
    config: ModelConfig,
    dtype: torch.dtype,
    stored: Stored,
    shard_bytes: int,
) -> dict[str, str]:
    """Write the safetensors set; return {tensor name: module name}, in the model's order."""
    modules: dict[str, str] = {}
    specs: dict[str, tuple[torch.dtype, tuple[int, ...]]] = {}
    for name, shape in tensor_shapes(config).items():
        module = name.removesuffix(".weight")
        if module in artefact.int8_layers:
            tensors = {f"{module}.{new}": (target, shape_of(field, shape)) for field, (new, target) in stored.items()}
        else:
            tensors = {name: (dtype, shape)}
        specs |= tensors
        modules |= dict.fromkeys(tensors, module)
    writer = ShardWriter(directory, specs, stem, shard_bytes)
    for module in tqdm(dict.fromkeys(modules.values()), "export", unit="module"):
        if module in artefact.int8_layers:
            layer = artefact.linear(module)
            for field, (new, target) in stored.items():
                writer.add(f"{module}.{new}", _encoded(getattr(layer, field), target))
        else:
            folds = module == "lm_head" and config.norm_head and config.vocab_size != NORMALISED_ROWS
            writer.add(f"{module}.weight", _float_tensor(artefact, f"{module}.weight", dtype, folds))
    writer.close()
    return modules


def _encoded(value: Tensor, dtype: torch.dtype) -> Tensor:
    """A layer's field in the dtype it is stored in: int64 is deq_scale's bit patterns, int8 the integral offset."""
    return encode_deq_scale(value, torch.float16) if dtype == torch.int64 else value.to(dtype)


def _float_tensor(artefact: QuantArtefact, name: str, dtype: torch.dtype, folds: bool = False) -> Tensor:
    """A float tensor in the dtype it is served in. Raises UserError as `narrowed` does.

    folds: it is a NormHead's, and its row norms are folded in.
    """
    tensor = artefact.float_tensor(name)
    tensor = network.output_weight(tensor, True) if folds else tensor
    return narrowed(name, tensor, dtype, "export.dtype")


def _write_model_files(model: Path, directory: Path, dtype: torch.dtype, more: Mapping[str, Any]) -> None:
    """config.json, the tokenizer and our modeling files, as readers of a model directory want them."""
    copy_for_transformers(model, directory)
    fields = {key: value for key, value in patched_fields(model).items() if key != "dtype"}  # torch_dtype's new name
    write_json(directory / "config.json", {**fields, "torch_dtype": _name(dtype), **more})


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
