"""Run by test_cut under torchrun: save the logits of a fixed prompt, by the engine and by transformers."""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

from baichuan2.engine.engine import Settings, open_engine
from baichuan2.engine.weights import rank_directory

model, out = Path(sys.argv[1]), Path(sys.argv[2])
quant = Path(sys.argv[3]) if len(sys.argv) > 3 else None
ids = [5 + (7 * k) % 300 for k in range(40)]
with open_engine(Settings("cpu", "float32", 128, threads=2), model, quant) as engine:
    cache = engine.cache_for(1, 128)
    logits = {"prefill": engine.prefill(cache, [ids])}
    decoder = engine.model.decoder(cache, [len(ids)])
    decoder.prepare()
    logits["decode"] = decoder.step([9])
    if quant is None:
        directory = rank_directory(model, engine.rank, engine.world_size)
        theirs = AutoModelForCausalLM.from_pretrained(directory, trust_remote_code=True, dtype=torch.float32)
        logits["transformers"] = theirs(torch.tensor([ids])).logits[0]
    if engine.rank == 0:
        torch.save({name: value.clone() for name, value in logits.items()}, out)
