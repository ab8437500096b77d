import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { IdempotencyKeyInUse } from '../../src/domains/errors/idempotency-errors.ts'
import {
  KEY_TTL_MS,
  RESERVATION_TTL_MS,
  type Reservation,
  type ReservationRequest,
} from '../../src/domains/ports/idempotency-keys.ts'
import { TransientConflict } from '../../src/infrastructures/store/store-errors.ts'
import { BookNotFound } from '../kit/library/errors.ts'
import type { Library } from '../kit/library/library.ts'
import { aBook } from '../kit/library/samples.ts'
import { createStore } from '../kit/library/store.ts'
import { writeBook } from '../kit/library/usecases.ts'
import { noon } from '../kit/noon.ts'
import type { World } from './world.ts'

const answer = { id: 'p1', at: noon, text: 'Hëllo\n"$"', empty: null, many: [1, -0, { deep: [true] }], $date: 'plain' }

export function describeIdempotency(world: () => World): void {
  describe('the key of a request', () => {
    const aRequest = async (fields: Partial<ReservationRequest> = {}): Promise<ReservationRequest> => ({
      userId: fields.userId ?? (await world().someone()),
      key: randomUUID(),
      fingerprint: 'fingerprint',
      ...fields,
    })

    async function reserve(request: ReservationRequest, store: Library = world().store): Promise<Reservation> {
      const state = await store.keys.reserve(request)
      if (state.kind !== 'reserved') assert.fail(`the key is ${state.kind}`)
      return state.reservation
    }

    const stateOf = async (request: ReservationRequest) => world().store.keys.reserve(request)

    /** Answers with a book that it writes. */
    async function write(reservation: Reservation): Promise<ReturnType<typeof aBook>> {
      const book = aBook({ ownerId: reservation.userId })
      await world().store.transact(async (uow) => {
        await writeBook(uow, book)
        await uow.results.save(reservation, book)
      })
      return book
    }

    it('is reserved by the first request, and in use for the same request meanwhile', async () => {
      const request = await aRequest()

      const { userId, key } = await reserve(request)

      assert.deepEqual({ userId, key }, { userId: request.userId, key: request.key })
      assert.deepEqual(await stateOf(request), { kind: 'in-use' })
    })

    it('leads to the answer once there is one, as often as it is sent, deeply equal', async () => {
      const request = await aRequest()
      const reservation = await reserve(request)

      await world().store.transact(({ results }) => results.save(reservation, answer))

      for (const state of [await stateOf(request), await stateOf(request)]) {
        assert.deepEqual(state, { kind: 'completed', result: answer })
      }
    })

    it('is refused for another request, before there is an answer and after', async () => {
      const request = await aRequest()
      const other = { ...request, fingerprint: 'other' }

      const reservation = await reserve(request)
      assert.deepEqual(await stateOf(other), { kind: 'reused' })
      await write(reservation)

      assert.deepEqual(await stateOf(other), { kind: 'reused' })
    })

    it('is another one for another member', async () => {
      const request = await aRequest()
      await write(await reserve(request))

      const other = await aRequest({ ...request, userId: await world().someone() })

      await reserve(other)
    })

    it('is reserved by one of twenty who come at once', async () => {
      const stores = await world().sides()
      for (let round = 0; round < 3; round++) {
        const request = await aRequest()

        const states = await Promise.all(
          Array.from({ length: 20 }, (_, n) => (stores[n % stores.length] as Library).keys.reserve(request)),
        )

        const kinds = states.map(({ kind }) => kind).sort()
        assert.deepEqual(kinds, [...Array(19).fill('in-use'), 'reserved'])
      }
    })

    it('is free again when its reservation is given back', async () => {
      const { keys } = world().store
      const request = await aRequest()

      await keys.release(await reserve(request))

      await reserve({ ...request, fingerprint: 'other' })
    })

    it('keeps its answer when the reservation is given back afterwards', async () => {
      const { keys } = world().store
      const request = await aRequest()
      const reservation = await reserve(request)
      const book = await write(reservation)

      await keys.release(reservation)

      assert.deepEqual(await stateOf(request), { kind: 'completed', result: book })
    })

    it('stays reserved when the unit that was to answer is lost', async () => {
      const { store } = world()
      const request = await aRequest()
      const reservation = await reserve(request)

      const lost = store.transact(async ({ results }) => {
        await results.save(reservation, answer)
        throw new Error('lost')
      })
      await assert.rejects(lost, /lost/)

      assert.deepEqual(await stateOf(request), { kind: 'in-use' })
      await write(reservation)
    })

    it('is answered once: a second answer is refused, with everything in its unit', async () => {
      const { store } = world()
      const request = await aRequest()
      const reservation = await reserve(request)
      const book = await write(reservation)

      await assert.rejects(write(reservation), IdempotencyKeyInUse)

      assert.deepEqual(await stateOf(request), { kind: 'completed', result: book })
      assert.equal(await store.books.count({ ownerId: request.userId }), 1)
    })

    describe('that was reserved for too long', () => {
      it('passes to the same request, and its former holder is refused and stores nothing', async () => {
        const { opened, store, eventsOf } = world()
        const request = await aRequest()
        const late = await reserve(request)
        await opened.age(RESERVATION_TTL_MS)

        const next = await reserve(request)
        const book = aBook({ ownerId: request.userId })
        const refused = store.transact(async (uow) => {
          await writeBook(uow, book)
          await uow.results.save(late, book)
        })

        await assert.rejects(refused, IdempotencyKeyInUse)
        await assert.rejects(store.books.get(book.id), BookNotFound)
        assert.deepEqual(await eventsOf(book.id), [])
        await store.keys.release(late)
        assert.deepEqual(await stateOf(request), { kind: 'in-use' })
        const kept = await write(next)
        assert.deepEqual(await stateOf(request), { kind: 'completed', result: kept })
      })

      it('is free for the same request 15 s after its process died', async () => {
        const { opened } = world()
        const request = await aRequest()
        await reserve(request)

        await opened.age(15_000)

        await reserve(request)
      })

      it('is answered once, by the late holder or by the one that takes it over at the same moment', async () => {
        const { opened, store, sides } = world()
        const other = (await sides()).at(-1) ?? store
        for (let round = 0; round < 10; round++) {
          const request = await aRequest()
          const late = await reserve(request)
          await opened.age(RESERVATION_TTL_MS)

          const writing = [write(late), reserve(request, other).then(write)]
          const written = (await Promise.allSettled(writing)).flatMap((one) =>
            one.status === 'fulfilled' ? [one.value] : [],
          )

          assert.equal(written.length, 1)
          assert.deepEqual(await stateOf(request), { kind: 'completed', result: written[0] })
          assert.equal(await store.books.count({ ownerId: request.userId }), 1)
        }
      })

      it('is in use until then, and may be answered after it unless it was taken over', async () => {
        const { opened } = world()
        const request = await aRequest()
        const reservation = await reserve(request)

        await opened.age(RESERVATION_TTL_MS - 5_000)
        assert.deepEqual(await stateOf(request), { kind: 'in-use' })
        await opened.age(10_000)
        const book = await write(reservation)

        assert.deepEqual(await stateOf(request), { kind: 'completed', result: book })
      })

      it('does not pass to another request', async () => {
        const { opened } = world()
        const request = await aRequest()
        await reserve(request)
        await opened.age(RESERVATION_TTL_MS)

        assert.deepEqual(await stateOf({ ...request, fingerprint: 'other' }), { kind: 'reused' })
      })
    })

    it('is a new one after a day', async () => {
      const { opened } = world()
      const request = await aRequest()
      const other = { ...request, fingerprint: 'other' }
      await write(await reserve(request))

      await opened.age(KEY_TTL_MS - 5_000)
      assert.equal((await stateOf(request)).kind, 'completed')
      await opened.age(10_000)

      const book = await write(await reserve(other))
      assert.deepEqual(await stateOf(other), { kind: 'completed', result: book })
      assert.deepEqual(await stateOf(request), { kind: 'reused' })
    })

    it('is asked for again when the engine gives way to another transaction', async () => {
      const { driver } = world()
      let attempts = 0
      const store = createStore({
        ...driver,
        keys: {
          ...driver.keys,
          reserve: async (request, token) => {
            if (++attempts < 3) throw new TransientConflict()
            return driver.keys.reserve(request, token)
          },
        },
      })

      await reserve(await aRequest(), store)

      assert.equal(attempts, 3)
    })
  })
}
