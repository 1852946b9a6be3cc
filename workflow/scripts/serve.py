"""Serve the model by OpenAI's API until it is stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.engine import options
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.integrity import identity_of
from baichuan2.jobs.code import version_of
from baichuan2.serving import options as serving
from baichuan2.serving import server


def main(
    model: options.Model,
    name: Annotated[str, typer.Option(help="What clients call the model.")],
    quant: options.Quant = None,
    parts: options.Parts = None,
    serve: serving.Serve = serving.Settings(),
    engine: options.Engine = Settings(),
) -> None:
    """Load the model, then answer requests until Ctrl-C or SIGTERM."""
    with server.bound(serve) as listener, open_engine(engine, model, quant, parts) as opened:
        version = version_of("serve.py").rpartition(" ")[2]
        server.serve(opened, listener, serve, name, version, {"weights": identity_of(quant or model)})


if __name__ == "__main__":
    cli.run(main)
