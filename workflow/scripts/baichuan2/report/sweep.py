"""All runs of a sweep: the figures of each, compared with those of the first run. Torch-free."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas

from baichuan2.configuration.sweep import Row, read_sheet
from baichuan2.errors import UserError
from baichuan2.report.choice import KINDS, Choice, run_files
from baichuan2.report.comparison import NOT_STATED, WORDS, pair_answers, took_turns
from baichuan2.report.intervals import Interval
from baichuan2.report.sides import (
    AVERAGE,
    CASE,
    TOKENS_PER_S,
    Side,
    Tally,
    alike,
    case_means,
    read_side,
    samples_of,
)
from baichuan2.servers import SERVED
from baichuan2.speed.bootstrap import ratio_interval
from baichuan2.speed.cases import STREAM
from baichuan2.speed.tables import mean
from baichuan2.text.tables import demo_of
from baichuan2.text.words import listed, say

ALL = "all runs"
MOST_NAMES = 8  # that a note lists
# What the summaries of either kind state, in runs.csv.
STATED = {
    "accuracy": ("model", "precision", "dtype", "device", "host", "world_size", "protocol", "shots", "split", "demo"),
    "speed": ("model", "precision", "dtype", "device", "host", "world_size", "mode", "demo"),
}
# Columns that notes are made of, which runs.csv lacks.
NOTED = ["cases", "generated", "no_points", "no_ratio", "load"]
# Of a run under load: the highest rate that it follows; the most of any rate, {column: key of rate_figures}.
FOLLOWS = "follows_per_s"
MOST = {"answers_per_s": "requests_per_s", "load_tokens_per_s": "tokens_per_s", "goodput_per_s": "goodput_per_s"}


@dataclass(frozen=True)
class Sweep:
    """The runs in the order of the sheet. keys: what some run sets for itself. table: a row a run, see `run_row`."""

    sheet: Path
    keys: list[str]
    table: pandas.DataFrame

    @property
    def first(self) -> str:
        """The name of the run that others are compared with."""
        return self.table["name"].iloc[0]

    def fact(self, name: str) -> pandas.Series:
        """What the summaries of each run state, once where both state the same."""
        accuracy, speed = (self.table[f"{kind}.{name}"].map(stated) for kind in KINDS)
        pairs = zip(accuracy, speed, strict=True)
        return speed.where(accuracy == speed, [say("{0} (C-Eval), {1} (speed)", *pair) for pair in pairs])

    def are_demos(self, kind: str) -> bool:
        """Whether all runs' results of this kind are the demo's."""
        return bool(self.table[f"{kind}.demo"].all())


def read_sweep(sheet: Path, folder: Path, subjects: Path) -> Sweep:
    """What every run of the sheet has in folder/<name>/. Raises UserError for a file that is missing or wrong."""
    rows = read_sheet(sheet)
    longest_first = sorted(rows, key=lambda row: len(row.settings), reverse=True)
    keys = list(dict.fromkeys(key for row in longest_first for key in row.settings))
    sides = alike([_side(folder / row.name, row.name, subjects) for row in rows])
    runs = [run_row(row, side, sides[0], keys) for row, side in zip(rows, sides, strict=True)]
    return Sweep(sheet, keys, pandas.DataFrame(runs, dtype=object))


def _side(folder: Path, name: str, subjects: Path) -> Side:
    files = run_files(folder)
    for file in (file for kind in KINDS for file in files[kind]):
        if not Path(file).is_file():
            raise UserError(f"{file}: no such file; run: snakemake sweep")
    return read_side(Choice(name, "run", files), KINDS, subjects)


def run_row(row: Row, side: Side, first: Side, keys: Sequence[str]) -> dict[str, Any]:
    """A run's settings, what its summaries state, and its figures, compared with the first run's; None for nothing.

    Speeds are means over the cases of the smallest batch size that was measured, as results/perf/summary.md has them;
    next_ms_least and next_ms_greatest are the repeats' least and greatest, each the mean over the cases.
    points_to_first: accuracy above the first run's, in points of percent; p: of the sign test of the two's answers;
    next_speed_to_first: the ratio of the next token's speeds, with the ends of its 95 % interval (`bootstrap`), None
    of the first run itself; noise: how many of the cases have a figure that is noise; no_points, no_ratio: why there
    are none. cases: those of the speeds, in words. generated: see `results.generated_note`. FOLLOWS and MOST: None
    without perf.rate; load: what was then asked, as text.
    """
    accuracy, base, cases = side.accuracy[AVERAGE], first.accuracy[AVERAGE], _smallest(side)
    times = case_means(cases)
    least, greatest = (mean(cases[f"next_{end}"]) for end in ("least", "greatest"))
    paired = pair_answers(side, first)
    no_points = _other_questions(side, first, paired.questions if paired else 0)
    no_ratio = _other_cases(side, first)
    ratio = None if no_ratio else _ratio_interval(side, first)
    return {
        "name": row.name,
        "precision": row.precision,
        **{key: text_of(row.settings[key]) if key in row.settings else None for key in keys},
        **{f"{kind}.{name}": side.facts[kind].get(name) for kind in KINDS for name in STATED[kind]},
        **accuracy._asdict(),
        "points_to_first": None if no_points else _points(accuracy, base),
        "p": paired.p if paired and not no_points else None,
        "batch_size": None if cases.empty else cases.batch.iloc[0],
        "first_cases": int(cases["first"].count()),
        "next_cases": int(cases["next"].count()),
        "first_ms": times.first and times.first.value,
        "next_ms": times.next and times.next.value,
        "next_ms_least": least,
        "next_ms_greatest": greatest,
        "first_tokens_per_s": times.first and times.first.given_in(TOKENS_PER_S),
        "next_tokens_per_s": times.next and times.next.given_in(TOKENS_PER_S),
        "next_speed_to_first": None if no_ratio else _next_speed(side) / _next_speed(first),
        "next_speed_to_first_low": ratio and ratio.low,
        "next_speed_to_first_high": ratio and ratio.high,
        "noise": int(cases.noise.sum()),
        FOLLOWS: side.under_load.get("follows"),
        **{
            name: max((one[key] for one in side.under_load.get("rates", ())), default=None)
            for name, key in MOST.items()
        },
        "cases": _in_words(cases),
        "generated": side.facts["accuracy"]["generated"],
        "no_points": no_points,
        "no_ratio": no_ratio,
        "load": _load_of(side.under_load),
    }


def _load_of(loaded: Mapping[str, Any]) -> str | None:
    """What was asked under load: two runs of which this is the same can be compared."""
    if not loaded:
        return None
    rates = [one["rate"] for one in loaded["rates"]]
    return text_of([rates, *(loaded[key] for key in ("requests", "lengths", "limits"))])


def text_of(value: Any) -> str:
    """A setting as people write it in the sheet."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def stated(value: Any) -> str:
    return say(NOT_STATED) if value is None else str(value)


