"""Servers of OpenAI's API under load: python benchmarks/serving.py --model results/model --server vllm=http://...

Ours is started for the model directory (its W8A8 artefact with --quant); the others run already, on this machine,
with the same weights, and are named by their addresses. Every server is asked alike: so many clients, each of which
asks again as soon as its answer has ended, by /v1/completions with token ids at random, streamed, of a fixed number
of new tokens. With --shared prompts begin alike. Servers take turns, round by round; what a server cannot do ends the
benchmark.

tokens/s: new tokens of all answers over the time from the first request to the last token. first: from a request to
its first token; next: between two of its tokens; both as the client sees them.
"""

from __future__ import annotations

import math
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Annotated, Any

import numpy
import pandas
import typer

import harness
from baichuan2 import cli
from baichuan2.engine.options import Settings
from baichuan2.errors import UserError
from baichuan2.servers.server import open_server
from baichuan2.servers.started import started
from baichuan2.speed.cases import UnmeasurableError
from baichuan2.speed.served import Timed, request

SEED = 0


def main(
    model: Annotated[Path, typer.Option(help="Model directory that ours serves.")],
    quant: Annotated[Path | None, typer.Option(help="Its W8A8 artefact, to be served instead.")] = None,
    server: Annotated[
        list[str] | None, typer.Option(help="name=http://host:port/v1 of another, already running.")
    ] = None,
    clients: Annotated[list[int] | None, typer.Option(help="How many at a time; repeat the option.")] = None,
    requests: Annotated[int, typer.Option(help="Of each client in a round.")] = 2,
    input_len: Annotated[int, typer.Option(help="Tokens of a prompt.")] = 128,
    output_len: Annotated[int, typer.Option(help="New tokens of an answer.")] = 32,
    shared: Annotated[int, typer.Option(help="Tokens that all prompts of a round begin with.")] = 0,
    vocabulary: Annotated[int, typer.Option(help="Token ids are drawn below it, above 300.")] = 500,
    rounds: Annotated[int, typer.Option(help="Measured rounds, after one that is not.")] = 3,
    slots: Annotated[int, typer.Option(help="Of ours.")] = 64,
    engine: Annotated[
        str, typer.Option(help="Of ours: key=value,..., as the workflow's scripts take it.")
    ] = "device=cpu",
    threads: Annotated[int, typer.Option(help="Of ours.")] = os.cpu_count() or 1,
    out: Annotated[Path, typer.Option(help="Folder of the results.")] = harness.RESULTS,
) -> None:
    """Measure every server in turn, and write benchmarks/results/serving.{csv,md}."""
    counts = clients or [1, 4, 16, 64]
    with ExitStack() as stack:
        address = stack.enter_context(ours(model, quant, slots, f"{engine},threads={threads}"))
        addresses = {"ours": address, **dict(map(_named, server or []))}
        opened = {
            name: stack.enter_context(open_server(Settings(server=url), model)) for name, url in addresses.items()
        }
        servers = {name: Timed(one) for name, one in opened.items()}
        generator, runs = random.Random(SEED), []
        for number in range(rounds + 1):
            for count in counts:
                for name in _turned(list(servers), number):
                    prompts = _prompts(generator, count * requests, input_len, shared, vocabulary)
                    times = load(servers[name], prompts, count, output_len)
                    if number:
                        runs.append({"round": number, "server": name, "clients": count, **times})
            print(f"round {number} of {rounds}" if number else "warm-up", file=sys.stderr, flush=True)
        about_servers = {name: one.name for name, one in opened.items()}
    table = pandas.DataFrame(runs)
    about = harness.environment(threads) | {
        "model": str(model),
        "prompt": f"{input_len} tokens, {shared} shared",
        "answer": f"{output_len} tokens",
        "our slots": str(slots),
        "our engine": engine,
        **about_servers,
    }
    harness.write_results(out, "serving", table, ["# Servers under load", summary(table)], about)


def ours(model: Path, quant: Path | None, slots: int, engine: str) -> AbstractContextManager[str]:
    """The address of this project's server, which ends with the context."""
    script = harness.ROOT / "workflow" / "scripts" / "serve.py"
    command = [sys.executable, str(script), "--model", str(model), "--name", "ours"]
    command += ["--serve", f"port=0,slots={slots}", "--engine", engine]
    return started([*command, *(["--quant", str(quant)] if quant else [])])


def _named(pair: str) -> tuple[str, str]:
    name, equals, address = pair.partition("=")
    if not equals:
        raise UserError(f"--server: {pair} is no name=address")
    return name, address.rstrip("/")


def _turned(names: list[str], number: int) -> list[str]:
    """Each round begins with another."""
    first = number % len(names)
    return names[first:] + names[:first]


def _prompts(generator: random.Random, count: int, length: int, shared: int, vocabulary: int) -> list[list[int]]:
    def draw(many: int) -> list[int]:
        return [generator.randrange(300, vocabulary) for _ in range(many)]

    beginning = draw(shared)
    return [beginning + draw(length - shared) for _ in range(count)]


def load(timed: Timed, prompts: list[list[int]], clients: int, output_len: int) -> dict[str, Any]:
    """Ask all prompts by so many clients; times in seconds."""
    begin = time.perf_counter()
    try:
        with ThreadPoolExecutor(clients) as pool:
            answers = list(pool.map(lambda ids: request(timed, ids, output_len), prompts))
    except UnmeasurableError as error:
        raise UserError(f"{timed.server.client.url}: {error}") from None
    firsts = [answer.first - answer.began for answer in answers]
    gaps = [step for answer in answers for step in answer.token_s[1:]] or [math.nan]  # tokens came in groups
    first, first_p99 = numpy.percentile(firsts, [50, 99])
    following, following_p99 = numpy.percentile(gaps, [50, 99])
    return {
        "tokens_per_s": len(prompts) * output_len / (max(answer.ended for answer in answers) - begin),
        "first_s": first, "first_p99_s": first_p99, "next_s": following, "next_p99_s": following_p99,
    }  # fmt: skip


def summary(runs: pandas.DataFrame) -> str:
    """Medians of the rounds, with least and most."""
    rows = []
    for (count, name), group in runs.groupby(["clients", "server"], sort=False):
        rows.append(
            {
                "clients": count,
                "server": name,
                "tokens/s": harness.spread(group["tokens_per_s"]),
                "first ms": harness.spread(group["first_s"] * 1e3),
                "p99": harness.spread(group["first_p99_s"] * 1e3),
                "next ms": harness.spread(group["next_s"] * 1e3, "{:.2f}"),
                "p99 ": harness.spread(group["next_p99_s"] * 1e3, "{:.2f}"),
            }
        )
    return harness.markdown(pandas.DataFrame(rows))


if __name__ == "__main__":
    cli.run(main)
