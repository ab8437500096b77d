import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aPost, minutesAfterNoon, postId } from '../fixtures.ts'
import { type Answer, assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { describeWalks, eachState, walk } from './lists.contract.ts'

const HOW_MANY = 25

describe('lists', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum()
    eachState(forum, HOW_MANY, (n, state) => {
      forum.state.post.set(postId(n), aPost({ ...state, id: postId(n), text: `Post ${n}` }))
    })
  })
  after(() => forum[Symbol.asyncDispose]())

  const list = (path: string, query: Record<string, string | number> = {}): Promise<Answer> =>
    forum.call(forum.alice, 'GET', `/v1/${path}?${new URLSearchParams(query as Record<string, string>)}`)

  it('return 20 items, newest first, by default', async () => {
    const { body } = await list('posts')

    assert.equal(body.items.length, 20)
    assert.deepEqual(
      body.items.map(({ id }) => id),
      (await walk(forum, 'posts', { sort: '-createdAt', limit: 100 })).slice(0, 20),
    )
    assert.equal('total' in body, false)
  })

  describeWalks('posts', HOW_MANY, () => forum)

  it('filters by owner, and by time: from is inclusive, to is exclusive', async () => {
    const owned = await list('posts', { ownerId: forum.bob.id.toUpperCase(), limit: 100 })
    const [createdFrom, createdTo] = [minutesAfterNoon(2).toISOString(), minutesAfterNoon(4).toISOString()]
    const timed = await list('posts', { createdFrom, createdTo, count: 'true' })

    assert.deepEqual(new Set(owned.body.items.map(({ ownerId }) => ownerId)), new Set([forum.bob.id]))
    assert.equal(owned.body.items.length, 12)
    assert.deepEqual(new Set(timed.body.items.map(({ createdAt }) => createdAt)).size, 2)
    assert.deepEqual([timed.body.items.length, timed.body.total], [6, 6])
  })

  it('takes a time of any zone', async () => {
    const utc = await list('posts', { createdFrom: '2026-03-01T12:04:00Z' })
    const other = await list('posts', { createdFrom: '2026-03-01T17:49:00.000+05:45' })

    assert.deepEqual(other.body.items, utc.body.items)
    assert.notEqual(utc.body.items.length, 0)
  })

  it('counts what matches, not what is on the page, and only when asked', async () => {
    assert.equal((await list('posts', { count: 'true', limit: 3 })).body.total, HOW_MANY)
    assert.equal('total' in (await list('posts', { count: 'false' })).body, false)
  })

  it('is empty where nothing matches', async () => {
    const { status, headers, body } = await list('posts', { ownerId: postId(99), count: 'true' })

    assert.deepEqual([status, headers['link'], body], [200, undefined, { items: [], nextCursor: null, total: 0 }])
  })

  it('goes on where it was although others write meanwhile', async () => {
    const { body } = await list('posts', { sort: '-createdAt', limit: 10 })
    const late = aPost({ id: postId(900), createdAt: minutesAfterNoon(100) })
    forum.state.post.set(late.id, late)

    const rest = await list('posts', { sort: '-createdAt', limit: 100, cursor: body.nextCursor ?? '' })
    forum.state.post.delete(late.id)

    assert.equal(rest.body.items.length, HOW_MANY - 10)
  })

  it('links to the next page with all that was asked for', async () => {
    const { headers, body } = await list('posts', { limit: 2, sort: 'updatedAt', ownerId: forum.bob.id, count: 'true' })
    const next = new URL(/^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1] ?? '', 'http://forum')

    assert.deepEqual(Object.fromEntries(next.searchParams), {
      limit: '2',
      sort: 'updatedAt',
      ownerId: forum.bob.id,
      count: 'true',
      cursor: body.nextCursor,
    })
  })

  describe('a cursor', () => {
    const query = { limit: 3, sort: 'createdAt' }
    const cursorOf = async () => (await list('posts', query)).body.nextCursor as string

    it('is refused when altered in any character, cut or lengthened', async () => {
      const cursor = await cursorOf()
      for (let i = 0; i < cursor.length; i++) {
        const other = cursor[i] === 'A' ? 'B' : 'A'
        const altered = cursor.slice(0, i) + other + cursor.slice(i + 1)
        assertProblem(await list('posts', { ...query, cursor: altered }), 422, 'invalid-cursor')
        assertProblem(await list('posts', { ...query, cursor: cursor.slice(0, i) }), 422, 'invalid-cursor')
      }
      for (const more of ['A', '=', '==', ' ', '\n', 'AAAA']) {
        assertProblem(await list('posts', { ...query, cursor: cursor + more }), 422, 'invalid-cursor')
        assertProblem(await list('posts', { ...query, cursor: more + cursor }), 422, 'invalid-cursor')
      }
    })

    it('is refused when it is nonsense of any length', async () => {
      for (const cursor of ['', 'x', '../../etc/passwd', "' or 1=1--", '💥', 'A'.repeat(43), 'A'.repeat(100 * 1024)]) {
        assertProblem(await list('posts', { cursor }), 422, 'invalid-cursor')
      }
    })

    it('belongs to its order and its filters', async () => {
      const cursor = await cursorOf()
      const others = [{ sort: 'updatedAt' }, { sort: '-createdAt' }, { ownerId: forum.bob.id }]
      for (const other of [...others, { createdFrom: '2026-03-01T12:00:00Z' }, { createdTo: '2027-03-01T12:00:00Z' }]) {
        assertProblem(await list('posts', { ...query, ...other, cursor }), 422, 'invalid-cursor')
      }
    })

    it('may be used with another limit, by anyone, and twice', async () => {
      const cursor = await cursorOf()
      const [once, twice] = [
        await list('posts', { ...query, cursor }),
        await list('posts', { ...query, cursor, limit: 5 }),
      ]

      assert.deepEqual(twice.body.items.slice(0, 3), once.body.items)
    })
  })

  const wrong: Readonly<Record<string, readonly string[]>> = {
    limit: [
      'limit=0',
      'limit=-1',
      'limit=101',
      'limit=1e1',
      'limit=abc',
      'limit=',
      'limit=1.0',
      'limit=%201',
      'limit=+1',
    ],
    count: ['count=1', 'count=yes', 'count=', 'count=TRUE'],
    sort: ['sort=text', 'sort=', 'sort=createdat', 'sort=-createdAt,id', 'sort=%2BcreatedAt'],
    ownerId: ['ownerId=alice', 'ownerId=', 'ownerId=urn:uuid:01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'],
    createdFrom: [
      'createdFrom=yesterday',
      'createdFrom=2026-03-01',
      'createdFrom=2026-02-30T00:00:00Z',
      'createdFrom=',
    ],
    createdTo: ['createdTo=1', 'createdTo=2026-03-01T25:00:00Z', 'createdTo=2026-03-01T12:00:00'],
  }
  for (const [parameter, queries] of Object.entries(wrong)) {
    it(`refuses a wrong ${parameter}, and points at it`, async () => {
      for (const query of queries) {
        const answer = await forum.call(forum.alice, 'GET', `/v1/posts?${query}`)
        assertProblem(answer, 422, 'validation-failed')
        assert.equal(answer.body.errors[0]?.pointer, `/${parameter}`, query)
      }
    })
  }

  it('refuses parameters that it does not know, or gets twice', async () => {
    const unknown = ['offset=1', 'postId=01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f', 'Limit=1', '__proto__=1', 'limit[]=1']
    for (const query of [...unknown, 'limit=1&limit=2', 'sort=createdAt&sort=createdAt', 'cursor=a&cursor=b']) {
      assertProblem(await forum.call(forum.alice, 'GET', `/v1/posts?${query}`), 422, 'validation-failed')
    }
  })

  it('answers HEAD like GET, but for the body', async () => {
    const { status, headers, text } = await forum.call(forum.alice, 'HEAD', '/v1/posts?limit=1')

    assert.deepEqual([status, text], [200, ''])
    assert.match(headers['link'] ?? '', /rel="next"/)
  })
})
