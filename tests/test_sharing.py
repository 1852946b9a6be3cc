"""An exam shared by replicas: the same records as one replica's, every question once, a killed replica goes on."""

from __future__ import annotations

import json
import random
import shutil

import pytest

from baichuan2.ceval import protocols, scoring
from baichuan2.ceval.records import read_records, write_records
from baichuan2.ceval.sharing import Share, merge, share_header, share_of
from baichuan2.errors import UserError
from helpers.models import score_exam
from helpers.projects import snakemake
from test_ceval import FakeEngine, make_exam

COUNTS = (1, 2, 4)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 52])
def test_shares_are_whole_and_even(count):
    chance = random.Random(count)
    costs = [chance.randint(300, 6000) for _ in range(52)]
    shares = [share_of(Share(number, count), range(52), costs) for number in range(1, count + 1)]
    assert sorted(item for share in shares for item in share) == list(range(52))
    assert all(share == sorted(share) for share in shares)
    best = max(sum(costs) / count, max(costs))
    assert max(sum(costs[item] for item in share) for share in shares) <= 4 / 3 * best


def test_more_replicas_than_batches_are_refused():
    with pytest.raises(UserError, match=r"parallel\.data: 3 replicas for 2 batches of questions; lower it"):
        share_of(Share(1, 3), [0, 1], [5, 5])


def score(folder, exam, protocol, share, engine=None, **options):
    """Score one share and write its file, as score_ceval does."""
    records = scoring.score_share(engine or FakeEngine(), exam, protocol, batch=4, share=share, **options)
    header = {
        "protocol": protocol.name,
        "seconds": share.number,
        "environment": {"device_name": f"card {share.number}"},
    }
    path = folder / f"ceval.{share.number}-of-{share.count}.jsonl"
    write_records(path, header | share_header(share, records), records.values())
    return path


@pytest.mark.parametrize("name", ["sdk", "official"])
def test_replicas_write_the_records_of_one(tmp_path, name):
    exam, protocol = make_exam(tmp_path, count=7), protocols.get_protocol(name)
    whole = score_exam(FakeEngine(), exam, protocol, batch=4)
    for count in COUNTS[1:]:
        paths = [score(tmp_path, exam, protocol, Share(number, count)) for number in range(1, count + 1)]
        header, records = merge(list(reversed(paths)))
        assert records == whole
        assert header["data"] == header["seconds"] == count
        assert header["environment"]["device_name"].split(", ") == [f"card {k}" for k in range(1, count + 1)]
        assert not {"share", "shares", "places"} & set(header)


def test_a_killed_replica_goes_on_and_asks_nothing_twice(tmp_path):
    exam, sdk, journal = make_exam(tmp_path), protocols.get_protocol("sdk"), tmp_path / "journal"
    engines = [FakeEngine(), FakeEngine(fail_after=2), FakeEngine()]
    first = score(tmp_path, exam, sdk, Share(1, 2), engines[0])
    with pytest.raises(KeyboardInterrupt):
        score(tmp_path, exam, sdk, Share(2, 2), engines[1], journal=journal)
    second = score(tmp_path, exam, sdk, Share(2, 2), engines[2], journal=journal)
    whole = FakeEngine()
    assert merge([first, second])[1] == score_exam(whole, exam, sdk, batch=4)
    kept = 6  # of the batch of 4 and the one of 2 that were answered before the kill
    asked = [prompt for engine in engines for prompt in engine.prompts]
    assert len(engines[1].prompts) >= kept
    assert len(engines[0].prompts) + kept + len(engines[2].prompts) == len(whole.prompts)
    assert {tuple(prompt) for prompt in asked} == {tuple(prompt) for prompt in whole.prompts}


def test_shares_that_do_not_go_together_are_refused(tmp_path):
    exam, official = make_exam(tmp_path), protocols.get_protocol("official")
    one, two = (score(tmp_path, exam, official, Share(number, 2)) for number in (1, 2))
    with pytest.raises(UserError, match="have a question twice or not at all"):
        merge([one])
    with pytest.raises(UserError, match="have a question twice or not at all"):
        merge([one, one])
    header, records = read_records(one)
    write_records(two, header | {"places": list(range(len(records)))}, records)
    with pytest.raises(UserError, match="have a question twice or not at all"):
        merge([two])
    two = score(tmp_path, exam, official, Share(2, 2))
    lines = two.read_text(encoding="utf-8").splitlines()
    header, *records = read_records(two)[0], *read_records(two)[1]
    assert len(records) == len(lines) - 2
    write_records(two, header | {"shots": 4}, records)
    with pytest.raises(UserError, match=r"was not asked as .* was; delete both and run again"):
        merge([one, two])
    for path, version in ((one, "1.2.3"), (two, "1.2.4")):  # a server that changed between the shares
        header, records = read_records(path)
        environment = {"device_name": f"stub {version}", "server_version": version}
        write_records(path, header | {"shots": 5, "environment": environment}, records)
    with pytest.raises(UserError, match="was not asked as"):
        merge([one, two])


def test_the_workflow_with_replicas(project, tmp_path):
    """The whole demo exam by three replicas has the lines of the plain run's, but for the header."""
    copy = tmp_path / "项目 replicas"
    shutil.copytree(project, copy, symlinks=True)
    before = (copy / "results/records/ceval.jsonl").read_text(encoding="utf-8").splitlines()
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text("parallel: {data: 3}\n", encoding="utf-8")
    done = snakemake(copy, "--cores", "2", "ceval", "--configfile", str(overlay))
    assert done.returncode == 0, done.stdout + done.stderr
    after = (copy / "results/records/ceval.jsonl").read_text(encoding="utf-8").splitlines()
    assert after[1:-1] == before[1:-1]
    assert json.loads(after[0])["data"] == 3
    shares = [read_records(path)[0] for path in sorted((copy / "results/records").glob("ceval.*-of-3.jsonl"))]
    assert sorted(place for header in shares for place in header["places"]) == list(range(len(before) - 2))
    assert "Nothing to be done" in snakemake(copy, "-n", "ceval", "--configfile", str(overlay)).stdout
