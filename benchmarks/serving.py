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

import asyncio
import json
import logging
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import httpx2
import pandas
import typer

import harness
from baichuan2 import cli
from baichuan2.errors import UserError

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
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # else a line for each request
    counts = clients or [1, 4, 16, 64]
    with ours(model, quant, slots, f"{engine},threads={threads}") as address:
        servers = {"ours": address, **dict(map(_named, server or []))}
        generator, runs = random.Random(SEED), []
        for number in range(rounds + 1):
            for count in counts:
                for name in _turned(list(servers), number):
                    prompts = _prompts(generator, count * requests, input_len, shared, vocabulary)
                    found = asyncio.run(load(servers[name], prompts, count, output_len))
                    if number:
                        runs.append({"round": number, "server": name, "clients": count, **found})
            print(f"round {number} of {rounds}" if number else "warm-up", file=sys.stderr, flush=True)
        about_servers = {name: identity(address) for name, address in servers.items()}
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


@contextmanager
def ours(model: Path, quant: Path | None, slots: int, engine: str) -> Iterator[str]:
    """The address of this project's server, which ends with the context."""
    script = harness.ROOT / "workflow" / "scripts" / "serve.py"
    command = [sys.executable, script, "--model", model, "--name", "ours", "--serve", f"port=0,slots={slots}"]
    command += ["--engine", engine, *(["--quant", quant] if quant else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                raise UserError("our server did not start; its error is above")
            yield line.split(" at ")[1].split()[0]
        finally:
            process.send_signal(signal.SIGINT)


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


async def load(address: str, prompts: list[list[int]], clients: int, output_len: int) -> dict[str, Any]:
    """Ask all prompts by so many clients; times in seconds."""
    left, times = list(prompts), []
    async with httpx2.AsyncClient(timeout=600, limits=httpx2.Limits(max_connections=clients)) as client:
        name = (await client.get(f"{address}/models")).json()["data"][0]["id"]

        async def ask() -> None:
            while left:
                times.append(await answer(client, address, name, left.pop(), output_len))

        begin = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(clients)))
        seconds = time.perf_counter() - begin
    firsts = [arrivals[0] for arrivals in times]
    gaps = [after - before for arrivals in times for before, after in pairwise(arrivals)]
    return {
        "tokens_per_s": len(prompts) * output_len / seconds,
        "first_s": statistics.median(firsts), "first_p99_s": percentile(firsts, 0.99),
        "next_s": statistics.median(gaps), "next_p99_s": percentile(gaps, 0.99),
    }  # fmt: skip


async def answer(
    client: httpx2.AsyncClient, address: str, name: str, prompt: list[int], output_len: int
) -> list[float]:
    """When each chunk of an answer came, in seconds from the request on; raise UserError where it is short."""
    body = {
        "model": name,
        "prompt": prompt,
        "max_tokens": output_len,
        "temperature": 0,
        "ignore_eos": True,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    begin, arrivals, new = time.perf_counter(), [], 0
    async with client.stream("POST", f"{address}/completions", json=body) as response:
        async for line in response.aiter_lines():
            data = line.removeprefix("data: ")
            if not data or data == "[DONE]":
                continue
            chunk = json.loads(data)
            if "error" in chunk or response.status_code != 200:
                raise UserError(f"{address}: {data[:300]}")
            new = (chunk.get("usage") or {}).get("completion_tokens", new)
            if chunk["choices"]:
                arrivals.append(time.perf_counter() - begin)
    if new != output_len:
        raise UserError(f"{address}: an answer has {new} tokens, not {output_len}; does it know ignore_eos?")
    return arrivals


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


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


def identity(address: str) -> str:
    """What a server says of itself."""
    entry = httpx2.get(f"{address}/models").json()["data"][0]
    return ", ".join(f"{key} {value}" for key, value in entry.items() if isinstance(value, str | int))


if __name__ == "__main__":
    cli.run(main)
