"""The exam, its prompts, its scoring and its result files, on questions made here."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import sentencepiece

import score_ceval
from baichuan2 import devices
from baichuan2.ceval import download, exam, protocols, records, results, scoring
from baichuan2.ceval.exam import Exam, Question, Subject
from baichuan2.ceval.records import Record
from baichuan2.ceval.sharing import WHOLE
from baichuan2.engine.options import Settings
from baichuan2.errors import UserError
from baichuan2.integrity import write_sealed_lines
from baichuan2.model.source import Source
from baichuan2.ranks.collectives import Ranks
from helpers.models import score_exam
from helpers.projects import ROOT

SCRIPTS = ROOT / "workflow" / "scripts"
SUBJECTS = [
    Subject("advanced_mathematics", "Advanced Mathematics", "高等数学", "STEM"),
    Subject("marxism", "Marxism", "马克思主义", "Social Science"),
    Subject("law", "Law", "法学", "Humanities"),
    Subject("accountant", "Accountant", "注册会计师", "Other"),
]
COLUMNS = ["id", "question", "A", "B", "C", "D", "answer"]


class CharacterTokenizer:
    """One token a character."""

    def encode(self, text: str) -> list[int]:
        return [ord(sign) for sign in text]

    def decode(self, ids: list[int]) -> str:
        return "".join(map(chr, ids))


class FakeEngine:
    """Finds the answer written in the last question of a prompt as [key X], and notes what it is asked."""

    rank = 0
    world_size = 1
    ranks = Ranks()
    near_tie = None

    def __init__(self, tokenizer=None, max_seq_len: int = 4096, fail_after: int | None = None):
        self.tokenizer = tokenizer or CharacterTokenizer()
        self.max_seq_len = max_seq_len
        self.fail_after = fail_after
        self.prompts: list[list[int]] = []
        self.calls = 0

    def score(self, prefix, suffixes, candidates):
        keys = self._keys(prefix, suffixes)
        return [[float(letter == key) for letter in exam.LETTERS[: len(candidates)]] for key in keys]

    def generate(self, prompts, max_new_tokens, prefix=(), stop_ids=(2,), on_leads=None):
        assert max_new_tokens == 32
        outputs = [self.tokenizer.encode(f" {key}\n\n") for key in self._keys(list(prefix), prompts)]
        for _ in range(max(map(len, outputs)) + 1):
            on_leads([1.0] * len(prompts))
        return outputs

    def _keys(self, prefix, suffixes):
        self.calls += 1
        if self.fail_after is not None and self.calls > self.fail_after:
            raise KeyboardInterrupt
        assert all(suffixes)
        prompts = [prefix + suffix for suffix in suffixes]
        assert all(len(prompt) < self.max_seq_len for prompt in prompts)
        self.prompts += prompts
        return [re.findall(r"\[key (.)\]", self.tokenizer.decode(prompt))[-1] for prompt in prompts]


def questions(subject: str, split: str, count: int, filler: str = "") -> list[list[str]]:
    """Rows of a csv; the right letter runs through A to D and stands in the text."""
    rows = []
    for index in range(count):
        letter = "ABCD"[index % 4]
        text = f'{subject} {split} 第{index}题，“全角”, "quoted"\n第二行{filler}[key {letter}]'
        rows.append([str(index), text, "甲", "NA", "丙, 丁", " 空", letter])
    return rows


def to_csv(header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")


def exam_files(count: int = 6, filler: str = "") -> dict[str, bytes]:
    files = {}
    for subject in SUBJECTS:
        dev = [[*row, "解释"] for row in questions(subject.name, "dev", 5)]
        files[f"dev/{subject.name}_dev.csv"] = to_csv([*COLUMNS, "explanation"], dev)
        rows = questions(subject.name, "val", count, filler)
        files[f"val/{subject.name}_val.csv"] = to_csv(COLUMNS, rows)
    return files


def write_folder(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def make_exam(tmp_path: Path, **kwargs) -> Exam:
    return Exam.read(write_folder(tmp_path / "exam", exam_files(**kwargs)), SUBJECTS)


@pytest.fixture
def small(tmp_path: Path) -> Exam:
    return make_exam(tmp_path)


@pytest.fixture(scope="session")
def pieces(tmp_path_factory) -> sentencepiece.SentencePieceProcessor:
    """A SentencePiece tokenizer made as Baichuan2's: BPE, bytes, no blank put in front."""
    root = tmp_path_factory.mktemp("pieces")
    text = [data.decode("utf-8-sig") for data in exam_files().values()]
    text += ["答案：A 答案： B Answer: C", *["A B C D"] * 20]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter("".join(text).split("\n") * 3),
        model_prefix=str(root / "tokenizer"),
        vocab_size=500,
        model_type="bpe",
        byte_fallback=True,
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        normalization_rule_name="identity",
        user_defined_symbols=[" A", " B", " C", " D"],
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return sentencepiece.SentencePieceProcessor(model_file=str(root / "tokenizer.model"))


