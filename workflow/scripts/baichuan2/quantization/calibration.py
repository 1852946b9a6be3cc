"""Calibration as an artefact of its own: the ranges of every linear's inputs, by all of ModelSlim's methods at once.

The float model sees the prompts once. Another roll-back list, disable_level, act_method or export then needs no
model. ModelSlim watches inputs that its int8 layers further up have already changed; here they are float's, which
is what makes the ranges independent of the roll-back list.

The model is to be computed in float64 (streaming.open_streamed's `wide`): its linears' inputs, rounded to float32,
then have the same last bits on every processor, and the histogram's search, which a last bit can send elsewhere, ends
at the same bin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from baichuan2.errors import UserError
from baichuan2.integrity import RECORD_BYTES, read_sealed, write_sealed
from baichuan2.model.sizes import GROUPS
from baichuan2.quantization.observers import HISTOGRAM_UP_TO, Histogram, MeanOfExtrema, Spread
from baichuan2.quantization.smoothing import Smoothing, best_smoothing
from baichuan2.quantization.streaming import Group, StreamedModel
from baichuan2.w8a8.arithmetic import activation_parameters

FORMAT: dict[str, str | int] = {"format": "baichuan2-calibration", "version": 1}


@dataclass(frozen=True)
class GroupRanges:
    """The input of one or more linears that share it, over all samples.

    modules: full names. extrema, histogram: (low, high) by act_method 1 and 2. spread: max|x| / std. smoothing:
    applied to x before its ranges are taken; None where x is as it is.
    """

    modules: tuple[str, ...]
    extrema: tuple[float, float]
    histogram: tuple[float, float]
    spread: float
    smoothing: Smoothing | None = None

    def range(self, act_method: int) -> tuple[float, float]:
        """(low, high) by act_method 1, 2 or 3."""
        return self.histogram if self.by_histogram(act_method) else self.extrema

    def by_histogram(self, act_method: int) -> bool:
        """Whether that is the histogram's range, or else the mean of extrema."""
        return act_method == 2 or (act_method == 3 and self.spread <= HISTOGRAM_UP_TO)

    def parameters(self, act_method: int) -> tuple[Tensor, Tensor]:
        """(input_scale, input_offset), float32 [1] each."""
        return activation_parameters(*map(torch.tensor, self.range(act_method)))


@dataclass(frozen=True)
class Calibration:
    """What `calibrate` measured, group by group in the model's order, and of which model."""

    model: str
    prompts: int
    tokens: int
    groups: tuple[GroupRanges, ...]

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Raises UserError where the file is damaged or another version's."""
        value = read_sealed(path, RECORD_BYTES, FORMAT)
        groups = tuple(_group(entry) for entry in value["groups"])
        return cls(value["model"], value["prompts"], value["tokens"], groups)

    def write(self, path: Path) -> None:
        write_sealed(path, {**FORMAT, **asdict(self)})

    @cached_property
    def by_module(self) -> dict[str, GroupRanges]:
        """{full module name: its group}."""
        return {module: group for group in self.groups for module in group.modules}

    def check_model(self, identity: str) -> None:
        """Raise UserError where this is of other weights than those of the model with this `identity`."""
        if self.model != identity:
            raise UserError("the calibration is of other weights than the model's; delete it and run again")

    def most_spread(self, count: int, left: Sequence[str]) -> list[str]:
        """disable_level L<count>: the linears of the largest max|x| / std that are not in `left` already."""
        others = [module for module in self.by_module if module not in left]
        return sorted(others, key=lambda module: -self.by_module[module].spread)[:count]

    def smoothed(self, name: str, tensor: Tensor) -> Tensor:
        """The float tensor `name` of the model, with every group's smoothing folded into it. Exact; see Smoothing."""
        layer = ".".join(name.split(".")[:3])  # model.layers.<k>
        for smoothing in self._smoothings.get(layer, ()):
            tensor = smoothing.fold(name.removeprefix(f"{layer}."), tensor)
        return tensor

    @cached_property
    def _smoothings(self) -> dict[str, list[Smoothing]]:
        """{"model.layers.<k>": those of its groups}."""
        by_layer: dict[str, list[Smoothing]] = {}
        for group in self.groups:
            if group.smoothing:
                by_layer.setdefault(".".join(group.modules[0].split(".")[:3]), []).append(group.smoothing)
        return by_layer


def _group(entry: Mapping[str, Any]) -> GroupRanges:
    smoothing = entry["smoothing"]
    return GroupRanges(
        tuple(entry["modules"]),
        tuple(entry["extrema"]),
        tuple(entry["histogram"]),
        entry["spread"],
        smoothing and Smoothing(tuple(smoothing["group"]), smoothing["alpha"], tuple(smoothing["exponents"])),
    )


def calibrate(model: StreamedModel, samples: Sequence[Tensor], smooth: bool = False) -> Calibration:
    """Run `samples` (token ids int64 [1, T] each) through the model, and watch the inputs of its linears.

    smooth: search a smoothing of every group first; the ranges are then of the smoothed inputs. In memory: one layer,
    and the samples' activations in it.
    """
    hidden, attends = model.embed(samples), model.attends(samples)
    groups: list[GroupRanges] = []
    for layer in model.layers("calibrate"):
        inputs, hidden = model.through(layer, hidden, attends)
        smoothings = best_smoothing(model.device, layer, inputs) if smooth else {}
        groups += model.device.each(
            partial(_observe, layer.name, smoothings), [(group, inputs[group]) for group in GROUPS]
        )
        del layer, inputs  # before the next layer is read
    return Calibration(model.identity, len(samples), sum(ids.shape[1] for ids in samples), tuple(groups))


def _observe(layer: str, smoothings: Mapping[Group, Smoothing], task: tuple[Group, list[Tensor]]) -> GroupRanges:
    group, inputs = task
    smoothing, extrema, histogram, spread = smoothings.get(group), MeanOfExtrema(), Histogram(), Spread()
    live = _live(inputs)
    for x in inputs:
        x = (smoothing.apply(x) if smoothing else x).cpu()
        extrema.update(x)
        x = x if live is None else x[..., live]
        histogram.update(x)
        spread.update(x)
    modules = tuple(f"{layer}.{module}" for module in group)
    return GroupRanges(modules, _ends(extrema), _ends(histogram), spread.ratio(), smoothing)


def _live(inputs: Sequence[Tensor]) -> Tensor | None:
    """The channels that are not zero over all samples, bool [I]; None where all or none of them are.

    Zeros of dead channels make values look rarer and std smaller than they are. ModelSlim counts them; here, as
    without dead channels, what is observed is of the channels that say something.
    """
    live = torch.stack([x.cpu().reshape(-1, x.shape[-1]).any(dim=0) for x in inputs]).any(dim=0)
    return None if live.all() or not live.any() else live


def _ends(observer: MeanOfExtrema | Histogram) -> tuple[float, float]:
    low, high = observer.range()
    return low.item(), high.item()
