"""Baichuan and Baichuan2 on vLLM's layers, from the formulas of the workflow's modeling/network.py.

Module names are those of the published checkpoints, so that a quantization_config's names and patterns meet them;
gate_proj and up_proj alone are one module here. Letters in shapes: N tokens, E hidden_size, V vocabulary rows.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from vllm.compilation.decorators import support_torch_compile
from vllm.config import VllmConfig
from vllm.distributed import get_tensor_model_parallel_rank
from vllm.model_executor.layers.activation import SiluAndMul
from vllm.model_executor.layers.attention import Attention
from vllm.model_executor.layers.layernorm import RMSNorm
from vllm.model_executor.layers.linear import MergedColumnParallelLinear, QKVParallelLinear, RowParallelLinear
from vllm.model_executor.layers.logits_processor import LogitsProcessor
from vllm.model_executor.layers.rotary_embedding import get_rope
from vllm.model_executor.layers.vocab_parallel_embedding import ParallelLMHead, VocabParallelEmbedding
from vllm.model_executor.model_loader.weight_utils import default_weight_loader
from vllm.model_executor.models.interfaces import SupportsQuant
from vllm.sequence import IntermediateTensors

from .arithmetic import alibi_slopes, check_attention, check_config, unit_rows

ROPE = {"rope_type": "default", "rope_theta": 10000.0}
UNREAD = "rotary_emb.inv_freq"  # of published RoPE models; it is computed
PACKED = {"gate_up_proj": ["gate_proj", "up_proj"]}


class BaichuanAttention(nn.Module):
    """Self-attention, with ALiBi or the rotary embedding. W_pack has q, k and v stacked."""

    def __init__(self, vllm_config: VllmConfig, prefix: str):
        super().__init__()
        config, quant = vllm_config.model_config.hf_config, vllm_config.quant_config
        heads = config.num_attention_heads
        width = config.hidden_size // heads
        self.W_pack = QKVParallelLinear(
            config.hidden_size, width, heads, bias=False, quant_config=quant, prefix=f"{prefix}.W_pack"
        )
        self.o_proj = RowParallelLinear(
            config.hidden_size, config.hidden_size, bias=False, quant_config=quant, prefix=f"{prefix}.o_proj"
        )
        here = self.W_pack.num_heads  # this rank's
        slopes, self.rotary_emb = None, None
        if config.position_embedding == "alibi":
            first = get_tensor_model_parallel_rank() * here
            slopes = alibi_slopes(heads)[first : first + here]
        else:
            self.rotary_emb = get_rope(width, vllm_config.model_config.max_model_len, rope_parameters=ROPE)
        self.attn = Attention(
            here,
            width,
            width**-0.5,
            num_kv_heads=here,
            alibi_slopes=slopes,
            cache_config=vllm_config.cache_config,
            quant_config=quant,
            prefix=f"{prefix}.attn",
        )
        if slopes:
            check_attention(self.attn.attn_backend.get_name())

    def forward(self, positions: Tensor, hidden: Tensor) -> Tensor:
        query, key, value = self.W_pack(hidden)[0].chunk(3, dim=-1)
        if self.rotary_emb is not None:
            query, key = self.rotary_emb(positions, query, key)
        return self.o_proj(self.attn(query, key, value))[0]


class BaichuanMLP(nn.Module):
    """The gated feed-forward part."""

    def __init__(self, vllm_config: VllmConfig, prefix: str):
        super().__init__()
        config, quant = vllm_config.model_config.hf_config, vllm_config.quant_config
        hidden, inner = config.hidden_size, config.intermediate_size
        self.gate_up_proj = MergedColumnParallelLinear(
            hidden, [inner, inner], bias=False, quant_config=quant, prefix=f"{prefix}.gate_up_proj"
        )
        self.down_proj = RowParallelLinear(
            inner, hidden, bias=False, quant_config=quant, prefix=f"{prefix}.down_proj"
        )
        self.activation = SiluAndMul()

    def forward(self, hidden: Tensor) -> Tensor:
        return self.down_proj(self.activation(self.gate_up_proj(hidden)[0]))[0]


class BaichuanLayer(nn.Module):
    """One decoder layer: (hidden, the sum before it or None) -> (hidden, the sum that it is to be added to)."""

    def __init__(self, vllm_config: VllmConfig, prefix: str):
        super().__init__()
        config = vllm_config.model_config.hf_config
        self.self_attn = BaichuanAttention(vllm_config, f"{prefix}.self_attn")
        self.mlp = BaichuanMLP(vllm_config, f"{prefix}.mlp")
        self.input_layernorm = RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

    def forward(self, positions: Tensor, hidden: Tensor, residual: Tensor | None) -> tuple[Tensor, Tensor]:
        if residual is None:
            residual, hidden = hidden, self.input_layernorm(hidden)
        else:
            hidden, residual = self.input_layernorm(hidden, residual)
        hidden, residual = self.post_attention_layernorm(self.self_attn(positions, hidden), residual)
        return self.mlp(hidden), residual


@support_torch_compile(dynamic_arg_dims={"input_ids": 0, "positions": 0, "inputs_embeds": 0})
class BaichuanModel(nn.Module):
    """Embeddings, decoder layers and the last norm."""

    def __init__(self, *, vllm_config: VllmConfig, prefix: str):
        super().__init__()
        config = vllm_config.model_config.hf_config
        self.embed_tokens = VocabParallelEmbedding(config.vocab_size, config.hidden_size)
        names = (f"{prefix}.layers.{index}" for index in range(config.num_hidden_layers))
        self.layers = nn.ModuleList(BaichuanLayer(vllm_config, name) for name in names)
        self.norm = RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

    def forward(self, input_ids: Tensor | None, positions: Tensor, inputs_embeds: Tensor | None = None) -> Tensor:
        hidden = self.embed_tokens(input_ids) if inputs_embeds is None else inputs_embeds
        residual = None
        for layer in self.layers:
            hidden, residual = layer(positions, hidden, residual)
        return self.norm(hidden, residual)[0]


class BaichuanForCausalLM(nn.Module, SupportsQuant):
    """The language model: BaichuanModel and its output layer, a NormHead as config.json's norm_head says."""

    packed_modules_mapping = PACKED

    def __init__(self, *, vllm_config: VllmConfig, prefix: str = ""):
        super().__init__()
        self.config = vllm_config.model_config.hf_config
        check_config(self.config)
        before = f"{prefix}." if prefix else ""
        self.model = BaichuanModel(vllm_config=vllm_config, prefix=f"{before}model")
        self.lm_head = ParallelLMHead(
            self.config.vocab_size,
            self.config.hidden_size,
            quant_config=vllm_config.quant_config,
            prefix=f"{before}lm_head",
        )
        self.logits_processor = LogitsProcessor(self.config.vocab_size)

    def embed_input_ids(self, input_ids: Tensor) -> Tensor:
        """int [N] -> [N, E]"""
        return self.model.embed_tokens(input_ids)

    def forward(
        self,
        input_ids: Tensor | None,
        positions: Tensor,
        intermediate_tensors: IntermediateTensors | None = None,
        inputs_embeds: Tensor | None = None,
    ) -> Tensor:
        """Token ids and positions, int [N] -> the last norm's output [N, E]."""
        return self.model(input_ids, positions, inputs_embeds)

    def compute_logits(self, hidden_states: Tensor) -> Tensor | None:
        """[N, E] -> logits [N, V], -inf where a row is none of the tokenizer's pieces. None but on rank 0 of some."""
        logits = self.logits_processor(self.lm_head, hidden_states)
        pieces = getattr(self.config, "pieces", None)
        if logits is not None and pieces is not None:
            logits[..., pieces:] = -torch.inf
        return logits

    def load_weights(self, weights: Iterable[tuple[str, Tensor]]) -> set[str]:
        """Load every tensor of the checkpoint; returns the parameters' names.

        Raises ValueError for a tensor that no parameter takes, and for a parameter that no tensor fills: vLLM itself
        would compute a quantized layer without its scales.
        """
        parameters = {name: value for name, value in self.named_parameters() if ".self_attn.attn." not in name}
        targets = {tensor: (parameters[name], shard) for name in parameters for tensor, shard in _tensors_of(name)}
        loaded = set()
        for name, tensor in weights:
            if name.endswith(UNREAD):
                continue
            if name not in targets:
                raise ValueError(f"{name}: not a tensor of this model as its config.json describes it")
            if name == "lm_head.weight" and self.config.norm_head:
                tensor = unit_rows(tensor)
            parameter, shard = targets[name]
            load = getattr(parameter, "weight_loader", default_weight_loader)
            load(parameter, tensor, *shard)
            loaded.add(name)
        if missing := sorted(targets.keys() - loaded):
            raise ValueError(f"{missing[0]}: missing from the weights, and {len(missing) - 1} more")
        return set(parameters)


def _tensors_of(parameter: str) -> Iterable[tuple[str, tuple[int, ...]]]:
    """The tensors of the checkpoint that make a parameter, and which shard of it each is."""
    for packed, parts in PACKED.items():
        if f".{packed}." in parameter:
            return [(parameter.replace(packed, part), (shard,)) for shard, part in enumerate(parts)]
    return [(parameter, ())]