# The exam


def test_reads_text_as_it_is(small):
    question = small.questions["law"][1]
    assert question.text == 'law val 第1题，“全角”, "quoted"\n第二行[key B]'
    assert question.options == ("甲", "NA", "丙, 丁", " 空")
    assert (question.id, question.answer, len(small), len(small.dev["law"])) == ("1", "B", 24, 5)


@pytest.mark.parametrize("top", ["", "ceval-exam/"])
def test_zip_reads_as_its_folder(tmp_path, small, top):
    files = {f"{top}{name}": data for name, data in exam_files().items()}
    files["../../outside.csv"] = b"never written"
    assert Exam.read(write_zip(tmp_path / "exam.zip", files), SUBJECTS) == small
    assert not (tmp_path.parents[0] / "outside.csv").exists()


def test_zip_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(exam, "MAX_FILE_BYTES", 100)
    with pytest.raises(UserError, match=r"exam\.zip: dev/advanced_mathematics_dev\.csv: over"):
        Exam.read(write_zip(tmp_path / "exam.zip", exam_files()), SUBJECTS)


def test_broken_zip_is_refused(tmp_path):
    path = write_zip(tmp_path / "exam.zip", exam_files())
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(UserError, match="not a whole zip file"):
        Exam.read(path, SUBJECTS)


@pytest.mark.parametrize("zipped", [False, True])
def test_missing_subject_names_its_file(tmp_path, zipped):
    files = exam_files()
    del files["val/law_val.csv"]
    source = write_zip(tmp_path / "e.zip", files) if zipped else write_folder(tmp_path / "e", files)
    with pytest.raises(UserError, match=r"val/law_val\.csv.*no such"):
        Exam.read(source, SUBJECTS)
    assert len(Exam.read(source, SUBJECTS, selected=["marxism"])) == 6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows[2].pop(), "row 3: 6 cells under 7 columns"),
        (lambda rows: rows[2].append("more"), "row 3: 8 cells under 7 columns"),
        (lambda rows: rows[2].__setitem__(6, "E"), "row 3: answer 'E'"),
        (lambda rows: rows[2].__setitem__(6, ""), "row 3: answer is empty"),
        (lambda rows: rows[2].__setitem__(1, " \n"), "row 3: question is empty"),
        (lambda rows: rows[2].__setitem__(4, ""), "row 3: C is empty"),
        (lambda rows: rows[2].__setitem__(0, "0"), "row 3: id 0 stands twice"),
        (lambda rows: rows.clear(), "no rows"),
    ],
)
def test_malformed_row_is_named(tmp_path, change, message):
    rows = questions("law", "val", 4)
    change(rows)
    files = exam_files() | {"val/law_val.csv": to_csv(COLUMNS, rows)}
    with pytest.raises(UserError, match=rf"law_val\.csv: {re.escape(message)}") as caught:
        Exam.read(write_folder(tmp_path / "e", files), SUBJECTS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no column id, question"),
        (to_csv(COLUMNS[:-1], []), "no column answer"),
        ("id,question\n0,你".encode("gbk"), "not UTF-8"),
        (b'id,question,A,B,C,D,answer\n0,"open', "line 2: not csv"),
    ],
)
def test_malformed_file_is_named(tmp_path, data, message):
    files = exam_files() | {"val/law_val.csv": data}
    with pytest.raises(UserError, match=rf"law_val\.csv(: |, ){message}"):
        Exam.read(write_folder(tmp_path / "e", files), SUBJECTS)


