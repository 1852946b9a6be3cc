"""xFasterTransformer. Runs in its own environment: benchmarks/peers.py starts it."""

from __future__ import annotations

import time

import serving


class XFasterTransformer:
    def load(self, model: str, dtype: str) -> int:
        """Returns the resident memory afterwards, in bytes."""
        import xfastertransformer

        self.model = xfastertransformer.AutoModel.from_pretrained(model, dtype=dtype)
        serving.reset_peak_rss()
        return serving.rss()

    def measure(self, prompts: list[list[int]], output_len: int) -> dict:
        """The start, and when each token of all the sequences was there, in seconds."""
        import torch

        ids = torch.tensor(prompts)
        ends = [time.perf_counter()]
        self.model.set_input(ids, max_length=ids.shape[1] + output_len)
        while not self.model.is_done():
            self.model.forward()
            ends.append(time.perf_counter())
        self.model.finalize()
        return {"ends": ends, "peak_rss": serving.peak_rss()}


if __name__ == "__main__":
    serving.serve(XFasterTransformer())
