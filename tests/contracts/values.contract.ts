import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { BookNotFound, ReviewNotFound } from '../kit/library/errors.ts'
import type { Member } from '../kit/library/member.ts'
import { aBook, aMember, aReview, newId, newMemberId } from '../kit/library/samples.ts'
import { eventOf } from '../kit/library/store.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import { MOST_RECENTLY_UPDATED_FIRST, OLDEST_FIRST } from '../kit/sorts.ts'
import type { World } from './world.ts'

const later = minutesAfterNoon(1)

const TEXTS = {
  'of one character': '.',
  'with emoji': '🦉👩‍👩‍👧‍👦🏳️‍🌈',
  'with combining marks, composed and not': 'e\u0301 \u00e9 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
  'from right to left': 'שלום \u202eevil\u202c مرحبا',
  'with quotes and backslashes': `'; drop table books; -- "x" \\ \\\\ \\n $1 ?1 :name @p \``,
  'with wildcards': '%_*? 100% _underscored_',
  'of several lines': 'one\r\ntwo\nthree\rfour\u2028five\tsix',
  'with control characters': 'a\u0001\u0007\b\u001b[31mred\u001b[0m\u007f\u0085z',
  'that looks like JSON': '{"text": null, "__proto__": []}',
  'that looks like a number, a truth or nothing': '007',
  'with the ends of Unicode': '\uffff\ufffe\u{10ffff}\ue000\ufdd0',
  'of 10,000 code points beyond the BMP': '𝒳'.repeat(10_000),
}

const TIMES = {
  'to the millisecond': '2026-03-01T12:34:56.789Z',
  'at the last millisecond of a second': '2026-12-31T23:59:59.999Z',
  'before 1970': '1969-12-31T23:59:59.001Z',
  'long before 1970': '1815-12-10T08:00:00.500Z',
  'in a leap second’s neighbourhood': '2016-12-31T23:59:59.999Z',
  'in an hour that a summer time skips': '2026-03-29T02:30:00.123Z',
  'in the year 9999': '9999-12-31T23:59:59.998Z',
}

const PROFILES: Record<string, Partial<Member>> = {
  full: { name: 'Zoë', fullName: 'Zoë O’Brien "Z" \\', email: 'zoë+tag@exämple.org' },
  'without a full name': { fullName: null },
  'without an email': { email: null },
  'without either': { fullName: null, email: null },
  'of empty strings, which are not nothing': { name: '', fullName: '', email: '' },
}

