"""What a busy host does to a ratio of speeds, and whether the tables say so: python benchmarks/busy_machine.py

Measures W8A8 and float with this project's own rules, each time in a fresh copy of its tracked files: on the host as
it is, with busy processes beside it, and with them once more as it was done before there were rounds (one round,
nothing measured again, one precision after the other). A ratio is that of times, W8A8 to float; intervals are of 95
%. The host must be left alone meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import pandas
import typer
import yaml

import harness
from baichuan2 import cli
from baichuan2.errors import UserError
from baichuan2.integrity import read_sealed
from baichuan2.report.choice import Choice
from baichuan2.report.comparison import Comparison, compare, distinguishable
from baichuan2.report.sides import MS_PER_TOKEN, read_side
from baichuan2.text.tables import FIRST, MEDIAN, NEXT

BEFORE = {"rounds": 1, "repeats": 3, "again": 0}  # as config.yaml had it
TARGETS = {"float": "results/perf", "quant": "results/perf_quant"}


def main(
    weights: Annotated[str, typer.Option(help="As perf.weights.")] = "random:baichuan2-0.4b",
    busy: Annotated[int, typer.Option(help="Busy processes beside the loaded measurements.")] = 2,
    case_pair: Annotated[str, typer.Option(help="As perf.case_pair, in JSON.")] = "[[128, 32], [32, 64]]",
    rounds: Annotated[int, typer.Option(help="As perf.rounds.")] = 3,
    cores: Annotated[int, typer.Option(help="Of snakemake.")] = harness.CORES,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Measure three times, and write busy_machine.csv and busy_machine.md."""
    perf = {"weights": weights, "case_pair": json.loads(case_pair)}
    ways = {
        "quiet": (0, perf | {"rounds": rounds}),
        "busy": (busy, perf | {"rounds": rounds}),
        "busy, as before": (busy, perf | BEFORE),
    }
    rows = [row for name, (load, settings) in ways.items() for row in measure(name, load, settings, cores)]
    runs = pandas.DataFrame(rows)
    parts = [
        f"# A busy host: {weights}, {busy} busy processes, {cores} cores",
        harness.markdown(shown(runs)),
        "\n".join(f"- {line}" for line in verdicts(runs)),
        harness.prose(__doc__)[0],
    ]
    harness.write_results(out, "busy_machine", runs, parts, harness.environment(cores))


def measure(name: str, busy: int, perf: dict[str, Any], cores: int) -> list[dict[str, Any]]:
    """A row a token of W8A8 compared with float: times in ms, the ratio and its interval, noise, the host's load."""
    print(f"measuring: {name}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="busy-machine-") as folder:
        project = Path(folder) / "project"
        harness.copy_tracked(project)
        overlay = Path(folder) / "overlay.yaml"
        overlay.write_text(yaml.safe_dump({"perf": perf}), encoding="utf-8")
        with busy_processes(busy):
            # One after the other, as one run would without turns; the targets together, for turns.
            together = [list(TARGETS.values())] if perf["rounds"] > 1 else [[target] for target in TARGETS.values()]
            for targets in together:
                run(project, [*targets, "--cores", str(cores), "--configfile", str(overlay)])
        comparison = compare_speeds(project)
        summaries = [read_sealed(project / target / "summary.json") for target in TARGETS.values()]
    others = [one["load"]["others"] for summary in summaries for one in summary["run"]["rounds"]]
    facts = {
        "host": name,
        "noise": sum(bool(case.get("noise")) for summary in summaries for case in summary["cases"]),
        "cases": sum(len(summary["cases"]) for summary in summaries),
        "others_most": None if None in others else max(others),
    }
    return [facts | row for row in ratios(comparison)]


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """So many processes that compute without end, each of one thread, ended with the block."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def run(project: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "snakemake", *arguments]
    done = subprocess.run(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise UserError(f"snakemake {' '.join(arguments)} failed: {done.stdout[-1000:]}")


def compare_speeds(project: Path) -> Comparison:
    """W8A8 with float, as results/compare does."""
    files = {name: (str(project / target / "summary.json"),) for name, target in TARGETS.items()}
    of, to = (Choice(name, "run", {"speed": files[name]}) for name in ("quant", "float"))
    subjects = project / "resources/ceval_subjects.csv"
    return compare((of, to), lambda choice, kinds: read_side(choice, kinds, subjects))


def ratios(comparison: Comparison) -> list[dict[str, Any]]:
    assert comparison.speed is not None
    return [
        {
            "token": row.token,
            "w8a8_ms": row.of.value,
            "float_ms": row.to.value,
            "ratio": row.ratio,
            "low": row.interval and row.interval.low,
            "high": row.interval and row.interval.high,
            "distinguishable": row.interval and distinguishable(row.interval),
        }
        for row in comparison.speed.itertuples()
        if row.unit == MS_PER_TOKEN and row.of and row.to
    ]


def shown(runs: pandas.DataFrame) -> pandas.DataFrame:
    """The rows as text."""
    rows = []
    for row in runs.itertuples():
        known = not pandas.isna(row.low)
        rows.append(
            {
                "host": row.host,
                "token": row.token,
                "W8A8 ms": f"{row.w8a8_ms:.4g}",
                "float ms": f"{row.float_ms:.4g}",
                "ratio": row.ratio,
                "95 % interval": f"{row.low:.3f} to {row.high:.3f}" if known else "none",
                "said": ("distinguishable" if row.distinguishable else "not distinguishable") if known else "nothing",
                "noise": f"{row.noise} of {row.cases}",
                "others": "unknown" if pandas.isna(row.others_most) else f"{row.others_most:.0%}",
            }
        )
    return pandas.DataFrame(rows)


def verdicts(runs: pandas.DataFrame) -> list[str]:
    """Of each token: whether the quiet host's ratio is inside the busy host's interval, and what was said before."""
    lines = []
    by_host = {name: rows.set_index("token") for name, rows in runs.groupby("host")}
    for token in (FIRST, MEDIAN, NEXT):
        if not all(token in rows.index for rows in by_host.values()):
            continue
        quiet, busy, before = (by_host[name].loc[token] for name in ("quiet", "busy", "busy, as before"))
        inside = "inside" if busy.low <= float(quiet.ratio) <= busy.high else "outside"
        lines.append(
            f"{token}: the quiet host's ratio {float(quiet.ratio):.3f} is {inside} the busy host's interval, "
            f"{busy.low:.3f} to {busy.high:.3f}; before it was {before.ratio}, and nothing beside it."
        )
    return lines


if __name__ == "__main__":
    cli.run(main)
