"""Measure what int8 does to the model's answers: for many choices of int8 linears side by side, streamed.

A variant is a choice of linears in int8, the others in float. All variants go through the model together, one layer
in memory at a time; until its first int8 linear a variant is the float model, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from baichuan2.model.sizes import GROUPS
from baichuan2.modeling import network
from baichuan2.quantization.streaming import Group, Linear, StreamedLayer, StreamedModel

STREAM_BYTES = 2 * 2**30  # of hidden states of variants in memory at a time; more variants take another pass
WIDE = torch.float64
HEAD_ROWS = 2048  # rows of the output layer in float32 at a time

Int8Of = Callable[[StreamedLayer, Group], Linear]  # what computes a group of a layer in W8A8
Variant = Collection[str]  # full names of the linears in int8; all of a group or none


@dataclass(frozen=True)
class Question:
    """One exam question: its prompt's token ids, int64 [1, T], the ids of its options, and which of them is right."""

    ids: Tensor
    options: tuple[int, ...]
    right: int


def divergences(
    model: StreamedModel, int8: Int8Of, samples: Sequence[Tensor], variants: Sequence[Variant]
) -> list[float]:
    """For each variant the mean over all tokens of KL(float || variant) of the next token's distribution, in nats.

    samples: token ids int64 [1, T] each.
    """
    kls: list[float] = []
    for some in _passes(model, samples, variants):
        base, states = _run(model, int8, samples, some)
        kls += _divergences(model, base, states)
    return kls


def accuracies(
    model: StreamedModel, int8: Int8Of, questions: Sequence[Question], variants: Sequence[Variant]
) -> list[float]:
    """For each variant the share of the questions whose right option has the largest logit of all options."""
    samples, shares = [question.ids for question in questions], []
    for some in _passes(model, samples, variants):
        _, states = _run(model, int8, samples, some)
        shares += [_accuracy(model, hidden, questions) for hidden in states]
    return shares


def output_errors(model: StreamedModel, int8: Int8Of, samples: Sequence[Tensor]) -> dict[tuple[str, ...], float]:
    """{full names of a group: squared error of its W8A8 outputs, relative, on the float model's inputs}."""
    hidden, attends = model.embed(samples), model.attends(samples)
    errors = {}
    for layer in model.layers("output errors"):
        inputs, hidden = model.through(layer, hidden, attends)
        for group in GROUPS:
            exact, rounded = layer.linear(group), int8(layer, group)

            squares = torch.zeros(2, dtype=WIDE)
            for x in inputs[group]:
                y = exact(x).double()
                squares += torch.stack(((rounded(x).double() - y).square().sum(), y.square().sum())).cpu()
            error, whole = squares.tolist()
            modules = tuple(f"{layer.name}.{module}" for module in group)
            errors[modules] = error / whole if error else 0.0  # outputs of nothing but zeros have no error
        del layer, inputs
    return errors


