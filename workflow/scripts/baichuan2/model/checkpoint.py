"""Read any layout of weights that people have tensor by tensor, and write shards that appear whole.

Weights are data: .safetensors and .bin (torch's zip pickles, weights_only) are memory-mapped, and no code
that came with them is run. Imports no torch before a tensor is read, where torch is not needed to list them.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import pickletools
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeGuard

from safetensors import SafetensorError, safe_open

from baichuan2.errors import UserError, shown
from baichuan2.files import SMALL_BYTES, check_pointer, check_regular, check_room, open_zip, read_json, write_json
from baichuan2.integrity import PassingDigest, blocks, unlike_manifest
from baichuan2.model.pickled import Described, described
from baichuan2.model.sizes import ROTARY, ModelConfig, tensor_shapes
from baichuan2.model.source import no_weights, whole_beside

if TYPE_CHECKING:
    import torch
    from torch import Tensor

SHARD_BYTES = 4 * 2**30
# {safetensors' name of a dtype: torch's}
_DTYPES = {"F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32", "I8": "int8"}
_STORED = {f"torch.{dtype}": name for name, dtype in _DTYPES.items()}
_OPCODES = 1_000_000  # some 100 a tensor, of at most some thousand
# what the pickle of a dictionary of tensors names, and of one whose tensors were on an Ascend card
_REBUILDS = re.compile(
    r"collections OrderedDict|torch \w+Storage|torch\._utils _rebuild_(tensor_v2|parameter|parameter_with_state)"
    r"|torch_npu\.(utils\.storage _rebuild_npu_tensor|npu\._format Format)"
)
NOT_FINITE = "the weights have numbers that are not finite; take those of another checkpoint"
_SAVE_ALONE = "save a state_dict alone, with torch.save"
_FIRST = "model.embed_tokens.weight"
_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # how torch's form before the zip starts: a pickled number
_ZIP_HEADER = struct.Struct("<4s22xHH")  # of a record: the sign, and how long its name and its extra field are


def find_shards(directory: Path) -> tuple[list[str], Path | None]:
    """The weight files of a model directory and its index, if it has one.

    Looks, as transformers does, for safetensors before .bin and for a single file before an index. Raises
    UserError naming the file where there are no weights, or where the index names a file that is absent.
    """
    directory = Path(directory)
    for single, index in (
        ("model.safetensors", "model.safetensors.index.json"),
        ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ):
        if (directory / single).exists():
            return [single], None
        if (directory / index).exists():
            return _shards_of_index(directory / index), directory / index
    raise no_weights(directory)


def _shards_of_index(index: Path) -> list[str]:
    names = sorted(set(weight_map(index).values()))
    for name in names:
        if not (index.parent / name).exists():
            whole = whole_beside(index)
            cure = f"but {whole} is here: delete {index.name} if it is of other files, or" if whole else "so"
            raise UserError(f"{index.parent / name}: missing, though {index.name} names it; {cure} download it again")
    return names


def weight_map(index: Path) -> dict[str, str]:
    """{tensor name: file name} of a .index.json. Raises UserError where it is malformed or names other folders."""
    mapping = read_json(index).get("weight_map")
    if not isinstance(mapping, dict) or not all(isinstance(name, str) for name in mapping.values()):
        raise UserError(f"{index}: has no weight_map of tensor to file; fetch it again")
    for name in set(mapping.values()):
        if any(sign in name for sign in "/\\\0") or name.startswith(".") or len(name.encode()) > 255:
            raise UserError(f"{index}: names {shown(name)}, which is not a file beside it; fetch the index again")
    return mapping


class TensorSet:
    """The tensors of weights files in one directory, each memory-mapped anew, so that no more than one stays mapped.

    files: {tensor name: file name}. Raises UserError for a file that is missing or none of weights.
    """

    def __init__(self, directory: Path, files: Iterable[str]):
        self.directory = Path(directory)
        self._shards = {file: _open_shard(self.directory / file) for file in files}
        self.files = {tensor: file for file, shard in self._shards.items() for tensor in shard.shapes}
        self.prefix = ""  # what the stored names have before those of `files`
        self._digests: dict[str, PassingDigest] = {}
        self._held = False

    def path(self, name: str) -> Path:
        return self.directory / self.files[name]

    def shape(self, name: str) -> tuple[int, ...]:
        return self._shards[self.files[name]].shapes[self.prefix + name]

    def dtype(self, name: str) -> torch.dtype | str:
        """The dtype, or the name of one that is none of a model's."""
        import torch

        stored = self._stored_dtype(name)
        return getattr(torch, _DTYPES[stored]) if stored in _DTYPES else stored

    def _stored_dtype(self, name: str) -> str:
        """Safetensors' name of the dtype, or torch's of one that is none of a model's."""
        return self._shards[self.files[name]].dtypes[self.prefix + name]

    def get(self, name: str) -> Tensor:
        """The tensor as stored: only its own pages are read, and they go with it."""
        (tensor,) = self.together([name])
        return tensor

    def names(self) -> list[str]:
        """The names of all tensors that are read."""
        return list(self.files)

    @contextmanager
    def held_against(self, manifest: Mapping[str, Any]) -> Iterator[None]:
        """Take the digests of the files from what `get` reads, and when the block ends hold them against a manifest.

        Raises UserError for a file that differs, also in place of another error: it may be the cause. What the block
        makes must not be used before it ends. Files that were held once are not digested again.
        """
        if self._held:
            yield
            return
        self._digests = {file: PassingDigest(self.directory / file) for file in self._shards}
        for file, digest in self._digests.items():
            self._pass_what_is_not_read(file, digest)
        try:
            yield
        except Exception:
            self._check_digests(manifest)
            raise
        self._check_digests(manifest)
        self._held = True

    def _pass_what_is_not_read(self, file: str, digest: PassingDigest) -> None:
        """The parts of a file that are none of the tensors that `get` has a name for."""
        places, position = self._shards[file].places, 0
        read = [self.prefix + name for name in self.names() if self.files[name] == file]
        for start, size in sorted(places[name] for name in read if name in places):
            digest.pass_by(position, start - position)
            position = start + size

    def _check_digests(self, manifest: Mapping[str, Any]) -> None:
        digests, self._digests = self._digests, {}
        for file, digest in digests.items():
            if digest.entry() != manifest["files"][file]:
                raise unlike_manifest(digest.path)

    def together(self, names: Iterable[str]) -> list[Tensor]:
        """As get of each, for what is used together: a file is opened once for all of them that it has."""
        names = list(names)
        read: dict[str, Tensor] = {}
        for file in dict.fromkeys(self.files[name] for name in names):
            those = [name for name in names if self.files[name] == file]
            stored = self._shards[file].together([self.prefix + name for name in those])
            read |= zip(those, stored, strict=True)
        for name in names:
            self._pass_by(name, read[name])
        return [read[name] for name in names]

    def _pass_by(self, name: str, tensor: Tensor) -> None:
        shard, stored = self._shards[self.files[name]], self.prefix + name
        if (digest := self._digests.get(self.files[name])) and stored in shard.places:
            digest.pass_by(shard.places[stored][0], shard.stored_bytes(tensor))


