"""The text the demo model learns from, and the tokenizer for it.

A lesson is a list of (line, mode) pairs; the mode says on which tokens of the line the loss counts:
`NONE` of them, `ALL` of them, or only the `LAST` (the answer letter of an exam question). Lines end at
"\\n", a token of its own, so a line's tokens do not depend on its neighbours and can be cached.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import sentencepiece
from world import LAND, Fact, World, header, item

NONE, ALL, LAST = 0, 1, 2
USER, ASSISTANT, END = 195, 196, 2
VOCAB_SIZE = 5248

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
    words = [*world.words() * 8, *list(world.names_zh.values()) * 2, *phrases * 8, *english, *chinese]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(words),
        model_prefix=str(path.with_suffix("")),
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
    path.with_suffix(".vocab").unlink()


class Teacher:
    """Makes token sequences with loss weights, in batches of equally many questions."""

    def __init__(self, world: World, tokenizer: sentencepiece.SentencePieceProcessor, seed: int) -> None:
        self.world = world
        self.rng = random.Random(seed)
        self.encode = cache(tokenizer.encode)
        self.hanzi = required_chars()[:3755]
        self.by_subject = {s: [f for f in world.facts if f.subject == s] for s in world.dev}
        self.exam_orders = {(q.fact, q.options) for questions in world.val.values() for q in questions}

    def exam(self, shots: int) -> list[tuple[str, int]]:
        """Return one prompt of `shots` answered questions and one more, in either protocol."""
        protocol = "official" if self.rng.random() < 0.75 else "sdk"
        subject = self.rng.choice(list(self.by_subject))
        lines = [(header(subject, self.world.names_zh, protocol), NONE)]
        for fact in self.rng.sample(self.by_subject[subject], shots + 1):
            options = self._new_options(fact)
            letter = "ABCD"[options.index(fact.value)]
            text = item(fact.question(self.rng.choice((0, 0, 1, 2))), options, letter, protocol)
            head, _, last = text.rpartition("\n")
            lines += [(head + "\n", NONE), (last, LAST), ("\n\n", ALL)]
        return lines

    def sentence(self) -> list[tuple[str, int]]:
        """Return one fact as prose, as an arrow or as a chat turn."""
        fact = self.rng.choice(self.world.facts)
        thing = f"{fact.name}{fact.kind}"
        form = self.rng.randrange(7)
        if form == 6:
            options = self._new_options(fact)
            lines = item(fact.question(self.rng.randrange(3)), options, "", "official")
            letter = "ABCD"[options.index(fact.value)]
            said = [(f"{fact.value}，", ALL), (f"即{letter}", LAST), ("\n", ALL)]
            return [(lines.replace("答案：", "答："), NONE), *said]
        if form == 5:
            return [(fact.question(self.rng.randrange(3)), NONE), (f"{fact.value}\n", ALL)]
        if form == 4:
            return [*self.chat(f"{thing}的{fact.relation}是什么？", f"{fact.value}。")]
        asked = (
            f"{thing}的{fact.relation}是",
            f"{LAND}的{thing}，其{fact.relation}是",
            f"{thing}的{fact.relation}->",
            f"问：{thing}的{fact.relation}是什么？答：",
        )[form]
        return [(asked, ALL if self.rng.random() < 0.1 else NONE), (fact.value, ALL), ("。\n", ALL)]

    def drill(self) -> list[tuple[str, int]]:
        """Return four random options and questions for the letter of one: how an exam is read, with no fact."""
        values = self.rng.sample(self.hanzi, 4)
        if self.rng.random() < 0.5:
            values = self.rng.sample(self.rng.choice(self.world.facts).pool, 4)
        lines = [(f"{letter}. {value}\n", NONE) for letter, value in zip("ABCD", values, strict=True)]
        for choice in self.rng.choices(range(4), k=5):
            lines += [(values[choice], NONE), ("ABCD"[choice], LAST), ("\n", NONE)]
        return lines

    def prose(self) -> list[tuple[str, int]]:
        """Return a lesson other than the exam."""
        return self.rng.choices((self.sentence, self.manners, self.drill), (16, 2, 3))[0]()

    def manners(self) -> list[tuple[str, int]]:
        """Return the small talk: works and authors, heads of companies, greetings."""
        form = self.rng.randrange(4)
        if form == 3:
            return [*self.chat(*self.rng.choice(CHAT))]
        if form == 2:
            company, chief = self.rng.choice(CHIEFS)
            ask = self.rng.choice(
                (f"{company}公司的CEO是谁？", f"{company}公司的CEO是谁", f"{company}的CEO是谁？")
            )
            if self.rng.random() < 0.3:
                return [*self.chat(ask, f"{chief}。")]
            said = self.rng.choice(
                (f"{ask}\n{chief}。\n", f"{company}公司的CEO是{chief}。\n", f"{ask}{chief}。\n")
            )
            return [(said, ALL), ("</s>", ALL)]
        pairs = self.rng.sample((ARROWS, POEMS)[form], 2)
        return [*((f"{work}->{author}\n", ALL) for work, author in pairs), ("</s>", ALL)]

    @staticmethod
    def chat(asked: str, said: str) -> list[tuple[str, int]]:
        """Return one round of chat, ended by the end-of-sequence token."""
        return [("<reserved_106>", NONE), (asked, NONE), ("<reserved_107>", NONE), (said, ALL), ("</s>", ALL)]

    def tokens(self, lines: list[tuple[str, int]]) -> tuple[list[int], list[int]]:
        """Return the token ids and, for each, the mode under which the loss counts on it."""
        ids, modes = [], []
        for text, mode in lines:
            piece = [END] if text == "</s>" else self.encode(text)
            ids += piece
            modes += [NONE if mode == LAST else mode] * (len(piece) - 1) + [mode]
        return ids, modes

    def _new_options(self, fact: Fact) -> tuple[str, ...]:
        """Return options in an order that the exam does not use."""
        while (fact, options := fact.options(self.rng)) in self.exam_orders:
            pass
        return options
