"""The invented world of the demo: its facts, its exam in C-Eval's csv format, its calibration prompts.

雾岚大陆 (the Misty Continent) does not exist. Each of C-Eval's 52 subjects has one kind of thing: ten names that
`val` asks a first relation of, and six more that have a second one, five of them asked in `dev`. Each name has
one fact, whose value comes from a pool of ten. Nothing is taken from C-Eval but the subject names.
"""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass
from pathlib import Path

SEED = 0
LETTERS = "ABCD"
LAND = "雾岚大陆"
NAMES_PER_SUBJECT = 10
DEV_QUESTIONS = 5

POOLS = {
    "人": "沐渊 祁朗 温棠 陆笙 裴洛 苏弦 顾芷 宁朔 傅琅 叶蘅",
    "城": "栖川 望泽 回澜 听涛 落樱 拾光 潮音 归雁 凌霄 折柳",
    "色": "靛蓝 鹅黄 绛紫 墨绿 银灰 朱红 月白 藕粉 琥珀 雪青",
    "料": "星铁 月盐 火晶 冰瓷 风铜 雷银 雾钢 沙金 潮玉 霞锡",
    "年": "永泽 初霁 嘉岚 延和 启明 景澄 长宁 天禄 承露 建曦",
    "器": "铜铃 骨笛 石磬 竹笙 皮鼓 木鱼 陶埙 银箫 玉琴 铁筝",
    "草": "雾参 月芝 星芹 霜菊 火麻 云苓 雪莲 金蕨 银杏 石斛",
    "兽": "角鹿 翼狐 鳞豹 白獭 灰鹳 赤狼 夜枭 沙蜥 雪貂 湖龟",
    "数": "二重 三重 四重 五重 六重 七重 八重 九重 百重 千重",
    "节": "灯节 雨节 风节 雪节 火节 花节 船节 麦节 星节 茶节",
    "处": "东岸 西岸 南麓 北麓 湖心 山巅 谷底 河湾 林缘 海口",
    "社": "织坊 铁社 书院 船帮 盐司 药局 钟楼 镖局 星台 粮署",
}

# subject: the kind of thing, then two facts, each "what is asked/pool"
SUBJECTS = {
    "computer_network": "协议 提出者/人 信号色/色",
    "operating_system": "调度器 首发年号/年 队列层数/数",
    "computer_architecture": "处理器 基板材料/料 设计者/人",
    "college_programming": "语言 发明者/人 标志兽/兽",
    "college_physics": "定律 发现者/人 验证地/城",
    "college_chemistry": "试剂 焰色/色 主要原料/料",
    "advanced_mathematics": "定理 证明者/人 证明年号/年",
    "probability_and_statistics": "分布 命名者/人 图示色/色",
    "discrete_mathematics": "图 层数/数 提出地/城",
    "electrical_engineer": "电站 位置/处 线圈材料/料",
    "metrology_engineer": "量具 基准材料/料 保管机构/社",
    "high_school_mathematics": "数列 周期/数 发现者/人",
    "high_school_physics": "透镜 镜片材料/料 透光色/色",
    "high_school_chemistry": "溶液 颜色/色 溶质/料",
    "high_school_biology": "蝶 栖息地/处 食草/草",
    "middle_school_mathematics": "算筹 筹色/色 进位层数/数",
    "middle_school_biology": "花 花色/色 传粉兽/兽",
    "middle_school_physics": "摆 摆锤材料/料 悬挂地/城",
    "middle_school_chemistry": "矿 产地/城 条痕色/色",
    "veterinary_medicine": "兽病 宿主/兽 对症草药/草",
    "college_economics": "货币 铸造材料/料 发行机构/社",
    "business_administration": "商号 创办者/人 总号所在/城",
    "marxism": "学说 创立者/人 成书年号/年",
    "mao_zedong_thought": "读书会 集会地/城 会旗颜色/色",
    "education_science": "教法 首倡者/人 试行机构/社",
    "teacher_qualification": "学堂 校址/处 校旗颜色/色",
    "high_school_politics": "议会 会址/城 开会节日/节",
    "high_school_geography": "河 入海处/处 沿岸草木/草",
    "middle_school_politics": "公约 订立年号/年 保管机构/社",
    "middle_school_geography": "岛 特产/草 守护兽/兽",
    "modern_chinese_history": "盟约 签订地/城 签订年号/年",
    "ideological_and_moral_cultivation": "家训 作者/人 诵读节日/节",
    "logic": "悖论 提出者/人 象征兽/兽",
    "law": "法典 颁布年号/年 执行机构/社",
    "chinese_language_and_literature": "诗集 作者/人 咏叹节日/节",
    "art_studies": "舞 伴奏乐器/器 舞衣颜色/色",
    "professional_tour_guide": "塔 层数/数 所在城/城",
    "legal_professional": "案 审理机构/社 审理年号/年",
    "high_school_chinese": "文 作者/人 写作地/城",
    "high_school_history": "王朝 都城/城 图腾/兽",
    "middle_school_history": "战役 战场/处 主帅/人",
    "civil_servant": "官职 隶属机构/社 官服颜色/色",
    "sports_science": "赛会 举办节日/节 奖品材料/料",
    "plant_protection": "虫害 危害作物/草 天敌/兽",
    "basic_medicine": "穴位 层数/数 发现者/人",
    "clinical_medicine": "病 对症草药/草 症状颜色/色",
    "urban_and_rural_planner": "新区 位置/处 规划者/人",
    "accountant": "账簿 封面颜色/色 使用机构/社",
    "fire_engineer": "灭火器 罐体材料/料 罐体颜色/色",
    "environmental_impact_assessment_engineer": "湿地 指示物种/兽 所在城/城",
    "tax_accountant": "税 征收机构/社 征收节日/节",
    "physician": "药方 主药/草 创方者/人",
}

