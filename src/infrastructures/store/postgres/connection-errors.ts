import type { DatabaseUrl } from './database-url.ts'
import { UnreadableFile } from './tls.ts'

/** The message names the setting, the place and the cause, without a secret. */
export class PostgresFailure extends Error {
  /** Whether it lasts until an operator changes something. */
  readonly isFinal: boolean

  /** The causes by the host that each belongs to. */
  constructor(
    { place, servers }: Pick<DatabaseUrl, 'place' | 'servers'>,
    causes: readonly (readonly [host: string, cause: unknown])[],
  ) {
    const [[, cause] = []] = causes
    const isFinal = causes.every(([, each]) => isPermanent(each))
    const why = causes
      .map(([host, each]) => (causes.length === 1 ? causeOf(each) : `${host}: ${causeOf(each)}`))
      .join('; ')
    super(isFinal ? `DATABASE_URL postgres://${place}: ${why}` : `PostgreSQL at ${servers} (DATABASE_URL): ${why}`, {
      cause,
    })
    this.isFinal = isFinal
  }
}

/** The server is not one that this service supports. */
export class UnsupportedServer extends Error {}

/** The server answers, but accepts no writes at the moment. */
export class ReadOnlyServer extends Error {
  constructor() {
    super('it takes no writes: it is a standby, or its transactions are read-only by default')
  }
}

/** Wrong password, no such role, no entry in pg_hba.conf, no such database, no right to create tables, no schema. */
const PERMANENT_CODES = ['28P01', '28000', '3D000', '42501', '3F000']

/** Poolers use one code for all their errors. */
const PERMANENT_MESSAGES =
  /unsupported startup parameter|no such (database|user)|(database|role) "[^"]*" does not exist|auth\w* failed|SSL required|statement pooling|bouncer config error/

/** OpenSSL on certificates, and Node.js on names in them. */
const BAD_CERTIFICATE = /CERT|UNABLE_TO_(VERIFY|GET)|^ERR_OSSL|^ERR_TLS/

const WANTS_PASSWORD = /client password must be a string/
const NO_ANSWER = /^(timeout expired|Query read timeout)$/
const NO_TLS = /does not support SSL/

export const isNoAnswer = (error: Error): boolean => NO_ANSWER.test(error.message)

export const isNoTls = (error: unknown): boolean => error instanceof Error && NO_TLS.test(error.message)

/** Whether waiting cannot help. */
function isPermanent(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (error instanceof UnsupportedServer || error instanceof UnreadableFile) return true
  if (PERMANENT_CODES.includes(code) || BAD_CERTIFICATE.test(code)) return true
  return [PERMANENT_MESSAGES, WANTS_PASSWORD, NO_TLS].some((words) => words.test(error.message))
}

/** Why, in one line. */
function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(causeOf).join(', ')
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error ? String(error.code) : ''
  if (WANTS_PASSWORD.test(error.message)) return 'the server asks for a password, and there is none in the URL'
  if (NO_TLS.test(error.message)) return 'the server speaks no TLS, which sslmode asks for'
  if (isNoAnswer(error)) return 'no answer in time'
  const line = error.message.replaceAll(/\s+/g, ' ')
  return BAD_CERTIFICATE.test(code) ? `the certificate of the server is not trusted: ${line} (${code})` : line
}
