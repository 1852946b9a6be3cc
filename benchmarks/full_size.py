"""The chain at full size, step by step: python benchmarks/full_size.py demo-13b [--steps link --steps calibrate ...]

Makes one of the checkpoints whose answers are known, and runs the workflow's own rules on it in a copy of the tracked
files: one command a step, the files that it reads not in memory before. For each: seconds of the rule's Python
processes, from the first to the last, and the most anonymous memory of them together; CPU seconds, bytes that went
through read() and write() and came from the disk, all of the whole command; and bytes of tensors that were
memory-mapped. Beside them cat, sha256sum, and cp with sync of the same shards. What no later step needs is deleted,
and at the end everything. 13B takes 60 GB of disk, and 20 GiB of memory for its answers in W8A8.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import pandas
import typer
import yaml

import harness
from baichuan2 import cli, devices
from baichuan2.errors import UserError
from baichuan2.files import check_room
from baichuan2.model.placement import Placement
from baichuan2.model.sizes import KNOWN, ModelConfig, linear_names, tensor_shapes
from baichuan2.ranks.memory import needs_of

MAPPED = "FULL_SIZE_MAPPED"
# In the copy, appended to the module that maps tensors.
COUNTER = f"""

import atexit

_get, _mapped = TensorSet.get, []


def _counted(self, name):
    tensor = _get(self, name)
    _mapped.append(tensor.nbytes)
    return tensor


def _tell():
    with open(os.environ["{MAPPED}"], "a") as file:
        file.write(f"{{sum(_mapped)}}\\n")


TensorSet.get = _counted
atexit.register(_tell)
"""
SHARDS, MODEL, ARTEFACT, PARTS, QUANT_PARTS = "shards", "model", "quant", "parts", "quant_parts"
GGUF, OPENVINO = "gguf", "openvino"
PLACES = {
    SHARDS: "results/download/*/",  # and not the listing beside them, which says that they were made
    MODEL: "results/model",
    ARTEFACT: "results/quant",
    PARTS: "results/model/part_model",
    QUANT_PARTS: "results/quant/part_model",
    GGUF: "results/export/gguf",
    OPENVINO: "results/export/openvino",
}


@dataclass(frozen=True)
class Step:
    """A command. reads, makes: of PLACES. beside: it is a plain tool's, for comparison."""

    command: Sequence[str]
    reads: tuple[str, ...] = ()
    makes: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    beside: bool = False


def snakemake(*targets: str) -> list[str]:
    return [sys.executable, "-m", "snakemake", "--cores", "all", "--quiet", "all", "--configfile", "full.yaml", "--",
            *targets]  # fmt: skip


FEW = ["law", "logic"]  # 20 questions
TWO = {"parallel": {"world_size": 2}}
FILES = "results/download/*/*.bin"
STEPS = {
    "make": Step(snakemake("download_model"), makes=SHARDS),
    "cat": Step(["sh", "-c", f"cat {FILES} > /dev/null"], (SHARDS,), beside=True),
    "sha256sum": Step(["sh", "-c", f"sha256sum {FILES} > /dev/null"], (SHARDS,), beside=True),
    "link": Step(snakemake("results/model/config.json"), (SHARDS,), MODEL),
    "calibrate": Step(snakemake("calibrate"), (SHARDS, MODEL)),
    "quantize": Step(snakemake("quantize"), (SHARDS, MODEL), ARTEFACT),
    "export_gguf": Step(snakemake("export_gguf"), (SHARDS, MODEL), GGUF),
    "export_openvino": Step(snakemake("export_openvino"), (SHARDS, MODEL), OPENVINO),
    "ceval": Step(snakemake("results/ceval"), (SHARDS, MODEL)),
    "perf": Step(snakemake("results/perf"), (SHARDS, MODEL)),
    "rehearsal": Step(snakemake("rehearsal"), (SHARDS, MODEL)),
    "ceval_quant": Step(snakemake("results/ceval_quant"), (SHARDS, MODEL, ARTEFACT)),
    "perf_quant": Step(snakemake("results/perf_quant"), (SHARDS, MODEL, ARTEFACT)),
    "rehearsal_quant": Step(snakemake("rehearsal_quant"), (SHARDS, MODEL, ARTEFACT)),
    "cut_quant": Step(snakemake("cut_quant"), (SHARDS, MODEL, ARTEFACT), QUANT_PARTS, TWO),
    "ceval_quant_ranks": Step(snakemake("results/ceval_quant"), (SHARDS, MODEL, ARTEFACT, QUANT_PARTS),
                              options=TWO | {"ceval": {"subjects": FEW}}),
    "cp": Step(["sh", "-c", f"mkdir results/copy && cp {FILES} results/copy && sync && rm -r results/copy"],
               (SHARDS,), beside=True),
    "cut_weights": Step(snakemake("cut_weights"), (SHARDS, MODEL), PARTS, TWO),
}  # fmt: skip
# Only if named: a 13B in float does not fit where it does in W8A8, and an export is as large as the model in 16 bits.
ONLY_NAMED = ("export_gguf", "export_openvino", "ceval", "perf", "rehearsal")
FIRST = ("make", "link", "calibrate", "quantize")  # each needs those before it
QUANT_STEPS = ("ceval_quant", "perf_quant", "rehearsal_quant", "cut_quant", "ceval_quant_ranks")