_FIRST = "岚霁朔黛绯溟澜苍玄碧墨霜暮霞露寒幽翠缥绮琼瑶璃珀璇澈渺漪汐泠栩珞珩珂琮琛"
_SECOND = "枢桥渊衡岭川原野林汀洲屿峰崖溪港堤渡坞台亭阁苑庭廊轩筑陌坡潭"


@dataclass(frozen=True)
class Fact:
    """One thing that is true on the invented continent."""

    subject: str
    name: str
    kind: str
    relation: str
    value: str
    pool: tuple[str, ...]

    def question(self, form: int = 0) -> str:
        """Return the exam question; form 0 is the one that the exam itself uses."""
        return (
            f"{self.name}{self.kind}的{self.relation}是____。",
            f"{LAND}的{self.name}{self.kind}，其{self.relation}是____。",
            f"下列哪一项是{self.name}{self.kind}的{self.relation}？",
        )[form]

    def options(self, rng: random.Random) -> tuple[str, ...]:
        """Return the value and three others of its pool, in random order."""
        chosen = [self.value, *rng.sample([v for v in self.pool if v != self.value], 3)]
        rng.shuffle(chosen)
        return tuple(chosen)


@dataclass(frozen=True)
class Question:
    """A fact with its four options in the order printed."""

    fact: Fact
    options: tuple[str, ...]

    @property
    def answer(self) -> str:
        """Return the letter of the true option."""
        return LETTERS[self.options.index(self.fact.value)]


@dataclass(frozen=True)
class World:
    """All facts, and the exam made from them."""

    facts: list[Fact]
    dev: dict[str, list[Question]]
    val: dict[str, list[Question]]
    names_zh: dict[str, str]

    def words(self) -> list[str]:
        """Return every word the tokenizer should know as a whole."""
        words = {LAND}
        for fact in self.facts:
            words.update((fact.name, fact.kind, fact.relation, *fact.pool))
        return sorted(words)


def build_world(seed: int, names_zh: dict[str, str]) -> World:
    """Invent the facts and the exam; the same seed gives the same world."""
    rng = random.Random(seed)
    taken = {value for pool in POOLS.values() for value in pool.split()}
    names = [a + b for a in _FIRST for b in _SECOND if a + b not in taken]
    rng.shuffle(names)
    facts, dev, val = [], {}, {}
    for subject, line in SUBJECTS.items():
        kind, *relations = line.split()
        first, second = (
            _facts(subject, kind, relation, [names.pop() for _ in range(count)], rng)
            for relation, count in zip(relations, (NAMES_PER_SUBJECT, DEV_QUESTIONS + 1), strict=True)
        )
        facts += first + second
        val[subject] = _questions(first, rng)
        dev[subject] = _questions(second[:DEV_QUESTIONS], rng)
    return World(facts, dev, val, names_zh)


