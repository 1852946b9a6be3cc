"""engine.head: exact: the largest logits by int8 rows are the layer's own, to the last bit."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from typing import Any

import pytest
import torch

from baichuan2 import devices, host
from baichuan2.devices import native
from baichuan2.devices.cpu import CpuDevice
from baichuan2.devices.screening import MOST_CHOSEN, Screen, Search
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.errors import UserError
from baichuan2.model import sizes
from helpers.models import ALIBI
from helpers.ranks import answers_of
from helpers.tiers import sampled

pytestmark = pytest.mark.skipif(
    devices.head("cpu", "auto") != "exact", reason="native.c needs AVX512 or Arm's dot products, and a C compiler"
)
PACKED = pytest.mark.skipif(
    not native.ON_ARM and "avx512_bf16" not in host.cpu_flags(),
    reason="this CPU has no AVX512-BF16: oneDNN packs bfloat16 otherwise",
)
DTYPES = [torch.float32, pytest.param(torch.bfloat16, marks=PACKED)]
THREADS = 2


class Layer:
    """An output layer of weight [O, I] behind a norm of 1, with the whole product and the screen's."""

    def __init__(self, weight: torch.Tensor, rows: int, outputs: int | None = None):
        linear: Any = CpuDevice(threads=THREADS).linear(weight)
        self.head, self.rows, self.outputs = linear.structure(), rows, len(weight) if outputs is None else outputs
        self.screen = Screen(weight, self.head.inputs, self.outputs)
        self.search = Search(self.screen, rows, THREADS)
        ones, width = torch.ones(weight.shape[1]), self.head.inputs
        self.network = native.Network(weight.shape[1], 1, 1, 0.0, None, None, None)
        self.hidden, self.sum = torch.empty(rows, weight.shape[1]), torch.empty(rows, weight.shape[1])
        self.logits, normed = torch.empty(rows, len(weight)), torch.empty(THREADS * rows, width)
        self.buffers = native.Buffers(normed=normed.data_ptr(), normed_stride=width)
        self._referenced, self._ones = (linear, normed), ones

    def of(self, x: torch.Tensor, norm: torch.Tensor | None = None, count: int | None = None) -> torch.Tensor:
        """Logits of RMSNorm(x [rows, I]) * norm [I]: all, or the `count` largest and some others."""
        self.hidden.copy_(x)
        norm = self._ones if norm is None else norm
        before = ctypes.byref(self.network), native.pointer(norm.data_ptr()), ctypes.byref(self.head)
        after = (
            ctypes.byref(self.buffers), native.pointer(self.hidden.data_ptr()), None,
            native.pointer(self.sum.data_ptr()), native.pointer(self.logits.data_ptr()),
        )  # fmt: skip
        size = native.integer(self.rows), native.integer(THREADS)
        if count is None:
            native.library().output_head(*before, *after, *size)
        else:
            native.library().output_largest(*before, self.search.begin(), *after, native.integer(count), *size)
        return self.logits[:, : self.outputs].clone()


def agree(layer: Layer, x: torch.Tensor, count: int, norm: torch.Tensor | None = None) -> float:
    """Hold the screen's logits against the whole product's, to the bit; how many rows of it each computed."""
    whole = layer.of(x, norm)
    layer.screen.computed_each()
    some = layer.of(x, norm, count)
    for whole_row, row in zip(whole, some, strict=True):
        least = whole_row.topk(min(count, len(whole_row))).values[-1]
        there = row != -torch.inf
        assert torch.equal(row[there], whole_row[there])
        assert there[whole_row >= least].all()
    return layer.screen.computed_each()


def near_equal(weight: torch.Tensor) -> torch.Tensor:
    """Rows that differ in a last bit, so that only the layer's own product tells them apart."""
    weight[1:] = weight[0]
    weight[torch.arange(1, len(weight)), torch.arange(1, len(weight)) % weight.shape[1]] *= 1 + 2**-7
    return weight


def outliers(weight: torch.Tensor) -> torch.Tensor:
    """Rows whose largest weight leaves the others no steps."""
    weight[::3, 5] = 300
    return weight


def zeros(weight: torch.Tensor) -> torch.Tensor:
    weight[10:50] = 0
    return weight


def huge(weight: torch.Tensor) -> torch.Tensor:
    """Norms from 1e-20 to 1e20."""
    return weight * 10.0 ** torch.linspace(-20, 20, len(weight))[:, None]


def equal(weight: torch.Tensor) -> torch.Tensor:
    return weight[:1].expand_as(weight).clone()


KINDS = {
    "normal": lambda weight: weight, "near equal": near_equal, "outliers": outliers, "zeros": zeros, "huge": huge,
    "equal": equal,
}  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", sampled(
    [(1000, 120, 1), (333, 40, 3), (4096, 512, 8), (777, 264, 11)], (333, 40, 3), (777, 264, 11)))  # fmt: skip
