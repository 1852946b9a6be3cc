"""Compare one side with the other: rows with their ratios, and what is not comparable. Torch-free."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import comb, nan

import pandas

from baichuan2.ceval.exam import CLASSES
from baichuan2.report.choice import Choice, shared_kinds
from baichuan2.report.intervals import Interval, paired_difference, unpaired_difference
from baichuan2.report.sides import (
    AVERAGE,
    CASE,
    MEASURED,
    MS_PER_TOKEN,
    QUESTION,
    TIMES,
    TOKENS,
    TOKENS_PER_S,
    Side,
    Tally,
    Times,
    alike,
    case_means,
    samples_of,
)
from baichuan2.speed.bootstrap import ratio_interval
from baichuan2.speed.rounds import in_turns
from baichuan2.speed.tables import host_notes
from baichuan2.text.tables import FIRST, MEDIAN, NEXT, demo_of
from baichuan2.text.words import listed, say, spoken

NINE = Decimal("1e-9")
NOT_STATED = "not stated"
ACCURACY = [f"{side}_{key}" for side in ("of", "to") for key in Tally._fields]
PAIRED, UNPAIRED = "paired", "unpaired"  # the intervals of a difference
NO_TIMES = Times(None, None)
SPOKEN = {FIRST: "first", MEDIAN: "next_median", NEXT: "next"}  # tokens: fields of Times


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
class Difference:
    """Accuracy `of` less `to`, in -1 to 1, with its 95 % interval, None where counts are not known; method: whose."""

    value: float
    interval: Interval | None
    method: str | None


@dataclass(frozen=True)
class Comparison:
    """Two sides, their tables (see `accuracy_table`, `speed_table`), None where a side has none; notes by kind.

    differences: {class or AVERAGE: Difference}, of those where both have an accuracy.
    """

    of: Side
    to: Side
    accuracy: pandas.DataFrame | None
    differences: dict[str, Difference]
    paired: Paired | None
    speed: pandas.DataFrame | None
    notes: dict[str, list[str]]


def compare(choices: tuple[Choice, Choice], read: Callable[[Choice, Sequence[str]], Side]) -> Comparison:
    """Compare two sides in the kinds that both have. read(choice, kinds) gives a side, as `sides.read_side`.

    Raises UserError where they share no kind, and what `read` raises.
    """
    kinds = shared_kinds(*choices)
    of, to = alike([read(choice, kinds) for choice in choices])
    notes = {kind: [_lacking(choices, kind)] for kind in ("accuracy", "speed")}
    accuracy = paired = speed = None
    differences = {}
    if "accuracy" in kinds:
        differences = accuracy_differences(of, to)
        accuracy, paired = accuracy_table(of, to), pair_answers(of, to)
        notes["accuracy"] = accuracy_notes(of, to)
    if "speed" in kinds:
        speed, basis = speed_table(of, to)
        notes["speed"] = [basis, *speed_notes(of, to)]
    return Comparison(of, to, accuracy, differences, paired, speed, notes)


def nine(value: float | Decimal | None) -> Decimal | None:
    """Rounded to nine decimals, as the guide prints accuracies and ratios."""
    return None if value is None else Decimal(value).quantize(NINE, ROUND_HALF_UP)


def printed_ratio(of: float | Decimal | None, to: float | Decimal | None) -> str | None:
    """of / to with nine decimals, "1" where they are equal; None where either is not known or `to` is 0."""
    if of is None or not to:
        return None
    return "1" if of == to else str(nine(Decimal(of) / Decimal(to)))


def accuracy_table(of: Side, to: Side) -> pandas.DataFrame:
    """A row a class, then AVERAGE: either side's ACCURACY and the ratio; None for what is not known.

    The ratio is of the accuracies as printed, which is how the guide's come out.
    """
    rows = []
    for name in (*_classes(of, to), AVERAGE):
        tallies = [side.accuracy.get(name, Tally(None, None, None)) for side in (of, to)]
        rows.append([name, *tallies[0], *tallies[1], printed_ratio(*(nine(tally.accuracy) for tally in tallies))])
    return pandas.DataFrame(rows, columns=["class", *ACCURACY, "ratio"], dtype=object)


def _classes(of: Side, to: Side) -> Iterable[str]:
    """C-Eval's, all four of them; of own exams those of either side."""
    names = [name for name in dict.fromkeys([*of.accuracy, *to.accuracy]) if name != AVERAGE]
    return CLASSES if set(names) <= set(CLASSES) else names


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
    shared = _shared_answers(of, to)
    return None if shared.empty else _paired(shared)


