from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map = {datetime: TIMESTAMP(timezone=True, precision=3), dict[str, Any]: JSON}


class User(Base):
    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    is_active: Mapped[bool]


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    text: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Comment(Base):
    __tablename__ = "comments"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    text: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Event(Base):
    __tablename__ = "outbox"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    type: Mapped[str]
    subject: Mapped[UUID]
    version: Mapped[int]
    time: Mapped[datetime]
    data: Mapped[dict[str, Any]]
