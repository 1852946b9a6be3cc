"""The demo's exam and a speed grid over every engine that installs here, as one sweep: python benchmarks/engines.py

The model is a 7B of 32 layers and 0.43 billion parameters, made from the demo's 7B: it answers the exam as that one
does. A copy of the project sweeps it, a row for each engine: this engine in float32 and in W8A8, with no linear left
in float; and by engine.server this project's server of both, vLLM's of the linked model and of
export_compressed_tensors, llama.cpp's of export_gguf as F16 and as Q8_0, and transformers' of the linked model, which
gives no probabilities and is timed by whole answers. All but llama.cpp compute in float32 around what they read, and
all have as many threads. A server runs while it is asked, and no other one. The exam and its answers are the demo's,
not C-Eval's.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, ClassVar

import pandas
import typer
import yaml

import harness
import peers
import served
from baichuan2 import cli
from baichuan2.errors import UserError
from baichuan2.files import publish_directory, write_text
from baichuan2.model.known import write_known
from baichuan2.model.llama_cpp import FILE, export_gguf
from baichuan2.model.sizes import KNOWN
from baichuan2.report.choice import CACHE_CSV

# llama.cpp takes the heads' width of a 7B from its 32 layers.
SHAPE = replace(KNOWN["demo-7b-small"], intermediate_size=2816)
LENGTH, SLOTS = 512, 4
SPARE = 32  # vLLM wants room for an answer behind the longest prompt
NEEDED = 6 * 10**9  # bytes, of any of them
CONFIG, RUNS = Path("config/engines.yaml"), Path("config/runs.csv")
STAGES = ("ceval", "perf")
Subjects = Annotated[list[str], typer.Option("--subject", help="Of the demo's exam, or all; repeat.")]


def main(
    subjects: Subjects = ["law", "logic"],  # noqa: B006
    inputs: Annotated[list[int], typer.Option("--input", help="Tokens of a prompt; repeat.")] = [32, 128],  # noqa: B006
    output_len: Annotated[int, typer.Option("--output", help="New tokens, at least 2.")] = 32,
    rounds: Annotated[int, typer.Option(help="Of a speed case.")] = 2,
    threads: harness.Threads = harness.CORES,
    only: harness.Only = [],  # noqa: B006
    work: peers.Work = None,
    environments: peers.Home = peers.ENVIRONMENTS,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Sweep all engines, and write engines.csv, engines.md and engines.svg."""
    with tempfile.TemporaryDirectory(prefix="engines-") as folder:
        project = Project((work or Path(folder)) / "engines", threads, environments)
        project.make(subjects, [[length, output_len] for length in inputs], rounds)
        servers = harness.chosen(only, [kind(project, *of) for kind, *of in SERVERS])
        left_out = project.sweep(servers)
        swept = project.root / "results" / "sweep"
        table = (swept / "sweep.md").read_text(encoding="utf-8").split("![")[0].strip()
        runs = pandas.read_csv(swept / "runs.csv")
        said = harness.markdown(otherwise({name: project.answers(name) for name in runs.name}))
        parts = [table, said, "![Accuracy and speed by run](engines.svg)", *left_out, *harness.prose(__doc__)]
        about = harness.environment(threads) | peers.described(servers)
        harness.write_results(out, "engines", runs, parts, about)
        shutil.copy(swept / "tradeoff.svg", out / "engines.svg")


# ---- the project ---------------------------------------------------------------------------------------------


@dataclass
class Project:
    """A copy of this project, in which the engines are swept. What it has made is kept with its folder."""

    root: Path
    threads: int
    environments: Path

    @property
    def model(self) -> Path:
        return self.root / "results" / "model"

    @property
    def quant(self) -> Path:
        return self.root / "results" / "quant"

    @property
    def export(self) -> Path:
        return self.root / "results" / "export" / "compressed_tensors"

    def gguf(self, kind: str) -> Path:
        return self.root / kind / FILE

    def make(self, subjects: list[str], cases: list[list[int]], rounds: int) -> None:
        """Copy the project, and make all that servers read."""
        harness.copy_tracked(self.root)
        if not (source := self.root / "source").exists():
            with publish_directory(source) as partial:
                write_known(served.DEMO / "model-7b", SHAPE, partial)
        settings = {
            "model": {"source": str(source), "name": "baichuan2_0.4b"},
            "engine": {"device": "cpu", "dtype": "float32", "max_seq_len": LENGTH},
            "quantize": {"act_method": 1, "guide_arrays": False, "rollback": []},
            "ceval": {"source": "demo", "subjects": "all" if subjects == ["all"] else subjects, "batch_size": SLOTS},
            "perf": {"case_pair": cases, "rounds": rounds, "repeats": 1, "again": 0},
            "sweep": {"runs": str(RUNS)},
        }
        write_text(self.root / CONFIG, yaml.safe_dump(settings))
        self.snakemake("export_compressed_tensors")
        for kind in ("f16", "q8_0"):
            if not self.gguf(kind).exists():
                export_gguf(self.model, self.gguf(kind).parent, kind)

    def sweep(self, servers: Sequence[Server]) -> list[str]:
        """Ask this engine and each server, and write the tables; a line for each that does not run here."""
        lines, ports = [], {server.name: served.free_port() for server in servers}
        rows = OURS + [server.row(ports[server.name]) for server in servers]
        self._write(rows)
        self.snakemake(*(target for row in OURS for target in targets(row["name"])))
        for server in servers:
            reason = peers.missing(server)
            if reason is None:
                try:
                    server.make()
                    with served.running(server, ports[server.name]):
                        self.snakemake(*targets(server.name))
                except UserError as error:
                    reason = str(error)
            if reason:
                lines.append(peers.left_out_line(server, reason))
                rows = [row for row in rows if row["name"] != server.name]
        self._write(rows)
        self.snakemake("sweep")
        return lines

    def answers(self, name: str) -> dict[tuple[str, str], str]:
        """What a run answered, {(subject, id): letter}."""
        lines = (self.root / "results" / "runs" / name / "ceval" / CACHE_CSV).read_text(encoding="utf-8").splitlines()
        return {(subject, number): given for subject, number, _, given in csv.reader(lines)}

    def _write(self, rows: list[dict[str, str]]) -> None:
        with open(self.root / RUNS, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), restval="")
            writer.writeheader()
            writer.writerows(rows)

    def snakemake(self, *wanted: str) -> None:
        """Run the workflow. Raises UserError where it fails."""
        command = [sys.executable, "-m", "snakemake", "--quiet", "--cores", str(self.threads), "--configfile", CONFIG]
        # A server that has ended is not asked again.
        if subprocess.run([*command, "--rerun-triggers", "mtime", "--", *wanted], cwd=self.root).returncode:
            raise UserError(f"{self.root}: snakemake {' '.join(wanted)} failed")


