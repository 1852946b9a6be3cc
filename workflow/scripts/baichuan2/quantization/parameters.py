"""What decides a W8A8 artefact, as config.yaml's section quantize names it. Imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rounding:
    """quantize.<name> of config.yaml: how activations and weights become int8.

    scheme: static or dynamic (see w8a8.arithmetic). act_method, of static: 1 the mean over prompts of min and max,
    2 a histogram, 3 one of the two for each layer. mm_tensor: one weight scale a tensor instead of one a channel.
    """

    scheme: str = "static"
    act_method: int = 3
    mm_tensor: bool = False


@dataclass(frozen=True)
class StreamingParameters(Rounding):
    """What decides an artefact: a Rounding, and what stays in float.

    rollback, disable_names: what stays in float: layer numbers, module names or globs (see rollback.py).
    disable_level: "L<n>" leaves in float the n linears of the largest max|x| / std(x), too.
    """

    disable_level: str = "L0"
    rollback: tuple[int | str, ...] = ()
    disable_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelSlimParameters:
    """The guide's parameters, under its names; those of StreamingParameters mean the same here.

    pr: the probability that calibration quantizes an activation; below 1 random (by seed), 1 is the vendor's.
    anti_outlier: smooth activations into the weights first, by ModelSlim's m1 (SmoothQuant), m2 (the vendor's
        recipe: the best of 100 scales, many times as slow), m3 (AWQ), m4 (also o_proj's and down_proj's inputs),
        m5 or m6. All of them leave the float function as it is.
    """

    w_bit: int = 8
    act_method: int = 3
    pr: float = 1.0
    mm_tensor: bool = False
    disable_level: str = "L0"
    rollback: tuple[int | str, ...] = ()
    disable_names: tuple[str, ...] = ()
    anti_outlier: str | None = None
    seed: int = 0
