"""The first thing that snakemake's report says: what was run, on what, and both tables. Imports nothing heavy.

snakemake renders workflow/report/workflow.rst when it makes a report. There stands the reStructuredText directive of
`directive`, which reads the summaries of the results that this report holds, as they are then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive

from baichuan2.configuration.settings import checked
from baichuan2.integrity import read_sealed
from baichuan2.report.choice import KINDS, SUFFIXES, run_files
from baichuan2.text.tables import DEMO, FIRST, MEDIAN, NEXT, NOTHING, ends_text, safe, short, table
from baichuan2.text.words import listed, say, say_name, spoken

PRECISIONS = {"float": "float", "w8a8": "W8A8", "w8a8-dynamic": "W8A8 dynamic", "served": "as served"}
EXAM, TIMING = ("split", "protocol", "shots"), ("mode", "repeats", "warmup")
TASKS = dict(zip(KINDS, ("C-Eval", "speed"), strict=True))

# snakemake centres what is on the page: without `safe` the top of what is higher than the window is out of reach.
STYLE = """<style>
.h-screen.overflow-auto.items-center { align-items: safe center; }
.overview table { margin: 0.8rem 0; }
.overview :is(th, td) { padding-top: 0.15rem; padding-bottom: 0.15rem; }
</style>
"""

Config = Mapping[str, Mapping[str, Any]]
Run = Mapping[str, Any]  # what a summary says of its run
Summaries = Mapping[tuple[str, str], Mapping[str, Any]]  # by one of KINDS and one of SUFFIXES


def directive(config: Config, folder: Path) -> type[Directive]:
    """The directive: its content is the pages that the report shows, one a line, by their paths.

    config: config.yaml, for the sources of the model and of the exam. folder: the results.
    """

    class Overview(Directive):
        has_content = True

        def run(self) -> list[nodes.Node]:
            from baichuan2.report.page import body_of  # renders Markdown, which only a report needs

            summaries = checked(read_summaries, folder, self.content)
            with spoken(config["report"]["language"]):
                body = body_of(markdown(summaries, config))
            return [nodes.raw("", f'{STYLE}<div class="overview">{body}</div>', format="html")]

    return Overview


def read_summaries(folder: Path, pages: Iterable[str]) -> Summaries:
    """The summaries behind those of `pages` that are of C-Eval or of speed. Raises UserError for a damaged one."""
    shown = set(map(Path, pages))
    files = {(kind, side): Path(run_files(folder, side)[kind][0]) for kind in KINDS for side in SUFFIXES}
    return {key: read_sealed(file) for key, file in files.items() if file.with_suffix(".html") in shown}


def markdown(summaries: Summaries, config: Config) -> str:
    """What was run and the tables, of what there is; without results the model alone, as config.yaml has it."""
    first, *rows = _run_rows(summaries, config)
    by_kind = {kind: [summary for (of, _), summary in summaries.items() if of == kind] for kind in KINDS}
    demos = [say(DEMO[kind]) for kind, sides in by_kind.items() if any(side["run"].get("demo") for side in sides)]
    parts = [f"**{' '.join(demos)}**" if demos else "", table(rows, first, "pipe", "ll")]
    parts += [make(by_kind[kind]) for kind, make in TABLES.items() if by_kind[kind]]
    return "\n\n".join(part for part in parts if part) + "\n"


# ---- what was run ----------------------------------------------------------------------------------------


def _run_rows(summaries: Summaries, config: Config) -> list[list[str]]:
    """A row a fact, of what the summaries state."""
    exam = _merged(summaries, _exam, ["accuracy"])
    precisions = dict.fromkeys(_precision(summary) for summary in summaries.values())
    rows = {
        "model": _merged(summaries, lambda run: run.get("model")) or config["model"]["name"],
        "source": config["model"]["source"],
        "adapter": config["model"]["adapter"],
        "precision": listed(precisions),
        "dtype": _merged(summaries, lambda run: run.get("dtype")),
        "exam": exam and f"{config['ceval']['source']}: {exam}",
        "speed": _merged(summaries, _timing, ["speed"]),
        "device": _merged(summaries, _device),
        "ranks": _merged(summaries, lambda run: run.get("world_size")),
        "host": _merged(summaries, _host),
    }
    return [[say(name), safe(value)] for name, value in rows.items() if value]


def _merged(summaries: Summaries, fact: Callable[[Run], Any], kinds: Sequence[str] = KINDS) -> str:
    """What all summaries of `kinds` state, once; where they differ, each with whose it is."""
    whose: dict[str, list[str]] = {}
    for (kind, _), summary in summaries.items():
        value = fact(summary["run"]) if kind in kinds else None
        if value is not None:
            whose.setdefault(str(value), []).append(f"{say(TASKS[kind])} {_precision(summary)}")
    if len(whose) == 1:
        return next(iter(whose))
    return listed((f"{value} ({listed(names)})" for value, names in whose.items()), "; ")


def _precision(summary: Mapping[str, Any]) -> str:
    precision = str(summary["run"].get("precision"))
    return say(PRECISIONS[precision]) if precision in PRECISIONS else precision


def _exam(run: Run) -> str:
    return say("{split}, protocol {protocol}, {shots}-shot", **{key: run.get(key) for key in EXAM})


def _timing(run: Run) -> str:
    text = "mode {mode}, {rounds} rounds of {repeats} repeats after {warmup} warm-up"
    return say(text, rounds=len(run.get("rounds") or [run]), **{key: run.get(key) for key in TIMING})


def _device(run: Run) -> str:
    name = (run.get("environment") or {}).get("device_name")
    return f"{run.get('device')} ({name})" if name else str(run.get("device"))


def _host(run: Run) -> str | None:
    environment = run.get("environment") or {}
    if not environment.get("cpu"):
        return None
    return say(
        "{cpu}, {cpu_cores} cores, {memory:.0f} GiB, {system}",
        memory=environment["memory_bytes"] / 2**30,
        **environment,
    )


# ---- tables ----------------------------------------------------------------------------------------------


def accuracy_table(sides: Sequence[Mapping[str, Any]]) -> str:
    """A row a class and one of all questions: the accuracy and its counts, a column a summary of C-Eval."""
    names = dict.fromkeys(name for summary in sides for name in summary["classes"])
    tallies = {name: [summary["classes"].get(name) for summary in sides] for name in names}
    tallies["Avg acc"] = [summary["average"] for summary in sides]
    rows = [[safe(say_name(name)), *map(_tally, counts)] for name, counts in tallies.items()]
    return table(rows, [say("accuracy"), *map(_precision, sides)], "pipe")


def _tally(tally: Mapping[str, Any] | None) -> str:
    return f"{tally['accuracy']:.4f} ({tally['correct']}/{tally['total']})" if tally else NOTHING


def speed_table(sides: Sequence[Mapping[str, Any]]) -> str:
    """Rows of a batch size: the mean times of the first and of a next token in ms, a column a summary of speed.

    The median of the next tokens has one too, where a summary knows it; times stand with their 95 % intervals.

    The last column is over how many cases each is a mean.
    """
    rows = []
    for size in sorted({size for summary in sides for size in summary["means"]}, key=int):
        means = [summary["means"].get(size, {}) for summary in sides]
        for token, key in ((FIRST, "first_ms"), (MEDIAN, "next_median_ms"), (NEXT, "next_ms")):
            if token == MEDIAN and not any(one.get(key) for one in means):
                continue
            cases = dict.fromkeys(str(one["cases"][token != FIRST]) for one in means if one)
            rows.append([size, say(token), *(_time(one, key) for one in means), listed(cases, " and ")])
    columns = [*map(say, ("batch size", "ms, mean")), *map(_precision, sides), say("cases")]
    return table(rows, columns, "pipe", "rl" + "r" * (len(columns) - 2))


def _time(means: Mapping[str, Any], key: str) -> str:
    interval = ends_text(means.get(f"{key}_low"), means.get(f"{key}_high"))
    return short(means.get(key)) if interval == NOTHING else f"{short(means.get(key))} ({interval})"


TABLES = {"accuracy": accuracy_table, "speed": speed_table}