def _paired(shared: pandas.DataFrame) -> Paired:
    first, second = shared.given_of == shared.truth_of, shared.given_to == shared.truth_to
    only_of, only_to = int((first & ~second).sum()), int((second & ~first).sum())
    both, neither = int((first & second).sum()), int((~first & ~second).sum())
    return Paired(len(shared), both, only_of, only_to, neither, sign_test(only_of, only_to))


def accuracy_differences(of: Side, to: Side) -> dict[str, Difference]:
    """Paired where both answered the very questions that are counted; elsewhere as if the questions were others."""
    shared = _shared_answers(of, to)
    pairs = {str(name): _paired(rows) for name, rows in shared.groupby("class")}
    if len(shared):
        pairs[AVERAGE] = _paired(shared)
    either = {name: _difference(of.accuracy[name], to.accuracy[name], pairs.get(name))
              for name in (*_classes(of, to), AVERAGE) if name in of.accuracy and name in to.accuracy}  # fmt: skip
    return {name: difference for name, difference in either.items() if difference}


def _difference(of: Tally, to: Tally, pair: Paired | None) -> Difference | None:
    if of.accuracy is None or to.accuracy is None:
        return None
    value = of.accuracy - to.accuracy
    counts_of, counts_to = of.counts, to.counts
    if counts_of is None or counts_to is None:
        return Difference(value, None, None)
    if pair and pair.questions == of.total == to.total:
        return Difference(value, paired_difference(pair.both, pair.only_of, pair.only_to, pair.neither), PAIRED)
    return Difference(value, unpaired_difference(counts_of, counts_to), UNPAIRED)


def speed_table(of: Side, to: Side) -> tuple[pandas.DataFrame, str]:
    """The table, and the sentence that says what its means are over.

    A row a batch size (as printed, of both sides where they differ), token and unit: the Rates `of` and `to`, None
    where there is none, their ratio with its Interval, None where a side has no rounds, and of_cases and to_cases
    behind each mean, None where that is not stated. Medians of tokens have rows only where both sides know them.
    """
    pairs, basis = _speed_pairs(of, to)
    rows = []
    for pair in pairs:
        for token, name in SPOKEN.items():
            rates = [getattr(one, name) for one in pair.times]
            if token == MEDIAN and None in rates:
                continue
            cases = [one.cases and one.cases[token != FIRST] for one in pair.times]
            for unit in (TOKENS_PER_S, MS_PER_TOKEN):
                ratio = printed_ratio(*(None if rate is None else rate.given_in(unit) for rate in rates))
                rows.append([pair.batch, token, unit, *rates, ratio, pair.ratio_in(unit, name), *cases])
    columns = ["batch_size", "token", "unit", "of", "to", "ratio", "interval", "of_cases", "to_cases"]
    return pandas.DataFrame(rows, columns=columns, dtype=object), basis


def distinguishable(interval: Interval) -> bool:
    """Whether a ratio's interval leaves out 1."""
    return not interval.low <= 1 <= interval.high


def accuracy_notes(of: Side, to: Side) -> list[str]:
    """What keeps the accuracies from being compared, a sentence each."""
    notes = _demo_notes(of, to, "accuracy") + _remarks(of, to, "accuracy")
    notes += _generated_notes(of, to) + _question_notes(of, to)
    return notes + _fact_notes(of, to, "accuracy", ("model", "protocol", "shots", "split", "dtype", "device"))


