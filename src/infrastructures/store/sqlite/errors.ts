import { Conflict } from '../../../domains/errors/change-errors.ts'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Command } from '../sql/statement.ts'
import { TransientConflict } from '../store-errors.ts'

/** Result codes (https://www.sqlite.org/rescode.html); the extended ones carry the primary one in their low byte. */
const BUSY = [5, 6]
const CONSTRAINT = 19
const UNUSABLE = [8, 10, 11, 13, 14, 26]
const FOREIGN_KEY = 787
const DUPLICATE = [1555, 2067] // of a primary key, or of a unique index

/** What an error of the engine means to a unit of work; anything unknown stays what it is. */
export function translateSqliteError(error: unknown): unknown {
  const code = codeOf(error) & 0xff
  if (BUSY.includes(code)) return new TransientConflict({ cause: error })
  if (code === CONSTRAINT) return new Conflict({ cause: error })
  return UNUSABLE.includes(code) ? new DependencyUnavailable('database', { cause: error }) : error
}

/** What the failure of a command means; what does not concern it alone stays as it is. */
export function meaningOf(error: unknown, { onForeignKey: Refused, onDuplicate: Duplicate }: Command): unknown {
  const code = codeOf(error)
  if (code === FOREIGN_KEY) return new Refused()
  return DUPLICATE.includes(code) ? new Duplicate() : error
}

const codeOf = (error: unknown): number => (error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0)
