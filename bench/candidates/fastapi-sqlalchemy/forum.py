from datetime import UTC, datetime
from uuid import UUID, uuid4

from fastapi import HTTPException
from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from caller import Caller
from models import Comment, Event, Post, User
from resources import CommentResource, PostResource


def new_id(at: datetime) -> UUID:
    """A UUID of version 7: new rows are neighbours in an index, as with this service."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (uuid4().int & ((1 << 76) - 1)))


def now() -> datetime:
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


async def read(session: AsyncSession, caller: Caller, post_id: UUID) -> Post:
    await must_be_active(session, caller)
    return found(await session.get(Post, post_id))


async def list_posts(
    session: AsyncSession, caller: Caller, after: tuple[datetime, UUID] | None, limit: int
) -> list[Post]:
    await must_be_active(session, caller)
    query = select(Post).order_by(Post.created_at.desc(), Post.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(Post.created_at, Post.id) < after)
    return list(await session.scalars(query))


async def write(session: AsyncSession, caller: Caller, text: str) -> Post:
    async with session.begin():
        await must_be_active(session, caller, lock=True)
        at = now()
        post = Post(id=new_id(at), owner_id=UUID(caller.id), text=text, version=1, created_at=at, updated_at=at)
        session.add_all([post, event_of("post.written", post, PostResource)])
    return post


async def rewrite(session: AsyncSession, caller: Caller, post_id: UUID, text: str, if_match: str | None) -> Post:
    async with session.begin():
        post = await changeable(session, caller, post_id, if_match)
        post.text, post.version, post.updated_at = text, post.version + 1, now()
        session.add(event_of("post.rewritten", post, PostResource))
    return post


async def remove(session: AsyncSession, caller: Caller, post_id: UUID, if_match: str | None) -> None:
    async with session.begin():
        post = await changeable(session, caller, post_id, if_match)
        comments = list(await session.scalars(select(Comment).where(Comment.post_id == post_id)))
        events = [gone("comment.removed", comment, CommentResource) for comment in comments]
        session.add_all([*events, gone("post.removed", post, PostResource)])
        await session.execute(delete(Comment).where(Comment.post_id == post_id))
        await session.execute(delete(Post).where(Post.id == post_id))


async def comment(session: AsyncSession, caller: Caller, post_id: UUID, text: str) -> Comment:
    async with session.begin():
        await must_be_active(session, caller, lock=True)
        query = select(Post.id).where(Post.id == post_id).with_for_update(read=True, key_share=True)
        found(await session.scalar(query))
        at = now()
        owner = UUID(caller.id)
        added = Comment(
            id=new_id(at), post_id=post_id, owner_id=owner, text=text, version=1, created_at=at, updated_at=at
        )
        session.add_all([added, event_of("comment.written", added, CommentResource)])
    return added


async def must_be_active(session: AsyncSession, caller: Caller, lock: bool = False) -> None:
    query = select(User.is_active).where(User.id == UUID(caller.id))
    is_active = await session.scalar(query.with_for_update(read=True) if lock else query)
    if is_active is not True:
        raise HTTPException(403)


async def changeable(session: AsyncSession, caller: Caller, post_id: UUID, if_match: str | None) -> Post:
    await must_be_active(session, caller)
    post = found(await session.get(Post, post_id, with_for_update=True))
    if str(post.owner_id) != caller.id and not caller.is_super_admin:
        raise HTTPException(403)
    if if_match is not None and if_match != "*" and f'"{post.version}"' not in tags_in(if_match):
        raise HTTPException(412)
    return post


def tags_in(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",")]


def found(row):
    if row is None:
        raise HTTPException(404)
    return row


def event_of(kind: str, state: Post | Comment, resource: type[PostResource]) -> Event:
    data = resource.model_validate(state).model_dump(mode="json", by_alias=True)
    return Event(type=kind, subject=state.id, version=state.version, time=state.updated_at, data=data)


def gone(kind: str, state: Post | Comment, resource: type[PostResource]) -> Event:
    last = resource.model_validate(state).model_copy(update={"version": state.version + 1, "updated_at": now()})
    return event_of(kind, last, resource)
