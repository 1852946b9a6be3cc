"""All runs of a sweep: each one's figures, and what they are against those of the first run. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas

from baichuan2.configuration.sweep import Row, read_sheet
from baichuan2.errors import UserError
from baichuan2.report.choice import KINDS, Choice, run_files
from baichuan2.report.comparison import NOT_STATED, WORDS, Paired, pair_answers
from baichuan2.report.sides import AVERAGE, CASE, TOKENS_PER_S, Side, Tally, Times, read_side
from baichuan2.speed.tables import mean
from baichuan2.tables import demo_of

MEASURED_BY = {"accuracy": "C-Eval", "speed": "speed"}
ALL = "all runs"
MOST_NAMES = 8  # that a note lists


@dataclass(frozen=True)
class SweptRun:
    """A row of the sheet and what was measured. Speeds are those of the smallest batch size that was measured."""

    row: Row
    side: Side

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def accuracy(self) -> Tally:
        """Over all questions."""
        return self.side.accuracy[AVERAGE]

    @cached_property
    def batch(self) -> int | None:
        return None if self.side.cases.empty else int(self.side.cases.batch.min())

    @property
    def times(self) -> Times:
        """Means over `cases`, as results/perf/summary.md has them."""
        return self.side.means.get(self.batch, Times(None, None, (0, 0)))

    @property
    def cases(self) -> pandas.DataFrame:
        return self.side.cases[self.side.cases.batch == self.batch].sort_values(CASE)

    @property
    def timed(self) -> pandas.DataFrame:
        """The cases with a next token."""
        return self.cases.dropna(subset="next")

    @property
    def next_range(self) -> tuple[float, float] | None:
        """A next token's least and greatest time over the repeats, each the mean over the cases, in ms."""
        timed = self.timed
        return None if timed.empty else (mean(timed.next_least), mean(timed.next_greatest))

    def fact(self, name: str) -> str:
        """What the summaries state, once where both state the same."""
        values = {kind: self.stated(kind, name) for kind in KINDS}
        if len(set(values.values())) == 1:
            return values["speed"]
        return ", ".join(f"{value} ({MEASURED_BY[kind]})" for kind, value in values.items())

    def stated(self, kind: str, name: str) -> str:
        """What the summary of one kind states."""
        value = self.side.facts[kind].get(name)
        return NOT_STATED if value is None else str(value)


@dataclass(frozen=True)
class Against:
    """A run held against the first one; None, with the reason why, where the two cannot be compared.

    points: of percent that more questions were answered rightly. ratio: of the next token's speeds.
    """

    points: float | None
    paired: Paired | None
    ratio: float | None
    why_no_points: str | None
    why_no_ratio: str | None


@dataclass(frozen=True)
class Sweep:
    """The runs in the order of the sheet."""

    sheet: Path
    runs: list[SweptRun]

    @property
    def first(self) -> SweptRun:
        return self.runs[0]

    @cached_property
    def against(self) -> list[Against]:
        """Every run against the first."""
        return [against(run, self.first) for run in self.runs]

    @property
    def keys(self) -> list[str]:
        """What some run sets for itself, in the order of the run that sets most."""
        rows = sorted((run.row for run in self.runs), key=lambda row: -len(row.settings))
        return list(dict.fromkeys(key for row in rows for key in row.settings))

    def are_demos(self, kind: str) -> bool:
        """Whether every run is the demo's in this."""
        return all(run.side.facts[kind]["demo"] for run in self.runs)


def read_sweep(sheet: Path, folder: Path, subjects: Path) -> Sweep:
    """What every run of the sheet has in folder/<name>/. Raises UserError for a file that is missing or wrong."""
    return Sweep(sheet, [SweptRun(row, _side(folder / row.name, row.name, subjects)) for row in read_sheet(sheet)])


def _side(folder: Path, name: str, subjects: Path) -> Side:
    files = run_files(folder)
    for file in (file for kind in KINDS for file in files[kind]):
        if not Path(file).is_file():
            raise UserError(f"{file}: no such file; run: snakemake sweep")
    return read_side(Choice(name, "run", files), KINDS, subjects)


# ---- what can be compared --------------------------------------------------------------------------------


def against(run: SweptRun, first: SweptRun) -> Against:
    """Points are of the same questions asked in one way, the ratio is of the same cases timed in one way."""
    paired = pair_answers(run.side, first.side)
    why_no_points = _other_questions(run, first, paired)
    why_no_ratio = _other_cases(run, first)
    return Against(
        None if why_no_points else 100 * (run.accuracy.correct - first.accuracy.correct) / first.accuracy.total,
        None if why_no_points else paired,
        None if why_no_ratio else _next_speed(run) / _next_speed(first),
        why_no_points,
        why_no_ratio,
    )