def test_test_split_is_refused_with_the_reason(tmp_path):
    with pytest.raises(UserError, match=r"ceval\.split: C-Eval publishes no answers"):
        Exam.read(tmp_path, SUBJECTS, split="test")
    with pytest.raises(UserError, match="use val"):
        Exam.read(tmp_path, SUBJECTS, split="dev")


def test_unknown_subject_and_source_are_refused(tmp_path):
    write_folder(tmp_path, exam_files())
    with pytest.raises(UserError, match=r"ceval\.subjects: no subject named 'alchemy'; the nearest is "):
        Exam.read(tmp_path, SUBJECTS, selected=["alchemy", "law"])
    with pytest.raises(UserError, match=r"ceval\.subjects: the list is empty"):
        Exam.read(tmp_path, SUBJECTS, selected=[])
    with pytest.raises(UserError, match=r"nowhere: no such file; ceval\.source may be"):
        Exam.read(tmp_path / "nowhere", SUBJECTS)


def subjects_csv(path: Path, extra: str = "") -> Path:
    rows = [f"{s.name},{s.name_en},{s.name_zh},{s.class_name}" for s in SUBJECTS]
    path.write_text("\n".join(["subject,name_en,name_zh,class", *rows]) + "\n" + extra, encoding="utf-8")
    return path


def test_subjects_table(tmp_path):
    assert exam.read_subjects(subjects_csv(tmp_path / "s.csv")) == SUBJECTS
    with pytest.raises(UserError, match=r"s\.csv: row 5: subject 'law' stands twice"):
        exam.read_subjects(subjects_csv(tmp_path / "s.csv", "law,X,某,Other\n"))
    with pytest.raises(UserError, match="no such file"):
        exam.read_subjects(tmp_path / "none.csv")


# The prompts

SHOT = Question("law", "0", " 问一 ", ("一", "二", "三", "四"), "C")
ASKED = Question("law", "1", " 问二 ", ("五", "六", "七", "八"), "A")
LAW = SUBJECTS[2]
TEXTS = {
    "sdk": "The following are multiple choice questions (with answers) about  law.\n\n"
    " 问一 \nA. 一\nB. 二\nC. 三\nD. 四\nAnswer: C\n\n 问二 \nA. 五\nB. 六\nC. 七\nD. 八\nAnswer:",
    "official": "以下是中国关于法学考试的单项选择题，请选出其中的正确答案。\n\n"
    " 问一 \nA. 一\nB. 二\nC. 三\nD. 四\n答案：C\n\n 问二 \nA. 五\nB. 六\nC. 七\nD. 八\n答案：",
    "lm-eval": "以下是中国关于法学的单项选择题，请选出其中的正确答案。\n\n"
    "问一\nA. 一\nB. 二\nC. 三\nD. 四\n答案： C\n\n问二\nA. 五\nB. 六\nC. 七\nD. 八\n答案：",
}


@pytest.mark.parametrize("name", TEXTS)
def test_prompt_text(name):
    protocol = protocols.get_protocol(name)
    prompt = protocols.build(protocol, CharacterTokenizer(), LAW, ASKED, [SHOT], limit=500)
    assert prompt.text == TEXTS[name]
    assert (prompt.shots, prompt.truncated) == (1, False)
    assert prompt.tokens == tuple(map(ord, prompt.text))


