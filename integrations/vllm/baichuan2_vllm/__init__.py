"""Baichuan and Baichuan2 for vLLM, which dropped them after 0.23.0. vLLM calls register in each of its processes."""

from __future__ import annotations

ARCHITECTURES = ("BaichuanForCausalLM", "BaiChuanForCausalLM")  # the second is Baichuan-7B's


def register() -> None:
    """Name the model to vLLM, which imports it when a model's config.json has one of the architectures."""
    from vllm import ModelRegistry

    for architecture in ARCHITECTURES:
        ModelRegistry.register_model(architecture, "baichuan2_vllm.model:BaichuanForCausalLM")
