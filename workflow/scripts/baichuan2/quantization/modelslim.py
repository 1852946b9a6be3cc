"""The guide's quantizer: Huawei's ModelSlim (msmodelslim on PyPI), which runs on a plain CPU.

Tried with msmodelslim 26.1.0, torch 2.13 and transformers 5.23 on Python 3.11 (its observers are compiled for
CPython 3.7 to 3.12). Comments below name what it needs and its manual does not say.
Memory: the model in float32 and up to 0.9 GiB more; 13B takes 56 GB. Disk, while it runs: one more copy of the
artefact, with its float tensors in float32.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from baichuan2.errors import UserError
from baichuan2.files import publish_directory, write_json
from baichuan2.integrity import check_files
from baichuan2.model.checkpoint import TensorSet, check_finite
from baichuan2.model.directory import patched_fields, read_model
from baichuan2.model.sizes import ModelConfig, linear_names, tensor_shapes
from baichuan2.quantization.parameters import ModelSlimParameters
from baichuan2.quantization.prompts import encode_file
from baichuan2.quantization.rollback import resolve_rollback, with_pairs
from baichuan2.w8a8.arithmetic import QuantizedLinear, decode_deq_scale, folded
from baichuan2.w8a8.artefact import STATIC, ArtefactWriter

log = logging.getLogger(__name__)


def quantize(
    model_dir: Path, out: Path, params: ModelSlimParameters, calibration: Path, guide_arrays: bool = False
) -> dict[str, Any]:
    """Publish the W8A8 artefact of the float model in `model_dir` as the directory `out`; return its manifest.

    calibration: a file of prompts, encoded by the model's own tokenizer. guide_arrays: as ArtefactWriter's.
    """
    _modelslim()  # raises before anything is loaded
    check_files(model_dir)
    return quantize_samples(model_dir, out, params, encode_file(model_dir, calibration), guide_arrays)


def quantize_samples(
    model_dir: Path,
    out: Path,
    params: ModelSlimParameters,
    samples: Sequence[Tensor],
    guide_arrays: bool = False,
) -> dict[str, Any]:
    """The same from token ids: `samples` are int64 [1, T] each."""
    model_dir = Path(model_dir).resolve()
    config = read_model(model_dir)
    rolled_back = resolve_rollback([*params.rollback, *params.disable_names], config)
    if len(rolled_back) == len(linear_names(config)):
        raise UserError("quantize.rollback: leaves no layer to quantize; take entries out of it")
    with publish_directory(out) as partial:
        with tempfile.TemporaryDirectory(dir=_scratch(partial)) as work:
            _calibrate(model_dir, Path(work), params, rolled_back, samples)
            writer = _convert(Path(work), partial, config, guide_arrays)
        write_json(partial / "config.json", patched_fields(model_dir))
        return writer.finish("modelslim", {**asdict(params), "prompts": len(samples)})


def _scratch(beside: Path) -> Path | None:
    """`beside`, or None (the system's temporary directory) where ModelSlim would refuse its characters.

    It takes only letters, digits and _/.-, in the resolved path too.
    """
    return None if re.search(r"[^_A-Za-z0-9/.-]", f"{beside}{beside.resolve()}") else beside


def _calibrate(
    model_dir: Path, work: Path, params: ModelSlimParameters, rolled_back: list[str], samples: Sequence[Tensor]
) -> None:
    """Run ModelSlim; leave its own files (save type ascendV1, in shards) in the directory `work`."""
    tools = _modelslim()
    # Lists of (input_ids, attention_mask): AntiOutlier takes no dicts, and ChatGLM's position_ids, which the
    # guide puts between the two, would be taken for the mask.
    data = [[ids, torch.ones_like(ids)] for ids in samples]
    model = _load_float32(model_dir)
    # ModelSlim writes features.npy to the current directory.
    with contextlib.chdir(work), torch.no_grad():
        torch.manual_seed(params.seed)  # pr < 1 draws from it
        if params.anti_outlier:
            _suppress_outliers(model, data, params.anti_outlier)
        settings = tools.QuantConfig(
            w_bit=params.w_bit,
            a_bit=8,
            act_method=params.act_method,
            w_method="MinMax",
            disable_names=rolled_back,
            disable_last_linear=False,  # the output layer is no nn.Linear: the last one is a layer's down_proj
            pr=float(params.pr),
            mm_tensor=params.mm_tensor,
            dev_type="cpu",
        )
        calibrator = _paired(tools.Calibrator)(model, settings, calib_data=data, disable_level=params.disable_level)
        calibrator.run()
        calibrator.save(str(work), "weights.safetensors", "kinds.json", save_type=["ascendV1"], part_file_size=2)


def _load_float32(model_dir: Path) -> nn.Module:
    """The model in float32: in float16 ModelSlim's deq_scale underflows, in bfloat16 its int8 codes are off.

    Raises UserError, naming it, for a tensor that is not finite: ModelSlim says no more than that it failed.
    """
    from transformers import GenerationConfig

    from baichuan2.modeling.configuration_baichuan import BaichuanConfig
    from baichuan2.modeling.modeling_baichuan import BaichuanForCausalLM

    config = BaichuanConfig(**patched_fields(model_dir))
    model = BaichuanForCausalLM.from_pretrained(
        model_dir, config=config, generation_config=GenerationConfig(), dtype=torch.float32
    )
    for name, weight in model.named_parameters():
        check_finite(name, weight.detach())
    model.config.use_cache = False
    return model.eval()


def _paired(calibrator: type) -> type:
    """ModelSlim's Calibrator, but its disable_level never parts gate_proj from up_proj."""

    class PairedCalibrator(calibrator):
        def get_auto_disable_names(self, thresholds):
            names = super().get_auto_disable_names(thresholds)
            whole = with_pairs(names)
            if len(whole) > len(names):
                log.info("left in float beside its gate_proj or up_proj: %s", ", ".join(whole.difference(names)))
            return sorted(whole)

    return PairedCalibrator


def _suppress_outliers(model: nn.Module, data: list, method: str) -> None:
    """Scale outlier channels of the activations down and the weights that read them up, in place.

    The float function stays the same. Raises RuntimeError where ModelSlim would need a bias in a norm.
    """
    library = importlib.import_module("msmodelslim.pytorch.llm_ptq.anti_outlier")
    wrapper = importlib.import_module("msmodelslim.pytorch.llm_ptq.anti_outlier.graph_utils").NormBias
    with _transparent(wrapper):
        settings = library.AntiOutlierConfig(anti_method=method, dev_type="cpu")
        library.AntiOutlier(model, calib_data=data, cfg=settings, norm_class_name="RMSNorm").process()
    for name, module in list(model.named_modules()):
        if isinstance(module, wrapper):
            if module.bias.any():
                raise RuntimeError(f"ModelSlim's {method} gave {name} a bias, which Baichuan2's norms cannot hold")
            model.set_submodule(name, module.module)


@contextlib.contextmanager
def _transparent(wrapper: Any) -> Iterator[None]:
    """Let NormBias, ModelSlim's wrapper around a norm, pass through whatever our norm takes and returns.

    Its own forward takes one tensor and adds a bias, which is zero throughout.
    """
    forward = wrapper.forward
    wrapper.forward = lambda self, *args: self.module(*args)
    try:
        yield
    finally:
        wrapper.forward = forward


def _convert(work: Path, out: Path, config: ModelConfig, guide_arrays: bool) -> ArtefactWriter:
    """Write ModelSlim's saved tensors, memory-mapped, to an artefact in `out` that lacks only its `finish`."""
    tensors = TensorSet(work, sorted(path.name for path in work.glob("*.safetensors")))
    int8 = [name for name in linear_names(config) if f"{name}.deq_scale" in tensors.files]
    shapes = tensor_shapes(config)
    writer = ArtefactWriter(out, shapes, int8, getattr(torch, config.dtype), guide_arrays=guide_arrays)
    for name in shapes:
        module = name.removesuffix(".weight")
        if module in int8:
            saved = {field: tensors.get(f"{module}.{field}") for field in STATIC.tensors}
            writer.add_linear(module, _layer(module, saved))
        else:
            writer.add_float(name, tensors.get(name))
    return writer


def _layer(name: str, saved: dict[str, Tensor]) -> QuantizedLinear:
    """The layer of ModelSlim's arrays, folded by our own formula and compared with ModelSlim's folding.

    ModelSlim sums quant_bias in float32, so that it is off by up to 2^-23 of itself in large layers.
    """
    weight = saved["weight"]
    scale = saved["weight_scale"].reshape(-1, 1).expand(len(weight), 1).contiguous()  # mm_tensor: one number
    layer = folded(weight, scale, saved["input_scale"].reshape(1), saved["input_offset"].reshape(1))
    deq_scale = decode_deq_scale(saved["deq_scale"]).expand_as(layer.deq_scale)
    off = (layer.quant_bias.double() - saved["quant_bias"].double()).abs()
    rounding = 1 + layer.quant_bias.double().abs() * 2**-23
    if not torch.equal(layer.deq_scale, deq_scale) or (off > rounding).any() or saved["weight_offset"].any():
        raise RuntimeError(f"{name}: ModelSlim's deq_scale or quant_bias is not what its scales fold to")
    return layer


def _modelslim():
    """msmodelslim's module of Calibrator and QuantConfig. Raises UserError where it is not installed."""
    try:
        return importlib.import_module("msmodelslim.pytorch.llm_ptq.llm_ptq_tools")
    except ModuleNotFoundError as error:
        raise UserError(
            f"quantize.engine: modelslim needs msmodelslim 26.1.0 ({error}): pip install msmodelslim==26.1.0"
        ) from None
