"""config.yaml's section serve. Imports neither torch nor the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from baichuan2 import cli

API_KEY = "BAICHUAN2_API_KEY"  # in the environment alone: where it is set, requests must bear it


@dataclass(frozen=True)
class Settings:
    """host, port: where the server listens; port 0 is any free one. slots: answers that decode together. max_queue:
    answers that may wait for a slot.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    slots: int = 8
    max_queue: int = 256


Serve = Annotated[Settings, cli.settings(Settings)]
