"""The documents of one term, as Whoosh's codec has them and without its pickles.

To Whoosh a posting list is blocks of two pickles: what the block holds, and the steps from one
document number to the next. Here every block is written in one fixed layout, which unpickles to
just that, and is read as the layout it is. Nothing is unpickled: any other bytes are damage.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from operator import sub

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC

from search.errors import IndexDamaged

Docs = npt.NDArray[np.uint32]

# Whoosh writes 128 postings a block; larger blocks read back faster and are as readable to it.
BLOCK = 4096

# The length of a block, negative for the last one.
_LENGTH = struct.Struct(">i")
# The pickle of (postings, last document, 1.0, 0, 0, 0): greatest weight, no compression, no
# lengths of fields; then the beginning and the end of the pickle of (steps, None, None).
_INFO = struct.Struct("<4sisi17s3s")
_LAYOUT = (b"\x80\x02(J", b"J", b"G?\xf0\0\0\0\0\0\0K\0K\0K\0t.", b"\x80\x02(")
_END = b"tNN\x87."
# Each step is the code of a pickled number and the number, all of a block in the same width.
_KINDS = {ord("K"): ("B", 1), ord("M"): ("H", 2), ord("J"): ("i", 4)}
_STEPS = {code: np.dtype(f"S1, <u{width}") for code, (_, width) in _KINDS.items()}


def encode_postings(documents: Sequence[int]) -> bytes:
    """The posting list of one term; the numbers of the documents rise."""
    parts: list[bytes] = [WHOOSH3_HEADER_MAGIC]
    for start in range(0, len(documents), BLOCK):
        block = documents[start : start + BLOCK]
        before, between, rest, begin = _LAYOUT
        info = _INFO.pack(before, len(block), between, block[-1], rest, begin)
        steps = _encode_steps((block[0], *map(sub, block[1:], block[:-1])))
        length = len(info) + len(steps) + len(_END)
        is_last = start + BLOCK >= len(documents)
        parts += (_LENGTH.pack(-length if is_last else length), info, steps, _END)
    return b"".join(parts)


def _encode_steps(steps: tuple[int, ...]) -> bytes:
    widest = max(steps)
    code = ord("K" if widest < 1 << 8 else "M" if widest < 1 << 16 else "J")
    kind, width = _KINDS[code]
    numbers = struct.pack(f"<{len(steps)}{kind}", *steps)
    content = bytearray([code]) * (len(steps) * (width + 1))
    for place in range(width):
        content[place + 1 :: width + 1] = numbers[place::width]
    return bytes(content)


def decode_postings(content: bytes) -> Docs:
    """The documents of a posting list; raises `IndexDamaged` if it is laid out otherwise."""
    position = len(WHOOSH3_HEADER_MAGIC)
    blocks: list[Docs] = []
    length = 1
    try:
        while length > 0:
            (length,) = _LENGTH.unpack_from(content, position)
            position += _LENGTH.size + abs(length)
            blocks.append(_decode_block(content, position - abs(length), position))
    except (struct.error, ValueError, LookupError) as error:
        raise IndexDamaged("postings") from error
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _decode_block(content: bytes, start: int, end: int) -> Docs:
    before, count, between, last, rest, begin = _INFO.unpack_from(content, start)
    steps = _STEPS[content[start + _INFO.size]]
    expected = start + _INFO.size + count * steps.itemsize
    if (before, between, rest, begin) != _LAYOUT or content[expected:end] != _END:
        raise ValueError("a block of another layout")
    read = np.frombuffer(content, dtype=steps, count=count, offset=start + _INFO.size)
    docs: Docs = read["f1"].cumsum(dtype=np.uint32)
    if docs[-1] != last:
        raise ValueError("the steps lead elsewhere")
    return docs
