"""Reads the body of an answer as it arrives, and no further than its limit.

The rule it keeps: no answer costs more than its limit, packed or unpacked.
"""

from __future__ import annotations

import zlib
from contextlib import aclosing
from typing import TYPE_CHECKING

from sa_tui.konnect.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import httpx

MAX_BODY_BYTES = 32 * 1024 * 1024
"""Of one answer: a page of 1,000 rows has 32 kB for each."""

MAX_REFUSAL_BYTES = 64 * 1024
"""Of an answer that says no: its message is cut much shorter."""

ACCEPTED_ENCODING = "gzip"
_PIECE_BYTES = 2**20

_SMALLER_PAGES = (
    "Check that the address is Konnect's; if it is, ask for fewer rows at once: "
    "page_size in the profile"
)


class DamagedError(Exception):
    """A body that cannot be unpacked."""


async def read_body(response: httpx.Response, *, tried: str, is_write: bool) -> bytes:
    """The unpacked body; of a refusal perhaps only its beginning.

    Raises Unreadable for a body over the limit, and for one that cannot be unpacked.
    """
    limit = MAX_BODY_BYTES if response.is_success else MAX_REFUSAL_BYTES
    parts, size, fault, advice = [], 0, "", ""
    try:
        async with aclosing(_unpacked(response)) as pieces:
            async for piece in pieces:
                parts.append(piece)
                size += len(piece)
                if size > limit:
                    fault = f"the answer is larger than {limit // 2**20} MB: reading it was stopped"
                    advice = _SMALLER_PAGES
                    break
    except DamagedError as error:
        fault = str(error)
    if fault and response.is_success:
        raise Unreadable(fault, tried=tried, advice=advice, outcome_unknown=is_write)
    return b"".join(parts)[:limit]


async def _unpacked(response: httpx.Response) -> AsyncGenerator[bytes]:
    """The body in pieces, as it arrives."""
    if response.is_stream_consumed:  # its transport has read, and unpacked, it already
        yield response.content
        return
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise DamagedError(f"the answer is packed as {encoding[:40]}, which was not asked for")
    unpacker = None if encoding in ("", "identity") else zlib.decompressobj(zlib.MAX_WBITS | 16)
    is_empty = True
    async for part in response.aiter_raw():
        if unpacker is None:
            yield part
            continue
        is_empty = is_empty and not part
        packed = part
        while packed and not unpacker.eof:
            try:
                # Never much at once: a small part may hold a thousand times as much.
                yield unpacker.decompress(packed, _PIECE_BYTES)
            except zlib.error:
                raise DamagedError("the answer is damaged") from None
            packed = unpacker.unconsumed_tail
        if unpacker.eof:
            break
    if unpacker is not None and not unpacker.eof and not is_empty:
        raise DamagedError("the answer is damaged")
