"""benchmarks/first_day.py on the make-believe cards: all is right, one thing is wrong, a check breaks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import first_day
from ascend_rows import ABSENT, FAIL, NOTED, PASS
from baichuan2.errors import UserError
from baichuan2.model.directory import link_model, patch_config

A2, DUO = "Ascend910B4", "Ascend310P3"
ITEMS = list(first_day.ITEMS)


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """The workflow's results folder: the demo in float, not quantized."""
    folder, demo = tmp_path_factory.mktemp("results"), ROOT / "resources" / "demo" / "model"
    link_model(demo, folder / "model")
    patch_config(demo, folder / "model")
    return folder


@pytest.fixture
def day(make_believe, results, tmp_path):
    """day(soc, *arguments, **environment) runs the script with tiny sizes -> (what it printed, the file)."""

    def run(soc: str, *arguments: str, **environment: str) -> tuple[subprocess.CompletedProcess, dict]:
        out = tmp_path / "day.json"
        script = [ROOT / "benchmarks" / "first_day.py", "--quick", "--results", results, "--out", out, *arguments]
        one_thread = make_believe(soc, OMP_NUM_THREADS="1", **environment)
        done = subprocess.run(
            [sys.executable, *script], env=one_thread, capture_output=True, text=True, timeout=300
        )  # fmt: skip
        assert out.is_file(), done.stderr[-3000:]
        return done, json.loads(out.read_text(encoding="utf-8"))

    return run


def verdicts(found: dict) -> dict[str, str]:
    return {item["item"]: item["verdict"] for item in found["items"]}


def rows(found: dict, verdict: str) -> dict[tuple[str, str], dict]:
    """Numbers by item and what was compared."""
    every = [(item["item"], row) for item in found["items"] for row in item["rows"]]
    return {(item, row["what"]): row["numbers"] for item, row in every if row["verdict"] == verdict}


def wrong(found: dict) -> set[tuple[str, str]]:
    """Items and checks that failed, without their dtypes and sizes."""
    return {(item, re.sub(r"^\w*float16: |\d.*|, .*", "", what)) for item, what in rows(found, FAIL)}


def test_everything_on_910b_with_two_cards(day):
    done, found = day(A2)
    assert (done.returncode, wrong(found)) == (0, set()), done.stdout + done.stderr[-3000:]
    assert verdicts(found) == dict.fromkeys(ITEMS, PASS) | {"bandwidth": NOTED}
    assert found["environment"]["quick"]
    assert (found["device"]["soc"], found["device"]["device_name"], found["device"]["cards"]) == ("Ascend910B", A2, 2)
    assert found["device"]["torch_npu"]
    assert found["settings"]["TASK_QUEUE_ENABLE"] == "1"
    absent = rows(found, ABSENT)
    assert [reason["because"].partition(" is not made")[1] for reason in absent.values()] == [" is not made"]
    assert len(rows(found, PASS)) > 70
    for item in found["items"]:
        for row in item["rows"]:
            assert row["numbers"], row
            assert f"  {row['verdict']:8}  {row['what']}: " in done.stdout
    for numbers in rows(found, NOTED).values():
        assert all(value for value in numbers.values())
    orders = [numbers for (_, what), numbers in rows(found, PASS).items() if "order of scale" in what]
    assert len(orders) == 4
    assert {numbers["it is"] for numbers in orders} == {"softmax(scale*qk + pse)"}


def test_everything_on_310p_with_one_card(day):
    done, found = day(DUO, FAKE_NPU_COUNT="1")
    assert (done.returncode, wrong(found)) == (0, set()), done.stdout + done.stderr[-3000:]
    expected = (
        dict.fromkeys(ITEMS, PASS) | {"bandwidth": NOTED} | dict.fromkeys(("attention", "hccl", "graph"), ABSENT)
    )
    assert verdicts(found) == expected
    absent = {item: reason["because"] for (item, _), reason in rows(found, ABSENT).items()}
    assert absent["attention"] == "Ascend310P has no fused attention that takes a position bias"
    assert absent["hccl"] == "1 card: collectives need two"
    assert absent["graph"] == "Ascend310P cannot write its cache in a graph"
    assert not any("bfloat16" in row["what"] for item in found["items"] for row in item["rows"])


def test_the_other_order_of_scale_and_pse_shift_fails_what_has_a_position_bias_and_nothing_else(day):
    chosen = [word for name in ("attention", "nz", "operators") for word in ("--only", name)]
    done, found = day(A2, *chosen, FAKE_NPU_PSE_FIRST="1")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "error: 2 of 3 items failed: attention, operators; see the lines with FAIL"
    assert verdicts(found) == {"attention": FAIL, "nz": PASS, "operators": FAIL}
    orders = [numbers for (_, what), numbers in rows(found, FAIL).items() if "order of scale" in what]
    assert {numbers["it is"] for numbers in orders} == {"softmax(scale*(qk + pse))"}
    assert {what for item, what in wrong(found) if item == "operators"} == {"store and attention with ALiBi"}


STUB = """
import os
from ascend_rows import Check, NotHereError, judged

def stub(options):
    yield Check("right", lambda: judged(True, process=os.getpid()))
    yield Check("raises", lambda: 1 / 0)
    yield Check("behind it", lambda: judged(True, process=os.getpid()))
    yield Check("dies", lambda: os._exit(9))
    yield Check("last", lambda: judged(True, process=os.getpid()))

def breaks(options):
    yield Check("right", lambda: judged(True))
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
    monkeypatch.setattr(first_day, "ITEMS", {name: f"stubs:{name}" for name in ("stub", "breaks", "absent", "empty")})
    runner = first_day.Runner(first_day.Options(True, tmp_path))
    try:
        found = {name: runner.item(name) for name in first_day.ITEMS}
    finally:
        runner.close()
    stub = found["stub"]["rows"]
    assert [(row["what"], row["verdict"]) for row in stub] == [
        ("right", PASS), ("raises", FAIL), ("behind it", PASS), ("dies", FAIL), ("last", PASS),
    ]  # fmt: skip
    assert len({stub[k]["numbers"]["process"] for k in (0, 2, 4)}) == 3
    assert stub[1]["numbers"] == {"error": "ZeroDivisionError: division by zero"}
    assert "its process ended with code 9" in stub[3]["numbers"]["error"]
    assert [row["what"] for row in found["breaks"]["rows"]] == ["right", first_day.WHOLE]
    assert found["breaks"]["rows"][1]["numbers"] == {"error": "OSError: no room"}
    assert found["absent"]["rows"] == [
        {"what": first_day.WHOLE, "verdict": ABSENT, "numbers": {"because": "one card"}}
    ]  # fmt: skip
    assert found["empty"]["rows"][0]["numbers"] == {"error": "compared nothing"}
    assert [item["verdict"] for item in found.values()] == [FAIL, FAIL, ABSENT, FAIL]
    assert "  FAIL      raises: error ZeroDivisionError: division by zero\n" in capsys.readouterr().out


def test_an_unknown_item_is_refused(tmp_path):
    with pytest.raises(UserError, match="--only: speed is no item; the items are environment, attention"):
        first_day.main(out=tmp_path / "day.json", only=["speed"])
    assert list(tmp_path.iterdir()) == []
