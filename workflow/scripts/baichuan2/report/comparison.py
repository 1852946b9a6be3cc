"""One side held against the other: rows with their ratios, and what is not comparable. Torch-free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import comb

from baichuan2.ceval.exam import CLASSES
from baichuan2.report.choice import Choice, shared_kinds
from baichuan2.report.sides import AVERAGE, MS_PER_TOKEN, TOKENS_PER_S, Case, Rate, Side, Tally, Times, case_means

NINE = Decimal("1e-9")
NOT_STATED = "not stated"
FIRST, NEXT = "first token", "next token"
DEMO_ACCURACY = "{}: the model or the exam is the demo's own: these are the demo's results, not C-Eval's."
DEMO_SPEED = "{}: these are the demo model's times, not Baichuan2's."


@dataclass(frozen=True)
class AccuracyRow:
    """A class, or AVERAGE: each side's tally, None where it has none, and the ratio of the two as printed."""

    name: str
    of: Tally | None
    to: Tally | None
    ratio: str | None


@dataclass(frozen=True)
class Paired:
    """The questions that both sides answered: how many both, only one or none got right, and p (`sign_test`)."""

    questions: int
    both: int
    only_of: int
    only_to: int
    neither: int
    p: float


@dataclass(frozen=True)
class SpeedRow:
    """A token's speed in one unit.

    batch: the batch size as printed, of both sides where they differ. cases: those behind each mean, None where
    that is not stated.
    """

    batch: str
    token: str
    unit: str
    of: Rate | None
    to: Rate | None
    ratio: str | None
    cases: tuple[int | None, int | None]


@dataclass(frozen=True)
class Comparison:
    """Two sides and their tables. accuracy, speed: rows, None where a side has no such figures; notes by kind."""

    of: Side
    to: Side
    accuracy: list[AccuracyRow] | None
    paired: Paired | None
    speed: list[SpeedRow] | None
    notes: dict[str, list[str]]


def compare(choices: tuple[Choice, Choice], read: Callable[[Choice, Sequence[str]], Side]) -> Comparison:
    """Compare two sides in the kinds that both have. read(choice, kinds) gives a side, as `sides.read_side`.

    Raises UserError where they share no kind, and what `read` raises.
    """
    kinds = shared_kinds(*choices)
    of, to = (read(choice, kinds) for choice in choices)
    notes = {kind: [f"No {kind} table: {_lacking(choices, kind)}."] for kind in ("accuracy", "speed")}
    accuracy = paired = speed = None
    if "accuracy" in kinds:
        accuracy, paired = accuracy_rows(of, to), pair_answers(of, to)
        notes["accuracy"] = accuracy_notes(of, to)
    if "speed" in kinds:
        speed, basis = speed_rows(of, to)
        notes["speed"] = [basis, *speed_notes(of, to)]
    return Comparison(of, to, accuracy, paired, speed, notes)


def nine(value: float | Decimal) -> Decimal:
    """Rounded to nine decimals, as the guide prints accuracies and ratios."""
    return Decimal(value).quantize(NINE, ROUND_HALF_UP)


def printed_ratio(of: float | Decimal, to: float | Decimal) -> str | None:
    """of / to with nine decimals, "1" where they are equal; None where `to` is 0."""
    if not to:
        return None
    return "1" if of == to else str(nine(Decimal(of) / Decimal(to)))


def accuracy_rows(of: Side, to: Side) -> list[AccuracyRow]:
    """The guide's rows. Ratios are those of the printed accuracies, which is how the guide's come out."""
    rows = []
    for name in (*CLASSES, AVERAGE):
        tallies = of.accuracy.get(name), to.accuracy.get(name)
        ratio = printed_ratio(*(nine(tally.accuracy) for tally in tallies)) if None not in tallies else None
        rows.append(AccuracyRow(name, *tallies, ratio))
    return rows


def sign_test(only_of: int, only_to: int) -> float:
    """The exact two-sided p value that questions which one side alone got right fall to either side equally.

    p = min(1, 2 * sum over i from 0 to min(b, c) of C(b + c, i) / 2^(b + c)), b and c being the two counts: the
    exact (binomial) form of McNemar's test (Q. McNemar, Psychometrika 12, 1947, pp. 153 to 157).
    """
    trials = only_of + only_to
    tail = sum(comb(trials, k) for k in range(min(only_of, only_to) + 1))
    return min(1.0, 2 * tail / 2**trials)


def pair_answers(of: Side, to: Side) -> Paired | None:
    """Counts over the questions that both answered; None where there is none, or the exams are not the same."""
    common = _shared_questions(of, to)
    if not common:
        return None
    marks = [tuple(truth == given for truth, given in (of.answers[key], to.answers[key])) for key in common]
    both, only_of, only_to, neither = (
        marks.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))
    )
    return Paired(len(common), both, only_of, only_to, neither, sign_test(only_of, only_to))


def speed_rows(of: Side, to: Side) -> tuple[list[SpeedRow], str]:
    """Rows by batch size, token and unit, and the sentence that says what the means are over."""
    pairs, basis = _speed_pairs(of, to)
    rows = []
    for batch, first, second in pairs:
        for token, name, index in ((FIRST, "first", 0), (NEXT, "next", 1)):
            rates = getattr(first, name), getattr(second, name)
            cases = tuple(times.cases[index] if times.cases else None for times in (first, second))
            for unit in (TOKENS_PER_S, MS_PER_TOKEN):
                ratio = printed_ratio(*(rate.given_in(unit) for rate in rates)) if None not in rates else None
                rows.append(SpeedRow(batch, token, unit, *rates, ratio, cases))
    return rows, basis


