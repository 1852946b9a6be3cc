"""A comparison as Markdown, as csv and as text for a terminal. Torch-free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas

from baichuan2.files import write_text
from baichuan2.report.choice import KINDS
from baichuan2.report.comparison import NOT_STATED, Comparison, both, distinguishable, nine, shown_size
from baichuan2.report.intervals import Interval
from baichuan2.report.sides import FACTS, Rate, Side
from baichuan2.text.tables import NOTHING, csv_text, ends_text, safe, table
from baichuan2.text.words import say, say_name

RATIO = "ratio"


def write_comparison(out: Path, comparison: Comparison) -> None:
    """Write compare.md to out/, and accuracy.csv and speed.csv where there is such a table."""
    write_text(out / "compare.md", markdown(comparison))
    if comparison.accuracy is not None:
        write_text(out / "accuracy.csv", accuracy_csv(comparison.accuracy))
    if comparison.speed is not None:
        write_text(out / "speed.csv", speed_csv(comparison.speed))


def markdown(comparison: Comparison) -> str:
    """compare.md: either table with its notes and figure, then what each side is."""
    parts = [
        f"# {_title(comparison)}",
        f"## {say('Accuracy')}",
        *_accuracy(comparison, "pipe"),
        _bullets(comparison.notes["accuracy"]),
        *([f"![{say('Accuracy by class')}](accuracy.svg)"] if comparison.accuracy is not None else []),
        f"## {say('Speed')}",
        *_speed(comparison, "pipe"),
        _bullets(comparison.notes["speed"]),
        *([f"![{say('Time of a token')}](speed.svg)"] if comparison.speed is not None else []),
        f"## {say('What was compared')}",
        table(_fact_rows(comparison), ["", *_names(comparison)], "pipe", "lll"),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def terminal(comparison: Comparison) -> str:
    """Both tables and their notes, for a terminal."""
    parts = [_title(comparison)]
    for kind, part in (("accuracy", _accuracy), ("speed", _speed)):
        parts += [*part(comparison, "simple"), "\n".join(comparison.notes[kind])]
    return "\n\n".join(part for part in parts if part)


def accuracy_csv(table: pandas.DataFrame) -> str:
    """A row a class, accuracies and ratio as printed; a cell is empty where there is no such figure."""
    return csv_text(table.assign(of_accuracy=table.of_accuracy.map(nine), to_accuracy=table.to_accuracy.map(nine)))


def speed_csv(speeds: pandas.DataFrame) -> str:
    """A row a batch size, token and unit, with all digits; *_cases is empty for published means.

    ratio_low, ratio_high: the ends of the ratio's 95 % interval; distinguishable: no where it holds 1; empty where a
    side has no rounds.
    """
    digits: dict[str, Any] = {side: list(map(_all_digits, speeds[side], speeds.unit)) for side in ("of", "to")}
    ends = {f"ratio_{end}": [one and getattr(one, end) for one in speeds.interval] for end in ("low", "high")}
    verdicts = [one and ("yes" if distinguishable(one) else "no") for one in speeds.interval]
    return csv_text(speeds.drop(columns="interval").assign(**digits, **ends, distinguishable=verdicts))


def _title(comparison: Comparison) -> str:
    of, to = _names(comparison)
    return say("{of} compared with {to}", of=of, to=to)


def _names(comparison: Comparison) -> list[str]:
    return [safe(side.name) for side in (comparison.of, comparison.to)]


def _accuracy(comparison: Comparison, style: str) -> list[str]:
    if comparison.accuracy is None:
        return []
    of, to = _names(comparison)
    counts = [say("{side} correct", side=side) for side in (of, to)]
    columns = [say("accuracy"), counts[0], of, counts[1], to, say(RATIO)]
    rows = [
        [
            say_name(name) if style == "simple" else safe(say_name(name)),
            *_tally(*tallies[:3]),
            *_tally(*tallies[3:]),
            ratio or NOTHING,
        ]
        for name, *tallies, ratio in comparison.accuracy.values
    ]
    return [table(rows, columns, style), _paired_line(comparison)]


def _paired_line(comparison: Comparison) -> str:
    paired = comparison.paired
    if paired is None:
        return ""
    of, to = _names(comparison)
    return say(
        "Of {questions} questions that both answered, {both} were right in both, {only_of} only in {of}, {only_to} "
        "only in {to}, {neither} in neither. Exact two-sided sign test (McNemar, Psychometrika 12, 1947, in its "
        "binomial form): p = {p:.3g}.",
        of=of,
        to=to,
        **asdict(paired),
    )


def _speed(comparison: Comparison, style: str) -> list[str]:
    if comparison.speed is None:
        return []
    columns = [
        *map(say, ("batch", "speed", "unit")),
        *_names(comparison),
        say(RATIO),
        say("95 % interval"),
        say("cases"),
    ]
    speeds: Iterator[Any] = comparison.speed.itertuples()
    rows = [
        [
            shown_size(row.batch_size),
            say(row.token),
            row.unit,
            *(NOTHING if rate is None else rate.shown_in(row.unit) for rate in (row.of, row.to)),
            row.ratio or NOTHING,
            _verdict(row.interval),
            both(row.of_cases, row.to_cases),
        ]
        for row in speeds
    ]
    about = say(
        "Faster is above 1 in tokens/s and below 1 in ms/token. Intervals are of 95 %, by a bootstrap over rounds; a "
        "ratio whose interval holds 1 is not distinguishable from 1."
    )
    return [table(rows, columns, style, "rllrrrlr"), about]


def _verdict(interval: Interval | None) -> str:
    if interval is None:
        return NOTHING
    ends = ends_text(*interval)
    return ends if distinguishable(interval) else say("{interval}: not distinguishable", interval=ends)


def _fact_rows(comparison: Comparison) -> list[list[str]]:
    """A row a fact; two, for accuracy and for speed, where a side states two values."""
    rows = []
    unknown = say(NOT_STATED)
    for name in FACTS:
        facts = {kind: [_fact(side, kind, name) for side in (comparison.of, comparison.to)] for kind in KINDS}
        known = {kind: values for kind, values in facts.items() if set(values) != {unknown}}
        same = all(len({values[k] for values in known.values()} - {unknown}) <= 1 for k in (0, 1))
        if known and same:
            merged = [next((v[k] for v in known.values() if v[k] != unknown), unknown) for k in (0, 1)]
            rows.append([say(name.replace("_", " ")), *merged])
        else:
            fact = say(name.replace("_", " "))
            rows += [[say("{fact} ({kind})", fact=fact, kind=say(kind)), *values] for kind, values in known.items()]
    return rows


def _fact(side: Side, kind: str, name: str) -> str:
    value = side.facts.get(kind, {}).get(name)
    return say(NOT_STATED) if value is None else _shown(value)


def _shown(value: Any) -> str:
    return say("yes" if value else "no") if isinstance(value, bool) else safe(str(value))


def _bullets(notes: Sequence[str]) -> str:
    return "\n".join(f"- {safe(note)}" for note in notes)


def _tally(correct: int | None, total: int | None, accuracy: float | None) -> list[str]:
    count = NOTHING if total is None else f"{correct}/{total}"
    return [count, NOTHING if accuracy is None else str(nine(accuracy))]


def _all_digits(rate: Rate | None, unit: str) -> str | None:
    if rate is None:
        return None
    return rate.digits if rate.digits and unit == rate.unit else repr(rate.given_in(unit))
