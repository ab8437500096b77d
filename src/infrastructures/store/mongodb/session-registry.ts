import { type Db, type Document, UUID } from 'mongodb'
import { literal, NOW } from './documents.ts'
import { MAX_TIME_MS } from './reader.ts'

/** A process without a renewal for so long is dead or paused. Well below the TTL of a reservation of an idempotency key. */
export const SESSIONS_TTL_MS = 4_000

/** The sessions of one process, as JSON, and the expiry of the registration. */
type Registration = Document & Readonly<{ _id: string; sessions: string; until: Date }>

const registry = (db: Db) => db.collection<Registration>('transaction_sessions')

/** Registers the sessions of a process, or renews the registration. */
export async function register(db: Db, process: string, sessions: Iterable<string>): Promise<void> {
  const registration = {
    _id: '$_id',
    sessions: literal(JSON.stringify([...sessions])),
    until: { $add: [NOW, SESSIONS_TTL_MS] },
  }
  await registry(db).updateOne({ _id: process }, [{ $replaceWith: registration }], {
    upsert: true,
    maxTimeMS: MAX_TIME_MS,
  })
}

export const unregister = async (db: Db, process: string): Promise<void> =>
  void (await registry(db).deleteOne({ _id: process }))

/** Kills these sessions of the service's own user, which rolls back their transactions. */
export async function killSessions(db: Db, sessions: readonly string[]): Promise<void> {
  if (sessions.length > 0) await db.command({ killSessions: sessions.map((id) => ({ id: new UUID(id) })) })
}

/** Kills the sessions of all expired registrations. A paused process that continues registers again. */
export async function killAbandonedSessions(db: Db): Promise<void> {
  const silent = await registry(db)
    .find({ $expr: { $lte: ['$until', NOW] } })
    .toArray()
  for (const { _id, sessions, until } of silent) {
    await killSessions(db, JSON.parse(sessions))
    await registry(db).deleteOne({ _id, until })
  }
}
