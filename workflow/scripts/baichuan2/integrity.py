"""Integrity of files: JSON and jsonl files that carry their own digest, and digests of other files.

Disks and copies fail, and people edit files: a flipped byte in a weight changes answers without any error. So
every manifest, record and measurement ends with the SHA-256 of what stands before it, every manifest lists the
SHA-256 of the files beside it, and every step checks what it is about to use. Imports nothing heavy.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from baichuan2.errors import UserError, shown
from baichuan2.files import SMALL_BYTES, publish_file, read_bytes, read_json, write_json

MANIFEST = "manifest.json"
RECORD_BYTES = 1 << 30  # our own records hold the time of every token
SEAL = "sha256"
_OTHER_CONTENT = f"its content is not what {MANIFEST} recorded"
_BLOCK_BYTES = 4 * 2**20


def write_sealed(path: Path, value: Mapping[str, Any]) -> dict[str, Any]:
    """Publish `value` as JSON with its seal as the last key; returns it as it will be read."""
    as_read = json.loads(json.dumps(value))  # lists for tuples, texts for keys
    write_json(path, {**as_read, SEAL: seal(as_read)})
    return as_read


def read_sealed(path: Path, most: int = SMALL_BYTES, kind: Mapping[str, str | int] | None = None) -> dict[str, Any]:
    """The object that `write_sealed` wrote, of at most `most` bytes; raises UserError where it is not that now.

    kind: as check_kind's.
    """
    if not Path(path).exists():
        raise UserError(f"{path}: no such file; run the step that makes it")
    value = read_json(path, most)
    if value.pop(SEAL, None) != seal(value):
        raise UserError(f"{path}: damaged or edited since it was written; delete it and run again")
    check_kind(path, value, kind or {})
    return value


def check_kind(path: Path, value: Mapping[str, Any], kind: Mapping[str, str | int]) -> None:
    """Raise UserError where what was read from `path` is of another format or version than `kind` says."""
    for key, expected in kind.items():
        if value.get(key) != expected:
            raise UserError(
                f"{path}: {key} {shown(value.get(key))}, read is {expected}; give another, or run the step that "
                "makes it again"
            )


def identity_of(directory: Path) -> str:
    """What the files of a directory are, by its manifest: a digest of their digests."""
    return seal(read_sealed(Path(directory) / MANIFEST)["files"])


def seal(value: Mapping[str, Any]) -> str:
    """The SHA-256 of a JSON object's canonical text."""
    return _digest_of(json.dumps(value, sort_keys=True, ensure_ascii=False))


def write_sealed_lines(path: Path, values: Iterable[Mapping[str, Any]]) -> None:
    """Publish jsonl, one value a line, and as the last line the seal of those before it."""
    text = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    with publish_file(path) as partial:
        partial.write_text(text + json.dumps({SEAL: _digest_of(text)}) + "\n", encoding="utf-8")


def read_sealed_lines(path: Path) -> list[dict[str, Any]]:
    """The values that `write_sealed_lines` wrote; raises UserError where the file has changed."""
    data = read_bytes(path, RECORD_BYTES, "run the step that makes it")
    body, _, last = data.removesuffix(b"\n").rpartition(b"\n")
    if last != json.dumps({SEAL: hashlib.sha256(body + b"\n").hexdigest()}).encode():
        raise UserError(f"{path}: damaged or edited since it was written; delete it and run again")
    # Not splitlines(), which also breaks at the U+2028 that JSON leaves as it is.
    return [json.loads(line) for line in body.split(b"\n")]


