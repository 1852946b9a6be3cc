"""Say whether this host can run the model as configured: a table of what was found, and of what to do about it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli, devices
from baichuan2.devices import environment_check
from baichuan2.devices.findings import Finding, errors_among
from baichuan2.engine import options
from baichuan2.engine.options import Settings
from baichuan2.errors import UserError
from baichuan2.integrity import MANIFEST, read_sealed
from baichuan2.model.sizes import ModelConfig, named_shape
from baichuan2.quantization.rollback import resolve_rollback
from baichuan2.ranks.memory import Need, needs_of
from baichuan2.text.tables import table

WIDTHS = [None, None, 60, 60]  # of the table's columns: longer texts are wrapped


def main(
    model: Annotated[Path, typer.Option(help="Linked model, of which the manifest is read.")],
    world_size: Annotated[int, typer.Option(help="Ranks that the model is cut over.")] = 1,
    nodes: Annotated[int, typer.Option(help="Machines that these are on, of which this is one.")] = 1,
    batch_size: Annotated[int, typer.Option(help="Most sequences of the model at a time.")] = 1,
    left_in_float: Annotated[str, typer.Option(help="JSON list of what quantize.rollback names.")] = "[]",
    perf_weights: Annotated[str, typer.Option(help="model, or random:<shape>.")] = "model",
    perf_batch_size: Annotated[int, typer.Option(help="Most sequences that perf measures at a time.")] = 1,
    engine: options.Engine = Settings(),
) -> None:
    """Print a row for each finding; exit with code 1 if one of them is an error."""
    device = devices.resolve(engine.device)
    manifest = model / MANIFEST
    config = ModelConfig.from_fields(read_sealed(manifest)["config"], manifest)
    floats = resolve_rollback(json.loads(left_in_float), config)
    measured = perf_weights == "model"

    def needs(
        what: str, config: ModelConfig, batch: int, floats: Collection[str], random: bool = False
    ) -> list[Need]:
        computed = config.dtype if engine.dtype == "auto" else engine.dtype
        dtypes = (computed, devices.cache_dtype(device, computed))
        return needs_of(
            what,
            config,
            batch,
            engine.max_seq_len or config.model_max_length,
            dtypes,
            world_size,
            floats,
            engine.head,
            device == "cpu",
            random,
        )

    needed = needs("the model", config, max(batch_size, perf_batch_size) if measured else batch_size, floats)
    if not measured:
        needed += needs(perf_weights, named_shape(perf_weights), perf_batch_size, (), random=True)
    findings = environment_check.check(device, needed, world_size, engine.graph, nodes)
    print(as_table(findings))
    errors = errors_among(findings)
    if errors:
        raise UserError(f"{len(errors)} of {len(findings)} findings are errors; see what to do in the table above")


def as_table(findings: Iterable[Finding]) -> str:
    """A row a finding."""
    rows = [(finding.level, finding.item, finding.state, finding.cure) for finding in findings]
    return table(rows, ("level", "item", "found", "what to do"), "simple", "llll", WIDTHS)


if __name__ == "__main__":
    cli.run(main)
