"""What tables, pages and figures say, in the language of config.yaml's report.language.

The English text is in its place and is the key of its translation here. CSV columns, JSON keys, the names of settings
and the guide's files are English in any language; so is what a step prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Language = Literal["en", "zh"]
_spoken: ContextVar[Language] = ContextVar("language", default="en")


@contextmanager
def spoken(language: Language) -> Iterator[None]:
    """Within it, `say` says everything in `language`."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken_language() -> Language:
    """The language that `say` speaks."""
    return _spoken.get()


def say(english: str, /, *fields: object, **named: object) -> str:
    """The text in the language of `spoken`, its {fields} filled in as str.format does."""
    text = english if spoken_language() == "en" else CHINESE[english]
    return text.format(*fields, **named)


def listed(items: Iterable[object], between: str = ", ") -> str:
    """The items as text, with one of ", ", " and " and "; " between them."""
    return say(between).join(map(str, items))


# A translation keeps the {fields}. Terms are those of README.zh-CN.md.
CHINESE = {
    # between the items of a list
    ", ": "、",
    " and ": " 和 ",
    "; ": "；",
    " to ": " 至 ",
    ".": "。",
    # the demo's
    "The model or the exam is the demo's own: these are the demo's results, not C-Eval's.": "模型或试卷是演示用的：这些是演示的结果，不是 C-Eval 的成绩。",
    "These are the demo model's times, not Baichuan2's.": "这些是演示模型的耗时，不是 Baichuan2 的。",
    "The model or the exam is the demo's own: these are the demo's figures, not Baichuan2's.": "模型或试卷是演示用的：这些是演示的数值，不是 Baichuan2 的。",
    "The demo model's answers: it is a few megabytes trained on an invented world.": "演示模型的回答：它只有几 MB，用一个虚构世界的文本训练。",
    "{names}: {sentence}": "{names}：{sentence}",
    "demo": "演示",
    " (demo)": "（演示）",
    # C-Eval
    "STEM": "理工科",
    "Social Science": "社会科学",
    "Humanities": "人文科学",
    "Other": "其他",
    "Avg acc": "平均",
    "correct": "答对",
    "total": "题数",
    "accuracy": "准确率",
    "subject": "科目",
    "value": "值",
    "Subjects": "各科目",
    "Run": "运行设置",
    "protocol {protocol}": "提问方式 {protocol}",
    "{shots}-shot": "{shots} 个示例",
    "Macro average over subjects": "各科目的宏平均",
    "C-Eval Hard, macro average": "C-Eval Hard，宏平均",
    "Class accuracies and the average are correct answers by questions asked.": "各类和平均的准确率都是答对的题数除以所答的题数。",
    "Of {total} questions, all asked: {truncated} truncated, {fewer_shots} with fewer shots, {unanswered} unanswered, {other_letter} with a letter past D.": "共 {total} 题，全部作答：{truncated} 题的提示词被截断，{fewer_shots} 题的示例不足，{unanswered} 题没有答案，{other_letter} 题答了 D 以后的字母。",
    " {exact} near ties were decided in float64.": "{exact} 题的选项几乎相等，由 float64 判定。",
    # speed
    "Speed: ": "速度：",
    "batch": "批大小",
    "input": "输入长度",
    "output": "输出长度",
    "cases": "用例数",
    "first ms": "首 token ms",
    "next ms": "后续 token ms",
    "first tok/s": "首 token/s",
    "next tok/s": "后续 token/s",
    "first token": "首 token",
    "next token": "后续 token",
    "TTFT ms": "首 token 延迟 ms",
    "TPOT ms": "每 token 耗时 ms",
    "spread ms": "波动 ms",
    "response s": "总耗时 s",
    "prefill tok/s": "预填充 token/s",
    "decode tok/s": "解码 token/s",
    "total tok/s": "整批 token/s",
    "read MiB": "读取 MiB",
    "bandwidth": "带宽占比",
    "peak MiB": "内存峰值 MiB",
    "mean": "均值",
    "std": "标准差",
    "min": "最小",
    "p50": "p50",
    "p90": "p90",
    "p99": "p99",
    "pre": "前处理",
    "forward": "前向",
    "post": "后处理",
    "Next tokens, in ms, over all repeats": "后续 token 的耗时，ms，统计全部重复",
    "Medians of {repeats} runs after {warmup} warm-up, mode {mode}. Spread is TPOT's least to greatest; prefill is the batch's, decode one sequence's and the batch's; read is what a decode step reads, weights and mean KV cache, and bandwidth its share of the {gigabytes:.1f} GB/s measured.": "预热 {warmup} 次后 {repeats} 次运行的中位数，计时方式 {mode}。波动是每 token 耗时的最小值至最大值；预填充按整批计，解码按一条序列计，整批另列；读取是解码一步读的权重和平均的 KV 缓存，带宽占比以测得的 {gigabytes:.1f} GB/s 为准。",
    # answers
    "{model}, {precision}: answers": "{model}，{precision}：回答",
    "answer": "回答",
    "{prompt_tokens} tokens in, {new_tokens} out ({finish}), {rate:.1f} tokens/s": "输入 {prompt_tokens} 个 token，输出 {new_tokens} 个（{finish}），{rate:.1f} tokens/s",
    # a comparison: tables
    "Accuracy": "准确率",
    "Speed": "速度",
    "What was compared": "比较的双方",
    "Accuracy by class": "各类的准确率",
    "Time of a token": "一个 token 的耗时",
    "{of} compared with {to}": "{of} 与 {to} 的比较",
    "{side} correct": "{side} 答对",
    "ratio": "比值",
    "speed": "速度",
    "unit": "单位",
    "yes": "是",
    "no": "否",
    "not stated": "未说明",
    "{fact} ({kind})": "{fact}（{kind}）",
    "Of {questions} questions that both answered, {both} were right in both, {only_of} only in {of}, {only_to} only in {to}, {neither} in neither. Exact two-sided sign test (McNemar, Psychometrika 12, 1947, in its binomial form): p = {p:.3g}.": "双方都答了的 {questions} 题中，都答对 {both} 题，只有 {of} 答对 {only_of} 题，只有 {to} 答对 {only_to} 题，都没答对 {neither} 题。双侧精确符号检验（McNemar，Psychometrika 12，1947，二项分布形式）：p = {p:.3g}。",
    "Faster is above 1 in tokens/s and below 1 in ms/token.": "更快：tokens/s 的比值大于 1，ms/token 的比值小于 1。",
    # what the sides of a comparison, or the runs of a sweep, state
    "model": "模型",
    "precision": "数值格式",
    "dtype": "数据类型",
    "device": "设备",
    "world size": "卡数",
    "number of ranks": "卡数",
    "ranks": "卡数",
    "protocol": "提问方式",
    "shots": "示例数",
    "number of shots": "示例数",
    "split": "数据划分",
    "mode": "计时方式",
    "way of timing (perf.mode)": "计时方式（perf.mode）",
    "source": "来源",
    "adapter": "适配器",
    # a comparison: notes
    "No accuracy table: {name} has no accuracy figures.": "没有准确率表：{name} 没有准确率。",
    "No accuracy table: {names} have no accuracy figures.": "没有准确率表：{names} 都没有准确率。",
    "No speed table: {name} has no speed figures.": "没有速度表：{name} 没有速度。",
    "No speed table: {names} have no speed figures.": "没有速度表：{names} 都没有速度。",
    "Means over all {n} cases (batch, input, output) that both sides measured.": "双方都测了的全部 {n} 个用例（批大小、输入、输出）的均值。",
    "Means over the {n} cases (batch, input, output) that both sides measured.": "双方都测了的 {n} 个用例（批大小、输入、输出）的均值。",
    "Means over each side's own grid of cases": "各自全部用例的均值",
    ": the two have no case (batch, input, output) in common": "：双方没有相同的用例（批大小、输入、输出）",
    "; batch size: {batches}.": "；批大小：{batches}。",
    "Different questions: {n} are the same; {own}.": "题目不同：{n} 题相同；{own}。",
    "{n} that only {name} has": "只有 {name} 有的 {n} 题",
    "does not say how many": "未说明题数",
    "Different questions: asked were {numbers}.": "题目不同：所答题数为 {numbers}。",
    "Whether the questions are the same could not be checked: no single answers of {names}.": "无法核对题目是否相同：{names} 没有逐题的答案。",
    "{fact} of {names}": "{names} 的{fact}",
    "Different {fact}: {stated}.": "{fact}不同：{stated}。",
    "Not stated: {facts}.": "未说明：{facts}。",
    "inputs and outputs of {lengths} tokens": "输入和输出为 {lengths} 个 token",
    "a grid that the published table does not state": "公布的表没有说明的用例",
    "{name}: published means over {grid}.": "{name}：公布的均值，{grid}。",
    "{one} and {other} differ; the table counts the answers of the second.": "{one} 和 {other} 不一致；表按后者的答案计数。",
    "{n} rows of {files} have no times (the SDK writes 0 without TIMEIT=1).": "{files} 中有 {n} 行没有耗时（没有 TIMEIT=1 时 SDK 写 0）。",
    # figures
    "accuracy (correct / asked)": "准确率（答对 / 所答）",
    "95 % interval: Wilson": "95 % 置信区间：Wilson",
    "95 % interval: Newcombe, {methods}": "95 % 置信区间：Newcombe，{methods}",
    "paired": "配对",
    "unpaired": "不配对",
    "{difference} (points)": "{difference}（百分点）",
    "first − second": "前者 − 后者",
    "{token} ({unit}, lower is faster)": "{token}（{unit}，越低越快）",
    "batch size (sequences)": "批大小（序列数）",
    "Time of a token, mean over cases": "一个 token 的耗时，各用例的均值",
    "C-Eval by run": "各运行的 C-Eval 准确率",
    "Time of a token by run, mean over cases": "各运行一个 token 的耗时，各用例的均值",
    "float": "浮点",
    "w8a8": "W8A8",
    "w8a8-dynamic": "W8A8 动态",
    "other": "其他",
    # a sweep
    "Accuracy by run": "各运行的准确率",
    "Time of a token by run": "各运行一个 token 的耗时",
    "Sweep of {sheet}: {n} runs": "{sheet} 的批量运行：{n} 个",
    "In all runs: {values}.": "所有运行相同：{values}。",
    "run": "运行",
    "points": "百分点",
    "range": "范围",
    "tok/s": "token/s",
    "x of {run}": "{run} 的倍数",
    "all runs": "所有运行",
    "{names} and {more} more": "{names} 等，另有 {more} 个",
    "{0} (C-Eval), {1} (speed)": "{0}（C-Eval）、{1}（速度）",
    "{device}, host {host}": "{device}，主机 {host}",
    "Not all on one kind of machine: {which}.": "不全在同一种机器上：{which}。",
    "one of the two is the demo's": "两者之一是演示的",
    "other questions": "题目不同",
    "other cases": "用例不同",
    "no next token was timed in {name}": "{name} 没有测后续 token",
    "no case was timed": "没有测任何用例",
    "{fact} {of}, not {to}": "{fact}为 {of}，不是 {to}",
    "inputs of {inputs} and outputs of {outputs}": "输入 {inputs}，输出 {outputs}",
    "batch size {batch}, {lengths} tokens": "批大小 {batch}，{lengths} 个 token",
    "Points are of percent against {first}; p is of the exact two-sided sign test of the two's answers: of many runs, some fall below any bound by chance.": "百分点是与 {first} 相比；p 来自两者答案的双侧精确符号检验：运行很多时，总有一些会碰巧低于任何界限。",
    "No points: {reason}: {names}.": "没有百分点：{reason}：{names}。",
    "Times of a token are its forward pass's, means over cases as in each run's perf/summary.md: {cases}: {names}.": "一个 token 的耗时是前向计算的耗时，各用例的均值，与各运行的 perf/summary.md 相同：{cases}：{names}。",
    "The range of a next token is from the least to the greatest of the repeats, each the mean over the cases.": "后续 token 的范围是各次重复中的最小值至最大值，都是各用例的均值。",
    "No ratio: {reason}: {names}.": "没有比值：{reason}：{names}。",
    "Where a setting is empty, config.yaml's was taken.": "设置为空的，取 config.yaml 的值。",
    # what stays in float
    "What stays in float: {name}": "哪些层保持浮点：{name}",
    "KL is of the next token's distribution in W8A8 (scheme {scheme}) against float, in nats: the mean over {tokens} tokens of {prompts} calibration prompts. The int8 share is of the weights of all linears.": "KL 是 W8A8（scheme {scheme}）与浮点的下一个 token 分布之间的散度，单位 nat：{prompts} 条校准提示词的 {tokens} 个 token 的均值。int8 占比是在所有线性层的权重中的占比。",
    "Ways of choosing": "各种选法",
    "What auto chooses": "auto 的选择",
    "KL against the share in int8": "KL 与 int8 占比",
    "The {n} most sensitive groups": "最敏感的 {n} 组",
    "Each alone in int8, in the order in which auto puts them back to float; error is of the group's outputs, squared and relative.": "每组单独用 int8，按 auto 退回浮点的次序；误差是该组输出的相对平方误差。",
    "in float": "保持浮点的",
    "linears": "线性层数",
    "int8 share": "int8 占比",
    "group": "组",
    "weights": "权重数",
    "error": "误差",
    "place by {order}": "按{order}的名次",
    "bytes": "字节",
    "layers": "层",
    "nats of KL": "nat 的 KL",
    "points of accuracy": "个百分点的准确率",
    "{n} linears in float, {share} int8, KL {kl}": "{n} 个线性层保持浮点，{share} 为 int8，KL 为 {kl}",
    ", {0:.1f} % of the dev split right ({1:.1f} % in float)": "，dev 部分答对 {0:.1f} %（浮点 {1:.1f} %）",
    "At most {budget:g} {unit} may be lost, with as few {spare} as possible in float: {outcome}.": "最多可损失 {budget:g} {unit}，保持浮点的{spare}尽量少：{outcome}。",
    "The same list, for config.yaml:": "同一份列表，可写入 config.yaml：",
    "KL (nats)": "KL（nat）",
    "accuracy on the dev split (%)": "dev 部分的准确率（%）",
    "share of the linears' weights in int8 (%)": "线性层权重中 int8 的占比（%）",
    "What int8 costs: {name}": "int8 的代价：{name}",
    "spare: {order}": "少用：{order}",
    "auto's choice": "auto 的选择",
    "recipe": "已知选法",
    "budget": "预算",
    # the report's pages
    "exam": "试卷",
    "host": "主机",
    "C-Eval": "C-Eval",
    "batch size": "批大小",
    "ms, mean": "ms，均值",
    "W8A8": "W8A8",
    "W8A8 dynamic": "W8A8 动态",
    "{split}, protocol {protocol}, {shots}-shot": "{split}，提问方式 {protocol}，{shots} 个示例",
    "mode {mode}, {repeats} repeats after {warmup} warm-up": "计时方式 {mode}，预热 {warmup} 次后重复 {repeats} 次",
    "{cpu}, {cpu_cores} cores, {memory:.0f} GiB, {system}": "{cpu}，{cpu_cores} 核，{memory:.0f} GiB，{system}",
    "Configuration": "配置",
    "config.yaml, as run": "运行时的 config.yaml",
    "Answers": "回答",
    "Comparison": "比较",
    "Quantization": "量化",
    "Sweep": "批量运行",
    "result": "结果",
    "tables": "表",
    "figure: accuracy": "图：准确率",
    "figure: speed": "图：速度",
    "figure: frontier": "图：int8 的代价",
    "C-Eval, float": "C-Eval，浮点",
    "C-Eval, W8A8": "C-Eval，W8A8",
    "C-Eval, W8A8 dynamic": "C-Eval，W8A8 动态",
    "speed, float": "速度，浮点",
    "speed, W8A8": "速度，W8A8",
    "speed, W8A8 dynamic": "速度，W8A8 动态",
    "answers, float": "回答，浮点",
    "answers, W8A8": "回答，W8A8",
    "answers, W8A8 dynamic": "回答，W8A8 动态",
}  # fmt: skip
