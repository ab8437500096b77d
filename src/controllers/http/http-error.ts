import { type FieldError, type ProblemCode, type ProblemSummary, problemSummary } from './problem.ts'

/** A request that the HTTP layer refuses before it calls a service. */
export class HttpError extends Error {
  readonly summary: ProblemSummary
  readonly headers: Readonly<Record<string, string>>
  readonly errors: readonly FieldError[] | undefined

  constructor(
    summary: ProblemCode | ProblemSummary,
    message?: string,
    more: { headers?: Readonly<Record<string, string>>; errors?: readonly FieldError[] } = {},
  ) {
    super(message)
    this.summary = typeof summary === 'string' ? problemSummary(summary) : summary
    this.headers = more.headers ?? {}
    this.errors = more.errors
  }
}