def files_beside(
    directory: Path, names: Iterable[str] | None = None, written: Mapping[str, dict[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    """{file name: {"size", "sha256"}} for a manifest: of the files in `directory`, or of `names` among them.

    written: those of files that are not read for it, since they are known.
    """
    names = [path.name for path in directory.iterdir() if path.is_file()] if names is None else names
    entries = {**_entries(directory, [name for name in names if name not in (written or {})]), **(written or {})}
    return dict(sorted(entries.items()))


def _entries(directory: Path, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    with ThreadPoolExecutor() as pool:  # hashlib lets other threads run
        digests = list(pool.map(lambda name: digest(directory / name), names))
    return {
        name: {"size": (directory / name).stat().st_size, "sha256": digest}
        for name, digest in zip(names, digests, strict=True)
    }


def check_files(directory: Path, skip: Callable[[str], bool] = lambda name: False) -> dict[str, Any]:
    """The manifest of `directory`, once every file that it lists is checked against its digest.

    skip: true for names whose size alone is checked, since the caller does not read them. Raises UserError
    naming the file that is missing or differs.
    """
    directory = Path(directory)
    manifest = read_sealed(directory / MANIFEST)
    for problem in _problems(directory, manifest["files"], skip):
        raise problem
    return manifest


def unlike_manifest(path: Path, problem: str = _OTHER_CONTENT) -> UserError:
    """Why a file is not the one that the manifest beside it lists, and the cure."""
    link = f" (a link to {os.readlink(path)})" if path.is_symlink() else ""
    return UserError(f"{path}{link}: {problem}; restore it, or delete {path.parent / MANIFEST} and run again")


class PassingDigest:
    """The SHA-256 of a file, of its bytes as they go by while they are used or written: it is not read for it.

    A thread takes it while the caller works, one piece at a time. A piece that comes before its turn waits for it.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        self._hash, self._position = hashlib.sha256(), 0
        self._waiting: dict[int, memoryview | int] = {}
        self._thread = ThreadPoolExecutor(1)
        self._task: Future[None] | None = None

    @property
    def position(self) -> int:
        """Where the next piece to be taken starts."""
        return self._position

    def pass_by(self, start: int, piece: memoryview | int) -> None:
        """The file's bytes from `start` on; more than once changes nothing.

        piece: the bytes, which must stay as they are until they are taken; or how many they are, to be read from the
        file when it is their turn.
        """
        if start >= self._position and _length(piece) > 0:
            self._waiting[start] = piece
        while (piece := self._waiting.pop(self._position, 0)) != 0:
            self._take(self._position, piece)

    def settle(self) -> None:
        """Wait until the pieces whose turn it was are taken."""
        if self._task:
            self._task.result()

    def entry(self) -> dict[str, Any]:
        """{"size", "sha256"} of the whole file, for a manifest; what has not gone by is read."""
        for start, piece in sorted(self._waiting.items(), key=lambda item: item[0]):
            if start >= self._position:
                self._take(start, piece)
        size = self.path.stat().st_size
        self._take(size, 0)
        self.settle()
        self._thread.shutdown()
        return {"size": size, "sha256": self._hash.hexdigest()}

    def _take(self, start: int, piece: memoryview | int) -> None:
        self.settle()
        self._task = self._thread.submit(self._update, self._position, start, piece)
        self._position = start + _length(piece)

    def _update(self, begin: int, start: int, piece: memoryview | int) -> None:
        """Add the bytes from `begin` to `start`, and the piece."""
        of_file = start - begin + (piece if isinstance(piece, int) else 0)
        if of_file > 0:
            with open(self.path, "rb") as file:
                file.seek(begin)
                for block in blocks(file, of_file):
                    self._hash.update(block)
        if not isinstance(piece, int):
            self._hash.update(piece)


def _length(piece: memoryview | int) -> int:
    return piece if isinstance(piece, int) else piece.nbytes


def blocks(file: BinaryIO, size: int) -> Iterator[memoryview]:
    """The next `size` bytes of a file, or what there is of them; a block is overwritten by the next one."""
    buffer = memoryview(bytearray(min(size, _BLOCK_BYTES)))
    while size and (count := file.readinto(buffer[:size])):  # type: ignore[attr-defined]
        yield buffer[:count]
        size -= count


def verify(results: Path) -> tuple[int, list[str]]:
    """The number of manifests, records and summaries under `results`, and a line for each file that is wrong.

    Of a manifest, those are the files that it lists.
    """
    readers: dict[str, Callable[[Path], Any]] = {
        MANIFEST: lambda path: list(map(str, _problems(path.parent, read_sealed(path)["files"]))),
        "summary.json": read_sealed,
        "acceptance.json": read_sealed,
    }
    sources = [(path, readers[path.name]) for name in readers for path in sorted(results.rglob(name))]
    folders = [results / "records", *results.glob("shared/*/records")]
    files = sorted(path for folder in folders for path in folder.glob("[!.]*"))
    records = [path for path in files if path.name != "prompts.jsonl"]
    whole = partial(read_sealed, most=RECORD_BYTES)
    sources += [(path, read_sealed_lines if path.suffix == ".jsonl" else whole) for path in records]
    problems = []
    for path, read in sources:
        try:
            found = read(path)
        except UserError as error:
            problems.append(str(error))
        else:
            problems += found if path.name == MANIFEST else []
    return len(sources), problems


def _problems(
    directory: Path, files: Mapping[str, Mapping[str, Any]], skip: Callable[[str], bool] = lambda name: False
) -> Iterator[UserError]:
    """What is wrong with each of a manifest's files that differs: first those whose size alone tells."""
    read = []
    for name, entry in files.items():
        if not (directory / name).is_file():
            yield unlike_manifest(directory / name, f"missing, though {MANIFEST} lists it")
        elif (size := (directory / name).stat().st_size) != entry["size"]:
            yield unlike_manifest(directory / name, f"has {size} bytes, not the {entry['size']} of {MANIFEST}")
        elif not skip(name):
            read.append(name)
    for name, entry in files_beside(directory, read).items():
        if entry != files[name]:
            yield unlike_manifest(directory / name)


def digest(path: Path | str) -> str:
    """The SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
