"""A comparison's two figures, as svg: text stays text, so that the viewer's own fonts show any script."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import pandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from baichuan2.files import publish_file
from baichuan2.report.comparison import FIRST, NEXT, Comparison
from baichuan2.report.sides import MS_PER_TOKEN

# Blue and orange of Okabe and Ito's palette, told apart by people with any colour vision; hatched in grey print.
STYLES: tuple[dict[str, Any], ...] = ({"color": "#0072B2"}, {"color": "#E69F00", "hatch": "//"})
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "baichuan2",
    "font.size": 11,
    "hatch.color": "#FFFFFF",
}
WIDTH = 0.38  # of a bar, where a group of two takes 1


def write_figures(out: Path, comparison: Comparison) -> None:
    """Write accuracy.svg and speed.svg to out/, where there is such a table."""
    with matplotlib.rc_context(SETTINGS):
        if comparison.accuracy is not None:
            save(accuracy_figure(comparison), out / "accuracy.svg")
        if comparison.speed is not None:
            save(speed_figure(comparison), out / "speed.svg")


def accuracy_figure(comparison: Comparison) -> Figure:
    """Bars of the four classes and the average, 0 to 1."""
    figure = Figure(figsize=(9, 4.8), layout="constrained")
    axes = figure.add_subplot()
    assert comparison.accuracy is not None
    values = comparison.accuracy[["of_accuracy", "to_accuracy"]].values
    _bars(axes, comparison.accuracy["class"], values, "{:.3f}")
    axes.set(ylabel="accuracy (correct / asked)", xlabel="class of subjects", ylim=(0, 1.08))
    figure.suptitle("Accuracy")
    _legend(figure, axes, comparison, "accuracy")
    return figure


def speed_figure(comparison: Comparison) -> Figure:
    """The time of the first and of a next token, one panel each, since they differ by orders of magnitude."""
    assert comparison.speed is not None
    figure = Figure(figsize=(9, 4.8), layout="constrained")
    panels = figure.subplots(1, 2)
    for axes, token in zip(panels, (FIRST, NEXT), strict=True):
        rows = comparison.speed.query("token == @token and unit == @MS_PER_TOKEN")
        values = [
            [rate and rate.given_in(MS_PER_TOKEN) for rate in pair] for pair in zip(rows.of, rows.to, strict=True)
        ]
        _bars(axes, rows.batch_size, values, "{:.4g}")
        axes.set(ylabel=f"{token} ({MS_PER_TOKEN}, lower is faster)", xlabel="batch size (sequences)")
        axes.margins(y=0.12)
        axes.set_ylim(bottom=0)
    figure.suptitle("Time of a token, mean over cases")
    _legend(figure, panels[0], comparison, "speed")
    return figure


def _bars(axes: Axes, groups: pandas.Series, values: Iterable[Sequence[float | None]], digits: str) -> None:
    for side, style in enumerate(STYLES):
        heights = [pair[side] for pair in values]
        places = [group + (side - 0.5) * WIDTH for group in range(len(groups))]
        bars = axes.bar(places, [height or 0 for height in heights], WIDTH, label=f"side {side}", **style)
        labels = ["n/a" if height is None else digits.format(height) for height in heights]
        axes.bar_label(bars, labels, padding=2, fontsize=9)
    axes.set_xticks(range(len(groups)), groups)
    axes.set_xlim(-0.7, max(len(groups), 1) - 0.3)
    plain(axes)


def _legend(figure: Figure, axes: Axes, comparison: Comparison, kind: str) -> None:
    handles, _ = axes.get_legend_handles_labels()
    names = [shown(side.name, bool(side.facts[kind].get("demo"))) for side in (comparison.of, comparison.to)]
    figure.legend(handles, names, loc="outside lower center", ncols=2, frameon=False)


def plain(axes: Axes) -> None:
    """Two spines, and a grid behind what is drawn."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.yaxis.grid(True, color="#DDDDDD")
    axes.set_axisbelow(True)


def shown(name: str, demo: bool) -> str:
    """A name in which matplotlib takes no "$" for the start of a formula."""
    return name.replace("$", r"\$") + (" (demo)" if demo else "")


def save(figure: Figure, path: Path) -> None:
    """Publish a figure as svg; the same figure gives the same bytes."""
    with publish_file(path) as partial, warnings.catch_warnings():
        # A name in Chinese: the font here only estimates its width, the viewer's fonts show it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(partial, format="svg", metadata={"Date": None})
