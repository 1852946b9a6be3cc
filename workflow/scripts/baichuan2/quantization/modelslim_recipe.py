"""An artefact's roll-back list and settings as a recipe of ModelSlim V1, for `msmodelslim quant --config_path`.

A recipe says how to quantize, so it holds no weights. Where V1 cannot say what the artefact was made with, there is
none. Source: msmodelslim 26.1.0, core/quant_service/modelslim_v1 and core/quantizer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import yaml

from baichuan2.errors import UserError
from baichuan2.files import publish_directory, write_text
from baichuan2.integrity import MANIFEST, files_beside, identity_of, write_sealed
from baichuan2.model.prompts import Prompt, read_prompts
from baichuan2.quantization.calibration import Calibration
from baichuan2.w8a8.arithmetic import QuantizedLinear
from baichuan2.w8a8.artefact import DYNAMIC, QuantArtefact

FORMAT: dict[str, str | int] = {"format": "baichuan2-modelslim-recipe", "version": 1}
RECIPE, PROMPTS = "recipe.yaml", "calibration.jsonl"
# act_method's observers, in V1's words; 3 takes one of them for each linear
MINMAX: dict[str, Any] = {"method": "minmax", "ext": {"aggregation_type": "mean"}}
HISTOGRAM: dict[str, Any] = {"method": "histogram"}


def export_recipe(quant: Path, out: Path, prompts: Path, name: str, calibration: Path | None = None) -> None:
    """Publish recipe.yaml and calibration.jsonl, the prompts as V1 reads them, as the directory `out`.

    name: the recipe's id. calibration: what `quant` was quantized by; None with ModelSlim, and for dynamic
    activations without smoothing. Raises UserError for what V1 has no word for: a smoothing, pr below 1, one weight
    scale a tensor, chats, and act_method 3 of ModelSlim, whose choices no file holds.
    """
    artefact = QuantArtefact(quant)
    ranges = Calibration.read(calibration) if calibration else None
    check_said(artefact.manifest["parameters"], ranges)
    recipe = recipe_of(artefact, ranges, name)
    texts = [_text(prompt) for prompt in read_prompts(prompts, key="quantize.calibration")]
    with publish_directory(out) as partial:
        write_text(partial / RECIPE, yaml.safe_dump(recipe, sort_keys=False, allow_unicode=True, width=118))
        lines = (json.dumps({"inputs_pretokenized": text}, ensure_ascii=False) for text in texts)
        write_text(partial / PROMPTS, "".join(f"{line}\n" for line in lines))
        write_sealed(
            partial / MANIFEST, {**FORMAT, "of": identity_of(artefact.directory), "files": files_beside(partial)}
        )


def check_said(parameters: Mapping[str, Any], ranges: Calibration | None) -> None:
    """Raise UserError, naming the key, for a parameter of an artefact that a recipe of V1 cannot say."""
    method = parameters.get("anti_outlier") or (
        "smooth" if ranges and any(group.smoothing for group in ranges.groups) else None
    )
    if method:
        raise UserError(f"quantize.anti_outlier: ModelSlim V1 has no {method}; set null")
    if parameters.get("pr", 1) != 1:
        raise UserError("quantize.pr: ModelSlim V1 quantizes all activations; set 1.0")
    if parameters["mm_tensor"]:
        raise UserError("quantize.mm_tensor: ModelSlim V1 has no int8 weights with one scale a tensor; set false")


def recipe_of(artefact: QuantArtefact, ranges: Calibration | None, name: str) -> dict[str, Any]:
    """The recipe as YAML has it: a linear_quant for each observer, with the roll-back list as its exclude."""
    left = [*artefact.manifest["float"], "lm_head"]
    return {
        "apiversion": "modelslim_v1",
        "metadata": {
            "config_id": name,
            "label": {"w_bit": 8, "a_bit": 8, "is_sparse": False, "kv_cache": False},
        },
        "spec": {
            "process": [_linears(act, include, left) for act, include in _observed(artefact, ranges)],
            "dataset": PROMPTS,
            "save": [{"type": "ascendv1_saver", "part_file_size": 4}],
        },
    }


def _linears(act: Mapping[str, Any], include: Sequence[str], exclude: Sequence[str]) -> dict[str, Any]:
    weight = {"scope": "per_channel", "dtype": "int8", "symmetric": True, "method": "minmax"}
    return {
        "type": "linear_quant",
        "qconfig": {"act": dict(act), "weight": weight},
        "include": list(include),
        "exclude": list(exclude),
    }


def _observed(artefact: QuantArtefact, ranges: Calibration | None) -> list[tuple[dict[str, Any], list[str]]]:
    """[(V1's words for activations, the linears that they are of)], all of them as "*"."""
    if artefact.scheme is DYNAMIC:
        token = {"scope": "per_token", "dtype": "int8", "symmetric": True, "method": "minmax"}
        return [(token, ["*"])]
    tensor = {"scope": "per_tensor", "dtype": "int8", "symmetric": False}
    method = artefact.manifest["parameters"]["act_method"]
    if ranges:
        _check_ranges(artefact, ranges, method)
    if method != 3:
        return [(tensor | (HISTOGRAM if method == 2 else MINMAX), ["*"])]
    if not ranges:
        raise UserError(
            "quantize.act_method: which layers ModelSlim's 3 gave a histogram is in no file; set quantize.engine: "
            "streaming"
        )
    by_histogram = {module: ranges.by_module[module].by_histogram(method) for module in artefact.int8_layers}
    chosen = [(HISTOGRAM, [name for name, yes in by_histogram.items() if yes])]
    chosen.append((MINMAX, [name for name, yes in by_histogram.items() if not yes]))
    return [(tensor | observer, modules) for observer, modules in chosen if modules]


def _check_ranges(artefact: QuantArtefact, ranges: Calibration, act_method: int) -> None:
    """Raise UserError where the artefact's scales are not those of the calibration."""
    for module in artefact.int8_layers:
        group, layer = ranges.by_module.get(module), artefact.linear(module)
        assert isinstance(layer, QuantizedLinear)  # of the static scheme
        if group is None or not torch.equal(group.parameters(act_method)[0], layer.input_scale):
            raise UserError(f"{artefact.directory}: {module} is of another calibration; give the one it was made by")


def _text(prompt: Prompt) -> str:
    if len(prompt.messages) > 1:
        raise UserError(f"{prompt.place}: a chat, and ModelSlim V1 calibrates on texts alone; put it as a text")
    return prompt.text
