"""The figures of one side of a comparison, whatever wrote them. Torch-free."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, nan
from pathlib import Path
from typing import Any, NamedTuple

import pandas

from baichuan2.ceval.exam import CLASSES, read_subjects
from baichuan2.ceval.results import generated_note, unpublished_note
from baichuan2.errors import UserError
from baichuan2.files import read_json
from baichuan2.integrity import read_sealed
from baichuan2.report.choice import Choice, reference_rows
from baichuan2.report.intervals import Interval
from baichuan2.servers import SERVED
from baichuan2.speed.bootstrap import Rounds, mean_interval
from baichuan2.speed.tables import GUIDE_HEADER, UNDER_LOAD, mean
from baichuan2.text.words import say

AVERAGE = "Avg acc"
TOKENS_PER_S, MS_PER_TOKEN = "tokens/s", "ms/token"
# What a side states of itself, in the order in which pages show it.
FACTS = (
    "model", "precision", "dtype", "device", "world_size", "protocol", "shots", "split", "mode", "demo", "source"
)  # fmt: skip
QUESTION = ["class", "subject", "id"]
CASE = ["batch", "input", "output"]  # batch size and lengths
# Forward times in ms: the medians over the runs, a next token's least and greatest, and the median of next tokens.
TIMES = ["first", "next", "next_least", "next_greatest", "next_median"]
# Beside them: whether any figure of the case is noise, and the runs' times in s, {value of TOKENS: a list a round}.
MEASURED = ["noise", "rounds"]
TOKENS = {"first": "first_s", "next": "next_s", "next_median": "next_median_s"}  # of TIMES: of statistics.FORWARD
WHOLE = {"first_s": "ttft_s", "next_s": "tpot_s", "next_median_s": "token_median_s"}  # of statistics.NOISY


class Tally(NamedTuple):
    """Counts, and the accuracy in 0 to 1; None where it is not known."""

    correct: int | None
    total: int | None
    accuracy: float | None

    @property
    def counts(self) -> tuple[int, int] | None:
        """(correct, total), where they are known."""
        return None if self.correct is None or self.total is None else (self.correct, self.total)


@dataclass(frozen=True)
class Rate:
    """A token's speed as it was measured or published: value in `unit`, its digits where published.

    interval: the value's, of 95 %, where there were rounds.
    """

    value: float
    unit: str
    digits: str | None = None
    interval: Interval | None = None

    def given_in(self, unit: str) -> float:
        """The value in tokens/s or ms/token."""
        return self.value if unit == self.unit else 1000 / self.value

    def interval_in(self, unit: str) -> Interval | None:
        """The interval in tokens/s or ms/token."""
        if self.interval is None or unit == self.unit:
            return self.interval
        return Interval(1000 / self.interval.high, 1000 / self.interval.low)

    def shown_in(self, unit: str) -> str:
        """Published digits as they are; others to six significant ones."""
        return self.digits if self.digits and unit == self.unit else f"{self.given_in(unit):.6g}"


@dataclass(frozen=True)
class Times:
    """The first and the next token's speed, and the median next token's; None where there is none.

    cases: over how many first and next are means; that of the medians is over as many as next.
    """

    first: Rate | None
    next: Rate | None
    next_median: Rate | None = None
    cases: tuple[int, int] | None = None


def answers_of(rows: Iterable[Sequence[str]] = ()) -> pandas.DataFrame:
    """A row a question: QUESTION, the right letter and the given one."""
    return pandas.DataFrame(rows, columns=[*QUESTION, "truth", "given"], dtype=object)


def cases_of(rows: Iterable[Sequence[Any]] = ()) -> pandas.DataFrame:
    """A row a case: CASE, TIMES, NaN where there is none, and MEASURED."""
    return pandas.DataFrame(rows, columns=[*CASE, *TIMES, *MEASURED]).astype(dict.fromkeys(TIMES, float))


@dataclass(frozen=True)
class Side:
    """All that is known of one side.

    facts: {kind: {one of FACTS: value}}. accuracy: {class or AVERAGE: Tally}. answers, cases: see `answers_of` and
    `cases_of`; empty where no single ones are known. whole_cases: the same, with the times of whole tokens. means:
    {batch size, or None where it is not stated: Times over the side's own grid}. under_load: as of
    speed.rates.under_load. remarks: {kind: what a reader must
    know besides}. Empty where the side has no such thing.
    """

    name: str
    origin: str
    facts: dict[str, dict[str, Any]]
    accuracy: dict[str, Tally] = field(default_factory=dict)
    answers: pandas.DataFrame = field(default_factory=answers_of)
    means: dict[int | None, Times] = field(default_factory=dict)
    under_load: dict[str, Any] = field(default_factory=dict)
    cases: pandas.DataFrame = field(default_factory=cases_of)
    whole_cases: pandas.DataFrame = field(default_factory=cases_of)
    remarks: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_served(self) -> bool:
        """Whether its times are a server's, as a client sees them."""
        return self.facts.get("speed", {}).get("precision") == SERVED

    def of_whole_tokens(self) -> Side:
        """The side with its times of whole tokens, where it has single cases."""
        cases = self.whole_cases
        return self if cases.empty else replace(self, cases=cases, means=_means_by_batch(cases))


def alike(sides: Sequence[Side]) -> list[Side]:
    """The sides, with the times of whole tokens where one of them is a server, of which a client sees no forward."""
    served = any(side.is_served for side in sides)
    return [side.of_whole_tokens() for side in sides] if served else list(sides)


def read_side(choice: Choice, kinds: Iterable[str], subjects: Path) -> Side:
    """The side's figures of `kinds`, which it must have. Raises UserError naming the file that is wrong."""
    readers = {
        ("run", "accuracy"): lambda files: _run_accuracy(files, subjects),
        ("run", "speed"): _run_speed,
        ("reference", "accuracy"): lambda files: _reference_accuracy(files[0], choice.text),
        ("reference", "speed"): lambda files: _reference_speed(files[0], choice.text),
        ("sdk", "accuracy"): lambda files: _sdk_accuracy(files, subjects),
        ("sdk", "speed"): _sdk_speed,
    }
    figures: dict[str, Any] = {}
    facts, remarks = {}, {}
    for kind in kinds:
        values = readers[choice.origin, kind](choice.files[kind])
        facts[kind], remarks[kind] = values.pop("facts"), values.pop("remarks", [])
        figures |= values
    return Side(choice.text, choice.origin, facts, remarks=remarks, **figures)


def tallied(counts: Mapping[str, tuple[int, int]]) -> dict[str, Tally]:
    """{class: its Tally}, and AVERAGE over all. counts: {class: (correct, total)}."""
    whole = tuple(map(sum, zip(*counts.values(), strict=True)))
    pairs = [*counts.items(), (AVERAGE, whole)]
    return {name: Tally(correct, total, correct / total) for name, (correct, total) in pairs}


def case_means(cases: pandas.DataFrame) -> Times:
    """The guide's summary figures: means over the times of `cases_of`, each over those that have it."""
    rates = {token: _mean_rate(cases, token) for token in TOKENS}
    return Times(**rates, cases=(int(cases["first"].count()), int(cases["next"].count())))


def _mean_rate(cases: pandas.DataFrame, token: str) -> Rate | None:
    known = cases.dropna(subset=token)
    value, samples = mean(known[token]), samples_of(known, token)
    if value is None:
        return None
    ends = mean_interval(samples) if samples else None
    return Rate(value, MS_PER_TOKEN, interval=ends and Interval(*ends).times(1000))


def samples_of(cases: pandas.DataFrame, token: str) -> list[Rounds] | None:
    """The runs' times of each case, by rounds, for `bootstrap`; None unless all cases have them."""
    samples = [rounds.get(TOKENS[token]) for rounds in cases["rounds"]]
    return samples if samples and all(samples) else None


def _run_accuracy(files: Sequence[str], subjects: Path) -> dict[str, Any]:
    summary = read_sealed(Path(files[0]))
    try:
        tallies = tallied({name: (t["correct"], t["total"]) for name, t in summary["classes"].items()})
        facts = _facts(summary["run"], files[0]) | {"generated": generated_note(summary)}
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise UserError(f"{files[0]}: not a summary of C-Eval ({error!r}); make it again") from None
    groups = summary.get("subject_classes") or _groups(subjects)
    cache = {"answers": _read_cache(files[1], groups)[0]} if len(files) > 1 else {}
    remarks = [f"{files[0]}: {sentence}" for sentence in unpublished_note(summary)]
    return {"facts": facts, "accuracy": tallies, "remarks": remarks, **cache}


def _run_speed(files: Sequence[str]) -> dict[str, Any]:
    summary = read_sealed(Path(files[0]))
    try:
        timed = [case for case in summary["cases"] if not case["reason"]]
        cases, whole = cases_of(map(_case, timed)), cases_of(map(_whole_case, timed))
        facts = _facts(summary["run"], files[0])
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{files[0]}: not a summary of speed ({error!r}); make it again") from None
    means, loaded = _means_by_batch(cases), summary.get(UNDER_LOAD) or {}
    return {"facts": facts, "cases": cases, "whole_cases": whole, "means": means, "under_load": loaded}


def _facts(run: dict[str, Any], source: str) -> dict[str, Any]:
    environment = run.get("environment") or {}
    name, device = environment.get("device_name"), run.get("device")
    return {key: run.get(key) for key in FACTS} | {
        "device": f"{device} ({name})" if name and name != device else device,
        "host": environment.get("cpu"),
        "rounds": run.get("rounds"),
        "exam": run.get("exam"),  # the name of people's own
        "demo": bool(run.get("demo")),
        "source": source,
    }


def _case(case: dict[str, Any]) -> list[Any]:
    """A row of `cases_of`; the forward as in the guide's csv, where mode normal has whole tokens only."""
    pairs = (("first", "ttft_s"), ("next", "tpot_s"))
    first, later = (case[part]["forward_s"] if case[part] else case[whole] for part, whole in pairs)
    median = case["next"].get("forward_median_s") if case["next"] else case.get("token_median_s")
    return _row(case, first, later, median, case.get("by_round") or {})  # not of earlier versions


def _whole_case(case: dict[str, Any]) -> list[Any]:
    """As `_case`, of whole tokens."""
    rounds = case.get("by_round") or {}
    whole = {name: rounds[of] for name, of in WHOLE.items() if rounds.get(of)}
    return _row(case, case["ttft_s"], case["tpot_s"], case.get("token_median_s"), whole)


def _row(case: dict[str, Any], first: dict, later: dict | None, median: dict | None, rounds: dict) -> list[Any]:
    times = [first["median"], *((later or {}).get(key, nan) for key in ("median", "min", "max"))]
    times.append((median or {}).get("median", nan))
    lengths = [case["batch_size"], case["input_len"], case["output_len"]]
    return [*lengths, *(1000 * time for time in times), bool(case.get("noise")), rounds]


def _known(tally: Tally) -> float:
    """The accuracy of answers that were counted."""
    assert tally.accuracy is not None
    return tally.accuracy


def _means_by_batch(cases: pandas.DataFrame) -> dict[Any, Times]:
    return {size: case_means(group) for size, group in cases.groupby("batch")}


def _reference_accuracy(path: str, name: str) -> dict[str, Any]:
    rows = [row for row in reference_rows(path) if row["name"] == name]
    try:
        counts = {row["class"]: (int(row["correct"]), int(row["total"])) for row in rows}
        if len(counts) < len(rows) or any(not 0 <= correct <= total for correct, total in counts.values()):
            raise ValueError("a class stands twice, or more is correct than asked")
        tallies = tallied(counts)
        facts = _reference_facts(rows[0]) | {"shots": int(rows[0]["shots"])}
    except (KeyError, ValueError, ZeroDivisionError) as error:
        raise UserError(f"{path}: {name}: {error!r}; mend the row") from None
    return {"facts": facts, "accuracy": tallies}


def _reference_speed(path: str, name: str) -> dict[str, Any]:
    rows = [row for row in reference_rows(path) if row["name"] == name]
    try:
        means = {int(row["batch_size"] or 0) or None: Times(_rate(row, "first"), _rate(row, "next")) for row in rows}
        if len(means) < len(rows):
            raise ValueError("a batch size stands twice")
        facts = _reference_facts(rows[0])
    except (KeyError, ValueError) as error:
        raise UserError(f"{path}: {name}: {error!r}; mend the row") from None
    lengths = rows[0].get("lengths")
    grid = say("inputs and outputs of {lengths} tokens", lengths=lengths)
    unknown = say("a grid that the published table does not state")
    remark = say("{name}: published means over {grid}.", name=name, grid=grid if lengths else unknown)
    return {"facts": facts, "means": means, "remarks": [remark]}


def _rate(row: dict[str, str], column: str) -> Rate | None:
    if row["unit"] not in (TOKENS_PER_S, MS_PER_TOKEN):
        raise ValueError(f"unit {row['unit']!r} is not {TOKENS_PER_S} or {MS_PER_TOKEN}")
    if not row[column]:
        return None
    value = float(row[column])
    if not 0 < value < inf:
        raise ValueError(f"{column} {row[column]!r} is not above 0")
    return Rate(value, row["unit"], row[column])


def _reference_facts(row: dict[str, str]) -> dict[str, Any]:
    return {key: row.get(key) or None for key in FACTS} | {"demo": False}


def _sdk_accuracy(files: Sequence[str], subjects: Path) -> dict[str, Any]:
    """Counts come from cache0.csv; without it there are accuracies only."""
    # The SDK has one protocol, and scores the validation questions only.
    facts = dict.fromkeys(FACTS) | {"protocol": "sdk", "split": "val", "demo": False, "source": files[0]}
    written = _classes_json(files[0]) if files[0].endswith(".json") else None
    if not files[-1].endswith(".csv"):
        return {"facts": facts, "accuracy": written}
    answers, counted = _read_cache(files[-1], _groups(subjects))
    remarks = []
    if written and any(abs(_known(written[name]) - _known(tally)) > 5e-10 for name, tally in counted.items()):
        one, other = files[0], files[-1]
        remarks = [say("{one} and {other} differ; the table counts the answers of the second.", one=one, other=other)]
    return {"facts": facts, "accuracy": counted, "answers": answers, "remarks": remarks}


def _classes_json(path: str) -> dict[str, Tally]:
    values = read_json(Path(path))
    names = {**dict(zip(CLASSES, CLASSES, strict=True)), "Avg": AVERAGE}
    try:
        accuracies = {shown: float(values[name]) for name, shown in names.items()}
        if not all(0 <= accuracy <= 1 for accuracy in accuracies.values()):
            raise ValueError("percent, or no number")
    except (KeyError, TypeError, ValueError):
        raise UserError(
            f"{path}: not an accuracy in 0 to 1 of each of {', '.join(names)}; copy the SDK's file again"
        ) from None
    return {shown: Tally(None, None, accuracy) for shown, accuracy in accuracies.items()}


def _groups(subjects: Path) -> dict[str, str]:
    """{subject: class} of C-Eval's table."""
    return {subject.name: subject.class_name for subject in read_subjects(Path(subjects))}


def _read_cache(path: str, groups: Mapping[str, str]) -> tuple[pandas.DataFrame, dict[str, Tally]]:
    """The answers of a cache csv, without a header, and `tallied` of them. groups: {subject: class}."""
    rows: dict[tuple[str, str], list[str]] = {}
    for number, row in _csv_rows(path):
        if len(row) != 4 or row[0] not in groups:
            raise UserError(f"{path}: line {number}: not a C-Eval subject,id,right,given; copy the file again")
        if (row[0], row[1]) in rows:
            raise UserError(f"{path}: line {number}: {row[0]} question {row[1]} stands twice; keep one run's answers")
        rows[row[0], row[1]] = row
    if not rows:
        raise UserError(f"{path}: no answers; copy the file again")
    answers = answers_of([groups[row[0]], *row] for row in rows.values())
    right = (answers.truth == answers.given).groupby(answers["class"])
    return answers, tallied({name: (int(marks.sum()), len(marks)) for name, marks in right})


def _sdk_speed(files: Sequence[str]) -> dict[str, Any]:
    rows: dict[tuple[int, ...], list[Any]] = {}
    for path in files:
        header, *others = _csv_rows(path) or [(0, [])]
        if header[1] != GUIDE_HEADER.split(","):
            raise UserError(f"{path}: not the SDK's header; it is {GUIDE_HEADER}")
        for number, row in others:
            case, times = _sdk_case(path, number, row)
            if case in rows:
                raise UserError(f"{path}: line {number}: case {case} was measured twice; keep one run's csv")
            rows[case] = [*case, *times, nan, nan, nan, False, {}]
    facts = dict.fromkeys(FACTS) | {"demo": False, "source": ", ".join(files)}
    measured = cases_of(rows.values()).dropna(subset=["first", "next"], how="all")
    lacking = len(rows) - len(measured)
    remark = "{n} rows of {files} have no times (the SDK writes 0 without TIMEIT=1)."
    remarks = [say(remark, n=lacking, files=facts["source"])]
    return {
        "facts": facts,
        "cases": measured,
        "means": _means_by_batch(measured),
        "remarks": remarks if lacking else [],
    }


def _sdk_case(path: str, number: int, row: Sequence[str]) -> tuple[tuple[int, ...], tuple[float, float]]:
    try:
        batch, input_len, output_len = (int(cell) for cell in row[:3])
        first, later = (float(cell) if cell else 0.0 for cell in row[4:6])
        if not (0 <= first < inf and 0 <= later < inf):
            raise ValueError("no time")
    except ValueError:
        raise UserError(f"{path}: line {number}: not the numbers of the header; copy the file again") from None
    return (batch, input_len, output_len), (first or nan, later or nan)


def _csv_rows(path: str) -> list[tuple[int, list[str]]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return [(number, row) for number, row in enumerate(csv.reader(file), 1) if row]
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path}: not a csv in UTF-8 ({error}); copy it again") from None
