import type { MessageQueue } from '../../src/domains/ports/message-queue.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { openEventFlow } from './event-flow.ts'
import { lendingConsumer, lendReviewed, type ReviewWritten } from './lending.ts'
import { aBook, aMember, aReview, newId } from './library/samples.ts'
import { createStore, emptyState, memoryDriver } from './library/store.ts'
import { noon } from './noon.ts'

type Options = Readonly<{
  queue?: MessageQueue
  consumers?: number
  /** What becomes of the handling of a review. */
  around?: (reviewWritten: ReviewWritten) => ReviewWritten
}>

export type EventWorld = Awaited<ReturnType<typeof openEventWorld>>

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** A member, and a book of hers. */
export const mia = aMember()
export const book = aBook({ id: id(1), ownerId: mia.id })

export const [r1, r2] = [id(11), id(12)]

/** What Mia wrote of her book, at noon. */
export const writtenReview = (fields: Parameters<typeof aReview>[0] = {}) =>
  aReview({ id: r1, bookId: book.id, ownerId: mia.id, ...fields })

/** The library in memory, with an event's way from its outbox to a loan. Mia and her book are there. */
export async function openEventWorld({ around = (handle) => handle, queue, consumers }: Options = {}) {
  const state = emptyState()
  state.member.set(mia.id, mia)
  state.book.set(book.id, book)
  const driver = memoryDriver(state)
  const store = createStore(driver)

  const consumer = lendingConsumer(around(lendReviewed({ store, now: () => noon, newId })))
  const flow = await openEventFlow({ driver, inbox: store.inbox, consumer, queue, consumers })

  return {
    ...flow,
    state,
    store,

    /** For which reviews Mia was lent a book, in order. */
    lent: async () => (await store.loanFeed.after(mia.id, null, 1_000)).map(({ note }) => note),
  }
}

type Attributes = Readonly<Record<string, unknown>>

/** The event of Bob's comment on Alice's post; `undefined` omits an attribute. */
export function anEvent(attributes: Attributes = {}, data: Attributes = {}) {
  const review = { ...writtenReview(), ...data }
  return {
    specversion: '1.0',
    id: '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f',
    source: `/${PRODUCT.service}`,
    type: 'review.written',
    subject: review.id,
    time: '2026-03-01T12:00:00.000Z',
    datacontenttype: 'application/json',
    dataschemaversion: '1.0',
    data: review,
    ...attributes,
  }
}
