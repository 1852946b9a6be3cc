"""Compare this host's device with the CPU: each item gets pass, FAIL, noted or "not here", with its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli, devices
from baichuan2.acceptance.items import ITEMS, accept, failed, page
from baichuan2.acceptance.rows import Options
from baichuan2.errors import UserError
from baichuan2.files import write_text
from baichuan2.integrity import write_sealed
from baichuan2.report.page import write_page


def main(
    out: Annotated[Path, typer.Option(help="Folder of acceptance.json, the file to send back, and its page.")],
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or npu.")] = "auto",
    model: Annotated[Path | None, typer.Option(help="Directory of the demo, or of a model that computes it.")] = None,
    quant: Annotated[Path | None, typer.Option(help="Its W8A8 artefact.")] = None,
    known_model: Annotated[Path | None, typer.Option(help="The demo's, where --model is a larger one.")] = None,
    known_quant: Annotated[Path | None, typer.Option(help="The demo's, where --quant is a larger one's.")] = None,
    prompts: Annotated[Path | None, typer.Option(help="The demo's prompts (jsonl).")] = None,
    only: Annotated[list[str] | None, typer.Option(help="An item, instead of all; repeat the option.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Tiny sizes: whether it runs, not how fast.")] = False,
) -> None:
    """Write the files after every item, since a card may hang; exit with code 1 if an item failed."""
    options = Options(devices.resolve(device), model, quant, prompts, quick, known_model, known_quant)
    for record in accept(options, only or list(ITEMS)):
        write_sealed(out / "acceptance.json", record)
        write_text(out / "acceptance.md", page(record))
        write_page(out / "acceptance.html", page(record))
    print("\n" + "\n".join(f"{item['verdict']:8}  {item['item']}" for item in record["items"]))
    print(f"send back {out / 'acceptance.json'}", flush=True)
    if names := failed(record):
        total = len(record["items"])
        raise UserError(f"{len(names)} of {total} items failed: {', '.join(names)}; see {out / 'acceptance.md'}")


if __name__ == "__main__":
    cli.run(main)