def main(
    form: Annotated[str, typer.Argument(help=f"One of {', '.join(KNOWN)}.")],
    steps: Annotated[
        list[str] | None, typer.Option(help=f"Of {', '.join(STEPS)}; what they need is run too.")
    ] = None,
    whole_exam: Annotated[
        bool, typer.Option("--whole-exam", help=f"All 520 questions, and not {' and '.join(FEW)} alone.")
    ] = False,
    dtype: Annotated[str, typer.Option(help="engine.dtype")] = "float32",
    max_seq_len: Annotated[int, typer.Option(help="engine.max_seq_len")] = 512,
    work: Annotated[Path | None, typer.Option(help="Where to work; a folder on a disk with room.")] = None,
    out: Annotated[Path, typer.Option(help="The folder of the result files.")] = harness.RESULTS,
) -> None:
    """Run the steps, and write full_size-<form>.md and .csv."""
    if form not in KNOWN:
        raise UserError(f"{form}: not one of {', '.join(KNOWN)}")
    chosen = ordered(steps or [name for name in STEPS if name not in ONLY_NAMED])
    sizes = bytes_of(KNOWN[form])
    folder = Path(tempfile.mkdtemp(prefix="full-size-", dir=work))
    try:
        check_room(folder, most_bytes(chosen, sizes))
        copy_project(folder)
        rollback = rollback_list(folder, form)
        configure(folder, form, rollback, "all" if whole_exam else FEW, dtype, max_seq_len)
        needed = promised(KNOWN[form], rollback, dtype, max_seq_len)
        rows = []
        for number, name in enumerate(chosen):
            forget_pages(folder)
            rows.append({"step": name, "promised_bytes": needed.get(name)} | run(folder, STEPS[name]))
            print(rows[-1], file=sys.stderr, flush=True)
            for place in unneeded(chosen[number + 1 :]):
                for path in folder.glob(PLACES[place]):
                    shutil.rmtree(path)
        write(out, form, pandas.DataFrame(rows), sizes, sorted(folder.glob("results/rehearsal*.md")))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ordered(names: Sequence[str]) -> list[str]:
    """The steps, with those that they need, in the order of STEPS."""
    unknown = set(names) - set(STEPS)
    if unknown:
        raise UserError(f"--steps: {min(unknown)} is not one of {', '.join(STEPS)}")
    wanted = set(names) | {"make"}
    if wanted - {"make", "cat", "sha256sum", "cp"}:
        wanted.add("link")
    if wanted & {"quantize", *QUANT_STEPS}:
        wanted |= set(FIRST)
    if "ceval_quant_ranks" in wanted:
        wanted.add("cut_quant")
    if "rehearsal_quant" in wanted:
        wanted.add("ceval_quant")
    if "rehearsal" in wanted:
        wanted.add("ceval")
    return [name for name in STEPS if name in wanted]


def bytes_of(config: ModelConfig) -> dict[str, int]:
    """About how many bytes each of PLACES has."""
    item, shapes = {"float32": 4}.get(config.dtype, 2), tensor_shapes(config)
    counts = {name: shape[0] * (shape[1] if len(shape) > 1 else 1) for name, shape in shapes.items()}
    linears = sum(counts[f"{name}.weight"] for name in linear_names(config))
    model = item * sum(counts.values())
    artefact = model - linears * (item - 1)
    head = item * counts["lm_head.weight"]
    exports = {GGUF: model, OPENVINO: 2 * artefact}  # at most; OpenVINO's weights are on the disk twice until its end
    return {SHARDS: model, MODEL: 0, ARTEFACT: artefact, PARTS: model + head, QUANT_PARTS: artefact + head} | exports


