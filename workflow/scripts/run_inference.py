"""Answer the inference prompts with the model; one rank, or each of several under torchrun."""

from __future__ import annotations

from baichuan2 import cli
from baichuan2.engine import options
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.engine.sampling import Sampling
from baichuan2.inference import options as asking
from baichuan2.inference.answering import answer_prompts, run_header
from baichuan2.integrity import write_sealed_lines
from baichuan2.model.prompts import read_prompts


def main(
    model: options.Model,
    prompts: asking.Prompts,
    out: asking.Out,
    quant: options.Quant = None,
    style: asking.Style = "raw",
    generation_config: asking.GenerationConfig = None,
    max_new_tokens: asking.MaxNewTokens = 64,
    batch_size: asking.BatchSize = 1,
    seed: asking.Seed = 0,
    parts: options.Parts = None,
    engine: options.Engine = Settings(),
) -> None:
    """Generate an answer to every prompt, streaming it to the terminal."""
    prompt_list = read_prompts(prompts)
    sampling = Sampling.published(generation_config, seed) if generation_config else Sampling(seed=seed)
    with open_engine(engine, model, quant, parts) as opened:
        records = answer_prompts(opened, prompt_list, style, sampling, max_new_tokens, batch_size)
        kind = "published" if generation_config else "greedy"
        header = run_header(style, kind, max_new_tokens, opened.environment())
        if opened.rank == 0:
            write_sealed_lines(out, [header, *records])


if __name__ == "__main__":
    cli.run(main)
