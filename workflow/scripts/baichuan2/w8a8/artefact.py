"""The quantized artefact: one directory that ModelSlim's, vllm-ascend's and our own readers all understand.

    quant_model_weight_w8a8.safetensors   the whole model: int8 linears with their arrays, the rest in float
    quant_model_description.json          "W8A8" or "FLOAT" for every tensor of that set (vllm-ascend's form)
    {the guide's eight}.npy               pickled dicts {module name: array} of the int8 linears
    manifest.json                         what is int8, made by which parameters, and every file's checksum

Of the .npy files only fp_bias is read here; the others stand in the safetensors set too, and are written where
quantize.guide_arrays is true. In the dynamic scheme the kind is "W8A8_DYNAMIC", the file's name ends in w8a8_dynamic,
and there are no .npy files: they are the static scheme's arrays. A set above 4 GiB is cut into shards with an index,
as transformers does. Only the artefact says which layers are int8, and in which scheme.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from baichuan2.errors import UserError, shown
from baichuan2.files import check_room, read_json, write_json
from baichuan2.integrity import MANIFEST, check_files, check_kind, files_beside, write_sealed
from baichuan2.model.checkpoint import SHARD_BYTES, ShardWriter, TensorSet, check_finite, is_finite, weight_map
from baichuan2.model.sizes import LINEARS
from baichuan2.w8a8.arithmetic import (
    FIELDS,
    DynamicLinear,
    Int8Layer,
    Int8Weights,
    QuantizedLinear,
    decode_deq_scale,
    encode_deq_scale,
    misfit,
    names_of,
    shape_of,
)
from baichuan2.w8a8.arrays import read_arrays, write_arrays

FORMAT = "baichuan2-w8a8"
DESCRIPTION = "quant_model_description.json"


@dataclass(frozen=True)
class Scheme:
    """How activations become int8, and the words for it in files.

    layer: a layer's class. kind: the description's word. precision: our records' and tables'. says: the manifest's.
    version: the manifest's, raised where a reader of an earlier one could not tell.
    """

    layer: type[Int8Weights]
    kind: str
    precision: str
    says: str
    version: int

    @property
    def stem(self) -> str:
        """The name of the safetensors set, which is ModelSlim's."""
        return f"quant_model_weight_{self.kind.lower()}"

    @property
    def tensors(self) -> list[str]:
        """The fields of a layer that the safetensors set holds, as <module>.<field>."""
        return [name for name in names_of(self.layer) if name != "fp_bias"]


STATIC = Scheme(QuantizedLinear, "W8A8", "w8a8", "static per-tensor activations, per-channel weights", 1)
DYNAMIC = Scheme(
    DynamicLinear, "W8A8_DYNAMIC", "w8a8-dynamic", "dynamic per-token activations, per-channel weights", 2
)
SCHEMES = {scheme.says: scheme for scheme in (STATIC, DYNAMIC)}

# Each field of a QuantizedLinear and the guide's .npy file of it.
GUIDE_ARRAYS = {name: f"{name}.npy" for name in FIELDS} | {"weight": "quant_weight.npy"}

_UNREAD = set(GUIDE_ARRAYS.values()) - {GUIDE_ARRAYS["fp_bias"]}


