"""Asking an engine every question of an exam. The engine is duck-typed, so this imports no torch."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from baichuan2.ceval.exam import LETTERS, Exam, Question, Subject
from baichuan2.ceval.journal import Journal
from baichuan2.ceval.protocols import Prompt, Protocol, build, first_letter, option_tokens, shared_prefix
from baichuan2.ceval.records import Record
from baichuan2.errors import UserError

log = logging.getLogger(__name__)

# Questions a call to engine.score, which packs them as its memory allows: all of a published subject, so that
# a prefix is computed once. It is also the journal's step.
SCORED_TOGETHER = 64


@dataclass(frozen=True)
class Asked:
    """A question and the prompt that asks it."""

    question: Question
    prompt: Prompt


def score_exam(
    engine: Any,
    exam: Exam,
    protocol: Protocol,
    shots: int = 5,
    batch: int = 8,
    journal: Path | None = None,
    identity: dict[str, Any] | None = None,
) -> list[Record]:
    """A record for every question, in the exam's order; the same list on every rank.

    batch: questions whose answers are generated together (kind "generate"). journal: where answers are kept
    as they come; a run with the same prompts and protocol, and the same `identity` (what else decides an
    answer, JSON-ready: model, precision, dtype, device, world size), goes on from it. Delete it when the
    records are written.
    Raises UserError: more shots than the dev split has, no room for a prompt, letters that are not single
    tokens, or logits that are not numbers.
    """
    asked = prepare(engine.tokenizer, exam, protocol, shots, protocol.prompt_limit(engine.max_seq_len))
    candidates = _candidates(engine.tokenizer, protocol, asked) if protocol.kind == "options" else []
    leads = engine.rank == 0
    with Journal(journal, _identity(asked, candidates, protocol, identity), leads) as kept:
        if kept.records and leads:
            log.info("going on: %d of %d questions were answered before", len(kept.records), len(asked))
        progress = tqdm(
            total=len(asked), initial=len(kept.records), unit="question", mininterval=1, disable=not leads
        )
        with progress:
            size = batch if protocol.kind == "generate" else SCORED_TOGETHER
            for prefix, group in _batches(asked, size, kept.records):
                kept.append(_answer(engine, protocol, candidates, prefix, group))
                progress.update(len(group))
        return [kept.records[item.question.subject, item.question.id] for item in asked]


def prepare(tokenizer: Any, exam: Exam, protocol: Protocol, shots: int, limit: int) -> list[Asked]:
    """Every question with its prompt of at most `limit` tokens; raises UserError for too many shots."""
    asked = []
    for subject in exam.subjects:
        examples = _examples(exam, subject, shots)
        for question in exam.questions[subject.name]:
            prompt = build(protocol, tokenizer, subject, question, examples, limit)
            asked.append(Asked(question, prompt))
    return asked


def _examples(exam: Exam, subject: Subject, shots: int) -> Sequence[Question]:
    examples = exam.dev[subject.name]
    if not 0 <= shots <= len(examples):
        raise UserError(f"ceval.shots: {shots} is not 0 to {len(examples)}, the dev rows of {subject.name}")
    return examples[:shots]


def _candidates(tokenizer: Any, protocol: Protocol, asked: Sequence[Asked]) -> list[int]:
    """The four letters' token ids, found once a subject: the end of a prompt is the same in all of one."""
    firsts = {item.question.subject: item for item in reversed(asked)}
    found = {tuple(option_tokens(protocol, tokenizer, item.prompt.text)) for item in firsts.values()}
    if len(found) != 1:
        raise UserError(
            f"ceval.protocol: this tokenizer writes the letters of {protocol.name} in {len(found)} forms, so "
            "their logits cannot be compared; use protocol sdk"
        )
    return list(found.pop())


def _identity(asked: Sequence[Asked], candidates: list[int], protocol: Protocol, more: dict[str, Any] | None) -> str:
    """A hash of all that decides the answers, and so of nothing that does not (batch, progress)."""
    parts = [[protocol.kind, protocol.answer_tokens, candidates, more]]
    for item in asked:
        parts.append([item.question.subject, item.question.id, item.question.answer, item.prompt.tokens])
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _batches(
    asked: Sequence[Asked], size: int, done: dict[tuple[str, str], Record]
) -> Iterator[tuple[list[int], list[Asked]]]:
    """(shared prefix, questions): of one subject, with the same shots, of about one length, not yet done."""
    groups = defaultdict(list)
    for item in asked:
        groups[item.question.subject, item.prompt.shots].append(item)
    for group in groups.values():
        # Of the done ones too, so that a resumed run computes what a whole one does.
        shared = shared_prefix([item.prompt for item in group])
        left = [item for item in group if (item.question.subject, item.question.id) not in done]
        left.sort(key=lambda item: len(item.prompt.tokens))
        for start in range(0, len(left), size):
            yield list(group[0].prompt.tokens[:shared]), left[start : start + size]


def _answer(
    engine: Any, protocol: Protocol, candidates: list[int], prefix: list[int], group: Sequence[Asked]
) -> list[Record]:
    suffixes = [list(item.prompt.tokens[len(prefix) :]) for item in group]
    if protocol.kind == "options":
        rows = engine.score(prefix, suffixes, candidates)
        return [_by_scores(item, list(map(float, row))) for item, row in zip(group, rows, strict=True)]
    outputs = engine.generate(suffixes, protocol.answer_tokens, prefix=prefix)
    return [_by_text(item, engine.tokenizer.decode(ids)) for item, ids in zip(group, outputs, strict=True)]


def _by_text(item: Asked, text: str) -> Record:
    return _record(item, first_letter(text), continuation=text)


def _by_scores(item: Asked, scores: list[float]) -> Record:
    if not all(map(math.isfinite, scores)):
        where = f"{item.question.subject} question {item.question.id}"
        raise UserError(f"the logits for {where} are {scores}; set a dtype with more range, as float32")
    return _record(item, LETTERS[scores.index(max(scores))], scores=scores)


def _record(item: Asked, prediction: str, **found: Any) -> Record:
    question, prompt = item.question, item.prompt
    return Record(
        question.subject,
        question.id,
        question.answer,
        prediction,
        prompt.shots,
        len(prompt.tokens),
        prompt.truncated,
        **found,
    )
