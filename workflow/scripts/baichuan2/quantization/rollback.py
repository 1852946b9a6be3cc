"""The roll-back list: which linears stay in float."""

from __future__ import annotations

import fnmatch
import logging
from collections.abc import Collection, Iterable, Sequence

from baichuan2.errors import UserError, nearest, shown
from baichuan2.model.sizes import GROUPS, LINEARS, ModelConfig, linear_names

log = logging.getLogger(__name__)

PAIR = GROUPS[2]  # gate_proj and up_proj


def resolve_rollback(entries: Sequence[int | str], config: ModelConfig, key: str = "quantize.rollback") -> list[str]:
    """The module names that `entries` (quantize.rollback) leave in float, in the model's order.

    An entry is a layer number (all its linears), a module name, or a glob such as "*.mlp.down_proj". Where one
    of gate_proj and up_proj is named, the other goes with it. Raises UserError, naming the config `key`, for an
    entry that names nothing.
    """
    known = linear_names(config)
    named = {name for entry in entries for name in _expand(entry, config.num_hidden_layers, known, key)}
    whole = with_pairs(named)
    if whole != named:
        log.info("left in float beside its gate_proj or up_proj: %s", ", ".join(sorted(whole - named)))
    return [name for name in known if name in whole]


def left_in_float(
    entries: Sequence[int | str], config: ModelConfig, calibration=None, disable_level: str = "L0"
) -> list[str]:
    """What `entries` and then disable_level leave in float, in the model's order; the latter needs a calibration."""
    resolved, count = resolve_rollback(entries, config), int(disable_level[1:])
    left = with_pairs([*resolved, *calibration.most_spread(count, resolved)]) if count else set(resolved)
    return [name for name in linear_names(config) if name in left]


def with_pairs(names: Iterable[str]) -> set[str]:
    """`names`, and the other half of every gate_proj / up_proj among them."""
    names = set(names)
    gate, up = PAIR
    others = {name.removesuffix(gate) + up for name in names if name.endswith(gate)}
    others |= {name.removesuffix(up) + gate for name in names if name.endswith(up)}
    return names | others


def _expand(entry: int | str, num_hidden_layers: int, known: Collection[str], key: str) -> list[str]:
    if isinstance(entry, int) and not isinstance(entry, bool):
        if not 0 <= entry < num_hidden_layers:
            raise UserError(
                f"{key}: layer {shown(entry)}: the layers are 0 to {num_hidden_layers - 1}; correct the list"
            )
        return [f"model.layers.{entry}.{name}" for name in LINEARS]
    if not isinstance(entry, str):
        raise UserError(f"{key}: {shown(entry)}: give a layer number, a module name or a glob")
    matches = [name for name in known if fnmatch.fnmatchcase(name, entry)]
    if not matches:
        near = nearest(entry, [*known, *(f"*.{name}" for name in LINEARS)], cutoff=0)
        raise UserError(f"{key}: {shown(entry)} matches no linear layer; the nearest is {near!r}")
    return matches
