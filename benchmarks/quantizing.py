"""Quantizing: the streaming engine beside ModelSlim, and alone at larger sizes: python benchmarks/quantizing.py

Random bfloat16 weights of Baichuan2's architecture with 184.6 M parameters, nothing rolled back, 5 samples of 32
random tokens, or 50 as the guide has prompts. Ours: calibrate, then quantize. ModelSlim: its calibration, run and
save, and the conversion of its files. Both read the same files and publish such an artefact. Each is in a process of
its own, in turn; memory is the peak beyond what was resident after the imports. Larger shapes are quantized once,
with 50 samples of 32 tokens, for their memory: their times are not told, since the machine may be busy by then.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any

import pandas
import torch
import typer
from torch import Tensor

import harness
from baichuan2 import cli
from baichuan2.engine.weights import RandomWeights
from baichuan2.files import write_json
from baichuan2.integrity import files_beside, write_sealed
from baichuan2.model.checkpoint import ShardWriter
from baichuan2.model.sizes import SHAPES, ModelConfig, tensor_shapes

SMALL = ModelConfig(21120, 1024, 2816, 11, 8, position_embedding="alibi")
TOKENS = 32
FEW, MANY = 5, 50  # samples
CASES = {FEW: (1, 3), MANY: (3,)}  # act_methods
ENGINES = ("streaming", "modelslim")
LARGEST = "baichuan2-13b"  # more than most disks have room for twice: computed


@dataclass
class Quantizer:
    """A contender of harness: `engine` is streaming or modelslim."""

    engine: str
    model: Path
    act_method: int
    samples: int
    threads: int

    @property
    def name(self) -> str:
        return f"{self.engine} {self.act_method} {self.samples}"

    def load(self) -> dict[str, Any]:
        """The imports."""
        torch.set_num_threads(self.threads)
        from baichuan2.quantization import modelslim, quantizing, streaming  # noqa: F401

        if self.engine == "modelslim":
            from baichuan2.modeling import modeling_baichuan  # noqa: F401

            modelslim._modelslim()
        config = ModelConfig.read(self.model)
        self._samples = random_samples(config, self.samples)
        self._resident = harness.rss()
        return {"engine": self.engine, "act_method": self.act_method, "samples": self.samples}

    def measure(self) -> dict[str, Any]:
        """Seconds and peak bytes beyond the imports, in all and by stage."""
        out = self.model.parent / f"out {self.name}"
        harness.reset_peak_rss()
        start = time.perf_counter()
        stages = self._stream(out) if self.engine == "streaming" else self._modelslim(out)
        seconds = time.perf_counter() - start
        shutil.rmtree(out)
        return {"seconds": seconds, "peak": harness.peak_rss() - self._resident, **stages}

    def _stream(self, out: Path) -> dict[str, Any]:
        from baichuan2.quantization.calibration import calibrate
        from baichuan2.quantization.quantizing import StreamingParameters, quantize
        from baichuan2.quantization.streaming import open_streamed

        start = time.perf_counter()
        with open_streamed(self.model, "cpu", self.threads, wide=True) as streamed:
            calibration = calibrate(streamed, self._samples)
        calibrated, peak = time.perf_counter() - start, harness.peak_rss() - self._resident
        quantize(self.model, out, StreamingParameters(act_method=self.act_method), calibration)
        return {"calibrate_s": calibrated, "calibrate_peak": peak}

    def _modelslim(self, out: Path) -> dict[str, Any]:
        from baichuan2.quantization.modelslim import ModelSlimParameters, quantize_samples

        quantize_samples(self.model, out, ModelSlimParameters(act_method=self.act_method), self._samples)
        return {}


def random_samples(config: ModelConfig, count: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randint(3, config.vocab_size, (1, TOKENS), generator=generator) for _ in range(count)]


def make_model(directory: Path, config: ModelConfig) -> None:
    """A linked model directory of random weights, without a tokenizer."""
    directory.mkdir(parents=True)
    dtype, shapes, weights = getattr(torch, config.dtype), tensor_shapes(config), RandomWeights(config, False)
    writer = ShardWriter(directory, {name: (dtype, shape) for name, shape in shapes.items()})
    for name in shapes:
        writer.add(name, weights.tensor(name))
    writer.close()
    write_json(directory / "config.json", config.fields())
    write_sealed(directory / "manifest.json", {"config": config.fields(), "files": files_beside(directory)})


def main(
    shapes: Annotated[str, typer.Option(help="Larger shapes, separated by commas; may be empty.")] = (
        "baichuan2-1b,baichuan2-7b"
    ),
    repeats: Annotated[
        int, typer.Option(help="Measured rounds beside ModelSlim; of few samples after a warm-up.")
    ] = 3,
    threads: harness.Threads = harness.CORES,
    work: Annotated[Path | None, typer.Option(help="Where models are written, 40 GB for 7B; otherwise /tmp.")] = None,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Measure, and write quantizing.csv and quantizing.md."""
    with tempfile.TemporaryDirectory(prefix="quantize-", dir=work) as folder:
        beside = against_modelslim(Path(folder) / "small", repeats, threads)
        larger = [alone(Path(folder) / name, name, threads) for name in filter(None, shapes.split(","))]
    parts = [
        f"# Quantizing, {threads} threads",
        harness.markdown(table(beside)),
        harness.markdown(ratios(beside)),
        *([harness.markdown(large_table(larger))] if larger else []),
        f"Medians over {repeats} rounds (least to most). " + harness.prose(__doc__)[0],
    ]
    runs = pandas.concat([beside, pandas.DataFrame(larger)])
    harness.write_results(out, "quantizing", runs, parts, harness.environment(threads))


