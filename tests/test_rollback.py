"""rollback: auto: what int8 costs, measured layer by layer, is what a whole float64 model says; choice and tables.

The tiny models stand in for W8A8 by weights rounded to eighths, a function without jumps, so that float64 can be held
against float32; int8 itself is held against its formulas once.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import yaml

import choose_rollback
import measure_sensitivity
import tabulate_rollback
from baichuan2.configuration.schema import read_config_file
from baichuan2.errors import UserError
from baichuan2.integrity import read_sealed, verify, write_sealed
from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.sizes import GROUPS, SHAPES, linear_names
from baichuan2.quantization import ranking, sensitivity
from baichuan2.quantization.calibration import Calibration, GroupRanges, calibrate
from baichuan2.quantization.frontier import ORDERS, Frontier, Point, Sensitivity, ordered, weights_of
from baichuan2.quantization.quantizing import StreamingParameters, int8_linear
from baichuan2.quantization.recipes import GUIDE, measure, recipes
from baichuan2.quantization.sensitivity import Divergence, Question, accuracies, divergences, output_errors
from baichuan2.quantization.streaming import open_streamed
from baichuan2.report.frontier import frontier_figure
from baichuan2.report.rollback import Rollback, frontier_csv, markdown, ranking_csv, recipes_csv, terminal
from baichuan2.w8a8.arithmetic import folded, quantize_weight
from helpers.models import ALIBI, ROPE, float64_logits, random_tensors
from helpers.projects import copy_project, snakemake

LINEARS = linear_names(ALIBI)
LENGTHS = (23, 9, 40)
VARIANTS = {
    "none": [],
    "the first linear": LINEARS[:1],
    "one in the middle": ["model.layers.1.mlp.gate_proj", "model.layers.1.mlp.up_proj"],
    "the last": LINEARS[-1:],
    "every down_proj": [name for name in LINEARS if name.endswith("down_proj")],
    "all": LINEARS,
}


def samples(seed: int = 0) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(ALIBI.vocab_size, (1, length), generator=generator) for length in LENGTHS]


def eighths(layer, group):
    weights = [(8 * layer.weights[module]).round() / 8 for module in group]
    return lambda x: torch.cat([F.linear(x, weight) for weight in weights], dim=-1)


def logits_with_eighths(config, variant, ids: torch.Tensor) -> np.ndarray:
    """The float64 logits [T, V] of a whole model, a variant's linears rounded to eighths."""
    tensors = random_tensors(config)

    def linear(module, x):
        weight = tensors[f"{module}.weight"].double().numpy()
        return x @ (np.rint(8 * weight) / 8 if module in variant else weight).T

    return float64_logits(config, tensors, ids[0].tolist(), linear)