def accuracy_notes(of: Side, to: Side) -> list[str]:
    """What keeps the accuracies from being compared, a sentence each."""
    notes = _demo_notes(of, to, "accuracy", DEMO_ACCURACY) + _remarks(of, to, "accuracy")
    notes += _question_notes(of, to)
    return notes + _fact_notes(of, to, "accuracy", ("model", "protocol", "shots", "split", "dtype", "device"))


def speed_notes(of: Side, to: Side) -> list[str]:
    """What keeps the speeds from being compared, a sentence each."""
    notes = _demo_notes(of, to, "speed", DEMO_SPEED) + _remarks(of, to, "speed")
    return notes + _fact_notes(of, to, "speed", ("model", "device", "dtype", "world_size", "mode"))


def _lacking(choices: tuple[Choice, Choice], kind: str) -> str:
    names = dict.fromkeys(choice.text for choice in choices if kind not in choice.files)
    return f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} no {kind} figures"


def both(first: object, second: object) -> str:
    """What two sides state, as printed: once where it is the same."""
    shown = [NOT_STATED if value is None else str(value) for value in (first, second)]
    return " and ".join(dict.fromkeys(shown))


def _speed_pairs(of: Side, to: Side) -> tuple[list[tuple[str, Times, Times]], str]:
    """(batch size as printed, of's means, to's means), and the sentence that says what the means are over."""
    common = sorted(set(of.cases or ()) & set(to.cases or ()))
    if common:
        sizes = sorted({case[0] for case in common})
        pairs = [(str(size), *_common_means(of, to, [case for case in common if case[0] == size])) for size in sizes]
        every = "all" if len(of.cases) == len(to.cases) == len(common) else "the"
        return pairs, f"Means over {every} {len(common)} cases (batch, input, output) that both sides measured."
    basis = "Means over each side's own grid of cases"
    if of.cases and to.cases:
        basis += ": the two have no case (batch, input, output) in common"
    sizes = sorted(size for size in set(of.means) & set(to.means) if size is not None)
    if sizes:
        return [(str(size), of.means[size], to.means[size]) for size in sizes], f"{basis}."
    batches = [min(side.means, key=lambda size: size or 0, default=None) for side in (of, to)]
    means = [side.means.get(size, Times(None, None)) for side, size in zip((of, to), batches, strict=True)]
    return [(both(*batches), *means)], f"{basis}; batch size: {both(*batches)}."


def _common_means(of: Side, to: Side, cases: Sequence[Case]) -> tuple[Times, Times]:
    """Both sides' means, over the cases where both have the time in question."""
    kept_of, kept_to = [], []
    for case in cases:
        pairs = list(zip(of.cases[case], to.cases[case], strict=True))
        shared = [pair if None not in pair else (None, None) for pair in pairs]
        kept_of.append(tuple(pair[0] for pair in shared))
        kept_to.append(tuple(pair[1] for pair in shared))
    return case_means(kept_of), case_means(kept_to)


def _shared_questions(of: Side, to: Side) -> list[tuple[str, str]]:
    """The (subject, id) that both answered. None where they sat different exams, which number questions alike."""
    shared = [key for key in of.answers or {} if key in (to.answers or {})]
    demos = {side.facts.get("accuracy", {}).get("demo") for side in (of, to)}
    same = len(demos) == 1 and all(of.answers[key][0] == to.answers[key][0] for key in shared)
    return shared if same else []


def _question_notes(of: Side, to: Side) -> list[str]:
    if of.answers is not None and to.answers is not None:
        common = len(_shared_questions(of, to))
        if common == len(of.answers) == len(to.answers):
            return []
        counts = ", ".join(f"{len(side.answers) - common} that only {side.name} has" for side in (of, to))
        return [f"Different questions: {common} are the same; {counts}."]
    totals = [{name: tally.total for name, tally in side.accuracy.items()} for side in (of, to)]
    if totals[0] != totals[1]:
        asked = [f"{side.name} {side.accuracy[AVERAGE].total or 'does not say how many'}" for side in (of, to)]
        return [f"Different questions: asked were {', '.join(asked)}."]
    silent = _named([side for side in (of, to) if side.answers is None])
    return [f"Whether the questions are the same could not be checked: no single answers of {silent}."]


def _fact_notes(of: Side, to: Side, kind: str, names: Sequence[str]) -> list[str]:
    notes, unknown = [], []
    for name in names:
        values = [side.facts[kind].get(name) for side in (of, to)]
        if None in values:
            silent = [side for side, value in zip((of, to), values, strict=True) if value is None]
            unknown.append(f"{WORDS[name]} of {_named(silent)}")
        elif values[0] != values[1]:
            notes.append(f"Different {WORDS[name]}: {of.name} {values[0]}, {to.name} {values[1]}.")
    return notes + ([f"Not stated: {', '.join(unknown)}."] if unknown else [])


WORDS = {
    "model": "model",
    "protocol": "protocol",
    "shots": "number of shots",
    "split": "split",
    "dtype": "dtype",
    "device": "device",
    "world_size": "number of ranks",
    "mode": "way of timing (perf.mode)",
}


def _demo_notes(of: Side, to: Side, kind: str, text: str) -> list[str]:
    demos = [side for side in (of, to) if side.facts[kind].get("demo")]
    return [text.format(_named(demos))] if demos else []


def _named(sides: Sequence[Side]) -> str:
    return " and ".join(dict.fromkeys(side.name for side in sides))


def _remarks(of: Side, to: Side, kind: str) -> list[str]:
    return list(dict.fromkeys([*of.remarks.get(kind, ()), *to.remarks.get(kind, ())]))
