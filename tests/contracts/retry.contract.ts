import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { ATTEMPTS } from '../../src/infrastructures/store/retry-policy.ts'
import { TransientConflict } from '../../src/infrastructures/store/store-errors.ts'
import { aBook, aMember } from '../kit/library/samples.ts'
import { createStore } from '../kit/library/store.ts'
import { registerMember, rewriteBook } from '../kit/library/usecases.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import type { World } from './world.ts'

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
      const { store, keep, eventsOf } = world()
      const { id } = await keep.book({ text: '-' })
      const append = (letter: string) =>
        store.transact(async (uow) => {
          const { text } = aBook({ text: `${(await uow.books.get(id)).text}${letter}` })
          return rewriteBook(uow, { id, text, at: later })
        })

      const results = await Promise.all([append('a'), append('b')])

      const { text, version } = await store.books.get(id)
      assert.ok(['-ab', '-ba'].includes(text), text)
      assert.equal(version, 3)
      assert.deepEqual(results.map((book) => book.version).sort(), [2, 3])
      assert.deepEqual((await eventsOf(id)).map((event) => event.version).sort(), [1, 2, 3])
    })

    it('goes by what it read first, and is run again rather than kept on top of what came in between', async () => {
      const { store, keep } = world()
      const { id } = await keep.book({ text: '-' })
      const texts: string[] = []

      await store.transact(async (uow) => {
        const { text } = await uow.books.get(id)
        const between = { id, text: '-b', at: later }
        if (texts.push(text) === 1) await store.transact((other) => rewriteBook(other, between))
        assert.equal((await uow.books.get(id)).text, text)
        const longer = `${text}a`
        await rewriteBook(uow, { id, text: longer, at: later })
      })

      assert.deepEqual(texts, ['-', '-b'])
      assert.equal((await store.books.get(id)).text, '-ba')
    })

    it('succeeds in the end, as do seven more', async () => {
      const { store, keep, eventsOf } = world()
      const { id } = await keep.book()
      const change = { id, text: aBook().text, at: later }

      await Promise.all(Array.from({ length: 8 }, () => store.transact((uow) => rewriteBook(uow, change))))

      assert.equal((await store.books.get(id)).version, 9)
      assert.deepEqual(
        (await eventsOf(id)).map((event) => event.version),
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      )
    })

    it('registers a person once who comes twenty times at once', async () => {
      const { store, eventsOf } = world()
      const member = aMember()

      const members = await Promise.all(
        Array.from({ length: 20 }, () => store.transact((uow) => registerMember(uow, member))),
      )

      assert.deepEqual(new Set(members.map(({ version }) => version)), new Set([1]))
      assert.deepEqual(
        (await eventsOf(member.id)).map((event) => event.type),
        ['member.registered'],
      )
    })
  })

  describe('a unit of work that the store gives up', () => {
    for (const [reason, failure] of [
      ['over a conflict', () => new Conflict()],
      ['in favour of another one', () => new TransientConflict()],
    ] as const) {
      it(`${reason} is run again from the start, and kept once`, async () => {
        const { driver, keep, eventsOf } = world()
        const { id } = await keep.book()
        const { store } = failing(driver, 2, failure)
        const change = { id, text: aBook().text, at: later }

        const book = await store.transact((uow) => rewriteBook(uow, change))

        assert.equal(book.version, 2)
        assert.deepEqual(
          (await eventsOf(id)).map((event) => event.version),
          [1, 2],
        )
      })

      it(`${reason} every time ends with that error, after a bounded number of attempts`, async () => {
        const { driver, keep, eventsOf } = world()
        const { id } = await keep.book()
        const { store, commits } = failing(driver, Number.POSITIVE_INFINITY, failure)
        const change = { id, text: aBook().text, at: later }

        await assert.rejects(
          store.transact((uow) => rewriteBook(uow, change)),
          failure().constructor as ErrorConstructor,
        )

        assert.equal(commits(), ATTEMPTS)
        assert.equal((await eventsOf(id)).length, 1)
      })
    }

    for (const failure of [new OutcomeUnknown('database'), new DependencyUnavailable('database'), new Error('a bug')]) {
      it(`is not run again when that may do harm: ${failure.constructor.name}`, async () => {
        const { driver, keep } = world()
        const { id } = await keep.book()
        const { store, commits } = failing(driver, 1, () => failure)
        const change = { id, text: aBook().text, at: later }

        await assert.rejects(
          store.transact((uow) => rewriteBook(uow, change)),
          (error) => error === failure,
        )

        assert.equal(commits(), 1)
      })
    }
  })
}
