import { Conflict } from '../../../domains/errors/change-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import { Contention } from '../contention.ts'
import type { Command } from './database.ts'

/** SQLSTATE codes (PostgreSQL documentation, appendix A). */
const GAVE_WAY = ['40001', '40P01']
const NOT_PREPARED = ['26000', '42P05']
const DIVISION_BY_ZERO = '22012'
const NOT_NULL_VIOLATION = '23502'
const FOREIGN_KEY_VIOLATION = '23503'
const UNIQUE_VIOLATION = '23505'

/** Statement timeout, lock timeout, disk full, too many connections, shutting down, starting up, read-only … */
const UNABLE = /^(57|55P03|53|58|08|25006|26000|42P05)/

/** What was ahead on the connection was the first to use a statement, and failed before that was prepared. Nothing was kept. */
export class NotPrepared extends DependencyUnavailable {}

type Meaning = Pick<Command, 'refused' | 'orphaned' | 'repeated'>

/** The guards of our statements: each fails like this when there is nothing that it may change. */
const GUARDS = ['outbox.subject', 'inbox.digest', 'notifications.owner_id']
type Reported = Readonly<{ code: string; table?: string; column?: string; severity: string }>

const isReported = (error: unknown): error is Error & Reported =>
  error instanceof Error && 'code' in error && 'severity' in error && typeof error.code === 'string'

/** What a failed read means to its caller: nothing was changed, so whatever is not an error of ours is unavailability. */
export function translateReadError(error: unknown): unknown {
  if (isReported(error) && !UNABLE.test(error.code)) return error
  return new DependencyUnavailable('database', { cause: error })
}

/** What the failure of one statement of a commit means to the unit of work. */
export function translateCommitError(error: unknown, meaning?: Meaning): unknown {
  if (!isReported(error) || error.severity === 'FATAL') return new OutcomeUnknown('database', { cause: error })
  if (GAVE_WAY.includes(error.code)) return new Contention({ cause: error })
  if (error.code === NOT_NULL_VIOLATION && GUARDS.includes(`${error.table}.${error.column}`)) {
    return meaning?.refused() ?? error
  }
  if (error.code === DIVISION_BY_ZERO) return meaning?.refused() ?? error
  if (error.code === FOREIGN_KEY_VIOLATION) return meaning?.orphaned() ?? error
  if (error.code === UNIQUE_VIOLATION) return meaning?.repeated?.() ?? new Conflict({ cause: error })
  if (NOT_PREPARED.includes(error.code)) return new NotPrepared('database', { cause: error })
  return UNABLE.test(error.code) ? new DependencyUnavailable('database', { cause: error }) : error
}