def kl(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """KL(softmax(a) || softmax(b)) of each row, by torch, in float64."""
    of_a, of_b = (F.log_softmax(torch.from_numpy(x).double(), dim=-1) for x in (a, b))
    return F.kl_div(of_b, of_a, reduction="none", log_target=True).sum(-1).numpy()


@pytest.fixture(scope="module", params=[ALIBI, ROPE], ids=["alibi", "rope"])
def model(request, make_model):
    with open_streamed(make_model(request.param), "cpu", 2) as streamed:
        yield streamed


@pytest.fixture(scope="module")
def alibi(make_model) -> Path:
    return make_model()


# KL in pieces


@pytest.mark.parametrize("size", [1, 7, 100, 500])
@pytest.mark.parametrize("order", ["as it is", "rising", "falling"])
def test_divergence_in_pieces_is_torchs_of_whole_rows(size, order):
    generator = torch.Generator().manual_seed(3)
    a = 20 * torch.randn(11, 500, generator=generator) + 300
    b = a + torch.randn(11, 500, generator=generator)
    if order != "as it is":  # the greatest logit comes last, so that every piece raises it, or first
        places = a.argsort(1, descending=order == "falling")
        a, b = a.gather(1, places), b.gather(1, places)
    tally = Divergence(11)
    for start in range(0, 500, size):
        tally.add(a[:, start : start + size], b[:, start : start + size])
    assert tally.result().dtype == torch.float64
    np.testing.assert_allclose(tally.result(), kl(a.numpy(), b.numpy()), rtol=1e-5)


def test_divergence_of_the_same_logits_is_zero():
    a = 5 * torch.randn(4, 64, generator=torch.Generator().manual_seed(1))
    tally = Divergence(4)
    for piece in a.split(10, dim=1):
        tally.add(piece, piece.clone())
    assert tally.result().tolist() == [0.0] * 4


# Streamed against whole


def test_divergences_are_those_of_whole_models(model):
    found = divergences(model, eighths, samples(), list(VARIANTS.values()))
    for variant, value in zip(VARIANTS.values(), found, strict=True):
        rows = [kl(*(logits_with_eighths(model.config, int8, ids) for int8 in ([], variant))) for ids in samples()]
        assert value == pytest.approx(np.concatenate(rows).mean(), rel=1e-5, abs=0)
    assert found[0] == 0
    assert found[-1] == max(found)


def test_int8_is_what_its_formulas_say(model):
    ranges = calibrate(model, samples())
    int8 = int8_linear(ranges, StreamingParameters(act_method=1), model.device)
    tensors = random_tensors(model.config)

    def linear(module, x):
        weight = tensors[f"{module}.weight"]
        layer = folded(*quantize_weight(weight), *ranges.by_module[module].parameters(1))
        q = np.clip(np.rint(x / layer.input_scale.numpy()) + layer.input_offset.numpy(), -128, 127)
        return (
            q @ layer.weight.numpy().T.astype(float) + layer.quant_bias.numpy()
        ) * layer.deq_scale.double().numpy()

    rows = []
    for ids in samples():
        exact, rounded = (float64_logits(model.config, tensors, ids[0].tolist(), by) for by in (None, linear))
        rows.append(kl(exact, rounded))
    (found,) = divergences(model, int8, samples(), [LINEARS])
    # A code falls to the other side of a half now and then: its input is float32's here, float64's there.
    assert found == pytest.approx(np.concatenate(rows).mean(), rel=0.01)


def test_output_errors_are_those_of_the_float_models_inputs(model):
    tensors, seen = random_tensors(model.config), {}

    def watched(module, x):
        seen.setdefault(module, []).append(x)
        return x @ tensors[f"{module}.weight"].double().numpy().T

    for ids in samples():
        float64_logits(model.config, tensors, ids[0].tolist(), watched)
    found = output_errors(model, eighths, samples())
    assert [name for group in found for name in group] == LINEARS
    for group, value in found.items():
        error = whole = 0
        for module in group:
            weight, x = tensors[f"{module}.weight"].double().numpy(), np.concatenate(seen[module])
            error += ((x @ (np.rint(8 * weight) / 8 - weight).T) ** 2).sum()
            whole += ((x @ weight.T) ** 2).sum()
        assert value == pytest.approx(error / whole, rel=1e-4)


@pytest.mark.parametrize(
    "dead",
    [("self_attn.o_proj", "mlp.down_proj"), ("mlp.up_proj",)],
    ids=["a block that adds nothing, as LLaMA Pro's", "inputs of zeros"],
)
def test_what_is_zero_costs_nothing(alibi, monkeypatch, dead):
    """Neither its error nor its spread is 0 / 0, by which nothing can be ordered."""
    whole, names = Checkpoint.get, {f"model.layers.1.{module}.weight" for module in dead}
    monkeypatch.setattr(Checkpoint, "get", lambda self, name: whole(self, name) * (name not in names))
    with open_streamed(alibi, "cpu", 1) as streamed:
        calibration = calibrate(streamed, samples())
        int8 = int8_linear(calibration, StreamingParameters(), streamed.device)
        errors = output_errors(streamed, int8, samples())
    assert [group for group, error in errors.items() if not error] == [
        tuple(f"model.layers.1.{module}" for module in group)
        for group in GROUPS
        if set(group) <= {*dead, "mlp.down_proj"}
    ]
    spreads = [calibration.by_module[name].spread for name in calibration.most_spread(len(LINEARS), [])]
    assert spreads == sorted(spreads, reverse=True)
    assert (spreads[-1] == 0) == ("mlp.up_proj" in dead)


def questions(config, count: int = 12) -> list[Question]:
    """Prompts of random tokens, whose right option is the float model's, but for every fourth."""
    generator = torch.Generator().manual_seed(7)
    asked = []
    for number in range(count):
        ids = torch.randint(config.vocab_size, (1, 8 + number), generator=generator)
        options = tuple(torch.randint(config.vocab_size, (4,), generator=generator).tolist())
        best = int(logits_with_eighths(config, [], ids)[-1, list(options)].argmax())
        asked.append(Question(ids, options, (best + (number % 4 == 0)) % 4))
    return asked


def test_accuracies_are_those_of_whole_models(model):
    asked = questions(model.config)
    found = accuracies(model, eighths, asked, list(VARIANTS.values()))
    for variant, share in zip(VARIANTS.values(), found, strict=True):
        last = [logits_with_eighths(model.config, variant, question.ids)[-1] for question in asked]
        right = [
            row[list(question.options)].argmax() == question.right for row, question in zip(last, asked, strict=True)
        ]
        assert share == sum(right) / len(asked)
    assert found[0] == 0.75
    assert found[-1] < 0.75


def test_variants_in_several_passes_give_the_same_numbers(model, monkeypatch):
    variants, asked = list(VARIANTS.values()), questions(model.config, 4)

    def run() -> tuple[list[float], list[float]]:
        return divergences(model, eighths, samples(), variants), accuracies(model, eighths, asked, variants)

    passes, count = [], sensitivity._run
    monkeypatch.setattr(sensitivity, "_run", lambda *arguments: passes.append(1) or count(*arguments))
    whole = run()
    assert len(passes) == 2
    a_variant = 4 * model.config.hidden_size * sum(LENGTHS)
    monkeypatch.setattr(sensitivity, "STREAM_BYTES", 2 * a_variant)
    assert run() == whole
    assert len(passes) > 2 + 3
    monkeypatch.setattr(sensitivity, "STREAM_BYTES", 1)  # one at a time is the least
    assert run() == whole
    assert run()[0][-1:] == divergences(model, eighths, samples(), [LINEARS])


def test_one_thread_and_two_measure_the_same_bits(alibi):
    found = []
    for threads in (1, 2, 2):
        with open_streamed(alibi, "cpu", threads) as streamed:
            ranges = calibrate(streamed, samples())
            int8 = int8_linear(ranges, StreamingParameters(), streamed.device)
            found.append(ranking.measure(streamed, int8, samples(), questions(ALIBI, 4)))
    assert found[0] == found[1] == found[2]


# Ranking, frontier, choice


def test_measured_points_are_what_they_say(alibi, monkeypatch):
    monkeypatch.setattr(ranking, "POINTS", 4)
    asked = questions(ALIBI, 4)
    with open_streamed(alibi, "cpu", 2) as streamed:
        frontier = ranking.measure(streamed, eighths, samples(), asked)
        groups = len(GROUPS) * ALIBI.num_hidden_layers
        assert [(point.order, point.groups) for point in frontier.points] == [
            (order, count) for order in ORDERS for count in (0, 3, 6, 8, groups - 1)
        ]
        alone = divergences(streamed, eighths, samples(), [one.modules for one in frontier.ranking])
        assert [one.kl for one in frontier.ranking] == alone
        sizes = weights_of(ALIBI)
        assert sum(one.weights for one in frontier.ranking) == sum(sizes.values())
        for point in frontier.points:
            left = frontier.linears(point)
            int8 = [name for name in LINEARS if name not in left]
            assert point.linears == len(left)
            assert point.int8_share == pytest.approx(
                sum(sizes[name] for name in int8) / sum(sizes.values()), abs=1e-6
            )
            assert [point.kl] == divergences(streamed, eighths, samples(), [int8])
            assert [point.accuracy / 100] == accuracies(streamed, eighths, asked, [int8])
        assert [frontier.float_accuracy / 100] == accuracies(streamed, eighths, asked, [[]])


# Four groups whose orders differ: the pair of gate and up has the most KL, o_proj the most KL a weight.
RANKING = (
    Sensitivity(("l.0.W_pack",), 300, 0.1, 0.3),
    Sensitivity(("l.0.o_proj",), 10, 0.2, 0.2),
    Sensitivity(("l.0.gate_proj", "l.0.up_proj"), 500, 0.3, 0.5),
    Sensitivity(("l.0.down_proj",), 200, 0.4, 0.1),
)
SHARES = {"bytes": (1.0, 0.990099, 0.693069, 0.19802), "layers": (1.0, 0.70297, 0.207921, 0.19802)}
KLS = {"bytes": (1.0, 0.7, 0.04, 0.01), "layers": (1.0, 0.6, 0.2, 0.01)}
SCORES = {"bytes": (60.0, 71.5, 70.0, 75.0), "layers": (60.0, 65.0, 74.0, 75.0)}
FRONTIER = Frontier(
    RANKING,
    tuple(
        Point(order, k, sum(len(one.modules) for one in ordered(RANKING, order)[:k]), share, kl, score)
        for order in ORDERS
        for k, (share, kl, score) in enumerate(zip(SHARES[order], KLS[order], SCORES[order], strict=True))
    ),
    float_accuracy=75.0,
)
UNSCORED = Frontier(RANKING, tuple(replace(point, accuracy=None) for point in FRONTIER.points))


def test_the_orders():
    by = {order: [one.modules[-1].removeprefix("l.0.") for one in ordered(RANKING, order)] for order in ORDERS}
    assert by == {
        "bytes": ["o_proj", "W_pack", "up_proj", "down_proj"],
        "layers": ["W_pack", "up_proj", "o_proj", "down_proj"],
    }


@pytest.mark.parametrize(
    ("spare", "metric", "budget", "expected"),
    [
        ("bytes", "kl", 2.0, []),
        ("bytes", "kl", 0.04, ["l.0.o_proj", "l.0.W_pack"]),
        ("bytes", "kl", 0.039, ["l.0.o_proj", "l.0.W_pack", "l.0.gate_proj", "l.0.up_proj"]),
        ("layers", "kl", 0.6, ["l.0.W_pack"]),
        ("layers", "kl", 0.2, ["l.0.W_pack", "l.0.gate_proj", "l.0.up_proj"]),
        ("bytes", "accuracy", 3.5, ["l.0.o_proj"]),
        ("bytes", "accuracy", 3.4, ["l.0.o_proj", "l.0.W_pack", "l.0.gate_proj", "l.0.up_proj"]),
        ("layers", "accuracy", 1, ["l.0.W_pack", "l.0.gate_proj", "l.0.up_proj"]),
        ("layers", "accuracy", 0, ["l.0.W_pack", "l.0.gate_proj", "l.0.up_proj", "l.0.o_proj"]),
    ],
)
def test_the_shortest_list_within_the_budget_is_chosen(spare, metric, budget, expected):
    point = FRONTIER.choose(spare, metric, budget)
    assert FRONTIER.linears(point) == expected
    assert point.order == spare
    assert FRONTIER.loss(point, metric) <= budget


def test_the_points_of_the_other_order_do_not_count():
    shuffled = replace(FRONTIER, points=FRONTIER.points[::-1])
    for spare in ORDERS:
        assert shuffled.choose(spare, "kl", 0.6) == FRONTIER.choose(spare, "kl", 0.6)
    assert FRONTIER.choose("bytes", "kl", 0.6).groups == 2
    assert FRONTIER.choose("layers", "kl", 0.6).groups == 1


def test_a_budget_out_of_reach():
    with pytest.raises(
        UserError, match=r"quantize\.auto\.budget: 0\.001 is out of reach, the least kl loss is 0\.01"
    ):
        FRONTIER.choose("bytes", "kl", 0.001)
    with pytest.raises(UserError, match=r"quantize\.auto\.metric: accuracy is not in this sensitivity"):
        UNSCORED.choose("bytes", "accuracy", 100)


@pytest.mark.parametrize("frontier", [FRONTIER, UNSCORED], ids=["with accuracy", "without"])
def test_a_frontier_written_is_the_frontier_read(tmp_path, frontier):
    frontier.write(tmp_path / "s.json")
    assert Frontier.read(tmp_path / "s.json") == frontier


def test_a_damaged_or_foreign_sensitivity_is_refused(tmp_path):
    path = tmp_path / "s.json"
    FRONTIER.write(path)
    whole = path.read_text()
    assert whole.count('"groups": 2') == 2
    path.write_text(whole.replace('"groups": 2', '"groups": 1', 1))
    with pytest.raises(UserError, match=r"s\.json: damaged or edited since it was written"):
        Frontier.read(path)
    path.write_text(whole[: len(whole) // 2])
    with pytest.raises(UserError, match=r"s\.json: not valid JSON"):
        Frontier.read(path)
    write_sealed(path, read_whole(whole) | {"version": 2})
    with pytest.raises(UserError, match=r"s\.json: version 2, read is 1; give another"):
        Frontier.read(path)
    with pytest.raises(UserError, match=r"none\.json: no such file; run the step that makes it"):
        Frontier.read(tmp_path / "none.json")


def read_whole(text: str) -> dict:
    return {key: value for key, value in json.loads(text).items() if key != "sha256"}


# Recipes


def ranges_of(config) -> Calibration:
    """A calibration whose linears are the more spread the later they come."""
    groups = [
        tuple(f"model.layers.{layer}.{module}" for module in group)
        for layer in range(config.num_hidden_layers)
        for group in GROUPS
    ]
    ends = (-1.0, 1.0)
    return Calibration("m", 1, 1, tuple(GroupRanges(group, ends, ends, float(k)) for k, group in enumerate(groups)))


def test_the_recipes_of_the_13b():
    config = SHAPES["baichuan2-13b"]
    own, chosen = [f"model.layers.{k}.mlp.down_proj" for k in range(5)], ["model.layers.7.self_attn.o_proj"] * 3
    named = recipes(config, ranges_of(config), own, chosen)
    assert list(named) == [
        "none", "every down_proj", "the guide's 20 layers", "config.yaml", "auto", "disable_level L3"
    ]  # fmt: skip
    assert named["none"] == []
    assert [name.rpartition(".")[2] for name in named["every down_proj"]] == ["down_proj"] * 40
    assert len(named["the guide's 20 layers"]) == 100
    assert {int(name.split(".")[2]) for name in named["the guide's 20 layers"]} == set(GUIDE)
    assert (named["config.yaml"], named["auto"]) == (own, chosen)
    # L3: the widest down_proj and, of the next group, gate and up.
    assert named["disable_level L3"] == [f"model.layers.39.mlp.{name}_proj" for name in ("gate", "up", "down")]


@pytest.mark.parametrize(
    ("own", "chosen", "expected"),
    [
        ([], None, []),
        ([], [], ["auto"]),
        (LINEARS[:2], None, ["config.yaml", "disable_level L2"]),
        ([], LINEARS[:1], ["auto", "disable_level L1"]),
    ],
)
def test_recipes_without_a_list_of_ones_own(own, chosen, expected):
    assert list(recipes(ALIBI, ranges_of(ALIBI), own, chosen)) == ["none", "every down_proj", *expected]


def test_recipes_are_measured(alibi):
    named = {"none": [], "some": VARIANTS["every down_proj"], "whole": LINEARS}
    with open_streamed(alibi, "cpu", 2) as streamed:
        rows = measure(streamed, eighths, samples(), named)
        left = [[name for name in LINEARS if name not in some] for some in named.values()]
        assert [row["kl"] for row in rows] == divergences(streamed, eighths, samples(), left)
    assert [row["recipe"] for row in rows] == list(named)
    assert [row["linears"] for row in rows] == [0, 3, len(LINEARS)]
    sizes = weights_of(ALIBI)
    down = sum(sizes[name] for name in VARIANTS["every down_proj"]) / sum(sizes.values())
    assert [row["int8_share"] for row in rows] == [1.0, pytest.approx(1 - down, abs=1e-6), 0.0]
    assert rows[2]["kl"] == 0


# Tables, figure and page


MEASURED = {
    "scheme": "static",
    "prompts": 2,
    "tokens": 50,
    "recipes": [
        {"recipe": "none", "linears": 0, "int8_share": 1.0, "kl": 1.0},
        {"recipe": "config.yaml", "linears": 2, "int8_share": 0.693069, "kl": 0.04},
        {"recipe": "auto", "linears": 2, "int8_share": 0.693069, "kl": 0.04},
        {"recipe": "everything", "linears": 5, "int8_share": 0.0, "kl": 0.0},
    ],
}


def chosen_by(frontier: Frontier, metric: str = "kl", budget: float = 0.1, spare: str = "bytes") -> dict:
    left = frontier.linears(frontier.choose(spare, metric, budget))
    return {"metric": metric, "budget": budget, "spare": spare, "rollback": left}


def rollback_of(frontier: Frontier = FRONTIER, demo: bool = False, **choice) -> Rollback:
    return Rollback("m", demo, frontier, chosen_by(frontier, **choice), MEASURED)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_ranking_csv():
    assert rows_of(ranking_csv(rollback_of())) == [
        ["modules", "weights", "output_error", "kl", "place_bytes", "place_layers"],
        ["l.0.o_proj", "10", "0.2", "0.2", "1", "3"],
        ["l.0.W_pack", "300", "0.1", "0.3", "2", "1"],
        ["l.0.gate_proj l.0.up_proj", "500", "0.3", "0.5", "3", "2"],
        ["l.0.down_proj", "200", "0.4", "0.1", "4", "4"],
    ]
    assert [row[-1] for row in rows_of(ranking_csv(rollback_of(spare="layers")))[1:]] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("frontier", [FRONTIER, UNSCORED], ids=["with accuracy", "without"])
def test_frontier_csv(frontier):
    header, *rows = rows_of(frontier_csv(frontier))
    assert header == ["order", "groups", "linears", "int8_share", "kl", "accuracy"]
    read = [
        Point(row[0], int(row[1]), int(row[2]), float(row[3]), float(row[4]), float(row[5]) if row[5] else None)
        for row in rows
    ]
    assert tuple(read) == frontier.points


def test_recipes_csv():
    header, *rows = rows_of(recipes_csv(MEASURED["recipes"]))
    assert [dict(zip(header, row, strict=True))["recipe"] for row in rows] == [
        "none",
        "config.yaml",
        "auto",
        "everything",
    ]
    assert rows[1] == ["config.yaml", "2", "0.693069", "0.04"]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (
            {},
            "At most 0.1 nats of KL may be lost, with as few bytes as possible in float: 2 linears in float, 69.3 %",
        ),
        (
            {"metric": "accuracy", "budget": 1.5, "spare": "layers"},
            "At most 1.5 points of accuracy may be lost, with as",
        ),
    ],
)
def test_the_summary_has_the_list_to_paste(choice, said):
    rollback = rollback_of(**choice)
    text = markdown(rollback)
    assert said in text
    pasted = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])
    assert pasted == {"quantize": {"rollback": rollback.chosen["rollback"]}}
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    assert ["config.yaml", "2", "69.3 %", "0.04"] in cells
    assert "in W8A8 (scheme static) against float" in text
    assert "69.3 %" in terminal(rollback)
    assert "```" not in terminal(rollback)
    assert "frontier.svg" not in terminal(rollback)
    kept = [line[-1] for line in cells if line and line[0].startswith("l.0.")]
    assert kept == ["float"] * rollback.point.groups + ["int8"] * (len(RANKING) - rollback.point.groups)


