"""Write a W8A8 artefact in a form that others read; no model is run."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.w8a8.exports import export_ascend, export_compressed_tensors, export_guide


class Form(StrEnum):
    """Who is to read it."""

    GUIDE = "guide"
    ASCEND = "ascend"
    COMPRESSED_TENSORS = "compressed-tensors"


def main(
    form: Annotated[Form, typer.Option(help="Who is to read it.")],
    quant: Annotated[Path, typer.Option(help="The W8A8 artefact.")],
    out: Annotated[Path, typer.Option(help="Directory of the export; replaced as a whole.")],
    model: Annotated[
        Path | None, typer.Option(help="Its model, for config.json and tokenizer; not for guide.")
    ] = None,
    dtype: Annotated[
        str, typer.Option(help="auto, float16 or bfloat16: what it is served in; not for guide.")
    ] = "auto",
) -> None:
    """Publish QUANT, in the form that is asked for, as OUT."""
    if form is Form.GUIDE:
        export_guide(quant, out)
    elif model is None:
        raise typer.BadParameter(f"needed for {form.value}", param_hint="--model")
    else:
        export = export_ascend if form is Form.ASCEND else export_compressed_tensors
        export(model, quant, out, dtype)


if __name__ == "__main__":
    cli.run(main)