OURS = [{"name": "ours", "precision": "float"}, {"name": "ours-w8a8", "precision": "quant"}]


def otherwise(answers: Mapping[str, Mapping[tuple[str, str], str]]) -> pandas.DataFrame:
    """How many questions each run answers otherwise than this engine's two, which need not mean wrongly.

    answers: {run: {question: letter}}, OURS among them. Raises UserError where runs were asked different questions.
    """
    rows = []
    for name, given in answers.items():
        row = {"answers": name}
        for one in OURS:
            ours = answers[one["name"]]
            if given.keys() != ours.keys():
                raise UserError(f"{name}: asked {len(given)} questions, which are not the {len(ours)} of this engine")
            different = sum(given[question] != letter for question, letter in ours.items())
            row[f"other than {one['name']}"] = f"{different} of {len(ours)}"
        rows.append(row)
    return pandas.DataFrame(rows)


def targets(name: str) -> list[str]:
    return [f"results/runs/{name}/{stage}/summary.json" for stage in STAGES]


# ---- servers -------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """What serves a row of the sweep."""

    project: Project
    name: str

    def row(self, port: int) -> dict[str, str]:
        """Of config/runs.csv."""
        address = f"http://{served.HOST}:{port}/v1"
        return {
            "name": self.name,
            "precision": "served",
            "engine.server": address,
            "engine.server_model": served.NAME,
        }

    def memory(self) -> int:
        return NEEDED

    def make(self) -> None:
        """What it serves is there."""

    def command(self, port: int) -> list[str | Path]:
        raise NotImplementedError

    def variables(self) -> Mapping[str, str]:
        return {}

    @property
    def environments(self) -> Path:
        return self.project.environments


class Ours(Server):
    def command(self, port: int) -> list[str | Path]:
        engine = f"device=cpu,dtype=float32,threads={self.project.threads},max_seq_len={LENGTH}"
        quant = self.project.quant if self.name.endswith("w8a8") else None
        return served.ours(self.project.model, quant, engine, SLOTS, port)


class Vllm(Server, peers.Installed):
    """With this project's plugin, from the folder `plugin`."""

    kind: ClassVar[str] = "vllm"

    @property
    def _plugin(self) -> Path:
        return self.project.root / "plugin"

    def make(self) -> None:
        if not self._plugin.exists():
            source = self.project.root / "integrations" / "vllm"
            with publish_directory(self._plugin) as partial:
                self.environment.install("--no-deps", "--target", partial, source)

    def command(self, port: int) -> list[str | Path]:
        model = self.project.export if self.name.endswith("w8a8") else self.project.model
        command = served.vllm(self.environment, model, model, "float32", LENGTH + SPARE, SLOTS, port)
        return [*command, "--trust-remote-code", "--enforce-eager"]

    def variables(self) -> Mapping[str, str]:
        return served.vllm_variables(self.environment, self.project.threads) | {"PYTHONPATH": str(self._plugin)}


class Llama(Server, peers.Installed):
    kind: ClassVar[str] = "llama_server"

    def command(self, port: int) -> list[str | Path]:
        file = self.project.gguf(self.name.removeprefix("llama.cpp-"))
        return served.llama(self.environment, file, self.project.threads, LENGTH, SLOTS, port)


class Transformers(Server, peers.Installed):
    kind: ClassVar[str] = "transformers"

    def row(self, port: int) -> dict[str, str]:
        model = {"engine.server_model": str(self.project.model), "perf.mode": "normal"}
        return super().row(port) | model

    def command(self, port: int) -> list[str | Path]:
        return served.transformers(self.environment.python, self.project.model, port)

    def variables(self) -> Mapping[str, str]:
        return {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": str(self.project.threads)}


SERVERS = [
    (Ours, "serve"), (Ours, "serve-w8a8"), (Vllm, "vllm"), (Vllm, "vllm-w8a8"),
    (Llama, "llama.cpp-f16"), (Llama, "llama.cpp-q8_0"), (Transformers, "transformers"),
]  # fmt: skip


if __name__ == "__main__":
    cli.run(main)
