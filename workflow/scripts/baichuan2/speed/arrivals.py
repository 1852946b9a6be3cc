"""A server under load: requests that arrive at a given rate, whether or not earlier ones are answered. Torch-free."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import Any, TypeVar

from tqdm import tqdm

from baichuan2.errors import UserError
from baichuan2.servers.client import BusyError, RefusedError
from baichuan2.speed import load
from baichuan2.speed.cases import STREAM, Case, UnmeasurableError
from baichuan2.speed.rates import RATES, Rate, Sent
from baichuan2.speed.served import Timed, prompt, request, time_run

T = TypeVar("T")


def arrivals(rate: Rate, count: int, seed: int) -> list[float]:
    """When each of `count` requests is sent, in seconds: drawn evenly over count / rate seconds, in order.

    That is a Poisson process of this rate, of which so many arrivals are known: the rate is offered just as it is
    asked for. All rates of a seed have the same pattern.
    """
    if isinstance(rate, str):
        return [0.0] * count
    generator = random.Random(f"{seed} arrivals")
    return sorted(generator.random() * count / rate for _ in range(count))


def lengths(cases: Sequence[Case], count: int, seed: int) -> list[tuple[int, int]]:
    """(input, output) of each request: those of the cases in turn, in an order drawn at random."""
    pairs = [(case.input_len, case.output_len) for case in cases]
    each = [pairs[place % len(pairs)] for place in range(count)]
    random.Random(f"{seed} lengths").shuffle(each)
    return each


def at_times(times: Sequence[float], function: Callable[[int, float], T]) -> list[T]:
    """`function` of each place in `times` and the clock's time at which that is 0; each is called when it is time.

    No call waits for another: there is a thread for each that is under way.
    """
    begin = time.perf_counter()
    with ThreadPoolExecutor(len(times)) as pool:
        futures = []
        for place, at in enumerate(times):
            time.sleep(max(0.0, begin + at - time.perf_counter()))
            futures.append(pool.submit(function, place, begin))
        return [future.result() for future in futures]


def measure_rates(
    timed: Timed, cases: Sequence[Case], rates: Sequence[Rate], count: int, seed: int
) -> dict[str, Any]:
    """`count` requests at each rate, from the lowest on; returns the JSON-ready record.

    Requests have the lengths of the cases (`lengths`); a case that cannot be run, or of which the server gives
    another number of tokens, is left out, with its reason. Raises UserError where no case is left, where a rate has
    no answer at all, and where the server is gone at the end.

    Keys: requests, seed; environment; left_out: of cases, each with its reason; alone_s: of the longest answer alone;
    rates: of each its rate, requests (of Sent) and load (`load.between` its first request and its last answer).
    """
    measurable, left_out, alone = _alone(timed, cases, seed)
    entries = []
    for rate in sorted(rates, key=lambda rate: float(rate)):
        entries.append(_measure_rate(timed, measurable, rate, count, seed))
    timed.server.client.get("models")
    return {
        **RATES,
        "requests": count,
        "seed": seed,
        "environment": timed.environment(),
        "left_out": [asdict(case) for case in left_out],
        "alone_s": alone,
        "rates": entries,
    }


def _alone(timed: Timed, cases: Sequence[Case], seed: int) -> tuple[list[Case], list[Case], float]:
    """The cases that the server gives, the others, and the longest answer alone, in seconds.

    The largest comes first, unmeasured, since a server may compile or load something for it.
    """
    measurable, left_out, longest = [], [case for case in cases if case.reason], 0.0
    legal = sorted((case for case in cases if not case.reason), key=lambda case: case.input_len + case.output_len)
    for number, case in enumerate([*legal[-1:], *legal]):
        try:
            run = time_run(timed, 1, case.input_len, case.output_len, STREAM, seed)
        except UnmeasurableError as error:
            if number:
                left_out.append(replace(case, reason=str(error)))
            continue
        if number:
            measurable.append(case)
            longest = max(longest, run.response_s)
    if not measurable:
        raise UserError(f"perf.rate: no case can be asked under load ({left_out[0].reason}); set perf.case_pair")
    return measurable, left_out, longest


def _measure_rate(timed: Timed, cases: Sequence[Case], rate: Rate, count: int, seed: int) -> dict[str, Any]:
    each, times = lengths(cases, count, seed), arrivals(rate, count, seed)
    prompts = [prompt(timed.server, input_len, seed, row) for row, (input_len, _) in enumerate(each)]
    with tqdm(total=count, unit="request", mininterval=1, desc=f"{rate}/s") as progress:

        def ask(place: int, begin: float) -> Sent:
            sent = _ask(timed, prompts[place], each[place][1], times[place], begin)
            progress.update()
            return sent

        before = load.read()
        requests = at_times(times, ask)
        busy = load.between(before, load.read(), alone=False)
    if all(one.ended is None for one in requests):
        raise UserError(f"perf.rate: at {rate} a second no request was answered: {_why(requests[0])}")
    return {"rate": rate, "requests": [asdict(one) for one in requests], "load": busy}


def _ask(timed: Timed, ids: list[int], output_len: int, at: float, begin: float) -> Sent:
    """One request. Where a server does not count its tokens they are those that it gave alone: asking again for a
    count would be load that no rate names.
    """
    sent = Sent(len(ids), output_len, at, time.perf_counter() - begin)
    try:
        answer = request(timed, ids, output_len)
    except (RefusedError, BusyError) as error:
        return replace(sent, refused=str(error))
    except (UserError, UnmeasurableError) as error:
        return replace(sent, lost=str(error))
    began, first, ended = (time - begin for time in (answer.began, answer.first, answer.ended))
    return replace(sent, began=began, first=first, ended=ended, token_s=answer.token_s)


def _why(sent: Sent) -> str | None:
    return sent.refused or sent.lost
