"""The engine behind HTTP until a signal: the engine in this thread, the HTTP server in one of its own."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn

from baichuan2.engine.engine import Engine
from baichuan2.errors import PeerLostError, UserError
from baichuan2.servers.started import LINE
from baichuan2.serving.app import App, Served
from baichuan2.serving.metrics import Metrics
from baichuan2.serving.options import API_KEY, Settings
from baichuan2.serving.scheduler import Scheduler

CLOSE_S = 5  # for answers that are on their way when the server ends
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(
    engine: Engine,
    listener: socket.socket | None,
    settings: Settings,
    name: str,
    version: str,
    about: dict[str, Any],
) -> None:
    """Serve the model under `name` until SIGINT or SIGTERM; a line on stdout says where, once it answers.

    listener: of `bound`. version: of the server's code. about: what /v1/models says of the model beside the engine's.
    Raises UserError for slots that have no memory.
    """
    places = engine.places(settings.slots)
    if engine.rank > 0:
        with _on_signals(signal.SIG_IGN):  # rank 0 ends them all
            return places.follow()
    assert listener is not None  # of rank 0
    metrics = Metrics()
    scheduler = Scheduler(places, engine.device, engine.device.largest(engine.dtype), settings.max_queue, metrics)
    app = App(scheduler, served(engine, settings, name, version, about), metrics)

    def close(number: int, frame: Any) -> None:
        signal.signal(number, signal.SIG_DFL)  # a second one ends the process as usual
        scheduler.close()

    # The server's end, which takes seconds, is without: a launcher that has lost a rank ends this one by a signal.
    with _http(app, listener), _on_signals(close):
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(LINE.format(name=name, address=f"http://{shown}:{port}/v1", process=os.getpid()), flush=True)
        scheduler.run()
    with suppress(PeerLostError):  # the launcher has closed the scheduler, and says why
        places.release()


@contextmanager
def _http(app: App, listener: socket.socket) -> Iterator[None]:
    """The app answers at the listener, in a thread of its own; in the end what is on its way still goes out."""
    config = uvicorn.Config(
        app.asgi(), log_config=None, log_level="warning", lifespan="off", timeout_graceful_shutdown=CLOSE_S
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the HTTP server did not start; its traceback is above")
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(CLOSE_S + 1)


def served(engine: Engine, settings: Settings, name: str, version: str, about: dict[str, Any]) -> Served:
    """What the HTTP side knows of an engine."""
    tokenizer = engine.tokenizer
    assert tokenizer is not None  # of a model's directory
    about = about | {"max_model_len": engine.max_seq_len} | engine.identity()
    return Served(
        name, version, about, tokenizer, engine.config.vocab_size, engine.config.tokens, engine.max_seq_len,
        settings.slots + settings.max_queue, os.environ.get(API_KEY),
    )  # fmt: skip


@contextmanager
def bound(settings: Settings) -> Iterator[socket.socket | None]:
    """The socket of the settings' address, taken before a model is loaded; on other ranks than 0 None.

    Raises UserError for an address that cannot be taken.
    """
    if os.environ.get("RANK", "0") != "0":
        yield None
        return
    address = settings.host, settings.port
    try:
        family, *kind, _, place = socket.getaddrinfo(*address, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, *kind)  # with its protocol, or asyncio leaves Nagle's algorithm on
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
    except OSError as error:
        raise UserError(
            f"serve.port: {settings.host}, port {settings.port}: {error.strerror}; set serve.host to an address of "
            "this machine, and serve.port to a free one, or to 0 for any"
        ) from None
    with listener:
        yield listener


@contextmanager
def _on_signals(handler: Any) -> Iterator[None]:
    """SIGINT and SIGTERM go to `handler` within it; afterwards they end the process at once."""
    for number in SIGNALS:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
