"""Ways of asking a question, by name: what is written before the answer, and how the answer is taken.

Scores of different protocols differ by several points for one model, so every result names its own.
- sdk: the Ascend guide's SDK. English MMLU template, the answer is generated, prompts of 2000 tokens.
- official: the C-Eval authors' own. Chinese template, the most likely of the options' letters.
- lm-eval: lm-evaluation-harness 0.4's ceval-valid. As official, but without 考试 in the header, the
  question stripped, and a blank before each letter. (It cuts a long prompt on the left at once; here
  shots are dropped first, as in the others.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol as Duck

from baichuan2.ceval.exam import LETTERS, OPTIONS, Question, Subject
from baichuan2.ceval.records import NO_ANSWER
from baichuan2.errors import UserError, shown


class Tokenizer(Duck):
    """What a protocol needs of a tokenizer; encode adds no special tokens."""

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: list[int]) -> str: ...


@dataclass(frozen=True)
class Protocol:
    """A prompt template and its way of taking the answer.

    kind: "options" (largest logit of the options' letters) or "generate" (first letter of a continuation).
    header: its {english} is the subject's key with blanks, {chinese} its Chinese title.
    cue, blank: a shot ends in cue + blank + letter; a question ends in cue.
    strip_question: whether blanks around the question's text are removed.
    max_prompt_tokens: the protocol's own limit (None: the engine's alone).
    answer_tokens: room kept for the answer, and the number of tokens generated.
    """

    name: str
    kind: str
    header: str
    cue: str
    blank: str
    strip_question: bool
    max_prompt_tokens: int | None
    answer_tokens: int

    def prompt_limit(self, max_seq_len: int) -> int:
        """Tokens that a prompt may have in an engine of `max_seq_len`; raises UserError if none are left."""
        room = max_seq_len - self.answer_tokens
        if room < 1:
            raise UserError(
                f"engine.max_seq_len: {max_seq_len} leaves no room for a prompt and {self.answer_tokens} tokens of "
                f"answer (ceval.protocol {self.name}); raise it"
            )
        return room if self.max_prompt_tokens is None else min(room, self.max_prompt_tokens)


PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol(
            name="sdk",
            kind="generate",
            # Two blanks, as the MMLU code that it was taken from writes them.
            header="The following are multiple choice questions (with answers) about  {english}.\n\n",
            cue="Answer:",
            blank=" ",
            strip_question=False,
            max_prompt_tokens=2000,
            answer_tokens=32,
        ),
        Protocol(
            name="official",
            kind="options",
            header="以下是中国关于{chinese}考试的单项选择题，请选出其中的正确答案。\n\n",
            cue="答案：",
            blank="",
            strip_question=False,
            max_prompt_tokens=None,
            answer_tokens=1,
        ),
        Protocol(
            name="lm-eval",
            kind="options",
            header="以下是中国关于{chinese}的单项选择题，请选出其中的正确答案。\n\n",
            cue="答案：",
            blank=" ",
            strip_question=True,
            max_prompt_tokens=None,
            answer_tokens=1,
        ),
    )
}


@dataclass(frozen=True)
class Prompt:
    """A question ready to be asked.

    text: the whole prompt; tokens: what the model reads, which is all of it unless `truncated`;
    shots: how many examples are in it.
    """

    text: str
    tokens: tuple[int, ...]
    shots: int
    truncated: bool


def get_protocol(name: str) -> Protocol:
    """The protocol of that name; raises UserError naming the key."""
    if name not in PROTOCOLS:
        raise UserError(f"ceval.protocol: {shown(name)} is not one of {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name]


def build(
    protocol: Protocol,
    tokenizer: Tokenizer,
    subject: Subject,
    question: Question,
    shots: Sequence[Question],
    limit: int,
) -> Prompt:
    """The prompt with as many of `shots`, from the first on, as fit into `limit` tokens.

    The last shot is dropped first. A question that is too long without shots loses tokens right after the
    header, so that the options and the cue, which decide the answer, stay. No question is skipped.
    """
    header = _header(protocol, subject)
    ask = _example(protocol, question)
    examples = [_example(protocol, shot) + protocol.blank + shot.answer + "\n\n" for shot in shots]
    for count in range(len(examples), -1, -1):
        # The whole text at once: SentencePiece may merge across the seams of its parts.
        text = header + "".join(examples[:count]) + ask
        tokens = tokenizer.encode(text)
        if len(tokens) <= limit:
            return Prompt(text, tuple(tokens), count, truncated=False)
    retained = _common_length(tokenizer.encode(header), tokens)
    retained = retained if retained < limit else 0
    return Prompt(text, tuple(tokens[:retained] + tokens[len(tokens) - limit + retained :]), 0, truncated=True)


def option_tokens(protocol: Protocol, tokenizer: Tokenizer, text: str, count: int = OPTIONS) -> list[int]:
    """The ids of the first `count` letters as they follow the prompt `text`, in the order A to D and on.

    Raises UserError where a letter is not exactly one further token, or two letters are the same one:
    its logit would then not be the score of the answer.
    """
    before = tokenizer.encode(text)
    ids = []
    for letter in LETTERS[:count]:
        after = tokenizer.encode(text + protocol.blank + letter)
        if after[:-1] != before:
            raise UserError(
                f"ceval.protocol: {protocol.name} scores {protocol.blank + letter!r} after {protocol.cue!r}, "
                "which is not one further token in this tokenizer; use protocol sdk"
            )
        ids.append(after[-1])
    if len(set(ids)) != count:
        raise UserError(
            f"ceval.protocol: this tokenizer writes the letters A to {LETTERS[count - 1]} as {ids}, which are not "
            f"{count} tokens; use the model's own tokenizer"
        )
    return ids


def shared_prefix(prompts: Sequence[Prompt]) -> int:
    """How many leading tokens all prompts have in common, leaving each at least one of its own."""
    first = prompts[0].tokens
    shared = min(len(prompt.tokens) for prompt in prompts) - 1
    for prompt in prompts[1:]:
        shared = min(shared, _common_length(first, prompt.tokens))
    return shared


def first_letter(continuation: str) -> str:
    """The first ASCII letter in upper case, or NO_ANSWER where there is none: the SDK's reading of an answer."""
    return next((sign.upper() for sign in continuation if sign.isascii() and sign.isalpha()), NO_ANSWER)


def _header(protocol: Protocol, subject: Subject) -> str:
    return protocol.header.format(english=subject.name.replace("_", " "), chinese=subject.name_zh)


def _example(protocol: Protocol, question: Question) -> str:
    text = question.text.strip() if protocol.strip_question else question.text
    options = [f"{letter}. {option}" for letter, option in zip(question.letters, question.options, strict=True)]
    return "\n".join([text, *options, protocol.cue])


def _common_length(one: Sequence[int], other: Sequence[int]) -> int:
    pairs = zip(one, other, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
