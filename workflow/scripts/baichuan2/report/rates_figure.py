"""The figure of a server under load, as svg: what it answers of what it is offered, and the times of its tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from baichuan2.report.drawing import SETTINGS, Style, plain, save, shown
from baichuan2.speed.rate_tables import rate_text
from baichuan2.speed.rates import INF
from baichuan2.text.words import say

# As in report.figures; for grey print by their shapes.
OFFERED: Style = {"color": "#555555", "linestyle": ":", "marker": "_"}
ANSWERS: Style = {"color": "#0072B2", "marker": "o"}
GOOD: Style = {"color": "#E69F00", "marker": "s", "markerfacecolor": "white"}
PERCENTILES: dict[str, Style] = {
    "p50": {"color": "#0072B2", "marker": "o"},
    "p90": {"color": "#009E73", "marker": "^"},
    "p99": {"color": "#E69F00", "marker": "s", "markerfacecolor": "white"},
}


def write_figure(path: Path, loaded: Mapping[str, Any], demo: bool) -> None:
    """Publish the figure of what `rates.under_load` gives."""
    with matplotlib.rc_context(SETTINGS):
        save(rates_figure(loaded, demo), path)


def rates_figure(loaded: Mapping[str, Any], demo: bool) -> Figure:
    """Three panels over the rates asked for, side by side: answers and goodput a second, TTFT, and TPOT."""
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    rates, panels = loaded["rates"], figure.subplots(1, 3)
    offered = [None if one["rate"] == INF else one["rate"] for one in rates]
    _line(panels[0], offered, say("offered"), OFFERED)
    _line(panels[0], [one["requests_per_s"] for one in rates], say("answers/s"), ANSWERS)
    _line(panels[0], [one["goodput_per_s"] for one in rates], say("goodput/s"), GOOD)
    panels[0].set_ylabel(say("requests/s"))
    for axes, (key, name) in zip(panels[1:], (("ttft_s", "TTFT ms"), ("tpot_s", "TPOT ms")), strict=True):
        for share, style in PERCENTILES.items():
            _line(axes, [one[key] and 1000 * one[key][share] for one in rates], share, style)
        axes.set_ylabel(say(name))
    for axes in panels:
        axes.set_xticks(range(len(rates)), [rate_text(one["rate"]) for one in rates])
        axes.set_xlabel(say("requests/s asked for"))
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, fontsize=9)
        plain(axes)
    figure.suptitle(shown(say("Under load"), demo))
    return figure


def _line(axes: Axes, values: Sequence[float | None], label: str, style: Style) -> None:
    axes.plot(
        range(len(values)), [float("nan") if value is None else value for value in values], label=label, **style
    )