def unneeded(later: Sequence[str]) -> list[str]:
    """Of PLACES, those that no later step reads or makes."""
    needed = {place for name in later for place in (*STEPS[name].reads, STEPS[name].makes)}
    return [place for place in PLACES if place not in needed]


def most_bytes(names: Sequence[str], sizes: dict[str, int]) -> int:
    """The bytes on disk when they are most."""
    there, most = set[str](), 0
    for number, name in enumerate(names):
        there |= {STEPS[name].makes} - {None}  # type: ignore[arg-type]
        extra = sizes[SHARDS] if name == "cp" else 0
        most = max(most, sum(sizes[place] for place in there) + extra)
        there -= set(unneeded(names[number + 1 :]))
    return most


def copy_project(folder: Path) -> None:
    harness.copy_tracked(folder)
    with open(folder / "workflow/scripts/baichuan2/model/checkpoint.py", "a") as file:
        file.write(COUNTER)


def rollback_list(folder: Path, form: str) -> list[str]:
    """The demo's roll-back list, at the places of its layers."""
    whole = yaml.safe_load((folder / "config/config.yaml").read_text(encoding="utf-8"))
    demo = "resources/demo/model" if KNOWN[form].is_alibi else "resources/demo/model-7b"
    placement = Placement(ModelConfig.read(folder / demo), KNOWN[form])
    places = {f"layers.{small}.": f"layers.{large}." for large, small in placement.layers.items()}
    return [re.sub(r"layers\.\d+\.", lambda match: places[match[0]], name) for name in whole["quantize"]["rollback"]]


def configure(
    folder: Path, form: str, rollback: list[str], subjects: str | list[str], dtype: str, max_seq_len: int
) -> None:
    """An overlay on the demo's configuration."""
    overlay = {
        "model": {"source": form, "name": form.replace("-", "_")},
        "engine": {"device": "cpu", "dtype": dtype, "max_seq_len": max_seq_len},
        "quantize": {"act_method": 1, "guide_arrays": False, "rollback": rollback},
        "ceval": {"subjects": subjects},
        "perf": {"case_pair": [[32, 8], [128, 8]], "repeats": 1, "rounds": 1, "again": 0},
    }
    (folder / "full.yaml").write_text(yaml.safe_dump(overlay), encoding="utf-8")


def promised(config: ModelConfig, rollback: list[str], dtype: str, max_seq_len: int) -> dict[str, int]:
    """{step: bytes of memory that `snakemake check` says it takes, on all its ranks}."""
    computed = config.dtype if dtype == "auto" else dtype
    dtypes = (computed, devices.cache_dtype("cpu", computed))
    head = devices.head("cpu", "auto")
    need = {
        (need.what, ranks): ranks * need.total
        for ranks in (1, 2)
        for need in needs_of("", config, 1, max_seq_len, dtypes, ranks, rollback, head, on_cpu=True)
    }
    one, two, whole = need[", W8A8", 1], need[", W8A8", 2], need[", float", 1]
    return {"ceval": whole, "perf": whole, "ceval_quant": one, "perf_quant": one, "ceval_quant_ranks": two}


