import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Actor } from '../../src/domains/entities/actor.ts'
import { AccountDisabled } from '../../src/domains/errors/access-errors.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { createAccountGuard } from '../../src/domains/services/account-guard.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import {
  alice,
  aPost,
  bob,
  noon,
  p1,
  p2,
  postContent,
  postDraft,
  publicly,
  stranger,
  superAdmin,
  userOf,
} from '../fixtures.ts'
import { aComment, c1 } from '../kit/comments.ts'
import { notificationId, setUpNotifications } from '../kit/notifications.ts'
import { NEWEST_FIRST } from '../kit/sorts.ts'

type Services = ReturnType<typeof setUpNotifications>

const listQuery = { filter: {}, sort: NEWEST_FIRST, after: null, limit: 20 } as const
const given = { posts: [aPost({ ownerId: bob.userId })], comments: [aComment()] }

const EVERYTHING_ONE_CAN_DO: Record<string, (services: Services, actor: Actor) => Promise<unknown>> = {
  'read a post': ({ postService }, actor) => postService.read({ reader: actor, id: p1 }),
  'read a post that is not there': ({ postService }, actor) => postService.read({ reader: actor, id: p2 }),
  'list posts': ({ postService }, actor) => postService.list({ reader: actor, listQuery, withTotal: true }),
  'write a post': ({ postService }, actor) => postService.write({ author: actor, ...postDraft() }),
  'rewrite a post': ({ postService }, actor) =>
    postService.rewrite({ editor: actor, id: p1, ...postDraft(), expected: null }),
  'rewrite a post that has changed': ({ postService }, actor) =>
    postService.rewrite({ editor: actor, id: p1, ...postDraft('Hi.'), expected: new Set([9]) }),
  'remove a post': ({ postService }, actor) => postService.remove({ remover: actor, id: p1, expected: null }),
  'remove a post that is not there': ({ postService }, actor) =>
    postService.remove({ remover: actor, id: p2, expected: null }),
  'read a comment': ({ commentService }, actor) => commentService.read({ reader: actor, id: c1 }),
  'list comments': ({ commentService }, actor) => commentService.list({ reader: actor, listQuery, withTotal: true }),
  'write a comment': ({ commentService }, actor) => commentService.write({ author: actor, postId: p1, text: 'Hello.' }),
  'comment on a post that is not there': ({ commentService }, actor) =>
    commentService.write({ author: actor, postId: p2, text: 'Hello.' }),
  'rewrite a comment': ({ commentService }, actor) =>
    commentService.rewrite({ editor: actor, id: c1, text: 'Hello.', expected: null }),
  'remove a comment': ({ commentService }, actor) => commentService.remove({ remover: actor, id: c1, expected: null }),
  'list notifications': ({ notificationService }, actor) =>
    notificationService.list({ reader: actor, isUnread: false, after: null, limit: 20 }),
  'read a notification': ({ notificationService }, actor) =>
    notificationService.markAsRead({ reader: actor, id: notificationId(1) }),
  'know of the newest notification': ({ notificationService }, actor) =>
    notificationService.latestId({ reader: actor }),
  'be told of notifications': ({ notificationService }, actor) =>
    notificationService.listAfter({ reader: actor, id: null, limit: 20 }),
  'see themselves': ({ userService }, actor) => userService.me(actor),
  'read themselves': ({ userService }, actor) => userService.read({ reader: actor, id: actor.userId }),
  'read others': ({ userService }, actor) => userService.read({ reader: actor, id: alice.userId }),
}

