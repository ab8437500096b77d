from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer, StringConstraints
from pydantic.alias_generators import to_camel


def with_milliseconds(at: datetime) -> str:
    return f"{at.astimezone(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


Time = Annotated[datetime, PlainSerializer(with_milliseconds)]


class Resource(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class PostResource(Resource):
    id: UUID
    owner_id: UUID
    text: str
    version: int
    created_at: Time
    updated_at: Time


class CommentResource(PostResource):
    post_id: UUID


class PageResource(Resource):
    items: list[PostResource]
    next_cursor: str | None


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PostBody(Body):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]


class CommentBody(Body):
    post_id: UUID
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)
