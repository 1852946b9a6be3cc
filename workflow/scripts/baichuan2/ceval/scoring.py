"""Ask an engine every question of an exam. Imports no torch."""

from __future__ import annotations

import hashlib
import heapq
import json
import logging
import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from tqdm import tqdm

from baichuan2.ceval.exam import Exam, Question, Subject
from baichuan2.ceval.journal import Journal, earlier_seconds
from baichuan2.ceval.protocols import Prompt, Protocol, Tokenizer, build, first_letter, option_tokens, shared_prefix
from baichuan2.ceval.records import NO_ANSWER, Record, write_records
from baichuan2.ceval.sharing import WHOLE, Share, share_header, share_of
from baichuan2.engine.options import MORE_RANGE
from baichuan2.engine.protocols import Asked, Scoring
from baichuan2.errors import UserError
from baichuan2.model.tokenizer import EOS_ID

log = logging.getLogger(__name__)

# Questions a call to engine.score, which packs them as its memory allows. No published subject has more, so a
# prefix is computed once. The journal is written after each call.
SCORED_TOGETHER = 64


@dataclass(frozen=True)
class Item:
    """A question of the exam and the prompt that asks it."""

    question: Question
    prompt: Prompt


# The records of questions that share a prefix: (prefix, questions), asked together.
Answer = Callable[[list[int], Sequence[Item]], list[Record]]


def of_engine(engine: Scoring, protocol: Protocol, candidates: list[int]) -> Answer:
    """Answers by this workflow's own engine."""
    return lambda prefix, group: answer(engine, protocol, candidates, prefix, group)


def write_share(
    out: Path,
    engine: Asked,
    exam: Exam,
    protocol: Protocol,
    shots: int,
    split: str,
    batch: int,
    exact: str,
    share: Share,
    demo: bool,
    identity: dict[str, Any],
    **asking: Any,
) -> None:
    """Publish the records of `score_share` as `out`, on rank 0; a run that was cut off goes on, by a journal there.

    exact: ceval.exact, see is_exact. demo: the exam is none of C-Eval's as a whole. asking: score_share's answers and
    together. Raises UserError as both do.
    """
    journal, start = out.with_name(f".{out.stem}.journal"), time.perf_counter()
    decides = is_exact(exact, engine)
    records = score_share(engine, exam, protocol, shots, batch, journal, identity, decides, share, **asking)
    earlier = earlier_seconds(journal) if engine.rank == 0 else 0.0
    seconds = earlier + time.perf_counter() - start
    header = {
        **run_header(protocol.name, shots, split, decides, engine.environment(), seconds),
        **({} if demo else exam.header()),
        **share_header(share, list(records)),
    }
    if engine.rank == 0:
        write_records(out, header, records.values())
        journal.unlink(missing_ok=True)


def score_share(
    engine: Asked,
    exam: Exam,
    protocol: Protocol,
    shots: int = 5,
    batch: int = 8,
    journal: Path | None = None,
    identity: dict[str, Any] | None = None,
    exact: bool = False,
    share: Share = WHOLE,
    answers: Callable[[Any, Protocol, list[int]], Answer] = of_engine,
    together: int = SCORED_TOGETHER,
) -> dict[int, Record]:
    """{place in the exam: record} of every question of a share, in the exam's order; the same on every rank.

    A share is made of whole batches, so that its answers are computed as if one replica asked the whole exam.
    answers: what asks the engine, given the options' token ids. batch: questions whose answers are generated together
    (kind "generate"); together: whose options are scored in a call (kind "options"). journal: where answers are kept
    as they come; a run with the same prompts and protocol, and the same `identity` (what else decides an
    answer, JSON-ready: model, precision, dtype, device, world size), goes on from it. Delete it when the
    records are written. exact: near ties are decided in float64, so that no answer depends on what it was computed
    together with (only for an engine with a near_tie).
    Raises UserError: more shots than the dev split has, no room for a prompt, letters that are not single
    tokens, more replicas than batches, or logits that are not numbers.
    """
    whole = prepare(engine.tokenizer, exam, protocol, shots, protocol.prompt_limit(engine.max_seq_len))
    candidates = option_ids(engine.tokenizer, protocol, whole)
    groups = batches(whole, batch if protocol.kind == "generate" else together)
    groups = share_of(share, groups, [_tokens(*group) for group in groups])
    mine = {item.question for _, group in groups for item in group}
    places = {place: item for place, item in enumerate(whole) if item.question in mine}
    items = list(places.values())
    leads = engine.rank == 0
    ask = answers(engine, protocol, candidates)
    with Journal(journal if leads else None, _identity(items, candidates, protocol, identity)) as answered:
        # Rank 0's, not each rank's own file: a host that sees the file late would ask what the others skip.
        answered.records = engine.ranks.from_first(answered.records)
        if answered.records and leads:
            log.info("going on: %d of %d questions were answered before", len(answered.records), len(items))
        progress = tqdm(
            total=len(items), initial=len(answered.records), unit="question", mininterval=1, disable=not leads
        )
        with progress:
            for prefix, group in groups:
                left = [item for item in group if (item.question.subject, item.question.id) not in answered.records]
                if left:
                    answered.append(ask(prefix, left))
                    progress.update(len(left))
        records = [answered.records[item.question.subject, item.question.id] for item in items]
        records = decide_near_ties(cast(Scoring, engine), protocol, candidates, items, records) if exact else records
        return dict(zip(places, records, strict=True))


