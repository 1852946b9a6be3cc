"""List which exports a linked model has none of, and say why; no model is run."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.integrity import write_sealed
from baichuan2.w8a8.artefact import DYNAMIC, STATIC
from baichuan2.w8a8.exports import unsuited

log = logging.getLogger("list_exports")


def main(
    model: Annotated[Path, typer.Option(help="The linked model.")],
    scheme: Annotated[str, typer.Option(help="static or dynamic: of the activations.")],
    dtype: Annotated[str, typer.Option(help="auto, float16 or bfloat16: what W8A8 weights are served in.")],
    out: Annotated[Path, typer.Option(help="The list (json) to publish.")],
) -> None:
    """Publish the list as OUT."""
    reasons = unsuited(model, {"static": STATIC, "dynamic": DYNAMIC}[scheme], dtype)
    for name, reason in reasons.items():
        log.info("export_%s is left out: %s", name, reason)
    write_sealed(out, {"unsuited": reasons})


if __name__ == "__main__":
    cli.run(main)
