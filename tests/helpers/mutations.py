"""Hypothesis strategies: a file's bytes, changed as carelessness or malice would change them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

ODD_VALUES = [
    None, True, False, -1, 0, 1, 2, 64000, 2**31, 2**63, 10**400, 0.5, -1e-300, 1e308, float("nan"), float("inf"), "",
    "rope", "alibi", "float32", "<pad>", "../x", "é\u2028", "\0", "\ud800", "A" * 300, [], {}, [[]], [2, 195],
    {"a": None},
]  # fmt: skip
PIECES = [
    b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\r\n", b"\n", b",", b",,,,,,,,", b'"', b"'", b"{",
    b"[", b"}", b"]", b":", b"\\u", b"\\ud800", b" ", b"\t", b"NaN", b"1e999", b"\xe2\x80\xa8", "答案".encode(),
    b"</s>", b";", b"null", b"\xe4\xb8", b"[" * 3000, b"A" * 140_000,
]  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """(container, key) of every value inside of a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(items):
        yield value, key
        yield from places(part)


@st.composite
def mutated_json(draw: st.DrawFn, data: bytes) -> bytes:
    """JSON with one to three values replaced, removed or renamed; now and then its bytes are changed too."""
    value = copy.deepcopy(json.loads(data))
    odd = st.sampled_from(ODD_VALUES) | st.integers() | st.floats() | st.text(max_size=20)
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(list(places(value)) or [({}, "a")]))
        change = draw(st.sampled_from(["replace", "replace", "remove", "rename"]))
        if change == "replace":
            container[key] = copy.deepcopy(draw(odd))  # a later change may go into it
        elif key in container or isinstance(container, list):
            part = container.pop(key)
            if change == "rename" and isinstance(container, dict):
                container[draw(st.text(max_size=8))] = part
    changed = json.dumps(value).encode()
    return draw(mutated_bytes(changed)) if draw(st.integers(0, 3)) == 0 else changed


@st.composite
def mutated_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes with one to three slices replaced by odd pieces, or by another slice of the same file."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 3) | st.integers(0, 12) | st.integers(0, len(data))))
        copied = draw(st.integers(0, len(data)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=4) | st.just(data[copied : copied + 40]))
        data = data[:start] + piece + data[end:]
    return data


@st.composite
def mutated_lines(draw: st.DrawFn, data: bytes) -> bytes:
    """Lines left out, repeated or with other ends; then perhaps mutated_bytes."""
    lines = data.split(b"\n")
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(lines) - 1))
        lines[place : place + 1] = [lines[place]] * draw(st.sampled_from([0, 2]))
        lines = lines or [b""]
    changed = draw(st.sampled_from([b"\n", b"\n", b"\r\n", b"\r"])).join(lines)
    return draw(mutated_bytes(changed)) if draw(st.booleans()) else changed
