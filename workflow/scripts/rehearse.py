"""Hold a run at full size, whose answers are known, against the demo's own run, stage by stage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from baichuan2 import cli
from baichuan2.acceptance.rehearsal import Chain, rehearse, report

Ours = Annotated[Path, typer.Option(help="Of the run at full size.")]
Known = Annotated[Path, typer.Option(help="Of the demo's run.")]


def main(
    demo: Annotated[Path, typer.Option(help="Directory of the demo model's published files.")],
    out: Annotated[Path, typer.Option(help="Table (Markdown) to publish.")],
    title: Annotated[str, typer.Option(help="Of the table.")],
    model: Ours,
    records: Ours,
    known_model: Known,
    known_records: Known,
    quant: Ours | None = None,
    calibration: Ours | None = None,
    known_quant: Known | None = None,
    known_calibration: Known | None = None,
    parts: Ours | None = None,
    world_size: Annotated[int, typer.Option(help="Ranks that the parts are of.")] = 1,
) -> None:
    """Compare what was linked, cut, calibrated, quantized and answered."""
    ours = Chain(model, records, quant, calibration, parts, world_size)
    known = Chain(known_model, known_records, known_quant, known_calibration)
    print(report(list(tqdm(rehearse(demo, ours, known), unit="stage")), out, title))


if __name__ == "__main__":
    cli.run(main)
