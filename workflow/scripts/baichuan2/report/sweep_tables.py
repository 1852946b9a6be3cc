"""A sweep as Markdown, as csv and as text for a terminal. Torch-free."""

from __future__ import annotations

import re
from pathlib import Path

import pandas

from baichuan2.files import write_text
from baichuan2.report.comparison import nine
from baichuan2.report.sweep import FOLLOWS, MOST, NOTED, Sweep, notes
from baichuan2.text.tables import csv_text, cut, ends_text, safe, short, table
from baichuan2.text.words import listed, say

NOT_ON_TERMINALS = ("correct", "p", "range")  # which are narrow
FACTS = {"model": "model", "device": "device", "dtype": "dtype", "precision": "precision", "world_size": "ranks"}

Columns = dict[str, list[str]]  # {heading: a cell a run}


def write_sweep(out: Path, sweep: Sweep) -> None:
    """Write sweep.md and runs.csv to out/."""
    write_text(out / "sweep.md", markdown(sweep))
    write_text(out / "runs.csv", runs_csv(sweep))


def markdown(sweep: Sweep) -> str:
    """sweep.md: what all runs have in common, a row a run, the notes and the figures."""
    columns, common = _parted(sweep)
    shown = {_escaped(name): [_escaped(cell) for cell in cells] for name, cells in columns.items()}
    parts = [
        f"# {_escaped(_title(sweep))}",
        _escaped(common),
        _table(shown | _figures(sweep), "pipe", len(shown)),
        "\n".join(f"- {_escaped(note)}" for note in notes(sweep)),
        f"![{say('Accuracy by run')}](accuracy.svg)",
        f"![{say('Time of a token by run')}](speed.svg)",
        f"![{say('Accuracy and speed by run')}](tradeoff.svg)",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def terminal(sweep: Sweep) -> str:
    """The same for a terminal, with fewer columns."""
    columns, common = _parted(sweep)
    figures = {name: cells for name, cells in _figures(sweep).items() if name not in NOT_ON_TERMINALS}
    parts = [_title(sweep), common, _table(columns | figures, "simple", len(columns)), "\n".join(notes(sweep))]
    return "\n\n".join(part for part in parts if part)


def runs_csv(sweep: Sweep) -> str:
    """A row a run with all digits: the sheet's columns, what the summaries state, and every figure."""
    return csv_text(sweep.table.drop(columns=NOTED))


def _title(sweep: Sweep) -> str:
    return say("Sweep of {sheet}: {n} runs", sheet=sweep.sheet, n=len(sweep.table))


def _table(columns: Columns, style: str, left: int) -> str:
    align = "l" * left + "r" * (len(columns) - left)
    return table(zip(*columns.values(), strict=True), list(columns), style, align)


# ---- settings and facts ----------------------------------------------------------------------------------


def _parted(sweep: Sweep) -> tuple[Columns, str]:
    """Names, settings and facts as columns; and a line of those that are the same for all runs."""
    settings = {key: sweep.table[key].fillna("").tolist() for key in sweep.keys}
    facts = {say(title): sweep.fact(name).tolist() for name, title in FACTS.items()}
    if set(facts[say("ranks")]) == {"1"}:
        del facts[say("ranks")]
    same = {name: cells[0] for name, cells in (settings | facts).items() if len(set(cells)) == 1}
    differ = {_heading(key, sweep): cells for key, cells in settings.items() if key not in same}
    differ |= {name: cells for name, cells in facts.items() if name not in same}
    columns = {say("run"): sweep.table["name"].tolist()} | differ
    values = listed(f"{name} {value}" for name, value in same.items())
    common = say("In all runs: {values}.", values=values) if same else ""
    return {name: [cut(cell) for cell in cells] for name, cells in columns.items()}, common


def _heading(key: str, sweep: Sweep) -> str:
    """A setting's name without its section, where that tells it from the others and from the facts."""
    name = key.rpartition(".")[2]
    others = [*FACTS, *(other.rpartition(".")[2] for other in sweep.keys if other != key)]
    return key if name in others else name


# ---- figures ---------------------------------------------------------------------------------------------


def _figures(sweep: Sweep) -> Columns:
    runs = sweep.table
    ranges = zip(runs.next_ms_least, runs.next_ms_greatest, strict=True)
    return {
        say("correct"): [f"{correct}/{total}" for correct, total in zip(runs.correct, runs.total, strict=True)],
        say("accuracy"): [str(nine(accuracy)) for accuracy in runs.accuracy],
        say("points"): [
            "" if points is None else f"{points:+.2f}" if points else "0" for points in runs.points_to_first
        ],
        "p": ["" if p is None else f"{p:.3g}" for p in runs.p],
        say("first ms"): list(map(short, runs.first_ms)),
        say("next ms"): list(map(short, runs.next_ms)),
        say("range"): [ends_text(*ends) for ends in ranges],
        say("tok/s"): list(map(short, runs.next_tokens_per_s)),
        say("x of {run}", run=_escaped(cut(sweep.first))): [
            "" if ratio is None else short(ratio) for ratio in runs.next_speed_to_first
        ],
    } | _loads(runs)


def _loads(runs: pandas.DataFrame) -> Columns:
    """The figures under load, where some run has them."""
    if runs["load"].isna().all():
        return {}
    titles = {FOLLOWS: "follows/s", **dict(zip(MOST, ("answers/s", "tok/s under load", "goodput/s"), strict=True))}
    return {
        say(title): ["" if pandas.isna(one) else short(one) for one in runs[name]] for name, title in titles.items()
    }


# ---- Markdown --------------------------------------------------------------------------------------------


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, a $ and a * too; an _ within a word is none of its marks."""
    return safe(re.sub(r"[\\`*\[\]<&$~]|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", text))
