import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { minutesAfterNoon } from '../fixtures.ts'
import { type Answer, assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { aNotification, notificationId } from '../kit/notifications.ts'
import type { Person } from '../kit/people.ts'

const LIST = '/v1/notifications'
const HOW_MANY = 25

describe('notifications', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum()
    for (const who of [forum.alice, forum.bob, forum.ada]) await forum.call(who, 'GET', '/v1/users/me')
  })
  after(() => forum[Symbol.asyncDispose]())

  /** Three in each minute, so that ties are everywhere; every fifth one was read. */
  beforeEach(() => {
    const ownerId = UserId.parse(forum.alice.id)
    const given = Array.from({ length: HOW_MANY }, (_, n) => {
      const createdAt = minutesAfterNoon(Math.floor(n / 3))
      return aNotification({ id: notificationId(n), ownerId, createdAt, readAt: n % 5 ? null : minutesAfterNoon(99) })
    })
    forum.state.notification.clear()
    for (const notification of given) forum.state.notification.set(notification.id, notification)
  })

  const list = (query: Record<string, string | number> = {}, who: Person = forum.alice): Promise<Answer> =>
    forum.call(who, 'GET', `${LIST}?${new URLSearchParams(query as Record<string, string>)}`)

  const read = (id: string, who: Person | null = forum.alice): Promise<Answer> =>
    forum.call(who, 'POST', `${LIST}/${id}/read`)

  async function walk(query: Record<string, string | number>): Promise<readonly string[]> {
    const seen: string[] = []
    let url: string | null = `${LIST}?${new URLSearchParams(query as Record<string, string>)}`
    while (url !== null) {
      const { headers, body }: Answer = await forum.call(forum.alice, 'GET', url)
      seen.push(...body.items.map(({ id }) => id))
      assert.equal(headers['link'] === undefined, body.nextCursor === null, 'there is a link where there is a cursor')
      url = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1] ?? null
    }
    return seen
  }

  it('are listed newest first, 20 at a time, with all that is known of them', async () => {
    const { status, body } = await list()

    assert.deepEqual([status, body.items.length], [200, 20])
    assert.deepEqual(Object.keys(body), ['items', 'nextCursor'])
    const { id, postId, commentId, authorId } = aNotification({ id: notificationId(24) })
    const createdAt = minutesAfterNoon(8).toISOString()
    assert.deepEqual(body.items[0], {
      id,
      type: 'comment.written',
      postId,
      commentId,
      authorId,
      createdAt,
      readAt: null,
    })
  })

  it('are walked each once and in order, whatever the size of a page', async () => {
    const all = Array.from({ length: HOW_MANY }, (_, n) => String(notificationId(HOW_MANY - 1 - n)))

    for (const limit of [1, 4, 25, 100]) assert.deepEqual(await walk({ limit }), all)
    assert.deepEqual(await walk({ limit: 7, unread: 'false' }), all)
    assert.deepEqual(
      await walk({ limit: 3, unread: 'true' }),
      all.filter((_, n) => (HOW_MANY - 1 - n) % 5 !== 0),
    )
  })

  it('are those of the caller alone', async () => {
    assert.deepEqual((await list({}, forum.bob)).body, { items: [], nextCursor: null })
    assertProblem(await forum.call(null, 'GET', LIST), 401, 'authentication-required')
  })

  it('are marked as read, the first time for good, and are then no longer unread', async () => {
    const id = notificationId(24)

    const first = await read(id)
    const { readAt } = (await list()).body.items[0] as unknown as { readAt: string }
    await new Promise((resolve) => setTimeout(resolve, 5))
    const second = await read(id.toUpperCase())

    assert.deepEqual([first.status, first.text, second.status], [204, '', 204])
    assert.match(readAt, /^20.*Z$/)
    assert.equal((await list()).body.items[0]?.id, id)
    assert.equal(((await list()).body.items[0] as unknown as { readAt: string }).readAt, readAt)
    assert.notEqual((await list({ unread: 'true' })).body.items[0]?.id, id)
  })

  it('are 404 for others, as are ids that do not exist', async () => {
    const before = forum.hash()
    const [others, nobodys] = [await read(notificationId(3), forum.bob), await read(notificationId(900), forum.bob)]

    assertProblem(others, 404, 'not-found')
    assertProblem(nobodys, 404, 'not-found')
    assert.equal(others.body.detail, nobodys.body.detail)
    assertProblem(await read(notificationId(3), forum.ada), 404, 'not-found')
    assertProblem(await read(notificationId(3), null), 401, 'authentication-required')
    assert.equal(forum.hash(), before)
  })

  it('have an id', async () => {
    for (const id of ['abc', '1', `urn:uuid:${notificationId(1)}`])
      assertProblem(await read(id), 422, 'validation-failed')
    assertProblem(await forum.call(forum.alice, 'POST', `${LIST}//read`), 404, 'not-found')
  })

  it('have cursors that belong to the list and to the filter', async () => {
    const cursor = (await list({ limit: 3 })).body.nextCursor ?? ''
    const unread = (await list({ limit: 3, unread: 'true' })).body.nextCursor ?? ''

    assertProblem(await list({ cursor: unread }), 422, 'invalid-cursor')
    assertProblem(await list({ cursor, unread: 'true' }), 422, 'invalid-cursor')
    assertProblem(await list({ cursor: `${cursor.slice(0, -1)}~` }), 422, 'invalid-cursor')
    assertProblem(await forum.call(forum.alice, 'GET', `/v1/posts?cursor=${cursor}`), 422, 'invalid-cursor')
    assert.equal((await list({ cursor, unread: 'false' })).status, 200)
  })

  for (const query of [
    'limit=0',
    'limit=101',
    'unread=1',
    'unread=',
    'unread=TRUE',
    'sort=createdAt',
    'count=true',
    'a=b',
  ]) {
    it(`refuse ${query}`, async () => {
      assertProblem(await forum.call(forum.alice, 'GET', `${LIST}?${query}`), 422, 'validation-failed')
    })
  }
})

describe('a key for requests that may come again', () => {
  it('does no harm to the reading of a notification', async () => {
    await using forum = await openForum()
    const path = '/v1/notifications/01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f/read'

    const { status } = await forum.call(forum.alice, 'POST', path, { headers: { 'idempotency-key': 'a b' } })
    assert.equal(status, 404)
  })
})
