"""vLLM on a CPU, in this process alone. Runs in its own environment: benchmarks/peers.py starts it."""

from __future__ import annotations

import time

import serving


class Vllm:
    def load(
        self, model: str, dtype: str, max_seq_len: int, sequences: int, block_size: int | None, prefix_caching: bool
    ) -> int:
        """Returns the resident memory afterwards, in bytes. block_size: of the KV cache; None is its default."""
        from vllm import LLM

        more = {} if block_size is None else {"block_size": block_size}
        self.llm = LLM(
            model,
            skip_tokenizer_init=True,
            dtype=dtype,
            max_model_len=max_seq_len,
            max_num_seqs=sequences,
            enable_prefix_caching=prefix_caching,
            seed=0,
            **more,
        )
        serving.reset_peak_rss()
        return serving.rss()

    def measure(self, prompts: list[list[int]], output_len: int) -> dict:
        """The start, and when each token of all the sequences was there, in seconds."""
        from vllm import SamplingParams

        engine = self.llm.llm_engine
        greedy = SamplingParams(temperature=0, max_tokens=output_len, ignore_eos=True, detokenize=False)
        lengths = dict.fromkeys(map(str, range(len(prompts))), 0)
        ends = [time.perf_counter()]
        for name, prompt in zip(lengths, prompts, strict=True):
            engine.add_request(name, {"prompt_token_ids": prompt}, greedy)
        while engine.has_unfinished_requests():
            for output in engine.step():
                lengths[output.request_id] = len(output.outputs[0].token_ids)
            now = time.perf_counter()
            ends += [now] * (min(lengths.values()) - len(ends) + 1)
        return {"ends": ends, "peak_rss": serving.peak_rss()}

    def answer(self, prompts: list[list[int]], candidates: list[int]) -> dict:
        """For each prompt the index of the likeliest of the candidates after it, from an empty prefix cache."""
        from vllm import SamplingParams

        self.llm.reset_prefix_cache()
        greedy = SamplingParams(temperature=0, max_tokens=1, allowed_token_ids=candidates, detokenize=False)
        serving.reset_peak_rss()
        start = time.perf_counter()
        outputs = self.llm.generate([{"prompt_token_ids": prompt} for prompt in prompts], greedy, use_tqdm=False)
        seconds = time.perf_counter() - start
        chosen = [candidates.index(output.outputs[0].token_ids[0]) for output in outputs]
        return {"seconds": seconds, "peak_rss": serving.peak_rss(), "chosen": chosen}


if __name__ == "__main__":
    serving.serve(Vllm())
