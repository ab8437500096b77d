import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoSystemError,
  MongoTopologyClosedError,
} from 'mongodb'
import { DependencyUnavailable, OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import { TransientConflict } from '../store-errors.ts'

/** Codes of the server (its source, `src/mongo/base/error_codes.yml`). */
const DUPLICATE_KEY = 11_000
const WRITE_CONFLICT = 112
const MAX_TIME_EXPIRED = 50
const NO_SUCH_TRANSACTION = 251
const INTERRUPTED = 11_601 // the session was killed

/** Time limits, a primary that steps down or stops, a majority that cannot be reached, a snapshot that is gone. */
const UNABLE = [
  ...[6, 7, 24, 46, 64, 89, 91, 100, 134, 189, 202, 246, 262, 290, 317, 358, 365],
  ...[MAX_TIME_EXPIRED, INTERRUPTED, 9001, 10107, 10058, 11600, 11602, 13388, 13435, 13436],
]

export const isDuplicate = (error: unknown): error is MongoServerError =>
  error instanceof MongoServerError && error.code === DUPLICATE_KEY

const hasLabel = (error: unknown, label: string): boolean => error instanceof MongoError && error.hasErrorLabel(label)

/** Whether the transaction has left nothing, and may succeed when it is run again (specification of transactions). */
const isTransient = (error: unknown): boolean => hasLabel(error, 'TransientTransactionError')

/** Whether the same commit may be asked for again, as it takes effect once. */
export const isCommitUnknown = (error: unknown): boolean =>
  hasLabel(error, 'UnknownTransactionCommitResult') &&
  !(error instanceof MongoServerError && error.code === MAX_TIME_EXPIRED)

/** No connection to a primary, or none any more. */
export const isDisconnected = (error: unknown): boolean =>
  error instanceof MongoNetworkError ||
  error instanceof MongoSystemError || // no server was found in time
  error instanceof MongoTopologyClosedError ||
  error instanceof MongoNotConnectedError ||
  (error instanceof MongoError && error.name === 'MongoWaitQueueTimeoutError')

/** The error for a failed statement, or a transaction that failed before its commit: nothing was stored. */
export function translateError(thrown: unknown): unknown {
  const error = thrown instanceof MongoBulkWriteError ? thrown.errorResponse : thrown // which lacks its labels
  if (!(error instanceof MongoError)) return thrown
  if (error instanceof MongoSystemError) return new DependencyUnavailable('database', { cause: error })
  if (isTransient(error)) return new TransientConflict({ cause: error })
  if (isDisconnected(error)) return new DependencyUnavailable('database', { cause: error })
  if (!(error instanceof MongoServerError)) return error
  if (error.code === WRITE_CONFLICT) return new TransientConflict({ cause: error })
  const isUnable = UNABLE.includes(Number(error.code)) || hasLabel(error, 'RetryableWriteError')
  return isUnable ? new DependencyUnavailable('database', { cause: error }) : error
}

/**
 * The error for a failed commit. Only an error reply of the server proves that nothing was stored; but a server that restarted may
 * not know a transaction that it had committed, and the driver repeats a commit by itself.
 */
export function translateCommitError(error: unknown): unknown {
  const isForgotten = error instanceof MongoServerError && error.code === NO_SUCH_TRANSACTION
  if (isForgotten) return new OutcomeUnknown('database', { cause: error })
  if (isTransient(error)) return new TransientConflict({ cause: error })
  const isInterrupted = error instanceof MongoServerError && error.code === INTERRUPTED
  const isUnknown = hasLabel(error, 'UnknownTransactionCommitResult') || isDisconnected(error) || isInterrupted
  return isUnknown ? new OutcomeUnknown('database', { cause: error }) : translateError(error)
}

/** Runs one statement. */
export async function executing<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task()
  } catch (error) {
    throw translateError(error)
  }
}
