"""vLLM's logits of the options' letters, and its greedy text: `python ask_vllm.py request.json answer.json`.

vLLM's own Python runs it, with the plugin on its path, and never pytest's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def answers(request: dict[str, Any]) -> dict[str, Any]:
    """For the request's exam: the candidates' raw logits after each prompt; for its texts: ids, and what follows."""
    import vllm
    from vllm import LLM, SamplingParams

    llm = LLM(
        request["model"],
        trust_remote_code=True,  # of our own files: tokenizer and config.json's class
        dtype="float32",
        enforce_eager=True,
        max_model_len=request["max_seq_len"],
        max_num_seqs=4,
        kv_cache_memory_bytes=512 << 20,
        tensor_parallel_size=request["world_size"],
        logprobs_mode="raw_logits",
        disable_log_stats=True,
        seed=0,
    )
    one = SamplingParams(temperature=0, max_tokens=1, logprob_token_ids=request["candidates"], detokenize=False)
    outputs = llm.generate([{"prompt_token_ids": ids} for ids in request["exam"]], one, use_tqdm=False)
    rows = [output.outputs[0].logprobs[0] for output in outputs]
    more = SamplingParams(temperature=0, max_tokens=request["new_tokens"], ignore_eos=True, detokenize=False)
    texts = llm.generate(request["texts"], more, use_tqdm=False)
    return {
        "version": vllm.__version__,
        "scores": [[row[index].logprob for index in request["candidates"]] for row in rows],
        "prompts": [list(output.prompt_token_ids) for output in texts],
        "continuations": [list(output.outputs[0].token_ids) for output in texts],
    }


if __name__ == "__main__":  # vLLM's processes import this file again
    result = answers(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    Path(sys.argv[2]).write_text(json.dumps(result), encoding="utf-8")
