import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { adding } from '../kit/library/changes.ts'
import { BookNotFound, ReviewNotFound } from '../kit/library/errors.ts'
import type { Library } from '../kit/library/library.ts'
import type { MemberId } from '../kit/library/member.ts'
import { aBook, aMember, aReview, newId } from '../kit/library/samples.ts'
import { cachedStore, createStore, memoryDriver, readersOf } from '../kit/library/store.ts'
import {
  removeBook,
  removeMember,
  removeReview,
  rewriteBook,
  rewriteReview,
  writeBook,
  writeReview,
} from '../kit/library/usecases.ts'
import { minutesAfterNoon } from '../kit/noon.ts'

const later = minutesAfterNoon(1)
const by = { at: later }

type Options = { keeps: boolean; skip?: string | false }

/** What a store behind a cache promises beyond what every store does. */
export function describeCachedStore(name: string, open: () => Promise<Cache>, { keeps, skip = false }: Options): void {
  describe(`a store behind ${name}`, { skip }, () => {
    let cache: Cache
    before(async () => {
      cache = await open()
    })
    after(() => cache?.close())

    /** Two books of two people, each with a review by the other, read through two processes on one cache. */
    async function world() {
      const driver = memoryDriver()
      const plain = createStore(driver)
      const [one, other] = [aMember(), aMember()]
      const books = [one, other].map(({ id: ownerId }) => aBook({ ownerId }))
      const reviews = books.map(({ id: bookId, ownerId }) =>
        aReview({ bookId, ownerId: ownerId === one.id ? other.id : one.id }),
      )
      await driver.commit([
        ...[one, other].map(adding.member),
        ...books.map(adding.book),
        ...reviews.map(adding.review),
      ])
      const store = cachedStore(plain, cache)
      const ids = {
        books: books.map(({ id }) => id),
        reviews: reviews.map(({ id }) => id),
        members: [one.id, other.id],
      }
      return { driver, plain, store, ids, sees: () => assertSame(store, plain, ids) }
    }

    it('loads each book and review once', { skip: keeps ? false : 'it keeps nothing' }, async () => {
      const { store, driver, ids, sees } = await world()
      const quiet = cachedStore(createStore({ ...driver, reader: () => silent }), cache)

      await unlessLate(async () => {
        await sees()
        const { loads, hits } = cache.stats

        for (const id of ids.books) assert.deepEqual(await quiet.books.get(id), await store.books.get(id))
        for (const id of ids.reviews) assert.deepEqual(await quiet.reviews.get(id), await store.reviews.get(id))

        assert.deepEqual([cache.stats.loads - loads, cache.stats.hits - hits], [0, 8])
      })
    })

    it('says of what is missing that it is missing, each time', async () => {
      const { store } = await world()
      const [book, review] = [newId(), newId()]

      for (let times = 0; times < 3; times++) {
        await assert.rejects(store.books.get(book), BookNotFound)
        await assert.rejects(store.reviews.get(review), ReviewNotFound)
      }
    })

    it('passes on the error of the database, and stores nothing of it', async () => {
      const { plain, driver, ids } = await world()
      const failure = new DependencyUnavailable('database')
      const find = () => Promise.reject(failure)
      const reader: StoreDriver['reader'] = (aggregate) => ({ ...driver.reader(aggregate), find })
      const store = cachedStore(createStore({ ...driver, reader }), cache)

      for (const id of ids.books) await assert.rejects(store.books.get(id), (error) => error === failure)
      for (const id of ids.reviews) await assert.rejects(store.reviews.get(id), (error) => error === failure)

      await assertSame(cachedStore(plain, cache), plain, ids)
    })

    it('has a book and a review that were missed before, once they are written', async () => {
      const { store, ids, sees } = await world()
      const ownerId = ids.members[0] as (typeof ids.members)[0]
      const book = aBook({ ownerId })
      const review = aReview({ bookId: book.id, ownerId })
      await assert.rejects(store.books.get(book.id), BookNotFound)
      await assert.rejects(store.reviews.get(review.id), ReviewNotFound)

      await store.transact(async (uow) => {
        await writeBook(uow, book)
        await writeReview(uow, review)
      })

      assert.deepEqual(await store.books.get(book.id), book)
      assert.deepEqual(await store.reviews.get(review.id), review)
      await sees()
    })

    const CHANGES: Record<string, (store: Library, ids: Awaited<ReturnType<typeof world>>['ids']) => Promise<unknown>> =
      {
        'a book is rewritten': (store, { books: [id] }) =>
          store.transact((uow) => rewriteBook(uow, { ...by, id: id as string, text: 'New.' })),
        'a review is rewritten': (store, { reviews: [id] }) =>
          store.transact((uow) => rewriteReview(uow, { ...by, id: id as string, text: 'New.' })),
        'a review is removed': (store, { reviews: [id] }) =>
          store.transact((uow) => removeReview(uow, { ...by, id: id as string })),
        'a book is removed with its reviews': (store, { books: [id] }) =>
          store.transact((uow) => removeBook(uow, { ...by, id: id as string })),
        'a member is removed with everything': (store, { members: [id] }) =>
          store.transact((uow) => removeMember(uow, { id: id as MemberId, at: later })),
      }

    for (const [event, change] of Object.entries(CHANGES)) {
      it(`gives nothing old after ${event}`, async () => {
        const { store, ids, sees } = await world()
        await sees()

        await change(store, ids)

        await sees()
      })

      it(`gives nothing old after ${event}, or perhaps not: the database fell silent`, async () => {
        const { driver, plain, ids } = await world()
        const commit: StoreDriver['commit'] = async (changes) => {
          await driver.commit(changes)
          throw new OutcomeUnknown('database')
        }
        const store = cachedStore(createStore({ ...driver, commit }), cache)
        await assertSame(store, plain, ids)

        await assert.rejects(change(store, ids), OutcomeUnknown)

        await assertSame(store, plain, ids)
      })

      it(`gives what was there after a unit in which ${event} was given up`, async () => {
        const { store, ids, sees } = await world()
        const giveUp = new Error('no more')
        const given: Library = {
          ...store,
          transact: (work) =>
            store.transact(async (uow) => {
              await work(uow)
              throw giveUp
            }),
        }
        await sees()

        await assert.rejects(change(given, ids), giveUp)

        await sees()
      })
    }

    it('reads within a unit of work what is kept, whatever the cache says', async () => {
      const { store, driver, plain, ids } = await world()
      const id = ids.books[0] as string
      await store.books.get(id)
      await plain.transact((uow) => rewriteBook(uow, { ...by, id, text: 'Behind its back.' }))

      const read = await store.transact(({ books }) => books.get(id))

      assert.deepEqual(read, await readersOf(driver).books.get(id))
    })

    it('answers as the store itself would, after any changes from any side', async () => {
      const moves = fc.array(fc.tuple(fc.constantFrom(...Object.values(CHANGES)), fc.boolean(), fc.nat(1)), {
        maxLength: 8,
      })
      const property = fc.asyncProperty(moves, async (steps) => {
        const { plain, ids } = await world()
        const sides = [cachedStore(plain, cache), cachedStore(plain, cache)]
        for (const [change, isSwapped, side] of steps) {
          const chosen = isSwapped
            ? {
                ...ids,
                books: ids.books.toReversed(),
                reviews: ids.reviews.toReversed(),
                members: ids.members.toReversed(),
              }
            : ids
          await change(sides[side] as Library, chosen).catch(() => {})
          for (const store of sides) await assertSame(store, plain, ids)
        }
      })

      await fc.assert(property, { numRuns: 40 })
    })
  })
}