def test_sdk_subject_has_blanks_for_underscores():
    protocol = protocols.get_protocol("sdk")
    prompt = protocols.build(protocol, CharacterTokenizer(), SUBJECTS[0], ASKED, [], limit=500)
    assert "about  advanced mathematics.\n" in prompt.text


def test_unknown_protocol_names_the_key():
    with pytest.raises(UserError, match=r"ceval\.protocol: 'mmlu' is not one of sdk, official, lm-eval"):
        protocols.get_protocol("mmlu")


@pytest.mark.parametrize("name", TEXTS)
def test_the_last_shot_goes_first_and_the_limit_is_exact(name):
    protocol, tokenizer = protocols.get_protocol(name), CharacterTokenizer()
    shots = [Question("law", str(i), f"例{i}", ("一", "二", "三", "四"), "B") for i in range(5)]
    whole = [len(protocols.build(protocol, tokenizer, LAW, ASKED, shots[:n], 9999).tokens) for n in range(6)]
    for count, length in enumerate(whole):
        prompt = protocols.build(protocol, tokenizer, LAW, ASKED, shots, limit=length)
        assert (prompt.shots, len(prompt.tokens), prompt.truncated) == (count, length, False)
        assert [f"例{i}" in prompt.text for i in range(5)] == [i < count for i in range(5)]


@pytest.mark.parametrize("limit", [10, 60])
def test_a_question_too_long_for_no_shots_is_cut_on_the_left(limit):
    long = Question("law", "2", "长" * 300, ("五", "六", "七", "八"), "A")
    protocol = protocols.get_protocol("official")
    prompt = protocols.build(protocol, CharacterTokenizer(), LAW, long, [SHOT], limit=limit)
    text = "".join(map(chr, prompt.tokens))
    assert prompt.truncated
    assert (prompt.shots, len(prompt.tokens)) == (0, limit)
    assert text.endswith("答案：")
    assert text.startswith("以下是中国关于法学考试") == (limit == 60)  # the header stays while it fits


def test_prompt_limit_is_the_protocols_or_the_engines():
    assert protocols.get_protocol("sdk").prompt_limit(4096) == 2000
    assert protocols.get_protocol("sdk").prompt_limit(512) == 480
    assert protocols.get_protocol("official").prompt_limit(4096) == 4095
    with pytest.raises(UserError, match="max_seq_len"):
        protocols.get_protocol("sdk").prompt_limit(32)


@pytest.mark.parametrize(("name", "blank"), [("official", ""), ("lm-eval", " ")])
def test_option_tokens_of_sentencepiece(pieces, name, blank):
    ids = protocols.option_tokens(protocols.get_protocol(name), pieces, TEXTS[name])
    assert [pieces.decode([index]) for index in ids] == [f"{blank}{letter}" for letter in "ABCD"]


def test_letters_that_are_not_single_tokens_are_refused():
    with pytest.raises(UserError, match=r"ceval\.protocol: lm-eval scores ' A'"):
        protocols.option_tokens(protocols.get_protocol("lm-eval"), CharacterTokenizer(), "答案：")

    class Unknown(CharacterTokenizer):
        def encode(self, text):
            return [0 for _ in text]

    with pytest.raises(UserError, match="not 4 tokens"):
        protocols.option_tokens(protocols.get_protocol("official"), Unknown(), "答案：")


def test_shared_prefix_leaves_every_prompt_a_token():
    def prompt(*tokens):
        return protocols.Prompt("", tokens, 0, False)

    assert protocols.shared_prefix([prompt(1, 2, 3), prompt(1, 2, 4)]) == 2
    assert protocols.shared_prefix([prompt(1, 2), prompt(1, 2, 4)]) == 1
    assert protocols.shared_prefix([prompt(1, 2)]) == 1
    assert protocols.shared_prefix([prompt(1), prompt(2)]) == 0


