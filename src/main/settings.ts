/** Why the value of a variable is refused. Names what is expected, never the value. */
export class BadSetting extends Error {}

/** Reads the text of one variable. @throws {BadSetting} */
export type Reader<Value> = (text: string) => Value

export const oneOf =
  <const Choice extends string>(...choices: readonly Choice[]): Reader<Choice> =>
  (text) =>
    choices.find((choice) => choice === text) ?? refuse(`must be one of ${choices.join(', ')}`)

export const integer =
  (lowest: number, highest: number): Reader<number> =>
  (text) => {
    const value = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : Number.NaN
    return value >= lowest && value <= highest ? value : refuse(`must be a whole number from ${lowest} to ${highest}`)
  }

export const truth: Reader<boolean> = (text) => oneOf('true', 'false')(text) === 'true'

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000 } as const

/** A duration with its unit, in milliseconds. */
export const duration =
  (highest: number): Reader<number> =>
  (text) => {
    const [, amount, unit] = /^(\d{1,7})(ms|s|m)$/.exec(text) ?? []
    const value = Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS]
    return value <= highest ? value : refuse(`must be a duration such as 500ms or 25s, at most ${highest / 1000}s`)
  }

/** A list separated by commas, without repetitions. */
export const listOf =
  <Value>(reader: Reader<Value>): Reader<readonly Value[]> =>
  (text) => [...new Set(text.split(',').map((part) => reader(part.trim())))]

export const url =
  (...protocols: readonly string[]): Reader<URL> =>
  (text) => {
    const parsed = URL.parse(text)
    if (parsed === null || !protocols.includes(parsed.protocol)) {
      refuse(`must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`)
    }
    return parsed as URL
  }

export function refuse(message: string): never {
  throw new BadSetting(message)
}
