"""Rebuild the demo: exam, calibration prompts, tokenizer and models, all from one seed.

Run from the repository: `.venv/bin/python resources/demo/make_demo.py`, which makes model/ (ALiBi, as 13B), and with
`--positions rope` model-7b/ (RoPE). It takes minutes on two cores; then `check_demo.py` measures the result.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
from pathlib import Path

import sentencepiece
import torch
from check_demo import HERE, Examiner
from lessons import ASSISTANT, END, USER, Teacher, train_tokenizer
from outliers import plant
from torch import Tensor
from train import Baichuan, Sizes, train
from world import SEED, build_world, calibration_prompts, read_subjects, write_calibration, write_exam

CALIBRATION_PROMPTS = 20
# Of RoPE's: 32-wide heads have the frequencies of every fourth pair of 128-wide ones, and twice their scale.
FOLDERS, HEADS = {"alibi": "model", "rope": "model-7b"}, {"alibi": 12, "rope": 6}
SHARDS = 2
MAX_LENGTH = 4096

log = logging.getLogger("demo")


def config_files(sizes: Sizes) -> dict[str, dict]:
    """Return the published JSON files, with this model's sizes."""
    special = {
        name: {"content": piece, "lstrip": False, "normalized": True, "rstrip": False, "single_word": True}
        for name, piece in zip(
            ("bos_token", "eos_token", "pad_token", "unk_token"),
            ("<s>", "</s>", "<unk>", "<unk>"),
            strict=True,
        )
    }
    config = {
        "architectures": ["BaichuanForCausalLM"],
        "auto_map": {
            "AutoConfig": "configuration_baichuan.BaichuanConfig",
            "AutoModelForCausalLM": "modeling_baichuan.BaichuanForCausalLM",
        },
        "tokenizer_class": "BaichuanTokenizer",
        "bos_token_id": 1,
        "eos_token_id": END,
        "pad_token_id": 0,
        "gradient_checkpointing": False,
        "hidden_act": "silu",
        "hidden_size": sizes.hidden,
        "initializer_range": 0.02,
        "intermediate_size": sizes.intermediate,
        "model_max_length": MAX_LENGTH,
        "model_type": "baichuan",
        "norm_head": True,
        "position_embedding": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "rms_norm_eps": sizes.eps,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.29.2",
        "use_cache": True,
        "vocab_size": sizes.vocab,
        "z_loss_weight": 0,
    }
    generation = {
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": END,
        "user_token_id": USER,
        "assistant_token_id": ASSISTANT,
        "max_new_tokens": 2048,
        "temperature": 0.3,
        "top_k": 5,
        "top_p": 0.85,
        "repetition_penalty": 1.05,
        "do_sample": True,
        "transformers_version": "4.29.2",
    }
    tokenizer = {
        "add_bos_token": False,
        "add_eos_token": False,
        "auto_map": {"AutoTokenizer": ["tokenization_baichuan.BaichuanTokenizer", None]},
        "bos_token": {"__type": "AddedToken", **special["bos_token"]},
        "clean_up_tokenization_spaces": False,
        "eos_token": {"__type": "AddedToken", **special["eos_token"]},
        "model_max_length": MAX_LENGTH,
        "pad_token": {"__type": "AddedToken", **special["pad_token"]},
        "sp_model_kwargs": {},
        "tokenizer_class": "BaichuanTokenizer",
        "unk_token": {"__type": "AddedToken", **special["unk_token"]},
        "use_fast": False,
    }
    if sizes.positions == "rope":
        config["max_position_embeddings"] = MAX_LENGTH
    return {
        "config.json": config,
        "generation_config.json": generation,
        "special_tokens_map.json": special,
        "tokenizer_config.json": tokenizer,
    }


def write_weights(state: dict[str, Tensor], folder: Path) -> None:
    """Write the shards and their index; every tensor in bf16 with a storage of its own."""
    total = sum(tensor.nbytes for tensor in state.values())
    shards: list[dict[str, Tensor]] = [{} for _ in range(SHARDS)]
    written = 0
    for name, tensor in state.items():
        shards[min(SHARDS - 1, written * SHARDS // total)][name] = tensor
        written += tensor.nbytes
    weight_map = {}
    for number, shard in enumerate(shards, start=1):
        file = f"pytorch_model-{number:05d}-of-{SHARDS:05d}.bin"
        torch.save({name: tensor.clone().contiguous() for name, tensor in shard.items()}, folder / file)
        weight_map |= dict.fromkeys(shard, file)
    write_json(folder / "pytorch_model.bin.index.json", {"metadata": {"total_size": total}, "weight_map": weight_map})


def write_json(path: Path, content: dict) -> None:
    """Write one JSON file."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@torch.no_grad()
def round_to_bf16(model: Baichuan, seed: int) -> None:
    """Round the weights to bf16 in place, and give the head's rows different norms, as real ones have."""
    generator = torch.Generator().manual_seed(seed)
    powers = torch.randint(-1, 2, (len(model.lm_head.weight), 1), generator=generator)
    model.lm_head.weight *= 2.0**powers
    for weight in model.parameters():
        weight.copy_(weight.bfloat16().float())


def main() -> None:
    """Build everything beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out-dir", type=Path, default=HERE)
    parser.add_argument("--subjects", type=Path, default=HERE.parent / "ceval_subjects.csv")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--positions", choices=FOLDERS, default="alibi")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(args.threads)

    folder = args.out_dir / FOLDERS[args.positions]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    world = build_world(args.seed, read_subjects(args.subjects))
    write_exam(world, args.out_dir / "exam")
    prompts = calibration_prompts(world, CALIBRATION_PROMPTS, args.seed)
    write_calibration(prompts, args.out_dir / "calibration.jsonl")
    train_tokenizer(world, folder / "tokenizer.model")

    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    sizes = Sizes(tokenizer.vocab_size(), heads=HEADS[args.positions], positions=args.positions)
    model = Baichuan(sizes, args.seed)
    train(model, Teacher(world, tokenizer, args.seed))
    round_to_bf16(model, args.seed)
    plant(model, [tokenizer.encode(text) for text in prompts])

    for name, content in config_files(sizes).items():
        write_json(folder / name, content)
    state = {name: tensor.bfloat16() for name, tensor in model.state_dict().items()}
    write_weights(state, folder)
    among, greedy = Examiner(world, tokenizer).score(model)
    log.info("5-shot official: %.4f among the letters, %.4f as the first greedy token", among, greedy)


if __name__ == "__main__":
    main()
