"""The engine behind HTTP until a signal: the engine in this thread, the HTTP server in one of its own."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from baichuan2.engine.engine import Engine
from baichuan2.errors import UserError
from baichuan2.serving.app import App, Served
from baichuan2.serving.metrics import Metrics
from baichuan2.serving.options import API_KEY, Settings
from baichuan2.serving.scheduler import Scheduler

CLOSE_S = 5  # for answers that are on their way when the server ends


def serve(engine: Engine, settings: Settings, name: str, about: dict[str, Any]) -> None:
    """Serve the model under `name` until SIGINT or SIGTERM; a line on stdout says where, once it listens.

    about: what /v1/models says of it beside the engine's. Raises UserError for a port that cannot be taken and for
    slots that have no memory.
    """
    with _listening(settings) as listener:
        metrics = Metrics()
        places = engine.places(settings.slots)
        largest = engine.device.largest(engine.dtype)
        scheduler = Scheduler(places, engine.device, largest, settings.max_queue, metrics)
        app = App(scheduler, served(engine, settings, name, about), metrics)
        config = uvicorn.Config(
            app.asgi(), log_config=None, log_level="warning", lifespan="off", timeout_graceful_shutdown=CLOSE_S
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True)
        with _until_signal(scheduler):
            thread.start()
            host, port = listener.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            print(f"serving {name} at http://{shown}:{port}/v1 (process {os.getpid()}; Ctrl-C ends it)", flush=True)
            try:
                scheduler.run()
            finally:
                server.should_exit = True
                thread.join(CLOSE_S + 1)


def served(engine: Engine, settings: Settings, name: str, about: dict[str, Any]) -> Served:
    """What the HTTP side knows of an engine."""
    environment = engine.environment()
    about = about | {"max_model_len": engine.max_seq_len, "precision": engine.precision}
    about |= {key: environment[key] for key in ("dtype", "device", "device_name", "head")}
    return Served(
        name, about, engine.tokenizer, engine.config.vocab_size, engine.config.tokens, engine.max_seq_len,
        settings.slots + settings.max_queue, os.environ.get(API_KEY),
    )  # fmt: skip


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket that listens at the settings' address."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=1024)
    except OSError as error:
        raise UserError(
            f"serve.port: {settings.host} port {settings.port}: {error.strerror}; set serve.host and serve.port to "
            "an address of this host that is free (port 0 takes a free one)"
        ) from None
    with listener:
        yield listener


@contextmanager
def _until_signal(scheduler: Scheduler) -> Iterator[None]:
    """SIGINT and SIGTERM close the scheduler; a second one ends the process as usual."""

    def close(number: int, frame: Any) -> None:
        signal.signal(number, signal.SIG_DFL)
        scheduler.close()

    earlier = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
