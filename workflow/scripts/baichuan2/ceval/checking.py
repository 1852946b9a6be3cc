"""Whether answers depend on what they are computed together with: the same exam, asked in four ways. Torch-free."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from baichuan2.ceval.exam import Exam
from baichuan2.ceval.protocols import Protocol
from baichuan2.ceval.records import Record
from baichuan2.ceval.scoring import SCORED_TOGETHER, Asked, answer, batches, decide_near_ties, option_ids, prepare
from baichuan2.engine.protocols import Scoring
from baichuan2.errors import UserError
from baichuan2.files import write_text
from baichuan2.tables import NOTHING, table


@dataclass(frozen=True)
class Way:
    """One way of asking all questions, and how it compares with the first.

    batch: questions computed together at most. prefix: whether they share the computation of what they have in
    common. seconds: of all questions, near ties not included. near_ties: how many were decided in float64.
    other_answers: questions whose answer is not the first way's. largest_difference: of any option's score from
    the first way's (None for generated answers).
    """

    batch: int
    prefix: bool
    seconds: float
    near_ties: int
    other_answers: int
    largest_difference: float | None


def check_exam(
    engine: Scoring, exam: Exam, protocol: Protocol, shots: int, batch: int, exact: bool
) -> tuple[list[Way], int]:
    """Ask every question in batches and alone, with and without the shared prefix -> (ways, questions).

    Raises UserError where `exact` and an answer is not the same in all of them, or scores differ by more than half
    of what counts as a near tie, so that the next exam could have such an answer.
    """
    asked = prepare(engine.tokenizer, exam, protocol, shots, protocol.prompt_limit(engine.max_seq_len))
    candidates = option_ids(engine.tokenizer, protocol, asked)
    together = batch if protocol.kind == "generate" else SCORED_TOGETHER
    ways: list[Way] = []
    first = None
    for size, prefix in ((together, True), (1, True), (together, False), (1, False)):
        start = time.perf_counter()
        fast = _ask(engine, protocol, candidates, asked, size, prefix)
        seconds = time.perf_counter() - start
        records = decide_near_ties(engine, protocol, candidates, asked, fast) if exact else fast
        first = first or (fast, records)
        ways.append(_compared(fast, records, *first, size, prefix, seconds))
    if exact:
        _refuse_differences(ways, engine.near_tie)
    return ways, len(asked)


def _ask(
    engine: Scoring, protocol: Protocol, candidates: list[int], asked: Sequence[Asked], size: int, share: bool
) -> list[Record]:
    found: dict[tuple[str, str], Record] = {}
    title = f"{'one by one' if size == 1 else f'{size} together'}, {'shared' if share else 'no shared'} prefix"
    with tqdm(total=len(asked), desc=title, unit="question", mininterval=1, disable=engine.rank > 0) as progress:
        for prefix, group in batches(asked, size):
            for record in answer(engine, protocol, candidates, prefix if share else [], group):
                found[record.subject, record.id] = record
            progress.update(len(group))
    return [found[item.question.subject, item.question.id] for item in asked]


def _compared(
    fast: Sequence[Record], records: Sequence[Record], first_fast: Sequence[Record], first: Sequence[Record],
    size: int, prefix: bool, seconds: float,
) -> Way:  # fmt: skip
    others = sum(a.prediction != b.prediction for a, b in zip(records, first, strict=True))
    pairs = [(a.scores, b.scores) for a, b in zip(fast, first_fast, strict=True) if a.scores]
    differences = [abs(x - y) for one, other in pairs for x, y in zip(one, other, strict=True)]
    near = sum(record.exact for record in records)
    return Way(size, prefix, seconds, near, others, max(differences, default=None))


def _refuse_differences(ways: Sequence[Way], near_tie: float) -> None:
    others = max(way.other_answers for way in ways)
    difference = max(way.largest_difference or 0.0 for way in ways)
    if others or difference > near_tie / 2:
        raise UserError(
            f"ceval.exact: {others} answers depend on how they are computed, and scores differ by up to "
            f"{difference:.2g} where {near_tie / 2:.2g} is allowed for; raise NEAR_TIE in engine/engine.py"
        )


def write_check(out: Path, ways: Sequence[Way], questions: int, title: str, exact: bool) -> str:
    """Write the table to `out` (Markdown) and return it."""
    rows = [
        [
            way.batch, "shared" if way.prefix else "not shared", f"{questions / way.seconds:.1f}", way.near_ties,
            way.other_answers, NOTHING if way.largest_difference is None else f"{way.largest_difference:.2g}",
        ]
        for way in ways
    ]  # fmt: skip
    headers = ["together", "prefix", "questions/s", "near ties", "other answers", "largest difference of a score"]
    said = (
        "Near ties were decided in float64: answers are the same in every way of computing them."
        if exact
        else "Not in exact mode (ceval.exact): near ties may be answered otherwise in another batch."
    )
    text = "\n\n".join([f"# {title}", table(rows, headers, "github", "llllll"), said]) + "\n"
    write_text(out, text)
    return text
