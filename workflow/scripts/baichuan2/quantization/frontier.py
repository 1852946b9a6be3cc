"""rollback: auto. Linears are ranked by what each does to the answers; the shortest list that keeps a budget wins.

Groups (sizes.GROUPS) go back to float one after the other, in two orders: by KL a linear, for the fewest linears in
float, and by KL a weight, for the least float bytes. What is left of the damage is measured at points along both,
since the damages of single groups do not add up (ranking.py). Torch-free.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path

from baichuan2.errors import UserError
from baichuan2.integrity import RECORD_BYTES, read_sealed, write_sealed
from baichuan2.model.sizes import ModelConfig, linear_names, tensor_shapes

FORMAT: dict[str, str | int] = {"format": "baichuan2-sensitivity", "version": 1}
ORDERS = ("bytes", "layers")


@dataclass(frozen=True)
class Sensitivity:
    """One group of linears, the only one in int8.

    weights: how many it has. output_error: of its outputs, squared and relative. kl: of the next token, in nats.
    """

    modules: tuple[str, ...]
    weights: int
    output_error: float
    kl: float


@dataclass(frozen=True)
class Point:
    """A roll-back list of the frontier: the first `groups` of `order` in float, and what is left of the damage.

    int8_share: of the linears' weights. accuracy: of the dev split's questions, in percent; None if not measured.
    """

    order: str
    groups: int
    linears: int
    int8_share: float
    kl: float
    accuracy: float | None = None


@dataclass(frozen=True)
class Frontier:
    """Everything that rollback: auto chooses from. float_accuracy: the float model's, in percent, where measured."""

    ranking: tuple[Sensitivity, ...]
    points: tuple[Point, ...]
    float_accuracy: float | None = None

    @classmethod
    def read(cls, path: Path) -> Frontier:
        """Raises UserError where the file is damaged or another version's."""
        value = read_sealed(path, RECORD_BYTES, FORMAT)
        ranking = tuple(Sensitivity(**{**entry, "modules": tuple(entry["modules"])}) for entry in value["ranking"])
        return cls(ranking, tuple(Point(**point) for point in value["points"]), value["float_accuracy"])

    def write(self, path: Path) -> None:
        write_sealed(path, {**FORMAT, **asdict(self)})

    def linears(self, point: Point) -> list[str]:
        """The full names of the linears that a point leaves in float."""
        return linears_of(ordered(self.ranking, point.order)[: point.groups])

    def choose(self, spare: str, metric: str, budget: float) -> Point:
        """The point of order `spare` with the fewest groups in float that keeps the budget.

        metric: "kl", at most `budget` nats; "accuracy", at most `budget` points of percent below float's.
        Raises UserError where none does, and where accuracy was not measured.
        """
        if metric == "accuracy" and self.float_accuracy is None:
            raise UserError("quantize.auto.metric: accuracy is not in this sensitivity; measure it with --exam")
        points = sorted((point for point in self.points if point.order == spare), key=lambda point: point.groups)
        for point in points:
            if self.loss(point, metric) <= budget:
                return point
        least = min(self.loss(point, metric) for point in points)
        raise UserError(f"quantize.auto.budget: {budget:g} is out of reach, the least {metric} loss is {least:.3g}")

    def loss(self, point: Point, metric: str) -> float:
        """What `metric` says is lost at a point: nats, or points of percent."""
        if metric == "kl":
            return point.kl
        assert self.float_accuracy is not None
        assert point.accuracy is not None
        return self.float_accuracy - point.accuracy


def ordered(ranking: Sequence[Sensitivity], order: str) -> list[Sensitivity]:
    """The groups, first to go back to float first: by KL a linear, or with order "bytes" by KL a weight."""
    return sorted(ranking, key=lambda one: -one.kl / (one.weights if order == "bytes" else len(one.modules)))


def linears_of(groups: Sequence[Sensitivity]) -> list[str]:
    """The full names of all linears of some groups."""
    return [module for one in groups for module in one.modules]


def weights_of(config: ModelConfig) -> dict[str, int]:
    """{full module name: how many weights it has} of all linears."""
    shapes = tensor_shapes(config)
    return {name: prod(shapes[f"{name}.weight"]) for name in linear_names(config)}


def int8_share(int8: Collection[str], sizes: Mapping[str, int]) -> float:
    """The share of all linears' weights that the linears of these names have; sizes: as weights_of gives them."""
    return round(sum(sizes[name] for name in int8) / sum(sizes.values()), 6)
