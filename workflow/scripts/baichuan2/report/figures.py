"""A comparison's two figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from baichuan2.report.comparison import Comparison, Difference, shown_size
from baichuan2.report.drawing import SETTINGS, Style, plain, save, shown
from baichuan2.report.intervals import Interval, wilson
from baichuan2.report.sides import MS_PER_TOKEN, Tally
from baichuan2.text.tables import FIRST, MEDIAN, NEXT, cut
from baichuan2.text.words import listed, say, say_name

# Blue and orange of Okabe and Ito's palette, told apart by people with any colour vision; in grey print bars are by
# their hatches, and points by their shapes.
STYLES: tuple[Style, ...] = ({"color": "#0072B2"}, {"color": "#E69F00", "hatch": "//"})
MARKERS: tuple[Style, ...] = (
    {"color": "#0072B2", "marker": "o"},
    {"color": "#E69F00", "marker": "s", "markerfacecolor": "white"},
)
DIFFERENCE: Style = {"color": "#222222", "marker": "D"}
WIDTH = 0.38  # of a bar, where a group of two takes 1
APART = 0.17  # of the points of two sides from the middle of their row, where a row takes 1
ON_AXIS = 24  # characters of two names


def write_figures(out: Path, comparison: Comparison) -> None:
    """Write accuracy.svg and speed.svg to out/, where there is such a table."""
    with matplotlib.rc_context(SETTINGS):
        if comparison.accuracy is not None:
            save(accuracy_figure(comparison), out / "accuracy.svg")
        if comparison.speed is not None:
            save(speed_figure(comparison), out / "speed.svg")


def accuracy_figure(comparison: Comparison) -> Figure:
    """The classes and the average: both accuracies, and their difference beside them, with 95 % intervals."""
    assert comparison.accuracy is not None
    figure = Figure(figsize=(9, 4.8), layout="constrained")
    accuracies, difference = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    names = comparison.accuracy["class"]
    for side, style in zip(("of", "to"), MARKERS, strict=True):
        tallies = comparison.accuracy[[f"{side}_{key}" for key in Tally._fields]].values
        below = side == "to"
        places = [k + (APART if below else -APART) for k in range(len(names))]
        draw_points(accuracies, places, [Value.of(Tally(*one)) for one in tallies], "{:.3f}", style, side, below)
    accuracies.set_xlabel(f"{say('accuracy (correct / asked)')}\n{say('95 % interval: Wilson')}")
    accuracies.set_yticks(range(len(names)), [shown(say_name(name), demo=False) for name in names])
    accuracies.set_ylim(len(names) - 0.4, -0.6)
    differences = [comparison.differences.get(name) for name in names]
    points = [Value(one.value, one.interval).times(100) if one else None for one in differences]
    draw_points(difference, range(len(names)), points, "{:+.2f}", DIFFERENCE)
    difference.axvline(0, color="#555555", linewidth=1, zorder=0)
    difference.set_xlabel(f"{say('{difference} (points)', difference=_less(comparison))}{_method(differences)}")
    figure.suptitle(say("Accuracy"))
    _legend(figure, accuracies, comparison, "accuracy")
    return figure


def _less(comparison: Comparison) -> str:
    """What the difference is of; long names are the legend's alone."""
    names = f"{comparison.of.name} − {comparison.to.name}"
    return shown(names, demo=False) if len(names) <= ON_AXIS else say("first − second")


def _method(differences: Sequence[Difference | None]) -> str:
    methods = listed(dict.fromkeys(say(one.method) for one in differences if one and one.method), " and ")
    return f"\n{say('95 % interval: Newcombe, {methods}', methods=methods)}" if methods else ""