def speed_notes(of: Side, to: Side) -> list[str]:
    """What keeps the speeds from being compared, a sentence each."""
    notes = _demo_notes(of, to, "speed") + _remarks(of, to, "speed")
    notes += _fact_notes(of, to, "speed", ("model", "device", "dtype", "world_size", "mode"))
    by_name = {side.name: side for side in (of, to)}
    if of.is_served or to.is_served:
        notes.append(say("Times are of whole tokens, the host's work included: a client of a server sees no others."))
    return notes + _turn_notes(of, to) + [note for side in by_name.values() for note in _noise_notes(side)]


def took_turns(of: Side, to: Side) -> bool:
    """Whether both sides' rounds were measured in turns on one host."""
    rounds_of, rounds_to = (side.facts["speed"].get("rounds") or [] for side in (of, to))
    return in_turns(rounds_of, rounds_to)


def _generated_notes(of: Side, to: Side) -> list[str]:
    sentences = {side.name: side.facts["accuracy"].get("generated") for side in (of, to)}
    return [f"{name}: {sentence}" for name, sentence in sentences.items() if sentence]


def _turn_notes(of: Side, to: Side) -> list[str]:
    """Of two runs; published figures and the SDK's have no rounds."""
    if {of.origin, to.origin} != {"run"} or of.name == to.name or took_turns(of, to):
        return []
    return [say("Not measured in turns: what else the host did at either time is in the ratio.")]


def _noise_notes(side: Side) -> list[str]:
    """What of a side's figures is noise, and what slowed its host down."""
    notes = [f"{side.name}: {note}" for note in host_notes(side.facts["speed"].get("rounds") or ())]
    noisy = int(side.cases.noise.sum())
    if noisy:
        text = "{name}: {n} of {total} cases have a figure that is noise (over perf.max_spread); see its summary.md."
        notes.append(say(text, name=side.name, n=noisy, total=len(side.cases)))
    return notes


def _lacking(choices: tuple[Choice, Choice], kind: str) -> str:
    names = list(dict.fromkeys(choice.text for choice in choices if kind not in choice.files))
    if len(names) == 1:
        return say(f"No {kind} table: {{name}} has no {kind} figures.", name=names[0])
    return say(f"No {kind} table: {{names}} have no {kind} figures.", names=listed(names, " and "))


def both(first: object, second: object) -> str:
    """What two sides state, as printed: once where it is the same."""
    shown = [say(NOT_STATED) if value is None else str(value) for value in (first, second)]
    return listed(dict.fromkeys(shown), " and ")


def shown_size(size: str) -> str:
    """A batch size of `speed_table` in the language of `words.spoken`."""
    return listed((say(part) if part == NOT_STATED else part for part in size.split(" and ")), " and ")


@dataclass(frozen=True)
class _Pair:
    """A batch size as printed, both sides' means, and their ratios' intervals, {field of Times: of the times}."""

    batch: str
    times: tuple[Times, Times]
    ratios: dict[str, Interval] = field(default_factory=dict)

    def ratio_in(self, unit: str, name: str) -> Interval | None:
        """The interval of the ratio of times, or of its inverse, that of speeds."""
        ratio = self.ratios.get(name)
        return ratio if ratio is None or unit == MS_PER_TOKEN else Interval(1 / ratio.high, 1 / ratio.low)


def _speed_pairs(of: Side, to: Side) -> tuple[list[_Pair], str]:
    """Both sides' means, and the sentence that says what they are over."""
    common = of.cases.merge(to.cases, on=CASE, suffixes=("_of", "_to"))
    if len(common):
        turns = took_turns(of, to)
        pairs = [_common_means(str(size), cases, turns) for size, cases in common.groupby("batch")]
        n = len(common)
        if len(of.cases) == len(to.cases) == n:
            return pairs, say("Means over all {n} cases (batch, input, output) that both sides measured.", n=n)
        return pairs, say("Means over the {n} cases (batch, input, output) that both sides measured.", n=n)
    basis = say("Means over each side's own grid of cases")
    if len(of.cases) and len(to.cases):
        basis += say(": the two have no case (batch, input, output) in common")
    sizes = sorted(size for size in set(of.means) & set(to.means) if size is not None)
    if sizes:
        return [_Pair(str(size), (of.means[size], to.means[size])) for size in sizes], basis + say(".")
    batches = [min(side.means, key=lambda size: size or 0, default=None) for side in (of, to)]
    means_of, means_to = (side.means.get(size, NO_TIMES) for side, size in zip((of, to), batches, strict=True))
    with spoken("en"):  # it is a cell of the csv too
        size = both(*batches)
    return [_Pair(size, (means_of, means_to))], basis + say("; batch size: {batches}.", batches=both(*batches))