def _smallest(side: Side) -> pandas.DataFrame:
    """The cases of the smallest batch size."""
    return side.cases[side.cases.batch == side.cases.batch.min()].sort_values(CASE)


def _points(accuracy: Tally, base: Tally) -> float:
    assert accuracy.correct is not None  # a run has all counts
    assert base.correct is not None
    assert base.total is not None
    return 100 * (accuracy.correct - base.correct) / base.total


def _next_speed(side: Side) -> float:
    time = mean(_smallest(side)["next"])
    assert time is not None  # _other_cases has looked
    return 1000 / time


def _ratio_interval(side: Side, first: Side) -> Interval | None:
    """Of next_speed_to_first: of the inverse ratio of the times."""
    if side is first:
        return None
    samples = [samples_of(_smallest(one).dropna(subset="next"), "next") for one in (first, side)]
    ends = ratio_interval(samples[0], samples[1], took_turns(first, side)) if samples[0] and samples[1] else None
    return ends and Interval(*ends)


# ---- what can be compared: the same questions asked in one way, the same cases timed in one way ------------


def _other_questions(side: Side, first: Side, paired: int) -> str | None:
    if side.facts["accuracy"]["demo"] != first.facts["accuracy"]["demo"]:
        return say("one of the two is the demo's")
    differences = _differences(side, first, "accuracy", ("protocol", "shots", "split"))
    same = paired == len(side.answers) == len(first.answers)
    return differences or (None if same else say("other questions"))


def _other_cases(side: Side, first: Side) -> str | None:
    timed = [_smallest(one).dropna(subset="next")[CASE].values.tolist() for one in (side, first)]
    if not all(timed):
        return say("no next token was timed in {name}", name=side.name if not timed[0] else first.name)
    # Of whole tokens both, see sides.alike.
    alike_timed = {one.facts["speed"].get("mode") for one in (side, first)} == {STREAM, "detail"}
    differences = None if alike_timed else _differences(side, first, "speed", ("mode",))
    return differences or (say("other cases") if timed[0] != timed[1] else None)


def _differences(side: Side, first: Side, kind: str, names: Sequence[str]) -> str | None:
    pairs = {name: [stated(one.facts[kind].get(name)) for one in (side, first)] for name in names}
    differ = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    facts = [say("{fact} {of}, not {to}", fact=say(WORDS[name]), of=of, to=to) for name, (of, to) in differ.items()]
    return listed(facts) or None


# ---- notes -----------------------------------------------------------------------------------------------


