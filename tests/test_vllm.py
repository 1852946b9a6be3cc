"""The plugin for vLLM, without vLLM; test_readers.py has vLLM's own answers with it beside this engine's."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from types import ModuleType, SimpleNamespace

import pytest
import torch

from baichuan2.modeling import network
from helpers.projects import ROOT

PLUGIN = ROOT / "integrations/vllm"


@pytest.fixture
def plugin(monkeypatch) -> ModuleType:
    monkeypatch.syspath_prepend(PLUGIN)
    return importlib.import_module("baichuan2_vllm")


def test_the_entry_point_names_the_architectures_to_vllm_and_imports_no_model(monkeypatch, plugin):
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())
    assert project["tool"]["setuptools"]["packages"] == [plugin.__name__]
    (entry,) = project["project"]["entry-points"]["vllm.general_plugins"].values()
    module, function = entry.split(":")
    named: dict[str, str] = {}
    registry = SimpleNamespace(register_model=named.__setitem__)
    monkeypatch.setitem(sys.modules, "vllm", SimpleNamespace(ModelRegistry=registry))
    getattr(importlib.import_module(module), function)()
    assert set(named) == {"BaichuanForCausalLM", "BaiChuanForCausalLM"}
    ((module, name),) = {tuple(where.split(":")) for where in named.values()}
    assert module not in sys.modules
    assert f"\nclass {name}(" in (PLUGIN / f"{module.replace('.', '/')}.py").read_text()


def test_importing_it_imports_neither_vllm_nor_torch():
    code = "import sys, baichuan2_vllm; print(sorted({'torch', 'vllm'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PLUGIN, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("heads", [1, 8, 12, 32, 40])
def test_its_slopes_are_the_networks(plugin, heads):
    slopes = importlib.import_module("baichuan2_vllm.arithmetic").alibi_slopes(heads)
    assert torch.equal(torch.tensor(slopes), network.alibi_slopes(heads))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_its_norm_head_is_the_networks_and_twice_is_once(plugin, dtype):
    unit_rows = importlib.import_module("baichuan2_vllm.arithmetic").unit_rows
    weight = (3 * torch.randn(2 * network.HEAD_ROWS + 1, 64, generator=torch.Generator().manual_seed(0))).to(dtype)
    weight[5] = 0  # as the rows that vLLM adds
    once = unit_rows(weight)
    assert once.dtype == dtype
    step = torch.finfo(dtype).eps
    torch.testing.assert_close(once, network.output_weight(weight, True, dtype), rtol=step, atol=0)
    torch.testing.assert_close(unit_rows(once), once, rtol=2 * step, atol=0)


DECIDED = {"position_embedding": "rope", "norm_head": True}
OPEN = {
    "position": (
        DECIDED | {"position_embedding": None},
        "position_embedding is None, not alibi or rope; take results",
    ),
    "head": ({"position_embedding": "alibi"}, "norm_head is not true or false; take results/model"),
    "parts": (DECIDED | {"world_size": 2}, "one of 2 parts; give vLLM the whole model"),
}


@pytest.mark.parametrize("fields", OPEN)
def test_a_config_that_leaves_something_open_is_refused(plugin, fields):
    check = importlib.import_module("baichuan2_vllm.arithmetic").check_config
    check(SimpleNamespace(**DECIDED))
    config, message = OPEN[fields]
    with pytest.raises(ValueError, match=message):
        check(SimpleNamespace(**config))


def test_attention_that_ignores_the_slopes_is_refused(plugin):
    check = importlib.import_module("baichuan2_vllm.arithmetic").check_attention
    check("FLASH_ATTN")
    with pytest.raises(ValueError, match="attention backend FLASHINFER is not known to apply ALiBi's slopes"):
        check("FLASHINFER")
