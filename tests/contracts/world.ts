import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import { type Comment, CommentId } from '../../src/domains/entities/comment.ts'
import { NotificationId } from '../../src/domains/entities/notification.ts'
import { type Post, PostId } from '../../src/domains/entities/post.ts'
import { type User, UserId } from '../../src/domains/entities/user.ts'
import type { DomainEvent } from '../../src/domains/events/domain-event.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { aComment, aPost, aUser } from '../fixtures.ts'
import { createStore } from '../kit/forum-store.ts'
import { adding } from './changes.ts'
import type { Announcement, Opened, OpenStore } from './opened.ts'

export const newUserId = () => UserId.parse(randomUUID())
export const newPostId = () => PostId.parse(randomUUID())
export const newCommentId = () => CommentId.parse(randomUUID())
export const newNotificationId = () => NotificationId.parse(randomUUID())

export type World = ReturnType<typeof openedWorld>

/** Opens a store before the tests of a suite and closes it after them. Its tests keep apart by using fresh ids. */
export function useWorld(open: OpenStore): () => World {
  let opened: Opened | undefined
  before(async () => {
    opened = await open()
  })
  after(() => opened?.close())

  return () => {
    assert.ok(opened, 'the store did not open')
    return openedWorld(opened)
  }
}

function openedWorld(opened: Opened) {
  const { driver } = opened
  const someone = async (): Promise<UserId> => (await keep.user()).id

  const keep = {
    async user(fields: Parameters<typeof aUser>[0] = {}): Promise<User> {
      const user = aUser({ id: newUserId(), ...fields })
      await driver.commit([adding.user(user)])
      return user
    },
    async post(fields: Parameters<typeof aPost>[0] = {}): Promise<Post> {
      const post = aPost({ id: newPostId(), ownerId: fields?.ownerId ?? (await someone()), ...fields })
      await driver.commit([adding.post(post)])
      return post
    },
    async comment(fields: Parameters<typeof aComment>[0] = {}): Promise<Comment> {
      const postId = fields?.postId ?? (await keep.post()).id
      const comment = aComment({ id: newCommentId(), ownerId: fields?.ownerId ?? (await someone()), ...fields, postId })
      await driver.commit([adding.comment(comment)])
      return comment
    },
  }

  return {
    opened,
    driver,
    store: opened.store ?? createStore(driver),
    keep,
    someone,

    /** The store as all processes have it: twice, where it is shared. */
    async sides(): Promise<readonly Store[]> {
      const store = opened.store ?? createStore(driver)
      return opened.second === undefined ? [store] : [store, createStore(await opened.second())]
    },

    /** What was announced about these, in a fixed order. */
    announced: async (...subjects: readonly string[]) => inFixedOrder(await opened.outbox(), subjects),
  }
}

/** Announcements about `subjects` by subject and version; `data` as its readers will get it. */
export const inFixedOrder = (events: readonly (Announcement | DomainEvent)[], subjects: readonly string[]) =>
  events
    .filter(({ subject }) => subjects.includes(subject))
    .map(({ type, subject, version, time, data }) => ({ type, subject, version, time, data: inJson(data) }))
    .sort(
      (one, other) => subjects.indexOf(one.subject) - subjects.indexOf(other.subject) || one.version - other.version,
    )

const inJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data))
