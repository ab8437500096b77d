import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Comment } from '../../src/domains/entities/comment.ts'
import { Post } from '../../src/domains/entities/post.ts'
import { removePost } from '../../src/domains/usecases/posts/remove-post.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { removeUser } from '../../src/domains/usecases/users/remove-user.ts'
import { aComment, aPost, noon, superAdmin } from '../fixtures.ts'
import { eventOf } from '../kit/forum-store.ts'
import { adding, removing, saving } from './changes.ts'
import { inFixedOrder, newCommentId, type World } from './world.ts'

const later = new Date('2026-03-01T13:01:01.089Z')
const page = { sort: 'createdAt', after: null, limit: 5_000 } as const

const lastWord = {
  post: (post: Post) => eventOf('post.removed', Post.remove(post, { remover: superAdmin, expected: null, at: later })),
  comment: (comment: Comment) =>
    eventOf('comment.removed', Comment.remove(comment, { remover: superAdmin, expected: null, at: later })),
}

/** Two users who each have a post on which both have commented, twice; some of it rewritten. */
async function forum({ keep, driver }: World) {
  const [mine, other] = [await keep.post({ text: 'Mine: "quoted" \\ 🦉' }), await keep.post()]
  const [me, you] = [mine.ownerId, other.ownerId]
  const comment = (postId: Post['id'], ownerId: Post['ownerId']) => keep.comment({ postId, ownerId })
  const first = await comment(mine.id, you)
  const rewritten = { ...first, text: aComment({ text: 'Rewritten:\r\n\ttab' }).text, version: 2, updatedAt: later }
  await driver.commit([saving.comment(rewritten)])

  return {
    ...{ me, mine, other },
    onMine: [rewritten, await comment(mine.id, you), await comment(mine.id, me), await comment(mine.id, me)],
    byMeOnOther: [await comment(other.id, me), await comment(other.id, me)],
    byYouOnOther: [await comment(other.id, you), await comment(other.id, you)],
  }
}

const byId = <Thing extends { id: string }>(things: readonly Thing[]): readonly Thing[] =>
  things.toSorted((one, another) => (one.id < another.id ? -1 : 1))

