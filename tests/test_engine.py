"""The engine's three paths agree with each other and with transformers; prompts, sampling and random weights."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from transformers import AutoModelForCausalLM

from baichuan2.devices.base import Device
from baichuan2.devices.cpu import CpuDevice
from baichuan2.engine.cache import KVCache, Packed, Positions
from baichuan2.engine.engine import Settings, open_engine, pack
from baichuan2.engine.sampling import Sampler, Sampling
from baichuan2.errors import UserError
from baichuan2.model import sizes
from baichuan2.model.directory import link_model
from baichuan2.model.tokenizer import ASSISTANT_ID, USER_ID, Tokenizer
from baichuan2.modeling import network
from baichuan2.ranks.memory import LOGITS_TOGETHER
from baichuan2.speed.timing import time_run
from helpers.models import ALIBI, ROPE

IDS = [5 + (7 * k) % 300 for k in range(40)]
CPU = Settings("cpu", "float32", 128, threads=2)


def first_largest(logits):
    return logits.argmax(-1).tolist()


@pytest.fixture(scope="module", params=[ALIBI, ROPE], ids=["13b", "7b"])
def model(request, make_model):
    return make_model(request.param)


@pytest.fixture(scope="module")
def engine(model):
    with open_engine(CPU, model) as opened:
        yield opened


def test_score_is_prefill_at_each_end(engine):
    suffixes = [IDS[10:40], IDS[10:12], IDS[10:25]]
    scores = torch.tensor(engine.score(IDS[:10], suffixes, [7, 8, 9]))
    for row, suffix in zip(scores, suffixes, strict=True):
        alone = engine.prefill(engine.cache_for(1, 128), [IDS[:10] + suffix])[0, [7, 8, 9]]
        torch.testing.assert_close(row, alone, rtol=1e-5, atol=1e-5)


def test_rope_of_an_odd_head_is_refused(make_source, tmp_path):
    """It was computed, of memory that nobody had written."""
    source = make_source(tmp_path / "source", replace(ROPE, hidden_size=120), "safetensors")
    with pytest.raises(UserError, match=r"config\.json: 15 numbers a head, but RoPE turns pairs of them; fetch the"):
        link_model(source, tmp_path / "model")


def test_many_scores_take_no_more_memory_than_is_promised(engine, monkeypatch):
    """However many questions: one sequence's cache, and so many rows of logits."""
    prefix, suffixes, head = IDS * 2, [[5 + k, *IDS[: 2 + k % 40]] for k in range(100)], engine.model.head
    expected = engine.score(prefix, suffixes, [7, 8, 9])
    rows: list[int] = []
    monkeypatch.setattr(engine.model, "head", lambda hidden: rows.append(len(hidden)) or head(hidden))
    engine.drop_cache()
    assert engine.score(prefix, suffixes, [7, 8, 9]) == expected
    assert engine.cache_for(1, 1).length == 128
    assert sum(rows) == 100
    assert max(rows) == LOGITS_TOGETHER