export function describeValues(world: () => World): void {
  describe('a text', () => {
    for (const [kind, text] of Object.entries(TEXTS)) {
      it(`${kind} comes back as it was, from everywhere`, async () => {
        const { driver, store, keep, eventsOf } = world()
        const book = await keep.book({ text })
        const rewritten = { ...book, version: 2, updatedAt: later }
        const review = await keep.review({ text: aBook({ text }).text.slice(0, 1_000), bookId: book.id })

        await driver.commit([saving.book(rewritten)])
        const [listed] = await store.books.list({
          filter: { ownerId: book.ownerId },
          sort: OLDEST_FIRST,
          after: null,
          limit: 1,
        })
        assert.equal((await store.books.get(book.id)).text, text)
        assert.equal(listed?.text, text)
        await driver.commit([removing.book({ ...rewritten, version: 3 })])
        const data = (await eventsOf(book.id, review.id)).map((event) => (event.data as { text: string }).text)
        assert.deepEqual(data, [text, text, text, review.text, review.text])
      })
    }
  })

  describe('a time', () => {
    for (const [kind, iso] of Object.entries(TIMES)) {
      it(`${kind} comes back as it was, from everywhere`, async () => {
        const { driver, store, keep, opened, eventsOf } = world()
        const time = new Date(iso)
        const book = await keep.book({ createdAt: time, updatedAt: time })
        const review = await keep.review({ createdAt: time, updatedAt: time, bookId: book.id })
        const member = { ...(await keep.member()), version: 2, updatedAt: time, removedAt: time }

        const kept = await store.books.get(book.id)
        await driver.commit([saving.member(member), removing.book({ ...book, version: 2 })])

        const events = (await opened.outbox()).filter(({ subject }) => [book.id, review.id].includes(subject))
        assert.deepEqual(kept, book)
        assert.deepEqual(await store.members.find(member.id), member)
        assert.deepEqual(
          events.map((event) => event.time),
          [time, time, time, time],
        )
        for (const { data } of await eventsOf(book.id, review.id)) {
          const { createdAt, updatedAt } = data as { createdAt: string; updatedAt: string }
          assert.deepEqual([createdAt, updatedAt], [iso, iso])
        }
      })

      it(`${kind} is found by it`, async () => {
        const { store, keep } = world()
        const createdAt = new Date(iso)
        const { ownerId, ...book } = await keep.book({ createdAt })
        const next = new Date(createdAt.getTime() + 1)

        assert.equal(await store.books.count({ ownerId, createdFrom: createdAt, createdTo: next }), 1)
        assert.equal(await store.books.count({ ownerId, createdFrom: next }), 0)
        assert.equal(await store.books.count({ ownerId, createdTo: createdAt }), 0)
        assert.deepEqual(
          await store.books.list({
            filter: { ownerId },
            sort: OLDEST_FIRST,
            after: { at: createdAt, id: book.id },
            limit: 9,
          }),
          [],
        )
      })
    }
  })

  describe('a profile', () => {
    for (const [kind, fields] of Object.entries(PROFILES)) {
      it(`${kind} comes back as it was`, async () => {
        const { driver, store, keep, eventsOf } = world()
        const member = await keep.member(fields)
        const changed = { ...(await keep.member()), ...fields, version: 2, updatedAt: later }

        await driver.commit([saving.member(changed)])

        assert.deepEqual(await store.members.find(member.id), member)
        assert.deepEqual(await store.members.find(changed.id), changed)
        assert.deepEqual(
          (await eventsOf(changed.id))[1]?.data,
          JSON.parse(JSON.stringify(eventOf('member.changed', changed).data)),
        )
      })
    }
  })

  describe('what is read', () => {
    it('is a plain object with the properties that were saved and no others', async () => {
      const { store, keep } = world()
      const member = await keep.member()
      const book = await keep.book({ ownerId: member.id })
      const review = await keep.review({ bookId: book.id, ownerId: member.id })
      const listing = {
        filter: { ownerId: member.id },
        sort: MOST_RECENTLY_UPDATED_FIRST,
        after: null,
        limit: 9,
      } as const

      const read = {
        member: await store.members.find(member.id),
        books: [await store.books.get(book.id), ...(await store.books.list(listing))],
        reviews: [await store.reviews.get(review.id), ...(await store.reviews.list(listing))],
        within: await store.transact((uow) => Promise.all([uow.books.get(book.id), uow.members.find(member.id)])),
      }

      assert.deepEqual(read, { member, books: [book, book], reviews: [review, review], within: [book, member] })
    })

    it('is nothing, or an error that says what is missing, for ids never seen', async () => {
      const { store } = world()

      assert.equal(await store.members.find(newMemberId()), null)
      await assert.rejects(store.books.get(newId()), BookNotFound)
      await assert.rejects(store.reviews.get(newId()), ReviewNotFound)
    })

    it('is the last version after many changes', async () => {
      const { driver, store, keep } = world()
      let book = await keep.book()

      while (book.version < 50) {
        book = { ...book, text: `v${book.version}`, version: book.version + 1, updatedAt: later }
        await driver.commit([saving.book(book)])
      }

      assert.deepEqual(await store.books.get(book.id), book)
    })

    it('may be kept again under another id', async () => {
      const { driver, store, keep } = world()
      const review = await keep.review()
      const copy = { ...(await store.reviews.get(review.id)), id: newId() }
      const member = aMember({ removedAt: null })

      await driver.commit([adding.member(member), adding.review(copy)])
      await driver.commit([removing.review({ ...review, version: 2 })])

      assert.deepEqual(await store.reviews.get(copy.id), aReview({ ...review, id: copy.id }))
    })
  })
}
