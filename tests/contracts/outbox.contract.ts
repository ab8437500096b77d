import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DomainEvent } from '../../src/domains/events/domain-event.ts'
import type { DriverOutbox, OutboxRecord } from '../../src/infrastructures/store/driver.ts'
import { sleep as cancellableSleep } from '../../src/main/sleep.ts'
import { startOutboxRelay } from '../../src/patterns/outbox-relay.ts'
import type { Book } from '../kit/library/book.ts'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { aBook, aMember, aReview } from '../kit/library/samples.ts'
import { eventOf } from '../kit/library/store.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import { size } from '../kit/size.ts'
import type { Features } from './opened.ts'
import type { World } from './world.ts'

const LEASE_MS = 10_000
const AGES = 3_600_000
/** More than a replay takes in one step. */
const MANY = size(2_200, 2_200, 1_200)
const ONE_STEP = 'nobody can get in between: a claim is a single step'
const RELAY = {
  batch: 50,
  leaseMs: LEASE_MS,
  claimIntervalMs: 5,
  lingerMs: 0,
  contendedClaimIntervalMs: 1,
  minBackoffMs: 5,
  maxBackoffMs: 20,
}

export function describeOutbox(world: () => World, { isShared }: Pick<Features, 'isShared'>): void {
  describe('the outbox', () => {
    const alone = isShared ? false : 'nobody else can open the store at the same time'
    beforeEach(() => empty(world()))

    const claim = async (limit = 100): Promise<readonly OutboxRecord[]> =>
      (await held(world().driver.outbox, limit)).events

    /** Books of one owner, written at those minutes after noon; the outbox has no other events. */
    async function books(...minutes: readonly number[]): Promise<readonly Book[]> {
      const { driver, someone } = world()
      const ownerId = await someone()
      await takeAll(driver.outbox)
      const written = minutes.map((minute) => aBook({ ownerId, createdAt: minutesAfterNoon(minute) }))
      for (const book of written) await driver.commit([adding.book(book)])
      return written
    }

    it('gives the oldest events first, at most as many as are asked for', async () => {
      const [third, first, fourth, second] = await books(3, 1, 4, 2)

      const events = await claim(3)

      assert.deepEqual(subjectsOf(events), [first?.id, second?.id, third?.id])
      assert.ok(!subjectsOf(events).includes(fourth?.id ?? ''))
    })

    it('orders what happened at the same time by version, then by id', async () => {
      const written = await books(1, 1, 1)
      await world().driver.commit(written.map((book) => saving.book({ ...book, version: 2 })))

      const events = await claim()

      const [firsts, seconds] = [events.slice(0, 3), events.slice(3)]
      assert.deepEqual(versionsOf(events), [1, 1, 1, 2, 2, 2])
      for (const ids of [firsts, seconds].map(idsOf)) assert.deepEqual(ids, ids.toSorted())
    })

    it('returns each event as it was added, under an id of its own', async () => {
      const [one, other] = await books(1, 2)
      assert.ok(one && other)

      const events = await claim()

      const expected = [eventOf('book.written', one), eventOf('book.written', other)]
      assert.deepEqual(events.map(withoutId), expected.map(asKept))
      assert.equal(new Set(idsOf(events)).size, 2)
    })

    it('gives the trace that a change was part of with its event, and with those of what went along', async () => {
      const { driver, someone } = world()
      const [book] = await books(1)
      assert.ok(book)
      const review = aReview({ bookId: book.id, ownerId: await someone() })
      await driver.commit([adding.review(review)])
      await takeAll(driver.outbox)
      const [written, removed] = ['a', 'b'].map((digit) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`)
      assert.ok(written && removed)

      const [rewriting, removal] = [saving.book({ ...book, version: 2 }), removing.book({ ...book, version: 3 })]
      await driver.commit([{ ...rewriting, traceparent: written }])
      await driver.commit([{ ...removal, traceparent: removed }])

      assert.deepEqual((await claim()).map(({ type, traceparent }) => [type, traceparent]).sort(), [
        ['book.removed', removed],
        ['book.rewritten', written],
        ['review.removed', removed],
      ])
    })

    it('gives each state of what was changed twice before anyone looked', async () => {
      const [book] = await books(1)
      assert.ok(book)
      const [second, third] = ['Two.', 'Three.'].map((text, n) => ({ ...aBook({ ...book, text }), version: n + 2 }))
      assert.ok(second && third)
      await world().driver.commit([saving.book(second), saving.book(third)])

      const texts = (await claim()).map(({ data }) => JSON.parse(data).text)

      assert.deepEqual(texts, [book.text, 'Two.', 'Three.'])
    })

    it('refuses a second claim while a claim holds', async () => {
      await books(1, 2)
      const { outbox } = world().driver

      const claims = await Promise.all([1, 2, 3].map(() => outbox.claim(1, LEASE_MS)))

      assert.equal(claims.filter((one) => one !== null).length, 1)
    })

    it('refuses claims of other processes too', { skip: alone }, async () => {
      const { opened, driver } = world()
      const other = (await opened.second?.()) ?? assert.fail()
      await books(1, 2)

      const first = await held(driver.outbox, 1)
      assert.equal(await other.outbox.claim(1, LEASE_MS), null)
      await driver.outbox.confirm(first)

      assert.deepEqual(versionsOf((await held(other.outbox, 10)).events), [1])
    })

    it('is not held by a claim of nothing', async () => {
      const { outbox } = world().driver

      assert.deepEqual((await held(outbox)).events, [])
      assert.deepEqual((await held(outbox)).events, [])
      const [book] = await books(1)

      assert.deepEqual(subjectsOf(await claim()), [book?.id])
    })

    it('is not held by a claim of none of many', async () => {
      const { outbox } = world().driver
      const [book] = await books(1)

      assert.deepEqual((await held(outbox, 0)).events, [])

      assert.deepEqual(subjectsOf(await claim()), [book?.id])
    })

    it('is not held by a claim of nothing whose events were confirmed by another after it had looked', async (t) => {
      const { opened, driver } = world()
      if (opened.interrupted === undefined) return t.skip(ONE_STEP)
      await books(1, 2)
      const first = await held(driver.outbox)
      const late = await opened.interrupted((statement) => (statement === 2 ? driver.outbox.confirm(first) : undefined))

      const { events } = await held(late.outbox)

      assert.deepEqual(events, [])
      const [book] = await books(3)
      assert.deepEqual(subjectsOf(await claim()), [book?.id])
    })

    it('is not held by a claim that fails, before whichever of its statements', async (t) => {
      const { opened, driver } = world()
      if (opened.interrupted === undefined) return t.skip(ONE_STEP)
      const [book] = await books(1)
      const lost = new Error('lost')

      for (let failing = 1; ; failing++) {
        const broken = await opened.interrupted((statement) => {
          if (statement === failing) throw lost
        })
        const outcome = await broken.outbox.claim(1, LEASE_MS).catch((error) => error)
        if (outcome !== lost) return assert.ok(failing > 2, `${outcome}`)

        const next = await held(driver.outbox)
        assert.deepEqual(subjectsOf(next.events), [book?.id], `before statement ${failing}`)
        await driver.outbox.release(next)
      }
    })

    it('gives the rest once the first events are confirmed, and then nothing', async () => {
      const { outbox } = world().driver
      const written = await books(1, 2, 3)

      await outbox.confirm(await held(outbox, 2))
      const rest = await held(outbox, 2)
      await outbox.confirm(rest)

      assert.deepEqual(subjectsOf(rest.events), [written[2]?.id])
      assert.deepEqual(await claim(), [])
    })

    it('gives the same events again at once when a claim is released', async () => {
      const { outbox } = world().driver
      await books(1, 2)

      const first = await held(outbox)
      await outbox.release(first)

      assert.deepEqual(await claim(), first.events)
    })

    it('gives an event that was kept late, though later ones are published already', async () => {
      const { driver } = world()
      const [later] = await books(5)
      assert.ok(later)
      await takeAll(driver.outbox)

      const late = aBook({ ownerId: later.ownerId, createdAt: minutesAfterNoon(1) })
      await driver.commit([adding.book(late)])

      assert.deepEqual(subjectsOf(await claim()), [late.id])
    })

    describe('when a claim has outlived its lease', () => {
      it('lets another take over, after which the first one confirms nothing and ends nothing', async () => {
        const { opened, driver } = world()
        const { outbox } = driver
        await books(1, 2)
        const stale = await held(outbox)
        await opened.age(LEASE_MS)

        const fresh = await held(outbox)
        await outbox.confirm(stale)
        await outbox.release(stale)

        assert.deepEqual(idsOf(fresh.events), idsOf(stale.events))
        assert.equal(await outbox.claim(100, LEASE_MS), null)
        await outbox.release(fresh)
        assert.deepEqual(idsOf(await claim()), idsOf(stale.events))
      })

      it('still lets it confirm unless another claim took over', async () => {
        const { opened, driver } = world()
        await books(1)
        const late = await held(driver.outbox)
        await opened.age(LEASE_MS)

        await driver.outbox.confirm(late)

        assert.deepEqual(await claim(), [])
      })

      it('lets a claim hold for as long as it was asked to, and no longer', async () => {
        const { opened, driver } = world()
        await books(1)
        await driver.outbox.claim(1, 60_000)

        await opened.age(50_000)
        assert.equal(await driver.outbox.claim(1, 60_000), null)
        await opened.age(10_000)

        assert.equal((await driver.outbox.claim(1, 60_000))?.events.length, 1)
      })
    })

    it('counts what is pending, and knows the age of the oldest', async () => {
      const { driver, someone } = world()
      const ownerId = await someone()
      await takeAll(driver.outbox)
      assert.deepEqual(await driver.outbox.backlog(), { pending: 0, oldestAgeMs: 0 })

      const ages: number[] = []
      for (const minutes of [2, 3, 1]) {
        const createdAt = new Date(Date.now() - minutes * 60_000)
        await driver.commit([adding.book(aBook({ ownerId, createdAt }))])
        const { pending, oldestAgeMs } = await driver.outbox.backlog()
        assert.equal(pending, ages.push(oldestAgeMs))
      }

      const [first = 0, ...rest] = ages
      assert.ok(first >= 120_000, `${first}`)
      for (const age of rest) assert.ok(Math.abs(age - first - 60_000) < 10_000, `${ages}`)
    })

    it('gives published events again on request, from a time on, in their order, and no pending one twice', async () => {
      const { driver } = world()
      const written = await books(1, 3, 2)
      await takeAll(driver.outbox)
      const pending = aBook({ ownerId: written[0]?.ownerId as never, createdAt: minutesAfterNoon(4) })
      await driver.commit([adding.book(pending)])

      const count = await driver.outbox.replay(minutesAfterNoon(2))

      assert.equal(count, 2)
      assert.deepEqual(subjectsOf(await claim()), [written[2]?.id, written[1]?.id, pending.id])
    })

    it('gives more of them again than it replays in one step', async () => {
      const { driver } = world()
      await manyEvents(world(), MANY)
      await takeAll(driver.outbox)

      const count = await driver.outbox.replay(minutesAfterNoon(0))

      assert.deepEqual([count, (await takeAll(driver.outbox)).length], [MANY, MANY])
    })

    it('is published once and in order by four relays together', async () => {
      const { opened, driver } = world()
      const others = [await opened.second?.(), await opened.second?.()]
      await manyEvents(world(), MANY)
      const [published, failures]: [string[], unknown[]] = [[], []]

      const relays = [driver, ...others, driver].map((side) =>
        startOutboxRelay<OutboxRecord>({
          claims: (side ?? driver).outbox,
          publish: async (events) => {
            published.push(...idsOf(events))
            return []
          },
          onFailure: (error) => failures.push(error),
          sleep: cancellableSleep,
          random: Math.random,
          options: RELAY,
        }),
      )
      while (published.length < MANY) await sleep(5)
      await Promise.all(relays.map(({ stop }) => stop()))

      assert.deepEqual([published.length, failures], [MANY, []])
      assert.deepEqual(published, published.toSorted())
      assert.deepEqual(await claim(), [])
    })
  })
}

/** Publishes what is pending, and forgets all that is published. */
async function empty({ opened, driver }: World): Promise<void> {
  await opened.age(AGES)
  await takeAll(driver.outbox)
  await opened.age(AGES)
  while (await driver.prune({ publishedMs: 0, handledMs: 0 }));
}

/** So many members registered at noon, whose events sort by id. */
async function manyEvents({ driver }: World, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 100) {
    await driver.commit(Array.from({ length: Math.min(100, left) }, () => adding.member(aMember())))
  }
}

/** A claim that must hold. */
async function held(outbox: DriverOutbox, limit = 100) {
  return (await outbox.claim(limit, LEASE_MS)) ?? assert.fail('somebody holds a claim')
}

/** Publishes all that is pending. */
async function takeAll(outbox: DriverOutbox): Promise<readonly OutboxRecord[]> {
  const taken: OutboxRecord[] = []
  for (;;) {
    const claim = await held(outbox, 1_000)
    if (claim.events.length === 0) return taken
    taken.push(...claim.events)
    await outbox.confirm(claim)
  }
}

const idsOf = (events: readonly OutboxRecord[]) => events.map(({ id }) => id)
const subjectsOf = (events: readonly OutboxRecord[]) => events.map(({ subject }) => subject)
const versionsOf = (events: readonly OutboxRecord[]) => events.map(({ version }) => version)

const withoutId = ({ id: _, ...event }: OutboxRecord) => ({ ...event, data: JSON.parse(event.data) })
const asKept = (event: DomainEvent) => ({ ...event, traceparent: null, data: JSON.parse(JSON.stringify(event.data)) })