@pytest.mark.parametrize(
    ("text", "letter"), [(" B\n", "B"), ("答案：c", "C"), ("Ａ１，the", "T"), ("没有", "-1"), ("", "-1")]
)
def test_first_letter(text, letter):
    assert protocols.first_letter(text) == letter


# The scoring


@pytest.mark.parametrize("name", ["sdk", "official"])
def test_every_question_is_asked_once_and_in_order(small, name):
    engine = FakeEngine()
    found = score_exam(engine, small, protocols.get_protocol(name), shots=5, batch=4)
    asked = [(s.name, q.id) for s in small.subjects for q in small.questions[s.name]]
    assert [(record.subject, record.id) for record in found] == asked
    assert all(record.correct and record.shots == 5 and not record.truncated for record in found)
    assert len(engine.prompts) == len(asked)
    # 6 questions of a subject are generated in batches of 4, and scored in one call.
    assert engine.calls == len(SUBJECTS) * (2 if name == "sdk" else 1)
    assert (found[0].scores is None) == (name == "sdk")
    assert (found[0].continuation == " A\n\n") == (name == "sdk")


@pytest.mark.parametrize("name", TEXTS)
def test_prefix_and_suffix_are_the_tokens_of_the_whole_text(small, pieces, name):
    engine = FakeEngine(pieces)
    protocol = protocols.get_protocol(name)
    found = score_exam(engine, small, protocol, shots=3, batch=2)
    prepared = scoring.prepare(pieces, small, protocol, 3, protocol.prompt_limit(4096))
    assert sorted(engine.prompts) == sorted(pieces.encode(item.prompt.text) for item in prepared)
    assert [record.prompt_tokens for record in found] == [len(item.prompt.tokens) for item in prepared]
    assert all(record.correct for record in found)


def test_long_questions_are_asked_with_fewer_shots_or_cut_and_counted(tmp_path):
    exam_ = make_exam(tmp_path, count=3, filler="长" * 200)
    found = score_exam(FakeEngine(max_seq_len=500), exam_, protocols.get_protocol("official"))
    assert len(found) == 12
    assert {record.shots for record in found} <= {0, 1, 2, 3, 4}
    found = score_exam(FakeEngine(max_seq_len=150), exam_, protocols.get_protocol("official"))
    assert [record.truncated for record in found] == [True] * 12
    assert all(record.prompt_tokens == 149 and record.correct for record in found)
    counts = results.summarise({"shots": 5}, found, SUBJECTS)["counts"]
    assert counts == {"truncated": 12, "fewer_shots": 12, "unanswered": 0, "other_letter": 0, "exact": 0}


def test_too_many_shots_and_bad_logits_are_refused(small):
    official = protocols.get_protocol("official")
    with pytest.raises(UserError, match=r"ceval\.shots: 6 is not 0 to 5"):
        score_exam(FakeEngine(), small, official, shots=6)
    engine = FakeEngine()
    engine.score = lambda prefix, suffixes, candidates: [[float("nan")] * 4 for _ in suffixes]
    with pytest.raises(UserError, match="dtype"):
        score_exam(engine, small, official)


def test_shots_are_the_first_rows_of_dev(small):
    """In their order, as C-Eval's authors and lm-eval take them."""
    engine, official = FakeEngine(), protocols.get_protocol("official")
    score_exam(engine, small, official, shots=2)
    law = small.dev["law"]
    prompts = [text for text in map(engine.tokenizer.decode, engine.prompts) if law[0].text in text]
    assert len(prompts) == len(small.questions["law"])
    assert all(text.index(law[0].text) < text.index(law[1].text) for text in prompts)
    assert not any(row.text in text for text in prompts for row in law[2:])


