"""A float model of any size run one decoder layer in memory at a time over whole prompts.

Calibration runs the network with it in float64, and sensitivity in float32. Letters in shapes: T tokens of a prompt,
E hidden_size, I inputs, O outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from baichuan2.devices import open_device
from baichuan2.devices.base import AddNorm, Device
from baichuan2.integrity import identity_of
from baichuan2.model.checkpoint import check_finite
from baichuan2.model.directory import read_model, read_once
from baichuan2.model.sizes import GROUPS, LINEARS, ModelConfig
from baichuan2.modeling import network

BATCH_BYTES = 2**13  # a channel of the samples that go through together; all of a layer of 13B take some 0.6 GB
PIECE = 256  # outputs of a linear that are one task

Group = tuple[str, ...]  # one of sizes.GROUPS
Linear = Callable[[Tensor], Tensor]


@contextmanager
def open_streamed(model: Path, device: str, threads: int | None, wide: bool = False) -> Iterator[StreamedModel]:
    """The float model in the directory `model`, on a device of engine.device's names. No gradients are kept.

    wide: computed in the widest dtype of the device, or else in float32.

    Its files are held against their digests while they are read, and with a UserError when the block ends: what is
    measured is published after it. Raises UserError for a device that does not compute in float32.
    """
    config = read_model(model)
    opened = open_device(device, threads)
    opened.dtype("float32", config.dtype)
    with torch.inference_mode(), read_once(model, config) as checkpoint:
        dtype = opened.widest if wide else torch.float32
        yield StreamedModel(config, checkpoint.get, opened, identity_of(model), dtype)


class StreamedModel:
    """stored: a tensor of the whole model by its name, as it is stored, which may be memory-mapped.

    identity: of the model's files, as integrity.identity_of gives it. dtype: of hidden states and of products.
    """

    def __init__(
        self,
        config: ModelConfig,
        stored: Callable[[str], Tensor],
        device: Device,
        identity: str,
        dtype: torch.dtype = torch.float32,
    ):
        self.config, self.device, self.identity, self.dtype = config, device, identity, dtype
        self.stored = stored

    def tensor(self, name: str) -> Tensor:
        """A tensor in float32 on the device."""
        return self.stored(name).to(self.device.torch_device, torch.float32)

    def embed(self, samples: Sequence[Tensor]) -> list[Tensor]:
        """Token ids int64 [1, T] each -> hidden states of `dtype` [1, T, E] each."""
        table = self.stored("model.embed_tokens.weight")
        return [table[ids].to(self.device.torch_device, self.dtype) for ids in samples]

    def attends(self, samples: Sequence[Tensor]) -> list[network.Attend]:
        """Causal attention of each sample; those of one length share theirs."""
        config, device = self.config, self.device.torch_device
        sizes = config.num_attention_heads, config.head_dim, config.is_alibi
        lengths = {ids.shape[1] for ids in samples}
        made = {length: network.attend_whole(*sizes, length, self.dtype, device) for length in lengths}
        return [made[ids.shape[1]] for ids in samples]

    def layers(self, title: str) -> Iterator[StreamedLayer]:
        """The decoder layers in order, with a progress bar; memory holds a layer until the caller drops it."""
        for number in tqdm(range(self.config.num_hidden_layers), title, unit="layer"):
            yield StreamedLayer(self, number)

    def through(
        self, layer: StreamedLayer, hidden: Sequence[Tensor], attends: Sequence[network.Attend]
    ) -> tuple[dict[Group, list[Tensor]], list[Tensor]]:
        """({group: its input float32 [1, T, I] in every sample}, every sample's hidden states after the layer).

        Raises UserError where these are not finite.
        """
        seen: dict[Group, list[Tensor]] = {group: [] for group in GROUPS}
        after = layer.run(hidden, attends, seen=seen)
        for x in after:
            check_finite(layer.name, x.cpu())  # on the host: one operator less for a card
        return seen, after

    def norm(self, name: str) -> AddNorm:
        return AddNorm(self.tensor(name), self.config.rms_norm_eps)


class StreamedLayer:
    """One decoder layer. weights: {module without its layer: float32 [O, I]}, on the device.

    Samples go through together, as many as BATCH_BYTES takes, so that weights are read once for many of them;
    attention looks at each alone.
    """

    def __init__(self, model: StreamedModel, number: int):
        self.number, self.name = number, f"model.layers.{number}"
        self.weights = {module: model.tensor(f"{self.name}.{module}.weight") for module in LINEARS}
        self._each = model.device.each
        self._input_norm = model.norm(f"{self.name}.input_layernorm.weight")
        self._post_norm = model.norm(f"{self.name}.post_attention_layernorm.weight")

    def linear(self, group: Group) -> Linear:
        """x [..., I] -> the outputs of a group's linears [..., O], one after the other.

        A task computes PIECE outputs for any number of threads, so that the outputs do not depend on it. The product
        is in the dtype of x.
        """
        pieces = [piece for module in group for piece in self.weights[module].split(PIECE)]
        return lambda x: torch.cat(self._each(lambda piece: F.linear(x, piece.to(x.dtype)), pieces), dim=-1)

    def _alone(self, function: Callable) -> Callable:
        """The function as one task: where torch splits it among threads, last bits change with their number."""
        return lambda *x: self._each(lambda x: function(*x), [x])[0]

    def run(
        self,
        hidden: Sequence[Tensor],
        attends: Sequence[network.Attend],
        linears: Mapping[Group, Linear] | None = None,
        seen: dict[Group, list[Tensor]] | None = None,
    ) -> list[Tensor]:
        """Hidden states [1, T, E] of each sample before the layer -> after it.

        attends: each sample's. linears: what computes a group instead of its float weights. seen: the input
        float32 [1, T, I] of every group in every sample is appended to its lists.
        """
        after: list[Tensor] = []
        for batch in _batches(hidden):
            after += self._run(hidden[batch], attends[batch], linears or {}, seen)
        return after

    def _run(
        self,
        hidden: Sequence[Tensor],
        attends: Sequence[network.Attend],
        linears: Mapping[Group, Linear],
        seen: dict[Group, list[Tensor]] | None,
    ) -> list[Tensor]:
        lengths = [x.shape[1] for x in hidden]

        def part(group: Group) -> Linear:
            compute = linears.get(group) or self.linear(group)

            def apply(x: Tensor) -> Tensor:
                if seen is not None:
                    seen[group] += x.float().split(lengths, dim=1)
                return compute(x)

            return apply

        def attend(number: int, qkv: Tensor) -> Tensor:
            samples = zip(attends, qkv.split(lengths, dim=1), strict=True)
            return torch.cat(self._each(lambda sample: sample[0](number, sample[1]), samples), dim=1)

        qkv, output, gate_up, down = map(part, GROUPS)
        single: tuple[Callable, ...] = (self._input_norm, self._post_norm, network.silu_mul)
        input_norm, post_norm, activation = map(self._alone, single)
        parts = network.LayerParts(input_norm, qkv, output, post_norm, gate_up, activation, down)
        joined, delta = network.decoder_layer(parts, self.number, torch.cat(list(hidden), dim=1), None, attend)
        return list((joined + delta).split(lengths, dim=1))


def _batches(hidden: Sequence[Tensor]) -> Iterator[slice]:
    """Samples next to each other, of BATCH_BYTES together; a longer one is alone."""
    start, size = 0, 0
    for k, x in enumerate(hidden):
        more = x.shape[1] * x.itemsize
        if k > start and size + more > BATCH_BYTES:
            yield slice(start, k)
            start, size = k, 0
        size += more
    yield slice(start, len(hidden))
