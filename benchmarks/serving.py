"""Servers of OpenAI's API under load: python benchmarks/serving.py

Ours, vLLM's and llama.cpp's run one shape with random weights on this machine, each with as many threads and as many
answers at a time. Every server is asked alike: so many clients, each of which asks again as soon as its answer has
ended, by /v1/completions with token ids at random, streamed, of a fixed number of new tokens. With --shared prompts
begin alike. Servers take turns, round by round, the others stopped meanwhile; what a server cannot do ends the
benchmark.

tokens/s: new tokens of all answers over the time from the first request to the last token. first: from a request to
its first token; next: between two events with its tokens; both as the client sees them, which shares the cores. Ours
is W8A8 in bfloat16 around int8, its head searched in 8 bits and decided in bfloat16 (engine.head: exact). The others
run a Llama of the same shape, as benchmarks/decode.py says: vLLM's W8A8 quantizes activations by token and leaves the
head in bfloat16; llama.cpp's Q8_0 has 8.5 bits a weight, the head's too. vLLM runs as its defaults say; llama.cpp
without its copies of ended prompts in memory. All have the same tokenizer, and make texts of their tokens.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy
import pandas
import typer

import harness
import peers
import served
from baichuan2 import cli
from baichuan2.engine.options import Settings
from baichuan2.errors import UserError
from baichuan2.model.sizes import named_shape
from baichuan2.servers.server import open_server
from baichuan2.speed.cases import UnmeasurableError
from baichuan2.speed.served import Timed, request

SEED = 0
SAMPLE = 61  # tokens that open_server asks for, to see whether a server reads them


def main(
    shape: Annotated[str, typer.Option(help="13b, 7b, 1b or 0.4b.")] = "0.4b",
    clients: Annotated[list[int], typer.Option(help="How many at a time; repeat the option.")] = [1, 4, 16, 64],  # noqa: B006
    requests: Annotated[int, typer.Option(help="Of each client in a round.")] = 2,
    input_len: Annotated[int, typer.Option("--input", help="Tokens of a prompt.")] = 128,
    output_len: Annotated[int, typer.Option("--output", help="New tokens of an answer, at least 2.")] = 32,
    shared: Annotated[int, typer.Option(help="Tokens that all prompts of a round begin with.")] = 0,
    rounds: Annotated[int, typer.Option(help="Measured rounds, after one of warm-up.")] = 3,
    threads: Annotated[int, typer.Option(help="Of each server.")] = harness.CORES,
    only: Annotated[list[str], typer.Option(help="A server by its name; repeat the option. All.")] = [],  # noqa: B006
    work: Annotated[Path | None, typer.Option(help="Where models are kept; otherwise made anew.")] = None,
    environments: peers.Home = peers.ENVIRONMENTS,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Measure every server in turn, and write serving.csv and serving.md."""
    if output_len < 2 or rounds < 1 or min(clients) < 1 or requests < 1 or not 0 <= shared < input_len:
        raise UserError("--output, --rounds, --clients, --requests, --shared: 2, 1, 1 and 1 at least, under --input")
    with tempfile.TemporaryDirectory(prefix="serving-") as folder, ExitStack() as stack:
        wanted = servers(
            shape, work or Path(folder), input_len + output_len, max(clients), threads, environments, only
        )
        started, left_out = served.start(stack, wanted)
        if not started:
            raise UserError(f"--only: none of these servers runs here: {' '.join(left_out)}")
        vocabulary = named_shape(f"random:baichuan2-{shape}").tokens
        asked, length = Load(input_len, output_len, shared, vocabulary), input_len + output_len
        model, _ = served.model_of(f"random:baichuan2-{shape}", work or Path(folder))
        timed = {name: stack.enter_context(opened(one.address, model, length)) for name, one in started.items()}
        runs = measure(started, timed, asked, clients, requests, rounds)
    about = harness.environment(threads) | peers.described([one for one in wanted if one.name in started])
    prompts = f"{input_len} tokens in{f', {shared} of them shared' if shared else ''}"
    parts = [
        f"# Servers under load, {shape}, {prompts}, {output_len} out, {threads} threads",
        harness.markdown(table(runs)),
        *left_out,
        harness.markdown(harness.ratios(runs, "clients", "ours w8a8", "times as many tokens/s")),
        f"Medians over {rounds} rounds (least to most), {requests} requests of each client in each. "
        + " ".join(harness.prose(__doc__)),
    ]
    harness.write_results(out, "serving", runs, parts, about)