def forget_pages(folder: Path) -> None:
    """Write what is dirty, and let the kernel forget what it holds of the files in results."""
    os.sync()
    for path in (folder / "results").rglob("*"):
        if path.is_file() and not path.is_symlink():
            with open(path, "rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def run(folder: Path, step: Step) -> dict[str, Any]:
    """One command, measured. Raises UserError where it fails."""
    command = [*step.command]
    if step.options:
        options = [
            f"{name}={yaml.safe_dump(value, default_flow_style=True).strip()}" for name, value in step.options.items()
        ]
        command[command.index("--configfile") : command.index("--configfile")] = ["--config", *options]
    mapped = folder / "mapped"
    mapped.write_text("")
    before, cpu, start = transferred(), cpu_seconds(), time.perf_counter()
    with open(folder / "printed", "w+") as printed:
        process = subprocess.Popen(
            command, cwd=folder, stdout=printed, stderr=subprocess.STDOUT, env=os.environ | {MAPPED: str(mapped)}
        )
        watch = Watch(process.pid, "workflow/scripts/")
        code = process.wait()
        seconds = time.perf_counter() - start
        watch.stop()
        printed.seek(0)
        if code:
            print(printed.read(), file=sys.stderr)
            raise UserError(f"{' '.join(command)} ended with code {code}; what it printed stands above")
    after = transferred()
    return {
        "seconds": seconds if step.beside else watch.seconds,
        "command_seconds": seconds,
        "cpu_seconds": cpu_seconds() - cpu,
        "peak_anonymous_bytes": None if step.beside else watch.most,
        **{f"{name}_bytes": after[name] - before[name] for name in ("read", "disk", "written")},
        "mapped_bytes": sum(map(int, mapped.read_text().split())),
    }


def transferred() -> dict[str, int]:
    """Bytes by read() and write(), and from a disk, of this process and of those that it has waited for (Linux)."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    names = {"read": "rchar", "written": "wchar", "disk": "read_bytes"}
    return {name: int(lines[of]) for name, of in names.items()}


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Watch(threading.Thread):
    """The processes below `root` whose command line has `mark`, looked at 20 times a second.

    most: the most anonymous memory of them together, in bytes. seconds: from the first of them to the last.
    """

    def __init__(self, root: int, mark: str):
        super().__init__(daemon=True)
        self._root, self._mark, self._ended = root, mark.encode(), threading.Event()
        self._first, self._last, self.most = 0.0, 0.0, 0
        self.start()

    @property
    def seconds(self) -> float:
        return self._last - self._first

    def run(self) -> None:
        while not self._ended.wait(0.05):
            if sizes := [size for size in map(self._anonymous, below(self._root)) if size is not None]:
                self._last = time.perf_counter()
                self._first, self.most = self._first or self._last, max(self.most, sum(sizes))

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def _anonymous(self, process: int) -> int | None:
        try:
            if self._mark not in Path(f"/proc/{process}/cmdline").read_bytes():
                return None
            return harness.memory_of(process, "RssAnon")
        except OSError:  # it has ended
            return None


def below(process: int) -> list[int]:
    """The processes that `process` started, and those that they did."""
    try:
        tasks = [int(task) for task in os.listdir(f"/proc/{process}/task")]
        children = [int(c) for t in tasks for c in Path(f"/proc/{process}/task/{t}/children").read_text().split()]
    except OSError:
        return []
    return [*children, *(grandchild for child in children for grandchild in below(child))]


def gibibytes(sizes: pandas.Series) -> pandas.Series:
    """Bytes as the table has them; empty where there are none, as None or NaN."""
    return sizes.map(lambda size: "" if pandas.isna(size) else f"{size / 2**30:.2f}")


def write(out: Path, form: str, rows: pandas.DataFrame, sizes: dict[str, int], rehearsals: list[Path]) -> None:
    table = pandas.DataFrame({
        "step": rows["step"],
        "s": rows["seconds"].map("{:.1f}".format),
        "CPU s": rows["cpu_seconds"].map("{:.1f}".format),
        "peak, GiB": gibibytes(rows["peak_anonymous_bytes"]),
        "promised, GiB": gibibytes(rows["promised_bytes"]),
        **{f"{name}, GB": rows[f"{name}_bytes"].map(lambda size: f"{size / 1e9:.2f}")
           for name in ("read", "mapped", "disk", "written")},
    })  # fmt: skip
    chain = ("link", "calibrate", "quantize", "ceval_quant", "perf_quant")
    total = rows.loc[rows["step"].isin(chain)]
    said = [
        f"The chain at the size of {form}: {sizes[SHARDS] / 1e9:.2f} GB of weights.",
        harness.markdown(table),
    ]
    if len(total) == len(chain):
        said.append(
            f"From link to perf_quant {total['read_bytes'].sum() / 1e9:.1f} GB went through read(), and "
            f"{total['mapped_bytes'].sum() / 1e9:.1f} GB were mapped."
        )
    seconds = rows.set_index("step")["seconds"]
    for step, tool in (("link", "cat"), ("cut_weights", "cp")):
        if step in seconds and tool in seconds:
            said.append(f"{step} took {seconds[step] / seconds[tool]:.2f} times as long as {tool}.")
    said += [path.read_text(encoding="utf-8").strip() for path in rehearsals]
    harness.write_results(out, f"full_size-{form}", rows, said, harness.environment(os.cpu_count() or 1))


if __name__ == "__main__":
    cli.run(main)
