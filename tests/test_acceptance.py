"""Acceptance of a CPU and of the fake cards: all passes, one thing is wrong, a check raises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from baichuan2.acceptance import items
from baichuan2.acceptance.rows import ABSENT, FAIL, NOTED, PASS, Options
from baichuan2.errors import UserError
from baichuan2.integrity import read_sealed, verify
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.known import write_known
from baichuan2.model.sizes import KNOWN
from helpers.projects import ROOT, copy_project, snakemake

A2, DUO = "Ascend910B4", "Ascend310P3"
ITEMS = list(items.ITEMS)
OF_ASCEND = ("attention", "nz", "codes", "overflow")


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    """The demo in float."""
    folder, demo = tmp_path_factory.mktemp("results") / "model", ROOT / "resources" / "demo" / "model"
    link_model(demo, folder)
    patch_config(demo, folder)
    return folder


@pytest.fixture
def run_script(model, tmp_path):
    """run_script(device, *arguments, environment=...) runs it with tiny sizes -> (process, record)."""

    def run(device: str, *arguments: str, environment: dict) -> tuple[subprocess.CompletedProcess, dict]:
        script = [ROOT / "workflow" / "scripts" / "accept_device.py", "--quick", "--device", device]
        demo = ["--model", model, "--prompts", ROOT / "resources" / "demo" / "calibration.jsonl"]
        process = subprocess.run(
            [sys.executable, *script, *demo, "--out", tmp_path / "out", *arguments],
            env=environment | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert (tmp_path / "out" / "acceptance.json").is_file(), process.stderr[-3000:]
        return process, read_sealed(tmp_path / "out" / "acceptance.json")

    return run


@pytest.fixture
def on_cards(fake_cards, run_script):
    """on_cards(soc, *options, **variables) does the same on fake cards."""
    return lambda soc, *options, **variables: run_script("npu", *options, environment=fake_cards(soc, **variables))


def verdicts(record: dict) -> dict[str, str]:
    return {item["item"]: item["verdict"] for item in record["items"]}


def rows(record: dict, verdict: str) -> dict[tuple[str, str], dict]:
    """Numbers by item and what was compared."""
    every = [(item["item"], row) for item in record["items"] for row in item["rows"]]
    return {(item, row["what"]): row["numbers"] for item, row in every if row["verdict"] == verdict}


def failed_checks(record: dict) -> set[tuple[str, str]]:
    """Items and checks that failed, without their dtypes and sizes."""
    return {(item, re.sub(r"^\w*float16: |\d.*|, .*", "", what)) for item, what in rows(record, FAIL)}


def test_a_cpu_passes_what_makes_sense_there(run_script, tmp_path):
    process, record = run_script("cpu", environment=dict(os.environ))
    assert (process.returncode, failed_checks(record)) == (0, set()), process.stdout + process.stderr[-3000:]
    absent = dict.fromkeys(("graph", *OF_ASCEND), ABSENT)
    assert verdicts(record) == dict.fromkeys(ITEMS, PASS) | {"bandwidth": NOTED} | absent
    reasons = {item: reason["because"] for (item, _), reason in rows(record, ABSENT).items()}
    assert {reasons[item] for item in OF_ASCEND} == {"of Ascend alone"}
    assert "a CPU has no graphs" in reasons["graph"]
    page = (tmp_path / "out" / "acceptance.md").read_text(encoding="utf-8")
    for item in record["items"]:
        assert f"## {item['item']}: {item['verdict']}" in page
        for row in item["rows"]:
            assert row["numbers"], row
            assert f"  {row['verdict']:8}  {row['what']}: " in page
    html = (tmp_path / "out" / "acceptance.html").read_text(encoding="utf-8")
    assert "None of 10 items failed." in html


def test_everything_on_910b_with_two_cards(on_cards):
    process, record = on_cards(A2, TASK_QUEUE_ENABLE="0")  # npu_probe.py says why no queue
    assert (process.returncode, failed_checks(record)) == (0, set()), process.stdout + process.stderr[-3000:]
    assert verdicts(record) == dict.fromkeys(ITEMS, PASS) | {"bandwidth": NOTED}
    assert (record["device"]["soc"], record["device"]["device_name"], record["quick"]) == ("Ascend910B", A2, True)
    assert record["device"]["torch_npu"]
    assert rows(record, PASS)["environment", "TASK_QUEUE_ENABLE"] == {"found": "0"}
    assert [what for _, what in rows(record, ABSENT)] == [
        "w8a8 float16: the demo's answers to 5 prompts, against float64",
        "the overflow flag: set by that product, clear after a model's forwards",
    ]
    assert len(rows(record, PASS)) > 70
    for numbers in rows(record, NOTED).values():
        assert all(value for value in numbers.values())
    orders = [numbers for (_, what), numbers in rows(record, PASS).items() if "order of scale" in what]
    assert len(orders) == 4
    assert {numbers["it is"] for numbers in orders} == {"softmax(scale*qk + pse)"}


def test_a_larger_model_is_held_against_the_demo_in_it(on_cards, model, tmp_path):
    """The 13B's form, with five layers."""
    demo, source = ROOT / "resources" / "demo" / "model", tmp_path / "known"
    write_known(demo, replace(KNOWN["demo-13b-small"], num_hidden_layers=5), source)
    link_model(source, tmp_path / "large")
    process, record = on_cards(A2, "--only", "model", "--model", tmp_path / "large", "--known-model", model)
    assert process.returncode == 0, process.stderr[-3000:]
    (answers,) = [numbers for (_, what), numbers in rows(record, PASS).items() if "float float16: the demo" in what]
    assert answers["same"] == answers["of"] == 5


