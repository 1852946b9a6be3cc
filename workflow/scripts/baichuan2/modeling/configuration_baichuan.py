"""Baichuan2's config.json for transformers."""

from __future__ import annotations

from transformers import PreTrainedConfig


class BaichuanConfig(PreTrainedConfig):
    """The fields of the published config.json, and four that the workflow adds.

    position_embedding: "alibi" (13B) or "rope" (7B). It has no default, and nothing else decides it.
    norm_head: whether the output layer normalises its rows: true in Baichuan2, false in Baichuan 1.
    pieces: of the tokenizer; None: vocab_size. Rows of the vocabulary beyond them are never generated.
    world_size: how many ranks the weights of this directory were cut for; 1 is uncut.
    """

    model_type = "baichuan"
    keys_to_ignore_at_inference = ("past_key_values",)

    vocab_size: int = 125696
    hidden_size: int = 5120
    intermediate_size: int = 13696
    num_hidden_layers: int = 40
    num_attention_heads: int = 40
    hidden_act: str = "silu"
    model_max_length: int = 4096
    max_position_embeddings: int | None = None
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-6
    use_cache: bool = True
    pad_token_id: int | None = 0
    bos_token_id: int | None = 1
    eos_token_id: int | list[int] | None = 2
    tie_word_embeddings: bool = False
    gradient_checkpointing: bool = False
    z_loss_weight: float = 0.0
    position_embedding: str | None = None
    norm_head: bool = True
    pieces: int | None = None
    world_size: int = 1
