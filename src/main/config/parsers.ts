import { availableParallelism } from 'node:os'

/** Why the value of a variable is refused. Names what is expected, never the value. */
export class InvalidSetting extends Error {}

/** Reads the text of one variable. @throws {InvalidSetting} */
export type Parser<Value> = (text: string) => Value

export const oneOf =
  <const Choice extends string>(...choices: readonly Choice[]): Parser<Choice> =>
  (text) =>
    choices.find((choice) => choice === text) ?? reject(`must be one of ${choices.join(', ')}`)

export const integer =
  (lowest: number, highest: number): Parser<number> =>
  (text) => {
    const value = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : Number.NaN
    return value >= lowest && value <= highest ? value : reject(`must be a whole number from ${lowest} to ${highest}`)
  }

/** A share of something, from 0 to 1. */
export const ratio: Parser<number> = (text) => {
  const value = /^\d{1,3}(\.\d{1,12})?$/.test(text) ? Number(text) : Number.NaN
  return value <= 1 ? value : reject('must be a number from 0 to 1')
}

/** An entry of a list: any text but none. */
export const entry: Parser<string> = (text) =>
  text === '' ? reject('must be a comma-separated list without empty entries') : text

/** A secret of at least so many bytes; the examples of `.env.example` are not for production. */
export const secret =
  (bytes: number, isProduction: boolean): Parser<string> =>
  (text) => {
    if (isProduction && text.startsWith('example-')) reject('must not be an example in production')
    return Buffer.byteLength(text) >= bytes ? text : reject(`must have at least ${bytes} bytes`)
  }

/** A value of the parser, or `off`. */
export const orOff =
  <Value>(reader: Parser<Value>): Parser<Value | null> =>
  (text) =>
    text === 'off' ? null : reader(text)

export const boolean: Parser<boolean> = (text) => oneOf('true', 'false')(text) === 'true'

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** A duration with its unit, in milliseconds, within bounds that are written likewise. */
export const duration =
  (lowest: string, highest: string): Parser<number> =>
  (text) => {
    const value = millisecondsOf(text)
    if (value >= millisecondsOf(lowest) && value <= millisecondsOf(highest)) return value
    return reject(`must be a number with a unit (ms, s, m, h or d), from ${lowest} to ${highest}`)
  }

function millisecondsOf(text: string): number {
  const [, amount, unit] = /^(\d{1,7})(ms|s|m|h|d)$/.exec(text) ?? []
  return Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS]
}

/** A list separated by commas, without repetitions. */
export const listOf =
  <Value>(parse: Parser<Value>): Parser<readonly [Value, ...Value[]]> =>
  (text) => {
    const [first, ...others] = text.split(',').map((part) => parse(part.trim())) as [Value, ...Value[]]
    return [first, ...new Set(others.filter((other) => other !== first))]
  }

export const url =
  (...protocols: readonly string[]): Parser<URL> =>
  (text) => {
    const parsed = URL.parse(text)
    if (parsed === null || !protocols.includes(parsed.protocol)) {
      reject(`must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`)
    }
    return parsed as URL
  }

/** A key that becomes part of a header. */
export const bearer: Parser<string> = (text) =>
  /^[!-~]{1,4096}$/.test(text) ? text : reject('must be printable ASCII without spaces')

/** The name of a claim, or a path of names with dots between them. */
export const claimName: Parser<string> = (text) =>
  text.split('.').includes('') || /\s/.test(text)
    ? reject('must be a claim such as roles, or a path such as realm_access.roles')
    : text

/** A port, or `off`. */
export const portOrOff: Parser<number | null> = (text) => {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  if (text !== 'off' && (port < 1 || port > 65_535)) reject('must be a whole number from 1 to 65535, or off')
  return text === 'off' ? null : port
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, sec: 1, min: 60, h: 3_600, hour: 3_600 }

/** A number of requests per unit of time, such as 600/min, or `off`. */
export const rateLimit: Parser<Readonly<{ requests: number; seconds: number }> | null> = (text) => {
  if (text === 'off') return null
  const [, requests, unit] = /^([1-9]\d{0,8})\/(s|sec|min|h|hour)$/.exec(text) ?? []
  const seconds = SECONDS[unit ?? '']
  return seconds === undefined
    ? reject('must be such as 600/min (per s, min or h), or off')
    : { requests: Number(requests), seconds }
}

const MAX_WORKERS = 256
const workerCount = integer(1, MAX_WORKERS)

/** How many processes share the ports: a number, or one for each core. */
export const workers: Parser<number> = (text) => (text === 'cores' ? availableParallelism() : workerCount(text))

export function reject(message: string): never {
  throw new InvalidSetting(message)
}
