import { DomainError } from '../../domains/errors/domain-error.ts'
import { InvalidInput } from '../../domains/errors/input-errors.ts'
import { CALL_ERRORS, type CallErrorCode, STATUS, STATUS_BY_KIND, type Status } from './status.ts'

/** What is wrong with one field of the request, which is named as the proto names it. */
export type FieldViolation = Readonly<{ field: string; description: string }>

/** A failure as the caller learns of it. */
export type Failure = Readonly<{
  status: Status
  /** The same code as REST has for it. */
  code: string
  message: string
  violations: readonly FieldViolation[]
  retryAfterSeconds: number | null
}>

/** A call that is refused before any service is called. */
export class CallError extends Error {
  readonly code: CallErrorCode
  readonly violations: readonly FieldViolation[]
  readonly retryAfterSeconds: number | null

  constructor(
    code: CallErrorCode,
    more: { message?: string; violations?: readonly FieldViolation[]; retryAfterSeconds?: number } = {},
  ) {
    super(more.message ?? CALL_ERRORS[code][1])
    this.code = code
    this.violations = more.violations ?? []
    this.retryAfterSeconds = more.retryAfterSeconds ?? null
  }
}

const RETRY_AFTER_SECONDS = 2

/** Conflicts and what is unavailable pass by themselves. */
const PASSING: ReadonlySet<Status> = new Set([STATUS.aborted, STATUS.unavailable])

/** What the caller learns of an error; of our own failures nothing but that there was one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CallError) {
    const { code, message, violations, retryAfterSeconds } = error
    return failure(CALL_ERRORS[code][0], { code, message, violations, retryAfterSeconds })
  }
  if (error instanceof InvalidInput) {
    return failureOf(new CallError('validation-failed', { violations: [violationOf(error)] }))
  }
  if (error instanceof DomainError) return failure(STATUS_BY_KIND[error.kind], error)
  return failureOf(new CallError('internal'))
}

/** The statuses whose cause is logged: failures of our own, and tokens that are refused. */
const LOGGED: ReadonlySet<Status> = new Set([STATUS.internal, STATUS.unavailable, STATUS.unauthenticated])

/** The cause of a failed call, for the log. */
export const loggedOf = (error: unknown, { status }: Failure): unknown =>
  LOGGED.has(status) && !(error instanceof CallError) ? error : null

type Parts = Pick<Failure, 'code' | 'message'> & Partial<Failure>

const failure = (status: Status, { code, message, violations = [], retryAfterSeconds = null }: Parts): Failure => ({
  status,
  code,
  message,
  violations,
  retryAfterSeconds: retryAfterSeconds ?? (PASSING.has(status) ? RETRY_AFTER_SECONDS : null),
})

/** The field of a proto has the same name in snake_case. */
export const violationOf = ({ field, message }: InvalidInput): FieldViolation => ({
  field: field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  description: message,
})
