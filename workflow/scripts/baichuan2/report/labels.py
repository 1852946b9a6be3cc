"""What tables call a run: options of every step that tabulates. Changing one remakes tables and runs no model."""

from __future__ import annotations

from typing import Annotated

import typer

from baichuan2.text import words

Name = Annotated[str, typer.Option("--name", help="What the tables call the model.")]
Language = Annotated[words.Language, typer.Option("--language", help="What the tables and figures are written in.")]
Demo = Annotated[bool, typer.Option("--demo", help="Say that these are the demo's results.")]