def _passes(model: StreamedModel, samples: Sequence[Tensor], variants: Sequence[Variant]):
    """The variants, as many at a time as STREAM_BYTES takes."""
    size = 4 * model.config.hidden_size * sum(ids.shape[1] for ids in samples)
    count = max(1, STREAM_BYTES // size)
    for start in range(0, len(variants), count):
        yield variants[start : start + count]


def _run(
    model: StreamedModel, int8: Int8Of, samples: Sequence[Tensor], variants: Sequence[Variant]
) -> tuple[list[Tensor], list[list[Tensor]]]:
    """Hidden states [1, T, E] of every sample after the last layer: the float model's, and each variant's."""
    base, attends = model.embed(samples), model.attends(samples)
    states: list[list[Tensor]] = [base] * len(variants)
    for layer in model.layers("variants"):
        before, linears = base, _Linears(layer, int8)
        base = layer.run(before, attends)
        for k, variant in enumerate(variants):
            chosen = linears.of(variant)
            forked = states[k] is not before
            states[k] = layer.run(states[k], attends, chosen) if chosen or forked else base
        del layer, linears, before
    return base, states


class _Linears:
    """The W8A8 linears of a layer, each made when a variant first asks for it."""

    def __init__(self, layer: StreamedLayer, int8: Int8Of):
        self._layer, self._int8 = layer, int8
        self._made: dict[Group, Linear] = {}

    def of(self, variant: Variant) -> dict[Group, Linear]:
        for group in GROUPS:
            if f"{self._layer.name}.{group[0]}" in variant and group not in self._made:
                self._made[group] = self._int8(self._layer, group)
        return {group: made for group, made in self._made.items() if f"{self._layer.name}.{group[0]}" in variant}


def _divergences(model: StreamedModel, base: list[Tensor], states: list[list[Tensor]]) -> list[float]:
    """Mean KL of each variant, the output layer's rows taken piece by piece."""
    norm = model.norm("model.norm.weight")
    normed = [model.device.each(lambda x: norm(x, None)[1][0], hidden) for hidden in states]
    tallies = [[Divergence(len(x)) for x in hidden] for hidden in normed]
    of_base = model.device.each(lambda x: norm(x, None)[1][0], base)
    tasks = [(k, sample) for k in range(len(states)) for sample in range(len(base))]
    for rows in model.stored("lm_head.weight")[: model.config.tokens].split(HEAD_ROWS):
        rows = network.output_weight(rows.to(model.device.torch_device), model.config.norm_head)
        exact = model.device.each(partial(F.linear, weight=rows), of_base)

        def tally(task: tuple[int, int], rows=rows, exact=exact) -> None:
            k, sample = task
            tallies[k][sample].add(exact[sample], F.linear(normed[k][sample], rows))

        model.device.each(tally, tasks)
    return [torch.cat([tally.result() for tally in of]).mean().item() for of in tallies]


class Divergence:
    """KL(softmax(a) || softmax(b)) of logits that come piece by piece, with running maxima, and sums in float64.

    KL = sum p_a (a - b) - lse(a) + lse(b), p_a = softmax(a), lse the logarithm of the sum of exponentials.
    """

    def __init__(self, rows: int):
        self._rows, self._begun = rows, False
        self._a: Tensor  # the highest of each row so far, of a and of b
        self._b: Tensor

    def add(self, a: Tensor, b: Tensor) -> None:
        """The next columns of both, [rows, columns]."""
        if not self._begun:
            self._begun = True
            self._a = self._b = a.new_full((self._rows,), -torch.inf)
            self._sum_a, self._sum_b, self._cross = (a.new_zeros(self._rows, dtype=WIDE) for _ in range(3))
        highest_a, highest_b = torch.maximum(self._a, a.amax(1)), torch.maximum(self._b, b.amax(1))
        weights, shrink = (a - highest_a[:, None]).exp_(), (self._a - highest_a).exp()
        self._sum_a = self._sum_a * shrink + weights.sum(1, dtype=WIDE)
        self._cross = self._cross * shrink + (weights * (a - b)).sum(1, dtype=WIDE)
        self._sum_b = self._sum_b * (self._b - highest_b).exp() + (b - highest_b[:, None]).exp_().sum(1, dtype=WIDE)
        self._a, self._b = highest_a, highest_b

    def result(self) -> Tensor:
        """float64 [rows] on the CPU."""
        lse_a, lse_b = self._a + self._sum_a.log(), self._b + self._sum_b.log()
        return (self._cross / self._sum_a - lse_a + lse_b).cpu()


def _accuracy(model: StreamedModel, hidden: list[Tensor], questions: Sequence[Question]) -> float:
    norm, head = model.norm("model.norm.weight"), model.stored("lm_head.weight")
    right = 0
    for x, question in zip(hidden, questions, strict=True):
        rows = network.output_weight(head[list(question.options)].to(x.device), model.config.norm_head)
        right += int(F.linear(norm(x[:, -1], None)[1], rows).argmax()) == question.right
    return right / len(questions)
