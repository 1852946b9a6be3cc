"""engine.head: exact: int8 rows find the largest logits of an output layer, which computes these itself.

A decode step needs the largest logits alone: one of them if it is greedy, top_k if it samples. So it reads int8 rows
of the output layer, 1 byte a weight, which give every logit with a bound on its error, and then the layer's own rows,
of 2 or 4 bytes, where a logit may still be among the largest. These are computed as the whole product computes them,
to the last bit (native.c), so that what is chosen is what the whole product would choose.

The bound, for a row w of the layer as it is stored, and n inputs x in float32, u = 2^-24:

    w = s q + d     q int8, s = max|w| / 127;  |d_i| <= s / 2
    x = t a + e     a of 16 bits, t = max|x| / 32767;  |e_i| <= 0.504 t: half a step, and the rounding of x / t
    w.x - (s q).(t a) = d.x + (s q).e

- |d.x| is at most ||d|| ||x||, by Cauchy and Schwarz, and at most s / 2 * ||x||_1. Mostly the first is less; the
  second is where few inputs are large.
- |(s q).e| <= ||s q|| ||e|| <= (||w|| + ||d||) 0.504 t sqrt(n).
- The sum q.a is exact: its high and its low byte are summed apart, in int32, up to MOST_INPUTS. Both become float32,
  are joined and scaled, with at most 6 roundings: 6 u ||s q|| (||t a|| + 510 t sqrt(n)).
- The layer's own logit is a float32 sum of n products, fused or not, in some order: it is at most
  n u / (1 - n u) ||w|| ||x|| from w.x (Higham, Accuracy and Stability of Numerical Algorithms, 3.1).
- d is itself computed in float32, wrong by 2 u |w_i|; and logit -+ bound is rounded: 2 u ||w|| ||x||.

So a logit is wrong by at most

    1.02 (min(||d|| ||x||, s / 2 ||x||_1) + (||w|| + ||d||) ((n + 16) u ||x|| + t sqrt(n) / 2)) + n 2^-126

where 1.02 covers 0.504, n u / (1 - n u), 6 u * 510 and the roundings of the bound itself, for n up to MOST_INPUTS,
and the last term what underflows. Where max|x| is not between 1e-15 and 1e15, or x is no number, every row is
computed.

Of the k largest logits the least is at least the k-th largest of all (logit - bound); so a row whose logit + bound
is below that is none of them.

Of many sequences the products take longer than reading the rows. So first a, of 16 bits, goes without its low byte:
a = 256 h + 127.5 + g, and q.a is taken for 256 q.h + 127.5 (the sum of q), which leaves (s q).(t g) out, at most
(||w|| + ||d||) t ||g||. Only rows that may be among the largest then, by this bound too, are multiplied by both
bytes; where one is looked for, against a bound by both bytes of 16 rows that have the largest so far.
"""

from __future__ import annotations

import ctypes
from typing import Any

import torch
from torch import Tensor

from baichuan2.devices import native
from baichuan2.devices.native import BLOCK
from baichuan2.w8a8.arithmetic import PIECE, quantize_weight, row_sums

MOST_INPUTS = 2**16  # 255 * 127 * inputs is below 2^31
MOST_CHOSEN = 256  # with more, so many rows are computed that the whole product is about as fast


class Structure(ctypes.Structure):
    """native.c's `screen`."""

    _fields_ = [
        ("rows", native.Linear),
        *((name, native.pointer) for name in ("residual", "reach", "largest", "codes")),
        ("code_stride", native.integer),
        ("computed", native.pointer),
    ]


class Screen:
    """The int8 rows of an output layer whose weight [O, I] is as the layer stores it, float32 or bfloat16.

    inputs: I as the layer pads it. outputs: only the first of them may be chosen, the others are no tokens.
    searched: of how many rows of logits the largest were looked for.
    """

    def __init__(self, weight: Tensor, inputs: int, outputs: int):
        self.outputs, self.inputs = outputs, inputs
        rows = outputs + -outputs % BLOCK
        self.weight = torch.zeros(rows // BLOCK, inputs // 4, BLOCK, 4, dtype=torch.int8)
        self.scale, self.residual, self.reach = (torch.zeros(outputs) for _ in range(3))
        self.correction = torch.zeros(outputs, dtype=torch.int32)
        at_once = max(1, PIECE // inputs // BLOCK) * BLOCK
        for begin in range(0, outputs, at_once):
            self._fill(begin, weight[begin : min(begin + at_once, outputs)])
        native.use_huge_pages(self.weight.data_ptr(), self.weight.nbytes)
        self.searched, self._computed = 0, torch.zeros(1, dtype=torch.int64)

    def computed_each(self) -> float | None:
        """How many rows of the layer itself a search computed, on average since the last call; None: no search."""
        mean = int(self._computed) / self.searched if self.searched else None
        self.searched = 0
        self._computed.zero_()
        return mean

    def _fill(self, begin: int, weight: Tensor) -> None:
        """Rows from `begin` on, a multiple of BLOCK."""
        weight = weight.float()
        q, scale = quantize_weight(weight)
        residual = torch.linalg.vector_norm(weight - q * scale, dim=1)
        rows = slice(begin, begin + len(weight))
        self.scale[rows], self.residual[rows] = scale.flatten(), residual
        self.reach[rows] = torch.linalg.vector_norm(weight, dim=1) + residual
        self.correction[rows] = -128 * row_sums(q)
        padded = torch.nn.functional.pad(q, (0, self.inputs - q.shape[1], 0, -len(q) % BLOCK))
        fours = padded.view(torch.int32).view(-1, BLOCK, self.inputs // 4)
        blocks = slice(begin // BLOCK, begin // BLOCK + len(fours))
        self.weight.view(torch.int32).squeeze(-1)[blocks] = fours.transpose(1, 2)

    @property
    def nbytes(self) -> int:
        """Bytes that a decode step reads."""
        of_rows = self.scale, self.correction, self.residual, self.reach
        return self.outputs * self.inputs + sum(tensor.nbytes for tensor in of_rows)


class Search:
    """A Screen with the memory of a decode step of `rows` sequences on `threads`."""

    def __init__(self, screen: Screen, rows: int, threads: int):
        self.screen, self._rows = screen, rows
        stride = 2 * screen.inputs + 64  # two bytes each, and four numbers behind them
        self._memory = (
            torch.empty(threads * rows * MOST_CHOSEN), torch.empty(threads * rows * stride, dtype=torch.uint8)
        )  # fmt: skip
        linear = native.Linear(
            screen.weight.data_ptr(), screen.scale.data_ptr(), screen.correction.data_ptr(),
            screen.outputs, screen.inputs, BLOCK, native.SCREEN, 0.0, 0.0,
        )  # fmt: skip
        tensors = screen.residual, screen.reach, *self._memory
        self._structure = Structure(
            linear, *(tensor.data_ptr() for tensor in tensors), stride, screen._computed.data_ptr()
        )

    def begin(self) -> Any:
        """Count a step, and give what native.c takes."""
        self.screen.searched += self._rows
        return ctypes.byref(self._structure)
