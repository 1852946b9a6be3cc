"""A sweep's figures, as svg, coloured by precision: a row a run, in the order of the sheet; and a point a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from baichuan2.report.choice import KINDS
from baichuan2.report.drawing import SETTINGS, Style, any_script, plain, save, shown
from baichuan2.report.figures import Value, draw_points, time_label
from baichuan2.report.sides import Tally
from baichuan2.report.sweep import Sweep
from baichuan2.text.tables import FIRST, NEXT, cut
from baichuan2.text.words import say

# Okabe and Ito's palette, as in report.figures; for grey print hatched, and points by shape. The last is of any other
# precision.
STYLES: dict[str, Style] = {
    "float": {"color": "#0072B2"},
    "w8a8": {"color": "#E69F00", "hatch": "//"},
    "w8a8-dynamic": {"color": "#009E73", "hatch": "\\\\"},
    "served": {"color": "#CC79A7", "hatch": ".."},
    "other": {"color": "#666666", "hatch": "xx"},
}
MARKERS: dict[str, Style] = {
    "float": {"color": "#0072B2", "marker": "o"},
    "w8a8": {"color": "#E69F00", "marker": "s", "markerfacecolor": "white"},
    "w8a8-dynamic": {"color": "#009E73", "marker": "^"},
    "served": {"color": "#CC79A7", "marker": "D", "markerfacecolor": "white"},
    "other": {"color": "#666666", "marker": "X", "markerfacecolor": "white"},
}
WIDTH, THICKNESS = 9.0, 0.72  # of a figure in inches; of a bar, where a run takes 1
ROW, FRAME = 0.3, 1.6  # inches of height: of a run, and of all else
# A name's place beside its point: where it is seen from there, and how far, in points of 1/72 inch.
SIDES = np.array([(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)])
GAPS = np.arange(7, 160, 12)
NAMED: Style = {"fontsize": 9, "ha": "center", "va": "center", "textcoords": "offset points"}
BEHIND: Style = {"color": "white", "alpha": 0.8, "pad": 0.5}
LEADER: Style = {"arrowstyle": "-", "color": "#999999", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3}


def write_figures(out: Path, sweep: Sweep) -> None:
    """Write accuracy.svg, speed.svg and tradeoff.svg to out/."""
    with matplotlib.rc_context(SETTINGS), any_script():
        save(accuracy_figure(sweep), out / "accuracy.svg")
        save(speed_figure(sweep), out / "speed.svg")
        save(tradeoff_figure(sweep), out / "tradeoff.svg")


def accuracy_figure(sweep: Sweep) -> Figure:
    """Accuracies with their 95 % intervals."""
    figure = _figure(sweep)
    axes = figure.add_subplot()
    values = [Value.of(Tally(*counts)) for counts in sweep.table[list(Tally._fields)].values]
    for precision, places in _by_precision(sweep, "accuracy"):
        draw_points(axes, places, [values[k] for k in places], "{:.4f}", MARKERS[precision], say(precision))
    axes.set_xlabel(f"{say('accuracy (correct / asked)')}\n{say('95 % interval: Wilson')}")
    _name_runs(axes, sweep, "accuracy")
    _head(figure, [axes], say("C-Eval by run"), sweep.are_demos("accuracy"))
    return figure


def speed_figure(sweep: Sweep) -> Figure:
    """The time of the first and of a next token, one panel each, since they differ by orders of magnitude."""
    figure = _figure(sweep)
    panels = figure.subplots(1, 2, sharey=True)
    times = {FIRST: sweep.table.first_ms, NEXT: sweep.table.next_ms}
    for axes, (token, ms) in zip(panels, times.items(), strict=True):
        _bars(axes, sweep, "speed", ms, "{:.4g}")
        axes.set_xlabel(time_label(token))
        axes.margins(x=0.18)
        axes.set_xlim(left=0)
    _name_runs(panels[0], sweep, "speed")
    _head(figure, panels, say("Time of a token by run, mean over cases"), sweep.are_demos("speed"))
    return figure


def tradeoff_figure(sweep: Sweep) -> Figure:
    """Accuracy, with its 95 % interval, against the speed of a next token: a named point a run that has both."""
    figure = Figure(figsize=(WIDTH, 5.5), layout="constrained")
    axes = figure.add_subplot()
    values = [Value.of(Tally(*counts)) for counts in sweep.table[list(Tally._fields)].values]
    speeds = sweep.table.next_tokens_per_s
    points: dict[int, tuple[float, float]] = {}
    for precision, places in _by_precision(sweep, "accuracy"):
        known = [(k, one) for k in places if (one := values[k]) and speeds[k]]
        points |= {k: (speeds[k], one.value) for k, one in known}
        ends = [one.interval for _, one in known if one.interval]
        heights = [[abs(one.value - end[side]) for (_, one), end in zip(known, ends, strict=True)] for side in (0, 1)]
        where = [points[k] for k, _ in known]
        style = MARKERS[precision] | {"linestyle": "", "elinewidth": 0.6, "label": say(precision)}
        axes.errorbar([x for x, _ in where], [y for _, y in where], yerr=heights, **style)
    axes.set_xlabel(say("{token} (tokens/s, higher is faster)", token=say(NEXT)))
    axes.set_ylabel(f"{say('accuracy (correct / asked)')}\n{say('95 % interval: Wilson')}")
    axes.margins(x=0.12)
    axes.set_xlim(left=0)
    plain(axes, "both")
    demos = sweep.table[[f"{kind}.demo" for kind in KINDS]].any(axis=1)
    _head(figure, [axes], say("Accuracy and speed by run"), bool(demos.all()))
    names = _names(sweep, demos)
    _name_points(figure, axes, [names[k] for k in points], list(points.values()))
    return figure


def _name_points(figure: Figure, axes: Axes, names: Sequence[str], points: Sequence[tuple[float, float]]) -> None:
    """Write each name beside its point, nearest where it covers no point and no other name, if there is room."""
    figure.draw_without_rendering()  # the points are then where they will be
    scale = figure.dpi / 72
    places = axes.transData.transform(np.reshape(points, (-1, 2)))
    taken = np.hstack([places - 4 * scale, places + 4 * scale])
    for name, point, place in zip(names, points, places, strict=True):
        label = axes.annotate(name, point, (0, 0), arrowprops=LEADER, bbox=BEHIND, **NAMED)
        label.set_in_layout(False)
        size = np.array(Text.get_window_extent(label).size)
        ways = (SIDES * (GAPS[:, None, None] * scale + size / 2)).reshape(-1, 2)
        boxes = np.hstack([place + ways - size / 2, place + ways + size / 2])
        within = np.hstack([boxes[:, :2] >= axes.bbox.min, boxes[:, 2:] <= axes.bbox.max])
        best = int(np.argmax(np.all(within, axis=1) & _apart(boxes, taken)))  # the first, which is the nearest
        label.set_position(ways[best] / scale)
        taken = np.vstack([taken, boxes[best]])


def _apart(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """bool [n]: whether each box, (left, bottom, right, top) [n, 4], meets none of the others [m, 4]."""
    beside = (boxes[:, None, :2] >= others[:, 2:]) | (boxes[:, None, 2:] <= others[:, :2])
    return np.all(np.any(beside, axis=2), axis=1)


def _figure(sweep: Sweep) -> Figure:
    return Figure(figsize=(WIDTH, FRAME + ROW * len(sweep.table)), layout="constrained")


def _bars(axes: Axes, sweep: Sweep, kind: str, values: pandas.Series, digits: str) -> None:
    for precision, places in _by_precision(sweep, kind):
        lengths = [values[k] for k in places]
        style = STYLES[precision] | {"label": say(precision)}
        bars = axes.barh(places, [length or 0 for length in lengths], THICKNESS, **style)
        labels = ["n/a" if length is None else digits.format(length) for length in lengths]
        axes.bar_label(bars, labels, padding=2, fontsize=9)
    plain(axes, "x")


def _by_precision(sweep: Sweep, kind: str) -> list[tuple[str, list[int]]]:
    """(precision of STYLES, the places of its runs in the sheet), of those that there are."""
    styles = [name if name in STYLES else "other" for name in sweep.table[f"{kind}.precision"]]
    return [(name, [k for k, style in enumerate(styles) if style == name]) for name in STYLES if name in styles]


def _name_runs(axes: Axes, sweep: Sweep, kind: str) -> None:
    """The names beside their bars, the first on top."""
    names = _names(sweep, sweep.table[f"{kind}.demo"])
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.set_ylim(len(names) - 0.4, -0.6)


def _names(sweep: Sweep, demos: pandas.Series) -> list[str]:
    """Of the runs; the demo's are marked where not all are."""
    mark = not demos.all()
    return [shown(cut(name), mark and demo) for name, demo in zip(sweep.table["name"], demos, strict=True)]


def _head(figure: Figure, panels: Sequence[Axes], title: str, demo: bool) -> None:
    """The title with one legend for all panels under it, on top: the figure may be long."""
    handles: dict[Any, Any] = {}
    for axes in panels:
        handles |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    style: dict[str, Any] = {"loc": "outside upper center", "ncols": len(handles), "frameon": False}
    figure.legend(list(handles.values()), list(handles), title=shown(title, demo), title_fontsize=13, **style)