class Checkpoint(TensorSet):
    """The float weights of a model directory, read one tensor at a time.

    Shapes are checked against config.json when it is opened: a missing, surplus or misshapen tensor is a
    UserError that names it and its file. Names may all have one prefix more than the published ones.
    """

    def __init__(self, directory: Path, config: ModelConfig | None = None, expected: dict | None = None):
        self.config = config or ModelConfig.read(directory)
        shards, index = find_shards(directory)
        super().__init__(directory, shards)
        self._strip_prefix()
        self._check(tensor_shapes(self.config) if expected is None else expected, index)

    def _strip_prefix(self) -> None:
        """Read names as without the prefix that software around the model gave them, such as "module."."""
        first = max((name for name in self.files if name.endswith(_FIRST)), key=len, default=_FIRST)
        prefix = first.removesuffix(_FIRST)
        other = next((name for name in self.files if not name.startswith(prefix)), None)
        if other:
            raise UserError(
                f"{self.directory}: some tensors' names begin with {shown(prefix)}, and {shown(other)} does not; "
                "save one model with one prefix, or none"
            )
        self.prefix = prefix
        self.files = {name.removeprefix(prefix): file for name, file in self.files.items()}

    def _check(self, expected: dict[str, tuple[int, ...]], index: Path | None) -> None:
        if index is not None:
            for stored_name, name in weight_map(index).items():
                tensor = stored_name.removeprefix(self.prefix)
                if tensor in expected and self.files.get(tensor) != name:
                    raise UserError(f"{self.directory / name}: lacks {tensor}, which {index.name} says is in it")
        for tensor, shape in expected.items():
            if tensor not in self.files:
                raise UserError(f"{self.directory}: no file holds {tensor}; download the weights again")
            where, stored = f"{self.path(tensor)}: {tensor}", self.shape(tensor)
            if self._stored_dtype(tensor) not in ("F32", "BF16", "F16"):
                raise UserError(f"{where} is of dtype {super().dtype(tensor)}; float weights are needed")
            if stored == (0,):
                raise UserError(
                    f"{where} is empty, as DeepSpeed's ZeRO-3 leaves it; run python zero_to_fp32.py . OUT in the "
                    "checkpoint's folder, and take OUT"
                )
            if stored != shape:
                raise UserError(f"{where} is {list(stored)}, but config.json means {list(shape)}")
        surplus = sorted(name for name in set(self.files) - set(expected) if ROTARY not in name)
        if surplus and re.search(r"lora_|base_layer|modules_to_save", surplus[0]):
            raise UserError(
                f"{self.directory}: {surplus[0]} is a LoRA adapter's tensor, not merged; save the model again after "
                "peft's merge_and_unload()"
            )
        if surplus:
            raise UserError(f"{self.directory}: {surplus[0]} is not a tensor of Baichuan2 ({len(surplus)} such)")
        self._names = list(expected)

    def dtype(self, name: str) -> torch.dtype:
        """The dtype: float32, bfloat16 or float16."""
        dtype = super().dtype(name)
        assert not isinstance(dtype, str)
        return dtype

    def names(self) -> list[str]:
        """All tensor names, in the order of the network."""
        return self._names

    def forms(self) -> list[str]:
        """How the files differ from published ones, which are all that other software reads; mostly they do not."""
        of_names = [f"names begin with {shown(self.prefix)}"] if self.prefix else []
        return of_names + sorted({form for shard in self._shards.values() for form in shard.forms})

    def each(self) -> Iterator[tuple[str, Tensor]]:
        """All tensors by name, file by file: each file is opened once, and one in torch's older form read once."""
        for file, shard in self._shards.items():
            names = [name for name in self._names if self.files[name] == file]
            yield from zip(names, shard.each([self.prefix + name for name in names]), strict=True)