def test_everything_on_310p_with_one_card(on_cards):
    process, record = on_cards(DUO, FAKE_NPU_COUNT="1")
    assert (process.returncode, failed_checks(record)) == (0, set()), process.stdout + process.stderr[-3000:]
    absent = {item: reason["because"] for (item, _), reason in rows(record, ABSENT).items()}
    expected = dict.fromkeys(ITEMS, PASS) | {"bandwidth": NOTED}
    assert verdicts(record) == expected | dict.fromkeys(("attention", "ranks", "graph"), ABSENT)
    assert absent["attention"] == "Ascend310P has no fused attention that takes a position bias"
    assert absent["ranks"] == "1 card: collectives need two"
    assert "Ascend310P cannot write its cache in a graph" in absent["graph"]
    assert not any("bfloat16" in row["what"] for item in record["items"] for row in item["rows"])


FAULTS = {  # of the fake chip (fake_cann): the chip, the items to run, and the checks that then fail
    "pse_first": (
        A2,
        ("attention", "nz", "operators"),
        {
            *(("attention", what) for what in ("order of scale and pse_shift", "decode by actual_seq_lengths_kv ")),
            *(("attention", what) for what in ("decode of ", "decode by -")),
            ("operators", "store and attention with ALiBi"),
        },
    ),
    "mask_512": (A2, ("attention", "operators"), set()),
    "saturation": (A2, ("attention", "codes", "overflow"), {("overflow", "a product beyond the dtype")}),
    "jit": (DUO, ("environment",), {("environment", "a job opens its device")}),
    "deq_bits": (A2, ("codes", "nz"), {("codes", "every output of an int")}),
    "rounding": (A2, ("attention", "codes"), {("codes", "npu_quantize"), ("codes", "npu_add_rms_norm_quant")}),
}


@pytest.mark.parametrize(
    "fault",
    [
        name if name in ("pse_first", "mask_512") else pytest.param(name, marks=pytest.mark.exhaustive)
        for name in FAULTS
    ],
)
def test_a_fault_of_the_chip_is_seen_where_it_matters(on_cards, fault):
    """And nothing else fails. A mask that ends at key 512 harms nothing: it is noted.

    With the other order of scale and pse_shift every result is another, that of the mask too.
    """
    soc, names, checks = FAULTS[fault]
    process, record = on_cards(soc, *(word for name in names for word in ("--only", name)), FAKE_NPU_FAULTS=fault)
    assert failed_checks(record) == checks
    failures = {item for item, _ in checks}
    assert verdicts(record) == {name: FAIL if name in failures else PASS for name in names}
    assert process.returncode == bool(failures)
    noted = {numbers["it"] for (_, what), numbers in rows(record, NOTED).items() if "a bool mask in decode" in what}
    assert fault == "pse_first" or noted <= {"does not hide" if fault == "mask_512" else "hides"}
    orders = {numbers["it is"] for (_, what), numbers in rows(record, FAIL).items() if "order of scale" in what}
    assert orders <= {"softmax(scale*(qk + pse))"}