for (const [something, act] of Object.entries(EVERYTHING_ONE_CAN_DO)) {
  describe(`to ${something}`, () => {
    it('one must not be deactivated, be it as its owner, and nothing is left behind', async () => {
      const services = setUpNotifications({ ...given, users: [userOf(alice), { ...userOf(bob), isActive: false }] })

      await assert.rejects(act(services, bob), AccountDisabled)

      assert.deepEqual([services.state.post.size, services.state.comment.size, services.announced()], [1, 1, []])
    })

    it('one must not be deactivated, be it as a super admin', async () => {
      const services = setUpNotifications({ ...given, users: [{ ...userOf(superAdmin), isActive: false }] })

      await assert.rejects(act(services, superAdmin), AccountDisabled)

      assert.deepEqual(services.announced(), [])
    })

    it('one must not have been removed', async () => {
      const services = setUpNotifications(given)
      await services.userService.remove({ id: bob.userId })

      await assert.rejects(act(services, bob), AccountDisabled)

      assert.equal((await services.store.users.find(bob.userId))?.version, 2)
    })
  })
}

describe('a person seen for the first time', () => {
  it('is registered with the profile of the identity provider, and announced', async () => {
    const { userService, store, announcements } = setUpNotifications()

    const data = publicly(await userService.me(stranger))

    const announcement = { type: 'user.registered', subject: stranger.userId, version: 1, time: noon, data }
    assert.deepEqual(await store.users.find(stranger.userId), userOf(stranger))
    assert.deepEqual(announcements(), [announcement])
  })

  it('may write at once', async () => {
    const { postService, announced } = setUpNotifications()

    const { result: post } = await postService.write({ author: stranger, ...postDraft() })

    assert.equal(post.ownerId, stranger.userId)
    assert.deepEqual(announced(), ['user.registered 1', 'post.written 1'])
  })

  it('is registered though what they came for fails', async () => {
    const { postService, announced } = setUpNotifications()

    await assert.rejects(postService.read({ reader: stranger, id: p1 }))

    assert.deepEqual(announced(), ['user.registered 1'])
  })

  it('is registered once, however many requests come at once', async () => {
    const { userService, postService, announced } = setUpNotifications()

    const requests = [
      () => userService.me(stranger),
      () => postService.write({ author: stranger, ...postDraft('Me!') }),
      () => postService.list({ reader: stranger, listQuery, withTotal: false }),
    ]
    await Promise.all(Array.from({ length: 30 }, (_, index) => requests[index % 3]?.()))

    assert.equal(announced().filter((event) => event === 'user.registered 1').length, 1)
    assert.equal(announced().filter((event) => event === 'post.written 1').length, 10)
  })

  it('keeps the profile of that first time: changes come from the identity provider', async () => {
    const { userService, announced } = setUpNotifications()

    const user = await userService.me({ ...alice, profile: { ...alice.profile, username: 'alice2' } })

    assert.deepEqual(user, userOf(alice))
    assert.deepEqual(announced(), [])
  })
})

describe('the account check of a change', () => {
  /** The store, which must not be used by what runs in one of its units of work. */
  const closedWithin = (store: Store): Store => {
    let depth = 0
    const outside = <Result>(use: () => Result): Result => {
      assert.equal(depth, 0, 'the store was used from within a unit of work')
      return use()
    }
    return {
      ...store,
      users: { ...store.users, find: (id) => outside(() => store.users.find(id)) },
      transact: (work) =>
        outside(() =>
          store.transact((uow) => {
            depth++
            return work(uow).finally(() => depth--)
          }),
        ),
    }
  }

  for (const [someone, editor] of Object.entries({
    'a known user': superAdmin,
    'a new one': { ...stranger, isSuperAdmin: true },
  })) {
    it(`of ${someone} touches nothing but its unit of work, however often that is run`, async () => {
      const { store, clock } = setUpNotifications(given)
      const accounts = createAccountGuard({ store: closedWithin(store), now: () => clock.time })

      const post = await accounts.update(editor, (uow) =>
        rewritePost(uow, { id: p1, editor, ...postContent('Moderated.'), expected: null, at: noon }),
      )

      assert.deepEqual([post.version, (await store.users.find(editor.userId))?.isActive], [2, true])
    })
  }
})
