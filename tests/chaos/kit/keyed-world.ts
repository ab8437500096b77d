import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { RESERVATION_TTL_MS } from '../../../src/domains/ports/idempotency-keys.ts'
import { SESSIONS_TTL_MS } from '../../../src/infrastructures/store/mongodb/session-registry.ts'
import { until } from '../../kit/command.ts'
import { mongodbDatabase } from '../../kit/fresh-mongodb.ts'
import { startTestIssuer } from '../../kit/test-issuer.ts'
import { type Answer, createHttpClient } from './http-client.ts'
import { aPerson } from './people.ts'
import { type Settings, settingsFor } from './revivable.ts'
import type { SharedStore, StoreKind } from './stores.ts'

/** A request that may be sent again: no two of them write the same. */
export type Keyed = Readonly<{ key: string; text: string }>

/** A store, and somebody who is known and asks for the same again and again. */
export async function openKeyedWorld({ open }: Pick<StoreKind, 'open'>) {
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await open())
  const issuer = opening.use(await startTestIssuer())
  const http = opening.use(createHttpClient())
  const { token } = await aPerson(issuer, 'alice')

  const opened = opening.move()
  return {
    store,
    settings: (databaseUrl = store.url): Settings => settingsFor(issuer, databaseUrl),

    /** Null when there is no answer. */
    ask: (url: string, { key, text }: Keyed, timeoutMs = 10_000): Promise<Answer | null> => {
      const call = { method: 'POST', token, body: { text }, headers: { 'idempotency-key': key }, timeoutMs }
      return http.ask({ url: `${url}/v1/posts`, ...call }).catch(() => null)
    },

    /** How often each text was written. */
    async written(): Promise<ReadonlyMap<string | null, number>> {
      const { kept } = await store.rows()
      const posts = kept.filter(({ noun }) => noun === 'post')
      return new Map([...Map.groupBy(posts, ({ text }) => text)].map(([text, rows]) => [text, rows.length]))
    },

    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

export const newRequest = (): Keyed => ({ key: randomUUID(), text: randomUUID() })

/** What a caller makes of an answer: null for none. */
export const outcomeOf = (answer: Answer | null): string =>
  answer === null ? 'nothing' : `${answer.status}${answer.headers['idempotency-replayed'] ? ' again' : ''}`

/** Makes all reservations as old as if they had run out by now. */
export async function ageReservations(store: SharedStore): Promise<void> {
  const { choice } = store
  await untilReleased(store)
  const older = `update idempotency_keys set reserved_until = reserved_until -`
  if (choice.kind === 'sqlite') {
    using database = new DatabaseSync(choice.file, { timeout: 5_000 })
    database.exec(`${older} ${RESERVATION_TTL_MS}`)
  } else if (choice.kind === 'postgres') {
    const client = new Client({ connectionString: choice.url })
    await client.connect()
    await client.query(`${older} interval '${RESERVATION_TTL_MS} ms'`)
    await client.end()
  } else if (choice.kind === 'mongodb') {
    const earlier = { $set: { reservedUntil: { $subtract: ['$reservedUntil', RESERVATION_TTL_MS] } } }
    await mongodbDatabase(choice.url).with((db) => db.collection('idempotency_keys').updateMany({}, [earlier]))
  }
}

/** Until nothing is held by the transaction of a process that was killed: MongoDB leaves it to the others to end that. */
export async function untilReleased({ choice }: SharedStore): Promise<void> {
  if (choice.kind !== 'mongodb') return
  const from = new Date(Date.now() + SESSIONS_TTL_MS)
  const silent = () =>
    mongodbDatabase(choice.url).with((db) =>
      db.collection('transaction_sessions').countDocuments({ until: { $lte: from } }),
    )
  await until('the transactions of the dead have ended', async () => (await silent()) === 0, 15_000)
}
