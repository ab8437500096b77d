import type { PersonNews } from '../entities/person-news.ts'
import type { UserId } from '../entities/user.ts'
import { DuplicateMessage } from '../errors/idempotency-errors.ts'
import type { Store } from '../ports/store.ts'
import { type Followed, followPerson } from '../usecases/users/follow-person.ts'

/** News as the provider delivered it: `delivery` is the id of the delivery and its retries, `event` that of the event. */
export type DeliveredNews = Readonly<{ delivery: string; event: string; news: PersonNews }>

/** Applies the identity provider's news to the mirror. */
export interface UserSynchronization {
  /** In one unit of work, once for each delivery and for each event, however often and in whatever order they come. */
  receive(delivered: DeliveredNews): Promise<Followed | 'repeated'>
}

type Needs = Readonly<{ store: Store; now: () => Date; idOf: (subject: string) => UserId }>

export const createUserSynchronization = ({ store, now, idOf }: Needs): UserSynchronization => ({
  async receive({ delivery, event, news }) {
    const id = idOf(news.subject)
    try {
      return await store.transact(async (uow) => {
        await uow.inbox.markProcessed(messageOf('identity-deliveries', delivery))
        await uow.inbox.markProcessed(messageOf('identity-events', event))
        return followPerson(uow, { id, news, at: now() })
      })
    } catch (error) {
      if (!(error instanceof DuplicateMessage)) throw error
      return 'repeated'
    }
  },
})

/** The news itself has the order; the inbox only detects duplicates. */
const messageOf = (consumer: string, id: string) => ({ consumer, id, subject: id, version: 1, digest: '' })
