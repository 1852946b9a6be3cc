"""Measure what rollback: auto chooses from: what each group of linears does to the answers, then both frontiers."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from baichuan2.quantization.frontier import (
    ORDERS,
    Frontier,
    Point,
    Sensitivity,
    int8_share,
    linears_of,
    ordered,
    weights_of,
)
from baichuan2.quantization.sensitivity import Int8Of, Question, accuracies, divergences, output_errors
from baichuan2.quantization.streaming import StreamedModel

POINTS = 32  # of each order that are measured, evenly from none in float to all but one group


def measure(
    model: StreamedModel, int8: Int8Of, samples: Sequence[Tensor], questions: Sequence[Question] | None = None
) -> Frontier:
    """Rank all groups, then measure both orders' points; with `questions`, their accuracy too."""
    errors = output_errors(model, int8, samples)
    alone = divergences(model, int8, samples, list(errors))
    sizes = weights_of(model.config)
    ranking = [
        Sensitivity(modules, sum(sizes[module] for module in modules), errors[modules], kl)
        for modules, kl in zip(errors, alone, strict=True)
    ]
    cuts = sorted({round(k * (len(ranking) - 1) / POINTS) for k in range(POINTS + 1)})
    places = [(order, count) for order in ORDERS for count in cuts]
    int8_of = {place: frozenset(linears_of(ordered(ranking, place[0])[place[1] :])) for place in places}
    variants = list(dict.fromkeys(int8_of.values()))  # the orders begin and end alike
    kls = dict(zip(variants, divergences(model, int8, samples, variants), strict=True))
    scores: dict[frozenset, float] = {}
    if questions:
        shares = accuracies(model, int8, questions, [frozenset(), *variants])
        scores = {variant: 100 * share for variant, share in zip([frozenset(), *variants], shares, strict=True)}
    points = tuple(
        Point(
            order,
            count,
            linears=len(sizes) - len(variant),
            int8_share=int8_share(variant, sizes),
            kl=kls[variant],
            accuracy=scores.get(variant),
        )
        for (order, count), variant in int8_of.items()
    )
    return Frontier(tuple(ranking), points, scores.get(frozenset()))
