"""Smoothing: channels of a linear's input are scaled down and the columns of its weights up, so that int8 loses less.

SmoothQuant (arXiv:2211.10438): s_j = max|x_j|^alpha / max|w_j|^(1 - alpha), with alpha searched for each group of
linears. The scales go into what comes before, a norm or the rows of a linear, so that nothing is added at run time.
Here they are powers of two: every product with them is exact in any float format, and the float function, that of
layers left in float included, stays the same to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from baichuan2.devices.base import Device
from baichuan2.errors import UserError
from baichuan2.model.sizes import GROUPS
from baichuan2.quantization.streaming import Group, StreamedLayer
from baichuan2.w8a8.arithmetic import activation_parameters, quantize_weight

ALPHAS = tuple(round(0.1 * step, 1) for step in range(11))
MOST = 8  # octaves: 2^8 up and down is more than float16's small numbers should lose
SEARCH_ROWS = 512  # tokens, evenly taken from all, that an alpha is tried on
PIECE = 2**21  # weights of a task, which then takes some 30 MB

# What a group's inputs come from: the norm, or the linear whose last rows they are (of W_pack, v's; attention mixes
# tokens and not channels, and silu(gate) * up is linear in up).
SOURCES = {
    GROUPS[0]: "input_layernorm",
    GROUPS[1]: "self_attn.W_pack",
    GROUPS[2]: "post_attention_layernorm",
    GROUPS[3]: "mlp.up_proj",
}


@dataclass(frozen=True)
class Smoothing:
    """group: its modules, without the layer. exponents [I]: input channel j is multiplied by 2^-exponents[j]."""

    group: Group
    alpha: float
    exponents: tuple[int, ...]

    def apply(self, x: Tensor) -> Tensor:
        """x [..., I], smoothed."""
        return x * self._factors(-1).to(x.device)

    def columns(self, weight: Tensor) -> Tensor:
        """A weight [O, I] of the group, for smoothed inputs."""
        return weight * self._factors(1).to(weight.device)

    def fold(self, name: str, tensor: Tensor) -> Tensor:
        """The tensor `name` (of this layer, such as "mlp.up_proj.weight") with its part of the smoothing.

        Raises UserError where its format cannot hold the product: float16 runs out of small numbers.
        """
        module = name.removesuffix(".weight")
        if module in self.group:
            wide = self.columns(tensor.float())
        elif module == SOURCES[self.group]:
            rows = self._factors(-1)
            rows = torch.cat((torch.ones(len(tensor) - len(rows)), rows))
            wide = tensor.float() * (rows[:, None] if tensor.dim() == 2 else rows)
        else:
            return tensor
        narrow = wide.to(tensor.dtype)
        if not torch.equal(narrow.float(), wide):
            raise UserError(
                f"quantize.anti_outlier: smooth takes {name} out of {tensor.dtype}'s range; set it to null"
            )
        return narrow

    def _factors(self, sign: int) -> Tensor:
        """2^(sign * exponents), float32 [I]."""
        return torch.ldexp(torch.ones(len(self.exponents)), sign * torch.tensor(self.exponents))


def best_smoothing(
    device: Device, layer: StreamedLayer, inputs: Mapping[Group, Sequence[Tensor]]
) -> dict[Group, Smoothing]:
    """The smoothing of each group that leaves the least squared error in its W8A8 outputs; none where none helps.

    inputs: {group: [1, T, I] of each sample}. Weights are tried a few rows at a time, each by a task of its own.
    """
    searches = {group: _Search(layer, group, rows) for group, rows in inputs.items()}
    pieces = [(group, piece) for group, search in searches.items() for piece in search.pieces()]
    errors = device.each(lambda piece: searches[piece[0]].errors(piece[1]), pieces)
    smoothings = {}
    for group, search in searches.items():
        total = torch.stack([error for (of, _), error in zip(pieces, errors, strict=True) if of == group]).sum(0)
        best = search.candidates[int(total.argmin())]
        if best:
            smoothings[group] = best
    return smoothings


class _Search:
    """All smoothings of one group that are tried; candidates[0] is none."""

    def __init__(self, layer: StreamedLayer, group: Group, inputs: Sequence[Tensor]):
        self.weights = [layer.weights[module] for module in group]
        rows = torch.cat([x.reshape(-1, x.shape[-1]) for x in inputs])
        # in float64, whose logarithm's last bits, other ones on every processor, decide no rounding
        of_inputs = rows.abs().amax(0).cpu().double()
        of_weights = torch.stack([weight.abs().amax(0) for weight in self.weights]).amax(0).cpu().double()
        self.rows = rows[:: -(-len(rows) // SEARCH_ROWS)]
        self.candidates = [None, *(_smoothing(group, alpha, of_inputs, of_weights) for alpha in ALPHAS)]

    def pieces(self) -> list[Tensor]:
        """The group's weights, a few rows each."""
        count = max(1, PIECE // self.weights[0].shape[1])
        return [piece for weight in self.weights for piece in weight.split(count)]

    def errors(self, weight: Tensor) -> Tensor:
        """The squared error of rows . weight^T in W8A8 for each candidate, float64 [candidates]."""
        exact = self.rows @ weight.T
        return torch.stack([(self._product(weight, candidate) - exact).double().square().sum()
                            for candidate in self.candidates])  # fmt: skip

    def _product(self, weight: Tensor, candidate: Smoothing | None) -> Tensor:
        rows = candidate.apply(self.rows) if candidate else self.rows
        q, weight_scale = quantize_weight(candidate.columns(weight) if candidate else weight)
        scale, offset = activation_parameters(*torch.aminmax(rows))
        codes = ((rows / scale).round() + offset).clamp(-128, 127) - offset
        return (codes @ q.float().T) * (scale * weight_scale).T


def _smoothing(group: Group, alpha: float, of_inputs: Tensor, of_weights: Tensor) -> Smoothing:
    """SmoothQuant's scales of the largest |x| and |w| of every channel, to the nearest power of two.

    A dead channel, whose inputs or weights are all zero, says nothing of the others' scales.
    """
    least = torch.finfo(torch.float32).tiny
    octaves = alpha * of_inputs.clamp_min(least).log2() - (1 - alpha) * of_weights.clamp_min(least).log2()
    live = (of_inputs > 0) & (of_weights > 0)
    if live.any():
        octaves = octaves - octaves[live].mean()  # a factor of all channels changes no code
    octaves = octaves.masked_fill(of_inputs == 0, 0)
    return Smoothing(group, alpha, tuple(octaves.round().clamp(-MOST, MOST).int().tolist()))