class _SafetensorsShard:
    """One .safetensors file."""

    def __init__(self, path: Path):
        check_safetensors_header(path)
        self._path, self.forms = path, list[str]()
        with self._open("numpy") as file:  # which needs no torch
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            self.shapes = {name: tuple(value.get_shape()) for name, value in slices.items()}
            self.dtypes = {name: value.get_dtype() for name, value in slices.items()}

    def _open(self, framework: str = "pt"):
        try:
            return safe_open(str(self._path), framework=framework)
        except (SafetensorError, OSError) as error:
            raise _unreadable(self._path, error) from None

    def get(self, name: str) -> Tensor:
        (tensor,) = self.together([name])
        return tensor

    def together(self, names: Iterable[str]) -> list[Tensor]:
        with self._open() as file:
            return [file.get_tensor(name) for name in names]

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """{name: (start, size)} of its bytes in the file."""
        with open(self._path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
        offsets = {name: entry["data_offsets"] for name, entry in header.items() if name in self.shapes}
        return {name: (8 + length + begin, end - begin) for name, (begin, end) in offsets.items()}

    def stored_bytes(self, tensor: Tensor) -> memoryview:
        """Those of a tensor that `get` returned."""
        return _as_bytes(tensor)

    def each(self, names: Iterable[str]) -> Iterator[Tensor]:
        return map(self.get, names)


class _PickleShard:
    """One .bin file of torch.save, read with weights_only: a zip, memory-mapped, or torch's older form, read whole.

    Tensors that were on an Ascend card are rebuilt without torch_npu, and a dictionary of them may lie in another.
    """

    def __init__(self, path: Path):
        self._path = path
        with _unusable_on_error(path), open(path, "rb") as file:
            self._is_zip = not _is_legacy(file)
            named = check_torch_zip(file) if self._is_zip else check_torch_bytes(file.read(SMALL_BYTES))
            plain = _described(file) if self._is_zip else None
        self.forms = [] if self._is_zip else ["a .bin is in torch's older form"]
        if any(name.startswith("torch_npu") for name in named):
            self.forms.append("a .bin was saved from an Ascend card")
        tensors = plain or self._described_by_torch()
        self.shapes = {name: tensor.shape for name, tensor in tensors.items()}
        self.dtypes = {name: tensor.dtype for name, tensor in tensors.items()}

    def _described_by_torch(self) -> dict[str, Described]:
        tensors, outer = self._open()
        if outer:
            self.forms.append(f"tensors lie under {shown(outer)}")
        return {
            name: Described(_STORED.get(str(tensor.dtype), str(tensor.dtype)), tuple(tensor.shape))
            for name, tensor in tensors.items()
        }

    def _open(self) -> tuple[dict[str, Tensor], str]:
        """The tensors by name, and the key under which they lie in what was saved, or none."""
        import torch

        with _unusable_on_error(self._path), torch.serialization.safe_globals(_ASCEND):
            value = torch.load(self._path, map_location="cpu", weights_only=True, mmap=self._is_zip)
        if _are_tensors(value):
            return value, ""
        sets = [key for key, inner in value.items() if _are_tensors(inner)] if isinstance(value, dict) else []
        if len(sets) != 1:
            several = f"several sets of tensors ({', '.join(map(shown, sets[:3]))})"
            holds = several if sets else f"a {type(value).__name__} that is not of tensors by name"
            raise UserError(f"{self._path}: holds {holds}; {_SAVE_ALONE}")
        return value[sets[0]], str(sets[0])

    def get(self, name: str) -> Tensor:
        (tensor,) = self.together([name])
        return tensor

    def together(self, names: Iterable[str]) -> list[Tensor]:
        tensors, _ = self._open()
        return [tensors[name] for name in names]

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """{name: (start, size)} of the record in the file that a tensor is of; none where that cannot be told.

        torch says where the records of a zip start, and not whose they are; but mapped they are as far apart.
        """
        if not self._is_zip:
            return {}
        import torch

        reader: Any = torch._C.PyTorchFileReader(str(self._path))
        starts = sorted(
            reader.get_record_offset(name) for name in reader.get_all_records() if name.startswith("data/")
        )
        storages = {name: tensor.untyped_storage() for name, tensor in self._open()[0].items()}
        mapped = sorted({storage.data_ptr() for storage in storages.values()})
        moved = mapped[0] - starts[0] if starts else 0
        if [address - moved for address in mapped] != starts:
            return {}
        return {name: (storage.data_ptr() - moved, storage.nbytes()) for name, storage in storages.items()}

    def stored_bytes(self, tensor: Tensor) -> memoryview:
        """Those of the record that a tensor which `get` returned is of."""
        import torch

        return _as_bytes(torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage()))

    def each(self, names: Iterable[str]) -> Iterator[Tensor]:
        return iter(self.together(names))


