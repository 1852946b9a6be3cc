"""W8A8 from a calibration: every weight is read, quantized and written once, and no model is run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from baichuan2.config import linear_names, tensor_shapes
from baichuan2.devices.base import Device
from baichuan2.engine.weights import FloatWeights
from baichuan2.files import publish_directory, write_json
from baichuan2.integrity import identity_of
from baichuan2.model_directory import patched_fields, read_model
from baichuan2.quantization.artefact import ArtefactWriter
from baichuan2.quantization.calibration import Calibration
from baichuan2.quantization.rollback import left_in_float
from baichuan2.quantization.sensitivity import Int8Of
from baichuan2.quantization.streaming import Group, Linear, StreamedLayer
from baichuan2.w8a8 import folded, quantize_weight


@dataclass(frozen=True)
class StreamingParameters:
    """quantize.<name> in config.yaml, as ModelSlimParameters has them."""

    act_method: int = 3
    mm_tensor: bool = False
    disable_level: str = "L0"
    rollback: tuple[int | str, ...] = ()
    disable_names: tuple[str, ...] = ()


def int8_linear(calibration: Calibration, params: StreamingParameters, device: Device) -> Int8Of:
    """What computes a group of a streamed layer as the artefact of these parameters would, on float32 inputs."""

    def of(layer: StreamedLayer, group: Group) -> Linear:
        ranges = calibration.by_module[f"{layer.name}.{group[0]}"]
        smoothing, inputs = ranges.smoothing, ranges.parameters(params.act_method)
        weights = [layer.weights[module].cpu() for module in group]
        weights = [smoothing.columns(weight) for weight in weights] if smoothing else weights
        layers = [folded(*quantize_weight(weight, params.mm_tensor), *inputs) for weight in weights]
        linears = [device.int8_linear(layer, torch.float32) for layer in layers]

        def apply(x: Tensor) -> Tensor:
            x = smoothing.apply(x) if smoothing else x
            return torch.cat([linear(x) for linear in linears], dim=-1)

        return apply

    return of


def quantize(model_dir: Path, out: Path, params: StreamingParameters, calibration: Calibration) -> dict[str, Any]:
    """Publish the W8A8 artefact of the float model in `model_dir` as the directory `out`; return its manifest.

    In memory: one linear in float32 and what is made of it. Raises UserError where the calibration is another
    model's, or the roll-back leaves nothing to quantize.
    """
    model_dir = Path(model_dir)
    config = read_model(model_dir)
    calibration.check_model(identity_of(model_dir))
    left = left_in_float([*params.rollback, *params.disable_names], config, calibration, params.disable_level)
    weights, shapes = FloatWeights(model_dir, config), tensor_shapes(config)
    int8 = [name for name in linear_names(config) if name not in left]
    with publish_directory(Path(out).absolute()) as partial:
        writer = ArtefactWriter(partial, shapes, int8, getattr(torch, config.dtype))
        for name in tqdm(shapes, "quantize", unit="tensor"):
            module, tensor = name.removesuffix(".weight"), calibration.smoothed(name, weights.tensor(name))
            if module in int8:
                input_parameters = calibration.by_module[module].parameters(params.act_method)
                writer.add_linear(module, folded(*quantize_weight(tensor, params.mm_tensor), *input_parameters))
            else:
                writer.add_float(name, tensor)
        write_json(partial / "config.json", patched_fields(model_dir))
        return writer.finish("streaming", {**asdict(params), "prompts": calibration.prompts})
