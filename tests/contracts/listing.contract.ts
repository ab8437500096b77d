import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Comment } from '../../src/domains/entities/comment.ts'
import type { Post } from '../../src/domains/entities/post.ts'
import type { UserId } from '../../src/domains/entities/user.ts'
import { SORTS } from '../../src/domains/ports/listing.ts'
import type { CommentFilter, PostFilter } from '../../src/domains/ports/store.ts'
import { noon } from '../fixtures.ts'
import { newPostId, newUserId, type World } from './world.ts'

const at = (milliseconds: number): Date => new Date(noon.getTime() + milliseconds)
const times = (created: number, updated = created) => ({ createdAt: at(created), updatedAt: at(updated) })
const all = { sort: 'createdAt', after: null, limit: 1_000 } as const

export function describeListing(world: () => World): void {
  describe('a list of posts', () => {
    let [mine, yours] = [[], []] as [readonly Post[], readonly Post[]]
    let [me, you] = [newUserId(), newUserId()]

    before(async () => {
      const { keep, someone } = world()
      ;[me, you] = [await someone(), await someone()]
      const keepAll = (ownerId: UserId) =>
        Promise.all(
          [times(0, 90), times(1, 80), times(2, 2), times(2, 2), times(3, 70)].map((time) =>
            keep.post({ ownerId, ...time }),
          ),
        )
      ;[mine, yours] = [await keepAll(me), await keepAll(you)]
    })

    const textsOf = (posts: readonly Post[]) => posts.map(({ id }) => id)

    for (const sort of SORTS) {
      it(`comes in the order of ${sort}, and of the id in the same direction where times are equal`, async () => {
        const posts = await world().store.posts.list({ ...all, filter: {}, sort })

        const key = sort.endsWith('createdAt') ? 'createdAt' : 'updatedAt'
        const rising = [...mine, ...yours].sort(
          (one, other) => one[key].getTime() - other[key].getTime() || (one.id < other.id ? -1 : 1),
        )
        assert.deepEqual(posts, sort.startsWith('-') ? rising.reverse() : rising)
      })
    }

    const cases: Record<string, [filter: (me: UserId) => PostFilter, wanted: (post: Post) => boolean]> = {
      everything: [() => ({}), () => true],
      'those of one user': [(ownerId) => ({ ownerId }), ({ ownerId }) => ownerId === me],
      'those written since a time, inclusive': [() => ({ createdFrom: at(2) }), ({ createdAt }) => createdAt >= at(2)],
      'those written before a time, exclusive': [() => ({ createdTo: at(2) }), ({ createdAt }) => createdAt < at(2)],
      'those written in one millisecond': [
        () => ({ createdFrom: at(2), createdTo: at(3) }),
        ({ createdAt }) => createdAt.getTime() === at(2).getTime(),
      ],
      'those of one user in a time': [
        (ownerId) => ({ ownerId, createdFrom: at(1), createdTo: at(3) }),
        ({ ownerId, createdAt }) => ownerId === me && createdAt >= at(1) && createdAt < at(3),
      ],
      'nothing, when the time ends where it starts': [() => ({ createdFrom: at(2), createdTo: at(2) }), () => false],
      'nothing, when the time ends before it starts': [() => ({ createdFrom: at(3), createdTo: at(1) }), () => false],
      'nothing of users who have none': [() => ({ ownerId: newUserId() }), () => false],
    }

    for (const [name, [filterFor, isWanted]] of Object.entries(cases)) {
      it(`has ${name}, in every order, and counts them`, async () => {
        const { posts } = world().store
        const filter = filterFor(me)
        const wanted = [...mine, ...yours].filter(isWanted)

        for (const sort of SORTS) {
          assert.deepEqual(new Set(textsOf(await posts.list({ ...all, filter, sort }))), new Set(textsOf(wanted)), sort)
        }
        assert.equal(await posts.count(filter), wanted.length)
      })
    }

    it('has no more than its limit, while the count is of all', async () => {
      const { posts } = world().store
      const filter = { ownerId: me }

      for (const limit of [1, 2, 5, 100]) {
        assert.equal((await posts.list({ ...all, filter, limit })).length, Math.min(limit, mine.length))
      }
      assert.equal(await posts.count(filter), mine.length)
    })
  })

  describe('a list of comments', () => {
    let comments: readonly Comment[] = []
    let [me, here] = [newUserId(), newPostId()]

    before(async () => {
      const { keep, someone } = world()
      const [post, other, you] = [await keep.post(), await keep.post(), await someone()]
      ;[me, here] = [await someone(), post.id]
      const given = [0, 1, 1, 2].flatMap((n) =>
        [post.id, other.id].flatMap((postId) => [me, you].map((ownerId) => ({ postId, ownerId, ...times(n, 9 - n) }))),
      )
      comments = await Promise.all(given.map(keep.comment))
    })

    const cases: Record<string, [filter: () => CommentFilter, wanted: (comment: Comment) => boolean]> = {
      everything: [() => ({}), () => true],
      'those on one post': [() => ({ postId: here }), ({ postId }) => postId === here],
      'those of one user': [() => ({ ownerId: me }), ({ ownerId }) => ownerId === me],
      'those of one user on one post': [
        () => ({ ownerId: me, postId: here }),
        ({ ownerId, postId }) => ownerId === me && postId === here,
      ],
      'those of one user on one post in a time': [
        () => ({ ownerId: me, postId: here, createdFrom: at(1), createdTo: at(2) }),
        ({ ownerId, postId, createdAt }) =>
          ownerId === me && postId === here && createdAt.getTime() === at(1).getTime(),
      ],
      'nothing on posts that are not there': [() => ({ postId: newPostId() }), () => false],
    }

    for (const [name, [filterFor, isWanted]] of Object.entries(cases)) {
      for (const sort of SORTS) {
        it(`has ${name} in the order of ${sort}, and counts them`, async () => {
          const { store } = world()
          const filter = filterFor()

          const found = await store.comments.list({ ...all, filter, sort })

          const key = sort.endsWith('createdAt') ? 'createdAt' : 'updatedAt'
          const rising = comments
            .filter(isWanted)
            .toSorted((one, other) => one[key].getTime() - other[key].getTime() || (one.id < other.id ? -1 : 1))
          assert.deepEqual(found, sort.startsWith('-') ? rising.reverse() : rising)
          assert.equal(await store.comments.count(filter), found.length)
        })
      }
    }
  })
}
