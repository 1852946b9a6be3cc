"""OpenVINO GenAI, and its export. Runs in its own environment: benchmarks/peers.py starts it."""

from __future__ import annotations

import time

import serving

DTYPES = {"int8": "bfloat16"}  # of what is exported before its weights are cut to 8 bits


class OpenVino:
    def export(self, model: str, exported: str, precision: str) -> None:
        """Write OpenVINO's form of a Llama: int8 weights with a scale a row, the head's too, or bfloat16."""
        import torch
        from optimum.intel import OVModelForCausalLM, OVWeightQuantizationConfig

        dtype = getattr(torch, DTYPES.get(precision, precision))
        cut = OVWeightQuantizationConfig(bits=8, sym=True) if precision == "int8" else None
        made = OVModelForCausalLM.from_pretrained(
            model, export=True, compile=False, load_in_8bit=False, quantization_config=cut, dtype=dtype
        )
        made.save_pretrained(exported)

    def load(self, model: str, threads: int, cache_tokens: int) -> int:
        """Returns the resident memory afterwards, in bytes. cache_tokens: of all sequences together."""
        import openvino_genai

        scheduling = openvino_genai.SchedulerConfig()
        scheduling.enable_prefix_caching = False  # or a prompt's second run would have none to compute
        scheduling.max_num_batched_tokens = cache_tokens
        scheduling.num_kv_blocks = cache_tokens // 32 + 64
        self.pipeline = openvino_genai.ContinuousBatchingPipeline(
            model, scheduling, "CPU", {"INFERENCE_NUM_THREADS": threads}
        )
        serving.reset_peak_rss()
        return serving.rss()

    def measure(self, prompts: list[list[int]], output_len: int) -> dict:
        """The start, and when each token of all the sequences was there, in seconds."""
        import numpy
        import openvino
        import openvino_genai

        greedy = openvino_genai.GenerationConfig(max_new_tokens=output_len, ignore_eos=True)
        tensors = [openvino.Tensor(numpy.array([prompt], numpy.int64)) for prompt in prompts]
        lengths = [0] * len(prompts)
        ends = [time.perf_counter()]
        handles = [self.pipeline.add_request(k, tensor, greedy) for k, tensor in enumerate(tensors)]
        while self.pipeline.has_non_finished_requests():
            self.pipeline.step()
            for k, handle in enumerate(handles):
                while handle.can_read():
                    lengths[k] += sum(len(output.generated_ids) for output in handle.read().values())
            now = time.perf_counter()
            ends += [now] * (min(lengths) - len(ends) + 1)
        return {"ends": ends, "peak_rss": serving.peak_rss()}


if __name__ == "__main__":
    serving.serve(OpenVino())
