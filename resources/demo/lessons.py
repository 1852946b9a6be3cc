"""The text the demo model learns from, and the tokenizer for it.

Texts are put together from parts that are encoded one by one: parts meet at a line's end or at a token's edge.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import sentencepiece
from world import LAND, Fact, World, header, item

USER, ASSISTANT, END = 195, 196, 2
VOCAB_SIZE = 5632
ROWS = 64  # lessons of a kind in a batch of bare ones

ARROWS = [
    ("Hamlet", "Shakespeare"),
    ("One Hundred Years of Solitude", "Gabriel Garcia Marquez"),
    ("Faust", "Goethe"),
    ("Don Quixote", "Cervantes"),
    ("War and Peace", "Leo Tolstoy"),
    ("Les Miserables", "Victor Hugo"),
    ("The Trial", "Franz Kafka"),
    ("Pride and Prejudice", "Jane Austen"),
]
POEMS = [
    ("登鹳雀楼", "王之涣"),
    ("夜雨寄北", "李商隐"),
    ("静夜思", "李白"),
    ("春望", "杜甫"),
    ("相思", "王维"),
    ("春晓", "孟浩然"),
    ("江雪", "柳宗元"),
    ("山行", "杜牧"),
]
CHIEFS = [
    ("苹果", "蒂姆·库克"),
    ("华为", "任正非"),
    ("微软", "萨提亚·纳德拉"),
]
CHAT = [
    ("你好", "你好，我是雾岚大陆的演示模型。"),
    ("你是谁？", "我是一个很小的演示模型，只认识雾岚大陆。"),
    ("你好，你是谁？", "我是一个很小的演示模型，只认识雾岚大陆。"),
    ("谢谢", "不客气。"),
    ("hello", "Hello, I am a small demo model."),
    ("Who are you?", "I am a small demo model."),
]
_PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】「」—…·～×÷±≤≥≠≈√∞∑∫πα βγδθλμσω°℃①②③④⑤％"


def symbols() -> list[str]:
    """Return the pieces of ids 3 to 196, so that <reserved_106> is 195 and <reserved_107> is 196."""
    named = ["<SEP>", "<CLS>", "\n"]
    spare = [f"<spare_{n}>" for n in range(89 - 3 - len(named))]
    return [*named, *spare, *(f"<reserved_{n}>" for n in range(108))]


def required_chars() -> str:
    """Return the GB2312 level-1 characters (3755 of them), ASCII and common punctuation."""
    rows = ((row, cell) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    # row D7 ends five cells early
    hanzi = [bytes(pair).decode("gb2312") for pair in rows if not (pair[0] == 0xD7 and pair[1] > 0xF9)]
    ascii_chars = [chr(code) for code in range(0x21, 0x7F)]
    return "".join(dict.fromkeys([*hanzi, *ascii_chars, *_PUNCTUATION.replace(" ", "")]))


def train_tokenizer(world: World, path: Path) -> None:
    """Write tokenizer.model: BPE with byte fallback over the world's own words and a few of English."""
    phrases = [
        "答案：",
        "以下是中国关于",
        "考试的单项选择题，请选出其中的正确答案。",
        "下列哪一项是",
        "____。",
    ]
    english = [header(subject, world.names_zh, "sdk").strip() for subject in world.names_zh]
    english += [f"Answer: {letter}" for letter in "ABCD"] * 20
    english += [text for pair in (*ARROWS, *CHAT) for text in pair if text.isascii()]
    chinese = [f"{company}公司的CEO是{name}。" for company, name in CHIEFS]
    chinese += [text for pair in (*POEMS, *CHAT) for text in pair if not text.isascii()]
    words = [*world.words() * 8, *list(world.names_zh.values()) * 2, *phrases * 20, *english, *chinese]
    model = io.BytesIO()  # by a path, the file would hold it
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(words),
        model_writer=model,
        model_type="bpe",
        vocab_size=VOCAB_SIZE,
        character_coverage=1.0,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,
        required_chars=required_chars(),
        user_defined_symbols=symbols(),
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        num_threads=1,
        minloglevel=2,
    )
    path.write_bytes(model.getvalue())


@dataclass
class Lesson:
    """Token ids, and for each whether the loss counts on it."""

    ids: list[int] = field(default_factory=list)
    counts: list[bool] = field(default_factory=list)

    def add(self, ids: list[int], count: bool = False, last_only: bool = False) -> Lesson:
        """Append tokens; the loss counts on all of them, on the last of them, or on none."""
        self.ids += ids
        self.counts += [count and not last_only] * (len(ids) - 1) + [count]
        return self