def _are_tensors(value: object) -> TypeGuard[dict[str, Tensor]]:
    from torch import Tensor

    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(name, str) and isinstance(tensor, Tensor) for name, tensor in value.items())
    )


def _rebuild_npu_tensor(*parts) -> Tensor:
    """As torch_npu.utils.storage's, on the CPU: torch's six arguments, and the memory format it had on the card.

    torch_npu saves a tensor's CPU copy, in plain order whatever the card's format was, and casts after loading.
    """
    from torch._utils import _rebuild_tensor_v2

    return _rebuild_tensor_v2(*parts[:6])


_ASCEND: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [
    (_rebuild_npu_tensor, "torch_npu.utils.storage._rebuild_npu_tensor"),
    (int, "torch_npu.npu._format.Format"),
]


def _open_shard(path: Path) -> _SafetensorsShard | _PickleShard:
    check_regular(path, "give the weights file itself, or a link to it")
    with open(path, "rb") as file:
        _check_start(path, file.read(64))
    return _SafetensorsShard(path) if path.suffix == ".safetensors" else _PickleShard(path)


def _check_start(path: Path, start: bytes) -> None:
    """Raise UserError for a file whose first bytes say that it is something else than its name says."""
    check_pointer(path, start)
    safetensors = path.suffix == ".safetensors"
    if not start:
        raise UserError(f"{path}: empty; download it again")
    if start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise UserError(f"{path}: a web page, not the file itself; download it by the address that ends in the file")
    if safetensors and (start.startswith(b"PK\3\4") or start.startswith(_LEGACY)):
        raise UserError(f"{path}: a file of torch.save under another name; call it .bin, in the index too")
    if not safetensors and start[5:10] == b"\0\0\0" + b'{"':
        raise UserError(f"{path}: a safetensors file under another name; call it .safetensors, in the index too")


