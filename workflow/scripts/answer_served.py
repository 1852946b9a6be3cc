"""Ask a server the inference prompts."""

from __future__ import annotations

from baichuan2 import cli
from baichuan2.engine import options
from baichuan2.engine.options import Settings
from baichuan2.engine.sampling import Sampling
from baichuan2.inference import options as asking
from baichuan2.inference.answering import run_header
from baichuan2.inference.served import answer_prompts
from baichuan2.integrity import write_sealed_lines
from baichuan2.model.prompts import read_prompts
from baichuan2.servers.server import open_server


def main(
    tokenizer: options.TokenizerFolder,
    prompts: asking.Prompts,
    out: asking.Out,
    style: asking.Style = "raw",
    generation_config: asking.GenerationConfig = None,
    max_new_tokens: asking.MaxNewTokens = 64,
    batch_size: asking.BatchSize = 1,
    seed: asking.Seed = 0,
    engine: options.Engine = Settings(),
) -> None:
    """Have engine's server answer every prompt, streaming it to the terminal."""
    prompt_list = read_prompts(prompts)
    sampling = Sampling.published(generation_config, seed) if generation_config else Sampling(seed=seed)
    with open_server(engine, tokenizer) as server:
        records = answer_prompts(server, prompt_list, style, sampling, max_new_tokens, batch_size)
        kind = "published" if generation_config else "greedy"
        write_sealed_lines(out, [run_header(style, kind, max_new_tokens, server.environment()), *records])


if __name__ == "__main__":
    cli.run(main)