/** Every answer about these is, to the byte, what the store behind the cache answers; asked twice, as the second may be a copy. */
async function assertSame(
  store: Library,
  plain: Library,
  { books, reviews }: Readonly<{ books: readonly string[]; reviews: readonly string[] }>,
): Promise<void> {
  for (let times = 0; times < 2; times++) {
    for (const id of books) assert.equal(await outcomeOf(store.books.get(id)), await outcomeOf(plain.books.get(id)))
    for (const id of reviews)
      assert.equal(await outcomeOf(store.reviews.get(id)), await outcomeOf(plain.reviews.get(id)))
  }
}

const outcomeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(JSON.stringify, (error: Error) => `${error.constructor.name}: ${error.message}`)

/** A reader that may not be asked. */
const silent = {
  find: async () => assert.fail('it was loaded'),
  get: async () => assert.fail('it was loaded'),
  list: async () => assert.fail('it was listed'),
  count: async () => assert.fail('it was counted'),
}

/** A cache whose server is late for once is passed by for a few seconds: then it is tried again. */
async function unlessLate(test: () => Promise<void>): Promise<void> {
  for (let triesLeft = 5; ; triesLeft--) {
    try {
      return await test()
    } catch (error) {
      if (triesLeft === 0) throw error
      await sleep(1_000)
    }
  }
}