def _common_means(batch: str, cases: pandas.DataFrame, turns: bool) -> _Pair:
    """Both sides' means over the cases of one batch size, each where both have the time in question."""
    sides = [
        cases[[*CASE, *(f"{name}_{side}" for name in (*TIMES, *MEASURED))]].rename(
            columns=lambda name: name.removesuffix(f"_{side}")  # noqa: B023
        )
        for side in ("of", "to")
    ]
    ratios = {}
    for token in TOKENS:
        lacking = sides[0][token].isna() | sides[1][token].isna()
        for side in sides:
            side.loc[lacking, token] = nan
        samples = [samples_of(side[~lacking], token) for side in sides]
        if samples[0] and samples[1] and (ends := ratio_interval(samples[0], samples[1], turns)):
            ratios[token] = Interval(*ends)
    return _Pair(batch, (case_means(sides[0]), case_means(sides[1])), ratios)


def _shared_answers(of: Side, to: Side) -> pandas.DataFrame:
    """The questions that both answered; none where the exams differ, whose ids may still be the same."""
    shared = of.answers.merge(to.answers, on=QUESTION, suffixes=("_of", "_to"))
    exams = {tuple(map(side.facts.get("accuracy", {}).get, ("demo", "exam"))) for side in (of, to)}
    same = len(exams) == 1 and shared.truth_of.equals(shared.truth_to)
    return shared if same else shared[:0]


def _question_notes(of: Side, to: Side) -> list[str]:
    if len(of.answers) and len(to.answers):
        common = len(_shared_answers(of, to))
        if common == len(of.answers) == len(to.answers):
            return []
        own = [say("{n} that only {name} has", n=len(side.answers) - common, name=side.name) for side in (of, to)]
        return [say("Different questions: {n} are the same; {own}.", n=common, own=listed(own))]
    totals = [{name: tally.total for name, tally in side.accuracy.items()} for side in (of, to)]
    if totals[0] != totals[1]:
        unknown = say("does not say how many")
        numbers = [f"{side.name} {side.accuracy[AVERAGE].total or unknown}" for side in (of, to)]
        return [say("Different questions: asked were {numbers}.", numbers=listed(numbers))]
    silent = _named([side for side in (of, to) if side.answers.empty])
    return [
        say("Whether the questions are the same could not be checked: no single answers of {names}.", names=silent)
    ]


def _fact_notes(of: Side, to: Side, kind: str, names: Sequence[str]) -> list[str]:
    notes, unknown = [], []
    for name in names:
        values = [side.facts[kind].get(name) for side in (of, to)]
        if None in values:
            silent = [side for side, value in zip((of, to), values, strict=True) if value is None]
            unknown.append(say("{fact} of {names}", fact=say(WORDS[name]), names=_named(silent)))
        elif values[0] != values[1]:
            stated = listed(f"{side.name} {value}" for side, value in zip((of, to), values, strict=True))
            notes.append(say("Different {fact}: {stated}.", fact=say(WORDS[name]), stated=stated))
    return notes + ([say("Not stated: {facts}.", facts=listed(unknown))] if unknown else [])


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


def _demo_notes(of: Side, to: Side, kind: str) -> list[str]:
    demos = [side for side in (of, to) if side.facts[kind].get("demo")]
    return [demo_of(kind, _named(demos))] if demos else []


def _named(sides: Sequence[Side]) -> str:
    return listed(dict.fromkeys(side.name for side in sides), " and ")


def _remarks(of: Side, to: Side, kind: str) -> list[str]:
    return list(dict.fromkeys([*of.remarks.get(kind, ()), *to.remarks.get(kind, ())]))
