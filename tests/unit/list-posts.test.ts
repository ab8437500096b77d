import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { positionOf } from '../../src/domains/ports/list-query.ts'
import { alice, aPost, bob, minutesAfterNoon, noon, p1, p2, p3, setUp } from '../fixtures.ts'
import { NEWEST_FIRST, SORTS } from '../kit/sorts.ts'

const posts = [
  aPost({ id: p1, createdAt: noon, updatedAt: minutesAfterNoon(9) }),
  aPost({ id: p2, createdAt: minutesAfterNoon(1), ownerId: bob.userId }),
  aPost({ id: p3, createdAt: minutesAfterNoon(2) }),
]
const newestFirst = { filter: {}, sort: NEWEST_FIRST, after: null, limit: 2 } as const

describe('a page of posts', () => {
  it('has the requested number of posts, and the position of the next page', async () => {
    const { postService } = setUp({ posts })

    const page = await postService.list({ reader: alice, listQuery: newestFirst, withTotal: false })

    assert.deepEqual(page, { items: [posts[2], posts[1]], next: { at: minutesAfterNoon(1), id: p2 }, total: null })
  })

  it('starts after the position that it is given, and is the last one when nothing follows', async () => {
    const { postService } = setUp({ posts })

    const page = await postService.list({
      reader: alice,
      listQuery: { ...newestFirst, after: { at: minutesAfterNoon(1), id: p2 } },
      withTotal: false,
    })

    assert.deepEqual(page, { items: [posts[0]], next: null, total: null })
  })

  it('is the last one when it is full and nothing follows', async () => {
    const { postService } = setUp({ posts })

    const page = await postService.list({ reader: alice, listQuery: { ...newestFirst, limit: 3 }, withTotal: false })

    assert.deepEqual([page.items.length, page.next], [3, null])
  })

  it('counts all that match, not those on the page', async () => {
    const { postService } = setUp({ posts })

    const all = await postService.list({ reader: alice, listQuery: { ...newestFirst, limit: 1 }, withTotal: true })
    const ofAlice = await postService.list({
      reader: alice,
      listQuery: { ...newestFirst, filter: { ownerId: alice.userId } },
      withTotal: true,
    })

    assert.deepEqual([all.total, ofAlice.total], [3, 2])
  })

  it('is empty where there is nothing', async () => {
    const { postService } = setUp()

    assert.deepEqual(await postService.list({ reader: alice, listQuery: newestFirst, withTotal: true }), {
      items: [],
      next: null,
      total: 0,
    })
  })
})

describe('the position of a post', () => {
  it('is the time by which the list is sorted, and the id', () => {
    const [post] = posts

    const positions = SORTS.map((sort) => positionOf(sort, post as (typeof posts)[number]))

    const [created, updated] = [noon, minutesAfterNoon(9)].map((at) => ({ at, id: p1 }))
    assert.deepEqual(positions, [created, created, updated, updated])
  })
})
