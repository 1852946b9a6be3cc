"""docs/generated/bytes.md: what a step of Baichuan2-13B reads and writes on a card, as npu_bytes.py counted it."""

from __future__ import annotations

SMALL_SHARE = 0.001  # of a step: operators that move less are not named


def document(records: list[dict]) -> str:
    lines = [
        "# Bytes of a step",
        "",
        "What one step of Baichuan2-13B reads and writes in the memory of one card, as the fake CANN counts it",
        "from the operators that torch_npu launches at the published sizes, with a cache of 4096 slots. `least`",
        "is the weights once and the keys and values of all tokens once. Every operand counts once. What an",
        "operator copies on its own is from CANN's published host code (`tests/helpers/fake_cann/traffic.py`):",
        "operands with strides go to a row first, and 310P re-lays both operands of a float product, the weight",
        "too, where rows, columns or inner dimension are no multiple of 16. Nothing here is a time, and no card",
        "has run it. Written by `python -m pytest tests/test_npu.py --bytes docs/generated/bytes.md`.",
        "",
        "| chip | weights | step | least, GB | moved, GB | ratio | of it |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, records)]) + "\n"


def ratio(record: dict) -> float:
    return sum(record["moved"].values()) / record["least"]


def _row(record: dict) -> str:
    total = sum(record["moved"].values())
    largest = sorted(record["moved"].items(), key=lambda item: -item[1])
    shares = ", ".join(f"{name} {moved / 1e9:.2f}" for name, moved in largest if moved > SMALL_SHARE * total)
    figures = f"{record['least'] / 1e9:.2f} | {total / 1e9:.2f} | {ratio(record):.2f}"
    return f"| {record['chip']} | {record['weights']} | {record['step']} | {figures} | {shares} |"