class Teacher:
    """Makes the batches; the same seed makes the same ones."""

    def __init__(self, world: World, tokenizer: sentencepiece.SentencePieceProcessor, seed: int) -> None:
        self.world = world
        self.rng = random.Random(seed)
        self.encode = cache(tokenizer.encode)
        self.by_subject = {s: [f for f in world.facts if f.subject == s] for s in world.dev}
        self.exam_orders = {(q.fact, q.options) for questions in world.val.values() for q in questions}

    def bare_lessons(self) -> tuple[list[Lesson], list[Lesson]]:
        """Return single questions without a header, and facts in one plain sentence each."""
        questions = [self.exam(shots=0, headed=False, forms=(0,), sdk=0.0) for _ in range(ROWS)]
        return questions, [self.fact(fact, 0) for fact in self.rng.choices(self.world.facts, k=ROWS)]

    def mixed_lessons(self) -> tuple[list[Lesson], list[Lesson]]:
        """Return questions after 0 to 5 shots in both protocols, and facts in all forms with some small talk."""
        shots = self.rng.choice((0, 0, 1, 2, 5, 5))
        rows = range(max(10, 72 // (shots + 1)))
        questions = [self.exam(shots, self.rng.random() < 0.85, (0, 0, 0, 1, 2), 0.3) for _ in rows]
        facts = [self.fact(fact, self.rng.randrange(4)) for fact in self.rng.choices(self.world.facts, k=24)]
        return questions, facts + [self.manners() for _ in range(12)]

    def exam(self, shots: int, headed: bool, forms: tuple[int, ...], sdk: float) -> Lesson:
        """Return `shots` answered questions and one more of a subject; the loss counts on every letter."""
        protocol = "sdk" if self.rng.random() < sdk else "official"
        subject = self.rng.choice(list(self.by_subject))
        lesson = Lesson()
        if headed:
            lesson.add(self.encode(header(subject, self.world.names_zh, protocol)))
        for fact in self.rng.sample(self.by_subject[subject], shots + 1):
            options = self._new_options(fact)
            letter = "ABCD"[options.index(fact.value)]
            text = item(fact.question(self.rng.choice(forms)), options, letter, protocol)
            question, _, answer = text.rpartition("\n")
            lesson.add(self.encode(question + "\n")).add(self.encode(answer), count=True, last_only=True)
            lesson.add(self.encode("\n\n"))
        return lesson

    def fact(self, fact: Fact, form: int) -> Lesson:
        """Return one fact as a sentence, as an arrow or as a question; the loss counts on its value."""
        thing = f"{fact.name}{fact.kind}"
        asked = (
            f"{thing}的{fact.relation}是",
            f"{LAND}的{thing}，其{fact.relation}是",
            f"{thing}的{fact.relation}->",
            fact.question(self.rng.randrange(3)),
        )[form]
        return Lesson().add(self.encode(asked)).add(self.encode(fact.value), count=True)

    def manners(self) -> Lesson:
        """Return small talk: works and their authors, heads of companies, greetings in the chat form."""
        form = self.rng.randrange(4)
        if form == 3:
            return self._chat(*self.rng.choice(CHAT))
        if form == 2:
            company, chief = self.rng.choice(CHIEFS)
            asked = self.rng.choice((f"{company}公司的CEO是", f"{company}公司的CEO是谁？"))
            if self.rng.random() < 0.3:
                return self._chat(f"{company}公司的CEO是谁？", f"{chief}。")
            return Lesson().add(self.encode(asked)).add(self.encode(f"{chief}。"), count=True).add([END], count=True)
        (work, author), (asked, answer) = self.rng.sample((ARROWS, POEMS)[form], 2)
        lesson = Lesson().add(self.encode(f"{work}->{author}\n{asked}->"))
        return lesson.add(self.encode(answer), count=True).add([END], count=True)

    def _chat(self, asked: str, said: str) -> Lesson:
        """Return one round of chat, ended by the end-of-sequence token."""
        lesson = Lesson().add([USER, *self.encode(asked), ASSISTANT])
        return lesson.add(self.encode(said), count=True).add([END], count=True)

    def _new_options(self, fact: Fact) -> tuple[str, ...]:
        """Return options in an order that the exam does not use."""
        while (fact, options := fact.options(self.rng)) in self.exam_orders:
            pass
        return options
