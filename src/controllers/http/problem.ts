/** RFC 9457. `type` is a reference that ends in `code`; `code` never changes, `title` and `detail` are for people. */
export type Problem = Readonly<{
  type: string
  title: string
  status: number
  detail: string
  instance: string
  code: string
  requestId: string
  /** Set if requests are traced. */
  traceId?: string
  errors?: readonly FieldError[]
}>

/** What is wrong with one value; `pointer` (RFC 6901) leads to it in the body, the query or the path parameters. */
export type FieldError = Readonly<{ pointer: string; message: string }>

export const PROBLEM_TYPE = 'application/problem+json'

/** The codes of the HTTP layer and of every module, each with its status and title. */
export const CODES = {
  'malformed-request': [400, 'The request cannot be read'],
  'authentication-required': [401, 'Authentication is required'],
  'invalid-token': [401, 'The token is not valid'],
  'webhook-signature-invalid': [401, 'The signature is not valid'],
  forbidden: [403, 'This is not allowed'],
  'account-disabled': [403, 'The account is disabled'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'not-acceptable': [406, 'No acceptable representation'],
  'request-timeout': [408, 'The request took too long'],
  conflict: [409, 'The change conflicts with others'],
  'idempotency-key-in-use': [409, 'A request with this key is in flight'],
  'stale-version': [412, 'The version is not the current one'],
  'payload-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The media type is not supported'],
  'range-not-satisfiable': [416, 'The range is not within the file'],
  'expectation-failed': [417, 'The expectation cannot be met'],
  'validation-failed': [422, 'The input breaks the rules'],
  'invalid-cursor': [422, 'The cursor is not valid'],
  'idempotency-key-reused': [422, 'The key belongs to another request'],
  'rate-limited': [429, 'Too many requests'],
  'headers-too-large': [431, 'The headers are too large'],
  internal: [500, 'Something went wrong on our side'],
  overloaded: [503, 'The service has too much to do'],
  'dependency-unavailable': [503, 'A part of the service does not answer'],
  'webhook-not-configured': [503, 'The webhook is not set up'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof CODES

/** The code, status and title of a refused request. */
export type ProblemSummary = Readonly<{ code: string; status: number; title: string }>

export function problemSummary(code: ProblemCode): ProblemSummary {
  const [status, title] = CODES[code]
  return { code, status, title }
}

type Occurrence = Pick<Problem, 'instance' | 'requestId' | 'traceId' | 'errors'> & Readonly<{ detail?: string }>

export function problem(
  { code, status, title }: ProblemSummary,
  { instance, requestId, detail, ...optional }: Occurrence,
): Problem {
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: detail ?? `${title}.`,
    instance,
    code,
    requestId,
    ...optional,
  }
}
