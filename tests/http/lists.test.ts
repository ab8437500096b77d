import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { aPost, minutesAfterNoon, p1, p2, postId } from '../fixtures.ts'
import { type Answer, assertProblem } from '../kit/answers.ts'
import { aComment, commentId } from '../kit/comments.ts'
import { type Forum, openForum } from '../kit/http.ts'

const HOW_MANY = 25
const SORTS = ['createdAt', '-createdAt', 'updatedAt', '-updatedAt']

describe('lists', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum()
    const [alice, bob] = [UserId.parse(forum.alice.id), UserId.parse(forum.bob.id)]
    for (let n = 1; n <= HOW_MANY; n++) {
      // Three are written in each minute, so that ties are everywhere; they were changed in another order.
      const createdAt = minutesAfterNoon(Math.floor(n / 3))
      const state = { createdAt, updatedAt: minutesAfterNoon(60 + ((n * 7) % 5)), ownerId: n % 2 ? alice : bob }
      forum.state.post.set(postId(n), aPost({ ...state, id: postId(n), text: `Post ${n}` }))
      forum.state.comment.set(commentId(n), aComment({ ...state, id: commentId(n), postId: n % 5 ? p1 : p2 }))
    }
  })
  after(() => forum[Symbol.asyncDispose]())

  const list = (path: string, query: Record<string, string | number> = {}): Promise<Answer> =>
    forum.call(forum.alice, 'GET', `/v1/${path}?${new URLSearchParams(query as Record<string, string>)}`)

  async function walk(path: string, query: Record<string, string | number>): Promise<readonly string[]> {
    const seen: string[] = []
    let url: string | null = `/v1/${path}?${new URLSearchParams(query as Record<string, string>)}`
    while (url !== null) {
      const { status, headers, body }: Answer = await forum.call(forum.alice, 'GET', url)
      assert.equal(status, 200)
      seen.push(...body.items.map(({ id }) => id))
      assert.equal(headers['link'] === undefined, body.nextCursor === null, 'there is a link where there is a cursor')
      url = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1] ?? null
    }
    return seen
  }

  it('gives 20 items, newest first, unless told otherwise', async () => {
    const { body } = await list('posts')

    assert.equal(body.items.length, 20)
    assert.deepEqual(
      body.items.map(({ id }) => id),
      (await walk('posts', { sort: '-createdAt', limit: 100 })).slice(0, 20),
    )
    assert.equal('total' in body, false)
  })

  for (const path of ['posts', 'comments']) {
    for (const sort of SORTS) {
      it(`walks all ${path} by ${sort}, each once and in order, whatever the size of a page`, async () => {
        const key = sort.replace('-', '') as 'createdAt' | 'updatedAt'
        const { body } = await list(path, { sort, limit: 100 })
        const expected = [...body.items].sort((one, other) => {
          const order = one[key].localeCompare(other[key]) || one.id.localeCompare(other.id)
          return sort.startsWith('-') ? -order : order
        })

        assert.equal(body.items.length, HOW_MANY)
        assert.deepEqual(body.items, expected)
        for (const limit of [1, 4, 25, 100]) {
          assert.deepEqual(
            await walk(path, { sort, limit }),
            expected.map(({ id }) => id),
          )
        }
      })
    }
  }

  it('filters by owner, by post, and by time: from is inclusive, to is exclusive', async () => {
    const owned = await list('posts', { ownerId: forum.bob.id.toUpperCase(), limit: 100 })
    const onPost = await list('comments', { postId: p2, limit: 100 })
    const [createdFrom, createdTo] = [minutesAfterNoon(2).toISOString(), minutesAfterNoon(4).toISOString()]
    const timed = await list('posts', { createdFrom, createdTo, count: 'true' })

    assert.deepEqual(new Set(owned.body.items.map(({ ownerId }) => ownerId)), new Set([forum.bob.id]))
    assert.equal(owned.body.items.length, 12)
    assert.deepEqual(new Set(onPost.body.items.map(({ postId }) => postId)), new Set([p2]))
    assert.equal(onPost.body.items.length, 5)
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
    assert.equal((await list('comments', { count: 'true', limit: 1, postId: p2 })).body.total, 5)
    assert.equal('total' in (await list('posts', { count: 'false' })).body, false)
  })

  it('is empty where nothing matches', async () => {
    const { status, headers, body } = await list('comments', { postId: postId(99), count: 'true' })

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
    const cursorOf = async (path = 'posts', more = {}) =>
      (await list(path, { ...query, ...more })).body.nextCursor as string

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

    it('belongs to its order, its filters and its resource', async () => {
      const cursor = await cursorOf()
      const others = [{ sort: 'updatedAt' }, { sort: '-createdAt' }, { ownerId: forum.bob.id }]
      for (const other of [...others, { createdFrom: '2026-03-01T12:00:00Z' }, { createdTo: '2027-03-01T12:00:00Z' }]) {
        assertProblem(await list('posts', { ...query, ...other, cursor }), 422, 'invalid-cursor')
      }
      assertProblem(await list('comments', { ...query, cursor }), 422, 'invalid-cursor')
      const onPost = await cursorOf('comments', { postId: p1 })
      assertProblem(await list('comments', { ...query, postId: p2, cursor: onPost }), 422, 'invalid-cursor')
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