def against_modelslim(folder: Path, repeats: int, threads: int) -> pandas.DataFrame:
    """Every run of both engines, act_methods and numbers of samples on the small model."""
    model, runs = folder / "model", []
    make_model(model, SMALL)
    for samples, act_methods in CASES.items():
        with harness.workers() as workers:
            facts = {}
            for act_method, engine in product(act_methods, ENGINES):
                contender = Quantizer(engine, model, act_method, samples, threads)
                facts[contender.name] = harness.load(workers, contender)
            runs += [
                {**run, **facts[run["contender"]]}
                for run in harness.rounds(workers, repeats, warmup=int(samples == FEW))
            ]
    shutil.rmtree(folder)
    return pandas.DataFrame(runs)


def alone(folder: Path, name: str, threads: int) -> dict[str, Any]:
    """One run of the streaming engine on random weights of a published or smaller shape."""
    config, model = SHAPES[name], folder / "model"
    make_model(model, config)
    with harness.workers() as workers:
        contender = Quantizer("streaming", model, 3, MANY, threads)
        facts = harness.load(workers, contender)
        run = workers[contender.name].call("measure")
    shutil.rmtree(folder)
    return {"contender": name, **facts, **run}


def table(runs: pandas.DataFrame) -> pandas.DataFrame:
    rows = [
        {
            "samples": str(samples),
            "act_method": str(act_method),
            "engine": engine,
            "seconds": harness.spread(group.seconds),
            "peak beyond imports, MiB": harness.spread(group.peak / 2**20, "{:.0f}"),
        }
        for (samples, act_method, engine), group in runs.groupby(["samples", "act_method", "engine"])
    ]
    return pandas.DataFrame(rows)


def ratios(runs: pandas.DataFrame) -> pandas.DataFrame:
    """How many times as fast, and what share of the memory: medians of the per-round ratios."""
    rows = []
    for (samples, act_method), group in runs.groupby(["samples", "act_method"]):
        ours, theirs = (group[group.engine == engine].set_index("round") for engine in ENGINES)
        rows.append(
            {
                "streaming against modelslim": f"{samples} samples, act_method {act_method}",
                "times as fast": harness.spread(theirs.seconds / ours.seconds, "{:.2f}"),
                "share of its peak memory": harness.spread(ours.peak / theirs.peak, "{:.3f}"),
            }
        )
    return pandas.DataFrame(rows)


def large_table(runs: list[dict[str, Any]]) -> pandas.DataFrame:
    """Peaks in multiples of a decoder layer in float32 too, by which the largest shape's is computed."""
    rows = []
    for run in runs:
        layer = layer_bytes(SHAPES[run["contender"]])
        rows.append(
            {
                "shape": run["contender"],
                "peak beyond imports, GiB": f"{run['peak'] / 2**30:.2f}",
                "of a layer in fp32, GiB": f"{layer / 2**30:.2f}",
                "peak, in layers": f"{run['peak'] / layer:.2f}",
            }
        )
    layer, most = (
        layer_bytes(SHAPES[LARGEST]),
        max(run["peak"] / layer_bytes(SHAPES[run["contender"]]) for run in runs),
    )
    computed = {
        "shape": f"{LARGEST} (computed)",
        "peak beyond imports, GiB": f"{most * layer / 2**30:.2f}",
        "of a layer in fp32, GiB": f"{layer / 2**30:.2f}",
        "peak, in layers": f"{most:.2f}",
    }
    return pandas.DataFrame([*rows, computed]).fillna("")


def layer_bytes(config: ModelConfig) -> int:
    """A decoder layer in float32."""
    return 4 * sum(prod(shape) for name, shape in tensor_shapes(config).items() if name.startswith("model.layers.0."))


if __name__ == "__main__":
    cli.run(main)