def is_exact(setting: str, engine: Asked) -> bool:
    """Whether ceval.exact holds for an engine: auto is true where it has a near_tie, which is in float32.

    Raises UserError for true where it has none.
    """
    if setting == "true" and engine.near_tie is None:
        raise UserError(
            "ceval.exact: true needs this workflow's own engine, and engine.dtype float32; set these, or set "
            "ceval.exact to auto"
        )
    return engine.near_tie is not None and setting != "false"


def warn_of_unpublished(place: Path, exam: Exam, demo: bool) -> None:
    """Log how many files of the exam at `place` are not C-Eval's; the demo's are none."""
    if exam.unpublished and not demo:
        log.warning("%s: %d of its files are not C-Eval's published ones", place, len(exam.unpublished))


def run_header(
    protocol: str, shots: int, split: str, exact: bool, environment: Mapping[str, Any], seconds: float
) -> dict[str, Any]:
    """What a records file's header says of the run; environment: the engine's, or the server's."""
    return {
        "protocol": protocol,
        "shots": shots,
        "split": split,
        "precision": environment["precision"],
        "dtype": environment["dtype"],
        "device": environment["device"],
        "world_size": environment.get("world_size"),
        "exact": exact,
        "seconds": round(seconds, 3),
        "environment": dict(environment),
    }


def prepare(tokenizer: Tokenizer, exam: Exam, protocol: Protocol, shots: int, limit: int) -> list[Item]:
    """Every question with its prompt of at most `limit` tokens; raises UserError for too many shots."""
    items = []
    for subject in exam.subjects:
        examples = _examples(exam, subject, shots)
        for question in exam.questions[subject.name]:
            prompt = build(protocol, tokenizer, subject, question, examples, limit)
            items.append(Item(question, prompt))
    return items


def _examples(exam: Exam, subject: Subject, shots: int) -> Sequence[Question]:
    examples = exam.dev[subject.name] if shots else ()
    if not 0 <= shots <= len(examples):
        raise UserError(f"ceval.shots: {shots} is not 0 to {len(examples)}, the dev rows of {subject.name}; lower it")
    return examples[:shots]


def option_ids(tokenizer: Tokenizer, protocol: Protocol, items: Sequence[Item]) -> list[int]:
    """The token ids of the letters of the exam's longest list of options; [] for a protocol that reads answers.

    One prompt of each subject is looked at, since all prompts of a subject end alike.
    """
    if protocol.kind == "generate":
        return []
    firsts = {item.question.subject: item for item in reversed(items)}
    most = max(len(item.question.options) for item in items)
    forms = {tuple(option_tokens(protocol, tokenizer, item.prompt.text, most)) for item in firsts.values()}
    if len(forms) != 1:
        raise UserError(
            f"ceval.protocol: this tokenizer writes the letters of {protocol.name} in {len(forms)} forms, so "
            "their logits cannot be compared; use protocol sdk"
        )
    return list(forms.pop())


def _identity(items: Sequence[Item], candidates: list[int], protocol: Protocol, more: dict[str, Any] | None) -> str:
    """A hash of all that decides the answers, and of nothing else (no batch size, no progress)."""
    parts = [[protocol.kind, protocol.answer_tokens, candidates, more]]
    for item in items:
        question = item.question
        parts.append([question.subject, question.id, question.answer, len(question.options), item.prompt.tokens])
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def batches(items: Sequence[Item], size: int) -> list[tuple[list[int], list[Item]]]:
    """(shared prefix, items) of each batch: of one subject, with as many shots, of about one length."""
    groups = defaultdict(list)
    for item in items:
        groups[item.question.subject, item.prompt.shots].append(item)
    chunks = []
    for group in groups.values():
        prefix = list(group[0].prompt.tokens[: shared_prefix([item.prompt for item in group])])
        group.sort(key=lambda item: len(item.prompt.tokens))
        chunks += [(prefix, group[start : start + size]) for start in range(0, len(group), size)]
    return chunks


def _tokens(prefix: Sequence[int], group: Sequence[Item]) -> int:
    """How many tokens a batch computes, those of the prefix once."""
    return len(prefix) + sum(len(item.prompt.tokens) - len(prefix) for item in group)


