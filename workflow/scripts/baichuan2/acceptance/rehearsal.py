"""A large model whose answers are known (model/known.py), each stage of it held against the demo's own.

The stages stand in the order in which they are made, so the first that differs is where a difference began.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from baichuan2.ceval.records import Record, read_records
from baichuan2.errors import UserError
from baichuan2.files import write_text
from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.directory import read_model
from baichuan2.model.known import KnownWeights
from baichuan2.model.placement import Placement
from baichuan2.quantization.calibration import Calibration
from baichuan2.ranks.cutting import part
from baichuan2.ranks.table import part_shape
from baichuan2.text.tables import NOTHING, table
from baichuan2.w8a8.arithmetic import QuantizedLinear
from baichuan2.w8a8.artefact import QuantArtefact

# A range is made of float32 sums, whose order differs with the sizes.
RANGES = 1e-4
# Two answers may differ where the demo's own lead is smaller than this, in logits: a near tie, as in 16 bits.
NEAR = 0.1


@dataclass(frozen=True)
class Chain:
    """What one run of the workflow made. parts: of world_size ranks, or None; quant, calibration: None in float."""

    model: Path
    records: Path
    quant: Path | None = None
    calibration: Path | None = None
    parts: Path | None = None
    world_size: int = 1


@dataclass(frozen=True)
class Stage:
    """How a stage compares. difference: the largest that there is, or None where things are equal or not."""

    name: str
    compared: str
    difference: float | None = None
    error: str | None = None


def rehearse(demo: Path, ours: Chain, known: Chain) -> Iterator[Stage]:
    """Each stage of `ours` against `known`, the demo's; demo: the folder of the demo's published files."""
    small, large = read_model(known.model), read_model(ours.model)
    weights = KnownWeights(demo, Placement(small, large))
    yield check_link(ours.model, weights)
    if ours.parts and not ours.quant:
        yield check_cut(ours.parts, weights, ours.world_size)
    if ours.calibration and known.calibration:
        yield check_ranges(Calibration.read(ours.calibration), Calibration.read(known.calibration), weights.placement)
    if ours.quant and known.quant:
        yield check_artefact(QuantArtefact(ours.quant), QuantArtefact(known.quant), weights.placement)
    yield check_answers(read_records(ours.records)[1], read_records(known.records)[1])


def held_names(weights: KnownWeights) -> list[str]:
    """The tensors that hold some of the demo's, by name."""
    at = tuple(f"model.layers.{layer}." for layer in weights.placement.layers)
    return [name for name in weights.shapes if "layers" not in name or name.startswith(at)]


def check_link(model: Path, weights: KnownWeights) -> Stage:
    """Whether results/model holds what was made."""
    linked, names = Checkpoint(model, weights.placement.large), held_names(weights)
    wrong = next((name for name in names if not torch.equal(linked.get(name), weights.get(name))), None)
    error = wrong and f"{model}: {wrong} is not what was made of the demo"
    return Stage("link", f"{len(names)} tensors, to the last bit", error=error)


def check_cut(parts: Path, weights: KnownWeights, world_size: int) -> Stage:
    """Whether every rank's part holds its share of what was made."""
    names = held_names(weights)
    shapes = {name: part_shape(name, shape, world_size) for name, shape in weights.shapes.items()}
    cut = [Checkpoint(parts / str(rank), weights.placement.large, shapes) for rank in range(world_size)]
    error = None
    for name in names:
        whole = weights.get(name)
        for rank, checkpoint in enumerate(cut):
            if not torch.equal(checkpoint.get(name), part(name, whole, rank, world_size)):
                error = error or f"{parts / str(rank)}: {name} is not rank {rank}'s share of the model's"
    return Stage("cut", f"{len(names)} tensors on each of {world_size} ranks, to the last bit", error=error)


def check_ranges(ours: Calibration, known: Calibration, placement: Placement) -> Stage:
    """Whether the linears' inputs have the demo's ranges, by act_method 1, which dead channels do not change."""
    worst, where = 0.0, ""
    for layer, small in placement.layers.items():
        for module, group in known.by_module.items():
            if module.startswith(f"model.layers.{small}."):
                name = module.replace(f".{small}.", f".{layer}.", 1)
                ends = np.array([group.extrema, ours.by_module[name].extrema])
                difference = float(np.abs(ends[0] - ends[1]).max() / np.abs(ends[0]).max())
                worst, where = max((worst, where), (difference, name))
    error = f"the inputs of {where} have another range than the demo's" if worst > RANGES else None
    return Stage("ranges", f"{len(known.by_module)} linears", worst, error)