export function describeCascades(world: () => World): void {
  describe('what belongs to something that is removed', () => {
    /** Asserts that of these comments only `left` are still there, and that the others were announced once. */
    async function assertGone(gone: readonly Comment[], left: readonly Comment[]): Promise<void> {
      const { store, announced } = world()
      const posts = new Set([...gone, ...left].map(({ postId }) => postId))
      const pages = [...posts].map((postId) => store.comments.list({ filter: { postId }, ...page }))
      const ids = [...gone, ...left].map(({ id }) => id)
      const removals = (await announced(...ids)).filter(({ type }) => type === 'comment.removed')

      assert.deepEqual(byId((await Promise.all(pages)).flat()), byId(left))
      assert.deepEqual(removals, inFixedOrder(gone.map(lastWord.comment), ids))
    }

    it('goes with a post: all comments on it, whoever wrote them, each with its event', async () => {
      const { store } = world()
      const { mine, onMine, byMeOnOther, byYouOnOther } = await forum(world())

      await store.transact((uow) => removePost(uow, { id: mine.id, remover: superAdmin, expected: null, at: later }))

      await assertGone(onMine, [...byMeOnOther, ...byYouOnOther])
    })

    it('goes with a user: all their comments, and all comments on their posts', async () => {
      const { store } = world()
      const { me, onMine, byMeOnOther, byYouOnOther } = await forum(world())

      await store.transact((uow) => removeUser(uow, { id: me, at: later }))

      await assertGone([...onMine, ...byMeOnOther], byYouOnOther)
    })

    it('goes with a user: all their posts, each with its event', async () => {
      const { store, keep, announced } = world()
      const first = await keep.post()
      const second = await keep.post({ ownerId: first.ownerId, text: 'Überschrift\n\n“Zitat”' })
      const other = await keep.post()

      await store.transact((uow) => removeUser(uow, { id: first.ownerId, at: later }))

      const removals = (await announced(first.id, second.id, other.id)).filter(({ type }) => type === 'post.removed')
      assert.deepEqual(removals, inFixedOrder([first, second].map(lastWord.post), [first.id, second.id]))
      assert.deepEqual(await store.posts.get(other.id), other)
      assert.equal(await store.posts.count({ ownerId: first.ownerId }), 0)
    })

    it('goes as the same unit has just added or changed it', async () => {
      const { driver, keep, announced, store } = world()
      const kept = await keep.comment()
      const post = await store.posts.get(kept.postId)
      const changed = { ...kept, version: 2, updatedAt: later }
      const added = aComment({ id: newCommentId(), postId: kept.postId, ownerId: kept.ownerId })

      await driver.commit([
        saving.comment(changed),
        adding.comment(added),
        removing.post({ ...post, version: 2, updatedAt: later }),
      ])

      const removals = (await announced(kept.id, added.id)).filter(({ type }) => type === 'comment.removed')
      assert.deepEqual(removals, inFixedOrder([changed, added].map(lastWord.comment), [kept.id, added.id]))
      assert.equal(await store.comments.count({ postId: kept.postId }), 0)
    })

    it('is never removed before its last version, when clocks differ', async () => {
      const { driver, keep, announced } = world()
      const [createdAt, earlier] = [later, noon]
      const user = await keep.user()
      const post = await keep.post({ ownerId: user.id, createdAt })
      const comment = await keep.comment({ postId: post.id, createdAt })

      await driver.commit([removing.user({ ...user, version: 2, updatedAt: earlier, removedAt: earlier })])

      const [, goneComment, , gonePost] = await announced(comment.id, post.id)
      assert.deepEqual(
        [goneComment, gonePost],
        [...inFixedOrder([lastWord.comment(comment)], [comment.id]), ...inFixedOrder([lastWord.post(post)], [post.id])],
      )
    })

    it('goes in one go, a thousand as well', async () => {
      const { driver, store, keep, announced } = world()
      const { id, ownerId } = await keep.post()
      const comments = Array.from({ length: 1_000 }, () => aComment({ id: newCommentId(), postId: id, ownerId }))
      await driver.commit(comments.map(adding.comment))
      const start = performance.now()

      await store.transact((uow) => removePost(uow, { id, remover: superAdmin, expected: null, at: later }))

      const elapsed = performance.now() - start
      const removals = (await announced(...comments.map((comment) => comment.id))).filter(
        ({ version }) => version === 2,
      )
      assert.equal(removals.length, 1_000)
      assert.ok(elapsed < 3_000, `took ${Math.round(elapsed)} ms`)
    })
  })

  describe('removing', () => {
    it('a post announces it once, after all its comments are gone', async () => {
      const { store, announced } = world()
      const { mine } = await forum(world())

      await store.transact((uow) => removePost(uow, { id: mine.id, remover: superAdmin, expected: null, at: later }))

      const [, ...removal] = await announced(mine.id)
      assert.deepEqual(removal, inFixedOrder([lastWord.post(mine)], [mine.id]))
      assert.equal(await store.comments.count({ postId: mine.id }), 0)
    })

    it('a user leaves a tombstone, and everything of others', async () => {
      const { store, announced } = world()
      const { me, mine, other, byYouOnOther } = await forum(world())

      await store.transact((uow) => removeUser(uow, { id: me, at: later }))

      const filter = { ownerId: other.ownerId }
      assert.deepEqual((await store.users.find(me))?.removedAt, later)
      assert.deepEqual([await store.posts.count({ ownerId: me }), await store.comments.count({ ownerId: me })], [0, 0])
      assert.deepEqual(byId(await store.comments.list({ filter, ...page })), byId(byYouOnOther))
      assert.deepEqual(await store.posts.list({ filter, ...page }), [other])
      assert.deepEqual(
        (await announced(me, mine.id)).map(({ type }) => type),
        [...['user.registered', 'user.removed', 'post.written', 'post.removed']],
      )
    })

    it('a post in the version to which the same unit brought it', async () => {
      const { store, keep, announced } = world()
      const { id } = await keep.post()
      const change = { id, editor: superAdmin, remover: superAdmin, expected: null, at: later }

      await store.transact(async (uow) => {
        await rewritePost(uow, { ...change, text: aPost().text })
        await removePost(uow, change)
      })

      assert.deepEqual(
        (await announced(id)).map(({ type, version }) => `${type} ${version}`),
        [...['post.written 1', 'post.rewritten 2', 'post.removed 3']],
      )
    })
  })
}