def notes(sweep: Sweep) -> list[str]:
    """What a reader must know beside the figures, a sentence or two each."""
    means = (
        "Times of a token are its forward pass's, means over cases as in each run's perf/summary.md: {cases}: "
        "{names}."
    )
    if (sweep.table["speed.precision"] == SERVED).any():
        means = (
            "Times of a token are whole, the host's work included, since a client of a server sees no others; means "
            "over cases of TTFT and TPOT: {cases}: {names}."
        )
    default = sweep.table[sweep.keys].isna().any(axis=None)
    return [
        *_demo_notes(sweep),
        *_machine_notes(sweep),
        say(
            "Points are of percent against {first}; p is of the exact two-sided sign test of the two's answers: of "
            "many runs, some fall below any bound by chance.",
            first=sweep.first,
        ),
        *(
            say("{names}: {sentence}", names=names, sentence=sentence)
            for sentence, names in _grouped(sweep, "generated").items()
        ),
        *(
            say("No points: {reason}: {names}.", reason=reason, names=names)
            for reason, names in _grouped(sweep, "no_points").items()
        ),
        *(say(means, cases=cases, names=names) for cases, names in _grouped(sweep, "cases").items()),
        say(
            "The range of a next token is from the least to the greatest of the repeats, each the mean over the "
            "cases."
        ),
        *(
            say("No ratio: {reason}: {names}.", reason=reason, names=names)
            for reason, names in _grouped(sweep, "no_ratio").items()
        ),
        *_noise_notes(sweep),
        *_load_notes(sweep),
        *([say("Where a setting is empty, config.yaml's was taken.")] if default else []),
    ]


def _noise_notes(sweep: Sweep) -> list[str]:
    """Which runs' speeds are noise, or not distinguishable from the first run's."""
    table = sweep.table
    close = (table.next_speed_to_first_low <= 1) & (table.next_speed_to_first_high >= 1)
    texts = {
        "The next token's speed is not distinguishable from that of {first} (the ratio's 95 % interval holds 1): "
        "{names}.": close,
        "Noise: some cases have a figure that spreads over more than perf.max_spread: {names}.": table.noise > 0,
    }
    return [
        say(text, first=sweep.first, names=_listed(list(table["name"][chosen]), len(table)))
        for text, chosen in texts.items()
        if chosen.any()
    ]


def _load_notes(sweep: Sweep) -> list[str]:
    """What the figures under load are, and whether they are of the same requests."""
    loads = sweep.table["load"].dropna()
    if loads.empty:
        return []
    what = say(
        "Under load: the highest rate that a run follows, and the most answers, new tokens and answers within "
        "perf.goodput a second at any rate of perf.rate; see each run's perf/summary.md."
    )
    return [what, *([say("Not all were asked alike under load.")] if loads.nunique() > 1 else [])]


def _grouped(sweep: Sweep, by: str | pandas.Series) -> dict[Any, str]:
    """{value: the names of the runs that have it}, of the values that there are in a column."""
    groups = sweep.table.groupby(by, sort=False)["name"]
    return {value: _listed(list(names), len(sweep.table)) for value, names in groups}


def _listed(names: Sequence[str], runs: int) -> str:
    if len(names) == runs > 1:
        return say(ALL)
    more = len(names) - MOST_NAMES
    if more <= 0:
        return listed(names)
    return say("{names} and {more} more", names=listed(names[:MOST_NAMES]), more=more)


def _demo_notes(sweep: Sweep) -> list[str]:
    groups = {kind: _grouped(sweep, f"{kind}.demo") for kind in KINDS}
    return [
        demo_of(kind, names[True].replace(say(ALL), say(ALL).capitalize()))
        for kind, names in groups.items()
        if True in names
    ]


def _machine_notes(sweep: Sweep) -> list[str]:
    pairs = zip(sweep.fact("device"), sweep.fact("host"), strict=True)
    places = pandas.Series([say("{device}, host {host}", device=device, host=host) for device, host in pairs])
    machines = _grouped(sweep, places)
    if len(machines) == 1:
        return []
    which = listed((f"{names}: {machine}" for machine, names in machines.items()), "; ")
    return [say("Not all on one kind of machine: {which}.", which=which)]


def _in_words(cases: pandas.DataFrame) -> str:
    if cases.empty:
        return say("no case was timed")
    inputs, outputs = (sorted(cases[length].unique()) for length in ("input", "output"))
    words = listed(f"{case.input} -> {case.output}" for case in cases.itertuples())
    if len(cases) == len(inputs) * len(outputs):
        words = say("inputs of {inputs} and outputs of {outputs}", inputs=listed(inputs), outputs=listed(outputs))
    return say("batch size {batch}, {lengths} tokens", batch=cases.batch.iloc[0], lengths=words)