def test_the_largest_are_the_layers(dtype, kind, shape):
    outputs, inputs, rows = shape
    generator = torch.Generator().manual_seed(outputs)
    layer = Layer(KINDS[kind](torch.randn(outputs, inputs, generator=generator)).to(dtype), rows)
    x, norm = torch.randn(rows, inputs, generator=generator), torch.ones(inputs)
    norm[3] = 200  # an activation far from the others
    for count in (1, 2, 5, MOST_CHOSEN):
        agree(layer, x, count)
        agree(layer, x, count, norm)


@pytest.mark.parametrize("value", [0.0, 1e-30, 1e30, torch.inf, torch.nan])
def test_activations_without_a_bound(value):
    """All rows are computed: then a logit that is no number is none, as in the whole product."""
    layer = Layer(torch.randn(100, 32, generator=torch.Generator().manual_seed(0)), 2)
    norm = torch.full((32,), value)
    whole = layer.of(torch.ones(2, 32), norm)
    torch.testing.assert_close(layer.of(torch.ones(2, 32), norm, 1), whole, rtol=0, atol=0, equal_nan=True)
    assert layer.screen.computed_each() == 100


def test_rows_of_no_token_are_not_chosen():
    weight = torch.randn(200, 32, generator=torch.Generator().manual_seed(0))
    weight[150:] *= 100
    agree(Layer(weight, 2, outputs=150), torch.randn(2, 32), 5)
    none = Layer(weight, 2, outputs=0)
    assert none.of(torch.randn(2, 32), count=1).shape == (2, 0)


@pytest.mark.parametrize("inputs", sampled([512, 5120], 512))
@pytest.mark.parametrize("dtype", DTYPES)
def test_few_rows_of_a_whole_vocabulary_are_computed(inputs, dtype):
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(125_696, inputs, generator=generator).to(dtype)
    layer = Layer(weight, 4)
    for count, most in ((1, 20_000), (5, 30_000)):
        assert 16 <= agree(layer, torch.randn(4, inputs, generator=generator), count) <= most


@pytest.mark.parametrize("quant", [None, "w8a8"])
def test_answers_are_those_of_the_layer(monkeypatch, quant):
    monkeypatch.setitem(sizes.SHAPES, "tiny", replace(ALIBI, vocab_size=1000))
    answers = {}
    for head in ("float", "exact"):
        with open_engine(Settings("cpu", "float32", 128, THREADS, head), "random:tiny", quant) as engine:
            answers[head] = answers_of(engine)
            rows = engine.head_rows()
            assert engine.environment()["head"] == head
    for what, value in answers["float"].items():
        same = torch.equal(value, answers["exact"][what]) if isinstance(value, torch.Tensor) else False
        assert same or value == answers["exact"][what], what
    assert 1 <= rows < 1000


@pytest.mark.skipif(not native.tiles(), reason="not where there is AMX; of x86 alone")
@pytest.mark.parametrize(
    ("dtype", "quant", "rows", "searched"),
    [
        ("float32", None, 64, True),  # operator by operator
        ("float32", None, 65, False),
        ("bfloat16", None, 64, False),
        ("bfloat16", "w8a8", 64, True),  # a step of native.c
        ("bfloat16", "w8a8", 65, False),
    ],
)
def test_up_to_how_many_sequences_a_layer_is_searched(monkeypatch, dtype, quant, rows, searched):
    """To the bits of the whole."""
    monkeypatch.setitem(sizes.SHAPES, "tiny", replace(ALIBI, vocab_size=1000))
    with open_engine(Settings("cpu", dtype, 64, THREADS), "random:tiny", quant) as engine:
        model, cache = engine.model, engine.model.cache(rows, 64)
        of_rows = list(range(rows)), list(range(7, 7 + rows)), [3] * rows
        whole = model.decode_rows(cache, *of_rows)
        found = model.decode_rows(cache, *of_rows, 2)
        assert (engine.head_rows() is not None) == searched
        assert torch.equal(found.topk(2).values, whole.topk(2).values)
        assert torch.equal(found.argmax(-1), whole.argmax(-1))
        head = model.screen.nbytes if searched else model._head_bytes
        assert engine.weight_bytes(rows) == model._bytes + head


def test_where_native_c_does_not_run(monkeypatch):
    monkeypatch.setitem(sizes.SHAPES, "tiny", ALIBI)
    monkeypatch.setattr(native, "library", lambda: None)
    with open_engine(Settings("cpu", "float32", 128, THREADS), "random:tiny") as engine:
        assert engine.environment()["head"] == "float"
        assert engine.head_rows() is None
    with (
        pytest.raises(UserError, match=r"engine\.head: exact: .* use auto"),
        open_engine(Settings("cpu", "float32", 128, THREADS, "exact"), "random:tiny"),
    ):
        pass
