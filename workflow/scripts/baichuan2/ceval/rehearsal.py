"""Ask an exam's dev split like an exam: settings are chosen on it, so that val stays unseen."""

from __future__ import annotations

import torch

from baichuan2.ceval.exam import LETTERS, Exam
from baichuan2.ceval.protocols import build, get_protocol, option_tokens
from baichuan2.quantization.sensitivity import Question

PROTOCOL = "official"  # its options are scored, not generated: one forward a question
LIMIT = 2000  # tokens of a prompt, as the guide's protocol has


def rehearse(tokenizer, exam: Exam) -> list[Question]:
    """Every dev question of every subject, with the others of its subject as examples."""
    protocol, questions = get_protocol(PROTOCOL), []
    for subject in exam.subjects:
        dev = exam.dev[subject.name]
        for question in dev:
            others = [other for other in dev if other is not question]
            prompt = build(protocol, tokenizer, subject, question, others, LIMIT)
            options = tuple(option_tokens(protocol, tokenizer, prompt.text, len(question.options)))
            questions.append(Question(torch.tensor([prompt.tokens]), options, LETTERS.index(question.answer)))
    return questions
