"""Files as damage and editors leave them: bytes of a good one changed, cut, doubled and put in."""

from __future__ import annotations

import random
from collections.abc import Iterator

INSERTS = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b'"', b"'", b",", b",,,", b";", b"{", b"}", b"[",
    b"]", b":", b"\\u", b"\\ud800", b"null", b"1e999", b"-", b"</s>", b"\xe2\x80\xa8", b"\xe4\xb8", b"[" * 3000,
    b"A" * 140_000,
)  # fmt: skip


def mutations(data: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """`count` files, each with one to four changes."""
    draw = random.Random(seed)
    for _ in range(count):
        changed = data
        for _ in range(draw.randint(1, 4)):
            start = draw.randrange(len(changed) + 1)
            end = min(len(changed), start + draw.choice((0, 1, 1, 2, 8, 100)))
            middle = draw.choice((b"", draw.choice(INSERTS), changed[start:end] * 2, bytes([draw.randrange(256)])))
            changed = changed[:start] + middle + changed[end:]
        yield changed
