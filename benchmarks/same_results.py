"""Whether two commits of this project make the same results: python benchmarks/same_results.py fb79e30 HEAD

Each commit is cloned, and runs every case on the demo. Of both, every file below results/ is compared: to the byte,
but for times, for what says when or on what they were taken, and for the digests of files that hold such. Logs and
what no rule makes are left out. Ends with code 1, and a line for each file, where something differs.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

import harness
from baichuan2 import cli
from baichuan2.errors import UserError

PERF = {"min_len_exp": 2, "max_len_exp": 3, "repeats": 1, "warmup": 0}
INFERENCE = {"max_new_tokens": 8}
# {case: (targets, what it sets beside PERF and INFERENCE)}
CASES: dict[str, tuple[list[str], dict[str, Any]]] = {
    "as it stands": (["all", "export_guide", "export_ascend", "export_compressed_tensors"], {}),
    "two ranks, replicas": (
        ["all"], {"parallel": {"world_size": 2, "data": 2}, "ceval": {"subjects": ["law", "college_chemistry"]}},
    ),
    "dynamic, smoothed, auto": (
        ["results/ceval_quant", "rollback", "export_compressed_tensors"],
        {"quantize": {"scheme": "dynamic", "anti_outlier": "smooth", "rollback": "auto"}},
    ),
    "smoothed": (["results/ceval_quant"], {"quantize": {"anti_outlier": "smooth", "rollback": []}}),
    "modelslim": (["results/ceval_quant"], {"quantize": {"engine": "modelslim", "act_method": 1}}),
    "sdk, bfloat16": (
        ["results/ceval", "results/perf", "results/inference"],
        {"engine": {"dtype": "bfloat16", "head": "int8"}, "ceval": {"protocol": "sdk", "subjects": ["law"]},
         "perf": {"mode": "normal"}, "inference": {"format": "chat", "sampling": "published", "batch_size": 2}},
    ),
    "sweep": (["sweep"], {"ceval": {"subjects": ["law"]}}),
}  # fmt: skip
SHEET = (
    "name,precision,quantize.act_method,parallel.world_size\nfloat,float,,\na,quant,,\nb,quant,1,\ntwo,quant,1,2\n"
)
TIMED = re.compile(r"(^|/)(perf(_quant)?|compare|sweep|runs)(/|\.|$)")  # files whose numbers are times
# of JSON: times, what they were taken on, and digests of what holds them
VOLATILE = {"seconds", "batch_seconds", "environment", "sha256", "read_bandwidth", "runs", "peak_memory_bytes"}
SECONDS = re.compile(r"(?m)^\|?.*\b(seconds|environment[.\w]*|tokens/s)\b.*(\n<td.*)?$")  # a line, or cells of a page
NUMBERS = re.compile(r"-?\d[\d.]*(e[-+]?\d+)?|-{2,}:?| +")  # and the widths of their columns


def main(
    first: Annotated[str, typer.Argument(help="A commit.")],
    second: Annotated[str, typer.Argument(help="Another.")] = "HEAD",
    case: Annotated[list[str] | None, typer.Option(help="A case; repeat the option. None: all.")] = None,
) -> None:
    """Run both commits and compare."""
    unknown = set(case or ()) - set(CASES)
    if unknown:
        raise UserError(f"--case: {', '.join(sorted(unknown))}: not one of {', '.join(CASES)}")
    files, different = 0, []
    with tempfile.TemporaryDirectory(prefix="same-results-") as work:
        for name in case or CASES:
            sides = [
                contents(made(Path(work) / f"{k}-{name}", commit, name)) for k, commit in enumerate((first, second))
            ]
            files += len(sides[0])
            found = [
                f"{name}: {file}"
                for file in sorted({*sides[0], *sides[1]})
                if sides[0].get(file) != sides[1].get(file)
            ]
            print(f"{name}: {len(sides[0])} files, {len(found)} differ", file=sys.stderr, flush=True)
            different += found
    if different:
        print("\n".join(different))
        raise UserError(f"{len(different)} of {files} files differ between {first} and {second}; see the lines above")
    print(f"{files} files of {len(case or CASES)} cases are the same in {first} and {second}")


def made(folder: Path, commit: str, name: str) -> Path:
    """The results of a case, by the commit's own workflow."""
    subprocess.run(["git", "clone", "--quiet", "--no-checkout", harness.ROOT, folder], check=True)
    subprocess.run(["git", "-C", folder, "checkout", "--quiet", commit], check=True)
    targets, settings = CASES[name]
    overlay = {"perf": PERF | settings.get("perf", {}), "inference": INFERENCE | settings.get("inference", {})}
    (folder / "case.yaml").write_text(yaml.safe_dump(settings | overlay), encoding="utf-8")
    (folder / "config" / "runs.csv").write_text(SHEET, encoding="utf-8")
    command = ["snakemake", "--cores", "2", *targets, "--configfile", "case.yaml"]
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"{commit}, {name}: {' '.join(command)} failed: {done.stderr[-1000:]}")
    return folder / "results"


def contents(results: Path) -> dict[str, Any]:
    """{file: what must be the same}."""
    found = {}
    for path in sorted(results.rglob("*")):
        name = str(path.relative_to(results))
        if path.is_file() and "logs/" not in name:
            found[name] = _comparable(name, path.read_bytes())
    return found


def _comparable(name: str, data: bytes) -> Any:
    if name.endswith((".json", ".jsonl")) and "/quant/" not in f"/{name}" and "model/" not in name:
        return [_masked(json.loads(line), bool(TIMED.search(name))) for line in _documents(name, data)]
    if name.endswith((".md", ".csv", ".html", ".svg", ".log")):
        text = SECONDS.sub("", data.decode())
        if not TIMED.search(name):
            return text
        words = re.findall(r">([^<>]*)<", text) if name.endswith(".svg") else [text]  # not what is drawn by times
        return [NUMBERS.sub("#", word) for word in words]
    return data


def _documents(name: str, data: bytes) -> Iterator[str]:
    yield from data.decode().strip().split("\n") if name.endswith(".jsonl") else [data.decode()]


def _masked(value: Any, times: bool) -> Any:
    """Without what is volatile; with `times`, without the value of any fraction."""
    if isinstance(value, dict):
        return {key: _masked(part, times) for key, part in value.items() if key not in VOLATILE}
    if isinstance(value, list):
        return [_masked(part, times) for part in value]
    return "a time" if times and isinstance(value, float) else value


if __name__ == "__main__":
    cli.run(main)
