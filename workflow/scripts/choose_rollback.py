"""Choose the roll-back list that keeps a budget: quantize.rollback: auto."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.integrity import write_sealed
from baichuan2.quantization.frontier import Frontier

log = logging.getLogger("choose_rollback")


def main(
    sensitivity: Annotated[Path, typer.Option(help="what measure_sensitivity.py wrote")],
    out: Annotated[Path, typer.Option(help="the list (json) to publish")],
    metric: Annotated[str, typer.Option(help="kl or accuracy")],
    budget: Annotated[float, typer.Option(help="nats, or points of accuracy on the dev split")],
    spare: Annotated[str, typer.Option(help="bytes or layers: what to leave in float as little of as possible")],
) -> None:
    """Publish the choice as OUT."""
    frontier = Frontier.read(sensitivity)
    point = frontier.choose(spare, metric, budget)
    loss = frontier.loss(point, metric)
    log.info(
        "%d linears in float, %.1f %% of the linears' weights in int8: %s loss %.3g of %g",
        point.linears,
        100 * point.int8_share,
        metric,
        loss,
        budget,
    )
    chosen = {"metric": metric, "budget": budget, "spare": spare, "loss": loss, "int8_share": point.int8_share}
    write_sealed(out, {**chosen, "rollback": frontier.linears(point)})


if __name__ == "__main__":
    run(main)
