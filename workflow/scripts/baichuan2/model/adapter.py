"""A LoRA adapter in peft's files, merged into a model's weights (arXiv:2106.09685)."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from baichuan2.errors import UserError, shown
from baichuan2.files import read_json
from baichuan2.integrity import files_beside
from baichuan2.model.checkpoint import TensorSet
from baichuan2.model.sizes import ModelConfig, linear_names, tensor_shapes
from baichuan2.model.source import ADAPTER_CONFIG, adapter_files, check_adapter

_MOST = 2**20  # of r and lora_alpha
_NAME = re.compile(r"(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.default)?\.weight")
# the keys of adapter_config.json that do not change what is added, whatever they say, or are read here
_READ = {
    "auto_mapping", "base_model_name_or_path", "corda_config", "ensure_weight_tying", "eva_config",
    "exclude_modules", "inference_mode", "layers_pattern", "layers_to_transform", "loftq_config",
    "lora_alpha", "lora_dropout", "lora_dtype", "lora_ga_config", "lorap_lr_ratio", "megatron_core",
    "peft_version", "qalora_group_size", "r", "revision", "target_modules", "task_type", "use_rslora",
    "velora_config",
}  # fmt: skip
# and the values that plain LoRA has in others; of any key more, only an empty one: DoRA, whole modules and so on have
# keys of their own. The initialisations left out change the model's own weights before the training.
_PLAIN = {
    "peft_type": ("LORA",),
    "bias": ("none",),
    "init_lora_weights": (True, False, "gaussian", "orthogonal", "eva"),
}


class Adapter:
    """A LoRA adapter of a model's linears: adapter_config.json and adapter_model.safetensors, or .bin.

    Raises UserError, naming file and key, for what is missing, of another method than LoRA, or not of this model.
    """

    def __init__(self, directory: Path, config: ModelConfig):
        self.directory = Path(directory)
        check_adapter(self.directory)
        path = self.directory / ADAPTER_CONFIG
        self._fields = read_json(path)
        for key, value in self._fields.items():
            if key not in _READ and value and value not in _PLAIN.get(key, ()):
                raise UserError(
                    f"{path}: {shown(key)[1:-1]} is {shown(value)}, which the workflow does not merge; merge it with "
                    "peft's merge_and_unload(), and set model.source to what it saves"
                )
        self.rank, self.scale = self._rank_and_scale(path)
        self._tensors = TensorSet(self.directory, [self._weights()])
        self._pairs = self._paired(config)

    def _rank_and_scale(self, path: Path) -> tuple[int, float]:
        """r, and what B @ A is multiplied by: lora_alpha / r, or / sqrt(r) (rsLoRA, arXiv:2312.03732)."""
        rank, rooted = self._number("r", path), self._fields.get("use_rslora")
        if rooted not in (None, True, False) or rank % 1:
            raise UserError(
                f"{path}: r is {shown(rank)} and use_rslora {shown(rooted)}; they are a whole number and true or "
                "false; fetch it again"
            )
        return int(rank), self._number("lora_alpha", path) / (math.sqrt(rank) if rooted else rank)

    def _number(self, key: str, path: Path) -> int | float:
        value = self._fields.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= _MOST:
            raise UserError(f"{path}: {key} is {shown(value)}; it must be a number from 1 to {_MOST}; fetch it again")
        return value

    def _weights(self) -> str:
        return adapter_files(self.directory)[-1]  # as peft, safetensors before .bin

    def _paired(self, config: ModelConfig) -> dict[str, tuple[str, str]]:
        """{weight's name: names of A [r, I] and B [O, r]}."""
        shapes, linears, pairs = tensor_shapes(config), set(linear_names(config)), dict[str, dict[str, str]]()
        for name in self._tensors.files:
            match = _NAME.fullmatch(name)
            if not match or match[1] not in linears:
                raise UserError(
                    f"{self._tensors.path(name)}: {shown(name)} is not of LoRA on a linear of this model; take an "
                    "adapter that was trained on it"
                )
            rows, columns = shapes[f"{match[1]}.weight"]
            expected = (self.rank, columns) if match[2] == "A" else (rows, self.rank)
            where, dtype = f"{self._tensors.path(name)}: {name}", self._tensors.dtype(name)
            if self._tensors.shape(name) != expected:
                raise UserError(
                    f"{where} is {list(self._tensors.shape(name))}, but r and config.json mean {list(expected)}; "
                    "take an adapter that was trained on this model"
                )
            if dtype not in (torch.float32, torch.bfloat16, torch.float16):
                raise UserError(f"{where} is of dtype {dtype}; float weights are needed")
            pairs.setdefault(f"{match[1]}.weight", {})[match[2]] = name
        if not pairs:
            raise UserError(f"{self.directory / self._weights()}: holds no tensor; save the adapter again")
        for weight, pair in pairs.items():
            if len(pair) < 2:
                raise UserError(f"{self.directory}: has lora_A or lora_B alone for {weight}; copy it again")
        return {weight: (pair["A"], pair["B"]) for weight, pair in pairs.items()}

    def merged(self, name: str, weight: Tensor) -> Tensor:
        """The weight [O, I] + scale * B @ A, computed in float32 and rounded once to its dtype; others as they are.

        Raises UserError where the sum is not finite in that dtype.
        """
        if name not in self._pairs:
            return weight
        down, up = (self._tensors.get(part).detach().float() for part in self._pairs[name])
        total = (weight.float() + up @ down * self.scale).to(weight.dtype)  # peft's order
        if not total.isfinite().all():
            raise UserError(f"{self.directory}: {name} is not finite when merged; take another adapter")
        return total

    def summary(self) -> dict[str, Any]:
        """What the manifest says of it."""
        names = [ADAPTER_CONFIG, self._weights()]
        return {"rank": self.rank, "scale": self.scale, "linears": len(self._pairs)} | {
            "files": files_beside(self.directory, names)
        }
