"""Chinese: every word has its translation, no page keeps an English head, and only what is read is translated."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from baichuan2.inference.page import page as answers_page
from baichuan2.jobs.code import code_of
from baichuan2.report import figures, frontier, overview, rates_figure, rollback, sweep_figures, sweep_tables, tables
from baichuan2.text.words import CHINESE, spoken
from helpers.projects import ROOT
from test_compare import compared, write_ceval, write_perf, write_sdk
from test_overview import CONFIG, HOST
from test_rates import loaded_of
from test_rollback import rollback_of
from test_sweep_tables import OTHERS, W8A8, swept

CODE = [*(ROOT / "workflow/scripts").rglob("*.py"), *(ROOT / "workflow/rules").glob("*.smk")]
CAPTIONS = {language: ROOT / "workflow/report" / language for language in ("en", "zh")}
TIMES = {(1, 32, 4): (0.1, 0.01), (2, 32, 4): (0.2, 0.02)}
# What is the same in both, or stands for itself in a text of any language.
ALSO_DATA = {"float", "demo", "other", "auto"}


def strings(path: Path) -> set[str]:
    """The constant strings of some code; rules are no Python, but their strings are."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".smk":
        return set(re.findall(r'"([^"\n]*)"', text))
    return {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}


def said(path: Path) -> set[str]:
    """The constant texts that say is called with."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    named = [call.args[0] for call in calls if getattr(call.func, "id", "") == "say"]
    return {text.value for text in named if isinstance(text, ast.Constant)}


def fields(text: str) -> list[tuple[str | None, str | None]]:
    return sorted((name or "", spec or "") for _, name, spec, _ in Formatter().parse(text) if name is not None)


def test_every_text_has_a_translation_with_its_fields():
    library = [path for path in CODE if path.suffix == ".py"]
    assert set().union(*map(said, library)) - set(CHINESE) == set()
    assert [text for text, translation in CHINESE.items() if fields(text) != fields(translation)] == []


def test_no_translation_is_of_a_text_that_is_gone():
    there = set().union(*(strings(path) for path in CODE if path.name != "words.py"))
    kinds = {f"No {kind} table: {{{name}}} {have} no {kind} figures." for kind in ("accuracy", "speed")
             for name, have in (("name", "has"), ("names", "have"))}  # fmt: skip
    precisions = ("float", "as served", "W8A8", "W8A8 dynamic")
    named = {
        f"{task}, {precision}"
        for task in ("C-Eval", "speed", "speed under load", "answers")
        for precision in precisions
    }
    figure_names = {f"figure: {kind}" for kind in ("accuracy", "speed", "tradeoff")}
    assert set(CHINESE) - there - kinds - named - figure_names - {"world size"} == set()


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    """Every page in Chinese, as Markdown, of results that have all there is to say; figures as svg."""
    folder = tmp_path_factory.mktemp("中文")
    ceval = write_ceval(folder / "a/ceval", demo=True, environment=HOST)
    loaded = loaded_of()
    rates_figure.write_figure(folder / "rates.svg", loaded, demo=True)
    perf = write_perf(folder / "a/perf", TIMES | {(2, 64, 4): (0, 0)}, demo=True, environment=HOST, under_load=loaded)
    write_ceval(folder / "b/ceval_quant", wrong=6, count=25, **W8A8, protocol="sdk", shots=0)
    write_perf(folder / "b/perf_quant", {(1, 32, 4): (0.05, 0.005)}, **W8A8, world_size=None, mode="normal")
    write_sdk(folder / "sdk", "1,32,32,0.5,100.0,10.0,0,0\n1,64,32,0.5,0,0,0,0\n", cache="law,0,A,B\n")
    a, b, sdk = str(folder / "a"), f"{folder / 'b'}:quant", str(folder / "sdk")
    header = {key: "x" for key in ("model", "precision", "dtype", "device", "world_size", "format", "sampling")}
    header |= {"demo": True, "max_new_tokens": 1}
    answer = {"messages": [], "answer": "", "batch_seconds": 1, "prompt_tokens": 1, "new_tokens": 1, "finish": "stop"}
    answer |= {"left_out_tokens": 1}
    made = {"answers": answers_page(header, [answer]), "rates": (folder / "rates.svg").read_text(encoding="utf-8")}
    sides = [(a, a), (b, a), (a, "gpu"), (sdk, "gpu"), ("300i-duo-w8a8", "300i-duo"), ("gpu", "800t-a2")]
    for number, pair in enumerate(sides):
        comparison = compared(*pair)
        figures.write_figures(folder, comparison)
        made |= {f"compare {number}": tables.markdown(comparison)}
        made |= {f"compare {number} {file.name}": file.read_text(encoding="utf-8") for file in folder.glob("*.svg")}
    for number, (run, times, _, _) in enumerate(OTHERS.values()):
        runs = {
            "a": ({"demo": True}, {"demo": True}),
            "b": (run, {"times": TIMES} | times),
            "c": ({"generated": 2}, {"world_size": 2, "under_load": loaded}),
        }
        sheet = "name,precision,quantize.scheme\na,float,\nb,quant,static\nc,float,\n"
        sweep = swept(folder / f"sweep{number}", sheet, runs)
        sweep_figures.write_figures(folder, sweep)
        made |= {f"sweep {number}": sweep_tables.markdown(sweep)}
        made |= {f"sweep {number} {file.name}": file.read_text(encoding="utf-8") for file in folder.glob("*y.svg")}
        made |= {f"sweep {number} tradeoff": (folder / "tradeoff.svg").read_text(encoding="utf-8")}
    for metric in ("kl", "accuracy"):
        choice = rollback_of(demo=True, metric=metric, budget=50)
        frontier.write_figure(folder / "frontier.svg", choice)
        made |= {f"rollback {metric}": rollback.markdown(choice), metric: (folder / "frontier.svg").read_text()}
    made |= {
        file.parent.name: file.read_text(encoding="utf-8") for file in (ceval / "summary.md", perf / "summary.md")
    }
    summaries = overview.read_summaries(
        folder / "a", [str(folder / f"a/{task}/summary.html") for task in ("ceval", "perf")]
    )
    return made | {"overview": overview.markdown(summaries, CONFIG)}


@pytest.fixture(scope="module", autouse=True)
def chinese():
    with spoken("zh"):
        yield


def test_no_page_has_an_english_head_label_or_sentence(pages):
    english = {text for text, translation in CHINESE.items() if text != translation} - ALSO_DATA
    sentences = {text for text in english if text.count(" ") > 2 and "{" not in text}
    for name, text in pages.items():
        labels = re.findall(r">([^<>]+)</text>", text)
        lines = text.splitlines()
        rules = [number for number, line in enumerate(lines) if re.fullmatch(r"\|[-: |]+\|", line)]
        heads = [head for number in rules for head in lines[number - 1].strip("|").split("|")]
        heads += [line.strip("#") for line in lines if line.startswith("#")]
        assert {label.strip() for label in (*labels, *heads)} & english == set(), name
        assert [sentence for sentence in sentences if sentence in text] == [], name


def test_what_is_read_by_scripts_is_the_same(tmp_path):
    for language in ("en", "zh"):
        with spoken(language):
            write_ceval(tmp_path / language / "ceval", wrong=3, demo=True)
            write_perf(tmp_path / language / "perf", TIMES, demo=True)
            tables.write_comparison(tmp_path / language, compared("800t-a2", "gpu"))
            sweep = swept(tmp_path / "swept", "name,precision\na,float\n", {"a": ({}, {})})
            sweep_tables.write_sweep(tmp_path / language, sweep)
    english, chinese = ({file.relative_to(tmp_path / language): file.read_bytes()
                         for file in (tmp_path / language).rglob("*.*")} for language in ("en", "zh"))  # fmt: skip
    differ = {str(name) for name in english if english[name] != chinese[name]}
    assert differ == {"ceval/summary.md", "perf/summary.md", "compare.md", "sweep.md"}


def test_the_captions_are_the_same_files_with_the_same_fields():
    jinja = {
        language: {
            file.name: re.findall(r"\{\{.*?\}\}|\.\. \w+::", file.read_text()) for file in folder.glob("*.rst")
        }
        for language, folder in CAPTIONS.items()
    }
    assert jinja["zh"] == jinja["en"]


@pytest.mark.parametrize(
    "script", ["score_ceval.py", "measure_perf.py", "run_inference.py", "quantize.py", "calibrate.py"]
)
def test_a_word_never_runs_the_model(script):
    assert "words.py" not in {file.name for file in code_of(script)}