def servers(
    shape: str, work: Path, length: int, slots: int, threads: int, environments: Path, only: Sequence[str]
) -> list[Any]:
    """What can be measured, or `only` those named. Raises UserError for a wrong name."""
    shape = f"random:baichuan2-{shape}"
    named_shape(shape)
    work.mkdir(parents=True, exist_ok=True)
    length = -(-max(length, SAMPLE) // 32) * 32
    return harness.chosen(
        only,
        [
            served.Ours("w8a8", shape, threads, length, slots, work),
            served.VllmServer("w8a8", shape, threads, length, environments, work, slots),
            served.LlamaServer("Q8_0", shape, threads, length, slots, environments, work),
        ],
    )


@contextmanager
def opened(address: str, model: Path, length: int) -> Iterator[Timed]:
    """A server as the workflow times one (engine.server), but that nothing is sent again."""
    settings = Settings(max_seq_len=length, server=address, server_model=served.NAME, server_retries=0)
    with open_server(settings, model) as server:
        yield Timed(server)


# ---- load ----------------------------------------------------------------------------------------------------


class Load:
    """Prompts at random, seeded, and how long their answers are."""

    def __init__(self, input_len: int, output_len: int, shared: int, vocabulary: int):
        self.input_len, self.output_len, self.shared, self.vocabulary = input_len, output_len, shared, vocabulary
        self._generator = random.Random(SEED)

    def prompts(self, count: int) -> list[list[int]]:
        """Of ids that no special token has."""

        def draw(many: int) -> list[int]:
            return [self._generator.randrange(300, self.vocabulary) for _ in range(many)]

        beginning = draw(self.shared)
        return [beginning + draw(self.input_len - self.shared) for _ in range(count)]


def measure(
    started: Mapping[str, served.Running],
    timed: Mapping[str, Timed],
    asked: Load,
    clients: Sequence[int],
    requests: int,
    rounds: int,
) -> pandas.DataFrame:
    """A row for each round, number of clients and server, after a round of one request each that is not told."""
    runs, names = [], list(started)
    for number in range(rounds + 1):
        for count in clients:
            for name in harness.turned(names, number):
                prompts = asked.prompts(count * (requests if number else 1))
                with served.alone(started, name):
                    found = load(timed[name], prompts, count, asked.output_len)
                if number:
                    runs.append({"round": number, "contender": name, "clients": count, **found})
        print(f"round {number} of {rounds}" if number else "warm-up", file=sys.stderr, flush=True)
    return pandas.DataFrame(runs)


def load(timed: Timed, prompts: list[list[int]], clients: int, output_len: int) -> dict[str, Any]:
    """Ask all prompts by so many clients; times in seconds. Raises UserError where an answer is too short."""
    try:
        with ThreadPoolExecutor(clients) as pool:
            answers = list(pool.map(lambda prompt: request(timed, prompt, output_len), prompts))
    except UnmeasurableError as error:
        raise UserError(f"{timed.server.client.url}: {error}") from None
    if not all(answer.counted for answer in answers):
        raise UserError(f"{timed.server.client.url}: the streams do not tell how many tokens an answer has")
    seconds = max(answer.ended for answer in answers) - min(answer.began for answer in answers)
    firsts = [answer.first - answer.began for answer in answers]
    gaps = [after - before for answer in answers for before, after in pairwise(answer.arrivals)]
    return {
        "seconds": seconds, "tokens_per_s": len(prompts) * output_len / seconds,
        "first_s": numpy.median(firsts), "first_p99_s": numpy.percentile(firsts, 99),
        "next_s": numpy.median(gaps), "next_p99_s": numpy.percentile(gaps, 99),
    }  # fmt: skip


# ---- tables --------------------------------------------------------------------------------------------------


def table(runs: pandas.DataFrame) -> pandas.DataFrame:
    """Medians of the rounds, with least and most."""
    rows = []
    for (count, name), group in runs.groupby(["clients", "contender"]):
        rows.append(
            {
                "clients": str(count),
                "server": name,
                "tokens/s": harness.spread(group["tokens_per_s"]),
                "first ms": harness.spread(group["first_s"] * 1e3),
                "p99": harness.spread(group["first_p99_s"] * 1e3),
                "next ms": harness.spread(group["next_s"] * 1e3),
                "p99 ": harness.spread(group["next_p99_s"] * 1e3),
            }
        )
    return pandas.DataFrame(rows)


if __name__ == "__main__":
    cli.run(main)