def speed_figure(comparison: Comparison) -> Figure:
    """The time of the first and of a next token, one panel each, since they differ by orders of magnitude.

    The next token's is the median where both sides know it, which delayed tokens do not move.
    """
    assert comparison.speed is not None
    figure = Figure(figsize=(9, 4.8), layout="constrained")
    panels = figure.subplots(1, 2)
    later = MEDIAN if MEDIAN in set(comparison.speed.token) else NEXT
    for axes, token in zip(panels, (FIRST, later), strict=True):
        rows = comparison.speed.query("token == @token and unit == @MS_PER_TOKEN")
        values = [
            [rate and Value(rate.given_in(MS_PER_TOKEN), rate.interval_in(MS_PER_TOKEN)) for rate in pair]
            for pair in zip(rows.of, rows.to, strict=True)
        ]
        _bars(axes, list(map(shown_size, rows.batch_size)), values, "{:.4g}")
        axes.set(ylabel=time_label(token), xlabel=say("batch size (sequences)"))
        axes.margins(y=0.12)
        axes.set_ylim(bottom=0)
    figure.suptitle(say("Time of a token, mean over cases"))
    _legend(figure, panels[0], comparison, "speed")
    return figure


def time_label(token: str) -> str:
    """An axis of the times of FIRST or NEXT."""
    return say("{token} ({unit}, lower is faster)", token=say(token), unit=MS_PER_TOKEN)


@dataclass(frozen=True)
class Value:
    """What `draw_points` and bars draw: a value, with its interval where that is known."""

    value: float
    interval: Interval | None

    def times(self, factor: float) -> Value:
        """The value in another unit; factor is above 0."""
        return Value(factor * self.value, self.interval and self.interval.times(factor))

    @classmethod
    def of(cls, tally: Tally) -> Value | None:
        """An accuracy with Wilson's interval; None where it is not known."""
        if tally.accuracy is None:
            return None
        return cls(tally.accuracy, None if tally.counts is None else wilson(*tally.counts))


def draw_points(
    axes: Axes,
    places: Sequence[float],
    values: Sequence[Value | None],
    digits: str,
    style: Style,
    label: str | None = None,
    below: bool = False,
) -> None:
    """A row a value, at the places from the top down, on an axis that fits all that is drawn on it; n/a for None.

    The value in `digits` stands above its point, or below it.
    """
    text: Style = {"textcoords": "offset points", "fontsize": 8}
    beside: Style = {"ha": "center", "va": "top" if below else "bottom"}
    for place, one in zip(places, values, strict=True):
        if one is None:
            axes.annotate("n/a", (0, place), (4, 0), xycoords=("axes fraction", "data"), va="center", **text)
        else:
            digits_shown = digits.format(one.value) if one.value else "0"
            axes.annotate(digits_shown, (one.value, place), (0, -4 if below else 4), **text, **beside)
    known = [(place, one) for place, one in zip(places, values, strict=True) if one]
    ends = [one.interval or Interval(nan, nan) for _, one in known]
    widths = [[abs(one.value - ends[k][end]) for k, (_, one) in enumerate(known)] for end in (0, 1)]
    where = [one.value for _, one in known], [place for place, _ in known]
    axes.errorbar(*where, xerr=widths, label=label, linestyle="", capsize=3, markersize=6, **style)
    axes.margins(x=0.08)
    plain(axes, "x")


def _bars(axes: Axes, groups: Sequence[str], values: Sequence[Sequence[Value | None]], digits: str) -> None:
    for side, style in enumerate(STYLES):
        of_side = [pair[side] for pair in values]
        places = [group + (side - 0.5) * WIDTH for group in range(len(groups))]
        bars = axes.bar(places, [one.value if one else 0 for one in of_side], WIDTH, label=f"side {side}", **style)
        labels = ["n/a" if one is None else digits.format(one.value) for one in of_side]
        axes.bar_label(bars, labels, padding=2, fontsize=9)
        known = [(place, one.value, one.interval) for place, one in zip(places, of_side, strict=True)
                 if one and one.interval]  # fmt: skip
        for place, value, (low, high) in known:
            axes.errorbar(place, value, [[value - low], [high - value]], color="#222222", capsize=3, linewidth=1)
    axes.set_xticks(range(len(groups)), groups)
    axes.set_xlim(-0.7, max(len(groups), 1) - 0.3)
    plain(axes)


def _legend(figure: Figure, axes: Axes, comparison: Comparison, kind: str) -> None:
    handles, _ = axes.get_legend_handles_labels()
    names = [shown(cut(side.name), bool(side.facts[kind].get("demo"))) for side in (comparison.of, comparison.to)]
    figure.legend(handles, names, loc="outside lower center", ncols=2, frameon=False)
