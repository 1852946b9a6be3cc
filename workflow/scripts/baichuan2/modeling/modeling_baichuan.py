"""Baichuan2 for transformers 5: AutoModelForCausalLM.from_pretrained(directory, trust_remote_code=True).

The arithmetic is network.py's; this file holds the parameters under their published names and speaks
transformers' interfaces (Cache, attention_mask with left padding, generate()).
"""

from __future__ import annotations

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import DynamicCache, GenerationMixin, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast

from .configuration_baichuan import BaichuanConfig
from .network import (
    Attend,
    LayerParts,
    alibi_slopes,
    apply_rotary,
    attention_bias,
    decoder,
    decoder_layer,
    inverse_row_norms,
    merge_heads,
    rms_norm,
    rotary_tables,
    silu_mul,
    split_heads,
)


class RMSNorm(nn.Module):
    """RMSNorm of (residual + delta); returns the sum and its normalised form."""

    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, hidden: Tensor, delta: Tensor | None = None) -> tuple[Tensor, Tensor]:
        if delta is not None:
            hidden = hidden + delta
        return hidden, rms_norm(hidden, self.weight, self.eps)


class OutputLayer(nn.Module):
    """The output projection [..., E] -> float32 logits [..., V]: a NormHead, each row L2-normalised, or a plain one.

    It is no nn.Linear in either case, so that quantizers leave it in float.
    """

    def __init__(self, hidden_size: int, vocab_size: int, norm_head: bool):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(vocab_size, hidden_size))
        self.norm_head = norm_head

    def forward(self, hidden: Tensor) -> Tensor:
        logits = F.linear(hidden, self.weight).float()
        return logits * inverse_row_norms(self.weight) if self.norm_head else logits


class Attention(nn.Module):
    """The projections of self-attention; the attention itself is BaichuanModel's, once for all layers."""

    def __init__(self, config: BaichuanConfig):
        super().__init__()
        width = config.hidden_size // config.world_size
        self.W_pack = nn.Linear(config.hidden_size, 3 * width, bias=False)
        self.o_proj = nn.Linear(width, config.hidden_size, bias=False)


class MLP(nn.Module):
    """The projections of the gated feed-forward part."""

    def __init__(self, config: BaichuanConfig):
        super().__init__()
        width = config.intermediate_size // config.world_size
        self.gate_proj = nn.Linear(config.hidden_size, width, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, width, bias=False)
        self.down_proj = nn.Linear(width, config.hidden_size, bias=False)

    def gate_up(self, x: Tensor) -> Tensor:
        return torch.cat((self.gate_proj(x), self.up_proj(x)), dim=-1)


class BaichuanLayer(nn.Module):
    """One decoder layer: the published parameter names on network.py's decoder_layer."""

    def __init__(self, config: BaichuanConfig):
        super().__init__()
        self.world_size = config.world_size
        self.self_attn = Attention(config)
        self.mlp = MLP(config)
        self.input_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)

    def forward(self, index: int, hidden: Tensor, delta: Tensor | None, attend: Attend):
        parts = LayerParts(
            input_norm=self.input_layernorm,
            qkv=self.self_attn.W_pack,
            output=lambda x: sum_over_ranks(self.self_attn.o_proj(x), self.world_size),
            post_norm=self.post_attention_layernorm,
            gate_up=self.mlp.gate_up,
            activation=silu_mul,
            down=lambda x: sum_over_ranks(self.mlp.down_proj(x), self.world_size),
        )
        return decoder_layer(parts, index, hidden, delta, attend)


class BaichuanPreTrainedModel(PreTrainedModel):
    config_class = BaichuanConfig
    base_model_prefix = "model"
    _no_split_modules = ["BaichuanLayer"]  # noqa: RUF012  # as transformers declares it
    _supports_sdpa = True

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding | OutputLayer):
            nn.init.normal_(module.weight, std=self.config.initializer_range)
        elif isinstance(module, RMSNorm):
            nn.init.ones_(module.weight)


