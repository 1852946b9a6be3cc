"""Known ways of choosing what stays in float, measured side by side with the list that is configured or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from baichuan2.model.sizes import ModelConfig
from baichuan2.quantization.calibration import Calibration
from baichuan2.quantization.frontier import int8_share, weights_of
from baichuan2.quantization.rollback import left_in_float
from baichuan2.quantization.sensitivity import Int8Of, divergences
from baichuan2.quantization.streaming import StreamedModel

# The guide's quant.py, for the 40 layers of the 13B.
GUIDE = (0, 1, 2, 3, 4, 7, 9, 10, 17, 18, 19, 20, 22, 23, 24, 26, 36, 37, 38, 39)
GUIDE_LAYERS = 40


def recipes(config: ModelConfig, calibration: Calibration, own: Sequence[str], chosen: Sequence[str] | None) -> dict:
    """{name: full names of the linears in float}.

    own: the list of config.yaml, resolved. chosen: auto's, or None. disable_level is shown with as many linears as
    the shortest of them leaves in float, so that the two ways of choosing can be compared.
    """
    named: dict[str, Sequence[str]] = {"none": [], "every down_proj": left_in_float(["*.mlp.down_proj"], config)}
    if config.num_hidden_layers == GUIDE_LAYERS:
        named["the guide's 20 layers"] = left_in_float(GUIDE, config)
    if own:
        named["config.yaml"] = own
    if chosen is not None:
        named["auto"] = chosen
    count = min((len(left) for left in (own, chosen) if left), default=0)
    if count:
        named[f"disable_level L{count}"] = left_in_float([], config, calibration, f"L{count}")
    return named


def measure(
    model: StreamedModel, int8: Int8Of, samples: Sequence[Tensor], named: dict[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """For each recipe its name, linears in float, share of the linears' weights in int8, and KL, in nats."""
    sizes = weights_of(model.config)
    variants = [[name for name in sizes if name not in left] for left in named.values()]
    kls = divergences(model, int8, samples, variants)
    return [
        {"recipe": name, "linears": len(left), "int8_share": int8_share(variant, sizes), "kl": kl}
        for (name, left), variant, kl in zip(named.items(), variants, kls, strict=True)
    ]
