import { type FieldError, type ProblemCode, type Refusal, refusalOf } from './problem.ts'

/** A request that is refused at the door, before any service hears of it. */
export class HttpError extends Error {
  readonly refusal: Refusal
  readonly headers: Readonly<Record<string, string>>
  readonly errors: readonly FieldError[] | undefined

  constructor(
    refusal: ProblemCode | Refusal,
    message?: string,
    more: { headers?: Readonly<Record<string, string>>; errors?: readonly FieldError[] } = {},
  ) {
    super(message)
    this.refusal = typeof refusal === 'string' ? refusalOf(refusal) : refusal
    this.headers = more.headers ?? {}
    this.errors = more.errors
  }
}
