import { Conflict } from '../../../domains/errors/change-errors.ts'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { Contention } from '../contention.ts'

/** Primary result codes (https://www.sqlite.org/rescode.html); the extended ones carry them in their low byte. */
const BUSY = [5, 6]
const CONSTRAINT = 19
const UNUSABLE = [8, 10, 11, 13, 14, 26]

/** What an error of the engine means to a unit of work; anything unknown stays what it is. */
export function translateSqliteError(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  const code = Number(error.errcode) & 0xff
  if (BUSY.includes(code)) return new Contention({ cause: error })
  if (code === CONSTRAINT) return new Conflict({ cause: error })
  return UNUSABLE.includes(code) ? new DependencyUnavailable('database', { cause: error }) : error
}
