import type { State } from '../../src/controllers/events/cloud-event.ts'
import type { EventConsumer } from '../../src/controllers/events/event-consumer.ts'
import { malformedEvent } from '../../src/controllers/events/malformed-event.ts'
import { identifier } from '../../src/domains/entities/identifier.ts'
import { DuplicateMessage } from '../../src/domains/errors/idempotency-errors.ts'
import type { IncomingMessage } from '../../src/domains/ports/inbox.ts'
import type { Consumer } from '../../src/domains/ports/message-queue.ts'
import type { Library } from './library/library.ts'
import type { MemberId } from './library/member.ts'
import type { Review } from './library/review.ts'

export const LENDING: Consumer = { name: 'lending', attempts: 5, timeoutMs: 5_000 }

export type News = Readonly<{ message: IncomingMessage; review: Pick<Review, 'id' | 'bookId' | 'ownerId'> }>

/** Makes a review take effect, once. False when it had done so before. */
export type ReviewWritten = (news: News) => Promise<boolean>

type Needs = Readonly<{ store: Pick<Library, 'transact'>; now: () => Date; newId: () => string }>

/** Lends a book to each member who reviews it, and nothing to unknown users. */
export const lendReviewed =
  ({ store, now, newId }: Needs): ReviewWritten =>
  async ({ message, review: { id: note, bookId, ownerId } }) => {
    try {
      await store.transact(async ({ inbox, members, loans }) => {
        await inbox.markProcessed(message)
        if ((await members.find(ownerId)) === null) return
        await loans.add({ id: newId(), ownerId, bookId, note, createdAt: now(), returnedAt: null })
      })
      return true
    } catch (error) {
      if (!(error instanceof DuplicateMessage)) throw error
      return false
    }
  }

export const lendingConsumer = (reviewWritten: ReviewWritten): EventConsumer => ({
  ...LENDING,
  handlers: {
    'review.written': async (message, state) => {
      const [id, bookId, ownerId] = [idIn(state, 'id'), idIn(state, 'bookId'), idIn(state, 'ownerId') as MemberId]
      return reviewWritten({ message, review: { id, bookId, ownerId } })
    },
  },
})

function idIn(state: State, field: string): string {
  const value = state[field]
  if (typeof value !== 'string') throw malformedEvent(`data.${field}`)
  return identifier(field).parse(value)
}
