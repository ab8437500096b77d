"""The cursors of this service: a time, an id, and a checksum of both and of their list."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from fastapi import HTTPException

LIST = b"posts -createdAt {}\0"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def cursor_at(at: datetime, post_id: UUID) -> str:
    position = ((at - EPOCH) // MILLISECOND).to_bytes(8, "big", signed=True) + post_id.bytes
    return urlsafe_b64encode(position + seal_of(position)).rstrip(b"=").decode()


def position_at(cursor: str) -> tuple[datetime, UUID]:
    try:
        data = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise HTTPException(422) from error
    position = data[:24]
    if len(data) != 32 or seal_of(position) != data[24:]:
        raise HTTPException(422)
    return EPOCH + int.from_bytes(position[:8], "big", signed=True) * MILLISECOND, UUID(bytes=position[8:])


def seal_of(position: bytes) -> bytes:
    return sha256(LIST + position).digest()[:8]
