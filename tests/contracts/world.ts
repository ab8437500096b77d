import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { DomainEvent } from '../../src/domains/events/domain-event.ts'
import type { Book } from '../kit/library/book.ts'
import { adding } from '../kit/library/changes.ts'
import type { Library } from '../kit/library/library.ts'
import type { Member, MemberId } from '../kit/library/member.ts'
import type { Review } from '../kit/library/review.ts'
import { aBook, aMember, aReview } from '../kit/library/samples.ts'
import { createStore } from '../kit/library/store.ts'
import type { EventEnvelope, Opened, OpenStore } from './opened.ts'

export type World = ReturnType<typeof openedWorld>

/** Opens a store before the tests of a suite and closes it after them. Its tests keep apart by using fresh ids. */
export function useWorld(open: OpenStore): () => World {
  let opened: Opened | undefined
  before(async () => {
    opened = await open()
  })
  after(() => opened?.close())

  return () => {
    assert.ok(opened, 'the store did not open')
    return openedWorld(opened)
  }
}

function openedWorld(opened: Opened) {
  const { driver } = opened
  const someone = async (): Promise<MemberId> => (await keep.member()).id

  const keep = {
    async member(fields: Partial<Member> = {}): Promise<Member> {
      const member = aMember(fields)
      await driver.commit([adding.member(member)])
      return member
    },
    async book(fields: Partial<Book> = {}): Promise<Book> {
      const book = aBook({ ...fields, ownerId: fields.ownerId ?? (await someone()) })
      await driver.commit([adding.book(book)])
      return book
    },
    async review(fields: Partial<Review> = {}): Promise<Review> {
      const bookId = fields.bookId ?? (await keep.book()).id
      const review = aReview({ ...fields, ownerId: fields.ownerId ?? (await someone()), bookId })
      await driver.commit([adding.review(review)])
      return review
    },
  }

  return {
    opened,
    driver,
    store: opened.store ?? createStore(driver),
    keep,
    someone,

    /** The store as all processes have it: twice, where it is shared. */
    async sides(): Promise<readonly Library[]> {
      const store = opened.store ?? createStore(driver)
      return opened.second === undefined ? [store] : [store, createStore(await opened.second())]
    },

    /** The events of these, in a fixed order. */
    eventsOf: async (...subjects: readonly string[]) => inFixedOrder(await opened.outbox(), subjects),
  }
}

/** The events of `subjects` by subject and version; `data` as its readers will get it. */
export const inFixedOrder = (events: readonly (EventEnvelope | DomainEvent)[], subjects: readonly string[]) =>
  events
    .filter(({ subject }) => subjects.includes(subject))
    .map(({ type, subject, version, time, data }) => ({ type, subject, version, time, data: inJson(data) }))
    .sort(
      (one, other) => subjects.indexOf(one.subject) - subjects.indexOf(other.subject) || one.version - other.version,
    )

const inJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data))