def test_an_empty_list_is_pasted_as_one():
    assert "rollback: []" in markdown(rollback_of(budget=5))


def test_accuracy_is_told_where_it_was_measured():
    assert "70.0 % of the dev split right (75.0 % in float)" in markdown(rollback_of())
    assert "dev split" not in markdown(rollback_of(UNSCORED))


@pytest.mark.parametrize("demo", [False, True])
def test_the_demo_is_called_so(demo):
    rollback = rollback_of(demo=demo)
    assert ("the demo's figures, not Baichuan2's" in markdown(rollback)) == demo
    assert ("the demo's figures, not Baichuan2's" in terminal(rollback)) == demo
    assert ("(demo)" in frontier_figure(rollback).get_suptitle()) == demo


def lines_of(axes) -> dict[str, list[tuple[float, float]]]:
    return {line.get_label(): list(zip(*line.get_data(), strict=True)) for line in axes.lines}


def test_the_figure_shows_the_points():
    (panel,) = frontier_figure(rollback_of(UNSCORED)).axes
    drawn = lines_of(panel)
    for order in ORDERS:
        expected = sorted((100 * share, kl) for share, kl in zip(SHARES[order], KLS[order], strict=True))
        assert drawn[f"spare: {order}"] == expected
    assert drawn["auto's choice"] == [(69.3069, 0.04)]
    assert drawn["recipe"] == [(100, 1.0), (69.3069, 0.04)]  # 0 is on no logarithmic axis
    assert [text.get_text() for text in panel.texts] == ["none", "config.yaml\nauto"]
    assert {y for _, y in drawn["budget"]} == {0.1}
    assert panel.get_yscale() == "log"


