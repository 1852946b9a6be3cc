"""Faults put into the library one by one: python tests/helpers/mutants.py [--only NUMBER ...] [--out FILE]

Each is an edit of one line in a copy of the project. The tests of `make test` run until one fails: those of the files
named with the fault first, then all. Where none fails, the others of `make test-all` run. A table says who found it.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from projects import ROOT, copy_project

LIBRARY, RULES = "workflow/scripts/baichuan2", "workflow/rules"
# what the fault is: its file, the text in it, what stands there instead, and the tests that look there
MUTANTS = {
    "ALiBi's sign": (
        f"{LIBRARY}/modeling/network.py", "return (-slopes.view(", "return (slopes.view(", "engine modeling"),
    "the wrong heads of ALiBi's second half": (
        f"{LIBRARY}/modeling/network.py", "(2 * power)[0::2]", "(2 * power)[1::2]", "engine modeling"),
    "RoPE turns the other way": (
        f"{LIBRARY}/modeling/network.py", "torch.cat((-second, first)", "torch.cat((second, -first)", "engine modeling"),
    "gate and up swapped": (
        f"{LIBRARY}/modeling/network.py", "F.silu(gate) * up", "F.silu(up) * gate", "engine modeling"),
    "NormHead's norms squared": (
        f"{LIBRARY}/modeling/network.py", ".clamp_min(HEAD_EPS).reciprocal()",
        ".clamp_min(HEAD_EPS).square().reciprocal()", "engine modeling"),
    "decode writes one slot early": (
        f"{LIBRARY}/engine/cache.py", "slice(used - 1, used) if same", "slice(used - 2, used - 1) if same", "engine npu"),
    "a suffix one position late": (
        f"{LIBRARY}/engine/cache.py", "[self.prefix + k for part", "[self.prefix + k + 1 for part", "engine"),
    "decode on Ascend does not see its own token": (
        f"{LIBRARY}/engine/cache.py", "tuple(length + 1 for length", "tuple(length for length", "npu"),
    "q, k and v cut as one": (
        f"{LIBRARY}/ranks/table.py", '"self_attn.W_pack": ("column", 3)', '"self_attn.W_pack": ("column", 1)', "cut"),
    "every rank adds the bias": (
        f"{LIBRARY}/ranks/table.py", '"quant_bias": FIRST_RANK, ', "", "w8a8"),
    "times of ranks are added": (
        f"{LIBRARY}/ranks/collectives.py", "tensor, op=dist.ReduceOp.MAX", "tensor, op=dist.ReduceOp.SUM", "speed ranks"),
    "weights rounded down": (
        f"{LIBRARY}/w8a8/arithmetic.py", ".round_().clamp_(-127, 127)", ".floor_().clamp_(-127, 127)",
        "quantization streaming"),
    "an offset one code high": (
        f"{LIBRARY}/w8a8/arithmetic.py", "return scale, (-128 - low", "return scale, (-127 - low", "quantization streaming"),
    "the offset's correction added": (
        f"{LIBRARY}/w8a8/arithmetic.py", "deq_scale.double() - correction", "deq_scale.double() + correction",
        "quantization w8a8"),
    "deq_scale's value for its bits": (
        f"{LIBRARY}/w8a8/arithmetic.py", "deq_scale.view(torch.int32).to(torch.int64)", "deq_scale.to(torch.int64)",
        "quantization exports"),
    "a token's scale of 128 steps": (
        f"{LIBRARY}/w8a8/arithmetic.py", "return (largest / 127)", "return (largest / 128)", "dynamic"),
    "the largest high for the mean": (
        f"{LIBRARY}/quantization/observers.py", "torch.stack(self._highs).mean()", "torch.stack(self._highs).max()",
        "streaming"),
    "spread of four samples": (
        f"{LIBRARY}/quantization/observers.py", "self._samples > SPREAD_SAMPLES", "self._samples >= SPREAD_SAMPLES",
        "streaming"),
    "up_proj left behind by gate_proj": (
        f"{LIBRARY}/quantization/rollback.py", "{name.removesuffix(gate) + up for name", "{name for name",
        "quantization"),
    "a digest that is not compared": (
        f"{LIBRARY}/integrity.py", "if entry != files[name]:", 'if entry["size"] != files[name]["size"]:', "faults"),
    "a torn journal is believed": (
        f"{LIBRARY}/ceval/journal.py", "if checksum != _checksum(text):", "if not checksum:", "ceval"),
    "a published folder appears before it is whole": (
        f"{LIBRARY}/files.py", "    partial = Path(tempfile.mkdtemp(prefix=f\".{path.name}.\", suffix=\".partial\", dir=path.parent))\n",
        "    path.mkdir(exist_ok=True)\n    partial = path\n", "faults errors"),
    "any error is want of memory": (
        f"{LIBRARY}/speed/measurement.py", "return isinstance(error, MemoryError) or any(", "return True or any(",
        "speed"),
    "the first token counts as a next one": (
        f"{LIBRARY}/speed/measurement.py", "return tokens[:, 0], _means(tokens[:, 1:])", "return tokens[:, 0], _means(tokens)",
        "speed"),
    "a penalty that rewards": (
        f"{LIBRARY}/engine/sampling.py", "values > 0, values / penalty, values * penalty",
        "values < 0, values / penalty, values * penalty", "engine"),
    "the stop token does not stop": (
        f"{LIBRARY}/engine/engine.py", "if chosen[row] in stop_ids:", "if chosen[row] in ():", "engine"),
    "near ties left as they are": (
        f"{LIBRARY}/ceval/scoring.py", "if record.lead < engine.near_tie]", "if record.lead < 0]", "exact ceval"),
    "shots from the end": (
        f"{LIBRARY}/ceval/scoring.py", "return examples[:shots]", "return examples[-shots:] if shots else []", "ceval"),
    "pickles run code": (
        f"{LIBRARY}/model/checkpoint.py", "weights_only=True, mmap=True", "weights_only=False, mmap=True", "hostile source"),
    "a changed number of shots is no change": (
        f"{RULES}/ceval.smk", '"shots": ceval["shots"],', '"shots": 5,', "workflow"),
}  # fmt: skip
TIERS = {"make test": "not ({})", "make test-all": "{}"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="these faults, from 1")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table there")
    options = parser.parse_args()
    beyond = re.search(r"^BEYOND := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    lines = ["| fault | found by | test | seconds |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        project = copy_project(Path(folder) / "project")
        for name in (".venv", ".torch-npu"):
            (project / name).symlink_to(ROOT / name)
        for number, (what, mutant) in enumerate(MUTANTS.items(), 1):
            if options.only is None or number in options.only:
                lines.append(f"| {what} | {' | '.join(hunt(project, beyond, *mutant))} |")
                print(lines[-1], flush=True)
    if options.out:
        head = "# Faults that the tests find\n\nWritten by `python tests/helpers/mutants.py --out docs/generated/mutants.md`.\n\n"
        options.out.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def hunt(project: Path, beyond: str, file: str, old: str, new: str, looking: str) -> tuple[str, str, str]:
    """(who found the fault, the test, seconds)."""
    path, start = project / file, time.monotonic()
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file}: {old!r} stands there {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
    files = [f"tests/test_{name}.py" for name in looking.split()]
    try:
        for tier, expression in TIERS.items():
            for chosen in (files, []):
                failed = first_failure(project, expression.format(beyond), chosen)
                if failed:
                    return tier, f"`{failed}`", f"{time.monotonic() - start:.0f}"
        return "**nobody**", "", f"{time.monotonic() - start:.0f}"
    finally:
        path.write_text(text, encoding="utf-8")


def first_failure(project: Path, expression: str, files: list[str]) -> str | None:
    """The first test that fails, or None."""
    command = [
        sys.executable, "-m", "pytest", "-x", "--no-header", "-rfE", "-m", expression,
        "--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder", *files,
    ]  # fmt: skip
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1, 2, 5), done.stdout[-3000:] + done.stderr[-3000:]
    failed = re.search(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE)
    assert bool(failed) == (done.returncode in (1, 2)), done.stdout[-3000:]
    return failed and failed[1]


if __name__ == "__main__":
    main()