class BaichuanModel(BaichuanPreTrainedModel):
    """Embeddings, decoder layers and the last norm."""

    def __init__(self, config: BaichuanConfig):
        super().__init__(config)
        if config.position_embedding not in ("alibi", "rope"):
            raise ValueError(f"position_embedding is {config.position_embedding!r}; it must be alibi or rope")
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, config.pad_token_id)
        self.layers = nn.ModuleList(BaichuanLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.head_dim = config.hidden_size // config.num_attention_heads
        self.post_init()

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        past_key_values=None,
        inputs_embeds: Tensor | None = None,
        use_cache: bool | None = None,
        **kwargs,
    ) -> BaseModelOutputWithPast:
        """input_ids int64 [B, T] and attention_mask [B, past + T], left-padded -> hidden states [B, T, E]."""
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("pass exactly one of input_ids and inputs_embeds")
        hidden = self.embed_tokens(input_ids) if inputs_embeds is None else inputs_embeds
        use_cache = self.config.use_cache if use_cache is None else use_cache
        if use_cache and past_key_values is None:
            past_key_values = DynamicCache(config=self.config)
        attend = self._attention(hidden, attention_mask, past_key_values)
        hidden = decoder(self.layers, self.norm, hidden, attend)
        return BaseModelOutputWithPast(last_hidden_state=hidden, past_key_values=past_key_values)

    def _attention(self, hidden: Tensor, attention_mask: Tensor | None, cache) -> Attend:
        """The attention of one forward: positions, bias and rotary tables are made once for all layers."""
        batch, new = hidden.shape[:2]
        past = cache.get_seq_length() if cache is not None else 0
        if attention_mask is None:
            attention_mask = torch.ones(batch, past + new, dtype=torch.int64, device=hidden.device)
        if attention_mask.dim() != 2:
            raise ValueError("attention_mask must be [batch, past + new tokens]")
        key_positions = (attention_mask.to(torch.int64).cumsum(-1) - 1).clamp_min(0)
        positions = key_positions[:, past:]
        bias = self._bias(attention_mask.bool(), positions, key_positions, hidden.dtype)
        rotate = self._rotation(positions)

        def attend(index: int, qkv: Tensor) -> Tensor:
            query, key, value = split_heads(qkv, self.head_dim)
            query, key = rotate(query), rotate(key)
            if cache is not None:
                key, value = cache.update(key, value, index)
            context = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.device))
            return merge_heads(context)

        return attend

    def _bias(self, unpadded: Tensor, positions: Tensor, key_positions: Tensor, dtype: torch.dtype) -> Tensor:
        new, total = positions.shape[1], key_positions.shape[1]
        order = torch.arange(total, device=unpadded.device)
        visible = (order <= order[total - new :, None]) & unpadded[:, None, :]
        visible |= order == order[total - new :, None]  # a padded query sees itself: no row without a key
        slopes = None
        if self.config.position_embedding == "alibi":
            heads = self.config.num_attention_heads // self.config.world_size
            slopes = alibi_slopes(self.config.num_attention_heads).to(unpadded.device)
            slopes = slopes.narrow(0, process_rank(self.config.world_size) * heads, heads)
        return attention_bias(positions, key_positions, visible, slopes, dtype)

    def _rotation(self, positions: Tensor):
        if self.config.position_embedding == "alibi":
            return lambda x: x
        length = int(positions.max()) + 1
        cos, sin = rotary_tables(self.head_dim, length, positions.device)
        cos, sin = cos[positions][:, None], sin[positions][:, None]
        return lambda x: apply_rotary(x, cos.to(x.device), sin.to(x.device))


class BaichuanForCausalLM(BaichuanPreTrainedModel, GenerationMixin):
    """The language model: BaichuanModel and its output layer."""

    def __init__(self, config: BaichuanConfig):
        super().__init__(config)
        self.model = BaichuanModel(config)
        self.lm_head = OutputLayer(config.hidden_size, config.vocab_size // config.world_size, config.norm_head)
        self.post_init()

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        past_key_values=None,
        inputs_embeds: Tensor | None = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int = 0,
        **kwargs,
    ) -> CausalLMOutputWithPast:
        """float32 logits [B, T, V], of the last `logits_to_keep` positions only where it is not 0.

        They are -inf where a row of the vocabulary is none of the tokenizer's pieces (config.pieces).
        With labels [B, T] (-100: ignored) the mean next-token cross-entropy, plus z_loss_weight times the
        mean squared log-partition as published.
        """
        output = self.model(input_ids, attention_mask, past_key_values, inputs_embeds, use_cache)
        hidden = output.last_hidden_state[:, -logits_to_keep:] if logits_to_keep else output.last_hidden_state
        logits = gather_over_ranks(self.lm_head(hidden), self.config.world_size)
        logits = self._of_pieces(logits)
        loss = None if labels is None else self._loss(logits, labels)
        return CausalLMOutputWithPast(loss=loss, logits=logits, past_key_values=output.past_key_values)

    def _of_pieces(self, logits: Tensor) -> Tensor:
        surplus = 0 if self.config.pieces is None else logits.shape[-1] - self.config.pieces
        return F.pad(logits[..., : self.config.pieces], (0, surplus), value=-torch.inf) if surplus else logits

    def _loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        flat, targets = logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten().to(logits.device)
        loss = F.cross_entropy(flat, targets)
        if self.config.z_loss_weight:
            scored = flat[targets != -100]
            loss = loss + self.config.z_loss_weight * scored.logsumexp(-1).square().mean()
        return loss


def process_rank(world_size: int) -> int:
    """This process's rank in a group of `world_size`. Raises RuntimeError where there is no such group."""
    if world_size == 1:
        return 0
    if not dist.is_initialized() or dist.get_world_size() != world_size:
        raise RuntimeError(
            f"this directory holds one part of weights cut for {world_size} ranks: run {world_size} processes "
            f"under torchrun and call torch.distributed.init_process_group first"
        )
    return dist.get_rank()


def sum_over_ranks(partial: Tensor, world_size: int) -> Tensor:
    """The sum over ranks of a row-parallel product."""
    if world_size > 1:
        dist.all_reduce(partial)
    return partial


def gather_over_ranks(part: Tensor, world_size: int) -> Tensor:
    """Every rank's share of the vocabulary [..., V / world_size], joined -> [..., V]."""
    if world_size == 1:
        return part
    parts = [torch.empty_like(part) for _ in range(world_size)]
    dist.all_gather(parts, part.contiguous())
    return torch.cat(parts, dim=-1)
