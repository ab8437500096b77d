import { randomUUID } from 'node:crypto'
import type { ClientSession, Db, MongoClient } from 'mongodb'
import { executing } from './errors.ts'
import { killAbandonedSessions, killSessions, register, unregister } from './session-registry.ts'

const RENEW_EVERY_MS = 1_000

export type Sessions = Readonly<{
  /** A session for transactions, which do not outlive this process for long. */
  start(): Promise<ClientSession>
  /** Rolls back what is open. */
  end(session: ClientSession): Promise<void>
  close(): Promise<void>
}>

/**
 * The sessions in which this process runs transactions. The server knows nothing of processes: it keeps the open transaction of
 * one that died, and all that it has written, for a minute. So each registers its sessions, and says that it lives; whoever sees
 * that another one no longer does kills the sessions of that one. One that only slept runs its units of work again.
 */
export function openSessions(client: MongoClient, db: Db): Sessions {
  const process = randomUUID()
  const registered = new Set<string>()
  const lost = new Set<string>()
  const renew = joined(() => register(db, process, registered))
  const timer = setInterval(() => void maintain().catch(() => {}), RENEW_EVERY_MS).unref()

  /** What fails is tried again at the next turn. */
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
      lost.add(idOf(session)) // a connection broke: who knows what the server has heard
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

/** Runs the task once for all who ask before it begins; whoever asks later waits for the next run. */
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