def check_artefact(ours: QuantArtefact, known: QuantArtefact, placement: Placement) -> Stage:
    """Whether the same linears are int8, and the rows that hold the demo's quantize to the demo's integers."""
    mapped = {small: layer for layer, small in placement.layers.items()}
    worst, where = 0.0, ""
    for module in known.int8_layers:
        _, _, small, *rest = module.split(".")
        name = ".".join(["model", "layers", str(mapped[int(small)]), *rest])
        if name not in ours.int8_layers:
            return Stage("artefact", f"{len(known.int8_layers)} linears", error=f"{name} is not int8, as in the demo")
        rows, columns = _placed(placement, ".".join(rest))
        theirs, big = known.linear(module), ours.linear(name)
        values = big.weight[rows[:, None], columns].int()
        difference = float((values - theirs.weight[: len(rows)].int()).abs().max())
        worst, where = max((worst, where), (difference, name))
        if isinstance(big, QuantizedLinear) and isinstance(theirs, QuantizedLinear):
            ratio = float(big.input_scale / theirs.input_scale)
            if abs(ratio - 1) > RANGES or abs(float(big.input_offset - theirs.input_offset)) > 1:
                scale = f"{name}: input_scale is {ratio:.6f} of the demo's"
                return Stage("artefact", f"{len(known.int8_layers)} linears", worst, scale)
    # a factor that is no power of two may round one integer the other way
    most = 0 if placement.is_exact else 1
    error = f"{where}: its int8 weights differ from the demo's by {worst:.0f}" if worst > most else None
    return Stage("artefact", f"{len(known.int8_layers)} linears, their int8 weights", worst, error)


def _placed(placement: Placement, module: str) -> tuple[torch.Tensor, torch.Tensor]:
    """(rows, columns) of a large linear that hold the first rows of the small one's, whole."""
    read, heads = torch.tensor(placement.read), range(placement.small.num_attention_heads)
    if module == "self_attn.W_pack":  # q's first block
        return torch.cat([torch.tensor(placement.query_rows(head)[0]) for head in heads]), read
    if module in ("mlp.gate_proj", "mlp.up_proj"):
        return torch.tensor(placement.neurons), read
    rows = torch.tensor(placement.channels[0])
    if module == "mlp.down_proj":
        return rows, torch.tensor(placement.neurons)
    return rows, torch.tensor(placement.value_columns)


def check_answers(ours: Sequence[Record], known: Sequence[Record]) -> Stage:
    """Whether every answer is the demo's, near ties aside, and by how much scores differ at most."""
    by_question = {(record.subject, record.id): record for record in known}
    pairs = [(record, by_question[record.subject, record.id]) for record in ours]
    other = [(a, b) for a, b in pairs if a.prediction != b.prediction]
    wrong = [(a, b) for a, b in other if b.lead is None or b.lead > NEAR]
    scores = [abs(x - y) for a, b in pairs if a.scores and b.scores for x, y in zip(a.scores, b.scores, strict=True)]
    right, ties = sum(record.correct for record in ours), len(other) - len(wrong)
    error = None
    if wrong:
        a, b = wrong[0]
        first = f"{a.subject} {a.id}: {a.prediction}, not {b.prediction}"
        error = f"{len(wrong)} answers are not the demo's, the first {first}"
    compared = f"{len(pairs)} answers ({right} right, {ties} near ties answered otherwise)"
    return Stage("engine", compared, max(scores, default=None), error)


def report(stages: Sequence[Stage], out: Path, title: str) -> str:
    """Write the table (Markdown) and return it. Raises UserError for the first stage that differs."""
    rows = [
        [stage.name, stage.compared, NOTHING if stage.difference is None else f"{stage.difference:.2g}"]
        for stage in stages
    ]
    for stage in stages:
        if stage.error:
            raise UserError(f"rehearsal: differs from the demo since {stage.name}: {stage.error}")
    text = f"# {title}\n\n{table(rows, ['stage', 'compared with the demo', 'largest difference'], 'pipe')}\n"
    write_text(out, text)
    return text
