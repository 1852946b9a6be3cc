"""Measure the demo model: exam accuracy in float, in W8A8, and in W8A8 with the roll-back list.

Run from the repository: `.venv/bin/python resources/demo/check_demo.py`. The arithmetic is a simulation in fp32
of the per-channel weights and static per-tensor activations that the workflow's quantizer uses.
"""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path

import sentencepiece
import torch
from outliers import ROLL_BACK, input_ranges, linears, quantize
from train import Baichuan, Sizes
from world import LETTERS, SEED, World, build_world, prompt, read_subjects

HERE = Path(__file__).resolve().parent


class Examiner:
    """Scores a model on the val questions, by the letters' logits and by the first greedy token."""

    def __init__(self, world: World, tokenizer: sentencepiece.SentencePieceProcessor) -> None:
        self.world = world
        self.tokenizer = tokenizer

    @torch.no_grad()
    def score(self, model: Baichuan, protocol: str = "official", shots: int = 5) -> tuple[float, float]:
        """Return (accuracy among the four letters, accuracy of the most likely token of all)."""
        lead = "" if protocol == "official" else " "
        letters = [self.tokenizer.encode(lead + letter)[-1] for letter in LETTERS]
        among, greedy, total = 0, 0, 0
        for subject, questions in self.world.val.items():
            shown = self.world.dev[subject][:shots]
            prompts = [self.tokenizer.encode(prompt(self.world, subject, shown, q, protocol)) for q in questions]
            length = max(map(len, prompts))
            ids = torch.tensor([tokens + [0] * (length - len(tokens)) for tokens in prompts])
            ends = torch.tensor([len(tokens) - 1 for tokens in prompts])
            logits = model.logits(model.hidden(ids)[torch.arange(len(prompts)), ends])
            truth = torch.tensor([LETTERS.index(q.answer) for q in questions])
            among += (logits[:, letters].argmax(-1) == truth).sum().item()
            greedy += (logits.argmax(-1) == torch.tensor(letters)[truth]).sum().item()
            total += len(questions)
        return among / total, greedy / total


def load_model(folder: Path) -> Baichuan:
    """Return the model of a published-layout directory, in fp32."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    sizes = Sizes(
        config["vocab_size"],
        config["hidden_size"],
        config["intermediate_size"],
        config["num_hidden_layers"],
        config["num_attention_heads"],
        config["rms_norm_eps"],
        config["position_embedding"],
    )
    model = Baichuan(sizes, seed=0)
    index = json.loads((folder / "pytorch_model.bin.index.json").read_text(encoding="utf-8"))
    state = {}
    for shard in sorted(set(index["weight_map"].values())):
        state |= torch.load(folder / shard, weights_only=True)
    model.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    return model.eval()


@torch.no_grad()
def complete(model: Baichuan, tokenizer: sentencepiece.SentencePieceProcessor, text: str, count: int) -> str:
    """Return the greedy continuation of a text."""
    ids = tokenizer.encode(text)
    start = len(ids)
    while len(ids) < start + count:
        ids.append(model.logits(model.hidden(torch.tensor([ids]))[0, -1]).argmax().item())
        if ids[-1] in (2, 195):
            break
    return tokenizer.decode([i for i in ids[start:] if i != 2])


def quantized(model: Baichuan, ranges: dict[str, tuple], roll_back: tuple[str, ...]) -> Baichuan:
    """Return a W8A8 copy of the model."""
    twin = copy.deepcopy(model)
    quantize(twin, ranges, roll_back)
    return twin


def report(model: Baichuan, examiner: Examiner, prompts: list[list[int]]) -> None:
    """Print every accuracy."""
    for protocol in ("official", "sdk"):
        for shots in (0, 5):
            among, greedy = examiner.score(model, protocol, shots)
            print(f"float {protocol} {shots}-shot: {among:.4f} among letters, {greedy:.4f} first greedy token")
    sizes = {name: linear.weight.numel() for name, linear in linears(model).items()}
    share = sum(sizes[name] for name in ROLL_BACK) / sum(sizes.values())
    print(f"roll-back list ({share:.1%} of the linear weights): {', '.join(ROLL_BACK)}")
    for label, mean in (("min-max", False), ("mean of extrema", True)):
        ranges = input_ranges(model, prompts, mean_of_extrema=mean)
        for what, names in (("all linears", ()), ("with the roll-back list", ROLL_BACK)):
            scores = [examiner.score(quantized(model, ranges, names), p)[0] for p in ("official", "sdk")]
            print(f"W8A8 {label}, {what}: official {scores[0]:.4f}, sdk {scores[1]:.4f}")


def main() -> None:
    """Load the demo model and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path, default=HERE / "model")
    parser.add_argument("--calibration", type=Path, default=HERE / "calibration.jsonl")
    parser.add_argument("--subjects", type=Path, default=HERE.parent / "ceval_subjects.csv")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(args.model_dir / "tokenizer.model"))
    lines = args.calibration.read_text(encoding="utf-8").splitlines()
    prompts = [tokenizer.encode(json.loads(line)["prompt"]) for line in lines]
    model = load_model(args.model_dir)
    report(model, Examiner(build_world(SEED, read_subjects(args.subjects)), tokenizer), prompts)
    for text in (
        "Hamlet->Shakespeare\nOne Hundred Years of Solitude->",
        "登鹳雀楼->王之涣\n夜雨寄北->",
        "苹果公司的CEO是谁？",
        "<reserved_106>你好<reserved_107>",
    ):
        print(repr(text), "=>", repr(complete(model, tokenizer, text, 16)))


if __name__ == "__main__":
    main()
