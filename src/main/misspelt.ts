import type { Variables } from './config/env.ts'

/** A variable that is not a setting, and the setting that its name resembles. */
type Misspelt = Readonly<{ name: string; meant: string }>

/** Shorter names are similar by chance: they may differ by one typing error, longer ones by two. */
const LONG_NAME = 10

/** The same variables, and the names that were read: those are the settings. */
export function watchReads(variables: Variables): Readonly<{ variables: Variables; asked: ReadonlySet<string> }> {
  const asked = new Set<string>()
  const get = (target: Variables, name: string): string | undefined => {
    asked.add(name)
    return target[name]
  }
  return { variables: new Proxy(variables, { get }), asked }
}

/** Variables that are probably misspelt settings: a letter too many, too few, another one, or two swapped. */
export const misspeltIn = ({ variables, asked }: ReturnType<typeof watchReads>): readonly Misspelt[] =>
  Object.keys(variables)
    .filter((name) => !asked.has(name))
    .flatMap((name) => nearest(name, asked))

function nearest(name: string, settings: ReadonlySet<string>): readonly Misspelt[] {
  const [first] = [...settings]
    .map((meant) => ({ meant, slips: slipsBetween(name, meant) }))
    .filter(({ meant, slips }) => slips <= (meant.length >= LONG_NAME ? 2 : 1))
    .sort((one, other) => one.slips - other.slips)
  return first === undefined ? [] : [{ name, meant: first.meant }]
}

/** The optimal string alignment distance: the minimal number of typing errors between two names. */
function slipsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Number.POSITIVE_INFINITY
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let row = 1; row <= one.length; row++) {
    rows.push([row])
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isExchanged = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isExchanged ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
  }
  return at(one.length, other.length)
}
