"""Ranks of the engine, forked from one process that has imported torch and transformers; and the logits they give."""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

IDS = [5 + (7 * k) % 300 for k in range(40)]
TIMEOUT_S = 300


def run_ranks(world_size: int, function: Callable[..., None], *arguments: Any) -> None:
    """Run function(*arguments) as `world_size` ranks, in torchrun's environment; all must end well."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["torch.distributed", "transformers.models.auto.modeling_auto", "transformers.generation.utils"]
    )
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    variables = {
        "WORLD_SIZE": world_size, "LOCAL_WORLD_SIZE": world_size, "GROUP_WORLD_SIZE": 1,
        "MASTER_ADDR": "localhost", "MASTER_PORT": port,
    }  # fmt: skip
    processes = [
        context.Process(target=_rank, args=(variables | {"RANK": rank, "LOCAL_RANK": rank}, function, arguments))
        for rank in range(world_size)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(TIMEOUT_S)
    codes = [process.exitcode for process in processes]
    for process in processes:
        process.kill()
    assert codes == [0] * world_size


def _rank(variables: dict[str, Any], function: Callable[..., None], arguments: tuple) -> None:
    os.environ |= {name: str(value) for name, value in variables.items()}
    function(*arguments)


def save_logits(model: Path, out: Path, quant: Path | None = None) -> None:
    """Save {path: logits} of a fixed prompt: by the engine, and where it is not quantized by transformers."""
    from baichuan2.engine.engine import Settings, open_engine
    from baichuan2.engine.weights import rank_directory

    with open_engine(Settings("cpu", "float32", 128, threads=2), model, quant) as engine:
        cache = engine.cache_for(1, 128)
        logits = {"prefill": engine.prefill(cache, [IDS])}
        decoder = engine.model.decoder(cache, [len(IDS)])
        decoder.prepare()
        logits["decode"] = decoder.step([9])
        logits |= logits_of_places(engine)
        if quant is None:
            from transformers import AutoModelForCausalLM

            directory = rank_directory(model, engine.rank, engine.world_size)
            theirs = AutoModelForCausalLM.from_pretrained(directory, trust_remote_code=True, dtype=torch.float32)
            logits["transformers"] = theirs(torch.tensor([IDS])).logits[0]
        if engine.rank == 0:
            torch.save({name: value.clone() for name, value in logits.items()}, out)


def logits_of_places(engine: Any) -> dict[str, torch.Tensor]:
    """Those of two sequences that share a beginning, which rank 0 alone computes, and the others follow."""
    from baichuan2.engine.places import Piece

    places = engine.places(2)
    if engine.rank > 0:
        places.follow()
        return {}
    [first] = places.extend([Piece(1, IDS)])
    places.copy(1, 0, 20)
    [second] = places.extend([Piece(0, IDS[20:30])])
    step = places.step([1, 0], [9, 8]).clone()
    places.release()
    return {"place 1": first.logits, "place 0": second.logits, "places, decode": step}


def answers_of(engine: Any) -> dict[str, Any]:
    """Greedy and sampled ids, the leads of greedy ones, and logits: prefill's, and those in float64."""
    from baichuan2.engine.sampling import Sampling

    prompts, leads = [IDS, IDS[3:20]], []
    sampling = Sampling(temperature=1.0, top_k=5, top_p=0.95, repetition_penalty=1.1, seed=4)
    return {
        "greedy": engine.generate(prompts, 12, stop_ids=(), on_leads=leads.append),
        "sampled": engine.generate(prompts, 12, stop_ids=(), sampling=sampling),
        "behind a prefix": engine.generate([IDS[5:], IDS[5:9]], 6, prefix=IDS[:5], stop_ids=()),
        "leads": torch.tensor(leads),
        "logits": engine.prefill(engine.cache_for(1, 128), [IDS]).clone(),
        "float64": torch.tensor(engine.score_exactly([IDS[:9]])),
    }


def save_answers(model: Path, out: Path, quant: Path | None = None) -> None:
    """Save the answers of ranks; the float parts' logits in transformers too."""
    from baichuan2.engine.engine import Settings, open_engine
    from baichuan2.engine.weights import rank_directory

    with open_engine(Settings("cpu", "float32", 128, threads=1), model, quant) as engine:
        answers = answers_of(engine)
        if quant is None:
            from transformers import AutoModelForCausalLM

            directory = rank_directory(model, engine.rank, engine.world_size)
            theirs = AutoModelForCausalLM.from_pretrained(directory, trust_remote_code=True, dtype=torch.float32)
            answers["transformers"] = theirs(torch.tensor([IDS])).logits[0, -1]
        if engine.rank == 0:
            torch.save(answers, out)


def check_collectives() -> None:
    """What the ranks do together, each with numbers of its own."""
    from baichuan2.ranks.collectives import ranks_of_launch

    with ranks_of_launch("gloo") as ranks:
        here, count = float(ranks.rank), ranks.world_size
        assert ranks.maximum([here, -here]) == [count - 1, 0]
        assert ranks.largest(torch.tensor([here, -here])).tolist() == [count - 1, 0]
        none = torch.full((count,), here)
        none[ranks.rank] = torch.nan
        assert ranks.largest(none).tolist() == [torch.inf] * count
        assert ranks.sum(torch.tensor([here, 1.0])).tolist() == [sum(range(count)), count]
        assert ranks.gather(torch.tensor([[here, 10 + here]])).tolist() == [
            [k for r in range(count) for k in (r, 10 + r)]
        ]
        assert ranks.from_first(("answers", ranks.rank)) == ("answers", 0)
        assert [ranks.on_any(ranks.rank == 1), ranks.on_any(False)] == [True, False]
