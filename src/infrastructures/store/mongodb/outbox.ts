import { randomUUID } from 'node:crypto'
import type { Db, Document, UUID } from 'mongodb'
import type { DomainEvent } from '../../../domains/events/domain-event.ts'
import { retry } from '../../../patterns/retry.ts'
import { uuidV7 } from '../../identifiers/uuid-v7.ts'
import { type DriverOutbox, MAX_COUNTED, type OutboxRecord } from '../driver.ts'
import { RETRY_POLICY } from '../retry-policy.ts'
import { TransientConflict } from '../store-errors.ts'
import { BATCH_SIZE, batchesOf, idOf, literal, NOW, textOf } from './documents.ts'
import { executing } from './errors.ts'
import type { Transaction } from './transaction.ts'

/** The only document of its collection: whose claim holds, and until when. */
const LEASE = 'relay'
const PAST = new Date(0)

const ORDER = { time: 1, version: 1, _id: 1 } as const

type Kept = Readonly<{
  _id: UUID
  type: string
  subject: UUID
  version: number
  time: Date
  schemaVersion: string
  /** JSON, as it will leave. */
  data: string
  /** Missing in events of earlier versions of this code. */
  traceparent?: string | null
  publishedAt: Date | null
}>
type Transact = <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>

/** The events of a transaction, which are inserted together. */
export type EventLog = Readonly<{
  add(event: DomainEvent, traceparent: string | null): Promise<void>
  flush(): Promise<void>
}>

export function eventLog({ db, session }: Transaction): EventLog {
  let events: Kept[] = []

  async function flush(): Promise<void> {
    const batch = events
    events = []
    if (batch.length > 0) await outboxOf(db).insertMany(batch, { session })
  }

  return {
    async add({ subject, data, ...event }, traceparent) {
      events.push({
        ...event,
        _id: idOf(uuidV7()),
        subject: idOf(subject),
        traceparent,
        data: JSON.stringify(data),
        publishedAt: null,
      })
      if (events.length === BATCH_SIZE) await flush()
    },
    flush,
  }
}

const outboxOf = (db: Db) => db.collection<Kept>('outbox')
const leaseOf = (db: Db) => db.collection<Document & { _id: string }>('outbox_lease')

/** The events of all units of work, and the lease under which one relay at a time publishes them. */
export function mongodbOutbox(db: Db, transact: Transact): DriverOutbox {
  const outbox = outboxOf(db)
  const lease = leaseOf(db)
  const isPending = { publishedAt: null }

  const endLease = (token: string, options = {}) =>
    lease.updateOne({ _id: LEASE, token }, { $set: { until: PAST } }, options)

  const takeLease = (token: string, leaseMs: number) =>
    lease.updateOne({ _id: LEASE, $expr: { $lte: ['$until', NOW] } }, [
      { $set: { token: literal(token), until: { $add: [NOW, leaseMs] } } },
    ])

  async function pending(limit: number): Promise<readonly OutboxRecord[]> {
    if (limit < 1) return [] // which means all to the server
    return (await outbox.find(isPending).sort(ORDER).limit(limit).toArray()).map(recordOf)
  }

  return {
    claim: (limit, leaseMs) =>
      executing(async () => {
        const token = randomUUID()
        if ((await outbox.findOne(isPending, { projection: { _id: 1 } })) === null) return { token, events: [] }
        if ((await takeLease(token, leaseMs)).matchedCount === 0) return null
        let events: readonly OutboxRecord[] = []
        try {
          events = await pending(limit)
          return { token, events }
        } finally {
          if (events.length === 0) await endLease(token)
        }
      }),

    /** A holder whose lease was taken over marks nothing. */
    confirm: ({ token, events }) =>
      withRetry(() =>
        transact(async ({ session }) => {
          if ((await endLease(token, { session })).matchedCount === 0) return
          for (const ids of batchesOf(events.map(({ id }) => idOf(id)))) {
            await outbox.updateMany({ _id: { $in: ids } }, { $currentDate: { publishedAt: true } }, { session })
          }
        }),
      ),

    release: ({ token }) => executing(async () => void (await endLease(token))),
    backlog: () => executing(() => backlogOf(db)),
    replay: (since) => executing(() => replay(db, since)),
  }
}

const recordOf = ({ _id, subject, traceparent = null, publishedAt: _, ...event }: Kept): OutboxRecord => ({
  ...event,
  traceparent,
  id: textOf(_id),
  subject: textOf(subject),
})

async function backlogOf(db: Db): ReturnType<DriverOutbox['backlog']> {
  const [row] = await outboxOf(db)
    .aggregate<{ pending: number; oldest: Date; now: Date }>([
      { $match: { publishedAt: null } },
      { $sort: ORDER },
      { $limit: MAX_COUNTED },
      { $group: { _id: null, pending: { $sum: 1 }, oldest: { $min: '$time' } } },
      { $set: { now: '$$NOW' } },
    ])
    .toArray()
  if (row === undefined) return { pending: 0, oldestAgeMs: 0 }
  return { pending: row.pending, oldestAgeMs: Math.max(0, row.now.getTime() - row.oldest.getTime()) }
}

/** In batches, from the oldest on: each statement is short. */
async function replay(db: Db, since: Date): Promise<number> {
  const outbox = outboxOf(db)
  let after: Document = { time: { $gte: since } }
  for (let total = 0; ; ) {
    const found = await outbox
      .find({ publishedAt: { $type: 'date' }, ...after }, { projection: { time: 1, version: 1 } })
      .sort(ORDER)
      .limit(BATCH_SIZE)
      .toArray()
    const last = found.at(-1)
    if (last === undefined) return total
    const filter = { _id: { $in: found.map(({ _id }) => _id) }, publishedAt: { $type: 'date' as const } }
    total += (await outbox.updateMany(filter, { $set: { publishedAt: null } })).modifiedCount
    after = positionsAfter(last)
  }
}

const positionsAfter = ({ time, version, _id }: Pick<Kept, 'time' | 'version' | '_id'>): Document => ({
  time: { $gte: time },
  $or: [{ time: { $gt: time } }, { version: { $gt: version } }, { version, _id: { $gt: _id } }],
})

/** Another relay that asks for the lease at the same moment may come first. */
const withRetry = <Result>(task: () => Promise<Result>): Promise<Result> =>
  retry(task, (error) => error instanceof TransientConflict, RETRY_POLICY)
