"""A trace of a prefill and a few decode steps, by the profiler of the device: never in a measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from torch.profiler import record_function

from baichuan2.engine.protocols import Timed
from baichuan2.errors import UserError
from baichuan2.files import publish_directory
from baichuan2.integrity import MANIFEST, files_beside, write_sealed
from baichuan2.speed.cases import Case
from baichuan2.speed.timing import random_ids

FORMAT: dict[str, str | int] = {"format": "baichuan2-profile", "version": 1}
STEPS = 3  # decode steps after the prefill


def profile_case(engine: Timed, cases: Sequence[Case], seed: int, out: Path) -> None:
    """Publish the trace of the first case that max_seq_len takes as the directory `out`, with its manifest.json.

    It has a range "prefill" and "decode 1" to "decode 3", after one such run without the profiler. Rank 0 is traced,
    and writes. Raises UserError where no case fits, and where the profiler wrote nothing.
    """
    case = next((case for case in cases if case.input_len + STEPS < engine.max_seq_len), None)
    if case is None:
        raise UserError(f"perf.profile: a prompt and {STEPS + 1} tokens are over max_seq_len; take a shorter case")
    ids = random_ids(engine, case.batch_size, case.input_len, seed)
    _steps(engine, ids)
    if engine.rank:
        _steps(engine, ids)
        return
    with publish_directory(out) as partial:
        engine.device.profile(lambda: _steps(engine, ids), partial)
        files = [path.relative_to(partial).as_posix() for path in partial.rglob("*") if path.is_file()]
        if not files:
            raise UserError(f"perf.profile: {engine.device.name}'s profiler wrote nothing; its log above says why")
        manifest = {**FORMAT, "case": asdict(case), "steps": STEPS, "environment": engine.environment()}
        write_sealed(partial / MANIFEST, manifest | {"files": files_beside(partial, files)})


def _steps(engine: Timed, ids: list[list[int]]) -> None:
    device, cache = engine.device, engine.cache_for(len(ids), engine.max_seq_len)
    with record_function("prefill"):
        tokens = device.most_likely(engine.prefill(cache, ids, best=1))
    decoder = engine.model.decoder(cache, [len(prompt) for prompt in ids])
    for step in range(STEPS):
        with record_function(f"decode {step + 1}"):
            decoder.prepare()
            tokens = device.most_likely(decoder.step(tokens, best=1))
    device.synchronise()