@pytest.mark.parametrize("metric", ["kl", "accuracy"])
def test_the_figure_has_a_panel_of_accuracy_where_it_was_measured(metric):
    figure = frontier_figure(rollback_of(metric=metric, budget={"kl": 0.1, "accuracy": 2.0}[metric]))
    of_kl, of_accuracy = map(lines_of, figure.axes)
    assert [y for _, y in of_accuracy["spare: bytes"]] == list(SCORES["bytes"][::-1])
    assert {y for _, y in of_accuracy["float"]} == {75.0}
    assert ("budget" in of_kl, "budget" in of_accuracy) == (metric == "kl", metric == "accuracy")
    if metric == "accuracy":
        assert {y for _, y in of_accuracy["budget"]} == {73.0}


def write_records(folder: Path, frontier: Frontier = FRONTIER) -> list[Path]:
    paths = [folder / f"{name}.json" for name in ("sensitivity", "rollback", "recipes")]
    frontier.write(paths[0])
    write_sealed(paths[1], chosen_by(frontier))
    write_sealed(paths[2], MEASURED)
    return paths


def test_the_directory(tmp_path, capsys):
    records, out = write_records(tmp_path), tmp_path / "结 果"
    tabulate_rollback.main(*records, out, "m", demo=True)
    assert "Ways of choosing" in capsys.readouterr().out
    made = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(made) == FILES
    ElementTree.fromstring(made["frontier.svg"])
    page = made["summary.html"].decode()
    assert "data:image/svg+xml;base64," in page
    assert "<script" not in page
    tabulate_rollback.main(*records, out, "m", demo=True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == made


FILES = {"ranking.csv", "frontier.csv", "recipes.csv", "frontier.svg", "summary.md", "summary.html"}


@pytest.mark.parametrize("script", ["tabulate_rollback", "choose_rollback"])
def test_choosing_and_tabulating_need_no_torch(script):
    from baichuan2.jobs.code import code_of

    needing = [path.name for path in code_of(f"{script}.py") if "import torch" in path.read_text(encoding="utf-8")]
    assert needing == []


# The demo


def test_by_accuracy_on_the_dev_split(project, tmp_path):
    """Two subjects' dev questions, and a budget of what the measured lists lose."""
    model, demo = project / "results/model", project / "resources/demo"
    subjects = tmp_path / "subjects.csv"
    lines = (project / "resources/ceval_subjects.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    subjects.write_text("".join([lines[0], *(row for row in lines if row.startswith(("law,", "logic,")))]))
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text(
        "".join((demo / "calibration.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:2])
    )
    out, chosen = tmp_path / "sensitivity.json", tmp_path / "rollback.json"
    measure_sensitivity.main(
        model, project / "results/records/calibration.json", prompts, out, demo / "exam", subjects, threads=2
    )
    frontier = Frontier.read(out)
    assert frontier.float_accuracy in [10.0 * right for right in range(11)]  # of two subjects' five
    assert frontier.float_accuracy >= 60
    losses = {point.groups: frontier.loss(point, "accuracy") for point in frontier.points if point.order == "bytes"}
    assert losses[0] >= 10
    assert losses[max(losses)] == 0
    choose_rollback.main(out, chosen, "accuracy", 0, "bytes")
    found = read_sealed(chosen)
    least = min(groups for groups, loss in losses.items() if loss <= 0)
    assert found["loss"] <= 0
    assert found["rollback"] == [name for one in ordered(frontier.ranking, "bytes")[:least] for name in one.modules]


@pytest.mark.exhaustive
def test_auto_keeps_the_floats_score_with_most_bytes_in_int8(project, tmp_path):
    """The whole way: sensitivity, choice, artefact and exam; then results/rollback, and all records verified."""
    copy = tmp_path / "项目 auto"
    shutil.copytree(project, copy, symlinks=True)
    config = read_config_file(copy / "config/config.yaml")
    config["quantize"]["rollback"] = "auto"
    (copy / "config/config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    done = snakemake(copy, "results/ceval_quant", "results/rollback", "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    chosen = read_sealed(copy / "results/records/rollback.json")
    manifest = read_sealed(copy / "results/quant/manifest.json")
    assert chosen["loss"] <= chosen["budget"] == config["quantize"]["auto"]["budget"]
    assert sorted(manifest["float"]) == sorted(chosen["rollback"])
    assert manifest["int8_share_of_linear_bytes"] >= 0.8
    scores = {q: read_sealed(copy / f"results/ceval{q}/summary.json")["average"] for q in ("", "_quant")}
    assert scores["_quant"]["total"] == scores[""]["total"] >= 450
    assert scores["_quant"]["accuracy"] >= scores[""]["accuracy"] - 0.01
    assert {path.name for path in (copy / "results/rollback").glob("[!.]*")} == FILES
    recipes_found = {row["recipe"] for row in csv.DictReader((copy / "results/rollback/recipes.csv").open())}
    assert {"none", "every down_proj", "auto"} < recipes_found
    assert "What auto chooses" in done.stdout + done.stderr
    assert "demo's figures" in (copy / "results/rollback/summary.md").read_text(encoding="utf-8")
    by_name, by_path = (snakemake(copy, "--dry-run", target) for target in ("rollback", "results/rollback"))
    assert all("Nothing to be done" in found.stdout + found.stderr for found in (by_name, by_path))
    assert verify(copy / "results")[1] == []
    damaged = copy / "results/records/calibration.json"
    damaged.write_text(damaged.read_text().replace("0.", "1.", 1))
    assert [line.partition(": ")[0] for line in verify(copy / "results")[1]] == [str(damaged)]


def test_all_does_not_ask_for_it_and_accuracy_reads_the_exam(tmp_path):
    """Of dry runs without any results: what would run, and on what."""
    folder = copy_project(tmp_path / "project")
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(yaml.safe_dump({"quantize": {"auto": {"metric": "accuracy", "budget": 1}}}))
    plain = snakemake(folder, "--dry-run", "--printshellcmds")
    assert plain.returncode == 0, plain.stderr
    assert "measure_sensitivity" not in plain.stdout
    assert "tabulate_rollback" not in plain.stdout
    by = {}
    for metric, options in {"kl": [], "accuracy": ["--configfile", str(overlay)]}.items():
        done = snakemake(folder, "--dry-run", "--printshellcmds", *options, "--", "rollback")
        assert done.returncode == 0, done.stderr
        by[metric] = "--exam resources/demo/exam" in done.stdout
    assert by == {"kl": False, "accuracy": True}