@pytest.mark.exhaustive
def test_the_target_takes_the_demo_if_that_is_configured_and_leaves_its_files_where_items_fail(tmp_path):
    project = copy_project(tmp_path / "project")
    dry_run = snakemake(project, "-n", "acceptance")
    assert re.search(r"^quantize_weights +1$", dry_run.stdout + dry_run.stderr, re.MULTILINE)
    process = snakemake(
        project, "acceptance", "--config", 'model={"source": "hf:org/name"}', 'engine={"device": "cuda"}',
        CUDA_VISIBLE_DEVICES="",
    )  # fmt: skip
    assert process.returncode == 1
    errors = [line for line in (process.stdout + process.stderr).splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert "items failed: environment, operators, " in errors[0]
    record = read_sealed(project / "results" / "acceptance" / "acceptance.json")
    assert verdicts(record)["operators"] == FAIL
    assert verify(project / "results") == (1, [])
    assert {path.name for path in (project / "results").iterdir()} == {"acceptance", "logs"}


STUB = """
import os
from baichuan2.acceptance.rows import Check, NotHereError, judge

def stub(options):
    yield Check("right", lambda: judge(True, process=os.getpid()))
    yield Check("raises", lambda: 1 / 0)
    yield Check("behind it", lambda: judge(True, process=os.getpid()))
    yield Check("dies", lambda: os._exit(9))
    yield Check("last", lambda: judge(True, process=os.getpid()))

def breaks(options):
    yield Check("right", lambda: judge(True))
    raise OSError("no room")

def absent(options):
    raise NotHereError("one card")
    yield

def empty(options):
    return iter(())
"""


def test_one_checks_error_is_its_own(tmp_path, monkeypatch, capsys):
    (tmp_path / "stubs.py").write_text(STUB)
    monkeypatch.syspath_prepend(tmp_path)
    names = ("stub", "breaks", "absent", "empty")
    runner = items.Runner(Options("cpu"))
    try:
        records = {name: runner.item(name, f"stubs:{name}") for name in names}
    finally:
        runner.close()
    stub = records["stub"]["rows"]
    assert [(row["what"], row["verdict"]) for row in stub] == [
        ("right", PASS), ("raises", FAIL), ("behind it", PASS), ("dies", FAIL), ("last", PASS),
    ]  # fmt: skip
    assert len({stub[k]["numbers"]["process"] for k in (0, 2, 4)}) == 3
    assert stub[1]["numbers"] == {"error": "ZeroDivisionError: division by zero"}
    assert "its process ended with code 9" in stub[3]["numbers"]["error"]
    assert [row["what"] for row in records["breaks"]["rows"]] == ["right", items.WHOLE]
    assert records["breaks"]["rows"][1]["numbers"] == {"error": "OSError: no room"}
    assert records["absent"]["rows"] == [
        {"what": items.WHOLE, "verdict": ABSENT, "numbers": {"because": "one card"}}
    ]  # fmt: skip
    assert records["empty"]["rows"][0]["numbers"] == {"error": "compared nothing"}
    assert [item["verdict"] for item in records.values()] == [FAIL, FAIL, ABSENT, FAIL]
    assert "  FAIL      raises: error ZeroDivisionError: division by zero\n" in capsys.readouterr().out


def test_an_unknown_item_is_refused():
    with pytest.raises(UserError, match="--only: speed is no item; the items are environment, operators"):
        next(items.accept(Options("cpu"), ["speed"]))