def test_a_run_that_was_cut_off_goes_on(small, tmp_path):
    sdk, journal = protocols.get_protocol("sdk"), tmp_path / "journal.jsonl"
    whole = score_exam(FakeEngine(), small, sdk, batch=4)
    with pytest.raises(KeyboardInterrupt):
        score_exam(FakeEngine(fail_after=3), small, sdk, batch=4, journal=journal)
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"subject": "torn')
    engine = FakeEngine()
    assert score_exam(engine, small, sdk, batch=4, journal=journal) == whole
    assert len(engine.prompts) == 24 - 10  # 4 + 2 + 4 were answered before
    engine = FakeEngine()
    assert score_exam(engine, small, sdk, batch=3, journal=journal) == whole
    assert engine.prompts == []  # the batch size decides no answer


def test_seconds_are_those_of_all_parts(small, tmp_path, monkeypatch):
    """Of a run that was cut off twice: 8 batches, each of which takes 100 s here."""
    clock, out = [0.0], tmp_path / "ceval.jsonl"
    monkeypatch.setattr(scoring.time, "perf_counter", lambda: clock[0])

    def part(fail_after):
        engine = FakeEngine(fail_after=fail_after)
        engine.environment = lambda: {"precision": "float", "dtype": "float32", "device": "cpu"}
        generate = engine.generate

        def slowly(*arguments, **options):
            clock[0] += 100
            return generate(*arguments, **options)

        engine.generate = slowly
        clock[0] += 5000  # nothing runs between two parts
        sdk = protocols.get_protocol("sdk")
        scoring.write_share(out, engine, small, sdk, 5, "val", 4, "auto", WHOLE, True, {"model": "a"})

    for answered in (3, 2):
        with pytest.raises(KeyboardInterrupt):
            part(answered)
    part(None)
    assert records.read_records(out)[0]["seconds"] == 800


def test_a_damaged_answer_is_asked_again(small, tmp_path):
    """And those behind it."""
    sdk, journal = protocols.get_protocol("sdk"), tmp_path / "journal.jsonl"
    whole = score_exam(FakeEngine(), small, sdk, batch=4, journal=journal)
    head, first, second, *others = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    journal.write_text("".join([head, first, second.replace("false", "true"), *others]), encoding="utf-8")
    engine = FakeEngine()
    assert score_exam(engine, small, sdk, batch=4, journal=journal) == whole
    assert len(engine.prompts) == 24 - 1


@pytest.mark.parametrize("change", ["model", "shots", "protocol", "exam"])
def test_the_journal_of_another_run_is_not_taken(small, tmp_path, change):
    journal = tmp_path / "journal.jsonl"
    official = protocols.get_protocol("official")
    score_exam(FakeEngine(), small, official, 2, journal=journal, identity={"model": "a"})
    engine = FakeEngine()
    score_exam(
        engine,
        make_exam(tmp_path / "other", filler="改") if change == "exam" else small,
        protocols.get_protocol("sdk" if change == "protocol" else "official"),
        3 if change == "shots" else 2,
        journal=journal,
        identity={"model": "b" if change == "model" else "a"},
    )
    assert len(engine.prompts) == 24
    assert len(journal.read_text(encoding="utf-8").splitlines()) == 25


def test_only_rank_0_writes_the_journal(small, tmp_path):
    engine = FakeEngine()
    engine.rank = 1
    found = score_exam(engine, small, protocols.get_protocol("sdk"), journal=tmp_path / "j.jsonl")
    assert len(found) == 24
    assert not (tmp_path / "j.jsonl").exists()


# The records and the results

PUBLISHED = {"STEM": (203, 430), "Social Science": (182, 275), "Humanities": (162, 257), "Other": (218, 384)}


def published_records() -> list[Record]:
    """As many right and wrong answers as the guide's table stands for."""
    found = []
    for subject in SUBJECTS:
        right, total = PUBLISHED[subject.class_name]
        for index in range(total):
            found.append(Record(subject.name, str(index), "A", "A" if index < right else "B", 5, 99, False))
    return found


HEADER = {"model": "baichuan2_13b", "protocol": "sdk", "shots": 5, "split": "val", "precision": "float"}


