"""The figure of results/rollback: what is lost against the share of the linears' weights that is in int8."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from baichuan2.quantization.frontier import ORDERS, Point
from baichuan2.report.drawing import SETTINGS, plain, save, shown
from baichuan2.report.rollback import Rollback
from baichuan2.text.words import say

# Line and mark differ too, for grey print; the colours are those of report.figures.
LINES: dict[str, dict[str, Any]] = {
    "bytes": {"color": "#0072B2", "marker": "o", "linestyle": "-", "markersize": 4},
    "layers": {"color": "#E69F00", "marker": "s", "linestyle": "--", "markersize": 4},
}
BUDGET, FLOAT, CHOSEN, RECIPE = "#D55E00", "#009E73", "#D55E00", "#222222"


def write_figure(path: Path, rollback: Rollback) -> None:
    """Publish the figure as svg."""
    with matplotlib.rc_context(SETTINGS):
        save(frontier_figure(rollback), path)


def frontier_figure(rollback: Rollback) -> Figure:
    """A panel of KL, and one of accuracy where it was measured: both orders, auto's choice and its budget.

    KL's shows the recipes too; its axis is logarithmic, so it lacks what is all in float (KL 0).
    """
    frontier, metric, budget = rollback.frontier, rollback.chosen["metric"], rollback.chosen["budget"]
    measured = frontier.float_accuracy is not None
    figure = Figure(figsize=(9, 8.4 if measured else 4.8), layout="constrained")
    panels = figure.subplots(2 if measured else 1, 1, sharex=True, squeeze=False)[:, 0]
    _draw(panels[0], rollback, lambda point: point.kl)
    panels[0].set_yscale("log", nonpositive="mask")
    panels[0].set_ylabel(say("KL (nats)"))
    _mark_recipes(panels[0], rollback.measured["recipes"])
    if measured:
        _draw(panels[1], rollback, lambda point: point.accuracy)
        panels[1].set_ylabel(say("accuracy on the dev split (%)"))
        panels[1].axhline(frontier.float_accuracy, color=FLOAT, linestyle="-.", label=say("float"))
    if metric == "kl":
        panels[0].axhline(budget, color=BUDGET, linestyle=":", label=say("budget"))
    else:
        panels[1].axhline(frontier.float_accuracy - budget, color=BUDGET, linestyle=":", label=say("budget"))
    panels[-1].set_xlabel(say("share of the linears' weights in int8 (%)"))
    figure.suptitle(say("What int8 costs: {name}", name=shown(rollback.name, rollback.demo)))
    _legend(figure, panels)
    return figure


def _draw(axes: Axes, rollback: Rollback, value: Callable[[Point], Any]) -> None:
    for order in ORDERS:
        points = [point for point in rollback.frontier.points if point.order == order]
        points.sort(key=lambda point: point.int8_share)
        shares = [100 * point.int8_share for point in points]
        label = say("spare: {order}", order=say(order))
        axes.plot(shares, [value(point) for point in points], label=label, **LINES[order])
    place = 100 * rollback.point.int8_share, value(rollback.point)
    ring: dict[str, Any] = {"markersize": 13, "markerfacecolor": "none", "markeredgewidth": 2}
    axes.plot(*place, "o", color=CHOSEN, label=say("auto's choice"), **ring)
    axes.margins(x=0.08, y=0.12)
    plain(axes)


def _mark_recipes(axes: Axes, recipes: Iterable[Mapping[str, Any]]) -> None:
    """Draw a cross at each place, and above it the names of all recipes there."""
    names = defaultdict(list)
    for row in recipes:
        if row["kl"] > 0:
            names[100 * row["int8_share"], row["kl"]].append(row["recipe"])
    shares, kls = zip(*names, strict=True)
    axes.plot(shares, kls, "x", color=RECIPE, markersize=8, label=say("recipe"))
    style: dict[str, Any] = {
        "ha": "right",
        "va": "bottom",
        "fontsize": 9,
        "bbox": {"color": "white", "alpha": 0.8, "pad": 0.5},
    }
    for place, there in names.items():
        axes.annotate("\n".join(there), place, (-9, 3), textcoords="offset points", **style)


def _legend(figure: Figure, panels: Iterable[Axes]) -> None:
    """Draw one for all panels."""
    handles: dict[str, Any] = {}
    for axes in panels:
        handles |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=len(handles), frameon=False)
