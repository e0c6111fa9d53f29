"""Reads the body of an answer as it arrives, up to a limit.

The rule it keeps: no answer takes more memory than its limit, compressed or not.
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
"""The limit of one answer: a page of 1,000 rows has 32 kB for each row."""

MAX_REFUSAL_BYTES = 64 * 1024
"""The limit of a refusal, whose message is cut much shorter."""

ACCEPTED_ENCODING = "gzip"
_PIECE_BYTES = 2**20

_SMALLER_PAGES = (
    "Check that the address is Konnect's; if it is, ask for fewer rows at once: "
    "page_size in the profile"
)


class DamagedError(Exception):
    """A body that cannot be decompressed."""


async def read_body(response: httpx.Response, *, request: str, is_write: bool) -> bytes:
    """The decompressed body; of a refusal perhaps only the beginning.

    Raises Unreadable for a body over the limit, or one that cannot be decompressed.
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
        raise Unreadable(fault, request=request, advice=advice, outcome_unknown=is_write)
    return b"".join(parts)[:limit]


async def _unpacked(response: httpx.Response) -> AsyncGenerator[bytes]:
    """The body in pieces, as it arrives."""
    if response.is_stream_consumed:  # its transport has read and decompressed it already
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
                # In pieces: a compressed part may be a thousand times larger.
                yield unpacker.decompress(packed, _PIECE_BYTES)
            except zlib.error:
                raise DamagedError("the answer is damaged") from None
            packed = unpacker.unconsumed_tail
        if unpacker.eof:
            break
    if unpacker is not None and not unpacker.eof and not is_empty:
        raise DamagedError("the answer is damaged")
