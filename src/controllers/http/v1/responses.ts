import { Type } from 'typebox'
import type { DomainError } from '../../../domains/errors/domain-error.ts'
import { fromDomainError } from '../domain-errors.ts'
import { PROBLEM_TYPE, type ProblemCode, type ProblemSummary, problem, problemSummary } from '../problem.ts'

const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri-reference' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String(),
    requestId: Type.String(),
    traceId: Type.Optional(Type.String({ description: 'Where requests are traced' })),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), message: Type.String() }))),
  },
  { title: 'Problem', description: 'RFC 9457' },
)

export const NoContent = Type.Null({ description: 'It is done.' })
export const NotModified = Type.Null({ description: 'The version is the one that you have.' })

/** What every route may answer, whatever it does. */
const COMMON_ERRORS: readonly ProblemCode[] = [
  'malformed-request',
  'not-acceptable',
  'request-timeout',
  'expectation-failed',
  'payload-too-large',
  'validation-failed',
  'rate-limited',
  'headers-too-large',
  'internal',
  'dependency-unavailable',
  'overloaded',
]

/** And every route behind authentication by a token. */
const WITH_TOKEN: readonly ProblemCode[] = ['authentication-required', 'invalid-token', 'account-disabled']

/** What every route may answer besides to which a body can be sent. */
export const BODY_ERRORS: readonly ProblemCode[] = ['unsupported-media-type']

/** A code, or the error of a module that brings its own. */
type ErrorSource = ProblemCode | (new () => DomainError)

/** The refusals of a route behind authentication for its schema. */
export const errorResponses = (...errors: readonly ErrorSource[]): Record<number, unknown> =>
  openRefusals(...WITH_TOKEN, ...errors)

/** The refusals of a route for its schema: each status once, with an example of each code. */
export function openRefusals(...errors: readonly ErrorSource[]): Record<number, unknown> {
  const byStatus = Map.groupBy([...COMMON_ERRORS, ...errors].map(toSummary), ({ status }) => status)
  return Object.fromEntries([...byStatus].map(([status, ofStatus]) => [status, responseOf(ofStatus)]))
}

const toSummary = (errors: ErrorSource): ProblemSummary =>
  typeof errors === 'string' ? problemSummary(errors) : fromDomainError(new errors())

function responseOf(ofStatus: readonly ProblemSummary[]) {
  const examples = ofStatus.map((summary) => [summary.code, { value: problem(summary, exampleOf(summary)) }])
  return {
    description: ofStatus.map(({ code }) => code).join(', '),
    content: { [PROBLEM_TYPE]: { schema: ProblemSchema, examples: Object.fromEntries(examples) } },
  }
}

const exampleOf = ({ code }: ProblemSummary) =>
  code === 'validation-failed' ? { ...EXAMPLE, errors: [{ pointer: '/text', message: 'is required' }] } : EXAMPLE

const EXAMPLE = { instance: '/v1/posts', requestId: '0f5f4a3e-7d0b-4f0e-9d55-0a6c1b2d3e4f' }
