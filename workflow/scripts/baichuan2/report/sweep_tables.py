"""A sweep as Markdown, as csv and as text for a terminal. Torch-free."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas

from baichuan2.files import write_text
from baichuan2.report.choice import KINDS
from baichuan2.report.comparison import nine
from baichuan2.report.sides import MS_PER_TOKEN, TOKENS_PER_S, Rate
from baichuan2.report.sweep import Against, Sweep, SweptRun, notes
from baichuan2.tables import NOTHING, csv_text, safe, short, table

WIDEST = 40  # characters of a name or a setting in a table
NOT_ON_TERMINALS = ("correct", "p", "range")  # which are narrow
FACTS = {"model": "model", "device": "device", "dtype": "dtype", "precision": "precision", "world_size": "ranks"}
# Of either kind, in runs.csv.
STATED = {
    "accuracy": ("model", "precision", "dtype", "device", "host", "world_size", "protocol", "shots", "split", "demo"),
    "speed": ("model", "precision", "dtype", "device", "host", "world_size", "mode", "demo"),
}

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
        "![Accuracy by run](accuracy.svg)",
        "![Time of a token by run](speed.svg)",
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
    rows = [_csv_row(sweep, run, held) for run, held in zip(sweep.runs, sweep.against, strict=True)]
    return csv_text(pandas.DataFrame(rows, dtype=object))


def text_of(value: Any) -> str:
    """A setting as people write it in the sheet."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def cut(text: str) -> str:
    """Without its middle where it is long: names of runs mostly differ at their end."""
    half = (WIDEST - 1) // 2
    return text if len(text) <= WIDEST else f"{text[:half]}…{text[-half:]}"


def _title(sweep: Sweep) -> str:
    return f"Sweep of {sweep.sheet}: {len(sweep.runs)} runs"


def _table(columns: Columns, style: str, left: int) -> str:
    align = "l" * left + "r" * (len(columns) - left)
    return table(zip(*columns.values(), strict=True), list(columns), style, align)


# ---- settings and facts ----------------------------------------------------------------------------------


def _parted(sweep: Sweep) -> tuple[Columns, str]:
    """Names, settings and facts as columns; and a line of those that are the same for all runs."""
    settings = {key: [text_of(run.row.settings.get(key, "")) for run in sweep.runs] for key in sweep.keys}
    facts = {title: [run.fact(name) for run in sweep.runs] for name, title in FACTS.items()}
    if set(facts["ranks"]) == {"1"}:
        del facts["ranks"]
    same = {name: cells[0] for name, cells in (settings | facts).items() if len(set(cells)) == 1}
    differ = {_heading(key, sweep): cells for key, cells in settings.items() if key not in same}
    differ |= {name: cells for name, cells in facts.items() if name not in same}
    columns = {"run": [run.name for run in sweep.runs]} | differ
    common = f"In all runs: {', '.join(f'{name} {value}' for name, value in same.items())}." if same else ""
    return {name: [cut(cell) for cell in cells] for name, cells in columns.items()}, common


def _heading(key: str, sweep: Sweep) -> str:
    """A setting's name without its section, where that tells it from the others and from the facts."""
    name = key.rpartition(".")[2]
    others = [*FACTS, *(other.rpartition(".")[2] for other in sweep.keys if other != key)]
    return key if name in others else name


# ---- figures ---------------------------------------------------------------------------------------------


def _figures(sweep: Sweep) -> Columns:
    def column(cell: Callable[[SweptRun, Against], str]) -> list[str]:
        return [cell(run, held) for run, held in zip(sweep.runs, sweep.against, strict=True)]

    return {
        "correct": column(lambda run, _: f"{run.accuracy.correct}/{run.accuracy.total}"),
        "accuracy": column(lambda run, _: str(nine(run.accuracy.accuracy))),
        "points": column(lambda _, held: "" if held.points is None else _signed(held.points)),
        "p": column(lambda _, held: f"{held.paired.p:.3g}" if held.paired else ""),
        "first ms": column(lambda run, _: _shown(run.times.first, MS_PER_TOKEN)),
        "next ms": column(lambda run, _: _shown(run.times.next, MS_PER_TOKEN)),
        "range": column(lambda run, _: " to ".join(map(short, run.next_range)) if run.next_range else NOTHING),
        "tok/s": column(lambda run, _: _shown(run.times.next, TOKENS_PER_S)),
        f"x of {_escaped(cut(sweep.first.name))}": column(
            lambda _, held: "" if held.ratio is None else short(held.ratio)
        ),
    }


def _signed(points: float) -> str:
    return f"{points:+.2f}" if points else "0"


def _shown(rate: Rate | None, unit: str) -> str:
    return short(rate and rate.given_in(unit))


def _csv_row(sweep: Sweep, run: SweptRun, held: Against) -> dict[str, Any]:
    settings = run.row.settings
    times, least_greatest = run.times, run.next_range or (None, None)
    return {
        "name": run.name,
        "precision": run.row.precision,
        **{key: text_of(settings[key]) if key in settings else None for key in sweep.keys},
        **{f"{kind}.{name}": run.side.facts[kind].get(name) for kind in KINDS for name in STATED[kind]},
        "correct": run.accuracy.correct,
        "total": run.accuracy.total,
        "accuracy": run.accuracy.accuracy,
        "points_to_first": held.points,
        "p": held.paired and held.paired.p,
        "batch_size": run.batch,
        "first_cases": times.cases[0],
        "next_cases": times.cases[1],
        "first_ms": times.first and times.first.given_in(MS_PER_TOKEN),
        "next_ms": times.next and times.next.given_in(MS_PER_TOKEN),
        "next_ms_least": least_greatest[0],
        "next_ms_greatest": least_greatest[1],
        "first_tokens_per_s": times.first and times.first.given_in(TOKENS_PER_S),
        "next_tokens_per_s": times.next and times.next.given_in(TOKENS_PER_S),
        "next_speed_to_first": held.ratio,
    }


# ---- Markdown --------------------------------------------------------------------------------------------


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, a $ and a * too; an _ within a word is none of its marks."""
    return safe(re.sub(r"[\\`*\[\]<&$~]|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", text))