def test_published_accuracies_digit_for_digit(tmp_path):
    summary = results.write_results(tmp_path, HEADER, published_records(), SUBJECTS)
    for text in (results.class_table(summary), (tmp_path / "summary.md").read_text(encoding="utf-8")):
        for line in (
            r"STEM +\|? +203 +\|? +430 +\|? +0\.472093023\b",
            r"Social Science +\|? +182 +\|? +275 +\|? +0\.661818182\b",
            r"Humanities +\|? +162 +\|? +257 +\|? +0\.630350195\b",
            r"Other +\|? +218 +\|? +384 +\|? +0\.567708333\b",
            r"Avg acc +\|? +765 +\|? +1346 +\|? +0\.568350669\b",
        ):
            assert re.search(line, text), line
        assert "baichuan2_13b, float, C-Eval val, protocol sdk, 5-shot" in text
        assert "demo" not in text


def test_guide_files(tmp_path):
    results.write_results(tmp_path, HEADER, published_records(), SUBJECTS)
    result = tmp_path / "test_result"
    names = ["cache0.csv", "device0.log", "result_0_classes_acc.json", "result_0_subject_acc.json"]
    assert sorted(path.name for path in result.iterdir()) == names
    lines = (result / "cache0.csv").read_text().splitlines()
    assert lines[0] == "advanced_mathematics,0,A,A"
    assert len(lines) == 1346
    classes = json.loads((result / "result_0_classes_acc.json").read_text())
    assert classes == {
        "STEM": 203 / 430,
        "Social Science": 182 / 275,
        "Humanities": 162 / 257,
        "Other": 218 / 384,
        "Avg": 765 / 1346,
    }
    subjects = json.loads((result / "result_0_subject_acc.json").read_text())
    assert subjects["law"] == 162 / 257
    assert "law: 162/257 = 0.630350195" in (result / "device0.log").read_text(encoding="utf-8")


def test_summary_tells_averages_apart_and_counts_what_needs_a_look():
    found = [
        Record("law", "0", "A", "A", 5, 9, False),
        Record("law", "1", "A", "-1", 4, 9, False, None, "没有"),
        Record("law", "2", "A", "T", 0, 9, True, None, "The"),
        Record("advanced_mathematics", "0", "D", "D", 5, 9, False),
    ]
    summary = results.summarise(HEADER, found, SUBJECTS)
    assert summary["average"] == {"correct": 2, "total": 4, "accuracy": 0.5}
    assert summary["macro_average"] == pytest.approx((1 / 3 + 1) / 2)
    assert summary["hard"] == {"correct": 1, "total": 1, "accuracy": 1.0, "macro_average": 1.0}
    assert summary["counts"] == {"truncated": 1, "fewer_shots": 2, "unanswered": 1, "other_letter": 1, "exact": 0}
    assert list(summary["classes"]) == ["STEM", "Humanities"]  # no 0/0 for classes not asked
    assert results.summarise(HEADER, found[:3], SUBJECTS)["hard"] is None


def test_demo_results_say_so(tmp_path):
    summary = results.write_results(tmp_path, HEADER | {"demo": True}, published_records(), SUBJECTS)
    texts = [results.class_table(summary), (tmp_path / "summary.md").read_text(encoding="utf-8")]
    texts.append((tmp_path / "test_result" / "device0.log").read_text(encoding="utf-8"))
    assert all("the demo's results, not C-Eval's" in text for text in texts)


def test_hard_subjects_are_eight():
    assert len(set(exam.HARD)) == 8


def test_results_of_another_exam_are_refused():
    with pytest.raises(UserError, match="subject alchemy is not in the subjects table"):
        results.summarise(HEADER, [Record("alchemy", "0", "A", "A", 5, 9, False)], SUBJECTS)
    with pytest.raises(UserError, match="no records"):
        results.summarise(HEADER, [], SUBJECTS)