def _is_legacy(file: BinaryIO) -> bool:
    start = file.read(len(_LEGACY))
    file.seek(0)
    return start == _LEGACY


def read_whole(path: Path) -> dict[str, Any]:
    """{"size", "sha256"} of a weights file, for a manifest; a .bin's records are held against their CRC-32 too.

    torch.save wrote them. A file all of whose records differ was saved without (torch.serialization's
    set_crc32_options). Raises UserError where only some differ: the file was damaged on its way. .safetensors, and
    .bin in torch's older form, carry no checksums.
    """
    digest, damaged = hashlib.sha256(), list[str]()
    with open(path, "rb") as file:
        records = _records(path, file)
        for record in records:
            if not _is_whole(file, record, digest):
                damaged.append(record.filename)
        for block in blocks(file, path.stat().st_size):
            digest.update(block)
        size = file.tell()
    if damaged and len(damaged) < len(records):
        raise UserError(f"{path}: damaged (the checksum of {damaged[0]} is wrong); download it again")
    return {"size": size, "sha256": digest.hexdigest()}


def _records(path: Path, file: BinaryIO) -> list[zipfile.ZipInfo]:
    """A .bin's records in the order of the file, or none; the file is at its start again."""
    if path.suffix == ".safetensors" or _is_legacy(file):
        return []
    with open_zip(file) as archive:
        records = sorted(archive.infolist(), key=lambda record: record.header_offset)
    file.seek(0)
    return records


def _is_whole(file: BinaryIO, record: zipfile.ZipInfo, digest: Any) -> bool:
    """Read on to the end of a record, all of it into `digest`; whether its header and its content are sound."""

    def through(size: int) -> bytes:
        data = file.read(size)
        digest.update(data)
        return data

    before = record.header_offset - file.tell()
    if before < 0:  # inside of the record before
        return False
    for block in blocks(file, before):
        digest.update(block)
    start = through(_ZIP_HEADER.size)
    if len(start) < _ZIP_HEADER.size:
        return False
    sign, of_name, of_extra = _ZIP_HEADER.unpack(start)
    name, _ = through(of_name), through(of_extra)
    crc = 0
    for block in blocks(file, record.file_size):
        digest.update(block)
        crc = zlib.crc32(block, crc)
    written = record.orig_filename.encode("utf-8" if record.flag_bits & 0x800 else "cp437")
    return (sign, name, crc) == (b"PK\3\4", written, record.CRC)


