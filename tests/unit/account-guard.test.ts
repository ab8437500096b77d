import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Store } from '../../src/domains/ports/store.ts'
import { createAccountGuard } from '../../src/domains/services/account-guard.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import {
  alice,
  noon,
  p1,
  p2,
  postContent,
  postDraft,
  publicly,
  setUp,
  stranger,
  superAdmin,
  userOf,
} from '../fixtures.ts'
import { type Deeds, describeAccountCheck, given, listQuery } from './account-check.contract.ts'

const EVERYTHING_ONE_CAN_DO: Deeds<ReturnType<typeof setUp>> = {
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
  'see themselves': ({ userService }, actor) => userService.me(actor),
  'read themselves': ({ userService }, actor) => userService.read({ reader: actor, id: actor.userId }),
  'read others': ({ userService }, actor) => userService.read({ reader: actor, id: alice.userId }),
}

describeAccountCheck(EVERYTHING_ONE_CAN_DO, setUp)

describe('a person seen for the first time', () => {
  it('is registered with the profile of the identity provider, with an event', async () => {
    const { userService, store, storedEvents } = setUp()

    const data = publicly(await userService.me(stranger))

    const event = { type: 'user.registered', subject: stranger.userId, version: 1, time: noon, data }
    assert.deepEqual(await store.users.find(stranger.userId), userOf(stranger))
    assert.deepEqual(storedEvents(), [event])
  })

  it('may write at once', async () => {
    const { postService, recordedEvents } = setUp()

    const { result: post } = await postService.write({ author: stranger, ...postDraft() })

    assert.equal(post.ownerId, stranger.userId)
    assert.deepEqual(recordedEvents(), ['user.registered 1', 'post.written 1'])
  })

  it('is registered though what they came for fails', async () => {
    const { postService, recordedEvents } = setUp()

    await assert.rejects(postService.read({ reader: stranger, id: p1 }))

    assert.deepEqual(recordedEvents(), ['user.registered 1'])
  })

  it('is registered once, however many requests come at once', async () => {
    const { userService, postService, recordedEvents } = setUp()

    const requests = [
      () => userService.me(stranger),
      () => postService.write({ author: stranger, ...postDraft('Me!') }),
      () => postService.list({ reader: stranger, listQuery, withTotal: false }),
    ]
    await Promise.all(Array.from({ length: 30 }, (_, index) => requests[index % 3]?.()))

    assert.equal(recordedEvents().filter((event) => event === 'user.registered 1').length, 1)
    assert.equal(recordedEvents().filter((event) => event === 'post.written 1').length, 10)
  })

  it('keeps the profile of that first time: changes come from the identity provider', async () => {
    const { userService, recordedEvents } = setUp()

    const user = await userService.me({ ...alice, profile: { ...alice.profile, username: 'alice2' } })

    assert.deepEqual(user, userOf(alice))
    assert.deepEqual(recordedEvents(), [])
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
      const { store, clock } = setUp(given)
      const accounts = createAccountGuard({ store: closedWithin(store), now: () => clock.time })

      const post = await accounts.update(editor, (uow) =>
        rewritePost(uow, { id: p1, editor, ...postContent('Moderated.'), expected: null, at: noon }),
      )

      assert.deepEqual([post.version, (await store.users.find(editor.userId))?.isActive], [2, true])
    })
  }
})
