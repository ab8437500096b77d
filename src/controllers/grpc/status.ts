import type { ErrorKind } from '../../domains/errors/domain-error.ts'

/** The codes of gRPC that are answered here. */
export const STATUS = {
  ok: 0,
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const

export type Status = (typeof STATUS)[keyof typeof STATUS]

/** The one place where a domain error becomes a status. A new kind does not compile until it has one. */
export const STATUS_BY_KIND = {
  invalid: STATUS.invalidArgument,
  unauthenticated: STATUS.unauthenticated,
  forbidden: STATUS.permissionDenied,
  'not-found': STATUS.notFound,
  conflict: STATUS.aborted,
  stale: STATUS.failedPrecondition,
  unavailable: STATUS.unavailable,
} as const satisfies Record<ErrorKind, Status>

/** What can go wrong before any service is called, or outside of all: each code with its status and message. */
export const CALL_ERRORS = {
  'malformed-request': [STATUS.invalidArgument, 'The request cannot be read.'],
  'validation-failed': [STATUS.invalidArgument, 'The input breaks the rules.'],
  'request-timeout': [STATUS.deadlineExceeded, 'The request took too long to arrive.'],
  'deadline-exceeded': [STATUS.deadlineExceeded, 'The deadline of the call has passed.'],
  'payload-too-large': [STATUS.resourceExhausted, 'The request is too large.'],
  'rate-limited': [STATUS.resourceExhausted, 'Too many requests.'],
  'unsupported-media-type': [STATUS.unimplemented, 'The compression of the request is not supported.'],
  internal: [STATUS.internal, 'Something went wrong on our side.'],
  overloaded: [STATUS.unavailable, 'The service has too much to do.'],
  'stream-expired': [STATUS.unavailable, 'The stream has lasted long enough: watch again, with a fresh token.'],
  'shutting-down': [STATUS.unavailable, 'This process is shutting down: call again, another one answers.'],
} as const satisfies Record<string, readonly [status: Status, message: string]>

export type CallErrorCode = keyof typeof CALL_ERRORS