def check_torch_zip(file: BinaryIO) -> set[str]:
    """What the pickles of a zip name. Raises ValueError, before torch reads it, for what torch.save has not written.

    torch would inflate a compressed member in memory, and its weights_only reader calls what is harmless but not
    small, such as bytearray(10**12): only what rebuilds tensors may be named.
    """
    named: set[str] = set()
    with open_zip(file) as archive:
        members = archive.infolist()
        names = [member.filename.lower() for member in members]  # as torch looks them up
        if not any(name.endswith("data.pkl") for name in names):
            raise _NoWeightsError("a zip archive, but not of torch.save; unpack it")
        if len(set(names)) < len(names):
            raise ValueError("two of its parts have one name")
        if sum(member.file_size for member in members) > file.seek(0, os.SEEK_END):
            raise ValueError("its parts claim to be larger than it is, as in a zip bomb")
        for name, member in zip(names, members, strict=True):
            if member.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"{shown(member.filename)} is compressed, which torch never does")
            if name.endswith(".pkl"):
                if member.file_size > SMALL_BYTES:
                    raise ValueError(f"its pickle is over {SMALL_BYTES >> 20} MB")
                named |= _names_in_pickle(io.BytesIO(archive.read(member)))
    return named


def _described(file: BinaryIO) -> dict[str, Described] | None:
    """As pickled.described, of a file that check_torch_zip has passed."""
    with open_zip(file) as archive:
        return described(archive)


def check_torch_bytes(data: bytes) -> set[str]:
    """As check_torch_zip, for what torch pickles inside of other pickles: also its older form, five pickles."""
    file = io.BytesIO(data)
    if data.startswith(b"PK\3\4"):
        return check_torch_zip(file)
    return set().union(*(_names_in_pickle(file) for _ in range(5)))


def _names_in_pickle(file: BinaryIO) -> set[str]:
    """The functions and classes that a pickle names. Raises ValueError for one that tensors do not need."""
    named: set[str] = set()
    for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        if count > _OPCODES:
            raise ValueError("its pickle does more than listing tensors takes")
        if opcode.name == "GLOBAL":
            named.add(str(argument))
            if not _REBUILDS.fullmatch(str(argument)):
                what = shown(str(argument).replace(" ", "."))
                raise _NoWeightsError(f"names {what}, which no tensor needs; {_SAVE_ALONE}")
    return named


class _NoWeightsError(ValueError):
    """A whole file, but not of weights alone; the message has the cure."""


@contextmanager
def _unusable_on_error(path: Path) -> Iterator[None]:
    """torch, zipfile and pickletools raise many kinds of error; but for a permission, each means a bad file."""
    try:
        yield
    except PermissionError:
        raise
    except _NoWeightsError as error:
        raise UserError(f"{path}: {error}") from None
    except Exception as error:
        if isinstance(error, MemoryError) or "allocate memory" in str(error):
            raise UserError(
                f"{path}: does not fit into memory, and torch's older form is read whole; save it anew with "
                "torch.save on a larger machine"
            ) from None
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> UserError:
    reason = re.sub(r"\s+", " ", str(error).strip())[:160]
    return UserError(f"{path}: truncated or not a weights file ({reason}); download it again")


def check_safetensors_header(path: Path) -> None:
    """Refuse, before it is parsed, a header that is larger than the file or than any real one."""
    with open(path, "rb") as file:
        start = file.read(8)
    length = struct.unpack("<Q", start)[0] if len(start) == 8 else None
    if length is None or length > min(path.stat().st_size - 8, SMALL_BYTES):
        raise UserError(f"{path}: truncated or not a weights file (bad header length); download it again")


