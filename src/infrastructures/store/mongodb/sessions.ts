import { randomUUID } from 'node:crypto'
import type { ClientSession, Db, MongoClient } from 'mongodb'
import { executing } from './errors.ts'
import { killAbandonedSessions, killSessions, register, unregister } from './session-registry.ts'

const RENEW_EVERY_MS = 1_000

export type Sessions = Readonly<{
  /** A session for transactions, which end within seconds of the death of this process. */
  start(): Promise<ClientSession>
  /** Rolls back an open transaction. */
  end(session: ClientSession): Promise<void>
  close(): Promise<void>
}>

/**
 * The sessions in which this process runs transactions. When a process dies, the server keeps its open transactions, with their
 * write conflicts, for a minute. So each process registers its sessions and renews the registration; any process kills the
 * sessions of an expired registration. A process that was only paused runs its units of work again.
 */
export function openSessions(client: MongoClient, db: Db): Sessions {
  const process = randomUUID()
  const registered = new Set<string>()
  const lost = new Set<string>()
  const renew = joined(() => register(db, process, registered))
  const timer = setInterval(() => void maintain().catch(() => {}), RENEW_EVERY_MS).unref()

  /** A step that fails is retried at the next interval. */
  async function maintain(): Promise<void> {
    if (registered.size > 0) await renew()
    await killLost()
    await killAbandonedSessions(db)
  }

  async function killLost(): Promise<void> {
    const ids = [...lost]
    await killSessions(db, ids)
    for (const id of ids) if (lost.delete(id)) registered.delete(id)
  }

  return {
    async start() {
      const session = client.startSession({ causalConsistency: false })
      const id = idOf(session)
      if (registered.has(id)) return session
      registered.add(id)
      try {
        await executing(renew)
        return session
      } catch (error) {
        registered.delete(id)
        await session.endSession()
        throw error
      }
    },

    async end(session) {
      await session.endSession()
      if (!session.serverSession.isDirty) return
      lost.add(idOf(session)) // a connection broke: the server may still have an open transaction
      killLost().catch(() => {})
    },

    async close() {
      clearInterval(timer)
      await unregister(db, process).catch(() => {})
    },
  }
}

function idOf({ id }: ClientSession): string {
  if (id === undefined) throw new Error('An explicit session has an id.')
  return id.id.toUUID().toString()
}

/** Runs the task once for all calls that arrive before it begins; later calls share the next run. */
function joined(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null

  return () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        next = null
        running = task()
        return running
      })
    return next
  }
}
