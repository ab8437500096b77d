import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { registerUser } from '../../src/domains/usecases/users/register-user.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { ATTEMPTS } from '../../src/infrastructures/store/patience.ts'
import { Contention } from '../../src/infrastructures/store/store-errors.ts'
import { alice, aPost, minutesAfterNoon, noon, superAdmin } from '../fixtures.ts'
import { createStore } from '../kit/forum-store.ts'
import { newUserId, type World } from './world.ts'

const later = minutesAfterNoon(1)

/** The driver, whose commits fail so many times before they reach it. */
function failing(driver: StoreDriver, times: number, failure: () => Error) {
  let commits = 0
  return {
    commits: () => commits,
    store: createStore({
      ...driver,
      commit: async (changes) => {
        if (++commits <= times) throw failure()
        return driver.commit(changes)
      },
    }),
  }
}

export function describeRetry(world: () => World): void {
  describe('a unit of work that meets another one', () => {
    it('comes second and sees what the first one did', async () => {
      const { store, keep, announced } = world()
      const { id } = await keep.post({ text: '-' })
      const append = (letter: string) =>
        store.transact(async (uow) => {
          const { text } = aPost({ text: `${(await uow.posts.get(id)).text}${letter}` })
          return rewritePost(uow, { id, editor: superAdmin, text, expected: null, at: later })
        })

      const results = await Promise.all([append('a'), append('b')])

      const { text, version } = await store.posts.get(id)
      assert.ok(['-ab', '-ba'].includes(text), text)
      assert.equal(version, 3)
      assert.deepEqual(results.map((post) => post.version).sort(), [2, 3])
      assert.deepEqual((await announced(id)).map((event) => event.version).sort(), [1, 2, 3])
    })

    it('goes by what it read first, and is run again rather than kept on top of what came in between', async () => {
      const { store, keep } = world()
      const { id } = await keep.post({ text: '-' })
      const texts: string[] = []

      await store.transact(async (uow) => {
        const { text } = await uow.posts.get(id)
        const between = { id, editor: superAdmin, text: aPost({ text: '-b' }).text, expected: null, at: later }
        if (texts.push(text) === 1) await store.transact((other) => rewritePost(other, between))
        assert.equal((await uow.posts.get(id)).text, text)
        const longer = aPost({ text: `${text}a` }).text
        await rewritePost(uow, { id, editor: superAdmin, text: longer, expected: null, at: later })
      })

      assert.deepEqual(texts, ['-', '-b'])
      assert.equal((await store.posts.get(id)).text, '-ba')
    })

    it('succeeds in the end, as do seven more', async () => {
      const { store, keep, announced } = world()
      const { id } = await keep.post()
      const change = { id, editor: superAdmin, text: aPost().text, expected: null, at: later }

      await Promise.all(Array.from({ length: 8 }, () => store.transact((uow) => rewritePost(uow, change))))

      assert.equal((await store.posts.get(id)).version, 9)
      assert.deepEqual(
        (await announced(id)).map((event) => event.version),
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      )
    })

    it('registers a person once who comes twenty times at once', async () => {
      const { store, announced } = world()
      const id = newUserId()
      const command = { id, profile: alice.profile, at: noon }

      const users = await Promise.all(
        Array.from({ length: 20 }, () => store.transact((uow) => registerUser(uow, command))),
      )

      assert.deepEqual(new Set(users.map((user) => user.version)), new Set([1]))
      assert.deepEqual(
        (await announced(id)).map((event) => event.type),
        ['user.registered'],
      )
    })
  })

  describe('a unit of work that the store gives up', () => {
    for (const [reason, failure] of [
      ['over a conflict', () => new Conflict()],
      ['in favour of another one', () => new Contention()],
    ] as const) {
      it(`${reason} is run again from the start, and kept once`, async () => {
        const { driver, keep, announced } = world()
        const { id } = await keep.post()
        const { store } = failing(driver, 2, failure)
        const change = { id, editor: superAdmin, text: aPost().text, expected: null, at: later }

        const post = await store.transact((uow) => rewritePost(uow, change))

        assert.equal(post.version, 2)
        assert.deepEqual(
          (await announced(id)).map((event) => event.version),
          [1, 2],
        )
      })

      it(`${reason} every time ends with that error, after a bounded number of attempts`, async () => {
        const { driver, keep, announced } = world()
        const { id } = await keep.post()
        const { store, commits } = failing(driver, Number.POSITIVE_INFINITY, failure)
        const change = { id, editor: superAdmin, text: aPost().text, expected: null, at: later }

        await assert.rejects(
          store.transact((uow) => rewritePost(uow, change)),
          failure().constructor as ErrorConstructor,
        )

        assert.equal(commits(), ATTEMPTS)
        assert.equal((await announced(id)).length, 1)
      })
    }

    for (const failure of [new OutcomeUnknown('database'), new DependencyUnavailable('database'), new Error('a bug')]) {
      it(`is not run again when that may do harm: ${failure.constructor.name}`, async () => {
        const { driver, keep } = world()
        const { id } = await keep.post()
        const { store, commits } = failing(driver, 1, () => failure)
        const change = { id, editor: superAdmin, text: aPost().text, expected: null, at: later }

        await assert.rejects(
          store.transact((uow) => rewritePost(uow, change)),
          (error) => error === failure,
        )

        assert.equal(commits(), 1)
      })
    }
  })
}
