"""Outlier channels for the demo model, and what W8A8 loses by them.

Real models carry a few activation channels far larger than the rest. Here they are planted after training:
one channel goes up by a power of two and the weights that read it go down by the same, so that the float
function stays exactly what it was, while a per-tensor int8 range has to stretch over the planted channel.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from train import Baichuan

QMIN, QMAX = -128, 127


@dataclass(frozen=True)
class Outlier:
    """`power` is the power of two on one channel of the input of `reader` (a short linear name) in a layer."""

    layer: int
    reader: str
    power: int

    def touched(self) -> list[str]:
        """Return the module names of the linears that read the channel: they belong in the roll-back list."""
        names = {
            "W_pack": ["self_attn.W_pack"],
            "gate_up": ["mlp.gate_proj", "mlp.up_proj"],
            "down_proj": ["mlp.down_proj"],
            "o_proj": ["self_attn.o_proj"],
        }[self.reader]
        return [f"model.layers.{self.layer}.{name}" for name in names]


PLANTED = (
    Outlier(1, "down_proj", 6),
    Outlier(3, "W_pack", 8),
    Outlier(3, "down_proj", 7),
)
ROLL_BACK = tuple(name for outlier in PLANTED for name in outlier.touched())


def linears(model: Baichuan) -> dict[str, nn.Linear]:
    """Return the linears that W8A8 quantizes: all but the head."""
    return {n: m for n, m in model.named_modules() if isinstance(m, nn.Linear) and n != "lm_head"}


@torch.no_grad()
def typical_inputs(model: Baichuan, prompts: Iterable[list[int]]) -> dict[str, Tensor]:
    """Return each linear's median |input| by channel, over every token of the prompts."""
    seen: dict[str, list[Tensor]] = {name: [] for name in linears(model)}
    hooks = [
        module.register_forward_pre_hook(lambda _, args, name=name: seen[name].append(args[0][0].abs()))
        for name, module in linears(model).items()
    ]
    for ids in prompts:
        model.hidden(torch.tensor([ids]))
    for hook in hooks:
        hook.remove()
    return {name: torch.cat(parts).median(0).values for name, parts in seen.items()}


@torch.no_grad()
def plant(model: Baichuan, prompts: list[list[int]], planted: Iterable[Outlier] = PLANTED) -> None:
    """Rescale the planted channels in place; each is the one that is largest in most tokens."""
    typical = typical_inputs(model, prompts)
    for outlier in planted:
        layer = model.model.layers[outlier.layer]
        channel = int(typical[outlier.touched()[0]].argmax())
        attention, mlp = layer.self_attn, layer.mlp
        raised, lowered = {
            "W_pack": (layer.input_layernorm.weight, [attention.W_pack]),
            "gate_up": (layer.post_attention_layernorm.weight, [mlp.gate_proj, mlp.up_proj]),
            "down_proj": (mlp.up_proj.weight, [mlp.down_proj]),
            "o_proj": (attention.W_pack.weight[-attention.o_proj.in_features :], [attention.o_proj]),
        }[outlier.reader]
        raised[channel] *= 2.0**outlier.power
        for linear in lowered:
            linear.weight[:, channel] *= 2.0**-outlier.power


@torch.no_grad()
def input_ranges(model: Baichuan, prompts: list[list[int]], mean_of_extrema: bool) -> dict[str, tuple]:
    """Return (min, max) of each linear's input: over all prompts, or the mean of each prompt's own."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in linears(model)}
    hooks = [
        module.register_forward_pre_hook(
            lambda _, args, name=name: seen[name].append((args[0].min().item(), args[0].max().item()))
        )
        for name, module in linears(model).items()
    ]
    for ids in prompts:
        model.hidden(torch.tensor([ids]))
    for hook in hooks:
        hook.remove()
    ranges = {}
    for name, pairs in seen.items():
        lows, highs = zip(*pairs, strict=True)
        low, high = (sum(lows) / len(lows), sum(highs) / len(highs)) if mean_of_extrema else (min(lows), max(highs))
        ranges[name] = (min(low, 0.0), max(high, 0.0))
    return ranges


class FakeQuantLinear(nn.Module):
    """A W8A8 linear simulated in floating point; the integer sums here are exact in fp32."""

    def __init__(self, linear: nn.Linear, low: float, high: float) -> None:
        super().__init__()
        weight = linear.weight.detach()
        self.weight_scale = weight.abs().amax(1) / QMAX
        self.codes = (weight / self.weight_scale[:, None]).round()
        self.scale = (high - low) / (QMAX - QMIN)
        self.offset = round(QMIN - low / self.scale)

    def forward(self, x: Tensor) -> Tensor:
        """Quantize x, multiply, and scale back."""
        codes = ((x / self.scale).round() + self.offset).clamp(QMIN, QMAX) - self.offset
        return F.linear(codes, self.codes) * (self.scale * self.weight_scale)


def quantize(model: Baichuan, ranges: dict[str, tuple], roll_back: Iterable[str]) -> None:
    """Replace every linear but those rolled back by its W8A8 simulation, in place."""
    for name, linear in linears(model).items():
        if name not in roll_back:
            parent, _, child = name.rpartition(".")
            setattr(model.get_submodule(parent), child, FakeQuantLinear(linear, *ranges[name]))
