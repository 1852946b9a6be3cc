"""What all figures share, as svg: text stays text, so that the viewer's own fonts show any script."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from baichuan2.files import publish_file
from baichuan2.text.words import say

Style = dict[str, Any]  # of what matplotlib draws

# The svg names its fonts, with those for Chinese; matplotlib measures the text in the first, its own.
FONTS = ["DejaVu Sans", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "baichuan2",
    "font.sans-serif": FONTS,
    "font.size": 11,
    "hatch.color": "#FFFFFF",
}


def plain(axes: Axes, axis: Literal["x", "y", "both"] = "y") -> None:
    """Two spines, and behind what is drawn a grid along `axis`, where the numbers are."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, axis=axis, color="#DDDDDD")
    axes.set_axisbelow(True)


def shown(name: str, demo: bool) -> str:
    """A name in which matplotlib takes no "$" for the start of a formula."""
    return name.replace("$", r"\$") + (say(" (demo)") if demo else "")


def save(figure: Figure, path: Path) -> None:
    """Publish a figure as svg; the same figure gives the same bytes."""
    with publish_file(path) as partial, any_script():
        figure.savefig(partial, format="svg", metadata={"Date": None})


@contextmanager
def any_script() -> Iterator[None]:
    """Within it no warning of names in Chinese: the font here only estimates their width, the viewer's show them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield
