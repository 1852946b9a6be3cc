"""Check, by asking an exam in four ways, whether answers depend on what they are computed with. Torch-free."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from baichuan2.ceval.exam import Exam
from baichuan2.ceval.protocols import Protocol
from baichuan2.ceval.records import Record
from baichuan2.ceval.scoring import SCORED_TOGETHER, Item, answer, batches, decide_near_ties, option_ids, prepare
from baichuan2.engine.protocols import Scoring
from baichuan2.errors import UserError
from baichuan2.files import write_text
from baichuan2.text.tables import NOTHING, table


@dataclass(frozen=True)
class Way:
    """One way of asking all questions, and how it compares with the first.

    batch: the most questions computed together. prefix: whether the tokens that they share are computed once.
    seconds: for all questions, without deciding near ties. near_ties: how many were decided in float64.
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

    With `exact`, raises UserError where an answer is not the same in all ways, or scores differ by more than half
    of the engine's near_tie: then an answer to another exam could differ.
    """
    items = prepare(engine.tokenizer, exam, protocol, shots, protocol.prompt_limit(engine.max_seq_len))
    candidates = option_ids(engine.tokenizer, protocol, items)
    together = batch if protocol.kind == "generate" else SCORED_TOGETHER
    ways: list[Way] = []
    first = None
    for size, prefix in ((together, True), (1, True), (together, False), (1, False)):
        start = time.perf_counter()
        fast = _ask(engine, protocol, candidates, items, size, prefix)
        seconds = time.perf_counter() - start
        records = decide_near_ties(engine, protocol, candidates, items, fast) if exact else fast
        first = first or (fast, records)
        ways.append(_compared(fast, records, *first, size, prefix, seconds))
    if exact:
        assert engine.near_tie is not None  # else it has no scores in float64
        _refuse_differences(ways, engine.near_tie)
    return ways, len(items)


def _ask(
    engine: Scoring, protocol: Protocol, candidates: list[int], items: Sequence[Item], size: int, share: bool
) -> list[Record]:
    records: dict[tuple[str, str], Record] = {}
    title = f"{'one by one' if size == 1 else f'{size} together'}, {'shared' if share else 'no shared'} prefix"
    with tqdm(total=len(items), desc=title, unit="question", mininterval=1, disable=engine.rank > 0) as progress:
        for prefix, group in batches(items, size):
            for record in answer(engine, protocol, candidates, prefix if share else [], group):
                records[record.subject, record.id] = record
            progress.update(len(group))
    return [records[item.question.subject, item.question.id] for item in items]


def _compared(
    fast: Sequence[Record], records: Sequence[Record], first_fast: Sequence[Record], first: Sequence[Record],
    size: int, prefix: bool, seconds: float,
) -> Way:  # fmt: skip
    others = sum(a.prediction != b.prediction for a, b in zip(records, first, strict=True))
    pairs = [(a.scores, b.scores) for a, b in zip(fast, first_fast, strict=True) if a.scores and b.scores]
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
    statement = (
        "Near ties were decided in float64: answers are the same in every way of computing them."
        if exact
        else "Not in exact mode (ceval.exact): near ties may be answered otherwise in another batch."
    )
    text = "\n\n".join([f"# {title}", table(rows, headers, "github", "llllll"), statement]) + "\n"
    write_text(out, text)
    return text
