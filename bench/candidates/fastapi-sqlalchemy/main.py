"""FastAPI on uvicorn, and SQLAlchemy's async ORM over asyncpg."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI, Header, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

import forum
from caller import CurrentCaller
from cursor import cursor_at, position_at
from forum import tags_in
from resources import CommentBody, CommentResource, PageResource, PostBody, PostResource
from settings import CONNECTIONS, DATABASE_URL, HOST, HTTP_PORT

engine = create_async_engine(DATABASE_URL, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=120)
new_session = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def open_session() -> AsyncIterator[AsyncSession]:
    async with new_session() as session:
        yield session


Session = Annotated[AsyncSession, Depends(open_session)]
IfMatch = Annotated[str | None, Header()]
Limit = Annotated[int, Query(ge=1, le=100)]


@app.get("/v1/posts/{post_id}", response_model=PostResource)
async def read(
    caller: CurrentCaller, session: Session, response: Response, post_id: UUID, if_none_match: IfMatch = None
):
    post = await forum.read(session, caller, post_id)
    etag = f'"{post.version}"'
    if if_none_match is not None and (if_none_match == "*" or etag in tags_in(if_none_match)):
        return Response(status_code=304, headers={"etag": etag})
    response.headers["etag"] = etag
    return post


@app.get("/v1/posts")
async def list_posts(
    caller: CurrentCaller, session: Session, response: Response, limit: Limit = 20, cursor: str | None = None
) -> PageResource:
    after = None if cursor is None else position_at(cursor)
    posts = await forum.list_posts(session, caller, after, limit + 1)
    items = [PostResource.model_validate(post) for post in posts[:limit]]
    if len(posts) <= limit:
        return PageResource(items=items, next_cursor=None)
    next_cursor = cursor_at(items[-1].created_at, items[-1].id)
    response.headers["link"] = f'</v1/posts?limit={limit}&cursor={next_cursor}>; rel="next"'
    return PageResource(items=items, next_cursor=next_cursor)


@app.post("/v1/posts", status_code=201, response_model=PostResource)
async def write(caller: CurrentCaller, session: Session, response: Response, body: PostBody):
    post = await forum.write(session, caller, body.text)
    response.headers.update({"etag": '"1"', "location": f"/v1/posts/{post.id}"})
    return post


@app.put("/v1/posts/{post_id}", response_model=PostResource)
async def rewrite(
    caller: CurrentCaller,
    session: Session,
    response: Response,
    post_id: UUID,
    body: PostBody,
    if_match: IfMatch = None,
):
    post = await forum.rewrite(session, caller, post_id, body.text, if_match)
    response.headers["etag"] = f'"{post.version}"'
    return post


@app.delete("/v1/posts/{post_id}", status_code=204)
async def remove(caller: CurrentCaller, session: Session, post_id: UUID, if_match: IfMatch = None) -> None:
    await forum.remove(session, caller, post_id, if_match)


@app.post("/v1/comments", status_code=201, response_model=CommentResource)
async def comment(caller: CurrentCaller, session: Session, response: Response, body: CommentBody):
    added = await forum.comment(session, caller, body.post_id, body.text)
    response.headers.update({"etag": '"1"', "location": f"/v1/comments/{added.id}"})
    return added


if __name__ == "__main__":
    uvicorn.run(app, host=HOST, port=HTTP_PORT, log_level="error", access_log=False)