def answer(
    engine: Scoring, protocol: Protocol, candidates: list[int], prefix: list[int], group: Sequence[Item]
) -> list[Record]:
    """The records of questions that share `prefix`, computed together."""
    suffixes = [list(item.prompt.tokens[len(prefix) :]) for item in group]
    if protocol.kind == "options":
        rows = engine.score(prefix, suffixes, candidates)
        return [by_scores(item, list(map(float, row))) for item, row in zip(group, rows, strict=True)]
    leads: list[list[float]] = []
    outputs = engine.generate(suffixes, protocol.answer_tokens, prefix=prefix, on_leads=leads.append)
    return [
        _by_text(engine.tokenizer, item, ids, [step[row] for step in leads])
        for row, (item, ids) in enumerate(zip(group, outputs, strict=True))
    ]


def decide_near_ties(
    engine: Scoring, protocol: Protocol, candidates: list[int], items: Sequence[Item], records: Sequence[Record]
) -> list[Record]:
    """The records; those whose lead is under the engine's near_tie are made anew from float64 scores."""
    bound = engine.near_tie
    assert bound is not None  # is_exact has looked
    near = [item for item, record in zip(items, records, strict=True) if cast(float, record.lead) < bound]
    if not near:
        return list(records)
    log.info("%d of %d answers are near ties: deciding them in float64", len(near), len(records))
    decide = _options_exactly if protocol.kind == "options" else _text_exactly
    decided = {(r.subject, r.id): replace(r, exact=True) for r in decide(engine, protocol, candidates, near)}
    return [decided.get((record.subject, record.id), record) for record in records]


def _options_exactly(
    engine: Scoring, protocol: Protocol, candidates: list[int], near: Sequence[Item]
) -> list[Record]:
    rows = engine.score_exactly([item.prompt.tokens for item in near], candidates)
    return [by_scores(item, row) for item, row in zip(near, rows, strict=True)]


def _text_exactly(engine: Scoring, protocol: Protocol, _: list[int], near: Sequence[Item]) -> list[Record]:
    """Greedy answers, token by token, each up to its first letter, which alone decides."""
    ids: list[list[int]] = [[] for _ in near]
    leads: list[list[float]] = [[] for _ in near]
    unread = list(range(len(near)))
    for _step in range(protocol.answer_tokens):
        rows = engine.score_exactly([(*near[k].prompt.tokens, *ids[k]) for k in unread])
        for k, row in zip(unread, rows, strict=True):
            leads[k].append(_lead(row))
            ids[k].append(row.index(max(row)))
        unread = [k for k in unread if ids[k][-1] != EOS_ID and _letter_at(engine.tokenizer, ids[k]) is None]
        if not unread:
            break
    ended = [part[:-1] if part[-1] == EOS_ID else part for part in ids]
    return [_by_text(engine.tokenizer, *each) for each in zip(near, ended, leads, strict=True)]


def _by_text(tokenizer: Tokenizer, item: Item, ids: list[int], leads: Sequence[float]) -> Record:
    text = tokenizer.decode(ids)
    read = _letter_at(tokenizer, ids) or len(ids) + 1  # with none, the end of the sequence is part of the answer
    return record_of(item, first_letter(text), continuation=text, lead=min(leads[:read]))


def _letter_at(tokenizer: Tokenizer, ids: list[int]) -> int | None:
    """How many tokens make the answer's first letter, or None where there is none."""
    counts = range(1, len(ids) + 1)
    return next((count for count in counts if first_letter(tokenizer.decode(ids[:count])) != NO_ANSWER), None)


def by_scores(item: Item, scores: Sequence[float | None], **outcome: Any) -> Record:
    """scores: of the letters of the exam's longest list of options; None for one that is below all others."""
    scores = list(scores[: len(item.question.options)])
    known = [score for score in scores if score is not None]
    if not all(map(math.isfinite, known)):
        where = f"{item.question.subject} question {item.question.id}"
        raise UserError(f"the logits for {where} are {scores}; {MORE_RANGE}")
    lead = _lead(known) if len(known) > 1 else None
    return record_of(item, item.question.letters[scores.index(max(known))], scores=scores, lead=lead, **outcome)


def _lead(scores: Sequence[float]) -> float:
    best, second = heapq.nlargest(2, scores)
    return best - second


def record_of(item: Item, prediction: str, **outcome: Any) -> Record:
    """The record of a question; outcome: its other fields."""
    question, prompt = item.question, item.prompt
    return Record(
        question.subject,
        question.id,
        question.answer,
        prediction,
        prompt.shots,
        len(prompt.tokens),
        prompt.truncated,
        options=len(question.options),
        **outcome,
    )