class ShardWriter:
    """Write tensors of known shapes, in any order, straight to their places in .safetensors shards.

    safetensors' own writer needs all tensors of a file in memory at once; here the headers are written first
    (names, dtypes and shapes are known), and each tensor's bytes go to its offset as it comes. Files are
    <stem>.safetensors, or <stem>-0000X-of-0000Y.safetensors of at most `shard_bytes` with an index. The
    directory should be an unpublished one: until `close`, the files are not whole. bytes: of all tensors. Raises
    UserError where its disk has no room for them.
    """

    def __init__(
        self,
        directory: Path,
        specs: dict[str, tuple[torch.dtype, tuple[int, ...]]],
        stem: str = "model",
        shard_bytes: int = SHARD_BYTES,
    ):
        self._directory, self._missing = Path(directory), set(specs)
        self.bytes = sum(_bytes_of(*spec) for spec in specs.values())
        check_room(self._directory, self.bytes)
        self._where: dict[str, tuple[PassingDigest, int, int]] = {}
        shards = _plan_shards(specs, shard_bytes)
        names = [f"{stem}-{k + 1:05d}-of-{len(shards):05d}.safetensors" for k in range(len(shards))]
        names = names if len(shards) > 1 else [f"{stem}.safetensors"]
        for name, shard in zip(names, shards, strict=True):
            self._start(self._directory / name, {tensor: specs[tensor] for tensor in shard})
        if len(shards) > 1:
            mapping = {tensor: digest.path.name for tensor, (digest, _, _) in self._where.items()}
            index = {"metadata": {"total_size": self.bytes}, "weight_map": mapping}
            write_json(self._directory / f"{stem}.safetensors.index.json", index)

    def _start(self, path: Path, specs: dict[str, tuple[torch.dtype, tuple[int, ...]]]) -> None:
        header: dict = {"__metadata__": {"format": "pt"}}
        end = 0
        for name, (dtype, shape) in specs.items():
            size = _bytes_of(dtype, shape)
            header[name] = {"dtype": _STORED[str(dtype)], "shape": shape, "data_offsets": [end, end + size]}
            end += size
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        start, digest = struct.pack("<Q", len(text)) + text, PassingDigest(path)
        for name in specs:
            begin, stop = header[name]["data_offsets"]
            self._where[name] = (digest, len(start) + begin, stop - begin)
        with open(path, "wb") as file:
            file.write(start)
            file.truncate(len(start) + end)
        digest.pass_by(0, memoryview(start))

    def add(self, name: str, tensor: Tensor) -> None:
        """Write one tensor. Its bytes go into the file's digest meanwhile; out of turn they are read back for it."""
        digest, offset, size = self._where[name]
        data = _as_bytes(tensor)
        if data.nbytes != size:
            raise ValueError(f"{name}: {data.nbytes} bytes given, {size} planned")
        in_turn = offset == digest.position
        if in_turn:
            digest.pass_by(offset, data)
        with open(digest.path, "r+b") as file:
            file.seek(offset)
            file.write(data)
        if not in_turn:
            digest.pass_by(offset, size)
        digest.settle()
        self._missing.discard(name)

    def close(self) -> dict[str, dict[str, Any]]:
        """Flush the files to the disk; returns {file name: {"size", "sha256"}} of what was written, for a manifest.

        Raises ValueError where a tensor was never written.
        """
        if self._missing:
            raise ValueError(f"never written: {sorted(self._missing)[:3]}")
        digests = {digest for digest, _, _ in self._where.values()}
        for digest in digests:
            with open(digest.path, "rb") as file:
                os.fsync(file.fileno())
        return {digest.path.name: digest.entry() for digest in digests}


def _plan_shards(specs: dict, limit: int) -> list[list[str]]:
    shards: list[list[str]] = [[]]
    room = limit
    for name, (dtype, shape) in specs.items():
        size = _bytes_of(dtype, shape)
        if shards[-1] and size > room:
            shards.append([])
            room = limit
        shards[-1].append(name)
        room -= size
    return shards


def _bytes_of(dtype: torch.dtype, shape: tuple[int, ...]) -> int:
    return math.prod(shape) * dtype.itemsize


def check_finite(name: str, tensor: Tensor) -> None:
    """Raise UserError, naming the tensor `name`, where it has a NaN or an infinity."""
    if not is_finite(tensor):
        raise UserError(f"{name}: {NOT_FINITE}")


def is_finite(tensor: Tensor) -> bool:
    """A NaN is its own least and largest; isfinite of all would take forty times as long, and copies."""
    import torch

    return bool(torch.stack(torch.aminmax(tensor)).isfinite().all())


def _as_bytes(tensor: Tensor) -> memoryview:
    import torch

    return tensor.contiguous().view(-1).view(torch.uint8).numpy().data
