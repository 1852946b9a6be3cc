"""Recipes for ModelSlim V1: what they say of an artefact, as ModelSlim's own loader takes it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from baichuan2.errors import UserError
from baichuan2.integrity import read_sealed
from baichuan2.model.sizes import linear_names
from baichuan2.quantization.calibration import Calibration, calibrate
from baichuan2.quantization.modelslim_recipe import HISTOGRAM, MINMAX, check_said, export_recipe
from baichuan2.quantization.prompts import encode_file
from baichuan2.quantization.quantizing import StreamingParameters, quantize
from baichuan2.quantization.streaming import open_streamed
from baichuan2.w8a8.artefact import QuantArtefact
from helpers.models import ALIBI
from helpers.projects import ROOT

PROMPTS = ROOT / "resources/calibration/guide-5.jsonl"
LEFT = ("*.mlp.down_proj", "model.layers.0.mlp.gate_proj")
FLOAT = [name for name in linear_names(ALIBI) if "down_proj" in name or name.startswith("model.layers.0.mlp")]


@pytest.fixture(scope="module")
def made(make_model, tmp_path_factory):
    """made(**parameters) -> the recipe's folder, the artefact and its model."""
    model, folder = make_model(ALIBI), tmp_path_factory.mktemp("recipes")
    with open_streamed(model, "cpu", 1, wide=True) as streamed:
        measured = calibrate(streamed, encode_file(model, PROMPTS))
    first, *rest = measured.groups  # one that act_method 3 gives no histogram
    calibration = replace(measured, groups=(replace(first, spread=51.0), *rest))
    calibration.write(folder / "calibration.json")

    def make(**parameters) -> tuple[Path, QuantArtefact, Path]:
        params = StreamingParameters(rollback=LEFT, **parameters)
        name = "-".join(map(str, parameters.values()))
        quantize(model, folder / f"quant-{name}", params, calibration)
        export_recipe(folder / f"quant-{name}", folder / name, PROMPTS, "tiny-w8a8", folder / "calibration.json")
        return folder / name, QuantArtefact(folder / f"quant-{name}"), model

    return make


def recipe_in(folder: Path) -> dict:
    return yaml.safe_load((folder / "recipe.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("act_method", "observer"), [(1, MINMAX), (2, HISTOGRAM)])
def test_the_roll_back_list_is_the_exclude(made, act_method, observer):
    folder, artefact, _ = made(act_method=act_method)
    (process,) = recipe_in(folder)["spec"]["process"]
    assert process["exclude"] == [*FLOAT, "lm_head"] == [*artefact.manifest["float"], "lm_head"]
    assert process["include"] == ["*"]
    assert process["qconfig"] == {
        "act": {"scope": "per_tensor", "dtype": "int8", "symmetric": False, **observer},
        "weight": {"scope": "per_channel", "dtype": "int8", "symmetric": True, "method": "minmax"},
    }
    assert set(read_sealed(folder / "manifest.json")["files"]) == {"recipe.yaml", "calibration.jsonl"}


def test_act_method_3_names_the_linears_of_each_observer(made):
    folder, artefact, _ = made(act_method=3)
    histogram, minmax = recipe_in(folder)["spec"]["process"]
    assert minmax["include"] == ["model.layers.0.self_attn.W_pack"]
    assert minmax["qconfig"]["act"] | MINMAX == minmax["qconfig"]["act"]
    assert histogram["qconfig"]["act"] | HISTOGRAM == histogram["qconfig"]["act"]
    assert sorted(histogram["include"] + minmax["include"]) == sorted(artefact.int8_layers)


def test_modelslims_own_loader_takes_it(made):
    from msmodelslim.core.practice import PracticeConfig
    from msmodelslim.core.quant_service.modelslim_v1.quant_config import ModelslimV1QuantConfig
    from msmodelslim.infra.file_dataset_loader import FileDatasetLoader

    for parameters in ({"act_method": 1}, {"act_method": 3}, {"scheme": "dynamic"}):
        folder, _, _ = made(**parameters)
        practice = PracticeConfig.model_validate(recipe_in(folder))
        assert practice.metadata.config_id == "tiny-w8a8"
        spec = ModelslimV1QuantConfig.from_base(practice.extract_quant_config()).spec
        assert [type(one).__name__ for one in spec.process] == ["LinearProcessorConfig"] * len(spec.process)
        assert [one.exclude for one in spec.process] == [[*FLOAT, "lm_head"]] * len(spec.process)
        assert [type(one).__name__ for one in spec.save] == ["AscendV1QuantFormatConfig"]
        prompts = [json.loads(line)["prompt"] for line in PROMPTS.read_text(encoding="utf-8").splitlines()]
        assert FileDatasetLoader(folder).get_dataset_by_name(spec.dataset) == prompts


def test_what_v1_cannot_say_is_refused(made, tmp_path):
    _, artefact, _ = made(act_method=3)
    export = (artefact.directory, tmp_path / "out", PROMPTS, "x")
    with pytest.raises(UserError, match=r"quantize\.act_method: which layers ModelSlim's 3 .*; set quantize\.engine"):
        export_recipe(*export)
    known = {"mm_tensor": False, "act_method": 1}
    for more, message in (
        ({"anti_outlier": "m2"}, r"quantize\.anti_outlier: ModelSlim V1 has no m2; set null"),
        ({"pr": 0.5}, r"quantize\.pr: ModelSlim V1 quantizes all activations; set 1\.0"),
        ({"mm_tensor": True}, r"quantize\.mm_tensor: .* set false"),
    ):
        with pytest.raises(UserError, match=message):
            check_said(known | more, None)
    chat = tmp_path / "chat.jsonl"
    chat.write_text('{"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]}\n')
    calibration = artefact.directory.parent / "calibration.json"
    with pytest.raises(UserError, match=r"chat\.jsonl:1: a chat, and ModelSlim V1 calibrates on texts alone"):
        export_recipe(artefact.directory, tmp_path / "out", chat, "x", calibration)
    other = replace(Calibration.read(calibration), groups=tuple(
        replace(group, histogram=(-1.0, 9.0)) for group in Calibration.read(calibration).groups
    ))  # fmt: skip
    other.write(tmp_path / "other.json")
    with pytest.raises(UserError, match=r"model\.layers\.0\.self_attn\.o_proj is of another calibration"):
        export_recipe(artefact.directory, tmp_path / "out", PROMPTS, "x", tmp_path / "other.json")
    assert not (tmp_path / "out").exists()
