"""What int8 costs in each group of linears, and what leaving some in float gains, as csv and as text. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas
import yaml

from baichuan2.files import write_text
from baichuan2.integrity import RECORD_BYTES, read_sealed
from baichuan2.quantization.frontier import ORDERS, Frontier, Point, ordered
from baichuan2.text.tables import DEMO, csv_text, fenced, table
from baichuan2.text.words import say

TOP = 10  # groups of the ranking that the summary shows
RECIPE_COLUMNS = ("recipe", "linears", "int8_share", "kl")


@dataclass(frozen=True)
class Rollback:
    """What results/rollback shows.

    chosen: what rollback: auto chooses, as choose_rollback.py wrote it. measured: the recipes, as measure_recipes.py.
    """

    name: str
    demo: bool
    frontier: Frontier
    chosen: Mapping[str, Any]
    measured: Mapping[str, Any]

    @classmethod
    def read(cls, sensitivity: Path, chosen: Path, recipes: Path, name: str, demo: bool) -> Rollback:
        """Raises UserError where a record is damaged."""
        return cls(name, demo, Frontier.read(sensitivity), read_sealed(chosen), read_sealed(recipes, RECORD_BYTES))

    @cached_property
    def point(self) -> Point:
        """Where auto's choice stands on the frontier."""
        return self.frontier.choose(self.chosen["spare"], self.chosen["metric"], self.chosen["budget"])

    @cached_property
    def ranking(self) -> pandas.DataFrame:
        """All groups in the order in which auto puts them back to float: the first are its list.

        A row has a Sensitivity and its place in each order, from 1.
        """
        ranking = pandas.DataFrame(ordered(self.frontier.ranking, self.point.order))
        for order in ORDERS:
            places = {one.modules: k for k, one in enumerate(ordered(self.frontier.ranking, order), 1)}
            ranking[f"place_{order}"] = ranking.modules.map(places)
        return ranking


def write_tables(out: Path, rollback: Rollback) -> None:
    """Write ranking.csv, frontier.csv, recipes.csv and summary.md to out/."""
    write_text(out / "ranking.csv", ranking_csv(rollback))
    write_text(out / "frontier.csv", frontier_csv(rollback.frontier))
    write_text(out / "recipes.csv", recipes_csv(rollback.measured["recipes"]))
    write_text(out / "summary.md", markdown(rollback))


def ranking_csv(rollback: Rollback) -> str:
    """A row a group, in `Rollback.ranking`'s order; modules are parted by blanks, places count from 1."""
    return csv_text(rollback.ranking.assign(modules=rollback.ranking.modules.map(" ".join)))


def frontier_csv(frontier: Frontier) -> str:
    """A row a point; accuracy, in percent, is empty where it was not measured."""
    return csv_text(pandas.DataFrame(frontier.points))


def recipes_csv(recipes: Sequence[Mapping[str, Any]]) -> str:
    """A row a recipe."""
    return csv_text(pandas.DataFrame(recipes, columns=RECIPE_COLUMNS))


def markdown(rollback: Rollback) -> str:
    """summary.md: the recipes, auto's choice with its list to paste, the figure, and the most sensitive groups."""
    return "\n\n".join(_parts(rollback, "pipe")) + "\n"


def terminal(rollback: Rollback) -> str:
    """The same for a terminal, without the figure and the list."""
    return "\n\n".join(_parts(rollback, "simple"))


def _parts(rollback: Rollback, style: str) -> list[str]:
    written = style == "pipe"
    head, section = ("# ", "## ") if written else ("", "")
    measured, top = rollback.measured, rollback.ranking[:TOP]
    demo = say(DEMO["rollback"])
    parts = [
        f"{head}{say('What stays in float: {name}', name=rollback.name)}",
        *([f"**{demo}**" if written else demo] if rollback.demo else []),
        say(
            "KL is of the next token's distribution in W8A8 (scheme {scheme}) against float, in nats: the mean over "
            "{tokens} tokens of {prompts} calibration prompts. The int8 share is of the weights of all linears.",
            **{key: measured[key] for key in ("scheme", "tokens", "prompts")},
        ),
        f"{section}{say('Ways of choosing')}",
        _recipe_table(measured["recipes"], style),
        f"{section}{say('What auto chooses')}",
        _choice_line(rollback),
    ]
    if written:
        parts += [_to_paste(rollback.chosen["rollback"]), f"![{say('KL against the share in int8')}](frontier.svg)"]
    return [
        *parts,
        f"{section}{say('The {n} most sensitive groups', n=len(top))}",
        say(
            "Each alone in int8, in the order in which auto puts them back to float; error is of the group's "
            "outputs, squared and relative."
        ),
        _ranking_table(rollback, top, style),
    ]


def _recipe_table(recipes: Sequence[Mapping[str, Any]], style: str) -> str:
    columns = [*map(say, ("in float", "linears", "int8 share")), "KL"]
    rows = [[row["recipe"], str(row["linears"]), _percent(row["int8_share"]), _short(row["kl"])] for row in recipes]
    return table(rows, columns, style)


def _choice_line(rollback: Rollback) -> str:
    chosen, point, float_accuracy = rollback.chosen, rollback.point, rollback.frontier.float_accuracy
    outcome = say(
        "{n} linears in float, {share} int8, KL {kl}",
        n=point.linears,
        share=_percent(point.int8_share),
        kl=_short(point.kl),
    )
    if float_accuracy is not None:
        right = (point.accuracy, float_accuracy)
        outcome += say(", {0:.1f} % of the dev split right ({1:.1f} % in float)", *right)
    return say(
        "At most {budget:g} {unit} may be lost, with as few {spare} as possible in float: {outcome}.",
        budget=chosen["budget"],
        unit=say({"kl": "nats of KL", "accuracy": "points of accuracy"}[chosen["metric"]]),
        spare=say(chosen["spare"]),
        outcome=outcome,
    )


def _to_paste(linears: Sequence[str]) -> str:
    text = yaml.safe_dump({"quantize": {"rollback": list(linears)}}, default_flow_style=False)
    return f"{say('The same list, for config.yaml:')}\n\n{fenced(text[:-1], 'yaml')}"


def _ranking_table(rollback: Rollback, groups: pandas.DataFrame, style: str) -> str:
    places = (say("place by {order}", order=say(order)) for order in ORDERS)
    columns = [*map(say, ("group", "weights", "error")), "KL", *places, "auto"]
    auto = ["float" if modules[0] in rollback.chosen["rollback"] else "int8" for modules in groups.modules]
    shown = groups.assign(
        modules=groups.modules.map(_group),
        output_error=groups.output_error.map(_short),
        kl=groups.kl.map(_short),
        auto=auto,
    )
    return table(shown.values, columns, style)


def _group(modules: Sequence[str]) -> str:
    """The first in full, then last parts, since full names would repeat the layer's."""
    first, *others = modules
    return ", ".join([first, *(name.rpartition(".")[2] for name in others)])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _short(value: float) -> str:
    return f"{value:.3g}"