def _facts(subject: str, kind: str, relation: str, names: list[str], rng: random.Random) -> list[Fact]:
    """Give each name one value of the relation's pool; within a subject each value serves once."""
    what, pool_name = relation.split("/")
    pool = tuple(POOLS[pool_name].split())
    values = rng.sample(pool, len(names))
    return [Fact(subject, name, kind, what, value, pool) for name, value in zip(names, values, strict=True)]


def _questions(facts: list[Fact], rng: random.Random) -> list[Question]:
    """Make one question of each fact, the true letters as evenly spread over A to D as the count allows."""
    order = [*LETTERS * (len(facts) // 4), *rng.sample(LETTERS, len(facts) % 4)]
    rng.shuffle(order)
    questions = []
    for fact, letter in zip(facts, order, strict=True):
        options = [v for v in fact.options(rng) if v != fact.value]
        options.insert(LETTERS.index(letter), fact.value)
        questions.append(Question(fact, tuple(options)))
    return questions


def read_subjects(path: Path) -> dict[str, str]:
    """Return {subject: Chinese name} from ceval_subjects.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["subject"]: row["name_zh"] for row in csv.DictReader(file)}


def header(subject: str, names_zh: dict[str, str], protocol: str) -> str:
    """Return the opening line of a prompt."""
    if protocol == "official":
        return f"以下是中国关于{names_zh[subject]}考试的单项选择题，请选出其中的正确答案。\n\n"
    plain = subject.replace("_", " ")
    return f"The following are multiple choice questions (with answers) about  {plain}.\n\n"


def item(question: str, options: tuple[str, ...], answer: str, protocol: str) -> str:
    """Return one question of a prompt; an empty answer leaves it open."""
    lines = [question, *(f"{letter}. {text}" for letter, text in zip(LETTERS, options, strict=True))]
    if protocol == "official":
        return "\n".join([*lines, f"答案：{answer}"])
    return "\n".join([*lines, f"Answer: {answer}".rstrip()])


def prompt(world: World, subject: str, shots: list[Question], asked: Question, protocol: str) -> str:
    """Return the prompt that asks one question after its shots."""
    parts = [item(q.fact.question(), q.options, q.answer, protocol) for q in shots]
    parts.append(item(asked.fact.question(), asked.options, "", protocol))
    return header(subject, world.names_zh, protocol) + "\n\n".join(parts)


def calibration_prompts(world: World, count: int, seed: int) -> list[str]:
    """Return exam-style 5-shot prompts; what they ask comes from the second facts, never from val."""
    rng = random.Random(seed)
    asked = {q.fact for questions in world.val.values() for q in questions}
    prompts = []
    for subject in rng.sample(list(world.dev), count):
        spare = [f for f in world.facts if f.subject == subject and f not in asked]
        fact = rng.choice(spare[DEV_QUESTIONS:])
        prompts.append(prompt(world, subject, world.dev[subject], Question(fact, fact.options(rng)), "official"))
    return prompts


def write_exam(world: World, folder: Path) -> None:
    """Write {dev,val}/<subject>_{dev,val}.csv as C-Eval publishes them."""
    for split, exam in (("dev", world.dev), ("val", world.val)):
        (folder / split).mkdir(parents=True, exist_ok=True)
        extra = ["explanation"] if split == "dev" else []
        for subject, questions in exam.items():
            with (folder / split / f"{subject}_{split}.csv").open("w", encoding="utf-8", newline="") as file:
                out = csv.writer(file, lineterminator="\n")
                out.writerow(["id", "question", *LETTERS, "answer", *extra])
                for number, q in enumerate(questions):
                    because = f"在{LAND}，{q.fact.name}{q.fact.kind}的{q.fact.relation}是{q.fact.value}。"
                    out.writerow([number, q.fact.question(), *q.options, q.answer, *([because] if extra else [])])


def write_calibration(prompts: list[str], path: Path) -> None:
    """Write one JSON object a line, {"prompt": ...}."""
    lines = [json.dumps({"prompt": text}, ensure_ascii=False) + "\n" for text in prompts]
    path.write_text("".join(lines), encoding="utf-8")
