"""Other engines, each asked as score_exam asks ours; their packages are imported where they are used."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from transformers import AutoModelForCausalLM

from baichuan2.model.tokenizer import Tokenizer
from baichuan2.ranks.collectives import Ranks


def load(directory: Path, dtype: torch.dtype = torch.float32):
    return AutoModelForCausalLM.from_pretrained(directory, trust_remote_code=True, dtype=dtype)


class InTransformers:
    """A model directory in transformers, asked as score_exam asks an engine."""

    rank, max_seq_len, ranks = 0, 4096, Ranks()

    def __init__(self, directory: Path, dtype: torch.dtype = torch.float32):
        self.tokenizer, self.model = Tokenizer(directory), load(directory, dtype)

    @torch.no_grad()
    def score(self, prefix: list[int], suffixes: list[list[int]], candidates: list[int]) -> list[list[float]]:
        longest, seen = max(map(len, suffixes)), len(prefix)
        ids = torch.tensor([[0] * (longest - len(suffix)) + prefix + suffix for suffix in suffixes])
        mask = torch.tensor([[0] * (longest - len(s)) + [1] * (seen + len(s)) for s in suffixes])
        logits = self.model(ids, attention_mask=mask, logits_to_keep=1, use_cache=False).logits
        return logits[:, -1, candidates].tolist()


class InLlamaCpp:
    """A linked model's GGUF file in llama.cpp, asked as score_exam asks an engine."""

    rank, max_seq_len, ranks = 0, 512, Ranks()

    def __init__(self, peer: ModuleType, model: Path, file: Path):
        self.tokenizer, self._peer = Tokenizer(model), peer
        self._llama = peer.Llama(str(file), n_ctx=self.max_seq_len, n_threads=2, verbose=False)

    def split(self, text: str) -> list[int]:
        """llama.cpp's own ids of a text."""
        return self._llama.tokenize(text.encode(), add_bos=False, special=True)

    def score(self, prefix: list[int], suffixes: list[list[int]], candidates: list[int]) -> list[list[float]]:
        return [self._logits(prefix + suffix)[candidates].tolist() for suffix in suffixes]

    def _logits(self, ids: list[int]) -> np.ndarray:
        self._llama.reset()
        self._llama.eval(ids)
        pointer = self._peer.llama_get_logits_ith(self._llama.ctx, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._llama.n_vocab(),))


class InOpenVino:
    """A linked model's OpenVINO export in OpenVINO itself, in float32, asked as score_exam asks an engine."""

    rank, max_seq_len, ranks = 0, 512, Ranks()
    # what it would round beside the weights
    EXACT = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}  # noqa: RUF012

    def __init__(self, peer: ModuleType, model: Path, file: Path):
        self.tokenizer = Tokenizer(model)
        self._compiled = peer.Core().compile_model(file, "CPU", self.EXACT)
        self._request = self._compiled.create_infer_request()

    def score(self, prefix: list[int], suffixes: list[list[int]], candidates: list[int]) -> list[list[float]]:
        rows = []
        for suffix in suffixes:
            self._request.reset_state()
            rows.append(self.logits([prefix + suffix])[0, -1, candidates].tolist())
        return rows

    def logits(self, rows: list[list[int]], unpadded: list[list[int]] | None = None, beams=None) -> np.ndarray:
        """Logits [B, T, V] of tokens [B, T] behind those of the calls before. unpadded: [B, S], of those as well."""
        mask = np.array(unpadded or [[1] * len(row) for row in rows], np.int64)
        inputs = {
            "input_ids": np.array(rows, np.int64),
            "attention_mask": mask,
            "beam_idx": np.array(beams or range(len(rows)), np.int32),
        }
        if any("position_ids" in port.names for port in self._compiled.inputs):
            inputs["position_ids"] = (mask.cumsum(1) - 1).clip(0)[:, -len(rows[0]) :]
        return self._request.infer(inputs)["logits"]
