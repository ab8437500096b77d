import { Type } from 'typebox'
import type { DomainError } from '../../../domains/errors/domain-error.ts'
import { refusalOfDomain } from '../domain-refusals.ts'
import { PROBLEM_TYPE, type ProblemCode, problem, type Refusal, refusalOf } from '../problem.ts'

const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri-reference' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String(),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), message: Type.String() }))),
  },
  { title: 'Problem', description: 'RFC 9457' },
)

export const Nothing = Type.Null({ description: 'It is done.' })
export const NotModified = Type.Null({ description: 'The version is the one that you have.' })

/** What every route may answer, whatever it does. */
const ALWAYS: readonly ProblemCode[] = [
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
export const WITH_BODY: readonly ProblemCode[] = ['unsupported-media-type']

/** A code, or the error of a module that brings its own. */
type Refused = ProblemCode | (new () => DomainError)

/** The refusals of a route behind authentication for its schema. */
export const refusals = (...refused: readonly Refused[]): Record<number, unknown> =>
  openRefusals(...WITH_TOKEN, ...refused)

/** The refusals of a route for its schema: each status once, with an example of each code. */
export function openRefusals(...refused: readonly Refused[]): Record<number, unknown> {
  const byStatus = Map.groupBy([...ALWAYS, ...refused].map(described), ({ status }) => status)
  return Object.fromEntries([...byStatus].map(([status, ofStatus]) => [status, answerOf(ofStatus)]))
}

const described = (refused: Refused): Refusal =>
  typeof refused === 'string' ? refusalOf(refused) : refusalOfDomain(new refused())

function answerOf(ofStatus: readonly Refusal[]) {
  const examples = ofStatus.map((refusal) => [refusal.code, { value: problem(refusal, exampleOf(refusal)) }])
  return {
    description: ofStatus.map(({ code }) => code).join(', '),
    content: { [PROBLEM_TYPE]: { schema: ProblemSchema, examples: Object.fromEntries(examples) } },
  }
}

const exampleOf = ({ code }: Refusal) =>
  code === 'validation-failed' ? { ...EXAMPLE, errors: [{ pointer: '/text', message: 'is required' }] } : EXAMPLE

const EXAMPLE = { instance: '/v1/posts', requestId: '0f5f4a3e-7d0b-4f0e-9d55-0a6c1b2d3e4f' }
