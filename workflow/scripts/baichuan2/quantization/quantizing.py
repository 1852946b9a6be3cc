"""Quantize to W8A8 in either scheme: every weight is read, quantized and written once, and no model is run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from baichuan2.devices.base import Device
from baichuan2.files import publish_directory, write_json
from baichuan2.integrity import identity_of
from baichuan2.model.directory import patched_fields, read_model, read_once
from baichuan2.model.sizes import linear_names, tensor_shapes
from baichuan2.quantization.calibration import Calibration, GroupRanges
from baichuan2.quantization.parameters import Rounding, StreamingParameters
from baichuan2.quantization.rollback import left_in_float
from baichuan2.quantization.sensitivity import Int8Of
from baichuan2.quantization.streaming import Group, Linear, StreamedLayer
from baichuan2.w8a8.arithmetic import DynamicLinear, Int8Layer, folded, quantize_weight
from baichuan2.w8a8.artefact import DYNAMIC, STATIC, ArtefactWriter


def int8_layer(weight: Tensor, params: Rounding, ranges: GroupRanges | None) -> Int8Layer:
    """The W8A8 layer of a float weight [O, I]; the dynamic scheme needs no ranges."""
    if params.scheme == "dynamic":
        return DynamicLinear.of(weight, params.mm_tensor)
    assert ranges is not None
    return folded(*quantize_weight(weight, params.mm_tensor), *ranges.parameters(params.act_method))


def int8_linear(calibration: Calibration, params: Rounding, device: Device) -> Int8Of:
    """What computes a group of a streamed layer as the artefact of these parameters would, on float32 inputs."""

    def of(layer: StreamedLayer, group: Group) -> Linear:
        ranges = calibration.by_module[f"{layer.name}.{group[0]}"]
        smoothing = ranges.smoothing
        weights = [layer.weights[module].cpu() for module in group]
        weights = [smoothing.columns(weight) for weight in weights] if smoothing else weights
        layers = [int8_layer(weight, params, ranges) for weight in weights]
        linears = [
            device.dynamic_linear(layer, torch.float32)
            if isinstance(layer, DynamicLinear)
            else device.int8_linear(layer, torch.float32)
            for layer in layers
        ]

        def apply(x: Tensor) -> Tensor:
            x = smoothing.apply(x) if smoothing else x
            return torch.cat([linear(x) for linear in linears], dim=-1)

        return apply

    return of


def quantize(
    model_dir: Path,
    out: Path,
    params: StreamingParameters,
    calibration: Calibration | None,
    guide_arrays: bool = False,
) -> dict[str, Any]:
    """Publish the W8A8 artefact of the float model in `model_dir` as the directory `out`; return its manifest.

    calibration: the dynamic scheme needs one only for smoothing and disable_level. guide_arrays: as ArtefactWriter's.
    In memory: one linear in float32 and what is made of it. Raises UserError where the calibration is another
    model's, a file of the model is not what its manifest says, or nothing is left to quantize.
    """
    model_dir = Path(model_dir)
    config, ranges = read_model(model_dir), {}
    if calibration:
        calibration.check_model(identity_of(model_dir))
        ranges = calibration.by_module
    left = left_in_float([*params.rollback, *params.disable_names], config, calibration, params.disable_level)
    shapes = tensor_shapes(config)
    int8 = [name for name in linear_names(config) if name not in left]
    scheme = DYNAMIC if params.scheme == "dynamic" else STATIC
    with publish_directory(out) as partial, read_once(model_dir, config) as weights:
        dtype = getattr(torch, config.dtype)
        writer = ArtefactWriter(partial, shapes, int8, dtype, scheme=scheme, guide_arrays=guide_arrays)
        for name in tqdm(shapes, "quantize", unit="tensor"):
            module, tensor = name.removesuffix(".weight"), weights.get(name)
            tensor = calibration.smoothed(name, tensor) if calibration else tensor
            if module in int8:
                writer.add_linear(module, int8_layer(tensor, params, ranges.get(module)))
            else:
                writer.add_float(name, tensor)
        write_json(partial / "config.json", patched_fields(model_dir))
        return writer.finish("streaming", {**asdict(params), "prompts": calibration.prompts if calibration else 0})
