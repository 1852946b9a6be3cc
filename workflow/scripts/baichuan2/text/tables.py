"""How tables are written: cells of text as Markdown or for a terminal, csv, and what is said of the demo's.

Takes pandas' frames without importing it, since a step that only prints need not pay for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tabulate import tabulate

from baichuan2.text.words import say

if TYPE_CHECKING:
    import pandas

FIRST, NEXT, MEDIAN = "first token", "next token", "next token, median"
NOTHING = "n/a"
WIDEST = 40  # characters of a name or a setting in a sweep's table, or in a figure
DEMO = {
    "accuracy": "The model or the exam is the demo's own: these are the demo's results, not C-Eval's.",
    "speed": "These are the demo model's times, not Baichuan2's.",
    "rollback": "The model or the exam is the demo's own: these are the demo's figures, not Baichuan2's.",
    "answers": "The demo model's answers: it was trained on an invented world.",
}


def demo_of(kind: str, names: str) -> str:
    """DEMO's sentence of some runs among others."""
    sentence = say(DEMO[kind])
    return say("{names}: {sentence}", names=names, sentence=sentence[0].lower() + sentence[1:])


def table(
    rows: Iterable[Sequence[Any]], columns: Sequence[str], style: str, align: str = "", widths: Any = None
) -> str:
    """Cells as they are, in a style of tabulate's; widths: of the columns, beyond which text is wrapped.

    align: a letter a column, l or r; where it is not given the first stands left and the others right.
    """
    sides = [{"l": "left", "r": "right"}[letter] for letter in align or "l" + "r" * (len(columns) - 1)]
    # Left to itself tabulate reads numbers and rounds them again.
    return tabulate(rows, columns, style, colalign=sides, maxcolwidths=widths, disable_numparse=True)


def run_table(run: Mapping[str, Any]) -> str:
    """What a run was, as Markdown: a row a setting."""
    return table(flat(run).items(), ["", say("value")], "github", "ll")


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested dictionaries as {dotted key: value}, in their order."""
    pairs: dict[str, Any] = {}
    for key, value in values.items():
        pairs |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return pairs


def csv_text(frame: pandas.DataFrame, **options: Any) -> str:
    """The frame as csv without its index, a cell empty where there is nothing; options: of pandas' to_csv."""
    return frame.to_csv(index=False, lineterminator="\n", **options)


def fenced(text: str, language: str = "text") -> str:
    """Markdown that shows `text` as it is, whatever fences it has itself."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"


def safe(text: str) -> str:
    """Without what would end a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def cut(text: str) -> str:
    """Without its middle where it is long: names of runs and folders mostly differ at their end."""
    half = (WIDEST - 1) // 2
    return text if len(text) <= WIDEST else f"{text[:half]}…{text[-half:]}"


def ends_text(low: float | None, high: float | None) -> str:
    """An interval, "low to high"; n/a where an end is not known."""
    ends = [short(low), short(high)]
    return NOTHING if NOTHING in ends else say(" to ").join(ends)


def short(value: float | None) -> str:
    """Four significant digits, but at most three decimals, without an exponent; n/a for None and NaN."""
    if value is None or value != value:
        return NOTHING
    digits = 3 if abs(value) < 10 else 2 if abs(value) < 100 else 1 if abs(value) < 1000 else 0
    return f"{value:.{digits}f}"
