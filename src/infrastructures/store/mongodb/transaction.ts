import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientSession, Db, TransactionOptions } from 'mongodb'
import { isCommitUnknown, isDisconnected, translateCommitError, translateError } from './errors.ts'
import type { Sessions } from './sessions.ts'

/** A transaction that has begun. Its statements follow each other. */
export type Transaction = Readonly<{
  db: Db
  session: ClientSession
  /** The documents whose conditions were checked, and that were written so that they still hold. */
  guarded: Set<string>
}>

type Work<Result> = (transaction: Transaction) => Promise<Result>

/** One snapshot for all reads. An acknowledged commit is in the journals of a majority, so no failover takes it back. */
const OPTIONS: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
  maxCommitTimeMS: 2_000,
}

/** How long an unanswered commit is asked for again, besides what the driver does itself. */
const COMMIT_TIMEOUT_MS = 3_000
const COMMIT_PAUSE_MS = 50

/**
 * Runs the work as one transaction, once: after a conflict, the store runs the whole unit of work again.
 *
 * @throws what the work throws, else what {@link translateError} and {@link translateCommitError} say
 */
export async function inTransaction<Result>(sessions: Sessions, db: Db, work: Work<Result>): Promise<Result> {
  const session = await sessions.start()
  session.startTransaction(OPTIONS)
  try {
    const result = await work({ db, session, guarded: new Set() })
    await commit(session)
    await sessions.end(session)
    return result
  } catch (error) {
    const rolledBack = sessions.end(session).catch(() => {})
    if (!isDisconnected(error)) await rolledBack // else there is no server to wait for
    throw translateError(error)
  }
}

/** The server knows a transaction by its number: a commit that is repeated takes effect once. */
async function commit(session: ClientSession): Promise<void> {
  const deadline = performance.now() + COMMIT_TIMEOUT_MS
  for (;;) {
    try {
      return await session.commitTransaction()
    } catch (error) {
      if (!isCommitUnknown(error) || performance.now() > deadline) throw translateCommitError(error)
    }
    await sleep(COMMIT_PAUSE_MS)
  }
}
