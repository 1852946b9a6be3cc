"""What the workflow makes of a tiny model, in a process of its own, so that another machine can make it, too.

python -m helpers.artefact_of MODEL OUT [MODEL OUT ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from baichuan2.model.directory import read_model
from baichuan2.quantization.calibration import Calibration, calibrate
from baichuan2.quantization.parameters import StreamingParameters
from baichuan2.quantization.quantizing import quantize
from baichuan2.quantization.streaming import open_streamed

SAMPLES = 12


def samples(vocab: int) -> list[torch.Tensor]:
    """Token ids by arithmetic, the same on every machine."""
    return [torch.tensor([[3 + (7 * k + 13 * k * k + 29 * n) % (vocab - 3) for k in range(9 + 3 * n)]])
            for n in range(SAMPLES)]  # fmt: skip


def main(model: Path, out: Path) -> None:
    """Into OUT: a calibration, smoothed and not, and what it gives in the static scheme, and the dynamic artefact."""
    for name, smooth in (("plain", False), ("smooth", True)):
        with open_streamed(model, "cpu", 1, wide=True) as streamed:
            calibration = calibrate(streamed, samples(read_model(model).vocab_size), smooth)
        calibration.write(out / f"{name}.json")
        ranges = Calibration.read(out / f"{name}.json")
        quantize(model, out / name, StreamingParameters(), ranges, guide_arrays=True)
    quantize(model, out / "dynamic", StreamingParameters(scheme="dynamic"), None)


def differing(one: Path, other: Path) -> list[str]:
    """The files of two OUTs that are not in both with the same bytes; none of many, where they are the same."""
    files = [
        {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.*") if path.is_file()}
        for out in (one, other)
    ]
    assert len(files[0]) > 10
    return sorted(name for name in files[0].keys() | files[1].keys() if files[0].get(name) != files[1].get(name))


if __name__ == "__main__":
    for model, out in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        main(Path(model), Path(out))
