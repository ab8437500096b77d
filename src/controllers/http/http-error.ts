import type { FieldError, ProblemCode } from './problem.ts'

/** A request that is refused at the door, before any service hears of it. */
export class HttpError extends Error {
  readonly code: ProblemCode
  readonly headers: Readonly<Record<string, string>>
  readonly errors: readonly FieldError[] | undefined

  constructor(
    code: ProblemCode,
    message?: string,
    more: { headers?: Readonly<Record<string, string>>; errors?: readonly FieldError[] } = {},
  ) {
    super(message)
    this.code = code
    this.headers = more.headers ?? {}
    this.errors = more.errors
  }
}
