import { HttpError } from './http-error.ts'
import { CODES, type ProblemCode } from './problem.ts'

type FrameworkError = Readonly<{
  code?: unknown
  expose?: unknown
  statusCode?: unknown
  headers?: Readonly<Record<string, string>>
}>

/** The first code of each status is its general one. */
const BY_STATUS: ReadonlyMap<unknown, ProblemCode> = new Map(
  Object.entries(CODES)
    .map(([code, [status]]) => [status, code as ProblemCode] as const)
    .reverse(),
)

/**
 * The response to an error of Fastify or of its plugins with a status of 400 to 499: the same status, if a code has it. Errors of
 * anything else are internal ones, whatever status they carry: it may be that of a dependency's response.
 */
export function fromFrameworkError(error: unknown): HttpError | null {
  const { code, expose, statusCode, headers = {} } = (error ?? {}) as FrameworkError
  const isFromFramework = expose === true || (typeof code === 'string' && code.startsWith('FST_'))
  if (!isFromFramework || !isClientError(statusCode)) return null
  return new HttpError(BY_STATUS.get(statusCode) ?? 'malformed-request', undefined, { headers })
}

const isClientError = (status: unknown): boolean => typeof status === 'number' && status >= 400 && status < 500
