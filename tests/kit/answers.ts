import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { FORUM_CODES } from './forum-routes.ts'

/** Whatever the service may answer with: tests name what they expect of it. */
export type Body = Readonly<{
  id: string
  postId: string
  ownerId: string
  text: string
  version: number
  createdAt: string
  updatedAt: string
  username: string
  fullName: string | null
  email: string | null
  isActive: boolean
  items: readonly Body[]
  nextCursor: string | null
  total: number
  code: string
  detail: string
  instance: string
  requestId: string
  traceId: string
  errors: readonly Readonly<{ pointer: string; message: string }>[]
}>

export type Answer = Readonly<{
  status: number
  headers: Readonly<Record<string, string | undefined>>
  text: string
  body: Body
}>

/** An answer as every client of ours gives it, whatever it was received by. */
export function answerOf(status: number, headers: Iterable<readonly [string, unknown]>, text: string): Answer {
  const fields = [...headers].map(([name, value]) => [name.toLowerCase(), String(value)] as const)
  return { status, headers: Object.fromEntries(fields), text, body: parse(text) }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text)
  } catch {
    return {} as Body
  }
}

/** Every code of the contract with its status; none of them ever changes. */
export const CODES: Readonly<Record<string, number>> = {
  'malformed-request': 400,
  'authentication-required': 401,
  'invalid-token': 401,
  'webhook-signature-invalid': 401,
  forbidden: 403,
  'account-disabled': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'request-timeout': 408,
  conflict: 409,
  'idempotency-key-in-use': 409,
  'stale-version': 412,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  'expectation-failed': 417,
  'validation-failed': 422,
  'invalid-cursor': 422,
  'idempotency-key-reused': 422,
  'rate-limited': 429,
  'headers-too-large': 431,
  internal: 500,
  overloaded: 503,
  'dependency-unavailable': 503,
  'webhook-not-configured': 503,
  ...FORUM_CODES,
}

const string = { type: 'string' } as const
const PROBLEM = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string', minLength: 3 },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', minLength: 3 },
    instance: string,
    code: { enum: Object.keys(CODES) },
    requestId: { type: 'string', minLength: 8 },
    traceId: { type: 'string', pattern: '^[\\da-f]{32}$' },
    errors: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['pointer', 'message'],
        properties: { pointer: { type: 'string', format: 'json-pointer' }, message: string },
      },
    },
  },
}

const ajv = new Ajv({ allErrors: true })
formats.default(ajv)
const isProblem = ajv.compile(PROBLEM)

/** What no answer may give away: stacks, statements, drivers, addresses of dependencies. */
const INSIDE =
  /at .+\.[jt]s:\d+|SELECT |INSERT |postgres(ql)?:\/\/|node_modules|ECONN|Error:|FST_|ERR_|stack|secret|password=/i

const CHALLENGE = /^Bearer(?: error="invalid_token", error_description="([ !#-[\]-~]+)")?$/

/** The answer refuses with exactly this status and code, in the shape and with the headers that every refusal has. */
export function assertProblem(answer: Answer, status: number, code: string): void {
  const { body, text } = answer
  assert.equal(`${answer.status} ${body.code}`, `${status} ${code}`, text.slice(0, 500))
  assertSafe(answer)
}

/** The answer may be sent to anyone: it carries the headers that every answer has, and refuses only in one shape. */
export function assertSafe(answer: Answer): void {
  const { status, headers } = answer
  assert.match(headers['x-request-id'] ?? '', /^[\w.-]{8,128}$/, 'X-Request-Id')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.match(headers['content-security-policy'] ?? '', /default-src 'none'/)
  assert.equal(headers['server'] ?? headers['x-powered-by'], undefined)
  if (status >= 400) assertRefusal(answer)
}

function assertRefusal({ status, headers, text, body }: Answer): void {
  assert.match(headers['content-type'] ?? '', /^application\/problem\+json(;|$)/)
  if (text !== '') assertDocument(status, headers, text, body)
  if (status === 401) assertChallenge(headers, text, body)
  if (status === 405) assert.match(headers['allow'] ?? '', /^[A-Z]+(, [A-Z]+)*$/)
  if (status === 429 || status === 503) assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/)
}

/** Nothing but `Bearer` where no token came; else the sentence of the document, as RFC 6750 allows it. */
function assertChallenge(headers: Answer['headers'], text: string, { code, detail }: Body): void {
  const isOfWebhook = code === 'webhook-signature-invalid'
  if (isOfWebhook) assert.match(headers['www-authenticate'] ?? '', /^Signature header="X-Keycloak-Signature"/)
  if (isOfWebhook) return
  const [challenge, description] = CHALLENGE.exec(headers['www-authenticate'] ?? '') ?? []
  assert.ok(challenge !== undefined, headers['www-authenticate'])
  if (text === '') return
  assert.equal(description, code === 'invalid-token' ? detail : undefined)
}

function assertDocument(status: number, headers: Answer['headers'], text: string, body: Body): void {
  assert.ok(isProblem(body), `${ajv.errorsText(isProblem.errors)} in ${text}`)
  const { type, code, requestId, errors } = body as Body & { type: string }
  assert.ok(type.endsWith(code), `${type} ends in ${code}`)
  assert.equal((body as Body & { status: number }).status, status)
  assert.equal(CODES[code], status, `${code} is a ${status}`)
  assert.equal(requestId, headers['x-request-id'])
  if (code === 'validation-failed') assert.ok(errors, 'says what is wrong')
  assert.doesNotMatch(text, INSIDE)
}