def _other_questions(run: SweptRun, first: SweptRun, paired: Paired | None) -> str | None:
    if run.stated("accuracy", "demo") != first.stated("accuracy", "demo"):
        return "one of the two is the demo's"
    differences = _differences(run, first, "accuracy", ("protocol", "shots", "split"))
    asked = {paired.questions if paired else 0, len(run.side.answers), len(first.side.answers)}
    return differences or ("other questions" if len(asked) > 1 else None)


def _other_cases(run: SweptRun, first: SweptRun) -> str | None:
    timed = [one.timed[CASE].values.tolist() for one in (run, first)]
    if not all(timed):
        return f"no next token was timed in {run.name if not timed[0] else first.name}"
    return _differences(run, first, "speed", ("mode",)) or ("other cases" if timed[0] != timed[1] else None)


def _differences(run: SweptRun, first: SweptRun, kind: str, names: Sequence[str]) -> str | None:
    pairs = {name: [one.stated(kind, name) for one in (run, first)] for name in names}
    return ", ".join(f"{WORDS[name]} {of}, not {to}" for name, (of, to) in pairs.items() if of != to) or None


def _next_speed(run: SweptRun) -> float:
    return run.times.next.given_in(TOKENS_PER_S)


# ---- notes -----------------------------------------------------------------------------------------------


def notes(sweep: Sweep) -> list[str]:
    """What a reader must know beside the figures, a sentence or two each."""
    apart = _grouped(sweep, [held.why_no_points for held in sweep.against])
    uneven = _grouped(sweep, [held.why_no_ratio for held in sweep.against])
    return [
        *_demo_notes(sweep),
        *_machine_notes(sweep),
        f"Points are of percent against {sweep.first.name}; p is of the exact two-sided sign test of the two's "
        "answers: of many runs, some fall below any bound by chance.",
        *(f"No points: {reason}: {names}." for reason, names in apart.items() if reason),
        *_case_notes(sweep),
        *(f"No ratio: {reason}: {names}." for reason, names in uneven.items() if reason),
        *_setting_notes(sweep),
    ]


def _grouped(sweep: Sweep, values: Iterable[str | None]) -> dict[str | None, str]:
    """{value: the names of the runs that have it}, of a value for each run."""
    groups: dict[str | None, list[str]] = {}
    for run, value in zip(sweep.runs, values, strict=True):
        groups.setdefault(value, []).append(run.name)
    return {found: _listed(names, len(sweep.runs)) for found, names in groups.items()}


def _listed(names: Sequence[str], runs: int) -> str:
    if len(names) == runs > 1:
        return ALL
    more = len(names) - MOST_NAMES
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:MOST_NAMES])} and {more} more"


def _demo_notes(sweep: Sweep) -> list[str]:
    groups = {kind: _grouped(sweep, (run.stated(kind, "demo") for run in sweep.runs)) for kind in KINDS}
    found = {kind: names["True"] for kind, names in groups.items() if "True" in names}
    return [demo_of(kind, names.replace(ALL, ALL.capitalize())) for kind, names in found.items()]


def _machine_notes(sweep: Sweep) -> list[str]:
    machines = _grouped(sweep, (f"{run.fact('device')}, host {run.fact('host')}" for run in sweep.runs))
    if len(machines) == 1:
        return []
    listed = "; ".join(f"{names}: {machine}" for machine, names in machines.items())
    return [f"Not all on one kind of machine: {listed}."]


def _case_notes(sweep: Sweep) -> list[str]:
    groups = _grouped(sweep, (_cases_in_words(run.cases) for run in sweep.runs))
    means = "Times of a token are its forward pass's, means over cases as in each run's perf/summary.md"
    return [
        *(f"{means}: {cases}: {names}." for cases, names in groups.items()),
        "The range of a next token is from the least to the greatest of the repeats, each the mean over the cases.",
    ]


def _cases_in_words(cases: pandas.DataFrame) -> str:
    if cases.empty:
        return "no case was timed"
    inputs, outputs = (sorted(cases[length].unique()) for length in ("input", "output"))
    words = ", ".join(f"{case.input} -> {case.output}" for case in cases.itertuples())
    if len(cases) == len(inputs) * len(outputs):
        words = f"inputs of {', '.join(map(str, inputs))} and outputs of {', '.join(map(str, outputs))}"
    return f"batch size {cases.batch.iloc[0]}, {words} tokens"


def _setting_notes(sweep: Sweep) -> list[str]:
    unset = any(key not in run.row.settings for key in sweep.keys for run in sweep.runs)
    return ["Where a setting is empty, config.yaml's was taken."] if unset else []