class ArtefactWriter:
    """Writes an artefact tensor by tensor, in any order, straight to the files.

    directory: an empty one, usually publish_directory's. shapes: of the float model's tensors, in its order
    (checkpoint.tensor_shapes). int8: the module names of the linears to come in int8. model_dtype: the float
    model's; float tensors are stored in it, and it decides the form of deq_scale. scheme: STATIC or DYNAMIC.
    guide_arrays: all eight .npy files of the static scheme, and not fp_bias alone. bytes: of the weights that will be
    written. Raises UserError where the disk has no room for them.
    """

    def __init__(
        self,
        directory: Path,
        shapes: Mapping[str, tuple[int, ...]],
        int8: Collection[str],
        model_dtype: torch.dtype,
        shard_bytes: int = SHARD_BYTES,
        scheme: Scheme = STATIC,
        guide_arrays: bool = False,
    ):
        if not int8:
            raise UserError("quantize.rollback: leaves no layer to quantize; take entries out of it")
        self.directory, self.model_dtype, self.scheme = Path(directory), model_dtype, scheme
        modules = {name.removesuffix(".weight"): shape for name, shape in shapes.items()}
        self._int8 = {module: math.prod(shape) for module, shape in modules.items() if module in int8}
        self._float = {
            module: math.prod(shape)
            for module, shape in modules.items()
            if module.endswith(LINEARS) and module not in int8
        }
        specs = self._specs(shapes)
        self._kinds = {name: kind for name, (kind, _, _) in specs.items()}
        self._shards = ShardWriter(
            self.directory, {name: spec[1:] for name, spec in specs.items()}, scheme.stem, shard_bytes
        )
        self._guide_arrays = guide_arrays and scheme is STATIC
        guide = sum(self._int8.values()) if self._guide_arrays else 0  # quant_weight.npy
        self.bytes = self._shards.bytes + guide
        check_room(self.directory, self.bytes)
        small = [field for field in FIELDS if field != "weight"] if self._guide_arrays else ["fp_bias"]
        self._arrays: dict[str, dict[str, Tensor]] = {field: {} for field in small if scheme is STATIC}

    def add_linear(self, name: str, layer: Int8Layer) -> None:
        """Write one int8 linear layer, of the writer's scheme, under its module name.

        Raises UserError where its weight was not finite, which int8 codes do not show.
        """
        values = {field: getattr(layer, field) for field in names_of(self.scheme.layer)}
        check_finite(f"{name}.weight", values["weight_scale"])
        if "deq_scale" in values:
            values["deq_scale"] = encode_deq_scale(values["deq_scale"], self.model_dtype)
        for field in self.scheme.tensors:
            self._shards.add(f"{name}.{field}", values[field])
        for field, arrays in self._arrays.items():
            arrays[name] = values[field].clone()  # what is memory-mapped would keep its whole file mapped

    def add_float(self, name: str, tensor: Tensor) -> None:
        """Write one tensor left in float, under its tensor name. Raises UserError as `narrowed` does."""
        self._shards.add(name, narrowed(name, tensor.detach().cpu(), self.model_dtype, "config.json's torch_dtype"))

    def finish(
        self, engine: str, parameters: Mapping[str, Any], part: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Write the description, the arrays (static) and the manifest, which is returned.

        part: what a rank's manifest says beside the whole's: rank, world_size and which whole it is of.
        Raises ValueError where a tensor was never added.
        """
        written = self._shards.close()
        write_json(self.directory / DESCRIPTION, {"model_quant_type": self.scheme.kind, **self._kinds})
        self._write_arrays()
        int8, left = sum(self._int8.values()), sum(self._float.values())
        manifest = {
            "format": FORMAT,
            "version": self.scheme.version,
            "engine": engine,
            "scheme": self.scheme.says,
            "int8": list(self._int8),
            "float": list(self._float),
            "parameters": dict(parameters),
            **(part or {}),
            # of the linears' weights in the float model, the share that is int8 now
            "int8_share_of_linear_bytes": round(int8 / (int8 + left), 6),
            "files": files_beside(self.directory, written=written),
        }
        return write_sealed(self.directory / MANIFEST, manifest)

    def _specs(self, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple]:
        """{tensor name: (kind, dtype, shape)} of the whole set, in the model's order."""
        specs = {}
        for name, shape in shapes.items():
            module = name.removesuffix(".weight")
            if module not in self._int8:
                specs[name] = ("FLOAT", self.model_dtype, tuple(shape))
                continue
            for field in self.scheme.tensors:
                bits = field == "deq_scale" and self.model_dtype == torch.float16
                dtype = torch.int64 if bits else FIELDS[field]["dtype"]
                specs[f"{module}.{field}"] = (self.scheme.kind, dtype, shape_of(field, shape))
        return specs

    def _write_arrays(self) -> None:
        all_arrays: dict[str, Mapping[str, Tensor | partial]] = {**self._arrays}
        if self._guide_arrays:
            tensors = _open_tensors(self.directory, self.scheme.stem)
            all_arrays["weight"] = {name: partial(tensors.get, f"{name}.weight") for name in self._int8}
        for field, arrays in all_arrays.items():
            write_arrays(self.directory / GUIDE_ARRAYS[field], {name: arrays[name] for name in self._int8})


class QuantArtefact:
    """A quantized artefact, read lazily from memory-mapped files, once each is held against its digest.

    Raises UserError, naming the file, where one is missing or cut short, or where manifest, description and
    tensors do not agree.
    """

    def __init__(self, directory: Path, unread: Callable[[str], bool] = _UNREAD.__contains__):
        """unread: true for files whose digest is not looked at here."""
        self.directory = Path(directory)
        self.manifest = _read_manifest(self.directory, unread)
        self.scheme = SCHEMES[self.manifest["scheme"]]
        self._tensors = _open_tensors(self.directory, self.scheme.stem)
        self._kinds = self._read_description()
        for name in self.int8_layers:
            self._check_layer(name)

    @classmethod
    def of_small_files(cls, directory: Path) -> QuantArtefact:
        """The same, but the files of tensors are not held against their digests: `held` is for that."""
        try:
            return cls(directory, lambda name: name in _UNREAD or name.endswith(".safetensors"))
        except UserError:
            cls(directory)  # it may be damage that makes a file unlike an artefact's
            raise

    def held(self) -> AbstractContextManager[None]:
        """Hold the files of tensors against their digests while they are read: see TensorSet.held_against."""
        return self._tensors.held_against(self.manifest)

    @property
    def int8_layers(self) -> list[str]:
        """Module names of the int8 linears, in the model's order."""
        return self.manifest["int8"]

    def names(self) -> list[str]:
        """The names of all tensors, sorted."""
        return sorted(self._kinds)

    def linear(self, name: str) -> Int8Layer:
        """The int8 layer of this module name, of the artefact's scheme.

        Its weight is memory-mapped; deq_scale is float32 in any case.
        """
        if name not in self.int8_layers:
            raise KeyError(f"{name} is not an int8 layer of {self.directory}")
        fields = self.scheme.tensors
        tensors = self._tensors.together([f"{name}.{field}" for field in fields])
        values = dict(zip(fields, tensors, strict=True))
        if self.scheme is DYNAMIC:
            return DynamicLinear(**values)
        values["deq_scale"] = decode_deq_scale(values["deq_scale"])
        return QuantizedLinear(**values, fp_bias=self._fp_bias(name, values["weight"].shape))

    def float_tensor(self, name: str) -> Tensor:
        """The float tensor of this name (such as lm_head.weight), memory-mapped, in the model's dtype."""
        if self._kinds.get(name) != "FLOAT":
            raise KeyError(f"{name} is not a float tensor of {self.directory}")
        return self._tensors.get(name)

    def _fp_bias(self, name: str, weight_shape: Sequence[int]) -> Tensor:
        bias = self._fp_biases.get(name)
        problem = "missing" if bias is None else misfit("fp_bias", bias.dtype, bias.shape, weight_shape)
        if bias is None or problem:
            raise UserError(f"{self.directory / GUIDE_ARRAYS['fp_bias']}: {name}: {problem}; quantize again")
        return bias

    @cached_property
    def _fp_biases(self) -> dict[str, Tensor]:
        return read_arrays(self.directory / GUIDE_ARRAYS["fp_bias"])

    def _read_description(self) -> dict[str, str]:
        path = self.directory / DESCRIPTION
        stated = {name: kind for name, kind in read_json(path).items() if name != "model_quant_type"}
        if not all(isinstance(kind, str) for kind in stated.values()):
            raise UserError(f"{path}: must give each tensor's kind as text; quantize again")
        int8 = {f"{name}.{field}" for name in self.int8_layers for field in self.scheme.tensors}
        actual = {name: self.scheme.kind if name in int8 else "FLOAT" for name in self._tensors.files}
        wrong = {name for name, _ in stated.items() ^ actual.items()} | (int8 - actual.keys())
        if wrong:
            raise UserError(f"{path}: {min(wrong)} is not what {MANIFEST} and the weights say; quantize again")
        return stated

    def _check_layer(self, name: str) -> None:
        weight_shape = self._tensors.shape(f"{name}.weight")
        for field in self.scheme.tensors:
            tensor = f"{name}.{field}"
            dtype = self._tensors.dtype(tensor)
            if field == "deq_scale" and dtype == torch.int64:  # bit patterns of float32
                dtype = torch.float32
            problem = misfit(field, dtype, self._tensors.shape(tensor), weight_shape)
            if problem:
                raise UserError(f"{self._tensors.path(tensor)}: {name}: {problem}; quantize again")


def narrowed(name: str, tensor: Tensor, dtype: torch.dtype, key: str) -> Tensor:
    """The tensor `name` in the `dtype` that `key` asks for.

    Raises UserError, naming it, where it is not finite, and naming `key` too where values exceed the dtype.
    """
    check_finite(name, tensor)
    result = tensor.to(dtype)
    if dtype != tensor.dtype and not is_finite(result):
        raise UserError(f"{key}: {name} has values beyond {str(dtype).removeprefix('torch.')}'s; set bfloat16")
    return result


def _open_tensors(directory: Path, stem: str) -> TensorSet:
    """Of one safetensors file, or of an indexed set of shards."""
    index = directory / f"{stem}.safetensors.index.json"
    if not index.exists():
        return TensorSet(directory, [f"{stem}.safetensors"])
    indexed = weight_map(index)
    tensors = TensorSet(directory, sorted(set(indexed.values())))
    if indexed != tensors.files:
        name = min(name for name, _ in indexed.items() ^ tensors.files.items())
        raise UserError(f"{index}: {name} is not where it says; quantize again")
    return tensors


def _read_manifest(directory: Path, unread: Callable[[str], bool]) -> dict[str, Any]:
    path = directory / MANIFEST
    manifest = check_files(directory, skip=unread)
    check_kind(path, manifest, {"format": FORMAT})
    scheme = SCHEMES.get(str(manifest.get("scheme")))
    if scheme is None:
        raise UserError(f"{path}: scheme {shown(manifest.get('scheme'))} is not known here; quantize again")
    check_kind(path, manifest, {"version": scheme.version})
    if not manifest.get("int8"):
        raise UserError(f"{path}: names no int8 layer; quantize again")
    return manifest
