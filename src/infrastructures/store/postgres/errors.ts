import { Conflict } from '../../../domains/errors/change-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import type { Command } from '../sql/statement.ts'
import { TransientConflict } from '../store-errors.ts'

/**
 * SQLSTATE codes (PostgreSQL documentation, appendix A). A session must be replaced if it may not write, or if
 * its plans do not fit a table that was altered.
 */
const TRANSIENT_CODES = ['40001', '40P01']
const NOT_PREPARED_CODES = ['26000', '42P05', '08P01']
const UNUSABLE_CODES = ['25006', '0A000', 'XX000']
const DIVISION_BY_ZERO = '22012'
const NOT_NULL_VIOLATION = '23502'
const FOREIGN_KEY_VIOLATION = '23503'
const UNIQUE_VIOLATION = '23505'

/** Statement timeout, lock timeout, disk full, too many connections, shutting down, starting up … */
const UNAVAILABLE_CODES = /^(57|55P03|53|58|08)/

/** The session is ended by an administrator, or with its server. The severity is in the language of the server. */
const TERMINATED_CODES = /^57P/

/**
 * The session cannot be used any more, and a new one may: it cannot write, its statements belong to another schema, or it was
 * ended. Nothing of the statement was committed.
 */
export class SessionUnusable extends DependencyUnavailable {}

/** Ended by the server, so that there is nothing to finish on it. */
export class SessionTerminated extends SessionUnusable {}

/**
 * The session does not know a statement that was prepared, or knows another one. An earlier statement on the
 * connection failed before it was prepared, or a pooler switches sessions.
 */
export class StatementNotPrepared extends SessionUnusable {}

type Meaning = Pick<Command, 'onGuardFailed' | 'onForeignKey' | 'onDuplicate'>
type Reported = Error & Readonly<{ code: string; table?: string; column?: string; severity: string }>

const isReported = (error: unknown): error is Reported =>
  error instanceof Error && 'code' in error && 'severity' in error && typeof error.code === 'string'

const isFatal = ({ severity, code }: Reported): boolean => severity === 'FATAL' || TERMINATED_CODES.test(code)

/** What a failed read means to its caller: nothing was changed, so whatever is not an error of ours is unavailability. */
export function translateReadError(error: unknown): unknown {
  if (!isReported(error)) return new DependencyUnavailable('database', { cause: error })
  if (isFatal(error)) return new SessionTerminated('database', { cause: error })
  return translateReported(error)
}

/** What the failure of one statement of a commit means to the unit of work. */
export function translateCommitError(error: unknown, meaning?: Meaning): unknown {
  if (!isReported(error) || isFatal(error)) return new OutcomeUnknown('database', { cause: error })
  if (isGuard(error)) return meaning?.onGuardFailed ? new meaning.onGuardFailed() : error
  if (error.code === FOREIGN_KEY_VIOLATION) return meaning ? new meaning.onForeignKey() : error
  if (error.code === UNIQUE_VIOLATION) return meaning ? new meaning.onDuplicate() : new Conflict({ cause: error })
  return translateReported(error)
}

/** How a statement fails that must affect a row and did not: see `guarded` and `guardedWithEvent` in `dialect.ts`. */
const isGuard = ({ code, table, column }: Reported): boolean =>
  code === DIVISION_BY_ZERO || (code === NOT_NULL_VIOLATION && table === 'outbox' && column === 'subject')

/** What the server says of itself and of the session, whatever it was asked. */
function translateReported(cause: Reported): unknown {
  if (TRANSIENT_CODES.includes(cause.code)) return new TransientConflict({ cause })
  if (NOT_PREPARED_CODES.includes(cause.code)) return new StatementNotPrepared('database', { cause })
  if (UNUSABLE_CODES.includes(cause.code)) return new SessionUnusable('database', { cause })
  return UNAVAILABLE_CODES.test(cause.code) ? new DependencyUnavailable('database', { cause }) : cause
}
