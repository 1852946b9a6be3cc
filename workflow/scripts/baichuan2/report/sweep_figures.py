"""A sweep's two figures, as svg: a row a run, in the order of the sheet, coloured by precision."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import pandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from baichuan2.report.figures import SETTINGS, Style, Value, draw_points, plain, save, shown, time_label
from baichuan2.report.sides import Tally
from baichuan2.report.sweep import Sweep
from baichuan2.report.sweep_tables import cut
from baichuan2.text.tables import FIRST, NEXT
from baichuan2.text.words import say

# Okabe and Ito's palette, as in report.figures; for grey print hatched, and points by shape. The last is of any other
# precision.
STYLES: dict[str, Style] = {
    "float": {"color": "#0072B2"},
    "w8a8": {"color": "#E69F00", "hatch": "//"},
    "w8a8-dynamic": {"color": "#009E73", "hatch": "\\\\"},
    "other": {"color": "#CC79A7", "hatch": ".."},
}
MARKERS: dict[str, Style] = {
    "float": {"color": "#0072B2", "marker": "o"},
    "w8a8": {"color": "#E69F00", "marker": "s", "markerfacecolor": "white"},
    "w8a8-dynamic": {"color": "#009E73", "marker": "^"},
    "other": {"color": "#CC79A7", "marker": "X", "markerfacecolor": "white"},
}
WIDTH, THICKNESS = 9.0, 0.72  # of a figure in inches; of a bar, where a run takes 1
ROW, FRAME = 0.3, 1.6  # inches of height: of a run, and of all else


def write_figures(out: Path, sweep: Sweep) -> None:
    """Write accuracy.svg and speed.svg to out/."""
    with matplotlib.rc_context(SETTINGS):
        save(accuracy_figure(sweep), out / "accuracy.svg")
        save(speed_figure(sweep), out / "speed.svg")


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
    """The names beside their bars, the first on top; the demo's are marked where not all are."""
    mark = not sweep.are_demos(kind)
    runs = zip(sweep.table["name"], sweep.table[f"{kind}.demo"], strict=True)
    names = [shown(cut(name), mark and demo) for name, demo in runs]
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.set_ylim(len(names) - 0.4, -0.6)


def _head(figure: Figure, panels: Sequence[Axes], title: str, demo: bool) -> None:
    """The title with one legend for all panels under it, on top: the figure may be long."""
    handles: dict[Any, Any] = {}
    for axes in panels:
        handles |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    style: dict[str, Any] = {"loc": "outside upper center", "ncols": len(handles), "frameon": False}
    figure.legend(list(handles.values()), list(handles), title=shown(title, demo), title_fontsize=13, **style)