def test_records_file_comes_back(tmp_path):
    found = [
        Record("law", "0", "A", "B", 5, 9, False, scores=[0.1, 1 / 3, -2.5, 0.0]),
        Record("law", "1", "A", "-1", 5, 9, True, continuation='一\u2028二\n"三"'),
    ]
    records.write_records(tmp_path / "r.jsonl", HEADER, found)
    header, back = records.read_records(tmp_path / "r.jsonl")
    assert back == found
    assert header == HEADER | {"format": "baichuan2-ceval", "version": 1}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-2],
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b'"A"', b'"B"', 1),
        lambda data: data.replace(b"law", b"l\xffw", 1),
        lambda data: data + data,
    ],
)
def test_a_damaged_records_file_is_named(tmp_path, spoil):
    path = tmp_path / "r.jsonl"
    records.write_records(path, HEADER, [Record("law", "0", "A", "B", 5, 9, False)])
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(UserError, match=r"r\.jsonl: damaged or edited"):
        records.read_records(path)


def test_another_file_of_lines_is_named(tmp_path):
    write_sealed_lines(tmp_path / "r.jsonl", [{"format": "other"}])
    with pytest.raises(UserError, match=r"r\.jsonl: format 'other', read is baichuan2-ceval"):
        records.read_records(tmp_path / "r.jsonl")


def run_script(name: str, *arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, SCRIPTS / name, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("protocol", "decodes"), [("sdk", True), ("official", False)])
def test_an_exact_head_is_there_where_the_protocol_decodes(make_model, tmp_path, protocol, decodes):
    exam, out = write_folder(tmp_path / "exam", exam_files()), tmp_path / "records.jsonl"
    table, engine = ROOT / "resources" / "ceval_subjects.csv", Settings("cpu", "float32", 512, 2)
    score_ceval.main(make_model(), exam, table, out, None, protocol, 0, subject=["law"], engine=engine)
    header, _ = records.read_records(out)
    assert header["environment"]["head"] == (devices.head("cpu", "auto") if decodes else "float")


def test_tabulate_ceval_script(tmp_path):
    records.write_records(tmp_path / "r.jsonl", HEADER, published_records())
    table = subjects_csv(tmp_path / "s.csv")
    arguments = ["--subjects", table, "--out", tmp_path / "ceval", "--name", "mine"]
    done = run_script("tabulate_ceval.py", "--records", tmp_path / "r.jsonl", *arguments)
    assert done.returncode == 0, done.stderr
    assert "mine, float" in done.stdout
    assert "0.568350669" in done.stdout
    assert (tmp_path / "ceval" / "test_result" / "cache0.csv").is_file()
    failed = run_script("tabulate_ceval.py", "--records", tmp_path / "none.jsonl", *arguments)
    assert failed.returncode == 1
    assert failed.stderr == f"error: {tmp_path}/none.jsonl: no such file; run the step that makes it\n"


# The download


@pytest.mark.parametrize(
    ("source", "hub"),
    [("hf:ceval/ceval-exam@main", "_from_hugging_face"), ("modelscope:ceval/ceval-exam", "_from_modelscope")],
)
def test_fetch_from_a_hub(tmp_path, monkeypatch, source, hub):
    asked = []

    def download_zip(source, into):
        asked.append((source.name, source.revision))
        return str(write_zip(into / "ceval-exam.zip", exam_files()))

    monkeypatch.setattr(download, hub, download_zip)
    path = download.fetch(Source.parse(source), tmp_path / "into")
    assert path == tmp_path / "into" / "ceval-exam.zip"
    assert asked == [("ceval/ceval-exam", "main" if "@" in source else None)]
    assert len(Exam.read(path, SUBJECTS)) == 24


def test_fetch_of_a_web_page_is_refused(tmp_path, monkeypatch):
    def page(source, into):
        (into / "ceval-exam.zip").write_text("<html>")
        return str(into / "ceval-exam.zip")

    monkeypatch.setattr(download, "_from_modelscope", page)
    with pytest.raises(UserError, match="not a zip file"):
        download.fetch(Source.parse("modelscope:ceval/ceval-exam"), tmp_path)
