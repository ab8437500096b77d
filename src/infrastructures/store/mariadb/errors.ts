import type { SqlError } from 'mariadb'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import type { Command } from '../sql/statement.ts'
import { TransientConflict } from '../store-errors.ts'

/** Numbers of the servers: deadlock, a row that changed since it was read, a lock that the statement must not wait for. */
const TRANSIENT_CODES = [1213, 1020, 3572]
const LOCK_TIMEOUT = 1205
const DUPLICATE = [1062, 1586]
const FOREIGN_KEY = [1216, 1217, 1451, 1452]

/** Disk full, too many connections of a user, read-only, out of time … beside those that concern the connection. */
const UNABLE = [1021, 1041, 1114, 1180, 1203, 1290, 1792, 1836, 3024]

/** No such user, password or database, no privilege, host not allowed; a server that must not be used. */
const PERMANENT = [1044, 1045, 1049, 1130, 1142, 1227, 1251, 1698, 3159]

/** Lock wait time-out: the statement was rolled back. */
export class LockTimeout extends DependencyUnavailable {}

/** The error number of a server's reply; null for an error of the driver, whose numbers are higher. */
export function numberOf(error: unknown): number | null {
  const { errno, name } = error as Partial<SqlError>
  return name === 'SqlError' && typeof errno === 'number' && errno < 45_000 ? errno : null
}

export const isPermanent = (error: unknown): boolean => PERMANENT.includes(numberOf(error) ?? 0)

/** The error for a failure after which nothing was stored. */
export function translateError(error: unknown): unknown {
  const errno = numberOf(error)
  if (errno === null || UNABLE.includes(errno) || (error as SqlError).fatal)
    return new DependencyUnavailable('database', { cause: error })
  if (errno === LOCK_TIMEOUT) return new LockTimeout('database', { cause: error })
  if (DUPLICATE.includes(errno)) return new Conflict({ cause: error })
  return TRANSIENT_CODES.includes(errno) ? new TransientConflict({ cause: error }) : error
}

/** What the failure of a statement means to the unit of work. */
export function meaningOf(
  error: unknown,
  { onForeignKey: Refused, onDuplicate: Duplicate }: Command,
  mayBeKept: boolean,
): unknown {
  const errno = numberOf(error)
  if (errno === null) return mayBeKept ? meaningOfCommit(error) : translateError(error)
  if (FOREIGN_KEY.includes(errno)) return new Refused()
  return DUPLICATE.includes(errno) ? new Duplicate() : translateError(error)
}

/** What the failure of a commit means: the server may have committed before it stopped answering. */
export function meaningOfCommit(error: unknown): unknown {
  const translated = translateError(error)
  const isKnown = !(translated instanceof DependencyUnavailable) || translated instanceof TransientConflict
  return isKnown ? translated : new OutcomeUnknown('database', { cause: error })
}