def test_long_prefills_come_in_pieces(engine, monkeypatch):
    whole = engine.prefill(engine.cache_for(2, 128), [IDS, IDS[:23]])
    monkeypatch.setattr(engine.device, "prefill_tokens", 14)
    pieces = engine.prefill(engine.cache_for(2, 128), [IDS, IDS[:23]])
    torch.testing.assert_close(pieces, whole, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("value", [torch.inf, torch.nan])
@pytest.mark.parametrize("settings", [Sampling(), Sampling(temperature=1.0)], ids=["greedy", "sampled"])
def test_no_token_is_chosen_of_logits_that_are_not_finite(engine, value, settings, monkeypatch):
    logits, seven = engine.model.next_logits, torch.tensor([7])
    monkeypatch.setattr(
        engine.model, "next_logits", lambda hidden, best: logits(hidden, best).index_fill_(1, seven, value)
    )
    with pytest.raises(UserError, match="float32: numbers of the network leave its range"):
        engine.generate([IDS[:9]], 2, sampling=settings)


def test_batches_and_prefixes_generate_what_transformers_does(engine, model):
    theirs = AutoModelForCausalLM.from_pretrained(model, trust_remote_code=True, dtype=torch.float32)
    prompts = [IDS, IDS[:9], IDS[3:20]]
    expected = [
        theirs.generate(torch.tensor([p]), max_new_tokens=8, do_sample=False, repetition_penalty=1.0)[0, len(p) :]
        for p in prompts
    ]
    found = engine.generate(prompts, 8)
    for ours, reference in zip(found, expected, strict=True):
        tokens = reference.tolist()
        assert ours == (tokens[: tokens.index(2)] if 2 in tokens else tokens)
    assert engine.generate([IDS[5:], IDS[5:9]], 8, prefix=IDS[:5]) == [found[0], found[1]]


def test_a_stop_token_ends_its_sequence_alone(engine):
    prompts = [IDS, IDS[3:20]]
    whole = engine.generate(prompts, 6, stop_ids=())
    stop = next(token for token in whole[0] if token not in whole[1])
    stopped = engine.generate(prompts, 6, stop_ids=(stop,))
    assert stopped == [whole[0][: whole[0].index(stop)], whole[1]]


def test_too_long_is_refused(engine):
    with pytest.raises(UserError, match=r"engine.max_seq_len: 128 is less than .* 140 tokens"):
        engine.generate([IDS], 100)


def test_measure_times_every_token(engine):
    detail = time_run(engine, 2, 16, 5, "detail", seed=1)
    assert len(detail.pre_s) == len(detail.forward_s) == len(detail.post_s) == 5
    assert sum(detail.pre_s + detail.forward_s + detail.post_s) <= detail.response_s
    time_run(engine, 1, 16, 2, "normal", seed=1)  # a first run is slow at its beginning
    normal = time_run(engine, 1, 16, 100, "normal", seed=1)
    assert 0 < normal.first_s < normal.total_s == normal.response_s


@pytest.mark.parametrize("quantized", [False, True])
def test_random_weights_need_no_files(monkeypatch, quantized):
    monkeypatch.setitem(sizes.SHAPES, "tiny", replace(ALIBI, dtype="bfloat16"))
    with open_engine(CPU, "random:tiny", "w8a8" if quantized else None) as engine:
        assert engine.precision == ("w8a8" if quantized else "float")
        assert time_run(engine, 1, 8, 2, "detail", seed=0).response_s > 0
    with (
        pytest.raises(UserError, match=r"no shape named '13b'; known: baichuan2-13b"),
        open_engine(CPU, "random:13b"),
    ):
        pass


def test_packing_keeps_order_and_budget():
    assert list(pack([[0] * 3, [0] * 3, [0] * 9, [0]], 6)) == [[0, 1], [2], [3]]


def test_sampling_keeps_the_likely_and_repeats():
    logits = torch.tensor([[5.0, 4.9, 1.0, -3.0]]).repeat(200, 1)
    sampler = Sampler(Sampling(temperature=1.0, top_k=3, top_p=0.9, seed=3), first_largest)
    chosen = sampler.choose(logits, lambda: [[] for _ in range(200)])
    assert set(chosen) == {0, 1}  # top_p leaves the third out, top_k the fourth
    again = Sampler(Sampling(temperature=1.0, top_k=3, top_p=0.9, seed=3), first_largest)
    assert again.choose(logits, lambda: [[] for _ in range(200)]) == chosen


@pytest.mark.parametrize("settings", [(0, 0.5), (0, 0.9), (0, 1.0), (50, 0.5), (50, 1.0)])
@pytest.mark.parametrize("width", [0.0, 3.0])  # all alike: more than a few hold top_p
def test_the_nucleus_is_the_fewest_likely_tokens(settings, width):
    top_k, top_p = settings
    logits = torch.randn(2, 5000, generator=torch.Generator().manual_seed(0)) * width
    sampling = Sampling(1.0, top_k, top_p)
    drawn, tokens = Sampler(sampling, first_largest)._nucleus(logits)
    found = torch.zeros_like(logits).scatter_(-1, tokens, drawn)
    for row, probabilities in zip(logits.double().softmax(-1), found, strict=True):
        ordered, order = row.sort(descending=True)
        if top_k and width:
            ordered = ordered[:top_k] / ordered[:top_k].sum()
        count = int((ordered.cumsum(0) - ordered < top_p).sum())
        assert abs(int((probabilities > 0).sum()) - count) <= (width == 0)
        if width:
            likely = probabilities[order[:count]].double()
            torch.testing.assert_close(
                likely / likely.sum(), ordered[:count] / ordered[:count].sum(), rtol=1e-4, atol=0
            )


def test_repetition_penalty_lowers_what_was_seen():
    sampler = Sampler(Sampling(repetition_penalty=2.0), first_largest)
    assert sampler.choose(torch.tensor([[4.0, 3.0], [-1.0, -1.5]]), lambda: [[0], [0]]) == [1, 1]


def test_published_sampling_is_read(model):
    assert Sampling.published(model / "generation_config.json", seed=1) == Sampling(0.3, 5, 0.85, 1.05, 1)


def test_chat_keeps_the_newest_rounds(model):
    tokenizer = Tokenizer(model)
    first, reply, last = (tokenizer.encode(text) for text in ("中国", "首都", "答案"))
    chat = [
        {"role": "user", "content": "中国"},
        {"role": "assistant", "content": "首都"},
        {"role": "user", "content": "答案"},
    ]
    newest = [USER_ID, *last, ASSISTANT_ID]
    everything = [USER_ID, *first, ASSISTANT_ID, *reply, *newest]
    assert tokenizer.chat(chat, most=100) == everything
    assert tokenizer.chat(chat, most=len(everything) - 1) == newest
    system = [{"role": "system", "content": "中国"}]
    assert tokenizer.chat(system + chat[2:], most=100) == [*first, *newest]
    with pytest.raises(UserError, match="must end with a user's message"):
        tokenizer.chat(chat[:2], most=100)


@pytest.mark.parametrize("alibi", [True, False])
def test_packed_sequences_attend_apart(alibi):
    """What one attention over all slots gives, keys of sequences that have no part in it not even read."""
    generator = torch.Generator().manual_seed(0)
    packed = Packed(37, [50, 20, 90], "cpu")
    cache = KVCache(1, 1, 4, packed.slots, 16, torch.float32, "cpu")
    for slots in (cache.keys, cache.values):
        slots.normal_(generator=generator)
    positions = Positions(network.alibi_slopes(4) if alibi else None, 16, 256, torch.float32, "cpu")
    for counts in ([40, 0, 60], [0, 20, 30]):  # the second behind what the first has left
        view = positions.packed(cache, packed, counts)
        query = torch.randn(1, 4, sum(counts), 16, generator=generator)
        keys, values = cache.keys[0], cache.values[0]
        expected = Device.attention(CpuDevice(), query, keys, values, view)
        hidden = [slot for k in range(3) if not counts[k] for slot in range(packed.starts[k], packed.starts[k] + 20)]
        keys, values = (slots.clone().index_fill_(2, torch.tensor(hidden), torch.nan) for slots in (keys, values))
        torch.testing.assert_close(CpuDevice().attention(query, keys, values, view), expected, rtol=1e-5, atol=1e-6)
