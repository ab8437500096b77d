import { Client } from 'pg'

/** An event in the outbox. */
export type OutboxRecord = Readonly<{
  id: string
  type: string
  subject: string
  version: number
  data: Readonly<{ id: string; ownerId: string; postId?: string }>
}>

/** What is in the database of events and of what they did. */
export type EventRows = Readonly<{
  outbox: readonly OutboxRecord[]
  /** The ids of the events that were handled. */
  inbox: readonly string[]
  /** The comments that somebody was notified of, each as often as that. */
  notified: readonly string[]
}>

const OUTBOX = 'select id, type, subject, version, data from outbox'
const INBOX = `select id from inbox where consumer = 'notifications'`
const NOTIFIED = 'select comment_id as id from notifications'
const PENDING = 'select count(*)::integer as count from outbox where published_at is null'
const LEASE = 'select token, until > clock_timestamp() as "isHeld" from outbox_lease'

/** Looks past the service, and holds the claim of its relays where a test needs that. */
export async function openEventDatabase(url: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  const query = async <Row extends object>(text: string): Promise<readonly Row[]> =>
    (await client.query<Row>(text)).rows
  const idsOf = async (text: string): Promise<readonly string[]> =>
    (await query<{ id: string }>(text)).map(({ id }) => id)

  return {
    query,
    pending: async (): Promise<number> => (await query<{ count: number }>(PENDING))[0]?.count ?? 0,
    lease: async () => (await query<{ token: string; isHeld: boolean }>(LEASE))[0] ?? { token: '', isHeld: false },

    /** One after the other: what is published is handled later. */
    async rows(): Promise<EventRows> {
      const [notified, inbox] = [await idsOf(NOTIFIED), await idsOf(INBOX)]
      return { outbox: await query<OutboxRecord>(OUTBOX), inbox, notified }
    },

    [Symbol.asyncDispose]: () => client.end(),
  }
}
