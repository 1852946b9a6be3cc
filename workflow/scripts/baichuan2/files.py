"""Files and directories that appear whole or not at all. Imports nothing heavy."""

from __future__ import annotations

import csv
import glob
import io
import json
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from baichuan2.errors import UserError

SMALL_BYTES = 8 << 20  # far above any real config.json, index, manifest or prompts file
_CURE = "fetch or write it again"
_LFS = b"version https://git-lfs"


@contextmanager
def publish_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` on success, remove it on failure.

    Leftovers of a killed run beside `path` are removed first.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.????????.partial"):
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        partial.chmod(0o666 & ~_umask())
        _sync(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def publish_directory(path: Path) -> Iterator[Path]:
    """Yield a temporary directory beside `path`; on success it takes the place of `path`.

    Where `path` is a link, all of this is of what it leads to, which may be on another disk. Leftovers of a killed
    run are removed first.
    """
    path = Path(path).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.partial"):
        shutil.rmtree(left, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent))
    try:
        yield partial
        partial.chmod(0o777 & ~_umask())
        if path.exists():
            path.rename(partial.with_suffix(".old.partial"))
        partial.replace(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(partial.with_suffix(".old.partial"), ignore_errors=True)


def check_room(folder: Path, size: int) -> None:
    """Raise UserError where the disk of `folder` has less than `size` bytes free, before they are written."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise UserError(
            f"{folder}: its disk has {free / 1e9:.1f} GB free, and {size / 1e9:.1f} GB are to be written; free some, "
            "or work in a folder on another disk"
        )


def check_regular(path: Path | str, cure: str = _CURE) -> int:
    """The size in bytes of a regular file, which is not opened: a FIFO would block, and a device never ends.

    Raises UserError, ending in `cure`, for anything else, and for a path that is missing or not accessible.
    """
    try:
        state = os.stat(path)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; {cure}") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read ({getattr(error, 'strerror', error)}); {cure}") from None
    if not stat.S_ISREG(state.st_mode):
        kind = "a directory" if stat.S_ISDIR(state.st_mode) else "a device, a pipe or a socket"
        raise UserError(f"{path}: {kind}, not a file; {cure}")
    return state.st_size


def read_bytes(path: Path | str, most: int = SMALL_BYTES, cure: str = _CURE) -> bytes:
    """A regular file of at most `most` bytes, whole. Raises UserError, ending in `cure`, for any other."""
    size = check_regular(path, cure)
    if size <= most:
        try:
            with open(path, "rb") as file:
                data = file.read(size + 1)
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror}); {cure}") from None
        if len(data) <= size:
            check_pointer(path, data)
            return data
        raise UserError(f"{path}: grows while it is read; run again when it is whole")
    raise UserError(f"{path}: over {most >> 20} MB, which no such file is; {cure}")


def check_pointer(path: Path | str, start: bytes) -> None:
    """Raise UserError where a file that starts so is what git leaves in its place without git-lfs."""
    if start.startswith(_LFS):
        raise UserError(f"{path}: a git-lfs pointer, not the file itself; run git lfs pull in its folder")


def read_text(path: Path | str, most: int = SMALL_BYTES, cure: str = _CURE) -> str:
    """As read_bytes, as `as_text` decodes it. Raises UserError as both do."""
    return as_text(read_bytes(path, most, cure), str(path))


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """A zip whose list of members is at most 2 * SMALL_BYTES long. Raises zipfile.BadZipFile for any other."""
    return zipfile.ZipFile(_InPieces(file))


class _InPieces(io.RawIOBase):
    """A file that returns at most 2 * SMALL_BYTES per read: zipfile reads a zip's list of members in one."""

    def __init__(self, file: BinaryIO):
        self._file = file

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        most = 2 * SMALL_BYTES
        data = self._file.read(min(size, most + 1) if size >= 0 else most + 1)
        if len(data) > most:
            raise zipfile.BadZipFile("its list of members is too long")
        return data


def as_text(data: bytes, place: str) -> str:
    """UTF-8 `data`, with or without its mark, decoded, with `plain_line_ends`.

    Raises UserError, naming `place`, for other encodings and for NUL bytes.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError(f"{place}: UTF-16, not UTF-8 text; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guess = "GB18030" if _is_gb18030(data) else "another encoding"
        at = f"byte {error.start}"
        raise UserError(f"{place}: not UTF-8 text ({at}; it may be {guess}); save it as UTF-8") from None
    if "\0" in text:
        raise UserError(f"{place}: holds NUL bytes, so it is not text; {_CURE}")
    return plain_line_ends(text)


def plain_line_ends(text: str) -> str:
    """Every line end is \\n: CR LF and CR come from editors, not from what was written. U+2028 and such stay text."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def csv_rows(text: str, place: str, **dialect: Any) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of the rows of a csv, the header's number being 0; dialect: as csv.reader's.

    What spreadsheets leave is none of it: rows of commas alone, and empty cells right of the header's last name.
    Raises UserError, naming `place`, for what is no csv.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, **dialect)
    width = 0
    try:
        for number, cells in enumerate(lines):
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if any(cell.strip() for cell in cells):
                yield number, cells
            width = width or len(cells)
    except csv.Error as error:
        raise UserError(f"{place}, line {lines.line_num}: not csv ({error}); see to its quotes") from None


def _is_gb18030(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def read_json(path: Path, most: int = SMALL_BYTES) -> dict[str, Any]:
    """The object in a JSON file. Raises UserError naming the file where it is missing, malformed or too large."""
    text = read_text(path, most)
    try:
        value = parse_json(text)
    except ValueError as error:
        raise UserError(f"{path}: not valid JSON ({error}); {_CURE}") from None
    if not isinstance(value, dict):
        raise UserError(f"{path}: not a JSON object; {_CURE}")
    return value


def parse_json(text: str) -> Any:
    """json.loads that raises only ValueError, also for deep nesting and lone surrogates."""
    try:
        value = json.loads(text)
        if "\\u" in text:  # an escape can stand for half a surrogate pair, which UTF-8 cannot encode
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("a lone surrogate") from None
    return value


def write_json(path: Path, value: Any) -> None:
    """Publish `value` as readable UTF-8 JSON."""
    with publish_file(path) as partial:
        partial.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_text(path: Path, text: str) -> None:
    """Publish `text` as UTF-8."""
    with publish_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


def _sync(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
